#include "node/desk/receiving.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/desk/case_bodies.h"
#include "node/desk/treaty_list.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> RulesOf(const std::vector<casework::Finding>& findings) {
  std::vector<std::string> rules;
  for (const casework::Finding& finding : findings) rules.push_back(finding.rule);
  return rules;
}

// An act of the case in hand, as the casebook gives it.
CaseAct Done(uint8_t number, v1::Act::Code act, casework::Side side) {
  CaseAct done;
  done.id.fill(number);
  done.header.set_act(act);
  done.side = side;
  done.in_history = true;
  return done;
}

class ReceivingTest : public ::testing::Test {
 protected:
  ReceivingTest() : body_(casework::TemplateFor(v1::Act::REQUEST)) {
    v1::Header& header = message_.envelope.header;
    header.set_sender("QM/central");
    header.add_recipients("QT/central");
    header.set_family(v1::Family::MLA);
    header.set_act(v1::Act::REQUEST);
    header.set_created_at_ms(ToMillis(Now()));
    message_.checks = {{"the signatures are of the sender's officers", absl::OkStatus()}};
  }

  absl::Time Now() { return world_.clock.Now(); }
  std::vector<std::string> Received() {
    return RulesOf(CheckReceived(message_, &body_, *view_, "QT", Now()));
  }
  // The same, as the act after a request to take evidence.
  std::vector<std::string> AnswerToEvidence() {
    CaseView view;
    view.family = v1::Family::MLA;
    view.acts = {Done(1, v1::Act::REQUEST, casework::Side::kRequesting),
                 Done(2, message_.envelope.header.act(), casework::Side::kRequested)};
    CaseBodies bodies(view);
    bodies.Set(0, casework::TemplateForType(v1::AssistanceType::TAKE_EVIDENCE));
    const casework::Progress before = bodies.ProgressBefore(AsView(view.acts[1].id));
    return RulesOf(
        CheckReceived(message_, &body_, *view_, "QT", Now(), absl::InfinitePast(), &before));
  }
  // The entry of an authority of `state` with other terms.
  void Change(const std::string& state, const std::function<void(v1::Cooperation*)>& change) {
    v1::Directory next;
    ASSERT_TRUE(next.ParseFromString(world_.state(state).directory.document()));
    for (v1::AuthorityEntry& entry : *next.mutable_authorities()) {
      if (entry.id() == state + "/central") change(entry.mutable_cooperation());
    }
    trust::StateView known = *view_->Find(state);
    auto verified =
        trust::VerifyDirectory(world_.SignDirectory(state, next), *known.charter, nullptr);
    ASSERT_TRUE(verified.ok()) << verified.status();
    known.directory = std::make_shared<trust::DirectoryIndex>(*std::move(verified));
    view_ = view_->WithState(state, known);
  }
  std::vector<std::string> Checked() {
    casework::CheckContext context;
    context.act = v1::Act::REQUEST;
    context.requesting_state = "QM";
    context.requested_state = "QT";
    context.now = FormatInstant(Now());
    Law law(view_.get(), "QM");
    law.Fill("QM/central", "QT/central", context);
    return RulesOf(casework::CheckBody(context, body_));
  }

  testing::World world_;
  trust::TrustPtr view_ = world_.View();
  VerifiedMessage message_;
  v1::CaseBody body_;
};

TEST_F(ReceivingTest, NothingIsSaidAboutAGoodMessage) { EXPECT_THAT(Received(), IsEmpty()); }

TEST_F(ReceivingTest, AFailedVerificationNamesItsRule) {
  const std::pair<absl::Status, const char*> cases[] = {
      {Refused("BAD_SIGNATURE", "x"), "R-SIG-01"},
      {Refused("UNKNOWN_DIRECTORY", "x"), "R-SIG-01"},
      {Refused("OFFICER_NOT_IN_FORCE", "x"), "R-DIR-04"},
      {Refused("STALE_KEY", "x"), "R-DIR-04"},
      {Refused("SAME_PERSON", "x"), "R-AUTH-02"},
      {Refused("WRONG_ROLE", "x"), "R-AUTH-01"},
      {Refused("UNKNOWN_RECIPIENT", "x"), "R-DIR-01"}};
  for (const auto& [status, rule] : cases) {
    message_.checks[0].status = status;
    EXPECT_THAT(RulesOf(CheckReceived(message_, nullptr, *view_, "QT", Now())), ElementsAre(rule))
        << status;
  }
}

