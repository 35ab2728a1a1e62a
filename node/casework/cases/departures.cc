#include "node/casework/cases/departures.h"

#include <algorithm>
#include <cctype>

#include "base/clock.h"
#include "node/casework/cases/event_words.h"
#include "node/casework/cases/names.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;
using States = std::set<std::string>;

struct Search {
  const CaseFacts& facts;
  absl::Time at;
  States& out;
};

bool IsState(const CaseFacts& facts, const std::string& word) {
  return facts.directory.states.count(word) > 0;
}

// "AFTER_DEPARTURE_OF_QT", "DEPARTED(QS)": the states in a text.
States StatesIn(const CaseFacts& facts, const std::string& text) {
  States found;
  std::string word;
  for (const char c : text + " ") {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      word += c;
      continue;
    }
    if (IsState(facts, word)) found.insert(word);
    word.clear();
  }
  return found;
}

// A state is gone, as a word of its status or the type of a notice says it.
bool TellsDeparture(const std::string& text) {
  return HasWords(text, {"depart", "departs", "departed", "departing", "departure", "departures",
                         "expelled", "expulsion", "left"}) &&
         !HasWords(text, {"not", "never", "no", "nobody", "none"});
}

// "WITHOUT_QS" tells of the state; "without_delay" of none.
bool IsWithoutState(const CaseFacts& facts, const std::string& text) {
  return HasWords(text, {"without"}) && !StatesIn(facts, text).empty();
}

// A member that says who is gone. A journey has departures as well, and much else is left: days,
// a port, a hand.
bool IsDepartures(const std::string& member) {
  if (member == "former_parties") return true;
  const auto words = WordsIn(member);
  const auto all_are = [&](std::initializer_list<std::string_view> known) {
    return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return OneOf(word, known) || word.size() == 2;
    });
  };
  if (HasWords(member, {"left", "without"})) {
    return all_are({"left",    "without",  "state",  "states",  "party",     "parties",
                    "partner", "partners", "member", "members", "who",       "has",
                    "have",    "had",      "was",    "the",     "operation", "team",
                    "jit",     "since",    "after",  "already", "time",      "date"});
  }
  return TellsDeparture(member) &&
         !HasWords(member,
                   {"port",  "ports",     "place",   "places",    "point", "airport", "city",
                    "gate",  "terminal",  "harbour", "station",   "hub",   "vessel",  "ship",
                    "boat",  "flight",    "train",   "lorry",     "truck", "cargo",   "consignment",
                    "goods", "scheduled", "planned", "estimated", "delay"});
}

// What a state's entry says: true, a word, or the time from which it holds.
bool HasLeft(const Value& said, absl::Time at) {
  if (said.kind_case() == Value::kStringValue) {
    const auto from = ParseInstant(said.string_value());
    return from.ok() ? *from <= at : TellsDeparture(said.string_value());
  }
  if (!said.has_struct_value()) return SaysYes(&said);
  const auto from = ParseInstant(FirstOf(
      said.struct_value(), {"effective", "effective_at", "effective_from", "from", "at", "date"}));
  return !from.ok() || *from <= at;
}

void Collect(const Value& said, const Search& search) {
  if (said.kind_case() == Value::kStringValue) {
    search.out.merge(StatesIn(search.facts, said.string_value()));
  }
  for (const Value& each : said.list_value().values()) Collect(each, search);
  if (!said.has_struct_value()) return;
  const Struct& object = said.struct_value();
  const std::string state = FirstOf(object, {"state", "party", "by"});
  if (IsState(search.facts, state)) {
    if (HasLeft(said, search.at)) search.out.insert(state);
    return;
  }
  for (const auto& [name, value] : object.fields()) {
    if (IsState(search.facts, name) && HasLeft(value, search.at)) search.out.insert(name);
  }
}

// {"QS": "DEPARTED", "QM": "ACTIVE"}
void CollectStatus(const Struct& operation, const Search& search) {
  for (const char* name : {"status", "party_status", "membership", "members_status"}) {
    const Struct* by_state = ObjectOf(operation, name);
    if (by_state == nullptr) continue;
    for (const auto& [state, value] : by_state->fields()) {
      if (IsState(search.facts, state) && TellsDeparture(value.string_value())) {
        search.out.insert(state);
      }
    }
  }
}

