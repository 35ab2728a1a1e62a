// The typed parts of appearances, examinations, evidence for the flag state, rescue, relocation:
// each good one passes, and each mistake is told. As typed_answers_test.cc.
#include <gtest/gtest.h>

#include "node/casework/typed_answers_test_util.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using v1::ItemOutcome;
using Set = std::set<std::string>;
using Change = AnswerChange;

TEST(AppearanceAnswers, AreOfTheOwnWillAndKnowOfSafeConduct) {
  const auto of = [](const Change& change) { return OfAnswer(T::VOLUNTARY_APPEARANCE, change); };
  const auto its = [](auto& i) -> v1::AppearanceAnswer& { return *i.mutable_appearance(); };
  EXPECT_EQ(of([&](auto& i) { its(i).clear_consent(); }), Set{"N R-GEN-01.consent_shown"});
  EXPECT_EQ(of([&](auto& i) { its(i).mutable_consent()->set_free(false); }),
            Set{"W R-EXE-01.pressed"});
  EXPECT_EQ(of([&](auto& i) { its(i).mutable_consent()->set_withdrawn_at("2030-06-01"); }),
            Set{"W R-EXE-01.pressed"});
  EXPECT_EQ(of([&](auto& i) { its(i).clear_safe_conduct_told(); }),
            Set{"N R-GEN-01.safe_conduct_told"});
  EXPECT_EQ(of([&](auto& i) { its(i).clear_from(); }), Set{"N R-GEN-01.arrival"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_from("2030-09-16"); }), Set{"N R-EXE-01.too_late"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_from("2030-09-15"); }), Set{});
  EXPECT_EQ(of([&](auto& i) { its(i).set_until("2030-09-01"); }), Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_result("MAYBE"); }), Set{"E R-GEN-01.word"});
}

TEST(AppearanceAnswers, MayBeNoWithoutBeingAFailure) {
  const auto of = [](const char* result, ItemOutcome::Code outcome, bool comes = false) {
    return OfAnswer(T::VOLUNTARY_APPEARANCE, [&](auto& i) {
      i.mutable_appearance()->set_result(result);
      if (!comes) {
        i.mutable_appearance()->clear_from();
        i.mutable_appearance()->clear_until();
      }
      i.set_outcome(outcome);
    });
  };
  EXPECT_EQ(of("DECLINED", ItemOutcome::EXECUTED_FULL), Set{}) << "the invitation was given";
  EXPECT_EQ(of("DECLINED", ItemOutcome::EXECUTED_NEGATIVE), Set{});
  EXPECT_EQ(of("DECLINED", ItemOutcome::EXECUTED_NEGATIVE, true), Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of("NOT_FOUND", ItemOutcome::EXECUTED_FULL), Set{"W R-EXE-01.not_done"});
  EXPECT_EQ(of("AGREED", ItemOutcome::IMPOSSIBLE, true), Set{"W R-EXE-01.contrary"});
}

TEST(ExaminationAnswers, KeepAPartAndShowWhatWasFound) {
  const auto of = [](const Change& change) { return OfAnswer(T::EXAMINE_OBJECT_SITE, change); };
  const auto its = [](auto& i) -> v1::ExaminationAnswer& { return *i.mutable_examination(); };
  EXPECT_EQ(of([&](auto& i) { its(i).clear_report_hash(); }), Set{"N R-GEN-01.expert_report"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_destructive(true); }), Set{"W R-EXE-01.destroyed"});
  EXPECT_EQ(of([&](auto& i) {
              its(i).set_destructive(true);
              its(i).clear_sample_split();
            }),
            (Set{"W R-EXE-01.destroyed", "N R-GEN-01.sample_kept"}));
  EXPECT_EQ(of([&](auto& i) { its(i).set_unanswered(0, 2); }), Set{"W R-EXE-01.no_question"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_result("PARTLY_EXAMINED"); }),
            Set{"N R-GEN-01.answer_reason"});
  EXPECT_EQ(of([&](auto& i) {
              its(i).set_result("NOT_EXAMINED");
              its(i).set_reason("the vehicle was sold");
              i.set_outcome(ItemOutcome::IMPOSSIBLE);
            }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([&](auto& i) { i.set_outcome(ItemOutcome::REFUSED); }).count("W R-EXE-01.contrary"),
            1u);
  EXPECT_EQ(of([&](auto& i) { its(i).clear_destructive(); }), Set{}) << "absent is no mistake";
}

