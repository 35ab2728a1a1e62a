// Members of a firearm's record in the places where ours has them.
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/keeping.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// A firearm's members beside those of its record.
void GatherFlatFirearm(Struct& item) {
  auto& fields = *item.mutable_fields();
  if (fields.count("firearm") > 0) return;
  Struct firearm;
  for (const char* name :
       {"class", "make", "model", "calibre", "caliber", "serial", "serial_number", "serial_state",
        "marks", "markings", "country_of_manufacture", "import_mark", "receiver_only", "images",
        "forensic_note", "explanation", "deactivation", "weapon_class"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    (*firearm.mutable_fields())[name] = found->second;
    fields.erase(name);
  }
  if (firearm.fields_size() > 0) *fields["firearm"].mutable_struct_value() = firearm;
}

// Why there is no number or mark, in whatever member it is written.
void GatherNotes(const Struct& item, Struct& firearm) {
  const Struct own = firearm;
  for (const Struct* said : {&item, &own}) {
    for (const char* name : {"forensic_note", "forensic", "forensics", "examination", "lab_ref",
                             "lab_report", "forensic_ref", "restoration_attempted"}) {
      if (!SaysYes(Member(*said, name)) || !TextOf(firearm, "forensic_note").empty()) continue;
      const std::string text = AnyText(*said, name);
      Put(firearm, "forensic_note", TextValue(text.empty() ? name : text));
    }
  }
  // Beside the firearm: what says why, and a note that speaks of its number or marks.
  for (const std::string& name : SortedNames(item)) {
    const bool of_marks = Contains(name, {"serial", "mark"}) &&
                          Contains(name, {"note", "explanation", "reason", "absence"});
    const bool why = OneOf(name, {"explanation", "absence_explained", "absence_reason",
                                  "absence_explanation", "why_no_serial", "reason_no_serial"});
    const std::string word = Folded(AnyText(item, name));
    const bool told = OneOf(name, {"note", "notes", "remark", "remarks"}) &&
                      Contains(word, {"serial", "marking", "unmarked", "filed", "ground off",
                                      "obliterat", "illegib"});
    if ((of_marks || why || told) && SaysYes(Member(item, name)) &&
        TextOf(firearm, "explanation").empty()) {
      Put(firearm, "explanation", TextValue(AnyText(item, name)));
    }
  }
  const Struct said = firearm;
  for (const std::string& name : SortedNames(said)) {
    const bool note = Contains(name, {"note", "explanation", "reason", "forensic", "examination",
                                      "comment", "absence", "why_no", "additive_manufactured"});
    if (note && SaysYes(Member(said, name)) && TextOf(firearm, "explanation").empty()) {
      Put(firearm, "explanation", TextValue(AnyText(said, name)));
    }
  }
}

// "government_transfer": a transfer from state to state, FAP 4(2), in other words.
void NameTransfer(Struct& item) {
  for (const std::string& name : SortedNames(item)) {
    if (NamesStates(name)) Rename(item, name, "state_to_state");
  }
}

// Words that say that there is no number, and which of the states that is.
std::string StateOfNone(const std::string& text) {
  const std::string word = Folded(text);
  if (OneOf(word, {"none", "no", "unknown", "n/a", "no serial", "not marked", "unmarked", "-"})) {
    return "NONE";
  }
  const bool gone = OneOf(word, {"obliterated", "illegible", "removed", "defaced", "erased",
                                 "filed off", "ground off", "destroyed"});
  return gone ? "OBLITERATED" : "";
}

// serial: "OBLITERATED", serial: {"state": "NONE"}: the state, and no number.
void ShapeSerial(Struct& firearm) {
  for (const char* name : {"serial_number", "serial_no"}) Rename(firearm, name, "serial");
  if (const Struct* said = ObjectOf(firearm, "serial")) {
    const Struct serial = *said;
    const std::string number = FirstOf(serial, {"number", "no", "value", "text"});
    Take(firearm, "serial");
    if (!number.empty()) Put(firearm, "serial", TextValue(number));
    if (number.empty() && Member(firearm, "serial_state") == nullptr) {
      *(*firearm.mutable_fields())["serial_state"].mutable_struct_value() = serial;
    }
  }
  const std::string state = StateOfNone(AnyText(firearm, "serial"));
  if (!state.empty()) {
    Take(firearm, "serial");
    if (Member(firearm, "serial_state") == nullptr) {
      Put(firearm, "serial_state", TextValue(state));
    }
  }
  // "RESTORED{acid}"
  const std::string word = TextOf(firearm, "serial_state");
  const size_t brace = word.find('{');
  if (brace == std::string::npos) return;
  Put(firearm, "serial_state", TextValue(word.substr(0, brace)));
  if (Member(firearm, "forensic_note") == nullptr) {
    Put(firearm, "forensic_note", TextValue(word.substr(brace)));
  }
}

// marks: {"proof": "CIP"}: each by its kind; what says that there is none is no mark.
void ShapeMarks(Struct& firearm) {
  for (const char* name : {"markings", "marking", "mark", "alternative_marking"}) {
    Rename(firearm, name, "marks");
  }
  const Value* there = Member(firearm, "marks");
  if (there == nullptr || there->kind_case() == Value::kNullValue) return;
  const Value said = *there;
  Value list;
  auto& marks = *list.mutable_list_value();
  const auto is_none = [](const Value& text) {
    return text.kind_case() == Value::kNullValue || IsBlank(text.string_value()) ||
           !StateOfNone(text.string_value()).empty();
  };
  const auto add = [&](const Value& mark) {
    const Value* text = Member(mark.struct_value(), "text");
    const Value& told = mark.has_struct_value() && text != nullptr ? *text : mark;
    if (!told.has_struct_value() && is_none(told)) return;
    *marks.add_values() = mark;
  };
  const Struct& map = said.struct_value();
  const bool one = Member(map, "text") != nullptr || Member(map, "kind") != nullptr ||
                   Member(map, "country") != nullptr;
  for (const auto& [kind, text] : map.fields()) {
    if (one || text.kind_case() != Value::kStringValue) continue;
    Value mark;
    Put(*mark.mutable_struct_value(), "kind", TextValue(kind));
    Put(*mark.mutable_struct_value(), "text", text);
    add(mark);
  }
  for (const Value& each : said.list_value().values()) add(each);
  if (one || said.kind_case() == Value::kStringValue) add(said);
  Put(firearm, "marks", list);
}

void GatherFirearm(Struct& item) {
  GatherFlatFirearm(item);
  auto& fields = *item.mutable_fields();
  const auto found = fields.find("firearm");
  if (found == fields.end() || !found->second.has_struct_value()) return;
  Struct& firearm = *found->second.mutable_struct_value();
  ShapeSerial(firearm);
  ShapeMarks(firearm);
  GatherNotes(item, firearm);
  // serial_state: {"RESTORED": {"method": "acid"}}, {"state": "OBLITERATED", "note": "ground off"}
  const Struct* state = ObjectOf(firearm, "serial_state");
  if (state == nullptr) return;
  const Struct said = *state;
  auto& members = *firearm.mutable_fields();
  std::string word = FirstOf(said, {"state", "value", "status"});
  for (const char* known : {"NONE", "OBLITERATED", "RESTORED"}) {
    if (Member(said, known) != nullptr) word = known;
  }
  members["serial_state"].set_string_value(word);
  for (const char* note : {"note", "method", "forensic_note", "explanation", "reason", "lab"}) {
    const std::string text = TextOf(said, note);
    if (!text.empty()) members["forensic_note"].set_string_value(text);
  }
  const Struct* inner = ObjectOf(said, word);
  if (inner != nullptr) members["forensic_note"].set_string_value(AnyText(said, word));
}

}  // namespace

