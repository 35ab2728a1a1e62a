// Plans of controlled deliveries as authors write them: legs, who leads them, who has consented.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "base/clock.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/field_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

constexpr const char* kDecisions[] = {"granted",  "given",    "consented", "consent",  "agreed",
                                      "accepted", "approved", "status",    "decision", "answer",
                                      "response", "result",   "outcome",   "reply",    "value"};
constexpr const char* kTimes[] = {"at",          "date",         "given_at",
                                  "granted_at",  "signed_at",    "agreed_at",
                                  "received_at", "consented_at", "consent_at"};
constexpr const char* kPapers[] = {"ref", "reference", "consent_ref", "hash", "document"};
constexpr const char* kOfLegs[] = {"consent",     "consented",     "consent_at", "consented_at",
                                   "consent_ref", "consent_given", "agreed"};
constexpr const char* kOfPlans[] = {"consented",         "consented_states",  "consents_given",
                                    "consenting_states", "consents_received", "consent",
                                    "consents_by_state", "state_consents"};
constexpr const char* kLeads[] = {
    "lead_authorities", "lead_authority", "lead_authority_per_state", "leads", "leaders", "lead",
    "leader",           "lead_agencies"};

bool IsInstant(const Value* value) {
  return value != nullptr && ParseInstant(value->string_value()).ok();
}

bool IsPast(const std::string& time, const std::string& now) {
  const auto at = ParseInstant(now);
  return at.ok() && IsAfterEnd(time, *at);
}
bool IsFuture(const std::string& time, const std::string& now) {
  const auto then = ParseInstant(time), at = ParseInstant(now);
  return then.ok() && at.ok() && *then > *at;
}

// Words for a consent that is not there, or not yet, or no more.
bool IsWordOfNone(const std::string& text) {
  const std::string folded = absl::StrReplaceAll(Folded(text), {{"_", " "}});
  return OneOf(folded, {"awaited",
                        "outstanding",
                        "open",
                        "unknown",
                        "expired",
                        "not yet given",
                        "not received",
                        "missing",
                        "lapsed",
                        "suspended",
                        "asked",
                        "sent",
                        "not asked",
                        "under review",
                        "in review",
                        "considered",
                        "informed",
                        "acknowledged",
                        "silent",
                        "silence",
                        "no answer",
                        "conditional",
                        "conditions offered",
                        "conditions proposed"});
}

bool SaysConsent(const Value& value, const std::string& now) {
  if (!SaysYes(&value)) return false;
  const std::string& text = value.string_value();
  return !IsWordOfNone(text) && !IsFuture(text, now);
}

bool HasEnded(const Struct& said, const std::string& now) {
  for (const char* name : {"withdrawn", "revoked", "refused", "withdrawn_at", "revoked_at"}) {
    const Value* no = Member(said, name);
    if (no != nullptr && SaysYes(no) && !IsFuture(no->string_value(), now)) return true;
  }
  return IsPast(FirstOf(said, {"valid_to", "valid_until", "expires_at", "expires", "until"}),
                now) ||
         IsFuture(FirstOf(said, {"valid_from"}), now);
}

bool IsConsent(const Value& value, const std::string& now) {
  if (!value.has_struct_value()) return SaysConsent(value, now);
  const Struct& said = value.struct_value();
  if (HasEnded(said, now)) return false;
  bool some = false;
  const auto all_say = [&](const auto& names) {
    return std::all_of(std::begin(names), std::end(names), [&](const char* name) {
      const Value* one = Member(said, name);
      some |= one != nullptr;
      return one == nullptr || IsConsent(*one, now);
    });
  };
  return all_say(kDecisions) && all_say(kTimes) && all_say(kPapers) && some;
}

