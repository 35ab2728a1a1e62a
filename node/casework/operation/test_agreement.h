// The agreement from which the tests of its rules start.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_TEST_AGREEMENT_H_
#define PALERMO_NODE_CASEWORK_OPERATION_TEST_AGREEMENT_H_

#include <string>
#include <vector>

#include "palermo/v1/casebody.pb.h"

namespace palermo::casework {

// Between these states for 2026, each with an authority and a leader ("QM-L-1").
inline v1::OperationAgreement AgreementOf(const std::vector<std::string>& states) {
  v1::OperationAgreement agreement;
  for (const std::string& state : states) {
    auto& party = *agreement.add_parties();
    party.set_state(state);
    party.set_authority(state + "/central");
    auto& leader = *agreement.add_leaders();
    leader.set_state(state);
    leader.set_leader(state + "-L-1");
    leader.set_law("law of " + state);
  }
  agreement.mutable_purpose()->set_text("dismantle a network");
  agreement.mutable_period()->set_from("2026-01-10");
  agreement.mutable_period()->set_to("2026-12-31");
  return agreement;
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_TEST_AGREEMENT_H_
