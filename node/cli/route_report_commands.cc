// route report, list, history, alert: sending reports, and what became of them.
#include <algorithm>
#include <iterator>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/cli/command.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"
#include "node/cli/route_sending.h"
#include "node/desk/files.h"

namespace palermo::cli {
namespace {

using casebook::Item;

std::string AlertText(const std::string& what) {
  return Cat(
      {"LIFE IS IN DANGER and the sighting is recent (R-SOM-08). Tell search and rescue by "
       "telephone now,\nthen send the alert, ahead of everything:\n  palermo route alert ",
       what, " --to AUTHORITY\n"});
}

absl::StatusOr<int> Report(const Args& args, Context& context) {
  const std::string path = args.Get("file");
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(path, limits::kMaxPaddedBodyBytes));
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, desk::ParseDraft(json, path));
  v1::Label* label = casebook::LabelIn(draft.body);
  if (label == nullptr) {
    return InputError("BAD_JSON", Cat({path,
                                       ": the draft holds no report; palermo route new "
                                       "prints one"}));
  }
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  if (label->originator() != session.config.state) {
    return Refused("NOT_ORIGINATOR", Cat({"the label says that the record is ", label->originator(),
                                          "'s; pass it on with: palermo route forward"}));
  }
  std::vector<std::string> members;
  if (!label->operation().empty()) {
    PALERMO_ASSIGN_OR_RETURN(members, BindToOperation(session, *label, context));
  }
  PALERMO_RETURN_IF_ERROR(MaySend(*label, members, session, draft.to, context));
  const std::string now = FormatInstant(context.clock->Now());
  if (!context.json && draft.body.has_route_report() &&
      casework::NeedsRescueAlert(draft.body.route_report(), now)) {
    context.out += AlertText(path);
  }
  return SendIntelligence(session, draft, context);
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const size_t limit, LimitOf(args));
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  PALERMO_ASSIGN_OR_RETURN(
      casebook::Found found,
      open.book->List({"route_report", "document_method_report"}, access, limit));
  PrintFound(found, args.Has("--reason"), context);
  return kExitOk;
}

// --- What became of it

const v1::CasebookReceipt* ReceiptOf(const Item& item, const std::string& state,
                                     v1::RecordKind::Code kind) {
  for (const v1::CasebookReceipt& receipt : item.entry.receipts()) {
    if (receipt.state() == state && receipt.kind() == static_cast<uint32_t>(kind)) return &receipt;
  }
  return nullptr;
}

// By the clocks of the two ledgers.
std::string After(const v1::CasebookReceipt* from, const v1::CasebookReceipt* to) {
  if (from == nullptr || to == nullptr) return "";
  return absl::StrFormat("%.1f s", static_cast<double>(to->at_ms() - from->at_ms()) / 1000);
}

struct Step {
  std::string state, delivered, opened;  // "3.2 s"; "" not yet
};
std::vector<Step> StepsOf(const Item& item) {
  std::set<std::string> states;
  for (const std::string& authority : item.header.recipients()) states.insert(StateOf(authority));
  const auto* sent = ReceiptOf(item, StateOf(item.header.sender()), v1::RecordKind::SUBMISSION);
  std::vector<Step> steps;
  for (const std::string& state : states) {
    steps.push_back({state, After(sent, ReceiptOf(item, state, v1::RecordKind::DELIVERY)),
                     After(sent, ReceiptOf(item, state, v1::RecordKind::RETRIEVAL))});
  }
  return steps;
}

// States that we told and that have not answered (R-INT-06).
std::vector<std::string> Unanswered(const std::vector<Item>& events) {
  std::set<std::string> told, answered;
  for (const Item& item : events) {
    const bool ours = !item.entry.incoming();
    if (ours && (item.body.has_intelligence_recall() || item.body.has_intelligence_correction())) {
      for (const std::string& to : item.header.recipients()) told.insert(StateOf(to));
    } else if (!ours && item.body.has_intelligence_answer()) {
      answered.insert(StateOf(item.header.sender()));
    }
  }
  std::vector<std::string> open;
  std::set_difference(told.begin(), told.end(), answered.begin(), answered.end(),
                      std::back_inserter(open));
  return open;
}

desk::Json EventJson(const Item& item) {
  desk::Json json = ItemJson(item), steps = desk::Json::List();
  for (const Step& step : StepsOf(item)) {
    desk::Json one = desk::Json::Object();
    const auto time = [](const std::string& after) {
      return after.empty() ? desk::Json::Raw("null") : desk::Json::Text(after);
    };
    one.Add("state", step.state).Add("delivered_after", time(step.delivered));
    steps.Push(std::move(one.Add("opened_after", time(step.opened))));
  }
  json.Add("urgency", v1::Urgency::Code_Name(item.header.urgency()));
  return json.Add("recipients", std::move(steps));
}

std::string EventText(const Item& item) {
  std::string text = ItemLine(item);
  if (item.header.urgency() == v1::Urgency::EMERGENCY_LIFE) text += "    EMERGENCY_LIFE\n";
  if (item.entry.purged()) text += "    purged: its content is gone from this casebook\n";
  for (const Step& step : StepsOf(item)) {
    const auto word = [](const char* what, const std::string& after) {
      return after.empty() ? Cat({"not ", what, " yet"}) : Cat({what, " after ", after});
    };
    text += Cat({"    ", step.state, "  ", word("delivered", step.delivered), ", ",
                 word("opened", step.opened), "\n"});
  }
  for (const std::string& state : item.body.intelligence_answer().passed_on_to()) {
    text += Cat({"    it had passed it on to ", state, "\n"});
  }
  return text;
}

