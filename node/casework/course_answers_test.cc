// The typed parts of what was done with persons and on the spot: each good one passes, and each
// mistake is told. As typed_answers_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/json.h"
#include "node/casework/leak_scan.h"
#include "node/casework/obligations.h"
#include "node/casework/typed_answers_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using T = v1::AssistanceType;
using v1::Act;
using v1::ItemOutcome;
using v1::ItemResult;
using Set = std::set<std::string>;
using Change = AnswerChange;

// --- Hearings

v1::HearingAnswer& Heard(ItemResult& item) { return *item.mutable_heard(0); }

TEST(HearingAnswers, SayWhatTheMinutesNeed) {
  const auto of = [](const Change& change) { return OfAnswer(T::TAKE_EVIDENCE, change); };
  EXPECT_EQ(of([](auto& i) { Heard(i).set_until("2030-04-10T08:00:00Z"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { Heard(i).clear_minutes_hash(); }), Set{"N R-GEN-01.minutes"});
  EXPECT_EQ(of([](auto& i) {
              Heard(i).clear_minutes_hash();
              i.add_delivered()->set_what("minutes");
              i.mutable_delivered(0)->set_hash(std::string(64, 'a'));
              i.mutable_delivered(0)->set_category("DOCUMENT");
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) { i.clear_hearings(); }), Set{"N R-GEN-01.rights"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_unanswered(0, 3); }), Set{"W R-EXE-01.no_question"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_unanswered(0, 0); }), Set{"W R-EXE-01.no_question"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_admonition("CAUTION"); }), Set{});
  EXPECT_EQ(of([](auto& i) { Heard(i).mutable_present(0)->set_function("WIZARD"); }),
            Set{"E R-GEN-01.word"});
  EXPECT_EQ(of([](auto& i) { Heard(i).clear_present(); }), Set{})
      << "an absent field is no mistake";
}

TEST(HearingAnswers, SayOnWhichRightSomebodyIsSilent) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::TAKE_EVIDENCE, [&](auto& i) {
      Heard(i).set_result("REFUSED_TO_TESTIFY");
      change(i);
    });
  };
  EXPECT_EQ(of([](auto&) {}), Set{}) << "the hearing was held";
  EXPECT_EQ(of([](auto& i) { Heard(i).clear_privilege(); }), Set{"N R-GEN-01.privilege"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_privilege("NO_PRIVILEGE"); }), Set{});
}

TEST(HearingAnswers, FitTheirOutcome) {
  const auto of = [](const char* result, ItemOutcome::Code outcome) {
    return OfAnswer(T::TAKE_EVIDENCE, [&](auto& i) {
      Heard(i).set_result(result);
      Heard(i).clear_admonition();
      i.set_outcome(outcome);
    });
  };
  EXPECT_EQ(of("HEARD", ItemOutcome::IMPOSSIBLE), Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of("HEARD", ItemOutcome::EXECUTED_NEGATIVE), Set{}) << "the witness knew nothing";
  EXPECT_EQ(of("HEARD", ItemOutcome::EXECUTED_PARTIAL), Set{});
  EXPECT_EQ(of("NOT_APPEARED", ItemOutcome::EXECUTED_FULL), Set{"W R-EXE-01.not_done"});
  EXPECT_EQ(of("NOT_APPEARED", ItemOutcome::IMPOSSIBLE), Set{});
  EXPECT_EQ(OfAnswer(T::TAKE_EVIDENCE,
                     [](auto& i) {
                       *i.add_heard() = Heard(i);
                       Heard(i).set_result("NOT_FOUND");
                       Heard(i).clear_admonition();
                     }),
            Set{})
      << "one of two was heard";
  EXPECT_EQ(OfAnswer(T::TAKE_EVIDENCE,
                     [](auto& i) {
                       Heard(i).set_result("NOT_APPEARED");
                       i.set_outcome(ItemOutcome::IMPOSSIBLE);
                     }),
            Set{"W R-EXE-01.denied"})
      << "nobody is sworn who is not there";
}

