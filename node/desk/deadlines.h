// The clocks of a case as a desk can know them: from headers and the times of its own node's
// ledger, with no body opened. A date that only a body names (the end of a preservation, the review
// of a postponement) is not known here; the rule's own limit stands for it. Pure.
#ifndef PALERMO_NODE_DESK_DEADLINES_H_
#define PALERMO_NODE_DESK_DEADLINES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/clocks.h"
#include "node/desk/casebook.h"

namespace palermo::desk {

struct Deadline {
  std::string rule;       // "R-CLK-ACK"
  std::string source;     // "18(14)", "practice"
  std::string condition;  // what the rule says, in plain words
  Hash act{};             // that started it
  absl::Time started, due;
  casework::ClockState state = casework::ClockState::kRunning;
  bool ours = false;  // it is our side that must act
};

// Those that run first, the earliest due first; then the stopped ones. R-CLK-DEADLINE is the date
// by which a message asked for an answer; it stops when a later act of the other side follows it.
std::vector<Deadline> DeadlinesOf(const CaseView& view, absl::Time now);

// What a central authority works from in the morning.
struct Morning {
  size_t unopened = 0;
  size_t late = 0, due = 0;  // of ours and theirs; due: soon
  bool waits_for_us = false;
  std::optional<Deadline> next;  // the earliest that runs
  std::vector<Deadline> deadlines;
  // "LATE", "DUE", "NEW", "OPEN", "-": the most pressing of them.
  std::string mark;
};
Morning MorningOf(const CaseView& view, absl::Time now);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DEADLINES_H_
