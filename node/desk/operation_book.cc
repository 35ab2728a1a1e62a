// The records of an operation, from the mails that carry them.
#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/operation_mail.h"
#include "node/trust/envelope.h"
#include "node/trust/strict.h"
#include "palermo/v1/services.pb.h"

namespace palermo::desk {
namespace {

using casework::SignedRecord;

constexpr std::string_view kIdDomain("palermo/v1/operation-record\0", 28);
// As far as clocks may differ: what is dated later is not built on yet.
constexpr absl::Duration kAhead = absl::Milliseconds(limits::kMaxClockAheadMillis);
constexpr size_t kFewestDigits = 4;

// The content alone, as a record that has nothing else.
v1::OperationRecord ContentOf(const v1::OperationRecord& record) {
  v1::OperationRecord content = record;
  content.clear_operation();
  content.clear_state();
  content.clear_seq();
  content.clear_previous();
  content.clear_parents();
  content.clear_at();
  content.clear_compartment();
  content.clear_label();
  content.clear_withheld_kind();
  content.clear_withheld_sha256();
  return content;
}

class Collector {
 public:
  explicit Collector(OperationBook& book) : book_(book) {}

  void Take(const OperationCarrier& carrier) {
    const std::string signer = StateOf(carrier.sender);
    if (carrier.mail.relayed_size() > 0) book_.passing_on.insert(carrier.message);
    for (int i = 0; i < carrier.mail.records_size(); ++i) {
      const v1::OperationRecord& record = carrier.mail.records(i);
      SignedRecord r{OperationRecordId(signer, record), signer, record, false};
      OverriddenFindings answers = AnswersAbout(carrier.mail, carrier.answered, i);
      if (!answers.empty()) book_.answers.try_emplace(r.id, std::move(answers));
      book_.carried_by[carrier.message].insert(r.id);
      NotePassed(carrier, r);
      Keep(std::move(r), carrier);
    }
    if (!carrier.relayed_by.empty()) return;  // the rest was said to somebody else
    for (const v1::RecordPlace& place : carrier.mail.places()) {
      if (!casework::IsWithheld(place.record())) continue;
      SignedRecord r{OperationRecordId(place.signer(), place.record()), place.signer(),
                     place.record(), true};
      if (signer == book_.own_state) {
        for (const std::string& to : carrier.Reached())
          Latest(book_.peers[to].places, r.id, carrier.made);
      }
      places_.push_back({std::move(r), &carrier});
    }
    for (const std::string& id : carrier.mail.missing()) {
      if (signer == book_.own_state) {
        for (const std::string& to : carrier.Reached())
          Latest(book_.peers[to].asked, id, carrier.made);
      } else {
        Latest(book_.peers[signer].asks, id, carrier.made);
      }
    }
  }

  // After all mails were taken: which records our passing on brought to whom.
  void TakeRelays(const OperationCarrier& carrier) {
    if (StateOf(carrier.sender) != book_.own_state) return;
    for (const v1::RelayedMail& relayed : carrier.mail.relayed()) {
      v1::FetchMessageResponse message;
      if (!message.ParseFromString(relayed.message())) continue;
      const auto parsed = trust::ParseEnvelope(message.envelope());
      if (!parsed.ok()) continue;
      for (const std::string& id : book_.carried_by[HexEncode(AsView(parsed->message_id))]) {
        for (const std::string& to : carrier.Reached())
          Latest(book_.peers[to].sent, id, carrier.made);
      }
    }
  }

  // A place counts when a record that is here names its id: the hash then says that it is the one.
  void TakePlaces() {
    std::map<std::string, const std::pair<SignedRecord, const OperationCarrier*>*> places;
    for (const auto& place : places_) places.emplace(place.first.id, &place);
    std::vector<std::string> named;
    const auto name = [&](const SignedRecord& r) {
      for (std::string& id : casework::BuildsOn(r.record)) named.push_back(std::move(id));
    };
    for (const auto& [id, r] : records_) name(r);
    while (!named.empty()) {
      const auto found = places.find(named.back());
      named.pop_back();
      if (found == places.end()) continue;
      const auto& [place, carrier] = *found->second;
      places.erase(found);
      if (records_.count(place.id) != 0) continue;
      Keep(place, *carrier);
      name(place);
    }
  }

