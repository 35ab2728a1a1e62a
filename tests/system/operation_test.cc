// Five states run a whole joint operation with real nodes: one joins late, one leaves, one is off
// for a while, and one lies. All honest desks end with the same records and the liar's proof.
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/desk/operation_mail.h"
#include "node/trust/strict.h"
#include "palermo/v1/casebody.pb.h"
#include "tests/system/operation_desks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace palermo::testing {
namespace {

using Names = std::set<std::string>;

// The tokens of two persons.
const std::string kArrested = Cat({"hmac:", std::string(64, 'a')});
const std::string kRescued = Cat({"hmac:", std::string(64, 'b')});

// What every honest desk must say alike: each record's place, verdict and proof, members, forks,
// votes.
std::string Common(const std::string& shown, bool late) {
  desk::JsonReader json = Parsed(shown);
  // Nor does it know of the decisions from before it came.
  std::string text = late ? "" : Cat({json.Text("phase"), "\n"});
  for (const std::string& member : json.Texts("members")) text += Cat({member, " "});
  for (desk::JsonReader& record : json.Objects("records")) {
    const std::string verdict = record.Text("verdict");
    // What was withheld from a newcomer has a place, and no verdict there.
    text += Cat({"\n", record.Text("id"), " ", record.Text("state"), " ", record.Text("kind"), " ",
                 late ? "" : verdict});
    if (late) continue;
    for (const std::string& id : record.Texts("proof")) text += Cat({" ", id});
  }
  for (desk::JsonReader& decision : json.Objects("decisions")) {
    // As a reader of JSON has them: in no order.
    std::vector<std::string> votes = absl::StrSplit(decision.Raw("votes"), absl::ByAnyChar("{,}"));
    std::sort(votes.begin(), votes.end());
    if (!late) {
      text += Cat({"\ndecision ", absl::StrJoin(votes, " "), " ", decision.Text("outcome")});
    }
  }
  for (desk::JsonReader& fork : json.Objects("forks")) {
    text += Cat({"\nfork ", fork.Text("state"), " ", fork.Text("standing")});
    for (const std::string& id : fork.Texts("records")) text += Cat({" ", id});
  }
  return text;
}

std::string VerdictOf(const std::string& shown, const std::string& id) {
  desk::JsonReader json = Parsed(shown);
  for (desk::JsonReader& record : json.Objects("records")) {
    if (record.Text("id") == id) return record.Text("verdict");
  }
  return "not here";
}

Names IdsOf(const std::string& shown) {
  desk::JsonReader json = Parsed(shown);
  Names ids;
  for (desk::JsonReader& record : json.Objects("records")) ids.insert(record.Text("id"));
  return ids;
}

// The records that prove a verdict.
Names ProofOf(const std::string& shown, const std::string& id) {
  desk::JsonReader json = Parsed(shown);
  for (desk::JsonReader& record : json.Objects("records")) {
    if (record.Text("id") == id) return NamesOf(record, "proof");
  }
  return {};
}

std::string CellOf(const std::string& figures, const std::string& counter,
                   const std::string& state) {
  desk::JsonReader json = Parsed(Cat({"{\"cells\": ", figures, "}"}));
  for (desk::JsonReader& cell : json.Objects("cells")) {
    if (cell.Text("counter") == counter && cell.TextOr("state", "") == state) {
      return cell.Text("value");
    }
  }
  return "none";
}

std::string FileOf(OperationDesks& desks, const std::string& name, const std::string& content) {
  desks.Write(name, Cat({"{\"operation_record\": {", content, "}}"}));
  return desks.Path(name);
}

class Operation : public ::testing::Test {
 protected:
  void SetUp() override { desks_.OpenAll(); }

