// Addresses of crypto assets, and codes of lists and forms.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "base/state_code.h"
#include "node/casework/check_hashes.h"
#include "node/casework/identifiers.h"
#include "node/casework/phone.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Without blanks, hyphens, points and brackets; "" when it has more than 64 bytes.
std::string Undecorated(std::string_view text) {
  std::string out;
  if (text.size() > 64) return out;
  for (char c : text) {
    if (std::string_view(" -.()/").find(c) == std::string_view::npos) out += c;
  }
  return out;
}

// The 25 bytes of a base58check address: version, hash, check. Empty when it is none.
std::string FromBase58(std::string_view text) {
  constexpr std::string_view kLetters =
      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  constexpr size_t kBytes = 25;
  std::string bytes(kBytes, '\0');
  size_t zeros = 0;
  while (zeros < text.size() && text[zeros] == '1') ++zeros;
  for (char c : text) {
    const size_t value = kLetters.find(c);
    if (value == std::string_view::npos) return "";
    size_t carry = value;
    for (size_t i = kBytes; i-- > 0;) {
      carry += size_t{58} * static_cast<uint8_t>(bytes[i]);
      bytes[i] = static_cast<char>(carry & 0xFF);
      carry >>= 8;
    }
    if (carry != 0) return "";
  }
  // Each leading 1 is a zero byte, no more and no fewer.
  const size_t leading = std::min(bytes.find_first_not_of('\0'), kBytes);
  return leading == zeros ? bytes : "";
}

// Codes of two or three letters in a row.
bool InList(std::string_view list, std::string_view code, size_t length) {
  if (code.size() != length) return false;
  for (size_t at = 0; at + length <= list.size(); at += length) {
    if (list.substr(at, length) == code) return true;
  }
  return false;
}

constexpr std::string_view kCountries =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM"
    "CN"
    "COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHK"
    "HM"
    "HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMH"
    "MK"
    "MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRU"
    "RW"
    "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVG"
    "VI"
    "VNVUWFWSYEYTZAZMZW";
constexpr std::string_view kCountries3 =
    "ABWAFGAGOAIAALAALBANDAREARGARMASMATAATFATGAUSAUTAZEBDIBELBENBESBFABGDBGRBHRBHSBIHBLMBLRBLZ"
    "BMUBOLBRABRBBRNBTNBVTBWACAFCANCCKCHECHLCHNCIVCMRCODCOGCOKCOLCOMCPVCRICUBCUWCXRCYMCYPCZEDEU"
    "DJIDMADNKDOMDZAECUEGYERIESHESPESTETHFINFJIFLKFRAFROFSMGABGBRGEOGGYGHAGIBGINGLPGMBGNBGNQGRC"
    "GRDGRLGTMGUFGUMGUYHKGHMDHNDHRVHTIHUNIDNIMNINDIOTIRLIRNIRQISLISRITAJAMJEYJORJPNKAZKENKGZKHM"
    "KIRKNAKORKWTLAOLBNLBRLBYLCALIELKALSOLTULUXLVAMACMAFMARMCOMDAMDGMDVMEXMHLMKDMLIMLTMMRMNEMNG"
    "MNPMOZMRTMSRMTQMUSMWIMYSMYTNAMNCLNERNFKNGANICNIUNLDNORNPLNRUNZLOMNPAKPANPCNPERPHLPLWPNGPOL"
    "PRIPRKPRTPRYPSEPYFQATREUROURUSRWASAUSDNSENSGPSGSSHNSJMSLBSLESLVSMRSOMSPMSRBSSDSTPSURSVKSVN"
    "SWESWZSXMSYCSYRTCATCDTGOTHATJKTKLTKMTLSTONTTOTUNTURTUVTWNTZAUGAUKRUMIURYUSAUZBVATVCTVENVGB"
    "VIRVNMVUTWLFWSMYEMZAFZMBZWE";
constexpr std::string_view kCurrencies =
    "AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLPCNYCOPC"
    "RC"
    "CUPCVECZKDJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJ"
    "MD"
    "JODJPYKESKGSKHRKMFKPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNN"
    "AD"
    "NGNNIONOKNPRNZDOMRPABPENPGKPHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCS"
    "YP"
    "SZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGXUSDUYUUZSVESVNDVUVWSTXAFXCDXOFXPFXTSXXXYERZARZMWZWGXAUXAG";
constexpr std::string_view kNoMinor = "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXVNDVUVXAFXOFXPF";
constexpr std::string_view kThreeMinor = "BHDIQDJODKWDLYDOMRTND";

}  // namespace

bool IsBase58Address(std::string_view text) {
  if (text.size() < 26 || text.size() > 35) return false;
  const std::string bytes = FromBase58(text);
  if (bytes.empty()) return false;
  const auto version = static_cast<uint8_t>(bytes[0]);
  // Key and script hash, of the main and the test network.
  if (version != 0x00 && version != 0x05 && version != 0x6F && version != 0xC4) return false;
  const CheckHash once = CheckSha256(std::string_view(bytes).substr(0, 21));
  const CheckHash twice =
      CheckSha256(std::string_view(reinterpret_cast<const char*>(once.data()), once.size()));
  return std::equal(bytes.begin() + 21, bytes.end(), twice.begin(),
                    [](char a, uint8_t b) { return static_cast<uint8_t>(a) == b; });
}

