#include "crypto/key_file.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "crypto/test_memory.h"
#include "crypto/test_random.h"
#include "crypto/tls_identity.h"

namespace palermo::crypto {
namespace {

constexpr char kCreated[] = "2026-03-02T09:00:00Z";

class KeyFileTest : public testing::Test {
 protected:
  KeyBundle Bundle(std::string_view kind) {
    KeyBundle bundle = *KeyBundle::Create(kind, "PA/central/o-0007", kCreated);
    EXPECT_TRUE(bundle.Add("sign", kEd25519, SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle.Add("seal", kXWing, SecretBytes::Random(32, random_)).ok());
    EXPECT_TRUE(bundle.Add("tls", kP256, tls_key_.Clone()).ok());
    return bundle;
  }
  std::string Encode(const KeyBundle& bundle) {
    return *EncodeKeyFile(bundle, passphrase_, Argon2Params::WeakForTests(), random_);
  }
  std::string EncodeNode() {
    absl::StatusOr<SecretBytes> text = EncodeUnprotectedKeyFile(Bundle("node"));
    EXPECT_TRUE(text.ok()) << text.status();
    return std::string(text->Expose(SecretAccess::Grant()));
  }
  std::string DecodeCode(std::string_view text) { return CodeOf(Decode(text).status()); }
  absl::StatusOr<KeyBundle> Decode(std::string_view text) {
    return DecodeKeyFile(text, &passphrase_, Argon2Params::WeakForTests());
  }

  TestRandom random_{1};
  SecretBytes tls_key_ = GenerateP256Key();
  SecretBytes passphrase_ = SecretBytes::Copy("correct horse battery staple");
};

void ExpectSame(const KeyBundle& a, const KeyBundle& b) {
  EXPECT_EQ(a.kind(), b.kind());
  EXPECT_EQ(a.subject(), b.subject());
  EXPECT_EQ(a.created(), b.created());
  ASSERT_EQ(a.entries().size(), b.entries().size());
  for (const auto& [name, entry] : a.entries()) {
    const KeyBundle::Entry& other = b.entries().at(name);
    EXPECT_EQ(entry.algorithm, other.algorithm);
    EXPECT_EQ(entry.public_bytes, other.public_bytes);
    EXPECT_EQ(entry.private_bytes.Expose(SecretAccess::Grant()),
              other.private_bytes.Expose(SecretAccess::Grant()));
  }
}

// The text with the checksum that its changed lines ask for: what somebody would make who means it.
std::string WithChecksum(std::string text) {
  size_t at = text.rfind("checksum ");
  if (at != std::string::npos) text.resize(at);
  Hash hash = Sha256({std::string_view("palermo/v2/key-file\0", 20), text});
  return text + "checksum " + Base64Encode(AsView(hash).substr(0, 16)) + "\n";
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST_F(KeyFileTest, ComesBackUnderItsPassphrase) {
  KeyBundle bundle = Bundle("officer");
  absl::StatusOr<KeyBundle> decoded = Decode(Encode(bundle));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  ExpectSame(bundle, *decoded);
}

TEST_F(KeyFileTest, ANodesFileNeedsNoPassphrase) {
  std::string text = EncodeNode();
  absl::StatusOr<KeyBundle> decoded = DecodeKeyFile(text, nullptr);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->kind(), "node");
  EXPECT_FALSE(ReadKeyFilePublic(text)->passphrase_needed);
  std::string other = Replaced(text, "kind node", "kind officer");
  EXPECT_EQ(DecodeCode(other), "KEY_FILE_DAMAGED");
  EXPECT_EQ(DecodeCode(WithChecksum(other)), "BAD_KEY_FILE");
}

TEST_F(KeyFileTest, OthersNeedOne) {
  KeyBundle bundle = Bundle("officer");
  Argon2Params weak = Argon2Params::WeakForTests();
  EXPECT_EQ(CodeOf(EncodeUnprotectedKeyFile(bundle).status()), "PASSPHRASE_NEEDED");
  SecretBytes empty;
  EXPECT_EQ(CodeOf(EncodeKeyFile(bundle, empty, weak, random_).status()), "PASSPHRASE_NEEDED");
  std::string text = Encode(bundle);
  EXPECT_EQ(CodeOf(DecodeKeyFile(text, nullptr, weak).status()), "PASSPHRASE_NEEDED");
  passphrase_ = SecretBytes::Copy("correct horse battery stapl");
  EXPECT_EQ(DecodeCode(text), "WRONG_PASSPHRASE");
}

TEST_F(KeyFileTest, ThePublicPartReadsWithoutPassphraseAndHoldsNoSecret) {
  KeyBundle bundle = Bundle("officer");
  absl::StatusOr<KeyFilePublic> part = ReadKeyFilePublic(Encode(bundle));
  ASSERT_TRUE(part.ok());
  EXPECT_EQ(part->subject, "PA/central/o-0007");
  EXPECT_TRUE(part->passphrase_needed);
  ASSERT_EQ(part->keys.size(), 3u);
  for (const auto& [name, key] : part->keys) {
    EXPECT_EQ(key.public_bytes, bundle.entries().at(name).public_bytes);
    EXPECT_EQ(key.algorithm, bundle.entries().at(name).algorithm);
  }
}

// Damage is never taken for a wrong passphrase.
TEST_F(KeyFileTest, RefusesEveryChangedByteOfAProtectedFile) {
  std::string good = Encode(Bundle("officer"));
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_EQ(DecodeCode(bad), i < 20 ? "BAD_KEY_FILE" : "KEY_FILE_DAMAGED") << i;
  }
}

// The checksum stops nobody who means it: what authenticates is the passphrase.
TEST_F(KeyFileTest, RefusesEveryChangedByteUnderARightChecksum) {
  std::string good = Encode(Bundle("officer"));
  ASSERT_EQ(WithChecksum(good), good);
  for (size_t i = 20; i < good.rfind("\nchecksum "); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    std::string code = DecodeCode(WithChecksum(bad));
    EXPECT_TRUE(code == "BAD_KEY_FILE" || code == "WRONG_PASSPHRASE") << i << ": " << code;
  }
}

TEST_F(KeyFileTest, RefusesEveryChangedByteOfAnUnprotectedFile) {
  std::string good = EncodeNode();
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] ^= 1;
    EXPECT_EQ(DecodeCode(bad), i < 20 ? "BAD_KEY_FILE" : "KEY_FILE_DAMAGED") << i;
  }
}

