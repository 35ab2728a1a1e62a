#include "node/casework/intelligence/policy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "base/clock.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using v1::Handling;
using v1::Tlp;

constexpr Way kWays[] = {Way::kView,  Way::kSearch, Way::kHistory,
                         Way::kCount, Way::kExport, Way::kForward};

absl::Time Now() { return *ParseInstant("2026-03-02T09:00:00Z"); }

v1::Label LabelOf(const std::string& originator, const std::vector<std::string>& states) {
  v1::Label label;
  label.set_originator(originator);
  label.add_handling(Handling::H0);
  label.set_tlp(Tlp::GREEN);
  label.add_purposes("INVESTIGATION");
  for (const std::string& state : states) label.add_release_states(state);
  return label;
}
Asker AskerOf(const std::string& state) {
  return {state, state + "/central", state + "/central/o-1", "INVESTIGATION", "case 7"};
}
std::string Denied(const v1::Label& label, const Asker& asker, Way way = Way::kView,
                   const std::string& to = "", const RecordFacts& facts = {}) {
  const PolicyDecision d = MayPass(label, facts, asker, way, to, Now());
  return d.allowed ? "" : std::string(d.clause);
}
OnwardConsent ConsentTo(const std::string& state, const std::string& by) {
  return {state, "INVESTIGATION", by, true, true, true};
}

TEST(Policy, ShowsARecordToItsOriginatorAndWhomItReleasesItToAndToNobodyElse) {
  const v1::Label label = LabelOf("QN", {"QM", "QP"});
  for (const char* state : {"QN", "QM", "QP"}) EXPECT_EQ(Denied(label, AskerOf(state)), "");
  for (const char* state : {"QT", "QZ", "", "qm"})
    EXPECT_EQ(Denied(label, AskerOf(state)), "STATE");
  EXPECT_EQ(Denied(LabelOf("QN", {}), AskerOf("QM")), "STATE");
}

TEST(Policy, AsksTheSameForEveryWayOut) {
  const v1::Label label = LabelOf("QN", {"QM"});
  for (Way way : kWays) {
    EXPECT_EQ(Denied(label, AskerOf("QT"), way, "QM"), "STATE") << WayName(way);
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QM"), "") << WayName(way);
  }
}

TEST(Policy, DeniesWhatHasNoCompleteLabel) {
  const auto broken = [](auto change) {
    v1::Label label = LabelOf("QN", {"QM"});
    change(label);
    return Denied(label, AskerOf("QN"));
  };
  EXPECT_EQ(broken([](v1::Label& l) { l.clear_originator(); }), "LABEL");
  EXPECT_EQ(broken([](v1::Label& l) { l.clear_handling(); }), "LABEL");
  EXPECT_EQ(broken([](v1::Label& l) { l.clear_tlp(); }), "LABEL");
  EXPECT_EQ(broken([](v1::Label& l) { l.clear_purposes(); }), "LABEL");
  EXPECT_EQ(broken([](v1::Label& l) { l.set_delete_by("soon"); }), "LABEL");
  EXPECT_EQ(broken([](v1::Label&) {}), "");
}

TEST(Policy, TlpNarrowsToOrganisationAndPerson) {
  v1::Label label = LabelOf("QN", {"QM"});
  RecordFacts facts;
  facts.sealed_to = {"QM/central"};
  Asker asker = AskerOf("QM");
  label.set_tlp(Tlp::AMBER);
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "");
  asker.need_to_know = " ";
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "TLP");
  asker.need_to_know = "case 7";
  label.set_tlp(Tlp::AMBER_STRICT);
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "");
  asker.authority = "QM/customs";
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "TLP");
  label.set_tlp(Tlp::RED);
  asker = AskerOf("QM");
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "TLP");
  label.add_recipients("QM/central/o-1");
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "");
  // Even the originator's own officers are persons.
  EXPECT_EQ(Denied(label, AskerOf("QN"), Way::kView, "", facts), "TLP");
}

TEST(Policy, KeepsToThePurposeExceptForLife) {
  const v1::Label label = LabelOf("QN", {"QM"});
  Asker asker = AskerOf("QM");
  asker.purpose = "PROSECUTION";
  EXPECT_EQ(Denied(label, asker), "PURPOSE");
  asker.purpose = "";
  EXPECT_EQ(Denied(label, asker), "PURPOSE");
  asker.purpose = "SEARCH_AND_RESCUE";
  EXPECT_EQ(Denied(label, asker), "");
}

