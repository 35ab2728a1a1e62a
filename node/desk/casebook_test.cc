#include "node/desk/casebook.h"

#include <gtest/gtest.h>

#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class CasebookTest : public ::testing::Test {
 protected:
  Hash Add(const testing::EnvelopeSpec& spec, const std::string& own_state) {
    v1::Envelope envelope = world_.MakeEnvelope(spec);
    Hash id = Value(trust::ParseEnvelope(envelope)).message_id;
    v1::MessageSummary summary;
    summary.set_message_id(std::string(AsView(id)));
    summary.set_header(envelope.header());
    summary.set_incoming(spec.from.substr(0, 2) != own_state);
    summary.set_recorded_at_ms(ToMillis(world_.clock.Now()));
    messages_.push_back(summary);
    world_.clock.Advance(absl::Seconds(1));
    return id;
  }

  World world_;
  std::string case_ = std::string(16, 'c');
  std::vector<v1::MessageSummary> messages_;
};

TEST_F(CasebookTest, ACaseStandsWhereItsActsLeadIt) {
  Hash request = Add({.case_id = case_}, "QM");
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {request}},
      "QM");
  auto cases = BuildCases(messages_, "QM", world_.clock.Now());
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].own_side, casework::Side::kRequesting);
  EXPECT_EQ(cases[0].history.final.state, casework::CaseState::kReceived);
  EXPECT_EQ(cases[0].requested, "QT/central");
  ASSERT_EQ(cases[0].waits_for_us.size(), 1u);
  EXPECT_NE(cases[0].waits_for_us[0].find("open ACKNOWLEDGEMENT"), std::string::npos);
}

TEST_F(CasebookTest, AnActWithoutItsParentWaits) {
  Hash missing{};
  missing[0] = 7;
  Add({.from = "QT/central",
       .to = {"QM/central"},
       .act = v1::Act::ACKNOWLEDGEMENT,
       .case_id = case_,
       .parents = {missing}},
      "QM");
  auto cases = BuildCases(messages_, "QM", world_.clock.Now());
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_FALSE(cases[0].acts[0].in_history);
  EXPECT_EQ(cases[0].requesting, "QM/central");
}

}  // namespace
}  // namespace palermo::desk
