// Fixed texts in the six languages of the United Nations. The catalogues are gettext's po files in
// po/, compiled into the program: no file is read and no process-wide locale is set. Pure;
// thread-safe.
#ifndef PALERMO_NODE_WORDS_WORDS_H_
#define PALERMO_NODE_WORDS_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace palermo::words {

enum class Language : uint8_t { kArabic, kChinese, kEnglish, kFrench, kRussian, kSpanish };

std::span<const Language> AllLanguages();
// "ar", "zh", "en", "fr", "ru", "es".
std::string_view Code(Language language);
// The language of a BCP 47 tag: "fr", "zh-Hans", "FR-ca". UNKNOWN_WORD names the six.
absl::StatusOr<Language> ParseLanguage(const std::string& tag);
bool RightToLeft(Language language);

// The text that stands for the English one; the English one where nobody has translated it yet.
std::string_view Translate(Language language, std::string_view english);
bool IsTranslated(Language language, std::string_view english);
// How many texts the catalogue of this language has; 0 for English.
size_t CatalogueSize(Language language);

}  // namespace palermo::words

#endif  // PALERMO_NODE_WORDS_WORDS_H_
