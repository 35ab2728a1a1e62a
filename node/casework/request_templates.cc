// The examples that a request of each family starts from. Fictional: states QM (Marenza), which
// asks, and QT (Temburra).
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;

constexpr char kConfiscation[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 12", "UNTOC 13"],
            "governing_profile": "UNTOC_18"},
  "proceeding": {"stage": "CONFISCATION"},
  "items": [{"n": 1, "type": "FREEZE",
    "description": "the flat at Quay Street 4, bought with the proceeds",
    "expected_confiscation": "of the whole flat as proceeds",
    "property": {"registry_no": "TMB-LAND-4711", "holder": "Dario Vell",
                 "amount": {"minor": 25000000, "ccy": "XTS"},
                 "description": "flat, land register of Temburra City",
                 "connection": "paid from the account to which the workers' wages went"}}]}})json";

constexpr char kExtradition[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 16"], "governing_profile": "UNTOC_16"},
  "proceeding": {"stage": "PROSECUTION"},
  "items": [{"n": 1, "type": "EXTRADITE", "description": "surrender of Dario Vell for trial",
    "person": "P-1",
    "warrant_hash": "5f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100aa",
    "offence_times": ["2025-03-01/2025-11-19"], "places": ["Port-Sel"],
    "law_text": "Penal Code of Marenza, section 210",
    "penalty": {"death_possible": false, "max_months": 180},
    "assurances": [{"kind": "FAIR_TRIAL", "grantor": "Minister of Justice of Marenza",
                    "date": "2026-02-20", "scope": "trial and appeal in PS-2026-0000"}],
    "in_absentia": false, "dual_criminality": "MET",
    "speciality": "no proceedings for other acts before the surrender"}],
  "persons": [{"ref": "P-1", "roles": ["ACCUSED"], "name": "Dario Vell", "nationality": "QM",
               "description": "born 1979, 1.82 m, scar on the left hand"}],
  "offence": [{"label": "trafficking in persons", "domestic_ref": "Penal Code, section 210",
               "max_penalty_months": 180, "untoc_art": "SERIOUS_CRIME",
               "transnational_basis": "3(2)(b)", "ocg_involved": "YES"}],
  "purpose": "trial in PS-2026-0000"}})json";

constexpr char kSentenced[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 17"], "governing_profile": "UNTOC_17"},
  "proceeding": {"stage": "ENFORCEMENT"},
  "items": [{"n": 1, "type": "TRANSFER_SENTENCED_PERSON",
    "description": "transfer to serve the rest of the sentence near the family",
    "person": "P-1",
    "judgment_hash": "5f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ab",
    "law_text": "Penal Code of Marenza, section 210", "remaining_months": 26,
    "time_served": "18 months until 2026-02-20",
    "consent": {"informed": true, "free": true, "language": "en", "counsel_present": true,
                "signed_at": "2026-02-20",
                "doc_hash": "5f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ac"},
    "family_ties": {"effect": "CLOSER", "reintegration": "a place in a workshop of the prison",
                    "assertion": {"by": "o-0007", "text": "the family lives in Temburra City"}},
    "gender_care": {"wishes": ["NONE"]}}],
  "persons": [{"ref": "P-1", "roles": ["CONVICTED"], "name": "Dario Vell", "nationality": "QT"}],
  "purpose": "enforcement of the sentence in Temburra"}})json";

constexpr char kProceedings[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 21"], "governing_profile": "UNTOC_21"},
  "proceeding": {"stage": "PROSECUTION"},
  "items": [{"n": 1, "type": "TRANSFER_PROCEEDINGS",
    "description": "the proceedings against Dario Vell",
    "case_file_index": "PS-2026-0000, volumes 1 to 4",
    "place": "the suspect lives in Temburra City",
    "limitation_dates": ["2035-03-01"], "victims_position": "the victims were heard and agree",
    "reason": "the suspect, the records and most witnesses are in Temburra"}],
  "purpose": "one prosecution in one place"}})json";

constexpr char kJoint[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 19"], "governing_profile": "UNTOC_19"},
  "items": [{"n": 1, "type": "SET_UP_JIT",
    "description": "a joint team of the prosecutors of Port-Sel and Temburra City",
    "composition": "two prosecutors and four investigators of each state",
    "territories": ["Marenza", "Temburra"],
    "parties": ["QM", "QT"], "duration": "P12M"}],
  "purpose": "joint investigation of the agency and its customers"}})json";

