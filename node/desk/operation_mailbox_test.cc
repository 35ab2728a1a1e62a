// The mailbox of joint operations against a node that may be off, wrong or of bad will.
#include "node/desk/operation_mailbox.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/desk/casebook.h"
#include "node/desk/files.h"
#include "node/desk/verification.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

// QT's node, as the test fills it.
struct Node {
  std::map<std::string, v1::FetchMessageResponse> mails;
  std::map<std::string, v1::RetrievalResult::Code> retrieved;
  std::map<std::string, v1::RecipientStatus> undelivered;  // of outgoing ones
  std::vector<v1::PendingDraft> drafts;
  int fetches = 0;
  uint64_t pages = 0;
  bool endless = false, endless_drafts = false;
  bool off = false;                       // gives no message
  bool hides_drafts = false;              // in its list of messages, as a node does
  std::function<void()> before_messages;  // are listed
  std::function<void()> after_first_list;
};

class Source final : public MailSource {
 public:
  explicit Source(Node& node) : node_(node) {}
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(const v1::ListMessagesRequest&) override {
    v1::ListMessagesResponse page;
    if (node_.before_messages) node_.before_messages();
    ++node_.pages;
    if (node_.endless) {
      page.set_next(BigEndian64(node_.pages));
      return page;
    }
    for (const auto& [id, mail] : node_.mails) {
      if (node_.hides_drafts && mail.pending()) continue;
      v1::MessageSummary& summary = *page.add_messages();
      summary.set_message_id(id);
      summary.set_header(mail.envelope().header());
      summary.set_incoming(true);
      summary.set_retrieval(node_.retrieved[id]);
      const auto failed = node_.undelivered.find(id);
      if (failed == node_.undelivered.end()) continue;
      summary.set_incoming(false);
      *summary.add_undelivered() = failed->second;
    }
    Listed();
    return page;
  }
  absl::StatusOr<v1::ListPendingResponse> ListPending(const v1::ListPendingRequest&) override {
    v1::ListPendingResponse page;
    if (node_.endless_drafts) page.set_next(BigEndian64(++node_.pages));
    for (const v1::PendingDraft& draft : node_.drafts) *page.add_drafts() = draft;
    Listed();
    return page;
  }
  absl::StatusOr<v1::FetchMessageResponse> FetchMessage(const std::string& id) override {
    ++node_.fetches;
    if (node_.off) return absl::UnavailableError("the node gives no answer");
    const auto found = node_.mails.find(id);
    if (found == node_.mails.end()) return Missing("UNKNOWN_MESSAGE", "it is not here");
    return found->second;
  }

 private:
  void Listed() {
    if (const auto then = std::exchange(node_.after_first_list, nullptr)) then();
  }

  Node& node_;
};

