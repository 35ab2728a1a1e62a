// Ed25519 signatures (RFC 8032, libsodium) with a purpose in front of the signed bytes, so that a
// signature given for one purpose proves nothing for another.
//
// Gives: only the holder of the key could sign these bytes for this purpose. Does not give:
// freshness, secrecy, or that two different keys cannot verify one signature; a caller binds key
// ids in the bytes.
#ifndef PALERMO_CRYPTO_SIGNING_H_
#define PALERMO_CRYPTO_SIGNING_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/random.h"
#include "crypto/secret.h"

namespace palermo::crypto {

enum class Purpose {
  kDraft,
  kApprove,
  kConfirm,
  kRoster,
  kCharter,
  kDirectory,
  kRetrieval,
  kGrant,
  kNotice,
  kSession,
  kWithdraw,
  kOfficerRequest,
  kBreakGlass,
  kKeyDestruction,
  kRewrap,
  kCompartmentOpening,
};

// "draft", "approve", "roster", ... "officer-request": what goes into the signed bytes.
std::string_view PurposeName(Purpose purpose);

// An Ed25519 or X25519 public key. The same type as Hash, so AsView serves both.
using PublicKey = std::array<uint8_t, 32>;
using Signature = std::array<uint8_t, 64>;

using palermo::AsView;
inline std::string_view AsView(const Signature& signature) {
  return {reinterpret_cast<const char*>(signature.data()), signature.size()};
}
// Fails with BAD_PUBLIC_KEY unless `bytes` has 32 bytes. Does not check that it is a point.
absl::StatusOr<PublicKey> PublicKeyFrom(std::string_view bytes);

// What signs with one Ed25519 key: SigningKey below, or a key on a token (node/token). A token can
// be pulled out or sign wrongly, so signing can fail, and each signature is verified under
// public_key() before anybody gets it. Thread-safe.
class Signer {
 public:
  virtual ~Signer() = default;
  virtual const PublicKey& public_key() const = 0;

  // As SigningKey::Sign and SignRaw. Fail with WRONG_SIGNATURE when what came back does not verify,
  // or with the token's own codes.
  absl::StatusOr<Signature> TrySign(Purpose purpose, std::string_view bytes) const;
  absl::StatusOr<Signature> TrySignRaw(std::string_view bytes) const;

 protected:
  Signer() = default;
  Signer(const Signer&) = default;
  Signer(Signer&&) noexcept = default;
  Signer& operator=(const Signer&) = default;
  Signer& operator=(Signer&&) noexcept = default;

 private:
  virtual absl::StatusOr<Signature> Produce(std::string_view bytes) const = 0;
};

// An Ed25519 private key in memory: 32 bytes of seed. Signing is deterministic and thread-safe.
class SigningKey final : public Signer {
 public:
  static SigningKey Generate(Random& random);
  // Fails with BAD_PRIVATE_KEY unless the seed has 32 bytes.
  static absl::StatusOr<SigningKey> FromSeed(SecretBytes seed);

  SigningKey(SigningKey&&) noexcept = default;
  SigningKey& operator=(SigningKey&&) noexcept = default;

  const PublicKey& public_key() const override { return public_key_; }
  const SecretBytes& seed() const { return seed_; }

  // Over "palermo/v1/" || PurposeName(purpose) || 0x00 || bytes.
  Signature Sign(Purpose purpose, std::string_view bytes) const;
  // Over the bytes as they are. Only for checkpoints and cosignatures, whose C2SP formats carry
  // their own separation; everything else goes through Sign.
  Signature SignRaw(std::string_view bytes) const;

 private:
  SigningKey() = default;
  absl::StatusOr<Signature> Produce(std::string_view bytes) const override {
    return SignRaw(bytes);
  }

  SecretBytes seed_;
  SecretBytes expanded_;  // libsodium's form: seed || public key
  PublicKey public_key_{};
};

// Fails with BAD_SIGNATURE. Refuses non-canonical scalars and small-order keys and points.
absl::Status Verify(Purpose purpose, const PublicKey& key, std::string_view bytes,
                    std::string_view signature);
// The counterpart of SignRaw, with the same restriction.
bool VerifyRaw(const PublicKey& key, std::string_view bytes, std::string_view signature);

// Names of algorithms in key ids and key files.
inline constexpr char kEd25519[] = "ed25519";
inline constexpr char kX25519[] = "x25519";
inline constexpr char kXWing[] = "x-wing";
inline constexpr char kP256[] = "p-256";

// The id of a public key: the first 16 bytes of
// SHA-256("palermo/v1/key-id" || 0x00 || algorithm || 0x00 || public key).
// Nobody can make a second key with a given id, nor two with the same id in less than 2^64 tries.
std::string KeyId(std::string_view algorithm, std::string_view public_key);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_SIGNING_H_
