#include "node/casework/cases/silence.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/clocks.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using v1::Act;
using v1::AssistanceType;

constexpr absl::Duration kFlagAnswer = absl::Hours(4);
constexpr absl::Duration kOralConfirmation = absl::Hours(24);
constexpr absl::Duration kQueryEvery = absl::Hours(24 * 30);  // policy

absl::Time MomentOf(const Deed& deed) {
  const std::string said = FirstOf(deed.event, {"at", "now", "time", "on"});
  const auto at = ParseInstant(said.empty() ? deed.facts.now : said);
  return at.ok() ? *at : absl::InfinitePast();
}

// The act that led to a state and so started its clocks.
struct Starter {
  std::string_view state;
  Act::Code act;
  Side side;
};
constexpr Starter kStarters[] = {
    {"SENT", Act::REQUEST, Side::kRequesting},
    {"ORAL_UNCONFIRMED", Act::ORAL_REQUEST_NOTE, Side::kRequesting},
    {"RECEIVED", Act::ACKNOWLEDGEMENT, Side::kRequested},
    {"CONSULTING", Act::CONSULTATION_OPEN, Side::kRequested},
    {"POSTPONED", Act::POSTPONEMENT_NOTICE, Side::kRequested},
    {"PRESERVED", Act::PRESERVATION_CONFIRMED, Side::kRequested},
    {"PROVISIONALLY_ARRESTED", Act::PROVISIONAL_ARREST_NOTE, Side::kRequested},
    {"BOARDED", Act::BOARDING_REPORT, Side::kRequesting},
    {"RESULT_REPORTED", Act::BOARDING_RESULT, Side::kRequesting}};

// The windows of the legs of the case's delivery: ["...", "..."] or {"from": ..., "to": ...}. True
// when there are some, and `at` is in none of them.
bool IsOutsideLegs(const Struct& delivery, absl::Time at) {
  const auto* legs = Member(delivery, "legs");
  bool some = false;
  for (int i = 0; legs != nullptr && i < legs->list_value().values_size(); ++i) {
    const Struct& leg = legs->list_value().values(i).struct_value();
    auto ends = TextsOf(leg, "window");
    if (const Struct* window = ObjectOf(leg, "window")) {
      ends = {FirstOf(*window, {"from", "start"}), FirstOf(*window, {"to", "until", "end"})};
    }
    if (ends.size() != 2) continue;
    const auto from = ParseInstant(ends[0]), to = ParseInstant(ends[1]);
    if (!from.ok() || !to.ok()) continue;
    if (at >= *from && !IsAfterEnd(ends[1], at)) return false;
    some = true;
  }
  return some;
}

bool IsOutsideDelivery(const Struct& json, absl::Time at) {
  const Struct* request = ObjectOf(json, "request");
  const auto* items = request == nullptr ? nullptr : Member(*request, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    if (IsOutsideLegs(items->list_value().values(i).struct_value(), at)) return true;
  }
  const Struct* records = ObjectOf(json, "records");
  return records != nullptr &&
         std::any_of(records->fields().begin(), records->fields().end(), [&](const auto& entry) {
           return TypeOfRecord(entry.second.struct_value()) ==
                      AssistanceType::CONTROLLED_DELIVERY &&
                  IsOutsideLegs(entry.second.struct_value(), at);
         });
}

// What started the clocks of the state; else the act from which the named clock runs.
std::vector<Starter> StartersOf(const std::string& state, const std::string& id) {
  for (const Starter& starter : kStarters) {
    if (starter.state == state) return {starter};
  }
  std::vector<Starter> found;
  for (const ClockRule& rule : ClockRules()) {
    if (rule.id == id && rule.starts != Act::UNSPECIFIED && found.empty()) {
      found.push_back({"", rule.starts, rule.starts_side});
    }
  }
  return found;
}

