#include "node/letter/field_lines.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"

namespace palermo::letter {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string ScalarText(const Message& message, const FieldDescriptor& field, int index,
                       words::Language language) {
  const auto& reflection = *message.GetReflection();
  bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? reflection.GetRepeatedString(message, &field, index)
                  : reflection.GetString(message, &field);
    case FieldDescriptor::CPPTYPE_BOOL: {
      bool yes = many ? reflection.GetRepeatedBool(message, &field, index)
                      : reflection.GetBool(message, &field);
      return PlainWord(yes ? "YES" : "NO", language);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return PlainWord(many ? reflection.GetRepeatedEnum(message, &field, index)->name()
                            : reflection.GetEnum(message, &field)->name(),
                       language);
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrFormat("%d", many ? reflection.GetRepeatedInt64(message, &field, index)
                                        : reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrFormat("%d", many ? reflection.GetRepeatedInt32(message, &field, index)
                                        : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrFormat("%u", many ? reflection.GetRepeatedUInt32(message, &field, index)
                                        : reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrFormat("%u", many ? reflection.GetRepeatedUInt64(message, &field, index)
                                        : reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrFormat("%g", many ? reflection.GetRepeatedDouble(message, &field, index)
                                        : reflection.GetDouble(message, &field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return absl::StrFormat("%g", many ? reflection.GetRepeatedFloat(message, &field, index)
                                        : reflection.GetFloat(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "";
}

void Collect(const Message& message, const std::string& before, words::Language language,
             const std::set<std::string>& skip, Pairs* out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (skip.contains(field->name())) continue;
    bool many = field->is_repeated();
    int count = many ? reflection.FieldSize(message, field) : 1;
    std::string name = PlainWord(field->name(), language);
    name = before.empty() ? name : Cat({before, ", ", name});
    for (int i = 0; i < count; ++i) {
      std::string numbered = count > 1 ? absl::StrFormat("%s %d", name, i + 1) : name;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& inner = many ? reflection.GetRepeatedMessage(message, field, i)
                                    : reflection.GetMessage(message, field);
        Collect(inner, numbered, language, {}, out);
      } else {
        out->emplace_back(numbered, ScalarText(message, *field, i, language));
      }
    }
  }
}

}  // namespace

Pairs FieldLines(const Message& message, words::Language language,
                 const std::set<std::string>& skip) {
  Pairs pairs;
  Collect(message, "", language, skip, &pairs);
  return pairs;
}

std::string PlainWord(const std::string& code, words::Language language) {
  std::string word = absl::AsciiStrToLower(code);
  std::replace(word.begin(), word.end(), '_', ' ');
  return std::string(words::Translate(language, word));
}

std::string Joined(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    text += Cat({text.empty() ? "" : "\n", name, ": ", value});
  }
  return text;
}

}  // namespace palermo::letter
