// What an officer's file gets wrong in form alone: dates, hashes, languages, states and words that
// are none; and what it usually says and does not. Asked where a file is read, not of what another
// state sent: there a form that is not ours is the sender's matter. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_FORM_CHECK_H_
#define PALERMO_NODE_CASEWORK_FORM_CHECK_H_

#include <string>
#include <vector>

#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// One walk over the body's fields by the table of their forms (vocabulary.h) and their lists of
// words (field_words.h): R-GEN-01, an error for a date, a hash or a language, a note for a state
// or a word of no list, and for control characters anywhere.
std::vector<Finding> CheckForms(const v1::CaseBody& body);

// Codes of states that an officer typed in small letters ("qt") get the capitals that the lists
// have; tells where. Only what is a code then: other words are left as they are.
std::vector<std::string> CapitaliseStates(google::protobuf::Message& body);

// What a request of this family and urgency usually says: notes, and a warning where interception
// or surveillance names no milder means (R-HR-13).
std::vector<Finding> CheckUsual(const CheckContext& context, const v1::CaseBody& body);

// The part of it that looks at single values: numbers, codes, dates and words that look odd.
void CheckValues(const CheckContext& context, const v1::Request& r, std::vector<Finding>& out);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_FORM_CHECK_H_
