// What a state does with what it received: use, onward transfer, exculpatory disclosure. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_USE_H_
#define PALERMO_NODE_CASEWORK_USE_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"

namespace palermo::casework {

// The restrictions on one object. Who made it is bound by none of them.
struct Restrictions {
  std::string handling;                     // "H1"
  std::vector<std::string> kinds;           // "NO_JUDICIAL_USE"
  std::vector<std::string> release_states;  // empty: unknown
  // What it was given for: proceedings, an operation by its name, words of the agreement or
  // request.
  std::vector<std::string> purposes;
  std::string originator;
  bool evidence = false;  // for proceedings alone, 18(19); else for all police work
};

// What a purpose is, by its words: "INVESTIGATION(PS-1)", "JIT:TIDEGATE", "COURT", "TAX-2026-4".
struct Purpose {
  enum class Kind { kCourt, kInvestigation, kPolice, kSafety, kOther } kind = Kind::kOther;
  std::string ref;     // the case that it names; "" when it names none
  bool plain = false;  // nothing else is said: no "TAX" before the "COURT"
};
Purpose PurposeOf(const std::string& text);

// What is done with an object, by whom ("" unknown), and where a court is asked, in which
// proceedings ("" its own).
struct Use {
  std::string purpose, by, proceeding;
};
// R-USE-01 for another purpose or another state than agreed, R-USE-02 in court against the handling
// code; silent with a recorded consent.
std::vector<Finding> CheckUse(const Restrictions& restrictions, const Use& use, bool consent);
// R-USE-01 outside the release states.
std::vector<Finding> CheckForward(const Restrictions& restrictions, const std::string& from,
                                  const std::string& to, bool consent);
// R-CONF-01: fact or substance of a confidential request told to somebody whom the execution does
// not need; silent with a recorded consent.
struct Disclosure {
  bool confidential = false;  // 18(20), or given under 18(5)
  bool needed_for_execution = false;
  bool consent = false;
};
std::vector<Finding> CheckDisclosure(const Disclosure& disclosure);
// R-HR-10: who opens a sealed identity holds the role, and a second officer opens with him.
struct Opening {
  std::string role;  // VICTIM_OFFICER, DISCLOSURE_OFFICER; AUDITOR and DPO under dual control
  bool dual_control = false;
  std::string order;  // of a court, which opens without the role
};
std::vector<Finding> CheckOpening(const Opening& opening);
// R-DOC-02: names of the members that an answer gives away.
std::vector<Finding> CheckAnswer(const std::vector<std::string>& members);
// R-USE-03, a warning at most: disclosure is never stopped.
std::vector<Finding> CheckExculpatory(const std::string& kind, const std::string& why_no_prior);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_USE_H_
