// Records of a joint operation as the tests of its replay write them.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_TEST_BOOK_H_
#define PALERMO_NODE_CASEWORK_OPERATION_TEST_BOOK_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "node/casework/operation/replay.h"

namespace palermo::casework {

inline absl::Time Now() { return *ParseInstant("2026-03-20T09:00:00Z"); }

// Writes records as desks do: each on the newest that its state has seen.
class Book {
 public:
  std::vector<SignedRecord> records;
  std::string operation;

  std::string Add(const std::string& state, v1::OperationRecord record,
                  std::vector<std::string> parents, const std::string& signer = "") {
    SignedRecord r;
    r.id = absl::StrFormat("%03u-%s", (records.size() * 7919 + 13) % 997, state);
    r.signer = signer.empty() ? state : signer;
    record.set_state(state);
    if (record.seq() == 0) {
      record.set_seq(++seq_[state]);
      record.set_previous(last_[state]);
    }
    if (record.at().empty()) {
      record.set_at(FormatInstant(*ParseInstant("2026-03-01T09:00:00Z") +
                                  absl::Minutes(static_cast<int>(records.size()))));
    }
    record.set_operation(operation);
    for (const std::string& parent : parents) record.add_parents(parent);
    r.record = std::move(record);
    last_[state] = r.id;
    records.push_back(r);
    if (operation.empty()) operation = r.id;
    return r.id;
  }
  // Without a number, as an abort goes.
  std::string AddAlone(const std::string& state, v1::OperationRecord record,
                       const std::vector<std::string>& parents) {
    SignedRecord r{absl::StrFormat("%03u-%s-alone", (records.size() * 7919 + 13) % 997, state),
                   state, std::move(record), false};
    r.record.set_state(state);
    r.record.set_operation(operation);
    if (r.record.at().empty()) {
      r.record.set_at(FormatInstant(*ParseInstant("2026-03-01T09:00:00Z") +
                                    absl::Minutes(static_cast<int>(records.size()))));
    }
    for (const std::string& parent : parents) r.record.add_parents(parent);
    records.push_back(r);
    return r.id;
  }
  // On everything that is there.
  std::string Say(const std::string& state, v1::OperationRecord record) {
    std::vector<std::string> parents;
    if (!operation.empty()) parents = State().heads;
    return Add(state, std::move(record), parents);
  }

  OperationState State(absl::Time now = Now()) const {
    auto state = ReplayOperation(records, operation, now);
    EXPECT_TRUE(state.ok());
    return *state;
  }
  const JudgedRecord& Of(const OperationState& state, const std::string& id) const {
    const auto found = std::find_if(state.records.begin(), state.records.end(),
                                    [&](const JudgedRecord& r) { return r.id == id; });
    EXPECT_NE(found, state.records.end()) << id;
    return *found;
  }
  std::string VerdictOf(const std::string& id) const {
    const OperationState state = State();
    return std::string(VerdictName(Of(state, id).verdict));
  }
  // What a liar writes needs another last record of its chain.
  void Rewind(const std::string& state, const std::string& last, uint64_t seq) {
    last_[state] = last;
    seq_[state] = seq;
  }

 private:
  std::map<std::string, uint64_t> seq_;
  std::map<std::string, std::string> last_;
};

using Names = std::vector<std::string>;

inline v1::OperationRecord Agreement(const Names& states) {
  v1::OperationRecord r;
  for (const std::string& state : states) {
    r.mutable_agreement()->add_parties()->set_state(state);
    auto& leader = *r.mutable_agreement()->add_leaders();
    leader.set_state(state);
    leader.set_leader(state + "-L-1");
  }
  r.mutable_agreement()->mutable_decisions()->set_least_go(1);
  r.mutable_agreement()->mutable_decisions()->set_otherwise("GO");
  r.mutable_agreement()->mutable_period()->set_from("2026-01-01");
  r.mutable_agreement()->mutable_period()->set_to("2026-12-31");
  return r;
}
inline v1::OperationRecord Signature(const std::string& id) {
  v1::OperationRecord r;
  r.mutable_signature()->set_agreement(id);
  return r;
}
inline v1::OperationRecord Consent(const std::string& id) {
  v1::OperationRecord r;
  r.mutable_consent()->set_subject(id);
  return r;
}
inline v1::OperationRecord Admission(const std::string& state) {
  v1::OperationRecord r;
  r.mutable_admission()->set_state(state);
  auto& basis = *r.mutable_admission()->add_basis();
  basis.set_pair("default");
  basis.set_basis("UNTOC 19");
  return r;
}
inline v1::OperationRecord Accession(const std::string& admission, const std::string& agreement) {
  v1::OperationRecord r;
  r.mutable_accession()->set_admission(admission);
  r.mutable_accession()->set_agreement(agreement);
  return r;
}
inline v1::OperationRecord Departure(const std::string& state) {
  v1::OperationRecord r;
  r.mutable_departure()->set_state(state);
  return r;
}
inline v1::OperationRecord Report(const std::string& text = "all quiet") {
  v1::OperationRecord r;
  r.mutable_situation()->set_text(text);
  return r;
}
inline v1::OperationRecord Decision(uint32_t quorum, const std::string& otherwise = "NO_GO") {
  v1::OperationRecord r;
  r.mutable_decision()->set_kind("ACTION_DAY");
  r.mutable_decision()->set_quorum(quorum);
  r.mutable_decision()->set_deadline("2026-03-10T09:00:00Z");
  r.mutable_decision()->set_otherwise(otherwise);
  return r;
}
inline v1::OperationRecord Vote(const std::string& decision, const std::string& vote) {
  v1::OperationRecord r;
  r.mutable_vote()->set_decision(decision);
  r.mutable_vote()->set_vote(vote);
  return r;
}
inline v1::OperationRecord Abort(const std::string& decision) {
  v1::OperationRecord r;
  r.mutable_abort()->set_decision(decision);
  return r;
}
inline v1::OperationRecord Closing(uint32_t open = 0) {
  v1::OperationRecord r;
  r.mutable_closing()->set_open_obligations(open);
  r.mutable_closing()->set_logs_reconciled(true);
  return r;
}

inline Book Founded(const Names& states) {
  Book book;
  const std::string id = book.Say(states[0], Agreement(states));
  for (size_t i = 1; i < states.size(); ++i) book.Say(states[i], Signature(id));
  return book;
}
// As a state has it to which it was not released.
inline SignedRecord WithoutContent(SignedRecord r) {
  const auto kind = static_cast<uint32_t>(r.record.content_case());
  const auto* field = v1::OperationRecord::descriptor()->FindFieldByNumber(static_cast<int>(kind));
  if (field != nullptr) r.record.GetReflection()->ClearField(&r.record, field);
  r.record.set_withheld_kind(kind);
  r.record.set_withheld_sha256("00");
  return r;
}
using Set = std::set<std::string>;

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_TEST_BOOK_H_
