#include "node/casework/forms.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "node/casework/form_fields.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;

constexpr char kExampleDay[] = "2026-03-02";

// What every written request has, UNTOC 18(15).
constexpr char kEveryRequest[] = R"j({
  "requesting_authority": "Central Authority, Ministry of Justice, Marenza",
  "proceeding": {"stage": "INVESTIGATION", "nature": "criminal investigation",
                 "subject_matter": "activities of an organised criminal group in two states",
                 "conducting_authority": {"name": "Prosecutor of Port-Sel",
                                          "function": "investigating prosecutor"},
                 "national_ref": "PS-2026-0000"},
  "facts_summary": "Between March and November 2025 members of the group acted in Marenza and in Temburra. Say here who did what, when and where, and how it leads to what is asked for.",
  "purpose": "evidence in the investigation and at trial in PS-2026-0000",
  "language": "en",
  "handling": {"tlp": "AMBER", "release_states": ["QM", "QT"]},
  "confidentiality": {"required": true, "scope": "existence and substance of the request"},
  "contact": {"name": "Duty desk, Central Authority of Marenza", "phone": "+000 000 0000",
              "email": "duty@example.org"},
  "national_ref": "CA-2026-0000"})j";
// Where a type says nothing else.
constexpr char kUsualBasis[] = R"j({"basis": {"instrument": "UNTOC", "articles": ["UNTOC 18"],
                                             "governing_profile": "UNTOC_18"}})j";
constexpr char kUsualOffence[] = R"j({"offence": [
  {"label": "participation in an organised criminal group", "domestic_ref": "Penal Code 210",
   "max_penalty_months": 96, "untoc_art": "5", "transnational_basis": "3(2)(a)",
   "ocg_involved": "SUSPECTED", "grounds_text": "three persons acted together for over a year"}]})j";
constexpr char kUsualPersons[] = R"j({"persons": [
  {"ref": "P-1", "roles": ["SUSPECT"], "name": "Dario Vell", "nationality": "QT",
   "location": "Temburra City"}]})j";

// The members that the JSON has, in place of those that are there. Of the proceeding each by
// itself.
template <typename Part>
void Put(std::string_view json, Part& into) {
  if (json.empty()) return;
  Part part;
  MergeFormJson(json, part);
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  part.GetReflection()->ListFields(part, &fields);
  for (const auto* field : fields) {
    if (field->name() != "proceeding") into.GetReflection()->ClearField(&into, field);
  }
  into.MergeFrom(part);
}

void PutItem(const FormMatter& matter, v1::Item& item) {
  Put(matter.item, item);
  if (matter.without.empty()) return;
  const auto* field = item.GetDescriptor()->FindFieldByName(std::string(matter.without));
  PALERMO_CHECK(field != nullptr);
  item.GetReflection()->ClearField(&item, field);
}

const FormMatter* MatterOf(std::span<const FormMatter> all, AssistanceType::Code type,
                           std::string_view area) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const FormMatter& matter) {
    return matter.type == type && matter.area == area;
  });
  return found == all.end() ? nullptr : &*found;
}

// As a code is written: "trace-firearm" is TRACE_FIREARM.
std::string Upper(std::string_view text) {
  std::string name(text);
  for (char& c : name) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  return name;
}

}  // namespace

std::span<const TypeForm> TypeForms() {
  static const auto& all = *new std::vector<TypeForm>([] {
    const auto first = AssistanceForms(), second = AreaTypeForms();
    std::vector<TypeForm> forms(first.begin(), first.end());
    forms.insert(forms.end(), second.begin(), second.end());
    return forms;
  }());
  return all;
}

const TypeForm* FindForm(AssistanceType::Code type) {
  const auto forms = TypeForms();
  const auto found = std::find_if(forms.begin(), forms.end(),
                                  [&](const TypeForm& form) { return form.type == type; });
  return found == forms.end() ? nullptr : &*found;
}

absl::StatusOr<AssistanceType::Code> ParseAssistance(std::string_view text) {
  const std::string name = Upper(text);
  AssistanceType::Code type = AssistanceType::UNSPECIFIED;
  if (!AssistanceType::Code_Parse(name, &type) || type == AssistanceType::UNSPECIFIED) {
    return InputError("UNKNOWN_WORD",
                      absl::StrFormat("'%s' is no kind of assistance; see: palermo case new --list",
                                      std::string(text)));
  }
  return type;
}

