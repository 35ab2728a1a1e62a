#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/casework/forms.h"
#include "node/casework/texts.h"
#include "node/cli/act_support.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/run_test_util.h"
#include "node/desk/files.h"
#include "tests/support/fake_clock.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

class CliTest : public InFolder {
 protected:
  Answer Palermo(const std::vector<std::string>& arguments) { return Run(arguments, clock_); }

  testing::FakeClock clock_;
};

TEST_F(CliTest, EveryCommandHasHelpWithAnExample) {
  std::set<std::string> names;
  for (const Command& command : AllCommands()) {
    SCOPED_TRACE(command.noun + " " + command.verb);
    EXPECT_TRUE(names.insert(command.noun + " " + command.verb).second);
    EXPECT_FALSE(command.summary.empty());
    EXPECT_EQ(command.example.rfind("palermo " + command.noun + " " + command.verb, 0), 0u);
    EXPECT_FALSE(NounSummary(command.noun).empty());
    Answer help = Palermo({command.noun, command.verb, "--help"});
    EXPECT_EQ(help.code, kExitOk);
    EXPECT_NE(help.out.find("Example:\n"), std::string::npos);
    EXPECT_NE(help.out.find("--json"), std::string::npos);
    for (const Option& option : command.options) EXPECT_FALSE(option.help.empty());
  }
}

TEST_F(CliTest, CompletionListsEveryCommandAndOption) {
  Answer completion = Palermo({"completion", "bash"});
  ASSERT_EQ(completion.code, kExitOk);
  for (const Command& command : AllCommands()) {
    EXPECT_NE(completion.out.find("\"" + command.noun + " " + command.verb + "\")"),
              std::string::npos);
    for (const Option& option : command.options) {
      if (option.name[0] == '-') {
        EXPECT_NE(completion.out.find(option.name), std::string::npos);
      }
    }
  }
}

TEST_F(CliTest, WrongUsageExitsWith2) {
  EXPECT_EQ(Palermo({}).code, kExitUsage);
  EXPECT_EQ(Palermo({"kase"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "paint"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "draft"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "check", "x", "--colour"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"roster", "propose", "--out", "x"}).code, kExitUsage);
}

// A form as it is printed, with the reason why its fictional persons may go.
std::string AsExercise(std::string form) {
  const std::string body = "\"body\": {";
  return form.insert(form.find(body) + body.size(),
                     R"("overridden": [{"rule": "R-GEN-04", "reason": "exercise"}],)");
}

TEST_F(CliTest, CheckTellsFindingsFromBadFiles) {
  std::string home = Path("none");
  std::string printed = File("printed.json", Palermo({"case", "new"}).out);
  const Answer left = Palermo({"case", "check", printed, "--home", home});
  EXPECT_EQ(left.code, kExitFindings);
  EXPECT_EQ(left.out.rfind("WARNING R-GEN-04 ", 0), 0u) << left.out;
  std::string good = File("good.json", AsExercise(Palermo({"case", "new"}).out));
  EXPECT_EQ(Palermo({"case", "check", good, "--home", home}).code, kExitOk);
  std::string poor = File("poor.json", R"({"to": ["QT/central"], "body": {"request": {}}})");
  Answer findings = Palermo({"case", "check", poor, "--home", home});
  EXPECT_EQ(findings.code, kExitFindings);
  EXPECT_NE(findings.out.find("R-MLA-15"), std::string::npos);
  std::string unknown = File("unknown.json", R"({"to": ["QT/central"], "wat": 1, "body": {}})");
  Answer bad = Palermo({"case", "check", unknown, "--home", home, "--json"});
  EXPECT_EQ(bad.code, kExitBadInput);
  EXPECT_NE(bad.err.find("\"code\": \"BAD_JSON\""), std::string::npos) << bad.err;
  for (const char* text : {"\xE9", "{\"a\": 1, \"a\": 2}", "[]", "{", "\xFF\xFE{\0}\0"}) {
    const std::string none = Palermo({"case", "check", File("none.json", text), "--json"}).err;
    EXPECT_NE(none.find("\"rule\": \"R-GEN-01\""), std::string::npos) << none;
  }
  std::string word = File("word.json", R"({"to": ["QT/central"], "family": "MLAX", "body": {}})");
  const std::string told = Palermo({"case", "check", word, "--home", home, "--json"}).err;
  EXPECT_NE(told.find("\"rule\": \"R-GEN-01\", \"field\": \"family\""), std::string::npos) << told;
  EXPECT_EQ(Palermo({"case", "check", Path("gone.json")}).code, kExitBadInput);
}

