// audit inbox, acknowledge, verify.
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "crypto/merkle.h"
#include "node/cli/audit_list.h"
#include "node/cli/command.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/trust/reason.h"
#include "node/trust/receipt.h"

namespace palermo::cli {
namespace {

constexpr size_t kIdDigitsShown = 12;

// Rebuilds the tree from entries, page by page.
class LedgerCheck {
 public:
  LedgerCheck(Session& session, Context& context) : session_(session), context_(context) {}

  absl::Status Run() {
    PALERMO_ASSIGN_OR_RETURN(directory_, session_.OwnDirectory());
    PALERMO_RETURN_IF_ERROR(Fetch(0));
    while (tree_.size() < checkpoint_.size) PALERMO_RETURN_IF_ERROR(Fetch(tree_.size()));
    if (tree_.Root() != checkpoint_.root) {
      return Refused("TREE_DAMAGED", "the entries do not give the root that the node signed");
    }
    return CheckAgainstMemory();
  }

  uint64_t size() const { return checkpoint_.size; }
  uint64_t redacted() const { return redacted_; }
  uint64_t remembered() const { return remembered_; }

 private:
  // The first page's checkpoint is the one that is checked: later pages are entries too.
  absl::Status Fetch(uint64_t first) {
    v1::AuditListRequest request;
    request.set_first_index(first);
    request.set_limit(static_cast<uint32_t>(limits::kMaxAuditPageEntries));
    PALERMO_ASSIGN_OR_RETURN(v1::AuditListResponse response, session_.node.AuditList(request));
    if (note_.empty()) {
      note_ = response.checkpoint();
      PALERMO_ASSIGN_OR_RETURN(checkpoint_, trust::VerifyNodeCheckpoint(note_, *directory_));
    }
    uint64_t before = tree_.size();
    for (const auto& entry : response.entries()) {
      if (tree_.size() == checkpoint_.size) break;
      PALERMO_RETURN_IF_ERROR(Take(entry));
    }
    if (tree_.size() == before && before < checkpoint_.size) {
      return Refused("TREE_DAMAGED", absl::StrFormat("the node gives no entry %d, but signed %d "
                                                     "entries",
                                                     before, checkpoint_.size));
    }
    context_.progress(absl::StrFormat("%d of %d entries", tree_.size(), checkpoint_.size));
    return absl::OkStatus();
  }

  absl::Status Take(const v1::AuditEntry& entry) {
    if (entry.index() != tree_.size()) {
      return Refused("TREE_DAMAGED", absl::StrFormat("entry %d is missing", tree_.size()));
    }
    PALERMO_ASSIGN_OR_RETURN(Hash hash, HashFrom(entry.entry(), "entry"));
    if (entry.record().empty()) {
      ++redacted_;
    } else if (trust::EntryHash(entry.salt(), entry.record()) != hash) {
      return Refused(
          "TREE_DAMAGED",
          absl::StrFormat("the record of entry %d is not what was entered", entry.index()));
    }
    tree_.Append(crypto::LeafHash(AsView(hash)));
    return absl::OkStatus();
  }

  // What this desk saw at its last call must be the beginning of this tree.
  absl::Status CheckAgainstMemory() {
    auto known = session_.trust.NewestCheckpoint(session_.config.state);
    if (!known.ok() || known->origin != checkpoint_.origin || known->size == 0) {
      return absl::OkStatus();
    }
    remembered_ = known->size;
    uint64_t small = std::min(known->size, checkpoint_.size);
    uint64_t large = std::max(known->size, checkpoint_.size);
    const Hash& small_root = known->size == small ? known->root : checkpoint_.root;
    const Hash& large_root = known->size == small ? checkpoint_.root : known->root;
    v1::GetConsistencyRequest request;
    request.set_old_size(small);
    request.set_new_size(large);
    PALERMO_ASSIGN_OR_RETURN(v1::GetConsistencyResponse response,
                             session_.node.GetConsistency(request));
    PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> proof, trust::ToHashes(response.hashes()));
    if (!crypto::VerifyConsistency(small, large, proof, small_root, large_root).ok()) {
      return Refused("FORKED_LEDGER", absl::StrFormat("the ledger that this desk saw with %d "
                                                      "entries is not the beginning of this one",
                                                      known->size));
    }
    if (checkpoint_.size >= known->size) {
      session_.trust.RememberCheckpoint(session_.config.state, note_);
    }
    return session_.trust.Save(TrustPath(session_.home));
  }

