// Safeguards HR-05, 14, 16, 17, 19, 21, 23, 24: silence is a note at most, what is broken is told.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using Set = std::set<std::string>;

Set KeysOfFindings(const std::vector<Finding>& findings) {
  Set keys;
  for (const Finding& f : findings) {
    keys.insert(Cat({SeverityName(f.severity).substr(0, 1), " ", f.key}));
  }
  return keys;
}

// The form of `type`, changed in one place.
Set Of(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  return KeysOfFindings(CheckBody(ContextOfForm(type), body));
}

// The answer to the form of `type`, changed in one place.
Set OfAnswer(AssistanceType::Code type, const std::function<void(v1::ItemResult&)>& change,
             const std::function<void(v1::Request&)>& asked_for = nullptr) {
  v1::CaseBody asked = TemplateForType(type), body = AnswerForType(type);
  if (asked_for) asked_for(*asked.mutable_request());
  change(*body.mutable_result()->mutable_items(0));
  CheckContext context = ContextOfForm(type);
  context.act = Act::FINAL_RESULT;
  context.side = Side::kRequested;
  context.request = &asked.request();
  return KeysOfFindings(CheckBody(context, body));
}

// A record of an operation, as a body carries it.
Set OfRecord(const std::function<void(v1::OperationRecord&)>& change) {
  v1::CaseBody body;
  body.set_version(1);
  change(*body.mutable_operation_record());
  CheckContext context;
  context.family = v1::Family::JOINT_INVESTIGATION;
  context.act = Act::REQUEST;
  Set keys;
  for (const std::string& key : KeysOfFindings(CheckBody(context, body))) {
    if (key.find("R-HR-") != std::string::npos || key.find(".word") != std::string::npos) {
      keys.insert(key);
    }
  }
  return keys;
}

void Assert(v1::Assertion& said) {
  said.set_by("o-0007");
  said.set_text("the list was made from two flights that the informant named");
}

// --- HR-05

TEST(Discrimination, ASelectionByTraitsAloneIsTold) {
  const auto by = [](const std::vector<const char*>& grounds, bool asserted) {
    return Of(AssistanceType::FTF_TRAVEL_INFO, [&](v1::Request& r) {
      r.clear_selection_grounds();
      for (const char* ground : grounds) r.add_selection_grounds(ground);
      if (asserted) Assert(*r.mutable_selection_assertion());
    });
  };
  EXPECT_EQ(by({"RELIGION"}, false), Set{"W R-HR-05.traits"});
  EXPECT_EQ(by({"NATIONALITY", "SEX"}, false), Set{"W R-HR-05.traits"});
  EXPECT_EQ(by({"NATIONALITY", "CONDUCT"}, false), Set{});  // a trait beside what was done
  EXPECT_EQ(by({"EVIDENCE"}, false), Set{});
  EXPECT_EQ(by({"NATIONALITY"}, true), Set{});
  EXPECT_EQ(by({}, false), Set{"N R-HR-05.unsaid"});
  EXPECT_EQ(by({"LOOKS"}, false), Set{"E R-GEN-01.word"});
}

TEST(Discrimination, NothingIsAskedOfAnOrdinaryMeasure) {
  for (auto type : {AssistanceType::TAKE_EVIDENCE, AssistanceType::RECORDS_BANK,
                    AssistanceType::PRESERVE_DATA, AssistanceType::EXTRADITE}) {
    EXPECT_EQ(Of(type, [](v1::Request& r) { r.clear_selection_grounds(); }), Set{});
  }
}

TEST(Discrimination, ATaskIsSelectedByMoreThanTraits) {
  const auto by = [](const char* ground) {
    return OfRecord([&](v1::OperationRecord& r) {
      r.mutable_tasking()->set_deconflicted(true);
      r.mutable_tasking()->add_selection_grounds(ground);
    });
  };
  EXPECT_EQ(by("ETHNIC_ORIGIN"), Set{"W R-HR-05.traits"});
  EXPECT_EQ(by("INTELLIGENCE"), Set{});
  EXPECT_EQ(by("BEARD"), Set{"E R-GEN-01.word"});
}

// --- HR-14

