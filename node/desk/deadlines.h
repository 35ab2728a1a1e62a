// The clocks of a case as a desk can know them: from headers, the times of its own node's ledger,
// and the times that the bodies name which were opened. Pure.
#ifndef PALERMO_NODE_DESK_DEADLINES_H_
#define PALERMO_NODE_DESK_DEADLINES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "node/casework/clocks.h"
#include "node/desk/act_dates.h"
#include "node/desk/casebook.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

struct Deadline {
  std::string rule;     // "R-CLK-ACK"
  std::string source;   // "18(14)", "practice"
  std::string meaning;  // what it counts, in plain words
  std::string expiry;   // what follows when it has run out
  std::string kind;     // "law", "law without a number", "policy", "agreed by the two states"
  std::string limit;    // "5 working days"; "" to a date that an act names
  Hash act{};           // that started it
  v1::Act::Code act_name = v1::Act::UNSPECIFIED;
  absl::Time started, due;
  casework::ClockState state = casework::ClockState::kRunning;
  bool ours = false;      // it is our side that must act
  bool named = false;     // an act names the date; the limit only bounds it
  bool at_least = false;  // from below, as the law does
};

// When it is due, for people. A day that an act names lasts until its last second: the midnight
// after it would be read as the next day.
std::string DueText(const Deadline& clock);

// Those that run first, the earliest due first; then the stopped ones. R-CLK-DEADLINE is also the
// date by which a message asked for an answer, unless its body names the same date; it stops when
// the other side answers: word of receipt or of progress is no answer to a request.
std::vector<Deadline> DeadlinesOf(const CaseView& view, absl::Time now,
                                  const casework::PairPolicy& policy = {},
                                  const DatesOfCase& dates = {});

// What a clock that has run out, or soon will, calls for; the command is ready to be run.
struct Proposal {
  std::string rule;
  std::string text;
  std::string command;
};
std::vector<Proposal> ProposalsOf(const CaseView& view, const std::vector<Deadline>& deadlines,
                                  absl::Time now, const casework::PairPolicy& policy = {});
// UNTOC 18(24), "reasonable": our side asked for the progress less than 30 days ago (of the pair:
// R-CLK-STATUS.AGAIN), and nothing is urgent. Policy.
bool AskedLately(const CaseView& view, absl::Time now, const casework::PairPolicy& policy = {});

// The acts that move the case on and are ours; a withdrawal or a consultation is always possible
// and none of them.
std::vector<v1::Act::Code> MovesOf(const CaseView& view);

// Whether the act is in time, where the law has it only after a clock: a lapse, the closing of a
// case after silence. CLOCK_RUNS with the time from which it may be.
absl::Status CheckClockAllows(v1::Act::Code act, const std::vector<Deadline>& deadlines);

// UNTOC 18(26): the newest consultation was opened by the requested state, the requesting state has
// stated no view in it, and its time has not run out.
bool RequestingStateUnheard(const CaseView& view, const std::vector<Deadline>& deadlines);
// When the time of the running consultation ends by this pair's number; InfinitePast when the
// requesting state was heard.
absl::Time UnheardUntil(const CaseView& view, const std::vector<Deadline>& deadlines);

// The body of an act that a clock calls for, when nothing is left to be written. NEEDS_BODY for any
// other act.
absl::StatusOr<v1::CaseBody> ReadyBody(v1::Act::Code act, const std::vector<Deadline>& deadlines,
                                       absl::Time now);

// What a central authority works from in the morning.
struct Morning {
  size_t unopened = 0;
  size_t late = 0, due = 0;  // of ours and theirs; due: soon
  bool waits_for_us = false;
  std::optional<Deadline> next;  // the earliest that runs; a paused one only where none does
  std::vector<Deadline> deadlines;
  std::vector<Proposal> proposals;
  std::vector<v1::Act::Code> moves;
  // "LATE", "DUE", "NEW", "OPEN", "-": the most pressing of them.
  std::string mark;
};
Morning MorningOf(const CaseView& view, absl::Time now, const casework::PairPolicy& policy = {},
                  const DatesOfCase& dates = {});
// One more, that no act of the case started by itself.
void AddDeadline(const CaseView& view, Deadline deadline, Morning& morning);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DEADLINES_H_
