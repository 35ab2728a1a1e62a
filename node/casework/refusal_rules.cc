// What a refusal must hold, and which grounds no state may use: UNTOC 18(8), (21)-(23), (26)-(29).
#include <algorithm>
#include <iterator>

#include "absl/strings/str_format.h"
#include "node/casework/reason_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;
using v1::RefusalGround;
using Ground = RefusalGround::Code;

// --- The closed sets of R-REF-21

// Grounds that every profile has: 18(21)(a)-(d) and their like, and what domestic law or human
// rights bring in through them.
constexpr Ground kCommon[] = {
    RefusalGround::NOT_IN_CONFORMITY,
    RefusalGround::SOVEREIGNTY,
    RefusalGround::SECURITY,
    RefusalGround::ORDRE_PUBLIC,
    RefusalGround::OTHER_ESSENTIAL_INTERESTS,
    RefusalGround::PROHIBITED_FOR_SIMILAR_OFFENCE,
    RefusalGround::CONTRARY_TO_MLA_SYSTEM,
    RefusalGround::DEATH_PENALTY_NO_ASSURANCE,
    RefusalGround::TORTURE_RISK,
    RefusalGround::UNFAIR_TRIAL_RISK,
    RefusalGround::NON_REFOULEMENT,
    RefusalGround::NE_BIS_IN_IDEM,
    RefusalGround::LAPSE_OF_TIME,
    RefusalGround::IN_ABSENTIA_RIGHTS,
    RefusalGround::IMMUNITY,
    RefusalGround::AMNESTY,
    RefusalGround::MINIMUM_PENALTY,
    RefusalGround::CASE_IMPORTANCE_INSUFFICIENT,
    RefusalGround::CONFIDENTIALITY_NOT_GUARANTEED,
    RefusalGround::DATA_PROTECTION_INADEQUATE,
    RefusalGround::DOMESTIC_LAW,
};

// A ground that only some profiles have, and then perhaps for one family only.
struct Extra {
  std::string_view profile;  // "": every one
  Family::Code family;       // UNSPECIFIED: every one
  Ground ground;
};
constexpr Extra kExtra[] = {
    {"UNTOC_18", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"UNCAC_46", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"BUD", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"TF", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"CETS198", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"UNCAC_46", Family::UNSPECIFIED, RefusalGround::DE_MINIMIS},
    {"UNCAC_46", Family::UNSPECIFIED, RefusalGround::AVAILABLE_ELSEWHERE},
    {"UNCAC_46", Family::CONFISCATION, RefusalGround::INSUFFICIENT_OR_LATE_EVIDENCE},
    {"UNCAC_46", Family::CONFISCATION, RefusalGround::DE_MINIMIS_VALUE},
    {"BUD", Family::UNSPECIFIED, RefusalGround::POLITICAL_OFFENCE},
    {"TF", Family::UNSPECIFIED, RefusalGround::PERSECUTION_RISK},
    {"ECE", Family::EXTRADITION, RefusalGround::POLITICAL_OFFENCE},  // ECE 3
    {"UNCC", Family::UNSPECIFIED, RefusalGround::DUAL_CRIMINALITY_ABSENT},
    {"UNCC", Family::UNSPECIFIED, RefusalGround::PERSECUTION_RISK},
    {"", Family::CONFISCATION, RefusalGround::NOT_A_CONVENTION_OFFENCE},
    {"", Family::EXTRADITION, RefusalGround::PERSECUTION_RISK},
    {"", Family::EXTRADITION, RefusalGround::NATIONALITY_OF_PERSON},
    {"", Family::EXTRADITION, RefusalGround::DUAL_CRIMINALITY_ABSENT},
};

// Preservation may be refused on these alone, BUD 29(5).
constexpr Ground kPreservation[] = {
    RefusalGround::POLITICAL_OFFENCE,
    RefusalGround::SOVEREIGNTY,
    RefusalGround::SECURITY,
    RefusalGround::ORDRE_PUBLIC,
    RefusalGround::OTHER_ESSENTIAL_INTERESTS,
};

