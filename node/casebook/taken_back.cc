// Reports that their originator took back or replaced: what is shown in place of what they said.
#include <algorithm>

#include "base/bytes.h"
#include "base/status.h"
#include "node/casebook/casebook.h"
#include "node/casework/text.h"

namespace palermo::casebook {

absl::StatusOr<std::vector<Item>> Casebook::TakenBack(const std::string& originator,
                                                      const std::string& record) {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Item> items, AboutRecord(originator, record));
  // What is about a record of this originator is the originator's own, by its sender.
  std::erase_if(items, [](const Item& item) {
    return !item.body.has_intelligence_recall() && !item.body.has_intelligence_correction();
  });
  std::reverse(items.begin(), items.end());
  return items;
}

v1::CaseBody TakenBackBody(const v1::CaseBody& report, const v1::CaseBody& by,
                           const std::string& message_hex, const std::string& at) {
  const v1::IntelligenceCorrection& correction = by.intelligence_correction();
  const bool replaced = by.has_intelligence_correction();
  const std::string what = replaced
                               ? Cat({"REPLACED by its originator with ", correction.replaced_by()})
                               : "RECALLED by its originator";
  const std::string reason = replaced ? correction.reason() : by.intelligence_recall().reason();
  const std::string text =
      casework::OneLine(Cat({what, ", message ", message_hex, " of ", at, ": ", reason}));
  v1::CaseBody out = WithoutContent(report);
  if (out.has_route_report()) out.mutable_route_report()->set_summary(text);
  if (out.has_document_method_report()) {
    out.mutable_document_method_report()->set_description(text);
  }
  return out;
}

}  // namespace palermo::casebook
