#include "node/casework/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/limits.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using v1::Act;

TEST(Json, EveryExampleGoesBothWays) {
  for (Act::Code act : AllActs()) {
    const v1::CaseBody body = TemplateFor(act);
    EXPECT_NE(body.content_case(), v1::CaseBody::CONTENT_NOT_SET) << ActName(act);
    for (bool pretty : {false, true}) {
      const auto back = BodyFromJson(BodyToJson(body, pretty));
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(back->SerializeAsString(), body.SerializeAsString());
    }
    EXPECT_EQ(BodyFromJson(TemplateJson(act))->SerializeAsString(), body.SerializeAsString());
  }
  EXPECT_EQ(TemplateFor(Act::UNSPECIFIED).ByteSizeLong(), 0u);
}

TEST(Json, UsesTheNamesOfTheFormat) {
  const std::string json = BodyToJson(TemplateFor(Act::REQUEST), false);
  EXPECT_THAT(json, HasSubstr("\"facts_summary\":"));
  EXPECT_THAT(json, HasSubstr("\"type\":\"TAKE_EVIDENCE\""));
  EXPECT_EQ(json.find('\n'), std::string::npos);
  EXPECT_EQ(TemplateJson(Act::REQUEST).back(), '\n');
}

TEST(Json, KeepsEveryScriptAsItIs) {
  for (const char* text : {"ümläut", "السرية", "银行", "\U0001F600", "a\"b\\c\n\t", "\u2028<&>"}) {
    v1::CaseBody body;
    body.mutable_statement()->set_text(text);
    const auto back = BodyFromJson(BodyToJson(body, false));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->statement().text(), text);
  }
}

TEST(Json, NamesAnUnknownField) {
  const auto status =
      BodyFromJson(R"({"request": {"items": [{"n": 1, "descripton": "typo"}]}})").status();
  EXPECT_EQ(CodeOf(status), "BAD_JSON");
  EXPECT_THAT(TextOf(status), HasSubstr("descripton"));
}

TEST(Json, TellsWhereAWordIsUnknown) {
  const auto status = BodyFromJson(R"({"request": {"items": [{"type": "SERVE_TEA"}]}})").status();
  EXPECT_EQ(CodeOf(status), "BAD_JSON");
  EXPECT_THAT(TextOf(status), HasSubstr("request.items[0].type: expected is a word of"));
  EXPECT_THAT(TextOf(status), Not(HasSubstr("SERVE_TEA")));
}

TEST(Json, RefusesRubbish) {
  const std::string deep = std::string(100000, '[');
  const std::string nested = [] {
    std::string text;
    for (int i = 0; i < 5000; ++i) text += "{\"request\":";
    return text;
  }();
  for (const std::string& text :
       {std::string(), std::string(" "), std::string("null"), std::string("[]"), std::string("{"),
        std::string("{}}"), std::string("\"a\""), std::string("7"), deep, nested,
        std::string("{\"request\": 7}"), std::string("{\"request\": {\"items\": 7}}"),
        std::string("{\"version\": -1}"), std::string("{\"version\": 4294967296}"),
        std::string("{\"version\": 1.5}"), std::string("\xff\xfe{}"),
        std::string("{\"statement\": {\"text\": \"\xff\"}}"),
        std::string("{\"statement\": {}, \"close\": {}}")}) {
    EXPECT_EQ(CodeOf(BodyFromJson(text).status()), "BAD_JSON") << text.substr(0, 60);
  }
}

TEST(Json, RefusesTextThatNoDeskCouldReadAgain) {
  const auto body = BodyFromJson(R"({"statement": {"text": "\ud800"}})");
  if (body.ok()) {  // the parser may repair it instead
    v1::CaseBody again;
    EXPECT_TRUE(again.ParseFromString(body->SerializeAsString()));
  } else {
    EXPECT_EQ(CodeOf(body.status()), "BAD_JSON");
  }
}

TEST(Json, TakesItsMaximumAndNotOneByteMore) {
  const std::string head = R"({"statement": {"text": ")", tail = "\"}}";
  std::string text = head;
  text.append(limits::kMaxRequestFileBytes - head.size() - tail.size(), 'x');
  EXPECT_TRUE(BodyFromJson(text + tail).ok());
  EXPECT_EQ(CodeOf(BodyFromJson(text + "x" + tail).status()), "BODY_TOO_LARGE");
}

TEST(Json, SurvivesDamagedText) {
  const std::string good = TemplateJson(Act::REQUEST);
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    std::mt19937 random(seed);
    std::string text = good;
    for (int i = 0; i < 3; ++i) text[random() % text.size()] = static_cast<char>(random());
    if (seed % 3 == 0) text.resize(random() % text.size());
    const auto body = BodyFromJson(text);
    if (!body.ok()) {
      EXPECT_EQ(CodeOf(body.status()), "BAD_JSON") << seed;
      continue;
    }
    const auto back = BodyFromJson(BodyToJson(*body, false));
    ASSERT_TRUE(back.ok()) << seed << back.status();
    EXPECT_EQ(back->SerializeAsString(), body->SerializeAsString()) << seed;
  }
}

