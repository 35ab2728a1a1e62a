// What tests of officers, their grants and the keys of their authority share: QM's node is asked.
#ifndef PALERMO_TESTS_SIMULATION_OFFICERS_FIXTURE_H_
#define PALERMO_TESTS_SIMULATION_OFFICERS_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/limits.h"
#include "crypto/hpke.h"
#include "node/trust/grant.h"
#include "node/trust/rewrap.h"
#include "node/trust/statement.h"
#include "node/trust/strict.h"
#include "tests/simulation/simulation.h"

namespace palermo::testing {

inline constexpr char kCentral[] = "QM/central";

inline std::string Id(const char* name) { return Cat({kCentral, "/", name}); }

inline size_t Count(const std::vector<v1::Record>& ledger, v1::RecordKind::Code kind,
                    const std::string& actor = "") {
  return static_cast<size_t>(
      std::count_if(ledger.begin(), ledger.end(), [&](const v1::Record& record) {
        return record.kind() == kind && (actor.empty() || record.actor() == actor);
      }));
}

class OfficersTest : public ::testing::Test {
 protected:
  void Meet() {
    sim.ExchangeDocuments();
    sim.ConnectAll();
    sim.Settle();
  }

  template <typename Response, typename Call>
  absl::StatusOr<Response> Run(Call call) {
    std::optional<absl::StatusOr<Response>> result;
    call([&](absl::StatusOr<Response> answer) { result = std::move(answer); });
    while (!result.has_value() && sim.node("QM").RunOnce() > 0) {
    }
    if (!result.has_value()) return absl::InternalError("no answer");
    return *std::move(result);
  }

