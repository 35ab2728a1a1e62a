// The procedure of a case as its acts tell it: what is settled, heard, owed and closed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/clock.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"
#include "node/casework/progress.h"
#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using v1::Act;
using v1::ConsultTopic;
using v1::ItemOutcome;

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

// An outcome is no way around a refusal: 18(21) to 18(26), and 18(24) is the requesting state's.
TEST(Progress, AnItemThatWasNotExecutedSaysWhyAndIsCancelledByItsOwnerAlone) {
  Story story;
  story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
  const auto check = [&](ItemOutcome::Code outcome, const char* reason) {
    v1::CaseBody body = WithOutcomes({{1, outcome}, {2, ItemOutcome::EXECUTED_NEGATIVE}});
    body.mutable_result()->mutable_items(0)->set_reason(reason);
    return story.Check(Act::FINAL_RESULT, RD, body);
  };
  EXPECT_THAT(check(ItemOutcome::IMPOSSIBLE, "the archive burnt down in 1998"), IsEmpty());
  EXPECT_THAT(check(ItemOutcome::IMPOSSIBLE, ""), ElementsAre("W R-EXE-01"));
  EXPECT_THAT(check(ItemOutcome::SUPERSEDED, " "), ElementsAre("W R-EXE-01"));
  EXPECT_THAT(check(ItemOutcome::IMPOSSIBLE, "bank secrecy forbids it"), ElementsAre("W R-REF-08"));
  EXPECT_THAT(check(ItemOutcome::EXECUTED_PARTIAL, "the rest is protected by bank secrecy"),
              ElementsAre("W R-REF-08"));
  EXPECT_THAT(check(ItemOutcome::CANCELLED_NO_LONGER_REQUIRED, "not needed"),
              ElementsAre("E R-GEN-02"));
  EXPECT_THAT(check(ItemOutcome::SERVED, "done"), ElementsAre("E R-GEN-01"));
}

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
      UnorderedElementsAre("E R-GEN-02", "W R-EXE-01"));
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

