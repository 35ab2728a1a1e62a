#include "node/desk/compartments.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/drafting.h"
#include "node/desk/operation_mail.h"
#include "node/trust/envelope.h"
#include "node/trust/rewrap.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"
#include "tests/support/world.h"

namespace palermo::desk {
namespace {

using ::palermo::testing::Value;
using ::palermo::testing::World;

constexpr char kDraft[] = R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [
  {"ref": "V-1", "name": "Lina Orsay", "date_of_birth": "1999-04-12",
   "document_numbers": ["XK1234567"], "phones": ["+999 612 345 678"],
   "addresses": ["12 Harbour Street, Port-Sel"]}]}])";

// QM/central writes to QT/central, with a compartment for QT/central alone.
class SealedTest : public ::testing::Test {
 protected:
  SealedTest()
      : drafts_(Value(ParseCompartments(kDraft, "draft.json"))),
        header_(world_.MakeHeader({})),
        second_(Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, world_.random))) {
    v1::CaseBody body;
    body.set_version(1);
    EXPECT_TRUE(
        SealCompartments(drafts_, header_, *world_.View(), world_.clock.Now(), world_.random, &body)
            .ok());
    plaintext_ = body;
    envelope_ = world_.SealEnvelope(header_, trust::StrictSerialize(body));
    parsed_ = Value(trust::ParseEnvelope(envelope_));
  }
  std::vector<AuthorityKey> KeyOf(const std::string& state) {
    return KeyFrom(state + "/central", 1, world_.state(state).sealing);
  }
  static std::vector<AuthorityKey> KeyFrom(const std::string& authority, uint32_t version,
                                           const crypto::SealingPrivateKey& key) {
    std::vector<AuthorityKey> keys;
    keys.push_back({authority, version, crypto::SealingKeyId(key.PublicKey()),
                    Value(crypto::SealingPrivateKey::FromBytes(key.kem(), key.bytes().Clone()))});
    return keys;
  }
  absl::StatusOr<v1::SealedIdentities> OpenAs(const std::string& state, uint32_t id = 1) {
    const std::vector<AuthorityKey> keys = KeyOf(state);
    const Opened opened = Open(envelope_, keys);
    return OpenCompartment(id, state + "/central", opened, header_, parsed_.header_sha256, keys);
  }
  OfficerKeys Officer(const std::string& id) {
    testing::OfficerWorld& officer = world_.officer(id);
    return {officer.id,
            std::make_shared<crypto::SigningKey>(
                Value(crypto::SigningKey::FromSeed(officer.sign.seed().Clone()))),
            Value(crypto::SealingPrivateKey::FromBytes(officer.seal.kem(),
                                                       officer.seal.bytes().Clone())),
            {}};
  }

  World world_;
  v1::CompartmentDrafts drafts_;
  v1::Header header_;
  crypto::SealingPrivateKey second_;
  v1::CaseBody plaintext_;
  v1::Envelope envelope_;
  trust::ParsedEnvelope parsed_;
};

TEST_F(SealedTest, TheNamedAuthorityReads) {
  const v1::SealedIdentities inside = Value(OpenAs("QT"));
  ASSERT_EQ(inside.persons_size(), 1);
  EXPECT_EQ(inside.persons(0).name(), "Lina Orsay");
}

TEST_F(SealedTest, TheSenderReadsTheBodyAndNotTheCompartment) {
  EXPECT_EQ(Open(envelope_, KeyOf("QM")).result, v1::RetrievalResult::OPENED);
  EXPECT_EQ(CodeOf(OpenAs("QM").status()), "UNKNOWN_KEY");
  EXPECT_EQ(CodeOf(OpenAs("QT", 2).status()), "UNKNOWN_COMPARTMENT");
}

