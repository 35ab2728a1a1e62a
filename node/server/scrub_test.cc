#include "node/server/scrub.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "gtest/gtest.h"
#include "storage/test_dir.h"

namespace palermo::server {
namespace {

using storage::RocksStore;
using storage::ScrubbedFile;

constexpr ScrubPlan::Pace kPace = {.bytes_per_second = 1000, .round = absl::Seconds(60)};

ScrubbedFile File(uint64_t number, uint64_t bytes, absl::Status status = absl::OkStatus()) {
  return {number, bytes, /*newest=*/9, std::move(status)};
}

TEST(ScrubPlan, WaitsAfterEachFileAsLongAsItsBytesAreWorth) {
  ScrubPlan plan(kPace);
  EXPECT_EQ(plan.after(), 0u);
  EXPECT_EQ(plan.Took(File(7, 2000)), absl::Seconds(2));
  EXPECT_EQ(plan.after(), 7u);
  EXPECT_EQ(plan.Took(File(8, 500)), absl::Milliseconds(500));
  EXPECT_EQ(plan.stats().bytes, 2500u);
}

TEST(ScrubPlan, ARoundBeginsWhenItIsTimeAndNotBeforeTheLastOneEnded) {
  ScrubPlan plan(kPace);
  plan.Took(File(7, 20000));
  EXPECT_EQ(plan.Took(std::nullopt), absl::Seconds(40)) << "60 seconds less the 20 of the file";
  EXPECT_EQ(plan.after(), 0u) << "from the beginning";
  plan.Took(File(7, 100000));
  EXPECT_EQ(plan.Took(std::nullopt), absl::ZeroDuration()) << "a store too large for one round";
  EXPECT_EQ(plan.Took(std::nullopt), absl::Seconds(60)) << "a store without files";
  EXPECT_EQ(plan.stats().rounds, 3u);
}

TEST(ScrubPlan, TheStoreMayBeDamagedUntilAllOfItWasRead) {
  ScrubPlan plan(kPace);
  EXPECT_TRUE(MayBeDamaged(plan.stats()));
  plan.Took(File(7, 1000));
  EXPECT_TRUE(MayBeDamaged(plan.stats()));
  plan.Took(std::nullopt);
  EXPECT_FALSE(MayBeDamaged(plan.stats()));
  plan.Took(File(7, 1000, absl::DataLossError("x")));
  EXPECT_TRUE(MayBeDamaged(plan.stats()));
}

TEST(ScrubPlan, ARoundEndsWithTheFilesThatWereThereWhenItBegan) {
  ScrubPlan plan(kPace);
  plan.Took(File(7, 10));
  plan.Took(ScrubbedFile{10, 10, /*newest=*/200, absl::OkStatus()});  // 9 was replaced meanwhile
  EXPECT_EQ(plan.after(), ~uint64_t{0}) << "nothing is after it";
  plan.Took(std::nullopt);
  EXPECT_EQ(plan.after(), 0u);
  plan.Took(ScrubbedFile{10, 10, 200, absl::OkStatus()});
  EXPECT_EQ(plan.after(), 10u);
}

TEST(ScrubPlan, DamageIsForgottenOnlyAfterAWholeRoundWithoutIt) {
  ScrubPlan plan(kPace);
  const absl::Status damaged = Damaged("STORE_DAMAGED", "a block");
  plan.Took(File(7, 10, damaged));
  plan.Took(File(8, 10, damaged));
  EXPECT_EQ(plan.stats().damaged_files, 2u);
  plan.Took(std::nullopt);
  plan.Took(File(7, 10, damaged));
  EXPECT_EQ(plan.stats().damaged_files, 2u) << "the round is not over";
  plan.Took(std::nullopt);
  EXPECT_EQ(plan.stats().damaged_files, 1u);
  plan.Took(std::nullopt);
  EXPECT_EQ(plan.stats().damaged_files, 0u);
}

// A real store with three files, the second of them damaged while the store is open.
class ScrubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = RocksStore::Open({.dir = dir_.Sub("store"), .write_buffer_bytes = 64 * 1024});
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
    for (const char* key : {"s1", "t1", "u1"}) {
      ASSERT_TRUE(store_->Ingest({{key, std::string(50000, 'x')}}).ok());
    }
  }

  void DamageTheSecondFile() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.Sub("store") + "/db")) {
      if (entry.path().extension() == ".sst") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    ASSERT_EQ(files.size(), 3u);
    std::fstream(files[1], std::ios::in | std::ios::out | std::ios::binary).seekp(20000).put('y');
    damaged_ = files[1];
  }

  // Runs until `rounds` are over; gives what was found.
  std::vector<std::string> Found(uint64_t rounds) {
    absl::Mutex mu;
    std::vector<std::string> found;
    Scrub scrub([this](uint64_t after) { return store_->ScrubFileAfter(after); },
                [&](const absl::Status& damage) {
                  absl::MutexLock lock(&mu);
                  EXPECT_EQ(CodeOf(damage), "STORE_DAMAGED");
                  found.push_back(TextOf(damage));
                },
                ScrubPlan({.bytes_per_second = uint64_t{1} << 40, .round = absl::ZeroDuration()}));
    while (scrub.stats().rounds < rounds) absl::SleepFor(absl::Milliseconds(1));
    read_ = scrub.stats();
    absl::MutexLock lock(&mu);
    return found;
  }

  storage::TestDir dir_;
  std::unique_ptr<RocksStore> store_;
  std::string damaged_;
  ScrubStats read_;  // by Found
};

TEST_F(ScrubTest, AWholeStoreIsReadOverAndOver) {
  Scrub scrub([this](uint64_t after) { return store_->ScrubFileAfter(after); },
              [](const absl::Status& damage) { ADD_FAILURE() << damage; },
              ScrubPlan({.bytes_per_second = uint64_t{1} << 40, .round = absl::ZeroDuration()}));
  while (scrub.stats().rounds < 3) absl::SleepFor(absl::Milliseconds(1));
  EXPECT_GE(scrub.stats().bytes, 3u * 150000u);
  EXPECT_EQ(scrub.stats().damaged_files, 0u);
}

TEST_F(ScrubTest, ADamagedFileOfAnOpenStoreIsNamedInEachRoundAndTheOthersAreRead) {
  DamageTheSecondFile();
  std::vector<std::string> found = Found(2);
  ASSERT_GE(found.size(), 2u);
  EXPECT_EQ(read_.damaged_files, 1u);
  EXPECT_GE(read_.bytes, 2u * 150000u) << "what lies behind the damaged file is read, too";
  for (const std::string& text : found) {
    EXPECT_NE(text.find(std::filesystem::path(damaged_).filename()), std::string::npos) << text;
  }
}

TEST_F(ScrubTest, EndsAtOnceHoweverLongItWouldWait) {
  Scrub scrub([this](uint64_t after) { return store_->ScrubFileAfter(after); },
              [](const absl::Status&) {},
              ScrubPlan({.bytes_per_second = 1, .round = absl::Hours(24)}));
}  // the test's own time limit tells

TEST_F(ScrubTest, FilesThatACompactionReplacesMeanwhileAreNoDamage) {
  std::thread writer([this] {
    for (int i = 0; i < 1000; ++i) {
      storage::WriteBatch batch;
      batch.Put(absl::StrCat("k", i % 7), std::string(10000, static_cast<char>('a' + i % 26)));
      EXPECT_TRUE(store_->Apply(batch, storage::Durability::kNoSync).ok());
    }
  });
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Found(5).empty());
  writer.join();
}

}  // namespace
}  // namespace palermo::server