absl::StatusOr<int> History(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> events,
                           open.book->History(args.Get("record"), access));
  const std::vector<std::string> unanswered = Unanswered(events);
  desk::Json list = desk::Json::List(), silent = desk::Json::List();
  std::string text;
  for (const Item& item : events) {
    list.Push(EventJson(item));
    text += EventText(item);
  }
  for (const std::string& state : unanswered) {
    silent.Push(state);
    text += Cat({"R-INT-06: ", state, " has not answered yet; ask it again\n"});
  }
  desk::Json json = desk::Json::Object();
  json.Add("events", std::move(list)).Add("unanswered", std::move(silent));
  context.out += context.json ? json.Pretty() : text;
  return unanswered.empty() ? kExitOk : kExitFindings;
}

// --- Rescue

// Of a draft, or of a record of the casebook, which may be used to save life whatever its purposes.
absl::StatusOr<v1::RouteReport> ReportFor(const std::string& name, Session& session,
                                          Context& context) {
  if (desk::FileExists(name)) {
    PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ReadFile(name, limits::kMaxRouteCsvBytes));
    PALERMO_ASSIGN_OR_RETURN(auto reports, casework::RoutesFromJson(text));
    return reports.front();
  }
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  const auto access =
      AccessFor(open.officer, "SEARCH_AND_RESCUE", "danger to life", context.clock->Now());
  PALERMO_ASSIGN_OR_RETURN(Item item, open.book->Record(name, access, casework::Way::kView, ""));
  if (item.body.has_route_report()) return item.body.route_report();
  return InputError("WRONG_STATE", "only a route report leads to a rescue alert");
}

// What its originator keeps from a state, an alert does not tell it. Without a danger that the
// report itself names, only the originator may make an alert of it.
absl::Status MayAlert(const v1::RouteReport& report, bool needed, const Session& session,
                      const std::vector<std::string>& to) {
  const v1::Label& label = report.label();
  if (label.originator() != session.config.state && !needed) {
    return Refused("NOT_ORIGINATOR",
                   Cat({"the report names no danger to life; only ", label.originator(),
                        " may make an alert of it. Ask it, or alert without the report"}));
  }
  for (const std::string& authority : to) {
    const auto& withheld = label.withheld_states();
    if (std::find(withheld.begin(), withheld.end(), StateOf(authority)) == withheld.end()) continue;
    return Refused("NOT_RELEASED", Cat({"the label keeps the report from ", StateOf(authority),
                                        "; alert another state that can rescue"}));
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Alert(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(const v1::RouteReport report,
                           ReportFor(args.Get("report"), session, context));
  const bool needed = casework::NeedsRescueAlert(report, FormatInstant(context.clock->Now()));
  if (!needed && !args.Has("--note")) {
    return UsageError(
        "the report names no danger to life with a sighting of the last 24 hours; if you know of "
        "one, say it with --note");
  }
  PALERMO_RETURN_IF_ERROR(MayAlert(report, needed, session, args.All("--to")));
  Outgoing out;
  v1::RescueAlert& alert = *out.body.mutable_rescue_alert();
  alert = casework::ProposeRescueAlert(report);
  alert.set_report_id(casebook::RecordId(report.route_id(), report.version()));
  if (args.Has("--note")) alert.set_note(args.Get("--note"));
  out.urgency = v1::Urgency::EMERGENCY_LIFE;
  out.handling = v1::Handling::H0;
  out.to = args.All("--to");
  return SendIntelligence(session, std::move(out), context);
}

std::vector<Option> Asking(std::vector<Option> options) {
  for (Option& option : AskOptions()) options.push_back(std::move(option));
  return WithPassphrase(std::move(options));
}

}  // namespace

void AddReportCommands(std::vector<Command>& commands) {
  commands.push_back({"route", "report", "Check a report, seal it and send it in one step",
                      WithPassphrase({{"file", "FILE", "a draft, as route new prints it", true}}),
                      "palermo route report route.json", Report});
  commands.push_back({"route", "list", "List the reports of the casebook; needs no node",
                      Asking({{"--limit", "N", "at most so many; default 50"}}),
                      "palermo route list --purpose INVESTIGATION --reason \"case 7\"", List});
  commands.push_back(
      {"route", "history",
       "What became of a record: who got it and when, consents, recalls, answers",
       Asking({{"record", "RECORD", "like QN:R-2026-001/1", true}}),
       "palermo route history R-2026-001/1 --purpose INVESTIGATION --reason \"case 7\"", History});
  commands.push_back(
      {"route", "alert", "Send a rescue alert, ahead of everything else",
       WithPassphrase({{"report", "FILE|RECORD", "the report that it follows from", true},
                       {"--to", "AUTHORITY", "who can rescue", true, true},
                       {"--note", "TEXT", "what else rescuers need to know"}}),
       "palermo route alert route.json --to QM/central", Alert});
}

}  // namespace palermo::cli
