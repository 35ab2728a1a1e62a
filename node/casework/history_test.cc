#include "node/casework/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <random>
#include <set>

#include "base/limits.h"
#include "base/status.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using v1::Act;

Hash IdOf(uint32_t n) {
  Hash id = {};
  for (int i = 0; i < 4; ++i) id[i] = static_cast<uint8_t>(n >> (24 - 8 * i));
  return id;
}

ActFact Fact(uint32_t id, Side side, Act::Code act, std::vector<uint32_t> parents) {
  ActFact fact{IdOf(id), side, act, {}};
  for (uint32_t parent : parents) fact.parents.push_back(IdOf(parent));
  return fact;
}

// A case up to ADMITTED: acts 1, 2, 3.
std::vector<ActFact> Admitted() {
  return {Fact(1, RQ, Act::REQUEST, {}), Fact(2, RD, Act::ACKNOWLEDGEMENT, {1}),
          Fact(3, RD, Act::ADMISSION, {2})};
}
std::vector<ActFact> Executing() {
  auto facts = Admitted();
  facts.push_back(Fact(4, RD, Act::EXECUTION_STARTED, {3}));
  return facts;
}
std::vector<ActFact> WithActs(std::vector<ActFact> facts, std::vector<ActFact> more) {
  facts.insert(facts.end(), more.begin(), more.end());
  return facts;
}

const OrderedAct& Get(const History& history, uint32_t id) {
  const auto found = std::find_if(history.acts.begin(), history.acts.end(),
                                  [&](const OrderedAct& act) { return act.id == IdOf(id); });
  EXPECT_NE(found, history.acts.end());
  return *found;
}
std::vector<uint32_t> Conflicts(const History& history) {
  std::vector<uint32_t> ids;
  for (const OrderedAct& act : history.acts) {
    if (act.conflict) ids.push_back(act.id[3] | act.id[2] << 8);
  }
  return ids;
}

// The history is the same for every order in which `facts` can arrive.
History SameForEveryOrder(std::vector<ActFact> facts) {
  const auto by_id = [](const ActFact& a, const ActFact& b) { return a.id < b.id; };
  std::sort(facts.begin(), facts.end(), by_id);
  const History history = Replay(facts);
  int orders = 0;
  do {
    EXPECT_EQ(Replay(facts), history);
    ++orders;
  } while (std::next_permutation(facts.begin(), facts.end(), by_id));
  EXPECT_GT(orders, 1);
  return history;
}

TEST(Replay, NothingHappenedYet) {
  const History history = Replay({});
  EXPECT_EQ(history.final, Standing{});
  EXPECT_THAT(history.acts, IsEmpty());
  EXPECT_THAT(history.heads, IsEmpty());
}

TEST(Replay, AChainGoesStepByStep) {
  const History history = SameForEveryOrder(Executing());
  EXPECT_EQ(history.final.state, CaseState::kExecuting);
  EXPECT_EQ(Get(history, 2).after.state, CaseState::kReceived);
  EXPECT_THAT(history.heads, ElementsAre(IdOf(4)));
  EXPECT_THAT(Conflicts(history), IsEmpty());
}

TEST(Replay, AResultStandsBeforeAWithdrawalThatCrossesIt) {
  const History history = SameForEveryOrder(WithActs(
      Executing(), {Fact(5, RQ, Act::WITHDRAWAL, {4}), Fact(6, RD, Act::FINAL_RESULT, {4})}));
  EXPECT_EQ(Get(history, 6).after.state, CaseState::kExecuted);
  EXPECT_EQ(history.final.state, CaseState::kWithdrawn);
  EXPECT_THAT(Conflicts(history), IsEmpty());
  EXPECT_THAT(history.heads, ElementsAre(IdOf(5), IdOf(6)));
}

TEST(Replay, AWithdrawalGoesBeforeExecutionThatHasNotBegun) {
  const History history = SameForEveryOrder(WithActs(
      Admitted(), {Fact(5, RD, Act::EXECUTION_STARTED, {3}), Fact(6, RQ, Act::WITHDRAWAL, {3})}));
  EXPECT_EQ(history.final.state, CaseState::kWithdrawn);
  EXPECT_THAT(Conflicts(history), ElementsAre(5));
  EXPECT_EQ(Get(history, 5).after.state, CaseState::kWithdrawn);
  EXPECT_THAT(Get(history, 5).why, HasSubstr("EXECUTION_STARTED by the REQUESTED state"));
  EXPECT_THAT(Get(history, 5).why, HasSubstr("WITHDRAWN"));
}

