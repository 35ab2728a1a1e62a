// The recipient's side against what a hostile or broken sender's node may send.
#include "node/exchange/deliver.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/exchange/case_rules.h"
#include "node/exchange/follow_up.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/outbox.h"
#include "node/exchange/submit.h"
#include "node/trust/strict.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
using testing::WorldOptions;

WorldOptions ThreeStates() {
  WorldOptions options;
  options.states = {"QM", "QT", "QV"};
  options.request_approvals = 1;
  return options;
}

class DeliverTest : public ::testing::Test {
 protected:
  DeliverTest() : world(ThreeStates()) { view = world.View(); }

  VerifiedParcel Verify(const v1::Parcel& parcel, const std::string& own = "QT",
                        const std::string& peer = "QM") {
    crypto::Checkpoint checkpoint;
    auto known =
        trust::VerifyNodeCheckpoint(parcel.submission().checkpoint(), *world.Directory(peer));
    if (known.ok()) checkpoint = *known;
    auto lookup = [&](uint64_t version) {
      trust::DirectoryPtr newest = world.Directory(peer);
      return version == newest->body().version() ? newest : nullptr;
    };
    return VerifyParcel(view, own, peer, lookup, checkpoint, parcel);
  }
  std::string CodeFor(const v1::Parcel& parcel) { return CodeOf(Verify(parcel).status); }

  Tx Begin() { return Tx(store, next_index, "QT", world.clock.Now(), view, world.random); }
  // Decides, and makes what was decided the store's.
  v1::Record Deliver(const VerifiedParcel& parcel) {
    Tx tx = Begin();
    tx.Mark();
    uint64_t index = Value(DecideDelivery(tx, "QM", parcel));
    next_index = tx.next_index();
    storage::WriteBatch batch;
    std::vector<NewEntry> entries;
    tx.MoveInto(&batch, &entries);
    testing::DieUnlessOk(store.Apply(batch, storage::Durability::kSync), "applying");
    return RecordAt(index);
  }
  v1::Record RecordAt(uint64_t index) {
    last_index = index;
    return Value(trust::ParseRecord(Value(LoadEntry(store, index)).value().record()));
  }
  static uint64_t WholeIn(const Tx& tx, const std::string& case_id, const std::string& authority) {
    v1::CaseEntry entry = Value(LoadCase(tx, case_id));
    return UsedBy(entry, authority).whole();
  }
  v1::StoredMessage Stored(const v1::Envelope& envelope) {
    v1::StoredMessage message;
    message.ParseFromString(Value(store.Get(keys::Message(IdOf(envelope)))).value_or(""));
    return message;
  }
  static std::string IdOf(const v1::Envelope& envelope) {
    return std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id));
  }
  EnvelopeSpec After(const v1::Envelope& before, v1::Act::Code act) {
    trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(before));
    EnvelopeSpec spec;
    spec.act = act;
    spec.case_id = parsed.header.case_id();
    spec.parents = {parsed.message_id};
    return spec;
  }
  VerifiedParcel WithNumber(VerifiedParcel parcel, uint64_t number) {
    parcel.number = number;
    return parcel;
  }

  World world;
  trust::TrustPtr view;
  storage::MemoryStore store;
  uint64_t next_index = 10;
  uint64_t last_index = 0;
};

TEST_F(DeliverTest, AGoodParcelIsTaken) {
  v1::Parcel parcel = world.MakeParcel(world.MakeEnvelope({}));
  VerifiedParcel verified = Verify(parcel);
  ASSERT_TRUE(verified.status.ok()) << TextOf(verified.status);
  EXPECT_EQ(Deliver(verified).outcome(), v1::Outcome::ACCEPTED);
}

