// A consent that a person took back: how it is told, and what is not done after it. HR-12.
#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/persons.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::ItemOutcome;

void CheckForm(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSENT_WITHDRAWN})) return;
  const v1::ConsentWithdrawal& said = in.body.consent_withdrawal();
  const std::string at = "consent_withdrawal";
  if (IsBlank(said.ref())) report.Say("R-GEN-01.consent_ref", at + ".ref");
  if (IsBlank(said.withdrawn_at())) {
    report.Say("R-GEN-01.consent_when", at + ".withdrawn_at");
  } else if (!ParseInstant(said.withdrawn_at()).ok()) {
    report.Say("R-GEN-01.date", at + ".withdrawn_at");
  }
  if (said.of().empty()) report.Say("R-GEN-01.consent_of", at + ".of");
  CheckWordsIn("ConsentWithdrawal", "of", said.of(), at, report);
}

bool IsInTheCase(const RuleInput& in, const std::string& ref) {
  const v1::Request& r = *in.context.request;
  if (in.asked.Person(ref) != nullptr || SameRef(r.referral().pseudonym(), ref)) return true;
  return in.context.compartment_refs != nullptr && HasRef(*in.context.compartment_refs, ref);
}

void CheckWhoseConsent(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::CONSENT_WITHDRAWN}) || in.context.request == nullptr) return;
  const v1::ConsentWithdrawal& said = in.body.consent_withdrawal();
  if (!IsBlank(said.ref()) && !IsInTheCase(in, said.ref())) {
    report.Say("R-HR-12.unknown", "consent_withdrawal.ref");
  }
  for (int i = 0; i < said.items_size(); ++i) {
    const TextArgs item = {{"item", absl::StrFormat("%u", said.items(i))}};
    const std::string at = At("consent_withdrawal.items", i);
    if (in.asked.Item(said.items(i)) == nullptr) {
      report.Say("R-GEN-01.no_item", at, item);
    } else if (!StandsOnConsent(*in.context.request, said.items(i), said.ref())) {
      report.Say("R-GEN-02.no_consent", at, item);
    }
  }
}

// A later consent counts; so does danger to life.
void CheckAgain(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  if (r == nullptr || !r->has_referral() || r->referral().life_in_danger()) return;
  std::optional<absl::Time> withdrawn;  // the later of two
  for (const auto& [ref, at] : in.context.withdrawn_consents) {
    if (SameRef(ref, r->referral().pseudonym())) withdrawn = std::max(withdrawn.value_or(at), at);
  }
  if (!withdrawn.has_value()) return;
  const auto informed = ParseInstant(r->referral().consent().informed_of_rights_at());
  if (informed.ok() && *informed > *withdrawn) return;
  report.Say("R-HR-12.again", "request.referral.consent");
}

void CheckAfter(const RuleInput& in, Report& report) {
  const auto& ended = in.context.items_without_consent;
  if (ended.empty() || !IsAct(in, {Act::PARTIAL_RESULT, Act::FINAL_RESULT})) return;
  for (int i = 0; i < in.body.result().items_size(); ++i) {
    const v1::ItemResult& item = in.body.result().items(i);
    const bool done = item.outcome() == ItemOutcome::EXECUTED_FULL ||
                      item.outcome() == ItemOutcome::EXECUTED_PARTIAL;
    if (!done || std::find(ended.begin(), ended.end(), item.n()) == ended.end()) continue;
    report.Say("R-EXE-01.consent", At("result.items", i, "outcome"),
               {{"item", absl::StrFormat("%u", item.n())}});
  }
}

constexpr Rule kConsentRules[] = {
    {{"R-GEN-01", "E", "CTHB 33", "a withdrawn consent: whose, when, to what"}, CheckForm},
    {{"R-HR-12, R-GEN-02", "E/I", "CTHB 33",
      "a withdrawn consent of somebody whom the request does not name (I), or of an item that does "
      "not stand on it (E)"},
     CheckWhoseConsent},
    {{"R-HR-12", "E", "CTHB 33", "data of who withdrew the consent are sent again"}, CheckAgain},
    {{"R-EXE-01", "W", "CTHB 33, UNTOC 18(10)",
      "an item is executed after the consent to it was withdrawn"},
     CheckAfter},
};

}  // namespace

std::span<const Rule> ConsentRules() { return kConsentRules; }

}  // namespace palermo::casework
