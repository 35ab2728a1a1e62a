// The sections of the list that an officer begins the day with.
#ifndef PALERMO_NODE_CLI_MORNING_SECTIONS_H_
#define PALERMO_NODE_CLI_MORNING_SECTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/case_label.h"
#include "node/casework/clocks.h"
#include "node/casework/obligations.h"
#include "node/cli/asked.h"
#include "node/cli/operation_lines.h"
#include "node/cli/session.h"
#include "node/cli/speaker.h"
#include "node/desk/casebook.h"
#include "node/desk/deadlines.h"
#include "node/desk/json_value.h"

namespace palermo::cli {

struct Line {
  desk::CaseView view;
  desk::Morning morning;
  size_t unread = 0;
  std::vector<casework::Obligation> duties;  // still to be done, by either side
  casework::CaseLabel label;                 // empty where nothing of the case is open yet
  std::vector<Asked> asked = {};             // about records, which nobody of ours answered
};

struct Entry {
  std::string case_id;  // hexadecimal
  std::vector<std::string> cells;
  desk::Json json = desk::Json::Object();
};
struct Section {
  std::string name;        // of the JSON: "came"
  std::string_view title;  // "CAME"
  std::vector<std::string_view> head;
  std::vector<Entry> entries;
};

Section Came(const std::vector<Line>& lines);
// Our own messages that a peer's node rejected or has not taken yet, or that expired.
// The reason of its rejection, else the outcome: "EXPIRED".
std::string WhyUndelivered(const desk::Undelivered& one);
desk::Json UndeliveredJson(const desk::Undelivered& one);
Section NotDelivered(const std::vector<desk::Undelivered>& undelivered);
Section Dates(const std::vector<Line>& lines, const char* name, std::string_view title,
              casework::ClockState state);
Section Waits(const std::vector<Line>& lines, const Speaker& speaker);
// What outlives an answer: originals to return, persons, accounts of use.
Section Duties(const std::vector<Line>& lines, absl::Time now);
// Drafts that this officer did not sign yet, and what he may confirm. Who signed a draft cannot
// approve it.
absl::StatusOr<Section> Drafts(const Session& session, const v1::ListPendingResponse& pending,
                               const OperationsSeen& operations, const Speaker& speaker);

desk::Json ClockJson(const desk::Deadline& deadline);
std::string OtherSide(const desk::CaseView& view);  // the authority across the border
std::string OwnReference(const Line& line);         // as a cell: cut; "-" where it is not known
std::string About(const Line& line);                // likewise: the area and the subject

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_MORNING_SECTIONS_H_
