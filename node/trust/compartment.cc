#include "node/trust/compartment.h"

#include <algorithm>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr std::string_view kContextDomain("palermo/v1/compartment\0", 23);
constexpr std::string_view kInfoDomain("palermo/v1/compartment-stanza\0", 30);
constexpr std::string_view kSeparator("\0", 1);
constexpr size_t kIdBytes = 16;
constexpr size_t kOpeningNonceBytes = 16;

absl::Status BadOpening(std::string_view text) { return InputError("BAD_STATEMENT", text); }
absl::Status BadCompartment(uint32_t id, std::string_view text) {
  return InputError("BAD_COMPARTMENT", Cat({"compartment ", std::to_string(id), ": ", text}));
}

std::string LittleEndian32(uint32_t value) {
  std::string bytes(4, '\0');
  for (int i = 0; i < 4; ++i) bytes[i] = static_cast<char>(value >> (8 * i));
  return bytes;
}

std::string BoundTo(std::string_view domain, const Hash& header_sha256,
                    const v1::Compartment& compartment) {
  return Cat({domain, AsView(header_sha256), LittleEndian32(compartment.id()),
              LittleEndian32(static_cast<uint32_t>(compartment.purpose()))});
}

bool IsReader(const std::string& authority, const v1::Header& header) {
  return authority == header.sender() ||
         std::find(header.recipients().begin(), header.recipients().end(), authority) !=
             header.recipients().end();
}

