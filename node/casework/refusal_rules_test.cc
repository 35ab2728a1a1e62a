#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/contents_test_util.h"
#include "node/casework/reason_words.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;
using v1::RefusalGround;

v1::Refusal& Ref(Draft& draft) { return *draft.body.mutable_refusal(); }

void Use(Draft& draft, const char* profile, RefusalGround::Code ground) {
  draft.request.mutable_basis()->set_governing_profile(profile);
  Ref(draft).set_ground(ground);
}
std::function<void(Draft&)> Ground(const char* profile, RefusalGround::Code ground) {
  return [=](Draft& d) { Use(d, profile, ground); };
}
std::function<void(Draft&)> Reasons(const char* text) {
  return [=](Draft& d) { Ref(d).set_reasons(text); };
}
void AskForGovernmentRecords(Draft& draft, bool is_public) {
  draft.request.mutable_items(0)->set_type(v1::AssistanceType::RECORDS_GOVERNMENT);
  draft.request.mutable_items(0)->set_is_public(is_public);
}

const std::vector<Case> kGroundCases = {
    {"no ground", Act::REFUSAL, Ground("UNTOC_18", RefusalGround::UNSPECIFIED), {"E R-REF-21"}},
    {"unknown ground",
     Act::REFUSAL,
     Ground("UNTOC_18", static_cast<RefusalGround::Code>(77)),
     {"E R-REF-21"}},
    {"unknown prohibited ground",
     Act::REFUSAL,
     Ground("UNTOC_18", static_cast<RefusalGround::Code>(177)),
     {"E R-REF-21"}},
    {"de minimis, UNTOC",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::DE_MINIMIS),
     {"E R-REF-21"}},
    {"de minimis, UNCAC", Act::REFUSAL, Ground("UNCAC_46", RefusalGround::DE_MINIMIS), {}},
    {"the value of frozen property, UNCAC as the instrument",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "", RefusalGround::DE_MINIMIS_VALUE);
       d.request.mutable_basis()->set_instrument("UNCAC");
       for (v1::Item& item : *d.request.mutable_items()) item.set_type(v1::AssistanceType::FREEZE);
     },
     {}},
    {"de minimis, unknown treaty",
     Act::REFUSAL,
     Ground("TREATY:BILATERAL-7", RefusalGround::DE_MINIMIS),
     {"E R-REF-21"}},
    {"a ground of the pair's own treaty, by its article",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "TREATY:BILATERAL-7", RefusalGround::DE_MINIMIS);
       Ref(d).set_law_ref("Treaty of 2011, article 4(2)");
     },
     {}},
    {"a treaty's article makes no prohibited ground good",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "TREATY:BILATERAL-7", RefusalGround::BANK_SECRECY);
       Ref(d).set_law_ref("Treaty of 2011, article 4(2)");
     },
     {"E R-REF-08"}},
    {"an article adds nothing to the Convention's closed set",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "UNTOC_18", RefusalGround::DE_MINIMIS);
       Ref(d).set_law_ref("Code of 2011, article 4(2)");
     },
     {"E R-REF-21"}},
    {"persecution, the new convention",
     Act::REFUSAL,
     Ground("UNCC_40", RefusalGround::PERSECUTION_RISK),
     {}},
    {"political offence, European extradition convention, no extradition",
     Act::REFUSAL,
     Ground("TREATY:ECE", RefusalGround::POLITICAL_OFFENCE),
     {"E R-REF-21"}},
    {"political offence, European extradition convention",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "TREATY:ECE", RefusalGround::POLITICAL_OFFENCE);
       d.context.family = Family::EXTRADITION;
     },
     {}},
    {"de minimis, request unknown",
     Act::REFUSAL,
     [](Draft& d) {
       d.request_known = false;
       Ref(d).set_ground(RefusalGround::DE_MINIMIS);
     },
     {"E R-REF-21"}},
    {"dual criminality, UNTOC",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::DUAL_CRIMINALITY_ABSENT),
     {}},
    {"dual criminality, DRUG88",
     Act::REFUSAL,
     Ground("DRUG88_7", RefusalGround::DUAL_CRIMINALITY_ABSENT),
     {"E R-REF-21"}},
    {"political offence, UNTOC",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::POLITICAL_OFFENCE),
     {"E R-REF-21"}},
    {"political offence, BUD", Act::REFUSAL, Ground("BUD", RefusalGround::POLITICAL_OFFENCE), {}},
    {"political offence, TF",
     Act::REFUSAL,
     Ground("TREATY:TF", RefusalGround::POLITICAL_OFFENCE),
     {"E R-REF-POL"}},
    {"political offence, DRUG88",
     Act::REFUSAL,
     Ground("DRUG88_7", RefusalGround::POLITICAL_OFFENCE),
     {"E R-REF-POL"}},
    {"persecution, UNTOC",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::PERSECUTION_RISK),
     {"E R-REF-21"}},
    {"persecution, TF", Act::REFUSAL, Ground("TF", RefusalGround::PERSECUTION_RISK), {}},
    {"persecution, extradition",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.family = Family::EXTRADITION;
       Use(d, "UNTOC_18", RefusalGround::PERSECUTION_RISK);
     },
     {}},
    {"no convention offence, MLA",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::NOT_A_CONVENTION_OFFENCE),
     {"E R-REF-21"}},
    {"no convention offence, confiscation",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.family = Family::CONFISCATION;
       Use(d, "UNTOC_18", RefusalGround::NOT_A_CONVENTION_OFFENCE);
     },
     {}},
    {"domestic law without reference",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::DOMESTIC_LAW),
     {"E R-REF-21"}},
    {"domestic law with reference",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "UNTOC_18", RefusalGround::DOMESTIC_LAW);
       Ref(d).set_law_ref("Code of Criminal Procedure, section 12");
     },
     {}},
    // Never
    {"bank secrecy", Act::REFUSAL, Ground("UNTOC_18", RefusalGround::BANK_SECRECY), {"E R-REF-08"}},
    {"fiscal", Act::REFUSAL, Ground("UNCAC_46", RefusalGround::FISCAL_ONLY), {"E R-REF-22"}},
    {"legal person",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::LEGAL_PERSON_ONLY),
     {"E R-MLA-02"}},
    {"political only", Act::REFUSAL, Ground("TF", RefusalGround::POLITICAL_ONLY), {"E R-REF-POL"}},
    {"preservation",
     Act::REFUSAL,
     Ground("BUD", RefusalGround::DUAL_CRIMINALITY_FOR_PRESERVATION),
     {"E R-CYB-02"}},
    {"label, UNCAC",
     Act::REFUSAL,
     Ground("UNCAC_46", RefusalGround::LABEL_MISMATCH_ONLY),
     {"E R-REF-09"}},
    {"label, UNTOC",
     Act::REFUSAL,
     Ground("UNTOC_18", RefusalGround::LABEL_MISMATCH_ONLY),
     {"W R-REF-09"}},
    {"costs", Act::REFUSAL, Ground("UNTOC_18", RefusalGround::COSTS_ONLY), {"W R-REF-28"}},
    {"bank secrecy intended",
     Act::CONSULTATION_OPEN,
     [](Draft& d) {
       d.body.mutable_consultation_open()->set_intended_ground(RefusalGround::BANK_SECRECY);
     },
     {"E R-REF-08"}},
    {"security intended",
     Act::CONSULTATION_OPEN,
     [](Draft& d) {
       d.body.mutable_consultation_open()->set_intended_ground(RefusalGround::SECURITY);
     },
     {}},
};

