#include "node/casework/cases/silence.h"

#include <algorithm>

#include "base/clock.h"
#include "node/casework/cases/delivery_forms.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/leg_windows.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/operation.h"
#include "node/casework/clocks.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;
using v1::AssistanceType;

constexpr absl::Duration kFlagAnswer = absl::Hours(4);
constexpr absl::Duration kOralConfirmation = absl::Hours(24);
constexpr absl::Duration kQueryEvery = absl::Hours(24 * 30);  // policy

// The date on which the case's own postponement is reviewed; "" without one.
std::string ReviewDateIn(const Struct& json) {
  const Struct* request = ObjectOf(json, "request");
  for (const Struct* object : {&json, request}) {
    const Struct* postponed = object == nullptr ? nullptr : ObjectOf(*object, "postponement");
    if (postponed != nullptr) return TextOf(*postponed, "review_at");
  }
  return "";
}

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

// What started the clocks of the state; else the act from which the named clock runs.
std::vector<Starter> StartersOf(const std::string& state, const std::string& id) {
  const auto all = ClockRules();
  bool known = false;
  for (const Starter& starter : kStarters) {
    if (starter.state != state) continue;
    known = true;
    const bool starts = std::any_of(all.begin(), all.end(), [&](const ClockRule& rule) {
      return rule.id == id && rule.starts == starter.act;
    });
    if (id.empty() || starts) return {starter};
  }
  std::vector<Starter> found;
  for (const ClockRule& rule : all) {
    // In a state that others started runs what is bound to no state.
    if (known && !rule.runs_in.empty()) continue;
    if (rule.id == id && rule.starts != Act::UNSPECIFIED && found.empty()) {
      found.push_back({"", rule.starts, rule.starts_side});
    }
  }
  return found;
}

// How urgent it is, as the event says, else the request.
v1::Urgency::Code UrgencyOf(const Deed& deed) {
  std::string word = TextOf(deed.event, "urgency");
  const Struct* request = ObjectOf(deed.json, "request");
  if (word.empty() && request != nullptr) word = TextOf(*request, "urgency");
  if (word == "EMERGENCY") return v1::Urgency::EMERGENCY_LIFE;
  const auto urgency = ParseUrgency(word);
  return urgency.ok() ? *urgency : v1::Urgency::ROUTINE;
}

// What the case says under `name` of the request or of a record.
const Struct* FindIn(const Struct& json, const std::string& name) {
  const Struct* request = ObjectOf(json, "request");
  const Struct* found = request == nullptr ? nullptr : ObjectOf(*request, name);
  const Struct* records = ObjectOf(json, "records");
  if (found != nullptr || records == nullptr) return found;
  for (const std::string& each : SortedNames(*records)) {
    const Struct* record = ObjectOf(*records, each);
    found = record == nullptr ? nullptr : ObjectOf(*record, name);
    if (found != nullptr) return found;
  }
  return nullptr;
}

// When the oral request was made that this clock waits for. The state of the case says that no
// confirmation has come, whatever its records tell of later.
std::string OralNoteOf(const Deed& deed) {
  const std::string id = FirstOf(deed.event, {"clock", "rule", "clock_id"});
  const bool meant =
      OneOf(id, {"R-CLK-ORAL", "R-MLA-14O"}) || (id.empty() && deed.in_state == "ORAL_UNCONFIRMED");
  const Struct* oral = meant ? FindIn(deed.json, "oral") : nullptr;
  if (oral == nullptr) return "";
  if (deed.in_state != "ORAL_UNCONFIRMED" && ParseInstant(TextOf(*oral, "confirmed_at")).ok()) {
    return "";
  }
  return FirstOf(*oral, {"made_at", "at", "noted_at"});
}

