#include "node/casework/phone.h"

#include <phonenumbers/phonenumberutil.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "node/casework/identifiers.h"

namespace palermo::casework {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr size_t kLongestText = 64;
constexpr char kNoCountry[] = "ZZ";

// "00" is how most of the world dials "+".
std::string WithPlus(std::string_view text) {
  std::string out(absl::StripAsciiWhitespace(std::string(text)));
  if (out.rfind("00", 0) == 0) out.replace(0, 2, "+");
  return out;
}

bool Parse(std::string_view text, const std::string& country, PhoneNumber* number) {
  if (text.empty() || text.size() > kLongestText) return false;
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  const auto error = util.Parse(WithPlus(text), country, number);
  return error == PhoneNumberUtil::NO_PARSING_ERROR && util.IsPossibleNumber(*number);
}

// What libphonenumber does not know: test codes, new codes.
bool IsForm(std::string_view text) { return text.size() <= kLongestText && IsE164(WithPlus(text)); }

bool IsKnownCountry(std::string_view text) {
  PhoneNumber number;
  const auto error = PhoneNumberUtil::GetInstance()->Parse(WithPlus(text), kNoCountry, &number);
  return error != PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR;
}

std::string Digits(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) out += c;
  }
  return out;
}

}  // namespace

bool IsPhone(std::string_view text) {
  PhoneNumber number;
  if (Parse(text, kNoCountry, &number)) return true;
  return IsForm(text) && !IsKnownCountry(text);
}

std::string NormalPhone(std::string_view text, std::string_view country) {
  PhoneNumber number;
  if (Parse(text, country.empty() ? kNoCountry : std::string(country), &number)) {
    std::string out;
    PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::E164, &out);
    return out;
  }
  return IsForm(text) && !IsKnownCountry(text) ? "+" + Digits(WithPlus(text)) : "";
}

std::string DisplayPhone(std::string_view text) {
  PhoneNumber number;
  if (!Parse(text, kNoCountry, &number)) return std::string(text);
  std::string out;
  PhoneNumberUtil::GetInstance()->Format(number, PhoneNumberUtil::INTERNATIONAL, &out);
  return out;
}

std::vector<std::string> NationalPhones(std::string_view text) {
  PhoneNumber number;
  if (!Parse(text, kNoCountry, &number)) return {};
  const PhoneNumberUtil& util = *PhoneNumberUtil::GetInstance();
  std::string significant, national;
  util.GetNationalSignificantNumber(number, &significant);
  util.Format(number, PhoneNumberUtil::NATIONAL, &national);
  std::vector<std::string> out = {significant};
  national = Digits(national);
  if (national != significant) out.push_back(national);
  return out;
}

}  // namespace palermo::casework
