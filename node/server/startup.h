// What is loaded and checked before anything starts. Every doubt is a refusal with its reason.
#ifndef PALERMO_NODE_SERVER_STARTUP_H_
#define PALERMO_NODE_SERVER_STARTUP_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"
#include "node/server/config.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/trust.pb.h"

namespace palermo::server {

struct NodeKeys {
  std::unique_ptr<const crypto::Signer> checkpoint;  // in memory or on a token
  crypto::TlsIdentity tls;
  std::string tls_pin;
};

// No core dumps, no debugger of the same user, files for this user only; MEMORY_NOT_LOCKED when
// secrets could be written to the swap space.
absl::Status HardenProcess();

// KEY_FILE_UNPROTECTED unless `path` is a regular file with mode 0600 or 0400 that belongs to this
// user or root; KEY_FILE_MISSING when it cannot be read.
absl::Status CheckPrivateFile(const std::string& path);
// Also BAD_KEY_FILE, WRONG_PASSPHRASE, KEY_NOT_IN_FILE ...; WRONG_STATE_KEY for another state's;
// the codes of token::SignerOf when the checkpoint key is on a token.
absl::StatusOr<NodeKeys> LoadNodeKeys(const Config& config, absl::Time now);

// A binary palermo.v1.SignedDocument. FILE_UNREADABLE, BAD_DOCUMENT.
absl::StatusOr<v1::SignedDocument> ReadDocument(const std::string& path);

// The files that are read once.
struct Inputs {
  NodeKeys keys;
  v1::SignedDocument roster;
  std::optional<v1::SignedDocument> charter;
  std::optional<v1::SignedDocument> directory;
};
// All of them, the first roster verified, the clock compared with the directory. NOT_IN_ROSTER and
// the codes of what it calls.
absl::StatusOr<Inputs> LoadInputs(const Config& config, absl::Time now);

// CLOCK_WRONG when the year is before 2025.
absl::Status CheckClock(absl::Time now);
// CLOCK_WRONG when this is in the future, by more than clocks may differ.
absl::Status CheckIssued(int64_t issued_at_ms, absl::Time now);
// The same of the own directory. An expired one is no refusal: the
// new one arrives through the running node.
absl::Status CheckClockAgainst(const trust::TrustView& trust, const std::string& state,
                               absl::Time now);
// Makes the directory with mode 0700 when it is missing. DATA_DIR_UNPROTECTED when others may
// write to it; DATA_DIR_UNUSABLE.
absl::Status PrepareDataDir(const std::string& path);
// The same without making it: one that is missing must be possible to make.
absl::Status CheckDataDir(const std::string& path);
// CANNOT_LISTEN when nobody could listen on host:port now. `what` names the option.
absl::Status CheckCanListen(const std::string& what, const std::string& address);

// DIRECTORY_EXPIRED, NO_DIRECTORY; and OWN_KEY_NOT_IN_DIRECTORY when no peer and no desk would
// accept the TLS key that this node shows.
absl::Status CheckDirectoryTime(int64_t expires_at_ms, absl::Time now);
absl::Status CheckOwnPin(const trust::TrustView& trust, const std::string& state,
                         const std::string& tls_pin);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_STARTUP_H_