TEST_F(DeliverTest, EachChangedByteOfAnEnvelopeIsRefused) {
  v1::Parcel good = world.MakeParcel(world.MakeEnvelope({}));
  for (std::string* (v1::Envelope::*part)() :
       {&v1::Envelope::mutable_header, &v1::Envelope::mutable_stanzas,
        &v1::Envelope::mutable_body}) {
    size_t size = (good.mutable_envelope()->*part)()->size();
    for (size_t i = 0; i<size; i += size> 2000 ? 97 : 1) {
      v1::Parcel changed = good;
      (*(changed.mutable_envelope()->*part)())[i] ^= 1;
      EXPECT_FALSE(Verify(changed).status.ok()) << i;
    }
  }
}

TEST_F(DeliverTest, AMessageForSomebodyElseIsRefused) {
  EnvelopeSpec spec;
  spec.to = {"QV/central"};
  EXPECT_EQ(CodeFor(world.MakeParcel(world.MakeEnvelope(spec))), "NOT_FOR_US");
}

TEST_F(DeliverTest, APeerCannotForwardAnotherStatesMessage) {
  EnvelopeSpec spec;
  spec.from = "QV/central";
  v1::Parcel parcel = world.MakeParcel(world.MakeEnvelope(spec));
  VerifiedParcel verified = Verify(parcel, "QT", "QM");
  EXPECT_EQ(CodeOf(verified.status), "WRONG_SENDER");
  // The refusal is entered, and says nothing for good about QV's message.
  EXPECT_EQ(Deliver(verified).outcome(), v1::Outcome::REJECTED);
  EXPECT_FALSE(
      Value(store.Get(keys::Refusal(AsView(verified.parsed.message_id), "QM"))).has_value());
}

TEST_F(DeliverTest, OneApprovalShortIsRefusedHereToo) {
  v1::Envelope envelope = world.MakeEnvelope({});
  std::string list = trust::FreezeSignatures(
      {world.Sign(envelope, "QM/central/o-0001", v1::SignaturePurpose::DRAFT)});
  v1::Parcel parcel;
  *parcel.mutable_envelope() = envelope;
  parcel.set_signature_list(list);
  *parcel.mutable_submission() = world.MakeReceipt("QM", world.SubmissionRecord(envelope, list));
  EXPECT_EQ(CodeFor(parcel), "TOO_FEW_APPROVALS");
}

TEST_F(DeliverTest, AnotherListThanTheFrozenOneIsRefused) {
  v1::Parcel parcel = world.MakeParcel(world.MakeEnvelope({}));
  parcel.set_signature_list(trust::FreezeSignatures(
      {world.Sign(parcel.envelope(), "QM/central/o-0001", v1::SignaturePurpose::DRAFT),
       world.Sign(parcel.envelope(), "QM/central/o-0003", v1::SignaturePurpose::APPROVE)}));
  EXPECT_EQ(CodeFor(parcel), "SIGNATURE_LIST_CHANGED");
}

TEST_F(DeliverTest, AnUnknownDirectoryVersionIsAskedForAndNotJudged) {
  v1::Envelope envelope = world.MakeEnvelope({});
  std::string list = trust::FreezeSignatures(world.SignAll(envelope));
  v1::Record record = world.SubmissionRecord(envelope, list);
  record.mutable_directory()->set_version(7);
  v1::Parcel parcel;
  *parcel.mutable_envelope() = envelope;
  parcel.set_signature_list(list);
  *parcel.mutable_submission() = world.MakeReceipt("QM", record);
  EXPECT_EQ(CodeFor(parcel), "UNKNOWN_DIRECTORY");
}

TEST_F(DeliverTest, ASubmissionUnderADirectoryThatHadRunOutIsRefused) {
  v1::Envelope envelope = world.MakeEnvelope({});
  std::string list = trust::FreezeSignatures(world.SignAll(envelope));
  v1::Record record = world.SubmissionRecord(envelope, list);
  const v1::Directory directory = world.Directory("QM")->body();
  v1::Parcel parcel;
  *parcel.mutable_envelope() = envelope;
  parcel.set_signature_list(list);
  for (int64_t at_ms : {directory.expires_at_ms() - 1, directory.expires_at_ms()}) {
    record.set_at_ms(at_ms);
    *parcel.mutable_submission() = world.MakeReceipt("QM", record);
    EXPECT_EQ(CodeFor(parcel), at_ms < directory.expires_at_ms() ? "OK" : "DIRECTORY_EXPIRED");
  }
}

