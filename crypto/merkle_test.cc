#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace {

// RFC 6962 section 2.1 word for word: recursive, over all leaves, slow.
class ReferenceTree {
 public:
  explicit ReferenceTree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) leaves_.push_back(LeafHash(BigEndian64(i)));
  }
  const Hash& leaf(uint64_t i) const { return leaves_[i]; }

  Hash Root(uint64_t begin, uint64_t end) const {
    if (begin == end) return Sha256("");
    if (end - begin == 1) return leaves_[begin];
    uint64_t k = Split(end - begin);
    return NodeHash(Root(begin, begin + k), Root(begin + k, end));
  }
  std::vector<Hash> Path(uint64_t m, uint64_t begin, uint64_t end) const {
    if (end - begin == 1) return {};
    uint64_t k = Split(end - begin);
    std::vector<Hash> path = m < k ? Path(m, begin, begin + k) : Path(m - k, begin + k, end);
    path.push_back(m < k ? Root(begin + k, end) : Root(begin, begin + k));
    return path;
  }
  std::vector<Hash> SubProof(uint64_t m, uint64_t begin, uint64_t end, bool whole) const {
    uint64_t n = end - begin;
    if (m == n) return whole ? std::vector<Hash>{} : std::vector<Hash>{Root(begin, end)};
    uint64_t k = Split(n);
    std::vector<Hash> proof =
        m <= k ? SubProof(m, begin, begin + k, whole) : SubProof(m - k, begin + k, end, false);
    proof.push_back(m <= k ? Root(begin + k, end) : Root(begin, begin + k));
    return proof;
  }

  // Complete subtrees only, and only those that a log of `size` leaves has.
  NodeGetter Nodes(uint64_t size) const {
    return [this, size](int level, uint64_t index) -> absl::StatusOr<Hash> {
      uint64_t begin = index << level;
      uint64_t end = (index + 1) << level;
      if (end > size) return Missing("NO_NODE", "not complete yet");
      return Root(begin, end);
    };
  }

 private:
  static uint64_t Split(uint64_t n) {
    uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }
  std::vector<Hash> leaves_;
};

constexpr uint64_t kMax = 70;
const ReferenceTree& Tree() {
  static const ReferenceTree* const tree = new ReferenceTree(kMax);
  return *tree;
}

TEST(Merkle, LeavesAndNodesAreApart) {
  EXPECT_EQ(HexEncode(AsView(EmptyRoot())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(HexEncode(AsView(LeafHash(""))),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  Hash a = LeafHash("a");
  Hash b = LeafHash("b");
  EXPECT_NE(NodeHash(a, b), LeafHash(Cat({AsView(a), AsView(b)})));
  EXPECT_NE(NodeHash(a, b), NodeHash(b, a));
}

TEST(Merkle, CompactRangeAndNodeRootsEqualTheReference) {
  CompactRange range;
  for (uint64_t size = 0; size <= kMax; ++size) {
    EXPECT_EQ(range.size(), size);
    EXPECT_EQ(range.Root(), Tree().Root(0, size)) << size;
    EXPECT_EQ(*RootOf(size, Tree().Nodes(size)), range.Root()) << size;
    absl::StatusOr<CompactRange> again = CompactRange::FromState(size, range.hashes());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->Root(), range.Root());
    if (size < kMax) range.Append(Tree().leaf(size));
  }
}

TEST(Merkle, AppendShowsEveryCompleteSubtreeOnce) {
  std::map<std::pair<int, uint64_t>, Hash> seen;
  CompactRange range;
  for (uint64_t i = 0; i < kMax; ++i) {
    range.Append(Tree().leaf(i), [&seen](int level, uint64_t index, const Hash& hash) {
      EXPECT_TRUE(seen.emplace(std::make_pair(level, index), hash).second);
    });
  }
  size_t expected = 0;
  for (int level = 0; (kMax >> level) > 0; ++level) expected += kMax >> level;
  EXPECT_EQ(seen.size(), expected);
  for (const auto& [place, hash] : seen) {
    EXPECT_EQ(hash, *Tree().Nodes(kMax)(place.first, place.second));
  }
}

TEST(Merkle, StatesOfAnotherSizeAreRefused) {
  EXPECT_EQ(CodeOf(CompactRange::FromState(3, {Hash{}}).status()), "BAD_RANGE");
  EXPECT_EQ(CodeOf(CompactRange::FromState(0, {Hash{}}).status()), "BAD_RANGE");
}

TEST(Merkle, EveryInclusionProofEqualsTheReferenceAndVerifies) {
  for (uint64_t size = 1; size <= kMax; ++size) {
    Hash root = Tree().Root(0, size);
    for (uint64_t index = 0; index < size; ++index) {
      absl::StatusOr<std::vector<Hash>> proof = InclusionProof(index, size, Tree().Nodes(size));
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, Tree().Path(index, 0, size)) << index << " of " << size;
      ASSERT_TRUE(VerifyInclusion(index, size, Tree().leaf(index), *proof, root).ok());
    }
  }
}

TEST(Merkle, EveryConsistencyProofEqualsTheReferenceAndVerifies) {
  for (uint64_t size2 = 1; size2 <= kMax; ++size2) {
    for (uint64_t size1 = 1; size1 <= size2; ++size1) {
      absl::StatusOr<std::vector<Hash>> proof = ConsistencyProof(size1, size2, Tree().Nodes(size2));
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, Tree().SubProof(size1, 0, size2, true)) << size1 << " to " << size2;
      ASSERT_TRUE(
          VerifyConsistency(size1, size2, *proof, Tree().Root(0, size1), Tree().Root(0, size2))
              .ok());
    }
  }
}

