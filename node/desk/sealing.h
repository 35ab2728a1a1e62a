// Sealing: from a header and the bytes of a body to the envelope whose bytes never change.
// docs/formats/envelope.md is the specification.
//
// Gives: only the named authorities (and the sender's own) can read the body, and it cannot be
// moved to another header. Does not give: proof of the sender; officers' signatures do that.
#ifndef PALERMO_NODE_DESK_SEALING_H_
#define PALERMO_NODE_DESK_SEALING_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::desk {

// Sealed to the active key of each recipient and of the sender. Codes: those of CheckHeader,
// CheckHeaderTime and CheckAddresses (UNKNOWN_RECIPIENT, STALE_KEY ...), UNKNOWN_DIRECTORY when the
// header refers to other directories than the view's, BODY_TOO_LARGE.
absl::StatusOr<v1::Envelope> Seal(const v1::Header& header, std::string_view body,
                                  const trust::TrustView& view, absl::Time now, Random& random);

// References to the view's directories of the sender's and the recipients' states.
// UNKNOWN_RECIPIENT when one is not known; DIRECTORY_EXPIRED when one is out of time.
absl::Status ReferToDirectories(const trust::TrustView& view, absl::Time now, v1::Header* header);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_SEALING_H_