  std::string Record(const std::string& state, const std::string& command) {
    return FieldOf(desks_.Must(state, command), "record");
  }
  void MembersAre(const std::string& state, const Names& members) {
    desks_.Until(state, operation_, "the members",
                 [&](desk::JsonReader& json) { return NamesOf(json, "members") == members; });
  }
  void Has(const std::string& state, const std::string& record) {
    desks_.Until(state, operation_, "a record", [&](desk::JsonReader& json) {
      for (desk::JsonReader& one : json.Objects("records")) {
        if (one.Text("id") == record) return one.Text("verdict") != "HELD";
      }
      return false;
    });
  }
  void Found(const std::vector<std::string>& parties) {
    std::string command = "operation new --name LANTERN --quorum 2";
    for (const std::string& state : parties) command += Cat({" --party ", state, "/central"});
    for (const std::string& state : parties) {
      command +=
          Cat({" --member ", state, "/central/o-0001=VICTIM_OFFICER:PLAN,ACTION,EVIDENCE,VICTIMS"});
    }
    desks_.Write("agreement.json", desks_.Must(parties[0], command));
    const std::string sent =
        desks_.Must(parties[0], Cat({"operation propose ", desks_.Path("agreement.json")}));
    operation_ = FieldOf(sent, "operation");
    ASSERT_FALSE(operation_.empty()) << sent;
    for (size_t i = 1; i < parties.size(); ++i) {
      desks_.Until(parties[i], operation_, "the agreement", [&](desk::JsonReader& json) {
        // Another member's signature may come before what it signs.
        for (desk::JsonReader& one : json.Objects("records")) {
          if (one.Text("id") == operation_) return one.Text("verdict") == "EFFECTIVE";
        }
        return false;
      });
      Record(parties[i], Cat({"operation sign ", operation_}));
    }
    for (const std::string& state : parties) {
      MembersAre(state, {parties.begin(), parties.end()});
    }
  }
  void Join(const std::string& state, const std::vector<std::string>& members) {
    const std::string admission =
        Record(members[0], Cat({"operation admit ", operation_, " --authority ", state,
                                "/central --basis \"UNTOC 19\""}));
    for (size_t i = 1; i < members.size(); ++i) {
      Has(members[i], admission);
      Record(members[i], Cat({"operation consent ", operation_, " ", admission}));
    }
    // Each gives the newcomer its own part, when it sees that all have consented.
    for (const std::string& member : members) {
      desks_.Until(member, operation_, "all consents", [&](desk::JsonReader& json) {
        return NamesOf(json, "invited") == Names{state};
      });
      desks_.Must(member, Cat({"operation sync ", operation_}));
    }
    desks_.Until(state, operation_, "that it may join",
                 [&](desk::JsonReader& json) { return NamesOf(json, "invited") == Names{state}; });
    Record(state, Cat({"operation join ", operation_}));
  }

