// A joint operation of two states, with a record of a victim, for the search afterwards.
#ifndef PALERMO_TESTS_SYSTEM_SEALED_OPERATION_H_
#define PALERMO_TESTS_SYSTEM_SEALED_OPERATION_H_

#include <functional>
#include <string>
#include <vector>

#include "tests/system/case_desks.h"

namespace palermo::testing {

// What stands in the victim's record and nowhere else: the person's token and the referral.
std::vector<std::string> MarksOfTheOperation();

// Founds it and enters the record, after tries with a name in the place of the token and with the
// identity beside the record. `write_draft` writes a file that names somebody. An officer whom the
// agreement does not name for victims is not shown the record.
void PlayAnOperation(
    CaseDesks& desks, const std::string& name, const std::string& compartments,
    const std::function<void(const std::string& file, const std::string& json)>& write_draft);

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SYSTEM_SEALED_OPERATION_H_
