#include "node/casework/state_machine.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using v1::Act;
using enum CaseState;

constexpr std::array<std::string_view, kCaseStates> kStateNames = {"NONE",
                                                                   "SENT",
                                                                   "ORAL_UNCONFIRMED",
                                                                   "RETURNED",
                                                                   "RECEIVED",
                                                                   "INFO_PENDING",
                                                                   "ADMITTED",
                                                                   "EXECUTING",
                                                                   "CONSULTING",
                                                                   "CONDITIONS_OFFERED",
                                                                   "POSTPONED",
                                                                   "SUSPENDED",
                                                                   "PARTLY_EXECUTED",
                                                                   "EXECUTED",
                                                                   "REFUSED",
                                                                   "WITHDRAWN",
                                                                   "LAPSED",
                                                                   "CLOSED",
                                                                   "PROVISIONALLY_ARRESTED",
                                                                   "SURRENDER_ORDERED",
                                                                   "SURRENDERED",
                                                                   "REFUSED_NATIONALITY",
                                                                   "PRESERVED",
                                                                   "FOLLOWUP_RECEIVED",
                                                                   "RELEASED",
                                                                   "DISCLOSED",
                                                                   "REGISTRY_CONFIRMED",
                                                                   "REGISTRY_DENIED",
                                                                   "REGISTRY_UNKNOWN",
                                                                   "AUTHORISED",
                                                                   "FLAG_ACTS",
                                                                   "JOINT",
                                                                   "DECLINED",
                                                                   "BOARDED",
                                                                   "RESULT_REPORTED",
                                                                   "JURISDICTION_DECIDED",
                                                                   "CONSENTED",
                                                                   "LIVE",
                                                                   "ABORTED",
                                                                   "USED",
                                                                   "NOT_USED",
                                                                   "CONVERTED_TO_REQUEST",
                                                                   "OFFERED",
                                                                   "OFFER_ACCEPTED",
                                                                   "OFFER_DECLINED"};

// Pending information that was interrupted itself is written with what it had interrupted, in units
// of this number. No state's own number is one of those.
constexpr uint32_t kResumeBase = 32;
static_assert(static_cast<uint32_t>(kInfoPending) + kResumeBase * static_cast<uint32_t>(kReceived) >
              static_cast<uint32_t>(kCaseStates));

const std::vector<CaseState>& MayNeedInfo() {
  static const auto& states =
      *new std::vector<CaseState>{kReceived, kAdmitted, kExecuting, kProvisionallyArrested};
  return states;
}
const std::vector<CaseState>& MayConsult() {
  static const auto& states = *new std::vector<CaseState>{
      kReceived,         kInfoPending,       kAdmitted,       kExecuting,
      kPostponed,        kSuspended,         kPartlyExecuted, kProvisionallyArrested,
      kSurrenderOrdered, kDeliveryConsented, kDeliveryLive};
  return states;
}

