#include "node/trust/strict.h"

#include "node/trust/test_util.h"
#include "palermo/v1/ledger.pb.h"

namespace palermo::trust {
namespace {

// DocumentReference: state = 1 (text), version = 2 (varint), sha256 = 3 (bytes).
constexpr std::string_view kState("\x0a\x02QM", 4);
constexpr std::string_view kVersion("\x10\x07", 2);

absl::Status Parse(std::string_view bytes) {
  v1::DocumentReference message;
  return StrictParse(bytes, &message, "BAD", "reference");
}

TEST(Strict, TakesTheOneEncoding) {
  v1::DocumentReference message;
  ASSERT_THAT(StrictParse(Cat({kState, kVersion}), &message, "BAD", "it"), IsAccepted());
  EXPECT_EQ(message.state(), "QM");
  EXPECT_EQ(message.version(), 7u);
}

TEST(Strict, WritesWhatItTakes) {
  v1::DocumentReference message;
  message.set_state("QM");
  message.set_version(7);
  EXPECT_EQ(StrictSerialize(message), Cat({kState, kVersion}));
}

TEST(Strict, TakesTheEmptyMessage) { EXPECT_THAT(Parse(""), IsAccepted()); }

TEST(Strict, RefusesAnUnknownField) {
  EXPECT_THAT(Parse(Cat({kState, kVersion, "\x78\x01"})), IsRefused("BAD", "unknown fields"));
}

TEST(Strict, RefusesAnUnknownFieldInsideAMessage) {
  v1::Roster roster;
  std::string nested("\x3a\x06\x0a\x02QM\x78\x01", 8);  // states[0] with a field 15
  EXPECT_THAT(StrictParse(nested, &roster, "BAD", "roster"), IsRefused("BAD", "unknown fields"));
}

TEST(Strict, RefusesAnUnknownFieldInsideASingleMessage) {
  v1::Record record;
  std::string nested("\x82\x01\x06\x0a\x02QM\x78\x01", 9);  // directory with a field 15
  EXPECT_THAT(StrictParse(nested, &record, "BAD", "record"), IsRefused("BAD", "unknown fields"));
}

TEST(Strict, RefusesALongVarint) {
  EXPECT_THAT(Parse(Cat({kState, std::string_view("\x10\x87\x00", 3)})),
              IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesALongTag) {
  EXPECT_THAT(Parse(std::string_view("\x8a\x00\x02QM", 5)),
              IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesALongLength) {
  EXPECT_THAT(Parse(std::string_view("\x0a\x82\x00QM", 5)),
              IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesFieldsOutOfOrder) {
  EXPECT_THAT(Parse(Cat({kVersion, kState})), IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesADefaultWrittenOut) {
  EXPECT_THAT(Parse(Cat({kState, std::string_view("\x10\x00", 2)})),
              IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesAFieldTwice) {
  EXPECT_THAT(Parse(Cat({kState, kState})), IsRefused("BAD", "not in its one encoding"));
}

TEST(Strict, RefusesTrailingBytes) {
  EXPECT_THAT(Parse(Cat({kState, kVersion, std::string_view("\0", 1)})),
              IsRefused("BAD", "not a valid message"));
}

TEST(Strict, RefusesACutMessage) {
  EXPECT_THAT(Parse(kState.substr(0, 3)), IsRefused("BAD", "not a valid message"));
}

TEST(Strict, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(Parse(std::string_view("\x0a\x02\xff\xfe", 4)),
              IsRefused("BAD", "not a valid message"));
}

TEST(Strict, RefusesNumbersThatAreNotPacked) {
  v1::AuthorityEntry authority;  // families = 3
  std::string_view packed("\x1a\x02\x01\x02", 4);
  std::string_view apart("\x18\x01\x18\x02", 4);
  EXPECT_THAT(StrictParse(packed, &authority, "BAD", "it"), IsAccepted());
  EXPECT_THAT(StrictParse(apart, &authority, "BAD", "it"),
              IsRefused("BAD", "not in its one encoding"));
}

}  // namespace
}  // namespace palermo::trust
