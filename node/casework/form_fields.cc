#include "node/casework/form_fields.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "base/check.h"
#include "node/casework/form_check.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Of nothing: the hash of an empty file.
constexpr char kExampleHash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// Groups that several types share.
constexpr char kProperty[] = R"j("property": {"iban": "QV47VSTB00012345678901",
  "bic": "VSTBQVQV", "holder": "Vell Ltd", "amount": {"minor": "25000000", "ccy": "XTS"},
  "description": "current account", "location": "Temburra City",
  "connection": "proceeds of the offence"})j";
constexpr char kVessel[] = R"j("vessel": {"name": "Alba", "flag_claimed": "QT",
  "flag_marks_displayed": true, "imo": "9074729", "mmsi": "299000001", "call_sign": "QT1AB",
  "port_of_registry": "QTMBA", "type": "fishing vessel", "description": "blue hull, 24 m"},
  "position": {"lat": 35.5, "lon": 15.25, "radius_m": 500, "at": "2026-03-02T03:12:00Z",
               "zone": "HIGH_SEAS"},
  "last_port": "QTMBA", "next_port": "QMPAL", "suspicion": "SOM",
  "grounds": "overloaded, no lights, persons under deck seen from the air")j";
constexpr char kTrafficking[] = R"j("offence": [{"label": "trafficking in persons",
  "domestic_ref": "Penal Code 174", "max_penalty_months": 180, "untoc_art": "PROTOCOL",
  "transnational_basis": "3(2)(c)", "ocg_involved": "SUSPECTED",
  "tip": {"acts": ["RECRUITMENT", "TRANSPORT"], "means": ["DECEPTION"],
          "purposes": ["FORCED_LABOUR"]}}])j";
constexpr char kSmuggling[] = R"j("offence": [{"label": "smuggling of migrants",
  "domestic_ref": "Penal Code 175", "max_penalty_months": 120, "untoc_art": "PROTOCOL",
  "transnational_basis": "3(2)(b)", "ocg_involved": "SUSPECTED",
  "som": {"acts": ["PROCURING_ILLEGAL_ENTRY"], "aggravating": ["ENDANGERING_LIFE"],
          "benefit": {"kind": "FINANCIAL", "amount": {"minor": "310000", "ccy": "XTS"},
                      "family_or_humanitarian": false}}}])j";
constexpr char kSelector[] = R"j("selectors": [{"kind": "IP", "ip": "203.0.113.77",
  "port": 51234, "at": "2026-01-09T21:14:05Z"}])j";

constexpr char kPiracy[] = R"j("offence": [{"label": "piracy", "domestic_ref": "Penal Code 390",
  "max_penalty_months": 180, "untoc_art": "SERIOUS_CRIME", "transnational_basis": "3(2)(a)",
  "ocg_involved": "SUSPECTED"}])j";
// Bases of several types of an area.
constexpr char kFinancing[] = R"j("basis": {"instrument": "TF", "articles": ["TF 2", "TF 11"],
  "governing_profile": "TREATY:TF"})j";
constexpr char kUncac[] = R"j("basis": {"instrument": "UNCAC", "articles": ["UNCAC 46"],
  "governing_profile": "UNCAC_46"})j";
// Who the request is about, and how far the proceeding is.
constexpr char kConvicted[] = R"j("proceeding": {"stage": "ENFORCEMENT"}, "persons": [
  {"ref": "P-1", "roles": ["CONVICTED"], "name": "Dario Vell", "nationality": "QT",
   "location": "prison of Port-Sel"}])j";
constexpr char kAccused[] = R"j("proceeding": {"stage": "PROSECUTION"}, "persons": [
  {"ref": "P-1", "roles": ["ACCUSED"], "name": "Dario Vell", "nationality": "QT",
   "location": "Temburra City"}])j";
constexpr char kJudged[] = R"j("proceeding": {"stage": "CONFISCATION"}, "persons": [
  {"ref": "P-1", "roles": ["CONVICTED"], "name": "Dario Vell", "nationality": "QT",
   "location": "Temburra City"}])j";
