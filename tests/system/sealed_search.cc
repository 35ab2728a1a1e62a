#include "tests/system/sealed_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/bytes.h"
#include "base/check.h"

namespace palermo::testing {
namespace {

constexpr size_t kKey = 4;

std::string Lower(std::string text) { return absl::AsciiStrToLower(text); }

std::vector<char32_t> CodePoints(const std::string& utf8) {
  std::vector<char32_t> out;
  for (const char byte : utf8) {
    const auto b = static_cast<uint8_t>(byte);
    if ((b & 0xC0) == 0x80) {
      out.back() = out.back() << 6 | (b & 0x3F);
    } else {
      out.push_back(b < 0x80 ? b : b < 0xE0 ? b & 0x1F : b & 0x0F);  // the basic plane only
    }
  }
  return out;
}

// What stands in the middle of a longer text's base64 when `text` begins at one of three places.
std::vector<std::string> Base64Of(const std::string& text) {
  std::vector<std::string> out;
  for (size_t shift = 0; shift < 3; ++shift) {
    const std::string encoded = absl::Base64Escape(std::string(shift, 'x') + text);
    const size_t first = shift == 0 ? 0 : 4;
    const size_t last = (shift + text.size()) / 3 * 4;
    if (last <= first + 6) continue;
    out.push_back(encoded.substr(first, last - first));
    const std::string for_addresses = absl::StrReplaceAll(out.back(), {{"+", "-"}, {"/", "_"}});
    if (for_addresses != out.back()) out.push_back(for_addresses);
  }
  return out;
}

// Escapes of other signs than ASCII's, each in one way.
std::vector<std::string> EscapesOf(const std::string& text) {
  std::string json, html, address;
  for (const char32_t c : CodePoints(text)) {
    const bool plain = c < 0x80;
    json += plain ? std::string(1, static_cast<char>(c)) : absl::StrFormat("\\u%04x", uint32_t{c});
    html += plain ? std::string(1, static_cast<char>(c)) : absl::StrFormat("&#%d;", uint32_t{c});
  }
  for (const char c : text) {
    const bool plain = absl::ascii_isalnum(static_cast<unsigned char>(c));
    address += plain ? std::string(1, c) : absl::StrFormat("%%%02x", static_cast<uint8_t>(c));
  }
  return {json, html, address};
}

// Every spelling that is looked for. Letters are compared in small letters, base64 as it is.
struct Spellings {
  std::vector<std::string> folded, exact;
};
Spellings SpellingsOf(const std::vector<std::string>& texts) {
  Spellings all;
  for (const std::string& text : texts) {
    const std::string low = Lower(text);
    all.folded.push_back(low);
    for (const bool big : {false, true}) {
      all.folded.push_back(Lower(Utf16(text, big)));
    }
    for (const std::string& escaped : EscapesOf(text)) all.folded.push_back(Lower(escaped));
    for (const std::string& form : {text, low, absl::AsciiStrToUpper(text)}) {
      all.folded.push_back(Lower(absl::BytesToHexString(form)));
      for (std::string& encoded : Base64Of(form)) all.exact.push_back(std::move(encoded));
    }
  }
  return all;
}

std::vector<std::string> AllTexts() {
  std::vector<std::string> texts;
  for (size_t i = 0; i < kPurposes.size(); ++i) {
    for (std::string& text : MarkedFor(i).Texts()) texts.push_back(std::move(text));
  }
  return texts;
}

// Eight digits stand in many a hash; a date stands alone.
bool IsInANumber(const std::string& bytes, size_t at, const std::string& text) {
  const auto hex = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); };
  const auto digit = [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); };
  if (!std::all_of(text.begin(), text.end(), digit)) return false;
  return (at > 0 && hex(bytes[at - 1])) ||
         (at + text.size() < bytes.size() && hex(bytes[at + text.size()]));
}

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A letter draws its letters: bytes of the file say little.
std::string TextOfLetter(const std::string& path) {
  FILE* pipe = popen(Cat({"pdftotext -layout '", path, "' -"}).c_str(), "r");
  PALERMO_CHECK(pipe != nullptr);
  std::string text;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, n);
  EXPECT_EQ(pclose(pipe), 0) << path;
  EXPECT_FALSE(text.empty()) << path;
  return text;
}

}  // namespace

