// What a state does in a case: conditions it accepted, confidentiality it cannot keep, answers that
// say more than was asked, orders that have run out, a restriction within safe conduct.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/reason_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/use.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::PostponementGround;

void CheckConditions(const RuleInput& in, Report& report) {
  const auto& offered = in.body.statement().conditions();
  for (int i = 0; i < offered.size(); ++i) {
    if (offered[i].voids_assistance()) {
      report.Say("R-CND-01.void", At("statement.conditions", i));
    }
  }
  const bool breached = !IsBlank(in.body.statement().breached_condition()) ||
                        !IsBlank(in.body.use().breached_condition());
  if (breached) report.Say("R-CND-01.breach", "statement.breached_condition");
}

// The requesting state decides first whether the request is executed nevertheless.
void CheckUnableToKeep(const RuleInput& in, Report& report) {
  if (!in.context.confidentiality_undecided) return;
  if (IsAct(in, {Act::EXECUTION_STARTED, Act::PARTIAL_RESULT, Act::FINAL_RESULT, Act::DELIVERY_LIVE,
                 Act::DATA_DISCLOSED})) {
    report.Say("R-CONF-02.started", "");
  }
}

// --- Answers

bool IsQuestion(AssistanceType::Code type) {
  return type == AssistanceType::VERIFY_DOCUMENT || type == AssistanceType::VERIFY_NATIONALITY ||
         type == AssistanceType::VERIFY_LICENCE || type == AssistanceType::VERIFY_CITES_PERMIT ||
         type == AssistanceType::HIT_QUERY || type == AssistanceType::BATCH_VERIFY;
}

void CheckAnswers(const RuleInput& in, Report& report) {
  ForResults(in, [&](const v1::ItemResult& item, const v1::Item* asked, const std::string& at) {
    if (asked == nullptr || !IsQuestion(asked->type())) return;
    const auto& disclosed = item.verification().disclosed();
    if (!std::all_of(disclosed.begin(), disclosed.end(), IsOfTheAnswer)) {
      report.Say("R-DOC-02.more", at + ".verification.disclosed");
    }
  });
}

// --- Orders

// The earliest and latest moment that the item names for its measure.
void CheckOrderTime(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    if (item.order().valid_to().empty()) continue;
    const bool lasts = OneOf(item.order().kind(), {"SUBSCRIBER", "TRAFFIC", "CONTENT"}) ||
                       item.type() == AssistanceType::REALTIME_TRAFFIC ||
                       item.type() == AssistanceType::INTERCEPT_CONTENT ||
                       item.type() == AssistanceType::ELECTRONIC_SURVEILLANCE;
    if (!lasts) continue;
    const std::string& clock = NowText(in.context);
    for (const std::string* text : {&clock, &item.period_to()}) {
      const auto at = ParseInstant(*text);
      if (!at.ok() || !IsAfterEnd(item.order().valid_to(), *at)) continue;
      report.Say("R-AUTH-03.order", At("request.items", i, "order.valid_to"));
      break;
    }
  }
}

// --- Safe conduct

SafeConduct ConductOf(const v1::SafeConduct& said) {
  SafeConduct conduct;
  const auto time = [](const std::string& text) {
    const auto at = ParseInstant(text);
    return at.ok() ? *at : absl::InfiniteFuture();
  };
  conduct.released_notice = time(said.released_notice_at());
  if (said.has_period_days()) conduct.period_days = static_cast<int>(said.period_days());
  conduct.could_leave = !said.has_could_leave() || said.could_leave();
  if (!said.left_at().empty() || said.returned_at().empty()) {
    conduct.returned_after_leaving = time(said.returned_at());
  }
  return conduct;
}

void CheckSafeConduct(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    if (!r->items(i).has_safe_conduct_record()) continue;
    const v1::SafeConduct& said = r->items(i).safe_conduct_record();
    const auto restricted = ParseInstant(said.restricted_at());
    if (!restricted.ok()) continue;
    const auto granted = ParseInstant(said.granted_at());
    for (const Finding& finding : CheckRestriction(
             ConductOf(said), granted.ok() ? *granted : absl::InfinitePast(), *restricted)) {
      report.Say(finding.key, At("request.items", i, "safe_conduct.restricted_at"));
    }
  }
}

