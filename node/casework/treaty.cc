#include "node/casework/treaty.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

std::pair<std::string, std::string> PairOf(const std::string& a, const std::string& b) {
  return a < b ? std::pair{a, b} : std::pair{b, a};
}

absl::Time FirstOfMonthAfter(absl::Time from, int months) {
  const auto day = absl::ToCivilDay(from, absl::UTCTimeZone());
  const absl::CivilMonth month = absl::CivilMonth(day) + months + 1;
  return absl::FromCivil(absl::CivilDay(month), absl::UTCTimeZone());
}

absl::Time MonthsAfter(absl::Time from, int months) {
  const auto day = absl::ToCivilDay(from, absl::UTCTimeZone());
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  // The 29th of February a year later is the last of that February.
  const int last = (absl::CivilDay(month + 1) - 1).day();
  return absl::FromCivil(absl::CivilDay(month.year(), month.month(), std::min(day.day(), last)),
                         absl::UTCTimeZone());
}

}  // namespace

absl::Time EntryIntoForce(const InstrumentRule& rule, absl::Time deposited) {
  const absl::Time counted = rule.entry_months > 0 ? FirstOfMonthAfter(deposited, rule.entry_months)
                                                   : deposited + absl::Hours(24 * rule.entry_days);
  return std::max(counted, rule.own_entry);
}

absl::Time EndAfterDenunciation(const InstrumentRule& rule, absl::Time received) {
  return rule.entry_months > 0 ? FirstOfMonthAfter(received, rule.denunciation_months)
                               : MonthsAfter(received, rule.denunciation_months);
}

void TreatyStatus::SetRule(const std::string& instrument, InstrumentRule rule) {
  rules_[instrument] = std::move(rule);
}
void TreatyStatus::SetParty(const std::string& instrument, const std::string& state,
                            PartyStatus status) {
  parties_[instrument][state] = std::move(status);
}
void TreatyStatus::AddBilateral(const std::string& a, const std::string& b, Bilateral treaty) {
  bilaterals_[PairOf(a, b)].push_back(std::move(treaty));
}
void TreatyStatus::AllowReciprocity(const std::string& state) { reciprocity_.push_back(state); }

const InstrumentRule* TreatyStatus::RuleOf(const std::string& instrument) const {
  const auto found = rules_.find(instrument);
  return found == rules_.end() ? nullptr : &found->second;
}

const PartyStatus* TreatyStatus::Find(const std::string& instrument,
                                      const std::string& state) const {
  const auto list = parties_.find(instrument);
  if (list == parties_.end()) return nullptr;
  const auto found = list->second.find(state);
  return found == list->second.end() ? nullptr : &found->second;
}

bool TreatyStatus::Knows(const std::string& instrument) const {
  return parties_.count(instrument) > 0 || rules_.count(instrument) > 0;
}

StatusKind TreatyStatus::KindAt(const std::string& instrument, const std::string& state,
                                absl::Time at) const {
  const PartyStatus* status = Find(instrument, state);
  if (status == nullptr) return StatusKind::kNotParty;
  if (status->kind == StatusKind::kSigned || status->kind == StatusKind::kNotParty) {
    return status->kind;
  }
  const InstrumentRule* rule = RuleOf(instrument);
  if (rule != nullptr && at < rule->own_entry) return StatusKind::kSigned;
  if (at >= status->until) return StatusKind::kDenounced;
  if (at < status->in_force) return StatusKind::kNotParty;
  // A protocol binds parties of its parent only; the parent's denunciation drags it along.
  if (rule != nullptr && !rule->parent.empty() && Knows(rule->parent)) {
    return KindAt(rule->parent, state, at);
  }
  return StatusKind::kParty;
}

bool TreatyStatus::InForce(const std::string& instrument, const std::string& state,
                           absl::Time at) const {
  return KindAt(instrument, state, at) == StatusKind::kParty;
}

bool TreatyStatus::InForceForNobody(const std::string& instrument, absl::Time at) const {
  const auto list = parties_.find(instrument);
  if (list == parties_.end()) return true;
  return std::none_of(list->second.begin(), list->second.end(),
                      [&](const auto& entry) { return InForce(instrument, entry.first, at); });
}