class MailboxTest : public ::testing::Test {
 protected:
  MailboxTest() {
    std::string path = (std::filesystem::temp_directory_path() / "mailbox-XXXXXX").string();
    folder_ = mkdtemp(path.data());
    keys_.push_back(KeyOf(world_.state("QT").sealing));
  }
  ~MailboxTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  AuthorityKey KeyOf(const crypto::SealingPrivateKey& key) {
    return {"QT/central", 1, crypto::SealingKeyId(key.PublicKey()),
            Value(crypto::SealingPrivateKey::FromBytes(key.kem(), key.bytes().Clone()))};
  }
  // QM founds an operation with QT; its mail lies at QT's node. `change`: of its body.
  std::string Arrive(const std::string& name,
                     const std::function<void(v1::CaseBody&)>& change = nullptr) {
    v1::CaseBody body;
    body.set_version(1);
    v1::OperationRecord record;
    record.set_state("QM");
    record.set_seq(1);
    record.set_at(FormatInstant(world_.clock.Now()));
    record.mutable_agreement()->set_name(name);
    for (const char* state : {"QM", "QT"}) {
      auto& party = *record.mutable_agreement()->add_parties();
      party.set_state(state);
      party.set_authority(std::string(state) + "/central");
    }
    v1::OperationMail& mail = *body.mutable_operation_mail();
    mail.set_operation(OperationRecordId("QM", record));
    *mail.add_records() = record;
    if (change != nullptr) change(body);
    testing::EnvelopeSpec spec;
    spec.family = v1::Family::JOINT_INVESTIGATION;
    spec.plaintext = trust::StrictSerialize(body);
    const v1::Envelope envelope = world_.MakeEnvelope(spec);
    world_.clock.Advance(waits_);
    v1::FetchMessageResponse message;
    *message.mutable_envelope() = envelope;
    message.set_signature_list(trust::FreezeSignatures(world_.SignAll(envelope)));
    *message.mutable_sender_charter() = world_.state("QM").charter;
    *message.mutable_sender_directory() = world_.state("QM").directory;
    Add("QM", world_.SubmissionRecord(envelope, message.signature_list()), message);
    Add("QT", world_.DeliveryRecord("QT", envelope, message.signature_list()), message);
    const std::string id(AsView(Value(trust::ParseEnvelope(envelope)).message_id));
    node_.mails[id] = message;
    return id;
  }
  void Add(const std::string& state, const v1::Record& record, v1::FetchMessageResponse& message) {
    v1::StoredReceipt* stored = message.add_receipts();
    stored->set_state(state);
    *stored->mutable_receipt() = world_.MakeReceipt(state, record);
  }
  absl::StatusOr<OperationMailbox> Read(bool leave_unopened = false) {
    node_.fetches = 0;
    return ReadOperationMailbox({std::make_unique<Source>(node_), world_.View(), "QT", keys_,
                                 folder_, leave_unopened, &verified_, world_.clock.Now()});
  }
  std::string Kept(const std::string& id) const {
    return Cat({folder_, "/", HexEncode(id), ".mail"});
  }

  World world_{{.families = {v1::Family::JOINT_INVESTIGATION}}};
  Node node_;
  std::vector<AuthorityKey> keys_;
  std::string folder_;
  VerifiedMails verified_;
  absl::Duration waits_ = absl::ZeroDuration();  // from a mail's making to its submission
};

TEST_F(MailboxTest, AMailIsFetchedOnceAndKeptSealed) {
  const std::string id = Arrive("LANTERN");
  OperationMailbox box = Value(Read());
  ASSERT_EQ(box.carriers.size(), 1u) << (box.problems.empty() ? "" : box.problems[0]);
  EXPECT_EQ(box.carriers[0].sender, "QM/central");
  EXPECT_EQ(box.unreported, std::vector<std::string>{id});
  EXPECT_EQ(node_.fetches, 1);
  std::ifstream in(Kept(id), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  EXPECT_GT(bytes.size(), 1000u);
  EXPECT_EQ(bytes.find("LANTERN"), std::string::npos);
  box = Value(Read());
  EXPECT_EQ(box.carriers.size(), 1u);
  EXPECT_EQ(node_.fetches, 0);
}

// A key was renewed, and the node has a rewrap by now; or the file was damaged.
TEST_F(MailboxTest, AKeptMailThatDoesNotOpenIsFetchedAgain) {
  const std::string id = Arrive("LANTERN");
  v1::FetchMessageResponse poor = node_.mails[id];
  poor.clear_receipts();  // as a node gave it that had not everything yet
  std::filesystem::create_directories(folder_);
  std::ofstream(Kept(id), std::ios::binary) << poor.SerializeAsString();
  EXPECT_EQ(Value(Read()).carriers.size(), 1u);
  EXPECT_EQ(node_.fetches, 1);
  EXPECT_EQ(Value(Read()).carriers.size(), 1u);
  EXPECT_EQ(node_.fetches, 0) << "what was fetched replaced what was kept";
  std::ofstream(Kept(id), std::ios::binary) << "no mail";
  EXPECT_EQ(Value(Read()).carriers.size(), 1u);
  EXPECT_EQ(node_.fetches, 1);
}

// What was verified is known by its bytes: who changes one of them in the folder gains nothing.
TEST_F(MailboxTest, OnlyTheVeryBytesThatWereVerifiedAreNotVerifiedAgain) {
  const std::string id = Arrive("LANTERN");
  EXPECT_EQ(Value(Read()).carriers.size(), 1u);
  ASSERT_EQ(verified_.fresh.size(), 1u);
  const Hash known = verified_.fresh[0];
  verified_ = {[&](const Hash& hash) { return hash == known; }, {}};
  EXPECT_EQ(Value(Read()).carriers.size(), 1u);
  EXPECT_TRUE(verified_.fresh.empty());
  // The same envelope with signatures that nobody made, and a node that gives the same.
  v1::FetchMessageResponse forged = node_.mails[id];
  forged.set_signature_list("nobody");
  std::ofstream(Kept(id), std::ios::binary) << forged.SerializeAsString();
  node_.mails[id] = forged;
  const OperationMailbox box = Value(Read());
  EXPECT_TRUE(box.carriers.empty());
  EXPECT_EQ(box.problems.size(), 1u);
}

TEST_F(MailboxTest, AMailThatNeverOpensIsShownAsAProblemAndHidesNoOther) {
  const std::string bad = Arrive("LANTERN");
  Arrive("TIDEGATE");
  node_.mails[bad].clear_signature_list();
  const OperationMailbox box = Value(Read());
  ASSERT_EQ(box.carriers.size(), 1u);
  EXPECT_EQ(box.carriers[0].mail.records(0).agreement().name(), "TIDEGATE");
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find(HexEncode(bad)), std::string::npos);
}

