#include "node/desk/document_edit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/bytes.h"
#include "base/status.h"
#include "node/desk/authority_json.h"
#include "node/desk/field_changes.h"
#include "node/desk/files.h"
#include "node/desk/officer_keys.h"
#include "node/trust/authority.h"
#include "node/trust/documents.h"
#include "node/trust/rosters.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class DocumentEditTest : public ::testing::Test {
 protected:
  DocumentEditTest() {
    folder_ = ::testing::TempDir() + "/edit-XXXXXX";
    EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  ~DocumentEditTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& text) {
    std::string path = folder_ + "/" + name;
    EXPECT_TRUE(WriteFileAtomic(path, text, 0600).ok());
    return path;
  }
  std::string KeyFile(const std::string& kind, const std::string& subject) {
    crypto::KeyFilePublic keys;
    keys.kind = kind;
    keys.subject = subject;
    keys.created = "2026-03-02T09:00:00Z";
    crypto::SigningKey key = crypto::SigningKey::Generate(world_.random);
    keys.keys["sign"] = {crypto::kEd25519, std::string(crypto::AsView(key.public_key()))};
    return File(subject + ".json", PublicKeysJson(keys));
  }
  v1::Roster Edited(const DocumentEdit& edit) {
    next_ = Value(EditDocument(DocumentKind::kRoster, world_.rosters[0], edit, world_.clock.Now()));
    v1::Roster roster;
    EXPECT_TRUE(roster.ParseFromString(next_.document()));
    return roster;
  }
  std::string CodeFor(const DocumentEdit& edit) {
    return CodeOf(
        EditDocument(DocumentKind::kRoster, world_.rosters[0], edit, world_.clock.Now()).status());
  }
  std::string Changes() {
    return Value(DescribeChanges(DocumentKind::kRoster, world_.rosters[0], next_));
  }

  World world_;
  v1::SignedDocument next_;
  std::string folder_;
};

TEST_F(DocumentEditTest, RenewalIsTheNextVersionWithNewTimesAndNothingElse) {
  v1::Roster before = Value(trust::VerifyFirstRoster(world_.rosters[0], world_.fingerprint)).body;
  world_.clock.Advance(absl::Hours(24));
  v1::Roster roster = Edited({});
  EXPECT_EQ(roster.version(), 2u);
  EXPECT_EQ(roster.expires_at_ms() - roster.issued_at_ms(),
            before.expires_at_ms() - before.issued_at_ms());
  EXPECT_NE(Changes().find("Nothing but version and times changes"), std::string::npos);
  for (int i = 0; i < 2; ++i) {
    trust::SignDocument(crypto::Purpose::kRoster, world_.roster_keys[i], &next_);
  }
  EXPECT_TRUE(trust::VerifyNextRoster(
                  next_, Value(trust::VerifyFirstRoster(world_.rosters[0], world_.fingerprint)))
                  .ok());
}

TEST_F(DocumentEditTest, AStateJoinsAndAnotherLeaves) {
  std::string root = KeyFile("state-root", "QA");
  DocumentEdit edit;
  edit.add_states = {File("qz.json", R"({"state": "QZ", "name": "Zanthe", "endpoint": "z:1",
                                         "roots": {"threshold": 1, "keys": ["QA.json"]}})")};
  edit.remove_states = {"QT"};
  v1::Roster roster = Edited(edit);
  ASSERT_EQ(roster.states_size(), 2);
  EXPECT_EQ(roster.states(1).state(), "QZ");
  EXPECT_NE(Changes().find("QT (Exercise State QT) LEAVES"), std::string::npos) << Changes();
  EXPECT_NE(Changes().find("QZ (Zanthe) JOINS"), std::string::npos);
}

