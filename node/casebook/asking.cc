// The ways out of the casebook: each message passes the policy function before anybody hears of it.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/casebook.h"
#include "node/casework/delivery.h"
#include "node/casework/operation/membership.h"
#include "palermo/v1/common.pb.h"

namespace palermo::casebook {
namespace {

using casework::OnwardConsent;
using casework::RecordFacts;
using casework::SharingEvent;
using casework::Way;

// Each word as a phrase of its own, so that nothing in it is an operator of the query language.
absl::StatusOr<std::string> QueryOf(std::string_view words) {
  std::string query;
  size_t count = 0;
  for (size_t at = 0; at < words.size();) {
    while (at < words.size() && absl::ascii_isspace(static_cast<uint8_t>(words[at]))) ++at;
    size_t end = at;
    while (end < words.size() && !absl::ascii_isspace(static_cast<uint8_t>(words[end]))) ++end;
    std::string_view word = words.substr(at, end - at);
    at = end;
    // Of signs alone nothing is indexed: they would only find nothing.
    const bool sought = std::any_of(word.begin(), word.end(), [](char c) {
      return (c & 0x80) != 0 || absl::ascii_isalnum(static_cast<unsigned char>(c));
    });
    if (!sought) continue;
    const bool begins = word.size() > 1 && word.back() == '*';
    if (begins) word.remove_suffix(1);
    query += query.empty() ? "\"" : " \"";
    for (const char c : word) {
      if (c == '"') query += '"';
      if (c != '\0') query += c;
    }
    query += begins ? "\"*" : "\"";
    if (++count > limits::kMaxCasebookWords) {
      return InputError("TOO_MANY", "a search takes at most 64 words");
    }
  }
  if (query.empty()) return InputError("NO_WORDS", "say what to search for");
  return query;
}

bool WasDelivered(const Item& item, const std::string& not_to) {
  return std::any_of(item.entry.receipts().begin(), item.entry.receipts().end(),
                     [&](const v1::CasebookReceipt& receipt) {
                       return receipt.state() != not_to &&
                              casework::IsDelivery(receipt.kind(), receipt.outcome(),
                                                   receipt.at_ms(), item.header);
                     });
}

bool HasSubmission(const Item& item, const std::string& state) {
  return std::any_of(item.entry.receipts().begin(), item.entry.receipts().end(),
                     [&](const v1::CasebookReceipt& receipt) {
                       return receipt.kind() == uint32_t{v1::RecordKind::SUBMISSION} &&
                              receipt.state() == state;
                     });
}

OnwardConsent ConsentOf(const Item& item) {
  const auto& answer = item.body.onward_consent_answer();
  const std::string sender = StateOf(item.header.sender());
  OnwardConsent consent;
  consent.to_state = answer.to_state();
  consent.purpose = answer.purpose();
  consent.answered_by = sender;
  consent.granted = answer.decision() == "GRANT";
  consent.in_originators_ledger = HasSubmission(item, sender);
  consent.in_holders_ledger = WasDelivered(item, sender);
  return consent;
}

void AddSealedTo(const v1::Header& header, const v1::Label& label, RecordFacts& facts) {
  const auto add = [&](const std::string& authority) {
    Apply(label, {SharingEvent::Kind::kSealed, StateOf(header.sender()), authority}, facts)
        .IgnoreError();
  };
  add(header.sender());
  for (const std::string& authority : header.recipients()) add(authority);
}

// Takes what one message says about the record; what somebody else than its originator decided is
// passed over by Apply.
void TakeEvent(const Item& item, const v1::Label& label, RecordFacts& facts) {
  using Kind = SharingEvent::Kind;
  const std::string sender = StateOf(item.header.sender());
  SharingEvent event{Kind::kRecalled, sender, "", {}};
  if (item.content.is_record) return AddSealedTo(item.header, label, facts);
  if (item.body.has_onward_consent_answer()) {
    event.kind = Kind::kConsent;
    event.consent = ConsentOf(item);
  } else if (item.body.has_intelligence_correction()) {
    event.kind = Kind::kReplaced;
  } else if (!item.body.has_intelligence_recall()) {
    return;
  }
  Apply(label, event, facts).IgnoreError();
}

absl::StatusOr<std::vector<int64_t>> Numbers(Statement& statement) {
  std::vector<int64_t> numbers;
  for (;;) {
    PALERMO_ASSIGN_OR_RETURN(const bool more, statement.Step());
    if (!more) return numbers;
    numbers.push_back(statement.Number(0));
  }
}

std::string SelectKinds(size_t count) {
  std::string sql = "SELECT n FROM message";
  for (size_t i = 0; i < count; ++i) sql += i == 0 ? " WHERE kind IN (?" : ", ?";
  if (count > 0) sql += ")";
  return sql + " ORDER BY at_ms DESC, id";
}

// What the originator sent itself; else what somebody passed on to us.
std::vector<Item>::iterator NewestCarrier(std::vector<Item>& items) {
  const auto rank = [](const Item& item) {
    if (!item.content.is_record) return 0;
    if (StateOf(item.header.sender()) == item.content.originator) return 3;
    return item.entry.incoming() ? 2 : 1;
  };
  auto best = items.end();
  for (auto it = items.begin(); it != items.end(); ++it) {
    if (rank(*it) > 0 && (best == items.end() || rank(*it) >= rank(*best))) best = it;
  }
  return best;
}

// Of what is no record.
std::vector<v1::Label> MessageLabels(const Item& item) {
  std::vector<v1::Label> labels = {LabelOf(item.header)};
  const auto& record = item.body.operation_record();
  if (record.has_label() && !record.label().originator().empty()) {
    labels.push_back(record.label());
    labels.back().clear_operation();  // it was sealed to the members of that moment alone
  }
  return labels;
}

// The originator's; when only others passed it on, each that they gave. `items` are about it.
// `is_own`: they are the originator's.
std::vector<v1::Label> RecordLabels(const std::vector<Item>& items, bool& is_own) {
  std::vector<v1::Label> own, passed_on;
  for (const Item& one : items) {
    const v1::Label* label = LabelIn(one.body);
    if (label == nullptr) continue;
    if (StateOf(one.header.sender()) == label->originator()) {
      own.push_back(*label);
    } else if (one.entry.incoming()) {  // what we wrote about another's record gives us nothing
      passed_on.push_back(*label);
    }
  }
  is_own = !own.empty();
  return is_own ? own : passed_on;
}

}  // namespace

absl::StatusOr<std::vector<Item>> Casebook::LoadAll(Statement statement) {
  PALERMO_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, Numbers(statement));
  std::vector<Item> items;
  for (const int64_t n : numbers) {
    PALERMO_ASSIGN_OR_RETURN(Item item, Load(n));
    items.push_back(std::move(item));
  }
  return items;
}

