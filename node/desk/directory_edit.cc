#include "node/desk/directory_edit.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/signing.h"
#include "node/desk/officer_keys.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

v1::OfficerEntry* FindOfficer(const std::string& id, v1::Directory* directory) {
  for (auto& officer : *directory->mutable_officers()) {
    if (officer.id() == id) return &officer;
  }
  return nullptr;
}

absl::Status NoOfficer(const std::string& id) {
  return Missing("UNKNOWN_OFFICER",
                 Cat({id, " is not in the directory; palermo officer list shows who is"}));
}

void SetKeys(const v1::OfficerRequest& request, v1::OfficerEntry* officer) {
  officer->set_signing_key(request.signing_key());
  officer->set_signing_key_id(crypto::KeyId(crypto::kEd25519, request.signing_key()));
  crypto::SealingPublicKey seal{static_cast<crypto::Kem>(request.sealing_kem()),
                                request.sealing_key()};
  officer->set_sealing_kem(request.sealing_kem());
  officer->set_sealing_key(request.sealing_key());
  officer->set_sealing_key_id(crypto::SealingKeyId(seal));
  officer->clear_tls_pins();
  officer->add_tls_pins(request.tls_pin());
}

absl::Status CheckMandateTimes(int64_t from_ms, int64_t to_ms) {
  if (from_ms < to_ms) return absl::OkStatus();
  return InputError("USAGE", "a mandate must begin before it ends");
}

std::string RolesText(const v1::OfficerEntry& officer) {
  std::string text;
  for (int role : officer.roles()) {
    text += Cat({text.empty() ? "" : " ", v1::Role::Code_Name(static_cast<v1::Role::Code>(role))});
  }
  return text;
}

std::string Day(int64_t millis) { return FormatInstant(FromMillis(millis)); }

std::string MandateText(const v1::OfficerEntry& officer) {
  return Cat({Day(officer.valid_from_ms()), " to ", Day(officer.valid_to_ms())});
}

void CompareOfficer(const v1::OfficerEntry& before, const v1::OfficerEntry& after,
                    std::vector<std::string>* lines) {
  auto add = [&](const std::string& text) {
    lines->push_back(Cat({"~ officer ", after.id(), ": ", text}));
  };
  if (RolesText(before) != RolesText(after)) {
    add(Cat({"roles ", RolesText(before), " -> ", RolesText(after)}));
  }
  if (MandateText(before) != MandateText(after)) {
    add(Cat({"mandate ", MandateText(before), " -> ", MandateText(after)}));
  }
  bool keys = before.signing_key() != after.signing_key() ||
              before.sealing_key() != after.sealing_key() ||
              !std::equal(before.tls_pins().begin(), before.tls_pins().end(),
                          after.tls_pins().begin(), after.tls_pins().end());
  if (keys) add("new keys; the old ones are refused from then on");
  if (before.person() != after.person()) add("another person");
}

void CompareOfficers(const v1::Directory& before, const v1::Directory& after,
                     std::vector<std::string>* lines) {
  v1::Directory old = before, now = after;
  for (const auto& officer : after.officers()) {
    const v1::OfficerEntry* known = FindOfficer(officer.id(), &old);
    if (known == nullptr) {
      lines->push_back(Cat({"+ officer ", officer.id(), " (", RolesText(officer), "), mandate ",
                            MandateText(officer)}));
    } else {
      CompareOfficer(*known, officer, lines);
    }
  }
  for (const auto& officer : before.officers()) {
    if (FindOfficer(officer.id(), &now) == nullptr) {
      lines->push_back(Cat({"- officer ", officer.id(), " (", RolesText(officer), ")"}));
    }
  }
}

std::string KeyLine(const char* sign, const std::string& authority,
                    const v1::SealingKeyEntry& key) {
  return absl::StrFormat("%s sealing key of %s, version %d, %s to %s", sign, authority,
                         key.version(), Day(key.valid_from_ms()), Day(key.valid_to_ms()));
}

