#include "crypto/chunked.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sodium.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/chunked_open.h"
#include "crypto/test_random.h"

namespace palermo::crypto {
namespace {

constexpr size_t kSealedChunk = kChunkBytes + kChunkTagBytes;

std::string HmacSha512OfSodium(std::string_view key, std::string_view data) {
  crypto_auth_hmacsha512_state state;
  std::string tag(crypto_auth_hmacsha512_BYTES, '\0');
  crypto_auth_hmacsha512_init(&state, Data(key), key.size());
  crypto_auth_hmacsha512_update(&state, Data(data), data.size());
  crypto_auth_hmacsha512_final(&state, Data(tag));
  return tag;
}

std::string GcmOfOneShot(std::string_view key, std::string_view nonce, std::string_view plain) {
  std::string out(plain.size() + 16, '\0');
  int n = 0;
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nullptr, Data(key), Data(nonce));
  EVP_EncryptUpdate(context, Data(out), &n, Data(plain), static_cast<int>(plain.size()));
  EVP_EncryptFinal_ex(context, Data(out) + n, &n);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, 16, Data(out) + plain.size());
  EVP_CIPHER_CTX_free(context);
  return out;
}

// The specification once more, in other words: all at once, libsodium's HMAC, a context for each
// chunk.
std::string ReferenceSeal(std::string_view key, std::string_view salt, std::string_view context,
                          std::string_view plaintext) {
  std::string info = "c2sp.org/chunked-encryption@v1+";
  info += "AEAD_AES_256_GCM";
  info.push_back('\0');
  info.append(salt);
  info.append(context);
  std::string first = HmacSha512OfSodium(key, info + '\x01');
  std::string okm = first + HmacSha512OfSodium(key, first + info + '\x02');
  std::string sealed = std::string(salt) + okm.substr(44, 32);
  for (uint64_t chunk = 0; chunk <= plaintext.size() / kChunkBytes; ++chunk) {
    std::string nonce = okm.substr(32, 12);
    for (int i = 0; i < 8; ++i) nonce[11 - i] ^= static_cast<char>(chunk >> (8 * i));
    sealed +=
        GcmOfOneShot(okm.substr(0, 32), nonce, plaintext.substr(chunk * kChunkBytes, kChunkBytes));
  }
  return sealed;
}

class ChunkedTest : public testing::Test {
 protected:
  std::string Seal(std::string_view plaintext) {
    return *ChunkedSeal(key_, "context", plaintext, random_);
  }
  // The plaintext, or the code of the error.
  std::string Open(std::string_view sealed, std::string_view context = "context") {
    absl::StatusOr<SecretBytes> opened = ChunkedOpen(key_, context, sealed);
    if (!opened.ok()) return CodeOf(opened.status());
    return std::string(opened->Expose(SecretAccess::Grant()));
  }

  TestRandom random_{1};
  SecretBytes key_ = SecretBytes::Random(32, random_);
};

TEST_F(ChunkedTest, EqualsAnIndependentImplementationAtEveryEdge) {
  std::string salt = random_.Bytes(24);
  for (size_t size : {size_t{0}, size_t{1}, kChunkBytes - 1, kChunkBytes, kChunkBytes + 1,
                      2 * kChunkBytes, 5 * kChunkBytes + 77, 300 * kChunkBytes + 5}) {
    std::string plaintext = random_.Bytes(size);
    ChunkedSealer sealer = *ChunkedSealer::Create(key_, salt, "context");
    std::string sealed;
    sealer.Update(plaintext, &sealed);
    sealer.Finish(&sealed);
    EXPECT_EQ(sealed,
              ReferenceSeal(key_.Expose(SecretAccess::Grant()), salt, "context", plaintext));
    EXPECT_EQ(sealed.size(), ChunkedSize(size));
    EXPECT_EQ(Open(sealed), plaintext);
  }
}

