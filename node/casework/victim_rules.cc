// Victims, and persons who are arrested or heard: referral and return, rights in an understood
// language, the benefit that makes smuggling.
#include <unicode/locid.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/field_words.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

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
  const std::string &asked = in.context.requested_state, &receiving = v->receiving_state();
  const bool given = consent.to_referral() && IsBlank(consent.withdrawn_at());
  // The data go to who reads the message, and to who is to receive the victim.
  const auto may_have = [&](const std::string& to) {
    return to == in.context.requesting_state || Shares(consent, to);
  };
  const bool shared =
      asked.empty() && receiving.empty()
          ? Shares(consent, "")
          : (asked.empty() || may_have(asked)) && (receiving.empty() || may_have(receiving));
  if (!given || !shared) report.Say("R-HR-12.consent", "request.referral.consent");
}

// A form that was filled in for another state.
void CheckReceivingState(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  const std::string& asked = in.context.requested_state;
  if (v == nullptr || IsBlank(v->receiving_state()) || asked.empty()) return;
  if (v->receiving_state() == asked || v->receiving_state() == in.context.requesting_state) return;
  report.Say("R-HR-12.other_state", "request.referral.receiving_state");
}

// A consent is one of who knew the rights, in a language that the person understands.
void CheckInformed(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr || v->life_in_danger() || !v->consent().to_referral()) return;
  const v1::ReferralConsent& consent = v->consent();
  if (SaysNothing(consent.informed_of_rights_at())) {
    report.Say("R-HR-12.uninformed", "request.referral.consent.informed_of_rights_at");
  }
  if (SaysNothing(consent.language())) {
    report.Say("R-HR-12.uninformed", "request.referral.consent.language");
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

// CTHB 13(1): a period that is too short, or over. Who has a permit is past it.
void CheckReflectionPeriod(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr || IsBlank(v->reflection_until())) return;
  if (absl::AsciiStrToUpper(v->status()).starts_with("RESIDENCE")) return;
  const auto identified = ParseInstant(v->identified_at()), now = ParseInstant(NowText(in.context));
  const auto over = ParseOver(v->reflection_until());
  // A return that is too early is told as that.
  const auto back = ParseInstant(v->return_plan().date());
  const bool early = back.ok() && *back < ReflectionEnd(*v).value_or(absl::InfinitePast());
  if (!early && identified.ok() && over.ok() && *over < *DueAfter("R-CLK-VICT", *identified)) {
    report.Say("R-TIP-05.short", "request.referral.reflection_until");
  }
  if (StatusOf(*v) == Status::kReflection && now.ok() && IsAfterEnd(v->reflection_until(), *now)) {
    report.Say("R-TIP-05.over", "request.referral.status");
  }
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

// A claim's word, and where it stands.
struct SaidClaim {
  std::string word, at;
};

// Types whose own gate looks at the claim of the item.
bool HasOwnGate(const v1::Item& item) {
  using T = v1::AssistanceType;
  return item.type() == T::VERIFY_NATIONALITY || item.type() == T::ISSUE_TRAVEL_DOCUMENT ||
         item.type() == T::VERIFY_DOCUMENT;
}

const std::string& RefOf(const v1::Item& item) {
  return item.person_ref().empty() ? item.person() : item.person_ref();
}

// Whether the item is about somebody else than the referral: it names another, and the referral's
// pseudonym is one that the request knows. Otherwise nobody can tell whose claim it is.
bool IsOfAnother(const v1::Request& r, const v1::Item& item) {
  const std::string& own = r.referral().pseudonym();
  if (IsBlank(own) || IsBlank(RefOf(item)) || SameRef(RefOf(item), own)) return false;
  return std::any_of(r.persons().begin(), r.persons().end(),
                     [&](const v1::Person& p) { return SameRef(p.ref(), own); }) ||
         std::any_of(r.items().begin(), r.items().end(),
                     [&](const v1::Item& other) { return SameRef(RefOf(other), own); });
}

// As the referral and the items about its person say it: one that is open counts, before one that
// says nothing.
SaidClaim ClaimOfReferral(const v1::Request& r) {
  SaidClaim said{r.referral().protection_claim(), "request.referral.protection_claim"};
  for (int i = 0; i < r.items_size() && ClaimOf(said.word) != Claim::kOpen; ++i) {
    const v1::Item& item = r.items(i);
    if (HasOwnGate(item) || IsBlank(item.protection_claim()) || IsOfAnother(r, item)) continue;
    if (!IsBlank(said.word) && ClaimOf(item.protection_claim()) != Claim::kOpen) continue;
    said = {item.protection_claim(), At("request.items", i, "protection_claim")};
  }
  return said;
}

// The period is a right of victims of trafficking; who has a permit is past it.
bool MayReflect(const RuleInput& in, const VictimReferral& v) {
  const Request& r = in.body.request();
  const bool trafficking = in.types.test(v1::AssistanceType::RETURN_PLAN) ||
                           r.basis().instrument() == "TIP" ||
                           CanonicalArea(r.area()) == "TRAFFICKING_IN_PERSONS" ||
                           std::any_of(r.offence().begin(), r.offence().end(),
                                       [](const v1::Offence& o) { return o.has_tip(); });
  return trafficking && !absl::AsciiStrToUpper(v.status()).starts_with("RESIDENCE");
}

// Whether the return falls into the reflection period, or may; what was found is told. A desk asks
// its own officer for more: CheckUsual.
bool CheckReflection(const RuleInput& in, const VictimReferral& v, Report& report) {
  const v1::ReturnPlan& plan = v.return_plan();
  const auto date = ParseInstant(plan.date()), now = ParseInstant(NowText(in.context));
  const auto end = ReflectionEnd(v);
  if (date.ok() && end.has_value() && *date < *end) {
    report.Say("R-TIP-05.reflection", "request.referral.return_plan.date");
    return true;
  }
  if (end.has_value()) {
    const bool undated = IsBlank(plan.date()) && now.ok() && *now < *end;
    if (undated) report.Say("R-TIP-05.undated", "request.referral.return_plan.date");
    return undated;
  }
  const bool open_end = StatusOf(v) == Status::kReflection;
  if (open_end) report.Say("R-TIP-05.reflection", "request.referral.status");
  return open_end;
}

void CheckReturn(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr) return;
  CheckGateDates(*v, report);
  if (!v->has_return_plan()) return;
  const v1::ReturnPlan& plan = v->return_plan();
  const bool too_early = CheckReflection(in, *v, report);
  const SaidClaim said = ClaimOfReferral(in.body.request());
  const Claim claim = ClaimOf(said.word);
  // The assessment of the risk says what the word does not.
  const bool assessed = IsClaimWord(said.word) && !SaysNothing(plan.safety_assessment_hash());
  if (claim == Claim::kOpen || StatusOf(*v) == Status::kAsylum) {
    report.Say("R-HR-01.claim", said.at);
  } else if (claim == Claim::kNotAssessed && !IsBlank(said.word) && !assessed) {
    report.Say(IsClaimWord(said.word) ? "R-HR-01.assessment" : "R-HR-01.word", said.at);
  } else if (!too_early && SaysNothing(plan.safety_assessment_hash())) {
    // What cannot happen yet needs no assessment yet.
    report.Say("R-HR-01.assessment", "request.referral.return_plan.safety_assessment_hash");
  } else if (!too_early && !ReflectionEnd(*v).has_value() && ParseInstant(plan.date()).ok() &&
             MayReflect(in, *v)) {
    report.Say("R-TIP-05.unsaid", "request.referral.reflection_until");
  }
}

