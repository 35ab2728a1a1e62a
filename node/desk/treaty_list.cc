#include "node/desk/treaty_list.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "node/casework/vocabulary.h"

namespace palermo::desk {
namespace {

const v1::AuthorityEntry* AuthorityIn(const trust::TrustView* view, const std::string& id) {
  if (view == nullptr || !IsAuthorityId(id)) return nullptr;
  auto directory = view->DirectoryOf(StateOf(id));
  // The view keeps it alive.
  return directory.ok() ? (*directory)->FindAuthority(id) : nullptr;
}

// Empty when the entry tells nothing about cooperation.
std::optional<casework::StateProfile> ProfileOf(const v1::AuthorityEntry* authority,
                                                const KnownList* list) {
  if (authority == nullptr || !authority->has_cooperation()) return std::nullopt;
  const v1::Cooperation& terms = authority->cooperation();
  casework::StateProfile profile;
  if (terms.requirements().death_penalty() != v1::DeathPenalty::UNSPECIFIED) {
    profile.death_penalty = v1::DeathPenalty::Code_Name(terms.requirements().death_penalty());
  }
  if (terms.requirements().dual_criminality() != v1::DualCriminality::UNSPECIFIED) {
    profile.dual_criminality =
        v1::DualCriminality::Code_Name(terms.requirements().dual_criminality());
  }
  profile.oral_agreed_with.assign(terms.oral_requests_agreed_with().begin(),
                                  terms.oral_requests_agreed_with().end());
  if (list != nullptr) {
    const auto* status = list->status.Find("SUA", StateOf(authority->id()));
    if (status != nullptr) {
      for (const std::string& made : status->declarations) {
        profile.sea_deemed_consent |= made == "8bis(5)(d)" || made == "SUA 8bis(5)(d)";
      }
    }
  }
  return profile;
}

// As a request names its channel.
std::string ChannelName(int code) {
  const auto channel = static_cast<v1::Channel::Code>(code);
  return channel == v1::Channel::NETWORK_24_7 ? "24_7" : v1::Channel::Code_Name(channel);
}

void FillEntry(const v1::AuthorityEntry& entry, casework::CheckContext& context,
               casework::MessageFacts& message) {
  if (!entry.has_cooperation()) return;
  const v1::Cooperation& terms = entry.cooperation();
  for (int role : terms.roles()) {
    context.recipient_roles.push_back(
        v1::AuthorityRole::Code_Name(static_cast<v1::AuthorityRole::Code>(role)));
  }
  for (int channel : terms.channels()) context.accepted_channels.push_back(ChannelName(channel));
  for (const v1::InstrumentTerms& one : terms.instruments()) {
    if (one.languages().empty()) continue;
    context.instrument_languages[one.instrument()] = {one.languages().begin(),
                                                      one.languages().end()};
  }
  if (terms.attested_at_ms() != 0) {
    message.entry_attested_at = FormatInstant(FromMillis(terms.attested_at_ms()));
  }
}

void CompareTreaties(const v1::BasisAnswer& stored, const casework::BasisQuestion& question,
                     const KnownList& list, std::string_view same,
                     const casework::Translated& translated, BasisReport& report) {
  const auto answer = casework::Answer(list.status, question, list.source);
  const auto differences = casework::Differences(stored, answer);
  if (differences.empty()) {
    report.lines.push_back(casework::Said(
        same, {{"version", std::to_string(list.source.directory_version)}}, translated));
    return;
  }
  report.differs = true;
  for (const std::string& line : differences) {
    report.lines.push_back(
        casework::Said(casework::Msg("DIFFERENCE: {line}"), {{"line", line}}, translated));
  }
}

}  // namespace

absl::StatusOr<KnownList> ListFrom(const std::string& csv) {
  KnownList list;
  PALERMO_ASSIGN_OR_RETURN(list.status, casework::TreatyStatus::FromCsv(csv));
  list.source.sha256 = HexEncode(AsView(crypto::Sha256(csv)));
  return list;
}

absl::StatusOr<KnownList> ListOf(const trust::TrustView& view, const std::string& state) {
  PALERMO_ASSIGN_OR_RETURN(trust::DirectoryPtr directory, view.DirectoryOf(state));
  const v1::Directory& body = directory->body();
  if (body.treaty_list().empty()) {
    return Missing("NO_LIST",
                   Cat({"the directory of ", state,
                        " carries no treaty status list; an administrator adds one with: palermo "
                        "treaty import"}));
  }
  PALERMO_ASSIGN_OR_RETURN(KnownList list, ListFrom(body.treaty_list()));
  list.source.state = state;
  list.source.directory_version = body.version();
  return list;
}

Law::Law(const trust::TrustView* view, const std::string& own_state) : view_(view) {
  if (view == nullptr) {
    why_none_ = Missing("NO_LIST", "this desk knows no directory yet; see: palermo desk setup");
    return;
  }
  auto list = ListOf(*view, own_state);
  if (list.ok()) {
    list_ = *std::move(list);
  } else {
    why_none_ = list.status();
  }
}

void Law::Fill(const std::string& sender, const std::string& recipient,
               casework::CheckContext& context) {
  context.wants_treaty_list = true;
  context.treaties = list_ ? &list_->status : nullptr;
  // The request goes from the requesting to the requested authority, an answer the other way.
  const bool asks = StateOf(sender) == context.requesting_state;
  const auto* requesting = AuthorityIn(view_, asks ? sender : recipient);
  const auto* requested = AuthorityIn(view_, asks ? recipient : sender);
  requesting_ = ProfileOf(requesting, list());
  requested_ = ProfileOf(requested, list());
  context.requesting_profile = requesting_ ? &*requesting_ : nullptr;
  context.requested_profile = requested_ ? &*requested_ : nullptr;
  if (requested != nullptr) context.requested_territory = requested->cooperation().territory();
  if (const auto* entry = AuthorityIn(view_, recipient)) FillEntry(*entry, context, message_);
  context.message = &message_;
}

void Law::StoreBasis(const casework::CheckContext& context, v1::CaseBody& body) const {
  if (!list_ || !body.has_request() || context.requested_state.empty()) return;
  const auto question = casework::QuestionOf(context, body.request());
  *body.mutable_request()->mutable_basis()->mutable_computed() =
      casework::Answer(list_->status, question, list_->source);
}

bool Law::Prefill(const casework::CheckContext& context, v1::CaseBody& body) const {
  if (!list_ || !body.has_request() || context.requested_state.empty()) return false;
  const auto answer =
      casework::Answer(list_->status, casework::QuestionOf(context, body.request()), list_->source);
  return casework::PrefillBasis(answer, context.family, body.mutable_request()->mutable_basis());
}

BasisReport CheckBasis(const trust::TrustView& view, const std::string& own_state,
                       const v1::Request& request, const casework::Translated& translated) {
  using casework::Msg;
  BasisReport report;
  const auto say = [&](std::string_view english, const casework::TextArgs& args) {
    report.lines.push_back(casework::Said(english, args, translated));
  };
  if (!request.basis().has_computed()) {
    say(Msg("The sender stored no computed basis: it had no list."), {});
    return report;
  }
  const v1::BasisAnswer& stored = request.basis().computed();
  report.lines = casework::AnswerText(stored, translated);
  const auto question = casework::QuestionOf(stored);
  if (!question.ok()) {
    report.differs = true;
    report.lines.push_back(TextOf(question.status()));
    return report;
  }
  const auto own = ListOf(view, own_state);
  if (own.ok()) {
    CompareTreaties(stored, *question, *own,
                    Msg("Our list (directory version {version}) gives the same basis."), translated,
                    report);
  } else {
    say(Msg("Not checked with our list: {why}"), {{"why", TextOf(own.status())}});
  }
  const auto theirs = ListOf(view, stored.list_state());
  if (theirs.ok() && theirs->source.sha256 == stored.status_list_sha256()) {
    CompareTreaties(
        stored, *question, *theirs,
        Msg("The sender's own list (directory version {version}) gives the same basis."),
        translated, report);
  } else {
    say(Msg("The list that the sender used (directory version {version} of {state}) is not in "
            "force here any more."),
        {{"version", std::to_string(stored.directory_version())}, {"state", stored.list_state()}});
  }
  return report;
}

}  // namespace palermo::desk
