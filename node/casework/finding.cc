#include "node/casework/finding.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

std::string OneText(const Finding& f) {
  std::string text = absl::StrFormat("%s %s", SeverityName(f.severity), f.rule);
  if (!f.article.empty()) text += absl::StrFormat(" (%s)", f.article);
  if (!f.field.empty()) text += absl::StrFormat(" at %s", f.field);
  text += absl::StrFormat(": %s.\n", f.what);
  if (!f.todo.empty()) text += absl::StrFormat("  To do: %s.\n", f.todo);
  return text;
}

std::string OneJson(const Finding& f) {
  return Cat({"{\"rule\":", JsonQuote(f.rule),
              ",\"severity\":", JsonQuote(SeverityName(f.severity)),
              ",\"field\":", JsonQuote(f.field), ",\"what\":", JsonQuote(f.what),
              ",\"article\":", JsonQuote(f.article), ",\"todo\":", JsonQuote(f.todo), "}"});
}

}  // namespace

std::string FillText(std::string_view text, const TextArgs& args, bool isolated) {
  constexpr std::string_view kIsolate = "\u2068", kEndIsolate = "\u2069";
  std::string out;
  while (!text.empty()) {
    const size_t open = text.find('{');
    const size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) break;
    out += text.substr(0, open);
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = std::find_if(args.begin(), args.end(),
                                    [&](const auto& argument) { return argument.first == name; });
    if (found == args.end()) {
      out += text.substr(open, close - open + 1);
    } else {
      if (isolated) out += kIsolate;
      out += found->second;
      if (isolated) out += kEndIsolate;
    }
    text.remove_prefix(close + 1);
  }
  out += text;
  return out;
}

std::string_view SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "ERROR";
    case Severity::kWarning:
      return "WARNING";
    case Severity::kNote:
      return "NOTE";
  }
  return "UNKNOWN";
}

bool Blocks(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& f) { return f.severity == Severity::kError; });
}

Overridden ParseOverridden(std::string_view entry) {
  constexpr std::string_view kAt = " at ";
  const size_t at = entry.find(kAt);
  if (at == std::string_view::npos) return {entry, ""};
  return {entry.substr(0, at), entry.substr(at + kAt.size())};
}

OverrideSet::OverrideSet(const std::vector<Finding>& findings,
                         const std::vector<std::string>& entries) {
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::kWarning) meanings_[finding.rule].insert(finding.key);
  }
  for (const std::string& entry : entries) {
    const Overridden answered = ParseOverridden(entry);
    if (answered.field.empty()) {
      rules_.emplace(answered.rule);
    } else {
      places_.emplace(answered.rule, answered.field);
    }
  }
}

bool OverrideSet::Covers(const Finding& finding) const {
  if (places_.contains({finding.rule, finding.field})) return true;
  const auto meanings = meanings_.find(finding.rule);
  return rules_.contains(finding.rule) &&
         (meanings == meanings_.end() || meanings->second.size() == 1);
}

std::vector<Finding> OpenWarnings(const std::vector<Finding>& findings,
                                  const std::vector<std::string>& entries) {
  const OverrideSet answers(findings, entries);
  std::vector<Finding> open;
  std::copy_if(findings.begin(), findings.end(), std::back_inserter(open), [&](const Finding& f) {
    return f.severity == Severity::kWarning && !answers.Covers(f);
  });
  return open;
}

std::string FindingsText(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& f : findings) text += OneText(f);
  return text;
}

std::string FindingsJson(const std::vector<Finding>& findings) {
  std::string json = "[";
  for (const Finding& f : findings) {
    if (json.size() > 1) json += ",";
    json += OneJson(f);
  }
  return json + "]";
}

}  // namespace palermo::casework