bool InProfile(std::string_view profile, Family::Code family, Ground ground) {
  if (family == Family::PRESERVATION_24_7) {
    return std::find(std::begin(kPreservation), std::end(kPreservation), ground) !=
           std::end(kPreservation);
  }
  if (std::find(std::begin(kCommon), std::end(kCommon), ground) != std::end(kCommon)) return true;
  return std::any_of(std::begin(kExtra), std::end(kExtra), [&](const Extra& extra) {
    return extra.ground == ground && (extra.profile.empty() || extra.profile == profile) &&
           (extra.family == Family::UNSPECIFIED || extra.family == family);
  });
}

// Whether some profile has it: which one governs only the case tells.
bool InSomeProfile(Ground ground) {
  const auto is = [&](Ground other) { return other == ground; };
  return std::any_of(std::begin(kCommon), std::end(kCommon), is) ||
         std::any_of(std::begin(kPreservation), std::end(kPreservation), is) ||
         std::any_of(std::begin(kExtra), std::end(kExtra),
                     [&](const Extra& extra) { return extra.ground == ground; });
}

// The values that only record an attempt have a rule each.
bool IsProhibited(Ground ground) { return ground >= RefusalGround::BANK_SECRECY; }

// --- What a body says

bool IsRefusal(const RuleInput& in) {
  return IsAct(in, {Act::REFUSAL, Act::REFUSAL_IN_PART, Act::REFUSAL_NATIONALITY});
}

// The ground that leaves the state with this body: of a refusal, or intended in a consultation.
struct Stated {
  Ground ground;
  std::string_view field;
};
Stated GroundIn(const RuleInput& in) {
  if (in.body.has_consultation_open()) {
    return {in.body.consultation_open().intended_ground(), "consultation_open.intended_ground"};
  }
  return {in.body.refusal().ground(), "refusal.ground"};
}

std::string_view Profile(const RuleInput& in) {
  if (in.context.request == nullptr) return "UNTOC_18";
  // 1.2: the profile of the governing instrument, where none is named.
  const v1::Basis& basis = in.context.request->basis();
  return ProfileOf(IsBlank(basis.governing_profile()) ? basis.instrument()
                                                      : basis.governing_profile());
}

// The items that a refusal concerns: those it names, else all of the request.
std::vector<uint32_t> Concerned(const RuleInput& in) {
  const auto& named = in.body.refusal().items();
  // A refusal for nationality ends the whole case, whatever it names.
  const bool whole = in.context.act == Act::REFUSAL_NATIONALITY && in.context.request != nullptr;
  if (!named.empty() && !whole) return {named.begin(), named.end()};
  const auto all = ItemsOf(in.context);
  return {all.begin(), all.end()};
}

bool ConcernsPreservation(const RuleInput& in) {
  if (in.context.family == Family::PRESERVATION_24_7) return true;
  if (in.context.request == nullptr) return false;
  const auto concerned = Concerned(in);
  const auto& items = in.context.request->items();
  return !concerned.empty() && std::all_of(items.begin(), items.end(), [&](const v1::Item& item) {
    return item.type() == AssistanceType::PRESERVE_DATA || !Has(concerned, item.n());
  });
}

// Confiscation and provisional measures have grounds of their own, UNCAC 55(7), whatever the family
// of the request.
bool ConcernsProperty(const RuleInput& in) {
  if (in.context.request == nullptr) return false;
  const auto concerned = Concerned(in);
  const auto& items = in.context.request->items();
  return !concerned.empty() && std::all_of(items.begin(), items.end(), [&](const v1::Item& item) {
    return !Has(concerned, item.n()) || item.type() == AssistanceType::FREEZE ||
           (item.type() >= AssistanceType::CONFISCATE_BY_RD_ORDER &&
            item.type() <= AssistanceType::DIRECT_RECOVERY_SUPPORT);
  });
}

// A treaty of the two governs instead of 18(9) to (29): which grounds it has beside the common ones
// only it says, so the refusal names its article.
bool NamesTreatyArticle(const RuleInput& in) {
  return in.context.request != nullptr &&
         IsOtherTreaty(in.context.request->basis().governing_profile()) &&
         !IsBlank(in.body.refusal().law_ref());
}

