#include "crypto/merkle.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace {

constexpr std::string_view kLeafPrefix("\0", 1);
constexpr std::string_view kNodePrefix("\1", 1);

absl::Status BadProof(std::string_view why) {
  return InputError("BAD_PROOF", absl::StrFormat("the Merkle proof does not hold: %s", why));
}

// The root over subtrees in order, largest first; each is joined to all that is right of it.
Hash Fold(const std::vector<Hash>& hashes) {
  PALERMO_CHECK(!hashes.empty());
  Hash root = hashes.back();
  for (size_t i = hashes.size() - 1; i-- > 0;) root = NodeHash(hashes[i], root);
  return root;
}

// The root over leaves [begin, end). REQUIRES: begin < end; begin is a multiple of the smallest
// power of two that is not below end - begin, as in every subtree of RFC 6962.
absl::StatusOr<Hash> RangeRoot(uint64_t begin, uint64_t end, const NodeGetter& node) {
  std::vector<Hash> hashes;
  while (begin < end) {
    int level = std::bit_width(end - begin) - 1;
    PALERMO_ASSIGN_OR_RETURN(Hash hash, node(level, begin >> level));
    hashes.push_back(hash);
    begin += uint64_t{1} << level;
  }
  return Fold(hashes);
}

// Where RFC 6962 splits [begin, end): the left side is the largest power of two below the size.
uint64_t SplitPoint(uint64_t begin, uint64_t end) {
  return begin + std::bit_floor(end - begin - 1);
}

// The paths of neighbours, all at once.
class Paths {
 public:
  Paths(uint64_t first, uint64_t count, uint64_t size, const NodeGetter& node)
      : first_(first), node_(node), paths_(count) {
    for (auto& path : paths_) path.reserve(static_cast<size_t>(std::bit_width(size)));
  }

  // Of the leaves from `low` up to `high`, as far as they lie in the subtree over [begin, end).
  absl::Status Below(uint64_t begin, uint64_t end, uint64_t low, uint64_t high) {
    low = std::max(low, begin);
    high = std::min(high, end);
    if (low >= high || end - begin == 1) return absl::OkStatus();
    const uint64_t middle = SplitPoint(begin, end);
    PALERMO_RETURN_IF_ERROR(Below(begin, middle, low, high));
    PALERMO_RETURN_IF_ERROR(Below(middle, end, low, high));
    PALERMO_RETURN_IF_ERROR(AddSibling(middle, end, low, std::min(high, middle)));
    return AddSibling(begin, middle, std::max(low, middle), high);
  }
  std::vector<std::vector<Hash>> Take() && { return std::move(paths_); }

 private:
  // The root over [begin, end) goes to the paths of the leaves from `low` up to `high`.
  absl::Status AddSibling(uint64_t begin, uint64_t end, uint64_t low, uint64_t high) {
    if (low >= high) return absl::OkStatus();
    PALERMO_ASSIGN_OR_RETURN(Hash sibling, RangeRoot(begin, end, node_));
    for (uint64_t leaf = low; leaf < high; ++leaf) paths_[leaf - first_].push_back(sibling);
    return absl::OkStatus();
  }

  const uint64_t first_;
  const NodeGetter& node_;
  std::vector<std::vector<Hash>> paths_;
};

}  // namespace

Hash LeafHash(std::string_view entry) { return Sha256({kLeafPrefix, entry}); }

Hash NodeHash(const Hash& left, const Hash& right) {
  return Sha256({kNodePrefix, AsView(left), AsView(right)});
}

Hash EmptyRoot() { return Sha256(""); }

