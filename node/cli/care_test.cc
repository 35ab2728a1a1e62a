// What a person may get wrong is refused and named: the wrong file, the wrong key, another number
// than the one typed, a yes that nobody said.
#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/consent.h"
#include "node/cli/record_words.h"
#include "node/cli/run_test_util.h"
#include "node/desk/files.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

using testing::Value;

class CareTest : public InFolder {
 protected:
  CareTest() {
    pass_ = File("pass", "correct horse battery\n");
    charter_ = File("QM.charter", world_.state("QM").charter.SerializeAsString());
  }

  Answer Palermo(const std::vector<std::string>& arguments) {
    return RunAtDesk(arguments, world_.clock);
  }
  std::string RootKey(const std::string& state) {
    auto bundle = Value(crypto::KeyBundle::Create("state-root", state, "2026-03-02T09:00:00Z"));
    EXPECT_TRUE(
        bundle.Add("sign", crypto::kEd25519, world_.state(state).roots[0].seed().Clone()).ok());
    return File(state + "-root.key", Value(crypto::EncodeKeyFile(
                                         bundle, crypto::SecretBytes::Copy("correct horse battery"),
                                         crypto::Argon2Params::Moderate(), random_)));
  }
  Answer SignCharter(const std::string& state, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "charter", "sign", charter_, "--key", RootKey(state), "--passphrase-file", pass_};
    words.insert(words.end(), more.begin(), more.end());
    return Palermo(words);
  }

  testing::World world_;
  std::string pass_, charter_;
};

TEST_F(CareTest, AnotherKindOfDocumentIsNamedAndNeverShownAsThisOne) {
  const std::string roster = File("1.roster", world_.rosters[0].SerializeAsString());
  const std::string directory =
      File("QM.directory", world_.state("QM").directory.SerializeAsString());
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"roster", "show", charter_},
           {"roster", "show", charter_, "--json"},
           {"roster", "fingerprint", charter_},
           {"roster", "verify", charter_, "--fingerprint", std::string(64, '0')},
           {"roster", "publish", charter_, "--endpoint", "localhost:1"},
           {"roster", "sign", charter_, "--key", RootKey("QM"), "--passphrase-file", pass_}}) {
    Answer wrong = Palermo(words);
    EXPECT_EQ(wrong.code, kExitTrust) << words[1] << wrong.out;
    EXPECT_NE(wrong.err.find("this is a charter, not a roster"), std::string::npos) << wrong.err;
    EXPECT_EQ(wrong.out, "");
  }
  EXPECT_NE(Palermo({"directory", "show", roster}).err.find("this is a roster, not a directory"),
            std::string::npos);
  EXPECT_NE(Palermo({"charter", "show", directory}).err.find("this is a directory, not a charter"),
            std::string::npos);
  EXPECT_EQ(Palermo({"roster", "show", roster}).code, kExitOk);
  EXPECT_EQ(Palermo({"charter", "show", charter_}).code, kExitOk);
  EXPECT_EQ(Palermo({"directory", "show", directory}).code, kExitOk);
}

TEST_F(CareTest, ASignatureThatNeverCountsIsNotMade) {
  Answer foreign = SignCharter("QT");
  EXPECT_EQ(foreign.code, kExitBadInput) << foreign.out;
  EXPECT_NE(foreign.err.find("WRONG_SIGNER"), std::string::npos) << foreign.err;
  v1::SignedDocument document;
  ASSERT_TRUE(document.ParseFromString(Value(desk::ReadFile(charter_, 100000))));
  EXPECT_EQ(document.SerializeAsString(), world_.state("QM").charter.SerializeAsString());
}

TEST_F(CareTest, ASecondSignatureOfOneKeyIsNamedAndChangesNothing) {
  Answer again = SignCharter("QM");
  EXPECT_EQ(again.code, kExitOk) << again.err;
  EXPECT_NE(again.out.find("is signed already by QM"), std::string::npos) << again.out;
  Answer json = SignCharter("QM", {"--json"});
  EXPECT_NE(json.out.find("\"already\": true"), std::string::npos) << json.out;
  EXPECT_NE(json.out.find("\"signatures\": 1"), std::string::npos) << json.out;
}

TEST_F(CareTest, AnotherNumberThanTheTypedOneIsNeverTaken) {
  const std::string id(64, 'a');
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"audit", "acknowledge", "0x1"},
           {"audit", "acknowledge", "abc"},
           {"audit", "acknowledge", "-1"},
           {"audit", "acknowledge", "99999999999999999999"},
           {"break-glass", "propose", "--authority", "QM/central", "--officer", "QM/central/o-0004",
            "--reason", "DANGER_TO_LIFE", "--out", "x", "--hours", "3x"}}) {
    Answer wrong = Palermo(words);
    EXPECT_EQ(wrong.code, kExitUsage) << words.back() << wrong.err;
    EXPECT_NE(wrong.err.find("is no whole number"), std::string::npos) << wrong.err;
  }
}

TEST_F(CareTest, AnEndpointWithoutAPortIsRefusedWhereItIsTyped) {
  const std::string roster = File("1.roster", world_.rosters[0].SerializeAsString());
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"desk", "setup", "--key", RootKey("QM"), "--endpoint", "localhost", "--roster", roster,
            "--fingerprint", std::string(64, '0')},
           {"charter", "publish", charter_, "--endpoint", "localhost"},
           {"roster", "template", "--endpoint", "QM=localhost"},
           {"directory", "template", "--endpoint", "localhost:0"}}) {
    Answer wrong = Palermo(words);
    EXPECT_EQ(wrong.code, kExitUsage) << words[0] << words[1];
    EXPECT_NE(wrong.err.find("is no HOST:PORT"), std::string::npos) << wrong.err;
  }
}

TEST(Consent, IsTheWordAndNothingElse) {
  EXPECT_TRUE(JudgeAnswer("DESTROY", "DESTROY").ok());
  EXPECT_TRUE(JudgeAnswer("DESTROY", " DESTROY \r").ok());
  for (const char* no : {"", " ", "destroy", "yes", "DESTROY it", "y"}) {
    EXPECT_EQ(CodeOf(JudgeAnswer("DESTROY", no)), "NOT_CONFIRMED") << no;
  }
  Args args;
  args.Set("--yes", {});
  EXPECT_TRUE(AskFor("DESTROY", args).ok());
}

TEST(RecordWords, EveryKindOfEntryHasItsMeaning) {
  const auto* kinds = v1::RecordKind::Code_descriptor();
  for (int i = 0; i < kinds->value_count(); ++i) {
    const auto kind = static_cast<v1::RecordKind::Code>(kinds->value(i)->number());
    EXPECT_EQ(std::string(KindMeaning(kind)).empty(), kind == v1::RecordKind::UNSPECIFIED)
        << kinds->value(i)->name();
  }
}

}  // namespace
}  // namespace palermo::cli