TEST_F(SealedTest, ALaterDraftIsComparedWithWhatTheOfficeMayRead) {
  const auto held_by = [&](const std::string& state) {
    const std::vector<AuthorityKey> keys = KeyOf(state);
    HeldIdentities held;
    AddHeld(state + "/central", Open(envelope_, keys), header_, parsed_.header_sha256, keys, &held);
    return held;
  };
  const HeldIdentities reader = held_by("QT"), sender = held_by("QM");
  EXPECT_EQ(reader.closed, 0u);
  EXPECT_EQ(reader.refs, std::set<std::string>{"V-1"});
  EXPECT_EQ(sender.closed, 1u);
  EXPECT_TRUE(sender.tokens.empty());
  // The reader's answer, which has no compartment of its own.
  DraftFile answer;
  answer.act = v1::Act::INFO_SUPPLEMENT;
  answer.body.set_version(1);
  answer.body.mutable_info_supplement()->add_answers("ORSAY, Lina was not heard.");
  const auto rules = [&](const HeldIdentities& held) {
    ScanFor(held.tokens, &answer);
    std::set<std::string> found;
    const auto context = ContextOf(answer, "QT", nullptr, world_.clock.Now());
    for (const auto& finding : CheckDraft(context, answer)) found.insert(finding.key);
    return found;
  };
  EXPECT_EQ(rules(reader), std::set<std::string>{"R-SEAL-02.leak"});
  EXPECT_EQ(rules(sender), std::set<std::string>{});
  answer.body.mutable_info_supplement()->set_answers(0, "V-1 was not heard.");
  EXPECT_EQ(rules(reader), std::set<std::string>{});
}

TEST_F(SealedTest, NoByteOfTheOpenedBodyNamesThePerson) {
  const std::string bytes = plaintext_.SerializeAsString();
  for (const char* token : {"Lina", "Orsay", "1999-04-12", "XK1234567", "612", "Harbour"}) {
    EXPECT_EQ(bytes.find(token), std::string::npos) << token;
  }
  EXPECT_GE(plaintext_.compartments(0).sealed().size(), 4096u);
}

TEST_F(SealedTest, ItCannotBeMovedToAnotherMessageNumberOrPurpose) {
  const std::vector<AuthorityKey> keys = KeyOf("QT");
  const auto open = [&](const v1::CaseBody& body, uint32_t id, const v1::Header& header) {
    Opened opened;
    opened.body = body;
    return OpenCompartment(id, "QT/central", opened, header,
                           crypto::Sha256(trust::StrictSerialize(header)), keys)
        .status();
  };
  EXPECT_TRUE(open(plaintext_, 1, header_).ok());
  EXPECT_EQ(CodeOf(open(plaintext_, 1, world_.MakeHeader({}))), "UNKNOWN_KEY");
  v1::CaseBody twice = plaintext_;
  *twice.add_compartments() = plaintext_.compartments(0);
  twice.mutable_compartments(1)->set_id(2);
  EXPECT_EQ(CodeOf(open(twice, 2, header_)), "UNKNOWN_KEY");
  v1::CaseBody other = plaintext_;
  other.mutable_compartments(0)->set_purpose(v1::CompartmentPurpose::SOURCE);
  EXPECT_EQ(CodeOf(open(other, 1, header_)), "UNKNOWN_KEY");
  v1::CaseBody changed = plaintext_;
  changed.mutable_compartments(0)->mutable_sealed()->back() ^= 1;
  EXPECT_EQ(CodeOf(open(changed, 1, header_)), "CANNOT_OPEN");
}

TEST_F(SealedTest, ARewrapCarriesItToTheNextKey) {
  world_.NextDirectory("QT", [&](v1::Directory* d) {
    auto* authority = d->mutable_authorities(0);
    v1::SealingKeyEntry next = authority->sealing_keys(0);
    next.set_version(2);
    next.set_public_key(second_.PublicKey().bytes);
    next.set_key_id(crypto::SealingKeyId(second_.PublicKey()));
    *authority->add_sealing_keys() = next;
  });
  Rewraps rewraps;
  *rewraps.Add() =
      Value(MakeRewrap(envelope_, {}, KeyOf("QT"), *world_.Directory("QT"),
                       Officer("QT/central/o-0001"), world_.clock.Now(), world_.random));
  EXPECT_TRUE(trust::VerifyRewrap(rewraps[0], *world_.Directory("QT"), world_.clock.Now()).ok());
  const std::vector<AuthorityKey> keys = KeyFrom("QT/central", 2, second_);
  const Opened opened = Open(envelope_, keys, rewraps);
  ASSERT_EQ(opened.result, v1::RetrievalResult::OPENED) << opened.why;
  const auto inside =
      OpenCompartment(1, "QT/central", opened, header_, parsed_.header_sha256, keys);
  ASSERT_TRUE(inside.ok()) << inside.status();
  EXPECT_EQ(inside->persons(0).ref(), "V-1");
  // Nor does the rewrap give its keys to who has only the old ones.
  EXPECT_EQ(CodeOf(OpenCompartment(1, "QT/central", Open(envelope_, KeyOf("QT")), header_,
                                   parsed_.header_sha256, keys)
                       .status()),
            "UNKNOWN_KEY");
}

