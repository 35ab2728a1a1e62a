// No sequence of forward, consent, recall, purge, join and leave ever shows a record to somebody
// outside its label: every desk has a casebook of its own, and only messages travel.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "base/check.h"
#include "base/status.h"
#include "node/casebook/test_util.h"
#include "node/casework/operation/membership.h"

namespace palermo::casebook {
namespace {

using casework::Way;
using States = std::set<std::string>;

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

// Says from the bare list of what was signed who may have it: no code of the policy.
struct Oracle {
  std::string originator;
  States released, withheld, members;  // of that moment
  bool of_operation = false;
  // By desk, what reached it.
  std::map<std::string, States> consents;
  States recalled, purged;

  bool MayHave(const std::string& state, const std::string& desk) {
    if (withheld.count(state) != 0) return false;
    const bool consented = consents[desk].count(state) != 0;
    const bool inside = state == originator || released.count(state) != 0 || consented;
    const bool member =
        !of_operation || state == originator || members.count(state) != 0 || consented;
    return inside && member;
  }
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
    oracle_.originator = "QN";
    oracle_.of_operation = dice_.Often();
    if (oracle_.of_operation) FoundOperation();
    v1::CaseBody report = Report("R-1", "QN", {}, static_cast<v1::Tlp::Code>(1 + dice_.Of(4)));
    v1::Label& label = *report.mutable_route_report()->mutable_label();
    if (dice_.Of(4) == 0) label.add_handling(v1::Handling::H3);
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
    const int what = dice_.Of(14);
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
    } else {
      Weaken();
    }
  }

  // What every desk shows its own officer, on every way.
  void Check() {
    for (const std::string& desk : kStates) {
      const Access access = AccessOf(desk);
      const bool may = oracle_.MayHave(desk, desk);
      const bool gone = oracle_.recalled.count(desk) != 0;
      for (const Way way : kWays) {
        const bool onward = way == Way::kExport || way == Way::kForward;
        for (const std::string& to : onward ? kStates : std::vector<std::string>{""}) {
          const bool shown = desks_[desk]->Record("QN:R-1", access, way, to).ok();
          shown_ += shown ? 1 : 0;
          EXPECT_TRUE(!shown || may) << desk << " " << casework::WayName(way) << Story();
          EXPECT_TRUE(!shown || !gone || way == Way::kHistory)
              << desk << " " << casework::WayName(way) << Story();
          EXPECT_TRUE(!shown || !onward || oracle_.MayHave(to, desk))
              << desk << " gives it to " << to << Story();
        }
      }
      const bool open = may && !gone && oracle_.purged.count(desk) == 0;
      EXPECT_TRUE(open || Shown(desk, access).empty()) << desk << Story();
      EXPECT_TRUE((may && !gone) || *desks_[desk]->Count({"route_report"}, access) == 0u)
          << desk << Story();
    }
  }
  int shown() const { return shown_; }
  int forwards() const { return forwards_; }
  std::string Story() const { return Cat({"\n", story_}); }

 private:
  std::string Shown(const std::string& desk, const Access& access) {
    const auto words = desks_[desk]->Search("hidden compartment", access, 10);
    const auto mark = desks_[desk]->Named("IMO:2000107", access, 10);
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
    members_ = Replayed().members;
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
    EXPECT_TRUE(oracle_.MayHave(to, from)) << from << " to " << to << Story();
    Send(from, {to}, record->body);
    return true;
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
    if (by != "QN" || !grant || purpose != "INVESTIGATION") return;
    readers.push_back(by);
    for (const std::string& desk : readers) {
      if (desk != lost_at) oracle_.consents[desk].insert(to);
    }
  }
  void TakeBack() {
    const std::string by = dice_.Often() ? "QN" : dice_.State();
    Send(by, kStates, Recall("R-1/1"));
    if (by == "QN") oracle_.recalled = {kStates.begin(), kStates.end()};
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
  States members_, held_by_originator_;
  v1::CaseBody report_;
  int shown_ = 0, forwards_ = 0, joined_ = 0;
};

TEST(SharingProperty, NoSequenceOfMessagesShowsARecordToSomebodyOutsideItsLabel) {
  int shown = 0, forwards = 0;
  for (unsigned round = 0; round < 40; ++round) {
    World world(round + 1);
    world.Begin();
    for (int step = 0; step < 12; ++step) {
      world.Step();
      world.Check();
      ASSERT_FALSE(::testing::Test::HasFailure()) << "round " << round << world.Story();
    }
    shown += world.shown();
    forwards += world.forwards();
  }
  EXPECT_GT(shown, 1000);
  EXPECT_GT(forwards, 40);
}

}  // namespace
}  // namespace palermo::casebook
