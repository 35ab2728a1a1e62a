// Records and items in the places and words of the form: the answer and the result of a boarding
// by whatever name, grounds of a suspicion, origins of identifiers, what help depends on.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

bool IsOfAShip(AssistanceType::Code type) {
  return type == AssistanceType::BOARDING_AUTHORIZATION ||
         type == AssistanceType::FLAG_CONFIRMATION;
}

// What a record is for the requests beside it: "result" or "answer" of a boarding, "response" of a
// preservation; "" for none.
std::string PartOf(const std::string& name, const Struct& record, bool boards, bool keeps) {
  const std::string type = TextOf(record, "type");
  const std::string decision = TextOf(record, "decision");
  const bool decides =
      OneOf(decision, {"AUTHORISED", "FLAG_ACTS", "JOINT", "DECLINED", "NO_AUTHORITY_TO_DECIDE"}) ||
      decision.rfind("DEEMED", 0) == 0;
  const bool boarded = Member(record, "boarded_at") != nullptr ||
                       (Member(record, "measures") != nullptr && HasWords(name, {"result*"}));
  if (boards && (type == "BOARDING_RESULT" || (type.empty() && boarded && !decides))) {
    return "result";
  }
  const bool answers = type.empty()
                           ? HasWords(name, {"answer", "response", "reply", "decision",
                                             "authorisation", "authorization"})
                           : OneOf(type, {"BOARDING_ANSWER", "BOARDING_RESPONSE",
                                          "BoardingResponse", "FLAG_ANSWER", "FLAG_RESPONSE"});
  if (boards && answers && decides) return "answer";
  const bool kept = OneOf(TextOf(record, "status"), {"PRESERVED", "EXTENDED", "RELEASED",
                                                     "FOLLOWUP_RECEIVED", "DISCLOSED"}) &&
                    (Member(record, "until") != nullptr || Member(record, "from") != nullptr);
  return keeps && type.empty() && kept ? "response" : "";
}

// The parts of a case at sea, and of a preservation, by the names under which they are judged.
void NameParts(Struct& records) {
  bool boards = false, keeps = false;
  for (const auto& [name, record] : records.fields()) {
    const auto type = TypeOfRecord(record.struct_value());
    boards |= IsOfAShip(type);
    keeps |= type == AssistanceType::PRESERVE_DATA;
  }
  for (const std::string& name : SortedNames(records)) {
    const Value* record = Member(records, name);
    if (!record->has_struct_value()) continue;
    if (TypeOfRecord(record->struct_value()) != AssistanceType::UNSPECIFIED) continue;
    const std::string part = PartOf(name, record->struct_value(), boards, keeps);
    if (part.empty() || part == name || Member(records, part) != nullptr) continue;
    const Value same = *record;
    Put(records, part, same);
  }
}

// Words of one text: "BOARD, SEARCH".
void AddWords(const std::string& text, Value& list) {
  for (const auto& part : absl::StrSplit(text, absl::ByAnyChar(",;"))) {
    const auto word = absl::StripAsciiWhitespace(part);
    if (!word.empty()) *list.mutable_list_value()->add_values() = TextValue(std::string(word));
  }
}

// A text of several words as their list.
void SplitWords(Struct& object, const std::string& name) {
  const std::string text = TextOf(object, name);
  if (text.find_first_of(",;") == std::string::npos) return;
  Value list;
  AddWords(text, list);
  Put(object, name, list);
}

// Shots, and who was hurt, as the form counts them.
void ShapeHarm(Struct& result) {
  if (SaysOneOf(result, {"shots_fired", "shots", "warning_shots"})) {
    Put(result, "firearms_used", BoolValue(true));
  }
  Rename(result, "casualties", "injuries");
  for (const char* name : {"injuries", "injured", "deaths", "fatalities"}) {
    const Value* said = Member(result, name);
    if (said == nullptr || !said->has_list_value()) continue;
    Value count;
    count.set_number_value(said->list_value().values_size());
    Put(result, name, count);
  }
}

