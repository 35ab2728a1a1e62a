#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "node/trust/approvals.h"
#include "node/trust/receipt.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

int FuzzOne(std::string_view bytes) {
  absl::StatusOr<v1::Receipt> receipt = ReceiptFromText(bytes);
  if (receipt.ok()) {
    // Exactly one text parses to a receipt.
    PALERMO_CHECK(*ReceiptToText(*receipt) == bytes);
    absl::StatusOr<v1::Record> record =
        VerifyReceiptUnder(*receipt, {"palermo/QM/1", receipt->index() + 1, Hash{}}, "QM");
    PALERMO_CHECK(!record.ok());  // no root is zero
  }
  absl::StatusOr<v1::Record> record = ParseRecord(bytes);
  if (record.ok()) PALERMO_CHECK(StrictSerialize(*record) == bytes);
  absl::StatusOr<std::vector<v1::OfficerSignature>> list = ParseFrozen(bytes);
  if (list.ok()) PALERMO_CHECK(FreezeSignatures(*list) == bytes);
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
