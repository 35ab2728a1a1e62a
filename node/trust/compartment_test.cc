#include "node/trust/compartment.h"

#include <functional>

#include "base/limits.h"
#include "node/trust/statement.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;
constexpr crypto::Purpose kPurpose = crypto::Purpose::kCompartmentOpening;

// o-0001 (drafter) opens compartment 1; o-0002 (approver) is the second person.
class OpeningTest : public ::testing::Test {
 protected:
  OpeningTest() {
    body_.set_format(1);
    body_.set_message_id(std::string(32, 'm'));
    body_.set_compartment(1);
    body_.set_authority("QM/central");
    body_.set_officer("QM/central/o-0001");
    body_.set_reason(v1::OpeningReason::INVESTIGATION);
    body_.set_from_ms(ToMillis(world_.clock.Now()));
    body_.set_to_ms(body_.from_ms() + limits::kMaxOpeningMillis);
    body_.set_nonce(std::string(16, 'n'));
    Sign({"o-0001", "o-0002"});
  }
  void Sign(const std::vector<std::string>& officers, crypto::Purpose purpose = kPurpose) {
    statement_.Clear();
    statement_.set_statement(StrictSerialize(body_));
    for (const auto& one : officers) {
      const std::string id = Cat({"QM/central/", one});
      EXPECT_TRUE(SignStatement(purpose, id, world_.officer(id).sign, &statement_).ok());
    }
  }
  absl::StatusOr<v1::CompartmentOpening> Verify() {
    return VerifyOpening(statement_, *world_.Directory("QM"), world_.clock.Now());
  }
  absl::StatusOr<v1::CompartmentOpening> VerifyUnder(
      const std::function<void(v1::Directory*)>& change) {
    return VerifyOpening(statement_, *UncheckedDirectory(world_, change), world_.clock.Now());
  }

  World world_;
  v1::CompartmentOpening body_;
  v1::SignedStatement statement_;
};

TEST_F(OpeningTest, TwoPersonsOpen) { EXPECT_THAT(Verify(), IsAccepted()); }

TEST_F(OpeningTest, OneIsNotEnoughUnlessLifeIsInDanger) {
  Sign({"o-0001"});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "two officers"));
  body_.set_reason(v1::OpeningReason::DANGER_TO_LIFE);
  Sign({"o-0001"});
  EXPECT_THAT(Verify(), IsAccepted());
  Sign({});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "two officers"));
  Sign({"o-0001", "o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "two officers"));
}

TEST_F(OpeningTest, TheOpenerSignsToo) {
  Sign({"o-0002", "o-0003"});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "did not sign"));
}

TEST_F(OpeningTest, TheSecondIsAnotherOfficerKeyAndPerson) {
  *statement_.mutable_signatures(1) = statement_.signatures(0);
  EXPECT_THAT(Verify(), IsRefused("SAME_OFFICER", "o-0001"));
  Sign({"o-0001", "o-0002"});
  world_.NextDirectory(
      "QM", [](v1::Directory* d) { d->mutable_officers(1)->set_person(d->officers(0).person()); });
  EXPECT_THAT(Verify(), IsRefused("SAME_PERSON", "o-0002"));
}

TEST_F(OpeningTest, TheSecondIsApproverOrCustodian) {
  Sign({"o-0001", "o-0004"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_ROLE", "o-0004"));
}

TEST_F(OpeningTest, ACustodianIsASecondPersonToo) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->mutable_officers(1)->clear_roles();
    d->mutable_officers(1)->add_roles(v1::Role::CUSTODIAN);
  });
  EXPECT_THAT(Verify(), IsAccepted());
}

TEST_F(OpeningTest, WhoReadsCasesMayOpen) {
  for (const auto role : {v1::Role::INVESTIGATOR, v1::Role::APPROVER, v1::Role::CUSTODIAN}) {
    world_.NextDirectory("QM", [role](v1::Directory* d) {
      d->mutable_officers(0)->clear_roles();
      d->mutable_officers(0)->add_roles(role);
    });
    EXPECT_THAT(Verify(), IsAccepted()) << v1::Role::Code_Name(role);
  }
}

