// Victims, and persons who are arrested or heard: referral and return, rights in an understood
// language, the benefit that makes smuggling.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/field_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::VictimReferral;

const VictimReferral* ReferralIn(const RuleInput& in) {
  const v1::Request* r = RequestIn(in);
  return r == nullptr || !r->has_referral() ? nullptr : &r->referral();
}

bool Shares(const v1::ReferralConsent& consent, const std::string& with) {
  const auto& shared = consent.to_share();
  // A consent may name kinds of data instead of states: then it holds for the referral's state.
  const bool states = std::any_of(shared.begin(), shared.end(),
                                  [](const std::string& word) { return IsStateCode(word); });
  return !shared.empty() &&
         (with.empty() || !states || std::find(shared.begin(), shared.end(), with) != shared.end());
}

// No consent, no transfer of data; danger to life excepts, CTHB 33.
void CheckReferralConsent(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr || v->life_in_danger()) return;
  const v1::ReferralConsent& consent = v->consent();
  const std::string& to =
      v->receiving_state().empty() ? in.context.requested_state : v->receiving_state();
  const bool given = consent.to_referral() && IsBlank(consent.withdrawn_at());
  const bool abroad = to.empty() || to != in.context.requesting_state;
  if (!given || (abroad && !Shares(consent, to))) {
    report.Say("R-HR-12.consent", "request.referral.consent");
  }
}

void CheckTestimony(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr || !v->assistance_depends_on_testimony()) return;
  report.Say("R-TIP-04.testimony", "request.referral.assistance_depends_on_testimony");
}

// The end of the reflection period: as stated, at least 30 days after the identification.
std::optional<absl::Time> ReflectionEnd(const VictimReferral& v) {
  std::optional<absl::Time> end;
  const auto stated = ParseInstant(v.reflection_until());
  if (stated.ok()) end = *stated;
  const auto identified = ParseInstant(v.identified_at());
  if (!identified.ok()) return end;
  const auto least = DueAfter("R-CLK-VICT", *identified);
  return end.has_value() ? std::max(*end, *least) : *least;
}

enum class Status { kReflection, kAsylum, kOther, kUnknown };
Status StatusOf(const VictimReferral& v) {
  const std::string word = absl::AsciiStrToUpper(v.status());
  if (word.starts_with("REFLECTION")) return Status::kReflection;
  if (word.starts_with("ASYLUM")) return Status::kAsylum;
  const bool known = word.starts_with("RESIDENCE") || word.starts_with("RETURN") ||
                     IsWordOf("VictimReferral", "status", word);
  return known ? Status::kOther : Status::kUnknown;
}

// A date that is none would open the gate behind it.
void CheckGateDates(const VictimReferral& v, Report& report) {
  for (const auto& [text, member] : {std::pair(&v.reflection_until(), "reflection_until"),
                                     std::pair(&v.identified_at(), "identified_at"),
                                     std::pair(&v.return_plan().date(), "return_plan.date")}) {
    if (text->empty() || ParseInstant(*text).ok()) continue;
    report.Say("R-GEN-01.date", Cat({"request.referral.", member}));
  }
}

void CheckReturn(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr) return;
  CheckGateDates(*v, report);
  if (!v->has_return_plan()) return;
  const v1::ReturnPlan& plan = v->return_plan();
  const auto date = ParseInstant(plan.date());
  const auto end = ReflectionEnd(*v);
  const Status status = StatusOf(*v);
  const bool early = date.ok() && end.has_value() && *date < *end;
  const bool open_end = !end.has_value() && status == Status::kReflection;
  if (early) report.Say("R-TIP-05.reflection", "request.referral.return_plan.date");
  if (open_end) report.Say("R-TIP-05.reflection", "request.referral.status");
  const std::string& word = v->protection_claim();
  const Claim claim = ClaimOf(word);
  // The assessment of the risk says what the word does not.
  const bool assessed = IsClaimWord(word) && !IsBlank(plan.safety_assessment_hash());
  if (claim == Claim::kOpen || status == Status::kAsylum) {
    report.Say("R-HR-01.claim", "request.referral.protection_claim");
  } else if (claim == Claim::kNotAssessed && !IsBlank(word) && !assessed) {
    report.Say(IsClaimWord(word) ? "R-HR-01.assessment" : "R-HR-01.word",
               "request.referral.protection_claim");
  } else if (!early && !open_end && IsBlank(plan.safety_assessment_hash())) {
    // What cannot happen yet needs no assessment yet.
    report.Say("R-HR-01.assessment", "request.referral.return_plan.safety_assessment_hash");
  }
}

