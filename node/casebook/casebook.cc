#include "node/casebook/casebook.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/casework/delivery.h"
#include "node/casework/intelligence/correlation.h"
#include "palermo/v1/common.pb.h"

namespace palermo::casebook {
namespace {

constexpr char kTables[] =
    "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS message(n INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
    " case_id BLOB NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL, originator TEXT NOT NULL,"
    " record TEXT NOT NULL, open INTEGER NOT NULL, entry BLOB NOT NULL);"
    "CREATE INDEX IF NOT EXISTS message_record ON message(record, originator) WHERE record<>'';"
    "CREATE INDEX IF NOT EXISTS message_kind ON message(kind);"
    "CREATE INDEX IF NOT EXISTS message_open ON message(open) WHERE open>0;"
    "CREATE TABLE IF NOT EXISTS mark(mark TEXT NOT NULL, at_ms INTEGER NOT NULL,"
    " n INTEGER NOT NULL, PRIMARY KEY(mark, at_ms, n)) WITHOUT ROWID;"
    // Of mails of operations that were verified: SHA-256.
    "CREATE TABLE IF NOT EXISTS verified(mail BLOB PRIMARY KEY) WITHOUT ROWID;"
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content='', contentless_delete=1,"
    " tokenize='unicode61 remove_diacritics 2');"
    // What is deleted leaves the index at once, not with a later merge.
    "INSERT INTO words(words, rank) VALUES('secure-delete', 1);";

// Which record it was and who might see it is left, for the history; of what it said nothing.
v1::CasebookEntry Purged(const Item& item) {
  v1::CasebookEntry entry = item.entry;
  entry.set_body(WithoutContent(item.body).SerializeAsString());
  entry.set_purged(true);
  return entry;
}

absl::StatusOr<Item> ItemOf(int64_t n, v1::CasebookEntry entry) {
  Item item;
  item.n = n;
  item.entry = std::move(entry);
  if (!item.header.ParseFromString(item.entry.header()) ||
      !item.body.ParseFromString(item.entry.body())) {
    return Damaged("CASEBOOK_DAMAGED",
                   "an entry of the casebook cannot be read; make it anew: palermo casebook "
                   "rebuild");
  }
  item.content = RecordOf(item.header, item.body);
  return item;
}

bool IsPurgeAnswer(const Item& item) {
  const auto& answer = item.body.intelligence_answer();
  return !item.entry.incoming() && item.body.has_intelligence_answer() &&
         (answer.outcome() == "PURGED" || answer.outcome() == "REPLACED");
}

// When it runs out; 0: no receipt may still come, because each recipient opened or refused it.
int64_t OpenUntil(const Item& item) {
  if (item.entry.incoming() || item.content.record.empty()) return 0;
  size_t ended = 0;
  for (const v1::CasebookReceipt& receipt : item.entry.receipts()) {
    const bool refused =
        receipt.kind() == uint32_t{v1::RecordKind::DELIVERY} &&
        !casework::IsDelivery(receipt.kind(), receipt.outcome(), receipt.at_ms(), item.header);
    const bool over = receipt.kind() == uint32_t{v1::RecordKind::RETRIEVAL} || refused;
    ended += over ? 1 : 0;
  }
  const bool open = ended < static_cast<size_t>(item.header.recipients_size());
  return open ? item.header.expires_at_ms() : 0;
}

}  // namespace

Casebook::Casebook(Database database, std::string officer)
    : database_(std::move(database)), officer_(std::move(officer)) {}

absl::StatusOr<std::unique_ptr<Casebook>> Casebook::Open(const std::string& path,
                                                         const crypto::SecretBytes& key,
                                                         const std::string& officer) {
  PALERMO_ASSIGN_OR_RETURN(Database database, Database::Open(path, key));
  std::unique_ptr<Casebook> casebook(new Casebook(std::move(database), officer));
  PALERMO_RETURN_IF_ERROR(casebook->MakeTables());
  return casebook;
}

absl::Status Casebook::MakeTables() {
  PALERMO_ASSIGN_OR_RETURN(
      Statement made,
      database_.Prepare("SELECT 1 FROM sqlite_schema WHERE type='table' AND name='meta'"));
  PALERMO_ASSIGN_OR_RETURN(const bool old, made.Step());
  made.Reset();
  if (!old) {
    PALERMO_ASSIGN_OR_RETURN(auto transaction, Database::Transaction::Begin(database_));
    PALERMO_RETURN_IF_ERROR(database_.Execute(kTables));
    PALERMO_ASSIGN_OR_RETURN(
        Statement meta,
        database_.Prepare("INSERT OR IGNORE INTO meta VALUES('format', '3'), ('officer', ?1)"));
    PALERMO_RETURN_IF_ERROR(meta.Bind(1, officer_).Run());
    return transaction.Commit();
  }
  PALERMO_ASSIGN_OR_RETURN(
      Statement meta,
      database_.Prepare("SELECT 1 FROM meta AS f, meta AS o WHERE f.name='format' AND f.value='3' "
                        "AND o.name='officer' AND o.value=?1"));
  PALERMO_ASSIGN_OR_RETURN(const bool mine, meta.Bind(1, officer_).Step());
  if (mine) return absl::OkStatus();
  return Refused("WRONG_KEY",
                 "this casebook is another officer's, or of another version of palermo; make it "
                 "anew from the node: palermo casebook rebuild");
}

// --- Filling

absl::StatusOr<int64_t> Casebook::NumberOf(std::string_view message_id) {
  PALERMO_ASSIGN_OR_RETURN(Statement find, database_.Prepare("SELECT n FROM message WHERE id=?1"));
  PALERMO_ASSIGN_OR_RETURN(const bool there, find.BindBytes(1, message_id).Step());
  return there ? find.Number(0) : 0;
}

absl::StatusOr<Item> Casebook::Load(int64_t n) {
  PALERMO_ASSIGN_OR_RETURN(Statement find,
                           database_.Prepare("SELECT entry FROM message WHERE n=?1"));
  PALERMO_ASSIGN_OR_RETURN(const bool there, find.Bind(1, n).Step());
  v1::CasebookEntry entry;
  if (!there || !entry.ParseFromString(find.Text(0))) {
    return Damaged("CASEBOOK_DAMAGED",
                   "an entry of the casebook is missing; make it anew: palermo casebook rebuild");
  }
  return ItemOf(n, std::move(entry));
}

absl::StatusOr<bool> Casebook::Knows(std::string_view message_id) {
  PALERMO_ASSIGN_OR_RETURN(const int64_t n, NumberOf(message_id));
  return n != 0;
}

absl::StatusOr<std::string> Casebook::After() {
  PALERMO_ASSIGN_OR_RETURN(Statement find,
                           database_.Prepare("SELECT value FROM meta WHERE name='after'"));
  PALERMO_ASSIGN_OR_RETURN(const bool there, find.Step());
  return there ? find.Text(0) : "";
}

absl::StatusOr<std::vector<std::string>> Casebook::OpenMessages(absl::Time now) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement find,
      database_.Prepare("SELECT id FROM message WHERE open>0 AND open>?1 ORDER BY n"));
  // A notice of the end may be on its way.
  find.Bind(1, ToMillis(now - absl::Hours(24)));
  std::vector<std::string> ids;
  for (;;) {
    PALERMO_ASSIGN_OR_RETURN(const bool more, find.Step());
    if (!more) return ids;
    ids.push_back(find.Text(0));
  }
}

