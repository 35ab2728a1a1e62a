// Each form of a record of a joint operation: what is printed can be sent as it is, and says so.
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/operation/statistics.h"
#include "node/cli/operation_forms.h"
#include "node/cli/operation_lines.h"
#include "node/cli/operation_media.h"
#include "node/cli/operation_support.h"
#include "node/cli/run_test_util.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"

namespace palermo::cli {
namespace {

class OperationForms : public InFolder {};

TEST_F(OperationForms, OfTargetsTimetablesForceMediaAndOutcomesAreSound) {
  ASSERT_EQ(ActionForms().size(), 5u);
  for (const OperationForm& form : ActionForms()) {
    const Answer printed = Palermo({"operation", "form", form.kind});
    ASSERT_EQ(printed.code, kExitOk) << form.kind << printed.err;
    const auto body = casework::BodyFromJson(printed.out);
    ASSERT_TRUE(body.ok()) << form.kind;
    const auto& record = body->operation_record();
    const auto* field = record.GetDescriptor()->FindFieldByNumber(record.content_case());
    ASSERT_NE(field, nullptr) << form.kind;
    EXPECT_EQ(field->name(), form.kind);
    const Answer checked = Palermo({"operation", "check", File("record.json", printed.out)});
    EXPECT_EQ(checked.code, kExitOk) << form.kind << checked.out;
    // And in plain words.
    EXPECT_FALSE(ActionGist(record).empty()) << form.kind;
  }
  const Answer unknown = Palermo({"operation", "form", "targets"});
  EXPECT_EQ(unknown.code, kExitUsage);
  EXPECT_NE(unknown.err.find("who is sought"), std::string::npos) << unknown.err;
}

TEST_F(OperationForms, TellOfATargetThatChildrenAreThere) {
  const auto body = casework::BodyFromJson(Palermo({"operation", "form", "target"}).out);
  ASSERT_TRUE(body.ok());
  const std::string gist = ActionGist(body->operation_record());
  EXPECT_NE(gist.find("CHILDREN: youth welfare"), std::string::npos) << gist;
  EXPECT_NE(gist.find("NONE_KNOWN"), std::string::npos) << gist;
}

TEST_F(OperationForms, AnAgreementDefinesEachFigureBeforeTheDay) {
  const Answer printed =
      Palermo({"operation", "new", "--party", "QM/central", "--party", "QN/central"});
  ASSERT_EQ(printed.code, kExitOk) << printed.err;
  const auto body = casework::BodyFromJson(printed.out);
  ASSERT_TRUE(body.ok());
  const auto& definitions = body->operation_record().agreement().counting_definitions();
  for (const casework::CounterInfo& counter : casework::Counters()) {
    const std::string name = absl::StrFormat("%s: ", counter.name);
    EXPECT_TRUE(std::any_of(definitions.begin(), definitions.end(), [&](const std::string& text) {
      return text.rfind(name, 0) == 0;
    })) << counter.name;
  }
  EXPECT_EQ(Palermo({"operation", "check", File("record.json", printed.out)}).code, kExitOk);
}

v1::CaseBody MediaText() {
  v1::CaseBody body;
  body.mutable_operation_record()->mutable_media()->set_text("Lina ORSAY is safe.");
  return body;
}

TEST_F(OperationForms, ATextForTheMediaIsComparedWithIdentitiesOrSaysThatThereAreNone) {
  Args nothing, both, none, given;
  both.Set("--identities", {"x"});
  both.Set("--no-identities", {""});
  none.Set("--no-identities", {""});
  EXPECT_FALSE(IdentitiesFor(nothing, MediaText().operation_record()).ok());
  EXPECT_FALSE(IdentitiesFor(both, MediaText().operation_record()).ok());
  EXPECT_TRUE(IdentitiesFor(none, MediaText().operation_record())->empty());
  // Of another record nobody asks for them.
  v1::CaseBody report;
  report.mutable_operation_record()->mutable_situation()->set_text("quiet");
  EXPECT_TRUE(IdentitiesFor(nothing, report.operation_record())->empty());
  given.Set("--identities", {File("record.json", R"([{"to": ["QM/victims"], "purpose": "VICTIM",
      "persons": [{"ref": "V-1", "name": "Lina ORSAY"}]}])")});
  const auto tokens = IdentitiesFor(given, MediaText().operation_record());
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_TRUE(casework::LeakScanner(*tokens).Leaks("Lina ORSAY is safe."));
  // A file that names nobody would make the scan say nothing.
  given.Set("--identities", {File("record.json", "[]")});
  EXPECT_FALSE(IdentitiesFor(given, MediaText().operation_record()).ok());
}

// R-STAT-02 where a figure is published: in what the media are told.
TEST_F(OperationForms, AFigureOfPersonsBelowFiveForTheMediaIsAWarning) {
  auto body = casework::BodyFromJson(Palermo({"operation", "form", "media"}).out);
  ASSERT_TRUE(body.ok());
  v1::MediaLine& media = *body->mutable_operation_record()->mutable_media();
  media.clear_figures();
  v1::CounterValue& figure = *media.add_figures();
  figure.set_counter("victims_rescued");
  const auto check = [&](int persons) {
    figure.set_value(persons);
    const std::string name = absl::StrFormat("media%d.json", persons);
    return Palermo({"operation", "check", File(name, casework::BodyToJson(*body, true))});
  };
  const Answer few = check(4);
  EXPECT_EQ(few.code, kExitFindings) << few.out << few.err;
  EXPECT_NE(few.out.find("R-STAT-02"), std::string::npos) << few.out;
  EXPECT_NE(few.out.find("figures"), std::string::npos) << few.out;
  EXPECT_EQ(check(5).code, kExitOk);
}

// Of anything but what waits for our consent the scan would tell what stands in it.
TEST_F(OperationForms, AConsentScansWhatWaitsForItAndIsOpenToTheOfficer) {
  constexpr char kOfficer[] = "QM/central/o-0001";
  testing::FakeClock clock;
  testing::FakeRandom random;
  std::string told;
  Context context;
  context.clock = &clock;
  context.random = &random;
  context.progress = [&](const std::string& line) { told += line; };
  Args given, nothing, none;
  given.Set("--identities", {File("record.json", R"([{"to": ["QM/victims"], "purpose": "VICTIM",
      "persons": [{"ref": "V-1", "name": "Lina ORSAY"}]}])")});
  none.Set("--no-identities", {""});
  desk::OperationBook book;
  book.own_state = "QM";
  v1::OperationRecord text = MediaText().operation_record();
  v1::CounterValue& figure = *text.mutable_media()->add_figures();
  figure.set_counter("searches");
  figure.set_value(12);
  book.records = {{"text", "QN", text}};
  const auto scan = [&](const Args& args) {
    return ScanSubject(args, book, "text", kOfficer, {}, context);
  };
  EXPECT_EQ(*scan(given), kExitOk) << "it waits for nobody";
  book.state.waiting["text"] = {"QP"};
  EXPECT_EQ(*scan(given), kExitOk) << "nor for us";
  EXPECT_EQ(told, "");
  book.state.waiting["text"] = {"QM"};
  EXPECT_EQ(*scan(given), kExitFindings);
  EXPECT_NE(told.find("searches 12"), std::string::npos) << told;
  EXPECT_FALSE(scan(nothing).ok()) << "nor is a consent given without a scan";
  EXPECT_EQ(*scan(none), kExitOk);
  // Whom the office's compartments name is looked for though the officer named nobody, and not
  // told.
  text.mutable_media()->set_text("Mrs Quendorin is safe.");
  book.records[0].record = text;
  EXPECT_EQ(*scan(none), kExitOk);
  const Identities held = {{casework::IdentityKind::kName, "Zyxwvara Quendorin", "V-7"}};
  context.out.clear();
  EXPECT_EQ(*ScanSubject(none, book, "text", kOfficer, held, context), kExitFindings);
  EXPECT_NE(context.out.find("R-SEAL-02"), std::string::npos) << context.out;
  EXPECT_EQ(context.out.find("Zyxwvara"), std::string::npos) << context.out;
  EXPECT_EQ(context.out.find("V-7"), std::string::npos) << context.out;
  book.records[0].record.set_compartment("VICTIMS");
  EXPECT_EQ(CodeOf(scan(none).status()), "NOT_YOUR_COMPARTMENT");
}

TEST_F(OperationForms, SayWhatOfTheirExampleIsStillThere) {
  const Answer printed =
      Palermo({"operation", "new", "--party", "QM/central", "--party", "QN/central"});
  const Answer as_it_is = Palermo({"operation", "check", File("a.json", printed.out)});
  EXPECT_NE(as_it_is.out.find("R-GEN-04"), std::string::npos) << as_it_is.out;
  EXPECT_NE(as_it_is.out.find("agreement.purpose.text"), std::string::npos) << as_it_is.out;
  EXPECT_NE(as_it_is.out.find("agreement.name"), std::string::npos) << as_it_is.out;
  auto body = casework::BodyFromJson(printed.out);
  ASSERT_TRUE(body.ok());
  v1::OperationAgreement& a = *body->mutable_operation_record()->mutable_agreement();
  a.set_name("LANTERN");
  a.mutable_purpose()->set_text("the group that runs the houses in Harbour Road");
  const auto check = [&](const char* name) {
    return Palermo({"operation", "check", File(name, casework::BodyToJson(*body, true))});
  };
  // Who leads by which law, and what the parties have not worded themselves.
  const Answer named = check("named.json");
  EXPECT_EQ(named.code, kExitOk);
  for (const char* field : {"agreement.leaders[0].leader", "agreement.leaders[1].law",
                            "costs.liability", "dispute", "evaluation", "basis[0].basis"}) {
    EXPECT_NE(named.out.find(field), std::string::npos) << field << named.out;
  }
  EXPECT_EQ(named.out.find("purpose.text"), std::string::npos) << named.out;
  for (auto& leader : *a.mutable_leaders()) {
    leader.set_leader("Inspector Vell");
    leader.set_law("Police Act 12");
  }
  const v1::OperationAgreement own = a;
  for (const char* clause :
       {"information", "data_protection", "measures", "media", "special_means", "dispute",
        "prosecution_strategy", "asset_sharing", "evaluation", "confidentiality", "costs", "safety",
        "evidence", "coordination", "change", "basis", "purpose"}) {
    a.GetReflection()->ClearField(&a, a.GetDescriptor()->FindFieldByName(clause));
  }
  const Answer emptied = check("emptied.json");
  EXPECT_EQ(emptied.out.find("R-GEN-04"), std::string::npos) << emptied.out;
  a = own;
  a.set_dispute("an arbiter whom both name");
  const Answer filled = check("b.json");
  EXPECT_EQ(filled.code, kExitOk);
  EXPECT_EQ(filled.out.find("dispute"), std::string::npos) << filled.out;
  EXPECT_EQ(filled.out.find("leaders"), std::string::npos) << filled.out;
  EXPECT_EQ(filled.out.find("still have the example"), std::string::npos) << filled.out;
  const Answer task = Palermo(
      {"operation", "check", File("c.json", Palermo({"operation", "form", "tasking"}).out)});
  EXPECT_NE(task.out.find("tasking.authority.ref"), std::string::npos) << task.out;
}

// Nothing that an agreement has to say is missing in the form; what nobody is named for is told.
TEST_F(OperationForms, OfAnAgreementHasEveryClause) {
  const Answer printed = Palermo({"operation", "new", "--party", "QM/central", "--party",
                                  "QN/central", "--member", "QM/central/o-0001=STATE_LEADER:PLAN"});
  const Answer checked = Palermo({"operation", "check", File("a.json", printed.out)});
  EXPECT_EQ(checked.code, kExitOk) << checked.out;
  EXPECT_EQ(checked.out.find("R-GEN-01"), std::string::npos) << checked.out;
  const Answer nobody = Palermo(
      {"operation", "check",
       File("b.json",
            Palermo({"operation", "new", "--party", "QM/central", "--party", "QN/central"}).out)});
  EXPECT_EQ(nobody.code, kExitOk);
  EXPECT_NE(nobody.out.find("agreement.members"), std::string::npos) << nobody.out;
}

TEST_F(OperationForms, AWarningThatIsAnsweredInTheFileStopsNothing) {
  v1::CaseBody body;
  body.mutable_operation_record()->mutable_situation()->set_text(
      "the girl, born 2009-04-17, is safe");
  const auto check = [&](const char* name) {
    return Palermo({"operation", "check", File(name, casework::BodyToJson(body, true))});
  };
  const Answer found = check("a.json");
  EXPECT_EQ(found.code, kExitFindings);
  EXPECT_NE(found.out.find("R-HR-14"), std::string::npos) << found.out;
  body.add_overridden()->set_rule("R-HR-14");
  body.mutable_overridden(0)->set_reason("her guardian wants her to be looked for");
  EXPECT_EQ(check("b.json").code, kExitOk);
}

TEST_F(OperationForms, AVoteIsGoOrNoGo) {
  const Answer maybe = Palermo({"operation", "vote", "1f2e3d", "9c01d2", "MAYBE"});
  EXPECT_EQ(maybe.code, kExitUsage) << maybe.err;
  EXPECT_NE(maybe.err.find("GO or NO_GO"), std::string::npos) << maybe.err;
}

TEST_F(OperationForms, ADecisionIsShownWithItsDeadlineItsDefaultAndWhoStoppedIt) {
  constexpr char kOfficer[] = "QM/central/o-0001";
  desk::OperationBook book;
  book.own_state = "QM";
  book.operation = "op";
  book.state.members = {"QM", "QN"};
  v1::OperationRecord put, stop;
  put.mutable_decision()->set_question("search both houses");
  put.mutable_decision()->set_deadline("2030-06-16T12:00:00Z");
  put.mutable_decision()->set_otherwise("NO_GO");
  stop.mutable_abort()->set_decision("d1");
  stop.mutable_abort()->set_reason("a child is in the house");
  stop.set_at("2030-06-15T10:00:00Z");
  book.records = {{"d1", "QM", put}, {"x1", "QN", stop}};
  for (const char* id : {"d1", "x1"}) {
    casework::JudgedRecord judged;
    judged.id = id;
    judged.effective = true;
    book.state.records.push_back(judged);
    book.entries[id];
  }
  casework::DecisionState decision;
  decision.id = "d1";
  decision.kind = "ACTION_DAY";
  decision.quorum = 2;
  decision.electors = {"QM", "QN"};
  book.state.decisions = {decision};
  const auto waits = OperationWaits(book, kOfficer);
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_NE(waits[0].find("vote op d1 GO, or NO_GO"), std::string::npos) << waits[0];
  book.state.decisions[0].outcome = casework::DecisionOutcome::kAborted;
  const std::string text = DecisionsText(book, kOfficer);
  for (const char* part :
       {"ABORTED", "search both houses", "votes until 2030-06-16T12:00:00Z", "by then: NO_GO",
        "aborted by QN at 2030-06-15T10:00:00Z: a child is in the house"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const std::string json = DecisionJson(book, kOfficer, book.state.decisions[0]).Pretty();
  for (const char* part : {"\"deadline\"", "\"otherwise\"", "\"aborted_by\"", "a child"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << json;
  }
}

TEST(PendingDrafts, SayOnceWhatGoesToSeveral) {
  std::vector<std::pair<std::string, std::string>> told;
  AddUnderHeads("draft 1\n  to QN/central\n", "agreement\n", told);
  AddUnderHeads("draft 2\n  to QT/central\n", "another\n", told);
  AddUnderHeads("draft 3\n  to QP/central\n", "agreement\n", told);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].first, "draft 1\n  to QN/central\ndraft 3\n  to QP/central\n");
  EXPECT_EQ(told[0].second, "agreement\n");
  EXPECT_EQ(told[1].first, "draft 2\n  to QT/central\n");
}

}  // namespace
}  // namespace palermo::cli
