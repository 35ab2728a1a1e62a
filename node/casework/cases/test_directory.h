// The directory of the tests' cases. Only in test code.
#ifndef PALERMO_NODE_CASEWORK_CASES_TEST_DIRECTORY_H_
#define PALERMO_NODE_CASEWORK_CASES_TEST_DIRECTORY_H_

#include <gtest/gtest.h>

#include <utility>

#include "node/casework/cases/cases_test_data.h"
#include "node/casework/cases/directory.h"
#include "node/casework/import.h"

namespace palermo::casework {

inline const CaseDirectory& Directory() {
  static const auto& directory = *new CaseDirectory([] {
    const auto json = ParseJson(kDirectoryJson);
    auto read = ReadDirectory(json->struct_value());
    EXPECT_TRUE(read.ok()) << read.status();
    return *std::move(read);
  }());
  return directory;
}

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_CASES_TEST_DIRECTORY_H_
