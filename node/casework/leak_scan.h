// The leak scan (R-SEAL-02): does a text give a sealed identity away? Insensitive to case, accents,
// script and transliteration, the order of names, the format of numbers and dates, and spacing.
// docs/leak-scan.md says what it finds and what it cannot find. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_LEAK_SCAN_H_
#define PALERMO_NODE_CASEWORK_LEAK_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "node/casework/leak_dates.h"
#include "node/casework/leak_fold.h"
#include "node/casework/leak_skeleton.h"

namespace palermo::casework {

enum class IdentityKind {
  kName,    // of a person, in any script and order
  kDate,    // of birth, "1999-04-12"
  kNumber,  // a document, a phone, an account: letters and digits
  kText,    // an address or another text that is found only as a whole, or up to its first comma
};

struct IdentityToken {
  IdentityKind kind = IdentityKind::kName;
  std::string value;
  std::string ref;  // the pseudonym of the person, for the finding: "V-1"
};

// What `value` looks like, where nothing says its kind.
IdentityKind GuessIdentityKind(std::string_view value);

struct Leak {
  size_t begin = 0;  // bytes of the text
  size_t end = 0;
  size_t token = 0;  // index in tokens()
  // One word of a name, and nothing else of it beside: "Sofia" of "Sofia Ivanova".
  bool part = false;
};

class LeakScanner {
 public:
  // Time and memory are linear in the tokens' size. Tokens that say too little to be looked for
  // (one letter, three digits) are left out: see Ignored().
  explicit LeakScanner(std::vector<IdentityToken> tokens);

  // The leaks in their order in the text, at most `most`. Linear in the text.
  std::vector<Leak> Find(std::string_view text, size_t most = 64) const;
  bool Leaks(std::string_view text) const { return !Find(text, 1).empty(); }

  const std::vector<IdentityToken>& tokens() const { return tokens_; }
  bool empty() const { return tokens_.empty(); }
  // Indices of tokens for which nothing is looked for.
  const std::vector<size_t>& Ignored() const { return ignored_; }

 private:
  // What is read of a token in a text: letters from the begin of a word to the end of one.
  struct Form {
    uint32_t token = 0;
    bool whole = false;           // no letter or digit stands directly before or after it
    std::vector<uint8_t> breaks;  // offsets at which a word must begin
    bool spelled = false;     // only in scripts with words: "Xiaoming Wang" and not its characters
    bool written = false;     // of a name in a script with words and vowels
    bool part = false;        // one word of a name: a text writes few of them as two
    bool of_several = false;  // ... of a name that has others
  };
  struct Walk;

  std::optional<Leak> MatchAt(std::string_view text, const FoldedText& folded, size_t first,
                              uint32_t skip) const;
  void FindIn(std::string_view text, const FoldedText& folded, size_t most,
              std::vector<Leak>& leaks) const;
  void AddToken(uint32_t token);
  void AddName(uint32_t token, const FoldedText& folded);
  void AddDate(uint32_t token);
  void AddEasternDate(uint32_t token, int year, int month, int day);
  void AddNumber(uint32_t token, const FoldedText& folded);
  void AddText(uint32_t token, const FoldedText& folded);
  void AddForm(std::string letters, Form form);
  void AddHan(uint32_t token, const FoldedText& folded);
  static bool Matches(std::string_view source, const FoldedText& text, size_t first, size_t last,
                      const Form& form);

  std::vector<IdentityToken> tokens_;
  std::vector<size_t> ignored_;
  // A trie: (node << 8 | letter) -> node. Node 0 is the root.
  absl::flat_hash_map<uint64_t, uint32_t> next_;
  std::vector<bool> root_ = std::vector<bool>(256, false);
  std::vector<std::vector<Form>> ends_ = std::vector<std::vector<Form>>(1);
  SkeletonIndex skeletons_;
  DateIndex dates_;
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_LEAK_SCAN_H_
