// route report, list, history, alert: sending reports, and what became of them.
#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/intelligence/route_csv.h"
#include "node/casework/intelligence/route_rules.h"
#include "node/casework/intelligence/sightings.h"
#include "node/cli/command.h"
#include "node/cli/operation_support.h"
#include "node/cli/output.h"
#include "node/cli/route_derived.h"
#include "node/cli/route_sending.h"
#include "node/cli/tell.h"
#include "node/cli/warning_answers.h"
#include "node/desk/files.h"

namespace palermo::cli {
namespace {

using casebook::Item;

std::string AlertText(casework::Danger danger, const std::string& what) {
  return Cat({DangerText(danger),
              " Tell search and rescue by telephone\nnow, then send the alert, ahead of "
              "everything:\n  palermo route alert ",
              what, " --to AUTHORITY\n"});
}

// An id stands for one text: what others hold under it cannot be changed by sending it anew. Looks
// where this desk has a casebook.
absl::Status CheckIdIsFree(Session& session, const v1::CaseBody& body, Context& context) {
  if (!desk::FileExists(Cat({context.home, "/casebook.db"}))) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  PALERMO_RETURN_IF_ERROR(UpdateCasebook(session, *open.book, false, context).status());
  PALERMO_ASSIGN_OR_RETURN(const bool taken, open.book->SaysOtherwise(body));
  if (!taken) return absl::OkStatus();
  const std::string id = casebook::RecordOf(v1::Header(), body).record;
  return WrongState(
      "RECORD_EXISTS",
      Cat({id, " was sent before and says something else; ",
           body.has_route_report()
               ? "raise version, send it, and tell who has the old one: palermo route correct"
               : "give the report another id"}));
}

absl::StatusOr<int> ReportRoute(const Args& args, Context& context) {
  const std::string path = args.Get("file");
  PALERMO_ASSIGN_OR_RETURN(std::string json, desk::ReadFile(path, limits::kMaxPaddedBodyBytes));
  PALERMO_ASSIGN_OR_RETURN(desk::DraftFile draft, desk::ParseDraft(json, path));
  v1::Label* label = casebook::LabelIn(draft.body);
  if (label == nullptr) {
    return InputError("BAD_JSON", Cat({path,
                                       ": the draft holds no report; palermo route new "
                                       "prints one"}));
  }
  // What JSON of a draft may hold and no report may: half a place.
  if (draft.body.has_route_report()) {
    const auto again = casework::RoutesFromJson(json);
    if (!again.ok()) return Annotate(again.status(), path);
  }
  PALERMO_RETURN_IF_ERROR(AnswerWarnings(args, &draft.body));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  if (label->originator() != session.config.state) {
    return Refused("NOT_ORIGINATOR",
                   Cat({"the label says that the record is ", label->originator(),
                        "'s; pass it on with: palermo route forward. If it is your own, write ",
                        session.config.state, " there and in the report's originator"}));
  }
  std::vector<std::string> members;
  if (!label->operation().empty()) {
    PALERMO_ASSIGN_OR_RETURN(members, BindToOperation(session, *label, context));
  }
  PALERMO_RETURN_IF_ERROR(InheritLabels(args.All("--from"), session, draft.body, context));
  draft.handling = std::max(draft.handling, HandlingOf(*label));
  PALERMO_RETURN_IF_ERROR(MaySend(*label, members, session, draft.to, context));
  PALERMO_RETURN_IF_ERROR(CheckIdIsFree(session, draft.body, context));
  const auto danger =
      casework::DangerOf(draft.body.route_report(), FormatInstant(context.clock->Now()));
  if (NeedsAlert(danger)) {
    if (context.json) {
      Tell(AlertText(danger, path));  // what a program reads is JSON alone
    } else {
      context.out += AlertText(danger, path);
    }
  }
  return SendIntelligence(session, draft, context);
}

absl::StatusOr<int> ListReports(const Args& args, Context& context) {
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
  std::string state, delivered, opened, acknowledged;  // "3.2 s"; "" not yet
};
// `acknowledgements`: of the message's case. Each counts by the ledger of who gave it.
std::vector<Step> StepsOf(const Item& item, const std::vector<Item>& acknowledgements) {
  std::set<std::string> states;
  for (const std::string& authority : item.header.recipients()) states.insert(StateOf(authority));
  const auto* sent = ReceiptOf(item, StateOf(item.header.sender()), v1::RecordKind::SUBMISSION);
  std::vector<Step> steps;
  for (const std::string& state : states) {
    Step& step = steps.emplace_back();
    step.state = state;
    step.delivered = After(sent, ReceiptOf(item, state, v1::RecordKind::DELIVERY));
    step.opened = After(sent, ReceiptOf(item, state, v1::RecordKind::RETRIEVAL));
    for (const Item& one : acknowledgements) {
      if (StateOf(one.header.sender()) != state || !step.acknowledged.empty()) continue;
      step.acknowledged = After(sent, ReceiptOf(one, state, v1::RecordKind::SUBMISSION));
    }
  }
  return steps;
}

// One message about a record, and how far each recipient has got with it.
struct Event {
  Item item;
  std::vector<Step> steps;
};

// The originator's copies of the record do not say the same.
bool SentDifferently(const std::vector<Event>& events) {
  const v1::CaseBody* first = nullptr;
  for (const Event& event : events) {
    const Item& item = event.item;
    const bool whole = item.content.is_record && !item.entry.purged() &&
                       StateOf(item.header.sender()) == item.content.originator &&
                       !casebook::SameRecord(item.body, casebook::WithoutContent(item.body));
    if (!whole) continue;
    if (first != nullptr && !casebook::SameRecord(*first, item.body)) return true;
    first = &item.body;
  }
  return false;
}

desk::Json EventJson(const Event& event) {
  desk::Json json = ItemJson(event.item), steps = desk::Json::List();
  for (const Step& step : event.steps) {
    desk::Json one = desk::Json::Object();
    const auto time = [](const std::string& after) {
      return after.empty() ? desk::Json::Raw("null") : desk::Json::Text(after);
    };
    one.Add("state", step.state).Add("delivered_after", time(step.delivered));
    one.Add("opened_after", time(step.opened));
    steps.Push(std::move(one.Add("acknowledged_after", time(step.acknowledged))));
  }
  json.Add("urgency", v1::Urgency::Code_Name(event.item.header.urgency()));
  return json.Add("recipients", std::move(steps));
}

std::string EventText(const Event& event) {
  const Item& item = event.item;
  const bool emergency = item.header.urgency() == v1::Urgency::EMERGENCY_LIFE;
  std::string text = ItemLine(item);
  if (emergency) text += "    EMERGENCY_LIFE\n";
  if (item.entry.purged()) text += "    purged: its content is gone from this casebook\n";
  for (const Step& step : event.steps) {
    const auto word = [](const char* what, const std::string& after) {
      return after.empty() ? Cat({"not ", what, " yet"}) : Cat({what, " after ", after});
    };
    text += Cat({"    ", step.state, "  ", word("delivered", step.delivered), ", ",
                 word("opened", step.opened)});
    // Of other messages it is only told once it is there.
    if (emergency || !step.acknowledged.empty()) {
      text += Cat({", ", word("acknowledged", step.acknowledged)});
    }
    text += "\n";
  }
  for (const std::string& state : item.body.intelligence_answer().passed_on_to()) {
    text += Cat({"    it had passed it on to ", state, "\n"});
  }
  return text;
}

absl::StatusOr<int> History(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(args, context));
  PALERMO_ASSIGN_OR_RETURN(casebook::Access access, AccessOf(args, open.officer, context));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, open.book->History(args.Get("record"), access));
  const Silent unanswered = SilentHolders(items, StateOf(open.officer));
  std::vector<Event> events;
  for (Item& item : items) {
    PALERMO_ASSIGN_OR_RETURN(const auto acknowledgements,
                             open.book->Acknowledgements(item, access));
    std::vector<Step> steps = StepsOf(item, acknowledgements);
    events.push_back({std::move(item), std::move(steps)});
  }
  const bool differs = SentDifferently(events);
  desk::Json list = desk::Json::List(), silent = desk::Json::List();
  std::string text;
  for (const Event& event : events) {
    list.Push(EventJson(event));
    text += EventText(event);
  }
  if (differs) {
    text += Cat({"This record was sent twice, differently: ask ",
                 events.front().item.content.originator, " which one counts\n"});
  }
  for (const std::string& state : unanswered.told) {
    silent.Push(state);
    text += Cat({"R-INT-06: ", state, " has not answered yet; ask it again\n"});
  }
  for (const std::string& state : unanswered.not_told) {
    silent.Push(state);
    text += Cat({"R-INT-06: ", state,
                 " has not answered: it got the record from another state and "
                 "was not told yet; send the recall or correction again\n"});
  }
  desk::Json json = desk::Json::Object();
  json.Add("events", std::move(list)).Add("unanswered", std::move(silent));
  json.Add("sent_differently", differs);
  context.out += context.json ? json.Pretty() : text;
  const bool all = unanswered.told.empty() && unanswered.not_told.empty();
  return all && !differs ? kExitOk : kExitFindings;
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
  if (!alert.last_place().has_geo()) {
    context.progress(
        "The alert has no position. When you know one, send it again and say it with --note.");
  }
  out.urgency = v1::Urgency::EMERGENCY_LIFE;
  out.handling = v1::Handling::H0;
  out.to = args.All("--to");
  return SendIntelligence(session, std::move(out), context);
}

