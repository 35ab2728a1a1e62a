// Queries of an index, their hits, and what leaves after one: R-INT-05.
#include <algorithm>
#include <iterator>

#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// "auto_release": true, "ALWAYS"; not "never", nor "off until an officer looked".
bool SaysAutomatic(const Struct& object) {
  constexpr const char* kNames[] = {"auto_release", "automatic_release", "auto_released",
                                    "automatically_released"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](const char* name) {
    const Value* said = Member(object, name);
    return SaysYes(said) && !HasWords(said->string_value(), {"never", "not", "no", "off", "without",
                                                             "disabled", "after", "manual"});
  });
}

constexpr const char* kByItself[] = {"automatic", "auto", "auto_release", "automatic_release"};

// Whether the event is about the record of a query and its hits: by its name; a release in so many
// words that names nothing, by the only thing it can mean.
bool IsOfHit(const Struct& json, const Struct& event) {
  const Struct* records = ObjectOf(json, "records");
  if (records == nullptr) return false;
  const std::string named = FirstOf(event, {"object", "record", "target", "of"});
  if (!named.empty()) {
    const Struct* record = ObjectOf(*records, named);
    return record != nullptr && IsHitRecord(*record);
  }
  return OneOf(TextOf(event, "type"), {"DATA_RELEASE", "RELEASE_DATA", "AUTO_RELEASE"}) &&
         std::any_of(records->fields().begin(), records->fields().end(),
                     [](const auto& each) { return IsHitRecord(each.second.struct_value()); });
}

// Something that runs by itself, as the event says: "automatic": true, "human_decision": false.
bool IsByMachine(const Struct& event) {
  const Value* human = nullptr;
  for (const char* name : {"human_decision", "human_in_the_loop", "decided_by_human"}) {
    if (human == nullptr) human = Member(event, name);
  }
  return SaysOneOf(event, {"automatic", "auto", "auto_release", "automatic_release",
                           "automatically_released", "auto_released"}) ||
         (human != nullptr && !SaysYes(human));
}
bool IsMachine(const std::string& by) {
  return HasWords(by, {"sys", "system", "machine", "auto", "automatic", "software", "algorithm"});
}

// An officer decided, or nothing ran by itself.
bool IsSeenByOfficer(const Struct& event, bool release) {
  if (SaysOneOf(event, {"officer_review", "human_review", "reviewed_by", "officer", "decided_by",
                        "approved_by", "reviewed_at", "human_decision", "decided_by_human"})) {
    return true;
  }
  const std::string by = TextOf(event, "by");
  const bool denied =
      std::any_of(std::begin(kByItself), std::end(kByItself), [&](const char* name) {
        const Value* said = Member(event, name);
        return said != nullptr && said->kind_case() == Value::kBoolValue && !said->bool_value();
      });
  return release && (denied || (!by.empty() && !IsMachine(by)));
}

}  // namespace

bool IsHitRecord(const Struct& record) {
  return OneOf(TextOf(record, "type"),
               {"HIT_QUERY", "HIT", "HIT_RESULT", "PSI_QUERY", "PSI_HIT", "HIT_NO_HIT"}) ||
         Member(record, "hits") != nullptr;
}

void JudgeHitRecord(const Struct& record, const std::string& at, std::vector<Finding>& findings) {
  if (!IsHitRecord(record)) return;
  bool automatic = SaysAutomatic(record);
  for (const char* part : {"answer", "result", "response"}) {
    const Struct* told = ObjectOf(record, part);
    automatic |= told != nullptr && SaysAutomatic(*told);
  }
  if (automatic) Tell("R-INT-05.automatic", at, findings);
}

// "AUTO_RELEASE", a release after a hit, or data that left before an officer looked.
void ShapeHit(const Struct& json, Struct& event) {
  const std::string type = TextOf(event, "type");
  const bool after = OneOf(TextOf(event, "after"), {"HIT"}) ||
                     OneOf(TextOf(event, "trigger"), {"HIT"}) || SaysYes(Member(event, "hit")) ||
                     SaysYes(Member(event, "after_hit")) || IsOfHit(json, event);
  const bool release = OneOf(type, {"RELEASE", "DATA_RELEASE", "RELEASE_DATA", "AUTO_RELEASE"});
  if (!OneOf(type, {"HIT", "HIT_RESULT", "HIT_QUERY"}) && !(release && after)) return;
  Put(event, "type", TextValue("HIT"));
  const auto by_itself = [&](const char* name) {
    const std::string word = TextOf(event, name);
    return HasWords(word, {"auto", "automatic", "automatically", "automated"}) &&
           !HasWords(word, {"not", "no", "non", "never", "without"});
  };
  const bool automatic = type == "AUTO_RELEASE" || by_itself("action") || by_itself("decision") ||
                         by_itself("release") || IsByMachine(event);
  const Value* data = Member(event, "data");
  const bool gives = data != nullptr && (data->has_struct_value() || data->has_list_value());
  const bool left = release || (gives && SaysYes(data)) ||
                    SaysOneOf(event, {"released", "data_released", "released_at", "core_data"});
  const bool seen = IsSeenByOfficer(event, release);
  // Who looks at it when it has left has released nothing. A hit is no evidence either.
  const bool late =
      After(FirstOf(event, {"reviewed_at", "decided_at"}), FirstOf(event, {"released_at"}));
  const bool evidence = TextOf(event, "evidence_status") == "EVIDENCE";
  if (automatic || evidence || (left && (!seen || late))) {
    Put(event, "auto_release", BoolValue(true));
  }
}

}  // namespace palermo::casework
