// A file of an act that goes on with a case, checked without it: what only the case tells is not
// asked, and all else is.
#include <gtest/gtest.h>

#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using v1::Act;

// The example of the act, as `case check` sees its file; `known`: as where the case has nothing.
Draft FileOf(Act::Code act, bool known = false) {
  Draft draft(act);
  draft.request_known = false;
  draft.context.refusal_consultation_open = false;
  draft.context.postponement_consultation_open = false;
  draft.context.case_unknown = !known;
  return draft;
}

std::string Refusing(Draft& draft) {
  std::string found;
  for (const Finding& f : draft.Check()) {
    if (f.severity != Severity::kNote) found += (found.empty() ? "" : " ") + f.rule;
  }
  return found;
}

TEST(CaseUnknown, NoExampleIsRefusedForWhatOnlyItsCaseTells) {
  for (Act::Code act : AllActs()) {
    if (OpensCase(act) || act == Act::CORRECTED_REQUEST) continue;
    Draft draft = FileOf(act);
    EXPECT_EQ(Refusing(draft), "") << ActName(act);
  }
}

TEST(CaseUnknown, AKnownCaseIsAskedWhetherTheOtherStateWasHeard) {
  for (Act::Code act : {Act::REFUSAL, Act::REFUSAL_IN_PART, Act::POSTPONEMENT_NOTICE}) {
    Draft draft = FileOf(act, true);
    EXPECT_EQ(Refusing(draft), "R-REF-26") << ActName(act);
  }
}

TEST(CaseUnknown, AllElseIsChecked) {
  Draft refusal = FileOf(Act::REFUSAL);
  refusal.body.mutable_refusal()->set_reasons("no");
  EXPECT_EQ(Refusing(refusal), "R-REF-23");
  refusal = FileOf(Act::REFUSAL);
  refusal.body.mutable_refusal()->set_ground(v1::RefusalGround::BANK_SECRECY);
  EXPECT_EQ(Refusing(refusal), "R-REF-08");
  Draft postponed = FileOf(Act::POSTPONEMENT_NOTICE);
  postponed.body.mutable_statement()->clear_until();
  EXPECT_EQ(Refusing(postponed), "R-CLK-PST");
  postponed.body.mutable_statement()->clear_ground();
  EXPECT_EQ(Refusing(postponed), "R-PST-01");
}

// Which grounds there are only the profile of the request says.
TEST(CaseUnknown, AGroundOfAnyProfileMayBeIts) {
  for (v1::RefusalGround::Code ground :
       {v1::RefusalGround::DE_MINIMIS, v1::RefusalGround::DE_MINIMIS_VALUE,
        v1::RefusalGround::NOT_A_CONVENTION_OFFENCE, v1::RefusalGround::POLITICAL_OFFENCE}) {
    for (bool known : {false, true}) {
      Draft refusal = FileOf(Act::REFUSAL, known);
      refusal.body.mutable_refusal()->set_ground(ground);
      EXPECT_EQ(Refusing(refusal), known ? "R-REF-21" : "") << ground;
    }
  }
}

TEST(CaseUnknown, AnOutcomeThatAnEarlierActBroughtIsNotDoubted) {
  for (bool known : {false, true}) {
    Draft result = FileOf(Act::FINAL_RESULT, known);
    v1::ItemResult& one = *result.body.mutable_result()->mutable_items(0);
    one.set_outcome(v1::ItemOutcome::REFUSED);
    EXPECT_EQ(Refusing(result).find("R-REF-26") != std::string::npos, known);
  }
}

}  // namespace
}  // namespace palermo::casework
