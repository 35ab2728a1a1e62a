// When a controlled delivery is on the way: the windows of its legs, and what happens outside them.
#include "node/casework/cases/leg_windows.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// The time in a member: a text, or an object with a time in it.
std::string TimeIn(const Struct& leg, const char* name) {
  const Struct* inner = ObjectOf(leg, name);
  const std::string said =
      inner == nullptr ? TextOf(leg, name) : FirstOf(*inner, {"at", "time", "date"});
  return ParseInstant(said).ok() ? said : "";
}

// When the leg was used, as it says itself.
std::vector<std::string> TimesOf(const Struct& leg) {
  std::vector<std::string> times;
  const Struct* actual = ObjectOf(leg, "actual");
  for (const Struct* from : {&leg, actual}) {
    if (from == nullptr) continue;
    for (const char* name : {"entry", "exit", "entry_at", "exit_at", "entered_at", "exited_at",
                             "crossed_at", "actual_entry", "actual_exit", "at"}) {
      const std::string time = TimeIn(*from, name);
      if (!time.empty()) times.push_back(time);
    }
  }
  return times;
}

bool IsOutsideOf(const Span& window, absl::Time at) {
  const auto from = ParseInstant(window.from);
  return (from.ok() && at < *from) || IsAfterEnd(window.to, at);
}

// Each leg of the plan.
template <typename Each>
void ForLegs(const Struct& plan, Each each) {
  const Value* legs = Member(plan, "legs");
  for (int i = 0; legs != nullptr && i < legs->list_value().values_size(); ++i) {
    each(legs->list_value().values(i).struct_value(), i);
  }
}

// The leg that an event names by its number or its state.
bool IsNamed(const Struct& event, const Struct& leg, int i) {
  for (const char* name : {"leg", "seq", "leg_seq"}) {
    const Value* said = Member(event, name);
    if (said == nullptr || said->kind_case() != Value::kNumberValue) continue;
    const Value* seq = Member(leg, "seq");
    return said->number_value() == (seq == nullptr ? i + 1 : seq->number_value());
  }
  const std::string state = FirstOf(event, {"state", "in"});
  return !state.empty() && state == TextOf(leg, "state");
}

// The end of the leave that a leg or its plan has: {"authority": {"ref": ..., "valid_to": ...}}.
std::vector<std::string> EndsOf(const Struct& object) {
  std::vector<std::string> ends;
  for (const char* name :
       {"authority", "order", "warrant", "judicial_order", "authorisation", "permit"}) {
    const Struct* leave = ObjectOf(object, name);
    if (leave != nullptr) ends.push_back(SpanOf(Member(object, name)).to);
    ends.push_back(FirstOf(object, {(std::string(name) + "_valid_to").c_str(),
                                    (std::string(name) + "_expires_at").c_str()}));
  }
  return ends;
}

// Whether one of them has ended by then; its last day is good.
bool IsLegOver(const Struct& object, absl::Time at) {
  const auto ends = EndsOf(object);
  return std::any_of(ends.begin(), ends.end(),
                     [&](const std::string& end) { return IsAfterEnd(end, at); });
}

// Every plan of the case.
std::vector<const Struct*> PlansOf(const Struct& json) {
  std::vector<const Struct*> plans;
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    plans.push_back(&items->list_value().values(i).struct_value());
  }
  if (const Struct* records = ObjectOf(json, "records")) {
    for (const auto& [name, record] : records->fields()) plans.push_back(&record.struct_value());
  }
  std::erase_if(plans, [](const Struct* plan) { return !HasLegs(*plan); });
  return plans;
}

// Whether the moment is in none of the windows, although there are some.
bool IsOutsideAll(const Struct& plan, absl::Time at) {
  bool some = false, inside = false;
  ForLegs(plan, [&](const Struct& leg, int) {
    const Span window = WindowOf(leg);
    if (!ParseInstant(window.from).ok() || !ParseInstant(window.to).ok()) return;
    some = true;
    // Hours of entry and exit are a plan; it goes live before the first.
    const bool planned = Member(leg, "window") == nullptr;
    inside |= planned ? !IsAfterEnd(window.to, at) : !IsOutsideOf(window, at);
  });
  return some && !inside;
}

// Whether all windows have ended.
bool IsOver(const Struct& plan, absl::Time at) {
  bool some = false, over = true;
  ForLegs(plan, [&](const Struct& leg, int) {
    const Span window = WindowOf(leg);
    if (!ParseInstant(window.to).ok()) return;
    some = true;
    over &= IsAfterEnd(window.to, at);
  });
  return some && over;
}

}  // namespace

Span WindowOf(const Struct& leg) {
  const Value* said = Member(leg, "window");
  if (said != nullptr && said->kind_case() == Value::kStringValue) {
    const std::vector<std::string> ends = absl::StrSplit(said->string_value(), '/');
    return ends.size() == 2 ? Span{ends[0], ends[1]} : Span{};
  }
  if (said == nullptr) return {TimeIn(leg, "entry"), TimeIn(leg, "exit")};
  return SpanOf(said);
}

void JudgeLegs(const Struct& plan, const CaseFacts& facts, std::vector<Finding>& findings) {
  if (!HasLegs(plan)) return;
  bool outside = false;
  absl::Time begins = absl::InfiniteFuture();
  ForLegs(plan, [&](const Struct& leg, int) {
    const Span window = WindowOf(leg);
    const auto from = ParseInstant(window.from), to = ParseInstant(window.to);
    outside |= from.ok() && to.ok() && *to < *from;
    outside |= from.ok() && IsLegOver(leg, *from);
    if (from.ok() && *from < begins) begins = *from;
    if (Member(leg, "window") == nullptr) return;
    for (const std::string& time : TimesOf(leg)) {
      const auto at = ParseInstant(time);
      outside |= IsOutsideOf(window, *at) && !(to.ok() && *at == *to);
    }
  });
  outside |= begins != absl::InfiniteFuture() && IsLegOver(plan, begins);
  const auto now = ParseInstant(facts.now);
  const bool live = FirstOf(plan, {"status", "state"}) == "LIVE";
  if (outside || (live && now.ok() && IsOver(plan, *now))) {
    Tell("R-AUTH-03.order", "legs", findings);
  }
}

bool IsOutsideDelivery(const Struct& json, absl::Time at) {
  const auto plans = PlansOf(json);
  return std::any_of(plans.begin(), plans.end(), [&](const Struct* plan) {
    return IsOutsideAll(*plan, at) || IsLegOver(*plan, at);
  });
}

bool IsDeliveryOver(const Struct& json, absl::Time now) {
  const auto plans = PlansOf(json);
  return std::any_of(plans.begin(), plans.end(), [&](const Struct* plan) {
    return IsOver(*plan, now) || IsLegOver(*plan, now);
  });
}

bool IsOutsideLeg(const Struct& json, const Struct& event, absl::Time at) {
  bool outside = false;
  for (const Struct* plan : PlansOf(json)) {
    ForLegs(*plan, [&](const Struct& leg, int i) {
      outside |= IsNamed(event, leg, i) && (IsOutsideOf(WindowOf(leg), at) || IsLegOver(leg, at));
    });
  }
  return outside;
}

}  // namespace palermo::casework
