#include "node/exchange/replay.h"

#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "crypto/checkpoint.h"
#include "crypto/hash.h"
#include "node/exchange/case_rules.h"
#include "node/exchange/delivery.h"
#include "node/exchange/epoch.h"
#include "node/exchange/faults.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/outbox.h"
#include "node/trust/reason.h"
#include "node/trust/receipt.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

constexpr size_t kMostAtOnce = 256;  // messages or cases that one decision looks at

v1::OutboxItem ItemOf(const Tx& tx, v1::OutboxItem::Kind kind, const std::string& id,
                      uint64_t index) {
  v1::OutboxItem item;
  item.set_kind(kind);
  item.set_message_id(id);
  item.set_since_ms(ToMillis(tx.now()));
  item.set_index(index);
  return item;
}

v1::Record NumberRecord(v1::RecordKind::Code kind, const std::string& peer,
                        const std::string& case_id, const std::string& sender) {
  v1::Record record;
  record.set_kind(kind);
  record.set_actor("node");
  record.add_peers(peer);
  record.set_case_id(case_id);
  record.set_authority(sender);
  return record;
}

void AddNumber(v1::Record* record, const std::string& state, uint64_t number) {
  v1::RecipientNumber* one = record->add_numbers();
  one->set_state(state);
  one->set_number(number);
}

// The notice that fills a number, in the queue behind its EXPIRY.
absl::Status Fill(Tx& tx, const std::string& peer, const std::string& id,
                  const std::string& case_id, const std::string& sender, uint64_t number) {
  v1::Record record = NumberRecord(v1::RecordKind::EXPIRY, peer, case_id, sender);
  record.set_message_id(id);
  record.set_outcome(v1::Outcome::EXPIRED);
  record.set_reason(v1::Reason::EXPIRED);
  AddNumber(&record, peer, number);
  const uint64_t index = tx.Append(std::move(record));
  v1::FilledNumber filled;
  filled.set_message_id(id);
  filled.set_case_id(case_id);
  filled.set_sender(sender);
  filled.set_number(number);
  v1::OutboxItem item = ItemOf(tx, v1::OutboxItem::FILLED, id, index);
  item.set_payload(filled.SerializeAsString());
  return AddToOutbox(tx, peer, false, index, item).status();
}

// The answer is lost at the peer: it gets the message, or the notice in its place, once more.
absl::Status SendAgain(Tx& tx, const std::string& peer, const std::string& id,
                       const v1::StoredMessage& message, const v1::DeliveryStatus& status) {
  PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message.header()));
  PALERMO_ASSIGN_OR_RETURN(v1::Record answer, trust::ParseRecord(status.answer().record()));
  if (answer.kind() != v1::RecordKind::DELIVERY) {
    return Fill(tx, peer, id, header.case_id(), header.sender(), status.number());
  }
  v1::Record record = NumberRecord(v1::RecordKind::RELAY, peer, header.case_id(), header.sender());
  record.set_message_id(id);
  record.set_family(header.family());
  record.set_act(header.act());
  record.set_outcome(v1::Outcome::PENDING);
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(status.answer().record()))));
  const uint64_t index = tx.Append(std::move(record));
  const bool emergency = header.urgency() == v1::Urgency::EMERGENCY_LIFE;
  return AddToOutbox(tx, peer, emergency, index, ItemOf(tx, v1::OutboxItem::PARCEL, id, index))
      .status();
}

// Of a message of the peer: what the retrieval told, in case that is lost; nothing of a message
// that the peer itself lost.
absl::Status TellRetrievalAgain(Tx& tx, const std::string& peer, const std::string& id,
                                const v1::StoredMessage& message, const v1::Header& header) {
  if (message.retrieval_index() == 0) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto waits, FindInOutbox(tx, peer, message.retrieval_index()));
  if (IsLost(*tx.trust(), peer, message.submission().checkpoint(), message.submission().index())) {
    return waits.has_value() ? RemoveFromOutbox(tx, peer, *waits) : absl::OkStatus();
  }
  PALERMO_ASSIGN_OR_RETURN(auto retrieval, tx.Load<v1::SignedRetrieval>(keys::Retrieval(id)));
  if (waits.has_value() || !retrieval.has_value()) return absl::OkStatus();
  v1::PeerNotice notice;
  notice.set_message_id(id);
  *notice.mutable_retrieval() = *std::move(retrieval);
  v1::OutboxItem item = ItemOf(tx, v1::OutboxItem::NOTICE, id, message.retrieval_index());
  item.set_payload(notice.SerializeAsString());
  const bool emergency = header.urgency() == v1::Urgency::EMERGENCY_LIFE;
  return AddToOutbox(tx, peer, emergency, message.retrieval_index(), item).status();
}

