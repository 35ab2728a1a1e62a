#include "node/casework/cases/operation.h"

#include <algorithm>
#include <cctype>

#include "base/clock.h"
#include "node/casework/cases/records.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Message;
using google::protobuf::Struct;
using google::protobuf::Value;

void Append(std::vector<Finding> from, std::vector<Finding>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

// An extract of a record may hold more than the record; that is no finding.
void Map(const Struct& from, Message& out) {
  std::vector<Finding> ignored;
  ImportJson(from, "operation", out, ignored);
}

template <typename Each>
void ForObjects(const Struct& object, const std::string& name, Each each) {
  const Value* list = Member(object, name);
  for (int i = 0; list != nullptr && i < list->list_value().values_size(); ++i) {
    each(list->list_value().values(i).struct_value(), At("operation." + name, i));
  }
}

double NumberOf(const Struct& object, const std::string& name) {
  const Value* value = Member(object, name);
  return value == nullptr ? 0 : value->number_value();
}

OperationFacts FactsOfOperation(const Struct& operation) {
  OperationFacts facts;
  v1::OperationAgreement& agreement = facts.agreement;
  Struct rest = operation;
  for (const char* name : {"basis", "leaders", "evidence"}) rest.mutable_fields()->erase(name);
  Map(rest, agreement);
  if (const Struct* basis = ObjectOf(operation, "basis")) {
    for (const auto& [pair, text] : basis->fields()) {
      auto& row = *agreement.add_basis();
      row.set_pair(pair);
      row.set_basis(text.string_value());
    }
  }
  if (const Struct* leaders = ObjectOf(operation, "leaders")) {
    for (const auto& [state, leader] : leaders->fields()) {
      auto& row = *agreement.add_leaders();
      row.set_state(state);
      row.set_leader(leader.string_value());
    }
  }
  const auto departed = TextsOf(operation, "departed");
  facts.departed.insert(departed.begin(), departed.end());
  ForObjects(operation, "departures", [&](const Struct& departure, const std::string&) {
    facts.departed.insert(TextOf(departure, "state"));
  });
  return facts;
}

v1::EvidenceEntry MapEvidence(const Struct& item) {
  v1::EvidenceEntry entry;
  Map(item, entry);
  // A derivation in words of its own is one as well.
  const Value* events = Member(item, "events");
  for (int i = 0; i < entry.events_size() && events != nullptr; ++i) {
    const Struct* derivation =
        ObjectOf(events->list_value().values(i).struct_value(), "derivation");
    auto& event = *entry.mutable_events(i);
    if (derivation != nullptr && event.derivation().ByteSizeLong() == 0) {
      event.mutable_derivation()->set_note("as recorded");
    }
  }
  return entry;
}

template <typename T>
T Typed(const Struct& from) {
  T out;
  Map(from, out);
  return out;
}

// --- Events

struct Stage {
  const Struct& json;
  const Struct& operation;
  const Struct& event;
  OperationFacts facts;
  const CaseFacts& case_facts;
};

bool EndsWithWord(const std::string& text, const std::string& word) {
  return text.size() > word.size() && text.substr(text.size() - word.size()) == word &&
         std::isalpha(static_cast<unsigned char>(text[text.size() - word.size() - 1])) == 0;
}

// Who has left: as the operation, the event or the state of the operation says ("after the
// departure of QS"). When that state names nobody, it is not known who is still a member, and so
// nobody gets anything: deny by default.
void AddDeparted(const Struct& operation, const Struct& event, const std::string& in_state,
                 OperationFacts& facts) {
  for (const char* name : {"departed", "after_departure_of"}) {
    const auto states = TextsOf(event, name);
    facts.departed.insert(states.begin(), states.end());
    if (!TextOf(event, name).empty()) facts.departed.insert(TextOf(event, name));
  }
  if (in_state.find("DEPART") == std::string::npos) return;
  for (const std::string& state : TextsOf(operation, "parties")) {
    if (EndsWithWord(in_state, state)) facts.departed.insert(state);
  }
  if (!facts.departed.empty()) return;
  const auto to = TextsOf(event, "to");
  facts.departed.insert(to.begin(), to.end());
  if (!TextOf(event, "to").empty()) facts.departed.insert(TextOf(event, "to"));
}

// What an event does not say about a task is unknown, and no finding.
void JudgeTask(const Stage& stage, std::vector<Finding>& findings) {
  const Struct* inner = ObjectOf(stage.event, "task");
  Struct task = inner == nullptr ? stage.event : *inner;
  auto& fields = *task.mutable_fields();
  if (fields.count("start_utc") == 0) {
    for (const char* name : {"at", "start"}) {
      if (!TextOf(task, name).empty()) fields["start_utc"].set_string_value(TextOf(task, name));
    }
  }
  for (Finding& f : CheckTasking(Typed<v1::Tasking>(task), stage.facts, "event")) {
    const bool unknown = (f.rule == "R-JIT-03" && fields.count("leader") == 0) ||
                         (f.rule == "R-JIT-04" && fields.count("deconflicted") == 0) ||
                         (f.rule == "R-AUTH-03" && fields.count("authority") == 0);
    if (!unknown) findings.push_back(std::move(f));
  }
}

void JudgeShare(const Stage& stage, std::vector<Finding>& findings) {
  std::vector<std::string> to = TextsOf(stage.event, "to");
  if (!TextOf(stage.event, "to").empty()) to.push_back(TextOf(stage.event, "to"));
  // Whoever leaves ends an epoch of the keys.
  double newest =
      std::max(NumberOf(stage.operation, "epoch"), NumberOf(stage.event, "current_epoch"));
  if (newest == 0 && !stage.facts.departed.empty()) newest = 2;
  const auto current = static_cast<uint64_t>(newest);
  const Value* under = Member(stage.event, "key_epoch");
  if (under == nullptr) under = Member(stage.event, "epoch");
  const uint64_t epoch = under == nullptr ? current : static_cast<uint64_t>(under->number_value());
  for (const std::string& state : to) {
    Append(CheckSharing(state, epoch, current, stage.facts, "event.to"), findings);
  }
}

void JudgeAdmission(const Stage& stage, std::vector<Finding>& findings) {
  const auto now = ParseInstant(stage.case_facts.now);
  if (!now.ok()) return;
  Append(CheckAdmission(stage.facts.agreement, TextOf(stage.event, "state"),
                        TextsOf(stage.event, "consents"), TextOf(stage.json, "title"),
                        stage.case_facts.directory.treaties, *now),
         findings);
}

void JudgePublication(const Struct& event, std::vector<Finding>& findings) {
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

bool FlagOf(const Struct& object, const std::string& name, bool otherwise) {
  const Value* value = Member(object, name);
  return value == nullptr || value->kind_case() != Value::kBoolValue ? otherwise
                                                                     : value->bool_value();
}

bool IsClosing(const Struct& event) {
  return Member(event, "open_obligations") != nullptr ||
         Member(event, "logs_reconciled") != nullptr ||
         Member(event, "unreconciled_logs") != nullptr;
}

void JudgeClosing(const Struct& event, std::vector<Finding>& findings) {
  const bool reconciled = FlagOf(event, "logs_reconciled", true) &&
                          !FlagOf(event, "unreconciled_logs", false) &&
                          NumberOf(event, "unreconciled_logs") == 0;
  Append(CheckClosing(static_cast<uint64_t>(std::max(0.0, NumberOf(event, "open_obligations"))),
                      reconciled, "event.open_obligations"),
         findings);
}

bool JudgeIntelligence(const std::string& type, const Struct& event,
                       std::vector<Finding>& findings) {
  if (OneOf(type, {"HIT", "HIT_FOLLOW_UP"})) {
    auto follow_up = Typed<v1::HitFollowUp>(event);
    const bool automatic = FlagOf(event, "auto_release", FlagOf(event, "automatic", false));
    follow_up.set_automatic(automatic);
    Append(CheckHitFollowUp(follow_up), findings);
  } else if (OneOf(type, {"REEVALUATION", "RE_EVALUATION", "RE_EVALUATE"})) {
    v1::Reevaluation again;
    const Struct* evaluation = ObjectOf(event, "evaluation");
    if (evaluation == nullptr) return false;
    Map(*evaluation, *again.mutable_evaluation());
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

// One more link in the chain of custody of the evidence that the event names.
bool JudgeCustodyEvent(const Struct& operation, const Struct& event,
                       std::vector<Finding>& findings) {
  struct Word {
    std::string_view said, k;
  };
  constexpr Word kWords[] = {{"TRANSFER", "TRANSFERRED"}, {"TRANSFERRED", "TRANSFERRED"},
                             {"HANDOVER", "TRANSFERRED"}, {"CUSTODY_TRANSFER", "TRANSFERRED"},
                             {"EXAMINE", "EXAMINED"},     {"EXAMINED", "EXAMINED"},
                             {"SEALED", "SEALED"},        {"OPENED", "OPENED"}};
  const std::string type = TextOf(event, "type");
  const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                  [&](const Word& each) { return each.said == type; });
  if (word == std::end(kWords)) return false;
  bool found = false;
  ForObjects(operation, "evidence", [&](const Struct& item, const std::string& at) {
    const std::string id = TextOf(item, "id");
    if (!OneOf(id, {TextOf(event, "object"), TextOf(event, "evidence"), TextOf(event, "item")})) {
      return;
    }
    found = true;
    Struct next = item;
    Value& link = *(*next.mutable_fields())["events"].mutable_list_value()->add_values();
    *link.mutable_struct_value() = event;
    (*link.mutable_struct_value()->mutable_fields())["k"].set_string_value(std::string(word->k));
    Append(CheckCustody(MapEvidence(next), at), findings);
  });
  return found;
}

}  // namespace

void JudgeOperation(const Struct& operation, const CaseFacts& facts,
                    std::vector<Finding>& findings) {
  const OperationFacts known = FactsOfOperation(operation);
  if (Member(operation, "founding_signatures") != nullptr) {
    Append(CheckFounding(known.agreement, TextsOf(operation, "founding_signatures"), "operation"),
           findings);
  }
  ForObjects(operation, "tasks", [&](const Struct& task, const std::string& at) {
    Append(CheckTasking(Typed<v1::Tasking>(task), known, at), findings);
  });
  ForObjects(operation, "arrests", [&](const Struct& arrest, const std::string& at) {
    Append(CheckArrest(Typed<v1::ArrestRecord>(arrest), at), findings);
  });
  std::vector<std::string> tokens;
  ForObjects(operation, "victims", [&](const Struct& victim, const std::string&) {
    tokens.push_back(TextOf(victim, "token"));
  });
  Append(CheckTokens(tokens, "operation.victims"), findings);
  ForObjects(operation, "evidence", [&](const Struct& item, const std::string& at) {
    Append(CheckCustody(MapEvidence(item), at), findings);
  });
  Value as_value;
  *as_value.mutable_struct_value() = operation;
  JudgeMembers(as_value, "operation", facts, findings);
}

bool JudgeOperationEvent(const Struct& json, const Struct& event, const std::string& in_state,
                         const CaseFacts& facts, std::vector<Finding>& findings) {
  const std::string type = TextOf(event, "type");
  if (type == "PUBLISH") {
    JudgePublication(event, findings);
    return true;
  }
  if (type == "CLOSE" && IsClosing(event)) {
    JudgeClosing(event, findings);
    return true;
  }
  if (JudgeIntelligence(type, event, findings)) return true;
  const Struct* operation = ObjectOf(json, "operation");
  if (operation == nullptr) return false;
  Stage stage{json, *operation, event, FactsOfOperation(*operation), facts};
  AddDeparted(*operation, event, in_state, stage.facts);
  if (OneOf(type, {"ADMIT", "ADMISSION"})) {
    JudgeAdmission(stage, findings);
  } else if (OneOf(type, {"TASK", "TASKING", "ASSIGN"}) && in_state == "EXPIRED") {
    Tell("R-JIT-05.period", "event", findings);
  } else if (OneOf(type, {"TASK", "TASKING", "ASSIGN"})) {
    JudgeTask(stage, findings);
  } else if (JudgeCustodyEvent(*operation, event, findings)) {
    return true;
  } else if (OneOf(type, {"SHARE", "RELEASE", "SEND"})) {
    JudgeShare(stage, findings);
  } else if (type == "ARREST") {
    Append(CheckArrest(Typed<v1::ArrestRecord>(event), "event"), findings);
  } else {
    // A notice of departure is always possible: nobody can be held.
    return OneOf(type, {"DEPART", "DEPARTURE", "DEPARTURE_NOTICE"});
  }
  return true;
}

}  // namespace palermo::casework
