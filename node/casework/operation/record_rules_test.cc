#include "node/casework/operation/record_rules.h"

#include <gtest/gtest.h>

#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

const std::string kToken = "hmac:" + std::string(60, '0') + "09af";

// "R-COC-01.gap evidence.events[0]": what is found beyond the notes.
std::string ToldOf(const v1::OperationRecord& record, bool in_mail = false,
                   const std::string& now = "") {
  v1::CaseBody body;
  body.set_version(1);
  if (in_mail) {
    *body.mutable_operation_mail()->add_records() = record;
  } else {
    *body.mutable_operation_record() = record;
  }
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  context.now = now;
  std::string out;
  for (const Finding& f : CheckBody(context, body)) {
    if (f.severity == Severity::kNote) continue;
    out += (out.empty() ? "" : ", ") + f.key + " " + f.field.substr(f.field.find('.') + 1);
  }
  return out;
}

TEST(RecordRules, AskEveryPairForItsBasisAndEachStateForItsOwnAuthority) {
  const auto found = [](const std::vector<std::pair<std::string, std::string>>& parties,
                        const std::vector<std::string>& pairs) {
    v1::OperationRecord record;
    for (const auto& [state, authority] : parties) {
      auto& party = *record.mutable_agreement()->add_parties();
      party.set_state(state);
      party.set_authority(authority);
    }
    for (const std::string& pair : pairs) {
      auto& row = *record.mutable_agreement()->add_basis();
      row.set_pair(pair);
      row.set_basis("UNTOC 19");
    }
    const std::string all = ToldOf(record);
    return std::string(all.find("R-JIT-07") != std::string::npos ? "pair" : "") +
           (all.find("R-GEN-01.party") != std::string::npos ? "party" : "");
  };
  const std::vector<std::pair<std::string, std::string>> three = {
      {"QM", "QM/central"}, {"QN", "QN/central"}, {"QP", "QP/central"}};
  EXPECT_EQ(found(three, {"default"}), "");
  EXPECT_EQ(found(three, {"QM-QN", "QP-QM", "QN-QP"}), "");
  EXPECT_EQ(found(three, {"QM-QN"}), "pair");
  EXPECT_EQ(found({{"QM", "QM/central"}, {"QM", "QM/central"}}, {"default"}), "party");
  EXPECT_EQ(found({{"QM", "QN/central"}, {"QN", "QN/central"}}, {"default"}), "party");
  EXPECT_EQ(found({{"QM", "QM"}, {"QN", "QN/central"}}, {"default"}), "party");
}

TEST(RecordRules, TakeNoNameForAToken) {
  EXPECT_TRUE(IsPersonToken(kToken));
  for (const char* other : {"", "hmac:", "hmac:...", "hmac:a1", "Lina ORSAY 2009-04-17"}) {
    EXPECT_FALSE(IsPersonToken(other)) << other;
  }
  EXPECT_FALSE(IsPersonToken(kToken + "0"));
  EXPECT_FALSE(IsPersonToken("HMAC:" + std::string(64, '0')));
  // Capital letters would make two persons of one.
  EXPECT_FALSE(IsPersonToken("hmac:" + std::string(64, 'A')));

  v1::OperationRecord record;
  record.mutable_victim()->set_rescued(true);
  EXPECT_EQ(ToldOf(record), "");
  record.mutable_victim()->set_token(kToken);
  EXPECT_EQ(ToldOf(record), "");
  record.mutable_victim()->set_token("Lina ORSAY 2009-04-17");
  EXPECT_EQ(ToldOf(record), "R-GEN-01.token victim.token");
  // What another state has sealed goes on as it is.
  EXPECT_EQ(ToldOf(record, true), "");
  v1::ArrestRecord arrest;
  arrest.set_legal_basis("warrant");
  arrest.set_token("hmac:...");
  arrest.set_rights_notice_lang("en");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  arrest.set_consular_informed(true);
  *record.mutable_arrest() = arrest;
  EXPECT_EQ(ToldOf(record), "R-GEN-01.token arrest.token");
  record.mutable_arrest()->set_token(kToken);
  record.mutable_arrest()->set_at("yesterday");
  EXPECT_EQ(ToldOf(record), "R-GEN-01.sighting arrest.at");
  record.mutable_arrest()->set_at("2026-06-17T04:10Z");
  EXPECT_EQ(ToldOf(record), "");
}

