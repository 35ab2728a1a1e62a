// route new, check, import, match, places, export: reports in files, and the casebook's.
#include <cstdio>
#include <deque>
#include <optional>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/uuid.h"
#include "node/casework/form_check.h"
#include "node/casework/intelligence/correlation.h"
#include "node/casework/intelligence/method_export.h"
#include "node/casework/intelligence/places.h"
#include "node/casework/intelligence/route_export.h"
#include "node/casework/intelligence/sightings.h"
#include "node/cli/act_support.h"
#include "node/cli/casebook_support.h"
#include "node/cli/command.h"
#include "node/cli/kinds.h"
#include "node/cli/output.h"
#include "node/cli/route_files.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int> NewReport(const Args& args, Context& context) {
  std::vector<std::string> to = args.All("--to");
  if (to.empty()) to.push_back("QM/central");
  PALERMO_ASSIGN_OR_RETURN(const std::string draft, RouteDraft(to, args.Get("--state"), context));
  context.out += draft;
  return kExitOk;
}

// As `route report` checks it: the rules, and the form of what they say nothing of.
std::vector<casework::Finding> CheckAsSent(const casework::CheckContext& check,
                                           const v1::CaseBody& body) {
  std::vector<casework::Finding> findings = casework::CheckBody(check, body);
  std::set<std::string> told;
  for (const casework::Finding& finding : findings) told.insert(finding.field);
  for (casework::Finding& finding : casework::CheckForms(body)) {
    if (!told.contains(finding.field)) findings.push_back(std::move(finding));
  }
  return findings;
}

absl::StatusOr<int> CheckReports(const Args& args, Context& context) {
  std::vector<casework::Finding> findings;
  casework::CheckContext check;
  check.family = v1::Family::LAW_ENFORCEMENT_INFO;
  check.act = v1::Act::REQUEST;
  check.now = FormatInstant(context.clock->Now());
  check.now_iso8601_date = check.now.substr(0, 10);
  for (const std::string& path : args.All("file")) {
    PALERMO_ASSIGN_OR_RETURN(const std::vector<v1::CaseBody> bodies, LoadBodies(path));
    for (size_t i = 0; i < bodies.size(); ++i) {
      for (casework::Finding& finding : CheckAsSent(check, bodies[i])) {
        finding.field = absl::StrFormat("%s[%d] %s", path, i, finding.field);
        findings.push_back(std::move(finding));
      }
      const auto danger = casework::DangerOf(bodies[i].route_report(), check.now);
      if (NeedsAlert(danger)) context.progress(DangerText(danger));
    }
  }
  return ReportFindings(findings, context);
}

absl::StatusOr<int> ImportReports(const Args& args, Context& context) {
  const auto to = args.All("--to");
  for (const std::string& authority : to) {
    if (!IsAuthorityId(authority)) {
      return UsageError(Cat({"'", authority, "' is no authority, like QM/central"}));
    }
  }
  PALERMO_ASSIGN_OR_RETURN(Reports reports, LoadReports(args.Get("file")));
  PALERMO_RETURN_IF_ERROR(desk::MakeFolder(args.Get("--out")));
  desk::Json files = desk::Json::List();
  std::string text;
  for (size_t i = 0; i < reports.size(); ++i) {
    const std::string path =
        desk::PathIn(args.Get("--out"), absl::StrFormat("route-%03d.json", i + 1));
    PALERMO_RETURN_IF_ERROR(desk::WriteNewFile(path, DraftOf(reports[i], to), 0600));
    files.Push(path);
    text += Cat({path, "\n"});
  }
  text += "Check each (palermo route check FILE), then send it: palermo route report FILE\n";
  context.out += context.json ? desk::Json::Object().Add("files", std::move(files)).Pretty() : text;
  return kExitOk;
}

// Against what the casebook holds and this officer may see.
absl::StatusOr<int> MatchCasebook(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  std::vector<std::pair<std::string, std::vector<casebook::Match>>> all;
  for (const std::string& path : args.All("file")) {
    PALERMO_ASSIGN_OR_RETURN(Reports reports, LoadReports(path));
    for (const v1::RouteReport& report : reports) {
      casebook::Item item;
      item.content.originator = report.label().originator();
      item.content.record = casebook::RecordId(report.route_id(), report.version());
      *item.body.mutable_route_report() = report;
      PALERMO_ASSIGN_OR_RETURN(auto matches, open.book->Matches(item, access));
      if (!matches.empty()) all.emplace_back(Cat({path, " ", report.route_id()}), matches);
    }
  }
  PrintMatches(all, context);
  return kExitOk;
}