// Since when data are preserved, and until when.
Span PreservedIn(const Deed& deed) {
  const std::string id = FirstOf(deed.event, {"clock", "rule", "clock_id"});
  if (!OneOf(deed.in_state, {"PRESERVED", "EXTENDED"})) return {};
  if (!OneOf(id, {"", "R-CLK-PRES", "R-CLK-PRESDOM"})) return {};
  const Struct* records = ObjectOf(deed.json, "records");
  const Struct* response = records == nullptr ? nullptr : ObjectOf(*records, "response");
  return response == nullptr ? Span{} : Span{TextOf(*response, "from"), TextOf(*response, "until")};
}

void JudgeDeadline(const Deed& deed, absl::Time now, bool named, std::vector<Finding>& findings) {
  const Struct* request = ObjectOf(deed.json, "request");
  const Struct* asked = ObjectOf(deed.event, "deadline");
  if (asked == nullptr && request != nullptr) asked = ObjectOf(*request, "deadline");
  // A deadline without a reason has no weight, and starts no clock.
  if (asked == nullptr || (!named && TextOf(*asked, "reason").empty())) return;
  const auto by = ParseInstant(TextOf(*asked, "at"));
  if (by.ok() && now > *by) Tell("R-CLK-DEADLINE.passed", "request.deadline.at", findings);
}

// An extract without the base block is of the family of its acts.
v1::Family::Code FamilyIn(const Mapped* asked) {
  if (asked == nullptr) return v1::Family::MLA;
  return asked->family_of_acts == v1::Family::UNSPECIFIED ? asked->context.family
                                                          : asked->family_of_acts;
}

// When the state began in which the case waits, as the event says by the act that led there.
std::string SinceIn(const Deed& deed) {
  if (deed.in_state == "RECEIVED") return FirstOf(deed.event, {"received_at", "acknowledged_at"});
  if (deed.in_state == "CONSULTING") {
    return FirstOf(deed.event, {"opened_at", "consultation_opened_at", "consulted_at"});
  }
  return deed.in_state == "POSTPONED" ? FirstOf(deed.event, {"postponed_at"}) : "";
}

