// Which consultation an event says came before it, and whether the other state was heard.
#include <vector>

#include "base/clock.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/scene.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr absl::Duration kNotice = absl::Hours(24 * 30);

// What the event says beside its own members: in "consultation", or the case's.
const Struct& HeldIn(const Scene& scene) {
  static const auto& kNone = *new Struct();
  if (const Struct* held = ObjectOf(scene.event, "consultation")) return *held;
  const Struct* of_case = ObjectOf(scene.json, "consultation");
  return of_case == nullptr ? kNone : *of_case;
}

// What the consultation was about, where the event says so.
std::string TopicOf(const Scene& scene) {
  const std::string topic = TextOf(HeldIn(scene), "topic");
  if (!topic.empty()) return topic;
  for (const char* name : {"topic", "consultation_topic", "consult_topic", "consulted_topic"}) {
    if (!TextOf(scene.event, name).empty()) return TextOf(scene.event, name);
  }
  v1::ConsultTopic::Code code;
  const std::string word = TextOf(scene.event, "consultation");
  return v1::ConsultTopic::Code_Parse(word, &code) ? word : "";
}

std::vector<uint32_t> ConsultedItems(const Scene& scene) {
  const Value* items = Member(HeldIn(scene), "items");
  for (const char* name : {"consultation_items", "consulted_items"}) {
    if (items == nullptr) items = Member(scene.event, name);
  }
  std::vector<uint32_t> numbers;
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const double n = items->list_value().values(i).number_value();
    if (n >= 1 && n < 1e6) numbers.push_back(static_cast<uint32_t>(n));
  }
  return numbers;
}

// A member that is there and says no, as null or false.
bool Denies(const Struct& object, const char* name) {
  const Value* value = Member(object, name);
  return value != nullptr && !SaysYes(value);
}

bool IsOpen(const Scene& scene) {
  const Struct& event = scene.event;
  for (const char* name : {"consultation", "consultation_id", "consultation_ref"}) {
    if (Denies(event, name)) return false;
  }
  for (const char* name : {"opened", "open"}) {
    if (Denies(HeldIn(scene), name)) return false;
  }
  const bool held = SaysYes(Member(event, "consultation_id")) ||
                    SaysYes(Member(event, "consultation")) || HeldIn(scene).fields_size() > 0;
  return Flag(event, "consulted", scene.in_state == "CONSULTING" || held);
}

// Whether the time for the other state's view has run out at the event.
bool IsNoticeOver(const Scene& scene) {
  const Struct& held = HeldIn(scene);
  for (const char* name : {"notice_elapsed", "notice_period_elapsed", "period_elapsed"}) {
    if (SaysYes(Member(scene.event, name)) || SaysYes(Member(held, name))) return true;
  }
  std::string opened = AnyText(scene.event, "consultation_opened_at");
  for (const char* name : {"opened_at", "opened", "since", "at"}) {
    if (opened.empty()) opened = AnyText(held, name);
  }
  const std::string at = TextOf(scene.event, "at");
  const auto from = ParseInstant(opened), now = ParseInstant(at.empty() ? scene.facts.now : at);
  return from.ok() && now.ok() && *now >= *from + kNotice;
}

bool IsUnheard(const Scene& scene) {
  const Struct& held = HeldIn(scene);
  bool asked = false;
  for (const Struct* from : {&scene.event, &held}) {
    for (const char* name : {"rq_statement", "rq_statements", "rq_view", "rq_statement_at",
                             "rq_stated", "rq_stated_at", "rq_reply", "rq_heard"}) {
      if (SaysYes(Member(*from, name))) return false;
      asked |= Member(*from, name) != nullptr;
    }
    asked |= Denies(*from, "notice_elapsed") || Denies(*from, "notice_period_elapsed");
  }
  return asked && !IsNoticeOver(scene);
}

// Confidentiality that cannot be kept, until the requesting state has decided.
bool IsUndecided(const Scene& scene) {
  const Struct& event = scene.event;
  bool unable = scene.in_state == "CONFIDENTIALITY_UNABLE";
  for (const char* name : {"confidentiality_unable", "confidentiality_unable_at",
                           "after_confidentiality_unable", "unable_at"}) {
    unable |= SaysYes(Member(event, name));
  }
  for (const char* name : {"after", "pending", "confidentiality"}) {
    unable |= TextOf(event, name) == "CONFIDENTIALITY_UNABLE" || TextOf(event, name) == "UNABLE";
  }
  const Struct* request = ObjectOf(scene.json, "request");
  const Struct* kept = request == nullptr ? nullptr : ObjectOf(*request, "confidentiality");
  bool decided = false;
  for (const char* name : {"rq_decision", "rq_decided", "decision"}) {
    decided |=
        SaysYes(Member(event, name)) ||
        (kept != nullptr && std::string_view(name) != "decision" && SaysYes(Member(*kept, name)));
  }
  if (kept != nullptr) {
    unable |= SaysYes(Member(*kept, "unable")) || SaysYes(Member(*kept, "unable_at"));
  }
  return unable && !decided;
}

}  // namespace

void FillConsultation(const Scene& scene, CheckContext& context) {
  const bool open = IsOpen(scene);
  const std::string topic = TopicOf(scene);
  context.refusal_consultation_open = open && (topic.empty() || topic == "REFUSAL");
  context.postponement_consultation_open = open && (topic.empty() || topic == "POSTPONEMENT");
  context.refusal_consultation_items = ConsultedItems(scene);
  context.requesting_state_unheard = IsUnheard(scene);
  context.confidentiality_undecided = IsUndecided(scene);
}

}  // namespace palermo::casework
