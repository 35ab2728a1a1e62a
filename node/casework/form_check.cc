#include "node/casework/form_check.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/field_words.h"
#include "node/casework/identifiers.h"
#include "node/casework/name_check.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Germany has one letter in passports.
bool IsState(const std::string& text) { return IsCountry(text) || IsCountry3(text) || text == "D"; }

// NUL, ESC, the C1 controls and their like. A list or an address may have more lines than one; a
// name has one.
bool IsControl(char32_t c, bool one_line) {
  const bool line = c == '\n' || c == '\r' || c == '\t' || c == 0x85;
  return (c < 0x20 || (c >= 0x7f && c < 0xa0)) && (one_line || !line);
}

// Where the first control is: its line and its place there, both from 1.
std::optional<TextArgs> ControlIn(std::string_view text, bool one_line) {
  // C1 controls begin with this byte in UTF-8.
  const bool may = std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || byte == 0xc2;
  });
  size_t line = 1, place = 0;
  while (may && !text.empty()) {
    const char32_t c = TakeCodePoint(text);
    ++place;
    if (IsControl(c, one_line)) {
      return TextArgs{{"line", std::to_string(line)}, {"place", std::to_string(place)}};
    }
    if (c != '\n') continue;
    ++line;
    place = 0;
  }
  return std::nullopt;
}

// "2026-06-15T09:00": a time whose zone is missing.
bool LacksZone(const std::string& text) {
  return text.find('T') != std::string::npos && ParseInstant(Cat({text, "Z"})).ok();
}

class Walk {
 public:
  explicit Walk(std::vector<Finding>& findings) : findings_(findings) {}

  void Visit(const Message& message, const std::string& path) {
    const auto* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      // What the desk wrote itself, and what is sealed.
      if (OneOf(field->name(), {"computed", "overridden", "compartments"})) continue;
      const std::string at = path.empty() ? field->name() : Cat({path, ".", field->name()});
      const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        const std::string here = field->is_repeated() ? At(at, i) : at;
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          Visit(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                     : reflection->GetMessage(message, field),
                here);
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
          Text(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                    : reflection->GetString(message, field),
               *field, here, message);
        }
      }
    }
  }

 private:
  void Text(const std::string& text, const FieldDescriptor& field, const std::string& at,
            const Message& message) {
    if (text.empty()) return;
    const auto control =
        ControlIn(text, (IsNameField(at) && !IsOfficeField(at)) || IsAddressField(at, text));
    if (control.has_value()) Tell("R-GEN-01.control", at, findings_, *control);
    const FieldRow* row = FindField(field);
    switch (row == nullptr ? Form::kText : row->form) {
      case Form::kDate:
      case Form::kInstant:
        if (IsDateText(text)) break;
        Tell(LacksZone(text) ? "R-GEN-01.zone" : NoDateKey(text, row->form == Form::kInstant), at,
             findings_);
        break;
      case Form::kHash:
        Hash(text, at);
        break;
      case Form::kLanguage:
        if (!IsLanguageTag(text)) Tell("R-GEN-01.language", at, findings_);
        break;
      case Form::kState:
        if (!IsState(text)) Tell("R-GEN-01.country", at, findings_);
        break;
      case Form::kCode:
      case Form::kText:
        break;
    }
    if (!IsFreeText(message, field)) Word(message, text, field, at);
  }

  // A digit that is missing, or one too many, is a slip of who copied it.
  void Hash(const std::string& text, const std::string& at) {
    if (IsHexHash(text)) return;
    const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
      return absl::ascii_isxdigit(static_cast<unsigned char>(c));
    });
    if (!hex) {
      Tell("R-GEN-01.hash", at, findings_);
      return;
    }
    Tell("R-GEN-01.hash_length", at, findings_, {{"digits", std::to_string(text.size())}});
  }

  // A document or a vessel is suspected of one of a few things, a payment of anything.
  static bool IsFreeText(const Message& message, const FieldDescriptor& field) {
    if (field.name() != "suspicion") return false;
    const auto& item = static_cast<const v1::Item&>(message);
    return item.type() != v1::AssistanceType::VERIFY_DOCUMENT && !item.has_vessel();
  }

  void Word(const Message& message, const std::string& text, const FieldDescriptor& field,
            const std::string& at) {
    const FieldWords* list = FindWords(field.containing_type()->name(), field.name());
    if (list == nullptr || IsWordOf(list->message, list->field, text)) return;
    // What is to be preserved or named hangs on the kind; other words for it are understood.
    const bool kind = list->message == "Selector";
    if (kind && !SelectorKind(text).empty()) return;
    std::string words;
    for (std::string_view word : list->words) words += Cat({words.empty() ? "" : ", ", word});
    // Other services have other identifiers; what may be one is let through with a note.
    const bool own = kind && IsPlausible(static_cast<const v1::Selector&>(message));
    // A gate hangs on these: what is sought decides which order is needed.
    const bool gate = (kind && !own) || list->field == "data_categories";
    Tell(gate ? "R-GEN-01.word" : "R-GEN-01.own_word", at, findings_, {{"words", words}});
  }

  std::vector<Finding>& findings_;
};

// In capitals, where small letters alone keep a text from being the code of a state.
std::optional<std::string> InCapitals(const std::string& text) {
  const bool letters = text.size() > 1 && std::all_of(text.begin(), text.end(), [](char c) {
                         return absl::ascii_isalpha(static_cast<unsigned char>(c));
                       });
  const std::string capitals = absl::AsciiStrToUpper(text);
  if (!letters || capitals == text || !IsState(capitals)) return std::nullopt;
  return capitals;
}

void CapitaliseIn(Message& message, const std::string& path, std::vector<std::string>& told) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at = path.empty() ? field->name() : Cat({path, ".", field->name()});
    const bool many = field->is_repeated();
    const FieldRow* row = FindField(*field);
    const bool state = field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && row != nullptr &&
                       row->form == Form::kState;
    for (int i = 0; i < (many ? reflection->FieldSize(message, field) : 1); ++i) {
      const std::string here = many ? At(at, i) : at;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CapitaliseIn(many ? *reflection->MutableRepeatedMessage(&message, field, i)
                          : *reflection->MutableMessage(&message, field),
                     here, told);
      }
      if (!state) continue;
      const auto capitals = InCapitals(many ? reflection->GetRepeatedString(message, field, i)
                                            : reflection->GetString(message, field));
      if (!capitals.has_value()) continue;
      if (many) reflection->SetRepeatedString(&message, field, i, *capitals);
      if (!many) reflection->SetString(&message, field, *capitals);
      told.push_back(here);
    }
  }
}

}  // namespace

std::vector<std::string> CapitaliseStates(Message& body) {
  std::vector<std::string> told;
  CapitaliseIn(body, "", told);
  return told;
}

std::vector<Finding> CheckForms(const v1::CaseBody& body) {
  std::vector<Finding> findings;
  Walk(findings).Visit(body, "");
  return findings;
}

}  // namespace palermo::casework