  // A record that only a liar writes: as it is, to these states.
  std::string Lie(v1::OperationRecord record, const std::vector<std::string>& to) {
    record.set_operation(operation_);
    const std::string id = desk::OperationRecordId("QV", record);
    for (const std::string& state : to) {
      v1::CaseBody body;
      body.set_version(1);
      body.mutable_operation_mail()->set_operation(operation_);
      *body.mutable_operation_mail()->add_records() = record;
      EnvelopeSpec spec;
      spec.from = "QV/central";
      spec.to = {state + "/central"};
      spec.family = v1::Family::JOINT_INVESTIGATION;
      spec.plaintext = trust::StrictSerialize(body);
      auto sent = desks_.programs().Submit(*liar_, desks_.programs().world().MakeEnvelope(spec),
                                           "QV/central/o-0001", absl::Seconds(20));
      EXPECT_TRUE(sent.ok()) << sent.status();
    }
    return id;
  }
  // The next record of the liar's own chain, as its desk shows it.
  v1::OperationRecord LiarsNext() {
    const std::string shown = desks_.Must("QV", Cat({"operation show ", operation_}));
    desk::JsonReader json = Parsed(shown);
    v1::OperationRecord record;
    record.set_state("QV");
    for (desk::JsonReader& one : json.Objects("records")) {
      const auto seq = static_cast<uint64_t>(one.NumberOr("seq", 0));
      if (one.Text("state") != "QV" || seq < record.seq()) continue;
      record.set_seq(seq);
      record.set_previous(one.Text("id"));
    }
    record.set_seq(record.seq() + 1);
    record.set_at(FormatInstant(absl::Now()));
    return record;
  }
  // Until nobody asks and nobody lacks anything.
  void Settle(const std::vector<std::string>& states) {
    for (int round = 0; round < 3; ++round) {
      for (const std::string& state : states) {
        desks_.Must(state, Cat({"operation sync ", operation_, " --ask"}));
      }
      absl::SleepFor(absl::Milliseconds(700));
    }
  }
  // QP's node is off while the others decide and act.
  void ActWhileOneIsOff() {
    desks_.programs().daemon("QP").Stop();
    const std::string deadline = FormatInstant(absl::Now() + absl::Hours(2));
    const std::string decision =
        Record("QM", Cat({"operation decide ", operation_,
                          " --question \"action day\" --quorum 2 --deadline ", deadline}));
    Has("QN", decision);
    Record("QM", Cat({"operation vote ", operation_, " ", decision, " GO"}));
    const std::string vote =
        Record("QN", Cat({"operation vote ", operation_, " ", decision, " GO"}));
    Has("QM", vote);
    const std::string arrest = FileOf(desks_, "arrest.json",
                                      R"("arrest": {"id": "AR1", "state": "QM", "token": ")" +
                                          kArrested + R"(", "legal_basis": "warrant QM-77",
           "rights_notice_lang": "en",
           "interpreter": true, "counsel_offered": true, "prosecuted": true})");
    Record("QM", Cat({"operation record ", operation_, " ", arrest}));
    // The same victim, met in two states, counts once.
    const std::string victim = FileOf(
        desks_, "victim.json", R"("victim": {"token": ")" + kRescued + R"(", "rescued": true})");
    Record("QM", Cat({"operation record ", operation_, " ", victim}));
    const std::string twice = Record("QN", Cat({"operation record ", operation_, " ", victim}));
    EXPECT_EQ(desks_.Run("QP", Cat({"operation show ", operation_})).exit, 4);
    desks_.programs().daemon("QP").Start();
    Has("QP", decision);
    Has("QP", twice);
    desks_.Until("QP", operation_, "the decision", [](desk::JsonReader& json) {
      auto decisions = json.Objects("decisions");
      return decisions.size() == 1 && decisions[0].Text("outcome") == "GO";
    });
  }
  // Two histories, a consent in QP's name, a consent from before what it builds on.
  void TellLies() {
    const std::string subject = Record("QN", Cat({"operation admit ", operation_,
                                                  " --authority QX/central --basis \"UNTOC 19\""}));
    EXPECT_NE(desks_.Told("QN").find("QX takes no part yet"), std::string::npos);
    Has("QV", subject);
    subject_ = subject;
    // In its own history, before it forks: dated before all that it builds on.
    v1::OperationRecord early = LiarsNext();
    early.add_parents(subject);
    early.set_at("2026-01-01T00:00:00Z");
    early.mutable_consent()->set_subject(subject);
    backdated_ = Lie(early, {"QM", "QN", "QP", "QT"});
    for (const char* state : {"QM", "QN", "QP", "QT"}) Has(state, backdated_);
    v1::OperationRecord one = early;
    one.clear_consent();
    one.set_previous(backdated_);
    one.set_seq(early.seq() + 1);
    one.set_at(FormatInstant(absl::Now()));
    v1::OperationRecord two = one;
    one.mutable_situation()->set_text("go on");
    two.mutable_situation()->set_text("stop");
    const std::string a = Lie(one, {"QM"}), b = Lie(two, {"QN", "QP"});
    fork_ = {a, b};
    v1::OperationRecord forged = one;
    forged.clear_situation();
    forged.set_state("QP");
    forged.set_seq(99);
    forged.mutable_consent()->set_subject(subject);
    forgery_ = Lie(forged, {"QT"});
    Has("QM", a);
    Has("QN", b);
    Has("QP", b);
    Has("QT", forgery_);
  }
  void AllSeeTheSame() {
    const std::string qm = Shown("QM"), qp = Shown("QP"), qt = Shown("QT");
    EXPECT_EQ(Common(qm, false), Common(qp, false));
    EXPECT_EQ(Common(qm, true), Common(qt, true));
    desk::JsonReader json = Parsed(qm);
    EXPECT_EQ(NamesOf(json, "members"), (Names{"QM", "QP", "QT", "QV"}));
    EXPECT_TRUE(json.Texts("missing").empty());
    auto forks = json.Objects("forks");
    ASSERT_EQ(forks.size(), 1u) << qm;
    EXPECT_EQ(forks[0].Text("state"), "QV");
    EXPECT_EQ(NamesOf(forks[0], "records"), fork_);
    const std::string standing = forks[0].Text("standing");
    // The one that most built on, if there is one.
    EXPECT_TRUE(standing.empty() || fork_.count(standing) == 1) << standing;
    for (const std::string& shown : {qm, qp, qt}) {
      EXPECT_EQ(VerdictOf(shown, forgery_), "FORGED");
      EXPECT_EQ(VerdictOf(shown, backdated_), "BACKDATED");
      EXPECT_EQ(ProofOf(shown, backdated_).count(backdated_), 1u);
      EXPECT_EQ(ProofOf(shown, backdated_).size(), 2u) << "itself, and what is dated after it";
      for (const std::string& branch : fork_) {
        EXPECT_EQ(VerdictOf(shown, branch), branch == standing ? "EFFECTIVE" : "FORKED");
        EXPECT_EQ(ProofOf(shown, branch), branch == standing ? Names() : fork_);
      }
      // Neither the forged consent nor the backdated one counts: QX may not join.
      desk::JsonReader one = Parsed(shown);
      EXPECT_EQ(NamesOf(one, "invited"), Names());
    }
    // Whose consent was forged is still asked for it.
    desk::JsonReader forged = Parsed(qp);
    const auto waits = forged.Texts("waits_for_us");
    EXPECT_TRUE(std::any_of(waits.begin(), waits.end(), [&](const std::string& line) {
      return line.find(Cat({"consent to the admission: palermo operation consent ",
                            operation_.substr(0, 12), " ", subject_.substr(0, 12)})) !=
             std::string::npos;
    })) << qp;
    SeesTheSameUntilItLeft("QN", qm);
  }
  // All that it had when it left is what the others have, with the liar's proof; nothing is only
  // its own.
  void SeesTheSameUntilItLeft(const std::string& state, const std::string& others) {
    const std::string shown = Shown(state);
    const Names theirs = IdsOf(others);
    for (const std::string& id : IdsOf(shown)) EXPECT_EQ(theirs.count(id), 1u) << id;
    desk::JsonReader json = Parsed(shown);
    EXPECT_EQ(NamesOf(json, "members").count(state), 0u);
    EXPECT_EQ(VerdictOf(shown, backdated_), "BACKDATED");
    EXPECT_EQ(ProofOf(shown, backdated_), ProofOf(others, backdated_));
  }
  // The others let it go, and close.
  void CloseWithout(const std::string& liar) {
    const std::string expulsion =
        Record("QM", Cat({"operation leave ", operation_, " --state ", liar, " --reason lied"}));
    for (const char* state : {"QP", "QT"}) {
      Has(state, expulsion);
      Record(state, Cat({"operation consent ", operation_, " ", expulsion}));
    }
    for (const char* state : {"QM", "QP", "QT"}) MembersAre(state, {"QM", "QP", "QT"});
    const std::string figures = desks_.Must("QM", Cat({"operation statistics ", operation_}));
    const std::string others = desks_.Must("QP", Cat({"operation statistics ", operation_}));
    for (const char* counter : {"operations", "persons_arrested", "victims_identified"}) {
      EXPECT_EQ(CellOf(figures, counter, ""), CellOf(others, counter, "")) << counter;
      EXPECT_EQ(CellOf(figures, counter, "QM"), CellOf(others, counter, "QM")) << counter;
    }
    EXPECT_EQ(CellOf(figures, "victims_rescued", ""), "1");
    EXPECT_EQ(CellOf(figures, "victims_rescued", "QN"), "1");
    EXPECT_EQ(CellOf(figures, "persons_prosecuted", ""), "1");
    EXPECT_EQ(CellOf(figures, "operations", ""), "1");
    EXPECT_EQ(CellOf(desks_.Must("QP", Cat({"operation statistics ", operation_, " --publish"})),
                     "victims_rescued", ""),
              "suppressed");
    const std::string closing =
        Record("QM", Cat({"operation close ", operation_, " --retention \"5 years\""}));
    for (const char* state : {"QP", "QT"}) {
      Has(state, closing);
      Record(state, Cat({"operation consent ", operation_, " ", closing}));
    }
    for (const char* state : {"QM", "QP", "QT"}) {
      desks_.Until(state, operation_, "the end",
                   [](desk::JsonReader& json) { return json.Text("phase") == "CLOSED"; });
    }
  }
  std::string Shown(const std::string& state) {
    return desks_.Must(state, Cat({"operation show ", operation_}));
  }

  // QN reports a route as a record of the operation, to everybody.
  void Report(const std::string& name) {
    const std::string fresh = desks_.Must("QN", "route new --to QM/central");
    desks_.Write(
        Cat({name, ".json"}),
        absl::StrReplaceAll(
            fresh,
            {{"\"QM/central\"", "\"QM/central\", \"QP/central\", \"QT/central\""},
             {"\"QM\"", "\"QM\", \"QP\", \"QT\""},
             {"R-2026-001", name},
             {"\"tlp\"", Cat({"\"operation\": \"", operation_.substr(0, 12), "\", \"tlp\""})}}));
  }
  std::string ShowCode(const std::string& state, const std::string& record) {
    const DeskAnswer answer =
        desks_.Run(state, Cat({"casebook show ", record, " --purpose INVESTIGATION --reason x"}));
    return answer.exit == 0 ? "OK" : answer.error;
  }
  // What it was sent is there and opened.
  void Took(const std::string& state, size_t reports) {
    const absl::Time end = absl::Now() + absl::Seconds(30);
    size_t count = 0;
    do {
      desks_.Must(state, "casebook update --open");
      const std::string list = desks_.Must(state, "case list");
      count = 0;
      for (desk::JsonReader& one : Parsed(list).Objects("cases")) {
        count += one.Text("family") == "LAW_ENFORCEMENT_INFO" ? 1 : 0;
      }
      if (count < reports) continue;
      desks_.Must(state, "casebook update --open");
    } while (count < reports && absl::Now() < end);
    EXPECT_EQ(count, reports) << state;
  }

  OperationDesks desks_{{"QM", "QN", "QP", "QT", "QV"}, 0};
  std::unique_ptr<v1::DeskService::Stub> liar_ = desks_.programs().Desk("QV/central/o-0001");
  std::string operation_, forgery_, backdated_, subject_;
  Names fork_;
};

