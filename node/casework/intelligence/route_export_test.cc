#include "node/casework/intelligence/route_export.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <set>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

class SeededRandom final : public Random {
 public:
  void Fill(uint8_t* out, size_t size) override {
    for (size_t i = 0; i < size; ++i) out[i] = static_cast<uint8_t>(engine_());
  }

 private:
  std::mt19937 engine_{3};
};

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
  EXPECT_EQ(CsvCell("a,b"), "\"a,b\"");
  for (const char* text : {"'", "''", "'=1", "'a", "", "a'"}) {
    EXPECT_EQ(Unguarded(CsvCell(text)), text);
  }
}

v1::RouteReport Report(const std::string& id = "R-1") {
  v1::RouteReport r;
  r.set_route_id(id);
  r.set_kind("SOM_10");
  r.set_originator("QN");
  r.mutable_evaluation()->set_scheme("NATO_6X6");
  r.mutable_evaluation()->set_source("B");
  r.mutable_evaluation()->set_info("2");
  r.set_evidence_status("INTELLIGENCE_ONLY");
  r.mutable_label()->set_originator("QN");
  r.mutable_label()->add_handling(v1::Handling::H2);
  r.mutable_label()->set_tlp(v1::Tlp::AMBER);
  r.mutable_label()->add_purposes("INVESTIGATION");
  r.mutable_label()->add_release_states("QM");
  r.mutable_persons_observed()->set_min(18);
  r.mutable_persons_observed()->set_max(25);
  r.mutable_benefit()->set_kind("FINANCIAL");
  r.set_summary("=cmd|'/C calc'!A0, \"quoted\"");
  r.mutable_network()->add_comms_selectors()->set_scheme("PHONE");
  r.mutable_network()->mutable_comms_selectors(0)->set_value("+999777");
  const char* const way[] = {"QTMBA", "QPLAG", "QNHAV"};
  for (int i = 0; i < 2; ++i) {
    auto& leg = *r.add_legs();
    leg.set_seq(i + 1);
    leg.mutable_from()->set_unlocode(way[i]);
    leg.mutable_to()->set_unlocode(way[i + 1]);
    leg.set_mode(i == 0 ? v1::TransportMode::AIR : v1::TransportMode::SEA);
    leg.add_concealment("COMPARTMENT");
    leg.mutable_price()->set_minor(240000);
    leg.mutable_price()->set_ccy("XTS");
  }
  auto& ship = *r.mutable_legs(1)->mutable_conveyance()->add_identifiers();
  ship.set_scheme("IMO");
  ship.set_value("9074729");
  auto& car = *r.mutable_legs(1)->mutable_conveyance()->add_identifiers();
  car.set_scheme("PLATE");
  car.set_country("QP");
  car.set_value("AB 123");
  r.mutable_legs(1)->mutable_to()->mutable_geo()->set_lat(-12.5);
  r.mutable_legs(1)->mutable_to()->mutable_geo()->set_lon(7.25);
  return r;
}

ExportRequest RequestOf(const std::vector<const v1::RouteReport*>& reports,
                        const std::string& state) {
  ExportRequest request;
  for (const auto* report : reports) request.items.push_back({report, {}});
  request.asker = {state, state + "/central", state + "/central/o-1", "INVESTIGATION", "case 7"};
  request.to_state = "QM";
  request.now = *ParseInstant("2026-03-02T09:00:00Z");
  return request;
}

