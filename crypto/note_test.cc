#include "crypto/note.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/checkpoint.h"
#include "crypto/test_random.h"
#include "crypto/tlog_proof.h"

namespace palermo::crypto {
namespace {

SigningKey NoteKeyOf(uint64_t seed) {
  TestRandom random(seed);
  return SigningKey::Generate(random);
}
VerifierKey VerifierOf(const SigningKey& key, std::string_view name) {
  return MakeVerifierKey(name, kNoteEd25519, key.public_key());
}
std::string NoteCode(std::string_view note) { return CodeOf(ParseNote(note).status()); }

// --- Notes

TEST(Note, AVerifierKeyComesBackFromItsText) {
  // From the C2SP signed-note page.
  std::string text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  absl::StatusOr<VerifierKey> key = ParseVerifierKey(text);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->id, 0x530d903au);
  EXPECT_EQ(FormatVerifierKey(*key), text);
  std::string witness =
      FormatVerifierKey(MakeVerifierKey("w", kNoteCosignature, NoteKeyOf(1).public_key()));
  EXPECT_EQ(FormatVerifierKey(*ParseVerifierKey(witness)), witness);
  for (const char* bad :
       {"", "a", "a+b", "a+530d903a+", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKa",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    EXPECT_EQ(CodeOf(ParseVerifierKey(bad).status()), "BAD_VERIFIER_KEY") << bad;
  }
}

TEST(Note, RefusesOtherVerifierKeys) {
  auto why = [](const std::string& id, const std::string& material) {
    return TextOf(ParseVerifierKey(Cat({"name+", id, "+", Base64Encode(material)})).status());
  };
  std::string key(32, 'k');
  EXPECT_NE(why("xyz0903a", "\x01" + key).find("8 hex digits"), std::string::npos);
  EXPECT_NE(why("530d903a00", "\x01" + key).find("8 hex digits"), std::string::npos);
  EXPECT_NE(why("530d903a", "\x01" + key + "k").find("32 bytes"), std::string::npos);
  EXPECT_NE(why("530d903a", "\x02" + key).find("type 0x02"), std::string::npos);
  EXPECT_NE(why("530d903a", "\x01" + key).find("not that of name and key"), std::string::npos);
  EXPECT_EQ(CodeOf(ParseVerifierKey("name+530d903a+AQ=").status()), "BAD_VERIFIER_KEY");
}

TEST(Note, ASignedNoteVerifiesAndKeepsItsText) {
  SigningKey key = NoteKeyOf(1);
  std::string text = "first\n\nthird, after an empty line: \xC3\xA8\n";
  absl::StatusOr<Note> note = ParseNote(SignNote(text, "PA/central", key));
  ASSERT_TRUE(note.ok());
  EXPECT_EQ(note->text, text);
  EXPECT_TRUE(VerifyNote(*note, {VerifierOf(key, "PA/central")}).ok());
  EXPECT_EQ(FormatNote(*note), SignNote(text, "PA/central", key));
}

TEST(Note, NoneButKnownSignersCount) {
  SigningKey key = NoteKeyOf(1);
  SigningKey other = NoteKeyOf(2);
  Note note = *ParseNote(SignNote("text\n", "a", key));
  EXPECT_EQ(CodeOf(VerifyNote(note, {})), "UNKNOWN_SIGNER");
  EXPECT_EQ(CodeOf(VerifyNote(note, {VerifierOf(other, "a")})), "UNKNOWN_SIGNER");
  EXPECT_EQ(CodeOf(VerifyNote(note, {VerifierOf(key, "b")})), "UNKNOWN_SIGNER");
  note.signatures.push_back({"stranger", 7, "anything"});
  EXPECT_TRUE(VerifyNote(note, {VerifierOf(key, "a")}).ok()) << "others' lines are ignored";
}

TEST(Note, OneWrongSignatureOfAKnownKeySpoilsTheNote) {
  SigningKey key = NoteKeyOf(1);
  SigningKey other = NoteKeyOf(2);
  Note note = *ParseNote(SignNote("text\n", "a", key));
  note.signatures.push_back({"b", NoteKeyId("b", kNoteEd25519, other.public_key()),
                             std::string(AsView(other.SignRaw("other text\n")))});
  EXPECT_TRUE(VerifyNote(note, {VerifierOf(key, "a")}).ok());
  EXPECT_EQ(CodeOf(VerifyNote(note, {VerifierOf(key, "a"), VerifierOf(other, "b")})), "BAD_NOTE");
}

TEST(Note, TwoKnownKeysOfOneNameAndIdAreRefused) {
  SigningKey key = NoteKeyOf(1);
  Note note = *ParseNote(SignNote("text\n", "a", key));
  EXPECT_EQ(CodeOf(VerifyNote(note, {VerifierOf(key, "a"), VerifierOf(key, "a")})),
            "BAD_VERIFIER_KEY");
  VerifierKey witness = MakeVerifierKey("a", kNoteCosignature, key.public_key());
  EXPECT_EQ(CodeOf(VerifyNote(note, {witness})), "BAD_VERIFIER_KEY");
}

TEST(Note, RefusesMalformedTexts) {
  std::string good = SignNote("text\n", "a", NoteKeyOf(1));
  ASSERT_EQ(NoteCode(good), "OK");
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(NoteCode(good.substr(0, size)), "BAD_NOTE") << size;
  }
  EXPECT_EQ(NoteCode(good + "\n"), "BAD_NOTE");
  EXPECT_EQ(NoteCode(good + "x\n"), "BAD_NOTE");
  EXPECT_EQ(NoteCode("\t" + good), "BAD_NOTE");
  EXPECT_NE(TextOf(ParseNote("text\n\n\xE2\x80\x94 a+b AAAAAAA=\n").status()).find("key name"),
            std::string::npos);
  EXPECT_NE(TextOf(ParseNote("text\n\n\xE2\x80\x94 a AAAAAA==\n").status()).find("too short"),
            std::string::npos);
  EXPECT_EQ(NoteCode("\r\n" + good), "BAD_NOTE");
  EXPECT_EQ(NoteCode(std::string(limits::kMaxCheckpointBytes, 'x') + good), "BAD_NOTE");
  std::string many = good;
  std::string line = good.substr(good.find("\n\n") + 2);
  for (size_t i = 1; i < limits::kMaxNoteSignatures; ++i) many += line;
  EXPECT_EQ(NoteCode(many), "OK");
  EXPECT_EQ(NoteCode(many + line), "BAD_NOTE");
}

TEST(Note, RefusesWhatIsNotUtf8) {
  std::string good = SignNote("text\n", "a", NoteKeyOf(1));
  for (const char* bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xC3", "\xFF"}) {
    EXPECT_EQ(NoteCode(bad + good), "BAD_NOTE") << HexEncode(bad);
  }
  for (const char* ok : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xEF\xBF\xBD", "\xF0\x90\x80\x80",
                         "\xF4\x8F\xBF\xBF"}) {
    EXPECT_EQ(NoteCode(ok + good), "OK") << HexEncode(ok);
  }
}