absl::Status Casebook::Put(std::span<const v1::CasebookEntry> entries, std::string_view after) {
  PALERMO_ASSIGN_OR_RETURN(auto transaction, Database::Transaction::Begin(database_));
  operations_.clear();
  members_now_.clear();
  members_.clear();
  bases_.clear();
  purged_ = false;
  for (const v1::CasebookEntry& entry : entries) PALERMO_RETURN_IF_ERROR(PutOne(entry));
  if (purged_) PALERMO_RETURN_IF_ERROR(MergeWords());
  PALERMO_ASSIGN_OR_RETURN(Statement meta,
                           database_.Prepare("INSERT OR REPLACE INTO meta VALUES('after', ?1)"));
  if (!after.empty()) PALERMO_RETURN_IF_ERROR(meta.BindBytes(1, after).Run());
  return transaction.Commit();
}

absl::StatusOr<bool> Casebook::IsPurged(const std::string& originator, const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(originator, record));
  for (const Item& item : items) {
    if (IsPurgeAnswer(item)) return true;
  }
  return false;
}

absl::StatusOr<bool> Casebook::Holds(const std::string& originator, const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(originator, record));
  return std::any_of(items.begin(), items.end(),
                     [](const Item& item) { return item.content.is_record; });
}

absl::StatusOr<bool> Casebook::SaysOtherwise(const v1::CaseBody& body) {
  const Content wanted = RecordOf(v1::Header(), body);
  if (!wanted.is_record) return false;
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(wanted.originator, wanted.record));
  return std::any_of(items.begin(), items.end(), [&](const Item& item) {
    return item.content.is_record && !item.entry.purged() &&
           StateOf(item.header.sender()) == wanted.originator && !SameRecord(item.body, body);
  });
}