absl::Status ReplayMessage(Tx& tx, const std::string& peer, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!message.has_value()) return absl::OkStatus();
  if (message->incoming()) {
    PALERMO_ASSIGN_OR_RETURN(v1::Header header, StoredHeader(message->header()));
    if (StateOf(header.sender()) != peer) return absl::OkStatus();
    return TellRetrievalAgain(tx, peer, id, *message, header);
  }
  PALERMO_ASSIGN_OR_RETURN(auto status, LoadDelivery(tx, id, *message, peer));
  if (!status.has_value() || !status->has_answer()) return absl::OkStatus();
  if (!IsLost(*tx.trust(), peer, status->answer().checkpoint(), status->answer().index())) {
    return absl::OkStatus();
  }
  return SendAgain(tx, peer, id, *message, *status);
}

absl::Status ReplayMessages(Tx& tx, const storage::KvReader& store, const std::string& peer,
                            v1::StoredReplay* replay) {
  std::vector<ListItem> items;
  const std::string after = replay->next_index() == 0 ? "" : BigEndian64(replay->next_index() - 1);
  PALERMO_RETURN_IF_ERROR(ScanListing(store, after, [&](const ListItem& item) {
    items.push_back(item);
    return items.size() < kMostAtOnce;
  }));
  for (const ListItem& item : items) {
    PALERMO_RETURN_IF_ERROR(ReplayMessage(tx, peer, item.id));
    replay->set_next_index(item.number + 1);
  }
  replay->set_messages_done(items.size() < kMostAtOnce);
  return absl::OkStatus();
}

// How far the numbers of one of the peer's authorities are used in the case, and which are not.
absl::Status TellUsed(Tx& tx, const std::string& peer, const std::string& case_id,
                      const v1::UsedNumbers& used) {
  v1::UsedNumber told;
  told.set_case_id(case_id);
  told.set_sender(used.authority());
  told.set_number(used.whole());
  if (used.beyond() > 0) {
    const std::string prefix =
        Cat({"c/", case_id, "u", used.authority(), std::string_view("\0", 1)});
    PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(
        prefix, limits::kMaxHeldNumbers, [&](const std::string& key, const std::string&) {
          const uint64_t number = ReadBigEndian64(std::string_view(key).substr(prefix.size(), 8));
          // More than that nobody fills.
          if (number - used.whole() > 2 * limits::kMaxHeldNumbers) return false;
          for (uint64_t gap = told.number() + 1; gap < number; ++gap) told.add_missing(gap);
          told.set_number(number);
          return true;
        }));
  }
  if (told.number() == 0) return absl::OkStatus();
  v1::Record record = NumberRecord(v1::RecordKind::NUMBER_NOTED, peer, case_id, used.authority());
  record.set_outcome(v1::Outcome::ACCEPTED);
  AddNumber(&record, tx.state(), told.number());
  const uint64_t index = tx.Append(std::move(record));
  v1::OutboxItem item = ItemOf(tx, v1::OutboxItem::USED, "", index);
  item.set_payload(told.SerializeAsString());
  return AddToOutbox(tx, peer, false, index, item).status();
}

absl::Status ReplayCases(Tx& tx, const storage::KvReader& store, const std::string& peer,
                         v1::StoredReplay* replay, bool* more) {
  std::vector<std::string> cases;
  storage::ScanRange range = storage::ScanRange::Prefix("c/");
  if (!replay->last_case().empty()) range.start = Cat({"c/", replay->last_case(), "f"});
  PALERMO_RETURN_IF_ERROR(store.Scan(range, [&](std::string_view key, std::string_view) {
    if (key.size() == 2 + keys::kCaseIdBytes + 1 && key.back() == 'e') {
      cases.emplace_back(key.substr(2, keys::kCaseIdBytes));
    }
    return cases.size() < kMostAtOnce;
  }));
  for (const std::string& case_id : cases) {
    PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, case_id));
    for (const v1::UsedNumbers& used : entry.used()) {
      if (StateOf(used.authority()) != peer) continue;
      PALERMO_RETURN_IF_ERROR(TellUsed(tx, peer, case_id, used));
    }
    replay->set_last_case(case_id);
  }
  *more = cases.size() == kMostAtOnce;
  return absl::OkStatus();
}