// A condition about one item takes nothing from what the law says of all.
TEST(Duties, AConditionOfOneItemLeavesTheDutyOfTheLaw) {
  for (const bool first : {true, false}) {
    Story story;
    const auto agree = [&] {
      v1::CaseBody proposal = TemplateFor(Act::CONDITIONS_PROPOSAL);
      proposal.mutable_statement()->clear_conditions();
      v1::Condition& one = *proposal.mutable_statement()->add_conditions();
      one.set_kind("USE_LIMITATION");
      one.set_item(2);
      one.set_text("this proceeding and its appeal only");
      story.Add(Act::CONDITIONS_PROPOSAL, RD, proposal);
      story.Add(Act::CONDITIONS_ACCEPT, RQ, TemplateFor(Act::CONDITIONS_ACCEPT));
    };
    story.Add(Act::REQUEST, RQ, TemplateFor(Act::REQUEST));
    if (first) agree();
    story.Add(Act::PARTIAL_RESULT, RD, TemplateFor(Act::PARTIAL_RESULT));
    if (!first) agree();
    story.Add(Act::FINAL_RESULT, RD, TemplateFor(Act::FINAL_RESULT));
    std::multiset<uint32_t> items;
    for (const Obligation& o : ObligationsOf(story.acts)) {
      if (o.kind == "USE_LIMITATION") items.insert(o.item);
    }
    EXPECT_EQ(items, (std::multiset<uint32_t>{0, 2})) << first;
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

TEST(Duties, AreTwentyKindsAndEachIsOnceInTheTable) {
  EXPECT_EQ(ObligationKinds().size(), 20u);
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

// A formal measure in another family would lose its basis and the contents of 18(15).
TEST(Families, OfNoFormKeepFormalMeasuresOut) {
  const auto refused = [](v1::Family::Code family, v1::AssistanceType::Code type) {
    CheckContext context = ContextOfForm(type);
    context.family = family;
    const auto findings = CheckBody(context, TemplateForType(type));
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.key == "R-GEN-01.other_act"; });
  };
  using F = v1::Family;
  using T = v1::AssistanceType;
  for (const auto family : {F::VICTIM, F::FIU, F::PROTOCOL_ADMIN, F::SEA, F::PRESERVATION_24_7}) {
    for (const auto type : {T::EXTRADITE, T::TAKE_EVIDENCE, T::SEARCH_SEIZE, T::FREEZE,
                            T::RECORDS_BANK, T::CONTROLLED_DELIVERY, T::TRANSFER_PROCEEDINGS}) {
      EXPECT_TRUE(refused(family, type)) << FamilyName(family) << " " << type;
    }
    EXPECT_EQ(refused(family, T::INTERCEPT_CONTENT), family != F::PRESERVATION_24_7);
    EXPECT_EQ(refused(family, T::FIU_INFORMATION), family != F::FIU);
    EXPECT_EQ(refused(family, T::WITNESS_RELOCATION), family != F::VICTIM);
    EXPECT_FALSE(refused(family, T::SUBSCRIBER_INFO)) << FamilyName(family);
    EXPECT_FALSE(refused(family, T::OTHER_NOT_CONTRARY)) << FamilyName(family);
  }
  // And each type in its own.
  for (const TypeForm& form : TypeForms())
    EXPECT_FALSE(refused(form.family, form.type)) << form.type;
}

// It would have the states, grounds and figures of an extradition.
TEST(Families, WithAViewOfTheirOwnCarryWhatOnlyTheyCarry) {
  using F = v1::Family;
  using T = v1::AssistanceType;
  const auto refused = [](F::Code family, std::vector<T::Code> types) {
    CheckContext context = ContextOfForm(types[0]);
    context.family = family;
    v1::CaseBody body = TemplateForType(types[0]);
    for (size_t i = 1; i < types.size(); ++i) {
      *body.mutable_request()->add_items() = TemplateForType(types[i]).request().items(0);
    }
    const auto findings = CheckBody(context, body);
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.key == "R-GEN-01.other_act"; });
  };
  for (F::Code family :
       {F::EXTRADITION, F::TRANSFER_SENTENCED, F::TRANSFER_PROCEEDINGS, F::CONFISCATION}) {
    EXPECT_TRUE(refused(family, {T::TAKE_EVIDENCE})) << FamilyName(family);
    EXPECT_TRUE(refused(family, {T::RECORDS_CORPORATE, T::TAKE_EVIDENCE})) << FamilyName(family);
  }
  EXPECT_FALSE(refused(F::EXTRADITION, {T::EXTRADITE, T::TAKE_EVIDENCE}));
  EXPECT_FALSE(refused(F::CONFISCATION, {T::RECORDS_BANK, T::FREEZE}));
  EXPECT_FALSE(refused(F::CONFISCATION, {T::BENEFICIAL_OWNER_QUERY}));
  EXPECT_FALSE(refused(F::MLA, {T::FREEZE}));
}

// FAP 12(4): the dealer's records say who bought the weapon.
TEST(Families, RecordsOfADealerStandBesideATrace) {
  using T = v1::AssistanceType;
  const auto refused = [](T::Code traced, T::Code beside) {
    v1::CaseBody body = TemplateForType(traced);
    v1::Item& item = *body.mutable_request()->add_items();
    item.set_n(2);
    item.set_type(beside);
    item.set_description("sales book of the dealer");
    item.set_custodian("Armería");
    const auto findings = CheckBody(ContextOfForm(traced), body);
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& f) { return f.key == "R-GEN-01.other_act"; });
  };
  EXPECT_FALSE(refused(T::TRACE_FIREARM, T::RECORDS_BUSINESS));
  EXPECT_TRUE(refused(T::TRACE_FIREARM, T::RECORDS_BANK));
  EXPECT_TRUE(refused(T::TRACE_FIREARM, T::SEARCH_SEIZE));
  EXPECT_TRUE(refused(T::VERIFY_LICENCE, T::RECORDS_BUSINESS)) << "nothing is traced";
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
