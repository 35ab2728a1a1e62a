#include "node/trust/authority.h"

#include "base/clock.h"
#include "base/limits.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

// An entry that says everything.
v1::AuthorityEntry Full() {
  v1::AuthorityEntry entry;
  entry.set_id("QM/central");
  v1::LocalName* name = entry.add_names();
  name->set_language("fr");
  name->set_text("Autorité centrale");
  entry.add_families(v1::Family::MLA);
  entry.add_languages("fr");
  v1::Cooperation* terms = entry.mutable_cooperation();
  terms->add_roles(v1::AuthorityRole::CENTRAL_AUTHORITY_MLA);
  terms->add_roles(v1::AuthorityRole::SOM_ART8);
  v1::InstrumentTerms* som = terms->add_instruments();
  som->set_instrument("SOM");
  som->add_languages("en");
  som->set_translation_required(true);
  terms->add_instruments()->set_instrument("UNTOC");
  terms->set_address("1 Harbour Road");
  terms->add_phones("+999 1");
  terms->add_emails("central@justice.qm.example");
  terms->set_time_zone("Etc/GMT-1");
  v1::WorkingHours* hours = terms->add_working_hours();
  hours->set_first_weekday(1);
  hours->set_last_weekday(5);
  hours->set_from_minute(480);
  hours->set_to_minute(1020);
  terms->add_holidays("2026-12-25");
  v1::UrgentContact* urgent = terms->mutable_urgent();
  urgent->set_around_the_clock(true);
  urgent->set_method(v1::ContactMethod::PHONE);
  urgent->set_address("+999 2");
  terms->add_channels(v1::Channel::CA_DIRECT);
  terms->add_channels(v1::Channel::INTERPOL_URGENT);
  terms->mutable_requirements()->set_copies(2);
  terms->add_oral_requests_agreed_with("QN");
  v1::TreatyStatus* treaty = terms->add_treaties();
  treaty->set_treaty("UNTOC");
  treaty->set_kind(v1::PartyKind::RATIFIED);
  treaty->set_in_force_from_ms(1000);
  treaty->set_ends_at_ms(2000);
  terms->set_attested_at_ms(5000);
  v1::Designation* sea = terms->add_designations();
  sea->set_role(v1::AuthorityRole::SOM_ART8);
  sea->set_designated_at_ms(1000);
  return entry;
}

TEST(AuthorityTest, TakesAnEntryThatSaysEverything) {
  EXPECT_THAT(CheckAuthorityEntry(Full()), IsAccepted());
}

TEST(AuthorityTest, TakesAnEntryThatSaysLess) {
  v1::AuthorityEntry entry = Full();
  entry.mutable_cooperation()->clear_working_hours();
  entry.mutable_cooperation()->clear_time_zone();
  EXPECT_THAT(CheckAuthorityEntry(entry), IsAccepted());
  entry.mutable_cooperation()->clear_urgent();
  EXPECT_THAT(CheckAuthorityEntry(entry), IsAccepted());
  entry.clear_cooperation();
  EXPECT_THAT(CheckAuthorityEntry(entry), IsAccepted());
}

TEST(AuthorityTest, TakesWhatOnlyLooksWrong) {
  v1::AuthorityEntry entry = Full();
  v1::Cooperation* terms = entry.mutable_cooperation();
  terms->set_address("1 Harbour Road\nQM-1000 Harbour Town");    // newlines are allowed
  terms->mutable_urgent()->set_method(v1::ContactMethod::NODE);  // which needs no address
  terms->mutable_urgent()->clear_address();
  v1::Designation* mla = terms->add_designations();
  *mla = terms->designations(0);
  terms->mutable_designations(0)->set_role(v1::AuthorityRole::CENTRAL_AUTHORITY_MLA);
  mla->set_notified_at_ms(mla->designated_at_ms());  // notified on the same day
  EXPECT_THAT(CheckAuthorityEntry(entry), IsAccepted());
}

class BadAuthority : public ::testing::TestWithParam<Change<v1::AuthorityEntry>> {};
TEST_P(BadAuthority, IsRefused) {
  v1::AuthorityEntry entry = Full();
  GetParam().change(&entry);
  EXPECT_THAT(CheckAuthorityEntry(entry), IsRefused("BAD_DOCUMENT", GetParam().text));
}

