// The page for machines that watch: /healthz, /readyz and /metrics over plain HTTP. It shows no
// message, case or person, but it is for the operator only: bind it to loopback.
#ifndef PALERMO_NODE_SERVER_HTTP_H_
#define PALERMO_NODE_SERVER_HTTP_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace palermo::server {

struct HttpHandlers {
  std::function<absl::Status()> ready;
  std::function<std::string()> metrics;
};

class HttpServer {
 public:
  // Listens on `address` ("127.0.0.1:9464"; port 0: any) and serves in threads of its own. Fails
  // with BAD_ADDRESS or CANNOT_LISTEN.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& address,
                                                           HttpHandlers handlers);
  ~HttpServer();
  int port() const;

 private:
  struct Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Splits "host:port" or "[v6]:port". BAD_ADDRESS.
struct HostPort {
  std::string host;
  int port = 0;
};
absl::StatusOr<HostPort> SplitAddress(const std::string& address);
bool IsLoopback(const std::string& host);

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_HTTP_H_
