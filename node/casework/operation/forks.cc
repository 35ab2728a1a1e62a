// Two histories of one state: which of them stands.
#include <algorithm>

#include "node/casework/operation/graph.h"
#include "node/casework/operation/voters.h"

namespace palermo::casework {
namespace {

using Id = std::string;
using Numbers = std::map<uint64_t, std::vector<size_t>>;  // by seq: records, by id
using Chains = std::map<std::string, Numbers>;            // by state

Chains ChainsOf(const Graph& graph) {
  Chains chains;
  for (size_t i = 0; i < graph.nodes().size(); ++i) {
    const GraphNode& node = graph.nodes()[i];
    // What nobody signed for us accuses nobody.
    if (node.forged || node.place_only || TakesNoNumber(node.r->record)) continue;
    chains[node.r->signer][node.r->record.seq()].push_back(i);
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

bool HasFork(const Numbers& numbers) {
  return std::any_of(numbers.begin(), numbers.end(),
                     [](const auto& n) { return n.second.size() > 1; });
}

struct Fork {
  std::string state;
  std::vector<size_t> branches;
  std::map<size_t, size_t> votes = {};  // by branch
  size_t left_out = 0;                  // voters that cannot choose any more
};

// Each voter says which branch of each fork it built on first. Every record is looked at once for
// each voter, whatever the number of forks and branches.
class Vote {
 public:
  Vote(const Graph& graph, std::vector<Fork>& forks)
      : graph_(graph),
        complete_(CompleteOf(graph)),
        forks_(forks),
        fork_of_(graph.nodes().size(), forks.size()) {
    for (size_t f = 0; f < forks.size(); ++f) {
      for (size_t branch : forks[f].branches) fork_of_[branch] = f;
    }
  }

  // `before`: of who has left, what counts; else null. Who shows two histories vouches for none.
  void Take(const std::string& state, const Numbers& chain, const std::vector<bool>* before) {
    std::vector<bool> seen(graph_.nodes().size());
    std::vector<Choice> choices(forks_.size(), Choice::kOpen);
    for (const auto& [seq, at] : chain) {
      if (HasFork(chain)) break;
      const size_t i = at.front();
      if (before != nullptr && !(*before)[i]) continue;
      for (const auto& [fork, branches] : Reached(i, seen)) {
        if (choices[fork] != Choice::kOpen) continue;
        choices[fork] = branches.size() == 1 ? Choice::kOne
                        : IsWhole(i)         ? Choice::kNone
                                             : Choice::kUnknown;
        if (branches.size() == 1) ++forks_[fork].votes[branches.front()];
      }
    }
    for (size_t f = 0; f < forks_.size(); ++f) {
      const bool none = choices[f] == Choice::kNone;
      const bool left = before != nullptr && choices[f] != Choice::kOne;
      if (forks_[f].state != state && (none || left)) ++forks_[f].left_out;
    }
  }

 private:
  // Who builds on several branches at once, as whoever joins later, chooses none.
  enum class Choice : uint8_t { kOpen, kOne, kNone, kUnknown };

  // No record of its author up to here is hidden: he cannot have chosen before.
  bool IsWhole(size_t i) const {
    if (!complete_[i]) return false;
    const GraphNode* node = &graph_.nodes()[i];
    while (node->r->record.seq() > 1) {
      const GraphNode* before = graph_.Find(node->r->record.previous());
      if (before == nullptr || before->forged || before->r->signer != node->r->signer ||
          before->r->record.seq() + 1 != node->r->record.seq()) {
        return false;
      }
      node = before;
    }
    return node->r->record.seq() == 1 && node->r->record.previous().empty();
  }

  // By fork: its branches among what this record builds on and was not seen before.
  std::map<size_t, std::vector<size_t>> Reached(size_t from, std::vector<bool>& seen) const {
    std::map<size_t, std::vector<size_t>> reached;
    std::vector<size_t> todo = {from};
    while (!todo.empty()) {
      const size_t i = todo.back();
      todo.pop_back();
      if (seen[i]) continue;
      seen[i] = true;
      if (fork_of_[i] != forks_.size()) reached[fork_of_[i]].push_back(i);
      const std::vector<size_t>& parents = graph_.nodes()[i].parents;
      todo.insert(todo.end(), parents.begin(), parents.end());
    }
    return reached;
  }

  const Graph& graph_;
  const std::vector<bool> complete_;
  std::vector<Fork>& forks_;
  std::vector<size_t> fork_of_;  // of each record that is a branch
};

// The branch that more than half of the other voters that signed anything built on first, without
// those that cannot choose any more; else the number of records. One vote is enough only where
// nobody else has a choice.
size_t StandingBranch(const Fork& fork, const Chains& chains, const std::set<std::string>& voters,
                      size_t none) {
  size_t others = 0;
  for (const auto& [state, numbers] : chains) {
    others += state != fork.state && voters.count(state) != 0 ? 1 : 0;
  }
  others -= fork.left_out;
  for (const auto& [branch, votes] : fork.votes) {
    if (2 * votes > others) return branch;
  }
  return none;
}

void MarkFork(Graph& graph, size_t from, const std::vector<Id>& proof) {
  std::vector<size_t> todo = {from};
  while (!todo.empty()) {
    GraphNode& node = graph.nodes()[todo.back()];
    const Id& id = node.r->id;
    todo.pop_back();
    if (node.forked) continue;
    node.forked = true;
    node.fork = proof;
    // Only its own chain: what others built on it stands for itself.
    for (size_t child : node.children) {
      const GraphNode& next = graph.nodes()[child];
      if (next.r->record.previous() == id && next.r->signer == node.r->signer) {
        todo.push_back(child);
      }
    }
  }
}

}  // namespace

std::set<std::string> InsidersOf(const Graph& graph, const Id& operation) {
  std::set<std::string> inside;
  if (const GraphNode* founding = graph.Find(operation)) {
    for (const auto& party : founding->r->record.agreement().parties()) {
      inside.insert(party.state());
    }
  }
  for (size_t before = 0; before != inside.size();) {
    before = inside.size();
    for (const GraphNode& node : graph.nodes()) {
      const bool counts = !node.forged && inside.count(node.r->signer) != 0;
      if (counts && node.r->record.has_admission()) {
        inside.insert(node.r->record.admission().state());
      }
    }
  }
  // Without the agreement nobody knows.
  if (inside.empty()) {
    for (const GraphNode& node : graph.nodes()) inside.insert(node.r->signer);
  }
  return inside;
}

void FindForks(Graph& graph, const Id& operation, const std::set<std::string>& inside,
               OperationState& state) {
  const Chains chains = ChainsOf(graph);
  std::vector<Fork> forks;
  for (const auto& [name, numbers] : chains) {
    if (inside.count(name) == 0) continue;
    for (const auto& [seq, branches] : numbers) {
      if (branches.size() > 1) forks.push_back({name, branches});
    }
  }
  const Electorate electorate(graph, operation, inside);
  const std::set<std::string>& voters = electorate.voters();
  Vote vote(graph, forks);
  for (const auto& [name, numbers] : chains) {
    if (voters.count(name) != 0) vote.Take(name, numbers, electorate.BeforeItLeft(name));
  }
  const size_t none = graph.nodes().size();
  for (const Fork& fork : forks) {
    const auto id = [&](size_t branch) { return graph.nodes()[branch].r->id; };
    const size_t standing = StandingBranch(fork, chains, voters, none);
    OperationState::Fork& shown = state.forks.emplace_back();
    shown.state = fork.state;
    shown.seq = graph.nodes()[fork.branches.front()].r->record.seq();
    for (size_t branch : fork.branches) shown.records.push_back(id(branch));
    if (standing != none) shown.standing = id(standing);
    for (size_t branch : fork.branches) {
      if (branch == standing) continue;
      const size_t first = branch == fork.branches[0] ? fork.branches[1] : fork.branches[0];
      std::vector<Id> proof = {id(branch), id(standing == none ? first : standing)};
      std::sort(proof.begin(), proof.end());
      MarkFork(graph, branch, proof);
    }
  }
}

}  // namespace palermo::casework
