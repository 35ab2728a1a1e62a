// Tables, times and ids as every command prints them.
#ifndef PALERMO_NODE_CLI_OUTPUT_H_
#define PALERMO_NODE_CLI_OUTPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "node/desk/json_value.h"
#include "palermo/v1/common.pb.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::cli {

// `text` in at most so many columns of a terminal, which end with "..." when something is left out.
// REQUIRES: `columns` is above 3.
std::string Cut(std::string_view text, size_t columns);
// Columns as wide as they need, two blanks between, no blanks at the end of a line. Each row is one
// line, whatever its cells say.
std::string Table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows);

// "2026-03-02T09:00:00Z"; "-" for 0.
// For JSON: null where there is no time.
desk::Json TimeJson(int64_t millis);
std::string TimeText(int64_t millis);
std::string IdText(std::string_view bytes);  // hex
// "OLD_VERSION (what a person reads)"; "" for NONE.
std::string ReasonWords(v1::Reason::Code reason);

// A message id or case id in hex. BAD_ID names what is expected.
absl::StatusOr<std::string> ParseId(const std::string& text, size_t bytes, const char* what);

// The header for people; every line indented by two blanks.
std::string HeaderText(const v1::Header& header);
desk::Json HeaderJson(const v1::Header& header);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OUTPUT_H_
