// Officers whose signing keys are on a token, with the real programs: grant, draft, show, approve
// and open go through palermo, the node's checkpoints through palermod. SoftHSM, package softhsm2.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "absl/time/clock.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/casework/json.h"
#include "tests/system/programs.h"

namespace palermo::testing {
namespace {

using crypto::SecretAccess;
using crypto::SecretBytes;

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr char kModule[] = "/usr/lib/softhsm/libsofthsm2.so";

class TokenDesk : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* bin = std::getenv("PALERMO_BIN");
    ASSERT_NE(bin, nullptr) << "run it with ctest";
    const char* source = std::getenv("PALERMO_SOURCE");
    ASSERT_NE(source, nullptr);
    palermo_ = Cat({bin, "/palermo"});
    request_ = Cat({source, "/deploy/demo-request.json"});
    folder_ = ::testing::TempDir() + "token-desk-XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    ASSERT_EQ(mkdir((folder_ + "/tokens").c_str(), 0700), 0);
    Write("softhsm2.conf", Cat({"directories.tokendir = ", folder_, "/tokens\n"}));
    ASSERT_EQ(setenv("SOFTHSM2_CONF", (folder_ + "/softhsm2.conf").c_str(), 1), 0);
    ASSERT_EQ(std::system("softhsm2-util --init-token --free --label officers --pin 4711-secret "
                          "--so-pin 12345678 > /dev/null"),
              0)
        << "is the package softhsm2 installed?";
    Write("pass", Cat({kPassphrase, "\n"}));
    Write("pin", "4711-secret\n");
    Write("wrong-pin", "0000\n");
    Write("roster", programs_.world().rosters.front().SerializeAsString());
    programs_.daemon("QM").Start();
    programs_.daemon("QT").Start();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_ + "/" + name) << bytes;
    ASSERT_EQ(chmod((folder_ + "/" + name).c_str(), 0600), 0);
  }
  void WriteKeyFile(const std::string& name, const crypto::KeyBundle& bundle) {
    Write(name,
          Value(crypto::EncodeKeyFile(bundle, SecretBytes::Copy(kPassphrase),
                                      crypto::Argon2Params::Moderate(), programs_.world().random)));
  }
  // The officer's world key goes onto the token; his key file only says where it is.
  void MakeOfficer(const std::string& id) {
    OfficerWorld& officer = programs_.world().officer(id);
    std::string label = id.substr(id.rfind('/') + 1);
    std::string der = Cat({Value(HexDecode("302e020100300506032b657004220420")),
                           officer.sign.seed().Expose(SecretAccess::Grant())});
    Write("import.pem", Cat({"-----BEGIN PRIVATE KEY-----\n", Base64Encode(der),
                             "\n-----END PRIVATE KEY-----\n"}));
    std::string import =
        Cat({"softhsm2-util --import ", folder_, "/import.pem --token officers --label ", label,
             " --id ", label.substr(label.size() - 2), " --pin 4711-secret > /dev/null"});
    ASSERT_EQ(std::system(import.c_str()), 0);
    auto bundle = Value(crypto::KeyBundle::Create("officer", id, "2026-03-02T09:00:00Z"));
    ASSERT_TRUE(
        bundle
            .AddOnToken("sign", AsView(officer.sign.public_key()),
                        Cat({"pkcs11:token=officers;object=", label, "?module-path=", kModule}))
            .ok());
    ASSERT_TRUE(bundle.Add("seal", crypto::kXWing, officer.seal.bytes().Clone()).ok());
    ASSERT_TRUE(bundle.Add("tls", crypto::kP256, DerOf(officer.tls.key_pem)).ok());
    WriteKeyFile(label + ".key", bundle);
    Must(id, Cat({"desk setup --key ", folder_, "/", label, ".key --endpoint ",
                  programs_.endpoint(id.substr(0, 2)), " --roster ", folder_,
                  "/roster --fingerprint ", HexEncode(AsView(programs_.world().fingerprint))}));
  }

  // Runs palermo as an officer; its exit code.
  int Palermo(const std::string& id, const std::string& arguments, const std::string& pin = "pin") {
    std::string label = id.substr(id.rfind('/') + 1);
    std::string command =
        Cat({palermo_, " ", arguments, " --home ", folder_, "/home-", id.substr(0, 2), label,
             " --passphrase-file ", folder_, "/pass --pin-file ", folder_, "/", pin, " > ", folder_,
             "/out 2>&1"});
    int status = std::system(command.c_str());
    std::ifstream in(folder_ + "/out");
    out_ = std::string(std::istreambuf_iterator<char>(in), {});
    return WEXITSTATUS(status);
  }
  void Must(const std::string& id, const std::string& arguments) {
    // The nodes may still be starting, or fetching each other's documents.
    for (int i = 0; i < 60; ++i) {
      if (Palermo(id, arguments) == 0) return;
      absl::SleepFor(absl::Milliseconds(500));
    }
    FAIL() << arguments << ": " << out_ << programs_.LogOf("QM");
  }

  static WorldOptions OneApproval() {
    WorldOptions options;
    options.request_approvals = 1;
    options.other_approvals = 0;
    return options;
  }

  // The drafter's desk checked nothing: the approver's does, and signs nothing that breaks a rule.
  void ExpectChecked(const std::string& drafter, const std::string& approver) {
    v1::CaseBody body = casework::TemplateFor(v1::Act::REQUEST);
    body.mutable_request()->clear_purpose();
    EnvelopeSpec spec;
    spec.plaintext = body.SerializeAsString();
    auto desk = programs_.Desk(drafter);
    const auto sent =
        programs_.Submit(*desk, programs_.world().MakeEnvelope(spec), drafter, absl::Seconds(20));
    ASSERT_TRUE(sent.ok()) << sent.status();
    const std::string id = HexEncode(sent->message_id());
    EXPECT_EQ(Palermo(approver, Cat({"case approve ", id})), 1);
    EXPECT_NE(out_.find("R-MLA-15F"), std::string::npos) << out_;
    EXPECT_EQ(Palermo(approver, Cat({"case show-draft ", id})), 0) << "a draft still: " << out_;
  }

  Programs programs_{OneApproval()};
  std::string palermo_, request_, folder_, out_;
};

