#include "node/desk/case_bodies.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace palermo::desk {

CaseBodies::CaseBodies(const CaseView& view) : family_(view.family) {
  for (const CaseAct& act : view.acts) {
    if (!act.in_history || act.conflict) continue;
    of_.push_back(&act);
    opened_.push_back({act.header.act(), act.side, act.recorded_at, nullptr});
  }
}

void CaseBodies::Set(size_t index, v1::CaseBody body) {
  bodies_.push_back(std::move(body));
  opened_.at(index).body = &bodies_.back();
}

std::string DutyText(const casework::Obligation& duty, casework::Side own_side, absl::Time now) {
  std::string text = absl::StrFormat("%s (%s): %s", duty.kind, duty.article,
                                     duty.owed_by == own_side ? "we owe it" : "they owe it");
  if (duty.item != 0) text += absl::StrFormat(", item %u", duty.item);
  if (duty.due != absl::InfiniteFuture()) text += Cat({", due ", FormatInstant(duty.due)});
  if (duty.ends != absl::InfiniteFuture()) text += Cat({", until ", FormatInstant(duty.ends)});
  if (casework::IsBreached(duty, now)) {
    text += ", OVERDUE";
  } else if (duty.fulfilled) {
    text += ", fulfilled";
  } else if (!duty.standing) {
    text += ", open";
  }
  const auto* kind = casework::FindObligationKind(duty.kind);
  if (!duty.text.empty()) {
    text += Cat({"\n      ", duty.text});
  } else if (kind != nullptr) {
    text += Cat({"\n      ", std::string(kind->meaning)});
  }
  return text;
}

}  // namespace palermo::desk
