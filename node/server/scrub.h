// Bytes rot where nobody reads. A running node reads its stored files one by one, slowly, and says
// which are damaged: as long as the other copies are whole.
#ifndef PALERMO_NODE_SERVER_SCRUB_H_
#define PALERMO_NODE_SERVER_SCRUB_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/steady.h"
#include "storage/rocks_store.h"

namespace palermo::server {

struct ScrubStats {
  uint64_t bytes = 0;   // read since the start
  uint64_t rounds = 0;  // ended since the start
  // In this round or in the one before it, whichever has more.
  uint64_t damaged_files = 0;
};

// Damage is known, or not all files were read since the start: what an earlier run of the node
// found is not known before.
inline bool MayBeDamaged(const ScrubStats& stats) {
  return stats.damaged_files > 0 || stats.rounds == 0;
}

// What is read next and when. Decides alone: it knows no store and no clock.
class ScrubPlan {
 public:
  struct Pace {
    uint64_t bytes_per_second;
    absl::Duration round;  // from the begin of one to the begin of the next, at least
  };
  static const Pace kUsual;

  explicit ScrubPlan(Pace pace = kUsual) : pace_(pace) {}

  // Files with a greater number than this are still to be read.
  uint64_t after() const { return after_; }
  // Takes what was read, nullopt where no file is left. Gives how long to wait before the next.
  absl::Duration Took(const std::optional<storage::ScrubbedFile>& file);
  ScrubStats stats() const;

 private:
  const Pace pace_;
  static constexpr uint64_t kNoFileAfter = ~uint64_t{0};
  uint64_t after_ = 0;
  uint64_t last_ = 0;      // of this round
  absl::Duration waited_;  // in this round
  uint64_t damaged_ = 0;
  uint64_t damaged_before_ = 0;
  ScrubStats stats_;
};

// Reads in a thread of its own until it is destroyed; that waits for the file that is being read.
class Scrub {
 public:
  using Next = std::function<std::optional<storage::ScrubbedFile>(uint64_t after)>;
  using Found = std::function<void(const absl::Status& damage)>;

  // `next` is ScrubFileAfter of the store. `found` hears of each damaged file, in each round again.
  Scrub(Next next, Found found, ScrubPlan plan = ScrubPlan());
  ~Scrub();
  Scrub(const Scrub&) = delete;
  Scrub& operator=(const Scrub&) = delete;

  ScrubStats stats() const;

 private:
  void Run();

  const Next next_;
  const Found found_;
  mutable absl::Mutex mu_;
  ScrubPlan plan_ ABSL_GUARDED_BY(mu_);
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  SteadyWait stop_wait_;
  std::thread thread_;  // last: starts when everything else is there
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_SCRUB_H_
