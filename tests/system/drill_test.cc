// The compromise drill of docs/administration.md with the real programs: keys leak one after
// another, each is replaced by one version of a document, no peer accepts the leaked one, and what
// was sent before still verifies.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "crypto/checkpoint.h"
#include "crypto/key_file.h"
#include "crypto/signing.h"
#include "crypto/tls_identity.h"
#include "node/server/transport/tls_credentials.h"
#include "palermo/v1/services.grpc.pb.h"
#include "tests/system/office.h"

namespace palermo::testing {
namespace {

class Drill : public Office {
 protected:
  void WriteSigner(const std::string& name, const std::string& kind, const std::string& subject,
                   const crypto::SigningKey& key) {
    auto bundle = Value(crypto::KeyBundle::Create(kind, subject, kMadeAt));
    ASSERT_TRUE(bundle.Add("sign", crypto::kEd25519, key.seed().Clone()).ok());
    WriteKeyFile(name, bundle);
  }
  static std::string IdOf(const crypto::SigningKey& key) {
    return HexEncode(crypto::KeyId(crypto::kEd25519, crypto::AsView(key.public_key())));
  }
  // What the peer QT knows of QM.
  v1::PeerStatus AtPeer(uint64_t* roster) {
    auto desk = programs_.Desk("QT/central/o-0005");
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(10)));
    v1::ListPeersResponse answer;
    desk->ListPeers(&context, {}, &answer);
    *roster = answer.roster_version();
    return answer.peers_size() == 0 ? v1::PeerStatus() : answer.peers(0);
  }
  // The peer takes the new version by itself.
  void ExpectAtPeer(uint64_t roster, uint64_t charter, uint64_t directory) {
    uint64_t known_roster = 0;
    v1::PeerStatus known;
    for (int i = 0; i < 120; ++i) {
      known = AtPeer(&known_roster);
      if (known_roster == roster && known.charter_version() == charter &&
          known.directory_version() == directory) {
        return;
      }
      absl::SleepFor(absl::Milliseconds(500));
    }
    FAIL() << "QT knows roster " << known_roster << ", " << known.ShortDebugString();
  }
  std::string SendAndSave(const std::string& desk, const std::string& folder) {
    std::string id = Draft(desk);
    for (int i = 0; i < 120; ++i) {
      Must(desk, Cat({"message explain ", id, " --json"}));
      if (out_.find("DELIVERED") != std::string::npos) break;
      absl::SleepFor(absl::Milliseconds(250));
    }
    EXPECT_NE(out_.find("DELIVERED"), std::string::npos) << out_;
    Must(desk, Cat({"message save ", id, " --out ", Path(folder)}));
    return id;
  }
  void ExpectStillVerifies(const std::string& folder) {
    MustPlain("nobody", Cat({"receipt verify ", Path(folder), " --fingerprint ",
                             HexEncode(AsView(programs_.world().fingerprint))}));
  }
  // The node stands still for the copy, as a thief's snapshot of its file system would.
  void StealData() {
    std::filesystem::remove_all(Path("stolen-data"));
    programs_.daemon("QM").Kill9();
    std::filesystem::copy(programs_.FolderOf("QM") + "/data", Path("stolen-data"),
                          std::filesystem::copy_options::recursive);
    programs_.daemon("QM").Start();
  }
  // Who stole the node's key file and its data starts a node of his own with them. QT must refuse
  // him with this code.
  void ExpectThiefRefused(const std::string& key_file, const std::string& code) {
    std::string log = Path("thief-log"), text;
    std::filesystem::remove(log);
    Daemon thief(programs_.daemon("QM").arguments(), log);
    std::string folder = programs_.FolderOf("QM");
    thief.SetArgument("--data-dir", Path("stolen-data"));
    thief.SetArgument("--node-key", key_file);
    thief.SetArgument("--directory", folder + "/directory");
    thief.SetArgument("--charter", folder + "/charter");
    thief.SetArgument("--listen", FreeEndpoint());
    thief.Start();
    std::string refused = Cat({"peer=QT endpoint=", programs_.endpoint("QT"), " code=", code});
    for (int i = 0; i < 120 && text.find(refused) == std::string::npos; ++i) {
      absl::SleepFor(absl::Milliseconds(250));
      std::ifstream in(log);
      text = std::string(std::istreambuf_iterator<char>(in), {});
    }
    thief.Kill9();
    EXPECT_NE(text.find(refused), std::string::npos) << text;
    if (code == "WRONG_PEER") {
      EXPECT_EQ(text.find("peer-connected peer=QT"), std::string::npos) << text;
    }
  }
  void StartWith(const std::string& key_file, const std::string& directory) {
    Daemon& node = programs_.daemon("QM");
    EXPECT_EQ(node.Stop(), 0);
    node.SetArgument("--node-key", key_file);
    node.SetArgument("--directory", Path(directory));
    node.Start();
  }
  // The checkpoint key of one file with the TLS key of another.
  void WriteMixedNodeKey(const std::string& name, const std::string& checkpoint_from,
                         const std::string& tls_from) {
    auto read = [](const std::string& path) {
      std::ifstream in(path);
      std::string text(std::istreambuf_iterator<char>(in), {});
      return Value(crypto::DecodeKeyFile(text, nullptr));
    };
    crypto::KeyBundle one = read(checkpoint_from), other = read(tls_from);
    auto mixed = Value(crypto::KeyBundle::Create("node", "QM", kMadeAt));
    for (const char* key : {"checkpoint", "cosign"}) {
      const auto* entry = Value(one.Find(key, crypto::kEd25519));
      ASSERT_TRUE(mixed.Add(key, crypto::kEd25519, entry->private_bytes.Clone()).ok());
    }
    const auto* tls = Value(other.Find("tls", crypto::kP256));
    ASSERT_TRUE(mixed.Add("tls", crypto::kP256, tls->private_bytes.Clone()).ok());
    auto text = Value(crypto::EncodeUnprotectedKeyFile(mixed));
    Write(name, std::string(text.Expose(SecretAccess::Grant())));
  }

