#include <algorithm>
#include <sstream>

#include "crypto/checkpoint.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "crypto/tlog_proof.h"
#include "tests/conformance/report.h"
#include "tests/conformance/vectors.h"

namespace palermo::conformance {
namespace {

// --- Signed notes

// "name+hex id", as the vectors name signatures.
std::string NameOf(const crypto::NoteSignature& signature) {
  return signature.name + "+" + HexEncode(BigEndian64(signature.key_id).substr(4));
}

bool OpenFits(const Json& test) {
  absl::StatusOr<std::string> bytes = Base64Decode(Text(test, "note_b64"));
  if (!bytes.ok()) return false;
  std::vector<crypto::VerifierKey> known;
  for (const Json& vkey : test.at("vkeys")) {
    absl::StatusOr<crypto::VerifierKey> key = crypto::ParseVerifierKey(vkey.get<std::string>());
    if (!key.ok()) return false;
    known.push_back(*key);
  }
  absl::StatusOr<crypto::Note> note = crypto::ParseNote(*bytes);
  bool ok = note.ok() && crypto::VerifyNote(*note, known).ok();
  if (test.at("want") != "ok") return !ok;
  if (!ok || crypto::FormatNote(*note) != *bytes) return false;
  std::vector<std::string> want = test.at("verified");
  for (const Json& name : test.at("unverified")) want.push_back(name);
  std::vector<std::string> have;
  for (const crypto::NoteSignature& signature : note->signatures) have.push_back(NameOf(signature));
  std::sort(want.begin(), want.end());
  std::sort(have.begin(), have.end());
  have.erase(std::unique(have.begin(), have.end()), have.end());
  return want == have;
}

// "PRIVATE+KEY+name+id+base64(type || seed)": a form that we never read outside this test.
bool SignFits(const Json& test) {
  std::string skey = Text(test, "skey");
  std::string name = skey.substr(12, skey.find('+', 12) - 12);
  absl::StatusOr<std::string> material =
      Base64Decode(skey.substr(skey.find('+', 13 + name.size()) + 1));
  if (!material.ok()) return false;
  absl::StatusOr<crypto::SigningKey> key =
      crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(material->substr(1)));
  return key.ok() && crypto::SignNote(Text(test, "text"), name, *key) == Text(test, "want_note");
}

void RunSignedNote(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) {
    std::string id = Text(test, "id");
    if (test.at("op") == "open") {
      report.Expect(OpenFits(test), id);
    } else if (test.at("op") == "parse_vkey") {
      report.Expect(crypto::ParseVerifierKey(Text(test, "vkey")).ok() == test.at("want_ok"), id);
    } else if (test.contains("want_note")) {
      report.Expect(SignFits(test), id);
    } else {
      report.Skip("signing a text that breaks SignNote's precondition");
    }
  }
}

// --- Checkpoints and cosignatures

bool CheckpointBodyFits(const Json& test) {
  absl::StatusOr<crypto::Checkpoint> checkpoint =
      crypto::ParseCheckpointText(Text(test, "text"), crypto::Extensions::kIgnore);
  // Where the page is stricter than the library the case is from, we follow the page.
  if (!test.at("want_ok") || test.contains("strict_note")) return !checkpoint.ok();
  return checkpoint.ok() && checkpoint->origin == Text(test, "origin") &&
         std::to_string(checkpoint->size) == Text(test, "size") &&
         Base64Encode(AsView(checkpoint->root)) == Text(test, "root_b64");
}

void RunCheckpointBody(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) {
    report.Expect(CheckpointBodyFits(test), Text(test, "id"));
  }
}

crypto::PublicKey KeyOf(const Json& test) {
  absl::StatusOr<crypto::PublicKey> key = crypto::PublicKeyFrom(HexOf(test, "ed25519_public_hex"));
  PALERMO_CHECK(key.ok());
  return *key;
}

bool CheckpointFits(const Json& test) {
  std::string note = Text(test, "note");
  absl::StatusOr<crypto::Note> parsed = crypto::ParseNote(note);
  bool ok = parsed.ok() &&
            crypto::VerifyCheckpoint(note, parsed->signatures.front().name, KeyOf(test)).ok();
  return ok == test.at("want_ok");
}

