// The examples that a new body starts from. Fictional: states QM (Marenza) and QT (Temburra).
#include "base/check.h"
#include "base/status.h"
#include "node/casework/contents.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using v1::Act;

constexpr char kRequest[] = R"({"request": {
  "basis": {"instrument": "TIP", "articles": ["TIP 5", "UNTOC 18"],
            "governing_profile": "UNTOC_18"},
  "requesting_authority": "Central Authority, Ministry of Justice, Marenza",
  "proceeding": {"stage": "INVESTIGATION", "nature": "trafficking in persons for forced labour",
                 "subject_matter": "recruitment of hotel workers by deception",
                 "conducting_authority": {"name": "Prosecutor of Port-Sel",
                                          "function": "investigating prosecutor"},
                 "national_ref": "PS-2026-0000"},
  "facts_summary": "Between March and November 2025 an agency in Temburra recruited at least six persons with false contracts. Their passports were withheld and their wages were set off against invented debts.",
  "items": [
    {"n": 1, "type": "RECORDS_CORPORATE",
     "description": "certified register extracts and accounts of the agency",
     "custodian": "Trade Register of Temburra",
     "period_from": "2024-01-01", "period_to": "2025-12-31",
     "certification_form": "certified copy"},
    {"n": 2, "type": "TAKE_EVIDENCE",
     "description": "statement of the agency's former clerk as a witness",
     "procedure_wishes": "under oath, before a judge", "interpreter_lang": "en",
     "person_ref": "W-1", "questions": ["Who prepared the contracts?",
                                        "Who kept the passports?"],
     "rq_officials_present": false}],
  "persons": [
    {"ref": "P-1", "roles": ["SUSPECT"], "name": "Dario Vell", "nationality": "QT"},
    {"ref": "W-1", "roles": ["WITNESS"], "name": "Ada Example", "location": "Temburra City"}],
  "purpose": "evidence in the investigation and at trial in PS-2026-0000",
  "language": "en",
  "urgency_reason": "TRIAL_DATE",
  "deadline": {"at": "2030-06-15", "reason": "committal hearing on 2030-07-01"},
  "handling": {"tlp": "AMBER", "release_states": ["QM", "QT"]},
  "confidentiality": {"required": true, "scope": "existence and substance of the request"},
  "contact": {"name": "Duty desk, Central Authority of Marenza", "phone": "+000 000 0000",
              "email": "duty@example.org"},
  "national_ref": "CA-2026-0000"}})";

constexpr char kAcknowledgement[] = R"({"acknowledgement": {"national_ref": "QT-CA-2026-0000",
  "contact": {"name": "Registry, Central Authority of Temburra", "phone": "+000 000 0000",
              "email": "registry@example.org"}}})";
constexpr char kResult[] = R"({"result": {"items": [
  {"n": 1, "outcome": "EXECUTED_FULL", "description": "extracts and accounts, 14 pages"},
  {"n": 2, "outcome": "EXECUTED_FULL", "description": "record of the hearing, 6 pages",
   "procedure_followed": "FOLLOWED"}],
  "note": "The material may be used in PS-2026-0000 only."}})";
constexpr char kPartialResult[] = R"({"result": {"items": [
  {"n": 1, "outcome": "EXECUTED_FULL", "description": "extracts and accounts, 14 pages"}],
  "note": "The hearing under item 2 follows."}})";
constexpr char kConsultationOpen[] = R"({"consultation_open": {"topic": "CONDITIONS", "items": [2],
  "statement": "The witness can be heard by video only. Would that serve your purpose?"}})";
constexpr char kRefusal[] = R"({"refusal": {"ground": "SECURITY",
  "reasons": "Execution would disclose the methods of an operation that is still running and so endanger the officers who take part in it.",
  "reasons_language": "en", "remedy": "Complaint to the High Court of Temburra within 30 days"}})";
