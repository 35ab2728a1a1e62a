#include "node/server/ledger_mark.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "base/status.h"
#include "crypto/signing.h"

namespace palermo::server {
namespace {

class LedgerMarkTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "mark-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }
  std::string Note(uint64_t size) {
    return crypto::SignCheckpoint(crypto::Checkpoint{"palermo/PA/1", size, Hash{7}}, key_);
  }
  uint64_t Size() {
    auto mark = ReadLedgerMark(dir_);
    EXPECT_TRUE(mark.ok()) << mark.status();
    return mark.ok() && mark->has_value() ? (*mark)->size : 0;
  }
  std::string Content() {
    std::ifstream in(LedgerMarkPath(dir_));
    return std::string(std::istreambuf_iterator<char>(in), {});
  }

  std::string dir_;
  SystemRandom random_;
  crypto::SigningKey key_ = crypto::SigningKey::Generate(random_);
};

TEST_F(LedgerMarkTest, IsReadAsItWasWritten) {
  EXPECT_FALSE(ReadLedgerMark(dir_)->has_value());
  EXPECT_FALSE(ReadLedgerMark(dir_ + "/none")->has_value());
  LedgerMark mark(dir_);
  ASSERT_TRUE(mark.Write("").ok()) << "a ledger without an entry";
  EXPECT_FALSE(ReadLedgerMark(dir_)->has_value());
  ASSERT_TRUE(mark.Write(Note(25)).ok());
  EXPECT_EQ(**ReadLedgerMark(dir_), (crypto::Checkpoint{"palermo/PA/1", 25, Hash{7}}));
  struct stat info;
  ASSERT_EQ(stat(LedgerMarkPath(dir_).c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(LedgerMarkTest, GrowsNowAndThenOnly) {
  LedgerMark mark(dir_);
  const absl::Duration start = absl::Hours(5);
  ASSERT_TRUE(mark.WriteNowAndThen(Note(1), start).ok());
  ASSERT_TRUE(mark.WriteNowAndThen(Note(2), start + absl::Seconds(1)).ok());
  EXPECT_EQ(Size(), 1U);
  ASSERT_TRUE(mark.WriteNowAndThen(Note(3), start + kMarkEvery).ok());
  EXPECT_EQ(Size(), 3U);
  ASSERT_TRUE(mark.Write(Note(4)).ok()) << "a stop does not wait";
  EXPECT_EQ(Size(), 4U);
}

TEST_F(LedgerMarkTest, OneThatRottedOrWasCutIsRefused) {
  ASSERT_TRUE(LedgerMark(dir_).Write(Note(25)).ok());
  const std::string whole = Content();
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(LedgerMarkPath(dir_)) << changed;
    EXPECT_EQ(CodeOf(ReadLedgerMark(dir_).status()), "MARK_DAMAGED") << i;
    std::ofstream(LedgerMarkPath(dir_)) << whole.substr(0, i);
    EXPECT_EQ(CodeOf(ReadLedgerMark(dir_).status()), "MARK_DAMAGED") << i;
  }
}

TEST_F(LedgerMarkTest, AFolderThatIsGoneIsSaid) {
  EXPECT_EQ(CodeOf(LedgerMark(dir_ + "/none").Write(Note(1))), "MARK_NOT_WRITTEN");
}

}  // namespace
}  // namespace palermo::server
