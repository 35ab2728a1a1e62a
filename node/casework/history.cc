#include "node/casework/history.h"

#include <algorithm>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using v1::Act;

// Results stand before anything that would undo them; a withdrawal stops what has not begun; an
// answer goes before the question that would make it late; what keeps the case going goes before
// what ends it; the requested state goes before the requesting one.
constexpr std::pair<Side, Act::Code> kPrecedence[] = {
    {Side::kRequesting, Act::ORAL_REQUEST_NOTE},
    {Side::kRequesting, Act::CONDITIONAL_OFFER},
    {Side::kRequesting, Act::REQUEST},
    {Side::kRequested, Act::LAPSE_NOTICE},
    {Side::kRequested, Act::PARTIAL_RESULT},
    {Side::kRequested, Act::FINAL_RESULT},
    {Side::kRequesting, Act::BOARDING_RESULT},
    {Side::kRequesting, Act::BOARDING_REPORT},
    {Side::kRequested, Act::DATA_DISCLOSED},
    {Side::kRequested, Act::SURRENDER_REPORT},
    {Side::kRequested, Act::DELIVERY_ABORT},
    {Side::kRequesting, Act::DELIVERY_ABORT},
    {Side::kRequesting, Act::WITHDRAWAL_IN_PART},
    {Side::kRequesting, Act::WITHDRAWAL},
    {Side::kRequesting, Act::INFO_SUPPLEMENT},
    {Side::kRequesting, Act::CONSULTATION_STATEMENT},
    {Side::kRequested, Act::CONSULTATION_STATEMENT},
    {Side::kRequested, Act::ACKNOWLEDGEMENT},
    {Side::kRequested, Act::RETURN},
    {Side::kRequested, Act::ADMISSION},
    {Side::kRequested, Act::EXECUTION_STARTED},
    {Side::kRequested, Act::INFO_REQUEST},
    {Side::kRequested, Act::POSTPONEMENT_REVIEW},
    {Side::kRequested, Act::RESUMPTION},
    {Side::kRequested, Act::SUSPENSION},
    {Side::kRequested, Act::CONDITIONS_PROPOSAL},
    {Side::kRequested, Act::CONSULTATION_CLOSE},
    {Side::kRequested, Act::POSTPONEMENT_NOTICE},
    {Side::kRequested, Act::REFUSAL_IN_PART},
    {Side::kRequested, Act::REFUSAL},
    {Side::kRequested, Act::REGISTRY_CONFIRMED},
    {Side::kRequested, Act::REGISTRY_DENIED},
    {Side::kRequested, Act::REGISTRY_UNKNOWN},
    {Side::kRequested, Act::JOINT_BOARDING},
    {Side::kRequested, Act::BOARDING_AUTHORISED},
    {Side::kRequested, Act::FLAG_STATE_ACTS},
    {Side::kRequested, Act::BOARDING_DECLINED},
    {Side::kRequested, Act::JURISDICTION_DECISION},
    {Side::kRequested, Act::PRESERVATION_CONFIRMED},
    {Side::kRequested, Act::FOLLOWUP_RECEIVED},
    {Side::kRequested, Act::PRESERVATION_EXTENDED},
    {Side::kRequested, Act::PRESERVATION_RELEASED},
    {Side::kRequested, Act::PROVISIONAL_ARREST_NOTE},
    {Side::kRequested, Act::SURRENDER_ORDER},
    {Side::kRequested, Act::REFUSAL_NATIONALITY},
    {Side::kRequested, Act::DELIVERY_CONSENT},
    {Side::kRequested, Act::DELIVERY_LIVE},
    {Side::kRequesting, Act::DELIVERY_LIVE},
    {Side::kRequested, Act::CONVERTED_TO_REQUEST},
    {Side::kRequested, Act::INFORMATION_USED},
    {Side::kRequested, Act::INFORMATION_NOT_USED},
    {Side::kRequested, Act::OFFER_ACCEPTED},
    {Side::kRequested, Act::OFFER_DECLINED},
    {Side::kRequested, Act::CONSULTATION_OPEN},
    {Side::kRequesting, Act::CORRECTED_REQUEST},
    {Side::kRequesting, Act::CONDITIONS_DECLINE},
    {Side::kRequesting, Act::CONDITIONS_ACCEPT},
    {Side::kRequesting, Act::COMPLETION_REQUEST},
    {Side::kRequesting, Act::CLOSE},
    {Side::kRequested, Act::CLOSE_NOTICE},
    {Side::kRequesting, Act::CONSULTATION_OPEN},
    {Side::kRequested, Act::EXCULPATORY_NOTICE},
    {Side::kRequesting, Act::EXCULPATORY_NOTICE},
    {Side::kRequested, Act::CONFIDENTIALITY_UNABLE},
    {Side::kRequested, Act::USE_CONSENT_DECISION},
    {Side::kRequesting, Act::USE_CONSENT_DECISION},
    {Side::kRequested, Act::USE_CONSENT_REQUEST},
    {Side::kRequesting, Act::USE_CONSENT_REQUEST},
    {Side::kRequested, Act::CONSENT_WITHDRAWN},
    {Side::kRequesting, Act::CONSENT_WITHDRAWN},
    {Side::kRequested, Act::ASSET_REPORT},
    {Side::kRequesting, Act::ASSET_REPORT},
    {Side::kRequested, Act::OBLIGATION_REPORT},
    {Side::kRequesting, Act::OBLIGATION_REPORT},
    {Side::kRequested, Act::STATUS_REPORT},
    {Side::kRequesting, Act::STATUS_QUERY},
};
// Pairs that no side may send come last.
constexpr int kUnlisted = 1000;

