// No path writes a sealed identity where it does not belong. Marked tokens stand in compartments of
// every purpose, in the request and in a later act; a case runs through two real nodes and desks,
// with errors, crashes while sealing, an access by break-glass, a new sealing key and a rewrap,
// audits, metrics, letters, casebooks and saved evidence, and a joint operation with a record of a
// victim; then every byte is searched for the tokens in their spellings: both nodes' folders, the
// whole folder of the desks, temporary files, /metrics, what commands and daemons printed, on both
// outputs, what passed between the nodes and between desk and node on the wire, which is TLS and
// nothing else, and what travels under it: messages as the nodes give them out, and every record of
// both ledgers. So that the search is not blind itself, it must find what is planted in each of
// these places.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/check.h"
#include "tests/system/case_desks.h"
#include "tests/system/given_out.h"
#include "tests/system/sealed_operation.h"
#include "tests/system/sealed_search.h"
#include "tests/system/wire_tap.h"

namespace palermo::testing {
namespace {

using v1::Family;

std::unique_ptr<CaseDesks> g_desks;

// Of the purposes from `first` to before `last`.
std::string Compartments(size_t first, size_t last) {
  std::string list;
  for (size_t i = first; i < last; ++i) {
    const Marked m = MarkedFor(i);
    list += absl::StrFormat(
        R"(%s{"to": ["QM/central", "QT/central"], "purpose": "%s", "persons": [{"ref": "S-%d",
        "name": "%s %s", "other_names": ["%s"], "date_of_birth": "%s", "place_of_birth": "%s",
        "document_numbers": ["%s"], "phones": ["%s"], "addresses": ["%s"],
        "accounts": ["%s", "%s"], "contact": "%s", "image_sha256": "%s",
        "note": "known as %s"}]})",
        list.empty() ? "" : ", ", kPurposes[i], i + 1, m.given, m.family, m.other_name, m.born,
        m.place, m.document, m.phone, m.street, m.mail, m.account, m.contact, m.image, m.given);
  }
  return Cat({"\"compartments\": [", list, "],"});
}

// What `case new` prints for these options, with compartments.
std::string FileWith(const std::string& options, size_t first, size_t last) {
  std::ifstream in(Desks().NewFile(options));
  std::string json{std::istreambuf_iterator<char>(in), {}};
  json.insert(json.find('{') + 1, Compartments(first, last));
  return json;
}

// A request with a text before the facts.
std::string RequestWith(const std::string& facts, size_t last = kPurposes.size()) {
  std::string json = FileWith("--family MLA --act REQUEST", 0, last);
  const std::string member = "\"facts_summary\": \"";
  json.insert(json.find(member) + member.size(), facts);
  return json;
}

// Sealed text of the request's body: who carries it sees nothing of it either.
constexpr char kOfTheBody[] = "Glyphstone-Ninefold";

class Sealed : public ::testing::Test {
 protected:
  // No answer of an open desk names anybody, whoever asks.
  void SetUp() override {
    for (const char* state : {"QM", "QT"}) {
      Desks().desk(state).Watch([this](const std::string& command, const DeskAnswer& answer) {
        search_.ExpectNoneIn(answer.line, command);
        ++answers_;
      });
    }
  }
  void TearDown() override {
    for (const char* state : {"QM", "QT"}) Desks().desk(state).Watch(nullptr);
  }
  DeskAnswer Run(const std::string& state, const std::string& command) {
    return Desks().desk(state).Run(command);
  }
  // A draft as an officer writes it: the only files that name somebody.
  void WriteDraft(const std::string& name, const std::string& json) {
    Desks().Write(name, json);
    drafts_.insert(Desks().Path(name));
  }
  // A program of its own, with standard output and error.
  DeskAnswer Once(const std::string& state, const std::string& officer,
                  const std::string& command) {
    DeskAnswer answer = Desks().Once(state, officer, command);
    search_.ExpectNoneIn(answer.out, command);
    return answer;
  }

