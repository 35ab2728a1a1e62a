// palermo route on files, as an officer types it: no node is needed.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include "absl/strings/str_replace.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/run_test_util.h"
#include "tests/support/fake_clock.h"

namespace palermo::cli {
namespace {

constexpr char kTable[] =
    "route_id;kind;originator;scheme;source;info;handling;tlp;release_states;purposes;benefit;"
    "evidence_status;seq;from;to;mode\n"
    "R-1;SOM_10;QN;NATO_6X6;B;2;H2;GREEN;QM;INVESTIGATION;FINANCIAL;INTELLIGENCE_ONLY;1;QTMBA;"
    "QPLAG;SEA\n";

class Routes : public InFolder {
 protected:
  int Palermo(const std::vector<std::string>& arguments) {
    Answer answer = RunAtDesk(arguments, clock_);
    out_ = std::move(answer.out);
    err_ = std::move(answer.err);
    return answer.code;
  }
  bool Says(const std::string& text) const {
    return out_.find(text) != std::string::npos || err_.find(text) != std::string::npos;
  }

  testing::FakeClock clock_;
  std::string out_, err_;
};

TEST_F(Routes, ChecksTablesHoweverTheirNameIsWritten) {
  EXPECT_EQ(Palermo({"route", "check", File("a.CSV", kTable)}), kExitOk) << out_ << err_;
  const std::string tabs = absl::StrReplaceAll(kTable, {{";", "\t"}});
  EXPECT_EQ(Palermo({"route", "check", File("a.tsv", tabs)}), kExitOk) << out_ << err_;
  const std::string head = std::string(kTable).substr(0, std::string(kTable).find('\n') + 1);
  EXPECT_EQ(Palermo({"route", "check", File("b.csv", head)}), kExitBadInput) << out_;
  EXPECT_TRUE(Says("has no rows")) << err_;
}

TEST_F(Routes, ChecksWhatAPipeGives) {
  ASSERT_EQ(Palermo({"route", "new"}), kExitOk);
  const std::string draft = out_;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], draft.data(), draft.size()), static_cast<ssize_t>(draft.size()));
  ::close(ends[1]);
  const std::string path = "/dev/fd/" + std::to_string(ends[0]);
  const int wanted = Palermo({"route", "check", File("draft.json", draft)});
  EXPECT_NE(wanted, kExitBadInput) << out_ << err_;
  EXPECT_EQ(Palermo({"route", "check", path}), wanted) << out_ << err_;
  ::close(ends[0]);
}

TEST_F(Routes, ChecksReportsOnMethodsAndWhatFollowsARecord) {
  constexpr char kMethod[] = R"({"report_id": "M-1", "originator": "QN",
      "evaluation": {"scheme": "EUROPOL_4X4", "source": "B", "info": "3"},
      "label": {"handling": ["H2"], "tlp": "GREEN", "originator": "QN", "purposes":
      ["INVESTIGATION"]}, "evidence_status": "INTELLIGENCE_ONLY", "method": "FORGED"})";
  EXPECT_EQ(Palermo({"route", "check", File("m.json", kMethod)}), kExitOk) << out_ << err_;
  const std::string bad = absl::StrReplaceAll(kMethod, {{"\"FORGED\"", "\"FOO\""}});
  EXPECT_EQ(Palermo({"route", "check", File("m.json", bad)}), kExitFindings) << out_ << err_;
  EXPECT_TRUE(Says("document_method_report.method")) << out_;
  EXPECT_TRUE(Says("COUNTERFEIT")) << "the words that it takes: " << out_;
  EXPECT_EQ(
      Palermo({"route", "check",
               File("w.json", std::string(R"({"document_method_report": )") + kMethod + "}")}),
      kExitOk)
      << out_ << err_;
  EXPECT_EQ(Palermo({"route", "check",
                     File("r.json", R"({"intelligence_recall": {"record_id": "R-1/1"}})")}),
            kExitFindings)
      << out_ << err_;
  EXPECT_TRUE(Says("intelligence_recall.reason")) << out_;
  EXPECT_EQ(Palermo({"route", "check", File("q.json", R"({"request": {}})")}), kExitBadInput);
  EXPECT_TRUE(Says("palermo case check")) << err_;
}

TEST_F(Routes, RefusesHalfAPlaceInJson) {
  EXPECT_EQ(
      Palermo({"route", "check",
               File("h.json", R"({"route_id": "R", "legs": [{"to": {"geo": {"lat": 5}}}]})")}),
      kExitBadInput);
  EXPECT_TRUE(Says("both lat and lon")) << err_;
}

TEST_F(Routes, ExportsSayWithJsonWhatStaysHere) {
  const std::string table = File("a.csv", kTable);
  const auto run = [&](const std::string& format, const std::string& to) {
    return Palermo({"route", "export", table, "--format", format, "--as", "QM/central/o-0007",
                    "--purpose", "INVESTIGATION", "--reason", "case 7", "--for", to, "--json"});
  };
  EXPECT_EQ(run("geojson", "QT"), kExitFindings) << out_ << err_;
  EXPECT_TRUE(Says("\"clause\": \"ONWARD\"")) << out_;
  EXPECT_TRUE(Says("\"record\": \"R-1\"")) << out_;
  EXPECT_FALSE(Says("QTMBA")) << out_;
  EXPECT_EQ(run("geojson", "QM"), kExitOk) << out_ << err_;
  EXPECT_TRUE(Says("\"withheld\": []")) << out_;
  EXPECT_TRUE(Says("\"evaluation\"")) << "left out: " << out_;
  EXPECT_TRUE(Says("QTMBA")) << out_;
  EXPECT_EQ(run("stix", "QM"), kExitOk) << out_ << err_;
  const std::string first = out_;
  EXPECT_EQ(run("stix", "QM"), kExitOk);
  EXPECT_EQ(out_, first) << "the same report is the same bundle";
  EXPECT_EQ(run("csv", "QM"), kExitOk);
  EXPECT_TRUE(Says("\"export\": \"route_id,")) << out_;
}

TEST_F(Routes, TellWhichPlacesHaveNoCoordinates) {
  const std::string part = File("part.csv",
                                "\xEF\xBB\xBF,\"QP\",\"LAG\",\"Lag\xC3\xB4\",\"Lago\",,\"AI\",\"1\""
                                ",,,\"1030N 02015W\",\n,\"QP\",\"BAD\",\"Bad\",\"Bad\",,\"AI\","
                                "\"1\",,,\"1099N 02015W\",\n");
  EXPECT_EQ(Palermo({"route", "places", part, part}), kExitOk) << out_ << err_;
  EXPECT_TRUE(Says("2 places are kept")) << out_;
  EXPECT_TRUE(Says("the first on line 2")) << out_;
}

TEST_F(Routes, ListTheWordsOfTheirFields) {
  for (const char* field : {"document_method", "concealment", "risk_to_life", "carrier.kind"}) {
    EXPECT_EQ(Palermo({"case", "new", "--words", field}), kExitOk) << field << err_;
  }
  EXPECT_TRUE(Says("Carrier.kind")) << out_;
  EXPECT_FALSE(Says("RouteReport.kind")) << out_;
}

}  // namespace
}  // namespace palermo::cli
