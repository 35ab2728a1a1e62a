#include "node/desk/directory_edit.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/clock.h"
#include "base/status.h"
#include "node/trust/documents.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

class DirectoryEditTest : public ::testing::Test {
 protected:
  DirectoryEditTest() : before_(world_.Directory("QM")->body()) {
    next_ = Value(StartDirectory(world_.state("QM").directory, world_.clock.Now()));
  }
  v1::OfficerRequest Request(const std::string& id) {
    crypto::SigningKey sign = crypto::SigningKey::Generate(world_.random);
    auto seal = Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, world_.random));
    v1::OfficerRequest request;
    request.set_officer(id);
    request.set_signing_key(std::string(crypto::AsView(sign.public_key())));
    request.set_sealing_kem(static_cast<uint32_t>(seal.kem()));
    request.set_sealing_key(seal.PublicKey().bytes);
    request.set_tls_pin(world_.random.Bytes(32));
    return request;
  }
  Mandate ForAYear(std::vector<v1::Role::Code> roles) {
    return {"p-9", std::move(roles), world_.clock.Now(),
            world_.clock.Now() + absl::Hours(24 * 365)};
  }
  // Signed by the administrators and verified as the node does.
  absl::StatusOr<trust::Directory> Verified() {
    v1::SignedDocument document = FinishDirectory(next_);
    v1::Directory body;
    EXPECT_TRUE(body.ParseFromString(document.document()));
    v1::SignedDocument signed_document = world_.SignDirectory("QM", body);
    trust::TrustPtr view = world_.View();
    const trust::StateView* known = view->Find("QM");
    return trust::VerifyDirectory(signed_document, *known->charter, &known->directory->verified());
  }
  std::string Changes() {
    std::string text;
    for (const std::string& line : DirectoryChanges(before_, next_)) text += line + "\n";
    return text;
  }

  World world_;
  v1::Directory before_;
  v1::Directory next_;
};

TEST_F(DirectoryEditTest, AnOfficerIsAdmittedForATime) {
  ASSERT_TRUE(AdmitOfficer(Request("QM/central/o-0000"),
                           ForAYear({v1::Role::DRAFTER, v1::Role::CUSTODIAN}), &next_)
                  .ok());
  trust::DirectoryIndex index(Value(Verified()));
  const v1::OfficerEntry* officer = index.FindOfficer("QM/central/o-0000");
  ASSERT_NE(officer, nullptr);
  EXPECT_TRUE(trust::HasRole(*officer, v1::Role::CUSTODIAN));
  EXPECT_TRUE(trust::CheckMandate(*officer, world_.clock.Now()).ok());
  EXPECT_FALSE(trust::CheckMandate(*officer, world_.clock.Now() + absl::Hours(24 * 366)).ok());
  EXPECT_EQ(index.body().version(), 2u);
  EXPECT_NE(Changes().find("+ officer QM/central/o-0000 (DRAFTER CUSTODIAN)"), std::string::npos)
      << Changes();
}

TEST_F(DirectoryEditTest, WhoIsThereOrOfNoAuthorityIsNotAdmitted) {
  EXPECT_EQ(
      CodeOf(AdmitOfficer(Request("QM/central/o-0001"), ForAYear({v1::Role::DRAFTER}), &next_)),
      "OFFICER_EXISTS");
  EXPECT_EQ(
      CodeOf(AdmitOfficer(Request("QM/police/o-0001"), ForAYear({v1::Role::DRAFTER}), &next_)),
      "BAD_STATEMENT");
  EXPECT_EQ(CodeOf(AdmitOfficer(Request("QM/central/o-0009"), ForAYear({}), &next_)), "USAGE");
  Mandate over = ForAYear({v1::Role::DRAFTER});
  over.to = over.from;
  EXPECT_EQ(CodeOf(AdmitOfficer(Request("QM/central/o-0009"), over, &next_)), "USAGE");
}

TEST_F(DirectoryEditTest, RolesAndMandateChangeAndTheKeysStay) {
  ASSERT_TRUE(ChangeOfficer("QM/central/o-0001", {v1::Role::APPROVER}, 0,
                            ToMillis(world_.clock.Now()) + 1000, &next_)
                  .ok());
  ASSERT_TRUE(Verified().ok());
  EXPECT_EQ(next_.officers(0).signing_key(), before_.officers(0).signing_key());
  EXPECT_NE(Changes().find("roles DRAFTER -> APPROVER"), std::string::npos) << Changes();
  EXPECT_EQ(CodeOf(ChangeOfficer("QM/central/o-0099", {}, 0, 0, &next_)), "UNKNOWN_OFFICER");
}

TEST_F(DirectoryEditTest, AnOfficerIsRemoved) {
  ASSERT_TRUE(RemoveOfficer("QM/central/o-0002", &next_).ok());
  EXPECT_TRUE(Verified().ok());
  EXPECT_NE(Changes().find("- officer QM/central/o-0002"), std::string::npos) << Changes();
  EXPECT_EQ(CodeOf(RemoveOfficer("QM/central/o-0002", &next_)), "UNKNOWN_OFFICER");
}

TEST_F(DirectoryEditTest, LostKeysAreReplacedByOthersOnly) {
  v1::OfficerRequest request = Request("QM/central/o-0001");
  v1::OfficerRequest same = request;
  same.set_signing_key(before_.officers(0).signing_key());
  EXPECT_EQ(CodeOf(ReplaceOfficerKeys(same, &next_)), "SAME_KEY");
  ASSERT_TRUE(ReplaceOfficerKeys(request, &next_).ok());
  trust::DirectoryIndex index(Value(Verified()));
  EXPECT_EQ(index.FindOfficerByPin(before_.officers(0).tls_pins(0)), nullptr);
  EXPECT_NE(index.FindOfficerByPin(request.tls_pin()), nullptr);
}

