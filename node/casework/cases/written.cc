// A request of protocol practice that is written like a formal one, and owes what such a one has.
#include "node/casework/cases/written.h"

#include <algorithm>
#include <string>

#include "node/casework/cases/forms.h"
#include "node/casework/import.h"
#include "node/casework/rules.h"

namespace palermo::casework {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// Of the five parts of 18(15) that a request gives, so many make it a written one.
constexpr int kMost = 4;

bool IsDescribed(const Value& item) { return !AnyText(item.struct_value(), "description").empty(); }

// What a typed item holds says by itself what is sought. A description that is there and blank, or
// an item with nothing but its type, says nothing.
bool SpeaksItself(const Value& item) {
  const auto& members = item.struct_value().fields();
  return members.count("description") == 0 &&
         std::any_of(members.begin(), members.end(), [](const auto& member) {
           return !OneOf(member.first, {"n", "type", "status", "procedure_wishes"}) &&
                  SaysYes(&member.second);
         });
}

// Whether no item describes its assistance, and each says by its members what is sought.
bool AllSpeakThemselves(const Struct& request) {
  const Value* items = Member(request, "items");
  if (items == nullptr) return true;
  const auto& all = items->list_value().values();
  return std::none_of(all.begin(), all.end(), IsDescribed) &&
         std::all_of(all.begin(), all.end(), SpeaksItself);
}

int WrittenParts(const Struct& request) {
  int parts = 0;
  for (const char* name :
       {"requesting_authority", "proceeding", "facts_summary", "items", "purpose"}) {
    parts += SaysYes(Member(request, name)) ? 1 : 0;
  }
  return parts;
}

}  // namespace

void JudgeWritten(const Struct& request, const CaseFacts& facts, std::vector<Finding>& findings) {
  // Protocol practice may know no proceeding; the request of who conducts one is written for it.
  const Struct* proceeding = ObjectOf(request, "proceeding");
  const bool proceeds =
      proceeding != nullptr && ObjectOf(*proceeding, "conducting_authority") != nullptr;
  if (TextOf(request, "family") != "PROTOCOL_ADMIN" || !proceeds || WrittenParts(request) < kMost)
    return;
  const auto mapped = MapRequest(request, facts);
  mapped->context.family = v1::Family::MLA;
  const bool speak = AllSpeakThemselves(request);
  for (Finding& finding : CheckBody(mapped->context, mapped->body)) {
    const bool owed =
        OneOf(finding.rule, {"R-MLA-15A", "R-MLA-15B", "R-MLA-15C", "R-MLA-15D", "R-MLA-15F"});
    const bool spoken = finding.key == "R-MLA-15D.description" && speak;
    if (!owed || spoken) continue;
    if (finding.key == "R-MLA-15D.items") {  // says the same
      std::erase_if(findings, [](const Finding& f) { return f.key == "R-GEN-01.nothing_asked"; });
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace palermo::casework
