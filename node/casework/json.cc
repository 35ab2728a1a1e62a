#include "node/casework/json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Struct;
using google::protobuf::Value;

std::string WrongIn(const Struct& object, const Descriptor& type, const std::string& at);

// Whether a value has the form of the field, a list taken apart already. Lists of words and numbers
// as protobuf's mapping takes them.
bool HasAllowedForm(const Value& value, const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return value.kind_case() == Value::kBoolValue;
    case FieldDescriptor::CPPTYPE_STRING:
      return value.kind_case() == Value::kStringValue;
    case FieldDescriptor::CPPTYPE_ENUM:
      return value.kind_case() == Value::kStringValue &&
             field.enum_type()->FindValueByName(value.string_value()) != nullptr;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return value.has_struct_value();
    default: {
      double number = 0;
      return value.kind_case() == Value::kNumberValue ||
             (value.kind_case() == Value::kStringValue &&
              absl::SimpleAtod(value.string_value(), &number));
    }
  }
}

std::string WrongValue(const Value& value, const FieldDescriptor& field, const std::string& at) {
  if (!HasAllowedForm(value, field)) return Cat({at, ": expected is ", FieldForm(field)});
  if (!value.has_struct_value()) return "";
  return WrongIn(value.struct_value(), *field.message_type(), at);
}

// A name that is no word may be what somebody typed in the wrong place.
std::string Shown(const std::string& name) {
  constexpr size_t kLongestName = 40;
  const bool word =
      name.size() <= kLongestName && std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_islower(static_cast<unsigned char>(c)) || c == '_';
      });
  return word ? Cat({"the field ", name}) : "a field";
}

// The first place at which the text is no message of this type; "" when none is found.
std::string WrongIn(const Struct& object, const Descriptor& type, const std::string& at) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.fields()) names.push_back(name);
  std::sort(names.begin(), names.end());
  const FieldDescriptor* content = nullptr;
  for (const std::string& name : names) {
    const FieldDescriptor* field = type.FindFieldByName(name);
    if (field == nullptr) field = type.FindFieldByCamelcaseName(name);
    if (field == nullptr) {
      return Cat({at.empty() ? "body" : at, ": ", Shown(name), " is not known here"});
    }
    const Value& value = object.fields().at(name);
    const std::string here = at.empty() ? field->name() : Cat({at, ".", field->name()});
    if (value.kind_case() == Value::kNullValue) continue;
    if (field->containing_oneof() != nullptr && field->real_containing_oneof() != nullptr) {
      if (content != nullptr) return Cat({here, ": a body holds one content"});
      content = field;
    }
    if (!field->is_repeated()) {
      std::string wrong = WrongValue(value, *field, here);
      if (!wrong.empty()) return wrong;
      continue;
    }
    if (!value.has_list_value()) return Cat({here, ": expected is a list"});
    for (int i = 0; i < value.list_value().values_size(); ++i) {
      std::string wrong =
          WrongValue(value.list_value().values(i), *field, absl::StrFormat("%s[%d]", here, i));
      if (!wrong.empty()) return wrong;
    }
  }
  return "";
}

// Place and expected form, never a value: it may be somebody's name.
std::string WhyNotABody(const std::string& json) {
  Value root;
  if (!google::protobuf::util::JsonStringToMessage(json, &root).ok()) return "it is no JSON";
  if (!root.has_struct_value()) return "expected is an object in braces";
  const std::string wrong = WrongIn(root.struct_value(), *v1::CaseBody::descriptor(), "");
  return wrong.empty() ? "a value has not the form of its field" : wrong;
}

absl::Status BadJson(std::string_view why, std::string_view field = "") {
  absl::Status status = InputError(
      "BAD_JSON", absl::StrFormat("the text is no body of an act: %s; the field names are those of "
                                  "the template",
                                  why));
  return field.empty() ? status : AtField(std::move(status), field);
}

// "request.items[0].type: expected is ...": where it is.
std::string_view PlaceIn(std::string_view why) {
  const size_t colon = why.find(": ");
  return colon == std::string_view::npos ? "" : why.substr(0, colon);
}

constexpr char kFieldUrl[] = "palermo/field";

}  // namespace

absl::Status AtField(absl::Status status, std::string_view field) {
  status.SetPayload(kFieldUrl, absl::Cord(std::string(field)));
  return status;
}

std::string FieldOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kFieldUrl);
  return payload.has_value() ? std::string(*payload) : "";
}

bool HasByteOrderMark(std::string_view text) { return text.substr(0, 3) == "\xEF\xBB\xBF"; }

absl::StatusOr<v1::CaseBody> BodyFromJson(const std::string& json) {
  if (json.size() > limits::kMaxRequestFileBytes) {
    return OverLimit("BODY_TOO_LARGE",
                     absl::StrFormat("the text has %u bytes, at most %u fit; send the rest as an "
                                     "attachment",
                                     json.size(), limits::kMaxRequestFileBytes));
  }
  v1::CaseBody body;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &body);
  if (!status.ok()) {
    if (HasByteOrderMark(json)) {
      return BadJson("it begins with a byte order mark; save it as UTF-8 without one");
    }
    const std::string why = WhyNotABody(json);
    return BadJson(why, PlaceIn(why));
  }
  // An escape such as \ud800 can make text that is no UTF-8, which no desk could read again.
  v1::CaseBody again;
  if (!again.ParseFromString(body.SerializeAsString())) return BadJson("a text is not UTF-8");
  return body;
}

std::string BodyToJson(const v1::CaseBody& body, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = pretty;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(body, &json, options);
  PALERMO_CHECK(status.ok());
  return json;
}

std::string TemplateJson(v1::Act::Code act) { return BodyToJson(TemplateFor(act), true); }

}  // namespace palermo::casework
