// The states that a maritime identification digit (MID) is assigned to: the first three digits of a
// ship's MMSI, ITU Radio Regulations, Appendix 43. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_MID_H_
#define PALERMO_NODE_CASEWORK_MID_H_

#include <string_view>

namespace palermo::casework {

// Whether the MMSI is a ship's, its MID is assigned, and to another state than `flag` (ISO 3166-1
// alpha-2). A territory's number fits its state, too. False for whatever is not known, and for the
// codes of exercises.
bool HasOtherMid(std::string_view mmsi, std::string_view flag);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_MID_H_