absl::StatusOr<std::vector<Item>> Casebook::AboutRecord(const std::string& originator,
                                                        const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT n FROM message WHERE record=?1 AND originator=?2 AND record<>'' "
                        "ORDER BY at_ms, id"));
  find.Bind(1, record).Bind(2, originator);
  return LoadAll(std::move(find));
}

// --- Label and facts

// The copy that says most of every record that some mail brought.
absl::StatusOr<const std::vector<casework::SignedRecord>*> Casebook::OperationRecords(
    const std::string& operation) {
  const auto [known, fresh] = operations_.try_emplace(operation);
  if (!fresh) return &known->second;
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT n FROM message WHERE kind='operation_mail' ORDER BY n"));
  PALERMO_ASSIGN_OR_RETURN(const std::vector<Item> items, LoadAll(std::move(find)));
  std::vector<casework::SignedRecord> records;
  for (const Item& item : items) {
    if (item.body.operation_mail().operation() != operation) continue;
    for (const v1::CasebookOperationRecord& r : item.entry.operation_records()) {
      records.push_back({r.id(), r.signer(), r.record(), r.place_only()});
    }
  }
  known->second = casework::BestCopies(std::move(records));
  return &known->second;
}

// A history that cannot be replayed has no members: deny by default.
absl::StatusOr<Casebook::Membership> Casebook::MembersOf(const std::string& operation,
                                                         const std::vector<std::string>& seen,
                                                         absl::Time now) {
  const auto known = members_.find({operation, seen});
  if (known != members_.end()) return known->second;
  PALERMO_ASSIGN_OR_RETURN(const auto* records, OperationRecords(operation));
  const auto members = casework::MembersAfter(*records, operation, seen, now);
  ++replays_;
  Membership out;
  if (members.ok() && !members->empty()) {
    const auto [current, fresh] = members_now_.try_emplace(operation);
    if (fresh) {
      const auto state = casework::ReplayOperation(*records, operation, now);
      ++replays_;
      if (state.ok()) current->second = state->members;
    }
    for (const std::string& member : *members) {
      out.members.push_back(member);
      if (current->second.count(member) == 0) out.departed.push_back(member);
    }
  }
  members_[{operation, seen}] = out;
  return out;
}

absl::Status Casebook::AddMembers(const v1::Label& label, absl::Time now, Membership& out) {
  PALERMO_ASSIGN_OR_RETURN(
      const Membership then,
      MembersOf(label.operation(), {label.operation_seen().begin(), label.operation_seen().end()},
                now));
  out.members.insert(out.members.end(), then.members.begin(), then.members.end());
  out.departed.insert(out.departed.end(), then.departed.begin(), then.departed.end());
  return absl::OkStatus();
}

