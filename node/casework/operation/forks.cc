// Two histories of one state: which of them stands.
#include <algorithm>

#include "node/casework/operation/graph.h"

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

bool HasFork(const Numbers& numbers) {
  return std::any_of(numbers.begin(), numbers.end(),
                     [](const auto& n) { return n.second.size() > 1; });
}

// By admission: the parties that consented to it.
std::map<Id, std::set<std::string>> ConsentsOf(const Graph& graph,
                                               const std::set<std::string>& parties) {
  std::map<Id, std::set<std::string>> consents;
  for (const GraphNode& node : graph.nodes()) {
    const v1::OperationRecord& record = node.r->record;
    if (node.forged || parties.count(node.r->signer) == 0) continue;
    if (record.has_admission()) consents[node.r->id].insert(node.r->signer);
    if (record.has_consent()) consents[record.consent().subject()].insert(node.r->signer);
  }
  return consents;
}

std::set<std::string> VotersOf(const Graph& graph, const Id& operation,
                               const std::set<std::string>& inside) {
  std::set<std::string> voters;
  if (const GraphNode* founding = graph.Find(operation)) {
    for (const auto& party : founding->r->record.agreement().parties()) {
      voters.insert(party.state());
    }
  }
  // Without the agreement nobody knows.
  if (voters.empty()) return inside;
  const size_t parties = voters.size();
  for (const auto& [subject, states] : ConsentsOf(graph, voters)) {
    const GraphNode* node = graph.Find(subject);
    if (node == nullptr || node->forged || !node->r->record.has_admission()) continue;
    if (2 * states.size() > parties) voters.insert(node->r->record.admission().state());
  }
  return voters;
}

struct Fork {
  std::string state;
  std::vector<size_t> branches;
  std::map<size_t, size_t> votes;  // by branch
};

// Each voter says which branch of each fork it built on first. Every record is looked at once for
// each voter, whatever the number of forks and branches.
class Vote {
 public:
  Vote(const Graph& graph, std::vector<Fork>& forks)
      : graph_(graph), forks_(forks), fork_of_(graph.nodes().size(), forks.size()) {
    for (size_t f = 0; f < forks.size(); ++f) {
      for (size_t branch : forks[f].branches) fork_of_[branch] = f;
    }
  }

  void Take(const Numbers& chain) {
    std::vector<bool> seen(graph_.nodes().size()), decided(forks_.size());
    for (const auto& [seq, at] : chain) {
      for (const auto& [fork, branches] : Reached(at.front(), seen)) {
        if (decided[fork]) continue;
        decided[fork] = true;
        // Who builds on several at once chooses none.
        if (branches.size() == 1) ++forks_[fork].votes[branches.front()];
      }
    }
  }

 private:
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
  std::vector<Fork>& forks_;
  std::vector<size_t> fork_of_;  // of each record that is a branch
};

// The branch that more than half of the other voters that signed anything built on first; else the
// number of records.
size_t StandingBranch(const Fork& fork, const Chains& chains, const std::set<std::string>& voters,
                      size_t none) {
  size_t others = 0;
  for (const auto& [state, numbers] : chains) {
    others += state != fork.state && voters.count(state) != 0 ? 1 : 0;
  }
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
      if (branches.size() > 1) forks.push_back({name, branches, {}});
    }
  }
  const std::set<std::string> voters = VotersOf(graph, operation, inside);
  Vote vote(graph, forks);
  for (const auto& [name, numbers] : chains) {
    // Who shows two histories vouches for none.
    if (voters.count(name) != 0 && !HasFork(numbers)) vote.Take(numbers);
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
