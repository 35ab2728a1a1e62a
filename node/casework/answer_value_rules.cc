// The values in the typed parts of an answer: words of closed lists, currencies, quantities,
// addresses, periods; and that they give no more than was asked and ordered.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/asset_measure.h"
#include "node/casework/field_words.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/phone.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using v1::AssistanceType;
using v1::ItemResult;

// Calls `visit` with each message of the typed parts, a whole before its parts.
using MessageVisit = std::function<void(const Message& message, const std::string& at)>;
void ForMessages(const Message& message, const std::string& at, const MessageVisit& visit) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  const bool item = message.GetDescriptor() == ItemResult::descriptor();
  if (!item) visit(message, at);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (item && field->number() < ItemResult::kAccountFieldNumber) continue;
    const std::string here = Cat({at, ".", field->name()});
    if (!field->is_repeated()) {
      ForMessages(reflection->GetMessage(message, field), here, visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
      ForMessages(reflection->GetRepeatedMessage(message, field, i), At(here, i), visit);
    }
  }
}

// A list of answers is closed. What stands in a request too, such as a person's roles, is judged as
// there.
void CheckWordsOf(const Message& message, const std::string& at, Report& report) {
  const auto* type = message.GetDescriptor();
  if (type->file() != v1::AccountAnswer::descriptor()->file()) return;
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated()) continue;
    const FieldWords* row = FindWords(type->name(), field->name());
    if (row == nullptr) continue;
    std::string scratch;
    const std::string& word = message.GetReflection()->GetStringReference(message, field, &scratch);
    if (!IsWordOf(row->message, row->field, word)) {
      SayWord(row->message, row->field, Cat({at, ".", field->name()}), report);
    }
  }
}

template <typename Type>
const Type* As(const Message& message) {
  return message.GetDescriptor() == Type::descriptor() ? static_cast<const Type*>(&message)
                                                       : nullptr;
}

// A port that the question did not have either is not missed twice.
bool AsksPort(const v1::Item* asked, const v1::Selector& selector) {
  if (asked == nullptr) return true;
  const auto& all = asked->selectors();
  return std::none_of(all.begin(), all.end(), [&](const v1::Selector& one) {
    return !one.has_port() && one.ip() == selector.ip() && one.value() == selector.value();
  });
}

void CheckSelectorOf(const v1::Selector& selector, const v1::Item* asked, const std::string& at,
                     Report& report) {
  CheckAddress(selector, AsksPort(asked, selector), at, report);
  const std::string_view key =
      IdentifierProblem(absl::AsciiStrToLower(selector.kind()), selector.value());
  if (!key.empty()) report.Say(key, at + ".value");
  if (OneOf(selector.kind(), {"PHONE", "E164", "MSISDN"}) && !IsPhone(selector.value())) {
    report.Say("R-GEN-01.phone", at + ".value");
  }
  CheckCard(selector, at, report);
}

bool HasUnit(bool there, double quantity, const std::string& unit) {
  return !there || (!IsBlank(unit) && quantity > 0);
}

// As of a consignment in a request: a number of parcels has no unit. It may be nought: nothing
// came.
bool CanArrive(const v1::ShipmentAnswer& shipment) {
  const v1::Consignment& goods = shipment.consignment();
  const bool substance = !IsBlank(goods.cas()) || goods.has_purity() || !IsBlank(goods.name());
  const bool unit = !substance || !goods.has_quantity() || !IsBlank(goods.unit());
  return unit && goods.quantity() >= 0 && shipment.expected() >= 0;
}

void CheckQuantities(const Message& message, const std::string& at, Report& report) {
  if (const auto* substance = As<v1::SubstanceAmount>(message)) {
    CheckSubstance(*substance, at, report);
  } else if (const auto* seized = As<v1::SeizedObject>(message)) {
    CheckSeized(*seized, at, report);
  } else if (const auto* shipment = As<v1::ShipmentAnswer>(message)) {
    const v1::Consignment& goods = shipment->consignment();
    if (!CanArrive(*shipment)) {
      report.Say("R-GEN-01.answer_amount", at + ".consignment.quantity");
    }
    if (goods.has_purity() && !(goods.purity() >= 0 && goods.purity() <= 100)) {
      report.Say("R-DRG-01.purity", at + ".consignment.purity");
    }
  } else if (const auto* timber = As<v1::TimberAnswer>(message)) {
    if (!HasUnit(timber->has_quantity(), timber->quantity(), timber->unit())) {
      report.Say("R-GEN-01.answer_amount", at + ".quantity");
    }
  } else if (const auto* specimen = As<v1::SpecimenAnswer>(message)) {
    if (!HasUnit(specimen->has_quantity(), specimen->quantity(), specimen->unit())) {
      report.Say("R-GEN-01.answer_amount", at + ".quantity");
    }
    if (!IsBlank(specimen->taxon()) && !IsTaxon(specimen->taxon())) {
      report.Say("R-GEN-01.taxon", at + ".taxon");
    }
  } else if (const auto* owner = As<v1::Owner>(message)) {
    if (owner->has_share() && !(owner->share() >= 0 && owner->share() <= 100)) {
      report.Say("R-GEN-01.share", at + ".share");
    }
  }
}

