#include "node/cli/output.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/acts.h"
#include "node/casework/text.h"
#include "node/trust/reason.h"

namespace palermo::cli {
namespace {

template <typename Field>
std::string JoinedTexts(const Field& texts) {
  std::string joined;
  for (const auto& text : texts) joined += (joined.empty() ? "" : ", ") + text;
  return joined;
}

// Columns that a terminal needs: two for a Chinese character, none for what cannot be seen.
size_t Width(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const char32_t c = casework::TakeCodePoint(text);
    const bool hidden =
        (c >= 0x300 && c <= 0x36F) || (c >= 0x64B && c <= 0x652) || (c >= 0x2066 && c <= 0x2069);
    const bool wide = (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xFF00 && c <= 0xFF60);
    width += hidden ? 0 : wide ? 2 : 1;
  }
  return width;
}

std::string Row(const std::vector<std::string>& cells, const std::vector<size_t>& widths) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    line += cells[i];
    if (i + 1 < cells.size()) line += std::string(widths[i] - Width(cells[i]) + 2, ' ');
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line + "\n";
}

}  // namespace

std::string Cut(std::string_view given, size_t columns) {
  const std::string line = casework::OneLine(given);
  if (Width(line) <= columns) return line;
  std::string_view rest = line;
  while (!rest.empty()) {
    std::string_view before = rest;
    casework::TakeCodePoint(rest);
    const size_t end = rest.data() - line.data();
    if (Width(std::string_view(line).substr(0, end)) + 3 > columns) {
      return Cat({std::string_view(line).substr(0, before.data() - line.data()), "..."});
    }
  }
  return line;
}

std::string Table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& given) {
  std::vector<std::vector<std::string>> rows = given;
  for (auto& row : rows) {
    for (std::string& cell : row) cell = casework::OneLine(cell);
  }
  std::vector<size_t> widths;
  for (const std::string& cell : head) widths.push_back(Width(cell));
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text = Row(head, widths);
  for (const auto& row : rows) text += Row(row, widths);
  return text;
}

std::string TimeText(int64_t millis) {
  return millis == 0 ? "-" : FormatInstant(FromMillis(millis));
}

desk::Json TimeJson(int64_t millis) {
  return millis == 0 ? desk::Json::Raw("null") : desk::Json::Text(TimeText(millis));
}

std::string IdText(std::string_view bytes) { return HexEncode(bytes); }

std::string ReasonWords(v1::Reason::Code reason) {
  if (reason == v1::Reason::NONE) return "";
  return Cat({v1::Reason::Code_Name(reason), " (", trust::ReasonText(reason), ")"});
}

namespace {

// Where an id of this kind is printed.
const char* WhereFound(std::string_view what) {
  if (what == "case id") return "palermo case list";
  if (what == "fingerprint") return "palermo roster show and charter show, there as printed";
  if (what == "break-glass id") return "palermo break-glass list";
  return "palermo case show, case inbox and case pending; for an auditor: audit list --whole";
}

}  // namespace

absl::StatusOr<std::string> ParseId(const std::string& text, size_t bytes, const char* what) {
  auto id = HexDecode(text);
  if (id.ok() && id->size() == bytes) return id;
  const size_t digits = bytes * 2;
  const bool hex = std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  const std::string why =
      hex ? absl::StrFormat("it has %d of the %d digits", text.size(), digits)
          : absl::StrFormat("it is written with the digits 0 to 9 and a to f alone, %d of them",
                            digits);
  return InputError("BAD_ID", absl::StrFormat("'%s' is no %s: %s. Copy the whole id; it is in: %s",
                                              text, what, why, WhereFound(what)));
}

std::string HeaderText(const v1::Header& header) {
  std::string text;
  auto line = [&text](const char* name, const std::string& value) {
    if (!value.empty()) text += absl::StrFormat("  %-12s %s\n", name, value);
  };
  line("case", IdText(header.case_id()));
  line("from", header.sender());
  line("to", JoinedTexts(header.recipients()));
  line("act", Cat({casework::FamilyName(header.family()), " ", casework::ActName(header.act())}));
  line("urgency", casework::UrgencyName(header.urgency()));
  line("handling", casework::HandlingName(header.handling()));
  line("legal basis", JoinedTexts(header.legal_basis()));
  line("made", TimeText(header.created_at_ms()));
  if (header.reply_by_ms() != 0) line("reply by", TimeText(header.reply_by_ms()));
  line("expires", TimeText(header.expires_at_ms()));
  for (const auto& parent : header.parents()) line("follows", IdText(parent));
  return text;
}

desk::Json HeaderJson(const v1::Header& header) {
  desk::Json to = desk::Json::List(), basis = desk::Json::List(), parents = desk::Json::List();
  for (const auto& recipient : header.recipients()) to.Push(recipient);
  for (const auto& text : header.legal_basis()) basis.Push(text);
  for (const auto& parent : header.parents()) parents.Push(IdText(parent));
  desk::Json json = desk::Json::Object();
  json.Add("case", IdText(header.case_id())).Add("from", header.sender());
  json.Add("to", std::move(to)).Add("family", casework::FamilyName(header.family()));
  json.Add("act", casework::ActName(header.act()));
  json.Add("urgency", casework::UrgencyName(header.urgency()));
  json.Add("handling", casework::HandlingName(header.handling()));
  json.Add("legal_basis", std::move(basis)).Add("parents", std::move(parents));
  json.Add("created_at", TimeJson(header.created_at_ms()));
  json.Add("reply_by", TimeJson(header.reply_by_ms()));
  json.Add("expires_at", TimeJson(header.expires_at_ms()));
  return json;
}

}  // namespace palermo::cli
