// One record, however often it was sent; what its message was answered with; by which marks records
// and cases meet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"
#include "base/status.h"
#include "node/casebook/test_util.h"

namespace palermo::casebook {
namespace {

using ::testing::SizeIs;

class Records : public ::testing::Test {
 protected:
  void Put(const std::vector<v1::CasebookEntry>& entries) {
    ASSERT_TRUE(book_->Put(entries, "").ok());
  }
  bool SaysOtherwise(const v1::CaseBody& body) {
    const auto answer = book_->SaysOtherwise(body);
    EXPECT_TRUE(answer.ok()) << answer.status().message();
    return answer.ok() && *answer;
  }

  Folder folder_;
  Post post_;
  std::unique_ptr<Casebook> book_ = Opened(folder_.File("casebook.db"), "QM");
};

v1::CaseBody Changed(v1::CaseBody body) {
  body.mutable_route_report()->set_summary("another summary");
  return body;
}

TEST_F(Records, OfOneIdSayOneThing) {
  Put({post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  EXPECT_FALSE(SaysOtherwise(Report("R-1")));
  EXPECT_TRUE(SaysOtherwise(Changed(Report("R-1"))));
  EXPECT_TRUE(SaysOtherwise(Report("R-1", "QN", {"QM", "QT"}))) << "its label is part of it";
  EXPECT_FALSE(SaysOtherwise(Changed(Report("R-2"))));
  EXPECT_FALSE(SaysOtherwise(Changed(Report("R-1", "QT")))) << "another originator's";
  v1::CaseBody next = Changed(Report("R-1"));
  next.mutable_route_report()->set_version(2);
  EXPECT_FALSE(SaysOtherwise(next));
  EXPECT_FALSE(SaysOtherwise(Recall("R-1/1")));
  // To the members of another moment it goes as the same.
  v1::CaseBody again = Report("R-1");
  again.mutable_route_report()->mutable_label()->add_operation_seen("ab12");
  EXPECT_FALSE(SaysOtherwise(again));
}

TEST_F(Records, OfOneIdAreWhatTheirOriginatorSent) {
  // What somebody passed on in other words is his.
  Put({post_.Entry("QM", "QT", {"QM"}, Changed(Report("R-1")))});
  EXPECT_FALSE(SaysOtherwise(Report("R-1")));
  Put({post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  EXPECT_FALSE(SaysOtherwise(Report("R-1")));
  EXPECT_TRUE(SaysOtherwise(Changed(Report("R-1"))));
  // What was purged says nothing any more.
  Put({post_.Entry("QM", "QN", {"QM"}, Recall("R-1/1")),
       post_.Entry("QM", "QM", {"QN"}, Answer("R-1/1", "PURGED"))});
  EXPECT_FALSE(SaysOtherwise(Changed(Report("R-1"))));
}

v1::CaseBody Acknowledged() {
  v1::CaseBody body;
  body.set_version(1);
  body.mutable_acknowledgement()->set_national_ref("MRCC 7");
  return body;
}

TEST_F(Records, AreAcknowledgedInTheirCase) {
  const v1::CasebookEntry report = post_.Entry("QM", "QM", {"QN"}, Report("R-1", "QM", {"QN"}));
  v1::Header header;
  ASSERT_TRUE(header.ParseFromString(report.header()));
  const auto answer = [&](const std::string& from, const std::vector<std::string>& to) {
    v1::CasebookEntry entry = post_.Entry("QM", from, to, Acknowledged());
    v1::Header own;
    EXPECT_TRUE(own.ParseFromString(entry.header()));
    own.set_case_id(header.case_id());
    entry.set_header(own.SerializeAsString());
    return entry;
  };
  Put({report, answer("QN", {"QM"}), answer("QT", {"QV"}),
       post_.Entry("QM", "QN", {"QM"}, Acknowledged())});
  const auto item = book_->View(report.message_id(), AccessOf("QM"));
  ASSERT_TRUE(item.ok());
  const auto given = book_->Acknowledgements(*item, AccessOf("QM"));
  ASSERT_TRUE(given.ok());
  // Not of another case, and not what was sealed to others.
  ASSERT_THAT(*given, SizeIs(1));
  EXPECT_EQ(given->front().header.sender(), "QN/central");
}

// --- What was taken after its end

TEST_F(Records, WhatWasTakenAfterItsEndIsNoDelivery) {
  const v1::CasebookEntry report = post_.Entry("QM", "QT", {"QM"}, Report("R-1", "QN", {"QT"}));
  const v1::CasebookEntry granted = post_.Entry("QM", "QN", {"QM"}, Consent("R-1/1", "QM"));
  v1::Header header;
  ASSERT_TRUE(header.ParseFromString(granted.header()));
  const auto taken_at = [&](v1::CasebookEntry entry, int64_t at_ms) {
    entry.mutable_receipts(1)->set_at_ms(at_ms);
    return entry;
  };
  const auto code = [&] {
    return CodeOf(book_->Record("R-1", AccessOf("QM"), casework::Way::kView, "").status());
  };
  Put({report, taken_at(granted, header.expires_at_ms())});
  EXPECT_EQ(code(), "UNKNOWN_RECORD");
  Put({taken_at(granted, header.expires_at_ms() - 1)});
  EXPECT_EQ(code(), "OK");
  // Nothing more comes of one that has expired.
  const v1::CasebookEntry sent = post_.Entry("QM", "QM", {"QN"}, Report("R-2", "QM", {"QN"}));
  Put({taken_at(sent, header.expires_at_ms())});
  EXPECT_THAT(*book_->OpenMessages(Noon()), ::testing::IsEmpty());
}

// --- Where they meet

struct Meeting {
  const char *scheme, *in_one, *in_other, *country;
};
void Name(v1::CaseBody& body, const Meeting& meeting, const char* value) {
  v1::RouteReport& report = *body.mutable_route_report();
  report.mutable_legs(1)->mutable_conveyance()->clear_identifiers();
  report.clear_period();
  auto& mark = *report.add_identifiers();
  mark.set_scheme(meeting.scheme);
  mark.set_value(value);
  mark.set_country(meeting.country);
  mark.set_of("SUSPECT");
}

TEST_F(Records, MeetByEachKindOfMarkHoweverItIsWritten) {
  const Meeting meetings[] = {
      {"IMO", "IMO 2000107", "2000107", ""},
      {"MMSI", "211 000 001", "MMSI211000001", ""},
      {"PLATE", "AB-123", "ab 123", "QM"},
      {"VIN", "1M8GDM9AXKP042788", "1m8gdm9a xkp042788", ""},
      {"PHONE", "+999 (0)123 456", "00999123456", ""},
      {"DOCUMENT", "P 1234567", "p1234567", "QT"},
      {"IBAN", "XX12 3456 7890", "XX1234567890", ""},
      {"ACCOUNT_NAME", "Boat.Man", "boat.man ", ""},
      {"EMAIL", "Boat@Sea.example", "boat@sea.EXAMPLE", ""},
      {"CONTAINER", "CSQU 305438-3", "csqu3054383", ""},
      {"FIREARM_SERIAL", "A-77 12", "a7712", ""},
      {"BTC", "BC1QW508D6", "bc1qw508d6", ""},
  };
  int count = 0;
  for (const Meeting& meeting : meetings) {
    const std::string one = "A-" + std::to_string(++count), other = "B-" + std::to_string(count);
    v1::CaseBody a = Report(one), b = Report(other, "QT", {"QM"});
    Name(a, meeting, meeting.in_one);
    Name(b, meeting, meeting.in_other);
    Put({post_.Entry("QM", "QN", {"QM"}, a), post_.Entry("QM", "QT", {"QM"}, b)});
    const auto record = book_->Record(one, AccessOf("QM"), casework::Way::kSearch, "");
    ASSERT_TRUE(record.ok());
    const auto matches = book_->Matches(*record, AccessOf("QM"));
    ASSERT_TRUE(matches.ok());
    ASSERT_THAT(*matches, SizeIs(1)) << meeting.scheme;
    ASSERT_THAT(matches->front().others.items, SizeIs(1)) << meeting.scheme;
    EXPECT_EQ(matches->front().others.items.front().content.record, other + "/1");
  }
}

TEST_F(Records, MeetAtAPlaceOnADay) {
  const auto seen = [](v1::CaseBody body, const std::string& where, const std::string& when) {
    v1::RouteReport& report = *body.mutable_route_report();
    report.mutable_legs(1)->mutable_conveyance()->clear_identifiers();
    report.clear_period();
    report.mutable_legs(1)->mutable_to()->set_unlocode(where);
    report.mutable_legs(1)->set_seen_at(when);
    return body;
  };
  Put({post_.Entry("QM", "QN", {"QM"}, seen(Report("A-1"), "QPLAG", "2026-02-27T23:10:00Z")),
       post_.Entry("QM", "QT", {"QM"}, seen(Report("B-1", "QT", {"QM"}), "QPLAG", "2026-02-27")),
       post_.Entry("QM", "QT", {"QM"}, seen(Report("B-2", "QT", {"QM"}), "QPLAG", "2026-02-26")),
       post_.Entry("QM", "QT", {"QM"}, seen(Report("B-3", "QT", {"QM"}), "QNHAV", "2026-02-27"))});
  const auto record = book_->Record("A-1", AccessOf("QM"), casework::Way::kSearch, "");
  ASSERT_TRUE(record.ok());
  const auto matches = book_->Matches(*record, AccessOf("QM"));
  ASSERT_TRUE(matches.ok());
  ASSERT_THAT(*matches, SizeIs(1));
  EXPECT_EQ(matches->front().mark, "PLACE_TIME:QPLAG:2026-02-27");
  ASSERT_THAT(matches->front().others.items, SizeIs(1));
  EXPECT_EQ(matches->front().others.items.front().content.record, "B-1/1");
}

TEST_F(Records, MeetCases) {
  v1::CaseBody request;
  request.set_version(1);
  auto& person = *request.mutable_request()->add_persons();
  person.add_roles("SUSPECT");
  person.set_nationality("QT");
  person.set_document_number("P 1234567");
  person.set_phone("00999 123 456");
  auto& item = *request.mutable_request()->add_items();
  item.set_issuer("QM");
  item.set_document_number("M 777");
  item.set_account("XX12 3456 7890");
  Put({post_.Entry("QM", "QM", {"QT"}, request)});
  const auto cases = [&](const char* scheme, const char* value, const char* country) {
    v1::CaseBody body = Report("A-1");
    Name(body, {scheme, "", "", country}, value);
    Item draft;
    draft.body = body;
    const auto matches = book_->Matches(draft, AccessOf("QM"));
    EXPECT_TRUE(matches.ok());
    return matches.ok() ? matches->size() : 0;
  };
  EXPECT_EQ(cases("DOCUMENT", "p1234567", "QT"), 1u);
  EXPECT_EQ(cases("DOCUMENT", "p1234567", "QM"), 0u) << "another state's number";
  EXPECT_EQ(cases("DOCUMENT", "M777", "QM"), 1u);
  EXPECT_EQ(cases("PHONE", "+999123456", ""), 1u);
  EXPECT_EQ(cases("ACCOUNT", "XX1234567890", ""), 1u);
}

TEST_F(Records, AreToldWhenAMarkIsEverywhere) {
  std::vector<v1::CasebookEntry> entries;
  for (size_t i = 0; i <= limits::kMaxPostingsPerIdentifier; ++i) {
    entries.push_back(post_.Entry("QM", "QN", {"QM"}, Report("R-" + std::to_string(i))));
  }
  Put(entries);
  Item draft;
  draft.body = Report("Q-1", "QM", {"QN"});
  const auto matches = book_->Matches(draft, AccessOf("QM"));
  ASSERT_TRUE(matches.ok());
  for (const Match& match : *matches) EXPECT_TRUE(match.others.everywhere) << match.mark;
  EXPECT_FALSE(matches->empty());
}

}  // namespace
}  // namespace palermo::casebook
