#include "node/casework/cases/mapping.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/keeping.h"
#include "node/casework/cases/signatures.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/leak_scan.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;
using v1::Family;
using Type = AssistanceType::Code;

// Members of a request that stand in the header, the envelope or the directory.
const std::set<std::string>& OfTheContext() {
  static const auto& names = *new std::set<std::string>{"rq",
                                                        "rd",
                                                        "family",
                                                        "urgency",
                                                        "to_role",
                                                        "signatory",
                                                        "basis_note",
                                                        "type",
                                                        "signature",
                                                        "created_at",
                                                        "sent_at",
                                                        "timestamp",
                                                        "directory_entry",
                                                        "drafter",
                                                        "author",
                                                        "prepared_by",
                                                        "drafted_by",
                                                        "approver",
                                                        "approved_by",
                                                        "postponement"};
  return names;
}
// Members of a record that belong to the request, not to its item.
const std::set<std::string>& OfTheRequest() {
  static const auto& names = *new std::set<std::string>{"basis",
                                                        "language",
                                                        "translation",
                                                        "oral",
                                                        "persons",
                                                        "handling",
                                                        "purpose",
                                                        "deadline",
                                                        "urgency_reason",
                                                        "channel",
                                                        "confidentiality",
                                                        "contact",
                                                        "requesting_authority",
                                                        "facts_summary",
                                                        "proceeding",
                                                        "area"};
  return names;
}

// period: [from, to] stands as two members in an item.
void SplitPeriod(Struct& item) {
  auto& fields = *item.mutable_fields();
  const auto found = fields.find("period");
  if (found == fields.end()) return;
  const auto& ends = found->second.list_value().values();
  if (ends.size() == 2) {
    const Value from = ends[0], to = ends[1];
    fields.erase(found);
    fields["period_from"] = from;
    fields["period_to"] = to;
  }
}

// "SOM 18(3)": the instrument and its article.
void SplitBasis(Struct& request) {
  auto& fields = *request.mutable_fields();
  const auto found = fields.find("basis");
  if (found == fields.end() || found->second.kind_case() != Value::kStringValue) return;
  const std::string text = found->second.string_value();
  Value basis;
  auto& members = *basis.mutable_struct_value()->mutable_fields();
  members["instrument"].set_string_value(text.substr(0, text.find(' ')));
  members["articles"].mutable_list_value()->add_values()->set_string_value(text);
  fields["basis"] = basis;
}

Signatory SignatoryIn(const Struct& request) {
  Signatory signatory;
  if (const Struct* who = ObjectOf(request, "signatory")) {
    signatory.officer = TextOf(*who, "officer");
    signatory.mandate = OneOrMore(*who, "mandate");
    signatory.valid_to = TextOf(*who, "mandate_valid_to");
    for (const char* name : {"drafter", "drafted_by"}) {
      if (!TextOf(*who, name).empty()) signatory.drafter = TextOf(*who, name);
    }
  }
  for (const char* name : {"author", "prepared_by", "drafted_by", "drafter"}) {
    if (!TextOf(request, name).empty()) signatory.drafter = TextOf(request, name);
  }
  return signatory;
}

// Who approved it, where that is not the signatory.
std::string ApproverIn(const Struct& request) {
  for (const char* name : {"approver", "approved_by"}) {
    const Struct* who = ObjectOf(request, name);
    const std::string officer = who == nullptr ? TextOf(request, name) : TextOf(*who, "officer");
    if (!officer.empty()) return officer;
  }
  return "";
}

// What the rules of a mandate do not see: it begins later, or the drafter approved.
void JudgeSignatory(const Struct& request, const CaseFacts& facts, const Signatory& signatory,
                    std::vector<Finding>& findings) {
  const Struct* who = ObjectOf(request, "signatory");
  if (who == nullptr) return;
  const auto from = ParseInstant(TextOf(*who, "mandate_valid_from")), now = ParseInstant(facts.now);
  const auto revoked = ParseInstant(FirstOf(*who, {"revoked_at", "mandate_revoked_at"}));
  const bool ended = (revoked.ok() && now.ok() && *revoked <= *now) ||
                     SaysOneOf(*who, {"revoked", "mandate_revoked"});
  if (ended || (from.ok() && now.ok() && *from > *now)) {
    Tell("R-AUTH-01.missing", "request.signatory", findings);
  }
  const std::string approver = ApproverIn(request);
  if (!approver.empty() && approver == signatory.drafter && approver != signatory.officer) {
    Tell("R-AUTH-02.same", "request.approver", findings);
  }
}

