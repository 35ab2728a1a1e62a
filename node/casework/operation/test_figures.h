// Records as the tests of the figures write them: who signed them, and whether they count.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_TEST_FIGURES_H_
#define PALERMO_NODE_CASEWORK_OPERATION_TEST_FIGURES_H_

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "node/casework/operation/statistics.h"

namespace palermo::casework {

struct Figures {
  std::vector<SignedRecord> records;
  OperationState state;

  v1::OperationRecord& Add(const std::string& signer, bool effective = true) {
    SignedRecord r;
    r.id = absl::StrFormat("r%03d", records.size());
    r.signer = signer;
    records.push_back(r);
    JudgedRecord judged;
    judged.id = r.id;
    judged.effective = effective;
    state.records.push_back(judged);
    return records.back().record;
  }
  void Victim(const std::string& signer, const std::string& token, bool effective = true) {
    auto& victim = *Add(signer, effective).mutable_victim();
    victim.set_token(token);
    victim.set_rescued(true);
  }
  uint64_t Value(const std::string& counter, const std::string& of = "") {
    for (const StatisticsCell& cell : CountOperation(records, state).cells) {
      if (cell.counter == counter && cell.state == of) return cell.value;
    }
    return 0;
  }
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_TEST_FIGURES_H_
