// What an officer may see, on the officer's own machine: encrypted, searchable, rebuilt from the
// node at any time. Everything that it gives away passed the policy function; what that denies is
// not listed, not counted and not named. docs/formats/casebook.md. Not thread-safe.
#ifndef PALERMO_NODE_CASEBOOK_CASEBOOK_H_
#define PALERMO_NODE_CASEBOOK_CASEBOOK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "crypto/secret.h"
#include "node/casebook/content.h"
#include "node/casebook/database.h"
#include "node/casework/intelligence/policy.h"
#include "node/casework/operation/replay.h"
#include "palermo/v1/casebook.pb.h"

namespace palermo::casebook {

// Of many messages, how many Put takes best in one transaction: their identifiers lie all over the
// index, and each page is written once.
inline constexpr size_t kMessagesAtOnce = 40 * limits::kCasebookBatchMessages;

// Who asks, for what, when.
struct Access {
  casework::Asker asker;
  absl::Time now;
};

// One message of the casebook.
struct Item {
  int64_t n = 0;
  v1::CasebookEntry entry;
  v1::Header header;
  v1::CaseBody body;
  Content content;  // without marks and words
};
struct Found {
  std::vector<Item> items;  // newest first
  bool more = false;        // some candidates were not looked at
  bool everywhere = false;  // of a mark: more messages name it than are looked at
};
// A mark of one message that others name too.
struct Match {
  std::string mark;
  Found others;
};

class Casebook {
 public:
  // Opens the file or makes it. WRONG_KEY also when it belongs to another officer; the codes of
  // Database::Open.
  static absl::StatusOr<std::unique_ptr<Casebook>> Open(const std::string& path,
                                                        const crypto::SecretBytes& key,
                                                        const std::string& officer);
  Casebook(const Casebook&) = delete;
  Casebook& operator=(const Casebook&) = delete;

  // --- Filling it. REQUIRES: everything in an entry was verified back to the roster.
  // All or nothing; an entry that is there already is replaced. `after`: where the listing goes on.
  absl::Status Put(std::span<const v1::CasebookEntry> entries, std::string_view after);
  absl::StatusOr<std::string> After();
  absl::StatusOr<bool> Knows(std::string_view message_id);
  // Own messages about records to which a receipt may still come.
  absl::StatusOr<std::vector<std::string>> OpenMessages(absl::Time now);

  // --- Ways out
  // Messages that contain all the words; a word may end in * for its beginning. NO_WORDS.
  absl::StatusOr<Found> Search(std::string_view words, const Access& access, size_t limit);
  // Messages that name the mark, a normal form.
  absl::StatusOr<Found> Named(std::string_view mark, const Access& access, size_t limit);
  // Messages of these kinds; all for an empty list.
  absl::StatusOr<Found> List(const std::vector<std::string>& kinds, const Access& access,
                             size_t limit);
  // How many there are.
  absl::StatusOr<size_t> Count(const std::vector<std::string>& kinds, const Access& access);
  // One message, by its id (32 bytes). UNKNOWN_MESSAGE, also when it may not be seen.
  absl::StatusOr<Item> View(std::string_view message_id, const Access& access);
  // The newest message that carries the record, "R-1/2" or "QN:R-1/2", the originator's own before
  // what others passed on. UNKNOWN_RECORD, also when it may not be had on this way;
  // AMBIGUOUS_RECORD when two states have one of this id.
  absl::StatusOr<Item> Record(std::string_view record, const Access& access, casework::Way way,
                              const std::string& to_state);
  // Whether a copy of the record came here or went out from here, whoever may see it.
  absl::StatusOr<bool> Holds(const std::string& originator, const std::string& record);
  // Whether the originator's record of this id and version, as it came here or went out from here,
  // says something else than this body does; whoever may see it.
  absl::StatusOr<bool> SaysOtherwise(const v1::CaseBody& body);
  // The acknowledgements in this message's case, oldest first, that may be seen.
  absl::StatusOr<std::vector<Item>> Acknowledgements(const Item& item, const Access& access);
  // By what its originator took a record back or replaced it, newest first; also where the record
  // itself is not in the casebook. Who holds a copy is shown that in place of what it said.
  absl::StatusOr<std::vector<Item>> TakenBack(const std::string& originator,
                                              const std::string& record);
  // Questions for consent, recalls and corrections that came and that nobody of ours has answered,
  // oldest first.
  absl::StatusOr<std::vector<Item>> Unanswered(const Access& access);
  // Everything about the record, oldest first. Of what may not be seen any more, that it was.
  absl::StatusOr<std::vector<Item>> History(std::string_view record, const Access& access);
  // What this message has in common with others of the casebook, other than its own record's.
  absl::StatusOr<std::vector<Match>> Matches(const Item& item, const Access& access);

