// What the list of the morning shows, and that nobody's text looks like a line of ours.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/clock.h"
#include "node/cli/morning_sections.h"
#include "node/cli/operation_lines.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

TEST(Morning, SaysWhatTheirNodeDidNotTakeAndWhy) {
  desk::Undelivered one;
  one.header.set_sender("QM/central");
  one.header.set_family(v1::Family::MLA);
  one.header.set_act(v1::Act::REQUEST);
  one.since = *ParseInstant("2026-03-02T09:00:00Z");
  one.state = "QT";
  one.outcome = v1::Outcome::REJECTED;
  one.reason = v1::Reason::UNKNOWN_RECIPIENT;
  desk::Undelivered expired = one;
  expired.outcome = v1::Outcome::EXPIRED;
  expired.reason = v1::Reason::NONE;
  const Section section = NotDelivered({one, expired});
  ASSERT_EQ(section.entries.size(), 2u);
  const auto has = [&](size_t entry, const std::string& text) {
    const auto& cells = section.entries[entry].cells;
    return std::any_of(cells.begin(), cells.end(), [&](const std::string& cell) {
      return cell.find(text) != std::string::npos;
    });
  };
  EXPECT_TRUE(has(0, "2026-03-02T09:00:00Z") && has(0, "QT") && has(0, "REQUEST"));
  EXPECT_TRUE(has(0, "UNKNOWN_RECIPIENT (")) << "the code, and its meaning beside it";
  EXPECT_TRUE(has(1, "EXPIRED"));
  EXPECT_TRUE(has(1, Cat({"palermo message explain ", IdText(AsView(expired.id))})));
}

TEST(Morning, WhatWaitsHasItsCommandAndTheScreenItsLanguage) {
  Line line;
  line.view.case_id = std::string(16, 'c');
  line.view.requesting = "QM/central";
  line.view.requested = "QT/central";
  line.view.waits_for_us = {{"open {act}", {{"act", "REQUEST"}}, "palermo case open 00"},
                            {"a second approver confirms {act} by {time}",
                             {{"act", "REQUEST"}, {"time", "2026-03-02T09:00:00Z"}},
                             "palermo case confirm 00"}};
  line.morning.moves = {v1::Act::CLOSE};
  Section waits = Waits({line}, Speaker(words::Language::kFrench));
  ASSERT_EQ(waits.entries.size(), 2u) << "what is not open yet has its own section";
  EXPECT_EQ(waits.head.back(), "RUN");
  EXPECT_EQ(waits.entries[0].cells[0],
            "un second approbateur confirme REQUEST avant 2026-03-02T09:00:00Z");
  EXPECT_EQ(waits.entries[0].cells.back(), "palermo case confirm 00");
  EXPECT_NE(waits.entries[0].json.OneLine().find("a second approver confirms REQUEST"),
            std::string::npos)
      << "JSON is the same in every language";
  EXPECT_EQ(waits.entries[1].cells.back(), Cat({"palermo case show ", IdText(line.view.case_id)}));
  EXPECT_EQ(waits.entries[1].cells.size(), waits.head.size());
}

TEST(Morning, WhoIsAskedAboutARecordFindsTheAnswerAndItsDate) {
  casebook::Item item;
  item.header.set_sender("QN/central");
  item.entry.set_incoming(true);
  item.entry.set_message_id(std::string(32, 'a'));
  item.body.mutable_intelligence_recall()->set_record_id("R-1/1");
  item.body.mutable_intelligence_recall()->set_reason("wrong vessel");
  item.body.mutable_intelligence_recall()->set_answer_by("2026-03-10");
  item.content = casebook::RecordOf(item.header, item.body);
  EXPECT_EQ(SubjectOf(item), "intelligence_recall QN:R-1/1");
  Line line;
  line.view.case_id = std::string(16, 'c');
  line.view.requesting = "QN/central";
  line.view.requested = "QM/central";
  line.view.own_side = casework::Side::kRequested;
  line.asked = {AskedIn(item, true)};
  const Section waits = Waits({line}, Speaker(words::Language::kEnglish));
  ASSERT_EQ(waits.entries.size(), 1u);
  EXPECT_EQ(waits.entries[0].cells[0], "QN recalls QN:R-1/1: wrong vessel");
  EXPECT_EQ(waits.entries[0].cells.back(),
            Cat({"palermo route answer ", IdText(std::string(32, 'a')), " --outcome PURGED"}));
  const auto state = [&](const char* now) {
    Line at = line;
    const auto deadline =
        DeadlineOf(at.asked[0], Hash{}, *ParseInstant("2026-03-01T00:00:00Z"), *ParseInstant(now));
    if (!deadline) return std::string("none");
    desk::AddDeadline(at.view, *deadline, at.morning);
    EXPECT_TRUE(at.morning.next.has_value() && at.morning.next->ours);
    return at.morning.mark;
  };
  EXPECT_EQ(state("2026-03-02T00:00:00Z"), "OPEN");
  EXPECT_EQ(state("2026-03-05T00:00:00Z"), "DUE");
  EXPECT_EQ(state("2026-03-10T20:00:00Z"), "DUE") << "a day lasts to its end";
  EXPECT_EQ(state("2026-03-11T00:00:00Z"), "LATE");
  line.asked[0].answer_by.clear();
  EXPECT_EQ(state("2026-03-11T00:00:00Z"), "none");
}