// What these files hold is what this officer has; other records are not here to be hidden.
absl::StatusOr<int> MatchReports(const Args& args, Context& context) {
  if (args.Has("--casebook")) return MatchCasebook(args, context);
  casework::CorrelationIndex index;
  std::vector<std::pair<std::string, std::vector<std::string>>> records;
  for (const std::string& path : args.All("file")) {
    PALERMO_ASSIGN_OR_RETURN(Reports reports, LoadReports(path));
    for (size_t i = 0; i < reports.size(); ++i) {
      std::string id = Cat({path, " ", reports[i].route_id()});
      auto marks = casework::MarksOf(reports[i]);
      if (index.Add(id, marks)) records.emplace_back(std::move(id), std::move(marks));
    }
  }
  desk::Json list = desk::Json::List();
  std::string text;
  for (const auto& [record, marks] : records) {
    for (const auto& hit : index.Matches(record, marks, [](std::string_view) { return true; })) {
      text += Cat({record, "\n  ", hit.mark, hit.everywhere ? "  (in very many)" : "", "\n"});
      desk::Json others = desk::Json::List();
      for (const std::string& other : hit.records) {
        text += Cat({"    also in ", other, "\n"});
        others.Push(other);
      }
      desk::Json one = desk::Json::Object();
      one.Add("record", record).Add("mark", hit.mark).Add("also_in", std::move(others));
      list.Push(std::move(one.Add("everywhere", hit.everywhere)));
    }
  }
  if (text.empty()) text = "No two reports name the same thing.\n";
  text += "A match is a lead, not evidence. Look at both reports before you act on it.\n";
  context.out += context.json ? list.Pretty() : text;
  return kExitOk;
}

std::string PlacesPath(const Context& context) { return Cat({context.home, "/places.csv"}); }

absl::StatusOr<casework::Places> LoadPlaces(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string list, desk::ReadFile(path, limits::kMaxPlacesBytes));
  auto places = casework::Places::FromCsv(list);
  if (!places.ok()) return Annotate(places.status(), path);
  return places;
}

// Kept as it was given, once it is known to be right. The release comes in several parts.
absl::StatusOr<int> KeepPlaces(const Args& args, Context& context) {
  std::string list, unread;
  for (const std::string& path : args.All("file")) {
    PALERMO_ASSIGN_OR_RETURN(const casework::Places part_places, LoadPlaces(path));
    if (part_places.unreadable() > 0) {
      unread += absl::StrFormat(
          "%s: coordinates that cannot be read: %u, the first on line %u. These places have "
          "none.\n",
          path, part_places.unreadable(), part_places.first_unreadable());
    }
    PALERMO_ASSIGN_OR_RETURN(std::string part, desk::ReadFile(path, limits::kMaxPlacesBytes));
    if (part.rfind("\xEF\xBB\xBF", 0) == 0) part.erase(0, 3);
    list += part;
    if (!list.empty() && list.back() != '\n') list += "\n";
  }
  PALERMO_ASSIGN_OR_RETURN(const casework::Places places, casework::Places::FromCsv(list));
  PALERMO_RETURN_IF_ERROR(desk::MakeFolder(context.home));
  PALERMO_RETURN_IF_ERROR(desk::WriteFileAtomic(PlacesPath(context), list, 0600));
  const auto count = static_cast<int64_t>(places.size());
  desk::Json json = desk::Json::Object();
  json.AddNumber("places", count);
  json.AddNumber("without_coordinates", static_cast<int64_t>(places.unreadable()));
  context.out += context.json
                     ? json.Pretty()
                     : Cat({absl::StrFormat("%d places are kept at this desk.\n", count), unread});
  return kExitOk;
}

// What is exported: reports of files, which know of no consent and no recall, and records of the
// casebook.
struct Exports {
  std::deque<v1::RouteReport> reports;
  std::deque<v1::DocumentMethodReport> on_methods;
  std::vector<casework::MethodItem> methods;
  casework::ExportRequest request;
  std::vector<casework::Exported::Withheld> withheld;

  void Add(v1::CaseBody body, casework::RecordFacts facts) {
    if (body.has_document_method_report()) {
      on_methods.push_back(std::move(*body.mutable_document_method_report()));
      methods.push_back({&on_methods.back(), std::move(facts)});
    } else {
      reports.push_back(std::move(*body.mutable_route_report()));
      request.items.push_back({&reports.back(), std::move(facts)});
    }
  }
  // A report on documents has no legs: no map and no other format has a place for it.
  absl::Status CheckFormat(const std::string& format) const {
    if (methods.empty()) return absl::OkStatus();
    if (format != "csv") return UsageError("reports on methods of documents leave as csv");
    if (request.items.empty()) return absl::OkStatus();
    return UsageError("reports on routes and on methods have other columns: export each alone");
  }
};

