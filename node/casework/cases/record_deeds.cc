// What is done with records of a case: a warning is published, a record deleted, an asset disposed
// of.
#include "absl/strings/ascii.h"
#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/keeping.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/field_words.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

bool IsOfFirearms(const Struct& record, const std::string&) {
  const auto type = TypeOfRecord(record);
  return type == AssistanceType::TRACE_FIREARM || type == AssistanceType::VERIFY_LICENCE ||
         type == AssistanceType::CONFIRM_SHIPMENT_RECEIPT;
}

// Part of the record of a trace or licence: its answer, the note of how long it is kept.
bool IsOfTrace(const Struct& record, const std::string& name) {
  if (NamesOtherRecords(name)) return false;
  return OneOf(name, {"answer", "response", "result", "reply"}) || NamesFirearms(name) ||
         HasWord(name, {"retention"}) ||
         (!AnyText(record, "result").empty() &&
          IsWordOf("TraceAnswer", "result", AnyText(record, "result")));
}

// What an event means that names no record of the case: records of firearms, in any words, or all
// that the case keeps.
bool MeansFirearms(const std::string& object) {
  const std::string word = absl::AsciiStrToLower(object);
  return NamesFirearms(word) || HasWord(word, {"retention", "register", "archive"}) ||
         OneOf(word, {"answer", "answers", "record", "records", "response", "responses", "result",
                      "results", "request", "requests", "item", "items", "reply"});
}

// The first request about firearms: in the records, else an item.
bool FindFirearms(const Deed& deed, std::string& name, Struct& out) {
  if (const Struct* records = ObjectOf(deed.json, "records")) {
    name.clear();
    for (const auto& [each, value] : records->fields()) {
      if (!IsOfFirearms(value.struct_value(), each)) continue;
      if (!name.empty() && each > name) continue;
      name = each;
      out = value.struct_value();
    }
    if (!name.empty()) return true;
  }
  const Struct* request = ObjectOf(deed.json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const Struct& item = items->list_value().values(i).struct_value();
    if (!IsOfFirearms(item, "")) continue;
    name = "item";
    out = item;
    return true;
  }
  return false;
}

// What the deed deletes: what it names, else what is kept of firearms in the case.
bool FindDeleted(const Deed& deed, std::string& name, Struct& out) {
  const std::string object = TextOf(deed.event, "object");
  const bool area = deed.facts.area == "FIREARMS";
  const Struct* records = ObjectOf(deed.json, "records");
  if (const Struct* named = records == nullptr ? nullptr : ObjectOf(*records, object)) {
    name = object;
    out = *named;
    if (IsOfFirearms(*named, object)) return true;
    const bool kept = area && IsKeptOfFirearms(*named, object);
    if (IsOfOtherRecords(deed.event)) return false;
    if (!kept && !IsOfTrace(*named, object)) return false;
    if (kept) out = KeptRecord(*named, object);
    if (kept && !out.fields().empty()) return true;
    return FindFirearms(deed, name, out);
  }
  if (IsOfOtherRecords(deed.event)) return false;
  const bool meant = area
                         ? MeansFirearms(object)
                         : OneOf(object, {"request", "item", "items", "trace", "answer", "record"});
  const bool number = object.find_first_not_of("0123456789") == std::string::npos;  // of an item
  const bool all = OneOf(absl::AsciiStrToLower(object), {"all", "case"});
  return (meant || number || all) && FindFirearms(deed, name, out);
}

// How old the record is by then, in years; false where the event does not say.
bool TellsAge(const Struct& event, double& years) {
  for (const char* name : {"age_years", "after_years", "years", "age", "kept_years", "after",
                           "record_age_years", "retention_years", "years_since", "years_kept"}) {
    const Value* said = Member(event, name);
    if (said != nullptr && IsYears(*said, years)) return true;
  }
  return false;
}

// Of several objects each is judged.
std::vector<std::string> ObjectsOf(const Struct& event) {
  for (const char* name : {"object", "objects", "records"}) {
    std::vector<std::string> names = TextsOf(event, name);
    if (!names.empty()) return names;
  }
  return {};
}

void JudgeDeletion(const Deed& deed, std::vector<Finding>& findings) {
  for (const std::string& object : ObjectsOf(deed.event)) {
    Struct event = deed.event;
    for (const char* list : {"objects", "records"}) Take(event, list);
    Put(event, "object", TextValue(object));
    const size_t before = findings.size();
    JudgeDeletion({deed.json, event, deed.in_state, deed.facts}, findings);
    if (findings.size() > before) return;
  }
  if (!ObjectsOf(deed.event).empty()) return;
  std::string name;
  Struct changed;
  if (!FindDeleted(deed, name, changed)) return;
  double years = 0;
  if (TellsAge(deed.event, years)) {
    if (years < kFirearmYears) Tell("R-CLK-FAP.short", "event", findings);
    return;
  }
  const std::string at =
      FirstOf(deed.event, {"at", "on", "date", "delete_by", "deleted_at", "after", "when",
                           "effective", "effective_at", "key_destroyed_at", "destroyed_at"});
  (*changed.mutable_fields())["delete_by"].set_string_value(at.empty() ? deed.facts.now : at);
  auto mapped = MapRecord(changed, name, deed.facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-CLK-FAP") findings.push_back(std::move(finding));
  }
}

