#include "node/casework/operation/crowd.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/limits.h"

namespace palermo::casework {
namespace {

using Record = const SignedRecord*;
using ByState = std::map<std::string, std::vector<Record>>;
using Ids = std::vector<std::string>;

// Each abort without a number is followed on its own, as far as anybody needs aborts.
constexpr size_t kMostFollowedAborts = 16;

// The lowest numbers first: those say how it came in, if it did.
void KeepFirst(size_t most, std::vector<Record>& records) {
  std::sort(records.begin(), records.end(), [](Record a, Record b) {
    return std::tuple(a->record.seq(), a->signer, a->id) <
           std::tuple(b->record.seq(), b->signer, b->id);
  });
  if (records.size() > most) records.resize(most);
}

// So many of each, so that all together have `room`: who needs less than an equal part has it, and
// leaves the rest to the others.
size_t ShareOf(const ByState& states, size_t room) {
  std::vector<size_t> sizes;
  for (const auto& [state, records] : states) sizes.push_back(records.size());
  std::sort(sizes.begin(), sizes.end());
  for (size_t i = 0; i < sizes.size(); ++i) {
    const size_t share = room / (sizes.size() - i);
    if (sizes[i] > share) return share;
    room -= sizes[i];
  }
  return room + (sizes.empty() ? 0 : sizes.back());
}

class Thinner {
 public:
  Thinner(const std::vector<SignedRecord>& records, const std::set<std::string>& part) {
    for (const bool place : {false, true}) {
      for (const SignedRecord& r : records) {
        if (r.place_only == place && here_.emplace(r.id, &r).second && !place) {
          (part.count(r.signer) != 0 ? of_part_ : strangers_)[r.signer].push_back(&r);
        }
      }
    }
  }

  Crowd Run() {
    KeepOfPart();
    KeepNamed();
    KeepOfStrangers();
    for (const auto& [id, r] : kept_) crowd_.records.push_back(*r);
    NoteLeftOut();
    for (const auto& [state, records] : ChainsOfKept()) LinkThrough(records);
    return std::move(crowd_);
  }

 private:
  void Keep(Record r) { kept_.emplace(r->id, r); }
  bool IsKept(const std::string& id) const { return kept_.count(id) != 0; }
  Record Find(const std::string& id) const {
    const auto found = here_.find(id);
    return found == here_.end() ? nullptr : found->second;
  }

  void KeepOfPart() {
    const size_t share = ShareOf(of_part_, limits::kMaxOperationRecords);
    std::vector<Record> within;
    for (const auto& [state, records] : of_part_) {
      if (records.size() > share) continue;
      for (Record r : records) within.push_back(r), Keep(r);
    }
    const std::set<std::string> named = Named(within, [](Record) { return true; });
    // What others built on first: its author may write any number of other kinds later. Then what
    // stops, and who takes part: that stays possible for who has used its share.
    const auto rank = [&](Record r) {
      if (named.count(r->id) != 0) return 0;
      return TakesNoNumber(r->record) || IsMembershipKind(KindOf(r->record)) ? 1 : 2;
    };
    for (auto& [state, records] : of_part_) {
      if (records.size() <= share) continue;
      std::sort(records.begin(), records.end(), [&](Record a, Record b) {
        return std::tuple(rank(a), a->record.seq(), a->id) <
               std::tuple(rank(b), b->record.seq(), b->id);
      });
      for (size_t i = 0; i < share; ++i) Keep(records[i]);
      crowd_.left_out[state] = records.size() - share;
    }
  }

  // What records of those that take part name, whoever wrote it, and what that names.
  void KeepNamed() {
    std::vector<Record> from, strange, places;
    for (const auto& [id, r] : kept_) from.push_back(r);
    const size_t of_part = from.size();
    const auto follow = [&](Record r) {
      return IsKept(r->id) || r->place_only || strangers_.count(r->signer) != 0;
    };
    for (const std::string& id : Named(from, follow)) {
      if (!IsKept(id)) (Find(id)->place_only ? places : strange).push_back(Find(id));
    }
    KeepFirst(std::max(limits::kMaxOperationRecords - of_part, limits::kMaxStrangersRecords),
              strange);
    KeepFirst(limits::kMaxOperationRecords, places);
    for (const auto* named : {&strange, &places}) {
      for (Record r : *named) Keep(r);
    }
  }