TEST_F(MailboxTest, AnotherMessageThanTheOneThatWasAskedForIsRefused) {
  const std::string id = Arrive("LANTERN"), other = Arrive("TIDEGATE");
  node_.mails[id] = node_.mails[other];
  const OperationMailbox box = Value(Read());
  EXPECT_EQ(box.carriers.size(), 1u);
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find("BAD_RECEIPT"), std::string::npos);
}

TEST_F(MailboxTest, WhatNobodyOpenedStaysUnopenedWhenItIsLeft) {
  const std::string id = Arrive("LANTERN");
  EXPECT_TRUE(Value(Read(true)).carriers.empty());
  EXPECT_EQ(node_.fetches, 0);
  node_.retrieved[id] = v1::RetrievalResult::OPENED;
  const OperationMailbox box = Value(Read(true));
  EXPECT_EQ(box.carriers.size(), 1u);
  EXPECT_TRUE(box.unreported.empty());
}

TEST_F(MailboxTest, AListThatNeverEndsIsGivenUpAtTheCap) {
  node_.endless = true;
  EXPECT_EQ(CodeOf(Read().status()), "TOO_MANY");
  EXPECT_EQ(node_.pages, static_cast<uint64_t>(limits::kMaxListPages));
  node_ = {};
  node_.endless_drafts = true;
  EXPECT_EQ(CodeOf(Read().status()), "TOO_MANY");
  EXPECT_LE(node_.pages, limits::kMaxOperationMails + 2);
}

