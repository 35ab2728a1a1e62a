#include "node/casework/operation/replay.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/operation/crowd.h"
#include "node/casework/operation/fold.h"
#include "node/casework/operation/graph.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

constexpr absl::Duration kClockError = absl::Minutes(5);
using Id = std::string;

// --- Chains and clocks

bool FitsItsChain(const Graph& graph, const GraphNode& node) {
  const v1::OperationRecord& record = node.r->record;
  if (TakesNoNumber(record)) return true;
  if (record.seq() == 0) return false;
  if (record.seq() == 1) return record.previous().empty();
  const GraphNode* before = graph.Find(record.previous());
  return before != nullptr && !before->forged && before->r->signer == node.r->signer &&
         before->r->record.seq() + 1 == record.seq();
}

// The latest time that each state claimed in what a record builds on, and in which record.
struct Claim {
  absl::Time at = absl::InfinitePast();
  const Id* id = nullptr;
};
using Claims = std::map<std::string, Claim>;

void Later(const Claim& claim, Claim& out) {
  const bool later =
      out.id == nullptr || claim.at > out.at || (claim.at == out.at && *claim.id < *out.id);
  if (later) out = claim;
}

// The record that shows it: one of its own before, or of the second of the other states, since one
// alone may have a wrong clock. Null: not backdated.
const Id* BackdatedBy(const Claims& past, const std::string& signer, absl::Time at) {
  const auto own = past.find(signer);
  if (own != past.end() && own->second.at > at + kClockError) return own->second.id;
  Claim first, second;
  for (const auto& [state, claim] : past) {
    if (state == signer) continue;
    if (first.id == nullptr || claim.at > first.at) {
      second = first;
      first = claim;
    } else if (second.id == nullptr || claim.at > second.at) {
      second = claim;
    }
  }
  return second.id != nullptr && second.at > at + kClockError ? second.id : nullptr;
}

// --- All of it

class Replayer {
 public:
  Replayer(const Graph& graph, const Id& operation, OperationState& state)
      : graph_(graph), state_(state), fold_(operation, graph, state), past_(graph.nodes().size()) {}

  void Take(size_t i) {
    const GraphNode& node = graph_.nodes()[i];
    JudgedRecord judged;
    judged.id = node.r->id;
    for (size_t parent : node.parents) {
      for (const auto& [state, claim] : past_[parent]) Later(claim, past_[i][state]);
    }
    if (node.forged) {
      Refuse(RecordVerdict::kForged, "it names another state than the one that signed", {}, judged);
    } else if (node.forked) {
      Refuse(RecordVerdict::kForked, "its state shows two histories", node.fork, judged);
      if (node.r->record.has_abort()) fold_.TakeAbort(*node.r, judged);
    } else if (NamesTooMuch(node.r->record)) {
      Refuse(RecordVerdict::kBroken, "it names more records than one may build on", {}, judged);
      if (node.r->record.has_abort()) fold_.TakeAbort(*node.r, judged);
    } else if (!FitsItsChain(graph_, node)) {
      Refuse(RecordVerdict::kBroken, "its number and the one before do not fit together", {},
             judged);
      if (node.r->record.has_abort()) fold_.TakeAbort(*node.r, judged);
    } else if (IsWithheld(node.r->record)) {
      Refuse(RecordVerdict::kWithheld, "its content was not released to this state", {}, judged);
      fold_.NoteWithheld(node.r->record, node.r->id);
    } else {
      TakeAuthentic(i, judged);
    }
    state_.records.push_back(std::move(judged));
  }
  void Hold(const GraphNode& node) {
    JudgedRecord judged;
    judged.id = node.r->id;
    Refuse(RecordVerdict::kHeld, "it builds on records that are not here", node.missing, judged);
    // To stop is safe, and cannot wait for what is missing.
    if (!node.forged && node.r->record.has_abort()) fold_.TakeAbort(*node.r, judged);
    state_.records.push_back(std::move(judged));
  }
  void Finish(absl::Time now) { fold_.Finish(now); }

 private:
  void Refuse(RecordVerdict verdict, std::string why, std::vector<Id> proof, JudgedRecord& judged) {
    judged.verdict = verdict;
    judged.effective = false;
    judged.why = std::move(why);
    judged.proof = std::move(proof);
    judged.membership = state_.memberships.size() - 1;
  }