TEST(Policy, KeepsH1OutOfCourtWhateverThePurposesSay) {
  v1::Label label = LabelOf("QN", {"QM"});
  label.add_purposes("PROSECUTION");
  Asker asker = AskerOf("QM");
  asker.purpose = "PROSECUTION";
  EXPECT_EQ(Denied(label, asker), "");
  label.add_handling(Handling::H1);
  EXPECT_EQ(Denied(label, asker), "COURT");
  RecordFacts facts;
  facts.consents = {{"QM", "PROSECUTION", "QN", true, true, true}};
  EXPECT_EQ(Denied(label, asker, Way::kView, "", facts), "");
}

TEST(Policy, PassesOnOnlyToWhomTheOriginatorNamed) {
  v1::Label label = LabelOf("QN", {"QM", "QP"});
  for (Way way : {Way::kForward, Way::kExport}) {
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QP"), "");
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QT"), "ONWARD");
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, ""), "ONWARD");
    EXPECT_EQ(Denied(label, AskerOf("QN"), way, "QT"), "ONWARD");
  }
  EXPECT_EQ(Denied(label, AskerOf("QN"), Way::kExport, ""), "");
  label.add_handling(Handling::H3);
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP"), "ONWARD");
  EXPECT_EQ(Denied(label, AskerOf("QN"), Way::kForward, "QP"), "");
}

TEST(Policy, WhatIsNotToBePassedOnGoesOnlyWhereItsOriginatorLetsIt) {
  v1::Label label = LabelOf("QN", {"QM", "QP"});
  label.add_handling(Handling::H2);
  RecordFacts facts;
  for (Way way : {Way::kForward, Way::kExport}) {
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QP"), "ONWARD") << "released is not passed on";
    EXPECT_EQ(Denied(label, AskerOf("QN"), way, "QP"), "") << "its own originator";
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QN"), "") << "back to where it came from";
    EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QM"), "") << "within the own state";
  }
  for (Way way : {Way::kView, Way::kSearch, Way::kHistory, Way::kCount}) {
    EXPECT_EQ(Denied(label, AskerOf("QP"), way), "");
  }
  facts.consents = {ConsentTo("QP", "QN")};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP", facts), "");
  facts.consents = {ConsentTo("QT", "QN")};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP", facts), "ONWARD");
}

TEST(Policy, AConsentCountsOnlyWhenItIsTheOriginatorsAndInBothLedgers) {
  const v1::Label label = LabelOf("QN", {"QM"});
  const auto with = [&](OnwardConsent consent) {
    RecordFacts facts;
    facts.consents = {consent};
    return Denied(label, AskerOf("QM"), Way::kForward, "QT", facts);
  };
  EXPECT_EQ(with(ConsentTo("QT", "QN")), "");
  EXPECT_EQ(with(ConsentTo("QT", "QM")), "ONWARD");
  EXPECT_EQ(with(ConsentTo("QZ", "QN")), "ONWARD");
  OnwardConsent consent = ConsentTo("QT", "QN");
  consent.in_holders_ledger = false;
  EXPECT_EQ(with(consent), "ONWARD");
  consent = ConsentTo("QT", "QN");
  consent.in_originators_ledger = false;
  EXPECT_EQ(with(consent), "ONWARD");
  consent = ConsentTo("QT", "QN");
  consent.granted = false;
  EXPECT_EQ(with(consent), "ONWARD");
  consent = ConsentTo("QT", "QN");
  consent.purpose = "PROSECUTION";
  EXPECT_EQ(with(consent), "ONWARD");
}

TEST(Policy, TheNewestAnswerOfTheOriginatorCounts) {
  const v1::Label label = LabelOf("QN", {"QM"});
  OnwardConsent granted = ConsentTo("QT", "QN"), denied = granted, unproved = granted;
  denied.granted = false;
  unproved.in_holders_ledger = false;
  const auto with = [&](std::vector<OnwardConsent> consents) {
    RecordFacts facts;
    facts.consents = std::move(consents);
    return Denied(label, AskerOf("QM"), Way::kForward, "QT", facts);
  };
  EXPECT_EQ(with({granted, denied}), "ONWARD");
  EXPECT_EQ(with({denied, granted}), "");
  EXPECT_EQ(with({granted, unproved}), "");
  EXPECT_EQ(with({denied, unproved}), "ONWARD");
  // Somebody else's denial takes nothing back.
  denied.answered_by = "QM";
  EXPECT_EQ(with({granted, denied}), "");
}

