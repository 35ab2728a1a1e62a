// What the members of an operation lack, and may have.
#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/operation/access.h"
#include "node/casework/operation/rules.h"
#include "node/desk/operation_mail.h"
#include "node/trust/envelope.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {
namespace {

using casework::SignedRecord;
using Times = std::map<std::string, absl::Time>;

// What is missing may be on its way.
constexpr absl::Duration kPatience = absl::Minutes(10);

bool Since(const Times& done, const std::string& id, absl::Time asked) {
  const auto found = done.find(id);
  return found != done.end() && found->second >= asked;
}

// Everything in a message of another state.
absl::StatusOr<bool> MayHaveMail(const OperationBook& book, const std::string& message,
                                 const std::string& state, casework::ReadersIndex& readers) {
  const auto carried = book.carried_by.find(message);
  if (carried == book.carried_by.end() || book.passing_on.count(message) != 0) return false;
  for (const std::string& id : carried->second) {
    const SignedRecord* r = book.Find(id);
    if (r == nullptr) return false;
    PALERMO_ASSIGN_OR_RETURN(const bool may, MayHave(book, *r, state, readers));
    if (!may) return false;
  }
  return true;
}

// Who left is told what made it leave.
absl::StatusOr<bool> MayBeTold(const OperationBook& book, const SignedRecord& r,
                               const std::string& state, casework::ReadersIndex& readers) {
  PALERMO_ASSIGN_OR_RETURN(const bool may, MayHave(book, r, state, readers));
  if (may || book.state.departed.count(state) == 0) return may;
  if (!casework::IsMembershipKind(casework::KindOf(r.record))) return false;
  PALERMO_ASSIGN_OR_RETURN(const std::set<std::string> who, readers.Of(r));
  return who.count(state) != 0;
}

// Members, and who may join; for who is no member yet, and knows them only in part, also whoever
// wrote to us.
std::set<std::string> Askable(const OperationBook& book) {
  const auto& s = book.state;
  std::set<std::string> states = s.members;
  states.insert(s.invited.begin(), s.invited.end());
  if (s.members.count(book.own_state) == 0) {
    for (const SignedRecord& r : book.records) {
      const bool wrote_to_us = !r.place_only && book.entries.at(r.id).relayed_by.empty();
      if (wrote_to_us && r.signer == r.record.state() && s.departed.count(r.signer) == 0) {
        states.insert(r.signer);
      }
    }
  }
  states.erase(book.own_state);
  return states;
}

// With what its author said in spite of warnings, for who gets its content.
void AddToMail(const OperationBook& book, const std::string& id, v1::OperationRecord record,
               OperationOutgoing& out) {
  const int index = out.mail.records_size();
  const auto answers = book.answers.find(id);
  if (answers != book.answers.end() && !casework::IsWithheld(record)) {
    for (const v1::OverriddenFinding& entry : answers->second) {
      out.answered.push_back(AnswerInMail(entry, index));
    }
  }
  *out.mail.add_records() = std::move(record);
}

bool OnlyAsks(const v1::OperationMail& mail) {
  return mail.records_size() + mail.places_size() + mail.relayed_size() == 0;
}

// Why the record is given on purpose; "" where it is not.
std::string ReleasedFor(const v1::OperationMail& mail, const std::string& record) {
  for (const v1::ReleasedRecord& one : mail.released()) {
    if (one.record() == record) return one.reason();
  }
  return "";
}

absl::Status CheckRecipient(const OperationBook& book, const OperationCarrier& draft,
                            const std::string& state, casework::ReadersIndex& readers,
                            absl::Time now) {
  const auto& s = book.state;
  // Who joined again has keys of a new membership.
  casework::OperationFacts facts;
  if (s.members.count(state) + s.invited.count(state) == 0) facts.departed = s.departed;
  const auto left = casework::CheckSharing(state, s.epoch, s.epoch, facts, "");
  const auto refused = [&](const std::string& what) {
    const std::string rule = left.empty() ? "" : Cat({left[0].rule, ": ", left[0].what, ". "});
    return Refused("NOT_FOR_RECIPIENT", Cat({rule, what, " is not for ", state,
                                             " as things are now; drop the draft, and write anew "
                                             "what was drafted after it: palermo case drop ",
                                             draft.message}));
  };
  const bool takes_part =
      s.members.count(state) + s.invited.count(state) + s.departed.count(state) != 0;
  if (!takes_part && !(OnlyAsks(draft.mail) && Askable(book).count(state) != 0)) {
    return refused("a mail of this operation");
  }
  for (const v1::OperationRecord& record : draft.mail.records()) {
    if (casework::IsWithheld(record)) continue;
    const std::string id = OperationRecordId(book.own_state, record);
    const SignedRecord* r = book.Find(id);
    if (r == nullptr) return refused(Cat({"record ", id}));
    PALERMO_ASSIGN_OR_RETURN(const bool may, MayBeTold(book, *r, state, readers));
    const std::string why = ReleasedFor(draft.mail, id);
    if (!may && !why.empty()) {
      const Releaser by = {draft.drafter, draft.sender, why};
      PALERMO_RETURN_IF_ERROR(CheckRelease(book, id, state, by, now));
    } else if (!may) {
      return refused(Cat({"record ", id}));
    }
  }
  for (const v1::RelayedMail& relayed : draft.mail.relayed()) {
    v1::FetchMessageResponse message;
    std::string id;
    if (message.ParseFromString(relayed.message())) {
      const auto parsed = trust::ParseEnvelope(message.envelope());
      if (parsed.ok()) id = HexEncode(AsView(parsed->message_id));
    }
    PALERMO_ASSIGN_OR_RETURN(const bool may, MayHaveMail(book, id, state, readers));
    if (!may) return refused(Cat({"the message ", id, " that it passes on"}));
  }
  return absl::OkStatus();
}

class Planner {
 public:
  Planner(const OperationBook& book, bool ask, absl::Time now)
      : book_(book),
        ask_(ask),
        now_(now),
        readers_(book.records, book.state, book.operation, now) {}

