#include "node/cli/operation_opening.h"

#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/json.h"
#include "node/casework/operation/access.h"
#include "node/cli/opening_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

std::string ShowCommand(const desk::OperationBook& book, const std::string& record) {
  return Cat({"palermo operation show ", ShortId(book.operation), " --record ", ShortId(record)});
}

absl::StatusOr<int> AskToOpen(const Args& args, Session& session, const std::string& message,
                              const desk::OperationBook& book, const std::string& record,
                              Context& context) {
  v1::CompartmentOpening body;
  body.set_message_id(message);
  body.set_operation_record(record);
  PALERMO_ASSIGN_OR_RETURN(const v1::OpeningReason::Code reason,
                           OpeningReasonFrom(args.Get("--reason")));
  body.set_reason(reason);
  const std::string file = args.Get("--out");
  PALERMO_ASSIGN_OR_RETURN(
      const std::string next,
      AskForOpening(session, std::move(body), file,
                    Cat({ShowCommand(book, record), " --opening ", file}), context));
  context.out += context.json ? desk::Json::Object().Add("file", file).Pretty() : next;
  return kExitOk;
}

}  // namespace

absl::StatusOr<int> ShowWithTwo(const Args& args, Session& session, const desk::OperationBook& book,
                                const casework::SignedRecord& record, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string message,
                           HexDecode(book.entries.at(record.id).came_in));
  if (args.Has("--reason") && args.Has("--out")) {
    return AskToOpen(args, session, message, book, record.id, context);
  }
  if (!args.Has("--opening")) {
    return Refused("TWO_OFFICERS",
                   Cat({"what is in ", casework::CompartmentOf(record.record),
                        " is opened by two officers; ask for it: ", ShowCommand(book, record.id),
                        " --reason CODE --out FILE"}));
  }
  v1::CompartmentOpening body;
  PALERMO_ASSIGN_OR_RETURN(const v1::SignedStatement statement,
                           ReadOpening(session, args.Get("--opening"), &body, context));
  if (body.operation_record() != record.id || body.message_id() != message ||
      body.authority() != session.authority()) {
    return Refused("WRONG_RECORD", "the statement opens something else; make one for this record");
  }
  PALERMO_ASSIGN_OR_RETURN(const int64_t entry, EnterOpening(session, statement, body));
  v1::CaseBody shown;
  *shown.mutable_operation_record() = record.record;
  AddAnswers(book, record.id, shown);
  context.progress(Cat({"Entered as entry ", std::to_string(entry), " of your node's ledger:\n",
                        DescribeOpening(body)}));
  context.out += casework::BodyToJson(shown, true);
  return kExitOk;
}

}  // namespace palermo::cli
