// What is done with records of a case: a warning is published, a record deleted, an asset disposed
// of.
#include "node/casework/cases/deed_words.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/records.h"
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

// The answer to a trace, or the note of how long it is kept: parts of its record.
bool IsOfTrace(const Struct& record, const std::string& name) {
  return name.find("answer") != std::string::npos || name.find("retention") != std::string::npos ||
         (!AnyText(record, "result").empty() &&
          IsWordOf("TraceAnswer", "result", AnyText(record, "result")));
}

// What is kept of firearms in the case, where the deed names another part of it: an answer, a note
// of the record, the request itself.
bool FindFirearms(const Deed& deed, std::string& name, Struct& out) {
  const std::string object = TextOf(deed.event, "object");
  if (const Struct* records = ObjectOf(deed.json, "records")) {
    const Struct* named = ObjectOf(*records, object);
    if (named != nullptr && !IsOfTrace(*named, object)) return false;
    if (named == nullptr && !object.empty()) return false;
    name.clear();
    for (const auto& [each, value] : records->fields()) {
      if (!IsOfFirearms(value.struct_value(), each)) continue;
      if (!name.empty() && each > name) continue;
      name = each;
      out = value.struct_value();
    }
    return !out.fields().empty();
  }
  if (!OneOf(object, {"", "request", "item", "items", "trace", "answer", "record"})) return false;
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

void JudgeDeletion(const Deed& deed, std::vector<Finding>& findings) {
  std::string name;
  Struct changed;
  if (const Struct* record = RecordFor(deed, name, IsOfFirearms)) {
    changed = *record;
  } else if (!FindFirearms(deed, name, changed)) {
    return;
  }
  const std::string at = FirstOf(deed.event, {"at", "on", "date", "delete_by", "after"});
  (*changed.mutable_fields())["delete_by"].set_string_value(at.empty() ? deed.facts.now : at);
  auto mapped = MapRecord(changed, name, deed.facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-CLK-FAP") findings.push_back(std::move(finding));
  }
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
  if (const Value* claims = Member(deed.event, "third_party_claims")) {
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

}  // namespace

bool JudgeRecordDeed(const Deed& deed, const std::string& type, std::vector<Finding>& findings) {
  if (Contains(type, {"PUBLIC_RELEASE", "PUBLIC_HEALTH", "PUBLIC_WARNING"}) ||
      (OneOf(type, {"FORWARD", "RELEASE", "PUBLISH", "WARN", "ALERT"}) && IsPublicHealth(deed))) {
    JudgeWarning(deed, findings);
    return true;
  }
  if (type == "PUBLISH" && IsAlert(deed)) {
    Tell("R-MED-02.release", "event.object", findings);
    return true;
  }
  const bool reviewed = type == "RETENTION_REVIEW" &&
                        Contains(FirstOf(deed.event, {"decision", "outcome"}), {"DELETE"});
  if (reviewed ||
      OneOf(type, {"DELETE", "PURGE", "ERASE", "DELETION", "DELETE_RECORD", "DESTROY_RECORD"})) {
    JudgeDeletion(deed, findings);
    return true;
  }
  if (OneOf(type, {"DISPOSE", "DISPOSAL", "DISPOSAL_AGREED", "RETURN_ASSET", "ASSET_RETURN",
                   "SHARE_ASSETS", "CONFISCATED_DISPOSAL"})) {
    JudgeDisposal(deed, findings);
    return true;
  }
  return false;
}

}  // namespace palermo::casework
