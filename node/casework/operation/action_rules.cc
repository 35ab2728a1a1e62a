#include "node/casework/operation/action_rules.h"

#include <unicode/timezone.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "node/casework/field_words.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/operation/record_rules.h"
#include "node/casework/operation/rules.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using Findings = std::vector<Finding>;

constexpr absl::Duration kPromptly = absl::Hours(24);  // policy

// Collects what is wrong under one path.
class Check {
 public:
  explicit Check(std::string at) : at_(std::move(at)) {}

  void Tell(std::string_view key, std::string_view field) {
    casework::Tell(key, Cat({at_, ".", field}), findings_);
  }
  void Need(bool there, std::string_view field) {
    if (!there) Tell("R-GEN-01.record_field", field);
  }
  void Needs(const std::string& text, std::string_view field) { Need(!IsBlank(text), field); }
  void State(const std::string& state) {
    if (!IsStateCode(state)) Tell("R-GEN-01.state_code", "state");
  }
  // A time that can be read, or none.
  std::optional<absl::Time> Time(const std::string& text, std::string_view field) {
    if (text.empty()) return std::nullopt;
    const auto time = ParseInstant(text);
    if (!time.ok()) Tell("R-GEN-01.sighting", field);
    return time.ok() ? std::optional(*time) : std::nullopt;
  }
  // Too many parts of a kind are one finding, however many.
  bool Fits(std::initializer_list<int> sizes) {
    const bool fits =
        std::all_of(sizes.begin(), sizes.end(), [](int size) { return size <= kMaxRepeatedParts; });
    if (!fits) casework::Tell("R-GEN-01.record_size", at_, findings_, RecordSizes());
    return fits;
  }
  void Token(const std::string& token) {
    if (!token.empty() && !IsPersonToken(token)) Tell("R-GEN-01.token", "token");
  }
  void Add(Findings more) { findings_.insert(findings_.end(), more.begin(), more.end()); }
  const std::string& at() const { return at_; }
  Findings Take() { return std::move(findings_); }

 private:
  const std::string at_;
  Findings findings_;
};