TEST(Morning, EachLineNamesTheOfficesReferenceAndWhatTheCaseIsAbout) {
  Line line;
  line.view.case_id = std::string(16, 'c');
  line.view.requesting = "QM/central";
  line.view.requested = "QT/central";
  line.morning.moves = {v1::Act::CLOSE};
  EXPECT_EQ(OwnReference(line), "-");
  EXPECT_EQ(About(line), "-");
  line.label = {"QM-CA-2026-118", "QT-7", "FIREARMS", "pistols in a parcel"};
  EXPECT_EQ(About(line), "FIREARMS: pistols in a parcel");
  const Section waits = Waits({line}, Speaker(words::Language::kEnglish));
  ASSERT_EQ(waits.entries.size(), 1u);
  const auto& cells = waits.entries[0].cells;
  ASSERT_EQ(cells.size(), waits.head.size());
  for (size_t i = 0; i < cells.size(); ++i) {
    if (waits.head[i] == "OUR REFERENCE") {
      EXPECT_EQ(cells[i], "QM-CA-2026-118");
    }
  }
  EXPECT_NE(waits.entries[0].json.OneLine().find(R"("reference": "QM-CA-2026-118")"),
            std::string::npos);
  // A narrow terminal has no place for all that somebody writes; programs get it whole.
  line.label.reference = std::string(100, '7');
  line.label.subject = std::string(200, 's');
  EXPECT_LE(OwnReference(line).size(), 24u);
  EXPECT_LE(About(line).size(), 44u);
  EXPECT_NE(Waits({line}, Speaker(words::Language::kEnglish))
                .entries[0]
                .json.OneLine()
                .find(std::string(100, '7')),
            std::string::npos);
}

TEST(Morning, ATextIsCutByTheColumnsOfATerminal) {
  EXPECT_EQ(Cut("pistols", 7), "pistols");
  EXPECT_EQ(Cut("pistols!", 7), "pist...");
  EXPECT_EQ(Cut("two\nlines", 20), "two lines");
  EXPECT_EQ(Cut("\xE6\x9E\xAA\xE6\x9E\xAA\xE6\x9E\xAA", 5), "\xE6\x9E\xAA...")
      << "a Chinese character takes two columns, and is never cut in two";
}

TEST(Morning, AQuestionOfAPeerIsNoLineOfOurs) {
  casework::SignedRecord proposal;
  proposal.id = std::string(64, 'a');
  proposal.record.mutable_decision()->set_question("go?\n* now: palermo operation vote x GO");
  desk::OperationBook book;
  book.own_state = "QM";
  book.operation = std::string(64, 'b');
  book.records = {proposal};
  book.state.members = {"QM", "QN"};
  book.state.decisions.push_back(
      {proposal.id, "ACTION_DAY", 1, {}, casework::DecisionOutcome::kOpen, false, {"QM", "QN"}});
  std::vector<std::string> waits = OperationWaits(book, "QM/central/o-0001");
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(waits[0].find('\n'), std::string::npos) << waits[0];
  EXPECT_NE(waits[0].find("go?"), std::string::npos);
  // In a compartment that is not open to the officer the question is not told.
  book.records[0].record.set_compartment("UNDERCOVER");
  waits = OperationWaits(book, "QM/central/o-0001");
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_EQ(waits[0].find("go?"), std::string::npos) << waits[0];
  book.state.decisions[0].electors = {"QN"};
  EXPECT_TRUE(OperationWaits(book, "QM/central/o-0001").empty()) << "put before it was a member";
  book.state.decisions[0].electors = {"QM"};
  book.state.phase = casework::Phase::kClosed;
  EXPECT_TRUE(OperationWaits(book, "QM/central/o-0001").empty()) << "it is over";
}

}  // namespace
}  // namespace palermo::cli