std::vector<Option> WithPurpose(std::vector<Option> options) {
  for (Option& option : AskOptions()) options.push_back(std::move(option));
  return WithPassphrase(std::move(options));
}

}  // namespace

void AddReportCommands(std::vector<Command>& commands) {
  commands.push_back({"route", "report", "Check a report, seal it and send it in one step",
                      WithPassphrase({{"file", "FILE", "a draft, as route new prints it", true},
                                      {"--from", "RECORD",
                                       "it was made from this record, like QN:R-1/1: its label "
                                       "gets at least as strict",
                                       false, true},
                                      OverrideOption()}),
                      "palermo route report route.json", ReportRoute});
  commands.push_back({"route", "list", "List the reports of the casebook; needs no node",
                      WithPurpose({{"--limit", "N", "at most so many; default 50"}}),
                      "palermo route list --purpose INVESTIGATION --reason \"case 7\"",
                      ListReports});
  commands.push_back(
      {"route", "history",
       "What became of a record: who got it and when, consents, recalls, answers",
       WithPurpose({{"record", "RECORD", "like QN:R-2026-001/1", true}}),
       "palermo route history R-2026-001/1 --purpose INVESTIGATION --reason \"case 7\"", History});
  commands.push_back(
      {"route", "alert", "Send a rescue alert, ahead of everything else",
       WithPassphrase({{"report", "FILE|RECORD", "the report that it follows from", true},
                       {"--to", "AUTHORITY", "who can rescue", true, true},
                       {"--note", "TEXT", "what else rescuers need to know"}}),
       "palermo route alert route.json --to QM/central", Alert});
}

}  // namespace palermo::cli
