// What a request must hold: UNTOC 18(15) and the base block of every written request.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Request;
using v1::Urgency;

constexpr size_t kSha256HexLetters = 64;

const Request* FormalRequestIn(const RuleInput& in) {
  return IsFormal(in.context.family) ? RequestIn(in) : nullptr;
}

void Check15A(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->requesting_authority())) return;
  report.Error("request.requesting_authority", "the authority making the request is missing",
               "name the requesting authority");
}

void Check15B(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  const auto& proceeding = r->proceeding();
  if (IsBlank(proceeding.nature()) && IsBlank(proceeding.subject_matter())) {
    report.Error("request.proceeding.nature", "the subject matter and nature are missing",
                 "say what the investigation or proceeding is about");
  }
  if (IsBlank(proceeding.conducting_authority().name())) {
    report.Error("request.proceeding.conducting_authority.name",
                 "the name of the conducting authority is missing",
                 "name the authority that conducts the proceeding");
  }
  if (IsBlank(proceeding.conducting_authority().function())) {
    report.Error("request.proceeding.conducting_authority.function",
                 "the functions of the conducting authority are missing",
                 "say what it does, for example investigating prosecutor");
  }
}

void Check15C(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->facts_summary())) return;
  const auto& items = r->items();
  const bool service_only =
      !items.empty() && std::all_of(items.begin(), items.end(), [](const v1::Item& item) {
        return item.type() == AssistanceType::SERVE_DOCUMENT;
      });
  if (service_only) return;
  report.Error("request.facts_summary", "the summary of the relevant facts is missing",
               "summarise the facts; only pure service of documents goes without");
}

void Check15D(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  if (r->items().empty()) {
    report.Error("request.items", "the assistance sought is missing", "add at least one item");
  }
  for (int i = 0; i < r->items_size(); ++i) {
    if (!IsBlank(r->items(i).description())) continue;
    report.Error(At("request.items", i, "description"), "the assistance sought is not described",
                 "describe what is asked for");
  }
}

bool IsIdentified(const v1::Person& person) {
  return !IsBlank(person.name()) || !IsBlank(person.nationality()) || !IsBlank(person.location()) ||
         !IsBlank(person.description()) || !IsBlank(person.registration_no()) || person.sealed();
}

void Check15E(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  const auto& persons = r->persons();
  if (std::any_of(persons.begin(), persons.end(), IsIdentified)) return;
  // Whoever holds the property or the account is a person concerned, too.
  const auto& items = r->items();
  if (std::any_of(items.begin(), items.end(), [](const v1::Item& item) {
        return !IsBlank(item.property().holder()) || !IsBlank(item.address());
      })) {
    return;
  }
  report.Warning("request.persons", "no person's identity, location or nationality is given",
                 "add what is known, or say why it is not");
}

void Check15F(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->purpose())) return;
  report.Error("request.purpose", "the purpose is missing",
               "say for what the evidence, information or action is sought");
}

void CheckItemNumbers(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  std::set<uint32_t> seen;
  for (int i = 0; i < r->items_size(); ++i) {
    const uint32_t n = r->items(i).n();
    if (n != 0 && seen.insert(n).second) continue;
    report.Error(At("request.items", i, "n"),
                 n == 0 ? "the item has no number" : absl::StrFormat("item %u occurs twice", n),
                 "number the items 1, 2, 3");
  }
}

void CheckItemTypes(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const auto type = r->items(i).type();
    if (type != AssistanceType::UNSPECIFIED && AssistanceType::Code_IsValid(type)) continue;
    report.Error(At("request.items", i, "type"), "the type of assistance is missing or not known",
                 "name the type, for example TAKE_EVIDENCE");
  }
}

bool IsDateOrEmpty(const std::string& text) { return text.empty() || ParseInstant(text).ok(); }

void CheckPeriods(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const std::string &from = r->items(i).period_from(), &to = r->items(i).period_to();
    if (from.empty() && to.empty()) continue;
    const auto begin = ParseInstant(from), end = ParseInstant(to);
    if ((!from.empty() && !begin.ok()) || (!to.empty() && !end.ok())) {
      report.Error(At("request.items", i), "the period's beginning or end is no ISO 8601 date",
                   "write it as 2026-06-15");
    } else if (begin.ok() && end.ok() && *begin > *end) {
      report.Error(At("request.items", i), "the period ends before it begins",
                   "exchange period_from and period_to");
    }
  }
}