bool IsStateCode(const std::string& text) {
  return text.size() == 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

// One entry of a list of consents: a state alone, or an object that says whose it is.
Value ConsentEntry(const Value& said, const std::string& now) {
  Value one;
  Struct& consent = *one.mutable_struct_value();
  if (said.has_struct_value()) {
    consent = said.struct_value();
    const std::string state = FirstOf(consent, {"state", "by", "country", "of", "from"});
    Put(consent, "state", TextValue(state));
    Put(consent, "granted", BoolValue(IsConsent(said, now)));
  } else {
    // "QS-CA-07": the state of the officer.
    const std::string& text = said.string_value();
    const bool officer = text.size() > 3 && text[2] == '-' && IsStateCode(text.substr(0, 2));
    Put(consent, "state", officer ? TextValue(text.substr(0, 2)) : said);
    Put(consent, "granted", BoolValue(true));
  }
  return one;
}

// {"QM": true, "QP": "2026-02-25", "QN": null}, ["QM"], [{"state": "QM", "at": ...}].
void ListConsents(Struct& item, const std::string& now) {
  for (const char* name : kOfPlans) Rename(item, name, "consents");
  const Value* there = Member(item, "consents");
  if (there == nullptr) return;
  const Value said = *there;
  Value list;
  auto& entries = *list.mutable_list_value();
  const Struct& by_state = said.struct_value();
  const bool mapped = std::all_of(by_state.fields().begin(), by_state.fields().end(),
                                  [](const auto& each) { return IsStateCode(each.first); });
  if (said.has_struct_value() && mapped) {
    for (const auto& [state, granted] : by_state.fields()) {
      Value one;
      Put(*one.mutable_struct_value(), "state", TextValue(state));
      Put(*one.mutable_struct_value(), "granted", BoolValue(IsConsent(granted, now)));
      *entries.add_values() = one;
    }
  } else if (!said.has_list_value()) {
    *entries.add_values() = ConsentEntry(said, now);
  }
  for (const Value& each : said.list_value().values()) {
    if (each.kind_case() != Value::kNullValue) *entries.add_values() = ConsentEntry(each, now);
  }
  Put(item, "consents", list);
}

void ShapeLegConsent(Struct& leg, const std::string& now) {
  bool said = false, given = true;
  for (const char* name : kOfLegs) {
    const Value* one = Member(leg, name);
    if (one == nullptr) continue;
    said = true;
    given &= IsConsent(*one, now);
  }
  if (said) Put(leg, "consented", BoolValue(given));
}

// "from" and "to" of a leg are places, or the times of its window.
void ShapeLegEnds(Struct& leg) {
  const Value *from = Member(leg, "from"), *to = Member(leg, "to");
  if (IsInstant(from) || IsInstant(to)) {
    Value window;
    for (const char* name : {"from", "to"}) {
      const Value end = Take(leg, name);
      *window.mutable_list_value()->add_values() = end;
    }
    if (Member(leg, "window") == nullptr) Put(leg, "window", window);
  }
  for (const auto& [place, end] : {std::pair("entry_at", "entry"), std::pair("exit_at", "exit")}) {
    if (!IsInstant(Member(leg, place))) Rename(leg, place, end);
  }
}

// {"authority": {"ref": "order 7", "valid_to": ...}}: the order of a leg does not say who leads it.
void ShapeLegOrder(Struct& leg) {
  const Struct* said = ObjectOf(leg, "authority");
  if (said == nullptr || Member(leg, "order") != nullptr) return;
  if (FirstOf(*said, {"name", "authority", "lead", "agency", "id", "unit", "office"}).empty()) {
    Rename(leg, "authority", "order");
  }
}

// leads: {"QM": "Customs", "QP": "Police"}, or a list of them with their states: each leads the leg
// of its state.
void SpreadLeads(Struct& item) {
  const auto legs = item.mutable_fields()->find("legs");
  if (legs == item.mutable_fields()->end() || !legs->second.has_list_value()) return;
  for (const char* name : kLeads) {
    const Value* said = Member(item, name);
    if (said == nullptr) continue;
    Struct by_state = said->struct_value();
    for (const Value& each : said->list_value().values()) {
      const std::string state = TextOf(each.struct_value(), "state");
      for (const char* member : {"authority", "name", "lead", "lead_authority"}) {
        const std::string lead = TextOf(each.struct_value(), member);
        if (!lead.empty()) Put(by_state, state, TextValue(lead));
      }
    }
    for (Value& leg : *legs->second.mutable_list_value()->mutable_values()) {
      if (!leg.has_struct_value()) continue;
      const std::string lead = AnyText(by_state, TextOf(leg.struct_value(), "state"));
      Struct& one = *leg.mutable_struct_value();
      const bool led = Member(one, "lead_authority") != nullptr || Member(one, "lead") != nullptr;
      if (!lead.empty() && !led) Put(one, "lead_authority", TextValue(lead));
    }
  }
}

// A journey has legs too. These say that a consignment is let through.
bool SaysDelivery(const Struct& object) {
  const auto says = [&](const char* name) { return Member(object, name) != nullptr; };
  return Contains(TextOf(object, "type"), {"DELIVERY"}) || says("consignment") ||
         says("technique") || says("abort_rule") || says("consents") ||
         std::any_of(std::begin(kOfPlans), std::end(kOfPlans), says) ||
         std::any_of(std::begin(kLeads), std::end(kLeads), says);
}
bool IsOfPlan(const Value& leg) {
  const auto& members = leg.struct_value().fields();
  return std::any_of(members.begin(), members.end(), [](const auto& member) {
    const std::string& name = member.first;
    return name.starts_with("entry") || name.starts_with("exit") || name.starts_with("lead") ||
           name.starts_with("consent") || name == "agreed" || name == "window";
  });
}

// A journey says which report it is. What is called otherwise, and has what only a plan has, is a
// plan.
bool IsJourney(const Struct& object) {
  if (Member(object, "report_kind") != nullptr) return true;
  const Value* kind = Member(object, "kind");
  if (kind == nullptr) return false;
  const std::string& word = kind->string_value();
  const bool known =
      !word.empty() && (IsWordOf("RouteReport", "kind", word) || word == "UNTOC_27E");
  return known || !SaysDelivery(object);
}

// "QSPUE": the state of a place of UN/LOCODE; "" for another text, as PARIS.
std::string StateOfPlace(const std::string& place, const CaseDirectory& directory) {
  const bool coded = place.size() == 5 && std::all_of(place.begin(), place.end(), [](char c) {
                       return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
                              absl::ascii_isdigit(static_cast<unsigned char>(c));
                     });
  const std::string state = coded ? place.substr(0, 2) : "";
  return directory.states.count(state) > 0 ? state : "";
}

bool IsDelivery(const Struct& object) {
  return TypeOfRecord(object) == AssistanceType::CONTROLLED_DELIVERY || HasLegs(object);
}

// The case plans a controlled delivery.
bool PlansDelivery(const Struct& json) {
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    if (IsDelivery(items->list_value().values(i).struct_value())) return true;
  }
  const Struct* records = ObjectOf(json, "records");
  return records != nullptr &&
         std::any_of(records->fields().begin(), records->fields().end(),
                     [](const auto& each) { return IsDelivery(each.second.struct_value()); });
}

}  // namespace

