#include "node/casework/intelligence/route_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/export_test_util.h"
#include "node/casework/intelligence/route_columns.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/json.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// --- Tables

std::vector<CsvRow> Parsed(std::string_view text) {
  auto rows = ParseCsv(text, {1000, 10});
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  return rows.ok() ? *rows : std::vector<CsvRow>{};
}
std::string Failure(std::string_view text) { return CodeOf(ParseCsv(text, {1000, 10}).status()); }

TEST(Csv, ReadsQuotesCommasAndLineEnds) {
  EXPECT_EQ(Parsed("a,b\r\nc,d\n"), (std::vector<CsvRow>{{"a", "b"}, {"c", "d"}}));
  EXPECT_EQ(Parsed("\"a,\"\"b\"\"\n\",c"), (std::vector<CsvRow>{{"a,\"b\"\n", "c"}}));
  EXPECT_EQ(Parsed("\xEF\xBB\xBF"
                   "a,,\n\n"),
            (std::vector<CsvRow>{{"a", "", ""}}));
  EXPECT_EQ(Parsed(""), std::vector<CsvRow>{});
  EXPECT_EQ(Failure("a\"b"), "BAD_CSV");
  EXPECT_EQ(Failure("\"a"), "BAD_CSV");
  EXPECT_EQ(Failure("\"a\"b"), "BAD_CSV");
  EXPECT_EQ(Failure(std::string(1001, 'a')), "CSV_TOO_LARGE");
  EXPECT_EQ(Failure("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"), "CSV_TOO_LARGE");
  EXPECT_EQ(Failure(std::string(400, ',')), "BAD_CSV");
}

TEST(Csv, WritesNoFormula) {
  for (const char* bad : {"=1+1", "+1", "-1+1", "-A1", "-1.", "-.5", "-", "@A1", "\t=1", "\r=1"}) {
    const std::string cell = CsvCell(bad);
    EXPECT_EQ(cell.find(bad[0]) > 0, true) << bad;
    EXPECT_TRUE(cell[0] == '\'' || cell.substr(0, 2) == "\"'") << bad;
    EXPECT_EQ(Unguarded(Parsed(CsvLine({bad, "x"}))[0][0]), bad);
  }
  // A number is no formula, and a spreadsheet must not take it for a text.
  for (const char* number : {"-1", "-179.5", "-0.25"}) EXPECT_EQ(CsvCell(number), number);
  EXPECT_EQ(CsvCell("a=b"), "a=b");
  // Where a spreadsheet separates with them, a cell begins behind these.
  EXPECT_EQ(CsvCell("a;=1+1;b"), "a;'=1+1;b");
  EXPECT_EQ(CsvCell("a\t@A1"), "a\t'@A1");
  EXPECT_EQ(CsvCell("a\n=1"), "\"a\n'=1\"");
  EXPECT_EQ(CsvCell("1;-2;3"), "1;-2;3");
  for (const char* text : {"a;=1;'+2;''x;'", "\t\t=1", ";;'", "a;-2;-x", "=;=", "\r\n=1\n'"}) {
    EXPECT_EQ(Unguarded(Parsed(CsvLine({text, "x"}))[0][0]), text);
  }
  EXPECT_EQ(CsvCell("a,b"), "\"a,b\"");
  for (const char* text : {"'", "''", "'=1", "'a", "", "a'"}) {
    EXPECT_EQ(Unguarded(CsvCell(text)), text);
  }
}

TEST(RouteCsv, BringsBackWhatItWrote) {
  const v1::RouteReport report = SampleReport(), other = SampleReport("R-2");
  const Exported out = ExportCsv(SampleRequest({&report, &other}, "QN"));
  const auto back = RoutesFromCsv(out.text);
  ASSERT_TRUE(back.ok()) << back.status().message();
  ASSERT_EQ(back->size(), 2u);
  v1::RouteReport wanted = report;
  wanted.clear_network();
  EXPECT_EQ((*back)[0].DebugString(), wanted.DebugString());
}

