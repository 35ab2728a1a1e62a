// RFC 4180 tables, and what a spreadsheet must not take for a formula. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_CSV_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_CSV_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace palermo::casework {

using CsvRow = std::vector<std::string>;

struct CsvLimits {
  size_t bytes = 0, rows = 0;
  char separator = ',';
};
// Quotes, separators and line ends inside quotes; LF or CRLF; a byte order mark is skipped; an
// empty line is none. `lines`: on which line of the text each row begins. Failure: BAD_CSV with the
// line, CSV_TOO_LARGE.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, const CsvLimits& limits,
                                             std::vector<size_t>* lines = nullptr);

// A table as spreadsheets save it, in UTF-8: UTF-16 is known by its byte order mark. Failure:
// BAD_CSV.
absl::StatusOr<std::string> TableText(std::string_view bytes);
// What its first line separates cells with: comma, semicolon or tab.
char SeparatorOf(std::string_view text);
// Text of Windows-1252, of which Latin-1 is part, in UTF-8.
std::string FromWindows1252(std::string_view text);

// A cell as it is written: guarded against formulas, quoted where it must be.
std::string CsvCell(std::string_view value);
std::string CsvLine(const CsvRow& cells);  // with CRLF
// The value of a cell that CsvCell guarded.
std::string Unguarded(std::string_view cell);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_CSV_H_
