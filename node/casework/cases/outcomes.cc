// What leaves an operation and what ends it, and what follows intelligence: publication, closing,
// hits, recalls, another evaluation.
#include <algorithm>

#include "node/casework/cases/event_words.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/operation/rules.h"
#include "node/casework/reason_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

bool FlagOf(const Struct& object, const std::string& name, bool otherwise) {
  const Value* value = Member(object, name);
  return value == nullptr || value->kind_case() != Value::kBoolValue ? otherwise
                                                                     : value->bool_value();
}

void JudgePublication(const Struct& event, std::vector<Finding>& findings) {
  if (SaysOneOf(event, {"suppressed", "suppression", "suppression_applied"})) return;
  const auto each = [&](const Value& value, const std::string& at) {
    if (value.kind_case() == Value::kNumberValue) {
      Append(CheckCell(value.number_value(), at), findings);
    }
  };
  if (const Value* cell = Member(event, "cell")) each(*cell, "event.cell");
  for (const char* name : {"cells", "table"}) {
    const Value* cells = Member(event, name);
    if (cells == nullptr) continue;
    for (const Value& value : cells->list_value().values()) each(value, "event.cells");
    for (const auto& [key, value] : cells->struct_value().fields()) each(value, "event.cells");
  }
}

// A duty of 1.8.5 that nothing fulfilled.
bool IsOpenDuty(const Struct& duty) {
  if (OneOf(TextOf(duty, "status"), {"FULFILLED", "DONE", "CLOSED"})) return false;
  if (TextOf(duty, "status") == "OPEN") return true;
  const Value* done = Member(duty, "fulfilled");
  if (done != nullptr) return !SaysYes(done);
  const Value* by = Member(duty, "fulfilled_by_event");
  return (by != nullptr && !SaysYes(by)) || (by == nullptr && SaysYes(Member(duty, "breach_flag")));
}

// Duties that the list of the operation or of the event shows as not fulfilled.
uint64_t OpenDuties(const Struct* from) {
  uint64_t open = 0;
  const Value* duties = from == nullptr ? nullptr : Member(*from, "obligations");
  for (int i = 0; duties != nullptr && i < duties->list_value().values_size(); ++i) {
    open += IsOpenDuty(duties->list_value().values(i).struct_value()) ? 1 : 0;
  }
  return open;
}

// Duties that a closing names by their word alone are those that are left.
uint64_t NamedDuties(const Struct& event) {
  const auto words = TextsOf(event, "obligations");
  return static_cast<uint64_t>(std::count_if(words.begin(), words.end(), [](const auto& word) {
    return !IsBlank(word) && !HasWords(word, {"fulfilled", "done", "closed", "none"});
  }));
}

bool IsClosing(const Struct& json, const Struct& event) {
  return ObjectOf(json, "operation") != nullptr || Member(event, "open_obligations") != nullptr ||
         Member(event, "logs_reconciled") != nullptr || Member(event, "cross_log") != nullptr ||
         OpenDuties(&event) + NamedDuties(event) > 0 ||
         Member(event, "unreconciled_logs") != nullptr || Member(event, "open_tasks") != nullptr;
}

// A table of what the logs differ in: {"MISSING_THERE": 1}, {"mismatches": 2}.
bool ShowsMismatch(const Struct& table) {
  return std::any_of(table.fields().begin(), table.fields().end(), [](const auto& row) {
    const auto& [name, value] = row;
    const bool bad = HasWords(name, {"missing", "differs", "skew", "mismatch", "mismatches",
                                     "mismatched", "unreconciled", "open"});
    const bool good = HasWords(name, {"reconciled"}) && !HasWords(name, {"not", "at", "by"});
    return (bad && SaysYes(&value)) ||
           (good && value.kind_case() == Value::kBoolValue && !value.bool_value());
  });
}

