// No sequence of forward, consent, recall, correction, purge, join and leave ever shows a record to
// somebody outside its label, whoever asks for whatever: every desk has a casebook of its own, and
// only messages travel.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <utility>

#include "base/check.h"
#include "base/sanitizers.h"
#include "base/status.h"
#include "node/casebook/sharing_oracle.h"
#include "node/casebook/test_util.h"
#include "node/casework/operation/membership.h"

namespace palermo::casebook {
namespace {

const std::vector<std::string> kStates = {"QM", "QN", "QP", "QT", "QV"};
constexpr Way kWays[] = {Way::kView,  Way::kSearch, Way::kHistory,
                         Way::kCount, Way::kExport, Way::kForward};

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  int Of(int n) { return static_cast<int>(engine_() % static_cast<unsigned>(n)); }
  bool Often() { return Of(3) != 0; }
  const std::string& State() { return kStates[Of(static_cast<int>(kStates.size()))]; }

 private:
  std::mt19937 engine_;
};

class World {
 public:
  explicit World(unsigned seed) : dice_(seed) {
    for (const std::string& state : kStates) {
      desks_[state] = Opened(folder_.File(state), state);
      PALERMO_CHECK(desks_[state] != nullptr);
    }
  }

  void Begin() {
    oracle_.of_operation = dice_.Often();
    if (oracle_.of_operation) FoundOperation();
    oracle_.tlp = static_cast<v1::Tlp::Code>(1 + dice_.Of(5));
    v1::CaseBody report = Report("R-1", "QN", {}, oracle_.tlp);
    v1::Label& label = *report.mutable_route_report()->mutable_label();
    LabelIt(label);
    label.set_operation(operation_);
    if (!operation_.empty()) {
      for (const std::string& id : casework::MembershipHeads(records_, Replayed())) {
        label.add_operation_seen(id);
      }
    }
    std::vector<std::string> to;
    for (const std::string& state : kStates) {
      if (state == "QN") continue;
      if (dice_.Often()) oracle_.released.insert(state);
      if (dice_.Of(8) == 0) oracle_.withheld.insert(state);
      // Sealed to some who may not have it, too: a mistake, or an originator who lies.
      if (dice_.Of(2) == 0) to.push_back(state);
    }
    for (const std::string& state : oracle_.released) label.add_release_states(state);
    for (const std::string& state : oracle_.withheld) label.add_withheld_states(state);
    if (to.empty()) to.push_back("QM");
    oracle_.members = members_;
    report_ = report;
    Send("QN", to, report);
  }

  void Step() {
    const int what = dice_.Of(18);
    if (what < 5) {
      Forward();
    } else if (what < 9) {
      Agree();
    } else if (what < 11) {
      JoinOrLeave();
    } else if (what < 12) {
      if (dice_.Of(3) == 0) TakeBack();
    } else if (what < 13) {
      if (dice_.Of(3) == 0) PurgeSomewhere();
    } else if (what < 14) {
      Weaken();
    } else if (what < 16) {
      WriteDraft();
    } else {
      ApproveDrafts();
    }
  }

  // What every desk shows whoever asks, on every way.
  void Check() {
    for (const std::string& desk : kStates) {
      CheckAsked(Question{desk, "o-1", "INVESTIGATION", "case 7", Way::kView, ""});
      constexpr const char* kPurposes[] = {"INVESTIGATION", "PROSECUTION", "ANALYSIS_STRATEGIC",
                                           "SEARCH_AND_RESCUE"};
      CheckAsked(Question{desk, dice_.Often() ? "o-1" : "o-2", kPurposes[dice_.Of(4)],
                          dice_.Often() ? "case 7" : "", Way::kView, ""});
    }
  }
  int joined() const { return joined_; }
  int shown() const { return shown_; }
  int forwards() const { return forwards_; }
  int approved() const { return approved_; }
  int stopped() const { return stopped_; }
  std::string Story() const { return Cat({"\n", story_}); }