TEST_F(CliTest, EveryKindOfAssistanceHasATemplateThatPassesItsCheck) {
  for (const casework::TypeForm& form : casework::TypeForms()) {
    const std::string type = v1::AssistanceType::Code_Name(form.type);
    Answer made = Palermo({"case", "new", type, "--to", "QT/central"});
    Answer check =
        Palermo({"case", "check", File(type, AsExercise(made.out)), "--home", Path("none")});
    EXPECT_EQ(check.code, kExitOk) << check.out << made.err << check.err;
    // Sealed persons and no compartment, the form itself, no desk: nothing else is told.
    const bool sealed = made.out.find("\"sealed\": true") != std::string::npos;
    const bool named = check.out.find("NOTE R-GEN-04 ") != std::string::npos;
    EXPECT_EQ(check.out.find("NOTE R-SEAL-01 ") != std::string::npos, sealed);
    EXPECT_NE(check.out.find("NOTE R-DIR-01 "), std::string::npos);
    EXPECT_EQ(std::vector<std::string>(absl::StrSplit(check.out, "NOTE R-")).size() - 1,
              1u + sealed + named)
        << check.out;
    // Seen three days ago: a vessel in danger that was seen today is R-SOM-08.
    const std::string full =
        absl::StrReplaceAll(Palermo({"case", "new", type, "--more"}).out,
                            {{"2026-03-02T03:12:00Z", "2026-02-27T03:12:00Z"}});
    const std::string more = File(type, AsExercise(full));
    EXPECT_EQ(Palermo({"case", "check", more, "--home", Path("none")}).code, kExitOk) << type;
  }
  EXPECT_EQ(Palermo({"case", "new", "trace-boat"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "new", "freeze", "--act", "CLOSE"}).code, kExitUsage);
}

TEST_F(CliTest, TheListShowsEveryTypeWithTheCommandThatBeginsIt) {
  Answer list = Palermo({"case", "new", "--list"});
  EXPECT_EQ(list.code, kExitOk);
  std::set<v1::AssistanceType::Code> begun;
  const auto typed = [](std::string word) {
    for (char& c : word) c = c == '_' ? '-' : static_cast<char>(std::tolower(c));
    return word;
  };
  for (const casework::AreaForms& area : casework::Areas()) {
    for (const v1::AssistanceType::Code code : area.types) {
      std::string command = "palermo case new " + typed(v1::AssistanceType::Code_Name(code));
      if (casework::FormIsOfArea(code, area.area)) {
        command += " --area " + typed(std::string(area.area));
      }
      EXPECT_NE(list.out.find(command + "\n"), std::string::npos) << command;
      begun.insert(code);
    }
  }
  EXPECT_EQ(begun.size(), casework::TypeForms().size());
  EXPECT_NE(list.out.find("smuggling of migrants\n"), std::string::npos);
  EXPECT_NE(Palermo({"case", "new", "--list", "--language", "es"}).out.find("armas de fuego\n"),
            std::string::npos);
  Answer codes = Palermo({"case", "new", "--list", "--codes"});
  EXPECT_NE(codes.out.find("BANK_SECRECY"), std::string::npos);
  EXPECT_NE(codes.out.find("CONDITIONS_OFFERED"), std::string::npos);
}