TEST_F(KeyFileTest, AFileWeakerThanWeWriteIsRefused) {
  std::string weak = Encode(Bundle("officer"));
  absl::Status status = DecodeKeyFile(weak, &passphrase_).status();
  EXPECT_EQ(CodeOf(status), "WEAK_KEY_FILE");
  EXPECT_EQ(CodeOf(DecodeKeyFile(weak, nullptr).status()), "WEAK_KEY_FILE")
      << "before a passphrase is asked for";
  EXPECT_EQ(CodeOf(DecodeKeyFile(weak, &passphrase_, {1, 65}).status()), "WEAK_KEY_FILE");
  EXPECT_EQ(CodeOf(DecodeKeyFile(weak, &passphrase_, {2, 64}).status()), "WEAK_KEY_FILE");
}

TEST_F(KeyFileTest, OpensUnderTheParametersThatAreWritten) {
  Argon2Params moderate = Argon2Params::Moderate();
  EXPECT_GE(moderate.passes, 3u);
  EXPECT_GE(moderate.kibibytes, 256u * 1024);
  std::string text = *EncodeKeyFile(Bundle("officer"), passphrase_, moderate, random_);
  EXPECT_TRUE(DecodeKeyFile(text, &passphrase_).ok());
}

TEST_F(KeyFileTest, AKeyOnATokenIsNamedAndHasNoSecretHere) {
  KeyBundle bundle = Bundle("node");
  std::string key(32, 'p');
  ASSERT_TRUE(bundle.AddOnToken("cosign", key, "pkcs11:token=PA%20node;object=cosign").ok());
  std::string text = Encode(bundle);
  EXPECT_NE(text.find("\ntoken cosign pkcs11:token=PA%20node;object=cosign\n"), text.npos);
  absl::StatusOr<KeyBundle> decoded = Decode(text);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  ExpectSame(bundle, *decoded);
  EXPECT_EQ(decoded->entries().at("cosign").token, "pkcs11:token=PA%20node;object=cosign");
  EXPECT_TRUE(decoded->entries().at("cosign").private_bytes.empty());
  EXPECT_EQ(ReadKeyFilePublic(text)->keys.at("cosign").token,
            "pkcs11:token=PA%20node;object=cosign");
  for (const char* bad : {"", "pkcs11", "http://x", "pkcs11:a b", "pkcs11:\n"}) {
    EXPECT_EQ(CodeOf(bundle.AddOnToken("more", key, bad)), "BAD_KEY_FILE") << bad;
  }
  EXPECT_EQ(CodeOf(bundle.AddOnToken("more", key + "x", "pkcs11:a")), "BAD_KEY_FILE");
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"token cosign pkcs", "token cosine pkcs"},
           {"token cosign pkcs", "token tls pkcs"},
           {"token cosign pkcs", "token sign pkcs"}}) {
    std::string changed = WithChecksum(Replaced(text, from, to));
    std::string code = DecodeCode(changed);
    EXPECT_TRUE(code == "BAD_KEY_FILE" || code == "WRONG_PASSPHRASE") << to << ": " << code;
  }
}

