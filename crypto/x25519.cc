#include "crypto/x25519.h"

#include <sodium.h>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/init.h"

namespace palermo::crypto::internal {

absl::StatusOr<SecretBytes> X25519(const SecretBytes& scalar, std::string_view point) {
  Init();
  PALERMO_CHECK(scalar.size() == kX25519Bytes);
  if (point.size() != kX25519Bytes) {
    return InputError("BAD_PUBLIC_KEY",
                      absl::StrFormat("an X25519 public key has 32 bytes, not %d", point.size()));
  }
  SecretBytes shared = SecretBytes::Zero(kX25519Bytes);
  if (crypto_scalarmult(shared.MutableData(SecretAccess::Grant()),
                        Data(scalar.Expose(SecretAccess::Grant())), Data(point)) != 0) {
    return InputError("BAD_PUBLIC_KEY", "the X25519 public key has small order");
  }
  return shared;
}

std::string X25519Public(const SecretBytes& scalar) {
  Init();
  PALERMO_CHECK(scalar.size() == kX25519Bytes);
  std::string point(kX25519Bytes, '\0');
  PALERMO_CHECK(crypto_scalarmult_base(Data(point), Data(scalar.Expose(SecretAccess::Grant()))) ==
                0);
  return point;
}

}  // namespace palermo::crypto::internal