bool HasState(const std::vector<CaseState>& states, CaseState state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

// T2 to T13: from the request to its execution.
void AddOpening(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  t.push_back({"T2", {kNone}, rq, Act::REQUEST, Move::kTo, kSent, "18(13)"});
  t.push_back({"T3", {kNone}, rq, Act::ORAL_REQUEST_NOTE, Move::kTo, kOralUnconfirmed, "18(14)"});
  t.push_back({"T5", {kOralUnconfirmed}, rd, Act::LAPSE_NOTICE, Move::kTo, kLapsed, "18(14)"});
  t.push_back({"T9", {kReturned}, rd, Act::LAPSE_NOTICE, Move::kTo, kLapsed, "18(14)"});
  t.push_back({"T4", {kOralUnconfirmed}, rq, Act::REQUEST, Move::kTo, kReceived, "18(14)"});
  t.push_back({"T6", {kSent}, rd, Act::ACKNOWLEDGEMENT, Move::kTo, kReceived, "18(13)"});
  t.push_back({"T7", {kSent}, rd, Act::RETURN, Move::kTo, kReturned, "18(14)"});
  t.push_back({"T8", {kReturned}, rq, Act::CORRECTED_REQUEST, Move::kTo, kSent, "18(14)"});
  t.push_back(
      {"T10", MayNeedInfo(), rd, Act::INFO_REQUEST, Move::kInterrupt, kInfoPending, "18(16)"});
  t.push_back({"T11", {kInfoPending}, rq, Act::INFO_SUPPLEMENT, Move::kResume, kNone, "18(16)"});
  t.push_back({"T12", {kReceived}, rd, Act::ADMISSION, Move::kTo, kAdmitted, "18(13)"});
  t.push_back({"T13", {kAdmitted}, rd, Act::EXECUTION_STARTED, Move::kTo, kExecuting, "18(17)"});
}

// T14, T15, T25, T28, T29: execution and its end.
void AddExecution(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const std::vector<CaseState> running = {kExecuting, kPartlyExecuted, kDeliveryLive};
  std::vector<CaseState> done;
  for (int n = 1; n < kCaseStates; ++n) {
    if (IsFinalOnSubstance(static_cast<CaseState>(n))) done.push_back(static_cast<CaseState>(n));
  }
  t.push_back({"T14", running, rd, Act::PARTIAL_RESULT, Move::kTo, kPartlyExecuted, "18(17)"});
  t.push_back({"T15", running, rd, Act::FINAL_RESULT, Move::kTo, kExecuted, "18(17)"});
  t.push_back({"T25", {kExecuting}, rd, Act::SUSPENSION, Move::kTo, kSuspended, "18(17)"});
  t.push_back({"T25", {kSuspended}, rd, Act::RESUMPTION, Move::kTo, kExecuting, "18(17)"});
  t.push_back({"T28", done, rq, Act::CLOSE, Move::kTo, kClosed, "18(24)"});
  // Of the requested state, whose clock of 60 days has run out; policy.
  t.push_back({"T28", done, rd, Act::CLOSE_NOTICE, Move::kTo, kClosed, "18(24)"});
  t.push_back({"T29", {kExecuted}, rq, Act::COMPLETION_REQUEST, Move::kTo, kExecuting, "18(24)"});
}

// T16 to T24: consultation and what may follow only from it.
void AddConsultation(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const std::vector<CaseState> consulting = {kConsulting}, offered = {kConditionsOffered};
  for (Side side : {rd, rq}) {
    t.push_back({"T16", MayConsult(), side, Act::CONSULTATION_OPEN, Move::kInterrupt, kConsulting,
                 "18(26)"});
  }
  t.push_back({"T17", consulting, rd, Act::CONSULTATION_CLOSE, Move::kResume, kNone, "18(26)"});
  t.push_back({"T18", consulting, rd, Act::CONDITIONS_PROPOSAL, Move::kChange, kConditionsOffered,
               "18(26)"});
  t.push_back({"T19", offered, rq, Act::CONDITIONS_ACCEPT, Move::kTo, kExecuting, "18(26)"});
  t.push_back({"T20", offered, rq, Act::CONDITIONS_DECLINE, Move::kChange, kConsulting, "18(26)"});
  t.push_back({"T21", consulting, rd, Act::POSTPONEMENT_NOTICE, Move::kTo, kPostponed, "18(25)"});
  t.push_back({"T22", {kPostponed}, rd, Act::POSTPONEMENT_REVIEW, Move::kStay, kNone, "18(25)"});
  t.push_back({"T23", {kPostponed}, rd, Act::RESUMPTION, Move::kTo, kExecuting, "18(25)"});
  t.push_back({"T24", consulting, rd, Act::REFUSAL, Move::kTo, kRefused, "18(21)"});
  t.push_back({"T24", consulting, rd, Act::REFUSAL_IN_PART, Move::kTo, kExecuting, "18(21)"});
}

// T26, T27: what is possible nearly always.
void AddAnytime(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  std::vector<CaseState> shared, open;
  for (int n = 1; n < kCaseStates; ++n) {
    const auto state = static_cast<CaseState>(n);
    shared.push_back(state);
    if (!IsTerminal(state) && (!IsFinalOnSubstance(state) || state == kExecuted)) {
      open.push_back(state);
    }
  }
  t.push_back({"T26", open, rq, Act::WITHDRAWAL, Move::kTo, kWithdrawn, "18(24)"});
  t.push_back({"T26", open, rq, Act::WITHDRAWAL_IN_PART, Move::kStay, kNone, "18(24)"});
  t.push_back({"T27", shared, rq, Act::STATUS_QUERY, Move::kStay, kNone, "18(24)"});
  t.push_back({"T27", shared, rd, Act::STATUS_REPORT, Move::kStay, kNone, "18(24)"});
  // Duties that outlive the case. Exculpatory disclosure is never blocked, whoever holds what
  // speaks for the accused: a result, information that came unasked, or what a request tells.
  for (Side side : {rq, rd}) {
    t.push_back({"U1", shared, side, Act::EXCULPATORY_NOTICE, Move::kStay, kNone, "18(5), 18(19)"});
  }
  t.push_back({"U2", shared, rq, Act::USE_CONSENT_REQUEST, Move::kStay, kNone, "18(19)"});
  t.push_back({"U3", shared, rd, Act::USE_CONSENT_DECISION, Move::kStay, kNone, "18(19)"});
  // Of information that came unasked the requested state is the receiver.
  const auto info = v1::Family::SPONTANEOUS;
  t.push_back({"N2", shared, rd, Act::USE_CONSENT_REQUEST, Move::kStay, kNone, "18(5)", info});
  t.push_back({"N2", shared, rq, Act::USE_CONSENT_DECISION, Move::kStay, kNone, "18(5)", info});
  t.push_back({"U4", open, rd, Act::CONFIDENTIALITY_UNABLE, Move::kStay, kNone, "18(20)"});
  for (Side side : {rd, rq}) {
    t.push_back({"U5",
                 {kConsulting, kConditionsOffered},
                 side,
                 Act::CONSULTATION_STATEMENT,
                 Move::kStay,
                 kNone,
                 "18(26)"});
    t.push_back({"U6", shared, side, Act::OBLIGATION_REPORT, Move::kStay, kNone, "policy"});
    // A freeze outlives the answer to the request, and so does what the owner may claim.
    t.push_back({"U7", shared, side, Act::ASSET_REPORT, Move::kStay, kNone, "12, 13, UNCAC 55"});
    // A consent may be taken back at any time, and whichever state the person is in hears it first.
    t.push_back(
        {"U8", shared, side, Act::CONSENT_WITHDRAWN, Move::kStay, kNone, "CTHB 33, 18(10)"});
  }
}

void AddSea(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto sea = v1::Family::SEA;
  const auto to = [&](std::string_view id, std::vector<CaseState> from, Side side, Act::Code act,
                      CaseState next, std::string_view article) {
    t.push_back({id, std::move(from), side, act, Move::kTo, next, article, sea});
  };
  // What the register did not tell at first it may tell later. Accepted conditions, a refusal in
  // part and the end of a postponement lead to EXECUTING: the answer is still to come there, and no
  // boarding is authorised before it.
  const std::vector<CaseState> asked = {kReceived, kAdmitted, kExecuting, kRegistryUnknown};
  const std::vector<CaseState> open = {kReceived, kAdmitted, kExecuting};
  const std::vector<CaseState> answered = {kRegistryConfirmed, kRegistryUnknown};
  to("S1", asked, rd, Act::REGISTRY_CONFIRMED, kRegistryConfirmed, "SOM 8(2)");
  to("S1", asked, rd, Act::REGISTRY_DENIED, kRegistryDenied, "SOM 8(2)");
  to("S1", open, rd, Act::REGISTRY_UNKNOWN, kRegistryUnknown, "SOM 8(2)");
  to("S2", answered, rd, Act::BOARDING_AUTHORISED, kBoardingAuthorised, "SOM 8(2)");
  to("S2", answered, rd, Act::FLAG_STATE_ACTS, kFlagStateActs, "SUA 8bis(5)(c)");
  to("S2", answered, rd, Act::JOINT_BOARDING, kJointBoarding, "SUA 8bis(5)(c)");
  to("S2",
     {kReceived, kAdmitted, kExecuting, kRegistryConfirmed, kRegistryDenied, kRegistryUnknown}, rd,
     Act::BOARDING_DECLINED, kBoardingDeclined, "SOM 8(4)");
  // Without nationality the right of visit needs no authorisation. Before the flag state decided
  // only deemed consent, another treaty or danger to life allow it: R-SEA-05 asks which.
  to("S3",
     {kBoardingAuthorised, kJointBoarding, kReceived, kAdmitted, kExecuting, kRegistryConfirmed,
      kRegistryDenied, kRegistryUnknown},
     rq, Act::BOARDING_REPORT, kBoarded, "SOM 8(2), 8(5), 8(7)");
  // Who asked about the register alone has the answer.
  to("S6", {kRegistryConfirmed, kRegistryDenied, kRegistryUnknown}, rq, Act::CLOSE, kClosed,
     "SOM 8(2)");
  to("S4", {kBoarded}, rq, Act::BOARDING_RESULT, kResultReported, "SOM 8(3)");
  to("S5", {kResultReported}, rd, Act::JURISDICTION_DECISION, kJurisdictionDecided, "COE-SEA 14");
}

void AddPreservation(std::vector<Transition>& t) {
  const auto of = [&](std::string_view id, std::vector<CaseState> from, Act::Code act, Move move,
                      CaseState next, std::string_view article) {
    t.push_back({id, std::move(from), Side::kRequested, act, move, next, article,
                 v1::Family::PRESERVATION_24_7});
  };
  of("P1", {kReceived, kAdmitted, kExecuting}, Act::PRESERVATION_CONFIRMED, Move::kTo, kPreserved,
     "BUD 29(1)");
  of("P2", {kPreserved, kFollowupReceived}, Act::PRESERVATION_EXTENDED, Move::kStay, kNone,
     "BUD 29(7)");
  of("P3", {kPreserved}, Act::FOLLOWUP_RECEIVED, Move::kTo, kFollowupReceived, "BUD 29(7)");
  of("P4", {kPreserved, kFollowupReceived}, Act::PRESERVATION_RELEASED, Move::kTo, kReleased,
     "BUD 29(7)");
  of("P5", {kPreserved, kFollowupReceived}, Act::DATA_DISCLOSED, Move::kTo, kDisclosed,
     "BUD 30, 31");
}

void AddExtradition(std::vector<Transition>& t) {
  const auto of = [&](std::string_view id, std::vector<CaseState> from, Side side, Act::Code act,
                      Move move, CaseState next, std::string_view article) {
    t.push_back({id, std::move(from), side, act, move, next, article, v1::Family::EXTRADITION});
  };
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  of("X1", {kReceived, kAdmitted, kExecuting}, rd, Act::PROVISIONAL_ARREST_NOTE, Move::kTo,
     kProvisionallyArrested, "16(9)");
  of("X2", {kExecuting, kProvisionallyArrested}, rd, Act::SURRENDER_ORDER, Move::kTo,
     kSurrenderOrdered, "16(7)");
  of("X3", {kSurrenderOrdered}, rd, Act::SURRENDER_REPORT, Move::kTo, kSurrendered, "16(7)");
  of("X4", {kConsulting}, rd, Act::REFUSAL_NATIONALITY, Move::kTo, kRefusedNationality, "16(10)");
  // The papers come, unasked; or the person is released, and the request goes on.
  of("X5", {kProvisionallyArrested}, rq, Act::INFO_SUPPLEMENT, Move::kStay, kNone, "ECE 16(4)");
  of("X6", {kProvisionallyArrested}, rd, Act::RESUMPTION, Move::kTo, kAdmitted, "ECE 16(4)");
}

void AddDeliveryAndInformation(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  const auto special = v1::Family::SPECIAL_TECHNIQUE, info = v1::Family::SPONTANEOUS;
  t.push_back({"D1",
               {kReceived, kAdmitted, kExecuting},  // accepted conditions lead to EXECUTING
               rd,
               Act::DELIVERY_CONSENT,
               Move::kTo,
               kDeliveryConsented,
               "20(4)",
               special});
  // Any state stops it, at any time, whatever is talked about meanwhile.
  const std::vector<CaseState> runs = {kReceived,          kInfoPending, kAdmitted,
                                       kExecuting,         kConsulting,  kConditionsOffered,
                                       kPostponed,         kSuspended,   kPartlyExecuted,
                                       kDeliveryConsented, kDeliveryLive};
  for (Side side : {rd, rq}) {
    t.push_back({"D2",
                 {kDeliveryConsented},
                 side,
                 Act::DELIVERY_LIVE,
                 Move::kTo,
                 kDeliveryLive,
                 "DRUG88 11",
                 special});
    t.push_back(
        {"D3", runs, side, Act::DELIVERY_ABORT, Move::kTo, kDeliveryAborted, "DRUG88 11", special});
  }
  const auto offer = [&](std::vector<CaseState> from, Side side, Act::Code act, CaseState to) {
    t.push_back({"N0", std::move(from), side, act, Move::kTo, to, "BUD 26(2)", info});
  };
  offer({kNone}, rq, Act::CONDITIONAL_OFFER, kOffered);
  offer({kOffered}, rd, Act::OFFER_ACCEPTED, kOfferAccepted);
  offer({kOffered}, rd, Act::OFFER_DECLINED, kOfferDeclined);
  offer({kOfferAccepted}, rq, Act::REQUEST, kSent);
  // Also after it was passed on to another office, which is ADMISSION.
  const auto use = [&](Act::Code act, CaseState to) {
    t.push_back({"N1", {kReceived, kAdmitted, kExecuting}, rd, act, Move::kTo, to, "18(4)", info});
  };
  use(Act::INFORMATION_USED, kInformationUsed);
  use(Act::INFORMATION_NOT_USED, kInformationNotUsed);
  use(Act::CONVERTED_TO_REQUEST, kConvertedToRequest);
}

std::vector<Transition> BuildTable() {
  std::vector<Transition> table;
  AddOpening(table);
  AddExecution(table);
  AddConsultation(table);
  AddAnytime(table);
  AddSea(table);
  AddPreservation(table);
  AddExtradition(table);
  AddDeliveryAndInformation(table);
  // By number, "T9" before "T10"; the families' own after those of all.
  const auto key = [](const Transition& t) {
    return std::tuple(t.id[0] != 'T', t.id[0], t.id.size(), t.id);
  };
  std::stable_sort(table.begin(), table.end(),
                   [&](const Transition& a, const Transition& b) { return key(a) < key(b); });
  return table;
}

bool Fits(const Transition& t, v1::Family::Code family) {
  return t.family == v1::Family::UNSPECIFIED || t.family == family;
}

const Transition* FindTransition(CaseState from, Side side, Act::Code act,
                                 v1::Family::Code family) {
  for (const Transition& t : Transitions()) {
    if (t.side != side || t.act != act || !HasState(t.from, from)) continue;
    if (family == v1::Family::UNSPECIFIED || Fits(t, family)) return &t;
  }
  return nullptr;
}

Standing Moved(const Standing& was, const Transition& t) {
  switch (t.move) {
    case Move::kTo:
      return {t.to, {kNone, kNone}};
    case Move::kStay:
      return was;
    case Move::kInterrupt:
      return {t.to, {was.state, was.resume[0]}};
    case Move::kChange:
      return {t.to, was.resume};
    case Move::kResume:
      return {was.resume[0], {was.resume[1], kNone}};
  }
  PALERMO_CHECK(false);
}

absl::Status IllegalAct(const Standing& standing, Side side, Act::Code act,
                        v1::Family::Code family) {
  const auto possible =
      LegalActs(standing, side, family == v1::Family::UNSPECIFIED ? v1::Family::MLA : family);
  const std::string list =
      possible.empty() ? "none"
                       : absl::StrJoin(possible, ", ", [](std::string* out, Act::Code code) {
                           out->append(ActName(code));
                         });
  std::string text =
      absl::StrFormat("%s by the %s state is not possible while the case is %s; possible now: %s",
                      ActName(act), SideName(side), Describe(standing), list);
  // What only a consultation makes possible is said with the way to it.
  const bool postpones = act == Act::POSTPONEMENT_NOTICE;
  const bool refuses = act == Act::REFUSAL || act == Act::REFUSAL_IN_PART;
  const bool consult =
      std::find(possible.begin(), possible.end(), Act::CONSULTATION_OPEN) != possible.end();
  const bool later = FindTransition(kConsulting, side, act, family) != nullptr;
  if (consult && later && (postpones || refuses)) {
    text += absl::StrFormat(
        ". UNTOC 18(26): first open a consultation, CONSULTATION_OPEN with \"topic\": \"%s\", and "
        "wait for the view of the requesting state; then send %s",
        postpones ? "POSTPONEMENT" : "REFUSAL", ActName(act));
  }
  return WrongState("ILLEGAL_ACT", text);
}

// What an act can have interrupted: nothing, one state, or INFO_PENDING and what it interrupted.
bool IsReachable(const Standing& s) {
  const bool second_is_free = s.resume[1] == kNone;
  if (s.state == kInfoPending) return HasState(MayNeedInfo(), s.resume[0]) && second_is_free;
  if (s.state != kConsulting && s.state != kConditionsOffered) {
    return s.resume[0] == kNone && second_is_free;
  }
  if (s.resume[0] == kInfoPending) return HasState(MayNeedInfo(), s.resume[1]);
  return HasState(MayConsult(), s.resume[0]) && second_is_free;
}

}  // namespace