bool IsBitcoinAddress(std::string_view text) {
  return IsSegwitAddress(text) || IsBase58Address(text);
}

EthAddress EthAddressKind(std::string_view text) {
  if (text.size() != 42 || text[0] != '0' || text[1] != 'x') return EthAddress::kBad;
  const std::string_view digits = text.substr(2);
  std::string lower;
  bool small = false, capital = false;
  for (char c : digits) {
    const auto u = static_cast<unsigned char>(c);
    if (!absl::ascii_isxdigit(u)) return EthAddress::kBad;
    small |= absl::ascii_islower(u);
    capital |= absl::ascii_isupper(u);
    lower += absl::ascii_tolower(u);
  }
  // Digits alone are right in any case.
  if (!small && !capital) return EthAddress::kGood;
  const CheckHash hash = CheckKeccak256(lower);
  bool good = true;
  for (size_t i = 0; i < digits.size(); ++i) {
    const auto u = static_cast<unsigned char>(digits[i]);
    if (!absl::ascii_isalpha(u)) continue;
    const uint8_t half = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0x0F;
    good &= absl::ascii_isupper(u) == (half >= 8);
  }
  if (good) return EthAddress::kGood;
  return small && capital ? EthAddress::kBad : EthAddress::kUnchecked;
}

bool IsImsi(std::string_view text) {
  const std::string s = Undecorated(text);
  return s.size() >= 6 && s.size() <= 15 && AllDigits(s);
}

bool IsE164(std::string_view text) {
  const std::string s = Undecorated(text);
  return s.size() >= 8 && s.size() <= 16 && s[0] == '+' && s[1] != '0' &&
         AllDigits(std::string_view(s).substr(1));
}

bool IsAtc(std::string_view text) {
  const std::string s = absl::AsciiStrToUpper(std::string(text));
  return s.size() == 7 && IsUpper(s[0]) && IsDigit(s[1]) && IsDigit(s[2]) && IsUpper(s[3]) &&
         IsUpper(s[4]) && IsDigit(s[5]) && IsDigit(s[6]);
}

bool IsHs(std::string_view text) {
  const std::string s = Undecorated(text);
  return s.size() == 6 && AllDigits(s);
}

bool IsUnLocode(std::string_view text) {
  std::string s(text);
  if (s.size() == 6 && s[2] == ' ') s.erase(2, 1);
  return s.size() == 5 && IsCountry(std::string_view(s).substr(0, 2)) &&
         std::all_of(s.begin() + 2, s.end(),
                     [](char c) { return IsUpper(c) || (c >= '2' && c <= '9'); });
}

bool IsTaxon(std::string_view text) {
  size_t words = 0;
  while (!text.empty() && words < 5) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    const bool capital = !word.empty() && IsUpper(word[0]);
    const bool letters = std::all_of(word.begin() + (word.empty() ? 0 : 1), word.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || c == '-' || c == '.';
    });
    // A genus or a higher name first, then what is written in small letters; "×" marks a hybrid.
    const bool small = !word.empty() && word[0] >= 'a' && word[0] <= 'z';
    const bool hybrid = word == "\xc3\x97" || word == "x";
    if (words == 0 ? !capital || !letters : !hybrid && (!small || !letters)) return false;
    ++words;
  }
  return words > 0 && text.empty();
}

bool IsPaymentCard(std::string_view text) {
  const std::string s = Undecorated(text);
  if (s.size() < 12 || s.size() > 19 || !AllDigits(s)) return false;
  int sum = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    int d = s[s.size() - 1 - i] - '0';
    if (i % 2 == 1) d = d * 2 > 9 ? d * 2 - 9 : d * 2;
    sum += d;
  }
  return sum % 10 == 0;
}

bool IsCitesPurpose(std::string_view text) {
  return text.size() == 1 && std::string_view("TZGQSHPMENBL").find(text) != std::string_view::npos;
}
bool IsCitesSource(std::string_view text) {
  return text.size() == 1 && std::string_view("WXRDACFYUIO").find(text) != std::string_view::npos;
}

