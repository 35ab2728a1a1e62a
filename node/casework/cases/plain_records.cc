// Records that are no request, judged by what they hold: arrests, custody, the time of a seizure.
#include "node/casework/cases/plain_records.h"

#include <algorithm>
#include <map>
#include <string>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/cases/records.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/sightings.h"
#include "node/casework/operation/rules.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr absl::Duration kAhead = absl::Milliseconds(limits::kMaxClockAheadMillis);

// What an arrest or a seizure is only spoken of with: it stands ahead, or on paper.
constexpr std::string_view kNotDone[] = {
    "warrant", "warrants", "plan",     "planned", "timetable", "schedule", "scheduled",
    "request", "hearing",  "deadline", "order",   "requested", "target",   "statistics"};

// The links of a chain: a list whose entries say what was done, and by whom or when. Names with
// their values are none.
bool IsChain(const Value& list) {
  const auto& links = list.list_value().values();
  const auto says = [](const Value& link, std::initializer_list<const char*> names) {
    return std::any_of(names.begin(), names.end(), [&](const char* name) {
      return Member(link.struct_value(), name) != nullptr;
    });
  };
  const bool named = std::all_of(links.begin(), links.end(), [&](const Value& link) {
    return !TextOf(link.struct_value(), "k").empty() && !says(link, {"v"});
  });
  return named && std::any_of(links.begin(), links.end(), [&](const Value& link) {
           return says(link, {"by", "from", "to", "at", "both_signed"});
         });
}

// An arrest that tells of rights is judged by what it tells of them.
void JudgeArrest(const std::string& name, const Struct& record, std::vector<Finding>& findings) {
  const bool arrest = OneOf(TextOf(record, "type"), {"ARREST", "ARREST_RECORD", "ARREST_NOTICE"}) ||
                      (HasWords(name, {"arrest*"}) && !HasWords(name, kNotDone));
  const char* const told[] = {"rights_notice_lang", "rights_notice", "interpreter",
                              "interpreter_lang", "consular_informed"};
  const bool tells = std::any_of(std::begin(told), std::end(told), [&](const char* member) {
    return Member(record, member) != nullptr;
  });
  if (!arrest || !tells) return;
  v1::ArrestRecord mapped;
  std::vector<Finding> ignored;
  ImportJson(record, "record", mapped, ignored);
  for (Finding& finding : CheckArrest(mapped, "records." + name)) {
    if (finding.rule == "R-HR-06") findings.push_back(std::move(finding));
  }
}

// Selectors in a record: an address of the net needs its time, as in a request for it.
void JudgeSelectors(const Struct& record, const std::string& name, const CaseFacts& facts,
                    std::vector<Finding>& findings) {
  const Value* selectors = Member(record, "selectors");
  if (selectors == nullptr) return;
  Struct asking;
  auto& fields = *asking.mutable_fields();
  fields["type"].set_string_value("PRESERVE_DATA");
  fields["selectors"] = *selectors;
  const auto mapped = MapRecord(asking, name, facts);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    if (finding.rule == "R-CYB-IP") findings.push_back(std::move(finding));
  }
}

// Times at which something was done, by their paths.
using Times = std::map<std::string, std::string>;

void AddTimes(const Struct& object, const std::string& at, Times& times) {
  for (const char* name : {"at", "date", "seized_at", "recovered_at", "arrested_at"}) {
    const std::string time = TextOf(object, name);
    if (!time.empty()) times[at + "." + name] = time;
  }
}

// What nobody can know before it is: a position, that somebody was informed, that a permit was
// granted, when a route was seen.
void AddKnown(const Struct& object, const std::string& at, Times& times) {
  const auto add = [&](const Struct& from, const char* name, const std::string& here) {
    const std::string time = TextOf(from, name);
    if (!time.empty()) times[here + "." + name] = time;
  };
  add(object, "rights_informed_at", at);
  for (const auto& [part, name] :
       {std::pair("position", "at"), std::pair("permit", "granted"), std::pair("oral", "made_at"),
        std::pair("period", "last_seen")}) {
    const Struct* inner = ObjectOf(object, part);
    if (inner != nullptr) add(*inner, name, at + "." + part);
  }
}

