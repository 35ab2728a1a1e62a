#include "tests/system/case_desks.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/key_file.h"
#include "node/casework/acts.h"

namespace palermo::testing {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr char kMadeAt[] = "2026-03-02T09:00:00Z";

WorldOptions Options(const std::vector<std::string>& states) {
  WorldOptions options;
  options.states = states;
  options.request_approvals = 0;
  options.other_approvals = 0;
  options.families.clear();
  for (int n = 1; n <= v1::Family::Code_MAX; ++n) {
    options.families.push_back(static_cast<v1::Family::Code>(n));
  }
  return options;
}

crypto::SecretBytes DerOf(const crypto::SecretBytes& pem) {
  std::string text(pem.Expose(crypto::SecretAccess::Grant())), base64;
  size_t start = text.find('\n') + 1;
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

CaseDesks::CaseDesks(const std::vector<std::string>& states) : programs_(Options(states)) {
  const char* bin = std::getenv("PALERMO_BIN");
  PALERMO_CHECK(bin != nullptr);
  palermo_ = Cat({bin, "/palermo"});
  folder_ = "/tmp/palermo-cases-XXXXXX";
  PALERMO_CHECK(mkdtemp(folder_.data()) != nullptr);
  passphrase_ = Path("pass");
  Write("pass", Cat({kPassphrase, "\n"}));
  Write("roster", programs_.world().rosters.front().SerializeAsString());
  for (const std::string& state : states) programs_.daemon(state).Start();
  for (const std::string& state : states) Found(state);
}

CaseDesks::~CaseDesks() {
  desks_.clear();
  std::filesystem::remove_all(folder_);
}

void CaseDesks::Write(const std::string& name, const std::string& bytes) {
  std::ofstream(Path(name)) << bytes;
  PALERMO_CHECK(chmod(Path(name).c_str(), 0600) == 0);
}

int CaseDesks::Shell(const std::string& command, std::string* out) {
  const std::string file = Path("shell-out");
  const int status = std::system(Cat({command, " > ", file, " 2>&1"}).c_str());
  std::ifstream in(file);
  *out = std::string(std::istreambuf_iterator<char>(in), {});
  return WEXITSTATUS(status);
}

void CaseDesks::SetUpDesk(const std::string& state, const std::string& name) {
  World& world = programs_.world();
  OfficerWorld& officer = world.officer(Cat({state, "/central/", name}));
  auto bundle = Value(crypto::KeyBundle::Create("officer", officer.id, kMadeAt));
  DieUnlessOk(bundle.Add("sign", crypto::kEd25519, officer.sign.seed().Clone()), "key");
  DieUnlessOk(bundle.Add("seal", crypto::kXWing, officer.seal.bytes().Clone()), "key");
  DieUnlessOk(bundle.Add("tls", crypto::kP256, DerOf(officer.tls.key_pem)), "key");
  const std::string key = Cat({state, "-", name, ".key"});
  Write(key, KeyFile(bundle, world));
  const std::string setup =
      Cat({palermo_, " desk setup --key ", Path(key), " --endpoint ", programs_.endpoint(state),
           " --roster ", Path("roster"), " --fingerprint ", HexEncode(AsView(world.fingerprint)),
           " --home ", Home(state, name), " --passphrase-file ", passphrase_});
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

// Desks of the drafter, an approver, who grants, and the auditor.
void CaseDesks::Found(const std::string& state) {
  World& world = programs_.world();
  for (const char* name : {"o-0001", "o-0002", "o-0004"}) SetUpDesk(state, name);
  auto sealing = Value(crypto::KeyBundle::Create("sealing", Cat({state, "/central"}), kMadeAt));
  DieUnlessOk(sealing.Add("seal", crypto::kXWing, world.state(state).sealing.bytes().Clone()),
              "key");
  Write(Cat({state, "-sealing.key"}), KeyFile(sealing, world));
  std::string out;
  PALERMO_CHECK(
      Shell(Cat({palermo_, " sealing-key grant --key ", Path(Cat({state, "-sealing.key"})),
                 " --key-passphrase-file ", passphrase_, " --home ", Home(state, "o-0002"),
                 " --passphrase-file ", passphrase_}),
            &out) == 0);
  // What waits for a clock shall not wait for hours here.
  Write("clocks.json", R"({"pairs": [{"states": ["QM", "QT"],
      "limits": {"R-CLK-ORAL": "1s", "T9": "1s", "T28": "1s"}}]})");
  PALERMO_CHECK(Shell(Cat({palermo_, " clocks import ", Path("clocks.json"), " --home ",
                           Home(state, "o-0001")}),
                      &out) == 0);
  desks_[state] = std::make_unique<OpenDesk>(palermo_, Home(state, "o-0001"), passphrase_);
  stubs_[state] = programs_.Desk(Cat({state, "/central/o-0001"}));
}