// The node names a message, and the desk gives its key to another state: only that of a mail of an
// operation, with nothing else in it, that was verified as the one that was asked for.
TEST_F(MailboxTest, TheKeyOfNothingButAMailOfAnOperationIsGivenAway) {
  const auto relay = [&](const std::string& id) {
    return CodeOf(RelayOperationMail({std::make_unique<Source>(node_), world_.View(), "QT", keys_,
                                      folder_, false, nullptr, world_.clock.Now()},
                                     HexEncode(id))
                      .status());
  };
  std::filesystem::create_directories(folder_);
  const std::string mail = Arrive("LANTERN");
  EXPECT_EQ(relay(mail), "OK");
  const std::string request =
      Arrive("CASE 7", [](v1::CaseBody& body) { body.mutable_request()->set_facts_summary("x"); });
  EXPECT_EQ(relay(request), "BAD_BODY");
  const std::string carrying = Arrive("TIDEGATE", [](v1::CaseBody& body) {
    body.mutable_operation_mail()->add_relayed()->set_content_key(std::string(32, 'k'));
  });
  EXPECT_EQ(relay(carrying), "BAD_BODY");
  // A node that answers with another message than the one asked for.
  const std::string other = Arrive("HARBOUR");
  node_.mails[other] = node_.mails[request];
  EXPECT_EQ(relay(other), "BAD_RECEIPT");
  EXPECT_FALSE(FileExists(Kept(other))) << "and it is not kept under that name";
  node_.mails[other] = node_.mails[mail];
  node_.mails[other].clear_signature_list();
  EXPECT_NE(relay(other), "OK");
}

TEST_F(MailboxTest, MoreThanAMailCarriesIsNotTaken) {
  Arrive("FLOOD", [](v1::CaseBody& body) {
    v1::OperationMail& mail = *body.mutable_operation_mail();
    while (mail.records_size() <= static_cast<int>(limits::kMaxOperationMailRecords)) {
      mail.add_records()->set_seq(1);
    }
  });
  Arrive("LANTERN");
  const OperationMailbox box = Value(Read());
  EXPECT_EQ(box.carriers.size(), 1u);
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find("TOO_MANY"), std::string::npos);
}

TEST_F(MailboxTest, AMailThatNamesNoOperationIsNotTaken) {
  Arrive("FLOOD", [](v1::CaseBody& body) {
    v1::OperationMail& mail = *body.mutable_operation_mail();
    mail.set_operation(mail.operation() + "0");
  });
  Arrive("LANTERN");
  const OperationMailbox box = Value(Read());
  ASSERT_EQ(box.carriers.size(), 1u);
  EXPECT_EQ(box.carriers[0].mail.records(0).agreement().name(), "LANTERN");
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find("BAD_BODY"), std::string::npos);
}

// The header's time is what its author says; the ledger of its state cannot be turned back.
TEST_F(MailboxTest, AMailIsOfTheTimeWhenItsSendersLedgerHasIt) {
  const absl::Time made = world_.clock.Now();
  waits_ = absl::Hours(3);
  Arrive("LANTERN");
  const OperationMailbox box = Value(Read());
  ASSERT_EQ(box.carriers.size(), 1u) << (box.problems.empty() ? "" : box.problems[0]);
  EXPECT_EQ(box.carriers[0].at, made + absl::Hours(3));
  EXPECT_EQ(box.carriers[0].made, made);
}

