// The exchange from end to end, in one thread: what must hold between two nodes whatever comes.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "node/casework/state_machine.h"
#include "node/exchange/keys.h"
#include "node/trust/strict.h"
#include "storage/tree_layout.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

constexpr char kQm[] = "QM/central";

EnvelopeSpec Follow(const v1::Envelope& before, const std::string& from, const std::string& to,
                    v1::Act::Code act) {
  trust::ParsedEnvelope parsed = Value(trust::ParseEnvelope(before));
  EnvelopeSpec spec;
  spec.from = from;
  spec.to = {to};
  spec.act = act;
  spec.case_id = parsed.header.case_id();
  spec.parents = {parsed.message_id};
  return spec;
}

std::string IdOf(const v1::Envelope& envelope) {
  return std::string(AsView(Value(trust::ParseEnvelope(envelope)).message_id));
}

size_t Count(const std::vector<v1::Record>& ledger, v1::RecordKind::Code kind) {
  size_t count = 0;
  for (const auto& record : ledger) count += record.kind() == kind;
  return count;
}

class ExchangeTest : public ::testing::Test {
 protected:
  void Meet() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  // The status of a message at QT as its sender sees it.
  v1::RecipientStatus StatusAt(const std::string& id) {
    v1::ExplainResponse answer = Value(sim.Explain("QM/central/o-0001", id));
    return answer.recipients_size() == 0 ? v1::RecipientStatus() : answer.recipients(0);
  }
  std::vector<v1::MessageSummary> SentByQm(bool with_void) {
    v1::ListMessagesRequest request;
    request.set_with_void(with_void);
    std::optional<absl::StatusOr<v1::ListMessagesResponse>> answer;
    sim.node("QM").ListMessages(sim.CallerOf("QM/central/o-0001"), request,
                                [&](auto response) { answer = std::move(response); });
    const v1::ListMessagesResponse list = Value(*std::move(answer));
    return {list.messages().begin(), list.messages().end()};
  }
  Simulation sim;
};

TEST_F(ExchangeTest, ARequestCrossesAndItsReceiptsVerify) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  std::string id = sim.Send(request);
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
  v1::FetchMessageResponse got = Value(sim.Fetch("QT/central/o-0001", id));
  EXPECT_EQ(got.envelope().SerializeAsString(), request.SerializeAsString());
  Value(sim.Report("QT/central/o-0001", id, v1::RetrievalResult::OPENED));
  sim.Settle();
  v1::ExplainResponse told = Value(sim.Explain("QM/central/o-0001", id));
  EXPECT_EQ(told.recipients(0).stage(), "OPENED");
  ASSERT_EQ(told.receipts_size(), 3);  // submission, delivery, retrieval
  for (const auto& stored : told.receipts()) {
    EXPECT_TRUE(trust::VerifyReceipt(stored.receipt(), *sim.world.Directory(stored.state())).ok());
  }
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok());
}

TEST_F(ExchangeTest, ADraftWaitsForItsApprovalsAndIsEnteredStepByStep) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  EXPECT_EQ(Value(sim.Submit(request, "QM/central/o-0001")).approvals_missing(), 2U);
  EXPECT_EQ(Value(sim.Approve(request, "QM/central/o-0002")).approvals_missing(), 1U);
  sim.Settle();
  EXPECT_EQ(Count(sim.Ledger("QT"), v1::RecordKind::DELIVERY), 0U);
  EXPECT_EQ(Value(sim.Approve(request, "QM/central/o-0003")).outcome(), v1::Outcome::ACCEPTED);
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::DRAFT), 1U);
  EXPECT_EQ(Count(ledger, v1::RecordKind::APPROVE), 2U);
  EXPECT_EQ(Count(ledger, v1::RecordKind::SUBMISSION), 1U);
}

