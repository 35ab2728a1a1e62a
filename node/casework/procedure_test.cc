// The invariants I1 to I10 over random histories with bodies: two desks that send only what their
// checks allow. What must hold is computed again here, from the acts alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "base/clock.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/history.h"
#include "node/casework/progress.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using v1::Act;
using v1::ConsultTopic;
using v1::ItemOutcome;
constexpr uint32_t kItems = 3;

class Walk {
 public:
  explicit Walk(uint32_t seed) : random_(seed), now_(*ParseInstant("2026-03-02T09:00:00Z")) {}

  // One act that both the table and the desk's check allow, or none.
  void Step() {
    now_ += absl::Hours(Below(24 * 12));
    const Side side = Below(2) == 0 ? RQ : RD;
    const auto acts = LegalActs(at_, side, v1::Family::MLA);
    if (acts.empty()) return;
    const Act::Code act = acts[Below(acts.size())];
    // Ends come rarely, or no case would get anywhere.
    const bool end = act == Act::WITHDRAWAL || act == Act::LAPSE_NOTICE || act == Act::RETURN;
    if (end && Below(12) != 0) return;
    const Progress before = ProgressOf(opened_, v1::Family::MLA);
    bodies_.push_back(BodyFor(act));
    CheckContext context;
    context.act = act;
    context.side = side;
    context.urgency = v1::Urgency::PRIORITY;
    context.requesting_state = "QM";
    context.requested_state = "QT";
    context.accepted_languages = {"en"};
    context.now = FormatInstant(now_);
    context.now_iso8601_date = context.now.substr(0, 10);
    Fill(before, now_, context);
    if (Blocks(CheckBody(context, bodies_.back()))) {
      ++blocked;
      return;
    }
    const Standing was = at_;
    at_ = *Apply(at_, side, act, v1::Family::MLA);
    opened_.push_back({act, side, now_, &bodies_.back()});
    Record(side, act);
    Judge(was, before);
  }

  const std::vector<OpenedAct>& acts() const { return opened_; }
  const std::vector<ActFact>& facts() const { return facts_; }
  const Standing& at() const { return at_; }
  absl::Time now() const { return now_; }
  size_t blocked = 0;

 private:
  size_t Below(size_t n) { return random_() % n; }

  void Record(Side side, Act::Code act) {
    ActFact fact{Hash{}, side, act, {}};
    fact.id[0] = static_cast<uint8_t>(facts_.size() + 1);
    if (!facts_.empty()) fact.parents = {facts_.back().id};
    facts_.push_back(fact);
  }

  std::vector<uint32_t> SomeItems() {
    std::vector<uint32_t> some;
    for (uint32_t n = 1; n <= kItems; ++n) {
      if (Below(2) == 0) some.push_back(n);
    }
    return some;
  }

  v1::CaseBody BodyFor(Act::Code act) {
    v1::CaseBody body = TemplateFor(act);
    const auto put = [&](auto* numbers) {
      numbers->Clear();
      for (uint32_t n : SomeItems()) numbers->Add(n);
    };
    if (body.has_request()) {
      v1::Item third = body.request().items(0);
      third.set_n(kItems);
      *body.mutable_request()->add_items() = third;
    }
    if (body.has_refusal()) {
      put(body.mutable_refusal()->mutable_items());
      if (Below(8) == 0) body.mutable_refusal()->set_ground(v1::RefusalGround::BANK_SECRECY);
      if (Below(8) == 0) body.mutable_refusal()->set_reasons("no");
      if (act == Act::REFUSAL) body.mutable_refusal()->clear_items();
    }
    if (act == Act::WITHDRAWAL_IN_PART) put(body.mutable_withdrawal()->mutable_items());
    if (act == Act::COMPLETION_REQUEST) put(body.mutable_statement()->mutable_items());
    if (body.has_consultation_open()) {
      constexpr ConsultTopic::Code kTopics[] = {ConsultTopic::REFUSAL, ConsultTopic::POSTPONEMENT,
                                                ConsultTopic::COSTS};
      body.mutable_consultation_open()->set_topic(kTopics[Below(3)]);
      put(body.mutable_consultation_open()->mutable_items());
      if (Below(2) == 0) body.mutable_consultation_open()->clear_items();  // all
    }
    if (act == Act::POSTPONEMENT_NOTICE || act == Act::POSTPONEMENT_REVIEW) {
      const absl::Time until = now_ + absl::Hours(24 * (1 + Below(300)));
      body.mutable_statement()->set_until(FormatInstant(until).substr(0, 10));
    }
    if (body.has_result()) Result(*body.mutable_result());
    return body;
  }