template <typename Code>
void TakeWord(const Struct& from, const std::string& name,
              absl::StatusOr<Code> (*parse)(std::string_view), Code& out,
              std::vector<Finding>& findings) {
  const std::string word = TextOf(from, name);
  if (word.empty()) return;
  const auto code = parse(word);
  if (code.ok()) {
    out = *code;
  } else {
    Tell("R-GEN-01.enum", "request." + name, findings);
  }
}

// Time, signature and the receiver's entry.
void FillMessage(const Struct& request, Mapped& out) {
  MessageFacts& facts = out.message;
  for (const char* name : {"created_at", "sent_at", "timestamp"}) {
    if (!TextOf(request, name).empty()) facts.created_at = TextOf(request, name);
  }
  for (const char* name : {"predecessor_at", "previous_at"}) {
    if (!TextOf(request, name).empty()) facts.predecessor_at = TextOf(request, name);
  }
  if (const Struct* entry = ObjectOf(request, "directory_entry")) {
    for (const char* name : {"attested_at", "re_attested_at", "last_attested"}) {
      if (!TextOf(*entry, name).empty()) facts.entry_attested_at = TextOf(*entry, name);
    }
    facts.key_valid_to = TextOf(*entry, "valid_to");
    if (!facts.key_valid_to.empty()) facts.signed_at = out.context.now;
  }
  FillSignature(request, facts);
}

// States, languages, treaties, time: what the desk would know from directories.
void Fill(const Struct& request, const CaseFacts& facts, Mapped& out) {
  CheckContext& c = out.context;
  c.act = v1::Act::REQUEST;
  c.requesting_state = TextOf(request, "rq");
  c.requested_state = TextOf(request, "rd");
  c.now = facts.now;
  c.now_iso8601_date = facts.now.substr(0, 10);
  c.answers_undated = true;
  c.recipient_role = TextOf(request, "to_role");
  c.treaties = &facts.directory.treaties;
  c.message = &out.message;
  out.sealed = facts.sealed;
  c.sealed_identities = out.sealed.get();
  const auto& states = facts.directory.states;
  if (const auto at = states.find(c.requesting_state); at != states.end()) {
    c.requesting_profile = &at->second;
  }
  if (const auto at = states.find(c.requested_state); at != states.end()) {
    c.requested_profile = &at->second;
    c.accepted_languages = facts.directory.languages.at(c.requested_state);
  }
  TakeWord(request, "urgency", ParseUrgency, c.urgency, out.findings);
  out.body.set_version(1);
  if (IsWordOf("Request", "area", facts.area)) out.body.mutable_request()->set_area(facts.area);
}

Struct Without(const Struct& from, const std::set<std::string>& names) {
  Struct out;
  for (const auto& [name, value] : from.fields()) {
    if (names.count(name) == 0) (*out.mutable_fields())[name] = value;
  }
  return out;
}

// The instrument that a type of record is made for, where the record names none.
std::string InstrumentOf(Type type, const Struct& record) {
  switch (type) {
    case AssistanceType::VERIFY_CITES_PERMIT:
    case AssistanceType::RETURN_SPECIMEN:
      return "CITES";
    case AssistanceType::TRACE_FIREARM:
    case AssistanceType::VERIFY_LICENCE:
    case AssistanceType::CONFIRM_SHIPMENT_RECEIPT:
      return "FAP";
    case AssistanceType::PRE_EXPORT_NOTICE_PRECURSOR:
      return "DRUG88";
    default:
      break;
  }
  const std::string context = TextOf(record, "context");
  return context == "TIP_13" ? "TIP" : context == "SOM_13" ? "SOM" : "";
}

