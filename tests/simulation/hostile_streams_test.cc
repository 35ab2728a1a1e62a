// A hostile state's streams: answers that do not fit, documents that never come, frames that are
// none, and what of it the counters say.
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/desk/parcel_proof.h"
#include "node/exchange/keys.h"
#include "node/trust/strict.h"
#include "tests/simulation/hostile_fixture.h"

namespace palermo::testing {
namespace {

using Kind = v1::RecordKind;

class HostileStreamsTest : public HostileTest {
 protected:
  // QM's act in the case that its request opened, as its honest node would not let it through.
  v1::Envelope After(const v1::Envelope& request, v1::Act::Code act) {
    trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(request));
    EnvelopeSpec spec;
    spec.act = act;
    spec.case_id = parsed.header.case_id();
    spec.parents = {parsed.message_id};
    return sim.world.MakeEnvelope(spec);
  }
  static void SecondNumber(v1::Record* record) {
    for (auto& number : *record->mutable_numbers()) number.set_number(2);
  }
  // Another directory of the same version, each with another end.
  void OfferFork(int64_t which) {
    v1::Directory other = sim.world.Directory("QM")->body();
    other.set_expires_at_ms(other.expires_at_ms() - which);
    v1::GetDocumentsResponse offered = peer.Documents();
    offered.clear_directory();
    *offered.add_steps()->mutable_directory() = sim.world.SignDirectory("QM", other);
    EXPECT_EQ(CodeOf(peer.Offer(offered).status()), "VERSION_FORK");
  }
  size_t EntriesAt(const std::string& method, v1::Reason::Code reason) {
    size_t count = 0;
    for (const v1::Record& entry : sim.Ledger("QT")) {
      count += entry.kind() == Kind::REFUSED_CALL && entry.method() == method &&
               entry.reason() == reason;
    }
    return count;
  }
};

TEST_F(HostileStreamsTest, AnIllegalActIsKeptAsItsSendersFault) {
  v1::Envelope request = To({"QT/central"});
  ExpectTaken(peer.Submit(request, Signed(request)));
  v1::Envelope close = After(request, v1::Act::CLOSE);
  ExpectRefused(peer.Submit(close, Signed(close), SecondNumber), "ILLEGAL_ACT");
}

TEST_F(HostileStreamsTest, WhatIsKeptConvictsTheSenderBeforeAThirdPerson) {
  v1::Envelope bad = To({"QT/central"});
  std::vector<v1::OfficerSignature> draft = {
      Sign(bad, "QM/central/o-0001", v1::SignaturePurpose::DRAFT)};
  peer.Send(peer.Submit(bad, draft));
  v1::RefusedParcel kept;
  ASSERT_TRUE(kept.ParseFromString(ShownFault("TOO_FEW_APPROVALS").documents(0).document()));
  trust::DirectoryPtr directory = sim.world.Directory("QM");
  desk::ParcelProof proof = Value(desk::VerifyParcelProof(kept, *directory));
  EXPECT_EQ(CodeOf(proof.judged), "TOO_FEW_APPROVALS");
  EXPECT_EQ(proof.signatures.size(), 1U);
  EXPECT_EQ(proof.header.sender(), "QM/central");
  // Another header, other signatures, another state's directory: nothing is proved.
  v1::RefusedParcel changed = kept;
  changed.mutable_header()->append("\x0a\x00", 2);
  EXPECT_FALSE(desk::VerifyParcelProof(changed, *directory).ok());
  changed = kept;
  changed.set_body_sha256(std::string(32, 'b'));
  EXPECT_EQ(CodeOf(desk::VerifyParcelProof(changed, *directory).status()), "BAD_RECEIPT");
  changed = kept;
  changed.set_signature_list(trust::FreezeSignatures(Signed(bad)));
  EXPECT_EQ(CodeOf(desk::VerifyParcelProof(changed, *directory).status()), "BAD_RECEIPT");
  EXPECT_EQ(CodeOf(desk::VerifyParcelProof(kept, *sim.world.Directory("QV")).status()),
            "BAD_RECEIPT");
  // Under the next directory the receipt still holds; who signed is judged by the one it names.
  sim.world.NextDirectory("QM", nullptr);
  EXPECT_EQ(CodeOf(Value(desk::VerifyParcelProof(kept, *sim.world.Directory("QM"))).judged),
            "UNKNOWN_DIRECTORY");
}

TEST_F(HostileStreamsTest, AnActThatWaitedAndWasIllegalIsShown) {
  v1::Envelope request = To({"QT/central"});
  v1::Parcel first = peer.Submit(request, Signed(request));
  v1::Envelope close = After(request, v1::Act::CLOSE);
  v1::Parcel second = peer.Submit(close, Signed(close), SecondNumber);
  ExpectTaken(second);
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
  ExpectTaken(first);
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults(0).code(), "ILLEGAL_ACT");
}