// All ways of damaging a proof that a proof of this shape has.
std::vector<std::vector<Hash>> Damaged(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> all;
  for (size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i][i % 32] ^= 1;
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<std::ptrdiff_t>(i));
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<std::ptrdiff_t>(i), Hash{});
  }
  all.push_back(proof);
  all.back().push_back(Hash{});
  return all;
}

TEST(Merkle, ProofsOfNeighboursAreThoseOfEachOne) {
  for (uint64_t size = 0; size <= 40; ++size) {
    for (uint64_t first = 0; first <= size; ++first) {
      for (uint64_t count = 0; count <= size - first; ++count) {
        auto proofs = InclusionProofs(first, count, size, Tree().Nodes(size));
        ASSERT_TRUE(proofs.ok()) << proofs.status();
        ASSERT_EQ(proofs->size(), count);
        for (uint64_t i = 0; i < count; ++i) {
          ASSERT_EQ((*proofs)[i], *InclusionProof(first + i, size, Tree().Nodes(size)))
              << first + i << " of " << size;
        }
      }
    }
  }
}

// What a tile gives is looked up for the batch, not for each of its entries.
TEST(Merkle, ProofsOfNeighboursAskForWhatTheyShareOnce) {
  std::map<std::pair<int, uint64_t>, int> asked;
  NodeGetter nodes = Tree().Nodes(57);
  NodeGetter counting = [&](int level, uint64_t index) {
    ++asked[{level, index}];
    return nodes(level, index);
  };
  ASSERT_TRUE(InclusionProofs(3, 50, 57, counting).ok());
  size_t in_all = 0;
  for (const auto& [node, times] : asked) in_all += static_cast<size_t>(times);
  EXPECT_LT(in_all, 3U * 57);  // one by one it is more than five for each leaf
}

TEST(Merkle, ProofsOfNeighboursPassOnWhatIsMissing) {
  EXPECT_EQ(CodeOf(InclusionProofs(3, 3, 5, Tree().Nodes(5)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(InclusionProofs(6, 0, 5, Tree().Nodes(5)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(InclusionProofs(0, 4, 9, Tree().Nodes(4)).status()), "NO_NODE");
}

TEST(Merkle, RefusesDamagedInclusionProofs) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    uint64_t size = 1 + random() % kMax;
    uint64_t index = random() % size;
    Hash root = Tree().Root(0, size);
    std::vector<Hash> proof = Tree().Path(index, 0, size);
    for (const std::vector<Hash>& bad : Damaged(proof)) {
      EXPECT_EQ(CodeOf(VerifyInclusion(index, size, Tree().leaf(index), bad, root)), "BAD_PROOF");
    }
    EXPECT_FALSE(VerifyInclusion(index, size, Tree().leaf(index), proof, Hash{}).ok());
    EXPECT_FALSE(VerifyInclusion(index, size, Hash{}, proof, root).ok());
    EXPECT_FALSE(VerifyInclusion(size, size, Tree().leaf(index), proof, root).ok());
    for (uint64_t other = 0; other < size; ++other) {
      bool ok = VerifyInclusion(other, size, Tree().leaf(index), proof, root).ok();
      EXPECT_EQ(ok, other == index) << "the proof of " << index << " used for " << other;
    }
  }
}

TEST(Merkle, RefusesDamagedConsistencyProofs) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 300; ++round) {
    uint64_t size2 = 1 + random() % kMax;
    uint64_t size1 = 1 + random() % size2;
    Hash root1 = Tree().Root(0, size1);
    Hash root2 = Tree().Root(0, size2);
    std::vector<Hash> proof = Tree().SubProof(size1, 0, size2, true);
    for (const std::vector<Hash>& bad : Damaged(proof)) {
      EXPECT_EQ(CodeOf(VerifyConsistency(size1, size2, bad, root1, root2)), "BAD_PROOF");
    }
    EXPECT_FALSE(VerifyConsistency(size1, size2, proof, Hash{}, root2).ok());
    EXPECT_FALSE(VerifyConsistency(size1, size2, proof, root1, Hash{}).ok());
    if (size1 == size2) continue;
    EXPECT_FALSE(VerifyConsistency(size2, size1, proof, root2, root1).ok());
  }
}