bool IsInSet(const RuleInput& in, Ground ground) {
  if (in.context.case_unknown && in.context.request == nullptr) return InSomeProfile(ground);
  return InProfile(Profile(in), in.context.family, ground) || NamesTreatyArticle(in) ||
         (ConcernsProperty(in) && InProfile(Profile(in), Family::CONFISCATION, ground));
}

// Says `key` if the ground is `ground`.
void Forbid(const RuleInput& in, Ground ground, std::string_view key, Report& report) {
  const Stated stated = GroundIn(in);
  if (stated.ground == ground) report.Say(key, std::string(stated.field));
}

// Dual criminality is no condition of preservation, whatever the ground is called.
bool IsDualOfPreservation(const RuleInput& in) {
  const Ground ground = GroundIn(in).ground;
  return ground == RefusalGround::DUAL_CRIMINALITY_ABSENT && ConcernsPreservation(in);
}

// TF 14, DRUG88 3(10), and UNCAC 44(4) in extradition. Elsewhere the ground is merely in no set.
bool BarsPolitical(const RuleInput& in) {
  const bool corruption = Profile(in) == "UNCAC_46" && in.context.family == Family::EXTRADITION;
  const v1::Request* r = in.context.request;
  const bool named = r != nullptr && OneOf(r->basis().instrument(), {"TF", "DRUG88"});
  return named || Profile(in) == "TF" || Profile(in) == "DRUG88_7" || corruption;
}

bool IsPoliticalAgainstProfile(const RuleInput& in) {
  return BarsPolitical(in) && (GroundIn(in).ground == RefusalGround::POLITICAL_OFFENCE ||
                               GroundIn(in).ground == RefusalGround::POLITICAL_ONLY);
}

bool IsTrafficking(const RuleInput& in) {
  const v1::Request* r = in.context.request;
  if (r == nullptr) return false;
  return r->basis().instrument() == "TIP" || CanonicalArea(r->area()) == "TRAFFICKING_IN_PERSONS" ||
         std::any_of(r->offence().begin(), r->offence().end(),
                     [](const v1::Offence& o) { return o.has_tip(); });
}

// The consent of a victim is no ground, whatever the refusal calls itself.
bool RestsOnConsent(const RuleInput& in) {
  const std::string& reasons = in.body.refusal().reasons();
  return !reasons.empty() && ReliesOnConsent(Folded(reasons), IsTrafficking(in));
}

bool LacksLaw(const RuleInput& in) {
  return in.body.refusal().ground() == RefusalGround::DOMESTIC_LAW &&
         IsBlank(in.body.refusal().law_ref());
}

bool LacksProsecutionOffer(const RuleInput& in) {
  return in.body.refusal().ground() == RefusalGround::NATIONALITY_OF_PERSON &&
         in.context.family == Family::EXTRADITION && IsBlank(in.body.refusal().prosecution_offer());
}

// --- Rules

void CheckGround(const RuleInput& in, Report& report) {
  if (!IsRefusal(in)) return;
  const Ground ground = in.body.refusal().ground();
  if (IsPoliticalAgainstProfile(in) || IsDualOfPreservation(in) ||
      (IsProhibited(ground) && RefusalGround::Code_IsValid(ground) &&
       ground != RefusalGround::POLITICAL_ONLY))
    return;
  if (ground == RefusalGround::UNSPECIFIED) {
    if (!RestsOnConsent(in)) report.Say("R-REF-21.missing", "refusal.ground");
  } else if (!IsInSet(in, ground)) {
    report.Say("R-REF-21.profile", "refusal.ground",
               {{"profile", std::string(Profile(in))}, {"family", FamilyName(in.context.family)}});
  }
}

void CheckLawReference(const RuleInput& in, Report& report) {
  if (IsRefusal(in) && LacksLaw(in)) report.Say("R-REF-21.law", "refusal.law_ref");
}

