// The invariants I1 to I10 over random histories with bodies, in every family: two desks that send
// only what their checks allow. What must hold is computed again here, from the acts alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/sanitizers.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/history.h"
#include "node/casework/progress.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::ConsultTopic;
using v1::Family;
using v1::ItemOutcome;

constexpr uint32_t kItems = 3;

class Walk {
 public:
  explicit Walk(uint32_t seed, Family::Code family = Family::MLA)
      : family_(family), random_(seed), now_(*ParseInstant("2026-03-02T09:00:00Z")) {}

  // One act that both the table and the desk's check allow, or none.
  void Step() {
    now_ += absl::Hours(Below(24 * 12));
    const Side side = Below(2) == 0 ? RQ : RD;
    const auto acts = LegalActs(at_, side, family_);
    if (acts.empty()) return;
    const Act::Code act = acts[Below(acts.size())];
    // Ends come rarely, or no case would get anywhere.
    const bool end = act == Act::WITHDRAWAL || act == Act::LAPSE_NOTICE || act == Act::RETURN ||
                     act == Act::DELIVERY_ABORT || act == Act::OFFER_DECLINED;
    if (end && Below(12) != 0) return;
    const Progress before = ProgressOf(opened_, family_);
    bodies_.push_back(BodyFor(act));
    CheckContext context = OwnType() == nullptr ? CheckContext() : ContextOfForm(OwnType()->type);
    context.act = act;
    context.family = family_;
    context.side = side;
    context.urgency = OwnType() == nullptr ? v1::Urgency::PRIORITY : v1::Urgency::ROUTINE;
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
    at_ = *Apply(at_, side, act, family_);
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

  // The first form of the family. Null: MLA's general example serves.
  const TypeForm* OwnType() const {
    if (family_ == Family::MLA) return nullptr;
    for (const TypeForm& form : TypeForms()) {
      if (form.family == family_) return &form;
    }
    return nullptr;
  }

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
    if (body.has_request()) Request(body);
    if (body.has_refusal()) {
      put(body.mutable_refusal()->mutable_items());
      if (Below(8) == 0) body.mutable_refusal()->set_ground(v1::RefusalGround::BANK_SECRECY);
      if (Below(8) == 0) body.mutable_refusal()->set_reasons("no");
      if (act == Act::REFUSAL) body.mutable_refusal()->clear_items();
    }
    if (body.has_consent_withdrawal()) {
      body.mutable_consent_withdrawal()->set_ref("P-1");
      body.mutable_consent_withdrawal()->clear_items();
      // Rarely: most stand on no consent.
      if (Below(10) == 0) put(body.mutable_consent_withdrawal()->mutable_items());
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

  // Of the family, with as many items as its first form asks for, thrice.
  void Request(v1::CaseBody& body) {
    if (family_ == Family::SPONTANEOUS) {
      body.mutable_request()->clear_items();  // asks for nothing
      body.mutable_request()->set_evaluation("B2");
    }
    if (OwnType() != nullptr) body = TemplateForType(OwnType()->type);
    v1::Request& request = *body.mutable_request();
    while (!request.items().empty() && request.items_size() < static_cast<int>(kItems)) {
      v1::Item another = request.items(0);
      another.set_n(static_cast<uint32_t>(request.items_size()) + 1);
      *request.add_items() = another;
    }
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
    const Progress after = ProgressOf(opened_, family_);
    if (newest.act == Act::REFUSAL || newest.act == Act::REFUSAL_IN_PART ||
        newest.act == Act::REFUSAL_NATIONALITY) {
      JudgeRefusal(newest);
    }
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
    if (refusal.act != Act::REFUSAL_IN_PART) {
      EXPECT_EQ(covered.size(), kItems);
    } else {
      for (uint32_t n : body.items()) EXPECT_TRUE(covered.count(n)) << n;
    }
  }

  const Family::Code family_;
  std::mt19937 random_;
  absl::Time now_;
  Standing at_;
  std::deque<v1::CaseBody> bodies_;
  std::vector<OpenedAct> opened_;
  std::vector<ActFact> facts_;
};

// I5, I7: the state is a function of the set of acts, and none is lost.
void ExpectOneHistory(const Walk& walk, std::mt19937& random) {
  auto facts = walk.facts();
  const History history = Replay(facts);
  EXPECT_EQ(history.final, walk.at());
  EXPECT_EQ(history.acts.size(), facts.size());
  std::shuffle(facts.begin(), facts.end(), random);
  EXPECT_EQ(Replay(facts), history);
}

// Under a sanitizer a walk takes fifteen times as long: a tenth of them, which need not go
// everywhere.
constexpr bool kAllWalks = !kAddressSanitizer;
constexpr uint32_t Walks(uint32_t all) { return kAllWalks ? all : all / 10; }

TEST(Invariants, HoldInRandomHistoriesWithBodies) {
  std::mt19937 random(11);
  size_t executed = 0, refused = 0, in_part = 0, postponed = 0, blocked = 0, acts = 0;
  for (uint32_t seed = 0; seed < Walks(1400); ++seed) {
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
    ExpectOneHistory(walk, random);
    if (HasFailure()) return;
  }
  if (!kAllWalks) return;
  // The walks went where the invariants have something to say.
  EXPECT_GT(executed, 50u);
  EXPECT_GT(refused, 5u);
  EXPECT_GT(in_part, 20u);
  EXPECT_GT(postponed, 20u);
  EXPECT_GT(blocked, 500u);
  EXPECT_GT(acts, 5000u);
}

// Each family with its own requests and its own acts.
TEST(Invariants, HoldInRandomHistoriesOfEveryFamily) {
  std::mt19937 random(12);
  std::map<Family::Code, std::set<Act::Code>> done;
  for (int n = 1; n <= Family::Code_MAX; ++n) {
    const auto family = static_cast<Family::Code>(n);
    for (uint32_t seed = 0; seed < Walks(220); ++seed) {
      Walk walk(seed, family);
      for (int step = 0; step < 120 && walk.acts().size() < 60; ++step) walk.Step();
      for (const OpenedAct& act : walk.acts()) done[family].insert(act.act);
      ExpectOneHistory(walk, random);
      if (HasFailure()) FAIL() << FamilyName(family) << " seed " << seed;
    }
    // The walks went where the invariants have something to say. Information asks for nothing.
    if (!kAllWalks || family == Family::SPONTANEOUS) continue;
    for (Act::Code act : {Act::REQUEST, Act::PARTIAL_RESULT, Act::FINAL_RESULT, Act::REFUSAL,
                          Act::POSTPONEMENT_NOTICE, Act::CONDITIONS_ACCEPT, Act::WITHDRAWAL}) {
      EXPECT_TRUE(done[family].contains(act)) << FamilyName(family) << " " << ActName(act);
    }
  }
  if (!kAllWalks) return;
  // And through the families' own ways.
  for (const auto& [family, act] :
       {std::pair(Family::EXTRADITION, Act::SURRENDER_REPORT),
        std::pair(Family::EXTRADITION, Act::REFUSAL_NATIONALITY),
        std::pair(Family::SEA, Act::BOARDING_RESULT),
        std::pair(Family::SEA, Act::BOARDING_DECLINED),
        std::pair(Family::PRESERVATION_24_7, Act::PRESERVATION_CONFIRMED),
        std::pair(Family::SPECIAL_TECHNIQUE, Act::DELIVERY_LIVE),
        std::pair(Family::SPONTANEOUS, Act::INFORMATION_USED),
        std::pair(Family::SPONTANEOUS, Act::USE_CONSENT_REQUEST)}) {
    EXPECT_TRUE(done[family].contains(act)) << FamilyName(family) << " " << ActName(act);
  }
}

}  // namespace
}  // namespace palermo::casework