// --- What the state of origin is told, HR-01

enum class Origin { kOther, kReceiver, kUnknown };

// "QT", "QTT" and "QX, QT" are nationals of QT.
bool IsNational(std::string_view nationality, const std::string& state) {
  const std::string three = icu::Locale("", state.c_str()).getISO3Country();
  for (const std::string& one : std::vector<std::string>(absl::StrSplit(
           absl::AsciiStrToUpper(std::string(nationality)), absl::ByAnyChar(",;/ ")))) {
    const bool exercise =
        IsExerciseStateCode(state) && one.size() == 3 && one.compare(0, 2, state) == 0;
    if (!one.empty() && (one == state || one == three || exercise)) return true;
  }
  return false;
}

// Of the person, as the body or the compartment of the draft says it.
Origin OriginOf(const CheckContext& context, const v1::Person& person) {
  const auto sealed = context.sealed_nationalities.find(person.ref());
  const std::string& nationality =
      IsBlank(person.nationality()) && sealed != context.sealed_nationalities.end()
          ? sealed->second
          : person.nationality();
  if (IsBlank(nationality)) return Origin::kUnknown;
  return IsNational(nationality, context.requested_state) ? Origin::kReceiver : Origin::kOther;
}

// Whom a claim may be of: the person that is named, or else each.
template <typename Visit>
void ForClaimants(const v1::Request& r, const std::string& ref, Visit visit) {
  const bool named = std::any_of(r.persons().begin(), r.persons().end(),
                                 [&](const v1::Person& p) { return SameRef(p.ref(), ref); });
  for (const v1::Person& p : r.persons()) {
    if (!named || SameRef(p.ref(), ref)) visit(p);
  }
}