TEST(Note, KeyNamesHaveNoSpacesAndNoPlus) {
  EXPECT_TRUE(IsNoteKeyName("palermo/PA/1"));
  for (const char* bad :
       {"", "a b", "a+b", "a\xC2\xA0", "a\xE2\x80\x83", "a\xE3\x80\x80", "a\n", "\xFF"}) {
    EXPECT_FALSE(IsNoteKeyName(bad)) << HexEncode(bad);
  }
}

std::string Utf8(uint32_t point) {
  if (point < 0x80) return std::string(1, static_cast<char>(point));
  if (point < 0x800) {
    return {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
  }
  return {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
          static_cast<char>(0x80 | (point & 0x3F))};
}

// All that Unicode calls white space, and the code points beside it.
TEST(Note, KeyNamesHaveNoWhiteSpaceOfAnyKind) {
  for (uint32_t point : {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2005,
                         0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}) {
    EXPECT_FALSE(IsNoteKeyName(Cat({"a", Utf8(point), "b"}))) << point;
  }
  for (uint32_t point : {0x21, 0x84, 0x86, 0xA1, 0x167F, 0x1681, 0x1FFF, 0x200B, 0x2027, 0x202A,
                         0x202E, 0x2030, 0x205E, 0x2060, 0x2FFF, 0x3001}) {
    EXPECT_TRUE(IsNoteKeyName(Cat({"a", Utf8(point), "b"}))) << point;
  }
}

// --- Checkpoints

Checkpoint Example() { return {"palermo/PA/1", 42, Hash{1, 2, 3}}; }

TEST(Checkpoint, ComesBackFromItsTextAndItsNote) {
  SigningKey key = NoteKeyOf(1);
  EXPECT_EQ(*ParseCheckpointText(CheckpointText(Example())), Example());
  std::string note = SignCheckpoint(Example(), key);
  EXPECT_EQ(*VerifyCheckpoint(note, "palermo/PA/1", key.public_key()), Example());
  EXPECT_EQ(CodeOf(VerifyCheckpoint(note, "palermo/PA/2", key.public_key()).status()),
            "UNKNOWN_SIGNER");
  EXPECT_EQ(CodeOf(VerifyCheckpoint(note, "palermo/PA/1", NoteKeyOf(2).public_key()).status()),
            "UNKNOWN_SIGNER");
}

TEST(Checkpoint, RefusesAnotherLogsTextUnderAGoodSignature) {
  SigningKey key = NoteKeyOf(1);
  std::string note = SignNote(CheckpointText({"palermo/QM/1", 1, Hash{}}), "palermo/PA/1", key);
  EXPECT_EQ(CodeOf(VerifyCheckpoint(note, "palermo/PA/1", key.public_key()).status()),
            "WRONG_ORIGIN");
}

TEST(Checkpoint, RefusesATextThatIsNoneUnderAGoodSignature) {
  SigningKey key = NoteKeyOf(1);
  std::string note = SignNote("palermo/PA/1\nno size\n", "palermo/PA/1", key);
  EXPECT_EQ(CodeOf(VerifyCheckpoint(note, "palermo/PA/1", key.public_key()).status()),
            "BAD_CHECKPOINT");
  EXPECT_EQ(CodeOf(VerifyCheckpoint("no note", "palermo/PA/1", key.public_key()).status()),
            "BAD_NOTE");
}

TEST(Checkpoint, RefusesEveryChangedByteOfItsNote) {
  SigningKey key = NoteKeyOf(1);
  std::string good = SignCheckpoint(Example(), key);
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_FALSE(VerifyCheckpoint(bad, "palermo/PA/1", key.public_key()).ok()) << i;
  }
}