// One person in a record is the item's, by its ref.
void MovePerson(Struct& request, Struct& item) {
  auto& fields = *item.mutable_fields();
  const auto found = fields.find("person");
  if (found == fields.end() || !found->second.has_struct_value()) return;
  const Value person = found->second;
  fields["person"].set_string_value(TextOf(person.struct_value(), "ref"));
  *(*request.mutable_fields())["persons"].mutable_list_value()->add_values() = person;
}

IdentityKind KindOf(std::string_view member, std::string_view value) {
  if (member.find("name") != std::string_view::npos) return IdentityKind::kName;
  if (member.find("address") != std::string_view::npos) return IdentityKind::kText;
  return GuessIdentityKind(value);
}

void CollectTokens(const Value& value, std::string_view member,
                   std::vector<IdentityToken>& tokens) {
  if (value.kind_case() == Value::kStringValue) {
    tokens.push_back({KindOf(member, value.string_value()), value.string_value(), ""});
  }
  for (const Value& each : value.list_value().values()) CollectTokens(each, member, tokens);
  for (const auto& [name, each] : value.struct_value().fields()) {
    CollectTokens(each, name, tokens);
  }
}

}  // namespace

CaseFacts FactsOf(const Struct& json, const CaseDirectory& directory,
                  const std::string& first_now) {
  CaseFacts facts{directory, TextOf(json, "now"), TextOf(json, "area"), {}, first_now};
  facts.kept_from = KeptFrom(json);
  std::vector<IdentityToken> tokens;
  if (const Value* sealed = Member(json, "sealed_test_plaintext")) {
    CollectTokens(*sealed, "", tokens);
  }
  facts.sealed = std::make_shared<const LeakScanner>(std::move(tokens));
  return facts;
}

Family::Code FamilyOf(Type type) {
  if (type >= AssistanceType::EXTRADITE && type <= AssistanceType::PROVISIONAL_ARREST) {
    return Family::EXTRADITION;
  }
  if (type >= AssistanceType::CONFISCATE_BY_RD_ORDER &&
      type <= AssistanceType::DIRECT_RECOVERY_SUPPORT) {
    return Family::CONFISCATION;
  }
  if (type >= AssistanceType::CONTROLLED_DELIVERY &&
      type <= AssistanceType::ELECTRONIC_SURVEILLANCE) {
    return Family::SPECIAL_TECHNIQUE;
  }
  if (type >= AssistanceType::PRESERVE_DATA && type <= AssistanceType::SUBSCRIBER_INFO) {
    return Family::PRESERVATION_24_7;
  }
  if (type >= AssistanceType::FLAG_CONFIRMATION && type <= AssistanceType::SUPPRESSION_ASSISTANCE) {
    return Family::SEA;
  }
  if (type >= AssistanceType::VERIFY_NATIONALITY && type <= AssistanceType::RETURN_SPECIMEN) {
    return Family::PROTOCOL_ADMIN;
  }
  switch (type) {
    case AssistanceType::TRANSFER_SENTENCED_PERSON:
      return Family::TRANSFER_SENTENCED;
    case AssistanceType::TRANSFER_PROCEEDINGS:
      return Family::TRANSFER_PROCEEDINGS;
    case AssistanceType::SET_UP_JIT:
    case AssistanceType::JOIN_JIT:
      return Family::JOINT_INVESTIGATION;
    case AssistanceType::FIU_INFORMATION:
    case AssistanceType::FIU_POSTPONE_TRANSACTION:
      return Family::FIU;
    case AssistanceType::SAMPLE_FOR_ANALYSIS:
      return Family::LAW_ENFORCEMENT_INFO;
    default:
      return Family::MLA;
  }
}

