// receipt verify, show: with no node running.
#include <filesystem>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/cli/command.h"
#include "node/cli/confirmation_text.h"
#include "node/cli/output.h"
#include "node/cli/session.h"
#include "node/desk/documents.h"
#include "node/desk/evidence.h"
#include "node/desk/files.h"
#include "node/desk/parcel_proof.h"
#include "node/desk/recipient_proof.h"
#include "node/desk/verification.h"
#include "node/trust/receipt.h"

namespace palermo::cli {
namespace {

// --fingerprint, else the anchor of this desk.
absl::StatusOr<Hash> AnchorOf(const Args& args, Context& context) {
  if (args.Has("--fingerprint")) {
    auto bytes = HexDecode(args.Get("--fingerprint"));
    if (bytes.ok() && bytes->size() == 32) return HashFrom(*bytes, "fingerprint");
    return UsageError("a fingerprint is 64 hexadecimal digits; the depositary tells you it");
  }
  auto memory = desk::TrustMemory::Load(TrustPath(context.home));
  if (memory.ok()) return memory->fingerprint();
  return UsageError(
      "give --fingerprint HEX: the SHA-256 of a roster, as its depositary "
      "tells you. Without it nothing is proved");
}

void PrintVerdictJson(const desk::VerifiedMessage& verified,
                      const std::vector<desk::RecipientProof>& proofs, Context& context) {
  desk::Json checks = desk::Json::List(), receipts = desk::Json::List();
  desk::Json signers = desk::Json::List();
  for (const desk::Check& check : verified.checks) {
    desk::Json one = desk::Json::Object();
    one.Add("what", check.what).Add("ok", check.status.ok());
    checks.Push(std::move(one.Add("code", CodeOf(check.status)).Add("text", TextOf(check.status))));
  }
  const bool good = desk::AllOk(verified.checks);
  // What did not hold is told by no program as a fact.
  for (const auto& receipt : verified.receipts) {
    if (good) receipts.Push(desk::ReceiptJson(receipt));
  }
  for (const auto& signature : verified.signatures) {
    if (!good) break;
    desk::Json one = desk::Json::Object();
    one.Add("officer", signature.officer());
    signers.Push(
        std::move(one.Add("purpose", v1::SignaturePurpose::Code_Name(signature.purpose()))));
  }
  desk::Json json = desk::Json::Object();
  json.Add("valid", good);
  json.Add("delivered", good && !proofs.empty() && desk::NotDelivered(proofs).empty());
  json.Add("message", IdText(AsView(verified.envelope.message_id)));
  json.Add("header", HeaderJson(verified.envelope.header));
  json.Add("recipients", good ? desk::ProofsJson(proofs) : desk::Json::List());
  json.Add("receipts", std::move(receipts)).Add("signers", std::move(signers));
  if (verified.confirmation.due_at_ms() != 0) {
    json.Add("confirmation", ConfirmationJson(verified.confirmation));
  }
  context.out += json.Add("checks", std::move(checks)).Pretty();
}

int PrintVerdict(const desk::VerifiedMessage& verified, bool must_be_delivered, Context& context) {
  const bool good = desk::AllOk(verified.checks);
  const std::vector<desk::RecipientProof> proofs = desk::ProofsOf(verified);
  const std::vector<std::string> open = desk::NotDelivered(proofs);
  const int code = good && (open.empty() || !must_be_delivered) ? kExitOk : kExitFindings;
  if (context.json) {
    PrintVerdictJson(verified, proofs, context);
    return code;
  }
  context.out +=
      Cat({"message ", IdText(AsView(verified.envelope.message_id)), "\n",
           HeaderText(verified.envelope.header), "\n", desk::ReportText(verified.checks), "\n"});
  for (const auto& receipt : verified.receipts) {
    context.out += absl::StrFormat("  %s\n    entry %d, %s\n", desk::DescribeRecord(receipt.record),
                                   receipt.index, receipt.checkpoint_line);
  }
  for (const auto& signature : verified.signatures) {
    context.out += absl::StrFormat(
        "  %s  %s\n", v1::SignaturePurpose::Code_Name(signature.purpose()), signature.officer());
  }
  std::string confirmation = ConfirmationText(verified.confirmation);
  if (!confirmation.empty()) context.out += Cat({"  ", confirmation, "\n"});
  if (!good) {
    context.out += "\nNOT VALID: see the line that failed.\n";
    return code;
  }
  context.out +=
      Cat({"\n", desk::ProofsText(proofs),
           open.empty() ? "\nVALID: this message was sent, approved and recorded as shown."
                        : "\nVALID: this message was approved and sent as shown; what is "
                          "here does not prove that it was delivered to ",
           absl::StrJoin(open, ", "), open.empty() ? "\n" : ".\n"});
  return code;
}

absl::StatusOr<v1::Receipt> ReadReceipt(const std::string& path) {
  PALERMO_ASSIGN_OR_RETURN(std::string text, desk::ReadFile(path, limits::kMaxReceiptFileBytes));
  auto receipt = trust::ReceiptFromText(text);
  if (!receipt.ok()) {
    return InputError("BAD_FILE", Cat({path, ": not a receipt: ", TextOf(receipt.status())}));
  }
  return receipt;
}

// The directory that judges: from files, else what this desk trusts of the receipt's state.
absl::StatusOr<trust::DirectoryPtr> JudgingDirectory(const Args& args, const std::string& state,
                                                     Context& context) {
  if (!args.Has("--directory")) {
    auto memory = desk::TrustMemory::Load(TrustPath(context.home));
    if (memory.ok()) return memory->View()->DirectoryOf(state);
    return UsageError("give --roster, --fingerprint, --charter and --directory, or --home");
  }
  PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, AnchorOf(args, context));
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument roster_file,
                           desk::ReadDocument(desk::DocumentKind::kRoster, args.Get("--roster")));
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument charter_file,
                           desk::ReadDocument(desk::DocumentKind::kCharter, args.Get("--charter")));
  PALERMO_ASSIGN_OR_RETURN(
      v1::SignedDocument directory_file,
      desk::ReadDocument(desk::DocumentKind::kDirectory, args.Get("--directory")));
  PALERMO_ASSIGN_OR_RETURN(trust::Roster roster,
                           trust::VerifyFirstRoster(roster_file, fingerprint));
  PALERMO_ASSIGN_OR_RETURN(trust::Charter charter,
                           trust::VerifyCharter(charter_file, roster, nullptr));
  PALERMO_ASSIGN_OR_RETURN(trust::Directory directory,
                           trust::VerifyDirectory(directory_file, charter, nullptr));
  return std::make_shared<const trust::DirectoryIndex>(std::move(directory));
}

