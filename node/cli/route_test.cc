// palermo route on files, as an officer types it: no node is needed.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/strings/str_replace.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/route_derived.h"
#include "node/cli/route_sending.h"
#include "node/cli/run_test_util.h"
#include "node/cli/session.h"
#include "node/cli/warning_answers.h"
#include "tests/support/fake_clock.h"

namespace palermo::cli {
namespace {

constexpr char kTable[] =
    "route_id;kind;originator;scheme;source;info;handling;tlp;release_states;purposes;benefit;"
    "evidence_status;seq;from;to;mode\n"
    "R-1;SOM_10;QN;NATO_6X6;B;2;H2;GREEN;QM;INVESTIGATION;FINANCIAL;INTELLIGENCE_ONLY;1;QTMBA;"
    "QPLAG;SEA\n";

class Routes : public InFolder {
 protected:
  int Palermo(const std::vector<std::string>& arguments) {
    Answer answer = RunAtDesk(arguments, clock_);
    out_ = std::move(answer.out);
    err_ = std::move(answer.err);
    return answer.code;
  }
  bool Says(const std::string& text) const {
    return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos;
  }

  testing::FakeClock clock_;
  std::string out_, err_;
};

TEST_F(Routes, ChecksTablesHoweverTheirNameIsWritten) {
  EXPECT_EQ(Palermo({"route", "check", File("a.CSV", kTable)}), kExitOk) << out_ << err_;
  const std::string tabs = absl::StrReplaceAll(kTable, {{";", "\t"}});
  EXPECT_EQ(Palermo({"route", "check", File("a.tsv", tabs)}), kExitOk) << out_ << err_;
  const std::string head = std::string(kTable).substr(0, std::string(kTable).find('\n') + 1);
  EXPECT_EQ(Palermo({"route", "check", File("b.csv", head)}), kExitBadInput) << out_;
  EXPECT_TRUE(Says("has no rows")) << err_;
}

TEST_F(Routes, NewTellsADamagedDeskFromNone) {
  const auto told = [&](const std::vector<std::string>& more) {
    std::vector<std::string> command = {"route", "new"};
    command.insert(command.end(), more.begin(), more.end());
    ::testing::internal::CaptureStderr();
    EXPECT_EQ(Palermo(command), kExitOk);
    return ::testing::internal::GetCapturedStderr();
  };
  EXPECT_NE(told({}).find("No desk is set up here"), std::string::npos);
  ::mkdir(Path("home").c_str(), 0700);
  for (const char* damaged : {"{\"state\": \"QN\"", "{}", ""}) {
    File("home/desk.json", damaged);
    const std::string said = told({});
    EXPECT_NE(said.find("configuration is damaged"), std::string::npos) << said;
    EXPECT_NE(said.find("home/desk.json"), std::string::npos) << said;
    EXPECT_EQ(said.find("No desk is set up here"), std::string::npos) << said;
  }
  EXPECT_EQ(told({"--state", "QP"}), "");
}

// Who answered a warning stays with the record through every state that passes it on.
TEST_F(Routes, KeepWhoAnsweredAWarning) {
  v1::CaseBody body;
  body.add_overridden()->set_rule("R-INT-04");
  body.mutable_overridden(0)->set_reason("he is the organiser");
  KeepWhoAnswered("QN", "QN", &body);  // our own record
  EXPECT_EQ(AnswerLine(body.overridden(0)), "The drafter overrode R-INT-04: he is the organiser");
  KeepWhoAnswered("QN", "QM", &body);
  body.add_overridden()->set_rule("R-NEW-99 at route_report.summary");
  body.mutable_overridden(1)->set_reason("see the file");
  KeepWhoAnswered("QM", "QT", &body);
  EXPECT_EQ(AnswerLine(body.overridden(0)),
            "The author in QN overrode R-INT-04: he is the organiser");
  EXPECT_EQ(AnswerLine(body.overridden(1)),
            "The author in QM overrode rule R-NEW-99 at route_report.summary, not known here: see "
            "the file");
  KeepWhoAnswered("QT", "QM", &body);  // it came back
  EXPECT_EQ(body.overridden(0).state(), "QN");
  EXPECT_EQ(body.overridden(1).state(), "");
}

TEST_F(Routes, ChecksWhatAPipeGives) {
  ASSERT_EQ(Palermo({"route", "new"}), kExitOk);
  const std::string draft = out_;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], draft.data(), draft.size()), static_cast<ssize_t>(draft.size()));
  ::close(ends[1]);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  const int wanted = Palermo({"route", "check", File("draft.json", draft)});
  EXPECT_NE(wanted, kExitBadInput) << out_ << err_;
  EXPECT_EQ(Palermo({"route", "check", path}), wanted) << out_ << err_;
  ::close(ends[0]);
}