absl::StatusOr<std::vector<Item>> Casebook::Acknowledgements(const Item& item,
                                                             const Access& access) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement find, database_.Prepare("SELECT n FROM message WHERE kind='acknowledgement' AND "
                                        "case_id=?1 ORDER BY at_ms, id"));
  find.BindBytes(1, item.header.case_id());
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> all, LoadAll(std::move(find)));
  std::vector<Item> seen;
  for (Item& one : all) {
    PALERMO_ASSIGN_OR_RETURN(const auto decision, May(one, access, casework::Way::kHistory, ""));
    if (decision.allowed) seen.push_back(std::move(one));
  }
  return seen;
}

absl::Status Casebook::Purge(const std::string& originator, const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(originator, record));
  for (const Item& item : items) {
    if (!item.content.is_record) continue;
    PALERMO_RETURN_IF_ERROR(Drop(item));
    PALERMO_ASSIGN_OR_RETURN(Statement put,
                             database_.Prepare("UPDATE message SET entry=?1 WHERE n=?2"));
    PALERMO_RETURN_IF_ERROR(
        put.BindBytes(1, Purged(item).SerializeAsString()).Bind(2, item.n).Run());
  }
  purged_ = true;
  return absl::OkStatus();
}

absl::Status Casebook::MergeWords() {
  PALERMO_ASSIGN_OR_RETURN(Statement merge,
                           database_.Prepare("INSERT INTO words(words) VALUES('optimize')"));
  return merge.Run();
}

// Out of both indexes.
absl::Status Casebook::Drop(const Item& item) {
  PALERMO_ASSIGN_OR_RETURN(
      Statement mark, database_.Prepare("DELETE FROM mark WHERE mark=?1 AND at_ms=?2 AND n=?3"));
  for (const std::string& text : casework::MarksToIndex(ContentOf(item.header, item.body).marks)) {
    PALERMO_RETURN_IF_ERROR(
        mark.Bind(1, text).Bind(2, item.entry.recorded_at_ms()).Bind(3, item.n).Run());
  }
  PALERMO_ASSIGN_OR_RETURN(Statement words, database_.Prepare("DELETE FROM words WHERE rowid=?1"));
  return words.Bind(1, item.n).Run();
}