// Of a number that nobody's message has any more: of this number, and of no message.
std::string IdOfLost(const std::string& case_id, const std::string& sender, const std::string& peer,
                     uint64_t number) {
  return std::string(
      AsView(crypto::Sha256(Cat({"palermo/v1/lost-number", std::string_view("\0", 1), case_id,
                                 sender, "\n", peer, BigEndian64(number)}))));
}

absl::Status JudgeUsed(const Tx& tx, const v1::UsedNumber& used, uint64_t given) {
  if (!FormerInForce(tx.state(), *tx.trust()).has_value()) {
    return Refused("BAD_FRAME", "no entry of this ledger was lost, and nobody asked for numbers");
  }
  if (used.number() <= given || used.number() - given <= limits::kMaxHeldNumbers) {
    return absl::OkStatus();
  }
  return Refused("WRONG_NUMBER", "the peer says that it has a number far beyond what was given");
}

}  // namespace

absl::StatusOr<std::optional<std::string>> NextReplay(const storage::KvReader& store) {
  std::optional<std::string> next;
  PALERMO_RETURN_IF_ERROR(store.Scan(storage::ScanRange::Prefix(keys::kReplays, 1),
                                     [&](std::string_view key, std::string_view) {
                                       next = std::string(key.substr(keys::kReplays.size()));
                                       return false;
                                     }));
  return next;
}

absl::Status CheckReplayed(const storage::KvReader& store, const std::string& peer) {
  PALERMO_ASSIGN_OR_RETURN(auto replay, store.Get(keys::Replay(peer)));
  if (!replay.has_value()) return absl::OkStatus();
  return TryLater("KEY_CHANGED", Cat({"what ", peer,
                                      " lost is put into its outbox again first; "
                                      "dial again"}));
}

absl::Status DecideReplay(Tx& tx, const storage::KvReader& store, const std::string& peer) {
  PALERMO_ASSIGN_OR_RETURN(auto replay, tx.Load<v1::StoredReplay>(keys::Replay(peer)));
  if (!replay.has_value()) return absl::OkStatus();
  bool more = true;
  if (replay->messages_done()) {
    PALERMO_RETURN_IF_ERROR(ReplayCases(tx, store, peer, &*replay, &more));
  } else {
    PALERMO_RETURN_IF_ERROR(ReplayMessages(tx, store, peer, &*replay));
  }
  if (more) {
    tx.Save(keys::Replay(peer), *replay);
  } else {
    tx.Delete(keys::Replay(peer));
  }
  return absl::OkStatus();
}

namespace {

void ReplayNext(NodeParts& parts);

absl::StatusOr<bool> EnqueueReplay(NodeParts& parts) {
  PALERMO_ASSIGN_OR_RETURN(auto peer, NextReplay(*parts.options.store));
  if (!peer.has_value()) return false;
  Decision decision;
  decision.decide = [&parts, peer = *peer](Tx& tx) {
    return DecideReplay(tx, *parts.options.store, peer);
  };
  decision.done = [&parts, peer = *peer](const absl::Status& status, const CommittedPtr&) {
    if (status.ok()) return ReplayNext(parts);
    if (status.code() == absl::StatusCode::kDataLoss) {
      parts.TellOnce(Cat({"replay ", peer}),
                     Annotate(status, Cat({"what ", peer, " lost cannot be sent again"})));
    }
    absl::MutexLock lock(&parts.mu);
    parts.replaying = false;
  };
  PALERMO_RETURN_IF_ERROR(parts.committer->Enqueue(std::move(decision)));
  return true;
}

void ReplayNext(NodeParts& parts) {
  if (EnqueueReplay(parts).value_or(false)) return;
  absl::MutexLock lock(&parts.mu);
  parts.replaying = false;
}

}  // namespace

void StartReplaying(NodeParts& parts) {
  {
    absl::MutexLock lock(&parts.mu);
    if (parts.replaying) return;
    parts.replaying = true;
  }
  ReplayNext(parts);
}

