// absl::Status with a stable machine-readable code ("STALE_KEY") beside the text that people read,
// and the two macros that propagate. Texts say what, where and what to do next; never a secret.
#ifndef PALERMO_BASE_STATUS_H_
#define PALERMO_BASE_STATUS_H_

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace palermo {

// A status that carries `code`. REQUIRES: status_code is not kOk; code is UPPER_SNAKE.
absl::Status Error(absl::StatusCode status_code, std::string_view code, std::string_view text);

// Shorthands: bad input, refused by a rule or role, the object is in the wrong state, missing
// thing, damaged data, try again later, a limit reached.
absl::Status InputError(std::string_view code, std::string_view text);
absl::Status Refused(std::string_view code, std::string_view text);
absl::Status WrongState(std::string_view code, std::string_view text);
absl::Status Missing(std::string_view code, std::string_view text);
absl::Status Damaged(std::string_view code, std::string_view text);
absl::Status TryLater(std::string_view code, std::string_view text);
absl::Status OverLimit(std::string_view code, std::string_view text);

// The code of a status: "OK" for ok, the code it was made with, else "INTERNAL".
std::string CodeOf(const absl::Status& status);

// The same status with "`where`: " before its text; keeps the code.
absl::Status Annotate(const absl::Status& status, std::string_view where);

// The text as std::string (absl's view type does not convert on this toolchain).
std::string TextOf(const absl::Status& status);

}  // namespace palermo

#define PALERMO_RETURN_IF_ERROR(expr)                                                 \
  do {                                                                                \
    if (auto palermo_status_ = (expr); !palermo_status_.ok()) return palermo_status_; \
  } while (false)

#define PALERMO_CONCAT_INNER_(a, b) a##b
#define PALERMO_CONCAT_(a, b) PALERMO_CONCAT_INNER_(a, b)
#define PALERMO_ASSIGN_OR_RETURN(lhs, expr) \
  PALERMO_ASSIGN_OR_RETURN_IMPL_(PALERMO_CONCAT_(palermo_statusor_, __LINE__), lhs, expr)
#define PALERMO_ASSIGN_OR_RETURN_IMPL_(statusor, lhs, expr) \
  auto statusor = (expr);                                   \
  if (!statusor.ok()) return std::move(statusor).status();  \
  lhs = std::move(statusor).value()

#endif  // PALERMO_BASE_STATUS_H_
