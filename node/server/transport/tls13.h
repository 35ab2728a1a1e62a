// TLS 1.3 only, for the whole process: gRPC has no call for it, so OpenSSL is told.
#ifndef PALERMO_NODE_SERVER_TRANSPORT_TLS13_H_
#define PALERMO_NODE_SERVER_TRANSPORT_TLS13_H_

namespace palermo::transport {

// Call first in main, before anything uses TLS. Ignores the system's OpenSSL configuration file, so
// that nobody can weaken TLS from outside. Stops the process when the setting does not take effect.
// Idempotent and thread-safe.
void RequireTls13();

}  // namespace palermo::transport

#endif  // PALERMO_NODE_SERVER_TRANSPORT_TLS13_H_
