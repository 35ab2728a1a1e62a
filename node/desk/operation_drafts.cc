// Drafts of our own records: in which order they are approved, and which can still be sent.
#include <algorithm>
#include <set>
#include <tuple>

#include "base/bytes.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/operation/fold.h"
#include "node/casework/operation/rules.h"
#include "node/desk/operation_mail.h"

namespace palermo::desk {
namespace {

using casework::SignedRecord;

bool Stops(const v1::OperationRecord& record) {
  return casework::KindOf(record) == v1::OperationRecord::kAbort;
}

// The own history as it would be sent: what was, then drafts, as far as each follows one that is in
// it and has a number of its own.
class OwnChain {
 public:
  bool Has(const std::string& id) const { return ids_.count(id) != 0; }
  void Add(const std::string& id, const v1::OperationRecord& record) {
    ids_.insert(id);
    if (!casework::TakesNoNumber(record)) numbers_.insert(record.seq());
  }
  void AddIfItFollows(const std::string& id, const v1::OperationRecord& record) {
    if (casework::TakesNoNumber(record)) return Add(id, record);
    const std::string& before = record.previous();
    const bool follows = before.empty() ? record.seq() == 1 : Has(before);
    if (follows && numbers_.count(record.seq()) == 0) Add(id, record);
  }

