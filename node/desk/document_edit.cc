#include "node/desk/document_edit.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/directory_edit.h"
#include "node/desk/endpoint.h"
#include "node/desk/field_changes.h"
#include "node/desk/files.h"
#include "node/desk/officer_keys.h"
#include "node/trust/documents.h"
#include "node/trust/rosters.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

absl::Status BadEdit(const std::string& text) { return InputError("BAD_EDIT", text); }

// "A=B" into its two parts.
absl::StatusOr<std::pair<std::string, std::string>> Split(const std::string& text, char at,
                                                          const std::string& form) {
  size_t where = text.find(at);
  if (where == std::string::npos || where == 0 || where + 1 == text.size()) {
    return BadEdit(Cat({"'", text, "' is not of the form ", form}));
  }
  return std::make_pair(text.substr(0, where), text.substr(where + 1));
}

absl::StatusOr<v1::VerificationKey> KeyFromFile(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, LoadPublicKeys({path, std::nullopt}, "."));
  auto it = keys.keys.find("sign");
  if (it == keys.keys.end() || it->second.algorithm != crypto::kEd25519) {
    return InputError("BAD_KEY_FILE", Cat({path, ": has no key that signs"}));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::PublicKey key, crypto::PublicKeyFrom(it->second.public_bytes));
  return trust::MakeVerificationKey(key, keys.subject);
}

absl::Status Rotate(const std::string& change, v1::KeySet* set) {
  PALERMO_ASSIGN_OR_RETURN(auto parts, Split(change, '=', "OLD=FILE"));
  PALERMO_ASSIGN_OR_RETURN(v1::VerificationKey next, KeyFromFile(parts.second));
  v1::VerificationKey* found = nullptr;
  for (auto& key : *set->mutable_keys()) {
    if (HexEncode(key.key_id()) != parts.first && key.holder() != parts.first) continue;
    if (found != nullptr) return BadEdit(Cat({"two keys are of '", parts.first, "'; give its id"}));
    found = &key;
  }
  if (found == nullptr) {
    return BadEdit(Cat({"no key has the id or the holder '", parts.first, "'"}));
  }
  *found = next;
  return absl::OkStatus();
}

v1::RosterState* MutableState(v1::Roster* roster, const std::string& code) {
  for (auto& state : *roster->mutable_states()) {
    if (state.state() == code) return &state;
  }
  return nullptr;
}

absl::Status AddState(const std::string& path, v1::Roster* roster) {
  PALERMO_ASSIGN_OR_RETURN(std::string json, ReadFile(path, limits::kMaxRosterBytes));
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::RosterState> states,
                           ReadRosterStates(json, path, FolderOf(path)));
  for (const v1::RosterState& state : states) {
    if (MutableState(roster, state.state()) != nullptr) {
      return BadEdit(Cat({state.state(), " is in the roster already"}));
    }
    *roster->add_states() = state;
  }
  return absl::OkStatus();
}

absl::Status EditRoster(const DocumentEdit& edit, v1::Roster* roster) {
  for (const std::string& code : edit.remove_states) {
    auto* states = roster->mutable_states();
    auto it = std::find_if(states->begin(), states->end(),
                           [&](const auto& state) { return state.state() == code; });
    if (it == states->end()) return BadEdit(Cat({code, " is not in the roster"}));
    states->erase(it);
  }
  for (const std::string& path : edit.add_states) {
    PALERMO_RETURN_IF_ERROR(AddState(path, roster));
  }
  for (const std::string& change : edit.rotate_keys) {
    PALERMO_RETURN_IF_ERROR(Rotate(change, roster->mutable_roster_keys()));
  }
  for (const std::string& change : edit.rotate_roots) {
    PALERMO_ASSIGN_OR_RETURN(auto parts, Split(change, '/', "QT/OLD=FILE"));
    v1::RosterState* state = MutableState(roster, parts.first);
    if (state == nullptr) return BadEdit(Cat({parts.first, " is not in the roster"}));
    PALERMO_RETURN_IF_ERROR(Rotate(parts.second, state->mutable_roots()));
  }
  for (const std::string& change : edit.endpoints) {
    PALERMO_ASSIGN_OR_RETURN(auto parts, Split(change, '=', "QT=HOST:PORT"));
    v1::RosterState* state = MutableState(roster, parts.first);
    if (state == nullptr) return BadEdit(Cat({parts.first, " is not in the roster"}));
    PALERMO_RETURN_IF_ERROR(CheckEndpoint(parts.second));
    state->set_endpoint(parts.second);
  }
  std::sort(roster->mutable_states()->begin(), roster->mutable_states()->end(),
            [](const auto& a, const auto& b) { return a.state() < b.state(); });
  return absl::OkStatus();
}

