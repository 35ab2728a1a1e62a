#include "node/casework/intelligence/policy.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/state_code.h"
#include "base/status.h"
#include "node/casework/intelligence/route_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Handling;
using v1::Label;
using v1::Tlp;

template <typename List>
bool HasWord(const List& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}
bool HasCode(const Label& label, Handling::Code code) {
  return std::find(label.handling().begin(), label.handling().end(), code) !=
         label.handling().end();
}

bool IsToLife(std::string_view purpose) {
  return OneOf(purpose, {"PREVENTION_IMMINENT_THREAT", "SEARCH_AND_RESCUE", "VICTIM_PROTECTION"});
}

// A product of others' records is nobody's own: their originators keep their control.
bool Owns(const Label& label, const std::string& state) {
  return state == label.originator() && label.derived_from().empty();
}

bool Consented(const Label& label, const RecordFacts& facts, const std::string& state,
               const std::string& purpose) {
  if (!label.derived_from().empty()) return false;
  // The originator may take a consent back, without any receipt.
  bool granted = false;
  for (const OnwardConsent& c : facts.consents) {
    if (c.answered_by != label.originator() || c.to_state != state || c.purpose != purpose)
      continue;
    granted = c.granted && (granted || (c.in_originators_ledger && c.in_holders_ledger));
  }
  return granted;
}

bool Held(const Label& label, const RecordFacts& facts, const std::string& state) {
  return state == label.originator() ||
         std::any_of(facts.sealed_to.begin(), facts.sealed_to.end(),
                     [&](const std::string& a) { return IsAuthorityId(a) && StateOf(a) == state; });
}

struct Question {
  const Label& label;
  const RecordFacts& facts;
  const Asker& asker;
  Way way;
  const std::string& to;
  absl::Time now;

  bool Onward() const { return way == Way::kExport || way == Way::kForward; }
};

bool IsComplete(const Question& q) {
  const Label& l = q.label;
  const bool dated = l.delete_by().empty() || ParseInstant(l.delete_by()).ok();
  return IsStateCode(l.originator()) && !l.handling().empty() && l.tlp() != Tlp::UNSPECIFIED &&
         Tlp::Code_IsValid(l.tlp()) && !l.purposes().empty() && dated;
}

bool IsWithheld(const Question& q) {
  return HasWord(q.label.withheld_states(), q.asker.state) ||
         (!q.to.empty() && HasWord(q.label.withheld_states(), q.to));
}

bool IsAlive(const Question& q) {
  const bool over = IsAfterEnd(q.label.delete_by(), q.now);
  if (!q.facts.recalled && !q.facts.replaced && !over) return true;
  return q.way == Way::kHistory && Held(q.label, q.facts, q.asker.state);
}

bool StateAllowed(const Question& q, const std::string& state) {
  return state == q.label.originator() || HasWord(q.label.release_states(), state) ||
         Consented(q.label, q.facts, state, q.asker.purpose);
}

bool MemberAllowed(const Question& q, const std::string& state) {
  return q.label.operation().empty() || state == q.label.originator() ||
         HasWord(q.facts.members, state) || Consented(q.label, q.facts, state, q.asker.purpose);
}

// Who left keeps what he had, and gets nothing more.
bool AddresseeAllowed(const Question& q) {
  const bool left = !q.label.operation().empty() && HasWord(q.facts.departed, q.to);
  return StateAllowed(q, q.to) && MemberAllowed(q, q.to) &&
         (!left || q.to == q.label.originator() ||
          Consented(q.label, q.facts, q.to, q.asker.purpose));
}

bool TlpAllowed(const Question& q) {
  const auto tlp = q.label.tlp();
  if (tlp <= Tlp::GREEN) return true;
  if (IsBlank(q.asker.need_to_know)) return false;
  if (tlp == Tlp::RED && !HasWord(q.label.recipients(), q.asker.officer)) return false;
  return tlp < Tlp::AMBER_STRICT || Owns(q.label, q.asker.state) ||
         HasWord(q.facts.sealed_to, q.asker.authority);
}

bool PurposeAllowed(const Question& q) {
  return IsToLife(q.asker.purpose) || HasWord(q.label.purposes(), q.asker.purpose) ||
         Consented(q.label, q.facts, q.asker.state, q.asker.purpose);
}

bool CourtAllowed(const Question& q) {
  return q.asker.purpose != "PROSECUTION" || !HasCode(q.label, Handling::H1) ||
         Owns(q.label, q.asker.state) ||
         Consented(q.label, q.facts, q.asker.state, q.asker.purpose);
}

// H2: its provider alone lets it go further; that it released it to a state is not yet that another
// state may hand it there. Within the own state is not further, nor back to the provider, but that
// of a product made from what others gave is not theirs.
bool IsFurther(const Question& q) {
  const bool back = q.to == q.label.originator() && q.label.derived_from().empty();
  return q.to != q.asker.state && !back;
}

bool OnwardAllowed(const Question& q) {
  if (!q.Onward() || Owns(q.label, q.asker.state)) {
    return !q.Onward() || q.to.empty() || AddresseeAllowed(q);
  }
  if (q.to.empty() || !AddresseeAllowed(q)) return false;
  const bool bound = HasCode(q.label, Handling::H3) || q.label.tlp() >= Tlp::AMBER_STRICT ||
                     (HasCode(q.label, Handling::H2) && IsFurther(q));
  return !bound || Consented(q.label, q.facts, q.to, q.asker.purpose);
}

