// Boarding at sea: SOM 8 and 9, SUA 8bis, the Council of Europe's agreement.
#include <algorithm>

#include "base/clock.h"
#include "node/casework/field_words.h"
#include "node/casework/mid.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Item;
using v1::Request;

constexpr absl::Duration kFlagAnswer = absl::Hours(4);
constexpr absl::Duration kPromptReport = absl::Hours(24);  // policy: "promptly"

std::string OfItem(int item, std::string_view member) { return At("request.items", item, member); }

bool OfVessels(const RuleInput& in) {
  return Asks(in, {AssistanceType::BOARDING_AUTHORIZATION, AssistanceType::FLAG_CONFIRMATION});
}

template <typename Check>
void ForVessels(const Request* r, Check check) {
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const auto type = r->items(i).type();
    if (type == AssistanceType::BOARDING_AUTHORIZATION ||
        type == AssistanceType::FLAG_CONFIRMATION) {
      check(r->items(i), i);
    }
  }
}

void CheckFlag(const RuleInput& in, Report& report) {
  ForVessels(OfVessels(in) ? RequestIn(in) : nullptr, [&](const Item& item, int i) {
    const v1::Vessel& vessel = item.vessel();
    if (IsBlank(vessel.flag_claimed()) && !vessel.flag_marks_displayed() && !vessel.stateless()) {
      report.Say("R-SEA-01.flag", OfItem(i, "vessel.flag_claimed"));
    }
    if (SaysNothing(item.grounds())) report.Say("R-SEA-01.grounds", OfItem(i, "grounds"));
    // SOM 8(2): the state whose flag is claimed confirms it, and it alone authorises.
    const std::string& asked = in.context.requested_state;
    const bool other = vessel.flag_claimed().size() == 2 && vessel.flag_claimed() != asked;
    if (other && !asked.empty() && !vessel.stateless()) {
      report.Say("R-DIR-01.flag", OfItem(i, "vessel.flag_claimed"));
    }
  });
}

// A number of another state than the flag that is claimed: a false flag, or a typing error.
void CheckNumber(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    if (!r->items(i).has_vessel()) continue;
    const v1::Vessel& vessel = r->items(i).vessel();
    if (HasOtherMid(vessel.mmsi(), vessel.flag_claimed())) {
      report.Say("R-ID-MMSI.mid", OfItem(i, "vessel.mmsi"));
    }
  }
}

void CheckCraft(const RuleInput& in, Report& report) {
  ForVessels(OfVessels(in) ? RequestIn(in) : nullptr, [&](const Item& item, int i) {
    if (item.type() != AssistanceType::BOARDING_AUTHORIZATION) return;
    const v1::BoardingUnit& unit = item.boarding_unit();
    const bool warship = OneOf(unit.kind(), {"WARSHIP", "MILITARY_AIRCRAFT"});
    if (!warship && !unit.government_marked()) {
      report.Say("R-SEA-04.craft", OfItem(i, "boarding_unit.government_marked"));
    }
  });
}

// UNCLOS 98, SOM 9(1)(a): rescue comes before a boarding. A position of yesterday helps nobody.
void CheckRescueFirst(const RuleInput& in, Report& report) {
  constexpr absl::Duration kRecent = absl::Hours(24);
  const Request* r = OfVessels(in) ? RequestIn(in) : nullptr;
  const auto now = ParseInstant(NowText(in.context));
  if (r == nullptr || !now.ok() || Asks(in, {AssistanceType::DISTRESS_ALERT})) return;
  const bool endangering =
      std::any_of(r->offence().begin(), r->offence().end(), [](const v1::Offence& offence) {
        const auto& words = offence.som().aggravating();
        return std::find(words.begin(), words.end(), "ENDANGERING_LIFE") != words.end();
      });
  ForVessels(r, [&](const Item& item, int i) {
    const auto seen = ParseInstant(item.position().at());
    const bool recent = seen.ok() && *seen <= *now && *now - *seen <= kRecent;
    const bool danger = endangering || item.persons_on_board().medical_emergency() ||
                        !SaysNothing(item.risk_to_life());
    if (recent && danger) report.Say("R-SOM-08.vessel", OfItem(i, "position"));
  });
}

