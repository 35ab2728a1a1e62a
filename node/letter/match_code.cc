#include "node/letter/match_code.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace palermo::letter {
namespace {

// Crockford's base32: no I, L, O, U.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr size_t kDataChars = 16;  // 80 bits
constexpr size_t kGroup = 4;

// As ISO/IEC 7064 MOD 97-10, over the values of the characters as numbers of two digits: 100 is 3
// modulo 97, so that no wrong character and no exchange of neighbours can pass.
int Rest97(std::string_view data, int check) {
  int rest = 0;
  for (char c : data) rest = (rest * 100 + static_cast<int>(kAlphabet.find(c))) % 97;
  return (rest * 100 + check) % 97;
}

std::string WithHyphens(const std::string& plain) {
  std::string text;
  for (size_t i = 0; i < plain.size(); ++i) {
    if (i > 0 && i % kGroup == 0) text += '-';
    text += plain[i];
  }
  return text;
}

}  // namespace

std::string MatchCode(const Hash& message_id) {
  std::string plain;
  uint32_t bits = 0;
  int count = 0;
  for (size_t i = 0; plain.size() < kDataChars; ++i) {
    bits = (bits << 8) | message_id[i];
    for (count += 8; count >= 5; count -= 5) plain += kAlphabet[(bits >> (count - 5)) & 31];
  }
  plain += absl::StrFormat("%02d", 98 - Rest97(plain, 0));
  return WithHyphens(plain);
}

absl::StatusOr<std::string> ParseMatchCode(std::string_view text) {
  std::string plain;
  for (char c : text) {
    char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
    if (upper == '-' || upper == ' ') continue;
    if (upper == 'O') upper = '0';
    if (upper == 'I' || upper == 'L') upper = '1';
    bool known = kAlphabet.find(upper) != std::string_view::npos;
    if (!known || plain.size() == kDataChars + 2) {
      plain.clear();
      break;
    }
    plain += upper;
  }
  int check = 0;
  bool whole = plain.size() == kDataChars + 2 &&
               absl::ascii_isdigit(static_cast<unsigned char>(plain[kDataChars])) &&
               absl::SimpleAtoi(plain.substr(kDataChars), &check);
  if (!whole || Rest97(plain.substr(0, kDataChars), check) != 1) {
    return InputError("BAD_MATCH_CODE",
                      "this is no matching code: 16 letters and digits and two check digits, as in "
                      "the letter's footer; compare it with the paper");
  }
  return WithHyphens(plain);
}

std::string GroupedId(const Hash& message_id) {
  std::string hex = HexEncode(AsView(message_id));
  std::string text;
  for (size_t i = 0; i < hex.size(); i += 8) text += Cat({i == 0 ? "" : " ", hex.substr(i, 8)});
  return text;
}

}  // namespace palermo::letter
