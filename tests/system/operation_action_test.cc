// Three states prepare arrests, decide them, count what came of it, and tell the media what all of
// them agreed to; with real nodes.
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "tests/system/operation_desks.h"

#include <gtest/gtest.h>

namespace palermo::testing {
namespace {

class OperationAction : public ::testing::Test {
 protected:
  void SetUp() override {
    desks_.OpenAll();
    std::string command = "operation new --name LANTERN --quorum 2";
    for (const char* state : {"QM", "QN", "QP"}) {
      command += Cat({" --party ", state, "/central --member ", state,
                      "/central/o-0001=STATE_LEADER:PLAN,TARGETS,ACTION,EVIDENCE"});
    }
    desks_.Write("agreement.json", desks_.Must("QM", command));
    operation_ = FieldOf(
        desks_.Must("QM", Cat({"operation propose ", desks_.Path("agreement.json")})), "operation");
    ASSERT_FALSE(operation_.empty());
    for (const char* state : {"QN", "QP"}) {
      // Another member's signature may come before what it signs.
      Has(state, operation_);
      Record(state, Cat({"operation sign ", operation_}));
    }
    for (const char* state : {"QM", "QN", "QP"}) {
      desks_.Until(state, operation_, "the members", [](desk::JsonReader& json) {
        return NamesOf(json, "members") == std::set<std::string>{"QM", "QN", "QP"};
      });
    }
  }

  std::string Record(const std::string& state, const std::string& command) {
    return FieldOf(desks_.Must(state, command), "record");
  }
  // A form as `palermo operation form` prints it, with some of its text replaced.
  std::string Form(const std::string& kind,
                   const std::vector<std::pair<const char*, std::string>>& changes = {}) {
    std::string text = desks_.Must("QM", Cat({"operation form ", kind}));
    for (const auto& [from, to] : changes) {
      EXPECT_NE(text.find(from), std::string::npos) << kind << ": " << from;
      text = absl::StrReplaceAll(text, {{from, to}});
    }
    desks_.Write(Cat({kind, ".json"}), text);
    return Cat({"operation record ", operation_, " ", desks_.Path(Cat({kind, ".json"}))});
  }
  void Has(const std::string& state, const std::string& record) {
    desks_.Until(state, operation_, "a record", [&](desk::JsonReader& json) {
      for (desk::JsonReader& one : json.Objects("records")) {
        if (one.Text("id") == record) return one.Text("verdict") == "EFFECTIVE";
      }
      return false;
    });
  }
  bool IsGo(const std::string& state, const std::string& timetable) {
    desk::JsonReader json = Parsed(desks_.Must(state, Cat({"operation show ", operation_})));
    for (desk::JsonReader& one : json.Objects("timetables")) {
      if (one.Text("id") == timetable) return one.Raw("go") == "true";
    }
    ADD_FAILURE() << "no such timetable";
    return false;
  }

