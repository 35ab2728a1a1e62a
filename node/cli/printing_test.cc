#include "node/cli/printing.h"

#include "node/cli/proceeding.h"

#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/status.h"

namespace palermo::cli {
namespace {

std::vector<std::string> Over(const std::string& delete_by, const char* now) {
  v1::CaseBody body;
  auto& item = *body.mutable_result()->add_items();
  item.set_n(3);
  item.set_delete_by(delete_by);
  body.mutable_result()->add_items()->set_n(4);
  return ItemsToDelete(body, *ParseInstant(now));
}

TEST(Printing, KnowsWhatWasToBeDeletedByNow) {
  const std::vector<std::string> third = {"3"};
  EXPECT_EQ(Over("2026-06-15", "2026-06-16T00:00:00Z"), third);
  // The day itself lasts to its end.
  EXPECT_TRUE(Over("2026-06-15", "2026-06-15T23:59:59Z").empty());
  EXPECT_EQ(Over("2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z"), third);
  EXPECT_TRUE(Over("", "2026-06-16T00:00:00Z").empty());
  EXPECT_TRUE(Over("when the trial is over", "2026-06-16T00:00:00Z").empty());
}

TEST(Printing, RefusesWhatWasToBeDeletedByNowAndSaysWhichItem) {
  v1::CaseBody body;
  for (const char* limit : {"2026-06-15", "2026-07-15", "2026-06-14T10:00:00Z"}) {
    auto& item = *body.mutable_result()->add_items();
    item.set_n(body.result().items_size());
    item.set_delete_by(limit);
  }
  EXPECT_TRUE(CheckNotToDelete(body, *ParseInstant("2026-06-13T00:00:00Z")).ok());
  const absl::Status over = CheckNotToDelete(body, *ParseInstant("2026-06-20T00:00:00Z"));
  EXPECT_EQ(CodeOf(over), "PAST_DELETE_BY");
  EXPECT_NE(TextOf(over).find("item 1, 3 "), std::string::npos) << TextOf(over);
}

TEST(Printing, WhatWasGivenForOneProceedingIsNotPrintedForAnother) {
  v1::Header header;
  header.set_sender("QT/central");
  header.set_family(v1::Family::MLA);
  header.set_handling(v1::Handling::H0);
  v1::CaseBody body;
  body.mutable_result()->add_items()->set_n(1);
  UseInCase said;
  said.given_for = "PS-1";
  const auto rule = [&](const char* proceeding) {
    const auto findings = CheckProceeding(header, body, said, "QM", proceeding);
    return findings.empty() ? std::string() : findings[0].rule;
  };
  EXPECT_EQ(rule("PS-1"), "");
  EXPECT_EQ(rule("TAX-4"), "R-USE-01");
  said.consents = {"TAX-4"};
  EXPECT_EQ(rule("TAX-4"), "");
  EXPECT_EQ(rule("TAX-5"), "R-USE-01");
  said.exculpatory = {"disclosure to the defence in TAX-5."};
  EXPECT_EQ(rule("TAX-5"), "") << "never against an accused, 18(19)";
  EXPECT_EQ(rule("TAX"), "R-USE-01");
  EXPECT_EQ(rule("X-5"), "R-USE-01") << "a part of another number";
  header.set_handling(v1::Handling::H1);
  EXPECT_EQ(rule("PS-1"), "R-USE-02");
  EXPECT_TRUE(CheckProceeding(header, body, said, "QT", "TAX-9").empty()) << "its own material";
  body.mutable_statement()->set_text("no material");
  EXPECT_EQ(rule("TAX-9"), "");
}

TEST(Printing, OnlyWhoGaveTheMaterialConsentsToItsOtherUse) {
  v1::Header act;
  act.set_act(v1::Act::USE_CONSENT_DECISION);
  v1::CaseBody body;
  body.mutable_use()->set_purpose("TAX-4");
  body.mutable_use()->set_consent("the ministry agrees");
  UseInCase said;
  act.set_sender("QM/central");
  TakeUse(act, body, "QT", &said);
  EXPECT_TRUE(said.consents.empty()) << "the own consent, to the use of something else";
  act.set_sender("QT/central");
  TakeUse(act, body, "QT", &said);
  EXPECT_EQ(said.consents, std::vector<std::string>{"TAX-4"});
}

// UNTOC 18(20) and 18(5): on paper as well.
TEST(Printing, AConfidentialRequestIsForWhoExecutesItUntilItsDayOrWithConsent) {
  const absl::Time now = *ParseInstant("2026-03-02T09:00:00Z");
  const auto rule = [&](const v1::Request* request, Reader reader) {
    const auto findings = CheckReader(request, reader, now);
    return findings.empty() ? std::string() : findings[0].rule;
  };
  v1::Request request;
  EXPECT_EQ(rule(&request, {}), "") << "nobody asked for it";
  EXPECT_EQ(rule(nullptr, {}), "");
  request.mutable_confidentiality()->set_required(true);
  EXPECT_EQ(rule(&request, {}), "R-CONF-01");
  EXPECT_EQ(rule(&request, {true, false}), "");
  EXPECT_EQ(rule(&request, {false, true}), "");
  request.mutable_confidentiality()->set_until("2026-03-02");
  EXPECT_EQ(rule(&request, {}), "R-CONF-01") << "the day lasts to its end";
  request.mutable_confidentiality()->set_until("2026-03-01");
  EXPECT_EQ(rule(&request, {}), "");
  v1::Request information;
  information.add_restrictions("CONFIDENTIAL");
  EXPECT_EQ(rule(&information, {}), "R-CONF-01");
}

}  // namespace
}  // namespace palermo::cli
