// Random histories: nodes lose power and links break at any step, and in the end every message is
// there once, every receipt verifies, and both sides tell the same story. `--seeds N --first S`
// runs more of them.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "base/status.h"
#include "node/casework/state_machine.h"
#include "node/exchange/store_check.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

uint64_t g_seeds = 60;
uint64_t g_first = 1;

// One run under one seed.
class SeedRun {
 public:
  explicit SeedRun(uint64_t seed) : sim_(MakeOptions(seed)) {
    sim_.ExchangeDocuments();
    sim_.ConnectAll();
  }

  void Play() {
    for (int step = 0; step < 400; ++step) {
      uint64_t dice = Roll(100);
      if (dice < 8 && sent_.size() < 30) {
        SendSomething();
      } else if (dice < 11) {
        Cut();
      } else if (dice < 13) {
        sim_.Crash(Roll(2) == 0 ? "QM" : "QT");
      } else if (dice < 20) {
        Reconnect();
      } else {
        sim_.Step();
      }
    }
    for (int i = 0; i < 10; ++i) {
      Reconnect();
      sim_.Settle();
    }
  }

  void CheckAll() {
    for (const auto& [id, from] : sent_) {
      std::string officer = Cat({from, "/central/o-0001"});
      v1::ExplainResponse told = Value(sim_.Explain(officer, id));
      ASSERT_EQ(told.recipients_size(), 1);
      // Delivered, or refused because a crossing act had made it illegal: nothing is lost or stuck.
      EXPECT_NE(told.recipients(0).stage(), "QUEUED");
      for (const auto& stored : told.receipts()) {
        EXPECT_TRUE(
            trust::VerifyReceipt(stored.receipt(), *sim_.world.Directory(stored.state())).ok());
      }
      EXPECT_EQ(told.receipts_size(), 2);
    }
    CheckLedgers();
    for (const char* from : {"QM", "QT"}) EXPECT_EQ(sim_.node(from).Stats().outbox_items, 0U);
    EXPECT_EQ(Histories("QM"), Histories("QT"));
  }

 private:
  static WorldOptions MakeOptions(uint64_t seed) {
    WorldOptions options;
    options.seed = seed;
    options.request_approvals = 0;
    options.other_approvals = 0;
    return options;
  }
  uint64_t Roll(uint64_t sides) { return sim_.world.random.Uint64() % sides; }

  void Cut() {
    if (Roll(2) == 0) {
      sim_.Disconnect("QM", "QT");
    } else {
      sim_.Disconnect("QT", "QM");
    }
  }
  void Reconnect() {
    EXPECT_TRUE(sim_.Connect("QM", "QT").ok());
    EXPECT_TRUE(sim_.Connect("QT", "QM").ok());
  }

  // A request, or any act that its sender's node takes in a case that is known there.
  void SendSomething() {
    const char* from = Roll(2) == 0 ? "QM" : "QT";
    const char* to = from[1] == 'M' ? "QT" : "QM";
    EnvelopeSpec spec;
    spec.from = Cat({from, "/central"});
    spec.to = {Cat({to, "/central"})};
    if (!sent_.empty() && Roll(4) != 0) {
      auto it = sent_.begin();
      std::advance(it, static_cast<long>(Roll(sent_.size())));
      auto before = sim_.Fetch(Cat({from, "/central/o-0001"}), it->first);
      if (!before.ok()) return;  // it has not arrived
      v1::Header header;
      header.ParseFromString((*before).envelope().header());
      spec.case_id = header.case_id();
      spec.parents = {Value(HashFrom(it->first, "id"))};
      spec.act = static_cast<v1::Act::Code>(2 + Roll(v1::Act::Code_MAX - 1));
    }
    v1::Envelope envelope = sim_.world.MakeEnvelope(spec);
    auto response = sim_.Submit(envelope, Cat({from, "/central/o-0001"}));
    if (response.ok()) sent_[response->message_id()] = from;
  }

  // Each message is submitted once, and delivered or refused once.
  void CheckLedgers() {
    for (const char* state : {"QM", "QT"}) {
      std::map<std::pair<int, std::string>, int> counts;
      for (const auto& record : sim_.Ledger(state)) {
        ++counts[{record.kind(), record.message_id()}];
        EXPECT_NE(record.kind(), v1::RecordKind::PEER_FAULT);
      }
      for (const auto& [key, count] : counts) {
        if (key.first == v1::RecordKind::SUBMISSION || key.first == v1::RecordKind::DELIVERY ||
            key.first == v1::RecordKind::RELAY) {
          EXPECT_EQ(count, 1) << v1::RecordKind::Code_Name(
              static_cast<v1::RecordKind::Code>(key.first));
        }
      }
    }
    for (const char* state : {"QM", "QT"}) {
      auto report = Value(exchange::CheckStore(sim_.store(state), [](auto, auto, auto) {}));
      EXPECT_TRUE(report.ToStatus().ok()) << report.ToStatus();
    }
  }

  // For each case: the messages that count in it, as the officers of a state see them.
  std::map<std::string, std::set<std::string>> Histories(const std::string& state) {
    std::map<std::string, std::set<std::string>> histories;
    std::optional<absl::StatusOr<v1::ListMessagesResponse>> answer;
    sim_.node(state).ListMessages(sim_.CallerOf(Cat({state, "/central/o-0001"})), {},
                                  [&](auto response) { answer = std::move(response); });
    const v1::ListMessagesResponse list = Value(*std::move(answer));
    for (const auto& message : list.messages()) {
      v1::Header header;
      header.ParseFromString(message.header());
      histories[header.case_id()].insert(message.message_id());
      EXPECT_FALSE(message.held());
    }
    return histories;
  }

  Simulation sim_;
  std::map<std::string, std::string> sent_;  // message id -> state
};

TEST(Seeds, NothingIsLostDoubledOrStuckWhateverBreaks) {
  for (uint64_t seed = g_first; seed < g_first + g_seeds; ++seed) {
    SCOPED_TRACE(::testing::Message()
                 << "seed " << seed << "; repeat with --first " << seed << " --seeds 1");
    SeedRun run(seed);
    run.Play();
    run.CheckAll();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace palermo::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::string(argv[i]) == "--seeds") palermo::testing::g_seeds = value;
    if (std::string(argv[i]) == "--first") palermo::testing::g_first = value;
  }
  std::printf(
      "seeds %llu to %llu\n", static_cast<unsigned long long>(palermo::testing::g_first),
      static_cast<unsigned long long>(palermo::testing::g_first + palermo::testing::g_seeds - 1));
  return RUN_ALL_TESTS();
}