TEST_F(SealedTest, ReadersSendOrGetTheMessage) {
  v1::CaseBody body;
  drafts_.mutable_compartments(0)->set_to(0, "QT/nowhere");
  EXPECT_EQ(CodeOf(SealCompartments(drafts_, header_, *world_.View(), world_.clock.Now(),
                                    world_.random, &body)),
            "UNKNOWN_RECIPIENT");
}

TEST_F(SealedTest, TheScreenShowsReadersOnly) {
  const v1::CaseBody shown = ForPeople(plaintext_);
  EXPECT_EQ(shown.compartments(0).stanzas(0).authority(), "QT/central");
  EXPECT_LT(shown.ByteSizeLong(), 100u);
}

TEST(CompartmentDrafts, ErrorsSayWhere) {
  struct {
    const char* json;
    const char* text;
  } cases[] = {
      {"{", "compartments"},
      {R"([{"colour": 1}])", "colour"},
      {R"([{"purpose": "VICTIM", "persons": [{"ref": "V-1"}]}])", "compartments[0].to"},
      {R"([{"to": ["x"], "purpose": "VICTIM", "persons": [{"ref": "V-1"}]}])", "like QT/victims"},
      {R"([{"to": ["QT/central"], "persons": [{"ref": "V-1"}]}])", "purpose"},
      {R"([{"to": ["QT/central"], "purpose": "VICTIM"}])", "persons"},
      {R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [{"name": "A"}]}])", "ref"},
      {R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [{"ref": "V"}, {"ref": "V"}]}])",
       "ref"},
  };
  for (const auto& one : cases) {
    const absl::Status status = ParseCompartments(one.json, "draft.json").status();
    EXPECT_FALSE(status.ok()) << one.json;
    EXPECT_NE(TextOf(status).find(one.text), std::string::npos) << status;
  }
  EXPECT_TRUE(ParseCompartments(CompartmentTemplate("QT/central"), "template").ok());
}

std::vector<std::string> FieldsOf(const std::string& json) {
  World world;
  const DraftFile draft = Value(ParseDraft(json, "draft.json"));
  std::vector<std::string> fields;
  for (const auto& finding :
       CheckDraft(ContextOf(draft, "QM", nullptr, world.clock.Now()), draft)) {
    if (finding.rule == "R-SEAL-02") fields.push_back(finding.field);
    EXPECT_EQ(finding.what.find("Orsay"), std::string::npos);
  }
  return fields;
}

TEST(CompartmentDrafts, TheLeakScanLooksAtTheWholeDraft) {
  const std::string head = R"({"to": ["QT/central"], "compartments": )" + std::string(kDraft);
  EXPECT_TRUE(
      FieldsOf(head + R"(, "body": {"request": {"facts_summary": "V-1 was recruited"}}})").empty());
  EXPECT_EQ(FieldsOf(head + R"(, "body": {"request": {"facts_summary": "ORSAY was recruited",
      "items": [{"n": 1, "description": "call 0612 345 678"}]}}})"),
            (std::vector<std::string>{"request.facts_summary", "request.items[0].description"}));
  EXPECT_EQ(FieldsOf(head + R"(, "legal_basis": ["UNTOC 18 Lina"], "body": {"request": {}}})"),
            std::vector<std::string>{"legal_basis"});
}