TEST_F(DocumentEditTest, AWholeTemplateBringsItsStatesAndNothingElse) {
  std::string root = KeyFile("state-root", "QZ");
  DocumentEdit edit;
  edit.add_states = {File("template.json", R"({"exercise": true, "valid_days": 5,
      "roster_keys": {"threshold": 1, "keys": ["not-there.key"]},
      "states": [{"state": "QZ", "endpoint": "z:1",
                  "roots": {"threshold": 1, "keys": ["QZ.json"]}}]})")};
  v1::Roster roster = Edited(edit);
  ASSERT_EQ(roster.states_size(), 3);
  EXPECT_EQ(roster.states(2).state(), "QZ");
  EXPECT_EQ(Changes().find("roster key"), std::string::npos) << Changes();
}

TEST_F(DocumentEditTest, KeysAreRotatedByHolderOrId) {
  std::string key = KeyFile("roster", "depositary-9");
  DocumentEdit edit;
  edit.rotate_keys = {"depositary 1=" + key};
  v1::Roster roster = Edited(edit);
  EXPECT_EQ(roster.roster_keys().keys(0).holder(), "depositary-9");
  EXPECT_NE(Changes().find("of depositary 1 goes"), std::string::npos) << Changes();
  EXPECT_NE(Changes().find("of depositary-9 comes"), std::string::npos);
  std::string id = HexEncode(Value(trust::VerifyFirstRoster(world_.rosters[0], world_.fingerprint))
                                 .body.states(1)
                                 .roots()
                                 .keys(0)
                                 .key_id());
  edit.rotate_keys.clear();
  edit.rotate_roots = {"QT/" + id + "=" + KeyFile("state-root", "QT")};
  roster = Edited(edit);
  EXPECT_NE(Changes().find("waits for a confirmation"), std::string::npos) << Changes();
}

TEST_F(DocumentEditTest, RefusesChangesThatFitNothing) {
  DocumentEdit edit;
  edit.remove_states = {"QZ"};
  EXPECT_EQ(CodeFor(edit), "BAD_EDIT");
  edit = {};
  edit.rotate_keys = {"nobody=" + KeyFile("roster", "x")};
  EXPECT_EQ(CodeFor(edit), "BAD_EDIT");
  edit = {};
  edit.rotate_keys = {"no equals sign"};
  EXPECT_EQ(CodeFor(edit), "BAD_EDIT");
  edit = {};
  edit.endpoints = {"QM=localhost"};
  EXPECT_EQ(CodeFor(edit), "BAD_ENDPOINT");
  edit.endpoints = {"QZ=x:1"};
  EXPECT_EQ(CodeFor(edit), "BAD_EDIT");
  DocumentEdit state_in_charter;
  state_in_charter.remove_states = {"QT"};
  EXPECT_EQ(CodeOf(EditDocument(DocumentKind::kCharter, world_.state("QM").charter,
                                state_in_charter, world_.clock.Now())
                       .status()),
            "BAD_EDIT");
}

TEST_F(DocumentEditTest, SaysWhoSignedAndHowManyAreMissing) {
  Edited({});
  v1::Roster roster;
  ASSERT_TRUE(roster.ParseFromString(next_.document()));
  auto text = [&] {
    return SignersText(DocumentKind::kRoster, roster.roster_keys(), "roster keys", next_);
  };
  EXPECT_NE(text().find("0 of 3 signed, 2 needed, 2 missing"), std::string::npos);
  trust::SignDocument(crypto::Purpose::kRoster, world_.roster_keys[1], &next_);
  EXPECT_NE(text().find("1 of 3 signed, 2 needed, 1 missing"), std::string::npos);
  next_.mutable_signatures(0)->mutable_signature()->front() ^= 1;
  EXPECT_NE(text().find("WRONG SIGNATURE"), std::string::npos);
  EXPECT_NE(text().find("2 missing"), std::string::npos);
}

