// What a new officer's machine sends to the administrators: the public keys of a key file that
// never leaves it. docs/formats/officers.md is the specification.
//
// Gives: whoever made it holds the signing key, and meant these keys for this officer. Does not
// give: that he is who he says. The administrator compares the fingerprint with him in person or by
// telephone.
#ifndef PALERMO_NODE_TRUST_OFFICER_REQUEST_H_
#define PALERMO_NODE_TRUST_OFFICER_REQUEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "crypto/signing.h"
#include "palermo/v1/officers.pb.h"

namespace palermo::trust {

// Fails as crypto::Signer::TrySign does.
absl::StatusOr<v1::SignedOfficerRequest> SignOfficerRequest(const v1::OfficerRequest& request,
                                                            const crypto::Signer& signer);
// BAD_STATEMENT for another form, BAD_SIGNATURE when its own signing key did not sign it.
absl::StatusOr<v1::OfficerRequest> VerifyOfficerRequest(const v1::SignedOfficerRequest& request);
// The first 96 bits of SHA-256(request), as people read them to each other:
// "1f2e 3d4c 5b6a 7988 97a6 b5c4".
std::string RequestFingerprint(const v1::SignedOfficerRequest& request);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_OFFICER_REQUEST_H_