TEST(Checkpoint, RefusesOtherSpellings) {
  std::string root = Base64Encode(std::string(32, 'r'));
  auto code = [](const std::string& text) { return CodeOf(ParseCheckpointText(text).status()); };
  EXPECT_EQ(code("o\n0\n" + root + "\n"), "OK");
  EXPECT_EQ(code("o\n18446744073709551615\n" + root + "\n"), "OK");
  for (const char* size :
       {"", "01", "+1", "-1", " 1", "1 ", "0x1", "18446744073709551616", "1e3"}) {
    EXPECT_EQ(code("o\n" + std::string(size) + "\n" + root + "\n"), "BAD_CHECKPOINT") << size;
  }
  EXPECT_EQ(code("\n1\n" + root + "\n"), "BAD_CHECKPOINT");
  EXPECT_EQ(code(""), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o"), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o\n1\n" + root.substr(0, 43) + "\n"), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o\n1\n" + Base64Encode(std::string(31, 'r')) + "\n"), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o\n1\n" + root), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o\n1\n" + root.substr(0, 40) + "\n"), "BAD_CHECKPOINT");
  EXPECT_EQ(code("o\n1\n" + root + "\nextension\n"), "BAD_CHECKPOINT");
  EXPECT_TRUE(ParseCheckpointText("o\n1\n" + root + "\nextension\n", Extensions::kIgnore).ok());
  EXPECT_FALSE(ParseCheckpointText("o\n1\n" + root + "\n\n", Extensions::kIgnore).ok());
  EXPECT_FALSE(ParseCheckpointText("o\n1\n" + root + "\ncut", Extensions::kIgnore).ok());
}

TEST(Cosignature, VerifiesWithItsTimeAndLeavesTheLogsSignatureAlone) {
  SigningKey log = NoteKeyOf(1);
  SigningKey witness = NoteKeyOf(2);
  std::string note = SignCheckpoint(Example(), log);
  std::string line = *CosignCheckpoint(note, "witness/QM", witness, 1679315147);
  EXPECT_EQ(*VerifyCosignature(note + line, "witness/QM", witness.public_key()), 1679315147u);
  EXPECT_TRUE(VerifyCheckpoint(note + line, "palermo/PA/1", log.public_key()).ok());
  EXPECT_EQ(CodeOf(VerifyCosignature(note, "witness/QM", witness.public_key()).status()),
            "UNKNOWN_SIGNER");
  EXPECT_EQ(CodeOf(VerifyCosignature(note + line, "witness/QN", witness.public_key()).status()),
            "UNKNOWN_SIGNER");
}

TEST(Cosignature, DoesNotMoveToAnotherCheckpointOrTime) {
  SigningKey log = NoteKeyOf(1);
  SigningKey witness = NoteKeyOf(2);
  std::string note = SignCheckpoint(Example(), log);
  std::string line = *CosignCheckpoint(note, "w", witness, 1000);
  Checkpoint larger = Example();
  larger.size += 1;
  EXPECT_EQ(CodeOf(VerifyCosignature(SignCheckpoint(larger, log) + line, "w", witness.public_key())
                       .status()),
            "BAD_NOTE");
  Note parsed = *ParseNote(note + line);
  parsed.signatures[1].bytes[7] ^= 1;
  EXPECT_EQ(CodeOf(VerifyCosignature(FormatNote(parsed), "w", witness.public_key()).status()),
            "BAD_NOTE");
  EXPECT_EQ(CodeOf(CosignCheckpoint(note, "w", witness, uint64_t{1} << 63).status()), "BAD_TIME");
  EXPECT_EQ(CodeOf(CosignCheckpoint(SignNote("no\n", "a", log), "w", witness, 1).status()),
            "BAD_CHECKPOINT");
}

