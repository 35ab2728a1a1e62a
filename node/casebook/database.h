// The one place that knows SQLite: an encrypted file, statements, transactions.
// docs/formats/casebook.md. Not thread-safe.
#ifndef PALERMO_NODE_CASEBOOK_DATABASE_H_
#define PALERMO_NODE_CASEBOOK_DATABASE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"

struct sqlite3;
struct sqlite3_stmt;

namespace palermo::casebook {

// Statements that were prepared and are not in use, by their text.
class IdleStatements;

// One prepared statement, which goes back to the idle ones. Bind positions and columns count from 1
// and from 0, as in SQLite.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  Statement& Bind(int position, std::string_view text);
  Statement& BindBytes(int position, std::string_view bytes);
  Statement& Bind(int position, int64_t number);
  // True while there is a row.
  absl::StatusOr<bool> Step();
  // Steps once and expects no row.
  absl::Status Run();
  void Reset();

  std::string Text(int column) const;  // of text and of bytes
  int64_t Number(int column) const;

 private:
  friend class Database;
  Statement(IdleStatements* idle, sqlite3_stmt* statement) : idle_(idle), statement_(statement) {}

  IdleStatements* idle_;
  sqlite3_stmt* statement_;
};

// REQUIRES: outlives its statements.
class Database {
 public:
  // Opens the file, or makes it. `key` has 32 bytes. Failure: WRONG_KEY (or the file is damaged),
  // CASEBOOK_DAMAGED, CASEBOOK_BUSY, DISK_FULL, CANNOT_WRITE.
  static absl::StatusOr<Database> Open(const std::string& path, const crypto::SecretBytes& key);
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  ~Database();

  absl::StatusOr<Statement> Prepare(std::string_view sql);
  absl::Status Execute(std::string_view sql);

  // Everything in it or nothing; rolled back unless Commit was called.
  class Transaction {
   public:
    static absl::StatusOr<Transaction> Begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(other.database_) {
      other.database_ = nullptr;
    }
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    absl::Status Commit();

   private:
    explicit Transaction(Database* database) : database_(database) {}
    Database* database_;
  };

 private:
  explicit Database(sqlite3* db);
  sqlite3* db_ = nullptr;
  std::unique_ptr<IdleStatements> idle_;
};

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_DATABASE_H_
