// What must hold in every history: crossing acts, assets, surviving duties.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/history.h"
#include "node/casework/json.h"
#include "node/casework/obligations.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;

Hash Id(uint8_t n) {
  Hash id = {};
  id[0] = n;
  return id;
}

// A shortest chain of acts to each standing.
std::map<Standing, std::vector<ActFact>> Chains() {
  std::map<Standing, std::vector<ActFact>> chains = {{Standing{}, {}}};
  std::vector<Standing> todo = {Standing{}};
  for (size_t next = 0; next < todo.size(); ++next) {
    const auto chain = chains[todo[next]];
    for (Side side : {RQ, RD}) {
      for (Act::Code act : LegalActs(todo[next], side)) {
        const Standing after = *Apply(todo[next], side, act);
        if (chains.count(after) > 0) continue;
        auto longer = chain;
        const auto n = static_cast<uint8_t>(longer.size() + 1);
        longer.push_back(
            {Id(n), side, act, n == 1 ? std::vector<Hash>{} : std::vector<Hash>{Id(n - 1)}});
        chains[after] = longer;
        todo.push_back(after);
      }
    }
  }
  return chains;
}

bool IsResult(Act::Code act) { return act == Act::PARTIAL_RESULT || act == Act::FINAL_RESULT; }

// Every pair of acts that can cross, in every standing: one history for every order of arrival,
// nothing deleted, a result never lost.
TEST(Crossing, EveryPairInEveryStandingGivesOneHistory) {
  size_t pairs = 0;
  for (const auto& [standing, chain] : Chains()) {
    if (chain.empty()) continue;
    const std::vector<Hash> heads = {chain.back().id};
    for (Act::Code ours : LegalActs(standing, RQ)) {
      for (Act::Code theirs : LegalActs(standing, RD)) {
        ++pairs;
        auto facts = chain;
        facts.push_back({Id(200), RQ, ours, heads});
        facts.push_back({Id(201), RD, theirs, heads});
        const History history = Replay(facts);
        std::swap(facts[facts.size() - 1], facts[facts.size() - 2]);
        ASSERT_EQ(Replay(facts), history);
        ASSERT_EQ(history.acts.size(), facts.size());
        for (const OrderedAct& act : history.acts) {
          const bool result = act.id == Id(201) && IsResult(theirs);
          EXPECT_FALSE(result && act.conflict) << Describe(standing) << ActName(ours);
          const bool disclosure = (act.id == Id(200) ? ours : theirs) == Act::EXCULPATORY_NOTICE &&
                                  (act.id == Id(200) || act.id == Id(201));
          EXPECT_FALSE(disclosure && act.conflict) << Describe(standing);
        }
      }
    }
  }
  EXPECT_GT(pairs, 1000u);
}

