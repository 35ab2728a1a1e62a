// crypto_bench: what sealing, opening and verification cost, as ratios to the bare primitives of
// the same run: those of the libraries without our checks, secret memory and formats. A ratio says
// what our code adds, whatever the machine. Usage: crypto_bench [--json] [--millis N]
#include <sodium.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "crypto/aead.h"
#include "crypto/aead_open.h"
#include "crypto/hpke.h"
#include "node/desk/opening.h"
#include "node/desk/sealing.h"
#include "node/exchange/deliver.h"
#include "node/exchange/worker_pool.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

extern "C" {
#include "ml-kem-768/clean/kem.h"
}

namespace palermo::bench {
namespace {

using testing::Value;
using testing::World;

constexpr size_t kBodyBytes = 4096 - 8;  // the smallest padded body: what most acts have
constexpr size_t kRecipients[] = {1, 5, 20};
constexpr size_t kParcels = 200;

double Seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Microseconds of one call: the median of rounds that fill the time.
class Timer {
 public:
  explicit Timer(int64_t millis) : seconds_(static_cast<double>(millis) / 1000) {}
  double Micros(const std::function<void()>& work) const {
    work();
    std::vector<double> rounds;
    for (double spent = 0; spent < seconds_ || rounds.size() < 5; spent += rounds.back()) {
      rounds.push_back(Seconds(work));
    }
    std::nth_element(rounds.begin(), rounds.begin() + rounds.size() / 2, rounds.end());
    return rounds[rounds.size() / 2] * 1e6;
  }

