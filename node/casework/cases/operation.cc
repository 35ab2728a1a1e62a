#include "node/casework/cases/operation.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/clock.h"
#include "node/casework/cases/departures.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/sharing.h"
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

// {"QM-QN": "2AP 20"}
template <typename Rows>
void MapBases(const Struct* basis, Rows& rows) {
  if (basis == nullptr) return;
  for (const auto& [pair, text] : basis->fields()) {
    if (!SaysYes(&text)) continue;
    auto& row = *rows.Add();
    row.set_pair(pair);
    row.set_basis(text.string_value());
  }
}

OperationFacts FactsOfOperation(const Struct& operation) {
  OperationFacts facts;
  v1::OperationAgreement& agreement = facts.agreement;
  Struct rest = operation;
  for (const char* name : {"basis", "leaders", "evidence"}) rest.mutable_fields()->erase(name);
  Map(rest, agreement);
  MapBases(ObjectOf(operation, "basis"), *agreement.mutable_basis());
  if (const Struct* leaders = ObjectOf(operation, "leaders")) {
    for (const auto& [state, leader] : leaders->fields()) {
      auto& row = *agreement.add_leaders();
      row.set_state(state);
      row.set_leader(leader.string_value());
    }
  }
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
  const Deed& deed;
  const Struct& operation;
  OperationFacts facts;
};

absl::Time TimeOf(const Struct& object, const CaseFacts& facts) {
  const std::string said = FirstOf(object, {"start_utc", "at", "start", "date"});
  const auto at = ParseInstant(said.empty() ? facts.now : said);
  return at.ok() ? *at : absl::InfiniteFuture();
}

bool IsParty(const OperationFacts& facts, const std::string& state) {
  const auto& parties = facts.agreement.parties();
  return std::any_of(parties.begin(), parties.end(),
                     [&](const auto& party) { return party.state() == state; });
}

bool IsTask(const std::string& type) {
  return type.find("TASK") != std::string::npos || type == "ASSIGN";
}

// What an event does not say about a task is unknown, and no finding; a state that never was a
// party has no leader.
void JudgeTask(const Stage& stage, std::vector<Finding>& findings) {
  const Struct* inner = ObjectOf(stage.deed.event, "task");
  Struct task = inner == nullptr ? stage.deed.event : *inner;
  auto& fields = *task.mutable_fields();
  const std::string state = TaskedState(stage.deed.facts, task);
  if (!state.empty()) fields["state"].set_string_value(state);
  if (fields.count("start_utc") == 0) {
    const std::string start = FirstOf(task, {"at", "start", "date"});
    fields["start_utc"].set_string_value(start.empty() ? stage.deed.facts.now : start);
  }
  const bool stranger = !state.empty() && !IsParty(stage.facts, state);
  for (Finding& f : CheckTasking(Typed<v1::Tasking>(task), stage.facts, "event")) {
    const bool unknown = (f.rule == "R-JIT-03" && fields.count("leader") == 0 && !stranger) ||
                         (f.rule == "R-JIT-04" && fields.count("deconflicted") == 0) ||
                         (f.rule == "R-AUTH-03" && fields.count("authority") == 0);
    if (!unknown) findings.push_back(std::move(f));
  }
}

// Work goes on in its period only: nothing is begun in an operation that is over. What winds it
// down is recorded at any time.
bool JudgePeriod(const Stage& stage, const std::string& type, std::vector<Finding>& findings) {
  const bool works = OneOf(type, {"ARREST", "SEARCH", "EXECUTE", "EXECUTION", "EXECUTION_STARTED",
                                  "MEASURE", "ACTION", "OPERATION", "START", "RAID", "UNDERCOVER",
                                  "SURVEILLANCE", "OBSERVATION", "INTERCEPTION"});
  const bool begins = IsTask(type) || OneOf(type, {"EXTEND", "EXTENSION", "ADMIT", "ADMISSION"});
  if (!works && !begins) return false;
  bool over = OneOf(stage.deed.in_state, {"EXPIRED", "CLOSED", "EVALUATED"});
  if (works && !over) {
    const auto& period = stage.facts.agreement.period();
    const absl::Time at = TimeOf(stage.deed.event, stage.deed.facts);
    const auto end = ParseInstant(period.to());
    over = end.ok() && at >= *end + (period.to().size() == 10 ? absl::Hours(24) : absl::Hours(0));
  }
  if (over) Tell("R-JIT-05.period", "event", findings);
  return over;
}

