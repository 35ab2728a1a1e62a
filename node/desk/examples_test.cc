// docs/examples and docs/areas say what the program does: every example is accepted, every mistake
// is told by its rule.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "node/casework/catalogue.h"
#include "node/casework/forms.h"
#include "node/desk/drafting.h"

namespace palermo::desk {
namespace {

using google::protobuf::Struct;
using JsonValue = google::protobuf::Value;

class Examples : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("PALERMO_SOURCE");
    if (root == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
    docs_ = std::string(root) + "/docs/";
  }

  std::string Read(const std::string& name) const {
    std::ifstream file(docs_ + name, std::ios::binary);
    EXPECT_TRUE(file.good()) << name;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }

  // What `palermo case check` finds, on a desk of QM that knows no directory.
  static std::vector<casework::Finding> FindingsOf(const std::string& json) {
    auto draft = ParseDraft(json, "example");
    if (!draft.ok()) {
      ADD_FAILURE() << draft.status();
      return {};
    }
    families_.insert(draft->family);
    const absl::Time now = *ParseInstant("2026-03-02T09:00:00Z");
    std::vector<casework::Finding> findings =
        CheckDraft(ContextOf(*draft, "QM", nullptr, now), *draft);
    // An example shows no identity, sealed or not.
    // That its persons and places are the forms' own is overridden in it.
    std::erase_if(findings, [](const auto& f) {
      return f.key == "R-SEAL-01.nowhere" ||
             (f.key == "R-GEN-04.form" && f.severity == casework::Severity::kNote);
    });
    return findings;
  }

  std::vector<std::string> ExampleNames() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(docs_ + "examples")) {
      const std::string name = entry.path().filename();
      if (name != "mistakes.json") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string docs_;
  static inline std::set<v1::Family::Code> families_;
};

// Changes one value of a JSON document: "/body/request/items/0/n". No value: takes it away.
std::string Patched(const std::string& json, const std::string& path, const JsonValue* value) {
  JsonValue root;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &root).ok());
  const std::vector<std::string> steps = absl::StrSplit(path.substr(1), '/');
  JsonValue* at = &root;
  for (size_t i = 0; i + 1 < steps.size(); ++i) {
    int index = 0;
    if (absl::SimpleAtoi(steps[i], &index)) {
      at = at->mutable_list_value()->mutable_values(index);
    } else {
      auto& fields = *at->mutable_struct_value()->mutable_fields();
      EXPECT_EQ(fields.count(steps[i]), 1u) << path;
      at = &fields[steps[i]];
    }
  }
  auto& fields = *at->mutable_struct_value()->mutable_fields();
  if (value == nullptr) {
    EXPECT_EQ(fields.erase(steps.back()), 1u) << path;
  } else {
    fields[steps.back()] = *value;
  }
  std::string out;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(root, &out).ok());
  return out;
}

TEST_F(Examples, AreAcceptedAndEveryFamilyHasOne) {
  families_.clear();
  for (const std::string& name : ExampleNames()) {
    SCOPED_TRACE(name);
    EXPECT_EQ(casework::FindingsText(FindingsOf(Read("examples/" + name))), "");
    EXPECT_NE(Read("json.md").find("(examples/" + name + ")"), std::string::npos);
  }
  for (int n = 1; n <= v1::Family::Code_MAX; ++n) {
    EXPECT_TRUE(families_.contains(static_cast<v1::Family::Code>(n)))
        << v1::Family::Code_Name(static_cast<v1::Family::Code>(n));
  }
}

TEST_F(Examples, EveryMistakeIsToldByItsRuleAndOnItsPage) {
  JsonValue root;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(Read("examples/mistakes.json"), &root).ok());
  std::map<std::string, int> of_area;
  for (const JsonValue& one : root.list_value().values()) {
    const auto& fields = one.struct_value().fields();
    const std::string area = fields.at("area").string_value();
    const std::string rule = fields.at("rule").string_value();
    SCOPED_TRACE(area + " " + rule);
    ++of_area[area];
    const auto value = fields.find("value");
    const std::string json =
        Patched(Read("examples/" + area + ".json"), fields.at("path").string_value(),
                value == fields.end() ? nullptr : &value->second);
    const auto findings = FindingsOf(json);
    const auto told =
        std::find_if(findings.begin(), findings.end(), [&](const casework::Finding& finding) {
          return finding.rule == rule && finding.field == fields.at("field").string_value() &&
                 casework::SeverityName(finding.severity) == fields.at("severity").string_value();
        });
    ASSERT_NE(told, findings.end()) << casework::FindingsText(findings);
    const std::string page = Read("areas/" + area + ".md");
    EXPECT_NE(page.find(fields.at("mistake").string_value()), std::string::npos);
    EXPECT_NE(page.find(rule + ": " + told->what + ". To do: " + told->todo + "."),
              std::string::npos);
  }
  EXPECT_EQ(of_area.size(), 10u);
  for (const auto& [area, count] : of_area) EXPECT_EQ(count, 3) << area;
}

