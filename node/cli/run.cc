#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/vocabulary.h"
#include "node/cli/act_support.h"
#include "node/cli/command.h"
#include "node/cli/parser.h"
#include "node/cli/session.h"
#include "node/desk/client.h"
#include "node/desk/json_value.h"
#include "node/server/transport/tls_credentials.h"

namespace palermo::cli {
namespace {

std::string DefaultHome() {
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == '\0' ? ".palermo" : Cat({home, "/.palermo"});
}

// As the command says; else what the desk keeps. A desk whose file cannot be read says so where it
// is needed.
absl::StatusOr<int> TakeLanguage(const Args& args, Context& context) {
  std::string tag = args.Get("--language");
  if (tag.empty()) {
    const auto config = LoadConfig(context.home);
    if (config.ok()) tag = config->language;
  }
  if (tag.empty()) return kExitOk;
  auto language = words::ParseLanguage(tag);
  if (!language.ok()) return UsageError(TextOf(language.status()));
  context.language = *language;
  return kExitOk;
}

// The field; of a text that is no JSON line and column, in the officer's language.
std::string PlaceIn(const casework::Finding& said, words::Language language) {
  const bool placed = std::any_of(said.args.begin(), said.args.end(),
                                  [](const auto& arg) { return arg.first == "line"; });
  if (!placed) return said.field;
  return casework::FillText(
      words::Translate(language, casework::Msg("line {line}, column {column}")), said.args,
      words::RightToLeft(language));
}

}  // namespace

desk::Json ErrorJson(const absl::Status& status) {
  desk::Json error = desk::Json::Object();
  error.Add("code", CodeOf(status)).Add("text", TextOf(status));
  // A file of an officer that is not read is R-GEN-01, too, and says where.
  const std::string field = casework::FieldOf(status);
  if (!field.empty()) error.Add("rule", "R-GEN-01").Add("field", field);
  const std::string detail = transport::DetailOf(status);
  if (!detail.empty()) error.Add("detail", detail);
  return error.Add("from_node", desk::IsFromNode(status));
}

std::string ErrorText(const absl::Status& status, bool json, words::Language language) {
  std::string code = CodeOf(status);
  if (json) {
    return desk::Json::Object().Add("error", ErrorJson(status)).OneLine() + "\n";
  }
  if (code == "USAGE") return Cat({"palermo: ", TextOf(status), "\n"});
  const char* who = desk::IsFromNode(status) && ExitCodeFor(status) == kExitRefused
                        ? "palermo: refused by the node: "
                        : "palermo: ";
  const casework::Finding finding = casework::FindingOf(status);
  const char* rule = casework::FieldOf(status).empty() ? "" : " (R-GEN-01)";
  if (language != words::Language::kEnglish && !finding.key.empty()) {
    const casework::Finding said = FindingsIn({finding}, language).front();
    const std::string place = PlaceIn(said, language), detail = casework::DetailOf(status);
    return Cat({"palermo: ", code, ": ", place, place.empty() ? "" : ": ", said.what, "; ",
                said.todo, rule, detail.empty() ? "" : " [", detail,
                detail.empty() ? "\n" : "]\n"});
  }
  return Cat({who, code, ": ", TextOf(status), rule, "\n"});
}

std::string ForTerminal(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0;
    const bool c1 = byte == 0xc2 && next >= 0x80 && next < 0xa0;
    // U+202A to U+202E: what turns the order of all that follows. Isolates end where they began.
    const bool turns = text.substr(i, 2) == "\xe2\x80" && i + 2 < text.size() &&
                       static_cast<unsigned char>(text[i + 2]) >= 0xaa &&
                       static_cast<unsigned char>(text[i + 2]) <= 0xae;
    // Both together are the line end of CSV.
    if (byte == '\r' && next == '\n') {
      out += '\r';
      continue;
    }
    if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f || c1 || turns) {
      out += '?';
      i += turns ? 2 : c1 ? 1 : 0;
    } else {
      out += text[i];
    }
  }
  return out;
}

int Run(const std::vector<std::string>& arguments, Clock& clock, Random& random, std::string* out,
        std::string* err) {
  ParsedLine line = ParseLine(arguments);
  if (line.command == nullptr) {
    const bool json = std::count(arguments.begin(), arguments.end(), "--json") != 0;
    if (line.exit_code == kExitOk) {
      *out += line.text;
    } else {
      *err += json ? ErrorText(UsageError(line.text), true) : line.text;
    }
    return line.exit_code;
  }
  Context context{
      .clock = &clock,
      .random = &random,
      .home = line.args.Has("--home") ? line.args.Get("--home") : DefaultHome(),
      .json = line.args.Has("--json"),
      .language = words::Language::kEnglish,
      .out = {},
      .progress =
          [](const std::string& text) {
            if (::isatty(STDERR_FILENO)) std::fprintf(stderr, "%s\n", ForTerminal(text).c_str());
          },
      .emit =
          [](const std::string& text) {
            std::fwrite(text.data(), 1, text.size(), stdout);
            std::fflush(stdout);
          },
      .keys = nullptr,
  };
  absl::StatusOr<int> result = TakeLanguage(line.args, context);
  if (result.ok()) result = line.command->run(line.args, context);
  *out += context.json ? context.out : ForTerminal(context.out);
  if (result.ok()) return *result;
  const std::string error = ErrorText(result.status(), context.json, context.language);
  *err += context.json ? error : ForTerminal(error);  // a file's own bytes may stand in it
  return ExitCodeFor(result.status());
}

}  // namespace palermo::cli
