// C2SP signed notes: a text, an empty line, and lines "— name base64(key id || signature)".
//
// A verified note shows that a known key signed exactly this text. It does not show when, nor that
// the signer signed nothing else.
#ifndef PALERMO_CRYPTO_NOTE_H_
#define PALERMO_CRYPTO_NOTE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/signing.h"

namespace palermo::crypto {

// The signature types of C2SP signed-note that we know.
inline constexpr uint8_t kNoteEd25519 = 0x01;
inline constexpr uint8_t kNoteCosignature = 0x04;

struct NoteSignature {
  std::string name;
  uint32_t key_id = 0;
  std::string bytes;  // what follows the key id: 64 bytes for Ed25519, 72 for a cosignature

  bool operator==(const NoteSignature&) const = default;
};

struct Note {
  std::string text;  // with its final newline
  std::vector<NoteSignature> signatures;
};

// Fails with BAD_NOTE: not UTF-8, control characters, no signature, more than
// limits::kMaxNoteSignatures or limits::kMaxCheckpointBytes, a key name with a space or '+', base64
// that is not canonical. Exactly one text parses to a note. Verifies nothing.
absl::StatusOr<Note> ParseNote(std::string_view note);
std::string FormatNote(const Note& note);
// "— name base64\n", to be put after a note.
std::string FormatNoteSignature(const NoteSignature& signature);

// The first four bytes of SHA-256(name || LF || type || key), big-endian.
uint32_t NoteKeyId(std::string_view name, uint8_t type, const PublicKey& key);
// Non-empty UTF-8 without '+', control characters or Unicode spaces.
bool IsNoteKeyName(std::string_view name);

// REQUIRES of all that take one: `id` is NoteKeyId of the rest (MakeVerifierKey sees to it).
struct VerifierKey {
  std::string name;
  uint8_t type = kNoteEd25519;
  PublicKey key{};
  uint32_t id = 0;

  bool operator==(const VerifierKey&) const = default;
};
VerifierKey MakeVerifierKey(std::string_view name, uint8_t type, const PublicKey& key);
// "name+hex id+base64(type || key)". Fails with BAD_VERIFIER_KEY, also when the id does not fit,
// and for types other than the two above.
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey);
std::string FormatVerifierKey(const VerifierKey& key);

// The note with one Ed25519 signature. REQUIRES: IsNoteKeyName(name); text is valid and ends in LF.
std::string SignNote(std::string_view text, std::string_view name, const SigningKey& key);
// With any signer: fails as Signer::TrySignRaw does.
absl::StatusOr<std::string> SignNote(std::string_view text, std::string_view name,
                                     const Signer& signer);

// Ok when at least one signature is by a known key and none by a known key is wrong. Signatures of
// others are ignored, as C2SP says. Codes: BAD_NOTE (a known key's signature is wrong),
// UNKNOWN_SIGNER. Known keys are of type kNoteEd25519; others are refused with BAD_VERIFIER_KEY.
absl::Status VerifyNote(const Note& note, const std::vector<VerifierKey>& known);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_NOTE_H_
