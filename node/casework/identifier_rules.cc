// Identifiers that an operator entered: the check digits of the standards.
#include "node/casework/identifier_rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "node/casework/identifiers.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool IsAwbWithWord(std::string_view text) {
  if (text.substr(0, 3) == "AWB") text.remove_prefix(3);
  return IsAirWaybill(text);
}
// Many account numbers are no IBAN; what looks like one must be one.
bool IsAccount(std::string_view text) {
  const auto letter = [&](size_t i) {
    return absl::ascii_isupper(static_cast<unsigned char>(text[i]));
  };
  const bool looks = text.size() >= 15 && letter(0) && letter(1) &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text[2])) &&
                     absl::ascii_isdigit(static_cast<unsigned char>(text[3]));
  return !looks || IsIban(text);
}
bool IsCrypto(std::string_view text) {
  const bool segwit =
      text.substr(0, 3) == "bc1" || text.substr(0, 3) == "BC1" || text.substr(0, 3) == "tb1";
  return !segwit || IsSegwitAddress(text);
}

struct Kind {
  std::string_view member;
  std::string_view key;
  bool (*good)(std::string_view text);
};
constexpr Kind kKinds[] = {
    {"imo", "R-ID-IMO.check", IsImoShip},
    {"mmsi", "R-ID-MMSI.check", IsMmsi},
    {"iban", "R-ID-IBAN.check", IsIban},
    {"account", "R-ID-IBAN.check", IsAccount},
    {"imei", "R-ID-IMEI.check", IsImei},
    {"gtin", "R-ID-GTIN.check", IsGtin},
    {"sscc", "R-ID-GTIN.check", IsSscc},
    {"container", "R-ID-CONT.check", IsContainer},
    {"postal", "R-ID-S10.check", IsPostalItem},
    {"cas", "R-ID-CAS.check", IsCas},
    {"lei", "R-ID-LEI.check", IsLei},
    {"awb", "R-ID-AWB.check", IsAwbWithWord},
    {"vin", "R-ID-VIN.check", IsVinChecked},
    {"btc", "R-ID-BTC.check", IsCrypto},
    {"crypto_address", "R-ID-BTC.check", IsCrypto},
};

void One(std::string_view member, const std::string& value, std::string at, Report& report) {
  const std::string_view key = IdentifierProblem(member, value);
  if (!key.empty()) report.Say(key, std::move(at));
}

void CheckItem(const v1::Item& item, int i, Report& report) {
  const auto of = [&](std::string_view member) { return At("request.items", i, member); };
  if (item.has_property()) {
    One("iban", item.property().iban(), of("property.iban"), report);
    One("account", item.property().account(), of("property.account"), report);
    One("crypto_address", item.property().crypto_address(), of("property.crypto_address"), report);
  }
  if (!item.account().empty()) One("account", item.account(), of("account"), report);
  if (item.has_vessel()) {
    One("imo", item.vessel().imo(), of("vessel.imo"), report);
    One("mmsi", item.vessel().mmsi(), of("vessel.mmsi"), report);
  }
  if (item.has_consignment()) {
    One("container", item.consignment().container(), of("consignment.container"), report);
    One("awb", item.consignment().awb(), of("consignment.awb"), report);
  }
  for (const std::string& text : item.consignments()) {
    if (text.rfind("AWB", 0) == 0) One("awb", text, of("consignments"), report);
  }
  for (const v1::SubstanceAmount& s : item.substances()) {
    One("cas", s.cas(), of("substances"), report);
  }
  if (item.mrz().empty() || IsMrz({item.mrz().begin(), item.mrz().end()})) return;
  // In a suspect document it is evidence, not a typing error.
  const bool suspect = item.mrz_origin() == "SUSPECT_DOCUMENT";
  report.Say(suspect ? "R-DOC-01.mrz" : "R-ID-MRZ.check", of("mrz"));
}

void CheckIdentifiers(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) CheckItem(r->items(i), i, report);
  for (int i = 0; i < r->persons_size(); ++i) {
    if (!r->persons(i).lei().empty()) {
      One("lei", r->persons(i).lei(), At("request.persons", i, "lei"), report);
    }
  }
}

constexpr Rule kRules[] = {
    {{"R-ID-IMO, -IBAN, -MMSI, -CONT, -AWB, -CAS, -LEI, -BTC, -MRZ, R-DOC-01", "E", "",
      "the check of an identifier fails (MRZ of a suspect document: a note, R-DOC-01)"},
     CheckIdentifiers},
};

}  // namespace

std::span<const Rule> IdentifierRules() { return kRules; }

std::string_view IdentifierProblem(std::string_view member, std::string_view value) {
  if (IsBlank(value)) return "";
  const auto* kind = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& k) { return k.member == member; });
  return kind == std::end(kKinds) || kind->good(value) ? "" : kind->key;
}

}  // namespace palermo::casework
