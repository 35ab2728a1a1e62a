#include "node/casework/treaty.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using v1::Family;

constexpr char kCsv[] =
    "# code, entry after deposit, end after denunciation, parent, own entry into force\n"
    "INSTRUMENT,UNTOC,30D,12M,,2003-09-29\n"
    "INSTRUMENT,TIP,30D,12M,UNTOC,2003-12-25\n"
    "INSTRUMENT,DRUG88,90D,12M,,\n"
    "INSTRUMENT,BUD,3M,3M,,\n"
    "INSTRUMENT,UNCC,30D,12M,,NEVER\n"
    "PARTY,UNTOC,QM,RATIFIED,2004-01-10\n"
    "PARTY,UNTOC,QT,ACCEDED,2003-01-01\n"
    "PARTY,UNTOC,QN,DENOUNCED,2004-01-10,,2025-06-10\n"
    "PARTY,TIP,QM,RATIFIED,2004-01-10\r\n"
    "PARTY,TIP,QT,RATIFIED,2026-02-20\n"
    "PARTY,TIP,QN,RATIFIED,2004-01-10\n"
    "PARTY,TIP,QZ,RATIFIED,2004-01-10\n"
    "PARTY,BUD,QM,RATIFIED,2010-05-17,,,,BUD 29(4);BUD 2\n"
    "PARTY,UNCC,QM,RATIFIED,2025-11-01\n"
    "PARTY,UNCC,QT,SIGNED\n"
    "BILATERAL,BIL-1,MLA,QV,QN,2011-01-01\n"
    "RECIPROCITY,QZ\n";

TreatyStatus ListFrom() {
  auto list = TreatyStatus::FromCsv(kCsv);
  EXPECT_TRUE(list.ok()) << list.status();
  return *list;
}
absl::Time Day(const char* text) { return *ParseInstant(text); }

TEST(TreatyStatus, CountsFromTheDeposit) {
  const TreatyStatus list = ListFrom();
  EXPECT_FALSE(list.InForce("UNTOC", "QM", Day("2004-02-08T23:59:59Z")));
  EXPECT_TRUE(list.InForce("UNTOC", "QM", Day("2004-02-09")));
  EXPECT_FALSE(list.InForce("TIP", "QT", Day("2026-03-21")));
  EXPECT_TRUE(list.InForce("TIP", "QT", Day("2026-03-22")));
  // The first day of the month after three months have passed.
  EXPECT_FALSE(list.InForce("BUD", "QM", Day("2010-08-31")));
  EXPECT_TRUE(list.InForce("BUD", "QM", Day("2010-09-01")));
}

TEST(TreatyStatus, NeverBeforeTheInstrumentsOwnEntryIntoForce) {
  EXPECT_FALSE(ListFrom().InForce("UNTOC", "QT", Day("2003-09-28")));
  EXPECT_TRUE(ListFrom().InForce("UNTOC", "QT", Day("2003-09-29")));
  EXPECT_EQ(ListFrom().KindAt("UNCC", "QM", Day("2026-03-02")), StatusKind::kSigned);
  EXPECT_TRUE(ListFrom().InForceForNobody("UNCC", Day("2026-03-02")));
}

TEST(TreatyStatus, DenunciationTakesEffectAfterAYearAndDragsTheProtocolsAlong) {
  const TreatyStatus list = ListFrom();
  EXPECT_TRUE(list.InForce("UNTOC", "QN", Day("2026-06-09T23:59:59Z")));
  EXPECT_EQ(list.KindAt("UNTOC", "QN", Day("2026-06-10")), StatusKind::kDenounced);
  EXPECT_TRUE(list.InForce("TIP", "QN", Day("2026-06-09")));
  EXPECT_EQ(list.KindAt("TIP", "QN", Day("2026-06-10")), StatusKind::kDenounced);
}

TEST(TreatyStatus, AProtocolBindsPartiesOfItsConventionOnly) {
  EXPECT_FALSE(ListFrom().InForce("TIP", "QZ", Day("2026-03-02")));
}

TEST(TreatyStatus, SpansEndOnRealDays) {
  EXPECT_EQ(EndAfterDenunciation({30, 0, 12, "", absl::InfinitePast()}, Day("2024-02-29")),
            Day("2025-02-28"));
  EXPECT_EQ(EntryIntoForce({0, 3, 3, "", absl::InfinitePast()}, Day("2025-11-30")),
            Day("2026-03-01"));
}

TEST(TreatyStatus, KnowsReservationsBilateralsAndChanges) {
  const TreatyStatus list = ListFrom();
  EXPECT_TRUE(list.HasReservation("BUD", "QM", "BUD 29(4)"));
  EXPECT_FALSE(list.HasReservation("BUD", "QT", "BUD 29(4)"));
  EXPECT_EQ(list.FindBilateral("QN", "QV", "MLA", Day("2026-03-02"))->id, "BIL-1");
  EXPECT_EQ(list.FindBilateral("QN", "QV", "EXTRADITION", Day("2026-03-02")), nullptr);
  EXPECT_EQ(list.FindBilateral("QN", "QV", "MLA", Day("2010-03-02")), nullptr);
  EXPECT_THAT(list.ChangesAfter(Day("2026-03-02")),
              ElementsAre(Day("2026-03-22"), Day("2026-06-10")));
}

