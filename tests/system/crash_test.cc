// Real programs, real disk, kill -9 at random: what was acknowledged is there, once.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "node/server/transport/tls_credentials.h"
#include "node/trust/receipt.h"
#include "tests/system/programs.h"

namespace palermo::testing {
namespace {

constexpr size_t kMessages = 500;
constexpr absl::Duration kLimit = absl::Minutes(3);

WorldOptions OneSignature() {
  WorldOptions options;
  options.request_approvals = 0;
  options.other_approvals = 0;
  return options;
}

// Waits until every message is delivered at its recipient, as the sender's node tells it.
void AwaitDelivery(Programs& programs, const std::vector<std::string>& ids) {
  auto desk = programs.Desk("QM/central/o-0001");
  absl::Time end = absl::Now() + kLimit;
  for (const std::string& id : ids) {
    while (true) {
      auto told = programs.Explain(*desk, id);
      if (told.ok() && told->recipients_size() == 1 && told->recipients(0).stage() == "DELIVERED") {
        ASSERT_EQ(told->receipts_size(), 2);
        for (const auto& stored : told->receipts()) {
          ASSERT_TRUE(
              trust::VerifyReceipt(stored.receipt(), *programs.world().Directory(stored.state()))
                  .ok());
        }
        break;
      }
      ASSERT_LT(absl::Now(), end) << (told.ok() ? told->ShortDebugString() : TextOf(told.status()))
                                  << programs.LogOf("QM");
      absl::SleepFor(absl::Milliseconds(100));
    }
  }
}

std::map<std::string, int> CountMessages(const std::vector<v1::Record>& ledger,
                                         v1::RecordKind::Code kind) {
  std::map<std::string, int> counts;
  for (const auto& record : ledger) {
    if (record.kind() == kind && record.outcome() == v1::Outcome::ACCEPTED) {
      ++counts[record.message_id()];
    }
  }
  return counts;
}

// The size of the checkpoint in a node's mark.
uint64_t Mark(const Programs& programs, const std::string& state) {
  std::ifstream in(programs.FolderOf(state) + "/data/ledger-mark");
  std::string origin;
  uint64_t size = 0;
  in >> origin >> size;
  return size;
}

TEST(Crash, FiveHundredMessagesArriveOnceWhileBothNodesAreKilled) {
  Programs programs(OneSignature());
  programs.daemon("QM").Start();
  programs.daemon("QT").Start();
  std::vector<v1::Envelope> envelopes;
  for (size_t i = 0; i < kMessages; ++i) envelopes.push_back(programs.world().MakeEnvelope({}));

  std::vector<std::string> ids;
  std::atomic<bool> flowing{true};
  std::thread sender([&] {
    auto desk = programs.Desk("QM/central/o-0001");
    for (const v1::Envelope& envelope : envelopes) {
      auto response = programs.Submit(*desk, envelope, "QM/central/o-0001", kLimit);
      EXPECT_TRUE(response.ok()) << TextOf(response.status()) << "\n" << programs.LogOf("QM");
      if (!response.ok()) break;
      ids.push_back(response->message_id());
      // Slow enough that the kills fall into the flow.
      absl::SleepFor(absl::Milliseconds(8));
    }
    flowing = false;
  });
  SystemRandom random;
  int kills = 0;
  while (flowing) {
    absl::SleepFor(absl::Milliseconds(300 + static_cast<int>(random.Uint64() % 900)));
    Daemon& victim = programs.daemon(random.Uint64() % 2 == 0 ? "QM" : "QT");
    victim.Kill9();
    victim.Start();
    ++kills;
  }
  sender.join();
  EXPECT_GE(kills, 3);
  ASSERT_EQ(ids.size(), kMessages);
  AwaitDelivery(programs, ids);
  if (HasFatalFailure()) return;

  std::vector<v1::Record> sent = Value(programs.VerifiedLedger("QM"));
  std::vector<v1::Record> received = Value(programs.VerifiedLedger("QT"));
  std::map<std::string, int> submissions = CountMessages(sent, v1::RecordKind::SUBMISSION);
  std::map<std::string, int> deliveries = CountMessages(received, v1::RecordKind::DELIVERY);
  std::map<std::string, int> relays = CountMessages(sent, v1::RecordKind::RELAY);
  EXPECT_EQ(submissions.size(), kMessages);
  EXPECT_EQ(deliveries, submissions);
  EXPECT_EQ(relays, submissions);
  for (const auto& [id, count] : submissions) EXPECT_EQ(count, 1);
  std::printf("%d kills while %zu messages flowed\n", kills, kMessages);
  // While it runs, the mark comes after the ledger.
  for (int i = 0; i < 100 && Mark(programs, "QM") < sent.size(); ++i) {
    absl::SleepFor(absl::Milliseconds(200));
  }
  EXPECT_GE(Mark(programs, "QM"), sent.size());
  for (const char* state : {"QM", "QT"}) {
    EXPECT_EQ(programs.daemon(state).Stop(), 0);
    EXPECT_EQ(programs.daemon(state).RunWith("--check-store"), 0) << programs.LogOf(state);
  }
}

// Beside what a kill leaves, the other copy of a store that a node must be able to start from.
TEST(Backup, MadeWhileMessagesFlowItIsWholeAndANodeStartsFromIt) {
  Programs programs(OneSignature());
  const std::string backups = programs.folder() + "/backups";
  ASSERT_EQ(mkdir(backups.c_str(), 0700), 0);
  Daemon& node = programs.daemon("QM");
  node.AddArguments({"--backup-dir", backups, "--backup-every-hours", "0"});
  node.Start();
  programs.daemon("QT").Start();
  std::vector<v1::Envelope> envelopes;
  for (size_t i = 0; i < kMessages; ++i) envelopes.push_back(programs.world().MakeEnvelope({}));
  std::atomic<size_t> sent{0};
  std::atomic<bool> flowing{true}, made{false};
  std::vector<std::string> ids;
  std::thread sender([&] {
    auto desk = programs.Desk("QM/central/o-0001");
    for (const v1::Envelope& envelope : envelopes) {
      // However slow the machine is, the last ones come after the newest backup.
      while (ids.size() == kMessages - kMessages / 8 && !made) {
        absl::SleepFor(absl::Milliseconds(5));
      }
      auto response = programs.Submit(*desk, envelope, "QM/central/o-0001", kLimit);
      EXPECT_TRUE(response.ok()) << TextOf(response.status());
      if (!response.ok()) break;
      ids.push_back(response->message_id());
      ++sent;
      absl::SleepFor(absl::Milliseconds(4));
    }
    flowing = false;
  });
  // The id of what was acknowledged before the newest backup began is in it.
  size_t acknowledged = 0;
  for (int i = 0; i < 4; ++i) {
    while (flowing && sent < (kMessages / 8) * static_cast<size_t>(i + 1)) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    acknowledged = sent;
    EXPECT_EQ(Daemon(node.arguments(), programs.folder() + "/asked.log").RunWith("--backup-now"), 0)
        << programs.LogOf("QM");
  }
  made = true;
  EXPECT_LT(acknowledged, kMessages) << "messages flowed meanwhile";
  sender.join();
  AwaitDelivery(programs, ids);
  EXPECT_EQ(node.Stop(), 0);
  std::vector<std::filesystem::path> all;
  for (const auto& entry : std::filesystem::directory_iterator(backups)) all.push_back(entry);
  ASSERT_EQ(all.size(), 4u);
  const std::string data = programs.FolderOf("QM") + "/data";
  for (const auto& backup : all) {
    node.SetArgument("--data-dir", backup);
    EXPECT_EQ(node.RunWith("--check-store"), 0) << programs.LogOf("QM");
  }
  node.SetArgument("--data-dir", *std::max_element(all.begin(), all.end()));
  programs.daemon("QT").Stop();  // it has seen more, and would say so
  node.Start();
  std::map<std::string, int> kept =
      CountMessages(Value(programs.VerifiedLedger("QM")), v1::RecordKind::SUBMISSION);
  for (size_t i = 0; i < acknowledged; ++i) EXPECT_EQ(kept[ids[i]], 1) << i;
  EXPECT_LT(kept.size(), kMessages) << "it is of its own moment";
  EXPECT_EQ(node.Stop(), 0);
}

TEST(Programs, EachBadCallGetsItsCodeAndAnEntry) {
  Programs programs({});
  programs.daemon("QM").Start();
  programs.daemon("QT").Start();
  auto drafter = programs.Desk("QM/central/o-0001");
  v1::Envelope good = programs.world().MakeEnvelope({});
  ASSERT_EQ(Value(programs.Submit(*drafter, good, "QM/central/o-0001", kLimit)).outcome(),
            v1::Outcome::PENDING);
  // A changed byte anywhere: the signature no longer fits, or the bytes no longer parse.
  v1::Envelope changed = good;
  (*changed.mutable_body())[100] ^= 1;
  v1::SubmitDraftRequest request;
  *request.mutable_envelope() = changed;
  *request.mutable_draft() =
      programs.world().Sign(good, "QM/central/o-0001", v1::SignaturePurpose::DRAFT);
  grpc::ClientContext context;
  v1::SubmitResponse response;
  EXPECT_EQ(CodeOf(transport::FromGrpc(drafter->SubmitDraft(&context, request, &response))),
            "BAD_SIGNATURE");
  // An auditor drafts.
  auto auditor = programs.Desk("QM/central/o-0004");
  auto refused = programs.Submit(*auditor, programs.world().MakeEnvelope({}), "QM/central/o-0004",
                                 absl::Seconds(10));
  EXPECT_EQ(CodeOf(refused.status()), "WRONG_ROLE");
  // A body over the limit.
  request.mutable_envelope()->set_body(std::string(1200 * 1024, 'x'));
  grpc::ClientContext second;
  EXPECT_EQ(CodeOf(transport::FromGrpc(drafter->SubmitDraft(&second, request, &response))),
            "BODY_TOO_LARGE");
  std::vector<v1::Record> ledger = Value(programs.VerifiedLedger("QM"));
  std::map<int, int> reasons;
  for (const auto& record : ledger) {
    if (record.kind() == v1::RecordKind::REFUSED_CALL) ++reasons[record.reason()];
  }
  EXPECT_EQ(reasons[v1::Reason::BAD_SIGNATURE], 1);
  EXPECT_EQ(reasons[v1::Reason::WRONG_ROLE], 1);
  EXPECT_EQ(reasons[v1::Reason::BODY_TOO_LARGE], 1);
}

}  // namespace
}  // namespace palermo::testing

int main(int argc, char** argv) {
  palermo::transport::RequireTls13();
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