// That help depends on testifying, by a member of any such name.
bool DependsOnTestimony(const std::string& name, const Value& value) {
  // "conditional_on" stands with the help itself; a yes tells of help alone.
  const bool help = HasWords(name, {"assistance"});
  if ((!help && name != "conditional_on") || HasWords(name, {"not", "no", "never", "without"}) ||
      !HasWords(name, {"condition*", "require*", "depend*", "subject_to"})) {
    return false;
  }
  if (value.kind_case() == Value::kBoolValue) return help && value.bool_value();
  std::vector<std::string> texts;
  if (value.kind_case() == Value::kStringValue) texts.push_back(value.string_value());
  for (const Value& one : value.list_value().values()) {
    texts.push_back(one.has_struct_value() ? FirstOf(one.struct_value(), {"text", "kind"})
                                           : one.string_value());
  }
  return std::any_of(texts.begin(), texts.end(), [](const std::string& text) {
    return HasWords(text,
                    {"testi*", "statement", "statements", "witness", "cooperat*", "evidence"}) &&
           !HasWords(text, {"no", "not", "none", "without", "never", "irrespective"});
  });
}

void ShapeHelp(Struct& record) {
  bool depends = HelpNeedsTestimony(record);
  for (const char* name : {"needs", "assistance"}) {
    const Struct* inner = ObjectOf(record, name);
    depends |= inner != nullptr && HelpNeedsTestimony(*inner);
  }
  if (depends) Put(record, "assistance_depends_on_testimony", BoolValue(true));
}

}  // namespace

bool HelpNeedsTestimony(const Struct& object) {
  return std::any_of(object.fields().begin(), object.fields().end(), [](const auto& member) {
    return DependsOnTestimony(member.first, member.second);
  });
}

void ShapeExtent(Struct& answer) {
  constexpr const char* kMeasures[] = {"board", "search", "inspect", "seize", "detain", "arrest"};
  SplitWords(answer, "extent");
  Value list;
  const Struct* said = ObjectOf(answer, "extent");
  const bool beside = Member(answer, "extent") == nullptr;
  if (said == nullptr && !beside) return;
  const Struct& from = beside ? answer : *said;
  for (const char* name : kMeasures) {
    if (SaysYes(Member(from, name))) AddWords(absl::AsciiStrToUpper(name), list);
  }
  for (const std::string& name : SortedNames(from)) {
    const bool known = std::any_of(std::begin(kMeasures), std::end(kMeasures),
                                   [&](const char* one) { return name == one; });
    const Value& value = *Member(from, name);
    if (beside || known) continue;
    if (!value.has_list_value() && SaysYes(&value)) AddWords(absl::AsciiStrToUpper(name), list);
    for (const Value& one : value.list_value().values()) AddWords(one.string_value(), list);
  }
  if (list.has_list_value()) Put(answer, "extent", list);
}

void ShapeRecords(Struct& records) {
  NameParts(records);
  for (auto& [name, value] : *records.mutable_fields()) {
    if (!value.has_struct_value()) continue;
    Struct& record = *value.mutable_struct_value();
    ShapeHelp(record);
    if (name == "answer" && Member(record, "decision") != nullptr) ShapeExtent(record);
    if (name != "result" || Member(record, "boarded_at") == nullptr) continue;
    SplitWords(record, "measures");
    ShapeHarm(record);
  }
}

bool IsOfSuspect(std::string_view origin) {
  return HasWords(origin, {"suspect", "suspected", "seized", "questioned"});
}

void ShapeOrigins(Struct& object, int depth) {
  constexpr int kDeepestOrigin = 8;
  constexpr std::string_view kOrigin = "_origin";
  if (depth > kDeepestOrigin) return;
  for (const std::string& name : SortedNames(object)) {
    Value& value = (*object.mutable_fields())[name];
    if (value.has_struct_value()) ShapeOrigins(*value.mutable_struct_value(), depth + 1);
    if (value.has_list_value()) {
      for (Value& each : *value.mutable_list_value()->mutable_values()) {
        if (each.has_struct_value()) ShapeOrigins(*each.mutable_struct_value(), depth + 1);
      }
    }
    if (!name.ends_with(kOrigin) || !IsOfSuspect(value.string_value())) continue;
    const std::string of = name.substr(0, name.size() - kOrigin.size());
    if (IdentifierProblem(absl::AsciiStrToLower(of), TextOf(object, of)).empty()) continue;
    Rename(object, of, of + "_as_shown");
  }
}

