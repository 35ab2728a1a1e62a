#include "node/casework/cases/forms.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
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
  const std::string folded = absl::StrReplaceAll(Folded(text), {{"_", " "}});
  return IsBlank(text) || OneOf(folded, {"no",
                                         "none",
                                         "false",
                                         "0",
                                         "not given",
                                         "pending",
                                         "refused",
                                         "denied",
                                         "absent",
                                         "n/a",
                                         "withdrawn",
                                         "declined",
                                         "deny",
                                         "rejected",
                                         "revoked",
                                         "requested",
                                         "not granted",
                                         "not obtained",
                                         "none yet",
                                         "not yet",
                                         "none so far",
                                         "none given",
                                         "none found",
                                         "none received",
                                         "none observed",
                                         "none identified",
                                         "nothing found",
                                         "not received"});
}

// null, or a text without words.
bool IsNothing(const Value& value) {
  return value.kind_case() == Value::kNullValue ||
         (value.kind_case() == Value::kStringValue && IsBlank(value.string_value()));
}

// The first text of an object, as the value itself would say it.
std::string FirstText(const Struct& object) {
  for (const char* name :
       {"result", "value", "ref", "no", "number", "name", "code", "id", "text", "hash", "state"}) {
    const std::string text = TextOf(object, name);
    if (!text.empty()) return text;
  }
  const std::vector<std::string> names = SortedNames(object);
  for (const std::string& name : names) {
    const std::string text = TextOf(object, name);
    if (!text.empty()) return text;
  }
  // {"OBLITERATED": {...}} or {"full_chain": true, "first_buyer": false}
  for (const std::string& name : names) {
    if (SaysYes(Member(object, name))) return name;
  }
  return names.empty() ? "" : names.front();
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
    for (const std::string& name : SortedNames(members)) {
      if (SaysYes(Member(members, name))) list.add_values()->set_string_value(name);
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
    for (const char* name :
         {"value", "est", "max", "min", "pct", "percent", "amount", "qty", "quantity", "n"}) {
      const Value* inner = Member(value.struct_value(), name);
      if (inner != nullptr && inner->kind_case() == Value::kNumberValue) {
        const double number = inner->number_value();
        value.set_number_value(number);
        return;
      }
    }
    return;
  }
  // [70, 82]: as much as its upper end.
  if (value.has_list_value()) {
    double most = 0;
    for (const Value& each : value.list_value().values()) {
      if (each.kind_case() != Value::kNumberValue) return;
      most = std::max(most, each.number_value());
    }
    if (value.list_value().values_size() > 0) value.set_number_value(most);
    return;
  }
  if (value.kind_case() != Value::kStringValue) return;
  double number = 0;
  std::string unit;
  if (!NumberIn(value.string_value(), number, &unit)) return;
  if (unit.empty() || unit == "%") value.set_number_value(number);
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

// The address of a selector is one of the net, or of what its kind says.
void PlaceAddress(Struct& selector) {
  // A local time and its offset are one instant.
  const std::string offset = TextOf(selector, "utc_offset");
  for (const char* name : {"at", "time", "timestamp"}) {
    const std::string at = TextOf(selector, name);
    if (offset.empty() || at.empty() || at.find('T') == std::string::npos) continue;
    if (at.find_first_of("Z+-", at.find('T')) != std::string::npos) continue;
    (*selector.mutable_fields())[name].set_string_value(at + offset);
  }
  const std::string kind = TextOf(selector, "kind");
  const bool of_net = kind.empty() || kind.rfind("IP", 0) == 0;
  Rename(selector, "address", of_net ? "ip" : "value");
}

// BUD 29(6) in any words: that preserving would fail or warn somebody, and that it was said.
void NameWarning(Struct& preservation) {
  for (const std::string& name : SortedNames(preservation)) {
    if (v1::Preservation::descriptor()->FindFieldByName(name) != nullptr) continue;
    if (HasWords(name, {"warn", "warns", "warned", "warning", "warnings", "29_6"})) {
      Rename(preservation, name, "warned");
    } else if (HasWords(name, {"endanger*", "threaten*", "may_fail", "would_fail", "not_ensure*",
                               "at_risk"})) {
      Rename(preservation, name, "would_endanger");
    }
  }
}

// A null in a list is nothing.
void DropNulls(Value& list) {
  if (!list.has_list_value()) return;
  auto& values = *list.mutable_list_value()->mutable_values();
  for (int i = values.size() - 1; i >= 0; --i) {
    if (values[i].kind_case() == Value::kNullValue) values.DeleteSubrange(i, 1);
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
      for (const char* name :
           {"granted", "given", "status", "decision", "value", "consented", "applies"}) {
        const Value* inner = Member(value->struct_value(), name);
        if (inner != nullptr) return SaysYes(inner);
      }
      return std::any_of(value->struct_value().fields().begin(),
                         value->struct_value().fields().end(),
                         [](const auto& member) { return !IsNothing(member.second); });
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
  if (type.name() == "Selector") PlaceAddress(object);
  if (type.name() == "Preservation") NameWarning(object);
  if (type.name() == "Person") ShapePerson(object);
  for (auto& [name, value] : *object.mutable_fields()) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) continue;
    if (field->is_repeated()) DropNulls(value);
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
  for (const char* name :
       {"substance", "inn", "cas", "cas_no", "quantity", "qty", "qty_kg", "mass_g", "amount",
        "unit", "qty_unit", "quantity_unit", "amount_unit", "purity", "purity_pct", "schedule"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*one.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  if (one.fields_size() == 0) return;
  // Of a substance that is named, its amount under the name of its unit.
  for (const char* name : {"mass", "weight", "kg", "g", "mass_kg", "weight_kg", "weight_g",
                           "quantity_kg", "quantity_g", "qty_g", "qty_l", "amount_kg", "amount_g",
                           "net_kg", "net_g", "gross_kg", "gross_g", "litres", "volume_l"}) {
    if (Member(item, name) == nullptr || Member(one, "quantity") != nullptr) continue;
    (*one.mutable_fields())[name] = *Member(item, name);
    fields.erase(name);
  }
  *fields["substances"].mutable_list_value()->add_values()->mutable_struct_value() = one;
}

// What stands beside the hearing belongs into it.
void GatherVideo(Struct& item) {
  auto& fields = *item.mutable_fields();
  Struct video;
  if (const Struct* there = ObjectOf(item, "video")) video = *there;
  for (const char* name :
       {"reason_no_appearance", "conducting_authority", "hearing_authority", "judicial_authority",
        "protective_measures", "slots", "consent_if_accused", "consent", "consent_of_accused",
        "accused_consent"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*video.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  // "reason" of a hearing: why nobody appears.
  const auto reason = fields.find("reason");
  if (reason != fields.end() && Member(video, "reason_no_appearance") == nullptr &&
      Member(video, "reason") == nullptr) {
    Put(video, "reason_no_appearance", reason->second);
    fields.erase(reason);
  }
  if (video.fields_size() > 0) *fields["video"].mutable_struct_value() = video;
}

}  // namespace

// dual_criminality: {"assessed_by": "QM", "conduct_mapping": "...", "result": "MET"}, or the
// mapping in a sentence. What nobody has said the result of is not assessed.
void ArrangeDual(Struct& item) {
  const Value* dual = Member(item, "dual_criminality");
  if (dual == nullptr) return;
  Value result = *dual;
  auto& fields = *item.mutable_fields();
  if (dual->has_struct_value()) {
    const Struct said = dual->struct_value();
    for (const auto& [name, field] : {std::pair("conduct_mapping", "conduct_mapping"),
                                      std::pair("assessed_by", "dual_assessed_by")}) {
      if (const Value* value = Member(said, name)) fields[field] = *value;
    }
    const Value* told = Member(said, "result");
    result.set_string_value("NOT_ASSESSED");
    if (told != nullptr) result = *told;
  } else if (dual->string_value().find(' ') != std::string::npos) {
    fields["conduct_mapping"] = *dual;
    result.set_string_value("NOT_ASSESSED");
  }
  fields["dual_criminality"] = result;
}

void ArrangeItem(Type type, Struct& item) {
  if (ObjectOf(item, "selector") != nullptr) Rename(item, "selector", "selectors");
  for (const char* list : {"legs", "selectors"}) ToList(item, list);
  NameAssurances(item);
  switch (type) {
    case AssistanceType::CONTROLLED_DELIVERY:
      ArrangeDelivery(item, "");
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
    case AssistanceType::VERIFY_LICENCE:
    case AssistanceType::CONFIRM_SHIPMENT_RECEIPT:
      ArrangeLicence(item);
      ArrangeFirearm(item);
      break;
    case AssistanceType::TRACE_FIREARM:
      ArrangeFirearm(item);
      break;
    default:
      break;
  }
  ArrangeDual(item);
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
  if (HasLegs(record)) return AssistanceType::CONTROLLED_DELIVERY;
  if (ObjectOf(record, "permit") != nullptr) return AssistanceType::VERIFY_CITES_PERMIT;
  return AssistanceType::UNSPECIFIED;
}

}  // namespace palermo::casework
