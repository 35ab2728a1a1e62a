#include "node/trust/receipt.h"

#include <optional>

#include "base/limits.h"
#include "crypto/merkle.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::Value;
using testing::World;

// Computed apart from this code.
TEST(Entry, IsTheHashOfSaltAndRecord) {
  EXPECT_EQ(HexEncode(AsView(EntryHash(std::string(32, 's'), "record"))),
            "387353fdccda73135c706640280391f5a632f46d2cfa3f5af42c4cca5bdfd678");
}

// The receipt of entry 2 in a ledger of QM with five entries.
class ReceiptTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kIndex = 2;
  static constexpr uint64_t kSize = 5;

  ReceiptTest() : directory_(world_.Directory("QM")) {
    record_.set_format(1);
    record_.set_kind(v1::RecordKind::READ);
    record_.set_at_ms(ToMillis(world_.clock.Now()));
    record_.set_state("QM");
    record_.set_actor("QM/central/o-0001");
    receipt_ = Make(record_, "QM");
  }

  v1::Receipt Make(const v1::Record& record, const std::string& signer) {
    v1::Receipt receipt;
    receipt.set_record(StrictSerialize(record));
    receipt.set_salt(world_.random.Bytes(kSaltBytes));
    receipt.set_index(kIndex);
    std::vector<Hash> leaves;
    for (uint64_t i = 0; i < kSize; ++i) leaves.push_back(crypto::LeafHash(std::to_string(i)));
    leaves[kIndex] = crypto::LeafHash(AsView(EntryHash(receipt.salt(), receipt.record())));
    Hash right = leaves[4];
    Hash left = crypto::NodeHash(crypto::NodeHash(leaves[0], leaves[1]),
                                 crypto::NodeHash(leaves[2], leaves[3]));
    for (const Hash& hash : {leaves[3], crypto::NodeHash(leaves[0], leaves[1]), right}) {
      receipt.mutable_proof()->append(AsView(hash));
    }
    crypto::Checkpoint checkpoint{world_.state("QM").ledger_origin, kSize,
                                  crypto::NodeHash(left, right)};
    receipt.set_checkpoint(crypto::SignCheckpoint(checkpoint, world_.state(signer).checkpoint));
    return receipt;
  }
  absl::StatusOr<v1::Record> Verify() { return VerifyReceipt(receipt_, *directory_); }
  // The same, with the checkpoint verified once.
  absl::StatusOr<v1::Record> VerifyUnder() {
    if (!checkpoint_.has_value()) {
      checkpoint_ = Value(VerifyNodeCheckpoint(receipt_.checkpoint(), *directory_));
    }
    return VerifyReceiptUnder(receipt_, *checkpoint_, "QM");
  }

  World world_;
  DirectoryPtr directory_;
  v1::Record record_;
  v1::Receipt receipt_;
  std::optional<crypto::Checkpoint> checkpoint_;
};

TEST_F(ReceiptTest, GivesTheRecord) {
  EXPECT_EQ(StrictSerialize(Value(Verify())), StrictSerialize(record_));
}

// Every value of every byte.
template <typename Check>
void ExpectEveryChangeRefused(std::string* bytes, const Check& check) {
  for (char& byte : *bytes) {
    char before = byte;
    for (int flip = 1; flip < 256; ++flip) {
      byte = static_cast<char>(before ^ flip);
      ASSERT_THAT(check(), IsRefused("BAD_RECEIPT", ""))
          << "byte " << (&byte - bytes->data()) << " xor " << flip;
    }
    byte = before;
  }
  ASSERT_THAT(check(), IsAccepted());
}

TEST_F(ReceiptTest, EveryChangeOfTheRecordIsRefused) {
  ExpectEveryChangeRefused(receipt_.mutable_record(), [&] { return VerifyUnder(); });
}

TEST_F(ReceiptTest, EveryChangeOfTheSaltIsRefused) {
  ExpectEveryChangeRefused(receipt_.mutable_salt(), [&] { return VerifyUnder(); });
}

