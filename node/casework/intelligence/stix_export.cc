// STIX 2.1: a bundle of a grouping, locations and legs, marked with what the labels say.
#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/state_code.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/intelligence/export_json.h"
#include "node/casework/intelligence/sightings.h"

namespace palermo::casework {
namespace {

using v1::Tlp;

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
// palermo's own object for a leg, and who defines it.
constexpr std::string_view kLegExtension =
    "extension-definition--7c1d3ab4-5e0f-4d0b-9a63-0a8b1f6c2e51";
constexpr std::string_view kDefiner = "identity--3d9c4a6e-1b52-4f7a-8c0d-5e2f7b9a1c64";
// What is the same in every export has one time in all of them.
constexpr char kFixed[] = "2026-01-01T00:00:00.000Z";
// A place to which a list added something is a later state of the same place.
constexpr char kCompleted[] = "2026-01-01T00:00:01.000Z";

// What TLP does not say, for a statement marking: who may have it, for what, and until when. Each
// value stands in quotes: none may look like another term.
std::string TermsOf(const v1::Label& label) {
  std::string terms = Cat({"originator ", JsonQuote(label.originator())});
  const auto add = [&terms](std::string_view what, const auto& said) {
    std::vector<std::string> quoted;
    for (const std::string& one : said) {
      if (!one.empty()) quoted.push_back(JsonQuote(one));
    }
    if (!quoted.empty()) terms += Cat({"; ", what, " ", absl::StrJoin(quoted, ", ")});
  };
  const auto one = [](const std::string& said) { return std::vector<std::string>{said}; };
  add("handling", HandlingOf(label));
  add("other restrictions:", one(label.other_restrictions()));
  add("release to", label.release_states());
  add("for the officers", label.recipients());
  add("withheld from", label.withheld_states());
  add("purposes", label.purposes());
  add("delete by", one(label.delete_by()));
  return terms;
}

// When what the report says was made, by the report alone: an id has one time, whoever exports.
std::string MadeAt(const v1::RouteReport& report) {
  for (const std::string* said :
       {&report.evaluation().at(), &report.period().last_seen(), &report.period().first_seen()}) {
    const auto when = ReadSighting(*said);
    if (!when) continue;
    return absl::FormatTime("%E4Y-%m-%dT%H:%M:%E3SZ", when->begin, absl::UTCTimeZone());
  }
  return kFixed;
}

// What STIX can place: a UN/LOCODE begins with its country.
v1::Place Placed(const v1::Place& said, const Places* places) {
  v1::Place place = Completed(said, places);
  const std::string state = place.unlocode().substr(0, 2);
  if (place.country().empty() && place.unlocode().size() == 5 && IsStateCode(state)) {
    place.set_country(state);
  }
  return place;
}

bool IsLocation(const v1::Place& place) { return !place.country().empty() || place.has_geo(); }

// What an object of the bundle is marked with, whose it is, and when it was made.
struct Origin {
  std::string author, made;
  std::vector<std::string> markings;
  std::string modified = {};  // "": as it was made
};

class StixBundle {
 public:
  StixBundle(const ExportRequest& request, const UuidOf& uuid) : request_(request), uuid_(uuid) {}