  v1::Grant Grant(const std::string& granter, const std::string& receiver,
                  const crypto::SealingPrivateKey& key, uint32_t version,
                  const std::string& break_glass = "") {
    trust::DirectoryPtr directory = sim.world.Directory("QM");
    crypto::SealingPublicKey to = sim.world.state("QM").recovery.PublicKey();
    v1::GrantStatement statement;
    statement.set_officer_key_id(crypto::SealingKeyId(to));
    if (receiver != trust::kRecoveryOfficer) {
      to = sim.world.officer(receiver).seal.PublicKey();
      statement.set_officer_key_id(directory->FindOfficer(receiver)->sealing_key_id());
    }
    statement.set_authority(kCentral);
    statement.set_key_version(version);
    statement.set_key_id(crypto::SealingKeyId(key.PublicKey()));
    statement.set_officer(receiver);
    statement.set_granted_by(granter);
    statement.set_at_ms(ToMillis(sim.world.clock.Now()));
    statement.set_break_glass_sha256(break_glass);
    v1::Grant grant;
    grant.set_statement(trust::StrictSerialize(statement));
    auto sealed = Value(crypto::HpkeSeal(to, trust::GrantInfo(grant.statement()), "",
                                         key.bytes().Expose(crypto::SecretAccess::Grant()),
                                         sim.world.random));
    grant.set_encapsulation(sealed.encapsulation);
    grant.set_wrapped_key(sealed.ciphertext);
    const crypto::SigningKey& sign = sim.world.officer(granter).sign;
    grant.set_signer_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(sign.public_key())));
    grant.set_signature(
        std::string(crypto::AsView(sign.Sign(crypto::Purpose::kGrant, grant.statement()))));
    return grant;
  }
  absl::Status Put(const std::string& officer, const std::vector<v1::Grant>& grants) {
    v1::PutGrantsRequest request;
    for (const auto& grant : grants) *request.add_grants() = grant;
    return Run<v1::PutGrantsResponse>(
               [&](auto reply) { sim.node("QM").PutGrants(sim.CallerOf(officer), request, reply); })
        .status();
  }
  absl::StatusOr<v1::GetGrantsResponse> Grants(const std::string& officer) {
    v1::GetGrantsRequest request;
    request.set_authority(kCentral);
    return Run<v1::GetGrantsResponse>(
        [&](auto reply) { sim.node("QM").GetGrants(sim.CallerOf(officer), request, reply); });
  }
  // o-0002 grants a key to himself, o-0003 and recovery.
  absl::Status GrantToAll(const crypto::SealingPrivateKey& key, uint32_t version) {
    std::vector<v1::Grant> grants;
    for (const std::string& to : {Id(kApprover1), Id(kApprover2), std::string("recovery")}) {
      grants.push_back(Grant(Id(kApprover1), to, key, version));
    }
    return Put(Id(kApprover1), grants);
  }
  crypto::SealingPrivateKey NewKey() {
    return Value(crypto::SealingPrivateKey::Generate(crypto::Kem::kXWing, sim.world.random));
  }
  // The next directory names `key` as version 2; the old window ends now.
  v1::SignedDocument WithSecondKey(const crypto::SealingPrivateKey& key) {
    int64_t now_ms = ToMillis(sim.world.clock.Now());
    return sim.world.NextDirectory("QM", [&](v1::Directory* d) {
      auto* authority = d->mutable_authorities(0);
      v1::SealingKeyEntry next = authority->sealing_keys(0);
      next.set_version(2);
      next.set_public_key(key.PublicKey().bytes);
      next.set_key_id(crypto::SealingKeyId(key.PublicKey()));
      next.set_valid_from_ms(now_ms);
      authority->mutable_sealing_keys(0)->set_valid_to_ms(now_ms + 1);
      *authority->add_sealing_keys() = next;
    });
  }
  v1::SignedDocument Without(const char* name) {
    return sim.world.NextDirectory("QM", [&](v1::Directory* d) {
      for (int i = 0; i < d->officers_size(); ++i) {
        if (d->officers(i).id() == Id(name)) d->mutable_officers()->DeleteSubrange(i--, 1);
      }
    });
  }
  v1::SignedStatement BreakGlass(const std::string& officer) {
    v1::BreakGlassStatement body;
    body.set_format(1);
    body.set_authority(kCentral);
    body.set_officer(officer);
    body.set_reason(v1::BreakGlassReason::NOBODY_REACHABLE);
    body.set_from_ms(ToMillis(sim.world.clock.Now()));
    body.set_to_ms(body.from_ms() + 24 * 3600 * 1000);
    body.set_nonce(sim.world.random.Bytes(16));
    v1::SignedStatement statement;
    statement.set_statement(trust::StrictSerialize(body));
    for (const char* name : {kApprover1, kApprover2}) {
      EXPECT_TRUE(trust::SignStatement(crypto::Purpose::kBreakGlass, Id(name),
                                       sim.world.officer(Id(name)).sign, &statement)
                      .ok());
    }
    return statement;
  }
  absl::Status Enter(const std::string& officer, const v1::SignedStatement& statement) {
    v1::EnterBreakGlassRequest request;
    *request.mutable_statement() = statement;
    return Run<v1::EnterBreakGlassResponse>([&](auto reply) {
             sim.node("QM").EnterBreakGlass(sim.CallerOf(officer), request, reply);
           })
        .status();
  }
  v1::SignedStatement Destruction(bool forced) {
    v1::KeyDestructionStatement body;
    body.set_format(1);
    body.set_authority(kCentral);
    body.set_key_version(1);
    body.set_key_id(crypto::SealingKeyId(sim.world.state("QM").sealing.PublicKey()));
    body.set_reason(v1::DestructionReason::ROTATION);
    body.set_forced(forced);
    body.set_at_ms(ToMillis(sim.world.clock.Now()));
    v1::SignedStatement statement;
    statement.set_statement(trust::StrictSerialize(body));
    for (const char* name : {kApprover1, kApprover2}) {
      EXPECT_TRUE(trust::SignStatement(crypto::Purpose::kKeyDestruction, Id(name),
                                       sim.world.officer(Id(name)).sign, &statement)
                      .ok());
    }
    return statement;
  }
  absl::Status Destroy(bool forced) {
    v1::DestroyKeyRequest request;
    *request.mutable_statement() = Destruction(forced);
    return Run<v1::DestroyKeyResponse>([&](auto reply) {
             sim.node("QM").DestroyKey(sim.CallerOf(Id(kApprover1)), request, reply);
           })
        .status();
  }
  // Well formed and signed by `name`; the node cannot see what is inside.
  v1::Rewrap RewrapBy(const std::string& name, const std::string& id,
                      const crypto::SealingPrivateKey& to, uint32_t version,
                      const std::string& authority = kCentral) {
    v1::Rewrap rewrap;
    rewrap.set_encapsulation(std::string(1120, 'e'));
    rewrap.set_wrapped_key(std::string(48, 'w'));
    v1::RewrapStatement body;
    body.set_format(1);
    body.set_message_id(id);
    body.set_authority(authority);
    body.set_key_version(version);
    body.set_key_id(crypto::SealingKeyId(to.PublicKey()));
    body.set_wrap_sha256(trust::WrapSha256(rewrap));
    body.set_officer(name);
    body.set_at_ms(ToMillis(sim.world.clock.Now()));
    rewrap.set_statement(trust::StrictSerialize(body));
    const crypto::SigningKey& sign = sim.world.officer(name).sign;
    rewrap.set_signer_key_id(crypto::KeyId(crypto::kEd25519, crypto::AsView(sign.public_key())));
    rewrap.set_signature(
        std::string(crypto::AsView(sign.Sign(crypto::Purpose::kRewrap, rewrap.statement()))));
    return rewrap;
  }
  absl::Status PutRewraps(const std::string& officer, const std::vector<v1::Rewrap>& rewraps) {
    v1::PutRewrapsRequest request;
    for (const auto& rewrap : rewraps) *request.add_rewraps() = rewrap;
    return Run<v1::PutRewrapsResponse>([&](auto reply) {
             sim.node("QM").PutRewraps(sim.CallerOf(officer), request, reply);
           })
        .status();
  }
  absl::Status Rewrap(const std::string& id, const crypto::SealingPrivateKey& to) {
    return PutRewraps(Id(kDrafter), {RewrapBy(Id(kDrafter), id, to, 2)});
  }
  v1::ListNoticesResponse Notices() {
    return Value(Run<v1::ListNoticesResponse>(
        [&](auto reply) { sim.node("QM").ListNotices(sim.CallerOf(Id(kAuditor)), {}, reply); }));
  }

  Simulation sim;
};

}  // namespace palermo::testing

#endif  // PALERMO_TESTS_SIMULATION_OFFICERS_FIXTURE_H_
