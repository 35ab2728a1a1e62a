#include "node/casework/cases/forms.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;
using Type = AssistanceType::Code;

bool IsBlankOrNo(const std::string& text) {
  const std::string folded = Folded(text);
  return IsBlank(text) ||
         OneOf(folded, {"no", "none", "false", "0", "not given", "pending", "refused", "denied",
                        "absent", "n/a", "withdrawn", "declined"});
}

// The first text of an object, as the value itself would say it.
std::string FirstText(const Struct& object) {
  for (const char* name :
       {"result", "value", "ref", "name", "code", "id", "text", "hash", "state"}) {
    const std::string text = TextOf(object, name);
    if (!text.empty()) return text;
  }
  for (const auto& [name, value] : object.fields()) {
    if (!value.string_value().empty()) return value.string_value();
  }
  // {"OBLITERATED": {...}} or {"full_chain": true}
  return object.fields().empty() ? "" : object.fields().begin()->first;
}

std::string TextOfValue(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStringValue:
      return value.string_value();
    case Value::kNumberValue:
      return absl::StrFormat("%.15g", value.number_value());
    case Value::kBoolValue:
      return value.bool_value() ? "yes" : "";
    case Value::kStructValue:
      return FirstText(value.struct_value());
    case Value::kListValue: {
      std::string all;
      for (const Value& each : value.list_value().values()) {
        const std::string text = TextOfValue(each);
        if (!text.empty()) all += (all.empty() ? "" : ", ") + text;
      }
      return all;
    }
    default:
      return "";
  }
}

void LoosenText(Value& value) {
  if (value.kind_case() == Value::kNullValue || value.has_struct_value() ||
      value.has_list_value() || value.kind_case() == Value::kBoolValue) {
    const std::string text = TextOfValue(value);
    if (value.kind_case() != Value::kNullValue) value.set_string_value(text);
  }
}

// ["a", {"name": "b"}], {"a": true, "b": false}: a list of texts.
void LoosenTexts(Value& value) {
  if (value.has_struct_value()) {
    const Struct members = value.struct_value();
    value.Clear();
    auto& list = *value.mutable_list_value();
    for (const auto& [name, member] : members.fields()) {
      if (SaysYes(&member)) list.add_values()->set_string_value(name);
    }
    return;
  }
  if (value.has_list_value()) {
    for (Value& each : *value.mutable_list_value()->mutable_values()) LoosenText(each);
  } else {
    LoosenText(value);
  }
}

void LoosenNumber(Value& value) {
  if (value.has_struct_value()) {
    for (const char* name : {"value", "est", "max", "min", "pct"}) {
      const Value* inner = Member(value.struct_value(), name);
      if (inner != nullptr && inner->kind_case() == Value::kNumberValue) {
        const double number = inner->number_value();
        value.set_number_value(number);
        return;
      }
    }
    return;
  }
  if (value.kind_case() != Value::kStringValue) return;
  std::string text(absl::StripAsciiWhitespace(value.string_value()));
  while (!text.empty() && (text.back() == '%' || text.back() == ' ')) text.pop_back();
  double number = 0;
  if (absl::SimpleAtod(text, &number)) value.set_number_value(number);
}

void LoosenMessage(Value& value, const Descriptor& type) {
  if (value.has_struct_value()) {
    Loosen(*value.mutable_struct_value(), type);
  } else if (value.kind_case() == Value::kBoolValue) {
    // true: the first yes or no of the message.
    const bool said = value.bool_value();
    value.mutable_struct_value();
    for (int i = 0; i < type.field_count(); ++i) {
      if (type.field(i)->cpp_type() != FieldDescriptor::CPPTYPE_BOOL) continue;
      (*value.mutable_struct_value()->mutable_fields())[type.field(i)->name()].set_bool_value(said);
      return;
    }
  }
}

void LoosenOne(Value& value, const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.name() == "procedure_followed" && value.kind_case() == Value::kBoolValue) {
        value.set_string_value(value.bool_value() ? "FOLLOWED" : "NOT_FOLLOWED");
      }
      LoosenText(value);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value.kind_case() != Value::kNullValue) value.set_bool_value(SaysYes(&value));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      LoosenMessage(value, *field.message_type());
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      break;
    default:
      LoosenNumber(value);
  }
}

