// The paper backup: the private keys of a key file, under the passphrase, as lines that a person
// can type back from a printed page. Byte by byte in docs/formats/key-file.md.
//
// Gives: a typing mistake is found, with its line and, when it is one character, its place; without
// the passphrase the page shows kind, holder and names only. Does not give: keys that are on a
// token, nor protection of a weak passphrase beyond the cost of Argon2id.
#ifndef PALERMO_CRYPTO_PAPER_BACKUP_H_
#define PALERMO_CRYPTO_PAPER_BACKUP_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/random.h"
#include "crypto/key_file.h"
#include "crypto/secret.h"

namespace palermo::crypto {

inline constexpr size_t kMaxPaperPageBytes = 64 * 1024;
inline constexpr int kMaxPaperLines = 99;

// The whole page as ASCII text: what it is, whose, how to restore it, and the lines. `made` is
// FormatInstant's. Fails with PASSPHRASE_NEEDED, BAD_KEY_FILE, TOO_LONG_FOR_PAPER, NO_MEMORY.
absl::StatusOr<std::string> MakePaperBackup(const KeyBundle& bundle, const SecretBytes& passphrase,
                                            const Argon2Params& params, std::string_view made,
                                            Random& random);

// Reads a page, or its numbered lines alone; capitals, spaces and blank lines do not matter. Public
// keys of the result are empty but for keys on tokens. Fails with BAD_PAPER_LINE, naming every
// wrong line, or BAD_PAPER_BACKUP when the lines do not belong together.
absl::StatusOr<KeyFilePublic> ReadPaperBackupPublic(std::string_view page);
// Also WEAK_KEY_FILE, WRONG_PASSPHRASE, BAD_KEY_FILE, NO_MEMORY.
absl::StatusOr<KeyBundle> RestorePaperBackup(
    std::string_view page, const SecretBytes& passphrase,
    const Argon2Params& weakest = Argon2Params::Moderate());

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_PAPER_BACKUP_H_