  absl::StatusOr<std::vector<OperationOutgoing>> Plan() {
    Readers();
    for (const SignedRecord& r : book_.records) {
      if (r.signer != book_.own_state || r.place_only) continue;
      for (const std::string& state : to_) PALERMO_RETURN_IF_ERROR(GiveOwn(r, state));
    }
    for (const std::string& state : to_) PALERMO_RETURN_IF_ERROR(AnswerAsks(state));
    PALERMO_RETURN_IF_ERROR(AskForMissing());
    std::vector<OperationOutgoing> mails;
    for (auto& [state, list] : out_) {
      for (OperationOutgoing& one : list) mails.push_back(std::move(one));
    }
    return mails;
  }

 private:
  void Readers() {
    to_ = book_.state.members;
    to_.insert(book_.state.invited.begin(), book_.state.invited.end());
    // Who was made to leave is told so.
    to_.insert(book_.state.departed.begin(), book_.state.departed.end());
    to_.erase(book_.own_state);
  }
  const OperationBook::Peer& PeerOf(const std::string& state) const {
    static const auto& nothing = *new OperationBook::Peer;
    const auto found = book_.peers.find(state);
    return found == book_.peers.end() ? nothing : found->second;
  }
  bool HasLeft(const std::string& state) const {
    return book_.state.departed.count(state) != 0 && book_.state.invited.count(state) == 0;
  }

  // The mail to a state that still has room. What is passed on goes in mails of its own: whoever
  // gets the key of a mail opens all that is in it.
  OperationOutgoing& MailTo(const std::string& state, size_t more_bytes, bool relay = false) {
    auto& list = out_[state];
    const bool full =
        list.empty() || list.back().relays.empty() == relay ||
        list.back().mail.ByteSizeLong() + more_bytes > limits::kMaxOperationMailBytes ||
        list.back().mail.records_size() + list.back().mail.places_size() >=
            static_cast<int>(limits::kMaxOperationMailRecords) ||
        list.back().relays.size() >= limits::kMaxRelaysPerMail;
    if (full) {
      list.push_back({state, book_.AuthorityFor(state), {}, {}});
      list.back().mail.set_operation(book_.operation);
    }
    return list.back();
  }

  absl::Status GiveOwn(const SignedRecord& r, const std::string& state) {
    const OperationBook::Peer& peer = PeerOf(state);
    const auto asked = peer.asks.find(r.id);
    const absl::Time since = asked == peer.asks.end() ? absl::InfinitePast() : asked->second;
    if (Since(peer.sent, r.id, since)) return absl::OkStatus();
    PALERMO_ASSIGN_OR_RETURN(bool whole, MayHave(r, state));
    if (HasLeft(state)) {
      // What made it leave, and nothing else.
      const bool tells =
          casework::IsMembershipKind(casework::KindOf(r.record)) && WasReader(r, state);
      if (!tells) return absl::OkStatus();
      whole = true;
    }
    if (!whole && Since(peer.places, r.id, since)) return absl::OkStatus();
    v1::OperationRecord record = whole ? r.record : Withhold(r.record);
    OperationOutgoing& mail = MailTo(state, record.ByteSizeLong());
    AddToMail(book_, r.id, std::move(record), mail);
    return absl::OkStatus();
  }

  bool WasReader(const SignedRecord& r, const std::string& state) {
    const auto readers = readers_.Of(r);
    return readers.ok() && readers->count(state) != 0;
  }
  absl::StatusOr<bool> MayHave(const SignedRecord& r, const std::string& state) {
    return palermo::desk::MayHave(book_, r, state, readers_);
  }