  void Result(v1::Result& result) {
    result.clear_items();
    const bool all = Below(2) == 0;
    for (uint32_t n = 1; n <= kItems; ++n) {
      if (!all && Below(2) == 0) continue;
      v1::ItemResult& one = *result.add_items();
      one.set_n(n);
      constexpr ItemOutcome::Code kOutcomes[] = {
          ItemOutcome::EXECUTED_FULL, ItemOutcome::EXECUTED_FULL, ItemOutcome::EXECUTED_NEGATIVE,
          ItemOutcome::POSTPONED, ItemOutcome::REFUSED};
      one.set_outcome(kOutcomes[Below(all ? 3 : 5)]);
      one.set_procedure_followed("FOLLOWED");
    }
  }

  // --- What must hold, from the acts alone

  void Judge(const Standing& was, const Progress& before) {
    const OpenedAct& newest = opened_.back();
    const Progress after = ProgressOf(opened_, v1::Family::MLA);
    if (newest.act == Act::REFUSAL || newest.act == Act::REFUSAL_IN_PART) JudgeRefusal(newest);
    if (newest.act == Act::REFUSAL_IN_PART)
      JudgeRest(newest.body->refusal().items(), before, after);
    if (newest.act == Act::WITHDRAWAL_IN_PART) {
      EXPECT_EQ(at_, was);
      JudgeRest(newest.body->withdrawal().items(), before, after);
    }
    if (newest.act == Act::FINAL_RESULT) {  // I3
      for (const auto& [n, item] : after.items) {
        EXPECT_EQ(item.settled + item.refused + item.withdrawn, 1) << n;
      }
    }
    if (at_.state == CaseState::kPostponed) {  // I4
      for (auto act = opened_.rbegin(); act != opened_.rend(); ++act) {
        if (act->act != Act::POSTPONEMENT_NOTICE && act->act != Act::POSTPONEMENT_REVIEW) continue;
        const auto until = ParseInstant(act->body->statement().until());
        ASSERT_TRUE(until.ok());
        EXPECT_LE(*until, act->at + absl::Hours(24 * 180));
        break;
      }
    }
    if (newest.act == Act::RETURN) {  // I8
      for (const OpenedAct& act : opened_) EXPECT_NE(act.act, Act::ADMISSION);
    }
    // I10: what was owed is owed still, unless it was done.
    ASSERT_GE(after.obligations.size(), before.obligations.size());
    for (size_t i = 0; i < before.obligations.size(); ++i) {
      EXPECT_EQ(after.obligations[i].kind, before.obligations[i].kind);
      EXPECT_GE(after.obligations[i].fulfilled, before.obligations[i].fulfilled);
    }
  }

  // I9: the other items are as they were.
  template <typename Numbers>
  static void JudgeRest(const Numbers& named, const Progress& before, const Progress& after) {
    for (const auto& [n, item] : before.items) {
      if (std::find(named.begin(), named.end(), n) != named.end()) continue;
      EXPECT_EQ(after.items.at(n).IsOpen(), item.IsOpen()) << n;
      EXPECT_EQ(after.items.at(n).outcome, item.outcome) << n;
    }
  }

