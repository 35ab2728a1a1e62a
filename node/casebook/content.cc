#include "node/casebook/content.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "node/casework/intelligence/correlation.h"
#include "node/casework/intelligence/sharing_rules.h"
#include "node/casework/text.h"

namespace palermo::casebook {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxSummaryBytes = 100;

// Members of bodies that hold an identifier, and its scheme.
struct Member {
  std::string_view name, scheme;
};
constexpr Member kMembers[] = {
    {"imo", "IMO"},
    {"mmsi", "MMSI"},
    {"call_sign", "CALL_SIGN"},
    {"iban", "IBAN"},
    {"account", "ACCOUNT"},
    {"container", "CONTAINER"},
    {"awb", "AWB"},
    {"vin", "VIN"},
    {"serial", "FIREARM_SERIAL"},
    {"lei", "LEI"},
    {"imei", "IMEI"},
    {"phone", "PHONE"},
    {"email", "EMAIL"},
    {"ip", "IP"},
    {"url", "URL"},
    {"document_number", "DOCUMENT"},
    {"registration_no", "COMPANY"},
};

std::string_view SchemeOf(const FieldDescriptor& field) {
  for (const Member& member : kMembers) {
    if (field.name() == member.name) return member.scheme;
  }
  return "";
}

// In doubt somebody is a child.
bool IsMinor(const v1::Person& person) {
  return person.age_disputed() || person.age_status() == "CHILD" ||
         person.age_status() == "UNKNOWN_PRESUMED_CHILD";
}

// A person is indexed only as one who is accused of something, or as a company. Deny by default.
bool MayIndex(const v1::Person& person) {
  if (person.protected_() || person.sealed() || IsMinor(person)) return false;
  if (person.kind() == "LEGAL") return true;
  bool accused = false;
  for (const std::string& role : person.roles()) {
    if (role != "SUSPECT" && role != "ACCUSED" && role != "CONVICTED") return false;
    accused = true;
  }
  return accused;
}

// Which state issued the documents of a message: the same number of two is not the same.
std::string IssuerIn(const Message& message) {
  for (const char* name : {"issuer", "nationality"}) {
    const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr || field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING) {
      continue;
    }
    std::string state = message.GetReflection()->GetString(message, field);
    if (IsStateCode(state)) return state;
  }
  return "";
}

// What a selector is, as a scheme of marks. Its kind is a word of its sender's.
std::string SchemeOfKind(std::string_view kind) {
  std::string word;
  for (const char c : kind) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      word += absl::ascii_toupper(static_cast<unsigned char>(c));
    }
  }
  constexpr Member kKinds[] = {
      {"PHONE", "PHONE"},
      {"TELEPHONE", "PHONE"},
      {"MOBILE", "PHONE"},
      {"E164", "PHONE"},
      {"MSISDN", "PHONE"},
      {"EMAIL", "EMAIL"},
      {"MAIL", "EMAIL"},
      {"IMEI", "IMEI"},
      {"IMSI", "IMSI"},
      {"ACCOUNT", "ACCOUNT"},
      {"IBAN", "IBAN"},
      {"BTC", "BTC"},
      {"ACCOUNTNAME", "ACCOUNT_NAME"},
      {"USERNAME", "ACCOUNT_NAME"},
      {"ETH", "ETH"},
      {"IP", "IP"},
      {"IPADDRESS", "IP"},
      {"IPV4", "IP"},
      {"IPV6", "IP"},
      {"URL", "URL"},
  };
  for (const Member& one : kKinds) {
    if (word == one.name) return std::string(one.scheme);
  }
  return "";
}

// Of an item, what belongs to the person that it is about.
bool IsOfHolder(std::string_view field) {
  return field == "document_number" || field == "account" || field == "selectors" ||
         field == "selector";
}

// Whose a number is that a provider looked up: a customer without a role is whom the case seeks.
bool MayIndexCustomer(const v1::SubscriberAnswer& answer) {
  v1::Person customer = answer.customer();
  if (customer.roles().empty()) customer.add_roles("SUSPECT");
  return MayIndex(customer);
}

