// The results that belong to the forms: what is answered, with the part that its type has.
#include <span>

#include "node/casework/form_fields.h"
#include "node/casework/forms.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;

// What says something of one question only; answers with more parts stand in more_answers.cc
// and course_answers.cc.
constexpr FormAnswer kAnswers[] = {
    {T::TRACE_FIREARM, R"j({"description": "traced to the first buyer",
      "trace": {"result": "TRACED", "commercial_confidential": true, "chain": [
        {"holder_kind": "MANUFACTURER", "country": "QT", "date": "2026-02-01"},
        {"holder_kind": "DEALER", "country": "QT", "date": "2026-03-01", "licence": "QT-D-77"},
        {"holder_kind": "FIRST_BUYER", "country": "QT", "date": "2026-05-12"}]}})j"},
    {T::VERIFY_DOCUMENT, R"j({"description": "reported stolen on 2029-11-02",
      "verification": {"result": "REPORTED_LOST_STOLEN", "basis": "register of passports"}})j"},
    {T::VERIFY_NATIONALITY, R"j({"description": "yes",
      "verification": {"result": "YES", "basis": "register of residents"}})j"},
    {T::VERIFY_LICENCE, R"j({"description": "issued by us, and revoked since",
      "verification": {"result": "GENUINE_REVOKED", "basis": "register of licences"},
      "licence": {"status": "REVOKED", "ended_at": "2030-02-01", "differs": ["goods, quantity"],
        "licence": {"no": "QT-IMP-2030-14", "kind": "IMPORT", "issuer": "QT",
          "issued_at": "2026-01-15", "expires_at": "2030-07-15", "exporter": "Norden Ltd",
          "importer": "Harbour Arms", "final_recipient": "Police of Temburra", "transit": ["QM"],
          "goods": [{"hs": "930200", "description": "pistols 9x19", "quantity": 20,
            "unit": "piece"}]}}})j"},
    {T::VERIFY_CITES_PERMIT, R"j({"description": "genuine, for another consignment",
      "verification": {"result": "GENUINE_VALID", "basis": "register of permits"},
      "licence": {"status": "VALID", "differs": ["consignment"],
        "permit": {"no": "QT/2030/000123", "kind": "EXPORT", "granted": "2030-01-10",
          "valid_to": "2030-07-09", "issuer": "Management Authority of Temburra", "purpose": "T",
          "source": "A", "items": [{"taxon": "Dalbergia nigra", "appendix": "II", "code": "LOG",
            "qty": 12, "unit": "m3"}]}}})j"},
    {T::BATCH_VERIFY, R"j({"description": "not made by the stated manufacturer",
      "verification": {"result": "NOT_MANUFACTURED_HERE", "basis": "production records"}})j"},
    {T::HIT_QUERY, R"j({"description": "yes; ask the authority of this message for more",
      "verification": {"result": "YES"}})j"},
    {T::SAMPLE_FOR_ANALYSIS, R"j({"description": "analysed; the rest was destroyed",
      "analysis": {"laboratory": "National Laboratory of Temburra", "sample_ref": "QT-E-7",
        "method": "chromatography, accredited laboratory", "result": "no active substance",
        "at": "2026-02-20"},
      "profile": {"comparison": "NO_MATCH", "substances": [
        {"name": "starch", "cas": "9005-25-8", "quantity": 4.9, "unit": "g", "purity": 98}]}})j"},
    {T::INFO_EVIDENCE_EXPERT, R"j({"description": "evaluated by an expert",
      "analysis": {"laboratory": "National Laboratory of Temburra", "sample_ref": "QT-E-8",
        "method": "chromatography, accredited laboratory", "result": "the label is not true",
        "at": "2026-02-20"}})j"},
    {T::LAB_RESULT, R"j({"description": "compared with our own seizures",
      "profile": {"comparison": "MATCH", "matches": ["QT-P-2029-31"], "substances": [
        {"name": "fentanyl", "cas": "437-38-7", "quantity": 5, "unit": "g", "purity": 2.1,
          "schedule": "1961 I"}]}})j"},
    {T::NPS_ALERT, R"j({"description": "not known here so far",
      "profile": {"comparison": "NO_MATCH"}})j"},
    {T::BALLISTIC_LEAD, R"j({"description": "the same weapon was fired here",
      "profile": {"comparison": "MATCH", "matches": ["IBIN QT-2029-402"]}})j"},
    {T::ARTEFACT_FORENSIC, R"j({"description": "no device of ours is like this one",
      "profile": {"comparison": "NO_MATCH"}})j"},
};

}  // namespace

v1::CaseBody AnswerForType(T::Code type) {
  std::string_view members = R"j({"description": "what was done, and what is attached"})j";
  for (const auto answers :
       {std::span<const FormAnswer>(kAnswers), MoreAnswers(), CourseAnswers()}) {
    for (const FormAnswer& answer : answers) {
      if (answer.type == type) members = answer.item;
    }
  }
  v1::CaseBody body;
  body.set_version(1);
  v1::ItemResult& item = *body.mutable_result()->add_items();
  MergeFormJson(members, item);
  item.set_n(1);
  const bool served = item.has_service();
  item.set_outcome(served ? v1::ItemOutcome::SERVED : v1::ItemOutcome::EXECUTED_FULL);
  const v1::CaseBody asked = TemplateForType(type);
  const bool wishes =
      asked.request().items_size() > 0 && !asked.request().items(0).procedure_wishes().empty();
  if (wishes) item.set_procedure_followed("FOLLOWED");
  return body;
}

}  // namespace palermo::casework
