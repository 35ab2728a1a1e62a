// The check of a whole store: it finds nothing in one that is as it was written, and what was
// changed, wherever it is.
#include "node/exchange/store_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/exchange/keys.h"
#include "palermo/v1/store.pb.h"
#include "storage/tree_layout.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

using exchange::StoreReport;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
namespace keys = exchange::keys;

class StoreCheckTest : public ::testing::Test {
 protected:
  StoreCheckTest() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    id = sim.Send(sim.world.MakeEnvelope({}));
    for (int i = 0; i < 100; ++i) sim.Send(sim.world.MakeEnvelope({}));
    sim.Settle();
  }
  StoreReport Check(const std::string& state = "QM") {
    return Value(exchange::CheckStore(sim.store(state), [](const char*, uint64_t, uint64_t) {}));
  }
  // "where: what" of each.
  std::vector<std::string> Found() {
    std::vector<std::string> all;
    for (const auto& finding : Check().findings) {
      all.push_back(Cat({finding.where, ": ", finding.what}));
    }
    return all;
  }
  void Change(const std::string& key, const std::optional<std::string>& value,
              storage::Family family = storage::Family::kMain) {
    storage::WriteBatch batch;
    value.has_value() ? batch.Put(key, *value, family) : batch.Delete(key, family);
    ASSERT_TRUE(sim.store("QM").Apply(batch, storage::Durability::kSync).ok());
  }
  std::string Stored(const std::string& key, storage::Family family = storage::Family::kMain) {
    return Value(sim.store("QM").Get(key, family)).value();
  }
  // The key of the records that hold this entry's.
  std::string RecordsOf(uint64_t index) {
    while (!Value(sim.store("QM").Get(keys::Entries(index))).has_value()) --index;
    return keys::Entries(index);
  }
  uint64_t IndexOf(const std::string& message) {
    v1::StoredMessage stored;
    EXPECT_TRUE(stored.ParseFromString(Stored(keys::Message(message))));
    return stored.index();
  }

  Simulation sim;
  std::string id;  // of a message
};

TEST_F(StoreCheckTest, AStoreThatIsAsItWasWrittenPasses) {
  for (const char* state : {"QM", "QT"}) {
    StoreReport report = Check(state);
    EXPECT_TRUE(report.ToStatus().ok()) << report.ToStatus();
    EXPECT_EQ(report.messages, 101U);
    EXPECT_GT(report.entries, 101U);
  }
}

TEST_F(StoreCheckTest, AnEmptyStorePasses) {
  storage::MemoryStore empty;
  StoreReport report = Value(exchange::CheckStore(empty, [](const char*, uint64_t, uint64_t) {}));
  EXPECT_TRUE(report.ToStatus().ok());
  EXPECT_EQ(report.entries + report.messages, 0U);
}

TEST_F(StoreCheckTest, ARecordOrSaltThatIsNotTheTreesIsFound) {
  const std::string key = RecordsOf(IndexOf(id));
  const std::string as_it_was = Stored(key);
  for (bool salt : {false, true}) {
    v1::StoredEntries list;
    ASSERT_TRUE(list.ParseFromString(as_it_was));
    v1::StoredEntry* one = list.mutable_entries(0);
    std::string& bytes = salt ? *one->mutable_salt() : *one->mutable_record();
    bytes[0] = static_cast<char>(bytes[0] ^ 1);
    Change(key, list.SerializeAsString());
    EXPECT_THAT(Found(), ElementsAre(HasSubstr("is not the one that the tree has")));
  }
  Change(key, "\xff");
  EXPECT_THAT(Found(), Contains(HasSubstr("do not parse")));
  Change(key, as_it_was);
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(StoreCheckTest, RecordsThatAreGoneAreFoundInTheMiddleAndAtTheEnd) {
  const uint64_t size = Check().entries;
  for (uint64_t index : {IndexOf(id), size - 1}) {
    const std::string key = RecordsOf(index);
    const std::string as_it_was = Stored(key);
    Change(key, std::nullopt);
    EXPECT_THAT(Found(), ElementsAre(HasSubstr("are missing"))) << index;
    Change(key, as_it_was);
  }
  // One that stands behind the end.
  Change(keys::Entries(size), Stored(RecordsOf(IndexOf(id))));
  EXPECT_THAT(Found(), ElementsAre(HasSubstr("do not fit a ledger of")));
}

TEST_F(StoreCheckTest, WhatAMessageIsMadeOfIsComparedWithItsId) {
  const auto sealed = storage::Family::kSealed;
  const std::string where = Cat({"message ", HexEncode(id), ": "});
  for (const std::string& key : {keys::Body(IndexOf(id)), keys::Stanzas(IndexOf(id))}) {
    const std::string as_it_was = Stored(key, sealed);
    std::string changed = as_it_was;
    changed.back() = static_cast<char>(changed.back() ^ 1);
    Change(key, changed, sealed);
    EXPECT_THAT(Found(),
                ElementsAre(where + "its header, stanzas or body are not those of its id"));
    Change(key, std::nullopt, sealed);
    EXPECT_THAT(Found(), ElementsAre(HasSubstr("is missing")));
    Change(key, as_it_was, sealed);
  }
  v1::StoredMessage stored;
  ASSERT_TRUE(stored.ParseFromString(Stored(keys::Message(id))));
  stored.mutable_header()->push_back('x');
  Change(keys::Message(id), stored.SerializeAsString());
  EXPECT_THAT(Found(), ElementsAre(HasSubstr("not those of its id")));
  Change(keys::Message(id), "\xff");
  EXPECT_THAT(Found(), ElementsAre(where + "does not parse"));
}

// What no start sees: a log in the middle that is gone takes tiles and records along.
TEST_F(StoreCheckTest, TilesThatAreGoneOrOfAnEarlierTimeAreFound) {
  const std::string tree(keys::kTree);
  for (const std::string& key : {storage::TileKey(tree, 0, 0), storage::BundleKey(tree, 0)}) {
    const std::string as_it_was = Stored(key);
    Change(key, std::nullopt);
    EXPECT_THAT(Found(), Contains(HasSubstr("is missing")));
    Change(key, as_it_was.substr(0, as_it_was.size() - 32));
    EXPECT_THAT(Found(), Contains(HasSubstr("bytes instead of")));
    std::string changed = as_it_was;
    changed[33] = static_cast<char>(changed[33] ^ 1);
    Change(key, changed);
    EXPECT_FALSE(Check().ToStatus().ok());
    Change(key, as_it_was);
  }
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_F(StoreCheckTest, FindingsAreCountedBeyondThoseThatAreListed) {
  for (uint64_t i = 0; i < storage::kMaxListedFindings + 20; ++i) {
    Change(keys::Entries(1'000'000 + i), "\xff");
  }
  StoreReport report = Check();
  EXPECT_EQ(report.findings.size(), storage::kMaxListedFindings);
  EXPECT_EQ(report.finding_count, storage::kMaxListedFindings + 20);
  EXPECT_EQ(CodeOf(report.ToStatus()), "LEDGER_DAMAGED");
}

}  // namespace
}  // namespace palermo::testing
