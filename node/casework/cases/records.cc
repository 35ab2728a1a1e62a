#include "node/casework/cases/records.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// The alert as an object of the list: {"kind": "SAR_ALERT"}.
void NameAlert(Struct& route) {
  auto& fields = *route.mutable_fields();
  const auto actions = fields.find("actions");
  if (actions != fields.end() && actions->second.has_list_value()) {
    for (Value& each : *actions->second.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      std::string word;
      for (const char* name : {"kind", "type", "action"}) {
        if (word.empty()) word = TextOf(each.struct_value(), name);
      }
      each.set_string_value(word);
    }
  }
}

// A place in one text is a code of UN/LOCODE, or a name (2.2).
void NamePlace(Struct& object, const std::string& member) {
  const std::string text = TextOf(object, member);
  const bool words = std::any_of(text.begin(), text.end(),
                                 [](char c) { return c == ' ' || (c >= 'a' && c <= 'z'); });
  if (!words) return;
  Value place;
  (*place.mutable_struct_value()->mutable_fields())["name"].set_string_value(text);
  (*object.mutable_fields())[member] = place;
}

void NamePlaces(Struct& route) {
  const auto legs = route.mutable_fields()->find("legs");
  if (legs == route.mutable_fields()->end() || !legs->second.has_list_value()) return;
  for (Value& each : *legs->second.mutable_list_value()->mutable_values()) {
    if (!each.has_struct_value()) continue;
    Struct& leg = *each.mutable_struct_value();
    for (const char* member : {"from", "to"}) NamePlace(leg, member);
    const auto crossing = leg.mutable_fields()->find("border_crossing");
    if (crossing == leg.mutable_fields()->end() || !crossing->second.has_struct_value()) continue;
    NamePlace(*crossing->second.mutable_struct_value(), "point");
  }
}

// Handling and release states stand beside the report in a case, and in its label with us.
v1::RouteReport MapRoute(Struct route, const std::string& at, std::vector<Finding>& findings) {
  auto& fields = *route.mutable_fields();
  const std::string handling = TextOf(route, "handling");
  const auto states = ReleaseStatesOf(route);
  // {"SAR_ALERT": "2026-03-02T10:00:00Z"} says that it was given.
  if (const Struct* actions = ObjectOf(route, "actions")) {
    Value given;
    for (const auto& [name, value] : actions->fields()) {
      const bool no = value.kind_case() == Value::kBoolValue ? !value.bool_value()
                                                             : value.string_value().empty();
      if (!no) given.mutable_list_value()->add_values()->set_string_value(name);
    }
    fields["actions"] = given;
  }
  NameAlert(route);
  // One alert, or that one was given.
  for (const char* name : {"action", "alert"}) {
    const std::string one = TextOf(route, name);
    if (!one.empty()) *fields["actions"].mutable_list_value()->add_values() = fields[name];
  }
  for (const std::string& name : SortedNames(route)) {
    const bool alert = name.rfind("sar_alert", 0) == 0 || name.rfind("humanitarian_alert", 0) == 0;
    const bool meant = HasWords(name, {"not", "no", "due", "pending", "planned", "needed",
                                       "required", "missing", "reason"});
    if (!alert || meant || !SaysYes(Member(route, name))) continue;
    fields["actions"].mutable_list_value()->add_values()->set_string_value("SAR_ALERT");
  }
  NamePlaces(route);
  // 2.3
  const auto counts = fields.find("persons_observed");
  if (counts != fields.end() && counts->second.has_struct_value()) {
    Rename(*counts->second.mutable_struct_value(), "count_min", "min");
    Rename(*counts->second.mutable_struct_value(), "count_max", "max");
  }
  Rename(route, "report_kind", "kind");
  for (const char* name : {"handling", "release_states", "release"}) fields.erase(name);
  v1::RouteReport report;
  std::vector<Finding> found;
  ImportJson(route, at, report, found);
  // An extract may hold more than the report; only a word that is not known is wrong.
  for (Finding& f : found) {
    if (f.key == "R-GEN-01.enum") findings.push_back(std::move(f));
  }
  *report.mutable_label()->mutable_release_states() = {states.begin(), states.end()};
  v1::Handling::Code code;
  if (v1::Handling::Code_Parse(handling, &code)) report.mutable_label()->add_handling(code);
  return report;
}

}  // namespace

