#include "node/casework/cases/rules_page.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "node/casework/catalogue.h"

namespace palermo::casework {
namespace {

// "E R-AR-01" in quotes: what a table of expectations says.
void CollectTests(const std::string& text, const std::string& name,
                  std::map<std::string, std::set<std::string>>& out) {
  for (size_t at = text.find(" R-"); at != std::string::npos; at = text.find(" R-", at + 1)) {
    const bool expects = at >= 2 &&
                         std::string_view("EWIN").find(text[at - 1]) != std::string_view::npos &&
                         (text[at - 2] == '"' || text[at - 2] == ' ');
    if (!expects) continue;
    size_t end = at + 1;
    while (end < text.size() &&
           (text[end] == '-' || absl::ascii_isalnum(static_cast<unsigned char>(text[end])))) {
      ++end;
    }
    out[text.substr(at + 1, end - at - 1)].insert(name);
  }
}

// "rule": "R-AR-01" of a case's variant.
void CollectExpected(const std::string& text, const std::string& name,
                     std::map<std::string, std::set<std::string>>& out) {
  const std::string wanted = "\"rule\": \"R-";
  for (size_t at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) {
    const size_t begin = at + wanted.size() - 2;
    out[text.substr(begin, text.find('"', begin) - begin)].insert(name);
  }
}

}  // namespace

std::map<std::string, std::vector<std::string>> TestsThatFire(const std::string& root) {
  std::map<std::string, std::set<std::string>> found;
  const std::filesystem::path folder = std::filesystem::path(root) / "node" / "casework";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.size() < 8 || name.substr(name.size() - 8) != "_test.cc") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    CollectTests({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()},
                 name.substr(0, name.size() - 3), found);
  }
  const std::filesystem::path cases = std::filesystem::path(root) / "tests" / "cases";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(cases)) {
    if (entry.path().extension() != ".json") continue;
    std::ifstream file(entry.path(), std::ios::binary);
    CollectExpected({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()},
                    "cases/" + entry.path().lexically_relative(cases).replace_extension().string(),
                    found);
  }
  std::map<std::string, std::vector<std::string>> tests;
  for (const auto& [rule, names] : found) tests[rule] = {names.begin(), names.end()};
  return tests;
}

std::string RulesPage(const std::map<std::string, std::vector<std::string>>& tests) {
  std::string page =
      "# Rules\n"
      "Made by `casework_rules --markdown`; `casework_test` compares it with the code. E: not "
      "sent. "
      "W: sent with a\nrecorded reason and a second officer. I: a note. Stages: S sender, R "
      "receiver, T transition, C clock, X export.\nArticles are of UNTOC where no instrument is "
      "named. A rule without tests is not built yet.\n\n"
      "| rule | severity | stage | fires when | authority | tests that fire it |\n"
      "|---|---|---|---|---|---|\n";
  for (const CatalogueRow& row : Catalogue()) {
    const auto found = tests.find(std::string(row.id));
    page += absl::StrFormat("| %s | %s | %s | %s | %s | %s |\n", row.id, row.severities, row.stages,
                            row.condition, row.authority,
                            found == tests.end() ? "" : absl::StrJoin(found->second, ", "));
  }
  return page;
}

}  // namespace palermo::casework
