// What a record of intelligence is opened for, and whether its label lets it.
#include "node/cli/label_asking.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"

namespace palermo::cli {
namespace {

using casework::Danger;

v1::Label LabelFor(const std::vector<std::string>& purposes) {
  v1::Label label;
  label.set_originator("QN");
  label.add_handling(v1::Handling::H2);
  label.set_tlp(v1::Tlp::AMBER);
  label.add_release_states("QM");
  for (const std::string& purpose : purposes) label.add_purposes(purpose);
  return label;
}

std::string PurposeOfOpening(const std::string& said, const std::vector<std::string>& purposes,
                             Danger danger = Danger::kNone) {
  const auto purpose = PurposeToOpen(said, LabelFor(purposes), danger);
  return purpose.ok() ? *purpose : CodeOf(purpose.status());
}

TEST(LabelAsking, APurposeIsStatedOrTheOnlyOneOfTheLabel) {
  EXPECT_EQ(PurposeOfOpening("", {"INVESTIGATION", "PROSECUTION"}), "USAGE");
  EXPECT_EQ(PurposeOfOpening("", {}), "USAGE");
  EXPECT_EQ(PurposeOfOpening("", {"INVESTIGATION"}), "INVESTIGATION");
  EXPECT_EQ(PurposeOfOpening("PROSECUTION", {"INVESTIGATION"}), "PROSECUTION");
  EXPECT_EQ(PurposeOfOpening("curiosity", {"INVESTIGATION"}), "USAGE");
  const auto asked = PurposeToOpen("", LabelFor({"INVESTIGATION", "PROSECUTION"}), Danger::kNone);
  EXPECT_NE(TextOf(asked.status()).find("INVESTIGATION or PROSECUTION"), std::string::npos)
      << TextOf(asked.status());
}

TEST(LabelAsking, AThreatToLifeIsReadWithoutAQuestion) {
  EXPECT_EQ(PurposeOfOpening("", {"INVESTIGATION", "PROSECUTION"}, Danger::kRecent),
            "SEARCH_AND_RESCUE");
  EXPECT_EQ(PurposeOfOpening("", {"INVESTIGATION", "PROSECUTION"}, Danger::kUndated),
            "SEARCH_AND_RESCUE");
  EXPECT_EQ(PurposeOfOpening("INVESTIGATION", {"INVESTIGATION", "PROSECUTION"}, Danger::kRecent),
            "INVESTIGATION");
}

TEST(LabelAsking, LivesInDangerAreShownWhateverTheLabelSays) {
  v1::Label label = LabelFor({});
  EXPECT_TRUE(MustBeSeen(label, Danger::kRecent));
  EXPECT_TRUE(MustBeSeen(label, Danger::kUndated));
  EXPECT_FALSE(MustBeSeen(label, Danger::kNone));
  label.set_tlp(v1::Tlp::RED);
  EXPECT_FALSE(MustBeSeen(label, Danger::kRecent));
}

TEST(LabelAsking, WhatIsNoPurposeIsNeitherTakenNorShown) {
  EXPECT_EQ(PurposeOfOpening("", {"\x1b[2J"}), "USAGE");
  EXPECT_EQ(PurposeOfOpening("", {"\x1b[2J", "INVESTIGATION"}), "INVESTIGATION");
  const auto asked = PurposeToOpen("", LabelFor({"\x1b[2J"}), Danger::kNone);
  EXPECT_EQ(TextOf(asked.status()).find('\x1b'), std::string::npos);
}

std::string ClauseOf(const v1::Label& label, const std::string& purpose,
                     const std::string& officer = "QM/central/o-0001") {
  v1::Header header;
  header.set_sender("QN/central");
  header.add_recipients("QM/central");
  const casework::Asker asker{"QM", "QM/central", officer, purpose, "case 7"};
  return std::string(MayOpen(label, header, asker, *ParseInstant("2026-06-15T12:00:00Z")).clause);
}

TEST(LabelAsking, TheLabelIsAskedForThisPurposeAndItsDayOfDeletion) {
  v1::Label label = LabelFor({"INVESTIGATION"});
  EXPECT_EQ(ClauseOf(label, "INVESTIGATION"), "");
  EXPECT_EQ(ClauseOf(label, "PROSECUTION"), "PURPOSE");
  EXPECT_EQ(ClauseOf(label, "SEARCH_AND_RESCUE"), "") << "a threat to life is never outside";
  label.set_delete_by("2026-06-15");
  EXPECT_EQ(ClauseOf(label, "INVESTIGATION"), "") << "the day lasts to its end";
  label.set_delete_by("2026-06-14");
  EXPECT_EQ(ClauseOf(label, "INVESTIGATION"), "ALIVE");
  EXPECT_EQ(ClauseOf(label, "SEARCH_AND_RESCUE"), "ALIVE");
  label.clear_delete_by();
  label.set_tlp(v1::Tlp::RED);
  label.add_recipients("QM/central/o-0002");
  EXPECT_EQ(ClauseOf(label, "INVESTIGATION"), "TLP");
  EXPECT_EQ(ClauseOf(label, "INVESTIGATION", "QM/central/o-0002"), "");
  // What was sealed to this state in an operation was sealed to a member.
  v1::Label joint = LabelFor({"INVESTIGATION"});
  joint.set_operation(std::string(64, 'a'));
  EXPECT_EQ(ClauseOf(joint, "INVESTIGATION"), "");
}

}  // namespace
}  // namespace palermo::cli
