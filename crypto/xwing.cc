#include "crypto/xwing.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/mlkem.h"
#include "crypto/x25519.h"

namespace palermo::crypto::internal {
namespace {

constexpr std::string_view kLabel = "\\.//^\\";

static_assert(kXWingPublicKeyBytes == kMlKemPublicKeyBytes + kX25519Bytes);
static_assert(kXWingCiphertextBytes == kMlKemCiphertextBytes + kX25519Bytes);

SecretBytes Part(const SecretBytes& secret, size_t from, size_t size) {
  return SecretBytes::Copy(secret.Expose(SecretAccess::Grant()).substr(from, size));
}

}  // namespace

absl::Status CheckXWingPublicKey(std::string_view public_key) {
  if (public_key.size() != kXWingPublicKeyBytes) {
    return InputError("BAD_PUBLIC_KEY", absl::StrFormat("an X-Wing public key has %d bytes, not %d",
                                                        kXWingPublicKeyBytes, public_key.size()));
  }
  return CheckMlKemPublicKey(public_key.substr(0, kMlKemPublicKeyBytes));
}

XWingKeys ExpandXWing(const SecretBytes& seed) {
  PALERMO_CHECK(seed.size() == kXWingSeedBytes);
  SecretBytes expanded =
      Shake256(seed.Expose(SecretAccess::Grant()), kMlKemSeedBytes + kX25519Bytes);
  MlKemKeyPair mlkem = MlKemKeyPairFromSeed(Part(expanded, 0, kMlKemSeedBytes));
  SecretBytes scalar = Part(expanded, kMlKemSeedBytes, kX25519Bytes);
  std::string public_key = Cat({mlkem.public_key, X25519Public(scalar)});
  return XWingKeys{std::move(mlkem.private_key), std::move(scalar), std::move(public_key)};
}

SecretBytes XWingCombine(const SecretBytes& mlkem_secret, const SecretBytes& x25519_secret,
                         std::string_view x25519_ephemeral, std::string_view x25519_public) {
  SecretAccess access = SecretAccess::Grant();
  return Sha3Secret256({mlkem_secret.Expose(access), x25519_secret.Expose(access), x25519_ephemeral,
                        x25519_public, kLabel});
}

absl::StatusOr<Encapsulated> XWingEncap(std::string_view public_key,
                                        const SecretBytes& randomness) {
  PALERMO_CHECK(randomness.size() == kXWingRandomnessBytes);
  PALERMO_RETURN_IF_ERROR(CheckXWingPublicKey(public_key));
  std::string_view x25519_public = public_key.substr(kMlKemPublicKeyBytes);
  SecretBytes ephemeral = Part(randomness, 32, kX25519Bytes);
  PALERMO_ASSIGN_OR_RETURN(SecretBytes x25519_secret, X25519(ephemeral, x25519_public));
  PALERMO_ASSIGN_OR_RETURN(
      MlKemEncapsulated mlkem,
      MlKemEncap(public_key.substr(0, kMlKemPublicKeyBytes), Part(randomness, 0, 32)));
  std::string x25519_ephemeral = X25519Public(ephemeral);
  SecretBytes shared_secret =
      XWingCombine(mlkem.shared_secret, x25519_secret, x25519_ephemeral, x25519_public);
  return Encapsulated{std::move(shared_secret), Cat({mlkem.ciphertext, x25519_ephemeral})};
}

}  // namespace palermo::crypto::internal
