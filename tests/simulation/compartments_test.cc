// Openings of sealed compartments at the node: entered each time, by the opener, with two persons.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "node/trust/statement.h"
#include "node/trust/strict.h"
#include "palermo/v1/compartment.pb.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {
namespace {

std::string IdInQt(const std::string& name) { return Cat({"QT/central/", name}); }

class CompartmentOpenings : public ::testing::Test {
 protected:
  CompartmentOpenings() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
    message = sim.Send(sim.world.MakeEnvelope({}));
    sim.Settle();
  }
  v1::SignedStatement Statement(const std::string& id, v1::OpeningReason::Code reason,
                                const std::vector<std::string>& signers,
                                const std::string& operation_record = "") {
    v1::CompartmentOpening body;
    body.set_format(1);
    body.set_message_id(id);
    if (operation_record.empty()) body.set_compartment(1);
    body.set_operation_record(operation_record);
    body.set_authority("QT/central");
    body.set_officer(IdInQt(kDrafter));
    body.set_reason(reason);
    body.set_from_ms(ToMillis(sim.world.clock.Now()));
    body.set_to_ms(body.from_ms() + 3600 * 1000);
    body.set_nonce(sim.world.random.Bytes(16));
    v1::SignedStatement statement;
    statement.set_statement(trust::StrictSerialize(body));
    for (const std::string& name : signers) {
      EXPECT_TRUE(trust::SignStatement(crypto::Purpose::kCompartmentOpening, IdInQt(name),
                                       sim.world.officer(IdInQt(name)).sign, &statement)
                      .ok());
    }
    return statement;
  }
  absl::Status Enter(const std::string& officer, const v1::SignedStatement& statement) {
    v1::EnterOpeningRequest request;
    *request.mutable_statement() = statement;
    std::optional<absl::Status> result;
    sim.node("QT").EnterOpening(sim.CallerOf(officer), request,
                                [&](auto answer) { result = answer.status(); });
    while (!result.has_value() && sim.node("QT").RunOnce() > 0) {
    }
    return result.value_or(absl::InternalError("no answer"));
  }
  std::vector<v1::Record> Openings() {
    std::vector<v1::Record> found;
    for (const v1::Record& record : sim.Ledger("QT")) {
      if (record.kind() == v1::RecordKind::COMPARTMENT_OPENED) found.push_back(record);
    }
    return found;
  }
  int Notices() {
    std::optional<absl::StatusOr<v1::ListNoticesResponse>> result;
    sim.node("QT").ListNotices(sim.CallerOf(IdInQt(kAuditor)), {},
                               [&](auto answer) { result = std::move(answer); });
    while (!result.has_value() && sim.node("QT").RunOnce() > 0) {
    }
    return Value(*std::move(result)).notices_size();
  }

  Simulation sim;
  std::string message;
  static constexpr auto kHearing = v1::OpeningReason::HEARING;
};

TEST_F(CompartmentOpenings, EachIsAnEntryWithWhoWhichAndWhy) {
  const v1::SignedStatement statement = Statement(message, kHearing, {kDrafter, kApprover1});
  EXPECT_TRUE(Enter(IdInQt(kDrafter), statement).ok());
  EXPECT_TRUE(Enter(IdInQt(kDrafter), statement).ok());  // used again: entered again
  const std::vector<v1::Record> openings = Openings();
  ASSERT_EQ(openings.size(), 2u);
  EXPECT_EQ(openings[0].actor(), IdInQt(kDrafter));
  EXPECT_EQ(openings[0].message_id(), message);
  EXPECT_EQ(openings[0].authority(), "QT/central");
  EXPECT_EQ(openings[0].method(), "HEARING compartment 1 signatures 2");
  EXPECT_EQ(Notices(), 0);
}

TEST_F(CompartmentOpenings, AloneOnlyWhenLifeIsInDangerAndTheAuditorsAreTold) {
  EXPECT_EQ(CodeOf(Enter(IdInQt(kDrafter), Statement(message, kHearing, {kDrafter}))),
            "TOO_FEW_APPROVALS");
  EXPECT_TRUE(Openings().empty());
  EXPECT_TRUE(
      Enter(IdInQt(kDrafter), Statement(message, v1::OpeningReason::DANGER_TO_LIFE, {kDrafter}))
          .ok());
  EXPECT_EQ(Openings().size(), 1u);
  EXPECT_EQ(Notices(), 1);
}

TEST_F(CompartmentOpenings, ARecordOfAJointOperationIsNamedInTheEntry) {
  const std::string record(64, 'a');
  EXPECT_EQ(CodeOf(Enter(IdInQt(kDrafter), Statement(message, kHearing, {kDrafter}, record))),
            "TOO_FEW_APPROVALS");
  EXPECT_TRUE(
      Enter(IdInQt(kDrafter), Statement(message, kHearing, {kDrafter, kApprover1}, record)).ok());
  ASSERT_EQ(Openings().size(), 1u);
  EXPECT_EQ(Openings()[0].method(), Cat({"HEARING record ", record, " signatures 2"}));
}

TEST_F(CompartmentOpenings, OnlyTheOpenerBringsIt) {
  const v1::SignedStatement statement = Statement(message, kHearing, {kDrafter, kApprover1});
  EXPECT_EQ(CodeOf(Enter(IdInQt(kApprover1), statement)), "WRONG_SENDER");
  EXPECT_EQ(CodeOf(Enter("QM/central/o-0001", statement)), "UNKNOWN_OFFICER");
  EXPECT_TRUE(Openings().empty());
}

TEST_F(CompartmentOpenings, TheMessageIsOneOfTheAuthoritys) {
  const std::string unknown(32, 'x');
  EXPECT_EQ(CodeOf(Enter(IdInQt(kDrafter), Statement(unknown, kHearing, {kDrafter, kApprover1}))),
            "UNKNOWN_MESSAGE");
}

TEST_F(CompartmentOpenings, ARemovedOfficerOpensNothing) {
  const v1::SignedStatement statement = Statement(message, kHearing, {kDrafter, kApprover1});
  Value(sim.Publish("QT", sim.world.NextDirectory("QT", [](v1::Directory* d) {
    d->mutable_officers()->DeleteSubrange(0, 1);
  })));
  EXPECT_EQ(CodeOf(Enter(IdInQt(kDrafter), statement)), "UNKNOWN_OFFICER");
}

}  // namespace
}  // namespace palermo::testing
