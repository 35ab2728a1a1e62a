// Two desks that have seen the same acts show the same history: random cases in which both states
// act at once, over sealed messages and two nodes; then the same messages once more in any order,
// some missing, some twice.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "base/clock.h"
#include "node/desk/case_json.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

using desk::CaseView;

constexpr int kSeeds = 30;
constexpr int kActsPerCase = 14;
constexpr int kOrders = 12;
constexpr v1::Family::Code kFamilies[] = {v1::Family::MLA, v1::Family::SEA, v1::Family::EXTRADITION,
                                          v1::Family::SPECIAL_TECHNIQUE,
                                          v1::Family::PRESERVATION_24_7};

WorldOptions Options(uint64_t seed) {
  WorldOptions options;
  options.request_approvals = 0;
  options.other_approvals = 0;
  options.seed = seed;
  options.families.assign(std::begin(kFamilies), std::end(kFamilies));
  return options;
}

class HistoryRun {
 public:
  explicit HistoryRun(uint64_t seed)
      : sim_(Options(seed)), family_(kFamilies[seed % std::size(kFamilies)]) {
    sim_.ExchangeDocuments();
    sim_.ConnectAll();
    sim_.Settle();
  }

  // Both sides act on what they have seen, while messages are still on their way.
  void Play() {
    Act("QM");
    sim_.Settle();
    for (int i = 0; i < kActsPerCase; ++i) {
      Act(Roll(2) == 0 ? "QM" : "QT");
      for (uint64_t steps = Roll(5); steps > 0 && sim_.Step(); --steps) {
      }
      sim_.world.clock.Advance(absl::Seconds(static_cast<int64_t>(Roll(90))));
    }
    sim_.ConnectAll();
    sim_.Settle();
  }

  CaseView ViewOf(const std::string& state) {
    auto cases = desk::BuildCases(Messages(state), state, sim_.world.clock.Now());
    EXPECT_EQ(cases.size(), 1u);
    return cases.at(0);
  }

  // The messages as they might have come to a desk of this state: some missing, some twice.
  std::string AnyOrder(const std::string& state, const std::vector<size_t>& order) {
    const auto all = Messages("QM");
    std::vector<v1::MessageSummary> came;
    int64_t at = ToMillis(sim_.world.clock.Now());
    for (size_t i : order) {
      v1::MessageSummary message = all[i];
      v1::Header header;
      EXPECT_TRUE(header.ParseFromString(message.header()));
      message.set_incoming(header.sender() != Cat({state, "/central"}));
      message.set_recorded_at_ms(++at);
      came.push_back(message);
    }
    auto cases = desk::BuildCases(came, state, sim_.world.clock.Now());
    return cases.empty() ? "" : desk::HistoryJson(cases[0]);
  }

  void Shuffle(std::vector<size_t>* order) {
    for (size_t i = order->size(); i > 1; --i) std::swap((*order)[i - 1], (*order)[Roll(i)]);
  }
  size_t count() { return Messages("QM").size(); }
  uint64_t Roll(uint64_t below) {
    return static_cast<unsigned char>(sim_.world.random.Bytes(1)[0]) % below;
  }

 private:
  std::vector<v1::MessageSummary> Messages(const std::string& state) {
    std::optional<absl::StatusOr<v1::ListMessagesResponse>> answer;
    sim_.node(state).ListMessages(sim_.CallerOf(Cat({state, "/central/o-0001"})), {},
                                  [&](auto response) { answer = std::move(response); });
    const v1::ListMessagesResponse list = Value(*std::move(answer));
    return {list.messages().begin(), list.messages().end()};
  }

  // Something that is legal as this state's desk sees the case, sealed and sent.
  void Act(const std::string& state) {
    EnvelopeSpec spec;
    spec.from = Cat({state, "/central"});
    spec.to = {state == "QM" ? "QT/central" : "QM/central"};
    spec.family = family_;
    spec.case_id = std::string(16, 'c');
    const auto seen = desk::BuildCases(Messages(state), state, sim_.world.clock.Now());
    if (seen.empty() && state == "QT") return;
    if (!seen.empty()) {
      const auto& acts = seen[0].next_acts;
      if (acts.empty()) return;
      // Of three picks the first that moves the case: most acts do not.
      for (int i = 0; i < 3; ++i) {
        spec.act = acts[Roll(acts.size())];
        const auto after = casework::Apply(seen[0].history.final, seen[0].own_side, spec.act);
        if (after.ok() && *after != seen[0].history.final) break;
      }
      spec.parents = seen[0].history.heads;
    }
    const v1::Envelope envelope = sim_.world.MakeEnvelope(spec);
    Value(sim_.Submit(envelope, Cat({state, "/central/o-0001"})), "a legal act");
  }

  Simulation sim_;
  v1::Family::Code family_;
};

size_t Conflicts(const CaseView& view) {
  return static_cast<size_t>(std::count_if(view.acts.begin(), view.acts.end(),
                                           [](const desk::CaseAct& act) { return act.conflict; }));
}

TEST(History, BothDesksShowTheSameOneWhateverCrossed) {
  size_t acts = 0, conflicts = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    HistoryRun run(seed);
    run.Play();
    const CaseView qm = run.ViewOf("QM"), qt = run.ViewOf("QT");
    ASSERT_EQ(desk::HistoryJson(qm), desk::HistoryJson(qt));
    EXPECT_EQ(desk::HistoryHash(qm), desk::HistoryHash(qt));
    EXPECT_TRUE(qm.history.missing.empty());
    EXPECT_EQ(Conflicts(qm), Conflicts(qt));
    acts += qm.acts.size();
    conflicts += Conflicts(qm);
  }
  // Else nothing crossed, and the test shows nothing.
  EXPECT_GT(acts, kSeeds * kActsPerCase / 2);
  EXPECT_GE(conflicts, 10u) << "of " << acts << " acts";
  ::testing::Test::RecordProperty("conflicts", static_cast<int>(conflicts));
}

TEST(History, IsAFunctionOfTheSetOfActs) {
  size_t gaps = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    HistoryRun run(seed);
    run.Play();
    std::vector<size_t> seen;
    for (size_t i = 0; i < run.count(); ++i) {
      if (run.Roll(8) != 0) seen.push_back(i);
    }
    if (seen.empty()) continue;
    gaps += run.count() - seen.size();
    const std::string shown = run.AnyOrder("QM", seen);
    for (int i = 0; i < kOrders; ++i) {
      std::vector<size_t> order = seen;
      order.push_back(seen[run.Roll(seen.size())]);  // it came twice
      run.Shuffle(&order);
      ASSERT_EQ(run.AnyOrder(i % 2 == 0 ? "QT" : "QM", order), shown);
    }
  }
  EXPECT_GT(gaps, 0u);
}

}  // namespace
}  // namespace palermo::testing
