#include "base/plain_text.h"

#include <gtest/gtest.h>

namespace palermo {
namespace {

TEST(PlainText, KeepsWhatIsTextInAnyScript) {
  const std::string text = "D\xc3\xbcsseldorf \xe4\xb8\xad \xf0\x9f\x94\x92 \xc2\xa0";
  EXPECT_EQ(PlainText(text, 100), text);
}

TEST(PlainText, BlanksControlCharactersAlsoThoseOfTwoBytes) {
  EXPECT_EQ(PlainText("a\x1b[2Jb\n\x7f", 100), "a [2Jb  ");
  EXPECT_EQ(PlainText("a\xc2\x9b\x32Jb", 100), "a 2Jb");
}

TEST(PlainText, BytesThatAreNoUtf8AreShownAsThat) {
  EXPECT_EQ(PlainText("\xff", 100), "?");
  EXPECT_EQ(PlainText("a\xc3", 100), "a?");
  EXPECT_EQ(PlainText("\xc0\xaf", 100), "??");            // longer than it needs to be
  EXPECT_EQ(PlainText("\xed\xa0\x80", 100), "???");       // half of a pair
  EXPECT_EQ(PlainText("\xf4\x90\x80\x80", 100), "????");  // beyond the last code point
  EXPECT_EQ(PlainText("\xe0\x80\xafz", 100), "???z");
}

TEST(PlainText, EndsWithAWholeCharacter) {
  EXPECT_EQ(PlainText("ab\xc3\xbc", 3), "ab");
  EXPECT_EQ(PlainText("ab\xc3\xbc", 4), "ab\xc3\xbc");
  EXPECT_EQ(PlainText("abc", 0), "");
}

}  // namespace
}  // namespace palermo
