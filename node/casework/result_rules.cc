// What a result must hold: each item's outcome, and how the requested procedure was followed.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "node/casework/reason_words.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::ItemOutcome;

bool WasExecuted(ItemOutcome::Code outcome) {
  return outcome == ItemOutcome::EXECUTED_FULL || outcome == ItemOutcome::EXECUTED_PARTIAL ||
         outcome == ItemOutcome::EXECUTED_NEGATIVE || outcome == ItemOutcome::SERVED;
}

void CheckPartialNotEmpty(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::PARTIAL_RESULT}) || !in.body.result().items().empty()) return;
  report.Say("R-GEN-01.no_result", "result.items");
}

void CheckOutcomes(const RuleInput& in, Report& report) {
  std::set<uint32_t> seen;
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    const auto outcome = item.outcome();
    if (outcome == ItemOutcome::UNSPECIFIED || !ItemOutcome::Code_IsValid(outcome)) {
      report.Say("R-GEN-01.outcome", at + ".outcome");
    }
    if (item.n() != 0 && seen.insert(item.n()).second) return;
    report.Say("R-GEN-01.result_number", at + ".n");
  });
}

void CheckItemsKnown(const RuleInput& in, Report& report) {
  if (in.context.request == nullptr) return;
  const auto known = ItemsOf(in.context);
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    if (known.count(item.n()) != 0) return;
    report.Say("R-GEN-01.no_item", at + ".n", {{"item", absl::StrFormat("%u", item.n())}});
  });
}

void CheckAllAnswered(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::FINAL_RESULT})) return;
  auto open = ItemsOf(in.context);
  for (const auto* settled :
       {&in.context.settled_items, &in.context.refused_items, &in.context.withdrawn_items}) {
    for (uint32_t n : *settled) open.erase(n);
  }
  for (const v1::ItemResult& item : in.body.result().items()) {
    open.erase(item.n());  // an outcome that is not final has a finding of its own
  }
  for (uint32_t n : open) {
    report.Say("R-GEN-01.open_item", "result.items", {{"item", absl::StrFormat("%u", n)}});
  }
}

void CheckNoPostponed(const RuleInput& in, Report& report) {
  if (!IsAct(in, {Act::FINAL_RESULT})) return;
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    if (item.outcome() == ItemOutcome::POSTPONED) report.Say("R-GEN-01.postponed", at + ".outcome");
  });
}

void CheckProcedureWord(const RuleInput& in, Report& report) {
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    if (OneOf(item.procedure_followed(), {"", "FOLLOWED", "NOT_FOLLOWED"})) return;
    report.Say("R-GEN-01.followed", at + ".procedure_followed");
  });
}

void CheckProcedure(const RuleInput& in, Report& report) {
  ForResults(in, [&](const v1::ItemResult& item, const v1::Item* asked, const std::string& at) {
    if (asked == nullptr || IsBlank(asked->procedure_wishes()) || !WasExecuted(item.outcome())) {
      return;
    }
    const std::string& word = item.procedure_followed();
    if (word.empty()) {
      report.Say("R-EXE-01.silent", at + ".procedure_followed");
    } else if (word == "NOT_FOLLOWED" && IsBlank(item.procedure_not_followed_reason())) {
      report.Say("R-EXE-01.reason", at + ".procedure_not_followed_reason");
    }
  });
}

// A result may report a refusal, never bring one: that is the act that needs consultation.
void CheckRefusedItems(const RuleInput& in, Report& report) {
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    if (item.outcome() != ItemOutcome::REFUSED) return;
    if (!in.context.case_unknown && !Has(in.context.refused_items, item.n()))
      report.Say("R-REF-26.result", at + ".outcome");
  });
}

// What an item that was not executed ends with. A refusal has reasons and was consulted about; an
// outcome is no way around that.
bool EndsUnexecuted(ItemOutcome::Code outcome) {
  return outcome == ItemOutcome::IMPOSSIBLE || outcome == ItemOutcome::SUPERSEDED ||
         outcome == ItemOutcome::NOT_SERVED || outcome == ItemOutcome::CANCELLED_NO_LONGER_REQUIRED;
}

