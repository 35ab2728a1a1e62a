// How long records of firearms are kept, FAP 7, and transfers from state to state, FAP 4(2),
// wherever a case says so.
#include "node/casework/cases/keeping.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kDeepestRetention = 8;
constexpr double kMonthsOfYear = 12, kDaysOfYear = 365;

struct Word {
  const char* said;
  const char* means;
};
// Of any record.
constexpr Word kFlat[] = {{"retention_years", "years"},     {"keep_years", "years"},
                          {"retention_months", "months"},   {"delete_after_years", "years"},
                          {"min_retention_years", "years"}, {"retention_days", "days"},
                          {"kept_until", "keep_until"},     {"keep_until", "keep_until"},
                          {"retain_until", "keep_until"},   {"retention_until", "keep_until"},
                          {"delete_by", "delete_by"},       {"delete_at", "delete_by"},
                          {"delete_after", "delete_by"},    {"delete_on", "delete_by"},
                          {"destroy_at", "delete_by"},      {"purge_at", "delete_by"},
                          {"deleted_at", "delete_by"},      {"KEEP_UNTIL", "keep_until"},
                          {"DELETE_BY", "delete_by"}};
// Of a note about keeping alone.
constexpr Word kNote[] = {
    {"minimum_years", "years"},   {"min_years", "years"},      {"min", "years"},
    {"years_min", "years"},       {"keep_for_years", "years"}, {"for_years", "years"},
    {"duration_years", "years"},  {"max_years", "years"},      {"period_years", "years"},
    {"until", "keep_until"},      {"end", "keep_until"},       {"to", "keep_until"},
    {"expires_at", "keep_until"}, {"record_date", "since"},    {"recorded_at", "since"},
    {"recorded", "since"},        {"created", "since"},        {"created_at", "since"},
    {"start", "since"},           {"from", "since"},           {"closed_at", "since"}};
// When a record was made, and when what it tells of happened.
constexpr const char* kMade[] = {"since", "created", "created_at",  "recorded_at", "recorded",
                                 "made",  "made_at", "record_date", "opened",      "opened_at"};
constexpr const char* kHappened[] = {"start",       "at",       "date",       "traced_at",
                                     "answered_at", "received", "received_at"};

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

// How often it is looked at, who may see it, by how much it may be longer.
bool IsNoTimeOfKeeping(const std::string& name) {
  const std::vector<std::string> words = WordsIn(name);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    for (const char* start : {"review", "audit", "ext", "access", "renew", "since"}) {
      if (word.starts_with(start)) return true;
    }
    return false;
  });
}

// {"trace": "P5Y"}, {"trace_years": 7}: the shortest time of all that is said.
void ReadPeriods(Struct& note) {
  if (Member(note, "years") != nullptr) return;
  double shortest = 0;
  for (const auto& [name, value] : note.fields()) {
    if (IsNoTimeOfKeeping(name) || NamesOtherRecords(name)) continue;
    double years = 0;
    // {"licence": 5}: years of what FAP 7 has kept.
    const bool counted =
        name.ends_with("_years") || OneOf(name, {"licence", "licences", "trace", "traces",
                                                 "firearm", "firearms", "transfer", "transfers"});
    const bool period = value.kind_case() == Value::kStringValue
                            ? IsPeriod(value.string_value(), years)
                            : counted && IsYears(value, years);
    if (period && (shortest == 0 || years < shortest)) shortest = years;
  }
  if (shortest > 0) (*note.mutable_fields())["years"].set_number_value(shortest);
}

void ShapeNote(Struct& note) {
  for (const Word& word : kFlat) Rename(note, word.said, word.means);
  for (const Word& word : kNote) Rename(note, word.said, word.means);
  for (const char* made : kMade) Rename(note, made, "since");
  for (const char* happened : kHappened) Rename(note, happened, "since");
  ReadWords(note);
  ReadPeriods(note);
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
  if (IsOfOtherRecords(duty)) return;
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

// {"class": "FAP_TRACE"}; not {"class": "RIFLE"}, which is the firearm's.
bool IsOfFap(const Struct& record) {
  const std::string word = TextOf(record, "class");
  return NamesFirearms(word) && !IsWordOf("Firearm", "class", word);
}

bool NamesKeeping(const std::string& name) {
  return HasWord(name, {"retention", "keeping", "recordkeeping"});
}

// What a case calls its own: "answer", "records_1"; an "access_request" is something else.
bool IsPlainName(const std::string& name) {
  const std::string word = name.substr(0, name.find_last_not_of("_0123456789") + 1);
  return OneOf(word, {"answer", "answers", "record", "records", "response", "responses", "result",
                      "results", "request", "requests", "reply", "replies"});
}

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
  if (NamesOtherRecords(name) || IsOfOtherRecords(record)) return false;
  for (const char* part : {"firearm", "firearms", "licence", "recovery", "retention", "obligations",
                           "keep_until", "retain_until", "retention_until", "keep_years",
                           "retention_years", "retention_days", "delete_by"}) {
    if (Member(record, part) != nullptr) return true;
  }
  return NamesKeeping(name) || IsOfFap(record) ||
         OneOf(TextOf(record, "kind"), {"KEEP_UNTIL", "DELETE_BY"}) || NamesFirearms(name) ||
         IsPlainName(name);
}

