#include "node/casework/identifiers.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Without blanks and hyphens, in capital letters; "" when it has more than 64 bytes. None of the
// schemes here tells small letters from capital ones.
std::string Compact(std::string_view text) {
  std::string out;
  if (text.size() > 64) return out;
  for (char c : text) {
    if (c != ' ' && c != '-') out += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  return out;
}

int Luhn(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    int d = digits[digits.size() - 1 - i] - '0';
    if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10;
}

// Letters as 10 to 35, the whole number modulo 97; -1 for another character.
int Mod97(std::string_view text) {
  int rest = 0;
  for (char c : text) {
    if (IsDigit(c)) {
      rest = (rest * 10 + (c - '0')) % 97;
    } else if (IsUpper(c)) {
      rest = (rest * 100 + (c - 'A' + 10)) % 97;
    } else {
      return -1;
    }
  }
  return rest;
}

bool Gs1(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    sum += (digits[digits.size() - 1 - i] - '0') * (i % 2 == 0 ? 1 : 3);
  }
  return sum % 10 == 0;
}

// ISO 13616's registry; 0 for a country that is not in it.
size_t IbanLength(std::string_view country) {
  constexpr std::string_view kLengths =
      "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18"
      "FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21"
      "LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SD18SE24SI19SK24"
      "SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20";
  for (size_t at = 0; at + 4 <= kLengths.size(); at += 4) {
    if (kLengths.substr(at, 2) != country) continue;
    return static_cast<size_t>((kLengths[at + 2] - '0') * 10 + (kLengths[at + 3] - '0'));
  }
  return 0;
}

}  // namespace

bool IsImoShip(std::string_view text) {
  std::string s = Compact(text);
  if (s.rfind("IMO", 0) == 0) s.erase(0, 3);
  if (s.size() != 7 || !AllDigits(s)) return false;
  int sum = 0;
  for (int i = 0; i < 6; ++i) sum += (s[i] - '0') * (7 - i);
  return sum % 10 == s[6] - '0';
}

bool IsImoCompany(std::string_view text) {
  std::string s = Compact(text);
  if (s.rfind("IMO", 0) == 0) s.erase(0, 3);
  if (s.size() != 7 || !AllDigits(s)) return false;
  constexpr int kWeights[] = {8, 6, 4, 2, 9, 7};
  int sum = 0;
  for (int i = 0; i < 6; ++i) sum += (s[i] - '0') * kWeights[i];
  return (11 - sum % 11) % 10 == s[6] - '0';
}

bool IsMmsi(std::string_view text) {
  const std::string s = Compact(text);
  if (s.size() != 9 || !AllDigits(s)) return false;
  // 0: groups and coast stations; 111: aircraft; 8, 97, 98, 99: other equipment.
  if (s[0] == '0' || s[0] == '8' || s[0] == '9' || s.compare(0, 3, "111") == 0) return true;
  const int country = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
  return country >= 201 && country <= 775;
}

bool IsIban(std::string_view text) {
  std::string s = Compact(text);
  if (s.rfind("IBAN", 0) == 0) s.erase(0, 4);
  if (s.size() < 15 || s.size() > 34 || !IsUpper(s[0]) || !IsUpper(s[1]) || !IsDigit(s[2]) ||
      !IsDigit(s[3])) {
    return false;
  }
  const size_t registered = IbanLength(s.substr(0, 2));
  if (registered != 0 && s.size() != registered) return false;
  return Mod97(s.substr(4) + s.substr(0, 4)) == 1;
}

bool IsBic(std::string_view text) {
  const std::string s = Compact(text);
  const auto letter_or_digit = [](char c) { return IsUpper(c) || IsDigit(c); };
  return (s.size() == 8 || s.size() == 11) && std::all_of(s.begin(), s.begin() + 6, IsUpper) &&
         std::all_of(s.begin() + 6, s.end(), letter_or_digit);
}

bool IsLei(std::string_view text) {
  const std::string s = Compact(text);
  return s.size() == 20 && IsDigit(s[18]) && IsDigit(s[19]) && Mod97(s) == 1;
}

bool IsImei(std::string_view text) {
  const std::string s = Compact(text);
  return s.size() == 15 && AllDigits(s) && Luhn(s) == 0;
}

bool IsGtin(std::string_view text) {
  const std::string s = Compact(text);
  const bool length = s.size() == 8 || s.size() == 12 || s.size() == 13 || s.size() == 14;
  return length && AllDigits(s) && Gs1(s);
}

bool IsSscc(std::string_view text) {
  const std::string s = Compact(text);
  return s.size() == 18 && AllDigits(s) && Gs1(s);
}

