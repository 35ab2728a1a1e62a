// Information that is no request, words and forms of an officer's file, and what only some requests
// have.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "node/casework/contents_test_util.h"
#include "node/casework/form_check.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Family;
using Set = std::set<std::string>;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

// "key at field" of each finding.
Set Told(const std::vector<Finding>& findings) {
  Set told;
  for (const Finding& f : findings) told.insert(f.key + " " + f.field);
  return told;
}
Set OfInformation(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  auto findings = CheckBody(ContextOfForm(type), body);
  const auto usual = CheckUsual(ContextOfForm(type), body);
  findings.insert(findings.end(), usual.begin(), usual.end());
  return Told(findings);
}
Set OfForm(AssistanceType::Code type, const std::function<void(v1::Request&)>& change) {
  v1::CaseBody body = TemplateForType(type);
  change(*body.mutable_request());
  return Told(CheckForms(body));
}

// --- Information

TEST(Information, LacksNothingInTheExampleOfItsFamily) {
  for (Family::Code family :
       {Family::SPONTANEOUS, Family::LAW_ENFORCEMENT_INFO, Family::FIU, Family::HIT_QUERY}) {
    const auto example = ExampleFor(Act::REQUEST, family, AssistanceType::UNSPECIFIED);
    ASSERT_TRUE(example.ok());
    CheckContext context = ContextOfForm(AssistanceType::OTHER_NOT_CONTRARY);
    context.family = family;
    EXPECT_THAT(Told(CheckUsual(context, example->body)), IsEmpty());
    EXPECT_FALSE(example->body.request().has_deadline()) << "no trial waits for information";
    EXPECT_EQ(example->body.request().urgency_reason(), "");
  }
}

TEST(Information, IsToldWhatItShouldSayButIsSent) {
  CheckContext context = ContextOfForm(AssistanceType::OTHER_NOT_CONTRARY);
  context.family = Family::SPONTANEOUS;
  v1::CaseBody body =
      ExampleFor(Act::REQUEST, Family::SPONTANEOUS, AssistanceType::UNSPECIFIED)->body;
  v1::Request& r = *body.mutable_request();
  r.clear_requesting_authority();
  r.clear_facts_summary();
  r.clear_restrictions();
  r.clear_useful_for();
  EXPECT_THAT(CheckBody(context, body), IsEmpty());
  const auto findings = CheckUsual(context, body);
  const std::string key = "R-GEN-01.information request.";
  EXPECT_THAT(Told(findings),
              UnorderedElementsAre(key + "requesting_authority", key + "facts_summary",
                                   key + "restrictions", key + "useful_for"));
  for (const Finding& finding : findings) EXPECT_EQ(finding.severity, Severity::kNote);
}

TEST(Information, OfThePoliceNamesTheLimbAndThatItIsIntelligence) {
  EXPECT_THAT(OfInformation(AssistanceType::ONLINE_SALES_LEAD,
                            [](v1::Request& r) {
                              r.clear_information_limb();
                              r.clear_evidence_status();
                            }),
              UnorderedElementsAre("R-GEN-01.information request.information_limb",
                                   "R-GEN-01.information request.evidence_status"));
  // A sample that is asked for is not graded, nor is a boat that sinks.
  for (AssistanceType::Code type :
       {AssistanceType::SAMPLE_FOR_ANALYSIS, AssistanceType::DISTRESS_ALERT}) {
    EXPECT_THAT(OfInformation(type, [](v1::Request& r) { r.clear_evaluation(); }), IsEmpty());
  }
  // Nor is what police ask of a register.
  for (AssistanceType::Code type :
       {AssistanceType::VERIFY_DOCUMENT, AssistanceType::TRACE_FIREARM,
        AssistanceType::VERIFY_LICENCE, AssistanceType::OTHER_NOT_CONTRARY}) {
    CheckContext context = ContextOfForm(type);
    context.family = Family::LAW_ENFORCEMENT_INFO;
    v1::CaseBody body = TemplateForType(type);
    body.mutable_request()->clear_evaluation();
    std::set<std::string> keys;
    for (const Finding& f : CheckBody(context, body)) keys.insert(f.key);
    EXPECT_EQ(keys.count("R-INT-01.evaluation"),
              type == AssistanceType::OTHER_NOT_CONTRARY ? 1U : 0U)
        << type;
  }
  // Where 27(1) is not the basis, no limb of it is.
  EXPECT_THAT(OfInformation(AssistanceType::RECRUITMENT_LEAD,
                            [](v1::Request& r) { r.clear_information_limb(); }),
              IsEmpty());
}

