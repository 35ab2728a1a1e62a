// Fields that only some requests have, by the kinds of assistance that they belong to. As in
// type_forms.cc, the examples are fictional.
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <set>
#include <string>

#include "node/casework/form_fields.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using google::protobuf::FieldDescriptor;

struct MorePart {
  bool (*fits)(const TypeForm& form);
  std::string_view request = "";                     // members of the request, JSON
  std::string_view item = "";                        // of the item
  v1::Urgency::Code urgency = v1::Urgency::ROUTINE;  // another one: stands in no form, see above
};

bool IsOfArea(const TypeForm& form, std::string_view name) {
  for (const AreaForms& area : Areas()) {
    if (area.area != name && area.area != "ANY") continue;
    if (std::find(area.types.begin(), area.types.end(), form.type) != area.types.end()) return true;
  }
  return false;
}

bool AnyType(const TypeForm&) { return true; }
// Of who is relocated or cooperates everybody is sealed.
bool Open(const TypeForm& form) {
  return form.type != T::WITNESS_RELOCATION && form.type != T::COOPERATOR_ARRANGEMENT;
}
bool Trafficking(const TypeForm& form) { return IsOfArea(form, "TRAFFICKING"); }
bool Smuggling(const TypeForm& form) { return IsOfArea(form, "SMUGGLING"); }
bool Terrorism(const TypeForm& form) { return IsOfArea(form, "TERRORISM"); }
bool Information(const TypeForm& form) {
  return form.family == v1::Family::LAW_ENFORCEMENT_INFO || form.family == v1::Family::FIU ||
         form.family == v1::Family::HIT_QUERY || form.family == v1::Family::SPONTANEOUS;
}
bool Vessel(const TypeForm& form) {
  return TemplateForType(form.type).request().items(0).has_vessel();
}
// What is no IP address is named by its kind and value.
bool Selects(const TypeForm& form) {
  const v1::CaseBody body = TemplateForType(form.type);
  const auto& items = body.request().items();
  return !items.empty() && !items[0].selectors().empty() && items[0].selectors(0).kind() == "IP";
}
template <T::Code kType>
bool Is(const TypeForm& form) {
  return form.type == kType;
}

