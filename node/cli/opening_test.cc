// What a node may say of an opening that it was to enter: an older one, another officer's, none.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/cli/opening_support.h"

namespace palermo::cli {
namespace {

TEST(Opening, IsEnteredOnlyByAReceiptOfThisVeryStatement) {
  v1::CompartmentOpening body;
  body.set_message_id(std::string(32, 'm'));
  body.set_officer("o-0003");
  body.set_compartment(2);
  v1::SignedStatement statement;
  statement.set_statement(body.SerializeAsString());
  v1::Record record;
  record.set_kind(v1::RecordKind::COMPARTMENT_OPENED);
  record.set_message_id(body.message_id());
  record.set_actor(body.officer());
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(statement.statement()))));
  EXPECT_TRUE(CheckEntered(record, statement, body).ok());

  const auto code = [&](auto change) {
    v1::Record other = record;
    change(other);
    return CodeOf(CheckEntered(other, statement, body));
  };
  EXPECT_EQ(code([](v1::Record& r) { r.set_kind(v1::RecordKind::AUDIT_READ); }), "BAD_RECEIPT");
  EXPECT_EQ(code([](v1::Record& r) { r.set_message_id(std::string(32, 'n')); }), "BAD_RECEIPT");
  EXPECT_EQ(code([](v1::Record& r) { r.set_actor("o-0004"); }), "BAD_RECEIPT");
  EXPECT_EQ(code([](v1::Record& r) { r.clear_evidence_sha256(); }), "BAD_RECEIPT");
  // The receipt of an earlier opening of another compartment of the same message.
  body.set_compartment(1);
  EXPECT_EQ(code([&](v1::Record& r) {
              const auto earlier = crypto::Sha256(body.SerializeAsString());
              r.set_evidence_sha256(std::string(AsView(earlier)));
            }),
            "BAD_RECEIPT");
}

TEST(Opening, ARefusalForTheRoleOrTheSecondOfficerNamesItsRule) {
  const absl::Status alone = WithOpeningRule(Refused("TOO_FEW_APPROVALS", "two officers sign"));
  EXPECT_EQ(CodeOf(alone), "TOO_FEW_APPROVALS");
  EXPECT_NE(TextOf(alone).find("R-HR-10"), std::string::npos) << TextOf(alone);
  EXPECT_NE(TextOf(WithOpeningRule(Refused("WRONG_ROLE", "x"))).find("R-HR-10"), std::string::npos);
  EXPECT_EQ(TextOf(WithOpeningRule(Refused("NOT_IN_TIME", "x"))), "x");
  EXPECT_TRUE(WithOpeningRule(absl::OkStatus()).ok());
}

}  // namespace
}  // namespace palermo::cli
