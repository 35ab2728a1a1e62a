// The rules of the house that no compiler checks. CONTRIBUTING.md explains them. Each failure names
// the place and what to use instead.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/house/source_tree.h"

namespace palermo::house {
namespace {

constexpr int kFileLinesMax = 500;
constexpr int kFunctionLinesMax = 70;

using Paths = std::set<std::string>;

struct Banned {
  const char* word;  // stands in every match: a quick look before the slow one
  const char* pattern;
  const char* instead;
  bool in_tests;  // tests keep the rule too
  Paths allowed;  // with the reason in a comment
};

const std::vector<Banned>& BannedCalls() {
  // gRPC takes deadlines in wall-clock time, and makes periods of them at once. No decision about a
  // message is made in these files: those take their Clock from outside.
  static const Paths kRealTime = {"base/clock.cc", "node/server/grpc_server.cc",
                                  "node/server/outbound.cc", "node/desk/client.cc"};
  static const std::vector<Banned> banned = {
      {"rand", R"(\b(std::)?s?rand\s*\()", "palermo::Random (base/random.h)", true, {}},
      {"random_device", R"(\bstd::random_device\b)", "palermo::Random (base/random.h)", true, {}},
      // A test may: a fixed seed is what it wants.
      {"mt19937", R"(\bstd::mt19937(_64)?\b)", "palermo::Random (base/random.h)", false, {}},
      {"time",
       R"((\bstd::|[^\w.>:])time\s*\(\s*(NULL|nullptr|0)?\s*\))",
       "palermo::Clock (base/clock.h)",
       true,
       {}},
      {"system_clock", R"(\bsystem_clock\b)", "palermo::Clock (base/clock.h)", false, kRealTime},
      {"Now", R"(\babsl::Now\s*\()", "palermo::Clock (base/clock.h)", false, kRealTime},
      // They last as much longer as the wall clock is set back meanwhile.
      {"With",
       R"((\.|->)\s*(Await|Wait|LockWhen|ReaderLockWhen|WriterLockWhen)With(Timeout|Deadline)\s*\()",
       "palermo::SteadyWait (base/steady.h)",
       true,
       {}},
      {"throw",
       R"(\bthrow\b)",
       "absl::Status (base/status.h), or PALERMO_CHECK for an own bug",
       true,
       {}},
      {"using namespace", R"(\busing namespace\b)", "a using-declaration for each name", true, {}},
      // The officer's home folder is where the desk keeps its files.
      {"getenv",
       R"(\b(secure_)?getenv\s*\()",
       "a constructor argument, or an option of the program",
       false,
       {"node/cli/run.cc"}},
      // Compartments of an operation's mail are not for whoever opens it as a message.
      {"opened.body",
       R"(\bBodyToJson\s*\([^()]*\bopened\.body\b)",
       "desk::ForOfficer (node/desk/compartments.h)",
       false,
       {}},
      {"sprintf", R"(\bv?sprintf\s*\()", "absl::StrFormat", true, {}},
      {"strc", R"(\b(strcpy|strcat)\s*\()", "std::string", true, {}},
      {"system",
       R"(\b(std::)?system\s*\()",
       "a function call: no shell in the programs",
       false,
       {}},
      {"popen", R"(\bpopen\s*\()", "a function call: no shell in the programs", false, {}},
  };
  return banned;
}

class House : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* root = std::getenv("PALERMO_SOURCE");
    ASSERT_NE(root, nullptr) << "run it with ctest, which sets PALERMO_SOURCE";
    files_ = ReadTree(root);
    ASSERT_GT(files_.size(), 100u) << "the scan of " << root << " saw too little to mean anything";
  }

  std::vector<SourceFile> CodeFiles() const {
    std::vector<SourceFile> code;
    for (const SourceFile& file : files_) {
      if (IsCode(file.path)) code.push_back(file);
    }
    return code;
  }