TEST(RecordRules, AskATaskAndItsOrderForTheirTimes) {
  v1::OperationRecord record;
  v1::Tasking& task = *record.mutable_tasking();
  task.set_deconflicted(true);
  task.set_start_utc("2026-06-17T03:00:00Z");
  task.mutable_authority()->set_ref("warrant");
  task.mutable_authority()->set_valid_to("2026-06-30");
  EXPECT_EQ(ToldOf(record), "");
  task.set_place_released_at("the evening before");
  EXPECT_EQ(ToldOf(record), "R-GEN-01.sighting tasking.place_released_at");
  task.clear_place_released_at();
  task.clear_start_utc();
  EXPECT_EQ(ToldOf(record), "R-AUTH-03.order tasking.authority");
  task.set_start_utc("2026-06-17T03:00:00Z");
  task.mutable_authority()->clear_valid_to();
  EXPECT_EQ(ToldOf(record), "R-AUTH-03.order tasking.authority");
  record.mutable_situation()->set_at("noon");
  EXPECT_EQ(ToldOf(record), "R-GEN-01.sighting situation.at");
}

TEST(RecordRules, AskAnArrestForItsLegalBasis) {
  v1::OperationRecord record;
  v1::ArrestRecord& arrest = *record.mutable_arrest();
  arrest.set_rights_notice_lang("en");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  arrest.set_consular_informed(true);
  EXPECT_EQ(ToldOf(record), "R-GEN-01.record_field arrest.legal_basis");
  arrest.set_legal_basis("caught in the act, code of procedure 127");
  EXPECT_EQ(ToldOf(record), "");
}

TEST(RecordRules, AskEachMeasureOfAPlanForTheAuthorityOfItsState) {
  v1::OperationRecord record;
  record.mutable_plan()->add_objectives("arrest the organisers");
  EXPECT_EQ(ToldOf(record), "");
  v1::PlannedMeasure& measure = *record.mutable_plan()->add_measures();
  measure.set_state("QM");
  measure.set_measure("search");
  EXPECT_EQ(ToldOf(record), "R-AUTH-03.measure plan.measures[0].authority");
  measure.set_authority("warrant QM-77");
  EXPECT_EQ(ToldOf(record), "");
  measure.set_state("here");
  EXPECT_EQ(ToldOf(record), "R-GEN-01.state_code plan.measures[0].state");
}

TEST(RecordRules, TakeNothingThatHappenedForWhatIsToCome) {
  v1::OperationRecord record;
  v1::CustodyEvent& seized = *record.mutable_evidence()->add_events();
  seized.set_k("SEIZED");
  seized.set_by("O-3");
  seized.set_at("2031-06-17T04:10:00Z");
  EXPECT_EQ(ToldOf(record, false, "2026-06-17T04:00:00Z"),
            "R-GEN-01.to_come evidence.events[0].at");
  EXPECT_EQ(ToldOf(record, false, "2031-06-17T04:00:00Z"), "") << "clocks differ";
  EXPECT_EQ(ToldOf(record), "") << "nobody knows what time it is";
}

TEST(RecordRules, AskEveryHandForItsTime) {
  v1::OperationRecord record;
  v1::CustodyEvent& seized = *record.mutable_evidence()->add_events();
  seized.set_k("SEIZED");
  seized.set_by("O-3");
  seized.set_at("2026-06-17T04:10:00Z");
  EXPECT_EQ(ToldOf(record), "");
  seized.clear_at();
  EXPECT_EQ(ToldOf(record), "R-COC-01.gap evidence.events[0]");
}

}  // namespace
}  // namespace palermo::casework
