#include "node/casework/cases/sharing.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/clock.h"
#include "node/casework/cases/answers.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/names.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

constexpr int kDeepestLineage = 8;

bool Has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

absl::Time MomentOfDeed(const Deed& deed) {
  const std::string said = FirstOf(deed.event, {"at", "date", "start_utc"});
  const auto at = ParseInstant(said.empty() ? deed.facts.now : said);
  return at.ok() ? *at : absl::InfiniteFuture();
}

// --- Objects

// "NO_JUDICIAL_USE", or {"kind": "NO_JUDICIAL_USE", "until": "2026-05-01"} while it lasts.
std::vector<std::string> KindsOf(const Struct& object, absl::Time at) {
  std::vector<std::string> kinds = OneOrMore(object, "restrictions");
  const Value* said = Member(object, "restrictions");
  for (int i = 0; said != nullptr && i < said->list_value().values_size(); ++i) {
    const Struct& one = said->list_value().values(i).struct_value();
    const auto until = ParseInstant(TextOf(one, "until"));
    if (until.ok() && *until < at) continue;
    const std::string kind = FirstOf(one, {"kind", "type"});
    if (!kind.empty()) kinds.push_back(kind);
  }
  return kinds;
}

}  // namespace

std::vector<std::string> ReleaseStatesOf(const Struct& object) {
  const Struct* handling = ObjectOf(object, "handling");
  const Struct none;
  for (const Struct* holder : {&object, handling == nullptr ? &none : handling}) {
    for (const char* name : {"release_states", "release"}) {
      auto states = TextsOf(*holder, name);
      if (!states.empty()) return states;
    }
  }
  return {};
}

