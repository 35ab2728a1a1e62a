// Check digits and forms of identifiers. True means that the form and the check are right, not that
// the thing exists. Text with blanks and hyphens where people write them is taken. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_IDENTIFIERS_H_
#define PALERMO_NODE_CASEWORK_IDENTIFIERS_H_

#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

bool IsImoShip(std::string_view text);     // 7 digits, weights 7..2
bool IsMmsi(std::string_view text);        // 9 digits; form only
bool IsIban(std::string_view text);        // ISO 13616, mod 97
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
// Bech32 and bech32m segwit addresses. Base58 addresses need a hash: not judged here.
bool IsSegwitAddress(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_IDENTIFIERS_H_
