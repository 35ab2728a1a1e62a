#include "node/casework/operation/replay.h"

#include <algorithm>
#include <queue>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/operation/fold.h"

namespace palermo::casework {
namespace {

constexpr absl::Duration kClockError = absl::Minutes(5);
// Of branches and of forks that are weighed; beyond them no branch stands. Bounds what a liar
// costs.
constexpr size_t kMaxBranches = 16;
constexpr size_t kMaxForksWeighed = 64;

using Id = std::string;

// A record in the graph of what builds on what.
struct Node {
  const SignedRecord* r = nullptr;
  std::vector<size_t> parents;  // that are here
  std::vector<size_t> children;
  std::vector<Id> missing;  // parents that are not here
  size_t waits = 0;         // parents that are not ordered yet
  bool forged = false;
  bool place_only = false;
  bool ordered = false;
  bool forked = false;   // on a branch that does not stand
  std::vector<Id> fork;  // its branches
};

int ClassOf(const v1::OperationRecord& record) {
  // The same for who has its content and for who has not.
  const auto kind = KindOf(record);
  if (kind == v1::OperationRecord::kAbort) return 0;
  return kind == v1::OperationRecord::kDeparture ? 1 : 2;
}

class Graph {
 public:
  Graph(const std::vector<SignedRecord>& records, const Id& operation) {
    for (const SignedRecord& r : records) by_id_.emplace(r.id, nodes_.size()), Add(r);
    for (size_t i = 0; i < nodes_.size(); ++i) Link(i, operation);
  }

  std::vector<Node>& nodes() { return nodes_; }
  const Node* Find(const Id& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : &nodes_[found->second];
  }

  // Indices of what is not held: what it builds on first, then by class and id.
  std::vector<size_t> Order() {
    using Key = std::pair<std::pair<int, Id>, size_t>;
    std::priority_queue<Key, std::vector<Key>, std::greater<>> ready;
    const auto push = [&](size_t i) {
      ready.push({{ClassOf(nodes_[i].r->record), nodes_[i].r->id}, i});
    };
    for (size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].waits = nodes_[i].parents.size();
      if (nodes_[i].waits == 0 && nodes_[i].missing.empty()) push(i);
    }
    std::vector<size_t> order;
    while (!ready.empty()) {
      const size_t i = ready.top().second;
      ready.pop();
      order.push_back(i);
      nodes_[i].ordered = true;
      for (size_t child : nodes_[i].children) {
        if (--nodes_[child].waits == 0 && nodes_[child].missing.empty()) push(child);
      }
    }
    return order;
  }

  // Everything that builds on it, itself included.
  std::vector<bool> Descendants(size_t from) const {
    std::vector<bool> seen(nodes_.size());
    std::vector<size_t> todo = {from};
    while (!todo.empty()) {
      const size_t i = todo.back();
      todo.pop_back();
      if (seen[i]) continue;
      seen[i] = true;
      todo.insert(todo.end(), nodes_[i].children.begin(), nodes_[i].children.end());
    }
    return seen;
  }

 private:
  // The same record twice is one.
  void Add(const SignedRecord& r) {
    if (by_id_.at(r.id) != nodes_.size()) return;
    Node node;
    node.r = &r;
    node.forged = r.record.state() != r.signer;
    node.place_only = r.place_only;
    nodes_.push_back(std::move(node));
  }

  void Link(size_t i, const Id& operation) {
    const v1::OperationRecord& record = nodes_[i].r->record;
    std::set<Id> parents(record.parents().begin(), record.parents().end());
    if (!record.previous().empty()) parents.insert(record.previous());
    // Everything builds on the agreement.
    if (nodes_[i].r->id != operation) parents.insert(operation);
    for (const Id& id : parents) {
      const auto found = by_id_.find(id);
      if (found == by_id_.end()) {
        nodes_[i].missing.push_back(id);
      } else {
        nodes_[i].parents.push_back(found->second);
        nodes_[found->second].children.push_back(i);
      }
    }
  }