constexpr char kRefusalInPart[] = R"({"refusal": {"ground": "SECURITY",
  "reasons": "Hearing this witness would disclose the methods of an operation that is still running.",
  "reasons_language": "en", "items": [2]}})";

constexpr char kBoardingAnswer[] = R"({"boarding_answer": {"decision": "AUTHORISED",
  "at": "2026-02-02T06:02:00Z", "extent": ["BOARD", "SEARCH"],
  "conditions": ["medical care first"], "jurisdiction": "CONSULT", "registry": "CONFIRMED"}})";
constexpr char kPreserved[] = R"({"preservation": {"status": "PRESERVED",
  "from": "2026-03-02T21:30:00Z", "until": "2026-05-31T21:30:00Z"}})";
constexpr char kRefusalNationality[] = R"({"refusal": {"ground": "NATIONALITY_OF_PERSON",
  "reasons": "The person is a national of Temburra, whose constitution forbids the surrender of nationals.",
  "reasons_language": "en", "prosecution_offer": "The case is submitted to the Prosecutor General."}})";
constexpr char kDeliveryLive[] = R"({"delivery": {"state": "QM",
  "legs": [{"state": "QT", "exit": "QTMBA", "lead_authority": "Customs of Temburra"},
           {"state": "QM", "entry": "QMPAL", "lead_authority": "Customs of Marenza"}],
  "consents": [{"state": "QT", "ref": "QT-CD-1"}, {"state": "QM", "ref": "QM-CD-1"}]}})";