absl::StatusOr<std::string_view> ParseArea(std::string_view text) {
  const std::string name = Upper(text);
  for (const AreaForms& area : Areas()) {
    if (area.area == name && area.area != "ANY") return area.area;
  }
  return InputError(
      "UNKNOWN_WORD",
      absl::StrFormat("'%s' is no area of crime; write one as the commands of palermo "
                      "case new --list do, for example trafficking",
                      std::string(text)));
}

v1::CaseBody TemplateForType(AssistanceType::Code type, std::string_view area) {
  v1::CaseBody body;
  const TypeForm* form = FindForm(type);
  if (form == nullptr) return body;
  body.set_version(1);
  v1::Request& request = *body.mutable_request();
  const FormMatter* own = MatterOf(FormMatters(), type, "");
  if (!form->bare) Put(kEveryRequest, request);
  for (const FamilyMatter& matter : FamilyMatters()) {
    if (matter.family == form->family && !form->bare) Put(matter.request, request);
  }
  Put(form->request, request);
  if (own != nullptr) Put(own->request, request);
  v1::Item& item = *request.add_items();
  item.set_n(1);
  item.set_type(type);
  MergeFormJson(form->item, item);
  if (own != nullptr) PutItem(*own, item);
  if (form->bare) return body;
  if (!request.has_basis()) Put(kUsualBasis, request);
  if (request.offence().empty()) Put(kUsualOffence, request);
  const bool nobody = own != nullptr && own->nobody;
  if (request.persons().empty() && !nobody) Put(kUsualPersons, request);
  if (area.empty()) return body;
  for (const AreaMatter& matter : AreaMatters()) {
    const bool said = CanonicalArea(request.area()) == CanonicalArea(area);
    if (matter.area == area && !said) Put(matter.request, request);
  }
  if (const FormMatter* there = MatterOf(TypeInAreaMatters(), type, area); there != nullptr) {
    Put(there->request, request);
    PutItem(*there, item);
  }
  return body;
}

bool FormIsOfArea(AssistanceType::Code type, std::string_view area) {
  return area != "ANY" && TemplateForType(type, area).SerializeAsString() !=
                              TemplateForType(type).SerializeAsString();
}

CheckContext ContextOfForm(AssistanceType::Code type) {
  CheckContext context;
  const TypeForm* form = FindForm(type);
  context.family = form == nullptr ? v1::Family::MLA : form->family;
  context.act = v1::Act::REQUEST;
  context.urgency = v1::Urgency::ROUTINE;
  context.requesting_state = "QM";
  context.requested_state = "QT";
  context.now_iso8601_date = kExampleDay;
  return context;
}

std::vector<FieldNeed> FieldsOfForm(AssistanceType::Code type) {
  return FieldNeedsOf(TemplateForType(type), ContextOfForm(type));
}

std::vector<FieldNeed> FieldsOfAnswer(AssistanceType::Code type) {
  const v1::CaseBody asked = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  context.act = v1::Act::FINAL_RESULT;
  context.side = Side::kRequested;
  context.request = &asked.request();
  return FieldNeedsOf(AnswerForType(type), context);
}

