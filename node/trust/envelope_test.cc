// The envelope as bytes. What a header must say is in header_test.cc, keys and addresses in
// address_test.cc.
#include "node/trust/envelope.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/limits.h"
#include "crypto/chunked.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
using testing::WorldOptions;

WorldOptions ThreeStates() {
  WorldOptions options;
  options.states = {"QM", "QT", "XA"};
  return options;
}

class EnvelopeTest : public ::testing::Test {
 protected:
  EnvelopeTest() : world_(ThreeStates()), envelope_(world_.MakeEnvelope({})) {
    EXPECT_TRUE(stanzas_.ParseFromString(envelope_.stanzas()));
  }
  Hash Id() const { return Value(ParseEnvelope(envelope_)).message_id; }
  void PutStanzas() { envelope_.set_stanzas(StrictSerialize(stanzas_)); }
  v1::Stanza* Stanza(int i) { return stanzas_.mutable_stanzas(i); }

  World world_;
  v1::Envelope envelope_;
  v1::Stanzas stanzas_;
};

TEST_F(EnvelopeTest, SaysWhatIsInIt) {
  ParsedEnvelope parsed = Value(ParseEnvelope(envelope_));
  EXPECT_EQ(parsed.header.sender(), "QM/central");
  EXPECT_EQ(parsed.stanzas.stanzas_size(), 2);
  EXPECT_EQ(parsed.header_sha256, crypto::Sha256(envelope_.header()));
  EXPECT_EQ(parsed.stanzas_sha256, crypto::Sha256(envelope_.stanzas()));
  EXPECT_EQ(parsed.body_sha256, crypto::Sha256(envelope_.body()));
  EXPECT_EQ(parsed.sealed_body_bytes, envelope_.body().size());
}

// Computed apart from this code.
TEST(MessageIdTest, IsTheHashOfTheThreeHashesUnderItsDomain) {
  Hash id = MessageId(crypto::Sha256("h"), crypto::Sha256("s"), crypto::Sha256("b"));
  EXPECT_EQ(HexEncode(AsView(id)),
            "3d72e768676dabf00546def8203b560235a7bacc82f9b2b2259ae1160ca92dfe");
}

TEST(StanzaInfoTest, BindsHeaderAuthorityAndKey) {
  EXPECT_EQ(StanzaInfo(crypto::Sha256("h"), "QT/central", std::string(16, 'k')),
            Cat({std::string_view("palermo/v1/stanza\0", 18),
                 *HexDecode("aaa9402664f1a41f40ebbc52c9993eb66aeb366602958fdfaa283b71e64db123"
                            "3037288a4ecbad99e82cc2c3c337bb97e1941e9ea7b9a31cb55c0e09a00b12df")}));
}

// Every value of every byte of one field: another id, or a refusal. Of the bytes of an
// encapsulation (over a thousand in each stanza, opaque to the parser) every bit.
void ChangeEveryByte(const v1::Envelope& envelope, std::string* (v1::Envelope::*field)()) {
  ParsedEnvelope good = Value(ParseEnvelope(envelope));
  Hash id = good.message_id;
  v1::Envelope changed = envelope;
  std::string* bytes = (changed.*field)();
  std::vector<bool> opaque(bytes->size());
  for (const auto& stanza : good.stanzas.stanzas()) {
    size_t at = bytes->find(stanza.encapsulation());
    if (at == std::string::npos) continue;
    std::fill_n(opaque.begin() + static_cast<ptrdiff_t>(at), stanza.encapsulation().size(), true);
  }
  for (char& byte : *bytes) {
    char before = byte;
    bool bits_only = opaque[static_cast<size_t>(&byte - bytes->data())];
    for (int flip = 1; flip < 256; flip = bits_only ? flip * 2 : flip + 1) {
      byte = static_cast<char>(before ^ flip);
      auto parsed = ParseEnvelope(changed);
      ASSERT_TRUE(!parsed.ok() || parsed->message_id != id)
          << "byte " << (&byte - bytes->data()) << " xor " << flip;
    }
    byte = before;
  }
}

TEST_F(EnvelopeTest, EveryChangeOfTheHeaderIsNoticed) {
  ChangeEveryByte(envelope_, &v1::Envelope::mutable_header);
}

TEST_F(EnvelopeTest, EveryChangeOfTheStanzasIsNoticed) {
  ChangeEveryByte(envelope_, &v1::Envelope::mutable_stanzas);
}

TEST_F(EnvelopeTest, EveryChangeOfTheBodyIsNoticed) {
  Hash id = Id();
  for (size_t i = 0; i < envelope_.body().size(); ++i) {
    char flip = static_cast<char>(i % 255 + 1);
    (*envelope_.mutable_body())[i] ^= flip;
    ASSERT_NE(Id(), id) << "byte " << i;
    (*envelope_.mutable_body())[i] ^= flip;
  }
}

