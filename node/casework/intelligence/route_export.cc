#include "node/casework/intelligence/route_export.h"

#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Tlp;

// --- JSON: members in the order they are given; an empty value is left out

using Members = std::vector<std::pair<std::string_view, std::string>>;

std::string Object(const Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (value.empty()) continue;
    if (out.size() > 1) out += ",";
    out += Cat({JsonQuote(name), ":", value});
  }
  return out + "}";
}
std::string Text(std::string_view text) { return text.empty() ? "" : JsonQuote(text); }
std::string Array(const std::vector<std::string>& values) {
  return values.empty() ? "" : Cat({"[", absl::StrJoin(values, ","), "]"});
}
template <typename List>
std::string Texts(const List& list) {
  std::vector<std::string> values;
  for (const std::string& text : list) values.push_back(JsonQuote(text));
  return Array(values);
}
std::string Number(double value) { return absl::StrFormat("%.10g", value); }

// --- What may leave

// Selectors are sealed for investigators; no export has them.
v1::RouteReport Stripped(const v1::RouteReport& report) {
  v1::RouteReport out = report;
  out.mutable_network()->clear_comms_selectors();
  if (out.network().ByteSizeLong() == 0) out.clear_network();
  return out;
}

std::vector<v1::RouteReport> Allowed(const ExportRequest& request, Exported& out) {
  std::vector<v1::RouteReport> reports;
  for (const ExportItem& item : request.items) {
    const PolicyDecision decision = MayPass(item.report->label(), item.facts, request.asker,
                                            Way::kExport, request.to_state, request.now);
    if (decision.allowed) {
      reports.push_back(Stripped(*item.report));
    } else {
      out.withheld.push_back({item.report->route_id(), decision.clause, decision.todo});
    }
  }
  return reports;
}

std::vector<std::string> HandlingOf(const v1::Label& label) {
  std::vector<std::string> codes;
  for (const int code : label.handling()) {
    codes.push_back(v1::Handling::Code_Name(static_cast<v1::Handling::Code>(code)));
  }
  return codes;
}

// --- GeoJSON, RFC 7946: longitude first

std::string Point(const v1::GeoPoint& geo) {
  return Cat({"[", Number(geo.lon()), ",", Number(geo.lat()), "]"});
}

std::string Feature(const v1::RouteReport& report, const v1::RouteLeg& leg, const Places* places) {
  const v1::Place from = Completed(leg.from(), places), to = Completed(leg.to(), places);
  const std::string geometry =
      from.has_geo() && to.has_geo()
          ? Object({{"type", "\"LineString\""},
                    {"coordinates", Array({Point(from.geo()), Point(to.geo())})}})
          : "null";
  const v1::Label& label = report.label();
  const std::string properties = Object({{"route_id", Text(report.route_id())},
                                         {"seq", absl::StrFormat("%d", leg.seq())},
                                         {"from", Text(from.unlocode())},
                                         {"from_name", Text(from.name())},
                                         {"to", Text(to.unlocode())},
                                         {"to_name", Text(to.name())},
                                         {"mode", Text(v1::TransportMode::Code_Name(leg.mode()))},
                                         {"concealment", Texts(leg.concealment())},
                                         {"document_method", Texts(leg.document_method())},
                                         {"risk_to_life", Texts(leg.risk_to_life())},
                                         {"last_seen", Text(report.period().last_seen())},
                                         {"originator", Text(label.originator())},
                                         {"tlp", Text(v1::Tlp::Code_Name(label.tlp()))},
                                         {"handling", Texts(HandlingOf(label))},
                                         {"other_restrictions", Text(label.other_restrictions())},
                                         {"release_states", Texts(label.release_states())},
                                         {"recipients", Texts(label.recipients())},
                                         {"withheld_states", Texts(label.withheld_states())},
                                         {"purposes", Texts(label.purposes())},
                                         {"delete_by", Text(label.delete_by())},
                                         {"evidence_status", Text(report.evidence_status())}});
  return Object({{"type", "\"Feature\""}, {"geometry", geometry}, {"properties", properties}});
}

// --- STIX 2.1

// OASIS' TLP 2.0 markings and the extension that defines them.
constexpr std::string_view kTlpExtension =
    "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
