#include "node/desk/case_bodies.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/vocabulary.h"

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

casework::Progress CaseBodies::ProgressBefore(std::string_view id) const {
  std::vector<casework::OpenedAct> before;
  for (size_t i = 0; i < of_.size() && AsView(of_[i]->id) != id; ++i) before.push_back(opened_[i]);
  return casework::ProgressOf(before, family_);
}

std::string DutyText(const casework::Obligation& duty, casework::Side own_side, absl::Time now,
                     const casework::Translated& translated) {
  using casework::Msg;
  const auto say = [&](std::string_view english, const casework::TextArgs& args) {
    return casework::Said(english, args, translated);
  };
  const std::string article =
      duty.article == "policy" ? say(Msg("policy"), {}) : std::string(duty.article);
  std::string text = Cat({std::string(duty.kind), " (", article, "): "});
  text += duty.owed_by == own_side ? say(Msg("we owe it"), {}) : say(Msg("they owe it"), {});
  const auto add = [&](const std::string& more) { text += Cat({", ", more}); };
  if (duty.item != 0) add(say(Msg("item {item}"), {{"item", std::to_string(duty.item)}}));
  if (duty.due != absl::InfiniteFuture()) {
    add(say(Msg("due {time}"), {{"time", FormatInstant(duty.due)}}));
  }
  const bool ended = duty.ends <= now;
  if (duty.ends != absl::InfiniteFuture()) {
    add(say(ended ? Msg("ended {time}") : Msg("until {time}"),
            {{"time", FormatInstant(duty.ends)}}));
  }
  const bool breached = casework::IsBreached(duty, now);
  if (duty.breached) {
    add(say(Msg("BREACHED"), {}));
  } else if (duty.fulfilled) {
    add(breached
            ? say(Msg("fulfilled too late, {time}"), {{"time", FormatInstant(duty.fulfilled_at)}})
            : say(Msg("fulfilled"), {}));
  } else if (breached) {
    add(say(Msg("OVERDUE"), {}));
  } else if (!duty.standing && !ended) {
    add(say(Msg("open"), {}));
  }
  const auto* kind = casework::FindObligationKind(duty.kind);
  if (!duty.text.empty()) {
    text += Cat({"\n      ", duty.text});
  } else if (kind != nullptr) {
    text += Cat({"\n      ", say(kind->meaning, {})});
  }
  return text;
}

}  // namespace palermo::desk