void ToList(Struct& object, const std::string& name) {
  const auto found = object.mutable_fields()->find(name);
  if (found == object.mutable_fields()->end() || found->second.has_list_value()) return;
  const Value one = found->second;
  found->second.Clear();
  *found->second.mutable_list_value()->add_values() = one;
}

}  // namespace

bool SaysYes(const Value* value) {
  if (value == nullptr) return false;
  switch (value->kind_case()) {
    case Value::kBoolValue:
      return value->bool_value();
    case Value::kNumberValue:
      return value->number_value() > 0;
    case Value::kStringValue:
      return !IsBlankOrNo(value->string_value());
    case Value::kListValue:
      return value->list_value().values_size() > 0;
    case Value::kStructValue:
      for (const char* name : {"granted", "given", "status", "decision", "value", "consented"}) {
        const Value* inner = Member(value->struct_value(), name);
        if (inner != nullptr) return SaysYes(inner);
      }
      return value->struct_value().fields_size() > 0;
    default:
      return false;
  }
}

std::string AnyText(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value == nullptr ? "" : TextOfValue(*value);
}

void Rename(Struct& object, const std::string& from, const std::string& to) {
  auto& fields = *object.mutable_fields();
  const auto found = fields.find(from);
  if (found == fields.end() || fields.count(to) > 0) return;
  const Value value = found->second;
  fields.erase(from);
  fields[to] = value;
}

void Loosen(Struct& object, const Descriptor& type) {
  RenameAliases(type.name(), object);
  if (OneOf(type.name(), {"SubstanceAmount", "Consignment"})) SplitUnits(object);
  for (auto& [name, value] : *object.mutable_fields()) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) continue;
    if (!field->is_repeated()) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && value.has_list_value() &&
          value.list_value().values_size() == 1) {
        const Value one = value.list_value().values(0);
        value = one;
      }
      LoosenOne(value, *field);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      LoosenTexts(value);
    } else if (value.has_list_value()) {
      for (Value& each : *value.mutable_list_value()->mutable_values()) LoosenOne(each, *field);
    } else {
      LoosenOne(value, *field);
    }
  }
}

