#include "node/casework/use.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

bool Has(const std::vector<std::string>& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::string_view kCourtWords[] = {
    "COURT",       "JUDICIAL",   "TRIAL",    "PROCEEDING", "PROCEEDINGS",
    "PROSECUTION", "INDICTMENT", "EVIDENCE", "HEARING",    "CHARGES"};
constexpr std::string_view kPoliceWords[] = {
    "LEAD",     "LEADS",  "OPERATION",  "OPERATIONAL", "ANALYSIS", "INTELLIGENCE",
    "PLANNING", "POLICE", "PREVENTION", "TARGETING",   "JIT"};
// Words that change nothing.
constexpr std::string_view kFillers[] = {"CRIMINAL", "JOINT", "STRATEGIC", "USE", "IN",
                                         "AT",       "THE",   "OF",        "FOR", "FILING"};

template <size_t n>
bool IsAmong(const std::string_view (&words)[n], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

Purpose PurposeOf(const std::string& text) {
  Purpose purpose;
  // A threat to life is a purpose that no restriction reaches.
  if (OneOf(text, {"PREVENTION_IMMINENT_THREAT", "SEARCH_AND_RESCUE", "VICTIM_PROTECTION"})) {
    return {Purpose::Kind::kSafety, "", true};
  }
  const size_t named = text.find_first_of("(:");
  if (named != std::string::npos) {
    purpose.ref = text.substr(named + 1);
    if (!purpose.ref.empty() && purpose.ref.back() == ')') purpose.ref.pop_back();
  }
  purpose.plain = true;
  const std::vector<std::string> words =
      absl::StrSplit(text.substr(0, named), absl::ByAnyChar(" _,;"), absl::SkipEmpty());
  for (const std::string& said : words) {
    const std::string word = absl::AsciiStrToUpper(said);
    if (IsAmong(kCourtWords, word)) {
      purpose.kind = std::min(purpose.kind, Purpose::Kind::kCourt);
    } else if (OneOf(word, {"INVESTIGATION", "INVESTIGATIVE"})) {
      purpose.kind = std::min(purpose.kind, Purpose::Kind::kInvestigation);
    } else if (IsAmong(kPoliceWords, word)) {
      purpose.kind = std::min(purpose.kind, Purpose::Kind::kPolice);
    } else if (HasDigit(word)) {
      purpose.ref = said;
    } else {
      purpose.plain &= IsAmong(kFillers, word);
    }
  }
  return purpose;
}

std::vector<Finding> CheckUse(const Restrictions& r, const Use& use, bool consent) {
  std::vector<Finding> findings;
  const bool own = !use.by.empty() && use.by == r.originator;
  if (consent || own) return findings;
  const Purpose purpose = PurposeOf(use.purpose);
  const std::string& ref = use.proceeding.empty() ? purpose.ref : use.proceeding;
  const bool agreed = ref.empty() || r.purposes.empty() || Has(r.purposes, ref);
  const bool addressee =
      use.by.empty() || r.release_states.empty() || Has(r.release_states, use.by);
  if (purpose.kind == Purpose::Kind::kSafety) return findings;
  if (Has(r.purposes, use.purpose) && agreed && addressee) return findings;
  const bool court = purpose.kind == Purpose::Kind::kCourt;
  const bool other = purpose.kind == Purpose::Kind::kOther ||
                     (r.evidence && purpose.kind == Purpose::Kind::kPolice);
  if (court && (r.handling == "H1" || Has(r.kinds, "NO_JUDICIAL_USE"))) {
    Tell("R-USE-02.court", "use.purpose", findings);
  } else if (!addressee) {
    Tell("R-USE-01.state", "use.by", findings);
  } else if (other || !purpose.plain || !agreed) {
    Tell("R-USE-01.purpose", "use.purpose", findings);
  }
  return findings;
}

std::vector<Finding> CheckForward(const Restrictions& r, const std::string& from,
                                  const std::string& to, bool consent) {
  std::vector<Finding> findings;
  if (consent || Has(r.release_states, to)) return findings;
  const bool own = !r.originator.empty() && (to == r.originator || from == r.originator);
  if (!own) Tell("R-USE-01.state", "forward.to", findings);
  return findings;
}

std::vector<Finding> CheckDisclosure(const Disclosure& d) {
  std::vector<Finding> findings;
  if (d.confidential && !d.needed_for_execution && !d.consent) {
    Tell("R-CONF-01.told", "disclosure.to", findings);
  }
  return findings;
}

std::vector<Finding> CheckOpening(const Opening& o) {
  std::vector<Finding> findings;
  const bool role = OneOf(o.role, {"VICTIM_OFFICER", "DISCLOSURE_OFFICER", "AUDITOR", "DPO"}) ||
                    !IsBlank(o.order);
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
