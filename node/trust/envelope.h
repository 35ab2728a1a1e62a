// The envelope as every party sees it: parsed once from the received bytes, never re-serialised.
// Gives: well-formedness and the message id. Does not give: who signed it (approvals.h), whether
// the act is legal (casework), or what is in the body (only a desk can).
#ifndef PALERMO_NODE_TRUST_ENVELOPE_H_
#define PALERMO_NODE_TRUST_ENVELOPE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "node/trust/trust_view.h"
#include "palermo/v1/envelope.pb.h"

namespace palermo::trust {

struct ParsedEnvelope {
  v1::Header header;
  v1::Stanzas stanzas;
  Hash header_sha256{};
  Hash stanzas_sha256{};
  Hash body_sha256{};
  Hash message_id{};
  size_t sealed_body_bytes = 0;
};

// SHA-256("palermo/v1/message" || 0x00 || SHA-256(header) || SHA-256(stanzas) || SHA-256(body)).
Hash MessageId(const Hash& header_sha256, const Hash& stanzas_sha256, const Hash& body_sha256);

// Codes BAD_ENVELOPE, BAD_HEADER, BAD_STANZAS, BODY_TOO_LARGE. Looks at nothing but the bytes.
absl::StatusOr<ParsedEnvelope> ParseEnvelope(const v1::Envelope& envelope);

// What the bytes of a header must satisfy by themselves; ParseEnvelope calls it. For a drafter's
// desk too.
absl::Status CheckHeader(const v1::Header& header);

// HPKE info of a stanza: "palermo/v1/stanza" || 0x00 || SHA-256(header) || SHA-256(authority ||
// 0x00 || key id).
std::string StanzaInfo(const Hash& header_sha256, std::string_view authority,
                       std::string_view key_id);

// The states of the recipients, sorted, unique.
std::vector<std::string> RecipientStates(const v1::Header& header);
// Recipient authorities of one state.
std::vector<std::string> RecipientsIn(const v1::Header& header, const std::string& state);

// Time: CREATED_IN_FUTURE, EXPIRED.
absl::Status CheckHeaderTime(const v1::Header& header, absl::Time now);
// The authorities of the header exist in the view, are competent, and every stanza's key may be
// used. `state` limits the check to one recipient state (a peer judges only its own); empty: all.
absl::Status CheckAddresses(const ParsedEnvelope& envelope, const TrustView& view,
                            const std::string& state, absl::Time now);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_ENVELOPE_H_
