// The facade's calls for grants of sealing keys. The node keeps them and cannot open them.
#include <algorithm>

#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "node/trust/grant.h"
#include "node/trust/statement.h"

namespace palermo::exchange {
namespace {

// The break-glass statement that a grant names, if it is in force.
const trust::BreakGlassAccess* AccessFor(const v1::Grant& grant, const std::vector<Access>& all) {
  v1::GrantStatement statement;
  if (!statement.ParseFromString(grant.statement())) return nullptr;
  for (const Access& one : all) {
    if (one.access.sha256 == statement.break_glass_sha256()) return &one.access;
  }
  return nullptr;
}

absl::Status CheckGrants(const std::string& officer, const v1::PutGrantsRequest& request,
                         const trust::DirectoryIndex& directory,
                         const std::vector<Access>& accesses, absl::Time now,
                         std::vector<v1::GrantStatement>* statements) {
  if (request.grants().empty() ||
      request.grants_size() > static_cast<int>(limits::kMaxGrantsPerCall)) {
    return InputError("TOO_MANY", "the call has no grant, or too many");
  }
  for (const auto& grant : request.grants()) {
    PALERMO_ASSIGN_OR_RETURN(v1::GrantStatement statement,
                             trust::VerifyGrant(grant, directory, now, AccessFor(grant, accesses)));
    if (statement.granted_by() != officer) {
      return Refused("WRONG_SENDER", "a grant is brought by the officer who signed it");
    }
    statements->push_back(std::move(statement));
  }
  return absl::OkStatus();
}

// In the committer: the directory and the break-glass statements may have changed meanwhile.
absl::Status CheckAgain(const Tx& tx, const std::string& officer,
                        const v1::PutGrantsRequest& request, const trust::TrustPtr& view,
                        const std::vector<v1::GrantStatement>& statements) {
  bool by_access = false;
  for (const v1::GrantStatement& statement : statements) {
    by_access = by_access || !statement.break_glass_sha256().empty();
    PALERMO_ASSIGN_OR_RETURN(auto destroyed,
                             tx.Get(keys::DestroyedKey(statement.authority(), statement.key_id())));
    if (destroyed.has_value()) {
      return WrongState("KEY_DESTROYED", Cat({"this version of the key of ", statement.authority(),
                                              " was destroyed; nobody is granted it any more"}));
    }
  }
  if (view == tx.trust() && !by_access) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Access> accesses, LoadAccesses(tx, ""));
  std::vector<v1::GrantStatement> again;
  return CheckGrants(officer, request, *directory, accesses, tx.now(), &again);
}

absl::StatusOr<uint64_t> SaveGrants(Tx& tx, const std::string& officer,
                                    const v1::PutGrantsRequest& request,
                                    const std::vector<v1::GrantStatement>& statements) {
  uint64_t index = 0;
  for (size_t i = 0; i < statements.size(); ++i) {
    const v1::GrantStatement& statement = statements[i];
    tx.Save(keys::Grant(statement.authority(), statement.key_id(), statement.officer(),
                        statement.granted_by()),
            request.grants(static_cast<int>(i)));
    v1::Record record;
    record.set_kind(v1::RecordKind::GRANT);
    record.set_actor(officer);
    record.set_authority(statement.authority());
    record.set_outcome(v1::Outcome::ACCEPTED);
    record.set_document_version(statement.key_version());
    record.set_evidence_sha256(
        std::string(AsView(crypto::Sha256(request.grants(static_cast<int>(i)).statement()))));
    index = tx.Append(record);
  }
  return index;
}

// What `officer` gets: his own grants; all of them when he keeps the keys; those to recovery when
// he signed a break-glass statement that is in force.
bool MayHave(const Officer& officer, const trust::DirectoryIndex& directory,
             const v1::GrantStatement& grant, const std::vector<Access>& accesses) {
  bool own = grant.authority() == officer.authority;
  if (own && trust::KeepsKeys(directory, *officer.entry)) return true;
  if (grant.officer() == officer.id) {
    if (grant.officer_key_id() != officer.entry->sealing_key_id()) return false;
    if (grant.break_glass_sha256().empty()) return own;
    return std::any_of(accesses.begin(), accesses.end(), [&](const Access& one) {
      return one.access.sha256 == grant.break_glass_sha256() && one.access.officer == officer.id;
    });
  }
  if (grant.officer() != trust::kRecoveryOfficer) return false;
  return std::any_of(accesses.begin(), accesses.end(), [&](const Access& one) {
    const auto& signers = one.access.signers;
    return std::count(signers.begin(), signers.end(), officer.id) > 0;
  });
}

absl::StatusOr<v1::GetGrantsResponse> ReadGrants(NodeParts& parts, const Officer& officer,
                                                 const std::string& authority,
                                                 const std::vector<Access>& accesses) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                           officer.view->DirectoryOf(parts.options.state));
  std::vector<std::pair<std::string, v1::Grant>> grants;
  PALERMO_RETURN_IF_ERROR(LoadAll(*parts.options.store, keys::Grants(authority),
                                  limits::kMaxGrantsPerCall * 16, &grants));
  v1::GetGrantsResponse response;
  for (auto& [key, grant] : grants) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    if (MayHave(officer, *directory, statement, accesses)) {
      *response.add_grants() = std::move(grant);
    }
  }
  return response;
}