absl::StatusOr<std::optional<v1::Record>> FormerAnswer(const Tx& tx, const std::string& peer,
                                                       const VerifiedParcel& parcel) {
  std::optional<v1::Record> none;
  const auto former = FormerInForce(tx.state(), *tx.trust());
  if (!parcel.receipt_ok || !parcel.parcel.has_former_answer() || !former.has_value()) return none;
  const v1::Receipt& receipt = parcel.parcel.former_answer();
  std::optional<crypto::Checkpoint> checkpoint;
  PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(
      std::string(keys::kFormerKeys), kMostAtOnce,
      [&](const std::string&, const std::string& kept) {
        auto key = crypto::PublicKeyFrom(std::string_view(kept).substr(0, 32));
        if (!key.ok()) return true;
        auto verified = crypto::VerifyCheckpoint(receipt.checkpoint(), former->origin(), *key);
        if (verified.ok()) checkpoint = *std::move(verified);
        return !checkpoint.has_value();
      }));
  if (!checkpoint.has_value()) return none;
  auto record = trust::VerifyReceiptUnder(receipt, *checkpoint, tx.state());
  if (!record.ok() || record->kind() != v1::RecordKind::DELIVERY ||
      record->message_id() != AsView(parcel.parsed.message_id) || record->peers_size() != 1 ||
      record->peers(0) != peer || receipt.index() < former->kept()) {
    return none;
  }
  return std::optional<v1::Record>(*std::move(record));
}

absl::Status VerifyUsed(const v1::UsedNumber& used, const std::string& own_state,
                        const std::string& peer, const crypto::Checkpoint& checkpoint) {
  if (!IsAuthorityId(used.sender()) || StateOf(used.sender()) != own_state ||
      used.case_id().size() != keys::kCaseIdBytes) {
    return Refused("WRONG_SENDER", "the peer tells of numbers of another state than this one");
  }
  uint64_t last = 0;
  for (uint64_t missing : used.missing()) {
    if (missing <= last || missing >= used.number()) {
      return Refused("BAD_FRAME", "the numbers that are missing are not in order");
    }
    last = missing;
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Record record,
                           trust::VerifyReceiptUnder(used.receipt(), checkpoint, peer));
  if (record.kind() != v1::RecordKind::NUMBER_NOTED || record.case_id() != used.case_id() ||
      record.authority() != used.sender() || used.number() == 0 ||
      trust::NumberFor(record, peer) != used.number()) {
    return Refused("BAD_RECEIPT", "the receipt is not of this number");
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> DecideUsed(Tx& tx, const std::string& peer, const v1::UsedNumber& used,
                                    const absl::Status& verified) {
  absl::Status judged = verified;
  v1::CaseEntry entry;
  uint64_t given = 0;
  if (judged.ok()) {
    PALERMO_ASSIGN_OR_RETURN(entry, LoadCase(tx, used.case_id()));
    given = GivenBy(entry, used.sender(), peer).number();
    judged = JudgeUsed(tx, used, given);
  }
  if (!judged.ok()) {
    ++tx.tally().refused;
    v1::Record record;
    record.set_kind(v1::RecordKind::PEER_FAULT);
    record.set_actor("node");
    record.add_peers(peer);
    record.set_outcome(v1::Outcome::REJECTED);
    record.set_reason(trust::ReasonOf(judged));
    const uint64_t index = tx.Append(std::move(record));
    PALERMO_RETURN_IF_ERROR(KeepFault(tx, peer, index, judged, v1::PeerFault()));
    return index;
  }
  if (used.number() > given) {
    GivenBy(entry, used.sender(), peer).set_number(used.number());
    SaveCase(tx, used.case_id(), entry);
    for (uint64_t missing : used.missing()) {
      if (missing <= given) continue;  // it is here, and on its way
      PALERMO_RETURN_IF_ERROR(Fill(tx, peer, IdOfLost(used.case_id(), used.sender(), peer, missing),
                                   used.case_id(), used.sender(), missing));
    }
  }
  v1::Record record =
      NumberRecord(v1::RecordKind::NUMBER_NOTED, peer, used.case_id(), used.sender());
  record.set_outcome(v1::Outcome::ACCEPTED);
  AddNumber(&record, peer, used.number());
  record.set_evidence_sha256(std::string(AsView(crypto::Sha256(used.receipt().record()))));
  return tx.Append(std::move(record));
}

bool FillsLost(const v1::OutboxItem& item, const std::string& peer) {
  v1::FilledNumber filled;
  return item.kind() == v1::OutboxItem::FILLED && filled.ParseFromString(item.payload()) &&
         filled.message_id() == IdOfLost(filled.case_id(), filled.sender(), peer, filled.number());
}

}  // namespace palermo::exchange
