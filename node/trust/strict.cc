#include "node/trust/strict.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/unknown_field_set.h>

#include "base/bytes.h"
#include "base/check.h"

namespace palermo::trust {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool HasUnknownFields(const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  const google::protobuf::Descriptor& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (reflection.HasField(message, field) &&
          HasUnknownFields(reflection.GetMessage(message, field))) {
        return true;
      }
      continue;
    }
    int size = reflection.FieldSize(message, field);
    for (int j = 0; j < size; ++j) {
      if (HasUnknownFields(reflection.GetRepeatedMessage(message, field, j))) return true;
    }
  }
  return false;
}

std::string StrictSerialize(const Message& message) {
  std::string bytes(message.ByteSizeLong(), '\0');
  google::protobuf::io::ArrayOutputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeWithCachedSizes(&coded);
  PALERMO_CHECK(!coded.HadError());
  return bytes;
}

absl::Status StrictParse(std::string_view bytes, Message* message, std::string_view code,
                         std::string_view what) {
  if (!message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InputError(code, Cat({what, " is not a valid message"}));
  }
  if (HasUnknownFields(*message) || StrictSerialize(*message) != bytes) {
    return InputError(code, Cat({what, " has unknown fields or is not in its one encoding"}));
  }
  return absl::OkStatus();
}

}  // namespace palermo::trust