// Whoever passes it on chooses its receipts and their labels: the one that was verified counts.
TEST_F(MailboxTest, WhoPassesAMailOnDoesNotSayWhenItWasSent) {
  const absl::Time made = world_.clock.Now();
  waits_ = absl::Hours(3);
  const std::string id = Arrive("LANTERN");
  std::filesystem::create_directories(folder_);
  const v1::RelayedMail relayed =
      Value(RelayOperationMail({std::make_unique<Source>(node_), world_.View(), "QT", keys_,
                                folder_, false, nullptr, world_.clock.Now()},
                               HexEncode(id)));
  v1::FetchMessageResponse message;
  ASSERT_TRUE(message.ParseFromString(relayed.message()));
  v1::Header header;
  header.set_family(v1::Family::JOINT_INVESTIGATION);
  header.set_act(v1::Act::REQUEST);
  header.set_sender("QT/central");
  std::vector<std::string> problems;
  const auto open = [&](const v1::FetchMessageResponse& passed_on) {
    v1::CaseBody body;
    v1::OperationMail& mail = *body.mutable_operation_mail();
    mail.set_operation(std::string(64, 'a'));
    *mail.add_relayed() = relayed;
    mail.mutable_relayed(0)->set_message(passed_on.SerializeAsString());
    problems.clear();
    return CarriersOf(*world_.View(), "QN", header, std::string(32, 'm'), body, nullptr, problems);
  };
  // In front of all others, with the sender's label.
  const auto with_first = [&](const std::string& state) {
    v1::Record record;
    EXPECT_TRUE(record.ParseFromString(message.receipts(0).receipt().record()));
    record.set_state(state);
    record.set_at_ms(ToMillis(made + absl::Minutes(1)));
    v1::FetchMessageResponse changed = message;
    changed.clear_receipts();
    v1::StoredReceipt* lie = changed.add_receipts();
    lie->set_state("QM");
    lie->mutable_receipt()->set_record(trust::StrictSerialize(record));
    changed.mutable_receipts()->MergeFrom(message.receipts());
    return changed;
  };
  for (const v1::FetchMessageResponse& passed_on : {message, with_first("QX")}) {
    const auto carriers = open(passed_on);
    ASSERT_EQ(carriers.size(), 2u) << (problems.empty() ? "" : problems[0]);
    EXPECT_EQ(carriers[0].relayed_by, "QT");
    EXPECT_EQ(carriers[0].sender, "QM/central");
    EXPECT_EQ(carriers[0].made, made);
    EXPECT_EQ(carriers[0].at, made + absl::Hours(3));
  }
  EXPECT_EQ(open(with_first("QM")).size(), 1u) << "what does not verify is not taken";
  EXPECT_EQ(problems.size(), 1u);
}

TEST_F(MailboxTest, WhoSendsTooManyStopsNothingButHisOwn) {
  v1::Header header;
  header.set_family(v1::Family::JOINT_INVESTIGATION);
  header.set_act(v1::Act::REQUEST);
  header.set_sender("QX/central");
  for (size_t i = 0; i <= limits::kMaxOperationMails; ++i) {
    node_.mails[BigEndian64(i)].mutable_envelope()->set_header(header.SerializeAsString());
  }
  const std::string id = Arrive("LANTERN");
  node_.retrieved[id] = v1::RetrievalResult::OPENED;
  const OperationMailbox box = Value(Read(true));
  EXPECT_EQ(box.carriers.size(), 1u);
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find("TOO_MANY: QX"), std::string::npos) << box.problems[0];
}

TEST_F(MailboxTest, AnOwnMailThatWasNotDeliveredIsShown) {
  const std::string id = Arrive("LANTERN");
  v1::RecipientStatus& status = node_.undelivered[id];
  status.set_state("QT");
  status.set_outcome(v1::Outcome::REJECTED);
  status.set_since_ms(ToMillis(world_.clock.Now()));
  status.set_reason(v1::Reason::UNKNOWN_RECIPIENT);
  const OperationMailbox box = Value(Read());
  ASSERT_EQ(box.carriers.size(), 1u);
  EXPECT_EQ(box.carriers[0].undelivered, std::set<std::string>{"QT"});
  EXPECT_TRUE(box.carriers[0].Reached().empty());
  ASSERT_EQ(box.problems.size(), 1u);
  EXPECT_NE(box.problems[0].find("UNKNOWN_RECIPIENT"), std::string::npos) << box.problems[0];
  world_.clock.Advance(kUndeliveredShown + absl::Hours(1));
  EXPECT_TRUE(Value(Read()).problems.empty()) << "it is told for a while";
}