bool IsContainer(std::string_view text) {
  const std::string s = Compact(text);
  if (s.size() != 11 || !std::all_of(s.begin(), s.begin() + 4, IsUpper) ||
      !AllDigits(std::string_view(s).substr(4))) {
    return false;
  }
  int sum = 0;
  for (int i = 0; i < 10; ++i) {
    int v = s[i] - '0';
    if (i < 4) {
      // Letters count from 10 and leave out the multiples of 11.
      v = 10;
      for (char c = 'A'; c < s[i]; ++c) v += v % 11 == 10 ? 2 : 1;
    }
    sum += v * (1 << i);
  }
  return sum % 11 % 10 == s[10] - '0';
}

bool IsAirWaybill(std::string_view text) {
  const std::string s = Compact(text);
  if (s.size() != 11 || !AllDigits(s)) return false;
  int serial = 0;
  for (int i = 3; i < 10; ++i) serial = serial * 10 + (s[i] - '0');
  return serial % 7 == s[10] - '0';
}

bool IsPostalItem(std::string_view text) {
  const std::string s = Compact(text);
  if (s.size() != 13 || !IsUpper(s[0]) || !IsUpper(s[1]) || !IsUpper(s[11]) || !IsUpper(s[12]) ||
      !AllDigits(std::string_view(s).substr(2, 9))) {
    return false;
  }
  constexpr int kWeights[] = {8, 6, 4, 2, 3, 5, 9, 7};
  int sum = 0;
  for (int i = 0; i < 8; ++i) sum += (s[2 + i] - '0') * kWeights[i];
  int check = 11 - sum % 11;
  if (check == 10) check = 0;
  if (check == 11) check = 5;
  return check == s[10] - '0';
}

bool IsCas(std::string_view text) {
  const size_t first = text.find('-');
  const size_t second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (second == std::string_view::npos || first < 2 || first > 7 || second - first != 3 ||
      text.size() - second != 2) {
    return false;
  }
  const std::string s = Compact(text);
  if (!AllDigits(s)) return false;
  int sum = 0;
  for (size_t i = 1; i < s.size(); ++i) {
    sum += static_cast<int>(i) * (s[s.size() - 1 - i] - '0');
  }
  return sum % 10 == s.back() - '0';
}

bool IsVin(std::string_view text) {
  const std::string s = Compact(text);
  return s.size() == 17 && std::all_of(s.begin(), s.end(), [](char c) {
           return IsDigit(c) || (IsUpper(c) && c != 'I' && c != 'O' && c != 'Q');
         });
}

bool IsVinChecked(std::string_view text) {
  if (!IsVin(text)) return false;
  const std::string s = Compact(text);
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPRSTUVWXYZ";
  constexpr std::string_view kValues = "12345678123457923456789";
  constexpr int kWeights[] = {8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2};
  int sum = 0;
  for (int i = 0; i < 17; ++i) {
    const size_t letter = kLetters.find(s[i]);
    const int value = letter == std::string_view::npos ? s[i] - '0' : kValues[letter] - '0';
    sum += value * kWeights[i];
  }
  const int check = sum % 11;
  return s[8] == (check == 10 ? 'X' : static_cast<char>('0' + check));
}

// --- Machine-readable zones

namespace {

// -1 for a character that no zone has.
int MrzValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (IsUpper(c)) return c - 'A' + 10;
  return c == '<' ? 0 : -1;
}

int MrzCheck(std::string_view text) {
  constexpr int kWeights[] = {7, 3, 1};
  int sum = 0;
  for (size_t i = 0; i < text.size(); ++i) sum += MrzValue(text[i]) * kWeights[i % 3];
  return sum % 10;
}

bool Agrees(std::string_view text, char check, bool may_be_empty = false) {
  const bool empty = text.find_first_not_of('<') == std::string_view::npos;
  if (may_be_empty && empty && check == '<') return true;
  return IsDigit(check) && MrzCheck(text) == check - '0';
}

bool MrzLine(std::string_view line, size_t length) {
  return line.size() == length &&
         std::all_of(line.begin(), line.end(), [](char c) { return MrzValue(c) >= 0; });
}

bool Td3(std::string_view b) {
  const std::string composite =
      std::string(b.substr(0, 10)) + std::string(b.substr(13, 7)) + std::string(b.substr(21, 22));
  return Agrees(b.substr(0, 9), b[9]) && Agrees(b.substr(13, 6), b[19]) &&
         Agrees(b.substr(21, 6), b[27]) && Agrees(b.substr(28, 14), b[42], true) &&
         Agrees(composite, b[43]);
}

