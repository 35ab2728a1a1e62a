#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "base/limits.h"
#include "base/status.h"
#include "node/casebook/test_util.h"
#include "node/casework/intelligence/correlation.h"
#include "tests/support/fake_clock.h"

namespace palermo::casebook {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<std::string> RecordsOf(const Found& found) {
  std::vector<std::string> records;
  for (const Item& item : found.items) records.push_back(item.content.record);
  return records;
}

void Put(Casebook& casebook, const std::vector<v1::CasebookEntry>& entries,
         const std::string& after = "") {
  const absl::Status status = casebook.Put(entries, after);
  ASSERT_TRUE(status.ok()) << TextOf(status);
}

class CasebookTest : public ::testing::Test {
 protected:
  std::vector<std::string> Search(const std::string& words, const Access& access) {
    const auto found = book_->Search(words, access, 100);
    EXPECT_TRUE(found.ok()) << TextOf(found.status());
    return found.ok() ? RecordsOf(*found) : std::vector<std::string>();
  }
  std::string ShowCode(const std::string& record, const Access& access,
                       casework::Way way = casework::Way::kView, const std::string& to = "") {
    return CodeOf(book_->Record(record, access, way, to).status());
  }

  Folder folder_;
  Post post_;
  std::unique_ptr<Casebook> book_ = Opened(folder_.File("casebook.db"), "QM");
};

TEST_F(CasebookTest, FindsWordsWhateverTheirAccentsAndCase) {
  v1::CaseBody body = Report("R-1");
  body.mutable_route_report()->set_summary("Fischkutter ESTRÊLA do Sul, Kapitän im Café");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, body)});
  for (const char* words : {"estrela", "ESTRELA sul", "kapitan", "cafe", "fischk*", "\"café\""}) {
    EXPECT_THAT(Search(words, AccessOf("QM")), ElementsAre("R-1/1")) << words;
  }
  for (const char* words :
       {"estrela nord", "ischkutter", "NOT", "estrela OR nord", "text:estrela"}) {
    EXPECT_THAT(Search(words, AccessOf("QM")), IsEmpty()) << words;
  }
  EXPECT_EQ(CodeOf(book_->Search("  ", AccessOf("QM"), 10).status()), "NO_WORDS");
  std::string many;
  for (size_t i = 0; i <= limits::kMaxCasebookWords; ++i) many += "w ";
  EXPECT_EQ(CodeOf(book_->Search(many, AccessOf("QM"), 10).status()), "TOO_MANY");
}

TEST_F(CasebookTest, FindsAnIdentifierHoweverItIsWrittenAndInCasesToo) {
  v1::CaseBody request;
  request.set_version(1);
  auto& vessel = *request.mutable_request()->add_items()->mutable_vessel();
  vessel.set_imo("IMO 2000107");
  Put(*book_,
      {post_.Entry("QM", "QN", {"QM"}, Report("R-1")), post_.Entry("QM", "QM", {"QT"}, request)});
  const std::string mark = casework::NormalForm("IMO", "imo-2000107", "");
  const auto found = book_->Named(mark, AccessOf("QM"), 10);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(found->items, SizeIs(2));
  EXPECT_FALSE(found->everywhere);
}

TEST_F(CasebookTest, SaysThatAnotherReportNamesTheSameVesselButNotItsOwnVersions) {
  v1::CaseBody second = Report("R-1");
  second.mutable_route_report()->set_version(2);
  v1::CaseBody other = Report("X-9", "QT", {"QM"});
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QN", {"QM"}, second), post_.Entry("QM", "QT", {"QM"}, other)});
  const auto record = book_->Record("R-1/2", AccessOf("QM"), casework::Way::kSearch, "");
  ASSERT_TRUE(record.ok());
  const auto matches = book_->Matches(*record, AccessOf("QM"));
  ASSERT_TRUE(matches.ok());
  bool ship = false;
  for (const Match& match : *matches) {
    EXPECT_THAT(RecordsOf(match.others), ElementsAre("X-9/1")) << match.mark;
    ship |= match.mark == "IMO:2000107";
  }
  EXPECT_TRUE(ship);
}