  // The one question behind all of them.
  absl::StatusOr<casework::PolicyDecision> May(const Item& item, const Access& access,
                                               casework::Way way, const std::string& to_state);
  // The same of a message that is not in the casebook yet, as if it were.
  absl::StatusOr<casework::PolicyDecision> MayOpen(const Item& fresh, const Access& access);
  // Whether a message of our own that is not sent yet may carry its record to a state, by all that
  // is known here now. What was never here goes nowhere.
  absl::StatusOr<casework::PolicyDecision> MayGo(const Item& draft, const Access& access,
                                                 const std::string& to_state);
  absl::StatusOr<casework::RecordFacts> FactsOf(const Item& item, absl::Time now);
  // Who was a member of the operation after these records, by its signed records that are here;
  // nobody while one of those that count is missing. And who of them has left since.
  struct Membership {
    std::vector<std::string> members, departed;
  };
  absl::StatusOr<Membership> MembersOf(const std::string& operation,
                                       const std::vector<std::string>& seen, absl::Time now);

  // How often a history was replayed for that.
  size_t replays() const { return replays_; }

  // Mails of operations that were verified once, by a hash over their bytes: nobody without the key
  // can add one.
  absl::StatusOr<bool> IsVerified(const Hash& mail);
  absl::Status AddVerified(std::span<const Hash> mails);

  // SHA-256 over all that is in it: the same for two casebooks of the same messages.
  absl::StatusOr<Hash> Digest();

 private:
  Casebook(Database database, std::string officer);
  absl::Status MakeTables();
  absl::Status PutOne(const v1::CasebookEntry& entry);
  absl::Status Drop(const Item& item);
  absl::Status Purge(const std::string& originator, const std::string& record);
  // A deleted row's words stay in the index until its parts are merged.
  absl::Status MergeWords();
  absl::StatusOr<bool> IsPurged(const std::string& originator, const std::string& record);
  absl::StatusOr<Item> Load(int64_t n);
  absl::StatusOr<int64_t> NumberOf(std::string_view message_id);
  absl::StatusOr<std::vector<Item>> LoadAll(Statement statement);
  absl::StatusOr<std::vector<Item>> AboutRecord(const std::string& originator,
                                                const std::string& record);
  absl::StatusOr<std::vector<std::string>> Originators(const std::string& record);
  absl::StatusOr<Found> Sift(Statement candidates, const Access& access, size_t limit,
                             casework::Way way);
  // What the policy function is asked with: each of the labels must allow, with its own members.
  struct Basis {
    std::vector<v1::Label> labels;
    std::vector<Membership> memberships;  // of each label
    casework::RecordFacts facts;
  };
  absl::StatusOr<Basis> BasisOf(const Item& item, absl::Time now);
  // `fresh`: one more message about it.
  absl::StatusOr<Basis> RecordBasis(const std::string& originator, const std::string& record,
                                    absl::Time now, const Item* fresh = nullptr);
  static casework::PolicyDecision Ask(Basis basis, const Access& access, casework::Way way,
                                      const std::string& to_state);
  absl::Status AddMembers(const v1::Label& label, absl::Time now, Membership& out);
  absl::StatusOr<const std::vector<casework::SignedRecord>*> OperationRecords(
      const std::string& operation);

  Database database_;
  const std::string officer_;
  bool purged_ = false;  // by what is being put in
  // By operation; until something is put in.
  std::map<std::string, std::vector<casework::SignedRecord>> operations_;
  std::map<std::string, std::set<std::string>> members_now_;
  std::map<std::pair<std::string, std::vector<std::string>>, Membership> members_;
  std::map<std::pair<std::string, std::string>, Basis> bases_;  // by originator and record
  size_t replays_ = 0;
};

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_CASEBOOK_H_