// What is sealed has the codes as the lists have them; the officer is told.
TEST(DraftCodes, OfStatesInSmallLettersGoInCapitals) {
  World world;
  const DraftFile draft = Value(ParseDraft(
      R"({"to": ["QT/central"], "body": {"request": {"persons": [{"ref": "P-1", "nationality": "vn"}]}}})",
      "draft.json"));
  EXPECT_EQ(draft.body.request().persons(0).nationality(), "VN");
  std::vector<std::string> told;
  for (const auto& finding :
       CheckDraft(ContextOf(draft, "QM", nullptr, world.clock.Now()), draft)) {
    EXPECT_NE(finding.key, "R-GEN-01.nation");
    EXPECT_NE(finding.key, "R-GEN-01.nation_small");
    if (finding.key != "R-GEN-01.capitals") continue;
    EXPECT_EQ(finding.severity, casework::Severity::kNote);
    told.push_back(finding.field);
  }
  EXPECT_EQ(told, std::vector<std::string>{"request.persons[0].nationality"});
  DraftFile bare;
  ASSERT_TRUE(
      ParseBodyFile(R"({"request": {"persons": [{"nationality": "qt"}]}})", "b", &bare).ok());
  EXPECT_EQ(bare.body.request().persons(0).nationality(), "QT");
}

TEST(CompartmentDrafts, TwoPersonsHaveTwoPseudonymsWhateverTheirLetters) {
  EXPECT_EQ(CodeOf(ParseCompartments(R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [
      {"ref": "V-1", "name": "Lina Orsay"}, {"ref": "v-1", "name": "Mara Orsay"}]}])",
                                     "draft.json")
                       .status()),
            "BAD_COMPARTMENT");
}

// A mother and her child, each under its own purpose.
std::string TwoCompartments(const std::string& first_to, const std::string& second_to) {
  return Cat({R"({"to": ["QT/central", "QT/youth"], "compartments": [{"to": [)", first_to,
              R"(], "purpose": "VICTIM", "persons": [{"ref": "V-1", "name": "Lina Orsay",
                  "addresses": ["4 Glimmer Lane"], "phones": ["+999 231 555 0142"]}]}, {"to": [)",
              second_to, R"(], "purpose": "CHILD", "persons": [{"ref": "V-2", "name": "Mara Orsay",
                  "addresses": ["4 Glimmer Lane"], "contact": "Lina Orsay"}]}],
                 "body": {"request": {"facts_summary": "V-1 and V-2 were recruited"}}})"});
}

TEST(CompartmentDrafts, WhatTheSameReadersOpenLeaksNothingToThem) {
  const std::string victims = R"("QT/central")", youth = R"("QT/youth")";
  EXPECT_EQ(FieldsOf(TwoCompartments(victims, victims)), std::vector<std::string>{});
  const std::vector<std::string> both = {"compartments[0].persons[0]",
                                         "compartments[1].persons[0]"};
  EXPECT_EQ(FieldsOf(TwoCompartments(victims, youth)), both);
  // Who opens the child's alone learns of the mother; who opens hers opens both.
  EXPECT_EQ(FieldsOf(TwoCompartments(victims, Cat({victims, ", ", youth}))),
            std::vector<std::string>{"compartments[1].persons[0]"});
}

TEST(CompartmentDrafts, ANationalityUnderSealStopsWhatGoesToThatState) {
  World world;
  const auto rules = [&](const char* nationality) {
    const DraftFile draft = Value(ParseDraft(
        Cat({R"({"to": ["QT/central"], "act": "REQUEST", "compartments": [{"to": ["QT/central"],
                 "purpose": "VICTIM", "persons": [{"ref": "V-1", "name": "Lina Orsay",
                 "nationality": ")",
             nationality, R"("}]}], "body": {"request": {
                 "persons": [{"ref": "V-1", "roles": ["VICTIM"], "sealed": true}],
                 "items": [{"n": 1, "type": "TAKE_EVIDENCE", "person_ref": "V-1",
                            "protection_claim": "PENDING"}]}}})"}),
        "draft.json"));
    std::set<std::string> keys;
    for (const auto& f : CheckDraft(ContextOf(draft, "QM", nullptr, world.clock.Now()), draft)) {
      if (f.rule == "R-HR-01") keys.insert(f.key);
    }
    return keys;
  };
  EXPECT_EQ(rules("QT"), std::set<std::string>{"R-HR-01.claim"});
  EXPECT_EQ(rules("QX"), std::set<std::string>{});
  EXPECT_EQ(rules(""), std::set<std::string>{"R-HR-01.origin"});
}

