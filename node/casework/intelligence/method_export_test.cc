#include "node/casework/intelligence/method_export.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"

namespace palermo::casework {
namespace {

v1::DocumentMethodReport MethodReport(const std::string& id) {
  v1::DocumentMethodReport r;
  r.set_report_id(id);
  r.set_originator("QN");
  r.set_issuer("QTX");
  r.set_document_type("PASSPORT");
  r.set_method("FORGED");
  r.set_description("page 3 was replaced, \"well\" done");
  r.set_seen_count(4);
  r.mutable_label()->set_originator("QN");
  r.mutable_label()->add_handling(v1::Handling::H0);
  r.mutable_label()->set_tlp(v1::Tlp::GREEN);
  r.mutable_label()->add_purposes("INVESTIGATION");
  r.mutable_label()->add_release_states("QM");
  return r;
}
Exported ExportOf(const v1::DocumentMethodReport& report, const std::string& to,
                  const std::string& state = "QN") {
  ExportRequest request;
  request.asker = {state, state + "/central", state + "/central/o-0001", "INVESTIGATION", "case 7"};
  request.to_state = to;
  request.now = *ParseInstant("2026-03-02T09:00:00Z");
  RecordFacts facts;
  facts.sealed_to = {"QM/central"};
  return ExportMethodsCsv({{&report, facts}}, request);
}

TEST(MethodExport, IsOneLineForEachReportWithItsLabel) {
  const Exported out = ExportOf(MethodReport("DM-1"), "QM");
  EXPECT_TRUE(out.withheld.empty());
  EXPECT_EQ(std::count(out.text.begin(), out.text.end(), '\n'), 2);
  for (const char* cell : {"DM-1", "QTX", "PASSPORT", "FORGED", "GREEN", "INVESTIGATION"}) {
    EXPECT_NE(out.text.find(cell), std::string::npos) << cell;
  }
  // As a spreadsheet reads a quote.
  EXPECT_NE(out.text.find("\"page 3 was replaced, \"\"well\"\" done\""), std::string::npos)
      << out.text;
}

TEST(MethodExport, GoesNowhereThatItsLabelDoesNotLetIt) {
  EXPECT_EQ(ExportOf(MethodReport("DM-1"), "QT").withheld.size(), 1u) << "not released to QT";
  EXPECT_EQ(ExportOf(MethodReport("DM-1"), "", "QM").withheld.size(), 1u)
      << "nobody but its originator";
  v1::DocumentMethodReport old = MethodReport("DM-1");
  old.mutable_label()->set_delete_by("2026-03-01");
  const Exported out = ExportOf(old, "QM");
  ASSERT_EQ(out.withheld.size(), 1u);
  EXPECT_EQ(out.withheld[0].clause, "ALIVE");
  EXPECT_EQ(out.text.find("DM-1"), std::string::npos);
}

}  // namespace
}  // namespace palermo::casework
