#include "node/casework/intelligence/route_csv.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/route_columns.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Message;
using v1::RouteReport;

absl::Status BadLine(size_t line, std::string_view why) {
  return InputError("BAD_CSV", absl::StrFormat("line %u: %s", line, why));
}

// A column is told by its number: its name could be somebody's.
absl::StatusOr<std::vector<const Column*>> ReadHeader(const CsvRow& row) {
  std::vector<const Column*> columns;
  for (const std::string& cell : row) {
    const size_t number = columns.size() + 1;
    const std::string name =
        absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(Unguarded(cell))));
    if (IsPersonalWord(name)) {
      return Refused("PERSONAL_DATA",
                     absl::StrFormat("R-INT-04: column %u says who people are; give counts only, "
                                     "and remove it",
                                     number));
    }
    const Column* column = FindColumn(name);
    if (column == nullptr) {
      return InputError("UNKNOWN_COLUMN",
                        absl::StrFormat("column %u is not known, and could say who people are; its "
                                        "name must be one of docs/formats/intelligence.md",
                                        number));
    }
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      return BadLine(1, absl::StrFormat("column %u stands there twice: %s", number, name));
    }
    columns.push_back(column);
  }
  return columns;
}

// A latitude alone would be read as a place on the meridian of Greenwich.
absl::Status CheckPairs(const CsvRow& row, size_t line, const std::vector<const Column*>& columns) {
  const auto said = [&](const std::string& name) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (columns[i]->name == name) return !row[i].empty();
    }
    return false;
  };
  for (const std::string place : {"from", "to", "border"}) {
    const bool lat = said(place + "_lat"), lon = said(place + "_lon");
    if (lat == lon && (lat || !said(place + "_radius_m"))) continue;
    return BadLine(
        line, absl::StrFormat("a place needs both or none of %s_lat and %s_lon", place, place));
  }
  return absl::OkStatus();
}

// The line's report and, when it says anything of one, its leg.
absl::Status ReadLine(const CsvRow& row, size_t line, const std::vector<const Column*>& columns,
                      RouteReport& report, v1::RouteLeg& leg) {
  if (row.size() != columns.size()) {
    return BadLine(line, absl::StrFormat("it has %u cells, the first line has %u", row.size(),
                                         columns.size()));
  }
  PALERMO_RETURN_IF_ERROR(CheckPairs(row, line, columns));
  for (size_t i = 0; i < row.size(); ++i) {
    if (row[i].empty()) continue;
    Message& out = columns[i]->leg ? static_cast<Message&>(leg) : static_cast<Message&>(report);
    const std::string form = SetCell(Unguarded(row[i]), columns[i]->path, out);
    if (form.empty()) continue;
    return BadLine(line, absl::StrFormat("the cell of the column \"%s\" cannot be read; %s",
                                         columns[i]->name, form));
  }
  return absl::OkStatus();
}

// JSON is UTF-8, and what is sealed must be.
template <typename T>
bool IsUtf8(const T& message) {
  T again;
  return again.ParseFromString(message.SerializeAsString());
}

// A line with no more than an id, or without one, goes on with the report before it. Versions, and
// reports of two states, may bear one id.
bool GoesOn(const RouteReport& line, const RouteReport& last) {
  if (line.route_id().empty()) return true;
  if (line.route_id() != last.route_id()) return false;
  RouteReport only;
  only.set_route_id(line.route_id());
  const bool version = line.version() == 0 || line.version() == last.version();
  const bool originator = line.originator().empty() || line.originator() == last.originator();
  return line.SerializeAsString() == only.SerializeAsString() || (version && originator);
}

// A later line of a route says nothing more of it than the first.
bool SaysTheSame(const RouteReport& line, const RouteReport& first) {
  RouteReport only, without_legs = first;
  only.set_route_id(first.route_id());
  without_legs.clear_legs();
  const std::string said = line.SerializeAsString();
  return said.empty() || said == only.SerializeAsString() ||
         said == without_legs.SerializeAsString();
}

}  // namespace