std::string Long(size_t bytes) { return std::string(bytes, 'x'); }
v1::Cooperation* Terms(v1::AuthorityEntry* entry) { return entry->mutable_cooperation(); }
// A second designation: of the authority's first role, after that of its second.
v1::Designation* SecondDesignation(v1::AuthorityEntry* entry) {
  v1::Designation* one = Terms(entry)->add_designations();
  one->set_role(v1::AuthorityRole::CENTRAL_AUTHORITY_MLA);
  one->set_designated_at_ms(1000);
  return one;
}

const Change<v1::AuthorityEntry> kBad[] = {
    {"NameWithoutLanguage", [](auto* e) { e->mutable_names(0)->set_language("x"); }, "names"},
    {"NameTwice", [](auto* e) { *e->add_names() = e->names(0); }, "names names a language twice"},
    {"EmptyName", [](auto* e) { e->mutable_names(0)->clear_text(); }, "names has an empty text"},
    {"LongName", [](auto* e) { e->mutable_names(0)->set_text(Long(limits::kMaxNameBytes + 1)); },
     "names is longer"},
    {"ControlCharacter", [](auto* e) { e->mutable_names(0)->set_text("a\x1b[2J"); },
     "names has a control character"},
    {"TooManyNames",
     [](auto* e) {
       for (size_t i = 0; i < limits::kMaxNamesPerAuthority; ++i) *e->add_names() = e->names(0);
     },
     "names has more than"},
    {"UnknownFamily", [](auto* e) { e->add_families(static_cast<v1::Family::Code>(99)); },
     "families"},
    {"FamilyTwice", [](auto* e) { e->add_families(v1::Family::MLA); }, "families has a code twice"},
    {"NoLanguageTag", [](auto* e) { e->add_languages("english!"); }, "languages"},
    {"LanguageTwice", [](auto* e) { e->add_languages("fr"); }, "languages names a language twice"},
    {"RoleTwice", [](auto* e) { e->mutable_cooperation()->add_roles(v1::AuthorityRole::SOM_ART8); },
     "roles"},
    {"UnknownRole",
     [](auto* e) { e->mutable_cooperation()->add_roles(static_cast<v1::AuthorityRole::Code>(99)); },
     "roles has a code that this version"},
    {"LongTerritory",
     [](auto* e) { e->mutable_cooperation()->set_territory(Long(limits::kMaxNameBytes + 1)); },
     "territory"},
    {"InstrumentCode",
     [](auto* e) { e->mutable_cooperation()->mutable_instruments(0)->set_instrument("A b"); },
     "instruments has what is no instrument's code"},
    {"InstrumentsUnsorted",
     [](auto* e) { e->mutable_cooperation()->mutable_instruments()->SwapElements(0, 1); },
     "instruments is not sorted"},
    {"InstrumentLanguage",
     [](auto* e) { e->mutable_cooperation()->mutable_instruments(0)->add_languages("?"); },
     "instruments, SOM: languages"},
    {"TooManyInstruments",
     [](auto* e) {
       for (size_t i = 0; i < limits::kMaxInstrumentsPerAuthority; ++i) {
         e->mutable_cooperation()->add_instruments()->set_instrument("X" + std::to_string(i));
       }
     },
     "instruments has more than"},
    {"LongAddress",
     [](auto* e) { e->mutable_cooperation()->set_address(Long(limits::kMaxEntryTextBytes + 1)); },
     "address"},
    {"EmptyPhone", [](auto* e) { e->mutable_cooperation()->add_phones(""); }, "phones"},
    {"TooManyEmails",
     [](auto* e) {
       for (size_t i = 0; i < limits::kMaxContactsPerAuthority; ++i) {
         e->mutable_cooperation()->add_emails("a@b");
       }
     },
     "emails has more than"},
    {"HoursWithoutZone", [](auto* e) { e->mutable_cooperation()->clear_time_zone(); }, "time_zone"},
    {"WrongWeekday",
     [](auto* e) { e->mutable_cooperation()->mutable_working_hours(0)->set_last_weekday(8); },
     "working_hours has weekdays"},
    {"WrongMinutes",
     [](auto* e) { e->mutable_cooperation()->mutable_working_hours(0)->set_to_minute(1441); },
     "working_hours has times"},
    {"NoDate", [](auto* e) { e->mutable_cooperation()->add_holidays("2026-13-01"); }, "holidays"},
    {"HolidaysUnsorted", [](auto* e) { e->mutable_cooperation()->add_holidays("2026-01-01"); },
     "holidays is not sorted"},
    {"UrgentWithoutMethod",
     [](auto* e) { e->mutable_cooperation()->mutable_urgent()->clear_method(); }, "urgent.method"},
    {"UrgentWithoutAddress",
     [](auto* e) { e->mutable_cooperation()->mutable_urgent()->clear_address(); },
     "urgent.address"},
    {"ChannelTwice",
     [](auto* e) { e->mutable_cooperation()->add_channels(v1::Channel::CA_DIRECT); }, "channels"},
    {"TooManyCopies",
     [](auto* e) { e->mutable_cooperation()->mutable_requirements()->set_copies(1000); },
     "requirements.copies"},
    {"UnknownDeathPenalty",
     [](auto* e) {
       e->mutable_cooperation()->mutable_requirements()->set_death_penalty(
           static_cast<v1::DeathPenalty::Code>(9));
     },
     "requirements.death_penalty"},
    {"OralWithItself",
     [](auto* e) { e->mutable_cooperation()->set_oral_requests_agreed_with(0, "QM"); },
     "oral_requests_agreed_with"},
    {"TreatyKind", [](auto* e) { e->mutable_cooperation()->mutable_treaties(0)->clear_kind(); },
     "treaties, UNTOC: kind"},
    {"DesignationOfNoRole",
     [](auto* e) {
       e->mutable_cooperation()->mutable_designations(0)->set_role(v1::AuthorityRole::FIU);
     },
     "designations is of a role"},
    {"DesignationWithoutDate",
     [](auto* e) { e->mutable_cooperation()->mutable_designations(0)->clear_designated_at_ms(); },
     "designations lacks the date"},
    {"NotifiedTooEarly",
     [](auto* e) { e->mutable_cooperation()->mutable_designations(0)->set_notified_at_ms(1); },
     "designations was notified before"},
    {"UnspecifiedFamily", [](auto* e) { e->add_families(v1::Family::UNSPECIFIED); },
     "families has a code that this version"},
    {"UnspecifiedRole",
     [](auto* e) {
       Terms(e)->clear_designations();
       Terms(e)->set_roles(0, v1::AuthorityRole::UNSPECIFIED);
     },
     "roles has a code that this version"},
    {"DateOfFourDigits", [](auto* e) { Terms(e)->set_holidays(0, "2026"); },
     "holidays has what is no date"},
    {"DateWithoutZeros", [](auto* e) { Terms(e)->set_holidays(0, "+2026-12-5"); },
     "holidays has what is no date"},
    {"DateInAYearOfFiveDigits", [](auto* e) { Terms(e)->set_holidays(0, "12026-12-25"); },
     "holidays has what is no date"},
    {"WeekdayZero", [](auto* e) { Terms(e)->mutable_working_hours(0)->set_first_weekday(0); },
     "working_hours has weekdays"},
    {"WeekdaysBackwards", [](auto* e) { Terms(e)->mutable_working_hours(0)->set_first_weekday(6); },
     "working_hours has weekdays"},
    {"MinutesBackwards", [](auto* e) { Terms(e)->mutable_working_hours(0)->set_to_minute(480); },
     "working_hours has times"},
    {"UnknownContactMethod",
     [](auto* e) {
       Terms(e)->mutable_urgent()->set_method(static_cast<v1::ContactMethod::Code>(99));
     },
     "urgent.method is a code that this version"},
    {"TreatyCode", [](auto* e) { Terms(e)->mutable_treaties(0)->set_treaty("untoc"); },
     "treaties has what is no treaty's code"},
    {"TreatiesUnsorted",
     [](auto* e) {
       v1::TreatyStatus* fap = Terms(e)->add_treaties();
       fap->set_treaty("FAP");
       fap->set_kind(v1::PartyKind::SIGNED);
     },
     "treaties is not sorted"},
    {"TreatyInForceBefore1970",
     [](auto* e) { Terms(e)->mutable_treaties(0)->set_in_force_from_ms(-1); },
     "treaties, UNTOC: in_force_from is before 1970"},
    {"TreatyEndsBefore1970", [](auto* e) { Terms(e)->mutable_treaties(0)->set_ends_at_ms(-1); },
     "treaties, UNTOC: ends_at is before 1970"},
    {"AttestedBefore1970", [](auto* e) { Terms(e)->set_attested_at_ms(-1); },
     "attested_at is before 1970"},
    {"UnknownDesignation",
     [](auto* e) {
       Terms(e)->mutable_designations(0)->set_role(static_cast<v1::AuthorityRole::Code>(99));
     },
     "designations is not ascending by role, or names an unknown one"},
    {"DesignationsUnsorted", [](auto* e) { SecondDesignation(e); },
     "designations is not ascending by role"},
    {"OralWithNoState", [](auto* e) { Terms(e)->set_oral_requests_agreed_with(0, "qn"); },
     "oral_requests_agreed_with has what is no other state"},
};
INSTANTIATE_TEST_SUITE_P(Authority, BadAuthority, ::testing::ValuesIn(kBad),
                         ChangeName<v1::AuthorityEntry>);