void CheckPlaceOfSafety(const RuleInput& in, Report& report) {
  ForVessels(OfVessels(in) ? RequestIn(in) : nullptr, [&](const Item& item, int i) {
    if (!item.has_disembarkation_proposal()) return;
    if (SaysNothing(item.disembarkation_proposal().refoulement_assessment())) {
      report.Say("R-HR-01.assessment", OfItem(i, "disembarkation_proposal.refoulement_assessment"));
    }
  });
}

// Whoever is boarded understands what happens: interpreters stand in the plan.
void CheckInterpreters(const RuleInput& in, Report& report) {
  ForVessels(OfVessels(in) ? RequestIn(in) : nullptr, [&](const Item& item, int i) {
    const auto& named = item.safety_plan().interpreters();
    const bool none = std::all_of(named.begin(), named.end(),
                                  [](const std::string& language) { return IsBlank(language); });
    if (item.has_safety_plan() && none) {
      report.Say("R-HR-06.interpreters", OfItem(i, "safety_plan.interpreters"));
    }
  });
}

bool IsDecision(const RuleInput& in) {
  return IsAct(in, {Act::BOARDING_AUTHORISED, Act::FLAG_STATE_ACTS, Act::JOINT_BOARDING,
                    Act::BOARDING_DECLINED});
}

// The moment until which the flag state's answer is in time.
std::optional<absl::Time> AnswerDue(const Request& r) {
  std::optional<absl::Time> due;
  ForVessels(&r, [&](const Item& item, int) {
    const auto by = ParseOver(item.response_needed_by());
    if (by.ok()) due = *by;
  });
  const auto oral = ParseInstant(r.oral().made_at());
  if (!due.has_value() && oral.ok()) due = *oral + kFlagAnswer;
  return due;
}

void CheckAnswerTime(const RuleInput& in, Report& report) {
  if (!IsDecision(in) || in.context.request == nullptr) return;
  const auto due = AnswerDue(*in.context.request);
  const auto at = ParseInstant(in.body.boarding_answer().at());
  if (due.has_value() && at.ok() && *at > *due) report.Say("R-SEA-02.late", "boarding_answer.at");
}

void CheckSeaWords(const RuleInput& in, Report& report) {
  ForVessels(OfVessels(in) ? RequestIn(in) : nullptr, [&](const Item& item, int i) {
    const v1::Position& p = item.position();
    const bool inside =
        p.lat() >= -90 && p.lat() <= 90 && p.lon() >= -180 && p.lon() <= 180 && p.radius_m() >= 0;
    if (!inside) report.Say("R-GEN-01.place", OfItem(i, "position"));
    if (!IsWordOf("Position", "zone", p.zone())) {
      SayWord("Position", "zone", OfItem(i, "position.zone"), report);
    }
  });
  const std::string& decision = in.body.boarding_answer().decision();
  const bool known = OneOf(decision, {"", "AUTHORISED", "FLAG_ACTS", "JOINT", "DECLINED",
                                      "NO_AUTHORITY_TO_DECIDE"}) ||
                     decision.rfind("DEEMED", 0) == 0;
  if (!known) report.Say("R-GEN-01.enum", "boarding_answer.decision");
}

void CheckDeemed(const RuleInput& in, Report& report) {
  if (!in.body.has_boarding_answer()) return;
  if (in.body.boarding_answer().decision().rfind("DEEMED", 0) != 0) return;
  const StateProfile* flag = in.context.requested_profile;
  if (flag != nullptr && flag->sea_deemed_consent) return;
  report.Say("R-SEA-06.deemed", "boarding_answer.decision");
}

// --- The result

