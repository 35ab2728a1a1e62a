// No path writes a sealed identity where it does not belong. Marked tokens stand in compartments of
// every purpose; a case runs through two real nodes and desks, with errors, audits, metrics,
// letters and saved evidence; then every byte is searched for the tokens in their spellings: both
// nodes' folders, the desks' folders, temporary files, /metrics, what commands and daemons printed,
// and what travels under TLS: messages as the nodes give them out, and every record of both
// ledgers.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
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

namespace palermo::testing {
namespace {

using v1::Family;

std::unique_ptr<CaseDesks> g_desks;

constexpr const char* kPurposes[] = {"VICTIM",  "WITNESS",    "SOURCE",  "CHILD",
                                     "MIGRANT", "COOPERATOR", "PATIENT", "OTHER"};

// Nobody has these names; each purpose has its own.
struct Marked {
  std::string given, family, born, document, phone, street;
};
Marked MarkedFor(size_t i) {
  constexpr const char* kSyllables[] = {"zyxwa", "quvor", "mjelk", "trizh",
                                        "vokny", "hrubz", "kwexo", "dlupf"};
  const std::string a = kSyllables[i], b = kSyllables[(i + 3) % 8];
  return {Cat({"Z", a, "ra"}),
          Cat({"Q", b, "din"}),
          absl::StrFormat("19%02d-03-%02d", 61 + i, 11 + i),
          absl::StrFormat("XK76543%d21", i),
          absl::StrFormat("+999 715 55%d 0177", i),
          absl::StrFormat("%d%d%d Glimmer%s Lane", i + 1, i + 2, i + 3, b)};
}

std::string Lower(std::string text) { return absl::AsciiStrToLower(text); }

std::string Utf16(const std::string& text, bool big) {
  std::string out;
  for (char c : text) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

// What stands in the middle of a longer text's base64 when `text` begins at one of three places.
std::vector<std::string> Base64Of(const std::string& text) {
  std::vector<std::string> out;
  for (size_t shift = 0; shift < 3; ++shift) {
    const std::string encoded = absl::Base64Escape(std::string(shift, 'x') + text);
    const size_t first = shift == 0 ? 0 : 4;
    const size_t last = (shift + text.size()) / 3 * 4;
    if (last > first + 6) out.push_back(encoded.substr(first, last - first));
  }
  return out;
}

// Every spelling that is looked for. Letters are compared in small letters, base64 as it is.
struct Spellings {
  std::vector<std::string> folded, exact;
};
Spellings AllSpellings() {
  Spellings all;
  const auto add = [&](const std::string& text) {
    const std::string low = Lower(text);
    all.folded.push_back(low);
    all.folded.push_back(Utf16(low, false));
    all.folded.push_back(Utf16(low, true));
    for (const std::string& form : {text, low, absl::AsciiStrToUpper(text)}) {
      all.folded.push_back(Lower(absl::BytesToHexString(form)));
      for (std::string& encoded : Base64Of(form)) all.exact.push_back(std::move(encoded));
    }
  };
  for (size_t i = 0; i < std::size(kPurposes); ++i) {
    const Marked m = MarkedFor(i);
    for (const std::string* text :
         {&m.given, &m.family, &m.born, &m.document, &m.phone, &m.street}) {
      add(*text);
    }
    std::string digits, born = m.born;
    for (char c : m.phone) {
      if (absl::ascii_isdigit(static_cast<unsigned char>(c))) digits += c;
    }
    add(digits);
    add(digits.substr(3));
    born.erase(std::remove(born.begin(), born.end(), '-'), born.end());
    add(born);
  }
  return all;
}

// Many texts in many bytes: one pass, by the first four bytes.
class Patterns {
 public:
  explicit Patterns(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      PALERMO_CHECK(text.size() >= kKey);
      by_key_[text.substr(0, kKey)].push_back(text);
      starts_[static_cast<uint8_t>(text[0]) << 8 | static_cast<uint8_t>(text[1])] = true;
    }
  }
  std::string FindIn(const std::string& bytes) const {
    for (size_t i = 0; i + kKey <= bytes.size(); ++i) {
      if (!starts_[static_cast<uint8_t>(bytes[i]) << 8 | static_cast<uint8_t>(bytes[i + 1])]) {
        continue;
      }
      const auto found = by_key_.find(bytes.substr(i, kKey));
      if (found == by_key_.end()) continue;
      for (const std::string& text : found->second) {
        if (bytes.compare(i, text.size(), text) == 0 && !IsInANumber(bytes, i, text)) return text;
      }
    }
    return "";
  }

 private:
  static constexpr size_t kKey = 4;

  // Eight digits stand in many a hash; a date stands alone.
  static bool IsInANumber(const std::string& bytes, size_t at, const std::string& text) {
    const auto hex = [](char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); };
    if (!std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); })) {
      return false;
    }
    return (at > 0 && hex(bytes[at - 1])) ||
           (at + text.size() < bytes.size() && hex(bytes[at + text.size()]));
  }

  std::vector<bool> starts_ = std::vector<bool>(1 << 16);
  std::map<std::string, std::vector<std::string>> by_key_;
};

