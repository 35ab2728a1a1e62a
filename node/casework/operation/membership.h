// Who was a member of a joint operation at a place in its history, by the signed records alone.
// docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_MEMBERSHIP_H_
#define PALERMO_NODE_CASEWORK_OPERATION_MEMBERSHIP_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/operation/replay.h"

namespace palermo::casework {

// Who reads a record that is written on these parents: the members after everything that they build
// on. Nobody while a part of that is not here: deny by default.
absl::StatusOr<std::set<std::string>> ReadersOf(const std::vector<SignedRecord>& records,
                                                const std::string& operation,
                                                const std::vector<std::string>& parents,
                                                absl::Time now);

// The same for many records of one book. Where nobody shows two histories, only the records that
// say who takes part matter, so that the cost of each does not grow with their number; where
// somebody does, each set of parents is looked at once. REQUIRES:
// the records outlive it. Not thread-safe.
class ReadersIndex {
 public:
  ReadersIndex(const std::vector<SignedRecord>& records, const OperationState& state,
               std::string operation, absl::Time now);
  // Who reads this record: ReadersOf its parents.
  absl::StatusOr<std::set<std::string>> Of(const SignedRecord& record);
  // So many histories were replayed for it: the same question is not answered twice.
  size_t replays() const { return replays_; }

 private:
  absl::StatusOr<std::set<std::string>> OfForked(std::vector<std::string> parents);
  // By number of a record that says who takes part; the last: something before it is not here.
  using Bits = std::vector<bool>;
  const Bits& PastOf(const std::string& id);
  static void Join(const Bits& past, Bits& bits);

  const std::vector<SignedRecord>& records_;
  const std::string operation_;
  const absl::Time now_;
  const bool forked_;
  std::map<std::string, const SignedRecord*> by_id_;
  std::map<std::string, size_t> numbers_;
  std::map<std::string, Bits> pasts_;  // of each record, itself included
  std::map<Bits, std::set<std::string>> readers_;
  std::map<std::vector<std::string>, std::set<std::string>> forked_readers_;  // by parents, sorted
  size_t replays_ = 0;
};

// How much of a record is here: a place alone, without content, whole. More is better.
int WorthOf(const SignedRecord& r);
// The newest records that say who takes part, sorted: naming them says which membership is meant.
std::vector<std::string> MembershipHeads(const std::vector<SignedRecord>& records,
                                         const OperationState& state);
// Who was a member after these records and everything that they build on. Nobody when one of those
// is not here: deny by default.
absl::StatusOr<std::set<std::string>> MembersAfter(const std::vector<SignedRecord>& records,
                                                   const std::string& operation,
                                                   const std::vector<std::string>& seen,
                                                   absl::Time now);
// Of several copies of each record the one that says most; places only where a record names them.
std::vector<SignedRecord> BestCopies(std::vector<SignedRecord> records);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_MEMBERSHIP_H_
