#include "node/casework/operation/replay.h"
#include "node/casework/operation/membership.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

TEST(Operation, IsActiveWhenEveryPartyHasSigned) {
  Book book;
  const std::string id = book.Say("QM", Agreement({"QM", "QN", "QP"}));
  book.Say("QN", Signature(id));
  EXPECT_EQ(book.State().phase, Phase::kNegotiating);
  EXPECT_EQ(book.State().members, Set{});
  const std::string early = book.Say("QM", Report());
  EXPECT_EQ(book.VerdictOf(early), "NOT_MEMBER");
  EXPECT_EQ(book.VerdictOf(book.Say("QX", Signature(id))), "NO_EFFECT");
  book.Say("QP", Signature(id));
  EXPECT_EQ(book.State().phase, Phase::kActive);
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Report())), "EFFECTIVE");
  EXPECT_EQ(book.State(*ParseInstant("2027-01-01T00:00:00Z")).phase, Phase::kExpired);
}

TEST(Operation, AdmitsWithEveryConsentAndTheNewcomersAccession) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string admission = book.Say("QM", Admission("QS"));
  const std::string before = book.Say("QN", Report());
  book.Say("QN", Consent(admission));
  book.Say("QS", Accession(admission, book.operation));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
  const std::string consent = book.Say("QP", Consent(admission));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP", "QS"}));
  // A newcomer reads nothing from before.
  const auto readers = [&](const std::string& id) {
    return *ReadersOf(book.records, book.operation, {id}, Now());
  };
  EXPECT_EQ(readers(before).count("QS"), 0u);
  EXPECT_EQ(readers(consent).count("QS"), 1u);
}

TEST(Operation, AdmitsNobodyWhoAcceptsAnotherVersionOrIsMissingAConsent) {
  Book book = Founded({"QM", "QN"});
  const std::string admission = book.Say("QM", Admission("QS"));
  book.Say("QN", Consent(admission));
  EXPECT_EQ(book.VerdictOf(book.Say("QS", Accession(admission, admission))), "NO_EFFECT");
  EXPECT_EQ(book.VerdictOf(book.Say("QT", Accession(admission, book.operation))), "NO_EFFECT");
  EXPECT_EQ(book.State().members, (Set{"QM", "QN"}));
}

TEST(Operation, AForgedConsentAdmitsNobodyAndIsShown) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string admission = book.Say("QM", Admission("QS"));
  book.Say("QN", Consent(admission));
  book.Say("QS", Accession(admission, book.operation));
  v1::OperationRecord forged = Consent(admission);
  forged.set_seq(2);
  forged.set_previous(book.records[2].id);
  const std::string id = book.Add("QP", forged, book.State().heads, "QN");
  EXPECT_EQ(book.VerdictOf(id), "FORGED");
  EXPECT_EQ(book.State().members.count("QS"), 0u);
  EXPECT_TRUE(book.State().forks.empty());
}

TEST(Operation, ALeaverIsOutAtOnceAndAnExpulsionNeedsTheOthers) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string leave = book.Say("QP", Departure("QP"));
  EXPECT_EQ(book.State().members, (Set{"QM", "QN"}));
  EXPECT_EQ(book.VerdictOf(book.Say("QP", Report())), "NOT_MEMBER");
  EXPECT_EQ(ReadersOf(book.records, book.operation, {leave}, Now())->count("QP"), 0u);

  Book other = Founded({"QM", "QN", "QP"});
  const std::string out = other.Say("QM", Departure("QP"));
  EXPECT_EQ(other.State().members.count("QP"), 1u);
  other.Say("QN", Consent(out));
  EXPECT_EQ(other.State().members.count("QP"), 0u);
  EXPECT_EQ(other.State().departed, Set{"QP"});
}

