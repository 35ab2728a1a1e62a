#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "crypto/key_file.h"

namespace palermo::crypto {
namespace {

int FuzzOne(std::string_view bytes) {
  absl::StatusOr<KeyFilePublic> file = ReadKeyFilePublic(bytes);
  if (!file.ok() || file->passphrase_needed) return 0;  // Argon2id would take all the time
  // Exactly one text decodes to a bundle.
  absl::StatusOr<KeyBundle> bundle = DecodeKeyFile(bytes, nullptr);
  if (!bundle.ok()) return 0;
  SystemRandom random;
  absl::StatusOr<std::string> again =
      EncodeKeyFile(*bundle, nullptr, Argon2Params::WeakForTests(), random);
  PALERMO_CHECK(again.ok() && *again == bytes);
  return 0;
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::crypto::FuzzOne({reinterpret_cast<const char*>(data), size});
}
