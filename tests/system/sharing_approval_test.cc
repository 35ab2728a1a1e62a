// What waits for an approval is asked about again before it goes: between draft and approval a
// record may have been taken back.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/str_replace.h"
#include "base/bytes.h"
#include "tests/system/case_desks.h"

namespace palermo::testing {
namespace {

constexpr char kForCase[] = " --purpose INVESTIGATION --reason \"case 7\"";

class SharingApproval : public ::testing::Test {
 protected:
  // The id of the draft that waits now.
  std::string Drafted(const std::string& state, const std::string& command) {
    const DeskAnswer answer = desks_.desk(state).Run(command);
    EXPECT_EQ(answer.exit, 0) << command << ": " << answer.line;
    return CaseDesks::Field(answer.out, "message");
  }
  DeskAnswer Approve(const std::string& state, const std::string& id) {
    return desks_.Once(state, "o-0002", Cat({"case approve ", id}));
  }
  void Send(const std::string& state, const std::string& command) {
    const std::string id = Drafted(state, command);
    const DeskAnswer approved = Approve(state, id);
    EXPECT_EQ(approved.exit, 0) << command << ": " << approved.line;
    desks_.WaitDelivered(state, id);
  }
  void Update(const std::string& state) {
    EXPECT_EQ(desks_.desk(state).Run("casebook update --open").exit, 0) << state;
  }
  // Free to go to QM and QT.
  std::string Report(const std::string& name, const std::string& hint = "by sea") {
    const std::string fresh = desks_.Path("fresh.json");
    EXPECT_EQ(std::system(Cat({desks_.palermo(), " route new --to QM/central > ", fresh}).c_str()),
              0);
    std::ifstream in(fresh);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    desks_.Write(
        Cat({name, ".json"}),
        absl::StrReplaceAll(text, {{"R-2026-001", name},
                                   {"then by sea", hint},
                                   {"\"H2\"", "\"H0\""},
                                   {"\"release_states\": [", "\"release_states\": [\"QT\","}}));
    return Cat({"route report ", desks_.Path(Cat({name, ".json"}))});
  }