bool IsLowerHex(const std::string& text, size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

// The zone of that name in the tz database; null without one.
std::unique_ptr<icu::TimeZone> ZoneOf(const std::string& name) {
  std::unique_ptr<icu::TimeZone> known(
      icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  if (known != nullptr && *known == icu::TimeZone::getUnknown()) known.reset();
  return known;
}

// Whether clocks in the zone show this offset at that moment; in a zone that is not known, any.
bool IsOffsetOf(const std::string& zone, absl::Time at, int offset_seconds) {
  const std::unique_ptr<icu::TimeZone> known = ZoneOf(zone);
  if (known == nullptr) return true;
  int32_t raw = 0, summer = 0;
  UErrorCode error = U_ZERO_ERROR;
  known->getOffset(static_cast<UDate>(absl::ToUnixMillis(at)), false, raw, summer, error);
  constexpr int kMillis = 1000;
  return U_SUCCESS(error) != 0 && (raw + summer) / kMillis == offset_seconds;
}

// What stands at the end of "2026-06-17T05:00:00+01:00"; nothing for a time without its zone.
std::optional<int> OffsetIn(const std::string& text) {
  constexpr size_t kOffset = 6;
  if (text.ends_with("Z")) return 0;
  if (text.size() < kOffset) return std::nullopt;
  const std::string end = text.substr(text.size() - kOffset);
  const bool form = (end[0] == '+' || end[0] == '-') && end[3] == ':';
  const auto digit = [&](size_t i) { return end[i] >= '0' && end[i] <= '9'; };
  if (!form || !digit(1) || !digit(2) || !digit(4) || !digit(5)) return std::nullopt;
  const int hours = (end[1] - '0') * 10 + (end[2] - '0');
  const int minutes = (end[4] - '0') * 10 + (end[5] - '0');
  return (end[0] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
}

bool IsWarrantOver(const std::string& end, const std::string& now) {
  const auto at = ParseInstant(now);
  return at.ok() && IsAfterEnd(end, *at);
}

void CheckWarrants(const v1::TargetSheet& sheet, const std::string& now, Check& check) {
  if (sheet.warrants().empty()) check.Tell("R-AUTH-03.no_warrant", "warrants");
  for (int i = 0; i < sheet.warrants_size(); ++i) {
    const v1::TaskAuthority& warrant = sheet.warrants(i);
    const auto from = ParseInstant(warrant.valid_from()), to = ParseInstant(warrant.valid_to());
    const bool read =
        (warrant.valid_from().empty() || from.ok()) && (warrant.valid_to().empty() || to.ok());
    const bool turned = IsReversed(warrant.valid_from(), warrant.valid_to());
    if (IsBlank(warrant.ref()) || !read || turned || IsWarrantOver(warrant.valid_to(), now)) {
      check.Tell("R-AUTH-03.warrant", At("warrants", i));
    }
  }
}

void CheckTimed(const v1::TimedTarget& timed, bool zones, Check& check) {
  check.Needs(timed.target(), "target");
  check.State(timed.state());
  check.Need(!timed.start_utc().empty() || !IsBlank(timed.trigger()), "start_utc");
  check.Needs(timed.latest_start_utc(), "latest_start_utc");
  check.Needs(timed.fallback(), "fallback");
  const auto start = check.Time(timed.start_utc(), "start_utc");
  const auto latest = check.Time(timed.latest_start_utc(), "latest_start_utc");
  if (start && latest && *latest < *start) check.Tell("R-GEN-01.latest_start", "latest_start_utc");
  if (timed.start_utc().empty()) return;
  check.Needs(timed.local_tz(), "local_tz");
  check.Needs(timed.local_start(), "local_start");
  // The zones change; the moment stands in UTC, and by the unit's clock with its offset.
  if (zones && !IsBlank(timed.local_tz()) && !IsTimeZone(timed.local_tz())) {
    check.Tell("R-GEN-01.time_zone", "local_tz");
  }
  const auto local = check.Time(timed.local_start(), "local_start");
  if (!start || !local || IsBlank(timed.local_tz())) return;
  const auto offset = OffsetIn(timed.local_start());
  const bool same = offset.has_value() && *local == *start;
  if (!same || (zones && !IsOffsetOf(timed.local_tz(), *start, *offset))) {
    check.Tell("R-GEN-01.local_time", "local_start");
  }
}

bool IsOfMoney(const std::string& kind) {
  return OneOf(kind, {"ASSETS_CONFISCATED", "ASSETS_RETURNED", "VICTIM_COMPENSATED"});
}

}  // namespace

bool IsTimeZone(const std::string& name) { return ZoneOf(name) != nullptr; }

Findings CheckTarget(const v1::TargetSheet& sheet, const std::string& now, const std::string& at) {
  Check check(at);
  if (!check.Fits({sheet.warrants_size(), sheet.danger_size()})) return check.Take();
  check.Needs(sheet.id(), "id");
  check.Needs(sheet.pseudonym(), "pseudonym");
  check.State(sheet.state());
  check.Token(sheet.token());
  const bool sealed = !sheet.sealed_message().empty() || sheet.sealed_compartment() != 0 ||
                      !sheet.sealed_ref().empty();
  if (sealed && (!IsLowerHex(sheet.sealed_message(), limits::kOperationIdChars) ||
                 sheet.sealed_compartment() == 0 || IsBlank(sheet.sealed_ref()))) {
    check.Tell("R-GEN-01.sealed_at", "sealed_message");
  }
  Findings graded;
  CheckEvaluation(sheet.has_evaluation() ? &sheet.evaluation() : nullptr, "", at, graded);
  check.Add(std::move(graded));
  CheckWarrants(sheet, now, check);
  check.Need(!sheet.danger().empty(), "danger");
  const auto& danger = sheet.danger();
  if (std::find(danger.begin(), danger.end(), "OTHER") != danger.end()) {
    check.Needs(sheet.danger_note(), "danger_note");
  }
  if (!sheet.has_juveniles_present()) check.Tell("R-HR-08.unsaid", "juveniles_present");
  if (sheet.juveniles_present() && SaysNothing(sheet.juvenile_plan())) {
    check.Tell("R-HR-08.plan", "juvenile_plan");
  }
  if (sheet.juvenile() && SaysNothing(sheet.guardian()) && SaysNothing(sheet.juvenile_plan())) {
    check.Tell("R-HR-08.juvenile", "juvenile");
  }
  return check.Take();
}

Findings CheckTimetable(const v1::ArrestTimetable& table, bool zones, const std::string& at) {
  Check check(at);
  if (!check.Fits({table.targets_size()})) return check.Take();
  check.Needs(table.group(), "group");
  check.Needs(table.decision(), "decision");
  check.Need(!table.targets().empty(), "targets");
  std::optional<absl::Time> first, last;
  for (int i = 0; i < table.targets_size(); ++i) {
    Check one(At(Cat({at, ".targets"}), i));
    CheckTimed(table.targets(i), zones, one);
    check.Add(one.Take());
    const auto start = ParseInstant(table.targets(i).start_utc());
    if (!start.ok()) continue;
    first = first ? std::min(*first, *start) : *start;
    last = last ? std::max(*last, *start) : *start;
  }
  if (first && *last - *first > absl::Minutes(std::max<uint32_t>(table.within_minutes(), 1))) {
    check.Tell("R-GEN-01.together", "within_minutes");
  }
  return check.Take();
}

Findings CheckForce(const v1::ForceReport& force, const std::string& recorded_at,
                    const std::string& at) {
  Check check(at);
  if (!check.Fits({force.means_size(), force.casualties_size()})) return check.Take();
  check.Needs(force.id(), "id");
  check.State(force.state());
  check.Needs(force.at(), "at");
  check.Need(!force.means().empty(), "means");
  check.Needs(force.reason(), "reason");
  uint64_t hurt = 0, injured = 0;
  for (int i = 0; i < force.casualties_size(); ++i) {
    const v1::Casualties& some = force.casualties(i);
    injured += some.injured();
    hurt += uint64_t{some.injured()} + some.dead();
    check.Needs(some.who(), At("casualties", i, "who"));
  }
  if (injured > 0) check.Needs(force.medical(), "medical");
  const auto& means = force.means();
  const bool shot = std::find(means.begin(), means.end(), "FIREARM_FIRED") != means.end();
  if ((hurt > 0 || shot) && SaysNothing(force.review_ref())) {
    check.Tell("R-GEN-01.review", "review_ref");
  }
  const auto happened = check.Time(force.at(), "at");
  const auto recorded = ParseInstant(recorded_at);
  if (happened && recorded.ok() && *recorded - *happened > kPromptly) {
    check.Tell("R-GEN-03.late", "at");
  }
  return check.Take();
}

Findings CheckMedia(const v1::MediaLine& media, const std::string& at) {
  Check check(at);
  if (!check.Fits({media.figures_size()})) return check.Take();
  check.Needs(media.text(), "text");
  if (!IsLanguageTag(media.language())) check.Tell("R-GEN-01.language", "language");
  check.Time(media.embargo_until(), "embargo_until");
  if (media.text().find("hmac:") != std::string::npos) {
    check.Tell("R-SEAL-02.media_token", "text");
  }
  for (int i = 0; i < media.figures_size(); ++i) {
    const v1::CounterValue& figure = media.figures(i);
    // Under another name a small number of persons would not be known as one.
    if (FindCounter(figure.counter()) == nullptr) {
      check.Tell("R-GEN-01.enum", At("figures", i, "counter"));
    }
    if (!CountsPersons(figure.counter())) continue;
    check.Add(CheckCell(static_cast<double>(figure.value()), At(Cat({at, ".figures"}), i)));
  }
  return check.Take();
}

Findings CheckOutcome(const v1::OutcomeEntry& outcome, const std::string& at) {
  Check check(at);
  const std::string& kind = outcome.kind();
  check.Needs(kind, "kind");
  check.Time(outcome.at(), "at");
  check.Token(outcome.token());
  const bool amount = outcome.minor() != 0 || !outcome.ccy().empty();
  const bool sound = outcome.minor() > 0 && outcome.ccy().size() == 3;
  if (IsOfMoney(kind) ? !sound : amount) check.Tell("R-GEN-01.amount", "minor");
  if (OneOf(kind, {"REQUEST_SENT", "REQUEST_EXECUTED", "REQUEST_REFUSED"})) {
    check.Needs(outcome.ref(), "ref");
  }
  if (OneOf(kind, {"PERSON_CHARGED", "PERSON_PROSECUTED", "PERSON_CONVICTED"})) {
    check.Needs(outcome.token(), "token");
  }
  if (!outcome.token().empty() && outcome.n() > 1) check.Tell("R-GEN-01.count", "n");
  return check.Take();
}

// --- The tables that CheckBody runs: what their author is asked

namespace {

constexpr char kOfRecord[] = "operation_record";

void SayAll(const Findings& findings, Report& report) {
  for (const Finding& f : findings) report.Say(f.key, f.field, f.args);
}

void CheckTargetRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_target()) return;
  const std::string at = Cat({kOfRecord, ".target"});
  const std::string& now = NowText(in.context);
  SayAll(CheckTarget(r.target(), now, at), report);
  CheckWordsIn("TargetSheet", "danger", r.target().danger(), at, report);
}
void CheckTimetableRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_timetable()) {
    SayAll(CheckTimetable(r.timetable(), true, Cat({kOfRecord, ".timetable"})), report);
  }
}
void CheckForceRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_force()) return;
  const std::string at = Cat({kOfRecord, ".force"});
  SayAll(CheckForce(r.force(), in.context.now, at), report);
  CheckWordsIn("ForceReport", "means", r.force().means(), at, report);
  const int casualties = std::min(r.force().casualties_size(), kMaxRepeatedParts);
  for (int i = 0; i < casualties; ++i) {
    if (IsWordOf("Casualties", "who", r.force().casualties(i).who())) continue;
    SayWord("Casualties", "who", At(Cat({at, ".casualties"}), i, "who"), report);
  }
}
void CheckMediaRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_media()) SayAll(CheckMedia(r.media(), Cat({kOfRecord, ".media"})), report);
}
void CheckOutcomeRecord(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (r.has_outcome()) {
    const std::string at = Cat({kOfRecord, ".outcome"});
    SayAll(CheckOutcome(r.outcome(), at), report);
    CheckWordIn("OutcomeEntry", "kind", r.outcome().kind(), at, report);
  }
  if (!r.has_victim()) return;
  const std::string at = Cat({kOfRecord, ".victim"});
  CheckWordIn("VictimRecord", "sex", r.victim().sex(), at, report);
  CheckWordIn("VictimRecord", "age_band", r.victim().age_band(), at, report);
  if (!r.victim().nationality().empty() && !IsStateCode(r.victim().nationality())) {
    report.Say("R-GEN-01.state_code", Cat({at, ".nationality"}));
  }
}

