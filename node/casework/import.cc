#include "node/casework/import.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <cmath>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;
using google::protobuf::Value;

class Importer {
 public:
  explicit Importer(std::vector<Finding>& findings) : findings_(findings) {}

  void Object(const Struct& from, const std::string& path, Message& out) {
    for (const auto& [name, value] : from.fields()) {
      const std::string at = path + "." + name;
      const auto* field = out.GetDescriptor()->FindFieldByName(name);
      if (field == nullptr) {
        Tell("R-GEN-01.field", at, findings_);
      } else if (value.kind_case() != Value::kNullValue) {
        Field(value, *field, at, out);
      }
    }
  }

 private:
  void Field(const Value& value, const FieldDescriptor& field, const std::string& at,
             Message& out) {
    if (!field.is_repeated()) {
      One(value, field, at, out);
    } else if (value.has_list_value()) {
      for (int i = 0; i < value.list_value().values_size(); ++i) {
        One(value.list_value().values(i), field, At(at, i), out);
      }
    } else {
      One(value, field, at, out);
    }
  }

  void One(const Value& value, const FieldDescriptor& field, const std::string& at, Message& out) {
    bool good = false;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        good = Nested(value, field, at, out);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        good = Text(value, field, out);
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        good = value.kind_case() == Value::kBoolValue;
        if (good) SetBool(value.bool_value(), field, out);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        if (!Word(value, field, out)) Tell("R-GEN-01.enum", at, findings_);
        return;
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT64:
        // Protobuf's JSON writes 64 bits as text.
        if (value.kind_case() == Value::kStringValue) {
          good = Whole(value.string_value(), field, out);
          break;
        }
        [[fallthrough]];
      default:
        good = value.kind_case() == Value::kNumberValue && Number(value.number_value(), field, out);
    }
    if (!good) Tell("R-GEN-01.type", at, findings_);
  }

  bool Nested(const Value& value, const FieldDescriptor& field, const std::string& at,
              Message& out) {
    const auto* reflection = out.GetReflection();
    if (value.has_struct_value()) {
      Object(value.struct_value(), at,
             field.is_repeated() ? *reflection->AddMessage(&out, &field)
                                 : *reflection->MutableMessage(&out, &field));
      return true;
    }
    if (value.kind_case() != Value::kStringValue) return false;
    const auto* type = field.message_type();
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* first = type->field(i);
      if (first->cpp_type() != FieldDescriptor::CPPTYPE_STRING || first->is_repeated()) continue;
      Message& inner = field.is_repeated() ? *reflection->AddMessage(&out, &field)
                                           : *reflection->MutableMessage(&out, &field);
      inner.GetReflection()->SetString(&inner, first, value.string_value());
      return true;
    }
    return false;
  }

  static bool Text(const Value& value, const FieldDescriptor& field, Message& out) {
    std::string text;
    if (value.kind_case() == Value::kStringValue) {
      text = value.string_value();
    } else if (value.kind_case() == Value::kNumberValue) {
      text = absl::StrFormat("%.15g", value.number_value());
    } else {
      return false;
    }
    const auto* reflection = out.GetReflection();
    if (field.is_repeated()) {
      reflection->AddString(&out, &field, std::move(text));
    } else {
      reflection->SetString(&out, &field, std::move(text));
    }
    return true;
  }

  static void SetBool(bool value, const FieldDescriptor& field, Message& out) {
    if (field.is_repeated()) {
      out.GetReflection()->AddBool(&out, &field, value);
    } else {
      out.GetReflection()->SetBool(&out, &field, value);
    }
  }

  static bool Word(const Value& value, const FieldDescriptor& field, Message& out) {
    if (value.kind_case() != Value::kStringValue) return false;
    const auto* word = field.enum_type()->FindValueByName(value.string_value());
    if (word == nullptr || word->number() == 0) return false;
    if (field.is_repeated()) {
      out.GetReflection()->AddEnum(&out, &field, word);
    } else {
      out.GetReflection()->SetEnum(&out, &field, word);
    }
    return true;
  }

  static bool Whole(const std::string& text, const FieldDescriptor& field, Message& out) {
    const auto* reflection = out.GetReflection();
    int64_t number = 0;
    uint64_t natural = 0;
    if (field.is_repeated()) return false;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && absl::SimpleAtoi(text, &number)) {
      reflection->SetInt64(&out, &field, number);
      return true;
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64 && absl::SimpleAtoi(text, &natural)) {
      reflection->SetUInt64(&out, &field, natural);
      return true;
    }
    return false;
  }

  static bool Number(double value, const FieldDescriptor& field, Message& out) {
    const auto* reflection = out.GetReflection();
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
      if (field.is_repeated()) return false;
      reflection->SetDouble(&out, &field, value);
      return true;
    }
    constexpr double kExact = 9007199254740992.0;  // 2^53
    if (std::floor(value) != value || std::fabs(value) > kExact) return false;
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_INT64 && !field.is_repeated()) {
      reflection->SetInt64(&out, &field, static_cast<int64_t>(value));
      return true;
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64 && !field.is_repeated()) {
      if (value < 0) return false;
      reflection->SetUInt64(&out, &field, static_cast<uint64_t>(value));
      return true;
    }
    if (field.cpp_type() != FieldDescriptor::CPPTYPE_UINT32 || value < 0 || value > UINT32_MAX) {
      return false;
    }
    if (field.is_repeated()) {
      reflection->AddUInt32(&out, &field, static_cast<uint32_t>(value));
    } else {
      reflection->SetUInt32(&out, &field, static_cast<uint32_t>(value));
    }
    return true;
  }

  std::vector<Finding>& findings_;
};

}  // namespace

absl::StatusOr<Value> ParseJson(const std::string& text) {
  if (text.size() > limits::kMaxCaseFileBytes) {
    return OverLimit("BODY_TOO_LARGE", absl::StrFormat("the text has %u bytes, at most %u are read",
                                                       text.size(), limits::kMaxCaseFileBytes));
  }
  Value value;
  const auto status = google::protobuf::util::JsonStringToMessage(text, &value);
  if (!status.ok()) {
    const JsonFault fault = FaultOf(text, status.message().ToString());
    std::string said = Cat({"the text is no JSON: ", fault.words});
    if (fault.line > 0) {
      said += absl::StrFormat(" Line %u, column %u", fault.line, fault.column);
    }
    return AtFault(InputError("BAD_JSON", said), fault, "R-GEN-01.no_json_file");
  }
  Value again;
  if (!again.ParseFromString(value.SerializeAsString())) {
    return InputError("BAD_JSON", "a text is not UTF-8");
  }
  return value;
}

void ImportJson(const Struct& from, const std::string& path, Message& out,
                std::vector<Finding>& findings) {
  Importer(findings).Object(from, path, out);
}

const Value* Member(const Struct& object, const std::string& name) {
  const auto found = object.fields().find(name);
  return found == object.fields().end() ? nullptr : &found->second;
}

std::string TextOf(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value == nullptr ? "" : value->string_value();
}

std::vector<std::string> TextsOf(const Struct& object, const std::string& name) {
  std::vector<std::string> texts;
  const Value* value = Member(object, name);
  if (value == nullptr) return texts;
  for (const Value& each : value->list_value().values()) texts.push_back(each.string_value());
  return texts;
}

const Struct* ObjectOf(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value == nullptr || !value->has_struct_value() ? nullptr : &value->struct_value();
}

}  // namespace palermo::casework
