#include "node/casework/treaty.h"

#include <algorithm>

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

// "BUD 29(4)" and "29(4)" are one article of BUD.
bool SameArticle(const std::string& instrument, std::string one, std::string other) {
  for (std::string* text : {&one, &other}) {
    if (text->compare(0, instrument.size() + 1, instrument + " ") == 0) {
      text->erase(0, instrument.size() + 1);
    }
  }
  return one == other;
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
  return status != nullptr && std::any_of(status->reservations.begin(), status->reservations.end(),
                                          [&](const std::string& made) {
                                            return SameArticle(instrument, made, article);
                                          });
}

void TreatyStatus::AddEffect(const std::string& instrument, Effect effect) {
  effects_[instrument].push_back(std::move(effect));
}

const Effect* TreatyStatus::EffectOf(const std::string& instrument,
                                     const std::string& article) const {
  const auto list = effects_.find(instrument);
  if (list == effects_.end()) return nullptr;
  for (const Effect& effect : list->second) {
    if (SameArticle(instrument, effect.article, article)) return &effect;
  }
  return nullptr;
}

std::vector<std::string> TreatyStatus::Instruments() const {
  std::vector<std::string> codes;
  for (const auto& [code, rule] : rules_) codes.push_back(code);
  return codes;
}

std::vector<std::string> TreatyStatus::PartiesOf(const std::string& instrument) const {
  std::vector<std::string> states;
  const auto list = parties_.find(instrument);
  if (list == parties_.end()) return states;
  for (const auto& [state, status] : list->second) states.push_back(state);
  return states;
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

std::vector<StatusChange> ChangesFor(const TreatyStatus& treaties, const std::string& one,
                                     const std::string& other, absl::Time after, absl::Time until) {
  std::vector<StatusChange> changes;
  for (const std::string& instrument : treaties.Instruments()) {
    for (const std::string& state : {one, other}) {
      const PartyStatus* status = treaties.Find(instrument, state);
      if (status == nullptr || status->kind != StatusKind::kParty) continue;
      for (const bool begins : {true, false}) {
        const absl::Time at = begins ? status->in_force : status->until;
        if (at > after && at <= until) changes.push_back({instrument, state, at, begins});
      }
    }
  }
  std::sort(changes.begin(), changes.end(),
            [](const StatusChange& a, const StatusChange& b) { return a.at < b.at; });
  return changes;
}

}  // namespace palermo::casework
