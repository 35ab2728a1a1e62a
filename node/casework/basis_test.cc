// Treaty basis (7.3): reservations, declarations, territory, regional treaties, offences, changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"
#include "node/casework/contents_test_util.h"
#include "node/casework/request_basis.h"
#include "node/casework/treaty_csv.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using v1::AssistanceType;
using v1::Family;

std::string Csv(const std::string& more) {
  return TreatyListTemplate() +
         "INSTRUMENT,COE-MLA,3M,6M,,1962-06-12,MLA\n"
         "INSTRUMENT,2AP,3M,3M,COE-MLA,2004-02-01\n"
         "INSTRUMENT,TSP83,3M,12M,,1985-07-01\n"
         "INSTRUMENT,COE-SEA,3M,3M,DRUG88,2000-05-01\n" +
         more;
}
TreatyStatus List(const std::string& more) {
  auto list = TreatyStatus::FromCsv(Csv(more));
  EXPECT_TRUE(list.ok()) << list.status();
  return *std::move(list);
}
BasisQuestion Ask(Family::Code family, std::vector<AssistanceType::Code> types = {}) {
  BasisQuestion q{"QM", "QT", *ParseInstant("2026-03-02"), family};
  q.types = std::move(types);
  return q;
}
std::vector<std::string> Reasons(const v1::BasisAnswer& answer) {
  return {answer.reasons().begin(), answer.reasons().end()};
}

constexpr char kBoth[] = "PARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QT,RATIFIED,2004-01-10\n";

TEST(Basis, AReservationTakesTheMeasureAwayAndNothingElse) {
  const std::string both =
      "PARTY,COE-MLA,QM,RATIFIED,2000-01-10\nPARTY,COE-MLA,QT,RATIFIED,2000-01-10\n"
      "PARTY,2AP,QM,RATIFIED,2005-01-10\n";
  const auto q = Ask(Family::JOINT_INVESTIGATION, {AssistanceType::SET_UP_JIT});
  EXPECT_EQ(FindBasis(List(both + "PARTY,2AP,QT,RATIFIED,2005-01-10\n"), q).governing_instrument(),
            "2AP");
  const TreatyStatus reserved = List(both + "PARTY,2AP,QT,RATIFIED,2005-01-10,,,,33(2) 20\n");
  const auto answer = FindBasis(reserved, q);
  EXPECT_EQ(answer.governing_instrument(), "");
  EXPECT_THAT(Reasons(answer), Contains("BARRED:2AP:33(2) 20:QT"));
  // The other state's reservation bars as well; another measure runs on.
  EXPECT_EQ(BarOf(reserved, "2AP", Ask(Family::SPECIAL_TECHNIQUE, {AssistanceType::UNDERCOVER})),
            "");
  BasisQuestion turned = q;
  std::swap(turned.requesting_state, turned.requested_state);
  EXPECT_EQ(BarOf(reserved, "2AP", turned), "BARRED:2AP:33(2) 20:QT");
}

TEST(Basis, AConditionAndAStatementAreShownAndBlockNothing) {
  const TreatyStatus list =
      List("PARTY,BUD,QM,RATIFIED,2010-01-10\nPARTY,BUD,QT,RATIFIED,2010-01-10,,,,29(4);22(2)\n");
  const auto answer =
      FindBasis(list, Ask(Family::PRESERVATION_24_7, {AssistanceType::PRESERVE_DATA}));
  EXPECT_EQ(answer.governing_profile(), "BUD_29");
  EXPECT_THAT(Reasons(answer), Contains("CONDITION:BUD:29(4):QT"));
  EXPECT_THAT(Reasons(answer), Contains("SHOWN:BUD:22(2):QT"));
  EXPECT_TRUE(list.HasReservation("BUD", "QT", "BUD 29(4)"));
}

