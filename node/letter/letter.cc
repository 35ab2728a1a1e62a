#include "node/letter/letter.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/acts.h"
#include "node/casework/request_basis.h"
#include "node/casework/text.h"
#include "node/letter/field_lines.h"
#include "node/letter/match_code.h"

namespace palermo::letter {
namespace {

using casework::Vocabulary;

constexpr char kNoDate[] = "-";

std::string DateText(int64_t millis) {
  return millis == 0 ? kNoDate : FormatInstant(FromMillis(millis));
}

template <typename Field>
std::string JoinedTexts(const Field& texts) {
  std::string joined;
  for (const auto& text : texts) joined += Cat({joined.empty() ? "" : "; ", text});
  return joined;
}

// One letter being written. T marks what deploy/texts takes into the catalogues.
class Composer {
 public:
  explicit Composer(const LetterInput& input) : in_(input) {}

  Letter Compose() {
    letter_.language = in_.language;
    letter_.made = FromMillis(in_.header.created_at_ms());
    letter_.letterhead = AddressOf(in_.header.sender(), in_.sender);
    for (const std::string& recipient : in_.header.recipients()) AddRecipient(recipient);
    letter_.title = TitleOf();
    References();
    if (in_.body.has_request()) {
      RequestBlocks(in_.body.request());
    } else {
      AnswerBlock();
    }
    OverriddenBlock();
    AttachmentsBlock();
    Signatures();
    Footer();
    return std::move(letter_);
  }

 private:
  std::string T(std::string_view english) const {
    return std::string(words::Translate(in_.language, english));
  }
  std::string Word(casework::Vocabulary vocabulary, const std::string& code) const {
    return PlainWord(vocabulary, code, in_.language);
  }

  std::vector<std::string> AddressOf(const std::string& authority,
                                     const trust::DirectoryPtr& directory) const {
    std::vector<std::string> lines;
    auto state = in_.state_names.find(StateOf(authority));
    lines.push_back(state == in_.state_names.end() ? StateOf(authority) : state->second);
    const v1::AuthorityEntry* entry = directory ? directory->FindAuthority(authority) : nullptr;
    if (entry != nullptr) {
      std::string name = NameIn(*entry);
      if (!name.empty()) lines.push_back(name);
    }
    lines.push_back(authority);
    return lines;
  }

  // In the letter's language, else English, else the first.
  std::string NameIn(const v1::AuthorityEntry& entry) const {
    for (std::string_view wanted : {words::Code(in_.language), std::string_view("en")}) {
      for (const auto& name : entry.names()) {
        if (name.language().substr(0, 2) == wanted) return name.text();
      }
    }
    return entry.names().empty() ? "" : entry.names(0).text();
  }

  void AddRecipient(const std::string& authority) {
    auto found = in_.recipients.find(StateOf(authority));
    for (std::string& line :
         AddressOf(authority, found == in_.recipients.end() ? nullptr : found->second)) {
      letter_.addressee.push_back(std::move(line));
    }
  }

  std::string TitleOf() const {
    bool request = casework::OpensCase(in_.header.act());
    if (request && in_.header.family() == v1::Family::MLA) {
      return T("Request for mutual legal assistance");
    }
    if (request && in_.header.family() == v1::Family::EXTRADITION) {
      return T("Request for extradition");
    }
    if (request)
      return Cat({T("Request"), ": ",
                  Word(Vocabulary::kFamily, casework::FamilyName(in_.header.family()))});
    return Cat({T("Reply"), ": ", Word(Vocabulary::kAct, casework::ActName(in_.header.act()))});
  }