// Logs that agree: no member says that they do not, and none names a class of mismatch.
bool AreReconciled(const Struct& event) {
  for (const auto& [name, value] : event.fields()) {
    const bool bad =
        HasWords(name, {"unreconciled", "not_reconciled", "mismatch", "mismatches", "mismatched"});
    const bool told = bad || HasWords(name, {"reconcil*"}) || name == "cross_log";
    const std::string& said = value.string_value();
    const bool word = HasWords(said, {"missing", "differs", "skew", "skewed", "mismatch",
                                      "mismatches", "unreconciled", "not_reconciled", "open"}) &&
                      !HasWords(said, {"no", "none", "nothing", "without"});
    if (told && ShowsMismatch(value.struct_value())) return false;
    if ((bad && SaysYes(&value)) || (told && !bad && (word || !SaysYes(&value)))) return false;
  }
  return true;
}

// How many tasks a closing says are open, in a number or a list; 5.4: all are over by then.
double OpenTasks(const Struct& event) {
  const Value* tasks = Member(event, "open_tasks");
  if (tasks == nullptr) return 0;
  if (tasks->has_list_value()) return tasks->list_value().values_size();
  return tasks->kind_case() == Value::kNumberValue ? std::max(0.0, tasks->number_value())
         : SaysYes(tasks)                          ? 1
                                                   : 0;
}

void JudgeClosing(const Struct& json, const Struct& event, std::vector<Finding>& findings) {
  const auto told =
      static_cast<uint64_t>(std::max(0.0, NumberOf(event, "open_obligations")) + OpenTasks(event));
  const uint64_t open =
      OpenDuties(ObjectOf(json, "operation")) + OpenDuties(&event) + NamedDuties(event);
  Append(CheckClosing(told + open, AreReconciled(event), "event.open_obligations"), findings);
}

bool JudgeIntelligence(const std::string& type, const Struct& event,
                       std::vector<Finding>& findings) {
  if (OneOf(type, {"HIT", "HIT_FOLLOW_UP"})) {
    v1::HitFollowUp follow_up;
    ImportKnown(event, follow_up);
    const bool automatic = FlagOf(event, "auto_release", FlagOf(event, "automatic", false));
    follow_up.set_automatic(automatic);
    Append(CheckHitFollowUp(follow_up), findings);
  } else if (OneOf(type, {"REEVALUATION", "RE_EVALUATION", "RE_EVALUATE"})) {
    v1::Reevaluation again;
    const Struct* evaluation = ObjectOf(event, "evaluation");
    if (evaluation == nullptr) return false;
    ImportKnown(*evaluation, *again.mutable_evaluation());
    for (const char* name : {"by", "reason"}) {
      const auto* field = v1::Evaluation::descriptor()->FindFieldByName(name);
      if (TextOf(event, name).empty()) continue;
      again.evaluation().GetReflection()->SetString(again.mutable_evaluation(), field,
                                                    TextOf(event, name));
    }
    Append(CheckReevaluation(again), findings);
  } else if (OneOf(type, {"CORRECTION", "WITHDRAWN_BY_ORIGINATOR", "RECALL"})) {
    for (const char* name : {"confirmed", "confirmed_by", "answered"}) {
      if (Member(event, name) == nullptr) continue;
      Append(CheckAnswers(TextsOf(event, "recipients"), TextsOf(event, name)), findings);
      return true;
    }
    Append(CheckAnswers(TextsOf(event, "recipients"), {}), findings);
  } else {
    return false;
  }
  return true;
}

}  // namespace

bool JudgeOutcome(const Deed& deed, std::vector<Finding>& findings) {
  const std::string type = TextOf(deed.event, "type");
  if (type == "PUBLISH") {
    JudgePublication(deed.event, findings);
    return true;
  }
  if (type == "CLOSE" && IsClosing(deed.json, deed.event)) {
    JudgeClosing(deed.json, deed.event, findings);
    if (ReliesOnConsent(Folded(TextOf(deed.event, "feedback")), true)) {
      Tell("R-TIP-03.consent", "event.reasons", findings);
    }
    return true;
  }
  return JudgeIntelligence(type, deed.event, findings);
}

}  // namespace palermo::casework