void CheckUnexecuted(const RuleInput& in, Report& report) {
  // The history is known where the duties are.
  const bool known = in.context.obligations != nullptr;
  ForResults(in, [&](const v1::ItemResult& item, const v1::Item* asked, const std::string& at) {
    const auto outcome = item.outcome();
    const bool served = outcome == ItemOutcome::SERVED || outcome == ItemOutcome::NOT_SERVED;
    if (served && asked != nullptr && asked->type() != v1::AssistanceType::SERVE_DOCUMENT) {
      report.Say("R-GEN-01.served", at + ".outcome");
    }
    if (known && outcome == ItemOutcome::CANCELLED_NO_LONGER_REQUIRED &&
        !Has(in.context.withdrawn_items, item.n())) {
      report.Say("R-GEN-02.cancelled", at + ".outcome",
                 {{"item", absl::StrFormat("%u", item.n())}});
    }
    const std::string said = Folded(item.reason() + " " + item.description());
    // A part that is held back, or a "nothing found", for that is refused.
    const bool whole = outcome == ItemOutcome::EXECUTED_FULL || outcome == ItemOutcome::SERVED ||
                       outcome == ItemOutcome::REFUSED;
    if (!whole && NamesBankSecrecy(said)) report.Say("R-REF-08.words", at + ".reason");
    if (EndsUnexecuted(outcome) && known && outcome != ItemOutcome::CANCELLED_NO_LONGER_REQUIRED &&
        IsBlank(said) && IsBlank(item.service().not_served_reason())) {
      report.Say("R-EXE-01.unexecuted", at + ".reason");
    }
  });
}

constexpr Rule kResultRules[] = {
    {{"R-GEN-01", "E", "UNTOC 18(17)", "a partial result has no item"}, CheckPartialNotEmpty},
    {{"R-GEN-01", "E", "UNTOC 18(17)",
      "an item's outcome is missing or not known, or an item has no number or occurs twice"},
     CheckOutcomes},
    {{"R-GEN-01", "E", "", "a result names an item that the request does not have"},
     CheckItemsKnown},
    {{"R-GEN-01", "E", "UNTOC 18(17)", "a final result leaves an item without a final outcome"},
     CheckAllAnswered},
    {{"R-GEN-01", "E", "UNTOC 18(25)", "a final result says POSTPONED"}, CheckNoPostponed},
    {{"R-GEN-01", "E", "UNTOC 18(17)", "procedure_followed is neither FOLLOWED nor NOT_FOLLOWED"},
     CheckProcedureWord},
    {{"R-EXE-01", "W", "UNTOC 18(17)",
      "a requested procedure is not answered as followed, or not followed with the reason"},
     CheckProcedure},
    {{"R-REF-26", "E", "UNTOC 18(26)", "a result refuses an item that no refusal named before"},
     CheckRefusedItems},
    {{"R-GEN-01, R-GEN-02, R-REF-08, R-EXE-01", "E/W", "UNTOC 18(8), 18(17), 18(24)",
      "an item that is no service is served; one that nobody withdrew is cancelled (02); one is "
      "not "
      "executed for bank secrecy (08, W), or without a reason (EXE-01, W)"},
     CheckUnexecuted},
};

}  // namespace

std::span<const Rule> ResultRules() { return kResultRules; }

bool SaysSomething(const google::protobuf::Message& message) {
  using google::protobuf::FieldDescriptor;
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  const auto says = [&](const FieldDescriptor* field, int i) {
    const bool one = !field->is_repeated();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return SaysSomething(one ? reflection->GetMessage(message, field)
                               : reflection->GetRepeatedMessage(message, field, i));
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return true;
    return !IsBlank(one ? reflection->GetString(message, field)
                        : reflection->GetRepeatedString(message, field, i));
  };
  return std::any_of(fields.begin(), fields.end(), [&](const FieldDescriptor* field) {
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (says(field, i)) return true;
    }
    return false;
  });
}

}  // namespace palermo::casework