// A clock that the event names, from a start that it names or that the case tells.
void JudgeNamedClock(const Deed& deed, v1::Family::Code family, absl::Time now,
                     std::vector<Finding>& findings) {
  std::string id = FirstOf(deed.event, {"clock", "rule", "clock_id"});
  if (id == "R-CLK-DEADLINE") {
    JudgeDeadline(deed, now, true, findings);
    return;
  }
  std::string started =
      FirstOf(deed.event, {"started_at", "started", "start", "since", "from", "sent_at"});
  if (started.empty()) started = SinceIn(deed);
  if (id.empty() && started.empty()) {
    started = FirstOf(deed.event, {"queried_at", "query_at", "status_query_at"});
    if (!started.empty()) id = "R-CLK-STATUS";
  }
  const bool runs = OneOf(deed.in_state, {"ADMITTED", "EXECUTING", "PARTLY_EXECUTED"});
  if (id.empty() && started.empty() && runs) JudgeDeadline(deed, now, false, findings);
  const Struct* request = ObjectOf(deed.json, "request");
  if (started.empty() && request != nullptr && deed.in_state == "SENT") {
    started = FirstOf(*request, {"sent_at"});
  }
  std::string until_said = FirstOf(deed.event, {"until", "due", "due_at", "review_at"});
  if (const Span kept = PreservedIn(deed); started.empty() && !kept.from.empty()) {
    started = kept.from;
    if (until_said.empty()) until_said = kept.to;
  }
  const auto start = ParseInstant(started);
  if (!start.ok()) return;
  const FactClock fact[] = {{id, *start}};
  // A desk is reminded to renew an order before it ends; the rule is about the end.
  const auto end = DueAfter(id, *start);
  const bool ahead = id == "R-CLK-PRESDOM" && end.ok() && now < *end;
  if (!ahead) Append(FactFindings(fact, now), findings);
  const auto until = ParseInstant(until_said);
  for (const Starter& starter : StartersOf(deed.in_state, id)) {
    TimedAct act{starter.act, starter.side, *start};
    if (until.ok()) act.until = *until;
    auto clocks = ClocksOf({act}, family, UrgencyOf(deed), PairPolicy(), now);
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

void JudgeProgress(const Deed& deed, std::vector<Finding>& findings) {
  const Struct& event = deed.event;
  const std::string type = TextOf(event, "type");
  const std::string said = FirstOf(event, {"at", "date"});
  const auto now = ParseInstant(said.empty() ? deed.facts.now : said);
  if (!now.ok()) return;
  if (type == "STATUS_QUERY" && UrgencyOf(deed) < v1::Urgency::URGENT) {
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

void JudgeReview(const Deed& deed, std::vector<Finding>& findings) {
  const Struct& event = deed.event;
  if (TextOf(event, "type") != "POSTPONEMENT_REVIEW") return;
  const std::string at = FirstOf(event, {"reviewed_at", "at"});
  const auto done = ParseInstant(at.empty() ? deed.facts.now : at);
  std::string said = FirstOf(event, {"review_at", "review_was_due", "due_at"});
  if (said.empty()) said = ReviewDateIn(deed.json);
  const auto due = ParseInstant(said);
  if (!due.ok() || !done.ok() || *done < *due + absl::Hours(24)) return;
  Tell("R-PST-02.missed", "event.review_at", findings);
}

void JudgeMissedReview(const Struct& object, const CaseFacts& facts,
                       std::vector<Finding>& findings) {
  const Struct* postponed = ObjectOf(object, "postponement");
  if (postponed == nullptr) return;
  for (const char* name : {"reviewed_at", "resumed_at", "ended_at"}) {
    if (!TextOf(*postponed, name).empty()) return;
  }
  const auto due = ParseInstant(TextOf(*postponed, "review_at")), now = ParseInstant(facts.now);
  if (due.ok() && now.ok() && *now >= *due + absl::Hours(24)) {
    Tell("R-PST-02.missed", "postponement.review_at", findings);
  }
}

Span SpanOf(const Value* value) {
  if (value == nullptr) return {};
  const auto& ends = value->list_value().values();
  if (ends.size() == 2) return {ends[0].string_value(), ends[1].string_value()};
  const Struct& said = value->struct_value();
  return {FirstOf(said, {"valid_from", "from", "issued_at", "start"}),
          FirstOf(said, {"valid_to", "to", "until", "expires_at", "end"})};
}

namespace {

// What has no time of its own lies at the time of the case or later, and so is never too early.
struct Moment {
  absl::Time at;
  bool dated = true;
};
bool IsOutside(const Span& span, const Moment& moment) {
  const auto from = ParseInstant(span.from);
  return (moment.dated && from.ok() && moment.at < *from) || IsAfterEnd(span.to, moment.at);
}

// A measure that was carried through or given up: no leave runs out on it any more.
bool IsDone(const Struct& measure) {
  return HasWords(FirstOf(measure, {"status", "state"}),
                  {"completed", "aborted", "closed", "seized", "executed", "ended", "finished",
                   "done", "cancelled", "withdrawn", "refused", "lapsed", "released"});
}

// When a measure was carried out, as its record says; "" when it does not.
std::string DoneAt(const Struct& measure) {
  return FirstOf(measure, {"executed_at", "carried_out_at", "performed_at", "seized_at",
                           "completed_at", "at", "date"});
}

// The parts of the case that the event executes: the items that it names, the record that it names,
// else all items and what of the records is not done.
std::vector<const Struct*> MeasuresOf(const Deed& deed) {
  std::vector<const Struct*> all;
  const Struct* records = ObjectOf(deed.json, "records");
  const Struct* named =
      records == nullptr ? nullptr : ObjectOf(*records, TextOf(deed.event, "object"));
  if (named != nullptr) return {named};
  const Struct* request = ObjectOf(deed.json, "request");
  const Value* items = request == nullptr ? nullptr : Member(*request, "items");
  const Value* one = Member(deed.event, "item");
  const Value* some = Member(deed.event, "items");
  for (int i = 0; items != nullptr && i < items->list_value().values_size(); ++i) {
    const Struct& item = items->list_value().values(i).struct_value();
    const Value* n = Member(item, "n");
    const double number = n == nullptr ? 0 : n->number_value();
    bool meant = one == nullptr && some == nullptr;
    if (one != nullptr) meant = one->number_value() == number;
    for (int k = 0; some != nullptr && k < some->list_value().values_size(); ++k) {
      meant |= some->list_value().values(k).number_value() == number;
    }
    if (meant) all.push_back(&item);
  }
  if (records == nullptr || one != nullptr || some != nullptr) return all;
  for (const auto& [name, value] : records->fields()) {
    if (!IsDone(value.struct_value())) all.push_back(&value.struct_value());
  }
  return all;
}

// The execution of an item after its warrant.
bool IsOutsideWarrant(const Deed& deed, const Moment& moment) {
  for (const Struct* measure : MeasuresOf(deed)) {
    for (const char* name :
         {"warrant", "authority", "order", "judicial_order", "authorisation", "window"}) {
      if (IsOutside(SpanOf(Member(*measure, name)), moment)) return true;
    }
  }
  return false;
}

bool Executes(const Deed& deed) {
  return OneOf(TextOf(deed.event, "type"),
               {"EXECUTION_STARTED", "EXECUTE", "EXECUTION", "EXECUTION_STEP", kMeasureAct});
}

// Whether an order that ends then leaves a measure without leave in a time that it has told: it
// ends before the window begins, or has ended while the window has not.
bool IsWindowUncovered(const Struct& measure, const std::string& end, absl::Time now) {
  if (Member(measure, "window") == nullptr) return false;
  const Span window = WindowOf(measure);
  const auto begin = ParseInstant(window.from);
  if (begin.ok() && IsAfterEnd(end, *begin)) return true;
  return ParseInstant(window.to).ok() && !IsAfterEnd(window.to, now) && IsAfterEnd(end, now);
}

// The warrant, window or agreement that the event itself names.
Span SpanIn(const Struct& event) {
  Span span{FirstOf(event, {"order_valid_from", "warrant_valid_from", "window_from"}),
            FirstOf(event, {"valid_to", "order_valid_to", "warrant_valid_to", "authority_valid_to",
                            "window_to"})};
  for (const char* name : {"warrant", "order", "authority", "window", "agreement", "mandate"}) {
    const Struct* named = ObjectOf(event, name);
    if (named == nullptr) continue;
    span.from = FirstOf(*named, {"valid_from", "from", "issued_at"});
    span.to = FirstOf(*named, {"valid_to", "to", "until", "expires_at"});
  }
  return span;
}

}  // namespace

void ShapeMeasureAct(const Struct& json, const std::string& in_state, const std::string& said,
                     Struct& event) {
  if (!OneOf(said, {"ACT", "ACTIVITY", "UNDERCOVER_ACT", "TEST_PURCHASE"}) ||
      ObjectOf(json, "operation") != nullptr) {
    return;
  }
  const Struct* records = ObjectOf(json, "records");
  const Struct* measure =
      records == nullptr ? nullptr : ObjectOf(*records, TextOf(event, "object"));
  const bool item = ObjectOf(json, "request") != nullptr && Member(event, "item") != nullptr;
  const bool leave =
      measure != nullptr && TypeOfRecord(*measure) != AssistanceType::UNSPECIFIED &&
      std::any_of(measure->fields().begin(), measure->fields().end(), [](const auto& member) {
        return OneOf(member.first, {"window", "order", "judicial_order", "authority", "warrant",
                                    "authorisation"});
      });
  if (!item && !leave) return;
  // What is under way has begun; else this is its begin.
  const bool begun = OneOf(in_state, {"", "EXECUTING", "PARTLY_EXECUTED"});
  (*event.mutable_fields())["type"].set_string_value(begun ? kMeasureAct : "EXECUTION_STARTED");
}

void JudgeExpired(const Struct& measure, const CaseFacts& facts, std::vector<Finding>& findings) {
  JudgeLegs(measure, facts, findings);
  // What was carried out is judged by the day on which it was.
  const std::string done = DoneAt(measure);
  const auto now = ParseInstant(ParseInstant(done).ok() ? done : facts.now);
  if (done.empty() && IsDone(measure)) return;
  for (const char* name : {"warrant", "authority", "authorisation", "judicial_order", "order"}) {
    const Struct* named = ObjectOf(measure, name);
    if (named == nullptr || !now.ok()) continue;
    const std::string end = SpanOf(Member(measure, name)).to;
    // The order of a delivery, or of a measure that has its time, is its authority; another may
    // have done its work.
    const bool order = std::string_view(name).find("order") != std::string_view::npos;
    const bool over =
        order && !HasLegs(measure) ? IsWindowUncovered(measure, end, *now) : IsAfterEnd(end, *now);
    if (over) Tell("R-AUTH-03.order", std::string(name), findings);
  }
}

bool JudgeWindow(const Deed& deed, std::vector<Finding>& findings) {
  // A task of an operation has a rule of its own.
  const std::string type = TextOf(deed.event, "type");
  if (IsTask(type)) return false;
  const bool live = IsGoingLive(deed.event);
  const auto at = ParseInstant(FirstOf(deed.event, {"at", "date", "executed_at", "started_at"}));
  const auto now = ParseInstant(deed.facts.now);
  if (!at.ok() && !now.ok()) return false;
  const Moment moment{at.ok() ? *at : *now, at.ok()};
  bool missed = Executes(deed) && IsOutsideWarrant(deed, moment);
  if (at.ok()) {
    missed |= (live && IsOutsideDelivery(deed.json, *at)) ||
              (type == kDeliveryNote && IsOutsideLeg(deed.json, deed.event, *at));
  } else {
    missed |= live && IsDeliveryOver(deed.json, *now);
  }
  const bool judged = at.ok() || Executes(deed);
  if (!missed && !(judged && IsOutside(SpanIn(deed.event), moment))) return false;
  Tell("R-AUTH-03.order", at.ok() ? "event.at" : "event", findings);
  return true;
}

bool IsGoingLive(const Struct& event) {
  constexpr std::string_view kLive = "LIVE";
  const std::string type = TextOf(event, "type");
  const auto words = WordsIn(type);
  const bool named = !words.empty() && words.back() == "live" && !HasWords(type, {"not", "no"});
  return named || TextOf(event, "to") == kLive || type == "START_DELIVERY";
}

bool JudgeTime(const Deed& deed, const Mapped* asked, std::vector<Finding>& findings) {
  if (!OneOf(TextOf(deed.event, "type"),
             {"TICK", "CLOCK", "CLOCK_TICK", "TIME", "TIME_PASSES", "ELAPSED", "TIMEOUT", "EXPIRY",
              "CLOCK_EXPIRED", "SILENCE", "NO_ANSWER", "REVIEW_MISSED", "REVIEW_DUE", "SYS"})) {
    return false;
  }
  const absl::Time now = MomentOf(deed);
  std::string review_at = FirstOf(deed.event, {"review_at", "review_due"});
  const bool named = !FirstOf(deed.event, {"clock", "rule", "clock_id", "made_at"}).empty();
  if (review_at.empty() && !named) review_at = ReviewDateIn(deed.json);
  const auto review = ParseInstant(review_at);
  auto oral = ParseInstant(FirstOf(deed.event, {"made_at", "oral_at", "noted_at"}));
  if (!oral.ok() && deed.in_state == "ORAL_UNCONFIRMED") {
    oral = ParseInstant(FirstOf(deed.event, {"started_at", "started", "start", "since"}));
  }
  if (!oral.ok()) oral = ParseInstant(OralNoteOf(deed));
  if (review.ok()) {
    if (now > *review) Tell("R-PST-02.missed", "event.review_at", findings);
  } else if (oral.ok()) {
    if (now > *oral + kOralConfirmation) Tell("R-MLA-14O.unconfirmed", "event", findings);
  } else {
    JudgeNamedClock(deed, FamilyIn(asked), now, findings);
  }
  return true;
}

}  // namespace palermo::casework