absl::StatusOr<std::vector<RouteReport>> RoutesFromCsv(std::string_view bytes) {
  auto text = TableText(bytes);
  if (!text.ok()) return text.status();
  std::vector<size_t> lines;
  auto rows = ParseCsv(
      *text, {limits::kMaxRouteCsvBytes, limits::kMaxRouteCsvRows, SeparatorOf(*text)}, &lines);
  if (!rows.ok()) return rows.status();
  if (rows->empty())
    return InputError("BAD_CSV", "the table is empty; its first line names columns");
  auto columns = ReadHeader(rows->front());
  if (!columns.ok()) return columns.status();
  if (rows->size() == 1) {
    return InputError("BAD_CSV", "the table has no rows: nothing stands under its first line");
  }
  std::vector<RouteReport> reports;
  for (size_t i = 1; i < rows->size(); ++i) {
    RouteReport report;
    v1::RouteLeg leg;
    PALERMO_RETURN_IF_ERROR(ReadLine((*rows)[i], lines[i], *columns, report, leg));
    if (!IsUtf8(report) || !IsUtf8(leg)) {
      return BadLine(lines[i], "a text is not UTF-8; save the table as CSV UTF-8");
    }
    const bool same = !reports.empty() && GoesOn(report, reports.back());
    if (!same) {
      if (report.route_id().empty())
        return BadLine(lines[i], "the first leg of a route has no route_id");
      reports.push_back(report);
    } else if (!SaysTheSame(report, reports.back())) {
      return BadLine(lines[i], "it says something else of the route than its first line");
    }
    if (leg.ByteSizeLong() > 0) {
      if (reports.back().legs_size() == limits::kMaxRouteLegs) {
        return OverLimit("CSV_TOO_LARGE",
                         absl::StrFormat("a route has at most %d legs", limits::kMaxRouteLegs));
      }
      *reports.back().add_legs() = leg;
    }
  }
  for (RouteReport& report : reports) {
    if (report.has_label()) report.mutable_label()->set_originator(report.originator());
  }
  return reports;
}

std::string RoutesToCsv(const std::vector<const RouteReport*>& reports,
                        std::vector<std::string>* left_out) {
  CsvRow header;
  for (const Column& column : RouteColumns()) header.emplace_back(column.name);
  std::string out = CsvLine(header);
  static const auto& no_leg = *new v1::RouteLeg;
  for (const RouteReport* report : reports) {
    for (int i = 0; i < std::max(1, report->legs_size()); ++i) {
      const v1::RouteLeg& leg = report->legs().empty() ? no_leg : report->legs(i);
      CsvRow row;
      for (const Column& column : RouteColumns()) {
        bool lost = false;
        row.push_back(
            CellOf(column.leg ? static_cast<const Message&>(leg) : *report, column.path, &lost));
        if (!lost || left_out == nullptr) continue;
        const std::string path = Cat({column.leg ? "legs." : "", column.path});
        if (std::find(left_out->begin(), left_out->end(), path) == left_out->end()) {
          left_out->push_back(path);
        }
      }
      out += CsvLine(row);
    }
  }
  return out;
}

namespace {

// A draft holds a body, a body a report.
const google::protobuf::Struct& Inner(const google::protobuf::Struct& object) {
  const auto* body = ObjectOf(object, "body");
  const auto& holder = body == nullptr ? object : *body;
  const auto* report = ObjectOf(holder, "route_report");
  return report == nullptr ? object : *report;
}

// "report.legs[0].from.geo" when one of its two coordinates is missing: the other would be read as
// a place on the equator or on the meridian of Greenwich. "" when there is none.
std::string HalfPlace(const google::protobuf::Struct& object, const std::string& at) {
  for (const auto& [name, value] : object.fields()) {
    const std::string here = Cat({at, ".", name});
    if (value.has_struct_value()) {
      const auto& inner = value.struct_value();
      const auto said = [&](const char* member) {
        const auto* one = Member(inner, member);
        return one != nullptr && one->kind_case() != google::protobuf::Value::kNullValue;
      };
      if (name == "geo" && !(said("lat") && said("lon"))) return here;
      const std::string half = HalfPlace(inner, here);
      if (!half.empty()) return half;
    }
    for (int i = 0; i < value.list_value().values_size(); ++i) {
      const std::string half = HalfPlace(value.list_value().values(i).struct_value(), At(here, i));
      if (!half.empty()) return half;
    }
  }
  return "";
}

absl::StatusOr<RouteReport> ReadReport(const google::protobuf::Struct& object) {
  const auto personal = PersonalMembers(object, "report");
  if (!personal.empty()) {
    return Refused("PERSONAL_DATA", absl::StrFormat("R-INT-04: %s says who people are; give "
                                                    "counts only, and remove it",
                                                    personal.front()));
  }
  const std::string half = HalfPlace(object, "report");
  if (!half.empty()) {
    return InputError("BAD_JSON", Cat({half, ": a place needs both lat and lon, or none"}));
  }
  std::vector<Finding> findings;
  RouteReport report;
  ImportJson(object, "report", report, findings);
  if (findings.empty()) return report;
  // Nothing is lost silently: a member that has no place here is refused.
  const Finding& first = findings.front();
  return SaidBy(AtField(InputError("BAD_JSON", absl::StrFormat("%s: %s", first.field, first.what)),
                        first.field),
                first.key, first.args);
}

}  // namespace

