#include "node/exchange/compartments.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/exchange/break_glass.h"
#include "node/exchange/calls.h"
#include "node/exchange/keys.h"
#include "node/exchange/node.h"
#include "node/trust/compartment.h"
#include "palermo/v1/compartment.pb.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

// The header of a message that the authority sent or received.
absl::StatusOr<v1::Header> HeaderFor(const Tx& tx, const v1::CompartmentOpening& opening) {
  PALERMO_ASSIGN_OR_RETURN(auto message,
                           tx.Load<v1::StoredMessage>(keys::Message(opening.message_id())));
  v1::Header header;
  if (message.has_value() && header.ParseFromString(message->header())) {
    const auto& recipients = header.recipients();
    if (header.sender() == opening.authority() ||
        std::find(recipients.begin(), recipients.end(), opening.authority()) != recipients.end()) {
      return header;
    }
  }
  return Missing("UNKNOWN_MESSAGE",
                 Cat({"no message with this id was sent or received by ", opening.authority()}));
}

}  // namespace

absl::StatusOr<uint64_t> DecideOpening(Tx& tx, const v1::SignedStatement& statement,
                                       const std::string& caller) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, tx.trust()->DirectoryOf(tx.state()));
  PALERMO_ASSIGN_OR_RETURN(v1::CompartmentOpening opening,
                           trust::VerifyOpening(statement, *directory, tx.now()));
  if (opening.officer() != caller) {
    return Refused("WRONG_SENDER", "the officer who opens a compartment brings the statement");
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, HeaderFor(tx, opening));
  v1::Record record;
  record.set_kind(v1::RecordKind::COMPARTMENT_OPENED);
  record.set_actor(caller);
  record.set_authority(opening.authority());
  record.set_case_id(header.case_id());
  record.set_message_id(opening.message_id());
  record.set_family(header.family());
  record.set_outcome(v1::Outcome::ACCEPTED);
  const std::string what = opening.operation_record().empty()
                               ? Cat({" compartment ", std::to_string(opening.compartment())})
                               : Cat({" record ", opening.operation_record()});
  record.set_method(Cat({v1::OpeningReason::Code_Name(opening.reason()), what, " signatures ",
                         std::to_string(statement.signatures_size())}));
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(statement.statement()))));
  const uint64_t index = tx.Append(record);
  if (statement.signatures_size() == 1) AddNotice(tx, index);
  return index;
}

void Node::EnterOpening(const Caller& caller, const v1::EnterOpeningRequest& request,
                        Reply<v1::EnterOpeningResponse> reply) {
  auto officer = FindOfficer(*parts_, caller, {});
  if (!officer.ok()) {
    return AnswerRefusal(*parts_, caller, "EnterOpening", "", officer.status(), reply);
  }
  Commit<uint64_t, v1::EnterOpeningResponse>(
      *parts_, {"EnterOpening", *officer},
      [request, id = officer->id](Tx& tx) { return DecideOpening(tx, request.statement(), id); },
      [this](uint64_t index, const CommittedPtr& committed) {
        v1::EnterOpeningResponse response;
        *response.mutable_receipt() = ReceiptFor(*parts_, index, committed);
        return response;
      },
      std::move(reply));
}

}  // namespace palermo::exchange
