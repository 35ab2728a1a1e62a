// A wrong word ends with 2 and says which words there are; for programs in JSON. Templates of
// documents.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/forms.h"
#include "node/casework/rules.h"
#include "node/casework/texts.h"
#include "node/cli/act_support.h"
#include "node/cli/run_test_util.h"
#include "node/desk/client.h"

namespace palermo::cli {
namespace {

TEST(Usage, AWrongWordEndsWithTwoAndNamesTheWordsThatThereAre) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"key", "new", "--kind", "foo", "--subject", "QM/x/o-1", "--out", "/nowhere/x"}, "roster"},
      {{"key", "new", "--kind", "sealing", "--subject", "QM/x", "--out", "/nowhere/x"},
       "sealing-key new"},
      {{"operation", "new", "--name", "X", "--party", "QM/central", "--party", "QN/central",
        "--member", "QM/central/o-0001=VICTIM_OFICER:VICTIMS"},
       "VICTIM_OFFICER"},
      {{"operation", "new", "--name", "X", "--party", "QM/central", "--party", "QN/central",
        "--member", "QM/central/o-0001=MEMBER:FOO"},
       "UNDERCOVER"},
      {{"clocks", "show", "--with", "QTT", "--home", "/nowhere"}, "a state"},
      {{"case", "new", "--list", "--language", "xx"}, ""},
      {{"casebook", "search", "--purpose", "INVESTIGATION", "--identifier", "FOO:1", "--home",
        "/nowhere"},
       "no scheme"},
      {{"casebook", "search", "--purpose", "INVESTIGATION", "--identifier", "plate:AB1", "--home",
        "/nowhere"},
       "PLATE:QM:AB1"},
  };
  for (const auto& [arguments, words] : wrong) {
    const Answer answer = Palermo(arguments);
    EXPECT_EQ(answer.code, kExitUsage) << arguments[0] << " " << arguments[1] << answer.err;
    EXPECT_NE(answer.err.find(words), std::string::npos) << answer.err;
  }
}

TEST(Usage, ANounIsExplainedAndAnOptionIsNoVerb) {
  EXPECT_EQ(Palermo({"help", "case"}).code, kExitOk);
  EXPECT_EQ(Palermo({"help", "case"}).out, Palermo({"case", "--help"}).out);
  const Answer early = Palermo({"case", "--json"});
  EXPECT_EQ(early.code, kExitUsage);
  EXPECT_NE(early.err.find("comes a verb"), std::string::npos) << early.err;
  EXPECT_EQ(Palermo({"case", ""}).code, kExitUsage);
}

TEST(Usage, AFormIsBegunForAnArea) {
  const Answer general = Palermo({"case", "new", "verify-nationality"});
  const Answer victim = Palermo({"case", "new", "verify-nationality", "--area", "trafficking"});
  EXPECT_EQ(victim.code, kExitOk) << victim.err;
  EXPECT_EQ(general.out.find("TIP 8(3)"), std::string::npos);
  EXPECT_NE(victim.out.find("TIP 8(3)"), std::string::npos);
  EXPECT_NE(victim.out.find("PRESUMED_VICTIM"), std::string::npos);
  // As urgent as its reason.
  EXPECT_NE(Palermo({"case", "new", "distress-alert"}).out.find("\"EMERGENCY_LIFE\""),
            std::string::npos);
  EXPECT_EQ(Palermo({"case", "new", "verify-nationality", "--area", "boats"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "new", "--area", "trafficking"}).code, kExitUsage);
  EXPECT_EQ(
      Palermo({"case", "new", "freeze", "--act", "FINAL_RESULT", "--area", "corruption"}).code,
      kExitUsage);
}

TEST(Usage, WhoSendsADraftIsToldOfItsNotes) {
  testing::FakeClock clock;
  testing::FakeRandom random;
  std::vector<casework::Finding> notes;
  casework::Tell("R-SEAL-02.not_scanned", "", notes);
  v1::SubmitResponse response;
  response.set_approvals_missing(1);
  Context plain{&clock, &random, "", false, words::Language::kEnglish, "", {}, {}, {}};
  EXPECT_EQ(ReportSubmitted(response, v1::Header(), plain, notes), kExitOk);
  EXPECT_NE(plain.out.find("R-SEAL-02"), std::string::npos) << plain.out;
  EXPECT_NE(plain.out.find("cannot read"), std::string::npos) << plain.out;
  Context json{&clock, &random, "", true, words::Language::kEnglish, "", {}, {}, {}};
  EXPECT_EQ(ReportSubmitted(response, v1::Header(), json, notes), kExitOk);
  EXPECT_NE(json.out.find("\"findings\""), std::string::npos) << json.out;
  Context none{&clock, &random, "", true, words::Language::kEnglish, "", {}, {}, {}};
  EXPECT_EQ(ReportSubmitted(response, v1::Header(), none), kExitOk);
  EXPECT_EQ(none.out.find("\"findings\""), std::string::npos) << none.out;
}