TEST(Operation, AnAmendmentIsInForceWhenAllConsent) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord next = Agreement({"QM", "QN"});
  next.mutable_agreement()->set_amends(book.operation);
  next.mutable_agreement()->mutable_period()->set_to("2027-06-30");
  const std::string id = book.Say("QM", next);
  EXPECT_EQ(book.State().agreement, book.operation);
  book.Say("QN", Consent(id));
  EXPECT_EQ(book.State().agreement, id);
  EXPECT_EQ(book.State(*ParseInstant("2027-01-01T00:00:00Z")).phase, Phase::kActive);
}

TEST(Operation, DecidesByQuorumByItsDeadlineOrByItsDefault) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string d = book.Say("QM", Decision(2));
  const auto outcome = [&](const std::string& when) {
    return std::string(OutcomeName(book.State(*ParseInstant(when)).decisions[0].outcome));
  };
  book.Say("QM", Vote(d, "GO"));
  EXPECT_EQ(outcome("2026-03-10T09:00:00Z"), "OPEN");
  EXPECT_EQ(outcome("2026-03-10T09:00:01Z"), "NO_GO");
  v1::OperationRecord late = Vote(d, "GO");
  late.set_at("2026-03-10T09:00:01Z");
  EXPECT_EQ(book.VerdictOf(book.Say("QP", late)), "NO_EFFECT");
  EXPECT_EQ(outcome("2026-03-20T09:00:00Z"), "NO_GO");
  book.Say("QN", Vote(d, "GO"));
  EXPECT_EQ(outcome("2026-03-20T09:00:00Z"), "GO");
  EXPECT_EQ(book.State().phase, Phase::kActionPhase);
  EXPECT_EQ(book.VerdictOf(book.Say("QX", Abort(d))), "NOT_MEMBER");
  EXPECT_EQ(outcome("2026-03-20T09:00:00Z"), "GO");
  book.Say("QP", Abort(d));
  EXPECT_EQ(outcome("2026-03-20T09:00:00Z"), "ABORTED");
}

TEST(Operation, ADecisionFailsAtOnceWhenTheQuorumIsOutOfReach) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string d = book.Say("QM", Decision(3, "GO"));
  book.Say("QN", Vote(d, "NO_GO"));
  EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "NO_GO");
  const std::string other = book.Say("QM", Decision(3, "GO"));
  EXPECT_EQ(OutcomeName(book.State().decisions[1].outcome), "GO");  // the default
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Decision(4))), "NO_EFFECT");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Vote(other, "MAYBE"))), "NO_EFFECT");
}

TEST(Operation, GivesATaskOnlyUnderItsLeaderAndDeconflicted) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("A1");
  task.mutable_tasking()->set_state("QM");
  task.mutable_tasking()->set_leader("QM-L-1");
  task.mutable_tasking()->set_start_utc("2026-06-17T03:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("warrant");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-06-30");
  const std::string early = book.Say("QM", task);
  EXPECT_EQ(book.VerdictOf(early), "NO_EFFECT");
  EXPECT_EQ(book.Of(book.State(), early).findings[0].rule, "R-JIT-04");
  v1::OperationRecord clear;
  clear.mutable_deconfliction()->set_task_id("A1");
  clear.mutable_deconfliction()->set_answer("CLEAR");
  book.Say("QN", clear);
  EXPECT_EQ(book.VerdictOf(book.Say("QM", task)), "EFFECTIVE");
  // An order without an end that can be read is none.
  for (const char* never : {"never", ""}) {
    task.mutable_tasking()->mutable_authority()->set_valid_to(never);
    EXPECT_EQ(book.VerdictOf(book.Say("QM", task)), "NO_EFFECT") << never;
  }
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-06-30");
  task.mutable_tasking()->set_leader("QN-L-1");
  const std::string wrong = book.Say("QM", task);
  EXPECT_EQ(book.VerdictOf(wrong), "NO_EFFECT");
  EXPECT_EQ(book.Of(book.State(), wrong).findings[0].rule, "R-JIT-03");
  // In a state that is not the author's: once, whoever leads it.
  task.mutable_tasking()->set_state("QN");
  for (const char* leader : {"QM-L-1", "QN-L-1"}) {
    task.mutable_tasking()->set_leader(leader);
    const std::string abroad = book.Say("QM", task);
    EXPECT_EQ(book.VerdictOf(abroad), "NO_EFFECT");
    int told = 0;
    const OperationState state = book.State();
    for (const Finding& f : book.Of(state, abroad).findings) told += f.rule == "R-JIT-03" ? 1 : 0;
    EXPECT_EQ(told, 1) << leader;
  }
}