void JudgeDeadline(const Deed& deed, absl::Time now, std::vector<Finding>& findings) {
  const Struct* request = ObjectOf(deed.json, "request");
  const Struct* asked = request == nullptr ? nullptr : ObjectOf(*request, "deadline");
  const auto by = ParseInstant(asked == nullptr ? "" : TextOf(*asked, "at"));
  if (by.ok() && now > *by) Tell("R-CLK-DEADLINE.passed", "request.deadline.at", findings);
}

// A clock that the event names, from a start that it names.
void JudgeNamedClock(const Deed& deed, v1::Family::Code family, absl::Time now,
                     std::vector<Finding>& findings) {
  const std::string id = FirstOf(deed.event, {"clock", "rule", "clock_id"});
  if (id == "R-CLK-DEADLINE") {
    JudgeDeadline(deed, now, findings);
    return;
  }
  const auto start = ParseInstant(
      FirstOf(deed.event, {"started_at", "started", "start", "since", "from", "sent_at"}));
  if (!start.ok()) return;
  const FactClock fact[] = {{id, *start}};
  for (Finding& f : FactFindings(fact, now)) findings.push_back(std::move(f));
  const auto until = ParseInstant(FirstOf(deed.event, {"until", "due", "due_at", "review_at"}));
  for (const Starter& starter : StartersOf(deed.in_state, id)) {
    TimedAct act{starter.act, starter.side, *start};
    if (until.ok()) act.until = *until;
    auto clocks = ClocksOf({act}, family, v1::Urgency::ROUTINE, PairPolicy(), now);
    std::erase_if(clocks, [&](const RunningClock& c) { return !id.empty() && c.id != id; });
    for (Finding& f : OverdueFindings(clocks)) findings.push_back(std::move(f));
  }
}

}  // namespace

void JudgeUnanswered(const Struct& records, const v1::Request& asked, const CaseFacts& facts,
                     std::vector<Finding>& findings) {
  const v1::Item& item = asked.items(0);
  if (item.type() != AssistanceType::BOARDING_AUTHORIZATION &&
      item.type() != AssistanceType::FLAG_CONFIRMATION) {
    return;
  }
  const Struct* answer = ObjectOf(records, "answer");
  if (answer != nullptr && ParseInstant(TextOf(*answer, "at")).ok()) return;
  const auto by = ParseInstant(item.response_needed_by());
  const auto oral = ParseInstant(asked.oral().made_at());
  auto now = ParseInstant(facts.now);
  if (!now.ok() || (!by.ok() && !oral.ok())) return;
  // An answer without its time, and a boarding that was reported: it is later by then.
  const Struct* result = answer == nullptr ? nullptr : ObjectOf(records, "result");
  const auto reported = ParseInstant(result == nullptr ? "" : TextOf(*result, "reported_at"));
  if (reported.ok()) now = std::max(*now, *reported);
  if (*now > (by.ok() ? *by : *oral + kFlagAnswer)) Tell("R-SEA-02.late", "answer", findings);
}

void JudgeProgress(const Struct& event, const CaseFacts& facts, std::vector<Finding>& findings) {
  const std::string type = TextOf(event, "type");
  const std::string said = FirstOf(event, {"at", "date"});
  const auto now = ParseInstant(said.empty() ? facts.now : said);
  if (!now.ok()) return;
  if (type == "STATUS_QUERY" && !OneOf(TextOf(event, "urgency"), {"URGENT", "EMERGENCY"})) {
    const auto last =
        ParseInstant(FirstOf(event, {"last_query_at", "previous_query_at", "last_asked_at"}));
    if (last.ok() && *now < *last + kQueryEvery) Tell("R-CLK-STATUS.often", "event.at", findings);
  }
  if (type == "STATUS_REPORT") {
    const auto asked = ParseInstant(FirstOf(event, {"queried_at", "query_at", "asked_at"}));
    const auto due = DueAfter("R-CLK-STATUS", asked.ok() ? *asked : *now);
    if (due.ok() && *now > *due) Tell("R-CLK-STATUS.overdue", "event.at", findings);
  }
}

