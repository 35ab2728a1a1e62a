#include "node/casework/state_machine.h"

#include <algorithm>

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
                                                                   "CLOSED"};

constexpr uint32_t kResumeBase = 32;
static_assert(kCaseStates <= kResumeBase);

const std::vector<CaseState>& MayNeedInfo() {
  static const auto& states = *new std::vector<CaseState>{kReceived, kAdmitted, kExecuting};
  return states;
}
const std::vector<CaseState>& MayConsult() {
  static const auto& states = *new std::vector<CaseState>{
      kReceived, kInfoPending, kAdmitted, kExecuting, kPostponed, kSuspended, kPartlyExecuted};
  return states;
}

bool Contains(const std::vector<CaseState>& states, CaseState state) {
  return std::find(states.begin(), states.end(), state) != states.end();
}

// T2 to T13: from the request to its execution.
void AddOpening(std::vector<Transition>& t) {
  const Side rq = Side::kRequesting, rd = Side::kRequested;
  t.push_back({"T2", {kNone}, rq, Act::REQUEST, Move::kTo, kSent, "18(13)"});
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
  const std::vector<CaseState> running = {kExecuting, kPartlyExecuted};
  t.push_back({"T14", running, rd, Act::PARTIAL_RESULT, Move::kTo, kPartlyExecuted, "18(17)"});
  t.push_back({"T15", running, rd, Act::FINAL_RESULT, Move::kTo, kExecuted, "18(17)"});
  t.push_back({"T25", {kExecuting}, rd, Act::SUSPENSION, Move::kTo, kSuspended, "18(17)"});
  t.push_back({"T25", {kSuspended}, rd, Act::RESUMPTION, Move::kTo, kExecuting, "18(17)"});
  t.push_back({"T28", {kExecuted, kRefused}, rq, Act::CLOSE, Move::kTo, kClosed, "18(24)"});
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
    if (!IsTerminal(state) && state != kRefused) open.push_back(state);
  }
  t.push_back({"T26", open, rq, Act::WITHDRAWAL, Move::kTo, kWithdrawn, "18(24)"});
  t.push_back({"T26", open, rq, Act::WITHDRAWAL_IN_PART, Move::kStay, kNone, "18(24)"});
  t.push_back({"T27", shared, rq, Act::STATUS_QUERY, Move::kStay, kNone, "18(24)"});
  t.push_back({"T27", shared, rd, Act::STATUS_REPORT, Move::kStay, kNone, "18(24)"});
}

std::vector<Transition> BuildTable() {
  std::vector<Transition> table;
  AddOpening(table);
  AddExecution(table);
  AddConsultation(table);
  AddAnytime(table);
  // By number: "T9" before "T10".
  std::stable_sort(table.begin(), table.end(), [](const Transition& a, const Transition& b) {
    return a.id.size() != b.id.size() ? a.id.size() < b.id.size() : a.id < b.id;
  });
  return table;
}

const Transition* Find(CaseState from, Side side, Act::Code act) {
  for (const Transition& t : Transitions()) {
    if (t.side == side && t.act == act && Contains(t.from, from)) return &t;
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

absl::Status IllegalAct(const Standing& standing, Side side, Act::Code act) {
  const auto possible = LegalActs(standing, side);
  const std::string list =
      possible.empty() ? "none"
                       : absl::StrJoin(possible, ", ", [](std::string* out, Act::Code code) {
                           out->append(ActName(code));
                         });
  return WrongState(
      "ILLEGAL_ACT",
      absl::StrFormat("%s by the %s state is not possible while the case is %s; possible now: %s",
                      ActName(act), SideName(side), Describe(standing), list));
}

// What an act can have interrupted: nothing, one state, or INFO_PENDING and what it interrupted.
bool IsReachable(const Standing& s) {
  const bool second_is_free = s.resume[1] == kNone;
  if (s.state == kInfoPending) return Contains(MayNeedInfo(), s.resume[0]) && second_is_free;
  if (s.state != kConsulting && s.state != kConditionsOffered) {
    return s.resume[0] == kNone && second_is_free;
  }
  if (s.resume[0] == kInfoPending) return Contains(MayNeedInfo(), s.resume[1]);
  return Contains(MayConsult(), s.resume[0]) && second_is_free;
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

uint32_t StateNumber(const Standing& standing) { return static_cast<uint32_t>(standing.state); }
uint32_t ResumeNumber(const Standing& standing) {
  return static_cast<uint32_t>(standing.resume[0]) +
         kResumeBase * static_cast<uint32_t>(standing.resume[1]);
}

absl::StatusOr<Standing> StandingFromNumbers(uint32_t state, uint32_t resume) {
  Standing standing;
  PALERMO_ASSIGN_OR_RETURN(standing.state, StateFromNumber(state));
  PALERMO_ASSIGN_OR_RETURN(standing.resume[0], StateFromNumber(resume % kResumeBase));
  PALERMO_ASSIGN_OR_RETURN(standing.resume[1], StateFromNumber(resume / kResumeBase));
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

absl::StatusOr<Standing> Apply(const Standing& standing, Side side, Act::Code act) {
  const Transition* t = Find(standing.state, side, act);
  if (t == nullptr) return IllegalAct(standing, side, act);
  return Moved(standing, *t);
}

bool IsLegal(const Standing& standing, Side side, Act::Code act) {
  return Find(standing.state, side, act) != nullptr;
}

std::vector<Act::Code> LegalActs(const Standing& standing, Side side) {
  std::vector<Act::Code> acts;
  for (Act::Code act : AllActs()) {
    if (IsLegal(standing, side, act)) acts.push_back(act);
  }
  return acts;
}

}  // namespace palermo::casework