namespace {

// A plan of a delivery that names its consents is judged as it goes live; a bare request asks for
// them.
void GoLive(v1::Item& item) {
  if (item.type() != AssistanceType::CONTROLLED_DELIVERY) return;
  if (OneOf(item.status(), {"", "CONSENTED"})) item.set_status("LIVE");
}

bool NamesConsents(const v1::Item& item) {
  return !item.consents().empty() ||
         std::any_of(item.legs().begin(), item.legs().end(),
                     [](const v1::Leg& leg) { return leg.has_consented(); });
}

// "firearms": several in one trace are an item each.
void AddFirearms(const Struct& record, v1::Request& request) {
  const Value* list = Member(record, "firearms");
  for (int i = 0; list != nullptr && i < list->list_value().values_size(); ++i) {
    const Value& each = list->list_value().values(i);
    if (!each.has_struct_value()) continue;
    Struct item;
    (*item.mutable_fields())["firearm"] = each;
    ArrangeItem(AssistanceType::TRACE_FIREARM, item);
    v1::Item& one = i == 0 ? *request.mutable_items(0) : *request.add_items();
    one.set_n(static_cast<uint32_t>(i + 1));
    one.set_type(AssistanceType::TRACE_FIREARM);
    if (one.description().empty()) one.set_description("TRACE_FIREARM");
    std::vector<Finding> ignored;
    ImportJson(item, "firearms", one, ignored);
  }
}

}  // namespace

std::unique_ptr<Mapped> MapRequest(const Struct& request, const CaseFacts& facts) {
  auto out = std::make_unique<Mapped>();
  Fill(request, facts, *out);
  out->context.family = Family::UNSPECIFIED;
  TakeWord(request, "family", ParseFamily, out->context.family, out->findings);
  out->signatory = SignatoryIn(request);
  out->context.signatory = &out->signatory;
  JudgeSignatory(request, facts, out->signatory, out->findings);
  if (TextOf(request, "family").empty()) Tell("R-GEN-01.enum", "request.family", out->findings);
  FillMessage(request, *out);
  Struct clean = Without(request, OfTheContext());
  SplitBasis(clean);
  ArrangeRequest(clean);
  if (auto items = clean.mutable_fields()->find("items"); items != clean.mutable_fields()->end()) {
    for (Value& item : *items->second.mutable_list_value()->mutable_values()) {
      if (item.has_struct_value()) SplitPeriod(*item.mutable_struct_value());
    }
  }
  v1::Request& r = *out->body.mutable_request();
  ImportJson(clean, "request", r, out->findings);
  for (v1::Item& item : *r.mutable_items()) {
    if (NamesConsents(item)) GoLive(item);
    FillSince(facts, item);
  }
  return out;
}

std::unique_ptr<Mapped> MapRecord(const Struct& record, const std::string& name,
                                  const CaseFacts& facts) {
  auto out = std::make_unique<Mapped>();
  Fill(record, facts, *out);
  const Type type = TypeOfRecord(record);
  out->context.family = out->family_of_acts = FamilyOfRecord(type, record);
  FillMessage(record, *out);
  // A record is an extract without the base block: 18(15) is not asked of it.
  if (IsFormal(out->context.family) && TextOf(record, "requesting_authority").empty()) {
    out->context.family = Family::PROTOCOL_ADMIN;
    out->context.extract = true;
  }
  if (ObjectOf(record, "signatory") != nullptr) {
    out->signatory = SignatoryIn(record);
    out->context.signatory = &out->signatory;
  } else if (!ApproverIn(record).empty() && ApproverIn(record) == SignatoryIn(record).drafter) {
    Tell("R-AUTH-02.same", "records." + name + ".approver", out->findings);
  }
  Struct request, item;
  for (const auto& [member, value] : record.fields()) {
    if (OfTheContext().count(member) > 0) continue;
    const bool list_of_offences = member == "offence" && value.has_list_value();
    Struct& home = list_of_offences || OfTheRequest().count(member) > 0 ? request : item;
    (*home.mutable_fields())[member] = value;
  }
  MovePerson(request, item);
  ArrangeItem(type, item);
  SplitPeriod(item);
  SplitBasis(request);
  ArrangeRequest(request);
  v1::Request& r = *out->body.mutable_request();
  ImportJson(request, "records." + name, r, out->findings);
  // The reason of an urgency stands in the base block (1.9), which an extract has not.
  const bool whole = Member(record, "urgency_reason") != nullptr ||
                     !TextOf(record, "requesting_authority").empty();
  if (!whole && out->context.urgency > v1::Urgency::ROUTINE) r.set_urgency_reason("FLIGHT_RISK");
  v1::Item& one = *r.add_items();
  one.set_n(1);
  one.set_type(type);
  ImportJson(item, "records." + name, one, out->findings);
  if (Member(item, "consents") != nullptr || NamesConsents(one)) GoLive(one);
  FillSince(facts, one);
  AddFirearms(record, r);
  if (one.description().empty()) one.set_description(AssistanceType::Code_Name(type));
  if (r.basis().instrument().empty()) {
    const std::string instrument = InstrumentOf(type, record);
    if (!instrument.empty()) r.mutable_basis()->set_instrument(instrument);
  }
  return out;
}