std::string CaseDesks::NewFile(const std::string& options) {
  auto [it, fresh] = files_.try_emplace(options);
  if (!fresh) return it->second;
  const std::string name = Cat({"new-", std::to_string(files_.size()), ".json"});
  std::string out;
  const int code = Shell(Cat({palermo_, " case new ", options}), &out);
  if (code != 0) std::fprintf(stderr, "case new %s: %s", options.c_str(), out.c_str());
  PALERMO_CHECK(code == 0);
  // The form's own persons and places go out here: the desk asks why.
  const std::string body = "\"body\": {";
  const size_t at = out.find(body);
  if (at != std::string::npos) {
    out.insert(at + body.size(), R"("overridden": [{"rule": "R-GEN-04", "reason": "exercise"}],)");
  }
  Write(name, out);
  return it->second = Path(name);
}

void CaseDesks::WaitDelivered(const std::string& from_state, const std::string& message_hex) {
  const std::string id = Value(HexDecode(message_hex));
  const absl::Time end = absl::Now() + absl::Seconds(kPatienceSeconds);
  while (absl::Now() < end) {
    const auto told = programs_.Explain(*stubs_.at(from_state), id);
    const auto arrived = [](const v1::RecipientStatus& status) {
      return status.stage() == "DELIVERED" || status.stage() == "OPENED";
    };
    if (told.ok() && told->recipients_size() > 0 &&
        std::all_of(told->recipients().begin(), told->recipients().end(), arrived)) {
      return;
    }
    absl::SleepFor(absl::Milliseconds(5));
  }
  std::fprintf(stderr, "%s was not delivered\n", message_hex.c_str());
}

std::string CaseDesks::Field(const std::string& json, const std::string& name) {
  return FirstField(json, name);
}

DeskAnswer CaseDesks::Once(const std::string& state, const std::string& officer,
                           const std::string& command) {
  DeskAnswer answer;
  answer.exit = Shell(Cat({palermo_, " ", command, " --home ", Home(state, officer),
                           " --passphrase-file ", passphrase_}),
                      &answer.out);
  answer.line = answer.out;
  return answer;
}

std::string RunningCase::TemplateFile(const std::string& act) {
  const std::string kind = assistance_.empty() ? "" : Cat({" --assistance ", assistance_});
  return Desks().NewFile(Cat({"--family ", casework::FamilyName(family_), kind, " --act ", act}));
}

std::string RunningCase::CommandFor(const std::string& step) {
  const std::vector<std::string> words = absl::StrSplit(step, ' ');
  const bool ready = words.size() > 2 && words[2] == "-";
  std::string body = words.size() > 2 ? Desks().Path(words[2]) : TemplateFile(words.at(1));
  if (case_.empty()) return Cat({"case draft ", body});
  return Cat(
      {"case act ", case_, " --act ", words.at(1), ready ? "" : " --body ", ready ? "" : body});
}

void RunningCase::Took(const std::string& state, const DeskAnswer& answer) {
  if (answer.exit != 0) return;
  if (case_.empty()) case_ = CaseDesks::Field(answer.out, "case");
  last_message_ = CaseDesks::Field(answer.out, "message");
  sent_.emplace_back(state, last_message_);
  Desks().WaitDelivered(state, last_message_);
}

DeskAnswer RunningCase::Do(const std::string& step) {
  const std::string state = StateOfSide(step[0]), command = CommandFor(step);
  DeskAnswer answer = Desks().desk(state).Run(command);
  for (int i = 0; i < CaseDesks::kPatienceSeconds * 20 && answer.error == "CLOCK_RUNS"; ++i) {
    absl::SleepFor(absl::Milliseconds(50));
    answer = Desks().desk(state).Run(command);
  }
  Took(state, answer);
  return answer;
}

void RunningCase::Must(const std::string& step) {
  const DeskAnswer answer = Do(step);
  ASSERT_EQ(answer.exit, 0) << step << ": " << answer.line;
}

void RunningCase::Play(const std::vector<std::string>& steps) {
  for (const std::string& step : steps) {
    Must(step);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

DeskAnswer RunningCase::At(const std::string& state, const std::string& command) {
  return Desks().desk(state).Run(command);
}

std::string RunningCase::Show(const std::string& state, const std::string& options) {
  return At(state, Cat({"case show ", case_, " ", options})).out;
}

void RunningCase::ExpectBoth(const std::string& end) {
  for (const char* state : {"QM", "QT"}) {
    EXPECT_EQ(CaseDesks::Field(Show(state, ""), "state"), end) << state;
  }
  // What one desk lets go, the other finds no fault with.
  for (const auto& [state, message] : sent_) {
    const DeskAnswer opened = At(state == "QM" ? "QT" : "QM", Cat({"case open ", message}));
    EXPECT_EQ(opened.exit, 0) << opened.line;
    EXPECT_EQ(opened.out.find(R"("severity":"ERROR")"), std::string::npos) << opened.out;
  }
  const std::string history = Show("QM", "--history");
  EXPECT_EQ(history, Show("QT", "--history"));
  EXPECT_NE(history.find(Cat({"\"case\": \"", case_})), std::string::npos) << history;
}

}  // namespace palermo::testing
