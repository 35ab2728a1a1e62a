#include "node/cli/record_words.h"

#include <map>

namespace palermo::cli {

const char* KindMeaning(v1::RecordKind::Code kind) {
  static const auto* words = new std::map<v1::RecordKind::Code, const char*>{
      {v1::RecordKind::START, "first entry of this ledger"},
      {v1::RecordKind::DRAFT, "an officer handed in a signed draft"},
      {v1::RecordKind::APPROVE, "an officer approved a draft"},
      {v1::RecordKind::SUBMISSION, "a message was admitted here and goes out"},
      {v1::RecordKind::DELIVERY, "a message came in: taken over here, or refused"},
      {v1::RecordKind::RELAY,
       "a message that went out: the peer's node took it over, or refused it"},
      {v1::RecordKind::RETRIEVAL, "an officer here opened a message that came in, or could not"},
      {v1::RecordKind::RETRIEVAL_NOTED, "the peer told that its officer opened it, or could not"},
      {v1::RecordKind::READ, "an officer fetched a message"},
      {v1::RecordKind::EXPIRY, "a message that went out ran out of time"},
      {v1::RecordKind::EXPIRY_NOTED, "the peer told that its message ran out of time"},
      {v1::RecordKind::DRAFT_DROPPED, "a draft was dropped"},
      {v1::RecordKind::ROSTER, "a roster was taken over"},
      {v1::RecordKind::CHARTER, "a charter was taken over"},
      {v1::RecordKind::DIRECTORY, "a directory was taken over"},
      {v1::RecordKind::GRANT, "a sealing key was granted to an officer or to recovery"},
      {v1::RecordKind::AUDIT_READ, "an auditor read the ledger"},
      {v1::RecordKind::REFUSED_CALL, "a call that role, key or content did not allow"},
      {v1::RecordKind::PEER_FAULT, "a peer broke the protocol, or showed a fork"},
      {v1::RecordKind::EXPORT, "data were exported"},
      {v1::RecordKind::BREAK_GLASS, "two officers gave one access for a time"},
      {v1::RecordKind::BREAK_GLASS_USED, "a use of such access"},
      {v1::RecordKind::BREAK_GLASS_ENDED, "such access ended before its time"},
      {v1::RecordKind::REWRAP, "a message was sealed to a newer key version too"},
      {v1::RecordKind::KEY_DESTROYED, "a version of a sealing key is destroyed"},
      {v1::RecordKind::NOTICE_ACKNOWLEDGED, "an auditor acknowledged an entry"},
      {v1::RecordKind::COMPARTMENT_OPENED, "a sealed identity was opened"},
      {v1::RecordKind::CONFIRMATION, "a second approver confirmed what went in an emergency"},
      {v1::RecordKind::CONFIRMATION_NOTED, "the peer told of such a confirmation"},
      {v1::RecordKind::CONFIRMATION_MISSING, "nobody confirmed an emergency in time"},
      {v1::RecordKind::ROSTER_WAITING, "a roster changes root keys and waits for a confirmation"},
      {v1::RecordKind::ROOT_CONFIRMED, "an administrator confirmed the new root keys of a state"},
  };
  auto it = words->find(kind);
  return it == words->end() ? "" : it->second;
}

}  // namespace palermo::cli