TEST_F(CliTest, FieldsAreExplainedInTheOfficersLanguage) {
  Answer english = Palermo({"case", "fields", "preserve-data"});
  EXPECT_EQ(english.code, kExitOk);
  EXPECT_NE(english.out.find("request.items[0].selectors[0].port"), std::string::npos);
  EXPECT_NE(english.out.find("R-CYB-IP"), std::string::npos);
  EXPECT_NE(english.out.find("source port"), std::string::npos);
  EXPECT_NE(english.out.find("request.translation.of_hash"), std::string::npos);
  EXPECT_NE(
      Palermo({"case", "fields", "preserve-data", "--language", "ru"}).out.find("исходный порт"),
      std::string::npos);
  Answer json = Palermo({"case", "fields", "preserve-data", "--json"});
  EXPECT_NE(json.out.find("\"example\": 51234"), std::string::npos);
  EXPECT_EQ(Palermo({"case", "fields", "nothing"}).code, kExitUsage);
  EXPECT_EQ(Palermo({"case", "fields"}).code, kExitUsage);
}

// Arabic runs from right to left: every id stands in isolates, so that it is read as it is written.
TEST_F(CliTest, FindingsSpeakTheOfficersLanguage) {
  std::string home = Path("none");
  std::string twice = Palermo({"case", "new", "take-evidence"}).out;
  const std::string purpose =
      "\"purpose\": \"evidence in the investigation and at trial in PS-2026-0000\",";
  ASSERT_NE(twice.find(purpose), std::string::npos);
  twice.erase(twice.find(purpose), purpose.size());
  std::string path = File("twice.json", twice);
  auto check = [&](const std::string& language) {
    return Palermo({"case", "check", path, "--home", home, "--language", language}).out;
  };
  EXPECT_EQ(check("en").rfind(
                "ERROR R-MLA-15F (UNTOC 18(15)(f)) at request.purpose: the purpose is missing.\n"
                "  To do: say for what the evidence, information or action is sought.\n",
                0),
            0u);
  EXPECT_EQ(check("fr").substr(0, 79),
            "erreur R-MLA-15F (UNTOC 18(15)(f)), request.purpose : le but manque.\n  À faire");
  EXPECT_NE(check("ar").find("\u2068R-MLA-15F\u2069"), std::string::npos) << check("ar");
  EXPECT_NE(check("zh").find("缺少目的"), std::string::npos);
  EXPECT_EQ(check("ru").find("the purpose"), std::string::npos);
}

TEST_F(CliTest, DeskThatIsNotSetUpSaysHow) {
  Answer list = Palermo({"case", "list", "--home", Path("none")});
  EXPECT_EQ(list.code, kExitBadInput);
  EXPECT_NE(list.err.find("palermo desk setup"), std::string::npos);
}

TEST_F(CliTest, NodeKeyIsMadeShownAndNeverOverwritten) {
  std::string path = Path("QM-node.key");
  std::vector<std::string> make = {"key", "new",           "--kind", "node", "--subject",
                                   "QM",  "--unprotected", "--out",  path};
  EXPECT_EQ(Palermo(make).code, kExitOk);
  EXPECT_NE(Palermo({"key", "show", path}).out.find("TLS pin"), std::string::npos);
  EXPECT_EQ(Palermo(make).code, kExitBadInput);
  EXPECT_EQ(Palermo({"key", "new", "--kind", "officer", "--subject", "QM/central/o-0001",
                     "--unprotected", "--out", Path("o")})
                .code,
            kExitUsage);
}

