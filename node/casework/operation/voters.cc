#include "node/casework/operation/voters.h"

#include <algorithm>
#include <utility>

namespace palermo::casework {

std::vector<bool> CompleteOf(const Graph& graph) {
  const auto& nodes = graph.nodes();
  std::vector<bool> complete(nodes.size());
  std::vector<size_t> waits(nodes.size()), ready;
  for (size_t i = 0; i < nodes.size(); ++i) {
    waits[i] = nodes[i].parents.size() + nodes[i].missing.size();
    if (waits[i] == 0) ready.push_back(i);
  }
  while (!ready.empty()) {
    const size_t i = ready.back();
    ready.pop_back();
    complete[i] = true;
    for (size_t child : nodes[i].children) {
      if (--waits[child] == 0) ready.push_back(child);
    }
  }
  return complete;
}

Electorate::Electorate(const Graph& graph, const std::string& operation,
                       const std::set<std::string>& inside)
    : graph_(graph), complete_(CompleteOf(graph)) {
  if (const GraphNode* founding = graph.Find(operation)) {
    for (const auto& party : founding->r->record.agreement().parties()) {
      founders_.insert(party.state());
    }
  }
  const bool known = !founders_.empty();
  // Without the agreement nobody knows.
  if (!known) founders_ = inside;
  voters_ = founders_;
  Collect();
  FindLeft();
  while (known && Admit()) FindLeft();
}

const std::vector<bool>* Electorate::BeforeItLeft(const std::string& state) const {
  const auto found = left_.find(state);
  return found == left_.end() ? nullptr : &found->second;
}

void Electorate::Collect() {
  for (size_t i = 0; i < graph_.nodes().size(); ++i) {
    const GraphNode& node = graph_.nodes()[i];
    const v1::OperationRecord& record = node.r->record;
    if (node.forged) continue;
    if (record.has_consent()) said_[record.consent().subject()].push_back(i);
    if (record.has_admission()) {
      said_[node.r->id].push_back(i);
      admissions_[record.admission().state()].push_back(node.r->id);
    } else if (record.has_departure() && record.departure().state() != node.r->signer) {
      said_[node.r->id].push_back(i);
      expulsions_[node.r->id] = i;
    } else if (record.has_departure() && complete_[i] && !GivesNotice(record)) {
      departures_[node.r->signer].push_back(i);
    }
  }
}

// One round: all that the voices so far consented to, so that no order matters. True: some did.
bool Electorate::Admit() {
  std::set<std::string> fresh;
  for (const auto& [state, ids] : admissions_) {
    if (voters_.count(state) == 0 && !AgreedAdmissionsOf(state).empty()) fresh.insert(state);
  }
  voters_.insert(fresh.begin(), fresh.end());
  return !fresh.empty();
}

std::set<std::string> Electorate::VoicesIn(const Nodes& said) const {
  std::set<std::string> voices;
  for (size_t i : said) {
    const std::string& signer = graph_.nodes()[i].r->signer;
    if (voters_.count(signer) != 0) voices.insert(signer);
  }
  return voices;
}

bool Electorate::IsAgreed(const Nodes& said) const {
  const std::set<std::string> voices = VoicesIn(said);
  if (2 * voices.size() > voters_.size()) return true;
  return !voices.empty() && std::all_of(voters_.begin(), voters_.end(), [&](const auto& voter) {
    return voices.count(voter) != 0 || left_.count(voter) != 0;
  });
}

Electorate::Nodes Electorate::AgreedAdmissionsOf(const std::string& state) const {
  Nodes agreed;
  const auto ids = admissions_.find(state);
  if (ids == admissions_.end()) return agreed;
  for (const std::string& id : ids->second) {
    const Nodes& said = said_.at(id);
    if (!IsAgreed(said)) continue;
    for (size_t i : said) {
      if (graph_.nodes()[i].r->id == id) agreed.push_back(i);
    }
  }
  return agreed;
}

// --- Who has left

void Electorate::FindLeft() {
  left_.clear();
  for (const auto& [state, own] : departures_) {
    if (voters_.count(state) != 0) NoteLeft(state, own, own);
  }
  for (bool more = true; more;) {
    more = false;
    for (const auto& [id, i] : expulsions_) {
      const std::string& state = graph_.nodes()[i].r->record.departure().state();
      if (voters_.count(state) == 0 || left_.count(state) != 0) continue;
      const Nodes& said = said_.at(id);
      if (IsExpelled(i, said) && NoteLeft(state, {i}, said)) more = true;
    }
  }
}

// Who was admitted again after that has not left.
bool Electorate::NoteLeft(const std::string& state, const Nodes& departures, const Nodes& known) {
  const Nodes admissions = AgreedAdmissionsOf(state);
  const std::vector<bool> before =
      admissions.empty() ? std::vector<bool>(graph_.nodes().size()) : graph_.Below(admissions);
  const bool left =
      std::any_of(departures.begin(), departures.end(), [&](size_t i) { return !before[i]; });
  if (left) left_[state] = graph_.Below(known);
  return left;
}

// With the consent of everybody else who has not left, and had not joined later.
bool Electorate::IsExpelled(size_t departure, const Nodes& said) const {
  if (!std::all_of(said.begin(), said.end(), [&](size_t i) { return complete_[i]; })) return false;
  const std::string& state = graph_.nodes()[departure].r->record.departure().state();
  const std::set<std::string> voices = VoicesIn(said);
  const auto is_asked = [&](const std::string& voter) {
    return voter != state && voices.count(voter) == 0 && left_.count(voter) == 0;
  };
  if (voices.empty() || std::any_of(founders_.begin(), founders_.end(), is_asked)) return false;
  return std::none_of(voters_.begin(), voters_.end(), [&](const std::string& voter) {
    return is_asked(voter) && !JoinedAfter(voter, departure);
  });
}

bool Electorate::JoinedAfter(const std::string& state, size_t node) const {
  const Nodes admissions = AgreedAdmissionsOf(state);
  return !admissions.empty() && std::all_of(admissions.begin(), admissions.end(),
                                            [&](size_t i) { return graph_.Below({i})[node]; });
}

}  // namespace palermo::casework
