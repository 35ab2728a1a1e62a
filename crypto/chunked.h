// C2SP chunked-encryption, instance Cobblestone-256 (HKDF-Expand with SHA-512, AES-256-GCM):
//   salt (24) || commitment (32) || chunks of 16 KiB, each with 16 bytes of tag; the last is
//   shorter.
//
// Gives: secrecy and integrity of every chunk, their order and the end; commitment to key, salt and
// context, so that one ciphertext cannot open differently under two keys. Does not give: hiding of
// the length (crypto/padding.h), nor safety when a salt repeats under one key.
//
// This header seals; opening is crypto/chunked_open.h, in a target that only the desk links.
#ifndef PALERMO_CRYPTO_CHUNKED_H_
#define PALERMO_CRYPTO_CHUNKED_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/secret.h"

namespace palermo::crypto {

inline constexpr size_t kChunkBytes = 16384;
inline constexpr size_t kChunkTagBytes = 16;
inline constexpr size_t kChunkedKeyBytes = 32;
inline constexpr size_t kChunkedSaltBytes = 24;
inline constexpr size_t kChunkedHeaderBytes = 56;

// Streams in constant memory (one chunk). Move-only, one thread at a time.
class ChunkedSealer {
 public:
  // Fails with BAD_LENGTH unless key and salt have 32 and 24 bytes.
  // REQUIRES: the salt is random or otherwise never used before with this key.
  static absl::StatusOr<ChunkedSealer> Create(const SecretBytes& key, std::string_view salt,
                                              std::string_view context);
  ~ChunkedSealer();
  ChunkedSealer(ChunkedSealer&&) noexcept;
  ChunkedSealer& operator=(ChunkedSealer&&) noexcept;

  // Both append to *out what is ready; the first call begins with salt and commitment. Finish
  // writes the last chunk. REQUIRES: nothing is called after Finish.
  void Update(std::string_view plaintext, std::string* out);
  void Finish(std::string* out);

 private:
  struct State;
  explicit ChunkedSealer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// The whole plaintext at once, under a random salt.
absl::StatusOr<std::string> ChunkedSeal(const SecretBytes& key, std::string_view context,
                                        std::string_view plaintext, Random& random);

// Bytes of the sealed form. REQUIRES: plaintext < 2^52 (4 PiB, the format's maximum).
uint64_t ChunkedSize(uint64_t plaintext);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_CHUNKED_H_