TEST_F(CasebookTest, ComparesAReportThatIsNotSentYet) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  Item draft;
  draft.body = Report("Q-7", "QM", {"QN"});
  const auto matches = book_->Matches(draft, AccessOf("QM"));
  ASSERT_TRUE(matches.ok() && !matches->empty());
  EXPECT_THAT(RecordsOf(matches->front().others), ElementsAre("R-1/1"));
}

TEST_F(CasebookTest, ShowsNothingOutsideTheLabelOnAnyWay) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1", "QN", {"QT"}))});
  const Access access = AccessOf("QM");
  EXPECT_THAT(Search("hidden", access), IsEmpty());
  EXPECT_THAT(book_->Named("IMO:2000107", access, 10)->items, IsEmpty());
  EXPECT_THAT(book_->List({}, access, 10)->items, IsEmpty());
  EXPECT_EQ(*book_->Count({}, access), 0u);
  EXPECT_EQ(ShowCode("R-1", access), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", access, casework::Way::kExport, "QM"), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", access, casework::Way::kForward, "QT"), "UNKNOWN_RECORD");
  EXPECT_EQ(CodeOf(book_->History("R-1", access).status()), "UNKNOWN_RECORD");
  const Item known = book_->List({}, AccessOf("QN"), 10)->items.front();
  EXPECT_EQ(CodeOf(book_->View(known.entry.message_id(), access).status()), "UNKNOWN_MESSAGE");
  EXPECT_THAT(book_->Matches(known, access)->size(), 0u);
}

TEST_F(CasebookTest, ShowsAnAmberReportOnlyToWhoSaysWhyHeNeedsIt) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  EXPECT_THAT(Search("hidden", AccessOf("QM", "INVESTIGATION", "")), IsEmpty());
  EXPECT_THAT(Search("hidden", AccessOf("QM", "PUBLIC_HEALTH")), IsEmpty());
  EXPECT_THAT(Search("hidden", AccessOf("QM")), ElementsAre("R-1/1"));
}

TEST_F(CasebookTest, ACaseMessageIsSeenByTheAuthoritiesThatItWasSealedTo) {
  v1::CaseBody request;
  request.set_version(1);
  request.mutable_request()->set_facts_summary("a ledger of the warehouse");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, request)});
  EXPECT_EQ(book_->Search("warehouse", AccessOf("QM"), 10)->items.size(), 1u);
  Access other = AccessOf("QM");
  other.asker.authority = "QM/customs";
  EXPECT_EQ(book_->Search("warehouse", other, 10)->items.size(), 0u);
  EXPECT_EQ(book_->Search("warehouse", AccessOf("QM", "PUBLIC_HEALTH"), 10)->items.size(), 0u);
}

TEST_F(CasebookTest, AConsentCountsOnlyFromTheOriginatorAndWhenBothLedgersHaveIt) {
  const v1::CasebookEntry report = post_.Entry("QT", "QM", {"QT"}, Report("R-1", "QN", {"QM"}));
  const v1::CasebookEntry granted = post_.Entry("QT", "QN", {"QM", "QT"}, Consent("R-1/1", "QT"));
  v1::CasebookEntry undelivered = granted, unsubmitted = granted;
  undelivered.clear_receipts();
  Post::AddReceipt(undelivered, "QN", v1::RecordKind::SUBMISSION);
  unsubmitted.clear_receipts();
  Post::AddReceipt(unsubmitted, "QT", v1::RecordKind::DELIVERY);
  const auto code = [&](const v1::CasebookEntry& consent) {
    const auto book = Opened(folder_.File("one.db"), "QT");
    EXPECT_TRUE(book->Put(std::vector{report, consent}, "").ok());
    const std::string code =
        CodeOf(book->Record("R-1", AccessOf("QT"), casework::Way::kView, "").status());
    std::filesystem::remove(folder_.File("one.db"));
    return code;
  };
  EXPECT_EQ(code(granted), "OK");
  EXPECT_EQ(code(undelivered), "UNKNOWN_RECORD");
  EXPECT_EQ(code(unsubmitted), "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QM", {"QT"}, Consent("R-1/1", "QT"))), "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QN", {"QT"}, Consent("R-1/1", "QV"))), "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QN", {"QT"}, Consent("R-1/2", "QT"))), "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QN", {"QT"}, Consent("R-1/1", "QT", "PROSECUTION"))),
            "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QN", {"QT"}, Consent("R-1/1", "QT", "INVESTIGATION", "DENY"))),
            "UNKNOWN_RECORD");
  EXPECT_EQ(code(post_.Entry("QT", "QN", {"QT"},
                             Consent("R-1/1", "QT", "INVESTIGATION", "GRANT_SANITISED"))),
            "UNKNOWN_RECORD");
}

