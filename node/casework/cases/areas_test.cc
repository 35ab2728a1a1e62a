// The area of a case in an author's words.
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <string>

#include "node/casework/cases/shape_words.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

std::string AreaOf(const char* word) {
  google::protobuf::Struct json;
  Put(json, "area", TextValue(word));
  ShapeArea(json);
  return TextOf(json, "area");
}

TEST(Areas, WhoIsSmuggledIsNotTraffickedAndWhatIsFalsifiedIsNoDrug) {
  for (const char* word : {"SMUGGLING_OF_PERSONS", "human smuggling", "PEOPLE-SMUGGLING",
                           "MIGRANT_SMUGGLING", "Smuggling"}) {
    EXPECT_EQ(AreaOf(word), "SMUGGLING_OF_MIGRANTS") << word;
  }
  for (const char* word :
       {"FALSIFIED_DRUGS", "counterfeit medicines", "SUBSTANDARD_DRUGS", "FALSIFIED_PRODUCTS"}) {
    EXPECT_EQ(AreaOf(word), "FALSIFIED_MEDICAL_PRODUCTS") << word;
  }
}

TEST(Areas, OtherThingsAreSmuggledAndFalsifiedToo) {
  EXPECT_EQ(AreaOf("DRUG_SMUGGLING"), "DRUGS");
  EXPECT_EQ(AreaOf("SMUGGLING_OF_FIREARMS"), "FIREARMS");
  EXPECT_EQ(AreaOf("WILDLIFE_SMUGGLING"), "WILDLIFE_FOREST");
  EXPECT_EQ(AreaOf("TRAFFICKING_PERSONS"), "TRAFFICKING_IN_PERSONS");
  EXPECT_EQ(AreaOf("HUMAN_TRAFFICKING"), "TRAFFICKING_IN_PERSONS");
  EXPECT_EQ(AreaOf("COUNTERFEIT_CURRENCY"), "COUNTERFEIT_CURRENCY");
}

}  // namespace
}  // namespace palermo::casework