std::string_view StateName(CaseState state) {
  const auto number = static_cast<size_t>(state);
  return number < kStateNames.size() ? kStateNames[number] : "UNKNOWN";
}

absl::StatusOr<CaseState> StateFromNumber(uint32_t number) {
  if (number < kCaseStates) return static_cast<CaseState>(number);
  return InputError("BAD_STATE", absl::StrFormat("%u is no number of a case state", number));
}

absl::StatusOr<CaseState> StateFromName(std::string_view name) {
  const auto found = std::find(kStateNames.begin(), kStateNames.end(), name);
  if (found != kStateNames.end()) return static_cast<CaseState>(found - kStateNames.begin());
  return InputError(
      "BAD_STATE",
      absl::StrFormat("no case state has this name; allowed are: %s",
                      absl::StrJoin(kStateNames, ", ",
                                    [](std::string* out, auto word) { out->append(word); })));
}

bool IsTerminal(CaseState state) {
  return state == kWithdrawn || state == kLapsed || state == kClosed;
}

bool IsFinalOnSubstance(CaseState state) {
  switch (state) {
    case kExecuted:
    case kRefused:
    case kSurrendered:
    case kRefusedNationality:
    case kReleased:
    case kDisclosed:
    case kFlagStateActs:
    case kBoardingDeclined:
    case kResultReported:
    case kJurisdictionDecided:
    case kDeliveryAborted:
    case kInformationUsed:
    case kInformationNotUsed:
    case kConvertedToRequest:
    case kOfferDeclined:
      return true;
    default:
      return false;
  }
}

