// The back catalogue of a newcomer: what was written before a state joined, record by record, by
// its originator alone (domain 5.4).
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/intelligence/policy.h"
#include "node/casework/operation/access.h"
#include "node/casework/operation/personal_data.h"
#include "node/desk/operation_mail.h"

namespace palermo::desk {
namespace {

// By the record's own label, where it has one: to members alone, for one of its purposes.
absl::Status AskLabel(const OperationBook& book, const v1::OperationRecord& record,
                      const std::string& state, const Releaser& by, absl::Time now) {
  if (record.label().ByteSizeLong() == 0) return absl::OkStatus();
  casework::RecordFacts facts;
  facts.sealed_to = {by.authority};
  facts.members = {book.state.members.begin(), book.state.members.end()};
  facts.departed = {book.state.departed.begin(), book.state.departed.end()};
  const auto& purposes = record.label().purposes();
  const casework::Asker asker = {book.own_state, by.authority, by.officer,
                                 purposes.empty() ? "" : purposes[0], by.reason};
  const auto decision =
      casework::MayPass(record.label(), facts, asker, casework::Way::kForward, state, now);
  if (decision.allowed) return absl::OkStatus();
  return Refused("NOT_RELEASED", Cat({"the record's label does not let it go to ", state, " (",
                                      decision.clause, "): ", decision.todo}));
}

}  // namespace

absl::Status CheckRelease(const OperationBook& book, const std::string& record,
                          const std::string& state, const Releaser& by, absl::Time now) {
  const casework::SignedRecord* r = book.Find(record);
  if (r == nullptr) return Missing("UNKNOWN_RECORD", Cat({"record ", record, " is not here"}));
  if (state == book.own_state || book.state.members.count(state) == 0) {
    return Refused("NOT_MEMBER", Cat({state,
                                      " is no other member of this operation: a record is "
                                      "given to a state that has joined"}));
  }
  if (r->signer != book.own_state || r->record.state() != book.own_state) {
    return Refused("NOT_ORIGINATOR", Cat({"record ", record, " is ", r->signer,
                                          "'s, and it alone gives it: ask it"}));
  }
  if (r->place_only || casework::IsWithheld(r->record) || book.entries.at(record).pending) {
    return WrongState("NOT_SENT", Cat({"record ", record,
                                       " was not sent to the members yet: whoever "
                                       "is a member then gets it"}));
  }
  if (!casework::IsReason(by.reason)) {
    return InputError("NO_REASON", Cat({"say in words why ", state, " needs the record"}));
  }
  if (casework::HoldsPersonalData(by.reason)) {
    return InputError(
        "PERSONAL_DATA",
        Cat({"the reason seems to hold a date of birth, the number of a document or a "
             "telephone number, and ",
             state, " reads it. Give it without"}));
  }
  if (casework::NeedsTwo(r->record)) {
    return Refused(
        "NOT_RELEASED",
        Cat({"record ", record, " is in ", casework::CompartmentOf(r->record),
             ", which two officers open: what ", state, " needs of it, write in a new record"}));
  }
  if (!casework::MayReadRecord(book.Agreement(), by.officer, r->record)) {
    return Refused("NOT_YOUR_COMPARTMENT",
                   Cat({"the agreement does not open ", casework::CompartmentOf(r->record), " to ",
                        by.officer}));
  }
  return AskLabel(book, r->record, state, by, now);
}

}  // namespace palermo::desk