TEST_F(HostileStreamsTest, CountersTellRefusalsFromDeliveries) {
  exchange::NodeStats before = sim.node("QT").Stats();
  v1::Envelope good = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(good, Signed(good));
  ExpectTaken(parcel);
  peer.Dial();
  ExpectTaken(parcel);
  exchange::NodeStats taken = sim.node("QT").Stats();
  EXPECT_EQ(taken.delivered, before.delivered + 1);
  EXPECT_EQ(taken.refused, before.refused);
  EXPECT_EQ(taken.peer_faults, before.peer_faults);
  v1::Envelope bad = To({"QT/central"});
  std::vector<v1::OfficerSignature> draft = {
      Sign(bad, "QM/central/o-0001", v1::SignaturePurpose::DRAFT)};
  EXPECT_EQ(peer.Send(peer.Submit(bad, draft))->reason(), v1::Reason::TOO_FEW_APPROVALS);
  exchange::NodeStats refused = sim.node("QT").Stats();
  EXPECT_EQ(refused.delivered, taken.delivered);
  EXPECT_EQ(refused.refused, taken.refused + 1);
  EXPECT_EQ(refused.peer_faults, taken.peer_faults + 1);
}

TEST_F(HostileStreamsTest, AnAnswerOfAnotherKindIsAFaultAndTheItemGoesOutAgain) {
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  std::string id = sim.Send(sim.world.MakeEnvelope(spec));
  FrameQueue sink;
  auto session = peer.Listen(&sink);
  ASSERT_TRUE(sink.closed.ok()) << sink.closed;
  ASSERT_EQ(sink.frames.back().items().items_size(), 1);
  v1::Record record = peer.Delivery(id);
  record.set_kind(Kind::RETRIEVAL_NOTED);
  v1::PeerFrame wrong;
  *wrong.mutable_answers() = peer.Answer(1, record);
  session->OnFrame(wrong);
  sim.Settle();
  EXPECT_EQ(CodeOf(sink.closed), "BAD_RECEIPT");
  ShownFault("BAD_RECEIPT");
  session.reset();
  // The next stream brings the item again, and a fitting answer ends it.
  FrameQueue next;
  session = peer.Listen(&next);
  ASSERT_TRUE(next.closed.ok()) << next.closed;
  ASSERT_EQ(next.frames.back().items().items_size(), 1);
  record.set_kind(Kind::DELIVERY);
  v1::PeerFrame fitting;
  *fitting.mutable_answers() = peer.Answer(1, record);
  session->OnFrame(fitting);
  sim.Settle();
  EXPECT_TRUE(next.closed.ok()) << next.closed;
  EXPECT_EQ(sim.node("QT").Stats().relayed, 1U);
}

TEST_F(HostileStreamsTest, BytesThatAreNoFrameAreAFaultOnEitherStream) {
  FrameQueue sink;
  auto inbound = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
  inbound->OnUnreadable();
  sim.Settle();
  EXPECT_EQ(CodeOf(sink.closed), "BAD_FRAME");
  ShownFault("BAD_FRAME");
  sim.world.clock.Advance(absl::Milliseconds(limits::kPeerFaultEntryMillis));
  FrameQueue dialled;
  auto outbound = Value(sim.node("QT").OpenOutbound("QM", &dialled));
  outbound->OnUnreadable();
  sim.Settle();
  EXPECT_EQ(CodeOf(dialled.closed), "BAD_FRAME");
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults_size(), 2);
}