constexpr char kDelivery[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 20"], "governing_profile": "UNTOC_20"},
  "items": [{"n": 1, "type": "CONTROLLED_DELIVERY",
    "description": "one container that is followed from Temburra to Marenza",
    "consignment": {"type": "container with machine parts", "quantity": 1, "unit": "container",
                    "ids": ["seal 4711"]},
    "consents": [{"state": "QM", "granted": true, "ref": "QM-CD-1", "at": "2026-02-20"}],
    "legs": [{"state": "QT", "exit": "QTMBA", "lead_authority": "Customs of Temburra",
              "window": "2030-04-01/2030-04-03"},
             {"state": "QM", "entry": "QMPAL", "lead_authority": "Customs of Marenza",
              "window": "2030-04-03/2030-04-05"}],
    "technique": "INTACT",
    "jurisdiction_understanding": "who is arrested is tried where the arrest is made",
    "cost_understanding": "each state bears its own",
    "abort_rule": "either lead authority at any time, by telephone and by message"}],
  "purpose": "to find those who receive it"}})json";

constexpr char kPreserve[] = R"json({"request": {
  "basis": {"instrument": "BUD", "articles": ["BUD 29"], "governing_profile": "BUD"},
  "items": [{"n": 1, "type": "PRESERVE_DATA",
    "description": "the mailbox of the agency",
    "authority": "Prosecutor of Port-Sel", "offence": "computer-related fraud",
    "facts": "false contracts were sent from this mailbox",
    "data": "stored messages and log data of the mailbox",
    "custodian": "Temburra Mail Ltd", "necessity": "the provider deletes log data after 30 days",
    "intends_mla": true, "period_days": 90, "do_not_notify": true,
    "selectors": [{"kind": "IP", "ip": "203.0.113.7", "port": 51234,
                   "at": "2026-01-10T20:15:30Z"}]}],
  "purpose": "evidence in PS-2026-0000"}})json";

constexpr char kSea[] = R"json({"request": {
  "basis": {"instrument": "SOM", "articles": ["SOM 8"], "governing_profile": "UNTOC_18"},
  "proceeding": {"nature": "smuggling of migrants by sea"},
  "items": [{"n": 1, "type": "BOARDING_AUTHORIZATION",
    "description": "leave to board and search the vessel Halcyon",
    "vessel": {"name": "Halcyon", "flag_claimed": "QT", "flag_marks_displayed": true,
               "port_of_registry": "QTMBA", "call_sign": "QTH47"},
    "position": {"lat": 36.2, "lon": 18.4, "radius_m": 500, "at": "2026-03-02T03:00:00Z"},
    "last_port": "QTMBA", "next_port": "QMPAL",
    "grounds": "overcrowded, no lights, changes course when it is hailed",
    "persons_on_board": {"est": 60, "children": true},
    "requested": ["BOARD", "SEARCH"],
    "boarding_unit": {"name": "Guardian", "state": "QM", "government_marked": true,
                      "kind": "COAST_GUARD"},
    "safety_plan": {"interpreters": ["en", "ar"], "medical": true, "female_officers": true},
    "disembarkation_proposal": {"place_of_safety": "QMPAL",
                                "refoulement_assessment": "no return before each was heard"},
    "response_needed_by": "2030-03-02T08:00:00Z"}],
  "purpose": "to end the danger and to find who organised the voyage"}})json";

constexpr char kFirearm[] = R"json({"request": {
  "basis": {"instrument": "FAP", "articles": ["FAP 12"], "governing_profile": "UNTOC_18"},
  "proceeding": {"nature": "illicit trafficking in firearms"},
  "items": [{"n": 1, "type": "TRACE_FIREARM", "description": "where and to whom it was sold",
    "use": "PS-2026-0000",
    "firearm": {"make": "Example", "model": "P9", "calibre": "9x19", "serial": "EX-104711",
                "country_of_manufacture": "QT", "images": ["5f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ad"],
                "marks": [{"text": "IMP QM 2019", "kind": "IMPORT", "country": "QM",
                           "year": "2019"}]},
    "recovery": {"place": "Port-Sel", "at": "2026-02-11", "circumstances": "search of a flat",
                 "offence": "possession without a licence"}}],
  "purpose": "to find how it came into the country"}})json";

constexpr char kDocument[] = R"json({"request": {
  "basis": {"instrument": "TIP", "articles": ["TIP 13"], "governing_profile": "UNTOC_18"},
  "items": [{"n": 1, "type": "VERIFY_DOCUMENT",
    "description": "whether this passport was issued, and to whom it belongs",
    "issuer": "QT", "document_type": "PASSPORT", "document_number": "T0004711",
    "suspicion": "ALTERED", "context": "TIP_13", "holder_sealed": true,
    "image_hashes": ["5f1d2c3b4a59687766554433221100ffeeddccbbaa99887766554433221100ad"]}],
  "persons": [{"ref": "V-1", "roles": ["PRESUMED_VICTIM"], "sealed": true,
               "nationality": "QT", "age_status": "ADULT"}],
  "purpose": "to know who brought the person here"}})json";