TEST_F(DeliverTest, ASubmissionLiesAfterTheEntryOfTheDirectoryThatItNames) {
  Tx tx = Begin();
  v1::Record submission;
  submission.mutable_directory()->set_version(1);
  v1::Receipt entry;
  entry.set_index(50);
  tx.Save(keys::DirectoryReceipt("QM", 1), entry);
  EXPECT_EQ(CodeOf(CheckDirectoryOrder(tx, "QM", submission, 49)), "OLD_DIRECTORY");
  EXPECT_EQ(CodeOf(CheckDirectoryOrder(tx, "QM", submission, 50)), "OLD_DIRECTORY");
  EXPECT_TRUE(CheckDirectoryOrder(tx, "QM", submission, 51).ok());
}

TEST_F(DeliverTest, WithoutProofNothingIsTakenUnderAnOlderDirectoryThanTheOneInForce) {
  v1::Record submission;
  submission.mutable_directory()->set_version(1);
  {
    Tx tx = Begin();
    EXPECT_TRUE(CheckDirectoryOrder(tx, "QM", submission, 7).ok());
  }
  world.NextDirectory("QM", nullptr);
  view = world.View();
  Tx tx = Begin();  // the entry of version 2 is not here to compare with
  EXPECT_EQ(CodeOf(CheckDirectoryOrder(tx, "QM", submission, 7)), "OLD_DIRECTORY");
}

// Between the verification and the decision the recipients' directory changed.
TEST_F(DeliverTest, AddressesAreJudgedAgainUnderTheViewOfTheDecision) {
  VerifiedParcel verified = Verify(world.MakeParcel(world.MakeEnvelope({})));
  ASSERT_TRUE(verified.status.ok());
  world.NextDirectory("QT", [&](v1::Directory* directory) {
    v1::SealingKeyEntry* key = directory->mutable_authorities(0)->mutable_sealing_keys(0);
    key->set_valid_from_ms(1);
    key->set_valid_to_ms(2);
  });
  view = world.View();
  v1::Record record = Deliver(verified);
  EXPECT_EQ(record.outcome(), v1::Outcome::REJECTED);
  EXPECT_EQ(record.reason(), v1::Reason::STALE_KEY);
}

TEST_F(DeliverTest, AReceiptOfAnotherMessageIsRefused) {
  v1::Parcel parcel = world.MakeParcel(world.MakeEnvelope({}));
  *parcel.mutable_submission() = world.MakeParcel(world.MakeEnvelope({})).submission();
  EXPECT_EQ(CodeFor(parcel), "BAD_RECEIPT");
}

TEST_F(DeliverTest, AReplayGetsTheSameEntry) {
  VerifiedParcel parcel = Verify(world.MakeParcel(world.MakeEnvelope({})));
  Deliver(parcel);
  uint64_t first = last_index;
  uint64_t entries = next_index;
  Deliver(parcel);
  EXPECT_EQ(last_index, first);
  EXPECT_EQ(next_index, entries);
}

TEST_F(DeliverTest, ANumberServesOneMessageOnly) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(Verify(world.MakeParcel(request)));
  v1::Envelope query = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  v1::Record record = Deliver(WithNumber(Verify(world.MakeParcel(query)), 1));
  EXPECT_EQ(record.outcome(), v1::Outcome::REJECTED);
  EXPECT_EQ(record.reason(), v1::Reason::WRONG_NUMBER);
}

