// What the author of an agreement is asked before the others get it: every clause, and that its
// parties, officers and numbers fit each other. What is founded already stands as all signed it.
// Pure; thread-safe.
#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "node/casework/operation/access.h"
#include "node/casework/operation/agreement_rules.h"
#include "node/casework/operation/rules.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using Agreement = v1::OperationAgreement;

constexpr char kAgreementAt[] = "operation_record.agreement";

// --- Clauses

bool AnyStatement(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return !SaysNothing(text); });
}

std::set<std::string> LedStates(const Agreement& a) {
  std::set<std::string> states;
  for (const v1::StateLeader& row : a.leaders()) {
    if (!SaysNothing(row.leader())) states.insert(row.state());
  }
  return states;
}

class Clauses {
 public:
  explicit Clauses(Report& report) : report_(report) {}

  void Needs(bool there, std::string_view clause, std::string_view key = "R-GEN-01.clause") {
    if (!there) report_.Say(key, Cat({kAgreementAt, ".", clause}));
  }
  // In words: "none" is no clause that an agreement of several states can have here.
  void Text(const std::string& text, std::string_view clause) {
    if (IsBlank(text) || !SaysNothing(text)) return Needs(!IsBlank(text), clause);
    Needs(false, clause, "R-GEN-01.clause_empty");
  }

 private:
  Report& report_;
};

void CheckPeriodOf(const Agreement& a, absl::Time now, Clauses& clauses) {
  const std::string &from = a.period().from(), &to = a.period().to();
  const bool dated = ParseInstant(from).ok() && ParseInstant(to).ok();
  clauses.Needs(dated, "period");
  if (!dated) return;
  const bool reversed = IsReversed(from, to);
  clauses.Needs(!reversed, "period", "R-GEN-01.period_reversed");
  // What is founded may outlive its period, and be amended then.
  const bool over = a.amends().empty() && IsAfterEnd(to, now);
  clauses.Needs(reversed || !over, "period.to", "R-GEN-01.period_over");
}

// What every agreement has (domain 5.1).
void CheckNeededClauses(const Agreement& a, Clauses& clauses) {
  clauses.Needs(!IsBlank(a.name()), "name");
  clauses.Needs(!IsBlank(a.kind()), "kind");
  clauses.Needs(a.version() > 0, "version");
  clauses.Needs(!a.parties().empty(), "parties");
  clauses.Needs(a.parties_size() != 1, "parties", "R-GEN-01.parties");
  clauses.Needs(!a.basis().empty(), "basis");
  clauses.Text(a.purpose().text(), "purpose");
  clauses.Needs(AnyStatement(a.purpose().offences()), "purpose.offences");
  const std::set<std::string> led = LedStates(a);
  for (const auto& party : a.parties()) clauses.Needs(led.contains(party.state()), "leaders");
  clauses.Text(a.information().sharing(), "information.sharing");
  clauses.Text(a.information().use(), "information.use");
  clauses.Text(a.information().disclosure(), "information.disclosure");
  clauses.Text(a.data_protection().retention(), "data_protection.retention");
  clauses.Needs(AnyStatement(a.data_protection().purposes()), "data_protection.purposes");
  clauses.Text(a.data_protection().correction(), "data_protection.correction");
  clauses.Text(a.confidentiality(), "confidentiality");
  clauses.Needs(!a.languages().empty(), "languages");
  clauses.Text(a.costs().liability(), "costs.liability");
  clauses.Text(a.safety().human_rights_plan(), "safety.human_rights_plan");
  clauses.Text(a.safety().victims(), "safety.victims");
  clauses.Text(a.evidence().custody_form(), "evidence.custody_form");
  clauses.Text(a.deconfliction_authority(), "deconfliction_authority");
  clauses.Text(a.coordination(), "coordination");
  clauses.Needs(!a.counting_definitions().empty(), "counting_definitions");
  clauses.Text(a.change().departure(), "change.departure");
}

// What an agreement may leave to later: it is told, so that nobody forgets it. "None" is an answer.
void TellOpenClauses(const Agreement& a, Clauses& clauses) {
  const v1::SpecialMeansClause& means = a.special_means();
  const auto open = [&](bool there, std::string_view clause) {
    clauses.Needs(there, clause, "R-GEN-01.clause_open");
  };
  for (int i = 0; i < a.leaders_size(); ++i) {
    open(!IsBlank(a.leaders(i).law()), At("leaders", i, "law"));
  }
  open(!a.members().empty(), "members");
  open(a.measures().ByteSizeLong() > 0, "measures");
  open(!IsBlank(a.media()), "media");
  open(!IsBlank(means.weapons()) && !IsBlank(means.undercover()), "special_means");
  open(!IsBlank(a.dispute()), "dispute");
  open(!IsBlank(a.prosecution_strategy()), "prosecution_strategy");
  open(!IsBlank(a.asset_sharing()), "asset_sharing");
  open(!IsBlank(a.evaluation()), "evaluation");
  open(!IsBlank(a.change().amendment()), "change.amendment");
  open(!IsBlank(a.change().accession()), "change.accession");
  open(!IsBlank(a.change().termination()), "change.termination");
  open(a.change().departure_notice_days() > 0, "change.departure_notice_days");
  open(a.decisions().ByteSizeLong() > 0, "decisions");
}

