// The one shape of a unary call: who calls, one call into the node, map the status. Only the
// services include this.
#ifndef PALERMO_NODE_SERVER_UNARY_H_
#define PALERMO_NODE_SERVER_UNARY_H_

#include <grpcpp/grpcpp.h>

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "base/steady.h"
#include "node/server/edge.h"
#include "node/server/transport/tls_credentials.h"

namespace palermo::server {

enum class Certificate { kNeeded, kOptional };

// A call under way: counts and logs its end.
class CallRecord {
 public:
  CallRecord(Edge& edge, const char* method, std::string pin)
      : edge_(edge), method_(method), pin_(std::move(pin)), began_(SteadyNow()) {}
  grpc::Status End(const absl::Status& status) const;

 private:
  Edge& edge_;
  const char* method_;
  std::string pin_;
  absl::Duration began_;  // how long it took, for people; decides nothing
};

// Notes a refusal of a caller without certificate, and gives the status.
absl::Status RefuseNoCertificate(Edge& edge, const char* method);

template <typename Request, typename Response>
using NodeMethod = void (exchange::Node::*)(const exchange::Caller&, const Request&,
                                            exchange::Reply<Response>);

template <typename Request, typename Response>
grpc::ServerUnaryReactor* CallNode(Edge& edge, const char* method, Certificate certificate,
                                   grpc::CallbackServerContext* context, const Request* request,
                                   Response* response, NodeMethod<Request, Response> node_method) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  exchange::Caller caller{transport::CallerPin(*context->auth_context())};
  CallRecord record(edge, method, caller.tls_pin);
  if (caller.tls_pin.empty() && certificate == Certificate::kNeeded) {
    reactor->Finish(record.End(RefuseNoCertificate(edge, method)));
    return reactor;
  }
  // The request and the response live until Finish.
  (edge.node.*node_method)(caller, *request,
                           [reactor, response, record](absl::StatusOr<Response> result) {
                             grpc::Status status = record.End(result.status());
                             if (result.ok()) *response = *std::move(result);
                             reactor->Finish(std::move(status));
                           });
  return reactor;
}

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_UNARY_H_
