#include "node/trust/envelope.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr std::string_view kMessageDomain("palermo/v1/message\0", 19);
constexpr std::string_view kStanzaDomain("palermo/v1/stanza\0", 18);
constexpr size_t kCaseIdBytes = 16;
constexpr size_t kMaxTextBytes = 200;
constexpr size_t kMinSealedBodyBytes = limits::kMinPaddedBodyBytes + 56 + 16;

absl::Status BadHeader(std::string_view text) {
  return InputError("BAD_HEADER", Cat({"header: ", text}));
}
absl::Status BadStanzas(std::string_view text) {
  return InputError("BAD_STANZAS", Cat({"stanzas: ", text}));
}

// Sorted and unique, each of 32 bytes.
template <typename Field>
bool AreSortedHashes(const Field& hashes) {
  for (int i = 0; i < hashes.size(); ++i) {
    if (hashes[i].size() != 32 || (i > 0 && hashes[i] <= hashes[i - 1])) return false;
  }
  return true;
}

absl::Status CheckParties(const v1::Header& header) {
  if (!IsAuthorityId(header.sender())) return BadHeader("the sender is not an authority id");
  if (header.recipients().empty()) return BadHeader("there is no recipient");
  if (header.recipients_size() > static_cast<int>(limits::kMaxRecipients)) {
    return BadHeader("there are too many recipients");
  }
  std::string last;
  for (const auto& recipient : header.recipients()) {
    if (!IsAuthorityId(recipient)) {
      return BadHeader(Cat({"'", recipient, "' is not an authority id"}));
    }
    if (recipient <= last) return BadHeader("recipients are not sorted or not unique");
    if (StateOf(recipient) == StateOf(header.sender())) {
      return BadHeader("a recipient is of the sender's own state");
    }
    last = recipient;
  }
  return absl::OkStatus();
}

absl::Status CheckTimes(const v1::Header& header) {
  if (header.created_at_ms() <= 0) return BadHeader("created_at is missing");
  if (header.expires_at_ms() <= header.created_at_ms())
    return BadHeader("it expires before it is made");
  if (header.expires_at_ms() - header.created_at_ms() > limits::kMaxMessageLifeMillis) {
    return InputError("TOO_LONG_LIFE", "header: a message lives at most 30 days");
  }
  if (header.reply_by_ms() != 0 && header.reply_by_ms() <= header.created_at_ms()) {
    return BadHeader("reply_by is not after created_at");
  }
  return absl::OkStatus();
}

absl::Status CheckReferences(const v1::Header& header) {
  if (header.parents_size() > static_cast<int>(limits::kMaxParents))
    return BadHeader("too many parents");
  if (!AreSortedHashes(header.parents())) return BadHeader("parents are not sorted message ids");
  if (!header.in_reply_to().empty() && header.in_reply_to().size() != 32) {
    return BadHeader("in_reply_to is not a message id");
  }
  if (header.attachments_size() > static_cast<int>(limits::kMaxAttachments)) {
    return BadHeader("too many attachments");
  }
  for (const auto& attachment : header.attachments()) {
    if (attachment.id().size() != 32) return BadHeader("an attachment id has not 32 bytes");
  }
  std::set<std::string> states({StateOf(header.sender())});
  for (const auto& recipient : header.recipients()) states.insert(StateOf(recipient));
  std::set<std::string> named;
  std::string last;
  for (const auto& reference : header.directories()) {
    if (!IsStateCode(reference.state()) || reference.state() <= last) {
      return BadHeader("directory references are not sorted or not unique");
    }
    if (reference.sha256().size() != 32 || reference.version() == 0) {
      return BadHeader("a directory reference is not whole");
    }
    last = reference.state();
    named.insert(last);
  }
  if (named != states)
    return BadHeader("it must refer to the directory of each state that it names");
  return absl::OkStatus();
}

absl::Status CheckStanzas(const v1::Stanzas& stanzas, const v1::Header& header) {
  std::set<std::string> expected(header.recipients().begin(), header.recipients().end());
  expected.insert(header.sender());
  std::string last;
  for (const auto& stanza : stanzas.stanzas()) {
    if (stanza.authority() <= last) return BadStanzas("they are not sorted or not unique");
    last = stanza.authority();
    if (expected.erase(last) == 0)
      return BadStanzas(Cat({last, " is neither sender nor recipient"}));
    if (stanza.key_id().size() != limits::kKeyIdBytes)
      return BadStanzas("a key id has not 16 bytes");
    if (stanza.encapsulation().empty() || stanza.encapsulation().size() > 4096) {
      return BadStanzas("an encapsulation has a wrong size");
    }
    // 32 bytes of content key and the AEAD's tag.
    if (stanza.wrapped_key().size() != 48) return BadStanzas("a wrapped key has not 48 bytes");
  }
  if (!expected.empty()) return BadStanzas(Cat({"there is none for ", *expected.begin()}));
  return absl::OkStatus();
}

}  // namespace

Hash MessageId(const Hash& header_sha256, const Hash& stanzas_sha256, const Hash& body_sha256) {
  return crypto::Sha256(
      {kMessageDomain, AsView(header_sha256), AsView(stanzas_sha256), AsView(body_sha256)});
}

