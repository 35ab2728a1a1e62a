// The commands of a case against real nodes: the morning's list, the clocks with what bodies say,
// the acts that a clock calls for, letters on paper, acts that cross.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/clock.h"
#include "base/status.h"
#include "palermo/v1/casebody.pb.h"
#include "tests/system/case_desks.h"

namespace palermo::testing {
namespace {

using v1::Family;

std::string In(absl::Duration from_now) { return FormatInstant(absl::Now() + from_now); }
constexpr absl::Duration Days(int n) { return absl::Hours(24 * n); }

// The part of a list's JSON on one line between two of its names.
std::string Between(const std::string& json, const std::string& from, const std::string& to) {
  const size_t start = json.find(Cat({"\"", from, "\": ["}));
  const size_t end = json.find(Cat({"\"", to, "\": ["}), start);
  return start == std::string::npos ? "" : json.substr(start, end - start);
}

// The clock of a rule in the answer of `case clock --json`; "" when it does not run.
std::string ClockIn(const std::string& json, const std::string& rule) {
  const size_t start = json.find(Cat({"{\"rule\": \"", rule, "\",\"source\""}));
  return start == std::string::npos ? "" : json.substr(start, json.find('}', start) - start);
}

std::string ClockState(RunningCase& one, const std::string& state, const std::string& rule) {
  return CaseDesks::Field(ClockIn(one.At(state, Cat({"case clock ", one.id()})).out, rule),
                          "state");
}

// The command that the desk has ready, without the word palermo.
std::string ReadyCommand(RunningCase& one, const std::string& state) {
  const std::string out = one.At(state, Cat({"case clock ", one.id()})).out;
  const size_t ready = out.find("\"proposals\": [{");
  if (ready == std::string::npos) return "";
  const std::string command = CaseDesks::Field(out.substr(ready), "command");
  return command.substr(std::string("palermo ").size());
}

// What `case new` prints, with texts replaced.
void WriteNew(const std::string& name, const std::string& options,
              const std::vector<std::pair<std::string, std::string>>& changes) {
  std::ifstream in(Desks().NewFile(options));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  Desks().Write(name, absl::StrReplaceAll(text, changes));
}

TEST(CaseCheck, NeedsNeitherNodeNorDesk) {
  const std::string check = Cat({Desks().palermo(), " case check "});
  const std::string nowhere = Cat({" --home ", Desks().Path("nowhere"), " > /dev/null 2>&1"});
  const auto exit_of = [&](const std::string& file) {
    return WEXITSTATUS(std::system(Cat({check, file, nowhere}).c_str()));
  };
  EXPECT_EQ(exit_of(Desks().NewFile("--family EXTRADITION --act REQUEST")), 0);
  WriteNew("poor.json", "--family MLA --act REQUEST",
           {{"\"language\": \"en\"", "\"language\": \"\""}});
  EXPECT_EQ(exit_of(Desks().Path("poor.json")), 1);
}

TEST(CaseList, IsTheMorningsListInFourSections) {
  RunningCase one(Family::MLA);
  one.Must("Q REQUEST");
  const std::string id = one.id(), message = one.last_message();
  std::string list = one.At("QT", "case list").out;
  EXPECT_NE(Between(list, "came", "due").find(message), std::string::npos);
  EXPECT_NE(Between(list, "waits_for_us", "cases").find(id), std::string::npos);
  EXPECT_EQ(Between(list, "late", "waits_for_us").find(id), std::string::npos);
  // At the other desk nothing came and nothing waits in this case.
  const std::string mine = one.At("QM", "case list").out;
  EXPECT_EQ(Between(mine, "came", "cases").find(id), std::string::npos);

  EXPECT_EQ(one.At("QT", Cat({"case open ", message})).exit, 0);
  list = one.At("QT", "case list").out;
  EXPECT_EQ(Between(list, "came", "due").find(message), std::string::npos);

  const std::string text = Desks().Once("QT", "o-0001", "case list").out;
  size_t last = 0;
  for (const char* title :
       {"CAME, and nobody opened it: ", "DUE SOON: ", "LATE: ", "WAITS FOR US: ", "ALL CASES"}) {
    const size_t at = text.find(title);
    ASSERT_NE(at, std::string::npos) << title << text;
    EXPECT_GE(at, last) << title;
    last = at;
  }
  EXPECT_NE(text.find(id), std::string::npos);
}

// The items that the office counts, of all areas; and whether the figure is told.
std::string AskedOf(RunningCase& one, const std::string& state, const std::string& side,
                    const std::string& options = "") {
  const std::string out = one.At(state, Cat({"case statistics", options})).out;
  const size_t at = out.find(
      Cat({"\"side\": \"", side, "\",\"area\": \"\",\"type\": \"\",\"figure\": \"asked\""}));
  return at == std::string::npos ? "" : CaseDesks::Field(out.substr(at), "value");
}

TEST(CaseStatistics, CountWhatTheOfficeHasOpened) {
  RunningCase first(Family::MLA), one(Family::MLA);
  first.Must("Q REQUEST");
  EXPECT_EQ(first.At("QT", Cat({"case open ", first.last_message()})).exit, 0);
  const std::string before = AskedOf(first, "QT", "RECEIVED"), sent = AskedOf(one, "QM", "SENT");
  ASSERT_NE(before, "");
  one.Must("Q REQUEST");
  EXPECT_EQ(AskedOf(one, "QT", "RECEIVED"), before) << "nobody of the office has opened it";
  EXPECT_NE(AskedOf(one, "QM", "SENT"), sent) << "who wrote it knows what was asked";
  EXPECT_EQ(one.At("QT", Cat({"case open ", one.last_message()})).exit, 0);
  EXPECT_NE(AskedOf(one, "QT", "RECEIVED"), before);
  const std::string out = one.At("QT", "case statistics --year 2001").out;
  EXPECT_EQ(out.find("\"side\""), std::string::npos) << "no case began then: " << out;
  EXPECT_EQ(one.At("QT", "case statistics --year soon").exit, 2);
  EXPECT_EQ(one.At("QT", "case statistics --publish").exit, 2) << "of a year that is over";
  EXPECT_NE(one.At("QT", "case statistics --year 2001 --publish").out.find("\"published\": true"),
            std::string::npos);
}

TEST(CaseClock, ExplainsEachClockWithItsArticle) {
  RunningCase one(Family::MLA);
  one.Must("Q REQUEST");
  // The deadline stands in the body only: it is known to who wrote it, and to who opened it.
  EXPECT_EQ(ClockState(one, "QM", "R-CLK-DEADLINE"), "RUNNING");
  EXPECT_EQ(ClockState(one, "QT", "R-CLK-DEADLINE"), "");
  EXPECT_EQ(one.At("QT", Cat({"case open ", one.last_message()})).exit, 0);
  const std::string clocks = one.At("QT", Cat({"case clock ", one.id()})).out;
  EXPECT_EQ(CaseDesks::Field(ClockIn(clocks, "R-CLK-DEADLINE"), "due"), "2030-06-16T00:00:00Z");
  EXPECT_EQ(CaseDesks::Field(ClockIn(clocks, "R-CLK-DEADLINE"), "source"), "18(24)");
  EXPECT_EQ(CaseDesks::Field(ClockIn(clocks, "R-CLK-ACK"), "limit"), "5 d (working days)");
  EXPECT_EQ(CaseDesks::Field(ClockIn(clocks, "R-CLK-ACK"), "waits_for_us"), "true");
  one.Play({"T ACKNOWLEDGEMENT", "Q STATUS_QUERY", "T CONSULTATION_OPEN"});
  EXPECT_EQ(ClockState(one, "QT", "R-CLK-FWD"), "PAUSED");
  EXPECT_EQ(ClockState(one, "QT", "R-CLK-STATUS"), "RUNNING");
  const DeskAnswer again = one.Do("Q STATUS_QUERY");
  EXPECT_EQ(again.exit, 1);
  EXPECT_NE(again.out.find("R-CLK-STATUS"), std::string::npos) << again.line;
  EXPECT_EQ(ClockState(one, "QM", "R-CLK-CONSULT"), "RUNNING");
  const std::string text = Desks().Once("QM", "o-0001", Cat({"case clock ", one.id()})).out;
  EXPECT_NE(text.find("(18(26))"), std::string::npos) << text;
  EXPECT_NE(text.find("when it runs out: "), std::string::npos) << text;
}

TEST(CaseClock, ALapseIsProposedWithItsCommandAndOnlyInTime) {
  RunningCase one(Family::EXTRADITION);
  one.Must("Q ORAL_REQUEST_NOTE");
  // A desk without the second that these two states agreed: 24 hours are not over.
  const DeskAnswer early =
      Desks().Once("QT", "o-0002", Cat({"case act ", one.id(), " --act LAPSE_NOTICE"}));
  EXPECT_EQ(early.exit, 5) << early.out;
  EXPECT_NE(early.out.find("CLOCK_RUNS"), std::string::npos) << early.out;
  const absl::Time end = absl::Now() + absl::Seconds(DeskFolder::kPatienceSeconds);
  while (ClockState(one, "QT", "R-CLK-ORAL") != "OVERDUE" && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(50));
  }
  const std::string list = one.At("QT", "case list").out;
  EXPECT_NE(Between(list, "late", "waits_for_us").find(one.id()), std::string::npos);
  const std::string ready = ReadyCommand(one, "QT");
  EXPECT_EQ(ready, Cat({"case act ", one.id(), " --act LAPSE_NOTICE"}));
  EXPECT_EQ(ReadyCommand(one, "QM"), "");
  const DeskAnswer sent = one.At("QT", ready);
  ASSERT_EQ(sent.exit, 0) << sent.line;
  one.Took("QT", sent);
  one.ExpectBoth("LAPSED");
}

std::string Preservation(absl::Duration until) {
  return Cat({R"({"preservation": {"status": "PRESERVED", "from": ")", In(-Days(80)),
              R"(", "until": ")", In(until), "\"}}"});
}