// Who signed, or led, and is no party any more.
void CollectFormer(const Struct& operation, const Search& search) {
  const auto parties = TextsOf(operation, "parties");
  if (parties.empty()) return;
  States former;
  for (const std::string& state : TextsOf(operation, "founding_signatures")) former.insert(state);
  if (const Struct* leaders = ObjectOf(operation, "leaders")) {
    for (const auto& [state, leader] : leaders->fields()) former.insert(state);
  }
  for (const std::string& state : parties) former.erase(state);
  search.out.merge(former);
}

// Who departs in the case's own course of events; "" when it does not tell.
std::string DepartsInCase(const Struct& json) {
  const Struct* course = ObjectOf(json, "expected");
  const Struct* departure = course == nullptr ? nullptr : ObjectOf(*course, "departure");
  return departure == nullptr ? "" : TextOf(*departure, "state");
}

// What the event says under one member; `about` where it names no state itself.
void CollectEvent(const std::string& name, const Value& said, const std::string& about,
                  const Search& search) {
  // {"after": {"type": "DEPARTURE_NOTICE", "state": "QS"}}: what happened before.
  for (const Value& each : said.list_value().values()) CollectEvent(name, each, about, search);
  const bool happened = TellsDeparture(TextOf(said.struct_value(), "type"));
  const bool after =
      OneOf(name, {"after", "since", "following", "status", "party_status", "state_status"}) &&
      (TellsDeparture(said.string_value()) || IsWithoutState(search.facts, said.string_value()));
  if (!after && !happened && !IsDepartures(name)) return;
  States named;
  Collect(said, {search.facts, search.at, named});
  if (!named.empty()) {
    search.out.merge(named);
    return;
  }
  if (said.has_list_value() || said.has_struct_value() || !SaysYes(&said)) return;
  if (HasWords(said.string_value(), {"nobody", "no", "none", "not", "never"})) return;
  const auto from = ParseInstant(said.string_value());
  if (!from.ok() || *from <= search.at) search.out.insert(about);
}

}  // namespace

std::string TaskedState(const CaseFacts& facts, const Struct& task) {
  for (const char* name : {"state", "to", "party", "assigned_to", "assignee", "for", "leader"}) {
    for (const std::string& word : OneOrMore(task, name)) {
      const std::string head = word.substr(0, word.find_first_of("-. "));
      if (IsState(facts, head)) return head;
    }
  }
  return "";
}

States DepartedFrom(const Struct& operation, const CaseFacts& facts, absl::Time at) {
  States gone;
  const Search search{facts, at, gone};
  for (const auto& [name, value] : operation.fields()) {
    if (IsDepartures(name)) Collect(value, search);
  }
  CollectStatus(operation, search);
  CollectFormer(operation, search);
  return gone;
}

States DepartedAt(const Deed& deed, const Struct& operation, absl::Time at) {
  States gone = DepartedFrom(operation, deed.facts, at);
  const std::string about = TaskedState(deed.facts, deed.event), course = DepartsInCase(deed.json);
  // What the event itself tells has happened, unless it names a time of its own before it.
  const bool timed = !FirstOf(deed.event, {"start_utc", "at", "start", "date"}).empty();
  const Search search{deed.facts, timed ? at : absl::InfiniteFuture(), gone};
  CollectStatus(deed.event, search);
  for (const auto& [name, value] : deed.event.fields()) {
    // "after": "DEPARTURE" is the one of the case.
    const bool after = OneOf(name, {"after", "since", "following"}) && !course.empty();
    CollectEvent(name, value, after ? course : about, search);
  }
  if (TellsDeparture(deed.in_state) || IsWithoutState(deed.facts, deed.in_state)) {
    const States named = StatesIn(deed.facts, deed.in_state);
    gone.insert(named.begin(), named.end());
    if (gone.empty() && !course.empty()) gone.insert(course);
    if (gone.empty()) {
      for (const std::string& state : OneOrMore(deed.event, "to")) gone.insert(state);
      gone.insert(about);
    }
  }
  gone.erase("");
  return gone;
}

}  // namespace palermo::casework
