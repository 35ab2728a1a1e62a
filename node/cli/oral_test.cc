// What a pair of states has agreed about oral requests, where a request is checked.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "node/cli/command.h"
#include "node/cli/session.h"
#include "node/desk/clock_policy.h"
#include "node/desk/files.h"
#include "node/desk/trust_memory.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_random.h"
#include "tests/support/world.h"

namespace palermo::cli {
namespace {

using ::palermo::testing::Value;

class OralTest : public ::testing::Test {
 protected:
  OralTest() {
    home_ = ::testing::TempDir() + "/oral-XXXXXX";
    EXPECT_NE(::mkdtemp(home_.data()), nullptr);
    v1::GetTrustResponse shown;
    shown.set_own_state("QM");
    for (const auto& roster : world_.rosters) *shown.add_rosters() = roster;
    for (auto& [code, state] : world_.states) {
      v1::StateTrust* entry = shown.add_states();
      entry->set_state(code);
      *entry->mutable_charter() = state.charter;
      *entry->mutable_directory() = state.directory;
    }
    auto memory = Value(desk::TrustMemory::Create(world_.rosters[0], world_.fingerprint, "QM"));
    EXPECT_TRUE(memory.Update(shown).ok());
    EXPECT_TRUE(memory.Save(TrustPath(home_)).ok());
  }
  ~OralTest() override { std::filesystem::remove_all(home_); }

  std::string Palermo(const std::vector<std::string>& arguments, int* code = nullptr) {
    std::string out, err;
    const int done = cli::Run(arguments, world_.clock, random_, &out, &err);
    if (code != nullptr) *code = done;
    return out + err;
  }
  // The check of a request that was made orally, and confirmed at this time.
  std::string Checked(const std::string& confirmed, int* code = nullptr) {
    std::string draft = Palermo({"case", "new", "boarding-authorization", "--to", "QT/central"});
    const std::string begin = "\"request\": {";
    const size_t at = draft.find(begin);
    EXPECT_NE(at, std::string::npos) << draft;
    draft.insert(at + begin.size(), Cat({R"("oral": {"made_at": "2026-03-01T00:00:00Z", )",
                                         R"("confirmed_at": ")", confirmed, "\"},"}));
    const std::string path = home_ + "/draft.json";
    EXPECT_TRUE(desk::WriteFileAtomic(path, draft, 0600).ok());
    return Palermo({"case", "check", path, "--home", home_, "--json"}, code);
  }
  void Agree(const std::string& limit) {
    const std::string json = Cat(
        {R"({"pairs": [{"states": ["QM", "QT"], "decision": "note 1 of 2026-02-01", "limits": {"R-CLK-ORAL": ")",
         limit, "\"}}]}"});
    ASSERT_TRUE(desk::ClockPolicy::Save(home_, json, "clocks.json").ok());
  }
  static bool IsLate(const std::string& checked) {
    return checked.find("not confirmed") != std::string::npos;
  }

  testing::World world_;
  testing::FakeRandom random_;
  std::string home_;
};

constexpr char kAfter20Hours[] = "2026-03-01T20:00:00Z";
constexpr char kAfter30Hours[] = "2026-03-02T06:00:00Z";
constexpr char kAfter50Hours[] = "2026-03-03T02:00:00Z";

TEST_F(OralTest, IsConfirmedWithinTheTimeThatThePairHasAgreed) {
  EXPECT_FALSE(IsLate(Checked(kAfter20Hours)));
  EXPECT_TRUE(IsLate(Checked(kAfter30Hours))) << Checked(kAfter30Hours);
  Agree("48h");
  EXPECT_FALSE(IsLate(Checked(kAfter30Hours)));
  EXPECT_TRUE(IsLate(Checked(kAfter50Hours)));
  Agree("12h");
  EXPECT_TRUE(IsLate(Checked(kAfter20Hours)));
}

TEST_F(OralTest, AFileThatCannotBeReadIsNoAgreement) {
  ASSERT_TRUE(desk::WriteFileAtomic(home_ + "/clocks.json", "{", 0600).ok());
  int code = 0;
  const std::string told = Checked(kAfter20Hours, &code);
  EXPECT_EQ(code, kExitBadInput);
  EXPECT_NE(told.find("BAD_JSON"), std::string::npos) << told;
}

}  // namespace
}  // namespace palermo::cli