absl::StatusOr<Casebook::Basis> Casebook::BasisOf(const Item& item, absl::Time now) {
  if (item.content.is_record) {
    const std::pair key(item.content.originator, item.content.record);
    const auto known = bases_.find(key);
    if (known != bases_.end()) return known->second;
    PALERMO_ASSIGN_OR_RETURN(Basis basis, RecordBasis(key.first, key.second, now));
    return bases_[key] = std::move(basis);
  }
  Basis basis;
  basis.labels = MessageLabels(item);
  basis.memberships.resize(basis.labels.size());
  AddSealedTo(item.header, basis.labels.front(), basis.facts);
  return basis;
}

absl::StatusOr<Casebook::Basis> Casebook::RecordBasis(const std::string& originator,
                                                      const std::string& record, absl::Time now,
                                                      const Item* fresh) {
  Basis basis;
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(originator, record));
  if (fresh != nullptr) items.push_back(*fresh);
  bool own = false;
  basis.labels = RecordLabels(items, own);
  if (basis.labels.empty()) return basis;
  for (const Item& one : items) TakeEvent(one, basis.labels.front(), basis.facts);
  // The same label in many copies is one; the first stays the first.
  std::vector<v1::Label> labels;
  std::set<std::string> known;
  for (v1::Label& label : basis.labels) {
    if (known.insert(label.SerializeAsString()).second) labels.push_back(std::move(label));
  }
  basis.labels = std::move(labels);
  // The originator may send its record again, to those who are members then.
  std::map<std::string, Membership> unions;
  for (const v1::Label& label : basis.labels) {
    if (!own || label.operation().empty()) continue;
    PALERMO_RETURN_IF_ERROR(AddMembers(label, now, unions[label.operation()]));
  }
  for (const v1::Label& label : basis.labels) {
    Membership& its = basis.memberships.emplace_back();
    if (label.operation().empty()) continue;
    if (own) {
      its = unions[label.operation()];
    } else {
      PALERMO_RETURN_IF_ERROR(AddMembers(label, now, its));
    }
  }
  return basis;
}

absl::StatusOr<RecordFacts> Casebook::FactsOf(const Item& item, absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(Basis basis, BasisOf(item, now));
  if (!basis.memberships.empty()) {
    basis.facts.members = basis.memberships.front().members;
    basis.facts.departed = basis.memberships.front().departed;
  }
  return std::move(basis.facts);
}

absl::StatusOr<casework::PolicyDecision> Casebook::May(const Item& item, const Access& access,
                                                       Way way, const std::string& to_state) {
  PALERMO_ASSIGN_OR_RETURN(Basis basis, BasisOf(item, access.now));
  return Ask(std::move(basis), access, way, to_state);
}

casework::PolicyDecision Casebook::Ask(Basis basis, const Access& access, Way way,
                                       const std::string& to_state) {
  casework::PolicyDecision decision{false, "LABEL", "the originator must complete the label"};
  for (size_t i = 0; i < basis.labels.size(); ++i) {
    basis.facts.members = basis.memberships[i].members;
    basis.facts.departed = basis.memberships[i].departed;
    decision =
        casework::MayPass(basis.labels[i], basis.facts, access.asker, way, to_state, access.now);
    if (!decision.allowed) break;
  }
  return decision;
}

// --- Asking

absl::StatusOr<Found> Casebook::Sift(Statement candidates, const Access& access, size_t limit,
                                     Way way) {
  PALERMO_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, Numbers(candidates));
  Found found;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i == limits::kMaxCasebookCandidates || found.items.size() == limit) {
      found.more = true;
      break;
    }
    PALERMO_ASSIGN_OR_RETURN(Item item, Load(numbers[i]));
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, way, ""));
    if (decision.allowed) found.items.push_back(std::move(item));
  }
  return found;
}

absl::StatusOr<Found> Casebook::Search(std::string_view words, const Access& access, size_t limit) {
  PALERMO_ASSIGN_OR_RETURN(const std::string query, QueryOf(words));
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT message.n FROM words JOIN message ON message.n=words.rowid "
                        "WHERE words MATCH ?1 ORDER BY at_ms DESC, id LIMIT ?2"));
  find.Bind(1, query).Bind(2, static_cast<int64_t>(limits::kMaxCasebookCandidates + 1));
  return Sift(std::move(find), access, limit, Way::kSearch);
}

absl::StatusOr<Found> Casebook::List(const std::vector<std::string>& kinds, const Access& access,
                                     size_t limit) {
  PALERMO_ASSIGN_OR_RETURN(Statement find, database_.Prepare(SelectKinds(kinds.size())));
  for (size_t i = 0; i < kinds.size(); ++i) find.Bind(static_cast<int>(i) + 1, kinds[i]);
  return Sift(std::move(find), access, limit, Way::kSearch);
}