TEST(PersonalData, ContestedDataAreCorrected) {
  const auto with = [](const char* accuracy, const char* correction) {
    return OfAnswer(AssistanceType::CRIMINAL_RECORD, [&](v1::ItemResult& item) {
      item.mutable_data_care()->set_accuracy(accuracy);
      item.mutable_data_care()->set_correction(correction);
    });
  };
  EXPECT_EQ(with("VERIFIED", ""), Set{});
  EXPECT_EQ(with("CONTESTED", ""), Set{"W R-HR-14.accuracy"});
  EXPECT_EQ(with("WRONG", ""), Set{"W R-HR-14.accuracy"});
  EXPECT_EQ(with("WRONG", "entry 3 is of a namesake and is struck out"), Set{});
  EXPECT_EQ(with("PERHAPS", ""), Set{"E R-GEN-01.word"});
}

TEST(PersonalData, NoMoreThanWasAskedForAndDeferredForAReason) {
  const auto with = [](const std::function<void(v1::DataCare&)>& change) {
    return OfAnswer(AssistanceType::CRIMINAL_RECORD,
                    [&](v1::ItemResult& item) { change(*item.mutable_data_care()); });
  };
  EXPECT_EQ(with([](auto& c) { c.add_beyond_request("the convictions of the brother"); }),
            Set{"W R-HR-14.beyond"});
  EXPECT_EQ(with([](auto& c) {
              c.add_beyond_request("the convictions of the brother");
              c.set_beyond_reason("both stand in one judgment");
            }),
            Set{});
  EXPECT_EQ(with([](auto& c) { c.clear_deferral_reason(); }), Set{"W R-HR-14.deferred"});
  EXPECT_EQ(with([](auto& c) {
              c.clear_deferral_reason();
              c.set_subject_notice("GIVEN");
            }),
            Set{});
  EXPECT_EQ(with([](auto& c) { c.set_subject_notice("LATER"); }), Set{"E R-GEN-01.word"});
  EXPECT_EQ(with([](auto& c) { c.set_as_of("last year"); }), Set{"E R-GEN-01.date"});
}

TEST(PersonalData, AnAnswerOfARegisterSaysItsSourceAndDate) {
  const auto without = [](v1::ItemResult& item) { item.clear_data_care(); };
  EXPECT_EQ(OfAnswer(AssistanceType::CRIMINAL_RECORD, without), Set{"N R-HR-14.unsaid"});
  EXPECT_EQ(OfAnswer(AssistanceType::SUBSCRIBER_INFO,
                     [](v1::ItemResult& item) { item.mutable_data_care()->clear_as_of(); }),
            Set{"N R-HR-14.unsaid"});
  EXPECT_EQ(OfAnswer(AssistanceType::CRIMINAL_RECORD,
                     [](v1::ItemResult& item) {
                       item.clear_data_care();
                       item.clear_extract();
                       item.clear_delivered();
                       item.set_outcome(v1::ItemOutcome::EXECUTED_NEGATIVE);
                     }),
            Set{});
  EXPECT_EQ(OfAnswer(AssistanceType::SEARCH_SEIZE, without), Set{});
}

TEST(PersonalData, SilenceIsToldOnce) {
  v1::CaseBody asked = TemplateForType(AssistanceType::CRIMINAL_RECORD);
  v1::Item& second = *asked.mutable_request()->add_items();
  second = asked.request().items(0);
  second.set_n(2);
  v1::CaseBody body = AnswerForType(AssistanceType::CRIMINAL_RECORD);
  body.mutable_result()->mutable_items(0)->clear_data_care();
  *body.mutable_result()->add_items() = body.result().items(0);
  body.mutable_result()->mutable_items(1)->set_n(2);
  CheckContext context = ContextOfForm(AssistanceType::CRIMINAL_RECORD);
  context.act = Act::FINAL_RESULT;
  context.side = Side::kRequested;
  context.request = &asked.request();
  EXPECT_EQ(CheckBody(context, body).size(), 1u);
}