TEST(CompartmentDrafts, WhatIsLeftOfThePrintedFormIsToldAndADateAloneIsNot) {
  World world;
  const auto told = [&](const std::string& compartments) {
    const DraftFile draft =
        Value(ParseDraft(Cat({R"({"to": ["QT/central"], "body": {"request": {}}, "compartments": )",
                              compartments, "}"}),
                         "draft.json"));
    std::string what;
    for (const auto& finding :
         CheckDraft(ContextOf(draft, "QM", nullptr, world.clock.Now()), draft)) {
      if (finding.rule == "R-GEN-04") what += finding.what;
    }
    EXPECT_EQ(what.find("Family-Name"), std::string::npos) << what;
    return what;
  };
  const std::string form = CompartmentTemplate("QT/central");
  for (const char* field : {"name", "document_numbers", "phones", "contact"}) {
    EXPECT_NE(told(form).find(Cat({"compartments[0].persons[0].", field})), std::string::npos)
        << told(form);
  }
  EXPECT_EQ(told(R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [
      {"ref": "V-9", "name": "Lina Orsay", "date_of_birth": "1999-12-31"}]}])"),
            "");
}

TEST(CompartmentDrafts, OneCompartmentDoesNotNameThePersonOfAnother) {
  const std::string before = R"({"to": ["QT/central"], "body": {"request": {}}, "compartments": [
      {"to": ["QT/central"], "purpose": "VICTIM", "persons": [
        {"ref": "V-1", "name": "Lina Orsay"}]},
      {"to": ["QT/youth"], "purpose": "WITNESS", "persons": [
        {"ref": "W-1", "name": "Miro Tann", "note": "the brother of lina"})";
  EXPECT_EQ(FieldsOf(before + "]}]}"), std::vector<std::string>{"compartments[1].persons[0]"});
  // Who is in both, under one pseudonym, may be named in both.
  EXPECT_TRUE(FieldsOf(before + R"(, {"ref": "V-1", "name": "Lina Orsay"}]}]})").empty());
}

TEST(CompartmentDrafts, AnErrorQuotesNobody) {
  for (
      const char* json :
      {R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [{"ref": "V-1", "name": Orsay}]}])",
       R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [{"date_of_birth": ["Orsay", {"a": 1}]}]}])",
       R"([{"to": ["QT/central"], "purpose": "Orsay", "persons": [{"ref": "V-1"}]}])",
       R"([{"persons": [{"ref": "V-1", "Lina Orsay": "born in 1999"}]}])",
       R"([{"persons": [{"name": {"Orsay": "Orsay"}}]}])"}) {
    const absl::Status status = ParseCompartments(json, "draft.json").status();
    EXPECT_EQ(CodeOf(status), "BAD_JSON") << json;
    EXPECT_EQ(TextOf(status).find("Orsay"), std::string::npos) << status;
  }
}

TEST(CompartmentDrafts, APseudonymIsNoNameAndADateIsADate) {
  const auto parse = [](const std::string& ref, const std::string& born) {
    return ParseCompartments(R"([{"to": ["QT/central"], "purpose": "VICTIM", "persons": [
      {"ref": ")" + ref + R"(", "date_of_birth": ")" +
                                 born + R"("}]}])",
                             "draft.json")
        .status();
  };
  for (const char* date : {"", "1999-12-31", "1999-12", "1999", "199X", "1999-XX-XX"}) {
    EXPECT_TRUE(parse("V-1", date).ok()) << date;
  }
  for (const char* date : {"31.12.1999", "1999-13-01", "1999-02-30", "99-12-31", "about 1999"}) {
    EXPECT_EQ(CodeOf(parse("V-1", date)), "BAD_COMPARTMENT") << date;
  }
  for (const char* ref : {"Marija Petrovic", "Marija"}) {
    EXPECT_EQ(CodeOf(parse(ref, "")), "BAD_COMPARTMENT") << ref;
    EXPECT_EQ(TextOf(parse(ref, "")).find("Marija"), std::string::npos);
  }
}

TEST(CompartmentDrafts, TheBodyOfADraftHasNone) {
  EXPECT_NE(TextOf(ParseDraft(R"({"to": ["QT/central"], "body": {"compartments": [{"id": 1}]}})",
                              "draft.json")
                       .status())
                .find("beside the body"),
            std::string::npos);
}