TEST_F(CasebookTest, TheOriginatorsLabelCountsAndNotOneThatSomebodyWeakened) {
  v1::CaseBody weak = Report("R-1", "QN", {"QM", "QT"}, v1::Tlp::GREEN);
  Put(*book_,
      {post_.Entry("QM", "QN", {"QM"}, Report("R-1")), post_.Entry("QM", "QV", {"QM"}, weak)});
  // Nor is it what anybody passes on.
  const auto record = book_->Record("R-1", AccessOf("QM"), casework::Way::kView, "");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->header.sender(), "QN/central");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM", "INVESTIGATION", "")), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM"), casework::Way::kForward, "QT"), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
}

TEST_F(CasebookTest, OnlyItsOriginatorRecallsARecordAndThenOnlyTheHistoryIsLeft) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QT", {"QM"}, Recall("R-1/1"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Recall("R-1"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "UNKNOWN_RECORD");
  EXPECT_THAT(Search("hidden", AccessOf("QM")), IsEmpty());
  EXPECT_THAT(book_->Named("IMO:2000107", AccessOf("QM"), 10)->items, IsEmpty());
  const auto history = book_->History("R-1", AccessOf("QM"));
  ASSERT_TRUE(history.ok());
  ASSERT_THAT(*history, SizeIs(2));
  // That it was, and not what it said.
  EXPECT_EQ((*history)[0].body.route_report().route_id(), "R-1");
  EXPECT_EQ((*history)[0].body.route_report().legs_size(), 0);
  EXPECT_EQ((*history)[0].body.route_report().summary(), "");
}

TEST_F(CasebookTest, ThatARecordIsHeldIsNoQuestionOfWhoMaySeeIt) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QN", {"QM"}, Recall("R-1/1")),
               post_.Entry("QM", "QN", {"QM"}, Recall("R-2/1"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "UNKNOWN_RECORD");
  EXPECT_TRUE(*book_->Holds("QN", "R-1/1"));
  EXPECT_FALSE(*book_->Holds("QN", "R-2/1"));
  EXPECT_FALSE(*book_->Holds("QT", "R-1/1"));
}

TEST_F(CasebookTest, TheOriginatorTakesAConsentBack) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QN", {"QM"}, Consent("R-1/1", "QT"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM"), casework::Way::kForward, "QT"), "OK");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Consent("R-1/1", "QT", "INVESTIGATION", "DENY"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM"), casework::Way::kForward, "QT"), "UNKNOWN_RECORD");
}

TEST_F(CasebookTest, OurAnswerPurgedTakesTheContentOutAndItStaysOutAfterARebuild) {
  const std::vector<v1::CasebookEntry> all = {
      post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
      post_.Entry("QM", "QN", {"QM"}, Recall("R-1/1")),
      post_.Entry("QM", "QM", {"QN"}, Answer("R-1/1", "PURGED"))};
  Put(*book_, all);
  const auto history = book_->History("R-1", AccessOf("QM"));
  ASSERT_TRUE(history.ok());
  ASSERT_THAT(*history, SizeIs(3));
  EXPECT_TRUE((*history)[0].entry.purged());
  EXPECT_EQ((*history)[0].body.route_report().summary(), "");
  EXPECT_EQ((*history)[0].body.route_report().legs_size(), 0);
  // Nobody else's words are found either, whatever the policy says.
  EXPECT_THAT(Search("hidden", AccessOf("QN")), IsEmpty());
  const auto again = Opened(folder_.File("again.db"), "QM");
  Put(*again, {all.rbegin(), all.rend()});
  EXPECT_EQ(*again->Digest(), *book_->Digest());
}