// Annex A, R-INT-01 and R-INT-02: information has an evaluation, and a code of the scheme it names.
TEST(Information, IsEvaluatedInASchemeThatHasTheCode) {
  const auto graded = [](const char* grade) {
    return OfInformation(AssistanceType::ONLINE_SALES_LEAD,
                         [grade](v1::Request& r) { r.set_evaluation(grade); });
  };
  EXPECT_THAT(graded(""), UnorderedElementsAre("R-INT-01.evaluation request.evaluation"));
  EXPECT_THAT(graded(" "), UnorderedElementsAre("R-INT-01.evaluation request.evaluation"));
  for (const char* grade : {"EUROPOL_4X4 B2", "EUROPOL_4X4: X4", "NATO_6X6 F6", "UK_3X5X2 1A P",
                            "EUROPOL_4X4 B2 H1", "EUROPOL_4X4, mostly reliable"}) {
    EXPECT_THAT(graded(grade), IsEmpty()) << grade;
  }
  for (const char* grade :
       {"EUROPOL_4X4 E2", "EUROPOL_4X4 B5", "UK_3X5X2 A1", "EUROPOL_4X4 B2 H9"}) {
    EXPECT_THAT(graded(grade), UnorderedElementsAre("R-INT-02.code request.evaluation")) << grade;
  }
}

TEST(Information, HasAGradeOfSomeSchemeOrWords) {
  const auto graded = [](const char* grade) {
    return OfInformation(AssistanceType::ONLINE_SALES_LEAD,
                         [grade](v1::Request& r) { r.set_evaluation(grade); });
  };
  for (const char* grade :
       {"B2", "X4", "F6", "E5", "2C", "B 2", "A/1", "B21", "1AP", "EUROPOL_4X4",
        "mostly reliable, corroborated", "4x4", "N/A", "low", "\u9AD8", "5X5"}) {
    EXPECT_THAT(graded(grade), IsEmpty()) << grade;
  }
  for (const char* grade : {"Z9", "B7", "G1", "99", "b2", "1AX"}) {
    EXPECT_THAT(graded(grade), UnorderedElementsAre("R-INT-01.grade request.evaluation")) << grade;
  }
}

TEST(Urgency, AsksWhyASuspectComesFirst) {
  const v1::CaseBody body = TemplateForType(AssistanceType::CRIMINAL_RECORD);
  v1::CaseBody grounded = body, witness = TemplateForType(AssistanceType::TAKE_EVIDENCE);
  grounded.mutable_request()->add_selection_grounds("EVIDENCE");
  CheckContext context = ContextOfForm(AssistanceType::CRIMINAL_RECORD);
  const auto told = [&](const v1::CaseBody& of) { return Told(CheckUsual(context, of)); };
  for (const auto urgency : {v1::Urgency::PRIORITY, v1::Urgency::URGENT}) {
    context.urgency = urgency;
    EXPECT_EQ(told(body), Set{"R-HR-05.first request.selection_grounds"});
    EXPECT_THAT(told(grounded), IsEmpty());
    EXPECT_THAT(told(witness), IsEmpty());
  }
  for (const auto urgency : {v1::Urgency::ROUTINE, v1::Urgency::EMERGENCY_LIFE}) {
    context.urgency = urgency;
    EXPECT_THAT(told(body), IsEmpty());
  }
}

// --- Electronic evidence