std::string FoundAt(const Book& book, const std::string& id) {
  std::string out;
  const OperationState state = book.State();
  for (const Finding& f : book.Of(state, id).findings) out += f.key + ";";
  return out;
}

TEST(Operation, KeepsAMemberThatGivesNoticeUntilItLeaves) {
  v1::OperationRecord agreement = Agreement({"QM", "QN", "QP"});
  agreement.mutable_agreement()->mutable_change()->set_departure_notice_days(10);
  Book book;
  const std::string id = book.Say("QM", agreement);
  book.Say("QN", Signature(id));
  book.Say("QP", Signature(id));
  v1::OperationRecord notice = Departure("QN");
  notice.set_at("2026-03-02T09:00:00Z");
  notice.mutable_departure()->set_effective("2026-03-12T09:00:00Z");
  const std::string given = book.Say("QN", notice);
  EXPECT_EQ(book.VerdictOf(given), "EFFECTIVE");
  EXPECT_EQ(FoundAt(book, given), "");
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
  EXPECT_EQ(book.State().notices.at("QN"), "2026-03-12T09:00:00Z");
  v1::OperationRecord report = Report();
  report.set_at("2026-03-03T09:00:00Z");
  EXPECT_EQ(book.VerdictOf(book.Say("QN", report)), "EFFECTIVE");
  v1::OperationRecord leaves = Departure("QN");
  leaves.set_at("2026-03-12T10:00:00Z");
  leaves.mutable_departure()->set_effective("2026-03-12T10:00:00Z");
  const std::string left = book.Say("QN", leaves);
  EXPECT_EQ(FoundAt(book, left), "") << "the notice was given in time";
  EXPECT_EQ(book.State().members, (Set{"QM", "QP"}));
  EXPECT_TRUE(book.State().notices.empty());
  // At once: it leaves all the same, and all see that the agreement has it otherwise.
  v1::OperationRecord early = Departure("QP");
  early.set_at("2026-03-13T10:00:00Z");
  EXPECT_EQ(FoundAt(book, book.Say("QP", early)), "R-JIT-08.notice;");
  EXPECT_EQ(book.State().members, Set{"QM"});
}

TEST(Operation, TellsWhatADepartureLeavesBehind) {
  const auto departed = [](bool signed_inventory, bool returned) {
    Book book = Founded({"QM", "QN"});
    v1::OperationRecord clear;
    clear.mutable_deconfliction()->set_task_id("A1");
    clear.mutable_deconfliction()->set_answer("CLEAR");
    book.Say("QN", clear);
    v1::OperationRecord task;
    task.mutable_tasking()->set_id("A1");
    task.mutable_tasking()->set_state("QN");
    task.mutable_tasking()->set_leader("QN-L-1");
    task.mutable_tasking()->set_start_utc("2026-06-17T03:00:00Z");
    task.mutable_tasking()->mutable_authority()->set_ref("warrant");
    task.mutable_tasking()->mutable_authority()->set_valid_to("2026-06-30");
    EXPECT_EQ(book.VerdictOf(book.Say("QN", task)), "EFFECTIVE");
    v1::OperationRecord item;
    item.mutable_evidence()->set_id("E1");
    item.mutable_evidence()->add_events()->set_k("SEIZED");
    book.Say("QN", item);
    if (returned) {
      item.mutable_evidence()->add_events()->set_k("RETURNED");
      book.Say("QN", item);
    }
    v1::OperationRecord delivery = Decision(1);
    delivery.mutable_decision()->set_kind("CONTROLLED_DELIVERY");
    const std::string put = book.Say("QM", delivery);
    book.Say("QM", Vote(put, "GO"));
    v1::OperationRecord leaves = Departure("QN");
    leaves.mutable_departure()->set_custody_inventory_signed(signed_inventory);
    return FoundAt(book, book.Say("QN", leaves));
  };
  EXPECT_EQ(departed(false, false), "R-JIT-08.inventory;R-JIT-08.tasks;R-JIT-08.under_way;");
  EXPECT_EQ(departed(true, false), "R-JIT-08.tasks;R-JIT-08.under_way;");
  EXPECT_EQ(departed(false, true), "R-JIT-08.tasks;R-JIT-08.under_way;");
  Book book = Founded({"QM", "QN"});
  EXPECT_EQ(FoundAt(book, book.Say("QN", Departure("QN"))), "");
}