TEST_F(Routes, ChecksReportsOnMethodsAndWhatFollowsARecord) {
  constexpr char kMethod[] = R"({"report_id": "M-1", "originator": "QN",
      "evaluation": {"scheme": "EUROPOL_4X4", "source": "B", "info": "3"},
      "label": {"handling": ["H2"], "tlp": "GREEN", "originator": "QN", "purposes":
      ["INVESTIGATION"]}, "evidence_status": "INTELLIGENCE_ONLY", "method": "FORGED"})";
  EXPECT_EQ(Palermo({"route", "check", File("m.json", kMethod)}), kExitOk) << out_ << err_;
  const std::string bad = absl::StrReplaceAll(kMethod, {{"\"FORGED\"", "\"FOO\""}});
  EXPECT_EQ(Palermo({"route", "check", File("m.json", bad)}), kExitFindings) << out_ << err_;
  EXPECT_TRUE(Says("document_method_report.method")) << out_;
  EXPECT_TRUE(Says("COUNTERFEIT")) << "the words that it takes: " << out_;
  EXPECT_EQ(
      Palermo({"route", "check",
               File("w.json", std::string(R"({"document_method_report": )") + kMethod + "}")}),
      kExitOk)
      << out_ << err_;
  EXPECT_EQ(Palermo({"route", "check",
                     File("r.json", R"({"intelligence_recall": {"record_id": "R-1/1"}})")}),
            kExitFindings)
      << out_ << err_;
  EXPECT_TRUE(Says("intelligence_recall.reason")) << out_;
  EXPECT_EQ(Palermo({"route", "check", File("q.json", R"({"request": {}})")}), kExitBadInput);
  EXPECT_TRUE(Says("palermo case check")) << err_;
}

TEST_F(Routes, AFileCommandsNoTerminal) {
  EXPECT_EQ(Palermo({"route", "check", File("a.json", "{\"summary\": \x1b]0;title\x07}")}),
            kExitBadInput);
  EXPECT_EQ(err_.find_first_of("\x1b\x07"), std::string::npos) << err_;
  EXPECT_EQ(Palermo({"route", "check", File("b.json", "{\"\\u001b[31mfoo\": 1}")}), kExitBadInput);
  EXPECT_EQ(err_.find('\x1b'), std::string::npos) << err_;
  EXPECT_TRUE(Says("[31mfoo")) << err_;
}

TEST_F(Routes, AreCheckedAsTheyAreSent) {
  ASSERT_EQ(Palermo({"route", "new"}), kExitOk);
  const std::string odd = absl::StrReplaceAll(out_, {{"Example: by air", "by \\u001b[2J air"}});
  ASSERT_NE(odd, out_);
  EXPECT_EQ(Palermo({"route", "check", File("odd.json", odd)}), kExitFindings) << out_;
  EXPECT_TRUE(Says("route_report.summary")) << out_;
  EXPECT_TRUE(Says("control character")) << out_;
}