  Listed AllListed() const {
    Listed all;
    for (const SourceFile& file : files_) {
      if (!EndsWith(file.path, "CMakeLists.txt")) continue;
      Listed one = ListedIn(file);
      all.sources.merge(one.sources);
      all.tests.merge(one.tests);
    }
    return all;
  }

  std::vector<SourceFile> files_;
};

void CheckBanned(const SourceFile& file, const std::string& code, const Banned& banned) {
  if (banned.allowed.contains(file.path)) return;
  if (!banned.in_tests && IsTestCode(file.path)) return;
  if (code.find(banned.word) == std::string::npos) return;
  std::regex pattern(banned.pattern);
  for (std::sregex_iterator at(code.begin(), code.end(), pattern), end; at != end; ++at) {
    ADD_FAILURE() << file.path << ":" << LineOf(code, at->position()) << ": " << at->str()
                  << " is banned; use " << banned.instead;
  }
}

// "Suite.Name" of each test.
std::set<std::string> TestNamesIn(const std::string& text) {
  static const std::regex kTest("TEST(_F|_P)?\\(\\s*(\\w+),\\s*(\\w+)\\)");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), kTest), end; at != end; ++at) {
    names.insert((*at)[2].str() + "." + (*at)[3].str());
  }
  return names;
}

TEST_F(House, CallsNothingThatIsBanned) {
  for (const SourceFile& file : CodeFiles()) {
    std::string code = CodeOnly(file.text);
    for (const Banned& banned : BannedCalls()) CheckBanned(file, code, banned);
  }
}

TEST_F(House, ListsOnlyExistingExceptions) {
  Paths paths;
  for (const SourceFile& file : files_) paths.insert(file.path);
  for (const Banned& banned : BannedCalls()) {
    for (const std::string& path : banned.allowed) {
      EXPECT_TRUE(paths.contains(path)) << path << " is an exception of a rule but not a file";
    }
  }
}

TEST_F(House, KeepsFilesShort) {
  for (const SourceFile& file : files_) {
    const bool proto = file.path.size() > 6 && file.path.substr(file.path.size() - 6) == ".proto";
    if (!proto && !IsCode(file.path)) continue;
    int lines = CountLines(file.text);
    if (lines <= kFileLinesMax || HasWaiver(file.text, "long file")) continue;
    ADD_FAILURE() << file.path << ": " << lines << " lines, more than " << kFileLinesMax
                  << "; split it, or say \"// house: long file because ...\"";
  }
}

TEST_F(House, KeepsFunctionsShort) {
  int seen = 0;
  for (const SourceFile& file : CodeFiles()) {
    if (HasWaiver(file.text, "long function")) continue;
    for (const Function& function : FunctionsOf(CodeOnly(file.text))) {
      ++seen;
      if (function.lines <= kFunctionLinesMax) continue;
      ADD_FAILURE() << file.path << ":" << function.line << ": a function of " << function.lines
                    << " lines, more than " << kFunctionLinesMax
                    << "; split it, or say \"// house: long function because ...\"";
    }
  }
  EXPECT_GT(seen, 500) << "the scan saw too little to mean anything";
}

TEST_F(House, BuildsEverySourceFile) {
  Listed listed = AllListed();
  for (const SourceFile& file : CodeFiles()) {
    if (!EndsWith(file.path, ".cc") || listed.sources.contains(file.path)) continue;
    ADD_FAILURE() << file.path << " is in no CMakeLists.txt: nothing builds it";
  }
}

TEST_F(House, RunsEveryTestFile) {
  Listed listed = AllListed();
  for (const SourceFile& file : CodeFiles()) {
    if (!EndsWith(file.path, "_test.cc") || listed.tests.contains(file.path)) continue;
    ADD_FAILURE() << file.path << " is in no palermo_test(...): nothing runs it";
  }
}