// Ok when --message is not given, or is what the record names.
absl::Status CheckMessage(const Args& args, const v1::Record& record) {
  if (!args.Has("--message")) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(std::string bytes,
                           desk::ReadFile(args.Get("--message"), limits::kMaxFrameBytes));
  v1::Envelope envelope;
  if (!envelope.ParseFromString(bytes)) {
    return InputError("BAD_FILE", Cat({args.Get("--message"), ": not an envelope"}));
  }
  PALERMO_ASSIGN_OR_RETURN(trust::ParsedEnvelope parsed, trust::ParseEnvelope(envelope));
  if (record.message_id() == AsView(parsed.message_id)) return absl::OkStatus();
  return Refused("BAD_RECEIPT", "the receipt is of another message than this one");
}

void PrintReceipt(const v1::Record& record, const v1::Receipt& receipt, Context& context) {
  context.out += Cat({desk::DescribeRecord(record), "\n"});
  if (!record.message_id().empty()) {
    context.out += Cat({"  message  ", IdText(record.message_id()), "\n"});
  }
  if (!record.case_id().empty()) {
    context.out += Cat({"  case     ", IdText(record.case_id()), "\n"});
  }
  if (!record.actor().empty()) context.out += Cat({"  by       ", record.actor(), "\n"});
  context.out += absl::StrFormat("  entry    %d\n", receipt.index());
}

void AddFields(const v1::Record& record, const v1::Receipt& receipt, desk::Json& json) {
  json.Add("record", desk::DescribeRecord(record));
  desk::AddRecord(record, json);
  json.Add("message", IdText(record.message_id())).Add("case", IdText(record.case_id()));
  json.Add("actor", record.actor()).AddNumber("entry", static_cast<int64_t>(receipt.index()));
}

// What `palermo peer faults --out` saved of a refused message.
absl::StatusOr<int> VerifyParcel(const std::string& path, const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::SignedDocument file, desk::ReadDocument(path));
  v1::RefusedParcel kept;
  v1::Header header;
  if (!kept.ParseFromString(file.document()) || !header.ParseFromString(kept.header())) {
    return InputError("BAD_FILE", Cat({path, ": not a proof that palermo peer faults saved"}));
  }
  const std::string state = StateOf(header.sender());
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, JudgingDirectory(args, state, context));
  absl::StatusOr<desk::ParcelProof> proof = desk::VerifyParcelProof(kept, *directory);
  const absl::Status status = proof.status();
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("valid", status.ok()).Add("code", CodeOf(status)).Add("text", TextOf(status));
    if (proof.ok()) {
      json.Add("header", HeaderJson(proof->header));
      json.Add("judged", CodeOf(proof->judged)).Add("why", TextOf(proof->judged));
    }
    context.out += json.Pretty();
    return status.ok() ? kExitOk : kExitFindings;
  }
  context.out += HeaderText(header);
  if (!proof.ok()) {
    context.out += Cat({"NOT VALID: ", CodeOf(status), ": ", TextOf(status), "\n"});
    return kExitFindings;
  }
  PrintReceipt(proof->submission, kept.submission(), context);
  for (const v1::OfficerSignature& signature : proof->signatures) {
    context.out += Cat({"  signed   ", signature.officer(), ", ",
                        v1::SignaturePurpose::Code_Name(signature.purpose()), "\n"});
  }
  context.out += Cat(
      {"VALID: the node of ", state, " entered this message with these signatures.\n",
       "Judged here: ", proof->judged.ok() ? "its signatures are in order" : "",
       proof->judged.ok() ? "" : Cat({CodeOf(proof->judged), ": ", TextOf(proof->judged)}), "\n"});
  return kExitOk;
}