// The officer reads it in his language, so each has a sentence of the rules and a place.
TEST(Json, WhatCannotBeReadHasASentenceOfARuleAndItsPlace) {
  struct Case {
    std::string json;
    const char* key;
    const char* field;
  };
  const Case cases[] = {
      {R"({"request": {"persons": [{"ref": "V-1", "sealed": "maybe"}]}})", "R-GEN-01.form",
       "request.persons[0].sealed"},
      {R"({"request": {"items": 7}})", "R-GEN-01.form", "request.items"},
      {R"({"request": {"weather": "x"}})", "R-GEN-01.unknown_field", "request"},
      {R"({"request": {"fact_summary": "x"}})", "R-GEN-01.unknown_field_near", "request"},
      {R"({"request": {}, "refusal": {}})", "R-GEN-01.contents", "request"},
      {R"({"request": {"items": [{"n": -1}]}})", "R-GEN-01.form", "request.items[0].n"},
      {R"({"request": {"items": [{"n": 1}, {"n": 1.5}]}})", "R-GEN-01.form", "request.items[1].n"},
      {R"({"request": {"items": [{"n": "-1"}]}})", "R-GEN-01.form", "request.items[0].n"},
      {R"({"version": 4294967296})", "R-GEN-01.form", "version"},
      {R"({"request": {"items": [{"type": "TEA"}]}})", "R-GEN-01.no_word", "request.items[0].type"},
      {R"({"request": )", "R-GEN-01.no_json", ""},
      {"[1]", "R-GEN-01.no_json", ""},
      {std::string(100000, '['), "R-GEN-01.deep", ""},
      {"\xEF\xBB\xBF{}", "R-GEN-01.byte_mark", ""},
      {std::string(limits::kMaxRequestFileBytes + 1, ' '), "R-GEN-01.large", ""},
  };
  for (const Case& one : cases) {
    const absl::Status status = BodyFromJson(one.json).status();
    const Finding said = FindingOf(status);
    EXPECT_EQ(said.key, one.key) << status;
    EXPECT_EQ(said.field, one.field) << status;
    EXPECT_EQ(said.rule, "R-GEN-01") << status;
    EXPECT_EQ(said.what.find('{'), std::string::npos) << said.what;
  }
  EXPECT_EQ(FindingOf(InputError("BAD_FILE", "no such thing")).key, "");
}

// The name of a field, the parser's words: nothing that somebody typed as a value.
TEST(Json, TellsADetailAndQuotesNoValue) {
  const auto detail = [](const std::string& json) { return DetailOf(BodyFromJson(json).status()); };
  EXPECT_EQ(detail(R"({"request": {"fact_summary": "x"}})"), "fact_summary");
  EXPECT_EQ(detail(R"({"request": {"Lina Orsay": "x"}})"), "");
  EXPECT_EQ(detail(R"({"request": {"items": [{"type": "Orsay"}]}})"), "");
  EXPECT_THAT(detail("{\"request\": {\n\"facts_summary\": Orsay}}"), Not(HasSubstr("Orsay")));
  EXPECT_THAT(detail(R"({"request": )"), Not(HasSubstr("\n")));
  const JsonFault fault = FaultOf("{\n \"a\": x}", "Unexpected token.\n \"a\": x}\n      ^");
  EXPECT_EQ(fault.words, "Unexpected token.");
  EXPECT_EQ(fault.line, 2u);
  EXPECT_EQ(fault.column, 7u);
}

TEST(Json, BracketsInATextNestNothing) {
  const std::string many(1000, '[');
  EXPECT_FALSE(NestsTooDeep(R"({"statement": {"text": ")" + many + R"(\" )" + many + R"("}})"));
  EXPECT_TRUE(NestsTooDeep(R"({"statement": {"text": "\\"}, "x": )" + many));
  EXPECT_FALSE(NestsTooDeep(std::string(64, '[') + std::string(64, ']') + "[[]]"));
  EXPECT_TRUE(NestsTooDeep(std::string(65, '[')));
}

// What was typed may be a name, and the error goes to a screen, a log, a colleague.
TEST(Json, AnErrorTellsPlaceAndFormAndQuotesNoValue) {
  struct Case {
    const char* json;
    const char* place;
  };
  constexpr Case kCases[] = {
      {R"({"request": {"persons": [{"ref": "V-1", "sealed": "Marija Petrovic"}]}})",
       "request.persons[0].sealed: expected is true or false"},
      {R"({"request": {"deadline": "Marija Petrovic"}})",
       "request.deadline: expected is a group of fields"},
      {R"({"request": {"Marija Petrovic": 1}})", "request: a field is not known here"},
      {R"({"request": {"fact_summary": "Marija Petrovic"}})",
       "request: the field fact_summary is not known here"},
      {R"({"request": {"items": [{"type": "Marija Petrovic"}]}})", "request.items[0].type: "},
      {R"({"request": {"items": [{"n": "Marija Petrovic"}]}})",
       "request.items[0].n: expected is a whole number"},
      {R"(["Marija Petrovic"])", "expected is an object in braces"},
      {R"({"request": {"purpose": "Marija Petrovic"})", "it is no JSON"},
  };
  for (const Case& one : kCases) {
    const std::string text(BodyFromJson(one.json).status().message());
    EXPECT_NE(text.find(one.place), std::string::npos) << one.json << text;
    for (const char* gone : {"Marija", "Petrovic", "TYPE_", "googleapis"}) {
      EXPECT_EQ(text.find(gone), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace palermo::casework