bool HasRosterChange(const DocumentEdit& edit) {
  return !edit.add_states.empty() || !edit.remove_states.empty() || !edit.rotate_roots.empty() ||
         !edit.endpoints.empty();
}
bool HasDirectoryChange(const DocumentEdit& edit) {
  return !edit.node_key.empty() || !edit.tls_keys.empty() || !edit.recovery_keys.empty();
}

// The public bytes of one key of a file.
absl::StatusOr<std::string> PublicKeyIn(const std::string& path, const std::string& name,
                                        const char* algorithm, const char* kind) {
  PALERMO_ASSIGN_OR_RETURN(crypto::KeyFilePublic keys, LoadPublicKeys({path, std::nullopt}, "."));
  if (keys.kind != kind) {
    return InputError("BAD_KEY_FILE",
                      Cat({path, ": is of kind ", keys.kind, "; kind ", kind, " is needed here"}));
  }
  auto it = keys.keys.find(name);
  if (it == keys.keys.end() || it->second.algorithm != algorithm) {
    return InputError("BAD_KEY_FILE", Cat({path, ": has no key '", name, "' for ", algorithm,
                                           "; it is of kind ", keys.kind}));
  }
  return it->second.public_bytes;
}

absl::Status SetNodeKey(const std::string& path, v1::NodeEntry* node) {
  PALERMO_ASSIGN_OR_RETURN(std::string checkpoint,
                           PublicKeyIn(path, "checkpoint", crypto::kEd25519, "node"));
  PALERMO_ASSIGN_OR_RETURN(std::string cosign,
                           PublicKeyIn(path, "cosign", crypto::kEd25519, "node"));
  PALERMO_ASSIGN_OR_RETURN(std::string tls, PublicKeyIn(path, "tls", crypto::kP256, "node"));
  node->set_checkpoint_key(checkpoint);
  node->set_cosignature_key(cosign);
  node->clear_tls_pins();
  node->add_tls_pins(PinOf(tls));
  return absl::OkStatus();
}

absl::Status SetTlsKeys(const std::vector<std::string>& paths, v1::NodeEntry* node) {
  node->clear_tls_pins();
  for (const std::string& path : paths) {
    PALERMO_ASSIGN_OR_RETURN(std::string tls, PublicKeyIn(path, "tls", crypto::kP256, "node"));
    node->add_tls_pins(PinOf(tls));
  }
  return absl::OkStatus();
}

absl::Status SetRecoveryKey(const std::string& change, int64_t now_ms, v1::Directory* directory) {
  PALERMO_ASSIGN_OR_RETURN(auto parts, Split(change, '=', "QT/central=FILE"));
  PALERMO_ASSIGN_OR_RETURN(std::string key,
                           PublicKeyIn(parts.second, "seal", crypto::kXWing, "recovery"));
  for (auto& authority : *directory->mutable_authorities()) {
    if (authority.id() != parts.first) continue;
    v1::SealingKeyEntry* entry = authority.mutable_recovery_key();
    int64_t life = entry->valid_to_ms() - entry->valid_from_ms();
    if (life <= 0) life = 365 * limits::kDayMillis;
    entry->set_version(entry->version() + 1);
    entry->set_kem(static_cast<uint32_t>(crypto::Kem::kXWing));
    entry->set_public_key(key);
    entry->set_key_id(crypto::KeyId(crypto::kXWing, key));
    entry->set_valid_from_ms(now_ms);
    entry->set_valid_to_ms(now_ms + life);
    return absl::OkStatus();
  }
  return BadEdit(Cat({parts.first, " is not in the directory"}));
}