TEST(RouteCsv, RefusesPeopleAndWhatItDoesNotKnow) {
  const auto code = [](std::string_view text) { return CodeOf(RoutesFromCsv(text).status()); };
  EXPECT_EQ(code("route_id,seq,passengers\nR,1,x\n"), "PERSONAL_DATA");
  EXPECT_EQ(code("route_id,Date_of_Birth\nR,x\n"), "PERSONAL_DATA");
  EXPECT_EQ(code("route_id,who\nR,x\n"), "UNKNOWN_COLUMN");
  EXPECT_EQ(code("route_id,route_id\nR,R\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,seq\nR\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,mode\nR,SUBMARINE\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,seq\nR,minus one\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,from_lat\nR,nan\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,kind\nR,SOM_10\nR,TIP_10\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,version,originator\nR,1,QN\nR,,QN\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,version,originator\nR,1,QN\nR,1,\n"), "BAD_CSV");
  EXPECT_EQ(code("seq\n1\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,summary\nR,\xff\n"), "BAD_CSV");
  EXPECT_EQ(code(""), "BAD_CSV");
  for (const char* half : {"from_lat", "from_lon", "to_lat", "to_lon"}) {
    EXPECT_EQ(code(absl::StrFormat("route_id,seq,%s\nR,1,5.5\n", half)), "BAD_CSV") << half;
  }
  EXPECT_EQ(code("route_id,seq,from_lat,from_lon\nR,1,5.5,\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,seq,from_lat,from_lon\nR,1,5.5,7\n"), "OK");
  EXPECT_EQ(code("route_id,seq,from_lat,from_lon\nR,1,0,540\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,seq,to_lat,to_lon\nR,1,-90.5,0\n"), "BAD_CSV");
  const auto legs =
      RoutesFromCsv("route_id,kind,seq,leg_risk\nR,SOM_10,1,\n,,2,DROWNING;EXPOSURE\n");
  ASSERT_TRUE(legs.ok()) << legs.status().message();
  ASSERT_EQ((*legs)[0].legs_size(), 2);
  EXPECT_EQ((*legs)[0].legs(1).risk_to_life_size(), 2);
}

TEST(RouteCsv, SaysWhoseAMarkIs) {
  const auto read = RoutesFromCsv(
      "route_id,seq,identifiers\nR,1,PHONE@SUSPECT:+999123;DOCUMENT@ORGANISATION:QT:P1;IMO:"
      "2000107\n");
  ASSERT_TRUE(read.ok()) << read.status().message();
  const auto& marks = (*read)[0].legs(0).conveyance().identifiers();
  ASSERT_EQ(marks.size(), 3);
  EXPECT_EQ(marks[0].scheme(), "PHONE");
  EXPECT_EQ(marks[0].of(), "SUSPECT");
  EXPECT_EQ(marks[0].value(), "+999123");
  EXPECT_EQ(marks[1].of(), "ORGANISATION");
  EXPECT_EQ(marks[1].country(), "QT");
  EXPECT_EQ(marks[2].of(), "");
  const auto again = RoutesFromCsv(RoutesToCsv({&(*read)[0]}));
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ((*again)[0].DebugString(), (*read)[0].DebugString());
  EXPECT_FALSE(RoutesFromCsv("route_id,seq,identifiers\nR,1,PHONE@:+999\n").ok());
  EXPECT_FALSE(RoutesFromCsv("route_id,seq,identifiers\nR,1,@SUSPECT:+999\n").ok());
}

