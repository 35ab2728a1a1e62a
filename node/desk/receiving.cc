#include "node/desk/receiving.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/catalogue.h"
#include "node/casework/contents.h"
#include "node/casework/texts.h"
#include "node/casework/vocabulary.h"
#include "node/desk/treaty_list.h"

namespace palermo::desk {
namespace {

using casework::Finding;

struct Broken {
  std::string_view code, key;
};
// Anything else that fails means that the signature cannot be followed to the state's entry.
constexpr Broken kBroken[] = {
    {"OFFICER_NOT_IN_FORCE", "R-DIR-04.key"},    {"STALE_KEY", "R-DIR-04.key"},
    {"DIRECTORY_EXPIRED", "R-DIR-04.key"},       {"OLD_VERSION", "R-DIR-04.key"},
    {"DIRECTORY_NOT_YET_VALID", "R-DIR-04.key"}, {"UNKNOWN_RECIPIENT", "R-DIR-01.not_taken"},
    {"SAME_OFFICER", "R-AUTH-02.same"},          {"SAME_KEY", "R-AUTH-02.same"},
    {"SAME_PERSON", "R-AUTH-02.same"},           {"WRONG_ROLE", "R-AUTH-01.missing"},
    {"TOO_FEW_APPROVALS", "R-AUTH-01.missing"},  {"MISSING_DRAFT", "R-AUTH-01.missing"}};

Finding Say(std::string_view key, std::string field) {
  const casework::Text* text = casework::FindText(key);
  const std::string rule(key.substr(0, key.find('.')));
  const casework::CatalogueRow* row = casework::FindRule(rule);
  return {rule,
          text->severity,
          std::move(field),
          std::string(text->what),
          std::string(row->authority),
          std::string(text->todo),
          std::string(key)};
}

// The act's side, where its header alone tells it; else the requesting one.
casework::Side SideOf(const v1::Header& header) {
  const bool asks = casework::MaySend(casework::Side::kRequesting, header.act(), header.family());
  return asks ? casework::Side::kRequesting : casework::Side::kRequested;
}
bool IsOfBothSides(const v1::Header& header) {
  return casework::MaySend(casework::Side::kRequesting, header.act(), header.family()) &&
         casework::MaySend(casework::Side::kRequested, header.act(), header.family());
}

casework::CheckContext ContextOf(const v1::Header& header, const std::string& other,
                                 absl::Time now) {
  casework::CheckContext context;
  context.family = header.family();
  context.act = header.act();
  context.urgency = header.urgency();
  context.side = SideOf(header);
  const std::string sender = StateOf(header.sender());
  const bool asks = context.side == casework::Side::kRequesting;
  context.requesting_state = asks ? sender : other;
  context.requested_state = asks ? other : sender;
  context.now = FormatInstant(now);
  context.now_iso8601_date = context.now.substr(0, 10);
  return context;
}

// An error or a warning of a rule of this stage.
bool IsOfStage(char stage, const Finding& finding) {
  if (finding.severity == casework::Severity::kNote) return false;
  const casework::CatalogueRow* row = casework::FindRule(finding.rule);
  return row != nullptr && row->stages.find(stage) != std::string_view::npos;
}

bool IsForReceiver(const Finding& finding) {
  // Without a stage in the catalogue: the directory's, for whoever reads it.
  const bool attested = finding.rule == "R-DIR-05";
  return (attested && finding.severity != casework::Severity::kNote) || IsOfStage('R', finding);
}

// When the state of `authority` last attested its entry; "" when it does not say.
std::string AttestedAt(const trust::TrustView& view, const std::string& authority) {
  if (!IsAuthorityId(authority)) return "";
  const auto directory = view.DirectoryOf(StateOf(authority));
  const auto* entry = directory.ok() ? (*directory)->FindAuthority(authority) : nullptr;
  const int64_t at = entry == nullptr ? 0 : entry->cooperation().attested_at_ms();
  return at == 0 ? "" : FormatInstant(FromMillis(at));
}

std::string OwnRecipient(const v1::Header& header, const std::string& own_state) {
  for (const std::string& recipient : header.recipients()) {
    if (StateOf(recipient) == own_state) return recipient;
  }
  return header.recipients().empty() ? "" : header.recipients(0);
}

// What the case told before an act. How long a state has to be heard the pair of states agreed on:
// early_acts.h says what this desk's numbers tell.
void FillBefore(const casework::Progress& before, absl::Time when,
                casework::CheckContext& context) {
  casework::Fill(before, when, context);
  context.requesting_state_unheard = false;
  context.notice_ends_at.clear();
  context.last_act_at.clear();
}

// Who approved it before it went, or confirmed it afterwards, has read it.
bool SeenByASecond(const VerifiedMessage& message) {
  const auto& list = message.signatures;
  return message.confirmation.standing() == v1::ConfirmationStanding::CONFIRMED ||
         std::any_of(list.begin(), list.end(), [](const v1::OfficerSignature& one) {
           return one.purpose() == v1::SignaturePurpose::APPROVE;
         });
}

// What the rules say of a body, without notes and without warnings that its drafter answered with a
// reason: those stand in the body.
std::vector<Finding> OpenFindings(const casework::CheckContext& context, const v1::CaseBody& body) {
  std::vector<Finding> findings = casework::CheckBody(context, body);
  const casework::OverrideSet answers(findings, casework::AnsweredIn(body));
  std::erase_if(findings, [&](const Finding& finding) {
    const bool warning = finding.severity == casework::Severity::kWarning;
    return finding.severity == casework::Severity::kNote || (warning && answers.Covers(finding));
  });
  return findings;
}

// Whether the act might be done then, after what its case told before it: the sender's desk asked
// the same.
std::vector<Finding> CheckTransition(const v1::Header& header, const v1::CaseBody& body,
                                     const casework::Progress& before,
                                     casework::CheckContext context) {
  const absl::Time then = FromMillis(header.created_at_ms());
  context.now = FormatInstant(then);
  context.now_iso8601_date = context.now.substr(0, 10);
  FillBefore(before, then, context);
  std::vector<Finding> findings = OpenFindings(context, body);
  std::erase_if(findings, [](const Finding& finding) { return !IsOfStage('T', finding); });
  return findings;
}

}  // namespace

std::string_view RuleOfFailure(const absl::Status& status) {
  const std::string code = CodeOf(status);
  const auto* row = std::find_if(std::begin(kBroken), std::end(kBroken),
                                 [&](const Broken& broken) { return broken.code == code; });
  return row == std::end(kBroken) ? "R-SIG-01.signature" : row->key;
}

std::vector<Finding> CheckReceived(const VerifiedMessage& message, const v1::CaseBody* body,
                                   const trust::TrustView& view, const std::string& own_state,
                                   absl::Time now, absl::Time predecessor,
                                   const casework::Progress* before) {
  std::vector<Finding> findings;
  for (const Check& check : message.checks) {
    if (!check.status.ok()) findings.push_back(Say(RuleOfFailure(check.status), check.what));
  }
  if (!findings.empty() || body == nullptr) return findings;
  const v1::Header& header = message.envelope.header;
  const std::string recipient = OwnRecipient(header, own_state);
  casework::CheckContext context = ContextOf(header, StateOf(recipient), now);
  context.received = true;
  if (before != nullptr) FillBefore(*before, now, context);
  Law law(&view, own_state);
  law.Fill(header.sender(), recipient, context);
  casework::MessageFacts facts;
  facts.signature_verified = true;
  facts.created_at = FormatInstant(FromMillis(header.created_at_ms()));
  if (predecessor != absl::InfinitePast()) facts.predecessor_at = FormatInstant(predecessor);
  facts.entry_attested_at = AttestedAt(view, header.sender());
  context.message = &facts;
  if (casework::NeedsSecondOfficer(*body) && !SeenByASecond(message)) {
    findings.push_back(Say("R-AUTH-02.overridden", "overridden"));
  }
  for (Finding& finding : casework::CheckBody(context, *body)) {
    // Whose act it is the history knows, not this message alone.
    if (finding.rule == "R-GEN-02" && IsOfBothSides(header)) continue;
    if (IsForReceiver(finding)) findings.push_back(std::move(finding));
  }
  if (before == nullptr || !before->complete) return findings;
  for (Finding& finding : CheckTransition(header, *body, *before, context)) {
    const bool told = std::any_of(findings.begin(), findings.end(),
                                  [&](const Finding& other) { return other.rule == finding.rule; });
    if (!told) findings.push_back(std::move(finding));
  }
  return findings;
}

std::vector<Finding> CheckToApprove(const VerifiedMessage& draft, const v1::CaseBody& body,
                                    const trust::TrustView& view, const std::string& own_state,
                                    absl::Time now, const casework::Progress* before) {
  const v1::Header& header = draft.envelope.header;
  const bool follows = !header.parents().empty();
  if (header.recipients().empty() || IsOfBothSides(header)) return {};
  if (follows && (before == nullptr || !before->complete)) return {};
  casework::CheckContext context = ContextOf(header, StateOf(header.recipients(0)), now);
  if (follows) FillBefore(*before, now, context);
  Law law(&view, own_state);
  law.Fill(header.sender(), header.recipients(0), context);
  return OpenFindings(context, body);
}

std::vector<Finding> CheckApproval(const VerifiedMessage& draft, const v1::CaseBody& body,
                                   const trust::TrustView& view, const std::string& officer,
                                   absl::Time now) {
  const v1::Header& header = draft.envelope.header;
  casework::CheckContext context =
      ContextOf(header, header.recipients().empty() ? "" : StateOf(header.recipients(0)), now);
  casework::Signatory signatory;
  const auto directory = view.DirectoryOf(StateOf(header.sender()));
  const v1::OfficerEntry* entry = directory.ok() ? (*directory)->FindOfficer(officer) : nullptr;
  if (entry != nullptr) {
    signatory.officer = officer;
    const auto& roles = entry->roles();
    if (std::find(roles.begin(), roles.end(), v1::Role::APPROVER) != roles.end()) {
      signatory.mandate = {"*"};  // the directory's policy says for which families
    }
    // No officer is in force for ever, but an entry may say so.
    constexpr int64_t kYear9999Ms = 253402214400000;
    signatory.valid_to = FormatInstant(FromMillis(std::min(entry->valid_to_ms(), kYear9999Ms)));
  }
  for (const auto& signature : draft.signatures) {
    if (signature.purpose() == v1::SignaturePurpose::DRAFT) signatory.drafter = signature.officer();
  }
  context.signatory = &signatory;
  std::vector<Finding> findings;
  for (Finding& finding : casework::CheckBody(context, body)) {
    if (finding.rule.rfind("R-AUTH-0", 0) == 0 && finding.rule != "R-AUTH-03") {
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace palermo::desk
