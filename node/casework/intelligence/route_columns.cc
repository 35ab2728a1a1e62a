#include "node/casework/intelligence/route_columns.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "node/casework/field_words.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

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
    {"evaluation_handling", "evaluation.handling", false},
    {"evaluated_by", "evaluation.by", false},
    {"evaluation_reason", "evaluation.reason", false},
    {"confidence_basis", "confidence.basis", false},
    {"parts", "parts", false},
    {"network", "network.group_pseudonym", false},
    {"network_roles", "network.roles", false},
    {"sources", "sources", false},
    {"report_identifiers", "identifiers", false},
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
    {"from_country", "from.country", true},
    {"from_admin", "from.admin", true},
    {"from_radius_m", "from.geo.radius_m", true},
    {"to_country", "to.country", true},
    {"to_admin", "to.admin", true},
    {"to_radius_m", "to.geo.radius_m", true},
    {"border", "border_crossing.point.unlocode", true},
    {"border_name", "border_crossing.point.name", true},
    {"border_lat", "border_crossing.point.geo.lat", true},
    {"border_lon", "border_crossing.point.geo.lon", true},
    {"border_country", "border_crossing.point.country", true},
    {"border_admin", "border_crossing.point.admin", true},
    {"border_radius_m", "border_crossing.point.geo.radius_m", true},
    {"border_official", "border_crossing.official", true},
    {"border_time", "border_crossing.time_band", true},
    {"conveyance_name", "conveyance.name", true},
    {"carrier_lei", "carrier.lei", true},
    {"carrier_iata", "carrier.iata", true},
    {"duration_h_min", "duration_h_min", true},
    {"duration_h_max", "duration_h_max", true},
    {"price_when_paid", "price.when_paid", true},
    {"price_method", "price.method", true},
    {"gang_role", "gang_role", true},
    {"official_helped", "facilitation_by_official", true},
};

// --- One field as text and back

bool IsBlankSign(char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }

// A value in a list: a ";" or "\" of it, and a blank at its ends, has a "\" before it.
std::string Escaped(std::string_view value) {
  std::string out;
  for (size_t i = 0; i < value.size(); ++i) {
    const bool end = i == 0 || i + 1 == value.size();
    if (value[i] == ';' || value[i] == '\\' || (end && IsBlankSign(value[i]))) out += '\\';
    out += value[i];
  }
  return out;
}

// The values of a list, without the blanks around them. A "\" before another sign stands for
// itself.
std::vector<std::string> SplitList(std::string_view cell) {
  std::vector<std::string> out;
  std::string value;
  size_t kept = 0;  // so much of it stays, whatever is blank
  const auto end_value = [&] {
    while (value.size() > kept && IsBlankSign(value.back())) value.pop_back();
    if (!value.empty()) out.push_back(std::move(value));
    value.clear();
    kept = 0;
  };
  for (size_t i = 0; i < cell.size(); ++i) {
    const char next = i + 1 < cell.size() ? cell[i + 1] : 'x';
    if (cell[i] == '\\' && (next == ';' || next == '\\' || IsBlankSign(next))) {
      value += cell[++i];
      kept = value.size();
    } else if (cell[i] == ';') {
      end_value();
    } else if (!value.empty() || !IsBlankSign(cell[i])) {
      value += cell[i];
    }
  }
  end_value();
  return out;
}

// Looks like an IPv6 address.
bool IsAddress(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') >= 2 &&
         text.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
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
  // "QM:AB 123": two capital letters before a colon are the country; in "AB::1" they are none.
  const bool address = id.scheme() == "IP" && IsAddress(rest);
  if (!address && rest.size() > 3 && rest[2] == ':' &&
      std::all_of(rest.begin(), rest.begin() + 2,
                  [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); })) {
    id.set_country(rest.substr(0, 2));
    rest.erase(0, 3);
  }
  if (rest.size() > 1 && rest[0] == '\\') rest.erase(0, 1);
  id.set_value(rest);
  return true;
}

