// operation release: the back catalogue of a state that joined.
#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/operation_support.h"

namespace palermo::cli {
namespace {

bool HasItWhole(const desk::OperationBook& book, const std::string& state,
                const std::string& record) {
  const auto peer = book.peers.find(state);
  return peer != book.peers.end() && peer->second.sent.count(record) != 0;
}

absl::StatusOr<int> Release(const Args& args, Context& context) {
  const std::string state = args.Get("--to");
  if (!IsStateCode(state)) return UsageError("--to takes a state, like QT");
  PALERMO_ASSIGN_OR_RETURN(Operations operations, OpenOperations(args, context));
  PALERMO_ASSIGN_OR_RETURN(std::string id, FindOperation(operations.box, args.Get("operation")));
  PALERMO_ASSIGN_OR_RETURN(const desk::OperationBook book, LoadBook(operations, id, true, context));
  const Session& session = operations.session;
  const desk::Releaser by = {session.keys.officer, session.authority(), args.Get("--reason")};
  // All or nothing is drafted; a record that is named twice goes once.
  std::set<std::string> records;
  for (const std::string& name : args.All("--record")) {
    PALERMO_ASSIGN_OR_RETURN(const std::string record, FindRecord(book, name));
    PALERMO_RETURN_IF_ERROR(desk::CheckRelease(book, record, state, by, context.clock->Now()));
    if (HasItWhole(book, state, record)) {
      return WrongState("HAS_IT", Cat({state, " has record ", record,
                                       " already, or a draft with it waits for its approval"}));
    }
    records.insert(record);
  }
  std::vector<desk::OperationOutgoing> plan;
  for (const std::string& record : records) {
    plan.push_back(desk::ReleaseOf(book, record, state, by.reason));
  }
  return SendMails(operations, book, std::move(plan), v1::Urgency::ROUTINE, "", context);
}

}  // namespace

void AddOperationRelease(std::vector<Command>& commands) {
  commands.push_back(
      {"operation", "release", "Give a state that joined later records of your own from before",
       WithPassphrase({{"operation", "OPERATION", "its id, or the first digits of it", true},
                       {"--to", "STATE", "the member that joined later", true},
                       {"--record", "RECORD", "its id, or the first digits of it", true, true},
                       {"--reason", "TEXT", "why that state needs it; it reads the reason", true}}),
       "palermo operation release 1f2e3d --to QT --record 77ab12 --reason \"it searches there\"",
       Release});
}

}  // namespace palermo::cli
