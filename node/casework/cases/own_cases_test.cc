// The project's own worked cases on intelligence and joint operations: tests/cases/I*.json.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/judge.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

TEST(OwnCases, OfIntelligenceAndJointOperationsAreJudgedAsTheyExpect) {
  const char* root = std::getenv("PALERMO_SOURCE");
  if (root == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  const auto directory = ReadDirectory(ParseJson(kDirectoryJson)->struct_value());
  ASSERT_TRUE(directory.ok());
  int variants = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(root) + "/tests/cases")) {
    const std::string name = entry.path().filename().string();
    if (name[0] != 'I' || entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path());
    const auto json = ParseJson({std::istreambuf_iterator<char>(file), {}});
    ASSERT_TRUE(json.ok()) << name << json.status().message();
    EXPECT_EQ(Found(JudgeCase(json->struct_value(), *directory)), "") << name;
    for (const Verdict& v : JudgeVariants(*json, *directory)) {
      EXPECT_TRUE(v.Passed()) << v.id << " expects " << v.expected_rule << ", found "
                              << Found(v.findings) << " " << v.error;
      ++variants;
    }
  }
  EXPECT_GT(variants, 50);
}

}  // namespace
}  // namespace palermo::casework
