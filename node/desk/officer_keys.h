// Key files of every kind as people make them, and the officer's keys in use. The passphrase comes
// from the terminal, a file or a file descriptor: never from an argument or the environment.
#ifndef PALERMO_NODE_DESK_OFFICER_KEYS_H_
#define PALERMO_NODE_DESK_OFFICER_KEYS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "crypto/hpke.h"
#include "crypto/key_file.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"

namespace palermo::desk {

// The entries of each kind of key file:
//   officer        sign (ed25519), seal (x-wing), tls (p-256)
//   node           checkpoint (ed25519), cosign (ed25519), tls (p-256)
//   administrator  sign      state-root  sign      roster  sign
//   recovery       seal (x-wing); an authority's sealing key is of this kind too
// Codes BAD_KIND, BAD_SUBJECT (what the kind asks for is in the text).
absl::StatusOr<crypto::KeyBundle> MakeKeys(const std::string& kind, const std::string& subject,
                                           absl::Time now, Random& random);

struct OfficerKeys {
  std::string officer;
  crypto::SigningKey sign;
  crypto::SealingPrivateKey seal;
  crypto::TlsIdentity tls;  // a certificate for today; only its key counts
};
// Fails with BAD_KEY_FILE unless the file is of kind "officer".
absl::StatusOr<OfficerKeys> UseOfficerKeys(const crypto::KeyBundle& bundle, absl::Time now);
// The key "sign" of a file of an administrator, a state's root or a depositary. BAD_KEY_FILE when
// the file is of another kind than `kind`.
absl::StatusOr<crypto::SigningKey> UseSigningKey(const crypto::KeyBundle& bundle,
                                                 const std::string& kind);
absl::StatusOr<crypto::SealingPrivateKey> UseSealingKey(const crypto::KeyBundle& bundle);

// TLS pin of a "p-256" public entry.
std::string PinOf(const std::string& public_key_der);

// A line typed at the terminal without echo. NO_TERMINAL when there is none.
absl::StatusOr<crypto::SecretBytes> AskPassphrase(const std::string& prompt);
// The first line of a file or descriptor. NO_FILE, PASSPHRASE_NEEDED when it is empty.
absl::StatusOr<crypto::SecretBytes> PassphraseFromFile(const std::string& path);
absl::StatusOr<crypto::SecretBytes> PassphraseFromDescriptor(int descriptor);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OFFICER_KEYS_H_