TEST_F(EnvelopeTest, ABodyUnderAnotherHeaderIsAnotherMessage) {
  v1::Envelope other = world_.MakeEnvelope({});
  Hash id = Id();
  envelope_.set_body(other.body());
  EXPECT_NE(Id(), id);
  EXPECT_NE(Id(), Value(ParseEnvelope(other)).message_id);
}

TEST_F(EnvelopeTest, TheBodyHasALargestSize) {
  envelope_.mutable_body()->resize(limits::kMaxSealedBodyBytes);
  EXPECT_THAT(ParseEnvelope(envelope_), IsAccepted());
  envelope_.mutable_body()->push_back('x');
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BODY_TOO_LARGE", "in several acts"));
}

TEST_F(EnvelopeTest, TheLargestPaddedBodyFits) {
  EXPECT_LE(crypto::ChunkedSize(limits::kMaxPaddedBodyBytes), limits::kMaxSealedBodyBytes);
}

TEST_F(EnvelopeTest, TheBodyHasASmallestSize) {
  EXPECT_EQ(envelope_.body().size(), crypto::ChunkedSize(limits::kMinPaddedBodyBytes));
  envelope_.mutable_body()->pop_back();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_ENVELOPE", "shorter than the smallest"));
}

TEST_F(EnvelopeTest, TheHeaderHasALargestSize) {
  envelope_.set_header(std::string(limits::kMaxHeaderBytes + 1, '\xff'));
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_HEADER", "over its limit"));
}

TEST_F(EnvelopeTest, TheStanzasHaveALargestSize) {
  envelope_.set_stanzas(std::string(limits::kMaxStanzasBytes + 1, '\xff'));
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "over their limit"));
}

TEST_F(EnvelopeTest, RefusesAnUnknownFieldInTheHeader) {
  envelope_.mutable_header()->append("\xf8\x01\x01");  // field 31
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_HEADER", "unknown fields"));
}

TEST_F(EnvelopeTest, RefusesAnUnknownFieldInTheStanzas) {
  envelope_.mutable_stanzas()->append("\x78\x01");
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "unknown fields"));
}

TEST_F(EnvelopeTest, RefusesAMissingStanza) {
  stanzas_.mutable_stanzas()->RemoveLast();
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "there is none for QT/central"));
}

TEST_F(EnvelopeTest, RefusesAMissingStanzaOfTheSender) {
  stanzas_.mutable_stanzas()->SwapElements(0, 1);
  stanzas_.mutable_stanzas()->RemoveLast();
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "there is none for QM/central"));
}

TEST_F(EnvelopeTest, RefusesAStanzaForAStranger) {
  *stanzas_.add_stanzas() = stanzas_.stanzas(0);
  Stanza(2)->set_authority("XA/central");
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_),
              IsRefused("BAD_STANZAS", "XA/central is neither sender nor recipient"));
}

TEST_F(EnvelopeTest, RefusesAStanzaTwice) {
  *stanzas_.add_stanzas() = stanzas_.stanzas(1);
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "not sorted or not unique"));
}

TEST_F(EnvelopeTest, RefusesStanzasUnsorted) {
  stanzas_.mutable_stanzas()->SwapElements(0, 1);
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "not sorted or not unique"));
}

TEST_F(EnvelopeTest, RefusesAKeyIdOfAnotherSize) {
  Stanza(1)->mutable_key_id()->pop_back();
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "a key id has not 16 bytes"));
}

TEST_F(EnvelopeTest, RefusesAnEmptyOrGiantEncapsulation) {
  Stanza(1)->clear_encapsulation();
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "an encapsulation has"));
  Stanza(1)->set_encapsulation(std::string(4096, 'e'));
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsAccepted());
  Stanza(1)->mutable_encapsulation()->push_back('e');
  PutStanzas();
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "an encapsulation has"));
}

TEST_F(EnvelopeTest, RefusesAWrappedKeyOfAnotherSize) {
  for (size_t size : {47, 49}) {
    Stanza(1)->set_wrapped_key(std::string(size, 'w'));
    PutStanzas();
    EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_STANZAS", "has not 48 bytes"));
  }
}

TEST_F(EnvelopeTest, ChecksWhatTheHeaderSays) {
  v1::Header header = Value(ParseEnvelope(envelope_)).header;
  header.set_version(2);
  envelope_.set_header(StrictSerialize(header));
  EXPECT_THAT(ParseEnvelope(envelope_), IsRefused("BAD_HEADER", "its version is not 1"));
}

TEST_F(EnvelopeTest, TellsTheRecipientsByState) {
  EnvelopeSpec spec;
  spec.to = {"XA/central", "QT/central"};
  v1::Header header = world_.MakeHeader(spec);
  header.add_recipients("XA/police");
  EXPECT_THAT(RecipientStates(header), ::testing::ElementsAre("QT", "XA"));
  EXPECT_THAT(RecipientsIn(header, "XA"), ::testing::ElementsAre("XA/central", "XA/police"));
  EXPECT_THAT(RecipientsIn(header, "QM"), ::testing::IsEmpty());
}

}  // namespace
}  // namespace palermo::trust