TEST(HearingAnswers, OfAnAccusedByVideoSayThatTheyAgreed) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::VIDEO_HEARING, [&](auto& i) {
      Heard(i).set_role("ACCUSED");
      change(i);
    });
  };
  EXPECT_EQ(of([](auto&) {}), Set{"N R-GEN-01.consent_unsaid"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_consented(false); }), Set{"W R-EXE-01.no_consent"});
  EXPECT_EQ(of([](auto& i) { Heard(i).set_consented(true); }), Set{});
  EXPECT_EQ(of([](auto& i) {
              Heard(i).set_consented(false);
              Heard(i).set_means("PRESENT");
            }),
            Set{});
  EXPECT_EQ(OfAnswer(T::VIDEO_HEARING, [](auto& i) { Heard(i).set_consented(false); }), Set{})
      << "a witness is not asked";
}

TEST(HearingAnswers, AreOfThePersonWhomTheRequestNames) {
  Answered answer(T::TAKE_EVIDENCE);
  v1::Person& other = *answer.asked.mutable_request()->add_persons();
  other.set_ref("W-2");
  other.add_roles("WITNESS");
  Heard(answer.item()).set_person("W-2");
  EXPECT_EQ(answer.Check(), Set{"N R-EXE-01.other_heard"});
  Heard(answer.item()).set_person("the clerk's successor");
  EXPECT_EQ(answer.Check(), Set{}) << "words are allowed";
}

TEST(HearingAnswers, ShowNobodyWhoIsProtected) {
  Answered answer(T::TAKE_EVIDENCE);
  v1::Person& victim = *answer.asked.mutable_request()->add_persons();
  victim.set_ref("V-1");
  victim.add_roles("VICTIM");
  victim.set_sealed(true);
  answer.question().set_person_ref("V-1");
  Heard(answer.item()).set_person("V-1");
  EXPECT_EQ(answer.Check(), Set{});
  v1::Attendee& guardian = *Heard(answer.item()).add_present();
  guardian.set_function("GUARDIAN");
  EXPECT_EQ(answer.Check(), Set{});
  guardian.set_who("Maria Orsay");
  EXPECT_EQ(answer.Check(), Set{"N R-SEAL-01.companion"});
  guardian.set_function("JUDGE");
  EXPECT_EQ(answer.Check(), Set{}) << "who conducts a hearing is named";
  Heard(answer.item()).set_person("Lina Orsay");
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.ref"});
}

TEST(HearingAnswers, AreScannedForSealedIdentities) {
  const LeakScanner sealed({{IdentityKind::kName, "Lina Orsay", "V-1"}});
  const Change changes[] = {
      [](auto& i) { Heard(i).mutable_present(0)->set_who("counsel of ORSAY Lina"); },
      [](auto& i) { Heard(i).set_place("flat of Lina Orsay"); },
      [](auto& i) { i.mutable_search()->set_privileged("letters of Lina Orsay"); },
      [](auto& i) { i.mutable_hit()->set_findings("Lina Orsay was seen there"); },
      [](auto& i) { i.mutable_surrender()->add_excluded("theft from Lina Orsay"); },
      [](auto& i) { i.mutable_transfer()->set_reason("Lina Orsay objects"); },
      [](auto& i) { i.mutable_measure()->set_place("house of Lina Orsay"); },
  };
  for (const Change& change : changes) {
    Answered answer(T::TAKE_EVIDENCE);
    answer.context.sealed_identities = &sealed;
    EXPECT_EQ(answer.Check(), Set{});
    change(answer.item());
    EXPECT_THAT(answer.Check(), Contains("E R-SEAL-02.leak"));
  }
}

// --- Searches and records

