// The facade's calls for grants of sealing keys. The node keeps them and cannot open them.
#include "base/limits.h"
#include "crypto/hash.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "node/trust/grant.h"

namespace palermo::exchange {
namespace {

using Role = v1::Role;

absl::Status CheckGrants(const Officer& officer, const v1::PutGrantsRequest& request,
                         const trust::DirectoryIndex& directory, absl::Time now,
                         std::vector<v1::GrantStatement>* statements) {
  if (request.grants().empty() ||
      request.grants_size() > static_cast<int>(limits::kMaxGrantsPerCall)) {
    return InputError("TOO_MANY", "the call has no grant, or too many");
  }
  for (const auto& grant : request.grants()) {
    PALERMO_ASSIGN_OR_RETURN(v1::GrantStatement statement,
                             trust::VerifyGrant(grant, directory, now));
    if (statement.authority() != officer.authority) {
      return Refused("WRONG_SENDER", "a grant is of another authority than the caller's");
    }
    if (statement.granted_by() != officer.id) {
      return Refused("WRONG_SENDER", "a grant is brought by the officer who signed it");
    }
    statements->push_back(std::move(statement));
  }
  return absl::OkStatus();
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

}  // namespace

void Node::PutGrants(const Caller& caller, const v1::PutGrantsRequest& request,
                     Reply<v1::PutGrantsResponse> reply) {
  auto officer =
      FindOfficer(*parts_, caller, {Role::CUSTODIAN, Role::APPROVER, Role::ADMINISTRATOR});
  absl::Status status = officer.status();
  std::vector<v1::GrantStatement> statements;
  if (status.ok()) {
    status = CheckGrants(*officer, request, **officer->view->DirectoryOf(parts_->options.state),
                         parts_->options.clock->Now(), &statements);
  }
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "PutGrants", "", status, reply);
  Commit<uint64_t, v1::PutGrantsResponse>(
      *parts_, {"PutGrants", officer->id, ""},
      [request, statements, officer_id = officer->id](Tx& tx) -> absl::StatusOr<uint64_t> {
        return SaveGrants(tx, officer_id, request, statements);
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
  if (status.ok() && request.authority() != officer->authority) {
    status = Refused("WRONG_ROLE", "an officer fetches the grants of his own authority only");
  }
  if (!status.ok()) return AnswerRefusal(*parts_, caller, "GetGrants", "", status, reply);
  std::vector<std::pair<std::string, v1::Grant>> grants;
  status = LoadAll(*parts_->options.store, keys::Grants(request.authority()),
                   limits::kMaxGrantsPerCall * 16, &grants);
  if (!status.ok()) return reply(status);
  bool custodian = trust::HasRole(*officer->entry, Role::CUSTODIAN);
  v1::GetGrantsResponse response;
  for (auto& [key, grant] : grants) {
    v1::GrantStatement statement;
    if (!statement.ParseFromString(grant.statement())) continue;
    if (custodian || statement.officer() == officer->id) *response.add_grants() = std::move(grant);
  }
  reply(std::move(response));
}

}  // namespace palermo::exchange
