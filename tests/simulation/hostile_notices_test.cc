// A hostile state's notices: retrievals told again and again, older ones in place of newer ones,
// numbers filled far ahead.
#include <gtest/gtest.h>

#include <functional>
#include <optional>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/keys.h"
#include "node/trust/strict.h"
#include "palermo/v1/store.pb.h"
#include "tests/simulation/hostile.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

class HostileNoticesTest : public ::testing::Test {
 protected:
  HostileNoticesTest() { peer.Meet(); }

  // QT's request to QM, which QM's node has by other ways.
  std::string SentToPeer() {
    EnvelopeSpec spec;
    spec.from = "QT/central";
    spec.to = {"QM/central"};
    return sim.Send(sim.world.MakeEnvelope(spec));
  }
  // What is bent before it is signed or entered.
  struct Bend {
    std::function<void(v1::RetrievalStatement*)> statement;
    std::function<void(v1::Record*)> record;
    std::function<void(v1::PeerNotice*)> notice;
  };
  v1::PeerItem Retrieval(const std::string& id, v1::RetrievalResult::Code result) {
    return Retrieval(id, result, {});
  }
  v1::PeerItem Retrieval(const std::string& id, v1::RetrievalResult::Code result,
                         const Bend& bend) {
    OfficerWorld& officer = sim.world.officer("QM/central/o-0001");
    v1::RetrievalStatement statement;
    statement.set_message_id(id);
    statement.set_officer(officer.id);
    statement.set_result(result);
    statement.set_at_ms(ToMillis(sim.world.clock.Now()));
    if (bend.statement) bend.statement(&statement);
    v1::PeerItem item;
    item.mutable_notice()->set_message_id(id);
    v1::SignedRetrieval* retrieval = item.mutable_notice()->mutable_retrieval();
    retrieval->set_statement(trust::StrictSerialize(statement));
    retrieval->set_key_id(
        crypto::KeyId(crypto::kEd25519, crypto::AsView(officer.sign.public_key())));
    retrieval->set_signature(std::string(
        crypto::AsView(officer.sign.Sign(crypto::Purpose::kRetrieval, retrieval->statement()))));
    v1::Record record;
    record.set_format(1);
    record.set_kind(Kind::RETRIEVAL);
    record.set_at_ms(statement.at_ms());
    record.set_state("QM");
    record.set_message_id(id);
    record.set_actor(officer.id);
    record.set_outcome(v1::Outcome::ACCEPTED);
    *record.mutable_directory() = sim.world.Directory("QM")->Reference();
    record.set_evidence_sha256(
        std::string(AsView(crypto::Sha256(item.notice().retrieval().statement()))));
    if (bend.record) bend.record(&record);
    *item.mutable_notice()->mutable_receipt() = peer.ReceiptOf(peer.Enter(record));
    if (bend.notice) bend.notice(item.mutable_notice());
    return item;
  }
  // It is a fault of QM, and at QT the message is where it was.
  void ExpectNothingRetrieved(const std::string& id, const Bend& bend, v1::Reason::Code reason) {
    std::string before = StageAtQt(id);
    std::optional<v1::Record> answer = peer.Send(Retrieval(id, v1::RetrievalResult::OPENED, bend));
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->kind(), Kind::PEER_FAULT);
    EXPECT_EQ(v1::Reason::Code_Name(answer->reason()), v1::Reason::Code_Name(reason));
    EXPECT_EQ(StageAtQt(id), before);
  }
  std::string StageAtQt(const std::string& id) {
    return Value(sim.Explain("QT/central/o-0001", id)).recipients(0).stage();
  }
  Kind::Code Answered(const v1::PeerItem& item) {
    std::optional<v1::Record> answer = peer.Send(item);
    EXPECT_TRUE(answer.has_value()) << peer.closed();
    return answer.has_value() ? answer->kind() : Kind::UNSPECIFIED;
  }
  // A number of QM/central in a case, for a message that expired.
  v1::PeerItem Filled(uint64_t number) { return Filled(number, nullptr, nullptr); }
  v1::PeerItem Filled(uint64_t number, const std::function<void(v1::FilledNumber*)>& bend,
                      const std::function<void(v1::Record*)>& bend_record) {
    v1::PeerItem item;
    v1::FilledNumber* filled = item.mutable_filled();
    filled->set_message_id(std::string(AsView(crypto::Sha256(std::to_string(number)))));
    filled->set_case_id(std::string(16, 'c'));
    filled->set_sender("QM/central");
    filled->set_number(number);
    if (bend) bend(filled);
    v1::Record record;
    record.set_format(1);
    record.set_kind(Kind::EXPIRY);
    record.set_at_ms(ToMillis(sim.world.clock.Now()));
    record.set_state("QM");
    record.set_message_id(filled->message_id());
    record.set_case_id(filled->case_id());
    record.set_authority(filled->sender());
    record.set_outcome(v1::Outcome::EXPIRED_UNCONFIRMED);
    v1::RecipientNumber* entry = record.add_numbers();
    entry->set_state("QT");
    entry->set_number(number);
    if (bend_record) bend_record(&record);
    *filled->mutable_receipt() = peer.ReceiptOf(peer.Enter(record));
    return item;
  }
  v1::UsedNumbers Used() {
    auto bytes = sim.store("QT").Get(exchange::keys::Case(std::string(16, 'c')));
    v1::CaseEntry entry;
    if (!bytes.ok() || !bytes->has_value() || !entry.ParseFromString(**bytes)) return {};
    return entry.used_size() == 1 ? entry.used(0) : v1::UsedNumbers();
  }

  Simulation sim;
  HostilePeer peer{sim, "QM", "QT"};
};