  void References() {
    auto add = [this](const std::string& name, const std::string& value) {
      if (!value.empty()) letter_.references.emplace_back(name, value);
    };
    const v1::Header& header = in_.header;
    const v1::Request& request = in_.body.request();
    add(T("Date"), DateText(header.created_at_ms()));
    std::string ours = request.national_ref();
    if (ours.empty()) ours = in_.body.acknowledgement().national_ref();
    add(T("Our reference"), ours.empty() ? in_.our_reference : ours);
    add(T("Your reference"), in_.your_reference);
    add(T("Case"), HexEncode(header.case_id()));
    add(T("Message"), HexEncode(AsView(in_.message_id)));
    if (!header.in_reply_to().empty()) {
      add(T("In reply to message"), HexEncode(header.in_reply_to()));
    }
    add(T("Legal basis"), JoinedTexts(header.legal_basis()));
    add(T("Urgency"), Word(Vocabulary::kUrgency, casework::UrgencyName(header.urgency())));
    const std::string handling = casework::HandlingName(header.handling());
    add(T("Handling"), Cat({handling, ": ", Word(Vocabulary::kHandling, handling)}));
    if (header.reply_by_ms() != 0) add(T("Reply needed by"), DateText(header.reply_by_ms()));
    // Who finds the paper asks why it is still there.
    add(T("Kept and printed by order"), casework::OneLine(in_.hold));
  }

  void Text(const std::string& heading, const std::string& text) {
    if (!text.empty()) letter_.blocks.push_back({heading, {text}, {}, {}, {}});
  }
  void Fields(const std::string& heading, Pairs pairs) {
    if (!pairs.empty()) letter_.blocks.push_back({heading, {}, std::move(pairs), {}, {}});
  }
  Pairs Lines(const google::protobuf::Message& message,
              const std::set<std::string>& skip = {}) const {
    return FieldLines(message, in_.language, skip);
  }

  // The order of Article 18(15) of the Convention.
  void RequestBlocks(const v1::Request& request) {
    Fields(T("Legal basis"), Lines(request.basis(), {"computed"}));
    ComputedBasis(request.basis());
    Text(T("Authority making the request (Article 18(15)(a))"), request.requesting_authority());
    Fields(T("Subject matter and nature of the proceeding (Article 18(15)(b))"),
           Lines(request.proceeding()));
    Text(T("Summary of the relevant facts (Article 18(15)(c))"), request.facts_summary());
    Offences(request);
    Items(request);
    Persons(request);
    Text(T("Purpose for which the assistance is sought (Article 18(15)(f))"), request.purpose());
    Pairs urgency;
    v1::Request reason;
    reason.set_urgency_reason(request.urgency_reason());
    for (auto& pair : Lines(reason)) urgency.emplace_back(T("Reason of the urgency"), pair.second);
    for (auto& pair : Lines(request.deadline())) urgency.push_back(std::move(pair));
    Fields(T("Urgency and deadline"), std::move(urgency));
    Fields(T("Confidentiality (Article 18(20))"), Lines(request.confidentiality()));
    Fields(T("Contact"), Lines(request.contact()));
    Fields(T("Further particulars"),
           Lines(request, {"basis", "requesting_authority", "proceeding", "facts_summary", "items",
                           "persons", "purpose", "urgency_reason", "deadline", "confidentiality",
                           "contact", "offence", "national_ref"}));
  }

  // What the treaty status list gave, in sentences; hashes and words of the answer are for desks.
  void ComputedBasis(const v1::Basis& basis) {
    if (!basis.has_computed()) return;
    const auto said = [this](std::string_view english, const casework::TextArgs& args) {
      // Without isolates: a letter shows them as what they are, characters that hide.
      return casework::FillText(words::Translate(in_.language, english), args, false);
    };
    std::string text;
    for (const std::string& line : casework::AnswerText(basis.computed(), said)) {
      text += Cat({text.empty() ? "" : "\n", line});
    }
    Text(T("Treaty basis by the status list"), text);
  }

  void Offences(const v1::Request& request) {
    Block block{T("Offences"), {}, {}, {}, {}};
    block.columns = {T("Offence"), T("Particulars")};
    for (const auto& offence : request.offence()) {
      block.rows.push_back({offence.label(), Joined(Lines(offence, {"label"}))});
    }
    if (!block.rows.empty()) letter_.blocks.push_back(std::move(block));
  }

  void Items(const v1::Request& request) {
    Block block{T("Assistance sought (Article 18(15)(d))"), {}, {}, {}, {}};
    block.columns = {T("No."), T("Assistance"), T("Description and procedure")};
    for (const auto& item : request.items()) {
      std::string more = Joined(Lines(item, {"n", "type", "description"}));
      std::string text = item.description();
      if (!more.empty()) text += Cat({text.empty() ? "" : "\n", more});
      block.rows.push_back(
          {absl::StrFormat("%u", item.n()),
           Word(Vocabulary::kAssistance, v1::AssistanceType::Code_Name(item.type())), text});
    }
    if (!block.rows.empty()) letter_.blocks.push_back(std::move(block));
  }