TEST(Operation, ClosesWhenAllConsentAndNothingIsOpen) {
  Book book = Founded({"QM", "QN"});
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Closing(1))), "NO_EFFECT");
  const std::string id = book.Say("QM", Closing());
  EXPECT_EQ(book.State().phase, Phase::kWindingDown);
  book.Say("QN", Consent(id));
  EXPECT_EQ(book.State().phase, Phase::kClosed);
  EXPECT_EQ(book.VerdictOf(book.Say("QN", Report())), "NO_EFFECT");
}

// --- Gaps, forks, backdating

TEST(Operation, HoldsWhatBuildsOnAGapAndNamesTheGap) {
  Book book = Founded({"QM", "QN"});
  const std::string first = book.Say("QM", Report());
  const std::string second = book.Say("QN", Report());
  const SignedRecord gone = book.records[book.records.size() - 2];
  book.records.erase(book.records.end() - 2);
  OperationState state = book.State();
  EXPECT_EQ(book.VerdictOf(second), "HELD");
  EXPECT_EQ(state.missing, Names{first});
  EXPECT_EQ(book.Of(state, second).proof, Names{first});
  book.records.push_back(gone);
  EXPECT_EQ(book.VerdictOf(second), "EFFECTIVE");
  EXPECT_TRUE(book.State().missing.empty());
}

TEST(Operation, ShowsBothHistoriesOfALiarAndKeepsWhatOthersBuiltOn) {
  Book book = Founded({"QM", "QN", "QP", "QT"});
  const std::string d = book.Say("QM", Decision(2));
  const Names seen = book.State().heads;
  book.Rewind("QT", book.records[3].id, 1);
  const std::string go = book.Add("QT", Vote(d, "GO"), seen);
  book.Rewind("QT", book.records[3].id, 1);
  v1::OperationRecord another = Vote(d, "NO_GO");
  const std::string no_go = book.Add("QT", another, seen);
  EXPECT_EQ(book.VerdictOf(go), "FORKED");
  EXPECT_EQ(book.VerdictOf(no_go), "FORKED");
  ASSERT_EQ(book.State().forks.size(), 1u);
  EXPECT_EQ(book.State().forks[0].state, "QT");
  EXPECT_EQ(book.State().forks[0].seq, 2u);
  Names both = {go, no_go};
  std::sort(both.begin(), both.end());
  EXPECT_EQ(book.State().forks[0].records, both);
  EXPECT_TRUE(book.State().decisions[0].votes.empty());
  // Two of three others built on the first: it stands.
  book.Add("QM", Report(), {go});
  EXPECT_EQ(book.VerdictOf(go), "FORKED");
  book.Add("QN", Report(), {go});
  EXPECT_EQ(book.VerdictOf(go), "EFFECTIVE");
  EXPECT_EQ(book.VerdictOf(no_go), "FORKED");
  EXPECT_EQ(book.State().forks[0].standing, go);
}