bool TreatyStatus::HasReservation(const std::string& instrument, const std::string& state,
                                  const std::string& article) const {
  const PartyStatus* status = Find(instrument, state);
  return status != nullptr && std::find(status->reservations.begin(), status->reservations.end(),
                                        article) != status->reservations.end();
}

const Bilateral* TreatyStatus::FindBilateral(const std::string& a, const std::string& b,
                                             const std::string& kind, absl::Time at) const {
  const auto list = bilaterals_.find(PairOf(a, b));
  if (list == bilaterals_.end()) return nullptr;
  for (const Bilateral& treaty : list->second) {
    const bool covers = kind.empty() || treaty.kind.empty() || treaty.kind == kind;
    if (covers && at >= treaty.in_force && at < treaty.until) return &treaty;
  }
  return nullptr;
}

bool TreatyStatus::AllowsReciprocity(const std::string& state) const {
  return std::find(reciprocity_.begin(), reciprocity_.end(), state) != reciprocity_.end();
}

std::vector<absl::Time> TreatyStatus::ChangesAfter(absl::Time after) const {
  std::vector<absl::Time> changes;
  const auto add = [&](absl::Time t) {
    if (t > after && t != absl::InfiniteFuture()) changes.push_back(t);
  };
  for (const auto& [instrument, list] : parties_) {
    for (const auto& [state, status] : list) {
      if (status.kind == StatusKind::kSigned || status.kind == StatusKind::kNotParty) continue;
      add(status.in_force);
      add(status.until);
    }
  }
  for (const auto& [pair, list] : bilaterals_) {
    for (const Bilateral& treaty : list) add(treaty.in_force), add(treaty.until);
  }
  std::sort(changes.begin(), changes.end());
  changes.erase(std::unique(changes.begin(), changes.end()), changes.end());
  return changes;
}

// --- CSV

