// Files of the desk: read with a cap, written atomically. Errors name the file and what to do.
#ifndef PALERMO_NODE_DESK_FILES_H_
#define PALERMO_NODE_DESK_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "crypto/secret.h"

namespace palermo::desk {

// Codes NO_FILE, BAD_FILE (a directory, or larger than `max_bytes`).
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t max_bytes);

// In locked memory: for files that may hold a secret, also where only their public part is wanted.
absl::StatusOr<crypto::SecretBytes> ReadSecretFile(const std::string& path, size_t max_bytes);

// The same, and only when nobody but this user (and root) may read it:
// KEY_FILE_UNPROTECTED says how to mend that.
absl::StatusOr<crypto::SecretBytes> ReadPrivateFile(const std::string& path, size_t max_bytes);

// Temporary file in the same folder, fsync, rename, fsync of the folder: after a crash the old or
// the new content is there, whole. Permissions are `mode`, whatever the umask allows. CANNOT_WRITE.
absl::Status WriteFileAtomic(const std::string& path, std::string_view bytes, unsigned mode);
// The same, but fails with FILE_EXISTS when `path` is there: keys are never overwritten.
absl::Status WriteNewFile(const std::string& path, std::string_view bytes, unsigned mode);

// Overwrites the bytes where they lie, waits for the disk, and removes the file. On flash memory
// older copies of the blocks may stay all the same: the passphrase protects those. NO_FILE,
// CANNOT_WRITE.
absl::Status DeleteSecretFile(const std::string& path);

// Makes the folder and its parents, mode 0700. CANNOT_WRITE.
absl::Status MakeFolder(const std::string& path);
// The names of a folder's files, sorted. NO_FILE.
absl::StatusOr<std::vector<std::string>> ListFolder(const std::string& path);
bool FileExists(const std::string& path);
// "a/b.json" -> "a"; "b.json" -> ".".
std::string FolderOf(const std::string& path);
// The same folder from the root.
std::string AbsoluteFolder(const std::string& path);
// `name` as it is when absolute, else below `folder`.
std::string PathIn(const std::string& folder, const std::string& name);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_FILES_H_
