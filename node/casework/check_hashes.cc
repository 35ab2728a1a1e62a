#include "node/casework/check_hashes.h"

#include <string>

#include "base/check.h"

namespace palermo::casework {
namespace {

constexpr uint32_t kRound[] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

constexpr uint32_t Right(uint32_t x, int n) { return x >> n | x << (32 - n); }
constexpr uint64_t Left(uint64_t x, int n) { return n == 0 ? x : x << n | x >> (64 - n); }

void Block(std::string_view block, std::array<uint32_t, 8>& h) {
  std::array<uint32_t, 64> w = {};
  for (int i = 0; i < 64; ++i) {
    w[i / 4] = w[i / 4] << 8 | static_cast<uint8_t>(block[i]);
  }
  for (int i = 16; i < 64; ++i) {
    const uint32_t a = Right(w[i - 15], 7) ^ Right(w[i - 15], 18) ^ w[i - 15] >> 3;
    const uint32_t b = Right(w[i - 2], 17) ^ Right(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  std::array<uint32_t, 8> v = h;
  for (int i = 0; i < 64; ++i) {
    const uint32_t s1 = Right(v[4], 6) ^ Right(v[4], 11) ^ Right(v[4], 25);
    const uint32_t one = v[7] + s1 + ((v[4] & v[5]) ^ (~v[4] & v[6])) + kRound[i] + w[i];
    const uint32_t s0 = Right(v[0], 2) ^ Right(v[0], 13) ^ Right(v[0], 22);
    const uint32_t two = s0 + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    for (int k = 7; k > 0; --k) v[k] = v[k - 1];
    v[4] += one;
    v[0] = one + two;
  }
  for (int i = 0; i < 8; ++i) h[i] += v[i];
}

// The round constants of Keccak-f come from a shift register, FIPS 202 3.2.5.
constexpr std::array<uint64_t, 24> RoundConstants() {
  std::array<uint64_t, 24> constants = {};
  uint32_t r = 1;
  for (uint64_t& constant : constants) {
    for (int j = 0; j <= 6; ++j) {
      if ((r & 1) != 0) constant |= uint64_t{1} << ((1 << j) - 1);
      r <<= 1;
      if ((r & 0x100) != 0) r ^= 0x171;
    }
  }
  return constants;
}
constexpr auto kIota = RoundConstants();

void KeccakF(std::array<uint64_t, 25>& a) {
  for (uint64_t iota : kIota) {
    std::array<uint64_t, 5> c = {};
    for (int i = 0; i < 25; ++i) c[i % 5] ^= a[i];
    for (int i = 0; i < 25; ++i) a[i] ^= c[(i + 4) % 5] ^ Left(c[(i + 1) % 5], 1);
    // Rho and pi: the lanes wander along one path.
    int x = 1, y = 0;
    uint64_t carried = a[1];
    for (int t = 0; t < 24; ++t) {
      const int next = (2 * x + 3 * y) % 5;
      x = y;
      y = next;
      const uint64_t kept = a[x + 5 * y];
      a[x + 5 * y] = Left(carried, (t + 1) * (t + 2) / 2 % 64);
      carried = kept;
    }
    for (int row = 0; row < 25; row += 5) {
      const std::array<uint64_t, 5> b = {a[row], a[row + 1], a[row + 2], a[row + 3], a[row + 4]};
      for (int i = 0; i < 5; ++i) a[row + i] = b[i] ^ (~b[(i + 1) % 5] & b[(i + 2) % 5]);
    }
    a[0] ^= iota;
  }
}

}  // namespace

CheckHash CheckSha256(std::string_view bytes) {
  std::array<uint32_t, 8> h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::string padded(bytes);
  padded += '\x80';
  while (padded.size() % 64 != 56) padded += '\0';
  const uint64_t bits = uint64_t{bytes.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8) padded += static_cast<char>(bits >> shift & 0xFF);
  for (size_t at = 0; at < padded.size(); at += 64) {
    Block(std::string_view(padded).substr(at, 64), h);
  }
  CheckHash out;
  for (int i = 0; i < 32; ++i) out[i] = static_cast<uint8_t>(h[i / 4] >> (24 - 8 * (i % 4)));
  return out;
}

CheckHash CheckKeccak256(std::string_view bytes) {
  constexpr size_t kRate = 136;
  PALERMO_CHECK(bytes.size() < kRate);
  std::array<uint8_t, kRate> block = {};
  for (size_t i = 0; i < bytes.size(); ++i) block[i] = static_cast<uint8_t>(bytes[i]);
  block[bytes.size()] ^= 0x01;
  block[kRate - 1] ^= 0x80;
  std::array<uint64_t, 25> lanes = {};
  for (size_t i = 0; i < kRate; ++i) lanes[i / 8] |= uint64_t{block[i]} << (8 * (i % 8));
  KeccakF(lanes);
  CheckHash out;
  for (int i = 0; i < 32; ++i) out[i] = static_cast<uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  return out;
}

}  // namespace palermo::casework
