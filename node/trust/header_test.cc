// What a header must say, and when.
#include "base/limits.h"
#include "node/trust/envelope.h"
#include "node/trust/test_util.h"

namespace palermo::trust {
namespace {

using testing::World;

using HeaderChange = Change<v1::Header>;
class BadHeader : public ::testing::TestWithParam<HeaderChange> {};

TEST_P(BadHeader, IsRefused) {
  World world;
  v1::Header header = world.MakeHeader({});
  ASSERT_THAT(CheckHeader(header), IsAccepted());
  GetParam().change(&header);
  EXPECT_THAT(CheckHeader(header), IsRefused("BAD_HEADER", GetParam().text));
}

void AddReference(v1::Header* header, const std::string& state) {
  *header->add_directories() = header->directories(0);
  header->mutable_directories(header->directories_size() - 1)->set_state(state);
}

const HeaderChange kBadHeaders[] = {
    {"OfAnotherVersion", [](auto* h) { h->set_version(2); }, "its version is not 1"},
    {"WithAShortCaseId", [](auto* h) { h->mutable_case_id()->pop_back(); }, "not 16 bytes"},
    {"WithALongCaseId", [](auto* h) { h->mutable_case_id()->push_back('x'); }, "not 16 bytes"},
    // Parties.
    {"OfABadSender", [](auto* h) { h->set_sender("QM"); }, "the sender is not an authority"},
    {"OfAnOfficerAsSender", [](auto* h) { h->set_sender("QM/central/o-0001"); },
     "the sender is not an authority"},
    {"WithoutRecipient", [](auto* h) { h->clear_recipients(); }, "there is no recipient"},
    {"WithTooManyRecipients",
     [](auto* h) {
       while (h->recipients_size() <= static_cast<int>(limits::kMaxRecipients))
         h->add_recipients("");
     },
     "too many recipients"},
    {"ToABadRecipient", [](auto* h) { h->set_recipients(0, "QT/Central"); },
     "'QT/Central' is not an authority id"},
    {"WithRecipientsUnsorted", [](auto* h) { h->add_recipients("QT/agency"); }, "not sorted"},
    {"WithARecipientTwice", [](auto* h) { h->add_recipients("QT/central"); }, "not unique"},
    {"ToItsOwnState", [](auto* h) { h->set_recipients(0, "QM/police"); },
     "of the sender's own state"},
    // Codes.
    {"WithoutFamily", [](auto* h) { h->clear_family(); }, "the family is missing"},
    {"OfAnUnknownFamily", [](auto* h) { h->set_family(static_cast<v1::Family::Code>(99)); },
     "the family is missing or unknown"},
    {"WithoutAct", [](auto* h) { h->clear_act(); }, "the act is missing"},
    {"OfAnUnknownAct", [](auto* h) { h->set_act(static_cast<v1::Act::Code>(99)); },
     "the act is missing or unknown"},
    {"WithoutUrgency", [](auto* h) { h->clear_urgency(); }, "the urgency is missing"},
    {"OfAnUnknownUrgency", [](auto* h) { h->set_urgency(static_cast<v1::Urgency::Code>(9)); },
     "the urgency is missing or unknown"},
    {"WithoutHandling", [](auto* h) { h->clear_handling(); }, "the handling code is missing"},
    {"OfAnUnknownHandling", [](auto* h) { h->set_handling(static_cast<v1::Handling::Code>(9)); },
     "the handling code is missing or unknown"},
    {"WithTooManyLegalBases",
     [](auto* h) {
       while (h->legal_basis_size() <= static_cast<int>(limits::kMaxLegalBasisCodes)) {
         h->add_legal_basis("UNTOC 18");
       }
     },
     "too many legal bases"},
    {"WithAnEmptyLegalBasis", [](auto* h) { h->add_legal_basis(""); }, "empty or too long"},
    {"WithALongLegalBasis", [](auto* h) { h->add_legal_basis(std::string(201, 'x')); },
     "empty or too long"},
    // Times.
    {"WithoutTime", [](auto* h) { h->clear_created_at_ms(); }, "created_at is missing"},
    {"FromBeforeTime", [](auto* h) { h->set_created_at_ms(-1); }, "created_at is missing"},
    {"ThatExpiresAtOnce", [](auto* h) { h->set_expires_at_ms(h->created_at_ms()); },
     "expires before it is made"},
    {"ThatNeverExpires", [](auto* h) { h->clear_expires_at_ms(); }, "expires before it is made"},
    {"ToBeAnsweredBeforeItIsMade", [](auto* h) { h->set_reply_by_ms(h->created_at_ms()); },
     "reply_by is not after"},
    {"ToBeAnsweredBeforeTime", [](auto* h) { h->set_reply_by_ms(-1); }, "reply_by is not after"},
    // References.
    {"WithTooManyParents",
     [](auto* h) {
       for (size_t i = 0; i <= limits::kMaxParents; ++i) {
         h->add_parents(std::string(32, static_cast<char>('a' + i)));
       }
     },
     "too many parents"},
    {"WithAShortParent", [](auto* h) { h->add_parents(std::string(31, 'a')); },
     "not sorted message ids"},
    {"WithParentsUnsorted",
     [](auto* h) {
       h->add_parents(std::string(32, 'b'));
       h->add_parents(std::string(32, 'a'));
     },
     "not sorted message ids"},
    {"WithAParentTwice",
     [](auto* h) {
       h->add_parents(std::string(32, 'a'));
       h->add_parents(std::string(32, 'a'));
     },
     "not sorted message ids"},
    {"InReplyToNoMessage", [](auto* h) { h->set_in_reply_to("x"); }, "in_reply_to is not"},
    {"WithTooManyAttachments",
     [](auto* h) {
       while (h->attachments_size() <= static_cast<int>(limits::kMaxAttachments)) {
         h->add_attachments()->set_id(std::string(32, 'a'));
       }
     },
     "too many attachments"},
    {"WithABadAttachment", [](auto* h) { h->add_attachments()->set_id("x"); },
     "an attachment id has not 32 bytes"},
    {"WithoutTheSendersDirectory", [](auto* h) { h->mutable_directories()->DeleteSubrange(0, 1); },
     "directory of each state"},
    {"WithoutARecipientsDirectory", [](auto* h) { h->mutable_directories()->RemoveLast(); },
     "directory of each state"},
    {"WithAStrangersDirectory", [](auto* h) { AddReference(h, "XA"); }, "directory of each state"},
    {"WithADirectoryTwice", [](auto* h) { AddReference(h, "QT"); }, "not sorted or not unique"},
    {"WithDirectoriesUnsorted", [](auto* h) { h->mutable_directories()->SwapElements(0, 1); },
     "not sorted or not unique"},
    {"WithADirectoryOfNoState", [](auto* h) { h->mutable_directories(1)->set_state("x"); },
     "directory references are not sorted"},
    {"WithADirectoryOfVersionZero", [](auto* h) { h->mutable_directories(0)->clear_version(); },
     "a directory reference is not whole"},
    {"WithADirectoryOfNoHash", [](auto* h) { h->mutable_directories(0)->clear_sha256(); },
     "a directory reference is not whole"},
};
INSTANTIATE_TEST_SUITE_P(Header, BadHeader, ::testing::ValuesIn(kBadHeaders),
                         ChangeName<v1::Header>);

class HeaderTest : public ::testing::Test {
 protected:
  World world_;
  v1::Header header_ = world_.MakeHeader({});
};

TEST_F(HeaderTest, MayBeAsLargeAsItsLimits) {
  for (size_t i = 0; i < limits::kMaxParents; ++i) {
    header_.add_parents(std::string(32, static_cast<char>('a' + i)));
  }
  while (header_.attachments_size() < static_cast<int>(limits::kMaxAttachments)) {
    header_.add_attachments()->set_id(std::string(32, 'a'));
  }
  header_.clear_legal_basis();
  while (header_.legal_basis_size() < static_cast<int>(limits::kMaxLegalBasisCodes)) {
    header_.add_legal_basis(std::string(200, 'x'));
  }
  header_.set_in_reply_to(std::string(32, 'r'));
  header_.set_reply_by_ms(header_.created_at_ms() + 1);
  EXPECT_THAT(CheckHeader(header_), IsAccepted());
}

TEST_F(HeaderTest, MayHaveTwoHundredRecipients) {
  header_.clear_recipients();
  for (int i = 0; i < static_cast<int>(limits::kMaxRecipients); ++i) {
    header_.add_recipients("QT/office-" + std::to_string(1000 + i));
  }
  EXPECT_THAT(CheckHeader(header_), IsAccepted());
}

TEST_F(HeaderTest, LivesThirtyDaysAtMost) {
  header_.set_expires_at_ms(header_.created_at_ms() + limits::kMaxMessageLifeMillis);
  EXPECT_THAT(CheckHeader(header_), IsAccepted());
  header_.set_expires_at_ms(header_.expires_at_ms() + 1);
  EXPECT_THAT(CheckHeader(header_), IsRefused("TOO_LONG_LIFE", "at most 30 days"));
}

TEST_F(HeaderTest, ALifeBeyondAllNumbersIsTooLong) {
  header_.set_expires_at_ms(INT64_MAX);
  EXPECT_THAT(CheckHeader(header_), IsRefused("TOO_LONG_LIFE", "at most 30 days"));
}

TEST_F(HeaderTest, ExpiresAtItsEnd) {
  absl::Time end = FromMillis(header_.expires_at_ms());
  EXPECT_THAT(CheckHeaderTime(header_, end - absl::Milliseconds(1)), IsAccepted());
  EXPECT_THAT(CheckHeaderTime(header_, end), IsRefused("EXPIRED", "the message expired at"));
}

TEST_F(HeaderTest, ForgivesAClockThatIsFiveMinutesAhead) {
  absl::Time made = FromMillis(header_.created_at_ms());
  EXPECT_THAT(CheckHeaderTime(header_, made - absl::Minutes(5)), IsAccepted());
  EXPECT_THAT(CheckHeaderTime(header_, made - absl::Minutes(5) - absl::Milliseconds(1)),
              IsRefused("CREATED_IN_FUTURE", "check the clocks"));
}

}  // namespace
}  // namespace palermo::trust