TEST_F(Examples, PagesNameOnlyFormsAndRulesThatExist) {
  const std::regex begins("palermo case new ([a-z-]+)( --area [a-z]+)?`");
  const std::regex rules("R-[A-Z]+-[0-9A-Z]+");
  for (const auto& entry : std::filesystem::directory_iterator(docs_ + "areas")) {
    const std::string name = entry.path().filename();
    SCOPED_TRACE(name);
    const std::string page = Read("areas/" + name);
    const std::string stem = name.substr(0, name.find('.'));
    const std::string area = absl::AsciiStrToUpper(stem);
    size_t forms = 0;
    for (std::sregex_iterator it(page.begin(), page.end(), begins), end; it != end; ++it, ++forms) {
      const auto type = casework::ParseAssistance((*it)[1].str());
      ASSERT_TRUE(type.ok()) << (*it)[1];
      const casework::TypeForm* form = casework::FindForm(*type);
      ASSERT_NE(form, nullptr);
      EXPECT_NE(page.find("| " + casework::FamilyName(form->family) + " | `" + "palermo case new " +
                          (*it)[1].str() + (*it)[2].str() + "`"),
                std::string::npos)
          << "the family of " << (*it)[1];
      // A type that several areas have is begun as the form of this one.
      EXPECT_EQ((*it)[2].str(), casework::FormIsOfArea(*type, area) ? " --area " + stem : "")
          << (*it)[1];
    }
    EXPECT_GE(forms, 3u);
    // And every kind that `palermo case new --list` gives for the area, and no other.
    const auto& areas = casework::Areas();
    const auto listed =
        std::find_if(areas.begin(), areas.end(),
                     [&](const casework::AreaForms& one) { return one.area == area; });
    ASSERT_NE(listed, areas.end()) << area;
    std::set<std::string> of_list, of_page;
    for (const auto type : listed->types) of_list.insert(v1::AssistanceType::Code_Name(type));
    const std::regex rows("\\| ([A-Z_]+) \\| [A-Z_0-9]+ \\| `palermo case new ");
    for (std::sregex_iterator it(page.begin(), page.end(), rows), end; it != end; ++it) {
      of_page.insert((*it)[1].str());
    }
    EXPECT_EQ(of_page, of_list);
    for (std::sregex_iterator it(page.begin(), page.end(), rules), end; it != end; ++it) {
      EXPECT_NE(casework::FindRule(it->str()), nullptr) << it->str();
    }
  }
}

// The typed parts of a result: "trace", "heard".
std::set<std::string> PartsOf(const v1::ItemResult& item) {
  std::set<std::string> parts;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  item.GetReflection()->ListFields(item, &fields);
  for (const auto* field : fields) {
    if (field->message_type() != nullptr) parts.insert(field->name());
  }
  return parts;
}

TEST_F(Examples, TheAnswerOfAPageAnswersItsWorkedExample) {
  const std::regex line("Its answer: \\[([a-z_-]+\\.json)\\]");
  for (const auto& entry : std::filesystem::directory_iterator(docs_ + "areas")) {
    const std::string name = entry.path().filename();
    SCOPED_TRACE(name);
    const std::string page = Read("areas/" + name);
    std::smatch found;
    ASSERT_TRUE(std::regex_search(page, found, line));
    const auto asked =
        ParseDraft(Read("examples/" + name.substr(0, name.find('.')) + ".json"), "asked");
    const auto answer = ParseDraft(Read("examples/" + found[1].str()), "answer");
    ASSERT_TRUE(asked.ok() && answer.ok());
    EXPECT_EQ(asked->family, answer->family);
    auto context = ContextOf(*answer, "QM", nullptr, *ParseInstant("2026-03-02T09:00:00Z"));
    context.side = casework::Side::kRequested;
    context.request = &asked->body.request();
    auto findings = CheckDraft(context, *answer);
    std::erase_if(findings, [](const auto& f) { return f.rule == "R-GEN-04"; });
    EXPECT_EQ(casework::FindingsText(findings), "");
    if (!answer->body.has_result()) {
      // Leave to board and a preservation are acts of their own.
      EXPECT_TRUE(answer->body.has_boarding_answer() || answer->body.has_preservation());
      continue;
    }
    ASSERT_EQ(answer->body.result().items_size(), asked->body.request().items_size());
    const auto type = asked->body.request().items(0).type();
    const std::set<std::string> usual = PartsOf(casework::AnswerForType(type).result().items(0));
    const std::set<std::string> parts = PartsOf(answer->body.result().items(0));
    EXPECT_FALSE(parts.empty());
    for (const std::string& part : parts) EXPECT_TRUE(usual.contains(part)) << part;
  }
}

}  // namespace
}  // namespace palermo::desk