TEST(CaseClock, APreservationIsExtendedOrReleasedByItsOwnEnd) {
  RunningCase one(Family::PRESERVATION_24_7);
  Desks().Write("preserved.json", Preservation(Days(5)));
  one.Play({"Q REQUEST", "T ACKNOWLEDGEMENT", "T PRESERVATION_CONFIRMED preserved.json"});
  EXPECT_EQ(ClockState(one, "QT", "R-CLK-PRES"), "DUE_SOON");
  const std::string extend = ReadyCommand(one, "QT");
  EXPECT_NE(extend.find("PRESERVATION_EXTENDED"), std::string::npos) << extend;
  const DeskAnswer extended = one.At("QT", extend);
  ASSERT_EQ(extended.exit, 0) << extended.line;
  one.Took("QT", extended);
  EXPECT_EQ(ClockState(one, "QT", "R-CLK-PRES"), "RUNNING");

  RunningCase two(Family::PRESERVATION_24_7);
  Desks().Write("ended.json", Preservation(-Days(1)));
  two.Play({"Q REQUEST", "T ACKNOWLEDGEMENT", "T PRESERVATION_CONFIRMED ended.json"});
  EXPECT_EQ(ClockState(two, "QT", "R-CLK-PRES"), "OVERDUE");
  const DeskAnswer released = two.At("QT", ReadyCommand(two, "QT"));
  ASSERT_EQ(released.exit, 0) << released.line;
  two.Took("QT", released);
  two.ExpectBoth("RELEASED");
}

