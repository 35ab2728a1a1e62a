#include "node/cli/directory_support.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/session.h"
#include "node/desk/directory_edit.h"
#include "node/desk/document_edit.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"

namespace palermo::cli {

std::vector<Option> WithDirectory(std::vector<Option> options) {
  options.push_back({"--directory", "FILE",
                     "the version before, or a proposal that nobody signed; default: the newest "
                     "that this desk knows"});
  options.push_back({"--out", "FILE", "the next version, not signed", true});
  return options;
}

absl::StatusOr<v1::SignedDocument> CurrentDirectory(const Args& args, Context& context) {
  if (args.Has("--directory")) return desk::ReadDocument(args.Get("--directory"));
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                           memory.View()->DirectoryOf(memory.own_state()));
  return directory->verified().signed_document;
}

absl::StatusOr<DirectoryChange> StartChange(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument current, CurrentDirectory(args, context));
  DirectoryChange change;
  if (!change.before.ParseFromString(current.document())) {
    return InputError("BAD_DOCUMENT", "this is not a directory");
  }
  PALERMO_ASSIGN_OR_RETURN(change.next, desk::StartDirectory(current, context.clock->Now()));
  return change;
}

absl::Status CheckOut(const Args& args, const std::string& out) {
  if (!desk::FileExists(out)) return absl::OkStatus();
  if (args.Get("--directory") == out) {
    PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument proposal, desk::ReadDocument(out));
    if (proposal.signatures().empty()) return absl::OkStatus();
  }
  return WrongState("FILE_EXISTS", Cat({out, " is there already and is not overwritten; choose ",
                                        "another --out"}));
}

absl::StatusOr<int> FinishChange(const DirectoryChange& change, const Args& args, Context& context,
                                 const std::string& then) {
  PALERMO_RETURN_IF_ERROR(CheckOut(args, args.Get("--out")));
  std::vector<std::string> lines = desk::DirectoryChanges(change.before, change.next);
  for (const std::string& warning : desk::RoleWarnings(change.before, change.next)) {
    lines.push_back(Cat({"WARNING: ", warning}));
  }
  v1::SignedDocument document = desk::FinishDirectory(change.next);
  PALERMO_RETURN_IF_ERROR(
      desk::CheckUnsigned(desk::DocumentKind::kDirectory, document, nullptr, context.clock->Now()));
  PALERMO_RETURN_IF_ERROR(desk::WriteDocument(args.Get("--out"), document));
  if (context.json) {
    desk::Json list = desk::Json::List();
    for (const std::string& line : lines) list.Push(line);
    desk::Json json = desk::Json::Object();
    json.AddNumber("version", static_cast<int64_t>(change.next.version()));
    context.out += json.Add("changes", std::move(list)).Add("out", args.Get("--out")).Pretty();
    return kExitOk;
  }
  context.out += absl::StrFormat("Version %d of the directory of %s:\n", change.next.version(),
                                 change.next.state());
  for (const std::string& line : lines) context.out += Cat({"  ", line, "\n"});
  context.out += Cat({"Written to ", args.Get("--out"),
                      ", not signed yet. Next, by as many administrators as the charter asks:\n"
                      "  palermo directory sign ",
                      args.Get("--out"), " --key ADMINISTRATOR.key\n  palermo directory publish ",
                      args.Get("--out"), "\n", then});
  return kExitOk;
}

}  // namespace palermo::cli