// Assistance that forces nobody, UNCAC 46(9)(b).
bool IsNonCoercive(AssistanceType::Code type) {
  constexpr AssistanceType::Code kFree[] = {
      AssistanceType::SERVE_DOCUMENT,         AssistanceType::INFO_EVIDENCE_EXPERT,
      AssistanceType::RECORDS_GOVERNMENT,     AssistanceType::RECORDS_BANK,
      AssistanceType::RECORDS_FINANCIAL,      AssistanceType::RECORDS_CORPORATE,
      AssistanceType::RECORDS_BUSINESS,       AssistanceType::BANK_ACCOUNT_DISCOVERY,
      AssistanceType::BANK_TRANSACTIONS,      AssistanceType::TRACE_PROCEEDS,
      AssistanceType::VOLUNTARY_APPEARANCE,   AssistanceType::CRIMINAL_RECORD,
      AssistanceType::DIRECT_RECOVERY_SUPPORT};
  return std::find(std::begin(kFree), std::end(kFree), type) != std::end(kFree);
}

// Under UNCAC what is not coercive shall be given where the legal system allows it; and the state's
// own directory says whether it does.
void CheckNonCoercive(const RuleInput& in, Report& report) {
  if (!IsRefusal(in) || in.context.request == nullptr) return;
  if (in.body.refusal().ground() != RefusalGround::DUAL_CRIMINALITY_ABSENT) return;
  const StateProfile* state = in.context.requested_profile;
  if (state == nullptr || Profile(in) != "UNCAC_46") return;
  if (!OneOf(state->dual_criminality, {"COERCIVE_ONLY", "NOT_REQUIRED", "NOT"})) return;
  // Names alone have a rule of their own.
  if (ComparesNamesOnly(Folded(in.body.refusal().reasons()))) return;
  const auto concerned = Concerned(in);
  for (const v1::Item& item : in.context.request->items()) {
    if (!Has(concerned, item.n()) || !IsNonCoercive(item.type())) continue;
    report.Say("R-REF-21.non_coercive", "refusal.ground",
               {{"item", absl::StrFormat("%u", item.n())}});
    return;
  }
}

void CheckBankSecrecy(const RuleInput& in, Report& report) {
  Forbid(in, RefusalGround::BANK_SECRECY, "R-REF-08.ground", report);
}

void CheckBankSecrecyWords(const RuleInput& in, Report& report) {
  if (!IsRefusal(in) || in.body.refusal().ground() == RefusalGround::BANK_SECRECY) return;
  if (!NamesBankSecrecy(Folded(in.body.refusal().reasons()))) return;
  report.Say("R-REF-08.words", "refusal.reasons");
}

void CheckFiscal(const RuleInput& in, Report& report) {
  Forbid(in, RefusalGround::FISCAL_ONLY, "R-REF-22.fiscal", report);
}

void CheckLegalPerson(const RuleInput& in, Report& report) {
  Forbid(in, RefusalGround::LEGAL_PERSON_ONLY, "R-MLA-02.legal_person", report);
  if (!IsRefusal(in) || in.body.refusal().ground() == RefusalGround::LEGAL_PERSON_ONLY) return;
  if (!RestsOnLegalPerson(Folded(in.body.refusal().reasons()))) return;
  report.Say("R-MLA-02.legal_person", "refusal.reasons");
}

void CheckPolitical(const RuleInput& in, Report& report) {
  const Stated stated = GroundIn(in);
  if (!IsPoliticalAgainstProfile(in)) return;
  const bool only = stated.ground == RefusalGround::POLITICAL_ONLY;
  const bool limited = !IsBlank(in.body.refusal().constitutional_limit()) ||
                       InvokesConstitution(Folded(in.body.refusal().reasons()));
  std::string_view key = only ? "R-REF-POL.nature" : "R-REF-POL.offence";
  if (limited) key = only ? "R-REF-POL.nature_limited" : "R-REF-POL.offence_limited";
  report.Say(key, std::string(stated.field));
}

void CheckPreservation(const RuleInput& in, Report& report) {
  if (IsDualOfPreservation(in) && IsBlank(in.body.refusal().reservation_ref())) {
    report.Say("R-CYB-02.dual", std::string(GroundIn(in).field));
  }
  Forbid(in, RefusalGround::DUAL_CRIMINALITY_FOR_PRESERVATION, "R-CYB-02.dual", report);
}

