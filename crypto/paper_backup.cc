#include "crypto/paper_backup.h"

#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/key_protection.h"
#include "crypto/paper_lines.h"
#include "crypto/signing.h"

// The format is described in docs/formats/key-file.md.
namespace palermo::crypto {
namespace {

constexpr char kVersion = 1;
constexpr std::string_view kHeaderPrefix("palermo/v1/paper-backup\0", 24);
constexpr size_t kPaperChecksumBytes = 4;
constexpr size_t kMaxTextBytes = 255;

absl::Status BadBackup(std::string_view why) {
  return InputError("BAD_PAPER_BACKUP", absl::StrFormat("the paper backup: %s", why));
}

std::string Checksum(std::string_view bytes) {
  return std::string(AsView(Sha256({kHeaderPrefix, bytes})).substr(0, kPaperChecksumBytes));
}

std::string Byte(size_t value) { return std::string(1, static_cast<char>(value)); }
std::string Short(std::string_view text) { return Cat({Byte(text.size()), text}); }
std::string Long(std::string_view text) {
  return Cat({LittleEndian64(text.size()).substr(0, 2), text});
}

// Takes fields off the front; the first that is not there makes everything fail.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  std::string_view Bytes(size_t size) {
    if (size > rest_.size()) ok_ = false;
    std::string_view taken = ok_ ? rest_.substr(0, size) : std::string_view();
    if (ok_) rest_.remove_prefix(size);
    return taken;
  }
  uint64_t Number(size_t size) {
    std::string_view bytes = Bytes(size);
    return ok_ ? ReadLittleEndian64(Cat({bytes, std::string(8 - size, '\0')})) : 0;
  }
  std::string Text(size_t length_size) { return std::string(Bytes(Number(length_size))); }
  bool ok() const { return ok_; }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

struct Parsed {
  KeyFilePublic part;
  Argon2Params params{};
  std::string salt;
  std::string header;
  std::string sealed;
};

std::string Header(const KeyBundle& bundle, const Argon2Params& params, std::string_view salt) {
  std::string header =
      Cat({std::string_view(&kVersion, 1), Short(bundle.kind()), Short(bundle.subject()),
           Short(bundle.created()), Byte(params.passes),
           LittleEndian64(params.kibibytes).substr(0, 4), salt, Byte(bundle.entries().size())});
  for (const auto& [name, entry] : bundle.entries()) {
    header += Cat({Short(name), Short(entry.algorithm), Long(entry.token)});
    if (!entry.token.empty()) header += entry.public_bytes;
  }
  return header;
}

absl::Status ReadEntries(Reader& reader, KeyFilePublic* part) {
  size_t count = reader.Number(1);
  std::string last;
  for (size_t i = 0; i < count && reader.ok(); ++i) {
    std::string name = reader.Text(1);
    PublicEntry entry{reader.Text(1), "", reader.Text(2)};
    if (!entry.token.empty()) entry.public_bytes = std::string(reader.Bytes(32));
    if (!internal::IsKeyName(name) || !internal::IsKeyAlgorithm(entry.algorithm) || name <= last) {
      return BadBackup("its list of keys is not in order");
    }
    if (!entry.token.empty() &&
        (entry.algorithm != kEd25519 || !internal::IsTokenUri(entry.token))) {
      return BadBackup("it does not say properly where a key on a token is");
    }
    last = name;
    part->keys[name] = std::move(entry);
  }
  if (!reader.ok() || count == 0 || count > kMaxKeyFileEntries) {
    return BadBackup("its list of keys is cut");
  }
  return absl::OkStatus();
}

absl::StatusOr<Parsed> ParsePage(std::string_view page) {
  PALERMO_ASSIGN_OR_RETURN(std::string bytes, internal::ReadPaperLines(page));
  if (bytes.size() <= kPaperChecksumBytes) return BadBackup("it is too short");
  std::string_view whole = std::string_view(bytes).substr(0, bytes.size() - kPaperChecksumBytes);
  if (Checksum(whole) != bytes.substr(whole.size())) {
    return BadBackup(
        "each line is right, but they are not all of one page, or the last ones are missing");
  }
  Reader reader(whole);
  if (reader.Bytes(1) != std::string_view(&kVersion, 1)) {
    return BadBackup("it is of a version that this palermo does not read; take a newer palermo");
  }
  Parsed parsed;
  parsed.part.kind = reader.Text(1);
  parsed.part.subject = reader.Text(1);
  parsed.part.created = reader.Text(1);
  uint64_t passes = reader.Number(1), kibibytes = reader.Number(4);
  parsed.salt = std::string(reader.Bytes(internal::kSaltBytes));
  PALERMO_RETURN_IF_ERROR(ReadEntries(reader, &parsed.part));
  PALERMO_RETURN_IF_ERROR(
      internal::CheckIdentity(parsed.part.kind, parsed.part.subject, parsed.part.created));
  if (!internal::ParamsInRange(passes, kibibytes)) {
    return BadBackup("its Argon2id parameters are outside 1 to 16 passes and 8 KiB to 1 GiB");
  }
  parsed.params = {static_cast<uint32_t>(passes), static_cast<uint32_t>(kibibytes)};
  parsed.part.passphrase_needed = true;
  parsed.header = std::string(whole.substr(0, whole.size() - reader.rest().size()));
  parsed.sealed = std::string(reader.rest());
  return parsed;
}

std::string KeyLines(const KeyBundle& bundle) {
  std::string text;
  for (const auto& [name, entry] : bundle.entries()) {
    text += absl::StrFormat("  %-12s  %-8s fingerprint (key id) %s\n", name, entry.algorithm,
                            HexEncode(KeyId(entry.algorithm, entry.public_bytes)));
    if (entry.token.empty()) continue;
    text += "                is NOT on this page: it is on a token, and stays there\n";
  }
  return text;
}

std::string Page(const KeyBundle& bundle, std::string_view made,
                 const std::vector<std::string>& lines) {
  std::string text = absl::StrFormat(
      "PALERMO KEY BACKUP                              keep it locked away\n"
      "\n"
      "holder          %s\n"
      "kind            %s\n"
      "keys made       %s\n"
      "page made       %s\n"
      "keys\n"
      "%s"
      "\n"
      "You need this page, the passphrase that the key file had when the page was\n"
      "made, and the program palermo. Without the passphrase nobody can use the page,\n"
      "and nobody can help. Do not write the passphrase on it.\n"
      "\n"
      "To restore: type the numbered lines into a text file, with their numbers.\n"
      "Capitals and spaces do not matter. 0 is a zero, l is a small L; there is no\n"
      "1, b, i or o. A mistake is found, with its line. Then run:\n"
      "\n"
      "  palermo key restore PAGE.txt --out NEW.key\n"
      "\n"
      "and compare the fingerprints with those above.\n"
      "\n"
      "%s\n",
      bundle.subject(), bundle.kind(), bundle.created(), made, KeyLines(bundle),
      internal::kPaperBegin);
  for (const std::string& line : lines) text += Cat({line, "\n"});
  return Cat({text, internal::kPaperEnd, "\n"});
}

}  // namespace