// Words stand in the index without what they share with the word before.
int64_t PartsOfIndexWith(const std::string& path, const std::string& end_of_word) {
  auto database = Database::Open(path, Key('k'));
  EXPECT_TRUE(database.ok()) << TextOf(database.status());
  auto find = database->Prepare("SELECT count(*) FROM words_data WHERE instr(block, ?1) > 0");
  EXPECT_TRUE(find.ok());
  find->BindBytes(1, end_of_word);
  EXPECT_TRUE(find->Step().ok());
  return find->Number(0);
}

TEST_F(CasebookTest, APurgeLeavesNoWordInTheIndex) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QN", {"QM"}, Recall("R-1/1"))});
  EXPECT_GT(PartsOfIndexWith(folder_.File("casebook.db"), "dden"), 0);
  Put(*book_, {post_.Entry("QM", "QM", {"QN"}, Answer("R-1/1", "PURGED"))});
  EXPECT_EQ(PartsOfIndexWith(folder_.File("casebook.db"), "dden"), 0);
}

TEST_F(CasebookTest, WhatLacksAPartDecidesNothingAboutARecord) {
  v1::CaseBody recall = Recall("R-1/1");
  recall.mutable_intelligence_recall()->clear_reason();
  v1::CaseBody correction;
  correction.mutable_intelligence_correction()->set_record_id("R-1/1");
  correction.mutable_intelligence_correction()->set_reason("none better");
  const v1::CaseBody consent = Consent("R-1/1", "QV", "INVESTIGATION", "YES");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, recall), post_.Entry("QM", "QN", {"QM"}, correction),
               post_.Entry("QM", "QN", {"QM"}, consent),
               post_.Entry("QM", "QM", {"QN"}, Answer("R-1/1", "FORGOTTEN"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM"), casework::Way::kForward, "QV"), "UNKNOWN_RECORD");
  EXPECT_THAT(*book_->History("R-1", AccessOf("QM")), SizeIs(1)) << "nobody has answered";
  EXPECT_THAT(book_->List({}, AccessOf("QM"), 10)->items, SizeIs(5)) << "each is here, as it came";
}

TEST_F(CasebookTest, AnotherStatesAnswerPurgesNothingHere) {
  Put(*book_, {post_.Entry("QM", "QM", {"QN"}, Report("R-1", "QM", {"QN"})),
               post_.Entry("QM", "QN", {"QM"}, Answer("R-1/1", "PURGED"))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
}

TEST_F(CasebookTest, ARecordOfAnOperationIsHiddenUntilItsMembershipIsKnown) {
  v1::CaseBody body = Report("R-1", "QN", {"QM"});
  body.mutable_route_report()->mutable_label()->set_operation(std::string(64, 'a'));
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, body)});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QN")), "OK");
}

TEST_F(CasebookTest, TwoStatesMayUseTheSameId) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1")),
               post_.Entry("QM", "QT", {"QM"}, Report("R-1", "QT", {"QM"}))});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "AMBIGUOUS_RECORD");
  EXPECT_EQ(ShowCode("QT:R-1/1", AccessOf("QM")), "OK");
  Put(*book_, {post_.Entry("QM", "QT", {"QM"}, Recall("R-1/1"))});
  EXPECT_EQ(ShowCode("QT:R-1/1", AccessOf("QM")), "UNKNOWN_RECORD");
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
}

TEST_F(CasebookTest, GoesOnWhereItStoppedAndAsksAgainOnlyForOpenMessages) {
  const v1::CasebookEntry sent = post_.Entry("QM", "QM", {"QN"}, Report("R-1", "QM", {"QN"}));
  Put(*book_, {sent, post_.Entry("QM", "QN", {"QM"}, Report("R-2"))}, "12345678");
  EXPECT_EQ(*book_->After(), "12345678");
  EXPECT_THAT(*book_->OpenMessages(Noon()), ElementsAre(sent.message_id()));
  EXPECT_THAT(*book_->OpenMessages(Noon() + absl::Hours(24 * 40)), IsEmpty());
  v1::CasebookEntry opened = sent;
  Post::AddReceipt(opened, "QN", v1::RecordKind::RETRIEVAL);
  Put(*book_, {opened});
  EXPECT_THAT(*book_->OpenMessages(Noon()), IsEmpty());
  EXPECT_TRUE(*book_->Knows(sent.message_id()));
  EXPECT_EQ(*book_->After(), "12345678");
  EXPECT_THAT(Search("hidden", AccessOf("QM")), ElementsAre("R-2/1", "R-1/1"));
}