void CheckGroundLabel(const RuleInput& in, Report& report) {
  const Stated stated = GroundIn(in);
  // Absent dual criminality whose reasons know nothing but the name is the same ground.
  const bool by_name = stated.ground == RefusalGround::DUAL_CRIMINALITY_ABSENT &&
                       !ConcernsPreservation(in) &&
                       ComparesNamesOnly(Folded(in.body.refusal().reasons()));
  if (stated.ground != RefusalGround::LABEL_MISMATCH_ONLY && !by_name) return;
  const std::string_view profile = Profile(in);
  const bool forbidden = profile == "UNCAC_46" || profile == "BUD" || profile == "CETS198";
  report.Say(forbidden ? "R-REF-09.label" : "R-REF-09.label_elsewhere", std::string(stated.field));
}

void CheckCosts(const RuleInput& in, Report& report) {
  const Stated stated = GroundIn(in);
  if (stated.ground != RefusalGround::COSTS_ONLY) return;
  report.Say("R-REF-28.costs", std::string(stated.field));
}

void CheckReasons(const RuleInput& in, Report& report) {
  if (!IsRefusal(in)) return;
  const size_t length = VisibleLength(in.body.refusal().reasons());
  if (length >= kMinReasonCharacters) return;
  if (length == 0) {
    report.Say("R-REF-23.missing", "refusal.reasons");
  } else {
    report.Say("R-REF-23.short", "refusal.reasons", {{"count", absl::StrFormat("%d", length)}});
  }
}

void CheckReasonsLanguage(const RuleInput& in, Report& report) {
  if (!IsRefusal(in)) return;
  const std::string& language = in.body.refusal().reasons_language();
  if (!IsLanguageTag(language)) {
    report.Say("R-REF-23.language", "refusal.reasons_language");
    return;
  }
  std::vector<std::string> agreed = in.context.accepted_languages;
  if (agreed.empty()) return;
  if (in.context.request != nullptr) agreed.push_back(in.context.request->language());
  if (IsAccepted(agreed, language)) return;
  report.Say("R-REF-23.not_agreed", "refusal.reasons_language");
}

bool WasConsulted(const RuleInput& in) {
  if (!in.context.refusal_consultation_open) return false;
  const auto& covered = in.context.refusal_consultation_items;
  if (covered.empty()) return true;
  const auto concerned = Concerned(in);
  if (concerned.empty()) return false;  // all of a request that is not known
  return std::all_of(concerned.begin(), concerned.end(),
                     [&](uint32_t n) { return Has(covered, n); });
}

void CheckConsulted(const RuleInput& in, Report& report) {
  if (in.context.case_unknown) return;
  if (!IsRefusal(in)) return;
  // Non-refoulement is not traded off in a consultation.
  const bool returns = in.body.refusal().ground() == RefusalGround::NON_REFOULEMENT;
  if (ProtectsFromReturn(in.body.refusal(), in.context.request, in.context.requesting_state))
    return;
  // A ground that can never stand is not made better by consulting about it.
  const Ground ground = in.body.refusal().ground();
  if (IsProhibited(ground) || IsDualOfPreservation(in) || IsPoliticalAgainstProfile(in)) return;
  if (ground == RefusalGround::UNSPECIFIED || !IsInSet(in, ground) || LacksLaw(in)) return;
  if (LacksProsecutionOffer(in) || RestsOnConsent(in)) return;
  if (!WasConsulted(in)) {
    report.Say(returns ? "R-REF-26.no_return" : "R-REF-26.refusal",
               returns ? "refusal.ground" : "");
  } else if (in.context.requesting_state_unheard) {
    SayUnheard(in, report);
  }
}

// A request that does not conform may be returned to be made good; that is no discretion.
void CheckPublicRecords(const RuleInput& in, Report& report) {
  if (!IsRefusal(in) || in.context.request == nullptr) return;
  if (in.body.refusal().ground() == RefusalGround::NOT_IN_CONFORMITY) return;
  const auto concerned = Concerned(in);
  for (const v1::Item& item : in.context.request->items()) {
    const bool is_public = item.type() == AssistanceType::RECORDS_GOVERNMENT && item.is_public();
    if (!is_public || !Has(concerned, item.n())) continue;
    report.Say("R-REF-29.public", "refusal.items", {{"item", absl::StrFormat("%u", item.n())}});
  }
}

