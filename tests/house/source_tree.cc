#include "tests/house/source_tree.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace palermo::house {
namespace {

constexpr size_t kFileLimitBytes = 1 << 20;  // more is data, not source

bool IsSkippedFolder(const std::string& name) {
  return name == ".git" || name == "node_modules" || StartsWith(name, "build");
}

// Blanks what is not code, one piece at a time. Each method starts at `at_` and moves it on.
class Blanker {
 public:
  explicit Blanker(const std::string& text) : text_(text), code_(text) {}

  std::string Run() {
    while (at_ < text_.size()) Step();
    return code_;
  }

 private:
  void Step() {
    char c = text_[at_];
    if (c == '\n') {
      line_start_ = true;
      ++at_;
    } else if (c == '#' && line_start_) {
      Directive();
    } else if (text_.compare(at_, 2, "//") == 0) {
      BlankTo(text_.find('\n', at_));
    } else if (text_.compare(at_, 2, "/*") == 0) {
      BlankTo(EndAfter("*/", at_ + 2));
    } else if (c == '"') {
      bool raw = at_ > 0 && text_[at_ - 1] == 'R';
      raw ? RawString() : Quoted('"');
    } else if (c == '\'' &&
               !(at_ > 0 && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])))) {
      Quoted('\'');  // otherwise it separates digits
    } else {
      if (!std::isspace(static_cast<unsigned char>(c))) line_start_ = false;
      ++at_;
    }
  }

  void Directive() {
    size_t end = text_.find('\n', at_);
    while (end != std::string::npos && text_[end - 1] == '\\') end = text_.find('\n', end + 1);
    BlankTo(end);
  }

  void Quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    BlankTo(end + 1);
  }

  void RawString() {
    size_t open = text_.find('(', at_);
    if (open == std::string::npos) return BlankTo(open);
    std::string close = ")" + text_.substr(at_ + 1, open - at_ - 1) + "\"";
    BlankTo(EndAfter(close, open));
  }

  size_t EndAfter(const std::string& what, size_t from) const {
    size_t found = text_.find(what, from);
    return found == std::string::npos ? found : found + what.size();
  }

  void BlankTo(size_t end) {
    end = std::min(end, text_.size());
    for (; at_ < end; ++at_) {
      if (code_[at_] != '\n') code_[at_] = ' ';
    }
  }

  const std::string& text_;
  std::string code_;
  size_t at_ = 0;
  bool line_start_ = true;
};

enum class Scope { kOuter, kFunction, kData };

// What a brace opens, told by the text before it. `inside` is what surrounds it.
Scope ScopeFor(const std::string& head, Scope inside) {
  static const std::regex kOuterWord("\\b(namespace|class|struct|union|enum|extern)\\b");
  if (inside != Scope::kOuter) return inside;
  if (head.empty()) return Scope::kFunction;  // after a constructor's list of members
  if (std::regex_search(head.substr(0, head.find('(')), kOuterWord)) return Scope::kOuter;
  bool is_function = head.find('(') != std::string::npos && head.back() != '=';
  return is_function ? Scope::kFunction : Scope::kData;
}

size_t SkipToHead(const std::string& code, size_t from, size_t to) {
  static const std::regex kAccess("^\\s*(public|private|protected):");
  std::smatch found;
  std::string head = code.substr(from, to - from);
  while (std::regex_search(head, found, kAccess)) {
    from += found.length();
    head = found.suffix();
  }
  while (from < to && std::isspace(static_cast<unsigned char>(code[from]))) ++from;
  return from;
}

std::string Trimmed(const std::string& text) {
  size_t end = text.find_last_not_of(" \n\t");
  return end == std::string::npos ? "" : text.substr(0, end + 1);
}

std::string WithoutCMakeComments(const std::string& text) {
  return std::regex_replace(text, std::regex("#[^\n]*"), "");
}

// Adds the .cc words of `words` to `to`. "${name}.cc" of a foreach stands for every other word.
void AddSources(const std::string& folder, const std::string& words, std::set<std::string>* to) {
  std::string spaced = std::regex_replace(words, std::regex("[()\"]"), " ");
  bool has_loop = spaced.find("}.cc") != std::string::npos;
  std::istringstream in(spaced);
  for (std::string word; in >> word;) {
    if (EndsWith(word, ".cc")) to->insert(folder + word);
    if (has_loop) to->insert(folder + word + ".cc");
  }
}

}  // namespace

