#include "node/exchange/lists.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/exchange/keys.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::Value;

class ListsTest : public ::testing::Test {
 protected:
  Tx Begin() { return Tx(store_, size_, "QM", world_.clock.Now(), nullptr, world_.random); }
  void Apply(Tx tx) {
    size_ = tx.next_index();
    storage::WriteBatch batch;
    std::vector<NewEntry> entries;
    tx.MoveInto(&batch, &entries);
    testing::DieUnlessOk(store_.Apply(batch, storage::Durability::kSync), "applying");
  }
  static v1::Record RecordOf(const std::string& actor) {
    v1::Record record;
    record.set_kind(v1::RecordKind::READ);
    record.set_actor(actor);
    return record;
  }
  // One batch with so many messages, whose ids are made of their indexes.
  void AddMessages(size_t count) {
    Tx tx = Begin();
    for (size_t i = 0; i < count; ++i) {
      uint64_t index = tx.Append(RecordOf("node"));
      AddToListing(tx, index, IdOf(index));
    }
    Apply(std::move(tx));
  }
  static std::string IdOf(uint64_t index) { return std::string(24, 'i') + BigEndian64(index); }
  std::vector<uint64_t> Listed(const std::string& after, size_t most) {
    std::vector<uint64_t> found;
    testing::DieUnlessOk(ScanListing(store_, after,
                                     [&](const ListItem& item) {
                                       EXPECT_EQ(item.id, IdOf(item.number));
                                       found.push_back(item.number);
                                       return found.size() < most;
                                     }),
                         "listing");
    return found;
  }
  std::vector<std::string> Expired() {
    Tx tx = Begin();
    std::vector<std::string> ids;
    for (const ListItem& item : Value(TakeExpired(tx, 2))) ids.push_back(item.id);
    Apply(std::move(tx));
    return ids;
  }

  testing::World world_;
  storage::MemoryStore store_;
  uint64_t size_ = 0;
};

TEST_F(ListsTest, PagesOfTheListingJoinWhereverABatchEnds) {
  for (size_t count : {3, 1, 5}) AddMessages(count);
  EXPECT_EQ(Listed("", 100), (std::vector<uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8}));
  for (size_t page = 1; page < 9; ++page) {
    std::string after;
    uint64_t next = 0;
    for (auto found = Listed(after, page); !found.empty(); found = Listed(after, page)) {
      for (uint64_t index : found) EXPECT_EQ(index, next++);
      after = BigEndian64(found.back());
    }
    EXPECT_EQ(next, 9U) << page;
  }
  EXPECT_TRUE(Listed(BigEndian64(UINT64_MAX), 100).empty());
  EXPECT_EQ(CodeOf(ScanListing(store_, "other", [](const ListItem&) { return true; })), "BAD_PAGE");
}

TEST_F(ListsTest, WhatADecisionThatFailsAddedIsInNoList) {
  Tx tx = Begin();
  tx.Mark();
  AddToListing(tx, tx.Append(RecordOf("node")), IdOf(0));
  tx.Mark();
  AddToListing(tx, tx.Append(RecordOf("node")), IdOf(1));
  AddToExpiries(tx, 1, IdOf(1));
  tx.Rollback();
  Apply(std::move(tx));
  EXPECT_EQ(Listed("", 100), std::vector<uint64_t>{0});
  EXPECT_FALSE(Value(AnyExpiries(store_, ToMillis(world_.clock.Now()))));
  EXPECT_EQ(Value(LoadEntries(store_, 0, 3))[1], std::nullopt);
}

TEST_F(ListsTest, EveryEntryIsFoundInItsValue) {
  size_t counts[] = {1, limits::kEntriesPerValue + 3, 2 * limits::kEntriesPerValue};
  for (size_t count : counts) {
    Tx tx = Begin();
    for (size_t i = 0; i < count; ++i) tx.Append(RecordOf(std::to_string(tx.next_index())));
    Apply(std::move(tx));
  }
  auto actor = [](const std::optional<v1::StoredEntry>& entry) {
    v1::Record record;
    return entry.has_value() && record.ParseFromString(entry->record()) ? record.actor() : "none";
  };
  for (uint64_t index = 0; index < size_; ++index) {
    EXPECT_EQ(actor(Value(LoadEntry(store_, index))), std::to_string(index));
  }
  EXPECT_EQ(actor(Value(LoadEntry(store_, size_))), "none");
  auto range = Value(LoadEntries(store_, 2, size_));
  for (uint64_t i = 0; i < range.size(); ++i) {
    EXPECT_EQ(actor(range[i]), i + 2 < size_ ? std::to_string(i + 2) : "none");
  }
}

TEST_F(ListsTest, ExpiriesAreTakenWhenTheyAreDueAndNotBefore) {
  absl::Time start = FromMillis(ToMillis(world_.clock.Now()) / 60000 * 60000 + 120000);
  auto at = [&](int seconds) { return ToMillis(start + absl::Seconds(seconds)); };
  Tx tx = Begin();
  tx.Append(RecordOf("node"));
  for (int seconds : {5, 30, 31, 32, 70}) AddToExpiries(tx, at(seconds), IdOf(seconds));
  Apply(std::move(tx));
  auto advance = [&](int seconds) {
    world_.clock.Advance(start + absl::Seconds(seconds) - world_.clock.Now());
  };
  EXPECT_FALSE(Value(AnyExpiries(store_, at(0) - 1)));
  advance(4);
  EXPECT_TRUE(Expired().empty());
  advance(5);
  EXPECT_EQ(Expired(), std::vector<std::string>{IdOf(5)});
  EXPECT_TRUE(Expired().empty());
  advance(40);  // at most two at a time
  EXPECT_EQ(Expired(), (std::vector<std::string>{IdOf(30), IdOf(31)}));
  EXPECT_EQ(Expired(), std::vector<std::string>{IdOf(32)});
  EXPECT_FALSE(Value(AnyExpiries(store_, at(59))));
  advance(70);
  EXPECT_EQ(Expired(), std::vector<std::string>{IdOf(70)});
  EXPECT_FALSE(Value(AnyExpiries(store_, at(1000))));
}

}  // namespace
}  // namespace palermo::exchange