absl::StatusOr<int> VerifyBundle(const Args& args, Context& context) {
  std::string path = args.Get("file");
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    PALERMO_ASSIGN_OR_RETURN(Hash fingerprint, AnchorOf(args, context));
    std::vector<Hash> confirmed;
    for (const std::string& text : args.All("--confirm-roots")) {
      // "QM=3f5a...", as desk setup takes it, or the digits alone.
      const std::string hex = text.substr(text.find('=') + 1);
      PALERMO_ASSIGN_OR_RETURN(std::string bytes, ParseId(hex, 32, "fingerprint"));
      PALERMO_ASSIGN_OR_RETURN(confirmed.emplace_back(), HashFrom(bytes, "fingerprint"));
    }
    PALERMO_ASSIGN_OR_RETURN(desk::VerifiedMessage verified,
                             desk::VerifyEvidence(path, fingerprint, confirmed));
    return PrintVerdict(verified, args.Has("--delivered"), context);
  }
  if (std::filesystem::path(path).extension() == ".parcel") {
    return VerifyParcel(path, args, context);
  }
  PALERMO_ASSIGN_OR_RETURN(v1::Receipt receipt, ReadReceipt(path));
  PALERMO_ASSIGN_OR_RETURN(v1::Record claimed, trust::ParseRecord(receipt.record()));
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory,
                           JudgingDirectory(args, claimed.state(), context));
  absl::Status status = trust::VerifyReceipt(receipt, *directory).status();
  if (status.ok()) status = CheckMessage(args, claimed);
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("valid", status.ok()).Add("code", CodeOf(status)).Add("text", TextOf(status));
    AddFields(claimed, receipt, json);
    context.out += json.Pretty();
  } else {
    PrintReceipt(claimed, receipt, context);
    context.out +=
        status.ok()
            ? Cat({"VALID: the node of ", claimed.state(), " recorded this in its ledger.\n"})
            : Cat({"NOT VALID: ", CodeOf(status), ": ", TextOf(status), "\n"});
  }
  return status.ok() ? kExitOk : kExitFindings;
}

absl::StatusOr<int> ShowReceipt(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(v1::Receipt receipt, ReadReceipt(args.Get("file")));
  PALERMO_ASSIGN_OR_RETURN(v1::Record record, trust::ParseRecord(receipt.record()));
  if (context.json) {
    desk::Json json = desk::Json::Object();
    AddFields(record, receipt, json);
    context.out += json.Add("checkpoint", receipt.checkpoint()).Pretty();
    return kExitOk;
  }
  PrintReceipt(record, receipt, context);
  context.out += Cat({"Not verified. Checkpoint:\n", receipt.checkpoint()});
  return kExitOk;
}

}  // namespace

void AddReceiptCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"receipt",
       "verify",
       "Verify a receipt, a folder of message save, or a proof of peer faults; needs no node",
       {{"file", "PATH", "a receipt file, a folder, or a .parcel file", true},
        {"--fingerprint", "HEX", "SHA-256 of a roster of it; default: this desk's"},
        {"--delivered", "", "for a folder: not proved to be delivered to each recipient, exit 1"},
        {"--confirm-roots", "CODE=HEX", "new roots of a state, which that state told you", false,
         true},
        {"--roster", "FILE", "for a receipt file"},
        {"--charter", "FILE", "for a receipt file"},
        {"--directory", "FILE", "for a receipt file; default: what this desk trusts"},
        {"--message", "FILE", "for a receipt file: the envelope that it must be of"}},
       "palermo receipt verify evidence --fingerprint 3f5a...",
       VerifyBundle});
  commands.push_back({"receipt",
                      "show",
                      "Show what a receipt says, unverified",
                      {{"file", "FILE", "the receipt", true}},
                      "palermo receipt show submission.receipt",
                      ShowReceipt});
}

}  // namespace palermo::cli