TEST_F(CliTest, ANodesTlsKeyIsRenewedAloneAndAnOfficersIsNot) {
  std::string path = Path("QM-node.key"), next = Path("QM-node-2.key");
  ASSERT_EQ(
      Palermo({"key", "new", "--kind", "node", "--subject", "QM", "--unprotected", "--out", path})
          .code,
      kExitOk);
  ASSERT_EQ(Palermo({"key", "renew-tls", path, "--out", next}).code, kExitOk);
  auto keys = [](const std::string& file) {
    return *crypto::ReadKeyFilePublic(*desk::ReadFile(file, crypto::kMaxKeyFileBytes));
  };
  EXPECT_EQ(keys(path).keys["checkpoint"], keys(next).keys["checkpoint"]);
  EXPECT_EQ(keys(path).keys["cosign"], keys(next).keys["cosign"]);
  EXPECT_NE(keys(path).keys["tls"], keys(next).keys["tls"]);
  EXPECT_FALSE(keys(next).passphrase_needed);
  EXPECT_NE(Palermo({"key", "renew-tls", path, "--out", next}).err.find("FILE_EXISTS"),
            std::string::npos);
  std::string pass = File("pass", "correct horse battery\n"), root = Path("QM-root.key");
  ASSERT_EQ(Palermo({"key", "new", "--kind", "state-root", "--subject", "QM", "--out", root,
                     "--passphrase-file", pass})
                .code,
            kExitOk);
  Answer refused =
      Palermo({"key", "renew-tls", root, "--out", Path("x.key"), "--passphrase-file", pass});
  EXPECT_EQ(refused.code, kExitBadInput);
  EXPECT_NE(refused.err.find("BAD_KIND"), std::string::npos) << refused.err;
}

TEST_F(CliTest, ARosterGoesFromHandToHandAndToItsNextVersion) {
  std::string pass = File("pass", "correct horse battery\n");
  auto key = [&](const std::string& kind, const std::string& subject) {
    std::string path = Path(subject + ".key");
    EXPECT_EQ(Palermo({"key", "new", "--kind", kind, "--subject", subject, "--out", path,
                       "--passphrase-file", pass})
                  .code,
              kExitOk);
    return path;
  };
  std::vector<std::string> holders = {key("roster", "depositary-1"), key("roster", "depositary-2")};
  key("state-root", "QM");
  std::string json = File("roster.json", R"({"exercise": true, "roster_keys": {"threshold": 2,
      "keys": ["depositary-1.key", "depositary-2.key"]},
      "states": [{"state": "QM", "endpoint": "localhost:1",
                  "roots": {"threshold": 1, "keys": ["QM.key"]}}]})");
  std::string first = Path("1.roster");
  ASSERT_EQ(Palermo({"roster", "propose", "--from", json, "--out", first}).code, kExitOk);
  Answer printed = Palermo({"roster", "fingerprint", first});
  std::string fingerprint = printed.out.substr(0, 64);
  auto sign = [&](const std::string& file, const std::string& holder) {
    return Palermo(
        {"roster", "sign", file, "--key", holder, "--passphrase-file", pass, "--previous", first});
  };
  ASSERT_EQ(Palermo({"roster", "sign", first, "--key", holders[0], "--passphrase-file", pass}).code,
            kExitOk);
  Answer missing = Palermo({"roster", "verify", first, "--fingerprint", fingerprint});
  EXPECT_EQ(missing.code, kExitFindings);
  EXPECT_NE(missing.out.find("1 of 2 signed, 2 needed, 1 missing"), std::string::npos)
      << missing.out;
  ASSERT_EQ(Palermo({"roster", "sign", first, "--key", holders[1], "--passphrase-file", pass}).code,
            kExitOk);
  EXPECT_EQ(Palermo({"roster", "verify", first, "--fingerprint", fingerprint}).code, kExitOk);
  // The next version by a single change, without a whole JSON.
  std::string second = Path("2.roster");
  Answer proposed = Palermo(
      {"roster", "propose", "--previous", first, "--out", second, "--endpoint", "QM=localhost:2"});
  ASSERT_EQ(proposed.code, kExitOk) << proposed.err;
  EXPECT_NE(proposed.out.find("QM is at localhost:2, not at localhost:1"), std::string::npos);
  Answer signed_once = sign(second, holders[0]);
  EXPECT_EQ(signed_once.code, kExitOk) << signed_once.err;
  EXPECT_NE(signed_once.out.find("From version 1 to 2"), std::string::npos);
  ASSERT_EQ(sign(second, holders[1]).code, kExitOk);
  Answer verified = Palermo(
      {"roster", "verify", second, "--previous", first, "--fingerprint", fingerprint, "--json"});
  EXPECT_EQ(verified.code, kExitOk) << verified.out;
  EXPECT_EQ(Palermo({"roster", "propose", "--out", second}).code, kExitUsage);
  EXPECT_EQ(
      Palermo({"roster", "propose", "--previous", first, "--out", second, "--remove-state", "QT"})
          .code,
      kExitBadInput);
}

