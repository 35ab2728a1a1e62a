// Reports on methods of documents as a table: one line each, for a spreadsheet. Each report asks
// the policy function before it leaves. docs/formats/intelligence.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_METHOD_EXPORT_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_METHOD_EXPORT_H_

#include <vector>

#include "node/casework/intelligence/route_export.h"

namespace palermo::casework {

struct MethodItem {
  const v1::DocumentMethodReport* report = nullptr;  // not owned
  RecordFacts facts;
};
// `request`: who asks, for whom and when; its own items are not looked at.
Exported ExportMethodsCsv(const std::vector<MethodItem>& items, const ExportRequest& request);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_METHOD_EXPORT_H_