bool After(const std::string& a, const std::string& b) {
  const auto left = ParseInstant(a), right = ParseInstant(b);
  return left.ok() && right.ok() && *left > *right;
}

void JudgeRoute(const Struct& route, const std::string& at, const CaseFacts& facts,
                std::vector<Finding>& findings) {
  if (!PersonalMembers(route, at, InTexts::kPersonalData).empty())
    Tell("R-INT-04.persons", at, findings);
  const v1::RouteReport report = MapRoute(route, at, findings);
  for (Finding& f : CheckRoute(report, facts.now, at)) findings.push_back(std::move(f));
  // Each source has a grade of its own, in the scheme of the report where it names none.
  for (int i = 0; i < report.sources_size(); ++i) {
    if (!report.sources(i).has_evaluation()) continue;
    v1::Evaluation graded = report.sources(i).evaluation();
    if (graded.scheme().empty()) graded.set_scheme(report.evaluation().scheme());
    CheckCode(graded, At(at + ".sources", i) + ".evaluation", findings);
  }
}

void JudgeGrades(const Struct& object, const std::string& evidence_status, const std::string& at,
                 std::vector<Finding>& findings) {
  v1::Evaluation evaluation;
  std::vector<Finding> ignored;
  const Struct* graded = ObjectOf(object, "evaluation");
  if (graded != nullptr) ImportJson(*graded, at + ".evaluation", evaluation, ignored);
  CheckEvaluation(&evaluation, evidence_status, at, findings);
}

namespace {

// UNCAC 55(8) asks for the opportunity; whether the state used it is its own matter.
bool CouldSpeak(const Struct& said) {
  constexpr const char* kHearing[] = {"hearing", "rq_hearing"};
  bool could = SaysOneOf(
      said, {"rq_heard", "rq_heard_at", "heard", "heard_at", "rq_statement", "rq_view", "rq_views",
             "opportunity_given", "opportunity", "opportunity_to_rq", "rq_opportunity"});
  for (const char* name : kHearing) {
    const Struct* inner = ObjectOf(said, name);
    could |= inner != nullptr ? CouldSpeak(*inner) || SaysOneOf(*inner, {"held", "held_at", "at"})
                              : SaysYes(Member(said, name));
  }
  return could;
}

}  // namespace

void JudgeLifted(const Struct& said, std::vector<Finding>& findings) {
  AssetMeasure measure;
  measure.state = CouldSpeak(said) ? AssetState::kRqHeard : AssetState::kLiftProposed;
  measure.reason = FirstOf(said, {"not_possible_reason", "why_not_heard", "reason", "reasons"});
  measure.wherever_possible = measure.reason.empty();
  for (Finding& f : MoveAsset(measure, AssetState::kLifted)) findings.push_back(std::move(f));
}

void JudgeAssetMeasure(const Struct& json, std::vector<Finding>& findings) {
  AssetMeasure measure;
  // A freezing that was extended is a freezing (1.3).
  const std::string word = TextOf(json, "state");
  const auto state = AssetStateFromName(word == "EXTENDED" ? "FROZEN" : word);
  if (!state.ok()) {
    Tell("R-GEN-01.enum", "asset_measure.state", findings);
    return;
  }
  measure.state = *state;
  const Struct* claim = ObjectOf(json, "claim");
  const Value* claims = claim == nullptr ? nullptr : Member(*claim, "third_party_claims");
  for (int i = 0; claims != nullptr && i < claims->list_value().values_size(); ++i) {
    const std::string status = TextOf(claims->list_value().values(i).struct_value(), "status");
    measure.open_claim |= !OneOf(
        status, {"REJECTED", "SATISFIED", "SETTLED", "WITHDRAWN", "DISMISSED", "RESOLVED",
                 "DECIDED", "CLOSED", "DENIED", "LAPSED", "ABANDONED", "PAID", "COMPENSATED"});
  }
  // A measure that is said to be lifted was lifted in some way: with or without a hearing.
  if (measure.state == AssetState::kLifted) {
    JudgeLifted(json, findings);
    return;
  }
  for (Finding& finding : CheckAsset(measure)) findings.push_back(std::move(finding));
}

}  // namespace palermo::casework
