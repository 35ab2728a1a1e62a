// What tests of hostile states share: QM has real keys, and its node lies to QT.
#ifndef PALERMO_TESTS_SIMULATION_HOSTILE_FIXTURE_H_
#define PALERMO_TESTS_SIMULATION_HOSTILE_FIXTURE_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/status.h"
#include "crypto/hash.h"
#include "node/trust/approvals.h"
#include "node/trust/reason.h"
#include "node/trust/receipt.h"
#include "palermo/v1/fault.pb.h"
#include "tests/simulation/hostile.h"

namespace palermo::testing {

using Purpose = v1::SignaturePurpose;

inline constexpr char kAdminOfQt[] = "QT/central/o-0005";

inline WorldOptions ThreeStates() {
  WorldOptions options;
  options.states = {"QM", "QT", "QV"};
  options.request_approvals = 1;
  return options;
}

class HostileTest : public ::testing::Test {
 protected:
  HostileTest() { peer.Meet(); }

  std::vector<v1::OfficerSignature> Signed(const v1::Envelope& envelope) {
    return sim.world.SignAll(envelope);
  }
  v1::OfficerSignature Sign(const v1::Envelope& envelope, const std::string& officer,
                            Purpose::Code purpose) {
    return sim.world.Sign(envelope, officer, purpose);
  }
  Hash IdOf(const v1::Envelope& envelope) {
    return Value(trust::ParseEnvelope(envelope)).message_id;
  }
  // QT's administrator sees exactly this fault of QM, newest first, and QT's ledger has its entry.
  v1::PeerFault ShownFault(const std::string& code) {
    v1::ListPeerFaultsResponse listed = Value(sim.ListFaults(kAdminOfQt));
    if (listed.faults().empty()) {
      ADD_FAILURE() << "no fault is shown, " << code << " is expected";
      return {};
    }
    const v1::PeerFault& fault = listed.faults(0);
    EXPECT_EQ(fault.code(), code);
    EXPECT_EQ(fault.state(), "QM");
    EXPECT_FALSE(fault.text().empty());
    std::vector<v1::Record> ledger = sim.Ledger("QT");
    EXPECT_LT(fault.index(), ledger.size());
    EXPECT_EQ(ledger[fault.index()].reason(), trust::ReasonOf(Refused(code, "")));
    EXPECT_EQ(ledger[fault.index()].peers(0), "QM");
    return fault;
  }
  // The parcel is refused with this code, and nothing of it can be fetched. Where QM's submission
  // receipt holds, it is kept and convicts QM by its own signature.
  void ExpectRefused(const v1::Parcel& parcel, const std::string& code, bool proof = true) {
    std::optional<v1::Record> answer = peer.Send(parcel);
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->outcome(), v1::Outcome::REJECTED);
    EXPECT_EQ(v1::Reason::Code_Name(answer->reason()), code);
    EXPECT_EQ(CodeOf(sim.Fetch("QT/central/o-0001", answer->message_id()).status()),
              "UNKNOWN_MESSAGE");
    v1::PeerFault fault = ShownFault(code);
    EXPECT_EQ(fault.document_kind() == "parcel", proof);
    if (!proof) return;
    v1::RefusedParcel kept;
    ASSERT_TRUE(kept.ParseFromString(fault.documents(0).document()));
    v1::Record said = Value(trust::VerifyReceipt(kept.submission(), *sim.world.Directory("QM")));
    EXPECT_EQ(said.kind(), v1::RecordKind::SUBMISSION);
    EXPECT_EQ(said.message_id(), answer->message_id());
    EXPECT_EQ(said.signature_list_sha256(), AsView(crypto::Sha256(kept.signature_list())));
    EXPECT_EQ(said.message_id(),
              AsView(trust::MessageId(crypto::Sha256(kept.header()),
                                      Value(HashFrom(kept.stanzas_sha256(), "hash")),
                                      Value(HashFrom(kept.body_sha256(), "hash")))));
  }
  void ExpectTaken(const v1::Parcel& parcel) {
    std::optional<v1::Record> answer = peer.Send(parcel);
    ASSERT_TRUE(answer.has_value()) << peer.closed();
    EXPECT_EQ(answer->outcome(), v1::Outcome::ACCEPTED) << answer->ShortDebugString();
  }
  // Documents are refused with this code, and QT's view of QM stays.
  void ExpectNotTaken(const v1::GetDocumentsResponse& documents, const std::string& code,
                      const std::string& text = "") {
    trust::TrustPtr before = sim.node("QT").Trust();
    EXPECT_EQ(CodeOf(peer.Offer(documents).status()), code);
    EXPECT_EQ(sim.node("QT").Trust(), before);
    EXPECT_NE(ShownFault(code).text().find(text), std::string::npos);
  }
  v1::OfficerEntry* Officer(v1::Directory* directory, const std::string& id) {
    for (auto& officer : *directory->mutable_officers()) {
      if (officer.id() == id) return &officer;
    }
    return nullptr;
  }
  // A request to QT with a recipient list, as QM's officers signed it.
  v1::Envelope To(const std::vector<std::string>& recipients, const std::string& from = "QM") {
    EnvelopeSpec spec;
    spec.from = Cat({from, "/central"});
    spec.to = recipients;
    return sim.world.MakeEnvelope(spec);
  }

  Simulation sim{ThreeStates()};
  HostilePeer peer{sim, "QM", "QT"};
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SIMULATION_HOSTILE_FIXTURE_H_
