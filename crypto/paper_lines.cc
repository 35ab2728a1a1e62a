#include "crypto/paper_lines.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/paper_backup.h"

namespace palermo::crypto::internal {
namespace {

constexpr std::string_view kAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr uint32_t kBech32m = 0x2bc830a3;
constexpr size_t kMaxToldLines = 10;
constexpr size_t kWholeLine = kPaperLineSymbols + kPaperChecksumSymbols;

using Symbols = std::vector<uint8_t>;

uint32_t Polymod(const Symbols& values) {
  static constexpr uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                            0x2a1462b3};
  uint32_t check = 1;
  for (uint8_t value : values) {
    uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (int i = 0; i < 5; ++i) {
      if ((top >> i) & 1) check ^= kGenerator[i];
    }
  }
  return check;
}

// The line's number is in its checksum, so a line cannot pass for another.
Symbols Prefix(int number) {
  return {23, 1, 11, 0, static_cast<uint8_t>(number / 32), static_cast<uint8_t>(number % 32)};
}

bool Fits(int number, const Symbols& line) {
  Symbols all = Prefix(number);
  all.insert(all.end(), line.begin(), line.end());
  return Polymod(all) == kBech32m;
}

std::string FormatLine(int number, Symbols data) {
  Symbols all = Prefix(number);
  all.insert(all.end(), data.begin(), data.end());
  all.resize(all.size() + kPaperChecksumSymbols);
  uint32_t check = Polymod(all) ^ kBech32m;
  for (size_t i = 0; i < kPaperChecksumSymbols; ++i) {
    data.push_back((check >> (5 * (kPaperChecksumSymbols - 1 - i))) & 31);
  }
  std::string text = absl::StrFormat("%02d ", number);
  for (size_t i = 0; i < data.size(); ++i) {
    if (i % kPaperGroupSymbols == 0) text.push_back(' ');
    text.push_back(kAlphabet[data[i]]);
  }
  return text;
}

// Where one wrong character is, when a change of one makes the line fit: then there is only one
// such place.
std::optional<size_t> WrongPlace(int number, Symbols line) {
  for (size_t i = 0; i < line.size(); ++i) {
    uint8_t was = line[i];
    for (uint8_t other = 0; other < 32; ++other) {
      line[i] = other;
      if (other != was && Fits(number, line)) return i;
    }
    line[i] = was;
  }
  return std::nullopt;
}

std::string PlaceText(size_t place) {
  return absl::StrFormat("group %d, character %d", place / kPaperGroupSymbols + 1,
                         place % kPaperGroupSymbols + 1);
}

// A typed line: its symbols, or what is wrong with it.
struct Typed {
  Symbols symbols;
  std::string wrong;
};

Typed ReadLine(int number, std::string_view text) {
  Typed typed;
  for (char c : text) {
    if (c == ' ' || c == '\t' || c == '-') continue;
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    size_t value = kAlphabet.find(c);
    if (value == kAlphabet.npos) {
      typed.wrong = absl::StrFormat(
          "%s: %s is never used (0 is a zero, l a small L; there is no 1, b, i or o)",
          PlaceText(typed.symbols.size()),
          c > ' ' && c < 0x7F ? absl::StrFormat("'%c'", c) : "this character");
      return typed;
    }
    typed.symbols.push_back(static_cast<uint8_t>(value));
    if (typed.symbols.size() > kWholeLine) {
      typed.wrong = absl::StrFormat("has more than %d characters", kWholeLine);
      return typed;
    }
  }
  if (typed.symbols.size() <= kPaperChecksumSymbols) {
    typed.wrong = "is too short: something is missing";
  } else if (!Fits(number, typed.symbols)) {
    std::optional<size_t> place = WrongPlace(number, typed.symbols);
    typed.wrong = place ? absl::StrFormat("look at %s", PlaceText(*place))
                        : absl::StrFormat(
                              "more than one character is wrong, or one is missing: it "
                              "has %d of %d characters",
                              typed.symbols.size(), kWholeLine);
  }
  return typed;
}

std::string_view Trim(std::string_view line) {
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) {
    line.remove_suffix(1);
  }
  return line;
}

// Between the two marks; all lines when the first mark is not there.
std::vector<std::string_view> NumberedLines(std::string_view page) {
  std::vector<std::string_view> lines;
  bool marked = page.find(kPaperBegin) != page.npos, inside = !marked;
  while (!page.empty()) {
    size_t end = std::min(page.find('\n'), page.size());
    std::string_view line = Trim(page.substr(0, end));
    page.remove_prefix(std::min(end + 1, page.size()));
    if (line == kPaperBegin) {
      inside = true;
    } else if (line == kPaperEnd) {
      inside = false;
    } else if (inside && !line.empty()) {
      lines.push_back(line);
    }
  }
  return lines;
}

