// Keeps one PeerLink for each state of the roster.
#ifndef PALERMO_NODE_SERVER_DIALER_H_
#define PALERMO_NODE_SERVER_DIALER_H_

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "base/steady.h"
#include "node/server/peer_link.h"

namespace palermo::server {

// Thread-safe.
class Dialer {
 public:
  explicit Dialer(LinkContext context);
  ~Dialer();

  // Ends every stream and waits for it; dials no more. Idempotent, one caller.
  void Stop();

  std::vector<std::pair<std::string, bool>> Links() const;

 private:
  void Run();
  void Follow();

  const LinkContext context_;
  mutable absl::Mutex mu_;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  SteadyWait stop_wait_;
  std::map<std::string, std::unique_ptr<PeerLink>> links_ ABSL_GUARDED_BY(mu_);
  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_DIALER_H_
