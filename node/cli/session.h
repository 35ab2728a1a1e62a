// One command's working set: the desk's home, the officer's keys, what is trusted, the node, and
// the sealing keys that were granted.
#ifndef PALERMO_NODE_CLI_SESSION_H_
#define PALERMO_NODE_CLI_SESSION_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/cli/command.h"
#include "node/desk/client.h"
#include "node/desk/officer_keys.h"
#include "node/desk/opening.h"
#include "node/desk/trust_memory.h"

namespace palermo::cli {

// `desk.json` in the home.
struct DeskConfig {
  std::string key_file;
  std::string endpoint;
  std::string state;
  std::string language = {};  // of its screens, a tag of words.h; empty: English
};
absl::StatusOr<DeskConfig> LoadConfig(const std::string& home);
absl::Status SaveConfig(const std::string& home, const DeskConfig& config);
std::string TrustPath(const std::string& home);

// USAGE unless the value of --endpoint is a host and a port.
absl::Status EndpointOption(const std::string& endpoint);
// A whole number from `least` to `most`, of an option or argument; `otherwise` when it is not
// given. USAGE for anything else: another number than the one typed is never taken.
absl::StatusOr<uint64_t> NumberOption(const Args& args, const std::string& name, uint64_t least,
                                      uint64_t most, uint64_t otherwise);

// The two options that every command with a passphrase takes.
std::vector<Option> PassphraseOptions();
std::vector<Option> WithPassphrase(std::vector<Option> options);
// From --pin-file, --pin-fd, else the terminal: the PIN of the token with a signing key.
token::PinSource PinFor(const Args& args);
// From --passphrase-file, --passphrase-fd, else the terminal. A `fresh` one, which protects a file
// from now on, is asked twice at a terminal and must not be weak.
absl::StatusOr<crypto::SecretBytes> GetPassphrase(const Args& args, const std::string& whose,
                                                  bool fresh);
// A key file with its passphrase, if it needs one. KEY_FILE_UNPROTECTED when others may read it.
absl::StatusOr<crypto::KeyBundle> OpenKeyFile(const std::string& path, const Args& args);

struct Session {
  DeskConfig config;
  desk::OfficerKeys keys;
  desk::TrustMemory trust;
  desk::NodeClient node;
  std::string home;

  std::string authority() const;
  trust::TrustPtr view() const { return trust.View(); }
  absl::StatusOr<trust::DirectoryPtr> OwnDirectory() const;
  // The sealing keys of the officer's authority that this officer can open.
  absl::StatusOr<std::vector<desk::AuthorityKey>> GrantedKeys();
  // All messages of a case (or of all cases, for an empty id), page by page.
  absl::StatusOr<std::vector<v1::MessageSummary>> ListAll(const std::string& case_id,
                                                          bool incoming_only, bool unopened_only);
  // All drafts of the authority, page by page, and what waits for a second confirmation.
  absl::StatusOr<v1::ListPendingResponse> ListDrafts();
};

// Opens the desk, fetches the newest trust from the node and saves it. NO_HOME when it is not set
// up.
absl::StatusOr<Session> OpenSession(const Args& args, Context& context);
// Takes rosters, and what the own state published, from anybody who answers at the node's address:
// signatures decide. For a desk that does not know its node's key, or not any more.
absl::Status FetchFromAnybody(const DeskConfig& config, desk::TrustMemory* trust);
// Connects and takes the newest trust; for setup too.
absl::StatusOr<desk::NodeClient> Connect(const DeskConfig& config, const desk::OfficerKeys& keys,
                                         desk::TrustMemory* trust, Context& context);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_SESSION_H_
