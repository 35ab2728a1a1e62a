#include "node/server/log.h"

#include <gtest/gtest.h>

#include <vector>

namespace palermo::server {
namespace {

class FixedClock final : public Clock {
 public:
  absl::Time Now() override { return FromMillis(1'772'442'000'123); }
};

TEST(Log, WritesOneLineForAnEvent) {
  FixedClock clock;
  std::vector<std::string> lines;
  Log log(LogLevel::kInfo, clock, [&](const std::string& line) { lines.push_back(line); });
  log.Info("serving", {{"listen", "0.0.0.0:7443"}, {"text", "a \"b\""}});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0],
            "time=2026-03-02T09:00:00.123Z level=info event=serving listen=0.0.0.0:7443 "
            "text=\"a \\\"b\\\"\"\n");
}

TEST(Log, DropsWhatIsBelowTheLevel) {
  FixedClock clock;
  int lines = 0;
  Log log(LogLevel::kWarning, clock, [&](const std::string&) { ++lines; });
  log.Debug("a");
  log.Info("b");
  log.Warning("c");
  log.Error("d");
  EXPECT_EQ(lines, 2);
}

TEST(Log, ValueCannotForgeALine) {
  EXPECT_EQ(LogValue("a\nlevel=info"), "\"a level=info\"");
  EXPECT_EQ(LogValue("a\xc2\x9b\xff"), "\"a ?\"");
  EXPECT_EQ(LogValue(""), "\"\"");
  EXPECT_EQ(LogValue("back\\slash"), "\"back\\\\slash\"");
  EXPECT_LT(LogValue(std::string(100000, 'a')).size(), 4096u);
}

TEST(Log, LevelsHaveOneSpelling) {
  LogLevel level = LogLevel::kInfo;
  EXPECT_TRUE(ParseLogLevel("error", &level));
  EXPECT_EQ(level, LogLevel::kError);
  EXPECT_FALSE(ParseLogLevel("Error", &level));
}

}  // namespace
}  // namespace palermo::server