TEST_F(CasebookTest, KeepsNoSealedIdentity) {
  v1::CaseBody body = Report("R-1");
  body.add_compartments()->set_sealed("sealed bytes");
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, body)});
  const auto record = book_->Record("R-1", AccessOf("QM"), casework::Way::kView, "");
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->body.compartments_size(), 0);
}

// --- The file

std::string BytesOf(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Words, identifiers, names of states and tables, and how an open SQLite file begins.
void ExpectSealed(const std::string& folder) {
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string bytes = BytesOf(file.path());
    ++files;
    for (const char* text : {"ZEBRAFINCH", "zebrafinch", "hidden", "2000107", "QTMBA", "R-4711",
                             "route_report", "message_record", "QM/central", "SQLite format"}) {
      EXPECT_EQ(bytes.find(text), std::string::npos) << text << " in " << file.path();
    }
  }
  EXPECT_GT(files, 0);
}

// Compartments of an operation are for whom its agreement names; a search must not go round them.
TEST_F(CasebookTest, OfAMailOfAnOperationItKeepsThatItCameAndNothingOfWhatItSays) {
  v1::CaseBody body;
  body.set_version(1);
  v1::OperationMail& mail = *body.mutable_operation_mail();
  mail.set_operation(std::string(64, 'a'));
  v1::OperationRecord& record = *mail.add_records();
  record.set_compartment("UNDERCOVER");
  record.mutable_situation()->set_text("the officer under cover is at Harbour Road");
  const v1::CasebookEntry entry = post_.Entry("QM", "QN", {"QM"}, body);
  ASSERT_TRUE(book_->Put({{entry}}, "").ok());
  const auto found = book_->Search("Harbour", AccessOf("QM"), 10);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->items.empty());
  const auto seen = book_->View(entry.message_id(), AccessOf("QM"));
  ASSERT_TRUE(seen.ok()) << seen.status();
  const Item& item = *seen;
  EXPECT_EQ(item.body.operation_mail().records_size(), 0);
  EXPECT_EQ(item.entry.SerializeAsString().find("Harbour"), std::string::npos);
  EXPECT_EQ(item.body.operation_mail().operation(), mail.operation());
  ASSERT_TRUE(book_->Put({{entry}}, "").ok()) << "taken again, as after a refresh";
}

TEST_F(CasebookTest, TheFileHoldsNoPlaintextAndNobodyElseMayReadIt) {
  std::vector<v1::CasebookEntry> entries;
  for (int i = 0; i < 300; ++i) {
    v1::CaseBody body = Report("R-4711");
    body.mutable_route_report()->set_version(i + 1);
    body.mutable_route_report()->set_summary("ZEBRAFINCH zebrafinch " + std::to_string(i));
    entries.push_back(post_.Entry("QM", "QN", {"QM"}, body));
  }
  Put(*book_, entries);
  ASSERT_GT(BytesOf(folder_.File("casebook.db")).size(), 100000u);
  ExpectSealed(folder_.path());
  for (const auto& file : std::filesystem::directory_iterator(folder_.path())) {
    struct stat info {};
    ASSERT_EQ(stat(file.path().c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << file.path();
  }
}

TEST_F(CasebookTest, AnotherKeyAndAnotherOfficerAreToldClearly) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  book_.reset();
  const std::string path = folder_.File("casebook.db");
  const auto wrong = Casebook::Open(path, Key('x'), "QM/central/o-1");
  EXPECT_EQ(CodeOf(wrong.status()), "WRONG_KEY");
  EXPECT_NE(TextOf(wrong.status()).find("palermo casebook rebuild"), std::string::npos);
  EXPECT_EQ(CodeOf(Casebook::Open(path, Key(), "QM/central/o-2").status()), "WRONG_KEY");
  EXPECT_TRUE(Casebook::Open(path, Key(), "QM/central/o-1").ok());
}

TEST_F(CasebookTest, AChangedFileIsNoticed) {
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, Report("R-1"))});
  book_.reset();
  const std::string path = folder_.File("casebook.db"), bytes = BytesOf(path);
  int noticed = 0, places = 0;
  for (size_t at = 40; at < bytes.size(); at += 4096 + 17) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << changed;
    ++places;
    auto book = Casebook::Open(path, Key(), "QM/central/o-1");
    if (!book.ok() || !(*book)->Digest().ok() ||
        !(*book)->Search("hidden", AccessOf("QM"), 10).ok()) {
      ++noticed;
    }
  }
  // Pages that nothing reads are not looked at.
  EXPECT_GT(noticed, 3) << places;
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
  EXPECT_TRUE(Casebook::Open(path, Key(), "QM/central/o-1").ok());
}