  void TryWhatFails() {
    // The leak scan stops each kind of token; what it says names nobody.
    for (size_t i = 0; i < kPurposes.size(); ++i) {
      const Marked m = MarkedFor(i);
      const std::string texts[] = {Cat({m.family, " was seen. "}),
                                   Cat({"Born ", m.born, ". "}),
                                   Cat({"Document ", m.document, ". "}),
                                   Cat({"Call ", m.phone, ". "}),
                                   Cat({m.other_name, ". "}),
                                   Cat({"Write to ", m.mail, ". "}),
                                   Cat({"Ask the ", m.contact, ". "}),
                                   Cat({"Image ", m.image, ". "})};
      WriteDraft("leak.json", RequestWith(texts[i]));
      const DeskAnswer answer = Run("QM", Cat({"case draft ", Desks().Path("leak.json")}));
      EXPECT_EQ(answer.exit, 1) << answer.line;
      EXPECT_NE(answer.out.find("R-SEAL-02"), std::string::npos) << answer.line;
    }
    // Broken files: the error says where, and quotes nothing.
    const std::string good = RequestWith("");
    const size_t name = good.find(MarkedFor(0).given);
    for (const std::string& bad :
         {good.substr(0, name + 9), std::string(good).replace(name - 1, 1, "\"\""),
          std::string(good).insert(good.find("\"persons\""), "\"person\": 1, ")}) {
      WriteDraft("bad.json", bad);
      EXPECT_NE(Run("QM", Cat({"case draft ", Desks().Path("bad.json")})).exit, 0);
      EXPECT_NE(Once("QM", "o-0001", Cat({"case draft ", Desks().Path("bad.json")})).exit, 0);
      EXPECT_NE(Once("QM", "o-0001", Cat({"case check ", Desks().Path("bad.json")})).exit, 0);
    }
  }

  // A desk that is killed at some moment leaves nothing, whatever it was doing.
  void CrashWhileSealing(const std::string& file) {
    const std::string command =
        Cat({Desks().palermo(), " case draft ", Desks().Path(file), " --home ",
             Desks().Home("QM", "o-0001"), " --passphrase-file ", Desks().PassphraseFile(), " > ",
             Desks().Path("home-crash-out"), " 2>&1"});
    const absl::Time start = absl::Now();
    ASSERT_EQ(std::system(command.c_str()), 0);
    const double whole = absl::ToDoubleSeconds(absl::Now() - start);
    int killed = 0;
    constexpr int kTries = 4;
    for (int i = 0; i < kTries; ++i) {
      const std::string seconds = absl::StrFormat("%.3f", whole * (0.5 + 0.15 * i));
      const int status = std::system(Cat({"timeout -s KILL ", seconds, " ", command}).c_str());
      killed += status != 0;
      search_.ExpectNoneUnder(Desks().Home("QM", "o-0001"));
      search_.ExpectNoneUnder(std::getenv("TMPDIR"));
    }
    EXPECT_GT(killed, 0);
  }

  // An auditor is let in for an hour; identities stay shut.
  void BreakTheGlass(const std::string& message) {
    const std::string file = Desks().Path("access.statement");
    Desks().SetUpDesk("QT", "o-0003");
    EXPECT_EQ(Once("QT", "o-0002",
                   Cat({"break-glass propose --authority QT/central --officer QT/central/o-0004 "
                        "--reason COURT_ORDER --hours 1 --out ",
                        file}))
                  .exit,
              0);
    const DeskAnswer entered = Once("QT", "o-0003", Cat({"break-glass enter ", file, " --json"}));
    ASSERT_EQ(entered.exit, 0) << entered.out;
    const std::string id = CaseDesks::Field(entered.out, "id");
    const DeskAnswer granted = Once("QT", "o-0002", Cat({"sealing-key grant --break-glass ", id}));
    ASSERT_EQ(granted.exit, 0) << granted.out;
    Once("QT", "o-0004", "break-glass messages --authority QT/central");
    const DeskAnswer opened =
        Once("QT", "o-0004", Cat({"break-glass open ", message, " --authority QT/central"}));
    EXPECT_EQ(opened.exit, 0) << opened.out;
    EXPECT_NE(opened.out.find(kOfTheBody), std::string::npos) << opened.out;
    Once("QT", "o-0004", "audit inbox");
  }