bool CosignatureFits(const Json& test) {
  std::string note = Cat({Text(test, "checkpoint_body"), "\n", Text(test, "line"), "\n"});
  absl::StatusOr<uint64_t> time =
      crypto::VerifyCosignature(note, Text(test, "key_name"), KeyOf(test));
  return test.at("want_ok") ? time.ok() && *time == test.at("timestamp") : !time.ok();
}

bool TimestampFits(const Json& test) {
  absl::StatusOr<std::string> bytes = Base64Decode(Text(test, "sig_b64"));
  if (!bytes.ok() || bytes->size() < 4) return false;
  crypto::NoteSignature signature;
  signature.bytes = bytes->substr(4);
  absl::StatusOr<uint64_t> time = crypto::CosignatureTime(signature);
  return test.at("want_ok") ? time.ok() && *time == test.at("timestamp") : !time.ok();
}

void RunCosignature(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) {
    std::string op = Text(test, "op");
    bool fits = op == "verify_checkpoint"    ? CheckpointFits(test)
                : op == "verify_cosignature" ? CosignatureFits(test)
                                             : op == "cosignature_timestamp" && TimestampFits(test);
    report.Expect(fits, Text(test, "id"));
  }
}

// --- Proof texts

bool TlogProofFits(const Json& test) {
  std::string text = Text(test, "proof");
  absl::StatusOr<crypto::TlogProof> proof = crypto::ParseTlogProof(text);
  if (!test.at("want_ok")) return !proof.ok();
  if (!proof.ok() || crypto::FormatTlogProof(*proof) != text) return false;
  std::vector<std::string> hashes;
  for (const Hash& hash : proof->hashes) hashes.push_back(Base64Encode(AsView(hash)));
  Json extra;
  if (proof->extra) extra = Base64Encode(*proof->extra);
  return std::to_string(proof->index) == Text(test, "index") && test.at("hashes") == hashes &&
         test.at("extra_b64") == extra;
}

void RunTlogProof(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  for (const Json& test : file.at("cases")) report.Expect(TlogProofFits(test), Text(test, "id"));
}

// --- A log on disk

// An entry bundle of C2SP tlog-tiles: a big-endian 16-bit length before each entry.
std::vector<std::string> EntriesOf(std::string_view bundle) {
  std::vector<std::string> entries;
  while (bundle.size() >= 2) {
    size_t size =
        static_cast<unsigned char>(bundle[0]) << 8 | static_cast<unsigned char>(bundle[1]);
    entries.emplace_back(bundle.substr(2, size));
    bundle.remove_prefix(std::min(bundle.size(), 2 + size));
  }
  return entries;
}

struct Log {
  std::vector<std::string> entries;
  std::map<std::pair<int, uint64_t>, Hash> nodes;
  std::vector<Hash> roots;  // by size

  crypto::NodeGetter Getter() const {
    return [this](int level, uint64_t index) -> absl::StatusOr<Hash> {
      auto found = nodes.find({level, index});
      if (found == nodes.end()) return absl::NotFoundError("no such node");
      return found->second;
    };
  }
};

Log BuildLog(std::vector<std::string> entries) {
  Log log;
  log.entries = std::move(entries);
  crypto::CompactRange range;
  log.roots.push_back(range.Root());
  for (const std::string& entry : log.entries) {
    range.Append(crypto::LeafHash(entry), [&log](int level, uint64_t index, const Hash& hash) {
      log.nodes[{level, index}] = hash;
    });
    log.roots.push_back(range.Root());
  }
  return log;
}

bool TileFits(const Log& log, uint64_t width, const std::string& tile) {
  std::string want;
  for (uint64_t i = 0; i < width; ++i) want += AsView(log.nodes.at({0, i}));
  return tile == want;
}

bool ProofsFit(const Log& log, uint64_t size) {
  for (uint64_t i = 0; i < size; ++i) {
    absl::StatusOr<std::vector<Hash>> path = crypto::InclusionProof(i, size, log.Getter());
    Hash leaf = crypto::LeafHash(log.entries[i]);
    if (!path.ok() || !crypto::VerifyInclusion(i, size, leaf, *path, log.roots[size]).ok()) {
      return false;
    }
  }
  for (uint64_t old = 1; old <= size; ++old) {
    absl::StatusOr<std::vector<Hash>> proof = crypto::ConsistencyProof(old, size, log.Getter());
    if (!proof.ok() ||
        !crypto::VerifyConsistency(old, size, *proof, log.roots[old], log.roots[size]).ok()) {
      return false;
    }
  }
  return true;
}