// How long records are kept from now on: {"type": "SET_RETENTION", "years": 5}; of a lead, of what
// is no record of firearms, as long as it is needed.
void JudgeNewRetention(const Deed& deed, std::vector<Finding>& findings) {
  const std::string object = FirstOf(deed.event, {"object", "record", "records", "of"});
  if (IsOfOtherRecords(deed.event)) return;
  const Struct* records = ObjectOf(deed.json, "records");
  const Struct* named = records == nullptr ? nullptr : ObjectOf(*records, object);
  if (named != nullptr && !IsKeptOfFirearms(*named, object)) return;
  Struct note = deed.event;
  for (const char* frame : {"type", "object", "at", "by"}) note.mutable_fields()->erase(frame);
  JudgeKeeping(note, "retention", deed.facts, findings);
}

// Goods that leave under a licence of the case: within its time.
void JudgeShipment(const Deed& deed, std::vector<Finding>& findings) {
  std::string name;
  const Struct* found = RecordFor(deed, name, [](const Struct& record, const std::string&) {
    return TypeOfRecord(record) == AssistanceType::VERIFY_LICENCE;
  });
  if (found == nullptr) return;
  Struct changed = *found;
  const std::string at = FirstOf(deed.event, {"at", "date", "shipped_at", "dispatched_at"});
  const Value shipped = TextValue(at.empty() ? deed.facts.now : at);
  Take(changed, "shipment");
  Put(ObjectOf(changed, "licence") == nullptr ? changed : ObjectIn(changed, "licence"),
      "shipped_at", shipped);
  const auto mapped = MapRecord(changed, name, deed.facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-AUTH-03") findings.push_back(std::move(finding));
  }
}

// What is done with firearms, and with what is kept of them.
bool JudgeFirearmsDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  if (OneOf(type, {"RETENTION", "SET_RETENTION", "RETENTION_SET", "CHANGE_RETENTION"})) {
    JudgeNewRetention(deed, findings);
    return true;
  }
  if (OneOf(type, {"SHIP", "SHIPPED", "SHIPMENT", "EXPORT_GOODS", "GOODS_EXPORTED"})) {
    JudgeShipment(deed, findings);
    return true;
  }
  const bool transfer = OneOf(type, {"TRANSFER", "STATE_TRANSFER", "STATE_TO_STATE_TRANSFER"});
  Struct said = deed.event;
  if (type != "TRANSFER") (*said.mutable_fields())["state_to_state"].set_bool_value(true);
  if (!transfer || !TellsOfStates(said)) return false;
  Tell("R-FAP-09.state", "event", findings);
  return true;
}

void JudgeWarning(const Deed& deed, std::vector<Finding>& findings) {
  std::string name;
  const Struct* found = RecordFor(deed, name, [](const Struct&, const std::string& each) {
    return each == "public_release" || each == "public_warning";
  });
  // The alert leaves as the release that was made of it.
  const Struct* records = ObjectOf(deed.json, "records");
  for (const char* release : {"public_release", "public_warning"}) {
    if (found == nullptr && records != nullptr) found = ObjectOf(*records, release);
  }
  Struct record = found == nullptr ? Struct() : *found;
  for (const auto& [member, value] : deed.event.fields()) {
    if (member != "type" && member != "object") (*record.mutable_fields())[member] = value;
  }
  record.mutable_fields()->erase("type");
  // "stripped": true of both.
  if (SaysYes(Member(record, "stripped"))) {
    for (const char* part : {"identity_stripped", "investigation_details_stripped"}) {
      (*record.mutable_fields())[part].set_bool_value(true);
    }
  }
  auto mapped = MapExtract(record, "public_release", deed.facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.severity != Severity::kNote) findings.push_back(std::move(finding));
  }
  Value as_value;
  *as_value.mutable_struct_value() = record;
  JudgeMembers(as_value, "event", deed.facts, findings);
}

