#include "node/server/dialer.h"

#include <set>

namespace palermo::server {
namespace {
constexpr absl::Duration kTurn = absl::Milliseconds(500);
}

Dialer::Dialer(LinkContext context) : context_(context), thread_([this] { Run(); }) {}

Dialer::~Dialer() { Stop(); }

void Dialer::Stop() {
  {
    absl::MutexLock lock(&mu_);
    stopping_ = true;
  }
  stop_wait_.Notify();
  if (thread_.joinable()) thread_.join();
  std::map<std::string, std::unique_ptr<PeerLink>> links;
  {
    absl::MutexLock lock(&mu_);
    links.swap(links_);
  }
  // All begin to end before the first is waited for.
  for (auto& [state, link] : links) link->Stop();
}

std::vector<std::pair<std::string, bool>> Dialer::Links() const {
  absl::MutexLock lock(&mu_);
  std::vector<std::pair<std::string, bool>> links;
  for (const auto& [state, link] : links_) links.emplace_back(state, link->connected());
  return links;
}

void Dialer::Run() {
  while (true) {
    Follow();
    absl::MutexLock lock(&mu_);
    auto stopping = [this]() ABSL_SHARED_LOCKS_REQUIRED(mu_) { return stopping_; };
    if (stop_wait_.Await(mu_, kTurn, stopping)) return;
  }
}

void Dialer::Follow() {
  std::vector<exchange::Node::Peer> peers = context_.node.Peers();
  std::vector<std::unique_ptr<PeerLink>> left;  // destroyed after the lock is free
  absl::MutexLock lock(&mu_);
  std::set<std::string> present;
  for (const exchange::Node::Peer& peer : peers) {
    present.insert(peer.state);
    auto [at, is_new] = links_.try_emplace(peer.state);
    if (is_new) {
      at->second = std::make_unique<PeerLink>(context_, peer);
    } else {
      at->second->Update(peer);
    }
  }
  for (auto at = links_.begin(); at != links_.end();) {
    if (present.count(at->first) > 0) {
      ++at;
      continue;
    }
    left.push_back(std::move(at->second));
    at = links_.erase(at);
  }
}

}  // namespace palermo::server
