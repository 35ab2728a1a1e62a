#include "crypto/note.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace palermo::crypto {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // em dash, space
constexpr size_t kKeyIdBytes = 4;
constexpr uint32_t kNotUtf8 = 0xFFFFFFFF;

absl::Status BadNote(std::string_view why) {
  return InputError("BAD_NOTE", absl::StrFormat("not a signed note: %s", why));
}
absl::Status BadVerifierKey(std::string_view why) {
  return InputError("BAD_VERIFIER_KEY", absl::StrFormat("not a note verifier key: %s", why));
}

// Takes one code point from the front of `text`; kNotUtf8 when there is none (RFC 3629: no overlong
// forms, no surrogates, at most U+10FFFF).
uint32_t TakeCodePoint(std::string_view* text) {
  static constexpr uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};
  unsigned char first = static_cast<unsigned char>(text->front());
  size_t more = first < 0x80 ? 0 : first < 0xC0 ? 4 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  if (more == 4 || first >= 0xF8 || text->size() <= more) return kNotUtf8;
  uint32_t point = more == 0 ? first : first & (0x3FU >> more);
  for (size_t i = 1; i <= more; ++i) {
    unsigned char next = static_cast<unsigned char>((*text)[i]);
    if ((next & 0xC0) != 0x80) return kNotUtf8;
    point = point << 6 | (next & 0x3F);
  }
  bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < kSmallest[more] || surrogate || point > 0x10FFFF) return kNotUtf8;
  text->remove_prefix(more + 1);
  return point;
}

// White_Space in the Unicode character database, without control characters.
bool IsUnicodeSpace(uint32_t point) {
  return point == 0x20 || point == 0x85 || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

bool IsNoteText(std::string_view text) {
  while (!text.empty()) {
    uint32_t point = TakeCodePoint(&text);
    if (point == kNotUtf8 || (point < 0x20 && point != '\n')) return false;
  }
  return true;
}

std::string BigEndian32(uint32_t value) { return BigEndian64(value).substr(4); }
uint32_t ReadBigEndian32(std::string_view bytes) {
  return static_cast<uint32_t>(ReadBigEndian64(Cat({std::string_view("\0\0\0\0", 4), bytes})));
}

// `line` without its line feed.
absl::StatusOr<NoteSignature> ParseSignature(std::string_view line) {
  if (line.substr(0, kDash.size()) != kDash) return BadNote("a signature line has no dash");
  line.remove_prefix(kDash.size());
  size_t space = line.find(' ');
  if (space == std::string_view::npos) return BadNote("a signature line has no signature");
  NoteSignature signature;
  signature.name = std::string(line.substr(0, space));
  if (!IsNoteKeyName(signature.name)) return BadNote("a key name is malformed");
  absl::StatusOr<std::string> bytes = Base64Decode(line.substr(space + 1));
  if (!bytes.ok()) return BadNote("a signature is not canonical base64");
  if (bytes->size() <= kKeyIdBytes) return BadNote("a signature is too short");
  signature.key_id = ReadBigEndian32(std::string_view(*bytes).substr(0, kKeyIdBytes));
  signature.bytes = bytes->substr(kKeyIdBytes);
  return signature;
}

}  // namespace

absl::StatusOr<Note> ParseNote(std::string_view note) {
  if (note.size() > limits::kMaxCheckpointBytes) {
    return BadNote(absl::StrFormat("%d bytes, at most %d are allowed", note.size(),
                                   limits::kMaxCheckpointBytes));
  }
  if (!IsNoteText(note)) return BadNote("not UTF-8, or with control characters");
  size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos) return BadNote("no empty line before the signatures");
  Note parsed;
  parsed.text = std::string(note.substr(0, blank + 1));
  std::string_view lines = note.substr(blank + 2);
  if (lines.empty()) return BadNote("no signature");
  while (!lines.empty()) {
    size_t end = lines.find('\n');
    if (end == std::string_view::npos) return BadNote("the last line has no line feed");
    PALERMO_ASSIGN_OR_RETURN(NoteSignature signature, ParseSignature(lines.substr(0, end)));
    parsed.signatures.push_back(std::move(signature));
    if (parsed.signatures.size() > limits::kMaxNoteSignatures)
      return BadNote("too many signatures");
    lines.remove_prefix(end + 1);
  }
  return parsed;
}

std::string FormatNoteSignature(const NoteSignature& signature) {
  return Cat({kDash, signature.name, " ",
              Base64Encode(Cat({BigEndian32(signature.key_id), signature.bytes})), "\n"});
}

std::string FormatNote(const Note& note) {
  std::string out = Cat({note.text, "\n"});
  for (const NoteSignature& signature : note.signatures) out += FormatNoteSignature(signature);
  return out;
}

