// One contract over both signers, and what can go wrong with a token: against SoftHSM, in this
// process. Package softhsm2.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <p11-kit/pkcs11.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/random.h"
#include "base/status.h"
#include "node/token/key_uri.h"
#include "node/token/token_signer.h"

namespace palermo::token {
namespace {

using crypto::PublicKey;
using crypto::Purpose;
using crypto::SecretBytes;
using crypto::Signature;
using crypto::Signer;

constexpr char kModule[] = "/usr/lib/softhsm/libsofthsm2.so";
constexpr char kPin[] = "4711-secret";
constexpr char kLabel[] = "PA node";

// A token in a folder of its own. SoftHSM reads its configuration when it starts, so this comes
// first.
class SoftHsm : public testing::Environment {
 public:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "token-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    std::ofstream(pattern + "/softhsm2.conf")
        << "directories.tokendir = " << pattern
        << "\nobjectstore.backend = file\nlog.level = ERROR\n";
    ASSERT_EQ(setenv("SOFTHSM2_CONF", (pattern + "/softhsm2.conf").c_str(), 1), 0);
    for (const char* label : {kLabel, "another", "doubled", "doubled"}) {
      std::string command = std::string("softhsm2-util --init-token --free --label '") + label +
                            "' --pin " + kPin + " --so-pin 12345678 > /dev/null";
      ASSERT_EQ(std::system(command.c_str()), 0) << "is the package softhsm2 installed?";
    }
  }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

 private:
  std::string folder_;
};
[[maybe_unused]] const testing::Environment* const kSoftHsm =
    testing::AddGlobalTestEnvironment(new SoftHsm);

SecretBytes Pin(std::string_view pin = kPin) { return SecretBytes::Copy(pin); }

class TokenTest : public testing::Test {
 protected:
  std::shared_ptr<Token> Open() {
    auto token = Token::Open(kModule, kLabel, Pin());
    EXPECT_TRUE(token.ok()) << token.status();
    return token.ok() ? *token : nullptr;
  }
  std::string OpenCode(const std::string& module, const std::string& label, std::string_view pin) {
    return CodeOf(Token::Open(module, label, Pin(pin)).status());
  }
  // The module's own calls, as another part of this program would make them.
  CK_FUNCTION_LIST* Raw() {
    void* library = dlopen(kModule, RTLD_NOW);
    auto get = reinterpret_cast<CK_C_GetFunctionList>(dlsym(library, "C_GetFunctionList"));
    CK_FUNCTION_LIST* calls = nullptr;
    EXPECT_EQ(get(&calls), CKR_OK);
    return calls;
  }
  CK_SLOT_ID Slot() {
    std::vector<CK_SLOT_ID> slots(16);
    CK_ULONG count = slots.size();
    EXPECT_EQ(Raw()->C_GetSlotList(CK_TRUE, slots.data(), &count), CKR_OK);
    for (CK_ULONG i = 0; i < count; ++i) {
      CK_TOKEN_INFO info{};
      EXPECT_EQ(Raw()->C_GetTokenInfo(slots[i], &info), CKR_OK);
      if (std::string(reinterpret_cast<char*>(info.label), 7) == kLabel) return slots[i];
    }
    ADD_FAILURE() << "no slot";
    return 0;
  }
  CK_SESSION_HANDLE Session() {
    CK_SESSION_HANDLE session = 0;
    EXPECT_EQ(Raw()->C_OpenSession(Slot(), CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr, nullptr,
                                   &session),
              CKR_OK);
    return session;
  }
  // A label that no other test uses.
  std::string NewLabel() {
    static int count = 0;
    return "key-" + std::to_string(++count);
  }
  std::unique_ptr<Signer> NewSigner(const std::shared_ptr<Token>& token, const std::string& label) {
    PublicKey key = *token->Generate(label, random_.Bytes(8));
    auto signer = UseKey(token, {kModule, kLabel, label, ""}, key);
    EXPECT_TRUE(signer.ok()) << signer.status();
    return *std::move(signer);
  }

