#include "node/casework/treaty_csv.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

using Fields = std::vector<std::string>;

// "" when it is missing.
std::string FieldAt(const Fields& f, size_t i) { return i < f.size() ? f[i] : std::string(); }

std::vector<std::string> ListAt(const Fields& f, size_t i) {
  return std::vector<std::string>(absl::StrSplit(FieldAt(f, i), ';', absl::SkipEmpty()));
}

class Reader {
 public:
  explicit Reader(TreatyList& out) : out_(out) {}

  void Line(int number, std::string text) {
    line_ = number;
    if (!text.empty() && text.back() == '\r') text.pop_back();
    if (text.empty() || text[0] == '#') return;
    const Fields fields = absl::StrSplit(text, ',');
    const auto before = out_.findings.size();
    Record(fields);
    if (out_.findings.size() == before && fields.size() > MaxFields(fields[0])) {
      Say(Severity::kWarning, "there are more fields than this kind of line has");
    }
  }

  // What only the whole list can tell.
  void End(const std::string& own_state) {
    line_ = 0;
    for (const auto& [code, line] : protocols_) {
      const InstrumentRule* rule = out_.status.RuleOf(code);
      if (rule == nullptr || out_.status.Knows(rule->parent)) continue;
      line_ = line;
      Say(Severity::kWarning, absl::StrFormat("%s is a protocol of %s, of which the list tells "
                                              "nothing: who is its party is not checked",
                                              code, rule->parent));
    }
    line_ = 0;
    if (!own_state.empty() && own_lines_.count(own_state) == 0) {
      Say(Severity::kWarning,
          absl::StrFormat("no PARTY line is about %s, the state that signs the list", own_state));
    }
  }

 private:
  static size_t MaxFields(const std::string& word) {
    if (word == "INSTRUMENT") return 7;
    if (word == "PARTY") return 12;
    if (word == "BILATERAL") return 7;
    return word == "EFFECT" ? 7 : 2;
  }

  void Say(Severity severity, std::string what) {
    out_.findings.push_back({severity, line_, std::move(what)});
  }
  bool Bad(std::string what) {
    Say(Severity::kError, std::move(what));
    return false;
  }

  void Record(const Fields& f) {
    if (f[0] == "INSTRUMENT") {
      Instrument(f);
    } else if (f[0] == "PARTY") {
      Party(f);
    } else if (f[0] == "BILATERAL") {
      Pair(f);
    } else if (f[0] == "EFFECT") {
      AddEffect(f);
    } else if (f[0] == "RECIPROCITY") {
      if (f.size() == 2 && IsState(f[1])) out_.status.AllowReciprocity(f[1]);
      if (f.size() != 2) Bad("a line of reciprocity names one state");
    } else {
      Bad("the first word is INSTRUMENT, EFFECT, PARTY, BILATERAL or RECIPROCITY");
    }
  }

  bool IsState(const std::string& text) {
    if (IsStateCode(text)) return true;
    return Bad(absl::StrFormat("\"%s\" is no state: two upper-case letters", text));
  }

  // An empty field keeps `*out`.
  bool Date(const Fields& f, size_t i, absl::Time* out) {
    if (FieldAt(f, i).empty()) return true;
    const auto time = ParseInstant(f[i]);
    if (!time.ok()) {
      return Bad(absl::StrFormat("field %d is no date: write it as 2026-06-15", i + 1));
    }
    *out = *time;
    return true;
  }

  bool Span(const Fields& f, size_t i, char unit, int* out) {
    const std::string text = FieldAt(f, i);
    if (text.empty() || text.back() != unit) return true;
    int n = 0;
    if (!absl::SimpleAtoi(text.substr(0, text.size() - 1), &n) || n < 0 || n > 1200) {
      return Bad("a span is a number and D or M: 30D, 12M");
    }
    *out = n;
    return true;
  }

