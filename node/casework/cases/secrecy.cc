#include "node/casework/cases/secrecy.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// --- Confidentiality

// Kept secret until a day that has not passed, for ever where no day is named.
bool IsKept(const Struct& object, absl::Time at) {
  const Value* said = Member(object, "confidentiality");
  const Struct* kept = ObjectOf(object, "confidentiality");
  const std::string text = kept == nullptr
                               ? FirstOf(object, {"confidential_until", "confidentiality_until"})
                               : FirstOf(*kept, {"until"});
  const auto until = ParseInstant(text);
  if (until.ok() && *until < at) return false;
  const bool required = kept != nullptr ? SaysYes(Member(*kept, "required")) : SaysYes(said);
  return required || until.ok() ||
         SaysOneOf(object, {"confidential", "commercial_confidential", "do_not_notify"});
}

// What the event tells of: the record that it names, else the request, else any record.
bool IsConfidential(const Deed& deed) {
  const std::string moment = FirstOf(deed.event, {"at", "date"});
  const auto said = ParseInstant(moment.empty() ? deed.facts.now : moment);
  const absl::Time at = said.ok() ? *said : absl::InfinitePast();
  const Struct* records = ObjectOf(deed.json, "records");
  if (records != nullptr) {
    const Struct* named = ObjectOf(*records, TextOf(deed.event, "object"));
    if (named != nullptr) return IsKept(*named, at);
  }
  if (const Struct* request = ObjectOf(deed.json, "request")) return IsKept(*request, at);
  return records != nullptr &&
         std::any_of(records->fields().begin(), records->fields().end(),
                     [&](const auto& record) { return IsKept(record.second.struct_value(), at); });
}

// The kind of data that the event gives away, as a word of the orders; "" for none.
std::string DataIn(const Struct& event) {
  std::string all;
  for (const char* name : {"category", "data_category", "data_categories", "categories", "data"}) {
    all += AnyText(event, name) + ", ";
  }
  const bool content = HasWords(all, {"content", "contents"}) &&
                       !HasWords(all, {"non_content", "no_content", "without_content"});
  if (content) return "CONTENT";
  if (HasWords(all, {"traffic"})) return "TRAFFIC";
  return HasWords(all, {"subscriber", "subscribers"}) ? "SUBSCRIBER" : "";
}

// The event needs the order itself: any reference to it stands for its hash.
void NameOrder(const Struct& event, Struct& record) {
  for (const char* name : {"judicial_order", "court_order"}) Rename(record, name, "order");
  const std::string said = TextOf(record, "order");
  const bool kind = OneOf(said, {"SUBSCRIBER", "TRAFFIC", "CONTENT"});
  if (kind) {
    // An order for that, of which the event tells no number.
    Take(record, "order");
    Put(ObjectIn(record, "order"), "kind", TextValue(said));
    Put(ObjectIn(record, "order"), "hash", TextValue("as told"));
  }
  if (!said.empty() && !kind && TextOf(record, "legal_order_hash").empty()) {
    Put(record, "legal_order_hash", Take(record, "order"));
  }
  std::string ref = FirstOf(event, {"order_ref", "judicial_order_ref", "judicial_order_hash",
                                    "court_order_ref", "order_no", "warrant"});
  if (ObjectOf(record, "order") != nullptr) {
    Struct& order = ObjectIn(record, "order");
    if (ref.empty()) ref = FirstOf(order, {"ref", "id", "no", "number", "reference"});
    if (TextOf(order, "hash").empty() && !ref.empty()) Put(order, "hash", TextValue(ref));
  } else if (!ref.empty() && TextOf(record, "legal_order_hash").empty()) {
    Put(record, "legal_order_hash", TextValue(ref));
  }
}

// Words that only announce a notice, or deny it.
constexpr std::string_view kNoNotice[] = {
    "no",       "not",     "none",   "never",  "without",   "later",  "afterwards",
    "pending",  "planned", "due",    "will",   "must",      "should", "required",
    "requires", "require", "needed", "waived", "unnotified"};
// NONE_YET, "to be told later": by how the text begins.
bool IsNoNotice(const std::string& text) {
  const auto words = WordsIn(text);
  return !words.empty() && (HasWords(words[0], kNoNotice) || HasWords(text, {"to_be", "not_yet"}));
}

// "provider_notified_at", "prior_notice": somebody was told before the event.
bool IsNotified(const Deed& deed) {
  const std::string moment = FirstOf(deed.event, {"at", "date"});
  const auto at = ParseInstant(moment.empty() ? deed.facts.now : moment);
  const auto& fields = deed.event.fields();
  return std::any_of(fields.begin(), fields.end(), [&](const auto& member) {
    const auto told = ParseInstant(member.second.string_value());
    return HasWords(member.first, {"notif*", "prior_notice"}) &&
           !HasWords(member.first, kNoNotice) && SaysYes(&member.second) &&
           !IsNoNotice(member.second.string_value()) && !(told.ok() && at.ok() && *told > *at);
  });
}

