#include "storage/ledger_tree.h"

#include <gtest/gtest.h>

#include <random>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "storage/memory_store.h"

namespace palermo::storage {
namespace {

constexpr char kTreePrefix[] = "ledger/";

Hash LeafOf(uint64_t number) {
  Hash entry{};
  const std::string bytes = BigEndian64(number);
  std::copy(bytes.begin(), bytes.end(), entry.begin() + 5);
  return entry;
}

std::vector<Hash> EntriesFrom(uint64_t first, uint64_t count) {
  std::vector<Hash> entries;
  for (uint64_t i = 0; i < count; ++i) entries.push_back(LeafOf(first + i));
  return entries;
}

// RFC 6962 section 2.1 word for word, slow and plain; shares no code with what it checks but the
// two hash functions.
class NaiveTree {
 public:
  void Append(const Hash& entry) { leaves_.push_back(crypto::LeafHash(AsView(entry))); }
  Hash Root(uint64_t size) const { return Mth(0, size); }
  std::vector<Hash> Path(uint64_t index, uint64_t size) const { return Path(index, 0, size); }
  std::vector<Hash> Proof(uint64_t m, uint64_t n) const { return SubProof(m, 0, n, true); }

 private:
  static uint64_t Split(uint64_t n) {
    uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }
  Hash Mth(uint64_t from, uint64_t to) const {
    if (from == to) return crypto::EmptyRoot();
    if (to - from == 1) return leaves_[from];
    const uint64_t k = Split(to - from);
    return crypto::NodeHash(Mth(from, from + k), Mth(from + k, to));
  }
  std::vector<Hash> Path(uint64_t m, uint64_t from, uint64_t to) const {
    if (to - from == 1) return {};
    const uint64_t k = Split(to - from);
    const bool left = m < k;
    std::vector<Hash> path = left ? Path(m, from, from + k) : Path(m - k, from + k, to);
    path.push_back(left ? Mth(from + k, to) : Mth(from, from + k));
    return path;
  }
  std::vector<Hash> SubProof(uint64_t m, uint64_t from, uint64_t to, bool complete) const {
    if (m == to - from) return complete ? std::vector<Hash>{} : std::vector<Hash>{Mth(from, to)};
    const uint64_t k = Split(to - from);
    const bool left = m <= k;
    std::vector<Hash> proof =
        left ? SubProof(m, from, from + k, complete) : SubProof(m - k, from + k, to, false);
    proof.push_back(left ? Mth(from + k, to) : Mth(from, from + k));
    return proof;
  }

  std::vector<Hash> leaves_;
};

class LedgerTreeTest : public testing::Test {
 protected:
  LedgerTreeTest() : tree_(Load()) {}

  LedgerTree Load() {
    auto loaded = LedgerTree::Load(store_, kTreePrefix);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return *std::move(loaded);
  }

  // Appends the next `count` entries; returns the batch.
  WriteBatch Grow(uint64_t count) {
    WriteBatch batch;
    const std::vector<Hash> entries = EntriesFrom(tree_.size(), count);
    for (const Hash& entry : entries) naive_.Append(entry);
    StagedAppend staged = tree_.Stage(entries, &batch);
    EXPECT_TRUE(store_.Apply(batch, Durability::kSync, {.tree_size = tree_.size()}).ok());
    tree_.Commit(std::move(staged));
    return batch;
  }

