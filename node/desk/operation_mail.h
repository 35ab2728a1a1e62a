// Joint operations on the desk: which records the members' mails carry, and what each member still
// lacks. Pure: mails come in verified and opened. docs/formats/operation.md.
#ifndef PALERMO_NODE_DESK_OPERATION_MAIL_H_
#define PALERMO_NODE_DESK_OPERATION_MAIL_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "node/casework/operation/membership.h"
#include "node/desk/operation_answers.h"
#include "palermo/v1/casebody.pb.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::desk {

// The id of a record that officers of `signer` signed, in hex. The same whatever message brings it,
// and whether its content is there or withheld.
std::string OperationRecordId(const std::string& signer, const v1::OperationRecord& record);
// The record without its content.
v1::OperationRecord Withhold(const v1::OperationRecord& record);

// One mail, as the desk verified and opened it.
struct OperationCarrier {
  std::string message;  // id in hex
  std::string sender;   // authority; its officers' signatures were verified
  std::vector<std::string> to;
  absl::Time made;                    // as its header says
  absl::Time at;                      // of the sender's ledger; of a draft: when it was made
  bool pending = false;               // a draft of our own authority that waits for approvals
  std::string drafter;                // of a draft: the officer
  std::string relayed_by;             // state; "" when its sender sent it to us
  std::string came_in;                // the message at our node that it came in; "": itself
  std::set<std::string> undelivered;  // of our own: states whose node has not taken it
  OverriddenFindings answered = {};   // warnings about its records, as its body has them
  v1::OperationMail mail;

  // The states that it reached, or still may.
  std::vector<std::string> Reached() const;
};

// The records of these carriers, as far as they say who takes part; of all others the place.
std::vector<casework::SignedRecord> MembershipRecords(
    const std::vector<OperationCarrier>& carriers);

// Everything that a desk knows about one operation.
struct OperationBook {
  struct Entry {
    std::string sender;   // authority
    std::string message;  // that brought it, in hex
    absl::Time made;      // says how old it is
    absl::Time at;        // says what came too late, and nothing else: a ledger may lie ahead
    bool pending = false;
    std::string relayed_by;
    std::string came_in;  // the message at our own node, in hex
  };
  // What passed between us and another member; when, as the mails' headers say.
  struct Peer {
    std::map<std::string, absl::Time> sent;    // whole records: when last
    std::map<std::string, absl::Time> places;  // without their content
    std::map<std::string, absl::Time> asks;    // what it asks us for
    std::map<std::string, absl::Time> asked;   // what we asked it for
  };

  std::string operation;
  std::string own_state;
  std::vector<casework::SignedRecord> records;  // by id
  std::map<std::string, Entry> entries;
  std::map<std::string, Peer> peers;                        // by state
  std::map<std::string, std::set<std::string>> carried_by;  // message -> records in it
  std::set<std::string> passing_on;  // messages that carry others' messages with their keys
  std::map<std::string, OverriddenFindings> answers;  // by record: warnings its author answered
  casework::OperationState state;

  const casework::SignedRecord* Find(const std::string& id) const;
  // The agreement in force; before all signed, the one that waits. Null: it is not here.
  const v1::OperationAgreement* Agreement() const;
  // The authority that takes part for a state, as its party or the admission by which it joined or
  // may join says; else one that wrote to us. "" unknown.
  std::string AuthorityFor(const std::string& state) const;
};

// Of the carriers of this operation. `with_pending`: own drafts count, as they must when the next
// record is written. Failure: TOO_MANY.
absl::StatusOr<OperationBook> BuildOperationBook(const std::string& operation,
                                                 const std::string& own_state,
                                                 const std::vector<OperationCarrier>& carriers,
                                                 bool with_pending, absl::Time now);

// Votes that count by the time that their author claims, and that his own ledger has only from
// after the deadline.
std::vector<const casework::SignedRecord*> LateByLedger(const OperationBook& book,
                                                        const casework::DecisionState& decision);

// The next record of our state, linked to what it has written and seen, as far as that is not dated
// after `now`. Without content.
v1::OperationRecord NextRecord(const OperationBook& book, absl::Time now);
// The same with this content. It builds on the record that it is about (the decision of a vote),
// whenever that is dated: only so does it come after it for everybody. An abort gets no number.
v1::OperationRecord WriteRecord(const OperationBook& book, const v1::OperationRecord& content,
                                absl::Time now);

// Who may read the whole record: who was a member at its place; of what says who takes part, also
// who is a member now or may join.
absl::StatusOr<bool> MayHave(const OperationBook& book, const casework::SignedRecord& record,
                             const std::string& state, absl::Time now);
// The same for many records of the book.
absl::StatusOr<bool> MayHave(const OperationBook& book, const casework::SignedRecord& record,
                             const std::string& state, casework::ReadersIndex& readers);

