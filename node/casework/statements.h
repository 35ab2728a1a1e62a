// Whether a text that should state something states nothing: "none", "to
// follow", "-". Inside the room only. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_STATEMENTS_H_
#define PALERMO_NODE_CASEWORK_STATEMENTS_H_

#include <string_view>

namespace palermo::casework {

// Blank, signs alone, or a text that says no more than that there is nothing,
// or nothing yet. The whole text counts: "none: first export" and "no danger
// was found" are statements. In the languages of the United Nations, German,
// Italian and Portuguese.
bool SaysNothing(std::string_view text);
// The same of the mark of a thing: also "removed", "illegible", "no serial
// number".
bool NamesNoMark(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_STATEMENTS_H_
