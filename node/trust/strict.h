// Parsing of signed bytes: exactly one encoding of a message parses. Unknown fields, fields out of
// order, defaults written out and trailing bytes are refused, so nobody can hide anything in what
// is signed.
#ifndef PALERMO_NODE_TRUST_STRICT_H_
#define PALERMO_NODE_TRUST_STRICT_H_

#include <string>
#include <string_view>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "absl/status/status.h"
#include "base/status.h"

namespace palermo::trust {

// The one encoding of `message`. Signed bytes are made with it, once.
template <typename Message>
std::string StrictSerialize(const Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeWithCachedSizes((static_cast<void>(message.ByteSizeLong()), &coded));
  }
  return bytes;
}

// Fails with `code` unless `bytes` is the one encoding of a message. `what` names it in the error
// text.
template <typename Message>
absl::Status StrictParse(std::string_view bytes, Message* message, std::string_view code,
                         std::string_view what) {
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InputError(code, std::string(what) + " is not a valid message");
  }
  message->DiscardUnknownFields();
  if (StrictSerialize(*message) != bytes) {
    return InputError(code,
                      std::string(what) + " has unknown fields or is not in its one encoding");
  }
  return absl::OkStatus();
}

}  // namespace palermo::trust

#endif  // PALERMO_NODE_TRUST_STRICT_H_