absl::StatusOr<std::vector<RouteReport>> RoutesFromJson(const std::string& text) {
  auto json = ParseJson(text);
  if (!json.ok()) return json.status();
  std::vector<RouteReport> reports;
  if (json->has_struct_value()) {
    auto report = ReadReport(Inner(json->struct_value()));
    if (!report.ok()) return report.status();
    reports.push_back(std::move(*report));
  }
  for (const auto& value : json->list_value().values()) {
    if (!value.has_struct_value()) return InputError("BAD_JSON", "the list holds no reports");
    auto report = ReadReport(Inner(value.struct_value()));
    if (!report.ok()) return report.status();
    reports.push_back(std::move(*report));
  }
  if (reports.empty()) return InputError("BAD_JSON", "the text holds no report");
  return reports;
}

RouteReport RouteTemplate(const std::string& originator,
                          const std::vector<std::string>& release_states) {
  RouteReport r;
  r.set_route_id("R-2026-001");
  r.set_version(1);
  r.set_kind("SOM_10");
  r.set_subject_area("SMUGGLING_OF_MIGRANTS");
  r.set_originator(originator);
  r.mutable_evaluation()->set_scheme("EUROPOL_4X4");
  r.mutable_evaluation()->set_source("B");
  r.mutable_evaluation()->set_info("3");
  v1::Label& label = *r.mutable_label();
  label.add_handling(v1::Handling::H2);
  label.set_tlp(v1::Tlp::AMBER);
  label.set_originator(originator);
  for (const std::string& state : release_states) label.add_release_states(state);
  label.add_purposes("INVESTIGATION");
  r.set_evidence_status("INTELLIGENCE_ONLY");
  r.mutable_period()->set_first_seen("2025-10-01");
  r.mutable_period()->set_last_seen("2026-02-27");
  const char* const way[] = {"QTMBA", "QPLAG", "QNHAV"};
  for (int i = 0; i < 2; ++i) {
    v1::RouteLeg& leg = *r.add_legs();
    leg.set_seq(i + 1);
    leg.mutable_from()->set_unlocode(way[i]);
    leg.mutable_to()->set_unlocode(way[i + 1]);
    leg.set_mode(i == 0 ? v1::TransportMode::AIR : v1::TransportMode::SEA);
  }
  r.mutable_legs(0)->add_document_method("IMPOSTOR");
  v1::RouteLeg& sea = *r.mutable_legs(1);
  sea.add_concealment("COMPARTMENT");
  sea.mutable_conveyance()->set_type("fishing vessel");
  v1::Identifier& ship = *sea.mutable_conveyance()->add_identifiers();
  ship.set_scheme("IMO");
  ship.set_value("2000107");
  ship.set_of("THING");
  sea.mutable_price()->set_minor(310000);
  sea.mutable_price()->set_ccy("XTS");
  r.mutable_persons_observed()->set_min(18);
  r.mutable_persons_observed()->set_max(25);
  r.mutable_persons_observed()->set_children(4);
  r.mutable_benefit()->set_kind("FINANCIAL");
  r.set_summary("Example: by air with look-alike documents, then by sea in a hidden compartment");
  return r;
}

}  // namespace palermo::casework
