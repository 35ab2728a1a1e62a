#include "crypto/uuid.h"

#include <openssl/evp.h>

#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace palermo::crypto {
namespace {

constexpr size_t kUuidBytes = 16, kSha1Bytes = 20;

}  // namespace

std::string NameUuid(std::string_view space, std::string_view name) {
  PALERMO_CHECK(space.size() == kUuidBytes);
  const std::string whole = Cat({space, name});
  std::array<uint8_t, kSha1Bytes> hash;
  size_t size = 0;
  PALERMO_CHECK(
      EVP_Q_digest(nullptr, "SHA1", nullptr, whole.data(), whole.size(), hash.data(), &size) == 1 &&
      size == hash.size());
  hash[6] = static_cast<uint8_t>((hash[6] & 0x0F) | 0x50);
  hash[8] = static_cast<uint8_t>((hash[8] & 0x3F) | 0x80);
  const std::string hex =
      HexEncode(std::string_view(reinterpret_cast<const char*>(hash.data()), kUuidBytes));
  return Cat({hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
              hex.substr(16, 4), "-", hex.substr(20)});
}

}  // namespace palermo::crypto