TEST_F(DocumentEditTest, ADirectorysChangesNameWhatComesGoesAndChanges) {
  v1::SignedDocument before = world_.state("QM").directory;
  v1::SignedDocument after = world_.NextDirectory("QM", [](v1::Directory* directory) {
    directory->mutable_officers(1)->add_roles(v1::Role::INVESTIGATOR);
    directory->mutable_officers()->DeleteSubrange(0, 1);
    directory->mutable_policy(0)->set_approvals(1);
  });
  std::string text = Value(DescribeChanges(DocumentKind::kDirectory, before, after));
  EXPECT_NE(text.find("officer QM/central/o-0001 goes"), std::string::npos) << text;
  EXPECT_NE(text.find("officer QM/central/o-0002: roles: comes INVESTIGATOR"), std::string::npos)
      << text;
  EXPECT_NE(text.find("policy UNSPECIFIED/REQUEST/UNSPECIFIED: approvals: 1, not"),
            std::string::npos)
      << text;
  EXPECT_NE(Value(DescribeChanges(DocumentKind::kDirectory, after, before)).find("WARNING"),
            std::string::npos);
}

TEST_F(DocumentEditTest, WhatChangesIsSaidFieldByField) {
  v1::AuthorityEntry before = world_.Directory("QM")->body().authorities(0), after = before;
  EXPECT_TRUE(FieldChanges(before, after).empty());
  // A window inside a list, an optional message that goes, an order, and text that a terminal must
  // not obey.
  after.mutable_sealing_keys(0)->set_valid_to_ms(1'800'000'000'000);
  after.clear_recovery_key();
  after.add_languages("x\x1b[2J");
  after.mutable_languages()->SwapElements(0, after.languages_size() - 1);
  std::string text;
  for (const std::string& line : FieldChanges(before, after)) text += line + "\n";
  EXPECT_NE(text.find("sealing_keys: goes {version 1"), std::string::npos) << text;
  EXPECT_NE(text.find("valid_to_ms 2027-01-15T08:00:00Z"), std::string::npos) << text;
  EXPECT_NE(text.find("recovery_key: (nothing), not {version 1"), std::string::npos) << text;
  EXPECT_NE(text.find("languages: comes x?[2J"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  // A long key by its SHA-256, a key id in full.
  EXPECT_NE(text.find("public_key (SHA-256 "), std::string::npos) << text;
  EXPECT_NE(text.find(HexEncode(before.sealing_keys(0).key_id())), std::string::npos) << text;
}

TEST_F(DocumentEditTest, AnotherOrderIsAChangeToo) {
  v1::AuthorityEntry before;
  before.add_languages("es");
  before.add_languages("en");
  v1::AuthorityEntry after = before;
  after.mutable_languages()->SwapElements(0, 1);
  EXPECT_EQ(FieldChanges(before, after),
            std::vector<std::string>{"languages: the same, in another order"});
}

TEST_F(DocumentEditTest, ANewTreatyListIsSeen) {
  v1::SignedDocument before = world_.state("QM").directory;
  v1::SignedDocument after =
      world_.NextDirectory("QM", [](v1::Directory* d) { d->set_treaty_list("x"); });
  EXPECT_NE(Value(DescribeChanges(DocumentKind::kDirectory, before, after))
                .find("treaty status list: another one"),
            std::string::npos);
}

TEST_F(DocumentEditTest, ADirectorysNodeTlsAndRecoveryKeysAreReplacedWithoutItsJson) {
  auto file = [&](const std::string& kind, const std::string& subject, const std::string& name) {
    auto bundle = Value(MakeKeys(kind, subject, world_.clock.Now(), world_.random));
    auto text = Value(crypto::EncodeKeyFile(bundle, crypto::SecretBytes::Copy("x"),
                                            crypto::Argon2Params::WeakForTests(), world_.random));
    return File(name, text);
  };
  std::string node = file("node", "QM", "node"), next = file("node", "QM", "next");
  std::string recovery = file("recovery", "QM/central", "recovery");
  const v1::SignedDocument& before = world_.state("QM").directory;
  auto edited = [&](const DocumentEdit& edit) {
    v1::Directory directory;
    next_ = Value(EditDocument(DocumentKind::kDirectory, before, edit, world_.clock.Now()));
    EXPECT_TRUE(directory.ParseFromString(next_.document()));
    return directory;
  };
  v1::Directory old = world_.Directory("QM")->body();
  DocumentEdit edit;
  edit.tls_keys = {node, next};
  v1::Directory directory = edited(edit);
  EXPECT_EQ(directory.node().tls_pins_size(), 2);
  EXPECT_EQ(directory.node().checkpoint_key(), old.node().checkpoint_key());
  edit = {};
  edit.node_key = next;
  directory = edited(edit);
  EXPECT_EQ(directory.node().tls_pins_size(), 1);
  EXPECT_NE(directory.node().checkpoint_key(), old.node().checkpoint_key());
  EXPECT_NE(directory.node().cosignature_key(), old.node().cosignature_key());
  EXPECT_EQ(directory.officers_size(), old.officers_size());
  std::string text = Value(DescribeChanges(DocumentKind::kDirectory, before, next_));
  EXPECT_NE(text.find("another checkpoint key"), std::string::npos) << text;
  EXPECT_NE(text.find("TLS pin"), std::string::npos) << text;
  edit = {};
  edit.recovery_keys = {"QM/central=" + recovery};
  directory = edited(edit);
  EXPECT_NE(directory.authorities(0).recovery_key().key_id(),
            old.authorities(0).recovery_key().key_id());
  // Each change belongs to one kind of document, and needs the right kind of key file.
  auto code = [&](DocumentKind kind, const v1::SignedDocument& of) {
    return CodeOf(EditDocument(kind, of, edit, world_.clock.Now()).status());
  };
  EXPECT_EQ(code(DocumentKind::kRoster, world_.rosters[0]), "BAD_EDIT");
  EXPECT_EQ(code(DocumentKind::kCharter, world_.state("QM").charter), "BAD_EDIT");
  edit.recovery_keys = {"QM/nobody=" + recovery};
  EXPECT_EQ(code(DocumentKind::kDirectory, before), "BAD_EDIT");
  edit.recovery_keys = {"QM/central=" + node};
  EXPECT_EQ(code(DocumentKind::kDirectory, before), "BAD_KEY_FILE");
  edit.recovery_keys = {"QM/central=" + file("sealing", "QM/central", "version")};
  EXPECT_EQ(code(DocumentKind::kDirectory, before), "BAD_KEY_FILE");
}

TEST(AuthorityJsonTest, TheTemplatesCooperationIsTakenAndUnknownWordsAreNot) {
  auto read = [](const std::string& text, v1::Cooperation* terms) {
    JsonReader json = Value(JsonReader::Parse(text, "test"));
    *terms = ReadCooperation(json.Object("cooperation"));
    return json.Finish();
  };
  v1::Cooperation terms;
  ASSERT_TRUE(read(R"({"cooperation": {"//roles": "why", "roles": ["SOM_ART8", "EXTRADITION"],
    "working_hours": [{"first_weekday": 1, "last_weekday": 5, "from": "08:30", "to": "17:00"}],
    "time_zone": "Etc/UTC", "channels": ["DIPLOMATIC", "CA_DIRECT"],
    "treaties": [{"treaty": "UNTOC", "kind": "RATIFIED", "in_force_from": "2004-01-01"}],
    "designations": [{"role": "SOM_ART8", "designated_at": "2026-01-01"}],
    "attested_at": "2026-02-01"}})",
                   &terms)
                  .ok());
  EXPECT_EQ(terms.roles(0), v1::AuthorityRole::EXTRADITION);
  EXPECT_EQ(terms.working_hours(0).from_minute(), 510u);
  v1::AuthorityEntry entry;
  entry.set_id("QM/central");
  *entry.mutable_cooperation() = terms;
  EXPECT_TRUE(trust::CheckAuthorityEntry(entry).ok()) << trust::CheckAuthorityEntry(entry);
  EXPECT_EQ(CodeOf(read(R"({"cooperation": {"roles": ["KING"]}})", &terms)), "BAD_JSON");
  EXPECT_EQ(CodeOf(read(R"({"cooperation": {"rolls": []}})", &terms)), "BAD_JSON");
  EXPECT_EQ(
      CodeOf(read(R"({"cooperation": {"working_hours": [{"from": "8:30", "to": "9"}]}})", &terms)),
      "BAD_JSON");
}

}  // namespace
}  // namespace palermo::desk