  std::vector<Node> nodes_;
  std::map<Id, size_t> by_id_;
};

// States that may ever have taken part: the parties of the agreement, and whom one of those
// proposed to admit. Others' records are shown; they weigh nothing and nobody builds on them.
std::set<std::string> InsidersOf(Graph& graph, const Id& operation) {
  std::set<std::string> inside;
  for (const Node& node : graph.nodes()) {
    if (node.r->id != operation) continue;
    for (const auto& party : node.r->record.agreement().parties()) inside.insert(party.state());
  }
  for (size_t before = 0; before != inside.size();) {
    before = inside.size();
    for (const Node& node : graph.nodes()) {
      const bool counts = !node.forged && inside.count(node.r->signer) != 0;
      if (counts && node.r->record.has_admission()) {
        inside.insert(node.r->record.admission().state());
      }
    }
  }
  // Without the agreement nobody knows.
  if (inside.empty()) {
    for (const Node& node : graph.nodes()) inside.insert(node.r->signer);
  }
  return inside;
}

// --- Forks

using Chain = std::map<std::string, std::map<uint64_t, std::vector<size_t>>>;  // state, seq

Chain ChainsOf(Graph& graph) {
  Chain chains;
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const Node& node = graph.nodes()[i];
    // What nobody signed for us accuses nobody.
    if (!node.forged && !node.place_only) chains[node.r->signer][node.r->record.seq()].push_back(i);
  }
  for (auto& [state, numbers] : chains) {
    for (auto& [seq, at] : numbers) {
      std::sort(at.begin(), at.end(), [&](size_t a, size_t b) {
        return graph.nodes()[a].r->id < graph.nodes()[b].r->id;
      });
    }
  }
  return chains;
}

bool HasFork(const std::map<uint64_t, std::vector<size_t>>& numbers) {
  return std::any_of(numbers.begin(), numbers.end(),
                     [](const auto& n) { return n.second.size() > 1; });
}

// The branch that more than half of the other states built on first; n: none.
size_t StandingBranch(const Graph& graph, const Chain& chains, const std::set<std::string>& inside,
                      const std::string& state, const std::vector<size_t>& branches) {
  std::vector<std::vector<bool>> after;
  for (size_t branch : branches) after.push_back(graph.Descendants(branch));
  std::vector<size_t> votes(branches.size());
  size_t others = 0;
  for (const auto& [other, numbers] : chains) {
    if (other == state || inside.count(other) == 0) continue;
    ++others;
    if (HasFork(numbers)) continue;  // who shows two histories vouches for none
    for (const auto& [seq, at] : numbers) {
      size_t on = 0, which = 0;
      for (size_t b = 0; b < branches.size(); ++b) {
        if (after[b][at.front()]) ++on, which = b;
      }
      if (on == 0) continue;
      if (on == 1) ++votes[which];
      break;
    }
  }
  for (size_t b = 0; b < branches.size(); ++b) {
    if (2 * votes[b] > others) return b;
  }
  return branches.size();
}

void MarkFork(Graph& graph, size_t from, const std::vector<Id>& fork) {
  std::vector<size_t> todo = {from};
  while (!todo.empty()) {
    Node& node = graph.nodes()[todo.back()];
    const Id& id = node.r->id;
    todo.pop_back();
    if (node.forked) continue;
    node.forked = true;
    node.fork = fork;
    // Only its own chain: what others built on it stands for itself.
    for (size_t child : node.children) {
      const Node& next = graph.nodes()[child];
      if (next.r->record.previous() == id && next.r->signer == node.r->signer) {
        todo.push_back(child);
      }
    }
  }
}

void FindForks(Graph& graph, const std::set<std::string>& inside, OperationState& state) {
  const Chain chains = ChainsOf(graph);
  for (const auto& [name, numbers] : chains) {
    for (const auto& [seq, branches] : numbers) {
      if (branches.size() < 2) continue;
      OperationState::Fork fork;
      fork.state = name;
      fork.seq = seq;
      for (size_t b : branches) fork.records.push_back(graph.nodes()[b].r->id);
      const bool weighed = branches.size() <= kMaxBranches && state.forks.size() < kMaxForksWeighed;
      const size_t standing =
          weighed ? StandingBranch(graph, chains, inside, name, branches) : branches.size();
      if (standing < branches.size()) fork.standing = fork.records[standing];
      for (size_t b = 0; b < branches.size(); ++b) {
        if (b != standing) MarkFork(graph, branches[b], fork.records);
      }
      state.forks.push_back(std::move(fork));
    }
  }
}

