// The key file: private keys of one holder as a text, under a passphrase (Argon2id and
// XChaCha20-Poly1305). Byte by byte in docs/formats/key-file.md. A signing key may be on a PKCS#11
// token instead; then the file has its public key and says where it is.
//
// Gives: without the passphrase nothing but the public part can be read, and any change is noticed.
// Does not give: protection of a weak passphrase beyond the cost of Argon2id, nor a sign of how
// often the file was copied. Without a passphrase the file has a checksum only: file permissions
// protect it.
#ifndef PALERMO_CRYPTO_KEY_FILE_H_
#define PALERMO_CRYPTO_KEY_FILE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/secret.h"

namespace palermo::crypto {

// Caps, so that a hostile file cannot make us spend the machine.
inline constexpr size_t kMaxKeyFileBytes = 64 * 1024;
inline constexpr size_t kMaxKeyFileEntries = 64;
inline constexpr uint32_t kMaxArgon2Passes = 16;
inline constexpr uint32_t kMaxArgon2Kibibytes = 1024 * 1024;

struct Argon2Params {
  uint32_t passes;
  uint32_t kibibytes;

  // libsodium's MODERATE (about 1 s) and SENSITIVE (about 5 s).
  static constexpr Argon2Params Moderate() { return {3, 256 * 1024}; }
  static constexpr Argon2Params Sensitive() { return {4, 1024 * 1024}; }
  // Fast and worthless against guessing.
  static constexpr Argon2Params WeakForTests() { return {1, 64}; }
};

// What anybody can read. Algorithms and the form of their public and private bytes:
//   "ed25519"  32-byte key; 32-byte seed        "x-wing"  1216-byte key; 32-byte seed
//   "p-256"    SubjectPublicKeyInfo DER; PKCS#8 DER   "x25519"  32-byte key; 32-byte scalar (tests)
struct PublicEntry {
  std::string algorithm;
  std::string public_bytes;
  std::string token = {};  // RFC 7512 URI of the private key, when it is on a token

  bool operator==(const PublicEntry&) const = default;
};
struct KeyFilePublic {
  std::string kind;     // "officer", "node", "administrator", "state-root", "roster", "recovery",
                        // "sealing"
  std::string subject;  // whose: "PA", "PA/central/o-0007"
  std::string created;  // "2026-03-02T09:00:00Z"
  bool passphrase_needed = false;
  std::map<std::string, PublicEntry> keys;  // by name: "sign", "seal", "tls"
};

// Move-only. An object that exists has a valid kind, subject and time, and every private key in it
// belongs to its public key.
class KeyBundle {
 public:
  struct Entry {
    std::string algorithm;
    std::string public_bytes;
    SecretBytes private_bytes;  // empty: on a token
    std::string token = {};     // RFC 7512 URI
  };

  // Fails with BAD_KEY_FILE for an unknown kind, a subject outside [A-Za-z0-9/._-]{1,160} or a time
  // that is not FormatInstant's.
  static absl::StatusOr<KeyBundle> Create(std::string_view kind, std::string_view subject,
                                          std::string_view created);

  // Computes the public part. Names are [a-z0-9-]{1,64}, each once. Fails with BAD_KEY_FILE for
  // those and private bytes of another form.
  absl::Status Add(std::string_view name, std::string_view algorithm, SecretBytes private_bytes);
  // An Ed25519 key whose private part stays on a token. `token` is an RFC 7512 URI. BAD_KEY_FILE.
  absl::Status AddOnToken(std::string_view name, std::string_view public_bytes,
                          std::string_view token);
  // Fails with KEY_NOT_IN_FILE, naming what the file has, or when the algorithm is another.
  absl::StatusOr<const Entry*> Find(std::string_view name, std::string_view algorithm) const;

  const std::string& kind() const { return kind_; }
  const std::string& subject() const { return subject_; }
  const std::string& created() const { return created_; }
  const std::map<std::string, Entry>& entries() const { return entries_; }

 private:
  KeyBundle() = default;

  std::string kind_;
  std::string subject_;
  std::string created_;
  std::map<std::string, Entry> entries_;
};

// Under a passphrase. Fails with PASSPHRASE_NEEDED (it is empty), BAD_KEY_FILE (no entries,
// parameters above the caps) or NO_MEMORY.
absl::StatusOr<std::string> EncodeKeyFile(const KeyBundle& bundle, const SecretBytes& passphrase,
                                          const Argon2Params& params, Random& random);
// Without one, for kind "node" only, whose file the system's permissions guard: so the text is a
// secret itself. Fails with PASSPHRASE_NEEDED for other kinds, BAD_KEY_FILE without entries.
absl::StatusOr<SecretBytes> EncodeUnprotectedKeyFile(const KeyBundle& bundle);

// Fails with BAD_KEY_FILE (it is none, or malformed), KEY_FILE_DAMAGED (it was one: changed or cut
// since), WEAK_KEY_FILE (Argon2id below `weakest`), PASSPHRASE_NEEDED (none was given),
// WRONG_PASSPHRASE (the file is whole; of version 1: or it was changed), NO_MEMORY. Exactly one
// text of a version decodes to a bundle and its salt.
absl::StatusOr<KeyBundle> DecodeKeyFile(std::string_view text, const SecretBytes* passphrase,
                                        const Argon2Params& weakest = Argon2Params::Moderate());

// The public part, not authenticated: for showing, not for trusting. Fails with BAD_KEY_FILE.
absl::StatusOr<KeyFilePublic> ReadKeyFilePublic(std::string_view text);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_KEY_FILE_H_
