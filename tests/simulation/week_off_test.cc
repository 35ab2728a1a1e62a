// A member's node is off for seven days, by the clock of the world: the others write on, dial it
// again and again, lose power themselves, renew a directory, and some of what they wrote runs out.
// When it is back it has everything by itself, once and in order, and what it wrote before goes
// out.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "base/limits.h"
#include "base/status.h"
#include "node/desk/drafting.h"
#include "node/server/backoff.h"
#include "node/trust/envelope.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kAway = absl::Hours(7 * 24);

WorldOptions StatesOfTheWeek() {
  WorldOptions options;
  options.states = {"QM", "QN", "QT"};
  options.request_approvals = 0;
  options.other_approvals = 0;
  return options;
}

std::string DrafterOf(const std::string& state) { return Cat({state, "/central/o-0001"}); }

class WeekOff : public ::testing::Test {
 protected:
  WeekOff() : sim(StatesOfTheWeek()) {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  // A case of `from` with QT, which is delivered.
  void OpenCase(const std::string& from) {
    EnvelopeSpec spec;
    spec.from = Cat({from, "/central"});
    const v1::Envelope request = sim.world.MakeEnvelope(spec);
    Value(sim.Submit(request, DrafterOf(from)));
    const auto parsed = Value(trust::ParseEnvelope(request));
    cases[from] = {parsed.header.case_id(), parsed.message_id};
    lasting[from].push_back(std::string(AsView(parsed.message_id)));
    sim.Settle();
  }
  std::string Ask(const std::string& from, absl::Duration life) {
    EnvelopeSpec spec;
    spec.from = Cat({from, "/central"});
    spec.act = v1::Act::STATUS_QUERY;
    spec.case_id = cases[from].first;
    spec.parents = {cases[from].second};
    spec.life = life;
    const v1::Envelope query = sim.world.MakeEnvelope(spec);
    Value(sim.Submit(query, DrafterOf(from)));
    return std::string(AsView(Value(trust::ParseEnvelope(query)).message_id));
  }
  void SwitchOff(const std::string& state) {
    for (const char* other : {"QM", "QN", "QT"}) {
      if (other == state) continue;
      sim.Disconnect(other, state);
      sim.Disconnect(state, other);
    }
    sim.Settle();
  }
  v1::ListMessagesResponse Incoming(const std::string& state) {
    v1::ListMessagesRequest request;
    request.set_incoming_only(true);
    request.set_limit(static_cast<uint32_t>(limits::kMaxInboxPage));
    std::optional<v1::ListMessagesResponse> listed;
    sim.node(state).ListMessages(sim.CallerOf(DrafterOf(state)), request,
                                 [&](auto answer) { listed = Value(std::move(answer)); });
    while (!listed.has_value() && sim.node(state).RunOnce() > 0) {
    }
    return listed.value_or(v1::ListMessagesResponse());
  }
  v1::RecipientStatus StatusOf(const std::string& from, const std::string& id) {
    return Value(sim.Explain(DrafterOf(from), id)).recipients(0);
  }

  // Seven days in which nobody answers the tries of QM and QN.
  void PassTheWeek() {
    const absl::Time start = sim.world.clock.Now();
    absl::Time next_hour = start;
    for (int hours = 0; sim.world.clock.Now() < start + kAway;) {
      const int64_t wait_ms = backoff.NextMillis();
      ASSERT_LE(wait_ms, limits::kRetryMaxMillis);
      sim.world.clock.Advance(absl::Milliseconds(wait_ms));
      ++tries;
      if (sim.world.clock.Now() < next_hour) continue;
      next_hour += absl::Hours(1);
      PassAnHour(++hours);
    }
  }
  void PassAnHour(int hours) {
    for (const char* from : {"QM", "QN"}) {
      if (hours % 12 == 1) lasting[from].push_back(Ask(from, 20 * kDay));
      if (hours % 24 == 2) running_out.emplace_back(from, Ask(from, kDay));
      sim.node(from).Tick();
    }
    if (hours == 60) Value(sim.Publish("QM", sim.world.NextDirectory("QM", [](v1::Directory*) {})));
    // The others lose power too, and forget nothing that they owe.
    if (hours == 80) sim.Crash("QM");
    if (hours == 100) sim.Crash("QN");
    sim.Settle();
  }
  // The next try comes by itself, and nobody does anything else.
  void ComeBack(const std::string& state) {
    ASSERT_TRUE(sim.Reopen(state).ok());
    const int64_t wait_ms = backoff.NextMillis();
    ASSERT_LE(wait_ms, limits::kRetryMaxMillis);
    sim.world.clock.Advance(absl::Milliseconds(wait_ms));
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
    for (const char* each : {"QM", "QN", "QT"}) sim.node(each).Tick();
    sim.Settle();
  }
  // What `from` sent to last is there, in its order; how much it was.
  size_t ExpectAllOf(const std::string& from, const std::vector<std::string>& arrived) {
    const std::vector<std::string>& sent = lasting[from];
    std::vector<std::string> in_order;
    for (const std::string& id : arrived) {
      if (std::find(sent.begin(), sent.end(), id) != sent.end()) in_order.push_back(id);
    }
    EXPECT_EQ(in_order, sent) << from;
    for (const std::string& id : sent) EXPECT_EQ(StatusOf(from, id).stage(), "DELIVERED");
    EXPECT_EQ(sim.node(from).Stats().outbox_items, 0u);
    return sent.size();
  }

  Simulation sim;
  std::map<std::string, std::pair<std::string, Hash>> cases;     // by sending state: case, request
  std::map<std::string, std::vector<std::string>> lasting;       // message ids, by sending state
  std::vector<std::pair<std::string, std::string>> running_out;  // sender, id
  uint64_t tries = 0;
  server::Backoff backoff{sim.world.random};
};

TEST_F(WeekOff, AMemberCatchesUpByItselfAndNoRecordIsLost) {
  OpenCase("QM");
  OpenCase("QN");
  SwitchOff("QT");
  // Entered at its own node, and not sent any more when the power failed.
  EnvelopeSpec own;
  own.from = "QT/central";
  own.to = {"QM/central"};
  const v1::Envelope unsent = sim.world.MakeEnvelope(own);
  Value(sim.Submit(unsent, DrafterOf("QT")));
  sim.Crash("QT");

  PassTheWeek();
  EXPECT_GE(tries, 7u * 24 * 60) << "a try at least every minute, to the end";
  EXPECT_GE(running_out.size(), 14u);
  size_t over = 0;
  for (const auto& [from, id] : running_out) {
    over += StatusOf(from, id).outcome() == v1::Outcome::EXPIRED_UNCONFIRMED ? 1 : 0;
  }
  EXPECT_GE(over, 12u) << "all but those of the last day";

  ComeBack("QT");
  std::vector<std::string> arrived;
  const v1::ListMessagesResponse at_qt = Incoming("QT"), at_qm = Incoming("QM");
  for (const v1::MessageSummary& message : at_qt.messages()) {
    EXPECT_FALSE(message.held()) << "a gap was left";
    arrived.push_back(message.message_id());
  }
  EXPECT_EQ(std::set<std::string>(arrived.begin(), arrived.end()).size(), arrived.size());
  EXPECT_GE(ExpectAllOf("QM", arrived) + ExpectAllOf("QN", arrived), 30u);
  // What ran out is told as that on both sides; what was written within the last day arrived.
  for (const auto& [from, id] : running_out) {
    const bool came = std::find(arrived.begin(), arrived.end(), id) != arrived.end();
    EXPECT_EQ(StatusOf(from, id).outcome(), came ? v1::Outcome::ACCEPTED : v1::Outcome::EXPIRED);
  }
  ASSERT_EQ(at_qm.messages_size(), 1);
  EXPECT_EQ(at_qm.messages(0).message_id(), AsView(Value(trust::ParseEnvelope(unsent)).message_id));
}

// What a desk drafts lasts longer than such a week, unless its officer says less.
TEST_F(WeekOff, AMailOfADeskOutlastsIt) {
  EXPECT_GT(desk::DraftFile().life_days * kDay, 2 * kAway);
  EXPECT_LE(absl::Milliseconds(limits::kRetryMaxMillis), absl::Minutes(1));
}

}  // namespace
}  // namespace palermo::testing