bool CheckpointOfLogFits(const Log& log, const std::string& note, const Json& meta,
                         const crypto::VerifierKey& key) {
  absl::StatusOr<crypto::Checkpoint> checkpoint =
      crypto::VerifyCheckpoint(note, Text(meta, "origin"), key.key);
  return checkpoint.ok() && checkpoint->size < log.roots.size() &&
         checkpoint->root == log.roots[checkpoint->size] && ProofsFit(log, checkpoint->size);
}

void RunGoldenLog(const std::filesystem::path& path, Report& report) {
  Json meta = LoadJson(path / "META.json");
  size_t size = meta.at("entries_utf8").size();
  std::filesystem::path bundles = path / "tile" / "entries" / "000.p";
  Log log = BuildLog(EntriesOf(ReadFile(bundles / std::to_string(size))));
  report.Expect(meta.at("entries_utf8") == log.entries, "entries");
  absl::StatusOr<crypto::VerifierKey> key = crypto::ParseVerifierKey(Text(meta, "vkey"));
  report.Expect(key.ok(), "vkey");
  if (!key.ok() || log.entries.size() != size) return;
  for (const auto& file : std::filesystem::directory_iterator(path)) {
    std::string name = file.path().filename();
    if (name.substr(0, 10) != "checkpoint") continue;
    report.Expect(CheckpointOfLogFits(log, ReadFile(file.path()), meta, *key), name);
  }
  for (uint64_t width = 1; width <= size; ++width) {
    std::string name = std::to_string(width);
    std::string tile = ReadFile(path / "tile" / "0" / "000.p" / name);
    report.Expect(TileFits(log, width, tile), "tile " + name);
    std::vector<std::string> bundle = EntriesOf(ReadFile(bundles / name));
    bool prefix =
        bundle.size() == width && std::equal(bundle.begin(), bundle.end(), log.entries.begin());
    report.Expect(prefix, "entry bundle " + name);
  }
}

// --- What a witness judges before it cosigns

// The body of an add-checkpoint request.
struct WitnessRequest {
  uint64_t old_size = 0;
  std::vector<Hash> proof;
  bool proof_parses = true;
  std::string note;
};

WitnessRequest ParseRequest(const std::string& body) {
  WitnessRequest request;
  size_t blank = body.find("\n\n");
  PALERMO_CHECK(body.substr(0, 4) == "old " && blank != std::string::npos);
  request.note = body.substr(blank + 2);
  std::istringstream lines(body.substr(4, blank - 4));
  lines >> request.old_size;
  for (std::string line; lines >> line;) {
    std::optional<Hash> hash = HashOf(line);
    request.proof_parses = request.proof_parses && hash.has_value();
    if (hash.has_value()) request.proof.push_back(*hash);
  }
  return request;
}

// The HTTP service of a witness, with its memory of sizes and its other answers, is not in
// palermo. Whether a checkpoint is the log's, and whether it extends the one before, is; and so is
// the cosignature.
class Witness {
 public:
  Witness(std::string origin, crypto::PublicKey log, std::string name)
      : origin_(std::move(origin)), log_(log), name_(std::move(name)) {}

  // Expects what C2SP asks, as an HTTP status: 200, 403 or 404 (not the log's), 422 (the proof).
  void Take(const std::string& body, int want, const std::string& id, Report& report) {
    if (want != 200 && want != 403 && want != 404 && want != 422) {
      report.Skip("an answer about the size that was asked for, by a service that palermo has not");
      return;
    }
    report.Expect(Judge(ParseRequest(body)) == (want == 404 ? 403 : want), id);
  }

