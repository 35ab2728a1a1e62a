// Every counter of a closing, and what may leave of victims by sex, age band and nationality.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "node/casework/operation/rules.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/operation/test_figures.h"

namespace palermo::casework {
namespace {

// --- Every counter of 5.5

v1::OutcomeEntry& Outcome(Figures& book, const std::string& state, const std::string& kind) {
  v1::OutcomeEntry& outcome = *book.Add(state).mutable_outcome();
  outcome.set_kind(kind);
  return outcome;
}

TEST(Counters, KnowEachOfTheClosingAndWhatWasNotFound) {
  std::set<std::string> names;
  for (const StatisticsCell& cell : WithEveryCounter({})) {
    EXPECT_EQ(cell.value, 0u);
    EXPECT_TRUE(cell.state.empty());
    EXPECT_TRUE(names.insert(cell.counter).second) << cell.counter;
  }
  for (const char* counter : {"operations",
                              "victims_identified",
                              "victims_rescued",
                              "victims_referred",
                              "persons_arrested",
                              "persons_charged",
                              "persons_prosecuted",
                              "persons_convicted",
                              "searches",
                              "seizures",
                              "drugs_g",
                              "firearms",
                              "cash_minor",
                              "crypto_minor",
                              "assets_frozen_minor",
                              "assets_confiscated_minor",
                              "assets_returned_minor",
                              "victims_compensated_minor",
                              "controlled_deliveries",
                              "requests_sent",
                              "requests_executed",
                              "requests_refused",
                              "migrants_assisted",
                              "deaths_at_sea",
                              "use_of_force",
                              "complaints",
                              "sar_events"}) {
    EXPECT_EQ(names.count(counter), 1u) << counter;
    ASSERT_NE(FindCounter(counter), nullptr) << counter;
    EXPECT_FALSE(FindCounter(counter)->means.empty()) << counter;
  }
  // What is there is not counted twice, and neither is a kind of it.
  const auto cells = WithEveryCounter({{"cash_minor XTS", "", 5, false, false, {"r"}}});
  EXPECT_EQ(cells.size(), names.size());
  EXPECT_EQ(FindCounter("cash_minor XTS")->unit, "smallest unit");
  EXPECT_EQ(FindCounter("no such"), nullptr);
}

TEST(Counters, CountWhatNoOtherRecordTells) {
  Figures book;
  Outcome(book, "QM", "SEARCH").set_n(3);
  Outcome(book, "QN", "SEARCH");
  for (const char* kind : {"REQUEST_SENT", "REQUEST_EXECUTED"}) {
    // Both sides tell of the same request.
    for (const char* state : {"QM", "QN"}) Outcome(book, state, kind).set_ref("QM-2026-1");
    Outcome(book, "QM", kind).set_ref("QM-2026-2");
  }
  Outcome(book, "QN", "REQUEST_REFUSED").set_ref("QM-2026-3");
  Outcome(book, "QM", "MIGRANT_ASSISTED").set_n(40);
  Outcome(book, "QM", "MIGRANT_ASSISTED").set_token("a");
  Outcome(book, "QN", "MIGRANT_ASSISTED").set_token("a");
  Outcome(book, "QN", "DEATH_AT_SEA").set_n(7);
  Outcome(book, "QN", "COMPLAINT");
  Outcome(book, "QN", "SAR_EVENT");
  for (const char* kind : {"ASSETS_CONFISCATED", "ASSETS_RETURNED", "VICTIM_COMPENSATED"}) {
    Outcome(book, "QM", kind).set_minor(500);
    book.records.back().record.mutable_outcome()->set_ccy("XTS");
  }
  EXPECT_EQ(book.Value("searches"), 4u);
  EXPECT_EQ(book.Value("searches", "QM"), 3u);
  EXPECT_EQ(book.Value("requests_sent"), 2u);
  EXPECT_EQ(book.Value("requests_sent", "QN"), 1u);
  EXPECT_EQ(book.Value("requests_executed"), 2u);
  EXPECT_EQ(book.Value("requests_refused"), 1u);
  EXPECT_EQ(book.Value("migrants_assisted"), 41u);
  EXPECT_EQ(book.Value("migrants_assisted", "QN"), 1u);
  EXPECT_EQ(book.Value("deaths_at_sea"), 7u);
  EXPECT_EQ(book.Value("complaints"), 1u);
  EXPECT_EQ(book.Value("sar_events"), 1u);
  EXPECT_EQ(book.Value("assets_confiscated_minor XTS"), 500u);
  EXPECT_EQ(book.Value("assets_returned_minor XTS"), 500u);
  EXPECT_EQ(book.Value("victims_compensated_minor XTS"), 500u);
  for (const StatisticsCell& cell : CountOperation(book.records, book.state).cells) {
    EXPECT_FALSE(cell.records.empty()) << cell.counter;
  }
}

TEST(Counters, FollowAPersonFromTheArrestToTheJudgment) {
  Figures book;
  book.Add("QM").mutable_arrest()->set_token("a");
  book.Add("QM").mutable_arrest()->set_token("b");
  book.records.back().record.mutable_arrest()->set_prosecuted(true);
  book.Add("QN").mutable_arrest()->set_token("c");
  book.records.back().record.mutable_arrest()->set_charged(true);
  Outcome(book, "QM", "PERSON_CHARGED").set_token("a");
  Outcome(book, "QM", "PERSON_CONVICTED").set_token("a");
  // Charged here and there, it is one person.
  Outcome(book, "QN", "PERSON_CHARGED").set_token("a");
  EXPECT_EQ(book.Value("persons_arrested"), 3u);
  EXPECT_EQ(book.Value("persons_charged"), 3u);
  EXPECT_EQ(book.Value("persons_prosecuted"), 1u);
  EXPECT_EQ(book.Value("persons_convicted"), 1u);
}

TEST(Counters, CountSeizuresByTheirKind) {
  Figures book;
  for (const char* kind : {"DRUG", "DRUG", "DOCUMENT", "FERRET"}) {
    book.Add("QM").mutable_seizure()->set_kind(kind);
    book.records.back().record.mutable_seizure()->set_g(1200);
  }
  EXPECT_EQ(book.Value("seizures DRUG"), 2u);
  EXPECT_EQ(book.Value("seizures DOCUMENT"), 1u);
  EXPECT_EQ(book.Value("seizures OTHER"), 1u);
  EXPECT_EQ(book.Value("drugs_g"), 2400u);
  EXPECT_EQ(FindCounter("drugs_g")->unit, "g");
}

void Seized(Figures& book, const std::string& state, const char* kind, double quantity,
            const char* unit) {
  v1::Seizure& seizure = *book.Add(state).mutable_seizure();
  seizure.set_kind(kind);
  seizure.set_quantity(quantity);
  seizure.set_unit(unit);
}

TEST(Counters, AddWhatWasSeizedInOneUnitOfItsKind) {
  Figures book;
  Seized(book, "QM", "DRUG", 1.25, "kg");
  Seized(book, "QM", "DRUG", 600, "mg");
  Seized(book, "QN", "DRUG", 700, "mg");
  Seized(book, "QN", "DRUG", 0.002, "t");
  Seized(book, "QN", "DRUG", 1.5, "l");
  Seized(book, "QN", "DRUG", 40, "piece");
  Seized(book, "QM", "DRUG", 2, "pieces");
  Seized(book, "QM", "OTHER", 12, "kg");
  Seized(book, "QM", "FIREARM", 3, "piece");
  book.Add("QM").mutable_seizure()->set_kind("DRUG");
  book.records.back().record.mutable_seizure()->set_g(100);
  // A unit that nobody can add, and more than there is.
  Seized(book, "QM", "DRUG", 5, "bags");
  Seized(book, "QM", "DRUG", 1e300, "t");
  EXPECT_EQ(book.Value("drugs_g"), 3351u) << "what is below a gram is added too";
  EXPECT_EQ(book.Value("drugs_g", "QM"), 1350u);
  EXPECT_EQ(book.Value("drugs_g", "QN"), 2000u);
  EXPECT_EQ(book.Value("drugs_ml"), 1500u);
  EXPECT_EQ(book.Value("drugs_pieces"), 42u) << "pieces have no weight";
  EXPECT_EQ(book.Value("goods_g"), 12000u);
  EXPECT_EQ(book.Value("goods_pieces"), 0u);
  EXPECT_EQ(book.Value("firearms"), 3u);
  EXPECT_EQ(book.Value("seizures DRUG"), 10u);
  EXPECT_EQ(FindCounter("drugs_pieces")->unit, "pieces");
  EXPECT_EQ(FindCounter("drugs_ml")->unit, "ml");
}

// --- By sex, age band and nationality

void Met(Figures& book, const std::string& state, const std::string& token, const char* sex,
         const char* nationality = "", bool referred = true) {
  v1::VictimRecord& victim = *book.Add(state).mutable_victim();
  victim.set_token(token);
  victim.set_referred(referred);
  victim.set_identified(true);
  victim.set_sex(sex);
  victim.set_nationality(nationality);
}
std::set<std::string> Published(const Figures& book) {
  std::set<std::string> names;
  for (const auto& cell : Publishable(CountOperation(book.records, book.state).cells)) {
    if (cell.counter.find(" sex ") + cell.counter.find(" nationality ") == 2 * std::string::npos)
      continue;
    names.insert(cell.counter + absl::StrFormat("%s %u", cell.state, cell.value));
  }
  return names;
}

TEST(Breakdown, IsOfTheWholeOperationAndKnowsAPersonOnce) {
  Figures book;
  Met(book, "QM", "a", "FEMALE", "QT");
  Met(book, "QN", "a", "UNKNOWN");  // the same person
  Met(book, "QN", "b", "UNKNOWN");
  Met(book, "QN", "b", "MALE");  // who knows it says it
  Met(book, "QN", "c", "");
  EXPECT_EQ(book.Value("victims_referred"), 3u);
  EXPECT_EQ(book.Value("victims_referred sex FEMALE"), 1u);
  EXPECT_EQ(book.Value("victims_referred sex MALE"), 1u);
  EXPECT_EQ(book.Value("victims_referred sex UNKNOWN"), 1u);
  EXPECT_EQ(book.Value("victims_referred nationality QT"), 1u);
  EXPECT_EQ(book.Value("victims_referred sex FEMALE", "QM"), 0u) << "of no single state";
  // Nobody said anything of ages.
  for (const auto& cell : CountOperation(book.records, book.state).cells) {
    EXPECT_EQ(cell.counter.find("age_band"), std::string::npos) << cell.counter;
    EXPECT_FALSE(cell.records.empty()) << cell.counter;
  }
}

TEST(Breakdown, LeavesWholeOrNotAtAll) {
  Figures book;
  for (int i = 0; i < 12; ++i) Met(book, "QM", absl::StrFormat("w%d", i), "FEMALE", "QT");
  for (int i = 0; i < 5; ++i) Met(book, "QM", absl::StrFormat("m%d", i), "MALE", "QT");
  EXPECT_EQ(Published(book),
            (std::set<std::string>{
                "victims_identified nationality QT 17", "victims_identified sex FEMALE 12",
                "victims_identified sex MALE 5", "victims_referred nationality QT 17",
                "victims_referred sex FEMALE 12", "victims_referred sex MALE 5"}));
  // One of another nationality: that he is there is not told either.
  Met(book, "QM", "x", "MALE", "QS");
  EXPECT_EQ(
      Published(book),
      (std::set<std::string>{"victims_identified sex FEMALE 12", "victims_identified sex MALE 6",
                             "victims_referred sex FEMALE 12", "victims_referred sex MALE 6"}));
  // One man was not referred: 7 less 6 would tell of him.
  Met(book, "QM", "y", "MALE", "QT", false);
  EXPECT_EQ(Published(book), (std::set<std::string>{"victims_identified sex FEMALE 12",
                                                    "victims_identified sex MALE 7"}));
}

// What an officer inside sees who reads no VICTIMS, and what a closing says to all.
TEST(Breakdown, IsForVictimOfficersWhereAPartMayBeOnePerson) {
  Figures book;
  for (int i = 0; i < 12; ++i) Met(book, "QM", absl::StrFormat("w%d", i), "FEMALE", "QT");
  Met(book, "QN", "m", "MALE", "QT");
  Met(book, "QN", "m", "MALE", "QT");
  book.Add("QN").mutable_tasking()->set_id("T-1");
  const Statistics all = CountOperation(book.records, book.state);
  const auto has = [](const std::vector<StatisticsCell>& cells, const std::string& counter) {
    return std::any_of(cells.begin(), cells.end(),
                       [&](const StatisticsCell& cell) { return cell.counter == counter; });
  };
  ASSERT_TRUE(has(all.cells, "victims_referred sex MALE"));
  ASSERT_FALSE(all.findings.empty());
  const Statistics seen = WithoutVictims(all);
  EXPECT_FALSE(has(seen.cells, "victims_referred sex MALE"));
  EXPECT_FALSE(has(seen.cells, "victims_referred sex FEMALE")) << "the rest would tell";
  EXPECT_TRUE(has(seen.cells, "victims_referred nationality QT"));
  EXPECT_TRUE(seen.findings.empty()) << "it names the records of a victim";
  for (const StatisticsCell& cell : seen.cells) {
    EXPECT_EQ(cell.records.empty(), cell.counter.starts_with("victims_")) << cell.counter;
    EXPECT_FALSE(cell.suppressed) << "inside the sums are told";
  }
  const auto closing = WithoutSmallParts(all.cells);
  EXPECT_FALSE(has(closing, "victims_referred sex MALE"));
  EXPECT_TRUE(has(closing, "victims_referred"));
  v1::OperationClosing claimed;
  for (const StatisticsCell& cell : closing) {
    auto& counter = *claimed.add_counters();
    counter.set_counter(cell.counter);
    counter.set_state(cell.state);
    counter.set_value(cell.value);
  }
  EXPECT_TRUE(Differences(WithoutSmallParts(all.cells), claimed).empty());
}

// A record counts whatever it says: its words are lines of a table that others sign.
TEST(Counters, TakeNoWordOfALiarForALine) {
  Figures book;
  Met(book, "QM", "a", "FEMALE; see file 7", "Lina ORSAY");
  book.records.back().record.mutable_victim()->set_age_band("17 in May");
  Met(book, "QM", "b", "MALE", "QT");
  book.records.back().record.mutable_victim()->set_age_band("ADULT");
  for (const char* currency : {"XTS", "xts", "X S", "EURO", ""}) {
    v1::Seizure& cash = *book.Add("QM").mutable_seizure();
    cash.set_kind("CASH");
    cash.set_minor(100);
    cash.set_ccy(currency);
  }
  EXPECT_EQ(book.Value("victims_referred sex UNKNOWN"), 1u);
  EXPECT_EQ(book.Value("victims_referred nationality UNKNOWN"), 1u);
  EXPECT_EQ(book.Value("victims_referred nationality QT"), 1u);
  EXPECT_EQ(book.Value("cash_minor XTS"), 100u);
  EXPECT_EQ(book.Value("cash_minor XXX"), 400u);
  for (const auto& cell : CountOperation(book.records, book.state).cells) {
    EXPECT_EQ(cell.counter.find("ORSAY"), std::string::npos) << cell.counter;
    EXPECT_EQ(cell.counter.find("May"), std::string::npos) << cell.counter;
    EXPECT_EQ(cell.counter.find("file"), std::string::npos) << cell.counter;
  }
}

TEST(Counters, OfALiarFitInAClosing) {
  Figures book;
  for (int i = 0; i < 6000; ++i) {
    std::string letters = "AAA";
    letters[0] = static_cast<char>('A' + i % 26);
    letters[1] = static_cast<char>('A' + i / 26 % 26);
    letters[2] = static_cast<char>('A' + i / 26 / 26);
    v1::Seizure& cash = *book.Add("QM").mutable_seizure();
    cash.set_kind(i % 2 == 0 ? "CASH" : "CRYPTO");
    cash.set_minor(1);
    cash.set_ccy(letters);
  }
  for (int i = 0; i < 4000; ++i) {
    const std::string state = {static_cast<char>('A' + i % 26),
                               static_cast<char>('A' + i / 26 % 26)};
    Met(book, "QM", absl::StrFormat("t%d", i), "FEMALE", state.c_str());
  }
  auto& honest = *book.Add("QN").mutable_seizure();
  honest.set_kind("CASH");
  honest.set_minor(7);
  honest.set_ccy("ZZZ");
  const auto cells = WithEveryCounter(CountOperation(book.records, book.state).cells);
  EXPECT_LE(cells.size(), limits::kMaxClosingCounters / 4);
  EXPECT_EQ(book.Value("cash_minor ZZZ", "QN"), 7u) << "it takes no room from others";
}

TEST(BreakdownProperty, NoPartBelowFiveLeavesAndNoneFollowsFromTheRest) {
  std::mt19937 engine(7);
  const char* sexes[] = {"FEMALE", "MALE", "OTHER"};
  for (int round = 0; round < 300; ++round) {
    Figures book;
    const size_t people = engine() % 40;
    for (size_t i = 0; i < people; ++i) {
      Met(book, engine() % 2 ? "QM" : "QN", absl::StrFormat("t%d", i), sexes[engine() % 3], "",
          engine() % 4 != 0);
    }
    std::map<std::string, uint64_t> inside, outside;
    for (const auto& cell : CountOperation(book.records, book.state).cells) {
      if (cell.state.empty()) inside[cell.counter] = cell.value;
    }
    for (const auto& cell : Publishable(CountOperation(book.records, book.state).cells)) {
      if (cell.state.empty() && !cell.suppressed) outside[cell.counter] = cell.value;
    }
    for (const char* counter : {"victims_identified", "victims_referred"}) {
      uint64_t sum = 0;
      for (const char* sex : sexes) {
        const std::string part = absl::StrFormat("%s sex %s", counter, sex);
        if (outside.count(part) == 0) continue;
        EXPECT_GE(outside[part], kSmallestCell);
        sum += outside[part];
      }
      // All of it, or nothing.
      EXPECT_TRUE(sum == 0 || sum == inside[counter]) << sum;
      EXPECT_TRUE(sum == 0 || outside.count(counter) == 1);
    }
  }
}

}  // namespace
}  // namespace palermo::casework