TEST_F(ExchangeTest, TheDrafterCannotApproveAndTheRefusalIsEntered) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  Value(sim.Submit(request, "QM/central/o-0001"));
  EXPECT_EQ(CodeOf(sim.Approve(request, "QM/central/o-0001").status()), "WRONG_ROLE");
  EXPECT_EQ(CodeOf(sim.Approve(request, "QM/central/o-0004").status()), "WRONG_ROLE");
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::REFUSED_CALL), 2U);
  EXPECT_EQ(Count(ledger, v1::RecordKind::SUBMISSION), 0U);
}

TEST_F(ExchangeTest, AnUnknownRecipientIsRefusedAtTheSendersNode) {
  Meet();
  EnvelopeSpec spec;
  v1::Header header = sim.world.MakeHeader(spec);
  header.set_recipients(0, "QT/nobody");
  v1::Envelope envelope = sim.world.MakeEnvelope(spec);
  v1::Stanzas stanzas;
  ASSERT_TRUE(stanzas.ParseFromString(envelope.stanzas()));
  for (auto& stanza : *stanzas.mutable_stanzas()) {
    if (stanza.authority() == "QT/central") stanza.set_authority("QT/nobody");
  }
  envelope.set_header(trust::StrictSerialize(header));
  envelope.set_stanzas(trust::StrictSerialize(stanzas));
  EXPECT_EQ(CodeOf(sim.Submit(envelope, "QM/central/o-0001").status()), "UNKNOWN_RECIPIENT");
}

TEST_F(ExchangeTest, TheSameMessageAgainGetsTheSameEntry) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.Send(request);
  sim.Settle();
  uint64_t before = Count(sim.Ledger("QM"), v1::RecordKind::SUBMISSION);
  v1::SubmitResponse again = Value(sim.Submit(request, "QM/central/o-0001"));
  EXPECT_EQ(again.outcome(), v1::Outcome::ACCEPTED);
  v1::Record record = Value(trust::VerifyReceipt(again.receipt(), *sim.world.Directory("QM")));
  EXPECT_EQ(record.kind(), v1::RecordKind::SUBMISSION);
  EXPECT_EQ(Count(sim.Ledger("QM"), v1::RecordKind::SUBMISSION), before);
}

TEST_F(ExchangeTest, AnIllegalActIsRefusedBeforeItLeaves) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.Send(request);
  sim.Settle();
  // The requested state cannot give a final result before it has received and admitted.
  v1::Envelope result =
      sim.world.MakeEnvelope(Follow(request, "QT/central", kQm, v1::Act::FINAL_RESULT));
  EXPECT_EQ(CodeOf(sim.Submit(result, "QT/central/o-0001").status()), "ILLEGAL_ACT");
  // Nor can the requesting state acknowledge its own request.
  v1::Envelope own =
      sim.world.MakeEnvelope(Follow(request, kQm, "QT/central", v1::Act::ACKNOWLEDGEMENT));
  EXPECT_EQ(CodeOf(sim.Submit(own, "QM/central/o-0001").status()), "ILLEGAL_ACT");
}

TEST_F(ExchangeTest, AReceiptOfAnotherLedgerShowsTheForkAtOnce) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.Send(request);
  sim.Settle();
  v1::Envelope result =
      sim.world.MakeEnvelope(Follow(request, "QT/central", kQm, v1::Act::FINAL_RESULT));
  // A parcel with a submission receipt of a ledger of its own, signed by QT's real key: its
  // checkpoint does not fit what QM has seen.
  FrameQueue answers;
  auto session =
      Value(sim.node("QM").OpenInbound({sim.world.state("QT").tls_pin}, &answers), "a session");
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QT");
  session->OnFrame(hello);
  v1::PeerFrame items;
  v1::PeerItem* item = items.mutable_items()->add_items();
  item->set_seq(1);
  *item->mutable_parcel() = sim.world.MakeParcel(result);
  session->OnFrame(items);
  EXPECT_EQ(CodeOf(answers.closed), "FORKED_LEDGER");
  sim.Settle();
  std::vector<v1::Record> ledger = sim.Ledger("QM");
  EXPECT_EQ(Count(ledger, v1::RecordKind::PEER_FAULT), 1U);
}