TEST(Basis, ADisputeSettlementReservationNeverBlocks) {
  const auto answer = FindBasis(List("PARTY,UNTOC,QM,RATIFIED,2004-01-10\n"
                                     "PARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,35(3)\n"),
                                Ask(Family::MLA));
  EXPECT_EQ(answer.governing_instrument(), "UNTOC");
  EXPECT_THAT(Reasons(answer), Contains("SHOWN:UNTOC:35(3):QT"));
}

TEST(Basis, ExtraditionAsksWhetherTheRequestedStateUsesTheConvention) {
  const std::string rq = "PARTY,UNTOC,QM,RATIFIED,2004-01-10,,,,,16(5)(a) NO\n";
  const auto basis = [&](const std::string& declaration) {
    return FindBasis(List(rq + "PARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,," + declaration + "\n"),
                     Ask(Family::EXTRADITION));
  };
  EXPECT_EQ(basis("16(5)(a) NO").governing_instrument(), "");
  EXPECT_THAT(Reasons(basis("16(5)(a) NO")), Contains("BARRED:UNTOC:16(5)(a) NO:QT"));
  // Its own declaration binds the requesting state when it is asked, not when it asks.
  EXPECT_EQ(basis("16(5)(a) YES").governing_instrument(), "UNTOC");
  EXPECT_EQ(basis("").governing_instrument(), "UNTOC");
  // For mutual legal assistance the declaration says nothing.
  const auto mla = FindBasis(List(rq + "PARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,,16(5)(a) NO\n"),
                             Ask(Family::MLA));
  EXPECT_EQ(mla.governing_instrument(), "UNTOC");
}

TEST(Basis, TransferAndSeaReservationsSetConditions) {
  const TreatyStatus list = List(
      "PARTY,TSP83,QM,RATIFIED,1990-01-10\nPARTY,TSP83,QT,RATIFIED,1990-01-10,,,,3(3)\n"
      "PARTY,DRUG88,QM,RATIFIED,1990-01-10\nPARTY,DRUG88,QT,RATIFIED,1990-01-10\n"
      "PARTY,COE-SEA,QM,RATIFIED,2001-01-10,,,,,8(2)\nPARTY,COE-SEA,QT,RATIFIED,2001-01-10\n");
  const auto transfer =
      FindBasis(list, Ask(Family::TRANSFER_SENTENCED, {AssistanceType::TRANSFER_SENTENCED_PERSON}));
  EXPECT_THAT(Reasons(transfer), Contains("CONDITION:TSP83:3(3):QT"));
  EXPECT_THAT(Reasons(FindBasis(list, Ask(Family::SEA))), Contains("CONDITION:COE-SEA:8(2):QM"));
  BasisQuestion turned = Ask(Family::SEA);
  std::swap(turned.requesting_state, turned.requested_state);
  EXPECT_THAT(Reasons(FindBasis(list, turned)), Not(Contains("CONDITION:COE-SEA:8(2):QM")));
}

TEST(Basis, ReachesOnlyTheTerritoryThatTheStatusCovers) {
  const TreatyStatus list = List(
      "PARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,,,-QT-A\n"
      "PARTY,DRUG88,QM,RATIFIED,2004-01-10\nPARTY,DRUG88,QT,RATIFIED,2004-01-10,,,,,,QT-A\n");
  BasisQuestion q = Ask(Family::MLA);
  EXPECT_THAT(FindBasis(list, q).candidates(), ElementsAre("UNTOC", "DRUG88"));
  q.territory = "QT-A";
  EXPECT_THAT(FindBasis(list, q).candidates(), ElementsAre("DRUG88"));
  EXPECT_THAT(Reasons(FindBasis(list, q)), Contains("TERRITORY:UNTOC:QT"));
  q.territory = "QT-B";
  EXPECT_THAT(FindBasis(list, q).candidates(), ElementsAre("UNTOC"));
}