absl::StatusOr<size_t> Casebook::Count(const std::vector<std::string>& kinds,
                                       const Access& access) {
  PALERMO_ASSIGN_OR_RETURN(Statement find, database_.Prepare(SelectKinds(kinds.size())));
  for (size_t i = 0; i < kinds.size(); ++i) find.Bind(static_cast<int>(i) + 1, kinds[i]);
  size_t count = 0;
  PALERMO_ASSIGN_OR_RETURN(const std::vector<int64_t> numbers, Numbers(find));
  for (const int64_t n : numbers) {
    PALERMO_ASSIGN_OR_RETURN(const Item item, Load(n));
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, Way::kCount, ""));
    count += decision.allowed ? 1 : 0;
  }
  return count;
}

absl::StatusOr<Item> Casebook::View(std::string_view message_id, const Access& access) {
  PALERMO_ASSIGN_OR_RETURN(const int64_t n, NumberOf(message_id));
  if (n != 0) {
    PALERMO_ASSIGN_OR_RETURN(Item item, Load(n));
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, Way::kView, ""));
    if (decision.allowed) return item;
  }
  return Missing("UNKNOWN_MESSAGE",
                 "the casebook has no such message that you may see for this purpose");
}

absl::StatusOr<std::vector<std::string>> Casebook::Originators(const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT DISTINCT originator FROM message WHERE record=?1 AND record<>'' "
                        "AND kind IN ('route_report', 'document_method_report') ORDER BY 1"));
  find.Bind(1, record);
  std::vector<std::string> states;
  for (;;) {
    PALERMO_ASSIGN_OR_RETURN(const bool more, find.Step());
    if (!more) return states;
    states.push_back(find.Text(0));
  }
}

absl::StatusOr<Item> Casebook::Record(std::string_view name, const Access& access, Way way,
                                      const std::string& to_state) {
  const size_t colon = name.find(':');
  const bool scoped = colon == 2 && IsStateCode(name.substr(0, 2));
  const std::string record = WholeRecordId(scoped ? name.substr(3) : name);
  PALERMO_ASSIGN_OR_RETURN(std::vector<std::string> states, Originators(record));
  std::vector<Item> seen;
  for (const std::string& state : states) {
    if (scoped && state != name.substr(0, 2)) continue;
    PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(state, record));
    const auto newest = NewestCarrier(items);
    if (newest == items.end()) continue;
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(*newest, access, way, to_state));
    if (decision.allowed) seen.push_back(std::move(*newest));
  }
  if (seen.size() == 1) return std::move(seen.front());
  if (seen.empty()) {
    return Missing("UNKNOWN_RECORD",
                   "the casebook has no such record that you may use in this way for this purpose");
  }
  return InputError("AMBIGUOUS_RECORD", "two states have a record of this id; write QN:R-1/1");
}

absl::StatusOr<std::vector<Item>> Casebook::History(std::string_view name, const Access& access) {
  const absl::StatusOr<Item> found = Record(name, access, Way::kHistory, "");
  if (CodeOf(found.status()) == "UNKNOWN_RECORD") {
    // An alert goes out before its report: what became of it must be seen now.
    const bool scoped = name.size() > 3 && name[2] == ':' && IsStateCode(name.substr(0, 2));
    PALERMO_ASSIGN_OR_RETURN(
        Statement find,
        database_.Prepare("SELECT n FROM message WHERE record=?1 AND kind='rescue_alert' AND "
                          "(?2='' OR originator=?2) ORDER BY at_ms, id"));
    find.Bind(1, WholeRecordId(scoped ? name.substr(3) : name));
    find.Bind(2, scoped ? name.substr(0, 2) : "");
    PALERMO_ASSIGN_OR_RETURN(std::vector<Item> alerts, LoadAll(std::move(find)));
    std::vector<Item> seen;
    for (Item& alert : alerts) {
      PALERMO_ASSIGN_OR_RETURN(const auto decision, May(alert, access, Way::kHistory, ""));
      if (decision.allowed) seen.push_back(std::move(alert));
    }
    if (!seen.empty()) return seen;
  }
  PALERMO_RETURN_IF_ERROR(found.status());
  const Item& record = *found;
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items,
                           AboutRecord(record.content.originator, record.content.record));
  std::vector<Item> seen;
  for (Item& item : items) {
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, Way::kHistory, ""));
    if (!decision.allowed) continue;
    // Recalled, or past its date: that it was, and no longer what it said.
    PALERMO_ASSIGN_OR_RETURN(const auto view, May(item, access, Way::kView, ""));
    if (item.content.is_record && !view.allowed) item.body = WithoutContent(item.body);
    seen.push_back(std::move(item));
  }
  return seen;
}

}  // namespace palermo::casebook
