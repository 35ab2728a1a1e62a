// Whom an answer may show, and how much it may give: protected persons, questions that a word
// answers. As typed_answers_test.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/leak_scan.h"
#include "node/casework/typed_answers_test_util.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using T = v1::AssistanceType;
using v1::ItemResult;
using Set = std::set<std::string>;
using Change = AnswerChange;

TEST(ProtectedPersons, StayUnknownInAnswersToo) {
  EXPECT_EQ(
      OfAnswer(T::SUBSCRIBER_INFO,
               [](auto& i) { i.mutable_subscriber()->mutable_customer()->add_roles("VICTIM"); }),
      Set{"E R-SEAL-01.identity"});
  // By the request's word, where the answer says nothing of it.
  Answered answer(T::SUBSCRIBER_INFO);
  v1::Person& person = *answer.asked.mutable_request()->add_persons();
  person.set_ref("C-1");
  person.add_roles("VICTIM");
  person.set_sealed(true);
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.identity"});
  answer.item().mutable_subscriber()->mutable_customer()->clear_name();
  answer.item().mutable_subscriber()->mutable_customer()->clear_address();
  EXPECT_EQ(answer.Check(), Set{});
}

TEST(ProtectedPersons, AreLookedForInEveryFieldOfAnAnswer) {
  const LeakScanner sealed({{IdentityKind::kName, "Lina Orsay", "V-1"}});
  const Change changes[] = {
      [](auto& i) { i.mutable_referral()->set_service_body("for Lina ORSAY"); },
      [](auto& i) { i.mutable_account()->add_searched("the bank of Lina Orsay"); },
      [](auto& i) { i.add_delivered()->set_what("letters to Lina Orsay"); },
      [](auto& i) { i.add_seized()->set_what("passport of Lina Orsay"); },
  };
  for (const Change& change : changes) {
    Answered answer(T::VICTIM_REFERRAL);
    answer.context.sealed_identities = &sealed;
    EXPECT_EQ(answer.Check(), Set{});
    change(answer.item());
    EXPECT_THAT(answer.Check(), Contains("E R-SEAL-02.leak"));
  }
}

// The answer of a form whose question is about V-1, a victim.
struct OfVictim : Answered {
  explicit OfVictim(T::Code type) : Answered(type) {
    v1::Person& person = *asked.mutable_request()->add_persons();
    person.set_ref("V-1");
    person.add_roles("VICTIM");
    person.set_sealed(true);
    question().set_person_ref("V-1");
  }
};

TEST(ProtectedPersons, AreTheCustomersOfTheirOwnNumbers) {
  OfVictim answer(T::SUBSCRIBER_INFO);
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.answered"});
  v1::Person& customer = *answer.item().mutable_subscriber()->mutable_customer();
  customer.clear_ref();
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.answered"});
  // Of somebody else the answer says who it is.
  customer.add_roles("SUSPECT");
  EXPECT_EQ(answer.Check(), Set{});
  customer.clear_roles();
  customer.set_kind("LEGAL");
  EXPECT_EQ(answer.Check(), Set{});
  customer.clear_kind();
  customer.set_ref("P-1");  // the request's own suspect
  EXPECT_EQ(answer.Check(), Set{});
  customer.set_ref("V-1");
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.identity"});
  customer.clear_name();
  customer.clear_address();
  EXPECT_EQ(answer.Check(), Set{});
}

TEST(ProtectedPersons, AreNotNamedAsOwners) {
  OfVictim answer(T::BENEFICIAL_OWNER_QUERY);
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.answered"});
  v1::Person& owner = *answer.item().mutable_ownership()->mutable_owners(0)->mutable_person();
  owner.clear_name();
  EXPECT_EQ(answer.Check(), Set{});
  // Where the victim is one of them, the others are others.
  v1::Owner& other = *answer.item().mutable_ownership()->add_owners();
  other.set_control("MANAGEMENT");
  other.mutable_person()->set_ref("O-3");
  other.mutable_person()->set_name("Dario Vell");
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.answered"});
  owner.set_ref("V-1");
  EXPECT_EQ(answer.Check(), Set{});
}

TEST(ProtectedPersons, AreNotNamedAsHoldersOfAccounts) {
  OfVictim answer(T::BANK_ACCOUNT_DISCOVERY);
  v1::AccountFound& found = *answer.item().mutable_account()->mutable_accounts(0);
  EXPECT_EQ(answer.Check(), Set{}) << "a firm, whose beneficial owner is asked about";
  found.mutable_account()->set_holder("Lina Orsay");
  EXPECT_EQ(answer.Check(), Set{}) << "the owner is another one than the holder";
  for (const char* relation : {"HOLDER", ""}) {
    found.set_relation(relation);
    EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.answered"}) << relation;
  }
  for (const char* holder : {"V-1", "Vell Ltd", "the supplier Dario Vell"}) {
    found.mutable_account()->set_holder(holder);
    EXPECT_EQ(answer.Check(), Set{}) << holder;
  }
  OfVictim traced(T::TRACE_PROCEEDS);
  EXPECT_EQ(traced.Check(), Set{});
  traced.item().mutable_assets(0)->mutable_property()->set_holder("Lina Orsay");
  EXPECT_EQ(traced.Check(), Set{"E R-SEAL-01.answered"});
}