absl::StatusOr<std::string> MakePaperBackup(const KeyBundle& bundle, const SecretBytes& passphrase,
                                            const Argon2Params& params, std::string_view made,
                                            Random& random) {
  if (bundle.entries().empty()) return internal::BadKeyFile("it has no keys");
  if (passphrase.empty()) {
    return InputError("PASSPHRASE_NEEDED", "a paper backup is always under a passphrase");
  }
  if (!internal::ParamsInRange(params.passes, params.kibibytes)) {
    return internal::BadKeyFile("its Argon2id parameters are outside the caps");
  }
  static_assert(kMaxTextBytes >= 160 && kMaxKeyFileEntries <= kMaxTextBytes);
  std::string salt = random.Bytes(internal::kSaltBytes);
  std::string header = Header(bundle, params, salt);
  PALERMO_ASSIGN_OR_RETURN(
      std::string sealed,
      internal::SealKeys(bundle, passphrase, params, salt, Cat({kHeaderPrefix, header}), random));
  std::string bytes = Cat({header, sealed});
  std::vector<std::string> lines = internal::PaperLines(Cat({bytes, Checksum(bytes)}));
  if (lines.size() > kMaxPaperLines) {
    return InputError(
        "TOO_LONG_FOR_PAPER",
        absl::StrFormat("the keys would take %d lines; nobody types that. Keep a copy "
                        "of the key file instead",
                        lines.size()));
  }
  return Page(bundle, made, lines);
}

absl::StatusOr<KeyFilePublic> ReadPaperBackupPublic(std::string_view page) {
  PALERMO_ASSIGN_OR_RETURN(Parsed parsed, ParsePage(page));
  return std::move(parsed.part);
}

absl::StatusOr<KeyBundle> RestorePaperBackup(std::string_view page, const SecretBytes& passphrase,
                                             const Argon2Params& weakest) {
  PALERMO_ASSIGN_OR_RETURN(Parsed parsed, ParsePage(page));
  PALERMO_RETURN_IF_ERROR(internal::CheckStrength(parsed.params, weakest));
  PALERMO_ASSIGN_OR_RETURN(std::optional<SecretBytes> payload,
                           internal::OpenKeys(parsed.sealed, passphrase, parsed.params, parsed.salt,
                                              Cat({kHeaderPrefix, parsed.header})));
  if (payload) return internal::UnpackKeys(parsed.part, *payload);
  return InputError("WRONG_PASSPHRASE",
                    absl::StrFormat("the passphrase does not open the paper backup of %s. The page "
                                    "is typed right; it wants the passphrase that the key file had "
                                    "when the page was made",
                                    parsed.part.subject));
}

}  // namespace palermo::crypto