// Items that ask about one person's own document.
bool IsAboutADocument(const v1::Item& item) {
  return item.type() == v1::AssistanceType::VERIFY_DOCUMENT ||
         item.type() == v1::AssistanceType::ISSUE_TRAVEL_DOCUMENT ||
         item.type() == v1::AssistanceType::VERIFY_NATIONALITY;
}

// Whether the marks of whom an item is about may be compared (HR-10). Of a document whose holder
// nobody names it is not known that it is not a victim's, while the request has such persons.
bool MayIndexHolder(const v1::Item& item, const v1::Request& request) {
  if (item.holder_sealed()) return false;
  const std::string& ref = item.person_ref().empty() ? item.person() : item.person_ref();
  bool known = false, all = true;
  for (const v1::Person& person : request.persons()) {
    const bool may = MayIndex(person);
    all = all && may;
    if (ref.empty() || !casework::SameRef(person.ref(), ref)) continue;
    if (!may) return false;
    known = true;
  }
  return known || !IsAboutADocument(item) || (ref.empty() && all);
}

class Walk {
 public:
  Walk(const v1::CaseBody& body, Content& out) : body_(body), out_(out) {}

  void Visit(const Message& message, bool identifiers) {
    bool of_holder = identifiers;
    if (const auto* person = dynamic_cast<const v1::Person*>(&message)) {
      identifiers = of_holder = MayIndex(*person);
      if (!identifiers) Spare(*person);
    } else if (dynamic_cast<const v1::Contact*>(&message) != nullptr ||
               dynamic_cast<const v1::VictimReferral*>(&message) != nullptr) {
      identifiers = of_holder = false;  // an office's telephone is no lead
    } else if (const auto* item = dynamic_cast<const v1::Item*>(&message)) {
      of_holder = identifiers && MayIndexHolder(*item, body_.request());
    } else if (const auto* found = dynamic_cast<const v1::SubscriberAnswer*>(&message)) {
      of_holder = identifiers && MayIndexCustomer(*found);
    } else if (dynamic_cast<const v1::TravelDocumentAnswer*>(&message) != nullptr) {
      of_holder = false;  // of somebody who goes home, whom the answer does not name
    } else if (const auto* selector = dynamic_cast<const v1::Selector*>(&message)) {
      const std::string scheme = SchemeOfKind(selector->kind());
      if (identifiers && !scheme.empty()) Mark(casework::NormalForm(scheme, selector->value(), ""));
    } else if (const auto* one = dynamic_cast<const v1::Identifier*>(&message)) {
      Mark(casework::NormalForm(one->scheme(), one->value(), one->country()));
    }
    std::vector<const FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      Field(message, *field, IsOfHolder(field->name()) ? of_holder : identifiers);
    }
  }
  // What belongs to somebody who is never compared is not compared where it is said again either.
  void LeaveOutSpared() {
    std::erase_if(out_.marks, [&](const std::string& mark) { return spared_.count(mark) != 0; });
  }

 private:
  void Spare(const v1::Person& person) {
    spared_.insert(casework::NormalForm("PHONE", person.phone(), ""));
    spared_.insert(casework::NormalForm("DOCUMENT", person.document_number(), IssuerIn(person)));
  }
  void Mark(std::string mark) {
    if (!mark.empty()) out_.marks.push_back(std::move(mark));
  }
  void Text(const Message& message, const FieldDescriptor& field, const std::string& text,
            bool identifiers) {
    out_.words += text;
    out_.words += '\n';
    const std::string_view scheme = SchemeOf(field);
    if (identifiers && !scheme.empty()) {
      const bool issued = casework::NeedsCountry(scheme);
      Mark(casework::NormalForm(scheme, text, issued ? IssuerIn(message) : ""));
    }
    if (identifiers && field.name() == "crypto_address") {
      Mark(casework::NormalForm(text.rfind("0x", 0) == 0 ? "ETH" : "BTC", text, ""));
    }
  }
  void Field(const Message& message, const FieldDescriptor& field, bool identifiers) {
    const auto& reflection = *message.GetReflection();
    const int count = field.is_repeated() ? reflection.FieldSize(message, &field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Visit(field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, i)
                                  : reflection.GetMessage(message, &field),
              identifiers);
      } else if (field.type() == FieldDescriptor::TYPE_STRING) {
        Text(message, field,
             field.is_repeated() ? reflection.GetRepeatedString(message, &field, i)
                                 : reflection.GetString(message, &field),
             identifiers);
      }
    }
  }

  const v1::CaseBody& body_;
  Content& out_;
  std::set<std::string> spared_;
};