constexpr MorePart kParts[] = {
    {AnyType,
     R"j({"deadline": {"at": "2030-06-01", "reason": "the trial begins on 2030-06-15"}})j"},
    {AnyType, R"j({"translation": {"language": "fr", "certified": true, "of_hash": "<hash>"}})j"},
    {AnyType, R"j({"handling": {"code": "H1"}})j"},
    {AnyType, R"j({"channel": "CA_DIRECT", "channel_agreement_ref": "QM-QT-2028-2"})j"},
    {AnyType, R"j({"confidentiality": {"until": "2030-12-31"}})j"},
    {AnyType,
     R"j({"relates_to": {"case_id": "9b1e02c4a7d85f3361c0b2e4f8a97d15", "kind": "FOLLOW_UP",
      "message_id": "<hash>"}})j"},
    {AnyType, R"j({"livelihood_note": "the harvest of the village is not touched",
      "selection_grounds": ["EVIDENCE"], "selection_assertion": {"by": "QM-CA-07",
        "text": "chosen by what was found in the office", "assessment_hash": "<hash>",
        "at": "2030-02-01T10:00:00Z"}})j"},
    {AnyType, R"j({"relied_statements": [{"person": "P-1", "at": "2030-01-20T10:00:00Z",
      "rights_notice_lang": "en", "understood_language": "en", "interpreter": true,
      "interpreter_lang": "en", "counsel_offered": true, "consular_informed": true,
      "consular_asked_for": true, "consular_notified_at": "2030-01-20T15:00:00Z",
      "protection_claim": "NONE_DECLARED", "nationality": "QT",
      "how_obtained": {"without_ill_treatment": true, "against_accused_of_torture": false,
        "assertion": {"by": "QM-CA-07", "text": "counsel was present"}},
      "gender_care": {"wishes": ["SAME_GENDER_INTERPRETER"], "given": false,
        "reason": "none was to be had on the day; the person agreed"}}]})j"},
    {Open, R"j({"persons": [{"ref": "P-3", "roles": ["ACCOUNT_HOLDER"], "kind": "LEGAL",
      "name": "Vell Ltd", "registration_no": "TMB-4711", "lei": "QVFIXTURE00000001275"}]})j"},
    {Open, R"j({"persons": [{"ref": "P-4", "roles": ["SUSPECT"], "name": "Lior Example",
      "nationality": "QT", "date_of_birth": "1979-XX-XX", "age_status": "ADULT",
      "age_disputed": false, "description": "1.82 m, scar on the left hand",
      "document_number": "QT4471209", "phone": "+999 12 345 678",
      "address": "4 Quay Street, Temburra City", "note": "speaks English",
      "persecution_indicators": ["member of an opposition party"],
      "persecution_review": "by the Prosecutor of Port-Sel on 2030-02-01: the acts are not political",
      "protected_activity": ["JOURNALISM"],
      "protected_activity_review": "by the Prosecutor of Port-Sel on 2030-02-01: not for what was written",
      "recruited_by_group": false, "gender_care": {"wishes": ["SAME_GENDER_SEARCH"], "given": true}}]})j"},
    {AnyType, R"j({"urgency_reason": "FLIGHT_RISK", "oral": {"made_at": "2026-03-02T03:12:00Z",
      "confirmed_at": "2026-03-02T09:00:00Z", "agreed": true,
      "by": "duty officer, Central Authority of Marenza",
      "to": "duty officer, Central Authority of Temburra"}})j",
     "", v1::Urgency::URGENT},
    {AnyType,
     R"j({"persons": [{"ref": "P-2", "roles": ["SMUGGLED_MIGRANT", "CHILD_VICTIM", "SUSPECT"],
      "sealed": true, "age_status": "CHILD", "guardian": "Office for Children of Marenza",
      "juvenile_handling": "separate from adults; a judge for juveniles decides",
      "separate_offence_ref": "PS-2026-0002: robbery, not the journey",
      "non_punishment_review": "by the Prosecutor of Port-Sel on 2030-02-01: not compelled",
      "sealed_id": "compartment of the draft"}]})j"},
    {Trafficking, R"j({<trafficking>})j"},
    {Smuggling, R"j({<smuggling>})j"},
    {Terrorism, R"j({"offence": [{"label": "financing of terrorism, TF 2(1)",
      "domestic_ref": "Penal Code 282", "max_penalty_months": 120, "untoc_art": "5",
      "transnational_basis": "3(2)(a)", "ocg_involved": "YES", "death_possible": false,
      "unscr_ref": "S/RES/1373 (2001)"}]})j"},
    {Information, R"j({"restrictions": ["not in court without our permission"],
      "useful_for": "INQUIRY"})j"},
    {Selects, "", R"j({"selectors": [{"kind": "EMAIL", "value": "alix.sample@mail.example"}]})j"},
    {Is<T::TAKE_EVIDENCE>, "", R"j({"child_measures":
      "heard once, recorded, by a specialised officer with the guardian"})j"},
    {Is<T::BOARDING_AUTHORIZATION>, "", R"j({"flag_confirmation_ref": "QT-FC-2030-3"})j"},
    {Vessel, "", R"j({"vessel": {"stateless": false, "previous_names": ["Aurora"],
      "owner_imo_company": "0099991"}, "position": {"course_deg": 270, "speed_kn": 7.5}})j"},
    {Is<T::TRACE_FIREARM>, "", R"j({"firearm": {"serial_state": "RESTORED",
      "forensic_note": "restored by etching, report QM-F-77",
      "explanation": "the first two letters had been ground off",
      "deactivation": "none"}, "recovery": {"quantity": "1", "custody_chain_id": "QM-E-90",
      "disposal": "HELD"}, "retention": {"since": "2030-02-11", "keep_until": "2040-02-11", "delete_by": "2045-02-11",
      "class": "FAP_TRACE"}, "transfer": "found with a private person", "state_to_state": false})j"},
    {Is<T::VERIFY_LICENCE>, "", R"j({"licence": {"kind": "IMPORT", "place": "Temburra City",
      "broker": "none", "shipped_at": "2030-02-01"}, "transit_states": ["QM"]})j"},
    {Is<T::FREEZE>, "", R"j({"property": {"asset_id": "QM-A-12", "account": "current account",
      "crypto_address": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"}})j"},
    {Is<T::SEIZURE_NOTICE>, "", R"j({"seizure": {"awb": "999-12345675",
      "vin": "1M8GDM9AXKP042788",
      "care_centre": "of what is alive: rescue centre of Port-Sel"}})j"},
    {Is<T::CONTROLLED_DELIVERY>, "", R"j({"consignment": {"vin": "1M8GDM9AXKP042788",
      "name": "cocaine", "cas": "50-36-2", "purity": 82}})j"},
    {Is<T::VOLUNTARY_APPEARANCE>, "", R"j({"safe_conduct_record": {"granted_at": "2030-08-01",
      "period_days": 15}})j"},
    {Is<T::TRANSFER_SENTENCED_PERSON>, "", R"j({"family_ties": {"reason":
      "of a prison farther away: only there is the treatment that the person needs"}})j"},
    {Is<T::PRODUCT_ALERT>, R"j({"alert": {"manufacturer_actual": "not known"}})j"},
};

// A list that the part brings takes the place of the form's.
template <typename Part>
void MergePart(std::string_view json, bool replaces, Part& into) {
  if (json.empty()) return;
  Part own;
  MergeFormJson(json, own);
  std::vector<const FieldDescriptor*> fields;
  own.GetReflection()->ListFields(own, &fields);
  for (const FieldDescriptor* field : fields) {
    if (replaces && field->is_repeated()) into.GetReflection()->ClearField(&into, field);
  }
  into.MergeFrom(own);
}

v1::CaseBody With(const v1::CaseBody& plain, const MorePart& part, bool replaces) {
  v1::CaseBody body = plain;
  v1::Request& request = *body.mutable_request();
  MergePart(part.request, replaces, request);
  if (!part.item.empty()) MergePart(part.item, replaces, *request.mutable_items(0));
  return body;
}

}  // namespace

std::vector<FieldNeed> MoreFieldsOfForm(T::Code type) {
  std::vector<FieldNeed> more;
  const TypeForm* form = FindForm(type);
  if (form == nullptr || form->bare) return more;
  const v1::CaseBody plain = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  std::set<std::string> known;
  for (const FieldNeed& need : FieldsOfForm(type)) known.insert(need.path);
  for (const MorePart& part : kParts) {
    if (!part.fits(*form)) continue;
    context.urgency = part.urgency;
    for (FieldNeed& need : FieldNeedsOf(With(plain, part, true), context, known)) {
      known.insert(need.path);
      more.push_back(std::move(need));
    }
  }
  return more;
}

v1::CaseBody FullTemplateForType(T::Code type, std::string_view area) {
  v1::CaseBody body = TemplateForType(type, area);
  const TypeForm* form = FindForm(type);
  if (form == nullptr || form->bare) return body;
  for (const MorePart& part : kParts) {
    const bool stands = part.fits(*form) && part.urgency == v1::Urgency::ROUTINE;
    if (stands) body = With(body, part, false);
  }
  return body;
}

}  // namespace palermo::casework
