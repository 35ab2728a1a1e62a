// Every code of the procedure and of a body in plain English words, and every field of a body; the
// catalogues of node/words translate them. Pure tables; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_VOCABULARY_H_
#define PALERMO_NODE_CASEWORK_VOCABULARY_H_

#include <google/protobuf/descriptor.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace palermo::casework {

// Marks a text that deploy/texts takes into the catalogues.
constexpr std::string_view Msg(std::string_view text) { return text; }

enum class Vocabulary : uint8_t {
  kFamily,
  kFamilyPurpose,  // what a family is for, by the family's name
  kAct,
  kState,
  kSide,
  kSeverity,
  kUrgency,
  kHandling,
  kArea,  // the ten areas of crime, and ANY
  kAssistance,
  kOutcome,
  kGround,
  kPostponement,  // grounds of a postponement or suspension
  kTopic,
  kRole,
  kWord,  // words that bodies write as text: SUSPECT, INVESTIGATION, TRIAL_DATE
};

struct Meaning {
  Vocabulary vocabulary;
  std::string_view code;  // "TAKE_EVIDENCE"
  std::string_view text;  // "evidence or a statement from a person"
};
std::span<const Meaning> Meanings();
// "" when the vocabulary has no such code.
std::string_view MeaningOf(Vocabulary vocabulary, std::string_view code);
// Of a value of one of the protocol's enums; "" when it has no meaning here.
std::string_view MeaningOf(const google::protobuf::EnumValueDescriptor& value);

// How a text of a field is written.
enum class Form : uint8_t { kText, kCode, kDate, kInstant, kHash, kLanguage, kState };
struct FieldRow {
  std::string_view message;  // "Item"
  std::string_view field;    // "custodian"
  std::string_view text;     // "who holds it"
  Form form = Form::kText;
};
std::span<const FieldRow> FieldRows();
// Null when there is no row.
const FieldRow* FindField(const google::protobuf::FieldDescriptor& field);
// The row's text; without a row the field's name with spaces, which no catalogue has.
std::string FieldMeaning(const google::protobuf::FieldDescriptor& field);
// How to write it: "date: 2026-06-15", "true or false".
std::string_view FieldForm(const google::protobuf::FieldDescriptor& field);

// The parts of the tables.
std::span<const Meaning> ProcedureWords();
std::span<const Meaning> ContentWords();
std::span<const Meaning> ClosedWords();
std::span<const FieldRow> ItemFields();
std::span<const FieldRow> OtherFields();
std::span<const FieldRow> SharedFields();
std::span<const FieldRow> AreaFields();
std::span<const FieldRow> OperationFields();
std::span<const FieldRow> AnswerFields();

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_VOCABULARY_H_