absl::Status CheckCompartmentStanzas(const v1::Compartment& compartment, const v1::Header& header) {
  const auto& stanzas = compartment.stanzas();
  const uint32_t id = compartment.id();
  if (stanzas.empty() || stanzas.size() > limits::kMaxCompartmentReaders) {
    return BadCompartment(id, "it names no reader, or too many");
  }
  for (int i = 0; i < stanzas.size(); ++i) {
    const v1::CompartmentStanza& stanza = stanzas[i];
    if (!IsReader(stanza.authority(), header)) {
      return BadCompartment(id, Cat({stanza.authority(), " neither sends nor gets the message"}));
    }
    if (i > 0 && stanzas[i - 1].authority() >= stanza.authority()) {
      return BadCompartment(id, "its readers are not sorted, or one stands twice");
    }
    if (stanza.key_id().size() != kIdBytes || stanza.encapsulation().empty() ||
        stanza.encapsulation().size() > limits::kMaxEncapsulationBytes ||
        stanza.wrapped_key().size() != limits::kWrappedKeyBytes) {
      return BadCompartment(id, "a sealed key has another size than it must");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<const v1::OfficerEntry*> SignerOf(const v1::SignedStatement& statement,
                                                 const v1::StatementSignature& signature,
                                                 const std::string& authority,
                                                 const DirectoryIndex& directory, absl::Time at) {
  const v1::OfficerEntry* officer = directory.FindOfficer(signature.officer());
  if (officer == nullptr || AuthorityOf(officer->id()) != authority) {
    return Refused("UNKNOWN_OFFICER",
                   Cat({signature.officer(), " is not an officer of ", authority}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*officer, at));
  if (signature.key_id() != officer->signing_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(officer->signing_key()));
  PALERMO_RETURN_IF_ERROR(crypto::Verify(crypto::Purpose::kCompartmentOpening, key,
                                         statement.statement(), signature.signature()));
  return officer;
}

bool IsRecordId(std::string_view text) {
  return text.size() == limits::kOperationIdChars &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

absl::Status CheckSecond(const v1::OfficerEntry& opener, const v1::OfficerEntry& second) {
  if (second.id() == opener.id()) {
    return Refused("SAME_OFFICER", Cat({second.id(), " signed twice"}));
  }
  if (second.signing_key_id() == opener.signing_key_id()) {
    return Refused("SAME_KEY", "one key signed twice");
  }
  if (second.person() == opener.person()) {
    return Refused("SAME_PERSON", Cat({second.id(), " is the person who opens"}));
  }
  if (!HasRole(second, v1::Role::APPROVER) && !HasRole(second, v1::Role::CUSTODIAN)) {
    return Refused("WRONG_ROLE", Cat({second.id(), " is neither approver nor custodian"}));
  }
  return absl::OkStatus();
}

}  // namespace

std::string CompartmentContext(const Hash& header_sha256, const v1::Compartment& compartment) {
  return BoundTo(kContextDomain, header_sha256, compartment);
}

std::string CompartmentInfo(const Hash& header_sha256, const v1::Compartment& compartment,
                            std::string_view authority, std::string_view key_id) {
  return Cat({BoundTo(kInfoDomain, header_sha256, compartment),
              AsView(crypto::Sha256(Cat({authority, kSeparator, key_id})))});
}

absl::Status CheckCompartments(
    const google::protobuf::RepeatedPtrField<v1::Compartment>& compartments,
    const v1::Header& header) {
  if (compartments.size() > limits::kMaxCompartments) {
    return InputError("BAD_COMPARTMENT",
                      Cat({"the body has more than ", std::to_string(limits::kMaxCompartments),
                           " compartments"}));
  }
  for (int i = 0; i < compartments.size(); ++i) {
    const v1::Compartment& one = compartments[i];
    if (one.id() != static_cast<uint32_t>(i + 1)) {
      return BadCompartment(one.id(), "the numbers are not 1, 2, 3 ...");
    }
    if (one.purpose() == v1::CompartmentPurpose::UNSPECIFIED ||
        !v1::CompartmentPurpose::Code_IsValid(one.purpose())) {
      return BadCompartment(one.id(), "it names no purpose that is known here");
    }
    if (one.sealed().empty() || one.sealed().size() > limits::kMaxCompartmentBytes) {
      return BadCompartment(one.id(), "it is empty or too large");
    }
    PALERMO_RETURN_IF_ERROR(CheckCompartmentStanzas(one, header));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::CompartmentOpening> ParseOpening(const v1::SignedStatement& statement) {
  v1::CompartmentOpening body;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(statement.statement(), &body, "BAD_STATEMENT", "opening of a compartment"));
  if (body.format() != 1) return BadOpening("its format is not 1");
  if (body.message_id().size() != sizeof(Hash)) return BadOpening("it has no message id");
  if (!body.operation_record().empty()) {
    if (body.compartment() != 0 || !IsRecordId(body.operation_record())) {
      return BadOpening("it names no record of a joint operation, or a compartment too");
    }
  } else if (body.compartment() == 0 || body.compartment() > limits::kMaxCompartments) {
    return BadOpening("it names no compartment");
  }
  if (body.reason() == v1::OpeningReason::UNSPECIFIED ||
      !v1::OpeningReason::Code_IsValid(body.reason())) {
    return BadOpening("it gives no reason that is known here");
  }
  if (body.nonce().size() != kOpeningNonceBytes) return BadOpening("its nonce has not 16 bytes");
  if (body.from_ms() <= 0 || body.from_ms() >= body.to_ms() ||
      body.to_ms() - body.from_ms() > limits::kMaxOpeningMillis) {
    return BadOpening("it must begin before it ends, and lasts 24 hours at most");
  }
  return body;
}

absl::StatusOr<v1::CompartmentOpening> VerifyOpening(const v1::SignedStatement& statement,
                                                     const DirectoryIndex& directory,
                                                     absl::Time at) {
  PALERMO_ASSIGN_OR_RETURN(v1::CompartmentOpening body, ParseOpening(statement));
  const int64_t now_ms = ToMillis(at);
  if (now_ms < body.from_ms() || now_ms >= body.to_ms()) {
    return Refused("NOT_IN_TIME", "the statement is not in its time; sign a new one");
  }
  if (directory.FindAuthority(body.authority()) == nullptr) {
    return Refused("WRONG_SENDER", Cat({body.authority(), " is not in the directory"}));
  }
  const bool alone = body.reason() == v1::OpeningReason::DANGER_TO_LIFE;
  const int signatures = statement.signatures_size();
  if (signatures != 2 && !(alone && signatures == 1)) {
    return Refused("TOO_FEW_APPROVALS",
                   "two officers sign that a compartment is opened; only where life is in danger "
                   "one is enough");
  }
  const v1::OfficerEntry* opener = nullptr;
  const v1::OfficerEntry* second = nullptr;
  for (const auto& signature : statement.signatures()) {
    PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* signer,
                             SignerOf(statement, signature, body.authority(), directory, at));
    const bool opens = signer->id() == body.officer() && opener == nullptr;
    (opens ? opener : second) = signer;
  }
  if (opener == nullptr) {
    return Refused("TOO_FEW_APPROVALS", Cat({body.officer(), ", who opens, did not sign"}));
  }
  if (!HasRole(*opener, v1::Role::INVESTIGATOR) && !HasRole(*opener, v1::Role::DRAFTER) &&
      !HasRole(*opener, v1::Role::APPROVER) && !HasRole(*opener, v1::Role::CUSTODIAN)) {
    return Refused("WRONG_ROLE", Cat({opener->id(), " has no role that reads cases"}));
  }
  if (second != nullptr) PALERMO_RETURN_IF_ERROR(CheckSecond(*opener, *second));
  return body;
}

}  // namespace palermo::trust
