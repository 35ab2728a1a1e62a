// Sealed compartments as every desk judges them, and statements that open one.
// docs/formats/compartment.md is the specification.
//
// Gives: form, what the sealed bytes are bound to, and that two persons (one when life is in
// danger) with a mandate asked for an opening. Does not give: the content (desk/compartments.h), or
// that nobody opened it without a statement: who holds the key can.
#ifndef PALERMO_NODE_TRUST_COMPARTMENT_H_
#define PALERMO_NODE_TRUST_COMPARTMENT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/compartment.pb.h"
#include "palermo/v1/envelope.pb.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::trust {

// The context of the sealed identities, and the HPKE info of a stanza.
std::string CompartmentContext(const Hash& header_sha256, const v1::Compartment& compartment);
std::string CompartmentInfo(const Hash& header_sha256, const v1::Compartment& compartment,
                            std::string_view authority, std::string_view key_id);

// Numbers, readers, sizes. `header` is of the message whose body holds them. BAD_COMPARTMENT.
absl::Status CheckCompartments(
    const google::protobuf::RepeatedPtrField<v1::Compartment>& compartments,
    const v1::Header& header);

// BAD_STATEMENT unless the bytes are in their one encoding, and its fields are possible.
absl::StatusOr<v1::CompartmentOpening> ParseOpening(const v1::SignedStatement& statement);
// Codes of ParseOpening; NOT_IN_TIME, WRONG_SENDER (authority), UNKNOWN_OFFICER,
// OFFICER_NOT_IN_FORCE, UNKNOWN_KEY, BAD_SIGNATURE, WRONG_ROLE, SAME_OFFICER, SAME_KEY,
// SAME_PERSON, TOO_FEW_APPROVALS.
absl::StatusOr<v1::CompartmentOpening> VerifyOpening(const v1::SignedStatement& statement,
                                                     const DirectoryIndex& directory,
                                                     absl::Time at);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_COMPARTMENT_H_
