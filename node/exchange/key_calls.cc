// The facade's calls for an authority's sealing keys: standing, rewrapping, destruction.
#include "base/limits.h"
#include "node/exchange/calls.h"
#include "node/exchange/key_custody.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/node.h"
#include "node/trust/statement.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

using Role = v1::Role;

absl::Status CheckAuthority(const Officer& officer, const std::string& authority) {
  if (!IsAuthorityId(authority)) {
    return Missing("UNKNOWN_RECIPIENT",
                   "what the call names is no authority; one is like PA/central");
  }
  bool administrator = trust::HasRole(*officer.entry, Role::ADMINISTRATOR);
  if (authority == officer.authority ||
      (administrator && StateOf(authority) == StateOf(officer.id)))
    return absl::OkStatus();
  return Refused("WRONG_ROLE", Cat({officer.id, " is not an officer of ", authority}));
}

// The versions of the directory, and those that are granted and wait to be named there.
std::map<std::pair<uint32_t, std::string>, bool> VersionsOf(
    const v1::AuthorityEntry& authority, const std::vector<v1::GrantStatement>& grants) {
  std::map<std::pair<uint32_t, std::string>, bool> versions;
  for (const auto& grant : grants) versions[{grant.key_version(), grant.key_id()}] = false;
  for (const auto& key : authority.sealing_keys()) versions[{key.version(), key.key_id()}] = true;
  return versions;
}

absl::StatusOr<v1::GetKeyStatusResponse> ReadKeyStatus(NodeParts& parts, const Officer& officer,
                                                       const v1::GetKeyStatusRequest& request) {
  const storage::KvStore& store = *parts.options.store;
  const std::string& id = request.authority();
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                           officer.view->DirectoryOf(parts.options.state));
  const v1::AuthorityEntry* authority = directory->FindAuthority(id);
  if (authority == nullptr) {
    return Missing("UNKNOWN_RECIPIENT", Cat({id, " is not in the directory"}));
  }
  std::vector<std::pair<std::string, v1::Grant>> grants;
  PALERMO_RETURN_IF_ERROR(
      LoadAll(store, keys::Grants(id), limits::kMaxGrantsPerCall * 16, &grants));
  std::vector<v1::GrantStatement> statements;
  for (const auto& [key, grant] : grants) {
    v1::GrantStatement statement;
    if (statement.ParseFromString(grant.statement())) statements.push_back(std::move(statement));
  }
  v1::GetKeyStatusResponse response;
  for (const auto& [version, in_directory] : VersionsOf(*authority, statements)) {
    trust::GrantStanding standing =
        trust::CountGrants(statements, version.second, *authority, *directory);
    v1::KeyStatus* key = response.add_keys();
    key->set_version(version.first);
    key->set_key_id(version.second);
    key->set_in_directory(in_directory);
    for (const auto& one : standing.officers) key->add_granted_to(one);
    key->set_granted_to_recovery(standing.recovery);
    key->set_active(standing.active());
    PALERMO_ASSIGN_OR_RETURN(auto bytes, store.Get(keys::DestroyedKey(id, version.second)));
    v1::StoredKeyDestruction destroyed;
    if (bytes.has_value() && destroyed.ParseFromString(*bytes)) {
      key->set_destroyed(true);
      key->set_destroyed_index(destroyed.index());
    }
    if (!request.count_messages()) continue;
    PALERMO_ASSIGN_OR_RETURN(uint64_t count, CountHanging(store, id, version.second));
    key->set_messages(count);
  }
  return response;
}

absl::StatusOr<v1::ListSealedResponse> ReadSealed(NodeParts& parts,
                                                  const v1::ListSealedRequest& request) {
  const storage::KvStore& store = *parts.options.store;
  size_t limit = request.limit() == 0 ? limits::kMaxSealedPage
                                      : std::min<size_t>(request.limit(), limits::kMaxSealedPage);
  v1::ListSealedResponse response;
  absl::Status failed;
  size_t looked_at = 0;
  bool more = false;
  PALERMO_RETURN_IF_ERROR(ScanListing(store, request.after(), [&](const ListItem& item) {
    if (looked_at++ == limits::kMaxDestroyLookedAt ||
        response.messages_size() == static_cast<int>(limit)) {
      more = true;
      return false;
    }
    response.set_next(BigEndian64(item.number));
    auto all = KeysOfMessage(store, item, request.authority());
    failed = all.status();
    if (!all.ok()) return false;
    if (all->empty() || std::count(all->begin(), all->end(), request.key_id()) > 0) return true;
    v1::SealedMessage* message = response.add_messages();
    message->set_message_id(item.id);
    message->set_key_id(all->front());
    return true;
  }));
  PALERMO_RETURN_IF_ERROR(failed);
  if (!more) response.clear_next();
  return response;
}

