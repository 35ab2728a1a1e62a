// What administrators and auditors see of the other states: links, versions, what runs out, faults
// with their proofs, and rosters that wait for a confirmation.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/files.h"
#include "node/desk/json_value.h"
#include "node/trust/rosters.h"

namespace palermo::cli {
namespace {

std::string VersionText(uint64_t version) {
  return version == 0 ? "-" : absl::StrFormat("%d", version);
}

// "unreachable: TIMED_OUT: ..." as its code; JSON has the whole text.
std::string LinkCode(const std::string& link) {
  constexpr std::string_view kAway = "unreachable: ";
  if (link.empty()) return "-";
  if (std::string_view(link).substr(0, kAway.size()) != kAway) return link;
  return link.substr(kAway.size(), link.find(':', kAway.size()) - kAway.size());
}

std::string PeersText(const v1::ListPeersResponse& answer) {
  std::string text = absl::StrFormat("Roster   version %d, expires %s\n", answer.roster_version(),
                                     TimeText(answer.roster_expires_at_ms()));
  std::vector<std::vector<std::string>> rows;
  for (const auto& peer : answer.peers()) {
    bool own = peer.state() == answer.own_state();
    rows.push_back({peer.state(), own ? "this node" : LinkCode(peer.link()),
                    VersionText(peer.charter_version()), TimeText(peer.charter_expires_at_ms()),
                    VersionText(peer.directory_version()), TimeText(peer.directory_expires_at_ms()),
                    VersionText(peer.ledger_size()),
                    own ? "-" : TimeText(peer.documents_pinned_at_ms()),
                    VersionText(peer.faults())});
  }
  text += Table({"STATE", "LINK", "CHARTER", "EXPIRES", "DIRECTORY", "EXPIRES", "LEDGER", "FETCHED",
                 "FAULTS"},
                rows);
  for (const auto& peer : answer.peers()) {
    if (peer.shown_directory_version() <= peer.directory_version()) continue;
    text += absl::StrFormat(
        "WARNING  the node of %s says that it has directory version %d; this "
        "node cannot fetch it\n",
        peer.state(), peer.shown_directory_version());
  }
  for (const auto& warning : answer.warnings()) {
    text += absl::StrFormat("WARNING  %s %s %s %s\n", warning.kind(),
                            warning.subject().empty() ? warning.state() : warning.subject(),
                            warning.expired() ? "ended at" : "ends at",
                            TimeText(warning.expires_at_ms()));
  }
  if (!answer.waiting().empty()) {
    text += absl::StrFormat("WAITING  %d rosters wait; see: palermo roster pending\n",
                            answer.waiting_size());
  }
  return text;
}

desk::Json WaitingJson(const v1::ListPeersResponse& answer) {
  desk::Json list = desk::Json::List();
  for (const auto& waiting : answer.waiting()) {
    v1::Roster roster;
    roster.ParseFromString(waiting.roster().document());
    desk::Json changes = desk::Json::List();
    for (const auto& change : waiting.changes()) {
      changes.Push(std::move(desk::Json::Object()
                                 .Add("state", change.state())
                                 .Add("old_fingerprint", IdText(change.old_fingerprint()))
                                 .Add("new_fingerprint", IdText(change.new_fingerprint()))
                                 .Add("returns", change.returns())));
    }
    desk::Json one = desk::Json::Object();
    one.AddNumber("roster_version", static_cast<int64_t>(roster.version()));
    one.Add("since", TimeJson(waiting.since_ms())).Add("changes", std::move(changes));
    list.Push(std::move(one));
  }
  return list;
}

desk::Json PeersJson(const v1::ListPeersResponse& answer) {
  desk::Json peers = desk::Json::List();
  for (const auto& peer : answer.peers()) {
    desk::Json one = desk::Json::Object();
    one.Add("state", peer.state()).Add("name", peer.name()).Add("link", peer.link());
    one.AddNumber("charter_version", static_cast<int64_t>(peer.charter_version()));
    one.Add("charter_expires", TimeJson(peer.charter_expires_at_ms()));
    one.AddNumber("directory_version", static_cast<int64_t>(peer.directory_version()));
    one.Add("directory_expires", TimeJson(peer.directory_expires_at_ms()));
    one.AddNumber("shown_directory_version", static_cast<int64_t>(peer.shown_directory_version()));
    one.AddNumber("ledger_size", static_cast<int64_t>(peer.ledger_size()));
    one.Add("documents_asked", TimeJson(peer.documents_asked_at_ms()));
    one.Add("documents_pinned", TimeJson(peer.documents_pinned_at_ms()));
    one.AddNumber("faults", static_cast<int64_t>(peer.faults()));
    peers.Push(std::move(one.Add("last_fault", TimeJson(peer.last_fault_at_ms()))));
  }
  desk::Json warnings = desk::Json::List();
  for (const auto& warning : answer.warnings()) {
    warnings.Push(std::move(desk::Json::Object()
                                .Add("kind", warning.kind())
                                .Add("state", warning.state())
                                .Add("subject", warning.subject())
                                .Add("expires", TimeJson(warning.expires_at_ms()))
                                .Add("expired", warning.expired())));
  }
  desk::Json json = desk::Json::Object();
  json.Add("own_state", answer.own_state());
  json.AddNumber("roster_version", static_cast<int64_t>(answer.roster_version()));
  json.Add("roster_expires", TimeJson(answer.roster_expires_at_ms()));
  json.Add("peers", std::move(peers)).Add("warnings", std::move(warnings));
  return json.Add("waiting", WaitingJson(answer));
}

absl::StatusOr<int> List(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPeersResponse answer, session.node.ListPeers());
  context.out += context.json ? PeersJson(answer).Pretty() : PeersText(answer);
  return kExitOk;
}

// Each proof as files: documents that `palermo roster|charter|directory show` reads, refused
// messages
// (.parcel) that `palermo receipt verify` judges.
absl::Status SaveProof(const std::string& folder, const v1::PeerFault& fault) {
  std::string name =
      absl::StrFormat("%s/fault-%d-%s-%s", folder, fault.index(), fault.state(), fault.code());
  for (int i = 0; i < fault.documents_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(desk::WriteDocument(
        absl::StrFormat("%s-%d.%s", name, i + 1, fault.document_kind()), fault.documents(i)));
  }
  for (int i = 0; i < fault.checkpoints_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(desk::WriteFileAtomic(absl::StrFormat("%s-%d.checkpoint", name, i + 1),
                                                  fault.checkpoints(i), 0644));
  }
  return absl::OkStatus();
}

std::string FaultText(const v1::PeerFault& fault) {
  std::string text = absl::StrFormat("%s  %s  %s\n    %s\n    entry %d\n", TimeText(fault.at_ms()),
                                     fault.state(), fault.code(), fault.text(), fault.index());
  if (fault.documents_size() > 0) {
    text += absl::StrFormat("    proof: %d documents (%s)\n", fault.documents_size(),
                            fault.document_kind());
  }
  if (fault.checkpoints_size() > 0) {
    text += absl::StrFormat("    proof: %d checkpoints\n", fault.checkpoints_size());
  }
  return text;
}

absl::StatusOr<int> Faults(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::ListPeerFaultsRequest request;
  request.set_state(args.Get("--state"));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPeerFaultsResponse answer, session.node.ListPeerFaults(request));
  desk::Json list = desk::Json::List();
  if (args.Has("--out")) PALERMO_RETURN_IF_ERROR(desk::MakeFolder(args.Get("--out")));
  for (const auto& fault : answer.faults()) {
    if (args.Has("--out")) PALERMO_RETURN_IF_ERROR(SaveProof(args.Get("--out"), fault));
    if (!context.json) context.out += FaultText(fault);
    desk::Json one = desk::Json::Object();
    one.Add("state", fault.state()).Add("code", fault.code()).Add("text", fault.text());
    one.Add("at", TimeJson(fault.at_ms()));
    one.AddNumber("entry", static_cast<int64_t>(fault.index()));
    one.AddNumber("documents", fault.documents_size()).Add("kind", fault.document_kind());
    list.Push(std::move(one.AddNumber("checkpoints", fault.checkpoints_size())));
  }
  if (context.json) {
    context.out +=
        desk::Json::Object().Add("faults", std::move(list)).Add("more", answer.more()).Pretty();
  } else if (answer.faults().empty()) {
    context.out += "No fault of a peer is recorded.\n";
  } else if (answer.more()) {
    context.out += "There are more; ask for one state: palermo peer faults --state CODE\n";
  }
  return kExitOk;
}