// "PHONE@SUSPECT:+999123", "PLATE:QM:AB 123": whose it is and which country issued it may be left
// out. A value that would be read otherwise, as an IPv6 address that begins like a country, has a
// "\" before it.
std::string IdentifierText(const v1::Identifier& id) {
  const std::string of = id.of().empty() ? "" : Cat({"@", id.of()});
  const std::string country = id.country().empty() ? "" : Cat({id.country(), ":"});
  const std::string head = Cat({id.scheme(), of, ":", country});
  std::string text = Cat({head, id.value()});
  v1::Identifier back;
  const bool same =
      ReadIdentifier(text, back) && back.value() == id.value() && back.country() == id.country();
  return same || id.value().empty() ? text : Cat({head, "\\", id.value()});
}

// "EUROPOL_4X4/B/3", with "/2026-02-01" when it was collected and "/SANITISED".
std::string SourceText(const v1::ReportSource& source) {
  const v1::Evaluation& e = source.evaluation();
  std::string text = Cat({e.scheme(), "/", e.source(), "/", e.info()});
  if (!source.collected_at().empty() || source.sanitised())
    text += Cat({"/", source.collected_at()});
  return source.sanitised() ? text + "/SANITISED" : text;
}

bool ReadSource(const std::string& text, v1::ReportSource& source) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  const bool sanitised = parts.size() == 5 && parts[4] == "SANITISED";
  if (parts.size() < 3 || parts.size() > 5 || (parts.size() == 5 && !sanitised)) return false;
  const bool graded = !parts[0].empty() || !parts[1].empty() || !parts[2].empty();
  if (graded) {
    source.mutable_evaluation()->set_scheme(parts[0]);
    source.mutable_evaluation()->set_source(parts[1]);
    source.mutable_evaluation()->set_info(parts[2]);
  }
  if (parts.size() > 3) source.set_collected_at(parts[3]);
  source.set_sanitised(sanitised);
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
    case FieldDescriptor::CPPTYPE_BOOL:
      return r.GetBool(m, &f) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Message& one = r.GetRepeatedMessage(m, &f, i);
      const auto* source = dynamic_cast<const v1::ReportSource*>(&one);
      return source != nullptr ? SourceText(*source)
                               : IdentifierText(dynamic_cast<const v1::Identifier&>(one));
    }
    default:
      return "";
  }
}

// The largest value of a number, and with a minus the least.
double MostOf(const FieldDescriptor& f) {
  if (f.containing_type() != v1::GeoPoint::descriptor()) return 1e9;
  return f.name() == "lat" ? 90 : f.name() == "lon" ? 180 : 1e9;
}

bool SetOne(const std::string& text, const FieldDescriptor& f, Message& m) {
  const auto& r = *m.GetReflection();
  const bool many = f.is_repeated();
  switch (f.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      many ? r.AddString(&m, &f, text) : r.SetString(&m, &f, text);
      return true;
    case FieldDescriptor::CPPTYPE_ENUM: {
      // TLP 2.0 writes AMBER+STRICT.
      const std::string name = absl::StrReplaceAll(text, {{"+", "_"}});
      const auto* word = f.enum_type()->FindValueByName(name);
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
      const double most = MostOf(f);
      if (!absl::SimpleAtod(text, &d) || !(d >= -most && d <= most)) return false;
      r.SetDouble(&m, &f, d);
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return false;
      r.SetBool(&m, &f, text == "true");
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      Message* one = r.AddMessage(&m, &f);
      auto* source = dynamic_cast<v1::ReportSource*>(one);
      return source != nullptr ? ReadSource(text, *source)
                               : ReadIdentifier(text, dynamic_cast<v1::Identifier&>(*one));
    }
    default:
      return false;
  }
}

