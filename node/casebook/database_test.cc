// The encrypted file itself.
#include "node/casebook/database.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/status.h"

namespace palermo::casebook {
namespace {

using crypto::SecretBytes;

class DatabaseTest : public ::testing::Test {
 protected:
  DatabaseTest() {
    std::string path = (std::filesystem::temp_directory_path() / "database-XXXXXX").string();
    folder_ = mkdtemp(path.data());
  }
  ~DatabaseTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string CodeOfOpening(const std::filesystem::path& path) const {
    const auto opened = Database::Open(path.string(), SecretBytes::Zero(32));
    return opened.ok() ? "" : std::string(CodeOf(opened.status()));
  }

  std::filesystem::path folder_;
};

TEST_F(DatabaseTest, OpensInAFolderThatLiesBehindALink) {
  std::filesystem::create_directory(folder_ / "real");
  std::filesystem::create_directory_symlink(folder_ / "real", folder_ / "home");
  EXPECT_EQ(CodeOfOpening(folder_ / "home" / "book.db"), "");
  EXPECT_TRUE(std::filesystem::exists(folder_ / "real" / "book.db"));
}

TEST_F(DatabaseTest, DoesNotFollowALinkInThePlaceOfItsFile) {
  ASSERT_EQ(CodeOfOpening(folder_ / "book.db"), "");
  std::filesystem::create_symlink(folder_ / "book.db", folder_ / "other.db");
  EXPECT_EQ(CodeOfOpening(folder_ / "other.db"), "CANNOT_WRITE");
}

}  // namespace
}  // namespace palermo::casebook
