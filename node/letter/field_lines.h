// Any message of a body as lines "name: value", so that no field is left out. Pure; thread-safe.
#ifndef PALERMO_NODE_LETTER_FIELD_LINES_H_
#define PALERMO_NODE_LETTER_FIELD_LINES_H_

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "node/casework/vocabulary.h"
#include "node/words/words.h"

namespace google::protobuf {
class Message;
class EnumValueDescriptor;
}  // namespace google::protobuf

namespace palermo::letter {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// The fields that are set, by number, without `skip`. Names of inner fields follow their outer
// ones: "account, holder".
Pairs FieldLines(const google::protobuf::Message& message, words::Language language,
                 const std::set<std::string>& skip = {});
// The meaning of a code in the language; a code without one in small letters.
std::string PlainWord(casework::Vocabulary vocabulary, const std::string& code,
                      words::Language language);
std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, words::Language language);
// The same lines in one text, for a cell of a table.
std::string Joined(const Pairs& pairs);

}  // namespace palermo::letter

#endif  // PALERMO_NODE_LETTER_FIELD_LINES_H_
