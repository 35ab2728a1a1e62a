#include "base/status.h"

#include "absl/strings/cord.h"
#include "base/bytes.h"
#include "base/check.h"

namespace palermo {
namespace {
constexpr char kCodeUrl[] = "palermo/code";
}

absl::Status Error(absl::StatusCode status_code, std::string_view code, std::string_view text) {
  PALERMO_CHECK(status_code != absl::StatusCode::kOk);
  absl::Status status(status_code, std::string(text));
  status.SetPayload(kCodeUrl, absl::Cord(std::string(code)));
  return status;
}

absl::Status InputError(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kInvalidArgument, code, text);
}
absl::Status Refused(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kPermissionDenied, code, text);
}
absl::Status WrongState(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kFailedPrecondition, code, text);
}
absl::Status Missing(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kNotFound, code, text);
}
absl::Status Damaged(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kDataLoss, code, text);
}
absl::Status TryLater(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kUnavailable, code, text);
}
absl::Status OverLimit(std::string_view code, std::string_view text) {
  return Error(absl::StatusCode::kResourceExhausted, code, text);
}

std::string CodeOf(const absl::Status& status) {
  if (status.ok()) return "OK";
  auto payload = status.GetPayload(kCodeUrl);
  return payload.has_value() ? std::string(*payload) : "INTERNAL";
}

absl::Status Annotate(const absl::Status& status, std::string_view where) {
  if (status.ok()) return status;
  absl::Status annotated = Error(status.code(), CodeOf(status), Cat({where, ": ", TextOf(status)}));
  status.ForEachPayload(
      [&](auto url, const absl::Cord& payload) { annotated.SetPayload(url, payload); });
  return annotated;
}

std::string TextOf(const absl::Status& status) { return std::string(status.message()); }

}  // namespace palermo