// `referral`: to refer somebody to the own state tells that state by itself, and needs a word on
// the risk. Any other question may be put about a national, as long as no claim is known.
void CheckToldOrigin(const CheckContext& context, const v1::Request& r, const std::string& ref,
                     const SaidClaim& said, bool assessed, bool referral, Report& report) {
  bool national = false, victim = false, unknown = r.persons().empty(), hidden = false;
  ForClaimants(r, ref, [&](const v1::Person& p) {
    const Origin origin = OriginOf(context, p);
    national = national || origin == Origin::kReceiver;
    victim = victim || (origin == Origin::kReceiver && IsProtected(p));
    unknown = unknown || origin == Origin::kUnknown;
    hidden = hidden || (origin == Origin::kUnknown && IsProtected(p));
  });
  const Claim claim = ClaimOf(said.word);
  if (claim == Claim::kOpen) {
    if (national) {
      report.Say("R-HR-01.claim", said.at);
    } else if (unknown) {
      report.Say("R-HR-01.origin", said.at);
    }
  } else if (claim == Claim::kNotAssessed && !assessed) {
    if (IsBlank(said.word) && !referral) return;
    if (victim) {
      report.Say(IsClaimWord(said.word) ? "R-HR-01.assessment" : "R-HR-01.word", said.at);
    } else if (hidden) {
      report.Say("R-HR-01.origin_unsaid", said.at);
    }
  }
}

// A claim is against the state whose national somebody is: what goes there about that person tells
// it where the person is.
void CheckOrigin(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  if (r == nullptr || in.context.requested_state.empty()) return;
  const bool referral = r->has_referral();
  if (referral && !r->referral().has_return_plan()) {
    const bool assessed =
        std::any_of(r->items().begin(), r->items().end(), [&](const v1::Item& item) {
          return !SaysNothing(item.safety_assessment()) && !IsOfAnother(*r, item);
        });
    CheckToldOrigin(in.context, *r, r->referral().pseudonym(), ClaimOfReferral(*r), assessed, true,
                    report);
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    if (HasOwnGate(item) || IsBlank(item.protection_claim())) continue;
    // Of the referral's own person its claim was judged above, or with the return.
    if (referral && !IsOfAnother(*r, item)) continue;
    CheckToldOrigin(in.context, *r, RefOf(item),
                    {item.protection_claim(), At("request.items", i, "protection_claim")},
                    !SaysNothing(item.safety_assessment()), false, report);
  }
}

void CheckChild(const RuleInput& in, Report& report) {
  const VictimReferral* v = ReferralIn(in);
  if (v == nullptr) return;
  const std::string age = absl::AsciiStrToUpper(v->age_status());
  const v1::Person* person = nullptr;
  for (const v1::Person& p : in.body.request().persons()) {
    if (person == nullptr && !IsBlank(p.ref()) && SameRef(p.ref(), v->pseudonym())) person = &p;
  }
  if (!IsWordOf("VictimReferral", "age_status", age) && age != "MINOR") {
    SayWord("VictimReferral", "age_status", "request.referral.age_status", report);
  }
  if (StatusOf(*v) == Status::kUnknown) {
    SayWord("VictimReferral", "status", "request.referral.status", report);
  }
  // Whose age is disputed counts as a child until it is known; of two words the younger counts.
  const bool young = person != nullptr && (IsChild(*person) || person->age_disputed() ||
                                           person->age_status() == "DISPUTED");
  if (!young && !OneOf(age, {"CHILD", "MINOR", "UNKNOWN_PRESUMED_CHILD", "DISPUTED"})) return;
  const bool guarded = young && !SaysNothing(person->guardian());
  if (!guarded && SaysNothing(v->guardian()))
    report.Say("R-HR-08.guardian", "request.referral.guardian");
  if (SaysNothing(v->best_interests_note())) {
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
    {{"R-HR-12", "I", "CTHB 33",
      "the state that receives the victim is another one than that to which the request goes"},
     CheckReceivingState},
    {{"R-TIP-05", "W/I", "CTHB 13(1)",
      "a reflection period of less than 30 days; or one that is over, and the status says that it "
      "runs (I)"},
     CheckReflectionPeriod},
    {{"R-HR-12", "I", "CTHB 33",
      "nothing says when, or in which language, a victim who consents was told the rights"},
     CheckInformed},
    {{"R-TIP-04", "W", "CTHB 12(6)", "assistance to a victim depends on testimony"},
     CheckTestimony},
    {{"R-TIP-05, R-HR-01, R-GEN-01", "E/I", "CTHB 13, TIP 14",
      "a victim's return inside the reflection period, with a claim or without assessment, or by a "
      "date that is none; or without a date while the period runs (I: with a date, and nothing "
      "says when the period ends)"},
     CheckReturn},
    {{"R-HR-01", "E/I", "TIP 14, SOM 19, REF51 33",
      "somebody whose claim is open, or not assessed, is told of to the state whose national the "
      "person is (I: of which state that is, nothing says)"},
     CheckOrigin},
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
