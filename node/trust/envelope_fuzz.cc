// The first byte says what the others are: an Envelope as a peer sends it, or the bytes of a header
// in an envelope that is otherwise good in size.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

void FuzzEnvelope(const v1::Envelope& envelope) {
  absl::StatusOr<ParsedEnvelope> parsed = ParseEnvelope(envelope);
  if (!parsed.ok()) return;
  // Exactly one encoding parses, and what parsed has no surprise for its readers.
  PALERMO_CHECK(StrictSerialize(parsed->header) == envelope.header());
  PALERMO_CHECK(StrictSerialize(parsed->stanzas) == envelope.stanzas());
  PALERMO_CHECK(!RecipientStates(parsed->header).empty());
  (void)CheckHeaderTime(parsed->header, absl::UnixEpoch());
  (void)CheckHeaderTime(parsed->header, absl::FromUnixMillis(INT64_MAX));
}

int FuzzOne(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::string_view rest = bytes.substr(1);
  v1::Envelope envelope;
  if ((bytes[0] & 1) == 0) {
    if (envelope.ParseFromArray(rest.data(), static_cast<int>(rest.size()))) FuzzEnvelope(envelope);
    envelope.mutable_body()->resize(5000);
  } else {
    envelope.set_header(std::string(rest));
    envelope.set_body(std::string(5000, 'b'));
    v1::Header header;
    if (StrictParse(rest, &header, "BAD_HEADER", "header").ok()) (void)CheckHeader(header);
  }
  FuzzEnvelope(envelope);
  return 0;
}

}  // namespace
}  // namespace palermo::trust

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return palermo::trust::FuzzOne({reinterpret_cast<const char*>(data), size});
}