TEST_F(Routes, AFormIsTheDesksOwn) {
  ASSERT_EQ(Palermo({"route", "new", "--to", "QM/central", "--state", "QT"}), kExitOk) << err_;
  EXPECT_TRUE(Says("\"originator\": \"QT\"")) << out_;
  ASSERT_TRUE(desk::MakeFolder(Path("home")).ok());
  ASSERT_TRUE(SaveConfig(Path("home"), {.key_file = "k", .endpoint = "e", .state = "QP"}).ok());
  ASSERT_EQ(Palermo({"route", "new", "--to", "QM/central", "--to", "QT/liaison"}), kExitOk) << err_;
  EXPECT_FALSE(Says("\"QN\"")) << out_;
  const std::string form = absl::StrReplaceAll(out_, {{" ", ""}, {"\n", ""}});
  EXPECT_NE(form.find("\"release_states\":[\"QM\",\"QT\"]"), std::string::npos) << out_;
  EXPECT_EQ(Palermo({"route", "check", File("own.json", out_)}), kExitOk) << out_ << err_;
  EXPECT_EQ(Palermo({"case", "new", "route-report", "--to", "QM/central"}), kExitOk) << err_;
  EXPECT_FALSE(Says("\"QN\"")) << out_;
  EXPECT_EQ(Palermo({"route", "new", "--to", "QP/central"}), kExitUsage) << out_;
  EXPECT_EQ(Palermo({"route", "new", "--to", "QM"}), kExitUsage) << out_;
}

TEST_F(Routes, AMapSaysWhichPlacesItDoesNotKnow) {
  const std::string table = File("a.csv", kTable);
  ASSERT_EQ(Palermo({"route", "export", table, "--format", "geojson", "--as", "QN/central/o-0007",
                     "--purpose", "INVESTIGATION", "--reason", "case 7", "--json"}),
            kExitOk)
      << out_ << err_;
  const std::string json = absl::StrReplaceAll(out_, {{" ", ""}, {"\n", ""}});
  EXPECT_NE(json.find("\"no_coordinates\":[\"QTMBA\",\"QPLAG\"]"), std::string::npos) << out_;
}

TEST_F(Routes, RefusesHalfAPlaceInJson) {
  EXPECT_EQ(
      Palermo({"route", "check",
               File("h.json", R"({"route_id": "R", "legs": [{"to": {"geo": {"lat": 5}}}]})")}),
      kExitBadInput);
  EXPECT_TRUE(Says("both lat and lon")) << err_;
}

TEST_F(Routes, ExportsSayWithJsonWhatStaysHere) {
  const std::string table = File("a.csv", kTable);
  const auto run = [&](const std::string& format, const std::string& to) {
    return Palermo({"route", "export", table, "--format", format, "--as", "QM/central/o-0007",
                    "--purpose", "INVESTIGATION", "--reason", "case 7", "--for", to, "--json"});
  };
  EXPECT_EQ(run("geojson", "QT"), kExitFindings) << out_ << err_;
  EXPECT_TRUE(Says("\"clause\": \"ONWARD\"")) << out_;
  EXPECT_TRUE(Says("\"record\": \"R-1\"")) << out_;
  EXPECT_FALSE(Says("QTMBA")) << out_;
  EXPECT_EQ(run("geojson", "QM"), kExitOk) << out_ << err_;
  EXPECT_TRUE(Says("\"withheld\": []")) << out_;
  EXPECT_TRUE(Says("\"evaluation\"")) << "left out: " << out_;
  EXPECT_TRUE(Says("QTMBA")) << out_;
  EXPECT_EQ(run("stix", "QM"), kExitOk) << out_ << err_;
  const std::string first = out_;
  EXPECT_EQ(run("stix", "QM"), kExitOk);
  EXPECT_EQ(out_, first) << "the same report is the same bundle";
  EXPECT_EQ(run("csv", "QM"), kExitOk);
  EXPECT_TRUE(Says("\"export\": \"route_id,")) << out_;
}