TEST(AuthorityTest, LanguagesAreOfTheInstrumentOrElseOfTheAuthority) {
  v1::AuthorityEntry entry = Full();
  EXPECT_EQ(LanguagesFor(entry, "SOM"), std::vector<std::string>{"en"});
  EXPECT_EQ(LanguagesFor(entry, "UNTOC"), std::vector<std::string>{"fr"});
  EXPECT_TRUE(AcceptsLanguage(entry, "SOM", "en-GB"));
  EXPECT_FALSE(AcceptsLanguage(entry, "SOM", "enx"));
  EXPECT_FALSE(AcceptsLanguage(entry, "UNTOC", "en"));
  EXPECT_TRUE(AcceptsLanguage(entry, "UNTOC", "fr"));
  EXPECT_FALSE(AcceptsLanguage(entry, "UNTOC", "de-CH"));
  EXPECT_EQ(LanguagesFor(entry, "FAP"), std::vector<std::string>{"fr"});
  EXPECT_FALSE(TranslationRequired(entry, "FAP"));
  EXPECT_TRUE(TranslationRequired(entry, "SOM"));
  EXPECT_FALSE(TranslationRequired(entry, "UNTOC"));
}

TEST(AuthorityTest, CompetenceChannelsAndAgreements) {
  v1::AuthorityEntry entry = Full();
  EXPECT_TRUE(HasAuthorityRole(entry, v1::AuthorityRole::SOM_ART8));
  EXPECT_FALSE(HasAuthorityRole(entry, v1::AuthorityRole::FIU));
  EXPECT_TRUE(TakesInstrument(entry, "SOM"));
  EXPECT_FALSE(TakesInstrument(entry, "FAP"));
  EXPECT_TRUE(TakesChannel(entry, v1::Channel::INTERPOL_URGENT));
  EXPECT_FALSE(TakesChannel(entry, v1::Channel::DIPLOMATIC));
  EXPECT_TRUE(OralAgreedWith(entry, "QN"));
  EXPECT_FALSE(OralAgreedWith(entry, "QT"));
  v1::AuthorityEntry bare;
  EXPECT_TRUE(TakesInstrument(bare, "FAP"));
  EXPECT_TRUE(TakesChannel(bare, v1::Channel::CA_DIRECT));
  EXPECT_FALSE(TakesChannel(bare, v1::Channel::INTERPOL_URGENT));
}

