#include "node/casework/intelligence/sharing_rules.h"

#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/intelligence/policy.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

class Checker {
 public:
  Checker(std::string at, std::vector<Finding>& out) : at_(std::move(at)), out_(out) {}

  void Needs(bool there, std::string_view field) { Say(there, "R-GEN-01.sharing", field); }
  void Text(const std::string& text, std::string_view field) { Needs(!IsBlank(text), field); }
  void Word(bool known, std::string_view field) { Say(known, "R-GEN-01.enum", field); }
  void Date(const std::string& text, std::string_view field) {
    Say(text.empty() || ParseInstant(text).ok(), "R-GEN-01.date", field);
  }

 private:
  void Say(bool fine, std::string_view key, std::string_view field) {
    if (!fine) Tell(key, Cat({at_, ".", field}), out_);
  }

  const std::string at_;
  std::vector<Finding>& out_;
};

void CheckRequest(const v1::OnwardConsentRequest& ask, std::vector<Finding>& out) {
  Checker check("onward_consent_request", out);
  check.Text(ask.record_id(), "record_id");
  check.Word(IsStateCode(ask.to_state()), "to_state");
  check.Word(IsPurpose(ask.purpose()), "purpose");
  check.Text(ask.reason(), "reason");
}

void CheckConsent(const v1::OnwardConsentAnswer& answer, std::vector<Finding>& out) {
  Checker check("onward_consent_answer", out);
  check.Text(answer.record_id(), "record_id");
  check.Word(IsStateCode(answer.to_state()), "to_state");
  check.Word(IsPurpose(answer.purpose()), "purpose");
  check.Word(OneOf(answer.decision(), {"GRANT", "GRANT_SANITISED", "DENY"}), "decision");
  if (answer.decision() != "GRANT_SANITISED") return;
  check.Needs(!answer.removed_elements().empty(), "removed_elements");
  check.Text(answer.sanitised_by(), "sanitised_by");
}

void CheckRecall(const v1::IntelligenceRecall& recall, std::vector<Finding>& out) {
  Checker check("intelligence_recall", out);
  check.Text(recall.record_id(), "record_id");
  check.Text(recall.reason(), "reason");
  check.Date(recall.answer_by(), "answer_by");
}

void CheckCorrection(const v1::IntelligenceCorrection& correction, std::vector<Finding>& out) {
  Checker check("intelligence_correction", out);
  check.Text(correction.record_id(), "record_id");
  check.Needs(
      !IsBlank(correction.replaced_by()) && correction.replaced_by() != correction.record_id(),
      "replaced_by");
  check.Text(correction.reason(), "reason");
  check.Date(correction.answer_by(), "answer_by");
}

void CheckAnswer(const v1::IntelligenceAnswer& answer, std::vector<Finding>& out) {
  Checker check("intelligence_answer", out);
  check.Text(answer.record_id(), "record_id");
  check.Word(OneOf(answer.outcome(), {"PURGED", "REPLACED", "KEPT_UNDER_HOLD", "NEVER_HELD"}),
             "outcome");
  check.Needs(answer.outcome() != "KEPT_UNDER_HOLD" || !IsBlank(answer.hold_ref()), "hold_ref");
  check.Date(answer.at(), "at");
  for (const std::string& state : answer.passed_on_to()) {
    check.Word(IsStateCode(state), "passed_on_to");
  }
}

}  // namespace

std::vector<Finding> CheckSharing(const v1::CaseBody& body) {
  std::vector<Finding> out;
  if (body.has_onward_consent_request()) CheckRequest(body.onward_consent_request(), out);
  if (body.has_onward_consent_answer()) CheckConsent(body.onward_consent_answer(), out);
  if (body.has_intelligence_recall()) CheckRecall(body.intelligence_recall(), out);
  if (body.has_intelligence_correction()) CheckCorrection(body.intelligence_correction(), out);
  if (body.has_intelligence_answer()) CheckAnswer(body.intelligence_answer(), out);
  return out;
}

}  // namespace palermo::casework
