#include "node/desk/operation_mailbox.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/desk/casebook.h"
#include "node/desk/files.h"
#include "node/desk/verification.h"
#include "node/trust/reason.h"
#include "node/trust/strict.h"

namespace palermo::desk {
namespace {

class NodeMails final : public MailSource {
 public:
  explicit NodeMails(NodeClient& node) : node_(node) {}
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(
      const v1::ListMessagesRequest& request) override {
    return node_.ListMessages(request);
  }
  absl::StatusOr<v1::ListPendingResponse> ListPending(
      const v1::ListPendingRequest& request) override {
    return node_.ListPending(request);
  }
  absl::StatusOr<v1::FetchMessageResponse> FetchMessage(const std::string& message_id) override {
    return node_.FetchMessage(message_id);
  }

 private:
  NodeClient& node_;
};

bool MayCarryRecords(const v1::Header& header) {
  return header.family() == v1::Family::JOINT_INVESTIGATION && header.act() == v1::Act::REQUEST;
}

absl::StatusOr<std::vector<v1::MessageSummary>> ListMails(MailSource& node,
                                                          std::vector<std::string>& problems) {
  std::vector<v1::MessageSummary> mails;
  std::map<std::string, size_t> of_state;
  size_t own = 0;
  v1::ListMessagesRequest request;
  request.set_with_void(true);
  request.set_limit(static_cast<uint32_t>(limits::kMaxInboxPage));
  for (int pages = 0; pages < limits::kMaxListPages; ++pages) {
    PALERMO_ASSIGN_OR_RETURN(v1::ListMessagesResponse page, node.ListMessages(request));
    for (auto& message : *page.mutable_messages()) {
      v1::Header header;
      if (!header.ParseFromString(message.header()) || !MayCarryRecords(header)) continue;
      if (!message.incoming() && ++own > limits::kMaxOperationMails) {
        return OverLimit("TOO_MANY", "more messages of joint operations than a desk reads");
      }
      if (message.incoming()) {
        const std::string state = header.sender().substr(0, 2);
        const size_t count = ++of_state[state];
        if (count == limits::kMaxOperationMailsOfAState + 1) {
          problems.push_back(Cat({"TOO_MANY: ", state, " sent more than ",
                                  std::to_string(limits::kMaxOperationMailsOfAState),
                                  " messages of joint operations; the rest are not read"}));
        }
        if (count > limits::kMaxOperationMailsOfAState) continue;
      }
      mails.push_back(std::move(message));
    }
    if (page.next().empty() || page.next() == request.after()) return mails;
    request.set_after(page.next());
  }
  return OverLimit("TOO_MANY",
                   "the node still has more messages after as many answers as a desk "
                   "takes; tell your administrator");
}

// Which states did not take it. That is shown, and the carrier says whom to give it again.
void NoteUndelivered(const v1::MessageSummary& summary, absl::Time now, OperationCarrier& carrier,
                     std::vector<std::string>& problems) {
  for (const v1::RecipientStatus& status : summary.undelivered()) {
    if (status.outcome() == v1::Outcome::PENDING) continue;  // the node still tries
    carrier.undelivered.insert(status.state());
    if (FromMillis(std::max(summary.recorded_at_ms(), status.since_ms())) <
        now - kUndeliveredShown) {
      continue;
    }
    std::string why = v1::Outcome::Code_Name(status.outcome());
    if (status.reason() != v1::Reason::NONE) {
      why += Cat(
          {", ", v1::Reason::Code_Name(status.reason()), ": ", trust::ReasonText(status.reason())});
    }
    problems.push_back(Cat({"message ", carrier.message, " was not delivered to ", status.state(),
                            " (", why, "); palermo operation sync sends what is in it again"}));
  }
}

// As the node gave it the first time; nothing when it is not kept.
std::optional<v1::FetchMessageResponse> KeptMail(const MailboxReader& reader,
                                                 const std::string& id) {
  const std::string path = PathIn(reader.folder, Cat({HexEncode(id), ".mail"}));
  v1::FetchMessageResponse message;
  if (!FileExists(path)) return std::nullopt;
  auto bytes = ReadFile(path, limits::kMaxKeptMailBytes);
  if (!bytes.ok() || !message.ParseFromString(*bytes)) return std::nullopt;
  return message;
}

absl::StatusOr<v1::FetchMessageResponse> FetchMail(const MailboxReader& reader,
                                                   const std::string& id) {
  PALERMO_ASSIGN_OR_RETURN(v1::FetchMessageResponse message, reader.node->FetchMessage(id));
  if (message.pending()) {
    return WrongState("NOT_SUBMITTED", "the node lists a draft as a message");
  }
  return message;
}

struct OpenedMail {
  v1::RetrievalResult::Code result = v1::RetrievalResult::UNSPECIFIED;
  absl::Status why;
  v1::Header header;
  v1::CaseBody body;
};

// The envelope of a message that verifies back to the roster. `bytes`: the message as it came.
absl::StatusOr<trust::ParsedEnvelope> Verify(std::string_view bytes,
                                             const v1::FetchMessageResponse& message,
                                             const trust::TrustView& view,
                                             const std::string& own_state, VerifiedMails* before) {
  const Hash hash = crypto::Sha256(
      {"mail", std::string_view("\0", 1), own_state, std::string_view("\0", 1), bytes});
  if (before != nullptr && before->known != nullptr && before->known(hash)) {
    return trust::ParseEnvelope(message.envelope());
  }
  VerifiedMessage verified = VerifyMessage(message, view, own_state);
  PALERMO_RETURN_IF_ERROR(FirstFailure(verified.checks));
  if (before != nullptr) before->fresh.push_back(hash);
  return std::move(verified.envelope);
}

OpenedMail OpenMail(const MailboxReader& reader, std::string_view bytes,
                    const v1::FetchMessageResponse& message, const std::string& id) {
  const auto envelope = Verify(bytes, message, *reader.view, reader.own_state, reader.verified);
  OpenedMail mail{v1::RetrievalResult::INVALID, envelope.status(), {}, {}};
  if (!envelope.ok()) return mail;
  if (AsView(envelope->message_id) != id) {
    mail.why = Refused("BAD_RECEIPT", "the node gave another message than the one asked for");
    return mail;
  }
  Opened opened = Open(message.envelope(), reader.keys, message.rewraps());
  return {opened.result, opened.why, envelope->header, std::move(opened.body)};
}

// What lies in the folder is trusted as little as what the node says: everything is verified again.
// Where it does not open, the node may have more by now: documents, or a rewrap for a new key.
// `message`: what was verified and opened.
absl::StatusOr<OpenedMail> ReadMail(const MailboxReader& reader, const std::string& id,
                                    v1::FetchMessageResponse& message) {
  if (auto kept = KeptMail(reader, id)) {
    OpenedMail mail = OpenMail(reader, kept->SerializeAsString(), *kept, id);
    message = *std::move(kept);
    if (mail.result == v1::RetrievalResult::OPENED) return mail;
  }
  PALERMO_ASSIGN_OR_RETURN(message, FetchMail(reader, id));
  const std::string bytes = message.SerializeAsString();
  OpenedMail mail = OpenMail(reader, bytes, message, id);
  // What is another message, or does not open, is not kept.
  if (mail.result == v1::RetrievalResult::OPENED) {
    const std::string path = PathIn(reader.folder, Cat({HexEncode(id), ".mail"}));
    PALERMO_RETURN_IF_ERROR(WriteFileAtomic(path, bytes, 0600));
  }
  return mail;
}

// What honest desks put into one mail; a single record may be larger.
bool Fits(const v1::OperationMail& mail) {
  const int parts = mail.records_size() + mail.places_size();
  size_t bytes = 0;
  for (const auto& record : mail.records()) bytes += record.ByteSizeLong();
  for (const auto& place : mail.places()) bytes += place.ByteSizeLong();
  return parts <= static_cast<int>(limits::kMaxOperationMailRecords) &&
         (parts <= 1 ||
          bytes <= limits::kMaxOperationMailBytes + limits::kMaxOperationMailRecords * 8);
}

OperationCarrier CarrierOf(const v1::Header& header, const std::string& id,
                           const v1::CaseBody& body) {
  OperationCarrier carrier;
  carrier.message = HexEncode(id);
  carrier.sender = header.sender();
  carrier.to.assign(header.recipients().begin(), header.recipients().end());
  carrier.made = carrier.at = FromMillis(header.created_at_ms());
  carrier.answered.assign(body.overridden().begin(), body.overridden().end());
  carrier.mail = body.operation_mail();
  return carrier;
}

// The message that another member passed on: its own signatures and receipts say whose it is.
absl::StatusOr<OperationCarrier> OpenRelayed(const trust::TrustView& view,
                                             const v1::RelayedMail& relayed,
                                             VerifiedMails* before) {
  v1::FetchMessageResponse message;
  if (!message.ParseFromString(relayed.message())) {
    return InputError("BAD_ENVELOPE", "what was passed on is no message");
  }
  PALERMO_ASSIGN_OR_RETURN(const trust::ParsedEnvelope envelope,
                           Verify(relayed.message(), message, view, "", before));
  const v1::Header& header = envelope.header;
  const Opened opened = OpenWithContentKey(message.envelope(), relayed.content_key());
  if (opened.result != v1::RetrievalResult::OPENED) return opened.why;
  if (!MayCarryRecords(header) || !opened.body.has_operation_mail()) {
    return InputError("BAD_BODY", "what was passed on carries no records");
  }
  OperationCarrier carrier =
      CarrierOf(header, std::string(AsView(envelope.message_id)), opened.body);
  carrier.at = SubmittedAt(message, header.sender()).value_or(carrier.made);
  return carrier;
}

// A draft of our own state, verified: the id that the node gave is over all that an approver signs.
absl::StatusOr<OperationCarrier> OpenDraft(const MailboxReader& reader, const std::string& id,
                                           const v1::FetchMessageResponse& message) {
  const VerifiedMessage verified = VerifyDraft(message, *reader.view, reader.now);
  PALERMO_RETURN_IF_ERROR(FirstFailure(verified.checks));
  if (AsView(verified.envelope.message_id) != id) {
    return Refused("BAD_RECEIPT", "the node gave another draft than the one asked for");
  }
  const v1::Header& header = verified.envelope.header;
  if (StateOf(header.sender()) != reader.own_state) {
    return Refused("BAD_RECEIPT", "the node gives another state's message as our draft");
  }
  const Opened opened = Open(message.envelope(), reader.keys, message.rewraps());
  if (opened.result != v1::RetrievalResult::OPENED) return opened.why;
  if (!MayCarryRecords(header) || !opened.body.has_operation_mail()) return OperationCarrier();
  OperationCarrier carrier = CarrierOf(header, id, opened.body);
  carrier.pending = true;
  for (const v1::OfficerSignature& signature : verified.signatures) {
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) carrier.drafter = signature.officer();
  }
  return carrier;
}

void NoteProblem(const std::string& what, const absl::Status& why, bool own,
                 OperationMailbox& box) {
  box.problems.push_back(Cat({what, ": ", CodeOf(why), ": ", TextOf(why)}));
  if (own) box.own_problems.push_back(box.problems.back());
}

void TakeDraft(const MailboxReader& reader, const v1::PendingDraft& draft, OperationMailbox& box) {
  v1::Header header;
  if (!header.ParseFromString(draft.header()) || !MayCarryRecords(header)) return;
  const auto carrier = [&]() -> absl::StatusOr<OperationCarrier> {
    PALERMO_ASSIGN_OR_RETURN(const v1::FetchMessageResponse message,
                             reader.node->FetchMessage(draft.message_id()));
    if (!message.pending()) return OperationCarrier();  // it was sent, and is among the messages
    return OpenDraft(reader, draft.message_id(), message);
  }();
  if (CodeOf(carrier.status()) == "UNKNOWN_MESSAGE") return;  // dropped
  if (!carrier.ok()) {
    NoteProblem(Cat({"draft ", HexEncode(draft.message_id())}), carrier.status(), true, box);
  } else if (carrier->pending) {
    box.carriers.push_back(*carrier);
  }
}

absl::Status TakeDrafts(const MailboxReader& reader, OperationMailbox& box) {
  v1::ListPendingRequest request;
  for (size_t seen = 0; seen <= limits::kMaxOperationMails;) {
    PALERMO_ASSIGN_OR_RETURN(v1::ListPendingResponse page, reader.node->ListPending(request));
    for (const auto& draft : page.drafts()) TakeDraft(reader, draft, box);
    if (page.next().empty() || page.next() == request.after()) return absl::OkStatus();
    seen += static_cast<size_t>(page.drafts_size()) + 1;
    request.set_after(page.next());
  }
  return OverLimit("TOO_MANY", "more drafts than a desk reads; drop those that nobody needs");
}

}  // namespace