  void Instrument(const Fields& f) {
    if (f.size() < 4 || f[1].empty()) {
      Bad("an instrument has a code and two spans");
      return;
    }
    InstrumentRule rule;
    if (!Span(f, 2, 'D', &rule.entry_days) || !Span(f, 2, 'M', &rule.entry_months) ||
        !Span(f, 3, 'M', &rule.denunciation_months)) {
      return;
    }
    rule.parent = FieldAt(f, 4);
    if (FieldAt(f, 5) == "NEVER") {
      rule.own_entry = absl::InfiniteFuture();
    } else if (!Date(f, 5, &rule.own_entry)) {
      return;
    }
    rule.governs = ListAt(f, 6);
    for (const std::string& kind : rule.governs) {
      if (!IsKind(kind)) return;
    }
    if (!instruments_.insert(f[1]).second) {
      Bad(absl::StrFormat("%s has an INSTRUMENT line already", f[1]));
      return;
    }
    if (!rule.parent.empty()) protocols_[f[1]] = line_;
    out_.status.SetRule(f[1], std::move(rule));
    ++out_.instruments;
  }

  bool IsKind(const std::string& kind) {
    if (kind == "MLA" || kind == "EXTRADITION" || kind == "TRANSFER_SENTENCED") return true;
    return Bad(
        absl::StrFormat("\"%s\" is neither MLA nor EXTRADITION nor TRANSFER_SENTENCED", kind));
  }

  bool Kind(const std::string& word, StatusKind* out) {
    constexpr std::string_view kBinding[] = {"RATIFIED", "ACCEDED",     "SUCCEEDED", "ACCEPTED",
                                             "APPROVED", "PROVISIONAL", "DENOUNCED"};
    if (word == "SIGNED") {
      *out = StatusKind::kSigned;
    } else if (std::find(std::begin(kBinding), std::end(kBinding), word) != std::end(kBinding)) {
      *out = StatusKind::kParty;
    } else if (word != "NOT_PARTY") {
      return Bad(absl::StrFormat("\"%s\" is no kind of status", word));
    }
    return true;
  }

  bool Times(const Fields& f, const InstrumentRule& rule, PartyStatus& status) {
    absl::Time deposited = absl::InfiniteFuture(), denounced = absl::InfiniteFuture();
    if (!Date(f, 4, &deposited)) return false;
    if (deposited != absl::InfiniteFuture()) status.in_force = EntryIntoForce(rule, deposited);
    if (!Date(f, 5, &status.in_force) || !Date(f, 6, &denounced)) return false;
    if (denounced != absl::InfiniteFuture()) status.until = EndAfterDenunciation(rule, denounced);
    if (!Date(f, 7, &status.until)) return false;
    if (status.kind == StatusKind::kParty && status.in_force == absl::InfiniteFuture() &&
        deposited == absl::InfiniteFuture()) {
      return Bad("a binding status needs the day of deposit or of entry into force");
    }
    if (status.until <= status.in_force && status.until != absl::InfiniteFuture()) {
      return Bad("the status ends before it begins");
    }
    if (f[3] == "DENOUNCED" && status.until == absl::InfiniteFuture()) {
      return Bad(
          "a denunciation needs the day of its receipt, or the day on which it takes effect");
    }
    if (f[3] == "SIGNED" && deposited != absl::InfiniteFuture()) {
      Say(Severity::kWarning, "SIGNED with a day of deposit: it stays no basis; is it RATIFIED?");
    }
    return true;
  }