void CheckNationality(const RuleInput& in, Report& report) {
  // Outside extradition the ground itself is the finding.
  if (!IsRefusal(in) || !LacksProsecutionOffer(in)) return;
  report.Say("R-EXT-02.offer", "refusal.prosecution_offer");
}

// The reasons that leave the state with this body: of a refusal, a consultation, a closing.
struct Said {
  std::string_view field;
  const std::string* text;
};
Said ReasonsIn(const v1::CaseBody& body) {
  if (body.has_consultation_open()) {
    return {"consultation_open.statement", &body.consultation_open().statement()};
  }
  if (body.has_withdrawal()) return {"withdrawal.reason", &body.withdrawal().reason()};
  if (body.has_close()) return {"close.feedback", &body.close().feedback()};
  return {"refusal.reasons", &body.refusal().reasons()};
}

void CheckVictimConsent(const RuleInput& in, Report& report) {
  const Said said = ReasonsIn(in.body);
  if (said.text->empty()) return;
  if (ReliesOnConsent(Folded(*said.text), IsTrafficking(in))) {
    report.Say("R-TIP-03.consent", std::string(said.field));
  }
}

constexpr Rule kRefusalRules[] = {
    {{"R-REF-21", "E", "UNTOC 18(21)", "the ground is missing or not in the profile's closed set"},
     CheckGround},
    {{"R-REF-21", "E", "UNTOC 18(21)(c)", "the ground DOMESTIC_LAW cites no law"},
     CheckLawReference},
    {{"R-REF-21", "E", "UNCAC 46(9)(b)",
      "no dual criminality against help that forces nobody, which the state's directory gives "
      "without it"},
     CheckNonCoercive},
    {{"R-REF-08", "E", "UNTOC 18(8)", "bank secrecy is the ground"}, CheckBankSecrecy},
    {{"R-REF-08", "W", "UNTOC 18(8)", "the reasons of another ground mention bank secrecy"},
     CheckBankSecrecyWords},
    {{"R-REF-22", "E", "UNTOC 18(22)", "fiscal matters are the sole ground"}, CheckFiscal},
    {{"R-MLA-02", "E", "UNTOC 18(2)", "that the subject is a legal person is the sole ground"},
     CheckLegalPerson},
    {{"R-REF-POL", "E/W", "TF 14, DRUG88 3(10)",
      "political nature is the sole ground, or political offence where the profile forbids it (W: "
      "constitutional limits)"},
     CheckPolitical},
    {{"R-CYB-02", "E", "BUD 29(3)",
      "dual criminality is used against preservation without a reservation"},
     CheckPreservation},
    {{"R-REF-09", "E/W", "UNCAC 43(2), BUD 25(5)",
      "only the offence's name or category differs (W outside UNCAC, BUD and CETS198)"},
     CheckGroundLabel},
    {{"R-REF-28", "W", "UNTOC 18(28)", "costs are the ground"}, CheckCosts},
    {{"R-REF-23", "E", "UNTOC 18(23)", "the reasons are missing or under 40 characters"},
     CheckReasons},
    {{"R-REF-23", "E", "UNTOC 18(23)", "the reasons are in no agreed language"},
     CheckReasonsLanguage},
    {{"R-REF-26", "E", "UNTOC 18(26)",
      "no consultation about the refusal of these items, or before the requesting state was heard"},
     CheckConsulted},
    {{"R-EXT-02", "E", "UNTOC 16(10)", "a refusal for nationality without the offer to prosecute"},
     CheckNationality},
    {{"R-TIP-03", "E", "TIP 3(b)",
      "the reasons of a refusal, consultation or closing rely on a victim's consent"},
     CheckVictimConsent},
    {{"R-REF-29", "E", "UNTOC 18(29)(a)", "public government records are refused at discretion"},
     CheckPublicRecords},
};

}  // namespace

std::span<const Rule> RefusalRules() { return kRefusalRules; }

}  // namespace palermo::casework