// ---- rosters that wait

std::string DifferencesText(const trust::TrustView& view) {
  std::string text;
  for (const auto& difference : trust::WaitingDifferences(view)) {
    text += absl::StrFormat(
        "%s %s\n  known  %s  %d of %d\n  new    (ask %s for it)  %d of %d\n", difference.state,
        difference.returns ? "had left and comes back with other root keys"
                           : "gets other root keys, without the old ones' signatures",
        HexEncode(AsView(trust::RootsFingerprint(difference.state, difference.before))),
        difference.before.threshold(), difference.before.keys_size(), difference.state,
        difference.after.threshold(), difference.after.keys_size());
    text += absl::StrFormat("  then: palermo roster confirm --state %s --fingerprint HEX\n",
                            difference.state);
  }
  return text;
}

absl::StatusOr<int> ListPendingRoots(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListPeersResponse answer, session.node.ListPeers());
  if (context.json) {
    context.out += desk::Json::Object()
                       .Add("node", WaitingJson(answer))
                       .AddNumber("desk", static_cast<int64_t>(session.view()->waiting().size()))
                       .Pretty();
    return kExitOk;
  }
  context.out += absl::StrFormat("At the node  %d waiting\nAt this desk %d waiting\n",
                                 answer.waiting_size(), session.view()->waiting().size());
  for (const auto& waiting : answer.waiting()) {
    for (const auto& change : waiting.changes()) {
      context.out += absl::StrFormat("The node waits for a confirmation of %s since %s\n",
                                     change.state(), TimeText(waiting.since_ms()));
    }
  }
  context.out += DifferencesText(*session.view());
  return kExitOk;
}