// The earlier of the two; a text that is no time is none.
void TakeEarlier(const std::string& text, std::string& earliest) {
  const auto at = ParseInstant(text), known = ParseInstant(earliest);
  if (at.ok() && (!known.ok() || *at < *known)) earliest = text;
}

// The day on which the record says that it was made, else the first of which it tells; "" for none.
std::string MadeAt(const Struct& record) {
  std::string earliest;
  for (const char* name : kMade) TakeEarlier(TextOf(record, name), earliest);
  if (!earliest.empty()) return earliest;
  for (const char* name : kHappened) TakeEarlier(TextOf(record, name), earliest);
  if (const Struct* recovery = ObjectOf(record, "recovery"); !earliest.empty() && recovery) {
    TakeEarlier(TextOf(*recovery, "at"), earliest);
  }
  // The register's entry of a licence, which nobody asks about.
  const bool asks = Member(record, "rd") != nullptr || Member(record, "rq") != nullptr;
  if (!asks) TakeEarlier(TextOf(record, "issued_at"), earliest);
  return earliest;
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
  // Years alone may be those of a sentence or of a licence.
  for (const char* years : {"years", "min_years", "period_years"}) {
    const Value* said = Member(record, years);
    if (said != nullptr && (NamesKeeping(name) || IsOfFap(record))) Put(note, years, *said);
  }
  ShapeNote(note);
  const bool says = Member(note, "years") != nullptr || Member(note, "keep_until") != nullptr ||
                    Member(note, "delete_by") != nullptr;
  if (!says) return {};
  if (Member(note, "since") == nullptr) Put(note, "since", TextValue(MadeAt(record)));
  return note;
}

// A note for each class of records: the one about records of firearms.
void TakeOwnNote(Struct& item) {
  const Value* there = Member(item, "retention");
  if (there == nullptr || !there->has_list_value()) return;
  const Value notes = *there;
  Take(item, "retention");
  for (const Value& note : notes.list_value().values()) {
    if (IsOfOtherRecords(note.struct_value())) continue;
    Put(item, "retention", note);
    return;
  }
}

// {"exporter_kind": "STATE"}, {"exporter": {"kind": "GOVERNMENT"}}, {"exporter": "State of X"}
bool IsOfState(const Struct& object, const std::string& who) {
  std::string kind = FirstOf(object, {(who + "_kind").c_str(), (who + "_type").c_str()});
  const Struct* party = ObjectOf(object, who);
  if (kind.empty() && party != nullptr) kind = FirstOf(*party, {"kind", "type"});
  const std::string name = TextOf(object, who);
  return OneOf(kind, {"STATE", "GOVERNMENT", "State", "Government"}) ||
         OneOf(name, {"STATE", "GOVERNMENT"}) || name.rfind("State of ", 0) == 0 ||
         name.rfind("Government of ", 0) == 0;
}

// Both sides of a transfer are states.
bool JoinsStates(const Struct& object) {
  for (const auto& [from, to] :
       {std::pair("exporter", "importer"), std::pair("consignor", "consignee"),
        std::pair("from", "to"), std::pair("sender", "recipient"), std::pair("seller", "buyer"),
        std::pair("transferor", "transferee"), std::pair("exporter", "final_recipient")}) {
    if (IsOfState(object, from) && IsOfState(object, to)) return true;
  }
  const auto parties = TextsOf(object, "parties");
  return parties.size() > 1 && std::all_of(parties.begin(), parties.end(), [](const auto& party) {
           return OneOf(party, {"STATE", "GOVERNMENT"});
         });
}

// {"excluded": ["STATE_TO_STATE"]}, {"state_to_state": {"checked": true, "applies": false}}
bool IsRuledOut(const std::string& name, const Value& value) {
  if (name == "excluded" || name.starts_with("not_")) return true;
  const Value* applies = Member(value.struct_value(), "applies");
  return applies != nullptr && !SaysYes(applies);
}