 private:
  int Judge(const WitnessRequest& request) {
    auto checkpoint = crypto::VerifyCheckpoint(request.note, origin_, log_);
    if (!checkpoint.ok()) return 403;
    bool follows = request.old_size == 0
                       ? request.proof.empty()
                       : crypto::VerifyConsistency(newest_.size, checkpoint->size, request.proof,
                                                   newest_.root, checkpoint->root)
                             .ok();
    if (!follows || !request.proof_parses || request.old_size != newest_.size) return 422;
    newest_ = *checkpoint;
    return Cosigns(request.note) ? 200 : 500;
  }
  bool Cosigns(const std::string& note) const {
    constexpr uint64_t kTime = 1764000000;
    auto line = crypto::CosignCheckpoint(note, name_, key_, kTime);
    if (!line.ok()) return false;
    auto time = crypto::VerifyCosignature(note + *line, name_, key_.public_key());
    return time.ok() && *time == kTime && !crypto::VerifyCosignature(note, name_, log_).ok();
  }

  const std::string origin_;
  const crypto::PublicKey log_;
  const std::string name_;
  const crypto::SigningKey key_ =
      *crypto::SigningKey::FromSeed(crypto::SecretBytes::Copy(std::string(32, 'w')));
  crypto::Checkpoint newest_;
};

void RunWitnessSteps(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  absl::StatusOr<crypto::PublicKey> key =
      crypto::PublicKeyFrom(HexOf(file, "log_ed25519_public_hex"));
  PALERMO_CHECK(key.ok());
  Witness witness(Text(file, "log_origin"), *key, Text(file, "witness_name"));
  for (const Json& step : file.at("steps")) {
    witness.Take(Text(step, "request_body"), step.at("want_status_spec"),
                 "step " + step.at("step").dump(), report);
  }
}

void RunWitnessCases(const std::filesystem::path& path, Report& report) {
  Json file = LoadJson(path);
  absl::StatusOr<crypto::VerifierKey> key = crypto::ParseVerifierKey(Text(file, "log_vkey"));
  PALERMO_CHECK(key.ok());
  for (const Json& test : file.at("cases")) {
    Witness witness(Text(file, "log_origin"), key->key, "example.com/witness");
    std::string id = Text(test, "id");
    witness.Take(Text(test, "setup_body"), test.at("setup_want"), id + ", before", report);
    witness.Take(Text(test, "request_body"), test.at("want_status_spec"), id, report);
  }
}

// --- A witness's folder on disk

// The checkpoint that it keeps holds under its key, and under no other time, size or name.
void RunCosignedCheckpoint(const std::filesystem::path& path, Report& report) {
  Json witness = LoadJson(path / "witness" / "witness.v0.json");
  absl::StatusOr<crypto::VerifierKey> key =
      crypto::ParseVerifierKey(witness.at("verifier_keys").at(0).get<std::string>());
  report.Expect(key.ok(), "verifier key");
  if (!key.ok()) return;
  std::string name = Text(witness, "name");
  for (const auto& file : std::filesystem::directory_iterator(path / "witness")) {
    if (!file.is_directory()) continue;
    std::string note = ReadFile(file.path() / "checkpoint");
    report.Expect(crypto::VerifyCosignature(note, name, key->key).ok(), "cosignature");
    report.Expect(!crypto::VerifyCosignature(note, name + "x", key->key).ok(), "another name");
    size_t size = note.find("\n300\n");
    report.Expect(size != std::string::npos, "size");
    if (size == std::string::npos) continue;
    note.replace(size + 1, 3, "301");
    report.Expect(!crypto::VerifyCosignature(note, name, key->key).ok(), "another size");
  }
}

}  // namespace

std::vector<VectorSet> TlogSets() {
  return {{"tlog/signed-note.json", "C2SP signed-note", RunSignedNote},
          {"tlog/checkpoint-body.json", "C2SP tlog-checkpoint", RunCheckpointBody},
          {"tlog/cosignature.json", "C2SP tlog-cosignature", RunCosignature},
          {"tlog/tlog-proof.json", "C2SP tlog-proof", RunTlogProof},
          {"tlog/golden-log-tessera", "checkpoints, tiles and entries of a log", RunGoldenLog},
          {"tlog/tile-paths.json", "C2SP tlog-tiles paths", nullptr,
           "tiles stand in its store under keys of its own, and are served under no path"},
          {"tlog/witness-add-checkpoint.json", "C2SP tlog-witness", RunWitnessSteps},
          {"tlog/witness-update.json", "C2SP tlog-witness", RunWitnessCases},
          {"tlog/golden-log-sunlight", "a cosigned checkpoint", RunCosignedCheckpoint}};
}

}  // namespace palermo::conformance
