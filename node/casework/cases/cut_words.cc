#include "node/casework/cases/cut_words.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"

namespace palermo::casework {
namespace {

// "Prior_Notice at-sea" as "_prior_notice_at_sea_".
std::string Joined(std::string_view text) {
  std::string joined = "_";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80) {
      joined += absl::ascii_tolower(byte);
    } else if (joined.back() != '_') {
      joined += '_';
    }
  }
  if (joined.back() != '_') joined += '_';
  return joined;
}

}  // namespace

std::vector<std::string> CutWords(std::string_view text) {
  return absl::StrSplit(Joined(text), '_', absl::SkipEmpty());
}

bool HasWords(std::string_view text, std::initializer_list<std::string_view> phrases) {
  return HasWords(text, std::span(phrases.begin(), phrases.size()));
}

bool HasWords(std::string_view text, std::span<const std::string_view> phrases) {
  const std::string joined = Joined(text);
  return std::any_of(phrases.begin(), phrases.end(), [&](std::string_view phrase) {
    const bool begins = phrase.ends_with('*');
    std::string part = "_";
    part += begins ? phrase.substr(0, phrase.size() - 1) : phrase;
    if (!begins) part += '_';
    return joined.find(part) != std::string::npos;
  });
}

}  // namespace palermo::casework