TEST(Basis, ARegionalTreatyOfBothGovernsAndTheConventionMayBeAgreed) {
  const TreatyStatus list =
      List(std::string(kBoth) +
           "PARTY,COE-MLA,QM,RATIFIED,2000-01-10\nPARTY,COE-MLA,QT,RATIFIED,2000-01-10\n");
  const auto answer = FindBasis(list, Ask(Family::MLA));
  EXPECT_EQ(answer.governing_profile(), "TREATY:COE-MLA");
  EXPECT_EQ(answer.reasons(0), "REGIONAL_IN_FORCE");
  EXPECT_THAT(Reasons(answer), Contains("OFFER_BY_AGREEMENT_UNTOC_18"));
  EXPECT_EQ(FindBasis(list, Ask(Family::EXTRADITION)).governing_instrument(), "UNTOC");
}

TEST(Basis, ASeriousCrimeUnderFourYearsIsOutsideTheConvention) {
  BasisQuestion q = Ask(Family::MLA);
  q.offence_art = "SERIOUS_CRIME";
  q.max_penalty_months = 47;
  EXPECT_THAT(Reasons(FindBasis(List(kBoth), q)), Contains("OUTSIDE_OFFENCE:UNTOC"));
  q.max_penalty_months = 48;
  EXPECT_EQ(FindBasis(List(kBoth), q).governing_instrument(), "UNTOC");
  q.max_penalty_months = 0;  // not told
  EXPECT_EQ(FindBasis(List(kBoth), q).governing_instrument(), "UNTOC");
}

TEST(Basis, AConventionOfAnotherSubjectIsNoCandidate) {
  const TreatyStatus list = List(
      std::string(kBoth) + "PARTY,TF,QM,RATIFIED,2004-01-10\nPARTY,TF,QT,RATIFIED,2004-01-10\n");
  BasisQuestion q = Ask(Family::MLA);
  q.area = "FIREARMS";
  EXPECT_THAT(FindBasis(list, q).candidates(), ElementsAre("UNTOC"));
  q.area = "TERRORISM";
  EXPECT_EQ(FindBasis(list, q).governing_instrument(), "TF");
}

// R-CLK-EIF
TEST(Basis, TheConventionOnCybercrimeCarriesWhatIsElectronicOrInItsArea) {
  const TreatyStatus list = List(std::string(kBoth) +
                                 "PARTY,BUD,QM,RATIFIED,2004-01-10\n"
                                 "PARTY,BUD,QT,RATIFIED,2004-01-10\n");
  const auto candidates = [&](std::vector<AssistanceType::Code> types, const char* area) {
    BasisQuestion q = Ask(Family::MLA, std::move(types));
    q.area = area;
    const auto answer = FindBasis(list, q);
    return std::vector<std::string>{answer.candidates().begin(), answer.candidates().end()};
  };
  EXPECT_THAT(candidates({AssistanceType::RECORDS_BANK}, "FIREARMS"), Not(Contains("BUD")));
  EXPECT_THAT(candidates({AssistanceType::RECORDS_BANK}, ""), Not(Contains("BUD")));
  EXPECT_THAT(candidates({AssistanceType::ACCESS_STORED_DATA}, "FIREARMS"), Contains("BUD"));
  EXPECT_THAT(candidates({AssistanceType::RECORDS_BANK}, "CYBERCRIME"), Contains("BUD"));
  EXPECT_THAT(candidates({}, ""), Contains("BUD"));
}

TEST(Basis, WithoutAnAreaTheOffenceOrTheInstrumentTellsIt) {
  CheckContext context;
  context.requesting_state = "QM";
  context.requested_state = "QT";
  context.now = "2026-03-02T09:00:00Z";
  v1::Request request;
  EXPECT_EQ(QuestionOf(context, request).area, "");
  request.mutable_basis()->set_instrument("FAP");
  EXPECT_EQ(QuestionOf(context, request).area, "FIREARMS");
  request.add_offence()->mutable_tip()->add_acts("RECRUITMENT");
  EXPECT_EQ(QuestionOf(context, request).area, "TRAFFICKING_IN_PERSONS");
  request.set_area("DRUGS");
  EXPECT_EQ(QuestionOf(context, request).area, "DRUGS");
}

