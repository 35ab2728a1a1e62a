// The rules of joint operations on typed records: tasking, arrests, custody, admission, sharing,
// closing. docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_RULES_H_
#define PALERMO_NODE_CASEWORK_OPERATION_RULES_H_

#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "node/casework/finding.h"
#include "node/casework/treaty.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::casework {

// What stands when a record is judged.
struct OperationFacts {
  v1::OperationAgreement agreement;  // the version in force
  std::set<std::string> departed;    // states that have left
};

// The states that an agreement names as its parties, in its order.
std::vector<std::string> PartiesOf(const v1::OperationAgreement& agreement);
// R-JIT-07: every party signed; with a list of pairs, every pair has a basis.
std::vector<Finding> CheckFounding(const v1::OperationAgreement& agreement,
                                   const std::vector<std::string>& signatures,
                                   const std::string& at);
// R-DIR-03, R-DIR-06: a pair's treaty is not in force between the two, or for nobody.
std::vector<Finding> CheckBases(const v1::OperationAgreement& agreement,
                                const TreatyStatus& treaties, absl::Time now,
                                const std::string& at);
// R-JIT-08 alone for a state that has left; else R-JIT-03, -04, -05 after the period, R-AUTH-03
// before it or outside the order's time.
std::vector<Finding> CheckTasking(const v1::Tasking& task, const OperationFacts& facts,
                                  const std::string& at);
// R-HR-04, R-HR-06, R-HR-08.
std::vector<Finding> CheckArrest(const v1::ArrestRecord& arrest, const std::string& at);
// R-COC-01, R-COC-02.
std::vector<Finding> CheckCustody(const v1::EvidenceEntry& item, const std::string& at);
// R-STAT-01: a token that occurs twice. `at` names the list.
std::vector<Finding> CheckTokens(const std::vector<std::string>& tokens, const std::string& at);
// R-JIT-06 of a pair whose treaties leave out a crime of the purpose, and have no article on joint
// work.
std::vector<Finding> CheckScope(const v1::OperationAgreement& agreement, const std::string& subject,
                                const TreatyStatus& treaties, const std::string& at);
// R-JIT-07 without every party's consent or a basis of all; else R-JIT-06 where an instrument of
// the purpose binds two of the parties and not every pair with the newcomer. `subject`: words that
// say what it is about.
std::vector<Finding> CheckAdmission(const v1::OperationAgreement& agreement,
                                    const std::string& newcomer,
                                    const std::vector<std::string>& consents,
                                    const std::string& subject, const TreatyStatus& treaties,
                                    absl::Time at);
// R-JIT-07: a basis for the newcomer with every member.
std::vector<Finding> CheckPairs(const v1::AdmissionProposal& admission,
                                const std::set<std::string>& members, const std::string& at);
// R-JIT-09: content to a state that has left, or under a key of an earlier membership.
std::vector<Finding> CheckSharing(const std::string& to, uint64_t epoch, uint64_t current_epoch,
                                  const OperationFacts& facts, const std::string& at);
// R-AUD-01.
std::vector<Finding> CheckClosing(uint64_t open_obligations, bool logs_reconciled,
                                  const std::string& at);
// R-STAT-02: a number of persons from 1 to 4 in what leaves the operation.
inline constexpr uint64_t kSmallestCell = 5;
// In the figures of one state; and parts of one kind in a record: targets, casualties, warrants.
inline constexpr size_t kMaxCurrenciesOfAState = 16;
inline constexpr int kMaxRepeatedParts = 200;
std::vector<Finding> CheckCell(double cell, const std::string& at);

// TIP, SOM, FAP that the purpose belongs to: as listed, or as its words say.
std::set<std::string> InstrumentsOf(const v1::OperationPurpose& purpose,
                                    const std::string& subject);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_RULES_H_