void CompareKeys(const v1::AuthorityEntry& before, const v1::AuthorityEntry& after,
                 std::vector<std::string>* lines) {
  for (const auto& key : after.sealing_keys()) {
    const auto old = std::find_if(before.sealing_keys().begin(), before.sealing_keys().end(),
                                  [&](const auto& one) { return one.key_id() == key.key_id(); });
    if (old == before.sealing_keys().end()) {
      lines->push_back(KeyLine("+", after.id(), key));
    } else if (old->valid_from_ms() != key.valid_from_ms() ||
               old->valid_to_ms() != key.valid_to_ms()) {
      lines->push_back(KeyLine("~", after.id(), key));
    }
  }
  for (const auto& key : before.sealing_keys()) {
    bool kept = std::any_of(after.sealing_keys().begin(), after.sealing_keys().end(),
                            [&](const auto& one) { return one.key_id() == key.key_id(); });
    if (!kept) lines->push_back(KeyLine("-", before.id(), key));
  }
}

void CompareAuthorities(const v1::Directory& before, const v1::Directory& after,
                        std::vector<std::string>* lines) {
  for (const auto& authority : after.authorities()) {
    const auto old = std::find_if(before.authorities().begin(), before.authorities().end(),
                                  [&](const auto& one) { return one.id() == authority.id(); });
    if (old == before.authorities().end()) {
      lines->push_back(Cat({"+ authority ", authority.id()}));
      continue;
    }
    CompareKeys(*old, authority, lines);
    v1::AuthorityEntry rest_before = *old, rest_after = authority;
    rest_before.clear_sealing_keys();
    rest_after.clear_sealing_keys();
    if (trust::StrictSerialize(rest_before) != trust::StrictSerialize(rest_after)) {
      lines->push_back(Cat({"~ authority ", authority.id(), ": names, competences or recovery"}));
    }
  }
  for (const auto& authority : before.authorities()) {
    bool kept = std::any_of(after.authorities().begin(), after.authorities().end(),
                            [&](const auto& one) { return one.id() == authority.id(); });
    if (!kept) lines->push_back(Cat({"- authority ", authority.id()}));
  }
}

// The persons with a role when the directory begins, in one authority or for "" anywhere.
size_t PersonsWith(v1::Role::Code role, const std::string& authority,
                   const v1::Directory& directory) {
  std::set<std::string> persons;
  for (const auto& officer : directory.officers()) {
    bool counts = std::count(officer.roles().begin(), officer.roles().end(), role) > 0 &&
                  (authority.empty() || AuthorityOf(officer.id()) == authority) &&
                  officer.valid_from_ms() <= directory.expires_at_ms() &&
                  directory.issued_at_ms() < officer.valid_to_ms();
    if (counts) persons.insert(officer.person());
  }
  return persons.size();
}

}  // namespace

absl::StatusOr<v1::Directory> StartDirectory(const v1::SignedDocument& current, absl::Time now) {
  v1::Directory directory;
  if (!directory.ParseFromString(current.document()) || directory.version() == 0) {
    return InputError("BAD_DOCUMENT", "this is not a directory");
  }
  if (current.signatures().empty()) return directory;
  int64_t life = std::min(directory.expires_at_ms() - directory.issued_at_ms(),
                          limits::kMaxDirectoryLifeMillis);
  directory.set_version(directory.version() + 1);
  directory.set_previous_sha256(std::string(AsView(crypto::Sha256(current.document()))));
  directory.set_issued_at_ms(ToMillis(now));
  directory.set_expires_at_ms(ToMillis(now) + life);
  return directory;
}

v1::SignedDocument FinishDirectory(v1::Directory directory) {
  std::sort(directory.mutable_officers()->begin(), directory.mutable_officers()->end(),
            [](const auto& a, const auto& b) { return a.id() < b.id(); });
  v1::SignedDocument document;
  document.set_document(trust::StrictSerialize(directory));
  return document;
}

