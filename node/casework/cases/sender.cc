// Who sends an event: the state, and the office of it that may.
#include <algorithm>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/forms.h"
#include "node/casework/cases/scene.h"
#include "node/casework/fact_clocks.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using v1::Act;

constexpr absl::Duration kOralConfirmation = absl::Hours(24);

constexpr const char* kSenders[] = {"by",  "from",  "signed_by", "sender", "state",
                                    "who", "actor", "signer",    "side",   "party"};

// "RQ.CA", "QM-CA-07", "QM": the state that stands before the office.
std::string StateIn(const Scene& scene, const std::string& word) {
  const CheckContext& c = scene.asked->context;
  const std::string head = word.substr(0, word.find_first_of(".-:_ "));
  if (OneOf(head, {"RQ", "REQUESTING", "requesting"})) return c.requesting_state;
  if (OneOf(head, {"RD", "REQUESTED", "requested"})) return c.requested_state;
  return OneOf(head, {c.requesting_state, c.requested_state}) ? head : "";
}

// A state, by its code, that is neither of the two: in what the event says of its signature.
bool IsOfThirdState(const Scene& scene) {
  const CheckContext& c = scene.asked->context;
  for (const char* name : {"by", "from", "signed_by", "sender", "signer"}) {
    const std::string word = AnyText(scene.event, name);
    const std::string head = word.substr(0, word.find_first_of(".-:_ "));
    // Of the case's directory: "AG" is an attorney general as well.
    if (scene.facts.directory.states.count(head) == 0) continue;
    if (head != c.requesting_state && head != c.requested_state) return true;
  }
  return false;
}

// The sender's word in the event that names one of the two states; "" when none does.
std::string SenderWord(const Scene& scene) {
  if (scene.asked == nullptr) return "";
  for (const char* name : kSenders) {
    const std::string word = AnyText(scene.event, name);
    if (!word.empty() && !StateIn(scene, word).empty()) return word;
  }
  const Struct* signatory = ObjectOf(scene.event, "signatory");
  const std::string officer = signatory == nullptr ? "" : TextOf(*signatory, "officer");
  return StateIn(scene, officer).empty() ? "" : officer;
}

// The state that the event says sends it; "" when it does not say.
std::string SenderOf(const Scene& scene) {
  const std::string word = SenderWord(scene);
  return word.empty() ? "" : StateIn(scene, word);
}

// "RD.EXEC" speaks only through the central authority, and the registry only of what comes in.
bool IsOfThisOffice(const Scene& scene, Act::Code act) {
  const std::string word = SenderWord(scene);
  if (!OneOf(word.substr(0, 3), {"RQ.", "RD."})) return true;
  const std::string office = word.substr(3);
  if (office == "EXEC") return SaysYes(Member(scene.event, "direct_transmission"));
  if (office == "REG") {
    return act == Act::ACKNOWLEDGEMENT || act == Act::RETURN || act == Act::ORAL_REQUEST_NOTE;
  }
  return office != "DRAFTER";
}

bool IsOutOfSequence(const Struct& event) {
  for (const char* name :
       {"duplicate", "replayed", "replay", "duplicate_of", "replay_of", "already_seen",
        "seen_before", "sequence_gap", "out_of_order", "out_of_sequence"}) {
    if (SaysYes(Member(event, name))) return true;
  }
  const Value* number = Member(event, "seq");
  if (number == nullptr) return false;
  for (const char* name : {"expected_seq", "expected", "next_seq"}) {
    const Value* expected = Member(event, name);
    if (expected != nullptr && expected->number_value() != number->number_value()) return true;
  }
  for (const char* name : {"prev_seq", "previous_seq", "last_seq"}) {
    const Value* last = Member(event, name);
    if (last != nullptr && last->number_value() + 1 != number->number_value()) return true;
  }
  return false;
}

}  // namespace

bool Flag(const Struct& object, const std::string& name, bool otherwise) {
  const Value* value = Member(object, name);
  return value == nullptr || value->kind_case() != Value::kBoolValue ? otherwise
                                                                     : value->bool_value();
}

bool IsOfOtherSide(const Scene& scene, Side side) {
  if (scene.asked == nullptr) return false;
  const CheckContext& c = scene.asked->context;
  const std::string sender = SenderOf(scene);
  const std::string& own = side == Side::kRequesting ? c.requesting_state : c.requested_state;
  return sender.empty() ? IsOfThirdState(scene) : sender != own;
}

