// Desks of several states that exchange the mails of an operation in memory. For tests.
#ifndef PALERMO_NODE_DESK_TEST_DESKS_H_
#define PALERMO_NODE_DESK_TEST_DESKS_H_

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "tests/support/world.h"

namespace palermo::desk::in_memory {

using testing::Value;
using Names = std::set<std::string>;

inline absl::Time Start() { return *ParseInstant("2026-03-01T09:00:00Z"); }

// All desks; a mail reaches its recipient at once, unless the test holds it back.
class Desks {
 public:
  std::string operation;
  Names cut_off;  // states that get nothing at present
  absl::Time now = Start();

  static std::string Authority(const std::string& state) { return state + "/central"; }

  OperationBook Book(const std::string& state) {
    return Value(BuildOperationBook(operation, state, boxes_[state], true, now));
  }

  // Writes a record on what its state has seen; gives its id.
  std::string Say(const std::string& state, const v1::OperationRecord& content) {
    now += absl::Minutes(1);
    return Enter(state, WriteRecord(Book(state), content, now));
  }
  // A record that waits for an approval, as `operation vote` and the like leave it; gives the
  // draft.
  std::string Draft(const std::string& state, const v1::OperationRecord& content, const Names& to) {
    now += absl::Minutes(1);
    std::vector<OperationCarrier> carriers = boxes_[state];
    const OperationBook book =
        Value(BookToWriteOn(operation, state, carriers, content.has_abort(), now));
    OperationCarrier draft;
    draft.message = NewMessage();
    draft.sender = Authority(state);
    draft.drafter = Authority(state) + "/o-0001";
    draft.made = draft.at = now;
    draft.pending = true;
    draft.mail.set_operation(operation);
    *draft.mail.add_records() = WriteRecord(book, content, now);
    for (const std::string& one : to) draft.to.push_back(Authority(one));
    boxes_[state].push_back(draft);
    return draft.message;
  }
  // As `operation approve` does it; gives the code.
  std::string Approve(const std::string& state, const std::string& message) {
    const auto sent = Value(BuildOperationBook(operation, state, boxes_[state], false, now));
    for (OperationCarrier& draft : boxes_[state]) {
      if (draft.message != message) continue;
      absl::Status status = CheckOwnChain(sent, Book(state), draft.mail);
      if (status.ok()) status = CheckDraft(Book(state), draft, now);
      if (!status.ok()) return CodeOf(status);
      draft.pending = false;
      for (const std::string& to : draft.to) boxes_[StateOf(to)].push_back(draft);
      return "OK";
    }
    return "none";
  }
  void Drop(const std::string& state, const std::string& message) {
    std::erase_if(boxes_[state],
                  [&](const OperationCarrier& mail) { return mail.message == message; });
  }
  std::vector<OperationCarrier> Box(const std::string& state) { return boxes_[state]; }
  // A record as it is, sent to these states only; empty: to all who may have it.
  std::string Enter(const std::string& state, const v1::OperationRecord& record,
                    const Names& only = {}, const OverriddenFindings& answered = {}) {
    OperationCarrier made;
    made.answered = answered;
    made.message = NewMessage();
    made.sender = Authority(state);
    made.made = made.at = now;
    const std::string id = OperationRecordId(state, record);
    if (operation.empty()) operation = id;
    made.mail.set_operation(operation);
    *made.mail.add_records() = record;
    for (const std::string& to : only) {
      made.to.push_back(Authority(to));
      boxes_[to].push_back(made);
    }
    boxes_[state].push_back(made);
    if (only.empty()) Sync(state, false);
    return id;
  }
  // A mail of anybody reaches this state.
  void Put(const std::string& state, const OperationCarrier& mail) {
    boxes_[state].push_back(mail);
  }
  void Sync(const std::string& state, bool ask) {
    for (OperationOutgoing& out : Value(PlanOperationMails(Book(state), ask, now))) {
      OperationCarrier mail;
      mail.message = NewMessage();
      mail.sender = Authority(state);
      mail.to = {out.authority};
      mail.made = mail.at = now;
      mail.mail = out.mail;
      mail.answered = out.answered;
      boxes_[state].push_back(mail);
      std::vector<OperationCarrier>& box =
          cut_off.count(out.state) != 0 ? held_[out.state] : boxes_[out.state];
      box.push_back(mail);
      for (const std::string& message : out.relays) {
        relays.emplace_back(state, out.state);
        for (OperationCarrier inner : boxes_[state]) {
          // As a node does: it has only what was sent to it.
          if (inner.message != message || !inner.relayed_by.empty()) continue;
          inner.relayed_by = state;
          box.push_back(inner);
          break;
        }
      }
    }
  }
  void Reconnect(const std::string& state) {
    cut_off.erase(state);
    for (OperationCarrier& mail : held_[state]) boxes_[state].push_back(std::move(mail));
    held_[state].clear();
  }
  // The node of `to` refused all that `from` sent it.
  void Refuse(const std::string& from, const std::string& to) {
    for (OperationCarrier& mail : boxes_[from]) mail.undelivered.insert(to);
    boxes_[to].erase(std::remove_if(boxes_[to].begin(), boxes_[to].end(),
                                    [&](const OperationCarrier& mail) {
                                      return mail.sender == Authority(from);
                                    }),
                     boxes_[to].end());
  }
  // Until nobody has anything to say; with a bound.
  void Settle(const Names& states) {
    for (int round = 0; round < 6; ++round) {
      now += absl::Minutes(1);
      for (const std::string& state : states) Sync(state, true);
    }
  }
  Names Have(const std::string& state) {
    Names ids;
    for (const auto& r : Book(state).records) ids.insert(r.id);
    return ids;
  }
  bool HasWhole(const std::string& state, const std::string& id) {
    const OperationBook book = Book(state);
    const auto* r = book.Find(id);
    return r != nullptr && !casework::IsWithheld(r->record);
  }

