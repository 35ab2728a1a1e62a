// Documents as their makers and signers handle them: what can never be valid is refused at once,
// and nobody signs what he was not shown. And the key files that go with it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/status.h"
#include "crypto/key_file.h"
#include "node/cli/command.h"
#include "node/cli/run_test_util.h"
#include "node/cli/session.h"
#include "node/desk/directory_edit.h"
#include "node/desk/files.h"
#include "node/desk/officer_keys.h"
#include "node/desk/trust_memory.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

using testing::Value;

class CeremonyTest : public InFolder {
 protected:
  CeremonyTest() {
    pass_ = File("pass", "correct horse battery\n");
    first_ = File("1.directory", world_.state("QM").directory.SerializeAsString());
  }

  Answer Palermo(const std::vector<std::string>& arguments) {
    return RunAtDesk(arguments, world_.clock);
  }
  // The world's administrator as a key file.
  std::string Administrator() {
    auto bundle =
        Value(crypto::KeyBundle::Create("administrator", "QM/admin", "2026-03-02T09:00:00Z"));
    EXPECT_TRUE(
        bundle.Add("sign", crypto::kEd25519, world_.state("QM").admins[0].seed().Clone()).ok());
    return File("admin.key", Value(crypto::EncodeKeyFile(
                                 bundle, crypto::SecretBytes::Copy("correct horse battery"),
                                 crypto::Argon2Params::Moderate(), random_)));
  }
  Answer Sign(const std::string& file, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"directory",         "sign", file, "--key", Administrator(),
                                      "--passphrase-file", pass_};
    words.insert(words.end(), more.begin(), more.end());
    return Palermo(words);
  }
  static int Signatures(const std::string& path) {
    v1::SignedDocument document;
    EXPECT_TRUE(document.ParseFromString(Value(desk::ReadFile(path, 10'000'000))));
    return document.signatures_size();
  }
  // The version after the world's directory, changed, unsigned.
  std::string Next(const std::string& name, const std::function<void(v1::Directory*)>& change) {
    v1::Directory next =
        Value(desk::StartDirectory(world_.state("QM").directory, world_.clock.Now()));
    change(&next);
    v1::SignedDocument document;
    document.set_document(trust::StrictSerialize(next));
    return File(name, document.SerializeAsString());
  }
  // A desk of QM that trusts what the world has.
  void SetUpDesk() {
    auto memory = Value(desk::TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QM"));
    v1::GetDocumentsResponse documents;
    *documents.mutable_charter() = world_.state("QM").charter;
    *documents.mutable_directory() = world_.state("QM").directory;
    *documents.mutable_roster() = world_.rosters[0];
    ASSERT_TRUE(memory.UpdateState("QM", documents).ok());
    ASSERT_TRUE(desk::MakeFolder(Path("home")).ok());
    ASSERT_TRUE(memory.Save(TrustPath(Path("home"))).ok());
  }

  testing::World world_;
  std::string pass_, first_;
};

TEST_F(CeremonyTest, ARosterThatCouldNeverBeValidIsNotProposed) {
  for (const char* subject : {"depositary-1", "depositary-2"}) {
    ASSERT_EQ(Palermo({"key", "new", "--kind", "roster", "--subject", subject, "--out",
                       Path(std::string(subject) + ".key"), "--passphrase-file", pass_})
                  .code,
              kExitOk);
  }
  auto propose = [&](const std::string& exercise, const std::string& more) {
    std::string json =
        File("roster.json", "{\"exercise\": " + exercise +
                                ", \"roster_keys\": {\"threshold\": 2, \"keys\": "
                                "[\"depositary-1.key\", \"depositary-2.key\"]}, \"states\": []" +
                                more + "}");
    return Palermo({"roster", "propose", "--from", json, "--out", Path("1.roster")});
  };
  Answer long_life = propose("true", ", \"valid_days\": 3000");
  EXPECT_EQ(long_life.code, kExitTrust);
  EXPECT_NE(long_life.err.find("more than five years"), std::string::npos) << long_life.err;
  Answer past = propose("true", ", \"issued_at\": \"2020-01-01T00:00:00Z\", \"valid_days\": 10");
  EXPECT_NE(past.err.find("it has expired already"), std::string::npos) << past.err;
  EXPECT_FALSE(desk::FileExists(Path("1.roster")));
  EXPECT_EQ(propose("true", "").code, kExitOk);
}

