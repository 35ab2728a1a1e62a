#include "node/cli/route_sending.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <set>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/delivery.h"
#include "node/casework/leak_scan.h"
#include "node/cli/act_support.h"
#include "node/cli/output.h"
#include "node/desk/opening.h"
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

namespace {

// What became of the messages to several states. One that fails stops no other.
class Sent {
 public:
  void Take(const std::string& state, absl::StatusOr<int> code, const std::string& out, bool json) {
    if (!code.ok()) {
      failed_ += Cat({failed_.empty() ? "" : ", ", state});
      if (first_.ok()) first_ = code.status();
      text_ +=
          Cat({state, "  NOT SENT: ", CodeOf(code.status()), ": ", TextOf(code.status()), "\n"});
      desk::Json one = desk::Json::Object();
      one.Add("state", state).Add("code", CodeOf(code.status()));
      list_.Push(std::move(one.Add("why", TextOf(code.status()))));
      return;
    }
    any_ = any_ || *code == kExitOk;
    if (*code != kExitOk) failed_ += Cat({failed_.empty() ? "" : ", ", state});
    worst_ = std::max(worst_, *code);
    if (json) {
      list_.Push(desk::Json::Raw(out));
    } else if (out != last_) {  // what stops one often stops all
      text_ += out;
    }
    last_ = *code == kExitOk ? "" : out;
  }

  absl::StatusOr<int> Tell(Context& context) {
    if (!any_ && worst_ == kExitOk && !first_.ok()) {
      return Annotate(first_, Cat({"it went to nobody, and not to ", failed_}));
    }
    if (!failed_.empty()) {
      worst_ = std::max<int>(worst_, kExitFindings);
      text_ += Cat(
          {"It did not go to ", failed_, ". Send it to these again when the reason is gone.\n"});
    }
    context.out += context.json ? list_.Pretty() : text_;
    return worst_;
  }

 private:
  desk::Json list_ = desk::Json::List();
  std::string text_, failed_, last_;
  absl::Status first_;
  bool any_ = false;
  int worst_ = kExitOk;
};

}  // namespace

absl::StatusOr<int> SendIntelligence(Session& session, const desk::DraftFile& draft,
                                     Context& context) {
  std::map<std::string, std::vector<std::string>> by_state;
  for (const std::string& authority : draft.to) by_state[StateOf(authority)].push_back(authority);
  if (by_state.empty()) return UsageError("the draft says not to whom");
  if (by_state.size() == 1) return SendToOneState(session, draft, context);
  Sent sent;
  for (const auto& [state, authorities] : by_state) {
    desk::DraftFile one = draft;
    one.to = authorities;
    Context own = context;
    own.out.clear();
    sent.Take(state, SendToOneState(session, one, own), own.out, context.json);
  }
  return sent.Tell(context);
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

namespace {

bool WasRefusedBy(const casebook::Item& item, const std::string& state) {
  bool refused = false;
  for (const v1::CasebookReceipt& receipt : item.entry.receipts()) {
    if (receipt.kind() != uint32_t{v1::RecordKind::DELIVERY} || receipt.state() != state) continue;
    if (casework::IsDelivery(receipt.kind(), receipt.outcome(), receipt.at_ms(), item.header)) {
      return false;
    }
    refused = true;
  }
  return refused;
}

}  // namespace

std::vector<std::string> ReachedBy(const casebook::Item& item) {
  std::vector<std::string> reached;
  for (const std::string& authority : item.header.recipients()) {
    if (item.entry.incoming() || !WasRefusedBy(item, StateOf(authority))) {
      reached.push_back(authority);
    }
  }
  return reached;
}

namespace {

bool SaysItIsGone(const v1::IntelligenceAnswer& answer) {
  return answer.outcome() == "PURGED" || answer.outcome() == "REPLACED" ||
         answer.outcome() == "NEVER_HELD";
}

}  // namespace

Holders HoldersOf(const std::vector<casebook::Item>& events, const std::string& own_state) {
  Holders holders;
  std::set<std::string>& authorities = holders.authorities;
  for (const casebook::Item& item : events) {
    const std::string& sender = item.header.sender();
    const v1::OnwardConsentAnswer& answer = item.body.onward_consent_answer();
    if (item.content.is_record ||
        (item.body.has_onward_consent_answer() && answer.decision() != "DENY")) {
      authorities.insert(sender);
      for (const std::string& one : ReachedBy(item)) authorities.insert(one);
    } else if (item.body.has_intelligence_answer() && item.entry.incoming()) {
      if (SaysItIsGone(item.body.intelligence_answer())) {
        authorities.erase(sender);
        holders.states.erase(StateOf(sender));
      }
      for (const std::string& state : item.body.intelligence_answer().passed_on_to()) {
        if (IsStateCode(state)) holders.states.insert(state);
      }
    }
  }
  std::erase_if(authorities, [&](const std::string& one) { return StateOf(one) == own_state; });
  holders.states.erase(own_state);
  for (const std::string& one : authorities) holders.states.erase(StateOf(one));
  return holders;
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

absl::StatusOr<std::set<std::string>> WhomToTell(SharingDesk& desk, const casebook::Item& record,
                                                 const std::vector<casebook::Item>& events,
                                                 const std::vector<std::string>& more,
                                                 Context& context) {
  const std::string& own = desk.session.config.state;
  for (const std::string& authority : more) {
    if (IsAuthorityId(authority) && StateOf(authority) != own) continue;
    return UsageError(Cat({"--to: '", authority, "' is no authority of another state"}));
  }
  Holders holders = HoldersOf(events, own);
  std::set<std::string> to = std::move(holders.authorities);
  const trust::TrustPtr trusted = desk.session.view();
  for (const std::string& state : holders.states) {
    const std::string office = Cat({state, "/central"});
    const auto directory = trusted->DirectoryOf(state);
    if (directory.ok() && (*directory)->FindAuthority(office) != nullptr) {
      to.insert(office);
    } else if (std::none_of(more.begin(), more.end(), [&](const std::string& authority) {
                 return StateOf(authority) == state;
               })) {  // who is known is told all the same
      context.progress(Cat({state, " has the record too, and ", office,
                            " is not in the directory, so it is not told: name its office, --to ",
                            state, "/OFFICE"}));
    }
  }
  // That there is such a record is not told either.
  const v1::Label* in_body = casebook::LabelIn(record.body);
  const v1::Label label = in_body == nullptr ? v1::Label() : *in_body;
  for (const std::string& state : label.withheld_states()) {
    if (std::erase_if(to, [&](const std::string& one) { return StateOf(one) == state; }) == 0)
      continue;
    context.progress(
        Cat({"The label keeps the record from ", state,
             " (R-HR-01), so it is not told. If it has the record all the same, decide "
             "whether to tell it: --to ",
             state, "/OFFICE"}));
  }
  to.insert(more.begin(), more.end());
  return to;
}

}  // namespace palermo::cli
