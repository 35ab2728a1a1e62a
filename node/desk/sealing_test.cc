#include "node/desk/sealing.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"
#include "node/desk/drafting.h"
#include "node/desk/opening.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class SealingTest : public ::testing::Test {
 protected:
  SealingTest() {
    body_.set_version(1);
    body_.mutable_acknowledgement()->set_national_ref("QM-1");
  }

  std::vector<AuthorityKey> KeysOf(const std::string& state) {
    testing::StateWorld& owner = world_.state(state);
    auto key =
        crypto::SealingPrivateKey::FromBytes(crypto::Kem::kXWing, owner.sealing.bytes().Clone());
    std::vector<AuthorityKey> keys;
    std::string id = crypto::SealingKeyId(owner.sealing.PublicKey());
    keys.push_back({owner.authority, 1, id, Value(std::move(key))});
    return keys;
  }

  absl::StatusOr<v1::Envelope> TrySeal(const v1::Header& header) {
    return Seal(header, trust::StrictSerialize(body_), *world_.View(), world_.clock.Now(),
                world_.random);
  }
  v1::Envelope Sealed() { return Value(TrySeal(world_.MakeHeader({}))); }

  World world_;
  v1::CaseBody body_;
};

TEST_F(SealingTest, RecipientAndSenderOpenWhatWasSealed) {
  v1::Envelope envelope = Sealed();
  for (const char* state : {"QM", "QT"}) {
    Opened opened = Open(envelope, KeysOf(state));
    ASSERT_EQ(opened.result, v1::RetrievalResult::OPENED) << opened.why;
    EXPECT_EQ(opened.body.acknowledgement().national_ref(), "QM-1");
  }
}

TEST_F(SealingTest, ADeskSealsToNoKeyWhoseWindowIsOver) {
  int64_t now_ms = ToMillis(world_.clock.Now());
  world_.NextDirectory("QT", [&](v1::Directory* directory) {
    directory->mutable_authorities(0)->mutable_sealing_keys(0)->set_valid_to_ms(now_ms + 1000);
  });
  v1::Header header = world_.MakeHeader({});
  EXPECT_TRUE(TrySeal(header).ok());
  world_.clock.Advance(absl::Seconds(1));
  absl::Status status = TrySeal(header).status();
  EXPECT_EQ(CodeOf(status), "STALE_KEY");
  EXPECT_NE(TextOf(status).find("QT/central"), std::string::npos) << TextOf(status);
}

TEST_F(SealingTest, ARecipientThatIsNoAuthorityIsRefused) {
  for (const char* wrong : {"X", "", "QT", "qt/central"}) {
    DraftFile draft;
    draft.to = {wrong};
    EXPECT_EQ(CodeOf(MakeHeader(draft, "QM/central", {}, *world_.View(), world_.clock.Now(),
                                world_.random)
                         .status()),
              "UNKNOWN_RECIPIENT")
        << wrong;
  }
}

TEST_F(SealingTest, AnotherAuthorityCannotOpen) {
  World other({.states = {"QX", "QZ"}, .seed = 9});
  auto keys = KeysOf("QM");
  keys[0].authority = "QX/central";
  EXPECT_EQ(Open(Sealed(), keys).result, v1::RetrievalResult::UNOPENABLE);
  EXPECT_EQ(Open(Sealed(), {}).result, v1::RetrievalResult::UNOPENABLE);
}

// Every byte of the small parts, and a sample of the body's.
TEST_F(SealingTest, EveryChangedByteIsRefused) {
  v1::Envelope good = Sealed();
  auto keys = KeysOf("QT");
  Hash id = Value(trust::ParseEnvelope(good)).message_id;
  auto check = [&](std::string* part, size_t i) { (*part)[i] = static_cast<char>((*part)[i] ^ 1); };
  for (int which = 0; which < 3; ++which) {
    size_t size = which == 0   ? good.header().size()
                  : which == 1 ? good.stanzas().size()
                               : good.body().size();
    for (size_t i = 0; i < size; i += which == 2 ? 97 : 1) {
      v1::Envelope bad = good;
      check(which == 0   ? bad.mutable_header()
            : which == 1 ? bad.mutable_stanzas()
                         : bad.mutable_body(),
            i);
      auto parsed = trust::ParseEnvelope(bad);
      if (parsed.ok()) {
        EXPECT_NE(parsed->message_id, id);
      }
      Opened opened = Open(bad, keys);
      // A change in the sender's own stanza leaves ours readable; the message id tells.
      if (which != 1) {
        EXPECT_NE(opened.result, v1::RetrievalResult::OPENED) << which << " " << i;
      }
    }
  }
}

TEST_F(SealingTest, BodyCannotBeMovedToAnotherHeader) {
  v1::Envelope one = Sealed(), two = Sealed();
  two.set_body(one.body());
  EXPECT_EQ(Open(two, KeysOf("QT")).result, v1::RetrievalResult::INVALID);
  v1::Envelope three = Sealed();
  three.set_stanzas(one.stanzas());
  three.set_body(one.body());
  EXPECT_EQ(Open(three, KeysOf("QT")).result, v1::RetrievalResult::INVALID);
}

TEST_F(SealingTest, TooLargeBodyIsRefusedWithWhatToDo) {
  body_.mutable_statement()->set_text(std::string(1100 * 1024, 'x'));
  EXPECT_EQ(CodeOf(TrySeal(world_.MakeHeader({})).status()), "BODY_TOO_LARGE");
}

// No verified directory has such a key; the desk would refuse it all the same.
TEST_F(SealingTest, NothingIsSealedToAnotherKemThanXWing) {
  trust::TrustPtr good = world_.View();
  trust::StateView state = *good->Find("QT");
  trust::Directory classical =
      Value(trust::VerifyDirectory(world_.state("QT").directory, *state.charter, nullptr));
  auto* key = classical.body.mutable_authorities(0)->mutable_sealing_keys(0);
  key->set_kem(static_cast<uint32_t>(crypto::Kem::kX25519));
  key->set_public_key(
      Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kX25519, world_.random))
          .PublicKey()
          .bytes);
  state.directory = std::make_shared<trust::DirectoryIndex>(classical);
  EXPECT_EQ(CodeOf(Seal(world_.MakeHeader({}), trust::StrictSerialize(body_),
                        *good->WithState("QT", state), world_.clock.Now(), world_.random)
                       .status()),
            "KEM_UNSUPPORTED");
}

TEST_F(SealingTest, UnknownRecipientAndOldDirectoryAreRefused) {
  v1::Header header = world_.MakeHeader({});
  v1::Header unknown = header;
  unknown.set_recipients(0, "QT/harbour");
  EXPECT_EQ(CodeOf(TrySeal(unknown).status()), "UNKNOWN_RECIPIENT");
  world_.NextDirectory("QT", nullptr);
  EXPECT_EQ(CodeOf(TrySeal(header).status()), "UNKNOWN_DIRECTORY");
}

TEST_F(SealingTest, WrongBodyInsideIsInvalid) {
  v1::Envelope envelope = world_.MakeEnvelope({.plaintext = "no body"});
  EXPECT_EQ(Open(envelope, KeysOf("QT")).result, v1::RetrievalResult::INVALID);
}

}  // namespace
}  // namespace palermo::desk