constexpr char kTraffickedPerson[] = R"j("persons": [
  {"ref": "V-1", "roles": ["PRESUMED_VICTIM"], "sealed": true, "age_status": "ADULT"}])j";

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
std::pair<Message*, const FieldDescriptor*> FindByPath(Message& root, std::string_view path) {
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

// `on_way` keeps a message from holding itself.
void FieldsBelow(const google::protobuf::Descriptor& message, const std::string& path,
                 std::vector<const google::protobuf::Descriptor*>& on_way,
                 std::vector<FieldNeed>& out) {
  if (std::find(on_way.begin(), on_way.end(), &message) != on_way.end()) return;
  on_way.push_back(&message);
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    std::string at = path + "." + field.name();
    out.push_back({at, std::nullopt, "", "", &field, ""});
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    FieldsBelow(*field.message_type(), field.is_repeated() ? at + "[0]" : at, on_way, out);
  }
  on_way.pop_back();
}

}  // namespace

void MergeFormJson(std::string_view json, Message& out) {
  const std::string text = absl::StrReplaceAll(std::string(json), {{"<hash>", kExampleHash},
                                                                   {"<property>", kProperty},
                                                                   {"<vessel>", kVessel},
                                                                   {"<trafficking>", kTrafficking},
                                                                   {"<smuggling>", kSmuggling},
                                                                   {"<piracy>", kPiracy},
                                                                   {"<financing>", kFinancing},
                                                                   {"<uncac>", kUncac},
                                                                   {"<convicted>", kConvicted},
                                                                   {"<accused>", kAccused},
                                                                   {"<judged>", kJudged},
                                                                   {"<victim>", kTraffickedPerson},
                                                                   {"<selector>", kSelector}});
  std::unique_ptr<Message> part(out.New());
  const auto status = google::protobuf::util::JsonStringToMessage(text, part.get());
  PALERMO_CHECK(status.ok());
  out.MergeFrom(*part);
}

void AllFields(const google::protobuf::Descriptor& message, const std::string& path,
               std::vector<FieldNeed>& out) {
  std::vector<const google::protobuf::Descriptor*> on_way;
  FieldsBelow(message, path, on_way, out);
}

std::vector<FieldNeed> FieldNeedsOf(const v1::CaseBody& body, const CheckContext& context,
                                    const std::set<std::string>& known) {
  std::vector<FieldNeed> needs;
  // What is said of the whole example is said of none of its fields.
  const std::vector<Finding> told = CheckBody(context, body), usual = CheckUsual(context, body);
  const auto without_those = [](std::vector<Finding> findings, const std::vector<Finding>& known) {
    std::erase_if(findings, [&](const Finding& finding) {
      return std::any_of(known.begin(), known.end(), [&](const Finding& one) {
        return one.key == finding.key && one.field == finding.field;
      });
    });
    return findings;
  };
  ForFields(body, "", [&](const std::string& path, const FieldDescriptor& field) {
    const bool content = field.containing_type() == v1::CaseBody::descriptor() &&
                         (field.containing_oneof() != nullptr || path == "version");
    if (content || known.contains(path)) return;
    v1::CaseBody without = body;
    const auto [holder, member] = FindByPath(without, path);
    FieldNeed need{path, std::nullopt, "", "", &field, ""};
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      need.example = ExampleOf(*holder, field);
    }
    holder->GetReflection()->ClearField(holder, member);
    // Errors come first.
    std::vector<Finding> findings = without_those(CheckBody(context, without), told);
    if (findings.empty()) findings = without_those(CheckUsual(context, without), usual);
    if (!findings.empty()) {
      need.severity = findings[0].severity;
      need.rule = findings[0].rule;
      need.article = findings[0].article;
    }
    needs.push_back(std::move(need));
  });
  return needs;
}

}  // namespace palermo::casework