  // I1 and I2.
  void JudgeRefusal(const OpenedAct& refusal) {
    const v1::Refusal& body = refusal.body->refusal();
    EXPECT_LT(body.ground(), v1::RefusalGround::BANK_SECRECY);
    EXPECT_GE(body.reasons().size(), 40u);
    std::set<uint32_t> covered;
    bool opened = false, heard = false;
    absl::Time since = absl::InfinitePast();
    for (const OpenedAct& act : opened_) {
      if (act.act == Act::CONSULTATION_CLOSE || act.act == Act::CONDITIONS_ACCEPT) {
        covered.clear();
        opened = heard = false;
      }
      if (act.act == Act::CONSULTATION_OPEN &&
          act.body->consultation_open().topic() == ConsultTopic::REFUSAL) {
        const auto& items = act.body->consultation_open().items();
        for (uint32_t n = 1; n <= kItems; ++n) {
          if (items.empty() || std::find(items.begin(), items.end(), n) != items.end()) {
            covered.insert(n);
          }
        }
        opened = true;
        heard = false;
        since = act.at;
      }
      heard |= act.side == RQ &&
               (act.act == Act::CONSULTATION_STATEMENT || act.act == Act::CONDITIONS_DECLINE);
    }
    EXPECT_TRUE(opened);
    EXPECT_TRUE(heard || refusal.at >= since + absl::Hours(24 * 30));
    if (refusal.act == Act::REFUSAL) {
      EXPECT_EQ(covered.size(), kItems);
    } else {
      for (uint32_t n : body.items()) EXPECT_TRUE(covered.count(n)) << n;
    }
  }

  std::mt19937 random_;
  absl::Time now_;
  Standing at_;
  std::deque<v1::CaseBody> bodies_;
  std::vector<OpenedAct> opened_;
  std::vector<ActFact> facts_;
};

TEST(Invariants, HoldInRandomHistoriesWithBodies) {
  std::mt19937 random(11);
  size_t executed = 0, refused = 0, in_part = 0, postponed = 0, blocked = 0, acts = 0;
  for (uint32_t seed = 0; seed < 1100; ++seed) {
    Walk walk(seed);
    for (int step = 0; step < 120 && walk.acts().size() < 60; ++step) walk.Step();
    blocked += walk.blocked;
    acts += walk.acts().size();
    for (const OpenedAct& act : walk.acts()) {
      executed += act.act == Act::FINAL_RESULT;
      refused += act.act == Act::REFUSAL;
      in_part += act.act == Act::REFUSAL_IN_PART;
      postponed += act.act == Act::POSTPONEMENT_NOTICE;
    }
    // I5, I7: the state is a function of the set of acts, and none is lost.
    auto facts = walk.facts();
    const History history = Replay(facts);
    EXPECT_EQ(history.final, walk.at());
    EXPECT_EQ(history.acts.size(), facts.size());
    std::shuffle(facts.begin(), facts.end(), random);
    EXPECT_EQ(Replay(facts), history);
    if (HasFailure()) return;
  }
  // The walks went where the invariants have something to say.
  EXPECT_GT(executed, 50u);
  EXPECT_GT(refused, 5u);
  EXPECT_GT(in_part, 20u);
  EXPECT_GT(postponed, 20u);
  EXPECT_GT(blocked, 500u);
  EXPECT_GT(acts, 5000u);
}

// --- Progress

v1::CaseBody WithOutcomes(std::initializer_list<std::pair<uint32_t, ItemOutcome::Code>> outcomes) {
  v1::CaseBody body;
  body.set_version(1);
  for (const auto& [n, outcome] : outcomes) {
    v1::ItemResult& one = *body.mutable_result()->add_items();
    one.set_n(n);
    one.set_outcome(outcome);
    one.set_procedure_followed("FOLLOWED");
  }
  return body;
}

struct Story {
  void Add(Act::Code act, Side side, v1::CaseBody body) {
    bodies.push_back(std::move(body));
    acts.push_back({act, side, now, &bodies.back()});
  }
  std::set<std::string> Check(Act::Code act, Side side, const v1::CaseBody& body) {
    Draft draft(act);
    draft.body = body;
    draft.context.side = side;
    draft.context.now = FormatInstant(now);
    const Progress progress = ProgressOf(acts, v1::Family::MLA);
    draft.context.refusal_consultation_open = false;
    Fill(progress, now, draft.context);
    return Summary(CheckBody(draft.context, draft.body));
  }
  absl::Time now = *ParseInstant("2026-03-02");
  std::deque<v1::CaseBody> bodies;
  std::vector<OpenedAct> acts;
};