namespace {

// {"QM": true, "QP": "2026-02-25", "QN": null}: by state.
void ListConsents(Struct& item) {
  auto& fields = *item.mutable_fields();
  for (const char* name : {"consented", "consented_states", "consents_given"}) {
    Rename(item, name, "consents");
  }
  const auto consents = fields.find("consents");
  if (consents == fields.end() || !consents->second.has_struct_value()) return;
  const Struct by_state = consents->second.struct_value();
  consents->second.Clear();
  auto& list = *consents->second.mutable_list_value();
  for (const auto& [state, granted] : by_state.fields()) {
    auto& one = *list.add_values()->mutable_struct_value()->mutable_fields();
    one["state"].set_string_value(state);
    one["granted"].set_bool_value(SaysYes(&granted));
  }
}

// A null in a list of objects, as {"state": "QP", "at": null}, gives nothing.
void MarkMissingConsents(Struct& item) {
  auto& fields = *item.mutable_fields();
  const auto consents = fields.find("consents");
  if (consents == fields.end()) return;
  for (Value& each : *consents->second.mutable_list_value()->mutable_values()) {
    if (!each.has_struct_value()) continue;
    auto& one = *each.mutable_struct_value();
    const Value* at = Member(one, "at");
    if (at == nullptr) at = Member(one, "date");
    if (at != nullptr && at->kind_case() == Value::kNullValue) {
      (*one.mutable_fields())["granted"].set_bool_value(false);
    }
  }
}

// One substance beside the item's own members.
void GatherSubstance(Struct& item) {
  for (const char* name : {"substance", "precursor", "drug"}) {
    const Value* value = Member(item, name);
    if (value != nullptr && (value->has_struct_value() || value->has_list_value())) {
      Rename(item, name, "substances");
    }
  }
  auto& fields = *item.mutable_fields();
  ToList(item, "substances");
  if (fields.count("substances") > 0) return;
  Struct one;
  for (const char* name : {"substance", "inn", "cas", "cas_no", "quantity", "qty", "qty_kg",
                           "mass_g", "amount", "unit", "purity", "purity_pct", "schedule"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*one.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  if (one.fields_size() > 0) {
    *fields["substances"].mutable_list_value()->add_values()->mutable_struct_value() = one;
  }
}

// What stands beside the hearing belongs into it.
void GatherVideo(Struct& item) {
  auto& fields = *item.mutable_fields();
  Struct video;
  if (const Struct* there = ObjectOf(item, "video")) video = *there;
  for (const char* name :
       {"reason_no_appearance", "conducting_authority", "hearing_authority", "judicial_authority",
        "protective_measures", "slots", "consent_if_accused"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*video.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  if (video.fields_size() > 0) *fields["video"].mutable_struct_value() = video;
}

// 10, "P10Y", "10 years".
bool IsYears(const Value& value, double& years) {
  if (value.kind_case() == Value::kNumberValue) {
    years = value.number_value();
    return true;
  }
  std::string digits;
  const std::string folded = Folded(value.string_value());
  for (char c : folded.substr(folded.rfind('p', 0) == 0 ? 1 : 0)) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) break;
    digits += c;
  }
  const bool said = folded.find('y') != std::string::npos && digits.size() < 4;
  return said && absl::SimpleAtod(digits, &years);
}

// Members of a firearm's record in the places where ours has them.
void GatherRetention(Struct& item) {
  auto& fields = *item.mutable_fields();
  const Value* there = Member(item, "retention");
  double years = 0;
  if (there != nullptr && IsYears(*there, years)) {
    fields["retention"].Clear();
    (*fields["retention"].mutable_struct_value()->mutable_fields())["years"].set_number_value(
        years);
  }
  for (const char* name :
       {"retention_years", "keep_until", "delete_by", "retain_until", "retention_until"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    const std::string to = std::string_view(name) == "retention_years" ? "years"
                           : std::string_view(name) == "delete_by"     ? "delete_by"
                                                                       : "keep_until";
    const Value value = found->second;
    fields.erase(name);
    auto& retention = fields["retention"];
    if (!retention.has_struct_value()) retention.mutable_struct_value();
    (*retention.mutable_struct_value()->mutable_fields())[to] = value;
  }
}

// A firearm's members beside those of its record.
void GatherFlatFirearm(Struct& item) {
  auto& fields = *item.mutable_fields();
  if (fields.count("firearm") > 0) return;
  Struct firearm;
  for (const char* name :
       {"class", "make", "model", "calibre", "caliber", "serial", "serial_number", "serial_state",
        "marks", "markings", "country_of_manufacture", "import_mark", "receiver_only", "images",
        "forensic_note", "explanation", "deactivation", "weapon_class"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*firearm.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  if (firearm.fields_size() > 0) *fields["firearm"].mutable_struct_value() = firearm;
}

void GatherFirearm(Struct& item) {
  GatherFlatFirearm(item);
  auto& fields = *item.mutable_fields();
  const auto found = fields.find("firearm");
  if (found == fields.end() || !found->second.has_struct_value()) return;
  Struct& firearm = *found->second.mutable_struct_value();
  // serial_state: {"RESTORED": {"method": "acid"}}, {"state": "OBLITERATED", "note": "ground off"}
  const Struct* state = ObjectOf(firearm, "serial_state");
  if (state == nullptr) return;
  const Struct said = *state;
  auto& members = *firearm.mutable_fields();
  std::string word = TextOf(said, "state");
  for (const char* known : {"NONE", "OBLITERATED", "RESTORED"}) {
    if (Member(said, known) != nullptr) word = known;
  }
  members["serial_state"].set_string_value(word);
  for (const char* note : {"note", "method", "forensic_note", "explanation", "reason", "lab"}) {
    const std::string text = TextOf(said, note);
    if (!text.empty()) members["forensic_note"].set_string_value(text);
  }
  const Struct* inner = ObjectOf(said, word);
  if (inner != nullptr) members["forensic_note"].set_string_value(FirstText(*inner));
}

}  // namespace

void ArrangeItem(Type type, Struct& item) {
  for (const char* list : {"legs"}) ToList(item, list);
  switch (type) {
    case AssistanceType::CONTROLLED_DELIVERY:
      ListConsents(item);
      MarkMissingConsents(item);
      Rename(item, "state", "status");
      GatherSubstance(item);
      break;
    case AssistanceType::PRE_EXPORT_NOTICE_PRECURSOR:
    case AssistanceType::SAMPLE_FOR_ANALYSIS:
      GatherSubstance(item);
      break;
    case AssistanceType::VIDEO_HEARING:
      GatherVideo(item);
      break;
    case AssistanceType::TRACE_FIREARM:
    case AssistanceType::VERIFY_LICENCE:
    case AssistanceType::CONFIRM_SHIPMENT_RECEIPT:
      GatherRetention(item);
      GatherFirearm(item);
      break;
    default:
      break;
  }
  // dual_criminality: {"assessed_by": "QM", "result": "MET"}
  Loosen(item, *v1::Item::descriptor());
}

void ArrangeRequest(Struct& request) {
  auto& fields = *request.mutable_fields();
  const auto items = fields.find("items");
  if (items != fields.end() && items->second.has_struct_value()) ToList(request, "items");
  const auto assurances = fields.find("assurances");
  const Value all = assurances == fields.end() ? Value() : assurances->second;
  if (assurances != fields.end()) fields.erase("assurances");
  if (items != fields.end()) {
    for (Value& each : *items->second.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      Struct& item = *each.mutable_struct_value();
      if (all.has_list_value() && Member(item, "assurances") == nullptr) {
        (*item.mutable_fields())["assurances"] = all;
      }
      Type type = AssistanceType::UNSPECIFIED;
      AssistanceType::Code_Parse(TextOf(item, "type"), &type);
      ArrangeItem(type, item);
    }
  }
  Struct without_items = request;
  without_items.mutable_fields()->erase("items");
  Loosen(without_items, *v1::Request::descriptor());
  if (items != fields.end()) (*without_items.mutable_fields())["items"] = items->second;
  request = without_items;
}

Type TypeOfRecord(const Struct& record) {
  const std::string word = TextOf(record, "type");
  Type type = AssistanceType::UNSPECIFIED;
  // What the areas exchange besides assistance is judged by its own members.
  if (AssistanceType::Code_Parse(word, &type) && type < AssistanceType::VICTIM_REFERRAL)
    return type;
  struct Other {
    std::string_view word;
    Type type;
  };
  constexpr Other kOthers[] = {
      {"LICENCE_VERIFY", AssistanceType::VERIFY_LICENCE},
      {"SHIPMENT_RECEIPT", AssistanceType::CONFIRM_SHIPMENT_RECEIPT},
      {"FIREARM_TRACE", AssistanceType::TRACE_FIREARM},
      {"PRE_EXPORT_NOTICE", AssistanceType::PRE_EXPORT_NOTICE_PRECURSOR},
      {"BOARDING", AssistanceType::BOARDING_AUTHORIZATION},
      {"FLAG_INQUIRY", AssistanceType::FLAG_CONFIRMATION},
      {"DISCLOSE_TRAFFIC", AssistanceType::DISCLOSE_PRESERVED_TRAFFIC},
      {"SPECIMEN_RETURN", AssistanceType::RETURN_SPECIMEN},
  };
  for (const Other& other : kOthers) {
    if (other.word == word) return other.type;
  }
  if (!word.empty()) return AssistanceType::UNSPECIFIED;
  if (ObjectOf(record, "firearm") != nullptr) return AssistanceType::TRACE_FIREARM;
  const Value* legs = Member(record, "legs");
  const bool of_states = legs != nullptr && legs->list_value().values_size() > 0 &&
                         !TextOf(legs->list_value().values(0).struct_value(), "state").empty();
  if (of_states && Member(record, "kind") == nullptr) return AssistanceType::CONTROLLED_DELIVERY;
  if (ObjectOf(record, "permit") != nullptr) return AssistanceType::VERIFY_CITES_PERMIT;
  return AssistanceType::UNSPECIFIED;
}

}  // namespace palermo::casework