 private:
  // Handling, purposes, officers and the day until when.
  void LabelIt(v1::Label& label) {
    oracle_.h1 = dice_.Of(3) == 0;
    oracle_.h2 = dice_.Of(3) == 0;
    oracle_.h3 = dice_.Of(4) == 0;
    label.clear_handling();
    label.add_handling(v1::Handling::H0);
    if (oracle_.h1) label.add_handling(v1::Handling::H1);
    if (oracle_.h2) label.add_handling(v1::Handling::H2);
    if (oracle_.h3) label.add_handling(v1::Handling::H3);
    label.clear_purposes();
    for (const char* purpose : {"INVESTIGATION", "PROSECUTION", "ANALYSIS_STRATEGIC"}) {
      if (dice_.Of(4) != 0) oracle_.purposes.insert(purpose);
    }
    for (const std::string& purpose : oracle_.purposes) label.add_purposes(purpose);
    oracle_.complete = !oracle_.purposes.empty();
    for (const std::string& state : kStates) {
      if (dice_.Often()) oracle_.recipients.insert(Cat({state, "/central/o-1"}));
    }
    for (const std::string& officer : oracle_.recipients) label.add_recipients(officer);
    // A day lasts to its end.
    constexpr const char* kDays[] = {"", "", "2026-03-02", "2030-01-01", "2026-03-01"};
    const int day = dice_.Of(5);
    label.set_delete_by(kDays[day]);
    oracle_.over = day == 4;
  }

  void CheckAsked(Question q) {
    Casebook& book = *desks_[q.desk];
    const std::string who = Cat({q.desk, " ", q.officer, " for ", q.purpose, " "});
    for (const Way way : kWays) {
      q.way = way;
      std::vector<std::string> to = {""};
      if (q.Onward()) to.insert(to.end(), kStates.begin(), kStates.end());
      for (const std::string& one : to) {
        q.to = one;
        const bool shown = book.Record("QN:R-1", q.With(), way, one).ok();
        shown_ += shown ? 1 : 0;
        EXPECT_TRUE(!shown || oracle_.MayHave(q))
            << who << casework::WayName(way) << " to " << one << Story();
      }
    }
    q.to = "";
    const auto may = [&](Way way) {
      q.way = way;
      return oracle_.MayHave(q);
    };
    EXPECT_TRUE(may(Way::kCount) || *book.Count({"route_report"}, q.With()) == 0u)
        << who << Story();
    const bool open = may(Way::kSearch) && oracle_.purged.count(q.desk) == 0;
    EXPECT_TRUE(open || Shown(q).empty()) << who << Story();
    const bool view = may(Way::kView);
    for (const std::string& id : carriers_) {
      EXPECT_TRUE(view || !book.View(id, q.With()).ok()) << who << Story();
    }
    const auto history = book.History("QN:R-1", q.With());
    if (!history.ok()) return;
    EXPECT_TRUE(may(Way::kHistory)) << who << Story();
    for (const Item& item : *history) {
      EXPECT_TRUE(view || item.body.route_report().legs_size() == 0) << who << Story();
    }
  }
  std::string Shown(const Question& q) {
    const auto words = desks_[q.desk]->Search("hidden compartment", q.With(), 10);
    const auto mark = desks_[q.desk]->Named("IMO:2000107", q.With(), 10);
    EXPECT_TRUE(words.ok() && mark.ok());
    std::string text;
    for (const auto* found : {&*words, &*mark}) {
      for (const Item& item : found->items) text += item.content.record;
    }
    return text;
  }
  v1::CasebookEntry Send(const std::string& from, std::vector<std::string> to,
                         const v1::CaseBody& body, const std::string& lost_at = "",
                         const casework::SignedRecord* carried = nullptr) {
    to.erase(std::remove(to.begin(), to.end(), from), to.end());
    story_ += Cat({from, " sends ",
                   body.GetDescriptor()->FindFieldByNumber(body.content_case())->name(), " to"});
    v1::CasebookEntry entry = post_.Entry(from, from, to, body);
    if (carried != nullptr) Carry(entry, *carried);
    to.push_back(from);
    if (body.has_route_report()) {
      carriers_.insert(entry.message_id());
      for (const std::string& desk : to) oracle_.sealed_to[desk].insert(to.begin(), to.end());
    }
    for (const std::string& state : to) {
      story_ += Cat({" ", state});
      v1::CasebookEntry mine = entry;
      mine.set_incoming(state != from);
      if (state == lost_at) {  // neither ledger's receipt can be shown here
        mine.clear_receipts();
        story_ += "(no receipts)";
      }
      EXPECT_TRUE(desks_[state]->Put(std::vector{mine}, "").ok());
    }
    story_ += "\n";
    return entry;
  }