  void Finish() {
    for (auto& [id, r] : records_) book_.records.push_back(std::move(r));
  }

 private:
  static void Latest(std::map<std::string, absl::Time>& times, const std::string& id,
                     absl::Time at) {
    absl::Time& last = times.try_emplace(id, at).first->second;
    last = std::max(last, at);
  }

  void NotePassed(const OperationCarrier& carrier, const SignedRecord& r) {
    if (r.signer != book_.own_state) return;
    for (const std::string& to : carrier.Reached()) {
      OperationBook::Peer& peer = book_.peers[to];
      Latest(casework::IsWithheld(r.record) ? peer.places : peer.sent, r.id, carrier.made);
    }
  }

  void Keep(SignedRecord r, const OperationCarrier& carrier) {
    const auto found = records_.find(r.id);
    OperationBook::Entry entry{carrier.sender,
                               carrier.message,
                               carrier.made,
                               carrier.at,
                               carrier.pending,
                               carrier.relayed_by,
                               carrier.came_in.empty() ? carrier.message : carrier.came_in};
    if (found == records_.end()) {
      book_.entries[r.id] = entry;
      records_.emplace(r.id, std::move(r));
      return;
    }
    // One mail of several that bring it is enough for it to be sent.
    OperationBook::Entry& known = book_.entries[r.id];
    const bool better = casework::WorthOf(r) > casework::WorthOf(found->second);
    const bool sooner = casework::WorthOf(r) == casework::WorthOf(found->second) &&
                        std::pair(entry.pending, entry.at) < std::pair(known.pending, known.at);
    if (better || sooner) known = entry;
    if (better) found->second = std::move(r);
  }