bool IsWaiting(const desk::TrustMemory& trust, const std::string& state) {
  auto differences = trust::WaitingDifferences(*trust.View());
  return std::any_of(differences.begin(), differences.end(),
                     [&](const auto& difference) { return difference.state == state; });
}

// Before the node is asked as one that is trusted: the roots may be the own state's, and then this
// desk knows its node by them only. True when a roster that waits here was about these roots.
absl::StatusOr<bool> ConfirmHere(const std::string& state, const Hash& fingerprint,
                                 Context& context) {
  PALERMO_ASSIGN_OR_RETURN(DeskConfig config, LoadConfig(context.home));
  PALERMO_ASSIGN_OR_RETURN(desk::TrustMemory memory,
                           desk::TrustMemory::Load(TrustPath(context.home)));
  if (!IsWaiting(memory, state)) {
    absl::Status fetched = FetchFromAnybody(config, &memory);
    if (!fetched.ok() || !IsWaiting(memory, state)) return false;
  }
  PALERMO_RETURN_IF_ERROR(memory.ConfirmRoots(state, fingerprint).status());
  PALERMO_RETURN_IF_ERROR(memory.Save(TrustPath(context.home)));
  return true;
}

absl::StatusOr<int> Confirm(const Args& args, Context& context) {
  std::string state = args.Get("--state");
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           ParseId(args.Get("--fingerprint"), 32, "fingerprint"));
  PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, HashFrom(bytes, "fingerprint"));
  PALERMO_ASSIGN_OR_RETURN(bool confirmed, ConfirmHere(state, fingerprint, context));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  if (!confirmed && (IsWaiting(session.trust, state) || !args.Has("--node"))) {
    PALERMO_RETURN_IF_ERROR(session.trust.ConfirmRoots(state, fingerprint).status());
    PALERMO_RETURN_IF_ERROR(session.trust.Save(TrustPath(context.home)));
  }
  uint64_t version = session.view()->roster().body.version();
  v1::ConfirmRootsResponse answer;
  if (args.Has("--node")) {
    v1::ConfirmRootsRequest request;
    request.set_state(state);
    request.set_fingerprint(bytes);
    PALERMO_ASSIGN_OR_RETURN(answer, session.node.ConfirmRoots(request));
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.AddNumber("desk_roster_version", static_cast<int64_t>(version));
    json.AddNumber("node_roster_version", static_cast<int64_t>(answer.roster_version()));
    context.out += json.Pretty();
    return kExitOk;
  }
  context.out += absl::StrFormat("This desk trusts roster version %d now.\n", version);
  if (args.Has("--node")) {
    context.out += absl::StrFormat(
        "The node entered your confirmation (entry %d); roster version "
        "%d is in force there.\n",
        answer.receipt().index(), answer.roster_version());
  }
  return kExitOk;
}

}  // namespace

void AddPeerCommands(std::vector<Command>& commands) {
  commands.push_back({"peer", "list",
                      "List the other states' nodes: link, versions, what runs out, faults",
                      PassphraseOptions(), "palermo peer list", List});
  commands.push_back({"peer", "faults", "List what peers did against the rules, with the proofs",
                      WithPassphrase({{"--state", "CODE", "of this state only"},
                                      {"--out", "DIR", "write the proofs into this folder"}}),
                      "palermo peer faults --state QT --out proofs", Faults});
}

void AddRosterWaitingCommands(std::vector<Command>& commands) {
  commands.push_back({"roster", "pending", "Show rosters that wait for a confirmation of root keys",
                      PassphraseOptions(), "palermo roster pending", ListPendingRoots});
  commands.push_back(
      {"roster", "confirm",
       "Confirm a state's new root keys, whose fingerprint that state told you",
       WithPassphrase(
           {{"--state", "CODE", "whose root keys", true},
            {"--fingerprint", "HEX", "as the state told you, not from this screen", true},
            {"--node", "", "for your node too (administrators); it is entered"}}),
       "palermo roster confirm --state QT --fingerprint 3f5a... --node", Confirm});
}

}  // namespace palermo::cli