TEST_F(ReceiptTest, EveryChangeOfTheProofIsRefused) {
  ExpectEveryChangeRefused(receipt_.mutable_proof(), [&] { return VerifyUnder(); });
}

TEST_F(ReceiptTest, EveryChangeOfTheCheckpointIsRefused) {
  ExpectEveryChangeRefused(receipt_.mutable_checkpoint(), [&] { return Verify(); });
}

TEST_F(ReceiptTest, RefusesEveryOtherIndex) {
  for (uint64_t index :
       {uint64_t{0}, uint64_t{1}, uint64_t{3}, uint64_t{4}, uint64_t{5}, UINT64_MAX}) {
    receipt_.set_index(index);
    EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "not in the ledger")) << index;
  }
}

TEST_F(ReceiptTest, RefusesASaltOfAnotherSize) {
  receipt_.set_record(receipt_.salt().substr(31) + receipt_.record());
  receipt_.mutable_salt()->pop_back();
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the salt has not 32 bytes"));
}

TEST_F(ReceiptTest, RefusesAShortOrLongProof) {
  receipt_.mutable_proof()->append(32, 'h');
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "not in the ledger"));
  receipt_.mutable_proof()->resize(2 * 32);
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "not in the ledger"));
}

TEST_F(ReceiptTest, RefusesAGiantProof) {
  receipt_.set_proof(std::string(32 * (limits::kMaxProofHashes + 1), 'h'));
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the proof is too long"));
}

TEST_F(ReceiptTest, RefusesAProofHashOfAnotherSize) {
  receipt_.mutable_proof()->pop_back();
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "a proof hash has not 32 bytes"));
}

TEST_F(ReceiptTest, RefusesAnotherStatesNode) {
  receipt_ = Make(record_, "QT");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "not signed by the node of QM"));
  EXPECT_THAT(VerifyReceipt(receipt_, *world_.Directory("QT")),
              IsRefused("BAD_RECEIPT", "not signed by the node of QT"));
}

TEST_F(ReceiptTest, RefusesAnotherEpochOfTheSameNode) {
  world_.NextDirectory("QM", [](auto* d) { d->mutable_node()->set_ledger_origin("palermo/QM/2"); });
  EXPECT_THAT(VerifyReceipt(receipt_, *world_.Directory("QM")),
              IsRefused("BAD_RECEIPT", "not signed by the node of QM"));
}

TEST_F(ReceiptTest, RefusesARecordThatSaysItIsOfAnotherState) {
  record_.set_state("QT");
  receipt_ = Make(record_, "QM");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the record is not of QM"));
}

TEST_F(ReceiptTest, RefusesAGiantCheckpoint) {
  receipt_.set_checkpoint(std::string(limits::kMaxCheckpointBytes + 1, 'x'));
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the checkpoint is over its limit"));
}

TEST_F(ReceiptTest, RefusesAGiantRecord) {
  record_.set_method(std::string(limits::kMaxRecordBytes, 'x'));
  receipt_ = Make(record_, "QM");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the record is over its limit"));
}

TEST_F(ReceiptTest, RefusesARecordOfAnotherFormat) {
  record_.set_format(2);
  receipt_ = Make(record_, "QM");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "the record's format is not 1"));
}

TEST_F(ReceiptTest, RefusesARecordWithAnUnknownField) {
  EXPECT_THAT(ParseRecord(StrictSerialize(record_) + "\xf8\x01\x01"),
              IsRefused("BAD_RECEIPT", "unknown fields"));
}

TEST_F(ReceiptTest, ACheckpointOnceVerifiedServesManyReceipts) {
  crypto::Checkpoint checkpoint = Value(VerifyNodeCheckpoint(receipt_.checkpoint(), *directory_));
  EXPECT_EQ(checkpoint.size, kSize);
  receipt_.clear_checkpoint();
  EXPECT_THAT(VerifyReceiptUnder(receipt_, checkpoint, "QM"), IsAccepted());
  EXPECT_THAT(VerifyReceiptUnder(receipt_, checkpoint, "QT"),
              IsRefused("BAD_RECEIPT", "the record is not of QT"));
}