bool TellsOfStates(const Value& value, int depth) {
  if (depth > kDeepestRetention) return false;
  if (SaysStates(value.string_value())) return true;
  const auto& list = value.list_value().values();
  if (std::any_of(list.begin(), list.end(),
                  [&](const Value& each) { return TellsOfStates(each, depth + 1); })) {
    return true;
  }
  const auto& members = value.struct_value().fields();
  return JoinsStates(value.struct_value()) ||
         std::any_of(members.begin(), members.end(), [&](const auto& member) {
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

bool IsOfOtherRecords(const Struct& note) {
  // A firearm has a class, too.
  for (const char* name : {"class", "record_class", "retention_class", "data_class"}) {
    const std::string word = TextOf(note, name);
    if (word.empty() || IsWordOf("Firearm", "class", word)) continue;
    if (!NamesFirearms(word)) return true;
  }
  for (const char* name : {"type", "object", "of", "scope", "subject", "applies_to", "record"}) {
    if (NamesOtherRecords(TextOf(note, name))) return true;
  }
  return false;
}

void ShapeRetention(Struct& item) {
  TakeOwnNote(item);
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
  if (const Struct* handling = ObjectOf(item, "handling")) {
    const Struct label = *handling;
    for (const Word& word : kFlat) {
      const Value* said = Member(label, word.said);
      if (said != nullptr) Put(ObjectIn(item, "retention"), word.means, *said);
    }
  }
  for (const char* part : {"licence", "firearm", "recovery", "handling"}) {
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
  const std::string made = MadeAt(item);
  if (!made.empty() && Member(note, "since") == nullptr) Put(note, "since", TextValue(made));
}

std::string KeptFrom(const Struct& json) {
  std::string first;
  if (TextOf(json, "area") != "FIREARMS") return first;
  const auto add = [&](const Struct& record) {
    if (const Struct* recovery = ObjectOf(record, "recovery")) {
      TakeEarlier(FirstOf(*recovery, {"at", "date"}), first);
    }
    if (AnyText(record, "result").empty()) return;
    for (const char* name : kHappened) TakeEarlier(TextOf(record, name), first);
  };
  if (const Struct* records = ObjectOf(json, "records")) {
    for (const auto& [name, record] : records->fields()) {
      if (!IsIntelligence(record.struct_value())) add(record.struct_value());
    }
  }
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    add(items->list_value().values(i).struct_value());
  }
  return first;
}

void FillSince(const CaseFacts& facts, v1::Item& item) {
  if (!item.has_retention()) return;
  std::string since;
  if (ParseInstant(item.retention().since()).ok()) return;
  for (const std::string* text :
       {&facts.now, &facts.first_now, &facts.kept_from, &item.recovery().at()}) {
    TakeEarlier(*text, since);
  }
  item.mutable_retention()->set_since(since);
}

Struct KeptRecord(const Struct& record, const std::string& name) {
  Struct kept;
  const Struct note = NoteOf(record, name);
  if (note.fields().empty()) return kept;
  Put(kept, "type", TextValue("TRACE_FIREARM"));
  ObjectIn(kept, "retention") = note;
  return kept;
}

bool IsKeptOfFirearms(const Struct& record, const std::string& name) {
  return !IsIntelligence(record) && MayBeOfFirearms(record, name);
}

void JudgeKeeping(const Struct& record, const std::string& name, const CaseFacts& facts,
                  std::vector<Finding>& findings) {
  if (!IsKeptOfFirearms(record, name)) return;
  if (const Struct kept = KeptRecord(record, name); !kept.fields().empty()) {
    const auto mapped = MapRecord(kept, name, facts);
    for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
      if (finding.rule == "R-CLK-FAP") findings.push_back(std::move(finding));
    }
  }
  // {"retention": {"trace": {"keep_until": ...}}}: a note for each.
  if (!NamesKeeping(name)) return;
  for (const auto& [member, value] : record.fields()) {
    if (NamesOtherRecords(member)) continue;
    if (value.has_struct_value()) JudgeKeeping(value.struct_value(), name, facts, findings);
    for (const Value& each : value.list_value().values()) {
      if (each.has_struct_value()) JudgeKeeping(each.struct_value(), name, facts, findings);
    }
  }
}

void JudgeKeptByLabel(const Struct& record, const CaseFacts& facts,
                      std::vector<Finding>& findings) {
  Struct label;
  for (const char* part : {"type", "handling", "recovery"}) {
    if (const Value* said = Member(record, part)) Put(label, part, *said);
  }
  const bool kept = IsKeptOfFirearms(label, "") && ObjectOf(label, "handling") != nullptr;
  if (kept) JudgeKeeping(label, "record", facts, findings);
}

void JudgeLooseKeeping(const Struct& json, const CaseFacts& facts, std::vector<Finding>& findings) {
  const Struct* records = ObjectOf(json, "records");
  for (const Struct* home : {&json, records}) {
    if (home == nullptr) continue;
    Struct note;
    const auto take = [&](const char* name) {
      const Value* said = Member(*home, name);
      const bool plain = said != nullptr && (said->kind_case() == Value::kNumberValue ||
                                             said->kind_case() == Value::kStringValue);
      if (plain) Put(note, name, *said);
    };
    for (const Word& word : kFlat) take(word.said);
    take("retention");
    if (!note.fields().empty()) JudgeKeeping(note, "retention", facts, findings);
  }
}

bool TellsOfStates(const Struct& object) {
  Value value;
  *value.mutable_struct_value() = object;
  return TellsOfStates(value, 0);
}

void JudgeStateTransfers(const Struct& json, std::vector<Finding>& findings) {
  for (const char* part : {"request", "records"}) {
    const Value* home = Member(json, part);
    if (home == nullptr || !TellsOfStates(*home, 0)) continue;
    Tell("R-FAP-09.state", part, findings);
    return;
  }
}

}  // namespace palermo::casework