TEST_F(Routes, TellWhichPlacesHaveNoCoordinates) {
  const std::string part = File("part.csv",
                                "\xEF\xBB\xBF,\"QP\",\"LAG\",\"Lag\xC3\xB4\",\"Lago\",,\"AI\",\"1\""
                                ",,,\"1030N 02015W\",\n,\"QP\",\"BAD\",\"Bad\",\"Bad\",,\"AI\","
                                "\"1\",,,\"1099N 02015W\",\n");
  EXPECT_EQ(Palermo({"route", "places", part, part}), kExitOk) << out_ << err_;
  EXPECT_TRUE(Says("2 places are kept")) << out_;
  EXPECT_TRUE(Says("the first on line 2")) << out_;
}

TEST_F(Routes, ListTheWordsOfTheirFields) {
  for (const char* field : {"document_method", "concealment", "risk_to_life", "carrier.kind"}) {
    EXPECT_EQ(Palermo({"case", "new", "--words", field}), kExitOk) << field << err_;
  }
  EXPECT_TRUE(Says("Carrier.kind")) << out_;
  EXPECT_FALSE(Says("RouteReport.kind")) << out_;
}

// --- Who holds a record, and who has not answered

casebook::Item EventOf(const std::string& from, const std::vector<std::string>& to, bool incoming) {
  casebook::Item item;
  item.header.set_sender(from + "/central");
  for (const std::string& state : to) item.header.add_recipients(state + "/central");
  item.entry.set_incoming(incoming);
  return item;
}
casebook::Item RecallTo(const std::vector<std::string>& to) {
  casebook::Item item = EventOf("QN", to, false);
  item.body.mutable_intelligence_recall()->set_record_id("R-1/1");
  return item;
}
casebook::Item AnswerFrom(const std::string& from, const std::vector<std::string>& passed_on_to) {
  casebook::Item item = EventOf(from, {"QN"}, true);
  item.body.mutable_intelligence_answer()->set_outcome("PURGED");
  for (const std::string& state : passed_on_to) {
    item.body.mutable_intelligence_answer()->add_passed_on_to(state);
  }
  return item;
}
casebook::Item ConsentOfOurs(const std::string& decision, const std::string& to_state,
                             const std::string& purpose, const std::vector<std::string>& to) {
  casebook::Item item = EventOf("QN", to, false);
  auto& answer = *item.body.mutable_onward_consent_answer();
  answer.set_decision(decision);
  answer.set_to_state(to_state);
  answer.set_purpose(purpose);
  return item;
}

TEST(Holders, AreAlsoThoseWhomAnAnswerNames) {
  using States = std::set<std::string>;
  const std::vector<casebook::Item> events = {RecallTo({"QM"}),
                                              AnswerFrom("QM", {"QP", "QN", "nowhere"})};
  EXPECT_EQ(PassedOnTo(events, "QN"), States{"QP"});
  // What we ourselves told another originator names nobody whom we have to tell.
  casebook::Item ours = AnswerFrom("QM", {"QT"});
  ours.entry.set_incoming(false);
  EXPECT_EQ(PassedOnTo({ours}, "QN"), States{});
}

TEST(Holders, WhoHasItFromAnotherStateIsSilentUntilItAnswersToo) {
  using List = std::vector<std::string>;
  std::vector<casebook::Item> events = {RecallTo({"QM"})};
  EXPECT_EQ(SilentHolders(events, "QN").told, List{"QM"});
  events.push_back(AnswerFrom("QM", {"QP"}));
  EXPECT_EQ(SilentHolders(events, "QN").told, List{});
  EXPECT_EQ(SilentHolders(events, "QN").not_told, List{"QP"});
  events.push_back(RecallTo({"QM", "QP"}));
  EXPECT_EQ(SilentHolders(events, "QN").told, List{"QP"});
  EXPECT_EQ(SilentHolders(events, "QN").not_told, List{});
  events.push_back(AnswerFrom("QP", {}));
  EXPECT_EQ(SilentHolders(events, "QN").told, List{});
  EXPECT_EQ(SilentHolders(events, "QN").not_told, List{});
}