TEST_F(KeyFileTest, RefusesEveryTruncationAndAnythingAfterTheEnd) {
  std::string good = Encode(Bundle("officer"));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_EQ(DecodeCode(good.substr(0, size)), size < 20 ? "BAD_KEY_FILE" : "KEY_FILE_DAMAGED")
        << size;
  }
  EXPECT_EQ(DecodeCode(good + "\n"), "KEY_FILE_DAMAGED");
  EXPECT_EQ(DecodeCode(good + "x"), "KEY_FILE_DAMAGED");
  EXPECT_EQ(DecodeCode(WithChecksum(good.substr(0, good.rfind("checksum ")) + "x\n")),
            "BAD_KEY_FILE");
  EXPECT_EQ(DecodeCode(good + std::string(kMaxKeyFileBytes, 'x')), "BAD_KEY_FILE");
}

TEST_F(KeyFileTest, AHostileFileCannotDemandTheMachine) {
  std::string good = Encode(Bundle("officer"));
  for (const char* hostile :
       {"argon2id 1 1073741824 ", "argon2id 1 1048577 ", "argon2id 17 64 ", "argon2id 0 64 ",
        "argon2id 1 7 ", "argon2id 1 99999999999999999999 ", "argon2id 01 64 "}) {
    EXPECT_EQ(DecodeCode(WithChecksum(Replaced(good, "argon2id 1 64 ", hostile))), "BAD_KEY_FILE")
        << hostile;
  }
  EXPECT_EQ(
      CodeOf(EncodeKeyFile(Bundle("officer"), passphrase_, {1, kMaxArgon2Kibibytes + 1}, random_)
                 .status()),
      "BAD_KEY_FILE");
}

TEST_F(KeyFileTest, RefusesOtherSpellings) {
  std::string good = EncodeNode();
  for (const auto& [from, to] : std::initializer_list<std::pair<const char*, const char*>>{
           {"palermo-key-file/v2\n", "palermo-key-file/v3\n"},
           {"kind node", "kind  node"},
           {"kind node", "kind robot"},
           {"kind node\n", ""},
           {"subject PA/central/o-0007", "subject PA central"},
           {"09:00:00Z", "10:00:00+01:00"},
           {"key seal", "key zzzz"},
           {"key seal", "key SEAL"},
           {"x-wing", "x448"},
           {"protection none", "protection None"},
           {"\n", "\r\n"}}) {
    EXPECT_EQ(DecodeCode(WithChecksum(Replaced(good, from, to))), "BAD_KEY_FILE") << to;
  }
}

TEST_F(KeyFileTest, KeysAreFoundByNameAndAlgorithm) {
  KeyBundle bundle = Bundle("officer");
  EXPECT_EQ((*bundle.Find("sign", kEd25519))->private_bytes.size(), 32u);
  absl::Status status = bundle.Find("approve", kEd25519).status();
  EXPECT_EQ(CodeOf(status), "KEY_NOT_IN_FILE");
  EXPECT_NE(TextOf(status).find("sign (ed25519)"), std::string::npos) << "says what there is";
  EXPECT_EQ(CodeOf(bundle.Find("sign", kXWing).status()), "KEY_NOT_IN_FILE");
}

