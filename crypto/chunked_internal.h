// What sealing and opening of chunked encryption share.
#ifndef PALERMO_CRYPTO_CHUNKED_INTERNAL_H_
#define PALERMO_CRYPTO_CHUNKED_INTERNAL_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/secret.h"

namespace palermo::crypto::internal {

inline constexpr uint64_t kMaxChunks = uint64_t{1} << 38;
inline constexpr size_t kCommitmentBytes = 32;

struct ChunkKeys {
  SecretBytes key;         // AES-256-GCM
  std::string base_nonce;  // 12 bytes
  std::string commitment;  // 32 bytes
};

// REQUIRES: key of 32 and salt of 24 bytes.
ChunkKeys DeriveChunkKeys(const SecretBytes& key, std::string_view salt, std::string_view context);

// Base nonce XOR chunk number. REQUIRES: number < kMaxChunks.
std::string ChunkNonce(std::string_view base_nonce, uint64_t number);

}  // namespace palermo::crypto::internal

#endif  // PALERMO_CRYPTO_CHUNKED_INTERNAL_H_
