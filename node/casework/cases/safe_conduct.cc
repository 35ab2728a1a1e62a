// Whether a restriction of liberty meets the safe conduct of the person it concerns.
#include "node/casework/cases/deeds.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::AssistanceType;

std::string PersonIn(const Struct& object) {
  for (const char* name : {"person", "person_ref", "ref"}) {
    const std::string who = AnyText(object, name);
    if (!who.empty()) return who;
  }
  return "";
}

struct Search {
  std::string person;             // whose liberty is restricted; "" not said
  const Struct* found = nullptr;  // that person's, or one that says no person
  bool named = false;             // it is that person's by name
};

void Consider(const Struct& conduct, const Struct& holder, Search& search) {
  std::string who = PersonIn(conduct);
  if (who.empty()) who = PersonIn(holder);
  const bool named = !who.empty() && who == search.person;
  if (!named && !who.empty() && !search.person.empty()) return;  // somebody else's
  if (search.found != nullptr && (search.named || !named)) return;
  search.found = &conduct;
  search.named = named;
}

void LookIn(const Struct& object, Search& search, int depth = 0) {
  constexpr int kDeepest = 8;
  if (depth > kDeepest) return;
  // What stands nearest to the top is what the case says now.
  if (const Struct* here = ObjectOf(object, "safe_conduct")) Consider(*here, object, search);
  for (const std::string& name : SortedNames(object)) {
    const Value& value = object.fields().at(name);
    if (name == "variants") continue;
    if (value.has_struct_value() && name != "safe_conduct") {
      LookIn(value.struct_value(), search, depth + 1);
    }
    for (const Value& item : value.list_value().values()) {
      if (!item.has_struct_value()) continue;
      if (name == "safe_conduct" || name == "safe_conducts") {
        Consider(item.struct_value(), object, search);
      } else {
        LookIn(item.struct_value(), search, depth + 1);
      }
    }
  }
}

}  // namespace

bool JudgeRestriction(const Deed& deed, std::vector<Finding>& findings) {
  Search search{PersonIn(deed.event)};
  LookIn(deed.event, search);
  if (search.found == nullptr) LookIn(deed.json, search);
  for (const char* name : {"released_notice_at", "left_at", "returned_at"}) {
    if (search.found == nullptr && SaysYes(Member(deed.event, name))) search.found = &deed.event;
  }
  if (search.found == nullptr) {
    const bool within = SaysYes(Member(deed.event, "safe_conduct")) ||
                        SaysYes(Member(deed.event, "within_safe_conduct"));
    if (!within) return false;
    Tell("R-SCO-01.restricted", "event", findings);
    return true;
  }
  Struct said = *search.found;
  std::string at = TextOf(deed.event, "at");
  if (at.empty()) at = TextOf(deed.event, "date");
  (*said.mutable_fields())["restricted_at"].set_string_value(at.empty() ? deed.facts.now : at);
  Mapped asked;
  asked.context.act = v1::Act::REQUEST;
  asked.context.family = v1::Family::PROTOCOL_ADMIN;
  asked.body.set_version(1);
  v1::Item& item = *asked.body.mutable_request()->add_items();
  item.set_n(1);
  item.set_type(AssistanceType::VOLUNTARY_APPEARANCE);
  std::vector<Finding> ignored;
  ImportJson(said, "safe_conduct", *item.mutable_safe_conduct_record(), ignored);
  for (Finding& finding : CheckBody(asked.context, asked.body)) {
    if (finding.rule == "R-SCO-01") findings.push_back(std::move(finding));
  }
  return true;
}

}  // namespace palermo::casework
