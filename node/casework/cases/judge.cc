#include "node/casework/cases/judge.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/cases/operation.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shapes.h"
#include "node/casework/cases/silence.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;

char LetterOf(Severity severity) {
  return SeverityName(severity)[0] == 'N' ? 'I' : SeverityName(severity)[0];
}

void Append(std::vector<Finding> from, std::vector<Finding>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void JudgeBody(Mapped& mapped, std::vector<Finding>& findings) {
  Append(mapped.findings, findings);
  Append(CheckBody(mapped.context, mapped.body), findings);
}

Act::Code ActOf(const std::string& decision) {
  if (decision == "FLAG_ACTS") return Act::FLAG_STATE_ACTS;
  if (decision == "JOINT") return Act::JOINT_BOARDING;
  if (decision == "DECLINED") return Act::BOARDING_DECLINED;
  return Act::BOARDING_AUTHORISED;
}

Struct Loosened(Struct record, const google::protobuf::Descriptor& type) {
  Loosen(record, type);
  return record;
}

// The acts of the flag state and of the state that boards, after the request in `asked`.
void JudgeAnswers(const Struct& records, Mapped& asked, std::vector<Finding>& findings) {
  Mapped reply;
  reply.context = asked.context;
  reply.context.request = &asked.body.request();
  reply.body.set_version(1);
  if (const Struct* answer = ObjectOf(records, "answer")) {
    reply.context.act = ActOf(TextOf(*answer, "decision"));
    reply.context.side = Side::kRequested;
    ImportJson(Loosened(*answer, *v1::BoardingAnswer::descriptor()), "records.answer",
               *reply.body.mutable_boarding_answer(), findings);
    reply.answer = reply.body.boarding_answer();
    JudgeBody(reply, findings);
  }
  if (const Struct* result = ObjectOf(records, "result")) {
    reply.context.act = Act::BOARDING_RESULT;
    reply.context.side = Side::kRequesting;
    reply.context.boarding_answer = &reply.answer;
    ImportJson(Loosened(*result, *v1::BoardingResult::descriptor()), "records.result",
               *reply.body.mutable_boarding_result(), findings);
    JudgeBody(reply, findings);
  }
  if (const Struct* response = ObjectOf(records, "response")) {
    reply.context.act = Act::PRESERVATION_CONFIRMED;
    reply.context.side = Side::kRequested;
    ImportJson(Loosened(*response, *v1::Preservation::descriptor()), "records.response",
               *reply.body.mutable_preservation(), findings);
    JudgeBody(reply, findings);
  }
}

bool IsRequest(const Struct& record) {
  return TypeOfRecord(record) != v1::AssistanceType::UNSPECIFIED;
}
bool AnswersExist(v1::AssistanceType::Code type) {
  return type == v1::AssistanceType::BOARDING_AUTHORIZATION ||
         type == v1::AssistanceType::FLAG_CONFIRMATION || type == v1::AssistanceType::PRESERVE_DATA;
}

// Persons that rules have judged already, each with the role it has.
Struct WithoutPersons(Struct object) {
  auto& fields = *object.mutable_fields();
  for (auto& [name, value] : fields) {
    if (!value.has_struct_value()) continue;
    const bool request = IsRequest(value.struct_value());
    if (request) {
      for (const char* person : {"person", "persons"}) {
        value.mutable_struct_value()->mutable_fields()->erase(person);
      }
    }
  }
  return object;
}

// An extract without the base block is judged as a plain record, but it goes to the role of its own
// family.
void JudgeRole(const Mapped& mapped, std::vector<Finding>& findings) {
  if (mapped.context.family == mapped.family_of_acts || mapped.context.recipient_role.empty()) {
    return;
  }
  CheckContext context = mapped.context;
  context.family = mapped.family_of_acts;
  for (Finding& finding : CheckBody(context, mapped.body)) {
    if (finding.rule == "R-DIR-01") findings.push_back(std::move(finding));
  }
}

// How long another record of firearms is kept: FAP 7 holds for each.
void JudgeKeeping(const Struct& record, const std::string& name, const CaseFacts& facts,
                  std::vector<Finding>& findings) {
  constexpr const char* kMembers[] = {"retention",  "retention_years", "years",
                                      "keep_until", "delete_by",       "retain_until"};
  Struct kept;
  for (const char* member : kMembers) {
    if (const Value* value = Member(record, member)) {
      const std::string to = std::string_view(member) == "years" ? "retention_years" : member;
      (*kept.mutable_fields())[to] = *value;
    }
  }
  if (kept.fields().empty()) return;
  (*kept.mutable_fields())["type"].set_string_value("TRACE_FIREARM");
  const auto mapped = MapRecord(kept, name, facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-CLK-FAP") findings.push_back(std::move(finding));
  }
}

void JudgeRecords(const Struct& records, const CaseFacts& facts, std::vector<Finding>& findings) {
  for (const auto& [name, value] : records.fields()) {
    const Struct& record = value.struct_value();
    JudgeMissedReview(record, facts, findings);
    JudgeExpired(record, facts, findings);
    if (IsRequest(record)) {
      auto mapped = MapRecord(record, name, facts);
      JudgeBody(*mapped, findings);
      JudgeRole(*mapped, findings);
      if (AnswersExist(mapped->body.request().items(0).type())) {
        JudgeUnanswered(records, mapped->body.request(), facts, findings);
        JudgeAnswers(records, *mapped, findings);
      }
      continue;
    }
    const std::string at = "records." + name;
    if (Member(record, "legs") != nullptr && Member(record, "kind") != nullptr) {
      JudgeRoute(record, at, facts, findings);
    }
    if (auto extract = MapExtract(record, name, facts)) JudgeBody(*extract, findings);
    if (facts.area == "FIREARMS") JudgeKeeping(record, name, facts, findings);
  }
  Value as_value;
  *as_value.mutable_struct_value() = WithoutPersons(records);
  JudgeMembers(as_value, "records", facts, findings);
}

}  // namespace