TEST(Progress, AFinalResultAnswersEachOpenItemOnce) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  story.Add(Act::PARTIAL_RESULT, RD, WithOutcomes({{1, ItemOutcome::EXECUTED_FULL}}));
  const auto check = [&](v1::CaseBody body) { return story.Check(Act::FINAL_RESULT, RD, body); };
  EXPECT_THAT(check(WithOutcomes({{2, ItemOutcome::EXECUTED_NEGATIVE}})), IsEmpty());
  EXPECT_THAT(
      check(WithOutcomes({{1, ItemOutcome::EXECUTED_FULL}, {2, ItemOutcome::EXECUTED_NEGATIVE}})),
      IsEmpty());
  EXPECT_THAT(
      check(WithOutcomes({{1, ItemOutcome::IMPOSSIBLE}, {2, ItemOutcome::EXECUTED_NEGATIVE}})),
      ElementsAre("E R-GEN-02"));
  EXPECT_THAT(check(WithOutcomes({{1, ItemOutcome::EXECUTED_FULL}})), ElementsAre("E R-GEN-01"));
  // What is asked for again may get another outcome.
  story.Add(Act::FINAL_RESULT, RD, WithOutcomes({{2, ItemOutcome::EXECUTED_NEGATIVE}}));
  story.Add(Act::COMPLETION_REQUEST, RQ, TemplateFor(Act::COMPLETION_REQUEST));
  EXPECT_THAT(check(WithOutcomes({{1, ItemOutcome::EXECUTED_PARTIAL}})), IsEmpty());
}

TEST(Progress, ARefusalWaitsForTheOthersViewOrThirtyDays) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  v1::CaseBody open = TemplateFor(Act::CONSULTATION_OPEN);
  open.mutable_consultation_open()->set_topic(ConsultTopic::REFUSAL);
  story.Add(Act::CONSULTATION_OPEN, RD, open);
  const auto refusal = TemplateFor(Act::REFUSAL_IN_PART);
  const auto check = [&] { return story.Check(Act::REFUSAL_IN_PART, RD, refusal); };
  EXPECT_THAT(check(), ElementsAre("E R-REF-26"));
  story.now += absl::Hours(24 * 30);
  EXPECT_THAT(check(), IsEmpty());
  story.now -= absl::Hours(24);
  story.Add(Act::CONSULTATION_STATEMENT, RQ, TemplateFor(Act::CONSULTATION_STATEMENT));
  EXPECT_THAT(check(), IsEmpty());
  story.Add(Act::CONSULTATION_CLOSE, RD, TemplateFor(Act::CONSULTATION_CLOSE));
  EXPECT_THAT(check(), ElementsAre("E R-REF-26"));
}

// What a consultation led to ends it: the next one is about what it says, and about nothing else.
TEST(Progress, AnOldConsultationAllowsNoNewPostponementOrRefusal) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  const auto consult = [&](ConsultTopic::Code topic) {
    v1::CaseBody open = TemplateFor(Act::CONSULTATION_OPEN);
    open.mutable_consultation_open()->set_topic(topic);
    open.mutable_consultation_open()->clear_items();
    story.Add(Act::CONSULTATION_OPEN, RD, open);
    story.Add(Act::CONSULTATION_STATEMENT, RQ, TemplateFor(Act::CONSULTATION_STATEMENT));
  };
  v1::CaseBody notice = TemplateFor(Act::POSTPONEMENT_NOTICE);
  const auto postpone = [&] {
    notice.mutable_statement()->set_until(FormatInstant(story.now + absl::Hours(24)));
    return story.Check(Act::POSTPONEMENT_NOTICE, RD, notice);
  };
  consult(ConsultTopic::POSTPONEMENT);
  EXPECT_THAT(postpone(), IsEmpty());
  story.Add(Act::POSTPONEMENT_NOTICE, RD, notice);
  story.Add(Act::RESUMPTION, RD, TemplateFor(Act::RESUMPTION));
  consult(ConsultTopic::COSTS);
  EXPECT_THAT(postpone(), ElementsAre("E R-REF-26"));
  story.Add(Act::CONSULTATION_CLOSE, RD, TemplateFor(Act::CONSULTATION_CLOSE));
  consult(ConsultTopic::REFUSAL);
  const auto part = TemplateFor(Act::REFUSAL_IN_PART);
  EXPECT_THAT(story.Check(Act::REFUSAL_IN_PART, RD, part), IsEmpty());
  story.Add(Act::REFUSAL_IN_PART, RD, part);
  consult(ConsultTopic::COSTS);
  EXPECT_THAT(story.Check(Act::REFUSAL, RD, TemplateFor(Act::REFUSAL)), ElementsAre("E R-REF-26"));
}

