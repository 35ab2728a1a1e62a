#include "node/casebook/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "base/status.h"

namespace palermo::casebook {
namespace {

using crypto::SecretAccess;
using crypto::SecretBytes;

constexpr int kBusyMillis = 10000;
constexpr char kRawPrefix[] = "raw:";

// SQLite's own messages may quote a value; the code says enough.
absl::Status StatusOf(int code) {
  const std::string number = std::to_string(code);
  switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
      return absl::OkStatus();
    case SQLITE_NOTADB:
      return Refused("WRONG_KEY",
                     "the casebook does not open with this key, or its file is damaged; make it "
                     "anew from the node: palermo casebook rebuild");
    case SQLITE_CORRUPT:
      return Damaged("CASEBOOK_DAMAGED",
                     "the casebook's file is damaged; make it anew from the node: palermo "
                     "casebook rebuild");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return TryLater("CASEBOOK_BUSY", "another palermo works with the casebook; try again");
    case SQLITE_FULL:
      return OverLimit("DISK_FULL", "the disk is full; make room, nothing was changed");
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_IOERR:
      return WrongState("CANNOT_WRITE", Cat({"the casebook's file cannot be opened or written (",
                                             number, "); check the folder and the disk"}));
    default:
      return Error(absl::StatusCode::kInternal, "INTERNAL", Cat({"the casebook: SQLite ", number}));
  }
}

// Others never see it, also while it is new.
absl::Status MakePrivate(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return StatusOf(SQLITE_CANTOPEN);
  const bool done = ::fchmod(file, 0600) == 0;
  ::close(file);
  return done ? absl::OkStatus() : StatusOf(SQLITE_CANTOPEN);
}

// SQLite refuses a link anywhere in a path, and a home may lie behind one. The file itself may not.
std::string BehindLinks(const std::string& path) {
  const std::filesystem::path file(path);
  std::error_code error;
  const auto folder = std::filesystem::canonical(
      file.has_parent_path() ? file.parent_path() : std::filesystem::path("."), error);
  return error ? path : (folder / file.filename()).string();
}

absl::Status GiveKey(sqlite3* db, const SecretBytes& key) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::string_view bytes = key.Expose(SecretAccess::Grant());
  if (bytes.size() != 32) return InputError("BAD_PRIVATE_KEY", "a casebook's key has 32 bytes");
  const std::string_view prefix = kRawPrefix;
  SecretBytes text = SecretBytes::Zero(prefix.size() + 2 * bytes.size());
  uint8_t* at = std::copy(prefix.begin(), prefix.end(), text.MutableData(SecretAccess::Grant()));
  for (const char c : bytes) {
    *at++ = static_cast<uint8_t>(kDigits[static_cast<uint8_t>(c) >> 4]);
    *at++ = static_cast<uint8_t>(kDigits[static_cast<uint8_t>(c) & 15]);
  }
  const std::string_view raw = text.Expose(SecretAccess::Grant());
  return StatusOf(sqlite3_key_v2(db, "main", raw.data(), static_cast<int>(raw.size())));
}

// The only table until the schema is there: reading it shows whether the key is right.
constexpr char kSettings[] =
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; "
    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA synchronous=EXTRA; PRAGMA "
    "journal_mode=DELETE; "
    "SELECT count(*) FROM sqlite_schema;";

}  // namespace

// To prepare a statement takes longer than to run it.
class IdleStatements {
 public:
  IdleStatements() = default;
  IdleStatements(const IdleStatements&) = delete;
  IdleStatements& operator=(const IdleStatements&) = delete;
  ~IdleStatements() {
    for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  }

  // Null: none.
  sqlite3_stmt* Take(std::string_view sql) {
    const auto found = idle_.find(sql);
    return found == idle_.end() ? nullptr : idle_.extract(found).mapped();
  }
  void Give(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    const bool kept =
        idle_.size() < kMaxIdle && idle_.try_emplace(sqlite3_sql(statement), statement).second;
    if (!kept) sqlite3_finalize(statement);
  }

 private:
  static constexpr size_t kMaxIdle = 64;
  std::map<std::string, sqlite3_stmt*, std::less<>> idle_;
};

Statement::Statement(Statement&& other) noexcept
    : idle_(other.idle_), statement_(std::exchange(other.statement_, nullptr)) {}
Statement::~Statement() {
  if (statement_ != nullptr) idle_->Give(statement_);
}

Statement& Statement::Bind(int position, std::string_view text) {
  sqlite3_bind_text64(statement_, position, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}
Statement& Statement::BindBytes(int position, std::string_view bytes) {
  sqlite3_bind_blob64(statement_, position, bytes.data() == nullptr ? "" : bytes.data(),
                      bytes.size(), SQLITE_TRANSIENT);
  return *this;
}
Statement& Statement::Bind(int position, int64_t number) {
  sqlite3_bind_int64(statement_, position, number);
  return *this;
}

absl::StatusOr<bool> Statement::Step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  PALERMO_RETURN_IF_ERROR(StatusOf(code));
  return false;
}
absl::Status Statement::Run() {
  const absl::Status status = Step().status();
  Reset();
  return status;
}
void Statement::Reset() { sqlite3_reset(statement_); }

std::string Statement::Text(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? "" : std::string(static_cast<const char*>(data), size);
}
int64_t Statement::Number(int column) const { return sqlite3_column_int64(statement_, column); }

absl::StatusOr<Database> Database::Open(const std::string& path, const SecretBytes& key) {
  PALERMO_RETURN_IF_ERROR(MakePrivate(path));
  sqlite3* db = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
  const int code = sqlite3_open_v2(BehindLinks(path).c_str(), &db, flags, nullptr);
  Database database(db);
  PALERMO_RETURN_IF_ERROR(StatusOf(code));
  sqlite3_busy_timeout(db, kBusyMillis);
  PALERMO_RETURN_IF_ERROR(GiveKey(db, key));
  PALERMO_RETURN_IF_ERROR(database.Execute(kSettings));
  return database;
}

Database::Database(sqlite3* db) : db_(db), idle_(std::make_unique<IdleStatements>()) {}
Database::Database(Database&& other) noexcept
    : db_(std::exchange(other.db_, nullptr)), idle_(std::move(other.idle_)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(idle_, other.idle_);
  return *this;
}
Database::~Database() {
  idle_.reset();
  sqlite3_close_v2(db_);
}

absl::StatusOr<Statement> Database::Prepare(std::string_view sql) {
  sqlite3_stmt* statement = idle_->Take(sql);
  if (statement == nullptr) {
    PALERMO_RETURN_IF_ERROR(StatusOf(
        sqlite3_prepare_v2(db_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr)));
  }
  return Statement(idle_.get(), statement);
}

absl::Status Database::Execute(std::string_view sql) {
  return StatusOf(sqlite3_exec(db_, std::string(sql).c_str(), nullptr, nullptr, nullptr));
}

absl::StatusOr<Database::Transaction> Database::Transaction::Begin(Database& database) {
  PALERMO_RETURN_IF_ERROR(database.Execute("BEGIN IMMEDIATE"));
  return Transaction(&database);
}
Database::Transaction::~Transaction() {
  if (database_ != nullptr) database_->Execute("ROLLBACK").IgnoreError();
}
absl::Status Database::Transaction::Commit() {
  PALERMO_RETURN_IF_ERROR(database_->Execute("COMMIT"));
  database_ = nullptr;
  return absl::OkStatus();
}

}  // namespace palermo::casebook