TEST_F(CeremonyTest, ADirectoryThatCouldNeverBeValidIsNotMade) {
  Answer result = Palermo({"directory", "new", "--previous", first_, "--valid-days", "31", "--out",
                           Path("2.directory")});
  EXPECT_EQ(result.code, kExitTrust);
  EXPECT_NE(result.err.find("more than 30 days"), std::string::npos) << result.err;
  EXPECT_FALSE(desk::FileExists(Path("2.directory")));
  // Nor by a change of one officer, on a proposal that is wrong already.
  std::string wrong =
      Next("wrong.directory", [](v1::Directory* d) { d->mutable_node()->clear_tls_pins(); });
  result = Palermo({"officer", "remove", "QM/central/o-0001", "--directory", wrong, "--out",
                    Path("3.directory")});
  EXPECT_NE(result.err.find("one or two TLS pins"), std::string::npos) << result.err;
  EXPECT_FALSE(desk::FileExists(Path("3.directory")));
}

TEST_F(CeremonyTest, NobodySignsWhatCanNeverBeValid) {
  std::string wrong =
      Next("2.directory", [](v1::Directory* d) { d->mutable_node()->clear_tls_pins(); });
  Answer result = Sign(wrong, {"--previous", first_, "--accept"});
  EXPECT_NE(result.code, kExitOk);
  EXPECT_NE(result.err.find("one or two TLS pins"), std::string::npos) << result.err;
  EXPECT_EQ(Signatures(wrong), 0);
}

TEST_F(CeremonyTest, ASignerSeesEveryFieldThatChanges) {
  std::string next = Next("2.directory", [](v1::Directory* d) {
    d->mutable_authorities(0)->add_languages("fr");
    d->mutable_officers(0)->set_person("p-77");
    d->mutable_policy(0)->set_approvals(0);
    d->mutable_node()->set_endpoint("elsewhere.example:1");
  });
  Answer result = Sign(next, {"--previous", first_});
  ASSERT_EQ(result.code, kExitOk) << result.err;
  for (const char* seen :
       {"authority QM/central: languages: comes fr", "officer QM/central/o-0001: person: p-77, not",
        "approvals: (nothing), not", "node: at elsewhere.example:1"}) {
    EXPECT_NE(result.out.find(seen), std::string::npos) << seen << "\n" << result.out;
  }
  EXPECT_EQ(Signatures(next), 1);
}

TEST_F(CeremonyTest, WithoutTheVersionBeforeNobodySignsUnlessHeAcceptsIt) {
  std::string next = Next("2.directory", [](v1::Directory*) {});
  Answer unseen = Sign(next);
  EXPECT_NE(unseen.code, kExitOk);
  EXPECT_NE(unseen.err.find("NOT_COMPARED"), std::string::npos) << unseen.err;
  EXPECT_EQ(Signatures(next), 0);
  EXPECT_EQ(Sign(next, {"--accept"}).code, kExitOk);
  // The desk's own memory will do. A first version has none before it.
  SetUpDesk();
  std::string again =
      Next("again.directory", [](v1::Directory* d) { d->mutable_officers(0)->set_person("p-77"); });
  Answer compared = Sign(again);
  EXPECT_EQ(compared.code, kExitOk) << compared.err;
  EXPECT_NE(compared.out.find("p-77"), std::string::npos) << compared.out;
  std::filesystem::remove_all(Path("home"));
  EXPECT_EQ(Sign(first_).code, kExitOk);
}

TEST_F(CeremonyTest, AVersionThatDoesNotFollowIsNotSignedUnlessItIsAccepted) {
  std::string next =
      Next("2.directory", [](v1::Directory* d) { d->set_previous_sha256(std::string(32, 'x')); });
  Answer refused = Sign(next, {"--previous", first_});
  EXPECT_EQ(refused.code, kExitTrust);
  EXPECT_NE(refused.err.find("WRONG_PREVIOUS"), std::string::npos) << refused.err;
  EXPECT_EQ(Signatures(next), 0);
  // The desk's memory does not hold what it names either.
  SetUpDesk();
  EXPECT_NE(Sign(next).err.find("NOT_COMPARED"), std::string::npos);
  EXPECT_EQ(Sign(next, {"--previous", first_, "--accept"}).code, kExitOk);
  EXPECT_EQ(Signatures(next), 1);
}