void JudgeShare(const Stage& stage, std::vector<Finding>& findings) {
  const Struct& event = stage.deed.event;
  auto to = OneOrMore(event, "to");
  if (to.empty()) to.emplace_back();
  // Whoever leaves ends an epoch of the keys.
  double newest = std::max(NumberOf(stage.operation, "epoch"), NumberOf(event, "current_epoch"));
  if (newest == 0 && !stage.facts.departed.empty()) newest = 2;
  const auto current = static_cast<uint64_t>(newest);
  const Value* under = Member(event, "key_epoch");
  const uint64_t epoch = under == nullptr ? current : static_cast<uint64_t>(under->number_value());
  std::vector<Finding> found;
  for (const std::string& state : to) {
    Append(CheckSharing(state, epoch, current, stage.facts, "event.to"), found);
  }
  // Every release is its originator's, whatever the keys.
  if (found.empty() && HoldingOf(stage.deed).known) JudgeForward(stage.deed, found);
  Append(std::move(found), findings);
}

// ["QM"], {"QM": true}, [{"state": "QM", "granted": true}]
std::vector<std::string> ConsentingStates(const Struct& event) {
  std::vector<std::string> states = TextsOf(event, "consents");
  const Value* said = Member(event, "consents");
  if (said == nullptr) return states;
  for (const auto& [state, value] : said->struct_value().fields()) {
    if (SaysYes(&value)) states.push_back(state);
  }
  for (const Value& each : said->list_value().values()) {
    if (each.has_struct_value() && SaysYes(&each)) {
      states.push_back(FirstOf(each.struct_value(), {"state", "by", "party"}));
    }
  }
  return states;
}

// The newcomer signed the version that is in force, as far as the event tells.
bool IsAcceded(const Struct& operation, const Struct& event) {
  const Value* signed_by = Member(event, "accession_signed");
  if (signed_by != nullptr && !SaysYes(signed_by)) return false;
  const Value* accession = Member(event, "accession");
  if (accession != nullptr && !SaysYes(accession)) return false;
  const Struct said = accession == nullptr ? event : accession->struct_value();
  const Value* by = Member(said, "signed");
  if (by != nullptr && !SaysYes(by)) return false;
  const std::string version = FirstOf(said, {"version_hash", "version"});
  std::string current = FirstOf(event, {"current_version_hash", "current_version"});
  if (current.empty()) current = FirstOf(operation, {"version_hash", "version"});
  const bool old = version.find("old") != std::string::npos;
  return !old && (version.empty() || current.empty() || version == current);
}

