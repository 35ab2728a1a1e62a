// Timetables, texts for the media and counting definitions in the replay.
#include <gtest/gtest.h>

#include "node/casework/operation/statistics.h"
#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

v1::OperationRecord Media(const std::string& scanned_by = "QM/central/o-0001") {
  v1::OperationRecord r;
  r.mutable_media()->set_text("Three states searched houses.");
  r.mutable_media()->set_language("en");
  r.mutable_media()->set_scanned_by(scanned_by);
  return r;
}
v1::OperationRecord WithMedia(const Names& states, uint32_t consents) {
  v1::OperationRecord r = Agreement(states);
  r.mutable_agreement()->set_media_consents(consents);
  return r;
}
Book FoundedWith(const v1::OperationRecord& agreement) {
  Book book;
  const std::string id = book.Say(agreement.agreement().parties(0).state(), agreement);
  for (int i = 1; i < agreement.agreement().parties_size(); ++i) {
    book.Say(agreement.agreement().parties(i).state(), Signature(id));
  }
  return book;
}
const MediaState& Only(const OperationState& state) {
  EXPECT_EQ(state.media.size(), 1u);
  return state.media[0];
}

TEST(OperationMedia, IsAgreedWhenAllMembersHaveConsented) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string text = book.Say("QM", Media());
  EXPECT_FALSE(Only(book.State()).agreed);
  EXPECT_EQ(book.State().waiting.at(text), (Set{"QN", "QP"}));
  book.Say("QN", Consent(text));
  EXPECT_FALSE(Only(book.State()).agreed);
  EXPECT_EQ(book.State().waiting.at(text), Set{"QP"});
  book.Say("QP", Consent(text));
  EXPECT_TRUE(Only(book.State()).agreed);
  EXPECT_EQ(book.State().waiting.count(text), 0u);
  EXPECT_EQ(Only(book.State()).consents, (Set{"QM", "QN", "QP"}));
}

TEST(OperationMedia, IsAgreedByAsManyAsTheAgreementSays) {
  Book book = FoundedWith(WithMedia({"QM", "QN", "QP"}, 2));
  const std::string text = book.Say("QM", Media());
  EXPECT_FALSE(Only(book.State()).agreed);
  book.Say("QP", Consent(text));
  EXPECT_TRUE(Only(book.State()).agreed);
}

// Who joins later was not sent the text: it neither stands in its way nor makes up the number.
TEST(OperationMedia, AsksTheMembersOfTheMomentAndNobodyWhoJoinsLater) {
  Book book = FoundedWith(WithMedia({"QM", "QN", "QP"}, 3));
  const std::string text = book.Say("QM", Media());
  const std::string admission = book.Say("QM", Admission("QT"));
  for (const char* state : {"QN", "QP"}) book.Say(state, Consent(admission));
  book.Say("QT", Accession(admission, book.State().agreement));
  ASSERT_EQ(book.State().members, (Set{"QM", "QN", "QP", "QT"}));
  const std::string late = book.Say("QT", Consent(text));
  EXPECT_EQ(book.VerdictOf(late), "NO_EFFECT");
  book.Say("QN", Consent(text));
  EXPECT_FALSE(Only(book.State()).agreed);
  EXPECT_EQ(book.State().waiting.at(text), Set{"QP"});
  book.Say("QP", Consent(text));
  EXPECT_TRUE(Only(book.State()).agreed);
}

// Its accession stands beside the text: the author has not seen it, whatever goes first by the ids.
TEST(OperationMedia, AsksNobodyWhoseAccessionItsAuthorHadNotSeen) {
  std::set<bool> sides;
  for (int turn = 0; turn < 16; ++turn) {
    Book book = Founded({"QM", "QN"});
    for (int i = 0; i < turn; ++i) book.Say("QM", Report());
    const std::string admission = book.Say("QM", Admission("QT"));
    book.Say("QN", Consent(admission));
    const Names seen = book.State().heads;
    const std::string joined = book.Add("QT", Accession(admission, book.operation), seen);
    const std::string text = book.Add("QM", Media(), seen);
    sides.insert(joined < text);
    ASSERT_EQ(book.State().members, (Set{"QM", "QN", "QT"}));
    EXPECT_EQ(Only(book.State()).asked, (Set{"QM", "QN"}));
    EXPECT_EQ(book.VerdictOf(book.Say("QT", Consent(text))), "NO_EFFECT");
    book.Say("QN", Consent(text));
    EXPECT_TRUE(Only(book.State()).agreed);
  }
  EXPECT_EQ(sides.size(), 2u);
}

TEST(OperationMedia, DoesNotWaitForWhoHasLeft) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string text = book.Say("QM", Media());
  book.Say("QN", Consent(text));
  book.Say("QP", Departure("QP"));
  EXPECT_TRUE(Only(book.State()).agreed);
}

