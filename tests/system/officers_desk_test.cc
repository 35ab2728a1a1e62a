// The life of an office through its commands, with the real programs: an officer is enrolled,
// admitted, granted, sends, is removed; the sealing key is rotated, what is kept is rewrapped, the
// old version destroyed; all key files are lost and the recovery key restores the office.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

#include "absl/time/clock.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "tests/system/programs.h"

namespace palermo::testing {
namespace {

using crypto::SecretAccess;
using crypto::SecretBytes;

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr char kMadeAt[] = "2026-03-02T09:00:00Z";

class OfficersDesk : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* bin = std::getenv("PALERMO_BIN");
    ASSERT_NE(bin, nullptr) << "run it with ctest";
    const char* source = std::getenv("PALERMO_SOURCE");
    ASSERT_NE(source, nullptr);
    palermo_ = Cat({bin, "/palermo"});
    request_ = Cat({source, "/deploy/demo-request.json"});
    folder_ = ::testing::TempDir() + "officers-desk-XXXXXX";
    ASSERT_NE(mkdtemp(folder_.data()), nullptr);
    Write("pass", Cat({kPassphrase, "\n"}));
    Write("roster", programs_.world().rosters.front().SerializeAsString());
    programs_.daemon("QM").Start();
    programs_.daemon("QT").Start();
    StateWorld& state = programs_.world().state("QM");
    for (size_t i = 0; i < 2; ++i) {
      auto bundle = Value(crypto::KeyBundle::Create("administrator", "QM/admin", kMadeAt));
      ASSERT_TRUE(bundle.Add("sign", crypto::kEd25519, state.admins[i].seed().Clone()).ok());
      WriteKeyFile(Cat({"admin-", std::to_string(i), ".key"}), bundle);
    }
    WriteSealing("sealing-1.key", state.sealing);
    WriteSealing("recovery.key", state.recovery);
    for (const char* name : {"o-0001", "o-0002", "o-0003", "o-0004"}) {
      WriteOfficer(name);
      if (HasFatalFailure()) return;
    }
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) { return Cat({folder_, "/", name}); }
  void Write(const std::string& name, const std::string& bytes) {
    std::ofstream(Path(name)) << bytes;
    ASSERT_EQ(chmod(Path(name).c_str(), 0600), 0);
  }
  void WriteKeyFile(const std::string& name, const crypto::KeyBundle& bundle) {
    Write(name,
          Value(crypto::EncodeKeyFile(bundle, SecretBytes::Copy(kPassphrase),
                                      crypto::Argon2Params::Moderate(), programs_.world().random)));
  }
  void WriteSealing(const std::string& name, const crypto::SealingPrivateKey& key) {
    auto bundle = Value(crypto::KeyBundle::Create("recovery", "QM/central", kMadeAt));
    ASSERT_TRUE(bundle.Add("seal", crypto::kXWing, key.bytes().Clone()).ok());
    WriteKeyFile(name, bundle);
  }
  static SecretBytes DerOf(const SecretBytes& pem) {
    std::string text(pem.Expose(SecretAccess::Grant())), base64;
    size_t start = text.find('\n') + 1;
    for (char c : text.substr(start, text.find("-----END") - start)) {
      if (c != '\n') base64.push_back(c);
    }
    return SecretBytes::Copy(Value(Base64Decode(base64)));
  }
  // The world's officer as a key file, and his desk.
  void WriteOfficer(const std::string& name) {
    OfficerWorld& officer = programs_.world().officer(Cat({"QM/central/", name}));
    auto bundle = Value(crypto::KeyBundle::Create("officer", officer.id, kMadeAt));
    ASSERT_TRUE(bundle.Add("sign", crypto::kEd25519, officer.sign.seed().Clone()).ok());
    ASSERT_TRUE(bundle.Add("seal", crypto::kXWing, officer.seal.bytes().Clone()).ok());
    ASSERT_TRUE(bundle.Add("tls", crypto::kP256, DerOf(officer.tls.key_pem)).ok());
    WriteKeyFile(Cat({name, ".key"}), bundle);
    SetUpDesk(name, Cat({name, ".key"}));
  }
  void SetUpDesk(const std::string& home, const std::string& key_file) {
    Must(home, Cat({"desk setup --key ", Path(key_file), " --endpoint ", programs_.endpoint("QM"),
                    " --roster ", Path("roster"), " --fingerprint ",
                    HexEncode(AsView(programs_.world().fingerprint))}));
  }