void JudgeAdmission(const Stage& stage, std::vector<Finding>& findings) {
  const Struct& event = stage.deed.event;
  const auto now = ParseInstant(stage.deed.facts.now);
  if (!now.ok()) return;
  const std::string state = TextOf(event, "state");
  const TreatyStatus& treaties = stage.deed.facts.directory.treaties;
  for (const char* name : {"basis", "pairwise_basis", "bases"}) {
    const Value* said = Member(event, name);
    if (said == nullptr) continue;
    v1::AdmissionProposal proposal;
    proposal.set_state(state);
    if (said->has_struct_value()) {
      MapBases(&said->struct_value(), *proposal.mutable_basis());
    } else if (SaysYes(said)) {
      proposal.add_basis()->set_pair("default");
      proposal.mutable_basis(0)->set_basis(AnyText(event, name));
    }
    std::set<std::string> members;
    for (const auto& party : stage.facts.agreement.parties()) members.insert(party.state());
    Append(CheckPairs(proposal, members, "event"), findings);
    v1::OperationAgreement pairs;
    *pairs.mutable_basis() = proposal.basis();
    pairs.add_parties()->set_state(state);
    Append(CheckBases(pairs, treaties, *now, "event"), findings);
    if (!findings.empty()) return;
  }
  if (!IsAcceded(stage.operation, event)) {
    Tell("R-JIT-07.consents", "event.accession", findings);
    return;
  }
  Append(CheckAdmission(stage.facts.agreement, state, ConsentingStates(event),
                        TextOf(stage.deed.json, "title"), treaties, *now),
         findings);
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

bool FlagOf(const Struct& object, const std::string& name, bool otherwise) {
  const Value* value = Member(object, name);
  return value == nullptr || value->kind_case() != Value::kBoolValue ? otherwise
                                                                     : value->bool_value();
}

bool IsClosing(const Struct& json, const Struct& event) {
  return ObjectOf(json, "operation") != nullptr || Member(event, "open_obligations") != nullptr ||
         Member(event, "logs_reconciled") != nullptr ||
         Member(event, "unreconciled_logs") != nullptr;
}

// Logs that agree: no member says that they do not, and none names a class of mismatch.
bool AreReconciled(const Struct& event) {
  for (const auto& [name, value] : event.fields()) {
    const bool told = name.find("reconcil") != std::string::npos;
    const bool bad =
        name.find("unreconcil") != std::string::npos || name.find("mismatch") != std::string::npos;
    const bool word = Contains(value.string_value(), {"MISSING_", "DIFFERS", "SKEW", "MISMATCH"});
    if ((bad && SaysYes(&value)) || (told && !bad && (word || !SaysYes(&value)))) return false;
  }
  return true;
}

// Duties that the operation's own list shows as not fulfilled.
uint64_t OpenDuties(const Struct& json) {
  uint64_t open = 0;
  const Struct* operation = ObjectOf(json, "operation");
  if (operation == nullptr) return open;
  ForObjects(*operation, "obligations", [&](const Struct& duty, const std::string&) {
    const Value* done = Member(duty, "fulfilled");
    const bool left = (done != nullptr && !SaysYes(done)) || TextOf(duty, "status") == "OPEN";
    open += left ? 1 : 0;
  });
  return open;
}

void JudgeClosing(const Struct& json, const Struct& event, std::vector<Finding>& findings) {
  const auto told = static_cast<uint64_t>(std::max(0.0, NumberOf(event, "open_obligations")));
  Append(CheckClosing(told + OpenDuties(json), AreReconciled(event), "event.open_obligations"),
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
  constexpr Word kWords[] = {{"TRANSFER", "TRANSFERRED"},
                             {"HANDOVER", "TRANSFERRED"},
                             {"EXAMINE", "EXAMINED"},
                             {"SEAL", "SEALED"},
                             {"COPY", "COPIED"},
                             {"STORE", "STORED"},
                             {"RETURN", "RETURNED"},
                             {"DESTROY", "DESTROYED"},
                             {"CUSTODY_TRANSFER", "TRANSFERRED"}};
  std::string k = TextOf(event, "type");
  if (OneOf(k, {"CUSTODY", "CUSTODY_EVENT", "EVIDENCE_EVENT"})) {
    k = FirstOf(event, {"k", "kind", "event", "action"});
  }
  for (const Word& word : kWords) {
    if (word.said == k) k = word.k;
  }
  if (!OneOf(k, {"SEALED", "TRANSFERRED", "OPENED", "EXAMINED", "COPIED", "STORED", "RETURNED",
                 "DESTROYED"})) {
    return false;
  }
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
    (*link.mutable_struct_value()->mutable_fields())["k"].set_string_value(k);
    Append(CheckCustody(MapEvidence(next), at), findings);
  });
  return found;
}

// What 5.2 has records for and no rule stands on but those of any text: no sealed word, no amount
// without its unit.
bool JudgeRecordOfWork(const Stage& stage, const std::string& type,
                       std::vector<Finding>& findings) {
  if (!OneOf(
          type,
          {"SITREP",        "SITUATION_REPORT", "SEIZURE",      "EVIDENCE",       "LESSONS",
           "STATISTICS",    "MEDIA_LINE",       "PLAN",         "OPERATION_PLAN", "TARGET_SHEET",
           "DECONFLICTION", "CASUALTY",         "USE_OF_FORCE", "VICTIM_RESCUED", "VICTIM_REFERRED",
           "RECORD",        "ARREST_TIMETABLE", "GO",           "NO_GO",          "VOTE"})) {
    return false;
  }
  Value as_value;
  *as_value.mutable_struct_value() = stage.deed.event;
  JudgeMembers(as_value, "event", stage.deed.facts, findings);
  return true;
}

