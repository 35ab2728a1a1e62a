// What is asked of target sheets, timetables of arrests, reports on use of force, texts for the
// media and outcomes that are counted. docs/formats/operation.md. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_OPERATION_ACTION_RULES_H_
#define PALERMO_NODE_CASEWORK_OPERATION_ACTION_RULES_H_

#include <string>
#include <vector>

#include "node/casework/finding.h"
#include "palermo/v1/operation.pb.h"

namespace palermo::casework {

// Whether the tz database has a zone of this name, as far as this program knows it.
bool IsTimeZone(const std::string& name);

namespace v1 = ::palermo::v1;

// R-HR-08, R-INT-01, R-INT-02, R-AUTH-03 for a warrant that is over at `now` (ISO 8601; empty: not
// known), R-GEN-01. Who is sought is no field of it.
std::vector<Finding> CheckTarget(const v1::TargetSheet& sheet, const std::string& now,
                                 const std::string& at);
// R-GEN-01: what is missing, a latest start before the start, a group that does not start together,
// a local time that is another moment than UTC. What the members' desks know of time zones may
// differ, so that only the author is asked whether the zone has that offset: `zones`.
std::vector<Finding> CheckTimetable(const v1::ArrestTimetable& table, bool zones,
                                    const std::string& at);
// R-GEN-01. `recorded_at`: of the record; R-GEN-03 when it came late.
std::vector<Finding> CheckForce(const v1::ForceReport& force, const std::string& recorded_at,
                                const std::string& at);
// R-SEAL-02 for a token of a person, R-STAT-02 for a figure of persons from 1 to 4, R-GEN-01.
std::vector<Finding> CheckMedia(const v1::MediaLine& media, const std::string& at);
// R-GEN-01.
std::vector<Finding> CheckOutcome(const v1::OutcomeEntry& outcome, const std::string& at);

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_OPERATION_ACTION_RULES_H_
