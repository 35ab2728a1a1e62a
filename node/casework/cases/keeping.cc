// How long records of firearms are kept, FAP 7, and transfers from state to state, FAP 4(2),
// wherever a case says so.
#include "node/casework/cases/keeping.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kDeepest = 8;
constexpr double kMonthsOfYear = 12, kDaysOfYear = 365.25;

struct Word {
  const char* said;
  const char* means;
};
// Of any record.
constexpr Word kFlat[] = {
    {"retention_years", "years"}, {"keep_years", "years"},        {"retention_months", "months"},
    {"keep_until", "keep_until"}, {"retain_until", "keep_until"}, {"retention_until", "keep_until"},
    {"delete_by", "delete_by"},   {"delete_at", "delete_by"},     {"delete_after", "delete_by"},
    {"delete_on", "delete_by"},   {"destroy_at", "delete_by"},    {"purge_at", "delete_by"},
    {"deleted_at", "delete_by"},  {"KEEP_UNTIL", "keep_until"},   {"DELETE_BY", "delete_by"}};
// Of a note about keeping alone.
constexpr Word kNote[] = {
    {"minimum_years", "years"},   {"min_years", "years"},      {"min", "years"},
    {"years_min", "years"},       {"keep_for_years", "years"}, {"for_years", "years"},
    {"duration_years", "years"},  {"max_years", "years"},      {"period_years", "years"},
    {"until", "keep_until"},      {"end", "keep_until"},       {"to", "keep_until"},
    {"expires_at", "keep_until"}, {"record_date", "since"},    {"recorded_at", "since"},
    {"recorded", "since"},        {"created", "since"},        {"created_at", "since"},
    {"start", "since"},           {"from", "since"},           {"closed_at", "since"}};

// "P10Y", "10 years after closing": years, where a date was expected.
bool IsPeriod(const std::string& text, double& years) {
  std::string_view folded = text;
  if (!folded.empty() && (folded[0] == 'P' || folded[0] == 'p')) folded.remove_prefix(1);
  const size_t digits = std::min(folded.find_first_not_of("0123456789"), folded.size());
  std::string_view rest = folded.substr(digits);
  while (!rest.empty() && (rest[0] == ' ' || rest[0] == '_' || rest[0] == '-')) {
    rest.remove_prefix(1);
  }
  return digits > 0 && !rest.empty() && (rest[0] == 'Y' || rest[0] == 'y') &&
         absl::SimpleAtod(std::string(folded.substr(0, digits)), &years);
}

// What is said in words where a date was expected: a number of years, or no end ("indefinite",
// "never").
void ReadWords(Struct& note) {
  for (const char* name : {"keep_until", "delete_by"}) {
    const std::string said = TextOf(note, name);
    double years = 0;
    if (IsPeriod(said, years)) {
      Take(note, name);
      if (Member(note, "years") == nullptr) {
        (*note.mutable_fields())["years"].set_number_value(years);
      }
    } else if (said.find_first_of("0123456789") == std::string::npos && !said.empty()) {
      Take(note, name);
    }
  }
}

void ShapeNote(Struct& note) {
  for (const Word& word : kFlat) Rename(note, word.said, word.means);
  for (const Word& word : kNote) Rename(note, word.said, word.means);
  ReadWords(note);
  double number = 0;
  for (const auto& [name, of_year] :
       {std::pair("months", kMonthsOfYear), std::pair("days", kDaysOfYear)}) {
    const std::string said = AnyText(note, name);
    if (Member(note, "years") != nullptr || !absl::SimpleAtod(said, &number)) continue;
    Put(note, "years", Value());
    (*note.mutable_fields())["years"].set_number_value(number / of_year);
  }
  const Value* years = Member(note, "years");
  if (years != nullptr && IsYears(*years, number)) {
    (*note.mutable_fields())["years"].set_number_value(number);
  }
}

// {"kind": "KEEP_UNTIL", "due_at": "2031-03-02"}
void TakeDuty(const Struct& duty, Struct& note) {
  const std::string kind = FirstOf(duty, {"kind", "type", "code", "duty"});
  const std::string due = FirstOf(duty, {"due_at", "at", "until", "due", "by"});
  for (const auto& [said, means] :
       {std::pair("KEEP_UNTIL", "keep_until"), std::pair("DELETE_BY", "delete_by")}) {
    if (kind == said && !due.empty()) Put(note, means, TextValue(due));
  }
}

bool IsIntelligence(const Struct& record) {
  return Contains(TextOf(record, "type"), {"LEAD", "ALERT", "INTELLIGENCE", "NOTICE"}) ||
         Member(record, "evaluation") != nullptr ||
         TextOf(record, "evidence_status") == "INTELLIGENCE_ONLY";
}

bool NamesKeeping(const std::string& name) { return Contains(name, {"retention", "keeping"}); }

// FAP 7 is about records of firearms: a warrant or a sentence beside them has its own time.
bool MayBeOfFirearms(const Struct& record, const std::string& name) {
  switch (TypeOfRecord(record)) {
    case v1::AssistanceType::TRACE_FIREARM:
    case v1::AssistanceType::VERIFY_LICENCE:
    case v1::AssistanceType::CONFIRM_SHIPMENT_RECEIPT:
      return true;
    default:
      break;
  }
  for (const char* part :
       {"firearm", "firearms", "licence", "recovery", "retention", "obligations"}) {
    if (Member(record, part) != nullptr) return true;
  }
  return NamesKeeping(name) || Contains(TextOf(record, "class"), {"FAP"}) ||
         OneOf(TextOf(record, "kind"), {"KEEP_UNTIL", "DELETE_BY"}) ||
         Contains(name, {"trace", "firearm", "weapon", "pistol", "licence", "license", "answer",
                         "record", "response", "result", "request"});
}