TEST(TreatyStatus, NamesTheLineThatIsWrong) {
  for (const char* line :
       {"PARTY,NONE,QM,RATIFIED,2004-01-10", "PARTY,UNTOC,QM,BLESSED", "PARTY,UNTOC,QM,RATIFIED",
        "PARTY,UNTOC,QM,RATIFIED,2004-02-30", "PARTY,UNTOC", "INSTRUMENT,X", "INSTRUMENT,X,-3D,12M",
        "INSTRUMENT,X,99999999999D,12M", "BILATERAL,B,MLA,QM,QM", "SOMETHING", ",,,", "RECIPROCITY",
        "PARTY,UNTOC,QM,RATIFIED,2004-01-10,2005-01-01,,2004-12-31"}) {
    const auto list = TreatyStatus::FromCsv(std::string("INSTRUMENT,UNTOC,30D,12M\n") + line);
    EXPECT_EQ(CodeOf(list.status()), "BAD_CSV") << line;
    EXPECT_THAT(std::string(list.status().message()), HasSubstr("line 2")) << line;
  }
}

BasisQuestion AskList(const char* rq, const char* rd, Family::Code family, const char* area) {
  return {rq, rd, Day("2026-04-02"), family, area};
}

TEST(Basis, PrefersTheSpecialInstrumentThenTheBroad) {
  const auto answer =
      FindBasis(ListFrom(), AskList("QM", "QT", Family::MLA, "TRAFFICKING_IN_PERSONS"));
  EXPECT_EQ(answer.governing_instrument(), "TIP");
  EXPECT_EQ(answer.governing_profile(), "UNTOC_18");
  EXPECT_THAT(answer.candidates(), ElementsAre("TIP", "UNTOC"));
  EXPECT_EQ(FindBasis(ListFrom(), AskList("QM", "QT", Family::MLA, "")).governing_instrument(),
            "UNTOC");
}

TEST(Basis, AnMlaTreatyOfThePairGoverns) {
  const auto answer = FindBasis(ListFrom(), AskList("QN", "QV", Family::MLA, ""));
  EXPECT_EQ(answer.governing_profile(), "TREATY:BIL-1");
  EXPECT_EQ(FindBasis(ListFrom(), AskList("QN", "QV", Family::EXTRADITION, "")).governing_profile(),
            "");
}

TEST(Basis, NeverTakesWhatIsOnlySigned) {
  const auto answer =
      FindBasis(ListFrom(), AskList("QM", "QT", Family::PRESERVATION_24_7, "CYBERCRIME"));
  EXPECT_EQ(answer.governing_instrument(), "");
  EXPECT_THAT(answer.reasons(),
              ElementsAre("NO_BASIS", "SUGGEST_LAW_ENFORCEMENT_INFO", "SUGGEST_PUBLIC_RECORDS",
                          "SUGGEST_DIPLOMATIC_CHANNEL", "NOT_BOUND:BUD:QT", "SIGNED_ONLY:UNCC:QM"));
}

TEST(Basis, ReciprocityNeedsBothTheDirectoryAndTheAssurance) {
  BasisQuestion question = AskList("QM", "QZ", Family::MLA, "");
  EXPECT_EQ(FindBasis(ListFrom(), question).governing_instrument(), "");
  question.assurance_of_reciprocity = true;
  EXPECT_EQ(FindBasis(ListFrom(), question).governing_instrument(), "RECIPROCITY");
  question.requested_state = "QX";
  EXPECT_EQ(FindBasis(ListFrom(), question).governing_instrument(), "");
}

TEST(Basis, StoresTheQuestionForTheAuditor) {
  const auto answer = FindBasis(ListFrom(), AskList("QM", "QT", Family::MLA, ""));
  EXPECT_EQ(answer.requesting_state(), "QM");
  EXPECT_EQ(answer.requested_state(), "QT");
  EXPECT_EQ(answer.at(), "2026-04-02T00:00:00Z");
}

TEST(Basis, AnArticleNamesItsInstrument) {
  for (const char* good :
       {"UNTOC 18", "UNTOC 18(3)(f)", "BUD 29 to 34", "SUA 8bis(5)(d)", "CITES VI(2)", "2AP 20",
        "UNTOC", "RECIPROCITY", "BILATERAL:QN-QV-2011 4", "DRUG88 7, 11"}) {
    EXPECT_TRUE(IsArticle(good)) << good;
  }
  for (const char* bad : {"", "Artikel 18", "UNTOC 18 for Maria Ivanova", "untoc 18", "UNTOC ",
                          "UNTOC Maria", "18 UNTOC"}) {
    EXPECT_FALSE(IsArticle(bad)) << bad;
  }
}

TEST(Basis, AnAreaHasOneName) {
  EXPECT_EQ(CanonicalArea("CORRUPTION"), "CORRUPTION_LAUNDERING");
  EXPECT_EQ(CanonicalArea("TRAFFICKING"), CanonicalArea("TRAFFICKING_IN_PERSONS"));
  EXPECT_EQ(CanonicalArea("ANY"), "");
  const auto answer = FindBasis(ListFrom(), AskList("QM", "QT", Family::MLA, "TRAFFICKING"));
  const auto full =
      FindBasis(ListFrom(), AskList("QM", "QT", Family::MLA, "TRAFFICKING_IN_PERSONS"));
  EXPECT_EQ(answer.governing_instrument(), full.governing_instrument());
  EXPECT_EQ(answer.candidates_size(), full.candidates_size());
}

}  // namespace
}  // namespace palermo::casework