// A document number of more than nine letters goes on in the optional field: then its place for the
// check is empty, and the check ends what goes on.
bool NumberAgrees(std::string_view number, char check, std::string_view optional) {
  if (check != '<') return Agrees(number, check);
  const std::string_view more = optional.substr(0, optional.find('<'));
  if (more.size() < 2) return false;
  return Agrees(std::string(number) + std::string(more.substr(0, more.size() - 1)), more.back());
}

bool Td2(std::string_view b) {
  const std::string composite =
      std::string(b.substr(0, 10)) + std::string(b.substr(13, 7)) + std::string(b.substr(21, 14));
  return NumberAgrees(b.substr(0, 9), b[9], b.substr(28, 7)) && Agrees(b.substr(13, 6), b[19]) &&
         Agrees(b.substr(21, 6), b[27]) && Agrees(composite, b[35]);
}

bool Td1(std::string_view a, std::string_view b) {
  const std::string composite = std::string(a.substr(5, 25)) + std::string(b.substr(0, 7)) +
                                std::string(b.substr(8, 7)) + std::string(b.substr(18, 11));
  return NumberAgrees(a.substr(5, 9), a[14], a.substr(15, 15)) && Agrees(b.substr(0, 6), b[6]) &&
         Agrees(b.substr(8, 6), b[14]) && Agrees(composite, b[29]);
}

}  // namespace

bool IsMrz(const std::vector<std::string>& given) {
  std::vector<std::string> lines = given;
  for (std::string& line : lines) absl::AsciiStrToUpper(&line);
  const auto all = [&](size_t length) {
    return std::all_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return MrzLine(line, length); });
  };
  if (lines.size() == 2 && all(44)) return Td3(lines[1]);
  if (lines.size() == 2 && all(36)) return Td2(lines[1]);
  if (lines.size() == 3 && all(30)) return Td1(lines[0], lines[1]);
  return false;
}

// --- Bech32, BIP 173 and BIP 350

namespace {

uint32_t Polymod(uint32_t chk, uint8_t value) {
  constexpr uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
  const uint32_t top = chk >> 25;
  chk = (chk & 0x1ffffff) << 5 ^ value;
  for (int i = 0; i < 5; ++i) {
    if ((top >> i & 1) != 0) chk ^= kGenerator[i];
  }
  return chk;
}

// The witness version and program of BIP 141: 32 bytes or 20 in version 0, 2 to 40 later; what
// fills up the last letter is zero.
bool IsWitnessProgram(const std::vector<uint8_t>& values) {
  constexpr size_t kCheckLetters = 6;
  if (values.size() < 1 + kCheckLetters || values[0] > 16) return false;
  const size_t letters = values.size() - 1 - kCheckLetters;
  const size_t bytes = letters * 5 / 8, rest = letters * 5 % 8;
  if (rest >= 5) return false;
  if (rest > 0 && (values[letters] & ((1u << rest) - 1)) != 0) return false;
  return values[0] == 0 ? bytes == 20 || bytes == 32 : bytes >= 2 && bytes <= 40;
}

}  // namespace

bool IsSegwitAddress(std::string_view text) {
  constexpr std::string_view kLetters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  constexpr uint32_t kBech32 = 1, kBech32m = 0x2bc830a3;
  std::string s(text);
  const bool upper = std::any_of(s.begin(), s.end(), IsUpper);
  for (char& c : s) {
    if (upper && c >= 'a' && c <= 'z') return false;
    c = absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  const size_t one = s.rfind('1');
  if (s.size() > 90 || one == std::string::npos || one == 0 || s.size() - one < 8) return false;
  const std::string prefix = s.substr(0, one);
  if (prefix != "bc" && prefix != "tb" && prefix != "bcrt") return false;
  uint32_t chk = 1;
  for (char c : prefix) chk = Polymod(chk, static_cast<uint8_t>(c) >> 5);
  chk = Polymod(chk, 0);
  for (char c : prefix) chk = Polymod(chk, static_cast<uint8_t>(c) & 31);
  std::vector<uint8_t> values;
  for (size_t i = one + 1; i < s.size(); ++i) {
    const size_t value = kLetters.find(s[i]);
    if (value == std::string_view::npos) return false;
    chk = Polymod(chk, static_cast<uint8_t>(value));
    values.push_back(static_cast<uint8_t>(value));
  }
  return IsWitnessProgram(values) && chk == (s[one + 1] == 'q' ? kBech32 : kBech32m);
}

}  // namespace palermo::casework
