// What single items must hold: hearings, transfers, extradition, non-refoulement.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "node/casework/field_words.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

std::string Of(int item, std::string_view member) { return At("request.items", item, member); }

// The person that an item names, among the request's; null when it is not listed.
const v1::Person* PersonOf(const Request& r, const Item& item) {
  const std::string& ref = item.person().empty() ? item.person_ref() : item.person();
  const auto found = std::find_if(r.persons().begin(), r.persons().end(),
                                  [&](const v1::Person& p) { return SameRef(p.ref(), ref); });
  return ref.empty() || found == r.persons().end() ? nullptr : &*found;
}

// --- Hearings and transfers

void CheckVideo(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VIDEO_HEARING}, [&](const Request& r, const Item& item, int i) {
    const v1::VideoHearing& video = item.video();
    if (SaysNothing(video.reason_no_appearance())) {
      report.Say("R-VID-01.reason", Of(i, "video.reason_no_appearance"));
    }
    if (SaysNothing(video.conducting_authority())) {
      report.Say("R-VID-01.authority", Of(i, "video.conducting_authority"));
    }
    if (IsBlank(video.interpreter()) && IsBlank(item.interpreter_lang())) {
      report.Say("R-VID-01.interpreter", Of(i, "video.interpreter"));
    }
    const v1::Person* person = PersonOf(r, item);
    const bool accused =
        person != nullptr &&
        std::any_of(person->roles().begin(), person->roles().end(), [](const std::string& role) {
          return OneOf(role, {"ACCUSED", "SUSPECT"});
        });
    if (accused && !video.consent_if_accused()) {
      report.Say("R-VID-01.consent", Of(i, "video.consent_if_accused"));
    }
  });
}

bool HasConsented(const v1::ConsentRecord& consent) {
  return consent.informed() && (!consent.has_free() || consent.free()) &&
         IsBlank(consent.withdrawn_at()) &&
         (!IsBlank(consent.signed_at()) || !IsBlank(consent.doc_hash()));
}

void CheckTransfer(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::TRANSFER_DETAINED_WITNESS},
           [&](const Request&, const Item& item, int i) {
             if (!HasConsented(item.consent())) report.Say("R-TRF-01.consent", Of(i, "consent"));
             if (SaysNothing(item.agreement_ref())) {
               report.Say("R-TRF-01.agreement", Of(i, "agreement_ref"));
             }
             if (!ParseInstant(item.return_due_at()).ok()) {
               report.Say("R-TRF-01.return", Of(i, "return_due_at"));
             }
           });
}

// TSP83 3(1)(d): nobody serves a sentence in another state against the own will.
void CheckSentenced(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::TRANSFER_SENTENCED_PERSON},
           [&](const Request&, const Item& item, int i) {
             if (!HasConsented(item.consent())) report.Say("R-HR-12.sentenced", Of(i, "consent"));
           });
}

// --- Extradition

// An identity that is sealed describes the person to those who may open it.
bool IsDescribed(const Request& r, const Item& item) {
  const v1::Person* person = PersonOf(r, item);
  if (person == nullptr) return false;
  if (person->sealed() || !IsBlank(person->sealed_id())) return true;
  return !IsBlank(person->name()) || !IsBlank(person->description());
}

bool SuspectsGroup(const Request& r) {
  return std::any_of(r.offence().begin(), r.offence().end(), [](const v1::Offence& o) {
    return OneOf(o.ocg_involved(), {"YES", "SUSPECTED"});
  });
}

// The warrant itself comes with the papers; for a provisional arrest it is enough that there is
// one, ECE 16(2): by its hash, or by the court and the date.
bool HasWarrant(const Item& item, bool papers) {
  const auto& order = item.order();
  const bool exists = !IsBlank(order.hash()) || (!IsBlank(order.court()) && !IsBlank(order.date()));
  return !IsBlank(item.warrant_hash()) || !IsBlank(item.judgment_hash()) || (!papers && exists);
}