TEST_F(OpeningTest, AnAuditorOpensNothing) {
  body_.set_officer("QM/central/o-0004");
  Sign({"o-0004", "o-0002"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_ROLE", "o-0004"));
}

TEST_F(OpeningTest, SignaturesAreOfThisPurposeAndThisStatement) {
  Sign({"o-0001", "o-0002"}, crypto::Purpose::kBreakGlass);
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", ""));
  Sign({"o-0001", "o-0002"});
  body_.set_compartment(2);
  statement_.set_statement(StrictSerialize(body_));
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", ""));
}

TEST_F(OpeningTest, SignersAreOfficersOfTheAuthorityWithTheirKeys) {
  statement_.mutable_signatures(1)->set_key_id(std::string(16, 'k'));
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "o-0002"));
  statement_.mutable_signatures(1)->set_officer("QM/central/o-0099");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "o-0099"));
  Sign({"o-0001", "o-0002"});
  world_.NextDirectory("QM", [&](v1::Directory* d) {
    d->mutable_officers(1)->set_valid_to_ms(ToMillis(world_.clock.Now()) - 1);
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", ""));
}

TEST_F(OpeningTest, AnOfficerOfAnotherAuthorityIsNoSecondPerson) {
  world_.NextDirectory("QM", [](v1::Directory* d) {
    d->add_authorities()->set_id("QM/police");
    d->mutable_officers(4)->set_id("QM/police/o-0005");
  });
  Sign({"o-0001", "o-0005"});
  statement_.mutable_signatures(1)->set_officer("QM/police/o-0005");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "is not an officer of QM/central"));
}

TEST_F(OpeningTest, OneKeyOfTwoOfficersSignsOnce) {
  Sign({"o-0001"});
  *statement_.add_signatures() = statement_.signatures(0);
  statement_.mutable_signatures(1)->set_officer("QM/central/o-0002");
  EXPECT_THAT(VerifyUnder([](v1::Directory* d) {
                d->mutable_officers(1)->set_signing_key(d->officers(0).signing_key());
                d->mutable_officers(1)->set_signing_key_id(d->officers(0).signing_key_id());
              }),
              IsRefused("SAME_KEY", "one key signed twice"));
}

