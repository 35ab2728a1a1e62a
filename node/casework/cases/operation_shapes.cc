// Other ways to write what happens in operations and with intelligence.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// The record that is called back, or what an operation shares; null for none.
const Struct* RecalledIn(const Struct& json, const std::string& name) {
  const Struct* records = ObjectOf(json, "records");
  const Struct* record = records == nullptr ? nullptr : ObjectOf(*records, name);
  const Struct* operation = ObjectOf(json, "operation");
  const Value* shared = operation == nullptr ? nullptr : Member(*operation, "sharing");
  for (int i = 0; shared != nullptr && i < shared->list_value().values_size(); ++i) {
    const Struct& one = shared->list_value().values(i).struct_value();
    if (record == nullptr && !name.empty() && FirstOf(one, {"obj", "object", "id"}) == name) {
      record = &one;
    }
  }
  return record;
}

// "C3", "NATO_6X6 C3": a grade in one text, as an object. False for another text.
bool IsGrade(const std::string& text, Struct& grade) {
  const std::string signs = text.substr(text.rfind(' ') + 1);
  if (signs.size() != 2 || !absl::ascii_isalpha(static_cast<unsigned char>(signs[0])) ||
      !absl::ascii_isdigit(static_cast<unsigned char>(signs[1]))) {
    return false;
  }
  if (signs.size() < text.size()) Put(grade, "scheme", TextValue(text.substr(0, text.find(' '))));
  Put(grade, "source", TextValue(signs.substr(0, 1)));
  Put(grade, "info", TextValue(signs.substr(1)));
  return true;
}

// The grade that a re-evaluation gives, and the scheme of the record where it names none, 4.1.
void ShapeReevaluation(const Struct& json, Struct& event) {
  if (TextOf(event, "type").find("EVALUATION") == std::string::npos) return;
  for (const char* name : {"evaluation", "new_evaluation", "new", "to"}) {
    Struct grade;
    if (const Struct* said = ObjectOf(event, name)) {
      grade = *said;
    } else if (!IsGrade(TextOf(event, name), grade)) {
      continue;
    }
    Take(event, name);
    ObjectIn(event, "evaluation") = grade;
    break;
  }
  const bool flat = ObjectOf(event, "evaluation") == nullptr;
  Struct& evaluation = ObjectIn(event, "evaluation");
  for (const char* name : {"scheme", "source", "info", "handling"}) {
    if (!flat) break;
    const Value said = Take(event, name);
    if (said.kind_case() != Value::KIND_NOT_SET) Put(evaluation, name, said);
  }
  if (!TextOf(evaluation, "scheme").empty()) return;
  const Struct* record = RecalledIn(json, TextOf(event, "object"));
  const Struct* known = record == nullptr ? nullptr : ObjectOf(*record, "evaluation");
  std::string scheme = known == nullptr ? "" : TextOf(*known, "scheme");
  if (scheme.empty() && flat) scheme = "EUROPOL_4X4";
  if (!scheme.empty()) Put(evaluation, "scheme", TextValue(scheme));
}

// {"QM": true, "QN": false}: the states that confirm.
void ListConfirmed(Struct& event, const char* name) {
  if (ObjectOf(event, name) == nullptr) return;
  const Value said = Take(event, name);
  Value states;
  states.mutable_list_value();
  for (const auto& [state, yes] : said.struct_value().fields()) {
    if (SaysYes(&yes)) *states.mutable_list_value()->add_values() = TextValue(state);
  }
  Put(event, "confirmed", states);
}

// Other words for who confirmed, and who did not.
void NameConfirmations(Struct& event) {
  for (const char* name : {"purge_receipts", "purged_by", "receipts"}) {
    Rename(event, name, "confirmed_by");
  }
  for (const char* name : {"confirmations", "purged", "purge_confirmations"}) {
    const Value* said = Member(event, name);
    if (said != nullptr && said->has_list_value()) Rename(event, name, "confirmed");
  }
  for (const char* name : {"not_confirmed_by", "unconfirmed_by", "pending", "missing"}) {
    Rename(event, name, "unconfirmed");
  }
  for (const char* name : {"confirmations", "confirmed", "confirmed_by"}) {
    ListConfirmed(event, name);
  }
  const std::string one = TextOf(event, "recipient");
  if (one.empty() || Member(event, "recipients") != nullptr) return;
  Value list;
  *list.mutable_list_value()->add_values() = TextValue(one);
  Put(event, "recipients", list);
}