constexpr char kNationality[] = R"json({"request": {
  "basis": {"instrument": "TIP", "articles": ["TIP 8(3)"], "governing_profile": "UNTOC_18"},
  "items": [{"n": 1, "type": "VERIFY_NATIONALITY",
    "description": "whether the person was a national or resident at the time of entry",
    "person_ref": "V-1", "protection_claim": "NONE_DECLARED", "status_at_entry": "UNKNOWN",
    "rights_informed_at": "2026-02-12T10:00:00Z", "interpreter_lang": "en",
    "consent_to_contact": true,
    "safety_assessment": "heard with counsel; no danger was found"}],
  "persons": [{"ref": "V-1", "roles": ["PRESUMED_VICTIM"], "sealed": true,
               "nationality": "QT", "age_status": "ADULT"}],
  "purpose": "the person wishes to go home"}})json";

constexpr char kVictim[] = R"json({"request": {
  "basis": {"instrument": "TIP", "articles": ["TIP 6", "UNTOC 25"],
            "governing_profile": "UNTOC_18"},
  "items": [{"n": 1, "type": "OTHER_NOT_CONTRARY",
    "description": "referral of a presumed victim to assistance near the family",
    "person_ref": "V-1",
    "consent": {"informed": true, "free": true, "language": "en", "signed_at": "2026-02-12"},
    "safety_assessment": "heard with counsel; no danger was found"}],
  "persons": [{"ref": "V-1", "roles": ["PRESUMED_VICTIM"], "sealed": true,
               "nationality": "QT", "age_status": "ADULT"}],
  "purpose": "shelter, medical care and advice after the return"}})json";

constexpr char kPoliceRequest[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 27(1)(b)"],
            "governing_profile": "UNTOC_18"},
  "information_limb": "27(1)(b)", "evaluation": "B2", "evidence_status": "INTELLIGENCE_ONLY",
  "items": [{"n": 1, "type": "OTHER_NOT_CONTRARY",
    "description": "inquiries on the movements of the agency's director"}],
  "purpose": "intelligence only; evidence is asked for separately"}})json";

constexpr char kSpontaneous[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 18(4)"],
            "governing_profile": "UNTOC_18"},
  "persons": [{"ref": "P-1", "roles": ["SUSPECT"], "name": "Dario Vell", "nationality": "QT"}],
  "evaluation": "B2", "evidence_status": "INTELLIGENCE_ONLY", "useful_for": "INQUIRY",
  "restrictions": ["not in court without our permission"],
  "purpose": "it may help an inquiry in Temburra"}})json";

constexpr char kFiu[] = R"json({"request": {
  "basis": {"instrument": "UNCAC", "articles": ["UNCAC 58"], "governing_profile": "UNCAC_46"},
  "items": [{"n": 1, "type": "FIU_INFORMATION",
    "description": "transactions of the agency's account above 10000 XTS",
    "suspicion": "wages were paid into it and taken out in cash the same day",
    "facts": "twelve deposits of the same sum between March and November 2025",
    "person_ref": "P-1", "account": "TMB-0004711", "period_from": "2025-03-01", "period_to": "2025-11-30",
    "relevance": "to see who took the money out",
    "fiu_roles": "financial intelligence unit of each side",
    "use": "intelligence only; onward use needs our consent"}],
  "purpose": "analysis by the financial intelligence unit"}})json";

constexpr char kHit[] = R"json({"request": {
  "basis": {"instrument": "UNTOC", "articles": ["UNTOC 27(1)(a)"],
            "governing_profile": "UNTOC_18"},
  "items": [{"n": 1, "type": "OTHER_NOT_CONTRARY",
    "description": "whether this telephone is known in a proceeding of yours: yes or no"}],
  "purpose": "to know whom to ask"}})json";

