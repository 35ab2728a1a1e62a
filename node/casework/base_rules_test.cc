#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/casework/contents_test_util.h"
#include "node/casework/forms.h"

namespace palermo::casework {
namespace {

using ::testing::Contains;
using ::testing::Not;
using v1::Act;
using T = v1::AssistanceType;

std::set<std::string> KeysNow(Draft& draft) {
  std::set<std::string> keys;
  for (const Finding& f : draft.Check()) keys.insert(f.key);
  return keys;
}

TEST(BaseRules, ARequestThatIsAnsweredByItemsHasOne) {
  for (T::Code type :
       {T::PRESERVE_DATA, T::FLAG_CONFIRMATION, T::TRACE_FIREARM, T::FIU_INFORMATION}) {
    SCOPED_TRACE(T::Code_Name(type));
    CheckContext context = ContextOfForm(type);
    v1::CaseBody body = TemplateForType(type);
    const auto told = [&] {
      std::set<std::string> keys;
      for (const Finding& f : CheckBody(context, body)) keys.insert(f.key);
      return keys;
    };
    EXPECT_THAT(told(), Not(Contains("R-GEN-01.nothing_asked")));
    body.mutable_request()->clear_items();
    EXPECT_THAT(told(), Contains("R-GEN-01.nothing_asked"));
    // Information and warnings have contents of their own.
    context.family = v1::Family::SPONTANEOUS;
    EXPECT_THAT(told(), Not(Contains("R-GEN-01.nothing_asked")));
  }
}

TEST(BaseRules, TheBodyDecidesWhatTheActSays) {
  struct Row {
    Act::Code act;
    const char* word;
    bool fits;
  };
  for (const Row& row :
       {Row{Act::BOARDING_AUTHORISED, "AUTHORISED", true},
        Row{Act::BOARDING_AUTHORISED, "DECLINED", false},
        Row{Act::BOARDING_AUTHORISED, "DEEMED_CONSENT", true},
        Row{Act::BOARDING_AUTHORISED, "", true}, Row{Act::FLAG_STATE_ACTS, "FLAG_ACTS", true},
        Row{Act::FLAG_STATE_ACTS, "AUTHORISED", false}, Row{Act::JOINT_BOARDING, "JOINT", true},
        Row{Act::JOINT_BOARDING, "DECLINED", false}, Row{Act::BOARDING_DECLINED, "DECLINED", true},
        Row{Act::BOARDING_DECLINED, "NO_AUTHORITY_TO_DECIDE", true},
        Row{Act::BOARDING_DECLINED, "AUTHORISED", false}}) {
    SCOPED_TRACE(Act::Code_Name(row.act) + " " + row.word);
    Draft draft(row.act);
    draft.body.mutable_boarding_answer()->set_decision(row.word);
    EXPECT_EQ(KeysNow(draft).count("R-GEN-01.act_word"), row.fits ? 0u : 1u);
  }
  for (const Row& row : {Row{Act::PRESERVATION_CONFIRMED, "PRESERVED", true},
                         Row{Act::PRESERVATION_CONFIRMED, "REFUSED", false},
                         Row{Act::PRESERVATION_EXTENDED, "RELEASED", false},
                         Row{Act::PRESERVATION_RELEASED, "RELEASED", true},
                         Row{Act::PRESERVATION_RELEASED, "PRESERVED", false}}) {
    SCOPED_TRACE(Act::Code_Name(row.act) + " " + row.word);
    Draft draft(row.act);
    draft.body.mutable_preservation()->set_status(row.word);
    EXPECT_EQ(KeysNow(draft).count("R-GEN-01.act_word"), row.fits ? 0u : 1u);
  }
}

TEST(BaseRules, NobodyAllowsTheBoardingOfAVesselThatHeDenies) {
  for (Act::Code act : {Act::BOARDING_AUTHORISED, Act::JOINT_BOARDING, Act::BOARDING_DECLINED}) {
    SCOPED_TRACE(Act::Code_Name(act));
    Draft draft(act);
    EXPECT_THAT(KeysNow(draft), Not(Contains("R-GEN-01.act_registry")));
    draft.body.mutable_boarding_answer()->set_registry("DENIED");
    EXPECT_EQ(KeysNow(draft).count("R-GEN-01.act_registry"),
              act == Act::BOARDING_DECLINED ? 0u : 1u);
  }
}

// SOM 8(7): nobody has to allow the boarding of a vessel without nationality.
TEST(BaseRules, AVesselOfNoStateIsBoardedWithoutAnAnswer) {
  v1::CaseBody asked = TemplateForType(T::BOARDING_AUTHORIZATION);
  CheckContext context;
  context.family = v1::Family::SEA;
  context.act = Act::BOARDING_RESULT;
  context.side = Side::kRequesting;
  context.request = &asked.request();
  v1::BoardingAnswer answer;
  context.boarding_answer = &answer;
  v1::CaseBody body;
  body.mutable_boarding_result()->add_measures("BOARD");
  const auto keys = [&] {
    std::set<std::string> told;
    for (const Finding& f : CheckBody(context, body)) told.insert(f.key);
    return told;
  };
  EXPECT_THAT(keys(), Contains("R-SEA-05.extent"));
  asked.mutable_request()->mutable_items(0)->mutable_vessel()->set_stateless(true);
  EXPECT_THAT(keys(), Not(Contains("R-SEA-05.extent")));
  answer.set_decision("AUTHORISED");
  answer.add_extent("SEARCH");
  EXPECT_THAT(keys(), Contains("R-SEA-05.extent")) << "what a state allowed binds";
  // UNCLOS 98: care and rescue need no authority.
  body.mutable_boarding_result()->set_measures(0, "SEARCH");
  for (const char* care : {"MEDICAL_CARE", "FIRST_AID", "RESCUE"}) {
    body.mutable_boarding_result()->add_measures(care);
  }
  EXPECT_THAT(keys(), Not(Contains("R-SEA-05.extent")));
  body.mutable_boarding_result()->add_measures("ARREST");
  EXPECT_THAT(keys(), Contains("R-SEA-05.extent"));
}

}  // namespace
}  // namespace palermo::casework