std::unique_ptr<MailSource> MailsOf(NodeClient& node) { return std::make_unique<NodeMails>(node); }

absl::StatusOr<OperationMailbox> ReadOperationMailbox(const MailboxReader& reader) {
  PALERMO_RETURN_IF_ERROR(MakeFolder(reader.folder));
  OperationMailbox box;
  // Drafts first: one that is sent meanwhile is then among the messages.
  PALERMO_RETURN_IF_ERROR(TakeDrafts(reader, box));
  PALERMO_ASSIGN_OR_RETURN(std::vector<v1::MessageSummary> mails,
                           ListMails(*reader.node, box.problems));
  for (const v1::MessageSummary& summary : mails) {
    const std::string& id = summary.message_id();
    const bool reported = summary.retrieval() != v1::RetrievalResult::UNSPECIFIED;
    if (reader.leave_unopened && summary.incoming() && !reported) continue;
    v1::FetchMessageResponse message;
    auto read = ReadMail(reader, id, message);
    if (!read.ok()) {
      NoteProblem(Cat({"message ", HexEncode(id)}), read.status(), !summary.incoming(), box);
      continue;
    }
    const OpenedMail& mail = *read;
    const bool opened = mail.result == v1::RetrievalResult::OPENED;
    if (opened && !mail.body.has_operation_mail()) continue;  // a request to set up a team
    if (opened) {
      if (summary.incoming() && !reported) box.unreported.push_back(id);
      for (OperationCarrier& carrier : CarriersOf(*reader.view, reader.own_state, mail.header, id,
                                                  mail.body, reader.verified, box.problems)) {
        if (carrier.relayed_by.empty()) {
          carrier.at = SubmittedAt(message, mail.header.sender()).value_or(carrier.made);
        }
        if (!summary.incoming()) NoteUndelivered(summary, reader.now, carrier, box.problems);
        box.carriers.push_back(std::move(carrier));
      }
    } else {
      NoteProblem(Cat({"message ", HexEncode(id)}), mail.why, !summary.incoming(), box);
    }
  }
  std::set<std::string> sent;
  for (const OperationCarrier& carrier : box.carriers) {
    if (!carrier.pending) sent.insert(carrier.message);
  }
  std::erase_if(box.carriers, [&](const OperationCarrier& carrier) {
    return carrier.pending && sent.count(carrier.message) != 0;
  });
  return box;
}