namespace {

// receiving_body: {"state": "QT"}, status: {"kind": "REFLECTION_PERIOD", "until": "2026-04-01"}.
void ArrangeReferral(Struct& referral) {
  auto& fields = *referral.mutable_fields();
  for (const char* name : {"receiving_body", "receiving"}) {
    const Struct* body = ObjectOf(referral, name);
    if (body != nullptr && fields.count("receiving_state") == 0 &&
        !TextOf(*body, "state").empty()) {
      fields["receiving_state"].set_string_value(TextOf(*body, "state"));
    }
  }
  const Struct* status = ObjectOf(referral, "status");
  if (status != nullptr) {
    const Struct said = *status;
    std::string word = FirstOf(said, {"kind", "state", "type"});
    const Struct* inner = ObjectOf(said, "REFLECTION_PERIOD");
    if (Member(said, "REFLECTION_PERIOD") != nullptr) word = "REFLECTION_PERIOD";
    fields["status"].set_string_value(word);
    const std::string until = TextOf(inner == nullptr ? said : *inner, "until");
    if (!until.empty()) fields["reflection_until"].set_string_value(until);
  }
  const Struct* identified = ObjectOf(referral, "identification");
  if (identified != nullptr && !TextOf(*identified, "at").empty() &&
      TextOf(referral, "identified_at").empty()) {
    fields["identified_at"].set_string_value(TextOf(*identified, "at"));
  }
}

bool IsReferral(const Struct& record, const std::string& name) {
  const std::string type = TextOf(record, "type");
  // A case that is passed on tells of a victim only where it names one.
  const bool of_victim = !FirstOf(record, {"consent", "pseudonym", "referral_id", "return_plan",
                                           "presumed", "dob", "age_status"})
                              .empty();
  return OneOf(type, {"VICTIM_REFERRAL", "VictimReferral"}) ||
         (type == "TIP_CASE_REFERRAL" && of_victim) ||
         (type.empty() &&
          (name.find("referral") != std::string::npos || Member(record, "referral_id") != nullptr));
}

}  // namespace

std::unique_ptr<Mapped> MapExtract(const Struct& record, const std::string& name,
                                   const CaseFacts& facts) {
  const std::string type = TextOf(record, "type");
  const bool alert = OneOf(type, {"PRODUCT_ALERT", "BATCH_ALERT"});
  const bool release = name == "public_release" ||
                       OneOf(type, {"PUBLIC_RELEASE", "PUBLIC_HEALTH_RELEASE", "PUBLIC_WARNING"});
  const bool referral = IsReferral(record, name);
  if (!alert && !release && !referral) return nullptr;
  auto out = std::make_unique<Mapped>();
  Fill(record, facts, *out);
  FillMessage(record, *out);
  out->context.family = referral ? Family::VICTIM : Family::LAW_ENFORCEMENT_INFO;
  v1::Request& r = *out->body.mutable_request();
  google::protobuf::Message& content =
      alert     ? static_cast<google::protobuf::Message&>(*r.mutable_alert())
      : release ? static_cast<google::protobuf::Message&>(*r.mutable_public_release())
                : static_cast<google::protobuf::Message&>(*r.mutable_referral());
  Struct clean = record;
  if (referral) ArrangeReferral(clean);
  Loosen(clean, *content.GetDescriptor());
  ImportJson(clean, "records." + name, content, out->findings);
  return out;
}

}  // namespace palermo::casework
