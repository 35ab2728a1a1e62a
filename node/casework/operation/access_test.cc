#include "node/casework/operation/access.h"

#include <gtest/gtest.h>

#include <tuple>

namespace palermo::casework {
namespace {

constexpr char kOfficer[] = "QM/central/o-0001";

v1::OperationRecord Victim() {
  v1::OperationRecord r;
  r.mutable_victim()->set_token("t");
  return r;
}
v1::OperationRecord TaskRecord() {
  v1::OperationRecord r;
  r.mutable_tasking()->set_id("A1");
  return r;
}
v1::OperationRecord OneVote() {
  v1::OperationRecord r;
  r.mutable_vote()->set_vote("GO");
  return r;
}

v1::OperationAgreement With(const std::string& role, std::vector<std::string> compartments,
                            const std::string& officer = kOfficer) {
  v1::OperationAgreement a;
  auto& member = *a.add_members();
  member.set_officer(officer);
  member.set_state("QM");
  member.set_role(role);
  for (const auto& compartment : compartments) member.add_compartments(compartment);
  return a;
}

TEST(OperationAccess, WhichFiguresAreOfWhomIsForWhoReadsVictims) {
  const v1::OperationAgreement officer = With("VICTIM_OFFICER", {"VICTIMS"});
  EXPECT_TRUE(ReadsVictims(&officer, kOfficer));
  EXPECT_FALSE(ReadsVictims(&officer, "QM/central/o-0002"));
  for (const char* role : {"OPERATION_COORDINATOR", "STATE_LEADER", "ANALYST", "AUDITOR"}) {
    const v1::OperationAgreement other = With(role, {"VICTIMS"});
    EXPECT_FALSE(ReadsVictims(&other, kOfficer)) << role;
  }
  EXPECT_FALSE(ReadsVictims(nullptr, kOfficer));
}

TEST(OperationAccess, ADraftShowsVictimsToTheSecondOfficerAlone) {
  const v1::OperationAgreement named = With("VICTIM_OFFICER", {"VICTIMS"});
  const std::string other = "QM/central/o-0002";
  EXPECT_TRUE(ShowsInDraft(&named, kOfficer, Victim(), {true, other, true}));
  EXPECT_FALSE(ShowsInDraft(&named, kOfficer, Victim(), {true, kOfficer, true})) << "his own";
  EXPECT_FALSE(ShowsInDraft(&named, kOfficer, Victim(), {true, other, false}))
      << "approves nothing";
  EXPECT_FALSE(ShowsInDraft(&named, kOfficer, Victim(), {false, other, true})) << "it was sent";
  EXPECT_FALSE(ShowsInDraft(&named, other, Victim(), {true, kOfficer, true})) << "not named";
  EXPECT_TRUE(ShowsInDraft(&named, kOfficer, OneVote(), {false, kOfficer, false}));
}

TEST(OperationAccess, NobodyReadsVictimsWithoutBeingNamedForThem) {
  const v1::OperationAgreement nobody;
  EXPECT_FALSE(MayReadRecord(&nobody, kOfficer, Victim()));
  const auto member = With("MEMBER", {"VICTIMS"});
  EXPECT_FALSE(MayReadRecord(&member, kOfficer, Victim()));
  const auto coordinator = With("OPERATION_COORDINATOR", {"VICTIMS", "UNDERCOVER"});
  EXPECT_FALSE(MayReadRecord(&coordinator, kOfficer, Victim()));
  const auto victim_officer = With("VICTIM_OFFICER", {"VICTIMS"});
  EXPECT_TRUE(MayReadRecord(&victim_officer, kOfficer, Victim()));
  EXPECT_FALSE(MayReadRecord(&victim_officer, kOfficer, TaskRecord()));
}

TEST(OperationAccess, AStateThatNamesNobodyOpensTheOtherCompartmentsToItsAuthority) {
  const v1::OperationAgreement nobody;
  EXPECT_TRUE(MayReadRecord(&nobody, kOfficer, TaskRecord()));
  const auto other = With("MEMBER", {"ACTION"}, "QM/central/o-0002");
  EXPECT_FALSE(MayReadRecord(&other, kOfficer, TaskRecord()));
  EXPECT_TRUE(MayReadRecord(&other, "QM/central/o-0002", TaskRecord()));
  EXPECT_TRUE(MayReadRecord(&other, "QN/central/o-0001", TaskRecord()));
}

TEST(OperationAccess, ARecordMayNameItsCompartment) {
  auto record = TaskRecord();
  record.set_compartment("UNDERCOVER");
  const v1::OperationAgreement nobody;
  EXPECT_FALSE(MayReadRecord(&nobody, kOfficer, record));
  const auto named = With("MEMBER", {"UNDERCOVER"});
  EXPECT_TRUE(MayReadRecord(&named, kOfficer, record));
}

TEST(OperationAccess, ObserversAndAuditorsReadNoCompartmentAndWriteNothing) {
  for (const char* role : {"OBSERVER", "AUDITOR"}) {
    const auto agreement = With(role, {"ACTION"});
    EXPECT_FALSE(MayReadRecord(&agreement, kOfficer, TaskRecord())) << role;
    EXPECT_TRUE(MayReadRecord(&agreement, kOfficer, OneVote())) << role;
    EXPECT_FALSE(MayWriteRecord(&agreement, kOfficer, OneVote())) << role;
  }
}

// Any member stops and leaves, at any time and alone: no role takes it from a state.
TEST(OperationAccess, WhateverHisRoleAnOfficerMayAbortAndLetHisStateLeave) {
  v1::OperationRecord abort, leaves, expels;
  abort.mutable_abort()->set_decision("d");
  leaves.mutable_departure()->set_state("QM");
  expels.mutable_departure()->set_state("QN");
  for (const char* role : {"OBSERVER", "AUDITOR", "PARTICIPANT"}) {
    const auto agreement = With(role, {});
    EXPECT_TRUE(MayWriteRecord(&agreement, kOfficer, abort)) << role;
    EXPECT_TRUE(MayWriteRecord(&agreement, kOfficer, leaves)) << role;
    EXPECT_FALSE(MayWriteRecord(&agreement, kOfficer, expels)) << role;
    EXPECT_FALSE(MayWriteRecord(&agreement, kOfficer, OneVote())) << role;
  }
}

TEST(OperationAccess, WhoMayNotWriteIsToldWhat) {
  EXPECT_EQ(WhereWritten(TaskRecord()), "in ACTION");
  EXPECT_EQ(WhereWritten(OneVote()), "a record of the kind vote");
}

TEST(OperationAccess, AParticipantReadsAndDoesNotWrite) {
  const auto agreement = With("PARTICIPANT", {"ACTION"});
  EXPECT_TRUE(MayReadRecord(&agreement, kOfficer, TaskRecord()));
  EXPECT_FALSE(MayWriteRecord(&agreement, kOfficer, TaskRecord()));
}

TEST(OperationAccess, WithoutTheAgreementOnlyWhatHasNoCompartmentIsRead) {
  EXPECT_TRUE(MayReadRecord(nullptr, kOfficer, OneVote()));
  EXPECT_FALSE(MayReadRecord(nullptr, kOfficer, TaskRecord()));
}

TEST(OperationAccess, WithheldContentStaysInItsCompartment) {
  v1::OperationRecord withheld;
  withheld.set_withheld_kind(v1::OperationRecord::kVictim);
  withheld.set_withheld_sha256("00");
  EXPECT_EQ(CompartmentOf(withheld), "VICTIMS");
}

TEST(Access, NobodyTakesAVictimOutOfItsCompartment) {
  v1::OperationRecord record;
  record.mutable_victim()->set_token("t");
  record.set_compartment("ACTION");
  EXPECT_EQ(CompartmentOf(record), "VICTIMS");
}

TEST(OperationAccess, VictimsAndUndercoverAreShownToNobodyAlone) {
  const auto agreement = With("VICTIM_OFFICER", {"VICTIMS", "UNDERCOVER", "ACTION"});
  auto undercover = TaskRecord();
  undercover.set_compartment("UNDERCOVER");
  for (const auto& record : {Victim(), undercover}) {
    EXPECT_TRUE(NeedsTwo(record));
    EXPECT_TRUE(MayReadRecord(&agreement, kOfficer, record));
    EXPECT_FALSE(ShowsRecord(&agreement, kOfficer, record));
  }
  EXPECT_FALSE(NeedsTwo(TaskRecord()));
  EXPECT_TRUE(ShowsRecord(&agreement, kOfficer, TaskRecord()));
  EXPECT_FALSE(NeedsTwo(OneVote()));
}

v1::OperationRecord Sheet() {
  v1::OperationRecord r;
  r.mutable_target()->set_id("T1");
  return r;
}

TEST(OperationAccess, ATargetSheetStandsInTargetsAndWhatIsDoneInAction) {
  EXPECT_EQ(CompartmentOf(Sheet()), "TARGETS");
  v1::OperationRecord r;
  r.mutable_timetable();
  EXPECT_EQ(CompartmentOf(r), "ACTION");
  r.mutable_force();
  EXPECT_EQ(CompartmentOf(r), "ACTION");
  r.mutable_outcome();
  EXPECT_EQ(CompartmentOf(r), "ACTION");
  // All members agree to it, so all their officers read it.
  r.mutable_media();
  EXPECT_EQ(CompartmentOf(r), "");
  const auto named = With("MEMBER", {"ACTION"});
  EXPECT_FALSE(MayReadRecord(&named, kOfficer, Sheet()));
}

TEST(OperationAccess, WhoIsNamedForItWritesSheetsTimetablesAndForTheMedia) {
  v1::OperationRecord timetable, media;
  timetable.mutable_timetable();
  media.mutable_media();
  const std::vector<std::tuple<const char*, bool, bool, bool>> rows = {
      {"OPERATION_COORDINATOR", true, true, true},
      {"STATE_LEADER", true, true, true},
      {"ANALYST", true, false, false},
      {"PROSECUTOR", true, false, true},
      {"LIAISON", false, false, true},
      {"MEMBER", false, false, false},
      {"SECONDED_MEMBER", false, false, false}};
  for (const auto& [role, sheets, timetables, texts] : rows) {
    auto agreement = With(role, {"TARGETS", "ACTION"});
    auto& leader = *agreement.add_members();
    leader.set_officer("QM/central/o-0002");
    leader.set_state("QM");
    leader.set_role("STATE_LEADER");
    EXPECT_EQ(MayWriteRecord(&agreement, kOfficer, Sheet()), sheets) << role;
    EXPECT_EQ(MayWriteRecord(&agreement, kOfficer, timetable), timetables) << role;
    EXPECT_EQ(MayWriteRecord(&agreement, kOfficer, media), texts) << role;
  }
  // Where the agreement gives nobody of the state such a role, whoever may read it writes it; what
  // it says of another state changes nothing.
  auto nobody = With("MEMBER", {"TARGETS"});
  auto& leader = *nobody.add_members();
  leader.set_officer("QN/central/o-0001");
  leader.set_state("QN");
  leader.set_role("STATE_LEADER");
  EXPECT_TRUE(MayWriteRecord(&nobody, kOfficer, Sheet()));
}

}  // namespace
}  // namespace palermo::casework
