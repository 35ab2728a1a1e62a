// Comparing Conditions with what a store holds; the same for every engine.
#ifndef PALERMO_STORAGE_CONDITIONS_H_
#define PALERMO_STORAGE_CONDITIONS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "storage/kv_store.h"

namespace palermo::storage {

// `value` is what the store has under `key`.
inline absl::Status CheckCondition(std::string_view key, std::optional<uint64_t> expected,
                                   const std::optional<std::string>& value) {
  if (!expected.has_value()) return absl::OkStatus();
  if (value.has_value() && value->size() != sizeof(uint64_t)) {
    return Damaged("STORE_DAMAGED",
                   absl::StrFormat("%s has %d bytes instead of 8", key, value->size()));
  }
  const uint64_t found = value.has_value() ? ReadBigEndian64(*value) : 0;
  if (found == *expected) return absl::OkStatus();
  return WrongState("CONDITION_FAILED",
                    absl::StrFormat("%s is %d, the batch expected %d", key, found, *expected));
}

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_CONDITIONS_H_
