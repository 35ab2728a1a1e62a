#include "node/casework/cases/records.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/import.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

struct Scheme {
  std::string_view name, source, info;
};
constexpr Scheme kSchemes[] = {{"EUROPOL_4X4", "ABCX", "1234"},
                               {"UK_5X5X5", "ABCDE", "12345"},
                               {"UK_3X5X2", "123", "ABCDE"},
                               {"NATO_6X6", "ABCDEF", "123456"}};

void JudgeEvaluation(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  const Struct* evaluation = ObjectOf(record, "evaluation");
  const std::string status = TextOf(record, "evidence_status");
  if (evaluation == nullptr || status == "EVIDENCE") {
    Tell("R-INT-01.evaluation", at + ".evaluation", findings);
    return;
  }
  const std::string scheme = TextOf(*evaluation, "scheme");
  const auto* row = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                                 [&](const Scheme& s) { return s.name == scheme; });
  const auto in = [](std::string_view codes, const std::string& code) {
    return code.size() == 1 && codes.find(code) != std::string_view::npos;
  };
  if (row == std::end(kSchemes) || !in(row->source, TextOf(*evaluation, "source")) ||
      !in(row->info, TextOf(*evaluation, "info"))) {
    Tell("R-INT-02.code", at + ".evaluation", findings);
  }
}

void JudgeLegs(const Struct& route, const std::string& at, std::vector<Finding>& findings) {
  const Value* legs = Member(route, "legs");
  if (legs == nullptr) return;
  const auto& values = legs->list_value().values();
  for (int i = 0; i + 1 < values.size(); ++i) {
    const std::string to = TextOf(values[i].struct_value(), "to");
    if (to != TextOf(values[i + 1].struct_value(), "from")) {
      Tell("R-INT-07.chain", At(at + ".legs", i + 1), findings);
    }
  }
}

}  // namespace

bool After(const std::string& a, const std::string& b) {
  const auto left = ParseInstant(a), right = ParseInstant(b);
  return left.ok() && right.ok() && *left > *right;
}

void JudgeRoute(const Struct& route, const std::string& at, const CaseFacts& facts,
                std::vector<Finding>& findings) {
  JudgeEvaluation(route, at, findings);
  JudgeLegs(route, at, findings);
  const Struct* benefit = ObjectOf(route, "benefit");
  if (TextOf(route, "kind") == "SOM_10" &&
      (benefit == nullptr || OneOf(TextOf(*benefit, "kind"), {"", "NONE"}))) {
    Tell("R-SOM-01.benefit", at + ".benefit", findings);
  }
  // Counts of the people on the way, never who they are.
  const Struct* observed = ObjectOf(route, "persons_observed");
  for (const char* name : {"name", "names", "persons", "dob", "documents"}) {
    if ((observed != nullptr && Member(*observed, name) != nullptr) ||
        (std::string_view(name) != "documents" && Member(route, name) != nullptr)) {
      Tell("R-INT-04.persons", at + ".persons_observed", findings);
      break;
    }
  }
  const Struct* period = ObjectOf(route, "period");
  if (period == nullptr) return;
  const std::string last = TextOf(*period, "last_seen");
  if (After(TextOf(*period, "first_seen"), last)) {
    Tell("R-GEN-01.date", at + ".period", findings);
  }
  const Struct* actions = ObjectOf(route, "actions");
  const bool alerted = TextOf(route, "actions") == "SAR_ALERT" ||
                       (actions != nullptr && !TextOf(*actions, "SAR_ALERT").empty());
  const auto seen = ParseInstant(last), now = ParseInstant(facts.now);
  const Value* risk = Member(route, "risk_to_life");
  const bool risky = risk != nullptr && !risk->list_value().values().empty();
  if (risky && !alerted && seen.ok() && now.ok() && *now - *seen < absl::Hours(24)) {
    Tell("R-SOM-08.alert", at + ".risk_to_life", findings);
  }
}

void JudgeAssetMeasure(const Struct& json, std::vector<Finding>& findings) {
  AssetMeasure measure;
  const auto state = AssetStateFromName(TextOf(json, "state"));
  if (!state.ok()) {
    Tell("R-GEN-01.enum", "asset_measure.state", findings);
    return;
  }
  measure.state = *state;
  const Struct* claim = ObjectOf(json, "claim");
  const Value* claims = claim == nullptr ? nullptr : Member(*claim, "third_party_claims");
  for (int i = 0; claims != nullptr && i < claims->list_value().values_size(); ++i) {
    const std::string status = TextOf(claims->list_value().values(i).struct_value(), "status");
    measure.open_claim |= !OneOf(status, {"REJECTED", "SATISFIED", "SETTLED", "WITHDRAWN"});
  }
  for (Finding& finding : CheckAsset(measure)) findings.push_back(std::move(finding));
}

}  // namespace palermo::casework