// A peer chooses the values: what no cell can say is left out and told, and the rest comes back.
TEST(RouteCsv, LeavesOutAndNamesWhatItWouldNotReadBack) {
  const auto told = [](const v1::RouteReport& report) {
    const Exported out = ExportCsv(SampleRequest({&report}, "QN"));
    const auto back = RoutesFromCsv(out.text);
    EXPECT_TRUE(back.ok()) << back.status().message();
    EXPECT_TRUE(!back.ok() || back->size() == 1) << out.text;
    return out.left_out;
  };
  v1::RouteReport plain = SampleReport();
  plain.clear_network();
  EXPECT_THAT(told(plain), ::testing::IsEmpty());
  const std::string marks[][4] = {{"", "", "2000107", ""},
                                  {"IMO", "", "", ""},
                                  {"", "", "", ""},
                                  {"I:MO", "", "7", ""},
                                  {"PHONE@X", "", "7", ""},
                                  {"PLATE", "qm", "AB 1", ""},
                                  {"PLATE", "QMX", "AB", ""},
                                  {"PLATE", "QM", "", ""},
                                  {"PHONE", "", "7", "SUS:PECT"},

                                  {"DOCUMENT", "QT", "", "SUSPECT"}};
  for (const auto& [scheme, country, value, of] : marks) {
    v1::RouteReport report = plain;
    for (v1::Identifier* mark : {report.mutable_legs(0)->mutable_conveyance()->add_identifiers(),
                                 report.add_identifiers()}) {
      mark->set_scheme(scheme);
      mark->set_country(country);
      mark->set_value(value);
      mark->set_of(of);
    }
    v1::Identifier& good = *report.add_identifiers();
    good.set_scheme("IMO");
    good.set_value("2000107");
    EXPECT_THAT(told(report),
                ::testing::UnorderedElementsAre("identifiers", "legs.conveyance.identifiers"))
        << scheme << "|" << country << "|" << value << "|" << of;
    const auto back = RoutesFromCsv(RoutesToCsv({&report}));
    ASSERT_TRUE(back.ok() && back->front().identifiers_size() == 1) << back.status().message();
    EXPECT_EQ(back->front().identifiers(0).value(), "2000107");
  }
  v1::RouteReport source = plain;
  source.add_sources()->mutable_evaluation()->set_scheme("A/B");
  EXPECT_THAT(told(source), ::testing::ElementsAre("sources"));
  v1::RouteReport code = plain;
  code.mutable_label()->add_handling(static_cast<v1::Handling::Code>(0));
  EXPECT_THAT(told(code), ::testing::ElementsAre("label.handling"));
  v1::RouteReport far = plain;
  far.mutable_legs(1)->mutable_to()->mutable_geo()->set_radius_m(1e12);
  EXPECT_THAT(told(far), ::testing::ElementsAre("legs.to.geo.radius_m"));
}

// A peer chooses the values; none of them may become two.
TEST(RouteCsv, BringsBackWhateverAListHolds) {
  v1::RouteReport report = SampleReport();
  report.clear_network();
  auto& marks = *report.mutable_legs(0)->mutable_conveyance();
  const auto add = [&](const char* scheme, const char* country, const char* value) {
    v1::Identifier& mark = *marks.add_identifiers();
    mark.set_scheme(scheme);
    mark.set_country(country);
    mark.set_value(value);
  };
  add("URL", "", "http://x.example/a;jsessionid=1");
  add("POSTAL", "", "4 Quay St; Port: 2nd floor");
  add("POSTAL", "", "4 Quay St;PHONE@SUSPECT:+999123");
  add("IP", "", "AB::1");
  add("IP", "", "::1");
  add("IP", "AD", "BE::1");
  add("IP", "QM", "10.0.0.1");
  add("PLATE", "", "AB:12");
  add("PLATE", "QM", "\\; \\");
  add("PLATE", "", "\\AB:12");
  add("URL", "", " blank ");
  report.mutable_label()->add_purposes("A;=B\\");
  const auto back = RoutesFromCsv(RoutesToCsv({&report}));
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ((*back)[0].DebugString(), report.DebugString());
  // By hand, without a sign before it.
  const auto hand = RoutesFromCsv("route_id,seq,identifiers\nR,1,IP:AB::1 ; URL:a\\b\n");
  ASSERT_TRUE(hand.ok());
  EXPECT_EQ(hand->front().legs(0).conveyance().identifiers(0).value(), "AB::1");
  EXPECT_EQ(hand->front().legs(0).conveyance().identifiers(0).country(), "");
  EXPECT_EQ(hand->front().legs(0).conveyance().identifiers(1).value(), "a\\b");
}

TEST(RouteCsv, KeepsVersionsAndStatesApart) {
  v1::RouteReport first = SampleReport(), second = SampleReport(), other = SampleReport();
  second.set_version(2);
  second.set_summary("more is known");
  other.set_version(2);
  other.set_originator("QM");
  other.mutable_label()->set_originator("QM");
  for (v1::RouteReport* report : {&first, &second, &other}) report->clear_network();
  const auto back = RoutesFromCsv(RoutesToCsv({&first, &second, &other}));
  ASSERT_TRUE(back.ok()) << back.status().message();
  ASSERT_EQ(back->size(), 3u);
  EXPECT_EQ((*back)[0].DebugString(), first.DebugString());
  EXPECT_EQ((*back)[1].DebugString(), second.DebugString());
  EXPECT_EQ((*back)[2].DebugString(), other.DebugString());
}