  void Party(const Fields& f) {
    if (f.size() < 4 || f[1].empty()) {
      Bad("a party has instrument, state and kind");
      return;
    }
    PartyStatus status;
    if (!IsState(f[2]) || !Kind(f[3], &status.kind)) return;
    const InstrumentRule* rule = out_.status.RuleOf(f[1]);
    if (rule == nullptr) {
      Bad(absl::StrFormat("%s has no INSTRUMENT line before", f[1]));
      return;
    }
    if (!Times(f, *rule, status)) return;
    if (!parties_.insert({f[1], f[2]}).second) {
      Bad(absl::StrFormat("%s has a line under %s already", f[2], f[1]));
      return;
    }
    status.reservations = ListAt(f, 8);
    status.declarations = ListAt(f, 9);
    status.territories = ListAt(f, 10);
    for (const auto* made : {&status.reservations, &status.declarations}) {
      for (const std::string& article : *made) {
        if (out_.status.EffectOf(f[1], article) != nullptr) continue;
        Say(Severity::kNote, absl::StrFormat("no EFFECT line before says what %s %s does; it is "
                                             "shown and blocks nothing",
                                             f[1], article));
      }
    }
    own_lines_.insert(f[2]);
    out_.status.SetParty(f[1], f[2], std::move(status));
    ++out_.parties;
  }

  void Pair(const Fields& f) {
    if (f.size() < 5 || f[1].empty()) {
      Bad("a bilateral treaty has id, kind and two states");
      return;
    }
    if (!IsState(f[3]) || !IsState(f[4]) || (!f[2].empty() && !IsKind(f[2]))) return;
    if (f[3] == f[4]) {
      Bad("a bilateral treaty is between two different states");
      return;
    }
    Bilateral treaty{f[1], f[2]};
    if (!Date(f, 5, &treaty.in_force) || !Date(f, 6, &treaty.until)) return;
    if (treaty.until <= treaty.in_force) {
      Bad("the treaty ends before it begins");
      return;
    }
    out_.status.AddBilateral(f[3], f[4], std::move(treaty));
    ++out_.bilaterals;
  }

  void AddEffect(const Fields& f) {
    const std::map<std::string, Effect::Kind> kinds = {{"BARS", Effect::Kind::kBars},
                                                       {"CONDITION", Effect::Kind::kCondition},
                                                       {"SHOW", Effect::Kind::kShow}};
    const auto kind = kinds.find(FieldAt(f, 3));
    if (f.size() < 5 || f[1].empty() || f[2].empty() || kind == kinds.end()) {
      Bad("an effect has instrument, article, BARS, CONDITION or SHOW, and whose it must be");
      return;
    }
    if (f[4] != "REQUESTED" && f[4] != "REQUESTING" && f[4] != "EITHER") {
      Bad("an effect counts when it is of the REQUESTED, the REQUESTING or EITHER state");
      return;
    }
    Effect effect{f[2], kind->second, f[4] != "REQUESTING", f[4] != "REQUESTED", ListAt(f, 5)};
    for (const std::string& word : effect.what) {
      v1::AssistanceType::Code type;
      v1::Family::Code family;
      if (v1::AssistanceType::Code_Parse(word, &type) || v1::Family::Code_Parse(word, &family)) {
        continue;
      }
      Bad(absl::StrFormat("\"%s\" is neither a family nor a kind of assistance", word));
      return;
    }
    out_.status.AddEffect(f[1], std::move(effect));
    ++out_.effects;
  }

  TreatyList& out_;
  int line_ = 0;
  std::set<std::string> instruments_, own_lines_;
  std::map<std::string, int> protocols_;
  std::set<std::pair<std::string, std::string>> parties_;
};

