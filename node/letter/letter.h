// A message as a formal letter: what stands in it and in which order, before anything is drawn.
// Complete: every field of the body that says something is in it. Pure; thread-safe.
#ifndef PALERMO_NODE_LETTER_LETTER_H_
#define PALERMO_NODE_LETTER_LETTER_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "node/trust/trust_view.h"
#include "node/words/words.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::letter {

// A heading, and below it paragraphs, then names with values, then a table; what is empty is not
// drawn.
struct Block {
  std::string heading;
  std::vector<std::string> paragraphs;
  std::vector<std::pair<std::string, std::string>> pairs;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct Letter {
  words::Language language = words::Language::kEnglish;
  std::vector<std::string> letterhead;  // the state first
  std::vector<std::string> addressee;
  std::string title;
  std::vector<std::pair<std::string, std::string>> references;
  std::vector<Block> blocks;
  Block signatures;
  std::string draft_mark;  // "" once it was sent
  std::string warning;
  std::string message_id;  // grouped
  std::string code;
  std::string qr;  // what the square code says
  std::string page_word;
  std::string code_word;
  std::string id_word;
  absl::Time made;
};

struct LetterInput {
  v1::Header header;
  v1::CaseBody body;
  Hash message_id{};
  std::vector<v1::OfficerSignature> signatures;  // frozen, and verified by the caller
  std::map<std::string, std::string> state_names;
  trust::DirectoryPtr sender;                             // in force at the submission
  std::map<std::string, trust::DirectoryPtr> recipients;  // by state; null or missing: unknown
  bool draft = false;
  // Of the case, where the body itself names none: the sender's and the recipient's; "" not known.
  std::string our_reference, your_reference;
  std::string hold;  // the order that keeps what was to be deleted by now; "" for none
  words::Language language = words::Language::kEnglish;
};

Letter ComposeLetter(const LetterInput& input);

}  // namespace palermo::letter

#endif  // PALERMO_NODE_LETTER_LETTER_H_
