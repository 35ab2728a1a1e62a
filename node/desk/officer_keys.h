// Key files of every kind as people make them, and the officer's keys in use. The passphrase comes
// from the terminal, a file or a file descriptor: never from an argument or the environment.
#ifndef PALERMO_NODE_DESK_OFFICER_KEYS_H_
#define PALERMO_NODE_DESK_OFFICER_KEYS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/random.h"
#include "crypto/hpke.h"
#include "crypto/key_file.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"
#include "node/token/token.h"

namespace palermo::desk {

// The entries of each kind of key file:
//   officer        sign (ed25519), seal (x-wing), tls (p-256)
//   node           checkpoint (ed25519), cosign (ed25519), tls (p-256)
//   administrator  sign      state-root  sign      roster  sign
//   recovery, sealing   seal (x-wing): an authority's recovery key, and a version of its sealing
//   key
// Codes BAD_KIND, BAD_SUBJECT (what the kind asks for is in the text).
absl::StatusOr<crypto::KeyBundle> MakeKeys(const std::string& kind, const std::string& subject,
                                           absl::Time now, Random& random);

// The Ed25519 keys of the kind on a token instead: made there, or found when `existing`. `label` is
// the key's when the kind has one such key, else LABEL-checkpoint and so on; empty: the subject.
struct OnToken {
  std::string module;
  std::string token;
  std::string label;
  bool existing = false;
};
// Also BAD_KIND when the kind has no such key, and the codes of token::Token.
absl::StatusOr<crypto::KeyBundle> MakeKeysOnToken(const std::string& kind,
                                                  const std::string& subject, absl::Time now,
                                                  Random& random, const OnToken& place,
                                                  const token::PinSource& ask);

// The same keys, but a new one for TLS. BAD_KIND unless the file is a node's.
absl::StatusOr<crypto::KeyBundle> RenewTlsKey(const crypto::KeyBundle& bundle, absl::Time now);

struct OfficerKeys {
  std::string officer;
  std::shared_ptr<const crypto::Signer> sign;  // in memory or on a token
  crypto::SealingPrivateKey seal;
  crypto::TlsIdentity tls;  // a certificate for today; only its key counts
};
// Fails with BAD_KEY_FILE unless the file is of kind "officer"; with the codes of token::SignerOf
// when the signing key is on a token, whose PIN `ask` gives.
absl::StatusOr<OfficerKeys> UseOfficerKeys(const crypto::KeyBundle& bundle, absl::Time now,
                                           const token::PinSource& ask);
// The key "sign" of a file of an administrator, a state's root or a depositary. BAD_KEY_FILE when
// the file is of another kind than `kind`.
absl::StatusOr<std::unique_ptr<crypto::Signer>> UseSigningKey(const crypto::KeyBundle& bundle,
                                                              const std::string& kind,
                                                              const token::PinSource& ask);
// The key "seal" of a file of this kind; BAD_KEY_FILE when it is of another. What is granted to
// officers is never the recovery key, and what recovers is no version.
absl::StatusOr<crypto::SealingPrivateKey> UseSealingKey(const crypto::KeyBundle& bundle,
                                                        const std::string& kind);

// TLS pin of a "p-256" public entry.
std::string PinOf(const std::string& public_key_der);

// A line typed at the terminal without echo. NO_TERMINAL when there is none.
absl::StatusOr<crypto::SecretBytes> AskPassphrase(const std::string& prompt);
// The first line of a file or descriptor. NO_FILE, PASSPHRASE_NEEDED when it is empty,
// PASSPHRASE_FILE_UNPROTECTED when others may read or change the file.
absl::StatusOr<crypto::SecretBytes> PassphraseFromFile(const std::string& path);
absl::StatusOr<crypto::SecretBytes> PassphraseFromDescriptor(int descriptor);
// For a key file that is made or gets another passphrase: WEAK_PASSPHRASE.
absl::Status CheckNewPassphrase(const crypto::SecretBytes& passphrase);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OFFICER_KEYS_H_
