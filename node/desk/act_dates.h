// The times that only a body names: a deadline, the end of a preservation, the review of a
// postponement, a boarding. Pure.
#ifndef PALERMO_NODE_DESK_ACT_DATES_H_
#define PALERMO_NODE_DESK_ACT_DATES_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "base/bytes.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/common.pb.h"

namespace palermo::desk {

struct ActDates {
  absl::Time until = absl::InfiniteFuture();             // of the act itself: review, preservation
  absl::Time happened = absl::InfinitePast();            // what it reports
  std::map<std::string, absl::Time, std::less<>> dates;  // by clock: "R-CLK-DEADLINE"
  bool registry_only = false;   // a request at sea that asks for no boarding
  std::vector<uint32_t> items;  // of a request; of a consultation those that it names
};
// By message id, of the acts whose bodies were opened.
using DatesOfCase = std::map<Hash, ActDates>;

// Whether the body of such an act can name a time that a clock needs.
bool NamesDates(v1::Act::Code act);
// A date without a time of the day lasts until the end of that day, UTC. What is no date is not
// there.
ActDates DatesIn(v1::Act::Code act, const v1::CaseBody& body);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_ACT_DATES_H_
