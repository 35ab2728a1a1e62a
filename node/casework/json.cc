#include "node/casework/json.h"

#include <google/protobuf/util/json_util.h>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/limits.h"
#include "base/status.h"

namespace palermo::casework {
namespace {

absl::Status BadJson(std::string_view why) {
  return InputError("BAD_JSON",
                    absl::StrFormat("the text is no body of an act: %s; the field names "
                                    "are those of the template",
                                    why));
}

}  // namespace

absl::StatusOr<v1::CaseBody> BodyFromJson(const std::string& json) {
  if (json.size() > limits::kMaxRequestFileBytes) {
    return OverLimit("BODY_TOO_LARGE",
                     absl::StrFormat("the text has %u bytes, at most %u fit; send the rest as an "
                                     "attachment",
                                     json.size(), limits::kMaxRequestFileBytes));
  }
  v1::CaseBody body;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &body);
  if (!status.ok()) return BadJson(status.message().ToString());
  // An escape such as \ud800 can make text that is no UTF-8, which no desk could read again.
  v1::CaseBody again;
  if (!again.ParseFromString(body.SerializeAsString())) return BadJson("a text is not UTF-8");
  return body;
}

std::string BodyToJson(const v1::CaseBody& body, bool pretty) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = pretty;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(body, &json, options);
  PALERMO_CHECK(status.ok());
  return json;
}

std::string TemplateJson(v1::Act::Code act) { return BodyToJson(TemplateFor(act), true); }

}  // namespace palermo::casework