struct TlpMarking {
  Tlp::Code code;
  std::string_view uuid, name, value;
};
constexpr TlpMarking kMarkings[] = {
    {Tlp::CLEAR, "94868c89-83c2-464b-929b-a1a8aa3c8487", "TLP:CLEAR", "clear"},
    {Tlp::GREEN, "bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "TLP:GREEN", "green"},
    {Tlp::AMBER, "55d920b0-5e8b-4f79-9ee9-91f868d9b421", "TLP:AMBER", "amber"},
    {Tlp::AMBER_STRICT, "939a9414-2ddd-4d32-a0cd-375ea402b003", "TLP:AMBER+STRICT", "amber+strict"},
    {Tlp::RED, "e828b379-4e03-4974-9ac4-e53a884c97c1", "TLP:RED", "red"},
};
// palermo's own object for a leg.
constexpr std::string_view kLegExtension =
    "extension-definition--7c1d3ab4-5e0f-4d0b-9a63-0a8b1f6c2e51";

// What TLP does not say, for a statement marking: who may have it, for what, and until when.
std::string TermsOf(const v1::Label& label) {
  std::string terms = Cat({"originator ", label.originator()});
  const auto add = [&terms](std::string_view what, const std::string& said) {
    if (!said.empty()) terms += Cat({"; ", what, " ", said});
  };
  add("handling", absl::StrJoin(HandlingOf(label), ", "));
  add("other restrictions:", label.other_restrictions());
  add("release to", absl::StrJoin(label.release_states(), ", "));
  add("for the officers", absl::StrJoin(label.recipients(), ", "));
  add("withheld from", absl::StrJoin(label.withheld_states(), ", "));
  add("purposes", absl::StrJoin(label.purposes(), ", "));
  add("delete by", label.delete_by());
  return terms;
}

class StixBundle {
 public:
  StixBundle(const ExportRequest& request, Random& random)
      : request_(request),
        random_(random),
        now_(JsonQuote(
            absl::FormatTime("%E4Y-%m-%dT%H:%M:%E3SZ", request.now, absl::UTCTimeZone()))) {}

  void Add(const v1::RouteReport& report) {
    marking_ = Marking(report.label().tlp());
    terms_ = Terms(report.label());
    author_ = Author(report.label().originator());
    std::vector<std::string> refs;
    for (const v1::RouteLeg& leg : report.legs()) {
      const std::string from = Location(leg.from()), to = Location(leg.to());
      const std::string id = Leg(leg, from, to);
      for (const std::string& ref : {from, to, id}) {
        if (!ref.empty()) refs.push_back(JsonQuote(ref));
      }
    }
    // A grouping needs something that it groups.
    if (refs.empty()) refs.push_back(JsonQuote(author_));
    const auto confidence = StixConfidence(report.evaluation());
    const v1::Evaluation& e = report.evaluation();
    Members members = Common("grouping", NewId("grouping"));
    members.push_back({"name", Text(report.route_id().empty() ? "route" : report.route_id())});
    members.push_back({"description", Text(report.summary())});
    members.push_back({"context", "\"suspicious-activity\""});
    members.push_back({"labels", Texts(std::vector<std::string>{Cat(
                                     {"evaluation:", e.scheme(), ":", e.source(), e.info()})})});
    if (confidence) members.push_back({"confidence", absl::StrFormat("%d", *confidence)});
    members.push_back({"object_refs", Array(refs)});
    objects_.push_back(Object(members));
  }

  std::string Whole() {
    return Object({{"type", "\"bundle\""},
                   {"id", Text(NewId("bundle"))},
                   {"objects", Array(objects_)}}) +
           "\n";
  }

 private:
  // RFC 9562, version 4.
  std::string NewId(std::string_view type) {
    std::string b = random_.Bytes(16);
    b[6] = static_cast<char>((b[6] & 0x0F) | 0x40);
    b[8] = static_cast<char>((b[8] & 0x3F) | 0x80);
    const std::string hex = HexEncode(b);
    return Cat({type, "--", hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                hex.substr(16, 4), "-", hex.substr(20)});
  }

  Members Common(std::string_view type, const std::string& id) const {
    return {{"type", Text(type)},
            {"spec_version", "\"2.1\""},
            {"id", Text(id)},
            {"created_by_ref", Text(author_)},
            {"created", now_},
            {"modified", now_},
            {"object_marking_refs", Texts(std::vector<std::string>{marking_, terms_})}};
  }

  std::string Marking(Tlp::Code code) {
    for (const TlpMarking& m : kMarkings) {
      if (m.code != code) continue;
      const std::string id = Cat({"marking-definition--", m.uuid});
      if (!known_.emplace(id, id).second) return id;
      const std::string extension =
          Object({{"extension_type", "\"property-extension\""}, {"tlp_2_0", Text(m.value)}});
      objects_.push_back(Object({{"type", "\"marking-definition\""},
                                 {"spec_version", "\"2.1\""},
                                 {"id", Text(id)},
                                 {"created", "\"2022-10-01T00:00:00.000Z\""},
                                 {"name", Text(m.name)},
                                 {"extensions", Object({{kTlpExtension, extension}})}}));
      return id;
    }
    return "";
  }

  std::string Terms(const v1::Label& label) {
    const std::string terms = TermsOf(label);
    auto [found, fresh] = known_.emplace(Cat({"terms ", terms}), "");
    if (!fresh) return found->second;
    const std::string id = found->second = NewId("marking-definition");
    objects_.push_back(Object({{"type", "\"marking-definition\""},
                               {"spec_version", "\"2.1\""},
                               {"id", Text(id)},
                               {"created", now_},
                               {"definition_type", "\"statement\""},
                               {"definition", Object({{"statement", Text(terms)}})}}));
    return id;
  }

  std::string Author(const std::string& state) {
    auto [found, fresh] = known_.emplace(Cat({"state ", state}), "");
    if (!fresh) return found->second;
    author_.clear();
    const std::string id = found->second = NewId("identity");
    Members members = Common("identity", id);
    members.push_back({"name", Text(state)});
    members.push_back({"identity_class", "\"organization\""});
    objects_.push_back(Object(members));
    return id;
  }

  // "" for a place of which STIX would know nothing.
  std::string Location(const v1::Place& said) {
    const v1::Place place = Completed(said, request_.places);
    if (place.country().empty() && !place.has_geo()) return "";
    // Under each marking its own: nothing may be lowered.
    const std::string key = Cat({"place ", marking_, terms_, author_, place.SerializeAsString()});
    auto [found, fresh] = known_.emplace(key, "");
    if (!fresh) return found->second;
    const std::string id = found->second = NewId("location");
    Members members = Common("location", id);
    members.push_back({"name", Text(place.name().empty() ? place.unlocode() : place.name())});
    members.push_back({"country", Text(place.country())});
    members.push_back({"administrative_area", Text(place.admin())});
    if (place.has_geo()) {
      members.push_back({"latitude", Number(place.geo().lat())});
      members.push_back({"longitude", Number(place.geo().lon())});
      if (place.geo().radius_m() > 0) {
        members.push_back({"precision", Number(place.geo().radius_m())});
      }
    }
    objects_.push_back(Object(members));
    return id;
  }

  std::string Leg(const v1::RouteLeg& leg, const std::string& from, const std::string& to) {
    if (known_.emplace(std::string(kLegExtension), "").second) DefineLeg();
    const std::string id = NewId("x-palermo-route-leg");
    Members members = Common("x-palermo-route-leg", id);
    members.push_back({"seq", absl::StrFormat("%d", leg.seq())});
    members.push_back({"from_ref", Text(from)});
    members.push_back({"to_ref", Text(to)});
    members.push_back({"from_unlocode", Text(leg.from().unlocode())});
    members.push_back({"to_unlocode", Text(leg.to().unlocode())});
    members.push_back({"mode", Text(v1::TransportMode::Code_Name(leg.mode()))});
    members.push_back({"conveyance_type", Text(leg.conveyance().type())});
    std::vector<std::string> marks;
    for (const v1::Identifier& mark : leg.conveyance().identifiers()) {
      marks.push_back(Object({{"scheme", Text(mark.scheme())},
                              {"value", Text(mark.value())},
                              {"country", Text(mark.country())}}));
    }
    members.push_back({"conveyance_identifiers", Array(marks)});
    members.push_back({"document_method", Texts(leg.document_method())});
    members.push_back({"concealment", Texts(leg.concealment())});
    members.push_back({"risk_to_life", Texts(leg.risk_to_life())});
    members.push_back(
        {"extensions", Object({{kLegExtension, Object({{"extension_type", "\"new-sdo\""}})}})});
    objects_.push_back(Object(members));
    return id;
  }

  void DefineLeg() {
    objects_.push_back(
        Object({{"type", "\"extension-definition\""},
                {"spec_version", "\"2.1\""},
                {"id", Text(kLegExtension)},
                {"created_by_ref", Text(author_)},
                {"created", now_},
                {"modified", now_},
                {"name", "\"palermo route leg\""},
                {"description", "\"One leg of a route of smuggling or trafficking\""},
                {"schema", "\"docs/formats/intelligence.md\""},
                {"version", "\"1.0.0\""},
                {"extension_types", "[\"new-sdo\"]"}}));
  }

  const ExportRequest& request_;
  Random& random_;
  const std::string now_;
  std::string marking_, terms_, author_;
  std::map<std::string, std::string> known_;
  std::vector<std::string> objects_;
};

}  // namespace

Exported ExportCsv(const ExportRequest& request) {
  Exported out;
  const auto reports = Allowed(request, out);
  std::vector<const v1::RouteReport*> rows;
  for (const v1::RouteReport& report : reports) rows.push_back(&report);
  out.text = RoutesToCsv(rows);
  return out;
}

Exported ExportGeoJson(const ExportRequest& request) {
  Exported out;
  std::vector<std::string> features;
  for (const v1::RouteReport& report : Allowed(request, out)) {
    for (const v1::RouteLeg& leg : report.legs()) {
      features.push_back(Feature(report, leg, request.places));
    }
  }
  const std::string list = features.empty() ? "[]" : Array(features);
  out.text = Object({{"type", "\"FeatureCollection\""}, {"features", list}}) + "\n";
  return out;
}

Exported ExportStix(const ExportRequest& request, Random& random) {
  Exported out;
  StixBundle bundle(request, random);
  for (const v1::RouteReport& report : Allowed(request, out)) bundle.Add(report);
  out.text = bundle.Whole();
  return out;
}

}  // namespace palermo::casework
