// Route intelligence between three states with real nodes: a report, the same vessel found in the
// casebook, consent, forwarding, recall and every answer; a rescue alert; a casebook made anew.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "tests/system/case_desks.h"

namespace palermo::testing {

CaseDesks& Desks() {
  static CaseDesks desks({"QM", "QN", "QT"});
  return desks;
}

namespace {

constexpr char kAsking[] = " --purpose INVESTIGATION --reason \"case 7\"";

// Three states: QN writes, QM holds, QT knows the same vessel.
class Sharing : public ::testing::Test {
 protected:
  DeskAnswer Run(const std::string& state, const std::string& command) {
    const DeskAnswer answer = desks_->desk(state).Run(command);
    EXPECT_TRUE(IsJsonAlone(answer)) << command << ": " << answer.line;
    return answer;
  }
  // The answer's text.
  std::string Must(const std::string& state, const std::string& command) {
    const DeskAnswer answer = Run(state, command);
    EXPECT_EQ(answer.exit, 0) << state << ": " << command << ": " << answer.line;
    return answer.out;
  }
  // Sends, waits until it is there, and lets the desks of `to` take it, if `take`.
  std::string Send(const std::string& state, const std::string& command,
                   const std::vector<std::string>& to, bool take = true) {
    const std::string out = Must(state, command);
    const std::string id = CaseDesks::Field(out, "message");
    EXPECT_EQ(id.size(), 64u) << command;
    // To each state a message of its own.
    size_t messages = 0;
    for (size_t at = out.find("\"message\":"); at != std::string::npos;
         at = out.find("\"message\":", at + 1)) {
      last_[to.at(messages)] = CaseDesks::Field(out.substr(at), "message");
      desks_->WaitDelivered(state, last_[to[messages++]]);
    }
    EXPECT_EQ(messages, to.size()) << out;
    for (const std::string& desk : to) {
      if (take) Must(desk, "casebook update --open");
    }
    Must(state, "casebook update");
    return id;
  }
  // A report of its own, as `route new` prints it, with changes.
  std::string Draft(const std::string& name, const std::string& originator, const std::string& to,
                    std::vector<std::pair<std::string, std::string>> changes) {
    const std::string command = Cat({desks_->palermo(), " route new --state ", originator, " --to ",
                                     to, "/central > ", desks_->Path("fresh.json")});
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(desks_->Path("fresh.json"));
    const std::string fresh{std::istreambuf_iterator<char>(in), {}};
    changes.emplace_back("R-2026-001", name);
    desks_->Write(Cat({name, ".json"}), absl::StrReplaceAll(fresh, changes));
    return desks_->Path(Cat({name, ".json"}));
  }
  // The label names QM alone; that QT may have it, the consent in its casebook says.
  void ExpectOpenedByConsent() {
    const std::string open = Cat({"case open ", last_["QT"]});
    EXPECT_EQ(Run("QT", Cat({open, " --purpose PROSECUTION"})).error, "NOT_RELEASED");
    EXPECT_NE(Must("QT", Cat({open, kAsking})).find("hidden compartment"), std::string::npos);
  }
  std::string ShowCode(const std::string& state, const std::string& record) {
    const DeskAnswer answer = Run(state, Cat({"casebook show ", record, kAsking}));
    return answer.exit == 0 ? "OK" : answer.error;
  }

