// Parts of an operation in other words: the answer of a deconfliction, the links of a chain of
// custody, an extended period, whom a counter counts, who consents to a change.
#include <algorithm>
#include <set>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

bool IsYesOrNo(const Value& said) { return said.kind_case() == Value::kBoolValue; }

// 5.2, "CLEAR", "CONFLICT(contact)", {"answer": "CLEAR"}: 1 for clear, 0 for not, -1 for neither.
int IsClear(const Value& said) {
  if (IsYesOrNo(said)) return said.bool_value() ? 1 : 0;
  const std::string word =
      said.has_struct_value()
          ? FirstOf(said.struct_value(), {"answer", "result", "status", "outcome"})
          : said.string_value();
  if (HasWords(word, {"no_conflict", "no_conflicts", "without_conflict"})) return 1;
  if (HasWords(word, {"conflict", "conflicts", "not", "pending", "open", "unanswered"})) return 0;
  return HasWords(word, {"clear", "cleared"}) ? 1 : -1;
}

// Whether `who` is one of those that signed: a name in a list, an object in it, a member.
bool IsSigner(const Value& said, const std::string& who) {
  const auto& list = said.list_value().values();
  const auto names = [&](const Value& one) {
    return one.string_value() == who ||
           OneOf(who, {FirstOf(one.struct_value(), {"by", "officer", "who", "signer", "name"})});
  };
  return !who.empty() && (std::any_of(list.begin(), list.end(), names) ||
                          SaysYes(Member(said.struct_value(), who)));
}

// Both sign a hand-over, 5.2: one yes, both names, or a yes for each side.
void ShapeBothSigned(Struct& event) {
  for (const char* name : {"both_sign", "signed_by_both", "both_signatures", "both_have_signed"}) {
    Rename(event, name, "both_signed");
  }
  const std::string from = TextOf(event, "from"), to = TextOf(event, "to");
  for (const char* name : {"both_signed", "signed_by", "signatures", "signers", "signed"}) {
    const Value* said = Member(event, name);
    if (said == nullptr || !(said->has_list_value() || said->has_struct_value())) continue;
    const Struct& sides = said->struct_value();
    const bool named = SaysYes(Member(sides, "from")) && SaysYes(Member(sides, "to"));
    Put(event, "both_signed", BoolValue(named || (IsSigner(*said, from) && IsSigner(*said, to))));
    return;
  }
  if (const Value* said = Member(event, "both_signed"); said != nullptr && !IsYesOrNo(*said)) {
    Put(event, "both_signed", BoolValue(SaysYes(said)));
  }
  if (Member(event, "both_signed") != nullptr) return;
  if (const Value* all = Member(event, "signed"); all != nullptr && IsYesOrNo(*all)) {
    Put(event, "both_signed", *all);
    return;
  }
  for (const auto& [giver, taker] :
       {std::pair("from_signed", "to_signed"), std::pair("signed_from", "signed_to"),
        std::pair("from_signature", "to_signature"), std::pair("from_sig", "to_sig")}) {
    if (Member(event, giver) == nullptr && Member(event, taker) == nullptr) continue;
    const bool both = SaysYes(Member(event, giver)) && SaysYes(Member(event, taker));
    Put(event, "both_signed", BoolValue(both));
    return;
  }
}

// States that a list, a map or one word names. `all`: those too of whom it says that they refuse.
std::vector<std::string> StatesNamedIn(const Value& said, bool all) {
  std::vector<std::string> states;
  const auto refuses = [&](const Value& one) {
    const Struct& object = one.struct_value();
    const Value* consent = Member(object, "consent");
    return SaysOneOf(object, {"refused", "refuses", "denied", "declined", "rejected", "objected",
                              "objects", "withdrawn", "withdrawn_at"}) ||
           (consent != nullptr && consent->kind_case() != Value::kNullValue && !SaysYes(consent));
  };
  const auto add = [&](const std::string& state, const Value& one) {
    if (all || (SaysYes(&one) && !refuses(one))) states.push_back(state);
  };
  if (said.kind_case() == Value::kStringValue) states.push_back(said.string_value());
  for (const Value& one : said.list_value().values()) {
    if (one.kind_case() == Value::kStringValue) states.push_back(one.string_value());
    if (one.has_struct_value()) add(FirstOf(one.struct_value(), {"state", "by", "party"}), one);
  }
  for (const auto& [state, one] : said.struct_value().fields()) add(state, one);
  return states;
}

std::vector<std::string> StatesOfOperation(const Struct& operation) {
  const Value* parties = Member(operation, "parties");
  return parties == nullptr ? std::vector<std::string>{} : StatesNamedIn(*parties, true);
}

// 20(1): an extension needs everybody, as far as it tells who signed it.
bool IsSignedByAll(const Struct& extension, const std::vector<std::string>& parties) {
  for (const char* name : {"signed", "signed_by", "signatures", "consents", "agreed_by"}) {
    const Value* said = Member(extension, name);
    if (said == nullptr || said->kind_case() == Value::kNullValue) continue;
    if (IsYesOrNo(*said)) return said->bool_value();
    if (said->kind_case() == Value::kStringValue && said->string_value().size() != 2) {
      return SaysYes(said);
    }
    const auto states = StatesNamedIn(*said, false);
    return std::all_of(parties.begin(), parties.end(), [&](const std::string& party) {
      return std::find(states.begin(), states.end(), party) != states.end();
    });
  }
  return true;
}

