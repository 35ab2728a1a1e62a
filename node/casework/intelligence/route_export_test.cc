#include "node/casework/intelligence/route_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <tuple>

#include "absl/strings/str_format.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/export_test_util.h"
#include "node/casework/intelligence/route_csv.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// --- What leaves asks the policy

TEST(RouteExport, WithholdsWhatThePolicyDeniesAndSaysWhy) {
  const v1::RouteReport report = SampleReport();
  v1::RouteReport hidden = SampleReport("R-2");
  hidden.mutable_label()->clear_release_states();
  for (int format = 0; format < 3; ++format) {
    const ExportRequest request = SampleRequest({&report, &hidden}, "QM");
    const Exported out = format == 0   ? ExportCsv(request)
                         : format == 1 ? ExportGeoJson(request)
                                       : ExportStix(request, TestUuid);
    EXPECT_NE(out.text.find("R-1"), std::string::npos);
    EXPECT_EQ(out.text.find("R-2"), std::string::npos);
    EXPECT_EQ(out.text.find("999777"), std::string::npos) << "a sealed selector";
    ASSERT_EQ(out.withheld.size(), 1u);
    EXPECT_EQ(out.withheld[0].clause, "STATE");
  }
  ExportRequest onward = SampleRequest({&report}, "QM");
  onward.to_state = "QT";
  EXPECT_EQ(ExportGeoJson(onward).withheld[0].clause, "ONWARD");
}

TEST(RouteExport, TheWholeLabelLeavesWithTheReport) {
  v1::RouteReport report = SampleReport();
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
  const ExportRequest request = SampleRequest({&report}, "QN");
  for (const std::string& text :
       {ExportGeoJson(request).text, ExportStix(request, TestUuid).text}) {
    for (const char* part : {"H2", "H3", "not before the trial ends", "QM/central/o-0001", "QT",
                             "INVESTIGATION", "2027-03-02"}) {
      EXPECT_NE(text.find(part), std::string::npos) << part << text;
    }
  }
}

TEST(RouteExport, GeoJsonHasALineWhereCoordinatesAreKnown) {
  const v1::RouteReport report = SampleReport();
  const auto places = Places::FromCsv(
      "locode,country,name_ascii,subdivision,kinds,iata,lat,lon,status\n"
      "QTMBA,QT,Mbara,,P,,1.5,-2.25,AI\nQPLAG,QP,Lagona,,P,,3,4,AI\n");
  ASSERT_TRUE(places.ok());
  ExportRequest request = SampleRequest({&report}, "QN");
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

TEST(RouteExport, GeoJsonNamesThePlacesThatItDoesNotKnow) {
  v1::RouteReport report = SampleReport();
  ExportRequest request = SampleRequest({&report}, "QN");
  EXPECT_THAT(ExportGeoJson(request).no_coordinates, ElementsAre("QTMBA", "QPLAG"));
  report.mutable_legs(0)->mutable_from()->Clear();
  report.mutable_legs(0)->mutable_to()->Clear();
  report.mutable_legs(0)->mutable_to()->set_name("a beach");
  request = SampleRequest({&report}, "QN");
  EXPECT_THAT(ExportGeoJson(request).no_coordinates,
              ElementsAre("R-1 legs[0].from", "a beach", "QPLAG"));
  EXPECT_THAT(ExportStix(request, TestUuid).no_coordinates, IsEmpty());
}

TEST(RouteExport, GeoJsonSaysOnWhatPeopleMove) {
  v1::RouteReport report = SampleReport();
  v1::Conveyance& ship = *report.mutable_legs(1)->mutable_conveyance();
  ship.set_type("fishing vessel");
  ship.set_name("Estrela");
  const auto json = ParseJson(ExportGeoJson(SampleRequest({&report}, "QN")).text);
  const auto& leg = Member(json->struct_value(), "features")->list_value().values(1);
  const auto& said = *ObjectOf(leg.struct_value(), "properties");
  EXPECT_EQ(TextOf(said, "conveyance"), "fishing vessel");
  EXPECT_EQ(TextOf(said, "conveyance_name"), "Estrela");
  EXPECT_THAT(TextsOf(said, "conveyance_marks"), ElementsAre("IMO:9074729", "PLATE:QP:AB 123"));
}

TEST(RouteExport, GeoJsonCutsALineAtTheAntimeridian) {
  const auto geometry = [](double lat1, double lon1, double lat2, double lon2) {
    v1::RouteReport report = SampleReport();
    report.mutable_legs()->DeleteSubrange(1, 1);
    for (auto [place, lat, lon] : {std::tuple{report.mutable_legs(0)->mutable_from(), lat1, lon1},
                                   std::tuple{report.mutable_legs(0)->mutable_to(), lat2, lon2}}) {
      place->mutable_geo()->set_lat(lat);
      place->mutable_geo()->set_lon(lon);
    }
    const std::string text = ExportGeoJson(SampleRequest({&report}, "QN")).text;
    const size_t at = text.find("\"geometry\":") + 11;
    return text.substr(at, text.find(",\"properties\"") - at);
  };
  EXPECT_EQ(geometry(0, 170, 10, -170),
            R"({"type":"MultiLineString","coordinates":[[[170,0],[180,5]],[[-180,5],[-170,10]]]})");
  EXPECT_EQ(
      geometry(10, -175, 0, 165),
      R"({"type":"MultiLineString","coordinates":[[[-175,10],[-180,7.5]],[[180,7.5],[165,0]]]})");
  // One that only reaches it lies on one side.
  EXPECT_EQ(geometry(1, 180, 2, -170),
            R"({"type":"LineString","coordinates":[[-180,1],[-170,2]]})");
  EXPECT_EQ(geometry(1, 170, 2, -180), R"({"type":"LineString","coordinates":[[170,1],[180,2]]})");
  EXPECT_EQ(geometry(1, -90, 2, 90), R"({"type":"LineString","coordinates":[[-90,1],[90,2]]})");
}

// A peer's body may hold any double.
TEST(RouteExport, WritesNoCoordinatesThatNoPlaceHas) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (const auto& [lat, lon, radius] :
       {std::tuple{0.0, 540.0, 0.0}, std::tuple{91.0, 0.0, 0.0}, std::tuple{kNan, 0.0, 0.0},
        std::tuple{0.0, -kInf, 0.0}, std::tuple{1.0, 1.0, kInf}}) {
    v1::RouteReport report = SampleReport();
    v1::RouteLeg& leg = *report.mutable_legs(1);
    for (v1::Place* place : {leg.mutable_from(), leg.mutable_border_crossing()->mutable_point()}) {
      place->mutable_geo()->set_lat(lat);
      place->mutable_geo()->set_lon(lon);
      place->mutable_geo()->set_radius_m(radius);
    }
    const ExportRequest request = SampleRequest({&report}, "QN");
    const Exported map = ExportGeoJson(request), stix = ExportStix(request, TestUuid);
    for (const Exported* out : {&map, &stix}) {
      EXPECT_TRUE(ParseJson(out->text).ok()) << out->text;
      EXPECT_THAT(out->left_out, Contains("legs.from.geo"));
    }
    EXPECT_THAT(map.text, Not(HasSubstr("LineString")));
    EXPECT_THAT(stix.text, Not(HasSubstr("\"longitude\":540")));
    EXPECT_THAT(stix.text, HasSubstr("\"latitude\":-12.5"));  // of the other place
    const Exported csv = ExportCsv(request);
    EXPECT_THAT(csv.left_out, Contains("legs.border_crossing.point.geo"));
    EXPECT_TRUE(RoutesFromCsv(csv.text).ok());
  }
}