TEST(Closing, TheRequestedStateWaitsSixtyDays) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  const auto notice = TemplateFor(Act::CLOSE_NOTICE);
  story.now += absl::Hours(24 * 59);
  EXPECT_THAT(story.Check(Act::CLOSE_NOTICE, RD, notice), ElementsAre("E R-GEN-02"));
  story.now += absl::Hours(24);
  EXPECT_THAT(story.Check(Act::CLOSE_NOTICE, RD, notice), IsEmpty());
}

// R-AUD-01 of a case: no end is blocked, what is late is answered for.
TEST(Closing, WarnsOfDutiesThatAreLateAndNamesThoseThatLiveOn) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  v1::CaseBody result = TemplateFor(Act::FINAL_RESULT);
  result.mutable_result()->mutable_items(0)->set_return_due_at("2026-05-01");
  story.Add(Act::FINAL_RESULT, RD, result);
  const auto close = TemplateFor(Act::CLOSE);
  EXPECT_THAT(story.Check(Act::CLOSE, RQ, close), ElementsAre("N R-AUD-01"));
  story.now = *ParseInstant("2026-05-02");
  EXPECT_THAT(story.Check(Act::CLOSE, RQ, close), ElementsAre("W R-AUD-01"));
  const auto report = TemplateFor(Act::OBLIGATION_REPORT);
  EXPECT_THAT(story.Check(Act::OBLIGATION_REPORT, RD, report), ElementsAre("E R-GEN-01"));
  EXPECT_THAT(story.Check(Act::OBLIGATION_REPORT, RQ, report), IsEmpty());
  story.Add(Act::OBLIGATION_REPORT, RQ, report);
  EXPECT_THAT(story.Check(Act::CLOSE, RQ, close), IsEmpty());
  EXPECT_THAT(story.Check(Act::OBLIGATION_REPORT, RQ, report), ElementsAre("E R-GEN-01"));
}

// --- Kinds of duties

std::set<std::string> Owed(const Story& story, v1::Family::Code family) {
  std::set<std::string> kinds;
  for (const Obligation& o : ObligationsOf(story.acts, family)) kinds.emplace(o.kind);
  return kinds;
}

TEST(Duties, ComeWithTheMaterialAndTheConditions) {
  Story story;
  v1::CaseBody request = TemplateFor(Act::REQUEST);
  request.mutable_request()->mutable_items(0)->set_type(v1::AssistanceType::TRACE_FIREARM);
  story.Add(Act::REQUEST, RQ, request);
  v1::CaseBody proposal = TemplateFor(Act::CONDITIONS_PROPOSAL);
  for (const char* kind : {"COST_SHARE", "ACCOUNT_FOR_USE", "OTHER"}) {
    v1::Condition& one = *proposal.mutable_statement()->add_conditions();
    one.set_kind(kind);
    one.set_text("as agreed");
    one.set_due_at("2026-09-01");
  }
  story.Add(Act::CONDITIONS_PROPOSAL, RD, proposal);
  story.Add(Act::CONDITIONS_ACCEPT, RQ, TemplateFor(Act::CONDITIONS_ACCEPT));
  v1::CaseBody result = TemplateFor(Act::FINAL_RESULT);
  v1::ItemResult& one = *result.mutable_result()->mutable_items(0);
  one.set_to_be_returned(true);
  one.set_delete_by("2030-01-01");
  story.Add(Act::FINAL_RESULT, RD, result);
  EXPECT_EQ(
      Owed(story, v1::Family::MLA),
      (std::set<std::string>{"ACCOUNT_FOR_USE", "CONDITION", "COST_SHARE", "DELETE_BY",
                             "EXCULPATORY_NOTICE", "INFORM_NO_LONGER_REQUIRED", "KEEP_CONFIDENTIAL",
                             "KEEP_UNTIL", "RETURN_ITEMS", "USE_LIMITATION"}));
  for (const Obligation& o : ObligationsOf(story.acts)) {
    if (o.kind == "KEEP_UNTIL") {
      EXPECT_EQ(o.ends, *ParseInstant("2036-03-02"));
      EXPECT_EQ(o.owed_by, RD);
    }
    if (o.kind == "COST_SHARE") {
      EXPECT_TRUE(IsBreached(o, *ParseInstant("2026-09-02")));
    }
    // What stands is never late and never open.
    if (o.standing) {
      EXPECT_FALSE(IsOpen(o, story.now));
    }
  }
}

