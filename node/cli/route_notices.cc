// Recalls, corrections and what answers them: who is told, who was told, who answered.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/delivery.h"
#include "node/cli/route_sending.h"
#include "node/desk/opening.h"

namespace palermo::cli {
namespace {

// The same word about the record: taken back, or replaced by the same one.
bool IsSameNotice(const v1::CaseBody& a, const v1::CaseBody& b) {
  if (a.has_intelligence_recall()) return b.has_intelligence_recall();
  return a.has_intelligence_correction() && b.has_intelligence_correction() &&
         casebook::WholeRecordId(a.intelligence_correction().replaced_by()) ==
             casebook::WholeRecordId(b.intelligence_correction().replaced_by());
}

// Our drafts about the record that wait for an approval, as far as this officer can open them.
absl::StatusOr<std::vector<casebook::Item>> WaitingAbout(SharingDesk& desk,
                                                         const casebook::Item& record) {
  Session& session = desk.session;
  std::vector<casebook::Item> found;
  PALERMO_ASSIGN_OR_RETURN(const auto keys, session.GrantedKeys());
  v1::ListPendingRequest request;
  for (int pages = 0; pages < limits::kMaxListPages; ++pages) {
    PALERMO_ASSIGN_OR_RETURN(const v1::ListPendingResponse page, session.node.ListPending(request));
    for (const v1::PendingDraft& draft : page.drafts()) {
      casebook::Item item;
      if (!item.header.ParseFromString(draft.header()) ||
          item.header.family() != v1::Family::LAW_ENFORCEMENT_INFO) {
        continue;
      }
      const auto message = session.node.FetchMessage(draft.message_id());
      if (!message.ok()) continue;  // it was sent or dropped just now
      desk::Opened opened = desk::Open(message->envelope(), keys, message->rewraps());
      if (opened.result != v1::RetrievalResult::OPENED) continue;
      item.entry.set_message_id(draft.message_id());
      item.body = std::move(opened.body);
      item.content = casebook::RecordOf(item.header, item.body);
      if (item.content.originator == record.content.originator &&
          item.content.record == record.content.record) {
        found.push_back(std::move(item));
      }
    }
    if (page.next().empty() || page.next() == request.after()) return found;
    request.set_after(page.next());
  }
  return found;
}

// Whether the authority's state has the message, or still may get it: what is out of time without
// a receipt is sent again.
bool MayHaveGot(const casebook::Item& item, const std::string& authority, absl::Time now) {
  const bool taken = std::any_of(item.entry.receipts().begin(), item.entry.receipts().end(),
                                 [&](const v1::CasebookReceipt& receipt) {
                                   return receipt.state() == StateOf(authority) &&
                                          casework::IsDelivery(receipt.kind(), receipt.outcome(),
                                                               receipt.at_ms(), item.header);
                                 });
  return taken || ToMillis(now) < item.header.expires_at_ms();
}

// Some recipient has it, or may get it.
bool MayBeThere(const casebook::Item& item, absl::Time now) {
  const std::vector<std::string> reached = ReachedBy(item);
  return std::any_of(reached.begin(), reached.end(),
                     [&](const std::string& one) { return MayHaveGot(item, one, now); });
}

}  // namespace

std::set<std::string> ToldBefore(const std::vector<casebook::Item>& events,
                                 const v1::CaseBody& notice, absl::Time now) {
  std::set<std::string> told;
  for (const casebook::Item& item : events) {
    if (item.entry.incoming() || !IsSameNotice(notice, item.body)) continue;
    for (const std::string& authority : ReachedBy(item)) {
      if (MayHaveGot(item, authority, now)) told.insert(authority);
    }
  }
  return told;
}

absl::StatusOr<int> SendNotice(SharingDesk& desk, const casebook::Item& record, Outgoing out,
                               const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<casebook::Item> events, EventsOf(desk, record, context));
  PALERMO_ASSIGN_OR_RETURN(std::set<std::string> to,
                           WhomToTell(desk, record, events, args.All("--to"), context));
  std::set<std::string> answered;
  for (const casebook::Item& item : events) {
    if (item.entry.incoming() && item.body.has_intelligence_answer()) {
      answered.insert(item.header.sender());
    }
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<casebook::Item> waiting, WaitingAbout(desk, record));
  std::set<std::string> told = ToldBefore(events, out.body, context.clock->Now());
  if (args.Has("--again")) {
    std::erase_if(told, [&](const std::string& one) { return answered.count(one) == 0; });
  }
  told.merge(ToldBefore(waiting, out.body, context.clock->Now()));
  const bool none = to.empty();
  for (const std::string& one : told) to.erase(one);
  if (to.empty() && !none) {
    return WrongState("ALL_TOLD",
                      "all who have the record were told, or a draft for them waits for its "
                      "approval. palermo route history says who has not answered; --again tells "
                      "these once more");
  }
  out.to.assign(to.begin(), to.end());
  return SendIntelligence(desk.session, std::move(out), context);
}

