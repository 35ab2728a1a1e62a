// What the roles of a person say, and whether a text is or tells a name. Inside the room only.
// Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_PERSONS_H_
#define PALERMO_NODE_CASEWORK_PERSONS_H_

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

bool HasRole(const v1::Person& person, std::initializer_list<std::string_view> roles);
bool IsVictim(const v1::Person& person);
bool IsSuspect(const v1::Person& person);
bool IsChild(const v1::Person& person);
// Whether item `n` of the request stands on the consent of the person `ref`: it cannot be executed
// against the person's will, so it ends when the consent is taken back. False when there is none.
bool StandsOnConsent(const v1::Request& request, uint32_t n, std::string_view ref);
// Whose identity stands in a compartment only.
bool IsProtected(const v1::Person& person);

// Two to four words and nothing else, each written as a name is: "Lina Orsay", "ORSAY Lina",
// "Maria van der Berg". False for scripts without capital letters.
bool IsOnlyAName(std::string_view text);
// The text says that somebody is called so: "a woman named Lina Orsay". Best effort, in the six
// languages of the United Nations as far as they have capital letters.
bool TellsAName(std::string_view text);
// The text says on which day somebody was born: "born 12.03.1999", "née le 3 mars 1999". A year
// alone is an age.
bool TellsABirth(std::string_view text);
// "+" and the digits of a telephone number.
bool TellsAPhone(std::string_view text);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_PERSONS_H_