std::string Found(const std::vector<Finding>& findings) {
  std::set<std::string> once;
  for (const Finding& f : findings) {
    if (f.severity == Severity::kNote && f.rule == "R-GEN-01") continue;  // advice on completeness
    once.insert(Cat({std::string(1, LetterOf(f.severity)), " ", f.rule}));
  }
  return absl::StrJoin(once, ", ");
}

bool Verdict::Passed() const {
  if (!error.empty()) return false;
  bool there = expected_rule == "NONE";
  for (const Finding& f : findings) {
    const bool wanted = f.rule == expected_rule && LetterOf(f.severity) == expected_severity;
    there |= wanted;
    if (!wanted && f.severity != Severity::kNote) return false;
  }
  return there;
}

std::vector<Finding> JudgeCase(const Struct& given, const CaseDirectory& directory) {
  std::vector<Finding> findings;
  JudgeBase(given, findings);
  const Struct json = ShapeCase(given);
  const CaseFacts facts = FactsOf(json, directory);
  JudgeMissedReview(json, facts, findings);
  if (const Struct* request = ObjectOf(json, "request")) {
    JudgeMissedReview(*request, facts, findings);
    const Value* items = Member(*request, "items");
    for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
      JudgeExpired(items->list_value().values(i).struct_value(), facts, findings);
    }
    auto mapped = MapRequest(*request, facts);
    JudgeBody(*mapped, findings);
    // What the body has no place for may still leak or hold an identifier.
    Value rest;
    *rest.mutable_struct_value() = *request;
    rest.mutable_struct_value()->mutable_fields()->erase("persons");
    JudgeMembers(rest, "request", facts, findings);
  } else if (Member(json, "request") != nullptr) {
    Tell("R-GEN-01.type", "request", findings);
  }
  if (const Struct* records = ObjectOf(json, "records")) JudgeRecords(*records, facts, findings);
  if (const Struct* operation = ObjectOf(json, "operation")) {
    JudgeOperation(*operation, facts, findings);
  }
  if (const Struct* measure = ObjectOf(json, "asset_measure"))
    JudgeAssetMeasure(*measure, findings);
  return findings;
}

std::vector<Verdict> JudgeVariants(const Value& json, const CaseDirectory& directory) {
  std::vector<Verdict> verdicts;
  const Value* variants = Member(json.struct_value(), "variants");
  for (int i = 0; variants != nullptr && i < variants->list_value().values_size(); ++i) {
    const Struct& variant = variants->list_value().values(i).struct_value();
    Verdict verdict;
    verdict.id = TextOf(variant, "id");
    if (const Struct* expect = ObjectOf(variant, "expect")) {
      verdict.expected_rule = TextOf(*expect, "rule");
      const std::string severity = TextOf(*expect, "sev");
      verdict.expected_severity = severity.empty() ? 'E' : severity[0];
    }
    Value changed = json;
    changed.mutable_struct_value()->mutable_fields()->erase("variants");
    const Value* patch = Member(variant, "patch");
    if (patch != nullptr) {
      const auto status = ApplyPatch(patch->list_value(), changed);
      if (!status.ok()) verdict.error = std::string(status.message());
    }
    const Struct* event = ObjectOf(variant, "event");
    if (verdict.error.empty()) {
      verdict.findings = event == nullptr ? JudgeCase(changed.struct_value(), directory)
                                          : JudgeEvent(changed.struct_value(), *event,
                                                       TextOf(variant, "in_state"), directory);
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace palermo::casework
