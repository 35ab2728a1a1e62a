// Where the objects of a case stand: what an author puts beside the records, into lists, or into
// another object is brought to the place where the mapping looks for it.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

// Members of a case that are no record.
bool IsOfCase(const std::string& name) {
  static const auto& names = *new std::set<std::string>{
      "id",           "area",         "title",     "now",           "expected",
      "expect",       "variants",     "records",   "request",       "operation",
      "directory",    "events",       "timeline",  "asset_measure", "sealed_test_plaintext",
      "history",      "path",         "signature", "consultation",  "postponement",
      "safe_conduct", "safe_conducts"};
  return names.count(name) > 0;
}

// Lists of persons are judged as lists.
bool IsOfPersons(const std::string& name) {
  return OneOf(name, {"victims", "patients", "informants", "whistleblowers", "persons", "witnesses",
                      "suspects", "sources"});
}

// Maps whose keys are names of records: {"firearms": {"F1": {...}}}.
bool IsMapOfRecords(const std::string& name) {
  return OneOf(name,
               {"firearms", "weapons", "guns", "traces", "licences", "licenses", "licence_checks",
                "deliveries", "controlled_deliveries", "arrests", "seizures", "leads"});
}

bool AreObjects(const Value& list) {
  const auto& values = list.list_value().values();
  return !values.empty() && std::all_of(values.begin(), values.end(),
                                        [](const Value& each) { return each.has_struct_value(); });
}

bool AreObjects(const Struct& map) {
  return map.fields_size() > 0 &&
         std::all_of(map.fields().begin(), map.fields().end(),
                     [](const auto& each) { return each.second.has_struct_value(); });
}

// Other objects of the case are records, too.
void MoveToRecords(Struct& json) {
  for (const std::string& name : SortedNames(json)) {
    const Value value = *Member(json, name);
    if (IsOfCase(name) || name == "legs") continue;
    if (!value.has_struct_value() && !AreObjects(value)) continue;
    Take(json, name);
    AddRecord(ObjectIn(json, "records"), name, value);
  }
}

// A list of records stands under its name and under names with numbers.
void SpreadLists(Struct& records) {
  for (const std::string& name : SortedNames(records)) {
    const Value value = *Member(records, name);
    if (AreObjects(value) && !IsOfPersons(name)) {
      Take(records, name);
      int next = 1;
      for (const Value& each : value.list_value().values()) AddRecord(records, name, each, next);
    } else if (IsMapOfRecords(name) && AreObjects(value.struct_value())) {
      Take(records, name);
      int next = 1;
      for (const std::string& key : SortedNames(value.struct_value())) {
        AddRecord(records, name, *Member(value.struct_value(), key), next);
      }
    }
  }
}

void CompletePlaces(Struct& object, const Struct& from) {
  for (const auto& [name, value] : from.fields()) {
    if (Member(object, name) == nullptr) Put(object, name, value);
  }
}

// --- Plans of deliveries

// What in an object is the plan: {"delivery": {"legs": [...]}}.
void LiftPlan(Struct& object) {
  if (HasLegs(object)) return;
  for (const std::string& name : SortedNames(object)) {
    const Struct* inner = ObjectOf(object, name);
    if (inner == nullptr || !HasLegs(*inner)) continue;
    const Struct plan = *inner;
    Take(object, name);
    CompletePlaces(object, plan);
    return;
  }
}

void MovePlans(Struct& from, Struct& json) {
  for (const std::string& name : SortedNames(from)) {
    if (name == "items") continue;
    const Value value = *Member(from, name);
    const bool list = AreObjects(value) && HasLegs(value.list_value().values(0).struct_value());
    if (!list && !(value.has_struct_value() && HasLegs(value.struct_value()))) continue;
    Take(from, name);
    AddRecord(ObjectIn(json, "records"), name, value);
  }
}

// legs and consents that stand in the case itself, or in its "operation", are one plan.
void MoveBarePlan(Struct& json) {
  const Struct* operation = ObjectOf(json, "operation");
  if (operation != nullptr && HasLegs(*operation) && Member(*operation, "parties") == nullptr) {
    AddRecord(ObjectIn(json, "records"), "operation", Take(json, "operation"));
  }
  if (!HasLegs(json)) return;
  Value plan;
  for (const std::string& name : SortedNames(json)) {
    if (!IsOfCase(name)) Put(*plan.mutable_struct_value(), name, Take(json, name));
  }
  AddRecord(ObjectIn(json, "records"), "delivery", plan);
}

