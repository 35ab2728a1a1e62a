// Two nodes, of which QM is put back to an older copy of its store.
#ifndef PALERMO_TESTS_SIMULATION_EPOCH_FIXTURE_H_
#define PALERMO_TESTS_SIMULATION_EPOCH_FIXTURE_H_

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "crypto/checkpoint.h"
#include "node/exchange/keys.h"
#include "node/exchange/peer_ledger.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {

inline constexpr char kQmDrafter[] = "QM/central/o-0001";
inline constexpr char kQtDrafter[] = "QT/central/o-0001";

class EpochTest : public ::testing::Test {
 protected:
  EpochTest() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }
  std::string FromQm() { return sim.Send(sim.world.MakeEnvelope({})); }
  std::string FromQt() {
    EnvelopeSpec spec;
    spec.from = "QT/central";
    spec.to = {"QM/central"};
    return sim.Send(sim.world.MakeEnvelope(spec));
  }
  std::string StageAt(const std::string& officer, const std::string& id) {
    return Value(sim.Explain(officer, id)).recipients(0).stage();
  }
  exchange::PeerLedger LedgerIn(const std::string& note) {
    return Value(exchange::PeerLedger::FromNote(note));
  }
  uint64_t SizeOf(const std::string& state) {
    return LedgerIn(sim.node(state).NewestCheckpoint()).size();
  }
  // The directory of QM that begins the next epoch, with new keys of the node.
  v1::SignedDocument NextEpoch(const std::string& last, uint64_t kept,
                               const std::function<void(v1::Directory*)>& change = nullptr) {
    StateWorld& state = sim.world.state("QM");
    state.checkpoint = crypto::SigningKey::Generate(sim.world.random);
    state.cosign = crypto::SigningKey::Generate(sim.world.random);
    const exchange::PeerLedger end = LedgerIn(last);
    return sim.world.NextDirectory("QM", [&](v1::Directory* directory) {
      v1::NodeEntry* node = directory->mutable_node();
      node->set_checkpoint_key(std::string(crypto::AsView(state.checkpoint.public_key())));
      node->set_cosignature_key(std::string(crypto::AsView(state.cosign.public_key())));
      node->set_ledger_origin("palermo/QM/2");
      node->mutable_former_ledger()->set_origin("palermo/QM/1");
      node->mutable_former_ledger()->set_size(end.size());
      node->mutable_former_ledger()->set_root(std::string(AsView(end.root())));
      node->mutable_former_ledger()->set_kept(kept);
      if (change) change(directory);
    });
  }
  // What is written now is what a backup will bring back.
  void Backup() {
    copy = sim.CopyOf("QM");
    kept = SizeOf("QM");
  }
  // QM loses all since the backup and begins epoch 2; `last` is what QT knows.
  void LoseAndGoOn() {
    last = sim.node("QM").NewestCheckpoint();
    ASSERT_TRUE(sim.RestoreAndTake("QM", copy, NextEpoch(last, kept), last).ok());
  }
  void Meet() {
    ASSERT_TRUE(sim.FetchDocuments("QM", "QT").ok());
    ASSERT_TRUE(sim.FetchDocuments("QT", "QM").ok());
    sim.Settle();  // what was lost is in the outbox again
    sim.ConnectAll();
    sim.Settle();
  }
  uint64_t VersionAt(const std::string& node) {
    return Value(sim.node(node).Trust()->DirectoryOf("QM"))->body().version();
  }
  size_t FaultsAt(const std::string& state, const std::string& code) {
    size_t count = 0;
    const auto faults = Value(sim.ListFaults(state + "/central/o-0004")).faults();
    for (const auto& fault : faults) count += fault.code() == code;
    return count;
  }
  static std::vector<v1::Record> OfKind(const std::vector<v1::Record>& all,
                                        v1::RecordKind::Code kind) {
    std::vector<v1::Record> found;
    for (const auto& record : all) {
      if (record.kind() == kind) found.push_back(record);
    }
    return found;
  }

  Simulation sim;
  storage::WriteBatch copy;
  uint64_t kept = 0;
  std::string last;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SIMULATION_EPOCH_FIXTURE_H_
