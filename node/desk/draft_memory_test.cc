#include "node/desk/draft_memory.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "node/desk/files.h"

namespace palermo::desk {
namespace {

class DraftMemoryTest : public ::testing::Test {
 protected:
  DraftMemoryTest() {
    home_ = ::testing::TempDir() + "/drafted-XXXXXX";
    EXPECT_NE(::mkdtemp(home_.data()), nullptr);
  }
  ~DraftMemoryTest() override { std::filesystem::remove_all(home_); }
  static std::string Id(char c) { return std::string(32, c); }

  std::string home_;
};

TEST_F(DraftMemoryTest, KnowsAFileAgainAndNoOther) {
  const DraftMemory memory(home_);
  EXPECT_EQ(memory.Find("QM/central", "file"), "");
  ASSERT_TRUE(memory.Note("QM/central", "file", Id('a')).ok());
  EXPECT_EQ(memory.Find("QM/central", "file"), Id('a'));
  EXPECT_EQ(memory.Find("QM/central", "file "), "");
  EXPECT_EQ(memory.Find("QM/customs", "file"), "");
  ASSERT_TRUE(memory.Note("QM/central", "file", Id('b')).ok());
  EXPECT_EQ(DraftMemory(home_).Find("QM/central", "file"), Id('b')) << "the last one";
}

TEST_F(DraftMemoryTest, SaysNothingOfTheFile) {
  ASSERT_TRUE(DraftMemory(home_).Note("QM/central", "LANTERN", Id('a')).ok());
  const auto kept = ReadFile(PathIn(home_, "drafted"), 1000);
  ASSERT_TRUE(kept.ok());
  EXPECT_EQ(kept->find("LANTERN"), std::string::npos);
}

TEST_F(DraftMemoryTest, ForgetsTheOldestAndWhatIsNoLine) {
  const DraftMemory memory(home_);
  ASSERT_TRUE(WriteFileAtomic(PathIn(home_, "drafted"), "what is this\n\n", 0600).ok());
  EXPECT_EQ(memory.Find("QM/central", "first"), "");
  ASSERT_TRUE(memory.Note("QM/central", "first", Id('a')).ok());
  std::string full = *ReadFile(PathIn(home_, "drafted"), 1000);
  for (int i = 1; i < 2000; ++i) full += std::string(64, '0') + " " + std::string(64, '1') + "\n";
  ASSERT_TRUE(WriteFileAtomic(PathIn(home_, "drafted"), full, 0600).ok());
  EXPECT_EQ(memory.Find("QM/central", "first"), Id('a'));
  ASSERT_TRUE(memory.Note("QM/central", "last", Id('b')).ok());
  EXPECT_EQ(memory.Find("QM/central", "first"), "");
  EXPECT_EQ(memory.Find("QM/central", "last"), Id('b'));
}

}  // namespace
}  // namespace palermo::desk
