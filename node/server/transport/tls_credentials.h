// TLS as nodes and desks use it: self-signed certificates, pinned by their key, no web PKI. Shared
// by the server and by the desk's client; knows nothing of either.
//
// A pin is the 32 bytes of SHA-256 over the certificate's SubjectPublicKeyInfo.
#ifndef PALERMO_NODE_SERVER_TRANSPORT_TLS_CREDENTIALS_H_
#define PALERMO_NODE_SERVER_TRANSPORT_TLS_CREDENTIALS_H_

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "crypto/tls_identity.h"
#include "node/server/transport/tls13.h"

namespace grpc {
class AuthContext;
class ChannelCredentials;
class ServerCredentials;
class Status;
}  // namespace grpc

namespace palermo::transport {

// Asks each client for a certificate but lets it in without one: who may do what is decided by the
// pin, call by call. TLS proves that the client has the certificate's key.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const crypto::TlsIdentity& identity);

// Whether a server with another key answered since; gRPC itself says only that none could be
// reached. Shared between a channel's credentials and who uses the channel.
using WrongServerSeen = std::atomic<bool>;

// Shows `own`; refuses the handshake unless the server's pin is one of `server_pins`, and then sets
// `wrong_server`.
std::shared_ptr<grpc::ChannelCredentials> MakePinnedClient(
    const crypto::TlsIdentity& own, std::vector<std::string> server_pins,
    std::shared_ptr<WrongServerSeen> wrong_server = nullptr);
// Shows no certificate and takes any server. For signed documents only: their signatures
// authenticate them, so an outdated pin cannot lock anybody out.
std::shared_ptr<grpc::ChannelCredentials> MakeUnpinnedClient();

// The pin of the caller's certificate; "" when it showed none.
std::string CallerPin(const grpc::AuthContext& context);

// What others may hear of a status. The texts of an own store that cannot be read or written, and
// of errors without a code of ours, name paths and what is wrong inside: they are for the own log.
absl::Status ForOthers(const absl::Status& status);
// ForOthers is applied. Our stable code crosses the wire in the status's details
// ("palermo-code:STALE_KEY"), the text, shortened, as its message.
grpc::Status ToGrpc(const absl::Status& status);
// The reverse. Without a code of ours: UNREACHABLE, TIMED_OUT or CANCELLED for what the transport
// itself says, else INTERNAL. Control characters in the other side's text become blanks.
absl::Status FromGrpc(const grpc::Status& status);
// What the library said of an error that Explained put into other words; "" for others.
std::string DetailOf(const absl::Status& status);
// What gRPC says by itself stands in no officer's way: every error of a call is told as ours.
void SilenceGrpc();
// `mapped` of FromGrpc, as people need it: WRONG_NODE_KEY in place of UNREACHABLE when a server
// with another key answered, and what a TIMED_OUT leaves open.
absl::Status Explained(absl::Status mapped, const std::string& endpoint, absl::Duration waited,
                       bool wrong_server);

}  // namespace palermo::transport

#endif  // PALERMO_NODE_SERVER_TRANSPORT_TLS_CREDENTIALS_H_
