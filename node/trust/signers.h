// Whose a key is that signed a document and may not. Only to say it: the document is refused by
// node/trust/documents.h already.
#ifndef PALERMO_NODE_TRUST_SIGNERS_H_
#define PALERMO_NODE_TRUST_SIGNERS_H_

#include <string>

#include "absl/status/status.h"
#include "crypto/signing.h"
#include "node/trust/documents.h"
#include "node/trust/trust_view.h"

namespace palermo::trust {

// Keys that may not sign the document. Borrowed.
struct OtherSigners {
  KeySets former;   // could once
  KeySets waiting;  // may as soon as a person has confirmed a roster
  KeySets foreign;  // other states'
};
// Those that `view` has: for a roster the keys of rosters before it; for a charter of `state` the
// roots of rosters that were in force before and of those that wait; for a charter or a directory
// the other states' keys. Who keeps the charters of before adds their keys to `former`.
OtherSigners OtherSignersIn(const TrustView& view, const std::string& state,
                            crypto::Purpose purpose);

// `refused` itself unless its code is UNKNOWN_SIGNER. Otherwise the document was signed with a key
// outside `right`; when it is one of `others` and the signature verifies, REVOKED_SIGNER,
// ROOT_CHANGE_UNCONFIRMED or FOREIGN_SIGNER, with the holder's name.
absl::Status NameSigner(const absl::Status& refused, crypto::Purpose purpose,
                        const v1::KeySet& right, const v1::SignedDocument& document,
                        const OtherSigners& others);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_SIGNERS_H_
