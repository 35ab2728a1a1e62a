// Names such as "prior_notice_at" word by word: "department" holds no "depart", "country" no "un".
// Inside the room only. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CASES_CUT_WORDS_H_
#define PALERMO_NODE_CASEWORK_CASES_CUT_WORDS_H_

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

// "Prior_Notice at-sea" is prior, notice, at, sea: cut where neither letter nor digit stands, in
// lower case.
std::vector<std::string> CutWords(std::string_view text);
// Whether one of `phrases` stands in the words of `text`. A phrase is a word, several in a row
// ("prior_notice"), or with "*" behind it how a word begins ("seiz*"); all in lower case.
bool HasWords(std::string_view text, std::span<const std::string_view> phrases);
bool HasWords(std::string_view text, std::initializer_list<std::string_view> phrases);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_CUT_WORDS_H_
