// Reads the project's files for the rules of the house. It is no C++ parser: it knows comments,
// strings and braces, which is enough for code that clang-format has laid out.
#ifndef PALERMO_TESTS_HOUSE_SOURCE_TREE_H_
#define PALERMO_TESTS_HOUSE_SOURCE_TREE_H_

#include <map>
#include <set>
#include <string>
#include <vector>

namespace palermo::house {

struct SourceFile {
  std::string path;  // from the root of the project, with '/'
  std::string text;
};

// The text files of the project, sorted by path. Leaves out .git, build folders and node_modules.
// Empty when `root` cannot be read.
std::vector<SourceFile> ReadTree(const std::string& root);

bool IsCode(const std::string& path);      // .cc or .h
bool IsTestCode(const std::string& path);  // under tests/, or a test or fuzz target beside the code
bool EndsWith(const std::string& text, const std::string& end);
bool StartsWith(const std::string& text, const std::string& start);

// The same text with comments, strings, characters and preprocessor lines blanked: same length,
// same lines.
std::string CodeOnly(const std::string& text);

// 1 for the first line.
int LineOf(const std::string& text, size_t position);
int CountLines(const std::string& text);

struct Include {
  int line;
  std::string target;  // without quotes or brackets
};
std::vector<Include> IncludesOf(const std::string& text);

struct Function {
  int line;   // where its head begins
  int lines;  // from the head to the closing brace
};
// Functions and methods outside of other functions. A lambda counts as part of its function.
std::vector<Function> FunctionsOf(const std::string& code);

// True when the file says "// house: RULE because ..." with a reason.
bool HasWaiver(const std::string& text, const std::string& rule);

// The .cc files that the CMakeLists.txt at `path` names, as paths from the root.
struct Listed {
  std::set<std::string> sources;
  std::set<std::string> tests;  // those inside palermo_test(...)
};
Listed ListedIn(const SourceFile& cmake);

// A library, program or test of ours, and those of its files that compile as one: without what is
// compiled alone. Lists that are set(...) in the same file are read.
struct Target {
  std::string name;
  std::vector<std::string> together;  // paths from the root
};
std::vector<Target> TargetsIn(const SourceFile& cmake);

// Functions of unnamed namespaces, with the line of each.
std::map<std::string, int> HelpersIn(const std::string& text);

}  // namespace palermo::house

#endif  // PALERMO_TESTS_HOUSE_SOURCE_TREE_H_