casebook::Item RecordTo(const std::vector<std::string>& to) {
  casebook::Item item = EventOf("QN", to, false);
  item.content.is_record = true;
  item.header.set_expires_at_ms(1000);
  return item;
}
void Receipt(casebook::Item& item, const std::string& state, v1::Outcome::Code outcome,
             int64_t at_ms = 10) {
  v1::CasebookReceipt& receipt = *item.entry.add_receipts();
  receipt.set_state(state);
  receipt.set_kind(v1::RecordKind::DELIVERY);
  receipt.set_outcome(outcome);
  receipt.set_at_ms(at_ms);
}
using Names = std::set<std::string>;

TEST(Holders, AreThoseWhomTheRecordReachedOrMay) {
  casebook::Item sent = RecordTo({"QM", "QP", "QT", "QV"});
  Receipt(sent, "QM", v1::Outcome::ACCEPTED);
  Receipt(sent, "QP", v1::Outcome::REJECTED);
  Receipt(sent, "QT", v1::Outcome::ACCEPTED, 2000);  // too late: it has expired
  EXPECT_EQ(HoldersOf({sent}, "QN").authorities, (Names{"QM/central", "QV/central"}));
  // Another message brought it after all.
  casebook::Item again = RecordTo({"QP"});
  Receipt(again, "QP", v1::Outcome::ACCEPTED);
  EXPECT_EQ(HoldersOf({sent, again}, "QN").authorities,
            (Names{"QM/central", "QP/central", "QV/central"}));
}

TEST(Holders, AreNotThoseWhoAnsweredThatItIsGone) {
  const std::vector<casebook::Item> sent = {RecordTo({"QM", "QP"}), RecallTo({"QM", "QP"})};
  for (const char* outcome : {"PURGED", "REPLACED", "NEVER_HELD", "KEPT_UNDER_HOLD"}) {
    std::vector<casebook::Item> events = sent;
    events.push_back(AnswerFrom("QM", {"QT"}));
    events.back().body.mutable_intelligence_answer()->set_outcome(outcome);
    const bool kept = std::string(outcome) == "KEPT_UNDER_HOLD";
    EXPECT_EQ(HoldersOf(events, "QN").authorities.count("QM/central"), kept ? 1u : 0u) << outcome;
    EXPECT_EQ(HoldersOf(events, "QN").states, Names{"QT"}) << outcome;
    events.push_back(AnswerFrom("QT", {}));
    EXPECT_EQ(HoldersOf(events, "QN").states, Names{}) << outcome;
    events.push_back(RecordTo({"QM"}));
    EXPECT_EQ(HoldersOf(events, "QN").authorities.count("QM/central"), 1u) << "it came again";
  }
}

TEST(Holders, AreTheOthersToWhomAnotherStatePassedItOn) {
  casebook::Item passed = EventOf("QM", {"QN", "QT"}, true);
  passed.content.is_record = true;
  EXPECT_EQ(HoldersOf({passed}, "QN").authorities, (Names{"QM/central", "QT/central"}));
}

TEST(Notices, GoToNobodyTwiceButToWhomTheyDidNotReach) {
  const absl::Time before = absl::FromUnixMillis(500), after = absl::FromUnixMillis(5000);
  casebook::Item recall = RecallTo({"QM", "QP", "QT"});
  recall.header.set_expires_at_ms(1000);
  Receipt(recall, "QM", v1::Outcome::ACCEPTED);
  Receipt(recall, "QP", v1::Outcome::REJECTED);
  EXPECT_EQ(ToldBefore({recall}, recall.body, before), (Names{"QM/central", "QT/central"}));
  EXPECT_EQ(ToldBefore({recall}, recall.body, after), Names{"QM/central"}) << "QT never took it";
  v1::CaseBody correction, other;
  correction.mutable_intelligence_correction()->set_replaced_by("R-1/2");
  other.mutable_intelligence_correction()->set_replaced_by("R-1/3");
  EXPECT_EQ(ToldBefore({recall}, correction, before), Names{});
  casebook::Item corrected = EventOf("QN", {"QM"}, false);
  corrected.header.set_expires_at_ms(1000);
  corrected.body = correction;
  EXPECT_EQ(ToldBefore({corrected}, correction, before), Names{"QM/central"});
  EXPECT_EQ(ToldBefore({corrected}, other, before), Names{});
  EXPECT_EQ(ToldBefore({corrected}, recall.body, before), Names{});
  corrected.entry.set_incoming(true);
  EXPECT_EQ(ToldBefore({corrected}, correction, before), Names{}) << "another's word";
}

