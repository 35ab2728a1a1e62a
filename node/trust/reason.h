// The reason codes of records and receipts, and the error codes of statuses: the same words.
#ifndef PALERMO_NODE_TRUST_REASON_H_
#define PALERMO_NODE_TRUST_REASON_H_

#include <string>

#include "absl/status/status.h"
#include "palermo/v1/common.pb.h"

namespace palermo::trust {

// The reason whose name is the status's code; UNREADABLE when there is none of that name. NONE for
// ok.
v1::Reason::Code ReasonOf(const absl::Status& status);
// What a person reads beside the code.
std::string ReasonText(v1::Reason::Code reason);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_REASON_H_