  // How QT ends the stream of a thief who has the node's new TLS key, and signs a checkpoint with
  // the old key.
  std::string CodeForOldCheckpoint(const std::string& tls_from) {
    std::ifstream in(tls_from);
    std::string text(std::istreambuf_iterator<char>(in), {});
    crypto::KeyBundle keys = Value(crypto::DecodeKeyFile(text, nullptr));
    const auto* tls = Value(keys.Find("tls", crypto::kP256));
    crypto::TlsIdentity identity =
        Value(crypto::MakeTlsIdentity(tls->private_bytes, "QM", 1'600'000'000, 4'000'000'000));
    auto stub = v1::PeerService::NewStub(grpc::CreateChannel(
        programs_.endpoint("QT"),
        transport::MakePinnedClient(identity, {programs_.world().state("QT").tls_pin})));
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    auto stream = stub->Exchange(&context);
    v1::PeerFrame frame, answer;
    frame.mutable_hello()->set_protocol(1);
    frame.mutable_hello()->set_state("QM");
    EXPECT_TRUE(stream->Write(frame));
    EXPECT_TRUE(stream->Read(&answer));
    EXPECT_TRUE(answer.has_hello());
    StateWorld& state = programs_.world().state("QM");
    frame.mutable_hello()->set_own_checkpoint(
        crypto::SignCheckpoint({state.ledger_origin, 100000, Hash{}}, state.checkpoint));
    stream->Write(frame);
    while (stream->Read(&answer)) {
    }
    return CodeOf(transport::FromGrpc(stream->Finish()));
  }

  void SignWith(const std::string& kind, const std::string& file, const std::string& key) {
    Must("o-0002", Cat({kind, " sign ", Path(file), " --key ", Path(key)}));
  }
};