constexpr Rule kOperationActionRules[] = {
    {{"R-HR-08, R-INT-01, R-INT-02, R-AUTH-03, R-GEN-01", "E/I", "ICCPR 14(4)",
      "a target sheet does not say whether children may be present or what is done for them; it "
      "has no evaluation, or a warrant that is over; no warrant (I)"},
     CheckTargetRecord},
    {{"R-GEN-01", "E/I", "2AP 20(3)",
      "a timetable of arrests has no decision, latest start or fallback; its local time is another "
      "moment than UTC; a group does not start together; the tz database has no such zone (I)"},
     CheckTimetableRecord},
    {{"R-GEN-01, R-GEN-03", "E/I", "",
      "a report on use of force says no id, means, reason or help for the injured; it names no "
      "review, or comes more than a day later (I)"},
     CheckForceRecord},
    {{"R-SEAL-02, R-STAT-02, R-GEN-01", "E/W", "TIP 6(1)",
      "a text for the media holds a token of a person, an unknown counter or a figure of persons "
      "below five (W)"},
     CheckMediaRecord},
    {{"R-GEN-01", "E", "",
      "an outcome has no amount, reference or token that its kind needs; a word of no list"},
     CheckOutcomeRecord},
};

}  // namespace

std::span<const Rule> OperationActionRules() { return kOperationActionRules; }

}  // namespace palermo::casework
