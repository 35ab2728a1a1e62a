// Firearms of a case that stand elsewhere than in the trace that asks about them.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

constexpr int kDeepest = 8;

bool NamesFirearm(const std::string& name) {
  return Contains(name, {"firearm", "weapon", "gun", "pistol", "rifle"});
}

bool IsFirearm(const Struct& object, const std::string& name) {
  int members = 0;
  for (const char* each : {"make", "model", "serial", "serial_number", "serial_no", "marks",
                           "markings", "country_of_manufacture"}) {
    members += Member(object, each) != nullptr ? 1 : 0;
  }
  bool strong =
      IsWordOf("Firearm", "class", TextOf(object, "class")) && !TextOf(object, "class").empty();
  for (const char* each : {"calibre", "caliber", "serial_state", "import_mark"}) {
    strong |= Member(object, each) != nullptr;
  }
  return (strong && members > 0) || (NamesFirearm(name) && (strong || members > 1));
}

// What is counted, and cartridges in any words, is not the firearm that a trace asks about.
bool IsAmmunition(const Struct& object, const std::string& name) {
  const std::string words =
      absl::AsciiStrToLower(Cat({name, " ", TextOf(object, "kind"), " ", TextOf(object, "type")}));
  if (Contains(words, {"ammunition", "ammo", "cartridge", "casing", "rounds", "magazine"})) {
    return true;
  }
  const auto says = [&](std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(),
                       [&](const char* each) { return Member(object, each) != nullptr; });
  };
  return says({"quantity", "qty"}) && !says({"class", "serial", "serials", "serial_number",
                                             "serial_no", "serial_state", "marks", "markings"});
}

struct Found {
  std::string name;
  const Struct* firearm;
};

// Firearms in an object, whatever members lead there. What an answer tells is not asked about.
void Collect(const Struct& object, const std::string& name, std::vector<Found>& found, int depth) {
  if (depth > kDeepest) return;
  if (IsFirearm(object, name)) {
    if (!IsAmmunition(object, name)) found.push_back({name, &object});
    return;
  }
  for (const auto& [each, value] : object.fields()) {
    if (Contains(each, {"answer", "reply", "result", "response", "expected"})) continue;
    if (value.has_struct_value()) Collect(value.struct_value(), each, found, depth + 1);
    for (const Value& one : value.list_value().values()) {
      if (one.has_struct_value()) Collect(one.struct_value(), each, found, depth + 1);
    }
  }
}

bool IsTrace(const Struct& object) { return TypeOfRecord(object) == AssistanceType::TRACE_FIREARM; }

// Firearms that no trace has of its own.
std::vector<Found> Unclaimed(const Struct& json) {
  std::vector<Found> found;
  for (const char* part : {"request", "records"}) {
    const Struct* home = ObjectOf(json, part);
    if (home == nullptr) continue;
    for (const auto& [name, value] : home->fields()) {
      const bool items = std::string_view(part) == "request" && name == "items";
      if (value.has_struct_value() && !IsTrace(value.struct_value())) {
        Collect(value.struct_value(), name, found, 1);
      }
      for (const Value& each : value.list_value().values()) {
        if (items && IsTrace(each.struct_value())) continue;
        if (each.has_struct_value()) Collect(each.struct_value(), name, found, 1);
      }
    }
  }
  return found;
}

// What a text in the trace names, where it names one of them.
std::vector<Struct> Named(const Struct& trace, const std::vector<Found>& found) {
  std::vector<Struct> named, all;
  for (const Found& each : found) {
    all.push_back(*each.firearm);
    const std::string id = FirstOf(*each.firearm, {"id", "ref", "firearm_id"});
    for (const char* name : {"firearm", "firearm_ref", "weapon_ref", "of", "ref"}) {
      const std::string said = TextOf(trace, name);
      if (!said.empty() && (said == id || said == each.name)) named.push_back(*each.firearm);
    }
  }
  return named.empty() ? all : named;
}

bool HasFirearm(const Struct& trace) {
  const Value* list = Member(trace, "firearms");
  const bool some = list != nullptr && list->list_value().values_size() > 0 &&
                    list->list_value().values(0).has_struct_value();
  return some || ObjectOf(trace, "firearm") != nullptr || IsFirearm(trace, "");
}

void GiveFirearms(const Struct& json, Struct& trace) {
  if (!IsTrace(trace) || HasFirearm(trace)) return;
  std::vector<Found> found;
  Collect(trace, "", found, 0);
  if (found.empty()) found = Unclaimed(json);
  const std::vector<Struct> firearms = Named(trace, found);
  if (firearms.empty()) return;
  Value list;
  for (const Struct& each : firearms) {
    *list.mutable_list_value()->add_values()->mutable_struct_value() = each;
  }
  Take(trace, "firearm");
  Put(trace, "firearms", list);
}

// An item asks about one firearm; each other one is a record.
void SplitItem(Struct& records, Struct& item) {
  if (!IsTrace(item) || Member(item, "firearms") == nullptr) return;
  const Value list = Take(item, "firearms");
  for (int i = 0; i < list.list_value().values_size(); ++i) {
    const Value& each = list.list_value().values(i);
    if (i == 0 && ObjectOf(item, "firearm") == nullptr) {
      Put(item, "firearm", each);
      continue;
    }
    Value record;
    Put(*record.mutable_struct_value(), "type", TextValue("TRACE_FIREARM"));
    Put(*record.mutable_struct_value(), "firearm", each);
    AddRecord(records, "firearm", record);
  }
}

