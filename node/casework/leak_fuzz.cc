// Any bytes as sealed tokens and as text: the scan ends, and what it finds lies in the text.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "node/casework/leak_scan.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using palermo::casework::IdentityKind;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const size_t cut = bytes.find('\0');
  const std::string token(bytes.substr(0, cut));
  const std::string_view text = cut == std::string_view::npos ? bytes : bytes.substr(cut + 1);
  const palermo::casework::LeakScanner scanner(
      {{IdentityKind::kName, token, ""},
       {IdentityKind::kDate, token, ""},
       {IdentityKind::kNumber, token, ""},
       {IdentityKind::kText, token, ""},
       {palermo::casework::GuessIdentityKind(token), token, ""}});
  for (const auto& leak : scanner.Find(text)) {
    PALERMO_CHECK(leak.begin < leak.end && leak.end <= text.size());
    PALERMO_CHECK(leak.token < scanner.tokens().size());
  }
  return 0;
}
