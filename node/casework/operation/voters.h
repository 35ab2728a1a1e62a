// Who says which of two histories of a state stands. Inside the room only.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_VOTERS_H_
#define PALERMO_NODE_CASEWORK_OPERATION_VOTERS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "node/casework/operation/graph.h"

namespace palermo::casework {

// By node: everything that it builds on is here.
std::vector<bool> CompleteOf(const Graph& graph);

// The parties, and each state to whose admission more than half of the voices consented, or all
// that have not left. Computed in rounds, from the set of records alone.
class Electorate {
 public:
  // REQUIRES: `graph` outlives it.
  Electorate(const Graph& graph, const std::string& operation, const std::set<std::string>& inside);

  const std::set<std::string>& voters() const { return voters_; }
  // Of a state that has left: its departure, or expulsion with all consents, and what these build
  // on. What it shows later says nothing. Null: it has not left.
  const std::vector<bool>* BeforeItLeft(const std::string& state) const;

 private:
  using Nodes = std::vector<size_t>;
  void Collect();
  bool Admit();
  bool IsAgreed(const Nodes& said) const;
  std::set<std::string> VoicesIn(const Nodes& said) const;
  Nodes AgreedAdmissionsOf(const std::string& state) const;
  void FindLeft();
  bool NoteLeft(const std::string& state, const Nodes& departures, const Nodes& known);
  bool IsExpelled(size_t departure, const Nodes& said) const;
  bool JoinedAfter(const std::string& state, size_t node) const;

  const Graph& graph_;
  const std::vector<bool> complete_;
  std::set<std::string> founders_, voters_;
  // By id of a proposal about who takes part: itself, and the consents to it.
  std::map<std::string, Nodes> said_;
  std::map<std::string, std::vector<std::string>> admissions_;  // by state: ids
  std::map<std::string, size_t> expulsions_;                    // by id
  std::map<std::string, Nodes> departures_;                     // by state: its own
  std::map<std::string, std::vector<bool>> left_;
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_VOTERS_H_