TEST_F(OpeningTest, AKeyOfAnotherSizeVerifiesNothing) {
  EXPECT_THAT(VerifyUnder([](v1::Directory* d) {
                d->mutable_officers(0)->mutable_signing_key()->pop_back();
              }),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(OpeningTest, ItCountsInItsTimeOnly) {
  world_.clock.Advance(absl::Milliseconds(limits::kMaxOpeningMillis));
  EXPECT_THAT(Verify(), IsRefused("NOT_IN_TIME", ""));
  body_.set_from_ms(ToMillis(world_.clock.Now()) + 1);
  body_.set_to_ms(body_.from_ms() + 1);
  Sign({"o-0001", "o-0002"});
  EXPECT_THAT(Verify(), IsRefused("NOT_IN_TIME", ""));
}

TEST_F(OpeningTest, ARecordOfAJointOperationIsOpenedInTheSameWay) {
  body_.clear_compartment();
  body_.set_operation_record(std::string(64, 'a'));
  Sign({"o-0001", "o-0002"});
  EXPECT_THAT(Verify(), IsAccepted());
  Sign({"o-0001"});
  EXPECT_THAT(Verify(), IsRefused("TOO_FEW_APPROVALS", "two officers"));
}

TEST_F(OpeningTest, TheAuthorityIsInTheDirectory) {
  body_.set_authority("QM/nowhere");
  Sign({"o-0001", "o-0002"});
  EXPECT_THAT(Verify(), IsRefused("WRONG_SENDER", "QM/nowhere"));
}

TEST_F(OpeningTest, ItsFormIsStrict) {
  using Body = v1::CompartmentOpening;
  const std::function<void(Body&)> wrong[] = {
      [](Body& b) { b.set_format(2); },
      [](Body& b) { b.set_message_id("short"); },
      [](Body& b) { b.set_compartment(0); },
      [](Body& b) { b.set_compartment(limits::kMaxCompartments + 1); },
      [](Body& b) { b.set_operation_record(std::string(64, 'a')); },  // and a compartment
      [](Body& b) {
        b.clear_compartment();
        b.set_operation_record(std::string(64, 'A'));
      },
      [](Body& b) {
        b.clear_compartment();
        b.set_operation_record(std::string(63, 'a'));
      },
      [](Body& b) { b.set_reason(v1::OpeningReason::UNSPECIFIED); },
      [](Body& b) { b.set_reason(static_cast<v1::OpeningReason::Code>(99)); },
      [](Body& b) { b.set_nonce("short"); },
      [](Body& b) { b.set_from_ms(0); },
      [](Body& b) { b.set_to_ms(b.from_ms()); },
      [](Body& b) { b.set_to_ms(b.from_ms() + limits::kMaxOpeningMillis + 1); },
  };
  const Body good = body_;
  for (size_t i = 0; i < std::size(wrong); ++i) {
    body_ = good;
    wrong[i](body_);
    Sign({"o-0001", "o-0002"});
    EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", "")) << i;
  }
  statement_.set_statement("\xFF");
  EXPECT_THAT(Verify(), IsRefused("BAD_STATEMENT", ""));
}

// --- The form of compartments

class CompartmentsTest : public ::testing::Test {
 protected:
  CompartmentsTest() {
    header_.set_sender("QM/central");
    header_.add_recipients("QT/central");
    header_.add_recipients("QT/victims");
    Add();
  }
  v1::Compartment* Add() {
    v1::Compartment* one = compartments_.Add();
    one->set_id(static_cast<uint32_t>(compartments_.size()));
    one->set_purpose(v1::CompartmentPurpose::VICTIM);
    one->set_sealed("sealed");
    AddStanza(one, "QT/victims");
    return one;
  }
  static v1::CompartmentStanza* AddStanza(v1::Compartment* one, const std::string& authority) {
    v1::CompartmentStanza* stanza = one->add_stanzas();
    stanza->set_authority(authority);
    stanza->set_key_id(std::string(16, 'k'));
    stanza->set_encapsulation("e");
    stanza->set_wrapped_key(std::string(limits::kWrappedKeyBytes, 'w'));
    return stanza;
  }
  absl::Status Check() { return CheckCompartments(compartments_, header_); }

  v1::Header header_;
  google::protobuf::RepeatedPtrField<v1::Compartment> compartments_;
};

TEST_F(CompartmentsTest, RecipientsAndSenderMayRead) {
  Add();
  compartments_[1].clear_stanzas();
  AddStanza(&compartments_[1], "QM/central");
  AddStanza(&compartments_[1], "QT/central");
  EXPECT_TRUE(Check().ok()) << Check();
}

TEST_F(CompartmentsTest, WhatIsWrongIsNamed) {
  struct {
    const char* text;
    std::function<void(v1::Compartment&)> change;
  } cases[] = {
      {"numbers", [](auto& c) { c.set_id(2); }},
      {"purpose", [](auto& c) { c.set_purpose(v1::CompartmentPurpose::UNSPECIFIED); }},
      {"purpose", [](auto& c) { c.set_purpose(static_cast<v1::CompartmentPurpose::Code>(99)); }},
      {"empty", [](auto& c) { c.clear_sealed(); }},
      {"large", [](auto& c) { c.set_sealed(std::string(limits::kMaxCompartmentBytes + 1, 'x')); }},
      {"no reader", [](auto& c) { c.clear_stanzas(); }},
      {"too many",
       [](auto& c) {
         for (int i = 0; i < limits::kMaxCompartmentReaders; ++i) AddStanza(&c, "QT/victims");
       }},
      {"neither", [](auto& c) { c.mutable_stanzas(0)->set_authority("QN/central"); }},
      {"sorted", [](auto& c) { AddStanza(&c, "QT/central"); }},
      {"twice", [](auto& c) { AddStanza(&c, "QT/victims"); }},
      {"size", [](auto& c) { c.mutable_stanzas(0)->set_key_id("k"); }},
      {"size", [](auto& c) { c.mutable_stanzas(0)->clear_encapsulation(); }},
      {"size",
       [](auto& c) {
         c.mutable_stanzas(0)->set_encapsulation(
             std::string(limits::kMaxEncapsulationBytes + 1, 'e'));
       }},
      {"size", [](auto& c) { c.mutable_stanzas(0)->set_wrapped_key("w"); }},
  };
  const v1::Compartment good = compartments_[0];
  for (const auto& one : cases) {
    compartments_[0] = good;
    one.change(compartments_[0]);
    EXPECT_EQ(CodeOf(Check()), "BAD_COMPARTMENT") << one.text;
    EXPECT_NE(TextOf(Check()).find(one.text), std::string::npos) << Check();
  }
  compartments_[0] = good;
  while (compartments_.size() <= limits::kMaxCompartments) Add();
  EXPECT_NE(TextOf(Check()).find("more than"), std::string::npos);
}

TEST_F(CompartmentsTest, ContextAndInfoBindWhatTheyMust) {
  const Hash header = crypto::Sha256("header"), other = crypto::Sha256("other");
  v1::Compartment second = compartments_[0], source = compartments_[0];
  second.set_id(2);
  source.set_purpose(v1::CompartmentPurpose::SOURCE);
  const v1::Compartment& one = compartments_[0];
  const std::string contexts[] = {
      CompartmentContext(header, one),
      CompartmentContext(other, one),
      CompartmentContext(header, second),
      CompartmentContext(header, source),
      CompartmentInfo(header, one, "QT/a", "k"),
      CompartmentInfo(other, one, "QT/a", "k"),
      CompartmentInfo(header, second, "QT/a", "k"),
      CompartmentInfo(header, source, "QT/a", "k"),
      CompartmentInfo(header, one, "QT/b", "k"),
      CompartmentInfo(header, one, "QT/a", "l"),
  };
  for (const std::string& a : contexts) {
    EXPECT_EQ(std::count(std::begin(contexts), std::end(contexts), a), 1);
  }
  EXPECT_EQ(contexts[0].substr(0, 23), std::string("palermo/v1/compartment\0", 23));
  EXPECT_EQ(contexts[0].size(), 23u + 32 + 8);
  EXPECT_EQ(contexts[4].size(), 30u + 32 + 8 + 32);
}

}  // namespace
}  // namespace palermo::trust