bool StartsWith(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool IsCode(const std::string& path) { return EndsWith(path, ".cc") || EndsWith(path, ".h"); }

bool IsTestCode(const std::string& path) {
  static const std::regex kTestName(
      "(_test|_fuzz|_test_util)\\.(cc|h)$|/(test_|faulty_)[a-z_]+\\.(cc|h)$");
  return StartsWith(path, "tests/") || std::regex_search(path, kTestName);
}

std::vector<SourceFile> ReadTree(const std::string& root) {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  std::error_code error;
  fs::recursive_directory_iterator at(root, error), end;
  for (; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    if (at->is_directory()) {
      if (IsSkippedFolder(name)) at.disable_recursion_pending();
      continue;
    }
    if (!at->is_regular_file() || at->file_size(error) > kFileLimitBytes) continue;
    if (at->path().filename() == ".git") continue;  // of a second work tree: where the first is
    std::ifstream in(at->path(), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text.find('\0') != std::string::npos) continue;
    files.push_back({fs::relative(at->path(), root).generic_string(), std::move(text)});
  }
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

std::string CodeOnly(const std::string& text) { return Blanker(text).Run(); }

int LineOf(const std::string& text, size_t position) {
  return 1 + static_cast<int>(std::count(
                 text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n'));
}

int CountLines(const std::string& text) {
  return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
}

std::vector<Include> IncludesOf(const std::string& text) {
  static const std::regex kInclude("^#include [<\"]([^>\"]+)[>\"]");
  std::vector<Include> includes;
  std::istringstream in(text);
  std::string line;
  std::smatch found;
  for (int number = 1; std::getline(in, line); ++number) {
    if (std::regex_search(line, found, kInclude)) includes.push_back({number, found[1]});
  }
  return includes;
}

std::vector<Function> FunctionsOf(const std::string& code) {
  struct Open {
    Scope scope;
    size_t head;
  };
  std::vector<Function> functions;
  std::vector<Open> open;
  size_t after = 0;  // where the text since the last ; { or } begins
  for (size_t at = 0; at < code.size(); ++at) {
    Scope inside = open.empty() ? Scope::kOuter : open.back().scope;
    if (code[at] == '{') {
      size_t head = SkipToHead(code, after, at);
      open.push_back({ScopeFor(Trimmed(code.substr(head, at - head)), inside), head});
    } else if (code[at] == '}' && !open.empty()) {
      Open closed = open.back();
      open.pop_back();
      bool outermost = open.empty() || open.back().scope == Scope::kOuter;
      if (closed.scope == Scope::kFunction && outermost) {
        int line = LineOf(code, closed.head);
        functions.push_back({line, LineOf(code, at) - line + 1});
      }
    }
    bool ends = code[at] == '{' || code[at] == '}' || code[at] == ';';
    if (ends) after = at + 1;
  }
  return functions;
}

bool HasWaiver(const std::string& text, const std::string& rule) {
  std::string start = "// house: " + rule + " because ";
  size_t found = text.find(start);
  return found != std::string::npos && text[found + start.size()] != '\n';
}

Listed ListedIn(const SourceFile& cmake) {
  static const std::regex kTest("palermo_test\\(([^)]*)\\)");
  std::string folder = cmake.path.substr(0, cmake.path.rfind('/') + 1);
  std::string text = WithoutCMakeComments(cmake.text);
  Listed listed;
  AddSources(folder, text, &listed.sources);
  for (std::sregex_iterator at(text.begin(), text.end(), kTest), end; at != end; ++at) {
    AddSources(folder, (*at)[1], &listed.tests);
  }
  return listed;
}

std::vector<Target> TargetsIn(const SourceFile& cmake) {
  static const std::regex kSet("set\\((\\w+)\\s([^)]*)\\)");
  static const std::regex kTarget("palermo_(library|program|test)\\(NAME\\s+(\\w+)\\s([^)]*)\\)");
  static const std::regex kAlone("set_source_files_properties\\(([^)]*)SKIP_UNITY_BUILD[^)]*\\)");
  static const std::regex kOff(
      "set_target_properties\\((\\w+)\\s+PROPERTIES\\s+UNITY_BUILD\\s+OFF");
  const std::string folder = cmake.path.substr(0, cmake.path.rfind('/') + 1);
  std::string text = WithoutCMakeComments(cmake.text);
  std::map<std::string, std::string> sets;
  for (std::sregex_iterator at(text.begin(), text.end(), kSet), end; at != end; ++at) {
    sets["${" + (*at)[1].str() + "}"] = (*at)[2].str();
  }
  // list(APPEND X ...) and set(X ...) make one list.
  static const std::regex kAppend("list\\(APPEND\\s+(\\w+)\\s([^)]*)\\)");
  for (std::sregex_iterator at(text.begin(), text.end(), kAppend), end; at != end; ++at) {
    sets["${" + (*at)[1].str() + "}"] += " " + (*at)[2].str();
  }
  for (const auto& [name, value] : sets) {
    for (size_t at = text.find(name); at != std::string::npos;
         at = text.find(name, at + value.size())) {
      text.replace(at, name.size(), value);
    }
  }
  std::set<std::string> alone, off;
  for (std::sregex_iterator at(text.begin(), text.end(), kAlone), end; at != end; ++at) {
    AddSources(folder, (*at)[1], &alone);
  }
  for (std::sregex_iterator at(text.begin(), text.end(), kOff), end; at != end; ++at) {
    off.insert((*at)[1]);
  }
  std::vector<Target> targets;
  for (std::sregex_iterator at(text.begin(), text.end(), kTarget), end; at != end; ++at) {
    if (off.contains((*at)[2])) continue;
    std::set<std::string> sources;
    AddSources(folder, (*at)[3], &sources);
    Target target{(*at)[2], {}};
    std::set_difference(sources.begin(), sources.end(), alone.begin(), alone.end(),
                        std::back_inserter(target.together));
    targets.push_back(std::move(target));
  }
  return targets;
}

std::map<std::string, int> HelpersIn(const std::string& text) {
  static const std::regex kHead("^[\\w:][^(=]*[ *&>](\\w+)\\(");
  std::map<std::string, int> helpers;
  std::istringstream in(text);
  std::string line;
  std::smatch found;
  bool inside = false;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line == "namespace {") inside = true;
    if (line == "}  // namespace") inside = false;
    if (inside && std::regex_search(line, found, kHead)) helpers.emplace(found[1], number);
  }
  return helpers;
}

}  // namespace palermo::house