namespace {

Restrictions OfObject(const Struct& object, absl::Time at) {
  Restrictions r;
  const Struct* handling = ObjectOf(object, "handling");
  r.handling = handling == nullptr ? TextOf(object, "handling") : TextOf(*handling, "code");
  if (const Struct* graded = ObjectOf(object, "evaluation");
      graded != nullptr && r.handling.empty()) {
    r.handling = TextOf(*graded, "handling");
  }
  r.release_states = ReleaseStatesOf(object);
  const auto to = TextsOf(object, "to");
  r.release_states.insert(r.release_states.end(), to.begin(), to.end());
  r.kinds = KindsOf(object, at);
  r.originator = TextOf(object, "originator");
  return r;
}

// What an operation's partners may do with what they share: its own work.
void AddPurposes(const Struct& operation, Restrictions& r) {
  for (const char* name : {"name", "id", "purpose", "ref"}) {
    const std::string text = AnyText(operation, name);
    if (!text.empty()) r.purposes.push_back(text);
  }
}

const Struct* IsInList(const Struct& operation, const char* list, const std::string& name) {
  const Value* all = Member(operation, list);
  for (int i = 0; all != nullptr && i < all->list_value().values_size(); ++i) {
    const Struct& one = all->list_value().values(i).struct_value();
    if (!name.empty() && (TextOf(one, "obj") == name || TextOf(one, "object") == name ||
                          TextOf(one, "id") == name)) {
      return &one;
    }
  }
  return nullptr;
}

const Struct* FindShared(const Deed& deed, const std::string& name) {
  if (const Struct* records = ObjectOf(deed.json, "records")) {
    if (const Struct* record = ObjectOf(*records, name)) return record;
  }
  const Struct* operation = ObjectOf(deed.json, "operation");
  return operation == nullptr ? nullptr : IsInList(*operation, "sharing", name);
}

// A product bears the restrictions of all that it was made of, and is its author's no more.
void Inherit(const Deed& deed, const Struct& object, Holding& holding, int depth = 0) {
  if (depth > kDeepestLineage) return;
  for (const std::string& name : OneOrMore(object, "derived_from")) {
    const Struct* input = FindShared(deed, name);
    if (input == nullptr) continue;
    const Restrictions from = OfObject(*input, MomentOfDeed(deed));
    Restrictions& r = holding.r;
    r.kinds.insert(r.kinds.end(), from.kinds.begin(), from.kinds.end());
    if (from.handling == "H1") r.kinds.push_back("NO_JUDICIAL_USE");
    std::erase_if(r.release_states, [&](const std::string& state) {
      return !Has(from.release_states, state) && state != from.originator;
    });
    if (from.originator != r.originator) {
      r.originator.clear();
      holding.giver = from.originator;
    }
    Inherit(deed, *input, holding, depth + 1);
  }
}

// What the request brought, or what came in answer to it.
Holding OfRequest(const Deed& deed, const Struct& request) {
  Holding holding;
  holding.r = OfObject(request, MomentOfDeed(deed));
  holding.r.evidence = true;
  holding.known = true;
  const std::string asking = TextOf(request, "rq"), asked = TextOf(request, "rd");
  const bool brought = ActorOf(deed) == asked || TextOf(deed.event, "object") == "request";
  holding.r.originator = brought ? asking : asked;
  holding.giver = holding.r.originator;
  // The code binds who received the request, not what is sent back for use in the proceeding.
  if (!brought) holding.r.handling.clear();
  auto& purposes = holding.r.purposes;
  const Struct* proceeding = ObjectOf(request, "proceeding");
  if (proceeding != nullptr) purposes.push_back(TextOf(*proceeding, "national_ref"));
  purposes.push_back(TextOf(request, "purpose"));
  for (const Struct* object : {&request, &deed.event}) {
    const Value* permitted = Member(*object, "permitted_use");
    for (int i = 0; permitted != nullptr && i < permitted->list_value().values_size(); ++i) {
      const Value& one = permitted->list_value().values(i);
      purposes.push_back(one.has_struct_value()
                             ? FirstOf(one.struct_value(), {"proceeding_ref", "ref", "purpose"})
                             : one.string_value());
    }
  }
  std::erase(purposes, "");
  return holding;
}

// Whose a record is that does not say it: who asks; an answer is whose answered.
void FillOriginator(const Deed& deed, const Struct& record, Restrictions& r) {
  // What is marked stays restricted for who asked, too.
  if (!r.originator.empty() || !r.release_states.empty() || !r.handling.empty()) return;
  r.originator = TextOf(record, "rq");
  const Struct* records = ObjectOf(deed.json, "records");
  if (!r.originator.empty() || records == nullptr || TextOf(record, "result").empty()) return;
  const Struct* trace = TraceFor(deed.json, TextOf(deed.event, "object"), record);
  if (trace == nullptr || TextOf(*trace, "rd").empty()) return;
  r.originator = TextOf(*trace, "rd");
  r.release_states = {TextOf(*trace, "rq"), r.originator};
}

// A purpose that the request for it states: "criminal investigation PS-2026-0551".
void AddStatedPurpose(const Deed& deed, const Struct& record, Restrictions& r) {
  const std::string purpose = TextOf(deed.event, "purpose");
  if (purpose.empty()) return;
  const auto states = [&](const Struct& object) {
    const Struct* proceeding = ObjectOf(object, "proceeding");
    std::string all = FirstOf(object, {"intended_use"}) + " " + FirstOf(object, {"national_ref"});
    if (proceeding != nullptr) all += " " + TextOf(*proceeding, "national_ref");
    return all.find(purpose) != std::string::npos;
  };
  bool stated = states(record);
  const Struct* records = ObjectOf(deed.json, "records");
  // What answers a trace serves what the trace was for.
  if (records != nullptr && !TextOf(record, "result").empty()) {
    for (const auto& [name, other] : records->fields()) {
      stated |= IsTraceRecord(other.struct_value()) && states(other.struct_value());
    }
  }
  if (!stated) return;
  r.purposes.push_back(purpose);
  r.purposes.push_back(PurposeOf(purpose).ref);
}

// --- Consents

bool IsStateWord(const Deed& deed, const std::string& word) {
  return deed.facts.directory.states.count(word) > 0;
}

struct Ask {
  const Deed& deed;
  const std::string& giver;
  const std::string& to;
  absl::Time at;
};

bool IsGiver(const Ask& ask, const std::string& word) {
  const std::string state = StateIn(ask.deed, word);
  return state.empty() || ask.giver.empty() || state == ask.giver;
}

// A consent that was given in time, and has not ended.
bool IsInTime(const Ask& ask, const Struct& said) {
  const auto given =
      ParseInstant(FirstOf(said, {"at", "given_at", "granted_at", "date", "recorded_at"}));
  const auto end = ParseInstant(FirstOf(said, {"until", "valid_to", "expires_at", "valid_until"}));
  // An event without a time of its own lies after all that it tells of.
  const bool timed = !FirstOf(ask.deed.event, {"at", "date", "start_utc"}).empty();
  if (timed && given.ok() && *given > ask.at) return false;
  return !(end.ok() && *end < ask.at) &&
         !SaysOneOf(said, {"withdrawn", "withdrawn_at", "revoked", "revoked_at"});
}

// For what is done here: this purpose, this receiver, this object.
bool IsForThis(const Ask& ask, const Struct& said) {
  const auto fits = [](const std::vector<std::string>& named, const std::string& here) {
    return named.empty() || here.empty() || Has(named, here);
  };
  const Struct& event = ask.deed.event;
  const std::string purpose = TextOf(event, "purpose");
  const std::string proceeding = TextOf(event, "proceeding");
  return fits(OneOrMore(said, "purpose"), purpose) &&
         fits(OneOrMore(said, "proceeding"), proceeding.empty() ? purpose : proceeding) &&
         fits(OneOrMore(said, "to"), ask.to) &&
         fits(OneOrMore(said, "object"), TextOf(event, "object"));
}

bool Grants(const Value& value, const Ask& ask);

bool GrantsObject(const Struct& said, const Ask& ask) {
  if (said.fields().empty()) return false;
  // {"QS": true, "QM": false}: each state's own.
  const auto is_of_state = [&](const auto& each) { return IsStateWord(ask.deed, each.first); };
  if (std::any_of(said.fields().begin(), said.fields().end(), is_of_state)) {
    return std::any_of(said.fields().begin(), said.fields().end(), [&](const auto& each) {
      return is_of_state(each) && IsGiver(ask, each.first) && SaysYes(&each.second);
    });
  }
  bool whole = true;
  for (const char* name : {"decision", "status", "outcome", "result", "answer", "granted", "given",
                           "consented", "value", "kind"}) {
    const Value* decision = Member(said, name);
    if (decision == nullptr) continue;
    if (!SaysYes(decision)) return false;
    whole &= !HasWords(decision->string_value(), {"sanitised", "sanitized"});
  }
  const Value* sanitised = Member(ask.deed.event, "sanitised");
  if (!whole && sanitised != nullptr && !SaysYes(sanitised)) return false;
  if (!whole && SaysOneOf(ask.deed.event, {"whole", "in_full", "full_text", "unsanitised"})) {
    return false;
  }
  for (const char* name : {"by", "from", "state", "grantor", "given_by", "granted_by", "of"}) {
    if (!IsGiver(ask, TextOf(said, name))) return false;
  }
  return IsInTime(ask, said) && IsForThis(ask, said);
}

bool Grants(const Value& value, const Ask& ask) {
  if (value.has_struct_value()) return GrantsObject(value.struct_value(), ask);
  if (!value.has_list_value()) {
    // A state by its code is who gave it; any other word is where it is recorded.
    const std::string& word = value.string_value();
    return SaysYes(&value) && (!IsStateWord(ask.deed, word) || IsGiver(ask, word));
  }
  return std::any_of(value.list_value().values().begin(), value.list_value().values().end(),
                     [&](const Value& each) { return Grants(each, ask); });
}

bool TellsConsent(const std::string& name) {
  // That one was asked for, or is not there; the requested state is who gives it.
  const bool none = HasWords(
      name, {"request", "requests", "required", "denied",    "refus*",  "without", "no",
             "not",     "missing",  "pending",  "withdrawn", "revoked", "needed",  "lacking",
             "lacks",   "absent",   "sought",   "awaited",   "lapsed",  "expired", "asked"});
  const bool asked = HasWords(name, {"requested"}) &&
                     !HasWords(name, {"requested_state", "requested_party", "requested_ca"});
  if (none || asked) return false;
  return HasWords(name, {"consent*"}) ||
         OneOf(name, {"permission", "originator_permission", "authorised_by", "authorized_by",
                      "granted_by", "permitted_by"});
}

}  // namespace

