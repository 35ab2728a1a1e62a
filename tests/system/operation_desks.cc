#include "tests/system/operation_desks.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/key_file.h"

namespace palermo::testing {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr char kMadeAt[] = "2026-03-02T09:00:00Z";
constexpr int kPatienceSeconds = 60;

WorldOptions Options(const std::vector<std::string>& states, uint32_t approvals) {
  WorldOptions options;
  options.states = states;
  options.request_approvals = approvals;
  options.other_approvals = approvals;
  options.families.push_back(v1::Family::JOINT_INVESTIGATION);
  options.families.push_back(v1::Family::LAW_ENFORCEMENT_INFO);
  return options;
}

crypto::SecretBytes DerOf(const crypto::SecretBytes& pem) {
  std::string text(pem.Expose(crypto::SecretAccess::Grant())), base64;
  const size_t start = text.find('\n') + 1;
  for (char c : text.substr(start, text.find("-----END") - start)) {
    if (c != '\n') base64.push_back(c);
  }
  return crypto::SecretBytes::Copy(Value(Base64Decode(base64)));
}

std::string KeyFile(const crypto::KeyBundle& bundle, World& world) {
  return Value(crypto::EncodeKeyFile(bundle, crypto::SecretBytes::Copy(kPassphrase),
                                     crypto::Argon2Params::Moderate(), world.random));
}

}  // namespace

const char* OperationDesks::passphrase() { return kPassphrase; }

OperationDesks::OperationDesks(std::vector<std::string> states, uint32_t approvals)
    : states_(std::move(states)), programs_(Options(states_, approvals)) {
  const char* bin = std::getenv("PALERMO_BIN");
  PALERMO_CHECK(bin != nullptr);
  palermo_ = Cat({bin, "/palermo"});
  folder_ = "/tmp/palermo-operation-XXXXXX";
  PALERMO_CHECK(mkdtemp(folder_.data()) != nullptr);
  Write("pass", Cat({kPassphrase, "\n"}));
  Write("roster", programs_.world().rosters.front().SerializeAsString());
  for (const std::string& state : states_) programs_.daemon(state).Start();
  for (const std::string& state : states_) {
    for (const char* officer : {"o-0001", "o-0002"}) SetUpDesk(state, officer);
    Grant(state);
  }
  for (const std::string& state : states_) WaitForDirectories(state);
}

OperationDesks::~OperationDesks() {
  desks_.clear();
  std::filesystem::remove_all(folder_);
}

void OperationDesks::Write(const std::string& name, const std::string& bytes) const {
  std::ofstream(Path(name)) << bytes;
  PALERMO_CHECK(chmod(Path(name).c_str(), 0600) == 0);
}

int OperationDesks::Shell(const std::string& command, std::string* out) const {
  const std::string file = Path("shell-out");
  const int status = std::system(Cat({command, " > ", file, " 2>&1"}).c_str());
  std::ifstream in(file);
  *out = std::string(std::istreambuf_iterator<char>(in), {});
  return WEXITSTATUS(status);
}

void OperationDesks::SetUpDesk(const std::string& state, const std::string& officer) {
  World& world = programs_.world();
  OfficerWorld& keys = world.officer(Cat({state, "/central/", officer}));
  auto bundle = Value(crypto::KeyBundle::Create("officer", keys.id, kMadeAt));
  DieUnlessOk(bundle.Add("sign", crypto::kEd25519, keys.sign.seed().Clone()), "key");
  DieUnlessOk(bundle.Add("seal", crypto::kXWing, keys.seal.bytes().Clone()), "key");
  DieUnlessOk(bundle.Add("tls", crypto::kP256, DerOf(keys.tls.key_pem)), "key");
  const std::string key = Cat({state, "-", officer, ".key"});
  Write(key, KeyFile(bundle, world));
  const std::string setup =
      Cat({palermo_, " desk setup --key ", Path(key), " --endpoint ", programs_.endpoint(state),
           " --roster ", Path("roster"), " --fingerprint ", HexEncode(AsView(world.fingerprint)),
           " --home ", Home(state, officer), " --passphrase-file ", Path("pass")});
  std::string out;
  int code = Shell(setup, &out);
  // The node may still be starting.
  for (int i = 0; i < kPatienceSeconds * 10 && code == 4; ++i) {
    absl::SleepFor(absl::Milliseconds(100));
    code = Shell(setup, &out);
  }
  if (code != 0) std::fprintf(stderr, "%s%s", out.c_str(), programs_.LogOf(state).c_str());
  PALERMO_CHECK(code == 0);
}

