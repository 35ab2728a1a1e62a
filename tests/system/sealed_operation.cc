#include "tests/system/sealed_operation.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/time/clock.h"
#include "base/bytes.h"

namespace palermo::testing {
namespace {

constexpr char kReferral[] = "Thornfield-Overdeep-11";
constexpr int kPatienceSeconds = 60;

std::string Token() {
  std::string token = "hmac:";
  for (int i = 0; i < 16; ++i) token += "9e0c";
  return token;
}

class Player {
 public:
  explicit Player(CaseDesks& desks) : desks_(desks) {}

  void Found() {
    const std::string agreement = desks_.Path("agreement.json");
    const std::string command =
        Cat({desks_.palermo(), " operation new --name LANTERN --quorum 2 --party QM/central",
             " --party QT/central --member QM/central/o-0001=VICTIM_OFFICER:PLAN,VICTIMS",
             " --member QM/central/o-0002=STATE_LEADER:PLAN",
             " --member QT/central/o-0001=VICTIM_OFFICER:PLAN,VICTIMS",
             " --member QT/central/o-0002=MEMBER:PLAN > ", agreement});
    ASSERT_EQ(std::system(command.c_str()), 0);
    const DeskAnswer sent = desks_.desk("QM").Run(Cat({"operation propose ", agreement}));
    operation_ = CaseDesks::Field(sent.out, "operation");
    ASSERT_FALSE(operation_.empty()) << sent.line;
    Until("QT", Cat({"operation show ", operation_}), operation_);
    const DeskAnswer signed_it = desks_.desk("QT").Run(Cat({"operation sign ", operation_}));
    ASSERT_EQ(signed_it.exit, 0) << signed_it.line;
    Until("QM", Cat({"operation show ", operation_}), "ACTIVE");
  }

  DeskAnswer Enter(const std::string& file) {
    return desks_.desk("QM").Run(Cat({"operation record ", operation_, " ", desks_.Path(file)}));
  }

  // The officer names nobody; the office's compartments do.
  DeskAnswer TellTheMedia(const std::string& file) {
    return desks_.Once(
        "QM", "o-0002",
        Cat({"operation record ", operation_, " ", desks_.Path(file), " --no-identities --json"}));
  }

  // Until the answer has this text.
  void Until(const std::string& state, const std::string& command, const std::string& text) {
    const absl::Time end = absl::Now() + absl::Seconds(kPatienceSeconds);
    DeskAnswer answer;
    do {
      answer = desks_.desk(state).Run(command);
      if (answer.exit == 0 && answer.line.find(text) != std::string::npos) return;
      absl::SleepFor(absl::Milliseconds(100));
    } while (absl::Now() < end);
    ADD_FAILURE() << state << ": " << command << " does not show " << text << ": " << answer.line;
  }

  void EndWith(const std::string& record) {
    const std::string show = Cat({"operation show ", operation_, " --record ", record});
    Until("QT", Cat({"operation show ", operation_}), record);
    // What it says of a victim is for two officers, and in the ledger.
    const DeskAnswer alone = desks_.desk("QT").Run(show);
    EXPECT_EQ(alone.error, "TWO_OFFICERS") << alone.line;
    EXPECT_EQ(alone.line.find(kReferral), std::string::npos) << alone.line;
    const std::string file = desks_.Path("victim.opening");
    EXPECT_EQ(desks_.desk("QT").Run(Cat({show, " --reason VICTIM_PROTECTION --out ", file})).exit,
              0);
    EXPECT_NE(desks_.desk("QT").Run(Cat({show, " --opening ", file})).exit, 0) << "one signed";
    EXPECT_EQ(desks_.Once("QT", "o-0002", Cat({"compartment approve ", file})).exit, 0);
    const DeskAnswer both = desks_.desk("QT").Run(Cat({show, " --opening ", file}));
    EXPECT_NE(both.line.find(kReferral), std::string::npos) << both.line;
    const DeskAnswer other = desks_.Once("QT", "o-0002", Cat({show, " --json"}));
    EXPECT_EQ(other.out.find(kReferral), std::string::npos) << other.out;
    EXPECT_EQ(other.out.find(Token()), std::string::npos) << other.out;
    for (const char* state : {"QM", "QT"}) {
      for (const std::string& command :
           {Cat({"operation sync ", operation_, " --ask"}),
            Cat({"operation statistics ", operation_}), std::string("casebook update --open")}) {
        const DeskAnswer answer = desks_.desk(state).Run(command);
        EXPECT_EQ(answer.exit, 0) << answer.line;
      }
    }
  }

 private:
  CaseDesks& desks_;
  std::string operation_;
};

std::string VictimWith(const std::string& token, const std::string& beside) {
  return Cat({"{\"operation_record\": {\"victim\": {\"token\": \"", token,
              "\", \"rescued\": true, \"referral_ref\": \"", kReferral, "\"}}", beside, "}"});
}

}  // namespace

std::vector<std::string> MarksOfTheOperation() { return {kReferral, Token()}; }

void PlayAnOperation(
    CaseDesks& desks, const std::string& name, const std::string& compartments,
    const std::function<void(const std::string& file, const std::string& json)>& write_draft) {
  Player player(desks);
  player.Found();
  if (::testing::Test::HasFatalFailure()) return;
  write_draft("victim-name.json", VictimWith(name, ""));
  const DeskAnswer named = player.Enter("victim-name.json");
  EXPECT_NE(named.line.find("R-GEN-01"), std::string::npos) << named.line;
  write_draft("victim-beside.json", VictimWith(Token(), Cat({", ", compartments})));
  EXPECT_NE(player.Enter("victim-beside.json").exit, 0);
  write_draft("media.json", Cat({R"({"operation_record": {"media": {"text": "Mrs )", name,
                                 R"( is safe.", "language": "en"}}})"}));
  const DeskAnswer told = player.TellTheMedia("media.json");
  EXPECT_EQ(told.exit, 1) << told.line;
  EXPECT_NE(told.out.find("R-SEAL-02"), std::string::npos) << told.line;
  EXPECT_EQ(told.line.find(name), std::string::npos) << "not whose it is";
  desks.Write("victim.json", VictimWith(Token(), ""));
  const DeskAnswer entered = player.Enter("victim.json");
  ASSERT_EQ(entered.exit, 0) << entered.line;
  player.EndWith(CaseDesks::Field(entered.out, "record"));
}

}  // namespace palermo::testing