absl::Status AdmitOfficer(const v1::OfficerRequest& request, const Mandate& mandate,
                          v1::Directory* directory) {
  const std::string& id = request.officer();
  std::string authority = AuthorityOf(id);
  bool listed =
      std::any_of(directory->authorities().begin(), directory->authorities().end(),
                  [&](const v1::AuthorityEntry& entry) { return entry.id() == authority; });
  if (!listed) {
    return InputError("BAD_STATEMENT", Cat({"the request is for ", id, ", and ", authority,
                                            " is not in this directory"}));
  }
  if (FindOfficer(id, directory) != nullptr) {
    return WrongState("OFFICER_EXISTS", Cat({id,
                                             " is in the directory already; for a lost key: "
                                             "palermo officer replace-key"}));
  }
  if (mandate.roles.empty()) return InputError("USAGE", "an officer needs at least one role");
  if (mandate.person.empty()) return InputError("USAGE", "give --person: the same for all offices");
  PALERMO_RETURN_IF_ERROR(CheckMandateTimes(ToMillis(mandate.from), ToMillis(mandate.to)));
  v1::OfficerEntry* officer = directory->add_officers();
  officer->set_id(id);
  officer->set_person(mandate.person);
  for (v1::Role::Code role : mandate.roles) officer->add_roles(role);
  SetKeys(request, officer);
  officer->set_valid_from_ms(ToMillis(mandate.from));
  officer->set_valid_to_ms(ToMillis(mandate.to));
  return absl::OkStatus();
}

absl::Status ChangeOfficer(const std::string& id, const std::vector<v1::Role::Code>& roles,
                           int64_t valid_from_ms, int64_t valid_to_ms, v1::Directory* directory) {
  v1::OfficerEntry* officer = FindOfficer(id, directory);
  if (officer == nullptr) return NoOfficer(id);
  if (!roles.empty()) officer->clear_roles();
  for (v1::Role::Code role : roles) officer->add_roles(role);
  if (valid_from_ms != 0) officer->set_valid_from_ms(valid_from_ms);
  if (valid_to_ms != 0) officer->set_valid_to_ms(valid_to_ms);
  return CheckMandateTimes(officer->valid_from_ms(), officer->valid_to_ms());
}

absl::Status RemoveOfficer(const std::string& id, v1::Directory* directory) {
  auto* officers = directory->mutable_officers();
  for (int i = 0; i < officers->size(); ++i) {
    if (officers->Get(i).id() != id) continue;
    officers->DeleteSubrange(i, 1);
    return absl::OkStatus();
  }
  return NoOfficer(id);
}

absl::Status ReplaceOfficerKeys(const v1::OfficerRequest& request, v1::Directory* directory) {
  v1::OfficerEntry* officer = FindOfficer(request.officer(), directory);
  if (officer == nullptr) return NoOfficer(request.officer());
  bool pin_known =
      std::count(officer->tls_pins().begin(), officer->tls_pins().end(), request.tls_pin()) > 0;
  if (pin_known || officer->signing_key() == request.signing_key() ||
      officer->sealing_key() == request.sealing_key()) {
    return InputError("SAME_KEY", Cat({"the request of ", request.officer(),
                                       " has a key that he has already; make new ones: palermo "
                                       "officer enrol"}));
  }
  SetKeys(request, officer);
  return absl::OkStatus();
}

absl::Status AddSealingKey(const std::string& authority, const crypto::SealingPublicKey& key,
                           absl::Time from, absl::Time to, absl::Time old_to,
                           v1::Directory* directory) {
  auto* all = directory->mutable_authorities();
  auto found = std::find_if(all->begin(), all->end(), [&](const v1::AuthorityEntry& entry) {
    return entry.id() == authority;
  });
  if (found == all->end()) {
    return Missing("UNKNOWN_RECIPIENT", Cat({authority, " is not in this directory"}));
  }
  if (to <= from) return InputError("USAGE", "the new window must begin before it ends");
  uint32_t newest = 0;
  std::string key_id = crypto::SealingKeyId(key);
  for (const auto& other : *all) {
    if (other.recovery_key().key_id() != key_id) continue;
    return WrongState("SAME_KEY", Cat({"this is the recovery key of ", other.id(),
                                       "; make a new sealing key: palermo sealing-key new"}));
  }
  for (auto& old : *found->mutable_sealing_keys()) {
    if (old.key_id() == key_id) {
      return WrongState("SAME_KEY", Cat({"the directory names this key of ", authority,
                                         " already; make a new one: palermo sealing-key new"}));
    }
    newest = std::max(newest, old.version());
    int64_t close = std::max(ToMillis(old_to), old.valid_from_ms() + 1);
    if (old.valid_to_ms() > close) old.set_valid_to_ms(close);
  }
  v1::SealingKeyEntry* entry = found->add_sealing_keys();
  entry->set_version(newest + 1);
  entry->set_kem(static_cast<uint32_t>(key.kem));
  entry->set_public_key(key.bytes);
  entry->set_key_id(key_id);
  entry->set_valid_from_ms(ToMillis(from));
  entry->set_valid_to_ms(ToMillis(to));
  return absl::OkStatus();
}

