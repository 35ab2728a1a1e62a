// The bundle against what STIX 2.1 demands: sections 2.9 (identifiers), 3 (common properties), 4, 7
// and 8 (what each object must have), 11 (custom objects).
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "node/casework/import.h"
#include "node/casework/intelligence/export_test_util.h"
#include "node/casework/intelligence/places.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

class Bundle {
 public:
  explicit Bundle(const std::string& text) {
    const auto json = ParseJson(text);
    EXPECT_TRUE(json.ok()) << text;
    if (!json.ok()) return;
    whole_ = json->struct_value();
    for (const Value& one : Member(whole_, "objects")->list_value().values()) {
      const std::string id = TextOf(one.struct_value(), "id");
      EXPECT_TRUE(objects_.emplace(id, one.struct_value()).second) << "twice: " << id;
    }
  }
  const std::map<std::string, Struct>& objects() const { return objects_; }
  const Struct& whole() const { return whole_; }
  int Count(const std::string& type) const {
    int count = 0;
    for (const auto& [id, object] : objects_) count += TextOf(object, "type") == type ? 1 : 0;
    return count;
  }

  // The first thing that is wrong; "" when all is right.
  std::string Problem() const {
    if (TextOf(whole_, "type") != "bundle" || !IsId(TextOf(whole_, "id"), "bundle")) {
      return "bundle";
    }
    for (const auto& [id, object] : objects_) {
      const std::string problem = ProblemOf(object);
      if (!problem.empty()) return id + ": " + problem;
    }
    return "";
  }