TEST(Policy, ARecalledOrReplacedRecordLeavesItsHistoryToThoseWhoHeldIt) {
  v1::Label label = LabelOf("QN", {"QM", "QP"});
  for (int what = 0; what < 3; ++what) {
    RecordFacts facts;
    facts.sealed_to = {"QM/central"};
    facts.recalled = what == 0;
    facts.replaced = what == 1;
    label.set_delete_by(what == 2 ? "2026-03-01" : "");
    for (Way way : kWays) {
      const std::string wanted = way == Way::kHistory ? "" : "ALIVE";
      EXPECT_EQ(Denied(label, AskerOf("QM"), way, "QP", facts), wanted);
      EXPECT_EQ(Denied(label, AskerOf("QP"), way, "QP", facts), "ALIVE");
    }
  }
  label.set_delete_by("2026-03-02");
  EXPECT_EQ(Denied(label, AskerOf("QM")), "");
}

TEST(Policy, WithholdsFromTheStateOfOriginWhileAClaimIsOpen) {
  v1::Label label = LabelOf("QN", {"QM", "QT"});
  label.add_withheld_states("QT");
  EXPECT_EQ(Denied(label, AskerOf("QT")), "WITHHELD");
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QT"), "WITHHELD");
  EXPECT_EQ(Denied(label, AskerOf("QN"), Way::kExport, "QT"), "WITHHELD");
}

TEST(Policy, ARecordOfAnOperationIsSeenByItsMembersOfThatMoment) {
  v1::Label label = LabelOf("QN", {"QM", "QP"});
  label.set_operation("op");
  RecordFacts facts;
  facts.members = {"QN", "QM"};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kView, "", facts), "");
  EXPECT_EQ(Denied(label, AskerOf("QP"), Way::kView, "", facts), "MEMBER");
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP", facts), "ONWARD");
  facts.consents = {ConsentTo("QP", "QN")};
  EXPECT_EQ(Denied(label, AskerOf("QP"), Way::kView, "", facts), "");
}

TEST(Policy, WhatIsForOneAuthorityAloneGoesNoFurtherWithoutConsent) {
  v1::Label label = LabelOf("QN", {"QM", "QT"});
  label.set_tlp(v1::Tlp::AMBER_STRICT);
  RecordFacts facts;
  facts.sealed_to = {"QM/central"};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kView, "", facts), "");
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QT", facts), "ONWARD");
  facts.consents = {ConsentTo("QT", "QN")};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QT", facts), "");
}

TEST(Policy, RecordsOfTwoMembershipsMakeNoProduct) {
  v1::Label one = LabelOf("QN", {"QM"}), other = one;
  one.set_operation("op");
  one.add_operation_seen("a");
  other.set_operation("op");
  EXPECT_EQ(CodeOf(StrictestOf({one, other}, "QM").status()), "MIXED_OPERATIONS");
  other.add_operation_seen("a");
  EXPECT_TRUE(StrictestOf({one, other}, "QM").ok());
}

TEST(Policy, WhoLeftTheOperationKeepsWhatHeHadAndGetsNothingMore) {
  v1::Label label = LabelOf("QN", {"QM", "QP"});
  label.set_operation("op");
  RecordFacts facts;
  facts.members = {"QN", "QM", "QP"};
  facts.departed = {"QP"};
  EXPECT_EQ(Denied(label, AskerOf("QP"), Way::kView, "", facts), "");
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP", facts), "ONWARD");
  EXPECT_EQ(Denied(label, AskerOf("QN"), Way::kForward, "QP", facts), "ONWARD");
  facts.consents = {ConsentTo("QP", "QN")};
  EXPECT_EQ(Denied(label, AskerOf("QM"), Way::kForward, "QP", facts), "");
}