namespace {

void ShapeSuspicion(Struct& item) {
  if (!IsOfAShip(TypeOfRecord(item))) return;
  if (const Struct* said = ObjectOf(item, "suspicion")) {
    const std::string kind = FirstOf(*said, {"kind", "type", "offence", "of"});
    const std::string grounds = FirstOf(*said, {"grounds", "summary", "text", "reasons"});
    Take(item, "suspicion");
    if (!kind.empty()) Put(item, "suspicion", TextValue(kind));
    if (TextOf(item, "grounds").empty() && !grounds.empty()) {
      Put(item, "grounds", TextValue(grounds));
    }
  }
  if (TextOf(item, "grounds").empty() && SaysYes(Member(item, "suspicion_summary"))) {
    Put(item, "grounds", TextValue(AnyText(item, "suspicion_summary")));
  }
}

void ShapeConsignments(Struct& item) {
  if (TypeOfRecord(item) != AssistanceType::VERIFY_CITES_PERMIT) return;
  Rename(item, "quantity_seen", "qty_seen");
  double number = 0;
  const Value* seen = Member(item, "qty_seen");
  if (seen != nullptr && seen->kind_case() == Value::kStringValue &&
      NumberIn(seen->string_value(), number)) {
    Value count;
    count.set_number_value(number);
    Put(item, "qty_seen", count);
  }
  const Value* several = Member(item, "consignments");
  if (several == nullptr || several->kind_case() != Value::kNumberValue) return;
  Value list;
  list.mutable_list_value();
  for (const char* one : {"first", "second"}) {
    const bool there = several->number_value() > list.list_value().values_size();
    if (there) *list.mutable_list_value()->add_values() = TextValue(one);
  }
  Put(item, "consignments", list);
}

}  // namespace

void ShapeSeen(Struct& item) {
  ShapeSuspicion(item);
  ShapeConsignments(item);
}

void ShapeArticles(Struct& request) {
  const auto found = request.mutable_fields()->find("offence");
  if (found == request.mutable_fields()->end() || !found->second.has_list_value()) return;
  for (Value& each : *found->second.mutable_list_value()->mutable_values()) {
    if (!each.has_struct_value()) continue;
    Struct& offence = *each.mutable_struct_value();
    for (const std::string& name : SortedNames(offence)) {
      const bool listing = name.rfind("unscr_", 0) == 0 && name != "unscr_ref";
      if (listing && SaysYes(Member(offence, name)) && TextOf(offence, "unscr_ref").empty()) {
        Put(offence, "unscr_ref", TextValue(AnyText(offence, name)));
        Take(offence, name);
      }
    }
    for (const char* name : {"convention_article", "convention_articles", "treaty_article"}) {
      if (Member(request, "basis") != nullptr && ObjectOf(request, "basis") == nullptr) break;
      for (const std::string& article : OneOrMore(offence, name)) {
        Struct& basis = ObjectIn(request, "basis");
        *(*basis.mutable_fields())["articles"].mutable_list_value()->add_values() =
            TextValue(article);
      }
    }
  }
}

namespace {

// Only what asks another state, rests on a treaty or has legs is an act of assistance.
void TypeFromKind(Struct& object, bool item) {
  const std::string kind = TextOf(object, "kind");
  if (kind.empty() || Member(object, "type") != nullptr) return;
  Struct named;
  Put(named, "type", TextValue(kind));
  const bool asks =
      item || std::any_of(object.fields().begin(), object.fields().end(), [](const auto& member) {
        return OneOf(member.first, {"rq", "rd", "basis", "legs"});
      });
  if (asks && TypeOfRecord(named) != AssistanceType::UNSPECIFIED) Rename(object, "kind", "type");
}

}  // namespace

void NameTypes(Struct& json) {
  const auto name = [](Value& value) {
    if (value.has_struct_value()) TypeFromKind(*value.mutable_struct_value(), false);
    if (!value.has_list_value()) return;
    for (Value& each : *value.mutable_list_value()->mutable_values()) {
      if (each.has_struct_value()) TypeFromKind(*each.mutable_struct_value(), false);
    }
  };
  for (auto& [part, value] : *json.mutable_fields()) {
    if (!OneOf(part, {"request", "records", "operation", "asset_measure", "variants"})) name(value);
  }
  if (ObjectOf(json, "request") != nullptr) {
    ForItemsOf(ObjectIn(json, "request"), [](Struct& item) { TypeFromKind(item, true); });
  }
  if (ObjectOf(json, "records") == nullptr) return;
  for (auto& [part, value] : *ObjectIn(json, "records").mutable_fields()) name(value);
}

}  // namespace palermo::casework
