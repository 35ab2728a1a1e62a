// The results that belong to the forms: what is answered, with the part that its type has.
#include "base/check.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;

struct Answer {
  T::Code type;
  std::string_view item;  // members of the item's result, JSON
};
constexpr Answer kAnswers[] = {
    {T::TRACE_FIREARM, R"j({"description": "traced to the first buyer",
      "trace": {"result": "TRACED", "commercial_confidential": true, "chain": [
        {"holder_kind": "MANUFACTURER", "country": "QT", "date": "2026-02-01"},
        {"holder_kind": "DEALER", "country": "QT", "date": "2026-03-01", "licence": "QT-D-77"},
        {"holder_kind": "FIRST_BUYER", "country": "QT", "date": "2026-05-12"}]}})j"},
    {T::VERIFY_DOCUMENT, R"j({"description": "reported stolen on 2029-11-02",
      "verification": {"result": "REPORTED_LOST_STOLEN", "basis": "register of passports"}})j"},
    {T::VERIFY_NATIONALITY, R"j({"description": "yes",
      "verification": {"result": "YES", "basis": "register of residents"}})j"},
    {T::VERIFY_LICENCE, R"j({"description": "not issued by us",
      "verification": {"result": "NOT_ISSUED", "basis": "register of licences"}})j"},
    {T::VERIFY_CITES_PERMIT, R"j({"description": "genuine, for another consignment",
      "verification": {"result": "GENUINE_VALID", "basis": "register of permits"}})j"},
    {T::BATCH_VERIFY, R"j({"description": "not made by the stated manufacturer",
      "verification": {"result": "NOT_MANUFACTURED_HERE", "basis": "production records"}})j"},
    {T::HIT_QUERY, R"j({"description": "yes; ask the authority of this message for more",
      "verification": {"result": "YES"}})j"},
    {T::SAMPLE_FOR_ANALYSIS, R"j({"description": "analysed; the rest was destroyed",
      "analysis": {"laboratory": "National Laboratory of Temburra", "sample_ref": "QT-E-7",
        "method": "chromatography, accredited laboratory", "result": "no active substance",
        "at": "2030-03-20"}})j"},
    {T::TAKE_EVIDENCE, R"j({"description": "minutes of the hearing, attached",
      "procedure_followed": "FOLLOWED",
      "hearings": [{"person": "W-1", "at": "2030-04-10T09:00:00Z", "rights_notice_lang": "en",
        "understood_language": "en", "counsel_offered": true, "how_obtained": {
          "without_ill_treatment": true, "assertion": {"by": "QT-CA-3",
            "text": "the judge who heard the witness was present throughout"}}}]})j"},
    {T::CRIMINAL_RECORD, R"j({"description": "extract of the criminal record",
      "data_care": {"source": "criminal register of Temburra", "as_of": "2030-03-18",
        "accuracy": "VERIFIED", "subject_notice": "DEFERRED",
        "deferral_reason": "the person does not know of the investigation"}})j"},
    {T::SUBSCRIBER_INFO, R"j({"description": "name and address of the customer, attached",
      "data_care": {"source": "Example Hosting", "as_of": "2030-03-18",
        "accuracy": "AS_RECORDED"}})j"},
    {T::RECORDS_GOVERNMENT, R"j({"description": "extract of the register of residents",
      "data_care": {"source": "register of residents", "as_of": "2030-03-18"}})j"},
    {T::PEP_ENQUIRY, R"j({"description": "the office and its time, attached",
      "data_care": {"source": "register of officials", "as_of": "2030-03-18"}})j"},
    {T::BENEFICIAL_OWNER_QUERY, R"j({"description": "the owner, attached",
      "data_care": {"source": "register of beneficial owners", "as_of": "2030-03-18"}})j"},
};

}  // namespace

v1::CaseBody AnswerForType(T::Code type) {
  std::string_view members = R"j({"description": "what was done, and what is attached"})j";
  for (const Answer& answer : kAnswers) {
    if (answer.type == type) members = answer.item;
  }
  v1::CaseBody body;
  const auto parsed = BodyFromJson(R"j({"result": {"items": [)j" + std::string(members) + "]}}");
  PALERMO_CHECK(parsed.ok());
  body = *parsed;
  body.set_version(1);
  v1::ItemResult& item = *body.mutable_result()->mutable_items(0);
  item.set_n(1);
  item.set_outcome(v1::ItemOutcome::EXECUTED_FULL);
  const v1::CaseBody asked = TemplateForType(type);
  const bool wishes =
      asked.request().items_size() > 0 && !asked.request().items(0).procedure_wishes().empty();
  if (wishes) item.set_procedure_followed("FOLLOWED");
  return body;
}

}  // namespace palermo::casework