TEST(PersonalData, WhatIsToBeDeletedIsNotKept) {
  const auto kept = [](const char* until) {
    return OfAnswer(AssistanceType::SEARCH_SEIZE, [&](v1::ItemResult& item) {
      item.set_delete_by("2031-01-01");
      item.set_keep_until(until);
    });
  };
  EXPECT_EQ(kept("2030-12-31"), Set{});
  EXPECT_EQ(kept("2031-06-01"), Set{"N R-HR-14.kept"});
}

// --- HR-16

TEST(SentencedPerson, IsNotTakenAwayFromTheFamilyWithoutAReason) {
  const auto with = [](const std::function<void(v1::Item&)>& change) {
    return Of(AssistanceType::TRANSFER_SENTENCED_PERSON,
              [&](v1::Request& r) { change(*r.mutable_items(0)); });
  };
  EXPECT_EQ(with([](auto& item) { item.mutable_family_ties()->set_effect("FARTHER"); }),
            Set{"W R-HR-16.farther"});
  EXPECT_EQ(with([](auto& item) {
              item.mutable_family_ties()->set_effect("FARTHER");
              item.mutable_family_ties()->set_reason("asked for by the person: threats at home");
            }),
            Set{});
  EXPECT_EQ(with([](auto& item) { item.clear_family_ties(); }), Set{"N R-HR-16.unsaid"});
  EXPECT_EQ(with([](auto& item) { item.mutable_family_ties()->clear_assertion(); }),
            Set{"N R-HR-16.unsaid"});
  EXPECT_EQ(with([](auto& item) { item.mutable_family_ties()->set_effect("NO_FAMILY"); }), Set{});
  EXPECT_EQ(with([](auto& item) { item.mutable_family_ties()->set_effect("NEAR"); }),
            Set{"E R-GEN-01.word"});
}

// --- HR-17

Set OfHearing(const std::function<void(v1::Obtaining&)>& change) {
  return OfAnswer(AssistanceType::TAKE_EVIDENCE, [&](v1::ItemResult& item) {
    change(*item.mutable_hearings(0)->mutable_how_obtained());
  });
}

TEST(Torture, WhatItMadeIsNoEvidence) {
  EXPECT_EQ(OfHearing([](auto& how) { how.set_without_ill_treatment(true); }), Set{});
  EXPECT_EQ(OfHearing([](auto& how) { how.set_without_ill_treatment(false); }),
            Set{"E R-HR-17.ill_treatment"});
  // An officer's word does not cure it.
  EXPECT_EQ(OfHearing([](auto& how) {
              how.set_without_ill_treatment(false);
              Assert(*how.mutable_assertion());
            }),
            Set{"E R-HR-17.ill_treatment"});
  EXPECT_EQ(OfHearing([](auto& how) {
              how.set_without_ill_treatment(false);
              how.set_against_accused_of_torture(true);
            }),
            Set{"N R-HR-17.proof"});
  EXPECT_EQ(OfHearing([](auto& how) { how.mutable_assertion()->clear_by(); }),
            Set{"N R-HR-17.unnamed"});
  EXPECT_EQ(OfHearing([](auto& how) { how.Clear(); }), Set{"N R-HR-17.unsaid"});
}

TEST(Torture, SilenceIsToldOnceAndNotOfVictims) {
  const auto twice = [](v1::ItemResult& item) {
    item.mutable_hearings(0)->clear_how_obtained();
    *item.add_hearings() = item.hearings(0);
  };
  const v1::CaseBody asked = TemplateForType(AssistanceType::TAKE_EVIDENCE);
  v1::CaseBody body = AnswerForType(AssistanceType::TAKE_EVIDENCE);
  twice(*body.mutable_result()->mutable_items(0));
  CheckContext context = ContextOfForm(AssistanceType::TAKE_EVIDENCE);
  context.act = Act::FINAL_RESULT;
  context.side = Side::kRequested;
  context.request = &asked.request();
  EXPECT_EQ(CheckBody(context, body).size(), 1u);
  EXPECT_EQ(OfAnswer(AssistanceType::TAKE_EVIDENCE, twice,
                     [](v1::Request& r) { r.mutable_persons(0)->set_roles(0, "VICTIM"); }),
            Set{});
}

