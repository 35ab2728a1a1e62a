#include "node/desk/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/status.h"
#include "node/casework/forms.h"
#include "node/casework/receiver_roles.h"
#include "node/desk/drafting.h"
#include "node/desk/json_value.h"
#include "node/desk/officer_keys.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::FakeClock;
using ::palermo::testing::FakeRandom;
using ::palermo::testing::Value;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class DocumentsTest : public ::testing::Test {
 protected:
  std::string PublicOf(const std::string& kind, const std::string& subject) {
    crypto::KeyBundle bundle = Value(MakeKeys(kind, subject, clock_.Now(), random_));
    crypto::KeyFilePublic keys{bundle.kind(), bundle.subject(), bundle.created(), true, {}};
    for (const auto& [name, entry] : bundle.entries()) {
      keys.keys[name] = {entry.algorithm, entry.public_bytes};
    }
    return PublicKeysJson(keys);
  }
  absl::StatusOr<v1::SignedDocument> Charter(const std::string& extra,
                                             const v1::SignedDocument* previous = nullptr) {
    std::string json = "{\"state\": \"QM\", " + extra +
                       "\"directory_keys\": {\"threshold\": 1, \"keys\": [" +
                       PublicOf("administrator", "QM/admin-1") + "]}}";
    return ProposeDocument(DocumentKind::kCharter, json, "charter.json", ".", previous,
                           clock_.Now());
  }

  FakeClock clock_;
  FakeRandom random_;
};

TEST_F(DocumentsTest, EmbeddedKeysMakeACharter) {
  v1::SignedDocument document = Value(Charter(""));
  v1::Charter charter;
  ASSERT_TRUE(charter.ParseFromString(document.document()));
  EXPECT_EQ(charter.version(), 1u);
  EXPECT_EQ(charter.directory_keys().keys_size(), 1);
  EXPECT_TRUE(ShowDocument(DocumentKind::kCharter, document).ok());
  EXPECT_TRUE(DocumentJson(DocumentKind::kCharter, document).ok());
}

TEST_F(DocumentsTest, NextVersionFollowsThePrevious) {
  v1::SignedDocument first = Value(Charter(""));
  v1::Charter second;
  ASSERT_TRUE(second.ParseFromString(Value(Charter("", &first)).document()));
  EXPECT_EQ(second.version(), 2u);
  EXPECT_EQ(second.previous_sha256().size(), 32u);
  EXPECT_EQ(CodeOf(Charter("\"version\": 5, ").status()), "BAD_JSON");
}

TEST_F(DocumentsTest, UnknownFieldIsNamed) {
  absl::Status status = Charter("\"colour\": \"red\", ").status();
  EXPECT_EQ(CodeOf(status), "BAD_JSON");
  EXPECT_NE(TextOf(status).find("'colour'"), std::string::npos) << status;
}

TEST_F(DocumentsTest, MissingKeyFileIsNamed) {
  absl::Status status =
      ProposeDocument(DocumentKind::kCharter, DocumentTemplate(DocumentKind::kCharter, {"QM"}),
                      "charter.json", "/nowhere", nullptr, clock_.Now())
          .status();
  EXPECT_EQ(CodeOf(status), "NO_FILE");
  EXPECT_NE(TextOf(status).find("QM-admin-1.key"), std::string::npos) << status;
}

TEST(Drafting, TemplateParsesAndHasNothingToObject) {
  FakeClock clock;
  DraftFile draft = Value(ParseDraft(Value(DraftTemplate(v1::Act::REQUEST, "QT/central")), "t"));
  EXPECT_EQ(draft.act, v1::Act::REQUEST);
  auto findings = CheckDraft(ContextOf(draft, "QM", nullptr, clock.Now()), draft);
  EXPECT_FALSE(casework::Blocks(findings)) << casework::FindingsText(findings);
}