class Searcher {
 public:
  Searcher() : folded_(AllSpellings().folded), exact_(AllSpellings().exact) {}

  // The first spelling in these bytes; "" for none.
  std::string FindIn(const std::string& bytes) const {
    const std::string found = folded_.FindIn(Lower(bytes));
    return found.empty() ? exact_.FindIn(bytes) : found;
  }

  void ExpectNoneIn(const std::string& bytes, const std::string& where) const {
    EXPECT_EQ(FindIn(bytes), "") << where;
  }

  size_t ExpectNoneUnder(const std::string& folder) const {
    size_t files = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      ExpectNoneIn(file.path().filename().string(), file.path().string());
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      ExpectNoneIn({std::istreambuf_iterator<char>(in), {}}, file.path().string());
      ++files;
    }
    return files;
  }

 private:
  const Patterns folded_, exact_;
};

std::string Compartments() {
  std::string list;
  for (size_t i = 0; i < std::size(kPurposes); ++i) {
    const Marked m = MarkedFor(i);
    list += absl::StrFormat(
        R"(%s{"to": ["QM/central", "QT/central"], "purpose": "%s", "persons": [{"ref": "S-%d",
        "name": "%s %s", "date_of_birth": "%s", "document_numbers": ["%s"], "phones": ["%s"],
        "addresses": ["%s"], "note": "known as %s"}]})",
        list.empty() ? "" : ", ", kPurposes[i], i + 1, m.given, m.family, m.born, m.document,
        m.phone, m.street, m.given);
  }
  return Cat({"\"compartments\": [", list, "],"});
}

// What `case new` prints, with the compartments and with a text before the facts.
std::string RequestWith(const std::string& facts) {
  std::ifstream in(Desks().NewFile("--family MLA --act REQUEST"));
  std::string json{std::istreambuf_iterator<char>(in), {}};
  json.insert(json.find('{') + 1, Compartments());
  const std::string member = "\"facts_summary\": \"";
  json.insert(json.find(member) + member.size(), facts);
  return json;
}

// GET over loopback, as a monitoring system does.
std::string Get(const std::string& endpoint, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<uint16_t>(std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = Cat({"GET ", path, " HTTP/1.0\r\n\r\n"});
    if (write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
        answer.append(buffer, static_cast<size_t>(n));
      }
    }
  }
  close(fd);
  return answer;
}

// All that a node gives to an officer: what a desk gets under TLS.
std::string AllMessages(const std::string& state) {
  auto stub = Desks().programs().Desk(Cat({state, "/central/o-0001"}));
  std::string bytes;
  const auto call = [&](auto method, const auto& request, auto* response) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(20)));
    context.set_wait_for_ready(true);
    const grpc::Status status = ((*stub).*method)(&context, request, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
  };
  using Stub = v1::DeskService::Stub;
  v1::ListMessagesRequest list;
  v1::ListMessagesResponse listed;
  call(static_cast<grpc::Status (Stub::*)(grpc::ClientContext*, const v1::ListMessagesRequest&,
                                          v1::ListMessagesResponse*)>(&Stub::ListMessages),
       list, &listed);
  bytes += listed.SerializeAsString();
  EXPECT_GE(listed.messages_size(), 4);
  for (const v1::MessageSummary& message : listed.messages()) {
    v1::FetchMessageRequest fetch;
    fetch.set_message_id(message.message_id());
    v1::FetchMessageResponse fetched;
    call(static_cast<grpc::Status (Stub::*)(grpc::ClientContext*, const v1::FetchMessageRequest&,
                                            v1::FetchMessageResponse*)>(&Stub::FetchMessage),
         fetch, &fetched);
    bytes += fetched.SerializeAsString();
  }
  return bytes;
}

