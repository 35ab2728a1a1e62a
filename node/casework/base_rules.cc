// What every written message owes whatever its family: that it asks for something, and that its
// body decides what its act says.
#include <algorithm>
#include <array>

#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::Family;

// Families whose requests are answered item by item, though not formal ones. Warnings, referrals
// and information have contents of their own.
constexpr std::array kByItems = {Family::PRESERVATION_24_7, Family::SEA, Family::PROTOCOL_ADMIN,
                                 Family::FIU};

void CheckSomethingAsked(const RuleInput& in, Report& report) {
  const v1::Request* r = RequestIn(in);
  if (r == nullptr || r->items_size() > 0) return;  // R-MLA-15D: formal ones
  if (std::find(kByItems.begin(), kByItems.end(), in.context.family) == kByItems.end()) return;
  report.Say("R-GEN-01.nothing_asked", "request.items");
}

// The words of the body that each of these acts is. A consent that is deemed is R-SEA-06's matter.
struct Decides {
  Act::Code act;
  std::string_view word;
  std::string_view also = word;
};
constexpr Decides kDecisions[] = {{Act::BOARDING_AUTHORISED, "AUTHORISED"},
                                  {Act::FLAG_STATE_ACTS, "FLAG_ACTS"},
                                  {Act::JOINT_BOARDING, "JOINT"},
                                  {Act::BOARDING_DECLINED, "DECLINED", "NO_AUTHORITY_TO_DECIDE"}};
constexpr Decides kStatuses[] = {{Act::PRESERVATION_CONFIRMED, "PRESERVED"},
                                 {Act::PRESERVATION_EXTENDED, "PRESERVED", "EXTENDED"},
                                 {Act::PRESERVATION_RELEASED, "RELEASED"}};

// Both states read the state of the case in the act and the law in the body.
void CheckDecides(std::span<const Decides> acts, const RuleInput& in, std::string_view word,
                  const char* field, Report& report) {
  const auto row = std::find_if(acts.begin(), acts.end(), [&](const Decides& decides) {
    return decides.act == in.context.act;
  });
  if (row == acts.end() || word.empty() || word.rfind("DEEMED", 0) == 0) return;
  if (word == row->word || word == row->also) return;
  report.Say("R-GEN-01.act_word", field, {{"wanted", std::string(row->word)}});
}

void CheckActOfBody(const RuleInput& in, Report& report) {
  const v1::BoardingAnswer& answer = in.body.boarding_answer();
  CheckDecides(kDecisions, in, answer.decision(), "boarding_answer.decision", report);
  CheckDecides(kStatuses, in, in.body.preservation().status(), "preservation.status", report);
  if (IsAct(in, {Act::BOARDING_AUTHORISED, Act::JOINT_BOARDING}) && answer.registry() == "DENIED") {
    report.Say("R-GEN-01.act_registry", "boarding_answer.registry");
  }
}

constexpr Rule kBaseRules[] = {
    {{"R-GEN-01", "E", "",
      "a request for preservation, at sea, under a Protocol or of an FIU asks for nothing"},
     CheckSomethingAsked},
    {{"R-GEN-01", "E", "",
      "the body of a flag state's answer, or of a preservation, decides otherwise than its act"},
     CheckActOfBody},
};

}  // namespace

std::span<const Rule> BaseRules() { return kBaseRules; }

}  // namespace palermo::casework