  void TakeAuthentic(size_t i, JudgedRecord& judged) {
    const SignedRecord& r = *graph_.nodes()[i].r;
    const auto at = ParseInstant(r.record.at());
    const Id* shown = at.ok() ? BackdatedBy(past_[i], r.signer, *at) : &r.id;
    const bool backdated = shown != nullptr;
    // What is proved to be later than it says is taken as of then.
    const std::string& since = backdated ? graph_.Find(*shown)->r->record.at() : r.record.at();
    fold_.Take(r, backdated, since, judged);
    if (backdated && (judged.effective || judged.verdict == RecordVerdict::kBackdated)) {
      judged.verdict = RecordVerdict::kBackdated;
      judged.proof = {r.id, *shown};
      if (judged.why.empty()) judged.why = "it claims a time before what it builds on";
    }
    // Whoever takes part has a clock for the others; a proposal to admit it gives a state none.
    if (at.ok() && fold_.TakesPart(r.signer)) Later({*at, &r.id}, past_[i][r.signer]);
  }

  const Graph& graph_;
  OperationState& state_;
  OperationFold fold_;
  std::vector<Claims> past_;
};

// What the next record builds on: the newest of those that take part, and what had an effect.
void FindHeads(const Graph& graph, OperationState& state) {
  std::set<Id> effective;
  for (const JudgedRecord& judged : state.records) {
    if (judged.effective) effective.insert(judged.id);
  }
  // A place is what somebody else says about a state's record.
  const auto counts = [&](const GraphNode& one) {
    const std::string& signer = one.r->signer;
    const bool takes_part = state.members.count(signer) + state.invited.count(signer) != 0;
    return one.ordered && !one.place_only && (takes_part || effective.count(one.r->id) != 0);
  };
  std::vector<size_t> parents;
  for (const GraphNode& node : graph.nodes()) {
    if (counts(node)) parents.insert(parents.end(), node.parents.begin(), node.parents.end());
  }
  const std::vector<bool> followed = graph.Below(std::move(parents));
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const GraphNode& node = graph.nodes()[i];
    if (counts(node) && !followed[i]) state.heads.push_back(node.r->id);
  }
  std::sort(state.heads.begin(), state.heads.end());
}

// An abort without a number stops wherever it stands, also one that is later than the departure of
// its state. All see where nothing shows that it was written before.
bool IsUnplaced(const Graph& graph, size_t abort, const OperationState& state) {
  const auto& nodes = graph.nodes();
  const std::string& signer = nodes[abort].r->signer;
  const std::vector<bool> below = graph.Below({abort}), above = graph.Above({abort});
  bool left = state.members.count(signer) == 0, beside = false;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const v1::OperationRecord& record = nodes[i].r->record;
    if (nodes[i].forged) continue;
    const bool of_it = record.has_departure() && record.departure().state() == signer;
    if (of_it && above[i]) left = false;
    // Its own word that it left shows nothing where others put it out.
    const bool own = nodes[i].r->signer == signer && !TakesNoNumber(record);
    const bool counts = own || (of_it && nodes[i].r->signer != signer);
    beside = beside || (counts && !below[i] && !above[i]);
  }
  return left || beside;
}

void TellUnplaced(const Graph& graph, OperationState& state) {
  std::map<std::string, size_t> looked;
  for (JudgedRecord& judged : state.records) {
    const GraphNode* node = graph.Find(judged.id);
    if (!judged.effective || !TakesNoNumber(node->r->record)) continue;
    const size_t i = static_cast<size_t>(node - graph.nodes().data());
    if (++looked[node->r->signer] > limits::kMaxPlacedAborts || IsUnplaced(graph, i, state)) {
      Tell("R-JIT-08.abort", "abort", judged.findings);
    }
  }
}

// What lacks below what these states signed. A stranger may name what never was.
template <typename Takes>
std::vector<Id> MissingBelow(const Graph& graph, const Takes& takes) {
  std::vector<size_t> todo;
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const GraphNode& node = graph.nodes()[i];
    if (!node.place_only && takes(node.r->signer)) todo.push_back(i);
  }
  const std::vector<bool> below = graph.Below(std::move(todo));
  std::set<Id> missing;
  for (size_t i = 0; i < below.size(); ++i) {
    const std::vector<Id>& lacks = graph.nodes()[i].missing;
    if (below[i]) missing.insert(lacks.begin(), lacks.end());
  }
  return {missing.begin(), missing.end()};
}

}  // namespace

bool IsWithheld(const v1::OperationRecord& record) {
  return record.content_case() == v1::OperationRecord::CONTENT_NOT_SET &&
         !record.withheld_sha256().empty();
}

v1::OperationRecord::ContentCase KindOf(const v1::OperationRecord& record) {
  return IsWithheld(record) ? static_cast<v1::OperationRecord::ContentCase>(record.withheld_kind())
                            : record.content_case();
}

bool TakesNoNumber(const v1::OperationRecord& record) {
  return KindOf(record) == v1::OperationRecord::kAbort && record.seq() == 0 &&
         record.previous().empty();
}

