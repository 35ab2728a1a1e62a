#include "crypto/signing.h"

#include <gtest/gtest.h>

#include <set>

#include "base/status.h"
#include "crypto/checkpoint.h"
#include "crypto/hash.h"
#include "crypto/note.h"
#include "crypto/test_random.h"

namespace palermo::crypto {
namespace {

constexpr Purpose kAll[] = {Purpose::kDraft,      Purpose::kApprove,
                            Purpose::kConfirm,    Purpose::kRoster,
                            Purpose::kCharter,    Purpose::kDirectory,
                            Purpose::kRetrieval,  Purpose::kGrant,
                            Purpose::kNotice,     Purpose::kSession,
                            Purpose::kWithdraw,   Purpose::kOfficerRequest,
                            Purpose::kBreakGlass, Purpose::kKeyDestruction,
                            Purpose::kRewrap,     Purpose::kCompartmentOpening};

SigningKey KeyOf(uint64_t seed) {
  TestRandom random(seed);
  return SigningKey::Generate(random);
}

// RFC 8032 section 7.1, test 2.
TEST(Signing, RawSignatureIsTheStandardsExample) {
  absl::StatusOr<SigningKey> key = SigningKey::FromSeed(SecretBytes::Copy(
      *HexDecode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(HexEncode(AsView(key->public_key())),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(HexEncode(AsView(key->SignRaw("\x72"))),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
}

TEST(Signing, SignedBytesBeginWithThePurpose) {
  SigningKey key = KeyOf(1);
  Signature signature = key.Sign(Purpose::kOfficerRequest, "bytes");
  EXPECT_TRUE(VerifyRaw(key.public_key(), std::string("palermo/v1/officer-request\0bytes", 32),
                        AsView(signature)));
}

TEST(Signing, ASignatureServesItsPurposeOnly) {
  SigningKey key = KeyOf(1);
  for (Purpose signed_for : kAll) {
    Signature signature = key.Sign(signed_for, "bytes");
    for (Purpose used_for : kAll) {
      absl::Status status = Verify(used_for, key.public_key(), "bytes", AsView(signature));
      EXPECT_EQ(CodeOf(status), used_for == signed_for ? "OK" : "BAD_SIGNATURE");
    }
  }
}

TEST(Signing, PurposeNamesAreDistinctAndWithoutZeroBytes) {
  std::set<std::string_view> names;
  for (Purpose purpose : kAll) names.insert(PurposeName(purpose));
  EXPECT_EQ(names.size(), std::size(kAll));
  for (std::string_view name : names) EXPECT_EQ(name.find('\0'), std::string_view::npos);
}

TEST(Signing, RefusesOtherBytesOtherKeyAndEveryChangedBit) {
  SigningKey key = KeyOf(1);
  Signature signature = key.Sign(Purpose::kDraft, "bytes");
  std::string good(AsView(signature));
  EXPECT_FALSE(Verify(Purpose::kDraft, key.public_key(), "byte", good).ok());
  EXPECT_FALSE(Verify(Purpose::kDraft, KeyOf(2).public_key(), "bytes", good).ok());
  EXPECT_FALSE(Verify(Purpose::kDraft, key.public_key(), "bytes", good.substr(1)).ok());
  EXPECT_FALSE(Verify(Purpose::kDraft, key.public_key(), "bytes", good + "x").ok());
  EXPECT_FALSE(Verify(Purpose::kDraft, key.public_key(), "bytes", "").ok());
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string bad = good;
    bad[bit / 8] ^= static_cast<char>(1 << (bit % 8));
    EXPECT_FALSE(Verify(Purpose::kDraft, key.public_key(), "bytes", bad).ok()) << bit;
  }
}

// A token that signs with another key than it says, or not at all.
class BadToken : public Signer {
 public:
  explicit BadToken(bool answers) : answers_(answers) {}
  const PublicKey& public_key() const override { return said_.public_key(); }

 private:
  absl::StatusOr<Signature> Produce(std::string_view bytes) const override {
    if (!answers_) return TryLater("TOKEN_GONE", "no token");
    return other_.SignRaw(bytes);
  }
  bool answers_;
  SigningKey said_ = KeyOf(1), other_ = KeyOf(2);
};

TEST(Signing, NoSignatureOfAFailingTokenIsUsed) {
  for (const auto& [answers, code] : {std::pair(true, "WRONG_SIGNATURE"), {false, "TOKEN_GONE"}}) {
    BadToken token(answers);
    EXPECT_EQ(CodeOf(token.TrySign(Purpose::kDraft, "bytes").status()), code);
    EXPECT_EQ(CodeOf(SignNote("text\n", "a", token).status()), code);
    std::string note = SignCheckpoint({"o", 1, Hash{}}, KeyOf(1));
    EXPECT_EQ(CodeOf(SignCheckpoint({"o", 1, Hash{}}, token).status()), code);
    EXPECT_EQ(CodeOf(CosignCheckpoint(note, "w", token, 1).status()), code);
  }
}

TEST(Signing, SeedsHave32Bytes) {
  EXPECT_EQ(CodeOf(SigningKey::FromSeed(SecretBytes::Zero(31)).status()), "BAD_PRIVATE_KEY");
  EXPECT_EQ(CodeOf(PublicKeyFrom("short").status()), "BAD_PUBLIC_KEY");
  SigningKey key = KeyOf(3);
  absl::StatusOr<SigningKey> again = SigningKey::FromSeed(key.seed().Clone());
  EXPECT_EQ(again->public_key(), key.public_key());
}

TEST(KeyId, Is16BytesOfTheHashAndDependsOnTheAlgorithm) {
  std::string key(32, 'k');
  EXPECT_EQ(
      KeyId(kEd25519, key),
      AsView(Sha256(Cat({std::string("palermo/v1/key-id\0ed25519\0", 26), key}))).substr(0, 16));
  EXPECT_NE(KeyId(kEd25519, key), KeyId(kX25519, key));
}

}  // namespace
}  // namespace palermo::crypto