TEST(CaseShow, TellsThePostponementsGroundAndDatesOnceItWasOpened) {
  RunningCase one(Family::MLA);
  Desks().Write("wait.json",
                Cat({R"({"statement": {"ground": "INTERFERES_INVESTIGATION",
                                      "text": "An investigation of ours is running.",
                                      "until": ")",
                     In(Days(90)), R"(", "expected_until": ")", In(Days(120)), "\"}}"}));
  one.Play({"Q REQUEST", "T ACKNOWLEDGEMENT", "T CONSULTATION_OPEN postponement.json",
            "Q CONSULTATION_STATEMENT", "T POSTPONEMENT_NOTICE wait.json"});
  const std::string closed = Desks().Once("QM", "o-0001", Cat({"case show ", one.id()})).out;
  EXPECT_NE(closed.find("nobody of this office has opened the message: palermo case open "),
            std::string::npos)
      << closed;
  const std::string ground =
      "ground: it would interfere with an ongoing investigation (INTERFERES_INVESTIGATION)";
  EXPECT_EQ(closed.find(ground), std::string::npos) << closed;
  one.ExpectBoth("POSTPONED");  // opens all
  for (const char* state : {"QM", "QT"}) {
    const std::string text = Desks().Once(state, "o-0001", Cat({"case show ", one.id()})).out;
    EXPECT_NE(text.find(ground), std::string::npos) << text;
    EXPECT_NE(text.find("looked at again by 20"), std::string::npos) << text;
    EXPECT_NE(text.find("the cause is expected to end 20"), std::string::npos) << text;
    EXPECT_NE(one.Show(state, "").find("\"expected_until\""), std::string::npos);
  }
}

