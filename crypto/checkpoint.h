// C2SP tlog-checkpoint: the signed size and root of a log, and tlog-cosignature (Ed25519,
// cosignature/v1): a witness's statement that at a time this was the newest consistent checkpoint
// it knew.
//
// A checkpoint alone does not show that the log shows everybody the same one: cosignatures do.
#ifndef PALERMO_CRYPTO_CHECKPOINT_H_
#define PALERMO_CRYPTO_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/note.h"
#include "crypto/signing.h"

namespace palermo::crypto {

struct Checkpoint {
  std::string origin;
  uint64_t size = 0;
  Hash root{};

  bool operator==(const Checkpoint&) const = default;
};

// Lines after the third. Ours has none; other people's logs may.
enum class Extensions { kRefuse, kIgnore };

// Three lines: origin, decimal size, base64 root.
// REQUIRES: the origin is not empty and has no line feed.
std::string CheckpointText(const Checkpoint& checkpoint);
// Fails with BAD_CHECKPOINT. Exactly one text parses to a checkpoint (with kRefuse).
absl::StatusOr<Checkpoint> ParseCheckpointText(std::string_view text,
                                               Extensions extensions = Extensions::kRefuse);

// The signed note, under the origin as key name. REQUIRES: IsNoteKeyName(origin).
std::string SignCheckpoint(const Checkpoint& checkpoint, const SigningKey& key);
// With any signer: fails as Signer::TrySignRaw does.
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const Signer& signer);
// Fails with BAD_NOTE, UNKNOWN_SIGNER, BAD_CHECKPOINT, or WRONG_ORIGIN.
absl::StatusOr<Checkpoint> VerifyCheckpoint(std::string_view note, const std::string& origin,
                                            const PublicKey& key);

// The signature line, "— name base64\n", to be put after the note. Only for a checkpoint that the
// caller verified and persisted as its newest. Fails with BAD_NOTE or BAD_CHECKPOINT; BAD_TIME
// above 2^63-1; and as Signer::TrySignRaw does.
absl::StatusOr<std::string> CosignCheckpoint(std::string_view note, std::string_view name,
                                             const Signer& signer, uint64_t unix_seconds);
// The time, in Unix seconds, of `name`'s cosignature; of several, the newest. All by this key must
// be right. Fails with BAD_NOTE, BAD_CHECKPOINT, or UNKNOWN_SIGNER when it has none. The log's own
// signature is not looked at.
absl::StatusOr<uint64_t> VerifyCosignature(std::string_view note, std::string_view name,
                                           const PublicKey& key);

// The time inside a cosignature line, verified by nobody. Fails with BAD_NOTE unless it has 72
// bytes and the time is below 2^63.
absl::StatusOr<uint64_t> CosignatureTime(const NoteSignature& signature);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_CHECKPOINT_H_
