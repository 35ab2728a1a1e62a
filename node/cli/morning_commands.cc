// case list, clock.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/desk/deadlines.h"

namespace palermo::cli {
namespace {

using casework::ClockState;

struct Line {
  desk::CaseView view;
  desk::Morning morning;
};

int RankOf(const std::string& mark) {
  static const std::vector<std::string> kOrder = {"LATE", "DUE", "NEW", "OPEN", "-"};
  return static_cast<int>(std::find(kOrder.begin(), kOrder.end(), mark) - kOrder.begin());
}

// The most pressing first; among equals the newest.
std::vector<Line> LinesOf(const std::vector<desk::CaseView>& cases, absl::Time now) {
  std::vector<Line> lines;
  for (const desk::CaseView& view : cases) lines.push_back({view, desk::MorningOf(view, now)});
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return RankOf(a.morning.mark) < RankOf(b.morning.mark);
  });
  return lines;
}

std::string NextText(const desk::Morning& morning) {
  if (!morning.next) return "-";
  return Cat({FormatInstant(morning.next->due), " ", morning.next->rule,
              morning.next->ours ? " (we)" : " (they)"});
}

std::string Other(const desk::CaseView& view) {
  return view.own_side == casework::Side::kRequesting ? view.requested : view.requesting;
}

desk::Json ClockJson(const desk::Deadline& deadline) {
  desk::Json json = desk::Json::Object();
  json.Add("rule", deadline.rule).Add("source", deadline.source);
  json.Add("condition", deadline.condition);
  json.Add("state", std::string(casework::ClockStateName(deadline.state)));
  json.Add("started", FormatInstant(deadline.started)).Add("due", FormatInstant(deadline.due));
  return json.Add("waits_for_us", deadline.ours).Add("act", IdText(AsView(deadline.act)));
}

desk::Json LineJson(const Line& line) {
  desk::Json json = CaseJson(line.view, false);
  json.Add("mark", line.morning.mark);
  json.AddNumber("unopened", static_cast<int64_t>(line.morning.unopened));
  json.AddNumber("late", static_cast<int64_t>(line.morning.late));
  json.AddNumber("due_soon", static_cast<int64_t>(line.morning.due));
  desk::Json clocks = desk::Json::List();
  for (const desk::Deadline& deadline : line.morning.deadlines) clocks.Push(ClockJson(deadline));
  return json.Add("clocks", std::move(clocks));
}

std::string SummaryText(const std::vector<Line>& lines) {
  size_t unopened = 0, late = 0, due = 0, waiting = 0;
  for (const Line& line : lines) {
    unopened += line.morning.unopened;
    late += line.morning.late;
    due += line.morning.due;
    waiting += line.morning.waits_for_us ? 1 : 0;
  }
  return absl::StrFormat(
      "Cases: %d. Messages nobody opened: %d. Late: %d. Due soon: %d. Cases that wait for us: "
      "%d.\n",
      lines.size(), unopened, late, due, waiting);
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", false, false));
  absl::Time now = context.clock->Now();
  std::vector<Line> lines = LinesOf(desk::BuildCases(messages, session.config.state, now), now);
  if (context.json) {
    desk::Json list = desk::Json::List();
    for (const Line& line : lines) list.Push(LineJson(line));
    context.out += list.Pretty();
    return kExitOk;
  }
  if (lines.empty()) {
    context.out += "No case yet. Start one: palermo case new\n";
    return kExitOk;
  }
  std::vector<std::vector<std::string>> rows;
  std::string waits;
  for (const Line& line : lines) {
    rows.push_back({line.morning.mark, IdText(line.view.case_id),
                    casework::FamilyName(line.view.family), Other(line.view),
                    casework::Describe(line.view.history.final), NextText(line.morning)});
    for (const std::string& text : line.view.waits_for_us) {
      waits += Cat({"  * ", IdText(line.view.case_id).substr(0, 8), ": ", text, "\n"});
    }
  }
  context.out += Cat({SummaryText(lines), "\n",
                      Table({"", "CASE", "FAMILY", "WITH", "STATE", "NEXT DATE"}, rows)});
  if (!waits.empty()) context.out += Cat({"\nWhat waits for you:\n", waits});
  return kExitOk;
}

absl::StatusOr<int> Clock(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(desk::CaseView view, LoadCase(session, args.Get("case"), context));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  std::string meanings;
  bool late = false;
  for (const desk::Deadline& deadline : desk::DeadlinesOf(view, context.clock->Now())) {
    bool stopped = deadline.state == ClockState::kStopped;
    if (stopped && !args.Has("--all")) continue;
    late = late || deadline.state == ClockState::kOverdue;
    list.Push(ClockJson(deadline));
    rows.push_back({deadline.rule, std::string(casework::ClockStateName(deadline.state)),
                    FormatInstant(deadline.due), deadline.ours ? "we" : "they", deadline.source});
    std::string meaning = Cat({"  ", deadline.rule, ": ", deadline.condition, "\n"});
    if (meanings.find(meaning) == std::string::npos) meanings += meaning;
  }
  if (context.json) {
    context.out += list.Pretty();
  } else if (rows.empty()) {
    context.out += "No clock runs in this case.\n";
  } else {
    context.out +=
        Cat({Table({"RULE", "STATE", "DUE", "WHO", "SOURCE"}, rows), "\nA rule speaks when:\n",
             meanings, "Dates that only a body names are not counted here; open the message.\n"});
  }
  return late ? kExitFindings : kExitOk;
}

}  // namespace

void AddMorningCommands(std::vector<Command>& commands) {
  commands.push_back({"case", "list",
                      "List the cases: what came, what is due, what is late, what waits for us",
                      PassphraseOptions(), "palermo case list", List});
  commands.push_back({"case", "clock",
                      "Show the clocks of a case: rule, state, when due, who must act, source",
                      WithPassphrase({{"case", "CASE", "the case id", true},
                                      {"--all", "", "those that have stopped too"}}),
                      "palermo case clock 9b1e...", Clock});
}

}  // namespace palermo::cli