absl::Status CheckComplete(const OperationMailbox& box) {
  if (box.own_problems.empty()) return absl::OkStatus();
  return WrongState(
      "INCOMPLETE",
      Cat({"not all that your state wrote is here, so a record could get a number that is taken; "
           "run it again, drop a draft that does not open, or tell your administrator: ",
           box.own_problems[0]}));
}

absl::Status CheckComplete(const OperationMailbox& box, const v1::OperationMail& mail) {
  const auto& records = mail.records();
  const bool only_stops = mail.records_size() > 0 &&
                          std::all_of(records.begin(), records.end(), casework::TakesNoNumber);
  const bool more = mail.places_size() + mail.relayed_size() + mail.missing_size() > 0;
  return only_stops && !more ? absl::OkStatus() : CheckComplete(box);
}

std::vector<OperationCarrier> CarriersOf(const trust::TrustView& view, const std::string& own_state,
                                         const v1::Header& header, const std::string& message_id,
                                         const v1::CaseBody& body, VerifiedMails* verified,
                                         std::vector<std::string>& problems) {
  std::vector<OperationCarrier> carriers;
  if (!MayCarryRecords(header)) return carriers;
  const v1::OperationMail& mail = body.operation_mail();
  OperationCarrier carrier = CarrierOf(header, message_id, body);
  if (!Fits(mail)) {
    problems.push_back(Cat({"message ", carrier.message, " of ", carrier.sender,
                            ": TOO_MANY: more records than a mail carries; none was taken"}));
    return carriers;
  }
  // It is free text, and what begins as another's id would be taken for it.
  if (!IsOperationId(mail.operation())) {
    problems.push_back(Cat({"message ", carrier.message, " of ", carrier.sender,
                            ": BAD_BODY: it names no operation; none of its records was taken"}));
    return carriers;
  }
  for (const v1::RelayedMail& relayed : carrier.mail.relayed()) {
    if (StateOf(carrier.sender) == own_state) continue;
    auto inner = OpenRelayed(view, relayed, verified);
    if (!inner.ok()) {
      problems.push_back(Cat({"passed on by ", carrier.sender, " in message ", carrier.message,
                              ": ", CodeOf(inner.status()), ": ", TextOf(inner.status())}));
      continue;
    }
    if (!Fits(inner->mail) || !IsOperationId(inner->mail.operation())) continue;
    inner->relayed_by = StateOf(carrier.sender);
    inner->came_in = carrier.message;
    carriers.push_back(*std::move(inner));
  }
  carriers.push_back(std::move(carrier));
  return carriers;
}

absl::StatusOr<v1::RelayedMail> RelayOperationMail(const MailboxReader& reader,
                                                   const std::string& message_hex) {
  PALERMO_ASSIGN_OR_RETURN(std::string id, HexDecode(message_hex));
  v1::FetchMessageResponse message;
  PALERMO_ASSIGN_OR_RETURN(const OpenedMail mail, ReadMail(reader, id, message));
  if (mail.result != v1::RetrievalResult::OPENED) return mail.why;
  // The key opens everything in it.
  if (!MayCarryRecords(mail.header) || !mail.body.has_operation_mail() ||
      mail.body.operation_mail().relayed_size() > 0) {
    return Refused("BAD_BODY",
                   "only a mail of an operation, with nothing else in it, is passed on");
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::SecretBytes key,
                           ContentKeyOf(message.envelope(), reader.keys, message.rewraps()));
  // Rewraps are for our own keys.
  message.clear_rewraps();
  v1::RelayedMail relayed;
  relayed.set_message(message.SerializeAsString());
  relayed.set_content_key(std::string(key.Expose(crypto::SecretAccess::Grant())));
  return relayed;
}

}  // namespace palermo::desk