// --- Sealed identities

// Everybody who the event says opens: two persons, or a word that two did.
bool IsOpenedByTwo(const Struct& event) {
  if (SaysOneOf(event, {"dual_control", "two_person", "two_person_rule"})) return true;
  std::set<std::string> officers;
  bool second = false;
  for (const char* name :
       {"by", "opened_by", "officers", "second", "second_officer", "with", "second_approver",
        "approved_by", "approvals", "co_signed_by", "countersigned_by"}) {
    const Value* said = Member(event, name);
    if (said == nullptr) continue;
    const bool first = OneOf(name, {"by", "opened_by", "officers"});
    if (said->kind_case() == Value::kBoolValue && !first) second |= said->bool_value();
    if (said->number_value() >= 2) return true;
    for (const std::string& officer : OneOrMore(event, name)) {
      officers.insert(officer);
      second |= !first && TextOf(event, "by").empty() && SaysYes(said);
    }
  }
  return second || officers.size() > 1;
}

}  // namespace

bool IsTold(const Deed& deed) {
  // Figures are published; a request or a record is told of.
  const std::string object = TextOf(deed.event, "object");
  if (TextOf(deed.event, "type") == "PUBLISH" && !object.empty()) {
    const Struct* records = ObjectOf(deed.json, "records");
    const Struct* record = records == nullptr ? nullptr : ObjectOf(*records, object);
    // What a public warning may hold of an alert has a rule of its own.
    const bool alert =
        record != nullptr && OneOf(TextOf(*record, "type"), {"PRODUCT_ALERT", "BATCH_ALERT"});
    return object == "request" || (record != nullptr && !alert && object.rfind("public_", 0) != 0);
  }
  return OneOf(TextOf(deed.event, "type"),
               {"DISCLOSE", "DISCLOSURE", "INFORM", "NOTIFY", "TELL", "NOTIFY_USER",
                "NOTIFY_HOLDER", "PRESS_RELEASE", "MEDIA"});
}

// Traffic or content that leaves needs the order that a request for it would need.
bool JudgeDataDisclosed(const Deed& deed, std::vector<Finding>& findings) {
  const std::string data = DataIn(deed.event);
  if (data.empty()) return false;
  Struct record;
  auto& fields = *record.mutable_fields();
  fields["type"].set_string_value("ACCESS_STORED_DATA");
  fields["data_categories"].mutable_list_value()->add_values()->set_string_value(data);
  // Annex A asks an order for traffic and content alone.
  if (data == "SUBSCRIBER") return true;
  for (const char* name :
       {"order", "legal_order_hash", "order_hash", "legal_order", "judicial_order", "court_order",
        "order_category", "order_covers", "order_scope", "order_kind"}) {
    const Value* said = Member(deed.event, name);
    if (said != nullptr && SaysYes(said)) fields[name] = *said;
  }
  NameOrder(deed.event, record);
  ShapeOrder(record);
  const auto mapped = MapRecord(record, "event", deed.facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-CYB-04") findings.push_back(std::move(finding));
  }
  return true;
}

void JudgeDisclosure(const Deed& deed, std::vector<Finding>& findings) {
  if (JudgeDataDisclosed(deed, findings) || JudgeToldShared(deed, findings)) return;
  Disclosure d;
  d.confidential = IsConfidential(deed) || SaysOneOf(deed.event, {"confidential"});
  d.needed_for_execution =
      SaysOneOf(deed.event, {"needed_for_execution", "execution_need", "necessary_for_execution",
                             "needed", "necessary", "for_execution"}) ||
      OneOf(TextOf(deed.event, "purpose"), {"EXECUTION", "execution"}) ||
      OneOf(TextOf(deed.event, "need"), {"EXECUTION", "execution"});
  // Who asked for secrecy may lift it.
  const Struct* request = ObjectOf(deed.json, "request");
  const std::string asked_by = request == nullptr ? "" : TextOf(*request, "rq");
  d.consent = HasConsent(deed, asked_by);
  // FAP 12(5): what is confidential in trade is told after notice to who gave it.
  if (deed.facts.area == "FIREARMS" && TextOf(deed.event, "object") != "request") {
    d.consent |= SaysOneOf(deed.event, {"notice", "notice_given"}) || IsNotified(deed);
  }
  Append(CheckDisclosure(d), findings);
}

void JudgeOpening(const Deed& deed, std::vector<Finding>& findings) {
  Opening o;
  o.role = FirstOf(deed.event, {"role", "by_role"});
  o.order = FirstOf(deed.event, {"order", "order_ref", "court_order"});
  o.dual_control = IsOpenedByTwo(deed.event);
  Append(CheckOpening(o), findings);
}

}  // namespace palermo::casework
