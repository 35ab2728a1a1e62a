// JSON of the exports, and what of a label leaves with a report; inside the room only. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_JSON_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_JSON_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "node/casework/intelligence/route_export.h"
#include "node/casework/text.h"

namespace palermo::casework {

// Members in the order they are given; an empty value is left out.
using Members = std::vector<std::pair<std::string_view, std::string>>;
std::string JsonObject(const Members& members);
// "" for no text, no values.
std::string JsonText(std::string_view text);
std::string JsonArray(const std::vector<std::string>& values);
template <typename List>
std::string JsonTexts(const List& list) {
  std::vector<std::string> values;
  for (const std::string& text : list) values.push_back(JsonQuote(text));
  return JsonArray(values);
}
// "" for what is no number of JSON.
std::string JsonNumber(double value);

// Adds what is not in the list yet.
void AddOnce(const std::string& text, std::vector<std::string>& list);

std::vector<std::string> HandlingOf(const v1::Label& label);
// The reports that may leave, without what is sealed for investigators; `out` gets the others.
// `held`: the paths of what the format holds; of the rest `out` tells what was left out.
std::vector<v1::RouteReport> Allowed(const ExportRequest& request,
                                     const std::vector<std::string>& held, Exported& out);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_EXPORT_JSON_H_