// The committer goes on while a stream opens: the second hello's proof must lead to the checkpoint
// that it shows, else an honest node is accused of a fork.
TEST_F(ExchangeTest, AnEntryWhileAStreamOpensAccusesNobody) {
  sim.ExchangeDocuments();
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();  // QT knows a checkpoint of QM now, which the next hello must lead on from
  sim.Send(sim.world.MakeEnvelope({}));
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  exchange::Node& node = sim.node("QM");
  std::thread committer;
  std::atomic<int> reads{0};
  sim.store("QM").BeforeGet([&](std::string_view key) {
    // The first read of the tree is for what QT showed; the second is for the proof.
    if (key != storage::HeadKey(exchange::keys::kTree) || ++reads != 2) return;
    uint64_t before = node.Stats().ledger_size;
    node.RecordRefusedCall({}, "Exchange", Refused("WRONG_PEER", "a stranger"));
    committer = std::thread([&] { node.RunOnce(); });
    while (node.Stats().ledger_size == before) std::this_thread::yield();
  });
  sim.Settle();
  ASSERT_TRUE(committer.joinable()) << "nothing was entered meanwhile";
  committer.join();
  sim.store("QM").BeforeGet(nullptr);
  sim.Settle();
  EXPECT_TRUE(sim.LinkStatus("QM", "QT").ok()) << sim.LinkStatus("QM", "QT");
  EXPECT_EQ(Count(sim.Ledger("QT"), v1::RecordKind::PEER_FAULT), 0U);
}

TEST_F(ExchangeTest, MessagesWaitForAPeerThatComesLater) {
  sim.ExchangeDocuments();
  v1::Envelope request = sim.world.MakeEnvelope({});
  std::string id = sim.Send(request);
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "QUEUED");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
}

// A clock that is late must not refuse for good what everybody else takes.
TEST_F(ExchangeTest, AReceiverWhoseClockIsLateRefusesNothingAndTakesItLater) {
  Meet();
  sim.Settle();
  sim.world.clock.Advance(absl::Hours(2));
  sim.Disconnect("QM", "QT");
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  sim.world.clock.Advance(absl::Hours(-1));
  EnvelopeSpec urgent;
  urgent.urgency = v1::Urgency::EMERGENCY_LIFE;
  std::string first = sim.Send(sim.world.MakeEnvelope(urgent));
  uint64_t entries = sim.node("QT").Stats().ledger_size;
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.LinkStatus("QM", "QT")), "CLOCK_BEHIND");
  // What stood before it is answered all the same.
  EXPECT_EQ(Value(sim.Explain("QM/central/o-0001", first)).recipients(0).stage(), "DELIVERED");
  EXPECT_EQ(sim.node("QT").Stats().ledger_size, entries + 1);
  sim.world.clock.Advance(absl::Hours(1));
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(Value(sim.Explain("QM/central/o-0001", id)).recipients(0).stage(), "DELIVERED");
}

TEST_F(ExchangeTest, AnEmergencyGoesFirstButNotBeforeTheActThatItFollows) {
  sim.ExchangeDocuments();
  v1::Envelope routine = sim.world.MakeEnvelope({});
  EnvelopeSpec urgent_spec;
  urgent_spec.urgency = v1::Urgency::EMERGENCY_LIFE;
  v1::Envelope urgent = sim.world.MakeEnvelope(urgent_spec);
  EnvelopeSpec follow = Follow(routine, kQm, "QT/central", v1::Act::STATUS_QUERY);
  follow.urgency = v1::Urgency::EMERGENCY_LIFE;
  v1::Envelope follows = sim.world.MakeEnvelope(follow);
  for (const v1::Envelope* envelope : {&routine, &urgent, &follows}) sim.Send(*envelope);
  sim.ConnectAll();
  sim.Settle();
  std::vector<std::string> order;
  for (const auto& record : sim.Ledger("QT")) {
    if (record.kind() != v1::RecordKind::DELIVERY) continue;
    EXPECT_EQ(record.outcome(), v1::Outcome::ACCEPTED);
    order.push_back(record.message_id());
  }
  EXPECT_EQ(order, (std::vector<std::string>{IdOf(urgent), IdOf(routine), IdOf(follows)}));
}