// The type of a record of firearms in other words, or by what it holds.
void NameType(const std::string& name, Struct& record) {
  struct Word {
    std::string_view said, means;
  };
  constexpr Word kWords[] = {{"TRACE", "TRACE_FIREARM"},
                             {"TRACE_REQUEST", "TRACE_FIREARM"},
                             {"FIREARMS_TRACE", "TRACE_FIREARM"},
                             {"TRACE_FIREARMS", "TRACE_FIREARM"},
                             {"FIREARM_TRACE_REQUEST", "TRACE_FIREARM"},
                             {"FirearmTraceRequest", "TRACE_FIREARM"},
                             {"VERIFY_LICENSE", "VERIFY_LICENCE"},
                             {"LICENSE_VERIFY", "VERIFY_LICENCE"},
                             {"LICENCE_CHECK", "VERIFY_LICENCE"},
                             {"LICENSE_CHECK", "VERIFY_LICENCE"},
                             {"LICENCE_VERIFICATION", "VERIFY_LICENCE"},
                             {"RECEIPT", "CONFIRM_SHIPMENT_RECEIPT"}};
  const std::string type = TextOf(record, "type");
  for (const Word& word : kWords) {
    if (type == word.said) Put(record, "type", TextValue(word.means));
  }
  if (!type.empty()) return;
  // A firearm alone asks nothing: it is what a trace is about.
  const bool asks = Member(record, "rd") != nullptr || Member(record, "recovery") != nullptr ||
                    Contains(name, {"trace"});
  if (asks && IsFirearm(record, name) && !IsAmmunition(record, name)) {
    Put(record, "type", TextValue("TRACE_FIREARM"));
  } else if (ObjectOf(record, "licence") != nullptr || Contains(name, {"licence", "license"})) {
    const bool flat = !FirstOf(record, {"no", "number", "licence_no"}).empty() &&
                      !FirstOf(record, {"expires_at", "issued_at", "expires", "valid_to"}).empty();
    if (flat || ObjectOf(record, "licence") != nullptr) {
      Put(record, "type", TextValue("VERIFY_LICENCE"));
    }
  }
}

// What a laboratory found stands beside the trace.
void GiveForensics(const Struct& records, Struct& trace) {
  if (!IsTrace(trace) || Member(trace, "forensic_note") != nullptr) return;
  const Struct none;
  const Struct* recovery = ObjectOf(trace, "recovery");
  for (const Struct* from : {recovery == nullptr ? &none : recovery, &records}) {
    const std::string note =
        FirstOf(*from, {"forensic_note", "forensic", "forensics", "examination", "lab_report"});
    if (note.empty()) continue;
    Put(trace, "forensic_note", TextValue(note));
    return;
  }
}

// The licence of that number, wherever the case has it; null for none.
const Struct* LicenceNo(const Value& value, const std::string& no, int depth) {
  if (depth > kDeepest) return nullptr;
  const Struct& object = value.struct_value();
  const bool dated = !FirstOf(object, {"expires_at", "expires", "expiry", "valid_to"}).empty();
  if (dated && FirstOf(object, {"no", "number", "licence_no", "id"}) == no) return &object;
  for (const auto& [name, inner] : object.fields()) {
    if (const Struct* found = LicenceNo(inner, no, depth + 1)) return found;
  }
  for (const Value& each : value.list_value().values()) {
    if (const Struct* found = LicenceNo(each, no, depth + 1)) return found;
  }
  return nullptr;
}

// A shipment that names the licence under which it left has the licence's time.
void GiveLicence(const Struct& records, Struct& shipment) {
  if (TypeOfRecord(shipment) != AssistanceType::CONFIRM_SHIPMENT_RECEIPT) return;
  const std::string no = FirstOf(
      shipment, {"export_licence", "export_licence_no", "licence_no", "licence", "under_licence"});
  Value all;
  *all.mutable_struct_value() = records;
  const Struct* licence = no.empty() ? nullptr : LicenceNo(all, no, 0);
  if (licence == nullptr || licence == &shipment) return;
  if (ObjectOf(shipment, "licence") == nullptr) Take(shipment, "licence");
  Struct& own = ObjectIn(shipment, "licence");
  Put(own, "no", TextValue(no));
  for (const char* name : {"issued_at", "issued", "expires_at", "expires", "expiry", "valid_to"}) {
    const Value* said = Member(*licence, name);
    if (said != nullptr && Member(own, name) == nullptr) Put(own, name, *said);
  }
}

}  // namespace

void PlaceFirearms(Struct& json) {
  const bool area = TextOf(json, "area") == "FIREARMS";
  Struct before = json;
  if (ObjectOf(json, "records") != nullptr) {
    Struct& records = ObjectIn(json, "records");
    for (auto& [name, value] : *records.mutable_fields()) {
      if (value.has_struct_value() && area) NameType(name, *value.mutable_struct_value());
    }
    before = json;
    for (auto& [name, value] : *records.mutable_fields()) {
      if (!value.has_struct_value()) continue;
      GiveFirearms(before, *value.mutable_struct_value());
      GiveForensics(*ObjectOf(before, "records"), *value.mutable_struct_value());
      GiveLicence(*ObjectOf(before, "records"), *value.mutable_struct_value());
    }
  }
  if (ObjectOf(json, "request") == nullptr) return;
  Struct others;
  ForItemsOf(ObjectIn(json, "request"), [&](Struct& item) {
    GiveFirearms(before, item);
    SplitItem(others, item);
  });
  for (const auto& [name, record] : others.fields()) {
    AddRecord(ObjectIn(json, "records"), name, record);
  }
}

}  // namespace palermo::casework