// Compiled as one, a call of one file may take the helper of another, whose parameters fit as well,
// and another one when a file is added.
TEST_F(House, TellsHelpersApartWhereFilesCompileTogether) {
  std::map<std::string, const SourceFile*> by_path;
  for (const SourceFile& file : files_) by_path[file.path] = &file;
  int seen = 0;
  for (const SourceFile& file : files_) {
    if (!EndsWith(file.path, "CMakeLists.txt")) continue;
    for (const Target& target : TargetsIn(file)) {
      std::map<std::string, std::string> where;  // by name of the helper
      for (const std::string& path : target.together) {
        if (!by_path.contains(path)) continue;
        for (const auto& [name, line] : HelpersIn(by_path[path]->text)) {
          ++seen;
          const std::string here = path + ":" + std::to_string(line);
          const auto [first, fresh] = where.emplace(name, here);
          EXPECT_TRUE(fresh) << here << ": " << name << " is also at " << first->second
                             << "; give one another name, or share it";
        }
      }
    }
  }
  EXPECT_GT(seen, 1000) << "the scan saw too little to mean anything";
}

TEST_F(House, LeavesNoTestFileEmpty) {
  for (const SourceFile& file : files_) {
    if (!EndsWith(file.path, "_test.cc") || !TestNamesIn(file.text).empty()) continue;
    ADD_FAILURE() << file.path << " has no test";
  }
}

TEST_F(House, NamesOnlyTestsThatExistInTheThreatModel) {
  static const std::regex kName("`([A-Z]\\w+\\.[A-Z]\\w+)`");
  std::set<std::string> tests = {"Suite.Name"};  // how the page explains itself
  std::string page;
  for (const SourceFile& file : files_) {
    if (EndsWith(file.path, "_test.cc")) tests.merge(TestNamesIn(file.text));
    if (file.path == "docs/threat-model.md") page = file.text;
  }
  int seen = 0;
  for (std::sregex_iterator at(page.begin(), page.end(), kName), end; at != end; ++at, ++seen) {
    EXPECT_TRUE(tests.contains((*at)[1]))
        << (*at)[1] << " is in docs/threat-model.md but is no test";
  }
  EXPECT_GT(seen, 30);
}

TEST_F(House, NamesNoMachineAndNoMirror) {
  // Written in two pieces, so that this file keeps its own rule.
  const std::vector<std::string> words = {std::string("/wo") + "rk/", std::string(".lib") + "rary"};
  for (const SourceFile& file : files_) {
    for (const std::string& word : words) {
      size_t found = file.text.find(word);
      if (found == std::string::npos) continue;
      ADD_FAILURE() << file.path << ":" << LineOf(file.text, found) << ": \"" << word
                    << "\" means one machine only; use a path from the root of the project";
    }
  }
}

TEST(HouseRules, SeeWhatTheyBan) {
  auto bans = [](const std::string& text) {
    std::string code = CodeOnly(text);
    for (const Banned& banned : BannedCalls()) {
      if (code.find(banned.word) == std::string::npos) continue;
      if (std::regex_search(code, std::regex(banned.pattern))) return true;
    }
    return false;
  };
  EXPECT_TRUE(bans("int x = std::rand();"));
  EXPECT_TRUE(bans("int x = time(NULL);"));
  EXPECT_TRUE(bans("auto t = std::chrono::system_clock::now();"));
  EXPECT_TRUE(bans("absl::Time t = absl::Now();"));
  EXPECT_TRUE(bans("mu_.AwaitWithTimeout(condition, limit);"));
  EXPECT_TRUE(bans("changed_->WaitWithDeadline(&mu, end);"));
  EXPECT_TRUE(bans("throw 1;"));
  EXPECT_TRUE(bans("using namespace std;"));
  EXPECT_TRUE(bans("std::getenv(name);"));
  EXPECT_FALSE(bans("absl::Time t = clock.Now();  // not absl::Now()"));
  EXPECT_FALSE(bans("int64_t t = entry.time();"));
  EXPECT_FALSE(bans("ledger.set_time(0);"));
}

}  // namespace
}  // namespace palermo::house