TEST_F(CliTest, ReceiptWithoutAnAnchorProvesNothing) {
  std::filesystem::create_directory(Path("evidence"));
  EXPECT_EQ(Palermo({"receipt", "verify", Path("evidence"), "--home", Path("none")}).code,
            kExitUsage);
}

TEST_F(CliTest, ExitCodesFollowTheError) {
  EXPECT_EQ(ExitCodeFor(absl::OkStatus()), kExitOk);
  EXPECT_EQ(ExitCodeFor(UsageError("x")), kExitUsage);
  EXPECT_EQ(ExitCodeFor(InputError("BAD_JSON", "x")), kExitBadInput);
  EXPECT_EQ(ExitCodeFor(Refused("OLD_VERSION", "x")), kExitTrust);
  EXPECT_EQ(ExitCodeFor(absl::InternalError("x")), kExitInternal);
  Answer codes = Palermo({"help", "exit-codes"});
  for (int code : {0, 1, 2, 3, 4, 5, 6, 70}) {
    EXPECT_NE(codes.out.find("\n" + std::to_string(code) + " "), std::string::npos);
  }
}

TEST_F(CliTest, UnreachableNodeExitsWith4) {
  const std::string charter = File("c", testing::World().state("QM").charter.SerializeAsString());
  Answer publish = Palermo({"charter", "publish", charter, "--endpoint", "localhost:1", "--json"});
  EXPECT_EQ(publish.code, kExitUnreachable) << publish.err;
  // No node said it; what the library said is in its own field.
  EXPECT_NE(publish.err.find("\"from_node\": false"), std::string::npos) << publish.err;
  EXPECT_NE(publish.err.find("nothing answers at localhost:1"), std::string::npos) << publish.err;
  EXPECT_NE(publish.err.find("\"detail\": \"failed to connect"), std::string::npos) << publish.err;
}

TEST_F(CliTest, TablesAlign) {
  EXPECT_EQ(Table({"A", "BB"}, {{"xxx", ""}, {"y", "z"}}), "A    BB\nxxx\ny    z\n");
}

// --- Key files

TEST_F(CliTest, AKeyFileGoesToPaperAndBack) {
  std::string key = Path("a.key"), page = Path("page.txt"), back = Path("b.key");
  std::string pass = File("pass", "correct horse\n");
  ASSERT_EQ(Palermo({"key", "new", "--kind", "officer", "--subject", "QM/central/o-0001", "--out",
                     key, "--passphrase-file", pass})
                .code,
            kExitOk);
  Answer made = Palermo({"key", "backup", key, "--out", page, "--passphrase-file", pass});
  ASSERT_EQ(made.code, kExitOk) << made.err;
  Answer restored =
      Palermo({"key", "restore", page, "--out", back, "--passphrase-file", pass, "--json"});
  ASSERT_EQ(restored.code, kExitOk) << restored.err;
  EXPECT_EQ(restored.out, Palermo({"key", "show", key, "--json"}).out) << "the same keys";
  // One wrong character.
  std::string text = *desk::ReadFile(page, 100000);
  size_t at = text.find("\n05  ") + 5;
  text[at] = text[at] == 'q' ? 'p' : 'q';
  Answer wrong = Palermo({"key", "restore", File("typed.txt", text), "--out", Path("c.key"),
                          "--passphrase-file", pass});
  EXPECT_EQ(wrong.code, kExitBadInput);
  EXPECT_NE(wrong.err.find("line 05: look at group 1, character 1"), std::string::npos)
      << wrong.err;
  EXPECT_FALSE(desk::FileExists(Path("c.key")));
}

