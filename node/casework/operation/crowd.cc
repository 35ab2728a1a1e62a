#include "node/casework/operation/crowd.h"

#include <algorithm>

#include "base/limits.h"

namespace palermo::casework {
namespace {

using ByState = std::map<std::string, std::vector<const SignedRecord*>>;
using ById = std::map<std::string, const SignedRecord*>;

// The lowest numbers first: those say how it came in, if it did.
void KeepFirst(size_t most, std::vector<const SignedRecord*>& records) {
  std::sort(records.begin(), records.end(), [](const SignedRecord* a, const SignedRecord* b) {
    return std::pair(a->record.seq(), a->id) < std::pair(b->record.seq(), b->id);
  });
  if (records.size() > most) records.resize(most);
}

// What records of those that take part name, whoever wrote it, and what that names: without it
// they would be held. A record goes before a place of the same id.
void TakeNamed(std::vector<std::string> named, ById& strange, ById& places,
               std::vector<SignedRecord>& out) {
  while (!named.empty()) {
    const std::string id = std::move(named.back());
    named.pop_back();
    ById& from = strange.count(id) != 0 ? strange : places;
    const auto found = from.find(id);
    if (found == from.end()) continue;
    out.push_back(*found->second);
    for (std::string& next : BuildsOn(found->second->record)) named.push_back(std::move(next));
    strange.erase(id);
    places.erase(id);
  }
}

}  // namespace

std::set<std::string> FoundersOf(const std::vector<SignedRecord>& records,
                                 const std::string& operation) {
  std::set<std::string> states;
  for (const SignedRecord& r : records) {
    if (r.id != operation || r.place_only) continue;
    for (const auto& party : r.record.agreement().parties()) states.insert(party.state());
  }
  return states;
}

Crowd ThinOut(const std::vector<SignedRecord>& records, const std::set<std::string>& part) {
  Crowd crowd;
  ById places, strange;
  std::vector<std::string> named;
  for (const SignedRecord& r : records) {
    if (r.place_only) {
      places.emplace(r.id, &r);
    } else if (part.count(r.signer) == 0) {
      strange.emplace(r.id, &r);
    } else {
      crowd.records.push_back(r);
      for (std::string& id : BuildsOn(r.record)) named.push_back(std::move(id));
    }
  }
  TakeNamed(std::move(named), strange, places, crowd.records);
  for (const SignedRecord& r : crowd.records) ++(r.place_only ? crowd.places : crowd.of_part);
  ByState strangers;
  for (const auto& [id, r] : strange) strangers[r->signer].push_back(r);
  const size_t share = limits::kMaxStrangersRecords / std::max<size_t>(1, strangers.size());
  for (auto& [state, theirs] : strangers) {
    const size_t all = theirs.size();
    KeepFirst(std::clamp<size_t>(share, 1, limits::kMaxStrangerRecords), theirs);
    if (theirs.size() < all) crowd.left_out[state] = all - theirs.size();
    for (const SignedRecord* r : theirs) crowd.records.push_back(*r);
  }
  return crowd;
}

}  // namespace palermo::casework
