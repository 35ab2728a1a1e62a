// Reading of vector files. Malformed ones throw nlohmann's exceptions, which main counts as
// failures.
#ifndef PALERMO_TESTS_CONFORMANCE_VECTORS_H_
#define PALERMO_TESTS_CONFORMANCE_VECTORS_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/secret.h"

namespace palermo::conformance {

using Json = nlohmann::json;

inline std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline Json LoadJson(const std::filesystem::path& path) { return Json::parse(ReadFile(path)); }

inline std::string Text(const Json& object, const char* key) {
  return object.at(key).get<std::string>();
}
inline std::string HexOf(const Json& object, const char* key) {
  absl::StatusOr<std::string> bytes = HexDecode(Text(object, key));
  PALERMO_CHECK(bytes.ok());
  return *bytes;
}
inline crypto::SecretBytes SecretOf(const Json& object, const char* key) {
  return crypto::SecretBytes::Copy(HexOf(object, key));
}
inline std::string_view View(const crypto::SecretBytes& secret) {
  return secret.Expose(crypto::SecretAccess::Grant());
}

// Nothing when the text is not base64 of 32 bytes, as in vectors that must be refused.
inline std::optional<Hash> HashOf(const Json& base64) {
  absl::StatusOr<std::string> bytes = Base64Decode(base64.get<std::string>());
  if (!bytes.ok() || bytes->size() != sizeof(Hash)) return std::nullopt;
  return *HashFrom(*bytes, "a hash");
}

}  // namespace palermo::conformance

#endif  // PALERMO_TESTS_CONFORMANCE_VECTORS_H_
