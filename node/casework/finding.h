// What a check of contents found: which rule, where, why, and what to do. Thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FINDING_H_
#define PALERMO_NODE_CASEWORK_FINDING_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace palermo::casework {

// kError: not sent. kWarning: sent with a recorded reason. kNote: for information.
enum class Severity : uint8_t { kError = 1, kWarning = 2, kNote = 3 };
std::string_view SeverityName(Severity severity);  // "ERROR", "WARNING", "NOTE"

// Names and values of the {placeholders} of a sentence.
using TextArgs = std::vector<std::pair<std::string, std::string>>;
// `text` with each {name} replaced by its value; a name without a value stays. `isolated`: each
// value stands in Unicode's isolates, so that a code keeps its order in a text from right to left.
std::string FillText(std::string_view text, const TextArgs& args, bool isolated);

struct Finding {
  std::string rule;  // "R-MLA-15C"
  Severity severity = Severity::kError;
  std::string field;     // path in the body's JSON: "request.items[0].description"
  std::string what;      // what is wrong; never repeats a name or an identifier from the body
  std::string article;   // "UNTOC 18(15)(c)"
  std::string todo;      // what to do next
  std::string key = {};  // of the sentence in texts.h
  TextArgs args = {};    // that filled it

  bool operator==(const Finding&) const = default;
};

// True if one of them is an error.
bool Blocks(const std::vector<Finding>& findings);

// What an officer answers for in spite of a warning: "R-EXE-01 at result.items[0].shipment.status"
// one finding; "R-EXE-01" alone the rule's one meaning: where `findings` have warnings of several
// meanings of that rule, none of them is answered by it.
struct Overridden {
  std::string_view rule, field;  // field "": none is named
};
Overridden ParseOverridden(std::string_view entry);
// The warnings among findings that a body's entries answer for. Both lists may be a peer's, and as
// long as its message: what is made once keeps each look short.
class OverrideSet {
 public:
  OverrideSet(const std::vector<Finding>& findings, const std::vector<std::string>& entries);
  // `finding`: a warning, one of them.
  bool Covers(const Finding& finding) const;

 private:
  std::set<std::string> rules_;                            // that stand alone
  std::set<std::pair<std::string, std::string>> places_;   // rule and field
  std::map<std::string, std::set<std::string>> meanings_;  // by rule: keys of its warnings
};
// Warnings that no entry answers for: the officer has to do that first.
std::vector<Finding> OpenWarnings(const std::vector<Finding>& findings,
                                  const std::vector<std::string>& entries);

// One paragraph for each finding; "" for none.
std::string FindingsText(const std::vector<Finding>& findings);
// A JSON array of objects with the members' names and severity's name. Always valid JSON; bytes
// that are not UTF-8 become U+FFFD.
std::string FindingsJson(const std::vector<Finding>& findings);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FINDING_H_