TEST(RouteJson, TakesReportsAndRefusesPeople) {
  const auto one =
      RoutesFromJson(R"({"route_id": "R", "legs": [{"from": "QTMBA", "mode": "AIR"}]})");
  ASSERT_TRUE(one.ok()) << one.status().message();
  EXPECT_EQ((*one)[0].legs(0).from().unlocode(), "QTMBA");
  EXPECT_EQ(RoutesFromJson(R"([{"route_id": "R"}, {"route_id": "S"}])")->size(), 2u);
  const auto code = [](const std::string& text) { return CodeOf(RoutesFromJson(text).status()); };
  EXPECT_EQ(code(R"({"persons_observed": {"names": ["A"]}})"), "PERSONAL_DATA");
  EXPECT_EQ(code(R"({"migrants": ["A"]})"), "PERSONAL_DATA");
  EXPECT_EQ(code(R"({"unknown": 1})"), "BAD_JSON");
  EXPECT_EQ(code("[1]"), "BAD_JSON");
  EXPECT_EQ(code("[]"), "BAD_JSON");
  EXPECT_EQ(code("{"), "BAD_JSON");
}

// In the officer's language, with its place; the text itself may hold a person.
TEST(RouteJson, WhatCannotBeReadHasASentenceAndAPlace) {
  const absl::Status field = RoutesFromJson(R"({"route_id": "R", "unknown": 1})").status();
  EXPECT_EQ(FindingOf(field).key, "R-GEN-01.field");
  EXPECT_EQ(FieldOf(field), "report.unknown");
  const absl::Status text =
      RoutesFromJson("{\"route_id\": \"R\",\n \"summary\": \"Lina Orsay\" x}").status();
  EXPECT_EQ(FindingOf(text).key, "R-GEN-01.no_json_file");
  EXPECT_EQ(FindingOf(text).args, (TextArgs{{"line", "2"}, {"column", "26"}}));
  EXPECT_EQ(palermo::TextOf(text).find("Orsay"), std::string::npos) << text;
  EXPECT_EQ(DetailOf(text).find("Orsay"), std::string::npos) << text;
}

TEST(RouteJson, TakesADraftThatIsBuiltOnTheTemplateAndFindsNothingWrong) {
  v1::CaseBody body;
  *body.mutable_route_report() = RouteTemplate();
  const std::string json = BodyToJson(body, true);
  const auto back = RoutesFromJson("{\"to\": [\"QM/central\"], \"body\": " + json + "}");
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ((*back)[0].DebugString(), RouteTemplate().DebugString());
  EXPECT_TRUE(CheckRoute(RouteTemplate(), "2026-03-02T09:00:00Z", "r").empty());
}

// --- As spreadsheets save it

std::string Utf16(std::string_view ascii, bool little) {
  std::string out = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : ascii) out += little ? std::string{c, '\0'} : std::string{'\0', c};
  return out;
}

TEST(RouteCsv, ReadsWhatSpreadsheetsSave) {
  constexpr char kRows[] = "route_id,seq,from,leg_risk\r\nR,1,QTMBA,DROWNING\r\n";
  const std::string wanted = RoutesFromCsv(kRows)->front().DebugString();
  for (const char separator : {';', '\t'}) {
    std::string text = kRows;
    std::replace(text.begin(), text.end(), ',', separator);
    for (const std::string& bytes :
         {text, "\xEF\xBB\xBF" + text, Utf16(text, true), Utf16(text, false)}) {
      const auto read = RoutesFromCsv(bytes);
      ASSERT_TRUE(read.ok()) << read.status().message();
      EXPECT_EQ(read->front().DebugString(), wanted);
    }
  }
  // A list in a cell does not make its separator the table's.
  const auto list = RoutesFromCsv("route_id,seq,leg_risk\nR,1,DROWNING;EXPOSURE\n");
  ASSERT_TRUE(list.ok());
  EXPECT_EQ(list->front().legs(0).risk_to_life_size(), 2);
  const auto quoted = RoutesFromCsv("route_id;seq;leg_risk\nR;1;\"DROWNING;EXPOSURE\"\n");
  ASSERT_TRUE(quoted.ok());
  EXPECT_EQ(quoted->front().legs(0).risk_to_life_size(), 2);
  for (const std::string& bad :
       {Utf16(kRows, true).substr(2), Utf16("route_id,seq\nR,1\n", true) + "\x3D\xD8"}) {
    EXPECT_EQ(CodeOf(RoutesFromCsv(bad).status()), "BAD_CSV");
  }
}

