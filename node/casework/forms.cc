#include "node/casework/forms.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"
#include "base/status.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::AssistanceType;

// Of nothing: the hash of an empty file.
constexpr char kExampleHash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
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

// Groups that several types share.
constexpr char kProperty[] = R"j("property": {"iban": "QV47VSTB00012345678901",
  "bic": "VSTBQVQV", "holder": "Vell Ltd", "amount": {"minor": "25000000", "ccy": "XTS"},
  "description": "current account", "location": "Temburra City",
  "connection": "proceeds of the offence"})j";
constexpr char kVessel[] = R"j("vessel": {"name": "Alba", "flag_claimed": "QT",
  "flag_marks_displayed": true, "imo": "9074729", "mmsi": "299000001", "call_sign": "QT1AB",
  "port_of_registry": "QTMBA", "type": "fishing vessel", "description": "blue hull, 24 m"},
  "position": {"lat": 35.5, "lon": 15.25, "radius_m": 500, "at": "2030-03-02T03:12:00Z",
               "zone": "HIGH_SEAS"},
  "last_port": "QTMBA", "next_port": "QMPAL", "suspicion": "SOM",
  "grounds": "overloaded, no lights, persons under deck seen from the air")j";
constexpr char kSelector[] = R"j("selectors": [{"kind": "IP", "ip": "203.0.113.77",
  "port": 51234, "at": "2030-01-09T21:14:05Z"}])j";

void MergeJson(std::string_view json, Message& out) {
  const std::string text = absl::StrReplaceAll(std::string(json), {{"<hash>", kExampleHash},
                                                                   {"<property>", kProperty},
                                                                   {"<vessel>", kVessel},
                                                                   {"<selector>", kSelector}});
  std::unique_ptr<Message> part(out.New());
  const auto status = google::protobuf::util::JsonStringToMessage(text, part.get());
  PALERMO_CHECK(status.ok());
  out.MergeFrom(*part);
}

// Calls `visit` for every field that is set, a group before its fields; of a list the first entry.
using Visit = std::function<void(const std::string& path, const FieldDescriptor& field)>;
void ForFields(const Message& message, const std::string& path, const Visit& visit) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    std::string at = path.empty() ? field->name() : absl::StrFormat("%s.%s", path, field->name());
    visit(at, *field);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->is_repeated()) {
      ForFields(reflection.GetRepeatedMessage(message, field, 0), at + "[0]", visit);
    } else {
      ForFields(reflection.GetMessage(message, field), at, visit);
    }
  }
}

// The message that holds the last member of `path`, and that member.
std::pair<Message*, const FieldDescriptor*> Find(Message& root, std::string_view path) {
  Message* at = &root;
  for (;;) {
    const size_t dot = path.find('.');
    std::string_view step = path.substr(0, dot);
    const bool listed = step.size() > 3 && step.substr(step.size() - 3) == "[0]";
    if (listed) step.remove_suffix(3);
    const FieldDescriptor* field = at->GetDescriptor()->FindFieldByName(std::string(step));
    PALERMO_CHECK(field != nullptr);
    if (dot == std::string_view::npos) return {at, field};
    const auto* reflection = at->GetReflection();
    at = listed ? reflection->MutableRepeatedMessage(at, field, 0)
                : reflection->MutableMessage(at, field);
    path.remove_prefix(dot + 1);
  }
}

// The field's JSON: what stands behind its name.
std::string ExampleOf(const Message& holder, const FieldDescriptor& field) {
  std::unique_ptr<Message> only(holder.New());
  only->CopyFrom(holder);
  std::vector<const FieldDescriptor*> fields;
  only->GetReflection()->ListFields(*only, &fields);
  for (const FieldDescriptor* other : fields) {
    if (other != &field) only->GetReflection()->ClearField(only.get(), other);
  }
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  PALERMO_CHECK(google::protobuf::util::MessageToJsonString(*only, &json, options).ok());
  const size_t colon = json.find(':');
  return json.substr(colon + 1, json.size() - colon - 2);
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
  std::string name(text);
  for (char& c : name) c = c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  AssistanceType::Code type = AssistanceType::UNSPECIFIED;
  if (!AssistanceType::Code_Parse(name, &type) || type == AssistanceType::UNSPECIFIED) {
    return InputError("UNKNOWN_WORD",
                      absl::StrFormat("'%s' is no kind of assistance; see: palermo case new --list",
                                      std::string(text)));
  }
  return type;
}