void CheckExtradition(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::EXTRADITE, AssistanceType::PROVISIONAL_ARREST},
           [&](const Request& r, const Item& item, int i) {
             const bool papers = item.type() == AssistanceType::EXTRADITE;
             if (!HasWarrant(item, papers)) {
               report.Say("R-EXT-01.warrant", Of(i, "warrant_hash"));
             }
             if (item.offence_times().empty() || item.places().empty() ||
                 (papers && IsBlank(item.law_text()))) {
               report.Say("R-EXT-01.offence", Of(i, "offence_times"));
             }
             if (!IsDescribed(r, item)) report.Say("R-EXT-01.person", Of(i, "person"));
             const bool convention = papers && r.basis().instrument() == "UNTOC";  // 16(1)
             if (item.dual_criminality() == "NOT_MET") {
               report.Say("R-EXT-01.dual", Of(i, "dual_criminality"));
             } else if (convention && IsBlank(item.dual_criminality())) {
               report.Say("R-EXT-01.dual_unsaid", Of(i, "dual_criminality"));
             }
             if (convention && !SuspectsGroup(r)) {
               report.Say("R-EXT-01.ocg", "request.offence");
             }
           });
}

bool Assured(const Item& item, std::string_view kind) {
  return std::any_of(
      item.assurances().begin(), item.assurances().end(), [&](const v1::Assurance& a) {
        return a.kind() == kind && !SaysNothing(a.grantor()) && !SaysNothing(a.scope());
      });
}

// What is assured with one item holds for the request, unless the items are about two persons.
bool AssuredIn(const Request& r, const Item& item, std::string_view kind) {
  return std::any_of(r.items().begin(), r.items().end(), [&](const Item& other) {
    const bool same =
        SameRef(item.person(), other.person()) || IsBlank(item.person()) || IsBlank(other.person());
    return same && Assured(other, kind);
  });
}

bool DeathIsPossible(const RuleInput& in, const Request& r, const Item& item) {
  if (item.penalty().death_possible()) return true;
  // A state that has abolished it cannot impose it, whatever a label says.
  if (in.context.requesting_profile != nullptr &&
      in.context.requesting_profile->death_penalty == "ABOLISHED") {
    return false;
  }
  return std::any_of(r.offence().begin(), r.offence().end(),
                     [](const v1::Offence& o) { return o.death_possible(); });
}

bool IsSurrender(const RuleInput& in) {
  return IsAct(in, {v1::Act::SURRENDER_ORDER, v1::Act::SURRENDER_REPORT});
}

// A state of which nothing is known may have abolished it.
bool Abolished(const RuleInput& in) {
  const StateProfile* requested = in.context.requested_profile;
  return requested == nullptr || requested->death_penalty.empty() ||
         requested->death_penalty == "ABOLISHED";
}

void CheckDeathPenalty(const RuleInput& in, Report& report) {
  if (!Abolished(in)) return;
  // Asked before it is signed, and once more before the person is handed over.
  const Request* r = IsSurrender(in) ? in.context.request : RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    if (!DeathIsPossible(in, *r, r->items(i))) continue;
    if (!AssuredIn(*r, r->items(i), "NO_DEATH_PENALTY")) {
      report.Say("R-HR-02.assurance", Of(i, "assurances"));
    }
  }
}

void CheckFairTrial(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::EXTRADITE}, [&](const Request& r, const Item& item, int i) {
    const bool retrial = Assured(item, "RETRIAL") || Assured(item, "IN_ABSENTIA_RIGHTS") ||
                         Assured(item, "NEW_TRIAL");
    if (item.in_absentia() && !retrial) {
      report.Say("R-HR-04.absentia", Of(i, "assurances"));
    }
    // Where nothing at all is assured, and life is at stake, that comes first.
    const bool first = item.assurances().empty() && Abolished(in) && DeathIsPossible(in, r, item);
    if (!first && !Assured(item, "FAIR_TRIAL")) report.Say("R-HR-04.trial", Of(i, "assurances"));
  });
}

// --- Non-refoulement