// One person counts once in each counter, whatever state counts; a list without counters is one.
void JudgeTokens(const Struct& operation, std::vector<Finding>& findings) {
  std::map<std::string, std::vector<std::string>> by_counter;
  ForObjects(operation, "victims", [&](const Struct& victim, const std::string&) {
    bool counted = false;
    for (const char* counter : {"identified", "rescued", "referred"}) {
      if (!SaysYes(Member(victim, counter))) continue;
      by_counter[counter].push_back(TextOf(victim, "token"));
      counted = true;
    }
    if (!counted) by_counter[""].push_back(TextOf(victim, "token"));
  });
  for (const auto& [counter, tokens] : by_counter) {
    Append(CheckTokens(tokens, "operation.victims"), findings);
  }
}

}  // namespace

void JudgeOperation(const Struct& operation, const CaseFacts& facts,
                    std::vector<Finding>& findings) {
  OperationFacts known = FactsOfOperation(operation);
  // Who still negotiates has not signed.
  const bool founded = !Contains(TextOf(operation, "state"), {"NEGOTIATING", "SIGNED_BY"});
  if (founded && Member(operation, "founding_signatures") != nullptr) {
    Append(CheckFounding(known.agreement, TextsOf(operation, "founding_signatures"), "operation"),
           findings);
  }
  if (const auto now = ParseInstant(facts.now); now.ok()) {
    Append(CheckBases(known.agreement, facts.directory.treaties, *now, "operation"), findings);
  }
  ForObjects(operation, "tasks", [&](const Struct& task, const std::string& at) {
    known.departed = DepartedFrom(operation, facts, TimeOf(task, facts));
    Append(CheckTasking(Typed<v1::Tasking>(task), known, at), findings);
  });
  ForObjects(operation, "arrests", [&](const Struct& arrest, const std::string& at) {
    Append(CheckArrest(Typed<v1::ArrestRecord>(arrest), at), findings);
  });
  JudgeTokens(operation, findings);
  ForObjects(operation, "evidence", [&](const Struct& item, const std::string& at) {
    Append(CheckCustody(MapEvidence(item), at), findings);
  });
  Value as_value;
  *as_value.mutable_struct_value() = operation;
  JudgeMembers(as_value, "operation", facts, findings);
}

bool JudgeOperationPeriod(const Deed& deed, std::vector<Finding>& findings) {
  const Struct* operation = ObjectOf(deed.json, "operation");
  if (operation == nullptr) return false;
  return JudgePeriod({deed, *operation, FactsOfOperation(*operation)}, TextOf(deed.event, "type"),
                     findings);
}

bool JudgeOperationEvent(const Deed& deed, std::vector<Finding>& findings) {
  const std::string type = TextOf(deed.event, "type");
  if (type == "PUBLISH") {
    JudgePublication(deed.event, findings);
    return true;
  }
  if (type == "CLOSE" && IsClosing(deed.json, deed.event)) {
    JudgeClosing(deed.json, deed.event, findings);
    return true;
  }
  if (JudgeIntelligence(type, deed.event, findings)) return true;
  const Struct* operation = ObjectOf(deed.json, "operation");
  if (operation == nullptr) return false;
  Stage stage{deed, *operation, FactsOfOperation(*operation)};
  stage.facts.departed = DepartedAt(deed, *operation, TimeOf(deed.event, deed.facts));
  if (OneOf(type, {"ADMIT", "ADMISSION"})) {
    JudgeAdmission(stage, findings);
  } else if (OneOf(type, {"ACTIVATE", "ACTIVATION"})) {
    Append(CheckFounding(stage.facts.agreement, TextsOf(*operation, "founding_signatures"),
                         "operation"),
           findings);
  } else if (IsTask(type)) {
    JudgeTask(stage, findings);
  } else if (JudgeCustodyEvent(*operation, deed.event, findings)) {
    return true;
  } else if (OneOf(type, {"SHARE", "RELEASE", "SEND"})) {
    JudgeShare(stage, findings);
  } else if (type == "ARREST") {
    Append(CheckArrest(Typed<v1::ArrestRecord>(deed.event), "event"), findings);
  } else if (!JudgeRecordOfWork(stage, type, findings)) {
    // A notice of departure is always possible: nobody can be held.
    return OneOf(type, {"DEPART", "DEPARTURE", "DEPARTURE_NOTICE"});
  }
  return true;
}

}  // namespace palermo::casework
