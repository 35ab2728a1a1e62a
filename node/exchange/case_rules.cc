#include "node/exchange/case_rules.h"

#include "base/limits.h"
#include "base/state_code.h"
#include "node/exchange/keys.h"
#include "node/trust/envelope.h"

namespace palermo::exchange {
namespace {

// How many acts a case's own value names; part of the store's format.
constexpr uint64_t kFirstActs = 16;

absl::StatusOr<casework::Side> SideOf(const v1::CaseEntry& entry, const std::string& state) {
  if (state == entry.requesting_state()) return casework::Side::kRequesting;
  if (state == entry.requested_state()) return casework::Side::kRequested;
  return Refused("WRONG_SENDER", Cat({"the state ", state, " is no party to this case"}));
}

absl::StatusOr<casework::Standing> JudgeFirst(const v1::Header& header, bool case_exists) {
  if (case_exists)
    return Refused("ILLEGAL_ACT", "the case is open already; a request opens a new case");
  if (!header.parents().empty()) {
    return Refused("UNKNOWN_PARENT", "a request that opens a case has no parents");
  }
  std::vector<std::string> states = trust::RecipientStates(header);
  if (states.size() != 1) {
    return Refused("ILLEGAL_ACT", "a request goes to one state; open a case for each state");
  }
  return casework::Apply(casework::Standing(), casework::Side::kRequesting, header.act(),
                         header.family());
}

// One parent whose standing is known answers by itself; what else there is needs the case's facts.
absl::StatusOr<casework::Standing> StandingAtParents(Tx& tx, const v1::CaseEntry& entry,
                                                     const v1::Header& header) {
  if (header.parents_size() == 1) {
    PALERMO_ASSIGN_OR_RETURN(auto parent,
                             tx.Load<v1::StoredMessage>(keys::Message(header.parents(0))));
    if (!parent.has_value() || parent->void_act()) {
      return Refused("UNKNOWN_PARENT", "the act before it is not known here, or never arrived");
    }
    v1::Header parent_header;
    if (!parent_header.ParseFromString(parent->header()) ||
        parent_header.case_id() != header.case_id()) {
      return Refused("UNKNOWN_PARENT", "the act before it is of another case");
    }
    if (!parent->held() && !parent->illegal()) {
      return casework::StandingFromNumbers(parent->state_after(), parent->resume_state());
    }
  }
  PALERMO_ASSIGN_OR_RETURN(std::vector<casework::ActFact> facts,
                           CaseFacts(tx, header.case_id(), entry));
  std::vector<Hash> parents;
  for (const auto& bytes : header.parents()) {
    PALERMO_ASSIGN_OR_RETURN(Hash parent, HashFrom(bytes, "parent"));
    parents.push_back(parent);
  }
  return casework::StandingAt(facts, parents);
}

}  // namespace

absl::StatusOr<v1::CaseEntry> LoadCase(const Tx& tx, std::string_view case_id) {
  PALERMO_ASSIGN_OR_RETURN(auto entry, tx.Load<v1::CaseEntry>(keys::Case(case_id)));
  return entry.has_value() ? *std::move(entry) : v1::CaseEntry();
}

absl::StatusOr<casework::Standing> JudgeAct(Tx& tx, const v1::CaseEntry& entry,
                                            const v1::Header& header) {
  bool case_exists = entry.acts() > 0;
  // A written request may also follow an oral one, in the case that the note opened.
  if (casework::OpensCase(header.act()) && (!case_exists || header.parents().empty())) {
    return JudgeFirst(header, case_exists);
  }
  if (!case_exists) {
    return Refused("UNKNOWN_CASE", "the case is not known here; only a request opens one");
  }
  if (entry.acts() >= limits::kMaxActsPerCase) {
    return OverLimit("TOO_MANY", "the case has as many acts as a case can have");
  }
  if (header.family() != entry.family()) {
    return Refused("ILLEGAL_ACT",
                   "the act is of another family than its case; open a case of its own");
  }
  if (header.parents().empty()) {
    return Refused("UNKNOWN_PARENT", "an act in a case names the acts before it");
  }
  PALERMO_ASSIGN_OR_RETURN(casework::Side side, SideOf(entry, StateOf(header.sender())));
  for (const std::string& state : trust::RecipientStates(header)) {
    PALERMO_RETURN_IF_ERROR(SideOf(entry, state).status());
  }
  PALERMO_ASSIGN_OR_RETURN(casework::Standing standing, StandingAtParents(tx, entry, header));
  return casework::Apply(standing, side, header.act(), header.family());
}

void AddAct(Tx& tx, const v1::Header& header, std::string_view message_id, v1::CaseEntry entry) {
  if (entry.acts() == 0) {
    entry.set_requesting_state(StateOf(header.sender()));
    entry.set_requested_state(trust::RecipientStates(header).front());
    entry.set_family(header.family());
  }
  if (entry.acts() < kFirstActs) {
    entry.add_first_acts(std::string(message_id));
  } else {
    tx.Put(keys::CaseAct(header.case_id(), entry.acts()), std::string(message_id));
  }
  entry.set_acts(entry.acts() + 1);
  SaveCase(tx, header.case_id(), entry);
}

void SaveCase(Tx& tx, std::string_view case_id, const v1::CaseEntry& entry) {
  tx.Save(keys::Case(case_id), entry);
}

v1::UsedNumbers& UsedBy(v1::CaseEntry& entry, const std::string& authority) {
  for (v1::UsedNumbers& used : *entry.mutable_used()) {
    if (used.authority() == authority) return used;
  }
  v1::UsedNumbers& used = *entry.add_used();
  used.set_authority(authority);
  return used;
}

absl::StatusOr<std::vector<casework::ActFact>> CaseFacts(Tx& tx, std::string_view case_id,
                                                         const v1::CaseEntry& entry) {
  tx.CountWholeCase();
  std::vector<casework::ActFact> facts;
  std::vector<std::string> ids(entry.first_acts().begin(), entry.first_acts().end());
  if (entry.acts() > kFirstActs) {
    PALERMO_RETURN_IF_ERROR(tx.ScanPrefix(keys::CaseActs(case_id), limits::kMaxActsPerCase,
                                          [&](const std::string&, const std::string& id) {
                                            ids.push_back(id);
                                            return true;
                                          }));
  }
  for (const std::string& id : ids) {
    PALERMO_ASSIGN_OR_RETURN(auto message, tx.Load<v1::StoredMessage>(keys::Message(id)));
    v1::Header header;
    if (!message.has_value() || !header.ParseFromString(message->header())) {
      return Damaged("STORE_DAMAGED", "a case names a message that is not in the store");
    }
    if (message->void_act() || message->held()) continue;
    casework::ActFact fact;
    PALERMO_ASSIGN_OR_RETURN(fact.id, HashFrom(id, "message id"));
    auto side = SideOf(entry, StateOf(header.sender()));
    if (!side.ok()) continue;  // of a state that is no party: it is no act of this case
    fact.side = *side;
    fact.act = header.act();
    for (const auto& bytes : header.parents()) {
      PALERMO_ASSIGN_OR_RETURN(Hash parent, HashFrom(bytes, "parent"));
      fact.parents.push_back(parent);
    }
    facts.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace palermo::exchange