TEST(AuthorityTest, ATreatyBindsFromItsDayToItsEndUnlessItIsSignedOnly) {
  v1::TreatyStatus treaty = *FindTreaty(Full(), "UNTOC");
  EXPECT_FALSE(TreatyInForce(treaty, FromMillis(999)));
  EXPECT_TRUE(TreatyInForce(treaty, FromMillis(1000)));
  EXPECT_FALSE(TreatyInForce(treaty, FromMillis(2000)));
  for (auto kind : {v1::PartyKind::SIGNED, v1::PartyKind::NOT_PARTY, v1::PartyKind::UNSPECIFIED}) {
    treaty.set_kind(kind);
    EXPECT_FALSE(TreatyInForce(treaty, FromMillis(1500))) << kind;
  }
}

TEST(AuthorityTest, ATreatyWithoutADayIsNotInForceAndWithoutAnEndItStays) {
  v1::TreatyStatus treaty = *FindTreaty(Full(), "UNTOC");
  treaty.clear_ends_at_ms();
  EXPECT_TRUE(TreatyInForce(treaty, FromMillis(1'000'000'000'000)));
  treaty.clear_in_force_from_ms();
  EXPECT_FALSE(TreatyInForce(treaty, FromMillis(1500)));
}

TEST(AuthorityTest, FindsATreatyByItsCode) {
  v1::AuthorityEntry entry = Full();
  *entry.mutable_cooperation()->add_treaties() = entry.cooperation().treaties(0);
  entry.mutable_cooperation()->mutable_treaties(0)->set_treaty("FAP");
  EXPECT_EQ(FindTreaty(entry, "UNTOC"), &entry.cooperation().treaties(1));
  EXPECT_EQ(FindTreaty(entry, "SOM"), nullptr);
}