TEST(Basis, TellsWhatChangesWithinHalfAYear) {
  const TreatyStatus list = List(
      "PARTY,UNTOC,QM,RATIFIED,2026-05-01\n"
      "PARTY,UNTOC,QT,DENOUNCED,2004-01-10,,2025-06-10\n");
  const auto reasons = Reasons(FindBasis(list, Ask(Family::MLA)));
  EXPECT_THAT(reasons, Contains("BEGINS:UNTOC:QM:2026-05-31"));
  EXPECT_THAT(reasons, Contains("ENDS:UNTOC:QT:2026-06-10"));
}

TEST(Basis, ReciprocityNeedsAValidAssuranceInTheRequest) {
  CheckContext context;
  context.now = "2026-03-02T09:00:00Z";
  v1::Request request;
  EXPECT_FALSE(AssuresReciprocity(context, request));
  auto& assurance = *request.mutable_basis()->mutable_reciprocity();
  assurance.set_text("Marenza will execute a like request of Temburra");
  EXPECT_FALSE(AssuresReciprocity(context, request));
  assurance.set_valid_to("2026-03-01");
  EXPECT_FALSE(AssuresReciprocity(context, request));
  assurance.set_valid_to("2026-03-02");
  EXPECT_TRUE(AssuresReciprocity(context, request));
}

TEST(Basis, CanBeAskedAgainFromWhatARequestStores) {
  BasisQuestion q = Ask(Family::EXTRADITION, {AssistanceType::EXTRADITE});
  q.area = "DRUGS";
  q.offence_art = "PROTOCOL";
  q.max_penalty_months = 60;
  q.territory = "QT-A";
  const TreatyStatus list = List(kBoth);
  const v1::BasisAnswer answer = Answer(list, q, {"QM", 7, "ab"});
  const auto again = QuestionOf(answer);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(Answer(list, *again, {"QM", 7, "ab"}).SerializeAsString(), answer.SerializeAsString());
  EXPECT_THAT(Differences(answer, answer), IsEmpty());
  const auto other = Answer(List(""), q, {"QT", 3, "cd"});
  EXPECT_THAT(Differences(answer, other),
              Contains(HasSubstr("the request says UNTOC, the list of QT gives none")));
  v1::BasisAnswer broken = answer;
  broken.set_family("X");
  EXPECT_EQ(CodeOf(QuestionOf(broken).status()), "BAD_BASIS");
}

TEST(Basis, EveryReasonIsASentence) {
  const TreatyStatus list = List(
      "PARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QT,DENOUNCED,2004-01-10,,2020-06-10\n"
      "PARTY,BUD,QM,SIGNED\nRECIPROCITY,QT\n");
  for (const std::string& reason : Reasons(FindBasis(list, Ask(Family::MLA)))) {
    EXPECT_THAT(ReasonText(reason), HasSubstr(" ")) << reason;
    EXPECT_THAT(ReasonText(reason), Not(HasSubstr("?"))) << reason;
    EXPECT_THAT(ReasonText(reason), Not(HasSubstr("%"))) << reason;
  }
  EXPECT_EQ(ReasonText("BARRED:2AP:33(2) 20:QR"),
            "QR has excluded this under 2AP, Article 33(2) 20");
}

// --- The list as text

TEST(TreatyList, TellsEveryBadLineAndKeepsTheGoodOnes) {
  const TreatyList list = ReadTreatyList(
      "INSTRUMENT,UNTOC,30D,12M\nPARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QM,ACCEDED,"
      "2004-01-11\nPARTY,UNTOC,Q,RATIFIED,2004-01-10\nEFFECT,UNTOC,1,SHRUGS,EITHER\n"
      "EFFECT,UNTOC,2,BARS,EITHER,NO_SUCH_TYPE\nINSTRUMENT,UNTOC,30D,12M\n"
      "PARTY,UNTOC,QT,DENOUNCED,2004-01-10\nPARTY,UNTOC,QR,RATIFIED,2004-01-10,,,,99\n",
      "QZ");
  std::vector<int> errors;
  for (const ListFinding& f : list.findings) {
    if (f.severity == Severity::kError) errors.push_back(f.line);
  }
  EXPECT_THAT(errors, ElementsAre(3, 4, 5, 6, 7, 8));
  EXPECT_TRUE(HasErrors(list));
  EXPECT_EQ(list.parties, 2u);
  EXPECT_TRUE(list.status.InForce("UNTOC", "QM", *ParseInstant("2026-03-02")));
  // That QZ signs a list that says nothing of QZ, and an article that has no effect, are no errors.
  EXPECT_THAT(list.findings.back().what, HasSubstr("QZ"));
}

