// Who fled from a state is not told of to it, and no victim returns too early: HR-01, CTHB 13.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "node/casework/contents_test_util.h"
#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using T = v1::AssistanceType;
using Words = std::set<std::string>;
using OfProtection = std::function<void(v1::Request&, CheckContext&)>;

// "R-HR-01.claim request.items[0].protection_claim" for each finding of these two rules.
Words GatesOf(T::Code type, const OfProtection& change) {
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  context.requesting_state = "QM";
  context.requested_state = "QT";
  context.now = "2030-01-20T09:00:00Z";
  change(*body.mutable_request(), context);
  Words words;
  for (const Finding& f : CheckBody(context, body)) {
    if (f.rule == "R-HR-01" || f.rule == "R-TIP-05") words.insert(Cat({f.key, " ", f.field}));
  }
  return words;
}

// A request about one person, with a claim at the item.
Words AskedAbout(T::Code type, const char* role, const char* nationality, const char* claim) {
  return GatesOf(type, [&](v1::Request& r, CheckContext&) {
    r.clear_persons();
    v1::Person& p = *r.add_persons();
    p.set_ref("V-1");
    p.add_roles(role);
    p.set_nationality(nationality);
    p.set_age_status("ADULT");
    r.mutable_items(0)->set_person_ref("V-1");
    r.mutable_items(0)->set_protection_claim(claim);
  });
}

constexpr char kClaimOfItem[] = "R-HR-01.claim request.items[0].protection_claim";

TEST(Origin, NoQuestionGoesToTheStateThatAPersonFledFrom) {
  for (T::Code type :
       {T::TIP_CASE_REFERRAL, T::TAKE_EVIDENCE, T::WITNESS_RELOCATION, T::CRIMINAL_RECORD,
        T::RECORDS_GOVERNMENT, T::HIT_QUERY, T::VICTIM_SUPPORT_CONTACT, T::FTF_TRAVEL_INFO,
        T::TRANSFER_SENTENCED_PERSON, T::EXTRADITE}) {
    SCOPED_TRACE(T::Code_Name(type));
    EXPECT_EQ(AskedAbout(type, "WITNESS", "QT", "PENDING"), Words{kClaimOfItem});
    EXPECT_EQ(AskedAbout(type, "VICTIM", "QT", "RECOGNISED"), Words{kClaimOfItem});
    // A third state may be asked.
    EXPECT_EQ(AskedAbout(type, "VICTIM", "QX", "RECOGNISED"), Words{});
  }
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "WITNESS", "QX, QT", "PENDING"), Words{kClaimOfItem});
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "WITNESS", "QTA", "PENDING"), Words{kClaimOfItem});
}

TEST(Origin, ANationalWithoutAClaimIsAskedAboutAsBefore) {
  for (const char* role : {"SUSPECT", "ACCUSED", "WITNESS", "VICTIM", "SMUGGLED_MIGRANT"}) {
    SCOPED_TRACE(role);
    EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, role, "QT", ""), Words{});
    EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, role, "QT", "NONE_DECLARED"), Words{});
    EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, role, "QT", "REJECTED"), Words{});
  }
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "SUSPECT", "QT", "NOT_ASSESSED"), Words{});
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "WITNESS", "QT", "NOT_ASSESSED"), Words{});
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "VICTIM", "QT", "NOT_ASSESSED"),
            Words{"R-HR-01.assessment request.items[0].protection_claim"});
}

TEST(Origin, ANationalityThatNobodyWroteIsANoteAndOneInTheCompartmentCounts) {
  EXPECT_EQ(AskedAbout(T::TAKE_EVIDENCE, "VICTIM", "", "PENDING"),
            Words{"R-HR-01.origin request.items[0].protection_claim"});
  const auto sealed = [](const char* nationality) {
    return GatesOf(T::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext& c) {
      c.sealed_nationalities["V-1"] = nationality;
      r.mutable_referral()->set_protection_claim("PENDING");
    });
  };
  EXPECT_EQ(sealed("QT"), Words{"R-HR-01.claim request.referral.protection_claim"});
  EXPECT_EQ(sealed("QX"), Words{});
}

