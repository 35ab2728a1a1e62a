#include "node/casework/operation/membership.h"

#include <algorithm>
#include <map>
#include <utility>

namespace palermo::casework {
namespace {

using Id = std::string;

// The records that these build on, themselves and the agreement included. `complete`: all are here.
std::vector<SignedRecord> PastOf(const std::vector<SignedRecord>& records, const Id& operation,
                                 std::vector<Id> todo, bool& complete) {
  std::map<Id, const SignedRecord*> by_id;
  for (const SignedRecord& r : records) by_id.emplace(r.id, &r);
  std::set<Id> seen;
  std::vector<SignedRecord> past;
  complete = true;
  todo.push_back(operation);
  while (!todo.empty()) {
    const Id id = todo.back();
    todo.pop_back();
    const auto found = by_id.find(id);
    complete = complete && found != by_id.end();
    if (found == by_id.end() || !seen.insert(id).second) continue;
    for (Id& parent : BuildsOn(found->second->record)) todo.push_back(std::move(parent));
    past.push_back(*found->second);
  }
  return past;
}

}  // namespace

absl::StatusOr<std::set<std::string>> ReadersOf(const std::vector<SignedRecord>& records,
                                                const std::string& operation,
                                                const std::vector<std::string>& parents,
                                                absl::Time now) {
  bool complete = true;
  const auto past = PastOf(records, operation, parents, complete);
  if (!complete) return std::set<std::string>();
  auto state = ReplayOperation(past, operation, now);
  if (!state.ok()) return state.status();
  return state->members.empty() ? state->invited : state->members;
}

ReadersIndex::ReadersIndex(const std::vector<SignedRecord>& records, const OperationState& state,
                           std::string operation, absl::Time now)
    : records_(records),
      operation_(std::move(operation)),
      now_(now),
      forked_(!state.forks.empty()) {
  for (const SignedRecord& r : records_) {
    by_id_.emplace(r.id, &r);
    if (IsMembershipKind(KindOf(r.record))) numbers_.emplace(r.id, numbers_.size());
  }
}

void ReadersIndex::Join(const Bits& past, Bits& bits) {
  for (size_t i = 0; i < past.size(); ++i) {
    if (past[i]) bits[i] = true;
  }
}

// Without recursion: a history can be long.
const ReadersIndex::Bits& ReadersIndex::PastOf(const std::string& id) {
  std::vector<std::pair<Id, bool>> todo = {{id, false}};
  while (!todo.empty()) {
    const auto [at, parents_done] = todo.back();
    todo.pop_back();
    const auto found = by_id_.find(at);
    if (found == by_id_.end() || (!parents_done && pasts_.count(at) != 0)) continue;
    std::vector<Id> parents = BuildsOn(found->second->record);
    Bits& bits = pasts_.try_emplace(at, Bits(numbers_.size() + 1)).first->second;
    if (!parents_done) {
      todo.emplace_back(at, true);
      for (Id& parent : parents) todo.emplace_back(std::move(parent), false);
      continue;
    }
    for (const Id& parent : parents) {
      const auto past = pasts_.find(parent);
      if (past != pasts_.end()) Join(past->second, bits);
      if (past == pasts_.end()) bits.back() = true;
    }
    const auto number = numbers_.find(at);
    if (number != numbers_.end()) bits[number->second] = true;
  }
  static const auto& none = *new Bits;
  const auto past = pasts_.find(id);
  return past == pasts_.end() ? none : past->second;
}

absl::StatusOr<std::set<std::string>> ReadersIndex::Of(const SignedRecord& record) {
  if (NamesTooMuch(record.record)) return std::set<std::string>();
  const std::vector<Id> parents = BuildsOn(record.record);
  if (forked_) return OfForked(parents);
  Bits key(numbers_.size() + 1);
  for (const Id& parent : parents) {
    Join(PastOf(parent), key);
    if (by_id_.count(parent) == 0) key.back() = true;
  }
  if (key.back()) return std::set<std::string>();
  const auto known = readers_.find(key);
  if (known != readers_.end()) return known->second;
  ++replays_;
  auto readers = ReadersOf(records_, operation_, parents, now_);
  if (readers.ok()) readers_.emplace(std::move(key), *readers);
  return readers;
}

// Which branch stands may depend on every record before.
absl::StatusOr<std::set<std::string>> ReadersIndex::OfForked(std::vector<Id> parents) {
  std::sort(parents.begin(), parents.end());
  const auto known = forked_readers_.find(parents);
  if (known != forked_readers_.end()) return known->second;
  ++replays_;
  auto readers = ReadersOf(records_, operation_, parents, now_);
  if (readers.ok()) forked_readers_.emplace(std::move(parents), *readers);
  return readers;
}

std::vector<std::string> MembershipHeads(const std::vector<SignedRecord>& records,
                                         const OperationState& state) {
  std::map<Id, const SignedRecord*> by_id;
  for (const SignedRecord& r : records) by_id.emplace(r.id, &r);
  std::set<Id> covered, heads;
  for (auto judged = state.records.rbegin(); judged != state.records.rend(); ++judged) {
    const auto found = by_id.find(judged->id);
    if (found == by_id.end()) continue;
    const v1::OperationRecord& record = found->second->record;
    const bool head = judged->effective && IsMembershipKind(KindOf(record));
    if (covered.count(judged->id) == 0 && !head) continue;
    if (covered.count(judged->id) == 0) heads.insert(judged->id);
    for (Id& parent : BuildsOn(record)) covered.insert(std::move(parent));
  }
  return {heads.begin(), heads.end()};
}

absl::StatusOr<std::set<std::string>> MembersAfter(const std::vector<SignedRecord>& records,
                                                   const std::string& operation,
                                                   const std::vector<std::string>& seen,
                                                   absl::Time now) {
  bool complete = true;
  const auto past = PastOf(records, operation, seen, complete);
  if (!complete || seen.empty()) return std::set<std::string>();
  auto state = ReplayOperation(past, operation, now);
  if (!state.ok()) return state.status();
  return std::move(state->members);
}

int WorthOf(const SignedRecord& r) {
  if (r.place_only) return 0;
  return IsWithheld(r.record) ? 1 : 2;
}

std::vector<SignedRecord> BestCopies(std::vector<SignedRecord> records) {
  std::map<Id, SignedRecord> best;
  std::map<Id, SignedRecord> places;
  for (SignedRecord& r : records) {
    auto& kept = r.place_only ? places : best;
    const auto [found, fresh] = kept.try_emplace(r.id, r);
    if (!fresh && WorthOf(r) > WorthOf(found->second)) found->second = std::move(r);
  }
  std::vector<SignedRecord> out;
  std::vector<Id> named;
  const auto name = [&](const SignedRecord& r) {
    for (Id& parent : BuildsOn(r.record)) named.push_back(std::move(parent));
  };
  for (auto& [id, r] : best) name(r), out.push_back(std::move(r));
  while (!named.empty()) {
    const auto found = places.find(named.back());
    named.pop_back();
    if (found == places.end()) continue;
    if (best.count(found->first) == 0) name(found->second), out.push_back(found->second);
    places.erase(found);
  }
  std::sort(out.begin(), out.end(),
            [](const SignedRecord& a, const SignedRecord& b) { return a.id < b.id; });
  return out;
}

}  // namespace palermo::casework
