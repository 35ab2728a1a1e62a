#include "node/casework/operation/rules.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "node/casework/field_words.h"
#include "node/casework/operation/action_rules.h"
#include "node/casework/operation/record_rules.h"
#include "node/casework/operation/statistics.h"
#include "node/casework/rules.h"
#include "node/casework/statements.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using Findings = std::vector<Finding>;

constexpr absl::Duration kUnattended = absl::Minutes(15);  // policy

std::string UnderField(const std::string& at, std::string_view member) {
  return Cat({at, ".", member});
}

bool IsLater(const std::string& a, const std::string& b) {
  const auto left = ParseInstant(a), right = ParseInstant(b);
  return left.ok() && right.ok() && *left > *right;
}
bool IsUnread(const std::string& t) { return !t.empty() && !ParseInstant(t).ok(); }
bool IsOver(const std::string& limit, const std::string& moment) {
  const auto at = ParseInstant(moment);
  return at.ok() && IsAfterEnd(limit, *at);
}

bool Contains(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string LeaderOf(const v1::OperationAgreement& agreement, const std::string& state) {
  for (const auto& row : agreement.leaders()) {
    if (row.state() == state) return row.leader();
  }
  return "";
}

bool IsEntrusted(const v1::Tasking& task) {
  const v1::Entrustment& e = task.entrustment();
  return task.has_entrustment() && e.officer() == task.leader() &&
         !IsBlank(e.operating_approval()) && !IsBlank(e.seconding_approval());
}

// The order exists and holds when the task starts.
bool IsAuthorised(const v1::Tasking& task) {
  const v1::TaskAuthority& order = task.authority();
  return !IsBlank(order.ref()) && !IsUnread(task.start_utc()) && !IsUnread(order.valid_to()) &&
         !IsUnread(order.valid_from()) && !IsOver(order.valid_to(), task.start_utc()) &&
         !IsLater(order.valid_from(), task.start_utc());
}

// The notice of rights was understood: with an interpreter, or in a language of the person.
bool IsUnderstood(const v1::ArrestRecord& arrest) {
  const std::string& own = arrest.understood_language();
  return arrest.interpreter() || !IsBlank(arrest.interpreter_lang()) ||
         (!IsBlank(own) && IsAccepted({own}, arrest.rights_notice_lang()));
}

// --- Custody

struct Chain {
  std::string holder, last;
  std::set<std::string> hashes;  // of the item and of what was derived from it
  bool ended = false;
};

bool Arrived(const v1::CustodyEvent& event) {
  const auto left = ParseInstant(event.at()), got = ParseInstant(event.received_at());
  if (!left.ok() || !got.ok()) return event.received_at().empty();
  return *got >= *left && *got - *left <= kUnattended;
}

// The item passes from hand to hand; who acts on it holds it. True: no gap here.
bool Pass(const v1::CustodyEvent& event, Chain& chain) {
  bool good = !IsUnread(event.at()) && !IsLater(chain.last, event.at()) && !chain.ended;
  if (event.k() == "SEIZED" && chain.holder.empty()) {
    chain.holder = event.by();
  } else if (event.k() == "TRANSFERRED") {
    good &= event.from() == chain.holder && event.both_signed() && Arrived(event);
    chain.holder = event.to();
  } else {
    good &= !chain.holder.empty() && event.by() == chain.holder;
    chain.ended |= OneOf(event.k(), {"RETURNED", "DESTROYED"});
  }
  const bool handed = event.k() == "TRANSFERRED" && !event.received_at().empty();
  chain.last = handed ? event.received_at() : event.at();
  return good && !chain.holder.empty();
}

}  // namespace

std::vector<std::string> PartiesOf(const v1::OperationAgreement& agreement) {
  std::vector<std::string> states;
  for (const auto& party : agreement.parties()) states.push_back(party.state());
  return states;
}