// What a table has of both is the same.
bool IsSameInTable(const Message& one, const Message& other) {
  const auto* source = dynamic_cast<const v1::ReportSource*>(&one);
  if (source == nullptr) return one.SerializeAsString() == other.SerializeAsString();
  const auto& again = dynamic_cast<const v1::ReportSource&>(other);
  const v1::Evaluation &e = source->evaluation(), &f = again.evaluation();
  return e.scheme() == f.scheme() && e.source() == f.source() && e.info() == f.info() &&
         source->collected_at() == again.collected_at() && source->sanitised() == again.sanitised();
}

// Whether the text of a value becomes that value again: an identifier without a scheme does not.
bool ReadsBack(const std::string& text, const Message& m, const FieldDescriptor& f, int i) {
  const std::unique_ptr<Message> again(m.New());
  if (!f.is_repeated()) return SetOne(text, f, *again);
  const std::vector<std::string> words = SplitList(Escaped(text));
  if (words.size() != 1 || !SetOne(words[0], f, *again)) return false;
  if (f.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return One(*again, f, 0) == text;
  return IsSameInTable(m.GetReflection()->GetRepeatedMessage(m, &f, i),
                       again->GetReflection()->GetRepeatedMessage(*again, &f, 0));
}

// How a cell of the field is written.
std::string FormOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      return Cat({"write one of: ", absl::StrJoin(WordsFor(field), ", ")});
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return "write a whole number, without separators";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return absl::StrFormat(
          "write a number with a point before its decimals, like 4.5; at most %g", MostOf(field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return "write true or false";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return field.message_type() == v1::ReportSource::descriptor()
                 ? "write SCHEME/SOURCE/INFO, like EUROPOL_4X4/B/3"
                 : "write SCHEME:VALUE, like IMO:2000107 or PLATE:QM:AB123";
    default:
      return "";
  }
}

}  // namespace

std::span<const Column> RouteColumns() { return kColumns; }

const Column* FindColumn(std::string_view name) {
  const auto* found = std::find_if(std::begin(kColumns), std::end(kColumns),
                                   [&](const Column& c) { return c.name == name; });
  return found == std::end(kColumns) ? nullptr : found;
}

std::string CellOf(const Message& top, std::string_view path, bool* lost) {
  const Message* m = &top;
  for (;;) {
    const size_t dot = path.find('.');
    const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    const auto& r = *m->GetReflection();
    if (dot == std::string_view::npos) {
      // A place on the equator has a latitude, too.
      const bool place =
          m->GetDescriptor() == v1::GeoPoint::descriptor() && field->name() != "radius_m";
      const bool set =
          place || (field->is_repeated() ? r.FieldSize(*m, field) > 0 : r.HasField(*m, field));
      if (!set) return "";
      std::vector<std::string> parts;
      const int count = field->is_repeated() ? r.FieldSize(*m, field) : 1;
      for (int i = 0; i < count; ++i) {
        const std::string one = One(*m, *field, i);
        if (ReadsBack(one, *m, *field, i)) {
          parts.push_back(field->is_repeated() ? Escaped(one) : one);
        } else if (lost != nullptr) {
          *lost = true;
        }
      }
      return absl::StrJoin(parts, ";");
    }
    if (!r.HasField(*m, field)) return "";
    m = &r.GetMessage(*m, field);
    path.remove_prefix(dot + 1);
  }
}

std::string SetCell(const std::string& cell, std::string_view path, Message& top) {
  Message* m = &top;
  for (size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path.substr(0, dot)));
    m = m->GetReflection()->MutableMessage(m, field);
    path.remove_prefix(dot + 1);
  }
  const auto* field = m->GetDescriptor()->FindFieldByName(std::string(path));
  if (!field->is_repeated()) return SetOne(cell, *field, *m) ? "" : FormOf(*field);
  for (const std::string& word : SplitList(cell)) {
    if (!SetOne(word, *field, *m)) return FormOf(*field);
  }
  return "";
}

}  // namespace palermo::casework