  CaseDesks desks_{{"QM", "QN", "QT"}, 1};
};

TEST_F(SharingApproval, ADraftThatWaitedDoesNotGoAfterItsRecordWasTakenBack) {
  Send("QN", Report("A-1"));
  Send("QN", Report("A-2"));
  Update("QM");
  const std::string forward = Cat({" --to QT/central", kForCase});
  Send("QM", Cat({"route forward QN:A-1/1", forward}));
  const std::string waits = Drafted("QM", Cat({"route forward QN:A-2/1", forward}));
  const std::string again = Drafted("QN", Cat({Report("A-2"), " "}));

  Send("QN", "route recall A-2/1 --reason \"wrong vessel\"");
  const DeskAnswer unopened = Approve("QM", waits);
  EXPECT_NE(unopened.exit, 0);
  EXPECT_NE(unopened.line.find("UNOPENED"), std::string::npos) << unopened.line;
  Update("QM");
  for (const auto& [state, id] : {std::pair<const char*, std::string>{"QM", waits},
                                  std::pair<const char*, std::string>{"QN", again}}) {
    const DeskAnswer refused = Approve(state, id);
    EXPECT_NE(refused.exit, 0) << state;
    for (const std::string& part :
         {std::string("NOT_RELEASED"), std::string("ALIVE"), Cat({"palermo case drop ", id})}) {
      EXPECT_NE(refused.line.find(part), std::string::npos) << state << part << refused.line;
    }
    EXPECT_EQ(desks_.desk(state).Run(Cat({"case drop ", id})).exit, 0) << state;
  }
  // The free one came, and nothing else.
  EXPECT_EQ(CaseDesks::Field(desks_.desk("QT").Run("casebook update --open").out, "taken"), "1");
}

// Whoever passes the record on is not asked anew, and his approver reads the reason.
TEST_F(SharingApproval, AReasonForATextOfAReportGoesOnWithTheRecord) {
  const std::string report = Report("A-4", "by the skipper, passport P1234567");
  const DeskAnswer told = desks_.desk("QN").Run(report);
  EXPECT_EQ(told.exit, 1) << told.line;
  EXPECT_NE(told.line.find("R-INT-04"), std::string::npos) << told.line;
  Send("QN", Cat({report, " --override \"R-INT-04=he is the organiser\""}));
  Update("QM");
  const std::string waits =
      Drafted("QM", Cat({"route forward QN:A-4/1 --to QT/central", kForCase}));
  const DeskAnswer shown = desks_.Once("QM", "o-0002", Cat({"case show-draft ", waits}));
  EXPECT_NE(shown.line.find("he is the organiser"), std::string::npos) << shown.line;
  EXPECT_NE(shown.out.find("The author in QN overrode R-INT-04: he is the organiser"),
            std::string::npos)
      << shown.out;
  EXPECT_EQ(Approve("QM", waits).exit, 0);
  desks_.WaitDelivered("QM", waits);
  // Whose answer it is goes on with it.
  Update("QT");
  const DeskAnswer got = desks_.desk("QT").Run(Cat({"casebook show QN:A-4/1", kForCase}));
  const std::string said = absl::StrReplaceAll(got.out, {{"\": \"", "\":\""}});
  EXPECT_NE(said.find("\"state\":\"QN\"", said.find("\"overridden\"")), std::string::npos)
      << got.out;
}

// Each state that recalls gets one answer: who drafts a second one is told of the first.
TEST_F(SharingApproval, ARecallIsAnsweredOnce) {
  Send("QN", Report("A-5"));
  Update("QM");
  Send("QN", "route recall A-5/1 --reason \"wrong vessel\"");
  const DeskAnswer asked = desks_.desk("QM").Run("casebook update --open");
  ASSERT_NE(asked.out.find("asked"), std::string::npos) << asked.out;
  const std::string recall = CaseDesks::Field(asked.out.substr(asked.out.find("asked")), "message");
  const auto answer = [&](const std::string& words) {
    return desks_.desk("QM").Run(Cat({"route answer ", recall, " --outcome ", words}));
  };
  const std::string first = Drafted(
      "QM", Cat({"route answer ", recall, " --outcome KEPT_UNDER_HOLD --hold \"order 3\""}));
  for (const char* words : {"PURGED", "KEPT_UNDER_HOLD --hold \"order 3\""}) {
    const DeskAnswer second = answer(words);
    EXPECT_EQ(second.error, "DRAFT_WAITS") << second.line;
    EXPECT_NE(second.line.find(first), std::string::npos) << second.line;
    EXPECT_NE(second.line.find("KEPT_UNDER_HOLD"), std::string::npos) << second.line;
  }
  EXPECT_EQ(desks_.desk("QM").Run(Cat({"case drop ", first})).exit, 0);
  const auto send = [&](const std::string& words) {
    const std::string id = Drafted("QM", Cat({"route answer ", recall, " --outcome ", words}));
    EXPECT_EQ(Approve("QM", id).exit, 0);
    desks_.WaitDelivered("QM", id);
    Update("QM");
    return id;
  };
  const std::string held = send("KEPT_UNDER_HOLD --hold \"order 3\"");
  const DeskAnswer same = answer("KEPT_UNDER_HOLD --hold \"order 3\"");
  EXPECT_EQ(same.error, "ALREADY_ANSWERED") << same.line;
  EXPECT_NE(same.line.find(held), std::string::npos) << same.line;
  // When the order has ended.
  const std::string purged = send("PURGED");
  for (const char* words : {"PURGED", "KEPT_UNDER_HOLD --hold \"order 4\""}) {
    const DeskAnswer again = answer(words);
    EXPECT_EQ(again.error, "ALREADY_ANSWERED") << again.line;
    EXPECT_NE(again.line.find(purged), std::string::npos) << again.line;
  }
}

// One state that cannot be sent to stops no other; the same command again reaches nobody twice,
// also while what goes to the others waits for its approval.
TEST_F(SharingApproval, ARecallThatCannotGoToOneStateGoesToTheOthers) {
  Send("QN", Report("A-3"));
  const std::string recall = "route recall A-3/1 --reason \"wrong vessel\"";
  const std::string also = Cat({recall, " --to QA/central"});  // nobody knows QA
  const DeskAnswer first = desks_.desk("QN").Run(also);
  EXPECT_EQ(first.exit, 1) << first.line;
  EXPECT_TRUE(IsJsonAlone(first)) << first.line;
  EXPECT_NE(first.out.find("\"state\": \"QA\""), std::string::npos) << first.line;
  const std::string id = CaseDesks::Field(first.out, "message");
  EXPECT_EQ(id.size(), 64u) << first.line;
  EXPECT_EQ(desks_.desk("QN").Run(recall).error, "ALL_TOLD");
  const DeskAnswer second = desks_.desk("QN").Run(also);
  EXPECT_NE(second.exit, 0) << second.line;
  EXPECT_EQ(CaseDesks::Field(second.out, "message"), "") << second.line;
  EXPECT_EQ(Approve("QN", id).exit, 0);
  desks_.WaitDelivered("QN", id);
  EXPECT_EQ(desks_.desk("QN").Run(recall).error, "ALL_TOLD");
  Update("QM");
  const DeskAnswer gone = desks_.desk("QM").Run(Cat({"casebook show QN:A-3/1", kForCase}));
  EXPECT_EQ(gone.error, "UNKNOWN_RECORD") << gone.line;
}

// Its id was printed in another state alone. What is drafted and not sent answers nothing.
TEST_F(SharingApproval, WhoIsAskedIsToldUntilTheAnswerWent) {
  const auto lists = [&](const std::string& state, const std::string& command) {
    std::string told;
    for (const char* list : {"casebook pending", "case list"}) {
      const DeskAnswer answer = desks_.desk(state).Run(list);
      EXPECT_EQ(answer.exit, 0) << answer.line;
      if (answer.out.find(command) != std::string::npos) told += Cat({list, ", "});
    }
    return told;
  };
  Send("QN", Report("A-4"));
  Update("QM");
  Send("QM", "route ask QN:A-4/1 --to-state QT --purpose PROSECUTION --reason \"same vessel\"");
  const std::string answer = "palermo route consent ";
  const DeskAnswer asked = desks_.desk("QN").Run("casebook update --open");
  ASSERT_NE(asked.out.find(answer), std::string::npos) << asked.out;
  const std::string question =
      CaseDesks::Field(asked.out.substr(asked.out.find("asked")), "message");
  EXPECT_EQ(lists("QN", Cat({answer, question})), "casebook pending, case list, ");
  const DeskAnswer drafted =
      desks_.desk("QN").Run(Cat({"route consent ", question, " --decision DENY"}));
  EXPECT_EQ(drafted.exit, 0) << drafted.line;
  Update("QN");
  EXPECT_EQ(lists("QN", Cat({answer, question})), "casebook pending, case list, ");
  EXPECT_EQ(Approve("QN", CaseDesks::Field(drafted.out, "message")).exit, 0);
  Update("QN");
  EXPECT_EQ(lists("QN", Cat({answer, question})), "");

  Send("QN", "route recall A-4/1 --reason \"wrong vessel\" --answer-by 2030-03-10");
  Update("QM");
  EXPECT_EQ(lists("QM", "--outcome PURGED"), "casebook pending, case list, ");
  EXPECT_EQ(lists("QM", "2030-03-10T23:59:59Z"), "casebook pending, case list, ") << "its day";
}

}  // namespace
}  // namespace palermo::testing