  CaseDesks* const desks_ = &Desks();
  std::map<std::string, std::string> last_;  // by receiving state
};

// An order keeps what was to be deleted; it stands beside the file, so that nobody asks why.
TEST_F(Sharing, WhatWasToBeDeletedIsPrintedByAnOrderThatIsShown) {
  const absl::Time end = absl::Now() + absl::Seconds(20);
  const std::string label =
      Cat({"\"tlp\": \"AMBER\", \"delete_by\": \"", FormatInstant(end), "\""});
  Send("QN", Cat({"route report ", Draft("N-9", "QN", "QM", {{"\"tlp\": \"AMBER\"", label}})}),
       {"QM"});
  const std::string print =
      Cat({"case print ", last_["QM"], " --out ", desks_->Path("held.pdf"), kAsking});
  const std::string open = Cat({"case open ", last_["QM"], kAsking});
  EXPECT_NE(Must("QM", open).find("hidden compartment"), std::string::npos);
  while (absl::Now() <= end) absl::SleepFor(absl::Milliseconds(100));
  EXPECT_EQ(Run("QM", print).error, "NOT_RELEASED");
  EXPECT_EQ(Run("QM", open).error, "NOT_RELEASED") << "its day of deletion is over";
  EXPECT_EQ(Run("QM", Cat({"case print ", last_["QM"], " --out ", desks_->Path("held.pdf"),
                           " --purpose PROSECUTION --reason x --hold \"order 3\""}))
                .error,
            "NOT_RELEASED")
      << "an order changes no purpose";
  EXPECT_NE(Must("QM", Cat({print, " --hold \"order 3\""})).find("order 3"), std::string::npos);
}

TEST_F(Sharing, AReportIsFoundAskedAboutPassedOnRecalledAndAnsweredByAll) {
  // QN reports to QM; QT reports the same vessel to QM.
  Send("QN", Cat({"route report ", Draft("N-1", "QN", "QM", {})}), {"QM"});
  const std::string brought = last_["QM"];
  EXPECT_NE(Must("QM", Cat({"case open ", brought})).find("hidden compartment"), std::string::npos);
  Send("QT", Cat({"route report ", Draft("T-1", "QT", "QM", {})}), {"QM"});
  EXPECT_EQ(ShowCode("QM", "QN:N-1/1"), "OK");
  // On paper it goes for what its label lets it, with a reason.
  const std::string print = Cat({"case print ", brought, " --out ", desks_->Path("report.pdf")});
  EXPECT_EQ(Run("QM", print).exit, 2) << "nobody said what for";
  EXPECT_EQ(Run("QM", Cat({print, " --purpose PROSECUTION --reason x"})).error, "NOT_RELEASED");
  EXPECT_EQ(Run("QM", Cat({print, " --purpose INVESTIGATION"})).error, "NOT_RELEASED");
  Must("QM", Cat({print, kAsking}));
  const std::string match = Must("QM", Cat({"casebook match QN:N-1/1", kAsking}));
  EXPECT_NE(match.find("IMO:2000107"), std::string::npos) << match;
  EXPECT_NE(match.find("T-1/1"), std::string::npos) << match;
  EXPECT_NE(Must("QM", Cat({"casebook search --identifier IMO:2000107", kAsking})).find("T-1/1"),
            std::string::npos);
  EXPECT_EQ(Must("QT", Cat({"casebook search hidden compartment", kAsking})).find("N-1/1"),
            std::string::npos);

  // Without the originator's consent it goes nowhere.
  const std::string forward = Cat({"route forward QN:N-1/1 --to QT/central", kAsking});
  EXPECT_EQ(Run("QM", forward).error, "NOT_RELEASED");
  const std::string ask = Send(
      "QM", "route ask QN:N-1/1 --to-state QT --purpose INVESTIGATION --reason \"same vessel\"",
      {"QN"});
  EXPECT_EQ(Run("QM", Cat({"route consent ", ask, " --decision GRANT"})).error, "UNKNOWN_RECORD");
  Send("QN", Cat({"route consent ", ask, " --decision GRANT"}), {"QM", "QT"});
  EXPECT_EQ(ShowCode("QT", "QN:N-1/1"), "UNKNOWN_RECORD") << "a consent alone carries nothing";
  Send("QM", forward, {"QT"}, false);
  ExpectOpenedByConsent();
  Must("QT", "casebook update --open");
  EXPECT_EQ(ShowCode("QT", "QN:N-1/1"), "OK");
  EXPECT_NE(Must("QT", Cat({"route list", kAsking})).find("N-1/1"), std::string::npos);
  EXPECT_EQ(Run("QT", Cat({"casebook show QN:N-1/1 --purpose PROSECUTION --reason x"})).error,
            "UNKNOWN_RECORD");

  // The originator takes it back; nobody else can.
  EXPECT_EQ(Run("QM", "route recall QN:N-1/1 --reason x").error, "NOT_ORIGINATOR");
  Send("QN", "route recall N-1/1 --reason \"wrong vessel\"", {"QM", "QT"});
  const std::string at_qm = last_["QM"], at_qt = last_["QT"];
  // Nor as the message that brought it.
  const std::string shown = Must("QM", Cat({"case open ", brought}));
  EXPECT_EQ(shown.find("hidden compartment"), std::string::npos) << shown;
  EXPECT_NE(shown.find(Cat({"RECALLED by its originator, message ", at_qm})), std::string::npos)
      << shown;
  // On paper only that it was taken back, and nobody is asked what for.
  Must("QM", Cat({"case print ", brought, " --out ", desks_->Path("recalled.pdf")}));
  EXPECT_LT(std::filesystem::file_size(desks_->Path("recalled.pdf")),
            std::filesystem::file_size(desks_->Path("report.pdf")));
  for (const char* state : {"QM", "QT", "QN"}) {
    EXPECT_EQ(ShowCode(state, "QN:N-1/1"), "UNKNOWN_RECORD") << state;
  }
  const DeskAnswer open = Run("QN", Cat({"route history N-1/1", kAsking}));
  EXPECT_EQ(open.exit, 1);
  EXPECT_NE(open.out.find("\"unanswered\": [\"QM\",\"QT\"]"), std::string::npos) << open.out;
  EXPECT_EQ(Run("QM", Cat({"route answer ", at_qm, " --outcome NEVER_HELD"})).error, "WRONG_STATE");
  Send("QM", Cat({"route answer ", at_qm, " --outcome PURGED"}), {"QN"});
  Send("QT", Cat({"route answer ", at_qt, " --outcome KEPT_UNDER_HOLD --hold \"court order 3\""}),
       {"QN"});
  const std::string closed = Must("QN", Cat({"route history N-1/1", kAsking}));
  EXPECT_NE(closed.find("\"unanswered\": []"), std::string::npos) << closed;
  EXPECT_NE(closed.find("PURGED"), std::string::npos);
  EXPECT_NE(closed.find("KEPT_UNDER_HOLD"), std::string::npos);
  const std::string history = Must("QM", Cat({"route history QN:N-1/1", kAsking}));
  // It opened the report itself, with the first update.
  EXPECT_NE(history.find("\"opened_after\": \""), std::string::npos) << history;
  EXPECT_NE(history.find("\"purged\": true"), std::string::npos) << history;
}

// Whom the release list names may get it without a question; the originator hears of it from who
// passed it on.
TEST_F(Sharing, ARecallReachesWhoGotTheRecordFromAnotherState) {
  Send("QN",
       Cat({"route report ", Draft("N-11", "QN", "QM",
                                   {{"\"H2\"", "\"H0\""},
                                    {"\"release_states\": [", "\"release_states\": [\"QT\","}})}),
       {"QM"});
  Send("QM", Cat({"route forward QN:N-11/1 --to QT/central", kAsking}), {"QT"});
  EXPECT_EQ(ShowCode("QT", "QN:N-11/1"), "OK");
  Send("QN", "route recall N-11/1 --reason x", {"QM"});
  const std::string at_qm = last_["QM"];
  EXPECT_NE(Run("QM", Cat({"casebook show QN:N-11/1", kAsking})).line.find("route history QN:"),
            std::string::npos);
  EXPECT_EQ(Run("QM", Cat({"route answer ", at_qm, " --outcome REPLACED"})).error, "WRONG_STATE")
      << "nothing replaced it";
  Send("QM", Cat({"route answer ", at_qm, " --outcome PURGED"}), {"QN"});
  EXPECT_EQ(ShowCode("QT", "QN:N-11/1"), "OK") << "nobody has told it yet";
  const DeskAnswer open = Run("QN", Cat({"route history N-11/1", kAsking}));
  EXPECT_EQ(open.exit, 1);
  EXPECT_NE(open.out.find("\"unanswered\": [\"QT\"]"), std::string::npos) << open.out;
  // Just who was not told yet.
  Send("QN", "route recall N-11/1 --reason x", {"QT"});
  EXPECT_EQ(ShowCode("QT", "QN:N-11/1"), "UNKNOWN_RECORD");
  EXPECT_EQ(Run("QN", "route recall N-11/1 --reason x").error, "ALL_TOLD");
  Send("QN", "route recall N-11/1 --reason x --again", {"QT"});
  Send("QT", Cat({"route answer ", last_["QT"], " --outcome PURGED"}), {"QN"});
  EXPECT_EQ(Run("QN", Cat({"route history N-11/1", kAsking})).exit, 0);
}

TEST_F(Sharing, AConsentThatIsTakenBackEndsAtTheNewStateToo) {
  // H2: also where the release list names it.
  Send("QN",
       Cat({"route report ", Draft("N-12", "QN", "QM",
                                   {{"\"release_states\": [", "\"release_states\": [\"QT\","}})}),
       {"QM"});
  const std::string forward = Cat({"route forward QN:N-12/1 --to QT/central", kAsking});
  EXPECT_EQ(Run("QM", forward).error, "NOT_RELEASED");
  Send("QN", Cat({"route report ", Draft("N-13", "QN", "QM", {})}), {"QM"});
  const std::string ask =
      Send("QM", "route ask QN:N-13/1 --to-state QT --purpose INVESTIGATION --reason x", {"QN"});
  Send("QN", Cat({"route consent ", ask, " --decision GRANT"}), {"QM", "QT"});
  Send("QM", Cat({"route forward QN:N-13/1 --to QT/central", kAsking}), {"QT"});
  EXPECT_EQ(ShowCode("QT", "QN:N-13/1"), "OK");
  Send("QN", Cat({"route consent ", ask, " --decision DENY"}), {"QM", "QT"});
  EXPECT_EQ(ShowCode("QT", "QN:N-13/1"), "UNKNOWN_RECORD");
}

// What names one officer stays closed for another, and in the inbox of who is named.
TEST_F(Sharing, AnUpdateOpensWhatTheLabelLetsThisOfficerOpen) {
  Send("QN", Cat({"route report ", Draft("N-14", "QN", "QM", {})}), {"QM"});
  // TLP:RED names one's own officer too, and says so.
  const DeskAnswer unnamed =
      Run("QN", Cat({"route report ", Draft("N-15", "QN", "QM",
                                            {{"\"tlp\": \"AMBER\"",
                                              "\"tlp\": \"RED\", \"recipients\": "
                                              "[\"QM/central/o-0002\"]"}})}));
  EXPECT_NE(unnamed.line.find("name QN/central/o-0001 there too"), std::string::npos)
      << unnamed.line;
  const std::string red = Draft("N-15", "QN", "QM",
                                {{"\"tlp\": \"AMBER\"",
                                  "\"tlp\": \"RED\", \"recipients\": [\"QN/central/o-0001\", "
                                  "\"QM/central/o-0002\"]"}});
  Send("QN", Cat({"route report ", red}), {"QM"}, false);
  const std::string id = last_["QM"];
  EXPECT_EQ(CaseDesks::Field(Must("QM", "casebook update --open"), "not_released"), "1");
  EXPECT_NE(Must("QM", "case inbox").find(id), std::string::npos);
  EXPECT_EQ(Run("QM", Cat({"case open ", id})).error, "NOT_RELEASED");
  // It takes nothing back, so it stops nobody who passes another record on.
  EXPECT_EQ(Run("QM", Cat({"route forward QN:N-14/1 --to QT/central", kAsking})).error,
            "NOT_RELEASED");
  const DeskAnswer named = desks_->Once("QM", "o-0002", "casebook update --open --json");
  EXPECT_EQ(CaseDesks::Field(named.out, "not_released"), "0") << named.out;
  EXPECT_EQ(Must("QM", "case inbox").find(id), std::string::npos);
  EXPECT_EQ(ShowCode("QM", "QN:N-15/1"), "UNKNOWN_RECORD");
}

TEST_F(Sharing, ACorrectionReplacesTheRecordAtEveryDesk) {
  Send("QN", Cat({"route report ", Draft("N-2", "QN", "QM", {})}), {"QM"});
  const std::string next = Draft(
      "N-2", "QN", "QM", {{"\"version\": 1,\n    \"kind\"", "\"version\": 2,\n    \"kind\""}});
  Send("QN", Cat({"route report ", next}), {"QM"});
  EXPECT_EQ(ShowCode("QM", "QN:N-2/2"), "OK");
  const std::string correction =
      Send("QN", "route correct N-2/1 --by N-2/2 --reason \"other port\" --answer-by 2031-01-01",
           {"QM"});
  EXPECT_EQ(ShowCode("QM", "QN:N-2/1"), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("QM", "QN:N-2/2"), "OK");
  Send("QM", Cat({"route answer ", correction, " --outcome REPLACED"}), {"QN"});
  EXPECT_EQ(Run("QN", Cat({"route history N-2/1", kAsking})).exit, 0);
}

// A report on lives in danger that nobody has alerted anybody to is shown for their rescue, for
// whatever its label lets it be opened; and what is not shown is not reported as read.
TEST_F(Sharing, LivesInDangerAreShownWhateverTheLabelSays) {
  const std::string purpose = " --purpose PROSECUTION";
  Send("QN", Cat({"route report ", Draft("N-81", "QN", "QM", {})}), {"QM"}, false);
  const std::string safe = last_["QM"];
  EXPECT_EQ(Run("QM", Cat({"case open ", safe, purpose})).error, "NOT_RELEASED");
  EXPECT_EQ(Run("QM", Cat({"case print ", safe, " --out ", desks_->Path("no.pdf"), kAsking})).error,
            "NOT_IN_CASEBOOK");
  EXPECT_NE(Must("QM", "case inbox").find(safe), std::string::npos);

  const std::string now = FormatInstant(absl::Now() - absl::Hours(2));
  const std::string path = Draft(
      "N-82", "QN", "QM",
      {{"\"last_seen\": \"2026-02-27\"", Cat({"\"last_seen\": \"", now, "\""})},
       {"\"benefit\": {", "\"risk_to_life\": [\"DROWNING\"], \"benefit\": {"},
       {"\"route_report\": {",
        R"("overridden": [{"rule": "R-SOM-08", "reason": "told by radio"}], "route_report": {)"}});
  const std::string danger = CaseDesks::Field(Must("QN", Cat({"route report ", path})), "message");
  EXPECT_EQ(desks_->Once("QN", "o-0002", Cat({"case approve ", danger})).exit, 0);
  desks_->WaitDelivered("QN", danger);
  const DeskAnswer shown = Run("QM", Cat({"case open ", danger, purpose}));
  EXPECT_EQ(shown.exit, 0) << shown.line;
  EXPECT_NE(shown.out.find("DROWNING"), std::string::npos);
  EXPECT_EQ(CaseDesks::Field(shown.out, "purpose"), "SEARCH_AND_RESCUE");
}

TEST_F(Sharing, ARescueAlertIsProposedAndItsAcknowledgementIsMeasured) {
  const std::string now = FormatInstant(absl::Now() - absl::Hours(2));
  const std::string path =
      Draft("N-3", "QN", "QM",
            {{"\"last_seen\": \"2026-02-27\"", Cat({"\"last_seen\": \"", now, "\""})},
             {"\"benefit\": {", "\"risk_to_life\": [\"DROWNING\"],\n      \"benefit\": {"}});
  const DeskAnswer stopped = Run("QN", Cat({"route report ", path}));
  EXPECT_EQ(stopped.exit, 1) << stopped.line;
  EXPECT_NE(stopped.out.find("R-SOM-08"), std::string::npos) << stopped.line;
  EXPECT_NE(Run("QM", Cat({"route check ", path})).out.find("R-SOM-08"), std::string::npos);
  const std::string alert = Send(
      "QN", Cat({"route alert ", path, " --to QM/central --to QT/central"}), {"QM", "QT"}, false);
  const std::string at_qm = last_["QM"];
  // Who got it is told, before and after it is opened.
  for (const char* state : {"QM", "QT"}) {
    for (const char* command : {"casebook update", "casebook update --open"}) {
      const std::string told = Must(state, command);
      EXPECT_NE(told.find(last_[state]), std::string::npos) << state << command << told;
    }
  }
  // The report itself may go now: its officer says that search and rescue know.
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  desks_->Write("N-3b.json", absl::StrReplaceAll(text, {{"\"benefit\": {",
                                                         "\"actions\": [\"SAR_ALERT\"],\n      "
                                                         "\"benefit\": {"}}));
  Send("QN", Cat({"route report ", desks_->Path("N-3b.json")}), {"QM"});
  Must("QN", "casebook update");
  const std::string history = Must("QN", Cat({"route history N-3/1", kAsking}));
  EXPECT_NE(history.find("EMERGENCY_LIFE"), std::string::npos) << history;
  EXPECT_NE(history.find(alert), std::string::npos) << history;
  const std::string after = CaseDesks::Field(history, "opened_after");
  EXPECT_EQ(after.substr(after.size() - 2), " s") << history;
  EXPECT_EQ(history.find("\"acknowledged_after\": \""), std::string::npos) << history;
  // QM acknowledges it; QT has not yet.
  desks_->Write("ack.json",
                R"({"acknowledgement": {"national_ref": "MRCC 7", "contact": {"name": "MRCC", )"
                R"("phone": "+999123456", "email": "mrcc@qm.example"}}})");
  const std::string case_id = CaseDesks::Field(
      Must("QM", Cat({"casebook show ", at_qm, " --purpose SEARCH_AND_RESCUE --reason x"})),
      "case");
  const std::string given =
      Must("QM",
           Cat({"case act ", case_id, " --act ACKNOWLEDGEMENT --body ", desks_->Path("ack.json")}));
  desks_->WaitDelivered("QM", CaseDesks::Field(given, "message"));
  Must("QN", "casebook update --open");
  const std::string answered = Must("QN", Cat({"route history N-3/1", kAsking}));
  EXPECT_NE(answered.find("\"acknowledged_after\": \""), std::string::npos) << answered;
}

TEST_F(Sharing, ACasebookMadeAnewFindsTheSameAndAnotherKeyOpensNothing) {
  Send("QN", Cat({"route report ", Draft("N-4", "QN", "QM", {})}), {"QM"});
  const std::string search = Cat({"casebook search hidden compartment", kAsking});
  const std::string before = Must("QM", search);
  EXPECT_NE(before.find("N-4/1"), std::string::npos);
  Must("QM", "casebook rebuild");
  EXPECT_EQ(Must("QM", search), before);

  const std::string home = desks_->Home("QM", "o-0001");
  for (const auto& file : std::filesystem::directory_iterator(home)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    for (const char* planted : {"hidden compartment", "2000107", "N-4"}) {
      EXPECT_EQ(bytes.find(planted), std::string::npos) << planted << " in " << file.path();
    }
  }
  // Another officer's desk with this officer's files.
  const std::string other = desks_->Home("QM", "o-0002");
  for (const char* name : {"/casebook.db", "/casebook.key"}) {
    std::filesystem::copy_file(home + name, other + name,
                               std::filesystem::copy_options::overwrite_existing);
  }
  EXPECT_NE(desks_->Once("QM", "o-0002", search).out.find("WRONG_KEY"), std::string::npos);
  EXPECT_EQ(desks_->Once("QM", "o-0002", "casebook rebuild").exit, 0);
  EXPECT_NE(desks_->Once("QM", "o-0002", search).out.find("N-4/1"), std::string::npos);
}

TEST_F(Sharing, ARecordIsExportedWithThePlacesOfTheDeskAndOnlyWhereItMayGo) {
  Send("QN", Cat({"route report ", Draft("N-6", "QN", "QM", {})}), {"QM"});
  desks_->Write("part1.csv",
                ",\"QP\",\"LAG\",\"Lagoa\",\"Lagoa\",,\"AI\",\"1\",,,\"1030N 02015W\",\n");
  desks_->Write("part2.csv",
                ",\"QN\",\"HAV\",\"Haven\",\"Haven\",,\"AI\",\"1\",,,\"1130N 02115W\",\n");
  EXPECT_EQ(CaseDesks::Field(Must("QM", Cat({"route places ", desks_->Path("part1.csv"), " ",
                                             desks_->Path("part2.csv")})),
                             "places"),
            "2");
  const std::string command = Cat({"route export QN:N-6/1 --format geojson", kAsking, " --for "});
  const std::string map = Must("QM", Cat({command, "QM"}));
  EXPECT_NE(map.find("-20.25"), std::string::npos) << map;
  EXPECT_NE(map.find("-21.25"), std::string::npos) << map;
  const DeskAnswer withheld = Run("QM", Cat({command, "QT"}));
  EXPECT_EQ(withheld.exit, 1) << withheld.line;
  // What was asked for is named with the reason; nothing of it is said.
  EXPECT_NE(withheld.line.find("ONWARD"), std::string::npos) << withheld.line;
  for (const char* part : {"QTMBA", "QPLAG", "SOM_10", "2000107", "hidden"}) {
    EXPECT_EQ(withheld.line.find(part), std::string::npos) << withheld.line;
  }
}

TEST_F(Sharing, AnIdStandsForOneText) {
  Send("QN", Cat({"route report ", Draft("N-7", "QN", "QM", {})}), {"QM"});
  // To somebody else it goes as it is, and not in other words.
  const auto other = [&] { return Draft("N-7", "QN", "QM", {{"\"min\": 18", "\"min\": 17"}}); };
  EXPECT_EQ(Run("QN", Cat({"route report ", other()})).error, "RECORD_EXISTS");
  Send("QN", Cat({"route report ", Draft("N-7", "QN", "QM", {})}), {"QM"});
  EXPECT_EQ(Run("QM", Cat({"route history QN:N-7/1", kAsking})).exit, 0);
  // A desk that has lost its casebook cannot know it; who received both is told.
  const std::string home = desks_->Home("QN", "o-0001");
  std::filesystem::remove(home + "/casebook.db");
  const std::string out = Must("QN", Cat({"route report ", other()}));
  desks_->WaitDelivered("QN", CaseDesks::Field(out, "message"));
  Must("QM", "casebook update --open");
  const DeskAnswer history = Run("QM", Cat({"route history QN:N-7/1", kAsking}));
  EXPECT_EQ(history.exit, 1) << history.line;
  EXPECT_NE(history.out.find("\"sent_differently\": true"), std::string::npos) << history.out;
  EXPECT_NE(Must("QM", Cat({"casebook show QN:N-7/1", kAsking})).find("\"sent_differently\": true"),
            std::string::npos);
}

// What was made of others' records goes no further than they let it.
TEST_F(Sharing, AReportThatCitesARecordIsAsStrictAsThatRecord) {
  const auto from_qn = [&](const std::string& name, const std::string& more) {
    Send("QN",
         Cat({"route report ",
              Draft(name, "QN", "QM",
                    {{"\"H2\"", "\"H0\""},
                     {"\"release_states\": [", Cat({"\"release_states\": [", more})}})}),
         {"QM"});
  };
  from_qn("N-31", "\"QT\",");
  from_qn("N-32", "");
  const auto product = [&](const std::string& name, const std::string& source) {
    return Draft(name, "QM", "QT",
                 {{"\"H2\"", "\"H0\""},
                  {"\"tlp\": \"AMBER\"", "\"tlp\": \"GREEN\""},
                  {"\"summary\": \"", Cat({"\"summary\": \"after ", source, " "})}});
  };
  Send("QM", Cat({"route report ", product("M-31", "QN:N-31/1")}), {"QT"});
  const std::string shown = Must("QT", Cat({"casebook show QM:M-31/1", kAsking}));
  EXPECT_NE(shown.find("\"derived_from\": [\"QN\"]"), std::string::npos) << shown;
  EXPECT_NE(shown.find("\"tlp\": \"AMBER\""), std::string::npos) << shown;
  EXPECT_EQ(Run("QM", Cat({"route report ", product("M-32", "QN:N-32/1")})).error, "NOT_RELEASED");
  EXPECT_EQ(
      Run("QM", Cat({"route report ", product("M-33", "no record"), " --from QN:N-32/1"})).error,
      "NOT_RELEASED");
  EXPECT_EQ(
      Run("QM", Cat({"route report ", product("M-34", "no record"), " --from QN:N-99/1"})).error,
      "UNKNOWN_RECORD");
}

TEST_F(Sharing, WhatCannotBeMeantIsAskedOfNobody) {
  Send("QN", Cat({"route report ", Draft("N-8", "QN", "QM", {})}), {"QM"});
  EXPECT_EQ(Run("QM", Cat({"route ask QN:N-8/1 --to-state QQ", kAsking})).error, "USAGE");
  EXPECT_EQ(Run("QN", "route recall N-8/1 --reason x --answer-by 2020-01-01").error, "USAGE");
}

// What it is opened for is stated, is among the purposes of its label, and is kept.
TEST_F(Sharing, AReportIsOpenedForAPurposeOfItsLabel) {
  const std::string draft =
      Draft("N-10", "QN", "QM", {{"\"INVESTIGATION\"", "\"INVESTIGATION\", \"PROSECUTION\""}});
  const std::string id = CaseDesks::Field(Must("QN", Cat({"route report ", draft})), "message");
  desks_->WaitDelivered("QN", id);
  const std::string open = Cat({"case open ", id});
  EXPECT_EQ(Run("QM", open).exit, 2) << "nobody said what for";
  EXPECT_EQ(Run("QM", Cat({open, " --purpose curiosity"})).exit, 2);
  const DeskAnswer other = Run("QM", Cat({open, " --purpose PUBLIC_HEALTH"}));
  EXPECT_EQ(other.error, "NOT_RELEASED");
  EXPECT_EQ(other.line.find("hidden compartment"), std::string::npos) << other.line;
  EXPECT_NE(Must("QM", "case inbox").find(id), std::string::npos) << "nobody has read it";
  const std::string opened = Must("QM", Cat({open, " --purpose PROSECUTION"}));
  EXPECT_NE(opened.find("hidden compartment"), std::string::npos) << opened;
  EXPECT_EQ(CaseDesks::Field(opened, "purpose"), "PROSECUTION") << opened;
  EXPECT_EQ(Must("QM", "case inbox").find(id), std::string::npos);
  // An auditor sees what for, and nothing of what was denied.
  const std::string read = desks_->Once("QM", "o-0004", "audit list --kind READ --json").out;
  EXPECT_NE(read.find("\"what\": \"PROSECUTION\""), std::string::npos) << read;
  EXPECT_EQ(read.find("PUBLIC_HEALTH"), std::string::npos);
  // A threat to life is never outside the purpose.
  Must("QM", Cat({open, " --purpose SEARCH_AND_RESCUE"}));
}

TEST_F(Sharing, UpdateLeavesUnopenedWhatNobodyHasOpened) {
  const std::string draft = Draft("N-5", "QN", "QM", {});
  const std::string id = CaseDesks::Field(Must("QN", Cat({"route report ", draft})), "message");
  desks_->WaitDelivered("QN", id);
  EXPECT_EQ(CaseDesks::Field(Must("QM", "casebook update"), "unopened"), "1");
  EXPECT_EQ(ShowCode("QM", "QN:N-5/1"), "UNKNOWN_RECORD");
  EXPECT_NE(Must("QM", "case inbox").find(id), std::string::npos);
  Must("QM", Cat({"case open ", id}));
  EXPECT_EQ(CaseDesks::Field(Must("QM", "casebook update"), "unopened"), "0");
  EXPECT_EQ(ShowCode("QM", "QN:N-5/1"), "OK");
}

}  // namespace
}  // namespace palermo::testing
