// What a printed form has of the desk where it is printed, in place of the example's: the two
// states that may have the material, and dates that lie ahead. Pure.
#ifndef PALERMO_NODE_DESK_FORM_HERE_H_
#define PALERMO_NODE_DESK_FORM_HERE_H_

#include <string>

#include "absl/time/time.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

// The release states of a request's form: `own_state`, and the state of `to`. Nothing where the
// form has no such list.
void ReleaseTo(const std::string& own_state, const std::string& to, v1::CaseBody& body);

// Dates of an act's form, counted from today: data are kept from now for 90 days, an extension for
// 180; an answer or a review is due in 30 days, the end of a postponement in 90.
void DateFromToday(v1::Act::Code act, absl::Time now, v1::CaseBody& body);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_FORM_HERE_H_