std::string StateIn(const Deed& deed, const std::string& word) {
  const std::string head = word.substr(0, word.find_first_of("-. :"));
  if (const Struct* request = ObjectOf(deed.json, "request")) {
    if (head == "RQ") return TextOf(*request, "rq");
    if (head == "RD") return TextOf(*request, "rd");
  }
  return IsStateWord(deed, head) ? head : "";
}

std::string ActorOf(const Deed& deed) {
  for (const char* name : {"by", "from", "sender", "user", "signed_by", "state"}) {
    const std::string state = StateIn(deed, TextOf(deed.event, name));
    if (!state.empty()) return state;
  }
  return "";
}

Holding HoldingOf(const Deed& deed) {
  const std::string name = TextOf(deed.event, "object");
  const Struct* operation = ObjectOf(deed.json, "operation");
  Holding holding;
  if (const Struct* shared = FindShared(deed, name)) {
    holding.r = OfObject(*shared, MomentOfDeed(deed));
    FillOriginator(deed, *shared, holding.r);
    AddStatedPurpose(deed, *shared, holding.r);
    holding.giver = holding.r.originator;
    holding.known = true;
    if (operation != nullptr) AddPurposes(*operation, holding.r);
    // A warning about a product may be used for the health of all.
    if (deed.facts.area == "FALSIFIED_MEDICAL_PRODUCTS") {
      holding.r.purposes.emplace_back("PUBLIC_HEALTH");
    }
    Inherit(deed, *shared, holding);
    return holding;
  }
  const Struct* evidence = operation == nullptr ? nullptr : IsInList(*operation, "evidence", name);
  if (evidence != nullptr) {
    holding.r = OfObject(*evidence, MomentOfDeed(deed));
    holding.giver = holding.r.originator;
    holding.known = true;
    if (holding.r.release_states.empty()) {
      holding.r.release_states = TextsOf(*operation, "parties");
    }
    AddPurposes(*operation, holding.r);
    return holding;
  }
  const Struct* request = ObjectOf(deed.json, "request");
  return request == nullptr ? holding : OfRequest(deed, *request);
}