TEST_F(DeliverTest, AGapHoldsBackTheActAndNotTheMessage) {
  v1::Envelope request = world.MakeEnvelope({});
  v1::Envelope query = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  EXPECT_EQ(Deliver(WithNumber(Verify(world.MakeParcel(query)), 2)).outcome(),
            v1::Outcome::ACCEPTED);
  EXPECT_TRUE(Stored(query).held());
  EXPECT_EQ(Deliver(WithNumber(Verify(world.MakeParcel(request)), 1)).outcome(),
            v1::Outcome::ACCEPTED);
  EXPECT_FALSE(Stored(query).held());
  EXPECT_FALSE(Stored(query).illegal());
}

TEST_F(DeliverTest, AnIllegalActIsRefusedAndFillsItsNumber) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(WithNumber(Verify(world.MakeParcel(request)), 1));
  v1::Envelope close = world.MakeEnvelope(After(request, v1::Act::CLOSE));
  v1::Record record = Deliver(WithNumber(Verify(world.MakeParcel(close)), 2));
  EXPECT_EQ(record.outcome(), v1::Outcome::REJECTED);
  EXPECT_EQ(record.reason(), v1::Reason::ILLEGAL_ACT);
  v1::Envelope query = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  EXPECT_EQ(Deliver(WithNumber(Verify(world.MakeParcel(query)), 3)).outcome(),
            v1::Outcome::ACCEPTED);
  EXPECT_FALSE(Stored(query).held());
}

TEST_F(DeliverTest, AnActThatNamesAnUnknownParentIsRefused) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(WithNumber(Verify(world.MakeParcel(request)), 1));
  EnvelopeSpec spec = After(request, v1::Act::STATUS_QUERY);
  spec.parents = {Hash{1, 2, 3}};
  v1::Record record = Deliver(WithNumber(Verify(world.MakeParcel(world.MakeEnvelope(spec))), 2));
  EXPECT_EQ(record.reason(), v1::Reason::UNKNOWN_PARENT);
}

TEST_F(DeliverTest, TheReceiversTimeDecidesExpiry) {
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  VerifiedParcel parcel = Verify(world.MakeParcel(world.MakeEnvelope(spec)));
  world.clock.Advance(absl::Hours(2));
  v1::Record record = Deliver(parcel);
  EXPECT_EQ(record.outcome(), v1::Outcome::EXPIRED);
  EXPECT_EQ(record.reason(), v1::Reason::EXPIRED);
}

TEST_F(DeliverTest, AFilledNumberThatDoesNotVerifyFillsNothing) {
  v1::FilledNumber filled;
  filled.set_message_id(std::string(32, 'm'));
  filled.set_case_id(std::string(16, 'c'));
  filled.set_sender("QM/central");
  filled.set_number(1);
  Tx tx = Begin();
  Value(DecideFilled(tx, "QM", filled, Refused("BAD_RECEIPT", "no")));
  EXPECT_EQ(WholeIn(tx, filled.case_id(), filled.sender()), 0U);
  EXPECT_FALSE(Value(tx.Get(keys::Refusal(filled.message_id(), "QM"))).has_value());
}

TEST_F(DeliverTest, ARefusalOfOnePeerSaysNothingAboutAnothersMessage) {
  EnvelopeSpec spec;
  spec.from = "QV/central";
  v1::Envelope theirs = world.MakeEnvelope(spec);
  v1::FilledNumber filled;
  filled.set_message_id(IdOf(theirs));
  filled.set_case_id(std::string(16, 'c'));
  filled.set_sender("QM/central");
  filled.set_number(1);
  Tx tx = Begin();
  Value(DecideFilled(tx, "QM", filled, absl::OkStatus()));
  EXPECT_TRUE(Value(tx.Get(keys::Refusal(filled.message_id(), "QM"))).has_value());
  EXPECT_FALSE(Value(tx.Get(keys::Refusal(filled.message_id(), "QV"))).has_value());
}