TEST(Operation, ALiarCannotUndoAnAgreementThatOthersBuiltOn) {
  Book book = Founded({"QM", "QN", "QP"});
  book.Say("QM", Report());
  book.Say("QN", Report());
  // QP signs again, years later, under the number of its signature.
  v1::OperationRecord lie = Report();
  lie.set_seq(1);
  book.Add("QP", lie, {});
  EXPECT_EQ(book.State().phase, Phase::kActive);
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
  EXPECT_EQ(book.State().forks.size(), 1u);
}

TEST(Operation, AnAbortCountsEvenFromABranchThatFalls) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string d = book.Say("QM", Decision(1));
  book.Say("QN", Vote(d, "GO"));
  const Names seen = book.State().heads;
  book.Rewind("QP", book.records[2].id, 1);
  const std::string abort = book.Add("QP", Abort(d), seen);
  book.Rewind("QP", book.records[2].id, 1);
  book.Add("QP", Report(), seen);
  EXPECT_EQ(book.VerdictOf(abort), "FORKED");
  EXPECT_EQ(OutcomeName(book.State().decisions[0].outcome), "ABORTED");
}

TEST(Operation, ABackdatedVoteDoesNotCount) {
  Book book = Founded({"QM", "QN", "QP", "QT"});
  const std::string d = book.Say("QM", Decision(1));
  v1::OperationRecord later = Report();
  later.set_at("2026-03-12T09:00:00Z");
  book.Say("QM", later);
  v1::OperationRecord vote = Vote(d, "GO");
  vote.set_at("2026-03-09T09:00:00Z");
  // One clock alone proves nothing.
  Book one = book;
  EXPECT_EQ(one.VerdictOf(one.Say("QT", vote)), "EFFECTIVE");
  later.set_at("2026-03-12T10:00:00Z");
  const std::string shown = book.Say("QN", later);
  const std::string id = book.Say("QT", vote);
  EXPECT_EQ(book.VerdictOf(id), "BACKDATED");
  EXPECT_EQ(book.Of(book.State(), id).proof[0], id);
  EXPECT_TRUE(book.State().decisions[0].votes.empty());
  // Its own clock does.
  v1::OperationRecord back = Report();
  back.set_at("2026-03-08T09:00:00Z");
  const std::string own = book.Say("QN", back);
  EXPECT_EQ(book.VerdictOf(own), "BACKDATED");
  EXPECT_TRUE(book.Of(book.State(), own).effective);
  EXPECT_EQ(book.Of(book.State(), own).proof[1], shown);
}

TEST(Operation, ARecordOutOfItsChainIsBroken) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord jump = Report();
  jump.set_seq(9);
  jump.set_previous(book.records[1].id);
  EXPECT_EQ(book.VerdictOf(book.Add("QN", jump, {})), "BROKEN");
  v1::OperationRecord foreign = Report();
  foreign.set_seq(2);
  foreign.set_previous(book.records[0].id);
  EXPECT_EQ(book.VerdictOf(book.Add("QN", foreign, {})), "BROKEN");
}

TEST(Operation, HasABound) {
  std::vector<SignedRecord> many(limits::kMaxOperationRecords + 1);
  EXPECT_EQ(CodeOf(ReplayOperation(many, "x", Now()).status()), "TOO_MANY");
}

// --- What is withheld, and who may join

TEST(OperationReplay, AWithheldRecordHasAPlaceAndNoEffect) {
  Book book = Founded({"QM", "QN"});
  const std::string id = book.Say("QM", Report());
  const std::string after = book.Say("QN", Report());
  for (SignedRecord& r : book.records) {
    if (r.id == id) r = WithoutContent(r);
  }
  EXPECT_EQ(book.VerdictOf(id), "WITHHELD");
  EXPECT_EQ(book.VerdictOf(after), "EFFECTIVE");
  EXPECT_TRUE(book.State().missing.empty());
  EXPECT_EQ(KindOf(book.records[2].record), v1::OperationRecord::kSituation);
}

