#include "node/cli/proceeding.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/text.h"
#include "node/casework/use.h"
#include "node/cli/case_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

bool Has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

// Results, and information that nobody asked for.
bool IsMaterial(const v1::Header& header, const v1::CaseBody& body) {
  const bool information = header.family() == v1::Family::SPONTANEOUS ||
                           header.family() == v1::Family::LAW_ENFORCEMENT_INFO;
  return body.has_result() || (information && body.has_request());
}

bool IsOfUse(v1::Act::Code act) {
  return act == v1::Act::REQUEST || act == v1::Act::CORRECTED_REQUEST ||
         act == v1::Act::USE_CONSENT_DECISION || act == v1::Act::EXCULPATORY_NOTICE;
}

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }
// Whether a file number goes on: with a letter or digit, or with one after a mark, as in "-51".
bool GoesOn(std::string_view rest) {
  if (rest.size() > 1 && std::string_view("-/._").find(rest[0]) != std::string_view::npos) {
    return IsAlnum(rest[1]);
  }
  return !rest.empty() && IsAlnum(rest[0]);
}

// As a number of its own: TAX-5 is not in "TAX-51", nor TAX in "TAX-5".
bool NamesProceeding(std::string_view purpose, std::string_view proceeding) {
  for (size_t at = purpose.find(proceeding); at != std::string_view::npos;
       at = purpose.find(proceeding, at + 1)) {
    const std::string_view ahead = purpose.substr(0, at);
    const std::string before(ahead.rbegin(), ahead.rend());
    if (!GoesOn(before) && !GoesOn(purpose.substr(at + proceeding.size()))) return true;
  }
  return false;
}

}  // namespace

void TakeUse(const v1::Header& act, const v1::CaseBody& body, const std::string& provider,
             UseInCase* said) {
  const bool granted =
      act.act() == v1::Act::USE_CONSENT_DECISION && StateOf(act.sender()) == provider;
  if (body.has_request()) said->given_for = body.request().proceeding().national_ref();
  if (granted && !casework::IsBlank(body.use().consent())) {
    said->consents.push_back(body.use().purpose());
  }
  if (act.act() == v1::Act::EXCULPATORY_NOTICE) said->exculpatory.push_back(body.use().purpose());
}

std::vector<casework::Finding> CheckProceeding(const v1::Header& header, const v1::CaseBody& body,
                                               const UseInCase& said, const std::string& own_state,
                                               const std::string& proceeding) {
  if (!IsMaterial(header, body)) return {};
  casework::Restrictions given;
  given.handling = v1::Handling::Code_Name(header.handling());
  given.originator = StateOf(header.sender());
  given.evidence = body.has_result();
  if (!said.given_for.empty()) given.purposes = {said.given_for};
  const auto& kinds = body.request().restrictions();
  given.kinds.assign(kinds.begin(), kinds.end());
  const bool for_accused =
      std::any_of(said.exculpatory.begin(), said.exculpatory.end(),
                  [&](const std::string& purpose) { return NamesProceeding(purpose, proceeding); });
  const bool consent = Has(said.consents, proceeding) || for_accused;
  return casework::CheckUse(given, {"COURT", own_state, proceeding}, consent);
}

absl::Status CheckForProceeding(Session& session, const Read& read, const std::string& proceeding,
                                Context& context) {
  const v1::Header& header = read.verified.envelope.header;
  if (casework::IsBlank(proceeding)) return UsageError("--proceeding takes its file number");
  if (!IsMaterial(header, read.opened.body)) return absl::OkStatus();
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  const std::string case_text = IdText(header.case_id());
  PALERMO_ASSIGN_OR_RETURN(const desk::CaseView view, LoadCase(session, case_text, context));
  UseInCase said;
  for (const desk::CaseAct& act : view.acts) {
    if (!act.in_history || act.conflict || !IsOfUse(act.header.act())) continue;
    PALERMO_ASSIGN_OR_RETURN(const Read of,
                             FetchAndOpen(session, std::string(AsView(act.id)), keys));
    if (of.opened.result != v1::RetrievalResult::OPENED) return of.opened.why;
    TakeUse(act.header, of.opened.body, StateOf(header.sender()), &said);
  }
  const auto findings =
      CheckProceeding(header, read.opened.body, said, session.config.state, proceeding);
  if (findings.empty()) return absl::OkStatus();
  const casework::Finding& first = findings.front();
  return Refused(
      "NOT_RELEASED",
      Cat({first.rule, ": ", first.what, "; ", first.todo, ": palermo case act ", case_text,
           " --act USE_CONSENT_REQUEST. Of what speaks for an accused the "
           "provider is told, and it is printed: --act EXCULPATORY_NOTICE"}));
}

