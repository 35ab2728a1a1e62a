#include "node/casework/cases/operation.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/cases/departures.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/records.h"
#include "node/casework/cases/shape_words.h"
#include "node/casework/cases/sharing.h"
#include "node/casework/import.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

template <typename Each>
void ForObjects(const Struct& object, const std::string& name, Each each) {
  const Value* list = Member(object, name);
  for (int i = 0; list != nullptr && i < list->list_value().values_size(); ++i) {
    each(list->list_value().values(i).struct_value(), At("operation." + name, i));
  }
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
  ImportKnown(rest, agreement);
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

}  // namespace

v1::EvidenceEntry MapEvidence(const Struct& given) {
  v1::EvidenceEntry entry;
  Struct item = given;
  if (const Value* chain = Member(item, "events"); chain != nullptr && chain->has_list_value()) {
    for (Value& event :
         *(*item.mutable_fields())["events"].mutable_list_value()->mutable_values()) {
      if (event.has_struct_value()) ShapeCustody(*event.mutable_struct_value());
    }
  }
  ImportKnown(item, entry);
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

namespace {

template <typename T>
T Typed(const Struct& from) {
  T out;
  ImportKnown(from, out);
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

}  // namespace

bool IsTask(const std::string& type) {
  return type == "ASSIGN" || (HasWords(type, {"task", "tasks", "tasked", "tasking", "retask"}) &&
                              !HasWords(type, {"task_force"}));
}

namespace {

// An officer of another state acts in it only as both entrusted him (2AP 20(6)).
bool IsByStranger(const Struct& work, bool order, const CaseFacts& facts) {
  if (Member(work, "entrustment") != nullptr) return false;
  const std::string state = TextOf(work, "state");
  for (const char* name :
       {"executed_by", "executor", "seconded_member", "member", "officer", "by"}) {
    if (order && std::string_view(name) == "by") continue;  // who gives the order
    const std::string officer = TextOf(work, name);
    const std::string from = officer.substr(0, officer.find('-'));
    if (!state.empty() && from != state && facts.directory.states.count(from) > 0) return true;
  }
  return false;
}

bool IsWork(const std::string& type) {
  return OneOf(type, {"ARREST", "SEARCH", "EXECUTE", "EXECUTION", "EXECUTION_STARTED", "MEASURE",
                      "ACTION", "ACTION_DAY", "OPERATION", "START", "RAID", "SEIZE", "HEARING",
                      "INTERVIEW", "UNDERCOVER", "SURVEILLANCE", "OBSERVATION", "INTERCEPTION"});
}

// What an event does not say about a task is unknown, and no finding; a state that never was a
// party has no leader.
void JudgeTask(const Stage& stage, std::vector<Finding>& findings) {
  Struct task = stage.deed.event;
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
  const bool order = IsTask(TextOf(stage.deed.event, "type"));
  if (findings.empty() && IsByStranger(task, order, stage.deed.facts)) {
    Tell("R-JIT-03.leader", "event.by", findings);
  }
}

// Work goes on in its period only: nothing is begun in an operation that is over. What winds it
// down is recorded at any time.
bool JudgePeriod(const Stage& stage, const std::string& type, std::vector<Finding>& findings) {
  const bool works = IsWork(type);
  const bool begins = IsTask(type) || OneOf(type, {"EXTEND", "EXTENSION", "ADMIT", "ADMISSION"});
  if (!works && !begins) return false;
  bool over = OneOf(stage.deed.in_state, {"EXPIRED", "CLOSED", "EVALUATED"});
  if (works && !over) {
    const auto& period = stage.facts.agreement.period();
    const absl::Time at = TimeOf(stage.deed.event, stage.deed.facts);
    over = IsAfterEnd(period.to(), at);
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
  const bool old = HasWords(version, {"old", "older"});
  return !old && (version.empty() || current.empty() || version == current);
}

// What changes the agreement needs every party, as far as the event tells of consents.
void JudgeAmendment(const Stage& stage, std::vector<Finding>& findings) {
  if (Member(stage.deed.event, "consents") == nullptr) return;
  const auto consents = ConsentingStates(stage.deed.event);
  const auto& parties = stage.facts.agreement.parties();
  const bool all = std::all_of(parties.begin(), parties.end(), [&](const auto& party) {
    return std::find(consents.begin(), consents.end(), party.state()) != consents.end();
  });
  if (!all) Tell("R-JIT-07.consents", "event.consents", findings);
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
    }
    std::set<std::string> members;
    for (const auto& party : stage.facts.agreement.parties()) {
      members.insert(party.state());
      if (said->has_struct_value() || !SaysYes(said)) continue;
      auto& row = *proposal.add_basis();  // one for every pair
      row.set_pair(Cat({party.state(), "-", state}));
      row.set_basis(AnyText(event, name));
    }
    Append(CheckPairs(proposal, members, "event"), findings);
    v1::OperationAgreement pairs;
    *pairs.mutable_basis() = proposal.basis();
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
    Put(*link.mutable_struct_value(), "k", TextValue(k));
    Append(CheckCustody(MapEvidence(next), at), findings);
  });
  return found;
}

// An entry that tells when, or under which key, something was shared.
void JudgeShared(const Struct& operation, const Struct& shared, const std::string& at,
                 const CaseFacts& facts, std::vector<Finding>& findings) {
  // What is given for police work alone is graded, if it is, in its scheme, and is no evidence.
  const std::string status = TextOf(shared, "evidence_status");
  const auto limits = OneOrMore(shared, "restrictions");
  const bool no_evidence =
      std::find(limits.begin(), limits.end(), "NO_JUDICIAL_USE") != limits.end();
  const bool graded = ObjectOf(shared, "evaluation") != nullptr;
  if (graded || (no_evidence && status == "EVIDENCE")) JudgeGrades(shared, status, at, findings);
  OperationFacts known;
  const auto when = ParseInstant(FirstOf(shared, {"at", "shared_at"}));
  if (when.ok()) known.departed = DepartedFrom(operation, facts, *when);
  const auto current = static_cast<uint64_t>(NumberOf(operation, "epoch"));
  const bool keyed = Member(shared, "key_epoch") != nullptr || Member(shared, "epoch") != nullptr;
  const auto under =
      static_cast<uint64_t>(std::max(NumberOf(shared, "key_epoch"), NumberOf(shared, "epoch")));
  for (const std::string& state : OneOrMore(shared, "to")) {
    auto found = CheckSharing(state, keyed ? under : current, current, known, at);
    if (found.empty()) continue;
    Append(std::move(found), findings);
    return;
  }
}

// What 5.2 has records for and no rule stands on but those of any text: no sealed word, no amount
// without its unit.
bool JudgeRecordOfWork(const Stage& stage, const std::string& type,
                       std::vector<Finding>& findings) {
  const bool meets = HasWords(type, {"meeting", "briefing", "task_force"});
  if (!meets &&
      !OneOf(
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
  ForObjects(operation, "arrests", [&](const Struct& arrest, const std::string&) {
    by_counter["arrested"].push_back(TextOf(arrest, "token"));
  });
  for (const auto& tokens : TokensByCounter(operation)) {
    Append(CheckTokens(tokens, "operation"), findings);
  }
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
    const TreatyStatus& treaties = facts.directory.treaties;
    auto found = CheckBases(known.agreement, treaties, *now, "operation");
    if (found.empty()) found = CheckScope(known.agreement, "", treaties, "operation");
    Append(std::move(found), findings);
  }
  ForObjects(operation, "tasks", [&](const Struct& task, const std::string& at) {
    known.departed = DepartedFrom(operation, facts, TimeOf(task, facts));
    auto found = CheckTasking(Typed<v1::Tasking>(task), known, at);
    if (found.empty() && IsByStranger(task, true, facts)) Tell("R-JIT-03.leader", at, found);
    Append(std::move(found), findings);
  });
  ForObjects(operation, "arrests", [&](const Struct& arrest, const std::string& at) {
    Append(CheckArrest(Typed<v1::ArrestRecord>(arrest), at), findings);
    if (SaysYes(Member(arrest, "age_disputed")) && TextOf(arrest, "age_status") == "ADULT") {
      Tell("R-HR-08.dispute", at + ".age_status", findings);
    }
    const Value* apart = Member(arrest, "separate_detention");
    if (SaysYes(Member(arrest, "juvenile")) && apart != nullptr && !SaysYes(apart)) {
      Tell("R-HR-08.juvenile", at, findings);
    }
  });
  // What was seized of a drug has an amount.
  ForObjects(operation, "seizures", [&](const Struct& seized, const std::string& at) {
    const bool drug = OneOf(TextOf(seized, "kind"), {"DRUG", "DRUGS", "PRECURSOR"});
    const std::string amount = FirstOf(seized, {"g", "kg", "n", "qty", "quantity", "amount", "mass",
                                                "mass_g", "mass_kg", "qty_g", "qty_kg", "litres"});
    if (drug && amount.empty()) Tell("R-DRG-01.amount", at, findings);
  });
  JudgeTokens(operation, findings);
  ForObjects(operation, "sharing", [&](const Struct& shared, const std::string& at) {
    JudgeShared(operation, shared, at, facts, findings);
  });
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
  if (JudgeOutcome(deed, findings)) return true;
  const std::string type = TextOf(deed.event, "type");
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
  } else if (IsTask(type) || (IsWork(type) && !OneOf(type, {"ARREST", "HEARING", "INTERVIEW"}))) {
    JudgeTask(stage, findings);
  } else if (OneOf(type, {"AMEND", "AMENDMENT", "EXTEND", "EXTENSION"})) {
    JudgeAmendment(stage, findings);
  } else if (JudgeCustodyEvent(*operation, deed.event, findings)) {
    return true;
  } else if (OneOf(type, {"SHARE", "RELEASE", "SEND"})) {
    JudgeShare(stage, findings);
  } else if (type == "ARREST") {
    Append(CheckArrest(Typed<v1::ArrestRecord>(deed.event), "event"), findings);
  } else if (!JudgeRecordOfWork(stage, type, findings)) {
    // A notice of departure is always possible: nobody can be held.
    if (OneOf(type, {"DEPART", "DEPARTURE", "DEPARTURE_NOTICE"})) return true;
    // After its end an operation has nothing but what winds it down.
    if (deed.in_state != "EXPIRED" || ObjectOf(deed.json, "request") != nullptr) return false;
    Tell("R-JIT-05.period", "event.type", findings);
  }
  return true;
}

}  // namespace palermo::casework