bool FitsFamily(v1::Family::Code family, Act::Code act) {
  const auto table = Transitions();
  return std::any_of(table.begin(), table.end(),
                     [&](const Transition& t) { return t.act == act && Fits(t, family); });
}

uint32_t StateNumber(const Standing& standing) { return static_cast<uint32_t>(standing.state); }
uint32_t ResumeNumber(const Standing& standing) {
  return static_cast<uint32_t>(standing.resume[0]) +
         kResumeBase * static_cast<uint32_t>(standing.resume[1]);
}

absl::StatusOr<Standing> StandingFromNumbers(uint32_t state, uint32_t resume) {
  Standing standing;
  PALERMO_ASSIGN_OR_RETURN(standing.state, StateFromNumber(state));
  const uint32_t outer = resume / kResumeBase;
  const bool both = resume % kResumeBase == static_cast<uint32_t>(kInfoPending) &&
                    outer < kCaseStates && HasState(MayNeedInfo(), static_cast<CaseState>(outer));
  PALERMO_ASSIGN_OR_RETURN(standing.resume[0],
                           StateFromNumber(both ? resume % kResumeBase : resume));
  if (both) standing.resume[1] = static_cast<CaseState>(outer);
  if (IsReachable(standing)) return standing;
  return InputError("BAD_STATE", absl::StrFormat("no act leads to %s", Describe(standing)));
}