TEST(ProtectedPersons, AreNotNamedInTheirPayments) {
  OfVictim answer(T::BANK_TRANSACTIONS);
  const auto paid = [&](T::Code type, const char* from, const char* to) {
    OfVictim trail(type);
    trail.item() = answer.item();
    v1::Transaction& payment = *trail.item().mutable_account()->mutable_transactions(0);
    payment.set_originator(from);
    payment.set_beneficiary(to);
    return trail.Check();
  };
  EXPECT_EQ(answer.Check(), Set{});
  EXPECT_EQ(paid(T::BANK_TRANSACTIONS, "Lina Orsay", "Vell Ltd"), Set{"E R-SEAL-01.answered"});
  EXPECT_EQ(paid(T::BANK_TRANSACTIONS, "cash", "Lina Orsay"), Set{"E R-SEAL-01.answered"});
  // The other side of a payment is another one.
  EXPECT_EQ(paid(T::BANK_TRANSACTIONS, "Dario Vell", "V-1"), Set{});
  EXPECT_EQ(paid(T::BANK_TRANSACTIONS, "qv47 vstb 0001 2345 6789 01", "Dario Vell"), Set{});
  // A trail leads to others.
  EXPECT_EQ(paid(T::FIU_INFORMATION, "Dario Vell", "Vell Ltd"), Set{"N R-SEAL-01.named"});
}

TEST(ProtectedPersons, WhomTheRequestNamesAreNotNamedAgain) {
  Answered answer(T::BANK_TRANSACTIONS);
  v1::Person& person = *answer.asked.mutable_request()->add_persons();
  person.set_ref("V-1");
  person.add_roles("VICTIM");
  person.set_name("Lina Orsay");
  EXPECT_EQ(answer.Check(), Set{});
  answer.item().mutable_account()->mutable_transactions(0)->set_beneficiary("ORSAY, Lina");
  EXPECT_EQ(answer.Check(), Set{"E R-SEAL-01.identity"});
}

// --- No more than was asked

v1::Property& Iban(ItemResult& i) {
  return *i.mutable_account()->add_accounts()->mutable_account();
}

TEST(Questions, ThatAWordAnswersGetNoMore) {
  const Change changes[] = {
      [](auto& i) { Iban(i).set_iban("QV47VSTB00012345678901"); },
      [](auto& i) { i.mutable_ownership()->add_owners()->set_share(0); },
      [](auto& i) { i.mutable_subscriber()->mutable_customer()->set_ref("C-1"); },
      [](auto& i) { i.mutable_extract()->add_entries()->set_what("fraud"); },
      [](auto& i) { i.add_delivered()->set_hash(std::string(64, 'a')); },
      [](auto& i) { i.mutable_licence()->mutable_licence()->set_no("QT-1"); },
      [](auto& i) { i.mutable_shipment()->set_place("QTMBA"); },
      [](auto& i) { i.mutable_pre_export()->set_authorisation_no("QT-2"); },
      [](auto& i) { i.mutable_timber()->set_unit("m3"); },
      [](auto& i) { i.mutable_specimen()->set_receiver("a zoo"); },
      [](auto& i) { i.add_seized()->set_what("a passport"); },
      [](auto& i) { i.mutable_referral()->set_service_body("House of the Harbour"); },
      [](auto& i) { i.add_assets()->set_destination("Treasury"); },
      [](auto& i) { i.mutable_service()->set_served_at("2030-05-02"); },
      [](auto& i) { i.mutable_travel_document()->set_document_type("PASSPORT"); },
      [](auto& i) { i.mutable_profile()->add_matches("QT-P-1"); },
  };
  for (T::Code type : {T::HIT_QUERY, T::VERIFY_DOCUMENT, T::VERIFY_NATIONALITY}) {
    for (const Change& change : changes) {
      EXPECT_THAT(OfAnswer(type, change), Contains("E R-DOC-02.more")) << T::Code_Name(type);
    }
  }
}

TEST(Questions, AnEmptyPartIsNoMoreThanNone) {
  const Change changes[] = {
      [](auto& i) { i.mutable_account()->add_accounts()->mutable_account()->set_iban(" "); },
      [](auto& i) { i.mutable_ownership()->add_owners()->mutable_person(); },
      [](auto& i) { i.mutable_subscriber()->mutable_customer(); },
      [](auto& i) { i.mutable_extract()->add_entries(); },
      [](auto& i) { i.mutable_profile()->set_comparison("NO_MATCH"); },  // a word
  };
  for (T::Code type : {T::HIT_QUERY, T::VERIFY_DOCUMENT, T::VERIFY_NATIONALITY}) {
    for (const Change& change : changes) {
      EXPECT_EQ(OfAnswer(type, change), Set{}) << T::Code_Name(type);
    }
  }
}

}  // namespace
}  // namespace palermo::casework