// SOM 8(7), UNCLOS 110: nobody is asked for a vessel without nationality.
bool HasNoNationality(const RuleInput& in) {
  bool stateless = false;
  ForVessels(in.context.request,
             [&](const Item& item, int) { stateless |= item.vessel().stateless(); });
  return stateless;
}

// UNCLOS 98, SOM 9: who is ill is cared for, and who is in the water is taken out of it. That needs
// no authority.
bool IsCare(std::string_view measure) {
  return OneOf(measure, {"MEDICAL_CARE", "MEDICAL_AID", "FIRST_AID", "RESCUE"});
}

void CheckExtent(const RuleInput& in, Report& report) {
  const v1::BoardingAnswer* answer = in.context.boarding_answer;
  if (!in.body.has_boarding_result() || answer == nullptr) return;
  const v1::BoardingResult& result = in.body.boarding_result();
  if (result.imminent_danger_to_life() || !IsBlank(result.other_treaty())) return;
  if (HasNoNationality(in) && answer->decision().empty()) return;
  const auto& extent = answer->extent();
  const bool refused =
      OneOf(answer->decision(), {"DECLINED", "FLAG_ACTS", "NO_AUTHORITY_TO_DECIDE"});
  for (int i = 0; i < result.measures_size(); ++i) {
    const bool authorised =
        std::find(extent.begin(), extent.end(), result.measures(i)) != extent.end();
    if ((authorised && !refused) || IsCare(result.measures(i))) continue;
    report.Say("R-SEA-05.extent", At("boarding_result.measures", i));
  }
}

// SUA 8bis(5)(d), (e): a consent that the flag state's notification stands for.
bool IsDeemed(std::string_view treaty) { return treaty.substr(0, 3) == "SUA"; }

// A boarding before the flag state allowed any says what allows it.
void CheckUnauthorised(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::BOARDING_REPORT}) || !in.context.boarding_unauthorised) return;
  const v1::BoardingResult& result = in.body.boarding_result();
  if (result.imminent_danger_to_life() || HasNoNationality(in)) return;
  if (IsBlank(result.other_treaty())) {
    report.Say("R-SEA-05.unauthorised", "boarding_result.other_treaty");
    return;
  }
  const StateProfile* flag = in.context.requested_profile;
  if (IsDeemed(result.other_treaty()) && (flag == nullptr || !flag->sea_deemed_consent)) {
    report.Say("R-SEA-06.deemed", "boarding_result.other_treaty");
  }
}

// The answer of the register does not end a case that asks for a boarding.
void CheckUndecided(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CLOSE}) || !in.context.boarding_undecided) return;
  bool boards = false;
  ForVessels(in.context.request, [&](const Item& item, int) {
    boards |= item.type() == AssistanceType::BOARDING_AUTHORIZATION;
  });
  if (boards) report.Say("R-GEN-02.undecided", "");
}

// An authority that has run out is none.
void CheckAuthorityTime(const RuleInput& in, Report& report) {
  const v1::BoardingAnswer* answer = in.context.boarding_answer;
  if (!in.body.has_boarding_result() || answer == nullptr) return;
  const v1::BoardingResult& result = in.body.boarding_result();
  if (result.imminent_danger_to_life() || !IsBlank(result.other_treaty())) return;
  const auto boarded = ParseInstant(result.boarded_at()), given = ParseInstant(answer->at());
  // An answer that came too late has a finding of its own.
  const auto due = in.context.request == nullptr ? std::nullopt : AnswerDue(*in.context.request);
  const bool late = due.has_value() && given.ok() && *given > *due;
  const bool by_answer = OneOf(answer->decision(), {"AUTHORISED", "JOINT"}) && !late;
  if (boarded.ok() && given.ok() && by_answer && *boarded < *given) {
    report.Say("R-SEA-05.unauthorised", "boarding_result.boarded_at");
  } else if (boarded.ok() && IsAfterEnd(answer->valid_until(), *boarded)) {
    report.Say("R-AUTH-03.order", "boarding_result.boarded_at");
  }
}