void JudgeDisposal(const Deed& deed, std::vector<Finding>& findings) {
  if (SaysOneOf(deed.event, {"open_claim", "open_claims", "claim_open"})) {
    Tell("R-AR-05.claim", "event", findings);
    return;
  }
  const Struct* measure = ObjectOf(deed.json, "asset_measure");
  Struct changed = measure == nullptr ? Struct() : *measure;
  const Value* claims = Member(deed.event, "third_party_claims");
  if (claims == nullptr) claims = Member(deed.event, "claims");
  if (claims != nullptr) {
    const std::string list = "third_party_claims";
    Struct& claim = *(*changed.mutable_fields())["claim"].mutable_struct_value();
    (*claim.mutable_fields())[list] = *claims;
  } else if (measure == nullptr) {
    return;
  }
  (*changed.mutable_fields())["state"].set_string_value("DISPOSAL_AGREED");
  JudgeAssetMeasure(changed, findings);
}

bool IsPublicHealth(const Deed& deed) {
  return OneOf(TextOf(deed.event, "object"), {"public_release", "public_warning"}) ||
         Contains(TextOf(deed.event, "type"), {"PUBLIC_HEALTH"}) ||
         OneOf(TextOf(deed.event, "path"), {"PUBLIC_HEALTH_RELEASE"}) ||
         OneOf(TextOf(deed.event, "purpose"), {"PUBLIC_HEALTH"}) ||
         SaysOneOf(deed.event, {"public_health_release"});
}

// The alert itself, which holds what a public warning must not.
bool IsAlert(const Deed& deed) {
  const Struct* records = ObjectOf(deed.json, "records");
  const Struct* record =
      records == nullptr ? nullptr : ObjectOf(*records, TextOf(deed.event, "object"));
  return record != nullptr && OneOf(TextOf(*record, "type"), {"PRODUCT_ALERT", "BATCH_ALERT"});
}

// The alert itself goes to everybody, and not what was made of it for them.
bool TellsPublic(const Deed& deed) {
  return IsAlert(deed) &&
         HasWords(TextOf(deed.event, "to"), {"public", "media", "press", "website"}) &&
         !SaysOneOf(deed.event,
                    {"stripped", "identity_stripped", "investigation_details_stripped"});
}

}  // namespace

bool JudgeRecordDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  // The report's own form is judged as an act; what it does to the measure, here.
  if (type == "ASSET_REPORT" &&
      OneOf(TextOf(deed.event, "to"),
            {"DISPOSAL_AGREED", "RETURNED", "SHARED", "VICTIM_COMPENSATED", "RETAINED"})) {
    JudgeDisposal(deed, findings);
    return false;
  }
  if (OneOf(type, {"PUBLIC_HEALTH_RELEASE", "PUBLIC_RELEASE"}) && TellsPublic(deed)) {
    Tell("R-MED-02.release", "event.object", findings);
    return true;
  }
  if (Contains(type, {"PUBLIC_RELEASE", "PUBLIC_HEALTH", "PUBLIC_WARNING"}) ||
      (OneOf(type, {"FORWARD", "RELEASE", "PUBLISH", "WARN", "ALERT"}) && IsPublicHealth(deed))) {
    JudgeWarning(deed, findings);
    return true;
  }
  if (type == "PUBLISH" && IsAlert(deed)) {
    Tell("R-MED-02.release", "event.object", findings);
    return true;
  }
  if (type == "RETENTION_REVIEW") {
    const std::string decision = FirstOf(deed.event, {"decision", "outcome"});
    const size_t at = decision.find("DELETE");
    const bool kept = at == std::string::npos || Contains(decision.substr(0, at), {"NOT", "NO_"});
    const bool deletes = !kept || SaysOneOf(deed.event, {"delete_by"});
    if (deletes) JudgeDeletion(deed, findings);
    return deletes || deed.facts.area == "FIREARMS";
  }
  if (OneOf(type, {"DELETE", "PURGE", "ERASE", "DELETION", "TOMBSTONE", "DELETE_RECORD",
                   "DELETE_RECORDS", "DESTROY_RECORD", "DESTROY_RECORDS"})) {
    JudgeDeletion(deed, findings);
    return true;
  }
  if (deed.facts.area == "FIREARMS" && JudgeFirearmsDeed(deed, type, findings)) return true;
  // To destroy a firearm is no deletion; a record is deleted so.
  if (deed.facts.area == "FIREARMS" && OneOf(type, {"DESTROY", "DESTRUCTION", "DESTROYED"})) {
    if (Contains(TextOf(deed.event, "object"), {"trace", "record", "answer", "licence"})) {
      JudgeDeletion(deed, findings);
    }
    return true;
  }
  if (OneOf(type, {"DISPOSE", "DISPOSAL", "DISPOSAL_AGREED", "RETURN_ASSET", "ASSET_RETURN",
                   "SHARE_ASSETS", "SHARE_ASSET", "CONFISCATED_DISPOSAL"})) {
    JudgeDisposal(deed, findings);
    return true;
  }
  return false;
}

}  // namespace palermo::casework