bool IsOutOfOrder(const Scene& scene, Act::Code act) {
  if (IsOutOfSequence(scene.event)) return true;
  // Each state on the way of a delivery consents to it, and may end it.
  const bool of_many = act == Act::DELIVERY_CONSENT || act == Act::DELIVERY_ABORT;
  if (scene.asked != nullptr && !of_many && IsOfThirdState(scene)) return true;
  const std::string sender = SenderOf(scene);
  if (sender.empty()) return false;
  if (!IsOfThisOffice(scene, act)) return true;
  // Either side writes down what was asked by word of mouth.
  if (act == Act::ORAL_REQUEST_NOTE) return false;
  const bool asker = sender == scene.asked->context.requesting_state;
  return !MaySend(asker ? Side::kRequesting : Side::kRequested, act, scene.asked->context.family);
}

Side SideOf(const Scene& scene, Act::Code act) {
  // A case without a request says no family.
  const auto may = [&](Side side) {
    return scene.asked == nullptr ? MaySend(side, act)
                                  : MaySend(side, act, scene.asked->context.family);
  };
  if (!may(Side::kRequested)) return Side::kRequesting;
  if (!may(Side::kRequesting)) return Side::kRequested;
  const std::string sender = SenderOf(scene);
  const bool asker = !sender.empty() && sender == scene.asked->context.requesting_state;
  return asker ? Side::kRequesting : Side::kRequested;
}

Signatory SignatoryOf(const Scene& scene) {
  Signatory signatory;
  const Struct* said = ObjectOf(scene.event, "signatory");
  const Struct& from = said == nullptr ? scene.event : *said;
  signatory.valid_to = FirstOf(from, {"mandate_valid_to", "mandate_expires"});
  if (said == nullptr && signatory.valid_to.empty()) return {};
  signatory.officer = FirstOf(from, {"officer", "by", "signed_by"});
  signatory.mandate = OneOrMore(from, "mandate");
  // What the extract leaves out is there in the message.
  if (signatory.officer.empty()) signatory.officer = "as noted";
  if (Member(from, "mandate") == nullptr) signatory.mandate = {"*"};
  if (Member(from, "mandate_valid_to") == nullptr && signatory.valid_to.empty()) {
    signatory.valid_to = "9999-12-31";
  }
  return signatory;
}

void FillSentBefore(const Scene& scene, MessageFacts& facts) {
  const Struct* request = ObjectOf(scene.json, "request");
  const std::string sent = request == nullptr ? "" : TextOf(*request, "sent_at");
  const auto at = ParseInstant(TextOf(scene.event, "at")), before = ParseInstant(sent);
  if (!at.ok() || !before.ok() || *at >= *before || !facts.predecessor_at.empty()) return;
  facts.predecessor_at = sent;
  facts.created_at = TextOf(scene.event, "at");
}

bool IsStamped(const Scene& scene) {
  // Only messages that report nothing that was done at some time.
  constexpr std::string_view kMessages[] = {
      "ACKNOWLEDGEMENT",     "ACK",         "ADMISSION",         "INFO_REQUEST",
      "INFO_SUPPLEMENT",     "RETURN",      "STATUS_QUERY",      "STATUS_REPORT",
      "CONSULTATION_OPEN",   "REFUSAL",     "CONDITIONS_ACCEPT", "CONDITIONS_DECLINE",
      "CONDITIONS_PROPOSAL", "MLA_REQUEST", "NO_LONGER_REQUIRED"};
  const std::string type = TextOf(scene.event, "type");
  if (std::find(std::begin(kMessages), std::end(kMessages), type) == std::end(kMessages)) {
    return false;
  }
  const auto at = ParseInstant(TextOf(scene.event, "at")), now = ParseInstant(scene.facts.now);
  return at.ok() && now.ok() && *at > *now && *at < *now + absl::Hours(24);
}

bool IsLateConfirmation(const Scene& scene) {
  std::string made = FirstOf(scene.event, {"made_at", "oral_at", "noted_at", "oral_made_at"});
  const Struct* request = ObjectOf(scene.json, "request");
  const Struct* oral = request == nullptr ? nullptr : ObjectOf(*request, "oral");
  if (made.empty() && oral != nullptr) made = TextOf(*oral, "made_at");
  std::string done = FirstOf(scene.event, {"confirmed_at", "at", "sent_at"});
  if (done.empty()) done = scene.facts.now;
  const auto from = ParseInstant(made), at = ParseInstant(done);
  return from.ok() && at.ok() && *at > *from + kOralConfirmation;
}

}  // namespace palermo::casework