std::string Describe(const Standing& standing) {
  std::string text(StateName(standing.state));
  if (standing.resume[0] == kNone) return text;
  text += absl::StrFormat(" (then %s", StateName(standing.resume[0]));
  if (standing.resume[1] != kNone) {
    text += absl::StrFormat(", then %s", StateName(standing.resume[1]));
  }
  return text + ")";
}

std::span<const Transition> Transitions() {
  static const auto& table = *new std::vector<Transition>(BuildTable());
  return table;
}

absl::StatusOr<Standing> Apply(const Standing& standing, Side side, Act::Code act,
                               v1::Family::Code family) {
  const Transition* t = FindTransition(standing.state, side, act, family);
  if (t == nullptr) return IllegalAct(standing, side, act, family);
  return Moved(standing, *t);
}

bool IsLegal(const Standing& standing, Side side, Act::Code act, v1::Family::Code family) {
  return FindTransition(standing.state, side, act, family) != nullptr;
}

std::vector<Act::Code> LegalActs(const Standing& standing, Side side, v1::Family::Code family) {
  std::vector<Act::Code> acts;
  for (Act::Code act : AllActs()) {
    if (IsLegal(standing, side, act, family)) acts.push_back(act);
  }
  return acts;
}

}  // namespace palermo::casework
