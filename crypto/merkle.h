// The Merkle tree of RFC 6962 section 2.1 over SHA-256: hashing, the right edge of a growing tree,
// proofs and their verification. Pure: nodes come in through a function.
//
// An inclusion proof shows that a leaf is in the tree with this root; a consistency proof that one
// tree is a prefix of another. Neither shows that everybody sees the same tree: witnesses do that.
#ifndef PALERMO_CRYPTO_MERKLE_H_
#define PALERMO_CRYPTO_MERKLE_H_

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/bytes.h"

namespace palermo::crypto {

Hash LeafHash(std::string_view entry);               // SHA-256(0x00 || entry)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash EmptyRoot();                                    // SHA-256("")

// The hash of the complete subtree of 2^level leaves that begins at leaf index * 2^level; level 0
// is the leaf hashes.
using NodeGetter = std::function<absl::StatusOr<Hash>(int level, uint64_t index)>;
using NodeVisitor = std::function<void(int level, uint64_t index, const Hash& hash)>;

// The roots of the complete subtrees that cover [0, size), largest first: all that is needed to
// append. At most 64 hashes. A value: copy to try out a batch.
class CompactRange {
 public:
  CompactRange() = default;
  // Fails with BAD_RANGE unless there is one hash for each bit set in `size`.
  static absl::StatusOr<CompactRange> FromState(uint64_t size, std::vector<Hash> hashes);

  // `visit`, if given, sees the leaf and then every subtree that it completes, lowest level first.
  void Append(const Hash& leaf_hash, const NodeVisitor& visit = nullptr);
  uint64_t size() const { return size_; }
  const std::vector<Hash>& hashes() const { return hashes_; }
  // The tree's root; EmptyRoot() for size 0.
  Hash Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> hashes_;
};

// The root of the first `size` leaves. Passes on the getter's errors.
absl::StatusOr<Hash> RootOf(uint64_t size, const NodeGetter& node);

// The audit path of leaf `index` in the tree of `size` leaves, from the leaf's sibling upwards.
// Asks for complete subtrees below `size` only. Fails with BAD_PROOF unless index < size.
absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size,
                                                 const NodeGetter& node);
// The audit paths of `count` leaves that lie side by side, from leaf `first` on. Asks for what they
// have in common once. Fails with BAD_PROOF unless first + count <= size.
absl::StatusOr<std::vector<std::vector<Hash>>> InclusionProofs(uint64_t first, uint64_t count,
                                                               uint64_t size,
                                                               const NodeGetter& node);
// Fails with BAD_PROOF unless 0 < size1 <= size2. Empty when the sizes are equal.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t size1, uint64_t size2,
                                                   const NodeGetter& node);

// Both fail with BAD_PROOF. VerifyConsistency refuses size1 == 0: an empty tree proves nothing.
absl::Status VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf_hash,
                             const std::vector<Hash>& proof, const Hash& root);
absl::Status VerifyConsistency(uint64_t size1, uint64_t size2, const std::vector<Hash>& proof,
                               const Hash& root1, const Hash& root2);

}  // namespace palermo::crypto

#endif  // PALERMO_CRYPTO_MERKLE_H_
