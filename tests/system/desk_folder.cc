#include "tests/system/desk_folder.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "absl/time/clock.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/key_file.h"

namespace palermo::testing {
namespace {

constexpr char kPassphrase[] = "correct horse battery staple";
constexpr char kMadeAt[] = "2026-03-02T09:00:00Z";
constexpr int kNodeUnreachable = 4;  // exit code

std::string KeyFile(const crypto::KeyBundle& bundle, World& world) {
  return Value(crypto::EncodeKeyFile(bundle, crypto::SecretBytes::Copy(kPassphrase),
                                     crypto::Argon2Params::Moderate(), world.random));
}

}  // namespace

const char* DeskFolder::passphrase() { return kPassphrase; }

DeskFolder::DeskFolder(Programs& programs, const std::vector<std::string>& states)
    : programs_(programs) {
  const char* bin = std::getenv("PALERMO_BIN");
  PALERMO_CHECK(bin != nullptr);
  palermo_ = Cat({bin, "/palermo"});
  folder_ = "/tmp/palermo-desks-XXXXXX";
  PALERMO_CHECK(mkdtemp(folder_.data()) != nullptr);
  Write("pass", Cat({kPassphrase, "\n"}));
  Write("roster", programs_.world().rosters.front().SerializeAsString());
  for (const std::string& state : states) programs_.daemon(state).Start();
}

DeskFolder::~DeskFolder() { std::filesystem::remove_all(folder_); }

void DeskFolder::Write(const std::string& name, const std::string& bytes) const {
  std::ofstream(Path(name)) << bytes;
  PALERMO_CHECK(chmod(Path(name).c_str(), 0600) == 0);
}

int DeskFolder::Shell(const std::string& command, std::string* out) const {
  const std::string file = Path("shell-out");
  const int status = std::system(Cat({command, " > ", file, " 2>&1"}).c_str());
  std::ifstream in(file);
  *out = std::string(std::istreambuf_iterator<char>(in), {});
  return WEXITSTATUS(status);
}

std::string DeskFolder::MustShell(const std::string& command) const {
  std::string out;
  const int code = Shell(command, &out);
  if (code != 0) std::fprintf(stderr, "%s: %s", command.c_str(), out.c_str());
  PALERMO_CHECK(code == 0);
  return out;
}

void DeskFolder::SetUpDesk(const std::string& state, const std::string& officer) {
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
           " --home ", Home(state, officer), " --passphrase-file ", PassphraseFile()});
  std::string out;
  int code = Shell(setup, &out);
  // The node may still be starting.
  for (int i = 0; i < kPatienceSeconds * 10 && code == kNodeUnreachable; ++i) {
    absl::SleepFor(absl::Milliseconds(100));
    code = Shell(setup, &out);
  }
  if (code != 0) std::fprintf(stderr, "%s%s", out.c_str(), programs_.LogOf(state).c_str());
  PALERMO_CHECK(code == 0);
}

void DeskFolder::Grant(const std::string& state) {
  World& world = programs_.world();
  auto sealing = Value(crypto::KeyBundle::Create("sealing", Cat({state, "/central"}), kMadeAt));
  DieUnlessOk(sealing.Add("seal", crypto::kXWing, world.state(state).sealing.bytes().Clone()),
              "key");
  const std::string key = Cat({state, "-sealing.key"});
  Write(key, KeyFile(sealing, world));
  MustShell(Cat({palermo_, " sealing-key grant --key ", Path(key), " --key-passphrase-file ",
                 PassphraseFile(), " --home ", Home(state, "o-0002"), " --passphrase-file ",
                 PassphraseFile()}));
}

void DeskFolder::WaitForDirectories(const std::string& state, size_t states) const {
  constexpr std::string_view kVersion = "\"directory_version\": ";
  std::string out;
  for (int i = 0; i < kPatienceSeconds * 5; ++i) {
    Shell(Cat({palermo_, " desk refresh --json --home ", Home(state, "o-0001"),
               " --passphrase-file ", PassphraseFile()}),
          &out);
    size_t known = 0;
    for (size_t at = out.find(kVersion); at != std::string::npos; at = out.find(kVersion, at + 1)) {
      known += out[at + kVersion.size()] != '0' ? 1 : 0;
    }
    if (known == states) return;
    absl::SleepFor(absl::Milliseconds(200));
  }
  std::fprintf(stderr, "%s does not know all directories: %s\n", state.c_str(), out.c_str());
  PALERMO_CHECK(false);
}

}  // namespace palermo::testing