TEST(Categories, OfNoListNeedTheDeepestOrder) {
  const auto asked = [](const char* category, const char* kind) {
    return OfInformation(AssistanceType::ACCESS_STORED_DATA, [&](v1::Request& r) {
      r.mutable_items(0)->set_data_categories(0, category);
      r.mutable_items(0)->mutable_order()->set_kind(kind);
    });
  };
  const Set barred = {"R-CYB-04.order request.items[0].legal_order_hash"};
  for (const char* category : {"CONTENT", "content", "Content_Data", "MAIL"}) {
    EXPECT_EQ(asked(category, "SUBSCRIBER"), barred) << category;
    EXPECT_EQ(asked(category, "subscriber"), barred) << category;
    EXPECT_THAT(asked(category, "CONTENT"), IsEmpty()) << category;
    EXPECT_THAT(asked(category, "content"), IsEmpty()) << category;
  }
  EXPECT_EQ(asked("traffic", "Subscriber"), barred);
  EXPECT_THAT(asked("subscriber data", "SUBSCRIBER"), IsEmpty());
  // What names its depth inside the word is told as no word of the list, and nothing more.
  EXPECT_THAT(asked("BASIC_SUBSCRIBER_INFO", "SUBSCRIBER"), IsEmpty());
  EXPECT_EQ(asked("SUBSCRIBER_CONTENT", "SUBSCRIBER"), barred);
  EXPECT_EQ(asked("SUBSCRIBER_TRAFFIC", "SUBSCRIBER"), barred);
}

// --- Forms

TEST(FormCheck, FindsNothingInAnyForm) {
  for (int n = 1; n <= AssistanceType::Code_MAX; ++n) {
    if (!AssistanceType::Code_IsValid(n)) continue;
    const auto type = static_cast<AssistanceType::Code>(n);
    SCOPED_TRACE(AssistanceType::Code_Name(type));
    EXPECT_EQ(FindingsText(CheckForms(FullTemplateForType(type))), "");
    EXPECT_EQ(FindingsText(CheckForms(AnswerForType(type))), "");
  }
}

TEST(FormCheck, TellsHashesAndDatesThatAreNoneInAnyFieldOfThem) {
  EXPECT_THAT(OfForm(AssistanceType::FREEZE,
                     [](v1::Request& r) {
                       r.mutable_items(0)->mutable_order()->set_hash("abc");
                       r.mutable_confidentiality()->set_until("30.11.2026");
                     }),
              UnorderedElementsAre("R-GEN-01.hash_length request.items[0].order.hash",
                                   "R-GEN-01.date request.confidentiality.until"));
  EXPECT_THAT(OfForm(AssistanceType::VERIFY_DOCUMENT,
                     [](v1::Request& r) {
                       r.mutable_items(0)->set_image_hashes(0, std::string(63, 'a'));
                       r.mutable_items(0)->set_document_issued("2028-02-30");
                     }),
              UnorderedElementsAre("R-GEN-01.hash_length request.items[0].image_hashes[0]",
                                   "R-GEN-01.date request.items[0].document_issued"));
  EXPECT_THAT(
      OfForm(AssistanceType::VIDEO_HEARING,
             [](v1::Request& r) { r.mutable_items(0)->mutable_video()->set_slots(0, "noon"); }),
      UnorderedElementsAre("R-GEN-01.instant request.items[0].video.slots[0]"));
  // A part of a date and a span of time are dates.
  EXPECT_THAT(OfForm(AssistanceType::EXTRADITE,
                     [](v1::Request& r) {
                       r.mutable_persons(0)->set_date_of_birth("1979-XX-XX");
                       r.mutable_items(0)->set_offence_times(0, "2025-03-01/2025-11-19");
                     }),
              IsEmpty());
}