TEST(Replay, ExecutionThatGaveAResultGoesBeforeACrossingWithdrawal) {
  const History history = SameForEveryOrder(WithActs(
      Admitted(), {Fact(5, RD, Act::EXECUTION_STARTED, {3}), Fact(6, RD, Act::PARTIAL_RESULT, {5}),
                   Fact(4, RQ, Act::WITHDRAWAL, {3})}));
  EXPECT_EQ(Get(history, 6).after.state, CaseState::kPartlyExecuted);
  EXPECT_EQ(history.final.state, CaseState::kWithdrawn);
  EXPECT_THAT(Conflicts(history), IsEmpty());
}

TEST(Replay, AnAnswerIsNotLostToAConsultation) {
  const History history = SameForEveryOrder(WithActs(
      Admitted(), {Fact(4, RD, Act::INFO_REQUEST, {3}), Fact(5, RD, Act::CONSULTATION_OPEN, {4}),
                   Fact(6, RQ, Act::INFO_SUPPLEMENT, {4})}));
  EXPECT_EQ(Describe(history.final), "CONSULTING (then ADMITTED)");
  EXPECT_THAT(Conflicts(history), IsEmpty());
}

TEST(Replay, OfTwoConsultationsTheRequestedStatesIsTheOneThatOpens) {
  const History history =
      SameForEveryOrder(WithActs(Admitted(), {Fact(4, RQ, Act::CONSULTATION_OPEN, {3}),
                                              Fact(5, RD, Act::CONSULTATION_OPEN, {3})}));
  EXPECT_EQ(Describe(history.final), "CONSULTING (then ADMITTED)");
  EXPECT_THAT(Conflicts(history), ElementsAre(4));
}

TEST(Replay, ACompletionRequestKeepsTheCaseOpen) {
  const History history = SameForEveryOrder(
      WithActs(Executing(), {Fact(5, RD, Act::FINAL_RESULT, {4}), Fact(6, RQ, Act::CLOSE, {5}),
                             Fact(7, RQ, Act::COMPLETION_REQUEST, {5})}));
  EXPECT_EQ(history.final.state, CaseState::kExecuting);
  EXPECT_THAT(Conflicts(history), ElementsAre(6));
}

TEST(Replay, OfTwoRequestsInOneCaseTheLowerIdOpensIt) {
  const History history =
      SameForEveryOrder({Fact(7, RQ, Act::REQUEST, {}), Fact(3, RQ, Act::REQUEST, {})});
  EXPECT_EQ(history.final.state, CaseState::kSent);
  EXPECT_THAT(Conflicts(history), ElementsAre(7));
}

TEST(Replay, WhatFollowsAConflictIsAConflictToo) {
  const History history = Replay(WithActs(
      Admitted(), {Fact(4, RQ, Act::WITHDRAWAL, {3}), Fact(5, RD, Act::CONSULTATION_OPEN, {3}),
                   Fact(6, RD, Act::REFUSAL, {5})}));
  EXPECT_THAT(Conflicts(history), ElementsAre(5, 6));
  EXPECT_EQ(history.final.state, CaseState::kWithdrawn);
}

TEST(Replay, HoldsBackWhatMissesItsPast) {
  auto facts = Executing();
  facts.erase(facts.begin() + 1);
  const History history = Replay(facts);
  EXPECT_THAT(history.missing, ElementsAre(IdOf(2)));
  EXPECT_THAT(history.held, ElementsAre(IdOf(3), IdOf(4)));
  EXPECT_EQ(history.final.state, CaseState::kSent);
  EXPECT_THAT(history.heads, ElementsAre(IdOf(1)));
}

TEST(Replay, AHeldResultDoesNotMoveAnything) {
  const auto base = WithActs(
      Admitted(), {Fact(5, RD, Act::EXECUTION_STARTED, {3}), Fact(4, RQ, Act::WITHDRAWAL, {3})});
  const auto held = WithActs(base, {Fact(6, RD, Act::FINAL_RESULT, {5, 99})});
  EXPECT_EQ(Replay(held).acts, Replay(base).acts);
  EXPECT_EQ(Replay(held).heads, Replay(base).heads);
}

TEST(Replay, CountsARepeatedActOnceAndRepeatedParentsOnce) {
  auto facts = Executing();
  const History history = Replay(facts);
  facts.push_back(facts[2]);
  facts.insert(facts.begin(), facts[3]);
  facts[0].parents.push_back(facts[0].parents[0]);
  EXPECT_EQ(Replay(facts), history);
}

