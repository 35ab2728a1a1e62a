#include "node/desk/field_changes.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/hash.h"

namespace palermo::desk {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr size_t kShownBytes = 32;

// A document may say what it likes; a terminal must not obey it.
std::string Plain(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return text;
}

std::string BytesText(const std::string& bytes) {
  if (bytes.size() <= kShownBytes) return HexEncode(bytes);
  return Cat({"(SHA-256 ", HexEncode(AsView(crypto::Sha256(bytes))), ")"});
}

std::string NumberText(const FieldDescriptor& field, int64_t number) {
  return absl::EndsWith(field.name(), "_ms") ? FormatInstant(FromMillis(number))
                                             : std::to_string(number);
}

// One value, also one of a list (`index` >= 0).
std::string ValueText(const Message& message, const FieldDescriptor& field, int index) {
  const Reflection& reflection = *message.GetReflection();
  bool listed = index >= 0;
  std::string text;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      text = listed ? reflection.GetRepeatedString(message, &field, index)
                    : reflection.GetString(message, &field);
      return field.type() == FieldDescriptor::TYPE_BYTES ? BytesText(text) : Plain(text);
    case FieldDescriptor::CPPTYPE_ENUM:
      return (listed ? reflection.GetRepeatedEnum(message, &field, index)
                     : reflection.GetEnum(message, &field))
          ->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return (listed ? reflection.GetRepeatedBool(message, &field, index)
                     : reflection.GetBool(message, &field))
                 ? "yes"
                 : "no";
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::to_string(listed ? reflection.GetRepeatedUInt32(message, &field, index)
                                   : reflection.GetUInt32(message, &field));
    case FieldDescriptor::CPPTYPE_UINT64:
      return std::to_string(listed ? reflection.GetRepeatedUInt64(message, &field, index)
                                   : reflection.GetUInt64(message, &field));
    case FieldDescriptor::CPPTYPE_INT32:
      return std::to_string(listed ? reflection.GetRepeatedInt32(message, &field, index)
                                   : reflection.GetInt32(message, &field));
    case FieldDescriptor::CPPTYPE_INT64:
      return NumberText(field, listed ? reflection.GetRepeatedInt64(message, &field, index)
                                      : reflection.GetInt64(message, &field));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Cat({"{",
                  FieldsText(listed ? reflection.GetRepeatedMessage(message, &field, index)
                                    : reflection.GetMessage(message, &field)),
                  "}"});
    default:
      return "(another type)";
  }
}

std::vector<std::string> ListTexts(const Message& message, const FieldDescriptor& field) {
  std::vector<std::string> texts;
  int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) texts.push_back(ValueText(message, field, i));
  return texts;
}

void CompareLists(const std::string& name, const std::vector<std::string>& before,
                  const std::vector<std::string>& after, std::vector<std::string>* lines) {
  if (before == after) return;
  bool moved = true;
  auto add = [&](const std::vector<std::string>& in, const std::vector<std::string>& other,
                 const char* verb) {
    for (const std::string& text : in) {
      if (std::count(in.begin(), in.end(), text) <= std::count(other.begin(), other.end(), text)) {
        continue;
      }
      lines->push_back(Cat({name, ": ", verb, " ", text}));
      moved = false;
    }
  };
  add(before, after, "goes");
  add(after, before, "comes");
  if (moved) lines->push_back(Cat({name, ": the same, in another order"}));
}

void Compare(const std::string& prefix, const Message& before, const Message& after,
             std::vector<std::string>* lines) {
  const auto& descriptor = *before.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    std::string name = Cat({prefix, field.name()});
    if (field.is_repeated()) {
      CompareLists(name, ListTexts(before, field), ListTexts(after, field), lines);
      continue;
    }
    bool had = before.GetReflection()->HasField(before, &field);
    bool has = after.GetReflection()->HasField(after, &field);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && had && has) {
      Compare(Cat({name, "."}), before.GetReflection()->GetMessage(before, &field),
              after.GetReflection()->GetMessage(after, &field), lines);
      continue;
    }
    if (!had && !has) continue;
    std::string old_text = had ? ValueText(before, field, -1) : "(nothing)";
    std::string new_text = has ? ValueText(after, field, -1) : "(nothing)";
    if (had == has && old_text == new_text) continue;
    lines->push_back(Cat({name, ": ", new_text, ", not ", old_text}));
  }
}

}  // namespace

std::vector<std::string> FieldChanges(const Message& before, const Message& after) {
  std::vector<std::string> lines;
  Compare("", before, after, &lines);
  return lines;
}

std::string FieldsText(const Message& message) {
  std::string text;
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->name() == "id") continue;
    text += Cat({text.empty() ? "" : ", ", field->name(), " "});
    if (!field->is_repeated()) {
      text += ValueText(message, *field, -1);
      continue;
    }
    std::string list;
    for (const std::string& one : ListTexts(message, *field)) {
      list += Cat({list.empty() ? "" : " ", one});
    }
    text += list;
  }
  return text;
}

}  // namespace palermo::desk