TEST(Holders, ADenialIsForAllWhoGotTheGrantBeforeIt) {
  using Told = std::set<std::string>;
  const std::vector<casebook::Item> events = {ConsentOfOurs("GRANT", "QP", "INVESTIGATION", {"QM"}),
                                              ConsentOfOurs("GRANT", "QP", "INVESTIGATION", {"QP"}),
                                              ConsentOfOurs("GRANT", "QT", "INVESTIGATION", {"QT"}),
                                              ConsentOfOurs("GRANT", "QP", "PROSECUTION", {"QV"}),
                                              ConsentOfOurs("DENY", "QP", "INVESTIGATION", {"QZ"})};
  EXPECT_EQ(ToldOfConsent(events, "QP", "INVESTIGATION"), (Told{"QM/central", "QP/central"}));
  EXPECT_EQ(ToldOfConsent(events, "QV", "INVESTIGATION"), Told{});
}

// --- What a report was made from

TEST(Products, CiteRecordsByTheirName) {
  v1::CaseBody body;
  v1::RouteReport& report = *body.mutable_route_report();
  report.set_summary(
      "as in QN:R-2026-001/1 and (QP:K.7_a/12), not XQN:R-1/1, QN:R-1, QN:/1, "
      "qn:R-1/1, at 12:30/31, QN:R-9/");
  EXPECT_EQ(CitedRecords(body), (std::set<std::string>{"QN:R-2026-001/1", "QP:K.7_a/12"}));
  v1::CaseBody method;
  method.mutable_document_method_report()->set_description("QT:D-1/1");
  EXPECT_EQ(CitedRecords(method), std::set<std::string>{"QT:D-1/1"});
}

// --- What an update tells

casebook::Item AskOf(const v1::CaseBody& body) {
  casebook::Item item;
  item.header.set_sender("QN/central");
  item.header.add_recipients("QM/central");
  item.entry.set_incoming(true);
  item.entry.set_message_id(std::string(32, 'a'));
  item.body = body;
  item.content = casebook::RecordOf(item.header, item.body);
  return item;
}
v1::CaseBody RecallBody() {
  v1::CaseBody body;
  body.mutable_intelligence_recall()->set_record_id("R-1/1");
  body.mutable_intelligence_recall()->set_reason("wrong vessel\nLIFE IS IN DANGER");
  body.mutable_intelligence_recall()->set_answer_by("2030-03-10T12:00:00Z");
  return body;
}

