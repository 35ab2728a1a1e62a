// Duties that survive a case: who owes what to whom, until when, fulfilled by which act. They
// follow from the acts and their contents; no end of a case extinguishes them. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OBLIGATIONS_H_
#define PALERMO_NODE_CASEWORK_OBLIGATIONS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/acts.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

class PairPolicy;

// A kind of duty. docs/casework.md shows the table.
struct ObligationKind {
  std::string_view kind;     // "USE_LIMITATION"
  std::string_view article;  // of UNTOC where no instrument is named
  bool standing;             // it holds and is never done: nothing to report
  std::string_view meaning;
};
std::span<const ObligationKind> ObligationKinds();
// Null when there is none.
const ObligationKind* FindObligationKind(std::string_view kind);

struct Obligation {
  std::string_view kind;  // "USE_LIMITATION"
  Side owed_by = Side::kRequesting;
  uint32_t item = 0;  // 0: the whole case
  absl::Time since;
  absl::Time due = absl::InfiniteFuture();
  size_t trigger = 0;  // index of the act that made it
  bool fulfilled = false;
  std::string_view article;  // of UNTOC where no instrument is named
  bool standing = false;
  absl::Time ends = absl::InfiniteFuture();  // it holds until then
  size_t fulfilled_by = 0;                   // index of the act, when fulfilled
  absl::Time fulfilled_at = absl::InfiniteFuture();
  bool breached = false;  // an act of the case says so, whatever the time
  std::string text = {};  // of a condition
};

// An act with its content, in the history's order; conflicts left out.
struct OpenedAct {
  v1::Act::Code act = v1::Act::UNSPECIFIED;
  Side side = Side::kRequesting;
  absl::Time at;
  const v1::CaseBody* body = nullptr;  // null: not opened; what needs it is not known
};

// `policy`: the numbers of the pair; null: the defaults.
std::vector<Obligation> ObligationsOf(const std::vector<OpenedAct>& acts,
                                      v1::Family::Code family = v1::Family::MLA,
                                      const PairPolicy* policy = nullptr);
// Fulfilled too late, or past due and not yet, or broken by an act. What was fulfilled too late
// stays so.
bool IsBreached(const Obligation& obligation, absl::Time now);
// Something is still to be done: owed, not fulfilled, not standing, not ended.
bool IsOpen(const Obligation& obligation, absl::Time now);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OBLIGATIONS_H_
