#include "storage/fsck.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "storage/ledger_tree.h"
#include "storage/memory_store.h"

namespace palermo::storage {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;

constexpr char kLedgerPrefix[] = "ledger/";

class FsckTest : public testing::Test {
 protected:
  FsckTest() {
    auto tree = *LedgerTree::Load(store_, kLedgerPrefix);
    std::vector<Hash> entries(700);
    for (size_t i = 0; i < entries.size(); ++i) entries[i][i % 32] = static_cast<uint8_t>(i / 3);
    WriteBatch batch;
    StagedAppend staged = tree.Stage(entries, &batch);
    EXPECT_TRUE(store_.Apply(batch, Durability::kSync).ok());
    tree.Commit(std::move(staged));
    head_ = tree.head();
  }

  FsckReport Check(std::optional<TreeHead> expected = std::nullopt) {
    auto report = Fsck(store_, kLedgerPrefix, expected, [](uint64_t, uint64_t) {});
    EXPECT_TRUE(report.ok()) << report.status();
    return *std::move(report);
  }

  void Put(const std::string& key, const std::string& value) {
    WriteBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(store_.Apply(batch, Durability::kSync).ok());
  }
  void Delete(const std::string& key) {
    WriteBatch batch;
    batch.Delete(key);
    ASSERT_TRUE(store_.Apply(batch, Durability::kSync).ok());
  }
  void FlipByte(const std::string& key, size_t at) {
    std::string value = **store_.Get(key);
    value[at] ^= 1;
    Put(key, value);
  }

  static auto At(const std::string& where, const std::string& what) {
    return Contains(testing::AllOf(Field(&FsckFinding::where, where),
                                   Field(&FsckFinding::what, HasSubstr(what))));
  }

  MemoryStore store_;
  TreeHead head_;
};

TEST_F(FsckTest, IntactLedgerPasses) {
  FsckReport report = Check(head_);
  EXPECT_TRUE(report.ToStatus().ok()) << report.ToStatus();
  EXPECT_EQ(report.computed, head_);
  EXPECT_EQ(report.bundles_checked, 3u);
  EXPECT_EQ(report.tiles_checked, 4u);
}

TEST_F(FsckTest, EmptyLedgerPasses) {
  MemoryStore empty;
  auto report = Fsck(empty, kLedgerPrefix, std::nullopt, [](uint64_t, uint64_t) {});
  EXPECT_TRUE(report->ToStatus().ok());
}

TEST_F(FsckTest, EarlierCheckpointIsFoundInside) {
  TreeReader reader = *TreeReader::Open(store_, kLedgerPrefix);
  EXPECT_TRUE(Check(TreeHead{300, *reader.RootAt(300)}).ToStatus().ok());
  EXPECT_THAT(Check(TreeHead{300, head_.root}).findings,
              At("checkpoint", "the first 300 entries do not have its root"));
}

TEST_F(FsckTest, LostEntriesAreFound) {
  EXPECT_THAT(Check(TreeHead{701, head_.root}).findings, At("head", "entries are lost"));
}

TEST_F(FsckTest, ChangedEntryIsFoundInItsTileAndAbove) {
  FlipByte(BundleKey(kLedgerPrefix, 1), 44 * 32 + 5);
  FsckReport report = Check();
  EXPECT_THAT(report.findings, At("tile level 0 index 1", "hash 44 "));
  EXPECT_THAT(report.findings, At("tile level 1 index 0", "hash 1 "));
  EXPECT_THAT(report.findings, At("head", "root"));
  EXPECT_EQ(CodeOf(report.ToStatus()), "LEDGER_DAMAGED");
}

TEST_F(FsckTest, ChangedTileIsFoundAlone) {
  FlipByte(TileKey(kLedgerPrefix, 0, 0), 3 * 32);
  FsckReport report = Check(head_);
  EXPECT_EQ(report.finding_count, 1u);
  EXPECT_THAT(report.findings, At("tile level 0 index 0", "hash 3 "));
}

TEST_F(FsckTest, MissingBundleIsFoundAndTheRestStillJudged) {
  Delete(BundleKey(kLedgerPrefix, 0));
  FsckReport report = Check(head_);
  EXPECT_EQ(report.finding_count, 1u);
  EXPECT_THAT(report.findings, At("bundle 0", "is missing"));
}

TEST_F(FsckTest, MissingAndShortTilesAreFound) {
  Delete(TileKey(kLedgerPrefix, 1, 0));
  Put(TileKey(kLedgerPrefix, 0, 2), (*store_.Get(TileKey(kLedgerPrefix, 0, 2)))->substr(32));
  FsckReport report = Check();
  EXPECT_THAT(report.findings, At("tile level 1 index 0", "is missing"));
  EXPECT_THAT(report.findings, At("tile level 0 index 2", "bytes instead of"));
}

TEST_F(FsckTest, WrongRootInTheHeadIsFound) {
  FlipByte(HeadKey(kLedgerPrefix), 20);
  EXPECT_THAT(Check().findings, At("head", "its root is not that of the entries"));
}

TEST_F(FsckTest, AHeadThatNamesMoreThanAnyoneCouldReadEndsTheWalk) {
  Put(HeadKey(kLedgerPrefix), EncodeHead({uint64_t{1} << 60, head_.root}));
  FsckReport report = Check();
  EXPECT_GE(report.finding_count, kMaxFindings);
  EXPECT_THAT(report.findings.back().what, HasSubstr("too much is wrong"));
  EXPECT_EQ(CodeOf(report.ToStatus()), "LEDGER_DAMAGED");
}

TEST_F(FsckTest, TilesBeyondTheTreeAreFound) {
  Put(TileKey(kLedgerPrefix, 0, 3), "x");
  Put(TileKey(kLedgerPrefix, 5, 0), "x");
  Put(BundleKey(kLedgerPrefix, 9), "x");
  FsckReport report = Check();
  EXPECT_EQ(report.finding_count, 3u);
  EXPECT_THAT(report.findings, At("bundle key 0000000000000009", "beyond the tree"));
}

TEST_F(FsckTest, ListOfFindingsIsBoundedTheirCountIsNot) {
  Put(TileKey(kLedgerPrefix, 0, 0), std::string(8192, 'x'));
  FsckReport report = Check();
  EXPECT_EQ(report.finding_count, 256u);
  EXPECT_EQ(report.findings.size(), kMaxListedFindings);
}

TEST_F(FsckTest, TellsHowFarItIs) {
  std::vector<uint64_t> done;
  ASSERT_TRUE(Fsck(store_, kLedgerPrefix, head_, [&](uint64_t now, uint64_t all) {
                EXPECT_EQ(all, 700u);
                done.push_back(now);
              }).ok());
  EXPECT_THAT(done, testing::ElementsAre(0, 700));
}

}  // namespace
}  // namespace palermo::storage
