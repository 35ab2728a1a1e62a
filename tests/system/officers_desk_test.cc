// The life of an office through its commands, with the real programs: an officer is enrolled,
// admitted, granted, sends, is removed; the sealing key is rotated, what is kept is rewrapped, the
// old version destroyed; all key files are lost and the recovery key restores the office.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "node/trust/rewrap.h"
#include "node/trust/strict.h"
#include "palermo/v1/services.grpc.pb.h"
#include "tests/system/office.h"

namespace palermo::testing {
namespace {

class OfficersDesk : public Office {};

// house: long function because the story of an office is one.
TEST_F(OfficersDesk, EnrolGrantSendRemoveRotateRewrapDestroyRecover) {
  Grant("o-0002", Key("sealing-1.key"));

  // A new officer: his key file stays, the administrator types what he reads out.
  std::string fingerprint = Enrol("o-0007", "o-0007.key");
  ASSERT_EQ(fingerprint.size(), 29u) << out_;
  std::string admit = Cat({"officer admit ", Path("o-0007.key.request"),
                           " --person p-7 --role DRAFTER --valid-to 2099-01-01 --out ",
                           Path("next.directory"), " --fingerprint "});
  EXPECT_NE(Palermo("o-0002", admit + "\"0000 0000\""), 0);
  EXPECT_NE(out_.find("WRONG_FINGERPRINT"), std::string::npos) << out_;
  EXPECT_EQ(out_.find(fingerprint), std::string::npos) << "it is for the officer to tell";
  MustPlain("o-0002", Cat({admit, "\"", fingerprint, "\""}));
  EXPECT_NE(out_.find("+ officer QM/central/o-0007 (DRAFTER)"), std::string::npos) << out_;
  Publish("o-0002", "next.directory");
  Grant("o-0002", "--to QM/central/o-0007");
  SetUpDesk("o-0007", "o-0007.key");
  std::string id = Draft("o-0007");
  ASSERT_EQ(id.size(), 64u) << out_;
  Must("o-0007", Cat({"case open ", id}));

  // He leaves: his calls end with the entry.
  MustPlain("o-0002", Cat({"officer remove QM/central/o-0007 --out ", Path("removed.directory")}));
  EXPECT_NE(out_.find("Rotate now"), std::string::npos) << out_;
  // What somebody signed is not written over.
  EXPECT_NE(
      Palermo("o-0002", Cat({"officer remove QM/central/o-0007 --out ", Path("next.directory")})),
      0);
  EXPECT_NE(out_.find("FILE_EXISTS"), std::string::npos) << out_;
  Publish("o-0002", "removed.directory");
  MustRefuse("UNKNOWN_OFFICER", "o-0007", Cat({"case open ", id}));

  // The recovery key is no version: it is given to nobody, and named as none.
  MustRefuse("BAD_KEY_FILE", "o-0002", Cat({"sealing-key grant ", Key("recovery.key")}));
  EXPECT_NE(Palermo("o-0002", Cat({"sealing-key rotate --key ", Path("recovery.key"), " --out ",
                                   Path("recovery.directory")})),
            0);
  EXPECT_NE(out_.find("BAD_KEY_FILE"), std::string::npos) << out_;

  // A new version: nobody can name it before it is granted.
  Must("o-0002", Cat({"sealing-key new --authority QM/central --out ", Path("sealing-2.key")}));
  std::string rotate = Cat(
      {"sealing-key rotate --key ", Path("sealing-2.key"), " --out ", Path("rotated.directory")});
  MustPlain("o-0002", rotate);
  Sign("rotated.directory");
  MustRefuse("TOO_FEW_GRANTS", "o-0002", Cat({"directory publish ", Path("rotated.directory")}));
  Grant("o-0002", Key("sealing-2.key"));
  Must("o-0002", Cat({"directory publish ", Path("rotated.directory")}));
  Must("o-0002", "sealing-key status");
  EXPECT_NE(out_.find("ACTIVE"), std::string::npos) << out_;

  // What is kept is sealed to it; then the old one goes, against the clock and by force.
  Must("o-0001", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "1") << out_;
  Must("o-0001", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "0") << out_;
  std::string destroy = Cat({"sealing-key destroy --yes --key-version 1 --reason COMPROMISE --out ",
                             Path("destroy.statement")});
  std::string enter = Cat({"sealing-key destroy --yes --statement ", Path("destroy.statement")});
  Must("o-0002", destroy);
  MustRefuse("KEY_IN_USE", "o-0003", enter);
  Must("o-0002", destroy + " --force");
  Must("o-0003", enter);
  EXPECT_NE(Palermo("o-0004", "audit inbox" + Pass()), 0);
  EXPECT_NE(out_.find("COMPROMISE forced"), std::string::npos) << out_;
  Must("o-0001", Cat({"case open ", id}));  // by the rewrap: version 1 is gone

  // All key files are lost: new keys for who stays, and everything from the recovery key.
  for (const char* name : {"o-0001", "o-0002"}) {
    std::string file = Cat({name, "-new.key"});
    std::string told = Enrol(name, file);
    std::string from =
        std::string(name) == "o-0001" ? "" : Cat({" --directory ", Path("replaced.directory")});
    MustPlain("o-0003", Cat({"officer replace-key ", Path(file), ".request --fingerprint \"", told,
                             "\"", from, " --out ", Path("replaced.directory")}));
  }
  Sign("replaced.directory");
  Must("o-0003", Cat({"directory publish ", Path("replaced.directory")}));
  MustRefuse("UNKNOWN_OFFICER", "o-0001", Cat({"case open ", id}));
  for (const char* name : {"o-0001", "o-0002"}) {
    SetUpDesk(Cat({name, "-new"}), Cat({name, "-new.key"}));
  }
  EXPECT_NE(Palermo("o-0001-new", Cat({"case open ", id}) + Pass()), 0);
  Must("o-0002-new", Cat({"sealing-key recover --recovery-key ", Path("recovery.key"),
                          " --recovery-passphrase-file ", Path("pass"),
                          " --to QM/central/o-0001 --to QM/central/o-0002"}));
  Must("o-0001-new", Cat({"case open ", id}));
}

// A rewrap that opens nothing, of an officer who wants a message to vanish with its key.
TEST_F(OfficersDesk, AVersionIsNotDestroyedWhileARewrapThatItReliesOnOpensNothing) {
  Grant("o-0002", Key("sealing-1.key"));
  std::string id = Draft("o-0001");
  Must("o-0002", Cat({"sealing-key new --authority QM/central --out ", Path("sealing-2.key")}));
  Grant("o-0002", Key("sealing-2.key"));
  MustPlain("o-0002", Cat({"sealing-key rotate --key ", Path("sealing-2.key"), " --out ",
                           Path("next.directory")}));
  Publish("o-0002", "next.directory");
  Must("o-0002", "sealing-key status --json");
  std::smatch found;
  const std::regex second("\"version\": 2,\\s*\"key_id\": \"([0-9a-f]+)\"");
  ASSERT_TRUE(std::regex_search(out_, found, second)) << out_;

  OfficerWorld& insider = programs_.world().officer("QM/central/o-0003");
  v1::RewrapStatement body;
  body.set_format(1);
  body.set_message_id(Value(HexDecode(id)));
  body.set_authority("QM/central");
  body.set_key_version(2);
  body.set_key_id(Value(HexDecode(found[1].str())));
  body.set_officer(insider.id);
  body.set_at_ms(absl::ToUnixMillis(absl::Now()));
  v1::PutRewrapsRequest request;
  v1::Rewrap* garbage = request.add_rewraps();
  garbage->set_encapsulation(std::string(1120, 'e'));
  garbage->set_wrapped_key(std::string(48, 'w'));
  body.set_wrap_sha256(trust::WrapSha256(*garbage));
  garbage->set_statement(trust::StrictSerialize(body));
  garbage->set_signer_key_id(
      crypto::KeyId(crypto::kEd25519, crypto::AsView(insider.sign.public_key())));
  garbage->set_signature(std::string(
      crypto::AsView(insider.sign.Sign(crypto::Purpose::kRewrap, garbage->statement()))));
  grpc::ClientContext context;
  v1::PutRewrapsResponse response;
  grpc::Status put = programs_.Desk(insider.id)->PutRewraps(&context, request, &response);
  ASSERT_TRUE(put.ok()) << put.error_message();

  Must("o-0001", "sealing-key rewrap --json");
  EXPECT_EQ(Field("rewrapped"), "0") << out_;  // the node counts it and cannot try it
  std::string destroy = Cat({"sealing-key destroy --yes --key-version 1 --reason ROTATION --out ",
                             Path("destroy.statement")});
  MustRefuse("what only this version opens: messages 1, drafts that wait 0", "o-0002", destroy);
  EXPECT_NE(out_.find(Cat({"--message ", id})), std::string::npos) << out_;
  Must("o-0001", Cat({"sealing-key rewrap --message ", id}));
  Must("o-0002", destroy);
}

TEST_F(OfficersDesk, BreakGlassGivesAnAuditorWhatTwoOfficersSigned) {
  Grant("o-0002", Key("sealing-1.key"));
  std::string id = Draft("o-0001");
  ASSERT_EQ(id.size(), 64u) << out_;
  std::string open = Cat({"break-glass open ", id, " --authority QM/central"});
  MustRefuse("WRONG_ROLE", "o-0004", open);
  Must("o-0002", Cat({"break-glass propose --authority QM/central --officer QM/central/o-0004 "
                      "--reason COURT_ORDER --hours 2 --out ",
                      Path("access.statement")}));
  Must("o-0003", Cat({"break-glass enter ", Path("access.statement"), " --json"}));
  std::string access = Field("id");
  MustRefuse("UNKNOWN_KEY", "o-0004", open);  // fetched, and nothing opens it
  Grant("o-0002", Cat({"--break-glass ", access}));
  Must("o-0004", open);
  EXPECT_NE(Palermo("o-0004", "audit inbox" + Pass()), 0);
  EXPECT_NE(out_.find("COURT_ORDER QM/central/o-0004"), std::string::npos) << out_;
  Must("o-0003", Cat({"break-glass end ", access}));
  MustRefuse("WRONG_ROLE", "o-0004", open);
}

}  // namespace
}  // namespace palermo::testing