TEST_F(ReceivingTest, AClockThatIsAheadIsTold) {
  message_.envelope.header.set_created_at_ms(ToMillis(Now() + absl::Minutes(4)));
  EXPECT_THAT(Received(), Not(Contains("R-GEN-03")));
  message_.envelope.header.set_created_at_ms(ToMillis(Now() + absl::Minutes(6)));
  EXPECT_THAT(Received(), Contains("R-GEN-03"));
}

TEST_F(ReceivingTest, AMessageBeforeItsPredecessorIsTold) {
  const auto rules = [&](absl::Time before) {
    return RulesOf(CheckReceived(message_, &body_, *view_, "QT", Now(), before));
  };
  EXPECT_THAT(rules(Now() - absl::Hours(1)), Not(Contains("R-GEN-03")));
  EXPECT_THAT(rules(Now() + absl::Hours(1)), Contains("R-GEN-03"));
}

TEST_F(ReceivingTest, WhatTheSenderLeftOutIsTheSendersMatter) {
  body_.mutable_request()->clear_purpose();
  EXPECT_THAT(Received(), Not(Contains("R-MLA-15F")));
  body_.mutable_request()->mutable_items(0)->set_n(0);
  EXPECT_THAT(Received(), Contains("R-GEN-01"));
}

TEST_F(ReceivingTest, AnEntryThatNobodyAttestedForAYearIsAWarning) {
  Change("QM", [&](v1::Cooperation* terms) {
    terms->set_attested_at_ms(ToMillis(Now() - absl::Hours(24 * 300)));
  });
  EXPECT_THAT(Received(), Not(Contains("R-DIR-05")));
  Change("QM", [&](v1::Cooperation* terms) {
    terms->set_attested_at_ms(ToMillis(Now() - absl::Hours(24 * 400)));
  });
  EXPECT_THAT(Received(), Contains("R-DIR-05"));
}

TEST_F(ReceivingTest, TheSenderIsToldBeforeItIsSent) {
  EXPECT_THAT(Checked(), Not(Contains("R-DIR-01")));
  Change("QT", [&](v1::Cooperation* terms) {
    terms->clear_roles();
    terms->add_roles(v1::AuthorityRole::FIU);
    terms->set_attested_at_ms(ToMillis(Now() - absl::Hours(24 * 400)));
  });
  EXPECT_THAT(Checked(), Contains("R-DIR-01"));
  EXPECT_THAT(Checked(), Contains("R-DIR-05"));
  Change("QT", [&](v1::Cooperation* terms) {
    terms->clear_roles();
    terms->add_roles(v1::AuthorityRole::CENTRAL_AUTHORITY_MLA);
    terms->add_roles(v1::AuthorityRole::FIU);
    terms->set_attested_at_ms(ToMillis(Now()));
  });
  EXPECT_THAT(Checked(), Not(Contains("R-DIR-01")));
  EXPECT_THAT(Checked(), Not(Contains("R-DIR-05")));
}

TEST_F(ReceivingTest, AnInstrumentMayHaveLanguagesOfItsOwn) {
  body_.mutable_request()->mutable_basis()->set_instrument("UNTOC");
  body_.mutable_request()->set_language("fr");
  Change("QT", [&](v1::Cooperation* terms) {
    terms->clear_instruments();
    auto* of = terms->add_instruments();
    of->set_instrument("UNTOC");
    of->add_languages("fr");
  });
  EXPECT_THAT(Checked(), Not(Contains("R-LANG-01")));
  body_.mutable_request()->set_language("ja");
  EXPECT_THAT(Checked(), Contains("R-LANG-01"));
}

