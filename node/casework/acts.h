// The words of the header in both directions, who may send which act, and which acts bind the state
// and so need a second officer. Pure tables; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_ACTS_H_
#define PALERMO_NODE_CASEWORK_ACTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "palermo/v1/common.pb.h"

namespace palermo::casework {

namespace v1 = ::palermo::v1;

// Requesting: the state that opened the case. Requested: the state that is asked.
enum class Side : uint8_t { kRequesting = 1, kRequested = 2 };
std::string_view SideName(Side side);  // "REQUESTING"
Side OtherSide(Side side);

// The name of a code: "REQUEST". A number that is no code gives "UNKNOWN(99)".
std::string ActName(v1::Act::Code act);
std::string FamilyName(v1::Family::Code family);
std::string UrgencyName(v1::Urgency::Code urgency);
std::string HandlingName(v1::Handling::Code handling);

// The code of a name. Case does not matter and '-' is read as '_', so that an officer may type
// "status-query". UNSPECIFIED is not a word. Failure: UNKNOWN_WORD, with the words that are
// allowed.
absl::StatusOr<v1::Act::Code> ParseAct(std::string_view text);
absl::StatusOr<v1::Family::Code> ParseFamily(std::string_view text);
absl::StatusOr<v1::Urgency::Code> ParseUrgency(std::string_view text);
absl::StatusOr<v1::Handling::Code> ParseHandling(std::string_view text);

// Every act of the procedure, by number, without UNSPECIFIED.
const std::vector<v1::Act::Code>& AllActs();
// The acts that `side` may ever send, by number.
std::vector<v1::Act::Code> ActsOf(Side side);
bool MaySend(Side side, v1::Act::Code act);
// The same in cases of `family`: who asks for consent in one family decides about it in another. Of
// an act that the family does not have, whether the side may send it at all.
bool MaySend(Side side, v1::Act::Code act, v1::Family::Code family);
// True for the act that opens a case.
bool OpensCase(v1::Act::Code act);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_ACTS_H_
