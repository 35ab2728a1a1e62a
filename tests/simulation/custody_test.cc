// What an officer brings of an authority's keys, and the node does not take: other officers'
// statements, keys that are gone, messages that are not theirs.
#include <gtest/gtest.h>

#include "tests/simulation/officers_fixture.h"

namespace palermo::testing {
namespace {

using CustodyTest = OfficersTest;

TEST_F(CustodyTest, AGrantIsBroughtByTheOfficerWhoSignedIt) {
  v1::Grant grant = Grant(Id(kApprover1), Id(kApprover2), sim.world.state("QM").sealing, 1);
  EXPECT_EQ(CodeOf(Put(Id(kApprover2), {grant})), "WRONG_SENDER");
  EXPECT_EQ(Value(Grants(Id(kApprover2))).grants_size(), 0);
  EXPECT_EQ(CodeOf(Put(Id(kApprover1), {grant})), "OK");
}

TEST_F(CustodyTest, ACallHasAGrantAndNoMoreThanTheLimit) {
  EXPECT_EQ(CodeOf(Put(Id(kApprover1), {})), "TOO_MANY");
  v1::Grant grant = Grant(Id(kApprover1), Id(kApprover2), sim.world.state("QM").sealing, 1);
  std::vector<v1::Grant> grants(limits::kMaxGrantsPerCall + 1, grant);
  EXPECT_EQ(CodeOf(Put(Id(kApprover1), grants)), "TOO_MANY");
  EXPECT_EQ(Value(Grants(Id(kApprover2))).grants_size(), 0);
}

// Sends a message that is sealed to version 1, then publishes version 2.
class RewrapsTest : public OfficersTest {
 protected:
  RewrapsTest() {
    Meet();
    id = sim.Send(sim.world.MakeEnvelope({}));
    EXPECT_TRUE(GrantToAll(second, 2).ok());
    Value(sim.Publish("QM", WithSecondKey(second)));
  }
  size_t Rewraps() { return Value(sim.Fetch(Id(kDrafter), id)).rewraps_size(); }

  std::string id;
  crypto::SealingPrivateKey second = NewKey();
};

TEST_F(RewrapsTest, AreBroughtByTheOfficerWhoSignedThem) {
  v1::Rewrap rewrap = RewrapBy(Id(kDrafter), id, second, 2);
  EXPECT_EQ(CodeOf(PutRewraps(Id(kApprover1), {rewrap})), "WRONG_SENDER");
  EXPECT_EQ(Rewraps(), 0u);
  EXPECT_EQ(CodeOf(PutRewraps(Id(kDrafter), {rewrap})), "OK");
  EXPECT_EQ(Rewraps(), 1u);
}

TEST_F(RewrapsTest, AreOneAtLeastAndNoMoreThanTheLimit) {
  EXPECT_EQ(CodeOf(PutRewraps(Id(kDrafter), {})), "TOO_MANY");
  std::vector<v1::Rewrap> rewraps(limits::kMaxRewrapsPerCall + 1,
                                  RewrapBy(Id(kDrafter), id, second, 2));
  EXPECT_EQ(CodeOf(PutRewraps(Id(kDrafter), rewraps)), "TOO_MANY");
  EXPECT_EQ(Rewraps(), 0u);
}

TEST_F(RewrapsTest, AreOfAMessageThatIsHere) {
  EXPECT_EQ(CodeOf(Rewrap(std::string(32, 'x'), second)), "UNKNOWN_MESSAGE");
}

TEST_F(RewrapsTest, AreOfAMessageThatWasSealedToAnOlderKey) {
  // As if it had been sealed to version 2: the node sees the key id only.
  v1::Envelope envelope = sim.world.MakeEnvelope({});
  v1::Stanzas stanzas;
  ASSERT_TRUE(stanzas.ParseFromString(envelope.stanzas()));
  for (auto& stanza : *stanzas.mutable_stanzas()) {
    if (stanza.authority() == kCentral) {
      stanza.set_key_id(crypto::SealingKeyId(second.PublicKey()));
    }
  }
  envelope.set_stanzas(trust::StrictSerialize(stanzas));
  EXPECT_EQ(CodeOf(Rewrap(sim.Send(envelope), second)), "BAD_REWRAP");
}

TEST_F(RewrapsTest, AreOfAMessageThatIsSealedToTheAuthority) {
  // A second authority of QM, with a key and an officer.
  OfficerWorld& officer = sim.world.AddOfficer("QM/police/o-0006");
  crypto::SealingPrivateKey key = NewKey();
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    auto* authority = d->add_authorities();
    *authority = d->authorities(0);
    authority->set_id("QM/police");
    authority->clear_recovery_key();
    authority->mutable_sealing_keys()->DeleteSubrange(0, 1);
    auto* version = authority->mutable_sealing_keys(0);
    version->set_version(1);
    version->set_public_key(key.PublicKey().bytes);
    version->set_key_id(crypto::SealingKeyId(key.PublicKey()));
    *d->add_officers() = OfficerEntryFor(officer, v1::Role::DRAFTER, sim.world.clock.Now());
  })));
  EXPECT_EQ(CodeOf(PutRewraps(officer.id, {RewrapBy(officer.id, id, key, 1, "QM/police")})),
            "BAD_REWRAP");
}

// Version 2 was in force for a day; version 1, which was destroyed meanwhile, is the newest again.
TEST_F(RewrapsTest, AreNotToAKeyThatWasDestroyed) {
  int64_t day_ms = int64_t{24} * 3600 * 1000;
  int64_t now_ms = ToMillis(sim.world.clock.Now());
  Value(sim.Publish("QM", sim.world.NextDirectory("QM", [&](v1::Directory* d) {
    auto* keys = d->mutable_authorities(0)->mutable_sealing_keys();
    keys->Mutable(0)->set_valid_to_ms(now_ms + 20 * day_ms);
    keys->Mutable(1)->set_valid_to_ms(now_ms + day_ms);
  })));
  ASSERT_EQ(CodeOf(Destroy(true)), "OK");
  sim.world.clock.Advance(absl::Hours(25));
  v1::Rewrap rewrap = RewrapBy(Id(kDrafter), id, sim.world.state("QM").sealing, 1);
  EXPECT_EQ(CodeOf(PutRewraps(Id(kDrafter), {rewrap})), "KEY_DESTROYED");
}

}  // namespace
}  // namespace palermo::testing