// Who reads a mail of an operation as a message has not passed the operation's own rule.
TEST(OperationMailForOfficers, WithholdsWhatIsInACompartment) {
  v1::CaseBody body;
  v1::OperationMail& mail = *body.mutable_operation_mail();
  mail.add_records()->mutable_victim()->set_token("token of a victim");
  v1::OperationRecord& report = *mail.add_records();
  report.mutable_situation()->set_text("under cover");
  report.set_compartment("UNDERCOVER");
  mail.add_records()->mutable_situation()->set_text("all quiet");
  const v1::CaseBody shown = ForOfficer(body, "QN/central/o-0003");
  EXPECT_EQ(shown.DebugString().find("token of a victim"), std::string::npos);
  EXPECT_EQ(shown.DebugString().find("under cover"), std::string::npos);
  EXPECT_EQ(shown.operation_mail().records(2).situation().text(), "all quiet");
  EXPECT_EQ(OperationRecordId("QM", shown.operation_mail().records(0)),
            OperationRecordId("QM", mail.records(0)));
}

// TLP:RED is for the officers whom it names, whichever command shows the message.
TEST(ReportForOfficers, UnderRedShowsWhatItIsToItsRecipientsOnly) {
  v1::CaseBody route, method;
  route.mutable_route_report()->set_route_id("QN:RED-1");
  route.mutable_route_report()->set_summary("a boat from Port-Sel");
  method.mutable_document_method_report()->set_report_id("QN:DM-1");
  method.mutable_document_method_report()->set_description("washed visa");
  for (v1::Label* label : {route.mutable_route_report()->mutable_label(),
                           method.mutable_document_method_report()->mutable_label()}) {
    label->set_tlp(v1::Tlp::RED);
    label->add_recipients("QM/central/o-0001");
  }
  for (const char* reader : {"QM/central/o-0001", ""}) {
    EXPECT_EQ(ForOfficer(route, reader).DebugString(), route.DebugString());
    EXPECT_EQ(ForOfficer(method, reader).DebugString(), method.DebugString());
  }
  const v1::CaseBody shown = ForOfficer(route, "QM/central/o-0003");
  EXPECT_EQ(shown.route_report().route_id(), "QN:RED-1");
  EXPECT_EQ(shown.DebugString().find("Port-Sel"), std::string::npos);
  EXPECT_EQ(ForOfficer(method, "QM/central/o-0003").DebugString().find("washed"),
            std::string::npos);
  route.mutable_route_report()->mutable_label()->set_tlp(v1::Tlp::AMBER);
  EXPECT_EQ(ForOfficer(route, "QM/central/o-0003").DebugString(), route.DebugString());
}

// By break-glass they are seen only where two officers signed for that, and for this officer.
TEST(BreakGlassAtTheDesk, CompartmentsNeedTheWordOfTwoOfficers) {
  World world;
  const std::string auditor = "QM/central/o-0004";
  v1::BreakGlassStatement body;
  body.set_format(1);
  body.set_authority("QM/central");
  body.set_officer(auditor);
  body.set_reason(v1::BreakGlassReason::COURT_ORDER);
  body.set_from_ms(ToMillis(world.clock.Now()));
  body.set_to_ms(body.from_ms() + 3600 * 1000);
  body.set_nonce(std::string(16, 'n'));
  const auto opens = [&](const std::vector<std::string>& signers, bool in_force,
                         const std::string& officer) {
    v1::ListBreakGlassResponse list;
    v1::BreakGlass& access = *list.add_items();
    access.set_in_force(in_force);
    access.mutable_statement()->set_statement(trust::StrictSerialize(body));
    for (const std::string& signer : signers) {
      EXPECT_TRUE(trust::SignStatement(crypto::Purpose::kBreakGlass, signer,
                                       world.officer(signer).sign, access.mutable_statement())
                      .ok());
    }
    return OpensCompartments(list, officer, "QM/central", *world.Directory("QM"),
                             world.clock.Now());
  };
  const std::vector<std::string> two = {"QM/central/o-0002", "QM/central/o-0003"};
  EXPECT_FALSE(opens(two, true, auditor)) << "they signed for the messages alone";
  body.set_with_compartments(true);
  EXPECT_TRUE(opens(two, true, auditor));
  EXPECT_FALSE(opens({two[0]}, true, auditor));
  EXPECT_FALSE(opens(two, false, auditor)) << "it was ended";
  EXPECT_FALSE(opens(two, true, "QM/central/o-0001"));
  body.set_authority("QM/police");
  EXPECT_FALSE(opens(two, true, auditor));
}

}  // namespace
}  // namespace palermo::desk
