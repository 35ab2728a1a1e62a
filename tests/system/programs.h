// The real palermod processes of an exercise world, on loopback, with real TLS and RocksDB. Files
// go to a folder of their own that ends with the object.
#ifndef PALERMO_TESTS_SYSTEM_PROGRAMS_H_
#define PALERMO_TESTS_SYSTEM_PROGRAMS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "palermo/v1/services.grpc.pb.h"
#include "tests/support/world.h"

namespace palermo::testing {

// Of loopback, with a port that nobody listens on now: "127.0.0.1:40123".
std::string FreeEndpoint();

// One palermod. kill -9 and start again at will.
class Daemon {
 public:
  Daemon(std::vector<std::string> arguments, std::string log);
  ~Daemon();

  void Start();
  void Kill9();
  void Signal(int number);
  // SIGTERM; returns the exit code.
  int Stop();
  // The exit code of a run of the stopped node with one more argument.
  int RunWith(const std::string& argument);
  bool running() const { return pid_ > 0; }
  // For the next start: "--node-key" with another file.
  void SetArgument(const std::string& name, const std::string& value);
  void AddArguments(const std::vector<std::string>& more) {
    arguments_.insert(arguments_.end(), more.begin(), more.end());
  }
  const std::vector<std::string>& arguments() const { return arguments_; }
  // Waits for a process that ends by itself; its exit code. One that does not is killed: -9.
  int WaitForEnd();

 private:
  int Wait();

  std::vector<std::string> arguments_;
  const std::string log_;
  pid_t pid_ = -1;
};

class Programs {
 public:
  explicit Programs(WorldOptions options);
  ~Programs();

  World& world() { return *world_; }
  Daemon& daemon(const std::string& state) { return *daemons_.at(state); }
  std::string LogOf(const std::string& state) const;
  // Where a state's node has its key, its documents and its data.
  std::string FolderOf(const std::string& state) const;
  const std::string& endpoint(const std::string& state) const { return endpoints_.at(state); }
  // Where all files of both nodes lie.
  const std::string& folder() const { return dir_; }

  // A new channel with the officer's own TLS key and the node's pin.
  std::unique_ptr<v1::DeskService::Stub> Desk(const std::string& officer);
  std::unique_ptr<v1::AuditService::Stub> Audit(const std::string& officer);

  // Tries again while the node is away; any other error is returned.
  absl::StatusOr<v1::SubmitResponse> Submit(v1::DeskService::Stub& desk,
                                            const v1::Envelope& envelope,
                                            const std::string& officer, absl::Duration limit);
  absl::StatusOr<v1::ExplainResponse> Explain(v1::DeskService::Stub& desk, const std::string& id);
  // Every entry of a node's ledger, the tree recomputed from them and compared with the checkpoint.
  absl::StatusOr<std::vector<v1::Record>> VerifiedLedger(const std::string& state);

 private:
  void WriteFiles(const std::string& state);
  std::shared_ptr<grpc::Channel> Connect(const std::string& officer);

  std::string dir_;
  std::map<std::string, std::string> endpoints_;
  std::unique_ptr<World> world_;
  std::map<std::string, std::unique_ptr<Daemon>> daemons_;
};

// The DER inside a PEM block.
crypto::SecretBytes DerOf(const crypto::SecretBytes& pem);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_PROGRAMS_H_