TEST(Usage, AProgramIsToldInJson) {
  for (const auto& arguments : {std::vector<std::string>{"nonsense", "--json"},
                                {"case", "nonsense", "--json"},
                                {"case", "new", "--bogus", "--json"}}) {
    const Answer answer = Palermo(arguments);
    EXPECT_EQ(answer.code, kExitUsage);
    EXPECT_EQ(answer.err.rfind("{\"error\": {", 0), 0u) << answer.err;
    EXPECT_EQ(answer.out, "");
  }
}

TEST(Findings, KeepTheirValuesInEveryLanguage) {
  std::vector<casework::Finding> said(1);
  said[0].key = "R-GEN-01.open_item";
  said[0].args = {{"item", "7"}};
  const casework::Text* text = casework::FindText(said[0].key);
  ASSERT_NE(text, nullptr);
  said[0].what = casework::FillText(text->what, said[0].args, false);
  said[0].todo = "overridden by the drafter, with a reason; approvers see it";
  auto spanish = FindingsIn(said, words::Language::kSpanish)[0];
  EXPECT_EQ(spanish.what, "el punto 7 no tiene resultado definitivo");
  EXPECT_EQ(spanish.todo.find("overridden"), std::string::npos);
  EXPECT_EQ(FindingsIn(said, words::Language::kEnglish)[0].what, said[0].what);
  EXPECT_NE(FindingsIn(said, words::Language::kArabic)[0].what.find("\u20687\u2069"),
            std::string::npos);
}

TEST(ExitCodes, WhatIsNotAllowedNowIsOneWhoeverSawIt) {
  absl::Status illegal = Refused("ILLEGAL_ACT", "x");
  EXPECT_EQ(ExitCodeFor(illegal), kExitFindings);
  // As the client marks what a node said.
  illegal.SetPayload("palermo/from-node", absl::Cord("1"));
  ASSERT_TRUE(desk::IsFromNode(illegal));
  EXPECT_EQ(ExitCodeFor(illegal), kExitFindings);
  absl::Status refused = Refused("WRONG_ROLE", "x");
  refused.SetPayload("palermo/from-node", absl::Cord("1"));
  EXPECT_EQ(ExitCodeFor(refused), kExitRefused);
}

// --- Every command that a text names exists

std::string ReadAll(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// What code says: its string literals, those that follow one another joined, one a line.
std::string LiteralsOf(const std::string& code) {
  static const std::regex comment("//[^\n]*"), joint("\"\\s*\n\\s*\""),
      literal("\"((?:[^\"\\\\\n]|\\\\.)*)\"");
  const std::string plain = std::regex_replace(std::regex_replace(code, comment, ""), joint, "");
  std::string out;
  for (std::sregex_iterator it(plain.begin(), plain.end(), literal), end; it != end; ++it) {
    out += (*it)[1].str() + "\n";
  }
  return out;
}

// What a page shows as code: blocks that begin a line with the program, and words in backticks.
std::string CodeOfPage(const std::string& page) {
  static const std::regex word("`(palermo [^`\n]*)`");
  std::string out;
  for (std::sregex_iterator it(page.begin(), page.end(), word), end; it != end; ++it) {
    out += (*it)[1].str() + "\n";
  }
  bool block = false;
  for (absl::string_view part : absl::StrSplit(page, '\n')) {
    if (part.rfind("```", 0) == 0) block = !block;
    if (block && absl::StripLeadingAsciiWhitespace(part).rfind("palermo ", 0) == 0) {
      out += std::string(part.substr(0, part.find('#'))) + "\n";
    }
  }
  return out;
}

// Those that do not exist. A noun alone is a family of commands.
std::vector<std::string> UnknownCommands(const std::string& text) {
  static const std::regex named("\\bpalermo ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?");
  // Prose about the program; what wrote a drawing; a word of a refusal that names no command.
  static const std::set<std::string> prose = {"itself", "works", "node", "route leg"};
  std::set<std::string> nouns, commands;
  for (const Command& command : AllCommands()) {
    nouns.insert(command.noun);
    commands.insert(command.noun + " " + command.verb);
  }
  std::vector<std::string> unknown;
  for (std::sregex_iterator it(text.begin(), text.end(), named), end; it != end; ++it) {
    const std::string noun = (*it)[1], both = noun + " " + (*it)[2].str();
    const bool known = (*it)[2].matched ? commands.count(both) > 0 : nouns.count(noun) > 0;
    if (!known && prose.count(noun) == 0 && prose.count(both) == 0) unknown.push_back(both);
  }
  return unknown;
}

TEST(Texts, NameOnlyCommandsThatExist) {
  EXPECT_EQ(UnknownCommands("run palermo explain ID, or palermo message explain ID"),
            std::vector<std::string>{"explain "});
  EXPECT_EQ(UnknownCommands(LiteralsOf("x = \"a palermo cas\"\n  \"e paint\";")),
            std::vector<std::string>{"case paint"});
  const char* root = std::getenv("PALERMO_SOURCE");
  if (root == nullptr) GTEST_SKIP() << "PALERMO_SOURCE is not set";
  size_t files = 0;
  const auto look = [&](const char* folder, const char* end, auto texts) {
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(std::filesystem::path(root) / folder)) {
      const std::string name = entry.path().filename();
      if (entry.path().extension() != end || name.find("_test.cc") != std::string::npos) continue;
      ++files;
      for (const std::string& unknown : UnknownCommands(texts(ReadAll(entry.path())))) {
        ADD_FAILURE() << entry.path() << ": palermo " << unknown << " is no command";
      }
    }
  };
  look("node", ".cc", LiteralsOf);
  look("docs", ".md", CodeOfPage);
  EXPECT_GT(files, 100u);
}

