#include "base/state_code.h"

#include <gtest/gtest.h>

namespace palermo {
namespace {

TEST(StateCode, HasOneSpelling) {
  EXPECT_TRUE(IsStateCode("PA"));
  for (const char* bad : {"", "P", "pa", "PAN", "P1"}) EXPECT_FALSE(IsStateCode(bad)) << bad;
  for (const char* code : {"AA", "QM", "QZ", "XA", "XZ", "ZZ"})
    EXPECT_TRUE(IsExerciseStateCode(code)) << code;
  for (const char* code : {"PA", "QL", "QA", "ZY"}) EXPECT_FALSE(IsExerciseStateCode(code)) << code;
}

TEST(StateCode, AuthoritiesAndOfficersNest) {
  EXPECT_TRUE(IsAuthorityId("PA/central"));
  EXPECT_TRUE(IsAuthorityId("PA/organized-crime-unit"));
  for (const char* bad :
       {"PA/", "PA", "pa/central", "PA/Central", "PA/1st", "PA/central/o-0007", "PA/a b"}) {
    EXPECT_FALSE(IsAuthorityId(bad)) << bad;
  }
  EXPECT_TRUE(IsOfficerId("PA/central/o-0007"));
  EXPECT_FALSE(IsOfficerId("PA/central"));
  EXPECT_FALSE(IsOfficerId("PA/central/"));
  EXPECT_FALSE(IsOfficerId("PA/central/o-0007/x"));
  EXPECT_EQ(StateOf("PA/central/o-0007"), "PA");
  EXPECT_EQ(AuthorityOf("PA/central/o-0007"), "PA/central");
}

}  // namespace
}  // namespace palermo
