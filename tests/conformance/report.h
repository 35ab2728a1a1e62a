// What the conformance program counts and how a set of vectors is described to it.
#ifndef PALERMO_TESTS_CONFORMANCE_REPORT_H_
#define PALERMO_TESTS_CONFORMANCE_REPORT_H_

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace palermo::conformance {

// The counts of one set. A failure is printed at once.
class Report {
 public:
  explicit Report(std::string set) : set_(std::move(set)) {}

  void Expect(bool ok, const std::string& id) {
    if (ok) {
      ++passed_;
    } else {
      ++failed_;
      std::printf("FAILED %s: %s\n", set_.c_str(), id.c_str());
    }
  }
  // A vector that our interfaces cannot express; `why` groups the count.
  void Skip(const std::string& why) { ++skipped_[why]; }

  int passed() const { return passed_; }
  int failed() const { return failed_; }
  const std::map<std::string, int>& skipped() const { return skipped_; }

 private:
  const std::string set_;
  int passed_ = 0;
  int failed_ = 0;
  std::map<std::string, int> skipped_;
};

struct VectorSet {
  const char* path;  // a file or a folder below the vectors' folder
  const char* what;
  void (*run)(const std::filesystem::path& path, Report& report);
  const char* unused = "";  // where `run` is null: why palermo has nothing that they could test
};

std::vector<VectorSet> HpkeSets();
std::vector<VectorSet> WycheproofSets();
std::vector<VectorSet> MerkleSets();
std::vector<VectorSet> TlogSets();

}  // namespace palermo::conformance

#endif  // PALERMO_TESTS_CONFORMANCE_REPORT_H_
