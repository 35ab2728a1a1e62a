// Which consultation an event says came before it, and whether the other state was heard.
#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/scene.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

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
  const Value* days = Member(scene.event, "days_since_consultation");
  if (days != nullptr && absl::Hours(24 * days->number_value()) >= kNotice) return true;
  std::string opened = FirstOf(scene.event, {"consultation_opened_at", "opened_at"});
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

// CONFIDENTIALITY_UNABLE stands, as the state, the request or any member of the event says.
bool CannotKeepConfidential(const Scene& scene) {
  constexpr const char* kNotice = "CONFIDENTIALITY_UNABLE";
  if (scene.in_state == kNotice) return true;
  const Struct* request = ObjectOf(scene.json, "request");
  const Struct* wished = request == nullptr ? nullptr : ObjectOf(*request, "confidentiality");
  if (wished != nullptr && SaysOneOf(*wished, {"unable", "unable_at"})) return true;
  for (const auto& [name, value] : scene.event.fields()) {
    const bool unable =
        name == "unable" || (HasWords(name, {"unable"}) &&
                             HasWords(name, {"confiden*", "secre*", "keep", "rd", "comply", "at"}));
    if (unable && SaysYes(&value)) return true;
    if (name == "confidentiality" && value.string_value() == "UNABLE") return true;
    const auto words = OneOrMore(scene.event, name);
    if (std::find(words.begin(), words.end(), kNotice) != words.end()) return true;
  }
  return false;
}

// That it is so, until the requesting state has decided.
bool IsUndecided(const Scene& scene) {
  if (!CannotKeepConfidential(scene)) return false;
  const auto decides = [](const Struct& object) {
    const std::string decision =
        FirstOf(object, {"rq_decision", "rq_decided", "rq_agreed", "rq_consent"});
    return SaysOneOf(object, {"rq_decision", "rq_decided", "rq_agreed", "rq_consent"}) &&
           !OneOf(decision, {"STOP", "WITHDRAW", "DO_NOT_EXECUTE"});
  };
  const Struct* request = ObjectOf(scene.json, "request");
  const Struct* wished = request == nullptr ? nullptr : ObjectOf(*request, "confidentiality");
  return !decides(scene.event) && (wished == nullptr || !decides(*wished));
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

bool FillGround(const Scene& scene, v1::Act::Code act, Mapped& out) {
  using v1::Act;
  const bool notice = act == Act::POSTPONEMENT_NOTICE;
  if (!notice && act != Act::POSTPONEMENT_REVIEW && act != Act::SUSPENSION) return false;
  v1::PostponementGround::Code ground{};
  const std::string word = TextOf(scene.event, "ground");
  if (v1::PostponementGround::Code_Parse(word, &ground)) {
    out.body.mutable_statement()->set_ground(ground);
  }
  const std::string expected = TextOf(scene.event, "expected_until");
  if (!expected.empty()) out.body.mutable_statement()->set_expected_until(expected);
  // Who writes no ground writes an older body; a word of no list is a ground that does not count.
  const bool of_no_list = CodeAtHead(word) == word && !word.empty();
  out.context.received = ground == v1::PostponementGround::UNSPECIFIED && !of_no_list;
  return notice;
}

}  // namespace palermo::casework