TEST_F(HostileStreamsTest, EachProofOfAFaultIsKeptAlsoWithinOneMinute) {
  for (int i = 1; i <= 2; ++i) OfferFork(i);
  v1::ListPeerFaultsResponse listed = Value(sim.ListFaults(kAdminOfQt));
  ASSERT_EQ(listed.faults_size(), 2);
  EXPECT_NE(listed.faults(0).evidence_sha256(), listed.faults(1).evidence_sha256());
}

TEST_F(HostileStreamsTest, OnePeersFaultsAreEnteredUpToALimitEachMinute) {
  for (size_t i = 1; i <= limits::kMaxPeerFaultEntries + 3; ++i) {
    OfferFork(static_cast<int64_t>(i));
  }
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults_size(),
            static_cast<int>(limits::kMaxPeerFaultEntries));
}

TEST_F(HostileStreamsTest, ProofsDoNotFillTheDiskAndWhatIsOverIsStillEntered) {
  const std::string key = exchange::keys::ProofBytes("QM");
  storage::WriteBatch batch;
  batch.Put(key, BigEndian64(limits::kMaxKeptProofBytes - 1));
  ASSERT_TRUE(sim.store("QT").Apply(batch, storage::Durability::kSync).ok());
  size_t entries = sim.node("QT").Stats().ledger_size;
  OfferFork(1);
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
  v1::Record last;
  for (const v1::Record& entry : sim.Ledger("QT")) {
    if (entry.kind() == Kind::PEER_FAULT) last = entry;
  }
  EXPECT_GT(sim.node("QT").Stats().ledger_size, entries);
  EXPECT_EQ(last.reason(), v1::Reason::VERSION_FORK);
  EXPECT_FALSE(last.evidence_sha256().empty());
}

TEST_F(HostileStreamsTest, FaultsWithoutAProofAreKeptUpToALimitAndEachIsEntered) {
  uint64_t before = sim.node("QT").Stats().ledger_size;
  const uint64_t more = limits::kMaxKeptPlainFaults + 2;
  for (uint64_t i = 0; i < more; ++i) {
    FrameQueue sink;
    auto inbound = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
    inbound->OnUnreadable();
    sim.Settle();
    sim.world.clock.Advance(absl::Milliseconds(limits::kPeerFaultEntryMillis));
  }
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before + more);
  v1::ListPeersResponse peers = Value(sim.ListPeers(kAdminOfQt));
  EXPECT_EQ(peers.peers(0).faults(), limits::kMaxKeptPlainFaults);
  // The newest shows, kept or not.
  EXPECT_EQ(peers.peers(0).last_fault_at_ms(),
            ToMillis(sim.world.clock.Now()) - limits::kPeerFaultEntryMillis);
  EXPECT_GT(peers.peers(0).last_fault_at_ms(), Value(sim.ListFaults(kAdminOfQt)).faults(0).at_ms());
  // What convicts it is kept all the same.
  OfferFork(1);
  EXPECT_EQ(Value(sim.ListPeers(kAdminOfQt)).peers(0).faults(), limits::kMaxKeptPlainFaults + 1);
}

TEST_F(HostileStreamsTest, WhatAReceiptBringsBesideItsFieldsIsNotStored) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope));
  v1::Receipt* receipt = parcel.mutable_submission();
  receipt->GetReflection()->MutableUnknownFields(receipt)->AddLengthDelimited(
      99, std::string(1 << 20, 'j'));
  ExpectTaken(parcel);
  auto stored = Value(sim.store("QT").Get(exchange::keys::Message(AsView(IdOf(envelope)))));
  ASSERT_TRUE(stored.has_value());
  EXPECT_LT(stored->size(), limits::kMaxNoticeBytes);
}

