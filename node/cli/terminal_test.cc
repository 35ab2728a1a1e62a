#include <gtest/gtest.h>

#include "node/cli/command.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

TEST(Terminal, IsCommandedByNoTextOfAPeer) {
  EXPECT_EQ(ForTerminal("a\tb\n"), "a\tb\n");
  EXPECT_EQ(ForTerminal("a,b\r\nc\rd\r"), "a,b\r\nc?d?");
  EXPECT_EQ(ForTerminal("x\x1b[2Jy\r\x07\x7fz"), "x?[2Jy???z");
  EXPECT_EQ(ForTerminal("a\u009b2Jb"), "a?2Jb");
  EXPECT_EQ(ForTerminal("a\u202eb\u202ac"), "a?b?c");
  // Isolates, letters of any script and what only begins like a control stay.
  EXPECT_EQ(ForTerminal("\u2068عربي\u2069 é \u00a0 \u2013"), "\u2068عربي\u2069 é \u00a0 \u2013");
  EXPECT_EQ(ForTerminal("\xc2"), "\xc2");
  EXPECT_EQ(ForTerminal("\xe2\x80"), "\xe2\x80");
}

TEST(Terminal, ShowsARowOfATableAsOneLineWhateverItsCellsSay) {
  EXPECT_EQ(Table({"A"}, {{"one\ntwo  GO"}}), "A\none two  GO\n");
}

}  // namespace
}  // namespace palermo::cli