namespace {

using Fields = std::vector<std::string>;

absl::Status BadLine(int line, std::string_view why) {
  return InputError("BAD_CSV", absl::StrFormat("treaty status, line %d: %s; see "
                                               "docs/formats/treaty-status.md",
                                               line, why));
}

// An empty field keeps `*out`.
absl::Status TakeDate(const Fields& f, size_t i, int line, absl::Time* out) {
  if (i >= f.size() || f[i].empty()) return absl::OkStatus();
  const auto time = ParseInstant(f[i]);
  if (!time.ok()) return BadLine(line, absl::StrFormat("field %d is no date", i + 1));
  *out = *time;
  return absl::OkStatus();
}

absl::Status TakeSpan(const Fields& f, size_t i, int line, char unit, int* out) {
  if (i >= f.size() || f[i].empty() || f[i].back() != unit) return absl::OkStatus();
  int n = 0;
  if (!absl::SimpleAtoi(f[i].substr(0, f[i].size() - 1), &n) || n < 0 || n > 1200) {
    return BadLine(line, "a span is a number and D or M: 30D, 12M");
  }
  *out = n;
  return absl::OkStatus();
}

absl::Status AddInstrument(const Fields& f, int line, TreatyStatus& out) {
  if (f.size() < 4 || f[1].empty()) return BadLine(line, "an instrument has a code and two spans");
  InstrumentRule rule;
  PALERMO_RETURN_IF_ERROR(TakeSpan(f, 2, line, 'D', &rule.entry_days));
  PALERMO_RETURN_IF_ERROR(TakeSpan(f, 2, line, 'M', &rule.entry_months));
  PALERMO_RETURN_IF_ERROR(TakeSpan(f, 3, line, 'M', &rule.denunciation_months));
  if (f.size() > 4) rule.parent = f[4];
  if (f.size() > 5 && f[5] == "NEVER") {
    rule.own_entry = absl::InfiniteFuture();
  } else {
    PALERMO_RETURN_IF_ERROR(TakeDate(f, 5, line, &rule.own_entry));
  }
  out.SetRule(f[1], std::move(rule));
  return absl::OkStatus();
}

absl::Status AddParty(const Fields& f, int line, TreatyStatus& out) {
  if (f.size() < 4 || f[1].empty() || f[2].empty()) {
    return BadLine(line, "a party has instrument, state and kind");
  }
  constexpr std::string_view kBinding[] = {"RATIFIED", "ACCEDED",     "SUCCEEDED", "ACCEPTED",
                                           "APPROVED", "PROVISIONAL", "DENOUNCED"};
  PartyStatus status;
  if (f[3] == "SIGNED") {
    status.kind = StatusKind::kSigned;
  } else if (std::find(std::begin(kBinding), std::end(kBinding), f[3]) != std::end(kBinding)) {
    status.kind = StatusKind::kParty;
  } else if (f[3] != "NOT_PARTY") {
    return BadLine(line, "this kind of status is not known");
  }
  const InstrumentRule* rule = out.RuleOf(f[1]);
  if (rule == nullptr) return BadLine(line, "the instrument has no INSTRUMENT line before");
  absl::Time deposited = absl::InfiniteFuture(), denounced = absl::InfiniteFuture();
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 4, line, &deposited));
  if (deposited != absl::InfiniteFuture()) status.in_force = EntryIntoForce(*rule, deposited);
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 5, line, &status.in_force));
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 6, line, &denounced));
  if (denounced != absl::InfiniteFuture()) status.until = EndAfterDenunciation(*rule, denounced);
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 7, line, &status.until));
  if (status.kind == StatusKind::kParty && status.in_force == absl::InfiniteFuture() &&
      deposited == absl::InfiniteFuture()) {
    return BadLine(line, "a binding status needs the day of deposit or of entry into force");
  }
  if (status.until <= status.in_force && status.until != absl::InfiniteFuture()) {
    return BadLine(line, "the status ends before it begins");
  }
  if (f.size() > 8 && !f[8].empty()) {
    status.reservations = std::vector<std::string>(absl::StrSplit(f[8], ';', absl::SkipEmpty()));
  }
  out.SetParty(f[1], f[2], std::move(status));
  return absl::OkStatus();
}

absl::Status AddPair(const Fields& f, int line, TreatyStatus& out) {
  if (f.size() < 5 || f[1].empty() || f[3].empty() || f[4].empty() || f[3] == f[4]) {
    return BadLine(line, "a bilateral treaty has id, kind and two states");
  }
  Bilateral treaty{f[1], f[2]};
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 5, line, &treaty.in_force));
  PALERMO_RETURN_IF_ERROR(TakeDate(f, 6, line, &treaty.until));
  out.AddBilateral(f[3], f[4], std::move(treaty));
  return absl::OkStatus();
}

absl::Status AddLine(const Fields& f, int line, TreatyStatus& out) {
  if (f[0] == "INSTRUMENT") return AddInstrument(f, line, out);
  if (f[0] == "PARTY") return AddParty(f, line, out);
  if (f[0] == "BILATERAL") return AddPair(f, line, out);
  if (f[0] == "RECIPROCITY" && f.size() == 2 && !f[1].empty()) {
    out.AllowReciprocity(f[1]);
    return absl::OkStatus();
  }
  return BadLine(line, "the first word is INSTRUMENT, PARTY, BILATERAL or RECIPROCITY");
}

}  // namespace

absl::StatusOr<TreatyStatus> TreatyStatus::FromCsv(const std::string& csv) {
  if (csv.size() > limits::kMaxTreatyStatusBytes) {
    return OverLimit("BODY_TOO_LARGE", absl::StrFormat("a treaty status list has at most %u bytes",
                                                       limits::kMaxTreatyStatusBytes));
  }
  TreatyStatus out;
  int line = 0;
  for (absl::string_view each : absl::StrSplit(csv, '\n')) {
    std::string text(each);
    ++line;
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty() || text[0] == '#') continue;
    PALERMO_RETURN_IF_ERROR(AddLine(absl::StrSplit(text, ','), line, out));
  }
  return out;
}

}  // namespace palermo::casework
