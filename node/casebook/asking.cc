// The ways out of the casebook: each message passes the policy function before anybody hears of it.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casebook/casebook.h"
#include "node/casework/operation/replay.h"
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
    if (word.empty()) continue;
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

bool HasReceipt(const Item& item, v1::RecordKind::Code kind, const std::string& not_of) {
  return std::any_of(item.entry.receipts().begin(), item.entry.receipts().end(),
                     [&](const v1::CasebookReceipt& receipt) {
                       return receipt.kind() == static_cast<uint32_t>(kind) &&
                              receipt.outcome() == uint32_t{v1::Outcome::ACCEPTED} &&
                              receipt.state() != not_of;
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
  consent.in_holders_ledger = HasReceipt(item, v1::RecordKind::DELIVERY, sender);
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
  return sql + " ORDER BY n DESC";
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
std::vector<v1::Label> RecordLabels(const std::vector<Item>& items) {
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
  return own.empty() ? passed_on : own;
}

std::string RouteOf(const std::string& record) { return record.substr(0, record.rfind('/')); }

// Another record, of another case.
bool IsAnother(const Item& a, const Item& b) {
  if (a.header.case_id() == b.header.case_id()) return false;
  return a.content.record.empty() || a.content.originator != b.content.originator ||
         RouteOf(a.content.record) != RouteOf(b.content.record);
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
                        "ORDER BY n"));
  find.Bind(1, record).Bind(2, originator);
  return LoadAll(std::move(find));
}

// --- Label and facts

absl::StatusOr<std::vector<std::string>> Casebook::MembersAt(const std::string& operation,
                                                             int64_t at_ms) {
  const auto [known, fresh] = members_.try_emplace({operation, at_ms});
  if (!fresh) return known->second;
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT n FROM message WHERE kind='operation_record' AND at_ms<=?1 "
                        "ORDER BY n"));
  find.Bind(1, at_ms);
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, LoadAll(std::move(find)));
  std::vector<casework::SignedRecord> records;
  for (const Item& item : items) {
    const v1::OperationRecord& record = item.body.operation_record();
    const std::string id = HexEncode(item.entry.message_id());
    if (record.operation() != operation && id != operation) continue;
    records.push_back({id, StateOf(item.header.sender()), record});
  }
  PALERMO_ASSIGN_OR_RETURN(casework::OperationState state,
                           casework::ReplayOperation(records, operation, FromMillis(at_ms)));
  known->second.assign(state.members.begin(), state.members.end());
  return known->second;
}

absl::StatusOr<Casebook::Basis> Casebook::BasisOf(const Item& item) {
  Basis basis;
  if (!item.content.is_record) {
    basis.labels = MessageLabels(item);
    AddSealedTo(item.header, basis.labels.front(), basis.facts);
    return basis;
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items,
                           AboutRecord(item.content.originator, item.content.record));
  basis.labels = RecordLabels(items);
  if (basis.labels.empty()) return basis;
  const v1::Label& label = basis.labels.front();
  int64_t sealed_at_ms = item.entry.recorded_at_ms();
  for (const Item& one : items) {
    TakeEvent(one, label, basis.facts);
    if (one.content.is_record) sealed_at_ms = std::min(sealed_at_ms, one.entry.recorded_at_ms());
  }
  if (!label.operation().empty()) {
    PALERMO_ASSIGN_OR_RETURN(basis.facts.members, MembersAt(label.operation(), sealed_at_ms));
  }
  return basis;
}

absl::StatusOr<RecordFacts> Casebook::FactsOf(const Item& item) {
  PALERMO_ASSIGN_OR_RETURN(Basis basis, BasisOf(item));
  return std::move(basis.facts);
}

absl::StatusOr<casework::PolicyDecision> Casebook::May(const Item& item, const Access& access,
                                                       Way way, const std::string& to_state) {
  PALERMO_ASSIGN_OR_RETURN(const Basis basis, BasisOf(item));
  casework::PolicyDecision decision{false, "LABEL", "the originator must complete the label"};
  for (const v1::Label& label : basis.labels) {
    decision = casework::MayPass(label, basis.facts, access.asker, way, to_state, access.now);
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
      database_.Prepare(
          "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT ?2"));
  find.Bind(1, query).Bind(2, static_cast<int64_t>(limits::kMaxCasebookCandidates + 1));
  return Sift(std::move(find), access, limit, Way::kSearch);
}

absl::StatusOr<Found> Casebook::Named(std::string_view mark, const Access& access, size_t limit) {
  const int64_t cap = limits::kMaxPostingsPerIdentifier;
  PALERMO_ASSIGN_OR_RETURN(
      Statement count,
      database_.Prepare("SELECT count(*) FROM (SELECT 1 FROM mark WHERE mark=?1 LIMIT ?2)"));
  PALERMO_RETURN_IF_ERROR(count.Bind(1, mark).Bind(2, cap + 1).Step().status());
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT n FROM mark WHERE mark=?1 ORDER BY n DESC LIMIT ?2"));
  find.Bind(1, mark).Bind(2, cap);
  PALERMO_ASSIGN_OR_RETURN(Found found, Sift(std::move(find), access, limit, Way::kSearch));
  // Nobody hears of a mark that only records name which he may not see.
  found.everywhere = count.Number(0) > cap && !found.items.empty();
  return found;
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
  PALERMO_ASSIGN_OR_RETURN(const Item record, Record(name, access, Way::kHistory, ""));
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items,
                           AboutRecord(record.content.originator, record.content.record));
  std::vector<Item> seen;
  for (Item& item : items) {
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(item, access, Way::kHistory, ""));
    if (decision.allowed) seen.push_back(std::move(item));
  }
  return seen;
}

absl::StatusOr<std::vector<Match>> Casebook::Matches(const Item& item, const Access& access) {
  std::vector<Match> matches;
  for (const std::string& mark : item.content.marks) {
    PALERMO_ASSIGN_OR_RETURN(Found found, Named(mark, access, limits::kMaxCasebookResults));
    std::erase_if(found.items, [&](const Item& other) { return !IsAnother(item, other); });
    if (!found.items.empty()) matches.push_back({mark, std::move(found)});
  }
  return matches;
}

}  // namespace palermo::casebook