struct Clause {
  std::string_view name, todo;
  bool (*allows)(const Question&);
};
constexpr Clause kClauses[] = {
    {"LABEL", "the originator must complete the label", IsComplete},
    {"WITHHELD", "a claim for protection is open: do not tell the state of origin",
     [](const Question& q) { return !IsWithheld(q); }},
    {"ALIVE", "the record was recalled or replaced, or its time is over; see its history", IsAlive},
    {"STATE", "ask the originator for its consent",
     [](const Question& q) { return StateAllowed(q, q.asker.state); }},
    {"MEMBER", "ask the originator to send it again",
     [](const Question& q) { return MemberAllowed(q, q.asker.state); }},
    {"TLP", "only the addressees see it, and they say why they need to", TlpAllowed},
    {"PURPOSE", "ask the originator for its consent to this purpose", PurposeAllowed},
    {"COURT", "ask the originator for its permission to use it in court", CourtAllowed},
    {"ONWARD", "ask the originator for its consent to pass it on", OnwardAllowed},
};

absl::Status NotOriginator(const Label& label) {
  return InputError("NOT_ORIGINATOR", absl::StrFormat("only %s decides about its record; ask it",
                                                      label.originator()));
}

// Keeps of `list` what `allowed` has.
template <typename List>
void Intersect(const std::vector<std::string>& allowed, List& list) {
  List kept;
  for (const std::string& word : list) {
    if (HasWord(allowed, word)) *kept.Add() = word;
  }
  list.Swap(&kept);
}

void Narrow(const Label& part, Label& out) {
  for (int code : part.handling()) {
    if (!HasCode(out, static_cast<Handling::Code>(code))) {
      out.add_handling(static_cast<Handling::Code>(code));
    }
  }
  if (!IsBlank(part.other_restrictions())) {
    out.set_other_restrictions(
        Cat({out.other_restrictions(), out.other_restrictions().empty() ? "" : "\n",
             part.other_restrictions()}));
  }
  std::vector<std::string> states(part.release_states().begin(), part.release_states().end());
  states.push_back(part.originator());
  Intersect(states, *out.mutable_release_states());
  Intersect({part.purposes().begin(), part.purposes().end()}, *out.mutable_purposes());
  if (part.tlp() == Tlp::RED) {
    if (out.tlp() == Tlp::RED) {
      Intersect({part.recipients().begin(), part.recipients().end()}, *out.mutable_recipients());
    } else {
      *out.mutable_recipients() = part.recipients();
    }
  }
  out.set_tlp(std::max(out.tlp(), part.tlp()));
  for (const std::string& state : part.withheld_states()) {
    if (!HasWord(out.withheld_states(), state)) out.add_withheld_states(state);
  }
  const auto mine = ParseInstant(out.delete_by()), its = ParseInstant(part.delete_by());
  if (its.ok() && (!mine.ok() || *its < *mine)) out.set_delete_by(part.delete_by());
}

}  // namespace

std::string_view WayName(Way way) {
  constexpr std::string_view kNames[] = {"VIEW", "SEARCH", "HISTORY", "COUNT", "EXPORT", "FORWARD"};
  return kNames[static_cast<size_t>(way)];
}

PolicyDecision MayPass(const Label& label, const RecordFacts& facts, const Asker& asker, Way way,
                       const std::string& to_state, absl::Time now) {
  const Question q{label, facts, asker, way, to_state, now};
  for (const Clause& clause : kClauses) {
    if (!clause.allows(q)) return {false, clause.name, clause.todo};
  }
  return {true, "", ""};
}

absl::Status Apply(const Label& label, const SharingEvent& event, RecordFacts& facts) {
  using Kind = SharingEvent::Kind;
  const bool owner = event.by == label.originator();
  switch (event.kind) {
    case Kind::kSealed:
      if (!HasWord(facts.sealed_to, event.to)) facts.sealed_to.push_back(event.to);
      return absl::OkStatus();
    case Kind::kConsent:
      if (event.consent.answered_by != label.originator()) return NotOriginator(label);
      facts.consents.push_back(event.consent);
      return absl::OkStatus();
    case Kind::kRecalled:
      if (!owner) return NotOriginator(label);
      facts.recalled = true;
      return absl::OkStatus();
    case Kind::kReplaced:
      if (!owner) return NotOriginator(label);
      facts.replaced = true;
      return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::StatusOr<Label> StrictestOf(const std::vector<Label>& labels, const std::string& maker) {
  if (labels.empty()) return InputError("NO_INPUT", "a product needs at least one record");
  Label out = labels.front();
  // The first originator is one of those to whom the others must release it as well.
  if (!HasWord(out.release_states(), out.originator())) out.add_release_states(out.originator());
  for (const Label& part : labels) {
    if (part.originator() != maker && !HasWord(part.release_states(), maker)) {
      return InputError("NOT_RELEASED", "one of the records was not released to this state");
    }
    const bool same_moment = std::equal(part.operation_seen().begin(), part.operation_seen().end(),
                                        out.operation_seen().begin(), out.operation_seen().end());
    if (part.operation() != out.operation() || !same_moment) {
      return InputError("MIXED_OPERATIONS",
                        "records of two operations, or of two memberships of one, make no product; "
                        "use those of one");
    }
    Narrow(part, out);
    const bool known = HasWord(out.derived_from(), part.originator());
    if (part.originator() != maker && !known) out.add_derived_from(part.originator());
    for (const std::string& id : part.derived_from()) {
      if (!HasWord(out.derived_from(), id)) out.add_derived_from(id);
    }
  }
  out.set_originator(maker);
  return out;
}

bool IsPurpose(std::string_view word) {
  const auto words = Purposes();
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace palermo::casework
