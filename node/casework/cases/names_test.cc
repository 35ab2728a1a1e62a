#include "node/casework/cases/names.h"

#include <gtest/gtest.h>

namespace palermo::casework {
namespace {

using Words = std::vector<std::string>;

TEST(Names, AreCutAtSignsAndAtCapitals) {
  EXPECT_EQ(WordsIn("trace_files"), (Words{"trace", "files"}));
  EXPECT_EQ(WordsIn("STATE_TO_STATE"), (Words{"state", "to", "state"}));
  EXPECT_EQ(WordsIn("State-to-State transfer"), (Words{"state", "to", "state", "transfer"}));
  EXPECT_EQ(WordsIn("queryLog2"), (Words{"query", "log2"}));
  EXPECT_EQ(WordsIn("FAP 4(2)"), (Words{"fap", "4", "2"}));
  EXPECT_EQ(WordsIn("_._"), Words());
  EXPECT_EQ(WordsIn("\xD0\xB0rms"), (Words{"\xD0\xB0rms"}));
}

TEST(Names, AWordIsWholeOrHasAnS) {
  EXPECT_TRUE(HasWord("QUERY_LOGS", {"log"}));
  EXPECT_FALSE(HasWord("logistics", {"log"}));
  EXPECT_FALSE(HasWord("translator", {"trans"}));
}

TEST(Names, OfTransfersFromStateToState) {
  for (const char* name : {"state_to_state", "is_state_to_state", "state_transfer", "stateToState",
                           "g2g", "government_to_government_sale", "transfer_between_states",
                           "between_states", "state_transactions"}) {
    EXPECT_TRUE(NamesStates(name)) << name;
  }
  for (const char* name :
       {"agreed_between_states", "state_transaction_tax", "state_translator", "interstate",
        "no_state_to_state_transfer", "not_state_to_state", "state_transfer_office", "state", ""}) {
    EXPECT_FALSE(NamesStates(name)) << name;
  }
}

TEST(Names, ATextSaysIt) {
  for (const char* text : {"STATE_TO_STATE", "State-to-State", "STATE_TRANSFER", "FAP 4(2)",
                           "GOVERNMENT_TO_GOVERNMENT", "STATE_TO_STATE_TRANSACTION"}) {
    EXPECT_TRUE(SaysStates(text)) << text;
  }
  for (const char* text : {"STATE_TRANSLATOR", "STATE_TRANSPORT_COMPANY", "STATE_TRANSFER_TAX",
                           "from state to state", "FAP 12(4)", ""}) {
    EXPECT_FALSE(SaysStates(text)) << text;
  }
}

TEST(Names, OfRecordsOfFirearmsAndOfOthers) {
  EXPECT_TRUE(NamesFirearms("FAP_TRACE"));
  EXPECT_TRUE(NamesFirearms("firearms_register"));
  EXPECT_FALSE(NamesFirearms("traced"));
  EXPECT_FALSE(NamesFirearms("trace_query_log"));
  EXPECT_TRUE(NamesOtherRecords("MLA_CASEWORK"));
  EXPECT_TRUE(NamesOtherRecords("bank_records"));
  EXPECT_FALSE(NamesOtherRecords("accessories"));
}

TEST(Names, ComeInOneOrder) {
  google::protobuf::Struct object;
  for (const char* name : {"b", "c", "a"}) (*object.mutable_fields())[name].set_bool_value(true);
  EXPECT_EQ(SortedNames(object), (Words{"a", "b", "c"}));
}

TEST(Names, PhrasesAreFoundWholeInARowOrByTheirBeginning) {
  EXPECT_TRUE(HasWords("AFTER_DEPARTURE_OF_QT", {"left", "departure"}));
  EXPECT_FALSE(HasWords("lead_department", {"depart", "departure"}));
  EXPECT_TRUE(HasWords("no_prior_notice_given", {"prior_notice"}));
  EXPECT_FALSE(HasWords("prior_to_notice", {"prior_notice"}));
  EXPECT_TRUE(HasWords("was_seized", {"seiz*"}));
  EXPECT_FALSE(HasWords("disseized", {"seiz*"}));
  EXPECT_FALSE(HasWords("", {"a", "b*"}));
}

}  // namespace
}  // namespace palermo::casework