TEST_F(DeliverTest, ANumberKeepsItsFirstUse) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(WithNumber(Verify(world.MakeParcel(request)), 1));
  v1::Envelope early = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  Deliver(WithNumber(Verify(world.MakeParcel(early)), 3));
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(early));
  v1::FilledNumber filled;
  filled.set_message_id(std::string(32, 'm'));
  filled.set_case_id(parsed.header.case_id());
  filled.set_sender("QM/central");
  Tx tx = Begin();
  for (uint64_t number : {1, 3}) {
    filled.set_number(number);
    Value(DecideFilled(tx, "QM", filled, absl::OkStatus()));
  }
  auto use = Value(tx.Load<v1::NumberUse>(keys::NumberUse(filled.case_id(), filled.sender(), 3)));
  ASSERT_TRUE(use.has_value());
  EXPECT_EQ(use->message_id(), AsView(parsed.message_id));
  EXPECT_EQ(WholeIn(tx, filled.case_id(), filled.sender()), 1U);
}

TEST_F(DeliverTest, MadeUpAuthoritiesUseNoNumbersWithoutEnd) {
  v1::FilledNumber filled;
  filled.set_case_id(std::string(16, 'c'));
  filled.set_number(1);
  Tx tx = Begin();
  for (int i = 0; i < 600; ++i) {
    filled.set_message_id(absl::StrFormat("%032d", i));
    filled.set_sender(absl::StrFormat("QM/a%d", i));
    Value(DecideFilled(tx, "QM", filled, absl::OkStatus()));
  }
  const v1::CaseEntry entry = Value(LoadCase(tx, filled.case_id()));
  EXPECT_EQ(entry.used_size(), static_cast<int>(limits::kMaxAuthoritiesPerState));
  EXPECT_EQ(WholeIn(tx, filled.case_id(), "QM/a0"), 1U);
}

TEST_F(DeliverTest, ANumberThatWasUsedIsRefusedForAnotherMessage) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(WithNumber(Verify(world.MakeParcel(request)), 1));
  v1::Envelope early = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  Deliver(WithNumber(Verify(world.MakeParcel(early)), 3));
  for (uint64_t number : {1, 3}) {
    v1::Envelope other = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
    v1::Record record = Deliver(WithNumber(Verify(world.MakeParcel(other)), number));
    EXPECT_EQ(record.reason(), v1::Reason::WRONG_NUMBER) << number;
  }
}

TEST_F(DeliverTest, WhatWasHeldLeavesNoNumberBehind) {
  v1::Envelope request = world.MakeEnvelope({});
  Deliver(WithNumber(Verify(world.MakeParcel(request)), 1));
  v1::Envelope third = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  Deliver(WithNumber(Verify(world.MakeParcel(third)), 3));
  EXPECT_TRUE(Stored(third).held());
  v1::Envelope second = world.MakeEnvelope(After(request, v1::Act::STATUS_QUERY));
  Deliver(WithNumber(Verify(world.MakeParcel(second)), 2));
  EXPECT_FALSE(Stored(third).held());
  v1::Header header = Value(trust::ParseEnvelope(request)).header;
  Tx tx = Begin();
  EXPECT_EQ(WholeIn(tx, header.case_id(), header.sender()), 3U);
  EXPECT_FALSE(Value(tx.Get(keys::NumberUse(header.case_id(), header.sender(), 3))).has_value());
}

TEST_F(DeliverTest, TooManyMissingNumbersAreRefusedAndNotHeld) {
  VerifiedParcel parcel = Verify(world.MakeParcel(world.MakeEnvelope({})));
  v1::Record record = Deliver(WithNumber(parcel, limits::kMaxHeldNumbers + 1));
  EXPECT_EQ(record.reason(), v1::Reason::TOO_MANY);
}