  absl::Status AnswerAsks(const std::string& state) {
    const OperationBook::Peer& peer = PeerOf(state);
    if (HasLeft(state)) return absl::OkStatus();
    for (const auto& [id, at] : peer.asks) {
      const SignedRecord* r = book_.Find(id);
      if (r == nullptr || r->signer == book_.own_state || Since(peer.sent, id, at)) continue;
      PALERMO_ASSIGN_OR_RETURN(bool relay, MayRelay(*r, state));
      if (relay) {
        const std::string& message = book_.entries.at(id).message;
        if (passed_on_[state].insert(message).second)
          MailTo(state, 0, true).relays.push_back(message);
      } else if (!Since(peer.places, id, at)) {
        v1::RecordPlace place;
        place.set_signer(r->signer);
        *place.mutable_record() = Withhold(r->record);
        *MailTo(state, place.ByteSizeLong()).mail.add_places() = std::move(place);
      }
    }
    return absl::OkStatus();
  }

  // A key opens a whole mail: all that is in it must be for that state.
  absl::StatusOr<bool> MayRelay(const SignedRecord& r, const std::string& state) {
    if (r.place_only || casework::IsWithheld(r.record)) return false;
    // What was passed on to us our node does not have.
    if (!book_.entries.at(r.id).relayed_by.empty()) return false;
    return MayHaveMail(book_, book_.entries.at(r.id).message, state, readers_);
  }

  // By id: the records that name it.
  std::map<std::string, std::vector<const SignedRecord*>> Namers() const {
    std::map<std::string, std::vector<const SignedRecord*>> namers;
    for (const SignedRecord& r : book_.records) {
      for (const std::string& id : casework::BuildsOn(r.record)) namers[id].push_back(&r);
    }
    return namers;
  }

