#include "node/casework/intelligence/csv.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

constexpr std::string_view kFormula = "=+-@\t\r";
// Behind these a cell begins where a spreadsheet separates with something else than a comma: it
// takes no notice of the quotes around ours.
constexpr std::string_view kBegins = ";\t\r\n";

absl::Status BadCsv(size_t line, std::string_view why) {
  return InputError("BAD_CSV",
                    absl::StrFormat("line %u: %s; correct the table and try again", line, why));
}

class Reader {
 public:
  Reader(std::string_view text, const CsvLimits& limits)
      : text_(text), limits_(limits), ends_({limits.separator, '\r', '\n'}) {}

  absl::StatusOr<std::vector<CsvRow>> Rows(std::vector<size_t>* lines) {
    std::vector<CsvRow> rows;
    while (at_ < text_.size()) {
      if (rows.size() == limits_.rows) {
        return OverLimit("CSV_TOO_LARGE",
                         absl::StrFormat("the table has more than %u lines", limits_.rows));
      }
      CsvRow row;
      const size_t line = line_;
      PALERMO_RETURN_IF_ERROR(Row(row));
      if (row.size() == 1 && row.front().empty()) continue;
      rows.push_back(std::move(row));
      if (lines != nullptr) lines->push_back(line);
    }
    return rows;
  }

 private:
  absl::Status Row(CsvRow& row) {
    for (;;) {
      std::string cell;
      PALERMO_RETURN_IF_ERROR(Cell(cell));
      row.push_back(std::move(cell));
      if (row.size() > limits::kMaxCsvColumns) return BadCsv(line_, "it has too many columns");
      if (at_ == text_.size()) return absl::OkStatus();
      const char c = text_[at_++];
      if (c == limits_.separator) continue;
      if (c == '\r' && at_ < text_.size() && text_[at_] == '\n') ++at_;
      ++line_;
      return absl::OkStatus();
    }
  }

  absl::Status Cell(std::string& cell) {
    if (at_ < text_.size() && text_[at_] == '"') return Quoted(cell);
    const size_t end = std::min(text_.find_first_of(ends_, at_), text_.size());
    cell = std::string(text_.substr(at_, end - at_));
    at_ = end;
    if (cell.find('"') != std::string::npos) return BadCsv(line_, "a quote stands inside a cell");
    return Fits(cell);
  }

  absl::Status Quoted(std::string& cell) {
    const size_t from = line_;
    for (++at_;;) {
      if (at_ == text_.size()) return BadCsv(from, "a quote is not closed");
      const char c = text_[at_++];
      if (c == '\n') ++line_;
      if (c != '"') {
        cell += c;
      } else if (at_ < text_.size() && text_[at_] == '"') {
        cell += text_[at_++];
      } else {
        break;
      }
    }
    const bool ends = at_ == text_.size() || ends_.find(text_[at_]) != std::string::npos;
    return ends ? Fits(cell) : BadCsv(line_, "something follows a closing quote");
  }

  absl::Status Fits(const std::string& cell) const {
    return cell.size() <= limits::kMaxCsvCellBytes ? absl::OkStatus()
                                                   : BadCsv(line_, "a cell is too long");
  }

  std::string_view text_;
  const CsvLimits& limits_;
  const std::string ends_;  // what ends a cell
  size_t at_ = 0, line_ = 1;
};

absl::StatusOr<std::string> Decoded(std::string_view bytes, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::LocalUConverterPointer converter(ucnv_open(charset, &error));
  if (U_SUCCESS(error)) {
    ucnv_setToUCallBack(converter.getAlias(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &error);
  }
  if (U_FAILURE(error)) return absl::InternalError(u_errorName(error));
  const icu::UnicodeString text(bytes.data(), static_cast<int32_t>(bytes.size()),
                                converter.getAlias(), error);
  if (U_FAILURE(error)) return absl::InvalidArgumentError(u_errorName(error));
  std::string out;
  return text.toUTF8String(out);
}

// "-179.5": a spreadsheet computes nothing, and reads it as the number that it is. A "+" stays
// guarded: it would be lost.
bool IsNegativeNumber(std::string_view text) {
  if (text.size() < 2 || text[0] != '-') return false;
  const size_t point = text.find('.', 1);
  const auto digits = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return point == std::string_view::npos
             ? digits(text.substr(1))
             : digits(text.substr(1, point - 1)) && digits(text.substr(point + 1));
}

bool NeedsGuard(std::string_view value) {
  if (value.empty() || IsNegativeNumber(value)) return false;
  return kFormula.find(value[0]) != std::string_view::npos || value[0] == '\'';
}

}  // namespace

absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, const CsvLimits& limits,
                                             std::vector<size_t>* lines) {
  if (text.size() > limits.bytes) {
    return OverLimit("CSV_TOO_LARGE", absl::StrFormat("the table has %u bytes, at most %u are read",
                                                      text.size(), limits.bytes));
  }
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  return Reader(text, limits).Rows(lines);
}

absl::StatusOr<std::string> TableText(std::string_view bytes) {
  const bool wide = bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF";
  if (!wide) {
    if (bytes.find('\0') == std::string_view::npos) return std::string(bytes);
    return InputError("BAD_CSV", "this is no text in UTF-8; save the table as CSV UTF-8");
  }
  auto text = Decoded(bytes, "UTF-16");
  if (text.ok()) return text;
  return InputError("BAD_CSV", "the text in UTF-16 is damaged; save the table as CSV UTF-8");
}

char SeparatorOf(std::string_view text) {
  size_t commas = 0, semicolons = 0, tabs = 0;
  bool quoted = false;
  for (const char c : text) {
    quoted = quoted != (c == '"');
    if (quoted) continue;
    if (c == '\n' || c == '\r') break;
    commas += c == ',' ? 1 : 0;
    semicolons += c == ';' ? 1 : 0;
    tabs += c == '\t' ? 1 : 0;
  }
  if (commas >= std::max(semicolons, tabs)) return ',';
  return semicolons >= tabs ? ';' : '\t';
}

std::string FromWindows1252(std::string_view text) {
  // Every byte means a character there, or is a control character.
  return Decoded(text, "windows-1252").value_or("");
}

std::string CsvCell(std::string_view value) {
  std::string out;
  // A quote that was there already is guarded too, so that the way back is one.
  for (size_t at = 0; at < value.size();) {
    const size_t end = std::min(value.find_first_of(kBegins, at), value.size() - 1) + 1;
    const std::string_view piece = value.substr(at, end - at);
    const size_t separator = kBegins.find(piece.back()) == std::string_view::npos ? 0 : 1;
    if (NeedsGuard(at == 0 ? value : piece.substr(0, piece.size() - separator))) out += '\'';
    out += piece;
    at = end;
  }
  if (out.find_first_of(",\"\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string CsvLine(const CsvRow& cells) {
  std::string out;
  for (size_t i = 0; i < cells.size(); ++i) out += (i == 0 ? "" : ",") + CsvCell(cells[i]);
  return out + "\r\n";
}

std::string Unguarded(std::string_view cell) {
  std::string out;
  for (size_t at = 0; at < cell.size();) {
    const bool guarded =
        at + 1 < cell.size() && cell[at] == '\'' &&
        (kFormula.find(cell[at + 1]) != std::string_view::npos || cell[at + 1] == '\'');
    if (guarded) ++at;
    const size_t end = std::min(cell.find_first_of(kBegins, at), cell.size() - 1) + 1;
    out += cell.substr(at, end - at);
    at = end;
  }
  return out;
}

}  // namespace palermo::casework