absl::Status Casebook::PutOne(const v1::CasebookEntry& given) {
  PALERMO_ASSIGN_OR_RETURN(int64_t n, NumberOf(given.message_id()));
  const bool replaces = n != 0;
  v1::CasebookEntry entry = given;
  entry.set_purged(false);
  PALERMO_ASSIGN_OR_RETURN(Item item, ItemOf(n, entry));
  item.content = ContentOf(item.header, item.body);
  item.body.clear_compartments();
  if (item.body.has_operation_mail()) {
    const std::string operation = item.body.operation_mail().operation();
    item.body.mutable_operation_mail()->Clear();
    item.body.clear_overridden();  // about records that are not kept here
    item.body.mutable_operation_mail()->set_operation(operation);
  }
  item.entry.set_body(item.body.SerializeAsString());
  if (replaces) {
    PALERMO_ASSIGN_OR_RETURN(Item old, Load(n));
    PALERMO_RETURN_IF_ERROR(Drop(old));
  }
  if (item.content.is_record) {
    PALERMO_ASSIGN_OR_RETURN(const bool purged,
                             IsPurged(item.content.originator, item.content.record));
    if (purged) {
      item.entry = Purged(item);
      item.content.words.clear();
      item.content.marks.clear();
    }
  }
  PALERMO_ASSIGN_OR_RETURN(
      Statement put,
      database_.Prepare(
          replaces
              ? "UPDATE message SET case_id=?2, at_ms=?3, kind=?4, originator=?5, record=?6,"
                " open=?7, entry=?8 WHERE id=?1"
              : "INSERT INTO message(id, case_id, at_ms, kind, originator, record, open, entry)"
                " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
  put.BindBytes(1, item.entry.message_id()).BindBytes(2, item.header.case_id());
  put.Bind(3, item.entry.recorded_at_ms()).Bind(4, item.content.kind);
  put.Bind(5, item.content.originator).Bind(6, item.content.record);
  put.Bind(7, OpenUntil(item)).BindBytes(8, item.entry.SerializeAsString());
  PALERMO_RETURN_IF_ERROR(put.Run());
  PALERMO_ASSIGN_OR_RETURN(n, NumberOf(given.message_id()));
  PALERMO_ASSIGN_OR_RETURN(Statement mark,
                           database_.Prepare("INSERT OR IGNORE INTO mark VALUES(?1, ?2, ?3)"));
  for (const std::string& text : casework::MarksToIndex(item.content.marks)) {
    PALERMO_RETURN_IF_ERROR(
        mark.Bind(1, text).Bind(2, item.entry.recorded_at_ms()).Bind(3, n).Run());
  }
  if (!item.content.words.empty()) {
    PALERMO_ASSIGN_OR_RETURN(Statement words,
                             database_.Prepare("INSERT INTO words(rowid, text) VALUES(?1, ?2)"));
    PALERMO_RETURN_IF_ERROR(words.Bind(1, n).Bind(2, item.content.words).Run());
  }
  if (!IsPurgeAnswer(item)) return absl::OkStatus();
  return Purge(item.content.originator, item.content.record);
}

absl::StatusOr<bool> Casebook::IsVerified(const Hash& mail) {
  PALERMO_ASSIGN_OR_RETURN(Statement find,
                           database_.Prepare("SELECT 1 FROM verified WHERE mail=?1"));
  return find.BindBytes(1, AsView(mail)).Step();
}

absl::Status Casebook::AddVerified(std::span<const Hash> mails) {
  if (mails.empty()) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(auto transaction, Database::Transaction::Begin(database_));
  PALERMO_ASSIGN_OR_RETURN(Statement put,
                           database_.Prepare("INSERT OR IGNORE INTO verified VALUES(?1)"));
  for (const Hash& mail : mails) {
    PALERMO_RETURN_IF_ERROR(put.BindBytes(1, AsView(mail)).Run());
  }
  return transaction.Commit();
}

absl::StatusOr<Hash> Casebook::Digest() {
  crypto::Sha256Stream hash;
  const auto add = [&](const std::string& text) {
    hash.Update(LittleEndian64(text.size()));
    hash.Update(text);
  };
  for (const char* sql :
       {"SELECT entry, kind, originator, record FROM message ORDER BY id",
        "SELECT mark.mark, message.id, '', '' FROM mark JOIN message USING(n) ORDER BY 1, 2"}) {
    PALERMO_ASSIGN_OR_RETURN(Statement rows, database_.Prepare(sql));
    for (;;) {
      PALERMO_ASSIGN_OR_RETURN(const bool more, rows.Step());
      if (!more) break;
      for (int column = 0; column < 4; ++column) add(rows.Text(column));
    }
  }
  return hash.Finish();
}

absl::StatusOr<casework::PolicyDecision> Casebook::MayOpen(const Item& fresh,
                                                           const Access& access) {
  const Content& about = fresh.content;
  PALERMO_ASSIGN_OR_RETURN(Basis basis,
                           RecordBasis(about.originator, about.record, access.now, &fresh));
  return Ask(std::move(basis), access, casework::Way::kView, "");
}

absl::StatusOr<casework::PolicyDecision> Casebook::MayGo(const Item& draft, const Access& access,
                                                         const std::string& to_state) {
  const Content& about = draft.content;
  // What we are about to write of another's record gives us no right to it.
  const bool own = about.originator == StateOf(draft.header.sender());
  PALERMO_ASSIGN_OR_RETURN(
      Basis basis, RecordBasis(about.originator, about.record, access.now, own ? &draft : nullptr));
  return Ask(std::move(basis), access, casework::Way::kForward, to_state);
}

}  // namespace palermo::casebook