void ShapeJourney(Struct& object, const CaseDirectory& directory) {
  const Value* there = Member(object, "legs");
  if (there == nullptr || IsJourney(object) || !SaysDelivery(object)) return;
  Value legs = *there;
  auto& all = *legs.mutable_list_value();
  std::string last;
  for (Value& leg : *all.mutable_values()) {
    if (!leg.has_struct_value()) return;
    Struct& one = *leg.mutable_struct_value();
    const std::string from = StateOfPlace(TextOf(one, "from"), directory),
                      to = StateOfPlace(TextOf(one, "to"), directory);
    if (!FirstOf(one, {"state", "country"}).empty() || from.empty() || to.empty()) return;
    Put(one, "state", TextValue(from));
    last = to;
  }
  if (all.values_size() == 0) return;
  // It ends in a state, too, that the last leg reaches and leads.
  const Struct arrival = all.values(all.values_size() - 1).struct_value();
  if (last != TextOf(arrival, "state")) {
    Struct end = arrival;
    Put(end, "state", TextValue(last));
    Put(end, "from", *Member(arrival, "to"));
    Take(end, "seq");
    *all.add_values()->mutable_struct_value() = end;
  }
  Put(object, "legs", legs);
}

bool HasLegs(const Struct& object) {
  if (IsJourney(object)) return false;
  const Value* legs = Member(object, "legs");
  if (legs == nullptr) return false;
  const auto& all = legs->list_value().values();
  const bool named = std::any_of(all.begin(), all.end(), [](const Value& leg) {
    return !FirstOf(leg.struct_value(), {"state", "country"}).empty();
  });
  return named && (SaysDelivery(object) || std::any_of(all.begin(), all.end(), IsOfPlan));
}