TEST_F(CeremonyTest, TheLastAuditorIsNotRemovedUnseen) {
  Answer removed = Palermo({"officer", "remove", "QM/central/o-0004", "--directory", first_,
                            "--out", Path("2.directory")});
  ASSERT_EQ(removed.code, kExitOk) << removed.err;
  EXPECT_NE(removed.out.find("WARNING: nobody is AUDITOR any more"), std::string::npos)
      << removed.out;
  Answer seen = Sign(Path("2.directory"), {"--previous", first_});
  EXPECT_NE(seen.out.find("WARNING: nobody is AUDITOR any more"), std::string::npos) << seen.out;
}

// ---- key files

TEST_F(CeremonyTest, AnOpenPassphraseFileIsRefused) {
  ASSERT_EQ(chmod(pass_.c_str(), 0644), 0);
  Answer result = Palermo({"key", "new", "--kind", "administrator", "--subject", "QM/admin-1",
                           "--out", Path("a.key"), "--passphrase-file", pass_});
  EXPECT_EQ(result.code, kExitBadInput);
  EXPECT_NE(result.err.find("PASSPHRASE_FILE_UNPROTECTED"), std::string::npos) << result.err;
  EXPECT_NE(result.err.find("chmod 0600"), std::string::npos);
  EXPECT_FALSE(desk::FileExists(Path("a.key")));
}

TEST_F(CeremonyTest, AWeakPassphraseProtectsNoKeyFile) {
  auto make = [&](const std::string& passphrase, const std::string& name) {
    return Palermo({"key", "new", "--kind", "administrator", "--subject", "QM/admin-1", "--out",
                    Path(name), "--passphrase-file", File("weak", passphrase + "\n")});
  };
  for (const char* weak : {"x", "elevenchars", "aaaaaaaaaaaaaaaa", "ñññññññ"}) {
    Answer result = make(weak, "a.key");
    EXPECT_EQ(result.code, kExitBadInput);
    EXPECT_NE(result.err.find("WEAK_PASSPHRASE"), std::string::npos) << weak << result.err;
    EXPECT_EQ(result.err.find(weak), std::string::npos) << "it is not shown";
  }
  EXPECT_FALSE(desk::FileExists(Path("a.key")));
  EXPECT_EQ(make("twelve chars", "a.key").code, kExitOk);
  // Who has a weak one from before still opens his file, and is made to leave it at a change.
  Answer change =
      Palermo({"key", "passphrase", Path("a.key"), "--passphrase-file",
               File("old", "twelve chars\n"), "--new-passphrase-file", File("new", "short\n")});
  EXPECT_NE(change.err.find("WEAK_PASSPHRASE"), std::string::npos) << change.err;
}

TEST_F(CeremonyTest, AnEnrolmentThatFailsLeavesNoKeyFileBehind) {
  auto enrol = [&](const std::string& request) {
    return Palermo({"officer", "enrol", "--officer", "QM/central/o-0009", "--out", Path("o.key"),
                    "--request", request, "--passphrase-file", pass_});
  };
  EXPECT_NE(enrol(File("there.request", "x")).err.find("FILE_EXISTS"), std::string::npos);
  EXPECT_FALSE(desk::FileExists(Path("o.key")));
  EXPECT_NE(enrol(Path("no/such/folder.request")).code, kExitOk);
  EXPECT_FALSE(desk::FileExists(Path("o.key")));
  EXPECT_EQ(enrol(Path("o.request")).code, kExitOk);
  EXPECT_TRUE(desk::FileExists(Path("o.key")));
}

TEST_F(CeremonyTest, ADamagedDeskSaysHowItIsSetUpAgain) {
  SetUpDesk();
  File("home/trust-memory", "damaged");
  Answer result = Palermo({"directory", "show"});
  EXPECT_NE(result.code, kExitOk);
  EXPECT_NE(result.err.find("palermo desk setup --replace"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace palermo::cli