TEST(FormCheck, NotesStatesAndWordsThatNobodyCanTranslate) {
  EXPECT_THAT(OfForm(AssistanceType::FLAG_CONFIRMATION,
                     [](v1::Request& r) {
                       r.mutable_items(0)->mutable_vessel()->set_flag_claimed("qmx");
                       r.clear_persons();
                       r.add_persons()->set_ref("P-1");
                       r.mutable_persons(0)->set_nationality("YQ");
                     }),
              UnorderedElementsAre("R-GEN-01.country request.items[0].vessel.flag_claimed",
                                   "R-GEN-01.country request.persons[0].nationality"));
  v1::CaseBody body = TemplateForType(AssistanceType::TRACE_FIREARM);
  body.mutable_request()->mutable_items(0)->mutable_firearm()->set_serial_state("filed off");
  const auto findings = CheckForms(body);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].key, "R-GEN-01.own_word");
  EXPECT_EQ(findings[0].severity, Severity::kNote);
  EXPECT_EQ(findings[0].todo, "use one of: NONE, OBLITERATED, RESTORED");
  EXPECT_THAT(OfForm(AssistanceType::ACCESS_STORED_DATA,
                     [](v1::Request& r) { r.mutable_items(0)->set_data_categories(0, "content"); }),
              UnorderedElementsAre("R-GEN-01.word request.items[0].data_categories[0]"));
}

TEST(FormCheck, NamesHaveOneLineAndNoTextHasControls) {
  EXPECT_THAT(OfForm(AssistanceType::TAKE_EVIDENCE,
                     [](v1::Request& r) {
                       r.mutable_persons(0)->set_name("Ada\nExample");
                       r.set_facts_summary("One line.\nAnother one.");
                       r.mutable_items(0)->set_lawyer("\x1b[2Jnone");
                     }),
              UnorderedElementsAre("R-GEN-01.control request.persons[0].name",
                                   "R-GEN-01.control request.items[0].lawyer"));
}

TEST(FormCheck, SaysWhereAControlStands) {
  const auto told = [](const std::string& facts) {
    v1::CaseBody body = TemplateForType(AssistanceType::TAKE_EVIDENCE);
    body.mutable_request()->set_facts_summary(facts);
    const auto findings = CheckForms(body);
    return findings.empty() ? "" : findings[0].what;
  };
  EXPECT_EQ(told("Zur\u00FCck.\r\nTab\there.\u0085Fin."), "");
  EXPECT_THAT(told("One.\nZur\u00FCck\vx"),
              ::testing::HasSubstr("line 2 of the text, as character 7"));
  for (const char* control : {"\u0080", "\u009B", "\u009F", "\f", "\x7f"}) {
    EXPECT_THAT(told(control), ::testing::HasSubstr("line 1 of the text, as character 1"));
  }
}

TEST(FormCheck, TellsThatATimeLacksItsZone) {
  const auto until = [](const char* text) {
    return OfForm(AssistanceType::FREEZE,
                  [&](v1::Request& r) { r.mutable_confidentiality()->set_until(text); });
  };
  EXPECT_EQ(until("2026-03-02T09:00"), Set{"R-GEN-01.zone request.confidentiality.until"});
  EXPECT_EQ(until("2026-03-02T09:00:00"), Set{"R-GEN-01.zone request.confidentiality.until"});
  EXPECT_EQ(until("2026-03-02T25:00"), Set{"R-GEN-01.instant request.confidentiality.until"});
  EXPECT_THAT(until("2026-03-02T09:00Z"), IsEmpty());
}

TEST(Codes, OfStatesInSmallLettersGetCapitals) {
  v1::CaseBody body = TemplateForType(AssistanceType::CRIMINAL_RECORD);
  v1::Request& r = *body.mutable_request();
  r.mutable_persons(0)->set_nationality("qt");
  r.mutable_items(0)->set_issuer("Fra");
  r.mutable_items(0)->add_transit_states("QX");
  r.mutable_items(0)->add_transit_states("de");
  EXPECT_THAT(CapitaliseStates(body),
              UnorderedElementsAre("request.persons[0].nationality", "request.items[0].issuer",
                                   "request.items[0].transit_states[1]"));
  EXPECT_EQ(r.persons(0).nationality(), "QT");
  EXPECT_EQ(r.items(0).issuer(), "FRA");
  EXPECT_EQ(r.items(0).transit_states(1), "DE");
  // What is no code then stays, and so does what is no state.
  for (const char* other : {"yx", "french", "d", "\u0440\u0444"}) {
    r.mutable_persons(0)->set_nationality(other);
    EXPECT_THAT(CapitaliseStates(body), IsEmpty()) << other;
    EXPECT_EQ(r.persons(0).nationality(), other);
  }
}

// --- Names and numbers