TEST_F(TokenDesk, GrantsDraftsApprovesAndOpensWithKeysOnAToken) {
  const std::string drafter = "QM/central/o-0001", approver = "QM/central/o-0002";
  MakeOfficer(drafter);
  MakeOfficer(approver);
  auto sealing = Value(crypto::KeyBundle::Create("sealing", "QM/central", "2026-03-02T09:00:00Z"));
  ASSERT_TRUE(
      sealing.Add("seal", crypto::kXWing, programs_.world().state("QM").sealing.bytes().Clone())
          .ok());
  WriteKeyFile("sealing.key", sealing);
  Must(approver, Cat({"sealing-key grant --key ", folder_, "/sealing.key --key-passphrase-file ",
                      folder_, "/pass --to ", drafter, " --to ", approver}));
  Must(drafter, Cat({"case draft ", request_, " --json"}));
  std::smatch found;
  ASSERT_TRUE(std::regex_search(out_, found, std::regex("\"message\": *\"([0-9a-f]{64})\"")))
      << out_;
  std::string id = found[1].str();
  Must(approver, Cat({"case show-draft ", id}));
  EXPECT_NE(Palermo(approver, Cat({"case approve ", id}), "wrong-pin"), 0);
  EXPECT_NE(out_.find("WRONG_PIN"), std::string::npos) << out_;
  Must(approver, Cat({"case approve ", id}));
  ExpectChecked(drafter, approver);
  // Both signatures were taken by the node and by the peer.
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(Palermo(drafter, Cat({"message explain ", id})), 0) << out_;
    if (out_.find("DELIVERED") != std::string::npos) return;
    absl::SleepFor(absl::Milliseconds(200));
  }
  FAIL() << out_;
}

TEST_F(TokenDesk, MakesAKeyOnATokenFindsItAgainAndSignsWithIt) {
  auto make = [&](const std::string& file, const std::string& more, const std::string& pin) {
    return Palermo("QM/central/o-0001",
                   Cat({"key new --kind administrator --subject QM/admin-9 --pkcs11 ", kModule,
                        " --token officers --out ", folder_, "/", file, more}),
                   pin);
  };
  EXPECT_NE(make("admin.key", "", "wrong-pin"), 0);
  EXPECT_NE(out_.find("WRONG_PIN"), std::string::npos) << out_;
  ASSERT_EQ(make("admin.key", "", "pin"), 0) << out_;
  EXPECT_NE(out_.find("on token pkcs11:"), std::string::npos) << out_;
  ASSERT_EQ(make("again.key", " --existing --key-label QM/admin-9-sign", "pin"), 0) << out_;
  auto key_of = [&](const std::string& file) {
    std::ifstream in(Cat({folder_, "/", file}));
    std::string text(std::istreambuf_iterator<char>(in), {});
    return Value(crypto::ReadKeyFilePublic(text)).keys.at("sign").public_bytes;
  };
  EXPECT_EQ(key_of("admin.key"), key_of("again.key"));
  // The signature of the key on the token is one of that very key.
  v1::SignedDocument document = programs_.world().state("QM").directory;
  document.clear_signatures();
  Write("next.directory", document.SerializeAsString());
  Must("QM/central/o-0001",
       Cat({"directory sign ", folder_, "/next.directory --key ", folder_, "/admin.key"}));
  std::ifstream in(folder_ + "/next.directory");
  ASSERT_TRUE(document.ParseFromString(std::string(std::istreambuf_iterator<char>(in), {})));
  ASSERT_EQ(document.signatures_size(), 1);
  EXPECT_TRUE(crypto::Verify(crypto::Purpose::kDirectory,
                             Value(crypto::PublicKeyFrom(key_of("admin.key"))), document.document(),
                             document.signatures(0).signature())
                  .ok());
}

}  // namespace
}  // namespace palermo::testing
