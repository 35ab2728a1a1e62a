// Selectors, which say in words what they are: which kind a word means, and the one check of each,
// wherever a selector stands.
#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/ip_address.h"
#include "node/casework/phone.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

// Words that mean the first of their row, in capital letters and digits alone, between blanks.
struct KindWords {
  std::string_view word, means;
};
constexpr KindWords kSelectorKinds[] = {
    {"IP",
     " IP IPV4 IPV6 IPADDRESS IPV4ADDRESS IPV6ADDRESS IP4 IP6 IPPORT IPANDPORT IPADDRESSPORT "
     "SOURCEIP IPADDR "},
    {"EMAIL", " EMAIL EMAILADDRESS MAIL MAILBOX MAILADDRESS "},
    {"ACCOUNT",
     " ACCOUNT ACCOUNTID USER USERNAME USERID HANDLE PROFILE NICKNAME ALIAS CHANNEL TELEGRAM "
     "TELEGRAMHANDLE TELEGRAMID TELEGRAMUSER TELEGRAMUSERNAME TELEGRAMACCOUNT TELEGRAMCHANNEL "},
    {"URL", " URL URI LINK WEBSITE WEBADDRESS WEBPAGE "},
    {"DOMAIN", " DOMAIN DOMAINNAME HOST HOSTNAME FQDN "},
    {"PHONE", " PHONE PHONENUMBER TELEPHONE TELEPHONENUMBER TEL MOBILE E164 MSISDN "},
    {"IMEI", " IMEI "},
    {"IMSI", " IMSI "},
    {"DEVICE", " DEVICE DEVICEID MAC MACADDRESS SERIAL ICCID SIM ADVERTISINGID "},
    {"BTC", " BTC BITCOIN BITCOINADDRESS "},
    {"ETH", " ETH ETHEREUM ETHEREUMADDRESS "},
    {"CRYPTO", " CRYPTO CRYPTOADDRESS WALLET WALLETADDRESS TRANSACTION TXID "},
    {"IBAN", " IBAN BANKACCOUNT "},
    {"CARD", " CARD PAN PAYMENTCARD CREDITCARD DEBITCARD BANKCARD PREPAIDCARD CHARGECARD "},
    {"DOCUMENT",
     " DOCUMENT DOCUMENTNUMBER PASSPORT PASSPORTNUMBER IDCARD ID VISA PERMIT "
     "LICENCE "},
    {"PLATE", " PLATE NUMBERPLATE LICENCEPLATE LICENSEPLATE REGISTRATION "},
    {"VIN", " VIN CHASSIS "},
    {"CONTAINER", " CONTAINER AWB S10 PARCEL CONSIGNMENT "},
    {"VESSEL", " VESSEL IMO MMSI CALLSIGN "},
    {"HASH", " HASH SHA256 SHA1 MD5 FILEHASH "},
    {"NAME", " NAME COMPANY LEI "},
    {"OTHER", " OTHER "},
};

std::string KindWord(std::string_view kind) {
  std::string word;
  for (char c : kind) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) word += absl::ascii_toupper(byte);
  }
  return word;
}

// An instant with its offset, to the second; a date alone does not single out a user.
bool IsExact(const std::string& at) {
  return at.size() > 18 && at[16] == ':' && ParseInstant(at).ok();
}

constexpr std::string_view kVersionWords[] = {"VERSION", "BUILD", "FIRMWARE", "RELEASE",
                                              "OBJECTIDENTIFIER"};

// Four numbers with points between them are no address where the word says what they are.
bool NamesAVersion(std::string_view kind) {
  const std::string word = KindWord(kind);
  return word == "OID" ||
         std::any_of(std::begin(kVersionWords), std::end(kVersionWords),
                     [&](std::string_view part) { return word.find(part) != std::string::npos; });
}

// Sealed only, or the first six digits and the last four.
void CheckCard(const v1::Selector& selector, const std::string& at, Report& report) {
  if (SelectorKind(selector.kind()) == "CARD" && IsPaymentCard(selector.value())) {
    report.Say("R-SEAL-01.card", at);
  }
}

}  // namespace

std::string_view SelectorKind(std::string_view kind) {
  const std::string word = KindWord(kind);
  const auto find = [](std::string_view text) -> std::string_view {
    if (text.empty()) return "";
    const std::string sought = Cat({" ", text, " "});
    for (const KindWords& row : kSelectorKinds) {
      if (row.means.find(sought) != std::string_view::npos) return row.word;
    }
    return "";
  };
  if (const std::string_view found = find(word); !found.empty()) return found;
  // "Credit card number", "account no."
  for (std::string_view end : {"NUMBER", "NO"}) {
    if (word.ends_with(end))
      return find(std::string_view(word).substr(0, word.size() - end.size()));
  }
  return "";
}

bool IsPlausible(const v1::Selector& selector) {
  constexpr size_t kFewest = 3, kMost = 256;
  const auto letter = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || absl::ascii_isalpha(byte);
  };
  const std::string& kind = selector.kind();
  if (std::count_if(kind.begin(), kind.end(), letter) < 2) return false;
  const std::string& value = selector.ip().empty() ? selector.value() : selector.ip();
  const size_t length = VisibleLength(value);
  // What is written in words describes; an identifier has no blank, or digits.
  const bool one_word = value.find(' ') == std::string::npos;
  return length >= kFewest && length <= kMost && (one_word || HasDigit(value));
}

void CheckAddress(const v1::Selector& s, bool port, const std::string& at, Report& report) {
  const std::string_view kind = SelectorKind(s.kind());
  const bool said = kind == "IP" || !s.ip().empty();
  // What looks like an address is one, whatever an officer calls it.
  const auto address = ParseIp(s.ip().empty() ? s.value() : s.ip());
  if (!said && (!address.has_value() || NamesAVersion(s.kind()))) return;
  if (!said && OneOf(kind, {"DOMAIN", "DEVICE", "URL", "EMAIL", "ACCOUNT", "NAME"})) {
    report.Say("R-CYB-IP.kind", at + ".kind");
    return;
  }
  if (!said && !kind.empty() && kind != "OTHER") return;
  if (!IsExact(s.at())) report.Say("R-CYB-IP.time", at + ".at");
  if (!address.has_value() || address->IsPrivate()) report.Say("R-CYB-IP.private", at + ".ip");
  if (!port) return;
  const uint32_t number = s.has_port() ? s.port() : address ? address->port.value_or(0) : 0;
  if (number > 65535) {
    report.Say("R-CYB-IP.port_range", at + ".port");
  } else if (number == 0) {
    report.Say("R-CYB-IP.port", at + ".port");
  }
}

void CheckSelector(const v1::Selector& selector, const std::string& at, Report& report) {
  const std::string_view key = IdentifierProblem(selector.kind(), selector.value());
  if (!key.empty()) report.Say(key, at + ".value");
  if (SelectorKind(selector.kind()) == "PHONE" && !IsPhone(selector.value())) {
    report.Say("R-GEN-01.phone", at + ".value");
  }
  CheckCard(selector, at + ".value", report);
}

}  // namespace palermo::casework