TEST(RouteCsv, BringsBackWhatItWrote) {
  const v1::RouteReport report = Report(), other = Report("R-2");
  const Exported out = ExportCsv(RequestOf({&report, &other}, "QN"));
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
  EXPECT_EQ(code("seq\n1\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,summary\nR,\xff\n"), "BAD_CSV");
  EXPECT_EQ(code(""), "BAD_CSV");
  for (const char* half : {"from_lat", "from_lon", "to_lat", "to_lon"}) {
    EXPECT_EQ(code(absl::StrFormat("route_id,seq,%s\nR,1,5.5\n", half)), "BAD_CSV") << half;
  }
  EXPECT_EQ(code("route_id,seq,from_lat,from_lon\nR,1,5.5,\n"), "BAD_CSV");
  EXPECT_EQ(code("route_id,seq,from_lat,from_lon\nR,1,5.5,7\n"), "OK");
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

TEST(RouteJson, TakesADraftThatIsBuiltOnTheTemplateAndFindsNothingWrong) {
  v1::CaseBody body;
  *body.mutable_route_report() = RouteTemplate();
  const std::string json = BodyToJson(body, true);
  const auto back = RoutesFromJson("{\"to\": [\"QM/central\"], \"body\": " + json + "}");
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ((*back)[0].DebugString(), RouteTemplate().DebugString());
  EXPECT_TRUE(CheckRoute(RouteTemplate(), "2026-03-02T09:00:00Z", "r").empty());
}

// --- What leaves asks the policy

TEST(RouteExport, WithholdsWhatThePolicyDeniesAndSaysWhy) {
  const v1::RouteReport report = Report();
  v1::RouteReport hidden = Report("R-2");
  hidden.mutable_label()->clear_release_states();
  SeededRandom random;
  for (int format = 0; format < 3; ++format) {
    const ExportRequest request = RequestOf({&report, &hidden}, "QM");
    const Exported out = format == 0   ? ExportCsv(request)
                         : format == 1 ? ExportGeoJson(request)
                                       : ExportStix(request, random);
    EXPECT_NE(out.text.find("R-1"), std::string::npos);
    EXPECT_EQ(out.text.find("R-2"), std::string::npos);
    EXPECT_EQ(out.text.find("999777"), std::string::npos) << "a sealed selector";
    ASSERT_EQ(out.withheld.size(), 1u);
    EXPECT_EQ(out.withheld[0].clause, "STATE");
  }
  ExportRequest onward = RequestOf({&report}, "QM");
  onward.to_state = "QT";
  EXPECT_EQ(ExportGeoJson(onward).withheld[0].clause, "ONWARD");
}

TEST(RouteExport, TheWholeLabelLeavesWithTheReport) {
  v1::RouteReport report = Report();
  v1::Label& label = *report.mutable_label();
  label.add_handling(v1::Handling::H3);
  label.set_other_restrictions("not before the trial ends");
  label.add_withheld_states("QT");
  label.add_recipients("QM/central/o-0001");
  label.set_delete_by("2027-03-02");
  label.set_review_at("2026-09-02");
  label.add_derived_from("QP");
  label.set_operation("ab12");
  label.add_operation_seen("cd34");
  const auto back = RoutesFromCsv(RoutesToCsv({&report}));
  ASSERT_TRUE(back.ok()) << back.status().message();
  ASSERT_EQ(back->size(), 1u);
  EXPECT_EQ((*back)[0].label().DebugString(), label.DebugString());
  label.clear_derived_from();  // QP would have to consent
  label.clear_operation();
  const ExportRequest request = RequestOf({&report}, "QN");
  SeededRandom random;
  for (const std::string& text : {ExportGeoJson(request).text, ExportStix(request, random).text}) {
    for (const char* part : {"H2", "H3", "not before the trial ends", "QM/central/o-0001", "QT",
                             "INVESTIGATION", "2027-03-02"}) {
      EXPECT_NE(text.find(part), std::string::npos) << part << text;
    }
  }
}

TEST(RouteExport, GeoJsonHasALineWhereCoordinatesAreKnown) {
  const v1::RouteReport report = Report();
  const auto places = Places::FromCsv(
      "locode,country,name_ascii,subdivision,kinds,iata,lat,lon,status\n"
      "QTMBA,QT,Mbara,,P,,1.5,-2.25,AI\nQPLAG,QP,Lagona,,P,,3,4,AI\n");
  ASSERT_TRUE(places.ok());
  ExportRequest request = RequestOf({&report}, "QN");
  request.places = &*places;
  const auto json = ParseJson(ExportGeoJson(request).text);
  ASSERT_TRUE(json.ok()) << json.status().message();
  EXPECT_EQ(TextOf(json->struct_value(), "type"), "FeatureCollection");
  const auto& features = Member(json->struct_value(), "features")->list_value().values();
  ASSERT_EQ(features.size(), 2);
  const auto& line = *ObjectOf(features[0].struct_value(), "geometry");
  const auto& first = Member(line, "coordinates")->list_value().values(0).list_value();
  EXPECT_EQ(first.values(0).number_value(), -2.25);  // longitude first
  EXPECT_EQ(first.values(1).number_value(), 1.5);
  // Without a list the first leg has no place.
  request.places = nullptr;
  const auto bare = ParseJson(ExportGeoJson(request).text);
  const auto& none = Member(bare->struct_value(), "features")->list_value().values(0);
  EXPECT_EQ(Member(none.struct_value(), "geometry")->kind_case(),
            google::protobuf::Value::kNullValue);
}

TEST(RouteExport, StixMarksEveryObjectAndRefersOnlyToWhatIsThere) {
  const v1::RouteReport amber = Report();
  v1::RouteReport clear = Report("R-3");
  clear.mutable_label()->set_tlp(v1::Tlp::CLEAR);
  clear.mutable_evaluation()->set_source("F");
  SeededRandom random;
  const auto json = ParseJson(ExportStix(RequestOf({&amber, &clear}, "QN"), random).text);
  ASSERT_TRUE(json.ok()) << json.status().message();
  const auto& objects = Member(json->struct_value(), "objects")->list_value().values();
  std::set<std::string> ids;
  for (const auto& o : objects) {
    EXPECT_TRUE(ids.insert(TextOf(o.struct_value(), "id")).second);
  }
  EXPECT_EQ(ids.count("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"), 1u);
  EXPECT_EQ(ids.count("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"), 1u);
  int groupings = 0, legs = 0;
  for (const auto& o : objects) {
    const auto& object = o.struct_value();
    const std::string type = TextOf(object, "type");
    legs += type == "x-palermo-route-leg" ? 1 : 0;
    for (const char* list : {"object_marking_refs", "object_refs"}) {
      for (const std::string& ref : TextsOf(object, list)) EXPECT_EQ(ids.count(ref), 1u) << ref;
    }
    for (const char* one : {"created_by_ref", "from_ref", "to_ref"}) {
      const std::string ref = TextOf(object, one);
      EXPECT_TRUE(ref.empty() || ids.count(ref) == 1) << ref;
    }
    if (type != "marking-definition" && type != "extension-definition") {
      EXPECT_EQ(TextsOf(object, "object_marking_refs").size(), 2u) << type;
    }
    if (type == "grouping") {
      // Only the admiralty scheme has numbers, and its F none.
      EXPECT_EQ(Member(object, "confidence") != nullptr, groupings == 0);
      ++groupings;
    }
  }
  EXPECT_EQ(groupings, 2);
  EXPECT_EQ(legs, 4);
}

// --- Places

TEST(Places, ReadTheOfficialRelease) {
  const auto places = Places::FromCsv(
      ",\"AD\",,\".ANDORRA\",,,,,,,,\n"
      ",\"AD\",\"ALV\",\"Andorra la Vella\",\"Andorra la Vella\",,\"AI\",\"--34-6--\",\"0601\",,"
      "\"4230N 00131E\",\n"
      "\"X\",\"AD\",\"OLD\",\"Gone\",\"Gone\",,\"XX\",\"1-------\",\"0601\",,,\n"
      "+,\"ZZ\",\"S2W\",\"Sud\",\"Sud\",\"07\",\"RL\",\"1-------\",\"0601\",,\"3352S 07036W\",\n");
  ASSERT_TRUE(places.ok()) << places.status().message();
  EXPECT_EQ(places->size(), 2u);
  const v1::Place* place = places->Find("ADALV");
  ASSERT_NE(place, nullptr);
  EXPECT_DOUBLE_EQ(place->geo().lat(), 42.5);
  EXPECT_NEAR(place->geo().lon(), 1.5167, 0.0001);
  EXPECT_LT(places->Find("ZZS2W")->geo().lon(), -70);
  EXPECT_EQ(places->Find("ADOLD"), nullptr);
  EXPECT_EQ(CodeOf(Places::FromCsv("a,b\n").status()), "BAD_CSV");
  EXPECT_EQ(CodeOf(Places::FromCsv("").status()), "BAD_CSV");
  for (const char* bad :
       {"", "4234N", "9100N 00000E", "4260N 00131E", "4230E 00131N", "4230N 18100E"}) {
    EXPECT_FALSE(ReadCoordinates(bad)) << bad;
  }
}

}  // namespace
}  // namespace palermo::casework
