// A node in its threads: what a long read, or a store that fails, does to everybody else.
#include "node/exchange/readers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/random.h"
#include "base/status.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "node/exchange/test_store.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;
using testing::World;

// Scans of the ledger's entries wait while the gate is shut.
class GatedStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  void Shut(bool shut) {
    absl::MutexLock lock(&mu_);
    shut_ = shut;
  }
  void AwaitReader() const {
    absl::MutexLock lock(&mu_);
    mu_.Await(absl::Condition(&waits_));
  }

  absl::Status Apply(const storage::WriteBatch& batch, storage::Durability durability,
                     const storage::Conditions& conditions = {}) override {
    if (conditions.tree_size.has_value() && fail_) {
      return Error(absl::StatusCode::kInternal, "STORE_READ_FAILED", "get: the disk is gone");
    }
    return ForwardingStore::Apply(batch, durability, conditions);
  }
  std::atomic<bool> fail_{false};

 protected:
  absl::Status DoScan(const storage::ScanRange& range, storage::ScanVisitor visit) const override {
    if (range.start.compare(0, keys::kEntries.size(), std::string(keys::kEntries)) == 0 &&
        !range.reverse) {
      absl::MutexLock lock(&mu_);
      waits_ = shut_;
      auto open = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return !shut_; };
      mu_.Await(absl::Condition(&open));
      waits_ = false;
    }
    return ForwardingStore::DoScan(range, visit);
  }

 private:
  mutable absl::Mutex mu_;
  bool shut_ ABSL_GUARDED_BY(mu_) = false;
  mutable bool waits_ ABSL_GUARDED_BY(mu_) = false;
};

class StartedNode : public ::testing::Test {
 protected:
  StartedNode() {
    NodeOptions options;
    options.state = "QM";
    options.store = &store_;
    options.clock = &world_.clock;
    options.random = &random_;
    options.checkpoint_key = &world_.state("QM").checkpoint;
    options.first_roster = world_.rosters.front();
    options.roster_fingerprint = world_.fingerprint;
    options.next_directory = world_.state("QM").directory;
    options.verify_threads = 1;
    node_ = Value(Node::Open(options), "opening");
    node_->Start();
    v1::PublishRequest charter, directory;
    *charter.mutable_charter() = world_.state("QM").charter;
    *directory.mutable_directory() = world_.state("QM").directory;
    for (const auto& request : {charter, directory}) {
      absl::Notification done;
      node_->Publish({}, request, [&](const absl::StatusOr<v1::PublishResponse>& response) {
        EXPECT_TRUE(response.ok()) << response.status();
        done.Notify();
      });
      done.WaitForNotification();
    }
  }
  Caller Auditor() { return {world_.officer("QM/central/o-0004").tls_pin}; }
  absl::Status Probe() {
    absl::Notification done;
    absl::Status result;
    node_->Probe([&](absl::Status status) {
      result = std::move(status);
      done.Notify();
    });
    done.WaitForNotification();
    return result;
  }

  World world_;
  SystemRandom random_;
  storage::MemoryStore memory_;
  GatedStore store_{memory_};
  std::unique_ptr<Node> node_;
};

TEST_F(StartedNode, AReadThatTakesLongHoldsUpNobodysDecision) {
  store_.Shut(true);
  absl::Notification answered;
  absl::StatusOr<v1::AuditListResponse> listed = absl::UnknownError("");
  node_->AuditList(Auditor(), {}, [&](absl::StatusOr<v1::AuditListResponse> response) {
    listed = std::move(response);
    answered.Notify();
  });
  store_.AwaitReader();
  EXPECT_TRUE(Probe().ok());
  EXPECT_FALSE(answered.HasBeenNotified());
  store_.Shut(false);
  answered.WaitForNotification();
  ASSERT_TRUE(listed.ok()) << listed.status();
  EXPECT_GE(listed->entries_size(), 4);
}

TEST_F(StartedNode, AReadThatWaitsIsAnsweredBeforeTheNodeEnds) {
  store_.Shut(true);
  std::atomic<int> answers{0};
  for (int i = 0; i < 3; ++i) {
    node_->AuditList(Auditor(), {}, [&](const absl::StatusOr<v1::AuditListResponse>& response) {
      EXPECT_TRUE(response.ok()) << response.status();
      ++answers;
    });
  }
  store_.AwaitReader();
  store_.Shut(false);
  node_->Drain();
  EXPECT_EQ(answers.load(), 3);
}

using StartedNodeDeathTest = StartedNode;

TEST_F(StartedNodeDeathTest, AConditionThatCannotBeReadEndsTheProcessAsAFailedWriteDoes) {
  node_->Drain();
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        auto node = Value(Node::Open([this] {
          NodeOptions options;
          options.state = "QM";
          options.store = &store_;
          options.clock = &world_.clock;
          options.random = &random_;
          options.checkpoint_key = &world_.state("QM").checkpoint;
          options.first_roster = world_.rosters.front();
          options.roster_fingerprint = world_.fingerprint;
          return options;
        }()));
        store_.fail_ = true;
        node->Probe([](const absl::Status&) {});
        node->RunOnce();
      },
      ::testing::ExitedWithCode(70), "storage failed, stopping: STORE_READ_FAILED");
}

TEST(Readers, BeforeTheStartWhatIsPostedRunsAtOnce) {
  Readers readers;
  bool ran = false;
  EXPECT_TRUE(readers.Post([&] { ran = true; }).ok());
  EXPECT_TRUE(ran);
}

}  // namespace
}  // namespace palermo::exchange
