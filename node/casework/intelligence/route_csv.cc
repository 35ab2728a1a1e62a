#include "node/casework/intelligence/route_csv.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/csv.h"
#include "node/casework/intelligence/route_rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::RouteReport;

// A column is a path of fields in the report or in its leg; what has another form has a name here.
struct Column {
  std::string_view name, path;
  bool leg;
};
constexpr Column kColumns[] = {
    {"route_id", "route_id", false},
    {"version", "version", false},
    {"kind", "kind", false},
    {"subject_area", "subject_area", false},
    {"originator", "originator", false},
    {"scheme", "evaluation.scheme", false},
    {"source", "evaluation.source", false},
    {"info", "evaluation.info", false},
    {"evaluated_at", "evaluation.at", false},
    {"handling", "label.handling", false},
    {"tlp", "label.tlp", false},
    {"release_states", "label.release_states", false},
    {"purposes", "label.purposes", false},
    {"delete_by", "label.delete_by", false},
    {"review_at", "label.review_at", false},
    {"other_restrictions", "label.other_restrictions", false},
    {"recipients", "label.recipients", false},
    {"withheld_states", "label.withheld_states", false},
    {"operation", "label.operation", false},
    {"operation_seen", "label.operation_seen", false},
    {"derived_from", "label.derived_from", false},
    {"evidence_status", "evidence_status", false},
    {"first_seen", "period.first_seen", false},
    {"last_seen", "period.last_seen", false},
    {"trend", "period.trend", false},
    {"confidence", "confidence.level", false},
    {"persons_min", "persons_observed.min", false},
    {"persons_max", "persons_observed.max", false},
    {"women", "persons_observed.women", false},
    {"children", "persons_observed.children", false},
    {"unaccompanied", "persons_observed.unaccompanied", false},
    {"benefit", "benefit.kind", false},
    {"actions", "actions", false},
    {"risk_to_life", "risk_to_life", false},
    {"summary", "summary", false},
    {"seq", "seq", true},
    {"from", "from.unlocode", true},
    {"from_name", "from.name", true},
    {"from_lat", "from.geo.lat", true},
    {"from_lon", "from.geo.lon", true},
    {"to", "to.unlocode", true},
    {"to_name", "to.name", true},
    {"to_lat", "to.geo.lat", true},
    {"to_lon", "to.geo.lon", true},
    {"mode", "mode", true},
    {"conveyance", "conveyance.type", true},
    {"identifiers", "conveyance.identifiers", true},
    {"carrier", "carrier.name", true},
    {"carrier_kind", "carrier.kind", true},
    {"price_minor", "price.minor", true},
    {"price_ccy", "price.ccy", true},
    {"price_per", "price.per", true},
    {"document_method", "document_method", true},
    {"concealment", "concealment", true},
    {"detection_hint", "detection_hint", true},
    {"leg_risk", "risk_to_life", true},
    {"seen_at", "seen_at", true},
};

// --- One field as text and back

// "PHONE@SUSPECT:+999123", "PLATE:QM:AB 123": whose it is and which country issued it may be left
// out.
std::string IdentifierText(const v1::Identifier& id) {
  const std::string of = id.of().empty() ? "" : Cat({"@", id.of()});
  const std::string country = id.country().empty() ? "" : Cat({id.country(), ":"});
  return Cat({id.scheme(), of, ":", country, id.value()});
}

bool ReadIdentifier(const std::string& text, v1::Identifier& id) {
  const size_t colon = text.find(':');
  if (colon == 0 || colon == std::string::npos || colon + 1 == text.size()) return false;
  const std::string head = text.substr(0, colon);
  const size_t at = head.find('@');
  if (at == 0 || at + 1 == head.size()) return false;
  id.set_scheme(head.substr(0, at));
  if (at != std::string::npos) id.set_of(head.substr(at + 1));
  std::string rest = text.substr(colon + 1);
  // "QM:AB 123": two capital letters before a colon are the country.
  if (rest.size() > 3 && rest[2] == ':' && std::all_of(rest.begin(), rest.begin() + 2, [](char c) {
        return absl::ascii_isupper(static_cast<unsigned char>(c));
      })) {
    id.set_country(rest.substr(0, 2));
    rest.erase(0, 3);
  }
  id.set_value(rest);
  return true;
}