absl::Status Edit(const DocumentEdit& edit, v1::Roster* roster) {
  if (HasDirectoryChange(edit)) return BadEdit("these keys are changed in a directory");
  return EditRoster(edit, roster);
}
absl::Status Edit(const DocumentEdit& edit, v1::Charter* charter) {
  if (HasRosterChange(edit)) return BadEdit("states and roots are changed in the roster");
  if (HasDirectoryChange(edit)) return BadEdit("these keys are changed in a directory");
  for (const std::string& change : edit.rotate_keys) {
    PALERMO_RETURN_IF_ERROR(Rotate(change, charter->mutable_directory_keys()));
  }
  return absl::OkStatus();
}
absl::Status Edit(const DocumentEdit& edit, v1::Directory* directory) {
  if (HasRosterChange(edit)) return BadEdit("states and roots are changed in the roster");
  if (!edit.rotate_keys.empty()) return BadEdit("administrators' keys are changed in a charter");
  v1::NodeEntry* node = directory->mutable_node();
  if (!edit.node_key.empty()) PALERMO_RETURN_IF_ERROR(SetNodeKey(edit.node_key, node));
  if (!edit.tls_keys.empty()) PALERMO_RETURN_IF_ERROR(SetTlsKeys(edit.tls_keys, node));
  for (const std::string& change : edit.recovery_keys) {
    PALERMO_RETURN_IF_ERROR(SetRecoveryKey(change, directory->issued_at_ms(), directory));
  }
  return absl::OkStatus();
}

template <typename Body>
absl::StatusOr<v1::SignedDocument> Next(const v1::SignedDocument& previous,
                                        const DocumentEdit& edit, absl::Time now) {
  Body body;
  if (!body.ParseFromString(previous.document()) || body.format() != 1) {
    return InputError("BAD_DOCUMENT", "--previous is not a document of this kind");
  }
  int64_t life = body.expires_at_ms() - body.issued_at_ms();
  if (edit.valid_days > 0) life = edit.valid_days * limits::kDayMillis;
  body.set_version(body.version() + 1);
  body.set_previous_sha256(std::string(AsView(crypto::Sha256(previous.document()))));
  body.set_issued_at_ms(ToMillis(now));
  body.set_expires_at_ms(ToMillis(now) + life);
  PALERMO_RETURN_IF_ERROR(Edit(edit, &body));
  v1::SignedDocument document;
  document.set_document(trust::StrictSerialize(body));
  return document;
}

// ---------------------------------------------------------------- what changes

using Lines = std::vector<std::string>;

void KeyChanges(const std::string& what, const v1::KeySet& before, const v1::KeySet& after,
                Lines* lines) {
  auto ids = [](const v1::KeySet& set) {
    std::map<std::string, std::string> found;
    for (const auto& key : set.keys()) found[HexEncode(key.key_id())] = key.holder();
    return found;
  };
  std::map<std::string, std::string> old_keys = ids(before);
  std::map<std::string, std::string> new_keys = ids(after);
  for (const auto& [id, holder] : old_keys) {
    if (new_keys.count(id) == 0)
      lines->push_back(Cat({what, ": key ", id, " of ", holder, " goes"}));
  }
  for (const auto& [id, holder] : new_keys) {
    if (old_keys.count(id) == 0)
      lines->push_back(Cat({what, ": key ", id, " of ", holder, " comes"}));
  }
  if (before.threshold() != after.threshold()) {
    lines->push_back(absl::StrFormat("%s: %d signatures are needed, not %d", what,
                                     after.threshold(), before.threshold()));
  }
}

// Items of a list by their name: which come, go, or change, and in what.
template <typename List, typename NameOf>
void ListChanges(const char* what, const List& before, const List& after, NameOf name_of,
                 Lines* lines) {
  std::map<std::string, const typename List::value_type*> old_items;
  std::map<std::string, const typename List::value_type*> new_items;
  for (const auto& item : before) old_items[name_of(item)] = &item;
  for (const auto& item : after) new_items[name_of(item)] = &item;
  for (const auto& [name, item] : old_items) {
    if (new_items.count(name) == 0) lines->push_back(Cat({what, " ", name, " goes"}));
  }
  for (const auto& [name, item] : new_items) {
    auto old = old_items.find(name);
    if (old == old_items.end()) {
      lines->push_back(Cat({what, " ", name, " comes: ", FieldsText(*item)}));
      continue;
    }
    for (const std::string& line : FieldChanges(*old->second, *item)) {
      lines->push_back(Cat({what, " ", name, ": ", line}));
    }
  }
}

