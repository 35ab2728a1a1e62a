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
};
// Quotes, commas and line ends inside quotes; LF or CRLF; a byte order mark is skipped. Failure:
// BAD_CSV with the line, CSV_TOO_LARGE.
absl::StatusOr<std::vector<CsvRow>> ParseCsv(std::string_view text, const CsvLimits& limits);

// A cell as it is written: guarded against formulas, quoted where it must be.
std::string CsvCell(std::string_view value);
std::string CsvLine(const CsvRow& cells);  // with CRLF
// The value of a cell that CsvCell guarded.
std::string Unguarded(std::string_view cell);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_CSV_H_