TEST(RouteExport, TellsWhatAFormatLeavesOut) {
  v1::RouteReport report = SampleReport();
  report.mutable_legs(0)->mutable_conveyance()->set_name("Estrela");
  report.mutable_network()->set_group_pseudonym("LANTERN");
  report.add_sources()->mutable_evaluation()->set_by("QN/central/o-0007");
  report.mutable_sources(0)->set_collected_at("2026-02-01");
  const ExportRequest request = SampleRequest({&report, &report}, "QN");
  EXPECT_THAT(ExportCsv(request).left_out,
              ElementsAre("network.comms_selectors", "sources.evaluation.by"));
  EXPECT_THAT(ExportGeoJson(request).left_out,
              ElementsAre("kind", "evaluation", "legs.price", "persons_observed", "network",
                          "sources", "benefit", "summary", "legs.to.geo"))
      << "a leg without a line has no place for the coordinates of one end";
  const auto stix = ExportStix(request, TestUuid).left_out;
  EXPECT_THAT(stix, Contains("legs.price"));
  EXPECT_THAT(stix, Not(Contains("legs.conveyance")));
  // What stays here altogether says nothing.
  report.mutable_label()->clear_release_states();
  EXPECT_THAT(ExportCsv(SampleRequest({&report}, "QM")).left_out, IsEmpty());
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

// As UN/CEFACT publishes it: no header, every text quoted, Windows-1252, lines of countries and of
// references, changes marked.
TEST(Places, ReadTheReleaseAsItIsPublished) {
  const std::string part =
      ",\"FR\",,\".FRANCE\",,,,,,,,\r\n"
      "\"=\",\"FR\",,\"Villacoublay = V\xE9lizy\",\"Villacoublay = Velizy\",,,,,,,\r\n"
      "\"\xA6\",\"FR\",\"V9X\",\"V\xE9lizy, \x8Cuvre\",\"\",\"78\",\"RL\",\"--3-----\",\"1107\",,"
      "\"4847N 00210E\",\"\"\r\n"
      "\"+\",\"FR\",\"NOW\",\"Nowhere\",\"Nowhere\",,\"XX\",\"1-------\",\"0601\",,,\r\n"
      "\"#\",\"FR\",\"BAD\",\"Bad\",\"Bad\",,\"AI\",\"1-------\",\"0601\",,\"4890N 00210E\",\r\n"
      "\"X\",\"FR\",\"OLD\",\"Old\",\"Old\",,\"XX\",\"1-------\",\"0601\",,,\r\n";
  const auto places = Places::FromCsv(part);
  ASSERT_TRUE(places.ok()) << places.status().message();
  EXPECT_EQ(places->size(), 3u);
  ASSERT_NE(places->Find("FRV9X"), nullptr);
  EXPECT_EQ(places->Find("FRV9X")->name(), "V\xC3\xA9lizy, \xC5\x92uvre");
  EXPECT_EQ(places->Find("FRV9X")->admin(), "78");
  ASSERT_NE(places->Find("FRNOW"), nullptr);
  EXPECT_FALSE(places->Find("FRNOW")->has_geo());
  // Its coordinates are not: it stays, and that is told.
  ASSERT_NE(places->Find("FRBAD"), nullptr);
  EXPECT_FALSE(places->Find("FRBAD")->has_geo());
  EXPECT_EQ(places->unreadable(), 1u);
  EXPECT_EQ(places->first_unreadable(), 5u);
  // An error names the line of the file, whatever lies before it.
  const auto bad = Places::FromCsv("\r\n,\"FR\",\"AAA\",\"two\nlines\",,,,,,,,\r\n\r\nFR,AAA\r\n");
  EXPECT_THAT(std::string(bad.status().message()), HasSubstr("line 5 has 2 cells"));
}

}  // namespace
}  // namespace palermo::casework
