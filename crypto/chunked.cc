#include "crypto/chunked.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/aead.h"
#include "crypto/chunked_internal.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace internal {
namespace {

constexpr std::string_view kInfoPrefix("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0", 48);

}  // namespace

ChunkKeys DeriveChunkKeys(const SecretBytes& key, std::string_view salt, std::string_view context) {
  PALERMO_CHECK(key.size() == kChunkedKeyBytes && salt.size() == kChunkedSaltBytes);
  absl::StatusOr<SecretBytes> derived = HkdfExpandSha512(
      key, Cat({kInfoPrefix, salt, context}), kAeadKeyBytes + kAeadNonceBytes + kCommitmentBytes);
  PALERMO_CHECK(derived.ok());
  std::string_view bytes = derived->Expose(SecretAccess::Grant());
  return ChunkKeys{SecretBytes::Copy(bytes.substr(0, kAeadKeyBytes)),
                   std::string(bytes.substr(kAeadKeyBytes, kAeadNonceBytes)),
                   std::string(bytes.substr(kAeadKeyBytes + kAeadNonceBytes))};
}

std::string ChunkNonce(std::string_view base_nonce, uint64_t number) {
  PALERMO_CHECK(number < kMaxChunks);
  std::string nonce(base_nonce);
  for (size_t i = 0; i < 5; ++i) {
    nonce[nonce.size() - 1 - i] ^= static_cast<char>(number >> (8 * i));
  }
  return nonce;
}

}  // namespace internal

struct ChunkedSealer::State {
  State(const internal::ChunkKeys& keys, std::string_view salt)
      : gcm(keys.key), base_nonce(keys.base_nonce), header(Cat({salt, keys.commitment})) {}

  void SealChunk(std::string_view plaintext, std::string* out) {
    gcm.Seal(internal::ChunkNonce(base_nonce, chunks++), "", plaintext, out);
  }
  void WriteHeader(std::string* out) {
    PALERMO_CHECK(!finished);
    out->append(std::exchange(header, {}));
  }
  std::string_view Buffered() const { return buffer.Expose(SecretAccess::Grant()).substr(0, fill); }

  internal::GcmSealer gcm;
  const std::string base_nonce;
  std::string header;  // empty once it is written
  SecretBytes buffer = SecretBytes::Zero(kChunkBytes);
  size_t fill = 0;  // < kChunkBytes between calls
  uint64_t chunks = 0;
  bool finished = false;
};

absl::StatusOr<ChunkedSealer> ChunkedSealer::Create(const SecretBytes& key, std::string_view salt,
                                                    std::string_view context) {
  if (key.size() != kChunkedKeyBytes || salt.size() != kChunkedSaltBytes) {
    return InputError("BAD_LENGTH",
                      absl::StrFormat("chunked encryption takes a key of 32 bytes and a salt of "
                                      "24, not %d and %d",
                                      key.size(), salt.size()));
  }
  return ChunkedSealer(
      std::make_unique<State>(internal::DeriveChunkKeys(key, salt, context), salt));
}

ChunkedSealer::ChunkedSealer(std::unique_ptr<State> state) : state_(std::move(state)) {}
ChunkedSealer::~ChunkedSealer() = default;
ChunkedSealer::ChunkedSealer(ChunkedSealer&&) noexcept = default;
ChunkedSealer& ChunkedSealer::operator=(ChunkedSealer&&) noexcept = default;

void ChunkedSealer::Update(std::string_view plaintext, std::string* out) {
  State& s = *state_;
  s.WriteHeader(out);
  while (!plaintext.empty()) {
    if (s.fill == 0 && plaintext.size() >= kChunkBytes) {  // no detour through the buffer
      s.SealChunk(plaintext.substr(0, kChunkBytes), out);
      plaintext.remove_prefix(kChunkBytes);
      continue;
    }
    size_t n = std::min(plaintext.size(), kChunkBytes - s.fill);
    std::memcpy(s.buffer.MutableData(SecretAccess::Grant()) + s.fill, plaintext.data(), n);
    plaintext.remove_prefix(n);
    s.fill += n;
    if (s.fill == kChunkBytes) {
      s.SealChunk(s.Buffered(), out);
      s.fill = 0;
    }
  }
}

void ChunkedSealer::Finish(std::string* out) {
  state_->WriteHeader(out);
  state_->SealChunk(state_->Buffered(), out);
  state_->finished = true;
}

absl::StatusOr<std::string> ChunkedSeal(const SecretBytes& key, std::string_view context,
                                        std::string_view plaintext, Random& random) {
  PALERMO_ASSIGN_OR_RETURN(ChunkedSealer sealer,
                           ChunkedSealer::Create(key, random.Bytes(kChunkedSaltBytes), context));
  std::string sealed;
  sealed.reserve(ChunkedSize(plaintext.size()));
  sealer.Update(plaintext, &sealed);
  sealer.Finish(&sealed);
  return sealed;
}

uint64_t ChunkedSize(uint64_t plaintext) {
  uint64_t chunks = plaintext / kChunkBytes + 1;
  PALERMO_CHECK(chunks <= internal::kMaxChunks);
  return kChunkedHeaderBytes + plaintext + chunks * kChunkTagBytes;
}

}  // namespace palermo::crypto