TEST_F(KeyFileTest, BundlesTakeOnlyWholeKeysOnce) {
  KeyBundle bundle = *KeyBundle::Create("officer", "PA", kCreated);
  EXPECT_EQ(
      CodeOf(EncodeKeyFile(bundle, passphrase_, Argon2Params::WeakForTests(), random_).status()),
      "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(bundle.Add("sign", kEd25519, SecretBytes::Zero(31))), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(bundle.Add("Sign", kEd25519, SecretBytes::Zero(32))), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(bundle.Add("tls", kP256, SecretBytes::Zero(32))), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(bundle.Add("seal", kXWing, SecretBytes::Zero(33))), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(bundle.Add("seal", "rsa", SecretBytes::Zero(32))), "BAD_KEY_FILE");
  EXPECT_TRUE(bundle.Add("sign", kEd25519, SecretBytes::Zero(32)).ok());
  EXPECT_EQ(CodeOf(bundle.Add("sign", kEd25519, SecretBytes::Zero(32))), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(KeyBundle::Create("robot", "PA", kCreated).status()), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(KeyBundle::Create("officer", "PA central", kCreated).status()), "BAD_KEY_FILE");
  EXPECT_EQ(CodeOf(KeyBundle::Create("officer", "PA", "2026-03-02").status()), "BAD_KEY_FILE");
}

// The format is a promise: this file must open for as long as version 1 is read.
TEST_F(KeyFileTest, OpensTheGoldenFile) {
  std::string golden =
      "palermo-key-file/v1\n"
      "kind officer\n"
      "subject PA/central/o-0007\n"
      "created 2026-03-02T09:00:00Z\n"
      "key sign ed25519 /sFChnP2r+iSZLOAc0SuiyadElpQOFUgJofbWnEoV58=\n"
      "protection argon2id 1 64 gCUnp8+9gVr/ceca7SFXAA==\n"
      "secret IWTkXT5K2vxWhmtb1Mdg7qiUoK0Fm7xI97E1B0cJDyk1/vLXIHcwcfaLGltnwouvHAQDeIjFN"
      "tAObjTuPJ2UTlNDIa/wjYLkC/ObbQ==\n";
  absl::StatusOr<KeyBundle> bundle = Decode(golden);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ(bundle->subject(), "PA/central/o-0007");
  EXPECT_EQ((*bundle->Find("sign", kEd25519))->private_bytes.Expose(SecretAccess::Grant()),
            std::string(32, 's'));
  passphrase_ = SecretBytes::Copy("wrong");
  EXPECT_EQ(DecodeCode(golden), "WRONG_PASSPHRASE");
}

TEST_F(KeyFileTest, OpensAndWritesTheGoldenFileOfVersion2) {
  std::string golden =
      "palermo-key-file/v2\n"
      "kind officer\n"
      "subject PA/central/o-0007\n"
      "created 2026-03-02T09:00:00Z\n"
      "key seal x25519 +0Gx/PdcEif6CIdgVqXtB6xE/gwRbsLegLjlI5WdeCQ=\n"
      "key sign ed25519 cHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHA=\n"
      "token sign pkcs11:token=PA;object=o-0007\n"
      "protection argon2id 1 64 gCUnp8+9gVr/ceca7SFXAA==\n"
      "secret IWTkXT5K2vxWhmtb1Mdg7qiUoK0Fm7xI97E1B1EfGT8j6OTBNmEmZ+CdDE1x1J25ChIVbp7TI"
      "MYYeCL45wq+0EKNvZWL+VB823OEz70M4Yw=\n"
      "checksum /gTmIT6A6SvnriPYs+44bw==\n";
  absl::StatusOr<KeyBundle> bundle = Decode(golden);
  ASSERT_TRUE(bundle.ok()) << bundle.status();
  EXPECT_EQ((*bundle->Find("seal", kX25519))->private_bytes.Expose(SecretAccess::Grant()),
            std::string(32, 'e'));
  EXPECT_EQ((*bundle->Find("sign", kEd25519))->token, "pkcs11:token=PA;object=o-0007");
  KeyBundle same = *KeyBundle::Create("officer", "PA/central/o-0007", kCreated);
  ASSERT_TRUE(same.Add("seal", kX25519, SecretBytes::Copy(std::string(32, 'e'))).ok());
  ASSERT_TRUE(same.AddOnToken("sign", std::string(32, 'p'), "pkcs11:token=PA;object=o-0007").ok());
  TestRandom random(77);
  EXPECT_EQ(*EncodeKeyFile(same, passphrase_, Argon2Params::WeakForTests(), random), golden);
}

// A version 2 file of these lines, under a right checksum.
std::string FileOf(const std::string& kind, const std::string& lines) {
  return WithChecksum("palermo-key-file/v2\nkind " + kind + "\nsubject PA\ncreated " + kCreated +
                      "\n" + lines);
}
std::string KeyLine(const std::string& name) {
  return "key " + name + " ed25519 " + Base64Encode(std::string(32, 'p')) + "\n";
}
std::string KeyLines(size_t count) {
  std::string lines;
  for (size_t i = 0; i < count; ++i) lines += KeyLine("k" + std::to_string(100 + i));
  return lines;
}

TEST_F(KeyFileTest, SaysWhichLineIsWrong) {
  const std::string a = KeyLine("a"), b = KeyLine("b"), none = "protection none\n";
  const std::string salt = Base64Encode(std::string(16, 's'));
  const std::string zeros = "secret " + Base64Encode(std::string(48, '\0')) + "\n";
  struct Row {
    const char* kind;
    std::string lines;
    const char* text;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"node", a, "\"protection ...\" is not in its place"},
           {"node", a + "protection\n", "\"protection ...\" is not in its place"},
           {"node", none, "it has no keys"},
           {"node", "key a ed25519\n", "a key line is not"},
           {"node", "key a ed25519 \n", "a public key is not canonical base64"},
           {"node", "key a ed25519 YQ\n", "a public key is not canonical base64"},
           {"node", a + a, "not in the order of their names"},
           {"node", KeyLines(kMaxKeyFileEntries + 1), "too many keys"},
           {"node", a + "token a pkcs11:x y\n", "a token line is not"},
           {"node", a + "token a http:x\n", "a token line is not"},
           {"node", a + "token b pkcs11:x\n", "names no Ed25519 key"},
           {"node", "key a x25519 YWFh\ntoken a pkcs11:x\n", "names no Ed25519 key"},
           {"node", a + b + "token b pkcs11:x\ntoken a pkcs11:x\n",
            "token lines are not in the order"},
           {"node", a + "protection argon2id 1 64\n", "the protection is neither"},
           {"node", a + "protection argon2i 1 64 " + salt + "\n", "the protection is neither"},
           {"node", a + "protection argon2id 1 64 YWFh\n", "the salt is not 16 bytes"},
           {"node", a + "protection argon2id 1 64 Y\n", "the salt is not 16 bytes"},
           {"officer", a + none + zeros, "only a node's file"},
           {"node", a + none + "secret ?\n", "the secret line is cut"},
           {"node", a + none + "secret YWFh\n", "the secret line is cut"},
           {"node", a + none + zeros, "its checksum is wrong"},
           {"node", a + none + zeros + "more\n", "something follows"},
           {"officer", a + "protection argon2id 1 64 " + salt + "\nsecret ?\n",
            "not canonical base64"},
           {"officer", a + "protection argon2id 1 64 " + salt + "\nsecret YWFh\n", "too short"},
       }) {
    absl::Status status = Decode(FileOf(row.kind, row.lines)).status();
    EXPECT_EQ(CodeOf(status), "BAD_KEY_FILE") << row.lines;
    EXPECT_NE(TextOf(status).find(row.text), std::string::npos) << row.lines << TextOf(status);
  }
  EXPECT_EQ(CodeOf(ReadKeyFilePublic(FileOf("node", a)).status()), "BAD_KEY_FILE");
  // Version 1 has no checksum: its last line may be cut.
  EXPECT_EQ(DecodeCode("palermo-key-file/v1\nkind node\nsubject PA\ncreated " +
                       std::string(kCreated) + "\nkey a"),
            "BAD_KEY_FILE");
}

