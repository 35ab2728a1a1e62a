// What an auditor sees: each access is an entry, refusals name what they refused, and a filter
// takes what it names and nothing else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "base/status.h"
#include "node/trust/envelope.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::ResultOf;
using ::testing::SizeIs;
using Kind = v1::RecordKind;

constexpr char kDrafter[] = "QM/central/o-0001";
constexpr char kReader[] = "QT/central/o-0001";
constexpr char kAuditorOfQt[] = "QT/central/o-0004";

class AuditTest : public ::testing::Test {
 protected:
  AuditTest() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
    envelope = sim.world.MakeEnvelope({});
    id = sim.Send(envelope);
    sim.Settle();
  }
  std::vector<v1::Record> Of(Kind::Code kind, const std::string& state = "QT") {
    v1::AuditFilter filter;
    filter.add_kinds(kind);
    return sim.Ledger(state, filter);
  }

  Simulation sim;
  v1::Envelope envelope;
  std::string id;
};

TEST_F(AuditTest, ReadingAMessageIsAnEntryOfItsReader) {
  EXPECT_THAT(Of(Kind::READ), IsEmpty());
  Value(sim.Fetch(kReader, id));
  std::vector<v1::Record> read = Of(Kind::READ);
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].actor(), kReader);
  EXPECT_EQ(read[0].message_id(), id);
  Value(sim.Fetch(kReader, id));
  EXPECT_THAT(Of(Kind::READ), SizeIs(2));
}

TEST_F(AuditTest, ReadingForAPurposeKeepsThePurposeAndNoOtherWord) {
  Value(sim.Fetch(kReader, id, "INVESTIGATION"));
  std::vector<v1::Record> read = Of(Kind::READ);
  ASSERT_THAT(read, SizeIs(1));
  EXPECT_EQ(read[0].method(), "INVESTIGATION");
  // A name in this place would stand in the ledger for good.
  EXPECT_EQ(CodeOf(sim.Fetch(kReader, id, "because of A. Sample").status()), "BAD_STATEMENT");
  EXPECT_THAT(Of(Kind::READ), SizeIs(1));
  const std::vector<v1::Record> refused = Of(Kind::REFUSED_CALL);
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].method(), "FetchMessage");
  // Whoever reads what was done in a case finds what was refused in it.
  EXPECT_EQ(refused[0].case_id(), read[0].case_id());
  EXPECT_EQ(refused[0].act(), v1::Act::REQUEST);
  EXPECT_EQ(refused[0].family(), read[0].family());
}

TEST_F(AuditTest, ReadingTheLedgerIsAnEntryOfTheAuditor) {
  size_t before = Of(Kind::AUDIT_READ).size();
  std::vector<v1::Record> audits = Of(Kind::AUDIT_READ);
  ASSERT_THAT(audits, SizeIs(before + 1));
  EXPECT_EQ(audits.back().actor(), kAuditorOfQt);
}

TEST_F(AuditTest, ARefusedDraftsEntryNamesItsMessage) {
  EnvelopeSpec spec;
  spec.life = absl::Hours(1);
  v1::Envelope late = sim.world.MakeEnvelope(spec);
  sim.world.clock.Advance(absl::Hours(2));
  EXPECT_EQ(CodeOf(sim.Submit(late, kDrafter).status()), "EXPIRED");
  std::vector<v1::Record> refused = Of(Kind::REFUSED_CALL, "QM");
  ASSERT_THAT(refused, SizeIs(1));
  EXPECT_EQ(refused[0].actor(), kDrafter);
  EXPECT_EQ(refused[0].reason(), v1::Reason::EXPIRED);
  EXPECT_EQ(refused[0].message_id(), AsView(Value(trust::ParseEnvelope(late)).message_id));
}

TEST_F(AuditTest, AFilterTakesWhatItNamesAndNothingElse) {
  // A second case an hour later, and a reader.
  absl::Time later = sim.world.clock.Now() + absl::Hours(1);
  sim.world.clock.Advance(absl::Hours(1));
  v1::Envelope second = sim.world.MakeEnvelope({});
  std::string second_id = sim.Send(second);
  sim.Settle();
  Value(sim.Fetch(kReader, second_id));
  std::vector<v1::Record> all = sim.Ledger("QT");

  v1::AuditFilter by_case;
  by_case.set_case_id(Value(trust::ParseEnvelope(second)).header.case_id());
  std::vector<v1::Record> found = sim.Ledger("QT", by_case);
  EXPECT_FALSE(found.empty());
  EXPECT_THAT(found, Each(Property(&v1::Record::case_id, by_case.case_id())));
  auto is_second = [&](const v1::Record& one) { return one.case_id() == by_case.case_id(); };
  // This reading itself is an entry about the case too.
  EXPECT_EQ(found.back().kind(), Kind::AUDIT_READ);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), is_second) + 1,
            static_cast<int64_t>(found.size()));

  v1::AuditFilter by_time;
  by_time.set_from_ms(ToMillis(later));
  EXPECT_THAT(sim.Ledger("QT", by_time),
              Each(ResultOf([](const v1::Record& one) { return one.at_ms(); },
                            ::testing::Ge(ToMillis(later)))));
  v1::AuditFilter until;
  until.set_to_ms(ToMillis(later));
  found = sim.Ledger("QT", until);
  EXPECT_FALSE(found.empty());
  EXPECT_THAT(found, Each(ResultOf([](const v1::Record& one) { return one.at_ms(); },
                                   ::testing::Lt(ToMillis(later)))));

  v1::AuditFilter by_officer;
  by_officer.set_officer(kReader);
  found = sim.Ledger("QT", by_officer);
  EXPECT_FALSE(found.empty());
  EXPECT_THAT(found, Each(Property(&v1::Record::actor, kReader)));

  v1::AuditFilter by_peer;
  by_peer.set_peer("QM");
  EXPECT_FALSE(sim.Ledger("QT", by_peer).empty());
  by_peer.set_peer("QX");
  EXPECT_THAT(sim.Ledger("QT", by_peer), IsEmpty());

  v1::AuditFilter by_outcome;
  by_outcome.add_outcomes(v1::Outcome::REJECTED);
  EXPECT_THAT(sim.Ledger("QT", by_outcome), IsEmpty());
  EXPECT_EQ(CodeOf(sim.Fetch(kReader, std::string(32, 'x')).status()), "UNKNOWN_MESSAGE");
  EXPECT_THAT(sim.Ledger("QT", by_outcome), SizeIs(1));

  // Both must hold.
  by_case.set_officer(kReader);
  EXPECT_THAT(sim.Ledger("QT", by_case), Each(Property(&v1::Record::actor, kReader)));
}

}  // namespace
}  // namespace palermo::testing
