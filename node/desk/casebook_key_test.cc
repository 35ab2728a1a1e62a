#include "node/desk/casebook_key.h"

#include <gtest/gtest.h>

#include "base/status.h"
#include "crypto/hpke_open.h"
#include "palermo/v1/casebook.pb.h"
#include "tests/support/fake_random.h"

namespace palermo::desk {
namespace {

using crypto::SecretAccess;

constexpr char kOfficer[] = "QM/central/o-0001";

class CasebookKey : public ::testing::Test {
 protected:
  crypto::SealingPrivateKey Seal() {
    return *crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, random_);
  }
  std::string CodeFor(std::string_view file, const std::string& officer,
                      const crypto::SealingPrivateKey& key) {
    return CodeOf(OpenCasebookKey(file, officer, key).status());
  }

  testing::FakeRandom random_;
};

TEST_F(CasebookKey, OpensOnlyWithTheOfficersKeyFile) {
  const crypto::SealingPrivateKey mine = Seal(), other = Seal();
  const auto made = MakeCasebookKey(kOfficer, mine.PublicKey(), random_);
  ASSERT_TRUE(made.ok());
  const auto opened = OpenCasebookKey(made->file, kOfficer, mine);
  ASSERT_TRUE(opened.ok()) << TextOf(opened.status());
  const auto access = SecretAccess::Grant();
  EXPECT_EQ(opened->Expose(access), made->key.Expose(access));
  EXPECT_EQ(made->file.find(made->key.Expose(access)), std::string::npos);
  EXPECT_EQ(CodeFor(made->file, kOfficer, other), "WRONG_KEY");
  EXPECT_EQ(CodeFor(made->file, "QM/central/o-0002", mine), "WRONG_KEY");
  const auto next = MakeCasebookKey(kOfficer, mine.PublicKey(), random_);
  EXPECT_NE(next->key.Expose(access), made->key.Expose(access));
}

TEST_F(CasebookKey, IsSealedForThisUseAndThisOfficerAlone) {
  const crypto::SealingPrivateKey mine = Seal();
  const auto made = MakeCasebookKey(kOfficer, mine.PublicKey(), random_);
  ASSERT_TRUE(made.ok());
  v1::CasebookKey file;
  ASSERT_TRUE(file.ParseFromString(made->file));
  EXPECT_FALSE(crypto::HpkeOpen(mine, file.encapsulation(), "", "", file.wrapped_key()).ok());
  file.set_officer("QM/central/o-0002");
  EXPECT_EQ(CodeFor(file.SerializeAsString(), "QM/central/o-0002", mine), "WRONG_KEY");
}

TEST_F(CasebookKey, AChangedFileIsRefused) {
  const crypto::SealingPrivateKey mine = Seal();
  const auto made = MakeCasebookKey(kOfficer, mine.PublicKey(), random_);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(CodeFor("", kOfficer, mine), "BAD_CASEBOOK_KEY");
  EXPECT_EQ(CodeFor(made->file + "x", kOfficer, mine), "BAD_CASEBOOK_KEY");
  EXPECT_EQ(CodeFor(std::string(100000, 'x'), kOfficer, mine), "BAD_CASEBOOK_KEY");
  for (size_t at = 0; at < made->file.size(); at += 7) {
    std::string changed = made->file;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(OpenCasebookKey(changed, kOfficer, mine).ok()) << at;
  }
}

}  // namespace
}  // namespace palermo::desk
