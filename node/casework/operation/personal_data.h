// Free texts of records that every member reads, and what of a person must not stand in them
// (domain 5.2: victims are never in the text of a report). Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_PERSONAL_DATA_H_
#define PALERMO_NODE_CASEWORK_OPERATION_PERSONAL_DATA_H_

#include <string_view>

namespace palermo::casework {

// Whether a text seems to hold what a person is found by: a date of birth, the number of a document
// of identity or a telephone number that is none of an office or a ship. By the words beside it, in
// the languages of the United Nations and some more, so that dates of events, amounts and numbers
// of vessels are none. A name only beside an English word that says that it is a victim's, a
// migrant's or a witness's ("the girl Lina Orsay"): no form tells names from those of ships,
// places, operations and officers. Linear.
bool HoldsPersonalData(std::string_view text);
// Whether a reason is more than blanks and signs: it has a letter or a digit of some script.
bool SaysSomething(std::string_view text);
// Whether it is an answer in words: not one letter or digit alone, and not "none" or "to follow". A
// sign of Chinese or Korean script is a word.
bool IsReason(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_PERSONAL_DATA_H_