void Once(std::vector<std::string>& marks) {
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
}

// Whom a question or an answer about a record goes to: the other state.
std::string Addressed(const v1::Header& header) {
  return header.recipients().empty() ? "" : StateOf(header.recipients(0));
}

void About(const v1::Header& header, const v1::CaseBody& body, Content& out) {
  using Case = v1::CaseBody::ContentCase;
  // A draft has no header yet.
  const std::string sender = header.sender().empty() ? "" : StateOf(header.sender());
  const auto about = [&](const std::string& originator, const std::string& record) {
    out.originator = originator;
    out.record = WholeRecordId(record);
  };
  switch (body.content_case()) {
    case Case::kRouteReport:
      out.is_record = true;
      about(body.route_report().label().originator(), "");
      out.record = RecordId(body.route_report().route_id(), body.route_report().version());
      return;
    case Case::kDocumentMethodReport:
      out.is_record = true;
      about(body.document_method_report().label().originator(), "");
      out.record = RecordId(body.document_method_report().report_id(), 1);
      return;
    case Case::kRescueAlert:
      return about(sender, body.rescue_alert().report_id());
    case Case::kOnwardConsentRequest:
      return about(Addressed(header), body.onward_consent_request().record_id());
    case Case::kOnwardConsentAnswer:
      return about(sender, body.onward_consent_answer().record_id());
    case Case::kIntelligenceRecall:
      return about(sender, body.intelligence_recall().record_id());
    case Case::kIntelligenceCorrection:
      return about(sender, body.intelligence_correction().record_id());
    case Case::kIntelligenceAnswer:
      return about(Addressed(header), body.intelligence_answer().record_id());
    case Case::kReevaluation:
      return about(sender, body.reevaluation().record_id());
    default:
      return;
  }
}

const FieldDescriptor* FieldOf(const v1::CaseBody& body) {
  const auto* oneof = v1::CaseBody::descriptor()->FindOneofByName("content");
  return body.GetReflection()->GetOneofFieldDescriptor(body, oneof);
}

