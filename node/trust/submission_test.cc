// Whether a submission record fits its message, and what a recipient's desk says of it afterwards.
#include "base/limits.h"
#include "node/trust/approvals.h"
#include "node/trust/receipt.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::EnvelopeSpec;
using testing::Value;
using testing::World;
using testing::WorldOptions;

WorldOptions StatesOfThree() {
  WorldOptions options;
  options.states = {"QM", "QT", "XA"};
  return options;
}
EnvelopeSpec ToBoth() {
  EnvelopeSpec spec;
  spec.to = {"QT/central", "XA/central"};
  return spec;
}

struct Submission {
  Submission()
      : world(StatesOfThree()),
        sealed(world.MakeEnvelope(ToBoth())),
        envelope(Value(ParseEnvelope(sealed))),
        list(FreezeSignatures(world.SignAll(sealed))),
        record(world.SubmissionRecord(sealed, list)) {}
  absl::Status Check() const { return CheckSubmissionRecord(record, envelope, list); }

  World world;
  v1::Envelope sealed;
  ParsedEnvelope envelope;
  std::string list;
  v1::Record record;
};

TEST(SubmissionTest, FitsItsMessage) {
  Submission submission;
  EXPECT_THAT(submission.Check(), IsAccepted());
  EXPECT_EQ(NumberFor(submission.record, "QT"), 1u);
  EXPECT_EQ(NumberFor(submission.record, "QM"), 0u);
}

TEST(SubmissionTest, RefusesAnotherMessage) {
  Submission submission;
  EnvelopeSpec spec = ToBoth();
  spec.case_id = submission.envelope.header.case_id();
  submission.envelope = Value(ParseEnvelope(submission.world.MakeEnvelope(spec)));
  EXPECT_THAT(submission.Check(), IsRefused("BAD_RECEIPT", "it is of another message"));
}

TEST(SubmissionTest, RefusesAnotherList) {
  Submission submission;
  submission.list = FreezeSignatures({});
  EXPECT_THAT(submission.Check(), IsRefused("SIGNATURE_LIST_CHANGED", "submission record"));
}

TEST(SubmissionTest, RefusesAListWithASignatureMore) {
  Submission submission;
  auto signatures = Value(ParseFrozen(submission.list));
  signatures.push_back(signatures[0]);
  submission.list = FreezeSignatures(signatures);
  EXPECT_THAT(submission.Check(), IsRefused("SIGNATURE_LIST_CHANGED", "submission record"));
}

using RecordChange = Change<v1::Record>;
class BadSubmission : public ::testing::TestWithParam<RecordChange> {};

TEST_P(BadSubmission, IsRefused) {
  Submission submission;
  GetParam().change(&submission.record);
  EXPECT_THAT(submission.Check(), IsRefused("BAD_RECEIPT", GetParam().text));
}

constexpr char kNotTheHeaders[] = "case, sender, family or act is not the header's";
const RecordChange kBadSubmissions[] = {
    {"OfAnotherKind", [](auto* r) { r->set_kind(v1::RecordKind::DELIVERY); },
     "not an accepted submission"},
    {"ThatWasRejected", [](auto* r) { r->set_outcome(v1::Outcome::REJECTED); },
     "not an accepted submission"},
    {"ThatStillWaits", [](auto* r) { r->set_outcome(v1::Outcome::PENDING); },
     "not an accepted submission"},
    {"OfAnotherMessage", [](auto* r) { (*r->mutable_message_id())[0] ^= 1; }, "another message"},
    {"OfAnotherCase", [](auto* r) { (*r->mutable_case_id())[0] ^= 1; }, kNotTheHeaders},
    {"OfAnotherSender", [](auto* r) { r->set_authority("QM/police"); }, kNotTheHeaders},
    {"OfAnotherFamily", [](auto* r) { r->set_family(v1::Family::SEA); }, kNotTheHeaders},
    {"OfAnotherAct", [](auto* r) { r->set_act(v1::Act::REFUSAL); }, kNotTheHeaders},
    {"InAnotherStatesLedger", [](auto* r) { r->set_state("QT"); }, "not of the sender's state"},
    {"WithNumberZero", [](auto* r) { r->mutable_numbers(0)->set_number(0); },
     "it has no number for QT"},
    {"WithoutOneRecipientsNumber", [](auto* r) { r->mutable_numbers()->RemoveLast(); },
     "its numbers are not whole"},
    {"WithANumberMore",
     [](auto* r) {
       *r->add_numbers() = r->numbers(0);
       r->mutable_numbers(2)->set_state("ZZ");
     },
     "its numbers are not whole"},
    {"WithAStrangersNumber", [](auto* r) { r->mutable_numbers(1)->set_state("ZZ"); },
     "it has no number for XA"},
    {"WithOneStatesNumberTwice", [](auto* r) { *r->mutable_numbers(1) = r->numbers(0); },
     "it has no number for XA"},
};
INSTANTIATE_TEST_SUITE_P(Submission, BadSubmission, ::testing::ValuesIn(kBadSubmissions),
                         ChangeName<v1::Record>);