TEST(UpdateText, TellsWhatOthersAskAndHowToAnswer) {
  v1::CaseBody question, correction;
  v1::OnwardConsentRequest& ask = *question.mutable_onward_consent_request();
  ask.set_record_id("K-1/1");
  ask.set_to_state("QP");
  ask.set_purpose("INVESTIGATION");
  ask.set_reason("same vessel");
  correction.mutable_intelligence_correction()->set_record_id("R-2/1");
  correction.mutable_intelligence_correction()->set_replaced_by("R-2/2");
  correction.mutable_intelligence_correction()->set_reason("other port");
  Updated done;
  for (const v1::CaseBody& body : {RecallBody(), question, correction}) {
    done.asked.push_back(AskedIn(AskOf(body), true));
  }
  done.asked_before = 2;
  const std::string text = UpdatedText(done), id = IdText(std::string(32, 'a'));
  for (const std::string& part : std::vector<std::string>{
           "QN recalls QN:R-1/1: wrong vessel LIFE IS IN DANGER\n  Answer by 2030-03-10T12:00:00Z\n"
           "  palermo route answer " +
               id + " --outcome PURGED\n",
           "QN asks whether QM:K-1/1 may go to QP for INVESTIGATION: same vessel\n"
           "  palermo route consent " +
               id + " --decision GRANT",
           "QN replaces QN:R-2/1 with R-2/2: other port\n  palermo route answer " + id +
               " --outcome REPLACED\n",
           "Asked before and not answered: 2. See: palermo casebook pending\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  EXPECT_NE(AskedText(AskedIn(AskOf(RecallBody()), false)).find("NEVER_HELD"), std::string::npos);
  // The newer version was not released to this state: there is nothing to replace it with.
  EXPECT_NE(AskedText(AskedIn(AskOf(correction), true, false)).find("PURGED"), std::string::npos);
  const std::string json = UpdatedJson(done).Pretty();
  for (const char* part : {"\"kind\": \"intelligence_recall\"", "\"record\": \"QM:K-1/1\"",
                           "\"answer_by\": \"2030-03-10T12:00:00Z\"", "\"asked_before\": 2"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
  }
}

TEST(UpdateText, TellsWhatOthersAnswered) {
  v1::CaseBody consent, answer;
  v1::OnwardConsentAnswer& given = *consent.mutable_onward_consent_answer();
  given.set_request_id(std::string(64, 'b'));
  given.set_record_id("R-1/1");
  given.set_to_state("QP");
  given.set_purpose("INVESTIGATION");
  given.set_decision("GRANT");
  EXPECT_EQ(AnsweredText(AskOf(consent)), "QN lets QN:R-1/1 go to QP for INVESTIGATION (GRANT)");
  given.set_decision("DENY");
  EXPECT_NE(AnsweredText(AskOf(consent)).find("does not let"), std::string::npos);
  answer.mutable_intelligence_answer()->set_record_id("R-1/1");
  answer.mutable_intelligence_answer()->set_outcome("PURGED");
  answer.mutable_intelligence_answer()->set_at("2026-03-02T09:00:00Z");
  EXPECT_EQ(AnsweredText(AskOf(answer)), "QN answers about QM:R-1/1: PURGED");
  EXPECT_EQ(AnsweredText(AskOf(RecallBody())), "");
}

TEST(UpdateText, TellsFirstThatLifeIsInDanger) {
  Updated done;
  done.taken = 3;
  done.kept_closed = 2;
  done.alerts.push_back({"QN:R-1/1", casework::Danger::kRecent});
  Updated::Rescue& rescue = done.rescues.emplace_back();
  rescue.message_id = std::string(32, 'a');
  rescue.from = "QN/central";
  rescue.alert.add_risk_to_life("DROWNING");
  rescue.alert.mutable_last_place()->set_unlocode("QPLAG");
  rescue.alert.mutable_conveyance()->set_type("fishing vessel");
  rescue.alert.set_persons_max(40);
  rescue.alert.set_note("engine failed\nLIFE IS SAFE");
  done.unopened_emergencies.emplace_back(std::string(32, 'b'), "QP/central");
  const std::string text = UpdatedText(done);
  EXPECT_EQ(text.rfind("LIFE IS IN DANGER: a rescue alert of QN/central", 0), 0u) << text;
  size_t last = 0;
  for (const char* part :
       {"DROWNING", "QPLAG", "fishing vessel", "0 to 40", "engine failed LIFE IS SAFE",
        "palermo case open 6161", "nobody has opened an emergency of QP/central",
        "palermo case open 6262", "palermo route alert QN:R-1/1", "New in the casebook: 3",
        "labels do not let you: 2"}) {
    const size_t at = text.find(part);
    EXPECT_NE(at, std::string::npos) << part << "\n" << text;
    EXPECT_GE(at, last) << part << "\n" << text;
    last = at;
  }
  EXPECT_EQ(UpdatedText(Updated()), "New in the casebook: 0. Looked at again for receipts: 0.\n");
  const std::string json = UpdatedJson(done).Pretty();
  for (const char* part :
       {"rescue_alerts", "unopened_emergencies", "6161", "\"not_released\": 2"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
  }
}

}  // namespace
}  // namespace palermo::cli
