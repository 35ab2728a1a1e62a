#include "node/desk/deadlines.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/vocabulary.h"
#include "node/desk/clock_policy.h"

namespace palermo::desk {
namespace {

using casework::CaseState;
using casework::ClockKind;
using casework::ClockRule;
using casework::ClockState;
using casework::Side;
using v1::Act;

constexpr char kAnswerRule[] = "R-CLK-DEADLINE";
constexpr absl::Duration kAnswerSoon = absl::Hours(24 * 7);  // policy, as for R-CLK-DEADLINE
constexpr absl::Duration kExtension = absl::Hours(24 * 90);  // of a preservation, when it is ready

bool Counts(const CaseAct& act) { return act.in_history && !act.conflict; }

bool Stopped(const Deadline& deadline) { return deadline.state == ClockState::kStopped; }

std::string KindText(const ClockRule& rule, v1::Urgency::Code urgency,
                     const casework::PairPolicy& policy) {
  if (policy.Has(rule, urgency)) {
    return Cat({casework::Msg("agreed by the two states"), " (", policy.Decision(), ")"});
  }
  return std::string(rule.kind == ClockKind::kLaw           ? casework::Msg("law")
                     : rule.kind == ClockKind::kQualitative ? casework::Msg("law without a number")
                                                            : casework::Msg("policy"));
}

bool Covers(const std::vector<uint32_t>& items, const std::vector<uint32_t>& all) {
  return std::all_of(all.begin(), all.end(), [&](uint32_t n) {
    return std::find(items.begin(), items.end(), n) != items.end();
  });
}

// The acts that count, as the clocks want them; `kept` says which they are.
std::vector<casework::TimedAct> Timed(const CaseView& view, const DatesOfCase& dates,
                                      std::vector<const CaseAct*>* kept) {
  std::vector<casework::TimedAct> acts;
  std::vector<uint32_t> asked;  // the items of the newest request
  for (const CaseAct& act : view.acts) {
    if (!Counts(act)) continue;
    casework::TimedAct timed{act.header.act(), act.side, act.recorded_at};
    timed.after = act.after.state;
    const auto found = dates.find(act.id);
    if (found != dates.end()) {
      timed.until = found->second.until;
      // Nothing is reported before it happens; a wrong date does not stop the clock.
      timed.happened = std::min(found->second.happened, act.recorded_at);
      timed.dates = found->second.dates;
      timed.registry_only = found->second.registry_only;
      const std::vector<uint32_t>& items = found->second.items;
      if (timed.act == Act::CONSULTATION_OPEN) {
        timed.some_items = !items.empty() && !Covers(items, asked);
      } else if (!items.empty()) {
        asked = items;
      }
    }
    acts.push_back(std::move(timed));
    kept->push_back(&act);
  }
  return acts;
}

Deadline DeadlineOf(const casework::RunningClock& clock, const CaseAct& starter, Side own,
                    const casework::PairPolicy& policy) {
  Deadline deadline;
  deadline.rule = clock.id;
  deadline.source = std::string(clock.rule->source);
  deadline.meaning = std::string(clock.rule->meaning);
  deadline.expiry = std::string(clock.rule->expiry);
  deadline.kind = KindText(*clock.rule, starter.header.urgency(), policy);
  if (clock.limit > absl::ZeroDuration()) {
    const bool urgent = starter.header.urgency() >= v1::Urgency::URGENT;
    deadline.limit = LimitText(clock.limit);
    if (clock.rule->working_days && !urgent) deadline.limit += " (working days)";
  }
  deadline.act = starter.id;
  deadline.act_name = starter.header.act();
  deadline.started = clock.started;
  deadline.due = clock.due;
  deadline.named = clock.named;
  deadline.at_least = clock.named && clock.rule->kind == casework::ClockKind::kLaw;
  deadline.state = clock.state;
  deadline.ours = clock.owes == own;
  return deadline;
}

// Word that something came, is being done or lacks something: it answers no request.
bool OnlyTellsProgress(Act::Code act) {
  static constexpr std::array kActs = {
      Act::ACKNOWLEDGEMENT,    Act::ADMISSION,          Act::EXECUTION_STARTED,
      Act::STATUS_REPORT,      Act::STATUS_QUERY,       Act::INFO_REQUEST,
      Act::PARTIAL_RESULT,     Act::CONSULTATION_OPEN,  Act::SUSPENSION,
      Act::EXCULPATORY_NOTICE, Act::COMPLETION_REQUEST, Act::USE_CONSENT_REQUEST};
  return std::find(kActs.begin(), kActs.end(), act) != kActs.end();
}

bool Answers(const CaseAct& asked, const CaseAct& later) {
  if (!Counts(later) || later.side == asked.side) return false;
  const Act::Code act = asked.header.act();
  const bool request =
      act == Act::REQUEST || act == Act::CORRECTED_REQUEST || act == Act::ORAL_REQUEST_NOTE;
  return request ? !OnlyTellsProgress(later.header.act())
                 : later.header.act() != Act::ACKNOWLEDGEMENT;
}

// The body's own deadline, with its reason, is the same date told once more.
bool NamedInBody(const std::vector<Deadline>& deadlines, const Deadline& answer) {
  return std::any_of(deadlines.begin(), deadlines.end(), [&](const Deadline& known) {
    return known.rule == answer.rule && known.act == answer.act &&
           absl::AbsDuration(known.due - answer.due) <= absl::Hours(24);
  });
}

void AddAnswerDates(const CaseView& view, absl::Time now, std::vector<Deadline>* out) {
  for (size_t i = 0; i < view.acts.size(); ++i) {
    const CaseAct& act = view.acts[i];
    if (!Counts(act) || act.header.reply_by_ms() == 0) continue;
    Deadline deadline;
    deadline.rule = kAnswerRule;
    deadline.source = "18(24)";
    deadline.meaning =
        std::string(casework::Msg("the date by which the message asks for an answer"));
    deadline.expiry = std::string(casework::Msg("no breach: answer, or say when you can"));
    deadline.kind = std::string(casework::Msg("law without a number"));
    deadline.act = act.id;
    deadline.act_name = act.header.act();
    deadline.started = act.recorded_at;
    deadline.due = FromMillis(act.header.reply_by_ms());
    deadline.ours = act.incoming;
    const bool answered = std::any_of(view.acts.begin() + static_cast<long>(i) + 1, view.acts.end(),
                                      [&](const CaseAct& later) { return Answers(act, later); });
    deadline.state = answered                            ? ClockState::kStopped
                     : now >= deadline.due               ? ClockState::kOverdue
                     : now >= deadline.due - kAnswerSoon ? ClockState::kDueSoon
                                                         : ClockState::kRunning;
    if (!NamedInBody(*out, deadline)) out->push_back(std::move(deadline));
  }
}

void SortDeadlines(std::vector<Deadline>& deadlines) {
  std::stable_sort(deadlines.begin(), deadlines.end(), [](const Deadline& a, const Deadline& b) {
    if (Stopped(a) != Stopped(b)) return Stopped(b);
    return a.due < b.due;
  });
}

std::string ActCommand(const CaseView& view, const char* act) {
  return Cat({"palermo case act ", HexEncode(view.case_id), " --act ", act});
}

const Deadline* FindClock(const std::vector<Deadline>& deadlines, const char* rule,
                          ClockState state) {
  for (const Deadline& deadline : deadlines) {
    if (deadline.rule == rule && deadline.state == state) return &deadline;
  }
  return nullptr;
}

// The clocks that must have run out before the act; empty: it waits for none.
std::vector<const char*> ClocksBehind(Act::Code act) {
  if (act == Act::LAPSE_NOTICE) return {"R-CLK-ORAL", "T9"};
  if (act == Act::CLOSE_NOTICE) return {"T28"};
  if (act == Act::PRESERVATION_RELEASED) return {"R-CLK-PRES"};
  return {};
}

// What is ours to do about one clock; empty when nothing is.
Proposal ProposalFor(const CaseView& view, const Deadline& clock) {
  const bool late = clock.state == ClockState::kOverdue;
  const bool requested = view.own_side == Side::kRequested;
  if (late && requested && (clock.rule == "R-CLK-ORAL" || clock.rule == "T9")) {
    return {clock.rule, std::string(casework::Msg("the request has lapsed: send the notice")),
            ActCommand(view, "LAPSE_NOTICE")};
  }
  if (late && requested && clock.rule == "T28") {
    return {clock.rule,
            std::string(casework::Msg("the other state was silent: close the case with a notice")),
            ActCommand(view, "CLOSE_NOTICE")};
  }
  if (clock.rule == "R-CLK-PRES" && requested) {
    if (!late) {
      return {clock.rule, std::string(casework::Msg("the preservation ends soon: extend it")),
              ActCommand(view, "PRESERVATION_EXTENDED")};
    }
    return {
        clock.rule,
        std::string(casework::Msg("no follow-up came and the time has ended: release the data")),
        ActCommand(view, "PRESERVATION_RELEASED")};
  }
  const bool asks =
      late && !requested && !clock.ours &&
      (clock.rule == "R-CLK-ACK" || clock.rule == "R-CLK-FWD" || clock.rule == kAnswerRule);
  if (asks) {
    return {clock.rule,
            std::string(casework::Msg("the other state is late: ask how far it has got")),
            ActCommand(view, "STATUS_QUERY")};
  }
  return {};
}

// UNTOC 16(10): who does not surrender a national takes the proceedings over, until the report says
// that it is done.
bool OwesProsecution(const CaseView& view) {
  if (view.own_side != Side::kRequested ||
      view.history.final.state != casework::CaseState::kRefusedNationality) {
    return false;
  }
  return std::none_of(view.acts.begin(), view.acts.end(), [](const CaseAct& act) {
    return act.header.act() == Act::OBLIGATION_REPORT && act.side == Side::kRequested &&
           Counts(act);
  });
}

}  // namespace

std::string DueText(const Deadline& clock) {
  constexpr int64_t kDayMs = int64_t{24} * 60 * 60 * 1000;
  const bool day = clock.named && ToMillis(clock.due) % kDayMs == 0;
  return FormatInstant(day ? clock.due - absl::Seconds(1) : clock.due);
}

std::vector<Deadline> DeadlinesOf(const CaseView& view, absl::Time now,
                                  const casework::PairPolicy& policy, const DatesOfCase& dates) {
  std::vector<const CaseAct*> kept;
  const std::vector<casework::TimedAct> acts = Timed(view, dates, &kept);
  v1::Urgency::Code urgency = v1::Urgency::UNSPECIFIED;
  std::vector<std::string> instruments;
  if (!view.acts.empty()) {
    const v1::Header& first = view.acts.front().header;
    urgency = first.urgency();
    instruments.assign(first.legal_basis().begin(), first.legal_basis().end());
  }
  std::vector<Deadline> deadlines;
  for (const casework::RunningClock& clock :
       casework::ClocksOf(acts, view.family, urgency, policy, now, instruments)) {
    deadlines.push_back(DeadlineOf(clock, *kept[clock.starter], view.own_side, policy));
  }
  AddAnswerDates(view, now, &deadlines);
  SortDeadlines(deadlines);
  return deadlines;
}

std::vector<v1::Act::Code> MovesOf(const CaseView& view) {
  using enum casework::CaseState;
  const casework::CaseState state = view.history.final.state;
  // What is possible before the flag state decided, in danger or when nothing else was asked.
  const bool undecided = state == kReceived || state == kAdmitted || state == kExecuting ||
                         state == kRegistryConfirmed || state == kRegistryUnknown;
  std::vector<v1::Act::Code> moves;
  for (Act::Code act : view.next_acts) {
    const bool always = act == Act::WITHDRAWAL || act == Act::CONSULTATION_OPEN ||
                        act == Act::LAPSE_NOTICE || act == Act::CLOSE_NOTICE ||
                        act == Act::SUSPENSION || act == Act::DELIVERY_ABORT ||
                        (undecided && (act == Act::BOARDING_REPORT || act == Act::CLOSE));
    const auto after =
        casework::Apply(view.history.final, view.own_side, act, v1::Family::UNSPECIFIED);
    if (!always && after.ok() && *after != view.history.final) moves.push_back(act);
  }
  return moves;
}

bool AskedLately(const CaseView& view, absl::Time now, const casework::PairPolicy& policy) {
  const absl::Duration between = policy.Limit("R-CLK-STATUS.AGAIN");
  return std::any_of(view.acts.begin(), view.acts.end(), [&](const CaseAct& act) {
    return act.header.act() == Act::STATUS_QUERY && Counts(act) && act.side == view.own_side &&
           act.header.urgency() < v1::Urgency::URGENT && now < act.recorded_at + between;
  });
}

std::vector<Proposal> ProposalsOf(const CaseView& view, const std::vector<Deadline>& deadlines,
                                  absl::Time now, const casework::PairPolicy& policy) {
  std::vector<Proposal> proposals;
  const bool asked = AskedLately(view, now, policy);
  if (OwesProsecution(view)) {
    proposals.push_back(
        {"R-EXT-02",
         std::string(casework::Msg("the person is not surrendered: offer to take the proceedings "
                                   "over; relates_to names this case, kind PROSECUTION_OFFER")),
         "palermo case new TRANSFER_PROCEEDINGS"});
  }
  for (const Deadline& clock : deadlines) {
    if (clock.state != ClockState::kOverdue && clock.state != ClockState::kDueSoon) continue;
    Proposal proposal = ProposalFor(view, clock);
    const auto same = [&](const Proposal& p) { return p.command == proposal.command; };
    const bool query = proposal.command.find("STATUS_QUERY") != std::string::npos;
    if (proposal.command.empty() || (query && asked)) continue;
    if (std::none_of(proposals.begin(), proposals.end(), same)) {
      proposals.push_back(std::move(proposal));
    }
  }
  return proposals;
}

absl::Status CheckClockAllows(v1::Act::Code act, const std::vector<Deadline>& deadlines) {
  const std::vector<const char*> clocks = ClocksBehind(act);
  if (clocks.empty()) return absl::OkStatus();
  const Deadline* running = nullptr;
  for (const char* rule : clocks) {
    for (const Deadline& clock : deadlines) {
      if (clock.rule != rule || Stopped(clock)) continue;
      if (clock.state == ClockState::kOverdue) return absl::OkStatus();
      running = &clock;
    }
  }
  // A follow-up has stopped it: the release waits for what is decided, R-CYB-03.
  if (running == nullptr && act == Act::PRESERVATION_RELEASED) return absl::OkStatus();
  if (running == nullptr) {
    return WrongState("CLOCK_RUNS", Cat({"no clock runs in this case that could end by ",
                                         casework::ActName(act)}));
  }
  return WrongState("CLOCK_RUNS", Cat({casework::ActName(act), " is not possible before ",
                                       FormatInstant(running->due), " (", running->rule, ", ",
                                       running->source, ")"}));
}

bool RequestingStateUnheard(const CaseView& view, const std::vector<Deadline>& deadlines) {
  const CaseAct* opened = NewestOf(view, {Act::CONSULTATION_OPEN});
  if (opened == nullptr || FindClock(deadlines, "R-CLK-CONSULT", ClockState::kOverdue) != nullptr) {
    return false;
  }
  bool after = false;
  for (const CaseAct& act : view.acts) {
    if (after && Counts(act) && act.side == Side::kRequesting &&
        (act.header.act() == Act::CONSULTATION_STATEMENT ||
         act.header.act() == Act::CONDITIONS_DECLINE)) {
      return false;
    }
    after = after || act.id == opened->id;
  }
  return opened->side == Side::kRequested;
}

absl::Time UnheardUntil(const CaseView& view, const std::vector<Deadline>& deadlines) {
  if (!RequestingStateUnheard(view, deadlines)) return absl::InfinitePast();
  absl::Time until = absl::InfiniteFuture();
  for (const Deadline& clock : deadlines) {
    if (clock.rule == "R-CLK-CONSULT" && !Stopped(clock)) until = clock.due;
  }
  return until;
}

namespace {

// Until when data are kept already.
absl::Time KeptUntil(const std::vector<Deadline>& deadlines, absl::Time now) {
  absl::Time until = now;
  for (const Deadline& clock : deadlines) {
    if (clock.rule == "R-CLK-PRES" && !Stopped(clock)) until = std::max(until, clock.due);
  }
  return until;
}

}  // namespace

absl::StatusOr<v1::CaseBody> ReadyBody(v1::Act::Code act, const std::vector<Deadline>& deadlines,
                                       absl::Time now) {
  v1::CaseBody body;
  body.set_version(1);
  PALERMO_RETURN_IF_ERROR(CheckClockAllows(act, deadlines));
  const bool releases = act == Act::PRESERVATION_RELEASED;
  for (const char* rule : ClocksBehind(act)) {
    if (releases) break;
    const Deadline* clock = FindClock(deadlines, rule, ClockState::kOverdue);
    if (clock == nullptr) continue;
    body.mutable_statement()->set_text(
        Cat({clock->rule, " (", clock->source, ") ran out at ", FormatInstant(clock->due), ": ",
             clock->meaning, ", and that did not happen."}));
    return body;
  }
  if (act == Act::STATUS_QUERY) {
    body.mutable_statement()->set_text("How far has the request got?");
    return body;
  }
  // Once a follow-up came, whoever releases says that it was decided.
  if (releases && FindClock(deadlines, "R-CLK-PRES", ClockState::kOverdue) != nullptr) {
    body.mutable_preservation()->set_status("RELEASED");
    body.mutable_preservation()->set_followup_received(false);
    return body;
  }
  if (act == Act::PRESERVATION_EXTENDED) {
    body.mutable_preservation()->set_status("PRESERVED");
    body.mutable_preservation()->set_from(FormatInstant(now));
    body.mutable_preservation()->set_until(FormatInstant(KeptUntil(deadlines, now) + kExtension));
    return body;
  }
  return Missing("NEEDS_BODY", Cat({casework::ActName(act),
                                    " needs --body; start from: palermo "
                                    "case new --act ",
                                    casework::ActName(act)}));
}

namespace {

// What the list shows of the deadlines.
void Summarize(const CaseView& view, Morning& morning) {
  morning.late = morning.due = 0;
  morning.next.reset();
  morning.waits_for_us =
      !view.waits_for_us.empty() || !morning.moves.empty() || !morning.proposals.empty();
  for (const Deadline& deadline : morning.deadlines) {
    if (Stopped(deadline)) continue;
    // A paused clock has no date yet: it moves on until the pause ends.
    const bool paused = deadline.state == ClockState::kPaused;
    if (!morning.next || (morning.next->state == ClockState::kPaused && !paused)) {
      morning.next = deadline;
    }
    if (deadline.state == ClockState::kOverdue) ++morning.late;
    if (deadline.state == ClockState::kDueSoon) ++morning.due;
    morning.waits_for_us |= deadline.ours && !paused;
  }
  morning.mark = morning.late > 0       ? "LATE"
                 : morning.due > 0      ? "DUE"
                 : morning.unopened > 0 ? "NEW"
                 : morning.waits_for_us ? "OPEN"
                                        : "-";
}

}  // namespace

Morning MorningOf(const CaseView& view, absl::Time now, const casework::PairPolicy& policy,
                  const DatesOfCase& dates) {
  Morning morning;
  morning.deadlines = DeadlinesOf(view, now, policy, dates);
  morning.proposals = ProposalsOf(view, morning.deadlines, now, policy);
  morning.moves = MovesOf(view);
  // A view changes no state, but it is waited for.
  const bool asked =
      std::any_of(morning.deadlines.begin(), morning.deadlines.end(), [](const Deadline& clock) {
        return clock.rule == "R-CLK-CONSULT" && clock.ours && !Stopped(clock);
      });
  if (asked) morning.moves.push_back(Act::CONSULTATION_STATEMENT);
  for (const CaseAct& act : view.acts) {
    if (act.incoming && act.retrieval == v1::RetrievalResult::UNSPECIFIED) ++morning.unopened;
  }
  Summarize(view, morning);
  return morning;
}

void AddDeadline(const CaseView& view, Deadline deadline, Morning& morning) {
  morning.deadlines.push_back(std::move(deadline));
  SortDeadlines(morning.deadlines);
  Summarize(view, morning);
}

}  // namespace palermo::desk
