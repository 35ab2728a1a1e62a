#include "node/cli/opening_support.h"

#include <algorithm>
#include <iterator>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/cli/output.h"
#include "node/cli/statement_files.h"
#include "node/desk/verification.h"
#include "node/trust/compartment.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"

namespace palermo::cli {

std::string DescribeOpening(const v1::CompartmentOpening& body) {
  const std::string what =
      body.operation_record().empty()
          ? Cat({"compartment ", std::to_string(body.compartment()), " of message "})
          : Cat({"record ", body.operation_record(), " of a joint operation, in message "});
  return Cat({"  ", body.officer(), " opens ", what, IdText(body.message_id()), "\n  for ",
              body.authority(), ", until ", TimeText(body.to_ms()), "; reason ",
              v1::OpeningReason::Code_Name(body.reason()), "\n"});
}

absl::StatusOr<v1::OpeningReason::Code> OpeningReasonFrom(const std::string& word) {
  v1::OpeningReason::Code reason{};
  if (!v1::OpeningReason::Code_Parse(word, &reason) || reason == v1::OpeningReason::UNSPECIFIED) {
    return UsageError(Cat({"--reason is one of ", kOpeningReasons}));
  }
  return reason;
}

absl::StatusOr<std::string> AskForOpening(Session& session, v1::CompartmentOpening body,
                                          const std::string& file, const std::string& open_command,
                                          Context& context) {
  const int64_t now_ms = ToMillis(context.clock->Now());
  body.set_format(1);
  body.set_authority(session.authority());
  body.set_officer(session.keys.officer);
  body.set_from_ms(now_ms);
  body.set_to_ms(now_ms + limits::kMaxOpeningMillis);
  body.set_nonce(context.random->Bytes(16));
  v1::SignedStatement statement;
  statement.set_statement(trust::StrictSerialize(body));
  PALERMO_RETURN_IF_ERROR(trust::SignStatement(
      crypto::Purpose::kCompartmentOpening, session.keys.officer, *session.keys.sign, &statement));
  PALERMO_RETURN_IF_ERROR(WriteStatement(file, statement));
  const std::string next =
      body.reason() == v1::OpeningReason::DANGER_TO_LIFE
          ? Cat({"Life is in danger, so you may open it alone; the auditors are told:\n  ",
                 open_command, "\n"})
          : Cat({"A second officer of your authority, another person, who is approver or "
                 "custodian, signs it:\n  palermo compartment approve ",
                 file, "\n"});
  return Cat({"You signed:\n", DescribeOpening(body), next});
}

absl::Status WithOpeningRule(const absl::Status& status) {
  constexpr std::string_view kKept[] = {"WRONG_ROLE", "TOO_FEW_APPROVALS", "SAME_OFFICER",
                                        "SAME_KEY", "SAME_PERSON"};
  const std::string code = CodeOf(status);
  const bool kept = std::find(std::begin(kKept), std::end(kKept), code) != std::end(kKept);
  return kept ? Annotate(status, "R-HR-10") : status;
}

absl::StatusOr<v1::SignedStatement> ReadOpening(Session& session, const std::string& file,
                                                v1::CompartmentOpening* body, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedStatement statement, ReadStatement(file));
  PALERMO_ASSIGN_OR_RETURN(*body, trust::ParseOpening(statement));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  PALERMO_RETURN_IF_ERROR(
      WithOpeningRule(trust::VerifyOpening(statement, *directory, context.clock->Now()).status()));
  if (body->officer() != session.keys.officer) {
    return Refused(
        "WRONG_SENDER",
        Cat({"the statement is for ", body->officer(), "; make your own: palermo ",
             body->operation_record().empty() ? "compartment request"
                                              : "operation show, with --reason and --out"}));
  }
  return statement;
}

absl::Status CheckEntered(const v1::Record& record, const v1::SignedStatement& statement,
                          const v1::CompartmentOpening& body) {
  if (record.kind() == v1::RecordKind::COMPARTMENT_OPENED &&
      record.message_id() == body.message_id() && record.actor() == body.officer() &&
      record.evidence_sha256() == AsView(crypto::Sha256(statement.statement()))) {
    return absl::OkStatus();
  }
  return Refused("BAD_RECEIPT", "the node's receipt is not of this opening; nothing was opened");
}

absl::StatusOr<int64_t> EnterOpening(Session& session, const v1::SignedStatement& statement,
                                     const v1::CompartmentOpening& body) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, session.OwnDirectory());
  v1::EnterOpeningRequest request;
  *request.mutable_statement() = statement;
  PALERMO_ASSIGN_OR_RETURN(v1::EnterOpeningResponse response, session.node.EnterOpening(request));
  PALERMO_ASSIGN_OR_RETURN(v1::Record record,
                           desk::VerifyReceiptUnderAny(response.receipt(), {directory}));
  PALERMO_RETURN_IF_ERROR(CheckEntered(record, statement, body));
  return static_cast<int64_t>(response.receipt().index());
}

}  // namespace palermo::cli
