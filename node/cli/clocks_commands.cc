// clocks template, import, show.
#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/clocks.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/clock_policy.h"
#include "node/desk/files.h"
#include "node/desk/trust_memory.h"

namespace palermo::cli {
namespace {

absl::StatusOr<int> ClocksTemplate(const Args&, Context& context) {
  context.out += desk::ClockPolicy::Template();
  return kExitOk;
}

absl::StatusOr<int> ImportClocks(const Args& args, Context& context) {
  PALERMO_RETURN_IF_ERROR(LoadConfig(context.home).status());
  const std::string path = args.Get("file");
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(path, limits::kMaxRequestFileBytes));
  PALERMO_RETURN_IF_ERROR(desk::ClockPolicy::Save(context.home, json, path));
  context.out += context.json ? "{\"imported\": true}\n"
                              : "Imported. palermo clocks show --with STATE shows what holds.\n";
  return kExitOk;
}

std::string LimitOf(const casework::ClockRule& rule, const casework::PairPolicy& policy) {
  const absl::Duration limit = policy.LimitOf(rule, v1::Urgency::ROUTINE);
  if (limit <= absl::ZeroDuration()) return "the date that an act names";
  return desk::LimitText(limit) + (rule.working_days ? " (working days)" : "");
}

std::string KindOf(const casework::ClockRule& rule, const casework::PairPolicy& policy) {
  if (policy.Has(rule, v1::Urgency::ROUTINE)) return Cat({"agreed (", policy.Decision(), ")"});
  return rule.kind == casework::ClockKind::kPolicy ? "policy" : "law";
}

absl::StatusOr<int> ShowClocks(const Args& args, Context& context) {
  if (!IsStateCode(args.Get("--with"))) return UsageError("--with takes a state, like QT");
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  PALERMO_ASSIGN_OR_RETURN(desk::ClockPolicy all, desk::ClockPolicy::Load(context.home));
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  const trust::TrustPtr view = memory.ok() ? memory->View() : nullptr;
  const casework::PairPolicy policy =
      all.For(Cat({config.state, "/central"}), Cat({args.Get("--with"), "/central"}), view.get());
  std::vector<std::vector<std::string>> rows;
  desk::Json list = desk::Json::List();
  for (const casework::ClockRule& rule : casework::ClockRules()) {
    std::vector<std::string> row = {std::string(rule.id), LimitOf(rule, policy),
                                    KindOf(rule, policy), std::string(rule.source)};
    if (std::find(rows.begin(), rows.end(), row) != rows.end()) continue;
    desk::Json one = desk::Json::Object();
    one.Add("rule", row[0]).Add("limit", row[1]).Add("kind", row[2]).Add("source", row[3]);
    list.Push(std::move(one));
    rows.push_back(std::move(row));
  }
  for (const casework::FurtherLimit& further : casework::FurtherLimits()) {
    std::vector<std::string> row = {
        std::string(further.id), desk::LimitText(policy.Limit(further.id)),
        policy.Has(further.id) ? Cat({"agreed (", policy.Decision(), ")"}) : std::string("policy"),
        std::string(further.source)};
    desk::Json one = desk::Json::Object();
    one.Add("rule", row[0]).Add("limit", row[1]).Add("kind", row[2]).Add("source", row[3]);
    list.Push(std::move(one));
    rows.push_back(std::move(row));
  }
  context.out += context.json ? list.Pretty() : Table({"RULE", "LIMIT", "KIND", "SOURCE"}, rows);
  return kExitOk;
}

}  // namespace

void AddClocksCommands(std::vector<Command>& commands) {
  commands.push_back({"clocks",
                      "template",
                      "Print the JSON of the time limits and calendars, to be filled in",
                      {},
                      "palermo clocks template > clocks.json",
                      ClocksTemplate});
  commands.push_back({"clocks",
                      "import",
                      "Check time limits and calendars, and use them at this desk",
                      {{"file", "FILE", "the JSON", true}},
                      "palermo clocks import clocks.json",
                      ImportClocks});
  commands.push_back({"clocks",
                      "show",
                      "Show the clocks with the limits that hold with a state",
                      {{"--with", "STATE", "the other state", true}},
                      "palermo clocks show --with QT",
                      ShowClocks});
}

}  // namespace palermo::cli