std::string Shortened(std::string_view whole) {
  const std::string text = casework::OneLine(whole);
  if (text.size() <= kMaxSummaryBytes) return text;
  size_t end = kMaxSummaryBytes;
  while (end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

std::string RouteSummary(const v1::RouteReport& report) {
  std::string way;
  const auto name = [](const v1::Place& place) {
    return place.unlocode().empty() ? place.name() : place.unlocode();
  };
  for (const v1::RouteLeg& leg : report.legs()) {
    if (way.empty()) way = name(leg.from());
    way += Cat({" > ", name(leg.to())});
  }
  const auto& persons = report.persons_observed();
  if (persons.max() > 0) way += absl::StrFormat(", %d to %d persons", persons.min(), persons.max());
  return way;
}

}  // namespace

std::string RecordId(std::string_view id, uint32_t version) {
  return absl::StrFormat("%s/%u", id, version == 0 ? 1 : version);
}

std::string WholeRecordId(std::string_view text) {
  if (text.empty()) return "";
  const size_t slash = text.rfind('/');
  const std::string_view version =
      slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  const bool whole = !version.empty() && std::all_of(version.begin(), version.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  return whole ? std::string(text) : RecordId(text, 1);
}

Content RecordOf(const v1::Header& header, const v1::CaseBody& body) {
  Content out;
  const FieldDescriptor* field = FieldOf(body);
  if (field == nullptr) return out;
  out.kind = field->name();
  // What lacks a part decides nothing about a record, whoever sent it.
  if (casework::CheckSharing(body).empty()) About(header, body, out);
  return out;
}

Content ContentOf(const v1::Header& header, const v1::CaseBody& body) {
  Content out = RecordOf(header, body);
  // Who reads which record of an operation is more than one label can say: palermo operation shows
  // them, this room only that a mail came.
  if (out.kind.empty() || body.has_operation_mail()) return out;
  Walk walk(body, out);
  walk.Visit(body.GetReflection()->GetMessage(body, FieldOf(body)), true);
  walk.LeaveOutSpared();
  if (body.has_route_report()) {
    for (std::string& mark : casework::MarksOf(body.route_report())) {
      out.marks.push_back(std::move(mark));
    }
  }
  Once(out.marks);
  return out;
}

const v1::Label* LabelIn(const v1::CaseBody& body) {
  if (body.has_route_report()) return &body.route_report().label();
  return body.has_document_method_report() ? &body.document_method_report().label() : nullptr;
}

v1::Label* LabelIn(v1::CaseBody& body) {
  if (body.has_route_report()) return body.mutable_route_report()->mutable_label();
  return body.has_document_method_report() ? body.mutable_document_method_report()->mutable_label()
                                           : nullptr;
}

v1::Label LabelOf(const v1::Header& header) {
  v1::Label label;
  label.set_originator(StateOf(header.sender()));
  label.add_handling(header.handling());
  label.set_tlp(v1::Tlp::AMBER_STRICT);
  for (const std::string& authority : header.recipients()) {
    const std::string state = StateOf(authority);
    const auto& states = label.release_states();
    if (std::find(states.begin(), states.end(), state) == states.end()) {
      label.add_release_states(state);
    }
  }
  label.add_purposes("INVESTIGATION");
  label.add_purposes("PROSECUTION");
  return label;
}

v1::CaseBody WithoutContent(const v1::CaseBody& body) {
  v1::CaseBody rest;
  rest.set_version(1);
  if (body.has_route_report()) {
    v1::RouteReport& report = *rest.mutable_route_report();
    report.set_route_id(body.route_report().route_id());
    report.set_version(body.route_report().version());
    *report.mutable_label() = body.route_report().label();
  } else if (body.has_document_method_report()) {
    v1::DocumentMethodReport& report = *rest.mutable_document_method_report();
    report.set_report_id(body.document_method_report().report_id());
    *report.mutable_label() = body.document_method_report().label();
  }
  return rest;
}

bool SameRecord(const v1::CaseBody& a, const v1::CaseBody& b) {
  const auto said = [](v1::CaseBody body) {
    // Each sending names the members of its moment.
    if (v1::Label* label = LabelIn(body)) label->clear_operation_seen();
    return Cat({body.route_report().SerializeAsString(), "\n",
                body.document_method_report().SerializeAsString()});
  };
  return said(a) == said(b);
}

std::string SummaryOf(const v1::CaseBody& body) {
  if (body.has_route_report()) return Shortened(RouteSummary(body.route_report()));
  if (body.has_document_method_report()) {
    return Shortened(body.document_method_report().description());
  }
  if (body.has_request()) return Shortened(body.request().facts_summary());
  if (body.has_operation_mail()) return "records of a joint operation; see: palermo operation list";
  if (body.has_rescue_alert()) return Shortened(body.rescue_alert().note());
  if (body.has_intelligence_recall()) return Shortened(body.intelligence_recall().reason());
  if (body.has_intelligence_correction()) {
    return Shortened(body.intelligence_correction().reason());
  }
  if (body.has_intelligence_answer()) return body.intelligence_answer().outcome();
  if (body.has_onward_consent_request()) {
    const auto& ask = body.onward_consent_request();
    return Shortened(Cat({"to ", ask.to_state(), " for ", ask.purpose(), ": ", ask.reason()}));
  }
  if (body.has_onward_consent_answer()) {
    const auto& answer = body.onward_consent_answer();
    return Cat({answer.decision(), " to ", answer.to_state(), " for ", answer.purpose()});
  }
  return "";
}

}  // namespace palermo::casebook
