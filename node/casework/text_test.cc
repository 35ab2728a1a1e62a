#include "node/casework/text.h"

#include <gtest/gtest.h>

namespace palermo::casework {
namespace {

TEST(Text, CountsCodePointsNotBytes) {
  EXPECT_EQ(VisibleLength("abc"), 3u);
  EXPECT_EQ(VisibleLength("äöü"), 3u);
  EXPECT_EQ(VisibleLength("السرية"), 6u);
  EXPECT_EQ(VisibleLength("银行"), 2u);
  EXPECT_EQ(VisibleLength("\U0001F600"), 1u);
}

TEST(Text, PaddingDoesNotCount) {
  EXPECT_EQ(VisibleLength("  a \t\n b\u00a0\u3000 "), 3u);
  EXPECT_EQ(VisibleLength("a\u200b\u200bb"), 2u);
  EXPECT_TRUE(IsBlank(""));
  EXPECT_TRUE(IsBlank(" \t\r\n\u00a0\u2003\u200b\ufeff"));
  EXPECT_TRUE(IsBlank(std::string("\0\x01\x7f", 3)));
  EXPECT_FALSE(IsBlank("."));
}

TEST(Text, MalformedBytesAreOneReplacementEach) {
  for (const char* bad : {"\x80", "\xff", "\xc0", "\xf5", "\xc3"}) {
    EXPECT_EQ(VisibleLength(bad), 1u);
    EXPECT_EQ(Folded(bad), "\ufffd");
  }
  EXPECT_EQ(VisibleLength("\xe2\x82"), 2u);          // cut short
  EXPECT_EQ(VisibleLength("\xed\xa0\x80"), 3u);      // a surrogate
  EXPECT_EQ(VisibleLength("\xe0\x80\x80"), 3u);      // an overlong form
  EXPECT_EQ(VisibleLength("\xf4\x90\x80\x80"), 4u);  // beyond U+10FFFF
}

TEST(Text, EveryCodePointSurvivesEncodingAndDecoding) {
  for (char32_t c = 0; c <= 0x10FFFF; c += c < 0x3000 ? 1 : 97) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(c, text);
    std::string_view rest = text;
    ASSERT_EQ(TakeCodePoint(rest), c);
    ASSERT_TRUE(rest.empty());
  }
}

TEST(Text, FoldsCaseAccentsAndWhiteSpace) {
  EXPECT_EQ(Folded("  Secret \n BANCAIRE "), "secret bancaire");
  EXPECT_EQ(Folded("ÀÉÎÕÜÇÑŸ").substr(0, 7), "aeioucn");
  EXPECT_EQ(Folded("e\u0301"), "e");
  EXPECT_EQ(Folded("Банковская ТАЙНА"), "банковская таина");
  EXPECT_EQ(Folded("таи\u0306на"), "таина");
  EXPECT_EQ(Folded("ban\u00adking\u200b"), "banking");
  EXPECT_EQ(Folded("银行保密"), "银行保密");
}

TEST(Text, IsOneLineWhateverEndsALine) {
  EXPECT_EQ(OneLine("a\r\nb\n\n\nc"), "a b c");
  EXPECT_EQ(OneLine("a\vb\fc\xC2\x85"
                    "d\xE2\x80\xA8"
                    "e\xE2\x80\xA9"
                    "f"),
            "a b c d e f");
  EXPECT_EQ(OneLine("no end, \u010Cesk\u00FD"), "no end, \u010Cesk\u00FD");
  EXPECT_EQ(OneLine(""), "");
}

TEST(Text, IsADateWithOneSlashAtMostAndNoLongText) {
  for (const char* date : {"", "2026", "2026-03", "2026-03-02", "2026-03-02T09:00:00Z", "19XX",
                           "1990-XX-XX", "1990-1X-3X", "1990-12-XX", "2026-03-02/2026-04-01",
                           "2026-03-02T09:00:00.123+01:00/2026-03-02T10:00:00.123+01:00",
                           "2026-03-02/", "/2026-03-02"}) {
    EXPECT_TRUE(IsDateText(date)) << date;
  }
  for (const char* none :
       {"2026-03-02/2026-04-01/2026-05-01", "//", "2026-99", "2026-00", "1990-13-XX", "1990-XX-32",
        "1990-XX-00", "1990-2X-XX", "1990-XX-4X", "2026-02-30", " 2026-06-15", "2026-06-15 ",
        " 2026-06-15 ", "2026-06-15T09:00:00Z\n", "infinite-future", "infinite-past",
        "2026-06-15/infinite-future", "next week", "-2026-06-15"}) {
    EXPECT_FALSE(IsDateText(none)) << none;
  }
  EXPECT_FALSE(IsDateText(std::string(250000, '/')));
  EXPECT_FALSE(IsDateText(std::string(65, '9')));
  EXPECT_FALSE(IsDateText("2026-06-15T09:00:00." + std::string(250000, '0') + "Z"));
}

TEST(Text, QuotesForJson) {
  EXPECT_EQ(JsonQuote("a\"b\\c\n\x01"), "\"a\\\"b\\\\c\\u000a\\u0001\"");
  EXPECT_EQ(JsonQuote("é\xff"), "\"é\ufffd\"");
  EXPECT_EQ(JsonQuote("\u2028"), "\"\\u2028\"");
  EXPECT_EQ(JsonQuote(""), "\"\"");
}

}  // namespace
}  // namespace palermo::casework
