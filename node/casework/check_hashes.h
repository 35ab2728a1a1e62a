// The two hashes that check digits of addresses are made of. For typing errors only: what must
// resist an attacker is hashed in crypto/. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CHECK_HASHES_H_
#define PALERMO_NODE_CASEWORK_CHECK_HASHES_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace palermo::casework {

using CheckHash = std::array<uint8_t, 32>;

// FIPS 180-4: base58check takes it twice.
CheckHash CheckSha256(std::string_view bytes);
// Keccak-256 with the padding of before FIPS 202: EIP-55. REQUIRES: at most 135 bytes.
CheckHash CheckKeccak256(std::string_view bytes);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CHECK_HASHES_H_
