#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/check.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"

namespace palermo::crypto {
namespace {

constexpr std::string_view kVersion2 = "palermo-key-file/v2\n";

int FuzzOne(std::string_view bytes) {
  absl::StatusOr<KeyFilePublic> file = ReadKeyFilePublic(bytes);
  if (!file.ok() || file->passphrase_needed) return 0;  // Argon2id would take all the time
  // Exactly one text of a version decodes to a bundle.
  absl::StatusOr<KeyBundle> bundle = DecodeKeyFile(bytes, nullptr);
  if (!bundle.ok() || bytes.substr(0, kVersion2.size()) != kVersion2) return 0;
  absl::StatusOr<SecretBytes> again = EncodeUnprotectedKeyFile(*bundle);
  PALERMO_CHECK(again.ok() && again->Expose(SecretAccess::Grant()) == bytes);
  return 0;
}

// With the checksum that the format asks for, so that the fuzzer gets past it.
int FuzzWhole(std::string_view bytes) {
  std::string text = Cat({kVersion2, bytes});
  Hash hash = Sha256({std::string_view("palermo/v2/key-file\0", 20), text});
  return FuzzOne(Cat({text, "checksum ", Base64Encode(AsView(hash).substr(0, 16)), "\n"}));
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  palermo::crypto::FuzzWhole(bytes);
  return palermo::crypto::FuzzOne(bytes);
}
