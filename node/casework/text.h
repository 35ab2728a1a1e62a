// Text as people see it: UTF-8 code points, blank, length, search without case and accents. For the
// content rules; not a public part of the room. Malformed bytes count as U+FFFD. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_TEXT_H_
#define PALERMO_NODE_CASEWORK_TEXT_H_

#include <cstddef>
#include <set>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace palermo::casework {

// Takes the first code point off `rest`. REQUIRES: rest is not empty.
char32_t TakeCodePoint(std::string_view& rest);
void AppendUtf8(char32_t code_point, std::string& out);

// Of ASCII.
inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
// At least one, and nothing else.
bool AllDigits(std::string_view text);
bool HasDigit(std::string_view text);

// True if nothing in it would be seen: white space, control and zero-width characters only.
bool IsBlank(std::string_view text);
// "Marija Petrovic", "Marija". A pseudonym has a digit or capital letters only, and no blank; or it
// says which part somebody has in the case, and a label: "Witness 1", "Zeuge A". (pseudonyms.cc)
bool LooksLikeAName(std::string_view ref);
// "Quay Street 4" is a house; "District 5", "75011 Paris" and "13 km north of Port-Sel" are none.
bool NamesAHouse(std::string_view location);
// Whether a word for a street stands there. (referral_secrets.cc)
bool NamesAStreet(std::string_view text);
// Code points that would be seen, and one for each run of white space between them.
size_t VisibleLength(std::string_view text);
// For search: small letters (Latin and Cyrillic), no accents of Latin-1, white space as one space,
// zero-width characters left out.
std::string Folded(std::string_view text);

// Two references of persons are one whatever their letters and blanks: "V-1", "v-1 ". Two that are
// empty are one, too: who names nobody is asked for by the caller.
bool SameRef(std::string_view a, std::string_view b);
// The spelling by which a reference is found among others: SameRef as a key.
std::string RefKey(std::string_view ref);
// Whether one of `refs` is it.
bool HasRef(const std::set<std::string>& refs, std::string_view ref);

// With a blank for each run of line ends: what somebody else wrote cannot look like a line of ours.
std::string OneLine(std::string_view text);

// The code at the head of a text: "LANGUAGE" of "LANGUAGE: please translate"; "" when there is
// none.
std::string_view CodeAtHead(std::string_view text);

// A day or an instant of ISO 8601, a part of a date as in "1990-XX-XX", two of them as "from/to",
// or nothing.
bool IsDateText(const std::string& text);

// Whether what happened on `text`, a date or an instant, would still lie ahead at `now`. Clocks
// differ by a few minutes, and a day begins in the east of the world before it does in UTC. Of a
// date that is known in part its year counts; false for no date.
bool IsAhead(const std::string& text, absl::Time now);

// A JSON string with its quotes.
std::string JsonQuote(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_TEXT_H_
