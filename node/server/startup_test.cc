#include "node/server/startup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/clock.h"
#include "base/random.h"
#include "base/status.h"
#include "crypto/key_file.h"

namespace palermo::server {
namespace {

using crypto::KeyBundle;
using testing::HasSubstr;

absl::Time Now() { return *ParseInstant("2026-03-02T09:00:00Z"); }

class StartupTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "startup-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    dir_ = pattern;
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  std::string Write(const std::string& name, const std::string& text, mode_t mode) {
    std::string path = dir_ + "/" + name;
    std::ofstream(path) << text;
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }
  KeyBundle Bundle(const std::string& kind, const std::string& subject) {
    auto bundle = KeyBundle::Create(kind, subject, "2026-03-02T09:00:00Z");
    EXPECT_TRUE(bundle.ok()) << bundle.status();
    EXPECT_TRUE(
        bundle->Add("checkpoint", "ed25519", crypto::SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle->Add("cosign", "ed25519", crypto::SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle->Add("tls", "p-256", crypto::GenerateP256Key()).ok());
    return std::move(bundle).value();
  }
  std::string KeyFile(const KeyBundle& bundle, const std::string& passphrase, mode_t mode) {
    if (passphrase.empty()) {
      auto open = crypto::EncodeUnprotectedKeyFile(bundle);
      EXPECT_TRUE(open.ok()) << open.status();
      return Write("node.key", std::string(open->Expose(crypto::SecretAccess::Grant())), mode);
    }
    auto text = crypto::EncodeKeyFile(bundle, crypto::SecretBytes::Copy(passphrase),
                                      crypto::Argon2Params::Moderate(), random_);
    EXPECT_TRUE(text.ok()) << text.status();
    return Write("node.key", *text, mode);
  }
  std::string Load(const std::string& key, const std::string& passphrase_file = "") {
    Config config;
    config.state = "PA";
    config.node_key = key;
    config.passphrase_file = passphrase_file;
    return CodeOf(LoadNodeKeys(config, Now()).status());
  }

  std::string dir_;
  SystemRandom random_;
};

TEST_F(StartupTest, PrivateKeyFileIsLoaded) {
  EXPECT_EQ(Load(KeyFile(Bundle("node", "PA"), "", 0600)), "OK");
  EXPECT_EQ(Load(KeyFile(Bundle("node", "PA"), "", 0400)), "OK");
}

TEST_F(StartupTest, PinIsThatOfTheKeyNotOfTheCertificate) {
  Config config;
  config.state = "PA";
  config.node_key = KeyFile(Bundle("node", "PA"), "", 0600);
  auto first = LoadNodeKeys(config, Now());
  auto later = LoadNodeKeys(config, Now() + absl::Hours(24));
  ASSERT_TRUE(first.ok() && later.ok());
  EXPECT_EQ(first->tls_pin, later->tls_pin);
  EXPECT_NE(first->tls.certificate_pem, later->tls.certificate_pem);
}

TEST_F(StartupTest, KeyFileThatOthersMayReadIsRefused) {
  for (mode_t mode : {0640, 0604, 0644, 0660, 0700, 04600}) {
    EXPECT_EQ(Load(KeyFile(Bundle("node", "PA"), "", mode)), "KEY_FILE_UNPROTECTED") << mode;
  }
}

TEST_F(StartupTest, KeyFileOfAnotherUserIsRefused) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  // Root's own rule is the same as any user's: owner is this user or root.
  std::string path = KeyFile(Bundle("node", "PA"), "", 0600);
  ASSERT_EQ(chown(path.c_str(), 12345, 12345), 0);
  EXPECT_EQ(Load(path), "KEY_FILE_UNPROTECTED");
}

TEST_F(StartupTest, MissingOrStrangeKeyFileIsRefused) {
  EXPECT_EQ(Load(dir_ + "/none"), "KEY_FILE_MISSING");
  EXPECT_EQ(Load(dir_), "KEY_FILE_UNPROTECTED");
  EXPECT_EQ(Load(Write("garbage.key", "garbage", 0600)), "BAD_KEY_FILE");
}

// With a plain open these would wait for a writer for ever.
TEST_F(StartupTest, APipeInPlaceOfAFileIsRefusedAtOnce) {
  std::string pipe = dir_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(Load(pipe), "KEY_FILE_UNPROTECTED");
  EXPECT_EQ(Load(KeyFile(Bundle("node", "PA"), "pass", 0600), pipe), "KEY_FILE_UNPROTECTED");
  EXPECT_EQ(CodeOf(ReadDocument(pipe).status()), "FILE_UNREADABLE");
  EXPECT_EQ(CodeOf(ReadDocument(dir_).status()), "FILE_UNREADABLE");
}

TEST_F(StartupTest, WhatToDoIsSaid) {
  Config config;
  config.state = "PA";
  config.node_key = KeyFile(Bundle("node", "PA"), "pass", 0600);
  EXPECT_THAT(TextOf(LoadNodeKeys(config, Now()).status()), HasSubstr("option passphrase-file"));
  EXPECT_THAT(TextOf(PrepareDataDir(dir_ + "/no/such")), HasSubstr("install -d -m 0700"));
  EXPECT_THAT(TextOf(CheckDataDir(dir_ + "/no/such")), HasSubstr("install -d -m 0700"));
  EXPECT_THAT(TextOf(CheckIssued(ToMillis(Now() + absl::Hours(1)), Now())),
              HasSubstr("set the clock"));
}

TEST_F(StartupTest, KeysOfAnotherStateOrKindAreRefused) {
  EXPECT_EQ(Load(KeyFile(Bundle("node", "QA"), "", 0600)), "WRONG_STATE_KEY");
  EXPECT_EQ(
      Load(KeyFile(Bundle("administrator", "PA"), "pass", 0600), Write("pass", "pass\n", 0600)),
      "WRONG_STATE_KEY");
  // Nobody is sent to look for the passphrase of a file that does not belong here.
  EXPECT_EQ(Load(KeyFile(Bundle("administrator", "PA"), "pass", 0600)), "WRONG_STATE_KEY");
}

TEST_F(StartupTest, PassphraseComesFromItsFile) {
  std::string key = KeyFile(Bundle("node", "PA"), "correct horse", 0600);
  EXPECT_EQ(Load(key, Write("pass", "correct horse\n", 0400)), "OK");
  EXPECT_EQ(Load(key, Write("bare", "correct horse", 0600)), "OK");
  EXPECT_EQ(Load(key, Write("wrong", "battery staple\n", 0600)), "WRONG_PASSPHRASE");
  EXPECT_EQ(Load(key, Write("open", "correct horse\n", 0644)), "KEY_FILE_UNPROTECTED");
  EXPECT_EQ(Load(key, Write("empty", "\n", 0600)), "PASSPHRASE_NEEDED");
  EXPECT_EQ(Load(key), "PASSPHRASE_NEEDED");
}

TEST_F(StartupTest, DocumentMustBeOne) {
  v1::SignedDocument document;
  document.set_document("x");
  EXPECT_TRUE(ReadDocument(Write("good", document.SerializeAsString(), 0644)).ok());
  EXPECT_EQ(CodeOf(ReadDocument(Write("text", "no document", 0644)).status()), "BAD_DOCUMENT");
  EXPECT_EQ(CodeOf(ReadDocument(Write("empty", "", 0644)).status()), "BAD_DOCUMENT");
  EXPECT_EQ(CodeOf(ReadDocument(dir_ + "/none").status()), "FILE_UNREADABLE");
  EXPECT_EQ(CodeOf(ReadDocument(Write("long", std::string(4 << 20, 'x'), 0644)).status()),
            "FILE_TOO_LONG");
}

TEST_F(StartupTest, DataDirectoryMustBeOurs) {
  std::string path = dir_ + "/data";
  EXPECT_TRUE(PrepareDataDir(path).ok());
  EXPECT_TRUE(PrepareDataDir(path).ok());
  ASSERT_EQ(chmod(path.c_str(), 0777), 0);
  EXPECT_EQ(CodeOf(PrepareDataDir(path)), "DATA_DIR_UNPROTECTED");
  EXPECT_EQ(CodeOf(PrepareDataDir(Write("file", "", 0600))), "DATA_DIR_UNUSABLE");
  EXPECT_EQ(CodeOf(PrepareDataDir(dir_ + "/no/such")), "DATA_DIR_UNUSABLE");
}

TEST_F(StartupTest, ClockOfAnUnsetMachineIsRefused) {
  EXPECT_TRUE(CheckClock(Now()).ok());
  EXPECT_EQ(CodeOf(CheckClock(*ParseInstant("2024-12-31T23:59:59Z"))), "CLOCK_WRONG");
  EXPECT_EQ(CodeOf(CheckClock(absl::UnixEpoch())), "CLOCK_WRONG");
}

TEST_F(StartupTest, DirectoryFromTheFutureMeansAWrongClock) {
  trust::Directory directory;
  directory.body.set_state("PA");
  directory.body.set_issued_at_ms(ToMillis(Now()));
  trust::TrustView roster_only{trust::Roster{}};
  EXPECT_TRUE(CheckClockAgainst(roster_only, "PA", Now()).ok());
  auto view = roster_only.WithState(
      "PA", {nullptr, std::make_shared<const trust::DirectoryIndex>(directory)});
  EXPECT_TRUE(CheckClockAgainst(*view, "PA", Now()).ok());
  EXPECT_TRUE(CheckClockAgainst(*view, "PA", Now() - absl::Minutes(4)).ok());
  EXPECT_EQ(CodeOf(CheckClockAgainst(*view, "PA", Now() - absl::Minutes(6))), "CLOCK_WRONG");
  EXPECT_TRUE(CheckClockAgainst(*view, "QA", Now() - absl::Minutes(6)).ok());
}

}  // namespace
}  // namespace palermo::server