// What the node says waits for approval is a draft of our own, with its drafter's signature.
TEST_F(MailboxTest, ADraftIsTakenOnlyWhenItIsOursAndSigned) {
  const std::string id = Arrive("LANTERN");
  v1::FetchMessageResponse draft = node_.mails[id];
  draft.set_pending(true);
  draft.clear_receipts();
  node_.mails.clear();
  node_.mails[id] = draft;
  v1::PendingDraft pending;
  pending.set_message_id(id);
  pending.set_header(draft.envelope().header());
  node_.drafts = {pending};
  const auto drafts = [&](const std::string& state) {
    const OperationMailbox box =
        Value(ReadOperationMailbox({std::make_unique<Source>(node_), world_.View(), state, keys_,
                                    folder_, true, nullptr, world_.clock.Now()}));
    size_t count = 0;
    for (const OperationCarrier& carrier : box.carriers) {
      count += carrier.pending && carrier.drafter == "QM/central/o-0001" ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(drafts("QM"), 1u);
  EXPECT_EQ(drafts("QT"), 0u) << "another state's";
  node_.mails[id].clear_signature_list();
  EXPECT_EQ(drafts("QM"), 0u) << "nobody signed it";
  node_.mails[id] = draft;
  node_.drafts[0].set_message_id(std::string(32, 'x'));
  node_.mails[std::string(32, 'x')] = draft;
  EXPECT_EQ(drafts("QM"), 0u) << "another one than it says";
}

// Of what is not here the next record could get the number.
TEST_F(MailboxTest, NothingIsWrittenWhileAnOwnMailOrDraftIsNotHere) {
  const std::string id = Arrive("LANTERN");
  const auto code = [&] { return CodeOf(CheckComplete(Value(Read()))); };
  node_.undelivered[id].set_state("QX");  // which makes it an outgoing one
  EXPECT_EQ(code(), "OK");
  std::filesystem::remove(Kept(id));
  std::filesystem::create_directories(Cat({Kept(id), "/in the way"}));
  EXPECT_EQ(code(), "INCOMPLETE") << "it can be read, and not be kept";
  std::filesystem::remove_all(Kept(id));
  node_.off = true;
  EXPECT_EQ(code(), "INCOMPLETE");
  node_.off = false;
  const v1::FetchMessageResponse good = node_.mails[id];
  node_.mails[id].clear_signature_list();
  EXPECT_EQ(code(), "INCOMPLETE");
  node_.undelivered.clear();
  EXPECT_EQ(code(), "OK") << "what another state sent is not ours to number";
  node_.mails[id] = good;
  v1::PendingDraft pending;
  pending.set_message_id(std::string(32, 'd'));
  pending.set_header(good.envelope().header());
  node_.drafts = {pending};
  EXPECT_EQ(code(), "OK") << "it was dropped meanwhile";
  v1::FetchMessageResponse draft = good;
  draft.set_pending(true);
  draft.clear_signature_list();
  node_.before_messages = [&] { node_.mails.erase(std::string(32, 'd')); };
  node_.mails[std::string(32, 'd')] = draft;
  EXPECT_EQ(code(), "INCOMPLETE") << "a draft that does not verify";
}

// Its last approval comes between the two lists.
TEST_F(MailboxTest, ADraftThatIsSentWhileTheMailboxIsReadIsNotLost) {
  const std::string id = Arrive("LANTERN");
  const v1::FetchMessageResponse sent = node_.mails[id];
  v1::FetchMessageResponse draft = sent;
  draft.set_pending(true);
  draft.clear_receipts();
  v1::PendingDraft pending;
  pending.set_message_id(id);
  pending.set_header(draft.envelope().header());
  node_.hides_drafts = true;
  const auto send = [&] {
    node_.mails = {{id, sent}};
    node_.drafts.clear();
  };
  for (const bool after_it_was_read : {false, true}) {
    node_.mails = {{id, draft}};
    node_.drafts = {pending};
    (after_it_was_read ? node_.before_messages : node_.after_first_list) = send;
    const OperationMailbox box =
        Value(ReadOperationMailbox({std::make_unique<Source>(node_), world_.View(), "QM", keys_,
                                    folder_, false, nullptr, world_.clock.Now()}));
    ASSERT_EQ(box.carriers.size(), 1u) << (box.problems.empty() ? "" : box.problems[0]);
    EXPECT_FALSE(box.carriers[0].pending);
    EXPECT_EQ(CodeOf(CheckComplete(box)), "OK");
  }
}

}  // namespace
}  // namespace palermo::desk