// An item without legs is about the plan that stands elsewhere in the case.
void CompleteDelivery(Struct& json, Struct& item) {
  if (TypeOfRecord(item) != AssistanceType::CONTROLLED_DELIVERY) return;
  LiftPlan(item);
  if (HasLegs(item) || ObjectOf(json, "records") == nullptr) return;
  Struct& records = ObjectIn(json, "records");
  for (const std::string& name : SortedNames(records)) {
    if (!records.fields().at(name).has_struct_value()) continue;
    Struct& record = ObjectIn(records, name);
    if (!HasLegs(record)) continue;
    Struct plan = record;
    for (const char* own : {"type", "rq", "rd", "n", "basis", "language"}) Take(plan, own);
    CompletePlaces(item, plan);
    // Who asks for it in the request asks for it in the plan.
    const std::string asker = TextOf(ObjectIn(json, "request"), "rq");
    if (TextOf(record, "rq").empty()) Put(record, "rq", TextValue(asker));
    return;
  }
}

void PlaceDeliveries(Struct& json) {
  if (ObjectOf(json, "request") != nullptr) MovePlans(ObjectIn(json, "request"), json);
  if (ObjectOf(json, "operation") != nullptr) MovePlans(ObjectIn(json, "operation"), json);
  if (ObjectOf(json, "records") != nullptr) {
    Struct& records = ObjectIn(json, "records");
    SpreadLists(records);
    for (const std::string& name : SortedNames(records)) {
      if (ObjectOf(records, name) != nullptr) LiftPlan(ObjectIn(records, name));
    }
  }
  if (ObjectOf(json, "request") == nullptr) return;
  ForItemsOf(ObjectIn(json, "request"), [&](Struct& item) { CompleteDelivery(json, item); });
}

// {"trace": {"type": "TRACE_FIREARM", "request": {...}}}: the request is the record.
void LiftRequest(Struct& record) {
  const Struct* inner = ObjectOf(record, "request");
  if (inner == nullptr || TextOf(record, "type").empty()) return;
  const Struct request = *inner;
  Take(record, "request");
  CompletePlaces(record, request);
}

}  // namespace

void AddRecord(Struct& records, const std::string& name, const Value& record, int& next) {
  std::string free = name;
  for (; Member(records, free) != nullptr; ++next) free = Cat({name, "_", std::to_string(next)});
  Put(records, free, record);
}

void AddRecord(Struct& records, const std::string& name, const Value& record) {
  int next = 1;
  AddRecord(records, name, record, next);
}

namespace {

// Plans that are written as a journey, wherever they stand.
void ShapeJourneys(Struct& object, const CaseDirectory& directory, int depth) {
  constexpr int kDeepest = 6;
  if (depth > kDeepest) return;
  ShapeJourney(object, directory);
  for (auto& [name, value] : *object.mutable_fields()) {
    if (name == "variants" || name == "sharing") continue;
    if (value.has_struct_value())
      ShapeJourneys(*value.mutable_struct_value(), directory, depth + 1);
    if (!value.has_list_value()) continue;
    for (Value& each : *value.mutable_list_value()->mutable_values()) {
      if (!each.has_struct_value()) continue;
      ShapeJourneys(*each.mutable_struct_value(), directory, depth + 1);
    }
  }
}

}  // namespace

void PlaceObjects(Struct& json, const CaseDirectory& directory) {
  ShapeJourneys(json, directory, 0);
  MoveBarePlan(json);
  MoveToRecords(json);
  if (ObjectOf(json, "records") != nullptr) {
    Struct& records = ObjectIn(json, "records");
    SpreadLists(records);
    for (const std::string& name : SortedNames(records)) {
      if (ObjectOf(records, name) != nullptr) LiftRequest(ObjectIn(records, name));
    }
  }
  PlaceDeliveries(json);
  PlaceFirearms(json);
}

}  // namespace palermo::casework