TEST(SearchAnswers, FitWhatWasSeized) {
  const auto of = [](const Change& change) { return OfAnswer(T::SEARCH_SEIZE, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_search()->set_result("NOTHING_FOUND"); }),
            Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_search()->set_result("NOTHING_FOUND");
              i.clear_seized();
              i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE);
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_search()->set_result("NOT_ENTERED");
              i.clear_seized();
            }),
            Set{"W R-EXE-01.not_done"});
  EXPECT_EQ(of([](auto& i) { i.mutable_search()->set_until("2026-02-18T07:00:00Z"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { i.clear_search(); }), Set{});
}

TEST(DeliveredRecords, AreCertifiedAsTheRequestSays) {
  const auto plain = [](auto& i) { i.mutable_delivered(0)->set_form("COPY"); };
  EXPECT_EQ(OfAnswer(T::RECORDS_BANK, plain), Set{"N R-EXE-01.uncertified"});
  Answered answer(T::RECORDS_BANK);
  answer.question().clear_certification_form();
  plain(answer.item());
  EXPECT_EQ(answer.Check(), Set{});
}

// --- Surrender

v1::SurrenderAnswer& Surrender(ItemResult& item) { return *item.mutable_surrender(); }

TEST(SurrenderAnswers, CountTheDaysInCustody) {
  const auto of = [](const Change& change) { return OfAnswer(T::EXTRADITE, change); };
  EXPECT_EQ(of([](auto& i) { Surrender(i).clear_custody_days(); }), Set{"N R-GEN-01.custody_days"});
  EXPECT_EQ(of([](auto& i) { Surrender(i).set_custody_days(33); }), Set{"W R-EXE-01.custody_days"});
  EXPECT_EQ(of([](auto& i) { Surrender(i).set_custody_days(3); }), Set{})
      << "the person was released in between";
  EXPECT_EQ(of([](auto& i) { Surrender(i).set_surrendered_at("2026-01-19T11:00:00Z"); }),
            (Set{"W R-EXE-01.custody_days", "W R-EXE-01.time_order"}));
}

TEST(SurrenderAnswers, SayWhatThePersonDeclared) {
  const auto of = [](const Change& change) { return OfAnswer(T::EXTRADITE, change); };
  EXPECT_EQ(of([](auto& i) { Surrender(i).clear_consent(); }), Set{"N R-GEN-01.declared"});
  EXPECT_EQ(of([](auto& i) {
              Surrender(i).clear_consent();
              Surrender(i).set_simplified(false);
            }),
            Set{});
  EXPECT_EQ(of([](auto& i) {
              Surrender(i).clear_consent();
              Surrender(i).set_simplified(false);
              Surrender(i).set_speciality("RENOUNCED");
            }),
            Set{"N R-GEN-01.declared"});
  EXPECT_EQ(of([](auto& i) {
              Surrender(i).set_temporary(true);
              Surrender(i).clear_return_due_at();
            }),
            Set{"N R-GEN-01.return_unsaid"});
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::IMPOSSIBLE); }),
            Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of([](auto& i) { Surrender(i).set_decision("NOT_FOUND"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done"}));
}

// In the acts of an extradition the same part stands beside the text.
Set OfAct(Act::Code act, const std::function<void(v1::Statement&)>& change) {
  v1::CaseBody body = TemplateFor(act);
  change(*body.mutable_statement());
  CheckContext context = ContextOfForm(T::EXTRADITE);
  const v1::CaseBody asked = TemplateForType(T::EXTRADITE);
  context.request = &asked.request();
  context.act = act;
  context.side = Side::kRequested;
  Set keys;
  for (const Finding& f : CheckBody(context, body)) {
    keys.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key}));
  }
  return keys;
}

TEST(SurrenderAnswers, StandInTheActsOfAnExtradition) {
  for (Act::Code act : {Act::SURRENDER_ORDER, Act::SURRENDER_REPORT}) {
    EXPECT_TRUE(TemplateFor(act).statement().has_surrender());
    EXPECT_EQ(OfAct(act, [](auto&) {}), Set{});
    EXPECT_EQ(OfAct(act, [](auto& s) { s.clear_surrender(); }), Set{}) << "words alone";
    EXPECT_EQ(OfAct(act, [](auto& s) { s.mutable_surrender()->set_decision("ARRESTED"); }),
              Set{"W R-EXE-01.other_act"});
    EXPECT_THAT(OfAct(act, [](auto& s) { s.mutable_surrender()->set_decision("SOON"); }),
                Contains("E R-GEN-01.word"));
  }
  EXPECT_EQ(OfAct(Act::SURRENDER_ORDER, [](auto& s) { s.mutable_surrender()->clear_place(); }),
            Set{"N R-GEN-01.handover"});
  EXPECT_EQ(
      OfAct(Act::SURRENDER_ORDER, [](auto& s) { s.mutable_surrender()->set_until("2026-01-01"); }),
      Set{"W R-EXE-01.time_order"});
  const auto arrest = [](const char* at) {
    return OfAct(Act::PROVISIONAL_ARREST_NOTE, [&](auto& s) {
      s.mutable_surrender()->set_decision("ARRESTED");
      s.mutable_surrender()->set_arrested_at(at);
    });
  };
  EXPECT_EQ(arrest("2026-01-02T05:30:00Z"), Set{});
  EXPECT_EQ(arrest("2026-01-02T07:30:00+02:00"), Set{});
  EXPECT_EQ(arrest("2026-01-03T05:30:00Z"), Set{"W R-EXE-01.two_answers"});
}

