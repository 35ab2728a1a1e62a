// A file that is no draft: which rule says so, where, and in the officer's language.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/limits.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/cli/case_acts.h"
#include "node/cli/command.h"

namespace palermo::cli {
namespace {

class UnreadableTest : public ::testing::Test {
 protected:
  UnreadableTest() { std::filesystem::create_directories(folder_); }
  ~UnreadableTest() override { std::filesystem::remove_all(folder_); }

  absl::Status Load(const std::string& text) {
    std::ofstream(Path(), std::ios::binary) << text;
    return LoadDraft(Path()).status();
  }
  std::string Path() const { return (folder_ / "request.json").string(); }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / "palermo-unreadable";
};

TEST_F(UnreadableTest, NamesItsRuleAndItsPlace) {
  struct Case {
    std::string text;
    const char* code;
    const char* key;
    const char* field;
  };
  const std::string body = R"("body": {"request": {}})";
  const Case cases[] = {
      {"", "BAD_JSON", "R-GEN-01.no_json", nullptr},
      {"{\n \"to\": [\"QT/central\" \"QT/police\"]}", "BAD_JSON", "R-GEN-01.no_json", nullptr},
      {std::string(100000, '{'), "BAD_JSON", "R-GEN-01.deep", "file"},
      {"\xEF\xBB\xBF{}", "BAD_JSON", "R-GEN-01.byte_mark", "file"},
      {"{}", "BAD_JSON", "R-GEN-01.file_body", "body"},
      {R"({"too": "QT/central", )" + body + "}", "BAD_JSON", "R-GEN-01.header", nullptr},
      {R"({"to": ["central"], )" + body + "}", "BAD_JSON", "R-GEN-01.header", "to[0]"},
      {R"({"family": "CIVIL", )" + body + "}", "UNKNOWN_WORD", "R-GEN-01.enum", "family"},
      {R"({"body": {"request": {"purpos": 1}}})", "BAD_JSON", "R-GEN-01.unknown_field_near",
       "body.request"},
      {std::string(limits::kMaxRequestFileBytes + 1, ' '), "BODY_TOO_LARGE", "R-GEN-01.large",
       "file"},
      {std::string(10 * 1024 * 1024, ' '), "BODY_TOO_LARGE", "R-GEN-01.large", "file"},
  };
  for (const Case& one : cases) {
    const absl::Status status = Load(one.text);
    EXPECT_EQ(CodeOf(status), one.code) << status;
    EXPECT_EQ(casework::FindingOf(status).key, one.key) << status;
    EXPECT_NE(casework::FieldOf(status), "") << status;
    if (one.field != nullptr) {
      EXPECT_EQ(casework::FieldOf(status), one.field) << status;
    }
    EXPECT_NE(ErrorText(status, false).find("(R-GEN-01)"), std::string::npos) << status;
  }
}

TEST_F(UnreadableTest, AFolderIsNoDraft) {
  const absl::Status status = LoadDraft(folder_.string()).status();
  EXPECT_EQ(CodeOf(status), "BAD_FILE");
  EXPECT_EQ(casework::FindingOf(status).key, "R-GEN-01.no_file");
  EXPECT_EQ(CodeOf(LoadDraft(Path()).status()), "NO_FILE");
}

TEST_F(UnreadableTest, IsToldInTheOfficersLanguage) {
  const absl::Status status = Load(R"({"family": "CIVIL", "body": {"request": {}}})");
  const std::string french = ErrorText(status, false, words::Language::kFrench);
  EXPECT_EQ(french.find("a word is not known"), std::string::npos) << french;
  EXPECT_NE(french.find("UNKNOWN_WORD: family: "), std::string::npos) << french;
  EXPECT_NE(french.find("(R-GEN-01)"), std::string::npos) << french;
  // Programs get the same in every language.
  EXPECT_EQ(ErrorText(status, true, words::Language::kFrench), ErrorText(status, true));
}

// By kind, with its place; the words of a parser come behind, as they are.
TEST_F(UnreadableTest, IsToldByItsKindInTheOfficersLanguage) {
  const auto french = [&](const std::string& text) {
    return ErrorText(Load(text), false, words::Language::kFrench);
  };
  const std::string syntax = french("{\n \"to\": [\"QT/central\" \"QT/police\"]}");
  EXPECT_NE(syntax.find("JSON"), std::string::npos) << syntax;
  EXPECT_NE(syntax.find(" (R-GEN-01) [Expected , or ] after array value.]\n"), std::string::npos)
      << syntax;
  const std::string form = french(R"({"body": {"request": {"persons": [{"sealed": "maybe"}]}}})");
  EXPECT_NE(form.find("body.request.persons[0].sealed: "), std::string::npos) << form;
  EXPECT_EQ(form.find("true or false"), std::string::npos) << form;
  EXPECT_NE(form.find("true ou false"), std::string::npos) << form;
  const std::string number = french(R"({"body": {"request": {"items": [{"n": -1}]}}})");
  EXPECT_NE(number.find("body.request.items[0].n: "), std::string::npos) << number;
  const std::string field = french(R"({"body": {"request": {"purpos": 1}}})");
  EXPECT_NE(field.find("[purpos]"), std::string::npos) << field;
  EXPECT_NE(field.find("body.request: "), std::string::npos) << field;
  const std::string around = french(R"({"to": "QT/central", "body": {"request": {}}})");
  EXPECT_NE(around.find("to: "), std::string::npos) << around;
  EXPECT_NE(around.find("[must be a list"), std::string::npos) << around;
  const std::string sealed = french(
      R"({"to": ["QT/central"], "compartments": [{"purpose": "Orsay"}], "body": {"request": {}}})");
  EXPECT_NE(sealed.find("compartments[0].purpose: "), std::string::npos) << sealed;
  EXPECT_EQ(sealed.find("Orsay"), std::string::npos) << sealed;
}

// What a text names as the way out has to be one.
TEST_F(UnreadableTest, WhatIsTooLargeGoesInActsThatThereAre) {
  const std::string text = TextOf(casework::TooLarge(1, 0));
  EXPECT_EQ(text.find("attachment"), std::string::npos) << text;
  EXPECT_NE(text.find("palermo case act"), std::string::npos) << text;
}

}  // namespace
}  // namespace palermo::cli