TEST(OperationReplay, APlaceThatNobodySignedForUsIsNoProofOfAFork) {
  Book book = Founded({"QM", "QN"});
  book.Say("QN", Report());
  SignedRecord other = book.records.back();
  other.id = "other";
  other = WithoutContent(other);
  book.records.push_back(other);
  EXPECT_EQ(book.State().forks.size(), 1u);
  book.records.back().place_only = true;
  EXPECT_TRUE(book.State().forks.empty());
}

TEST(OperationReplay, WhoMayJoinIsSaidWhenAllHaveConsented) {
  Book book = Founded({"QM", "QN"});
  const std::string admission = book.Say("QM", Admission("QP"));
  EXPECT_TRUE(book.State().invited.empty());
  EXPECT_EQ(book.State().waiting.at(admission), (Set{"QN"}));
  book.Say("QN", Consent(admission));
  EXPECT_EQ(book.State().invited, (Set{"QP"}));
  EXPECT_TRUE(book.State().waiting.empty());
  book.Say("QP", Accession(admission, book.operation));
  EXPECT_TRUE(book.State().invited.empty());
  EXPECT_EQ(book.State().members, (Set{"QM", "QN", "QP"}));
}

TEST(OperationReplay, PartiesMayJoinUntilAllHaveSigned) {
  Book book;
  book.Say("QM", Agreement({"QM", "QN"}));
  EXPECT_EQ(book.State().invited, (Set{"QM", "QN"}));
  book.Say("QN", Signature(book.operation));
  EXPECT_TRUE(book.State().invited.empty());
}

TEST(OperationReplay, AnAdmissionNeedsABasisWithEveryMember) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord record;
  record.mutable_admission()->set_state("QP");
  const std::string none = book.Say("QM", record);
  EXPECT_EQ(book.VerdictOf(none), "NO_EFFECT");
  auto& pair = *record.mutable_admission()->add_basis();
  pair.set_pair("QP-QM");
  pair.set_basis("UNTOC 19");
  const std::string half = book.Say("QM", record);
  EXPECT_EQ(book.VerdictOf(half), "NO_EFFECT");
  EXPECT_EQ(book.Of(book.State(), half).findings[0].rule, "R-JIT-07");
  auto& other = *record.mutable_admission()->add_basis();
  other.set_pair("QN-QP");
  other.set_basis("2AP 20");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", record)), "PROPOSED");
}

TEST(OperationReplay, APlaceIsLockedUntilTheTimeThatItsTaskNames) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord clear;
  clear.mutable_deconfliction()->set_task_id("A1");
  clear.mutable_deconfliction()->set_answer("CLEAR");
  book.Say("QM", clear);
  v1::OperationRecord task;
  task.mutable_tasking()->set_id("A1");
  task.mutable_tasking()->set_state("QM");
  task.mutable_tasking()->set_leader("QM-L-1");
  task.mutable_tasking()->set_start_utc("2026-03-17T03:00:00Z");
  task.mutable_tasking()->mutable_authority()->set_ref("warrant");
  task.mutable_tasking()->mutable_authority()->set_valid_to("2026-03-30");
  task.mutable_tasking()->set_place_released_at("2026-03-16T15:00:00Z");
  const std::string id = book.Say("QM", task);
  ASSERT_EQ(book.VerdictOf(id), "EFFECTIVE");
  v1::OperationRecord place;
  place.mutable_place()->set_task(id);
  place.mutable_place()->set_place("12 Harbour Road");
  place.set_at("2026-03-16T14:59:59Z");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", place)), "NO_EFFECT");
  place.set_at("2026-03-16T15:00:00Z");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", place)), "EFFECTIVE");
  place.mutable_place()->set_task("nothing");
  EXPECT_EQ(book.VerdictOf(book.Say("QM", place)), "NO_EFFECT");
}

}  // namespace
}  // namespace palermo::casework