// The peer's answer came while the node's token was away: the item must not be lost on the way.
TEST_F(HostileStreamsTest, AnAnswerThatCannotBeEnteredEndsTheStreamAndTheItemGoesOutAgain) {
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  std::string id = sim.Send(sim.world.MakeEnvelope(spec));
  FrameQueue sink;
  auto session = peer.Listen(&sink);
  const v1::Record record = peer.Delivery(id);
  v1::PeerFrame answer;
  *answer.mutable_answers() = peer.Answer(1, record);
  sim.signer("QT").away = true;
  session->OnFrame(answer);
  sim.Settle();
  EXPECT_EQ(CodeOf(sink.closed), "CANNOT_SIGN");
  sim.signer("QT").away = false;
  session.reset();
  FrameQueue next;
  session = peer.Listen(&next);
  ASSERT_TRUE(next.closed.ok()) << next.closed;
  ASSERT_EQ(next.frames.back().items().items_size(), 1);
  *answer.mutable_answers() = peer.Answer(1, record);
  session->OnFrame(answer);
  sim.Settle();
  EXPECT_TRUE(next.closed.ok()) << next.closed;
  EXPECT_EQ(Value(sim.Explain("QT/central/o-0001", id)).recipients(0).stage(), "DELIVERED");
}

TEST_F(HostileStreamsTest, AnAnswerThatFailsAfterItsStreamIsGoneTouchesNothing) {
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  std::string id = sim.Send(sim.world.MakeEnvelope(spec));
  FrameQueue sink;
  auto session = peer.Listen(&sink);
  const v1::Record record = peer.Delivery(id);
  v1::PeerFrame answer;
  *answer.mutable_answers() = peer.Answer(1, record);
  sim.signer("QT").away = true;
  session->OnFrame(answer);
  session.reset();
  sim.Settle();  // the address sanitizer sees it
  EXPECT_TRUE(sink.closed.ok()) << sink.closed;
}

TEST_F(HostileStreamsTest, FaultsOfOnePeerWaitUpToALimitWhileTheTokenIsAway) {
  const uint64_t before = sim.node("QT").Stats().ledger_size;
  sim.signer("QT").away = true;
  for (int64_t which = 1; which <= 12; ++which) OfferFork(which);
  sim.Settle();
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before);
  sim.signer("QT").away = false;
  sim.node("QT").Tick();
  sim.Settle();
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before + limits::kMaxWaitingFaultsOfAPeer);
  OfferFork(12);  // was dropped, and is no repetition
  sim.Settle();
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, before + limits::kMaxWaitingFaultsOfAPeer + 1);
}

TEST_F(HostileStreamsTest, AMessageDatedAheadOfItsOwnSubmissionIsRefused) {
  v1::Header header = sim.world.MakeHeader({});
  header.set_created_at_ms(ToMillis(sim.world.clock.Now() + absl::Hours(1)));
  v1::Envelope envelope = sim.world.SealEnvelope(header, "\x08\x01");
  std::optional<v1::Record> answer = peer.Send(peer.Submit(envelope, Signed(envelope)));
  ASSERT_TRUE(answer.has_value()) << peer.closed();
  EXPECT_EQ(answer->reason(), v1::Reason::CREATED_IN_FUTURE);
}

TEST_F(HostileStreamsTest, AMessageDatedMoreThanADayAheadIsRefusedAndHoldsUpNothing) {
  v1::Header header = sim.world.MakeHeader({});
  header.set_created_at_ms(ToMillis(sim.world.clock.Now() + absl::Hours(25)));
  v1::Envelope envelope = sim.world.SealEnvelope(header, "\x08\x01");
  std::optional<v1::Record> answer =
      peer.Send(peer.Submit(envelope, Signed(envelope), [&](v1::Record* record) {
        record->set_at_ms(header.created_at_ms());
      }));
  ASSERT_TRUE(answer.has_value()) << peer.closed();
  EXPECT_EQ(answer->reason(), v1::Reason::CREATED_IN_FUTURE);
}

