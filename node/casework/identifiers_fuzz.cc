// Any bytes as any identifier: every check ends, a normal form is its own normal form, and what
// passed a check passes it in its normal form and as it is shown.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/phone.h"

namespace {

namespace casework = palermo::casework;

struct Scheme {
  const char* name;
  bool (*good)(std::string_view);
};
constexpr Scheme kSchemes[] = {
    {"IBAN", casework::IsIban},      {"BIC", casework::IsBic},        {"LEI", casework::IsLei},
    {"IMO", casework::IsImoShip},    {"MMSI", casework::IsMmsi},      {"IMEI", casework::IsImei},
    {"CONT", casework::IsContainer}, {"AWB", casework::IsAirWaybill}, {"GTIN", casework::IsGtin},
    {"SSCC", casework::IsSscc},      {"S10", casework::IsPostalItem}, {"VIN", casework::IsVin},
    {"PHONE", casework::IsPhone},    {"IMSI", casework::IsImsi},
};

void TryScheme(const Scheme& scheme, const std::string& text) {
  const std::string normal = casework::NormalIdentifier(scheme.name, text);
  PALERMO_CHECK(casework::NormalIdentifier(scheme.name, normal) == normal);
  casework::DisplayIdentifier(scheme.name, text);
  if (!scheme.good(text)) return;
  PALERMO_CHECK(scheme.good(normal));
  const std::string shown = casework::DisplayIdentifier(scheme.name, text);
  PALERMO_CHECK(casework::NormalIdentifier(scheme.name, shown) == normal);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const Scheme& scheme : kSchemes) TryScheme(scheme, text);
  for (auto check : {casework::IsImoCompany, casework::IsCas, casework::IsVinChecked,
                     casework::IsBitcoinAddress, casework::IsE164, casework::IsAtc, casework::IsHs,
                     casework::IsUnLocode, casework::IsCountry, casework::IsCountry3,
                     casework::IsCurrency, casework::IsTaxon, casework::IsPaymentCard,
                     casework::IsHexHash, casework::IsCitesPurpose, casework::IsCitesSource}) {
    check(text);
  }
  casework::EthAddressKind(text);
  casework::MinorDigits(text);
  casework::NationalPhones(text);
  const auto gs1 = casework::ParseGs1(text);
  PALERMO_CHECK(!gs1.has_value() || gs1->gtin.empty() || casework::IsGtin(gs1->gtin));
  std::vector<std::string> lines(1);
  for (char c : text) {
    if (c == '\n') {
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  casework::IsMrz(lines);
  for (const char* member : {"imo", "account", "crypto_address", "containers", "awb", "cas"}) {
    casework::IdentifierProblem(member, text);
  }
  return 0;
}