bool IsHexHash(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

bool IsPosition(double lat, double lon, double radius_m) {
  return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && radius_m > 0;
}

bool IsCountry(std::string_view code) {
  // XX is "unknown" in many systems, so nobody means a country by it.
  return (IsExerciseStateCode(code) && code != "XX") || InList(kCountries, code, 2);
}

bool IsCountry3(std::string_view code) {
  if (code.size() != 3 || !std::all_of(code.begin(), code.end(), IsUpper)) return false;
  const std::string_view two = code.substr(0, 2);
  const bool assigned =
      two == "AA" || two == "ZZ" || (two >= "QM" && two <= "QZ") || (code[0] == 'X');
  return assigned || InList(kCountries3, code, 3);
}

bool IsCurrency(std::string_view code) { return InList(kCurrencies, code, 3); }

int MinorDigits(std::string_view currency) {
  if (!IsCurrency(currency)) return -1;
  if (InList(kNoMinor, currency, 3)) return 0;
  return InList(kThreeMinor, currency, 3) ? 3 : 2;
}

// --- GS1 element strings

namespace {

// YYMMDD; the day 00 is the last of the month.
std::optional<std::string> ExpiryOf(const std::string& value) {
  const auto two = [&](size_t at) { return (value[at] - '0') * 10 + (value[at + 1] - '0'); };
  const int year = 2000 + two(0), month = two(2), day = two(4);
  if (month < 1 || month > 12) return std::nullopt;
  const absl::CivilDay last = absl::CivilDay(absl::CivilMonth(year, month) + 1) - 1;
  if (day > last.day()) return std::nullopt;
  return absl::StrFormat("%d-%02d-%02d", year, month, day == 0 ? last.day() : day);
}

}  // namespace

std::optional<Gs1Element> ParseGs1(std::string_view text) {
  Gs1Element out;
  bool any = false;
  while (!text.empty()) {
    if (text.size() < 5 || text[0] != '(' || text[3] != ')') return std::nullopt;
    const std::string_view code = text.substr(1, 2);
    text.remove_prefix(4);
    const std::string value(text.substr(0, text.find('(')));
    text.remove_prefix(value.size());
    constexpr size_t kLongest = 20;
    if (code == "01") {
      if (value.size() != 14 || !IsGtin(value)) return std::nullopt;
      out.gtin = value;
    } else if (code == "00") {
      if (!IsSscc(value)) return std::nullopt;
      out.sscc = value;
    } else if (code == "10" || code == "21") {
      if (value.empty() || value.size() > kLongest) return std::nullopt;
      (code == "10" ? out.batch : out.serial) = value;
    } else if (code == "17") {
      if (value.size() != 6 || !AllDigits(value)) return std::nullopt;
      const auto expiry = ExpiryOf(value);
      if (!expiry.has_value()) return std::nullopt;
      out.expiry = *expiry;
    } else {
      return std::nullopt;
    }
    any = true;
  }
  return any ? std::optional<Gs1Element>(out) : std::nullopt;
}

// --- Normal form and display

std::string NormalIdentifier(std::string_view scheme, std::string_view text) {
  const std::string name = absl::AsciiStrToUpper(std::string(scheme));
  if (name == "PHONE" || name == "E164" || name == "MSISDN") {
    const std::string phone = NormalPhone(text);
    return phone.empty() ? Undecorated(text) : phone;
  }
  constexpr std::string_view kCompacted[] = {"IBAN", "BIC",  "LEI",  "IMO", "MMSI", "IMEI", "CONT",
                                             "AWB",  "GTIN", "SSCC", "S10", "VIN",  "CARD", "IMSI"};
  if (std::find(std::begin(kCompacted), std::end(kCompacted), name) == std::end(kCompacted)) {
    return std::string(absl::StripAsciiWhitespace(std::string(text)));
  }
  std::string out = absl::AsciiStrToUpper(Undecorated(text));
  // No country's code begins so.
  if (name == "IBAN" && out.rfind("IBAN", 0) == 0) out.erase(0, 4);
  for (std::string_view word : {"IMO", "AWB"}) {
    // The word before its number, and nothing else: the form of a form is itself.
    const bool numbered = out.size() > word.size() &&
                          absl::ascii_isdigit(static_cast<unsigned char>(out[word.size()]));
    if (name == word && out.rfind(word, 0) == 0 && numbered) out.erase(0, word.size());
  }
  return out;
}

std::string DisplayIdentifier(std::string_view scheme, std::string_view text) {
  const std::string name = absl::AsciiStrToUpper(std::string(scheme));
  std::string s = NormalIdentifier(scheme, text);
  if (name == "PHONE" || name == "E164" || name == "MSISDN") return DisplayPhone(s);
  // The first six and the last four, as receipts show it.
  if (name == "CARD" && s.size() > 10) {
    return s.substr(0, 6) + std::string(s.size() - 10, '*') + s.substr(s.size() - 4);
  }
  if (name == "IBAN") {
    for (size_t at = 4; at < s.size(); at += 5) s.insert(at, " ");
  } else if (name == "AWB" && s.size() == 11) {
    s.insert(3, "-");
  } else if (name == "CONT" && s.size() == 11) {
    s.insert(10, " ");
    s.insert(4, " ");
  } else if (name == "S10" && s.size() == 13) {
    for (size_t at : {11, 8, 5, 2}) s.insert(at, " ");
  } else if (name == "IMO") {
    s.insert(0, "IMO ");
  }
  return s;
}

}  // namespace palermo::casework