TEST_F(ChunkedTest, StreamsInPiecesOfAnySize) {
  std::string plaintext = random_.Bytes(3 * kChunkBytes + 1000);
  std::string salt = random_.Bytes(24);
  std::string whole = ReferenceSeal(key_.Expose(SecretAccess::Grant()), salt, "context", plaintext);
  for (size_t piece :
       {size_t{1}, size_t{55}, size_t{16399}, size_t{16400}, size_t{16401}, size_t{40000}}) {
    ChunkedSealer sealer = *ChunkedSealer::Create(key_, salt, "context");
    ChunkedOpener opener = *ChunkedOpener::Create(key_, "context");
    std::string sealed;
    std::string opened;
    PlaintextSink sink = [&opened](std::string_view part) {
      opened += part;
      return absl::OkStatus();
    };
    for (size_t at = 0; at < plaintext.size(); at += piece) {
      sealer.Update(std::string_view(plaintext).substr(at, piece), &sealed);
    }
    sealer.Finish(&sealed);
    EXPECT_EQ(sealed, whole) << piece;
    for (size_t at = 0; at < sealed.size(); at += piece) {
      ASSERT_TRUE(opener.Update(std::string_view(sealed).substr(at, piece), sink).ok());
    }
    EXPECT_TRUE(opener.Finish(sink).ok());
    EXPECT_EQ(opened, plaintext) << piece;
  }
}

TEST_F(ChunkedTest, TheHeaderComesFirstAndOutputKeepsPace) {
  ChunkedSealer sealer = *ChunkedSealer::Create(key_, std::string(24, 's'), "context");
  std::string out;
  sealer.Update("", &out);
  EXPECT_EQ(out.size(), kChunkedHeaderBytes);
  EXPECT_EQ(out.substr(0, 24), std::string(24, 's'));
  sealer.Update(std::string(kChunkBytes, 'x'), &out);
  EXPECT_EQ(out.size(), kChunkedHeaderBytes + kSealedChunk) << "a full chunk does not wait";
}

TEST_F(ChunkedTest, RefusesEveryChangedByte) {
  std::string good = Seal("a short body, sealed in one chunk");
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_EQ(Open(bad), i < kChunkedHeaderBytes ? "WRONG_KEY" : "CANNOT_OPEN") << "byte " << i;
  }
  std::string large = Seal(random_.Bytes(2 * kChunkBytes + 10));
  for (size_t i = kChunkedHeaderBytes; i < large.size(); i += 997) {
    std::string bad = large;
    bad[i] ^= static_cast<char>(0x80);
    EXPECT_EQ(Open(bad), "CANNOT_OPEN") << "byte " << i;
  }
}

TEST_F(ChunkedTest, RefusesAnotherContextAndAnotherKey) {
  std::string sealed = Seal("body");
  EXPECT_EQ(Open(sealed, "contexT"), "WRONG_KEY");
  EXPECT_EQ(Open(sealed, ""), "WRONG_KEY");
  key_ = SecretBytes::Random(32, random_);
  EXPECT_EQ(Open(sealed), "WRONG_KEY");
}

// AES-GCM alone does not commit: one ciphertext can be made to open under two keys. Here the
// commitment is a function of the key, so that the second key is refused before any decryption.
TEST_F(ChunkedTest, OneCiphertextOpensUnderOneKeyOnly) {
  SecretBytes other = SecretBytes::Random(32, random_);
  std::string sealed = Seal("body");
  std::string forged = *ChunkedSeal(other, "context", "body", random_);
  std::string mixed = sealed.substr(0, 24) + forged.substr(24, 32) + sealed.substr(56);
  EXPECT_EQ(Open(mixed), "WRONG_KEY");
  EXPECT_EQ(CodeOf(ChunkedOpen(other, "context", sealed).status()), "WRONG_KEY");
  EXPECT_EQ(CodeOf(ChunkedOpen(other, "context", mixed).status()), "WRONG_KEY");
}

TEST_F(ChunkedTest, RefusesTruncationAtEveryPlace) {
  std::string sealed = Seal(random_.Bytes(kChunkBytes + 20));
  constexpr size_t kEdge = kChunkedHeaderBytes + kSealedChunk;
  for (size_t size = 0; size < sealed.size(); size += size < 100 || size + 40 > kEdge ? 1 : 97) {
    size_t last = size < kChunkedHeaderBytes ? 0 : (size - kChunkedHeaderBytes) % kSealedChunk;
    EXPECT_EQ(Open(sealed.substr(0, size)), last < 16 ? "TRUNCATED" : "CANNOT_OPEN") << size;
  }
}

