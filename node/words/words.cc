#include "node/words/words.h"

#include <array>
#include <unordered_map>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace palermo::words {
namespace {

struct Entry {
  std::string_view english;
  std::string_view text;
};

// Made from po/*.po by the build: kArabicTexts and so on.
#include "node/words/catalogues.inc"

using Catalogue = std::unordered_map<std::string_view, std::string_view>;

Catalogue ToCatalogue(std::span<const Entry> entries) {
  Catalogue catalogue;
  for (const Entry& entry : entries) catalogue.emplace(entry.english, entry.text);
  return catalogue;
}

const Catalogue& CatalogueOf(Language language) {
  static const auto& catalogues = *new std::array<Catalogue, 6>{
      ToCatalogue(kTexts_ar), ToCatalogue(kTexts_zh), Catalogue{},
      ToCatalogue(kTexts_fr), ToCatalogue(kTexts_ru), ToCatalogue(kTexts_es)};
  return catalogues[static_cast<size_t>(language)];
}

}  // namespace

std::span<const Language> AllLanguages() {
  static constexpr std::array kAll = {Language::kArabic, Language::kChinese, Language::kEnglish,
                                      Language::kFrench, Language::kRussian, Language::kSpanish};
  return kAll;
}

std::string_view Code(Language language) {
  static constexpr std::array<std::string_view, 6> kCodes = {"ar", "zh", "en", "fr", "ru", "es"};
  return kCodes[static_cast<size_t>(language)];
}

absl::StatusOr<Language> ParseLanguage(const std::string& tag) {
  std::string primary = absl::AsciiStrToLower(tag.substr(0, tag.find_first_of("-_")));
  for (Language language : AllLanguages()) {
    if (primary == Code(language)) return language;
  }
  return InputError("UNKNOWN_WORD",
                    absl::StrFormat("'%s' is none of the languages ar, zh, en, fr, ru, es", tag));
}

bool RightToLeft(Language language) { return language == Language::kArabic; }

std::string_view Translate(Language language, std::string_view english) {
  const Catalogue& catalogue = CatalogueOf(language);
  auto found = catalogue.find(english);
  return found == catalogue.end() ? english : found->second;
}

bool IsTranslated(Language language, std::string_view english) {
  return language == Language::kEnglish || CatalogueOf(language).count(english) > 0;
}

size_t CatalogueSize(Language language) { return CatalogueOf(language).size(); }

}  // namespace palermo::words
