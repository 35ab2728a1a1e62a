// Says who may have a record, from the bare list of what was signed: no code of the policy. For the
// property test of sharing.
#ifndef PALERMO_NODE_CASEBOOK_SHARING_ORACLE_H_
#define PALERMO_NODE_CASEBOOK_SHARING_ORACLE_H_

#include <map>
#include <set>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "node/casebook/casebook.h"
#include "node/casebook/test_util.h"

namespace palermo::casebook {

using casework::Way;
using States = std::set<std::string>;

// Somebody at a desk who wants the record in some way.
struct Question {
  std::string desk, officer, purpose, need;
  Way way = Way::kView;
  std::string to;

  Access With() const {
    return {{desk, Cat({desk, "/central"}), Cat({desk, "/central/", officer}), purpose, need},
            Noon()};
  }
  bool Onward() const { return way == Way::kExport || way == Way::kForward; }
};

// Says from the bare list of what was signed who may have it: no code of the policy. The numbers
// are those of docs/formats/intelligence.md.
struct Oracle {
  std::string originator = "QN";
  States released, withheld, members, members_now, purposes, recipients;
  bool of_operation = false, complete = true, over = false, h1 = false, h2 = false, h3 = false;
  v1::Tlp::Code tlp = v1::Tlp::CLEAR;
  // By desk, what reached it.
  std::map<std::string, std::map<std::pair<std::string, std::string>, bool>> consents;
  std::map<std::string, States> sealed_to;
  States taken_back, purged;

  bool Consented(const std::string& desk, const std::string& state, const std::string& purpose) {
    return consents[desk][{state, purpose}];
  }
  bool Inside(const std::string& state, const Question& q) {
    const bool consented = Consented(q.desk, state, q.purpose);
    const bool listed = state == originator || released.count(state) != 0 || consented;  // 4
    const bool member =
        !of_operation || state == originator || members.count(state) != 0 || consented;  // 5
    return withheld.count(state) == 0 && listed && member;                               // 2
  }
  bool MayKnow(const Question& q) {
    const bool own = q.desk == originator;
    const bool gone = taken_back.count(q.desk) != 0 || over;
    const bool held = own || sealed_to[q.desk].count(q.desk) != 0;
    if (!complete || !Inside(q.desk, q)) return false;            // 1
    if (gone && !(q.way == Way::kHistory && held)) return false;  // 3
    if (tlp >= v1::Tlp::AMBER && q.need.empty()) return false;    // 6
    if (tlp >= v1::Tlp::AMBER_STRICT && !own && sealed_to[q.desk].count(q.desk) == 0) return false;
    if (tlp == v1::Tlp::RED && recipients.count(q.With().asker.officer) == 0) return false;
    const bool consented = Consented(q.desk, q.desk, q.purpose);
    const bool to_life = q.purpose == "SEARCH_AND_RESCUE";
    if (!to_life && purposes.count(q.purpose) == 0 && !consented) return false;  // 7
    return q.purpose != "PROSECUTION" || !h1 || own || consented;                // 8
  }
  bool MayHave(const Question& q) {
    if (!MayKnow(q)) return false;
    if (!q.Onward()) return true;
    if (q.to.empty()) return q.desk == originator;  // 9
    const bool consented = Consented(q.desk, q.to, q.purpose);
    const bool left = of_operation && members.count(q.to) != 0 && members_now.count(q.to) == 0;
    if (!Inside(q.to, q) || (left && q.to != originator && !consented)) return false;
    const bool further = q.to != q.desk && q.to != originator;
    const bool bound = h3 || tlp >= v1::Tlp::AMBER_STRICT || (h2 && further);
    return q.desk == originator || !bound || consented;
  }
};

}  // namespace palermo::casebook

#endif  // PALERMO_NODE_CASEBOOK_SHARING_ORACLE_H_