TEST(Names, HideNothingAndLookLikeNothingElse) {
  const auto named = [](const std::string& name) {
    return OfInformation(AssistanceType::CRIMINAL_RECORD,
                         [&](v1::Request& r) { r.mutable_persons(0)->set_name(name); });
  };
  for (const char* hidden : {"Da\u3164rio", "Da\u2062rio", "Dario\u2028Vell", "Da\U000E0041rio"}) {
    EXPECT_THAT(named(hidden), UnorderedElementsAre("R-GEN-01.bidi request.persons[0].name"));
  }
  EXPECT_THAT(named("\uFF24a\uFF52\uFF49\uFF4F"),
              UnorderedElementsAre("R-GEN-01.homograph request.persons[0].name"));
  // A whole name of them looks like no other: it is only told.
  for (const char* whole : {"\uFF24\uFF41\uFF52\uFF49\uFF4F", "\uFF2E\uFF34\uFF34",
                            "\uFF33\uFF2D\uFF29\uFF34\uFF28\u3000\uFF2A\uFF2F\uFF28\uFF2E"}) {
    EXPECT_THAT(named(whole), UnorderedElementsAre("R-GEN-01.wide request.persons[0].name"));
  }
  // Of mathematics, circled, a Roman numeral, the sign of Kelvin.
  for (const char* mixed : {"\u24B9ario", "\u216Eario", "\u212Aarl", "\U0001D403ario"}) {
    EXPECT_THAT(named(mixed), UnorderedElementsAre("R-GEN-01.homograph request.persons[0].name"));
  }
  EXPECT_THAT(named("\U0001D403\U0001D41A\U0001D42B\U0001D422\U0001D428 Vell"),
              UnorderedElementsAre("R-GEN-01.wide request.persons[0].name"));
  EXPECT_THAT(named("\u212Bngstr\u00F6m"), IsEmpty());
  // Full-width letters belong there.
  EXPECT_THAT(named("\uFF2E\uFF34\u682A\u5F0F\u4F1A\u793E"), IsEmpty());
  EXPECT_THAT(named("\u738B\u5C0F\u660E"), IsEmpty());
  EXPECT_THAT(OfInformation(AssistanceType::CRIMINAL_RECORD,
                            [](v1::Request& r) {
                              r.set_requesting_authority("Prosecut\u043Er of Port-Sel");
                            }),
              UnorderedElementsAre("R-GEN-01.homograph request.requesting_authority"));
  EXPECT_THAT(OfInformation(AssistanceType::FLAG_CONFIRMATION,
                            [](v1::Request& r) {
                              r.mutable_items(0)->mutable_vessel()->add_previous_names("Alb\u0430");
                            }),
              UnorderedElementsAre("R-GEN-01.homograph request.items[0].vessel.previous_names[0]"));
}

// Where something is asked for, a name that looks like another one is another.
TEST(Names, OfWhoKeepsRecordsAndAddressesAreLookedAt) {
  const auto kept = [](const char* name) {
    return OfInformation(AssistanceType::RECORDS_CORPORATE,
                         [&](v1::Request& r) { r.mutable_items(0)->set_custodian(name); });
  };
  EXPECT_THAT(kept("Temburr\u0430 Mail"),
              UnorderedElementsAre("R-GEN-01.homograph request.items[0].custodian"));
  EXPECT_THAT(kept("Temburra\u200B Mail"),
              UnorderedElementsAre("R-GEN-01.bidi request.items[0].custodian"));
  EXPECT_THAT(kept("Trade Register\nPort-Sel"), IsEmpty());
  EXPECT_THAT(kept("\u0420\u0435\u0435\u0441\u0442\u0440 Temburra"), IsEmpty());
  const auto written = [](const char* address) {
    return OfInformation(AssistanceType::RECORDS_CORPORATE,
                         [&](v1::Request& r) { r.mutable_contact()->set_email(address); });
  };
  EXPECT_THAT(written("offic\u0435@example.org"),
              UnorderedElementsAre("R-GEN-01.homograph request.contact.email"));
  EXPECT_THAT(written("office\u200E@example.org"),
              UnorderedElementsAre("R-GEN-01.bidi request.contact.email"));
  EXPECT_THAT(written("office@example.org"), IsEmpty());
  EXPECT_THAT(written("\u043E\u0444\u0438\u0441@example.org"), IsEmpty());
  const auto selected = [](const char* value) {
    return OfInformation(AssistanceType::PRESERVE_DATA, [&](v1::Request& r) {
      v1::Item& item = *r.mutable_items(0);
      item.clear_selectors();
      item.add_selectors()->set_kind("EMAIL");
      item.mutable_selectors(0)->set_value(value);
    });
  };
  EXPECT_THAT(selected("m\u0430ra@example.org"),
              Contains("R-GEN-01.homograph request.items[0].selectors[0].value"));
  EXPECT_THAT(selected("mara\u200E@example.org"),
              Contains("R-GEN-01.bidi request.items[0].selectors[0].value"));
  EXPECT_THAT(selected("mara@example.org"), IsEmpty());
}