// What speaks for the accused may always be disclosed: only the notice of it is looked at.
void CheckDefenceTold(const RuleInput& in, Report& report) {
  if (!IsAct(in, {v1::Act::EXCULPATORY_NOTICE})) return;
  const v1::Use& use = in.body.use();
  if (!CheckExculpatory(use.kind(), use.why_no_prior()).empty()) {
    report.Say("R-USE-03.notice", "use.kind");
  }
}

// --- Postponements

// A postponement that nothing else stops: on a ground of one, with a text, after a consultation.
bool Postpones(const RuleInput& in) {
  if (!IsAct(in, {Act::POSTPONEMENT_NOTICE}) || IsBlank(in.body.statement().text())) return false;
  switch (in.body.statement().ground()) {
    case PostponementGround::INTERFERES_INVESTIGATION:
    case PostponementGround::INTERFERES_PROSECUTION:
    case PostponementGround::INTERFERES_JUDICIAL_PROCEEDING:
    case PostponementGround::COSTS_UNRESOLVED:
      return in.context.postponement_consultation_open && !in.context.requesting_state_unheard;
    default:
      return false;
  }
}

// BUD 27(7): reasons for a postponement, too, of the same length as those of a refusal. They stand
// in one text with the ground.
void CheckPostponementReasons(const RuleInput& in, Report& report) {
  const v1::Request* asked = in.context.request;
  if (asked == nullptr || in.context.received || !Postpones(in) ||
      in.context.family == v1::Family::PRESERVATION_24_7 ||
      ProfileOf(asked->basis().governing_profile()) != "BUD") {
    return;
  }
  std::string_view reasons = in.body.statement().text();
  PostponementGround::Code ground{};
  const std::string head(CodeAtHead(reasons));
  if (PostponementGround::Code_Parse(head, &ground)) reasons.remove_prefix(head.size());
  while (!reasons.empty() && OneOf(reasons.substr(0, 1), {":", ",", ".", ";", "-", " "})) {
    reasons.remove_prefix(1);
  }
  const size_t length = VisibleLength(reasons);
  if (length == 0) {
    report.Say("R-REF-23.missing", "statement.text");
  } else if (length < kMinReasonCharacters) {
    report.Say("R-REF-23.short", "statement.text", {{"count", absl::StrFormat("%d", length)}});
  }
}

constexpr Rule kConductRules[] = {
    {{"R-CND-01", "E/W", "UNTOC 18(26)",
      "an act against an accepted condition (E), or a condition that voids the assistance (W)"},
     CheckConditions},
    {{"R-CONF-02", "E", "UNTOC 18(20), BUD 27(8)",
      "execution goes on before the requesting state decided about lost confidentiality"},
     CheckUnableToKeep},
    {{"R-DOC-02", "E", "", "an answer discloses more than the question asked"}, CheckAnswers},
    {{"R-AUTH-03", "E", "UNTOC 18(17), 20", "a measure outside the time of its order"},
     CheckOrderTime},
    {{"R-SCO-01", "W", "UNTOC 18(12), (27)", "a restriction of liberty within safe conduct"},
     CheckSafeConduct},
    {{"R-USE-03", "W", "UNTOC 18(5), 18(19)",
      "material for the defence was disclosed, and nobody says whether the other state knew "
      "before, "
      "or why not"},
     CheckDefenceTold},
    {{"R-REF-23", "E", "BUD 27(7)",
      "a postponement whose reasons are missing or under 40 characters"},
     CheckPostponementReasons},
};

}  // namespace

std::span<const Rule> ConductRules() { return kConductRules; }

bool IsOfTheAnswer(std::string_view member) {
  return OneOf(absl::AsciiStrToLower(std::string(member)), {"result",
                                                            "answer",
                                                            "status",
                                                            "valid",
                                                            "validity",
                                                            "yes",
                                                            "no",
                                                            "yes_no",
                                                            "yes/no",
                                                            "basis",
                                                            "nationality_confirmed",
                                                            "confirmed",
                                                            "is_national",
                                                            "national",
                                                            "value",
                                                            "travel_document",
                                                            "document_reissue",
                                                            "reissue",
                                                            "reissue_possible",
                                                            "genuine",
                                                            "permit_status",
                                                            "licence_status",
                                                            "issued",
                                                            "quantity_matches"});
}

}  // namespace palermo::casework
