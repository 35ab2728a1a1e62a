// What has happened lies behind: a date of birth, of an arrest, a boarding, a seizure after the
// time of the act that tells of it. What is planned may lie ahead.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fields that only what has happened has. Others say what is planned, or may say it.
struct EventField {
  std::string_view message, field;
};
constexpr EventField kEvents[] = {{"Person", "date_of_birth"},
                                  {"Oral", "made_at"},
                                  {"SeizedObject", "at"},
                                  {"Statement", "happened_at"},
                                  {"ConfiscationOrder", "date"},
                                  {"SurrenderAnswer", "arrested_at"},
                                  {"SurrenderAnswer", "decided_at"},
                                  {"SurrenderAnswer", "surrendered_at"},
                                  {"SurrenderAnswer", "released_at"},
                                  {"TransferAnswer", "handed_over_at"},
                                  {"TransferAnswer", "returned_at"},
                                  {"ServiceAnswer", "served_at"},
                                  {"BoardingAnswer", "at"},
                                  {"BoardingResult", "boarded_at"},
                                  {"BoardingResult", "reported_at"},
                                  {"AssetReport", "at"},
                                  {"ConsentWithdrawal", "withdrawn_at"},
                                  {"Position", "at"},
                                  {"Recovery", "at"},
                                  {"Selector", "at"},
                                  {"Item", "rights_informed_at"},
                                  {"Lead", "observed_at"},
                                  {"Analysis", "at"},
                                  {"ConsentRecord", "signed_at"},
                                  {"ReferralConsent", "informed_of_rights_at"},
                                  {"VictimReferral", "identified_at"},
                                  {"ObligationReport", "at"},
                                  {"ObligationReport", "left_at"},
                                  {"ObligationReport", "final_discharge_at"}};

// The dates of events that a message has itself, and its members that have some somewhere below.
struct EventPlan {
  std::vector<const FieldDescriptor*> dates, below;
  bool Any() const { return !dates.empty() || !below.empty(); }
};
using EventPlans = std::map<const Descriptor*, EventPlan>;

// A message that holds itself finds the plan that is being made: empty, and so not gone into.
const EventPlan& AddPlan(const Descriptor& message, EventPlans& plans) {
  const auto [at, is_new] = plans.try_emplace(&message);
  EventPlan& plan = at->second;
  if (!is_new) return plan;
  for (const EventField& event : kEvents) {
    if (event.message != message.name()) continue;
    const FieldDescriptor* field = message.FindFieldByName(std::string(event.field));
    PALERMO_CHECK(field != nullptr);
    plan.dates.push_back(field);
  }
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field.is_map()) continue;
    if (AddPlan(*field.message_type(), plans).Any()) plan.below.push_back(&field);
  }
  return plan;
}

const EventPlans& Plans() {
  static const auto& plans = *new EventPlans([] {
    EventPlans made;
    AddPlan(*v1::CaseBody::descriptor(), made);
    return made;
  }());
  return plans;
}

// The way to the message in hand: members, and where in their list (-1: in none).
using Way = std::vector<std::pair<const FieldDescriptor*, int>>;

std::string WayTo(const Way& way, const FieldDescriptor& field) {
  std::string path;
  for (const auto& [member, index] : way) {
    path += Cat({path.empty() ? "" : ".", member->name()});
    if (index >= 0) path += absl::StrFormat("[%d]", index);
  }
  return Cat({path, ".", field.name()});
}

void CheckEventsIn(const Message& message, absl::Time now, Way& way, Report& report) {
  const EventPlan& plan = Plans().at(message.GetDescriptor());
  const auto* reflection = message.GetReflection();
  std::string scratch;
  for (const FieldDescriptor* field : plan.dates) {
    const std::string& text = reflection->GetStringReference(message, field, &scratch);
    if (IsAhead(text, now)) report.Say("R-GEN-03.event", WayTo(way, *field));
  }
  for (const FieldDescriptor* field : plan.below) {
    if (field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        way.emplace_back(field, i);
        CheckEventsIn(reflection->GetRepeatedMessage(message, field, i), now, way, report);
        way.pop_back();
      }
    } else if (reflection->HasField(message, field)) {
      way.emplace_back(field, -1);
      CheckEventsIn(reflection->GetMessage(message, field), now, way, report);
      way.pop_back();
    }
  }
}

// Records of operations and of intelligence have rules of their own for their times.
bool HasRecord(const RuleInput& in) {
  return static_cast<int>(in.body.content_case()) != ContentOf(in.context.act);
}

void CheckEvents(const RuleInput& in, Report& report) {
  if (HasRecord(in) || (in.context.answers_undated && !in.body.has_request())) return;
  // Where the day alone is known, all of it may be over.
  const auto now = in.context.now.empty() ? ParseOver(in.context.now_iso8601_date)
                                          : ParseInstant(in.context.now);
  if (!now.ok()) return;
  Way way;
  CheckEventsIn(in.body, *now, way, report);
}

constexpr Rule kEventRules[] = {
    {{"R-GEN-03", "W", "",
      "something is said to have happened, or somebody to be born, after the act that tells of it"},
     CheckEvents},
};

}  // namespace

std::span<const Rule> EventRules() { return kEventRules; }

}  // namespace palermo::casework
