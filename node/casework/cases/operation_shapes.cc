// Other ways to write what happens in operations and with intelligence.
#include <algorithm>

#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// "AUTO_RELEASE", or data that left before an officer looked.
void ShapeHit(Struct& event) {
  if (TextOf(event, "type") != "HIT") return;
  const bool automatic = TextOf(event, "action").find("AUTO") != std::string::npos ||
                         TextOf(event, "decision").find("AUTO") != std::string::npos;
  const Value* review = Member(event, "officer_review");
  if (review == nullptr) review = Member(event, "human_review");
  const bool unseen = review != nullptr && !SaysYes(review) && SaysYes(Member(event, "released"));
  if (automatic || unseen) Put(event, "auto_release", BoolValue(true));
}

void ShapeReevaluation(Struct& event) {
  if (TextOf(event, "type").find("EVALUATION") == std::string::npos) return;
  if (ObjectOf(event, "evaluation") != nullptr) return;
  Struct& evaluation = ObjectIn(event, "evaluation");
  for (const char* name : {"scheme", "source", "info", "handling"}) {
    const Value said = Take(event, name);
    if (said.kind_case() != Value::KIND_NOT_SET) Put(evaluation, name, said);
  }
  if (TextOf(evaluation, "scheme").empty()) Put(evaluation, "scheme", TextValue("EUROPOL_4X4"));
}

// Who must confirm: as the record was released, where the event does not say.
void ShapeRecall(const Struct& json, Struct& event) {
  const Struct* records = ObjectOf(json, "records");
  const Struct* record = records == nullptr ? nullptr : ObjectOf(*records, TextOf(event, "object"));
  if (record == nullptr || Member(*record, "legs") == nullptr) return;
  if (TextOf(event, "type") == "WITHDRAWAL") Put(event, "type", TextValue("RECALL"));
  if (!OneOf(TextOf(event, "type"), {"RECALL", "CORRECTION"})) return;
  if (Member(event, "recipients") != nullptr) return;
  for (const std::string& state : TextsOf(*record, "release_states")) {
    if (state == TextOf(*record, "originator")) continue;
    *(*event.mutable_fields())["recipients"].mutable_list_value()->add_values() = TextValue(state);
  }
}

void ShapeClosing(Struct& event) {
  if (TextOf(event, "type") != "CLOSE") return;
  const Value* open = Member(event, "open_obligations");
  if (open != nullptr && open->has_list_value()) {
    const int count = open->list_value().values_size();
    Value number;
    number.set_number_value(count);
    Put(event, "open_obligations", number);
  }
  for (const char* name : {"logs", "log_state", "logs_status"}) {
    const std::string word = TextOf(event, name);
    if (word.empty()) continue;
    const bool good = word.find("UNRECONCILED") == std::string::npos &&
                      word.find("MISMATCH") == std::string::npos;
    Put(event, "logs_reconciled", BoolValue(good));
  }
}

void FlattenCells(const Value& value, google::protobuf::ListValue& out) {
  if (value.kind_case() == Value::kNumberValue) *out.add_values() = value;
  for (const Value& each : value.list_value().values()) FlattenCells(each, out);
  for (const auto& [name, each] : value.struct_value().fields()) FlattenCells(each, out);
}

void ShapePublication(Struct& event) {
  if (TextOf(event, "type") != "PUBLISH") return;
  Value cells;
  for (const char* name : {"cell", "cells", "table", "value", "count", "n", "counters", "rows"}) {
    if (Member(event, name) != nullptr)
      FlattenCells(Take(event, name), *cells.mutable_list_value());
  }
  if (cells.list_value().values_size() > 0) Put(event, "cells", cells);
}

// "to": the state that is tasked; "departed": true means that state.
void ShapeTask(Struct& event) {
  const bool task = OneOf(TextOf(event, "type"), {"TASK", "TASKING", "ASSIGN"});
  if (!task && TextOf(event, "type") != "SHARE") return;
  if (task && TextOf(event, "state").empty()) Rename(event, "to", "state");
  const bool left = SaysYes(Member(event, "after_departure")) ||
                    (Member(event, "departed") != nullptr &&
                     Member(event, "departed")->kind_case() == Value::kBoolValue &&
                     SaysYes(Member(event, "departed")));
  if (left) {
    Value gone = Member(event, task ? "state" : "to") == nullptr
                     ? Value()
                     : *Member(event, task ? "state" : "to");
    Put(event, "departed", gone);
  }
  for (const char* name : {"key_epoch", "epoch"}) {
    if (!OneOf(TextOf(event, name), {"old", "OLD", "PREVIOUS", "previous"})) continue;
    Value zero, one;
    zero.set_number_value(0);
    one.set_number_value(1);
    Put(event, name, zero);
    Put(event, "current_epoch", one);
  }
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
  });
  each("evidence", [](Struct& item) {
    const auto events = item.mutable_fields()->find("events");
    if (events == item.mutable_fields()->end()) return;
    for (Value& event : *events->second.mutable_list_value()->mutable_values()) {
      for (const char* name : {"derived_from", "derivation_note", "derivation_record", "derived"}) {
        Rename(*event.mutable_struct_value(), name, "derivation");
      }
    }
  });
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
  ShapeHit(event);
  ShapeReevaluation(event);
  ShapeRecall(json, event);
  ShapeClosing(event);
  ShapePublication(event);
  ShapeTask(event);
}

}  // namespace palermo::casework