// Who must confirm: as the record was released, where the event does not say.
void ShapeRecall(const Struct& json, Struct& event) {
  const Struct* record = RecalledIn(json, TextOf(event, "object"));
  if (record == nullptr) return;
  const bool route = Member(*record, "legs") != nullptr;
  const std::string type = TextOf(event, "type");
  if (!OneOf(type, {"WITHDRAWN_BY_ORIGINATOR", "WITHDRAWAL", "WITHDRAW", "WITHDRAWN", "RECALL",
                    "CORRECTION"})) {
    return;
  }
  Value answered, missing;
  NameConfirmations(event);
  // That it was sent does not say yet that nobody confirmed.
  const bool told = Member(event, "confirmed") != nullptr ||
                    Member(event, "confirmed_by") != nullptr ||
                    Member(event, "answered") != nullptr || Member(event, "unconfirmed") != nullptr;
  if (!told &&
      !(route && OneOf(type, {"WITHDRAWN_BY_ORIGINATOR", "WITHDRAWAL", "RECALL", "CORRECTION"}))) {
    return;
  }
  if (type != "CORRECTION") Put(event, "type", TextValue("RECALL"));
  const Value* confirmed = Member(event, "confirmed");
  const bool all = confirmed != nullptr && confirmed->kind_case() == Value::kBoolValue;
  const auto open = OneOrMore(event, "unconfirmed");
  if (Member(event, "recipients") == nullptr) {
    auto states = ReleaseStatesOf(*record);
    if (states.empty()) states = OneOrMore(*record, "to");
    for (const std::string& state : states) {
      if (state == TextOf(*record, "originator")) continue;
      *missing.mutable_list_value()->add_values() = TextValue(state);
    }
    Put(event, "recipients", missing);
  }
  // "confirmed": true, or everybody but those who are named.
  if (!all && open.empty()) return;
  answered.mutable_list_value();
  for (const std::string& state : TextsOf(event, "recipients")) {
    const bool lacks = std::find(open.begin(), open.end(), state) != open.end();
    if (lacks || (all && !confirmed->bool_value())) continue;
    *answered.mutable_list_value()->add_values() = TextValue(state);
  }
  Put(event, "confirmed", answered);
}

void ShapeClosing(Struct& event) {
  if (TextOf(event, "type") != "CLOSE") return;
  for (const char* name : {"obligations_open", "unfulfilled_obligations"}) {
    if (Member(event, "open_obligations") == nullptr) Rename(event, name, "open_obligations");
  }
  const Value* open = Member(event, "open_obligations");
  if (open != nullptr && open->has_list_value()) {
    const int count = open->list_value().values_size();
    Value number;
    number.set_number_value(count);
    Put(event, "open_obligations", number);
  } else if (open != nullptr && open->kind_case() == Value::kBoolValue) {
    Value number;
    number.set_number_value(open->bool_value() ? 1 : 0);
    Put(event, "open_obligations", number);
  }
  for (const char* name : {"logs", "log_state", "logs_status"}) {
    const std::string word = TextOf(event, name);
    if (word.empty()) continue;
    const bool good =
        !HasWords(word,
                  {"unreconciled", "not_reconciled", "open", "pending", "differ", "differs"}) &&
        (!HasWords(word, {"mismatch", "mismatches"}) || HasWords(word, {"no", "without", "zero"}));
    Put(event, "logs_reconciled", BoolValue(good));
  }
}

void FlattenCells(const Value& value, google::protobuf::ListValue& out) {
  if (value.kind_case() == Value::kNumberValue) *out.add_values() = value;
  double number = 0;
  const std::string& text = value.string_value();
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && absl::SimpleAtod(text, &number)) out.add_values()->set_number_value(number);
  for (const Value& each : value.list_value().values()) FlattenCells(each, out);
  for (const auto& [name, each] : value.struct_value().fields()) FlattenCells(each, out);
}

// A member of a publication that counts persons: "persons_convicted", "by_party".
bool IsCounter(std::string_view name) {
  return HasWords(name, {"persons",   "victims",     "migrants",   "suspects",      "traffickers",
                         "children",  "women",       "men",        "arrests",       "arrested",
                         "convicted", "convictions", "prosecuted", "charged",       "rescued",
                         "referred",  "identified",  "deaths",     "injured",       "by_party",
                         "by_state",  "by_sex",      "by_age",     "by_nationality"}) &&
         !HasWords(name, {"at", "date", "year", "version", "definition", "ref", "id"});
}

void ShapePublication(const Struct& json, Struct& event) {
  if (TextOf(event, "type") != "PUBLISH") return;
  const bool operation = ObjectOf(json, "operation") != nullptr;
  Value cells;
  for (const char* name :
       {"cell", "cells", "table", "value", "count", "n", "counters", "rows", "statistics"}) {
    if (Member(event, name) != nullptr)
      FlattenCells(Take(event, name), *cells.mutable_list_value());
  }
  // The counters of 5.5 by their own names, and tables of them.
  for (const std::string& name : SortedNames(event)) {
    if (operation && IsCounter(name))
      FlattenCells(*Member(event, name), *cells.mutable_list_value());
  }
  if (cells.list_value().values_size() > 0) Put(event, "cells", cells);
}

