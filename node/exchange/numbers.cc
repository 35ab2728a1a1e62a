#include "node/exchange/numbers.h"

#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/state_code.h"
#include "node/exchange/calls.h"
#include "node/exchange/case_rules.h"
#include "node/exchange/faults.h"
#include "node/exchange/keys.h"
#include "node/exchange/lists.h"
#include "node/exchange/tx.h"
#include "palermo/v1/store.pb.h"

namespace palermo::exchange {
namespace {

// Judges a message that waited for the numbers before it.
absl::Status Release(Tx& tx, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!stored.has_value() || !stored->held()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(const v1::Header header, StoredHeader(stored->header()));
  stored->set_held(false);
  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, header.case_id()));
  absl::StatusOr<casework::Standing> standing = JudgeAct(tx, entry, header);
  if (!standing.ok() && !IsRefusal(standing.status())) return standing.status();
  if (standing.ok()) {
    stored->set_state_after(casework::StateNumber(*standing));
    stored->set_resume_state(casework::ResumeNumber(*standing));
  } else {
    stored->set_illegal(true);
    // What proves it is the message itself, which is kept.
    if (IsFaultOfPeer(standing.status())) {
      PALERMO_RETURN_IF_ERROR(KeepFault(tx, StateOf(header.sender()), stored->index(),
                                        standing.status(), v1::PeerFault()));
    }
  }
  tx.Save(keys::Message(id), *stored);
  // What opens no case, or is of a state that is no party to it, is no act of the case.
  std::string code = CodeOf(standing.status());
  if (!standing.ok() && (entry.acts() == 0 || code == "WRONG_SENDER" || code == "TOO_MANY")) {
    return absl::OkStatus();
  }
  AddAct(tx, header, id, std::move(entry));
  return absl::OkStatus();
}

// No directory has so many authorities: names that a peer makes up use nothing up.
bool IsOneTooMany(const v1::CaseEntry& entry, const std::string& authority) {
  const std::string state = StateOf(authority);
  size_t of_state = 0;
  for (const v1::UsedNumbers& used : entry.used()) {
    if (used.authority() == authority) return false;
    if (StateOf(used.authority()) == state) ++of_state;
  }
  return of_state >= limits::kMaxAuthoritiesPerState;
}

absl::StatusOr<bool> IsHeld(const Tx& tx, const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(auto stored, tx.Load<v1::StoredMessage>(keys::Message(id)));
  if (!stored.has_value() || !stored->held()) return false;
  PALERMO_RETURN_IF_ERROR(StoredHeader(stored->header()).status());
  return true;
}

// What follows the numbers that are used without a gap goes on. A peer may have used any number of
// them beyond, with messages that are refused; the bounds are those of one decision, and what is
// left is marked and goes on in the next. What is damaged in the store is left too, and all that is
// behind it: who came to fill the gap (`fills_gap`) is not at fault, and the decision for the mark
// tells it.
absl::Status ReleaseFrom(Tx& tx, const std::string& case_id, const std::string& sender,
                         v1::CaseEntry entry, bool fills_gap) {
  v1::UsedNumbers& used = UsedBy(entry, sender);
  const std::string mark = keys::Release(case_id, sender);
  std::vector<std::string> released;
  size_t judged = 0;
  bool more = false;
  while (used.beyond() > 0 && !more) {
    const std::string key = keys::NumberUse(case_id, sender, used.whole() + 1);
    auto use = tx.Load<v1::NumberUse>(key);
    if (use.ok() && !use->has_value()) break;
    absl::StatusOr<bool> held = use.ok() ? IsHeld(tx, (*use)->message_id()) : use.status();
    const bool damaged = held.status().code() == absl::StatusCode::kDataLoss;
    if (!held.ok() && !(damaged && (fills_gap || !released.empty()))) return held.status();
    more = damaged || released.size() == limits::kMaxHeldNumbers ||
           (*held && judged == limits::kMaxNumbersJudged);
    if (more) break;
    if (*held) ++judged;
    tx.Delete(key);
    used.set_whole(used.whole() + 1);
    used.set_beyond(used.beyond() - 1);
    released.push_back((*use)->message_id());
  }
  SaveCase(tx, case_id, entry);
  PALERMO_ASSIGN_OR_RETURN(auto marked, tx.Get(mark));
  if (more && !marked.has_value()) tx.Put(mark, "");
  if (!more && marked.has_value()) tx.Delete(mark);
  for (const std::string& waited : released) PALERMO_RETURN_IF_ERROR(Release(tx, waited));
  return absl::OkStatus();
}

}  // namespace

absl::Status UseNumber(Tx& tx, const v1::Header& header, uint64_t number, std::string_view id,
                       uint64_t index) {
  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, header.case_id()));
  if (IsOneTooMany(entry, header.sender())) return absl::OkStatus();
  v1::UsedNumbers& used = UsedBy(entry, header.sender());
  // A number keeps its first use: what comes later for it changes nothing.
  if (number <= used.whole()) return absl::OkStatus();
  auto key_of = [&](uint64_t of) { return keys::NumberUse(header.case_id(), header.sender(), of); };
  if (number > used.whole() + 1) {
    PALERMO_ASSIGN_OR_RETURN(auto known, tx.Get(key_of(number)));
    if (known.has_value()) return absl::OkStatus();
    v1::NumberUse use;
    use.set_message_id(std::string(id));
    use.set_index(index);
    tx.Save(key_of(number), use);
    used.set_beyond(used.beyond() + 1);
  } else {
    used.set_whole(number);
  }
  return ReleaseFrom(tx, header.case_id(), header.sender(), std::move(entry), true);
}

absl::StatusOr<std::optional<std::string>> NextRelease(const storage::KvReader& store,
                                                       const std::string& last) {
  std::optional<std::string> next;
  auto take = [&](std::string_view key, std::string_view) {
    next = std::string(key.substr(keys::kReleases.size()));
    return false;
  };
  storage::ScanRange all = storage::ScanRange::Prefix(keys::kReleases, 1);
  storage::ScanRange behind = all;
  behind.start = Cat({keys::kReleases, last, std::string_view("\0", 1)});
  PALERMO_RETURN_IF_ERROR(store.Scan(behind, take));
  if (!next.has_value()) PALERMO_RETURN_IF_ERROR(store.Scan(all, take));
  return next;
}

absl::Status DecideRelease(Tx& tx, const std::string& mark) {
  if (mark.size() <= keys::kCaseIdBytes) {
    return Damaged("STORE_DAMAGED", "a mark of what waits in a case names no sender");
  }
  const std::string case_id = mark.substr(0, keys::kCaseIdBytes);
  const std::string sender = mark.substr(keys::kCaseIdBytes);
  PALERMO_ASSIGN_OR_RETURN(auto marked, tx.Get(keys::Release(case_id, sender)));
  if (!marked.has_value()) return absl::OkStatus();  // a delivery did it in the meantime
  PALERMO_ASSIGN_OR_RETURN(v1::CaseEntry entry, LoadCase(tx, case_id));
  return ReleaseFrom(tx, case_id, sender, std::move(entry), false);
}

}  // namespace palermo::exchange