std::string One(const Message& m, const FieldDescriptor& f, int i) {
  const auto& r = *m.GetReflection();
  const bool many = f.is_repeated();
  switch (f.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return many ? r.GetRepeatedString(m, &f, i) : r.GetString(m, &f);
    case FieldDescriptor::CPPTYPE_ENUM:
      return (many ? r.GetRepeatedEnum(m, &f, i) : r.GetEnum(m, &f))->name();
    case FieldDescriptor::CPPTYPE_UINT32:
      return absl::StrFormat("%d", r.GetUInt32(m, &f));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrFormat("%d", r.GetInt64(m, &f));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrFormat("%.10g", r.GetDouble(m, &f));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return IdentifierText(*static_cast<const v1::Identifier*>(&r.GetRepeatedMessage(m, &f, i)));
    default:
      return "";
  }
}

bool SetOne(const std::string& text, const FieldDescriptor& f, Message& m) {
  const auto& r = *m.GetReflection();
  const bool many = f.is_repeated();
  switch (f.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? r.AddString(&m, &f, text) : r.SetString(&m, &f, text);
      return true;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* word = f.enum_type()->FindValueByName(text);
      if (word == nullptr || word->number() == 0) return false;
      many ? r.AddEnum(&m, &f, word) : r.SetEnum(&m, &f, word);
      return true;
    }
    case FieldDescriptor::CPPTYPE_UINT32: {
      uint32_t n = 0;
      if (!absl::SimpleAtoi(text, &n)) return false;
      r.SetUInt32(&m, &f, n);
      return true;
    }
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t n = 0;
      if (!absl::SimpleAtoi(text, &n)) return false;
      r.SetInt64(&m, &f, n);
      return true;
    }
    case FieldDescriptor::CPPTYPE_DOUBLE: {
      double d = 0;
      if (!absl::SimpleAtod(text, &d) || !(d >= -1e9 && d <= 1e9)) return false;
      r.SetDouble(&m, &f, d);
      return true;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return ReadIdentifier(text, *static_cast<v1::Identifier*>(r.AddMessage(&m, &f)));
    default:
      return false;
  }
}

// --- A column of a message

// "" for a field that is not set.
std::string Get(const Message& top, std::string_view path) {
  const Message* m = &top;
  for (;;) {
    const size_t dot = path.find('.');
    const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    const auto& r = *m->GetReflection();
    if (dot == std::string_view::npos) {
      const bool set = field->is_repeated() ? r.FieldSize(*m, field) > 0 : r.HasField(*m, field);
      if (!set) return "";
      std::vector<std::string> parts;
      const int count = field->is_repeated() ? r.FieldSize(*m, field) : 1;
      for (int i = 0; i < count; ++i) parts.push_back(One(*m, *field, i));
      return absl::StrJoin(parts, ";");
    }
    if (!r.HasField(*m, field)) return "";
    m = &r.GetMessage(*m, field);
    path.remove_prefix(dot + 1);
  }
}

bool Set(const std::string& cell, std::string_view path, Message& top) {
  Message* m = &top;
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    m = m->GetReflection()->MutableMessage(m, field);
    path.remove_prefix(dot + 1);
  }
  const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path));
  if (!field->is_repeated()) return SetOne(cell, *field, *m);
  for (absl::string_view part : absl::StrSplit(cell, ';', absl::SkipWhitespace())) {
    const std::string word(absl::StripAsciiWhitespace(part));
    if (!SetOne(word, *field, *m)) return false;
  }
  return true;
}

const Column* FindColumn(std::string_view name) {
  const auto* found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                   [&](const Column& c) { return c.name == name; });
  return found == std::end(kColumns) ? nullptr : found;
}

absl::Status BadLine(size_t line, std::string_view why) {
  return InputError("BAD_CSV", absl::StrFormat("line %u: %s", line, why));
}

absl::StatusOr<std::vector<const Column*>> ReadHeader(const CsvRow& row) {
  std::vector<const Column*> columns;
  for (const std::string& cell : row) {
    const std::string name =
        absl::AsciiStrToLower(std::string(absl::StripAsciiWhitespace(Unguarded(cell))));
    if (IsPersonalWord(name)) {
      return Refused("PERSONAL_DATA",
                     "R-INT-04: a column says who people are; give counts only, and remove it");
    }
    const Column* column = FindColumn(name);
    if (column == nullptr) {
      return InputError("UNKNOWN_COLUMN",
                        "a column is not known, and could say who people are; its name must be one "
                        "of docs/formats/intelligence.md");
    }
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) {
      return BadLine(1, "a column stands there twice");
    }
    columns.push_back(column);
  }
  return columns;
}

// A latitude alone would be read as a place on the meridian of Greenwich.
absl::Status CheckPairs(const CsvRow& row, size_t line, const std::vector<const Column*>& columns) {
  const auto said = [&](std::string_view name) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (columns[i]->name == name) return !row[i].empty();
    }
    return false;
  };
  for (const auto& [lat, lon] :
       {std::pair<std::string_view, std::string_view>{"from_lat", "from_lon"},
        {"to_lat", "to_lon"}}) {
    if (said(lat) == said(lon)) continue;
    return BadLine(line, absl::StrFormat("a place needs both or none of %s and %s", lat, lon));
  }
  return absl::OkStatus();
}