v1::CaseBody TemplateForType(AssistanceType::Code type) {
  v1::CaseBody body;
  const TypeForm* form = FindForm(type);
  if (form == nullptr) return body;
  body.set_version(1);
  v1::Request& request = *body.mutable_request();
  if (!form->bare) MergeJson(kEveryRequest, request);
  if (!form->request.empty()) MergeJson(form->request, request);
  if (!form->bare) {
    if (!request.has_basis()) MergeJson(kUsualBasis, request);
    if (request.offence().empty()) MergeJson(kUsualOffence, request);
    if (request.persons().empty()) MergeJson(kUsualPersons, request);
  }
  v1::Item& item = *request.add_items();
  item.set_n(1);
  item.set_type(type);
  MergeJson(form->item, item);
  return body;
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
  v1::CaseBody body = TemplateForType(type);
  const CheckContext context = ContextOfForm(type);
  std::vector<FieldNeed> needs;
  ForFields(body, "", [&](const std::string& path, const FieldDescriptor& field) {
    if (path == "request" || path == "version") return;
    v1::CaseBody without = body;
    const auto [holder, member] = Find(without, path);
    FieldNeed need{path, std::nullopt, "", "", &field, ""};
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      need.example = ExampleOf(*holder, field);
    }
    holder->GetReflection()->ClearField(holder, member);
    // Errors come first.
    const std::vector<Finding> findings = CheckBody(context, without);
    if (!findings.empty()) {
      need.severity = findings[0].severity;
      need.rule = findings[0].rule;
      need.article = findings[0].article;
    }
    needs.push_back(std::move(need));
  });
  return needs;
}

const std::vector<AreaForms>& Areas() {
  using T = AssistanceType;
  static const auto& areas = *new std::vector<AreaForms>{
      {"TRAFFICKING",
       {T::VICTIM_REFERRAL, T::RETURN_PLAN, T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT,
        T::VERIFY_DOCUMENT, T::RECRUITMENT_LEAD, T::WITNESS_RELOCATION}},
      {"SMUGGLING",
       {T::VERIFY_DOCUMENT, T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT, T::FLAG_CONFIRMATION,
        T::BOARDING_AUTHORIZATION, T::SAFEHOUSE_LEAD, T::PAYMENT_LEAD}},
      {"FIREARMS",
       {T::TRACE_FIREARM, T::VERIFY_LICENCE, T::CONFIRM_SHIPMENT_RECEIPT, T::DIVERSION_NOTICE,
        T::BALLISTIC_LEAD, T::ADDITIVE_FIREARM_ALERT, T::ONLINE_SALES_LEAD}},
      {"WILDLIFE",
       {T::VERIFY_CITES_PERMIT, T::SEIZURE_NOTICE, T::RETURN_SPECIMEN, T::TIMBER_TRACE,
        T::SAMPLE_FOR_ANALYSIS, T::CONTROLLED_DELIVERY}},
      {"MEDICINES",
       {T::PRODUCT_ALERT, T::PUBLIC_HEALTH_RELEASE, T::BATCH_VERIFY, T::LAB_RESULT,
        T::SEIZURE_NOTICE, T::ONLINE_SALES_LEAD, T::SAMPLE_FOR_ANALYSIS, T::INFO_EVIDENCE_EXPERT,
        T::RECORDS_BUSINESS, T::SEARCH_SEIZE}},
      {"MARITIME",
       {T::FLAG_CONFIRMATION, T::BOARDING_AUTHORIZATION, T::SUPPRESSION_ASSISTANCE,
        T::PIRACY_REPORT, T::TRANSFER_SENTENCED_PERSON}},
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
        T::CHILD_RETURN}},
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
