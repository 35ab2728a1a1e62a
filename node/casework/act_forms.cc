// The fields of the bodies of acts: those of the example, and those that only some such acts have.
// As in more_forms.cc, the examples are fictional and say for which the field is.
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "node/casework/form_fields.h"
#include "node/casework/json.h"
#include "node/casework/state_machine.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using v1::Act;

// What some bodies of an act have besides its example. `request`: what the case asks for then.
struct ActPart {
  std::vector<Act::Code> acts;
  std::string_view body;
  std::string_view request = "{}";
};

// house: long function because it is one table
const std::vector<ActPart>& ActParts() {
  static const auto& parts = *new std::vector<ActPart>{
      {{Act::REFUSAL, Act::REFUSAL_IN_PART},
       R"j({"refusal": {"ground": "DOMESTIC_LAW",
            "law_ref": "Code of Criminal Procedure of Temburra, section 40"}})j"},
      {{Act::REFUSAL_IN_PART},
       R"j({"refusal": {"remedy": "Complaint to the High Court of Temburra within 30 days"}})j"},
      {{Act::REFUSAL},
       R"j({"refusal": {"ground": "POLITICAL_ONLY",
            "constitutional_limit": "Constitution of Temburra, article 11(2)"}})j",
       R"j({"basis": {"instrument": "DRUG88", "governing_profile": "DRUG88_7"}})j"},
      {{Act::CONSULTATION_OPEN},
       R"j({"consultation_open": {"topic": "REFUSAL", "intended_ground": "SECURITY"}})j"},
      {{Act::POSTPONEMENT_NOTICE, Act::POSTPONEMENT_REVIEW, Act::SUSPENSION},
       R"j({"statement": {"items": [2], "until": "2026-06-15", "expected_until": "2026-09-30"}})j"},
      {{Act::CONDITIONS_PROPOSAL},
       R"j({"statement": {"conditions": [{"kind": "DELETE_BY", "item": 2, "due_at": "2031-01-01",
            "text": "the record is deleted by that day"}]}})j"},
      {{Act::CONDITIONAL_OFFER},
       R"j({"statement": {"conditions": [{"kind": "ACCOUNT_FOR_USE", "due_at": "2031-01-01",
            "text": "say by that day what use was made of it"}]}})j"},
      {{Act::EXCULPATORY_NOTICE},
       R"j({"use": {"kind": "POST", "why_no_prior": "the court asked for it at the hearing"}})j"},
      {{Act::USE_CONSENT_DECISION}, R"j({"use": {"by": "Prosecutor of Port-Sel"}})j"},
      {{Act::CLOSE}, R"j({"close": {"missing_items": [2]}})j"},
      {{Act::BOARDING_AUTHORISED, Act::JOINT_BOARDING},
       R"j({"boarding_answer": {"register_no": "4711", "valid_until": "2030-03-03T06:00:00Z",
            "liability_terms": "SOM 9(2)", "contact": "Duty desk of the flag authority"}})j"},
      {{Act::BOARDING_RESULT},
       R"j({"boarding_result": {"force_used": true, "force_report": "QM-SEA-2030-1/F",
            "persons": {"count": 12, "children": 2}, "found": ["two false passports"],
            "persons_disposition": "brought to QMPAL, heard with interpreters"}})j"},
      {{Act::BOARDING_RESULT},
       R"j({"boarding_result": {"unfounded": true,
            "compensation_note": "damage to the hatch, 3000 XTS"}})j"},
      {{Act::OBLIGATION_REPORT},
       R"j({"obligation_report": {"kind": "SPECIALITY", "final_discharge_at": "2026-01-10",
            "left_at": "2026-01-28"}})j"},
      {{Act::ASSET_REPORT},
       R"j({"asset_report": {"asset_id": "QV47VSTB00012345678901",
            "claims": [{"ref": "C-1", "by": "Bank of Temburra", "status": "OPEN"}]}})j"},
      {{Act::ASSET_REPORT},
       R"j({"asset_report": {"to": "LIFT_PROPOSED", "reason": "the court ended the measure"}})j"},
  };
  return parts;
}

// Of the case in which the examples of the acts stand.
const v1::Request& AskedInExamples() {
  static const auto& request = *new v1::Request(TemplateFor(Act::REQUEST).request());
  return request;
}

CheckContext ContextOfAct(Act::Code act) {
  CheckContext context;
  context.act = act;
  for (const Transition& t : Transitions()) {
    // Of an act that only some families have.
    if (t.act == act && !FitsFamily(context.family, act)) context.family = t.family;
  }
  const bool answers =
      act == Act::CONSULTATION_OPEN || !MaySend(Side::kRequesting, act, context.family);
  context.side = answers ? Side::kRequested : Side::kRequesting;
  context.urgency = act == Act::ORAL_REQUEST_NOTE ? v1::Urgency::URGENT : v1::Urgency::PRIORITY;
  context.requesting_state = "QM";
  context.requested_state = "QT";
  context.now_iso8601_date = "2026-03-02";
  context.refusal_consultation_open = true;
  context.postponement_consultation_open = true;
  context.request = &AskedInExamples();
  return context;
}

// The member of a body that the act's content stands in.
const FieldDescriptor* ContentOf(const v1::CaseBody& body) {
  return v1::CaseBody::descriptor()->FindFieldByNumber(static_cast<int>(body.content_case()));
}

}  // namespace

bool AsksForAType(Act::Code act) {
  const v1::CaseBody body = TemplateFor(act);
  return body.has_request() || body.has_result();
}

v1::CaseBody ExampleWith(Act::Code act, const ActExample& part) {
  v1::CaseBody body = TemplateFor(act);
  MergeFormJson(part.body, body);
  return body;
}

std::vector<ActExample> ExamplesOfAct(Act::Code act) {
  std::vector<ActExample> examples;
  for (const ActPart& part : ActParts()) {
    if (std::find(part.acts.begin(), part.acts.end(), act) == part.acts.end()) continue;
    ActExample one{part.body, AskedInExamples()};
    MergeFormJson(part.request, one.request);
    examples.push_back(std::move(one));
  }
  return examples;
}

CheckContext ContextOfExample(Act::Code act, const ActExample* part) {
  CheckContext context = ContextOfAct(act);
  if (part != nullptr) context.request = &part->request;
  return context;
}

std::vector<FieldNeed> FieldsOfAct(Act::Code act) {
  return FieldNeedsOf(TemplateFor(act), ContextOfAct(act));
}

std::vector<FieldNeed> MoreFieldsOfAct(Act::Code act) {
  std::vector<FieldNeed> more;
  std::set<std::string> known;
  for (const FieldNeed& need : FieldsOfAct(act)) known.insert(need.path);
  for (const ActExample& part : ExamplesOfAct(act)) {
    const CheckContext context = ContextOfExample(act, &part);
    for (FieldNeed& need : FieldNeedsOf(ExampleWith(act, part), context, known)) {
      known.insert(need.path);
      more.push_back(std::move(need));
    }
  }
  const FieldDescriptor* content = ContentOf(TemplateFor(act));
  if (content == nullptr) return more;
  std::vector<FieldNeed> all;
  AllFields(*content->message_type(), content->name(), all);
  const FieldDescriptor& answered = *v1::CaseBody::descriptor()->FindFieldByName("overridden");
  all.push_back({answered.name(), std::nullopt, "", "", &answered, ""});
  AllFields(*answered.message_type(), answered.name() + "[0]", all);
  for (FieldNeed& need : all) {
    if (known.insert(need.path).second) more.push_back(std::move(need));
  }
  return more;
}

}  // namespace palermo::casework