constexpr char kTemplate[] =
    "# Treaty status list. docs/formats/treaty-status.md explains each field.\n"
    "# INSTRUMENT,code,entry after deposit,end after denunciation,parent,own entry,governs\n"
    "INSTRUMENT,UNTOC,30D,12M,,2003-09-29\n"
    "INSTRUMENT,TIP,30D,12M,UNTOC,2003-12-25\n"
    "INSTRUMENT,SOM,30D,12M,UNTOC,2004-01-28\n"
    "INSTRUMENT,FAP,30D,12M,UNTOC,2005-07-03\n"
    "INSTRUMENT,UNCAC,30D,12M,,2005-12-14\n"
    "INSTRUMENT,DRUG88,90D,12M,,1990-11-11\n"
    "INSTRUMENT,TF,30D,12M,,2002-04-10\n"
    "INSTRUMENT,BUD,3M,3M,,2004-07-01\n"
    "# Signed only, not in force: never a basis.\n"
    "INSTRUMENT,UNCC,90D,12M,,NEVER\n"
    "# EFFECT,instrument,article,BARS|CONDITION|SHOW,whose,what,note\n"
    "EFFECT,UNTOC,35(3),SHOW,EITHER,,settlement of disputes\n"
    "EFFECT,UNTOC,16(5)(a) NO,BARS,REQUESTED,EXTRADITION,no extradition on this Convention\n"
    "EFFECT,UNTOC,16(5)(a) YES,SHOW,REQUESTED,EXTRADITION,extradites on this Convention\n"
    "EFFECT,UNTOC,16(6),SHOW,REQUESTED,EXTRADITION,needs no treaty to extradite\n"
    "EFFECT,UNCAC,44(6)(a) NO,BARS,REQUESTED,EXTRADITION,no extradition on this Convention\n"
    "EFFECT,BUD,29(4),CONDITION,REQUESTED,PRESERVE_DATA,dual criminality may be asked\n"
    "EFFECT,2AP,33(2) 17,BARS,EITHER,CROSS_BORDER_OBSERVATION,does not apply Article 17\n"
    "EFFECT,2AP,33(2) 18,BARS,EITHER,CONTROLLED_DELIVERY,does not apply Article 18\n"
    "EFFECT,2AP,33(2) 19,BARS,EITHER,UNDERCOVER,does not apply Article 19\n"
    "EFFECT,2AP,33(2) 20,BARS,EITHER,SET_UP_JIT;JOIN_JIT;JOINT_INVESTIGATION,no joint teams\n"
    "EFFECT,TSP83,3(3),CONDITION,EITHER,TRANSFER_SENTENCED_PERSON,one procedure is excluded\n"
    "EFFECT,COE-SEA,8(2),CONDITION,REQUESTING,SEA,own nationals are sent home to serve\n"
    "# PARTY,code,state,kind,deposited,in force,denounced,ends,reservations,declarations,"
    "territories,source\n"
    "# BILATERAL,id,kind,state,state,in force,ends\n"
    "# RECIPROCITY,state\n";

}  // namespace

TreatyList ReadTreatyList(const std::string& csv, const std::string& own_state) {
  TreatyList out;
  if (csv.size() > limits::kMaxTreatyStatusBytes) {
    out.findings.push_back({Severity::kError, 0,
                            absl::StrFormat("the list has %u bytes, at most %u are taken",
                                            csv.size(), limits::kMaxTreatyStatusBytes)});
    return out;
  }
  Reader reader(out);
  int line = 0;
  for (absl::string_view each : absl::StrSplit(csv, '\n')) reader.Line(++line, std::string(each));
  reader.End(own_state);
  return out;
}

bool HasErrors(const TreatyList& list) {
  return std::any_of(list.findings.begin(), list.findings.end(),
                     [](const ListFinding& f) { return f.severity == Severity::kError; });
}

std::string TreatyListTemplate() { return kTemplate; }

absl::StatusOr<TreatyStatus> TreatyStatus::FromCsv(const std::string& csv) {
  if (csv.size() > limits::kMaxTreatyStatusBytes) {
    return OverLimit("BODY_TOO_LARGE", absl::StrFormat("a treaty status list has at most %u bytes",
                                                       limits::kMaxTreatyStatusBytes));
  }
  TreatyList read = ReadTreatyList(csv, "");
  for (const ListFinding& finding : read.findings) {
    if (finding.severity != Severity::kError) continue;
    return InputError("BAD_CSV", absl::StrFormat("treaty status, line %d: %s; see "
                                                 "docs/formats/treaty-status.md",
                                                 finding.line, finding.what));
  }
  return std::move(read.status);
}

}  // namespace palermo::casework