TEST(Cosignature, RefusesOtherForms) {
  SigningKey witness = NoteKeyOf(2);
  std::string note = SignCheckpoint(Example(), NoteKeyOf(1));
  auto code = [&](const std::string& text) {
    return CodeOf(VerifyCosignature(text, "w", witness.public_key()).status());
  };
  Note parsed = *ParseNote(note + *CosignCheckpoint(note, "w", witness, 1000));
  EXPECT_EQ(code(FormatNote(parsed)), "OK");
  Note cut = parsed;
  cut.signatures[1].bytes.pop_back();
  EXPECT_EQ(code(FormatNote(cut)), "BAD_NOTE");
  Note late = parsed;
  late.signatures[1].bytes[0] = static_cast<char>(0x80);  // 2^63 seconds
  EXPECT_EQ(code(FormatNote(late)), "BAD_NOTE");
  Note other_id = parsed;
  other_id.signatures[1].key_id ^= 1;
  EXPECT_EQ(code(FormatNote(other_id)), "UNKNOWN_SIGNER");
  EXPECT_EQ(code("no note"), "BAD_NOTE");
  EXPECT_EQ(code(SignNote("no checkpoint\n", "w", witness)), "BAD_CHECKPOINT");
  EXPECT_EQ(CodeOf(CosignCheckpoint("no note", "w", witness, 1).status()), "BAD_NOTE");
}

TEST(Cosignature, OfSeveralTheNewestTimeCounts) {
  SigningKey witness = NoteKeyOf(2);
  std::string note = SignCheckpoint(Example(), NoteKeyOf(1));
  std::string lines = *CosignCheckpoint(note, "w", witness, 2000);
  lines += *CosignCheckpoint(note, "w", witness, 1000);
  EXPECT_EQ(*VerifyCosignature(note + lines, "w", witness.public_key()), 2000u);
}

// --- tlog-proof

TEST(TlogProofText, ComesBackWithAndWithoutExtraData) {
  TlogProof proof;
  proof.index = 73894;
  proof.hashes = {Hash{1}, Hash{2}};
  proof.checkpoint = SignCheckpoint(Example(), NoteKeyOf(1));
  EXPECT_EQ(*ParseTlogProof(FormatTlogProof(proof)), proof);
  proof.extra = "salt and record";
  EXPECT_EQ(*ParseTlogProof(FormatTlogProof(proof)), proof);
  proof.extra = "";
  proof.hashes.clear();
  EXPECT_EQ(*ParseTlogProof(FormatTlogProof(proof)), proof);
  EXPECT_EQ(FormatTlogProof(proof).substr(0, 38), "c2sp.org/tlog-proof@v1\nextra \nindex 73");
}

TEST(TlogProofText, RefusesOtherSpellings) {
  auto code = [](const std::string& text) { return CodeOf(ParseTlogProof(text).status()); };
  std::string head = "c2sp.org/tlog-proof@v1\n";
  std::string hash = Base64Encode(std::string(32, 'h')) + "\n";
  EXPECT_EQ(code(head + "index 5\n" + hash + "\ncheckpoint\n"), "OK");
  for (const std::string& bad :
       {std::string(), head, head + "index 5\n", head + "index 5\n\n", head + "index 05\n\nc\n",
        head + "index -1\n\nc\n", head + "index\n\nc\n", head + "\nc\n",
        head + "index 5\nextra YQ==\n\nc\n", head + "extra YQ\nindex 5\n\nc\n",
        head + "extra YQ==\nextra YQ==\nindex 5\n\nc\n", head + "index 5\n" + hash,
        head + "index 5\nYQ==\n\nc\n", "x" + head + "index 5\n\nc\n"}) {
    EXPECT_EQ(code(bad), "BAD_TLOG_PROOF") << bad;
  }
  std::string many = head + "index 5\n";
  for (size_t i = 0; i <= limits::kMaxProofHashes; ++i) many += hash;
  EXPECT_EQ(code(many + "\nc\n"), "BAD_TLOG_PROOF");
  std::string long_one(limits::kMaxCheckpointBytes, 'c');
  EXPECT_EQ(code(head + "index 5\n\n" + long_one), "OK");
  EXPECT_EQ(code(head + "index 5\n\n" + long_one + "c"), "BAD_TLOG_PROOF");
}

}  // namespace
}  // namespace palermo::crypto