TEST_F(CliTest, APassphraseIsChangedWholeOrNotAtAll) {
  std::string key = Path("a.key");
  std::string pass = File("pass", "correct horse\n"), next = File("next", "battery staple\n");
  ASSERT_EQ(Palermo({"key", "new", "--kind", "administrator", "--subject", "QM/admin-1", "--out",
                     key, "--passphrase-file", pass})
                .code,
            kExitOk);
  std::string before = *desk::ReadFile(key, 100000);
  Answer refused =
      Palermo({"key", "passphrase", key, "--passphrase-file", next, "--new-passphrase-file", next});
  EXPECT_EQ(refused.code, kExitBadInput);
  EXPECT_NE(refused.err.find("WRONG_PASSPHRASE"), std::string::npos);
  EXPECT_NE(refused.err.find("the file is whole"), std::string::npos) << refused.err;
  EXPECT_EQ(*desk::ReadFile(key, 100000), before);
  // The new file cannot be written: the old one stays.
  std::filesystem::create_directory(key + ".new");
  EXPECT_NE(
      Palermo({"key", "passphrase", key, "--passphrase-file", pass, "--new-passphrase-file", next})
          .code,
      kExitOk);
  EXPECT_EQ(*desk::ReadFile(key, 100000), before);
  std::filesystem::remove(key + ".new");
  ASSERT_EQ(
      Palermo({"key", "passphrase", key, "--passphrase-file", pass, "--new-passphrase-file", next})
          .code,
      kExitOk);
  EXPECT_FALSE(desk::FileExists(key + ".new"));
  EXPECT_EQ(
      Palermo({"key", "passphrase", key, "--passphrase-file", next, "--new-passphrase-file", pass})
          .code,
      kExitOk);
}