// --- Transfers

v1::TransferAnswer& Transfer(ItemResult& item) { return *item.mutable_transfer(); }

TEST(TransferAnswers, AreOfFreeWillAndEnd) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::TRANSFER_DETAINED_WITNESS, change);
  };
  EXPECT_EQ(of([](auto& i) { Transfer(i).mutable_consent()->set_free(false); }),
            Set{"W R-EXE-01.against_will"});
  const auto withdrawn = [&](const char* at) {
    return of([&](auto& i) { Transfer(i).mutable_consent()->set_withdrawn_at(at); });
  };
  EXPECT_EQ(withdrawn("2025-11-30T08:00:00Z"), Set{"W R-EXE-01.against_will"});
  EXPECT_EQ(withdrawn("2025-12-20T08:00:00Z"), Set{}) << "and was sent back";
  EXPECT_EQ(of([](auto& i) { Transfer(i).clear_consent(); }), Set{}) << "the request has it";
  EXPECT_EQ(of([](auto& i) { Transfer(i).set_returned_at("2026-01-18T08:00:00Z"); }),
            Set{"N R-EXE-01.returned_late"});
  EXPECT_EQ(of([](auto& i) {
              Transfer(i).set_return_due_at("2030-06-20");
              Transfer(i).set_returned_at("2026-01-18T08:00:00Z");
            }),
            Set{"N R-EXE-01.return_later"});
  EXPECT_EQ(of([](auto& i) { Transfer(i).set_custody_days(50); }), Set{"W R-EXE-01.custody_days"});
  EXPECT_EQ(of([](auto& i) { Transfer(i).set_returned_at("2025-12-01T08:00:00Z"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) {
              Transfer(i).Clear();
              Transfer(i).set_decision("CONSENT_WITHDRAWN");
            }),
            Set{"W R-EXE-01.not_done"});
}

TEST(TransferAnswers, OfASentencedPersonSayHowTheSentenceGoesOn) {
  const auto of = [](const Change& change) {
    return OfAnswer(T::TRANSFER_SENTENCED_PERSON, change);
  };
  EXPECT_EQ(of([](auto& i) { Transfer(i).clear_enforcement(); }), Set{"N R-GEN-01.enforcement"});
  EXPECT_EQ(of([](auto& i) {
              Transfer(i).set_decision("NOT_AGREED");
              i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE);
            }),
            Set{"N R-GEN-01.answer_reason"});
}

// The duty to send the person back has the date that was agreed last.
TEST(TransferAnswers, MoveTheDayOfReturn) {
  const v1::CaseBody asked = TemplateForType(T::TRANSFER_DETAINED_WITNESS);
  v1::CaseBody answer = AnswerForType(T::TRANSFER_DETAINED_WITNESS);
  const auto due = [&] {
    OpenedAct request, result;
    request.act = Act::REQUEST;
    request.side = Side::kRequesting;
    request.body = &asked;
    result.act = Act::FINAL_RESULT;
    result.side = Side::kRequested;
    result.body = &answer;
    for (const Obligation& o : ObligationsOf({request, result}, v1::Family::MLA)) {
      if (o.kind == "RETURN_PERSON") return absl::FormatTime("%F", o.due, absl::UTCTimeZone());
    }
    return std::string("none");
  };
  EXPECT_EQ(due(), "2026-01-15");
  answer.mutable_result()->mutable_items(0)->mutable_transfer()->set_return_due_at("2026-01-20");
  EXPECT_EQ(due(), "2026-01-20");
  answer.mutable_result()->mutable_items(0)->clear_transfer();
  EXPECT_EQ(due(), "2030-06-15");
}