// What of a record is a note about keeping.
Struct NoteOf(const Struct& record, const std::string& name) {
  Struct kept = record;
  Take(kept, "type");
  ShapeRetention(kept);
  const Struct* own = ObjectOf(kept, "retention");
  Struct note = own == nullptr ? Struct() : *own;
  TakeDuty(record, note);
  if (NamesKeeping(name) && own == nullptr) note = record;
  for (const char* years : {"years", "min_years", "period_years"}) {
    if (Member(record, years) != nullptr) Put(note, years, *Member(record, years));
  }
  ShapeNote(note);
  const bool says = Member(note, "years") != nullptr || Member(note, "keep_until") != nullptr ||
                    Member(note, "delete_by") != nullptr;
  if (!says) return {};
  for (const char* since : {"created", "created_at", "recorded_at", "since"}) {
    const Value* begun = Member(record, since);
    if (begun != nullptr && Member(note, "since") == nullptr) Put(note, "since", *begun);
  }
  return note;
}

// A word for a transfer from state to state, or a member that says it.
bool IsStateWord(const std::string& text) {
  return text.rfind("STATE_TO_STATE", 0) == 0 || text.rfind("STATE_TRANS", 0) == 0 ||
         OneOf(text, {"GOVERNMENT_TO_GOVERNMENT", "FAP_4_2"});
}
bool NamesStates(const std::string& name) {
  return Contains(name, {"state_to_state", "state_transfer", "state_transaction", "between_states",
                         "government_transfer", "government_to_government"});
}

// {"excluded": ["STATE_TO_STATE"]}, {"state_to_state": {"checked": true, "applies": false}}
bool IsRuledOut(const std::string& name, const Value& value) {
  if (name == "excluded" || name.starts_with("not_")) return true;
  const Value* applies = Member(value.struct_value(), "applies");
  return applies != nullptr && !SaysYes(applies);
}

bool TellsOfStates(const Value& value, int depth = 0) {
  if (depth > kDeepest) return false;
  if (IsStateWord(value.string_value())) return true;
  const auto& list = value.list_value().values();
  if (std::any_of(list.begin(), list.end(),
                  [&](const Value& each) { return TellsOfStates(each, depth + 1); })) {
    return true;
  }
  const auto& members = value.struct_value().fields();
  return std::any_of(members.begin(), members.end(), [&](const auto& member) {
    if (IsRuledOut(member.first, member.second)) return false;
    return (NamesStates(member.first) && SaysYes(&member.second)) ||
           TellsOfStates(member.second, depth + 1);
  });
}

}  // namespace

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

void ShapeRetention(Struct& item) {
  const Value* there = Member(item, "retention");
  double years = 0;
  if (there != nullptr && IsYears(*there, years)) {
    Take(item, "retention");
    (*ObjectIn(item, "retention").mutable_fields())["years"].set_number_value(years);
  }
  for (const Word& word : kFlat) {
    if (Member(item, word.said) == nullptr) continue;
    const Value said = Take(item, word.said);
    Put(ObjectIn(item, "retention"), word.means, said);
  }
  // What a part of the record says of the keeping.
  for (const char* part : {"licence", "firearm", "recovery"}) {
    const Struct* inner = ObjectOf(item, part);
    const Value* kept = inner == nullptr ? nullptr : Member(*inner, "retention");
    if (kept != nullptr && Member(item, "retention") == nullptr) Put(item, "retention", *kept);
  }
  if (const Value* duties = Member(item, "obligations")) {
    Struct note;
    for (const Value& duty : duties->list_value().values()) TakeDuty(duty.struct_value(), note);
    for (const auto& [name, value] : note.fields()) Put(ObjectIn(item, "retention"), name, value);
  }
  if (ObjectOf(item, "retention") == nullptr) return;
  // When the record was made, if it says how long it is kept.
  Struct& note = ObjectIn(item, "retention");
  ShapeNote(note);
  for (const char* name : {"created", "recorded_at"}) {
    const Value* since = Member(item, name);
    if (since != nullptr && Member(note, "since") == nullptr) Put(note, "since", *since);
  }
}

void JudgeKeeping(const Struct& record, const std::string& name, const CaseFacts& facts,
                  std::vector<Finding>& findings) {
  if (IsIntelligence(record) || !MayBeOfFirearms(record, name)) return;
  const Struct note = NoteOf(record, name);
  if (!note.fields().empty()) {
    Struct kept;
    Put(kept, "type", TextValue("TRACE_FIREARM"));
    ObjectIn(kept, "retention") = note;
    const auto mapped = MapRecord(kept, name, facts);
    for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
      if (finding.rule == "R-CLK-FAP") findings.push_back(std::move(finding));
    }
  }
  // {"retention": {"trace": {"keep_until": ...}}}: a note for each.
  if (!NamesKeeping(name)) return;
  for (const auto& [member, value] : record.fields()) {
    if (value.has_struct_value()) JudgeKeeping(value.struct_value(), name, facts, findings);
    for (const Value& each : value.list_value().values()) {
      if (each.has_struct_value()) JudgeKeeping(each.struct_value(), name, facts, findings);
    }
  }
}

void JudgeStateTransfers(const Struct& json, std::vector<Finding>& findings) {
  for (const char* part : {"request", "records"}) {
    const Value* home = Member(json, part);
    if (home == nullptr || !TellsOfStates(*home)) continue;
    Tell("R-FAP-09.state", part, findings);
    return;
  }
}

}  // namespace palermo::casework
