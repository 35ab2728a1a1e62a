#include "node/casework/cases/cut_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace palermo::casework {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(CutWords, AreCutWhereNoLetterStands) {
  EXPECT_THAT(CutWords("Prior_Notice at-sea"), ElementsAre("prior", "notice", "at", "sea"));
  EXPECT_THAT(CutWords("__FAP_4(2)"), ElementsAre("fap", "4", "2"));
  EXPECT_THAT(CutWords("é_b"), ElementsAre("é", "b"));
  EXPECT_THAT(CutWords(" -_"), IsEmpty());
}

TEST(CutWords, AreFoundWholeInARowOrByTheirBeginning) {
  EXPECT_TRUE(HasWords("AFTER_DEPARTURE_OF_QT", {"left", "departure"}));
  EXPECT_FALSE(HasWords("lead_department", {"depart", "departure"}));
  EXPECT_TRUE(HasWords("no_prior_notice_given", {"prior_notice"}));
  EXPECT_FALSE(HasWords("prior_to_notice", {"prior_notice"}));
  EXPECT_TRUE(HasWords("was_seized", {"seiz*"}));
  EXPECT_FALSE(HasWords("disseized", {"seiz*"}));
  EXPECT_FALSE(HasWords("", {"a", "b*"}));
}

}  // namespace
}  // namespace palermo::casework
