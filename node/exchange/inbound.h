// The listening end of a peer's stream: takes items, answers each with the receipt of its entry.
#ifndef PALERMO_NODE_EXCHANGE_INBOUND_H_
#define PALERMO_NODE_EXCHANGE_INBOUND_H_

#include <memory>
#include <string>
#include <vector>

#include "node/exchange/parts.h"
#include "node/exchange/session.h"

namespace palermo::exchange {

class InboundSession final : public Session {
 public:
  // `candidates`: the states whose directory has the caller's pin.
  InboundSession(NodeParts* parts, std::vector<std::string> candidates, std::string tls_pin,
                 FrameSink* sink);
  ~InboundSession() override;

  void OnUnreadable() override;
  void OnFrame(v1::PeerFrame frame) override;

 private:
  // Outlives the session while decisions of it are under way.
  class Answers;

  // The peer's directory, in force, with the pin that this stream was opened under.
  absl::StatusOr<trust::DirectoryPtr> CheckedDirectory();
  absl::Status OnHello(const v1::PeerHello& hello);
  absl::Status OnItems(v1::PeerItems* items);
  absl::StatusOr<crypto::Checkpoint> CheckItem(const v1::PeerItem& item,
                                               const trust::DirectoryIndex& directory);
  void Fail(const absl::Status& status);

  NodeParts* parts_;
  const std::vector<std::string> candidates_;
  const std::string tls_pin_;
  std::shared_ptr<Answers> answers_;  // shared with decisions that are under way

  // Used by OnFrame only, whose calls do not overlap.
  std::string peer_;  // once it was greeted
  bool greeted_ = false;
  bool failed_ = false;
  uint64_t last_seq_ = 0;
  PeerLedger ledger_;
};

}  // namespace palermo::exchange

#endif  // PALERMO_NODE_EXCHANGE_INBOUND_H_