  std::vector<std::pair<std::string, std::string>> relays;  // who, to whom

 private:
  std::string NewMessage() { return absl::StrFormat("%064x", ++messages_); }

  int messages_ = 0;
  std::map<std::string, std::vector<OperationCarrier>> boxes_, held_;
};

inline v1::OperationRecord Agreement(const std::vector<std::string>& states) {
  v1::OperationRecord r;
  for (const std::string& state : states) {
    auto& party = *r.mutable_agreement()->add_parties();
    party.set_state(state);
    party.set_authority(Desks::Authority(state));
  }
  r.mutable_agreement()->mutable_decisions()->set_least_go(1);
  r.mutable_agreement()->mutable_period()->set_to("2026-12-31");
  return r;
}
inline v1::OperationRecord Text(const std::string& text) {
  v1::OperationRecord r;
  r.mutable_situation()->set_text(text);
  return r;
}
inline v1::OperationRecord Consent(const std::string& subject) {
  v1::OperationRecord r;
  r.mutable_consent()->set_subject(subject);
  return r;
}

inline Desks Founded(const std::vector<std::string>& states, const std::string& otherwise = "") {
  Desks desks;
  v1::OperationRecord agreement = Agreement(states);
  if (!otherwise.empty()) {
    agreement.mutable_agreement()->mutable_decisions()->set_otherwise(otherwise);
  }
  desks.Say(states[0], agreement);
  for (size_t i = 1; i < states.size(); ++i) {
    v1::OperationRecord r;
    r.mutable_signature()->set_agreement(desks.operation);
    desks.Say(states[i], r);
  }
  return desks;
}
// A member proposes it, and the others consent.
inline void Invite(Desks& desks, const std::string& state,
                   const std::vector<std::string>& members) {
  v1::OperationRecord r;
  r.mutable_admission()->set_state(state);
  r.mutable_admission()->set_authority(Desks::Authority(state));
  auto& basis = *r.mutable_admission()->add_basis();
  basis.set_pair("default");
  basis.set_basis("UNTOC 19");
  const std::string admission = desks.Say(members[0], r);
  for (size_t i = 1; i < members.size(); ++i) desks.Say(members[i], Consent(admission));
  for (const std::string& member : members) desks.Sync(member, false);
}
inline void Accept(Desks& desks, const std::string& state) {
  v1::OperationRecord r;
  const OperationBook book = desks.Book(state);
  for (const auto& known : book.records) {
    if (known.record.has_admission()) r.mutable_accession()->set_admission(known.id);
  }
  r.mutable_accession()->set_agreement(book.state.agreement);
  desks.Say(state, r);
}
inline void Join(Desks& desks, const std::string& state, const std::vector<std::string>& members) {
  Invite(desks, state, members);
  Accept(desks, state);
}

}  // namespace palermo::desk::in_memory

#endif  // PALERMO_NODE_DESK_TEST_DESKS_H_
