// The treaty status list that a state's directory carries, and what it says about a request: a desk
// computes the basis before it sends one, and again when one arrives.
#ifndef PALERMO_NODE_DESK_TREATY_LIST_H_
#define PALERMO_NODE_DESK_TREATY_LIST_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/contents.h"
#include "node/casework/request_basis.h"
#include "node/casework/treaty.h"
#include "node/desk/drafting.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

struct KnownList {
  casework::TreatyStatus status;
  casework::ListSource source;
};
// Of the directory of `state`. NO_LIST when it carries none; BAD_CSV; UNKNOWN_RECIPIENT.
absl::StatusOr<KnownList> ListOf(const trust::TrustView& view, const std::string& state);
// Of a file that is not in any directory yet; its source names no state and no version.
absl::StatusOr<KnownList> ListFrom(const std::string& csv);

// What the directories say to the check of a draft. Lives as long as the context that it fills.
class Law {
 public:
  // `own_state` is the state of this desk: its list counts. `view` may be null.
  Law(const trust::TrustView* view, const std::string& own_state);

  // Treaties, profiles, territory, and what the recipient's entry says: its roles, channels,
  // languages, and when it was last attested. `recipient` is the authority that the message goes
  // to.
  void Fill(const std::string& sender, const std::string& recipient,
            casework::CheckContext& context);
  // Computes the basis of the request in `body` and stores it there; nothing when the body holds no
  // request or there is no list.
  void StoreBasis(const casework::CheckContext& context, v1::CaseBody& body) const;

  // The basis of a form: what the list gives between the two states. False without a list or basis.
  bool Prefill(const casework::CheckContext& context, v1::CaseBody& body) const;

  const KnownList* list() const { return list_ ? &*list_ : nullptr; }
  // Why there is no list; OK when there is one.
  const absl::Status& why_none() const { return why_none_; }

 private:
  const trust::TrustView* view_;
  std::optional<KnownList> list_;
  absl::Status why_none_;
  std::optional<casework::StateProfile> requesting_, requested_;
  casework::MessageFacts message_;
};

// What the receiving desk says about the basis of a request: one sentence a line. `differs` when
// its own list, or the sender's, does not give what the request says.
struct BasisReport {
  std::vector<std::string> lines;
  bool differs = false;
};
BasisReport CheckBasis(const trust::TrustView& view, const std::string& own_state,
                       const v1::Request& request,
                       const casework::Translated& translated = nullptr);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_TREATY_LIST_H_