// The line's report and, when it says anything of one, its leg.
absl::Status ReadLine(const CsvRow& row, size_t line, const std::vector<const Column*>& columns,
                      RouteReport& report, v1::RouteLeg& leg) {
  if (row.size() != columns.size()) {
    return BadLine(line, "it has another number of cells than the first line");
  }
  PALERMO_RETURN_IF_ERROR(CheckPairs(row, line, columns));
  for (size_t i = 0; i < row.size(); ++i) {
    if (row[i].empty()) continue;
    Message& out = columns[i]->leg ? static_cast<Message&>(leg) : static_cast<Message&>(report);
    if (!Set(Unguarded(row[i]), columns[i]->path, out)) {
      return BadLine(
          line, absl::StrFormat("the cell of the column \"%s\" cannot be read", columns[i]->name));
    }
  }
  return absl::OkStatus();
}

// JSON is UTF-8, and what is sealed must be.
template <typename T>
bool IsUtf8(const T& message) {
  T again;
  return again.ParseFromString(message.SerializeAsString());
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

absl::StatusOr<std::vector<RouteReport>> RoutesFromCsv(std::string_view text) {
  auto rows = ParseCsv(text, {limits::kMaxRouteCsvBytes, limits::kMaxRouteCsvRows});
  if (!rows.ok()) return rows.status();
  if (rows->empty())
    return InputError("BAD_CSV", "the table is empty; its first line names columns");
  auto columns = ReadHeader(rows->front());
  if (!columns.ok()) return columns.status();
  std::vector<RouteReport> reports;
  for (size_t i = 1; i < rows->size(); ++i) {
    RouteReport report;
    v1::RouteLeg leg;
    PALERMO_RETURN_IF_ERROR(ReadLine((*rows)[i], i + 1, *columns, report, leg));
    if (!IsUtf8(report) || !IsUtf8(leg)) return BadLine(i + 1, "a text is not UTF-8");
    const bool same = !reports.empty() &&
                      (report.route_id().empty() || report.route_id() == reports.back().route_id());
    if (!same) {
      if (report.route_id().empty())
        return BadLine(i + 1, "the first leg of a route has no route_id");
      reports.push_back(report);
    } else if (!SaysTheSame(report, reports.back())) {
      return BadLine(i + 1, "it says something else of the route than its first line");
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

std::string RoutesToCsv(const std::vector<const RouteReport*>& reports) {
  CsvRow header;
  for (const Column& column : kColumns) header.emplace_back(column.name);
  std::string out = CsvLine(header);
  static const auto& no_leg = *new v1::RouteLeg;
  for (const RouteReport* report : reports) {
    for (int i = 0; i < std::max(1, report->legs_size()); ++i) {
      const v1::RouteLeg& leg = report->legs().empty() ? no_leg : report->legs(i);
      CsvRow row;
      for (const Column& column : kColumns) {
        row.push_back(column.leg ? Get(leg, column.path) : Get(*report, column.path));
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

absl::StatusOr<RouteReport> ReadReport(const google::protobuf::Struct& object) {
  const auto personal = PersonalMembers(object, "report");
  if (!personal.empty()) {
    return Refused("PERSONAL_DATA", absl::StrFormat("R-INT-04: %s says who people are; give "
                                                    "counts only, and remove it",
                                                    personal.front()));
  }
  std::vector<Finding> findings;
  RouteReport report;
  ImportJson(object, "report", report, findings);
  if (findings.empty()) return report;
  // Nothing is lost silently: a member that has no place here is refused.
  return InputError("BAD_JSON",
                    absl::StrFormat("%s: %s", findings.front().field, findings.front().what));
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

RouteReport RouteTemplate() {
  RouteReport r;
  r.set_route_id("R-2026-001");
  r.set_version(1);
  r.set_kind("SOM_10");
  r.set_subject_area("SMUGGLING_OF_MIGRANTS");
  r.set_originator("QN");
  r.mutable_evaluation()->set_scheme("EUROPOL_4X4");
  r.mutable_evaluation()->set_source("B");
  r.mutable_evaluation()->set_info("3");
  v1::Label& label = *r.mutable_label();
  label.add_handling(v1::Handling::H2);
  label.set_tlp(v1::Tlp::AMBER);
  label.set_originator("QN");
  label.add_release_states("QM");
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