void JudgeReview(const Struct& event, const CaseFacts& facts, std::vector<Finding>& findings) {
  if (TextOf(event, "type") != "POSTPONEMENT_REVIEW") return;
  const std::string at = FirstOf(event, {"at", "reviewed_at"});
  const auto due = ParseInstant(FirstOf(event, {"review_at", "review_was_due", "due_at"}));
  const auto done = ParseInstant(at.empty() ? facts.now : at);
  // Without another date the one that it names is the next.
  if (FirstOf(event, {"new_review_at", "next_review_at", "reviewed_at"}).empty()) return;
  if (due.ok() && done.ok() && *done >= *due + absl::Hours(24)) {
    Tell("R-PST-02.missed", "event.review_at", findings);
  }
}

bool JudgeWindow(const Deed& deed, std::vector<Finding>& findings) {
  // A task of an operation has a rule of its own.
  const std::string type = TextOf(deed.event, "type");
  if (type == "ASSIGN" || type.find("TASK") != std::string::npos) return false;
  const auto at = ParseInstant(FirstOf(deed.event, {"at", "date", "executed_at", "started_at"}));
  if (!at.ok()) return false;
  std::string begin =
      FirstOf(deed.event, {"order_valid_from", "warrant_valid_from", "window_from"});
  std::string end = FirstOf(deed.event, {"valid_to", "order_valid_to", "warrant_valid_to",
                                         "authority_valid_to", "window_to"});
  for (const char* name : {"warrant", "order", "authority", "window", "agreement", "mandate"}) {
    const Struct* named = ObjectOf(deed.event, name);
    if (named == nullptr) continue;
    begin = FirstOf(*named, {"valid_from", "from", "issued_at"});
    end = FirstOf(*named, {"valid_to", "to", "until", "expires_at"});
  }
  const auto from = ParseInstant(begin);
  const bool early = from.ok() && *at < *from;
  const bool missed = IsGoingLive(deed.event) && IsOutsideDelivery(deed.json, *at);
  if (!early && !missed && !IsAfterEnd(end, *at)) return false;
  Tell("R-AUTH-03.order", "event.at", findings);
  return true;
}

bool IsGoingLive(const Struct& event) {
  constexpr std::string_view kLive = "LIVE";
  const std::string type = TextOf(event, "type");
  const bool named = type.size() >= kLive.size() &&
                     type.compare(type.size() - kLive.size(), kLive.size(), kLive) == 0;
  return named || TextOf(event, "to") == kLive || type == "START_DELIVERY";
}

bool JudgeTime(const Deed& deed, v1::Family::Code family, std::vector<Finding>& findings) {
  if (!OneOf(TextOf(deed.event, "type"),
             {"TICK", "CLOCK", "CLOCK_TICK", "TIME", "TIME_PASSES", "ELAPSED", "TIMEOUT", "EXPIRY",
              "CLOCK_EXPIRED", "SILENCE", "NO_ANSWER", "REVIEW_MISSED", "REVIEW_DUE", "SYS"})) {
    return false;
  }
  const absl::Time now = MomentOf(deed);
  const auto review = ParseInstant(FirstOf(deed.event, {"review_at", "review_due"}));
  auto oral = ParseInstant(FirstOf(deed.event, {"made_at", "oral_at", "noted_at"}));
  if (!oral.ok() && deed.in_state == "ORAL_UNCONFIRMED") {
    oral = ParseInstant(FirstOf(deed.event, {"started_at", "started", "start", "since"}));
  }
  if (review.ok()) {
    if (now > *review) Tell("R-PST-02.missed", "event.review_at", findings);
  } else if (oral.ok()) {
    if (now > *oral + kOralConfirmation) Tell("R-MLA-14O.unconfirmed", "event", findings);
  } else {
    JudgeNamedClock(deed, family, now, findings);
  }
  return true;
}

}  // namespace palermo::casework
