#include "node/letter/field_lines.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "node/casework/field_words.h"
#include "node/casework/finding.h"
#include "node/casework/identifiers.h"
#include "node/casework/vocabulary.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::letter {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A code that a body writes as text, with its meaning beside it: "suspect (SUSPECT)".
std::string WithMeaning(const std::string& text, const FieldDescriptor& field,
                        words::Language language) {
  const casework::FieldRow* row = casework::FindField(field);
  const bool closed = casework::FindWords(field.containing_type()->name(), field.name()) != nullptr;
  if (!closed && (row == nullptr || row->form != casework::Form::kCode)) return text;
  const std::string_view meaning = casework::MeaningOf(casework::Vocabulary::kWord, text);
  if (meaning.empty()) return text;
  return casework::FillText(
      "{meaning} ({code})",
      {{"meaning", std::string(words::Translate(language, meaning))}, {"code", text}}, false);
}

std::string ScalarText(const Message& message, const FieldDescriptor& field, int index,
                       words::Language language) {
  const auto& reflection = *message.GetReflection();
  bool many = field.is_repeated();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return WithMeaning(many ? reflection.GetRepeatedString(message, &field, index)
                              : reflection.GetString(message, &field),
                         field, language);
    case FieldDescriptor::CPPTYPE_BOOL: {
      bool yes = many ? reflection.GetRepeatedBool(message, &field, index)
                      : reflection.GetBool(message, &field);
      return PlainWord(casework::Vocabulary::kWord, yes ? "YES" : "NO", language);
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumWord(many ? *reflection.GetRepeatedEnum(message, &field, index)
                           : *reflection.GetEnum(message, &field),
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

// "250000.00 XTS"; an amount that is no integer of a known currency stays as it is written.
std::string MoneyText(const v1::Money& money) {
  const int digits = casework::MinorDigits(money.ccy());
  if (digits < 0 || money.minor() < 0) {
    return absl::StrFormat("%d %s", money.minor(), money.ccy());
  }
  const std::string figures = absl::StrFormat("%0*d", digits + 1, money.minor());
  const size_t point = figures.size() - static_cast<size_t>(digits);
  return Cat(
      {figures.substr(0, point), digits > 0 ? "." : "", figures.substr(point), " ", money.ccy()});
}

void Collect(const Message& message, const std::string& before, words::Language language,
             const std::set<std::string>& skip, Pairs* out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    // Sealed bytes say nothing on paper.
    if (skip.contains(field->name()) || field->type() == FieldDescriptor::TYPE_BYTES) continue;
    bool many = field->is_repeated();
    int count = many ? reflection.FieldSize(message, field) : 1;
    std::string name(words::Translate(language, casework::FieldMeaning(*field)));
    name = before.empty() ? name : Cat({before, ", ", name});
    for (int i = 0; i < count; ++i) {
      std::string numbered = count > 1 ? absl::StrFormat("%s %d", name, i + 1) : name;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& inner = many ? reflection.GetRepeatedMessage(message, field, i)
                                    : reflection.GetMessage(message, field);
        if (inner.GetDescriptor() == v1::Money::descriptor()) {
          out->emplace_back(numbered, MoneyText(static_cast<const v1::Money&>(inner)));
          continue;
        }
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

std::string PlainWord(casework::Vocabulary vocabulary, const std::string& code,
                      words::Language language) {
  const std::string_view meaning = casework::MeaningOf(vocabulary, code);
  if (!meaning.empty()) return std::string(words::Translate(language, meaning));
  std::string word = absl::AsciiStrToLower(code);
  std::replace(word.begin(), word.end(), '_', ' ');
  return word;
}

std::string EnumWord(const google::protobuf::EnumValueDescriptor& value, words::Language language) {
  const std::string_view meaning = casework::MeaningOf(value);
  return meaning.empty() ? PlainWord(casework::Vocabulary::kWord, value.name(), language)
                         : std::string(words::Translate(language, meaning));
}

std::string Joined(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) {
    text += Cat({text.empty() ? "" : "\n", name, ": ", value});
  }
  return text;
}

}  // namespace palermo::letter