TEST(AuthorityTest, NamesAndAttestation) {
  v1::AuthorityEntry entry = Full();
  EXPECT_EQ(NameIn(entry, "en"), "Autorité centrale");
  for (const auto& [language, text] :
       {std::pair("en", "Central Authority"), std::pair("es", "Autoridad central")}) {
    v1::LocalName* name = entry.add_names();
    name->set_language(language);
    name->set_text(text);
  }
  EXPECT_EQ(NameIn(entry, "es"), "Autoridad central");
  EXPECT_EQ(NameIn(entry, "ru"), "Central Authority");
  entry.clear_names();
  EXPECT_EQ(NameIn(entry, "en"), "QM/central");
  EXPECT_EQ(AttestationEndsAtMs(entry), 5000 + limits::kAttestationLifeMillis);
  entry.mutable_cooperation()->clear_attested_at_ms();
  EXPECT_EQ(AttestationEndsAtMs(entry), 0);
}

TEST(AuthorityTest, LanguageTagsAndInstrumentCodes) {
  for (const char* good :
       {"en", "fr", "pt-BR", "zh-Hant-TW", "es-419", "en-a-bcd", "en-x", "x-private"}) {
    EXPECT_EQ(IsLanguageTag(good), std::string(good) != "x-private") << good;
  }
  for (const char* bad : {"", "e", "en-", "-en", "e1", "en--GB", "toolonglanguage", "en GB", "en{",
                          "en-G!", "en-abcdefgh-abcdefgh-abcdefgh-abcdefgh"}) {
    EXPECT_FALSE(IsLanguageTag(bad)) << bad;
  }
  EXPECT_TRUE(IsInstrumentCode("BILATERAL:QN-QV-2011"));
  EXPECT_TRUE(IsInstrumentCode("COE/182.2"));
  EXPECT_TRUE(IsInstrumentCode(std::string(limits::kMaxInstrumentBytes, 'A')));
  EXPECT_FALSE(IsInstrumentCode(std::string(limits::kMaxInstrumentBytes + 1, 'A')));
  EXPECT_FALSE(IsInstrumentCode("untoc"));
  EXPECT_FALSE(IsInstrumentCode("UN TOC"));
  EXPECT_FALSE(IsInstrumentCode(""));
}

TEST(Controls, AreSeenInEveryForm) {
  for (const char* bad : {"a\x1b[2J", "a\nb", "\x7f", "\xC2\x80", "\xC2\x9F", "\xE2\x80\xAA",
                          "\xE2\x80\xAE", "x\xE2\x81\xA6", "\xE2\x81\xA9"}) {
    EXPECT_TRUE(HasControls(bad, "")) << HexEncode(bad);
  }
  for (const char* good :
       {"", "Republic of QM", "\xC2\xA0", "\xC2\xBF", "\xE2\x80\xA9", "\xE2\x80\xAF",
        "\xE2\x81\xA5", "\xE2\x81\xAA", "\xE2\x80", "\xC2", "\xD8\xA7\xD9\x84"}) {
    EXPECT_FALSE(HasControls(good, "")) << HexEncode(good);
  }
  EXPECT_FALSE(HasControls("a\nb", "\n"));
  EXPECT_TRUE(HasControls("a\rb", "\n"));
}

}  // namespace
}  // namespace palermo::trust
