#include "node/cli/case_support.h"

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "node/casework/vocabulary.h"
#include "node/cli/case_dates.h"
#include "node/cli/output.h"
#include "node/cli/speaker.h"
#include "node/desk/asset_text.h"
#include "node/desk/case_json.h"
#include "node/desk/facts.h"
#include "node/desk/grounds.h"

namespace palermo::cli {
namespace {

bool IsSeen(const desk::CaseAct& act) {
  return !act.incoming || act.retrieval == v1::RetrievalResult::OPENED;
}

// Ended, and not with the assistance that was asked for.
bool MayBeResubmitted(casework::CaseState state) {
  using enum casework::CaseState;
  switch (state) {
    case kRefused:
    case kRefusedNationality:
    case kBoardingDeclined:
    case kOfferDeclined:
    case kWithdrawn:
    case kLapsed:
    case kClosed:
      return true;
    default:
      return false;
  }
}

desk::Json DutyJson(const casework::Obligation& duty, casework::Side own_side, absl::Time now) {
  desk::Json json = desk::Json::Object();
  json.Add("kind", std::string(duty.kind)).Add("article", std::string(duty.article));
  json.Add("ours", duty.owed_by == own_side).AddNumber("item", duty.item);
  json.Add("since", FormatInstant(duty.since));
  const auto time = [](absl::Time at) {
    return at == absl::InfiniteFuture() ? desk::Json::Raw("null")
                                        : desk::Json::Text(FormatInstant(at));
  };
  json.Add("due", time(duty.due)).Add("until", time(duty.ends));
  json.Add("fulfilled", duty.fulfilled).Add("fulfilled_at", time(duty.fulfilled_at));
  json.Add("standing", duty.standing).Add("breached", casework::IsBreached(duty, now));
  json.Add("overdue", !duty.fulfilled && now > duty.due);
  return std::move(json.Add("text", duty.text));
}

// Opens those of the acts that are `wanted` and not open yet, none that nobody here opened before.
template <typename Wanted>
void OpenThose(Session& session, const std::vector<desk::AuthorityKey>& keys, Wanted wanted,
               desk::CaseBodies* bodies) {
  for (size_t i = 0; i < bodies->acts().size(); ++i) {
    const desk::CaseAct& act = *bodies->acts()[i];
    const bool open = bodies->opened()[i].body != nullptr;
    if (open || !wanted(act.header.act()) || !IsSeen(act)) continue;
    auto read = FetchAndOpen(session, std::string(AsView(act.id)), keys);
    if (!read.ok() || read->opened.result != v1::RetrievalResult::OPENED) continue;
    bodies->Set(i, std::move(read->opened.body));
  }
}

// The grounds that the acts state, for people and programs.
void TellGrounds(const desk::CaseBodies& bodies, const Speaker& speaker, CaseDuties& out) {
  desk::Json list = desk::Json::List();
  for (size_t i = 0; i < bodies.acts().size(); ++i) {
    const desk::CaseAct& act = *bodies.acts()[i];
    if (!desk::StatesGround(act.header.act())) continue;
    const v1::CaseBody* body = bodies.opened()[i].body;
    std::string& text = out.grounds[std::string(AsView(act.id))];
    for (const std::string& line : desk::GroundLines(act, body, speaker)) {
      text += Cat({"    ", line, "\n"});
    }
    list.Push(desk::GroundJson(act, body));
  }
  out.json.Add("grounds", std::move(list));
}

}  // namespace

absl::Status OpenBodies(Session& session, const std::vector<desk::AuthorityKey>& keys,
                        bool only_seen, desk::CaseBodies* bodies, desk::HeldIdentities* held) {
  for (size_t i = 0; i < bodies->acts().size(); ++i) {
    const desk::CaseAct& act = *bodies->acts()[i];
    const bool needed = casework::ReadsBody(act.header.act());
    if ((!needed && held == nullptr) || (only_seen && !IsSeen(act))) continue;
    auto read = FetchAndOpen(session, std::string(AsView(act.id)), keys);
    const bool open = read.ok() && read->opened.result == v1::RetrievalResult::OPENED;
    if (held != nullptr && open) {
      const trust::ParsedEnvelope& envelope = read->verified.envelope;
      desk::AddHeld(session.authority(), read->opened, envelope.header, envelope.header_sha256,
                    keys, held);
    } else if (held != nullptr) {
      ++held->closed;
    }
    if (open && needed) {
      bodies->Set(i, std::move(read->opened.body));
    } else if (!open && needed && !only_seen) {
      const absl::Status why = read.ok() ? read->opened.why : read.status();
      return Annotate(why, Cat({"act ", IdText(AsView(act.id))}));
    }
  }
  return absl::OkStatus();
}

void OpenAcknowledgement(Session& session, const std::vector<desk::AuthorityKey>& keys,
                         desk::CaseBodies* bodies) {
  const auto wanted = [](v1::Act::Code act) { return act == v1::Act::ACKNOWLEDGEMENT; };
  OpenThose(session, keys, wanted, bodies);
}

casework::CaseLabel ReferencesOf(Session& session, const std::vector<desk::AuthorityKey>& keys,
                                 const desk::CaseView& view, casework::Side side) {
  const auto wanted = [](v1::Act::Code act) {
    return act == v1::Act::REQUEST || act == v1::Act::CORRECTED_REQUEST ||
           act == v1::Act::ACKNOWLEDGEMENT;
  };
  desk::CaseBodies bodies(view);
  OpenThose(session, keys, wanted, &bodies);
  return casework::LabelOf(bodies.opened(), side);
}

CaseDuties DutiesOf(Session& session, const desk::CaseView& view, const Context& context) {
  const absl::Time now = context.clock->Now();
  const Speaker speaker(context.language);
  CaseDuties out;
  desk::CaseBodies bodies(view);
  auto keys = session.GrantedKeys();
  if (keys.ok()) {
    OpenBodies(session, *keys, true, &bodies).IgnoreError();
    // What states a ground is of no matter to the duties, so OpenBodies leaves it out.
    OpenThose(session, *keys, desk::StatesGround, &bodies);
  }
  const auto policy = PolicyOfCase(session, view);
  const casework::Progress progress = bodies.Progress(policy.ok() ? &*policy : nullptr);
  TellGrounds(bodies, speaker, out);
  std::vector<casework::FactClock> facts = desk::FactsOfBodies(bodies.opened());
  for (const std::string* authority : {&view.requesting, &view.requested}) {
    for (casework::FactClock& fact : desk::FactsOfEntry(*session.view(), *authority)) {
      facts.push_back(std::move(fact));
    }
  }
  out.json.Add("facts", desk::FactsJson(facts, now));
  desk::Json duties = desk::Json::List();
  for (const casework::Obligation& duty : progress.obligations) {
    out.text += Cat({"  * ", desk::DutyText(duty, view.own_side, now, speaker), "\n"});
    duties.Push(DutyJson(duty, view.own_side, now));
  }
  if (!out.text.empty())
    out.text = Cat({"\n", speaker.T("Duties, which outlive the case:"), "\n", out.text});
  if (!out.text.empty() && !progress.complete) {
    out.text += Cat({"  ", speaker.T("Messages that are not open yet may bring more."), "\n"});
  }
  const std::string told = desk::FactsText(facts, now, speaker);
  if (!told.empty()) {
    out.text += Cat({"\n", speaker.T("Clocks that facts started:"), "\n", told});
  }
  out.json.Add("duties", std::move(duties)).Add("all_bodies_open", progress.complete);
  const absl::Duration hearing = casework::PolicyLimit("R-AR-08", policy.ok() ? &*policy : nullptr);
  out.text += desk::AssetsText(progress.assets, view.own_side, now, hearing);
  out.json.Add("assets", desk::AssetsJson(progress.assets, hearing));
  if (progress.request != nullptr && progress.request->has_relates_to()) {
    const v1::CaseReference& link = progress.request->relates_to();
    out.text += Cat({"\nRelates to case ", link.case_id(), " (", link.kind(), ")\n"});
    out.json.Add("relates_to", link.case_id()).Add("relation", link.kind());
  }
  return out;
}

std::string CaseHead(const desk::CaseView& view, const Speaker& speaker) {
  using casework::Msg;
  const std::string about =
      speaker.Fill(Msg("Case {case}, family {family}"),
                   {{"case", IdText(view.case_id)}, {"family", casework::FamilyName(view.family)}});
  const auto line = [&](std::string_view title, const std::string& value) {
    return Cat({"\n  ", speaker.T(title), ": ", value});
  };
  return Cat({about, line(Msg("requesting"), view.requesting),
              line(Msg("requested"), view.requested),
              line(Msg("we are"), std::string(casework::SideName(view.own_side))),
              line(Msg("state of the case"), casework::Describe(view.history.final)),
              line(Msg("history"), desk::HistoryHash(view)), "\n\n"});
}

absl::Status CheckLink(Session& session, const v1::Request& request, Context& context) {
  if (!request.has_relates_to()) return absl::OkStatus();
  const v1::CaseReference& link = request.relates_to();
  auto other = LoadCase(session, link.case_id(), context);
  if (!other.ok()) {
    context.progress(Cat({"the case that this one relates to is not here: ", link.case_id()}));
    return absl::OkStatus();
  }
  if (link.kind() != "RESUBMISSION" || MayBeResubmitted(other->history.final.state)) {
    return absl::OkStatus();
  }
  return WrongState("WRONG_STATE",
                    Cat({"case ", link.case_id(), " is ", casework::Describe(other->history.final),
                         "; only a case that was refused or has ended is resubmitted"}));
}

}  // namespace palermo::cli