  OperationDesks desks_{{"QM", "QN", "QP"}, 0};
  std::string operation_;
};

TEST_F(OperationAction, ArrestsStartTogetherAfterGoAndAnAbortStopsThem) {
  const std::string sheet = Record("QM", Form("target"));
  Has("QN", sheet);
  const std::string decision = Record(
      "QM", Cat({"operation decide ", operation_, " --question \"arrests\" --quorum 2 --deadline ",
                 FormatInstant(absl::Now() + absl::Hours(2))}));
  // Their first digits will do.
  const std::string wrong =
      Form("timetable", {{"record id of the decision", decision.substr(0, 12)},
                         {"record id of the target sheet", sheet.substr(0, 12)},
                         {"Etc/UTC", "Asia/Kolkata"}});
  EXPECT_EQ(desks_.Run("QM", wrong).exit, 1) << "a local time of another zone";
  const std::string table =
      Record("QM", Form("timetable", {{"record id of the decision", decision.substr(0, 12)},
                                      {"record id of the target sheet", sheet.substr(0, 12)}}));
  Has("QN", table);
  EXPECT_FALSE(IsGo("QN", table));
  for (const char* state : {"QM", "QN"}) {
    Has(state, table);
    Record(state, Cat({"operation vote ", operation_, " ", decision, " GO"}));
  }
  desks_.Until("QP", operation_, "GO", [](desk::JsonReader& json) {
    auto decisions = json.Objects("decisions");
    return decisions.size() == 1 && decisions[0].Text("outcome") == "GO";
  });
  EXPECT_TRUE(IsGo("QP", table));
  Record("QP", Cat({"operation abort ", operation_, " ", decision, " --reason \"a child\""}));
  EXPECT_FALSE(IsGo("QP", table));
}

// Also a question and a vote are sent in spite of a warning; a second officer approves, and every
// member is shown why.
TEST_F(OperationAction, AQuestionAndAVoteGoInSpiteOfAWarningAndAllSeeWhy) {
  const std::string decide =
      Cat({"operation decide ", operation_, " --question \"take the boy, born 2009-04-17, out?\"",
           " --quorum 2 --deadline ", FormatInstant(absl::Now() + absl::Hours(2))});
  const DeskAnswer warned = desks_.Run("QM", decide);
  EXPECT_EQ(warned.exit, 1) << warned.line;
  EXPECT_NE(warned.line.find("R-HR-14"), std::string::npos) << warned.line;
  EXPECT_EQ(desks_.Run("QM", Cat({decide, " --override R-HR-14=..."})).error, "USAGE");
  EXPECT_EQ(
      desks_.Run("QM", Cat({decide, " --override \"R-HR-14=he is the boy Tomas Vell\""})).error,
      "PERSONAL_DATA");
  const std::string decision =
      Record("QM", Cat({decide, " --override \"R-HR-14=the units must know his age\""}));
  const std::string pending = desks_.As("QM", "o-0002", Cat({"operation pending ", operation_}));
  EXPECT_NE(pending.find("the drafter overrode R-HR-14: the units must know his age"),
            std::string::npos)
      << pending;
  const std::string approved = desks_.As("QM", "o-0002", Cat({"operation approve ", operation_}));
  EXPECT_NE(approved.find("approved, sent"), std::string::npos) << approved;
  for (const char* state : {"QN", "QP"}) {
    Has(state, decision);
    const std::string shown = desks_.Must(state, Cat({"operation show ", operation_}));
    EXPECT_NE(shown.find("the units must know his age"), std::string::npos) << state << shown;
    const std::string whole =
        desks_.Must(state, Cat({"operation show ", operation_, " --record ", decision}));
    EXPECT_NE(whole.find("the units must know his age"), std::string::npos) << state << whole;
  }
  const std::string vote = Cat({"operation vote ", operation_, " ", decision,
                                " GO --reason \"he was born 2009-04-17, not 2010\""});
  EXPECT_EQ(desks_.Run("QN", vote).exit, 1);
  Record("QN", Cat({vote, " --override \"R-HR-14=his age was wrong in the question\""}));
  desks_.As("QN", "o-0002", Cat({"operation approve ", operation_}));
  desks_.Until("QP", operation_, "the vote", [](desk::JsonReader& json) {
    for (desk::JsonReader& one : json.Objects("records")) {
      if (one.Text("kind") != "vote") continue;
      auto why = one.Objects("overridden");
      return why.size() == 1 && why[0].Text("reason") == "his age was wrong in the question";
    }
    return false;
  });
}

TEST_F(OperationAction, WhatHappenedIsCountedAndTheMediaHearWhatAllAgreedTo) {
  Record("QM", Form("force"));
  desks_.Write("searches.json", R"({"operation_record": {"outcome": {"kind": "SEARCH", "n": 2}}})");
  const std::string searches =
      Record("QN", Cat({"operation record ", operation_, " ", desks_.Path("searches.json")}));
  Has("QM", searches);
  const std::string figures = desks_.Must("QM", Cat({"operation statistics ", operation_}));
  desk::JsonReader cells = Parsed(Cat({"{\"cells\": ", figures, "}"}));
  std::map<std::string, std::string> all;
  for (desk::JsonReader& cell : cells.Objects("cells")) {
    if (cell.TextOr("state", "").empty()) all[cell.Text("counter")] = cell.Text("value");
  }
  EXPECT_EQ(all["searches"], "2");
  EXPECT_EQ(all["use_of_force"], "1");
  EXPECT_EQ(all["complaints"], "0") << "what was not found is told";

  desks_.Write("victims.json", R"([{"to": ["QM/central"], "purpose": "VICTIM",
      "persons": [{"ref": "V-1", "name": "Lina ORSAY", "date_of_birth": "1999-04-12"}]}])");
  const std::string scan = Cat({" --identities ", desks_.Path("victims.json")});
  EXPECT_EQ(desks_.Run("QM", Form("media")).exit, 2) << "nobody said what it must not hold";
  const std::string leak = Form("media", {{"Inquiries go on.", "Mrs Orsay, Lina is safe."}});
  EXPECT_EQ(desks_.Run("QM", leak + scan).exit, 1);
  const std::string text = Record("QM", Form("media") + scan);
  const std::string print = Cat({"operation media ", operation_, " ", text});
  EXPECT_EQ(desks_.Run("QM", print).error, "NOT_AGREED");
  for (const char* state : {"QN", "QP"}) {
    Has(state, text);
    Record(state, Cat({"operation consent ", operation_, " ", text, scan}));
  }
  desks_.Until("QM", operation_, "all consents", [](desk::JsonReader& json) {
    auto media = json.Objects("media");
    return media.size() == 1 && media[0].Raw("agreed") == "true";
  });
  EXPECT_NE(desks_.Must("QM", print).find("Inquiries go on"), std::string::npos);

  // Another text is not to be told yet.
  desks_.Write("later.json", Cat({R"({"operation_record": {"media": {"text": "It is over.",
      "language": "en", "embargo_until": ")",
                                  FormatInstant(absl::Now() + absl::Hours(2)), R"("}}})"}));
  const std::string later = Record("QM", Cat({"operation record ", operation_, " ",
                                              desks_.Path("later.json"), " --no-identities"}));
  for (const char* state : {"QN", "QP"}) {
    Has(state, later);
    EXPECT_EQ(desks_.Run(state, Cat({"operation consent ", operation_, " ", later})).exit, 2);
    Record(state, Cat({"operation consent ", operation_, " ", later, " --no-identities"}));
  }
  desks_.Until("QM", operation_, "all consents", [](desk::JsonReader& json) {
    auto media = json.Objects("media");
    return media.size() == 2 && media[1].Raw("agreed") == "true";
  });
  EXPECT_EQ(desks_.Run("QM", Cat({"operation media ", operation_, " ", later})).error, "EMBARGO");
}

}  // namespace
}  // namespace palermo::testing