  // Runs palermo at a desk; its exit code.
  int Palermo(const std::string& home, const std::string& arguments) {
    std::string command = Cat(
        {palermo_, " ", arguments, " --home ", Path("home-"), home, " > ", Path("out"), " 2>&1"});
    int status = std::system(command.c_str());
    std::ifstream in(Path("out"));
    out_ = std::string(std::istreambuf_iterator<char>(in), {});
    return WEXITSTATUS(status);
  }
  std::string Pass() { return Cat({" --passphrase-file ", Path("pass")}); }
  void Must(const std::string& home, const std::string& arguments) {
    // The nodes may still be starting, or fetching each other's documents.
    for (int i = 0; i < 60; ++i) {
      if (Palermo(home, arguments + Pass()) == 0) return;
      absl::SleepFor(absl::Milliseconds(500));
    }
    FAIL() << arguments << ": " << out_ << programs_.LogOf("QM");
  }
  void MustPlain(const std::string& home, const std::string& arguments) {
    ASSERT_EQ(Palermo(home, arguments), 0) << arguments << ": " << out_;
  }
  void MustRefuse(const std::string& code, const std::string& home, const std::string& arguments) {
    ASSERT_NE(Palermo(home, arguments + Pass()), 0) << arguments;
    EXPECT_NE(out_.find(code), std::string::npos) << arguments << ": " << out_;
  }
  std::string Field(const std::string& name) {
    std::smatch found;
    std::regex pattern(Cat({"\"", name, "\": \"?([^\",\\n]*)"}));
    return std::regex_search(out_, found, pattern) ? found[1].str() : "";
  }

  // Two of the administrators sign the proposal, and o-0002 brings it.
  void Sign(const std::string& file) {
    for (const char* key : {"admin-0.key", "admin-1.key"}) {
      Must("o-0002", Cat({"directory sign ", Path(file), " --key ", Path(key)}));
    }
  }
  void Publish(const std::string& desk, const std::string& file) {
    Sign(file);
    Must(desk, Cat({"directory publish ", Path(file)}));
    Must(desk, "desk refresh");
  }
  // Enrols new keys and gives the fingerprint.
  std::string Enrol(const std::string& name, const std::string& key_file) {
    Must(name, Cat({"officer enrol --officer QM/central/", name, " --out ", Path(key_file),
                    " --request ", Path(key_file), ".request --json"}));
    return Field("fingerprint");
  }
  void Grant(const std::string& desk, const std::string& what) {
    Must(desk, Cat({"sealing-key grant ", what}));
  }
  std::string Key(const std::string& file) {
    return Cat({"--key ", Path(file), " --key-passphrase-file ", Path("pass")});
  }
  std::string Draft(const std::string& desk) {
    Must(desk, Cat({"case draft ", request_, " --json"}));
    return Field("message");
  }

  static WorldOptions OneSignature() {
    WorldOptions options;
    options.request_approvals = 0;
    options.other_approvals = 0;
    return options;
  }

  Programs programs_{OneSignature()};
  std::string palermo_, request_, folder_, out_;
};