TEST_F(DirectoryEditTest, ANewSealingKeyClosesTheOldWindow) {
  auto key = Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, world_.random));
  absl::Time now = world_.clock.Now();
  ASSERT_TRUE(AddSealingKey("QM/central", key.PublicKey(), now, now + absl::Hours(24 * 365),
                            now + absl::Hours(24), &next_)
                  .ok());
  trust::DirectoryIndex index(Value(Verified()));
  const v1::AuthorityEntry* authority = index.FindAuthority("QM/central");
  EXPECT_EQ(Value(trust::ActiveSealingKey(*authority, now))->version(), 2u);
  EXPECT_EQ(authority->sealing_keys(0).valid_to_ms(), ToMillis(now + absl::Hours(24)));
  EXPECT_EQ(
      CodeOf(AddSealingKey("QM/central", key.PublicKey(), now, now + absl::Hours(1), now, &next_)),
      "SAME_KEY");
  // Nor the key that was locked away to recover.
  EXPECT_EQ(CodeOf(AddSealingKey("QM/central", world_.state("QM").recovery.PublicKey(), now,
                                 now + absl::Hours(1), now, &next_)),
            "SAME_KEY");
}

TEST_F(DirectoryEditTest, AProposalThatNobodySignedIsChangedAsItIs) {
  ASSERT_TRUE(RemoveOfficer("QM/central/o-0002", &next_).ok());
  v1::Directory again = Value(StartDirectory(FinishDirectory(next_), world_.clock.Now()));
  EXPECT_EQ(again.version(), next_.version());
  ASSERT_TRUE(RemoveOfficer("QM/central/o-0003", &again).ok());
  next_ = again;
  EXPECT_TRUE(Verified().ok());
}

TEST_F(DirectoryEditTest, WarnsWhenARoleLosesItsLastPerson) {
  EXPECT_TRUE(RoleWarnings(before_, next_).empty());
  auto warnings = [&](const std::function<void(v1::OfficerEntry*)>& change) {
    v1::Directory after = next_;
    for (auto& officer : *after.mutable_officers()) change(&officer);
    std::string text;
    for (const std::string& line : RoleWarnings(before_, after)) text += line + "\n";
    return text;
  };
  auto without = [](v1::Role::Code role) {
    return [role](v1::OfficerEntry* officer) {
      std::vector<int> kept;
      for (int one : officer->roles()) {
        if (one != role) kept.push_back(one);
      }
      officer->clear_roles();
      for (int one : kept) officer->add_roles(static_cast<v1::Role::Code>(one));
    };
  };
  EXPECT_NE(warnings(without(v1::Role::AUDITOR)).find("nobody is AUDITOR"), std::string::npos);
  EXPECT_NE(warnings(without(v1::Role::ADMINISTRATOR)).find("nobody is ADMINISTRATOR"),
            std::string::npos);
  EXPECT_NE(warnings(without(v1::Role::APPROVER)).find("nobody is APPROVER of QM/central"),
            std::string::npos);
  // A mandate that is over counts as little as a role that is gone.
  EXPECT_NE(warnings([&](v1::OfficerEntry* officer) {
              officer->set_valid_to_ms(next_.issued_at_ms());
            }).find("nobody is AUDITOR"),
            std::string::npos);
}

TEST_F(DirectoryEditTest, WarnsWhenFewerApproversStayThanThePolicyAsksFor) {
  v1::Directory two = next_, one = next_;
  const auto only = [](v1::Directory& directory, std::vector<int> approvers) {
    for (int i = 0; i < directory.officers_size(); ++i) {
      auto& officer = *directory.mutable_officers(i);
      officer.clear_roles();
      const bool is = std::count(approvers.begin(), approvers.end(), i) > 0;
      officer.add_roles(is ? v1::Role::APPROVER : v1::Role::CUSTODIAN);
    }
  };
  only(two, {0, 1});
  only(one, {0});
  const auto warned = [](const v1::Directory& before, const v1::Directory& after) {
    for (const std::string& line : RoleWarnings(before, after)) {
      if (line.find("approver now") != std::string::npos) return line;
    }
    return std::string();
  };
  EXPECT_NE(warned(two, one).find("needs 2 persons"), std::string::npos);
  EXPECT_EQ(warned(one, two), "");
  v1::Directory three = next_;
  only(three, {0, 1, 2});
  EXPECT_EQ(warned(three, two), "");
  two.add_policy()->set_approvals(3);
  EXPECT_NE(warned(three, two).find("needs 3 persons"), std::string::npos);
}

TEST_F(DirectoryEditTest, WarnsWhenFewerThanTwoCustodiansStay) {
  v1::Directory two = next_, one = next_;
  two.mutable_officers(0)->add_roles(v1::Role::CUSTODIAN);
  two.mutable_officers(1)->add_roles(v1::Role::CUSTODIAN);
  one.mutable_officers(0)->add_roles(v1::Role::CUSTODIAN);
  ASSERT_EQ(RoleWarnings(two, one).size(), 1u);
  EXPECT_NE(RoleWarnings(two, one)[0].find("fewer than two custodians"), std::string::npos);
  EXPECT_TRUE(RoleWarnings(one, two).empty());
}

}  // namespace
}  // namespace palermo::desk