TEST_F(ExchangeTest, AHelloOfAStateWhoseKeyWasNotShownEndsTheStream) {
  Meet();
  std::string pin = sim.world.state("QM").tls_pin;
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QV");
  session->OnFrame(hello);
  EXPECT_EQ(CodeOf(sink.closed), "WRONG_PEER");
}

TEST_F(ExchangeTest, WhatExpiresBeforeDeliveryFillsItsNumberAndTheNextOneIsTaken) {
  sim.ExchangeDocuments();
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  v1::Envelope first = sim.world.MakeEnvelope(spec);
  std::string first_id = sim.Send(first);
  sim.world.clock.Advance(absl::Hours(2));
  sim.node("QM").Tick();
  sim.Settle();
  EXPECT_EQ(StatusAt(first_id).outcome(), v1::Outcome::EXPIRED_UNCONFIRMED);
  ASSERT_EQ(SentByQm(false).size(), 1U);
  ASSERT_EQ(SentByQm(false)[0].undelivered_size(), 1);
  EXPECT_EQ(SentByQm(false)[0].undelivered(0).state(), "QT");
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(StatusAt(first_id).outcome(), v1::Outcome::EXPIRED);
  // It is no part of its case any more, and is still shown to who asks what did not arrive.
  EXPECT_TRUE(SentByQm(false).empty());
  ASSERT_EQ(SentByQm(true).size(), 1U);
  EXPECT_TRUE(SentByQm(true)[0].void_act());
  EXPECT_EQ(SentByQm(true)[0].undelivered(0).outcome(), v1::Outcome::EXPIRED);
  EXPECT_GE(SentByQm(true)[0].undelivered(0).since_ms(),
            SentByQm(true)[0].recorded_at_ms() + absl::ToInt64Milliseconds(spec.life));
  v1::Envelope second = sim.world.MakeEnvelope({});
  std::string second_id = sim.Send(second);
  sim.Settle();
  EXPECT_EQ(StatusAt(second_id).stage(), "DELIVERED");
  ASSERT_EQ(SentByQm(false).size(), 1U);
  EXPECT_EQ(SentByQm(false)[0].undelivered_size(), 0);
  EXPECT_EQ(Count(sim.Ledger("QT"), v1::RecordKind::EXPIRY_NOTED), 1U);
}

TEST_F(ExchangeTest, CrossingActsEndInTheSameHistoryOnBothSides) {
  Meet();
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.Send(request);
  sim.Settle();
  sim.Disconnect("QM", "QT");
  sim.Disconnect("QT", "QM");
  // Both act on what they see: QT acknowledges, QM withdraws.
  v1::Envelope acknowledged =
      sim.world.MakeEnvelope(Follow(request, "QT/central", kQm, v1::Act::ACKNOWLEDGEMENT));
  v1::Envelope withdrawn =
      sim.world.MakeEnvelope(Follow(request, kQm, "QT/central", v1::Act::WITHDRAWAL));
  sim.Send(acknowledged);
  sim.Send(withdrawn);
  sim.ConnectAll();
  sim.Settle();
  auto seen = [&](const std::string& officer) {
    std::set<std::string> ids;
    for (const v1::Envelope* envelope : {&request, &acknowledged, &withdrawn}) {
      if (sim.Explain(officer, IdOf(*envelope)).ok()) ids.insert(IdOf(*envelope));
    }
    return ids;
  };
  EXPECT_EQ(seen("QM/central/o-0001"), seen("QT/central/o-0001"));
  EXPECT_EQ(seen("QM/central/o-0001").size(), 3U);
}