// What was seized or found, in records and items.
Times TimesDone(const Struct& json) {
  Times times;
  const auto add = [&](const Struct& object, const std::string& name, const std::string& at) {
    const std::string type = TextOf(object, "type");
    const bool done = HasWords(name, {"seiz*", "recover*", "arrest*"}) ||
                      HasWords(type, {"seizure", "recovery", "arrest"});
    if (done && !HasWords(name, kNotDone) && !HasWords(type, kNotDone)) {
      AddTimes(object, at, times);
    }
    if (const Struct* recovery = ObjectOf(object, "recovery")) {
      AddTimes(*recovery, at + ".recovery", times);
    }
    AddKnown(object, at, times);
  };
  if (const Struct* records = ObjectOf(json, "records")) {
    for (const auto& [name, record] : records->fields()) {
      add(record.struct_value(), name, "records." + name);
      for (int i = 0; i < record.list_value().values_size(); ++i) {
        const Struct& one = record.list_value().values(i).struct_value();
        add(one, name, At("records." + name, i));
      }
    }
  }
  const Struct* request = ObjectOf(json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    add(items->list_value().values(i).struct_value(), "", At("request.items", i));
  }
  return times;
}

void JudgeDone(const std::string& time, const std::string& at, const std::string& clock,
               std::vector<Finding>& findings) {
  const auto done = ParseInstant(time), now = ParseInstant(clock);
  // A route is seen on a day, in a month or in a year, 2.2: PartialDate.
  if (const auto seen = ReadSighting(time); !done.ok() && at.ends_with(".last_seen") && seen) {
    if (now.ok() && seen->begin > *now + kAhead) Tell("R-GEN-03.future", at, findings);
  } else if (done.ok()) {
    if (now.ok() && *done > *now + kAhead) Tell("R-GEN-03.future", at, findings);
  } else if (absl::ascii_isdigit(static_cast<unsigned char>(time[0]))) {
    Tell("R-GEN-01.date", at, findings);
  }
}

// Who a special investigative technique is aimed at, and who works in secret for it, 1.9, 5.3.
bool IsOfTechnique(const Struct& object, const std::string& name) {
  const auto type = TypeOfRecord(object);
  const bool covert = type == v1::AssistanceType::UNDERCOVER;
  if (!covert && type != v1::AssistanceType::CROSS_BORDER_OBSERVATION &&
      type != v1::AssistanceType::ELECTRONIC_SURVEILLANCE) {
    return false;
  }
  return OneOf(name, {"subject", "subjects", "subject_name"}) ||
         (covert && OneOf(name, {"officer", "officers", "officer_name"}));
}

// A name, or a seal that is said to be none, of somebody of a technique. True when it shows one.
bool JudgeOfTechnique(const Value& value, const std::string& at, std::vector<Finding>& findings) {
  if (value.has_list_value()) {
    bool shown = false;
    for (int i = 0; i < value.list_value().values_size(); ++i) {
      shown |= JudgeOfTechnique(value.list_value().values(i), At(at, i), findings);
    }
    return shown;
  }
  Struct who = value.struct_value();
  // The number that is listened to is what the measure is about.
  who.mutable_fields()->erase("phone");
  const bool named = ShowsIdentity(who) || IsOnlyAName(value.string_value());
  const Value* sealed = Member(who, "sealed");
  if (!named && (sealed == nullptr || SaysYes(sealed))) return false;
  Tell(named ? "R-SEAL-01.identity" : "R-SEAL-01.unsealed", at, findings);
  return true;
}

}  // namespace

void JudgeChains(const Struct& object, const std::string& at, std::vector<Finding>& findings) {
  for (const auto& [name, value] : object.fields()) {
    if (!IsChain(value)) continue;
    Struct item;
    auto& fields = *item.mutable_fields();
    if (const Value* hash = Member(object, "hash")) fields["hash"] = *hash;
    fields["events"] = value;
    for (Finding& finding : CheckCustody(MapEvidence(item), at + "." + name)) {
      findings.push_back(std::move(finding));
    }
  }
}

bool JudgeTechnique(const Struct& object, const std::string& name, const std::string& at,
                    std::vector<Finding>& findings) {
  return IsOfTechnique(object, name) && JudgeOfTechnique(object.fields().at(name), at, findings);
}

void JudgePlainRecord(const std::string& name, const Struct& record, const CaseFacts& facts,
                      std::vector<Finding>& findings) {
  JudgeArrest(name, record, findings);
  JudgeSelectors(record, name, facts, findings);
}

void JudgeSetTimes(const Struct& given, const Struct& changed, std::vector<Finding>& findings) {
  const std::string now = TextOf(changed, "now");
  if (now != TextOf(given, "now")) return;
  const Times before = TimesDone(given);
  for (const auto& [at, time] : TimesDone(changed)) {
    const auto old = before.find(at);
    if (old != before.end() && old->second != time) JudgeDone(time, at, now, findings);
  }
}

}  // namespace palermo::casework
