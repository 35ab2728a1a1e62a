#include "node/casework/intelligence/route_export.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/intelligence/export_json.h"
#include "node/casework/intelligence/route_columns.h"
#include "node/casework/intelligence/route_csv.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr double kMaxLatitude = 90, kMaxLongitude = 180;

// --- What may leave, and what of it stays behind

bool IsOnEarth(const v1::GeoPoint& geo) {
  return std::abs(geo.lat()) <= kMaxLatitude && std::abs(geo.lon()) <= kMaxLongitude &&
         std::isfinite(geo.radius_m());
}

// Selectors are sealed for investigators; no export has them. Coordinates that no place on earth
// has, or that are no numbers, no format can say.
v1::RouteReport Stripped(const v1::RouteReport& report, std::vector<std::string>& left_out) {
  v1::RouteReport out = report;
  out.mutable_network()->clear_comms_selectors();
  if (out.network().ByteSizeLong() == 0) out.clear_network();
  const auto strip = [&](v1::Place& place, const char* path) {
    if (!place.has_geo() || IsOnEarth(place.geo())) return;
    place.clear_geo();
    AddOnce(path, left_out);
  };
  for (v1::RouteLeg& leg : *out.mutable_legs()) {
    if (leg.has_from()) strip(*leg.mutable_from(), "legs.from.geo");
    if (leg.has_to()) strip(*leg.mutable_to(), "legs.to.geo");
    if (!leg.border_crossing().has_point()) continue;
    strip(*leg.mutable_border_crossing()->mutable_point(), "legs.border_crossing.point.geo");
  }
  return out;
}

// Whether the path is one of the held, or lies below one.
bool IsHeld(const std::string& path, const std::vector<std::string>& held) {
  return std::any_of(held.begin(), held.end(), [&](const std::string& one) {
    return path == one || (path.size() > one.size() && path[one.size()] == '.' &&
                           path.compare(0, one.size(), one) == 0);
  });
}
bool HoldsBelow(const std::string& path, const std::vector<std::string>& held) {
  const std::string below = path + ".";
  return std::any_of(held.begin(), held.end(), [&](const std::string& one) {
    return one.compare(0, below.size(), below) == 0;
  });
}

// The members that are said and that the format does not hold, as far up as nothing of them is
// held.
void FindLeftOut(const Message& message, const std::string& at,
                 const std::vector<std::string>& held, std::vector<std::string>& out) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = at.empty() ? field->name() : Cat({at, ".", field->name()});
    if (IsHeld(path, held)) continue;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || !HoldsBelow(path, held)) {
      AddOnce(path, out);
      continue;
    }
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      FindLeftOut(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                       : reflection.GetMessage(message, field),
                  path, held, out);
    }
  }
}

// --- GeoJSON, RFC 7946: longitude first

std::string Positions(double lat1, double lon1, double lat2, double lon2) {
  const auto position = [](double lat, double lon) {
    return Cat({"[", JsonNumber(lon), ",", JsonNumber(lat), "]"});
  };
  return JsonArray({position(lat1, lon1), position(lat2, lon2)});
}

std::string Geometry(std::string_view type, const std::string& coordinates) {
  return JsonObject({{"type", JsonText(type)}, {"coordinates", coordinates}});
}

// The short way; where that crosses the antimeridian it is cut there, RFC 7946 3.1.9.
std::string Line(const v1::GeoPoint& from, const v1::GeoPoint& to) {
  constexpr double kHalf = 180;
  if (std::abs(from.lon() - to.lon()) <= kHalf) {
    return Geometry("LineString", Positions(from.lat(), from.lon(), to.lat(), to.lon()));
  }
  const double edge = from.lon() > 0 ? kHalf : -kHalf;  // that `from` reaches
  const double across = to.lon() + 2 * edge;            // `to`, counted on beyond the edge
  // A line that only touches the edge lies on one side of it.
  if (from.lon() == edge) {
    return Geometry("LineString", Positions(from.lat(), -edge, to.lat(), to.lon()));
  }
  if (across == edge) {
    return Geometry("LineString", Positions(from.lat(), from.lon(), to.lat(), edge));
  }
  const double part = (edge - from.lon()) / (across - from.lon());
  const double lat = from.lat() + part * (to.lat() - from.lat());
  return Geometry("MultiLineString", JsonArray({Positions(from.lat(), from.lon(), lat, edge),
                                                Positions(lat, -edge, to.lat(), to.lon())}));
}