bool HasConsent(const Deed& deed, const std::string& giver, const std::string& to) {
  const Ask ask{deed, giver, to, MomentOfDeed(deed)};
  const auto& fields = deed.event.fields();
  return std::any_of(fields.begin(), fields.end(), [&](const auto& member) {
    return TellsConsent(member.first) && Grants(member.second, ask);
  });
}

void JudgeUse(const Deed& deed, std::vector<Finding>& findings) {
  Holding holding = HoldingOf(deed);
  Use use{TextOf(deed.event, "purpose"), ActorOf(deed),
          FirstOf(deed.event, {"proceeding", "proceeding_ref", "case_ref", "national_ref"})};
  if (use.purpose.empty()) use.purpose = use.proceeding;
  // Who has left keeps what it lawfully received, for what it was given.
  if (const Struct* operation = ObjectOf(deed.json, "operation"); operation != nullptr) {
    if (IsInList(*operation, "evidence", TextOf(deed.event, "object")) != nullptr) {
      const auto founders = TextsOf(*operation, "founding_signatures");
      auto& states = holding.r.release_states;
      states.insert(states.end(), founders.begin(), founders.end());
    }
  }
  for (Finding& f : CheckUse(holding.r, use, HasConsent(deed, holding.giver))) {
    findings.push_back(std::move(f));
  }
}

// 4.2: nothing goes on that was to be deleted by then.
bool IsPastDeletion(const Deed& deed) {
  const Struct* shared = FindShared(deed, TextOf(deed.event, "object"));
  if (shared == nullptr) return false;
  std::string day = TextOf(*shared, "delete_by");
  for (const char* in : {"retention", "handling", "label"}) {
    const Struct* holder = ObjectOf(*shared, in);
    if (day.empty() && holder != nullptr) day = TextOf(*holder, "delete_by");
  }
  const absl::Time at = MomentOfDeed(deed);
  return at != absl::InfiniteFuture() && IsAfterEnd(day, at);
}