absl::Status CheckHeader(const v1::Header& header) {
  if (header.version() != 1) return BadHeader("its version is not 1");
  if (header.case_id().size() != kCaseIdBytes) return BadHeader("the case id has not 16 bytes");
  PALERMO_RETURN_IF_ERROR(CheckParties(header));
  if (!v1::Family::Code_IsValid(header.family()) || header.family() == v1::Family::UNSPECIFIED) {
    return BadHeader("the family is missing or unknown");
  }
  if (!v1::Act::Code_IsValid(header.act()) || header.act() == v1::Act::UNSPECIFIED) {
    return BadHeader("the act is missing or unknown");
  }
  if (!v1::Urgency::Code_IsValid(header.urgency()) ||
      header.urgency() == v1::Urgency::UNSPECIFIED) {
    return BadHeader("the urgency is missing or unknown");
  }
  if (!v1::Handling::Code_IsValid(header.handling()) ||
      header.handling() == v1::Handling::UNSPECIFIED) {
    return BadHeader("the handling code is missing or unknown");
  }
  if (header.legal_basis_size() > static_cast<int>(limits::kMaxLegalBasisCodes)) {
    return BadHeader("too many legal bases");
  }
  for (const auto& basis : header.legal_basis()) {
    if (basis.empty() || basis.size() > kMaxTextBytes)
      return BadHeader("a legal basis is empty or too long");
  }
  PALERMO_RETURN_IF_ERROR(CheckTimes(header));
  return CheckReferences(header);
}

absl::StatusOr<ParsedEnvelope> ParseEnvelope(const v1::Envelope& envelope) {
  if (envelope.header().size() > limits::kMaxHeaderBytes) return BadHeader("it is over its limit");
  if (envelope.stanzas().size() > limits::kMaxStanzasBytes)
    return BadStanzas("they are over their limit");
  if (envelope.body().size() > limits::kMaxSealedBodyBytes) {
    return OverLimit("BODY_TOO_LARGE",
                     absl::StrFormat("the sealed body has %d bytes, at most %d are allowed; "
                                     "shorten it, or send it in several acts",
                                     envelope.body().size(), limits::kMaxSealedBodyBytes));
  }
  if (envelope.body().size() < kMinSealedBodyBytes) {
    return InputError("BAD_ENVELOPE", "the sealed body is shorter than the smallest one");
  }
  ParsedEnvelope parsed;
  PALERMO_RETURN_IF_ERROR(StrictParse(envelope.header(), &parsed.header, "BAD_HEADER", "header"));
  PALERMO_RETURN_IF_ERROR(
      StrictParse(envelope.stanzas(), &parsed.stanzas, "BAD_STANZAS", "stanzas"));
  PALERMO_RETURN_IF_ERROR(CheckHeader(parsed.header));
  PALERMO_RETURN_IF_ERROR(CheckStanzas(parsed.stanzas, parsed.header));
  parsed.header_sha256 = crypto::Sha256(envelope.header());
  parsed.stanzas_sha256 = crypto::Sha256(envelope.stanzas());
  parsed.body_sha256 = crypto::Sha256(envelope.body());
  parsed.message_id = MessageId(parsed.header_sha256, parsed.stanzas_sha256, parsed.body_sha256);
  parsed.sealed_body_bytes = envelope.body().size();
  return parsed;
}

std::string StanzaInfo(const Hash& header_sha256, std::string_view authority,
                       std::string_view key_id) {
  Hash address = crypto::Sha256({authority, std::string_view("\0", 1), key_id});
  return Cat({kStanzaDomain, AsView(header_sha256), AsView(address)});
}

std::vector<std::string> RecipientStates(const v1::Header& header) {
  std::vector<std::string> states;
  for (const auto& recipient : header.recipients()) {
    std::string state = StateOf(recipient);
    if (states.empty() || states.back() != state) states.push_back(state);
  }
  return states;
}

std::vector<std::string> RecipientsIn(const v1::Header& header, const std::string& state) {
  std::vector<std::string> found;
  for (const auto& recipient : header.recipients()) {
    if (StateOf(recipient) == state) found.push_back(recipient);
  }
  return found;
}

absl::Status CheckHeaderTime(const v1::Header& header, absl::Time now) {
  int64_t now_ms = ToMillis(now);
  if (header.created_at_ms() > now_ms + limits::kMaxClockAheadMillis) {
    return InputError("CREATED_IN_FUTURE", Cat({"the message says it was made at ",
                                                FormatInstant(FromMillis(header.created_at_ms())),
                                                "; check the clocks"}));
  }
  if (header.expires_at_ms() <= now_ms) {
    return WrongState("EXPIRED", Cat({"the message expired at ",
                                      FormatInstant(FromMillis(header.expires_at_ms()))}));
  }
  return absl::OkStatus();
}

absl::Status CheckAddresses(const ParsedEnvelope& envelope, const TrustView& view,
                            const std::string& state, absl::Time now) {
  for (const auto& stanza : envelope.stanzas.stanzas()) {
    std::string stanza_state = StateOf(stanza.authority());
    if (!state.empty() && stanza_state != state) continue;
    PALERMO_ASSIGN_OR_RETURN(DirectoryPtr directory, view.DirectoryOf(stanza_state));
    const v1::AuthorityEntry* authority = directory->FindAuthority(stanza.authority());
    if (authority == nullptr) {
      return Missing("UNKNOWN_RECIPIENT",
                     Cat({stanza.authority(), " is not in the directory of ", stanza_state,
                          "; look it up with: palermo directory show --state ", stanza_state}));
    }
    const auto& families = authority->families();
    if (stanza.authority() != envelope.header.sender() &&
        std::find(families.begin(), families.end(), envelope.header.family()) == families.end()) {
      return Missing("UNKNOWN_RECIPIENT",
                     Cat({stanza.authority(), " does not take ",
                          v1::Family::Code_Name(envelope.header.family()), " messages"}));
    }
    PALERMO_RETURN_IF_ERROR(CheckDeliverable(*authority, stanza.key_id(), now));
  }
  return absl::OkStatus();
}

}  // namespace palermo::trust