TEST(Names, OfAnyLanguageAreTakenAsItWritesThem) {
  const auto named = [](const char* name) {
    return OfInformation(AssistanceType::CRIMINAL_RECORD,
                         [&](v1::Request& r) { r.mutable_persons(0)->set_name(name); });
  };
  for (const char* name : {
           "\u1830\u1820\u1837\u180E\u1820",                    // Mongolian
           "\u0E2A\u0E21\u200B\u0E0A\u0E32\u0E22",              // Thai
           "\u17A0\u17CA\u17BB\u1793\u200B\u179F\u17C2\u1793",  // Khmer
           "\uFF76)\uFF21\uFF22\uFF23",                         // half-width kana
           "\U00020BB7\u7530 \uFF34",                           // a letter beyond U+FFFF
           "\u0639\u0644\u06CC\u200C\u0631\u0636\u0627 (MOJ)",  // Persian
           "\u041C\u0412\u0414(MVD)",
           "\u0413\u041F\u0423,GPO",
           "O\u2019Neill",
       }) {
    EXPECT_THAT(named(name), IsEmpty()) << name;
  }
  const Set hidden = {"R-GEN-01.bidi request.persons[0].name"};
  for (const char* name :
       {"Da\u180Erio", "\u1830\u180E", "Da\u200Brio", "\u0E2A\u200B\u200B\u0E21", "Dar\u200Cio",
        "\u0414\u200D\u0430", "Dar\u200Bio \u0E2A", "\u05D3\u05DF \u200F(MOJ)"}) {
    EXPECT_EQ(named(name), hidden) << name;
  }
  const Set mixed = {"R-GEN-01.homograph request.persons[0].name"};
  for (const char* name : {"D\u0430rio", "Da'ri\u043E", "Da1ri\u043E", "Dari\u0585",
                           "Da\u0301ri\u043E", "(Dari\u043E)"}) {
    EXPECT_EQ(named(name), mixed) << name;
  }
}

TEST(Names, OfOfficesHaveLinesAndMarksOfDirection) {
  const auto asks = [](const std::string& office) {
    const auto change = [&](v1::Request& r) { r.set_requesting_authority(office); };
    Set told = OfInformation(AssistanceType::CRIMINAL_RECORD, change);
    told.merge(OfForm(AssistanceType::CRIMINAL_RECORD, change));
    return told;
  };
  EXPECT_THAT(asks("Prosecutor General\r\nUnit 4"), IsEmpty());
  EXPECT_THAT(asks("\u05DE\u05E9\u05E8\u05D3 \u200F(MOJ)"), IsEmpty());
  EXPECT_THAT(asks("\u0648\u0632\u0627\u0631\u0629 \u200F(MOJ)\u200E"), IsEmpty());
  EXPECT_THAT(asks("\u0E01\u0E23\u0E30\u200BDSI"), IsEmpty());
  EXPECT_THAT(asks("\u179F\u17BB\u200B\u200B\u179F\u17B6"), IsEmpty());
  const auto conducts = [](v1::Request& r) {
    r.mutable_proceeding()->mutable_conducting_authority()->set_name("Prosecutor\nStavel");
  };
  EXPECT_THAT(OfForm(AssistanceType::CRIMINAL_RECORD, conducts), IsEmpty());
  const Set hidden = {"R-GEN-01.bidi request.requesting_authority"};
  for (const char* office :
       {"Prosec\u200Futor", "Prosecutor \u200F(MOJ)", "\u05DE\u05E9 Pros\u200Fecutor",
        "\u05DE\u05E9 Pros\u200F\u200Fecutor", "\u05DE\u05E9\u202A(MOJ)\u202C"}) {
    EXPECT_EQ(asks(office), hidden) << office;
  }
  EXPECT_EQ(asks("Prosecutor\x1b[2J"), Set{"R-GEN-01.control request.requesting_authority"});
}