void CheckClaim(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_NATIONALITY, AssistanceType::ISSUE_TRAVEL_DOCUMENT},
           [&](const Request&, const Item& item, int i) {
             const Claim claim = ClaimOf(item.protection_claim());
             // A document for a return: the assessment of the risk says what a claim's word would.
             const bool assessed = item.type() == AssistanceType::ISSUE_TRAVEL_DOCUMENT &&
                                   IsClaimWord(item.protection_claim()) &&
                                   !SaysNothing(item.safety_assessment());
             if (claim == Claim::kOpen) {
               report.Say("R-HR-01.claim", Of(i, "protection_claim"));
             } else if (claim == Claim::kNotAssessed && !assessed) {
               report.Say(IsBlank(item.protection_claim())       ? "R-HR-01.unclaimed"
                          : IsClaimWord(item.protection_claim()) ? "R-HR-01.unassessed"
                                                                 : "R-HR-01.word",
                          Of(i, "protection_claim"));
             } else if (item.type() == AssistanceType::ISSUE_TRAVEL_DOCUMENT &&
                        SaysNothing(item.safety_assessment())) {
               report.Say("R-HR-01.assessment", Of(i, "safety_assessment"));
             }
           });
}

// Whoever is asked about the nationality is heard: with the rights, in a language, by consent.
void CheckHeard(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_NATIONALITY, AssistanceType::ISSUE_TRAVEL_DOCUMENT},
           [&](const Request&, const Item& item, int i) {
             const bool told = !IsBlank(item.rights_informed_at());
             const bool understood = !IsBlank(item.interpreter_lang());
             // A document is issued to somebody who was heard when the nationality was asked for.
             const bool heard = item.type() == AssistanceType::VERIFY_NATIONALITY || told;
             if (heard && !(told && understood)) {
               report.Say("R-HR-06.rights",
                          Of(i, told ? "interpreter_lang" : "rights_informed_at"));
             }
             if (item.has_consent_to_contact() && !item.consent_to_contact() &&
                 SaysNothing(item.necessity())) {
               report.Say("R-HR-12.consent", Of(i, "consent_to_contact"));
             }
           });
}

// Whether the consent of the referral covers the state that is asked.
bool IsReferredThere(const RuleInput& in, const Request& r) {
  const v1::ReferralConsent& consent = r.referral().consent();
  const std::string& to = in.context.requested_state;
  return consent.to_referral() && IsBlank(consent.withdrawn_at()) &&
         (to.empty() || std::find(consent.to_share().begin(), consent.to_share().end(), to) !=
                            consent.to_share().end());
}

// Where nobody says that the victim agrees, or why it must be, CTHB 33.
void CheckUnsaidConsent(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_NATIONALITY},
           [&](const Request& r, const Item& item, int i) {
             if (item.has_consent_to_contact() || !SaysNothing(item.necessity())) return;
             const v1::Person* person = PersonOf(r, item);
             // Of one person alone nobody need say which it is.
             if (person == nullptr && r.persons_size() == 1) person = &r.persons(0);
             const bool life = in.context.urgency == v1::Urgency::EMERGENCY_LIFE ||
                               (r.has_referral() && r.referral().life_in_danger());
             if (life || IsReferredThere(in, r)) return;
             if (person != nullptr && IsVictim(*person)) {
               report.Say("R-HR-12.nationality", Of(i, "consent_to_contact"));
             }
           });
}

void CheckHolder(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_DOCUMENT}, [&](const Request&, const Item& item, int i) {
    if (item.has_holder_sealed() && !item.holder_sealed()) {
      report.Say("R-SEAL-01.unsealed", Of(i, "holder_sealed"));
    }
    if (!IsWordOf("Item", "context", item.context())) {
      SayWord("Item", "context", Of(i, "context"), report);
    }
    if (!IsWordOf("Item", "suspicion", item.suspicion())) {
      SayWord("Item", "suspicion", Of(i, "suspicion"), report);
    }
  });
}

// Who fled from the state that issued a document must not be shown to it by a question.
void CheckIssuer(const RuleInput& in, Report& report) {
  ForItems(in, {AssistanceType::VERIFY_DOCUMENT}, [&](const Request&, const Item& item, int i) {
    // Where nothing is said of a claim, the question is about the document alone.
    const std::string& word = item.protection_claim();
    const Claim claim = ClaimOf(word);
    if (IsBlank(word) || claim == Claim::kNone) return;
    // The assessment of the risk says what the word does not.
    if (claim == Claim::kNotAssessed && IsClaimWord(word) &&
        !SaysNothing(item.safety_assessment())) {
      return;
    }
    const bool issuer = IsBlank(item.issuer()) || in.context.requested_state.empty() ||
                        item.issuer().rfind(in.context.requested_state, 0) == 0;
    if (!issuer) return;
    report.Say(claim == Claim::kOpen ? "R-HR-01.claim"
               : IsClaimWord(word)   ? "R-HR-01.assessment"
                                     : "R-HR-01.word",
               Of(i, "protection_claim"));
  });
}

