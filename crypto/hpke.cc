#include "crypto/hpke.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hpke_internal.h"
#include "crypto/signing.h"

namespace palermo::crypto {
namespace internal {
namespace {

constexpr size_t kSharedSecretBytes = 32;
constexpr uint16_t kKdfHkdfSha256 = 0x0001;
constexpr uint16_t kAeadChaCha20Poly1305 = 0x0003;
constexpr std::string_view kModeBase("\0", 1);

std::string BigEndian16(size_t value) {
  PALERMO_CHECK(value <= 0xFFFF);
  return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

// LabeledExtract and LabeledExpand of RFC 9180 section 4.
SecretBytes LabeledExtract(std::string_view suite_id, std::string_view salt, std::string_view label,
                           std::string_view ikm) {
  return HkdfExtractSha256(salt, {"HPKE-v1", suite_id, label, ikm});
}
absl::StatusOr<SecretBytes> LabeledExpand(std::string_view suite_id, const SecretBytes& prk,
                                          std::string_view label, std::string_view info,
                                          size_t size) {
  return HkdfExpandSha256(prk, Cat({BigEndian16(size), "HPKE-v1", suite_id, label, info}), size);
}
// For sizes fixed by the RFC, which never exceed HKDF's maximum.
SecretBytes MustExpand(std::string_view suite_id, const SecretBytes& prk, std::string_view label,
                       std::string_view info, size_t size) {
  absl::StatusOr<SecretBytes> out = LabeledExpand(suite_id, prk, label, info, size);
  PALERMO_CHECK(out.ok());
  return *std::move(out);
}

std::string SuiteId(Kem kem) {
  return Cat({"HPKE", BigEndian16(static_cast<uint16_t>(kem)), BigEndian16(kKdfHkdfSha256),
              BigEndian16(kAeadChaCha20Poly1305)});
}

}  // namespace

SecretBytes DhkemSharedSecret(const SecretBytes& dh, std::string_view encapsulation,
                              std::string_view recipient_public) {
  std::string suite_id = Cat({"KEM", BigEndian16(static_cast<uint16_t>(Kem::kX25519))});
  SecretBytes prk = LabeledExtract(suite_id, "", "eae_prk", dh.Expose(SecretAccess::Grant()));
  return MustExpand(suite_id, prk, "shared_secret", Cat({encapsulation, recipient_public}),
                    kSharedSecretBytes);
}

absl::StatusOr<Encapsulated> EncapX25519(std::string_view recipient_public,
                                         const SecretBytes& ephemeral) {
  PALERMO_ASSIGN_OR_RETURN(SecretBytes dh, X25519(ephemeral, recipient_public));
  std::string encapsulation = X25519Public(ephemeral);
  SecretBytes shared_secret = DhkemSharedSecret(dh, encapsulation, recipient_public);
  return Encapsulated{std::move(shared_secret), std::move(encapsulation)};
}

HpkeContext KeySchedule(Kem kem, const SecretBytes& shared_secret, std::string_view info) {
  std::string suite_id = SuiteId(kem);
  SecretAccess access = SecretAccess::Grant();
  SecretBytes psk_id_hash = LabeledExtract(suite_id, "", "psk_id_hash", "");
  SecretBytes info_hash = LabeledExtract(suite_id, "", "info_hash", info);
  std::string context = Cat({kModeBase, psk_id_hash.Expose(access), info_hash.Expose(access)});
  SecretBytes secret = LabeledExtract(suite_id, shared_secret.Expose(access), "secret", "");
  SecretBytes key = MustExpand(suite_id, secret, "key", context, kAeadKeyBytes);
  SecretBytes base_nonce = MustExpand(suite_id, secret, "base_nonce", context, kAeadNonceBytes);
  SecretBytes exporter_secret = MustExpand(suite_id, secret, "exp", context, kSharedSecretBytes);
  return HpkeContext{std::move(key), std::move(base_nonce), std::move(exporter_secret),
                     std::move(suite_id)};
}

std::string NonceFor(const HpkeContext& context, uint64_t sequence) {
  std::string nonce(context.base_nonce.Expose(SecretAccess::Grant()));
  for (size_t i = 0; i < 8; ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<char>(sequence >> (8 * i));
  }
  return nonce;
}

std::string SealAt(const HpkeContext& context, uint64_t sequence, std::string_view aad,
                   std::string_view plaintext) {
  return ChaChaSeal(context.key, NonceFor(context, sequence), aad, plaintext);
}

absl::StatusOr<SecretBytes> Export(const HpkeContext& context, std::string_view exporter_context,
                                   size_t size) {
  return LabeledExpand(context.suite_id, context.exporter_secret, "sec", exporter_context, size);
}

}  // namespace internal

namespace {

absl::Status UnknownKem(Kem kem) {
  return Error(
      absl::StatusCode::kUnimplemented, "KEM_UNSUPPORTED",
      absl::StrFormat("KEM 0x%04x is not supported; X-Wing (0x647a) is", static_cast<int>(kem)));
}

absl::StatusOr<internal::Encapsulated> Encap(const SealingPublicKey& recipient, Random& random) {
  if (recipient.kem == Kem::kXWing) {
    return internal::XWingEncap(recipient.bytes,
                                SecretBytes::Random(internal::kXWingRandomnessBytes, random));
  }
  if (recipient.kem == Kem::kX25519) {
    return internal::EncapX25519(recipient.bytes,
                                 SecretBytes::Random(internal::kX25519Bytes, random));
  }
  return UnknownKem(recipient.kem);
}

}  // namespace

absl::Status CheckSealingPublicKey(const SealingPublicKey& key) {
  if (key.kem == Kem::kXWing) return internal::CheckXWingPublicKey(key.bytes);
  if (key.kem != Kem::kX25519) return UnknownKem(key.kem);
  if (key.bytes.size() == internal::kX25519Bytes) return absl::OkStatus();
  return InputError("BAD_PUBLIC_KEY",
                    absl::StrFormat("an X25519 public key has 32 bytes, not %d", key.bytes.size()));
}

std::string SealingKeyId(const SealingPublicKey& key) {
  return KeyId(key.kem == Kem::kXWing ? kXWing : kX25519, key.bytes);
}

absl::StatusOr<SealingPrivateKey> SealingPrivateKey::Generate(Kem kem, Random& random) {
  return FromBytes(kem, SecretBytes::Random(kSealingPrivateKeyBytes, random));
}

absl::StatusOr<SealingPrivateKey> SealingPrivateKey::FromBytes(Kem kem, SecretBytes bytes) {
  if (kem != Kem::kXWing && kem != Kem::kX25519) return UnknownKem(kem);
  if (bytes.size() != kSealingPrivateKeyBytes) {
    return InputError("BAD_PRIVATE_KEY",
                      absl::StrFormat("a sealing key has 32 bytes, not %d", bytes.size()));
  }
  SealingPrivateKey key;
  key.public_key_ =
      SealingPublicKey{kem, kem == Kem::kXWing ? internal::ExpandXWing(bytes).public_key
                                               : internal::X25519Public(bytes)};
  key.bytes_ = std::move(bytes);
  return key;
}

absl::StatusOr<HpkeCiphertext> HpkeSeal(const SealingPublicKey& recipient, std::string_view info,
                                        std::string_view aad, std::string_view plaintext,
                                        Random& random) {
  PALERMO_ASSIGN_OR_RETURN(internal::Encapsulated encapsulated, Encap(recipient, random));
  internal::HpkeContext context =
      internal::KeySchedule(recipient.kem, encapsulated.shared_secret, info);
  return HpkeCiphertext{std::move(encapsulated.encapsulation),
                        internal::SealAt(context, 0, aad, plaintext)};
}

}  // namespace palermo::crypto