TEST(Torture, AnArrestBringsNoStatement) {
  Draft draft(Act::BOARDING_RESULT);
  v1::RightsRecord& arrest = *draft.body.mutable_boarding_result()->add_arrests();
  arrest.set_rights_notice_lang("ar");
  arrest.set_interpreter(true);
  arrest.set_counsel_offered(true);
  arrest.set_consular_informed(true);
  EXPECT_EQ(KeysOfFindings(draft.Check()), Set{});
  arrest.mutable_how_obtained()->set_without_ill_treatment(false);
  EXPECT_EQ(KeysOfFindings(draft.Check()), Set{"E R-HR-17.ill_treatment"});
}

TEST(Torture, AStatementThatARequestReliesOnAndEvidenceOfAnOperationAreAskedToo) {
  EXPECT_EQ(Of(AssistanceType::EXTRADITE,
               [](v1::Request& r) {
                 auto& how = *r.add_relied_statements()->mutable_how_obtained();
                 how.set_without_ill_treatment(false);
               }),
            Set{"E R-HR-17.ill_treatment"});
  EXPECT_EQ(Of(AssistanceType::EXTRADITE, [](v1::Request& r) { r.add_relied_statements(); }),
            Set{"N R-HR-17.unsaid"});
  EXPECT_EQ(OfRecord([](v1::OperationRecord& r) {
              r.mutable_evidence()->mutable_how_obtained()->set_without_ill_treatment(false);
            }),
            Set{"E R-HR-17.ill_treatment"});
  EXPECT_EQ(OfRecord([](v1::OperationRecord& r) { r.mutable_evidence(); }), Set{});
}

// --- HR-19

TEST(RecruitedChild, IsAVictimFirst) {
  const auto with = [](const char* area, const std::function<void(v1::Person&)>& change) {
    return Of(AssistanceType::TAKE_EVIDENCE, [&](v1::Request& r) {
      r.set_area(area);
      v1::Person& p = *r.add_persons();
      p.set_ref("P-2");
      p.add_roles("SUSPECT");
      p.set_age_status("CHILD");
      p.set_guardian("Office for Children of Marenza");
      p.set_juvenile_handling("juvenile court");
      change(p);
    });
  };
  // TF needs its article; that is another rule's.
  EXPECT_EQ(with("DRUGS", [](auto& p) { p.set_recruited_by_group(true); }),
            Set{"W R-HR-19.suspect"});
  EXPECT_EQ(with("FIREARMS", [](auto& p) { p.set_recruited_by_group(true); }),
            Set{"W R-HR-19.suspect"});
  EXPECT_EQ(with("DRUGS",
                 [](auto& p) {
                   p.set_recruited_by_group(true);
                   p.set_non_punishment_review("o-0007: courier under threat; no charge");
                 }),
            Set{});
  EXPECT_EQ(with("DRUGS", [](auto& p) { p.set_recruited_by_group(false); }), Set{});
  EXPECT_EQ(with("DRUGS", [](auto&) {}), Set{"N R-HR-19.unsaid"});
  EXPECT_EQ(with("FIREARMS", [](auto&) {}), Set{});
  EXPECT_EQ(with("DRUGS", [](auto& p) { p.set_age_status("ADULT"); }), Set{});
}

// --- HR-21

Set OfClose(bool victims, const std::function<void(v1::Close&)>& change) {
  Draft draft(Act::CLOSE);
  if (victims) {
    v1::Person& person = *draft.request.add_persons();
    person.set_ref("V-1");
    person.add_roles("VICTIM");
    person.set_sealed(true);
  }
  change(*draft.body.mutable_close());
  return KeysOfFindings(draft.Check());
}