  // False: the bundle has another report with its id, version and originator; both stand in it.
  bool Add(const v1::RouteReport& report) {
    const auto [name, first] = NameIn(report);
    const v1::Label& label = report.label();
    const Origin origin = {
        Author(label.originator()), MadeAt(report), {Marking(label.tlp()), Terms(label)}};
    std::vector<std::string> refs;
    for (int i = 0; i < report.legs_size(); ++i) {
      const v1::RouteLeg& leg = report.legs(i);
      const std::string from = Location(leg.from(), origin), to = Location(leg.to(), origin);
      for (const std::string& ref :
           {from, to,
            Leg(leg, Cat({name, absl::StrFormat("\n%d\n%d", leg.seq(), i)}), from, to, origin)}) {
        const bool known = std::find(refs.begin(), refs.end(), ref) != refs.end();
        if (!ref.empty() && !known) refs.push_back(ref);
      }
    }
    // A grouping needs something that it groups.
    if (refs.empty()) refs.push_back(origin.author);
    const auto confidence = StixConfidence(report.evaluation());
    const v1::Evaluation& e = report.evaluation();
    const std::string id = IdOf("grouping", name);
    if (!known_.insert(id).second) return first;
    Members members = Common("grouping", id, origin);
    members.push_back({"name", JsonText(report.route_id().empty() ? "route" : report.route_id())});
    members.push_back({"description", JsonText(report.summary())});
    members.push_back({"external_references", JsonArray({RecordReference(report)})});
    members.push_back({"context", "\"suspicious-activity\""});
    members.push_back({"labels", JsonTexts(std::vector<std::string>{Cat(
                                     {"evaluation:", e.scheme(), ":", e.source(), e.info()})})});
    if (confidence) members.push_back({"confidence", absl::StrFormat("%d", *confidence)});
    members.push_back({"object_refs", JsonTexts(refs)});
    objects_.push_back(JsonObject(members));
    return first;
  }

  std::string Whole() {
    const std::string objects = JsonArray(objects_);
    return JsonObject({{"type", "\"bundle\""},
                       {"id", JsonText(IdOf("bundle", objects))},
                       {"objects", objects}}) +
           "\n";
  }

 private:
  std::string IdOf(std::string_view type, const std::string& name) const {
    return Cat({type, "--", uuid_(Cat({type, "\n", name}))});
  }
  static std::string NameOf(const v1::RouteReport& report) {
    return absl::StrFormat("%s\n%s\n%d", report.label().originator(), report.route_id(),
                           std::max(report.version(), uint32_t{1}));
  }

  // As palermo names the record, with its version.
  static std::string RecordReference(const v1::RouteReport& report) {
    return JsonObject(
        {{"source_name", "\"palermo\""},
         {"external_id",
          JsonText(absl::StrFormat("%s:%s/%d", report.label().originator(), report.route_id(),
                                   std::max(report.version(), uint32_t{1})))}});
  }

  // Under one name the first text stands; another one's name goes on with what it says.
  std::pair<std::string, bool> NameIn(const v1::RouteReport& report) {
    v1::RouteReport whole = report;
    whole.set_version(std::max(report.version(), uint32_t{1}));
    const std::string name = NameOf(report), text = whole.SerializeAsString();
    const auto [at, fresh] = texts_.try_emplace(name, text);
    if (fresh || at->second == text) return {name, true};
    return {Cat({name, "\n", uuid_(text)}), false};
  }

  static Members Common(std::string_view type, std::string_view id, const Origin& origin) {
    return {{"type", JsonText(type)},
            {"spec_version", "\"2.1\""},
            {"id", JsonText(id)},
            {"created_by_ref", JsonText(origin.author)},
            {"created", JsonText(origin.made)},
            {"modified", JsonText(origin.modified.empty() ? origin.made : origin.modified)},
            {"object_marking_refs", JsonTexts(origin.markings)}};
  }

  std::string Marking(Tlp::Code code) {
    for (const TlpMarking& m : kMarkings) {
      if (m.code != code) continue;
      const std::string id = Cat({"marking-definition--", m.uuid});
      if (!known_.insert(id).second) return id;
      const std::string extension = JsonObject(
          {{"extension_type", "\"property-extension\""}, {"tlp_2_0", JsonText(m.value)}});
      objects_.push_back(JsonObject({{"type", "\"marking-definition\""},
                                     {"spec_version", "\"2.1\""},
                                     {"id", JsonText(id)},
                                     {"created", "\"2022-10-01T00:00:00.000Z\""},
                                     {"name", JsonText(m.name)},
                                     {"extensions", JsonObject({{kTlpExtension, extension}})}}));
      return id;
    }
    return "";
  }

