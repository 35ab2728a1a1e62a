// Fuzz target: any text is a table or a readable error; what is written comes back; no export
// breaks, and a release of places is read or refused.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/correlation.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/places.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/intelligence/route_export.h"
#include "node/casework/intelligence/route_rules.h"

namespace {

namespace casework = palermo::casework;

// The worst that names can do: all of them meet.
std::string OneUuid(std::string_view) { return "00000000-0000-5000-8000-000000000000"; }

void Leave(const std::vector<palermo::v1::RouteReport>& reports) {
  casework::ExportRequest request;
  request.asker = {"QN", "QN/central", "QN/central/o-1", "INVESTIGATION", "fuzz"};
  std::vector<const palermo::v1::RouteReport*> rows;
  for (const auto& report : reports) {
    casework::CheckRoute(report, "2026-03-02T09:00:00Z", "r");
    casework::MarksOf(report);
    request.items.push_back({&report, {}});
    rows.push_back(&report);
  }
  PALERMO_CHECK(casework::ParseJson(casework::ExportGeoJson(request).text).ok());
  PALERMO_CHECK(casework::ParseJson(casework::ExportStix(request, OneUuid).text).ok());
  PALERMO_CHECK(casework::ParseCsv(casework::RoutesToCsv(rows), {SIZE_MAX, SIZE_MAX}).ok());
  for (const palermo::v1::RouteReport* row : rows) {
    const auto back = casework::RoutesFromCsv(casework::RoutesToCsv({row}));
    PALERMO_CHECK(back.ok() || row->route_id().empty() ||
                  palermo::CodeOf(back.status()) == "CSV_TOO_LARGE");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto rows = casework::ParseCsv(text, {1 << 20, 1000});
  for (size_t i = 0; rows.ok() && i < rows->size(); ++i) {
    const auto back = casework::ParseCsv(casework::CsvLine((*rows)[i]), {SIZE_MAX, SIZE_MAX});
    PALERMO_CHECK(back.ok() && back->size() == 1 && back->front().size() == (*rows)[i].size());
    for (size_t k = 0; k < (*rows)[i].size(); ++k) {
      PALERMO_CHECK(casework::Unguarded(back->front()[k]) == (*rows)[i][k]);
    }
  }
  (void)casework::Places::FromCsv(text);
  const auto table = casework::RoutesFromCsv(text);
  if (table.ok()) Leave(*table);
  const auto json = casework::RoutesFromJson(text);
  if (json.ok()) Leave(*json);
  return 0;
}