  // A signed record of the operation, to everybody.
  std::string Say(const std::string& state, v1::OperationRecord record) {
    record.set_operation(operation_);
    record.set_state(state);
    record.set_seq(++seq_[state]);
    record.set_previous(last_[state]);
    record.set_at(FormatInstant(Noon() - absl::Hours(24) + absl::Seconds(records_.size())));
    if (!operation_.empty()) {
      for (const std::string& head : Replayed().heads) record.add_parents(head);
    }
    const std::string id = HexEncode(AsView(crypto::Sha256(record.SerializeAsString())));
    records_.push_back({id, state, record});
    // As it lies in a casebook that got it late, or in any order: nobody's view depends on that.
    Send(state, kStates, MailOf(operation_.empty() ? id : operation_), "", &records_.back());
    last_[state] = id;
    if (operation_.empty()) operation_ = id;
    members_ = oracle_.members_now = Replayed().members;
    return id;
  }
  casework::OperationState Replayed() const {
    return *casework::ReplayOperation(records_, operation_, Noon());
  }
  void FoundOperation() {
    v1::OperationRecord agreement;
    std::vector<std::string> parties = {"QN", "QM"};
    for (const std::string state : {"QP", "QT"}) {
      if (dice_.Often()) parties.push_back(state);
    }
    for (const std::string& state : parties) {
      agreement.mutable_agreement()->add_parties()->set_state(state);
    }
    agreement.mutable_agreement()->mutable_period()->set_from("2026-01-01");
    agreement.mutable_agreement()->mutable_period()->set_to("2026-12-31");
    Say("QN", agreement);
    for (const std::string& state : parties) {
      v1::OperationRecord signature;
      signature.mutable_signature()->set_agreement(operation_);
      if (state != "QN") Say(state, signature);
    }
    EXPECT_EQ(members_, States(parties.begin(), parties.end()));
  }
  // Membership now says nothing about what was sealed before.
  void JoinOrLeave() {
    if (operation_.empty()) return;
    const std::string state = dice_.State();
    v1::OperationRecord record;
    if (members_.count(state) != 0) {
      record.mutable_departure()->set_state(state);
      Say(state, record);
      return;
    }
    const States before = members_;
    if (before.empty()) return;
    record.mutable_admission()->set_state(state);
    auto& basis = *record.mutable_admission()->add_basis();
    basis.set_pair("default");
    basis.set_basis("UNTOC 19");
    const std::string admission = Say(*before.begin(), record);
    for (const std::string& member : before) {
      v1::OperationRecord consent;
      consent.mutable_consent()->set_subject(admission);
      if (member != *before.begin()) Say(member, consent);
    }
    v1::OperationRecord accession;
    accession.mutable_accession()->set_admission(admission);
    accession.mutable_accession()->set_agreement(operation_);
    Say(state, accession);
    joined_ += members_.count(state) != 0 ? 1 : 0;
  }