absl::Status AddRecord(const std::string& name, OpenBook& open, const casebook::Access& access,
                       Exports& out) {
  PALERMO_ASSIGN_OR_RETURN(casebook::Item item,
                           open.book->Record(name, access, casework::Way::kView, ""));
  if (casebook::LabelIn(item.body) == nullptr) {
    return InputError("WRONG_STATE", Cat({name, " is no report on a route or a method"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto decision, open.book->May(item, access, casework::Way::kExport,
                                                               out.request.to_state));
  if (!decision.allowed) {
    out.withheld.push_back({item.content.record, decision.clause, decision.todo});
    return absl::OkStatus();
  }
  PALERMO_ASSIGN_OR_RETURN(casework::RecordFacts facts, open.book->FactsOf(item, access.now));
  out.Add(std::move(item.body), std::move(facts));
  return absl::OkStatus();
}

absl::Status Collect(const Args& args, Context& context, Exports& out) {
  std::optional<OpenBook> open;
  for (const std::string& name : args.All("file")) {
    if (desk::FileExists(name)) {
      if (!IsOfficerId(args.Get("--as"))) {
        return UsageError("for a file --as takes an officer, like QN/central/o-0007");
      }
      PALERMO_ASSIGN_OR_RETURN(std::vector<v1::CaseBody> bodies, LoadBodies(name));
      for (v1::CaseBody& body : bodies) {
        if (casebook::LabelIn(body) == nullptr) {
          return InputError("WRONG_STATE", Cat({name, " holds no report on a route or a method"}));
        }
        casework::RecordFacts facts;
        facts.sealed_to = {AuthorityOf(args.Get("--as"))};
        out.Add(std::move(body), std::move(facts));
      }
      continue;
    }
    if (args.Has("--as")) return Missing("NO_FILE", Cat({name, " is not there"}));
    if (!open.has_value()) {
      PALERMO_ASSIGN_OR_RETURN(open, OpenCasebook(args, context));
    }
    PALERMO_ASSIGN_OR_RETURN(const casebook::Access access, AccessOf(args, open->officer, context));
    out.request.asker = access.asker;
    PALERMO_RETURN_IF_ERROR(AddRecord(name, *open, access, out));
  }
  return absl::OkStatus();
}

std::string StixUuid(std::string_view name) {
  static const auto& space = *new std::string(*HexDecode("5f0e7c2a8b1d4c3e9a6f2d7b4e8c1f30"));
  return crypto::NameUuid(space, name);
}

// The export, and what stays here and why. A script must hear of it as well: what it gets looks
// whole.
void TellLeft(const casework::Exported& out, const std::string& format, Context& context) {
  desk::Json withheld = desk::Json::List(), left_out = desk::Json::List();
  std::string text;
  for (const auto& one : out.withheld) {
    text += Cat({"withheld: ", one.route_id, " (", one.clause, "): ", one.todo, "\n"});
    desk::Json json = desk::Json::Object();
    json.Add("record", one.route_id).Add("clause", std::string(one.clause));
    withheld.Push(std::move(json.Add("todo", std::string(one.todo))));
  }
  for (const std::string& path : out.left_out) left_out.Push(path);
  if (!out.left_out.empty()) {
    text += Cat(
        {"left out, ", format, " has no place for it: ", absl::StrJoin(out.left_out, ", "), "\n"});
  }
  desk::Json nowhere = desk::Json::List();
  for (const std::string& place : out.no_coordinates) nowhere.Push(place);
  if (!out.no_coordinates.empty()) {
    text += Cat({"no coordinates, so the legs there have no line on the map: ",
                 absl::StrJoin(out.no_coordinates, ", "),
                 " (a list of places has them: palermo route places)\n"});
  }
  desk::Json doubles = desk::Json::List();
  for (const std::string& id : out.doubles) {
    doubles.Push(id);
    text += Cat({"two texts under one id and version: ", id,
                 "; both are in the export. Ask its originator which one counts\n"});
  }
  std::fputs(ForTerminal(text).c_str(), stderr);
  if (!context.json) {
    context.out += out.text;
    return;
  }
  desk::Json json = desk::Json::Object();
  json.Add("format", format).Add("withheld", std::move(withheld));
  json.Add("left_out", std::move(left_out)).Add("no_coordinates", std::move(nowhere));
  json.Add("doubles", std::move(doubles));
  json.Add("export", format == "csv" ? desk::Json::Text(out.text) : desk::Json::Raw(out.text));
  context.out += json.Pretty();
}

absl::StatusOr<int> Export(const Args& args, Context& context) {
  const std::string officer = args.Get("--as"), format = args.Get("--format");
  if (format != "geojson" && format != "stix" && format != "csv") {
    return UsageError("--format takes geojson, stix or csv");
  }
  PALERMO_RETURN_IF_ERROR(PurposeOf(args).status());
  if (args.Has("--for") && !IsStateCode(args.Get("--for"))) {
    return UsageError("--for takes a state, like QT");
  }
  Exports exports;
  casework::ExportRequest& request = exports.request;
  if (IsOfficerId(officer)) {
    request.asker = {StateOf(officer), AuthorityOf(officer), officer, args.Get("--purpose"),
                     args.Get("--reason")};
  }
  request.to_state = args.Get("--for");
  request.now = context.clock->Now();
  PALERMO_RETURN_IF_ERROR(Collect(args, context, exports));
  PALERMO_RETURN_IF_ERROR(exports.CheckFormat(format));
  casework::Places places;
  const std::string list = args.Has("--places") ? args.Get("--places") : PlacesPath(context);
  if (args.Has("--places") || desk::FileExists(list)) {
    PALERMO_ASSIGN_OR_RETURN(places, LoadPlaces(list));
    request.places = &places;
  }
  casework::Exported out = format == "geojson" ? casework::ExportGeoJson(request)
                           : format == "stix"  ? casework::ExportStix(request, StixUuid)
                           : exports.methods.empty()
                               ? casework::ExportCsv(request)
                               : casework::ExportMethodsCsv(exports.methods, request);
  for (auto& withheld : exports.withheld) out.withheld.push_back(std::move(withheld));
  TellLeft(out, format, context);
  return out.withheld.empty() ? kExitOk : kExitFindings;
}

}  // namespace

void AddRouteCommands(std::vector<Command>& commands) {
  const Option files = {"file", "FILE", "drafts or reports in JSON, or tables (.csv, .tsv)", true,
                        true};
  commands.push_back({"route",
                      "new",
                      "Print the draft of a route report, to be filled in",
                      {{"--to", "AUTHORITY", "a recipient; default QM/central", false, true},
                       {"--state", "STATE", "whose report it is; default: this desk's state"}},
                      "palermo route new --to QM/central > route.json",
                      NewReport});
  commands.push_back({"route",
                      "check",
                      "Check reports on routes and methods and what follows them; needs no node",
                      {files},
                      "palermo route check route.json",
                      CheckReports});
  commands.push_back({"route",
                      "import",
                      "Make drafts from a table or a list in JSON",
                      {{"file", "FILE", "the table (.csv) or the list", true},
                       {"--to", "AUTHORITY", "a recipient", true, true},
                       {"--out", "DIR", "folder for the drafts", true}},
                      "palermo route import routes.csv --to QM/central --out drafts",
                      ImportReports});
  commands.push_back(
      {"route", "match", "Show what two reports name in common, or these and the casebook",
       WithPassphrase({files,
                       {"--casebook", "", "compare with what the casebook has"},
                       {"--purpose", "WORD", Cat({"with --casebook: what for: ", kPurposes})},
                       {"--reason", "TEXT", "with --casebook: why you need it"}}),
       "palermo route match drafts/route-001.json drafts/route-002.json", MatchReports});
  commands.push_back(
      {"route",
       "places",
       "Keep a list of places (UN/LOCODE) for the coordinates of exports",
       {{"file", "FILE", "UN/CEFACT's release (each part), or its short form", true, true}},
       "palermo route places part1.csv part2.csv part3.csv",
       KeepPlaces});
  commands.push_back(
      {"route", "export", "Write reports as GeoJSON, STIX 2.1 or CSV, as far as their labels allow",
       WithPassphrase(
           {{"file", "FILE|RECORD", "drafts, reports or tables, or records like QN:R-1/1", true,
             true},
            {"--format", "FORMAT", "geojson, stix or csv", true},
            {"--as", "OFFICER", "of files: who exports, like QN/central/o-0007"},
            {"--purpose", "WORD", Cat({"what for: ", kPurposes}), true},
            {"--reason", "TEXT", "why you need it"},
            {"--for", "STATE", "who receives it; without it only the originator exports"},
            {"--places", "FILE", "places for coordinates; default: what route places keeps"}}),
       "palermo route export route.json --format geojson --as QN/central/o-0007 --purpose "
       "INVESTIGATION --reason \"case 7\" --for QM",
       Export});
  AddReportCommands(commands);
  AddSharingCommands(commands);
  AddReviewCommands(commands);
}

}  // namespace palermo::cli
