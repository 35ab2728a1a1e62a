// casework_cases --cases DIR: judges every variant of every case in DIR (docs/formats/cases.md).
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "node/casework/cases/judge.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

constexpr int kFailed = 1, kUsage = 2;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void Print(const Verdict& v) {
  const std::string found = v.error.empty() ? Found(v.findings) : "error: " + v.error;
  std::printf("%s expected %s %c found %s %s\n", v.id.c_str(), v.expected_rule.c_str(),
              v.expected_severity, found.empty() ? "NONE" : found.c_str(),
              v.Passed() ? "pass" : "FAIL");
}

int Run(const std::string& folder, bool base) {
  const auto directory_json = ParseJson(ReadFile(std::filesystem::path(folder) / "directory.json"));
  if (!directory_json.ok()) {
    std::fprintf(stderr, "%s/directory.json: %s\n", folder.c_str(),
                 std::string(directory_json.status().message()).c_str());
    return kUsage;
  }
  const auto directory = ReadDirectory(directory_json->struct_value());
  if (!directory.ok()) {
    std::fprintf(stderr, "%s\n", std::string(directory.status().message()).c_str());
    return kUsage;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const bool is_case =
        entry.path().extension() == ".json" && entry.path().filename() != "directory.json";
    if (is_case) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  int passed = 0, failed = 0;
  const auto count = [&](const Verdict& v) {
    Print(v);
    ++(v.Passed() ? passed : failed);
  };
  for (const auto& path : files) {
    const auto json = ParseJson(ReadFile(path));
    if (!json.ok()) {
      std::printf("%s R-GEN-01: %s FAIL\n", path.filename().c_str(),
                  std::string(json.status().message()).c_str());
      ++failed;
      continue;
    }
    if (base) {
      const std::string id = TextOf(json->struct_value(), "id") + " as given";
      count({id, "NONE", 'O', JudgeCase(json->struct_value(), *directory), ""});
    }
    for (const Verdict& v : JudgeVariants(*json, *directory)) count(v);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : kFailed;
}

}  // namespace
}  // namespace palermo::casework

int main(int argc, char** argv) {
  std::string folder;
  bool base = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--cases" && i + 1 < argc) folder = argv[++i];
    if (word == "--with-base") base = true;
  }
  if (folder.empty()) {
    std::fprintf(stderr,
                 "usage: casework_cases --cases DIR [--with-base]\n"
                 "  DIR holds directory.json and one file for each case.\n"
                 "  --with-base also judges each case as given, which must be faultless.\n");
    return 2;
  }
  return palermo::casework::Run(folder, base);
}
