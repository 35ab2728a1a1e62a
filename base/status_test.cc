#include "base/status.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace palermo {
namespace {

TEST(Status, CarriesItsCodeThroughAnnotation) {
  absl::Status status = Annotate(Refused("WRONG_ROLE", "an auditor cannot sign"), "submit");
  EXPECT_EQ(CodeOf(status), "WRONG_ROLE");
  EXPECT_EQ(TextOf(status), "submit: an auditor cannot sign");
  EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(absl::OkStatus()), "OK");
  EXPECT_EQ(CodeOf(absl::InternalError("x")), "INTERNAL");
}

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) return InputError("ODD", "the value is odd");
  return value / 2;
}
absl::StatusOr<int> Quarter(int value) {
  PALERMO_ASSIGN_OR_RETURN(int half, Half(value));
  PALERMO_ASSIGN_OR_RETURN(int quarter, Half(half));
  return quarter;
}

TEST(Status, MacrosReturnTheFirstError) {
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(CodeOf(Quarter(6).status()), "ODD");
}

TEST(Clock, TimesAreIso8601WithZone) {
  EXPECT_EQ(FormatInstant(FromMillis(0)), "1970-01-01T00:00:00Z");
  EXPECT_EQ(ToMillis(*ParseInstant("2026-03-02T10:00:00+01:00")),
            ToMillis(*ParseInstant("2026-03-02T09:00:00Z")));
  EXPECT_EQ(FormatInstant(*ParseInstant("2026-03-02")), "2026-03-02T00:00:00Z");
  EXPECT_FALSE(ParseInstant("2 March").ok());
  for (const std::string none : {"infinite-future", "infinite-past", " 2026-06-15", "2026-06-15 ",
                                 "2026-06-15T09:00:00Z ", "999999999999-01-01", "-2026-06-15"}) {
    EXPECT_FALSE(ParseInstant(none).ok()) << none;
  }
  EXPECT_FALSE(ParseInstant("2026-06-15T09:00:00." + std::string(250000, '0') + "Z").ok());
  EXPECT_TRUE(ParseInstant("2026-06-15T09:00:00.5+02:00").ok());
  EXPECT_EQ(FormatInstant(*ParseEnd("2026-03-02")), "2026-03-02T23:59:59Z");
  EXPECT_EQ(FormatInstant(*ParseEnd("2026-03-02T09:00:00Z")), "2026-03-02T09:00:00Z");
  EXPECT_FALSE(ParseEnd("2 March").ok());
  EXPECT_EQ(FormatInstant(*ParseOver("2026-03-02")), "2026-03-03T00:00:00Z");
  EXPECT_EQ(FormatInstant(*ParseOver("2026-03-02T09:00:00Z")), "2026-03-02T09:00:00Z");
  EXPECT_FALSE(ParseOver("2 March").ok());
  // Each form is read alike by the quick way and by the general one.
  for (const char* day : {"1970-01-01", "2000-02-29", "2026-12-31", "1969-07-20", "9999-12-31"}) {
    const std::string text(day);
    EXPECT_EQ(*ParseInstant(text + "T23:59:58Z"), *ParseInstant(text + "T23:59:58+00:00")) << day;
    EXPECT_EQ(*ParseInstant(text), *ParseInstant(text + "T00:00:00+00:00")) << day;
  }
  for (const char* none : {"", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026/03/02",
                           "2026-03-02T24:00:00Z", "2026-03-02T09:60:00Z", "2026-03-02T09:00:00",
                           "2026-03-02 09:00:00Z", "20x6-03-02"}) {
    EXPECT_FALSE(ParseInstant(none).ok()) << none;
  }
}

TEST(Time, ADayLastsToItsEnd) {
  const auto at = [](const char* text) { return *ParseInstant(text); };
  EXPECT_FALSE(IsAfterEnd("2027-05-10", at("2027-05-10T23:59:59.5Z")));
  EXPECT_TRUE(IsAfterEnd("2027-05-10", at("2027-05-11")));
  EXPECT_TRUE(IsAfterEnd("2027-05-10T10:00:00Z", at("2027-05-10T10:00:00Z")));
  EXPECT_FALSE(IsAfterEnd("2027-05-10T10:00:00Z", at("2027-05-10T09:59:59Z")));
  EXPECT_FALSE(IsAfterEnd("later", at("2027-05-10")));
  EXPECT_FALSE(IsReversed("2027-05-10T08:00:00Z", "2027-05-10"));
  EXPECT_FALSE(IsReversed("2027-05-10", "2027-05-10"));
  EXPECT_FALSE(IsReversed("2027-05-10T08:00:00Z", "2027-05-10T08:00:00Z"));
  EXPECT_TRUE(IsReversed("2027-05-11", "2027-05-10"));
  EXPECT_TRUE(IsReversed("2027-05-10T08:00:01Z", "2027-05-10T08:00:00Z"));
  EXPECT_FALSE(IsReversed("", "2027-05-10"));
  EXPECT_FALSE(IsReversed("2027-05-10", "soon"));
}

}  // namespace
}  // namespace palermo