// ---- text form
TEST_F(ReceiptTest, ItsTextHoldsAll) {
  v1::Receipt read = Value(ReceiptFromText(Value(ReceiptToText(receipt_))));
  EXPECT_EQ(StrictSerialize(read), StrictSerialize(receipt_));
  EXPECT_THAT(VerifyReceipt(read, *directory_), IsAccepted());
}

TEST_F(ReceiptTest, WhatHasNoTextIsRefused) {
  auto refused = [&](auto change, const char* why) {
    v1::Receipt receipt = receipt_;
    change(&receipt);
    EXPECT_THAT(ReceiptToText(receipt), IsRefused("BAD_RECEIPT", why));
  };
  refused([](v1::Receipt* one) { one->mutable_proof()->pop_back(); }, "has not 32 bytes");
  refused([](v1::Receipt* one) { one->set_proof(std::string(65 * 32, 'h')); }, "too many hashes");
  refused([](v1::Receipt* one) { one->clear_checkpoint(); }, "no checkpoint");
  refused([](v1::Receipt* one) { one->set_checkpoint(std::string(16 * 1024 + 1, 'c')); },
          "checkpoint is too long");
  refused([](v1::Receipt* one) { one->mutable_salt()->pop_back(); }, "salt");
}

TEST_F(ReceiptTest, HashesComeBackFromTheirBytes) {
  std::vector<Hash> hashes = {Hash{1}, Hash{2}};
  EXPECT_EQ(Value(SplitHashes(JoinHashes(hashes))), hashes);
  EXPECT_TRUE(Value(SplitHashes("")).empty());
}

TEST_F(ReceiptTest, ItsTextIsATlogProof) {
  std::string text = Value(ReceiptToText(receipt_));
  std::string begin =
      Cat({"c2sp.org/tlog-proof@v1\nextra ", Base64Encode(receipt_.salt() + receipt_.record()),
           "\nindex 2\n", Base64Encode(receipt_.proof().substr(0, sizeof(Hash))), "\n"});
  EXPECT_EQ(text.substr(0, begin.size()), begin);
  EXPECT_EQ(text.substr(text.size() - receipt_.checkpoint().size() - 1),
            "\n" + receipt_.checkpoint());
}

TEST_F(ReceiptTest, EveryCutOfItsTextIsRefused) {
  std::string text = Value(ReceiptToText(receipt_));
  for (size_t size = 0; size < text.size(); ++size) {
    auto read = ReceiptFromText(text.substr(0, size));
    if (read.ok()) {
      ASSERT_THAT(VerifyReceipt(*read, *directory_), IsRefused("BAD_RECEIPT", "")) << size;
    }
  }
}

TEST_F(ReceiptTest, EveryChangeOfItsTextIsRefused) {
  std::string text = Value(ReceiptToText(receipt_));
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] ^= static_cast<char>(i % 255 + 1);
    auto read = ReceiptFromText(changed);
    if (read.ok()) {
      ASSERT_THAT(VerifyReceipt(*read, *directory_), IsRefused("BAD_RECEIPT", "")) << i;
    }
  }
}

TEST_F(ReceiptTest, RubbishIsNoReceipt) {
  for (const char* text : {"", "\n", "palermo", "c2sp.org/tlog-proof@v1\n", "\xff\xfe\n"}) {
    EXPECT_THAT(ReceiptFromText(text), IsRefused("BAD_TLOG_PROOF", "")) << text;
  }
}

TEST_F(ReceiptTest, ATlogProofWithoutRecordIsNoReceipt) {
  EXPECT_THAT(ReceiptFromText("c2sp.org/tlog-proof@v1\nindex 0\n\ncheckpoint"),
              IsRefused("BAD_RECEIPT", "no record in its extra line"));
  EXPECT_THAT(ReceiptFromText("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\ncheckpoint"),
              IsRefused("BAD_RECEIPT", "no record in its extra line"));
}

}  // namespace
}  // namespace palermo::trust
