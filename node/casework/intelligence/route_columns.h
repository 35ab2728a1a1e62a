// The columns of a table of routes, and one cell as text and back; inside the room only.
// docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_COLUMNS_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_COLUMNS_H_

#include <google/protobuf/message.h>

#include <span>
#include <string>
#include <string_view>

namespace palermo::casework {

// A path of fields in the report or in its leg.
struct Column {
  std::string_view name, path;
  bool leg;
};
std::span<const Column> RouteColumns();
// Null when there is none.
const Column* FindColumn(std::string_view name);

// "" for a field that is not set. A value that SetCell would not read back is left out: then
// `lost`, unless it is null, becomes true.
std::string CellOf(const google::protobuf::Message& top, std::string_view path,
                   bool* lost = nullptr);
// "" when the cell was taken; else how such a cell is written.
std::string SetCell(const std::string& cell, std::string_view path, google::protobuf::Message& top);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_ROUTE_COLUMNS_H_
