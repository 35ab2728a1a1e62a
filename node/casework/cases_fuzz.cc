// Fuzz target: any JSON is a case that is judged, or a readable error.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/judge.h"
#include "node/casework/import.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace casework = palermo::casework;
  static const auto& directory = *new casework::CaseDirectory([] {
    auto json = casework::ParseJson(casework::kDirectoryJson);
    auto read = casework::ReadDirectory(json->struct_value());
    PALERMO_CHECK(read.ok());
    return *std::move(read);
  }());
  const std::string text(reinterpret_cast<const char*>(data), size);
  casework::TreatyStatus::FromCsv(text).status().IgnoreError();
  const auto json = casework::ParseJson(text);
  if (!json.ok() || !json->has_struct_value()) return 0;
  casework::FindingsJson(casework::JudgeCase(json->struct_value(), directory));
  casework::JudgeVariants(*json, directory);
  casework::JudgeEvent(json->struct_value(), json->struct_value(), "CONSULTING", directory);
  casework::ReadDirectory(json->struct_value()).status().IgnoreError();
  return 0;
}