void CheckReported(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::BOARDING_RESULT})) return;
  const v1::BoardingResult& result = in.body.boarding_result();
  const auto boarded = ParseInstant(result.boarded_at());
  const auto reported = ParseInstant(result.reported_at());
  if (!reported.ok()) {
    report.Say("R-SEA-03.missing", "boarding_result.reported_at");
  } else if (boarded.ok() && *reported > *boarded + kPromptReport) {
    report.Say("R-SEA-03.late", "boarding_result.reported_at");
  }
}

void CheckForce(const RuleInput& in, Report& report) {
  if (!in.body.has_boarding_result()) return;
  const v1::BoardingResult& result = in.body.boarding_result();
  const bool harm =
      result.firearms_used() || result.force_used() || result.injuries() > 0 || result.deaths() > 0;
  if (harm && SaysNothing(result.force_report())) {
    report.Say("R-SEA-07.report", "boarding_result.force_report");
  }
  if (result.unfounded() && SaysNothing(result.compensation_note())) {
    report.Say("R-SEA-08.unfounded", "boarding_result.compensation_note");
  }
}

constexpr Rule kSeaRules[] = {
    {{"R-SEA-01, R-DIR-01", "E/I", "SOM 8(2)",
      "no flag claim or marks, or no grounds (I: asked of another state than that of the flag)"},
     CheckFlag},
    {{"R-ID-MMSI", "W", "", "the number of a vessel is of another state than the claimed flag"},
     CheckNumber},
    {{"R-SEA-04", "E", "SOM 9(4)", "the boarding craft is no marked government craft"}, CheckCraft},
    {{"R-SOM-08", "W", "UNCLOS 98, SOM 9(1)",
      "a vessel that was seen within 24 hours, with life in danger on board, and no rescue alert"},
     CheckRescueFirst},
    {{"R-HR-01", "E", "SOM 19", "a disembarkation without assessment of non-refoulement"},
     CheckPlaceOfSafety},
    {{"R-HR-06", "E", "ICCPR 14(3)(f)", "a safety plan of a boarding names no interpreter"},
     CheckInterpreters},
    {{"R-SEA-02", "W", "COE-SEA 7", "the flag state answered after the time needed, or 4 hours"},
     CheckAnswerTime},
    {{"R-GEN-01", "E", "", "a position, its zone or the flag state's decision is no such thing"},
     CheckSeaWords},
    {{"R-SEA-06", "E", "SUA 8bis(5)(d)", "deemed consent without the flag state's notification"},
     CheckDeemed},
    {{"R-SEA-05", "E", "SOM 8(5)",
      "a measure outside the authorised extent, without danger to life or another treaty"},
     CheckExtent},
    {{"R-SEA-05, R-SEA-06", "E", "SOM 8(5), SUA 8bis(5)(d)",
      "a boarding that the flag state did not allow, without danger to life, a vessel without "
      "nationality or another treaty; deemed consent without the flag state's notification"},
     CheckUnauthorised},
    {{"R-GEN-02", "E", "SOM 8(2)", "a case that asks for a boarding is closed undecided"},
     CheckUndecided},
    {{"R-AUTH-03, R-SEA-05", "E", "SOM 8(2), 8(5)",
      "a boarding after the flag state's authority has run out, or before it was given"},
     CheckAuthorityTime},
    {{"R-SEA-03", "E/W", "SOM 8(3)",
      "the result is not reported to the flag state (W: later than 24 hours)"},
     CheckReported},
    {{"R-SEA-07, R-SEA-08", "W", "COE-SEA 12, SOM 9(2)",
      "force or harm without report; unfounded without a note on compensation"},
     CheckForce},
};

}  // namespace

std::span<const Rule> SeaRules() { return kSeaRules; }

}  // namespace palermo::casework
