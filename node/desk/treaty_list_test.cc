#include "node/desk/treaty_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/treaty_csv.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string Csv(const char* qt) {
  return casework::TreatyListTemplate() + "PARTY,UNTOC,QM,RATIFIED,2004-01-10\n" +
         "PARTY,UNTOC,QT," + qt + "\n";
}

// A view in which the directory of `state` carries `csv`.
trust::TrustPtr With(testing::World& world, trust::TrustPtr view, const std::string& state,
                     const std::string& csv) {
  v1::Directory next;
  EXPECT_TRUE(next.ParseFromString(world.state(state).directory.document()));
  next.set_treaty_list(csv);
  const auto document = world.SignDirectory(state, next);
  trust::StateView known = *view->Find(state);
  auto verified = trust::VerifyDirectory(document, *known.charter, nullptr);
  EXPECT_TRUE(verified.ok()) << verified.status();
  known.directory = std::make_shared<trust::DirectoryIndex>(*std::move(verified));
  return view->WithState(state, known);
}

class TreatyListTest : public ::testing::Test {
 protected:
  TreatyListTest() {
    body_ = casework::TemplateFor(v1::Act::REQUEST);
    body_.mutable_request()->mutable_basis()->set_instrument("UNTOC");
    context_.act = v1::Act::REQUEST;
    context_.requesting_state = "QM";
    context_.requested_state = "QT";
    context_.now_iso8601_date = "2026-03-02";
  }
  // The request as it stands after the sender's desk has computed.
  v1::Request Sent(const trust::TrustPtr& view) {
    Law law(view.get(), "QM");
    law.Fill("QM/central", "QT/central", context_);
    law.StoreBasis(context_, body_);
    return body_.request();
  }

  testing::World world_;
  v1::CaseBody body_;
  casework::CheckContext context_;
};

TEST_F(TreatyListTest, WithoutAListNothingIsStoredAndThatIsTold) {
  EXPECT_EQ(CodeOf(ListOf(*world_.View(), "QM").status()), "NO_LIST");
  EXPECT_FALSE(Sent(world_.View()).basis().has_computed());
  EXPECT_TRUE(context_.wants_treaty_list);
  EXPECT_EQ(context_.treaties, nullptr);
  Law nothing(nullptr, "QM");
  EXPECT_EQ(CodeOf(nothing.why_none()), "NO_LIST");
}

TEST_F(TreatyListTest, TheRequestKeepsTheAnswerItsListAndTheVersion) {
  const auto view = With(world_, world_.View(), "QM", Csv("RATIFIED,2004-01-10"));
  const v1::BasisAnswer computed = Sent(view).basis().computed();
  EXPECT_EQ(computed.governing_instrument(), "UNTOC");
  EXPECT_EQ(computed.list_state(), "QM");
  EXPECT_EQ(computed.directory_version(), 1u);
  EXPECT_EQ(computed.status_list_sha256().size(), 64u);
}

TEST_F(TreatyListTest, TheReceiverComputesAgainAndShowsADifference) {
  auto view = With(world_, world_.View(), "QM", Csv("RATIFIED,2004-01-10"));
  const v1::Request request = Sent(view);
  EXPECT_FALSE(CheckBasis(*view, "QT", request).differs);  // it has no list of its own
  view = With(world_, view, "QT", Csv("RATIFIED,2004-01-10"));
  EXPECT_FALSE(CheckBasis(*view, "QT", request).differs);
  view = With(world_, view, "QT", Csv("SIGNED"));
  const BasisReport report = CheckBasis(*view, "QT", request);
  EXPECT_TRUE(report.differs);
  EXPECT_THAT(report.lines, Contains(HasSubstr("the list of QT gives none")));
}

TEST_F(TreatyListTest, AnAnswerThatTheSendersOwnListDoesNotGiveIsADifference) {
  const auto view = With(world_, world_.View(), "QM", Csv("RATIFIED,2004-01-10"));
  v1::Request request = Sent(view);
  request.mutable_basis()->mutable_computed()->set_governing_instrument("UNCAC");
  EXPECT_TRUE(CheckBasis(*view, "QT", request).differs);
}

TEST_F(TreatyListTest, AListThatCannotBeReadIsNoList) {
  const auto view = With(world_, world_.View(), "QM", "NONSENSE\n");
  EXPECT_EQ(CodeOf(ListOf(*view, "QM").status()), "BAD_CSV");
  EXPECT_FALSE(Sent(view).basis().has_computed());
}

}  // namespace
}  // namespace palermo::desk
