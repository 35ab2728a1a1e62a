#include "node/casework/cases/operation.h"

#include <algorithm>
#include <set>

#include "base/clock.h"
#include "node/casework/cases/records.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// Calls `each` for the objects of a list.
template <typename Each>
void ForObjects(const Struct& object, const std::string& name, Each each) {
  const Value* list = Member(object, name);
  for (int i = 0; list != nullptr && i < list->list_value().values_size(); ++i) {
    each(list->list_value().values(i).struct_value(), At("operation." + name, i));
  }
}

bool IsTrue(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value != nullptr && value->bool_value();
}

// The end of a day that stands without a time.
bool IsPast(const std::string& limit, const std::string& moment) {
  const auto end = ParseInstant(limit), at = ParseInstant(moment);
  if (!end.ok() || !at.ok()) return false;
  return *at >= *end + (limit.size() == 10 ? absl::Hours(24) : absl::ZeroDuration());
}

void JudgeTasks(const Struct& operation, std::vector<Finding>& findings) {
  const Struct* leaders = ObjectOf(operation, "leaders");
  const Struct* period = ObjectOf(operation, "period");
  const auto departed = TextsOf(operation, "departed");
  ForObjects(operation, "tasks", [&](const Struct& task, const std::string& at) {
    const std::string state = TextOf(task, "state"), start = TextOf(task, "start_utc");
    if (leaders == nullptr || TextOf(*leaders, state) != TextOf(task, "leader") ||
        TextOf(task, "leader").empty()) {
      Tell("R-JIT-03.leader", at + ".leader", findings);
    }
    if (!IsTrue(task, "deconflicted")) Tell("R-JIT-04.open", at + ".deconflicted", findings);
    const Struct* authority = ObjectOf(task, "authority");
    const bool outside = period != nullptr && (IsPast(TextOf(*period, "to"), start) ||
                                               After(TextOf(*period, "from"), start));
    if (outside) {
      // No authority reaches beyond the agreement: one finding says it.
      Tell("R-JIT-05.period", at + ".start_utc", findings);
    } else if (authority == nullptr || TextOf(*authority, "ref").empty() ||
               IsPast(TextOf(*authority, "valid_to"), start)) {
      Tell("R-AUTH-03.order", at + ".authority", findings);
    }
    if (std::find(departed.begin(), departed.end(), state) != departed.end()) {
      Tell("R-JIT-08.departed", at + ".state", findings);
    }
  });
}

void JudgeArrests(const Struct& operation, std::vector<Finding>& findings) {
  ForObjects(operation, "arrests", [&](const Struct& arrest, const std::string& at) {
    if (TextOf(arrest, "rights_notice_lang").empty() || !IsTrue(arrest, "interpreter")) {
      Tell("R-HR-06.rights", at, findings);
    }
    if (!IsTrue(arrest, "counsel_offered")) Tell("R-HR-04.trial", at, findings);
  });
  std::set<std::string> tokens;
  ForObjects(operation, "victims", [&](const Struct& victim, const std::string& at) {
    const std::string token = TextOf(victim, "token");
    if (!token.empty() && !tokens.insert(token).second) Tell("R-STAT-01.twice", at, findings);
  });
}

// The item passes from hand to hand; who acts on it holds it.
void JudgeCustody(const Struct& item, const std::string& at, std::vector<Finding>& findings) {
  std::string holder, hash = TextOf(item, "hash"), last;
  const Value* events = Member(item, "events");
  for (int i = 0; events != nullptr && i < events->list_value().values_size(); ++i) {
    const Struct& event = events->list_value().values(i).struct_value();
    const std::string here = At(at + ".events", i), kind = TextOf(event, "k");
    const std::string when = TextOf(event, "at");
    bool good = !After(last, when);
    if (kind == "SEIZED" && holder.empty()) {
      holder = TextOf(event, "by");
    } else if (kind == "TRANSFERRED") {
      good &= TextOf(event, "from") == holder && IsTrue(event, "both_signed");
      holder = TextOf(event, "to");
    } else {
      good &= !holder.empty() && TextOf(event, "by") == holder;
    }
    if (!good || holder.empty()) Tell("R-COC-01.gap", here, findings);
    const std::string after = TextOf(event, "hash_after");
    const bool derived =
        !TextOf(event, "derivation").empty() || ObjectOf(event, "derivation") != nullptr;
    if (!after.empty() && !hash.empty() && after != hash && !derived) {
      Tell("R-COC-02.hash", here + ".hash_after", findings);
    }
    if (!after.empty()) hash = after;
    last = when;
  }
}

bool AllBound(const std::vector<std::string>& states, const std::string& instrument,
              const CaseFacts& facts) {
  const auto now = ParseInstant(facts.now);
  return now.ok() && std::all_of(states.begin(), states.end(), [&](const std::string& state) {
           return facts.directory.treaties.InForce(instrument, state, *now);
         });
}

}  // namespace

void JudgeOperation(const Struct& operation, const CaseFacts& facts,
                    std::vector<Finding>& findings) {
  JudgeTasks(operation, findings);
  JudgeArrests(operation, findings);
  ForObjects(operation, "evidence",
             [&](const Struct& item, const std::string& at) { JudgeCustody(item, at, findings); });
  Value as_value;
  *as_value.mutable_struct_value() = operation;
  JudgeMembers(as_value, "operation", facts, findings);
}

void JudgeAdmission(const Struct& operation, const Struct& event, const std::string& subject,
                    const CaseFacts& facts, std::vector<Finding>& findings) {
  const auto parties = TextsOf(operation, "parties"), consents = TextsOf(event, "consents");
  const bool all = std::all_of(parties.begin(), parties.end(), [&](const std::string& party) {
    return std::find(consents.begin(), consents.end(), party) != consents.end();
  });
  auto with = parties;
  with.push_back(TextOf(event, "state"));
  const bool based = AllBound(with, "UNTOC", facts) || AllBound(with, "2AP", facts);
  if (!all || !based) {
    Tell("R-JIT-07.consents", "event.consents", findings);
    return;
  }
  struct Word {
    std::string_view word, instrument;
  };
  constexpr Word kWords[] = {{"traffick", "TIP"},
                             {"recruit", "TIP"},
                             {"exploit", "TIP"},
                             {"smuggl", "SOM"},
                             {"firearm", "FAP"}};
  const std::string folded = Folded(subject);
  for (const Word& word : kWords) {
    const std::string instrument(word.instrument);
    if (folded.find(word.word) == std::string::npos) continue;
    if (AllBound(parties, instrument, facts) && !AllBound(with, instrument, facts)) {
      Tell("R-JIT-06.narrow", "event.state", findings);
      return;
    }
  }
}

}  // namespace palermo::casework