  std::string Terms(const v1::Label& label) {
    const std::string terms = TermsOf(label);
    const std::string id = IdOf("marking-definition", terms);
    if (!known_.insert(id).second) return id;
    objects_.push_back(JsonObject({{"type", "\"marking-definition\""},
                                   {"spec_version", "\"2.1\""},
                                   {"id", JsonText(id)},
                                   {"created", JsonText(kFixed)},
                                   {"definition_type", "\"statement\""},
                                   {"definition", JsonObject({{"statement", JsonText(terms)}})}}));
    return id;
  }

  // That a state exists is no secret; what it said is marked where it stands.
  std::string Author(const std::string& state) {
    const std::string id = IdOf("identity", state);
    if (!known_.insert(id).second) return id;
    Members members = Common("identity", id, {"", kFixed, {Marking(Tlp::CLEAR)}});
    members.push_back({"name", JsonText(state)});
    members.push_back({"identity_class", "\"organization\""});
    objects_.push_back(JsonObject(members));
    return id;
  }

  // "" for a place of which STIX would know nothing.
  std::string Location(const v1::Place& said, const Origin& origin) {
    const v1::Place place = Placed(said, request_.places);
    if (!IsLocation(place)) return "";
    // Under each marking its own: nothing may be lowered. By what the report says: with a list of
    // places and without one it is the same place.
    const std::string id = IdOf("location", Cat({absl::StrJoin(origin.markings, "\n"), "\n",
                                                 origin.author, "\n", said.SerializeAsString()}));
    if (!known_.insert(id).second) return id;
    const bool completed = place.SerializeAsString() != Placed(said, nullptr).SerializeAsString();
    Members members = Common(
        "location", id, {origin.author, kFixed, origin.markings, completed ? kCompleted : kFixed});
    members.push_back({"name", JsonText(place.name().empty() ? place.unlocode() : place.name())});
    members.push_back({"country", JsonText(place.country())});
    members.push_back({"administrative_area", JsonText(place.admin())});
    if (place.has_geo()) {
      members.push_back({"latitude", JsonNumber(place.geo().lat())});
      members.push_back({"longitude", JsonNumber(place.geo().lon())});
      if (place.geo().radius_m() > 0) {
        members.push_back({"precision", JsonNumber(place.geo().radius_m())});
      }
    }
    objects_.push_back(JsonObject(members));
    return id;
  }

  std::string Leg(const v1::RouteLeg& leg, const std::string& name, const std::string& from,
                  const std::string& to, const Origin& origin) {
    DefineLeg();
    const std::string id = IdOf("x-palermo-route-leg", name);
    if (!known_.insert(id).second) return id;
    Members members = Common("x-palermo-route-leg", id, origin);
    members.push_back({"seq", absl::StrFormat("%d", leg.seq())});
    members.push_back({"from_ref", JsonText(from)});
    members.push_back({"to_ref", JsonText(to)});
    members.push_back({"from_unlocode", JsonText(leg.from().unlocode())});
    members.push_back({"to_unlocode", JsonText(leg.to().unlocode())});
    // STIX has no location without a country or coordinates; its name is said all the same.
    members.push_back({"from_name", from.empty() ? JsonText(leg.from().name()) : ""});
    members.push_back({"to_name", to.empty() ? JsonText(leg.to().name()) : ""});
    members.push_back({"mode", JsonText(v1::TransportMode::Code_Name(leg.mode()))});
    members.push_back({"conveyance_type", JsonText(leg.conveyance().type())});
    members.push_back({"conveyance_name", JsonText(leg.conveyance().name())});
    std::vector<std::string> marks;
    for (const v1::Identifier& mark : leg.conveyance().identifiers()) {
      marks.push_back(JsonObject({{"scheme", JsonText(mark.scheme())},
                                  {"value", JsonText(mark.value())},
                                  {"country", JsonText(mark.country())}}));
    }
    members.push_back({"conveyance_identifiers", JsonArray(marks)});
    members.push_back({"document_method", JsonTexts(leg.document_method())});
    members.push_back({"concealment", JsonTexts(leg.concealment())});
    members.push_back({"risk_to_life", JsonTexts(leg.risk_to_life())});
    members.push_back({"seen_at", JsonText(leg.seen_at())});
    members.push_back(
        {"extensions",
         JsonObject({{kLegExtension, JsonObject({{"extension_type", "\"new-sdo\""}})}})});
    objects_.push_back(JsonObject(members));
    return id;
  }

