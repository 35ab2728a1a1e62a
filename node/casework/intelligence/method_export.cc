#include "node/casework/intelligence/method_export.h"

#include <algorithm>
#include <string>

#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/route_columns.h"

namespace palermo::casework {
namespace {

struct MethodColumn {
  std::string_view name, path;
};
constexpr MethodColumn kMethodColumns[] = {
    {"report_id", "report_id"},
    {"originator", "originator"},
    {"issuer", "issuer"},
    {"document_type", "document_type"},
    {"method", "method"},
    {"description", "description"},
    {"detection_hint", "detection_hint"},
    {"seen_count", "seen_count"},
    {"first_seen", "period.first_seen"},
    {"last_seen", "period.last_seen"},
    {"image_hashes", "image_hashes"},
    {"stolen_blanks", "stolen_blanks"},
    {"evaluation_scheme", "evaluation.scheme"},
    {"evaluation_source", "evaluation.source"},
    {"evaluation_info", "evaluation.info"},
    {"evaluation_handling", "evaluation.handling"},
    {"evidence_status", "evidence_status"},
    {"tlp", "label.tlp"},
    {"handling", "label.handling"},
    {"other_restrictions", "label.other_restrictions"},
    {"release_states", "label.release_states"},
    {"purposes", "label.purposes"},
    {"delete_by", "label.delete_by"},
};

}  // namespace

Exported ExportMethodsCsv(const std::vector<MethodItem>& items, const ExportRequest& request) {
  Exported out;
  CsvRow header;
  for (const MethodColumn& column : kMethodColumns) header.emplace_back(column.name);
  out.text = CsvLine(header);
  for (const MethodItem& item : items) {
    const v1::DocumentMethodReport& report = *item.report;
    const PolicyDecision decision = MayPass(report.label(), item.facts, request.asker, Way::kExport,
                                            request.to_state, request.now);
    if (!decision.allowed) {
      out.withheld.push_back({report.report_id(), decision.clause, decision.todo});
      continue;
    }
    CsvRow row;
    for (const MethodColumn& column : kMethodColumns) {
      bool lost = false;
      row.push_back(CellOf(report, column.path, &lost));
      const std::string path(column.path);
      const bool told = std::count(out.left_out.begin(), out.left_out.end(), path) != 0;
      if (lost && !told) out.left_out.push_back(path);
    }
    out.text += CsvLine(row);
  }
  return out;
}

}  // namespace palermo::casework