Marked MarkedFor(size_t i) {
  constexpr const char* kSyllables[] = {"zyxwa", "quvor", "mjelk", "trizh",
                                        "vokny", "hrubz", "kwexo", "dlupf"};
  // In another script each: no word of its language.
  constexpr const char* kOtherNames[] = {"\u0416\u0437\u044B\u043A\u0440\u0448\u0430",
                                         "\u0638\u063A\u062B\u062E\u0636\u0628",
                                         "\u9F98\u9750\u9C7B\u9EA4",
                                         "\u091D\u091E\u0925\u0922\u0918",
                                         "\u05E6\u05D8\u05E7\u05D2\u05D6\u05E3",
                                         "\u03A8\u03BE\u03B6\u03C9\u03B8\u03B7",
                                         "\u10DF\u10E6\u10E7\u10ED\u10EE",
                                         "\u0E06\u0E0C\u0E0E\u0E0F\u0E10"};
  const std::string a = kSyllables[i], b = kSyllables[(i + 3) % 8];
  Marked m;
  m.given = Cat({"Z", a, "ra"});
  m.family = Cat({"Q", b, "din"});
  m.other_name = kOtherNames[i];
  m.born = absl::StrFormat("19%02d-03-%02d", 61 + i, 11 + i);
  m.place = Cat({"Vrosk", a, "\u00E4m"});
  m.document = absl::StrFormat("XK76543%d21", i);
  m.phone = absl::StrFormat("+999 715 55%d 0177", i);
  m.street = absl::StrFormat("%d%d%d Glimmer%s Lane", i + 1, i + 2, i + 3, b);
  m.mail = Cat({b, a, "@", a, ".example"});
  m.account = absl::StrFormat("QM0076543%d9900012", i);
  m.contact = Cat({"House of Sister ", b, "wyn"});
  for (int n = 0; n < 8; ++n) m.image += absl::StrFormat("%x7c31e0%d", i + 3, n);
  return m;
}

std::vector<std::string> Marked::Texts() const {
  std::vector<std::string> all = {given, family, other_name, born,    place,   document,
                                  phone, street, mail,       account, contact, image};
  std::string digits, day = born;
  for (const char c : phone) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) digits += c;
  }
  all.push_back(digits);
  all.push_back(digits.substr(3));
  day.erase(std::remove(day.begin(), day.end(), '-'), day.end());
  all.push_back(day);
  return all;
}

std::string Utf16(const std::string& utf8, bool big) {
  std::string out;
  for (const char32_t c : CodePoints(utf8)) {
    const char high = static_cast<char>(c >> 8), low = static_cast<char>(c);
    out += big ? high : low;
    out += big ? low : high;
  }
  return out;
}

Patterns::Patterns(const std::vector<std::string>& texts) {
  for (const std::string& text : texts) {
    PALERMO_CHECK(text.size() >= kKey);
    by_key_[text.substr(0, kKey)].push_back(text);
    starts_[static_cast<uint8_t>(text[0]) << 8 | static_cast<uint8_t>(text[1])] = true;
  }
}

std::string Patterns::FindIn(const std::string& bytes) const {
  for (size_t i = 0; i + kKey <= bytes.size(); ++i) {
    if (!starts_[static_cast<uint8_t>(bytes[i]) << 8 | static_cast<uint8_t>(bytes[i + 1])]) {
      continue;
    }
    const auto found = by_key_.find(bytes.substr(i, kKey));
    if (found == by_key_.end()) continue;
    for (const std::string& text : found->second) {
      if (bytes.compare(i, text.size(), text) == 0 && !IsInANumber(bytes, i, text)) return text;
    }
  }
  return "";
}

Searcher::Searcher() : Searcher(AllTexts()) {}
Searcher::Searcher(const std::vector<std::string>& texts)
    : folded_(SpellingsOf(texts).folded), exact_(SpellingsOf(texts).exact) {}

std::string Searcher::FindIn(const std::string& bytes) const {
  const std::string found = folded_.FindIn(Lower(bytes));
  return found.empty() ? exact_.FindIn(bytes) : found;
}

void Searcher::ExpectNoneIn(const std::string& bytes, const std::string& where) const {
  EXPECT_EQ(FindIn(bytes), "") << where;
}

std::string Searcher::FindInFile(const std::string& path) const {
  const std::string found = FindIn(BytesOf(path));
  return found.empty() && path.ends_with(".pdf") ? FindIn(TextOfLetter(path)) : found;
}

std::set<std::string> Searcher::FoundUnder(const std::string& folder, size_t* files) const {
  std::set<std::string> found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    const std::string path = file.path().string();
    if (!FindIn(file.path().filename().string()).empty()) found.insert(path);
    if (!file.is_regular_file()) continue;
    if (!FindInFile(path).empty()) found.insert(path);
    if (files != nullptr) ++*files;
  }
  return found;
}

size_t Searcher::ExpectNoneUnder(const std::string& folder) const {
  size_t files = 0;
  for (const std::string& path : FoundUnder(folder, &files)) {
    ADD_FAILURE() << path << ": " << FindInFile(path);
  }
  return files;
}

}  // namespace palermo::testing