// A record's id: SHA-256 in lower-case hex.
bool IsOperationId(std::string_view text);
// The one of `ids` that `text` is; else those that begin with it, when it has enough digits.
std::vector<std::string> IdsThatBegin(const std::vector<std::string>& ids, const std::string& text);
// The same for the operations of these mails. An operation whose agreement is here goes before ids
// that somebody only names.
std::vector<std::string> OperationsNamed(const std::vector<OperationCarrier>& carriers,
                                         const std::string& text);

// A mail to be sent.
struct OperationOutgoing {
  std::string state;
  std::string authority;
  v1::OperationMail mail;
  std::vector<std::string> relays;   // messages to be passed on with it, in hex
  OverriddenFindings answered = {};  // warnings about its records, as its body has them
};
// What the other members lack and may have, and what we ask them for. `ask`: ask now for what is
// missing, also again; else only for what is missing since a while. A mail says with a record which
// warnings about it its author answered, and why: a second officer approves it.
absl::StatusOr<std::vector<OperationOutgoing>> PlanOperationMails(const OperationBook& book,
                                                                  bool ask, absl::Time now);

// Before a record of ours from before a state joined is given to it: the state is a member, the
// record was sent and is open to this officer, and its label lets it go there. Its second officer
// is asked again. NOT_MEMBER, NOT_ORIGINATOR, NOT_RELEASED,
// NOT_YOUR_COMPARTMENT, NO_REASON, PERSONAL_DATA.
struct Releaser {
  std::string officer, authority;
  std::string reason;  // why that state needs to know
};
absl::Status CheckRelease(const OperationBook& book, const std::string& record,
                          const std::string& state, const Releaser& by, absl::Time now);
// A mail with this record alone, so that each release has an entry of its own in the ledger.
// REQUIRES: CheckRelease.
OperationOutgoing ReleaseOf(const OperationBook& book, const std::string& record,
                            const std::string& state, const std::string& reason);

// Of these mails nothing but this record of ours: an abort takes nothing else with it.
std::vector<OperationOutgoing> OnlyThe(const OperationBook& book, const std::string& record,
                                       std::vector<OperationOutgoing> mails);

// Own drafts of this operation, in the order in which they are approved: aborts first, then by the
// numbers of our records; what only asks comes last.
std::vector<const OperationCarrier*> DraftsInOrder(const std::vector<OperationCarrier>& carriers,
                                                   const std::string& operation);

// Why our state cannot join yet: nobody proposed it, or who has not consented. For people.
std::string WhyNotInvited(const OperationBook& book);
// Before our state signs the agreement: R-JIT-07, every pair of its parties has a basis. Another
// program may have proposed it. NO_BASIS.
absl::Status CheckAgreement(const OperationBook& book);
// Before our state writes or consents to a version of the agreement: what is counted, and how, does
// not change once an action day was decided GO, since whoever knows what happened could choose. The
// replay cannot ask that: membership follows without votes. COUNTING_FIXED.
absl::Status CheckCounting(const OperationBook& book, const v1::OperationRecord& record);

// Messages of drafts on which nothing new is built: they cannot be sent any more, since what they
// follow is gone or another record has their number. `for_abort`: all of them: to stop waits for no
// draft.
std::set<std::string> DraftsToLeaveOut(const std::vector<OperationCarrier>& carriers,
                                       const std::string& operation, const std::string& own_state,
                                       bool for_abort);
// The book on which the next record of our state is written; takes those drafts out of `carriers`.
absl::StatusOr<OperationBook> BookToWriteOn(const std::string& operation,
                                            const std::string& own_state,
                                            std::vector<OperationCarrier>& carriers, bool for_abort,
                                            absl::Time now);

// Before a draft is approved: everything in it is for whom it goes to, its drafter might write it,
// no vote in it comes too late, and nothing new in it changes what is counted. NOT_FOR_RECIPIENT,
// NOT_YOUR_COMPARTMENT, VOTE_TOO_LATE, COUNTING_FIXED.
absl::Status CheckDraft(const OperationBook& all, const OperationCarrier& draft, absl::Time now);

// What a closing leaves open, as the replay shows it to all; "" nothing.
std::string LeftOpen(const OperationBook& after, const std::string& closing);
// Before it is sent. STILL_OPEN.
absl::Status CheckNothingOpen(const OperationBook& after, const std::string& closing);

// Before a draft is approved: it must not give our own state two records under one number, nor send
// one before what it follows: that would be held everywhere, and all that comes after it. An abort
// takes no number, and waits for nothing; one that has a number (another program gave it) goes
// before a draft of that number. `sent`: without drafts that wait, `all`: with them.
// TWO_HISTORIES, OUT_OF_ORDER.
absl::Status CheckOwnChain(const OperationBook& sent, const OperationBook& all,
                           const v1::OperationMail& mail);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_OPERATION_MAIL_H_