TEST_F(ExchangeTest, ARemovedOfficerCannotSubmitUnderTheOldDirectory) {
  Meet();
  v1::Envelope before = sim.world.MakeEnvelope({});
  v1::OfficerSignature signature =
      sim.world.Sign(before, "QM/central/o-0001", v1::SignaturePurpose::DRAFT);
  exchange::Caller caller = sim.CallerOf("QM/central/o-0001");
  v1::SignedDocument next = sim.world.NextDirectory(
      "QM", [](v1::Directory* directory) { directory->mutable_officers()->DeleteSubrange(0, 1); });
  Value(sim.Publish("QM", next));
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = before;
  *request.mutable_draft() = signature;
  absl::Status status;
  sim.node("QM").SubmitDraft(caller, request,
                             [&](absl::StatusOr<v1::SubmitResponse> r) { status = r.status(); });
  sim.Settle();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_OFFICER");
}

TEST_F(ExchangeTest, WhatWasSubmittedBeforeANewDirectoryIsStillTakenAfterIt) {
  sim.ExchangeDocuments();
  v1::Envelope request = sim.world.MakeEnvelope({});
  std::string id = sim.Send(request);  // under directory 1
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());  // QT knows 2 before the message comes
  sim.ConnectAll();
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
}

TEST_F(ExchangeTest, ADirectoryThatIsNotKnownYetIsFetchedAndTheParcelSentAgain) {
  Meet();
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", nullptr)));
  std::string id = sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.LinkStatus("QM", "QT")), "UNKNOWN_DIRECTORY");
  EXPECT_TRUE(sim.node("QT").WantsDocuments("QM"));
  ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
}

TEST_F(ExchangeTest, AnExpiredDirectoryStopsNewMessages) {
  Meet();
  sim.world.clock.Advance(absl::Hours(24 * 31));
  v1::Envelope request = sim.world.MakeEnvelope({});
  EXPECT_EQ(CodeOf(sim.Submit(request, "QM/central/o-0001").status()), "DIRECTORY_EXPIRED");
}

TEST_F(ExchangeTest, AWrongTlsKeyGetsNoSession) {
  Meet();
  FrameQueue sink;
  EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound({std::string(32, 'x')}, &sink).status()),
            "WRONG_PEER");
  EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound({""}, &sink).status()), "WRONG_PEER");
  // An officer's key is no node's.
  EXPECT_EQ(CodeOf(sim.node("QT").OpenInbound(sim.CallerOf("QM/central/o-0001"), &sink).status()),
            "WRONG_PEER");
}

TEST_F(ExchangeTest, AFullDiskRefusesNewMessagesAndLosesNone) {
  Meet();
  sim.store("QM").SetFreeBytes(0);
  v1::Envelope request = sim.world.MakeEnvelope({});
  EXPECT_EQ(CodeOf(sim.Submit(request, "QM/central/o-0001").status()), "DISK_RESERVE");
  sim.store("QM").SetFreeBytes(uint64_t{1} << 30);
  std::string id = sim.Send(request);
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
}

TEST_F(ExchangeTest, WithoutItsTokenANodeAcknowledgesNothingAndGoesOnWhenItIsBack) {
  Meet();
  uint64_t entries = sim.node("QM").Stats().ledger_size;
  v1::Envelope request = sim.world.MakeEnvelope({});
  sim.signer("QM").away = true;
  EXPECT_EQ(CodeOf(sim.Submit(request, "QM/central/o-0001").status()), "CANNOT_SIGN");
  EXPECT_EQ(sim.node("QM").Stats().ledger_size, entries) << "nothing was written";
  sim.signer("QM").away = false;
  std::string id = sim.Send(request);
  // The recipient's token is away when the parcel comes: not taken, and not refused either.
  sim.signer("QT").away = true;
  sim.Settle();
  EXPECT_EQ(CodeOf(sim.LinkStatus("QM", "QT")), "CANNOT_SIGN");
  EXPECT_NE(StatusAt(id).stage(), "DELIVERED");
  sim.signer("QT").away = false;
  ASSERT_TRUE(sim.Connect("QM", "QT").ok());
  sim.Settle();
  EXPECT_EQ(StatusAt(id).stage(), "DELIVERED");
}