// Both states approve a seconded member: {"operating": "QM", "seconding": "QN"}, ["QM", "QN"], or
// that it was entrusted at all.
void ShapeEntrustment(Struct& task) {
  const std::string leader = TextOf(task, "leader"), operating = TextOf(task, "state");
  const std::string seconding = leader.substr(0, leader.find('-'));
  bool by_operating = false, by_seconding = false;
  const auto see = [&](const std::string& state) {
    by_operating |= !state.empty() && state == operating;
    by_seconding |= !state.empty() && state == seconding;
  };
  for (const char* name : {"entrusted", "entrusted_by", "entrustment", "approvals"}) {
    const Value* said = Member(task, name);
    if (said == nullptr) continue;
    if (said->kind_case() == Value::kBoolValue && Member(task, "approvals") == nullptr) {
      by_operating = by_seconding = said->bool_value();
    }
    for (const std::string& state : OneOrMore(task, name)) see(state);
    const Struct& object = said->struct_value();
    if (!TextOf(object, "officer").empty()) return;  // as our own record says it
    for (const char* list : {"approvals", "approved_by", "by", "states", "operating", "seconding",
                             "operating_approval", "seconding_approval"}) {
      for (const std::string& state : OneOrMore(object, list)) see(state);
    }
  }
  if (!by_operating && !by_seconding) return;
  Struct both;
  Put(both, "officer", TextValue(leader));
  if (by_operating) Put(both, "operating_approval", TextValue(operating));
  if (by_seconding) Put(both, "seconding_approval", TextValue(seconding));
  Value value;
  *value.mutable_struct_value() = both;
  Put(task, "entrustment", value);
}

// 2, "2", "E2"; nothing for another word.
bool EpochOf(const Value& said, double& number) {
  std::string text = said.string_value();
  if (said.kind_case() == Value::kNumberValue) {
    number = said.number_value();
    return true;
  }
  while (!text.empty() && (text[0] < '0' || text[0] > '9')) text.erase(0, 1);
  return absl::SimpleAtod(text, &number);
}

// Under which key content goes, and which key holds now: by whatever name each stands.
void ShapeEpoch(Struct& event) {
  bool old = false, told = false;
  double used = -1, newest = -1;
  std::vector<double> numbers;
  for (const auto& [name, value] : event.fields()) {
    // A time in seconds of an epoch is no key.
    const bool epoch = HasWords(name, {"epoch", "epochs"}) &&
                       !HasWords(name, {"time", "timestamp", "unix", "ms", "seconds", "at"});
    const std::string& word = value.string_value();
    const bool worded =
        HasWords(word, {"epoch", "key", "keys"}) && HasWords(word, {"old", "previous"});
    const bool key = epoch || worded || OneOf(name, {"key", "old_key", "key_version"});
    if (!key && name != "current") continue;
    told |= key;
    const bool now = HasWords(name, {"current", "new", "now", "latest", "newest"});
    const bool past = HasWords(name, {"old", "previous", "former"});
    old |= (past && value.kind_case() == Value::kBoolValue && value.bool_value()) ||
           HasWords(word, {"old", "previous"});
    double number = 0;
    if (value.kind_case() == Value::kBoolValue || !EpochOf(value, number)) continue;
    (now ? newest : used) = number;
    if (!now) numbers.push_back(number);
  }
  if (!told) return;
  // Two numbers, and none is called the newer one.
  if (numbers.size() > 1 && newest < 0) {
    used = *std::min_element(numbers.begin(), numbers.end());
    newest = *std::max_element(numbers.begin(), numbers.end());
  }
  // Whatever is done under a key shares content.
  Put(event, "type", TextValue("SHARE"));
  if (old) {
    used = 0;
    newest = 1;
  }
  Value number;
  if (used >= 0) {
    number.set_number_value(used);
    Put(event, "key_epoch", number);
  }
  if (newest < 0) return;
  number.set_number_value(newest);
  Put(event, "current_epoch", number);
}