TEST_F(HostileStreamsTest, WhatALinkSaysIsTextAndHidesNobody) {
  sim.node("QT").SetLink("QM", Cat({"unreachable: \xff\xc2\x9b", std::string(300, 'x')}));
  v1::ListPeersResponse peers = Value(sim.ListPeers(kAdminOfQt));
  v1::ListPeersResponse received;
  EXPECT_TRUE(received.ParseFromString(peers.SerializeAsString()));
  EXPECT_EQ(received.peers(0).link().substr(0, 15), "unreachable: ? ");
  EXPECT_LE(received.peers(0).link().size(), 200u);
}

TEST_F(HostileStreamsTest, EntriesUnderADirectoryThatNeverComesAreAFaultAfterAnHour) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope), [](v1::Record* record) {
    record->mutable_directory()->set_version(7);
  });
  EXPECT_FALSE(peer.Send(parcel).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "UNKNOWN_DIRECTORY");
  EXPECT_TRUE(Value(sim.ListFaults(kAdminOfQt)).faults().empty());
  sim.world.clock.Advance(absl::Milliseconds(limits::kMissingDirectoryMillis));
  EXPECT_FALSE(peer.Send(parcel).has_value());
  EXPECT_NE(ShownFault("UNKNOWN_DIRECTORY").text().find("version 7"), std::string::npos);
}

TEST_F(HostileStreamsTest, AStrangersStreamIsEnteredNowAndThen) {
  FrameQueue sink;
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound({std::string(32, 's')}, &sink).status()),
              "WRONG_PEER");
  }
  sim.Settle();
  EXPECT_EQ(EntriesAt("Exchange", v1::Reason::WRONG_PEER), 1U);
}

TEST_F(HostileStreamsTest, APeerWhoseDirectoryRanOutGetsNoFurtherAndItIsEntered) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope));
  v1::Directory body;
  ASSERT_TRUE(body.ParseFromString(sim.world.state("QM").directory.document()));
  sim.world.clock.Advance(FromMillis(body.expires_at_ms()) - sim.world.clock.Now());
  EXPECT_FALSE(peer.Send(parcel).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "DIRECTORY_EXPIRED");
  sim.Settle();
  EXPECT_EQ(EntriesAt("Exchange", v1::Reason::DIRECTORY_EXPIRED), 1U);
}

TEST_F(HostileStreamsTest, APeerWhoseDirectoryIsDatedAheadGetsNoFurtherAndItIsEntered) {
  peer.Publish([&](v1::Directory* directory) {
    directory->set_issued_at_ms(ToMillis(sim.world.clock.Now() + absl::Hours(1)));
  });
  v1::Envelope envelope = To({"QT/central"});
  v1::Parcel parcel = peer.Submit(envelope, Signed(envelope));
  EXPECT_FALSE(peer.Send(parcel).has_value());
  EXPECT_EQ(CodeOf(peer.closed()), "DIRECTORY_NOT_YET_VALID");
  sim.Settle();
  EXPECT_EQ(EntriesAt("Exchange", v1::Reason::DIRECTORY_EXPIRED), 1U);
  // What it entered before that time stays wrong; what it enters from then on is good.
  sim.world.clock.Advance(absl::Hours(1));
  std::optional<v1::Record> early = peer.Send(parcel);
  ASSERT_TRUE(early.has_value()) << peer.closed();
  EXPECT_EQ(early->outcome(), v1::Outcome::REJECTED);
  EXPECT_EQ(Value(sim.ListFaults(kAdminOfQt)).faults(0).code(), "DIRECTORY_NOT_YET_VALID");
  v1::Envelope later = To({"QT/central"});
  ExpectTaken(peer.Submit(later, Signed(later)));
}

TEST_F(HostileStreamsTest, ASubmissionAfterItsDirectoryRanOutIsRefused) {
  v1::Envelope envelope = To({"QT/central"});
  v1::Directory body;
  ASSERT_TRUE(body.ParseFromString(sim.world.state("QM").directory.document()));
  ExpectRefused(peer.Submit(envelope, Signed(envelope),
                            [&](v1::Record* record) { record->set_at_ms(body.expires_at_ms()); }),
                "DIRECTORY_EXPIRED");
}

}  // namespace
}  // namespace palermo::testing