// --- What fits together

std::set<std::string> PartyStates(const Agreement& a) {
  std::set<std::string> states;
  for (const v1::OperationParty& party : a.parties()) states.insert(party.state());
  return states;
}

void CheckOfficers(const Agreement& a, const std::set<std::string>& parties, Report& report) {
  std::set<std::string> seen;
  for (int i = 0; i < a.members_size(); ++i) {
    const v1::OperationMember& member = a.members(i);
    if (!IsOfficerId(member.officer())) continue;  // form of an id: another rule's
    const std::string at = At(Cat({kAgreementAt, ".members"}), i, "officer");
    const std::string state = StateOf(member.officer());
    const bool other = !member.state().empty() && member.state() != state;
    if (!parties.contains(state) || other) report.Say("R-GEN-01.member_state", at);
    if (!seen.insert(member.officer()).second) report.Say("R-GEN-01.member_twice", at);
  }
}

void CheckNumbers(const Agreement& a, Report& report) {
  const auto parties = static_cast<uint32_t>(a.parties_size());
  const auto most = [&](uint32_t number, std::string_view field) {
    if (number <= parties || parties < 2) return;
    report.Say("R-GEN-01.quorum", Cat({kAgreementAt, ".", field}),
               {{"parties", absl::StrFormat("%u", parties)}});
  };
  most(a.decisions().least_go(), "decisions.least_go");
  most(a.media_consents(), "media_consents");
}

// Who approves reads what he signs: with one reader, nobody approves what this one writes.
void CheckReaders(const Agreement& a, const std::set<std::string>& parties, Report& report) {
  // Each officer is compared with each row. Nobody founds so large an operation; a body of a peer
  // can hold more.
  constexpr int kMostMembers = 500;
  if (a.members_size() > kMostMembers) return;
  std::map<std::string, std::set<std::string>> officers;
  for (const v1::OperationMember& member : a.members()) {
    const bool own = IsOfficerId(member.officer()) && StateOf(member.officer()) == member.state();
    if (own) officers[member.state()].insert(member.officer());
  }
  for (const auto& [state, named] : officers) {
    std::vector<std::string> alone;
    for (const char* compartment :
         {"PLAN", "TARGETS", "ACTION", "EVIDENCE", "VICTIMS", "UNDERCOVER", "FINANCE"}) {
      v1::OperationRecord record;
      record.set_compartment(compartment);
      const auto readers = std::count_if(named.begin(), named.end(), [&](const std::string& one) {
        return MayReadRecord(&a, one, record);
      });
      if (readers == 1) alone.emplace_back(compartment);
    }
    if (alone.empty() || !parties.contains(state)) continue;
    report.Say("R-AUTH-02.alone", Cat({kAgreementAt, ".members"}),
               {{"state", state}, {"compartments", absl::StrJoin(alone, ", ")}});
  }
}

}  // namespace

void CheckAgreementClauses(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_agreement()) return;
  Clauses clauses(report);
  CheckNeededClauses(r.agreement(), clauses);
  const auto now = ParseInstant(NowText(in.context));
  // Who opens it later than it was sent does not blame the sender.
  const bool judged = now.ok() && !in.context.received;
  CheckPeriodOf(r.agreement(), judged ? *now : absl::InfinitePast(), clauses);
  TellOpenClauses(r.agreement(), clauses);
}

void CheckAgreementFits(const RuleInput& in, Report& report) {
  const v1::OperationRecord& r = in.body.operation_record();
  if (!r.has_agreement()) return;
  const Agreement& a = r.agreement();
  const std::set<std::string> parties = PartyStates(a);
  CheckOfficers(a, parties, report);
  CheckNumbers(a, report);
  if (!in.context.received) CheckReaders(a, parties, report);
  for (int i = 0; i < a.languages_size(); ++i) {
    if (!IsLanguageTag(a.languages(i))) {
      report.Say("R-GEN-01.language", At(Cat({kAgreementAt, ".languages"}), i));
    }
  }
  const std::string& asked = a.deconfliction_authority();
  if (IsAuthorityId(asked) && !parties.contains(StateOf(asked))) {
    report.Say("R-GEN-01.outside", Cat({kAgreementAt, ".deconfliction_authority"}));
  }
}

// The others would be asked to consent to what can never come into force.
void CheckNewcomersBasis(const RuleInput& in, Report& report) {
  const v1::AdmissionProposal& admission = in.body.operation_record().admission();
  for (int i = 0; i < admission.basis_size(); ++i) {
    if (!SaysNothing(admission.basis(i).basis())) continue;
    report.Say("R-JIT-07.consents", At("operation_record.admission.basis", i));
  }
}

}  // namespace palermo::casework