TEST(OperationMedia, HasNoEffectUnscannedOrWithAToken) {
  Book book = Founded({"QM", "QN"});
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Media(""))), "NO_EFFECT");
  v1::OperationRecord token = Media();
  token.mutable_media()->set_text("hmac:" + std::string(64, 'a'));
  EXPECT_EQ(book.VerdictOf(book.Say("QM", token)), "NO_EFFECT");
  EXPECT_TRUE(book.State().media.empty());
}

v1::OperationRecord Timetable(const std::string& decision, const std::string& state = "QN") {
  v1::OperationRecord r;
  v1::ArrestTimetable& table = *r.mutable_timetable();
  table.set_group("G1");
  table.set_decision(decision);
  v1::TimedTarget& timed = *table.add_targets();
  timed.set_target("t");
  timed.set_state(state);
  timed.set_start_utc("2026-06-17T04:00:00Z");
  timed.set_local_start("2026-06-17T05:00:00+01:00");
  timed.set_local_tz("Europe/Lisbon");
  timed.set_latest_start_utc("2026-06-17T04:30:00Z");
  timed.set_fallback("observation");
  return r;
}

TEST(OperationTimetable, HangsOnADecisionOfTheMembers) {
  Book book = Founded({"QM", "QN", "QP"});
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Timetable("none"))), "NO_EFFECT");
  const std::string decision = book.Say("QM", Decision(2));
  const std::string table = book.Say("QM", Timetable(decision));
  EXPECT_EQ(book.VerdictOf(table), "EFFECTIVE");
  ASSERT_EQ(book.State().timetables.size(), 1u);
  EXPECT_EQ(book.State().timetables[0].id, table);
  EXPECT_EQ(book.State().timetables[0].decision, decision);
}

TEST(OperationTimetable, IsThereBeforeAnybodyVotesGo) {
  const auto verdict = [](Book book, const v1::OperationRecord& timetable) {
    return book.VerdictOf(book.Say("QM", timetable));
  };
  Book book = Founded({"QM", "QN", "QP"});
  v1::OperationRecord other = Decision(2);
  other.mutable_decision()->set_kind("OTHER");
  const std::string no_action = book.Say("QM", other);
  EXPECT_EQ(book.VerdictOf(no_action), "EFFECTIVE");
  EXPECT_EQ(verdict(book, Timetable(no_action)), "NO_EFFECT");
  const std::string decision = book.Say("QM", Decision(3));
  v1::OperationRecord late = Timetable(decision);
  late.set_at("2026-03-10T09:00:01Z");
  EXPECT_EQ(verdict(book, late), "NO_EFFECT") << "silence has decided by then";
  book.Say("QP", Vote(decision, "NO_GO"));
  EXPECT_EQ(verdict(book, Timetable(decision)), "EFFECTIVE") << "nobody has said GO to less";
  Book stopped = book;
  stopped.Say("QN", Abort(decision));
  EXPECT_EQ(verdict(stopped, Timetable(decision)), "NO_EFFECT");
  book.Say("QN", Vote(decision, "GO"));
  EXPECT_EQ(verdict(book, Timetable(decision)), "NO_EFFECT");
  // Who voted GO has left: what was voted on does not grow.
  book.Say("QN", Departure("QN"));
  EXPECT_EQ(verdict(book, Timetable(decision, "QP")), "NO_EFFECT");
}

// A newcomer has neither the decision nor its votes: its desk says that it does not know.
TEST(OperationTimetable, IsNotJudgedWhereItsDecisionOrTaskIsWithheld) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  const std::string table = book.Say("QM", Timetable(decision));
  v1::OperationRecord tasked = Timetable(decision);
  const std::string report = book.Say("QM", Report());  // of no task
  tasked.mutable_timetable()->mutable_targets(0)->set_task(report);
  const std::string led = book.Say("QM", tasked);
  EXPECT_EQ(book.VerdictOf(led), "NO_EFFECT");
  for (SignedRecord& r : book.records) {
    if (r.id == decision || r.id == report) r = WithoutContent(r);
  }
  EXPECT_EQ(book.VerdictOf(table), "WITHHELD");
  EXPECT_EQ(book.VerdictOf(led), "WITHHELD");
  EXPECT_TRUE(book.State().timetables.empty());
}

// Who was away when a vote came cannot know whether it was GO.
TEST(OperationTimetable, IsNotJudgedWhereAVoteIsWithheld) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  const std::string vote = book.Say("QN", Vote(decision, "GO"));
  const std::string table = book.Say("QM", Timetable(decision));
  const std::string next = book.Say("QM", Decision(2));
  const std::string later = book.Say("QM", Timetable(next));
  EXPECT_EQ(book.VerdictOf(table), "NO_EFFECT");
  for (SignedRecord& r : book.records) {
    if (r.id == vote) r = WithoutContent(r);
  }
  EXPECT_EQ(book.VerdictOf(table), "WITHHELD");
  EXPECT_EQ(book.VerdictOf(later), "EFFECTIVE") << "no vote comes after its decision";
}

