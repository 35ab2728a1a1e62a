// What an administrator and an officer see when something is wrong with the trust between desk and
// node, with the real programs: roots that change without the old ones, a node with another TLS
// key, one that hangs; and what the signers of a destruction read.
#include <gtest/gtest.h>
#include <signal.h>

#include "crypto/signing.h"
#include "node/trust/rosters.h"
#include "tests/system/office.h"

namespace palermo::testing {
namespace {

constexpr int kExitUnreachable = 4;  // docs/commands.md
constexpr int kExitTrust = 6;

class LockedOut : public Office {
 protected:
  void WriteSigner(const std::string& name, const std::string& kind, const std::string& subject,
                   const crypto::SigningKey& key) {
    auto bundle = Value(crypto::KeyBundle::Create(kind, subject, kMadeAt));
    ASSERT_TRUE(bundle.Add("sign", crypto::kEd25519, key.seed().Clone()).ok());
    WriteKeyFile(name, bundle);
  }
  void SignWith(const std::string& kind, const std::string& file, const std::string& key) {
    Must("o-0002", Cat({kind, " sign ", Path(file), " --key ", Path(key)}));
  }
  // The depositaries give QM another root; the old one does not sign.
  void MakeRosterWithAnotherRoot() {
    StateWorld& state = programs_.world().state("QM");
    WriteSigner("root-new.key", "state-root", "QM", new_root_);
    for (int i = 0; i < 2; ++i) {
      WriteSigner(Cat({"depositary-", std::to_string(i), ".key"}), "roster", "depositary",
                  programs_.world().roster_keys[i]);
    }
    std::string old_id =
        HexEncode(crypto::KeyId(crypto::kEd25519, crypto::AsView(state.roots[0].public_key())));
    MustPlain("o-0002", Cat({"roster propose --previous ", Path("roster"), " --rotate-root QM/",
                             old_id, "=", Path("root-new.key"), " --out ", Path("2.roster")}));
    SignWith("roster", "2.roster", "depositary-0.key");
    SignWith("roster", "2.roster", "depositary-1.key");
  }
  std::string NewFingerprint() {
    v1::KeySet roots;
    roots.set_threshold(1);
    *roots.add_keys() = trust::MakeVerificationKey(new_root_.public_key(), "QM");
    return HexEncode(AsView(trust::RootsFingerprint("QM", roots)));
  }
  std::string SetupCommand(const std::string& more) {
    return Cat({"desk setup --replace --key ", Path("o-0003.key"), " --endpoint ",
                programs_.endpoint("QM"), " --roster ", Path("roster"), " --fingerprint ",
                HexEncode(AsView(programs_.world().fingerprint)), more});
  }

