// What another state asks of us about a record: whether it may be passed on, or to give it up; as a
// sentence with the command that answers it.
#ifndef PALERMO_NODE_CLI_ASKED_H_
#define PALERMO_NODE_CLI_ASKED_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "node/casebook/casebook.h"
#include "node/desk/casebook.h"
#include "node/desk/deadlines.h"
#include "node/desk/json_value.h"

namespace palermo::cli {

struct Asked {
  std::string kind;        // "onward_consent_request", "intelligence_recall" ...
  std::string message_id;  // bytes
  std::string from;        // state
  std::string record;      // "QN:R-2026-001/1"
  std::string reason, answer_by;
  desk::Wait wait;
};
// REQUIRES: one of casebook::UnansweredIn. `held`: whether the record ever was here;
// `newer`: whether what replaces it is here (a correction is also for those who do not get that).
Asked AskedIn(const casebook::Item& item, bool held, bool newer = true);

// The sentence, and the command on a line of its own.
std::string AskedText(const Asked& asked);
desk::Json AskedJson(const Asked& asked);
// By when; nothing where the other state names no time.
std::optional<desk::Deadline> DeadlineOf(const Asked& asked, const Hash& act, absl::Time started,
                                         absl::Time now);

// Of an answer of another state that came: "QN lets QN:R-1/1 go to QP for INVESTIGATION"; "" for
// anything else.
std::string AnsweredText(const casebook::Item& item);
// What a case of such messages is about: "intelligence_recall QN:R-1/1"; "" for records, of which
// the label decides who hears, and for anything else.
std::string SubjectOf(const casebook::Item& item);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_ASKED_H_
