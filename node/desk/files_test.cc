// Files with secrets: read into locked memory alone, overwritten where they lie.
#include "node/desk/files.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/sanitizers.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/desk/documents.h"
#include "tests/support/fake_random.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;

// How often this process has `pattern` in memory that it may write to.
size_t TimesInMemory(std::string_view pattern) {
  std::ifstream maps("/proc/self/maps");
  size_t times = 0;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, mode;
    words >> range >> mode;
    if (mode.substr(0, 2) != "rw" || line.find("[v") != std::string::npos) continue;
    auto begin = reinterpret_cast<const char*>(std::stoull(range, nullptr, 16));
    auto end =
        reinterpret_cast<const char*>(std::stoull(range.substr(range.find('-') + 1), nullptr, 16));
    while (begin < end) {
      const void* found =
          ::memmem(begin, static_cast<size_t>(end - begin), pattern.data(), pattern.size());
      if (found == nullptr) break;
      ++times;
      begin = static_cast<const char*>(found) + 1;
    }
  }
  return times;
}

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "files-XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string Path(const std::string& name) { return folder_ + "/" + name; }

  // A node's key file without a passphrase, made by another process: this one never had its bytes.
  void MakeUnprotected(const std::string& path) {
    pid_t pid = ::fork();
    if (pid == 0) {
      testing::FakeRandom random(77);
      auto bundle = Value(crypto::KeyBundle::Create("node", "QM", "2026-03-02T09:00:00Z"));
      bool ok =
          bundle.Add("checkpoint", crypto::kEd25519, crypto::SecretBytes::Random(32, random)).ok();
      auto text = Value(crypto::EncodeUnprotectedKeyFile(bundle));
      ok = ok && WriteNewFile(path, text.Expose(crypto::SecretAccess::Grant()), 0600).ok();
      ::_exit(ok ? 0 : 1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    ASSERT_EQ(status, 0);
  }

  std::string folder_;
};

TEST_F(FilesTest, ThePublicPartOfAnUnprotectedKeyIsReadAndItsSecretStaysNowhere) {
  if (kAddressSanitizer) {
    GTEST_SKIP() << "the sanitizer's own shadow cannot be searched; release builds search";
  }
  MakeUnprotected(Path("node.key"));
  JsonReader::Item item;
  item.text = Path("node.key");
  crypto::KeyFilePublic keys = Value(LoadPublicKeys(item, folder_));
  EXPECT_EQ(keys.subject, "QM");
  EXPECT_FALSE(keys.passphrase_needed);
  // The pattern is looked up in the file itself, which no search in writable memory finds.
  int file = ::open(Path("node.key").c_str(), O_RDONLY);
  ASSERT_GE(file, 0);
  size_t size = std::filesystem::file_size(Path("node.key"));
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  std::string_view text(static_cast<const char*>(mapped), size);
  size_t secret = text.find("\nsecret ");
  ASSERT_NE(secret, std::string_view::npos);
  std::string_view pattern = text.substr(secret + 8, 32);
  EXPECT_EQ(TimesInMemory(pattern), 0u);
  // The search finds what is there.
  std::string copy(text);
  EXPECT_GE(TimesInMemory(pattern), 1u);
  crypto::WipeString(copy);
  ::munmap(mapped, size);
  ::close(file);
}

TEST_F(FilesTest, ASecretFileIsOverwrittenWhereItLiesAndRemoved) {
  std::string bytes(10000, 's');
  ASSERT_TRUE(WriteNewFile(Path("a.key"), bytes, 0600).ok());
  std::filesystem::create_hard_link(Path("a.key"), Path("b.key"));
  ASSERT_TRUE(DeleteSecretFile(Path("a.key")).ok());
  EXPECT_FALSE(FileExists(Path("a.key")));
  EXPECT_EQ(Value(ReadFile(Path("b.key"), 20000)), std::string(10000, '\0'));
  EXPECT_EQ(CodeOf(DeleteSecretFile(Path("a.key"))), "NO_FILE");
  EXPECT_EQ(CodeOf(DeleteSecretFile(folder_)), "NO_FILE");
}

TEST_F(FilesTest, APrivateFileThatOthersMayReadIsRefusedAndItsPublicPartIsNot) {
  ASSERT_TRUE(WriteNewFile(Path("a.key"), "text", 0644).ok());
  EXPECT_EQ(CodeOf(ReadPrivateFile(Path("a.key"), 100).status()), "KEY_FILE_UNPROTECTED");
  EXPECT_EQ(Value(ReadSecretFile(Path("a.key"), 4)).Expose(crypto::SecretAccess::Grant()), "text");
  EXPECT_EQ(CodeOf(ReadSecretFile(Path("a.key"), 3).status()), "BAD_FILE");
  EXPECT_EQ(CodeOf(ReadSecretFile(Path("none"), 100).status()), "NO_FILE");
}

}  // namespace
}  // namespace palermo::desk