// Nothing unless the line begins with two digits.
std::optional<int> NumberOf(std::string_view line) {
  auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (line.size() < 3 || !digit(line[0]) || !digit(line[1])) return std::nullopt;
  if (line[2] != ' ' && line[2] != '\t') return std::nullopt;
  return (line[0] - '0') * 10 + (line[1] - '0');
}

// Takes the data of the symbols, without the bits that fill up the last byte, which are zero.
std::optional<std::string> ToBytes(const Symbols& symbols) {
  std::string bytes;
  uint32_t bits = 0, count = 0;
  for (uint8_t symbol : symbols) {
    bits = (bits << 5 | symbol) & 0xFFF;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<char>(bits >> count & 0xFF));
  }
  if (count >= 5 || (bits & ((1u << count) - 1)) != 0) return std::nullopt;
  return bytes;
}

absl::Status WrongLines(const std::vector<std::string>& wrong) {
  std::string text = "the page was not typed as it was printed: ";
  for (size_t i = 0; i < std::min(wrong.size(), kMaxToldLines); ++i) {
    text += Cat({i == 0 ? "" : "; ", wrong[i]});
  }
  if (wrong.size() > kMaxToldLines) text += "; and more";
  return InputError("BAD_PAPER_LINE", text);
}

}  // namespace

std::vector<std::string> PaperLines(std::string_view bytes) {
  PALERMO_CHECK(!bytes.empty());
  Symbols symbols;
  uint32_t bits = 0, count = 0;
  for (char c : bytes) {
    bits = (bits << 8 | static_cast<uint8_t>(c)) & 0xFFFFF;
    for (count += 8; count >= 5; count -= 5) symbols.push_back((bits >> (count - 5)) & 31);
  }
  if (count > 0) symbols.push_back((bits << (5 - count)) & 31);
  std::vector<std::string> lines;
  for (size_t at = 0; at < symbols.size(); at += kPaperLineSymbols) {
    size_t end = std::min(at + kPaperLineSymbols, symbols.size());
    lines.push_back(FormatLine(static_cast<int>(lines.size()) + 1,
                               Symbols(symbols.begin() + static_cast<long>(at),
                                       symbols.begin() + static_cast<long>(end))));
  }
  return lines;
}

absl::StatusOr<std::string> ReadPaperLines(std::string_view page) {
  if (page.size() > kMaxPaperPageBytes) {
    return InputError("BAD_PAPER_LINE", "this is longer than any page; is it the right file?");
  }
  std::vector<std::string_view> lines = NumberedLines(page);
  if (lines.empty() || lines.size() > kMaxPaperLines) {
    return InputError("BAD_PAPER_LINE",
                      absl::StrFormat("a page has 1 to %d numbered lines; this has %d. Type the "
                                      "lines between BEGIN and END with their numbers",
                                      kMaxPaperLines, lines.size()));
  }
  Symbols all;
  std::vector<std::string> wrong;
  int expected = 0;
  for (size_t i = 0; i < lines.size(); ++i) {
    ++expected;
    std::optional<int> number = NumberOf(lines[i]);
    if (!number) {
      wrong.push_back(absl::StrFormat("line %02d does not begin with its number", expected));
      continue;
    }
    if (*number != expected) {
      wrong.push_back(
          absl::StrFormat("line %02d is missing or has a wrong number (%02d)", expected, *number));
      if (*number > expected) expected = *number;
    }
    Typed typed = ReadLine(*number, lines[i].substr(2));
    bool last = i + 1 == lines.size();
    if (typed.wrong.empty() && !last && typed.symbols.size() != kWholeLine) {
      typed.wrong = "is not the last line, but shorter than the others";
    }
    if (!typed.wrong.empty()) {
      wrong.push_back(absl::StrFormat("line %02d: %s", *number, typed.wrong));
      continue;
    }
    all.insert(all.end(), typed.symbols.begin(),
               typed.symbols.end() - static_cast<long>(kPaperChecksumSymbols));
  }
  if (!wrong.empty()) return WrongLines(wrong);
  std::optional<std::string> bytes = ToBytes(all);
  if (bytes) return *std::move(bytes);
  return InputError("BAD_PAPER_LINE", "the lines are right, but the last ones are missing");
}

}  // namespace palermo::crypto::internal