TEST(Victims, TheClosingSaysWhatTheyReceived) {
  EXPECT_EQ(OfClose(true, [](v1::Close&) {}), Set{"N R-HR-21.unsaid"});
  EXPECT_EQ(OfClose(false, [](v1::Close&) {}), Set{});
  const auto got = [](const std::function<void(v1::VictimSupport&)>& change) {
    return OfClose(true, [&](v1::Close& close) { change(*close.mutable_victim_support()); });
  };
  EXPECT_EQ(got([](auto& s) { s.set_supported(true); }), Set{});
  EXPECT_EQ(got([](auto& s) { s.set_supported(false); }), Set{"W R-HR-21.denied"});
  EXPECT_EQ(got([](auto& s) { s.set_told_remedies(false); }), Set{"W R-HR-21.denied"});
  EXPECT_EQ(got([](auto& s) { s.set_compensation("REFUSED"); }), Set{"W R-HR-21.denied"});
  EXPECT_EQ(got([](auto& s) {
              s.set_supported(false);
              s.set_reason("V-1 wished no help");
            }),
            Set{});
  EXPECT_EQ(got([](auto& s) { s.set_compensation("NOT_CLAIMED"); }), Set{});
  EXPECT_EQ(got([](auto& s) { s.set_compensation("SOON"); }), Set{"E R-GEN-01.word"});
}

TEST(Victims, TheFiguresOfAnOperationSayIt) {
  const auto figures = [](const std::vector<const char*>& counters) {
    return OfRecord([&](v1::OperationRecord& r) {
      r.mutable_closing()->set_logs_reconciled(true);
      for (const char* counter : counters) {
        v1::CounterValue& c = *r.mutable_closing()->add_counters();
        c.set_counter(counter);
        c.set_value(7);
      }
    });
  };
  EXPECT_EQ(figures({"victims_rescued"}), Set{"N R-HR-21.figures"});
  EXPECT_EQ(figures({"victims_rescued", "victims_supported"}), Set{});
  EXPECT_EQ(figures({"firearms"}), Set{});
  EXPECT_EQ(OfRecord([](v1::OperationRecord& r) {
              r.mutable_victim()->mutable_victim_support()->set_supported(false);
            }),
            Set{"W R-HR-21.denied"});
}

// --- HR-23

TEST(Livelihood, TheNoteTellsOfNobody) {
  const auto with = [](const std::string& note) {
    return Of(AssistanceType::SEIZURE_NOTICE, [&](v1::Request& r) {
      v1::Person& p = *r.add_persons();
      p.set_ref("P-7");
      p.add_roles("SUSPECT");
      p.set_name("Dario Vell");
      p.set_phone("+000 555 0199");
      p.set_address("Sandbay");
      v1::Person& elder = *r.add_persons();
      elder.set_ref("P-8");
      elder.add_roles("SUSPECT");
      elder.set_address("Net Lane 12, Sandbay");
      v1::Person& company = *r.add_persons();
      company.set_ref("C-1");
      company.add_roles("BENEFICIAL_OWNER");
      company.set_kind("LEGAL");
      company.set_name("Harbour Timber");
      r.set_livelihood_note(note);
    });
  };
  const std::string fishing = "Forty families live from fishing; nets are no evidence.";
  EXPECT_EQ(with(fishing), Set{});
  EXPECT_EQ(with(""), Set{});
  EXPECT_EQ(with(fishing + " VELL, Dario buys from them."), Set{"W R-HR-23.person"});
  EXPECT_EQ(with(fishing + " Ask 0005550199."), Set{"W R-HR-23.person"});
  EXPECT_EQ(with("In Sandbay forty families live from fishing."), Set{});
  EXPECT_EQ(with(fishing + " Their nets lie at Net Lane 12."), Set{"W R-HR-23.person"});
  EXPECT_EQ(with(fishing + " A man called Jon Ark leads them."), Set{"N R-HR-23.named"});
  EXPECT_EQ(with(fishing + " They sell to Harbour Timber."), Set{});
}

// --- HR-24