// Lists of persons in the counters of 5.5.
constexpr const char* kPersonCounters[] = {
    "victims",          "victims_identified", "victims_rescued",    "victims_referred",
    "persons_arrested", "persons_charged",    "persons_prosecuted", "persons_convicted",
    "migrants_assisted"};

}  // namespace

void ShapeDeconfliction(Struct& task) {
  for (const char* name : {"deconflicted", "deconfliction", "deconfliction_answer",
                           "deconfliction_result", "deconfliction_status"}) {
    const Value* said = Member(task, name);
    if (said == nullptr) continue;
    int clear = IsClear(*said);
    const bool own = std::string_view(name) == "deconflicted";
    if (own && clear < 0 && said->kind_case() == Value::kStringValue) clear = SaysYes(said) ? 1 : 0;
    if (clear < 0) continue;
    // What is answered when the task has begun was not asked before it.
    const auto start = ParseInstant(FirstOf(task, {"start_utc", "start"}));
    const auto answered = ParseInstant(TextOf(said->struct_value(), "at"));
    if (start.ok() && answered.ok() && *answered > *start) clear = 0;
    Put(task, "deconflicted", BoolValue(clear == 1));
    return;
  }
}

void ShapeCustody(Struct& event) {
  ShapeBothSigned(event);
  for (const char* name :
       {"derived_from", "derivation_note", "derivation_record", "derived", "derivation"}) {
    const Value* said = Member(event, name);
    if (said != nullptr && said->has_list_value()) {
      const Value first =
          said->list_value().values_size() > 0 ? said->list_value().values(0) : Value();
      Take(event, name);
      if (first.kind_case() != Value::KIND_NOT_SET) Put(event, name, first);
    }
    Rename(event, name, "derivation");
  }
  for (const char* name : {"hash", "new_hash", "hash_now"}) Rename(event, name, "hash_after");
  // Who gives it back, or destroys it, is who acts.
  const bool ends = OneOf(TextOf(event, "k"), {"RETURNED", "DESTROYED"});
  if (ends && TextOf(event, "by").empty()) Put(event, "by", TextValue(TextOf(event, "from")));
}

void ShapePeriod(Struct& operation) {
  const Struct* period = ObjectOf(operation, "period");
  if (period == nullptr) return;
  std::string end = TextOf(*period, "to");
  const auto later = [&](const std::string& to) {
    const auto now = ParseInstant(end), then = ParseInstant(to);
    if (now.ok() && then.ok() && *then > *now) end = to;
  };
  later(FirstOf(operation, {"extended_to", "extended_until"}));
  later(FirstOf(*period, {"extended_to", "extended_until"}));
  const auto parties = StatesOfOperation(operation);
  for (const char* name : {"extensions", "extension"}) {
    const Value* said = Member(operation, name);
    if (said == nullptr) continue;
    const auto take = [&](const Struct& one) {
      if (IsSignedByAll(one, parties)) later(FirstOf(one, {"to", "until", "extended_to", "end"}));
    };
    take(said->struct_value());
    for (const Value& one : said->list_value().values()) take(one.struct_value());
  }
  if (!end.empty()) Put(ObjectIn(operation, "period"), "to", TextValue(end));
}

void ShapeTokens(Struct& operation) {
  for (const char* name : kPersonCounters) {
    const auto found = operation.mutable_fields()->find(name);
    if (found == operation.mutable_fields()->end() || !found->second.has_list_value()) continue;
    for (Value& one : *found->second.mutable_list_value()->mutable_values()) {
      if (one.kind_case() != Value::kStringValue) continue;
      const std::string token = one.string_value();
      Put(*one.mutable_struct_value(), "token", TextValue(token));
    }
  }
}

std::vector<std::vector<std::string>> TokensByCounter(const Struct& operation) {
  std::vector<std::vector<std::string>> counters;
  for (const char* name : kPersonCounters) {
    const Value* list = Member(operation, name);
    if (list == nullptr || std::string_view(name) == "victims") continue;  // have their own yes
    auto& tokens = counters.emplace_back();
    for (const Value& one : list->list_value().values()) {
      tokens.push_back(TextOf(one.struct_value(), "token"));
    }
  }
  return counters;
}

void ShapeConsents(const Struct& json, Struct& event) {
  const Struct* operation = ObjectOf(json, "operation");
  const Value* said = Member(event, "consents");
  if (operation == nullptr || said == nullptr || IsYesOrNo(*said)) return;
  std::set<std::string> against;
  for (const char* name : {"objections", "objected_by", "objecting", "refused_by", "refusals",
                           "opposed_by", "declined_by"}) {
    const Value* who = Member(event, name);
    if (who == nullptr) continue;
    for (const std::string& state : StatesNamedIn(*who, true)) against.insert(state);
  }
  const bool all = OneOf(said->string_value(), {"ALL", "all", "ALL_PARTIES", "all parties"});
  Value states;
  states.mutable_list_value();
  for (const std::string& state :
       all ? StatesOfOperation(*operation) : StatesNamedIn(*said, false)) {
    if (against.count(state) > 0) continue;
    *states.mutable_list_value()->add_values() = TextValue(state);
  }
  Put(event, "consents", states);
}

}  // namespace palermo::casework