  Session& session_;
  Context& context_;
  trust::DirectoryPtr directory_;
  std::string note_;
  crypto::Checkpoint checkpoint_;
  crypto::CompactRange tree_;
  uint64_t redacted_ = 0;
  uint64_t remembered_ = 0;
};

absl::StatusOr<int> VerifyLedger(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  LedgerCheck check(session, context);
  absl::Status status = check.Run();
  if (!status.ok() && CodeOf(status) != "TREE_DAMAGED" && CodeOf(status) != "FORKED_LEDGER" &&
      CodeOf(status) != "BAD_RECEIPT") {
    return status;
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("valid", status.ok()).Add("code", CodeOf(status)).Add("text", TextOf(status));
    json.AddNumber("entries", static_cast<int64_t>(check.size()));
    json.AddNumber("redacted", static_cast<int64_t>(check.redacted()));
    context.out += json.Pretty();
  } else if (status.ok()) {
    context.out += absl::StrFormat(
        "VALID: %d entries give the root that the node signed; %d of them redacted.\n",
        check.size(), check.redacted());
    if (check.remembered() > 0) {
      context.out += absl::StrFormat("It fits the ledger of %d entries that this desk knew.\n",
                                     check.remembered());
    }
  } else {
    context.out += Cat({"NOT VALID: ", CodeOf(status), ": ", TextOf(status),
                        "\nKeep this desk's folder and tell the other states.\n"});
  }
  return status.ok() ? kExitOk : kExitFindings;
}

std::string WhatOf(const v1::Record& record) {
  if (!record.method().empty() || record.reason() == v1::Reason::NONE) return record.method();
  return trust::ReasonText(record.reason());
}

absl::StatusOr<int> ShowNotices(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::ListNoticesResponse response,
                           session.node.ListNotices(v1::ListNoticesRequest()));
  desk::Json list = desk::Json::List();
  std::vector<std::vector<std::string>> rows;
  const bool whole = args.Has("--whole");
  for (const auto& notice : response.notices()) {
    v1::Record record = trust::ParseRecord(notice.record()).value_or(v1::Record());
    rows.push_back(
        {std::to_string(notice.index()), TimeText(record.at_ms()),
         v1::RecordKind::Code_Name(record.kind()), record.authority(), record.actor(),
         IdText(record.message_id()).substr(0, whole ? std::string::npos : kIdDigitsShown),
         WhatOf(record)});
    desk::Json one = desk::Json::Object();
    one.AddNumber("entry", static_cast<int64_t>(notice.index()));
    one.Add("at", TimeJson(record.at_ms())).Add("kind", v1::RecordKind::Code_Name(record.kind()));
    one.Add("authority", record.authority()).Add("actor", record.actor());
    one.Add("message", IdText(record.message_id())).Add("case", IdText(record.case_id()));
    list.Push(std::move(one.Add("what", WhatOf(record))));
  }
  if (context.json) {
    context.out += list.Pretty();
  } else if (rows.empty()) {
    context.out += "Nothing waits for an auditor.\n";
  } else {
    context.out +=
        Table({"ENTRY", "AT", "KIND", "AUTHORITY", "BROUGHT BY", "MESSAGE", "WHAT"}, rows);
    context.out += "Look at each, then: palermo audit acknowledge ENTRY\n";
  }
  return rows.empty() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> Acknowledge(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const uint64_t entry, NumberOption(args, "entry", 0, UINT64_MAX, 0));
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  v1::AcknowledgeNoticeRequest request;
  request.set_index(entry);
  PALERMO_RETURN_IF_ERROR(session.node.AcknowledgeNotice(request).status());
  context.out += context.json ? "{\"acknowledged\": true}\n" : "Acknowledged; that is an entry.\n";
  return kExitOk;
}

}  // namespace

void AddAuditCommands(std::vector<Command>& commands) {
  AddAuditListCommands(commands);
  commands.push_back({"audit", "inbox",
                      "What an auditor must acknowledge: break-glass and the like",
                      WithPassphrase({{"--whole", "", "the message's id with all its digits"}}),
                      "palermo audit inbox", ShowNotices});
  commands.push_back({"audit", "acknowledge", "Acknowledge one of them",
                      WithPassphrase({{"entry", "N", "its entry, as inbox lists it", true}}),
                      "palermo audit acknowledge 71", Acknowledge});
  commands.push_back({"audit", "verify", "Recompute the whole ledger and judge it",
                      PassphraseOptions(), "palermo audit verify", VerifyLedger});
}

}  // namespace palermo::cli
