// Check digits and forms of identifiers. True means that the form and the check are right, not that
// the thing exists. Text with blanks and hyphens where people write them is taken. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_IDENTIFIERS_H_
#define PALERMO_NODE_CASEWORK_IDENTIFIERS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

bool IsImoShip(std::string_view text);     // 7 digits, weights 7..2
bool IsImoCompany(std::string_view text);  // 7 digits, weights 8, 6, 4, 2, 9, 7
bool IsMmsi(std::string_view text);        // 9 digits; a ship's begin with 201 to 775
bool IsIban(std::string_view text);        // ISO 13616, mod 97, length where registered
bool IsBic(std::string_view text);         // ISO 9362; form only
bool IsLei(std::string_view text);         // ISO 17442, mod 97-10
bool IsImei(std::string_view text);        // 15 digits, Luhn
bool IsGtin(std::string_view text);        // 8, 12, 13 or 14 digits
bool IsSscc(std::string_view text);        // 18 digits
bool IsContainer(std::string_view text);   // ISO 6346
bool IsAirWaybill(std::string_view text);  // prefix, 7 digits, check mod 7
bool IsPostalItem(std::string_view text);  // UPU S10
bool IsCas(std::string_view text);         // digits-2-1
bool IsVin(std::string_view text);         // form of ISO 3779
bool IsVinChecked(std::string_view text);  // also the North American check digit
// The lines of a machine-readable zone, ICAO 9303: TD1, TD2 or TD3.
bool IsMrz(const std::vector<std::string>& lines);
bool IsSegwitAddress(std::string_view text);  // bech32 and bech32m, BIP 173 and 350
bool IsBase58Address(std::string_view text);  // base58check of a bitcoin key or script hash
bool IsBitcoinAddress(std::string_view text);
// kUnchecked: forty hex digits in one case, which carry no check (EIP-55).
enum class EthAddress : uint8_t { kBad, kUnchecked, kGood };
EthAddress EthAddressKind(std::string_view text);

bool IsImsi(std::string_view text);      // at most 15 digits
bool IsE164(std::string_view text);      // "+" and at most 15 digits; form only
bool IsAtc(std::string_view text);       // N02BE01
bool IsHs(std::string_view text);        // six digits of the WCO
bool IsUnLocode(std::string_view text);  // form and country
// A scientific name: "Panthera onca", "Dalbergia spp.", a genus or family alone.
bool IsTaxon(std::string_view text);
bool IsPaymentCard(std::string_view text);  // ISO/IEC 7812, Luhn; never shown whole
bool IsCitesPurpose(std::string_view text);
bool IsCitesSource(std::string_view text);
bool IsHexHash(std::string_view text);  // 64 hex digits
bool IsPosition(double lat, double lon, double radius_m);
// ISO 3166-1 alpha-2, the user-assigned ones too; ISO 4217 with XTS.
bool IsCountry(std::string_view text);
bool IsCountry3(std::string_view text);  // alpha-3; QMA to QZZ, XAA to XZZ are user-assigned
bool IsCurrency(std::string_view text);
// Digits after the point of an amount: 2, JPY 0, KWD 3. -1 for no currency.
int MinorDigits(std::string_view currency);

// What a GS1 element string says: (01) GTIN, (10) batch, (17) expiry, (21) serial, (00) SSCC.
struct Gs1Element {
  std::string gtin, batch, expiry, serial, sscc;  // expiry as 2027-08-31; "" where it is missing
};
// "(01)09521234567899(17)270831(10)AX77-19". Nothing when it is not one, or its check fails.
std::optional<Gs1Element> ParseGs1(std::string_view text);

// Schemes as in an Identifier's scheme: "IBAN", "IMO", "ETH", ... As they are stored and compared:
// no blanks or hyphens, capital letters where the scheme has no other. Other schemes: unchanged.
std::string NormalIdentifier(std::string_view scheme, std::string_view text);
// As people read it: an IBAN in groups of four, "999-12345675", "CSQU 305438 3".
std::string DisplayIdentifier(std::string_view scheme, std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_IDENTIFIERS_H_