// house: long function because it is one table
const std::vector<AreaForms>& Areas() {
  using T = AssistanceType;
  static const auto& areas = *new std::vector<AreaForms>{
      {"TRAFFICKING",
       {T::VICTIM_REFERRAL, T::RETURN_PLAN, T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT,
        T::VERIFY_DOCUMENT, T::RECRUITMENT_LEAD, T::WITNESS_RELOCATION, T::TAKE_EVIDENCE,
        T::VIDEO_HEARING, T::RECORDS_CORPORATE, T::TIP_CASE_REFERRAL, T::FINANCIAL_TRAIL}},
      {"SMUGGLING",
       {T::VERIFY_DOCUMENT, T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT, T::FLAG_CONFIRMATION,
        T::BOARDING_AUTHORIZATION, T::SAFEHOUSE_LEAD, T::PAYMENT_LEAD, T::DISTRESS_ALERT,
        T::TAKE_EVIDENCE}},
      {"FIREARMS",
       {T::TRACE_FIREARM, T::VERIFY_LICENCE, T::CONFIRM_SHIPMENT_RECEIPT, T::DIVERSION_NOTICE,
        T::BALLISTIC_LEAD, T::ADDITIVE_FIREARM_ALERT, T::ONLINE_SALES_LEAD}},
      {"WILDLIFE",
       {T::VERIFY_CITES_PERMIT, T::SEIZURE_NOTICE, T::RETURN_SPECIMEN, T::TIMBER_TRACE,
        T::SAMPLE_FOR_ANALYSIS, T::CONTROLLED_DELIVERY, T::SEARCH_SEIZE}},
      {"MEDICINES",
       {T::PRODUCT_ALERT, T::PUBLIC_HEALTH_RELEASE, T::BATCH_VERIFY, T::LAB_RESULT,
        T::SEIZURE_NOTICE, T::ONLINE_SALES_LEAD, T::SAMPLE_FOR_ANALYSIS, T::INFO_EVIDENCE_EXPERT,
        T::RECORDS_BUSINESS, T::SEARCH_SEIZE}},
      {"MARITIME",
       {T::FLAG_CONFIRMATION, T::BOARDING_AUTHORIZATION, T::SUPPRESSION_ASSISTANCE,
        T::PIRACY_REPORT, T::EVIDENCE_PACKAGE, T::TRANSFER_SENTENCED_PERSON}},
      {"CYBERCRIME",
       {T::PRESERVE_DATA, T::DISCLOSE_PRESERVED_TRAFFIC, T::SUBSCRIBER_INFO, T::ACCESS_STORED_DATA,
        T::REALTIME_TRAFFIC, T::INTERCEPT_CONTENT, T::EMERGENCY_DISCLOSURE, T::NETWORK_ASSIST,
        T::MALWARE_INDICATORS, T::CSAM_HASH_LEAD}},
      {"DRUGS",
       {T::CONTROLLED_DELIVERY, T::PRE_EXPORT_NOTICE_PRECURSOR, T::SEIZURE_NOTICE,
        T::SAMPLE_FOR_ANALYSIS, T::LAB_RESULT, T::NPS_ALERT, T::DRUG_LABORATORY_LEAD,
        T::BOARDING_AUTHORIZATION}},
      {"CORRUPTION",
       {T::FREEZE, T::TRACE_PROCEEDS, T::CONFISCATE_BY_RD_ORDER, T::ENFORCE_CONFISCATION_ORDER,
        T::NON_CONVICTION_CONFISCATION, T::ASSET_RETURN, T::ASSET_SHARING,
        T::DIRECT_RECOVERY_SUPPORT, T::RECORDS_BANK, T::BANK_ACCOUNT_DISCOVERY,
        T::BANK_TRANSACTIONS, T::BANK_MONITORING, T::FIU_INFORMATION, T::FIU_POSTPONE_TRANSACTION,
        T::BENEFICIAL_OWNER_QUERY, T::PEP_ENQUIRY, T::ASSET_DISCLOSURE}},
      {"TERRORISM",
       {T::EXTRADITE, T::PROVISIONAL_ARREST, T::TRACE_PROCEEDS, T::PRESERVE_DATA,
        T::FTF_TRAVEL_INFO, T::FINANCING_LEAD, T::ARTEFACT_FORENSIC, T::VICTIM_SUPPORT_CONTACT,
        T::CHILD_RETURN, T::TAKE_EVIDENCE}},
      {"ANY",
       {T::TAKE_EVIDENCE,
        T::VIDEO_HEARING,
        T::TELEPHONE_HEARING,
        T::SERVE_DOCUMENT,
        T::SEARCH_SEIZE,
        T::EXAMINE_OBJECT_SITE,
        T::INFO_EVIDENCE_EXPERT,
        T::RECORDS_GOVERNMENT,
        T::RECORDS_FINANCIAL,
        T::RECORDS_CORPORATE,
        T::RECORDS_BUSINESS,
        T::CRIMINAL_RECORD,
        T::VOLUNTARY_APPEARANCE,
        T::TRANSFER_DETAINED_WITNESS,
        T::EXTRADITE,
        T::PROVISIONAL_ARREST,
        T::TRANSFER_SENTENCED_PERSON,
        T::TRANSFER_PROCEEDINGS,
        T::SET_UP_JIT,
        T::JOIN_JIT,
        T::CROSS_BORDER_OBSERVATION,
        T::UNDERCOVER,
        T::ELECTRONIC_SURVEILLANCE,
        T::WITNESS_RELOCATION,
        T::COOPERATOR_ARRANGEMENT,
        T::HIT_QUERY,
        T::OTHER_NOT_CONTRARY}},
  };
  return areas;
}

}  // namespace palermo::casework