TEST(Drafting, AnUnchangedFormIsAWarningThatCanBeOverridden) {
  FakeClock clock;
  DraftFile draft = Value(ParseDraft(Value(DraftTemplate(v1::Act::REQUEST, "QT/central")), "t"));
  const auto severity = [&] {
    for (const auto& finding : CheckDraft(ContextOf(draft, "QM", nullptr, clock.Now()), draft)) {
      if (finding.rule == "R-GEN-04") return finding.severity;
    }
    ADD_FAILURE() << "nothing told";
    return casework::Severity::kError;
  };
  EXPECT_EQ(severity(), casework::Severity::kWarning);
  auto& reason = *draft.body.add_overridden();
  reason.set_rule("R-GEN-04");
  reason.set_reason("exercise");
  EXPECT_EQ(severity(), casework::Severity::kNote);
}

// A reason for one contradiction is none for another one.
TEST(Drafting, AnOverrideAnswersForOneMeaningOfARule) {
  FakeClock clock;
  DraftFile draft =
      Value(ParseDraft(Value(DraftTemplate(v1::Act::FINAL_RESULT, "QM/central")), "t"));
  v1::ItemResult& item = *draft.body.mutable_result()->mutable_items(0);
  item.set_outcome(v1::ItemOutcome::EXECUTED_FULL);
  item.mutable_shipment()->set_status("RECEIVED");
  item.mutable_shipment()->set_expected(40);
  item.mutable_shipment()->mutable_consignment()->set_quantity(34);
  const auto open = [&] {
    std::vector<std::string> keys;
    for (const auto& finding : CheckDraft(ContextOf(draft, "QT", nullptr, clock.Now()), draft)) {
      const bool warns = finding.severity == casework::Severity::kWarning;
      if (warns && finding.rule == "R-EXE-01") keys.push_back(finding.key);
    }
    return keys;
  };
  const auto answer_for = [&](const char* rule) {
    auto& entry = *draft.body.add_overridden();
    entry.set_rule(rule);
    entry.set_reason("the rest comes with the next vessel");
  };
  EXPECT_THAT(open(), ElementsAre("R-EXE-01.diverted"));
  answer_for("R-EXE-01");
  EXPECT_THAT(open(), IsEmpty());
  item.mutable_referral()->set_decision("DECLINED");
  EXPECT_THAT(open(), UnorderedElementsAre("R-EXE-01.diverted", "R-EXE-01.not_done"));
  answer_for("R-EXE-01 at result.items[0].shipment.status");
  EXPECT_THAT(open(), ElementsAre("R-EXE-01.not_done"));
}

TEST(Drafting, AStateThatIsFoundedFromTheTemplateMayBeAskedForEverything) {
  std::string printed = DocumentTemplate(DocumentKind::kDirectory, {"QM"});
  printed = printed.substr(printed.find("\"roles\": ["));
  printed = printed.substr(0, printed.find(']'));
  for (int n = 1; n <= v1::AssistanceType::Code_MAX; ++n) {
    if (!v1::AssistanceType::Code_IsValid(n)) continue;
    const auto type = static_cast<v1::AssistanceType::Code>(n);
    const auto roles =
        casework::RolesFor(casework::ContextOfForm(type), casework::TemplateForType(type));
    EXPECT_TRUE(std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
      return printed.find("\"" + role + "\"") != std::string::npos;
    })) << v1::AssistanceType::Code_Name(type);
  }
}