// house: long function because the story of an office is one.
TEST_F(OfficersDesk, EnrolGrantSendRemoveRotateRewrapDestroyRecover) {
  Grant("o-0002", Key("sealing-1.key"));

  // A new officer: his key file stays, the administrator types what he reads out.
  std::string fingerprint = Enrol("o-0007", "o-0007.key");
  ASSERT_EQ(fingerprint.size(), 29u) << out_;
  std::string admit = Cat({"officer admit ", Path("o-0007.key.request"),
                           " --person p-7 --role DRAFTER --valid-to 2099-01-01 --out ",
                           Path("next.directory"), " --fingerprint "});
  EXPECT_NE(Palermo("o-0002", admit + "\"0000 0000\""), 0);
  EXPECT_NE(out_.find("WRONG_FINGERPRINT"), std::string::npos) << out_;
  MustPlain("o-0002", Cat({admit, "\"", fingerprint, "\""}));
  EXPECT_NE(out_.find("+ officer QM/central/o-0007 (DRAFTER)"), std::string::npos) << out_;
  Publish("o-0002", "next.directory");
  Grant("o-0002", "--to QM/central/o-0007");
  SetUpDesk("o-0007", "o-0007.key");
  std::string id = Draft("o-0007");
  ASSERT_EQ(id.size(), 64u) << out_;
  Must("o-0007", Cat({"case open ", id}));

  // He leaves: his calls end with the entry.
  MustPlain("o-0002", Cat({"officer remove QM/central/o-0007 --out ", Path("next.directory")}));
  EXPECT_NE(out_.find("Rotate now"), std::string::npos) << out_;
  Publish("o-0002", "next.directory");
  MustRefuse("UNKNOWN_OFFICER", "o-0007", Cat({"case open ", id}));

  // A new version: nobody can name it before it is granted.
  Must("o-0002", Cat({"sealing-key new --authority QM/central --out ", Path("sealing-2.key")}));
  std::string rotate =
      Cat({"sealing-key rotate --key ", Path("sealing-2.key"), " --out ", Path("next.directory")});
  MustPlain("o-0002", rotate);
  Sign("next.directory");
  MustRefuse("TOO_FEW_GRANTS", "o-0002", Cat({"directory publish ", Path("next.directory")}));
  Grant("o-0002", Key("sealing-2.key"));
  Must("o-0002", Cat({"directory publish ", Path("next.directory")}));
  Must("o-0002", "sealing-key status");
  EXPECT_NE(out_.find("ACTIVE"), std::string::npos) << out_;

  // What is kept is sealed to it; then the old one goes, against the clock and by force.
  Must("o-0001", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "1") << out_;
  Must("o-0001", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "0") << out_;
  std::string destroy = Cat({"sealing-key destroy --key-version 1 --reason COMPROMISE --out ",
                             Path("destroy.statement")});
  std::string enter = Cat({"sealing-key destroy --statement ", Path("destroy.statement")});
  Must("o-0002", destroy);
  MustRefuse("KEY_IN_USE", "o-0003", enter);
  Must("o-0002", destroy + " --force");
  Must("o-0003", enter);
  EXPECT_NE(Palermo("o-0004", "audit inbox" + Pass()), 0);
  EXPECT_NE(out_.find("COMPROMISE forced"), std::string::npos) << out_;
  Must("o-0001", Cat({"case open ", id}));  // by the rewrap: version 1 is gone

  // All key files are lost: new keys for who stays, and everything from the recovery key.
  for (const char* name : {"o-0001", "o-0002"}) {
    std::string file = Cat({name, "-new.key"});
    std::string told = Enrol(name, file);
    std::string from =
        std::string(name) == "o-0001" ? "" : Cat({" --directory ", Path("replaced.directory")});
    MustPlain("o-0003", Cat({"officer replace-key ", Path(file), ".request --fingerprint \"", told,
                             "\"", from, " --out ", Path("replaced.directory")}));
  }
  Sign("replaced.directory");
  Must("o-0003", Cat({"directory publish ", Path("replaced.directory")}));
  MustRefuse("UNKNOWN_OFFICER", "o-0001", Cat({"case open ", id}));
  for (const char* name : {"o-0001", "o-0002"}) {
    SetUpDesk(Cat({name, "-new"}), Cat({name, "-new.key"}));
  }
  EXPECT_NE(Palermo("o-0001-new", Cat({"case open ", id}) + Pass()), 0);
  Must("o-0002-new", Cat({"sealing-key recover --recovery-key ", Path("recovery.key"),
                          " --recovery-passphrase-file ", Path("pass"),
                          " --to QM/central/o-0001 --to QM/central/o-0002"}));
  Must("o-0001-new", Cat({"case open ", id}));
}

TEST_F(OfficersDesk, BreakGlassGivesAnAuditorWhatTwoOfficersSigned) {
  Grant("o-0002", Key("sealing-1.key"));
  std::string id = Draft("o-0001");
  ASSERT_EQ(id.size(), 64u) << out_;
  std::string open = Cat({"break-glass open ", id, " --authority QM/central"});
  MustRefuse("WRONG_ROLE", "o-0004", open);
  Must("o-0002", Cat({"break-glass propose --authority QM/central --officer QM/central/o-0004 "
                      "--reason COURT_ORDER --hours 2 --out ",
                      Path("access.statement")}));
  Must("o-0003", Cat({"break-glass enter ", Path("access.statement"), " --json"}));
  std::string access = Field("id");
  MustRefuse("UNKNOWN_KEY", "o-0004", open);  // fetched, and nothing opens it
  Grant("o-0002", Cat({"--break-glass ", access}));
  Must("o-0004", open);
  EXPECT_NE(Palermo("o-0004", "audit inbox" + Pass()), 0);
  EXPECT_NE(out_.find("COURT_ORDER QM/central/o-0004"), std::string::npos) << out_;
  Must("o-0003", Cat({"break-glass end ", access}));
  MustRefuse("WRONG_ROLE", "o-0004", open);
}

}  // namespace
}  // namespace palermo::testing
