// Fuzz target: any text is a body or a readable error; a body survives its own JSON and every
// check.
#include <cstdint>
#include <string>

#include "base/check.h"
#include "node/casework/contents.h"
#include "node/casework/json.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace casework = palermo::casework;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto body = casework::BodyFromJson(text);
  if (!body.ok()) return 0;
  const auto back = casework::BodyFromJson(casework::BodyToJson(*body, size % 2 == 0));
  PALERMO_CHECK(back.ok());
  PALERMO_CHECK(back->SerializeAsString() == body->SerializeAsString());
  casework::CheckContext context;
  context.request = body->has_request() ? &body->request() : nullptr;
  for (palermo::v1::Act::Code act : casework::AllActs()) {
    context.act = act;
    casework::FindingsJson(casework::CheckBody(context, *body));
  }
  return 0;
}