void Changes(const v1::Roster& before, const v1::Roster& after, Lines* lines) {
  KeyChanges("roster", before.roster_keys(), after.roster_keys(), lines);
  for (const auto& state : before.states()) {
    const v1::RosterState* next = trust::FindState(after, state.state());
    if (next == nullptr) {
      lines->push_back(Cat({state.state(), " (", state.name(), ") LEAVES"}));
      continue;
    }
    KeyChanges(Cat({"roots of ", state.state()}), state.roots(), next->roots(), lines);
    if (!trust::SameRoots(state.roots(), next->roots())) {
      lines->push_back(Cat({"roots of ", state.state(), ": without a signature of the old roots ",
                            "each node and desk waits for a confirmation"}));
    }
    if (state.endpoint() != next->endpoint()) {
      lines->push_back(
          Cat({state.state(), " is at ", next->endpoint(), ", not at ", state.endpoint()}));
    }
    if (state.name() != next->name()) {
      lines->push_back(Cat({state.state(), " is named ", next->name()}));
    }
  }
  for (const auto& state : after.states()) {
    if (trust::FindState(before, state.state()) != nullptr) continue;
    lines->push_back(
        Cat({state.state(), " (", state.name(), ") JOINS, fingerprint of its roots ",
             HexEncode(AsView(trust::RootsFingerprint(state.state(), state.roots())))}));
  }
}

void Changes(const v1::Charter& before, const v1::Charter& after, Lines* lines) {
  KeyChanges("administrators", before.directory_keys(), after.directory_keys(), lines);
}

void NodeChanges(const v1::NodeEntry& before, const v1::NodeEntry& after, Lines* lines) {
  if (before.checkpoint_key() != after.checkpoint_key()) {
    lines->push_back("node: another checkpoint key; start the node with it and this directory");
  }
  if (before.cosignature_key() != after.cosignature_key()) {
    lines->push_back("node: another cosignature key");
  }
  auto has = [](const v1::NodeEntry& node, const std::string& pin) {
    return std::count(node.tls_pins().begin(), node.tls_pins().end(), pin) > 0;
  };
  for (const std::string& pin : before.tls_pins()) {
    if (!has(after, pin)) lines->push_back(Cat({"node: TLS pin ", HexEncode(pin), " goes"}));
  }
  for (const std::string& pin : after.tls_pins()) {
    if (!has(before, pin)) lines->push_back(Cat({"node: TLS pin ", HexEncode(pin), " comes"}));
  }
  if (before.endpoint() != after.endpoint() || before.ledger_origin() != after.ledger_origin()) {
    lines->push_back(Cat({"node: at ", after.endpoint(), ", ledger ", after.ledger_origin()}));
  }
}

void Changes(const v1::Directory& before, const v1::Directory& after, Lines* lines) {
  if (trust::StrictSerialize(before.node()) != trust::StrictSerialize(after.node())) {
    NodeChanges(before.node(), after.node(), lines);
  }
  auto id_of = [](const auto& item) { return item.id(); };
  ListChanges("authority", before.authorities(), after.authorities(), id_of, lines);
  ListChanges("officer", before.officers(), after.officers(), id_of, lines);
  ListChanges(
      "policy", before.policy(), after.policy(),
      [](const v1::PolicyEntry& entry) {
        return Cat({v1::Family::Code_Name(entry.family()), "/", v1::Act::Code_Name(entry.act()),
                    "/", v1::Urgency::Code_Name(entry.urgency())});
      },
      lines);
  if (before.treaty_list() != after.treaty_list()) {
    lines->push_back(Cat({"treaty status list: another one, SHA-256 ",
                          HexEncode(AsView(crypto::Sha256(after.treaty_list())))}));
  }
  for (const std::string& warning : RoleWarnings(before, after)) {
    lines->push_back(Cat({"WARNING: ", warning}));
  }
}

template <typename Body>
int64_t ExpiryOf(const v1::SignedDocument& document) {
  Body body;
  return body.ParseFromString(document.document()) ? body.expires_at_ms() : 0;
}

template <typename Body>
bool IsNextOf(const v1::SignedDocument& before_document, const Body& after) {
  Body before;
  return before.ParseFromString(before_document.document()) &&
         after.version() == before.version() + 1 &&
         after.previous_sha256() == AsView(crypto::Sha256(before_document.document()));
}

template <typename Body>
bool IsNext(const v1::SignedDocument& before, const v1::SignedDocument& after_document) {
  Body after;
  return after.ParseFromString(after_document.document()) && IsNextOf(before, after);
}

