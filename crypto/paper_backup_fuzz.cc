#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "crypto/paper_backup.h"
#include "crypto/paper_lines.h"

namespace palermo::crypto {
namespace {

int FuzzOne(std::string_view bytes) {
  // The parser of pages, with what it gives as the input of the next one: no checksum stops the
  // fuzzer there.
  ReadPaperBackupPublic(bytes).status().IgnoreError();
  absl::StatusOr<std::string> read = internal::ReadPaperLines(bytes);
  if (read.ok() && !read->empty()) {
    std::string page;
    for (const std::string& line : internal::PaperLines(*read)) page += line + "\n";
    absl::StatusOr<std::string> again = internal::ReadPaperLines(page);
    PALERMO_CHECK(again.ok() && *again == *read);
  }
  if (bytes.empty() || bytes.size() > 1500) return 0;
  std::string page;
  for (const std::string& line : internal::PaperLines(bytes)) page += line + "\n";
  absl::StatusOr<std::string> back = internal::ReadPaperLines(page);
  PALERMO_CHECK(back.ok() && *back == bytes);
  SecretBytes none;
  RestorePaperBackup(page, none).status().IgnoreError();
  return 0;
}

}  // namespace
}  // namespace palermo::crypto

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::crypto::FuzzOne({reinterpret_cast<const char*>(data), size});
}
