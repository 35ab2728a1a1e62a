// Parsing of signed bytes: exactly one encoding of a message parses. Unknown fields, fields out of
// order, defaults written out and trailing bytes are refused, so nobody can hide anything in what
// is signed.
#ifndef PALERMO_NODE_TRUST_STRICT_H_
#define PALERMO_NODE_TRUST_STRICT_H_

#include <string>
#include <string_view>

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "base/status.h"

namespace palermo::trust {

// Whether the message, or one in it, has a field that its type does not know.
bool HasUnknownFields(const google::protobuf::Message& message);

// The one encoding of `message`. Signed bytes are made with it, once.
std::string StrictSerialize(const google::protobuf::Message& message);

// Fails with `code` unless `bytes` is the one encoding of a message. `what` names it in the error
// text.
absl::Status StrictParse(std::string_view bytes, google::protobuf::Message* message,
                         std::string_view code, std::string_view what);

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_STRICT_H_