constexpr std::string_view kStages[] = {
    "PRELIMINARY", "INVESTIGATION", "PROSECUTION", "TRIAL",
    "APPEAL",      "CONFISCATION",  "ENFORCEMENT", "ADMINISTRATIVE_RELATED"};

void CheckStage(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->proceeding().stage().empty()) return;
  if (std::find(std::begin(kStages), std::end(kStages), r->proceeding().stage()) !=
      std::end(kStages)) {
    return;
  }
  report.Error("request.proceeding.stage", "the stage is not known",
               "use PRELIMINARY, INVESTIGATION, PROSECUTION, TRIAL, APPEAL, CONFISCATION, "
               "ENFORCEMENT or ADMINISTRATIVE_RELATED");
}

void CheckUrgencyReason(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || in.context.urgency <= Urgency::ROUTINE) return;
  if (!IsBlank(r->urgency_reason())) return;
  report.Error("request.urgency_reason",
               absl::StrFormat("urgency %s has no reason", UrgencyName(in.context.urgency)),
               "give the reason, for example TRIAL_DATE, or send it as ROUTINE");
}

void CheckTranslation(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->translation_of_sha256().empty()) return;
  const bool good = r->translation_of_sha256().size() == kSha256HexLetters &&
                    HexDecode(r->translation_of_sha256()).ok();
  if (good) return;
  report.Error("request.translation_of_sha256", "this is no SHA-256 in lower-case hex",
               "give the 64 letters of the translated document's hash");
}

void CheckDeadlineDate(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || IsDateOrEmpty(r->deadline().at())) return;
  report.Error("request.deadline.at", "the deadline is no ISO 8601 date", "write it as 2026-06-15");
}

void CheckDeadline(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->deadline().at().empty()) return;
  if (IsBlank(r->deadline().reason())) {
    report.Warning("request.deadline.reason",
                   "a deadline without a reason need not be taken into account",
                   "give the reason, for example the date of a hearing");
  }
  const auto at = ParseInstant(r->deadline().at());
  const auto now = ParseInstant(in.context.now_iso8601_date);
  if (at.ok() && now.ok() && *at < *now) {
    report.Warning("request.deadline.at", "the deadline has passed", "set a later date");
  }
}

constexpr Rule kRules[] = {
    {{"R-MLA-15A", "E", "UNTOC 18(15)(a)", "the requesting authority is missing"}, Check15A},
    {{"R-MLA-15B", "E", "UNTOC 18(15)(b)",
      "subject and nature of the proceeding, or the conducting authority's name or function, are "
      "missing"},
     Check15B},
    {{"R-MLA-15C", "E", "UNTOC 18(15)(c)",
      "the facts are missing, unless all items are service of documents"},
     Check15C},
    {{"R-MLA-15D", "E", "UNTOC 18(15)(d)", "there is no item, or an item is not described"},
     Check15D},
    {{"R-MLA-15E", "W", "UNTOC 18(15)(e)",
      "no person's identity, location or nationality is given"},
     Check15E},
    {{"R-MLA-15F", "E", "UNTOC 18(15)(f)", "the purpose is missing"}, Check15F},
    {{"R-GEN-01", "E", "UNTOC 18(3)", "an item has no number, or two have the same"},
     CheckItemNumbers},
    {{"R-GEN-01", "E", "UNTOC 18(3)", "an item's type is missing or not known"}, CheckItemTypes},
    {{"R-GEN-01", "E", "", "an item's period is no date, or ends before it begins"}, CheckPeriods},
    {{"R-GEN-01", "E", "UNTOC 18(15)(b)", "the stage of the proceeding is not known"}, CheckStage},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "an urgency above ROUTINE has no reason"},
     CheckUrgencyReason},
    {{"R-GEN-01", "E", "UNTOC 18(14)", "the translation's hash is no SHA-256"}, CheckTranslation},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "the deadline is no date"}, CheckDeadlineDate},
    {{"R-CLK-DEADLINE", "W", "UNTOC 18(24)", "a deadline has no reason, or has passed"},
     CheckDeadline},
};

}  // namespace

std::span<const Rule> RequestRules() { return kRules; }

}  // namespace palermo::casework
