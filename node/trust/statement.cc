#include "node/trust/statement.h"

#include <algorithm>
#include <functional>
#include <set>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/trust/strict.h"

namespace palermo::trust {
namespace {

constexpr int kSigners = 2;
constexpr size_t kNonceBytes = 16;

absl::Status BadStatement(std::string_view text) { return InputError("BAD_STATEMENT", text); }

bool MaySign(const DirectoryIndex& directory, const v1::OfficerEntry& officer) {
  return HasRole(officer, v1::Role::APPROVER) || KeepsKeys(directory, officer);
}

absl::StatusOr<const v1::OfficerEntry*> CheckSigner(crypto::Purpose purpose,
                                                    const v1::SignedStatement& statement,
                                                    const v1::StatementSignature& signature,
                                                    const DirectoryIndex& directory,
                                                    absl::Time at) {
  const v1::OfficerEntry* officer = directory.FindOfficer(signature.officer());
  if (officer == nullptr) {
    return Refused("UNKNOWN_OFFICER", Cat({signature.officer(), " is not in the directory"}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*officer, at));
  if (!MaySign(directory, *officer)) {
    return Refused("WRONG_ROLE", Cat({officer->id(), " is neither custodian nor approver"}));
  }
  if (signature.key_id() != officer->signing_key_id()) {
    return Refused("UNKNOWN_KEY", Cat({"the key of ", officer->id(), " is not the directory's"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(officer->signing_key()));
  PALERMO_RETURN_IF_ERROR(
      crypto::Verify(purpose, key, statement.statement(), signature.signature()));
  return officer;
}

// Two signatures by different officers, keys and persons; each passes `allowed` too.
absl::Status CheckSigners(crypto::Purpose purpose, const v1::SignedStatement& statement,
                          const DirectoryIndex& directory, absl::Time at,
                          const std::function<absl::Status(const v1::OfficerEntry&)>& allowed) {
  if (statement.signatures_size() != kSigners) {
    return Refused("TOO_FEW_APPROVALS", "two officers sign this statement, no fewer and no more");
  }
  std::set<std::string> officers, keys, persons;
  for (const auto& signature : statement.signatures()) {
    PALERMO_ASSIGN_OR_RETURN(const v1::OfficerEntry* officer,
                             CheckSigner(purpose, statement, signature, directory, at));
    PALERMO_RETURN_IF_ERROR(allowed(*officer));
    if (!officers.insert(officer->id()).second) {
      return Refused("SAME_OFFICER", Cat({officer->id(), " signed twice"}));
    }
    if (!keys.insert(officer->signing_key_id()).second) {
      return Refused("SAME_KEY", "one key signed twice");
    }
    if (!persons.insert(officer->person()).second) {
      return Refused("SAME_PERSON", Cat({officer->id(), " is a person who signed already"}));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckPeriod(const v1::BreakGlassStatement& body, absl::Time at) {
  int64_t now_ms = ToMillis(at);
  if (body.from_ms() <= 0 || body.from_ms() >= body.to_ms()) {
    return BadStatement("it must begin before it ends");
  }
  if (body.to_ms() - body.from_ms() > limits::kMaxBreakGlassMillis) {
    return BadStatement("it lasts longer than 72 hours");
  }
  if (body.from_ms() > now_ms + limits::kMaxClockAheadMillis) {
    return BadStatement("it begins in the future; sign it when it is needed");
  }
  if (body.to_ms() <= now_ms) return BadStatement("its time is over already");
  return absl::OkStatus();
}

}  // namespace

bool KeepsKeys(const DirectoryIndex& directory, const v1::OfficerEntry& officer) {
  if (HasRole(officer, v1::Role::CUSTODIAN)) return true;
  std::string authority = AuthorityOf(officer.id());
  for (const auto& other : directory.body().officers()) {
    if (HasRole(other, v1::Role::CUSTODIAN) && AuthorityOf(other.id()) == authority) return false;
  }
  return HasRole(officer, v1::Role::APPROVER) || HasRole(officer, v1::Role::ADMINISTRATOR);
}

absl::Status SignStatement(crypto::Purpose purpose, const std::string& officer,
                           const crypto::Signer& signer, v1::SignedStatement* statement) {
  PALERMO_ASSIGN_OR_RETURN(crypto::Signature value,
                           signer.TrySign(purpose, statement->statement()));
  v1::StatementSignature signature;
  signature.set_officer(officer);
  signature.set_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(signer.public_key())));
  signature.set_signature(std::string(crypto::AsView(value)));
  auto* all = statement->mutable_signatures();
  for (auto& one : *all) {
    if (one.officer() != officer) continue;
    one = std::move(signature);
    return absl::OkStatus();
  }
  *all->Add() = std::move(signature);
  std::sort(all->begin(), all->end(),
            [](const auto& a, const auto& b) { return a.officer() < b.officer(); });
  return absl::OkStatus();
}

absl::StatusOr<v1::BreakGlassStatement> ParseBreakGlass(const v1::SignedStatement& statement) {
  v1::BreakGlassStatement body;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(statement.statement(), &body, "BAD_STATEMENT", "break-glass statement"));
  if (body.format() != 1) return BadStatement("its format is not 1");
  if (body.nonce().size() != kNonceBytes) return BadStatement("its nonce has not 16 bytes");
  if (body.reason() == v1::BreakGlassReason::UNSPECIFIED ||
      !v1::BreakGlassReason::Code_IsValid(body.reason())) {
    return BadStatement("it gives no reason that is known");
  }
  return body;
}

absl::StatusOr<v1::BreakGlassStatement> VerifyBreakGlass(const v1::SignedStatement& statement,
                                                         const DirectoryIndex& directory,
                                                         absl::Time at) {
  PALERMO_ASSIGN_OR_RETURN(v1::BreakGlassStatement body, ParseBreakGlass(statement));
  PALERMO_RETURN_IF_ERROR(CheckPeriod(body, at));
  if (directory.FindAuthority(body.authority()) == nullptr) {
    return Refused("WRONG_SENDER", Cat({body.authority(), " is not in the directory"}));
  }
  const v1::OfficerEntry* receiver = directory.FindOfficer(body.officer());
  if (receiver == nullptr) {
    return Refused("UNKNOWN_OFFICER", Cat({body.officer(), " is not in the directory"}));
  }
  PALERMO_RETURN_IF_ERROR(CheckMandate(*receiver, at));
  PALERMO_RETURN_IF_ERROR(CheckSigners(
      crypto::Purpose::kBreakGlass, statement, directory, at,
      [receiver](const v1::OfficerEntry& signer) -> absl::Status {
        if (signer.person() != receiver->person()) return absl::OkStatus();
        return Refused("SAME_PERSON", Cat({signer.id(), " cannot give access to himself"}));
      }));
  return body;
}

absl::StatusOr<v1::KeyDestructionStatement> ParseKeyDestruction(
    const v1::SignedStatement& statement) {
  v1::KeyDestructionStatement body;
  PALERMO_RETURN_IF_ERROR(
      StrictParse(statement.statement(), &body, "BAD_STATEMENT", "key destruction statement"));
  if (body.format() != 1) return BadStatement("its format is not 1");
  if (body.key_id().size() != 16) return BadStatement("its key id has not 16 bytes");
  if (body.reason() == v1::DestructionReason::UNSPECIFIED ||
      !v1::DestructionReason::Code_IsValid(body.reason())) {
    return BadStatement("it gives no reason that is known");
  }
  return body;
}

absl::StatusOr<v1::KeyDestructionStatement> VerifyKeyDestruction(
    const v1::SignedStatement& statement, const DirectoryIndex& directory, absl::Time at) {
  PALERMO_ASSIGN_OR_RETURN(v1::KeyDestructionStatement body, ParseKeyDestruction(statement));
  const v1::AuthorityEntry* authority = directory.FindAuthority(body.authority());
  if (authority == nullptr) {
    return Refused("WRONG_SENDER", Cat({body.authority(), " is not in the directory"}));
  }
  bool known =
      std::any_of(authority->sealing_keys().begin(), authority->sealing_keys().end(),
                  [&](const v1::SealingKeyEntry& key) {
                    return key.key_id() == body.key_id() && key.version() == body.key_version();
                  });
  if (!known) {
    return Refused("UNKNOWN_KEY",
                   Cat({authority->id(), " has no such version of its sealing key"}));
  }
  bool keeper = false;
  PALERMO_RETURN_IF_ERROR(
      CheckSigners(crypto::Purpose::kKeyDestruction, statement, directory, at,
                   [&](const v1::OfficerEntry& signer) -> absl::Status {
                     keeper = keeper || KeepsKeys(directory, signer);
                     if (AuthorityOf(signer.id()) == authority->id()) return absl::OkStatus();
                     return Refused("WRONG_SENDER",
                                    Cat({signer.id(), " is not an officer of ", authority->id()}));
                   }));
  if (!keeper) {
    return Refused("WRONG_ROLE", Cat({"no custodian of ", authority->id(), " signed"}));
  }
  return body;
}

}  // namespace palermo::trust
