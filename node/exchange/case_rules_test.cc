// Whether an act may come where it comes, by what this node knows of its case.
#include "node/exchange/case_rules.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "node/casework/state_machine.h"
#include "node/exchange/keys.h"
#include "storage/memory_store.h"
#include "tests/support/world.h"

namespace palermo::exchange {
namespace {

using testing::World;

class CaseRulesTest : public ::testing::Test {
 protected:
  CaseRulesTest() {
    entry_.set_acts(1);
    entry_.set_requesting_state("QM");
    entry_.set_requested_state("QT");
    entry_.set_family(v1::Family::MLA);
    v1::StoredMessage request;
    request.set_header(Header(v1::Act::REQUEST, {}).SerializeAsString());
    request.set_state_after(static_cast<uint32_t>(casework::CaseState::kSent));
    tx_.Save(keys::Message(std::string(32, 'r')), request);
  }
  // Of QM to QT, in the case.
  static v1::Header Header(v1::Act::Code act, const std::vector<std::string>& parents) {
    v1::Header header;
    header.set_case_id(std::string(16, 'c'));
    header.set_sender("QM/central");
    header.add_recipients("QT/central");
    header.set_family(v1::Family::MLA);
    header.set_act(act);
    for (const std::string& parent : parents) header.add_parents(parent);
    return header;
  }
  static v1::Header Query() { return Header(v1::Act::STATUS_QUERY, {std::string(32, 'r')}); }
  std::string Judged(const v1::Header& header) {
    return CodeOf(JudgeAct(tx_, entry_, header).status());
  }

  World world_;
  storage::MemoryStore store_;
  Tx tx_{store_, 10, "QT", world_.clock.Now(), world_.View(), world_.random};
  v1::CaseEntry entry_;
};

TEST_F(CaseRulesTest, AnActAfterTheRequestIsLegal) { EXPECT_EQ(Judged(Query()), "OK"); }

TEST_F(CaseRulesTest, ARequestOpensACaseOnceAndFollowsNothing) {
  EXPECT_EQ(Judged(Header(v1::Act::REQUEST, {})), "ILLEGAL_ACT");
  entry_ = {};
  EXPECT_EQ(Judged(Header(v1::Act::REQUEST, {})), "OK");
  EXPECT_EQ(Judged(Header(v1::Act::REQUEST, {std::string(32, 'r')})), "UNKNOWN_PARENT");
  v1::Header two = Header(v1::Act::REQUEST, {});
  two.add_recipients("QV/central");
  EXPECT_EQ(Judged(two), "ILLEGAL_ACT");
}

TEST_F(CaseRulesTest, AnActNeedsItsCaseAndAParentInIt) {
  EXPECT_EQ(Judged(Header(v1::Act::STATUS_QUERY, {})), "UNKNOWN_PARENT");
  EXPECT_EQ(Judged(Header(v1::Act::STATUS_QUERY, {std::string(32, 'x')})), "UNKNOWN_PARENT");
  v1::Header elsewhere = Query();
  elsewhere.set_case_id(std::string(16, 'd'));
  EXPECT_EQ(Judged(elsewhere), "UNKNOWN_PARENT") << "its parent is of another case";
  entry_ = {};
  EXPECT_EQ(Judged(Query()), "UNKNOWN_CASE");
}

TEST_F(CaseRulesTest, AnActThatNeverCountedIsNoParent) {
  v1::StoredMessage request;
  request.set_header(Header(v1::Act::REQUEST, {}).SerializeAsString());
  request.set_void_act(true);
  tx_.Save(keys::Message(std::string(32, 'r')), request);
  EXPECT_EQ(Judged(Query()), "UNKNOWN_PARENT");
}

TEST_F(CaseRulesTest, AnActOfAnotherFamilyOrOfAThirdStateIsRefused) {
  v1::Header family = Query();
  family.set_family(v1::Family::EXTRADITION);
  EXPECT_EQ(Judged(family), "ILLEGAL_ACT");
  v1::Header sender = Query();
  sender.set_sender("QV/central");
  EXPECT_EQ(Judged(sender), "WRONG_SENDER");
  v1::Header recipient = Query();
  recipient.add_recipients("QV/central");
  EXPECT_EQ(Judged(recipient), "WRONG_SENDER");
}

// What bounds a batch.
TEST_F(CaseRulesTest, EveryReadingOfTheWholeCaseIsCounted) {
  Judged(Query());
  EXPECT_EQ(tx_.whole_cases(), 0U) << "its one parent tells where the case stands";
  Judged(Header(v1::Act::STATUS_QUERY, {std::string(32, 'r'), std::string(32, 's')}));
  EXPECT_EQ(tx_.whole_cases(), 1U);
  for (bool held : {true, false}) {
    v1::StoredMessage parent;
    parent.set_header(Query().SerializeAsString());
    parent.set_held(held);
    parent.set_illegal(!held);
    tx_.Save(keys::Message(std::string(32, 'q')), parent);
    Judged(Header(v1::Act::STATUS_QUERY, {std::string(32, 'q')}));
  }
  EXPECT_EQ(tx_.whole_cases(), 3U);
}

TEST_F(CaseRulesTest, ACasesActsAreBounded) {
  entry_.set_acts(limits::kMaxActsPerCase - 1);
  EXPECT_EQ(Judged(Query()), "OK");
  entry_.set_acts(limits::kMaxActsPerCase);
  EXPECT_EQ(Judged(Query()), "TOO_MANY");
}

}  // namespace
}  // namespace palermo::exchange