class Sealed : public ::testing::Test {
 protected:
  // A command at the open desk; its answer must name nobody.
  DeskAnswer Run(const std::string& state, const std::string& command) {
    DeskAnswer answer = Desks().desk(state).Run(command);
    search_.ExpectNoneIn(answer.line, command);
    return answer;
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
    for (size_t i = 0; i < std::size(kPurposes); ++i) {
      const Marked m = MarkedFor(i);
      const std::string texts[] = {Cat({m.family, " was seen. "}), Cat({"Born ", m.born, ". "}),
                                   Cat({"Document ", m.document, ". "}),
                                   Cat({"Call ", m.phone, ". "})};
      Desks().Write("leak.json", RequestWith(texts[i % 4]));
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
      Desks().Write("bad.json", bad);
      EXPECT_NE(Run("QM", Cat({"case draft ", Desks().Path("bad.json")})).exit, 0);
      EXPECT_NE(Once("QM", "o-0001", Cat({"case draft ", Desks().Path("bad.json")})).exit, 0);
      EXPECT_NE(Once("QM", "o-0001", Cat({"case check ", Desks().Path("bad.json")})).exit, 0);
    }
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
};

TEST_F(Sealed, TheSearchFindsEverySpelling) {
  const Marked m = MarkedFor(4);
  EXPECT_NE(search_.FindIn(Cat({"x", absl::AsciiStrToUpper(m.family), "x"})), "");
  EXPECT_NE(search_.FindIn(absl::Base64Escape(Cat({"a json with ", m.given, " in it"}))), "");
  EXPECT_NE(search_.FindIn(absl::BytesToHexString(Cat({"..", m.document}))), "");
  EXPECT_NE(search_.FindIn(Utf16(m.given, true)), "");
  EXPECT_NE(search_.FindIn("tel 999715 0 9997155540177."), "");
  EXPECT_NE(search_.FindIn("born 19650315."), "");
  EXPECT_EQ(search_.FindIn("hash a19650315f"), "");
  EXPECT_EQ(search_.FindIn("nothing of this kind"), "");
  Desks().Write("all.json", RequestWith(""));
  std::ifstream in(Desks().Path("all.json"), std::ios::binary);
  EXPECT_NE(search_.FindIn({std::istreambuf_iterator<char>(in), {}}), "");
}

TEST_F(Sealed, NoIdentityIsAnywhereAfterACase) {
  std::map<std::string, std::string> http;
  Programs& programs = Desks().programs();
  for (const char* state : {"QM", "QT"}) {
    programs.daemon(state).Stop();
    http[state] = FreeEndpoint();
    programs.daemon(state).SetArgument("--http-listen", http[state]);
    programs.daemon(state).Start();
  }
  for (const char* state : {"QM", "QT"}) {
    for (int i = 0; i < 200 && Desks().desk(state).Run("case list").exit != 0; ++i) {
      absl::SleepFor(absl::Milliseconds(50));
    }
  }
  TryWhatFails();
  Desks().Write("sealed.json", RequestWith("S-1 to S-8 are known to both states. "));
  RunningCase one(Family::MLA);
  one.Must("Q REQUEST sealed.json");
  if (HasFatalFailure()) return;
  const std::string message = one.last_message();
  EXPECT_EQ(Run("QT", Cat({"case open ", message})).exit, 0);
  Once("QT", "o-0001", Cat({"compartment list ", message}));
  OpenOne(message);
  one.Play({"T ACKNOWLEDGEMENT", "T INFO_REQUEST", "Q INFO_SUPPLEMENT", "T ADMISSION"});
  if (HasFatalFailure()) return;
  // Refused by the desk, by the other's clock, and by the node.
  EXPECT_NE(one.Do("T FINAL_RESULT").exit, 0);
  EXPECT_NE(
      Run("QT", "case open 0000000000000000000000000000000000000000000000000000000000000000").exit,
      0);
  for (const char* state : {"QM", "QT"}) {
    for (const char* command : {"case list", "case inbox --all"}) Run(state, command);
    for (const std::string& command :
         {Cat({"case show ", one.id()}), Cat({"case clock ", one.id()}),
          Cat({"message explain ", message}), Cat({"message receipts ", message}),
          Cat({"message save ", message, " --out ", Desks().Path(Cat({"home-saved-", state}))})}) {
      Once(state, "o-0001", command);
    }
    Once(state, "o-0001",
         Cat({"case print ", message, " --out ", Desks().Path(Cat({"home-", state, ".pdf"}))}));
    Once(state, "o-0004", "audit list --json");
    Once(state, "o-0004", "audit verify");
    const std::string metrics = Get(http[state], "/metrics");
    EXPECT_NE(metrics.find("palermo"), std::string::npos) << metrics;
    search_.ExpectNoneIn(metrics, "/metrics");
    search_.ExpectNoneIn(AllMessages(state), Cat({"what ", state, "'s node gives out"}));
    const auto records = programs.VerifiedLedger(state);
    ASSERT_TRUE(records.ok()) << records.status();
    for (const v1::Record& record : *records) {
      search_.ExpectNoneIn(record.SerializeAsString(), "ledger");
      search_.ExpectNoneIn(record.DebugString(), "ledger");
    }
  }
  for (const char* state : {"QM", "QT"}) EXPECT_EQ(programs.daemon(state).Stop(), 0);
  EXPECT_GT(search_.ExpectNoneUnder(programs.folder()), 20u);
  size_t desk_files = 0;
  for (const auto& folder : std::filesystem::directory_iterator(Desks().Path(""))) {
    const std::string name = folder.path().filename();
    if (name.rfind("home-", 0) != 0)
      continue;  // the drafts lie beside, where the officer wrote them
    if (folder.is_directory()) {
      desk_files += search_.ExpectNoneUnder(folder.path());
    } else {
      std::ifstream in(folder.path(), std::ios::binary);
      search_.ExpectNoneIn({std::istreambuf_iterator<char>(in), {}}, name);
    }
  }
  EXPECT_GT(desk_files, 10u);
  search_.ExpectNoneUnder(std::getenv("TMPDIR"));
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