  crypto::SigningKey new_root_ = crypto::SigningKey::Generate(programs_.world().random);
};

// house: long function because one change of roots is followed from the depositaries to each desk.
TEST_F(LockedOut, ADeskThatANewRootLocksOutConfirmsItAndGoesOn) {
  WriteOfficer("o-0005");
  Write("1.charter", programs_.world().state("QM").charter.SerializeAsString());
  Write("1.directory", programs_.world().state("QM").directory.SerializeAsString());
  MakeRosterWithAnotherRoot();
  // Before it is everywhere, who publishes it reads what it will do.
  Must("o-0002", Cat({"roster publish ", Path("2.roster")}));
  EXPECT_NE(out_.find("WARNING  this roster changes the root keys of QM"), std::string::npos)
      << out_;
  EXPECT_NE(out_.find("it waits"), std::string::npos) << out_;

  // The administrator confirms at the node; the new root gives the next charter, under which the
  // node gets another TLS key. A desk that has not confirmed knows neither.
  Must("o-0005", Cat({"roster confirm --state QM --fingerprint ", NewFingerprint(), " --node"}));
  MustPlain("o-0005",
            Cat({"charter new --previous ", Path("1.charter"), " --out ", Path("2.charter")}));
  Must("o-0005", Cat({"charter sign ", Path("2.charter"), " --key ", Path("root-new.key")}));
  Must("o-0005", Cat({"charter publish ", Path("2.charter")}));
  MustPlain("o-0005", Cat({"key renew-tls ", programs_.FolderOf("QM"), "/node.key --out ",
                           Path("node-2.key")}));
  MustPlain("o-0005", Cat({"directory new --previous ", Path("1.directory"), " --tls-key ",
                           Path("node-2.key"), " --out ", Path("2.directory")}));
  for (const char* key : {"admin-0.key", "admin-1.key"}) {
    Must("o-0005", Cat({"directory sign ", Path("2.directory"), " --key ", Path(key)}));
  }
  Must("o-0005", Cat({"directory publish ", Path("2.directory")}));
  ASSERT_EQ(programs_.daemon("QM").Stop(), 0);
  programs_.daemon("QM").SetArgument("--node-key", Path("node-2.key"));
  programs_.daemon("QM").Start();
  Must("o-0005", "desk refresh");

  EXPECT_EQ(Palermo("o-0001", "desk refresh" + Pass()), kExitTrust) << out_;
  EXPECT_NE(out_.find("WRONG_NODE_KEY"), std::string::npos) << out_;
  EXPECT_NE(out_.find("ask the administrator by telephone"), std::string::npos) << out_;
  // Not with a fingerprint that he was told wrong.
  EXPECT_NE(
      Palermo("o-0001",
              Cat({"roster confirm --state QM --fingerprint ", std::string(64, '0')}) + Pass()),
      0);
  EXPECT_NE(out_.find("ROOT_CHANGE_UNCONFIRMED"), std::string::npos) << out_;
  EXPECT_NE(Palermo("o-0001", "desk refresh" + Pass()), 0);
  ASSERT_EQ(Palermo("o-0001",
                    Cat({"roster confirm --state QM --fingerprint ", NewFingerprint()}) + Pass()),
            0)
      << out_;
  EXPECT_NE(out_.find("trusts roster version 2 now"), std::string::npos) << out_;
  Must("o-0001", "desk refresh");

  // A desk that is set up now, from the first roster: only with what the state told.
  EXPECT_NE(Palermo("o-0003", SetupCommand("") + Pass()), 0) << out_;
  EXPECT_NE(
      Palermo("o-0003", SetupCommand(Cat({" --confirm-roots QM=", std::string(64, '0')})) + Pass()),
      0);
  EXPECT_NE(out_.find("ROOT_CHANGE_UNCONFIRMED"), std::string::npos) << out_;
  ASSERT_EQ(
      Palermo("o-0003", SetupCommand(Cat({" --confirm-roots QM=", NewFingerprint()})) + Pass()), 0)
      << out_;
  Must("o-0003", "desk refresh");
  EXPECT_NE(out_.find("Roster   version 2"), std::string::npos) << out_;
}

TEST_F(LockedOut, ANodeThatHangsIsNotCalledUnreachable) {
  programs_.daemon("QM").Signal(SIGSTOP);
  EXPECT_EQ(Palermo("o-0001", "desk refresh" + Pass()), kExitUnreachable) << out_;
  programs_.daemon("QM").Signal(SIGCONT);
  EXPECT_NE(out_.find("TIMED_OUT"), std::string::npos) << out_;
  EXPECT_NE(out_.find("look before you do it again"), std::string::npos) << out_;
}

TEST_F(LockedOut, BothSignersOfADestructionReadWhatIsLostWithIt) {
  Grant("o-0002", Key("sealing-1.key"));
  Draft("o-0001");
  Must("o-0002", Cat({"sealing-key new --authority QM/central --out ", Path("sealing-2.key")}));
  Grant("o-0002", Key("sealing-2.key"));
  MustPlain("o-0002", Cat({"sealing-key rotate --overlap-days 0 --key ", Path("sealing-2.key"),
                           " --out ", Path("2.directory")}));
  Publish("o-0002", "2.directory");
  auto expect_shown = [&](const char* who) {
    for (const char* text :
         {"You sign that version 1 of the key of QM/central is destroyed: reason COMPROMISE, "
          "FORCED",
          "messages that only it opens, by the node's count: 1",
          "These will be lost: what only this version opens: messages 1, drafts that wait 0"}) {
      EXPECT_NE(out_.find(text), std::string::npos) << who << "\n" << out_;
    }
  };
  const std::string first =
      Cat({"sealing-key destroy --key-version 1 --reason COMPROMISE --force --out ",
           Path("destroy.statement")});
  const std::string second = Cat({"sealing-key destroy --statement ", Path("destroy.statement")});
  // Shown, and not signed: nobody is asked here.
  MustRefuse("NO_TERMINAL", "o-0002", first);
  expect_shown("the first, asked");
  EXPECT_FALSE(std::filesystem::exists(Path("destroy.statement")));
  Must("o-0002", first + " --yes");
  expect_shown("the first");
  MustRefuse("NO_TERMINAL", "o-0003", second);
  Must("o-0002", "sealing-key status");
  EXPECT_EQ(out_.find("DESTROYED"), std::string::npos) << out_;
  Must("o-0003", second + " --yes");
  expect_shown("the second");
}

}  // namespace
}  // namespace palermo::testing