const std::vector<Case> kProcedureCases = {
    {"no reasons", Act::REFUSAL, Reasons(""), {"E R-REF-23"}},
    {"39 characters",
     Act::REFUSAL,
     Reasons("123456789 123456789 123456789 123456789"),
     {"E R-REF-23"}},
    {"40 characters", Act::REFUSAL, Reasons("123456789 123456789 123456789 1234567890"), {}},
    {"40 characters in 80 bytes",
     Act::REFUSAL,
     Reasons("éééééééééééééééééééééééééééééééééééééééé"),
     {}},
    {"39 characters in 78 bytes",
     Act::REFUSAL,
     Reasons("ééééééééééééééééééééééééééééééééééééééé"),
     {"E R-REF-23"}},
    {"padded with spaces",
     Act::REFUSAL,
     Reasons("No.                                                  "),
     {"E R-REF-23"}},
    {"reasons in another language",
     Act::REFUSAL,
     [](Draft& d) { Ref(d).set_reasons_language("tr"); },
     {"E R-REF-23"}},
    {"reasons in the request's language",
     Act::REFUSAL,
     [](Draft& d) {
       d.request.set_language("tr");
       Ref(d).set_reasons_language("tr");
     },
     {}},
    {"reasons in no named language",
     Act::REFUSAL,
     [](Draft& d) { Ref(d).clear_reasons_language(); },
     {"E R-REF-23"}},
    {"accepted languages unknown",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.accepted_languages.clear();
       Ref(d).set_reasons_language("tr");
     },
     {}},
    {"words of bank secrecy",
     Act::REFUSAL,
     Reasons("The law on Banking\n Secrecy of Temburra does not allow this."),
     {"W R-REF-08"}},
    {"in French",
     Act::REFUSAL,
     Reasons("Ces pièces sont couvertes par le SECRET BANCAIRE de notre loi."),
     {"W R-REF-08"}},
    {"in Russian",
     Act::REFUSAL,
     Reasons("Сведения составляют БАНКОВСКУЮ ТАЙНУ по закону нашего государства."),
     {"W R-REF-08"}},
    {"hidden with zero-width letters",
     Act::REFUSAL,
     Reasons("Our law protects the bank\u200bing secre\u00adcy of each customer."),
     {"W R-REF-08"}},
    {"a duty of the bank",
     Act::REFUSAL,
     Reasons("The bank is under a duty, laid down by statute, of strict confidentiality."),
     {"W R-REF-08"}},
    {"banks that are bound",
     Act::REFUSAL,
     Reasons("Our banks are bound by an old statute of the realm to secrecy towards customers."),
     {"W R-REF-08"}},
    {"bank secrecy that nobody relies on",
     Act::REFUSAL,
     Reasons("Bank secrecy is not relied on; execution would disturb our own inquiry."),
     {}},
    {"a bank in one sentence, a secret in the next",
     Act::REFUSAL,
     Reasons("The bank has no branch here. The customer's role in our inquiry is secret."),
     {}},
    {"an informant at a bank",
     Act::REFUSAL,
     Reasons("The bank clerk is a confidential informant of our own police."),
     {}},
    {"political only, with the constitution in the reasons",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "DRUG88_7", RefusalGround::POLITICAL_ONLY);
       Ref(d).set_reasons("Limits of our constitution bar every authority from assisting here.");
     },
     {"W R-REF-POL"}},
    {"dual criminality for what forces nobody, where the directory asks none",
     Act::REFUSAL,
     [](Draft& d) {
       static const auto& profile = *new StateProfile{"", {}, std::nullopt, false, "COERCIVE_ONLY"};
       d.context.requested_profile = &profile;
       for (auto& item : *d.request.mutable_items()) {
         item.set_type(v1::AssistanceType::RECORDS_BANK);
       }
       Use(d, "UNCAC_46", RefusalGround::DUAL_CRIMINALITY_ABSENT);
     },
     {"E R-REF-21"}},
    {"dual criminality for a search, where the directory asks it for what is coercive",
     Act::REFUSAL,
     [](Draft& d) {
       static const auto& profile = *new StateProfile{"", {}, std::nullopt, false, "COERCIVE_ONLY"};
       d.context.requested_profile = &profile;
       for (auto& item : *d.request.mutable_items()) {
         item.set_type(v1::AssistanceType::SEARCH_SEIZE);
       }
       Use(d, "UNCAC_46", RefusalGround::DUAL_CRIMINALITY_ABSENT);
     },
     {}},
    {"another denomination",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "UNCAC_46", RefusalGround::DUAL_CRIMINALITY_ABSENT);
       Ref(d).set_reasons("The offence does not exist under this denomination in our code.");
     },
     {"E R-REF-09"}},
    {"not an offence of the same name",
     Act::REFUSAL,
     [](Draft& d) {
       Use(d, "UNCAC_46", RefusalGround::DUAL_CRIMINALITY_ABSENT);
       Ref(d).set_reasons("The conduct described is not an offence of the same name in our law.");
     },
     {"E R-REF-09"}},
    {"signed under a mandate that has ended",
     Act::REFUSAL,
     [](Draft& d) {
       static const auto& signatory = *new Signatory{"QT-CA-1", {"*"}, "2026-02-01T00:00:00Z", ""};
       d.context.signatory = &signatory;
       d.context.now = "2026-03-02T09:00:00Z";
     },
     {"E R-AUTH-01"}},
    {"a bank and a secret apart",
     Act::REFUSAL,
     Reasons("The bank was robbed and the investigation of it is still secret."),
     {}},
    {"not consulted",
     Act::REFUSAL,
     [](Draft& d) { d.context.refusal_consultation_open = false; },
     {"E R-REF-26"}},
    {"not heard",
     Act::REFUSAL,
     [](Draft& d) { d.context.requesting_state_unheard = true; },
     {"E R-REF-26"}},
    {"consulted on another item",
     Act::REFUSAL_IN_PART,
     [](Draft& d) { d.context.refusal_consultation_items = {1}; },
     {"E R-REF-26"}},
    {"consulted on this item",
     Act::REFUSAL_IN_PART,
     [](Draft& d) {
       d.context.refusal_consultation_items = {2, 1};
     },
     {}},
    {"consulted on one of all",
     Act::REFUSAL,
     [](Draft& d) { d.context.refusal_consultation_items = {1}; },
     {"E R-REF-26"}},
    {"consulted on one of who knows",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.refusal_consultation_items = {1};
       d.request_known = false;
     },
     {"E R-REF-26"}},
    {"non-refoulement is not traded",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.refusal_consultation_open = false;
       Ref(d).set_ground(RefusalGround::NON_REFOULEMENT);
     },
     {}},
    {"non-refoulement of things",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.refusal_consultation_open = false;
       Ref(d).set_ground(RefusalGround::NON_REFOULEMENT);
       for (v1::Item& item : *d.request.mutable_items()) {
         item.set_type(v1::AssistanceType::TRACE_FIREARM);
       }
     },
     {"E R-REF-26"}},
    {"non-refoulement of things, and the other state was heard",
     Act::REFUSAL,
     [](Draft& d) {
       Ref(d).set_ground(RefusalGround::NON_REFOULEMENT);
       for (v1::Item& item : *d.request.mutable_items()) {
         item.set_type(v1::AssistanceType::TRACE_FIREARM);
       }
     },
     {}},
    {"non-refoulement of things, while the notice runs",
     Act::REFUSAL,
     [](Draft& d) {
       d.context.requesting_state_unheard = true;
       Ref(d).set_ground(RefusalGround::NON_REFOULEMENT);
       for (v1::Item& item : *d.request.mutable_items()) {
         item.set_type(v1::AssistanceType::TRACE_FIREARM);
       }
     },
     {"E R-REF-26"}},
    {"public records",
     Act::REFUSAL,
     [](Draft& d) { AskForGovernmentRecords(d, true); },
     {"E R-REF-29"}},
    {"records that are not public",
     Act::REFUSAL,
     [](Draft& d) { AskForGovernmentRecords(d, false); },
     {}},
    {"public records are not concerned",
     Act::REFUSAL_IN_PART,
     [](Draft& d) { AskForGovernmentRecords(d, true); },
     {}},
    {"public records, request not in conformity",
     Act::REFUSAL,
     [](Draft& d) {
       AskForGovernmentRecords(d, true);
       Ref(d).set_ground(RefusalGround::NOT_IN_CONFORMITY);
     },
     {}},
    {"in part without items",
     Act::REFUSAL_IN_PART,
     [](Draft& d) { Ref(d).clear_items(); },
     {"E R-GEN-01"}},
    {"in part with all items",
     Act::REFUSAL_IN_PART,
     [](Draft& d) { Ref(d).add_items(1); },
     {"E R-GEN-01"}},
    {"whole with some items", Act::REFUSAL, [](Draft& d) { Ref(d).add_items(1); }, {"E R-GEN-01"}},
    {"an item that nobody asked for",
     Act::REFUSAL_IN_PART,
     [](Draft& d) { Ref(d).set_items(0, 9); },
     {"E R-GEN-01"}},
};