TEST(Origin, AReferralToTheOwnStateNeedsAWordOnTheRisk) {
  const auto referred = [](const char* nationality, const char* claim, const char* of_item,
                           const char* assessment) {
    return GatesOf(T::VICTIM_REFERRAL, [&](v1::Request& r, CheckContext&) {
      r.mutable_persons(0)->set_nationality(nationality);
      r.mutable_referral()->set_protection_claim(claim);
      r.mutable_items(0)->set_protection_claim(of_item);
      r.mutable_items(0)->set_safety_assessment(assessment);
    });
  };
  const std::string at = " request.referral.protection_claim";
  EXPECT_EQ(referred("QT", "RECOGNISED", "", ""), Words{"R-HR-01.claim" + at});
  EXPECT_EQ(referred("QT", "PENDING", "", "heard on 2030-01-12"), Words{"R-HR-01.claim" + at});
  EXPECT_EQ(referred("QT", "", "PENDING", ""), Words{kClaimOfItem});
  EXPECT_EQ(referred("QT", "", "", ""), Words{"R-HR-01.assessment" + at});
  EXPECT_EQ(referred("QT", "NOT_ASSESSED", "", ""), Words{"R-HR-01.assessment" + at});
  EXPECT_EQ(referred("QT", "", "", "heard on 2030-01-12: no danger"), Words{});
  EXPECT_EQ(referred("QT", "NONE_DECLARED", "", ""), Words{});
  EXPECT_EQ(referred("QX", "RECOGNISED", "", ""), Words{});
  // Whose national it is, nobody wrote: no error, and not silent.
  EXPECT_EQ(referred("", "", "", ""), Words{"R-HR-01.origin_unsaid" + at});
  EXPECT_EQ(referred("", "NOT_ASSESSED", "", ""), Words{"R-HR-01.origin_unsaid" + at});
  EXPECT_EQ(referred("", "NONE_DECLARED", "", ""), Words{});
  EXPECT_EQ(referred("", "", "", "heard on 2030-01-12: no danger"), Words{});
}

// A second person beside the referral's own, with a claim at an item of its own.
Words ReferredBeside(T::Code type, const char* nationality, const char* claim, const char* own) {
  return GatesOf(type, [&](v1::Request& r, CheckContext&) {
    r.mutable_persons(0)->set_nationality("QT");
    r.mutable_referral()->set_protection_claim("NONE_DECLARED");
    r.mutable_referral()->set_pseudonym(own);
    r.mutable_items(0)->set_person_ref("V-1");
    v1::Person& other = *r.add_persons();
    other = r.persons(0);
    other.set_ref("V-2");
    other.set_nationality(nationality);
    v1::Item& item = *r.add_items();
    item.set_n(2);
    item.set_type(T::VICTIM_SUPPORT_CONTACT);
    item.set_person_ref("V-2");
    item.set_protection_claim(claim);
  });
}

TEST(Claim, OfOnePersonIsNotLaidOnAnother) {
  const std::string at = " request.items[1].protection_claim";
  for (T::Code type : {T::VICTIM_REFERRAL, T::RETURN_PLAN}) {
    SCOPED_TRACE(T::Code_Name(type));
    // Against a third state: this one may be told.
    EXPECT_EQ(ReferredBeside(type, "QX", "PENDING", "V-1"), Words{});
    EXPECT_EQ(ReferredBeside(type, "QT", "NONE_DECLARED", "V-1"), Words{});
    // The claim of the other is that person's own.
    EXPECT_EQ(ReferredBeside(type, "QT", "PENDING", "V-1"), Words{"R-HR-01.claim" + at});
    EXPECT_EQ(ReferredBeside(type, "", "PENDING", "V-1"), Words{"R-HR-01.origin" + at});
    // Where nobody can tell whose the referral is, the claim counts.
    EXPECT_EQ(ReferredBeside(type, "QX", "PENDING", "V-9"), Words{"R-HR-01.claim" + at});
  }
}

// --- Returns

Words Returned(const std::function<void(v1::VictimReferral&, v1::Request&)>& change,
               T::Code type = T::RETURN_PLAN) {
  return GatesOf(type, [&](v1::Request& r, CheckContext&) { change(*r.mutable_referral(), r); });
}

