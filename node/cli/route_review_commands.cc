// route evaluate, follow: an officer looks again, at a record of his own or at a hit.
#include <algorithm>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/text.h"
#include "node/cli/command.h"
#include "node/cli/route_sending.h"

namespace palermo::cli {
namespace {

constexpr size_t kMaxTokenBytes = 256;

const v1::Evaluation& EvaluationIn(const v1::CaseBody& body) {
  return body.has_route_report() ? body.route_report().evaluation()
                                 : body.document_method_report().evaluation();
}

// The record itself stays as it was: who holds it is told what its originator thinks of it now
// (R-INT-03).
absl::StatusOr<int> Evaluate(const Args& args, Context& context) {
  if (casework::IsBlank(args.Get("--reason"))) {
    return UsageError("--reason says nothing: write why it is evaluated anew (R-INT-03)");
  }
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  PALERMO_ASSIGN_OR_RETURN(const casebook::Item item,
                           FindOwnRecord(desk, args.Get("record"), context));
  Outgoing out;
  v1::Reevaluation& again = *out.body.mutable_reevaluation();
  again.set_record_id(item.content.record);
  v1::Evaluation& evaluation = *again.mutable_evaluation();
  evaluation.set_scheme(args.Has("--scheme") ? args.Get("--scheme")
                                             : EvaluationIn(item.body).scheme());
  evaluation.set_source(args.Get("--source"));
  evaluation.set_info(args.Get("--info"));
  evaluation.set_by(desk.open.officer);
  evaluation.set_at(FormatInstant(context.clock->Now()));
  evaluation.set_reason(args.Get("--reason"));
  std::vector<casework::Finding> findings;
  casework::CheckCode(evaluation, "evaluation", findings);
  if (!findings.empty()) {
    return UsageError(Cat({evaluation.scheme(), " has no code ", evaluation.source(), " with ",
                           evaluation.info(), " (R-INT-02)"}));
  }
  PALERMO_ASSIGN_OR_RETURN(const auto events, EventsOf(desk, item, context));
  PALERMO_ASSIGN_OR_RETURN(const std::set<std::string> to,
                           WhomToTell(desk, item, events, {}, context));
  out.to.assign(to.begin(), to.end());
  return SendIntelligence(desk.session, std::move(out), context);
}

// R-INT-05: a hit is no evidence and releases nothing by itself. What the officer decides goes to
// who asked; what is released goes as a message of its own.
absl::StatusOr<int> Follow(const Args& args, Context& context) {
  const std::string decision = args.Get("--decision"), token = args.Get("token");
  if (decision != "RELEASE" && decision != "NO_RELEASE") {
    return UsageError("--decision takes RELEASE or NO_RELEASE");
  }
  if (casework::IsBlank(token) || token.size() > kMaxTokenBytes) {
    return UsageError("the contact token is the one that the hit gave");
  }
  for (const std::string& authority : args.All("--to")) {
    if (!IsAuthorityId(authority)) {
      return UsageError(Cat({"'", authority, "' is no authority, like QX/central"}));
    }
  }
  PALERMO_ASSIGN_OR_RETURN(SharingDesk desk, OpenSharing(args, context));
  Outgoing out;
  v1::HitFollowUp& follow = *out.body.mutable_hit_follow_up();
  follow.set_contact_token(token);
  follow.set_decided_by(desk.open.officer);
  follow.set_decision(decision);
  out.to = args.All("--to");
  const auto sent = SendIntelligence(desk.session, std::move(out), context);
  if (sent.ok() && decision == "RELEASE" && !context.json) {
    context.out +=
        "Nothing was released yet. As police information: palermo case new --family "
        "LAW_ENFORCEMENT_INFO; as evidence they ask for it: palermo case new --family MLA\n";
  }
  return sent;
}

}  // namespace

void AddReviewCommands(std::vector<Command>& commands) {
  commands.push_back(
      {"route", "evaluate", "Tell all who hold your own record how you evaluate it now",
       WithPassphrase({{"record", "RECORD", "like R-2026-001/1", true},
                       {"--source", "CODE", "of the source", true},
                       {"--info", "CODE", "of the information", true},
                       {"--scheme", "SCHEME", "another than the record's"},
                       {"--reason", "TEXT", "why; the others read it", true}}),
       "palermo route evaluate R-2026-001/1 --source B --info 2 --reason \"confirmed by customs\"",
       Evaluate});
  commands.push_back({"route", "follow",
                      "Say what an officer decided about a hit; it releases nothing by itself",
                      WithPassphrase({{"token", "TOKEN", "the contact token of the hit", true},
                                      {"--decision", "WORD", "RELEASE or NO_RELEASE", true},
                                      {"--to", "AUTHORITY", "who asked", true, true}}),
                      "palermo route follow 7f31c2 --decision NO_RELEASE --to QT/central", Follow});
}

}  // namespace palermo::cli
