// Test support: a directory that is empty at first and gone at the end.
#ifndef PALERMO_STORAGE_TEST_DIR_H_
#define PALERMO_STORAGE_TEST_DIR_H_

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

namespace palermo::storage {

class TestDir {
 public:
  TestDir() : path_(testing::TempDir() + "/storage-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "cannot make " << path_;
  }
  ~TestDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestDir(const TestDir&) = delete;
  TestDir& operator=(const TestDir&) = delete;

  const std::string& path() const { return path_; }
  // A name inside it that nothing has yet.
  std::string Sub(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_TEST_DIR_H_