TEST(Drafting, WhomItGoesToIsJudgedByWhatTheDeskKnows) {
  testing::World world;
  const trust::TrustPtr view = world.View();
  DraftFile draft = Value(ParseDraft(Value(DraftTemplate(v1::Act::REQUEST, "QT/central")), "t"));
  const auto keys = [&](std::vector<std::string> to, const trust::TrustView* known) {
    draft.to = std::move(to);
    std::string text;
    for (const auto& finding :
         CheckRecipients(ContextOf(draft, "QM", known, world.clock.Now()), draft, known)) {
      EXPECT_EQ(finding.field, "to");
      text += finding.key + " ";
    }
    return text;
  };
  EXPECT_EQ(keys({"QT/central"}, view.get()), "");
  EXPECT_EQ(keys({}, view.get()), "R-DIR-01.no_recipient ");
  EXPECT_EQ(keys({"ZZ/central"}, view.get()), "R-DIR-01.unknown ");
  EXPECT_EQ(keys({"QT/customs"}, view.get()), "R-DIR-01.unknown ");
  EXPECT_EQ(keys({"QM/central"}, view.get()), "R-DIR-01.own_state ");
  EXPECT_EQ(keys({"QT/central", "ZZ/central"}, view.get()), "R-DIR-01.states R-DIR-01.unknown ");
  EXPECT_EQ(keys({"QT/central"}, nullptr), "R-DIR-01.no_desk ");
}

TEST(Drafting, ErrorsSayWhere) {
  struct {
    const char* json;
    const char* text;
  } cases[] = {
      {"[", "not a JSON object"},
      {R"({"to": ["QT/central"], "wat": 1, "body": {}})", "'wat'"},
      {R"({"to": ["central"], "body": {}})", "to[0]: this is not an authority"},
      {R"({"to": ["QT/central"], "act": "PAINT", "body": {}})", "act: this is no act"},
      {R"({"to": ["QT/central"], "expires_in_days": 31, "body": {}})", "expires_in_days"},
      {R"({"to": ["QT/central"], "reply_by": "soon", "body": {}})", "reply_by"},
      {R"({"to": ["QT/central"]})", "body is missing"},
      {R"({"to": ["QT/central"], "body": {"request": {"colour": 1}}})", "colour"},
  };
  for (const auto& one : cases) {
    absl::Status status = ParseDraft(one.json, "draft.json").status();
    EXPECT_FALSE(status.ok()) << one.json;
    EXPECT_NE(TextOf(status).find(one.text), std::string::npos) << status;
  }
}

TEST(Drafting, AnErrorInTheJsonTellsThePlaceAndQuotesNobody) {
  absl::Status status =
      ParseDraft("{\n\"compartments\": [{\"name\": Orsay}]}", "draft.json").status();
  EXPECT_EQ(TextOf(status).find("Orsay"), std::string::npos) << status;
  EXPECT_NE(TextOf(status).find("Line 2, column 27"), std::string::npos) << status;
}

TEST(JsonValue, TextIsQuotedWhole) {
  EXPECT_EQ(Json::Object().Add("a\n", "b\"\\\x01").OneLine(), "{\"a\\n\": \"b\\\"\\\\\\u0001\"}");
}

TEST(JsonErrors, NameTheLineWhereItStopsWhateverStandsAround) {
  auto where = [](const std::string& json) {
    return TextOf(JsonReader::Parse(json, "f.json").status());
  };
  // A comma is missing at the end of line 4: the next word, on line 5, is what cannot stand there.
  const std::string text = "{\n  \"a\": 1,\n  \"b\": 2,\n  \"c\": 3\n  \"d\": 4,\n  \"e\": 5\n}\n";
  EXPECT_NE(where(text).find("Line 5, column 3"), std::string::npos) << where(text);
  EXPECT_NE(where("{\"a\": x}").find("Line 1, column 7"), std::string::npos) << where("{\"a\": x}");
  // The same text twice: a line would be a guess.
  const std::string same = "                    \n\"x\": 1 \"y\": 2,\n                    \n";
  const std::string twice = "{" + same + same + "}";
  EXPECT_EQ(where(twice).find("Line"), std::string::npos) << where(twice);
}

TEST(JsonErrors, AMarkOfUtf8AtTheBeginIsNoError) {
  auto read = JsonReader::Parse("\xef\xbb\xbf{\"a\": \"x\"}", "f.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->Text("a"), "x");
}

}  // namespace
}  // namespace palermo::desk