void CheckChild(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr) return;
  const std::string age = absl::AsciiStrToUpper(v->age_status());
  if (!IsWordOf("VictimReferral", "age_status", age) && age != "MINOR") {
    SayWord("VictimReferral", "age_status", "request.referral.age_status", report);
  }
  if (StatusOf(*v) == Status::kUnknown) {
    SayWord("VictimReferral", "status", "request.referral.status", report);
  }
  // Whose age is disputed counts as a child until it is known.
  if (!OneOf(age, {"CHILD", "MINOR", "UNKNOWN_PRESUMED_CHILD", "DISPUTED"})) return;
  if (IsBlank(v->guardian())) report.Say("R-HR-08.guardian", "request.referral.guardian");
  if (IsBlank(v->best_interests_note())) {
    report.Say("R-HR-08.interests", "request.referral.best_interests_note");
  }
}

// --- Rights of who is arrested or heard

// "en" of "en-GB": who understands a language understands its varieties.
std::string Primary(std::string_view tag) {
  return absl::AsciiStrToLower(std::string(tag.substr(0, tag.find('-'))));
}

void CheckRecords(const google::protobuf::RepeatedPtrField<v1::RightsRecord>& records,
                  const std::string& at, Report& report) {
  for (int i = 0; i < records.size(); ++i) {
    const v1::RightsRecord& r = records[i];
    const bool noticed = !IsBlank(r.rights_notice_lang());
    const bool understood =
        !IsBlank(r.understood_language())
            ? Primary(r.understood_language()) == Primary(r.rights_notice_lang()) ||
                  r.interpreter() || !IsBlank(r.interpreter_lang())
            : r.interpreter() || !IsBlank(r.interpreter_lang());
    if (!noticed || !understood) report.Say("R-HR-06.rights", At(at, i));
  }
}

void CheckRights(const RuleInput& in, Report& report) {
  CheckRecords(in.body.boarding_result().arrests(), "boarding_result.arrests", report);
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    CheckRecords(item.hearings(), at + ".hearings", report);
  });
}

// --- Smuggling

void CheckBenefit(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->offence_size(); ++i) {
    if (!r->offence(i).has_som()) continue;
    const v1::MaterialBenefit& benefit = r->offence(i).som().benefit();
    const bool none = IsBlank(benefit.kind()) || benefit.kind() == "NONE";
    if (none || benefit.family_or_humanitarian()) {
      report.Say("R-SOM-01.benefit", At("request.offence", i, "som.benefit"));
    }
  }
}

constexpr Rule kVictimRules[] = {
    {{"R-HR-12", "E", "CTHB 33",
      "a victim's data cross a border without consent or danger to life"},
     CheckReferralConsent},
    {{"R-TIP-04", "W", "CTHB 12(6)", "assistance to a victim depends on testimony"},
     CheckTestimony},
    {{"R-TIP-05, R-HR-01, R-GEN-01", "E", "CTHB 13, TIP 14",
      "a victim's return inside the reflection period, with a claim or without assessment, or by a "
      "date that is none"},
     CheckReturn},
    {{"R-HR-08, R-GEN-01", "E", "CTHB 10(4)",
      "a child victim is referred without a guardian or a note on its best interests; the age or "
      "the status is no word of its list"},
     CheckChild},
    {{"R-HR-06", "E", "ICCPR 14(3)(a), (f)",
      "an arrest or hearing without notice of rights in an understood language or interpreter"},
     CheckRights},
    {{"R-SOM-01", "W", "SOM 3(a), 6(1)", "smuggling without financial or other material benefit"},
     CheckBenefit},
};

}  // namespace

std::span<const Rule> VictimRules() { return kVictimRules; }

}  // namespace palermo::casework
