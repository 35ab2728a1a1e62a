// Mails of other states, as a liar may fill them: the book is built, and nobody is planned to get
// what is not for him.
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/clock.h"
#include "node/desk/operation_mail.h"

namespace desk = palermo::desk;
namespace casework = palermo::casework;
namespace v1 = palermo::v1;

namespace {

v1::OperationRecord Founding() {
  v1::OperationRecord record;
  record.set_state("QM");
  record.set_seq(1);
  record.set_at("2026-03-01T09:00:00Z");
  for (const char* state : {"QM", "QN"}) {
    auto& party = *record.mutable_agreement()->add_parties();
    party.set_state(state);
    party.set_authority(std::string(state) + "/central");
  }
  return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string operation = desk::OperationRecordId("QM", Founding());
  std::vector<desk::OperationCarrier> carriers(1);
  carriers[0].message = "founding";
  carriers[0].sender = "QM/central";
  carriers[0].mail.set_operation(operation);
  *carriers[0].mail.add_records() = Founding();
  size_t at = 0;
  while (at + 2 < size && carriers.size() < 32) {
    const size_t length = std::min<size_t>(data[at], size - at - 2);
    desk::OperationCarrier carrier;
    carrier.message = absl::StrFormat("%d", carriers.size());
    carrier.sender = std::string("Q") + static_cast<char>('M' + data[at + 1] % 4) + "/central";
    carrier.to = {std::string("Q") + static_cast<char>('M' + data[at + 1] / 4 % 4) + "/central"};
    carrier.pending = data[at + 1] >= 240;
    carrier.mail.ParseFromArray(data + at + 2, static_cast<int>(length));
    carrier.mail.set_operation(operation);
    carriers.push_back(std::move(carrier));
    at += 2 + length;
  }
  const absl::Time now = *palermo::ParseInstant("2026-03-02T09:00:00Z");
  for (const char* own : {"QM", "QN"}) {
    const auto book = desk::BuildOperationBook(operation, own, carriers, true, now);
    PALERMO_CHECK(book.ok());
    const auto plan = desk::PlanOperationMails(*book, true, now);
    PALERMO_CHECK(plan.ok());
    for (const desk::OperationOutgoing& out : *plan) {
      PALERMO_CHECK(out.state != own);
      for (const v1::OperationRecord& record : out.mail.records()) {
        if (casework::IsWithheld(record) || casework::IsMembershipKind(record.content_case())) {
          continue;
        }
        const auto* known = book->Find(desk::OperationRecordId(own, record));
        PALERMO_CHECK(known != nullptr && *desk::MayHave(*book, *known, out.state, now));
      }
    }
  }
  return 0;
}