TEST(Replay, HoldsActsThatNameEachOtherInACircle) {
  const History history = Replay(WithActs(
      Admitted(), {Fact(5, RQ, Act::STATUS_QUERY, {6}), Fact(6, RQ, Act::STATUS_QUERY, {5}),
                   Fact(7, RQ, Act::STATUS_QUERY, {7})}));
  EXPECT_THAT(history.held, ElementsAre(IdOf(5), IdOf(6), IdOf(7)));
  EXPECT_THAT(history.missing, IsEmpty());
  EXPECT_EQ(history.final.state, CaseState::kAdmitted);
}

TEST(Precedence, IsTotalOverSidesAndActs) {
  std::set<int> numbers;
  for (int act = Act::Code_MIN; act <= Act::Code_MAX; ++act) {
    for (Side side : {RQ, RD}) numbers.insert(Precedence(side, static_cast<Act::Code>(act)));
  }
  EXPECT_EQ(numbers.size(), 2u * (Act::Code_MAX - Act::Code_MIN + 1));
}

TEST(Precedence, PutsPairsThatNobodyMaySendLast) {
  for (Act::Code act : AllActs()) {
    for (Side side : {RQ, RD}) {
      EXPECT_EQ(Precedence(side, act) < 1000, MaySend(side, act)) << ActName(act);
    }
  }
}

TEST(StandingAt, SeesOnlyThePastOfTheParents) {
  const auto facts = WithActs(
      Executing(), {Fact(5, RQ, Act::WITHDRAWAL, {4}), Fact(6, RD, Act::FINAL_RESULT, {4})});
  EXPECT_EQ(StandingAt(facts, {})->state, CaseState::kNone);
  EXPECT_EQ(StandingAt(facts, {IdOf(2)})->state, CaseState::kReceived);
  EXPECT_EQ(StandingAt(facts, {IdOf(6)})->state, CaseState::kExecuted);
  EXPECT_EQ(StandingAt(facts, {IdOf(5), IdOf(6)})->state, CaseState::kWithdrawn);
  EXPECT_EQ(CodeOf(StandingAt(facts, {IdOf(8)}).status()), "UNKNOWN_PARENT");
}

TEST(StandingAt, NeedsTheWholePast) {
  auto facts = Executing();
  facts.erase(facts.begin() + 1);
  const auto status = StandingAt(facts, {IdOf(4)}).status();
  EXPECT_EQ(CodeOf(status), "UNKNOWN_PARENT");
  EXPECT_THAT(TextOf(status), HasSubstr("00000002"));
}

TEST(CheckLegal, NamesTheActsOfTheCasesOwnFamily) {
  std::vector<ActFact> facts = {Fact(1, RQ, Act::REQUEST, {}),
                                Fact(2, RD, Act::ACKNOWLEDGEMENT, {1})};
  const ActFact boarding = Fact(9, RD, Act::BOARDING_AUTHORISED, {2});
  const absl::Status sea = CheckLegal(facts, boarding, v1::Family::SEA);
  EXPECT_EQ(CodeOf(sea), "ILLEGAL_ACT");
  EXPECT_NE(TextOf(sea).find("REGISTRY_CONFIRMED"), std::string::npos) << TextOf(sea);
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(9, RD, Act::REGISTRY_CONFIRMED, {2}), v1::Family::MLA)),
            "ILLEGAL_ACT");
  EXPECT_TRUE(CheckLegal(facts, Fact(9, RD, Act::REGISTRY_CONFIRMED, {2}), v1::Family::SEA).ok());
}

TEST(CheckLegal, JudgesAgainstTheParentsWhateverCrossed) {
  const auto facts = WithActs(Executing(), {Fact(5, RQ, Act::WITHDRAWAL, {4})});
  EXPECT_TRUE(CheckLegal(facts, Fact(9, RD, Act::FINAL_RESULT, {4})).ok());
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(9, RD, Act::FINAL_RESULT, {5}))), "ILLEGAL_ACT");
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(9, RQ, Act::FINAL_RESULT, {4}))), "ILLEGAL_ACT");
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(9, RD, Act::FINAL_RESULT, {8}))), "UNKNOWN_PARENT");
  EXPECT_TRUE(CheckLegal({}, Fact(1, RQ, Act::REQUEST, {})).ok());
  EXPECT_EQ(CodeOf(CheckLegal({}, Fact(1, RD, Act::REQUEST, {}))), "ILLEGAL_ACT");
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(9, RQ, Act::REQUEST, {5}))), "ILLEGAL_ACT");
}