TEST(Policy, OnlyTheOriginatorDecidesAboutItsRecord) {
  const v1::Label label = LabelOf("QN", {"QM"});
  for (auto kind : {SharingEvent::Kind::kRecalled, SharingEvent::Kind::kReplaced}) {
    RecordFacts facts;
    EXPECT_EQ(CodeOf(Apply(label, {kind, "QM", ""}, facts)), "NOT_ORIGINATOR");
    EXPECT_FALSE(facts.recalled || facts.replaced);
    EXPECT_TRUE(Apply(label, {kind, "QN", ""}, facts).ok());
    EXPECT_TRUE(facts.recalled || facts.replaced);
  }
  RecordFacts facts;
  const SharingEvent forged{SharingEvent::Kind::kConsent, "QM", "", ConsentTo("QT", "QM")};
  EXPECT_EQ(CodeOf(Apply(label, forged, facts)), "NOT_ORIGINATOR");
  EXPECT_TRUE(facts.consents.empty());
}

TEST(Policy, TakesAReleaseListOf194States) {
  std::vector<std::string> states;
  for (char a = 'A'; a <= 'Z' && states.size() < 194; ++a) {
    for (char b = 'A'; b <= 'Z' && states.size() < 194; ++b) states.push_back({a, b});
  }
  const v1::Label label = LabelOf("QN", states);
  int allowed = 0;
  for (char a = 'A'; a <= 'Z'; ++a) {
    for (char b = 'A'; b <= 'Z'; ++b) allowed += Denied(label, AskerOf({a, b})).empty() ? 1 : 0;
  }
  EXPECT_EQ(allowed, 195);  // and the originator
}