bool Reversed(const std::string& from, const std::string& to) {
  const auto begin = ParseInstant(from), end = ParseInstant(to);
  return begin.ok() && end.ok() && *begin > *end;
}

void CheckTimes(const Message& message, const std::string& at, Report& report) {
  const auto period = [&](const auto& part) {
    if (Reversed(part.period_from(), part.period_to())) report.Say("R-GEN-01.period_order", at);
  };
  const auto order = [&](const std::string& from, const std::string& to, const char* member) {
    if (Reversed(from, to)) report.Say("R-EXE-01.time_order", Cat({at, ".", member}));
  };
  if (const auto* account = As<v1::AccountAnswer>(message)) {
    period(*account);
  } else if (const auto* data = As<v1::DataDelivered>(message)) {
    period(*data);
  } else if (const auto* found = As<v1::AccountFound>(message)) {
    order(found->opened_at(), found->closed_at(), "closed_at");
  } else if (const auto* owner = As<v1::Owner>(message)) {
    order(owner->since(), owner->until(), "until");
  } else if (const auto* subscriber = As<v1::SubscriberAnswer>(message)) {
    order(subscriber->since(), subscriber->until(), "until");
  } else if (const auto* entry = As<v1::RegisterEntry>(message)) {
    order(entry->from(), entry->until(), "until");
  } else if (const auto* paper = As<v1::TravelDocumentAnswer>(message)) {
    order(paper->issued_at(), paper->valid_until(), "valid_until");
  } else if (const auto* asset = As<v1::AssetAnswer>(message)) {
    order(asset->at(), asset->expires_at(), "expires_at");
  }
}

void CheckValues(const RuleInput& in, Report& report) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    const v1::Item* asked = AskedItem(in, items[i].n());
    ForMessages(items[i], At("result.items", i),
                [&](const Message& message, const std::string& at) {
                  CheckWordsOf(message, at, report);
                  CheckQuantities(message, at, report);
                  CheckTimes(message, at, report);
                  if (const auto* money = As<v1::Money>(message)) CheckMoney(*money, at, report);
                  if (const auto* selector = As<v1::Selector>(message)) {
                    CheckSelectorOf(*selector, asked, at, report);
                  }
                });
  }
}

// --- Property

void CheckAsset(const v1::AssetAnswer& asset, const std::string& at, Report& report) {
  const auto state = AssetStateFromName(asset.state());
  if (!asset.state().empty() && !state.ok()) report.Say("R-GEN-01.asset_state", at + ".state");
  // A lifting, and what the requesting state says, are acts of their own.
  using enum AssetState;
  if (state.ok() &&
      (*state == kFreezeRequested || *state == kConfiscationRequested || *state >= kLiftProposed)) {
    report.Say("R-EXE-01.asset_way", at + ".state");
  }
  if (state.ok() && *state == kFrozen && IsBlank(asset.order_ref())) {
    report.Say("R-GEN-01.frozen_order", at + ".order_ref");
  }
  bool open = false;
  for (int k = 0; k < asset.claims_size(); ++k) {
    const v1::ThirdPartyClaim& claim = asset.claims(k);
    const bool whose = !IsBlank(claim.ref()) || !IsBlank(claim.by());
    if (!whose || claim.status().empty() ||
        !IsWordOf("ThirdPartyClaim", "status", claim.status())) {
      report.Say("R-GEN-01.asset_claim", At(at + ".claims", k));
    }
    open |= claim.status() == "OPEN";
  }
  const bool disposal = state.ok() && *state >= kReturned && *state <= kVictimCompensated;
  if (open && disposal) report.Say("R-AR-05.claim", at + ".state");
}