TEST_F(DeliverTest, AnAnswerMustFitItsItem) {
  Tx tx = Begin();
  v1::OutboxItem item;
  item.set_kind(v1::OutboxItem::PARCEL);
  item.set_message_id(std::string(32, 'm'));
  std::string key = Value(AddToOutbox(tx, "QM", false, 7, item));
  v1::Record fault;
  fault.set_kind(v1::RecordKind::PEER_FAULT);
  fault.set_outcome(v1::Outcome::REJECTED);
  EXPECT_EQ(CodeOf(DecideAnswer(tx, "QM", key, v1::Receipt(), fault)), "BAD_RECEIPT");
  v1::Record pending;
  pending.set_kind(v1::RecordKind::DELIVERY);
  pending.set_outcome(v1::Outcome::PENDING);
  EXPECT_EQ(CodeOf(DecideAnswer(tx, "QM", key, v1::Receipt(), pending)), "BAD_RECEIPT");
  EXPECT_TRUE(Value(tx.Get(key)).has_value());
}

TEST_F(DeliverTest, OnlyAnOfficerOfARecipientOpensAMessage) {
  Tx tx(store, next_index, "QM", world.clock.Now(), view, world.random);
  v1::Envelope envelope = world.MakeEnvelope({});
  CheckedMessage message =
      Value(CheckMessage(view, "QM", envelope, world.SignAll(envelope), world.clock.Now()));
  Value(DecideDraft(tx, message, "QM/central/o-0001"));
  v1::PeerNotice notice;
  notice.set_message_id(IdOf(envelope));
  v1::RetrievalStatement statement;
  statement.set_message_id(notice.message_id());
  statement.set_officer("QT/police/o-0001");
  statement.set_result(v1::RetrievalResult::OPENED);
  Value(DecideNotice(tx, "QT", notice, absl::OkStatus(), statement));
  v1::Record last = Value(trust::ParseRecord(tx.entries().back().record));
  EXPECT_EQ(last.kind(), v1::RecordKind::PEER_FAULT);
  EXPECT_EQ(last.reason(), v1::Reason::WRONG_ROLE);
}

TEST_F(DeliverTest, ARetrievalIsJudgedByTheDirectoryThatIsEntered) {
  const v1::Envelope envelope = world.MakeEnvelope({});
  Deliver(Verify(world.MakeParcel(envelope)));
  v1::RetrievalStatement statement;
  statement.set_message_id(IdOf(envelope));
  statement.set_officer("QT/central/o-0001");
  statement.set_result(v1::RetrievalResult::OPENED);
  // Signed by nobody whom this directory names, whatever the call found before.
  v1::SignedRetrieval retrieval;
  retrieval.set_statement(statement.SerializeAsString());
  Tx tx = Begin();
  EXPECT_FALSE(DecideRetrieval(tx, retrieval, statement).ok());
  EXPECT_TRUE(tx.entries().empty());
}

TEST_F(DeliverTest, AFullOutboxRefusesTheMessageAndKeepsNothingOfIt) {
  Tx tx(store, next_index, "QM", world.clock.Now(), view, world.random);
  tx.PutCounter(keys::OutboxCount("QT"), limits::kMaxOutboxItemsPerPeer);
  v1::Envelope envelope = world.MakeEnvelope({});
  CheckedMessage message =
      Value(CheckMessage(view, "QM", envelope, world.SignAll(envelope), world.clock.Now()));
  tx.Mark();
  auto outcome = DecideDraft(tx, message, "QM/central/o-0001");
  EXPECT_EQ(CodeOf(outcome.status()), "OUTBOX_FULL");
  tx.Rollback();
  EXPECT_FALSE(Value(tx.Get(keys::Message(IdOf(envelope)))).has_value());
  EXPECT_TRUE(tx.entries().empty());
}

TEST_F(DeliverTest, ARefusedDecisionLeavesOnlyItsEntry) {
  Tx tx = Begin();
  tx.Put("kept", "1");
  tx.Mark();
  tx.Put("kept", "2");
  tx.Put("new", "3");
  tx.Append(v1::Record());
  tx.AppendAfterRollback(v1::Record());
  tx.Rollback();
  EXPECT_EQ(Value(tx.Get("kept")).value_or(""), "1");
  EXPECT_FALSE(Value(tx.Get("new")).has_value());
  EXPECT_EQ(tx.entries().size(), 1U);
}

}  // namespace
}  // namespace palermo::exchange