// house: long function because the keys leak one after another, and each stays replaced.
TEST_F(Drill, EveryLeakedKeyIsReplacedByOneVersionAndThePastStillVerifies) {
  StateWorld& state = programs_.world().state("QM");
  crypto::SigningKey new_admin = crypto::SigningKey::Generate(programs_.world().random);
  crypto::SigningKey new_root = crypto::SigningKey::Generate(programs_.world().random);
  WriteSigner("admin-new.key", "administrator", "QM/admin", new_admin);
  WriteSigner("root.key", "state-root", "QM", state.roots[0]);
  WriteSigner("root-new.key", "state-root", "QM", new_root);
  for (int i = 0; i < 2; ++i) {
    WriteSigner(Cat({"depositary-", std::to_string(i), ".key"}), "roster", "depositary",
                programs_.world().roster_keys[i]);
  }
  Write("1.charter", state.charter.SerializeAsString());
  Grant("o-0002", Key("sealing-1.key"));
  std::string before = SendAndSave("o-0001", "before");
  ExpectStillVerifies("before");

  // An officer's key: one directory.
  std::string told = Enrol("o-0001", "o-0001-new.key");
  MustPlain("o-0002", Cat({"officer replace-key ", Path("o-0001-new.key.request"),
                           " --fingerprint \"", told, "\" --out ", Path("2.directory")}));
  Publish("o-0002", "2.directory");
  ExpectAtPeer(1, 1, 2);
  MustRefuse("UNKNOWN_OFFICER", "o-0001", Cat({"case draft ", request_}));
  Grant("o-0002", "--to QM/central/o-0001");
  SetUpDesk("o-0001-new", "o-0001-new.key");
  Must("o-0001-new", Cat({"case open ", before}));
  ExpectStillVerifies("before");

  // The sealing key: one directory. Nothing new is sealed to the leaked one.
  Must("o-0002", Cat({"sealing-key new --authority QM/central --out ", Path("sealing-2.key")}));
  Grant("o-0002", Key("sealing-2.key"));
  MustPlain("o-0002", Cat({"sealing-key rotate --overlap-days 0 --key ", Path("sealing-2.key"),
                           " --out ", Path("3.directory")}));
  Publish("o-0002", "3.directory");
  ExpectAtPeer(1, 1, 3);
  Must("o-0001-new", "desk refresh");
  Must("o-0001-new", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "1") << out_;
  SendAndSave("o-0001-new", "under-3");

  // An administrator's key: one charter, signed by the root. The leaked one signs nothing more.
  MustPlain("o-0002",
            Cat({"charter new --previous ", Path("1.charter"), " --rotate-key ",
                 IdOf(state.admins[0]), "=", Path("admin-new.key"), " --out ", Path("2.charter")}));
  SignWith("charter", "2.charter", "root.key");
  Must("o-0002", Cat({"charter publish ", Path("2.charter")}));
  Must("o-0002", "desk refresh");
  ExpectAtPeer(1, 2, 3);
  MustPlain("o-0002", Cat({"directory new --previous ", Path("3.directory"), " --out ",
                           Path("4.directory")}));
  Sign("4.directory");  // the leaked key and a good one
  MustRefuse("REVOKED_SIGNER", "o-0002", Cat({"directory publish ", Path("4.directory")}));
  SignWith("directory", "4.directory", "admin-new.key");
  Must("o-0002", Cat({"directory publish ", Path("4.directory")}));
  ExpectAtPeer(1, 2, 4);
  ExpectStillVerifies("before");
  ExpectStillVerifies("under-3");

  // A root key: one roster, which the old root signs too. The leaked one signs no charter more.
  MustPlain("o-0002",
            Cat({"roster propose --previous ", Path("roster"), " --rotate-root QM/",
                 IdOf(state.roots[0]), "=", Path("root-new.key"), " --out ", Path("2.roster")}));
  for (const char* key : {"depositary-0.key", "depositary-1.key", "root.key"}) {
    SignWith("roster", "2.roster", key);
  }
  Must("o-0002", Cat({"roster publish ", Path("2.roster")}));
  ExpectAtPeer(2, 2, 4);
  MustPlain("o-0002",
            Cat({"charter new --previous ", Path("2.charter"), " --out ", Path("3.charter")}));
  SignWith("charter", "3.charter", "root.key");
  MustRefuse("REVOKED_SIGNER", "o-0002", Cat({"charter publish ", Path("3.charter")}));
  SignWith("charter", "3.charter", "root-new.key");
  Must("o-0002", Cat({"charter publish ", Path("3.charter")}));
  ExpectAtPeer(2, 3, 4);

  // The past verifies from the folders, and at a desk that fetches it now.
  Must("o-0001-new", "desk refresh");
  Must("o-0001-new", Cat({"case open ", before}));
  ExpectStillVerifies("before");
  ExpectStillVerifies("under-3");
  SendAndSave("o-0001-new", "after");
  ExpectStillVerifies("after");
}

