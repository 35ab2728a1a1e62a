// A further act in its case: its body, and what the rules say of it by all that the case tells.
#ifndef PALERMO_NODE_CLI_CASE_ACTS_H_
#define PALERMO_NODE_CLI_CASE_ACTS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/clocks.h"
#include "node/casework/progress.h"
#include "node/cli/session.h"
#include "node/desk/case_bodies.h"
#include "node/desk/casebook.h"
#include "node/desk/drafting.h"
#include "node/desk/treaty_list.h"

namespace palermo::cli {

// A file that cannot be read as an officer's draft breaks R-GEN-01: the status says where, and by
// which sentence it is told.
absl::Status AsUnreadable(const absl::Status& status);
absl::StatusOr<desk::DraftFile> LoadDraft(const std::string& path);
// The body of the file; with path "" what a clock calls for. An act that has to wait for a clock
// waits: CLOCK_RUNS. `unheard_until`: as UnheardUntil.
absl::Status TakeActBody(const std::string& path, Session& session, const desk::CaseView& view,
                         desk::DraftFile* draft, absl::Time* unheard_until, Context& context);

// What the check of an act needs, and what is told of it besides. The context points into it and
// into `view`.
class ActInCase {
 public:
  ActInCase(const desk::DraftFile& drafted, const desk::CaseView& view)
      : draft(drafted), view_(view), bodies_(view) {}
  ActInCase(const ActInCase&) = delete;
  ActInCase& operator=(const ActInCase&) = delete;

  // Opens the case's bodies and fills the rest. Failure: those of OpenBodies, NOT_RELEASED.
  absl::Status Fill(Session& session, absl::Time unheard_until, Context& context);

  desk::DraftFile draft;
  casework::CheckContext check;
  std::vector<casework::Finding> told;  // by the case, beyond the body

 private:
  const desk::CaseView& view_;
  desk::CaseBodies bodies_;
  casework::PairPolicy policy_;
  casework::Progress progress_;
  trust::TrustPtr trusted_;
  std::optional<desk::Law> law_;
};

// What is said of a file whose act belongs to a case, when it is checked without it: which rules
// only the case can answer. Fills `check`: the sides by the act, and that the case is not known.
void CheckWithoutCase(casework::CheckContext* check, std::vector<casework::Finding>* findings);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_CASE_ACTS_H_
