// An act of a case among the others: what may be sent in a state, and a request before it has one.
#include <algorithm>
#include <iterator>

#include "node/casework/cases/forms.h"
#include "node/casework/cases/names.h"
#include "node/casework/cases/scene.h"
#include "node/casework/cases/silence.h"
#include "node/casework/import.h"
#include "node/casework/reason_words.h"
#include "node/casework/rules.h"
#include "node/casework/state_machine.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using v1::Act;

constexpr std::string_view kDefects[] = {"LANGUAGE",   "SIGNATURE",       "WRONG_AUTHORITY",
                                         "UNREADABLE", "EXPIRED_MANDATE", "SCHEMA"};

// T2 and T30: a request that no shared state precedes.
bool StartsAnew(const Scene& scene, Act::Code act) {
  if (act != Act::REQUEST) return false;
  if (scene.in_state == "AUTHORISED") {
    return scene.asked == nullptr || scene.asked->context.family != v1::Family::SEA;
  }
  return scene.in_state == "REFUSED" && (TextOf(scene.event, "kind") == "RESUBMISSION" ||
                                         SaysYes(Member(scene.event, "relates_to")));
}

}  // namespace

// T1, T2, T4, T8: what holds of the request when its own side signs it.
void FillRequest(const Scene& scene, Mapped& out) {
  const CheckContext& asked = scene.asked->context;
  out.context.signatory = asked.signatory;
  out.context.accepted_languages = asked.accepted_languages;
  out.message = scene.asked->message;
}

// T1: all that would reject the request rejects its authorisation.
void JudgeAuthorisation(const Scene& scene, std::vector<Finding>& findings) {
  const bool drafted = scene.in_state.empty() || scene.in_state == "DRAFT";
  if (!drafted || IsOfOtherSide(scene, Side::kRequesting)) {
    Tell("R-GEN-02.sequence", "event.type", findings);
    return;
  }
  if (ObjectOf(scene.json, "request") == nullptr || scene.asked == nullptr) return;
  const Signatory& signatory = scene.asked->signatory;
  std::string by = AnyText(scene.event, "approver");
  if (by.empty()) by = AnyText(scene.event, "by");
  const std::string drafter = AnyText(scene.event, "drafter");
  const bool same = by == "RQ.DRAFTER" || (by.empty() && drafter == signatory.officer);
  if (same) Tell("R-AUTH-02.same", "event.by", findings);
  const bool told = std::any_of(findings.begin(), findings.end(),
                                [](const Finding& f) { return f.rule == "R-AUTH-02"; });
  for (Finding& f : CheckBody(scene.asked->context, scene.asked->body)) {
    if (f.severity != Severity::kError || (told && f.rule == "R-AUTH-02")) continue;
    findings.push_back(std::move(f));
  }
}

void JudgeOrder(const Scene& scene, Act::Code act, const Mapped& out,
                std::vector<Finding>& findings) {
  const auto state = StateFromName(scene.in_state);
  if (StartsAnew(scene, act)) return;
  if (!state.ok()) {
    if (act == Act::REQUEST && scene.in_state == "DRAFT") {
      Tell("R-GEN-02.sequence", "event.type", findings);
    }
    return;
  }
  // What the rules say about the act comes first; the bare order of acts otherwise.
  const bool extract =
      scene.asked != nullptr && scene.asked->family_of_acts != v1::Family::UNSPECIFIED;
  const bool delivery = act == Act::DELIVERY_CONSENT || act == Act::DELIVERY_ABORT;
  const auto family = delivery  ? v1::Family::SPECIAL_TECHNIQUE
                      : extract ? scene.asked->family_of_acts
                                : out.context.family;
  if (IsLegal({*state}, out.context.side, act, family)) return;
  // After the end nothing is missing from an act but the case that it would belong to.
  const bool ended = IsTerminal(*state) || IsFinalOnSubstance(*state);
  // What is never traded off needs no consultation: the act that opens it comes with the refusal.
  const bool received = *state != CaseState::kSent && *state != CaseState::kReturned &&
                        *state != CaseState::kOralUnconfirmed;
  if (!ended && received &&
      ProtectsFromReturn(out.body.refusal(), out.context.request, out.context.requesting_state)) {
    return;
  }
  std::erase_if(findings, [&](const Finding& f) {
    return (ended && f.rule == "R-REF-26") || f.rule == "R-EXE-01";
  });
  // A refusal that its own rules have judged, with an error or a warning, is not judged twice.
  if (std::any_of(findings.begin(), findings.end(),
                  [](const Finding& f) { return f.rule.rfind("R-REF", 0) == 0; })) {
    return;
  }
  if (!Blocks(findings)) Tell("R-GEN-02.sequence", "event.type", findings);
}

void JudgeConsentGround(const Scene& scene, const v1::Refusal& refusal,
                        std::vector<Finding>& findings) {
  const bool trafficking = scene.facts.area == "TRAFFICKING_IN_PERSONS";
  if (scene.asked != nullptr || !trafficking) return;  // the rule itself sees the request
  const bool told = std::any_of(findings.begin(), findings.end(),
                                [](const Finding& f) { return f.rule == "R-TIP-03"; });
  if (!told && ReliesOnConsent(Folded(refusal.reasons()), true)) {
    Tell("R-TIP-03.consent", "event.reasons", findings);
  }
}

std::string LanguageOfCase(const Scene& scene) {
  if (scene.asked != nullptr) return scene.asked->body.request().language();
  const Struct* records = ObjectOf(scene.json, "records");
  if (records == nullptr) return "";
  for (const std::string& name : SortedNames(*records)) {
    const std::string language = TextOf(records->fields().at(name).struct_value(), "language");
    if (!language.empty()) return language;
  }
  return "";
}

bool IsStep(const Scene& scene, const std::string& type) {
  if (!OneOf(scene.in_state, {"EXECUTING", "PARTLY_EXECUTED"}) || IsGoingLive(scene.event) ||
      ObjectOf(scene.json, "operation") != nullptr) {
    return false;
  }
  return OneOf(type, {"EXECUTE", "EXECUTION", "EXECUTION_STEP", "SEARCH"}) ||
         (type == "MEASURE" &&
          OneOf(TextOf(scene.event, "measure"), {"SEARCH", "SEARCH_SEIZE", "SEIZE", "SEIZURE"}));
}

// T7: what a request may be sent back for.
void JudgeDefects(const Scene& scene, std::vector<Finding>& findings) {
  auto defects = TextsOf(scene.event, "defects");
  for (const char* name : {"defect", "defects"}) {
    if (!TextOf(scene.event, name).empty()) defects.push_back(TextOf(scene.event, name));
  }
  for (const std::string& defect : defects) {
    const bool word = std::none_of(defect.begin(), defect.end(),
                                   [](char c) { return c == ' ' || (c >= 'a' && c <= 'z'); });
    const bool known = std::any_of(
        std::begin(kDefects), std::end(kDefects),
        [&](std::string_view each) { return defect.compare(0, each.size(), each) == 0; });
    if (word && !known) Tell("R-GEN-01.enum", "event.defects", findings);
  }
}

}  // namespace palermo::casework