void CheckAssets(const RuleInput& in, Report& report) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    for (int k = 0; k < items[i].assets_size(); ++k) {
      CheckAsset(items[i].assets(k), At(At("result.items", i, "assets"), k), report);
    }
  }
}

// --- No more than was asked, and ordered

// To such a question the answer is a word; a hit gives nothing away, R-INT-05.
bool IsAnsweredByAWord(AssistanceType::Code type) {
  return type == AssistanceType::VERIFY_DOCUMENT || type == AssistanceType::VERIFY_NATIONALITY ||
         type == AssistanceType::HIT_QUERY;
}

void CheckMore(const RuleInput& in, Report& report) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    const v1::Item* asked = AskedItem(in, items[i].n());
    if (asked == nullptr || !IsAnsweredByAWord(asked->type())) continue;
    const std::pair<bool, const char*> parts[] = {{items[i].has_account(), "account"},
                                                  {items[i].has_ownership(), "ownership"},
                                                  {items[i].has_subscriber(), "subscriber"},
                                                  {items[i].has_extract(), "extract"},
                                                  {items[i].delivered_size() > 0, "delivered"}};
    for (const auto& [there, part] : parts) {
      if (there) report.Say("R-DOC-02.more", At("result.items", i, part));
    }
  }
}

bool IsOfElectronicData(AssistanceType::Code type) {
  return type == AssistanceType::DISCLOSE_PRESERVED_TRAFFIC ||
         type == AssistanceType::ACCESS_STORED_DATA || type == AssistanceType::REALTIME_TRAFFIC ||
         type == AssistanceType::INTERCEPT_CONTENT || type == AssistanceType::SUBSCRIBER_INFO;
}

// A day that the request names lasts until its end.
bool IsOutside(const v1::DataDelivered& data, const v1::Item& asked) {
  const auto from = ParseInstant(data.period_from()), to = ParseInstant(data.period_to());
  const auto first = ParseInstant(asked.period_from()), last = ParseInstant(asked.period_to());
  const absl::Duration day = absl::Hours(24);
  return (from.ok() && first.ok() && *from < *first) ||
         (to.ok() && last.ok() && *to >= *last + day);
}

void CheckDelivered(const RuleInput& in, Report& report) {
  const auto& items = in.body.result().items();
  for (int i = 0; i < items.size(); ++i) {
    const v1::Item* asked = AskedItem(in, items[i].n());
    for (int k = 0; k < items[i].delivered_size(); ++k) {
      const v1::DataDelivered& data = items[i].delivered(k);
      const std::string at = At(At("result.items", i, "delivered"), k);
      if (IsBlank(data.hash())) report.Say("R-GEN-01.delivered_hash", at + ".hash");
      if (asked == nullptr || !IsOfElectronicData(asked->type())) continue;
      const bool of_users = OneOf(data.category(), {"TRAFFIC", "CONTENT"});
      if (of_users && IsBlank(data.order_hash()) && !IsCovered(*asked, data.category())) {
        report.Say("R-CYB-04.delivered", at + ".category");
      }
      const bool told = !items[i].data_care().beyond_request().empty();
      if (of_users && !told && IsOutside(data, *asked)) {
        report.Say("R-HR-14.window", at + ".period_from");
      }
    }
  }
}

constexpr Rule kAnswerValueRules[] = {
    {{"R-GEN-01, R-EXE-01, R-DRG-01, R-CYB-IP, R-ID-IMEI", "E/W/I", "",
      "a typed part of an answer has a word of no list, a currency, quantity, share, address or "
      "time that cannot be"},
     CheckValues},
    {{"R-GEN-01, R-EXE-01, R-AR-05", "E/W/I", "UNCAC 55(9)",
      "the answer on property has a state or a claim that is not known, disposes of it over an "
      "open claim, or tells what needs a report of its own"},
     CheckAssets},
    {{"R-DOC-02", "E", "",
      "a question that a word answers gets accounts, owners, subscribers, entries or data"},
     CheckMore},
    {{"R-CYB-04, R-GEN-01, R-HR-14", "E/I", "BUD 31 to 34",
      "what was handed over is deeper than its order, has no hash, or is of another time"},
     CheckDelivered},
};

}  // namespace

std::span<const Rule> AnswerValueRules() { return kAnswerValueRules; }

}  // namespace palermo::casework
