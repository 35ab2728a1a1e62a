// What a state does with what it received: use, onward transfer, exculpatory disclosure. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_USE_H_
#define PALERMO_NODE_CASEWORK_USE_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"

namespace palermo::casework {

// The restrictions on one object.
struct Restrictions {
  std::string handling;            // "H1"
  std::vector<std::string> kinds;  // "NO_JUDICIAL_USE"
  std::vector<std::string> release_states;
  std::vector<std::string> purposes;  // proceedings for which it was given
  std::string originator;
  bool evidence = false;  // given as evidence in answer to a request: 18(19), no police information
};

// R-USE-01 for another purpose than agreed, R-USE-02 in court against the handling code; silent
// with a recorded consent.
std::vector<Finding> CheckUse(const Restrictions& restrictions, const std::string& purpose,
                              const std::string& consent);
// R-USE-01 outside the release states.
std::vector<Finding> CheckForward(const Restrictions& restrictions, const std::string& to,
                                  const std::string& consent);
// R-CONF-01: fact or substance of a confidential request told to somebody whom the execution does
// not need; silent with a recorded consent.
struct Disclosure {
  bool confidential = false;  // 18(20), or given under 18(5)
  bool needed_for_execution = false;
  std::string consent;
};
std::vector<Finding> CheckDisclosure(const Disclosure& disclosure);
// R-HR-10: who opens a sealed identity holds the role, and a second officer opens with him.
struct Opening {
  std::string role;  // VICTIM_OFFICER, DISCLOSURE_OFFICER
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
