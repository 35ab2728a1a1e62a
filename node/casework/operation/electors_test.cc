// Who votes on a decision: members whom the records that it builds on took in. What stands beside
// it, with an id that sorts before, gives nobody a vote.
#include <gtest/gtest.h>

#include <set>

#include "node/casework/operation/test_book.h"

namespace palermo::casework {
namespace {

// The accession names a version that is not in force where the decision is put.
TEST(OperationElectors, AVersionThatComesIntoForceBesideADecisionGivesNoVoteOnIt) {
  std::set<bool> joined;
  for (int turn = 0; turn < 16; ++turn) {
    Book book = Founded({"QM", "QN", "QP"});
    for (int i = 0; i < turn; ++i) book.Say("QM", Report());
    const std::string admission = book.Say("QN", Admission("QT"));
    for (const char* state : {"QM", "QP"}) book.Say(state, Consent(admission));
    v1::OperationRecord version = Agreement({"QM", "QN", "QP"});
    version.mutable_agreement()->set_amends(book.operation);
    version.mutable_agreement()->set_version(2);
    const std::string amendment = book.Say("QN", version);
    book.Say("QM", Consent(amendment));
    const Names early = book.State().heads;
    Names seen = early;
    seen.push_back(book.Add("QT", Accession(admission, amendment), early));
    const std::string d = book.Add("QM", Decision(2), seen);
    book.Add("QP", Consent(amendment), early);
    const bool in = book.State().members.count("QT") == 1;
    joined.insert(in);
    const std::string vote = book.VerdictOf(book.Say("QT", Vote(d, "GO")));
    EXPECT_EQ(vote, in ? "NO_EFFECT" : "NOT_MEMBER") << turn;
  }
  EXPECT_EQ(joined.count(true), 1u) << "it is let in, without a vote on this";
}

// A member that consented has no legal basis with the newcomer, and leaves beside the decision.
TEST(OperationElectors, WhoLeavesBesideADecisionAndStoodInTheWayGivesNoVoteOnIt) {
  std::set<bool> joined;
  for (int turn = 0; turn < 16; ++turn) {
    Book book = Founded({"QM", "QN"});
    for (int i = 0; i < turn; ++i) book.Say("QM", Report());
    v1::OperationRecord proposal = Admission("QT");
    proposal.mutable_admission()->clear_basis();
    for (const char* pair : {"QM-QT", "QN-QT"}) {
      auto& basis = *proposal.mutable_admission()->add_basis();
      basis.set_pair(pair);
      basis.set_basis("UNTOC 19");
    }
    const std::string admission = book.Say("QM", proposal);
    const std::string other = book.Say("QM", Admission("QX"));
    book.Say("QN", Consent(other));
    book.Say("QX", Accession(other, book.operation));
    ASSERT_EQ(book.State().members.count("QX"), 1u);
    for (const char* state : {"QN", "QX"}) book.Say(state, Consent(admission));
    const Names early = book.State().heads;
    Names seen = early;
    seen.push_back(book.Add("QT", Accession(admission, book.operation), early));
    const std::string d = book.Add("QM", Decision(2), seen);
    book.Add("QX", Departure("QX"), early);
    joined.insert(book.State().members.count("QT") == 1);
    EXPECT_EQ(book.VerdictOf(book.Say("QT", Vote(d, "GO"))), "NO_EFFECT") << turn;
  }
  EXPECT_EQ(joined.count(true), 1u) << "it is let in, without a vote on this";
}

}  // namespace
}  // namespace palermo::casework