  // The same in every export, so that two of them do not define two.
  void DefineLeg() {
    if (!known_.insert(std::string(kLegExtension)).second) return;
    const Origin definer = {std::string(kDefiner), kFixed, {Marking(Tlp::CLEAR)}};
    Members identity = Common("identity", kDefiner, {"", kFixed, definer.markings});
    identity.push_back({"name", "\"palermo\""});
    identity.push_back({"identity_class", "\"system\""});
    objects_.push_back(JsonObject(identity));
    Members members = Common("extension-definition", kLegExtension, definer);
    members.push_back({"name", "\"palermo route leg\""});
    members.push_back({"description", "\"One leg of a route of smuggling or trafficking\""});
    members.push_back({"schema", "\"x-palermo-route-leg in docs/formats/intelligence.md\""});
    members.push_back({"version", "\"1.0.0\""});
    members.push_back({"extension_types", "[\"new-sdo\"]"});
    objects_.push_back(JsonObject(members));
  }

  const ExportRequest& request_;
  const UuidOf& uuid_;
  std::set<std::string> known_;
  std::map<std::string, std::string> texts_;  // by name, of the reports
  std::vector<std::string> objects_;
};

const std::vector<std::string>& HeldByStix() {
  static const auto& held = *new std::vector<std::string>{"route_id",
                                                          "version",
                                                          "originator",
                                                          "summary",
                                                          "evaluation.scheme",
                                                          "evaluation.source",
                                                          "evaluation.info",
                                                          "label.originator",
                                                          "label.tlp",
                                                          "label.handling",
                                                          "label.other_restrictions",
                                                          "label.release_states",
                                                          "label.recipients",
                                                          "label.withheld_states",
                                                          "label.purposes",
                                                          "label.delete_by",
                                                          "legs.seq",
                                                          "legs.from",
                                                          "legs.to",
                                                          "legs.mode",
                                                          "legs.conveyance.type",
                                                          "legs.conveyance.name",
                                                          "legs.conveyance.identifiers.scheme",
                                                          "legs.conveyance.identifiers.value",
                                                          "legs.conveyance.identifiers.country",
                                                          "legs.document_method",
                                                          "legs.concealment",
                                                          "legs.risk_to_life",
                                                          "legs.seen_at"};
  return held;
}

// What of a place of which STIX knows nothing but the name goes nowhere.
void TellLostPlaces(const v1::RouteReport& report, const Places* places,
                    std::vector<std::string>& left_out) {
  for (const v1::RouteLeg& leg : report.legs()) {
    for (const auto& [place, path] :
         {std::pair{&leg.from(), "legs.from.admin"}, std::pair{&leg.to(), "legs.to.admin"}}) {
      if (!place->admin().empty() && !IsLocation(Placed(*place, places))) AddOnce(path, left_out);
    }
  }
}

}  // namespace

Exported ExportStix(const ExportRequest& request, const UuidOf& uuid) {
  Exported out;
  StixBundle bundle(request, uuid);
  for (const v1::RouteReport& report : Allowed(request, HeldByStix(), out)) {
    TellLostPlaces(report, request.places, out.left_out);
    if (!bundle.Add(report)) out.doubles.push_back(report.route_id());
  }
  out.text = bundle.Whole();
  return out;
}

}  // namespace palermo::casework
