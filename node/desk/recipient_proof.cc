#include "node/desk/recipient_proof.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/delivery.h"
#include "node/trust/envelope.h"
#include "node/trust/reason.h"

namespace palermo::desk {
namespace {

bool Accepted(const VerifiedReceipt& receipt) {
  return receipt.record.outcome() == v1::Outcome::ACCEPTED;
}

std::string At(const VerifiedReceipt& receipt) {
  return absl::StrFormat("%s, entry %d of its ledger",
                         FormatInstant(FromMillis(receipt.record.at_ms())), receipt.index);
}

std::string Why(const v1::Record& record) {
  if (record.reason() == v1::Reason::NONE) return "";
  return Cat({" (", v1::Reason::Code_Name(record.reason()), ": ",
              trust::ReasonText(record.reason()), ")"});
}

std::string AnswerText(const RecipientProof& proof) {
  if (proof.delivered()) {
    return Cat({"Delivery to ", proof.state, ": ", At(*proof.answer)});
  }
  if (!proof.answer.has_value()) return Cat({"NO PROOF OF DELIVERY to ", proof.state, " is here"});
  const v1::Record& record = proof.answer->record;
  if (Accepted(*proof.answer) && record.kind() == v1::RecordKind::DELIVERY) {
    return Cat({"NOT DELIVERED to ", proof.state, ": its node took it after the message's end, ",
                FormatInstant(FromMillis(proof.header.expires_at_ms())),
                ", so that it has expired, ", At(*proof.answer)});
  }
  return Cat({"NOT DELIVERED to ", proof.state, ": ", v1::Outcome::Code_Name(record.outcome()),
              Why(record), ", ", At(*proof.answer)});
}

std::string RetrievalText(const RecipientProof& proof) {
  if (!proof.retrieval.has_value()) return Cat({"Opened at ", proof.state, ": not proved here"});
  if (Accepted(*proof.retrieval)) {
    return Cat({"Opened at ", proof.state, ": ", At(*proof.retrieval), ", by ",
                proof.retrieval->record.actor()});
  }
  return Cat({"Not opened at ", proof.state, ": ",
              v1::Outcome::Code_Name(proof.retrieval->record.outcome()),
              Why(proof.retrieval->record), ", ", At(*proof.retrieval)});
}

Json Null() { return Json::Raw("null"); }

}  // namespace

bool RecipientProof::delivered() const {
  return answer.has_value() && casework::IsDelivery(answer->record.kind(), answer->record.outcome(),
                                                    answer->record.at_ms(), header);
}

std::vector<RecipientProof> ProofsOf(const VerifiedMessage& verified) {
  std::vector<RecipientProof> proofs;
  for (const std::string& state : trust::RecipientStates(verified.envelope.header)) {
    RecipientProof proof{state, std::nullopt, std::nullopt, verified.envelope.header};
    for (const VerifiedReceipt& receipt : verified.receipts) {
      if (receipt.state != state) continue;
      const v1::RecordKind::Code kind = receipt.record.kind();
      const bool answers = kind == v1::RecordKind::DELIVERY || kind == v1::RecordKind::EXPIRY_NOTED;
      if (answers && !proof.delivered()) proof.answer = receipt;
      const bool opened = proof.retrieval.has_value() && Accepted(*proof.retrieval);
      if (kind == v1::RecordKind::RETRIEVAL && !opened) proof.retrieval = receipt;
    }
    proofs.push_back(std::move(proof));
  }
  return proofs;
}

std::vector<std::string> NotDelivered(const std::vector<RecipientProof>& proofs) {
  std::vector<std::string> states;
  for (const RecipientProof& proof : proofs) {
    if (!proof.delivered()) states.push_back(proof.state);
  }
  return states;
}

std::string ProofsText(const std::vector<RecipientProof>& proofs) {
  std::string text;
  for (const RecipientProof& proof : proofs) {
    text += Cat({"  ", AnswerText(proof), "\n"});
    if (proof.delivered() || proof.retrieval.has_value())
      text += Cat({"  ", RetrievalText(proof), "\n"});
  }
  return text;
}

Json ReceiptJson(const VerifiedReceipt& receipt) {
  Json json = Json::Object();
  json.Add("state", receipt.state);
  json.Add("kind", v1::RecordKind::Code_Name(receipt.record.kind()));
  json.Add("outcome", v1::Outcome::Code_Name(receipt.record.outcome()));
  json.Add("reason", v1::Reason::Code_Name(receipt.record.reason()));
  json.Add("at", FormatInstant(FromMillis(receipt.record.at_ms())));
  json.Add("actor", receipt.record.actor());
  json.AddNumber("entry", static_cast<int64_t>(receipt.index));
  return json.Add("ledger", receipt.checkpoint_line);
}

Json ProofsJson(const std::vector<RecipientProof>& proofs) {
  Json list = Json::List();
  for (const RecipientProof& proof : proofs) {
    Json one = Json::Object();
    one.Add("state", proof.state).Add("delivered", proof.delivered());
    one.Add("opened", proof.retrieval.has_value() && Accepted(*proof.retrieval));
    one.Add("answer", proof.answer.has_value() ? ReceiptJson(*proof.answer) : Null());
    one.Add("retrieval", proof.retrieval.has_value() ? ReceiptJson(*proof.retrieval) : Null());
    list.Push(std::move(one));
  }
  return list;
}

void AddRecord(const v1::Record& record, Json& json) {
  json.Add("state", record.state());
  json.Add("kind", v1::RecordKind::Code_Name(record.kind()));
  json.Add("outcome", v1::Outcome::Code_Name(record.outcome()));
  json.Add("reason", v1::Reason::Code_Name(record.reason()));
  json.Add("at", FormatInstant(FromMillis(record.at_ms())));
  json.Add("family", v1::Family::Code_Name(record.family()));
  json.Add("act", v1::Act::Code_Name(record.act()));
  json.Add("authority", record.authority());
}

}  // namespace palermo::desk
