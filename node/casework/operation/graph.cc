#include "node/casework/operation/graph.h"

#include <queue>
#include <utility>

namespace palermo::casework {
namespace {

int ClassOf(const v1::OperationRecord& record) {
  // The same for who has its content and for who has not.
  const auto kind = KindOf(record);
  if (kind == v1::OperationRecord::kAbort) return 0;
  return kind == v1::OperationRecord::kDeparture ? 1 : 2;
}

}  // namespace

Graph::Graph(const std::vector<SignedRecord>& records, const std::string& operation) {
  for (const SignedRecord& r : records) by_id_.emplace(r.id, nodes_.size()), Add(r);
  for (size_t i = 0; i < nodes_.size(); ++i) Link(i, operation);
}

const GraphNode* Graph::Find(const std::string& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &nodes_[found->second];
}

std::vector<size_t> Graph::Order() {
  using Key = std::pair<std::pair<int, std::string>, size_t>;
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

std::vector<bool> Graph::Below(std::vector<size_t> these) const {
  std::vector<bool> below(nodes_.size());
  while (!these.empty()) {
    const size_t i = these.back();
    these.pop_back();
    if (below[i]) continue;
    below[i] = true;
    these.insert(these.end(), nodes_[i].parents.begin(), nodes_[i].parents.end());
  }
  return below;
}

std::vector<bool> Graph::Above(std::vector<size_t> these) const {
  std::vector<bool> above(nodes_.size());
  while (!these.empty()) {
    const size_t i = these.back();
    these.pop_back();
    if (above[i]) continue;
    above[i] = true;
    these.insert(these.end(), nodes_[i].children.begin(), nodes_[i].children.end());
  }
  return above;
}

std::vector<bool> Graph::AboveAll(const std::set<std::string>& ids) const {
  std::vector<bool> all(nodes_.size(), true);
  for (const std::string& id : ids) {
    const std::vector<bool> above = Above({NumberOf(id)});
    for (size_t i = 0; i < all.size(); ++i) all[i] = all[i] && above[i];
  }
  return all;
}

// The same record twice is one.
void Graph::Add(const SignedRecord& r) {
  if (by_id_.at(r.id) != nodes_.size()) return;
  GraphNode node;
  node.r = &r;
  node.forged = r.record.state() != r.signer;
  node.place_only = r.place_only;
  nodes_.push_back(std::move(node));
}

void Graph::Link(size_t i, const std::string& operation) {
  std::set<std::string> parents;
  for (std::string& id : BuildsOn(nodes_[i].r->record)) parents.insert(std::move(id));
  // Everything builds on the agreement.
  if (nodes_[i].r->id != operation) parents.insert(operation);
  for (const std::string& id : parents) {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) {
      nodes_[i].missing.push_back(id);
    } else {
      nodes_[i].parents.push_back(found->second);
      nodes_[found->second].children.push_back(i);
    }
  }
}

}  // namespace palermo::casework