// Who signed comes first: to count what hangs on a key reads every message, and tells of them.
// `destroyed`: the versions that are gone, as it was counted.
absl::Status CheckHanging(NodeParts& parts, const Officer& officer,
                          const v1::SignedStatement& statement, std::set<std::string>* destroyed) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                           officer.view->DirectoryOf(parts.options.state));
  PALERMO_ASSIGN_OR_RETURN(
      v1::KeyDestructionStatement body,
      JudgeKeyDestruction(statement, *directory, officer.id, parts.options.clock->Now()));
  PALERMO_ASSIGN_OR_RETURN(*destroyed, DestroyedKeysOf(*parts.options.store, body.authority()));
  if (body.forced()) return absl::OkStatus();
  // No new message can come to hang on it: DecideDestroyKey refuses while it takes deliveries.
  PALERMO_ASSIGN_OR_RETURN(uint64_t hanging,
                           CountHanging(*parts.options.store, body.authority(), body.key_id()));
  if (hanging == 0) return absl::OkStatus();
  return WrongState("NOT_REWRAPPED", Cat({std::to_string(hanging),
                                          " messages hang on this version alone; run: "
                                          "palermo sealing-key rewrap"}));
}

}  // namespace

void Node::GetKeyStatus(const Caller& caller, const v1::GetKeyStatusRequest& request,
                        Reply<v1::GetKeyStatusResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  absl::Status status = officer.status();
  if (status.ok()) status = CheckAuthority(*officer, request.authority());
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "GetKeyStatus", "", status, reply);
  reply(ReadKeyStatus(*parts_, *officer, request));
}

void Node::ListSealed(const Caller& caller, const v1::ListSealedRequest& request,
                      Reply<v1::ListSealedResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::DRAFTER, Role::APPROVER, Role::INVESTIGATOR});
  absl::Status status = officer.status();
  if (status.ok() && request.authority() != officer->authority) {
    status = Refused("WRONG_ROLE", "an officer lists what is sealed to his own authority only");
  }
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "ListSealed", "", status, reply);
  reply(ReadSealed(*parts_, request));
}

void Node::PutRewraps(const Caller& caller, const v1::PutRewrapsRequest& request,
                      Reply<v1::PutRewrapsResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {Role::DRAFTER, Role::APPROVER, Role::INVESTIGATOR});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "PutRewraps", "", officer.status(), reply);
  }
  Commit<uint64_t, v1::PutRewrapsResponse>(
      *parts_, {"PutRewraps", *officer, "", request.ByteSizeLong() + 1024},
      [request, id = officer->id](Tx& tx) { return DecideRewraps(tx, request, id); },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::PutRewrapsResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::DestroyKey(const Caller& caller, const v1::DestroyKeyRequest& request,
                      Reply<v1::DestroyKeyResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  absl::Status status = officer.status();
  std::set<std::string> destroyed;
  if (status.ok()) status = CheckHanging(*parts_, *officer, request.statement(), &destroyed);
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "DestroyKey", "", status, reply);
  Commit<Destroyed, v1::DestroyKeyResponse>(
      *parts_, {"DestroyKey", *officer},
      [request, id = officer->id, destroyed](Tx& tx) {
        return DecideDestroyKey(tx, request.statement(), id, destroyed);
      },
      [this](const Destroyed& destroyed, const CommittedPtr& committed) {
        v1::DestroyKeyResponse response;
        response.set_grants_deleted(destroyed.grants);
        *response.mutable_receipt() = ReceiptFor(*parts_, destroyed.index, committed);
        return response;
      },
      std::move(reply));
}

}  // namespace palermo::exchange
