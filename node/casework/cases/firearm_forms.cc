// Members of a firearm's record in the places where ours has them.
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// 10, "P10Y", "10 years".
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

// Members of a firearm's record in the places where ours has them.
void GatherRetention(Struct& item) {
  auto& fields = *item.mutable_fields();
  const Value* there = Member(item, "retention");
  double years = 0;
  if (there != nullptr && IsYears(*there, years)) {
    fields["retention"].Clear();
    (*fields["retention"].mutable_struct_value()->mutable_fields())["years"].set_number_value(
        years);
  }
  for (const char* name : {"retention_years", "keep_until", "delete_by", "delete_at",
                           "retain_until", "retention_until"}) {
    const auto found = fields.find(name);
    if (found == fields.end()) continue;
    const std::string to = std::string_view(name) == "retention_years"       ? "years"
                           : std::string_view(name).substr(0, 6) == "delete" ? "delete_by"
                                                                             : "keep_until";
    const Value value = found->second;
    fields.erase(name);
    auto& retention = fields["retention"];
    if (!retention.has_struct_value()) retention.mutable_struct_value();
    (*retention.mutable_struct_value()->mutable_fields())[to] = value;
  }
  // When the record was made, if it says how long it is kept.
  if (ObjectOf(item, "retention") == nullptr) return;
  for (const char* name : {"created", "recorded_at"}) {
    const Value* since = Member(item, name);
    if (since == nullptr || Member(*ObjectOf(item, "retention"), name) != nullptr) continue;
    const Value copy = *since;
    (*fields["retention"].mutable_struct_value()->mutable_fields())[name] = copy;
  }
}

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
  if (Member(item, "forensic_note") != nullptr) {
    Put(firearm, "forensic_note", *Member(item, "forensic_note"));
  }
  const Struct said = firearm;
  for (const auto& [name, value] : said.fields()) {
    const bool note = name.find("note") != std::string::npos ||
                      name.find("explanation") != std::string::npos ||
                      name.find("reason") != std::string::npos;
    if (note && SaysYes(&value) && TextOf(firearm, "explanation").empty()) {
      Put(firearm, "explanation", TextValue(AnyText(said, name)));
    }
  }
}

// "government_transfer": a transfer from state to state, FAP 4(2), in other words.
void NameTransfer(Struct& item) {
  const Struct said = item;
  for (const auto& [name, value] : said.fields()) {
    for (const char* words : {"state_to_state", "state_transfer", "state_transaction",
                              "government_transfer", "government_to_government"}) {
      if (name.find(words) != std::string::npos) Rename(item, name, "state_to_state");
    }
  }
}

void GatherFirearm(Struct& item) {
  GatherFlatFirearm(item);
  auto& fields = *item.mutable_fields();
  const auto found = fields.find("firearm");
  if (found == fields.end() || !found->second.has_struct_value()) return;
  Struct& firearm = *found->second.mutable_struct_value();
  GatherNotes(item, firearm);
  // serial_state: {"RESTORED": {"method": "acid"}}, {"state": "OBLITERATED", "note": "ground off"}
  const Struct* state = ObjectOf(firearm, "serial_state");
  if (state == nullptr) return;
  const Struct said = *state;
  auto& members = *firearm.mutable_fields();
  std::string word = TextOf(said, "state");
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

void ArrangeFirearm(Struct& item) {
  NameTransfer(item);
  GatherRetention(item);
  GatherFirearm(item);
}

}  // namespace palermo::casework
