#include "crypto/checkpoint.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/text_lines.h"

namespace palermo::crypto {
namespace {

constexpr size_t kTimestampBytes = 8;
constexpr size_t kCosignatureBytes = kTimestampBytes + 64;
constexpr uint64_t kMaxTimestamp = INT64_MAX;

absl::Status BadCheckpoint(std::string_view why) {
  return InputError("BAD_CHECKPOINT", absl::StrFormat("not a checkpoint: %s", why));
}

absl::Status CheckExtensions(std::string_view rest, Extensions extensions) {
  if (rest.empty()) return absl::OkStatus();
  if (extensions == Extensions::kRefuse) return BadCheckpoint("it has extension lines");
  while (!rest.empty()) {
    std::optional<std::string_view> line = internal::TakeLine(&rest);
    if (!line || line->empty()) return BadCheckpoint("an extension line is empty or cut");
  }
  return absl::OkStatus();
}

std::string CosignedBytes(std::string_view text, uint64_t unix_seconds) {
  return absl::StrFormat("cosignature/v1\ntime %d\n%s", unix_seconds, text);
}

}  // namespace

std::string CheckpointText(const Checkpoint& checkpoint) {
  PALERMO_CHECK(!checkpoint.origin.empty());
  PALERMO_CHECK(checkpoint.origin.find('\n') == std::string::npos);
  return absl::StrFormat("%s\n%d\n%s\n", checkpoint.origin, checkpoint.size,
                         Base64Encode(AsView(checkpoint.root)));
}

absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text, Extensions extensions) {
  std::optional<std::string_view> origin = internal::TakeLine(&text);
  if (!origin || origin->empty()) return BadCheckpoint("it has no origin");
  std::optional<std::string_view> size_line = internal::TakeLine(&text);
  std::optional<uint64_t> size;
  if (size_line) size = internal::ParseDecimal(*size_line);
  if (!size) return BadCheckpoint("the tree size is not a decimal number of 64 bits");
  std::optional<std::string_view> root_line = internal::TakeLine(&text);
  if (!root_line) return BadCheckpoint("it has no root");
  absl::StatusOr<std::string> root = Base64Decode(*root_line);
  if (!root.ok() || root->size() != 32) return BadCheckpoint("the root is not base64 of 32 bytes");
  PALERMO_RETURN_IF_ERROR(CheckExtensions(text, extensions));
  PALERMO_ASSIGN_OR_RETURN(Hash hash, HashFrom(*root, "the root"));
  return Checkpoint{std::string(*origin), *size, hash};
}

std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key) {
  return SignNote(CheckpointText(checkpoint), checkpoint.origin, key);
}

absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const Signer& signer) {
  return SignNote(CheckpointText(checkpoint), checkpoint.origin, signer);
}

absl::StatusOr<Checkpoint> VerifyCheckpoint(std::string_view note, const std::string& origin,
                                            const PublicKey& key) {
  PALERMO_ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  PALERMO_RETURN_IF_ERROR(VerifyNote(parsed, {MakeVerifierKey(origin, kNoteEd25519, key)}));
  PALERMO_ASSIGN_OR_RETURN(Checkpoint checkpoint, ParseCheckpointText(parsed.text));
  if (checkpoint.origin != origin) {
    return InputError("WRONG_ORIGIN", absl::StrFormat("the checkpoint is of log %s, not of %s",
                                                      checkpoint.origin, origin));
  }
  return checkpoint;
}

absl::StatusOr<std::string> CosignCheckpoint(std::string_view note, std::string_view name,
                                             const Signer& signer, uint64_t unix_seconds) {
  PALERMO_CHECK(IsNoteKeyName(name));
  if (unix_seconds > kMaxTimestamp) {
    return InputError("BAD_TIME", "the time of a cosignature is below 2^63 seconds");
  }
  PALERMO_ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  PALERMO_RETURN_IF_ERROR(ParseCheckpointText(parsed.text, Extensions::kIgnore).status());
  NoteSignature line;
  line.name = std::string(name);
  line.key_id = NoteKeyId(name, kNoteCosignature, signer.public_key());
  PALERMO_ASSIGN_OR_RETURN(Signature signature,
                           signer.TrySignRaw(CosignedBytes(parsed.text, unix_seconds)));
  line.bytes = Cat({BigEndian64(unix_seconds), AsView(signature)});
  return FormatNoteSignature(line);
}

absl::StatusOr<uint64_t> CosignatureTime(const NoteSignature& signature) {
  if (signature.bytes.size() != kCosignatureBytes) {
    return InputError(
        "BAD_NOTE", absl::StrFormat("a cosignature has 72 bytes, not %d", signature.bytes.size()));
  }
  uint64_t time = ReadBigEndian64(std::string_view(signature.bytes).substr(0, kTimestampBytes));
  if (time > kMaxTimestamp) return InputError("BAD_NOTE", "the cosignature's time is out of range");
  return time;
}

absl::StatusOr<uint64_t> VerifyCosignature(std::string_view note, std::string_view name,
                                           const PublicKey& key) {
  PALERMO_ASSIGN_OR_RETURN(Note parsed, ParseNote(note));
  PALERMO_RETURN_IF_ERROR(ParseCheckpointText(parsed.text, Extensions::kIgnore).status());
  uint32_t id = NoteKeyId(name, kNoteCosignature, key);
  std::optional<uint64_t> newest;
  for (const NoteSignature& signature : parsed.signatures) {
    if (signature.name != name || signature.key_id != id) continue;
    PALERMO_ASSIGN_OR_RETURN(uint64_t time, CosignatureTime(signature));
    std::string_view bytes = std::string_view(signature.bytes).substr(kTimestampBytes);
    if (!VerifyRaw(key, CosignedBytes(parsed.text, time), bytes)) {
      return InputError("BAD_NOTE", absl::StrFormat("the cosignature of %s is wrong", name));
    }
    newest = std::max(time, newest.value_or(0));
  }
  if (newest) return *newest;
  return InputError("UNKNOWN_SIGNER", absl::StrFormat("%s did not cosign the checkpoint", name));
}

}  // namespace palermo::crypto
