// Basis and language of the requests that are not formal ones, 1.9: a request under a treaty names
// it, whatever its family. Information, reports and referrals ask for nothing under one.
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Family;

// A flag state is asked under SOM 8 or DRUG88 17, the network under BUD 29 and 35: without the
// treaty nobody there may act. Other offices act by practice too, and are told what is usual.
enum class BasisNeed : uint8_t { kNone, kUsual, kTreaty };

BasisNeed NeedOf(const RuleInput& in) {
  // Nothing of it holds up help where a life is in danger.
  const bool life = in.context.urgency == v1::Urgency::EMERGENCY_LIFE;
  switch (in.context.family) {
    case Family::SEA:
    case Family::PRESERVATION_24_7:
      return life ? BasisNeed::kUsual : BasisNeed::kTreaty;
    case Family::PROTOCOL_ADMIN:
    case Family::FIU:
    case Family::HIT_QUERY:
      return BasisNeed::kUsual;
    default:
      return BasisNeed::kNone;
  }
}

void CheckFamilyBasis(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  const BasisNeed need = NeedOf(in);
  if (r == nullptr || need == BasisNeed::kNone) return;
  if (IsBlank(r->basis().instrument())) {
    const bool treaty = need == BasisNeed::kTreaty;
    report.Say(treaty ? "R-DIR-03.missing" : "R-GEN-01.basis_usual", "request.basis.instrument");
  } else if (need == BasisNeed::kTreaty && IsBlank(r->basis().governing_profile())) {
    report.Say("R-GEN-01.profile_usual", "request.basis.governing_profile");
  }
}

void CheckFamilyLanguage(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  const BasisNeed need = NeedOf(in);
  if (r == nullptr || need == BasisNeed::kNone || !r->language().empty()) return;
  const bool treaty = need == BasisNeed::kTreaty;
  report.Say(treaty ? "R-LANG-01.missing" : "R-GEN-01.language_usual", "request.language");
}

constexpr Rule kFamilyBasisRules[] = {
    {{"R-DIR-03, R-GEN-01", "E/I", "SOM 8, BUD 29",
      "a request at sea or for preservation names no instrument (I: another one that is no formal "
      "request; no governing profile)"},
     CheckFamilyBasis},
    {{"R-LANG-01, R-GEN-01", "E/I", "",
      "a request at sea or for preservation names no language (I: another one that is no formal "
      "request)"},
     CheckFamilyLanguage},
};

}  // namespace

std::span<const Rule> FamilyBasisRules() { return kFamilyBasisRules; }

}  // namespace palermo::casework