std::vector<Finding> CheckFounding(const v1::OperationAgreement& agreement,
                                   const std::vector<std::string>& signatures,
                                   const std::string& at) {
  Findings out;
  const auto parties = PartiesOf(agreement);
  for (const std::string& state : parties) {
    if (!Contains(signatures, state)) {
      Tell("R-JIT-07.consents", UnderField(at, "founding_signatures"), out);
      break;
    }
  }
  std::set<std::string> pairs;
  for (const auto& row : agreement.basis()) {
    if (!SaysNothing(row.basis())) pairs.insert(row.pair());
  }
  if (agreement.basis().empty() || pairs.count("default") != 0) return out;
  for (size_t i = 0; i < parties.size(); ++i) {
    for (size_t k = i + 1; k < parties.size(); ++k) {
      if (pairs.count(Cat({parties[i], "-", parties[k]})) == 0 &&
          pairs.count(Cat({parties[k], "-", parties[i]})) == 0) {
        Tell("R-JIT-07.consents", UnderField(at, "basis"), out);
        return out;
      }
    }
  }
  return out;
}

std::vector<Finding> CheckTasking(const v1::Tasking& task, const OperationFacts& facts,
                                  const std::string& at) {
  Findings out;
  // Who has left has no leader and no authority either: one finding says it.
  if (facts.departed.count(task.state()) != 0) {
    Tell("R-JIT-08.departed", UnderField(at, "state"), out);
    return out;
  }
  const std::string leader = LeaderOf(facts.agreement, task.state());
  const bool led = !leader.empty() && leader == task.leader();
  if (!led && !IsEntrusted(task)) Tell("R-JIT-03.leader", UnderField(at, "leader"), out);
  if (!task.deconflicted()) Tell("R-JIT-04.open", UnderField(at, "deconflicted"), out);
  const auto& period = facts.agreement.period();
  if (IsOver(period.to(), task.start_utc())) {
    // No authority reaches beyond the agreement: one finding says it.
    Tell("R-JIT-05.period", UnderField(at, "start_utc"), out);
  } else if (!IsAuthorised(task) || IsLater(period.from(), task.start_utc())) {
    Tell("R-AUTH-03.order", UnderField(at, "authority"), out);
  }
  return out;
}

std::vector<Finding> CheckArrest(const v1::ArrestRecord& arrest, const std::string& at) {
  Findings out;
  const bool noticed =
      !IsBlank(arrest.rights_notice_lang()) && arrest.rights_notice_lang() != "und";
  if (!noticed || !IsUnderstood(arrest)) {
    Tell("R-HR-06.rights", at, out);
  }
  if (arrest.has_consular_informed() && !arrest.consular_informed()) {
    Tell("R-HR-06.consular", UnderField(at, "consular_informed"), out);
  }
  if (!arrest.counsel_offered()) Tell("R-HR-04.trial", at, out);
  if (arrest.juvenile() && SaysNothing(arrest.guardian())) {
    Tell("R-HR-08.guardian", UnderField(at, "guardian"), out);
  }
  return out;
}

std::vector<Finding> CheckCustody(const v1::EvidenceEntry& item, const std::string& at) {
  Findings out;
  Chain chain;
  if (!item.hash().empty()) chain.hashes.insert(absl::AsciiStrToLower(item.hash()));
  for (int i = 0; i < item.events_size(); ++i) {
    const v1::CustodyEvent& event = item.events(i);
    const std::string here = At(UnderField(at, "events"), i);
    if (!OneOf(event.k(), {"SEIZED", "SEALED", "TRANSFERRED", "OPENED", "EXAMINED", "COPIED",
                           "STORED", "RETURNED", "DESTROYED"})) {
      Tell("R-GEN-01.enum", UnderField(here, "k"), out);
    }
    if (!Pass(event, chain)) Tell("R-COC-01.gap", here, out);
    if (event.hash_after().empty()) continue;
    const bool first = chain.hashes.empty();
    const bool derived = event.derivation().ByteSizeLong() > 0;
    const bool fresh = chain.hashes.insert(absl::AsciiStrToLower(event.hash_after())).second;
    if (fresh && !first && !derived) Tell("R-COC-02.hash", UnderField(here, "hash_after"), out);
  }
  return out;
}

std::vector<Finding> CheckTokens(const std::vector<std::string>& tokens, const std::string& at) {
  Findings out;
  std::set<std::string> seen;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].empty() && !seen.insert(tokens[i]).second) {
      Tell("R-STAT-01.twice", At(at, static_cast<int>(i)), out);
    }
  }
  return out;
}