// --- Chains and clocks

bool FitsItsChain(const Graph& graph, const Node& node) {
  const v1::OperationRecord& record = node.r->record;
  if (record.seq() == 0) return false;
  if (record.seq() == 1) return record.previous().empty();
  const Node* before = graph.Find(record.previous());
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
  Replayer(Graph& graph, const Id& operation, const std::set<std::string>& inside,
           OperationState& state)
      : graph_(graph),
        inside_(inside),
        state_(state),
        fold_(operation, state),
        past_(graph.nodes().size()) {}

  void Take(size_t i) {
    const Node& node = graph_.nodes()[i];
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
    } else if (!FitsItsChain(graph_, node)) {
      Refuse(RecordVerdict::kBroken, "its number and the one before do not fit together", {},
             judged);
      if (node.r->record.has_abort()) fold_.TakeAbort(*node.r, judged);
    } else if (IsWithheld(node.r->record)) {
      Refuse(RecordVerdict::kWithheld, "its content was not released to this state", {}, judged);
    } else {
      TakeAuthentic(i, judged);
    }
    state_.records.push_back(std::move(judged));
  }
  void Hold(const Node& node) {
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
    fold_.Take(r, backdated, judged);
    if (backdated && (judged.effective || judged.verdict == RecordVerdict::kBackdated)) {
      judged.verdict = RecordVerdict::kBackdated;
      judged.proof = {r.id, *shown};
      if (judged.why.empty()) judged.why = "it claims a time before what it builds on";
    }
    if (at.ok() && inside_.count(r.signer) != 0) Later({*at, &r.id}, past_[i][r.signer]);
  }

  Graph& graph_;
  const std::set<std::string>& inside_;
  OperationState& state_;
  OperationFold fold_;
  std::vector<Claims> past_;
};

void FindEnds(Graph& graph, const std::set<std::string>& inside, OperationState& state) {
  std::set<Id> missing;
  for (const Node& node : graph.nodes()) missing.insert(node.missing.begin(), node.missing.end());
  state.missing = {missing.begin(), missing.end()};
  for (const Node& node : graph.nodes()) {
    const auto counts = [&](const Node& one) {
      return one.ordered && inside.count(one.r->signer) != 0;
    };
    const bool followed = std::any_of(node.children.begin(), node.children.end(),
                                      [&](size_t child) { return counts(graph.nodes()[child]); });
    if (counts(node) && !followed) state.heads.push_back(node.r->id);
  }
  std::sort(state.heads.begin(), state.heads.end());
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
  constexpr std::string_view kNames[] = {"EFFECTIVE",  "HELD",      "FORGED",
                                         "FORKED",     "BROKEN",    "BACKDATED",
                                         "NOT_MEMBER", "NO_EFFECT", "WITHHELD"};
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

absl::StatusOr<OperationState> ReplayOperation(const std::vector<SignedRecord>& records,
                                               const std::string& operation, absl::Time now) {
  if (records.size() > limits::kMaxOperationRecords) {
    return OverLimit("TOO_MANY", absl::StrFormat("an operation holds at most %u records; close it, "
                                                 "and found another",
                                                 limits::kMaxOperationRecords));
  }
  OperationState state;
  Graph graph(records, operation);
  const std::set<std::string> inside = InsidersOf(graph, operation);
  FindForks(graph, inside, state);
  const auto order = graph.Order();
  Replayer replayer(graph, operation, inside, state);
  for (size_t i : order) replayer.Take(i);
  std::vector<const Node*> held;
  for (const Node& node : graph.nodes()) {
    if (!node.ordered) held.push_back(&node);
  }
  std::sort(held.begin(), held.end(),
            [](const Node* a, const Node* b) { return a->r->id < b->r->id; });
  for (const Node* node : held) replayer.Hold(*node);
  replayer.Finish(now);
  FindEnds(graph, inside, state);
  return state;
}

}  // namespace palermo::casework
