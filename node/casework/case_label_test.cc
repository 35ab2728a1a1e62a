// What a list says of a case, so that an officer finds it without opening it.
#include "node/casework/case_label.h"

#include <gtest/gtest.h>

#include "node/casework/sides_test_util.h"

namespace palermo::casework {
namespace {

using v1::Act;

v1::CaseBody Asked() {
  v1::CaseBody body;
  v1::Request& r = *body.mutable_request();
  r.set_national_ref("QM-CA-2026-118");
  r.set_area("FIREARMS");
  r.mutable_proceeding()->set_subject_matter("pistols in a parcel");
  r.mutable_proceeding()->set_nature("illicit trafficking in firearms");
  r.add_items()->set_type(v1::AssistanceType::TRACE_FIREARM);
  return body;
}
v1::CaseBody Acknowledged() {
  v1::CaseBody body;
  body.mutable_acknowledgement()->set_national_ref("QT-2026-7");
  return body;
}
CaseLabel Label(const v1::CaseBody& request, Side side) {
  return LabelOf({{Act::REQUEST, RQ, absl::UnixEpoch(), &request}}, side);
}

TEST(CaseLabel, HasTheOwnReferenceOfEitherSide) {
  const v1::CaseBody asked = Asked(), known = Acknowledged();
  const std::vector<OpenedAct> acts = {{Act::REQUEST, RQ, absl::UnixEpoch(), &asked},
                                       {Act::ACKNOWLEDGEMENT, RD, absl::UnixEpoch(), &known}};
  EXPECT_EQ(LabelOf(acts, RQ).reference, "QM-CA-2026-118");
  EXPECT_EQ(LabelOf(acts, RQ).their_reference, "QT-2026-7");
  EXPECT_EQ(LabelOf(acts, RD).reference, "QT-2026-7");
  EXPECT_EQ(LabelOf(acts, RD).their_reference, "QM-CA-2026-118");
  EXPECT_EQ(LabelOf(acts, RD).area, "FIREARMS");
  EXPECT_EQ(LabelOf(acts, RD).subject, "pistols in a parcel");
}

TEST(CaseLabel, TakesTheReferenceOfTheProceedingAndOfTheNewestRequest) {
  v1::CaseBody first = Asked(), corrected = Asked();
  first.mutable_request()->clear_national_ref();
  first.mutable_request()->mutable_proceeding()->set_national_ref("PS-2026-1");
  corrected.mutable_request()->set_national_ref("QM-CA-2026-119");
  EXPECT_EQ(Label(first, RQ).reference, "PS-2026-1");
  const std::vector<OpenedAct> acts = {{Act::REQUEST, RQ, absl::UnixEpoch(), &first},
                                       {Act::CORRECTED_REQUEST, RQ, absl::UnixEpoch(), &corrected}};
  EXPECT_EQ(LabelOf(acts, RQ).reference, "QM-CA-2026-119");
}

TEST(CaseLabel, IsEmptyWhereNothingIsOpen) {
  const CaseLabel label = LabelOf({{Act::REQUEST, RQ, absl::UnixEpoch(), nullptr}}, RD);
  EXPECT_EQ(label.reference + label.their_reference + label.area + label.subject, "");
}

// Who looks at the screen may be anybody.
TEST(CaseLabel, NamesNobody) {
  v1::CaseBody body = Asked();
  v1::Request& r = *body.mutable_request();
  r.mutable_proceeding()->set_subject_matter("the parcel of Orsay");
  EXPECT_EQ(Label(body, RQ).subject, "the parcel of Orsay") << "nobody of the request is called so";
  r.add_persons()->set_name("ORSAY, Lina");
  EXPECT_EQ(Label(body, RQ).subject, "illicit trafficking in firearms");
  r.mutable_proceeding()->set_nature("Lina Orsay");
  EXPECT_EQ(Label(body, RQ).subject, "TRACE_FIREARM");
  r.clear_persons();
  EXPECT_EQ(Label(body, RQ).subject, "the parcel of Orsay");
  r.mutable_proceeding()->set_subject_matter("a man named Rasmus Quill");
  EXPECT_EQ(Label(body, RQ).subject, "TRACE_FIREARM") << "it tells a name itself";
}

TEST(CaseLabel, SaysWhatIsAskedForWhereNoWordsAre) {
  v1::CaseBody body = Asked();
  v1::Request& r = *body.mutable_request();
  r.clear_proceeding();
  r.add_offence()->set_label("illicit trafficking");
  EXPECT_EQ(Label(body, RD).subject, "illicit trafficking");
  r.clear_offence();
  r.add_items()->set_type(v1::AssistanceType::TRACE_FIREARM);
  r.add_items()->set_type(v1::AssistanceType::RECORDS_BUSINESS);
  EXPECT_EQ(Label(body, RD).subject, "TRACE_FIREARM, RECORDS_BUSINESS");
}

}  // namespace
}  // namespace palermo::casework