std::vector<Finding> CheckPairs(const v1::AdmissionProposal& admission,
                                const std::set<std::string>& members, const std::string& at) {
  Findings out;
  std::set<std::string> pairs;
  for (const auto& row : admission.basis()) {
    if (!IsBlank(row.basis())) pairs.insert(row.pair());
  }
  const std::string& newcomer = admission.state();
  const bool all = std::all_of(members.begin(), members.end(), [&](const std::string& member) {
    return pairs.count(Cat({member, "-", newcomer})) + pairs.count(Cat({newcomer, "-", member})) >
           0;
  });
  if (!all && pairs.count("default") == 0) Tell("R-JIT-07.consents", UnderField(at, "basis"), out);
  return out;
}

std::vector<Finding> CheckSharing(const std::string& to, uint64_t epoch, uint64_t current_epoch,
                                  const OperationFacts& facts, const std::string& at) {
  Findings out;
  if (facts.departed.count(to) != 0 || epoch < current_epoch) Tell("R-JIT-09.epoch", at, out);
  return out;
}

std::vector<Finding> CheckClosing(uint64_t open_obligations, bool logs_reconciled,
                                  const std::string& at) {
  Findings out;
  if (open_obligations > 0 || !logs_reconciled) Tell("R-AUD-01.open", at, out);
  return out;
}

std::vector<Finding> CheckCell(double cell, const std::string& at) {
  Findings out;
  if (cell > 0 && cell < static_cast<double>(kSmallestCell)) Tell("R-STAT-02.cell", at, out);
  return out;
}

// --- The tables that CheckBody runs: what one record alone shows

namespace {

void Say(const Findings& findings, Report& report) {
  for (const Finding& f : findings) report.Say(f.key, f.field);
}

void CheckArrestRecord(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (r.has_arrest()) Say(CheckArrest(r.arrest(), Cat({at, ".arrest"})), report);
  });
}
void CheckCustodyRecord(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (r.has_evidence()) Say(CheckCustody(r.evidence(), Cat({at, ".evidence"})), report);
  });
}
void CheckTaskRecord(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (!r.has_tasking()) return;
    // Whose leader it is and the period are the replay's matter: one record does not know them.
    if (!r.tasking().deconflicted()) {
      report.Say("R-JIT-04.open", Cat({at, ".tasking.deconflicted"}));
    }
    if (!IsAuthorised(r.tasking())) {
      report.Say("R-AUTH-03.order", Cat({at, ".tasking.authority"}));
    }
    const std::string& zone = r.tasking().local_tz();
    if (!IsBlank(zone) && !IsTimeZone(zone)) {
      report.Say("R-GEN-01.time_zone", Cat({at, ".tasking.local_tz"}));
    }
  });
}
void CheckClosingRecord(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (!r.has_closing()) return;
    Say(CheckClosing(r.closing().open_obligations(), r.closing().logs_reconciled(),
                     Cat({at, ".closing"})),
        report);
  });
}

// A word that is misspelt here opens nothing to an officer, or a compartment to all.
void CheckAccessWords(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (!IsWordOf("OperationRecord", "compartment", r.compartment())) {
      SayWord("OperationRecord", "compartment", Cat({at, ".compartment"}), report);
    }
    for (int i = 0; i < r.agreement().members_size(); ++i) {
      const v1::OperationMember& member = r.agreement().members(i);
      const auto place = [&](const char* field) {
        return At(Cat({at, ".agreement.members"}), i, field);
      };
      if (!IsWordOf("OperationMember", "role", member.role())) {
        SayWord("OperationMember", "role", place("role"), report);
      }
      if (std::any_of(member.compartments().begin(), member.compartments().end(),
                      [](const std::string& word) {
                        return !IsWordOf("OperationMember", "compartments", word);
                      })) {
        SayWord("OperationMember", "compartments", place("compartments"), report);
      }
    }
  });
}

