// Firearms of a case that stand elsewhere than in the trace that asks about them.
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "node/casework/cases/answers.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
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
void CollectFirearms(const Struct& object, const std::string& name, std::vector<Found>& found,
                     int depth) {
  if (depth > kDeepest) return;
  if (IsFirearm(object, name)) {
    if (!IsAmmunition(object, name)) found.push_back({name, &object});
    return;
  }
  for (const std::string& each : SortedNames(object)) {
    const Value& value = object.fields().at(each);
    if (Contains(each, {"answer", "reply", "result", "response", "expected"})) continue;
    if (value.has_struct_value()) CollectFirearms(value.struct_value(), each, found, depth + 1);
    for (const Value& one : value.list_value().values()) {
      if (one.has_struct_value()) CollectFirearms(one.struct_value(), each, found, depth + 1);
    }
  }
}

// Firearms that no trace has of its own.
std::vector<Found> Unclaimed(const Struct& json) {
  std::vector<Found> found;
  for (const char* part : {"request", "records"}) {
    const Struct* home = ObjectOf(json, part);
    if (home == nullptr) continue;
    for (const std::string& name : SortedNames(*home)) {
      const Value& value = home->fields().at(name);
      const bool items = std::string_view(part) == "request" && name == "items";
      if (value.has_struct_value() && !IsTraceRecord(value.struct_value())) {
        CollectFirearms(value.struct_value(), name, found, 1);
      }
      for (const Value& each : value.list_value().values()) {
        if (items && IsTraceRecord(each.struct_value())) continue;
        if (each.has_struct_value()) CollectFirearms(each.struct_value(), name, found, 1);
      }
    }
  }
  return found;
}

bool HasFirearm(const Struct& trace) {
  const Value* list = Member(trace, "firearms");
  const bool some = list != nullptr && list->list_value().values_size() > 0 &&
                    list->list_value().values(0).has_struct_value();
  return some || ObjectOf(trace, "firearm") != nullptr || IsFirearm(trace, "");
}

using ByName = std::multimap<std::string, const Struct*>;

ByName NamesOf(const std::vector<Found>& found) {
  ByName names;
  for (const Found& each : found) {
    const std::string id = FirstOf(*each.firearm, {"id", "ref", "firearm_id"});
    names.emplace(each.name, each.firearm);
    if (!id.empty() && id != each.name) names.emplace(id, each.firearm);
  }
  return names;
}

// What texts in the trace name; the name of a long list names none of it.
std::vector<const Struct*> Named(const Struct& trace, const ByName& names) {
  std::vector<const Struct*> named;
  for (const char* name : {"firearm", "firearm_ref", "weapon_ref", "of", "ref"}) {
    const auto [from, to] = names.equal_range(TextOf(trace, name));
    if (static_cast<size_t>(std::distance(from, to)) > kMaxNamedFirearms) continue;
    for (auto each = from; each != to; ++each) {
      if (std::find(named.begin(), named.end(), each->second) == named.end()) {
        named.push_back(each->second);
      }
    }
  }
  return named;
}

// The firearms of a case that no trace has of its own, for the traces that have none.
class Unplaced {
 public:
  // `json` stays as it is while this is used.
  explicit Unplaced(const Struct& json) : json_(json) {}

  // Those that the trace names; else the first trace asks about all, each other one about the
  // first: every firearm is judged, and none as often as there are traces.
  void Give(Struct& trace) {
    if (!IsTraceRecord(trace) || HasFirearm(trace)) return;
    std::vector<Found> own;
    CollectFirearms(trace, "", own, 0);
    if (own.empty()) Search();
    const ByName own_names = NamesOf(own);
    const ByName& names = own.empty() ? names_ : own_names;
    std::vector<const Struct*> firearms = Named(trace, names);
    if (firearms.empty()) {
      const auto& all = own.empty() ? found_ : own;
      const size_t most = own.empty() && given_ ? std::min<size_t>(1, all.size()) : all.size();
      for (size_t i = 0; i < most; ++i) firearms.push_back(all[i].firearm);
      given_ |= own.empty();
    }
    if (firearms.empty()) return;
    Value list;
    for (const Struct* each : firearms) {
      *list.mutable_list_value()->add_values()->mutable_struct_value() = *each;
    }
    Take(trace, "firearm");
    Put(trace, "firearms", list);
  }

 private:
  void Search() {
    if (searched_) return;
    searched_ = true;
    found_ = Unclaimed(json_);
    names_ = NamesOf(found_);
  }

  const Struct& json_;
  bool searched_ = false, given_ = false;
  std::vector<Found> found_;
  ByName names_;
};