struct Example {
  Act::Code act;
  const char* json;
};
constexpr Example kExamples[] = {
    {Act::REQUEST, kRequest},
    {Act::ACKNOWLEDGEMENT, kAcknowledgement},
    {Act::RETURN, R"({"statement": {"text": "LANGUAGE: please add a translation into English."}})"},
    {Act::INFO_REQUEST,
     R"({"info_request": {"questions": ["In which month was the witness employed?"],
         "needed_by": "2030-05-01"}})"},
    {Act::INFO_SUPPLEMENT, R"({"info_supplement": {"answers": ["From April to June 2025."]}})"},
    {Act::ADMISSION,
     R"({"admission": {"executing_authority": "District Court of Temburra City"}})"},
    {Act::EXECUTION_STARTED,
     R"({"execution_started": {"note": "The hearing is being prepared."}})"},
    {Act::PARTIAL_RESULT, kPartialResult},
    {Act::FINAL_RESULT, kResult},
    {Act::CONSULTATION_OPEN, kConsultationOpen},
    {Act::CONSULTATION_CLOSE,
     R"({"consultation_close": {"outcome": "PROCEED", "statement": "Execution goes on."}})"},
    {Act::CONDITIONS_PROPOSAL,
     R"({"statement": {"text": "We hear the witness under one condition.", "items": [2],
         "conditions": [{"kind": "USE_LIMITATION", "item": 2,
                         "text": "The record is used in PS-2026-0000 only."}],
         "until": "2030-05-01"}})"},
    {Act::CONDITIONS_ACCEPT, R"({"statement": {"text": "The conditions are accepted."}})"},
    {Act::CONDITIONS_DECLINE,
     R"({"statement": {"text": "The record is also needed in the appeal proceedings."}})"},
    {Act::POSTPONEMENT_NOTICE,
     R"({"statement": {"ground": "INTERFERES_INVESTIGATION",
         "text": "An own investigation of the agency is running; the hearing would warn its owners.",
         "until": "2026-06-15", "expected_until": "2026-09-30"}})"},
    {Act::POSTPONEMENT_REVIEW,
     R"({"statement": {"ground": "INTERFERES_INVESTIGATION",
         "text": "The investigation is still running.", "until": "2026-06-15",
         "expected_until": "2026-09-30"}})"},
    {Act::RESUMPTION, R"({"statement": {"text": "The cause has ended; execution goes on."}})"},
    {Act::REFUSAL, kRefusal},
    {Act::REFUSAL_IN_PART, kRefusalInPart},
    {Act::SUSPENSION,
     R"({"statement": {"ground": "DOMESTIC_REMEDY_PENDING",
         "text": "The witness has appealed against the summons to the High Court."}})"},
    {Act::WITHDRAWAL,
     R"({"withdrawal": {"reason": "The proceeding was closed; assistance is no longer required."}})"},
    {Act::WITHDRAWAL_IN_PART,
     R"({"withdrawal": {"reason": "The witness has been heard at home.", "items": [2]}})"},
    {Act::STATUS_QUERY, R"({"statement": {"text": "How far has the request got?"}})"},
    {Act::STATUS_REPORT, R"({"statement": {"text": "The hearing is set for next month."}})"},
    {Act::CLOSE, R"({"close": {"usable": true, "feedback": "The material is complete."}})"},
    {Act::COMPLETION_REQUEST,
     R"({"statement": {"text": "The annex of the accounts is missing.", "items": [1]}})"},
    {Act::CORRECTED_REQUEST, kRequest},
    {Act::ORAL_REQUEST_NOTE,
     R"({"statement": {"text": "2030-03-02T03:12:00Z, by telephone, duty officer to duty officer: leave to board a vessel."}})"},
    {Act::LAPSE_NOTICE,
     R"({"statement": {"text": "R-CLK-ORAL: no written confirmation within 24 hours."}})"},
    {Act::EXCULPATORY_NOTICE,
     R"({"use": {"purpose": "disclosure to the defence in PS-2026-0000", "kind": "PRIOR"}})"},
    {Act::USE_CONSENT_REQUEST,
     R"({"use": {"purpose": "PS-2026-0001", "by": "Prosecutor of Port-Sel"}})"},
    {Act::USE_CONSENT_DECISION,
     R"({"use": {"purpose": "PS-2026-0001", "consent": "QT-CA-2026-0002"}})"},
    {Act::CONFIDENTIALITY_UNABLE,
     R"({"statement": {"text": "The bank must tell its customer within 30 days.", "items": [1]}})"},
    {Act::REGISTRY_CONFIRMED,
     R"({"statement": {"text": "The vessel is registered in QRCAB under 4711."}})"},
    {Act::REGISTRY_DENIED, R"({"statement": {"text": "No vessel of this name is registered."}})"},
    {Act::REGISTRY_UNKNOWN, R"({"statement": {"text": "The register cannot be read tonight."}})"},
    {Act::BOARDING_AUTHORISED, kBoardingAnswer},
    {Act::FLAG_STATE_ACTS,
     R"({"boarding_answer": {"decision": "FLAG_ACTS", "at": "2026-02-02T06:02:00Z"}})"},
    {Act::JOINT_BOARDING,
     R"({"boarding_answer": {"decision": "JOINT", "at": "2026-02-02T06:02:00Z",
         "extent": ["BOARD"]}})"},
    {Act::BOARDING_DECLINED,
     R"({"boarding_answer": {"decision": "DECLINED", "at": "2026-02-02T06:02:00Z"}})"},
    {Act::BOARDING_REPORT,
     R"({"boarding_result": {"boarded_at": "2026-02-02T06:40:00Z", "measures": ["BOARD"]}})"},
    {Act::BOARDING_RESULT,
     R"({"boarding_result": {"boarded_at": "2026-02-02T06:40:00Z",
         "reported_at": "2026-02-02T11:00:00Z", "measures": ["BOARD"], "unfounded": false}})"},
    {Act::JURISDICTION_DECISION,
     R"({"statement": {"text": "The flag state leaves jurisdiction to the boarding state."}})"},
    {Act::PRESERVATION_CONFIRMED, kPreserved},
    {Act::PRESERVATION_EXTENDED,
     R"({"preservation": {"status": "PRESERVED",
  "from": "2026-03-02T21:30:00Z", "until": "2026-08-29T21:30:00Z"}})"},
    {Act::FOLLOWUP_RECEIVED,
     R"({"statement": {"text": "The request for disclosure arrived and is being decided."}})"},
    {Act::PRESERVATION_RELEASED,
     R"({"preservation": {"status": "RELEASED", "followup_received": false}})"},
    {Act::DATA_DISCLOSED, R"({"statement": {"text": "The traffic data are attached."}})"},
    {Act::PROVISIONAL_ARREST_NOTE,
     R"({"statement": {"text": "Arrested at QTMBA; the papers are awaited.",
         "happened_at": "2026-01-02T05:30:00Z"}})"},
    {Act::SURRENDER_ORDER, R"({"statement": {"text": "The court has ordered the surrender.",
         "surrender": {"decision": "SURRENDER_ORDERED", "decided_at": "2026-01-20",
           "speciality": "KEPT", "place": "QTMBA", "from": "2026-01-25",
           "until": "2026-02-04"}}})"},
    {Act::SURRENDER_REPORT, R"({"statement": {"text": "Handed over on 2026-02-02 at QMPAL.",
         "surrender": {"decision": "SURRENDERED", "surrendered_at": "2026-02-02T11:00:00Z",
           "place": "QMPAL", "custody_days": 32}}})"},
    {Act::REFUSAL_NATIONALITY, kRefusalNationality},
    {Act::DELIVERY_CONSENT,
     R"({"delivery": {"state": "QT", "consents": [{"state": "QT", "ref": "QT-CD-1"}]}})"},
    {Act::DELIVERY_LIVE, kDeliveryLive},
    {Act::DELIVERY_ABORT, R"({"delivery": {"state": "QT", "reason": "danger to an officer"}})"},
    {Act::INFORMATION_USED, R"({"statement": {"text": "An investigation was opened."}})"},
    {Act::INFORMATION_NOT_USED, R"({"statement": {"text": "The matter is known already."}})"},
    {Act::CONSULTATION_STATEMENT,
     R"({"statement": {"text": "The hearing may wait until the autumn; the records may not."}})"},
    {Act::CLOSE_NOTICE,
     R"({"statement": {"text": "No receipt within 60 days of the result of 2030-01-02."}})"},
    {Act::CONDITIONAL_OFFER,
     R"({"statement": {"text": "Information on a planned delivery of firearms to your territory.",
         "conditions": [{"kind": "USE_LIMITATION",
                         "text": "not in court without our permission"}]}})"},
    {Act::OFFER_ACCEPTED, R"({"statement": {"text": "The conditions are accepted."}})"},
    {Act::OFFER_DECLINED,
     R"({"statement": {"text": "Our law of procedure demands that the defence sees the file."}})"},
    {Act::OBLIGATION_REPORT,
     R"({"obligation_report": {"kind": "RETURN_ITEMS", "item": 1, "at": "2026-02-20",
         "text": "The originals were returned by courier; the receipt is attached."}})"},
    {Act::ASSET_REPORT,
     R"({"asset_report": {"item": 1, "to": "FROZEN", "order_ref": "QT-G-2030-17",
         "amount": {"minor": 25000000, "ccy": "XTS"}, "at": "2026-02-20",
         "expires_at": "2030-09-20"}})"},
    {Act::CONSENT_WITHDRAWN,
     R"({"consent_withdrawal": {"ref": "W-1", "withdrawn_at": "2026-02-20T14:00:00Z",
         "of": ["DATA_SHARING"], "delete_data": true}})"},
    {Act::CONVERTED_TO_REQUEST, R"({"statement": {"text": "A request follows: CA-2026-0003."}})"},
};

}  // namespace

v1::CaseBody TemplateFor(v1::Act::Code act) {
  v1::CaseBody body;
  for (const Example& example : kExamples) {
    if (example.act != act) continue;
    auto parsed = BodyFromJson(example.json);
    PALERMO_CHECK(parsed.ok());
    body = *std::move(parsed);
    body.set_version(1);
  }
  return body;
}

}  // namespace palermo::casework