TEST(CaseClock, ReviewsBoardingsAndArrestsCountFromTheirOwnTimes) {
  RunningCase late(Family::MLA);
  late.Play({"Q REQUEST", "T ACKNOWLEDGEMENT", "T CONSULTATION_OPEN postponement.json",
             "Q CONSULTATION_STATEMENT"});
  Desks().Write("review.json", Cat({R"({"statement": {"ground": "INTERFERES_INVESTIGATION",
                                        "text": "An investigation of ours is running.",
                                        "until": ")",
                                    In(absl::Seconds(5)), "\"}}"}));
  late.Must("T POSTPONEMENT_NOTICE review.json");
  absl::SleepFor(absl::Seconds(6));
  EXPECT_EQ(ClockState(late, "QT", "R-CLK-PST"), "OVERDUE");

  RunningCase sea(Family::SEA);
  WriteNew("sea.json", "--family SEA --act REQUEST",
           {{"2030-03-02T08:00:00Z", In(-absl::Hours(1))}});
  sea.Must("Q REQUEST sea.json");
  EXPECT_EQ(ClockState(sea, "QM", "R-SEA-02"), "OVERDUE");
  EXPECT_EQ(ClockState(sea, "QM", "R-CLK-FLAG"), "RUNNING");

  RunningCase boarding(Family::SEA);
  Desks().Write("boarded.json", Cat({R"({"boarding_result": {"boarded_at": ")",
                                     In(-absl::Hours(30)), R"(", "measures": ["BOARD"]}})"}));
  // It was allowed before.
  WriteNew("allowed.json", "--family SEA --act BOARDING_AUTHORISED",
           {{"2026-02-02T06:02:00Z", In(-absl::Hours(31))}});
  boarding.Play({"Q REQUEST", "T ACKNOWLEDGEMENT", "T REGISTRY_CONFIRMED",
                 "T BOARDING_AUTHORISED allowed.json", "Q BOARDING_REPORT boarded.json"});
  EXPECT_EQ(ClockState(boarding, "QM", "R-SEA-03"), "OVERDUE");
  // The flag state's desk knows what it allowed.
  const DeskAnswer read = boarding.At("QT", Cat({"case open ", boarding.last_message()}));
  ASSERT_EQ(read.exit, 0) << read.line;
  EXPECT_EQ(read.out.find("R-SEA-"), std::string::npos) << read.out;

  RunningCase arrest(Family::EXTRADITION);
  WriteNew("ece.json", "--family EXTRADITION --act REQUEST", {{"\"UNTOC 16\"", "\"ECE 16\""}});
  WriteNew("arrested.json", "--family EXTRADITION --act PROVISIONAL_ARREST_NOTE",
           {{"2026-01-02T05:30:00Z", In(-absl::Hours(1))}});
  arrest.Play(
      {"Q REQUEST ece.json", "T ACKNOWLEDGEMENT", "T PROVISIONAL_ARREST_NOTE arrested.json"});
  EXPECT_EQ(ClockState(arrest, "QT", "R-CLK-PA18"), "RUNNING");
  EXPECT_EQ(ClockState(arrest, "QT", "R-CLK-PA40"), "RUNNING");
}