bool NamesTooMuch(const v1::OperationRecord& record) {
  const auto long_id = [](const std::string& id) { return id.size() > limits::kOperationIdChars; };
  return record.parents_size() > static_cast<int>(limits::kMaxOperationParents) ||
         long_id(record.previous()) ||
         std::any_of(record.parents().begin(), record.parents().end(), long_id);
}

std::vector<std::string> BuildsOn(const v1::OperationRecord& record) {
  if (NamesTooMuch(record)) return {};
  std::vector<std::string> ids(record.parents().begin(), record.parents().end());
  if (!record.previous().empty()) ids.push_back(record.previous());
  return ids;
}

bool IsMembershipKind(v1::OperationRecord::ContentCase kind) {
  switch (kind) {
    case v1::OperationRecord::kAgreement:
    case v1::OperationRecord::kSignature:
    case v1::OperationRecord::kAdmission:
    case v1::OperationRecord::kAccession:
    case v1::OperationRecord::kConsent:
    case v1::OperationRecord::kDeparture:
    case v1::OperationRecord::kClosing:
      return true;
    default:
      return false;
  }
}

std::string_view VerdictName(RecordVerdict verdict) {
  constexpr std::string_view kNames[] = {"EFFECTIVE", "HELD",      "FORGED",     "FORKED",
                                         "BROKEN",    "BACKDATED", "NOT_MEMBER", "NO_EFFECT",
                                         "WITHHELD",  "PROPOSED",  "SUPERSEDED"};
  return kNames[static_cast<size_t>(verdict)];
}
std::string_view OutcomeName(DecisionOutcome outcome) {
  constexpr std::string_view kNames[] = {"OPEN", "GO", "NO_GO", "ABORTED"};
  return kNames[static_cast<size_t>(outcome)];
}
std::string_view PhaseName(Phase phase) {
  constexpr std::string_view kNames[] = {"NEGOTIATING",  "ACTIVE", "ACTION_PHASE",
                                         "WINDING_DOWN", "CLOSED", "EXPIRED"};
  return kNames[static_cast<size_t>(phase)];
}

namespace {

OperationState Replay(const std::vector<SignedRecord>& records, const std::string& operation,
                      absl::Time now) {
  OperationState state;
  Graph graph(records, operation);
  const std::set<std::string> inside = InsidersOf(graph, operation);
  FindForks(graph, operation, inside, state);
  const auto order = graph.Order();
  Replayer replayer(graph, operation, state);
  for (size_t i : order) replayer.Take(i);
  std::vector<const GraphNode*> held;
  for (const GraphNode& node : graph.nodes()) {
    if (!node.ordered) held.push_back(&node);
  }
  std::sort(held.begin(), held.end(),
            [](const GraphNode* a, const GraphNode* b) { return a->r->id < b->r->id; });
  for (const GraphNode* node : held) replayer.Hold(*node);
  replayer.Finish(now);
  TellUnplaced(graph, state);
  FindHeads(graph, state);
  state.missing = MissingBelow(graph, [&](const auto& one) { return inside.count(one) != 0; });
  state.missing_of_members =
      MissingBelow(graph, [&](const auto& one) { return state.members.count(one) != 0; });
  return state;
}

// Names who wrote the most of these: places are not what their state said.
absl::Status TooMany(const std::vector<SignedRecord>& records) {
  std::map<std::string, size_t> wrote;
  for (const SignedRecord& r : records) wrote[r.signer] += r.place_only ? 0 : 1;
  const auto most = std::max_element(
      wrote.begin(), wrote.end(),
      [](const auto& one, const auto& other) { return one.second < other.second; });
  return OverLimit(
      "TOO_MANY", absl::StrFormat("an operation holds at most %u records, and %s alone wrote %u of "
                                  "those that are here; close it, and found another",
                                  limits::kMaxOperationRecords, most->first, most->second));
}

}  // namespace

absl::StatusOr<OperationState> ReplayOperation(const std::vector<SignedRecord>& records,
                                               const std::string& operation, absl::Time now) {
  if (records.size() <= limits::kMaxOperationRecords) return Replay(records, operation, now);
  // Whoever the others took in has a part; then all that it wrote counts, and may take in more.
  std::set<std::string> part = FoundersOf(records, operation);
  if (part.empty()) return TooMany(records);  // without the agreement nobody knows
  for (;;) {
    const Crowd crowd = ThinOut(records, part);
    if (std::max(crowd.of_part, crowd.places) > limits::kMaxOperationRecords) {
      return TooMany(crowd.records);
    }
    OperationState state = Replay(crowd.records, operation, now);
    const size_t before = part.size();
    for (const auto* in : {&state.members, &state.invited, &state.departed}) {
      part.insert(in->begin(), in->end());
    }
    if (part.size() > before) continue;
    state.left_out = crowd.left_out;
    return state;
  }
}

}  // namespace palermo::casework