  // Somebody who may and can; often nobody.
  void Forward() {
    for (int i = 0; i < 10; ++i) {
      if (ForwardOnce(dice_.State(), dice_.State())) return;
    }
  }
  bool ForwardOnce(const std::string& from, const std::string& to) {
    if (from == to) return false;
    const auto record = desks_[from]->Record("QN:R-1", AccessOf(from), Way::kForward, to);
    if (!record.ok() || record->entry.purged()) return false;
    ++forwards_;
    EXPECT_TRUE(oracle_.MayHave({from, "o-1", "INVESTIGATION", "case 7", Way::kForward, to}))
        << from << " to " << to << Story();
    Send(from, {to}, record->body);
    return true;
  }
  // What waits for an approval was allowed when it was written. Before it goes it is asked again.
  void WriteDraft() {
    for (int i = 0; i < 10; ++i) {
      const std::string from = dice_.State(), to = dice_.State();
      if (from == to) continue;
      const auto record = desks_[from]->Record("QN:R-1", AccessOf(from), Way::kForward, to);
      if (!record.ok() || record->entry.purged()) continue;
      drafts_.push_back({from, to, record->body});
      return;
    }
  }
  void ApproveDrafts() {
    for (const Waiting& one : std::exchange(drafts_, {})) {
      Item draft;
      draft.header.set_sender(one.from + "/central");
      draft.header.add_recipients(one.to + "/central");
      draft.body = one.body;
      draft.content = RecordOf(draft.header, one.body);
      const auto decision = desks_[one.from]->MayGo(draft, AccessOf(one.from), one.to);
      if (!decision.ok() || !decision->allowed) {
        ++stopped_;
        continue;
      }
      ++approved_;
      EXPECT_TRUE(
          oracle_.MayHave({one.from, "o-1", "INVESTIGATION", "case 7", Way::kForward, one.to}))
          << one.from << " to " << one.to << " from a draft" << Story();
      Send(one.from, {one.to}, one.body);
    }
  }
  // Somebody consents; often the originator, and not always with receipts that can be shown.
  void Agree() {
    const std::string by = dice_.Often() ? "QN" : dice_.State();
    const std::string to = dice_.State(), holder = dice_.State();
    const bool grant = dice_.Often();
    const std::string purpose = dice_.Often() ? "INVESTIGATION" : "PROSECUTION";
    const std::string lost_at = dice_.Of(4) == 0 ? holder : "";
    std::vector<std::string> readers = {holder};
    if (to != holder) readers.push_back(to);
    readers.erase(std::remove(readers.begin(), readers.end(), by), readers.end());
    if (readers.empty()) return;
    Send(by, readers, Consent("R-1/1", to, purpose, grant ? "GRANT" : "DENY"), lost_at);
    if (by != "QN") return;
    readers.push_back(by);
    for (const std::string& desk : readers) {
      bool& granted = oracle_.consents[desk][{to, purpose}];
      // One that no ledger shows counts for nothing; what was granted, he may take back so.
      granted = grant && (granted || desk != lost_at);
    }
  }
  void TakeBack() {
    const std::string by = dice_.Often() ? "QN" : dice_.State();
    v1::CaseBody correction;
    correction.set_version(1);
    correction.mutable_intelligence_correction()->set_record_id("R-1/1");
    correction.mutable_intelligence_correction()->set_replaced_by("R-1/2");
    correction.mutable_intelligence_correction()->set_reason("other port");
    // Not every desk hears of it at once.
    std::vector<std::string> to;
    for (const std::string& state : kStates) {
      if (dice_.Often() && state != by) to.push_back(state);
    }
    if (to.empty()) return;
    Send(by, to, dice_.Of(2) == 0 ? Recall("R-1/1") : correction);
    to.push_back(by);
    if (by == "QN") oracle_.taken_back.insert(to.begin(), to.end());
  }
  void PurgeSomewhere() {
    const std::string by = dice_.State();
    if (by == "QN") return;
    Send(by, {"QN"}, Answer("R-1/1", dice_.Often() ? "PURGED" : "KEPT_UNDER_HOLD"));
    if (story_.empty()) return;
    const auto history = desks_[by]->History("QN:R-1", AccessOf(by));
    if (history.ok() && history->front().entry.purged()) oracle_.purged.insert(by);
  }
  // Passes on what it holds with a label that says anybody may have it.
  void Weaken() {
    const std::string from = dice_.State(), to = dice_.State();
    if (from == "QN" || from == to || !held_by_originator_.insert(to).second) return;
    // Who has it from the originator goes by the originator's label. A state that has it from a
    // liar alone cannot know: not tried here.
    const auto items = desks_[to]->History("QN:R-1", AccessOf(to));
    const bool from_originator =
        items.ok() && std::any_of(items->begin(), items->end(), [](const Item& item) {
          return item.content.is_record && item.header.sender() == "QN/central";
        });
    if (!from_originator) return;
    v1::CaseBody weak = report_;
    v1::Label& label = *weak.mutable_route_report()->mutable_label();
    label.set_tlp(v1::Tlp::CLEAR);
    label.clear_handling();
    label.add_handling(v1::Handling::H0);
    label.clear_withheld_states();
    label.clear_operation();
    for (const std::string& state : kStates) label.add_release_states(state);
    Send(from, {to}, weak);
  }

  Folder folder_{"/dev/shm"};
  Dice dice_;
  Post post_;
  Oracle oracle_;
  std::map<std::string, std::unique_ptr<Casebook>> desks_;
  std::vector<casework::SignedRecord> records_;
  std::map<std::string, uint64_t> seq_;
  std::map<std::string, std::string> last_;
  std::string operation_, story_;
  States carriers_;  // messages that bring the record
  States members_, held_by_originator_;
  v1::CaseBody report_;
  struct Waiting {
    std::string from, to;
    v1::CaseBody body;
  };
  std::vector<Waiting> drafts_;
  int approved_ = 0, stopped_ = 0;
  int shown_ = 0, forwards_ = 0, joined_ = 0;
};

// Under a sanitizer a round takes ten times as long, and a few need not go everywhere.
constexpr unsigned kRounds = kAddressSanitizer ? 16 : 70;

TEST(SharingProperty, NoSequenceOfMessagesShowsARecordToSomebodyOutsideItsLabel) {
  int shown = 0, forwards = 0, joined = 0, approved = 0, stopped = 0;
  for (unsigned round = 0; round < kRounds; ++round) {
    World world(round + 1);
    world.Begin();
    for (int step = 0; step < 16; ++step) {
      world.Step();
      world.Check();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "round " << round << world.Story();
    }
    shown += world.shown();
    forwards += world.forwards();
    joined += world.joined();
    approved += world.approved();
    stopped += world.stopped();
  }
  if (kAddressSanitizer) return;
  EXPECT_GT(shown, 1000);
  EXPECT_GT(forwards, 40);
  EXPECT_GT(joined, 10);
  EXPECT_GT(approved + stopped, 0);
}

}  // namespace
}  // namespace palermo::casebook