TEST_F(KeyFileTest, ABundleHoldsSixtyFourKeys) {
  KeyBundle bundle = *KeyBundle::Create("node", "PA", kCreated);
  std::string key(32, 'p');
  EXPECT_EQ(CodeOf(bundle.AddOnToken("Sign", key, "pkcs11:x")), "BAD_KEY_FILE");
  for (size_t i = 0; i < kMaxKeyFileEntries; ++i) {
    ASSERT_TRUE(bundle.AddOnToken("k" + std::to_string(i), key, "pkcs11:x").ok());
  }
  EXPECT_NE(TextOf(bundle.AddOnToken("k0", key, "pkcs11:x")).find("two keys"), std::string::npos);
  EXPECT_NE(TextOf(bundle.AddOnToken("more", key, "pkcs11:x")).find("too many"), std::string::npos);
  EXPECT_NE(TextOf(bundle.Add("more", kEd25519, SecretBytes::Zero(32))).find("too many"),
            std::string::npos);
}

TEST_F(KeyFileTest, NeitherAnEmptyPassphraseNorAnEmptyBundleWillDo) {
  KeyBundle empty = *KeyBundle::Create("node", "PA", kCreated);
  EXPECT_EQ(CodeOf(EncodeUnprotectedKeyFile(empty).status()), "BAD_KEY_FILE");
  std::string text = Encode(Bundle("officer"));
  passphrase_ = SecretBytes();
  EXPECT_EQ(DecodeCode(text), "PASSPHRASE_NEEDED");
}

TEST_F(KeyFileTest, SaysWhenThereIsNoMemoryForThePassphrase) {
  std::string text =
      WithChecksum(Replaced(Encode(Bundle("officer")), "argon2id 1 64 ", "argon2id 1 1048576 "));
  LittleMemory little;
  EXPECT_EQ(DecodeCode(text), "NO_MEMORY");
  EXPECT_EQ(CodeOf(EncodeKeyFile(Bundle("officer"), passphrase_, {1, kMaxArgon2Kibibytes}, random_)
                       .status()),
            "NO_MEMORY");
}

}  // namespace
}  // namespace palermo::crypto
