#include "node/casework/intelligence/sharing_rules.h"

#include <gtest/gtest.h>

#include <functional>

#include "base/bytes.h"

namespace palermo::casework {
namespace {

std::string RulesFor(const v1::CaseBody& body) {
  std::string text;
  for (const Finding& finding : CheckSharing(body)) {
    text += Cat({text.empty() ? "" : " ", finding.rule, ":", finding.field});
  }
  return text;
}
// Each change alone, of a body that is right.
template <typename Content>
void ExpectEach(v1::CaseBody body, Content* content,
                const std::vector<std::pair<std::string, std::function<void(Content&)>>>& changes) {
  EXPECT_EQ(RulesFor(body), "");
  const Content right = *content;
  for (const auto& [field, change] : changes) {
    v1::CaseBody wrong = body;
    Content changed = right;
    change(changed);
    const auto* reflection = wrong.GetReflection();
    const auto* which = reflection->GetOneofFieldDescriptor(
        wrong, v1::CaseBody::descriptor()->FindOneofByName("content"));
    reflection->MutableMessage(&wrong, which)->CopyFrom(changed);
    EXPECT_EQ(RulesFor(wrong), Cat({"R-GEN-01:", which->name(), ".", field}));
  }
}

TEST(Sharing, AQuestionSaysWhichRecordToWhomWhatForAndWhy) {
  v1::CaseBody body;
  auto& ask = *body.mutable_onward_consent_request();
  ask.set_record_id("R-1/1");
  ask.set_to_state("QT");
  ask.set_purpose("INVESTIGATION");
  ask.set_reason("same vessel");
  using Ask = v1::OnwardConsentRequest;
  ExpectEach<Ask>(body, &ask,
                  {{"record_id", [](Ask& a) { a.set_record_id(" "); }},
                   {"to_state", [](Ask& a) { a.set_to_state("everybody"); }},
                   {"purpose", [](Ask& a) { a.set_purpose("WHATEVER"); }},
                   {"reason", [](Ask& a) { a.clear_reason(); }}});
}

TEST(Sharing, AConsentSaysWhichRecordToWhomWhatForAndHow) {
  v1::CaseBody body;
  auto& answer = *body.mutable_onward_consent_answer();
  answer.set_record_id("R-1/1");
  answer.set_to_state("QT");
  answer.set_purpose("INVESTIGATION");
  answer.set_decision("GRANT");
  using Answer = v1::OnwardConsentAnswer;
  ExpectEach<Answer>(body, &answer,
                     {{"record_id", [](Answer& a) { a.clear_record_id(); }},
                      {"to_state", [](Answer& a) { a.set_to_state("qt"); }},
                      {"purpose", [](Answer& a) { a.clear_purpose(); }},
                      {"decision", [](Answer& a) { a.set_decision("YES"); }},
                      {"removed_elements",
                       [](Answer& a) {
                         a.set_decision("GRANT_SANITISED");
                         a.set_sanitised_by("QN/central/o-1");
                       }},
                      {"sanitised_by", [](Answer& a) {
                         a.set_decision("GRANT_SANITISED");
                         a.add_removed_elements("the source");
                       }}});
}

TEST(Sharing, ARecallAndACorrectionSayOfWhatAndWhy) {
  v1::CaseBody body;
  auto& recall = *body.mutable_intelligence_recall();
  recall.set_record_id("R-1/1");
  recall.set_reason("wrong vessel");
  recall.set_answer_by("2026-03-10");
  using Recall = v1::IntelligenceRecall;
  ExpectEach<Recall>(body, &recall,
                     {{"record_id", [](Recall& r) { r.clear_record_id(); }},
                      {"reason", [](Recall& r) { r.clear_reason(); }},
                      {"answer_by", [](Recall& r) { r.set_answer_by("soon"); }}});
  auto& correction = *body.mutable_intelligence_correction();
  correction.set_record_id("R-1/1");
  correction.set_replaced_by("R-1/2");
  correction.set_reason("other port");
  using Correction = v1::IntelligenceCorrection;
  ExpectEach<Correction>(body, &correction,
                         {{"record_id", [](Correction& c) { c.clear_record_id(); }},
                          {"replaced_by", [](Correction& c) { c.clear_replaced_by(); }},
                          {"replaced_by", [](Correction& c) { c.set_replaced_by("R-1/1"); }},
                          {"reason", [](Correction& c) { c.clear_reason(); }},
                          {"answer_by", [](Correction& c) { c.set_answer_by("soon"); }}});
}

TEST(Sharing, AnAnswerSaysWhatBecameOfTheRecord) {
  v1::CaseBody body;
  auto& answer = *body.mutable_intelligence_answer();
  answer.set_record_id("R-1/1");
  answer.set_outcome("PURGED");
  answer.set_at("2026-03-10T12:00:00Z");
  answer.add_passed_on_to("QT");
  using Answer = v1::IntelligenceAnswer;
  ExpectEach<Answer>(body, &answer,
                     {{"record_id", [](Answer& a) { a.clear_record_id(); }},
                      {"outcome", [](Answer& a) { a.set_outcome("FORGOTTEN"); }},
                      {"hold_ref", [](Answer& a) { a.set_outcome("KEPT_UNDER_HOLD"); }},
                      {"at", [](Answer& a) { a.set_at("yesterday"); }},
                      {"passed_on_to", [](Answer& a) { a.add_passed_on_to("a friend"); }}});
}

}  // namespace
}  // namespace palermo::casework
