// The bodies of a case's acts in the order of its history, and what they tell together. Bodies that
// nobody may or can open stay out: what needs them is not known.
#ifndef PALERMO_NODE_DESK_CASE_BODIES_H_
#define PALERMO_NODE_DESK_CASE_BODIES_H_

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "node/casework/progress.h"
#include "node/casework/request_basis.h"
#include "node/desk/casebook.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::desk {

class CaseBodies {
 public:
  // The acts of the history that took effect, none opened yet. `view` must outlive this.
  explicit CaseBodies(const CaseView& view);

  const std::vector<const CaseAct*>& acts() const { return of_; }
  void Set(size_t index, v1::CaseBody body);
  const std::vector<casework::OpenedAct>& opened() const { return opened_; }
  casework::Progress Progress(const casework::PairPolicy* policy = nullptr) const {
    return casework::ProgressOf(opened_, family_, policy);
  }
  // As far as the case had got before the act with this id; all of it when the act is not here.
  casework::Progress ProgressBefore(std::string_view id) const;

 private:
  std::vector<const CaseAct*> of_;
  std::vector<casework::OpenedAct> opened_;
  std::deque<v1::CaseBody> bodies_;
  v1::Family::Code family_;
};

// One line for people: "RETURN_PERSON  we  due 2026-09-01  OVERDUE".
// `translated`: into the reader's language; null: English.
std::string DutyText(const casework::Obligation& duty, casework::Side own_side, absl::Time now,
                     const casework::Translated& translated = nullptr);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CASE_BODIES_H_
