#include "node/cli/route_files.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/import.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/json.h"
#include "node/cli/command.h"
#include "node/cli/kinds.h"
#include "node/cli/session.h"
#include "node/cli/tell.h"
#include "node/desk/drafting.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"

namespace palermo::cli {
namespace {

bool IsTable(const std::string& path) {
  const std::string ending =
      absl::AsciiStrToLower(path.size() < 4 ? std::string() : path.substr(path.size() - 4));
  return ending == ".csv" || ending == ".tsv";
}

absl::StatusOr<Reports> Parse(const std::string& path, const std::string& text) {
  auto reports = IsTable(path) ? casework::RoutesFromCsv(text) : casework::RoutesFromJson(text);
  if (!reports.ok()) return Annotate(reports.status(), path);
  return reports;
}

// What a file holds when it is no report on a route: a draft or body with something else of
// intelligence, or a report on methods alone. Nothing when it holds reports on routes.
absl::StatusOr<std::optional<v1::CaseBody>> ParseOther(const std::string& path, std::string text) {
  if (IsTable(path)) return std::nullopt;
  const auto json = casework::ParseJson(text);
  if (!json.ok() || !json->has_struct_value()) return std::nullopt;  // Parse tells what is wrong
  const auto& top = json->struct_value();
  const auto* inner = casework::ObjectOf(top, "body");
  const auto& body = inner == nullptr ? top : *inner;
  const auto* oneof = v1::CaseBody::descriptor()->FindOneofByName("content");
  bool other = false;
  for (int i = 0; i < oneof->field_count(); ++i) {
    const std::string& name = oneof->field(i)->name();
    other = other || (name != "route_report" && casework::ObjectOf(body, name) != nullptr);
  }
  if (inner == nullptr && casework::Member(top, "report_id") != nullptr &&
      casework::Member(top, "method") != nullptr) {
    text = Cat({"{\"document_method_report\": ", text, "}"});
    other = true;
  }
  if (!other) return std::nullopt;
  desk::DraftFile draft;
  PALERMO_RETURN_IF_ERROR(desk::ParseBodyFile(text, path, &draft));
  return std::move(draft.body);
}

}  // namespace

std::string DraftOf(const v1::RouteReport& report, const std::vector<std::string>& to) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_route_report() = report;
  desk::Json list = desk::Json::List();
  for (const std::string& authority : to) list.Push(authority);
  const auto& codes = report.label().handling();
  desk::Json json = desk::Json::Object();
  json.Add("to", std::move(list)).Add("family", "LAW_ENFORCEMENT_INFO").Add("act", "REQUEST");
  json.Add("urgency", "ROUTINE");
  json.Add("handling", codes.empty() ? "H3" : v1::Handling::Code_Name(codes.Get(codes.size() - 1)));
  json.Add("legal_basis", std::move(desk::Json::List().Push(std::string("UNTOC 27"))));
  json.AddNumber("expires_in_days", 30);
  json.Add("body", desk::Json::Raw(casework::BodyToJson(body, true)));
  return json.Pretty();
}

absl::StatusOr<Reports> LoadReports(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ReadFile(path, limits::kMaxRouteCsvBytes));
  return Parse(path, text);
}

absl::StatusOr<std::vector<v1::CaseBody>> LoadBodies(const std::string& path) {
  // Read once: a pipe gives its text to the first who asks.
  PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ReadFile(path, limits::kMaxRouteCsvBytes));
  PALERMO_ASSIGN_OR_RETURN(std::optional<v1::CaseBody> other, ParseOther(path, text));
  std::vector<v1::CaseBody> bodies;
  if (other.has_value()) {
    if (other->has_request()) {
      return InputError("WRONG_STATE",
                        Cat({path, " holds a request; check it with: palermo case check ", path}));
    }
    bodies.push_back(*std::move(other));
    return bodies;
  }
  PALERMO_ASSIGN_OR_RETURN(Reports reports, Parse(path, text));
  for (v1::RouteReport& report : reports) {
    v1::CaseBody& body = bodies.emplace_back();
    body.set_version(1);
    *body.mutable_route_report() = std::move(report);
  }
  return bodies;
}

absl::StatusOr<std::string> RouteDraft(const std::vector<std::string>& to, std::string state,
                                       Context& context) {
  const auto config = LoadConfig(context.home);
  if (state.empty() && config.ok()) state = config->state;
  const bool known = !state.empty();
  std::vector<std::string> states;
  for (const std::string& authority : to) {
    if (!IsAuthorityId(authority)) {
      return UsageError(Cat({"--to: '", authority, "' is no authority, like QM/central"}));
    }
    const std::string other = StateOf(authority);
    if (std::find(states.begin(), states.end(), other) == states.end()) states.push_back(other);
  }
  const auto is_reader = [&](const std::string& one) {
    return std::find(states.begin(), states.end(), one) != states.end();
  };
  if (known && !IsStateCode(state)) return UsageError("--state takes a state, like QN");
  if (known && is_reader(state)) {
    return UsageError(Cat({"name the recipients: --to; one is of your own state, ", state}));
  }
  for (const char* example : {"QN", "QM", "QP", "QT"}) {
    if (state.empty() && !is_reader(example)) state = example;
  }
  // NO_HOME: there is none; else it is there and cannot be read.
  if (!known && !context.json && CodeOf(config.status()) != "NO_HOME") {
    Tell(Cat({"The desk's configuration is damaged. Mend ", context.home,
              "/desk.json, or set the desk up anew (", TextOf(config.status()), "). The form says ",
              state, " for whose report it is, twice: write your own state there (or --state)."}));
  } else if (!known && !context.json) {
    Tell(Cat({"No desk is set up here, so the form says ", state,
              " for whose report it is, twice: write your own state there (or --state)."}));
  }
  return DraftOf(casework::RouteTemplate(state, states), to);
}

}  // namespace palermo::cli