// --- Products

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int Of(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  bool Often() { return Of(3) != 0; }
  template <typename List>
  auto One(const List& list) {
    return list[Of(static_cast<int>(std::size(list)))];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> kStates = {"QM", "QN", "QP", "QT", "QV", "QZ"};
const std::vector<std::string> kPurposes = {"INVESTIGATION", "PROSECUTION", "ANALYSIS_STRATEGIC"};

v1::Label RandomLabel(Dice& dice) {
  v1::Label label;
  label.set_originator(dice.One(kStates));
  label.set_tlp(static_cast<Tlp::Code>(1 + dice.Of(5)));
  for (int code = 1; code <= 4; ++code) {
    if (code == 1 || dice.Of(3) == 0) label.add_handling(static_cast<Handling::Code>(code));
  }
  for (const std::string& state : kStates) {
    if (dice.Often()) label.add_release_states(state);
    if (dice.Of(8) == 0) label.add_withheld_states(state);
    if (dice.Often()) label.add_recipients(state + "/central/o-1");
  }
  for (const std::string& purpose : kPurposes) {
    if (dice.Often()) label.add_purposes(purpose);
  }
  if (dice.Of(4) == 0) label.set_delete_by(dice.Often() ? "2026-06-01" : "2026-02-01");
  return label;
}

TEST(PolicyProperty, AProductIsShownToNobodyWhoMayNotSeeEachOfItsParts) {
  Dice dice(7);
  int made = 0, shown = 0;
  for (int round = 0; round < 4000; ++round) {
    std::vector<v1::Label> parts;
    for (int n = 1 + dice.Of(3); n > 0; --n) parts.push_back(RandomLabel(dice));
    const auto product = StrictestOf(parts, dice.One(kStates));
    if (!product.ok()) continue;
    ++made;
    RecordFacts facts;
    for (const std::string& state : kStates) facts.sealed_to.push_back(state + "/central");
    Asker asker = AskerOf(dice.One(kStates));
    asker.purpose = dice.One(kPurposes);
    const Way way = dice.One(kWays);
    const std::string to = dice.Often() ? dice.One(kStates) : "";
    if (!MayPass(*product, facts, asker, way, to, Now()).allowed) continue;
    ++shown;
    for (const v1::Label& part : parts) {
      const PolicyDecision d = MayPass(part, facts, asker, way, to, Now());
      EXPECT_TRUE(d.allowed) << d.clause << " " << WayName(way) << "\nproduct "
                             << product->ShortDebugString() << "\npart " << part.ShortDebugString()
                             << "\nasker " << asker.state << " to " << to;
    }
  }
  EXPECT_GT(made, 500);
  EXPECT_GT(shown, 50);
}

// --- No sequence of events shows a record outside its label

// Says from the bare list of what was signed who may have it: no code of the policy.
struct Oracle {
  std::set<std::string> states;  // originator, released, consented for INVESTIGATION
  std::set<std::string> members;
  bool recalled = false;
};

struct World {
  v1::Label label;
  RecordFacts facts;
  Oracle oracle;
  std::set<std::string> now_members;
  std::set<std::string> holders;
};

World RandomWorld(Dice& dice) {
  World w;
  w.label = RandomLabel(dice);
  w.label.clear_delete_by();
  w.label.add_purposes("INVESTIGATION");
  w.label.set_operation(dice.Often() ? "" : "op");
  w.now_members = {w.label.originator()};
  for (const std::string& state : kStates) {
    if (dice.Often()) w.now_members.insert(state);
  }
  w.facts.members = {w.now_members.begin(), w.now_members.end()};
  w.oracle.members = w.now_members;
  w.oracle.states = {w.label.release_states().begin(), w.label.release_states().end()};
  w.oracle.states.insert(w.label.originator());
  w.holders = {w.label.originator()};
  return w;
}

void Forward(World& w, Dice& dice) {
  Asker asker = AskerOf(dice.One(kStates));
  if (w.holders.count(asker.state) == 0) return;  // who has nothing passes nothing on
  const std::string to = dice.One(kStates);
  if (!MayPass(w.label, w.facts, asker, Way::kForward, to, Now()).allowed) return;
  w.holders.insert(to);
  ASSERT_TRUE(
      Apply(w.label, {SharingEvent::Kind::kSealed, asker.state, to + "/central"}, w.facts).ok());
}

void Consent(World& w, Dice& dice) {
  OnwardConsent consent = ConsentTo(dice.One(kStates), dice.One(kStates));
  consent.granted = dice.Often();
  consent.in_holders_ledger = dice.Often();
  consent.in_originators_ledger = dice.Often();
  const bool real = consent.granted && consent.answered_by == w.label.originator() &&
                    consent.in_holders_ledger && consent.in_originators_ledger;
  const auto status =
      Apply(w.label, {SharingEvent::Kind::kConsent, consent.answered_by, "", consent}, w.facts);
  EXPECT_EQ(status.ok(), consent.answered_by == w.label.originator());
  if (real) {
    w.oracle.states.insert(consent.to_state);
    w.oracle.members.insert(consent.to_state);
  }
}

void Recall(World& w, Dice& dice) {
  const std::string by = dice.One(kStates);
  const auto kind = dice.Often() ? SharingEvent::Kind::kRecalled : SharingEvent::Kind::kReplaced;
  const bool taken = Apply(w.label, {kind, by, ""}, w.facts).ok();
  EXPECT_EQ(taken, by == w.label.originator());
  w.oracle.recalled |= taken;
}

// Membership now says nothing about what was sealed before.
void JoinOrLeave(World& w, Dice& dice) {
  const std::string state = dice.One(kStates);
  if (dice.Often()) {
    w.now_members.insert(state);
  } else {
    w.now_members.erase(state);
  }
}

void ExpectInsideTheLabel(const World& w) {
  for (const std::string& state : kStates) {
    const bool member = w.label.operation().empty() || w.oracle.members.count(state) != 0;
    const bool withheld =
        std::find(w.label.withheld_states().begin(), w.label.withheld_states().end(), state) !=
        w.label.withheld_states().end();
    const bool may = w.oracle.states.count(state) != 0 && member && !withheld;
    EXPECT_TRUE(may || w.holders.count(state) == 0 || state == w.label.originator())
        << state << " got " << w.label.ShortDebugString();
    for (Way way : kWays) {
      const bool allowed = MayPass(w.label, w.facts, AskerOf(state), way, state, Now()).allowed;
      EXPECT_TRUE(!allowed || may)
          << state << " " << WayName(way) << " " << w.label.ShortDebugString();
      EXPECT_TRUE(!allowed || !w.oracle.recalled || way == Way::kHistory)
          << state << " " << WayName(way);
    }
  }
}

TEST(PolicyProperty, NoSequenceOfEventsShowsARecordOutsideItsLabel) {
  Dice dice(20260302);
  int passed_on = 0;
  for (int round = 0; round < 1500; ++round) {
    World w = RandomWorld(dice);
    for (int step = 0; step < 25; ++step) {
      const int what = dice.Of(12);
      if (what < 6) {
        Forward(w, dice);
      } else if (what < 9) {
        Consent(w, dice);
      } else if (what < 11) {
        JoinOrLeave(w, dice);
      } else if (dice.Of(3) == 0) {
        Recall(w, dice);
      }
      ExpectInsideTheLabel(w);
      if (HasFailure()) return;
    }
    passed_on += static_cast<int>(w.holders.size()) - 1;
  }
  EXPECT_GT(passed_on, 500);
}

}  // namespace
}  // namespace palermo::casework