// I7: a corrected request follows; what it corrects stays in the history.
TEST(Replay, ACorrectedRequestDeletesNothing) {
  const History history =
      Replay({Fact(1, RQ, Act::REQUEST, {}), Fact(2, RD, Act::RETURN, {1}),
              Fact(3, RQ, Act::CORRECTED_REQUEST, {2}), Fact(4, RD, Act::ACKNOWLEDGEMENT, {3})});
  EXPECT_EQ(history.acts.size(), 4u);
  EXPECT_EQ(history.final.state, CaseState::kReceived);
}

std::vector<ActFact> Chain(size_t acts) {
  auto facts = Executing();
  for (uint32_t id = 5; facts.size() < acts; ++id) {
    facts.push_back(Fact(id, RD, Act::PARTIAL_RESULT, {id - 1}));
  }
  return facts;
}

TEST(Limits, ACaseTakesItsMaximumOfActsAndNotOneMore) {
  auto facts = Chain(limits::kMaxActsPerCase - 1);
  const auto next = static_cast<uint32_t>(facts.size() + 1);
  const ActFact last = Fact(next, RD, Act::FINAL_RESULT, {next - 1});
  EXPECT_TRUE(CheckLegal(facts, last).ok());
  facts.push_back(last);
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(next + 1, RQ, Act::CLOSE, {next}))), "TOO_MANY");
}

TEST(Limits, AnActNamesSixteenParentsAndNotOneMore) {
  auto facts = Executing();
  std::vector<uint32_t> parents;
  for (uint32_t id = 10; id < 10 + limits::kMaxParents; ++id) {
    facts.push_back(Fact(id, RQ, Act::STATUS_QUERY, {4}));
    parents.push_back(id);
  }
  EXPECT_TRUE(CheckLegal(facts, Fact(100, RD, Act::STATUS_REPORT, parents)).ok());
  parents.push_back(4);
  EXPECT_EQ(CodeOf(CheckLegal(facts, Fact(100, RD, Act::STATUS_REPORT, parents))), "TOO_MANY");
}