TEST(OperationTimetable, SendsNobodyOutWhoTakesNoPartOrAfterTheEnd) {
  Book book = Founded({"QM", "QN", "QP"});
  const std::string decision = book.Say("QM", Decision(2));
  EXPECT_EQ(book.VerdictOf(book.Say("QM", Timetable(decision, "QX"))), "NO_EFFECT");
  v1::OperationRecord late = Timetable(decision);
  v1::TimedTarget& timed = *late.mutable_timetable()->mutable_targets(0);
  timed.set_start_utc("2027-06-17T04:00:00Z");
  timed.set_local_start("2027-06-17T05:00:00+01:00");
  timed.set_latest_start_utc("2027-06-17T04:30:00Z");
  const std::string over = book.Say("QM", late);
  EXPECT_EQ(book.Of(book.State(), over).findings[0].rule, "R-JIT-05");
  EXPECT_EQ(book.VerdictOf(over), "NO_EFFECT");
  book.Say("QN", Departure("QN"));
  const std::string gone = book.Say("QM", Timetable(decision));
  EXPECT_EQ(book.Of(book.State(), gone).findings[0].rule, "R-JIT-08");
  EXPECT_EQ(book.VerdictOf(gone), "NO_EFFECT");
  // The task of another state moves no unit of this one.
  v1::OperationRecord others = Timetable(decision, "QP");
  others.mutable_timetable()->mutable_targets(0)->set_task("no task of QP");
  const std::string led = book.Say("QM", others);
  EXPECT_EQ(book.Of(book.State(), led).findings[0].rule, "R-JIT-03");
  EXPECT_EQ(book.VerdictOf(led), "NO_EFFECT");
}

// Membership asks no votes: a newcomer's desk, which has none, comes to the same version and so to
// the same members. That nobody recounts is for each desk to refuse (OperationDrafts).
TEST(OperationCounting, ChangesWithAllConsentsAndForWhoHasNoVotesToo) {
  const auto amendment = [](const Book& book, const char* definition) {
    v1::OperationRecord r = Agreement({"QM", "QN"});
    r.mutable_agreement()->set_amends(book.State().agreement);
    r.mutable_agreement()->add_counting_definitions(definition);
    return r;
  };
  Book book = Founded({"QM", "QN"});
  const std::string first = book.Say("QM", amendment(book, "a person counts once"));
  book.Say("QN", Consent(first));
  ASSERT_EQ(book.State().agreement, first);
  // Proposed before the day, and consented to after it.
  const std::string slow = book.Say("QM", amendment(book, "each meeting counts"));
  const std::string decision = book.Say("QM", Decision(1));
  book.Say("QM", Vote(decision, "GO"));
  book.Say("QN", Consent(slow));
  EXPECT_EQ(book.State().agreement, slow);
  const std::string admission = book.Say("QM", Admission("QT"));
  book.Say("QN", Consent(admission));
  book.Say("QT", Accession(admission, slow));
  ASSERT_EQ(book.State().members, (Set{"QM", "QN", "QT"}));
  Book newcomer = book;
  for (SignedRecord& r : newcomer.records) {
    if (!IsMembershipKind(r.record.content_case())) r = WithoutContent(r);
  }
  EXPECT_EQ(newcomer.State().members, book.State().members);
  EXPECT_EQ(newcomer.State().agreement, slow);
  EXPECT_EQ(newcomer.State().memberships, book.State().memberships);
}

TEST(OperationForce, IsCountedOnceWithTheReportThatToldOfIt) {
  Book book = Founded({"QM", "QN"});
  v1::OperationRecord report = Report();
  report.mutable_situation()->set_force_used(true);
  const std::string told = book.Say("QM", report);
  const std::string others = book.Say("QN", report);
  v1::OperationRecord force;
  force.mutable_force()->set_state("QM");
  force.mutable_force()->set_at("2026-03-01T09:00:00Z");
  force.mutable_force()->add_means("RESTRAINT");
  force.mutable_force()->set_reason("he would not let go");
  force.mutable_force()->set_situation(told);
  book.Say("QM", force);
  const auto uses = [&] {
    for (const StatisticsCell& cell : CountOperation(book.records, book.State()).cells) {
      if (cell.counter == "use_of_force" && cell.state.empty()) return cell.value;
    }
    return uint64_t{0};
  };
  EXPECT_EQ(uses(), 2u);
  // Another state's report stays its own.
  force.mutable_force()->set_situation(others);
  book.Say("QM", force);
  EXPECT_EQ(uses(), 3u);
  // The same report again, with what was learnt since, is one use; of another state it is another.
  force.mutable_force()->clear_situation();
  force.mutable_force()->set_id("F1");
  book.Say("QM", force);
  book.Say("QM", force);
  EXPECT_EQ(uses(), 4u);
  book.Say("QN", force);
  EXPECT_EQ(uses(), 5u);
}

}  // namespace
}  // namespace palermo::casework