TEST(Texts, CloseWhatTurnsTheirDirection) {
  const auto told = [](const char* facts) {
    return OfInformation(AssistanceType::CRIMINAL_RECORD,
                         [&](v1::Request& r) { r.set_facts_summary(facts); });
  };
  for (const char* open :
       {"seen \u202Babc", "seen \u2067abc", "\u202Eabc\u202C", "a\u2066\u2067b\u2069"}) {
    EXPECT_EQ(told(open), Set{"R-GEN-01.bidi request.facts_summary"}) << open;
  }
  EXPECT_EQ(told("seen \u202Babc\u202C and \u2067abc\u2069"), Set{});
  EXPECT_EQ(told("\u202Babc\nand more"), Set{}) << "its line closes it";
  EXPECT_EQ(told("\u2067a\u202Bb\u2069 c"), Set{}) << "its isolate closes it";
}

TEST(Cards, AreNeverShownWhole) {
  const auto selected = [](const char* kind, const char* value) {
    return OfInformation(AssistanceType::HIT_QUERY, [&](v1::Request& r) {
      r.mutable_items(0)->mutable_selectors(0)->set_kind(kind);
      r.mutable_items(0)->mutable_selectors(0)->set_value(value);
    });
  };
  const Set told = {"R-SEAL-01.card request.items[0].selectors[0].value"};
  EXPECT_EQ(selected("PAYMENT_CARD", "4111111111111111"), told);
  for (const char* kind : {"card", "CARD NUMBER", "BANK_CARD", "DEBIT_CARD", "CREDITCARD", "PAN",
                           "CreditCardNo", "Credit card number"}) {
    EXPECT_EQ(selected(kind, "4111111111111111"), told) << kind;
  }
  EXPECT_THAT(selected("ID_CARD", "4111111111111111"), IsEmpty());
  EXPECT_THAT(selected("CARD", "411111...1111"), IsEmpty());
}

TEST(Children, WhoTestifyAreToldOfWhenTheyStandInTheClear) {
  const auto witness = [](const char* age, const char* name) {
    return OfInformation(AssistanceType::TAKE_EVIDENCE, [&](v1::Request& r) {
      v1::Person& p = *r.mutable_persons(0);
      p.set_age_status(age);
      p.set_name(name);
      p.set_guardian("Office for Children of Temburra");
    });
  };
  EXPECT_THAT(witness("CHILD", "Ada Example"),
              ::testing::Contains("R-SEAL-01.child request.persons[0].name"));
  EXPECT_THAT(witness("ADULT", "Ada Example"), IsEmpty());
  EXPECT_THAT(witness("CHILD", ""),
              ::testing::Not(::testing::Contains("R-SEAL-01.child request.persons[0].name")));
}

// --- Files that are not read

TEST(Json, SaysWhereItFails) {
  const auto at = [](const std::string& json) { return FieldOf(BodyFromJson(json).status()); };
  EXPECT_EQ(at(R"({"request": {"items": [{"type": "STATUE"}]}})"), "request.items[0].type");
  EXPECT_EQ(at(R"({"request": {"purpse": "x"}})"), "request");
  EXPECT_EQ(at("nothing"), "");
  const auto marked = BodyFromJson("\xEF\xBB\xBF{}");
  EXPECT_THAT(std::string(marked.status().message()), ::testing::HasSubstr("byte order mark"));
}

}  // namespace
}  // namespace palermo::casework
