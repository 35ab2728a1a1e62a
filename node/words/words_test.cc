#include "node/words/words.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/status.h"
#include "node/casework/texts.h"

namespace palermo::words {
namespace {

// Conversions of a text, sorted: "%d", "%s".
std::multiset<std::string> Placeholders(std::string_view text) {
  std::multiset<std::string> found;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '%' && std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0) {
      found.insert(std::string(text.substr(i, 2)));
    }
  }
  return found;
}

// The msgids of the template that the po files are merged with.
std::vector<std::string> TemplateTexts() {
  const char* root = std::getenv("PALERMO_SOURCE");
  EXPECT_NE(root, nullptr) << "run it with ctest, which sets PALERMO_SOURCE";
  std::ifstream file(std::string(root) + "/node/words/po/palermo.pot");
  std::vector<std::string> texts;
  for (std::string line; std::getline(file, line);) {
    constexpr std::string_view kStart = "msgid \"";
    if (line.rfind(kStart, 0) != 0) continue;
    std::string text = line.substr(kStart.size(), line.size() - kStart.size() - 1);
    if (!text.empty()) texts.push_back(text);
  }
  return texts;
}

// What a language must have at least. Raise it when translators have done more.
const std::map<Language, size_t>& LeastTranslated() {
  static const std::map<Language, size_t> least = {{Language::kArabic, 50},
                                                   {Language::kChinese, 50},
                                                   {Language::kFrench, 50},
                                                   {Language::kRussian, 50},
                                                   {Language::kSpanish, 50}};
  return least;
}

TEST(Words, EveryLanguageHasWhatItHadAndItsPlaceholdersAgree) {
  std::vector<std::string> texts = TemplateTexts();
  ASSERT_GT(texts.size(), 300u);
  for (const auto& [language, least] : LeastTranslated()) {
    SCOPED_TRACE(std::string(Code(language)));
    size_t translated = 0;
    for (const std::string& english : texts) {
      if (!IsTranslated(language, english)) continue;
      ++translated;
      EXPECT_EQ(Placeholders(english), Placeholders(Translate(language, english))) << english;
    }
    EXPECT_GE(translated, least) << "of " << texts.size();
    EXPECT_GE(CatalogueSize(language), translated);
    RecordProperty(std::string(Code(language)), static_cast<int>(translated));
  }
}

// New sentences are shown in English until the next run of deploy/texts takes them in; it must not
// fall far behind.
TEST(Words, TheTemplateFollowsTheSentencesOfTheRules) {
  constexpr size_t kMostMissing = 30;
  std::vector<std::string> list = TemplateTexts();
  std::set<std::string> texts(list.begin(), list.end());
  std::string missing;
  size_t count = 0;
  for (const casework::Text& text : casework::Texts()) {
    for (std::string_view sentence : {text.what, text.todo}) {
      if (texts.contains(std::string(sentence))) continue;
      ++count;
      missing += std::string(text.key) + " ";
    }
  }
  EXPECT_LE(count, kMostMissing) << "run deploy/texts: " << missing;
}

TEST(Words, WhatNobodyTranslatedIsShownInEnglish) {
  EXPECT_EQ(Translate(Language::kFrench, "no such text"), "no such text");
  EXPECT_FALSE(IsTranslated(Language::kFrench, "no such text"));
  EXPECT_EQ(Translate(Language::kEnglish, "Contact"), "Contact");
  EXPECT_EQ(CatalogueSize(Language::kEnglish), 0u);
}

TEST(Words, TranslationsAreUtf8AndNotMadeOfEscapes) {
  EXPECT_EQ(Translate(Language::kFrench, "Offences"), "Infractions");
  EXPECT_EQ(Translate(Language::kRussian, "Date"), "Дата");
  EXPECT_EQ(Translate(Language::kChinese, "Date"), "日期");
  EXPECT_EQ(Translate(Language::kArabic, "Date"), "التاريخ");
  EXPECT_EQ(Translate(Language::kSpanish, "Results"), "Resultados");
}

TEST(Words, LanguagesAreFoundByTheirTags) {
  for (Language language : AllLanguages()) {
    auto parsed = ParseLanguage(std::string(Code(language)));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(*parsed, language);
  }
  EXPECT_EQ(*ParseLanguage("zh-Hans"), Language::kChinese);
  EXPECT_EQ(*ParseLanguage("FR_ca"), Language::kFrench);
  EXPECT_EQ(CodeOf(ParseLanguage("de").status()), "UNKNOWN_WORD");
  EXPECT_EQ(CodeOf(ParseLanguage("").status()), "UNKNOWN_WORD");
  EXPECT_TRUE(RightToLeft(Language::kArabic));
  EXPECT_FALSE(RightToLeft(Language::kChinese));
}

}  // namespace
}  // namespace palermo::words