absl::Status CheckNotAnswered(SharingDesk& desk, const casebook::Item& notice,
                              const std::vector<casebook::Item>& events,
                              const v1::IntelligenceAnswer& answer, absl::Time now) {
  const std::string what = Cat({notice.content.originator, ":", notice.content.record});
  PALERMO_ASSIGN_OR_RETURN(const std::vector<casebook::Item> waiting, WaitingAbout(desk, notice));
  for (const casebook::Item& draft : waiting) {
    if (!draft.body.has_intelligence_answer()) continue;
    const std::string id = HexEncode(draft.entry.message_id());
    return WrongState("DRAFT_WAITS",
                      Cat({"an answer about ", what, " waits for its approval already: ",
                           draft.body.intelligence_answer().outcome(), ", draft ", id,
                           ". Approve that one, or drop it first: palermo case drop ", id}));
  }
  for (const casebook::Item& sent : events) {
    if (sent.entry.incoming() || !sent.body.has_intelligence_answer()) continue;
    if (sent.entry.recorded_at_ms() < notice.entry.recorded_at_ms()) continue;
    if (!MayBeThere(sent, now)) continue;
    const v1::IntelligenceAnswer& first = sent.body.intelligence_answer();
    const bool gone = first.outcome() == "PURGED" || first.outcome() == "REPLACED";
    const bool same = first.outcome() == answer.outcome() && first.hold_ref() == answer.hold_ref();
    if (!gone && !same) continue;
    return WrongState(
        "ALREADY_ANSWERED",
        Cat({StateOf(notice.header.sender()), " was answered about ", what,
             " already: ", first.outcome(), ", message ", HexEncode(sent.entry.message_id()),
             ". Where it is: palermo message explain"}));
  }
  return absl::OkStatus();
}

std::set<std::string> ToldOfConsent(const std::vector<casebook::Item>& events,
                                    const std::string& to_state, const std::string& purpose) {
  std::set<std::string> told;
  for (const casebook::Item& item : events) {
    if (item.entry.incoming() || !item.body.has_onward_consent_answer()) continue;
    const v1::OnwardConsentAnswer& answer = item.body.onward_consent_answer();
    if (answer.decision() == "DENY" || answer.to_state() != to_state) continue;
    if (answer.purpose() != purpose) continue;
    told.insert(item.header.recipients().begin(), item.header.recipients().end());
  }
  return told;
}

Silent SilentHolders(const std::vector<casebook::Item>& events, const std::string& own_state) {
  std::set<std::string> told, answered;
  for (const casebook::Item& item : events) {
    const bool ours = !item.entry.incoming();
    if (ours && (item.body.has_intelligence_recall() || item.body.has_intelligence_correction())) {
      for (const std::string& to : item.header.recipients()) told.insert(StateOf(to));
    } else if (!ours && item.body.has_intelligence_answer()) {
      answered.insert(StateOf(item.header.sender()));
    }
  }
  Silent silent;
  std::set_difference(told.begin(), told.end(), answered.begin(), answered.end(),
                      std::back_inserter(silent.told));
  if (told.empty()) return silent;  // it is not we who took it back
  for (const std::string& state : PassedOnTo(events, own_state)) {
    if (told.count(state) == 0 && answered.count(state) == 0) silent.not_told.push_back(state);
  }
  return silent;
}

}  // namespace palermo::cli
