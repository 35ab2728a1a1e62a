#include <gtest/gtest.h>

#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

// The kinds that NON_REFOULEMENT answers unheard, and those that return nobody.
TEST(Refoulement, IsOfWhatReturnsAPersonOrTellsTheStateOfOrigin) {
  using T = v1::AssistanceType;
  v1::Refusal refusal;
  refusal.set_ground(v1::RefusalGround::NON_REFOULEMENT);
  const auto unheard = [&](T::Code type, const char* nationality) {
    v1::Request request;
    v1::Person& person = *request.add_persons();
    person.set_ref("P-1");
    person.set_nationality(nationality);
    v1::Item& item = *request.add_items();
    item.set_n(1);
    item.set_type(type);
    item.set_person_ref("P-1");
    return ProtectsFromReturn(refusal, &request, "QM");
  };
  for (T::Code type :
       {T::EXTRADITE, T::PROVISIONAL_ARREST, T::TRANSFER_SENTENCED_PERSON,
        T::TRANSFER_DETAINED_WITNESS, T::VERIFY_NATIONALITY, T::ISSUE_TRAVEL_DOCUMENT,
        T::VERIFY_DOCUMENT, T::RETURN_PLAN, T::CHILD_RETURN, T::VICTIM_REFERRAL,
        T::BOARDING_AUTHORIZATION, T::SUPPRESSION_ASSISTANCE, T::OTHER_NOT_CONTRARY}) {
    EXPECT_TRUE(unheard(type, "QN")) << T::Code_Name(type);
  }
  for (T::Code type : {T::TAKE_EVIDENCE, T::VIDEO_HEARING, T::SERVE_DOCUMENT, T::CRIMINAL_RECORD}) {
    EXPECT_TRUE(unheard(type, "QM")) << T::Code_Name(type);
    EXPECT_TRUE(unheard(type, "")) << T::Code_Name(type);
    EXPECT_FALSE(unheard(type, "QN")) << T::Code_Name(type);
  }
  for (T::Code type :
       {T::FREEZE, T::RECORDS_BANK, T::RECORDS_CORPORATE, T::BANK_TRANSACTIONS, T::TRACE_FIREARM,
        T::VERIFY_LICENCE, T::PRESERVE_DATA, T::SEARCH_SEIZE, T::ASSET_RETURN, T::LAB_RESULT}) {
    EXPECT_FALSE(unheard(type, "QM")) << T::Code_Name(type);
  }
  refusal.set_ground(v1::RefusalGround::SECURITY);
  EXPECT_FALSE(unheard(T::EXTRADITE, "QM"));
}

TEST(Refoulement, OfAWholeRequestOneItemIsEnoughAndOfNamedItemsEach) {
  v1::Refusal refusal;
  refusal.set_ground(v1::RefusalGround::NON_REFOULEMENT);
  EXPECT_TRUE(ProtectsFromReturn(refusal, nullptr, "QM")) << "the request is not known";
  v1::Request request;
  for (v1::AssistanceType::Code type :
       {v1::AssistanceType::EXTRADITE, v1::AssistanceType::SEARCH_SEIZE}) {
    v1::Item& item = *request.add_items();
    item.set_n(static_cast<uint32_t>(request.items_size()));
    item.set_type(type);
  }
  EXPECT_TRUE(ProtectsFromReturn(refusal, &request, "QM"));
  refusal.add_items(1);
  EXPECT_TRUE(ProtectsFromReturn(refusal, &request, "QM"));
  refusal.add_items(2);
  EXPECT_FALSE(ProtectsFromReturn(refusal, &request, "QM"));
}

}  // namespace
}  // namespace palermo::casework