// A desk that checks nothing tells of a boarding that nobody allowed: the flag state's desk says so
// where its officer opens it, and the case goes on.
TEST(Boarding, ThatNobodyAllowedIsToldToTheFlagState) {
  RunningCase one(Family::SEA);
  one.Must("Q REQUEST");
  if (::testing::Test::HasFatalFailure()) return;
  // Who has not read the request does not know whether the vessel has a flag.
  EXPECT_EQ(one.At("QT", Cat({"case open ", one.last_message()})).exit, 0);
  one.Must("T ACKNOWLEDGEMENT");
  Desks().Write(
      "pirate.json",
      R"({"boarding_result": {"boarded_at": "2026-03-02T06:40:00Z", "measures": ["BOARD"]}})");
  const DeskAnswer honest = one.Do("Q BOARDING_REPORT pirate.json");
  EXPECT_EQ(honest.exit, 1) << honest.line;
  EXPECT_NE(honest.out.find("R-SEA-05"), std::string::npos) << honest.line;

  v1::CaseBody body;
  body.set_version(1);
  body.mutable_boarding_result()->set_boarded_at("2026-03-02T06:40:00Z");
  body.mutable_boarding_result()->add_measures("BOARD");
  EnvelopeSpec spec;
  spec.family = Family::SEA;
  spec.act = v1::Act::BOARDING_REPORT;
  spec.case_id = Value(HexDecode(one.id()));
  spec.parents = {Value(HashFrom(Value(HexDecode(one.last_message())), "id"))};
  spec.plaintext = body.SerializeAsString();
  Programs& programs = Desks().programs();
  auto stub = programs.Desk("QM/central/o-0001");
  const v1::Envelope envelope = programs.world().MakeEnvelope(spec);
  const auto sent = programs.Submit(*stub, envelope, "QM/central/o-0001", absl::Seconds(20));
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::string message = HexEncode(sent->message_id());
  Desks().WaitDelivered("QM", message);
  const DeskAnswer opened = one.At("QT", Cat({"case open ", message}));
  EXPECT_NE(opened.line.find("R-SEA-05"), std::string::npos) << opened.line;
  one.ExpectBoth("BOARDED");
  // The flag state still decides who prosecutes.
  one.Play({"Q BOARDING_RESULT", "T JURISDICTION_DECISION"});
}