TEST_F(Operation, FiveStatesEndWithTheSameRecordsAndTheProofAgainstTheLiar) {
  Found({"QM", "QN", "QP", "QV"});
  if (HasFailure()) return;
  ActWhileOneIsOff();
  if (HasFailure()) return;
  Join("QT", {"QM", "QN", "QP", "QV"});
  for (const char* state : {"QM", "QN", "QP", "QT", "QV"}) {
    MembersAre(state, {"QM", "QN", "QP", "QT", "QV"});
  }
  if (!HasFailure()) GiveTheNewcomer(desks_, operation_, "QM", "QN", "QT");
  TellLies();
  // QN, who was honest, leaves.
  const std::string leave =
      Record("QN", Cat({"operation leave ", operation_, " --reason \"our part is done\""}));
  for (const char* state : {"QM", "QP", "QT"}) {
    Record(state, Cat({"operation report ", operation_, " --text seen"}));
  }
  // What the liar told one of them only, the others ask for; also him who leaves.
  Settle({"QM", "QN", "QP", "QT"});
  Settle({"QM", "QN", "QP", "QT"});
  Has("QM", leave);
  AllSeeTheSame();
  CloseWithout("QV");
}

TEST_F(Operation, AReportOfItIsSeenByItsMembersOfThatMomentAndByNobodyElse) {
  Found({"QM", "QN", "QP"});
  if (HasFailure()) return;
  Report("N-1");
  const std::string report = Cat({"route report ", desks_.Path("N-1.json")});
  EXPECT_EQ(desks_.Run("QN", report).error, "NOT_RELEASED") << "QT is no member";
  const auto to = [&](const char* name, const char* states) {
    const std::string path = desks_.Path(name);
    desks_.Must("QN", "casebook update");
    std::ifstream in(path);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    text = absl::StrReplaceAll(text, {{"\"QM/central\", \"QP/central\", \"QT/central\"", states}});
    desks_.Write(name, text);
    return Cat({"route report ", path});
  };
  const std::string sent = desks_.Must("QN", to("N-1.json", "\"QM/central\", \"QP/central\""));
  EXPECT_NE(sent.find("ACCEPTED"), std::string::npos) << sent;
  for (const char* state : {"QM", "QP"}) {
    Took(state, 1);
    EXPECT_EQ(ShowCode(state, "QN:N-1/1"), "OK") << state;
  }
  EXPECT_EQ(
      desks_.Run("QM", "route forward QN:N-1/1 --to QT/central --purpose INVESTIGATION --reason x")
          .error,
      "NOT_RELEASED");

  // QP leaves. What QN reports before it hears of that does reach it; later reports do not.
  const std::string leave =
      Record("QP", Cat({"operation leave ", operation_, " --reason \"our part is done\""}));
  for (const char* state : {"QM", "QN"}) Has(state, leave);
  Report("N-2");
  EXPECT_EQ(desks_.Run("QN", to("N-2.json", "\"QM/central\", \"QP/central\"")).error,
            "NOT_RELEASED");
  Report("N-2");
  desks_.Must("QN", to("N-2.json", "\"QM/central\""));
  Took("QM", 2);
  EXPECT_EQ(ShowCode("QM", "QN:N-2/1"), "OK");
  for (const char* record : {"QN:N-1/1", "QN:N-2/1"}) {
    EXPECT_EQ(desks_
                  .Run("QM", Cat({"route forward ", record,
                                  " --to QP/central --purpose INVESTIGATION --reason x"}))
                  .error,
              "NOT_RELEASED")
        << record;
  }
  EXPECT_EQ(ShowCode("QP", "QN:N-1/1"), "OK") << "it had it when it was a member";
}