TEST_F(ReceivingTest, AnApproverIsToldWhatTheDraftersDeskShouldHaveStopped) {
  const auto rules = [&] {
    return RulesOf(CheckToApprove(message_, body_, *view_, "QM", Now(), nullptr));
  };
  EXPECT_THAT(rules(), IsEmpty());
  body_.mutable_request()->clear_purpose();
  EXPECT_THAT(rules(), ElementsAre("R-MLA-15F"));
  message_.envelope.header.add_parents(std::string(32, 'p'));
  EXPECT_THAT(rules(), IsEmpty()) << "what a later act follows is not known here";
}

TEST_F(ReceivingTest, ARefusalThatTheLawForbidsIsToldToTheRequestingState) {
  v1::Header& header = message_.envelope.header;
  header.set_act(v1::Act::REFUSAL);
  body_ = casework::TemplateFor(v1::Act::REFUSAL);
  const auto rules = [&] { return AnswerToEvidence(); };
  EXPECT_THAT(Received(), IsEmpty()) << "of the case nothing is known";
  EXPECT_THAT(rules(), Contains("R-REF-26")) << "nobody was consulted";
  body_.mutable_refusal()->set_ground(v1::RefusalGround::BANK_SECRECY);
  EXPECT_THAT(rules(), ElementsAre("R-REF-08"));
  body_.mutable_refusal()->set_ground(v1::RefusalGround::SECURITY);
  body_.mutable_refusal()->set_reasons("The secrecy of our banks stands against this request.");
  EXPECT_THAT(rules(), Contains("R-REF-08")) << "a warning";
  auto* entry = body_.add_overridden();
  entry->set_rule("R-REF-08");
  entry->set_reason("the records are of a military account");
  EXPECT_THAT(rules(), Not(Contains("R-REF-08"))) << "answered for";
}

// Whatever the sender's policy asks: a warning is answered for by two.
TEST_F(ReceivingTest, AnOverriddenWarningThatNobodyApprovedIsTold) {
  auto* entry = body_.add_overridden();
  entry->set_rule("R-MLA-15E");
  entry->set_reason("nobody is known yet");
  EXPECT_THAT(Received(), ElementsAre("R-AUTH-02"));
  v1::OfficerSignature signature;
  signature.set_officer("QM/central/o-0001");
  signature.set_purpose(v1::SignaturePurpose::DRAFT);
  message_.signatures = {signature};
  EXPECT_THAT(Received(), ElementsAre("R-AUTH-02"));
  signature.set_purpose(v1::SignaturePurpose::APPROVE);
  message_.signatures.push_back(signature);
  EXPECT_THAT(Received(), IsEmpty());
  message_.signatures.clear();
  message_.confirmation.set_standing(v1::ConfirmationStanding::CONFIRMED);
  EXPECT_THAT(Received(), IsEmpty()) << "an emergency that was confirmed in time";
  message_.confirmation.Clear();
  entry->set_rule("R-GEN-04");
  EXPECT_THAT(Received(), IsEmpty()) << "no warning of the law";
}

TEST_F(ReceivingTest, AnOldPostponementIsReadByItsText) {
  message_.envelope.header.set_act(v1::Act::POSTPONEMENT_NOTICE);
  body_ = casework::TemplateFor(v1::Act::POSTPONEMENT_NOTICE);
  body_.mutable_statement()->clear_ground();
  const auto rules = [&] { return AnswerToEvidence(); };
  EXPECT_THAT(rules(), Not(Contains("R-PST-01")));
  body_.mutable_statement()->set_text("WORKLOAD");
  EXPECT_THAT(rules(), Contains("R-PST-01"));
}