 private:
  double seconds_;
};

struct Line {
  std::string name;
  double micros;
  double raw_micros;
};

// --- The bare primitives

struct Raw {
  double encapsulate;  // ML-KEM-768 and two X25519
  double decapsulate;  // a key from its seed, ML-KEM-768 and two X25519
  double gcm_seal;     // of one padded body
  double gcm_open;
  double verify;  // Ed25519 of a message id
};

double RawEncapsulate(const Timer& timer, bool open) {
  std::vector<uint8_t> pk(PQCLEAN_MLKEM768_CLEAN_CRYPTO_PUBLICKEYBYTES);
  std::vector<uint8_t> sk(PQCLEAN_MLKEM768_CLEAN_CRYPTO_SECRETKEYBYTES);
  std::vector<uint8_t> ct(PQCLEAN_MLKEM768_CLEAN_CRYPTO_CIPHERTEXTBYTES);
  uint8_t seed[64] = {1}, secret[32], scalar[32] = {9}, point[32], shared[32];
  auto x25519 = [&] {
    PALERMO_CHECK(crypto_scalarmult_base(point, scalar) == 0);
    PALERMO_CHECK(crypto_scalarmult(shared, scalar, point) == 0);
  };
  PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(pk.data(), sk.data(), seed);
  PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(ct.data(), secret, pk.data(), seed);
  return timer.Micros([&] {
    if (open) {
      PQCLEAN_MLKEM768_CLEAN_crypto_kem_keypair_derand(pk.data(), sk.data(), seed);
      PQCLEAN_MLKEM768_CLEAN_crypto_kem_dec(secret, ct.data(), sk.data());
    } else {
      PQCLEAN_MLKEM768_CLEAN_crypto_kem_enc_derand(ct.data(), secret, pk.data(), seed);
    }
    x25519();
  });
}

Raw MeasureRaw(const Timer& timer) {
  testing::FakeRandom random(1);
  crypto::SecretBytes key = crypto::SecretBytes::Random(32, random);
  const std::string nonce(12, 'n'), body(4096, 'b');
  crypto::internal::GcmSealer sealer(key);
  crypto::internal::GcmOpener opener(key);
  std::string sealed;
  std::vector<uint8_t> plain(body.size());
  Raw raw{};
  raw.encapsulate = RawEncapsulate(timer, false);
  raw.decapsulate = RawEncapsulate(timer, true);
  raw.gcm_seal = timer.Micros([&] {
    sealed.clear();
    sealer.Seal(nonce, "", body, &sealed);
  });
  raw.gcm_open = timer.Micros([&] { PALERMO_CHECK(opener.Open(nonce, "", sealed, plain.data())); });
  crypto::SigningKey signer = crypto::SigningKey::Generate(random);
  const std::string message(55, 'm');
  crypto::Signature signature = signer.SignRaw(message);
  raw.verify = timer.Micros([&] {
    PALERMO_CHECK(crypto_sign_verify_detached(signature.data(), Data(message), message.size(),
                                              signer.public_key().data()) == 0);
  });
  return raw;
}

// --- Sealing and opening

std::vector<std::string> ExerciseStates(size_t count) {
  std::vector<std::string> states = {"AA", "ZZ"};
  for (char c = 'M'; c <= 'Z'; ++c) states.push_back(std::string("Q") + c);
  for (char c = 'A'; c <= 'Z'; ++c) states.push_back(std::string("X") + c);
  states.resize(count);
  std::sort(states.begin(), states.end());
  return states;
}

std::string BodyBytes() {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_statement()->set_text(std::string(kBodyBytes - 64, 'x'));
  return trust::StrictSerialize(body);
}

void MeasureSealing(const Timer& timer, const Raw& raw, size_t recipients,
                    std::vector<Line>* lines) {
  testing::WorldOptions options;
  options.states = ExerciseStates(recipients + 1);
  World world(options);
  testing::EnvelopeSpec spec;
  spec.from = options.states[0] + "/central";
  spec.to.clear();
  for (size_t i = 1; i <= recipients; ++i) spec.to.push_back(options.states[i] + "/central");
  const v1::Header header = world.MakeHeader(spec);
  const trust::TrustPtr view = world.View();
  const std::string body = BodyBytes();
  auto seal = [&] {
    return Value(desk::Seal(header, body, *view, world.clock.Now(), world.random), "sealing");
  };
  const v1::Envelope envelope = seal();
  auto stanzas = static_cast<double>(recipients + 1);  // the sender's own too
  lines->push_back({absl::StrFormat("seal for %d", recipients), timer.Micros([&] { seal(); }),
                    stanzas * raw.encapsulate + raw.gcm_seal});
  testing::StateWorld& reader = world.state(options.states.back());
  std::vector<desk::AuthorityKey> keys;
  keys.push_back({reader.authority, 1, crypto::SealingKeyId(reader.sealing.PublicKey()),
                  std::move(reader.sealing)});
  lines->push_back({absl::StrFormat("open one of %d", recipients), timer.Micros([&] {
                      PALERMO_CHECK(desk::Open(envelope, keys).result ==
                                    v1::RetrievalResult::OPENED);
                    }),
                    raw.decapsulate + raw.gcm_open});
}

// --- Verification of parcels, as a node does for what a peer sends

void MeasureVerification(const Timer& timer, const Raw& raw, std::vector<Line>* lines) {
  World world;
  const trust::TrustPtr view = world.View();
  const trust::DirectoryPtr sender = world.Directory("QM");
  std::vector<v1::Parcel> parcels;
  std::vector<crypto::Checkpoint> checkpoints;
  for (size_t i = 0; i < kParcels; ++i) {
    parcels.push_back(world.MakeParcel(world.MakeEnvelope({})));
    checkpoints.push_back(
        Value(trust::VerifyNodeCheckpoint(parcels[i].submission().checkpoint(), *sender)));
  }
  auto verify = [&](size_t i) {
    auto lookup = [&](uint64_t) { return sender; };
    auto verified = exchange::VerifyParcel(view, "QT", "QM", lookup, checkpoints[i], parcels[i]);
    PALERMO_CHECK(verified.status.ok());
  };
  const size_t cores = std::max(1u, std::thread::hardware_concurrency());
  for (size_t threads : {size_t{1}, cores}) {
    exchange::WorkerPool pool(threads - 1);
    double micros = timer.Micros([&] { pool.Run(kParcels, verify); });
    // Draft and two approvals.
    lines->push_back({absl::StrFormat("verify a parcel, %d thread%s", threads,
                                      threads == 1 ? "" : "s of a pool"),
                      micros / kParcels, 3 * raw.verify});
    if (cores == 1) break;
  }
}

void Print(const Raw& raw, const std::vector<Line>& lines, bool json) {
  if (json) {
    std::printf(
        "{\"raw_us\": {\"encapsulate\": %.1f, \"decapsulate\": %.1f, \"gcm_seal_4k\": %.2f, "
        "\"gcm_open_4k\": %.2f, \"ed25519_verify\": %.1f},\n \"figures\": [",
        raw.encapsulate, raw.decapsulate, raw.gcm_seal, raw.gcm_open, raw.verify);
    for (const Line& line : lines) {
      std::printf("%s\n  {\"name\": \"%s\", \"us\": %.1f, \"raw_us\": %.1f, \"ratio\": %.3f}",
                  &line == lines.data() ? "" : ",", line.name.c_str(), line.micros, line.raw_micros,
                  line.micros / line.raw_micros);
    }
    std::printf("\n]}\n");
    return;
  }
  std::printf(
      "bare: X-Wing's parts to seal %.1f us, to open %.1f us; AES-256-GCM of 4 KiB %.2f us; "
      "Ed25519 verification %.1f us\n",
      raw.encapsulate, raw.decapsulate, raw.gcm_seal, raw.verify);
  std::printf("%-36s %12s %12s %8s\n", "", "us", "bare us", "ratio");
  for (const Line& line : lines) {
    std::printf("%-36s %12.1f %12.1f %8.2f\n", line.name.c_str(), line.micros, line.raw_micros,
                line.micros / line.raw_micros);
  }
}

int Run(int argc, char** argv) {
  bool json = false;
  int64_t millis = 300;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      json = true;
    } else if (std::strcmp(argv[i], "--millis") == 0 && i + 1 < argc &&
               absl::SimpleAtoi(argv[i + 1], &millis) && millis > 0) {
      ++i;
    } else {
      std::fprintf(stderr,
                   "usage: crypto_bench [--json] [--millis N]   time for each figure, 300\n");
      return 2;
    }
  }
  PALERMO_CHECK(sodium_init() >= 0);
  Timer timer(millis);
  Raw raw = MeasureRaw(timer);
  std::vector<Line> lines;
  for (size_t recipients : kRecipients) MeasureSealing(timer, raw, recipients, &lines);
  MeasureVerification(timer, raw, &lines);
  Print(raw, lines, json);
  return 0;
}

}  // namespace
}  // namespace palermo::bench

int main(int argc, char** argv) { return palermo::bench::Run(argc, argv); }