bool IsRouteRecord(const Struct& record) {
  return Member(record, "legs") != nullptr && IsJourney(record);
}

void ArrangeDelivery(Struct& item, const std::string& now) {
  ListConsents(item, now);
  const auto legs = item.mutable_fields()->find("legs");
  if (legs != item.mutable_fields()->end()) {
    for (Value& leg : *legs->second.mutable_list_value()->mutable_values()) {
      if (!leg.has_struct_value()) continue;
      ShapeLegConsent(*leg.mutable_struct_value(), now);
      ShapeLegEnds(*leg.mutable_struct_value());
      ShapeLegOrder(*leg.mutable_struct_value());
    }
  }
  SpreadLeads(item);
}

void ShapeDeliveries(Struct& json, const std::string& at) {
  const std::string clock = TextOf(json, "now");
  const std::string now = clock.empty() || IsFuture(at, clock) ? at : clock;
  const auto shape = [&](Struct& object) {
    if (IsDelivery(object)) ArrangeDelivery(object, now);
  };
  if (ObjectOf(json, "request") != nullptr) ForItemsOf(ObjectIn(json, "request"), shape);
  if (ObjectOf(json, "records") == nullptr) return;
  for (auto& [name, record] : *ObjectIn(json, "records").mutable_fields()) {
    if (record.has_struct_value()) shape(*record.mutable_struct_value());
  }
}

void ShapeDeliveryEvent(const Struct& json, Struct& event) {
  const std::string type = TextOf(event, "type");
  if (!PlansDelivery(json)) return;
  const bool set = OneOf(type, {"SET_STATE", "MOVE", "TRANSITION", "STATE_CHANGE"}) &&
                   FirstOf(event, {"state", "new_state", "to"}) == "LIVE";
  if (set || OneOf(type, {"START", "STARTED", "LAUNCH", "LAUNCHED", "START_CD",
                          "START_CONTROLLED_DELIVERY", "BEGIN", "GO", "ACTIVATE", "DISPATCH",
                          "PROCEED", "RELEASE_CONSIGNMENT"})) {
    Put(event, "type", TextValue("LIVE"));
  } else if (OneOf(type, {"CONSENTED", "CONSENT_GIVEN", "CONSENT_GRANTED"})) {
    Put(event, "type", TextValue("DELIVERY_CONSENT"));
  } else if (OneOf(type, {"ABORTED", "DELIVERY_ABORTED", "ABORT_DELIVERY"})) {
    Put(event, "type", TextValue("DELIVERY_ABORT"));
  } else if (ObjectOf(json, "operation") != nullptr) {
    return;
  } else if (OneOf(type, {"HANDOVER", "LEG_HANDOVER", "HAND_OVER", "LEG", "LEG_STARTED",
                          "LEG_ENDED", "LEG_COMPLETED", "ENTRY", "EXIT", "CROSSING",
                          "BORDER_CROSSED", "BORDER_CROSSING", "CROSSED"})) {
    Put(event, "type", TextValue(kDeliveryNote));
  } else if (OneOf(type, {"SEIZE", "SEIZED", "SEIZURE", "SUBSTITUTE", "SUBSTITUTION", "SUBSTITUTED",
                          "REPLACE", "REPLACED", "INTERCEPT", "INTERCEPTED", "DEVIATION", "SITREP",
                          "CONSENT_DENIED", "CONSENT_REFUSED"})) {
    Put(event, "type", TextValue(kDeliveryNews));
  }
}

}  // namespace palermo::casework