TEST_F(HostileNoticesTest, ARetrievalToldAgainEntersNothing) {
  std::string id = SentToPeer();
  v1::PeerItem opened = Retrieval(id, v1::RetrievalResult::OPENED);
  EXPECT_EQ(Answered(opened), Kind::RETRIEVAL_NOTED);
  uint64_t entries = sim.node("QT").Stats().ledger_size;
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Answered(opened), Kind::RETRIEVAL_NOTED);
  // Nor does another one: it is opened already.
  EXPECT_EQ(Answered(Retrieval(id, v1::RetrievalResult::OPENED)), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, entries);
}

TEST_F(HostileNoticesTest, WhatWasOpenedStaysOpenedWhateverAnOlderOrNewerEntrySays) {
  std::string id = SentToPeer();
  v1::PeerItem unopenable = Retrieval(id, v1::RetrievalResult::UNOPENABLE);
  EXPECT_EQ(Answered(unopenable), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(StageAtQt(id), "UNOPENABLE");
  EXPECT_EQ(Answered(Retrieval(id, v1::RetrievalResult::OPENED)), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(StageAtQt(id), "OPENED");
  EXPECT_EQ(Answered(unopenable), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(StageAtQt(id), "OPENED");
  EXPECT_EQ(Answered(Retrieval(id, v1::RetrievalResult::INVALID)), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(StageAtQt(id), "OPENED");
}

TEST_F(HostileNoticesTest, NumbersFilledFarAheadGoOnInBoundedSteps) {
  const uint64_t most = limits::kMaxHeldNumbers;
  for (uint64_t number = 2; number <= most + 100; ++number) {
    ASSERT_EQ(Answered(Filled(number)), Kind::EXPIRY_NOTED);
  }
  EXPECT_EQ(Used().beyond(), most + 99);
  EXPECT_EQ(Answered(Filled(1)), Kind::EXPIRY_NOTED);
  EXPECT_EQ(Used().whole(), most + 1) << "one decision does no more than this";
  // Nothing is stuck: the next number takes the rest along.
  EXPECT_EQ(Answered(Filled(most + 101)), Kind::EXPIRY_NOTED);
  EXPECT_EQ(Used().whole(), most + 101);
  EXPECT_EQ(Used().beyond(), 0u);
}

TEST_F(HostileNoticesTest, ARetrievalWhoseEntryIsOfAnotherStatementIsRefused) {
  std::string id = SentToPeer();
  Bend another_actor, another_statement;
  another_actor.record = [](v1::Record* record) { record->set_actor("QM/central/o-0002"); };
  another_statement.record = [](v1::Record* record) {
    record->set_evidence_sha256(std::string(32, 'x'));
  };
  ExpectNothingRetrieved(id, another_actor, v1::Reason::BAD_RECEIPT);
  ExpectNothingRetrieved(id, another_statement, v1::Reason::BAD_RECEIPT);
}

TEST_F(HostileNoticesTest, AStatementAboutAnotherMessageRetrievesNothing) {
  std::string id = SentToPeer(), other = SentToPeer();
  Bend bend;
  bend.statement = [&](v1::RetrievalStatement* statement) { statement->set_message_id(other); };
  ExpectNothingRetrieved(id, bend, v1::Reason::BAD_RECEIPT);
}

TEST_F(HostileNoticesTest, AnEntryOfAnotherKindOrMessageRetrievesNothing) {
  std::string id = SentToPeer(), other = SentToPeer();
  Bend kind, message;
  kind.record = [](v1::Record* record) { record->set_kind(Kind::READ); };
  message.record = [&](v1::Record* record) { record->set_message_id(other); };
  ExpectNothingRetrieved(id, kind, v1::Reason::BAD_RECEIPT);
  ExpectNothingRetrieved(id, message, v1::Reason::BAD_RECEIPT);
}

// Under a receipt that holds it would be kept as a fault, whole, as often as it comes.
TEST_F(HostileNoticesTest, ANoticeOverItsLimitEndsTheStreamAndIsNotKept) {
  std::string id = SentToPeer();
  Bend bend;
  bend.notice = [](v1::PeerNotice* notice) {
    notice->mutable_retrieval()->set_statement(std::string(4 << 20, 's'));
  };
  EXPECT_FALSE(peer.Send(Retrieval(id, v1::RetrievalResult::OPENED, bend)).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "BAD_FRAME");
  sim.Settle();
  size_t kept = 0;
  ASSERT_TRUE(sim.store("QT")
                  .ScanPrefix(exchange::keys::kPeerFaults,
                              [&](std::string_view, std::string_view value) {
                                kept += value.size();
                                return true;
                              })
                  .ok());
  EXPECT_GT(kept, 0u);
  EXPECT_LT(kept, limits::kMaxNoticeBytes);
  v1::PeerItem filled = Filled(1);
  filled.GetReflection()->MutableUnknownFields(&filled)->AddLengthDelimited(
      99, std::string(1 << 20, 'j'));
  EXPECT_EQ(Answered(filled), Kind::EXPIRY_NOTED) << "what it brings beside its fields is dropped";
}

TEST_F(HostileNoticesTest, ProofsOfNoticesCountWithAllOthers) {
  std::string id = SentToPeer();
  storage::WriteBatch batch;
  batch.Put(exchange::keys::ProofBytes("QM"), BigEndian64(limits::kMaxKeptProofBytes - 1));
  ASSERT_TRUE(sim.store("QT").Apply(batch, storage::Durability::kSync).ok());
  Bend bend;
  bend.record = [](v1::Record* record) { record->set_actor("QM/central/o-0002"); };
  ExpectNothingRetrieved(id, bend, v1::Reason::BAD_RECEIPT);
  EXPECT_TRUE(Value(sim.ListFaults("QT/central/o-0005")).faults().empty());
}

TEST_F(HostileNoticesTest, ARetrievalUnderAnotherDirectoryOfTheSameVersionIsRefused) {
  std::string id = SentToPeer();
  Bend bend;
  bend.record = [](v1::Record* record) {
    record->mutable_directory()->set_sha256(std::string(32, 'x'));
  };
  ExpectNothingRetrieved(id, bend, v1::Reason::BAD_RECEIPT);
}

TEST_F(HostileNoticesTest, ARetrievalUnderAnUnknownDirectoryIsAskedForAndNotJudged) {
  std::string id = SentToPeer();
  std::string before = StageAtQt(id);
  Bend bend;
  bend.record = [](v1::Record* record) { record->mutable_directory()->set_version(7); };
  EXPECT_FALSE(peer.Send(Retrieval(id, v1::RetrievalResult::OPENED, bend)).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "UNKNOWN_DIRECTORY");
  EXPECT_TRUE(sim.node("QT").WantsDocuments("QM"));
  EXPECT_EQ(StageAtQt(id), before);
}

TEST_F(HostileNoticesTest, ANumberOfAnotherStateOrWithAnotherEntryIsNotFilled) {
  auto refused = [&](const std::function<void(v1::FilledNumber*)>& bend,
                     const std::function<void(v1::Record*)>& bend_record, v1::Reason::Code reason) {
    std::optional<v1::Record> answer = peer.Send(Filled(1, bend, bend_record));
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->kind(), Kind::PEER_FAULT);
    EXPECT_EQ(v1::Reason::Code_Name(answer->reason()), v1::Reason::Code_Name(reason));
    EXPECT_EQ(Used().whole(), 0u);
  };
  refused([](v1::FilledNumber* f) { f->set_sender("QT/central"); }, nullptr,
          v1::Reason::WRONG_SENDER);
  refused([](v1::FilledNumber* f) { f->set_case_id("short"); }, nullptr, v1::Reason::WRONG_SENDER);
  refused([](v1::FilledNumber* f) { f->set_message_id("short"); }, nullptr,
          v1::Reason::WRONG_SENDER);
  refused(
      nullptr, [](v1::Record* r) { r->set_kind(Kind::SUBMISSION); }, v1::Reason::BAD_RECEIPT);
  refused(
      nullptr, [](v1::Record* r) { r->set_case_id(std::string(16, 'd')); },
      v1::Reason::BAD_RECEIPT);
  refused(
      nullptr, [](v1::Record* r) { r->set_authority("QM/police"); }, v1::Reason::BAD_RECEIPT);
  refused(
      nullptr, [](v1::Record* r) { r->mutable_numbers(0)->set_number(9); },
      v1::Reason::BAD_RECEIPT);
  EXPECT_EQ(Answered(Filled(1)), Kind::EXPIRY_NOTED);
}

// What tells of a message that is here already is taken with the reserve: others wait for it.
TEST_F(HostileNoticesTest, WithADiskThatIsFullNoticesAndFilledNumbersAreTaken) {
  std::string id = SentToPeer();
  sim.store("QT").SetFreeBytes(0);
  EXPECT_EQ(Answered(Retrieval(id, v1::RetrievalResult::OPENED)), Kind::RETRIEVAL_NOTED);
  EXPECT_EQ(StageAtQt(id), "OPENED");
  EXPECT_EQ(Answered(Filled(1)), Kind::EXPIRY_NOTED);
}

}  // namespace
}  // namespace palermo::testing