TEST_F(Operation, AllItsMailsAreOneLineAmongTheCases) {
  Found({"QM", "QN", "QP"});
  if (HasFailure()) return;
  Record("QM", Cat({"operation decide ", operation_,
                    " --question \"go on 17 June\" --quorum 2 "
                    "--deadline 2031-06-16T12:00:00Z"}));
  for (int i = 0; i < 3; ++i) Record("QM", Cat({"operation report ", operation_, " --text quiet"}));
  desks_.Until("QN", operation_, "the reports",
               [](desk::JsonReader& json) { return json.Objects("records").size() == 7; });
  desk::JsonReader list = Parsed(desks_.Must("QN", "case list"));
  EXPECT_TRUE(list.Objects("cases").empty());
  auto operations = list.Objects("operations");
  ASSERT_EQ(operations.size(), 1u);
  EXPECT_EQ(operations[0].Text("name"), "LANTERN");
  EXPECT_EQ(operations[0].Text("operation"), operation_);
  EXPECT_EQ(operations[0].NumberOr("records", 0), 7);
  EXPECT_EQ(operations[0].Text("command"),
            Cat({"palermo operation show ", operation_.substr(0, 12)}));
  const auto waits = operations[0].Texts("waits_for_us");
  ASSERT_EQ(waits.size(), 1u);
  EXPECT_NE(waits[0].find("vote on \"go on 17 June\""), std::string::npos);
}

}  // namespace
}  // namespace palermo::testing
