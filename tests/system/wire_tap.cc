#include "tests/system/wire_tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/check.h"

namespace palermo::testing {
namespace {

constexpr int kPollMillis = 50;

sockaddr_in AddressOf(const std::string& endpoint) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<uint16_t>(std::atoi(endpoint.substr(endpoint.rfind(':') + 1).c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool WriteAll(int to, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t n = send(to, bytes, size, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes += n;
    size -= static_cast<size_t>(n);
  }
  return true;
}

int ListenAt(const std::string& endpoint) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  PALERMO_CHECK(listener >= 0);
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const sockaddr_in address = AddressOf(endpoint);
  PALERMO_CHECK(bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  PALERMO_CHECK(listen(listener, SOMAXCONN) == 0);
  return listener;
}

// All until `size` bytes are there or the other end closes.
std::string ReadSome(int from, size_t size) {
  std::string all;
  char buffer[4096];
  while (all.size() < size) {
    const ssize_t n = recv(from, buffer, sizeof buffer, 0);
    if (n <= 0) break;
    all.append(buffer, static_cast<size_t>(n));
  }
  return all;
}

// RFC 8446, 5.1: type, version 3.1 to 3.3, length of what follows.
constexpr size_t kRecordHead = 5, kMostInRecord = (1 << 14) + 256;
constexpr uint8_t kHandshake = 22, kSealed = 23, kFirstType = 20;

}  // namespace

Spoken SpokenIn(const std::string& direction) {
  if (direction.empty()) return Spoken::kNothing;
  const auto byte = [&](size_t i) {
    return i < direction.size() ? static_cast<uint8_t>(direction[i]) : uint8_t{0};
  };
  bool sealed = false;
  for (size_t at = 0; at < direction.size();) {
    const uint8_t type = byte(at);
    if (at == 0 ? type != kHandshake : type < kFirstType || type > kSealed) return Spoken::kOther;
    if (at + kRecordHead > direction.size()) break;  // the connection was cut there
    if (byte(at + 1) != 3 || byte(at + 2) < 1 || byte(at + 2) > 3) return Spoken::kOther;
    const size_t length = static_cast<size_t>(byte(at + 3) << 8 | byte(at + 4));
    if (length > kMostInRecord) return Spoken::kOther;
    sealed |= type == kSealed;
    at += kRecordHead + length;
  }
  return sealed ? Spoken::kTls : Spoken::kCut;
}

WireTap::WireTap(const std::string& at, const std::string& server)
    : server_(server), listener_(ListenAt(at)) {
  thread_ = std::thread([this] { Run(); });
}

WireTap::~WireTap() {
  ends_ = true;
  thread_.join();
  close(listener_);
}

std::vector<std::string> WireTap::Bytes() const {
  absl::MutexLock lock(&mutex_);
  return records_;
}

void WireTap::Accept(std::vector<Pair>& pairs) {
  const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = AddressOf(server_);
  if (connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    close(server);
    close(client);
    return;
  }
  absl::MutexLock lock(&mutex_);
  pairs.push_back({client, server, records_.size()});
  records_.resize(records_.size() + 2);
}

bool WireTap::Pass(int from, int to, size_t record) {
  char buffer[65536];
  const ssize_t n = recv(from, buffer, sizeof buffer, 0);
  if (n <= 0) return n < 0 && errno == EINTR;
  {
    absl::MutexLock lock(&mutex_);
    records_[record].append(buffer, static_cast<size_t>(n));
  }
  return WriteAll(to, buffer, static_cast<size_t>(n));
}

void WireTap::Run() {
  std::vector<Pair> pairs;
  while (!ends_) {
    std::vector<pollfd> polled = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      polled.push_back({pair.client, POLLIN, 0});
      polled.push_back({pair.server, POLLIN, 0});
    }
    if (poll(polled.data(), polled.size(), kPollMillis) <= 0) continue;
    std::vector<Pair> kept;
    for (size_t i = 0; i < pairs.size(); ++i) {
      const Pair& pair = pairs[i];
      bool open = true;
      if (polled[1 + 2 * i].revents != 0) open = Pass(pair.client, pair.server, pair.record);
      if (open && polled[2 + 2 * i].revents != 0) {
        open = Pass(pair.server, pair.client, pair.record + 1);
      }
      if (open) {
        kept.push_back(pair);
      } else {
        close(pair.client);
        close(pair.server);
      }
    }
    pairs = std::move(kept);
    if (polled[0].revents != 0) Accept(pairs);
  }
  for (const Pair& pair : pairs) {
    close(pair.client);
    close(pair.server);
  }
}

std::vector<std::string> SeenInClear(const std::string& text, const std::string& tap_at,
                                     const std::string& server_at) {
  const int listener = ListenAt(server_at);
  std::thread server([&] {
    const int taken = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    const std::string said = ReadSome(taken, text.size());
    WriteAll(taken, said.data(), said.size());
    close(taken);
  });
  const WireTap tap(tap_at, server_at);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = AddressOf(tap_at);
  PALERMO_CHECK(connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  PALERMO_CHECK(WriteAll(client, text.data(), text.size()));
  PALERMO_CHECK(ReadSome(client, text.size()) == text);
  close(client);
  server.join();
  close(listener);
  return tap.Bytes();
}

}  // namespace palermo::testing
