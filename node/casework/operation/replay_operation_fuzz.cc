// Fuzz target: any set of records has a state; the order of arrival does not matter, and nothing is
// dropped.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/clock.h"
#include "node/casework/operation/replay.h"
#include "node/casework/operation/statistics.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace casework = palermo::casework;
  // Records as length and bytes; ids, links and signers from small numbers, so that they meet.
  std::vector<casework::SignedRecord> records;
  size_t at = 0;
  while (at + 6 < size && records.size() < 64) {
    const size_t length = std::min<size_t>(data[at], size - at - 6);
    casework::SignedRecord r;
    r.id = absl::StrFormat("%d", records.size());
    r.signer = std::string("Q") + static_cast<char>('M' + data[at + 1] % 4);
    r.record.ParseFromArray(data + at + 6, static_cast<int>(length));
    r.record.set_state(data[at + 5] % 8 == 0 ? "QZ" : r.signer);
    r.record.set_seq(data[at + 2] % 8);
    r.record.set_previous(absl::StrFormat("%d", data[at + 3] % 64));
    r.record.add_parents(absl::StrFormat("%d", data[at + 4] % 64));
    if (records.empty()) {
      r.record.set_seq(1);
      r.record.clear_previous();
      r.record.clear_parents();
      r.record.clear_operation();
      for (char c : {'M', 'N'}) {
        r.record.mutable_agreement()->add_parties()->set_state(std::string("Q") + c);
      }
    } else {
      r.record.set_operation("0");
      if (data[at + 2] % 8 <= 1) r.record.clear_previous();
    }
    records.push_back(std::move(r));
    at += 6 + length;
  }
  const absl::Time now = *palermo::ParseInstant("2026-03-02T09:00:00Z");
  const auto state = casework::ReplayOperation(records, "0", now);
  PALERMO_CHECK(state.ok() && state->records.size() == records.size());
  casework::Publishable(casework::CountOperation(records, *state).cells);
  std::reverse(records.begin(), records.end());
  PALERMO_CHECK(*casework::ReplayOperation(records, "0", now) == *state);
  return 0;
}