void CheckAgreementBases(const RuleInput& in, Report& report) {
  const std::string& clock = NowText(in.context);
  const auto now = ParseInstant(clock);
  if (in.context.treaties == nullptr || !now.ok()) return;
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (r.has_agreement()) {
      Say(CheckBases(r.agreement(), *in.context.treaties, *now, Cat({at, ".agreement"})), report);
    }
    if (r.has_admission()) {
      v1::OperationAgreement pairs;
      *pairs.mutable_basis() = r.admission().basis();
      Say(CheckBases(pairs, *in.context.treaties, *now, Cat({at, ".admission"})), report);
    }
  });
}

void CheckRecordSize(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    if (r.parents_size() > static_cast<int>(limits::kMaxOperationParents) ||
        r.closing().counters_size() > static_cast<int>(limits::kMaxClosingCounters)) {
      report.Say("R-GEN-01.record_size", at, RecordSizes());
    }
  });
}

// What is in no list is counted as OTHER, and its money and its weight nowhere.
void CheckSeizedWords(const v1::Seizure& s, const std::string& at, Report& report) {
  const auto synonym = [&](std::string_view member, std::string_view meant) {
    report.Say("R-GEN-01.synonym", UnderField(at, member), {{"word", std::string(meant)}});
  };
  if (!IsWordOf("Seizure", "kind", s.kind())) {
    const std::string_view meant = SeizedKindMeant(s.kind());
    if (meant.empty()) SayWord("Seizure", "kind", UnderField(at, "kind"), report);
    if (!meant.empty()) synonym("kind", meant);
  }
  const std::string_view unit = UnitMeant(s.unit());
  if (!unit.empty() && unit != s.unit()) synonym("unit", unit);
}

void CheckSeizureRecord(const RuleInput& in, Report& report) {
  ForRecords(in, [&](const v1::OperationRecord& r, const std::string& at) {
    const v1::Seizure& s = r.seizure();
    if (r.has_seizure() && ((s.minor() != 0) != (s.ccy().size() == 3) || s.minor() < 0)) {
      report.Say("R-GEN-01.amount", Cat({at, ".seizure"}));
    }
    if (r.has_seizure()) CheckSeizedWords(s, Cat({at, ".seizure"}), report);
    // Timber has cubic metres, and other things what they have; they are not added up.
    const bool measured = s.kind() == "DRUG" && (s.has_quantity() || !IsBlank(s.unit()));
    if (measured && !AmountOf(s).has_value()) {
      report.Say("R-DRG-01.amount", Cat({at, ".seizure.", s.has_quantity() ? "unit" : "quantity"}));
    }
  });
}

constexpr Rule kOperationRules[] = {
    {{"R-GEN-01", "E", "2AP 20(4)", "a role or a compartment that there is not"}, CheckAccessWords},
    {{"R-DIR-03, R-DIR-06", "E", "UNTOC 19",
      "the treaty on which an agreement or an admission rests is not in force for the pair, or for "
      "nobody"},
     CheckAgreementBases},
    {{"R-JIT-04, R-AUTH-03, R-GEN-01", "E/I", "2AP 20(3)",
      "a task is not deconflicted, or its order is missing or not valid at its start; the tz "
      "database has no zone of its name (I)"},
     CheckTaskRecord},
    {{"R-HR-04, R-HR-06, R-HR-08", "E/W", "ICCPR 14",
      "an arrest without notice of rights that was understood, word of consular notice, counsel "
      "(W) or a child's guardian"},
     CheckArrestRecord},
    {{"R-COC-01, R-COC-02", "E", "",
      "custody has a gap, a wrong holder or an unsigned handover; a hash changed without "
      "derivation"},
     CheckCustodyRecord},
    {{"R-GEN-01, R-DRG-01", "E", "",
      "what was seized is of a kind of no list, or has a unit by another name than the one that is "
      "added up; an amount has no currency; a quantity of drugs has no unit in which it can be "
      "added"},
     CheckSeizureRecord},
    {{"R-AUD-01", "E", "", "the closing leaves obligations open or logs unreconciled"},
     CheckClosingRecord},
    {{"R-GEN-01", "E", "", "a record has more parents, counters or parts than fit"},
     CheckRecordSize},
};

}  // namespace

std::span<const Rule> OperationRules() { return kOperationRules; }

}  // namespace palermo::casework
