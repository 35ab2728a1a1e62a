// A listener in front of a server that passes every byte on and keeps it: what somebody on the wire
// sees.
#ifndef PALERMO_TESTS_SYSTEM_WIRE_TAP_H_
#define PALERMO_TESTS_SYSTEM_WIRE_TAP_H_

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace palermo::testing {

// What one direction of a connection is.
enum class Spoken {
  kNothing,
  kTls,   // records of TLS from the first byte to the last, with sealed ones among them
  kCut,   // ... that ended before anything was sealed
  kOther  // something that no TLS is
};
Spoken SpokenIn(const std::string& direction);

class WireTap {
 public:
  // Loopback, "127.0.0.1:40123". Clients come to `at`; the server listens on `server`.
  WireTap(const std::string& at, const std::string& server);
  ~WireTap();

  // Both directions of all connections so far, each direction of each by itself: first the
  // client's, then the server's.
  std::vector<std::string> Bytes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // One connection: two sockets, and the index of the first of its two records.
  struct Pair {
    int client = -1, server = -1;
    size_t record = 0;
  };
  void Accept(std::vector<Pair>& pairs) ABSL_LOCKS_EXCLUDED(mutex_);
  bool Pass(int from, int to, size_t record) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string server_;
  const int listener_;
  std::atomic<bool> ends_ = false;
  mutable absl::Mutex mutex_;
  std::vector<std::string> records_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// What a tap sees of a text that is sent in clear to a server that sends it back.
std::vector<std::string> SeenInClear(const std::string& text, const std::string& tap_at,
                                     const std::string& server_at);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_WIRE_TAP_H_