// Puts batches until it is killed.
[[noreturn]] void PutForEver(const std::string& path) {
  const auto book = Opened(path, "QM");
  Post post;
  for (int i = 0;; ++i) {
    std::vector<v1::CasebookEntry> batch;
    for (int j = 0; j < 20; ++j) {
      batch.push_back(post.Entry("QM", "QN", {"QM"},
                                 Report("B-" + std::to_string(i) + "-" + std::to_string(j))));
    }
    if (!book->Put(batch, BigEndian64(i + 1)).ok()) _exit(3);
  }
}

TEST_F(CasebookTest, AKillInTheMiddleLeavesWholeBatches) {
  for (int round = 0; round < 6; ++round) {
    const std::string path = folder_.File("killed-" + std::to_string(round));
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) PutForEver(path);
    usleep(150000 + 37000 * round);
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ExpectSealed(folder_.path());  // the journal of the transaction that died, too
    auto book = Casebook::Open(path, Key(), "QM/central/o-1");
    ASSERT_TRUE(book.ok()) << TextOf(book.status());
    const std::string after = *(*book)->After();
    const uint64_t batches = after.empty() ? 0 : ReadBigEndian64(after);
    EXPECT_EQ(*(*book)->Count({}, AccessOf("QM")), 20 * batches);
    if (batches > 0) {
      EXPECT_EQ((*book)->Named("IMO:2000107", AccessOf("QM"), 1)->items.size(), 1u);
      EXPECT_EQ((*book)->Search("hidden", AccessOf("QM"), 1)->items.size(), 1u);
    }
    ASSERT_TRUE((*book)->Digest().ok());
  }
}

// --- Limits

TEST_F(CasebookTest, AMarkThatIsEverywhereHasACap) {
  std::vector<v1::CasebookEntry> entries;
  for (size_t i = 0; i <= limits::kMaxPostingsPerIdentifier; ++i) {
    entries.push_back(post_.Entry("QM", "QN", {"QM"}, Report("R-" + std::to_string(i))));
  }
  Put(*book_, entries);
  const auto found = book_->Named("IMO:2000107", AccessOf("QM"), 5);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(found->items, SizeIs(5));
  EXPECT_TRUE(found->everywhere);
  EXPECT_TRUE(found->more);
  EXPECT_FALSE(book_->Named("IMO:2000107", AccessOf("QZ"), 5)->everywhere);
}

TEST_F(CasebookTest, TakesAReportOf200LegsAndAReleaseListOf194States) {
  std::vector<std::string> states;
  for (char a = 'A'; a <= 'Z' && states.size() < 193; ++a) {
    for (char b = 'A'; b <= 'Z' && states.size() < 193; ++b) states.push_back({a, b});
  }
  states.push_back("QM");
  v1::CaseBody body = Report("R-1", "QN", states);
  v1::RouteReport& report = *body.mutable_route_report();
  while (report.legs_size() < 200) {
    v1::RouteLeg& leg = *report.add_legs();
    leg = report.legs(1);
    leg.set_seq(report.legs_size());
    leg.mutable_conveyance()->mutable_identifiers(0)->set_scheme("PLATE");
    leg.mutable_conveyance()->mutable_identifiers(0)->set_value("AB" +
                                                                std::to_string(report.legs_size()));
  }
  ASSERT_LT(body.SerializeAsString().size(), limits::kMaxBodyTextBytes);
  Put(*book_, {post_.Entry("QM", "QN", {"QM"}, body)});
  EXPECT_EQ(ShowCode("R-1", AccessOf("QM")), "OK");
  EXPECT_THAT(book_->Named("PLATE::AB200", AccessOf("QM"), 10)->items, SizeIs(1));
}

}  // namespace
}  // namespace palermo::casebook