std::vector<casework::Finding> CheckReader(const v1::Request* request, const Reader& reader,
                                           absl::Time now) {
  if (request == nullptr) return {};
  const v1::Confidentiality& asked = request->confidentiality();
  const auto& kinds = request->restrictions();
  const bool restricted = std::find(kinds.begin(), kinds.end(), "CONFIDENTIAL") != kinds.end();
  const bool wished = asked.required() || restricted;
  const bool confidential = wished && !IsAfterEnd(asked.until(), now);
  return casework::CheckDisclosure({confidential, reader.needed_for_execution, reader.consent});
}

namespace {

// An act by which the requesting state can say that somebody may be told.
bool MayConsent(const desk::CaseAct& act) {
  const v1::Act::Code code = act.header.act();
  const bool says = code == v1::Act::CONSULTATION_STATEMENT || code == v1::Act::INFO_SUPPLEMENT ||
                    code == v1::Act::STATUS_QUERY;
  return says && act.in_history && !act.conflict && act.side == casework::Side::kRequesting;
}

absl::StatusOr<bool> HasConsent(const Args& args, const desk::CaseView& view) {
  if (!args.Has("--consent")) return false;
  PALERMO_ASSIGN_OR_RETURN(const std::string id, ParseId(args.Get("--consent"), 32, "message id"));
  const bool consents = std::any_of(view.acts.begin(), view.acts.end(), [&](const auto& act) {
    return AsView(act.id) == id && MayConsent(act);
  });
  if (consents) return true;
  return Refused("NOT_A_CONSENT",
                 "--consent takes the message of this case by which the requesting state consents: "
                 "its CONSULTATION_STATEMENT, INFO_SUPPLEMENT or STATUS_QUERY");
}

}  // namespace

absl::Status CheckForReader(const Args& args, Session& session, const Read& read,
                            Context& context) {
  if (!args.Has("--for")) {
    if (!args.Has("--execution") && !args.Has("--consent")) return absl::OkStatus();
    return UsageError("--execution and --consent are about whom the paper is for: --for \"WHO\"");
  }
  if (casework::IsBlank(args.Get("--for"))) return UsageError("--for takes who the paper is for");
  const std::string case_text = IdText(read.verified.envelope.header.case_id());
  PALERMO_ASSIGN_OR_RETURN(const desk::CaseView view, LoadCase(session, case_text, context));
  if (view.own_side == casework::Side::kRequesting) return absl::OkStatus();  // its own wish
  PALERMO_ASSIGN_OR_RETURN(std::vector<desk::AuthorityKey> keys, session.GrantedKeys());
  desk::CaseBodies bodies(view);
  PALERMO_RETURN_IF_ERROR(OpenBodies(session, keys, false, &bodies));
  const casework::Progress progress = bodies.Progress();
  Reader reader;
  reader.needed_for_execution = args.Has("--execution");
  PALERMO_ASSIGN_OR_RETURN(reader.consent, HasConsent(args, view));
  const auto findings = CheckReader(progress.request, reader, context.clock->Now());
  if (findings.empty()) return absl::OkStatus();
  const casework::Finding& first = findings.front();
  return Refused(
      "NOT_RELEASED",
      Cat({first.rule, ": ", first.what, "; ", first.todo, ": palermo case act ", case_text,
           " --act CONSULTATION_OPEN (topic CONFIDENTIALITY), then --consent "
           "with its answer. Where the execution needs that reader: --execution"}));
}

}  // namespace palermo::cli