template <typename Body>
absl::StatusOr<std::string> Describe(const v1::SignedDocument& before_document,
                                     const v1::SignedDocument& after_document) {
  Body before;
  Body after;
  if (!before.ParseFromString(before_document.document()) ||
      !after.ParseFromString(after_document.document())) {
    return InputError("BAD_DOCUMENT", "the two files are not documents of this kind");
  }
  std::string text =
      absl::StrFormat("From version %d to %d; expires %s, not %s.\n", before.version(),
                      after.version(), FormatInstant(FromMillis(after.expires_at_ms())),
                      FormatInstant(FromMillis(before.expires_at_ms())));
  if (!IsNextOf(before_document, after)) {
    text += "WARNING: this is not the version after that one; nobody will take it as such.\n";
  }
  Lines lines;
  Changes(before, after, &lines);
  if (lines.empty()) return text + "Nothing but version and times changes.\n";
  for (const std::string& line : lines) text += Cat({"  - ", line, "\n"});
  return text;
}

}  // namespace

absl::StatusOr<v1::SignedDocument> EditDocument(DocumentKind kind,
                                                const v1::SignedDocument& previous,
                                                const DocumentEdit& edit, absl::Time now) {
  if (kind == DocumentKind::kRoster) return Next<v1::Roster>(previous, edit, now);
  if (kind == DocumentKind::kCharter) return Next<v1::Charter>(previous, edit, now);
  return Next<v1::Directory>(previous, edit, now);
}

absl::StatusOr<std::string> DescribeChanges(DocumentKind kind, const v1::SignedDocument& before,
                                            const v1::SignedDocument& after) {
  if (kind == DocumentKind::kRoster) return Describe<v1::Roster>(before, after);
  if (kind == DocumentKind::kCharter) return Describe<v1::Charter>(before, after);
  return Describe<v1::Directory>(before, after);
}

bool IsNextVersion(DocumentKind kind, const v1::SignedDocument& before,
                   const v1::SignedDocument& after) {
  if (kind == DocumentKind::kRoster) return IsNext<v1::Roster>(before, after);
  if (kind == DocumentKind::kCharter) return IsNext<v1::Charter>(before, after);
  return IsNext<v1::Directory>(before, after);
}

absl::Status CheckUnsigned(DocumentKind kind, const v1::SignedDocument& document,
                           const v1::SignedDocument* previous, absl::Time now) {
  auto check = kind == DocumentKind::kRoster    ? trust::CheckUnsignedRoster
               : kind == DocumentKind::kCharter ? trust::CheckUnsignedCharter
                                                : trust::CheckUnsignedDirectory;
  PALERMO_RETURN_IF_ERROR(check(document, previous));
  int64_t expires_at_ms = kind == DocumentKind::kRoster    ? ExpiryOf<v1::Roster>(document)
                          : kind == DocumentKind::kCharter ? ExpiryOf<v1::Charter>(document)
                                                           : ExpiryOf<v1::Directory>(document);
  if (expires_at_ms > ToMillis(now)) return absl::OkStatus();
  return InputError("BAD_DOCUMENT",
                    Cat({KindName(kind), ": it has expired already, at ",
                         FormatInstant(FromMillis(expires_at_ms)), "; make a new one"}));
}

std::string SignersText(DocumentKind kind, const v1::KeySet& set, const std::string& what,
                        const v1::SignedDocument& document) {
  crypto::Purpose purpose = kind == DocumentKind::kRoster    ? crypto::Purpose::kRoster
                            : kind == DocumentKind::kCharter ? crypto::Purpose::kCharter
                                                             : crypto::Purpose::kDirectory;
  std::string holders;
  uint32_t signed_by = 0;
  for (const auto& key : set.keys()) {
    const char* state = "not yet";
    for (const auto& signature : document.signatures()) {
      if (signature.key_id() != key.key_id()) continue;
      auto public_key = crypto::PublicKeyFrom(key.public_key());
      bool good =
          public_key.ok() &&
          crypto::Verify(purpose, *public_key, document.document(), signature.signature()).ok();
      state = good ? "signed" : "WRONG SIGNATURE";
      if (good) ++signed_by;
    }
    holders += absl::StrFormat("    %-8s %s  %s\n", state, HexEncode(key.key_id()), key.holder());
  }
  uint32_t missing = set.threshold() > signed_by ? set.threshold() - signed_by : 0;
  return absl::StrFormat("  %s: %d of %d signed, %d needed, %d missing\n", what, signed_by,
                         set.keys_size(), set.threshold(), missing) +
         holders;
}

}  // namespace palermo::desk