struct ExampleOfFamily {
  Family::Code family;
  AssistanceType::Code type;  // of its first item; UNSPECIFIED: it has none
  std::string_view legal_basis;
  const char* json;  // what differs from the example of MLA; "": nothing
};
constexpr ExampleOfFamily kFamilyExamples[] = {
    {Family::MLA, AssistanceType::RECORDS_CORPORATE, "UNTOC 18", ""},
    {Family::CONFISCATION, AssistanceType::FREEZE, "UNTOC 13", kConfiscation},
    {Family::EXTRADITION, AssistanceType::EXTRADITE, "UNTOC 16", kExtradition},
    {Family::TRANSFER_SENTENCED, AssistanceType::TRANSFER_SENTENCED_PERSON, "UNTOC 17", kSentenced},
    {Family::TRANSFER_PROCEEDINGS, AssistanceType::TRANSFER_PROCEEDINGS, "UNTOC 21", kProceedings},
    {Family::JOINT_INVESTIGATION, AssistanceType::SET_UP_JIT, "UNTOC 19", kJoint},
    {Family::SPECIAL_TECHNIQUE, AssistanceType::CONTROLLED_DELIVERY, "UNTOC 20", kDelivery},
    {Family::PRESERVATION_24_7, AssistanceType::PRESERVE_DATA, "BUD 29", kPreserve},
    {Family::SEA, AssistanceType::BOARDING_AUTHORIZATION, "SOM 8", kSea},
    {Family::PROTOCOL_ADMIN, AssistanceType::TRACE_FIREARM, "FAP 12", kFirearm},
    {Family::PROTOCOL_ADMIN, AssistanceType::VERIFY_DOCUMENT, "TIP 13", kDocument},
    {Family::PROTOCOL_ADMIN, AssistanceType::VERIFY_NATIONALITY, "TIP 8", kNationality},
    {Family::LAW_ENFORCEMENT_INFO, AssistanceType::OTHER_NOT_CONTRARY, "UNTOC 27", kPoliceRequest},
    {Family::SPONTANEOUS, AssistanceType::UNSPECIFIED, "UNTOC 18(4)", kSpontaneous},
    {Family::FIU, AssistanceType::FIU_INFORMATION, "UNCAC 58", kFiu},
    {Family::VICTIM, AssistanceType::OTHER_NOT_CONTRARY, "TIP 6", kVictim},
    {Family::HIT_QUERY, AssistanceType::OTHER_NOT_CONTRARY, "UNTOC 27", kHit},
};

// The example of MLA, with what the family has of its own in its place.
v1::CaseBody RequestOf(const ExampleOfFamily& example) {
  v1::CaseBody body = TemplateFor(Act::REQUEST);
  if (*example.json == '\0') return body;
  const auto own = BodyFromJson(example.json);
  PALERMO_CHECK(own.ok());
  v1::Request* request = body.mutable_request();
  request->clear_basis();
  request->clear_items();
  // The date of a trial belongs to evidence that is asked for.
  if (!IsFormal(example.family)) {
    request->clear_deadline();
    request->clear_urgency_reason();
  }
  if (own->request().persons_size() > 0) request->clear_persons();
  request->MergeFrom(own->request());
  return body;
}

v1::CaseBody ResultOf(const v1::Request& request, Act::Code act) {
  v1::CaseBody body = TemplateFor(act);
  if (request.items_size() > 1) return body;
  body.mutable_result()->clear_items();
  for (const v1::Item& item : request.items()) {
    v1::ItemResult* result = body.mutable_result()->add_items();
    result->set_n(item.n());
    result->set_outcome(v1::ItemOutcome::EXECUTED_FULL);
    result->set_description("what was done, and what is attached");
  }
  return body;
}

}  // namespace

absl::StatusOr<FamilyExample> ExampleFor(Act::Code act, Family::Code family,
                                         AssistanceType::Code type) {
  std::vector<std::string> known;
  for (const ExampleOfFamily& example : kFamilyExamples) {
    if (example.family != family) continue;
    known.push_back(AssistanceType::Code_Name(example.type));
    if (type != AssistanceType::UNSPECIFIED && type != example.type) continue;
    const v1::CaseBody request = RequestOf(example);
    const bool asks = act == Act::REQUEST || act == Act::CORRECTED_REQUEST;
    const bool result = act == Act::PARTIAL_RESULT || act == Act::FINAL_RESULT;
    return FamilyExample{asks     ? request
                         : result ? ResultOf(request.request(), act)
                                  : TemplateFor(act),
                         std::string(example.legal_basis)};
  }
  if (const TypeForm* form = FindForm(type); form != nullptr && form->family == family) {
    const bool asks = act == Act::REQUEST || act == Act::CORRECTED_REQUEST;
    const bool result = act == Act::PARTIAL_RESULT || act == Act::FINAL_RESULT;
    const v1::CaseBody request = TemplateForType(type);
    const auto& articles = request.request().basis().articles();
    return FamilyExample{asks     ? request
                         : result ? AnswerForType(type)
                                  : TemplateFor(act),
                         articles.empty() ? "" : articles[0]};
  }
  return Missing("NO_EXAMPLE", Cat({"there is no example of this assistance in ",
                                    FamilyName(family), "; there is: ", absl::StrJoin(known, ", "),
                                    ". Start from one of them, and change the type"}));
}

}  // namespace palermo::casework