TEST(RefusalRules, KnowTheGroundsOfEachProfile) {
  for (const Case& c : kGroundCases) EXPECT_EQ(FindingsOf(c), c.expected) << c.name;
}

TEST(RefusalRules, AskForTheProcedure) {
  for (const Case& c : kProcedureCases) EXPECT_EQ(FindingsOf(c), c.expected) << c.name;
}

// I2: whatever the profile and family, no prohibited ground goes out without a finding.
TEST(RefusalRules, NoProhibitedGroundPassesAnywhere) {
  for (const char* profile : {"UNTOC_18", "UNCAC_46", "DRUG88_7", "BUD", "TF", "RECIPROCITY"}) {
    for (int family = 1; family <= Family::Code_MAX; ++family) {
      for (int ground = RefusalGround::BANK_SECRECY; ground <= RefusalGround::Code_MAX; ++ground) {
        Draft draft(Act::REFUSAL);
        draft.context.family = static_cast<Family::Code>(family);
        Use(draft, profile, static_cast<RefusalGround::Code>(ground));
        EXPECT_EQ(draft.Check().size(), 1u) << profile << " " << family << " " << ground;
      }
    }
  }
}

TEST(RefusalRules, EveryProfileHasTheGroundsOfArticle18Paragraph21) {
  for (const char* profile : {"UNTOC_18", "UNCAC_46", "DRUG88_7", "BUD", "TF"}) {
    for (auto ground :
         {RefusalGround::NOT_IN_CONFORMITY, RefusalGround::SOVEREIGNTY, RefusalGround::SECURITY,
          RefusalGround::ORDRE_PUBLIC, RefusalGround::OTHER_ESSENTIAL_INTERESTS,
          RefusalGround::PROHIBITED_FOR_SIMILAR_OFFENCE, RefusalGround::CONTRARY_TO_MLA_SYSTEM}) {
      Draft draft(Act::REFUSAL);
      Use(draft, profile, ground);
      EXPECT_TRUE(draft.Check().empty()) << profile << " " << ground;
    }
  }
}