TEST_F(ExchangeTest, ARestoredBackupIsNoticedAndSignsNothingMore) {
  Meet();
  sim.Send(sim.world.MakeEnvelope({}));
  sim.Settle();
  // QT dials with a checkpoint of QM that is larger than what QM has.
  std::string larger =
      crypto::SignCheckpoint({"palermo/QM/1", 1000, Hash{}}, sim.world.state("QM").checkpoint);
  FrameQueue sink;
  auto session = Value(sim.node("QM").OpenInbound({sim.world.state("QT").tls_pin}, &sink));
  v1::PeerFrame hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_state("QT");
  hello.mutable_hello()->set_known_checkpoint(larger);
  session->OnFrame(hello);
  EXPECT_EQ(CodeOf(sink.closed), "LEDGER_BEHIND");
  EXPECT_EQ(CodeOf(sim.Submit(sim.world.MakeEnvelope({}), "QM/central/o-0001").status()),
            "LEDGER_BEHIND");
  // What the peer showed is what a next start must find, whatever is shown later.
  EXPECT_EQ(sim.node("QM").LedgerMark(), larger);
  EXPECT_NE(sim.node("QM").NewestCheckpoint(), larger);
}

TEST_F(ExchangeTest, GarbageFramesEndTheStreamAndAreEntered) {
  Meet();
  FrameQueue sink;
  auto session = Value(sim.node("QT").OpenInbound({sim.world.state("QM").tls_pin}, &sink));
  session->OnFrame(v1::PeerFrame());
  EXPECT_EQ(CodeOf(sink.closed), "BAD_FRAME");
  sim.Settle();
  EXPECT_EQ(Count(sim.Ledger("QT"), v1::RecordKind::PEER_FAULT), 1U);
}

TEST_F(ExchangeTest, DraftsAreListedPageByPageEachOnce) {
  Meet();
  std::set<std::string> drafts;
  for (int i = 0; i < 5; ++i) {
    v1::Envelope envelope = sim.world.MakeEnvelope({});
    ASSERT_TRUE(sim.Submit(envelope, "QM/central/o-0001").ok());
    drafts.insert(IdOf(envelope));
  }
  auto page = [&](const std::string& officer, const v1::ListPendingRequest& request) {
    absl::StatusOr<v1::ListPendingResponse> result = absl::UnknownError("no answer");
    sim.node("QM").ListPending(sim.CallerOf(officer), request,
                               [&](auto answer) { result = std::move(answer); });
    return result;
  };
  v1::ListPendingRequest request;
  request.set_limit(2);
  std::set<std::string> listed;
  std::vector<int> sizes;
  do {
    v1::ListPendingResponse response = Value(page("QM/central/o-0002", request));
    for (const auto& draft : response.drafts()) {
      EXPECT_TRUE(listed.insert(draft.message_id()).second);
      EXPECT_EQ(draft.approvals_missing(), 2U);
      EXPECT_EQ(draft.signatures_size(), 1);
    }
    sizes.push_back(response.drafts_size());
    request.set_after(response.next());
  } while (!request.after().empty());
  EXPECT_EQ(listed, drafts);
  EXPECT_EQ(sizes, (std::vector<int>{2, 2, 1}));
  EXPECT_EQ(Value(page("QM/central/o-0002", {})).drafts_size(), 5);
  EXPECT_TRUE(Value(page("QM/central/o-0002", {})).next().empty());
  request.set_after("short");
  EXPECT_EQ(CodeOf(page("QM/central/o-0002", request).status()), "BAD_PAGE");
}

}  // namespace
}  // namespace palermo::testing
