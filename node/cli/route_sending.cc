#include "node/cli/route_sending.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/leak_scan.h"
#include "node/cli/act_support.h"
#include "node/cli/output.h"
#include "node/desk/treaty_list.h"

namespace palermo::cli {
namespace {

// In this order, the usual ones first.
constexpr const char* kOwnersPurposes[] = {
    "INVESTIGATION",     "ANALYSIS_STRATEGIC",         "PROSECUTION",      "PUBLIC_HEALTH",
    "VICTIM_PROTECTION", "PREVENTION_IMMINENT_THREAT", "SEARCH_AND_RESCUE"};
constexpr char kSharing[] = "deciding about sharing this record";

template <typename Ask>
absl::StatusOr<casebook::Item> ForSomePurpose(SharingDesk& desk, Context& context, Ask ask) {
  absl::StatusOr<casebook::Item> item = absl::UnknownError("");
  for (const char* purpose : kOwnersPurposes) {
    item = ask(AccessFor(desk.open.officer, purpose, kSharing, context.clock->Now()));
    if (item.ok() || CodeOf(item.status()) == "AMBIGUOUS_RECORD") return item;
  }
  return item;
}

}  // namespace

v1::Handling::Code HandlingOf(const v1::Label& label) {
  v1::Handling::Code highest = v1::Handling::H0;
  for (const int code : label.handling()) {
    highest = std::max(highest, static_cast<v1::Handling::Code>(code));
  }
  return highest;
}

namespace {

absl::StatusOr<int> SendToOneState(Session& session, const desk::DraftFile& draft,
                                   Context& context) {
  const trust::TrustPtr trusted = session.view();
  auto check = desk::ContextOf(draft, session.config.state, trusted.get(), context.clock->Now());
  check.now = FormatInstant(context.clock->Now());
  desk::Law law(trusted.get(), session.config.state);
  law.Fill(session.authority(), draft.to[0], check);
  return CheckSealSubmit(session, draft, check, {}, context);
}

}  // namespace

absl::StatusOr<int> SendIntelligence(Session& session, const desk::DraftFile& draft,
                                     Context& context) {
  std::map<std::string, std::vector<std::string>> by_state;
  for (const std::string& authority : draft.to) by_state[StateOf(authority)].push_back(authority);
  if (by_state.empty()) return UsageError("the draft says not to whom");
  desk::Json list = desk::Json::List();
  int worst = kExitOk;
  std::string sent;
  for (const auto& [state, authorities] : by_state) {
    desk::DraftFile one = draft;
    one.to = authorities;
    Context own = context;
    own.out.clear();
    const auto code = SendToOneState(session, one, own);
    if (!code.ok()) {
      const std::string where =
          sent.empty() ? state : Cat({"it went to", sent, ", not to ", state});
      return Annotate(code.status(), where);
    }
    sent += Cat({" ", state});
    worst = std::max(worst, *code);
    if (context.json && by_state.size() > 1) {
      list.Push(desk::Json::Raw(own.out));
    } else {
      context.out += own.out;
    }
    if (*code != kExitOk) break;  // the same findings for each
  }
  if (context.json && by_state.size() > 1) context.out += list.Pretty();
  return worst;
}

absl::StatusOr<int> SendIntelligence(Session& session, Outgoing outgoing, Context& context) {
  const std::set<std::string> to(outgoing.to.begin(), outgoing.to.end());
  for (const std::string& authority : to) {
    if (!IsAuthorityId(authority)) {
      return UsageError(Cat({"'", authority, "' is no authority, like QM/central"}));
    }
  }
  if (to.empty()) return WrongState("NO_RECIPIENT", "nobody else has it: there is nobody to tell");
  desk::DraftFile draft;
  draft.to.assign(to.begin(), to.end());
  draft.family = v1::Family::LAW_ENFORCEMENT_INFO;
  draft.act = v1::Act::REQUEST;
  draft.urgency = outgoing.urgency;
  draft.handling = outgoing.handling;
  draft.legal_basis = {"UNTOC 27"};
  draft.reply_by = outgoing.reply_by;
  draft.body = std::move(outgoing.body);
  draft.body.set_version(1);
  draft.body.clear_overridden();
  draft.sealed =
      std::make_shared<const casework::LeakScanner>(std::vector<casework::IdentityToken>());
  return SendIntelligence(session, draft, context);
}

absl::Status MaySend(const v1::Label& label, const std::vector<std::string>& members,
                     const Session& session, const std::vector<std::string>& to, Context& context) {
  const absl::Time now = context.clock->Now();
  const std::string purpose = label.purposes().empty() ? "" : label.purposes(0);
  const casebook::Access access = AccessFor(session.keys.officer, purpose, kSharing, now);
  casework::RecordFacts facts;
  facts.sealed_to = {session.authority()};
  facts.members = members;
  for (const std::string& authority : to) {
    const auto decision = casework::MayPass(label, facts, access.asker, casework::Way::kForward,
                                            StateOf(authority), now);
    if (decision.allowed) continue;
    const auto& named = label.recipients();
    if (label.tlp() == v1::Tlp::RED && label.originator() == session.config.state &&
        std::find(named.begin(), named.end(), session.keys.officer) == named.end()) {
      return Refused("NOT_RELEASED", Cat({"TLP:RED is for the officers in recipients alone, and "
                                          "you are none of them: name ",
                                          session.keys.officer, " there too"}));
    }
    return Refused("NOT_RELEASED", Cat({"the label does not let it go to ", authority, " (",
                                        decision.clause, "): ", decision.todo}));
  }
  return absl::OkStatus();
}

absl::StatusOr<SharingDesk> OpenSharing(const Args& args, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(Session session, OpenSession(args, context));
  PALERMO_ASSIGN_OR_RETURN(OpenBook open, OpenCasebook(session, context));
  // What was decided since counts now, not with the next update.
  PALERMO_ASSIGN_OR_RETURN(Updated done, UpdateCasebook(session, *open.book, false, context));
  return SharingDesk{std::move(session), std::move(open), std::move(done.unopened_intelligence)};
}

absl::Status CheckAllOpened(SharingDesk& desk) {
  return CheckNoneTakesBack(desk.session, desk.unopened);
}

absl::StatusOr<casebook::Item> FindRecord(SharingDesk& desk, const std::string& record,
                                          casework::Way way, Context& context) {
  return ForSomePurpose(desk, context, [&](const casebook::Access& access) {
    return desk.book().Record(record, access, way, "");
  });
}

absl::StatusOr<casebook::Item> FindOwnRecord(SharingDesk& desk, const std::string& record,
                                             Context& context) {
  const std::string& own = desk.session.config.state;
  const bool scoped = record.size() > 2 && record[2] == ':';
  const std::string name = scoped ? record : Cat({own, ":", record});
  PALERMO_ASSIGN_OR_RETURN(casebook::Item item,
                           FindRecord(desk, name, casework::Way::kHistory, context));
  if (item.content.originator == own) return item;
  return Refused("NOT_ORIGINATOR",
                 Cat({"only ", item.content.originator, " decides about its record; ask it"}));
}

absl::StatusOr<casebook::Item> FindMessage(SharingDesk& desk, const std::string& id,
                                           const std::string& kind, Context& context) {
  PALERMO_ASSIGN_OR_RETURN(const std::string bytes, ParseId(id, 32, "message id"));
  auto item = ForSomePurpose(desk, context, [&](const casebook::Access& access) {
    return desk.book().View(bytes, access);
  });
  if (!item.ok()) {
    return Annotate(item.status(), "open it first: palermo case open, or casebook update --open");
  }
  if (kind.find(item->content.kind) != std::string::npos && !item->content.kind.empty()) {
    return item;
  }
  return WrongState("WRONG_STATE",
                    Cat({"this message is a ", item->content.kind, ", not a ", kind}));
}

absl::StatusOr<std::vector<casebook::Item>> EventsOf(SharingDesk& desk, const casebook::Item& item,
                                                     Context& context) {
  const std::string name = Cat({item.content.originator, ":", item.content.record});
  std::vector<casebook::Item> events;
  PALERMO_RETURN_IF_ERROR(
      ForSomePurpose(desk, context,
                     [&](const casebook::Access& access) -> absl::StatusOr<casebook::Item> {
                       PALERMO_ASSIGN_OR_RETURN(events, desk.book().History(name, access));
                       return item;
                     })
          .status());
  return events;
}

std::vector<std::string> HoldersOf(const std::vector<casebook::Item>& events,
                                   const std::string& own_state) {
  std::set<std::string> holders;
  for (const casebook::Item& item : events) {
    const bool consent = item.body.has_onward_consent_answer() &&
                         item.body.onward_consent_answer().decision() != "DENY";
    if (!item.content.is_record && !consent) continue;
    holders.insert(item.header.sender());
    holders.insert(item.header.recipients().begin(), item.header.recipients().end());
  }
  std::vector<std::string> others;
  for (const std::string& authority : holders) {
    if (StateOf(authority) != own_state) others.push_back(authority);
  }
  return others;
}

std::set<std::string> PassedOnTo(const std::vector<casebook::Item>& events,
                                 const std::string& own_state) {
  std::set<std::string> states;
  for (const casebook::Item& item : events) {
    if (!item.entry.incoming()) continue;
    for (const std::string& state : item.body.intelligence_answer().passed_on_to()) {
      if (IsStateCode(state) && state != own_state) states.insert(state);
    }
  }
  return states;
}

absl::StatusOr<std::vector<std::string>> WhomToTell(SharingDesk& desk,
                                                    const std::vector<casebook::Item>& events,
                                                    const std::vector<std::string>& more,
                                                    Context& context) {
  const std::string& own = desk.session.config.state;
  for (const std::string& authority : more) {
    if (IsAuthorityId(authority) && StateOf(authority) != own) continue;
    return UsageError(Cat({"--to: '", authority, "' is no authority of another state"}));
  }
  std::vector<std::string> to = HoldersOf(events, own);
  to.insert(to.end(), more.begin(), more.end());
  const trust::TrustPtr trusted = desk.session.view();
  for (const std::string& state : PassedOnTo(events, own)) {
    const bool there = std::any_of(to.begin(), to.end(), [&](const std::string& authority) {
      return StateOf(authority) == state;
    });
    if (there) continue;
    const std::string office = Cat({state, "/central"});
    const auto directory = trusted->DirectoryOf(state);
    if (directory.ok() && (*directory)->FindAuthority(office) != nullptr) {
      to.push_back(office);
    } else {  // who is known is told all the same
      context.progress(Cat({state, " has the record too, and ", office,
                            " is not in the directory, so it is not told: name its office, --to ",
                            state, "/OFFICE"}));
    }
  }
  return to;
}

std::set<std::string> ToldOfConsent(const std::vector<casebook::Item>& events,
                                    const std::string& to_state, const std::string& purpose) {
  std::set<std::string> told;
  for (const casebook::Item& item : events) {
    if (item.entry.incoming() || !item.body.has_onward_consent_answer()) continue;
    const v1::OnwardConsentAnswer& answer = item.body.onward_consent_answer();
    if (answer.decision() == "DENY" || answer.to_state() != to_state) continue;
    if (answer.purpose() != purpose) continue;
    told.insert(item.header.recipients().begin(), item.header.recipients().end());
  }
  return told;
}

Silent SilentHolders(const std::vector<casebook::Item>& events, const std::string& own_state) {
  std::set<std::string> told, answered;
  for (const casebook::Item& item : events) {
    const bool ours = !item.entry.incoming();
    if (ours && (item.body.has_intelligence_recall() || item.body.has_intelligence_correction())) {
      for (const std::string& to : item.header.recipients()) told.insert(StateOf(to));
    } else if (!ours && item.body.has_intelligence_answer()) {
      answered.insert(StateOf(item.header.sender()));
    }
  }
  Silent silent;
  std::set_difference(told.begin(), told.end(), answered.begin(), answered.end(),
                      std::back_inserter(silent.told));
  if (told.empty()) return silent;  // it is not we who took it back
  for (const std::string& state : PassedOnTo(events, own_state)) {
    if (told.count(state) == 0 && answered.count(state) == 0) silent.not_told.push_back(state);
  }
  return silent;
}

}  // namespace palermo::cli