  void Persons(const v1::Request& request) {
    Block block{T("Persons concerned (Article 18(15)(e))"), {}, {}, {}, {}};
    block.columns = {T("Ref."), T("Name"), T("Particulars")};
    for (const auto& person : request.persons()) {
      block.rows.push_back({person.ref(), person.name(), Joined(Lines(person, {"ref", "name"}))});
    }
    if (!block.rows.empty()) letter_.blocks.push_back(std::move(block));
  }

  void AnswerBlock() {
    if (in_.body.has_result()) {
      Block block{T("Results"), {}, {}, {}, {}};
      block.columns = {T("No."), T("Outcome"), T("Description and procedure")};
      for (const auto& item : in_.body.result().items()) {
        block.rows.push_back(
            {absl::StrFormat("%u", item.n()),
             Word(Vocabulary::kOutcome, v1::ItemOutcome::Code_Name(item.outcome())),
             Joined(Lines(item, {"n", "outcome"}))});
      }
      letter_.blocks.push_back(std::move(block));
      Text(T("Note"), in_.body.result().note());
      return;
    }
    Pairs pairs = Lines(in_.body, {"version", "overridden"});
    // The name of the content repeats the title: only what is inside matters.
    for (auto& [name, value] : pairs) {
      size_t comma = name.find(", ");
      if (comma != std::string::npos) name = name.substr(comma + 2);
    }
    Fields(T("Contents"), std::move(pairs));
  }

  void OverriddenBlock() {
    Block block{T("Warnings that the drafter answered for"), {}, {}, {}, {}};
    block.columns = {T("Rule"), T("Reason")};
    for (const auto& row : in_.body.overridden()) block.rows.push_back({row.rule(), row.reason()});
    if (!block.rows.empty()) letter_.blocks.push_back(std::move(block));
  }

  void AttachmentsBlock() {
    Pairs pairs;
    for (const auto& attachment : in_.header.attachments()) {
      pairs.emplace_back(absl::StrFormat("%d", pairs.size() + 1), Joined(Lines(attachment)));
    }
    Fields(T("Attachments"), std::move(pairs));
  }

  std::string RolesOf(const std::string& officer) const {
    const v1::OfficerEntry* entry = in_.sender ? in_.sender->FindOfficer(officer) : nullptr;
    if (entry == nullptr) return kNoDate;
    std::string roles;
    for (int role : entry->roles()) {
      roles +=
          Cat({roles.empty() ? "" : ", ",
               Word(Vocabulary::kRole, v1::Role::Code_Name(static_cast<v1::Role::Code>(role)))});
    }
    return roles;
  }

  void Signatures() {
    Block& block = letter_.signatures;
    block.heading = T("Signed electronically");
    block.columns = {T("Officer"), T("Roles"), T("Signed as"), T("Key")};
    for (const auto& signature : in_.signatures) {
      bool drafted = signature.purpose() == v1::SignaturePurpose::DRAFT;
      block.rows.push_back({signature.officer(), RolesOf(signature.officer()),
                            drafted ? T("drafter") : T("approver"), HexEncode(signature.key_id())});
    }
  }

  void Footer() {
    letter_.message_id = GroupedId(in_.message_id);
    letter_.code = MatchCode(in_.message_id);
    letter_.qr = Cat({"palermo:message:", HexEncode(AsView(in_.message_id))});
    letter_.page_word = T("Page %d of %d");
    letter_.code_word = T("Matching code");
    letter_.id_word = T("Message");
    letter_.warning =
        T("This paper is a copy of a sealed electronic message, in plain text. Keep it as "
          "confidential as the message. The signatures are in the message: match paper and message "
          "by the code.");
    if (in_.draft) letter_.draft_mark = T("DRAFT: not sent");
  }

  const LetterInput& in_;
  Letter letter_;
};

}  // namespace

Letter ComposeLetter(const LetterInput& input) { return Composer(input).Compose(); }

}  // namespace palermo::letter