  MemoryStore store_;
  NaiveTree naive_;
  LedgerTree tree_;
};

TEST_F(LedgerTreeTest, EmptyTreeHasTheHashOfNothing) {
  EXPECT_EQ(tree_.size(), 0u);
  EXPECT_EQ(HexEncode(AsView(tree_.root())),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_F(LedgerTreeTest, RootsAndReloadsAgreeWithTheNaiveTreeAtEverySize) {
  for (uint64_t size = 1; size <= 600; ++size) {
    Grow(1);
    ASSERT_EQ(tree_.root(), naive_.Root(size)) << size;
    LedgerTree loaded = Load();
    ASSERT_EQ(loaded.head(), tree_.head());
  }
  TreeReader reader = *TreeReader::Open(store_, kTreePrefix);
  for (uint64_t size = 0; size <= 600; ++size) {
    ASSERT_EQ(*reader.RootAt(size), naive_.Root(size)) << size;
  }
}

TEST_F(LedgerTreeTest, ProofsAgreeWithTheNaiveTree) {
  Grow(530);
  TreeReader reader = *TreeReader::Open(store_, kTreePrefix);
  for (uint64_t size = 1; size <= 530; size += size < 20 ? 1 : 17) {
    const Hash root = naive_.Root(size);
    for (uint64_t index = 0; index < size; index += 1 + size / 23) {
      auto proof = reader.InclusionProof(index, size);
      ASSERT_TRUE(proof.ok()) << proof.status();
      ASSERT_EQ(*proof, naive_.Path(index, size)) << index << " of " << size;
      const Hash leaf = crypto::LeafHash(AsView(LeafOf(index)));
      ASSERT_TRUE(crypto::VerifyInclusion(index, size, leaf, *proof, root).ok());
    }
    for (uint64_t old = 1; old <= size; old += 1 + size / 23) {
      auto proof = reader.ConsistencyProof(old, size);
      ASSERT_TRUE(proof.ok()) << proof.status();
      ASSERT_EQ(*proof, naive_.Proof(old, size)) << old << " to " << size;
      ASSERT_TRUE(crypto::VerifyConsistency(old, size, *proof, naive_.Root(old), root).ok());
    }
  }
}

TEST_F(LedgerTreeTest, GrowsInRandomBatchesPast65536) {
  std::mt19937_64 random(7);
  while (tree_.size() < 70000) {
    Grow(1 + random() % 1500);
    ASSERT_EQ(tree_.root(), *tree_.Reader(store_).RootAt(tree_.size()));
  }
  EXPECT_EQ(tree_.root(), naive_.Root(tree_.size()));
  TreeReader reader = *TreeReader::Open(store_, kTreePrefix);
  for (int i = 0; i < 50; ++i) {
    const uint64_t size = 1 + random() % tree_.size();
    const uint64_t index = random() % size;
    const Hash root = *reader.RootAt(size);
    const Hash leaf = crypto::LeafHash(AsView(LeafOf(index)));
    auto proof = reader.InclusionProof(index, size);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_TRUE(crypto::VerifyInclusion(index, size, leaf, *proof, root).ok());
    auto growth = reader.ConsistencyProof(size, tree_.size());
    EXPECT_TRUE(crypto::VerifyConsistency(size, tree_.size(), *growth, root, tree_.root()).ok());
    EXPECT_EQ(*reader.EntryAt(index), LeafOf(index));
  }
}

TEST_F(LedgerTreeTest, StagingChangesNothingUntilCommitted) {
  Grow(300);
  const TreeHead before = tree_.head();
  WriteBatch dropped;
  StagedAppend staged = tree_.Stage(EntriesFrom(5000, 40), &dropped);
  EXPECT_EQ(staged.size, 340u);
  EXPECT_EQ(tree_.head(), before);
  Grow(40);  // other entries than those that were dropped
  EXPECT_EQ(tree_.root(), naive_.Root(340));
  EXPECT_NE(staged.root, tree_.root());
}

TEST_F(LedgerTreeTest, StagedTreeProvesItsEntriesBeforeItIsApplied) {
  Grow(200);
  WriteBatch batch;
  StagedAppend staged = tree_.Stage(EntriesFrom(200, 400), &batch);
  TreeReader reader = tree_.Reader(store_, staged);
  auto proofs = reader.ProofsForRange(200, 400, 600);
  ASSERT_TRUE(proofs.ok()) << proofs.status();
  for (uint64_t i = 0; i < 400; ++i) {
    const Hash leaf = crypto::LeafHash(AsView(LeafOf(200 + i)));
    ASSERT_TRUE(crypto::VerifyInclusion(200 + i, 600, leaf, (*proofs)[i], staged.root).ok());
  }
  EXPECT_EQ(reader.EntryBundle(1, 256)->size(), 256u * 34);
}

TEST_F(LedgerTreeTest, NewestBatchIsProvedFromMemoryAlone) {
  Grow(70000);
  Grow(512);
  MemoryStore empty;
  auto proofs = tree_.ProofsForRange(empty, 70000, 512);
  ASSERT_TRUE(proofs.ok()) << proofs.status();
  const Hash leaf = crypto::LeafHash(AsView(LeafOf(70100)));
  EXPECT_TRUE(crypto::VerifyInclusion(70100, 70512, leaf, (*proofs)[100], tree_.root()).ok());
  EXPECT_EQ(CodeOf(tree_.ProofsForRange(empty, 10, 1).status()), "TREE_DAMAGED");
}

TEST_F(LedgerTreeTest, BatchWritesOnlyTheTilesThatGrow) {
  Grow(70000);
  // Level 0 partial tile, bundle, head and tree size: the levels above have not changed.
  EXPECT_EQ(Grow(1).changes().size(), 4u);
  // 256 entries close one tile and bundle and open the next, and level 1 grows.
  EXPECT_EQ(Grow(256).changes().size(), 2u + 2u + 1u + 2u);
  WriteBatch none;
  StagedAppend staged = tree_.Stage({}, &none);
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(staged.root, tree_.root());
}

TEST_F(LedgerTreeTest, TilesAreThoseOfTheSpecification) {
  Grow(70000);
  TreeReader reader = *TreeReader::Open(store_, kTreePrefix);
  // The example of tlog-tiles: 273 full and one of 112; one full and one of 17; one of 1.
  EXPECT_EQ(reader.Tile(0, 272, 256)->size(), 8192u);
  EXPECT_EQ(reader.Tile(0, 273, 112)->size(), 112u * 32);
  EXPECT_EQ(reader.Tile(1, 0, 256)->size(), 8192u);
  EXPECT_EQ(reader.Tile(1, 1, 17)->size(), 17u * 32);
  EXPECT_EQ(*reader.Tile(2, 0, 1), std::string(AsView(*reader.RootAt(65536))));
  // A narrower tile, of an earlier size, is the beginning of the wider one.
  EXPECT_EQ(*reader.Tile(0, 273, 5), reader.Tile(0, 273, 112)->substr(0, 160));
  for (auto [level, index, width] : {std::tuple<int, uint64_t, uint64_t>{0, 273, 113},
                                     {0, 274, 1},
                                     {2, 0, 2},
                                     {3, 0, 1},
                                     {0, 0, 0},
                                     {-1, 0, 1},
                                     {8, 0, 1},
                                     {0, 0, 257}}) {
    EXPECT_EQ(CodeOf(reader.Tile(level, index, width).status()), "TREE_RANGE") << level << index;
  }
  std::string bundle = *reader.EntryBundle(273, 112);
  ASSERT_EQ(bundle.size(), 112u * 34);
  EXPECT_EQ(bundle.substr(34, 34),
            Cat({std::string_view("\0\x20", 2), AsView(LeafOf(273 * 256 + 1))}));
}

TEST_F(LedgerTreeTest, QuestionsOutsideTheTreeAreRefused) {
  Grow(10);
  TreeReader reader = *TreeReader::Open(store_, kTreePrefix);
  EXPECT_EQ(CodeOf(reader.RootAt(11).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.InclusionProof(5, 5).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.InclusionProof(5, 11).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.ConsistencyProof(6, 5).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.EntryAt(10).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.Entries(3, ~uint64_t{0}).status()), "TREE_RANGE");
  EXPECT_EQ(CodeOf(reader.ProofsForRange(9, 2, 10).status()), "TREE_RANGE");
  EXPECT_TRUE(reader.ConsistencyProof(0, 10)->empty());
  EXPECT_TRUE(reader.ProofsForRange(10, 0, 10)->empty());
}

TEST_F(LedgerTreeTest, LoadRefusesADamagedEdge) {
  Grow(300);
  for (const std::string& key : {TileKey(kTreePrefix, 0, 1), TileKey(kTreePrefix, 1, 0),
                                 BundleKey(kTreePrefix, 1), HeadKey(kTreePrefix)}) {
    const std::string good = **store_.Get(key);
    std::string flipped = good;
    flipped[good.size() - 20] ^= 1;
    for (const std::string& bad : {flipped, good.substr(0, good.size() - 1), std::string()}) {
      WriteBatch damage;
      damage.Put(key, bad);
      ASSERT_TRUE(store_.Apply(damage, Durability::kSync).ok());
      EXPECT_EQ(CodeOf(LedgerTree::Load(store_, kTreePrefix).status()), "TREE_DAMAGED")
          << HexEncode(key) << " " << bad.size();
    }
    WriteBatch repair;
    repair.Put(key, good);
    ASSERT_TRUE(store_.Apply(repair, Durability::kSync).ok());
  }
  EXPECT_TRUE(LedgerTree::Load(store_, kTreePrefix).ok());
}

TEST_F(LedgerTreeTest, TwoTreesUnderTwoPrefixesDoNotMeet) {
  Grow(300);
  auto other = LedgerTree::Load(store_, "other/");
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->size(), 0u);
}

}  // namespace
}  // namespace palermo::storage