  SystemRandom random_;
};

// --- The contract of every signer

class SignerContract : public TokenTest, public testing::WithParamInterface<std::string> {
 protected:
  std::unique_ptr<Signer> Make() {
    if (GetParam() == "token") return NewSigner(Open(), NewLabel());
    return std::make_unique<crypto::SigningKey>(crypto::SigningKey::Generate(random_));
  }
};

TEST_P(SignerContract, SignsForAPurposeWhatItsPublicKeyVerifies) {
  std::unique_ptr<Signer> signer = Make();
  for (size_t size : {0, 1, 32, 4096, 100000}) {
    std::string bytes = random_.Bytes(size);
    auto signature = signer->TrySign(Purpose::kDraft, bytes);
    ASSERT_TRUE(signature.ok()) << signature.status();
    EXPECT_TRUE(
        crypto::Verify(Purpose::kDraft, signer->public_key(), bytes, crypto::AsView(*signature))
            .ok());
    EXPECT_FALSE(
        crypto::Verify(Purpose::kApprove, signer->public_key(), bytes, crypto::AsView(*signature))
            .ok());
  }
}

TEST_P(SignerContract, SignsRawBytesAsTheyAre) {
  std::unique_ptr<Signer> signer = Make();
  auto signature = signer->TrySignRaw("palermo/PA/1\n5\n");
  ASSERT_TRUE(signature.ok()) << signature.status();
  EXPECT_TRUE(
      crypto::VerifyRaw(signer->public_key(), "palermo/PA/1\n5\n", crypto::AsView(*signature)));
}

TEST_P(SignerContract, SignsTheSameBytesTheSameWay) {
  std::unique_ptr<Signer> signer = Make();
  EXPECT_EQ(*signer->TrySignRaw("x"), *signer->TrySignRaw("x")) << "Ed25519 is deterministic";
}

TEST_P(SignerContract, SignsFromManyThreads) {
  std::unique_ptr<Signer> signer = Make();
  std::vector<std::thread> threads;
  std::vector<int> good(4);
  for (size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 25; ++n) {
        good[i] += signer->TrySignRaw(Cat({std::to_string(i), "/", std::to_string(n)})).ok();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(good, std::vector<int>(4, 25));
}

INSTANTIATE_TEST_SUITE_P(Both, SignerContract, testing::Values("memory", "token"),
                         [](const auto& info) { return info.param; });

// Lies as a broken or hostile token would.
class LyingSigner final : public Signer {
 public:
  LyingSigner(const Signer& honest, int flipped_bit) : honest_(honest), bit_(flipped_bit) {}
  const PublicKey& public_key() const override { return honest_.public_key(); }

 private:
  absl::StatusOr<Signature> Produce(std::string_view bytes) const override {
    PALERMO_ASSIGN_OR_RETURN(Signature signature, honest_.TrySignRaw(bytes));
    signature[static_cast<size_t>(bit_ / 8)] ^= static_cast<uint8_t>(1 << bit_ % 8);
    return signature;
  }
  const Signer& honest_;
  const int bit_;
};

TEST_F(TokenTest, AWrongSignatureIsNoticedBeforeAnybodyGetsIt) {
  crypto::SigningKey honest = crypto::SigningKey::Generate(random_);
  for (int bit : {0, 100, 255, 256, 400}) {
    LyingSigner liar(honest, bit);
    EXPECT_EQ(CodeOf(liar.TrySignRaw("x").status()), "WRONG_SIGNATURE") << bit;
    EXPECT_EQ(CodeOf(liar.TrySign(Purpose::kDraft, "x").status()), "WRONG_SIGNATURE") << bit;
  }
}

// --- Opening

TEST_F(TokenTest, WhatIsNoModuleIsSaid) {
  EXPECT_EQ(OpenCode("libsofthsm2.so", kLabel, kPin), "BAD_MODULE") << "no search path";
  EXPECT_EQ(OpenCode("/nowhere/module.so", kLabel, kPin), "BAD_MODULE");
  EXPECT_EQ(OpenCode("/etc/hostname", kLabel, kPin), "BAD_MODULE");
}

TEST_F(TokenTest, AMissingTokenIsSaidWithThoseThatAreThere) {
  absl::Status status = Token::Open(kModule, "PB node", Pin()).status();
  EXPECT_EQ(CodeOf(status), "NO_TOKEN");
  EXPECT_NE(TextOf(status).find("'PA node'"), std::string::npos) << TextOf(status);
  EXPECT_EQ(OpenCode(kModule, "doubled", kPin), "NO_TOKEN") << "which of the two?";
}

TEST_F(TokenTest, AWrongPinIsSaidAndTriedOnce) {
  std::shared_ptr<Token> token = Open();
  std::unique_ptr<Signer> signer = NewSigner(token, NewLabel());
  EXPECT_EQ(OpenCode(kModule, "another", "wrong-pin"), "WRONG_PIN");
  EXPECT_EQ(OpenCode(kModule, "another", ""), "PIN_NEEDED");
  // The PIN is changed while a program runs, and then its session is lost.
  CK_SESSION_HANDLE session = Session();
  auto pin = [](const char* text) {
    return reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(text));
  };
  ASSERT_EQ(Raw()->C_SetPIN(session, pin(kPin), sizeof(kPin) - 1, pin("changed"), 7), CKR_OK);
  ASSERT_EQ(Raw()->C_CloseAllSessions(Slot()), CKR_OK);
  EXPECT_EQ(CodeOf(signer->TrySignRaw("x").status()), "WRONG_PIN");
  // Back again: the program does not try by itself, so that it never locks the token.
  session = Session();
  ASSERT_EQ(Raw()->C_Login(session, CKU_USER, pin("changed"), 7), CKR_OK);
  ASSERT_EQ(Raw()->C_SetPIN(session, pin("changed"), 7, pin(kPin), sizeof(kPin) - 1), CKR_OK);
  ASSERT_EQ(Raw()->C_CloseAllSessions(Slot()), CKR_OK);
  EXPECT_EQ(CodeOf(signer->TrySignRaw("x").status()), "WRONG_PIN");
}

// --- Keys

TEST_F(TokenTest, MissingAndTakenLabelsAreSaid) {
  std::shared_ptr<Token> token = Open();
  std::string label = NewLabel();
  EXPECT_EQ(CodeOf(token->FindPublicKey(label, "").status()), "NO_KEY_ON_TOKEN");
  ASSERT_TRUE(token->Generate(label, "\x01").ok());
  EXPECT_TRUE(token->FindPublicKey(label, "").ok());
  EXPECT_TRUE(token->FindPublicKey(label, "\x01").ok());
  EXPECT_EQ(CodeOf(token->FindPublicKey(label, "\x02").status()), "NO_KEY_ON_TOKEN");
  EXPECT_EQ(CodeOf(token->Generate(label, "\x03").status()), "KEY_EXISTS");
}

TEST_F(TokenTest, AKeyOfAnotherTypeIsSaid) {
  std::shared_ptr<Token> token = Open();
  std::string label = NewLabel();
  CK_SESSION_HANDLE session = Session();
  CK_BBOOL yes = CK_TRUE;
  std::string p256 = *HexDecode("06082a8648ce3d030107");
  CK_ATTRIBUTE open[] = {{CKA_TOKEN, &yes, 1},
                         {CKA_EC_PARAMS, p256.data(), p256.size()},
                         {CKA_LABEL, label.data(), label.size()}};
  CK_ATTRIBUTE closed[] = {{CKA_TOKEN, &yes, 1},
                           {CKA_SIGN, &yes, 1},
                           {CKA_PRIVATE, &yes, 1},
                           {CKA_LABEL, label.data(), label.size()}};
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_key, private_key;
  ASSERT_EQ(
      Raw()->C_GenerateKeyPair(session, &mechanism, open, 3, closed, 4, &public_key, &private_key),
      CKR_OK);
  absl::Status status = token->FindPublicKey(label, "").status();
  EXPECT_EQ(CodeOf(status), "WRONG_KEY_ON_TOKEN");
  EXPECT_NE(TextOf(status).find("not Ed25519"), std::string::npos);
  EXPECT_EQ(CodeOf(token->Sign(label, "", "x").status()), "WRONG_KEY_ON_TOKEN");
  Raw()->C_CloseSession(session);
}

TEST_F(TokenTest, AnotherKeyThanTheFileNamesIsRefused) {
  std::shared_ptr<Token> token = Open();
  std::string label = NewLabel();
  ASSERT_TRUE(token->Generate(label, "\x01").ok());
  PublicKey other = crypto::SigningKey::Generate(random_).public_key();
  EXPECT_EQ(CodeOf(UseKey(token, {kModule, kLabel, label, ""}, other).status()),
            "WRONG_KEY_ON_TOKEN");
}

// The token names a public key that is not its private key's: its signatures show it.
TEST_F(TokenTest, APublicKeyThatIsNotThePrivateKeysIsNoticed) {
  std::shared_ptr<Token> token = Open();
  std::string label = NewLabel();
  ASSERT_TRUE(token->Generate(label, "\x07").ok());
  PublicKey other = crypto::SigningKey::Generate(random_).public_key();
  CK_SESSION_HANDLE session = Session();
  CK_OBJECT_CLASS wanted = CKO_PUBLIC_KEY;
  CK_ATTRIBUTE find[] = {{CKA_CLASS, &wanted, sizeof(wanted)},
                         {CKA_LABEL, label.data(), label.size()}};
  CK_OBJECT_HANDLE old = 0, made = 0;
  CK_ULONG count = 0;
  ASSERT_EQ(Raw()->C_FindObjectsInit(session, find, 2), CKR_OK);
  ASSERT_EQ(Raw()->C_FindObjects(session, &old, 1, &count), CKR_OK);
  ASSERT_EQ(Raw()->C_FindObjectsFinal(session), CKR_OK);
  ASSERT_EQ(count, 1u);
  ASSERT_EQ(Raw()->C_DestroyObject(session, old), CKR_OK);
  CK_KEY_TYPE type = CKK_EC_EDWARDS;
  CK_BBOOL yes = CK_TRUE;
  std::string params = *HexDecode("06032b6570"), id = "\x07";
  std::string point = Cat({std::string_view("\x04\x20", 2), AsView(other)});
  CK_ATTRIBUTE fresh[] = {{CKA_CLASS, &wanted, sizeof(wanted)},
                          {CKA_KEY_TYPE, &type, sizeof(type)},
                          {CKA_TOKEN, &yes, 1},
                          {CKA_VERIFY, &yes, 1},
                          {CKA_LABEL, label.data(), label.size()},
                          {CKA_ID, id.data(), id.size()},
                          {CKA_EC_PARAMS, params.data(), params.size()},
                          {CKA_EC_POINT, point.data(), point.size()}};
  ASSERT_EQ(Raw()->C_CreateObject(session, fresh, std::size(fresh), &made), CKR_OK);
  ASSERT_EQ(*token->FindPublicKey(label, id), other);
  EXPECT_EQ(CodeOf(UseKey(token, {kModule, kLabel, label, id}, other).status()), "WRONG_SIGNATURE");
  Raw()->C_CloseSession(session);
}

TEST_F(TokenTest, AMadeKeyNeverLeavesTheToken) {
  std::shared_ptr<Token> token = Open();
  std::string label = NewLabel();
  ASSERT_TRUE(token->Generate(label, "\x01").ok());
  CK_SESSION_HANDLE session = Session();
  CK_OBJECT_CLASS wanted = CKO_PRIVATE_KEY;
  CK_ATTRIBUTE find[] = {{CKA_CLASS, &wanted, sizeof(wanted)},
                         {CKA_LABEL, label.data(), label.size()}};
  CK_OBJECT_HANDLE key = 0;
  CK_ULONG count = 0;
  ASSERT_EQ(Raw()->C_FindObjectsInit(session, find, 2), CKR_OK);
  ASSERT_EQ(Raw()->C_FindObjects(session, &key, 1, &count), CKR_OK);
  ASSERT_EQ(Raw()->C_FindObjectsFinal(session), CKR_OK);
  ASSERT_EQ(count, 1u);
  char value[64];
  CK_ATTRIBUTE read{CKA_VALUE, value, sizeof(value)};
  EXPECT_EQ(Raw()->C_GetAttributeValue(session, key, &read, 1), CKR_ATTRIBUTE_SENSITIVE);
  for (CK_ATTRIBUTE_TYPE type : {CKA_NEVER_EXTRACTABLE, CKA_ALWAYS_SENSITIVE}) {
    CK_BBOOL flag = CK_FALSE;
    CK_ATTRIBUTE attribute{type, &flag, 1};
    EXPECT_EQ(Raw()->C_GetAttributeValue(session, key, &attribute, 1), CKR_OK);
    EXPECT_EQ(flag, CK_TRUE);
  }
  Raw()->C_CloseSession(session);
}

// --- While it runs

TEST_F(TokenTest, ALostSessionIsOpenedAgain) {
  std::shared_ptr<Token> token = Open();
  std::unique_ptr<Signer> signer = NewSigner(token, NewLabel());
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(Raw()->C_CloseAllSessions(Slot()), CKR_OK);
    absl::Status status = signer->TrySignRaw("x").status();
    EXPECT_TRUE(status.ok()) << status;
  }
  ASSERT_EQ(Raw()->C_Logout(Session()), CKR_OK);
  absl::Status status = signer->TrySignRaw("x").status();
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(TokenTest, ATokenThatIsGoneIsSaidAndUsedAgainWhenItIsBack) {
  std::shared_ptr<Token> token = Open();
  std::unique_ptr<Signer> signer = NewSigner(token, NewLabel());
  ASSERT_EQ(Raw()->C_Finalize(nullptr), CKR_OK);
  absl::Status status = signer->TrySignRaw("x").status();
  EXPECT_EQ(CodeOf(status), "TOKEN_GONE") << status;
  EXPECT_EQ(CodeOf(signer->TrySignRaw("x").status()), "TOKEN_GONE");
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  ASSERT_EQ(Raw()->C_Initialize(&arguments), CKR_OK);
  status = signer->TrySignRaw("x").status();
  EXPECT_TRUE(status.ok()) << status;
}

// The committer signs once for each batch. How fast is a property of the result, no verdict.
TEST_F(TokenTest, SignsForManyBatchesInOneSession) {
  std::unique_ptr<Signer> signer = NewSigner(Open(), NewLabel());
  constexpr int kSignatures = 500;
  absl::Time start = absl::Now();
  for (int i = 0; i < kSignatures; ++i) {
    ASSERT_TRUE(signer->TrySignRaw("palermo/PA/1\n" + std::to_string(i) + "\n").ok());
  }
  double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  RecordProperty("signatures_per_second", static_cast<int>(kSignatures / seconds));
}

// --- Where a key is

TEST(KeyUri, ComesBack) {
  for (const KeyPlace& place : {KeyPlace{"/usr/lib/softhsm/libsofthsm2.so", "PA node", "checkpoint",
                                         std::string("\x01\0\xFF", 3)},
                                KeyPlace{"", "t", "PA/central/o-0007;sign&x=1%", ""}}) {
    std::string uri = FormatKeyUri(place);
    EXPECT_EQ(uri.find(' '), std::string::npos);
    auto back = ParseKeyUri(uri);
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_EQ(*back, place) << uri;
  }
}

TEST(KeyUri, RefusesWhatNamesNoKeyOrHoldsAPin) {
  for (const char* bad : {"", "pkcs11", "http://x", "pkcs11:", "pkcs11:token=a", "pkcs11:object=a",
                          "pkcs11:token=a;object=b?pin-value=1234", "pkcs11:token=a;object=%zz"}) {
    EXPECT_EQ(CodeOf(ParseKeyUri(bad).status()), "BAD_KEY_URI") << bad;
  }
}

// --- Entries of key files

TEST_F(TokenTest, AKeyFilesEntrySignsWhereverItsKeyIs) {
  auto bundle = *crypto::KeyBundle::Create("node", "PA", "2026-03-02T09:00:00Z");
  ASSERT_TRUE(bundle.Add("cosign", crypto::kEd25519, SecretBytes::Random(32, random_)).ok());
  std::string label = NewLabel();
  PublicKey key = *Open()->Generate(label, "\x01");
  ASSERT_TRUE(
      bundle
          .AddOnToken("checkpoint", AsView(key), FormatKeyUri({kModule, "PA node", label, "\x01"}))
          .ok());
  int asked = 0;
  Tokens tokens([&](const std::string& token) -> absl::StatusOr<SecretBytes> {
    EXPECT_EQ(token, kLabel);
    ++asked;
    return Pin();
  });
  for (const char* name : {"cosign", "checkpoint", "checkpoint"}) {
    auto signer = SignerOf(bundle.entries().at(name), tokens);
    ASSERT_TRUE(signer.ok()) << signer.status();
    EXPECT_EQ(AsView((*signer)->public_key()), bundle.entries().at(name).public_bytes);
    EXPECT_TRUE((*signer)->TrySignRaw("x").ok());
  }
  EXPECT_EQ(asked, 1) << "one PIN for one token";
  Tokens silent{PinSource()};
  EXPECT_EQ(CodeOf(SignerOf(bundle.entries().at("checkpoint"), silent).status()), "PIN_NEEDED");
  Tokens elsewhere([](const std::string&) { return absl::StatusOr<SecretBytes>(Pin()); });
  EXPECT_EQ(CodeOf(SignerOf(bundle.entries().at("checkpoint"), elsewhere, "", "another").status()),
            "NO_KEY_ON_TOKEN");
}

}  // namespace
}  // namespace palermo::token