constexpr Rule kItemRules[] = {
    {{"R-VID-01", "E", "UNTOC 18(18), 2AP 9",
      "a video hearing without reason, authority, interpreter, or consent of an accused"},
     CheckVideo},
    {{"R-TRF-01", "E", "UNTOC 18(10), (11)",
      "a detained person's transfer without consent, agreement of both states or date of return"},
     CheckTransfer},
    {{"R-HR-12", "E", "TSP83 3, UNTOC 17",
      "a sentenced person's transfer without a consent that was informed and recorded"},
     CheckSentenced},
    {{"R-EXT-01", "E", "UNTOC 16, ECE 12",
      "extradition without warrant, offence, description, dual criminality or (UNTOC) a group"},
     CheckExtradition},
    {{"R-HR-02", "E", "ECE 11, UNTOC 18(21)(b)",
      "death is possible, the requested state has abolished it, and there is no assurance"},
     CheckDeathPenalty},
    {{"R-HR-04", "E/W", "ICCPR 14",
      "extradition without assurance of a fair trial (W), or of a new one after absence (E)"},
     CheckFairTrial},
    {{"R-HR-01", "E", "TIP 14, SOM 19",
      "nationality check or travel document with a pending claim, or without assessment"},
     CheckClaim},
    {{"R-HR-06, R-HR-12", "E", "ICCPR 14(3)(a), (f), CTHB 33",
      "a nationality check of somebody who was not told the rights, or in no language; contact "
      "with "
      "the state of origin against the person's will and without necessity"},
     CheckHeard},
    {{"R-HR-12", "E", "CTHB 33, TIP 8(3)",
      "the nationality of a victim is asked for, and neither consent nor necessity is told"},
     CheckUnsaidConsent},
    {{"R-SEAL-01", "E", "TIP 6(1)", "a document check that shows who holds the document"},
     CheckHolder},
    {{"R-HR-01", "E", "TIP 14, SOM 19",
      "the state that issued a document is asked about a holder with a pending claim"},
     CheckIssuer},
};

// What follows the word for an appeal that is over.
bool IsLost(std::string_view rest) {
  if (rest.starts_with("S_")) rest.remove_prefix(1);
  return rest.starts_with("_DISMISSED") || rest.starts_with("_REJECTED") ||
         rest.starts_with("_EXHAUSTED");
}

}  // namespace

Claim ClaimOf(std::string_view given) {
  const std::string upper = absl::AsciiStrToUpper(std::string(given));
  const std::string_view word = upper;
  for (std::string_view open : {"PENDING", "RECOGNI", "APPEAL", "GRANTED", "SUBSIDIARY", "OPEN"}) {
    for (size_t at = word.find(open); at != word.npos; at = word.find(open, at + 1)) {
      // "REJECTED_NO_APPEAL", "NOT_PENDING", "REJECTED_APPEAL_DISMISSED"
      const std::string_view before = word.substr(0, at);
      if (before.ends_with("NO_") || before.ends_with("NOT_")) continue;
      if (open != "APPEAL" || !IsLost(word.substr(at + open.size()))) return Claim::kOpen;
    }
  }
  if (OneOf(upper, {"NOT_CLAIMED", "NOT_APPLICABLE"})) return Claim::kNone;
  if (word.starts_with("NOT")) return Claim::kNotAssessed;
  for (std::string_view none : {"NONE", "NO", "REJECT", "REFUSED", "DISMISSED", "WITHDRAWN",
                                "DENIED", "CLOSED", "FINAL", "APPEAL"}) {
    if (word.starts_with(none)) return Claim::kNone;
  }
  return Claim::kNotAssessed;
}

bool IsClaimWord(std::string_view word) {
  return IsBlank(word) ||
         OneOf(absl::AsciiStrToUpper(std::string(word)), {"NOT_ASSESSED", "UNKNOWN"});
}

std::span<const Rule> ItemRules() { return kItemRules; }

}  // namespace palermo::casework