// As `casebook search --identifier` takes it: "IMO:2000107", "PLATE:QM:AB123".
std::vector<std::string> MarksOn(const v1::Conveyance& conveyance) {
  std::vector<std::string> marks;
  for (const v1::Identifier& mark : conveyance.identifiers()) {
    marks.push_back(
        Cat({mark.scheme(), ":", mark.country(), mark.country().empty() ? "" : ":", mark.value()}));
  }
  return marks;
}

// A leg has a line when both places have coordinates. Those that have none are named, and what the
// other one says is left out.
std::string LineOf(const v1::RouteReport& report, int leg, const v1::Place& from,
                   const v1::Place& to, Exported& out) {
  if (from.has_geo() && to.has_geo()) return Line(from.geo(), to.geo());
  for (const auto& [place, end] : {std::pair{&from, "from"}, std::pair{&to, "to"}}) {
    if (place->has_geo()) {
      const v1::RouteLeg& said = report.legs(leg);
      const bool own = place == &from ? said.from().has_geo() : said.to().has_geo();
      if (own) AddOnce(Cat({"legs.", end, ".geo"}), out.left_out);
      continue;
    }
    const std::string name = place->unlocode().empty() ? place->name() : place->unlocode();
    AddOnce(name.empty() ? absl::StrFormat("%s legs[%d].%s", report.route_id(), leg, end) : name,
            out.no_coordinates);
  }
  return "null";
}

std::string Feature(const v1::RouteReport& report, int at, const Places* places, Exported& out) {
  const v1::RouteLeg& leg = report.legs(at);
  const v1::Place from = Completed(leg.from(), places), to = Completed(leg.to(), places);
  const std::string geometry = LineOf(report, at, from, to, out);
  const v1::Label& label = report.label();
  const std::string properties =
      JsonObject({{"route_id", JsonText(report.route_id())},
                  {"seq", absl::StrFormat("%d", leg.seq())},
                  {"from", JsonText(from.unlocode())},
                  {"from_name", JsonText(from.name())},
                  {"to", JsonText(to.unlocode())},
                  {"to_name", JsonText(to.name())},
                  {"mode", JsonText(v1::TransportMode::Code_Name(leg.mode()))},
                  {"conveyance", JsonText(leg.conveyance().type())},
                  {"conveyance_name", JsonText(leg.conveyance().name())},
                  {"conveyance_marks", JsonTexts(MarksOn(leg.conveyance()))},
                  {"concealment", JsonTexts(leg.concealment())},
                  {"document_method", JsonTexts(leg.document_method())},
                  {"risk_to_life", JsonTexts(leg.risk_to_life())},
                  {"last_seen", JsonText(report.period().last_seen())},
                  {"originator", JsonText(label.originator())},
                  {"tlp", JsonText(v1::Tlp::Code_Name(label.tlp()))},
                  {"handling", JsonTexts(HandlingOf(label))},
                  {"other_restrictions", JsonText(label.other_restrictions())},
                  {"release_states", JsonTexts(label.release_states())},
                  {"recipients", JsonTexts(label.recipients())},
                  {"withheld_states", JsonTexts(label.withheld_states())},
                  {"purposes", JsonTexts(label.purposes())},
                  {"delete_by", JsonText(label.delete_by())},
                  {"evidence_status", JsonText(report.evidence_status())}});
  return JsonObject({{"type", "\"Feature\""}, {"geometry", geometry}, {"properties", properties}});
}