TEST_F(ChunkedTest, RefusesDroppedSwappedAndAddedChunks) {
  std::string plaintext = std::string(kChunkBytes, 'a') + std::string(kChunkBytes, 'b') + "c";
  std::string sealed = Seal(plaintext);
  std::string header = sealed.substr(0, 56);
  std::string a = sealed.substr(56, kSealedChunk);
  std::string b = sealed.substr(56 + kSealedChunk, kSealedChunk);
  std::string c = sealed.substr(56 + 2 * kSealedChunk);
  ASSERT_EQ(Open(header + a + b + c), plaintext);
  EXPECT_EQ(Open(header + b + a + c), "CANNOT_OPEN");
  EXPECT_EQ(Open(header + a + c), "CANNOT_OPEN");
  EXPECT_EQ(Open(header + a + b), "TRUNCATED");
  EXPECT_EQ(Open(header + a + b + c + c), "CANNOT_OPEN");
  EXPECT_EQ(Open(header + a + b + c + "x"), "CANNOT_OPEN");
}

TEST_F(ChunkedTest, AFailedOpenerStaysFailed) {
  std::string sealed = Seal(std::string(kChunkBytes, 'x'));
  sealed[60] ^= 1;
  ChunkedOpener opener = *ChunkedOpener::Create(key_, "context");
  int pieces = 0;
  PlaintextSink sink = [&pieces](std::string_view) {
    ++pieces;
    return absl::OkStatus();
  };
  EXPECT_EQ(CodeOf(opener.Update(sealed, sink)), "CANNOT_OPEN");
  EXPECT_EQ(CodeOf(opener.Update("more", sink)), "CANNOT_OPEN");
  EXPECT_EQ(CodeOf(opener.Finish(sink)), "CANNOT_OPEN");
  EXPECT_EQ(pieces, 0) << "nothing that is not authentic comes out";
}

TEST_F(ChunkedTest, PassesOnTheSinksError) {
  std::string sealed = Seal("body");
  ChunkedOpener opener = *ChunkedOpener::Create(key_, "context");
  PlaintextSink full = [](std::string_view) { return OverLimit("DISK_FULL", "no space"); };
  EXPECT_TRUE(opener.Update(sealed, full).ok());
  EXPECT_EQ(CodeOf(opener.Finish(full)), "DISK_FULL");
}

TEST_F(ChunkedTest, RefusesKeysAndSaltsOfOtherSizes) {
  SecretBytes cut = SecretBytes::Zero(31);
  EXPECT_EQ(CodeOf(ChunkedSealer::Create(cut, std::string(24, 's'), "").status()), "BAD_LENGTH");
  EXPECT_EQ(CodeOf(ChunkedSealer::Create(key_, std::string(23, 's'), "").status()), "BAD_LENGTH");
  EXPECT_EQ(CodeOf(ChunkedOpener::Create(cut, "").status()), "BAD_LENGTH");
}

TEST_F(ChunkedTest, TheWholeFunctionsRefuseThemToo) {
  SecretBytes cut = SecretBytes::Zero(31);
  EXPECT_EQ(CodeOf(ChunkedSeal(cut, "context", "body", random_).status()), "BAD_LENGTH");
  EXPECT_EQ(CodeOf(ChunkedOpen(cut, "context", Seal("body")).status()), "BAD_LENGTH");
}

TEST_F(ChunkedTest, AChangedChunkThatComesInPiecesIsRefused) {
  std::string sealed = Seal(std::string(kChunkBytes + 1, 'x'));
  sealed[60] ^= 1;
  ChunkedOpener opener = *ChunkedOpener::Create(key_, "context");
  PlaintextSink sink = [](std::string_view) { return absl::OkStatus(); };
  EXPECT_TRUE(opener.Update(sealed.substr(0, 100), sink).ok());
  EXPECT_EQ(CodeOf(opener.Update(sealed.substr(100), sink)), "CANNOT_OPEN");
}

TEST_F(ChunkedTest, SizesCountOneChunkMoreAtEachMultiple) {
  EXPECT_EQ(ChunkedSize(0), 72u);
  EXPECT_EQ(ChunkedSize(kChunkBytes - 1), 56 + kChunkBytes - 1 + 16);
  EXPECT_EQ(ChunkedSize(kChunkBytes), 56 + kChunkBytes + 32);
  EXPECT_EQ(ChunkedSize((uint64_t{1} << 52) - 1),
            56 + (uint64_t{1} << 52) - 1 + (uint64_t{1} << 42));
}

}  // namespace
}  // namespace palermo::crypto