TEST(RouteCsv, SaysWhereAndHow) {
  const auto why = [](std::string_view text) {
    return std::string(RoutesFromCsv(text).status().message());
  };
  EXPECT_THAT(why("route_id,seq\n"), HasSubstr("has no rows"));
  EXPECT_THAT(why("route_id,Ines Vento\nR,x\n"), HasSubstr("column 2"));
  EXPECT_THAT(why("route_id,Ines Vento\nR,x\n"), Not(HasSubstr("Ines")));
  EXPECT_THAT(why("route_id,seq,passengers\nR,1,x\n"), HasSubstr("column 3"));
  EXPECT_THAT(why("route_id,mode\nR,SUBMARINE\n"), HasSubstr("one of: AIR, SEA, ROAD"));
  EXPECT_THAT(why("route_id,from_lat,from_lon\nR,\"4,5\",1\n"), HasSubstr("with a point"));
  EXPECT_THAT(why("route_id,seq,border_official\nR,1,perhaps\n"), HasSubstr("true or false"));
  EXPECT_THAT(why("route_id,sources\nR,B3\n"), HasSubstr("SCHEME/SOURCE/INFO"));
  EXPECT_THAT(why("route_id,summary,seq\nR,\"two\nlines\",1\n\n\nR,,x\n"), HasSubstr("line 6"));
  EXPECT_THAT(why("route_id,seq\nR,1,2\n"), HasSubstr("it has 3 cells, the first line has 2"));
  EXPECT_THAT(why("route_id,from_radius_m\nR,5\n"), HasSubstr("from_lat and from_lon"));
  const auto tlp = RoutesFromCsv("route_id,tlp,handling\nR,AMBER+STRICT,H2\n");
  ASSERT_TRUE(tlp.ok()) << tlp.status().message();
  EXPECT_EQ(tlp->front().label().tlp(), v1::Tlp::AMBER_STRICT);
}

// Every column, with a value of its type.
std::string ExampleOf(const Column& column) {
  const std::string_view path = column.path;
  if (path == "sources") return "EUROPOL_4X4/B/3/2026-02-01/SANITISED;UK_3X5X2/1/A";
  if (path == "originator") return "QN";
  if (path == "label.handling") return "H1;H2";
  if (path == "label.tlp") return "AMBER";
  if (path == "mode") return "SEA";
  if (path.ends_with("identifiers")) return "PLATE:QM:AB 12;PHONE@SUSPECT:+999123456";
  if (path.ends_with("official")) return "true";
  if (path.ends_with(".lat")) return "0";
  if (path.ends_with(".lon")) return "-7.25";
  for (const char* number : {"version", "seq", ".min", ".max", "_min", "_max", "women", "children",
                             "unaccompanied", "radius_m", "minor"}) {
    if (path.ends_with(number)) return "7";
  }
  return std::string(column.name);
}

TEST(RouteCsv, BringsEveryColumnBack) {
  CsvRow header, cells;
  for (const Column& column : RouteColumns()) {
    header.emplace_back(column.name);
    cells.push_back(ExampleOf(column));
  }
  const auto first = RoutesFromCsv(CsvLine(header) + CsvLine(cells));
  ASSERT_TRUE(first.ok()) << first.status().message();
  const std::string text = RoutesToCsv({&first->front()});
  EXPECT_EQ(text, CsvLine(header) + CsvLine(cells));
  const auto again = RoutesFromCsv(text);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_EQ(again->front().DebugString(), first->front().DebugString());
}

TEST(RouteJson, RefusesHalfAPlace) {
  const auto code = [](const std::string& geo) {
    return CodeOf(
        RoutesFromJson(R"({"route_id": "R", "legs": [{"from": {"geo": )" + geo + "}}]}").status());
  };
  EXPECT_EQ(code(R"({"lat": 5.5})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"lon": 5.5, "lat": null})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"radius_m": 5})"), "BAD_JSON");
  EXPECT_EQ(code(R"({"lat": 5.5, "lon": 0})"), "OK");
}

}  // namespace
}  // namespace palermo::casework