 private:
  static bool IsId(const std::string& id, const std::string& type) {
    static const std::regex form(
        "[a-z][a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    return std::regex_match(id, form) && id.substr(0, id.find("--")) == type;
  }
  static bool IsTime(const std::string& text) {
    static const std::regex form("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    return std::regex_match(text, form);
  }
  static std::set<std::string> Required(const std::string& type) {
    static const std::map<std::string, std::set<std::string>> more = {
        {"marking-definition", {}},
        {"identity", {"modified", "name"}},
        {"location", {"modified"}},
        {"grouping", {"modified", "context", "object_refs"}},
        {"extension-definition",
         {"modified", "created_by_ref", "name", "schema", "version", "extension_types"}},
        {"x-palermo-route-leg", {"modified", "extensions"}}};
    std::set<std::string> names = {"type", "spec_version", "id", "created"};
    if (more.count(type) == 0) return {"a type that there is not"};
    names.insert(more.at(type).begin(), more.at(type).end());
    return names;
  }

  std::string ProblemOf(const Struct& object) const {
    const std::string type = TextOf(object, "type");
    if (!IsId(TextOf(object, "id"), type)) return "id";
    if (TextOf(object, "spec_version") != "2.1") return "spec_version";
    for (const std::string& name : Required(type)) {
      if (Member(object, name) == nullptr) return "lacks " + name;
    }
    const std::string created = TextOf(object, "created"), modified = TextOf(object, "modified");
    if (!IsTime(created) || (!modified.empty() && (!IsTime(modified) || modified < created))) {
      return "times";
    }
    for (const auto& [name, value] : object.fields()) {
      const std::string problem = ProblemIn(name, value);
      if (!problem.empty()) return problem;
    }
    return OfItsType(type, object);
  }

  std::string ProblemIn(const std::string& name, const Value& value) const {
    static const std::regex form("[a-z0-9_]{2,250}");
    if (!std::regex_match(name, form)) return "name of a property: " + name;
    if (value.has_list_value() && value.list_value().values().empty()) return "empty " + name;
    if (value.kind_case() == Value::kStringValue && value.string_value().empty()) {
      return "empty " + name;
    }
    const bool refs = name.size() > 5 && name.substr(name.size() - 5) == "_refs";
    for (const Value& one : value.list_value().values()) {
      if (refs && objects_.count(one.string_value()) == 0) return name + " leads nowhere";
    }
    const bool ref = name.size() > 4 && name.substr(name.size() - 4) == "_ref";
    if (ref && objects_.count(value.string_value()) == 0) return name + " leads nowhere";
    return "";
  }

  std::string OfItsType(const std::string& type, const Struct& object) const {
    for (const std::string& ref : TextsOf(object, "object_marking_refs")) {
      if (TextOf(objects_.at(ref), "type") != "marking-definition") return "is marked with " + ref;
    }
    const std::string author = TextOf(object, "created_by_ref");
    if (!author.empty() && TextOf(objects_.at(author), "type") != "identity") return "author";
    const Value* confidence = Member(object, "confidence");
    if (confidence != nullptr &&
        !(confidence->number_value() >= 0 && confidence->number_value() <= 100)) {
      return "confidence";
    }
    const bool has_lat = Member(object, "latitude") != nullptr;
    if (type == "location") {
      if (has_lat != (Member(object, "longitude") != nullptr)) return "half a place";
      if (!has_lat && TextOf(object, "country").empty()) return "a place that is nowhere";
      if (Member(object, "precision") != nullptr && !has_lat) return "precision of nothing";
    }
    if (type == "marking-definition" && ObjectOf(object, "extensions") == nullptr &&
        (ObjectOf(object, "definition") == nullptr ||
         TextOf(object, "definition_type") != "statement")) {
      return "marks with nothing";
    }
    if (type == "x-palermo-route-leg") {
      for (const auto& [id, extension] : ObjectOf(object, "extensions")->fields()) {
        if (objects_.count(id) == 0) return "an extension that is not defined";
        if (TextOf(extension.struct_value(), "extension_type") != "new-sdo") return "extension";
      }
    }
    return "";
  }

  Struct whole_;
  std::map<std::string, Struct> objects_;
};

Bundle BundleOf(const std::vector<const v1::RouteReport*>& reports,
                const std::string& now = "2026-03-02T09:00:00Z") {
  ExportRequest request = SampleRequest(reports, "QN");
  request.now = *ParseInstant(now);
  return Bundle(ExportStix(request, TestUuid).text);
}

// Says everything that a report can say, as far as an export looks at it.
v1::RouteReport Full() {
  v1::RouteReport report = SampleReport("R-9");
  report.mutable_evaluation()->set_at("2026-02-01T10:00:00Z");
  report.mutable_label()->set_delete_by("2027-03-02");
  auto& leg = *report.mutable_legs(0);
  leg.mutable_from()->set_name("Mbara");
  leg.mutable_from()->mutable_geo()->set_lat(1);
  leg.mutable_from()->mutable_geo()->set_radius_m(50);
  leg.mutable_to()->set_admin("07");
  leg.mutable_conveyance()->set_name("Estrela");
  leg.set_seen_at("2026-02-01");
  return report;
}

TEST(Stix, HoldsToTheRulesOfItsObjects) {
  const v1::RouteReport amber = SampleReport(), full = Full();
  v1::RouteReport clear = SampleReport("R-3"), bare;
  clear.mutable_label()->set_tlp(v1::Tlp::CLEAR);
  clear.mutable_evaluation()->set_source("F");
  *bare.mutable_label() = clear.label();
  const Bundle bundle = BundleOf({&amber, &clear, &full, &bare});
  EXPECT_EQ(bundle.Problem(), "");
  EXPECT_EQ(bundle.Count("grouping"), 4);
  EXPECT_EQ(bundle.Count("x-palermo-route-leg"), 6);
  EXPECT_EQ(bundle.Count("extension-definition"), 1);
  for (const auto& [id, object] : bundle.objects()) {
    const std::string type = TextOf(object, "type");
    const size_t marks = TextsOf(object, "object_marking_refs").size();
    // What says something of a report has its TLP and its terms.
    if (type == "marking-definition") continue;
    EXPECT_EQ(marks, type == "identity" || type == "extension-definition" ? 1u : 2u) << id;
  }
}

TEST(Stix, SaysConfidenceOnlyWhereTheSchemeHasOne) {
  const v1::RouteReport sure = SampleReport();
  v1::RouteReport unsure = SampleReport("R-3");
  unsure.mutable_evaluation()->set_source("F");
  const Bundle bundle = BundleOf({&sure, &unsure});
  for (const auto& [id, object] : bundle.objects()) {
    if (TextOf(object, "type") != "grouping") continue;
    EXPECT_EQ(Member(object, "confidence") != nullptr, TextOf(object, "name") == "R-1");
  }
}

TEST(Stix, IsTheSameWheneverItLeaves) {
  const v1::RouteReport one = SampleReport(), other = Full();
  const Bundle first = BundleOf({&one, &other});
  const Bundle later = BundleOf({&other, &one}, "2026-05-05T12:00:00Z");
  ASSERT_EQ(first.objects().size(), later.objects().size());
  for (const auto& [id, object] : first.objects()) {
    ASSERT_EQ(later.objects().count(id), 1u) << id;
    EXPECT_EQ(later.objects().at(id).DebugString(), object.DebugString());
  }
  // Another version is another one; who exports a record twice has it once.
  v1::RouteReport next = one;
  next.set_version(2);
  EXPECT_EQ(BundleOf({&one, &next}).Count("grouping"), 2);
  EXPECT_EQ(BundleOf({&one, &one}).Count("grouping"), 1);
  next.set_version(1);  // no version counts as 1
  EXPECT_EQ(BundleOf({&one, &next}).Count("grouping"), 1);
}

TEST(Stix, DropsNeitherOfTwoTextsUnderOneId) {
  const v1::RouteReport one = SampleReport();
  v1::RouteReport other = one;
  other.set_summary("another text");
  const Exported out = ExportStix(SampleRequest({&one, &other, &one}, "QN"), TestUuid);
  const Bundle bundle(out.text);
  EXPECT_EQ(bundle.Problem(), "");
  EXPECT_EQ(bundle.Count("grouping"), 2);
  EXPECT_EQ(bundle.Count("x-palermo-route-leg"), 4);
  EXPECT_NE(out.text.find("another text"), std::string::npos);
  EXPECT_EQ(out.doubles, std::vector<std::string>{"R-1"});
  EXPECT_TRUE(ExportStix(SampleRequest({&one, &one}, "QN"), TestUuid).doubles.empty());
}

TEST(Stix, IsTheSameWithAListOfPlaces) {
  const v1::RouteReport report = SampleReport();
  const auto places = Places::FromCsv(
      "locode,country,name_ascii,subdivision,kinds,iata,lat,lon,status\n"
      "QTMBA,QT,Mbara,,P,,1.5,-2.25,AI\n");
  ASSERT_TRUE(places.ok());
  ExportRequest request = SampleRequest({&report}, "QN");
  const Bundle bare(ExportStix(request, TestUuid).text);
  request.places = &*places;
  const Bundle full(ExportStix(request, TestUuid).text);
  EXPECT_EQ(full.Problem(), "");
  ASSERT_EQ(full.objects().size(), bare.objects().size());
  int changed = 0;
  for (const auto& [id, object] : full.objects()) {
    ASSERT_EQ(bare.objects().count(id), 1u) << id;
    const Struct& before = bare.objects().at(id);
    if (before.DebugString() == object.DebugString()) continue;
    ++changed;
    EXPECT_EQ(TextOf(object, "type"), "location");
    EXPECT_LT(TextOf(before, "modified"), TextOf(object, "modified"));
  }
  EXPECT_EQ(changed, 1);
}

TEST(Stix, NoTermLooksLikeAnother) {
  v1::RouteReport report = SampleReport();
  report.mutable_label()->set_other_restrictions("none; release to QP");
  const Bundle bundle = BundleOf({&report});
  int found = 0;
  for (const auto& [id, object] : bundle.objects()) {
    const Struct* definition = ObjectOf(object, "definition");
    if (definition == nullptr) continue;
    ++found;
    EXPECT_EQ(TextOf(*definition, "statement"),
              "originator \"QN\"; handling \"H2\"; other restrictions: \"none; release to QP\"; "
              "release to \"QM\"; purposes \"INVESTIGATION\"");
  }
  EXPECT_EQ(found, 1);
}

TEST(Stix, DefinesItsExtensionOnceForAll) {
  const v1::RouteReport one = SampleReport();
  v1::RouteReport other = SampleReport("R-2");
  other.set_originator("QM");
  other.mutable_label()->set_originator("QM");
  other.mutable_label()->add_release_states("QN");
  other.mutable_label()->set_tlp(v1::Tlp::GREEN);
  const Bundle a = BundleOf({&one}), b = BundleOf({&other});
  for (const auto& [id, object] : a.objects()) {
    if (TextOf(object, "type") != "extension-definition") continue;
    ASSERT_EQ(b.objects().count(id), 1u);
    EXPECT_EQ(b.objects().at(id).DebugString(), object.DebugString());
    EXPECT_EQ(TextOf(a.objects().at(TextOf(object, "created_by_ref")), "name"), "palermo");
  }
}

TEST(Stix, PlacesByTheirCode) {
  v1::RouteReport report = SampleReport();
  for (auto& leg : *report.mutable_legs()) leg.mutable_to()->clear_geo();
  std::map<std::string, std::string> country;
  const Bundle bundle = BundleOf({&report});
  for (const auto& [id, object] : bundle.objects()) {
    if (TextOf(object, "type") == "location") {
      country[TextOf(object, "name")] = TextOf(object, "country");
    }
  }
  EXPECT_EQ(country, (std::map<std::string, std::string>{
                         {"QTMBA", "QT"}, {"QPLAG", "QP"}, {"QNHAV", "QN"}}));
}

TEST(Stix, LosesNothingSilently) {
  v1::RouteReport report = SampleReport();
  report.set_version(3);
  v1::Place& beach = *report.mutable_legs(0)->mutable_from();
  beach.Clear();
  beach.set_name("a beach");
  beach.set_admin("07");
  const Exported out = ExportStix(SampleRequest({&report}, "QN"), TestUuid);
  const Bundle bundle(out.text);
  EXPECT_EQ(bundle.Problem(), "");
  std::string record, from;
  for (const auto& [id, object] : bundle.objects()) {
    if (const Value* said = Member(object, "external_references")) {
      record = TextOf(said->list_value().values(0).struct_value(), "external_id");
    }
    if (const std::string name = TextOf(object, "from_name"); !name.empty()) from = name;
  }
  EXPECT_EQ(record, "QN:R-1/3") << "the version";
  EXPECT_EQ(from, "a beach") << "STIX has no location for it";
  const auto& left = out.left_out;
  EXPECT_NE(std::find(left.begin(), left.end(), "legs.from.admin"), left.end());
  EXPECT_EQ(std::find(left.begin(), left.end(), "legs.to.admin"), left.end());
}

}  // namespace
}  // namespace palermo::casework