  // A new version of the sealing key, and what is kept sealed to it.
  void RotateAndRewrap(const std::string& message) {
    const std::string key = Desks().Path("QT-sealing-2.key");
    const std::string next = Desks().Path("rotated.directory");
    const auto must = [&](const std::string& officer, const std::string& command) {
      const DeskAnswer answer = Once("QT", officer, command);
      ASSERT_EQ(answer.exit, 0) << command << answer.out;
    };
    must("o-0002", Cat({"sealing-key new --authority QT/central --out ", key}));
    ASSERT_EQ(std::system(Cat({Desks().palermo(), " sealing-key rotate --key ", key, " --out ",
                               next, " --home ", Desks().Home("QT", "o-0002"), " > ",
                               Desks().Path("home-rotate-out"), " 2>&1"})
                              .c_str()),
              0);
    std::ifstream in(next, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    v1::SignedDocument document;
    v1::Directory directory;
    ASSERT_TRUE(document.ParseFromString(bytes) && directory.ParseFromString(document.document()));
    Desks().Write("rotated.directory",
                  Desks().programs().world().SignDirectory("QT", directory).SerializeAsString());
    must("o-0002", Cat({"sealing-key grant --key ", key, " --key-passphrase-file ",
                        Desks().PassphraseFile()}));
    must("o-0002", Cat({"directory publish ", next}));
    must("o-0001", "desk refresh");
    const DeskAnswer rewrapped = Once("QT", "o-0001", "sealing-key rewrap --json");
    EXPECT_EQ(rewrapped.exit, 0) << rewrapped.out;
    EXPECT_NE(CaseDesks::Field(rewrapped.out, "rewrapped"), "0") << rewrapped.out;
    must("o-0001", Cat({"case open ", message}));
  }

  // What an office finds again holds messages, and no identity.
  void SearchTheCasebook(const std::string& state) {
    const DeskAnswer updated = Once(state, "o-0001", "casebook update");
    EXPECT_EQ(updated.exit, 0) << updated.out;
    EXPECT_TRUE(std::filesystem::exists(Cat({Desks().Home(state, "o-0001"), "/casebook.db"})));
    const std::string search = "casebook search --purpose INVESTIGATION --reason case-1 ";
    OpenDesk& desk = Desks().desk(state);
    EXPECT_NE(desk.Run(Cat({search, "Ninefold"})).line.find(kOfTheBody), std::string::npos);
    for (size_t i = 0; i < kPurposes.size(); ++i) {
      const std::string found = desk.Run(Cat({search, MarkedFor(i).family})).line;
      EXPECT_EQ(found.find(kOfTheBody), std::string::npos) << found;
    }
  }

  // Both nodes behind taps; the directory's endpoints are the taps'.
  void Restart() {
    Programs& programs = Desks().programs();
    for (const char* state : {"QM", "QT"}) {
      programs.daemon(state).Stop();
      http_[state] = FreeEndpoint();
      programs.daemon(state).SetArgument("--http-listen", http_[state]);
      const std::string listens = FreeEndpoint();
      programs.daemon(state).SetArgument("--listen", listens);
      taps_[state] = std::make_unique<WireTap>(programs.endpoint(state), listens);
      programs.daemon(state).Start();
    }
    for (const char* state : {"QM", "QT"}) {
      for (int i = 0; i < 200 && Desks().desk(state).Run("case list").exit != 0; ++i) {
        absl::SleepFor(absl::Milliseconds(50));
      }
    }
  }

  void ExpectNothingOnTheWire() {
    std::vector<std::string> sealed = MarksOfTheOperation();
    sealed.push_back(kOfTheBody);
    const Searcher body(sealed);
    for (const auto& [state, tap] : taps_) {
      size_t bytes = 0, both = 0;
      const std::vector<std::string> directions = tap->Bytes();
      for (size_t i = 0; i < directions.size(); ++i) {
        const std::string& direction = directions[i];
        bytes += direction.size();
        EXPECT_NE(SpokenIn(direction), Spoken::kOther) << state << ": " << direction.substr(0, 20);
        const bool other_side = i % 2 == 1 && SpokenIn(directions[i - 1]) == Spoken::kTls;
        both += other_side && SpokenIn(direction) == Spoken::kTls;
        search_.ExpectNoneIn(direction, Cat({"the wire to ", state}));
        body.ExpectNoneIn(direction, Cat({"the wire to ", state}));
      }
      EXPECT_GT(bytes, 100'000u) << state;
      // Each desk's and the peer's; those of killed desks may be cut.
      EXPECT_GT(both, 10u) << state;
    }
  }

  // The identities of a later act count as those of the request.
  void TryALateLeak(RunningCase& one) {
    WriteDraft("late-leak.json",
               Cat({R"({"statement": {"text": "How is )", MarkedFor(6).other_name, "?\"}}"}));
    const DeskAnswer late = Run("QT", Cat({"case act ", one.id(), " --act STATUS_REPORT --body ",
                                           Desks().Path("late-leak.json")}));
    EXPECT_NE(late.line.find("R-SEAL-02"), std::string::npos) << late.line;
  }

  void WorkAndPrint(const std::string& state, RunningCase& one, const std::string& message) {
    for (const char* command : {"case list", "case inbox --all"}) Run(state, command);
    for (const std::string& command :
         {Cat({"case show ", one.id()}), Cat({"case clock ", one.id()}),
          Cat({"message explain ", message}), Cat({"message receipts ", message}),
          Cat({"message save ", message, " --out ", Desks().Path(Cat({"home-saved-", state}))})}) {
      Once(state, "o-0001", command);
    }
    for (const char* language : {"en", "ar"}) {
      Once(state, "o-0001",
           Cat({"case print ", message, " --language ", language, " --out ",
                Desks().Path(Cat({"home-", state, language, ".pdf"}))}));
    }
    Once(state, "o-0004", "audit list --json");
    Once(state, "o-0004", "audit verify");
    SearchTheCasebook(state);
  }

  void ExpectNothingInWhatTheNodeGives(const std::string& state) {
    const std::string metrics = AnswerTo(http_[state], "/metrics");
    EXPECT_NE(metrics.find("palermo"), std::string::npos) << metrics;
    search_.ExpectNoneIn(metrics, "/metrics");
    const std::string messages = AllMessages(Desks().programs(), state);
    EXPECT_NE(Searcher({"QT/central"}).FindIn(messages), "") << "blind";
    search_.ExpectNoneIn(messages, Cat({"what ", state, "'s node gives out"}));
    const auto records = Desks().programs().VerifiedLedger(state);
    ASSERT_TRUE(records.ok()) << records.status();
    for (const v1::Record& record : *records) {
      search_.ExpectNoneIn(record.SerializeAsString(), "ledger");
      search_.ExpectNoneIn(record.DebugString(), "ledger");
    }
  }

  // The whole folder of the test: where drafts lie and letters, the desks' folders, their errors.
  void ExpectNothingOnTheDesks() {
    size_t files = 0;
    EXPECT_EQ(search_.FoundUnder(Desks().Path(""), &files), drafts_);
    EXPECT_GT(files, 40u);
    for (const char* state : {"QM", "QT"}) {
      EXPECT_TRUE(std::filesystem::exists(Desks().desk(state).errors_file()));
      // A letter is read; what an office may not keep is not there.
      EXPECT_EQ(Searcher({"Ninefold"})
                    .FoundUnder(Desks().Path(""))
                    .count(Desks().Path(Cat({"home-", state, "en.pdf"}))),
                1u);
      for (const char* officer : {"o-0001", "o-0002", "o-0004"}) {
        EXPECT_GT(Searcher(MarksOfTheOperation()).ExpectNoneUnder(Desks().Home(state, officer)),
                  0u);
      }
    }
  }

  // What is planted in each place is found, and nothing else is.
  void ExpectToFindWhatIsPlanted() {
    const Marked m = MarkedFor(5);
    const std::string places[] = {Desks().programs().FolderOf("QM"),
                                  Cat({Desks().programs().FolderOf("QT"), "/data"}),
                                  Desks().Home("QM", "o-0001"), std::getenv("TMPDIR")};
    const std::string bytes(100'000, '\x01');
    for (const std::string& place : places) {
      std::set<std::string> planted = {Cat({place, "/planted"}), Cat({place, "/", m.family})};
      for (const std::string& path : planted) {
        std::ofstream(path) << bytes << (path.ends_with("planted") ? Utf16(m.given, false) : "");
      }
      EXPECT_EQ(search_.FoundUnder(place), planted);
      for (const std::string& path : planted) std::filesystem::remove(path);
    }
    // The store's files are no riddle to it: what the header says stands in them.
    EXPECT_FALSE(Searcher({"QM/central"})
                     .FoundUnder(Cat({Desks().programs().FolderOf("QT"), "/data"}))
                     .empty());
  }

  void OpenOne(const std::string& message) {
    const std::string file = Desks().Path("opening.statement");
    Once("QT", "o-0001",
         Cat({"compartment request ", message, " --compartment 3 --reason HEARING --out ", file}));
    Once("QT", "o-0001", Cat({"compartment open ", file}));  // one signature is missing
    EXPECT_EQ(Once("QT", "o-0002", Cat({"compartment approve ", file})).exit, 0);
    // The one place where an identity is shown: to who opens it.
    const DeskAnswer opened = Desks().Once("QT", "o-0001", Cat({"compartment open ", file}));
    EXPECT_EQ(opened.exit, 0) << opened.out;
    EXPECT_NE(opened.out.find(MarkedFor(2).family), std::string::npos) << opened.out;
    EXPECT_EQ(opened.out.find(MarkedFor(1).family), std::string::npos);
  }

  const Searcher search_;
  size_t answers_ = 0;
  std::set<std::string> drafts_;
  std::map<std::string, std::string> http_;
  std::map<std::string, std::unique_ptr<WireTap>> taps_;
};

TEST_F(Sealed, TheSearchFindsEverySpelling) {
  const Marked m = MarkedFor(4);
  EXPECT_NE(search_.FindIn(Cat({"x", absl::AsciiStrToUpper(m.family), "x"})), "");
  EXPECT_NE(search_.FindIn(absl::Base64Escape(Cat({"a json with ", m.given, " in it"}))), "");
  EXPECT_NE(search_.FindIn(absl::BytesToHexString(Cat({"..", m.document}))), "");
  EXPECT_NE(search_.FindIn(Utf16(m.given, true)), "");
  EXPECT_NE(search_.FindIn("tel 999715 0 9997155540177."), "");
  EXPECT_NE(search_.FindIn("born 19650315."), "");
  EXPECT_NE(search_.FindIn(Cat({"<", MarkedFor(1).other_name, ">"})), "");
  EXPECT_NE(search_.FindIn(Utf16(MarkedFor(2).other_name, false)), "");
  EXPECT_NE(search_.FindIn("\\u0416\\u0437\\u044B\\u043a\\u0440\\u0448\\u0430"), "");
  EXPECT_NE(search_.FindIn("q=%D7%A6%d7%98%D7%A7%D7%92%D7%96%D7%A3"), "");
  EXPECT_NE(search_.FindIn("&#936;&#958;&#950;&#969;&#952;&#951;"), "");
  EXPECT_NE(search_.FindIn(absl::WebSafeBase64Escape(Cat({"??", MarkedFor(6).other_name}))), "");
  EXPECT_EQ(search_.FindIn("hash a19650315f"), "");
  EXPECT_EQ(search_.FindIn("nothing of this kind"), "");
  WriteDraft("all.json", RequestWith(""));
  std::ifstream in(Desks().Path("all.json"), std::ios::binary);
  EXPECT_NE(search_.FindIn({std::istreambuf_iterator<char>(in), {}}), "");
  std::filesystem::remove(Desks().Path("all.json"));
}

TEST_F(Sealed, TheTapAndTheSearchSeeWhatIsSentInClear) {
  const Marked m = MarkedFor(3);
  const std::string said = Cat({"POST / HTTP/1.0\r\n\r\n", m.other_name, " ", m.phone});
  const std::vector<std::string> directions = SeenInClear(said, FreeEndpoint(), FreeEndpoint());
  ASSERT_EQ(directions.size(), 2u);
  for (const std::string& direction : directions) {
    EXPECT_EQ(direction, said);
    EXPECT_NE(search_.FindIn(direction), "");
    EXPECT_EQ(SpokenIn(direction), Spoken::kOther);
  }
  using std::string_literals::operator""s;
  EXPECT_EQ(SpokenIn(""), Spoken::kNothing);
  EXPECT_EQ(SpokenIn("\x16\x03\x01\x00\x02hi"s), Spoken::kCut);
  EXPECT_EQ(SpokenIn("\x16\x03\x01\x00\x02hi\x17\x03\x03\x00\x01x\x17\x03"s), Spoken::kTls);
  EXPECT_EQ(SpokenIn("\x17\x03\x03\x00\x01x"s), Spoken::kOther);
  EXPECT_EQ(SpokenIn(Cat({"\x16\x03\x01\x00\x02hi"s, said})), Spoken::kOther);
}

TEST_F(Sealed, NoIdentityIsAnywhereAfterACase) {
  Restart();
  Programs& programs = Desks().programs();
  TryWhatFails();
  WriteDraft("sealed.json",
             RequestWith(Cat({"S-1 to S-4 are known to both states: ", kOfTheBody, ". "}), 4));
  WriteDraft("later.json", FileWith("--family MLA --act INFO_SUPPLEMENT", 4, 8));
  CrashWhileSealing("sealed.json");
  if (HasFatalFailure()) return;
  RunningCase one(Family::MLA);
  one.Must("Q REQUEST sealed.json");
  if (HasFatalFailure()) return;
  const std::string message = one.last_message();
  EXPECT_EQ(Run("QT", Cat({"case open ", message})).exit, 0);
  Once("QT", "o-0001", Cat({"compartment list ", message}));
  OpenOne(message);
  one.Play({"T ACKNOWLEDGEMENT", "T INFO_REQUEST", "Q INFO_SUPPLEMENT later.json", "T ADMISSION"});
  if (HasFatalFailure()) return;
  TryALateLeak(one);
  const std::string beside = Compartments(0, 1);
  PlayAnOperation(
      Desks(), MarkedFor(0).family, beside.substr(0, beside.size() - 1),
      [this](const std::string& name, const std::string& json) { WriteDraft(name, json); });
  if (HasFatalFailure()) return;
  BreakTheGlass(message);
  RotateAndRewrap(message);
  if (HasFatalFailure()) return;
  // Refused by the desk, by the other's clock, and by the node.
  EXPECT_NE(one.Do("T FINAL_RESULT").exit, 0);
  EXPECT_NE(
      Run("QT", "case open 0000000000000000000000000000000000000000000000000000000000000000").exit,
      0);
  for (const char* state : {"QM", "QT"}) {
    WorkAndPrint(state, one, message);
    ExpectNothingInWhatTheNodeGives(state);
  }
  for (const char* state : {"QM", "QT"}) EXPECT_EQ(programs.daemon(state).Stop(), 0);
  EXPECT_GT(answers_, 40u);
  ExpectNothingOnTheWire();
  EXPECT_GT(search_.ExpectNoneUnder(programs.folder()), 20u);
  std::vector<std::string> sealed = MarksOfTheOperation();
  sealed.push_back(kOfTheBody);
  Searcher(sealed).ExpectNoneUnder(programs.folder());
  ExpectNothingOnTheDesks();
  search_.ExpectNoneUnder(std::getenv("TMPDIR"));
  ExpectToFindWhatIsPlanted();
}

class Founding : public ::testing::Environment {
 public:
  void SetUp() override {
    temporary_ = "/tmp/palermo-sealed-XXXXXX";
    PALERMO_CHECK(mkdtemp(temporary_.data()) != nullptr);
    setenv("TMPDIR", temporary_.c_str(), 1);
    g_desks = std::make_unique<CaseDesks>();
  }
  void TearDown() override {
    g_desks.reset();
    std::filesystem::remove_all(temporary_);
  }

 private:
  std::string temporary_;
};
const auto* const kFounding = ::testing::AddGlobalTestEnvironment(new Founding());

}  // namespace

CaseDesks& Desks() { return *g_desks; }

}  // namespace palermo::testing