// The statements in force that concern `authority` and name or were signed by `officer`.
std::vector<Access> AccessesFor(std::vector<Access> all, const Officer& officer,
                                const std::string& authority) {
  std::vector<Access> mine;
  for (Access& one : all) {
    const auto& signers = one.access.signers;
    bool concerned = one.access.officer == officer.id ||
                     std::count(signers.begin(), signers.end(), officer.id) > 0;
    if (concerned && one.access.authority == authority) mine.push_back(std::move(one));
  }
  return mine;
}

}  // namespace

void Node::PutGrants(const Caller& caller, const v1::PutGrantsRequest& request,
                     Reply<v1::PutGrantsResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  absl::Status status = officer.status();
  std::vector<v1::GrantStatement> statements;
  if (status.ok()) {
    absl::Time now = parts_->options.clock->Now();
    auto accesses = LoadAccesses(*parts_->options.store, "", now);
    status = accesses.status();
    if (status.ok()) {
      status =
          CheckGrants(officer->id, request, **officer->view->DirectoryOf(parts_->options.state),
                      *accesses, now, &statements);
    }
  }
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "PutGrants", "", status, reply);
  Commit<uint64_t, v1::PutGrantsResponse>(
      *parts_, {"PutGrants", *officer, "", request.ByteSizeLong() + 1024},
      [request, statements, who = *officer](Tx& tx) -> absl::StatusOr<uint64_t> {
        PALERMO_RETURN_IF_ERROR(CheckAgain(tx, who.id, request, who.view, statements));
        return SaveGrants(tx, who.id, request, statements);
      },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::PutGrantsResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

void Node::GetGrants(const Caller& caller, const v1::GetGrantsRequest& request,
                     Reply<v1::GetGrantsResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  absl::Status status = officer.status();
  std::vector<Access> accesses;
  if (status.ok()) {
    auto all = LoadAccesses(*parts_->options.store, "", parts_->options.clock->Now());
    status = all.status();
    if (all.ok()) accesses = AccessesFor(*std::move(all), *officer, request.authority());
  }
  bool own = status.ok() && request.authority() == officer->authority;
  if (status.ok() && !own && accesses.empty()) {
    status = Refused("WRONG_ROLE", "an officer fetches the grants of his own authority only");
  }
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "GetGrants", "", status, reply);
  if (own && accesses.empty()) return reply(ReadGrants(*parts_, *officer, request.authority(), {}));
  // By break-glass: the entry comes first, and what is in force then counts.
  auto in_force = std::make_shared<std::vector<Access>>();
  EnterThenRead<v1::GetGrantsResponse>(
      *parts_, {"GetGrants", *officer},
      [authority = request.authority(), who = *officer,
       in_force](Tx& tx) -> absl::StatusOr<uint64_t> {
        PALERMO_ASSIGN_OR_RETURN(std::vector<Access> all, LoadAccesses(tx, ""));
        *in_force = AccessesFor(std::move(all), who, authority);
        if (in_force->empty()) {
          return Refused("NO_BREAK_GLASS", "the break-glass statement has ended");
        }
        v1::Record record = UseRecord(in_force->front(), who.id);
        record.set_method("GetGrants");
        return tx.Append(record);
      },
      [this, who = *officer, in_force, authority = request.authority()] {
        return ReadGrants(*parts_, who, authority, *in_force);
      },
      std::move(reply));
}

}  // namespace palermo::exchange