// {"task": {"id": "T1", "state": "QS"}} or the number of one of the plan: its members are the
// event's, where the event says nothing itself.
void HoistTask(const Struct& json, Struct& event) {
  const Struct* task = ObjectOf(event, "task");
  const Struct* operation = ObjectOf(json, "operation");
  const Value* planned = operation == nullptr ? nullptr : Member(*operation, "tasks");
  for (int i = 0; planned != nullptr && i < planned->list_value().values_size(); ++i) {
    const Struct& one = planned->list_value().values(i).struct_value();
    if (!TextOf(one, "id").empty() && TextOf(one, "id") == TextOf(event, "task")) task = &one;
  }
  if (task == nullptr) return;
  const Struct inner = *task;
  const bool timed = !FirstOf(event, {"start_utc", "at", "start", "date"}).empty();
  const bool named = !FirstOf(event, {"state", "to", "party"}).empty();
  for (const auto& [name, value] : inner.fields()) {
    const bool when = OneOf(name, {"start_utc", "at", "start", "date"});
    if ((when && timed) || (name == "state" && named)) continue;
    if (Member(event, name) == nullptr) Put(event, name, value);
  }
  Take(event, "task");
}

void ShapeTask(const Struct& json, Struct& event) {
  HoistTask(json, event);
  const std::string type = TextOf(event, "type");
  if (OneOf(type, {"SHARE", "SEND", "FORWARD", "EXPORT"})) {
    for (const char* name : {"recipient", "recipients", "receiver", "to_state"}) {
      Rename(event, name, "to");
    }
  }
  if (type == "USE") {
    for (const char* name : {"for", "use", "use_for", "used_in", "in", "venue"})
      Rename(event, name, "purpose");
  }
  if (ObjectOf(json, "operation") != nullptr) ShapeEpoch(event);
  ShapeEntrustment(event);
  ShapeDeconfliction(event);
}

}  // namespace

Value TextValue(std::string_view text) {
  Value value;
  value.set_string_value(std::string(text));
  return value;
}

Value BoolValue(bool yes) {
  Value value;
  value.set_bool_value(yes);
  return value;
}

void Put(Struct& object, const std::string& name, Value value) {
  (*object.mutable_fields())[name] = std::move(value);
}

// Takes `name` out of `object`; null when it is not there.
Value Take(Struct& object, const std::string& name) {
  Value out;
  auto& fields = *object.mutable_fields();
  const auto found = fields.find(name);
  if (found == fields.end()) return out;
  out = found->second;
  fields.erase(found);
  return out;
}

Struct& ObjectIn(Struct& object, const std::string& name) {
  Value& value = (*object.mutable_fields())[name];
  if (!value.has_struct_value()) value.mutable_struct_value();
  return *value.mutable_struct_value();
}

void ShapeOperation(Struct& operation) {
  const auto each = [&](const char* list, auto shape) {
    const auto found = operation.mutable_fields()->find(list);
    if (found == operation.mutable_fields()->end() || !found->second.has_list_value()) return;
    for (Value& one : *found->second.mutable_list_value()->mutable_values()) {
      if (one.has_struct_value()) shape(*one.mutable_struct_value());
    }
  };
  each("arrests", [](Struct& arrest) {
    const bool child = OneOf(TextOf(arrest, "age_status"), {"CHILD", "UNKNOWN_PRESUMED_CHILD"}) ||
                       SaysYes(Member(arrest, "minor")) || SaysYes(Member(arrest, "child"));
    if (child) Put(arrest, "juvenile", BoolValue(true));
    Rename(arrest, "language_understood", "understood_language");
    if (TextOf(arrest, "interpreter") == "NOT_NEEDED") Take(arrest, "interpreter");
  });
  each("tasks", [](Struct& task) {
    ShapeEntrustment(task);
    ShapeDeconfliction(task);
  });
  ShapePeriod(operation);
  ShapeTokens(operation);
  // The number of the keys that hold now.
  for (const char* name : {"key_epoch", "current_epoch"}) {
    if (Member(operation, "epoch") == nullptr) Rename(operation, name, "epoch");
  }
}

// A benefit that is none: for family, for charity.
void ShapeBenefit(Struct& route) {
  const Struct* benefit = ObjectOf(route, "benefit");
  if (benefit == nullptr) return;
  const bool free = SaysYes(Member(*benefit, "family_or_humanitarian")) ||
                    SaysYes(Member(*benefit, "humanitarian")) ||
                    SaysYes(Member(*benefit, "family")) ||
                    OneOf(TextOf(*benefit, "kind"), {"HUMANITARIAN", "FAMILY", "CHARITY"});
  if (free) Put(ObjectIn(route, "benefit"), "kind", TextValue("NONE"));
}

void ShapeOperationEvent(const Struct& json, Struct& event) {
  if (Member(event, "extent") != nullptr && Member(event, "decision") != nullptr)
    ShapeExtent(event);
  ShapeHit(json, event);
  ShapeReevaluation(json, event);
  ShapeRecall(json, event);
  ShapeClosing(event);
  ShapePublication(json, event);
  ShapeTask(json, event);
  ShapeConsents(json, event);
}

}  // namespace palermo::casework
