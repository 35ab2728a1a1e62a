// What the commands of joint operations share: the mails that this officer may open, one
// operation's book, and a record on its way to every member.
#ifndef PALERMO_NODE_CLI_OPERATION_SUPPORT_H_
#define PALERMO_NODE_CLI_OPERATION_SUPPORT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "node/casework/leak_scan.h"
#include "node/cli/session.h"
#include "node/desk/operation_mailbox.h"

namespace palermo::cli {

struct Operations {
  Session session;
  std::vector<desk::AuthorityKey> keys;
  desk::OperationMailbox box;

  desk::MailboxReader Reader(absl::Time now);
};
// Opens the desk, fetches, verifies and opens every mail of joint operations, and reports to the
// node which could be opened. Tells what could not.
absl::StatusOr<Operations> OpenOperations(const Args& args, Context& context);

// Names in the label the operation (first digits will do), and the membership as it is now, by
// which every desk judges who may see the record. Its members. UNKNOWN_OPERATION, NOT_MEMBER.
absl::StatusOr<std::vector<std::string>> BindToOperation(Session& session, v1::Label& label,
                                                         Context& context);

// Mails of every operation. kOpen reports to the node which could be opened; kLeave leaves those
// that nobody of the authority has opened.
enum class Unopened { kOpen, kLeave };
absl::StatusOr<desk::OperationMailbox> ReadMailbox(Session& session,
                                                   const std::vector<desk::AuthorityKey>& keys,
                                                   Unopened unopened, Context& context);

// The operation that a text names: its id or the first digits of it. UNKNOWN_OPERATION.
absl::StatusOr<std::string> FindOperation(const desk::OperationMailbox& box,
                                          const std::string& text);
// The same for a record of a book. UNKNOWN_RECORD.
absl::StatusOr<std::string> FindRecord(const desk::OperationBook& book, const std::string& text);
absl::StatusOr<desk::OperationBook> LoadBook(Operations& operations, const std::string& operation,
                                             bool with_pending, Context& context);
// The book for the next record of our state: without drafts that cannot be sent any more, which are
// told; for an abort without any draft. They leave `operations` too.
absl::StatusOr<desk::OperationBook> LoadBookToWriteOn(Operations& operations,
                                                      const std::string& operation, bool for_abort,
                                                      Context& context);

// An officer's file: a body with an operation_record. BAD_JSON.
absl::StatusOr<v1::CaseBody> ReadRecordFile(const std::string& path);

// Links the content to what was seen before, checks that it counts, and sends it to every member,
// with whatever else they lack. `content` has an operation_record; its overridden findings count,
// and those of --override.
absl::StatusOr<int> SendRecord(const Args& args, const std::string& operation,
                               const v1::CaseBody& content, Context& context);
// The same with a session that is open. `operation` empty: the record founds one. A closing that
// leaves decisions or tasks open is refused (STILL_OPEN), unless the officer says so.
enum class StillOpen { kRefuse, kAllow };
// What must not stand in its texts (R-SEAL-02).
using Identities = std::vector<casework::IdentityToken>;
absl::StatusOr<int> SendRecord(Operations& operations, const std::string& operation,
                               const v1::CaseBody& content, Context& context,
                               StillOpen open = StillOpen::kRefuse, const Identities& sealed = {});

// Mails of `plan`, each sealed, signed and submitted. Prints what became of each.
absl::StatusOr<int> SendMails(Operations& operations, const desk::OperationBook& book,
                              std::vector<desk::OperationOutgoing> plan, v1::Urgency::Code urgency,
                              const std::string& record, Context& context);

// Of drafts in order, what several say once: under the heads of all that say it.
void AddUnderHeads(const std::string& head, const std::string& content,
                   std::vector<std::pair<std::string, std::string>>& told);
// "GO 2 of 2 ..." and the like.
std::string KindName(const v1::OperationRecord& record);
std::string ShortId(const std::string& id);
// Which warnings about the record its author answered, beside it; for who may read it.
void AddAnswers(const desk::OperationBook& book, const std::string& record, v1::CaseBody& shown);

}  // namespace palermo::cli

#endif  // PALERMO_NODE_CLI_OPERATION_SUPPORT_H_
