// Telephone numbers as libphonenumber knows them; the only place that includes it. Numbers of no
// known country, as the fictional "+999 ...", are judged by E.164's form alone. Thread-safe.
#ifndef PALERMO_NODE_CASEWORK_PHONE_H_
#define PALERMO_NODE_CASEWORK_PHONE_H_

#include <string>
#include <string_view>
#include <vector>

namespace palermo::casework {

// "+41 44 668 18 00", "0041446681800": a number with its country that may exist.
bool IsPhone(std::string_view text);
// "+41446681800"; "" when it is none. `country`: whose national form the text may have, alpha-2.
std::string NormalPhone(std::string_view text, std::string_view country = "");
// "+41 44 668 18 00"; as it is when it is none.
std::string DisplayPhone(std::string_view text);
// The digits that people write for it in its own country, without and with what they dial first
// there: "446681800", "0446681800". Empty when the country is not known.
std::vector<std::string> NationalPhones(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_PHONE_H_