// A licence's members beside those of its record, and when goods left under it.
void ArrangeLicence(Struct& item) {
  if (Member(item, "licence") != nullptr && ObjectOf(item, "licence") == nullptr) return;
  Struct& licence = ObjectIn(item, "licence");
  for (const char* name :
       {"no",          "number",     "licence_no",    "issuer",          "issued_at",
        "issued",      "issue_date", "expires_at",    "expires",         "expiry",
        "expiry_date", "exporter",   "importer",      "final_recipient", "transit",
        "goods",       "broker",     "shipped_at",    "shipment_date",   "exported_at",
        "export_date", "shipped",    "dispatched_at", "dispatch_date",   "date_of_export",
        "used_at",     "exit_at",    "shipment"}) {
    if (Member(item, name) != nullptr && Member(licence, name) == nullptr) {
      Put(licence, name, Take(item, name));
    }
  }
  if (const Struct* shipment = ObjectOf(licence, "shipment")) {
    const std::string at = FirstOf(*shipment, {"at", "date", "shipped_at", "dispatched_at"});
    if (!at.empty()) Put(licence, "shipped_at", TextValue(at));
  }
  if (licence.fields().empty()) Take(item, "licence");
}

void ArrangeFirearm(Struct& item) {
  NameTransfer(item);
  ShapeRetention(item);
  GatherFirearm(item);
}

}  // namespace palermo::casework
