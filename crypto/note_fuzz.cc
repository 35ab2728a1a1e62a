#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "crypto/checkpoint.h"
#include "crypto/note.h"

namespace palermo::crypto {
namespace {

int FuzzOne(std::string_view bytes) {
  absl::StatusOr<Note> note = ParseNote(bytes);
  // Exactly one text parses to a note.
  if (note.ok()) PALERMO_CHECK(FormatNote(*note) == bytes);
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpointText(bytes);
  if (checkpoint.ok()) PALERMO_CHECK(CheckpointText(*checkpoint) == bytes);
  absl::StatusOr<VerifierKey> key = ParseVerifierKey(bytes);
  if (key.ok()) PALERMO_CHECK(FormatVerifierKey(*key) == bytes);
  return 0;
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::crypto::FuzzOne({reinterpret_cast<const char*>(data), size});
}
