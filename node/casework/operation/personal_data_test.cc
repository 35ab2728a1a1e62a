#include "node/casework/operation/personal_data.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/bytes.h"
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

// Of persons, and what only looks like it.
struct Phrase {
  bool warns;
  const char* text;
};
constexpr Phrase kPhrases[] = {
    // Names: of persons, beside the word that says so.
    {true, "the girl Lina Orsay was brought to the shelter"},
    {true, "we rescued a victim: Lina Orsay"},
    {true, "Witness Mara de Vell saw the transfer"},
    {true, "the boy, called Tomas, is with the youth office"},
    {true, "a migrant named Orsay told us of the boat"},
    {true, "surname: Orsay"},
    {true, "her name is Lina"},
    {true, "the victim's name is Lina Orsay"},
    {true, "her family name was Orsay"},
    {true, "survivors Lina Orsay and Mara Vell are on board"},
    {true, "the mother (Sara Orsay) waits ashore"},
    {false, "MV ESTRELA DO SUL left Haven at 03:00"},
    {false, "the fishing vessel Maria Stella is named in the warrant"},
    {false, "a boat called Mara was seized"},
    {false, "Operation LANTERN starts in Porto Lagoa"},
    {false, "the victims' shelter in Haven Harbour Street is ready"},
    {false, "Victim Support Unit and Witness Protection Service are informed"},
    {false, "the Child Protection Officer of Haven is present"},
    {false, "survivors Red Cross has seen: 12"},
    {false, "signed: Insp. Tomas Vell, unit 3"},
    {false, "the operation is called Lantern"},
    {false, "the witness saw Porto Lagoa burn"},
    {false, "the ship's name is Maria Stella"},
    {false, "victims: March to June, 12"},
    // Dates of birth.
    {true, "she was born in Lagoa on 17 April 2009"},
    {true, "a child was born on board on 2026-06-17"},
    {true, "nato il 17.04.2009"},
    {false, "two born 2025-10 and 2026-02"},
    {false, "the child born in 2025-10"},
    {true, "born 2009/04/17"},
    {true, "born on 17 of 04/2009"},
    {false, "NATO ships met on 17 June 2026"},
    {false, "the idea of this operation was born on 17 April 2026"},
    {false, "the team was born out of the meeting of 17 April 2026"},
    // Documents.
    {true, "her passports: P1234567 and P1234568"},
    {true, "passports no. 123456789 and 123456790 are hers"},
    {true, "national ID number 44712098"},
    {false, "14 passports, 1200000 XTS and two telephones"},
    {false, "blank passport QT0000001 was found"},
    {false, "record ID number 44712098"},
    {false, "container ID no 4471209"},
    {false, "help for a woman called V-1"},
    {false, "the witness, named W2, was heard"},
    {true, "the zone read P<QTXORSAY<<LINA<<<<<<<<<<<<<<<<<<<<<<<<<<"},
    {true, "ORSAY<<LINA"},
    {true, "P1234567<0QTX0904174F3001018<<<<<<<<<<<<<<04"},
    {false, "A<<B, and x << y"},
    {false, "<<< see below >>>"},
    {false, "QM<<12"},
    // Telephones.
    {true, "call him at +999 123 456 789"},
    {true, "+999 123 456 789 (the victim)"},
    {true, "tel. 012 345 6789, her brother"},
    {false, "call +999 123 456 789 (duty desk)"},
    {false, "+999 123 456 789, MRCC Haven"},
    {false, "MV Maria Stella: +870 773 123 456"},
    {false, "Inspector Vell, +999 123 456 789"},
    {false, "phone 17.06.2026 04:10: no answer"},
    // Plates and other marks of things.
    {false, "seized: car AB-123-CD, lorry QM 44 712 09, trailer 98712"},
    {false, "VIN WVWZZZ1JZXW000001, engine 4471209"},
};

TEST(PersonalData, IsToldFromNamesOfShipsPlacesOperationsAndOfficers) {
  for (const Phrase& one : kPhrases) EXPECT_EQ(HoldsPersonalData(one.text), one.warns) << one.text;
}

TEST(PersonalData, AReasonSaysSomething) {
  for (const char* text : {"", " ", "...", "-", " . \u00A0.", "\u3002", "?!"}) {
    EXPECT_FALSE(SaysSomething(text)) << text;
  }
  for (const char* text : {"x", "7", "\u5831", "\u0628", "(a)"}) {
    EXPECT_TRUE(SaysSomething(text)) << text;
  }
}

TEST(PersonalData, AnAnswerToAWarningIsInWords) {
  for (const char* text :
       {"", "...", "x", "7", "(a)", "x.", "\u0628", "none", "n/a", "to follow", "-"}) {
    EXPECT_FALSE(IsReason(text)) << text;
  }
  for (const char* text : {"ok", "\u5831", "\uC608", "he is the organiser", "order 3"}) {
    EXPECT_TRUE(IsReason(text)) << text;
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
  evidence.mutable_evidence()->set_law_basis("warrant QM-77");
  evidence.mutable_evidence()->set_description("passport P1234567 of QT");
  EXPECT_EQ(ToldOfText(evidence), "");
  evidence.mutable_evidence()->set_description("car AB-123-CD, driven by Tomas Vell");
  EXPECT_EQ(ToldOfText(evidence), "");
}

TEST(PersonalData, InTheReasonForAWarningIsRefused) {
  v1::OperationRecord vote;
  vote.mutable_vote()->set_reason("the boy Tomas Vell is inside");
  const auto told = [&](const char* reason) {
    v1::CaseBody body;
    body.set_version(1);
    *body.mutable_operation_record() = vote;
    body.add_overridden()->set_rule("R-HR-14");
    body.mutable_overridden(0)->set_reason(reason);
    CheckContext context;
    context.act = v1::Act::REQUEST;
    context.family = v1::Family::JOINT_INVESTIGATION;
    std::string out;
    for (const Finding& f : CheckBody(context, body)) {
      if (f.severity == Severity::kError) out += Cat({f.rule, " ", f.field, ";"});
    }
    return out;
  };
  EXPECT_EQ(told("the members must know whom to look for"), "");
  EXPECT_EQ(told("he is the boy Tomas Vell"), "R-GEN-01 overridden[0].reason;");
  EXPECT_EQ(told("..."), "R-GEN-01 overridden[0];");
}

}  // namespace
}  // namespace palermo::casework