// An item asks about one firearm; each other one is a record.
void SplitItem(Struct& records, Struct& item, int& next) {
  if (!IsTraceRecord(item) || Member(item, "firearms") == nullptr) return;
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
    AddRecord(records, "firearm", record, next);
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

std::string ForensicsIn(const Struct& object) {
  return FirstOf(object, {"forensic_note", "forensic", "forensics", "examination", "lab_report"});
}

// What a laboratory found stands beside the trace. `of_case`: for a trace that has none itself.
void GiveForensics(const std::string& of_case, Struct& trace) {
  if (!IsTraceRecord(trace) || Member(trace, "forensic_note") != nullptr) return;
  const Struct* recovery = ObjectOf(trace, "recovery");
  const std::string own = recovery == nullptr ? "" : ForensicsIn(*recovery);
  const std::string& note = own.empty() ? of_case : own;
  if (!note.empty()) Put(trace, "forensic_note", TextValue(note));
}

bool IsReceipt(const Struct& record) {
  return TypeOfRecord(record) == AssistanceType::CONFIRM_SHIPMENT_RECEIPT;
}

// Licences by their numbers, the first of each.
using Licences = std::map<std::string, const Struct*>;

void CollectLicences(const Struct& object, Licences& licences, int depth) {
  if (depth > kDeepest) return;
  const bool dated = !FirstOf(object, {"expires_at", "expires", "expiry", "valid_to"}).empty();
  const std::string no = FirstOf(object, {"no", "number", "licence_no", "id"});
  if (dated && !no.empty()) licences.emplace(no, &object);
  for (const std::string& name : SortedNames(object)) {
    const Value& inner = object.fields().at(name);
    if (inner.has_struct_value()) CollectLicences(inner.struct_value(), licences, depth + 1);
    for (const Value& each : inner.list_value().values()) {
      if (each.has_struct_value()) CollectLicences(each.struct_value(), licences, depth + 1);
    }
  }
}

// The licences of the records; what a receipt says of one counts where no other record has it.
Licences LicencesIn(const Struct& records) {
  Licences licences;
  for (const bool receipts : {false, true}) {
    for (const std::string& name : SortedNames(records)) {
      const Value& value = records.fields().at(name);
      if (IsReceipt(value.struct_value()) != receipts) continue;
      if (value.has_struct_value()) CollectLicences(value.struct_value(), licences, 1);
      for (const Value& each : value.list_value().values()) {
        if (each.has_struct_value()) CollectLicences(each.struct_value(), licences, 2);
      }
    }
  }
  return licences;
}

// A shipment that names the licence under which it left has the licence's time.
void GiveLicence(const Licences& licences, Struct& shipment) {
  if (!IsReceipt(shipment)) return;
  const std::string no = FirstOf(
      shipment, {"export_licence", "export_licence_no", "licence_no", "licence", "under_licence"});
  const auto found = licences.find(no);
  if (no.empty() || found == licences.end()) return;
  if (ObjectOf(shipment, "licence") == nullptr) Take(shipment, "licence");
  Struct& own = ObjectIn(shipment, "licence");
  Put(own, "no", TextValue(no));
  for (const char* name : {"issued_at", "issued", "expires_at", "expires", "expiry", "valid_to"}) {
    const Value* said = Member(*found->second, name);
    if (said != nullptr && Member(own, name) == nullptr) Put(own, name, *said);
  }
}

}  // namespace

void PlaceFirearms(Struct& json) {
  const bool area = TextOf(json, "area") == "FIREARMS";
  if (area && ObjectOf(json, "records") != nullptr) {
    for (auto& [name, value] : *ObjectIn(json, "records").mutable_fields()) {
      if (value.has_struct_value()) NameType(name, *value.mutable_struct_value());
    }
  }
  const Struct before = json;
  Unplaced unplaced(before);
  if (const Struct* there = ObjectOf(before, "records")) {
    const Licences licences = LicencesIn(*there);
    const std::string forensics = ForensicsIn(*there);
    Struct& records = ObjectIn(json, "records");
    for (const std::string& name : SortedNames(records)) {
      if (ObjectOf(records, name) == nullptr) continue;
      Struct& record = ObjectIn(records, name);
      unplaced.Give(record);
      GiveForensics(forensics, record);
      GiveLicence(licences, record);
    }
  }
  if (ObjectOf(json, "request") == nullptr) return;
  Struct others;
  int next = 1;
  ForItemsOf(ObjectIn(json, "request"), [&](Struct& item) {
    unplaced.Give(item);
    SplitItem(others, item, next);
  });
  for (const std::string& name : SortedNames(others)) {
    AddRecord(ObjectIn(json, "records"), name, others.fields().at(name));
  }
}

}  // namespace palermo::casework
