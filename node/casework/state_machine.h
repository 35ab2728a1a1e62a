// The procedure of a case: its states and the acts that move it (the dossier's transitions
// T2..T30, and those of the families with states of their own: SEA, PRESERVATION_24_7, EXTRADITION,
// SPECIAL_TECHNIQUE, SPONTANEOUS). A family's own acts exist in that family only: FitsFamily.
// docs/casework.md shows the table; a test keeps both equal. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_STATE_MACHINE_H_
#define PALERMO_NODE_CASEWORK_STATE_MACHINE_H_

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/acts.h"

namespace palermo::casework {

// Numbers are stored: never reused, never reordered.
enum class CaseState : uint8_t {
  kNone = 0,  // no request yet
  kSent = 1,
  kOralUnconfirmed = 2,
  kReturned = 3,
  kReceived = 4,
  kInfoPending = 5,
  kAdmitted = 6,
  kExecuting = 7,
  kConsulting = 8,
  kConditionsOffered = 9,
  kPostponed = 10,
  kSuspended = 11,
  kPartlyExecuted = 12,
  kExecuted = 13,
  kRefused = 14,
  kWithdrawn = 15,
  kLapsed = 16,
  kClosed = 17,
  // EXTRADITION
  kProvisionallyArrested = 18,
  kSurrenderOrdered = 19,
  kSurrendered = 20,
  kRefusedNationality = 21,
  // PRESERVATION_24_7
  kPreserved = 22,
  kFollowupReceived = 23,
  kReleased = 24,
  kDisclosed = 25,
  // SEA
  kRegistryConfirmed = 26,
  kRegistryDenied = 27,
  kRegistryUnknown = 28,
  kBoardingAuthorised = 29,
  kFlagStateActs = 30,
  kJointBoarding = 31,
  kBoardingDeclined = 32,
  kBoarded = 33,
  kResultReported = 34,
  kJurisdictionDecided = 35,
  // SPECIAL_TECHNIQUE
  kDeliveryConsented = 36,
  kDeliveryLive = 37,
  kDeliveryAborted = 38,
  // SPONTANEOUS
  kInformationUsed = 39,
  kInformationNotUsed = 40,
  kConvertedToRequest = 41,
  kOffered = 42,
  kOfferAccepted = 43,
  kOfferDeclined = 44,
};
inline constexpr int kCaseStates = 45;

std::string_view StateName(CaseState state);  // "RECEIVED"
// Failure: BAD_STATE when the number or name is no state.
absl::StatusOr<CaseState> StateFromNumber(uint32_t number);
absl::StatusOr<CaseState> StateFromName(std::string_view name);
// WITHDRAWN, LAPSED, CLOSED: only status acts remain. REFUSED is final on the substance, but still
// takes its receipt, so it is not terminal.
bool IsTerminal(CaseState state);
// What remains is a receipt: the substance is decided or done. Not terminal, not open.
bool IsFinalOnSubstance(CaseState state);

// Where a case stands. INFO_PENDING, CONSULTING and CONDITIONS_OFFERED interrupt another state and
// remember it in `resume`; a consultation may interrupt INFO_PENDING, which interrupts another
// state itself: hence two places, the newest first, kNone where unused. Only what headers can tell:
// the topic of a consultation is sealed, so no node knows it.
struct Standing {
  CaseState state = CaseState::kNone;
  std::array<CaseState, 2> resume = {CaseState::kNone, CaseState::kNone};

  auto operator<=>(const Standing&) const = default;
};

// Standing as the two small numbers of the store: the state, and resume[0] + 32 * resume[1].
uint32_t StateNumber(const Standing& standing);
uint32_t ResumeNumber(const Standing& standing);
// Failure: BAD_STATE when the numbers are no standing that an act can lead to.
absl::StatusOr<Standing> StandingFromNumbers(uint32_t state, uint32_t resume);

// "CONSULTING (then INFO_PENDING, then ADMITTED)".
std::string Describe(const Standing& standing);

// One line of the table.
enum class Move : uint8_t {
  kTo,         // to `to`; forgets what was interrupted
  kStay,       // no change
  kInterrupt,  // to `to`; remembers the state it came from
  kChange,     // to `to`; keeps what is remembered
  kResume,     // back to what was interrupted
};
struct Transition {
  std::string_view id;  // "T12"
  std::vector<CaseState> from;
  Side side;
  v1::Act::Code act;
  Move move;
  CaseState to;              // kNone for kStay and kResume
  std::string_view article;  // of UNTOC, where no other instrument is named: "18(13)"
  v1::Family::Code family = v1::Family::UNSPECIFIED;  // whose own act it is; UNSPECIFIED: all
};
std::span<const Transition> Transitions();

// True unless the act is another family's own: no BOARDING_AUTHORISED in a case of MLA.
bool FitsFamily(v1::Family::Code family, v1::Act::Code act);

// The standing after `side` does `act`. Failure: ILLEGAL_ACT; the text names the acts that are
// possible for that side now. UNSPECIFIED as the family: it was judged before, when the act came.
absl::StatusOr<Standing> Apply(const Standing& standing, Side side, v1::Act::Code act,
                               v1::Family::Code family = v1::Family::UNSPECIFIED);
bool IsLegal(const Standing& standing, Side side, v1::Act::Code act,
             v1::Family::Code family = v1::Family::UNSPECIFIED);
// The acts that `side` may do now, by number.
std::vector<v1::Act::Code> LegalActs(const Standing& standing, Side side,
                                     v1::Family::Code family = v1::Family::UNSPECIFIED);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_STATE_MACHINE_H_
