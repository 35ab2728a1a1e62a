#include "node/desk/ledger_compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"

namespace palermo::desk {
namespace {

using Kind = v1::RecordKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using v1::Outcome;

const absl::Time kStart = *ParseInstant("2026-03-02T09:00:00Z");

class LedgerCompareTest : public ::testing::Test {
 protected:
  static LedgerLine Entry(Kind::Code kind, const std::string& message,
                          Outcome::Code outcome = Outcome::ACCEPTED, int minute = 0) {
    return {kind, outcome, kStart + absl::Minutes(minute), message, "REQUEST"};
  }
  std::vector<std::string> Codes() const {
    std::vector<std::string> codes;
    for (const LedgerDifference& one : Compare().differences) {
      codes.push_back(Cat({one.message, " ", one.sent_here ? "to" : "from", " ", one.code}));
      EXPECT_NE(DifferenceText(one), one.code) << "each code has its words";
    }
    return codes;
  }
  LedgerComparison Compare() const {
    return CompareLedgers(here_, there_, kStart, kStart + absl::Hours(1));
  }
  // A message that went and came as it should.
  void Sent(std::vector<LedgerLine>& sender, std::vector<LedgerLine>& receiver,
            const std::string& id) {
    sender.push_back(Entry(Kind::SUBMISSION, id));
    sender.push_back(Entry(Kind::RELAY, id));
    receiver.push_back(Entry(Kind::DELIVERY, id));
  }

  std::vector<LedgerLine> here_, there_;
};

TEST_F(LedgerCompareTest, LedgersThatFitShowNothing) {
  Sent(here_, there_, "aa");
  Sent(there_, here_, "bb");
  here_.push_back(Entry(Kind::RETRIEVAL_NOTED, "aa"));
  there_.push_back(Entry(Kind::RETRIEVAL, "aa"));
  there_.push_back(Entry(Kind::READ, "aa"));
  here_.push_back(Entry(Kind::SUBMISSION, "cc"));
  here_.push_back(Entry(Kind::EXPIRY, "cc", Outcome::EXPIRED));
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_EQ(Compare().messages, 3u);
}

TEST_F(LedgerCompareTest, EachMessageThatDiffersIsOneLineWithItsReason) {
  here_.push_back(Entry(Kind::SUBMISSION, "a1", Outcome::ACCEPTED, 1));
  here_.push_back(Entry(Kind::SUBMISSION, "a2", Outcome::ACCEPTED, 2));
  here_.push_back(Entry(Kind::RELAY, "a2", Outcome::ACCEPTED, 2));
  there_.push_back(Entry(Kind::DELIVERY, "a3", Outcome::ACCEPTED, 3));
  here_.push_back(Entry(Kind::DELIVERY, "a4", Outcome::ACCEPTED, 4));
  here_.push_back(Entry(Kind::SUBMISSION, "a5", Outcome::ACCEPTED, 5));
  here_.push_back(Entry(Kind::RELAY, "a5", Outcome::REJECTED, 5));
  there_.push_back(Entry(Kind::DELIVERY, "a5", Outcome::ACCEPTED, 5));
  here_.push_back(Entry(Kind::SUBMISSION, "a6", Outcome::ACCEPTED, 6));
  there_.push_back(Entry(Kind::DELIVERY, "a6", Outcome::ACCEPTED, 6));
  Sent(there_, here_, "a0");
  here_.push_back(Entry(Kind::RETRIEVAL, "a0"));
  EXPECT_THAT(Codes(), ElementsAre("a0 from RETRIEVAL", "a1 to NOT_DELIVERED",
                                   "a2 to TAKEN_AND_MISSING", "a3 to NEVER_SENT",
                                   "a4 from NEVER_SENT", "a5 to OUTCOME", "a6 to NO_RECEIPT"));
  const LedgerDifference first = Compare().differences[1];
  EXPECT_EQ(first.here, "SUBMISSION 2026-03-02T09:01:00Z");
  EXPECT_EQ(first.there, "");
  EXPECT_EQ(first.act, "REQUEST");
}

TEST_F(LedgerCompareTest, WhatLiesOutsideOfTheFileIsCountedAndNotCompared) {
  here_.push_back(Entry(Kind::SUBMISSION, "aa", Outcome::ACCEPTED, 90));
  EXPECT_THAT(Codes(), IsEmpty());
  EXPECT_EQ(Compare().outside, 1u);
  // Sent before, taken over inside: compared.
  there_.push_back(Entry(Kind::SUBMISSION, "bb", Outcome::ACCEPTED, -5));
  here_.push_back(Entry(Kind::DELIVERY, "bb", Outcome::ACCEPTED, 5));
  EXPECT_THAT(Codes(), ElementsAre("bb from NO_RECEIPT"));
}

std::string Exported(const std::string& actor, const std::string& peer) {
  return Cat({R"([{"entry": 4, "redacted": false, "at": "2026-03-02T09:00:00Z", "kind": "DELIVERY",
      "outcome": "ACCEPTED", "reason": "NONE", "actor": ")",
              actor, R"(", "peers": [")", peer, R"("], "case": "cc", "message": "aa",
      "family": "MLA", "act": "REQUEST", "what": ""},
      {"entry": 5, "redacted": true, "at": null, "kind": "UNSPECIFIED", "outcome": "UNSPECIFIED",
      "reason": "NONE", "actor": "", "peers": [], "case": "", "message": "", "family": "",
      "act": "", "what": ""}])"});
}

TEST(LedgerFile, IsWhatTheListPrintsAndOfTheStateThatIsNamed) {
  const auto file = ParseLedgerFile(Exported("node", "QM"), "f.json", "QT", "QM");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->entries, 2u);
  EXPECT_EQ(file->redacted, 1u);
  ASSERT_EQ(file->lines.size(), 1u);
  EXPECT_EQ(file->lines[0].kind, Kind::DELIVERY);
  EXPECT_EQ(file->lines[0].message, "aa");
  EXPECT_EQ(file->first, kStart);
  const auto code = [](const std::string& json) {
    const auto parsed = ParseLedgerFile(json, "f.json", "QT", "QM");
    return parsed.ok() ? "OK" : CodeOf(parsed.status());
  };
  EXPECT_EQ(code(Exported("QM/central/o-0001", "QM")), "WRONG_LEDGER");
  EXPECT_EQ(code(Exported("QT/central/o-0001", "QX")), "WRONG_LEDGER");
  EXPECT_EQ(code("entry,at,kind"), "BAD_JSON");
  EXPECT_EQ(code("[{\"kind\": \"WHATEVER\", \"peers\": [\"QM\"]}]"), "BAD_JSON");
  EXPECT_THAT(std::string(ParseLedgerFile("[]", "f.json", "QT", "QM").status().message()),
              HasSubstr("palermo audit list --peer QM"));
}

}  // namespace
}  // namespace palermo::desk