TEST(Templates, TakeTheirStatesAndTheEndpointsOfTheirNodes) {
  std::string roster = Palermo({"roster", "template", "--endpoint", "QT=node.qt.example:1"}).out;
  EXPECT_NE(roster.find("node.qt.example:1"), std::string::npos);
  EXPECT_NE(roster.find("localhost:7443"), std::string::npos);  // of QM
  EXPECT_EQ(roster.find("localhost:8443"), std::string::npos);
  std::string more = Palermo({"roster", "template", "--endpoint", "QX=a:1"}).out;
  for (const char* part : {"QM-root.key", "QT-root.key", "QX-root.key", "\"a:1\""}) {
    EXPECT_NE(more.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(Palermo({"roster", "template", "--state", "QM", "--endpoint", "QX=a:1"}).code,
            kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--endpoint", "qx=a:1"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--endpoint", "a:1"}).code, kExitUsage);
  std::string three = Palermo({"roster", "template", "--state", "QM", "--state", "QN", "--state",
                               "QP", "--endpoint", "QP=node.qp.example:1"})
                          .out;
  for (const char* part : {"QN-root.key", "localhost:8443", "node.qp.example:1"}) {
    EXPECT_NE(three.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(three.find("QT"), std::string::npos);
  EXPECT_EQ(Palermo({"roster", "template", "--state", "Q1"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"roster", "template", "--state", "QM", "--state", "QM"}).code, kExitUsage);
  Answer directory = Palermo({"directory", "template", "--endpoint", "node.qm.example:2"});
  EXPECT_NE(directory.out.find("\"endpoint\": \"node.qm.example:2\""), std::string::npos);
  EXPECT_NE(directory.out.find("central@justice.example"), std::string::npos);
  EXPECT_EQ(Palermo({"directory", "template", "--endpoint", "a\"b"}).code, kExitUsage);
}

TEST(Usage, FieldsOfAnActAreExplainedWithTheRulesThatAskForThem) {
  Answer refusal = Palermo({"case", "fields", "--act", "REFUSAL"});
  EXPECT_EQ(refusal.code, kExitOk) << refusal.err;
  EXPECT_NE(refusal.out.find("refusal.reasons "), std::string::npos) << refusal.out;
  EXPECT_NE(refusal.out.find("R-REF-23"), std::string::npos);
  EXPECT_NE(refusal.out.find("provision of domestic law"), std::string::npos);
  // The kind of assistance changes nothing about it.
  EXPECT_EQ(Palermo({"case", "fields", "freeze", "--act", "refusal"}).out, refusal.out);
  for (const v1::Act::Code act : casework::AllActs()) {
    const std::string name = casework::ActName(act);
    Answer json = Palermo({"case", "fields", "freeze", "--act", name, "--json"});
    EXPECT_EQ(json.code, kExitOk) << name << json.err;
    EXPECT_NE(json.out.find("\"fields\": ["), std::string::npos) << name;
    EXPECT_EQ(Palermo({"case", "fields", "--act", name}).code,
              casework::AsksForAType(act) ? kExitUsage : kExitOk)
        << name;
  }
  // Only the answer, and only the request.
  Answer answer = Palermo({"case", "fields", "serve-document", "--act", "FINAL_RESULT"});
  EXPECT_NE(answer.out.find("result.items[0].service.manner"), std::string::npos) << answer.out;
  EXPECT_EQ(answer.out.find("request."), std::string::npos);
  Answer unknown = Palermo({"case", "fields", "--act", "REFUSE"});
  EXPECT_EQ(unknown.code, kExitUsage);
  EXPECT_NE(unknown.err.find("REFUSAL_IN_PART"), std::string::npos) << unknown.err;
}

// A desk of the state QT or of another one, as far as a printed form needs it.
class FormsAtADesk : public InFolder {
 protected:
  Answer New(const std::string& state, std::vector<std::string> words) {
    std::filesystem::create_directory(Path("home"));
    File("home/desk.json",
         Cat({R"({"key_file": "k", "endpoint": "localhost:1", "state": ")", state, "\"}"}));
    words.insert(words.begin(), {"case", "new"});
    testing::FakeClock clock;
    return RunAtDesk(words, clock);
  }
};

TEST_F(FormsAtADesk, AFormIsReleasedToTheTwoStatesOfItsCase) {
  for (const char* more : {"--json", "--more"}) {
    const Answer form =
        New("QX", {"search-seize", "--area", "medicines", "--to", "QT/central", more});
    ASSERT_EQ(form.code, kExitOk) << form.err;
    const size_t at = form.out.find("\"releaseStates\"") == std::string::npos
                          ? form.out.find("\"release_states\"")
                          : form.out.find("\"releaseStates\"");
    ASSERT_NE(at, std::string::npos) << form.out;
    std::string list = form.out.substr(at, form.out.find(']', at) - at);
    EXPECT_NE(list.find("\"QX\""), std::string::npos) << list;
    EXPECT_NE(list.find("\"QT\""), std::string::npos) << list;
    EXPECT_EQ(list.find("\"QM\""), std::string::npos) << list;
    EXPECT_EQ(std::count(list.begin(), list.end(), ','), 1) << list;
  }
}

TEST_F(FormsAtADesk, AnActOfACaseNeedsNoRecipientAndAWrongActIsNamedFirst) {
  const Answer act = New("QT", {"--act", "ACKNOWLEDGEMENT"});
  EXPECT_EQ(act.code, kExitOk) << act.err;
  EXPECT_NE(act.out.find("\"QM/central\""), std::string::npos) << "not the own office";
  EXPECT_EQ(New("QT", {"search-seize", "--act", "FINAL_RESULT"}).code, kExitOk);
  const Answer opens = New("QT", {"search-seize"});
  EXPECT_EQ(opens.code, kExitUsage);
  EXPECT_NE(opens.err.find("name the recipient"), std::string::npos) << opens.err;
  const Answer wrong = New("QT", {"--act", "nonsense"});
  EXPECT_EQ(wrong.code, kExitUsage);
  EXPECT_NE(wrong.err.find("nonsense"), std::string::npos) << wrong.err;
}

TEST_F(FormsAtADesk, TheDatesOfAnActAreCountedFromToday) {
  const Answer kept = New("QX", {"--act", "PRESERVATION_CONFIRMED", "--to", "QT/central"});
  ASSERT_EQ(kept.code, kExitOk) << kept.err;
  testing::FakeClock clock;
  const std::string now = FormatInstant(clock.Now());
  EXPECT_NE(kept.out.find(Cat({"\"from\": \"", now, "\""})), std::string::npos) << kept.out;
}

// The file is judged before anything is asked of a node.
TEST_F(FormsAtADesk, AnotherStatesLedgerIsComparedOnlyWhenItIsOne) {
  ASSERT_EQ(New("QM", {"--list"}).code, kExitOk);
  testing::FakeClock clock;
  const auto compare = [&](const std::string& json, const std::string& peer) {
    return RunAtDesk({"audit", "compare", File("l.json", json), "--peer", peer}, clock);
  };
  EXPECT_EQ(compare("[]", "Temburra").code, kExitUsage);
  const Answer own = compare("[]", "QM");
  EXPECT_EQ(own.code, kExitUsage);
  EXPECT_NE(own.err.find("is your state"), std::string::npos) << own.err;
  const Answer empty = compare("[]", "QT");
  EXPECT_EQ(empty.code, kExitBadInput);
  EXPECT_NE(empty.err.find("audit list --peer QM --format json"), std::string::npos) << empty.err;
  EXPECT_EQ(compare("entry,at\n", "QT").code, kExitBadInput);
}

}  // namespace
}  // namespace palermo::cli
