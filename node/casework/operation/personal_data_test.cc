#include "node/casework/operation/personal_data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/casework/contents.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {
namespace {

TEST(PersonalData, IsADateOfBirthADocumentOrATelephone) {
  for (const char* text : {
           "We rescued the girl Lina Orsay, born 2009-04-17, passport P1234567 of QT",
           "Lina, date of birth 17.04.2009",
           "a boy (born on 17 April 2009) is with the youth office",
           "DOB: 17/04/09",
           "née le 17 avril 2009",
           "дата рождения 17.04.2009",
           "her passport is P1234567",
           "Passport no. of QT: QT4471209",
           "passport number 123456789",
           "identity card 12345678",
           "паспорт 4509 123456",
           "call her mother at +999 123 456 789",
           "contact her mother: +999123456789",
           "the victim's telephone number is 0123 456 789",
           "tel. 012 345 6789",
       }) {
    EXPECT_TRUE(HoldsPersonalData(text)) << text;
  }
}

TEST(PersonalData, IsNoDateOfAnEventNoAmountAndNoNumberOfAVessel) {
  for (const char* text : {
           "",
           "all quiet",
           "Both houses were searched on 2026-06-17 at 04:10; 12 persons were arrested.",
           "17.06.2026, 04:10: three boats left, 120000 XTS and 12.5 kg of cocaine were seized",
           "MV ESTRELA DO SUL, IMO 9074729, MMSI 999123456, call sign 9ZAB7",
           "14 passports and 1200000 XTS in cash were found",
           "passports were found in house 2 on 2026-06-17",
           "A child was born on board; mother and child are well.",
           "warrant QM-77/2026 of 12 May 2026, file 2026/1234567",
           "two telephones, IMEI 356938035643809",
           "position 35.5123 N 12.6123 E at 2026-06-17T03:00:00Z, course 270, +2 knots",
           "reach MRCC at +39 06 5924409",
           "the duty officer of the unit: +999 123 456 789",
           "satellite phone of the vessel +870 773 123 456",
           "the account holds +1200000 XTS",
           "mobile unit 3 started at 03:00, 7 of 12 doors were open",
           "the born leader of the group, active since 2019",
           "record 60c2f1a9d004 was corrected by 77ab12cd3344",
       }) {
    EXPECT_FALSE(HoldsPersonalData(text)) << text;
  }
}

std::string ToldOfText(const v1::OperationRecord& record, bool answered = false) {
  v1::CaseBody body;
  body.set_version(1);
  *body.mutable_operation_record() = record;
  if (answered) {
    body.add_overridden()->set_rule("R-HR-14");
    body.mutable_overridden(0)->set_reason("the father asked us to tell his number");
  }
  CheckContext context;
  context.act = v1::Act::REQUEST;
  context.family = v1::Family::JOINT_INVESTIGATION;
  const auto findings = CheckBody(context, body);
  if (answered) {
    EXPECT_TRUE(OpenWarnings(findings, AnsweredIn(body)).empty());
    EXPECT_TRUE(NeedsSecondOfficer(body));
  }
  std::string out;
  for (const Finding& f : findings) {
    out += std::string(SeverityName(f.severity)) + " " + f.rule + " " + f.field + ";";
  }
  return out;
}

TEST(PersonalData, InATextOfARecordIsAWarningThatNeedsAReasonAndASecondOfficer) {
  v1::OperationRecord report;
  report.mutable_situation()->set_text(
      "We rescued the girl Lina Orsay, born 2009-04-17, passport P1234567 of QT");
  EXPECT_EQ(ToldOfText(report), "WARNING R-HR-14 operation_record.situation.text;");
  ToldOfText(report, true);
  report.mutable_situation()->set_text("the girl was brought to safety at 04:10");
  EXPECT_EQ(ToldOfText(report), "");
  report.mutable_situation()->set_next("call her mother at +999 123 456 789");
  EXPECT_EQ(ToldOfText(report), "WARNING R-HR-14 operation_record.situation.next;");
  v1::OperationRecord decision;
  decision.mutable_decision()->set_question("take the boy, born 2009-04-17, out of the house?");
  EXPECT_EQ(ToldOfText(decision), "WARNING R-HR-14 operation_record.decision.question;");
  // To stop waits for nothing, and a suspect's document is what evidence is about.
  v1::OperationRecord abort, evidence;
  abort.mutable_abort()->set_reason("the girl, born 2009-04-17, is in the house");
  EXPECT_EQ(ToldOfText(abort), "");
  evidence.mutable_evidence()->set_description("passport P1234567 of QT");
  EXPECT_EQ(ToldOfText(evidence), "");
}

}  // namespace
}  // namespace palermo::casework