std::vector<std::string> DirectoryChanges(const v1::Directory& before, const v1::Directory& after) {
  std::vector<std::string> lines;
  CompareOfficers(before, after, &lines);
  CompareAuthorities(before, after, &lines);
  if (trust::StrictSerialize(before.node()) != trust::StrictSerialize(after.node())) {
    lines.push_back("~ node");
  }
  bool policy = before.policy_size() != after.policy_size();
  for (int i = 0; !policy && i < after.policy_size(); ++i) {
    policy = trust::StrictSerialize(before.policy(i)) != trust::StrictSerialize(after.policy(i));
  }
  if (policy) lines.push_back("~ policy");
  if (before.treaty_list() != after.treaty_list()) {
    lines.push_back(Cat({before.treaty_list().empty()  ? "+"
                         : after.treaty_list().empty() ? "-"
                                                       : "~",
                         " treaty status list, SHA-256 ",
                         HexEncode(AsView(crypto::Sha256(after.treaty_list())))}));
  }
  return lines;
}

std::vector<std::string> RoleWarnings(const v1::Directory& before, const v1::Directory& after) {
  std::vector<std::string> warnings;
  auto lost = [&](v1::Role::Code role, const std::string& authority, size_t least) {
    size_t now = PersonsWith(role, authority, after);
    return now < least && now < PersonsWith(role, authority, before);
  };
  // As many as the strictest line of the policy asks for; two, because what went in an emergency
  // with one approval is confirmed by a second approver.
  size_t approvals = 2;
  for (const auto& line : after.policy()) {
    approvals = std::max<size_t>(approvals, line.approvals());
  }
  if (lost(v1::Role::AUDITOR, "", 1)) {
    warnings.push_back(
        "nobody is AUDITOR any more: nobody can read the ledger or acknowledge break-glass");
  }
  if (lost(v1::Role::ADMINISTRATOR, "", 1)) {
    warnings.push_back(
        "nobody is ADMINISTRATOR any more: nobody can confirm new root keys at the node or see its "
        "peers' faults");
  }
  for (const auto& authority : after.authorities()) {
    if (lost(v1::Role::APPROVER, authority.id(), 1)) {
      warnings.push_back(Cat({"nobody is APPROVER of ", authority.id(), " any more"}));
    } else if (lost(v1::Role::APPROVER, authority.id(), approvals)) {
      warnings.push_back(
          Cat({authority.id(), " has ",
               std::to_string(PersonsWith(v1::Role::APPROVER, authority.id(), after)),
               " approver now; the policy, or an emergency's confirmation, needs ",
               std::to_string(approvals), " persons: such a draft would wait until it expires"}));
    }
    if (lost(v1::Role::DRAFTER, authority.id(), 1)) {
      warnings.push_back(Cat({"nobody is DRAFTER of ", authority.id(), " any more"}));
    }
    if (lost(v1::Role::INVESTIGATOR, authority.id(), 1)) {
      warnings.push_back(Cat({"nobody is INVESTIGATOR of ", authority.id(), " any more"}));
    }
    if (lost(v1::Role::CUSTODIAN, authority.id(), 2)) {
      warnings.push_back(Cat({authority.id(), " has fewer than two custodians now; a key needs ",
                              "grants to two persons, and a destruction two signatures"}));
    }
  }
  return warnings;
}

absl::StatusOr<std::vector<v1::Role::Code>> ParseRoles(const std::vector<std::string>& words) {
  std::vector<v1::Role::Code> roles;
  for (const std::string& word : words) {
    v1::Role::Code role = v1::Role::UNSPECIFIED;
    if (!v1::Role::Code_Parse(word, &role) || role == v1::Role::UNSPECIFIED) {
      return InputError("USAGE", Cat({"'", word,
                                      "' is no role; DRAFTER, APPROVER, INVESTIGATOR, "
                                      "AUDITOR, ADMINISTRATOR and CUSTODIAN are"}));
    }
    if (std::count(roles.begin(), roles.end(), role) == 0) roles.push_back(role);
  }
  std::sort(roles.begin(), roles.end());
  return roles;
}

}  // namespace palermo::desk