TEST_F(CliTest, WhatIsWrongWithAKeyFileIsSaid) {
  std::string key = Path("a.key"), pass = File("pass", "correct horse\n");
  ASSERT_EQ(Palermo({"key", "new", "--kind", "administrator", "--subject", "QM/admin-1", "--out",
                     key, "--passphrase-file", pass})
                .code,
            kExitOk);
  auto code_of = [&](const std::string& path) {
    return Palermo({"key", "backup", path, "--out", Path("p.txt"), "--passphrase-file", pass}).err;
  };
  std::filesystem::permissions(key, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  EXPECT_NE(code_of(key).find("KEY_FILE_UNPROTECTED"), std::string::npos);
  EXPECT_NE(code_of(key).find("chmod 0600"), std::string::npos);
  std::filesystem::permissions(key, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::remove);
  std::string text = *desk::ReadFile(key, 100000);
  EXPECT_NE(code_of(File("cut.key", text.substr(0, 200))).find("KEY_FILE_DAMAGED"),
            std::string::npos);
  EXPECT_NE(code_of(File("other.key", "-----BEGIN")).find("is it the right file?"),
            std::string::npos);
  EXPECT_NE(code_of(Path("none.key")).find("NO_FILE"), std::string::npos);
}

TEST_F(CliTest, ATreatyListIsCheckedImportedShownAndAsked) {
  Answer start = Palermo({"treaty", "new"});
  ASSERT_EQ(start.code, kExitOk);
  std::string list = File("treaties.csv", start.out +
                                              "PARTY,UNTOC,QM,RATIFIED,2004-01-10\n"
                                              "PARTY,UNTOC,QT,RATIFIED,2004-01-10,,,,35(3)\n"
                                              "PARTY,UNTOC,QR,SIGNED\nRECIPROCITY,QR\n");
  EXPECT_EQ(Palermo({"treaty", "check", list, "--state", "QM"}).code, kExitOk);
  Answer bad = Palermo({"treaty", "check", File("bad.csv", start.out + "PARTY,UNTOC,QM\nX\n")});
  EXPECT_EQ(bad.code, kExitFindings);
  EXPECT_NE(bad.out.find("ERROR  line"), std::string::npos) << bad.out;

  const auto ask = [&](const std::string& requested) {
    return Palermo({"treaty", "basis", "--list", list, "--requesting", "QM", "--requested",
                    requested, "--at", "2026-03-02"});
  };
  Answer basis = ask("QT");
  EXPECT_EQ(basis.code, kExitOk) << basis.err;
  EXPECT_NE(basis.out.find("Basis: UNTOC. Its procedure: UNTOC_18."), std::string::npos);
  EXPECT_NE(basis.out.find("Article 35(3); it blocks nothing"), std::string::npos) << basis.out;
  Answer none = ask("QR");
  EXPECT_EQ(none.code, kExitFindings);
  EXPECT_NE(none.out.find("QR has only signed UNTOC"), std::string::npos) << none.out;
  EXPECT_NE(none.out.find("sign an assurance"), std::string::npos);
  EXPECT_EQ(Palermo({"treaty", "basis", "--list", list, "--requesting", "QM", "--requested", "QR",
                     "--reciprocity-assured"})
                .code,
            kExitOk);
  EXPECT_EQ(ask("Temburra").code, kExitUsage);
  Answer shown = Palermo({"treaty", "show", "--list", list, "--party", "QR"});
  EXPECT_NE(shown.out.find("signed only"), std::string::npos) << shown.out;
  EXPECT_EQ(Palermo({"treaty", "show", "--list", list, "--json"}).code, kExitOk);
  EXPECT_EQ(Palermo({"treaty", "show", "--home", Path("none")}).code,
            kExitBadInput);  // no desk, no list
}

TEST_F(CliTest, ATreatyListBecomesPartOfTheNextDirectory) {
  testing::World world;
  std::string before = File("QM.directory", world.state("QM").directory.SerializeAsString());
  std::string out = Path("next.directory");
  std::string start = Palermo({"treaty", "new"}).out;
  Answer refused =
      Palermo({"treaty", "import", File("bad.csv", start + "PARTY,UNTOC,QM,RATIFIED\n"),
               "--directory", before, "--out", out});
  EXPECT_EQ(refused.code, kExitFindings);
  EXPECT_FALSE(desk::FileExists(out));
  std::string csv = start + "PARTY,UNTOC,QM,RATIFIED,2004-01-10\n";
  Answer imported =
      Palermo({"treaty", "import", File("good.csv", csv), "--directory", before, "--out", out});
  ASSERT_EQ(imported.code, kExitOk) << imported.err;
  EXPECT_NE(imported.out.find("+ treaty status list, SHA-256"), std::string::npos) << imported.out;
  v1::SignedDocument document;
  ASSERT_TRUE(document.ParseFromString(*desk::ReadFile(out, 10000000)));
  v1::Directory directory;
  ASSERT_TRUE(directory.ParseFromString(document.document()));
  EXPECT_EQ(directory.treaty_list(), csv);
  EXPECT_EQ(directory.version(), 2u);
}

TEST_F(CliTest, AnAuditFilterThatCanFindNothingIsAnErrorNotAnEmptyList) {
  auto error = [this](const std::vector<std::string>& filter) {
    std::vector<std::string> words = {"audit", "list", "--home", "/nowhere"};
    words.insert(words.end(), filter.begin(), filter.end());
    Answer result = Palermo(words);
    EXPECT_EQ(result.code, kExitUsage) << filter[1];
    return result.err;
  };
  EXPECT_NE(error({"--peer", "Temburra"}).find("like QT"), std::string::npos);
  EXPECT_NE(error({"--officer", "o-0001"}).find("QM/central/o-0001"), std::string::npos);
  EXPECT_NE(error({"--from", "2026-11-26", "--to", "2026-11-25"}).find("later than"),
            std::string::npos);
  EXPECT_NE(error({"--kind", "foo"}).find("SUBMISSION, "), std::string::npos);
  // A day is a day: from its begin to its end. Here the desk is what is missing.
  EXPECT_EQ(Palermo({"audit", "list", "--home", "/nowhere", "--from", "2026-11-25", "--to",
                     "2026-11-25", "--officer", "node"})
                .code,
            kExitBadInput);
}

TEST_F(CliTest, EachNounStandsOnceInTheHelp) {
  std::string help = Palermo({"--help"}).out;
  size_t first = help.find("\n  case ");
  ASSERT_NE(first, std::string::npos) << help;
  EXPECT_EQ(help.find("\n  case ", first + 1), std::string::npos) << help;
}

}  // namespace
}  // namespace palermo::cli