bool IsResult(const ActFact& fact) {
  return fact.side == Side::kRequested &&
         (fact.act == Act::PARTIAL_RESULT || fact.act == Act::FINAL_RESULT);
}

// The acts by id, with their edges as indices. An act whose past is incomplete is not `whole`.
class Graph {
 public:
  explicit Graph(std::vector<ActFact> facts) : facts_(std::move(facts)) {
    std::stable_sort(facts_.begin(), facts_.end(), ById);
    const auto same = [](const ActFact& a, const ActFact& b) { return a.id == b.id; };
    facts_.erase(std::unique(facts_.begin(), facts_.end(), same), facts_.end());
    Link();
    MarkWhole();
    MarkResults();
  }

  size_t size() const { return facts_.size(); }
  const ActFact& fact(size_t i) const { return facts_[i]; }
  bool whole(size_t i) const { return whole_[i]; }
  const std::vector<Hash>& missing() const { return missing_; }

  // The whole acts in the order of the history.
  std::vector<size_t> Order() const {
    std::vector<size_t> waits = waits_, order;
    std::priority_queue<Key, std::vector<Key>, std::greater<>> ready;
    for (size_t i = 0; i < size(); ++i) {
      if (waits[i] == 0) ready.push(KeyOf(i));
    }
    while (!ready.empty()) {
      const size_t i = std::get<2>(ready.top());
      ready.pop();
      order.push_back(i);
      for (size_t child : children_[i]) {
        if (--waits[child] == 0) ready.push(KeyOf(child));
      }
    }
    return order;
  }

  bool IsHead(size_t i) const {
    return whole_[i] && std::none_of(children_[i].begin(), children_[i].end(),
                                     [&](size_t child) { return whole_[child]; });
  }

 private:
  // (leads to a result, precedence, index); facts are sorted by id, so the index stands for it.
  using Key = std::tuple<bool, int, size_t>;

  static bool ById(const ActFact& a, const ActFact& b) { return a.id < b.id; }

  Key KeyOf(size_t i) const { return {!leads_[i], Precedence(facts_[i].side, facts_[i].act), i}; }

  std::optional<size_t> IndexOf(const Hash& id) const {
    const auto found = std::lower_bound(facts_.begin(), facts_.end(), id,
                                        [](const ActFact& f, const Hash& h) { return f.id < h; });
    if (found == facts_.end() || found->id != id) return std::nullopt;
    return found - facts_.begin();
  }

  void Link() {
    children_.resize(size());
    waits_.assign(size(), 0);
    for (size_t i = 0; i < size(); ++i) {
      auto& parents = facts_[i].parents;
      std::sort(parents.begin(), parents.end());
      parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
      waits_[i] = parents.size();
      for (const Hash& parent : parents) {
        if (auto index = IndexOf(parent)) {
          children_[*index].push_back(i);
        } else {
          missing_.push_back(parent);
        }
      }
    }
    std::sort(missing_.begin(), missing_.end());
    missing_.erase(std::unique(missing_.begin(), missing_.end()), missing_.end());
  }

  // Some order that respects causality; acts with an incomplete past never get their turn.
  void MarkWhole() {
    std::vector<size_t> waits = waits_;
    for (size_t i = 0; i < size(); ++i) {
      if (waits[i] == 0) causal_.push_back(i);
    }
    for (size_t next = 0; next < causal_.size(); ++next) {
      for (size_t child : children_[causal_[next]]) {
        if (--waits[child] == 0) causal_.push_back(child);
      }
    }
    whole_.assign(size(), false);
    for (size_t i : causal_) whole_[i] = true;
  }

