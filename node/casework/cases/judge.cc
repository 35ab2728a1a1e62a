#include "node/casework/cases/judge.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/cases/answers.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/followup.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/keeping.h"
#include "node/casework/cases/mapping.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/cases/plain_records.h"
#include "node/casework/cases/record_words.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/shapes.h"
#include "node/casework/cases/silence.h"
#include "node/casework/cases/written.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;

char LetterOf(Severity severity) {
  return SeverityName(severity)[0] == 'N' ? 'I' : SeverityName(severity)[0];
}

void JudgeBody(Mapped& mapped, std::vector<Finding>& findings) {
  Append(mapped.findings, findings);
  Append(CheckBody(mapped.context, mapped.body), findings);
}

Act::Code ActOfEvent(const std::string& decision) {
  if (decision == "FLAG_ACTS") return Act::FLAG_STATE_ACTS;
  if (decision == "JOINT") return Act::JOINT_BOARDING;
  if (OneOf(decision, {"DECLINED", "NO_AUTHORITY_TO_DECIDE"})) return Act::BOARDING_DECLINED;
  return Act::BOARDING_AUTHORISED;
}

// What became of data that were to be kept, 1.8.3. A follow-up that came, and what it disclosed,
// follow the preservation, and are none of its acts.
Act::Code ActOfPreservation(Struct& response) {
  const std::string status = TextOf(response, "status");
  if (status == "EXTENDED") return Act::PRESERVATION_EXTENDED;
  if (status == "RELEASED") return Act::PRESERVATION_RELEASED;
  if (OneOf(status, {"FOLLOWUP_RECEIVED", "DISCLOSED"})) {
    (*response.mutable_fields())["status"].set_string_value("PRESERVED");
  }
  return Act::PRESERVATION_CONFIRMED;
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
  // At sea the flag state answers; what is kept has a response.
  const bool keeps = asked.body.request().items(0).type() == v1::AssistanceType::PRESERVE_DATA;
  const Struct* answer = keeps ? nullptr : ObjectOf(records, "answer");
  const Struct* result = keeps ? nullptr : ObjectOf(records, "result");
  const Struct* response = keeps ? ObjectOf(records, "response") : nullptr;
  if (answer != nullptr) {
    reply.context.act = ActOfEvent(TextOf(*answer, "decision"));
    reply.context.side = Side::kRequested;
    ImportJson(Loosened(*answer, *v1::BoardingAnswer::descriptor()), "records.answer",
               *reply.body.mutable_boarding_answer(), findings);
    reply.answer = reply.body.boarding_answer();
    JudgeBody(reply, findings);
  }
  if (result != nullptr) {
    reply.context.act = Act::BOARDING_RESULT;
    reply.context.side = Side::kRequesting;
    reply.context.boarding_answer = &reply.answer;
    ImportJson(Loosened(*result, *v1::BoardingResult::descriptor()), "records.result",
               *reply.body.mutable_boarding_result(), findings);
    JudgeBody(reply, findings);
  }
  if (response != nullptr) {
    Struct kept = Loosened(*response, *v1::Preservation::descriptor());
    reply.context.act = ActOfPreservation(kept);
    reply.context.side = Side::kRequested;
    // A release is judged by the time that it names, not by the clock of the case.
    if (reply.context.act == Act::PRESERVATION_EXTENDED) {
      reply.context.preserved_from = TextOf(kept, "from");
    }
    ImportJson(kept, "records.response", *reply.body.mutable_preservation(), findings);
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

// Judges what of the persons the rules did not see, and takes them out of what is looked through.
void JudgePersonsOf(Struct& object, const std::string& at, const CaseFacts& facts,
                    std::vector<Finding>& findings) {
  for (const char* name : {"person", "persons"}) {
    const auto found = object.mutable_fields()->find(name);
    if (found == object.mutable_fields()->end()) continue;
    const std::string here = at + "." + name;
    if (found->second.has_struct_value()) {
      JudgePerson(found->second.struct_value(), here, facts, findings);
    }
    for (int i = 0; i < found->second.list_value().values_size(); ++i) {
      const Value& person = found->second.list_value().values(i);
      JudgePerson(person.struct_value(), At(here, i), facts, findings);
    }
    object.mutable_fields()->erase(found);
  }
}

// A referral names its victim by a pseudonym alone.
bool ShowsVictim(const Struct& referral, const std::string& at, std::vector<Finding>& findings) {
  const Value* sealed = Member(referral, "sealed");
  const bool shown = ShowsIdentity(referral);
  const bool open =
      sealed != nullptr && sealed->kind_case() == Value::kBoolValue && !sealed->bool_value();
  if (shown || open) Tell(shown ? "R-SEAL-01.identity" : "R-SEAL-01.unsealed", at, findings);
  return shown;
}

constexpr const char* kNoMandate = "R-AUTH-01.family";

// An officer may sign it with the mandate of the family, or with that of the assistance which holds
// such measures.
bool IsMandated(const Mapped& mapped) {
  using v1::Family;
  const auto own = mapped.family_of_acts;
  std::vector<Family::Code> families = {own};
  if (OneOf(FamilyName(own), {"SPECIAL_TECHNIQUE", "CONFISCATION"}))
    families.push_back(Family::MLA);
  const auto type = mapped.body.request().items(0).type();
  if (OneOf(v1::AssistanceType::Code_Name(type), {"FREEZE", "SEIZE", "TRACE_PROCEEDS"})) {
    families.push_back(Family::CONFISCATION);
  }
  return std::any_of(families.begin(), families.end(), [&](Family::Code family) {
    CheckContext context = mapped.context;
    context.family = family;
    const auto found = CheckBody(context, mapped.body);
    return std::none_of(found.begin(), found.end(),
                        [](const Finding& f) { return f.key == kNoMandate; });
  });
}

// An extract without the base block is judged as a plain record, but it goes to the role of its own
// family, and its officer has the mandate of that.
void JudgeRole(const Mapped& mapped, std::vector<Finding>& findings) {
  if (mapped.context.family == mapped.family_of_acts) return;
  std::erase_if(findings, [](const Finding& f) { return f.key == kNoMandate; });
  if (!IsMandated(mapped)) Tell(kNoMandate, "signatory.mandate", findings);
  const bool sent = !mapped.context.recipient_role.empty();
  const bool mla = mapped.family_of_acts == v1::Family::MLA;
  CheckContext context = mapped.context;
  context.family = mapped.family_of_acts;
  for (Finding& finding : CheckBody(context, mapped.body)) {
    const bool kept = (sent && finding.rule == "R-DIR-01") ||
                      // The treaty of the two states governs legal assistance, 18(7).
                      (mla && finding.key == "R-DIR-03.bilateral");
    if (kept) findings.push_back(std::move(finding));
  }
}

// Whom a referral or a plan is about; "" where it does not say.
std::string VictimOf(const Struct& record) {
  return FirstOf(record, {"pseudonym", "person", "person_ref", "victim", "victim_ref"});
}

// The referral of whom a plan of return is about.
const Struct* ReferralFor(const Struct& plan, const Struct& records) {
  const Struct* found = nullptr;
  for (const std::string& name : SortedNames(records)) {
    const Struct* record = ObjectOf(records, name);
    const bool referral =
        record != nullptr && record != &plan &&
        (TextOf(*record, "type") == "VICTIM_REFERRAL" ||
         Member(*record, "referral_id") != nullptr || HasWords(name, {"referral"}));
    if (!referral) continue;
    const std::string whose = VictimOf(*record), of = VictimOf(plan);
    if (!whose.empty() && !of.empty() && whose != of) continue;
    found = record;
  }
  return found;
}

// A plan to bring somebody back that stands by itself; what it leaves out the referral says.
void JudgeReturnPlan(const Struct& plan, const std::string& name, const Struct& records,
                     const CaseFacts& facts, std::vector<Finding>& findings) {
  const bool planned = OneOf(TextOf(plan, "type"), {"RETURN_PLAN", "RETURN"}) ||
                       (TextOf(plan, "type").empty() && OneOf(name, {"return_plan", "return"}));
  if (!planned) return;
  Struct referral;
  auto& fields = *referral.mutable_fields();
  fields["type"].set_string_value("VICTIM_REFERRAL");
  *fields["return_plan"].mutable_struct_value() = plan;
  const Struct* known = ReferralFor(plan, records);
  constexpr const char* kPeriod[] = {"reflection_until", "reflection_period_until", "status"};
  const bool own_period =
      std::any_of(std::begin(kPeriod), std::end(kPeriod),
                  [&](const char* name) { return Member(plan, name) != nullptr; });
  for (const char* member : {"protection_claim", "reflection_until", "reflection_period_until",
                             "status", "identified_at", "identification"}) {
    const bool of_period = OneOf(member, {kPeriod[0], kPeriod[1], kPeriod[2]});
    const Value* value = Member(plan, member);
    if (value == nullptr && known != nullptr && !(of_period && own_period)) {
      value = Member(*known, member);
    }
    if (value != nullptr) fields[member] = *value;
  }
  const auto mapped = MapExtract(referral, "referral", facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (OneOf(finding.rule, {"R-TIP-05", "R-HR-01"})) findings.push_back(std::move(finding));
  }
}

// The same of a plan that stands with a person of the request.
void JudgePersonsPlan(const Struct& given, const CaseFacts& facts, std::vector<Finding>& findings) {
  const Struct* plan = ObjectOf(given, "return_plan");
  if (plan == nullptr) return;
  Struct person = given, records;
  ShapeReflection(person);
  Put(person, "type", TextValue("VICTIM_REFERRAL"));
  ObjectIn(records, "referral") = person;
  Struct typed = *plan;
  Put(typed, "type", TextValue("RETURN_PLAN"));
  JudgeReturnPlan(typed, "return_plan", records, facts, findings);
}

// What a warning calls suspected is the product; advice to patients names none of them.
bool TellsOfCase(const std::string& name) {
  const bool patient =
      HasWords(name, {"patient", "patients"}) &&
      !HasWords(name, {"advice", "information", "info", "leaflet", "warning", "guidance", "safety",
                       "hotline", "helpline", "groups", "instructions", "action", "actions", "risk",
                       "risks", "affected", "harmed", "count", "number"});
  const bool suspect = HasWords(name, {"suspect", "suspects"}) &&
                       !HasWords(name, {"product", "products", "batch", "batches", "lot", "lots",
                                        "medicine", "medicines", "package", "packages"});
  return patient || suspect ||
         HasWords(name, {"informant*", "investigat*", "case_ref", "national_ref", "sample_chain",
                         "custody", "proceeding*", "seizure*", "suspected_person*"});
}

// A warning to the public that says it was stripped, and still tells of the investigation.
void JudgeStripped(const Struct& release, const std::string& at, std::vector<Finding>& findings) {
  std::vector<std::string> told = TextsOf(release, "includes");
  for (const auto& [name, value] : release.fields()) {
    if (SaysYes(&value) && !HasWords(name, {"strip*"})) told.push_back(name);
  }
  const bool tells = std::any_of(told.begin(), told.end(), TellsOfCase);
  if (tells) Tell("R-MED-02.release", at, findings);
}

// Information for police work is graded, and is no evidence, whatever record it stands in.
void JudgeGrading(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  const std::string status = TextOf(record, "evidence_status");
  const bool police =
      OneOf(TextOf(record, "type"), {"SPONTANEOUS_INFO", "LAW_ENFORCEMENT_INFO", "POLICE_INFO",
                                     "INTELLIGENCE", "INTELLIGENCE_REPORT"}) ||
      OneOf(status, {"INTELLIGENCE_ONLY"});
  if (police || ObjectOf(record, "evaluation") != nullptr) {
    JudgeGrades(record, status, at, findings);
  }
  if (!police) return;
  // Closed lists, 18(4) and 4.1.
  if (!status.empty() &&
      !OneOf(status, {"INTELLIGENCE_ONLY", "EVIDENCE_PENDING_MLA", "EVIDENCE"})) {
    Tell("R-GEN-01.enum", at + ".evidence_status", findings);
  }
  const std::string useful = FirstOf(record, {"believed_useful_for", "useful_for"});
  const bool word = !useful.empty() && useful.find(' ') == std::string::npos;
  if (word && !OneOf(useful, {"INQUIRY", "INQUIRIES", "PROCEEDINGS", "FUTURE_REQUEST"})) {
    Tell("R-GEN-01.enum", at + ".useful_for", findings);
  }
}

// A request has a type that somebody knows: of assistance, of a family, of an act.
bool IsUnknownRequest(const Struct& record) {
  const std::string type = TextOf(record, "type");
  if (type.empty() || TextOf(record, "rq").empty() || TextOf(record, "rd").empty()) return false;
  v1::AssistanceType::Code code;
  // What section 3 of the areas calls otherwise than the form.
  if (OneOf(type, {"PROFILE_RESULT", "LAB_LEAD", "24_7_ASSIST", "JURISDICTION_CLAIM",
                   "SENTENCED_TRANSFER", "PMF/3D ALERT", "PMF_ALERT", "3D_ALERT", "RouteReport",
                   "BOARDING_RESULT", "BOARDING_ANSWER", "BOARDING_RESPONSE"})) {
    return false;
  }
  return !IsRequest(record) && !v1::AssistanceType::Code_Parse(type, &code) &&
         !ParseFamily(type).ok() && !ParseAct(type).ok() &&
         !OneOf(TextOf(record, "type"), {"SPONTANEOUS_INFO", "POLICE_INFO", "INTELLIGENCE",
                                         "INTELLIGENCE_REPORT", "LAW_ENFORCEMENT_INFO"});
}

void JudgeRecords(const Struct& records, const CaseFacts& facts, std::vector<Finding>& findings) {
  Struct rest = records;
  for (const auto& [name, value] : records.fields()) {
    const Struct& record = value.struct_value();
    const std::string at = "records." + name;
    JudgeMissedReview(record, facts, findings);
    JudgeExpired(record, facts, findings);
    JudgeRecordWords(record, at, findings);
    JudgeNamedBesideSeal(record, at, findings);
    JudgeNoBasis(record, at, findings);
    JudgeHitRecord(record, at, findings);
    if (IsRequest(record)) {
      auto mapped = MapRecord(record, name, facts);
      std::vector<Finding> own;
      JudgeBody(*mapped, own);
      JudgeRole(*mapped, own);
      Append(std::move(own), findings);
      if (facts.area == "FIREARMS") JudgeKeptByLabel(record, facts, findings);
      if (AnswersExist(mapped->body.request().items(0).type())) {
        JudgeUnanswered(records, mapped->body.request(), facts, findings);
        JudgeAnswers(records, *mapped, findings);
      }
      JudgePersonsOf(*rest.mutable_fields()->at(name).mutable_struct_value(), at, facts, findings);
      continue;
    }
    if (IsRouteRecord(record)) {
      JudgeRoute(record, at, facts, findings);
      // Personal data in a route are one finding, whatever else a scan calls them.
      if (!PersonalMembers(record, at, InTexts::kPersonalData).empty())
        rest.mutable_fields()->erase(name);
    } else {
      JudgeGrading(record, at, findings);
    }
    if (IsUnknownRequest(record)) Tell("R-GEN-01.enum", at + ".type", findings);
    if (auto extract = MapExtract(record, name, facts)) {
      JudgeBody(*extract, findings);
      const bool referral = extract->body.request().has_referral();
      if (extract->body.request().has_public_release()) {
        JudgeStripped(record, at, findings);
        JudgeApprovals(record, at, findings);
        JudgeReleasedIds(record, records, at, findings);
      }
      if (referral && ShowsVictim(record, at, findings)) rest.mutable_fields()->erase(name);
    }
    JudgeFamilyRecord(record, name, facts, findings);
    JudgeDirections(record, name, facts, findings);
    JudgeElements(record, at, facts, findings);
    JudgeProduct(record, name, facts, findings);
    JudgeReturnPlan(record, name, records, facts, findings);
    JudgePlainRecord(name, record, facts, findings);
    if (facts.area == "FIREARMS") JudgeKeeping(record, name, facts, findings);
  }
  JudgeWrittenAnswers(records, findings);
  Value as_value;
  *as_value.mutable_struct_value() = std::move(rest);
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

std::vector<Finding> JudgeCase(const Struct& given, const CaseDirectory& directory,
                               const std::string& first_now) {
  std::vector<Finding> findings;
  JudgeBase(given, findings);
  const Struct json = ShapeCase(given, directory);
  const CaseFacts facts = FactsOf(json, directory, first_now);
  JudgeMissedReview(json, facts, findings);
  if (const Struct* request = ObjectOf(json, "request")) {
    JudgeMissedReview(*request, facts, findings);
    const Value* items = Member(*request, "items");
    for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
      const Struct& item = items->list_value().values(i).struct_value();
      JudgeExpired(item, facts, findings);
      JudgeClosedWords(item, At("request.items", i), findings);
      JudgeHitRecord(item, At("request.items", i), findings);
    }
    const Value* persons = Member(*request, "persons");
    for (int i = 0; persons != nullptr && i < persons->list_value().values_size(); ++i) {
      JudgePersonsPlan(persons->list_value().values(i).struct_value(), facts, findings);
    }
    auto mapped = MapRequest(*request, facts);
    JudgeBody(*mapped, findings);
    JudgeWritten(*request, facts, findings);
    JudgeNoElements(*request, findings);
    // What the body has no place for may still leak or hold an identifier.
    Value rest;
    *rest.mutable_struct_value() = *request;
    JudgePersonsOf(*rest.mutable_struct_value(), "request", facts, findings);
    JudgeMembers(rest, "request", facts, findings);
  } else if (Member(json, "request") != nullptr) {
    Tell("R-GEN-01.type", "request", findings);
  }
  if (const Struct* records = ObjectOf(json, "records")) JudgeRecords(*records, facts, findings);
  if (facts.area == "FIREARMS") {
    JudgeStateTransfers(json, findings);
    JudgeTraceAnswers(json, findings);
    JudgeLooseKeeping(json, facts, findings);
    if (const Struct* request = ObjectOf(json, "request")) {
      JudgeKeeping(*request, "request", facts, findings);
    }
  }
  if (const Struct* operation = ObjectOf(json, "operation")) {
    JudgeOperationKind(*operation, findings);
    JudgeOperation(*operation, facts, findings);
  }
  if (const Struct* measure = ObjectOf(json, "asset_measure")) {
    JudgeAssetMeasure(*measure, findings);
    Value as_value;
    *as_value.mutable_struct_value() = *measure;
    JudgeMembers(as_value, "asset_measure", facts, findings);
  }
  return findings;
}

std::vector<Verdict> JudgeVariants(const Value& json, const CaseDirectory& directory) {
  std::vector<Verdict> verdicts;
  const Struct& given = json.struct_value();
  const std::string first_now = TextOf(given, "now");
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
      verdict.findings = event == nullptr
                             ? JudgeCase(changed.struct_value(), directory, first_now)
                             : JudgeEvent(changed.struct_value(), *event,
                                          TextOf(variant, "in_state"), directory, first_now);
      JudgeSetTimes(given, changed.struct_value(), verdict.findings);
      JudgeTaken(given, changed.struct_value(), verdict.findings);
    }
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

}  // namespace palermo::casework