// What a feature has of its report.
const std::vector<std::string>& HeldByGeoJson() {
  static const auto& held = *new std::vector<std::string>{"route_id",
                                                          "legs.seq",
                                                          "legs.from.unlocode",
                                                          "legs.from.name",
                                                          "legs.from.geo.lat",
                                                          "legs.from.geo.lon",
                                                          "legs.to.unlocode",
                                                          "legs.to.name",
                                                          "legs.to.geo.lat",
                                                          "legs.to.geo.lon",
                                                          "legs.mode",
                                                          "legs.conveyance.type",
                                                          "legs.conveyance.name",
                                                          "legs.conveyance.identifiers.scheme",
                                                          "legs.conveyance.identifiers.value",
                                                          "legs.conveyance.identifiers.country",
                                                          "legs.concealment",
                                                          "legs.document_method",
                                                          "legs.risk_to_life",
                                                          "period.last_seen",
                                                          "originator",
                                                          "label.originator",
                                                          "label.tlp",
                                                          "label.handling",
                                                          "label.other_restrictions",
                                                          "label.release_states",
                                                          "label.recipients",
                                                          "label.withheld_states",
                                                          "label.purposes",
                                                          "label.delete_by",
                                                          "evidence_status"};
  return held;
}

std::vector<std::string> HeldByCsv() {
  std::vector<std::string> held = {"label.originator"};
  for (const Column& column : RouteColumns()) {
    if (column.path == "sources") continue;
    held.push_back(column.leg ? Cat({"legs.", column.path}) : std::string(column.path));
  }
  for (const char* part :
       {"evaluation.scheme", "evaluation.source", "evaluation.info", "collected_at", "sanitised"}) {
    held.push_back(Cat({"sources.", part}));
  }
  return held;
}

}  // namespace

void AddOnce(const std::string& text, std::vector<std::string>& list) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

std::string JsonObject(const Members& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (value.empty()) continue;
    if (out.size() > 1) out += ",";
    out += Cat({JsonQuote(name), ":", value});
  }
  return out + "}";
}
std::string JsonText(std::string_view text) { return text.empty() ? "" : JsonQuote(text); }
std::string JsonArray(const std::vector<std::string>& values) {
  return values.empty() ? "" : Cat({"[", absl::StrJoin(values, ","), "]"});
}
std::string JsonNumber(double value) {
  return std::isfinite(value) ? absl::StrFormat("%.10g", value) : "";
}

std::vector<v1::RouteReport> Allowed(const ExportRequest& request,
                                     const std::vector<std::string>& held, Exported& out) {
  std::vector<v1::RouteReport> reports;
  for (const ExportItem& item : request.items) {
    const PolicyDecision decision = MayPass(item.report->label(), item.facts, request.asker,
                                            Way::kExport, request.to_state, request.now);
    if (decision.allowed) {
      FindLeftOut(*item.report, "", held, out.left_out);
      reports.push_back(Stripped(*item.report, out.left_out));
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

Exported ExportCsv(const ExportRequest& request) {
  Exported out;
  const auto reports = Allowed(request, HeldByCsv(), out);
  std::vector<const v1::RouteReport*> rows;
  for (const v1::RouteReport& report : reports) rows.push_back(&report);
  out.text = RoutesToCsv(rows, &out.left_out);
  return out;
}

Exported ExportGeoJson(const ExportRequest& request) {
  Exported out;
  std::vector<std::string> features;
  for (const v1::RouteReport& report : Allowed(request, HeldByGeoJson(), out)) {
    for (int i = 0; i < report.legs_size(); ++i) {
      features.push_back(Feature(report, i, request.places, out));
    }
  }
  const std::string list = features.empty() ? "[]" : JsonArray(features);
  out.text = JsonObject({{"type", "\"FeatureCollection\""}, {"features", list}}) + "\n";
  return out;
}

}  // namespace palermo::casework
