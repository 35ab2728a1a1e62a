#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "crypto/tlog_proof.h"

namespace palermo::crypto {
namespace {

int FuzzOne(std::string_view bytes) {
  absl::StatusOr<TlogProof> proof = ParseTlogProof(bytes);
  // Exactly one text parses to a proof.
  if (proof.ok()) PALERMO_CHECK(FormatTlogProof(*proof) == bytes);
  return 0;
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::crypto::FuzzOne({reinterpret_cast<const char*>(data), size});
}