TEST(TreatyList, TheTemplateIsGoodAndNamesNoParty) {
  const TreatyList list = ReadTreatyList(TreatyListTemplate(), "");
  EXPECT_FALSE(HasErrors(list));
  EXPECT_EQ(list.parties, 0u);
  EXPECT_GE(list.instruments, 9u);
  EXPECT_GE(list.effects, 10u);
  EXPECT_TRUE(list.status.InForceForNobody("UNCC", *ParseInstant("2026-03-02")));
}

// --- The rules

struct WithList : Draft {
  explicit WithList(const std::string& csv) : Draft(v1::Act::REQUEST), list(List(csv)) {
    context.treaties = &list;
    context.wants_treaty_list = true;
    body.mutable_request()->mutable_basis()->set_instrument("UNTOC");
  }
  TreatyStatus list;
};

TEST(BasisRules, FireFromTheList) {
  WithList good(kBoth);
  EXPECT_THAT(Summary(good.Check()), IsEmpty());
  WithList none("PARTY,UNTOC,QM,RATIFIED,2004-01-10\n");
  EXPECT_THAT(Summary(none.Check()), Contains("E R-DIR-03"));
  WithList denounced(
      "PARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QT,DENOUNCED,2004-01-10,,2020-01-01\n");
  EXPECT_THAT(Summary(denounced.Check()), Contains("E R-DIR-06"));
  WithList away(
      "PARTY,UNTOC,QM,RATIFIED,2004-01-10\n"
      "PARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,,,-QT-A\n");
  away.context.requested_territory = "QT-A";
  EXPECT_THAT(Summary(away.Check()), ElementsAre("E R-DIR-03"));
}

TEST(BasisRules, SayThatNothingWasCheckedWithoutAList) {
  Draft draft(v1::Act::REQUEST);
  EXPECT_THAT(Summary(draft.Check()), IsEmpty());
  draft.context.wants_treaty_list = true;
  EXPECT_THAT(Summary(draft.Check()), ElementsAre("N R-DIR-03"));
}

TEST(BasisRules, ReciprocityNeedsBothLegs) {
  WithList draft(std::string(kBoth) + "RECIPROCITY,QT\n");
  auto& basis = *draft.body.mutable_request()->mutable_basis();
  basis.set_instrument("RECIPROCITY");
  basis.set_governing_profile("RECIPROCITY");
  EXPECT_THAT(Summary(draft.Check()), ElementsAre("E R-DIR-03"));
  basis.mutable_reciprocity()->set_text("Marenza will execute a like request");
  basis.mutable_reciprocity()->set_valid_to("2027-01-01");
  EXPECT_THAT(Summary(draft.Check()), IsEmpty());
  WithList other(kBoth);
  *other.body.mutable_request()->mutable_basis() = basis;
  EXPECT_THAT(Summary(other.Check()), ElementsAre("E R-DIR-03"));
}

TEST(BasisRules, TellThatTheInstrumentEndsSoon) {
  WithList draft(
      "PARTY,UNTOC,QM,RATIFIED,2004-01-10\nPARTY,UNTOC,QT,DENOUNCED,2004-01-10,,2025-06-10\n");
  EXPECT_THAT(Summary(draft.Check()), ElementsAre("N R-CLK-EIF"));
}

}  // namespace
}  // namespace palermo::casework