TEST(Gender, AVictimOrAPrisonerIsAskedAndTheAnswerKept) {
  const auto clear = [](v1::Request& r) {
    r.mutable_referral()->clear_gender_care();
    for (v1::Item& item : *r.mutable_items()) item.clear_gender_care();
  };
  EXPECT_EQ(Of(AssistanceType::VICTIM_REFERRAL, clear), Set{"N R-HR-24.unsaid"});
  const auto prisoner = [](v1::Request& r) { r.mutable_items(0)->clear_gender_care(); };
  EXPECT_EQ(Of(AssistanceType::TRANSFER_DETAINED_WITNESS, prisoner), Set{"N R-HR-24.unsaid"});
  EXPECT_EQ(Of(AssistanceType::TRANSFER_SENTENCED_PERSON, prisoner), Set{"N R-HR-24.unsaid"});
  const auto victim = [](const char* area, const char* heard) {
    return Of(AssistanceType::TAKE_EVIDENCE, [&](v1::Request& r) {
      r.set_area(area);
      if (std::string_view(area) == "TRAFFICKING") {
        r.mutable_offence(0)->mutable_tip()->add_acts("RECRUITMENT");
        r.mutable_offence(0)->mutable_tip()->add_purposes("SERVITUDE");
      }
      v1::Person& p = *r.add_persons();
      p.set_ref("V-3");
      p.add_roles("VICTIM");
      p.set_sealed(true);
      r.mutable_items(0)->set_person_ref(heard);
    });
  };
  EXPECT_EQ(victim("TRAFFICKING", "V-3"), Set{"N R-HR-24.unsaid"});
  EXPECT_EQ(victim("TRAFFICKING", "W-1"), Set{});  // nothing happens to the victim here
  EXPECT_EQ(victim("CORRUPTION", "V-3"), Set{});
}

TEST(Gender, AWishThatWasNotMetNeedsAReason) {
  const auto with = [](const std::function<void(v1::GenderCare&)>& change) {
    return Of(AssistanceType::VICTIM_REFERRAL,
              [&](v1::Request& r) { change(*r.mutable_referral()->mutable_gender_care()); });
  };
  EXPECT_EQ(with([](auto& care) { care.set_given(false); }), Set{"W R-HR-24.not_given"});
  EXPECT_EQ(with([](auto& care) {
              care.set_given(false);
              care.set_reason("no interpreter of this language was a woman");
            }),
            Set{});
  EXPECT_EQ(with([](auto& care) { care.add_wishes("TEA"); }), Set{"E R-GEN-01.word"});
  EXPECT_EQ(Of(AssistanceType::TRANSFER_SENTENCED_PERSON,
               [](v1::Request& r) { r.mutable_items(0)->mutable_gender_care()->set_given(false); }),
            Set{"W R-HR-24.not_given"});
}

TEST(Gender, AHearingSaysWhetherTheWishWasMet) {
  const auto heard = [](const char* wish, const std::function<void(v1::GenderCare&)>& change) {
    return OfAnswer(
        AssistanceType::TAKE_EVIDENCE,
        [&](v1::ItemResult& item) { change(*item.mutable_hearings(0)->mutable_gender_care()); },
        [&](v1::Request& r) { r.mutable_persons(0)->mutable_gender_care()->add_wishes(wish); });
  };
  const char* wish = "SAME_GENDER_INTERVIEWER";
  EXPECT_EQ(heard(wish, [](auto&) {}), Set{"N R-HR-24.unanswered"});
  EXPECT_EQ(heard("NONE", [](auto&) {}), Set{});
  EXPECT_EQ(heard(wish, [](auto& care) { care.set_given(true); }), Set{});
  EXPECT_EQ(heard(wish, [](auto& care) { care.set_given(false); }), Set{"W R-HR-24.not_given"});
}

// Silence never stops anything: what is missing is a note, and few of them.
TEST(Safeguards, AFormWithoutThemHasTwoNotesAtMost) {
  for (int n = 1; n <= AssistanceType::Code_MAX; ++n) {
    if (!AssistanceType::Code_IsValid(n)) continue;
    const auto type = static_cast<AssistanceType::Code>(n);
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    v1::CaseBody body = TemplateForType(type);
    v1::Request& r = *body.mutable_request();
    r.clear_selection_grounds();
    if (r.has_referral()) r.mutable_referral()->clear_gender_care();
    for (v1::Item& item : *r.mutable_items()) {
      item.clear_family_ties();
      item.clear_gender_care();
    }
    const auto findings = CheckBody(ContextOfForm(type), body);
    EXPECT_LE(findings.size(), 2u);
    for (const Finding& f : findings) EXPECT_EQ(f.severity, Severity::kNote) << f.key;
  }
}

}  // namespace
}  // namespace palermo::casework
