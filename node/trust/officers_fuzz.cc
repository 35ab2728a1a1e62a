#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "node/trust/officer_request.h"
#include "node/trust/rewrap.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

int FuzzOne(std::string_view bytes) {
  v1::SignedStatement statement;
  statement.set_statement(std::string(bytes));
  absl::StatusOr<v1::BreakGlassStatement> access = ParseBreakGlass(statement);
  if (access.ok()) PALERMO_CHECK(StrictSerialize(*access) == bytes);
  absl::StatusOr<v1::KeyDestructionStatement> destruction = ParseKeyDestruction(statement);
  if (destruction.ok()) PALERMO_CHECK(StrictSerialize(*destruction) == bytes);
  v1::Rewrap rewrap;
  if (rewrap.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    absl::StatusOr<v1::RewrapStatement> body = ParseRewrap(rewrap);
    if (body.ok()) PALERMO_CHECK(StrictSerialize(*body) == rewrap.statement());
  }
  v1::SignedOfficerRequest request;
  if (request.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    absl::StatusOr<v1::OfficerRequest> body = VerifyOfficerRequest(request);
    if (body.ok()) PALERMO_CHECK(StrictSerialize(*body) == request.request());
  }
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