double SecondsFor(const std::vector<ActFact>& facts, History& history) {
  const auto begin = std::chrono::steady_clock::now();
  history = Replay(facts);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// Quadratic work would take minutes on these in a sanitizer build; the bound is generous.
TEST(Limits, ManyActsReplayInReasonableTime) {
  History history;
  EXPECT_LT(SecondsFor(Chain(limits::kMaxActsPerCase), history), 5.0);
  EXPECT_EQ(history.acts.size(), limits::kMaxActsPerCase);
  auto fan = Executing();
  for (uint32_t id = 5; fan.size() < limits::kMaxActsPerCase; ++id) {
    fan.push_back(Fact(id, id % 2 ? RQ : RD, id % 2 ? Act::STATUS_QUERY : Act::STATUS_REPORT, {4}));
  }
  EXPECT_LT(SecondsFor(fan, history), 5.0);
  EXPECT_EQ(history.heads.size(), limits::kMaxActsPerCase - 4);
}

// --- Random histories

// Facts as two sides with different views could make them: each legal against its parents.
std::vector<ActFact> RandomFacts(std::mt19937& random, size_t acts) {
  std::vector<ActFact> facts = {ActFact{IdOf(random()), RQ, Act::REQUEST, {}}};
  while (facts.size() < acts) {
    std::vector<Hash> parents;
    for (size_t n = 1 + random() % 3; n > 0; --n) {
      const size_t back = std::min<size_t>(facts.size(), 1 + random() % 6);
      parents.push_back(facts[facts.size() - back].id);
    }
    const Side side = random() % 2 ? RQ : RD;
    const auto standing = StandingAt(facts, parents);
    EXPECT_TRUE(standing.ok());
    auto legal = LegalActs(*standing, side);
    // Endings and status acts are rare, or every case would be a short one.
    const Act::Code act = legal.empty() ? Act::UNSPECIFIED : legal[random() % legal.size()];
    const bool dull = act == Act::WITHDRAWAL || act == Act::CLOSE || act == Act::STATUS_QUERY ||
                      act == Act::STATUS_REPORT;
    if (act == Act::UNSPECIFIED || (dull && random() % 8 != 0)) continue;
    facts.push_back({IdOf(random()), side, act, parents});
    EXPECT_TRUE(CheckLegal({facts.begin(), facts.end() - 1}, facts.back()).ok());
  }
  return facts;
}

// The order by its definition, slowly: again and again the least act whose parents are all placed.
std::vector<Hash> NaiveOrder(const std::vector<ActFact>& facts) {
  std::map<Hash, const ActFact*> left;
  std::set<Hash> leads;
  for (const ActFact& fact : facts) left[fact.id] = &fact;
  for (bool more = true; more;) {
    more = false;
    for (const ActFact& fact : facts) {
      const bool result = fact.act == Act::PARTIAL_RESULT || fact.act == Act::FINAL_RESULT;
      if (!result && !leads.count(fact.id)) continue;
      more |= leads.insert(fact.id).second;
      for (const Hash& parent : fact.parents) more |= leads.insert(parent).second;
    }
  }
  std::vector<Hash> order;
  while (!left.empty()) {
    const ActFact* best = nullptr;
    const auto key = [&](const ActFact& f) {
      return std::tuple(!leads.count(f.id), Precedence(f.side, f.act), f.id);
    };
    for (const auto& [id, fact] : left) {
      const bool ready = std::none_of(fact->parents.begin(), fact->parents.end(),
                                      [&](const Hash& p) { return left.count(p) != 0; });
      if (ready && (best == nullptr || key(*fact) < key(*best))) best = fact;
    }
    order.push_back(best->id);
    left.erase(best->id);
  }
  return order;
}

// What must hold of every history of `facts`.
void CheckInvariants(const std::vector<ActFact>& facts, const History& history) {
  ASSERT_EQ(history.acts.size(), facts.size());  // I7: nothing is dropped
  std::map<Hash, const ActFact*> by_id;
  for (const ActFact& fact : facts) by_id[fact.id] = &fact;
  std::set<Hash> before;
  Standing standing;
  bool admitted = false;
  for (const OrderedAct& act : history.acts) {
    const ActFact& fact = *by_id.at(act.id);
    for (const Hash& parent : fact.parents) EXPECT_TRUE(before.count(parent));
    before.insert(act.id);
    const auto after = Apply(standing, fact.side, fact.act);
    EXPECT_EQ(act.conflict, !after.ok());
    EXPECT_EQ(act.conflict, !act.why.empty());
    EXPECT_EQ(act.after, after.ok() ? *after : standing);
    standing = act.after;
    admitted |= standing.state == CaseState::kAdmitted;
    EXPECT_FALSE(admitted && standing.state == CaseState::kReturned);  // I8
  }
  EXPECT_EQ(history.final, standing);
}

TEST(RandomHistories, AreTheSameWhateverArrivedFirst) {
  size_t conflicts = 0;
  for (uint32_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto facts = RandomFacts(random, 4 + random() % 30);
    const History history = Replay(facts);
    CheckInvariants(facts, history);
    std::vector<Hash> order;
    for (const OrderedAct& act : history.acts) order.push_back(act.id);
    EXPECT_EQ(order, NaiveOrder(facts));
    EXPECT_EQ(*StandingAt(facts, history.heads), history.final);
    for (int i = 0; i < 5; ++i) {
      std::shuffle(facts.begin(), facts.end(), random);
      EXPECT_EQ(Replay(facts), history);
    }
    conflicts += Conflicts(history).size();
  }
  EXPECT_GT(conflicts, 20u) << "the random cases hardly ever cross";
}

TEST(RandomHistories, AMissingActHoldsExactlyWhatFollowsIt) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    auto facts = RandomFacts(random, 20);
    const size_t lost = random() % facts.size();
    std::set<Hash> gone = {facts[lost].id};
    for (const ActFact& fact : facts) {  // facts are in causal order
      for (const Hash& parent : fact.parents) {
        if (gone.count(parent)) gone.insert(fact.id);
      }
    }
    const Hash lost_id = facts[lost].id;
    facts.erase(facts.begin() + lost);
    const History history = Replay(facts);
    gone.erase(lost_id);
    EXPECT_EQ(history.held, std::vector<Hash>(gone.begin(), gone.end()));
    EXPECT_EQ(history.missing, gone.empty() ? std::vector<Hash>{} : std::vector<Hash>{lost_id});
    EXPECT_EQ(history.acts.size() + history.held.size(), facts.size());
  }
}

}  // namespace
}  // namespace palermo::casework