  OperationBook& book_;
  std::map<std::string, SignedRecord> records_;
  std::vector<std::pair<SignedRecord, const OperationCarrier*>> places_;
};

}  // namespace

std::vector<std::string> OperationCarrier::Reached() const {
  std::vector<std::string> states;
  for (const std::string& authority : to) {
    std::string state = StateOf(authority);
    if (undelivered.count(state) == 0) states.push_back(std::move(state));
  }
  return states;
}

std::string OperationRecordId(const std::string& signer, const v1::OperationRecord& record) {
  v1::OperationRecord chain = casework::IsWithheld(record) ? record : Withhold(record);
  return HexEncode(AsView(crypto::Sha256(
      {kIdDomain, signer, std::string_view("\0", 1), trust::StrictSerialize(chain)})));
}

v1::OperationRecord Withhold(const v1::OperationRecord& record) {
  if (casework::IsWithheld(record)) return record;
  const v1::OperationRecord content = ContentOf(record);
  v1::OperationRecord chain = record;
  // Set and cleared: whatever the content is, nothing of it stays.
  chain.mutable_signature();
  chain.clear_signature();
  chain.set_withheld_kind(static_cast<uint32_t>(record.content_case()));
  chain.set_withheld_sha256(HexEncode(AsView(crypto::Sha256(trust::StrictSerialize(content)))));
  return chain;
}

std::vector<SignedRecord> MembershipRecords(const std::vector<OperationCarrier>& carriers) {
  std::vector<SignedRecord> out;
  const auto add = [&](const std::string& signer, const v1::OperationRecord& record, bool place) {
    const bool says = casework::IsMembershipKind(casework::KindOf(record));
    out.push_back(
        {OperationRecordId(signer, record), signer, says ? record : Withhold(record), place});
  };
  for (const OperationCarrier& carrier : carriers) {
    if (carrier.pending) continue;
    for (const auto& record : carrier.mail.records()) add(StateOf(carrier.sender), record, false);
    if (!carrier.relayed_by.empty()) continue;
    for (const v1::RecordPlace& place : carrier.mail.places()) {
      if (casework::IsWithheld(place.record())) add(place.signer(), place.record(), true);
    }
  }
  return out;
}

const SignedRecord* OperationBook::Find(const std::string& id) const {
  const auto found = std::lower_bound(
      records.begin(), records.end(), id,
      [](const SignedRecord& r, const std::string& wanted) { return r.id < wanted; });
  return found == records.end() || found->id != id ? nullptr : &*found;
}

const v1::OperationAgreement* OperationBook::Agreement() const {
  const SignedRecord* record = Find(state.agreement.empty() ? operation : state.agreement);
  return record == nullptr || !record->record.has_agreement() ? nullptr
                                                              : &record->record.agreement();
}

std::string OperationBook::AuthorityFor(const std::string& wanted) const {
  // What a record says of a state's authority counts only when it is one of that state.
  const auto is_its = [&](const std::string& authority) {
    return IsAuthorityId(authority) && StateOf(authority) == wanted;
  };
  if (const v1::OperationAgreement* agreement = Agreement()) {
    for (const auto& party : agreement->parties()) {
      if (party.state() == wanted && is_its(party.authority())) return party.authority();
    }
  }
  // A proposal that nobody consented to says nothing.
  const auto admission = state.admissions.find(wanted);
  if (admission != state.admissions.end()) {
    const SignedRecord* r = Find(admission->second);
    if (r != nullptr && is_its(r->record.admission().authority())) {
      return r->record.admission().authority();
    }
  }
  for (const auto& [id, entry] : entries) {
    if (StateOf(entry.sender) == wanted && entry.relayed_by.empty()) return entry.sender;
  }
  return "";
}

namespace {

// What the replay left out weighs nothing here either. Our own records stay: the next one has a
// number and a place after them, also where we take no part.
void LeaveOut(OperationBook& book) {
  std::set<std::string> judged;
  for (const casework::JudgedRecord& one : book.state.records) judged.insert(one.id);
  std::erase_if(book.records, [&](const SignedRecord& r) {
    return judged.count(r.id) == 0 && (r.signer != book.own_state || r.place_only);
  });
}

}  // namespace

absl::StatusOr<OperationBook> BuildOperationBook(const std::string& operation,
                                                 const std::string& own_state,
                                                 const std::vector<OperationCarrier>& carriers,
                                                 bool with_pending, absl::Time now) {
  OperationBook book;
  book.operation = operation;
  book.own_state = own_state;
  Collector collector(book);
  const auto counts = [&](const OperationCarrier& carrier) {
    return (with_pending || !carrier.pending) && carrier.mail.operation() == operation;
  };
  for (const OperationCarrier& carrier : carriers) {
    if (counts(carrier)) collector.Take(carrier);
  }
  for (const OperationCarrier& carrier : carriers) {
    if (counts(carrier)) collector.TakeRelays(carrier);
  }
  collector.TakePlaces();
  collector.Finish();
  PALERMO_ASSIGN_OR_RETURN(book.state, casework::ReplayOperation(book.records, operation, now));
  if (!book.state.left_out.empty()) LeaveOut(book);
  return book;
}

std::vector<const SignedRecord*> LateByLedger(const OperationBook& book,
                                              const casework::DecisionState& decision) {
  std::vector<const SignedRecord*> late;
  const SignedRecord* proposal = book.Find(decision.id);
  const auto deadline =
      ParseInstant(proposal == nullptr ? "" : proposal->record.decision().deadline());
  if (!deadline.ok()) return late;
  for (const SignedRecord& r : book.records) {
    const auto vote = decision.votes.find(r.signer);
    const bool counts = r.record.vote().decision() == decision.id && vote != decision.votes.end() &&
                        vote->second == r.record.vote().vote();
    if (counts && book.entries.at(r.id).at > *deadline) late.push_back(&r);
  }
  return late;
}

bool IsOperationId(std::string_view text) {
  return text.size() == limits::kOperationIdChars &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<std::string> IdsThatBegin(const std::vector<std::string>& ids,
                                      const std::string& text) {
  std::vector<std::string> found;
  for (const std::string& id : ids) {
    if (id == text) return {id};
    if (text.size() >= kFewestDigits && id.compare(0, text.size(), text) == 0) found.push_back(id);
  }
  return found;
}

std::vector<std::string> OperationsNamed(const std::vector<OperationCarrier>& carriers,
                                         const std::string& text) {
  std::set<std::string> all, founded;
  for (const OperationCarrier& carrier : carriers) {
    const std::string& id = carrier.mail.operation();
    all.insert(id);
    for (const v1::OperationRecord& record : carrier.mail.records()) {
      const bool founds = record.has_agreement() && record.operation().empty();
      if (founds && founded.count(id) == 0 &&
          OperationRecordId(StateOf(carrier.sender), record) == id) {
        founded.insert(id);
      }
    }
  }
  if (all.count(text) != 0) return {text};
  const auto named = IdsThatBegin({founded.begin(), founded.end()}, text);
  return named.empty() ? IdsThatBegin({all.begin(), all.end()}, text) : named;
}

namespace {

// Heads; in place of one that is dated after `now`, what it builds on: a false date must not make
// those of honest records look backdated. The newest of each member first.
class Foundation {
 public:
  Foundation(const OperationBook& book, absl::Time now) : book_(book), now_(now) {
    for (const casework::JudgedRecord& judged : book.state.records) {
      if (judged.verdict == casework::RecordVerdict::kNotMember ||
          judged.verdict == casework::RecordVerdict::kForged) {
        weightless_.insert(judged.id);
      }
    }
  }

  std::vector<const SignedRecord*> Find() {
    const std::set<std::string> heads(book_.state.heads.begin(), book_.state.heads.end());
    std::vector<const SignedRecord*> found;
    std::set<std::string> before;  // what those build on
    Walk({heads.begin(), heads.end()}, [&](const SignedRecord& r) {
      const bool ahead = IsAhead(r);
      skipped_ = skipped_ || ahead;
      if (ahead || (heads.count(r.id) == 0 && weightless_.count(r.id) != 0)) return true;
      found.push_back(&r);
      return false;
    });
    if (skipped_) {
      for (const SignedRecord* r : found) {
        Walk(casework::BuildsOn(r->record),
             [&](const SignedRecord& one) { return before.insert(one.id).second; });
      }
      std::erase_if(found, [&](const SignedRecord* r) { return before.count(r->id) != 0; });
    }
    return NewestOfEachFirst(std::move(found));
  }

 private:
  // From these; on to what a record builds on when `take` says so.
  template <typename Take>
  void Walk(std::vector<std::string> todo, const Take& take) {
    std::set<std::string> seen;
    while (!todo.empty()) {
      const std::string id = std::move(todo.back());
      todo.pop_back();
      const SignedRecord* r = book_.Find(id);
      if (r == nullptr || !seen.insert(id).second || !take(*r)) continue;
      for (std::string& parent : casework::BuildsOn(r->record)) todo.push_back(std::move(parent));
    }
  }
  bool IsAhead(const SignedRecord& r) const {
    const auto at = ParseInstant(r.record.at());
    return at.ok() && *at > now_ + kAhead;
  }
  std::vector<const SignedRecord*> NewestOfEachFirst(std::vector<const SignedRecord*> found) const {
    std::sort(found.begin(), found.end(), [](const SignedRecord* a, const SignedRecord* b) {
      return std::pair(b->record.seq(), a->id) < std::pair(a->record.seq(), b->id);
    });
    std::set<std::string> members = book_.state.members;
    std::stable_partition(found.begin(), found.end(),
                          [&](const SignedRecord* r) { return members.erase(r->signer) != 0; });
    return found;
  }

  const OperationBook& book_;
  const absl::Time now_;
  std::set<std::string> weightless_;
  bool skipped_ = false;
};

}  // namespace

v1::OperationRecord NextRecord(const OperationBook& book, absl::Time now) {
  const SignedRecord* last = nullptr;
  for (const SignedRecord& r : book.records) {
    // A place is what somebody else says: only what our own mails carry is ours.
    const bool own = r.signer == book.own_state && r.record.state() == book.own_state &&
                     !r.place_only && !casework::TakesNoNumber(r.record);
    if (own && (last == nullptr || r.record.seq() > last->record.seq())) last = &r;
  }
  v1::OperationRecord next;
  next.set_operation(book.operation);
  next.set_state(book.own_state);
  next.set_seq(last == nullptr ? 1 : last->record.seq() + 1);
  if (last != nullptr) next.set_previous(last->id);
  for (const SignedRecord* head : Foundation(book, now).Find()) {
    if (next.parents_size() == static_cast<int>(limits::kMaxOperationParents)) break;
    if (head->id != next.previous()) next.add_parents(head->id);
  }
  next.set_at(FormatInstant(now));
  return next;
}

namespace {

std::string SubjectOf(const v1::OperationRecord& record) {
  switch (record.content_case()) {
    case v1::OperationRecord::kVote:
      return record.vote().decision();
    case v1::OperationRecord::kAbort:
      return record.abort().decision();
    case v1::OperationRecord::kConsent:
      return record.consent().subject();
    case v1::OperationRecord::kAccession:
      return record.accession().admission();
    case v1::OperationRecord::kPlace:
      return record.place().task();
    case v1::OperationRecord::kTimetable:
      return record.timetable().decision();
    default:
      return "";
  }
}

// An abort takes no number: nothing of our own has to be here, or to be sent, before it.
void StandAlone(v1::OperationRecord& record) {
  record.clear_seq();
  if (record.previous().empty()) return;
  if (record.parents_size() == static_cast<int>(limits::kMaxOperationParents)) {
    record.mutable_parents()->RemoveLast();
  }
  record.add_parents(record.previous());
  record.clear_previous();
  // First: what makes room for the decision is the last.
  auto& parents = *record.mutable_parents();
  std::rotate(parents.begin(), parents.end() - 1, parents.end());
}

bool IsBuiltOn(const OperationBook& book, const v1::OperationRecord& record,
               const std::string& wanted) {
  std::vector<std::string> todo = casework::BuildsOn(record);
  std::set<std::string> seen;
  while (!todo.empty()) {
    const std::string id = std::move(todo.back());
    todo.pop_back();
    if (id == wanted) return true;
    const SignedRecord* r = book.Find(id);
    if (r == nullptr || !seen.insert(id).second) continue;
    for (std::string& parent : casework::BuildsOn(r->record)) todo.push_back(std::move(parent));
  }
  return false;
}

}  // namespace

v1::OperationRecord WriteRecord(const OperationBook& book, const v1::OperationRecord& content,
                                absl::Time now) {
  v1::OperationRecord record = NextRecord(book, now);
  record.MergeFrom(content);
  if (record.has_abort()) StandAlone(record);
  const std::string subject = SubjectOf(record);
  const SignedRecord* r = subject.empty() ? nullptr : book.Find(subject);
  const bool here = r != nullptr && !r->place_only;
  // Whoever has the decision must find the abort after it, also when we lack it.
  const bool names_it = here || (record.has_abort() && IsOperationId(subject));
  if (!names_it || IsBuiltOn(book, record, subject)) return record;
  // Of the heads that do not fit, the last says the least.
  if (record.parents_size() == static_cast<int>(limits::kMaxOperationParents)) {
    record.mutable_parents()->RemoveLast();
  }
  record.add_parents(subject);
  return record;
}

}  // namespace palermo::desk