TEST_F(Drill, ALeakedKeyOfTheNodeIsWorthNothingAfterOneDirectory) {
  std::string first_key = programs_.FolderOf("QM") + "/node.key";
  Write("1.directory", programs_.world().state("QM").directory.SerializeAsString());
  Grant("o-0002", Key("sealing-1.key"));
  std::string before = SendAndSave("o-0001", "before");

  // The TLS key: one directory that names the new one only, and the node with it at once.
  StealData();
  MustPlain("o-0002", Cat({"key renew-tls ", first_key, " --out ", Path("node-2.key")}));
  MustPlain("o-0002", Cat({"directory new --previous ", Path("1.directory"), " --tls-key ",
                           Path("node-2.key"), " --out ", Path("2.directory")}));
  Sign("2.directory");
  Must("o-0002", Cat({"directory publish ", Path("2.directory")}));
  StartWith(Path("node-2.key"), "2.directory");
  ExpectAtPeer(1, 1, 2);
  ExpectThiefRefused(first_key, "WRONG_PEER");
  SendAndSave("o-0001", "under-2");

  // The checkpoint key: one directory, which the node takes when it starts with the new file.
  StealData();
  MustPlain("o-0002",
            Cat({"key new --kind node --subject QM --unprotected --out ", Path("node-3.key")}));
  MustPlain("o-0002", Cat({"directory new --previous ", Path("2.directory"), " --node-key ",
                           Path("node-3.key"), " --out ", Path("3.directory")}));
  Sign("3.directory");
  MustRefuse("WRONG_KEY", "o-0002", Cat({"directory publish ", Path("3.directory")}));
  StartWith(Path("node-3.key"), "3.directory");
  ExpectAtPeer(1, 1, 3);
  ExpectThiefRefused(Path("node-2.key"), "WRONG_PEER");
  // Even if the new TLS key had leaked too: QT's hello shows what the new key signed, and no stream
  // lasts. Who goes on all the same, with what the old key signs, is refused.
  WriteMixedNodeKey("mixed.key", Path("node-2.key"), Path("node-3.key"));
  ExpectThiefRefused(Path("mixed.key"), "BAD_FRAME");
  EXPECT_EQ(CodeForOldCheckpoint(Path("node-3.key")), "BAD_RECEIPT");
  // Nor does the node itself go back.
  EXPECT_EQ(programs_.daemon("QM").Stop(), 0);
  programs_.daemon("QM").SetArgument("--node-key", Path("node-2.key"));
  programs_.daemon("QM").Start();
  EXPECT_EQ(programs_.daemon("QM").WaitForEnd(), 3);
  EXPECT_NE(programs_.LogOf("QM").find("WRONG_KEY"), std::string::npos);
  programs_.daemon("QM").SetArgument("--node-key", Path("node-3.key"));
  programs_.daemon("QM").Start();

  // What was sent before still verifies, and new messages go.
  SendAndSave("o-0001", "after");
  for (const char* folder : {"before", "under-2", "after"}) ExpectStillVerifies(folder);
  Must("o-0001", Cat({"case open ", before}));
}

}  // namespace
}  // namespace palermo::testing