TEST_F(ReceivingTest, ABoardingThatNobodyAllowedIsToldToTheFlagState) {
  v1::Header& header = message_.envelope.header;
  header.set_family(v1::Family::SEA);
  header.set_act(v1::Act::BOARDING_REPORT);
  body_ = casework::TemplateFor(v1::Act::BOARDING_REPORT);
  CaseView view;
  view.family = v1::Family::SEA;
  view.acts = {Done(1, v1::Act::REQUEST, casework::Side::kRequesting),
               Done(2, v1::Act::BOARDING_AUTHORISED, casework::Side::kRequested),
               Done(3, v1::Act::BOARDING_REPORT, casework::Side::kRequesting)};
  CaseBodies bodies(view);
  bodies.Set(0, casework::TemplateForType(v1::AssistanceType::BOARDING_AUTHORIZATION));
  bodies.Set(1, casework::TemplateFor(v1::Act::BOARDING_AUTHORISED));
  const auto rules = [&](int act) {
    const casework::Progress before = bodies.ProgressBefore(AsView(view.acts[act].id));
    return RulesOf(
        CheckReceived(message_, &body_, *view_, "QT", Now(), absl::InfinitePast(), &before));
  };
  EXPECT_THAT(Received(), IsEmpty()) << "of the case nothing is known";
  EXPECT_THAT(rules(1), ElementsAre("R-SEA-05"));
  EXPECT_THAT(rules(2), IsEmpty()) << "allowed before";
  body_.mutable_boarding_result()->set_other_treaty("SUA 8bis(5)(d)");
  EXPECT_THAT(rules(1), ElementsAre("R-SEA-06"));
  body_.mutable_boarding_result()->clear_other_treaty();
  body_.mutable_boarding_result()->set_imminent_danger_to_life(true);
  EXPECT_THAT(rules(1), IsEmpty());
  header.set_act(v1::Act::BOARDING_RESULT);
  body_ = casework::TemplateFor(v1::Act::BOARDING_RESULT);
  EXPECT_THAT(rules(2), IsEmpty());
  body_.mutable_boarding_result()->add_measures("ARREST_OF_ALL");
  EXPECT_THAT(rules(2), ElementsAre("R-SEA-05"));
}

TEST_F(ReceivingTest, WhoDraftedDoesNotApprove) {
  v1::OfficerSignature drafted;
  drafted.set_officer("QM/central/o-0001");
  drafted.set_purpose(v1::SignaturePurpose::DRAFT);
  message_.signatures = {drafted};
  const auto rules = [&](const char* officer) {
    return RulesOf(CheckApproval(message_, body_, *view_, officer, Now()));
  };
  EXPECT_THAT(rules("QM/central/o-0002"), IsEmpty());
  EXPECT_THAT(rules("QM/central/o-0001"), Contains("R-AUTH-02"));
  EXPECT_THAT(rules("QM/central/o-9999"), Contains("R-AUTH-01"));
}

// The other desk's program may be another one: what it sends is judged again.
TEST_F(ReceivingTest, WhatFollowsARecordIsJudgedByTheReceiverToo) {
  v1::Header& header = message_.envelope.header;
  header.set_family(v1::Family::LAW_ENFORCEMENT_INFO);
  body_.Clear();
  body_.set_version(1);
  auto& answer = *body_.mutable_onward_consent_answer();
  answer.set_record_id("R-1/1");
  answer.set_to_state("QT");
  answer.set_purpose("INVESTIGATION");
  answer.set_decision("GRANT");
  EXPECT_THAT(Received(), IsEmpty());
  answer.set_decision("YES");
  EXPECT_THAT(Received(), ElementsAre("R-GEN-01"));
  body_.mutable_intelligence_answer()->set_record_id("R-1/1");
  body_.mutable_intelligence_answer()->set_outcome("FORGOTTEN");
  EXPECT_THAT(Received(), ElementsAre("R-GEN-01"));
  body_.mutable_intelligence_recall()->set_record_id("R-1/1");
  EXPECT_THAT(Received(), ElementsAre("R-GEN-01")) << "no reason";
  body_.mutable_intelligence_correction()->set_record_id("R-1/1");
  body_.mutable_intelligence_correction()->set_reason("other port");
  EXPECT_THAT(Received(), ElementsAre("R-GEN-01")) << "nothing that replaces it";
}

}  // namespace
}  // namespace palermo::desk