namespace {

// What is given to a court, or to somebody for it, is used there. False where no court is meant, or
// where it is the receiver who may not have it.
bool JudgeForCourt(const Deed& deed, const Holding& holding, std::vector<Finding>& findings) {
  const std::string to = TextOf(deed.event, "to"), purpose = TextOf(deed.event, "purpose");
  const std::string state = StateIn(deed, to), by = ActorOf(deed);
  const bool meant = PurposeOf(purpose).kind == Purpose::Kind::kCourt;
  const bool has_it = Has(holding.r.release_states, state) || (!state.empty() && state == by);
  const bool court = to.empty() ? meant : NamesCourt(to) && (state.empty() || has_it);
  if (!court && !(meant && has_it)) return false;
  Use use{meant ? purpose : "COURT", by,
          FirstOf(deed.event, {"proceeding", "proceeding_ref", "case_ref", "national_ref"})};
  if (!meant && use.proceeding.empty()) use.proceeding = purpose;
  auto found = CheckUse(holding.r, use, HasConsent(deed, holding.giver, to));
  const bool barred = std::any_of(found.begin(), found.end(),
                                  [](const Finding& f) { return f.rule == "R-USE-02"; });
  // What is not to be passed on is not passed to a court either, whatever it may be used for.
  if (!barred && (!court || holding.r.handling == "H2")) return false;
  Append(std::move(found), findings);
  return true;
}

}  // namespace

bool NamesCourt(const std::string& receiver) {
  return HasWords(receiver, {"court", "courts", "tribunal"});
}

void JudgeForward(const Deed& deed, std::vector<Finding>& findings) {
  if (IsPastDeletion(deed)) {
    Tell("R-USE-01.state", "event.object", findings);
    return;
  }
  const Holding holding = HoldingOf(deed);
  if (JudgeForCourt(deed, holding, findings)) return;
  auto receivers = OneOrMore(deed.event, "to");
  if (receivers.empty()) receivers.emplace_back();
  for (const std::string& to : receivers) {
    const bool consent = HasConsent(deed, holding.giver, to);
    for (Finding& f : CheckForward(holding.r, ActorOf(deed), to, consent)) {
      findings.push_back(std::move(f));
    }
  }
}

namespace {

// 4.2: what is under H1, H2 or for some states alone is not for the public.
bool IsTakenToPublic(const Deed& deed, const std::string& object) {
  const Struct* record = FindShared(deed, object);
  // What is confidential has a rule of its own, R-CONF-01.
  if (record == nullptr || Member(*record, "commercial_confidential") != nullptr ||
      SaysOneOf(*record, {"confidential", "confidentiality"})) {
    return false;
  }
  const Restrictions r = OfObject(*record, MomentOfDeed(deed));
  const bool limited = OneOf(r.handling, {"H1", "H2"}) || !ReleaseStatesOf(*record).empty();
  return limited && HasWords(TextOf(deed.event, "to"),
                             {"press", "public", "media", "journalist*", "newspaper*", "internet"});
}

}  // namespace

bool JudgeToldShared(const Deed& deed, std::vector<Finding>& findings) {
  const std::string object = TextOf(deed.event, "object");
  const Struct* operation = ObjectOf(deed.json, "operation");
  const bool shared =
      (operation != nullptr && IsInList(*operation, "sharing", object) != nullptr) ||
      IsTakenToPublic(deed, object);
  std::vector<Finding> found;
  if (shared && Member(deed.event, "to") != nullptr) {
    JudgeForward(deed, found);
  } else if (FindShared(deed, object) != nullptr) {
    JudgeForCourt(deed, HoldingOf(deed), found);
    std::erase_if(found, [](const Finding& f) { return f.rule != "R-USE-02"; });
  }
  const bool any = !found.empty();
  Append(std::move(found), findings);
  return any;
}

bool JudgeOnwardConsent(const Deed& deed, std::vector<Finding>& findings) {
  const std::string type = TextOf(deed.event, "type");
  const bool asks = type == "ONWARD_CONSENT_REQUEST";
  const bool decides = !asks && (type.rfind("ONWARD_CONSENT", 0) == 0 ||
                                 OneOf(type, {"GRANT", "GRANT_SANITISED", "DENY"}));
  if (!asks && !decides) return false;
  // Whose it is decides; a denial needs no reason.
  const Holding holding = HoldingOf(deed);
  const std::string by = ActorOf(deed);
  const bool stranger = !by.empty() && !holding.giver.empty() && by != holding.giver;
  const bool of_other = TextOf(deed.event, "object").empty();
  if (decides && stranger && !of_other) Tell("R-GEN-02.sequence", "event.by", findings);
  return true;
}

}  // namespace palermo::casework
