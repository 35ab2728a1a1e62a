#include "node/casework/use.h"

#include <algorithm>

#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool Has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

std::vector<Finding> CheckUse(const Restrictions& r, const std::string& purpose,
                              const std::string& consent) {
  std::vector<Finding> findings;
  if (!IsBlank(consent) || Has(r.purposes, purpose)) return findings;
  // A threat to life is a purpose that no restriction reaches; strategy works without persons.
  if (OneOf(purpose, {"PREVENTION_IMMINENT_THREAT", "SEARCH_AND_RESCUE", "VICTIM_PROTECTION"})) {
    return findings;
  }
  const bool court = purpose == "COURT" || purpose == "JUDICIAL";
  if (court && (r.handling == "H1" || Has(r.kinds, "NO_JUDICIAL_USE"))) {
    Tell("R-USE-02.court", "use.purpose", findings);
  } else if (!court || r.evidence) {
    Tell("R-USE-01.purpose", "use.purpose", findings);
  }
  return findings;
}

std::vector<Finding> CheckForward(const Restrictions& r, const std::string& to,
                                  const std::string& consent) {
  std::vector<Finding> findings;
  if (!IsBlank(consent) || Has(r.release_states, to) || to == r.originator) return findings;
  Tell("R-USE-01.state", "forward.to", findings);
  return findings;
}

std::vector<Finding> CheckDisclosure(const Disclosure& d) {
  std::vector<Finding> findings;
  if (d.confidential && !d.needed_for_execution && IsBlank(d.consent)) {
    Tell("R-CONF-01.told", "disclosure.to", findings);
  }
  return findings;
}

std::vector<Finding> CheckOpening(const Opening& o) {
  std::vector<Finding> findings;
  const bool role = OneOf(o.role, {"VICTIM_OFFICER", "DISCLOSURE_OFFICER"}) || !IsBlank(o.order);
  if (!role || !o.dual_control) Tell("R-HR-10.opened", "opening.role", findings);
  return findings;
}

std::vector<Finding> CheckAnswer(const std::vector<std::string>& members) {
  std::vector<Finding> findings;
  if (!std::all_of(members.begin(), members.end(), IsOfTheAnswer)) {
    Tell("R-DOC-02.more", "answer", findings);
  }
  return findings;
}

std::vector<Finding> CheckExculpatory(const std::string& kind, const std::string& why_no_prior) {
  std::vector<Finding> findings;
  const bool noticed = kind == "PRIOR" || (kind == "POST" && !IsBlank(why_no_prior));
  if (!noticed) Tell("R-USE-03.notice", "use.kind", findings);
  return findings;
}

}  // namespace palermo::casework