// Three at once, in each of the six orders.
TEST(Crossing, ThreeActsGiveOneHistoryInEveryOrder) {
  for (const auto& [standing, chain] : Chains()) {
    if (chain.empty() || standing.state == CaseState::kClosed) continue;
    const std::vector<Hash> heads = {chain.back().id};
    const auto ours = LegalActs(standing, RQ), theirs = LegalActs(standing, RD);
    for (size_t i = 0; i < theirs.size(); ++i) {
      auto facts = chain;
      facts.push_back({Id(200), RQ, ours[i % ours.size()], heads});
      facts.push_back({Id(201), RD, theirs[i], heads});
      facts.push_back({Id(202), RD, theirs[(i + 1) % theirs.size()], heads});
      const History history = Replay(facts);
      auto tail = facts.end() - 3;
      std::sort(tail, facts.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
      do {
        ASSERT_EQ(Replay(facts), history);
      } while (std::next_permutation(tail, facts.end(),
                                     [](const auto& a, const auto& b) { return a.id < b.id; }));
    }
  }
}

// I8 and I10: after admission nothing is returned; no act leads out of a terminal state.
TEST(Invariants, TerminalStatesStay) {
  for (const auto& [standing, chain] : Chains()) {
    if (!IsTerminal(standing.state)) continue;
    for (Side side : {RQ, RD}) {
      for (Act::Code act : LegalActs(standing, side))
        EXPECT_EQ(*Apply(standing, side, act), standing);
    }
  }
}

TEST(Assets, RandomWalksNeverDisposeOverAnOpenClaimNorLiftUnheard) {
  std::mt19937 random(7);
  int moves = 0;
  for (int walk = 0; walk < 2000; ++walk) {
    AssetMeasure measure;
    bool heard = false;
    for (int step = 0; step < 12; ++step) {
      measure.open_claim = random() % 2 == 0;
      const auto to = static_cast<AssetState>(1 + random() % kAssetStates);
      const AssetState was = measure.state;
      const auto findings = MoveAsset(measure, to);
      EXPECT_EQ(measure.state, Blocks(findings) ? was : to);
      if (Blocks(findings)) continue;
      ++moves;
      if (to == AssetState::kRqHeard) heard = true;
      EXPECT_FALSE(to == AssetState::kLifted && !heard);
      const bool disposal = to >= AssetState::kDisposalAgreed && to <= AssetState::kRetained;
      EXPECT_FALSE(disposal && measure.open_claim);
    }
  }
  EXPECT_GT(moves, 1000);
}

TEST(Assets, NamesGoBothWays) {
  for (int n = 1; n <= kAssetStates; ++n) {
    const auto state = static_cast<AssetState>(n);
    EXPECT_EQ(*AssetStateFromName(AssetStateName(state)), state);
  }
  EXPECT_FALSE(AssetStateFromName("MELTED").ok());
}

std::set<std::string> Kinds(const std::vector<Obligation>& obligations) {
  std::set<std::string> kinds;
  for (const Obligation& o : obligations) kinds.emplace(o.kind);
  return kinds;
}

TEST(Obligations, SurviveTheEndOfTheCase) {
  const v1::CaseBody request = TemplateFor(Act::REQUEST), result = TemplateFor(Act::FINAL_RESULT);
  const absl::Time t = *ParseInstant("2026-03-02");
  std::vector<OpenedAct> acts = {{Act::REQUEST, RQ, t, &request},
                                 {Act::PARTIAL_RESULT, RD, t, &result},
                                 {Act::FINAL_RESULT, RD, t, &result}};
  const std::set<std::string> both = {"EXCULPATORY_NOTICE", "INFORM_NO_LONGER_REQUIRED",
                                      "KEEP_CONFIDENTIAL", "USE_LIMITATION"};
  EXPECT_EQ(Kinds(ObligationsOf(acts)), both);
  EXPECT_EQ(ObligationsOf(acts).size(), both.size());  // each once
  acts.push_back({Act::WITHDRAWAL, RQ, t, nullptr});
  EXPECT_EQ(Kinds(ObligationsOf(acts)), both);  // I10
}

TEST(Obligations, OfAPersonWhoWasTransferred) {
  v1::CaseBody request, result = TemplateFor(Act::FINAL_RESULT);
  v1::Item& item = *request.mutable_request()->add_items();
  item.set_n(1);
  item.set_type(v1::AssistanceType::TRANSFER_DETAINED_WITNESS);
  item.set_return_due_at("2026-09-01");
  const absl::Time t = *ParseInstant("2026-03-02");
  const auto owed =
      ObligationsOf({{Act::REQUEST, RQ, t, &request}, {Act::FINAL_RESULT, RD, t, &result}});
  EXPECT_EQ(Kinds(owed), (std::set<std::string>{"EXCULPATORY_NOTICE", "INFORM_NO_LONGER_REQUIRED",
                                                "KEEP_CUSTODY", "RETURN_PERSON", "SAFE_CONDUCT",
                                                "TIME_CREDIT", "USE_LIMITATION"}));
  for (const Obligation& o : owed) {
    EXPECT_EQ(IsBreached(o, *ParseInstant("2026-09-02")), o.kind == "RETURN_PERSON") << o.kind;
    EXPECT_EQ(o.owed_by == RD, o.kind == "TIME_CREDIT") << o.kind;
  }
}

TEST(Obligations, TheReportToTheFlagStateIsFulfilledByTheResult) {
  const absl::Time t = *ParseInstant("2026-03-02");
  std::vector<OpenedAct> acts = {{Act::BOARDING_REPORT, RQ, t, nullptr}};
  EXPECT_FALSE(ObligationsOf(acts)[0].fulfilled);
  acts.push_back({Act::BOARDING_RESULT, RQ, t, nullptr});
  EXPECT_TRUE(ObligationsOf(acts)[0].fulfilled);
}

}  // namespace
}  // namespace palermo::casework
