#include "crypto/signing.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/init.h"

namespace palermo::crypto {
namespace {

constexpr size_t kKeyIdBytes = 16;
constexpr std::string_view kZero("\0", 1);

std::string SignedBytes(Purpose purpose, std::string_view bytes) {
  return Cat({"palermo/v1/", PurposeName(purpose), kZero, bytes});
}

}  // namespace

std::string_view PurposeName(Purpose purpose) {
  switch (purpose) {
    case Purpose::kDraft:
      return "draft";
    case Purpose::kApprove:
      return "approve";
    case Purpose::kConfirm:
      return "confirm";
    case Purpose::kRoster:
      return "roster";
    case Purpose::kCharter:
      return "charter";
    case Purpose::kDirectory:
      return "directory";
    case Purpose::kRetrieval:
      return "retrieval";
    case Purpose::kGrant:
      return "grant";
    case Purpose::kNotice:
      return "notice";
    case Purpose::kSession:
      return "session";
    case Purpose::kWithdraw:
      return "withdraw";
    case Purpose::kOfficerRequest:
      return "officer-request";
    case Purpose::kBreakGlass:
      return "break-glass";
    case Purpose::kKeyDestruction:
      return "key-destruction";
    case Purpose::kRewrap:
      return "rewrap";
    case Purpose::kCompartmentOpening:
      return "compartment-opening";
  }
  PALERMO_CHECK(false && "unknown purpose");
}

absl::StatusOr<PublicKey> PublicKeyFrom(std::string_view bytes) {
  PublicKey key;
  if (bytes.size() != key.size()) {
    return InputError("BAD_PUBLIC_KEY",
                      absl::StrFormat("a public key has 32 bytes, not %d", bytes.size()));
  }
  std::memcpy(key.data(), bytes.data(), key.size());
  return key;
}

absl::StatusOr<Signature> Signer::TrySign(Purpose purpose, std::string_view bytes) const {
  return TrySignRaw(SignedBytes(purpose, bytes));
}

absl::StatusOr<Signature> Signer::TrySignRaw(std::string_view bytes) const {
  PALERMO_ASSIGN_OR_RETURN(Signature signature, Produce(bytes));
  if (VerifyRaw(public_key(), bytes, AsView(signature))) return signature;
  return Damaged("WRONG_SIGNATURE",
                 absl::StrFormat("the key %s gave a signature that does not verify; it was not "
                                 "used. Do not use this token or machine before it is examined",
                                 HexEncode(KeyId(kEd25519, AsView(public_key())))));
}

SigningKey SigningKey::Generate(Random& random) {
  absl::StatusOr<SigningKey> key = FromSeed(SecretBytes::Random(crypto_sign_SEEDBYTES, random));
  PALERMO_CHECK(key.ok());
  return *std::move(key);
}

absl::StatusOr<SigningKey> SigningKey::FromSeed(SecretBytes seed) {
  Init();
  if (seed.size() != crypto_sign_SEEDBYTES) {
    return InputError("BAD_PRIVATE_KEY",
                      absl::StrFormat("an Ed25519 seed has 32 bytes, not %d", seed.size()));
  }
  SigningKey key;
  key.expanded_ = SecretBytes::Zero(crypto_sign_SECRETKEYBYTES);
  crypto_sign_seed_keypair(key.public_key_.data(), key.expanded_.MutableData(SecretAccess::Grant()),
                           Data(seed.Expose(SecretAccess::Grant())));
  key.seed_ = std::move(seed);
  return key;
}

Signature SigningKey::Sign(Purpose purpose, std::string_view bytes) const {
  return SignRaw(SignedBytes(purpose, bytes));
}

Signature SigningKey::SignRaw(std::string_view bytes) const {
  PALERMO_CHECK(!expanded_.empty());  // used after it was moved from
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, Data(bytes), bytes.size(),
                       Data(expanded_.Expose(SecretAccess::Grant())));
  return signature;
}

absl::Status Verify(Purpose purpose, const PublicKey& key, std::string_view bytes,
                    std::string_view signature) {
  if (VerifyRaw(key, SignedBytes(purpose, bytes), signature)) return absl::OkStatus();
  return InputError("BAD_SIGNATURE",
                    absl::StrFormat("the %s signature is not by key %s over these bytes",
                                    PurposeName(purpose), HexEncode(KeyId(kEd25519, AsView(key)))));
}

bool VerifyRaw(const PublicKey& key, std::string_view bytes, std::string_view signature) {
  Init();
  return signature.size() == crypto_sign_BYTES &&
         crypto_sign_verify_detached(Data(signature), Data(bytes), bytes.size(), key.data()) == 0;
}

std::string KeyId(std::string_view algorithm, std::string_view public_key) {
  Hash hash = Sha256({"palermo/v1/key-id", kZero, algorithm, kZero, public_key});
  return std::string(AsView(hash).substr(0, kKeyIdBytes));
}

}  // namespace palermo::crypto