TEST(Profiles, AreReadInEverySpelling) {
  EXPECT_EQ(ProfileOf("UNCAC_46"), "UNCAC_46");
  EXPECT_EQ(ProfileOf("TREATY:TF"), "TF");
  EXPECT_EQ(ProfileOf("TREATY:UNCAC"), "UNCAC_46");
  EXPECT_EQ(ProfileOf("BY_AGREEMENT_UNTOC_18"), "UNTOC_18");
  EXPECT_EQ(ProfileOf("TREATY:BILATERAL-7"), "UNTOC_18");
  EXPECT_EQ(ProfileOf("TREATY:ECE"), "ECE");
  EXPECT_EQ(ProfileOf("TREATY:UNCC"), "UNCC");
  EXPECT_EQ(ProfileOf("BUD_27"), "BUD");
  EXPECT_EQ(ProfileOf("TF_12"), "TF");
  EXPECT_EQ(ProfileOf("UNCAC_55"), "UNCAC_46");
  EXPECT_TRUE(IsOtherTreaty("TREATY:BILATERAL-7"));
  EXPECT_TRUE(IsOtherTreaty("TREATY:COE-MLA"));
  EXPECT_FALSE(IsOtherTreaty("TREATY:TF"));
  EXPECT_FALSE(IsOtherTreaty("UNTOC_18"));
  EXPECT_EQ(ProfileOf(""), "UNTOC_18");
}

// --- R-TIP-03

TEST(VictimsConsent, IsReadInManyWordsAndOnlyWhereItIsTheVictims) {
  for (const char* said :
       {"the women came by their own choice", "the victim went along with it",
        "they chose to work there", "the victims gave their permission to be housed",
        "the workers had accepted the terms", "the persons acquiesced in the hours"}) {
    EXPECT_TRUE(ReliesOnConsent(said, true)) << said;
  }
  for (const char* said :
       {"the person who owns the house has not given consent to the search",
        "a child victim is heard with the consent of the guardian, whom nobody named yet",
        "the persons may testify voluntarily only",
        "what the victims consented to plays no role in this answer",
        "we do not accept the alleged consent of the victim as a reason",
        "the workers of the archive agreed to nothing"}) {
    EXPECT_FALSE(ReliesOnConsent(said, true)) << said;
  }
}

}  // namespace
}  // namespace palermo::casework