 private:
  std::set<std::string> ids_;
  std::set<uint64_t> numbers_;
};

}  // namespace

std::vector<const OperationCarrier*> DraftsInOrder(const std::vector<OperationCarrier>& carriers,
                                                   const std::string& operation) {
  const auto key = [](const OperationCarrier& draft) {
    uint64_t first = UINT64_MAX;
    bool stops = false;
    for (const v1::OperationRecord& record : draft.mail.records()) {
      first = std::min<uint64_t>(first, record.seq());
      stops = stops || Stops(record);
    }
    return std::tuple(stops ? 0 : 1, first, draft.message);
  };
  std::vector<const OperationCarrier*> drafts;
  for (const OperationCarrier& carrier : carriers) {
    if (carrier.pending && carrier.mail.operation() == operation) drafts.push_back(&carrier);
  }
  std::sort(
      drafts.begin(), drafts.end(),
      [&](const OperationCarrier* a, const OperationCarrier* b) { return key(*a) < key(*b); });
  return drafts;
}

std::string WhyNotInvited(const OperationBook& book) {
  const std::string& own = book.own_state;
  if (book.state.members.count(own) != 0) return "your state takes part already";
  for (const SignedRecord& r : book.records) {
    if (r.record.admission().state() != own) continue;
    const auto waits = book.state.waiting.find(r.id);
    if (waits != book.state.waiting.end()) {
      std::string who;
      for (const std::string& state : waits->second) who += Cat({who.empty() ? "" : ", ", state});
      return Cat(
          {"these members have not consented to your joining, or their consents did not "
           "arrive: ",
           who, ". Ask them, or fetch what is missing: palermo operation sync"});
    }
    std::string pairs;
    for (const std::string& member : book.state.members) {
      if (casework::CheckPairs(r.record.admission(), {member}, "admission").empty()) continue;
      pairs += Cat({pairs.empty() ? "" : ", ", member, "-", own});
    }
    if (!pairs.empty()) {
      return Cat({"the proposal to admit you names no legal basis for ", pairs,
                  " (R-JIT-07). A member proposes it anew: palermo operation admit"});
    }
  }
  return "no proposal to admit your state is here. A member makes it (palermo operation admit), "
         "all "
         "members consent, and palermo operation sync fetches both";
}

absl::Status CheckAgreement(const OperationBook& book) {
  const v1::OperationAgreement* agreement = book.Agreement();
  if (agreement == nullptr) return absl::OkStatus();
  std::vector<std::string> parties;
  for (const auto& party : agreement->parties()) parties.push_back(party.state());
  // Who is still to sign is not the question here.
  const auto findings = casework::CheckFounding(*agreement, parties, "agreement");
  if (findings.empty()) return absl::OkStatus();
  return Refused("NO_BASIS",
                 Cat({"not every pair of parties has a legal basis in this agreement; ",
                      findings[0].rule, ": ", findings[0].what, "; ", findings[0].todo}));
}

namespace {

// By the silence of all until its deadline, and aborted after that.
bool WasGoBySilence(const OperationBook& book, const casework::DecisionState& decision) {
  const SignedRecord* put = book.Find(decision.id);
  if (decision.outcome != casework::DecisionOutcome::kAborted || decision.refused) return false;
  if (put == nullptr || put->record.decision().otherwise() != "GO") return false;
  const std::string& deadline = put->record.decision().deadline();
  return std::none_of(book.records.begin(), book.records.end(), [&](const SignedRecord& r) {
    return r.record.abort().decision() == decision.id && !casework::IsLate(deadline, r.record.at());
  });
}

// Also where it was aborted after that: units may have set out.
bool WasDecidedGo(const OperationBook& book, const casework::DecisionState& decision) {
  const auto go = std::count_if(decision.votes.begin(), decision.votes.end(),
                                [](const auto& vote) { return vote.second == "GO"; });
  return decision.outcome == casework::DecisionOutcome::kGo ||
         static_cast<size_t>(go) >= decision.quorum || WasGoBySilence(book, decision);
}

}  // namespace

absl::Status CheckCounting(const OperationBook& book, const v1::OperationRecord& record) {
  const v1::OperationRecord* later = &record;
  if (record.has_consent()) {
    const SignedRecord* subject = book.Find(record.consent().subject());
    later = subject == nullptr ? nullptr : &subject->record;
  }
  if (later == nullptr || !later->has_agreement()) return absl::OkStatus();
  // With the draft that is looked at, the version in force may be the later one.
  const SignedRecord* before = book.Find(later->agreement().amends());
  if (before == nullptr || !before->record.has_agreement()) return absl::OkStatus();
  const auto& now = before->record.agreement().counting_definitions();
  const auto& then = later->agreement().counting_definitions();
  if (std::equal(now.begin(), now.end(), then.begin(), then.end())) return absl::OkStatus();
  const auto& decisions = book.state.decisions;
  const bool acted = std::any_of(decisions.begin(), decisions.end(), [&](const auto& decision) {
    return decision.kind == "ACTION_DAY" && WasDecidedGo(book, decision);
  });
  if (!acted) return absl::OkStatus();
  return Refused("COUNTING_FIXED",
                 "an action day was decided GO, and this version counts otherwise than the one "
                 "before; write one with the same counting_definitions");
}

std::string LeftOpen(const OperationBook& after, const std::string& closing) {
  for (const casework::JudgedRecord& judged : after.state.records) {
    if (judged.id != closing) continue;
    for (const casework::Finding& finding : judged.findings) {
      if (finding.key == "R-AUD-01.still_open") return finding.what;
    }
  }
  return "";
}

absl::Status CheckNothingOpen(const OperationBook& after, const std::string& closing) {
  const std::string open = LeftOpen(after, closing);
  if (open.empty()) return absl::OkStatus();
  return WrongState("STILL_OPEN", Cat({open,
                                       "; abort or wait, or close it all the same: --with-open; "
                                       "all members are shown what stays open"}));
}

std::set<std::string> DraftsToLeaveOut(const std::vector<OperationCarrier>& carriers,
                                       const std::string& operation, const std::string& own_state,
                                       bool for_abort) {
  OwnChain chain;
  std::map<std::tuple<int, uint64_t, std::string>, const v1::OperationRecord*> waiting;
  for (const OperationCarrier& carrier : carriers) {
    if (StateOf(carrier.sender) != own_state || carrier.mail.operation() != operation) continue;
    for (const v1::OperationRecord& record : carrier.mail.records()) {
      const std::string id = OperationRecordId(own_state, record);
      if (!carrier.pending) {
        chain.Add(id, record);
      } else if (!for_abort) {
        waiting.emplace(std::tuple(Stops(record) ? 0 : 1, record.seq(), id), &record);
      }
    }
  }
  for (const auto& [key, record] : waiting) {
    if (!chain.Has(std::get<2>(key))) chain.AddIfItFollows(std::get<2>(key), *record);
  }
  std::set<std::string> out;
  for (const OperationCarrier& carrier : carriers) {
    if (!carrier.pending || carrier.mail.operation() != operation) continue;
    const auto& records = carrier.mail.records();
    const bool whole = std::all_of(records.begin(), records.end(), [&](const auto& record) {
      return chain.Has(OperationRecordId(own_state, record));
    });
    if (!whole) out.insert(carrier.message);
  }
  return out;
}

absl::StatusOr<OperationBook> BookToWriteOn(const std::string& operation,
                                            const std::string& own_state,
                                            std::vector<OperationCarrier>& carriers, bool for_abort,
                                            absl::Time now) {
  const std::set<std::string> out = DraftsToLeaveOut(carriers, operation, own_state, for_abort);
  std::erase_if(carriers, [&](const OperationCarrier& carrier) {
    return carrier.pending && out.count(carrier.message) != 0;
  });
  return BuildOperationBook(operation, own_state, carriers, true, now);
}

namespace {

// Of two records of one number that wait, an abort is the one that is sent: to stop cannot wait. Of
// two aborts, that with the lower id.
bool GoesFirst(const v1::OperationRecord& record, const std::string& id,
               const SignedRecord& waiting) {
  return Stops(record) && (!Stops(waiting.record) || id < waiting.id);
}

}  // namespace

absl::Status CheckOwnChain(const OperationBook& sent, const OperationBook& all,
                           const v1::OperationMail& mail) {
  std::set<std::string> here;
  for (const v1::OperationRecord& record : mail.records()) {
    const std::string id = OperationRecordId(sent.own_state, record);
    here.insert(id);
    if (casework::TakesNoNumber(record)) continue;
    for (const SignedRecord& r : all.records) {
      if (r.signer != sent.own_state || r.record.seq() != record.seq() || r.id == id) continue;
      if (sent.Find(r.id) == nullptr && GoesFirst(record, id, r)) continue;
      return WrongState("TWO_HISTORIES",
                        Cat({"records ", id, " and ", r.id,
                             " have one number: sending both would fork your state's history. "
                             "Drop the draft of the one that was not sent, and those after it, and "
                             "write them anew: palermo case drop DRAFT"}));
    }
  }
  for (const v1::OperationRecord& record : mail.records()) {
    const std::string& before = record.previous();
    if (before.empty() || sent.Find(before) != nullptr || here.count(before) != 0) continue;
    return WrongState(
        "OUT_OF_ORDER",
        Cat({"record ", before, ", which it follows, was not sent; ",
             all.Find(before) != nullptr
                 ? "approve that draft first"
                 : "its draft is gone: drop this one too, and write it anew: palermo case drop "
                   "DRAFT"}));
  }
  return absl::OkStatus();
}

}  // namespace palermo::desk
