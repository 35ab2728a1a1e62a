#include "node/words/words.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/status.h"
#include "node/casework/texts.h"
#include "node/casework/vocabulary.h"

namespace palermo::words {
namespace {

// Placeholders of a text, sorted: "%d", "{item}".
std::multiset<std::string> Placeholders(std::string_view text) {
  std::multiset<std::string> found;
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '%' && std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0) {
      found.insert(std::string(text.substr(i, 2)));
    } else if (text[i] == '{') {
      found.insert(std::string(text.substr(i, text.find('}', i) - i + 1)));
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
    std::string text;
    for (size_t i = kStart.size(); i + 1 < line.size(); ++i) {
      if (line[i] == '\\') ++i;
      text += line[i];
    }
    if (!text.empty()) texts.push_back(text);
  }
  return texts;
}

bool HasLetterOf(Language language, std::string_view text) {
  for (size_t i = 0; i + 1 < text.size(); ++i) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (language == Language::kRussian && (lead == 0xD0 || lead == 0xD1)) return true;
    if (language == Language::kArabic && lead >= 0xD8 && lead <= 0xDB) return true;
    if (language == Language::kChinese && lead >= 0xE3 && lead <= 0xE9) return true;
  }
  return false;
}

// What stays as it is in every language.
const std::set<std::string_view>& International() {
  static const std::set<std::string_view> texts = {
      // Names of standards.
      "BIC", "GTIN", "IBAN", "LEI", "MMSI",
      // Only placeholders; the words come from elsewhere.
      "{severity} {rule}: {what}.", "{severity} {rule} at {field}: {what}.",
      "{severity} {rule} ({article}): {what}.", "{severity} {rule} ({article}) at {field}: {what}.",
      // The sign of a number in Russian letters is the same.
      "No."};
  return texts;
}

// Words that these languages write as English does.
const std::map<Language, std::set<std::string_view>>& Cognates() {
  static const std::map<Language, std::set<std::string_view>> words = {
      {Language::kFrench,
       {"Assistance", "CODE",         "Contact",      "Date",       "Message",
        "Note",       "admission",    "assurance",    "assurances", "calibre",
        "conditions", "confiscation", "consultation", "contact",    "danger",
        "document",   "objection",    "original",     "date",       "description",
        "expert",     "extradition",  "hawala",       "impossible", "instrument",
        "latitude",   "licence",      "longitude",    "message",    "non-refoulement",
        "note",       "ordre public", "parties",      "police",     "position",
        "questions",  "revolver",     "substances",   "suspect",    "technique",
        "urgent"}},
      {Language::kSpanish,
       {"Ref.", "auditor", "error", "calibre", "hawala", "no", "original", "usual"}}};
  return words;
}

TEST(Words, EveryLanguageHasEveryTextWithTheSamePlaceholders) {
  const std::vector<std::string> texts = TemplateTexts();
  ASSERT_GT(texts.size(), 1000u);
  for (Language language : AllLanguages()) {
    if (language == Language::kEnglish) continue;
    SCOPED_TRACE(std::string(Code(language)));
    for (const std::string& english : texts) {
      ASSERT_TRUE(IsTranslated(language, english)) << english;
      EXPECT_EQ(Placeholders(english), Placeholders(Translate(language, english))) << english;
    }
    EXPECT_EQ(CatalogueSize(language), texts.size());
  }
}

TEST(Words, NoTextIsLeftInEnglishByAccident) {
  for (const std::string& english : TemplateTexts()) {
    if (International().contains(english)) continue;
    SCOPED_TRACE(english);
    for (Language language : {Language::kArabic, Language::kChinese, Language::kRussian}) {
      EXPECT_TRUE(HasLetterOf(language, Translate(language, english))) << Code(language);
    }
    for (const auto& [language, words] : Cognates()) {
      EXPECT_EQ(Translate(language, english) == english, words.contains(english)) << Code(language);
    }
  }
}

// Order is the program's matter: it isolates each value. A catalogue that brings controls of its
// own could leave the rest of a line turned round.
TEST(Words, NoCatalogueBringsControlsOfDirectionOrSpaceAtItsEnds) {
  for (const std::string& english : TemplateTexts()) {
    for (Language language : AllLanguages()) {
      const std::string_view text = Translate(language, english);
      SCOPED_TRACE(std::string(text));
      for (std::string_view control :
           {"\u200e", "\u200f", "\u061c", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e",
            "\u2066", "\u2067", "\u2068", "\u2069", "\u200b", "\ufeff"}) {
        EXPECT_EQ(text.find(control), std::string_view::npos);
      }
      EXPECT_NE(text.front(), ' ');
      EXPECT_NE(text.back(), ' ');
    }
  }
}

TEST(Words, EveryCodeAndEveryFieldIsInTheTemplate) {
  const std::vector<std::string> list = TemplateTexts();
  const std::set<std::string> texts(list.begin(), list.end());
  for (const casework::Meaning& meaning : casework::Meanings()) {
    EXPECT_TRUE(texts.contains(std::string(meaning.text))) << meaning.text << ": run deploy/texts";
  }
  for (const casework::FieldRow& row : casework::FieldRows()) {
    EXPECT_TRUE(texts.contains(std::string(row.text))) << row.text << ": run deploy/texts";
  }
}

// New sentences are shown in English until the next run of deploy/texts takes them in; it must not
// fall far behind.
TEST(Words, TheTemplateFollowsTheSentencesOfTheRules) {
  constexpr size_t kMostMissing = 0;
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
