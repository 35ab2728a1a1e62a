// An office at work: the nodes of QM and QT as real programs, and desks of QM's officers that run
// `palermo` commands, each with a home of its own.
#ifndef PALERMO_TESTS_SYSTEM_OFFICE_H_
#define PALERMO_TESTS_SYSTEM_OFFICE_H_

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "absl/time/clock.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "tests/system/programs.h"

namespace palermo::testing {

class Office : public ::testing::Test {
 protected:
  using SecretAccess = crypto::SecretAccess;
  using SecretBytes = crypto::SecretBytes;
  static constexpr char kPassphrase[] = "correct horse battery staple";
  static constexpr char kMadeAt[] = "2026-03-02T09:00:00Z";

  void SetUp() override {
    const char* bin = std::getenv("PALERMO_BIN");
    ASSERT_NE(bin, nullptr) << "run it with ctest";
    const char* source = std::getenv("PALERMO_SOURCE");
    ASSERT_NE(source, nullptr);
    palermo_ = Cat({bin, "/palermo"});
    request_ = Cat({source, "/deploy/demo-request.json"});
    folder_ = ::testing::TempDir() + "office-XXXXXX";
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
    WriteSealing("sealing", "sealing-1.key", state.sealing);
    WriteSealing("recovery", "recovery.key", state.recovery);
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
  void WriteSealing(const std::string& kind, const std::string& name,
                    const crypto::SealingPrivateKey& key) {
    auto bundle = Value(crypto::KeyBundle::Create(kind, "QM/central", kMadeAt));
    ASSERT_TRUE(bundle.Add("seal", crypto::kXWing, key.bytes().Clone()).ok());
    WriteKeyFile(name, bundle);
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
        // With no terminal to ask at, whoever runs the tests.
        {"setsid --wait ", palermo_, " ", arguments, " --home ", Path("home-"), home, " > ",
         Path("out"), " 2>&1"});
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

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_OFFICE_H_
