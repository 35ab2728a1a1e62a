// case statistics: an office's figures by area of crime and kind of assistance.
#include <deque>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/case_statistics.h"
#include "node/cli/case_support.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/reading.h"
#include "node/cli/session.h"
#include "node/desk/case_bodies.h"
#include "node/desk/casebook.h"

namespace palermo::cli {
namespace {

constexpr int kFirstYear = 2000, kLastYear = 9999;

// The cases whose first act was entered in the year; 0: all.
absl::StatusOr<int> YearOf(const Args& args) {
  int year = 0;
  if (!args.Has("--year")) return year;
  if (!absl::SimpleAtoi(args.Get("--year"), &year) || year < kFirstYear || year > kLastYear) {
    return UsageError("--year is a year, like 2026");
  }
  return year;
}

// Two publications of what grows differ by what came in between, which may be one case.
absl::Status CheckPublished(int year, absl::Time now) {
  if (year != 0 && year < absl::ToCivilYear(now, absl::UTCTimeZone()).year()) {
    return absl::OkStatus();
  }
  return UsageError("--publish is for a year that is over: give it with --year");
}

bool IsOfYear(const desk::CaseView& view, int year) {
  if (year == 0 || view.acts.empty()) return year == 0;
  return absl::ToCivilYear(view.acts.front().recorded_at, absl::UTCTimeZone()).year() == year;
}

struct OpenedCases {
  std::deque<desk::CaseBodies> bodies;
  std::deque<casework::Progress> progress;
  std::vector<casework::CountedCase> counted;
  int unread = 0;  // nobody of the office has opened the request
};

absl::Status OpenCases(Session& session, const std::vector<desk::CaseView>& views, int year,
                       OpenedCases* opened) {
  PALERMO_ASSIGN_OR_RETURN(const std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  for (const desk::CaseView& view : views) {
    if (!IsOfYear(view, year)) continue;
    desk::CaseBodies& bodies = opened->bodies.emplace_back(view);
    PALERMO_RETURN_IF_ERROR(OpenBodies(session, keys, true, &bodies));
    casework::Progress& progress = opened->progress.emplace_back(bodies.Progress());
    // Intelligence and operations travel as requests of their families, and ask for nothing.
    const bool asks = progress.request != nullptr && !progress.request->items().empty();
    if (progress.request == nullptr) ++opened->unread;
    if (!asks) continue;
    opened->counted.push_back(
        {view.own_side == casework::Side::kRequesting, &progress, &bodies.opened()});
  }
  return absl::OkStatus();
}

absl::StatusOr<int> CaseStatistics(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const int year, YearOf(args));
  const bool publish = args.Has("--publish");
  if (publish) PALERMO_RETURN_IF_ERROR(CheckPublished(year, context.clock->Now()));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(auto messages, session.ListAll("", false, false));
  const std::vector<desk::CaseView> views =
      desk::BuildCases(messages, session.config.state, context.clock->Now());
  OpenedCases opened;
  PALERMO_RETURN_IF_ERROR(OpenCases(session, views, year, &opened));
  std::vector<casework::AreaCell> cells = casework::CountByArea(opened.counted);
  if (publish) cells = casework::PublishableByArea(std::move(cells));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  for (const casework::AreaCell& cell : cells) {
    const std::string value = cell.suppressed ? "suppressed" : absl::StrFormat("%u", cell.value);
    rows.push_back({cell.side, cell.area.empty() ? "all" : cell.area,
                    cell.type.empty() ? "all" : cell.type, cell.figure, value});
    desk::Json one = desk::Json::Object();
    one.Add("side", cell.side).Add("area", cell.area).Add("type", cell.type);
    one.Add("figure", cell.figure).Add("suppressed", cell.suppressed);
    if (!cell.suppressed) one.AddNumber("value", static_cast<int64_t>(cell.value));
    list.Push(std::move(one));
  }
  if (context.json) {
    desk::Json answer = desk::Json::Object();
    answer.Add("published", publish);
    if (!publish) answer.AddNumber("not_opened", opened.unread);
    context.out += answer.Add("figures", std::move(list)).Pretty();
    return kExitOk;
  }
  context.out += Table({"SIDE", "AREA", "ASSISTANCE", "FIGURE", "N"}, rows);
  if (opened.unread > 0 && !publish) {
    context.out += Cat({std::to_string(opened.unread),
                        " cases are not counted: nobody of this office has opened the request.\n"});
  }
  context.out += publish
                     ? "Numbers from 1 to 4, and what would tell of them, are suppressed or left "
                       "out (R-STAT-02).\n"
                     : "Items are counted. These figures stay inside. For others: --publish\n";
  return kExitOk;
}

}  // namespace

void AddCaseStatisticsCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"case", "statistics",
       "Count by area of crime and assistance: asked, executed, refused and why",
       WithPassphrase(
           {{"--year", "YYYY", "cases that began in this year; default: all"},
            {"--publish", "", "for others, of a year that is over: small numbers suppressed"}}),
       "palermo case statistics --year 2025 --publish", CaseStatistics});
}

}  // namespace palermo::cli