// So does a refusal on a ground that no law has, from a desk that checks nothing.
TEST(Refusal, ThatTheLawForbidsIsToldToTheRequestingState) {
  RunningCase one(Family::MLA);
  for (const char* step :
       {"Q REQUEST", "T ACKNOWLEDGEMENT", "T CONSULTATION_OPEN", "Q CONSULTATION_STATEMENT"}) {
    one.Must(step);
    if (::testing::Test::HasFatalFailure()) return;
    const char* reader = step[0] == 'Q' ? "QT" : "QM";
    ASSERT_EQ(one.At(reader, Cat({"case open ", one.last_message()})).exit, 0);
  }
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_refusal()->set_ground(v1::RefusalGround::BANK_SECRECY);
  body.mutable_refusal()->set_reasons("The secrecy of banks stands against the whole request.");
  body.mutable_refusal()->set_reasons_language("en");
  EnvelopeSpec spec;
  spec.from = "QT/central";
  spec.to = {"QM/central"};
  spec.act = v1::Act::REFUSAL;
  spec.case_id = Value(HexDecode(one.id()));
  spec.parents = {Value(HashFrom(Value(HexDecode(one.last_message())), "id"))};
  spec.plaintext = body.SerializeAsString();
  Programs& programs = Desks().programs();
  auto stub = programs.Desk("QT/central/o-0001");
  const auto sent = programs.Submit(*stub, programs.world().MakeEnvelope(spec), "QT/central/o-0001",
                                    absl::Seconds(20));
  ASSERT_TRUE(sent.ok()) << sent.status();
  const std::string message = HexEncode(sent->message_id());
  Desks().WaitDelivered("QT", message);
  const DeskAnswer opened = one.At("QM", Cat({"case open ", message}));
  EXPECT_NE(opened.out.find("R-REF-08"), std::string::npos) << opened.line;
}

TEST(CasePrint, PaperAndMessageFindEachOther) {
  RunningCase one(Family::MLA);
  one.Must("Q REQUEST");
  const std::string pdf = Desks().Path("letter.pdf"), txt = Desks().Path("letter.txt");
  const DeskAnswer printed = one.At("QT", Cat({"case print ", one.last_message(), " --out ", pdf}));
  ASSERT_EQ(printed.exit, 0) << printed.line;
  ASSERT_EQ(std::system(Cat({"pdftotext -layout ", pdf, " ", txt}).c_str()), 0);
  std::ifstream in(txt);
  // Lines break where the page ends.
  std::string text, word;
  while (in >> word) text += Cat({word, " "});
  EXPECT_NE(text.find("recruitment of hotel workers by deception"), std::string::npos) << text;
  const std::string code = CaseDesks::Field(printed.out, "code");
  EXPECT_NE(text.find(code), std::string::npos) << code;
  const DeskAnswer match = one.At("QT", Cat({"case match ", code}));
  EXPECT_EQ(match.exit, 0);
  EXPECT_NE(match.out.find(one.last_message()), std::string::npos) << match.line;
}

TEST(CaseShow, RefusesWhatItDoesNotKnow) {
  RunningCase one(Family::MLA);
  EXPECT_EQ(one.At("QM", "case show 00112233445566778899aabbccddeeff").error, "UNKNOWN_CASE");
  EXPECT_EQ(one.At("QM", "case show 0011").error, "BAD_ID");
  one.Must("Q REQUEST");
  EXPECT_EQ(one.At("QT", Cat({"case act ", one.id(), " --act ADMISSION"})).error, "ILLEGAL_ACT");
  EXPECT_EQ(one.At("QT", Cat({"case act ", one.id(), " --act ACKNOWLEDGEMENT"})).error,
            "NEEDS_BODY");
}

// Both sides act at once: one loses, and both desks show it as the same conflict.
TEST(Crossing, BothDesksShowTheSameConflict) {
  for (int tries = 0; tries < 20; ++tries) {
    RunningCase one(Family::MLA);
    one.Must("Q REQUEST");
    const std::string withdraw = one.CommandFor("Q WITHDRAWAL");
    const std::string acknowledge = one.CommandFor("T ACKNOWLEDGEMENT");
    DeskAnswer mine, theirs;
    std::thread other([&] { theirs = one.At("QT", acknowledge); });
    mine = one.At("QM", withdraw);
    other.join();
    if (mine.exit != 0 || theirs.exit != 0) continue;  // one saw the other in time
    one.Took("QT", theirs);
    one.Took("QM", mine);
    const std::string history = one.Show("QM", "--history");
    EXPECT_EQ(history, one.Show("QT", "--history"));
    if (history.find("\"conflict\": true") == std::string::npos) continue;  // not at once
    one.ExpectBoth("WITHDRAWN");
    return;
  }
  FAIL() << "no two acts crossed";
}

}  // namespace
}  // namespace palermo::testing