TEST(Duties, OfInformationUnderConditionsBindTheReceiver) {
  Story story;
  story.Add(Act::CONDITIONAL_OFFER, RQ, TemplateFor(Act::CONDITIONAL_OFFER));
  story.Add(Act::OFFER_ACCEPTED, RD, TemplateFor(Act::OFFER_ACCEPTED));
  const auto owed = ObligationsOf(story.acts, v1::Family::SPONTANEOUS);
  ASSERT_EQ(owed.size(), 1u);
  EXPECT_EQ(owed[0].kind, "USE_LIMITATION");
  EXPECT_EQ(owed[0].owed_by, RD);
}

TEST(Duties, AreNineteenKindsAndEachIsOnceInTheTable) {
  EXPECT_EQ(ObligationKinds().size(), 19u);
  std::set<std::string_view> kinds;
  for (const ObligationKind& kind : ObligationKinds()) EXPECT_TRUE(kinds.insert(kind.kind).second);
  EXPECT_EQ(FindObligationKind("NONE"), nullptr);
}

// --- Families

TEST(Families, AreNeverCalledOneAnother) {
  Draft draft(Act::REQUEST);
  for (const auto family :
       {v1::Family::LAW_ENFORCEMENT_INFO, v1::Family::SPONTANEOUS, v1::Family::HIT_QUERY}) {
    draft.context.family = family;
    EXPECT_THAT(Summary(draft.Check()), Contains("E R-GEN-01")) << FamilyName(family);
  }
  // R-INT-01: information that is called evidence.
  Draft police(Act::REQUEST);
  police.context.family = v1::Family::LAW_ENFORCEMENT_INFO;
  auto& request = *police.body.mutable_request();
  request.mutable_items()->DeleteSubrange(1, 1);
  request.mutable_items(0)->set_type(v1::AssistanceType::SAMPLE_FOR_ANALYSIS);
  EXPECT_THAT(Summary(police.Check()), IsEmpty());
  request.set_evidence_status("EVIDENCE");
  EXPECT_THAT(Summary(police.Check()), ElementsAre("E R-INT-01"));
  Draft mla(Act::REQUEST);
  mla.body.mutable_request()->mutable_items(0)->set_type(v1::AssistanceType::FIU_INFORMATION);
  EXPECT_THAT(Summary(mla.Check()), ElementsAre("E R-GEN-01"));
}

TEST(Links, NameACaseAndWhatItMeans) {
  Draft draft(Act::REQUEST);
  auto& link = *draft.body.mutable_request()->mutable_relates_to();
  link.set_case_id("0123456789abcdef0123456789abcdef");
  link.set_kind("RESUBMISSION");
  EXPECT_THAT(Summary(draft.Check()), IsEmpty());
  link.set_kind("REOPENING");
  EXPECT_THAT(Summary(draft.Check()), ElementsAre("E R-GEN-01"));
  link.set_kind("RESUBMISSION");
  link.set_case_id("0123");
  EXPECT_THAT(Summary(draft.Check()), ElementsAre("E R-GEN-01"));
}

}  // namespace
}  // namespace palermo::casework