TEST(Merkle, RefusesSizesThatCannotBe) {
  EXPECT_EQ(CodeOf(InclusionProof(0, 0, Tree().Nodes(0)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(InclusionProof(5, 5, Tree().Nodes(5)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(ConsistencyProof(0, 5, Tree().Nodes(5)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(ConsistencyProof(6, 5, Tree().Nodes(5)).status()), "BAD_PROOF");
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 0, {}, EmptyRoot(), EmptyRoot())), "BAD_PROOF");
  EXPECT_EQ(CodeOf(VerifyConsistency(0, 5, {}, EmptyRoot(), Hash{})), "BAD_PROOF");
}

TEST(Merkle, LargeIndicesEndWithoutOverflow) {
  std::vector<Hash> proof(64);
  EXPECT_FALSE(VerifyInclusion(UINT64_MAX - 1, UINT64_MAX, Hash{}, proof, Hash{}).ok());
  EXPECT_FALSE(VerifyInclusion(UINT64_MAX, UINT64_MAX, Hash{}, proof, Hash{}).ok());
  EXPECT_FALSE(VerifyConsistency(UINT64_MAX - 1, UINT64_MAX, proof, Hash{}, Hash{}).ok());
  // A log where all leaves are the same has one node for each level: proofs at 2^64 - 1 are cheap.
  NodeGetter same = [](int level, uint64_t) -> absl::StatusOr<Hash> {
    Hash hash = LeafHash("same");
    for (int i = 0; i < level; ++i) hash = NodeHash(hash, hash);
    return hash;
  };
  Hash root = *RootOf(UINT64_MAX, same);
  for (uint64_t index : {uint64_t{0}, uint64_t{1} << 63, UINT64_MAX - 1}) {
    std::vector<Hash> path = *InclusionProof(index, UINT64_MAX, same);
    EXPECT_TRUE(VerifyInclusion(index, UINT64_MAX, LeafHash("same"), path, root).ok());
  }
  std::vector<Hash> old = *ConsistencyProof((uint64_t{1} << 63) + 3, UINT64_MAX, same);
  EXPECT_TRUE(VerifyConsistency((uint64_t{1} << 63) + 3, UINT64_MAX, old,
                                *RootOf((uint64_t{1} << 63) + 3, same), root)
                  .ok());
}

TEST(Merkle, PassesOnTheGettersError) {
  EXPECT_EQ(CodeOf(InclusionProof(0, 9, Tree().Nodes(4)).status()), "NO_NODE");
  EXPECT_EQ(CodeOf(RootOf(9, Tree().Nodes(4)).status()), "NO_NODE");
}

// A store that loses any one node: the proof fails instead of being wrong.
TEST(Merkle, AProofNeedsEveryNodeItReads) {
  for (uint64_t size = 2; size <= 9; ++size) {
    for (uint64_t old = 1; old <= size; ++old) {
      int reads = 0, fail_at = -1;
      NodeGetter node = [&](int, uint64_t) -> absl::StatusOr<Hash> {
        if (reads++ == fail_at) return absl::NotFoundError("lost");
        return Hash{};
      };
      ASSERT_TRUE(ConsistencyProof(old, size, node).ok());
      const int needed = reads;
      for (fail_at = 0; fail_at < needed; ++fail_at) {
        reads = 0;
        EXPECT_FALSE(ConsistencyProof(old, size, node).ok()) << old << " to " << size;
      }
      reads = 0, fail_at = -1;
      ASSERT_TRUE(InclusionProof(old - 1, size, node).ok());
      const int needed_inclusion = reads;
      for (fail_at = 0; fail_at < needed_inclusion; ++fail_at) {
        reads = 0;
        EXPECT_FALSE(InclusionProof(old - 1, size, node).ok()) << old - 1 << " of " << size;
      }
    }
  }
}

}  // namespace
}  // namespace palermo::crypto
