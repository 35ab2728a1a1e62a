// How much one batch takes, and what happens with the rest.
#include "node/exchange/committer.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;
using testing::World;

class CommitterTest : public ::testing::Test {
 protected:
  CommitterTest() {
    Committer::Options options;
    options.store = &store_;
    options.clock = &world_.clock;
    options.random = &world_.random;
    options.checkpoint_key = &world_.state("QM").checkpoint;
    options.state = "QM";
    options.origin = "palermo/QM/1";
    options.writer_epoch = 0;
    options.trust = [this] { return view_; };
    options.set_trust = [this](trust::TrustPtr view) { view_ = std::move(view); };
    committer_ = Value(Committer::Create(std::move(options)), "creating");
  }
  // Its name goes to `decided_`, and to `done_` when it is answered.
  Decision Reading(size_t whole_cases, char name, absl::Status result = absl::OkStatus()) {
    Decision decision;
    decision.byte_size = 100;
    decision.decide = [this, whole_cases, name, result](Tx& tx) {
      for (size_t i = 0; i < whole_cases; ++i) tx.CountWholeCase();
      decided_ += name;
      return result;
    };
    decision.done = [this, name](const absl::Status&, const CommittedPtr&) {
      done_ += name;
      if (name != 'a') return;
      EXPECT_TRUE(committer_->Enqueue(Reading(0, 'z')).ok());
    };
    return decision;
  }

  World world_;
  trust::TrustPtr view_ = world_.View();
  storage::MemoryStore store_;
  std::unique_ptr<Committer> committer_;
  std::string decided_, done_;
};

TEST_F(CommitterTest, ABatchEndsWithTheDecisionThatReachesTheLimitOfWholeCases) {
  for (char name : {'a', 'b', 'c'}) {
    ASSERT_TRUE(committer_->Enqueue(Reading(limits::kMaxBatchWholeCases / 2, name)).ok());
  }
  EXPECT_EQ(committer_->RunOnce(), 2U);
  EXPECT_EQ(decided_, "ab");
  EXPECT_EQ(done_, "ab");
  EXPECT_EQ(committer_->queued(), 2U);
  EXPECT_EQ(committer_->RunOnce(), 2U);
  EXPECT_EQ(done_, "abcz") << "what was put back comes before what came later";
  EXPECT_EQ(committer_->RunOnce(), 0U);
}

TEST_F(CommitterTest, WhatADecisionReadBeforeItFailedCountsToo) {
  ASSERT_TRUE(
      committer_->Enqueue(Reading(limits::kMaxBatchWholeCases, 'b', Refused("ILLEGAL_ACT", "")))
          .ok());
  ASSERT_TRUE(committer_->Enqueue(Reading(0, 'c')).ok());
  EXPECT_EQ(committer_->RunOnce(), 1U);
  EXPECT_EQ(committer_->RunOnce(), 1U);
  EXPECT_EQ(done_, "bc");
}

TEST_F(CommitterTest, WhatIsPutBackIsFinishedWhenTheNodeStops) {
  for (char name : {'b', 'c', 'd'}) {
    ASSERT_TRUE(committer_->Enqueue(Reading(limits::kMaxBatchWholeCases, name)).ok());
  }
  committer_->Start();
  committer_->Drain();
  EXPECT_EQ(done_, "bcd");
}

}  // namespace
}  // namespace palermo::exchange
