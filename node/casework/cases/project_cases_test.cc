// The cases of tests/cases: each as given is faultless, each variant is what it says.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "node/casework/cases/judge.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

struct Judged {
  int variants = 0, accepted = 0;
};

// A folder as casework_cases takes it. `notes`: of a case as given they are no matter.
void JudgeFolder(const std::filesystem::path& folder, bool notes, Judged& judged) {
  const auto read = [](const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return ParseJson({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
  };
  const auto directory = ReadDirectory(read(folder / "directory.json")->struct_value());
  ASSERT_TRUE(directory.ok()) << directory.status();
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (entry.path().extension() != ".json" || name == "directory.json") continue;
    const auto json = read(entry.path());
    ASSERT_TRUE(json.ok()) << entry.path();
    std::vector<Finding> given = JudgeCase(json->struct_value(), *directory);
    if (notes) std::erase_if(given, [](const auto& f) { return f.severity == Severity::kNote; });
    EXPECT_EQ(Found(given), "") << entry.path();
    for (const Verdict& v : JudgeVariants(*json, *directory)) {
      ++judged.variants;
      judged.accepted += v.expected_rule == "NONE" ? 1 : 0;
      EXPECT_TRUE(v.Passed()) << v.id << " wants " << v.expected_rule << " " << v.expected_severity
                              << ", found " << Found(v.findings) << v.error;
    }
  }
}

TEST(ProjectCases, AreJudgedAsTheySay) {
  const char* root = std::getenv("PALERMO_SOURCE");
  if (root == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  const std::filesystem::path folder = std::filesystem::path(root) / "tests" / "cases";
  Judged requests, operations, practice;
  JudgeFolder(folder, false, requests);
  JudgeFolder(folder / "operations", false, operations);  // and intelligence; among other states
  JudgeFolder(folder / "practice", true, practice);       // of a reader who had not seen the rules
  // What must be accepted counts as much as what must not.
  EXPECT_GE(requests.variants, 500);
  EXPECT_GE(operations.variants, 150);
  EXPECT_GE(practice.variants, 300);
  EXPECT_GE(requests.accepted * 10, requests.variants * 4);
  EXPECT_GE(operations.accepted * 10, operations.variants * 3);
}

}  // namespace
}  // namespace palermo::casework
