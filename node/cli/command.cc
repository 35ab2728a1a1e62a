#include "node/cli/command.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/status.h"
#include "node/desk/client.h"

namespace palermo::cli {
namespace {

const std::set<std::string>& TrustCodes() {
  static const auto* codes = new std::set<std::string>{"OLD_VERSION",
                                                       "VERSION_FORK",
                                                       "BAD_DOCUMENT",
                                                       "ROOT_CHANGE_UNCONFIRMED",
                                                       "OLD_CHECKPOINT",
                                                       "FORKED_LEDGER",
                                                       "BAD_RECEIPT",
                                                       "DIRECTORY_EXPIRED",
                                                       "ROSTER_EXPIRED",
                                                       "CHARTER_EXPIRED",
                                                       "WRONG_PEER",
                                                       "UNKNOWN_DIRECTORY",
                                                       "BAD_SIGNATURE",
                                                       "STALE_KEY",
                                                       "KEY_DESTROYED",
                                                       "UNKNOWN_KEY",
                                                       "WRONG_FINGERPRINT",
                                                       "BAD_PROOF",
                                                       "NO_TRUST",
                                                       "WRONG_NODE_KEY",
                                                       "WRONG_PREVIOUS",
                                                       "VERSION_JUMP",
                                                       "DUPLICATE_KEY",
                                                       "DOCUMENT_TOO_LARGE",
                                                       "DIRECTORY_NOT_YET_VALID",
                                                       "UNKNOWN_SIGNER",
                                                       "REVOKED_SIGNER",
                                                       "FOREIGN_SIGNER",
                                                       "TOO_FEW_SIGNATURES"};
  return *codes;
}

std::vector<Command> MakeCommands() {
  std::vector<Command> commands;
  AddKeyCommands(commands);
  AddDocumentCommands(commands);
  AddTreatyCommands(commands);
  AddOfficerCommands(commands);
  AddSealingKeyCommands(commands);
  AddKeyCustodyCommands(commands);
  AddBreakGlassCommands(commands);
  AddCompartmentCommands(commands);
  AddDeskCommands(commands);
  AddScriptCommands(commands);
  AddDraftCommands(commands);
  AddCaseCommands(commands);
  AddClocksCommands(commands);
  AddLetterCommands(commands);
  AddCasebookCommands(commands);
  AddRouteCommands(commands);
  AddOperationCommands(commands);
  AddMessageCommands(commands);
  AddReceiptCommands(commands);
  AddAuditCommands(commands);
  AddPeerCommands(commands);
  AddHelpCommands(commands);
  return commands;
}

}  // namespace

std::string Args::Get(const std::string& name) const {
  auto it = values_.find(name);
  return it == values_.end() || it->second.empty() ? "" : it->second.back();
}

std::vector<std::string> Args::All(const std::string& name) const {
  auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

const std::vector<Command>& AllCommands() {
  static const auto* commands = new std::vector<Command>(MakeCommands());
  return *commands;
}

const Command* FindCommand(const std::string& noun, const std::string& verb) {
  for (const Command& command : AllCommands()) {
    if (command.noun == noun && command.verb == verb) return &command;
  }
  return nullptr;
}

std::vector<std::string> Nouns() {
  std::vector<std::string> nouns;
  for (const Command& command : AllCommands()) {
    if (std::count(nouns.begin(), nouns.end(), command.noun) == 0) nouns.push_back(command.noun);
  }
  return nouns;
}

std::string NounSummary(const std::string& noun) {
  static const auto* summaries = new std::map<std::string, std::string>{
      {"key", "Key files: make, show, change the passphrase"},
      {"roster", "The signed list of participating states"},
      {"charter", "Who may sign a state's directory"},
      {"directory", "A state's node, authorities, officers and policy"},
      {"treaty", "Which treaties bind whom: the state's list, and the basis of a request"},
      {"officer", "Officers: enrol, admit, change, remove"},
      {"break-glass", "Access to an authority's messages for a time, signed by two officers"},
      {"compartment", "Sealed identities in a message: list, ask for, open with a second person"},
      {"sealing-key", "An authority's sealing key and its grants to officers"},
      {"desk", "This desk: set up, look, fetch the newest trust, run several commands"},
      {"case", "Write, approve, read and answer the acts of a case"},
      {"clocks", "Time limits that pairs of states agreed, and calendars"},
      {"casebook", "What you may see, kept on this machine, encrypted: fill, search, show, match"},
      {"route",
       "Reports on routes of smuggling: write, send, match, pass on with consent, recall, export"},
      {"operation", "Joint operations: agree, keep records together, decide, close with figures"},
      {"message", "One message: where it is, its receipts, keep its evidence"},
      {"receipt", "Verify and show receipts, with no node running"},
      {"peer", "The other states' nodes: links, versions, what runs out, faults"},
      {"audit", "The node's ledger, for auditors"},
      {"completion", "Completion for a shell"},
      {"help", "More help"},
      {"version", "Which version this is"},
  };
  auto it = summaries->find(noun);
  return it == summaries->end() ? "" : it->second;
}

const std::vector<Option>& GlobalOptions() {
  static const auto* options = new std::vector<Option>{
      {"--home", "DIR", "the desk's folder; default ~/.palermo"},
      {"--json", "", "answer as JSON"},
      {"--language", "CODE",
       "of what docs/commands.md lists: ar, zh, en, fr, ru or es; default: the desk's, else en"},
  };
  return *options;
}

absl::Status UsageError(const std::string& text) { return InputError("USAGE", text); }

int ExitCodeFor(const absl::Status& status) {
  std::string code = CodeOf(status);
  if (status.ok()) return kExitOk;
  if (code == "USAGE") return kExitUsage;
  if (code == "UNREACHABLE" || code == "TIMED_OUT" || code == "CANCELLED") return kExitUnreachable;
  // What the law does not allow now, whoever saw it first.
  if (code == "ILLEGAL_ACT") return kExitFindings;
  if (desk::IsFromNode(status)) return kExitRefused;
  if (TrustCodes().count(code) > 0) return kExitTrust;
  if (code == "INTERNAL") return kExitInternal;
  return kExitBadInput;
}

}  // namespace palermo::cli