absl::StatusOr<CompactRange> CompactRange::FromState(uint64_t size, std::vector<Hash> hashes) {
  if (static_cast<size_t>(std::popcount(size)) != hashes.size()) {
    return InputError("BAD_RANGE", absl::StrFormat("a tree of %d leaves has %d edge hashes, not %d",
                                                   size, std::popcount(size), hashes.size()));
  }
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

void CompactRange::Append(const Hash& leaf_hash, const NodeVisitor& visit) {
  PALERMO_CHECK(size_ < UINT64_MAX);
  Hash hash = leaf_hash;
  uint64_t index = size_;
  int level = 0;
  if (visit) visit(level, index, hash);
  while (index & 1) {
    hash = NodeHash(hashes_.back(), hash);
    hashes_.pop_back();
    index >>= 1;
    ++level;
    if (visit) visit(level, index, hash);
  }
  hashes_.push_back(hash);
  ++size_;
}

Hash CompactRange::Root() const { return hashes_.empty() ? EmptyRoot() : Fold(hashes_); }

absl::StatusOr<Hash> RootOf(uint64_t size, const NodeGetter& node) {
  if (size == 0) return EmptyRoot();
  return RangeRoot(0, size, node);
}

absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size,
                                                 const NodeGetter& node) {
  if (index >= size) {
    return BadProof(absl::StrFormat("leaf %d is not in a tree of %d leaves", index, size));
  }
  std::vector<Hash> proof;  // from the root downwards until it is reversed
  uint64_t begin = 0;
  uint64_t end = size;
  while (end - begin > 1) {
    uint64_t middle = SplitPoint(begin, end);
    bool left = index < middle;
    PALERMO_ASSIGN_OR_RETURN(Hash sibling,
                             left ? RangeRoot(middle, end, node) : RangeRoot(begin, middle, node));
    proof.push_back(sibling);
    (left ? end : begin) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<std::vector<std::vector<Hash>>> InclusionProofs(uint64_t first, uint64_t count,
                                                               uint64_t size,
                                                               const NodeGetter& node) {
  if (first > size || count > size - first) {
    return BadProof(absl::StrFormat("leaves %d to %d are not all in a tree of %d leaves", first,
                                    first + count, size));
  }
  Paths paths(first, count, size, node);
  PALERMO_RETURN_IF_ERROR(paths.Below(0, size, first, first + count));
  return std::move(paths).Take();
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t size1, uint64_t size2,
                                                   const NodeGetter& node) {
  if (size1 == 0 || size1 > size2) {
    return BadProof(absl::StrFormat("there is none from %d to %d leaves", size1, size2));
  }
  std::vector<Hash> proof;  // from the root downwards until it is reversed
  uint64_t begin = 0;
  uint64_t end = size2;
  while (end != size1) {
    uint64_t middle = SplitPoint(begin, end);
    bool left = size1 <= middle;
    PALERMO_ASSIGN_OR_RETURN(Hash sibling,
                             left ? RangeRoot(middle, end, node) : RangeRoot(begin, middle, node));
    proof.push_back(sibling);
    (left ? end : begin) = middle;
  }
  // With begin == 0 this subtree is the old tree itself, whose root the verifier has.
  if (begin != 0) {
    PALERMO_ASSIGN_OR_RETURN(Hash seed, RangeRoot(begin, end, node));
    proof.push_back(seed);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// RFC 9162 section 2.1.3.2; fn and sn are the leaf's and the last leaf's place at the present
// level.
absl::Status VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf_hash,
                             const std::vector<Hash>& proof, const Hash& root) {
  if (index >= size) return BadProof("the leaf is beyond the tree");
  uint64_t fn = index;
  uint64_t sn = size - 1;
  Hash hash = leaf_hash;
  for (const Hash& sibling : proof) {
    if (sn == 0) return BadProof("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      hash = NodeHash(sibling, hash);
      int skip = std::countr_zero(fn);  // fn is odd, or sn, which is not 0
      fn >>= skip;
      sn >>= skip;
    } else {
      hash = NodeHash(hash, sibling);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return BadProof("it is too short");
  if (hash != root) return BadProof("it leads to another root");
  return absl::OkStatus();
}

// RFC 9162 section 2.1.4.2, with fn and sn as above for the last leaf of the old and the new tree.
absl::Status VerifyConsistency(uint64_t size1, uint64_t size2, const std::vector<Hash>& proof,
                               const Hash& root1, const Hash& root2) {
  if (size1 == 0 || size1 > size2) return BadProof("the sizes are not 0 < old <= new");
  if (size1 == size2) {
    if (!proof.empty()) return BadProof("it is too long");
    if (root1 != root2) return BadProof("two roots for one size");
    return absl::OkStatus();
  }
  bool old_is_subtree = std::has_single_bit(size1);
  if (proof.empty()) return BadProof("it is too short");
  int skip = std::countr_one(size1 - 1);
  uint64_t fn = (size1 - 1) >> skip;
  uint64_t sn = (size2 - 1) >> skip;
  Hash old_hash = old_is_subtree ? root1 : proof.front();
  Hash new_hash = old_hash;
  for (size_t i = old_is_subtree ? 0 : 1; i < proof.size(); ++i) {
    if (sn == 0) return BadProof("it is too long");
    if ((fn & 1) != 0 || fn == sn) {
      old_hash = NodeHash(proof[i], old_hash);
      new_hash = NodeHash(proof[i], new_hash);
      int more = std::countr_zero(fn);  // fn is odd, or sn, which is not 0
      fn >>= more;
      sn >>= more;
    } else {
      new_hash = NodeHash(new_hash, proof[i]);
    }
    fn >>= 1;
    sn >>= 1;
  }
  if (sn != 0) return BadProof("it is too short");
  if (old_hash != root1) return BadProof("it leads to another old root");
  if (new_hash != root2) return BadProof("it leads to another new root");
  return absl::OkStatus();
}

}  // namespace palermo::crypto