// ---- retrieval: o-0001 of QT says that it opened the message
class RetrievalTest : public ::testing::Test {
 protected:
  RetrievalTest() {
    statement_.set_message_id(std::string(32, 'm'));
    statement_.set_officer("QT/central/o-0001");
    statement_.set_result(v1::RetrievalResult::OPENED);
    statement_.set_at_ms(ToMillis(world_.clock.Now()));
    Sign("QT/central/o-0001");
  }
  void Sign(const std::string& officer, crypto::Purpose purpose = crypto::Purpose::kRetrieval) {
    const crypto::SigningKey& key = world_.officer(officer).sign;
    retrieval_.set_statement(StrictSerialize(statement_));
    retrieval_.set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(key.public_key())));
    retrieval_.set_signature(
        std::string(crypto::AsView(key.Sign(purpose, retrieval_.statement()))));
  }
  absl::StatusOr<v1::RetrievalStatement> Verify() { return Verify(*world_.Directory("QT")); }
  absl::StatusOr<v1::RetrievalStatement> Verify(const DirectoryIndex& directory) {
    return VerifyRetrieval(retrieval_, directory, world_.clock.Now());
  }
  World world_;
  v1::RetrievalStatement statement_;
  v1::SignedRetrieval retrieval_;
};

TEST_F(RetrievalTest, GivesTheStatement) {
  EXPECT_EQ(StrictSerialize(Value(Verify())), retrieval_.statement());
}

TEST_F(RetrievalTest, RefusesOneForgedByAnotherOfficer) {
  Sign("QT/central/o-0002");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_KEY", "the key of QT/central/o-0001"));
  retrieval_.set_key_id(
      world_.Directory("QT")->FindOfficer(statement_.officer())->signing_key_id());
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "retrieval signature"));
}

TEST_F(RetrievalTest, RefusesAnotherStatesOfficer) {
  statement_.set_officer("QM/central/o-0001");
  Sign("QM/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("UNKNOWN_OFFICER", "QM/central/o-0001"));
}

TEST_F(RetrievalTest, RefusesAnExpiredMandate) {
  world_.NextDirectory("QT", [&](v1::Directory* d) {
    d->mutable_officers(0)->set_valid_to_ms(ToMillis(world_.clock.Now()));
  });
  EXPECT_THAT(Verify(), IsRefused("OFFICER_NOT_IN_FORCE", "QT/central/o-0001"));
}

TEST_F(RetrievalTest, AKeyOfAnotherSizeVerifiesNothing) {
  trust::Directory directory = world_.Directory("QT")->verified();
  directory.body.mutable_officers(0)->mutable_signing_key()->pop_back();
  EXPECT_THAT(Verify(DirectoryIndex(std::move(directory))),
              IsRefused("BAD_PUBLIC_KEY", "32 bytes"));
}

TEST_F(RetrievalTest, RefusesASignatureGivenForAnotherPurpose) {
  Sign("QT/central/o-0001", crypto::Purpose::kGrant);
  EXPECT_THAT(Verify(), IsRefused("BAD_SIGNATURE", "retrieval signature"));
}

TEST_F(RetrievalTest, RefusesEveryChangeOfTheStatement) {
  DirectoryPtr directory = world_.Directory("QT");
  std::string* bytes = retrieval_.mutable_statement();
  for (char& byte : *bytes) {
    for (int bit = 0; bit < 8; ++bit) {
      byte ^= static_cast<char>(1 << bit);
      ASSERT_FALSE(Verify(*directory).ok()) << "byte " << (&byte - bytes->data());
      byte ^= static_cast<char>(1 << bit);
    }
  }
}

TEST_F(RetrievalTest, RefusesAnUnknownField) {
  retrieval_.mutable_statement()->append("\x78\x01");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "unknown fields"));
}

TEST_F(RetrievalTest, RefusesAStatementOfNoMessage) {
  statement_.set_message_id("m");
  Sign("QT/central/o-0001");
  EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "statement is not whole"));
}

TEST_F(RetrievalTest, RefusesAStatementOfNoKnownResult) {
  for (int result : {0, 9}) {
    statement_.set_result(static_cast<v1::RetrievalResult::Code>(result));
    Sign("QT/central/o-0001");
    EXPECT_THAT(Verify(), IsRefused("BAD_RECEIPT", "statement is not whole"));
  }
}

}  // namespace
}  // namespace palermo::trust