TEST(PackageAnswers, SayWhatLacksAndWhoseTheCaseIs) {
  const auto of = [](const Change& change) { return OfAnswer(T::EVIDENCE_PACKAGE, change); };
  const auto its = [](auto& i) -> v1::PackageAnswer& { return *i.mutable_evidence_package(); };
  EXPECT_EQ(of([&](auto& i) { its(i).clear_missing(); }), Set{"N R-GEN-01.package_lacks"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_result("COMPLETE"); }), Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([&](auto& i) {
              its(i).set_result("COMPLETE");
              its(i).clear_missing();
            }),
            Set{});
  EXPECT_EQ(of([&](auto& i) { its(i).set_decided_at("2030-03-22"); }), Set{})
      << "the fourteenth day";
  EXPECT_EQ(of([&](auto& i) { its(i).set_decided_at("2030-03-23"); }), Set{"N R-CLK-PREF.late"});
  EXPECT_EQ(of([&](auto& i) {
              its(i).set_jurisdiction("UNDECIDED");
              its(i).clear_decided_at();
            }),
            Set{"N R-GEN-01.claim_due"});
}

TEST(DistressAnswers, CountPeopleAndPutNobodyInDangerAshore) {
  const auto of = [](const Change& change) { return OfAnswer(T::DISTRESS_ALERT, change); };
  const auto its = [](auto& i) -> v1::DistressAnswer& { return *i.mutable_distress(); };
  EXPECT_EQ(of([&](auto& i) { its(i).clear_rescued(); }), Set{"N R-GEN-01.rescue_count"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_children(45); }), Set{"W R-EXE-01.counts"});
  EXPECT_EQ(of([&](auto& i) { its(i).clear_non_refoulement_assessed(); }),
            Set{"N R-GEN-01.ashore"});
  EXPECT_EQ(of([&](auto& i) { its(i).set_non_refoulement_assessed(false); }),
            Set{"W R-EXE-01.ashore"})
      << "what happened can be told";
  EXPECT_EQ(of([&](auto& i) {
              its(i).clear_place_of_safety();
              its(i).clear_non_refoulement_assessed();
            }),
            Set{});
  EXPECT_EQ(of([&](auto& i) { its(i).set_result("NO_DANGER"); }), Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([&](auto& i) {
              its(i).Clear();
              its(i).set_result("NO_MEANS");
              i.set_outcome(ItemOutcome::IMPOSSIBLE);
            }),
            (Set{"N R-GEN-01.passed_on", "N R-GEN-01.answer_reason"}));
  EXPECT_EQ(of([&](auto& i) {
              its(i).Clear();
              its(i).set_result("SEARCHING");
            }),
            Set{"W R-EXE-01.not_done"});
}

TEST(RelocationAnswers, TellInClearWhomToTurnToAndNothingElse) {
  const auto of = [](const Change& change) { return OfAnswer(T::WITNESS_RELOCATION, change); };
  const auto its = [](auto& i) -> v1::RelocationAnswer& { return *i.mutable_relocation(); };
  EXPECT_EQ(of([&](auto& i) { its(i).set_person("Alix Sample"); }), Set{"E R-SEAL-01.ref"});
  EXPECT_EQ(of([&](auto& i) {
              i.mutable_travel_document()->set_decision("ISSUED");
            }).count("E R-SEAL-01.relocation"),
            1u);
  EXPECT_EQ(
      of([&](auto& i) { i.mutable_service()->set_manner("POST"); }).count("E R-SEAL-01.relocation"),
      1u);
  EXPECT_EQ(of([&](auto& i) { i.clear_relocation(); }), Set{}) << "words alone stay allowed";
  EXPECT_EQ(of([&](auto& i) { its(i).set_decision("NOT_AGREED"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done"}));
  Answered answer(T::WITNESS_RELOCATION);
  const Set sealed = {"W-1"}, none = {};
  answer.context.compartment_refs = &sealed;
  EXPECT_EQ(answer.Check(), Set{});
  answer.context.compartment_refs = &none;
  EXPECT_EQ(answer.Check().count("N R-SEAL-01.nowhere"), 1u);
  // A part of it in the answer to something else is no way around.
  Answered other(T::COOPERATOR_ARRANGEMENT);
  other.item().mutable_hit()->set_result("HIT");
  EXPECT_EQ(other.Check().count("E R-SEAL-01.relocation"), 1u);
}

}  // namespace
}  // namespace palermo::casework