  void KeepOfStrangers() {
    for (auto& [state, records] : strangers_) {
      std::erase_if(records, [&](Record r) { return IsKept(r->id); });
    }
    std::erase_if(strangers_, [](const auto& one) { return one.second.empty(); });
    const size_t share = limits::kMaxStrangersRecords / std::max<size_t>(1, strangers_.size());
    for (auto& [state, records] : strangers_) {
      const size_t all = records.size();
      KeepFirst(std::clamp<size_t>(share, 1, limits::kMaxStrangerRecords), records);
      if (records.size() < all) crowd_.left_out[state] = all - records.size();
      for (Record r : records) Keep(r);
    }
  }

  // Ids of what these build on and is here, and on from what `follow` takes.
  template <typename Follow>
  std::set<std::string> Named(const std::vector<Record>& from, const Follow& follow) const {
    std::set<std::string> named;
    Ids todo;
    for (Record r : from) {
      for (std::string& id : BuildsOn(r->record)) todo.push_back(std::move(id));
    }
    while (!todo.empty()) {
      const std::string id = std::move(todo.back());
      todo.pop_back();
      const Record r = Find(id);
      if (r == nullptr || !follow(r) || !named.insert(id).second) continue;
      for (std::string& next : BuildsOn(r->record)) todo.push_back(std::move(next));
    }
    return named;
  }

  void NoteLeftOut() {
    std::map<std::pair<std::string, uint64_t>, size_t> numbers;
    std::set<std::string> forked;
    for (const auto& [id, r] : here_) {
      const bool counts = !r->place_only && !TakesNoNumber(r->record);
      if (counts && ++numbers[{r->signer, r->record.seq()}] > 1) forked.insert(r->signer);
    }
    for (const auto& [id, r] : here_) {
      if (IsKept(id)) continue;
      const bool own = !r->place_only && r->record.state() == r->signer;
      crowd_.left.places[id] = {r->signer, r->record.seq(), own && forked.count(r->signer) == 0};
    }
  }

  // By state, as each would have written them; places on their own.
  std::map<std::pair<std::string, bool>, std::vector<Record>> ChainsOfKept() const {
    std::map<std::pair<std::string, bool>, std::vector<Record>> chains;
    for (const auto& [id, r] : kept_) chains[{r->signer, r->place_only}].push_back(r);
    for (auto& [state, records] : chains) {
      std::sort(records.begin(), records.end(), [](Record a, Record b) {
        return std::tuple(TakesNoNumber(a->record), a->record.seq(), a->id) <
               std::tuple(TakesNoNumber(b->record), b->record.seq(), b->id);
      });
    }
    return chains;
  }

  // A record comes after the earlier ones of its state, so that what those came after needs no
  // second look: the cost does not grow with the square. An abort has no earlier ones.
  void LinkThrough(const std::vector<Record>& chain) {
    std::set<std::string> seen;
    size_t aborts = 0;
    for (Record r : chain) {
      if (!TakesNoNumber(r->record)) {
        Follow(r, seen);
      } else if (++aborts <= kMostFollowedAborts) {
        std::set<std::string> fresh;
        Follow(r, fresh);
      }
    }
  }
  void Follow(Record from, std::set<std::string>& seen) {
    Ids todo = BuildsOn(from->record), out;
    std::erase_if(todo, [&](const std::string& id) { return IsKept(id); });
    while (!todo.empty()) {
      const std::string id = std::move(todo.back());
      todo.pop_back();
      if (IsKept(id)) out.push_back(id);
      const Record r = Find(id);
      if (IsKept(id) || r == nullptr || !seen.insert(id).second) continue;
      for (std::string& next : BuildsOn(r->record)) todo.push_back(std::move(next));
    }
    if (!out.empty()) crowd_.left.through[from->id] = std::move(out);
  }

  std::map<std::string, Record> here_, kept_;  // by id; a record goes before a place
  ByState of_part_, strangers_;
  Crowd crowd_;
};

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
  return Thinner(records, part).Run();
}

}  // namespace palermo::casework
