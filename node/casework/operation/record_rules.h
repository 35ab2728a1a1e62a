// What the author of a record is asked before it is sealed: times that can be read, tokens that are
// no names. What others have sealed already is not sent back for it: replay.h judges that.
// docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_RECORD_RULES_H_
#define PALERMO_NODE_CASEWORK_OPERATION_RECORD_RULES_H_

#include <string_view>

#include "node/casework/finding.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::casework {

// What fits in a record, for R-GEN-01.record_size.
TextArgs RecordSizes();
// "hmac:" and the 64 small hexadecimal digits of HMAC-SHA-256.
bool IsPersonToken(std::string_view token);
// A task says when it starts and until when its order is valid, so that one can be held against the
// other.
bool SaysItsTimes(const v1::Tasking& task);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_RECORD_RULES_H_