// --- Proceedings, teams, techniques

TEST(ProceedingsAnswers, SayWhoHasTakenThemOver) {
  const auto of = [](const Change& change) { return OfAnswer(T::TRANSFER_PROCEEDINGS, change); };
  EXPECT_EQ(of([](auto& i) {
              i.mutable_proceedings()->clear_authority();
              i.mutable_proceedings()->clear_reference();
            }),
            Set{"N R-GEN-01.taken_by"});
  EXPECT_EQ(of([](auto& i) { i.mutable_proceedings()->set_decision("NOT_TAKEN_OVER"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done", "N R-GEN-01.answer_reason"}));
  EXPECT_EQ(of([](auto& i) { i.mutable_proceedings()->set_decided_at("2030-01-01"); }),
            Set{"W R-EXE-01.time_order"});
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); }),
            Set{"W R-EXE-01.contrary"});
}

TEST(TeamAnswers, AgreeOrSayWhyNot) {
  const auto of = [](const Change& change) { return OfAnswer(T::SET_UP_JIT, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_team()->set_decision("NOT_AGREED"); }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done", "N R-GEN-01.answer_reason"}));
  EXPECT_EQ(of([](auto& i) { i.mutable_team()->set_until("2030-01-01"); }),
            Set{"W R-EXE-01.time_order"});
}

TEST(MeasureAnswers, SayHowTheyEnded) {
  const auto of = [](const Change& change) { return OfAnswer(T::CONTROLLED_DELIVERY, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_measure()->set_technique("INTACT"); }),
            Set{"N R-EXE-01.other_technique"});
  EXPECT_EQ(of([](auto& i) { i.mutable_measure()->set_result("BROKEN_OFF"); }),
            Set{"N R-GEN-01.answer_reason"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_measure()->set_result("NOT_CARRIED_OUT");
              i.mutable_measure()->set_reason("the parcel never came");
            }),
            (Set{"W R-EXE-01.denied", "W R-EXE-01.not_done"}));
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); }), Set{})
      << "it was followed, and nobody came for it";
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::IMPOSSIBLE); }),
            Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(
      of([](auto& i) { i.mutable_measure()->mutable_consignment()->set_awb("999-12345676"); }),
      Set{"E R-ID-AWB.check"});
}

// --- Leads and questions

TEST(HitAnswers, SayWhomToTurnTo) {
  const auto of = [](const Change& change) { return OfAnswer(T::RECRUITMENT_LEAD, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_hit()->set_result("NO_HIT"); }), Set{"W R-EXE-01.denied"});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_hit()->clear_reference();
              i.mutable_hit()->clear_findings();
              i.mutable_hit()->clear_focal_point();
            }),
            Set{"N R-GEN-01.hit"});
  EXPECT_EQ(of([](auto& i) { i.set_outcome(ItemOutcome::EXECUTED_NEGATIVE); }),
            Set{"W R-EXE-01.contrary"});
  EXPECT_EQ(of([](auto& i) { i.clear_hit(); }), Set{});
}

// R-DOC-02, R-INT-05: to a question for a word the answer is a word.
TEST(HitAnswers, ToAHitQueryAreAWord) {
  const auto of = [](const Change& change) { return OfAnswer(T::HIT_QUERY, change); };
  EXPECT_EQ(of([](auto& i) { i.mutable_hit()->set_result("HIT"); }), Set{});
  EXPECT_EQ(of([](auto& i) {
              i.mutable_hit()->set_result("HIT");
              i.mutable_hit()->set_findings("seen in two cases");
            }),
            Set{"E R-DOC-02.more"});
}

// A body of a program that does not know the parts is read, and is valid.
TEST(CourseAnswers, OfOldBodiesAreNone) {
  v1::CaseBody body = AnswerForType(T::EXTRADITE);
  body.mutable_result()->mutable_items(0)->clear_surrender();
  Answered answer(T::EXTRADITE);
  ASSERT_TRUE(answer.body.ParseFromString(body.SerializeAsString()));
  EXPECT_EQ(answer.Check(), Set{});
}

}  // namespace
}  // namespace palermo::casework