  // What we asked for longest ago, or never, first: what never was keeps nothing else back.
  absl::StatusOr<std::vector<std::string>> Wanted() {
    std::set<std::string> wanted(book_.state.missing.begin(), book_.state.missing.end());
    for (const SignedRecord& r : book_.records) {
      PALERMO_ASSIGN_OR_RETURN(const bool ours, WithheldFromUs(r));
      if (ours) wanted.insert(r.id);
    }
    std::vector<std::pair<absl::Time, std::string>> order;
    for (const std::string& id : wanted) {
      absl::Time last = absl::InfinitePast();
      for (const auto& [state, peer] : book_.peers) {
        const auto asked = peer.asked.find(id);
        if (asked != peer.asked.end()) last = std::max(last, asked->second);
      }
      order.emplace_back(last, id);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::string> ids;
    for (auto& [last, id] : order) ids.push_back(std::move(id));
    return ids;
  }

  // Who named it has it; when that did not help, everybody is asked.
  absl::Status AskForMissing() {
    const std::set<std::string> askable = Askable(book_);
    auto namers = Namers();
    size_t asks = 0;
    PALERMO_ASSIGN_OR_RETURN(const std::vector<std::string> wanted, Wanted());
    for (const std::string& id : wanted) {
      if (asks == limits::kMaxOperationAsks) break;
      std::set<std::string> whom;
      const auto withheld = book_.entries.find(id);
      absl::Time since =
          withheld == book_.entries.end() ? absl::InfiniteFuture() : withheld->second.made;
      for (const SignedRecord* r : namers[id]) {
        since = std::min(since, book_.entries.at(r->id).made);
        const bool wrote_to_us = !r->place_only && book_.entries.at(r->id).relayed_by.empty();
        if (wrote_to_us && r->signer == r->record.state() && askable.count(r->signer) != 0) {
          whom.insert(r->signer);
        }
      }
      const bool in_vain = std::any_of(whom.begin(), whom.end(), [&](const std::string& state) {
        return PeerOf(state).asked.count(id) != 0;
      });
      if (whom.empty() || in_vain) whom = askable;
      asks += Ask(id, whom, since) ? 1 : 0;
    }
    return absl::OkStatus();
  }

  bool Ask(const std::string& id, const std::set<std::string>& whom, absl::Time since) {
    bool asked_somebody = false;
    for (const std::string& state : whom) {
      const Times& asked = PeerOf(state).asked;
      const auto last = asked.find(id);
      const absl::Time from = last == asked.end() ? since : last->second;
      if (!ask_ && now_ < from + kPatience) continue;
      MailTo(state, id.size()).mail.add_missing(id);
      asked_somebody = true;
    }
    return asked_somebody;
  }

  // Its content is for us, and did not come. Who takes part is asked for until it is here; anything
  // else once, and then only when the officer wants it: its author may have his reason.
  absl::StatusOr<bool> WithheldFromUs(const SignedRecord& r) {
    if (!casework::IsWithheld(r.record)) return false;
    PALERMO_ASSIGN_OR_RETURN(const bool may, MayHave(r, book_.own_state));
    if (!may || casework::IsMembershipKind(casework::KindOf(r.record))) return may;
    return ask_ || std::none_of(book_.peers.begin(), book_.peers.end(), [&](const auto& peer) {
             return peer.second.asked.count(r.id) != 0;
           });
  }

  const OperationBook& book_;
  const bool ask_;
  const absl::Time now_;
  casework::ReadersIndex readers_;
  std::set<std::string> to_;
  std::map<std::string, std::vector<OperationOutgoing>> out_;
  std::map<std::string, std::set<std::string>> passed_on_;
};

}  // namespace

absl::StatusOr<bool> MayHave(const OperationBook& book, const SignedRecord& record,
                             const std::string& state, absl::Time now) {
  casework::ReadersIndex readers(book.records, book.state, book.operation, now);
  return MayHave(book, record, state, readers);
}

absl::StatusOr<bool> MayHave(const OperationBook& book, const SignedRecord& record,
                             const std::string& state, casework::ReadersIndex& readers) {
  const bool takes_part = book.state.members.count(state) + book.state.invited.count(state) != 0;
  if (!takes_part) return false;
  const auto kind = casework::KindOf(record.record);
  // The figures of a closing are for those who were there.
  const bool figures = kind == v1::OperationRecord::kClosing;
  if (casework::IsMembershipKind(kind) && (!figures || book.state.members.count(state) != 0)) {
    return true;
  }
  PALERMO_ASSIGN_OR_RETURN(const std::set<std::string> who, readers.Of(record));
  // Our own order to stop goes out also where we lack what it builds on, and so cannot say who was
  // there.
  if (who.empty() && kind == v1::OperationRecord::kAbort && record.signer == book.own_state) {
    return true;
  }
  return who.count(state) != 0;
}

OperationOutgoing ReleaseOf(const OperationBook& book, const std::string& record,
                            const std::string& state, const std::string& reason) {
  OperationOutgoing out = {state, book.AuthorityFor(state), {}, {}};
  out.mail.set_operation(book.operation);
  AddToMail(book, record, book.Find(record)->record, out);
  v1::ReleasedRecord& released = *out.mail.add_released();
  released.set_record(record);
  released.set_reason(reason);
  return out;
}

std::vector<OperationOutgoing> OnlyThe(const OperationBook& book, const std::string& record,
                                       std::vector<OperationOutgoing> mails) {
  for (OperationOutgoing& out : mails) {
    const v1::OperationMail all = std::move(out.mail);
    out.mail = v1::OperationMail();
    out.mail.set_operation(book.operation);
    out.answered.clear();
    out.relays.clear();
    for (const v1::OperationRecord& one : all.records()) {
      if (OperationRecordId(book.own_state, one) == record) AddToMail(book, record, one, out);
    }
  }
  std::erase_if(mails, [](const auto& out) { return out.mail.records_size() == 0; });
  return mails;
}

absl::StatusOr<std::vector<OperationOutgoing>> PlanOperationMails(const OperationBook& book,
                                                                  bool ask, absl::Time now) {
  return Planner(book, ask, now).Plan();
}

absl::Status CheckDraft(const OperationBook& all, const OperationCarrier& draft, absl::Time now) {
  casework::ReadersIndex readers(all.records, all.state, all.operation, now);
  for (const std::string& to : draft.to) {
    PALERMO_RETURN_IF_ERROR(CheckRecipient(all, draft, StateOf(to), readers, now));
  }
  for (const v1::OperationRecord& record : draft.mail.records()) {
    if (casework::IsWithheld(record)) continue;
    const SignedRecord* decision = record.has_vote() ? all.Find(record.vote().decision()) : nullptr;
    const auto deadline =
        ParseInstant(decision == nullptr ? "" : decision->record.decision().deadline());
    // One that was sent in time may be sent again to who lacks it.
    const auto known = all.entries.find(OperationRecordId(all.own_state, record));
    const bool is_new = known != all.entries.end() && known->second.pending;
    if (is_new && deadline.ok() && now > *deadline) {
      return Refused(
          "VOTE_TOO_LATE",
          Cat({"the deadline of this decision is over, and a vote that is sent now would "
               "look as if it had been in time; drop the draft, and write anew what was drafted "
               "after it: palermo case drop ",
               draft.message}));
    }
    if (is_new) PALERMO_RETURN_IF_ERROR(CheckCounting(all, record));
    if (!casework::MayWriteRecord(all.Agreement(), draft.drafter, record)) {
      return Refused("NOT_YOUR_COMPARTMENT",
                     Cat({"the agreement gives the drafter ", draft.drafter, " no right to write ",
                          casework::WhereWritten(record)}));
    }
  }
  return absl::OkStatus();
}

}  // namespace palermo::desk