bool IsNoteKeyName(std::string_view name) {
  if (name.empty()) return false;
  while (!name.empty()) {
    uint32_t point = TakeCodePoint(&name);
    if (point == kNotUtf8 || point < 0x20 || point == '+' || IsUnicodeSpace(point)) return false;
  }
  return true;
}

uint32_t NoteKeyId(std::string_view name, uint8_t type, const PublicKey& key) {
  char type_byte = static_cast<char>(type);
  Hash hash = Sha256({name, "\n", {&type_byte, 1}, AsView(key)});
  return ReadBigEndian32(AsView(hash).substr(0, kKeyIdBytes));
}

VerifierKey MakeVerifierKey(std::string_view name, uint8_t type, const PublicKey& key) {
  return VerifierKey{std::string(name), type, key, NoteKeyId(name, type, key)};
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey) {
  size_t plus1 = vkey.find('+');
  size_t plus2 = plus1 == std::string_view::npos ? plus1 : vkey.find('+', plus1 + 1);
  if (plus2 == std::string_view::npos) return BadVerifierKey("it must be name+id+key");
  std::string_view name = vkey.substr(0, plus1);
  if (!IsNoteKeyName(name)) return BadVerifierKey("the name is malformed");
  absl::StatusOr<std::string> id = HexDecode(vkey.substr(plus1 + 1, plus2 - plus1 - 1));
  if (!id.ok() || id->size() != kKeyIdBytes) return BadVerifierKey("the id is not 8 hex digits");
  absl::StatusOr<std::string> material = Base64Decode(vkey.substr(plus2 + 1));
  if (!material.ok()) return BadVerifierKey("the key is not canonical base64");
  if (material->size() != 33) return BadVerifierKey("the key is not one type byte and 32 bytes");
  uint8_t type = static_cast<uint8_t>((*material)[0]);
  if (type != kNoteEd25519 && type != kNoteCosignature) {
    return BadVerifierKey(absl::StrFormat("signature type 0x%02x is not supported", type));
  }
  PALERMO_ASSIGN_OR_RETURN(PublicKey public_key, PublicKeyFrom(material->substr(1)));
  VerifierKey key = MakeVerifierKey(name, type, public_key);
  if (key.id != ReadBigEndian32(*id)) return BadVerifierKey("the id is not that of name and key");
  return key;
}

std::string FormatVerifierKey(const VerifierKey& key) {
  char type = static_cast<char>(key.type);
  return Cat({key.name, "+", HexEncode(BigEndian32(key.id)), "+",
              Base64Encode(Cat({{&type, 1}, AsView(key.key)}))});
}

std::string SignNote(std::string_view text, std::string_view name, const SigningKey& key) {
  const Signer& signer = key;
  absl::StatusOr<std::string> note = SignNote(text, name, signer);
  PALERMO_CHECK(note.ok());
  return *std::move(note);
}

absl::StatusOr<std::string> SignNote(std::string_view text, std::string_view name,
                                     const Signer& signer) {
  PALERMO_CHECK(IsNoteKeyName(name));
  PALERMO_CHECK(!text.empty() && text.back() == '\n' && IsNoteText(text));
  NoteSignature line;
  line.name = std::string(name);
  line.key_id = NoteKeyId(name, kNoteEd25519, signer.public_key());
  PALERMO_ASSIGN_OR_RETURN(Signature signature, signer.TrySignRaw(text));
  line.bytes = std::string(AsView(signature));
  return FormatNote({std::string(text), {std::move(line)}});
}

absl::Status VerifyNote(const Note& note, const std::vector<VerifierKey>& known) {
  bool verified = false;
  for (const VerifierKey& key : known) {
    if (key.type != kNoteEd25519) return BadVerifierKey("only Ed25519 keys verify plain notes");
  }
  for (const NoteSignature& signature : note.signatures) {
    auto matches = [&signature](const VerifierKey& key) {
      return key.name == signature.name && key.id == signature.key_id;
    };
    auto key = std::find_if(known.begin(), known.end(), matches);
    if (key == known.end()) continue;
    if (std::find_if(key + 1, known.end(), matches) != known.end()) {
      return BadVerifierKey(absl::StrFormat("two known keys are called %s", key->name));
    }
    if (!VerifyRaw(key->key, note.text, signature.bytes)) {
      return BadNote(absl::StrFormat("the signature of %s is wrong", key->name));
    }
    verified = true;
  }
  if (verified) return absl::OkStatus();
  return InputError("UNKNOWN_SIGNER", "no signature on the note is by a known key");
}

}  // namespace palermo::crypto
