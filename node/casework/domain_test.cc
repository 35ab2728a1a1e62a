// Where the rules as a lawyer wrote them down lie beside the source tree, the catalogue and the
// clocks are compared with them, row by row. Elsewhere there is nothing to compare.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "node/casework/catalogue.h"
#include "node/casework/clocks.h"

namespace palermo::casework {
namespace {

// The cells of the table rows between two lines that begin with these words.
std::vector<std::vector<std::string>> RowsBetween(std::istream& page, const std::string& from,
                                                  const std::string& to) {
  std::vector<std::vector<std::string>> rows;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind(from, 0) == 0) inside = true;
    if (inside && line.rfind(to, 0) == 0) break;
    if (!inside || line.rfind("| R-", 0) != 0) continue;
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    for (std::string& cell : cells) cell = std::string(absl::StripAsciiWhitespace(cell));
    rows.emplace_back(cells.begin() + 1, cells.end() - 1);
  }
  return rows;
}

// "R-ID-IMO/MRZ", "R-WLD-05/06", "R-MLA-15A/B", "R-CLK-PA18/40": one id for each ending.
std::vector<std::string> IdsOf(const std::string& cell) {
  const std::vector<std::string> ends = absl::StrSplit(cell, '/');
  std::vector<std::string> ids = {ends[0]};
  for (size_t i = 1; i < ends.size(); ++i) {
    const bool whole = ends[0].rfind("R-ID-", 0) == 0;
    const size_t kept = whole ? std::string("R-ID-").size() : ends[0].size() - ends[i].size();
    ids.push_back(ends[0].substr(0, kept) + ends[i]);
  }
  return ids;
}

class Domain : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("PALERMO_SOURCE");
    if (root != nullptr) page_.open(std::string(root) + "/../shared/domain.md");
    if (root == nullptr || !page_.good()) GTEST_SKIP() << "nothing to compare with";
  }
  std::ifstream page_;
};

TEST_F(Domain, EveryRuleHasItsSeverityAndRunsWhereItShould) {
  const auto rows = RowsBetween(page_, "## Annex A", "## Annex B");
  ASSERT_GT(rows.size(), 90u);
  const std::regex severities("[EWI]\\b"), stages("\\b[SRTCX](,[SRTCX])*\\b");
  for (const auto& row : rows) {
    for (const std::string& id : IdsOf(row[0])) {
      if (id == "R-CLK-*") continue;  // the next test
      const CatalogueRow* ours = FindRule(id);
      ASSERT_NE(ours, nullptr) << id;
      SCOPED_TRACE(id + ": " + row[1]);
      // What stands before the first bracket; what depends on a condition may add to it.
      const std::string cell = row[1].substr(0, row[1].find('('));
      std::set<char> said, has;
      for (std::sregex_iterator it(cell.begin(), cell.end(), severities), end; it != end; ++it) {
        said.insert(it->str()[0]);
      }
      for (char c : ours->severities) has.insert(c);
      // Of a row for many identifiers the bracket names those that only warn.
      if (row[1].find(id.substr(id.rfind('-') + 1)) != std::string::npos) said.clear();
      for (char c : said) EXPECT_TRUE(has.contains(c)) << ours->severities;
      std::smatch stage;
      if (!std::regex_search(cell, stage, stages)) continue;
      for (char c : stage.str()) {
        EXPECT_NE(ours->stages.find(c), std::string_view::npos) << ours->stages;
      }
    }
  }
}

TEST_F(Domain, EveryClockOfAnActHasItsLimitAndItsKind) {
  const auto rows = RowsBetween(page_, "### 1.10", "## 2.");
  ASSERT_GT(rows.size(), 15u);
  const std::regex limit("(\\d+) ?(working days|consecutive days|d|h)\\b");
  size_t compared = 0;
  for (const auto& row : rows) {
    std::vector<absl::Duration> limits;
    for (std::sregex_iterator it(row[2].begin(), row[2].end(), limit), end; it != end; ++it) {
      int number = 0;
      ASSERT_TRUE(absl::SimpleAtoi((*it)[1].str(), &number));
      limits.push_back((*it)[2] == "h" ? absl::Hours(number) : absl::Hours(24 * number));
    }
    const auto ids = IdsOf(row[0]);
    for (size_t i = 0; i < ids.size(); ++i) {
      for (const ClockRule& rule : ClockRules()) {
        if (rule.id != ids[i]) continue;
        SCOPED_TRACE(ids[i] + ": " + row[2]);
        ++compared;
        const char letter = rule.kind == ClockKind::kLaw      ? 'L'
                            : rule.kind == ClockKind::kPolicy ? 'P'
                                                              : 'Q';
        // Where only some instruments have a number, the others' is policy: Annex B.
        const bool quality = rule.elsewhere && row[2].find('Q') != std::string::npos;
        EXPECT_TRUE(quality || row[2].find(letter) != std::string::npos);
        if (limits.empty()) {
          EXPECT_EQ(rule.limit, absl::ZeroDuration());
        } else {
          EXPECT_EQ(rule.limit, limits[std::min(i, limits.size() - 1)]);
        }
        EXPECT_EQ(rule.working_days, row[2].find("working days") != std::string::npos);
      }
    }
  }
  EXPECT_GT(compared, 15u);
}

}  // namespace
}  // namespace palermo::casework
