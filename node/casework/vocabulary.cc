#include "node/casework/vocabulary.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;

template <typename Row>
std::vector<Row> Joined(std::span<const Row> first, std::span<const Row> second) {
  std::vector<Row> rows(first.begin(), first.end());
  rows.insert(rows.end(), second.begin(), second.end());
  return rows;
}

// The enum's message, whose name is the vocabulary's: "AssistanceType".
constexpr std::pair<std::string_view, Vocabulary> kEnums[] = {
    {"AssistanceType", Vocabulary::kAssistance},
    {"ItemOutcome", Vocabulary::kOutcome},
    {"RefusalGround", Vocabulary::kGround},
    {"PostponementGround", Vocabulary::kPostponement},
    {"ConsultTopic", Vocabulary::kTopic},
    {"Family", Vocabulary::kFamily},
    {"Act", Vocabulary::kAct},
    {"Urgency", Vocabulary::kUrgency},
    {"Handling", Vocabulary::kHandling},
    {"Role", Vocabulary::kRole},
};

std::string_view TextForm(Form form) {
  switch (form) {
    case Form::kText:
      return Msg("text");
    case Form::kCode:
      return Msg("a code");
    case Form::kDate:
      return Msg("date: 2026-06-15");
    case Form::kInstant:
      return Msg("time with zone: 2026-06-15T09:30:00Z");
    case Form::kHash:
      return Msg("SHA-256: 64 letters of lower-case hex");
    case Form::kLanguage:
      return Msg("language: en");
    case Form::kState:
      return Msg("state: QT");
  }
  return "";
}

}  // namespace

std::span<const Meaning> Meanings() {
  static const auto& all = *new std::vector<Meaning>(
      Joined<Meaning>(Joined(ProcedureWords(), ContentWords()), ClosedWords()));
  return all;
}

std::string_view MeaningOf(Vocabulary vocabulary, std::string_view code) {
  static const auto& map =
      *new std::map<std::pair<Vocabulary, std::string_view>, std::string_view>([] {
        std::map<std::pair<Vocabulary, std::string_view>, std::string_view> built;
        for (const Meaning& m : Meanings()) built.emplace(std::pair(m.vocabulary, m.code), m.text);
        return built;
      }());
  const auto found = map.find({vocabulary, code});
  return found == map.end() ? "" : found->second;
}

std::string_view MeaningOf(const google::protobuf::EnumValueDescriptor& value) {
  const auto* message = value.type()->containing_type();
  if (message == nullptr) return "";
  const auto* found = std::find_if(std::begin(kEnums), std::end(kEnums),
                                   [&](const auto& row) { return row.first == message->name(); });
  return found == std::end(kEnums) ? "" : MeaningOf(found->second, value.name());
}

std::span<const FieldRow> FieldRows() {
  static const auto& all = *new std::vector<FieldRow>([] {
    std::vector<FieldRow> rows;
    for (const auto part : {ItemFields(), OtherFields(), SharedFields(), AreaFields(),
                            OperationFields(), AnswerFields()}) {
      rows.insert(rows.end(), part.begin(), part.end());
    }
    return rows;
  }());
  return all;
}

const FieldRow* FindField(const FieldDescriptor& field) {
  static const auto& map =
      *new std::map<std::pair<std::string_view, std::string_view>, const FieldRow*>([] {
        std::map<std::pair<std::string_view, std::string_view>, const FieldRow*> built;
        for (const FieldRow& row : FieldRows())
          built.emplace(std::pair(row.message, row.field), &row);
        return built;
      }());
  const auto found = map.find({field.containing_type()->name(), field.name()});
  return found == map.end() ? nullptr : found->second;
}

std::string FieldMeaning(const FieldDescriptor& field) {
  const FieldRow* row = FindField(field);
  if (row != nullptr) return std::string(row->text);
  std::string name = field.name();
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string_view FieldForm(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      const FieldRow* row = FindField(field);
      return TextForm(row == nullptr ? Form::kText : row->form);
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return Msg("true or false");
    case FieldDescriptor::CPPTYPE_ENUM:
      return Msg("a word of: palermo case new --list --codes");
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Msg("a group of fields");
    case FieldDescriptor::CPPTYPE_INT64:
      return Msg("a whole number, as text: \"500\"");
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return Msg("a number");
    default:
      return Msg("a whole number");
  }
}

}  // namespace palermo::casework
