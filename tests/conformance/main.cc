// conformance --vectors DIR: runs the published test vectors in DIR against our code. One line for
// each set that is there; exits with 1 on any failure or when DIR has no set.
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>

#include "tests/conformance/report.h"

namespace palermo::conformance {
namespace {

struct Total {
  int sets = 0;
  int passed = 0;
  int failed = 0;
};

// Runs one set and prints its line.
void RunSet(const VectorSet& set, const std::filesystem::path& path, Total* total) {
  Report report(set.path);
  try {
    set.run(path, report);
  } catch (const std::exception& e) {  // nlohmann throws on a file of another form
    report.Expect(false, e.what());
  }
  std::printf("%s (%s): %d passed, %d failed", set.path, set.what, report.passed(),
              report.failed());
  for (const auto& [why, count] : report.skipped()) {
    std::printf(", %d skipped: %s", count, why.c_str());
  }
  std::printf("\n");
  total->sets += 1;
  total->passed += report.passed();
  total->failed += report.failed();
}

std::vector<VectorSet> AllSets() {
  std::vector<VectorSet> all;
  for (auto sets : {HpkeSets, WycheproofSets, MerkleSets, TlogSets}) {
    for (const VectorSet& set : sets()) all.push_back(set);
  }
  return all;
}

int Run(const std::filesystem::path& folder) {
  Total total;
  for (const VectorSet& set : AllSets()) {
    std::filesystem::path path = folder / set.path;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) continue;
    if (set.run == nullptr) {
      std::printf("%s (%s): not used by palermo: %s\n", set.path, set.what, set.unused);
      continue;
    }
    RunSet(set, path, &total);
  }
  if (total.sets == 0) {
    std::fprintf(stderr, "conformance: no vectors in %s\n", folder.c_str());
    return 1;
  }
  std::printf("%d passed, %d failed\n", total.passed, total.failed);
  return total.failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace palermo::conformance

int main(int argc, char** argv) {
  if (argc != 3 || std::strcmp(argv[1], "--vectors") != 0) {
    std::fprintf(stderr, "usage: conformance --vectors DIR\n");
    return 2;
  }
  return palermo::conformance::Run(argv[2]);
}
