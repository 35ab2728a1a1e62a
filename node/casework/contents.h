// Required contents: what must stand in the body of an act before an officer may sign it. Runs on
// the desk, the only place that opens a body. Each rule is one small function in one table
// (Rules()). Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_CONTENTS_H_
#define PALERMO_NODE_CASEWORK_CONTENTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/acts.h"
#include "node/casework/finding.h"

namespace palermo::v1 {
class CaseBody;
class Request;
class BoardingAnswer;
}  // namespace palermo::v1

namespace palermo::casework {

class LeakScanner;
class TreatyStatus;
class PairPolicy;
struct Asset;
struct Obligation;

// What the check knows besides the body. A member left at its default is unknown, and a rule that
// needs it stays silent, unless its comment says otherwise.
// What a directory says about a state. A member at its default is unknown.
struct StateProfile {
  std::string death_penalty;  // ABOLISHED, RETAINED, MORATORIUM, RETAINED_NOT_USED
  std::vector<std::string> oral_agreed_with;
  std::optional<bool> network_24_7;
  bool sea_deemed_consent = false;  // notified under SUA 8bis(5)(d)
  std::string dual_criminality;     // REQUIRED, COERCIVE_ONLY, NOT_REQUIRED
};
struct Signatory {
  std::string officer;
  std::vector<std::string> mandate;  // families; "*" all
  std::string valid_to;              // ISO 8601
  std::string drafter;               // "" unknown
};

// What is known of the message around a body. A member at its default is unknown. ISO 8601.
struct MessageFacts {
  std::string created_at, predecessor_at;
  std::optional<bool> signature_verified;  // to the state's entry in the directory
  std::string signed_at, key_valid_from, key_valid_to;
  bool key_revoked = false;
  std::string entry_attested_at;  // the receiver's entry, newest attestation
};

struct CheckContext {
  v1::Family::Code family = v1::Family::MLA;
  v1::Act::Code act = v1::Act::UNSPECIFIED;
  v1::Urgency::Code urgency = v1::Urgency::UNSPECIFIED;
  Side side = Side::kRequesting;  // of the sender; only asked where MaySend allows both sides
  std::string requesting_state;
  std::string requested_state;
  std::vector<std::string> accepted_languages;  // of the recipient, BCP 47; empty: unknown
  std::string now_iso8601_date;                 // "2026-03-02"; empty: unknown
  const v1::Request* request = nullptr;         // the case's newest request; may be null; not owned

  // Not owned; null: unknown.
  const TreatyStatus* treaties = nullptr;
  bool wants_treaty_list = false;   // the desk looked for one: that there is none is told
  std::string requested_territory;  // of the requested authority; empty: the whole state
  const std::vector<Obligation>* obligations = nullptr;  // of the case so far
  const std::vector<Asset>* assets = nullptr;            // of the case so far
  // The numbers of policy of this pair, with which it acts; null: the defaults. Who receives an act
  // judges it by the defaults, which no pair can exceed or the two may have told apart.
  const PairPolicy* policy = nullptr;
  bool received = false;  // the body is another desk's, and was sent
  bool extract = false;   // a record that stands for a request and says no family
  const StateProfile* requesting_profile = nullptr;
  const StateProfile* requested_profile = nullptr;
  const Signatory* signatory = nullptr;
  std::string now;               // ISO 8601 instant; empty: now_iso8601_date at midnight
  bool answers_undated = false;  // `now` is the request's time; when it was answered is not known
  std::string recipient_role;    // that the message is addressed to; empty: unknown
  // Of the recipient's entry in the directory; empty: unknown.
  std::vector<std::string> recipient_roles;
  std::vector<std::string> accepted_channels;  // "CA_DIRECT", "24_7"
  // Where the entry has languages of its own for one instrument.
  std::map<std::string, std::vector<std::string>, std::less<>> instrument_languages;
  const LeakScanner* sealed_identities = nullptr;  // for the leak scan
  // The pseudonyms in the draft's compartments and in those of the case; null: there is no draft.
  const std::set<std::string>* compartment_refs = nullptr;
  // By these pseudonyms, where the draft's compartments say it.
  std::map<std::string, std::string> sealed_nationalities;
  const v1::BoardingAnswer* boarding_answer = nullptr;  // of the flag state
  const MessageFacts* message = nullptr;

  // The act belongs to a case, and its file is checked without it: what only earlier acts tell is
  // not asked.
  bool case_unknown = false;

  // What the desk knows from bodies it opened. Here the default means no.
  bool refusal_consultation_open = false;  // one with topic REFUSAL was opened in this case
  std::vector<uint32_t> refusal_consultation_items;  // for these items; empty: all
  bool postponement_consultation_open = false;
  // CONFIDENTIALITY_UNABLE was sent, and the requesting state has not answered it yet.
  bool confidentiality_undecided = false;
  bool requesting_state_unheard = false;  // neither stated its view nor did the notice period end
  absl::Duration oral_confirmation = absl::Hours(24);  // of this pair: R-CLK-ORAL
  std::string notice_ends_at;                          // of that period, ISO 8601; empty: unknown
  std::vector<uint32_t> settled_items;                 // with a final outcome in earlier results
  std::vector<int> settled_outcomes;                   // of these, v1::ItemOutcome; empty: unknown
  std::string last_act_at;                             // of the case, ISO 8601; empty: unknown
  // Since when and until when the requested state keeps the data, as it told last, ISO 8601; empty:
  // unknown.
  std::string preserved_from, preserved_until;
  bool followup_came = false;  // FOLLOWUP_RECEIVED was sent
  // At sea: the register was told and the boarding not decided; nothing of the flag state allows a
  // boarding.
  bool boarding_undecided = false, boarding_unauthorised = false;
  std::vector<uint32_t> refused_items;    // by an earlier refusal in part
  std::vector<uint32_t> withdrawn_items;  // by an earlier withdrawal in part
  // Who took back the consent to a referral or to sharing, as the case names the person, and when.
  std::map<std::string, absl::Time> withdrawn_consents;
  std::vector<uint32_t> items_without_consent;  // for which nothing more is done since
};

// All findings, errors first, then in the table's order. Empty: nothing to object to.
std::vector<Finding> CheckBody(const CheckContext& context, const v1::CaseBody& body);

// Whether the body answers a warning of the law with a reason: whatever a state's policy asks, a
// second officer approves that. That a form's example is meant (R-GEN-04) is no such warning.
bool NeedsSecondOfficer(const v1::CaseBody& body);

// A rule as documents show it. One id may have several lines, one for each act it looks at.
struct RuleInfo {
  std::string_view id;          // "R-REF-23"
  std::string_view severities;  // "E", "W" or "E/W"
  std::string_view article;     // "UNTOC 18(23)"
  std::string_view fires_when;  // our words
};
// Every rule that CheckBody runs, in order.
std::span<const RuleInfo> Rules();

// What the body's drafter answers for with a reason; entries of OverrideSet.
std::vector<std::string> AnsweredIn(const v1::CaseBody& body);

// The governing profile in its short form: "UNTOC_18", "UNCAC_46", "DRUG88_7", "BUD", "TF",
// "CETS198", "ECE", "UNCC". Accepts
// what a request may say ("UNTOC_18", "TREATY:TF", "BY_AGREEMENT_UNTOC_18"); unknown: "UNTOC_18".
std::string_view ProfileOf(std::string_view governing_profile);
// True for a treaty whose profile is not written down here: a bilateral one, the European ones on
// assistance. It is judged as UNTOC_18, and its own grounds by the article that a refusal names.
bool IsOtherTreaty(std::string_view governing_profile);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CONTENTS_H_