TEST(Return, WithoutADateIsStoppedAsLongAsThePeriodRuns) {
  const auto undated = [](const char* until) {
    return Returned([&](v1::VictimReferral& v, v1::Request&) {
      v.mutable_return_plan()->clear_date();
      v.clear_identified_at();
      v.set_reflection_until(until);
    });
  };
  EXPECT_EQ(undated("2030-02-20"), Words{"R-TIP-05.undated request.referral.return_plan.date"});
  EXPECT_EQ(undated("2030-01-15"), Words{});
}

TEST(Return, LooksAtTheClaimOfTheItemToo) {
  for (T::Code type : {T::RETURN_PLAN, T::CHILD_RETURN}) {
    SCOPED_TRACE(T::Code_Name(type));
    const auto with = [&](const char* of_referral, const char* of_item) {
      return Returned(
          [&](v1::VictimReferral& v, v1::Request& r) {
            v.set_protection_claim(of_referral);
            r.mutable_items(0)->set_protection_claim(of_item);
          },
          type);
    };
    EXPECT_EQ(with("", "PENDING"), Words{kClaimOfItem});
    EXPECT_EQ(with("NONE_DECLARED", "RECOGNISED"), Words{kClaimOfItem});
    EXPECT_EQ(with("", "NONE_DECLARED"), Words{});
    EXPECT_EQ(with("NONE_DECLARED", ""), Words{});
  }
}

// What an officer is told before sending, beside what stops it.
Words NotesOf(T::Code type, const OfProtection& change) {
  v1::CaseBody body = TemplateForType(type);
  CheckContext context = ContextOfForm(type);
  change(*body.mutable_request(), context);
  Words words;
  for (const Finding& f : CheckUsual(context, body)) words.insert(f.key);
  return words;
}

// A desk lets no plan out that leaves open whether the period is over.
TEST(Return, WithoutAWordOnTheReflectionPeriodIsStopped) {
  const auto silent = [](T::Code type, const char* status, const char* area) {
    return NotesOf(type, [&](v1::Request& r, CheckContext&) {
      r.mutable_referral()->set_status(status);
      r.mutable_referral()->clear_identified_at();
      r.mutable_referral()->clear_reflection_until();
      if (*area != 0) r.set_area(area);
    });
  };
  EXPECT_EQ(silent(T::RETURN_PLAN, "", ""), Words{"R-TIP-05.unknown"});
  EXPECT_EQ(silent(T::RETURN_PLAN, "RESIDENCE_PERMIT", ""), Words{});
  EXPECT_EQ(silent(T::CHILD_RETURN, "", ""), Words{});
  EXPECT_EQ(silent(T::CHILD_RETURN, "", "TRAFFICKING_IN_PERSONS"), Words{"R-TIP-05.unknown"});
}

TEST(Return, OfWhichLittleIsSaidBringsNotes) {
  EXPECT_EQ(NotesOf(T::RETURN_PLAN, [](v1::Request&, CheckContext&) {}), Words{});
  EXPECT_EQ(NotesOf(T::RETURN_PLAN,
                    [](v1::Request& r, CheckContext&) {
                      r.mutable_referral()->clear_protection_claim();
                      r.mutable_referral()->mutable_return_plan()->clear_date();
                      r.mutable_referral()->mutable_return_plan()->set_voluntary(false);
                    }),
            (Words{"R-HR-01.unsaid", "R-TIP-05.no_date", "R-TIP-05.involuntary"}));
  const auto document = [](const char* role, const char* area) {
    return NotesOf(T::ISSUE_TRAVEL_DOCUMENT, [&](v1::Request& r, CheckContext&) {
      r.set_area(area);
      r.clear_offence();
      r.clear_persons();
      r.add_persons()->set_ref("M-1");
      r.mutable_persons(0)->add_roles(role);
    });
  };
  EXPECT_EQ(document("PRESUMED_VICTIM", "TRAFFICKING_IN_PERSONS"), Words{"R-TIP-05.document"});
  EXPECT_EQ(document("SMUGGLED_MIGRANT", "SMUGGLING_OF_MIGRANTS"), Words{});
}

}  // namespace
}  // namespace palermo::casework
