// What builds on what among the records of one operation. Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_GRAPH_H_
#define PALERMO_NODE_CASEWORK_OPERATION_GRAPH_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/casework/operation/replay.h"

namespace palermo::casework {

struct GraphNode {
  const SignedRecord* r = nullptr;
  std::vector<size_t> parents;  // that are here
  std::vector<size_t> children;
  std::vector<std::string> missing;  // parents that are not here
  size_t waits = 0;                  // parents that are not ordered yet
  bool forged = false;
  bool place_only = false;
  bool ordered = false;
  bool forked = false;            // on a branch that does not stand
  std::vector<std::string> fork;  // its branch and another one
};

class Graph {
 public:
  Graph(const std::vector<SignedRecord>& records, const std::string& operation);

  std::vector<GraphNode>& nodes() { return nodes_; }
  const std::vector<GraphNode>& nodes() const { return nodes_; }
  const GraphNode* Find(const std::string& id) const;
  // Indices of what is not held: what it builds on first, then by class and id.
  std::vector<size_t> Order();
  // These, and all that they build on.
  std::vector<bool> Below(std::vector<size_t> these) const;
  // These, and all that builds on them.
  std::vector<bool> Above(std::vector<size_t> these) const;
  // What builds on each of these, by id.
  std::vector<bool> AboveAll(const std::set<std::string>& ids) const;
  // REQUIRES: it is here.
  size_t NumberOf(const std::string& id) const { return by_id_.at(id); }

 private:
  void Add(const SignedRecord& r);
  void Link(size_t i, const std::string& operation);

  std::vector<GraphNode> nodes_;
  std::map<std::string, size_t> by_id_;
};

// States that may ever have taken part: the parties of the agreement, and whom one of those
// proposed to admit. Others' records are shown, and weigh nothing.
std::set<std::string> InsidersOf(const Graph& graph, const std::string& operation);
// Two records of a state in `inside` under one number. Which branch stands is said by the
// voices (voters.h): a proposal alone gives nobody one.
void FindForks(Graph& graph, const std::string& operation, const std::set<std::string>& inside,
               OperationState& state);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_GRAPH_H_