  // An act that a result builds on shares the result's precedence, else a crossing withdrawal would
  // cut in before the execution that had produced it.
  void MarkResults() {
    leads_.assign(size(), false);
    for (auto i = causal_.rbegin(); i != causal_.rend(); ++i) {
      const auto& next = children_[*i];
      leads_[*i] = IsResult(facts_[*i]) ||
                   std::any_of(next.begin(), next.end(), [&](size_t c) { return leads_[c]; });
    }
  }

  std::vector<ActFact> facts_;
  std::vector<std::vector<size_t>> children_;
  std::vector<size_t> waits_;  // number of parents
  std::vector<Hash> missing_;
  std::vector<size_t> causal_;
  std::vector<bool> whole_, leads_;
};

std::string WhyConflict(const ActFact& fact, const Standing& standing) {
  return absl::StrFormat("%s by the %s state crossed another act: the case was already %s",
                         ActName(fact.act), SideName(fact.side), Describe(standing));
}

OrderedAct Step(const ActFact& fact, Standing& standing) {
  OrderedAct act;
  act.id = fact.id;
  auto after = Apply(standing, fact.side, fact.act);
  if (after.ok()) {
    standing = *after;
  } else {
    act.conflict = true;
    act.why = WhyConflict(fact, standing);
  }
  act.after = standing;
  return act;
}

absl::Status UnknownParent(const Hash& id) {
  return Missing(
      "UNKNOWN_PARENT",
      absl::StrFormat("act %s, which this act follows, is not here; it has to arrive first",
                      HexEncode(AsView(id))));
}

// The facts of `parents` and of all their past.
absl::StatusOr<std::vector<ActFact>> PastOfAct(const std::vector<ActFact>& facts,
                                               const std::vector<Hash>& parents) {
  std::vector<const ActFact*> by_id;
  for (const ActFact& fact : facts) by_id.push_back(&fact);
  std::stable_sort(by_id.begin(), by_id.end(),
                   [](const ActFact* a, const ActFact* b) { return a->id < b->id; });
  std::vector<bool> seen(by_id.size(), false);
  std::vector<ActFact> past;
  std::vector<Hash> todo = parents;
  while (!todo.empty()) {
    const Hash id = todo.back();
    todo.pop_back();
    const auto found = std::lower_bound(by_id.begin(), by_id.end(), id,
                                        [](const ActFact* f, const Hash& h) { return f->id < h; });
    if (found == by_id.end() || (*found)->id != id) return UnknownParent(id);
    if (seen[found - by_id.begin()]) continue;
    seen[found - by_id.begin()] = true;
    past.push_back(**found);
    todo.insert(todo.end(), (*found)->parents.begin(), (*found)->parents.end());
  }
  return past;
}

}  // namespace

int Precedence(Side side, Act::Code act) {
  const auto* found = std::find(std::begin(kPrecedence), std::end(kPrecedence),
                                std::pair<Side, Act::Code>{side, act});
  if (found != std::end(kPrecedence)) return static_cast<int>(found - std::begin(kPrecedence));
  return kUnlisted + 2 * static_cast<int>(act) + (side == Side::kRequesting ? 1 : 0);
}

History Replay(std::vector<ActFact> facts) {
  const Graph graph(std::move(facts));
  History history;
  for (size_t i : graph.Order()) {
    history.acts.push_back(Step(graph.fact(i), history.final));
  }
  for (size_t i = 0; i < graph.size(); ++i) {
    if (graph.IsHead(i)) history.heads.push_back(graph.fact(i).id);
    if (!graph.whole(i)) history.held.push_back(graph.fact(i).id);
  }
  history.missing = graph.missing();
  return history;
}

absl::StatusOr<Standing> StandingAt(const std::vector<ActFact>& facts,
                                    const std::vector<Hash>& parents) {
  PALERMO_ASSIGN_OR_RETURN(auto past, PastOfAct(facts, parents));
  return Replay(std::move(past)).final;
}

absl::Status CheckLegal(const std::vector<ActFact>& facts, const ActFact& new_act,
                        v1::Family::Code family) {
  if (facts.size() >= limits::kMaxActsPerCase) {
    return OverLimit("TOO_MANY", absl::StrFormat("a case takes at most %u acts; open a new one",
                                                 limits::kMaxActsPerCase));
  }
  if (new_act.parents.size() > limits::kMaxParents) {
    return OverLimit("TOO_MANY",
                     absl::StrFormat("an act names at most %u parents", limits::kMaxParents));
  }
  PALERMO_ASSIGN_OR_RETURN(const Standing standing, StandingAt(facts, new_act.parents));
  return Apply(standing, new_act.side, new_act.act, family).status();
}

}  // namespace palermo::casework