void OperationDesks::Grant(const std::string& state) {
  World& world = programs_.world();
  auto sealing = Value(crypto::KeyBundle::Create("sealing", Cat({state, "/central"}), kMadeAt));
  DieUnlessOk(sealing.Add("seal", crypto::kXWing, world.state(state).sealing.bytes().Clone()),
              "key");
  const std::string key = Path(Cat({state, "-sealing.key"}));
  Write(Cat({state, "-sealing.key"}), KeyFile(sealing, world));
  std::string out;
  const int code = Shell(
      Cat({palermo_, " sealing-key grant --key ", key, " --key-passphrase-file ", Path("pass"),
           " --home ", Home(state, "o-0002"), " --passphrase-file ", Path("pass")}),
      &out);
  if (code != 0) std::fprintf(stderr, "%s", out.c_str());
  PALERMO_CHECK(code == 0);
}

void OperationDesks::WaitForDirectories(const std::string& state) {
  std::string out;
  for (int i = 0; i < kPatienceSeconds * 5; ++i) {
    Shell(Cat({palermo_, " desk refresh --json --home ", Home(state, "o-0001"),
               " --passphrase-file ", Path("pass")}),
          &out);
    size_t known = 0;
    for (size_t at = out.find("\"directory_version\": "); at != std::string::npos;
         at = out.find("\"directory_version\": ", at + 1)) {
      known += out[at + 21] != '0' ? 1 : 0;
    }
    if (known == states_.size()) return;
    absl::SleepFor(absl::Milliseconds(200));
  }
  std::fprintf(stderr, "%s does not know all directories: %s\n", state.c_str(), out.c_str());
  PALERMO_CHECK(false);
}

void OperationDesks::OpenAll() {
  for (const std::string& state : states_) {
    desks_[state] = std::make_unique<OpenDesk>(palermo_, Home(state, "o-0001"), Path("pass"));
  }
}

DeskAnswer OperationDesks::Run(const std::string& state, const std::string& command) {
  return desks_.at(state)->Run(command);
}

std::string OperationDesks::Must(const std::string& state, const std::string& command) {
  const DeskAnswer answer = Run(state, command);
  EXPECT_EQ(answer.exit, 0) << state << ": " << command << ": " << answer.line;
  return OutOf(answer);
}

std::string OperationDesks::Until(const std::string& state, const std::string& operation,
                                  const char* what,
                                  const std::function<bool(desk::JsonReader&)>& wanted) {
  const absl::Time end = absl::Now() + absl::Seconds(kPatienceSeconds);
  std::string shown;
  while (absl::Now() < end) {
    const DeskAnswer answer = Run(state, Cat({"operation show ", operation}));
    shown = answer.line;
    if (answer.exit == 0) {
      const std::string out = OutOf(answer);
      desk::JsonReader json = Parsed(out);
      if (wanted(json)) return out;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  ADD_FAILURE() << state << " does not see: " << what << ": " << shown
                << programs_.LogOf(state).substr(0, 4000);
  return "{}";
}

std::string OutOf(const DeskAnswer& answer) {
  auto json = desk::JsonReader::Parse(answer.line, "answer");
  return json.ok() ? json->Raw("out") : "";
}

desk::JsonReader Parsed(const std::string& json) {
  return Value(desk::JsonReader::Parse(json.empty() ? "{}" : json, "shown"));
}

std::string FieldOf(const std::string& json, const std::string& name) {
  desk::JsonReader reader = Parsed(json);
  return reader.TextOr(name, "");
}

std::set<std::string> NamesOf(desk::JsonReader& json, const std::string& name) {
  const auto list = json.Texts(name);
  return {list.begin(), list.end()};
}

}  // namespace palermo::testing
