// The values in the typed parts of an answer: words of closed lists, currencies, quantities,
// addresses, periods; and that they give no more than was asked and ordered.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/asset_book.h"
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

// An address may stand in either field.
const std::string& AddressIn(const v1::Selector& selector) {
  return selector.ip().empty() ? selector.value() : selector.ip();
}

// A port that the question did not have either is not missed twice.
bool AsksPort(const v1::Item* asked, const v1::Selector& selector) {
  if (asked == nullptr) return true;
  const auto& all = asked->selectors();
  return std::none_of(all.begin(), all.end(), [&](const v1::Selector& one) {
    return !one.has_port() && AddressIn(one) == AddressIn(selector);
  });
}

void CheckSelectorOf(const v1::Selector& selector, const v1::Item* asked, const std::string& at,
                     Report& report) {
  CheckAddress(selector, AsksPort(asked, selector), at, report);
  CheckSelector(selector, at, report);
}

// Nought is an answer: nothing of it was found, came or is allowed.
bool HasUnit(bool there, double quantity, const std::string& unit) {
  return !there || (!IsBlank(unit) && quantity >= 0);
}

void CheckSubstanceFound(const v1::SubstanceAmount& substance, const std::string& at,
                         Report& report) {
  const bool nought = substance.quantity() == 0 && !IsBlank(substance.unit());
  if (!nought) return CheckSubstance(substance, at, report);
  v1::SubstanceAmount rest = substance;
  rest.clear_quantity();
  CheckSubstance(rest, at, report);
}

// What was handed over is some.
void CheckSpecimen(const v1::SpecimenAnswer& specimen, const std::string& at, Report& report) {
  const bool none = specimen.has_quantity() && specimen.quantity() == 0;
  if (!HasUnit(specimen.has_quantity(), specimen.quantity(), specimen.unit()) ||
      (none && !specimen.handed_over_at().empty())) {
    report.Say("R-GEN-01.answer_amount", at + ".quantity");
  }
  if (!IsBlank(specimen.taxon()) && !IsTaxon(specimen.taxon())) {
    report.Say("R-GEN-01.taxon", at + ".taxon");
  }
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
    CheckSubstanceFound(*substance, at, report);
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
    CheckSpecimen(*specimen, at, report);
  } else if (const auto* owner = As<v1::Owner>(message)) {
    if (owner->has_share() && !(owner->share() >= 0 && owner->share() <= 100)) {
      report.Say("R-GEN-01.share", at + ".share");
    }
  }
}

// The balance of an account may be less than nothing.
void CheckAmountOf(const v1::Money& money, const std::string& at, Report& report) {
  CheckMoney(money, at, report);
  if (money.minor() != 0 && IsBlank(money.ccy())) {
    report.Say("R-GEN-01.no_currency", at + ".ccy");
  }
  if (money.minor() < 0 && !at.ends_with(".account.amount")) {
    report.Say("R-EXE-01.negative", at + ".minor");
  }
}

// Of what was done with persons and on the spot.
void CheckCourse(const Message& message, const std::string& at, Report& report) {
  const auto order = [&](const std::string& from, const std::string& to, const char* member) {
    if (IsReversed(from, to)) report.Say("R-EXE-01.time_order", Cat({at, ".", member}));
  };
  if (const auto* hearing = As<v1::HearingAnswer>(message)) {
    order(hearing->from(), hearing->until(), "until");
  } else if (const auto* search = As<v1::SearchAnswer>(message)) {
    order(search->from(), search->until(), "until");
  } else if (const auto* surrender = As<v1::SurrenderAnswer>(message)) {
    order(surrender->from(), surrender->until(), "until");
    order(surrender->arrested_at(), surrender->surrendered_at(), "surrendered_at");
    order(surrender->decided_at(), surrender->surrendered_at(), "surrendered_at");
    order(surrender->arrested_at(), surrender->released_at(), "released_at");
  } else if (const auto* transfer = As<v1::TransferAnswer>(message)) {
    order(transfer->handed_over_at(), transfer->returned_at(), "returned_at");
  } else if (const auto* taken = As<v1::ProceedingsAnswer>(message)) {
    order(taken->file_received_at(), taken->decided_at(), "decided_at");
  } else if (const auto* team = As<v1::TeamAnswer>(message)) {
    order(team->from(), team->until(), "until");
  } else if (const auto* measure = As<v1::MeasureAnswer>(message)) {
    order(measure->from(), measure->until(), "until");
  } else if (const auto* appearance = As<v1::AppearanceAnswer>(message)) {
    order(appearance->from(), appearance->until(), "until");
    order(appearance->invited_at(), appearance->until(), "until");
  } else if (const auto* examination = As<v1::ExaminationAnswer>(message)) {
    order(examination->from(), examination->until(), "until");
  } else if (const auto* package = As<v1::PackageAnswer>(message)) {
    order(package->received_at(), package->decided_at(), "decided_at");
  } else if (const auto* distress = As<v1::DistressAnswer>(message)) {
    order(distress->from(), distress->until(), "until");
  }
}

void CheckTimes(const Message& message, const std::string& at, Report& report) {
  const auto period = [&](const auto& part) {
    if (IsReversed(part.period_from(), part.period_to())) report.Say("R-GEN-01.period_order", at);
  };
  const auto order = [&](const std::string& from, const std::string& to, const char* member) {
    if (IsReversed(from, to)) report.Say("R-EXE-01.time_order", Cat({at, ".", member}));
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
  if (in.body.statement().has_surrender()) {
    const MessageVisit check = [&](const Message& message, const std::string& at) {
      CheckWordsOf(message, at, report);
      CheckCourse(message, at, report);
    };
    ForMessages(in.body.statement().surrender(), "statement.surrender", check);
  }
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& place) {
    ForMessages(item, place, [&](const Message& message, const std::string& at) {
      CheckWordsOf(message, at, report);
      CheckQuantities(message, at, report);
      CheckTimes(message, at, report);
      CheckCourse(message, at, report);
      if (const auto* money = As<v1::Money>(message)) CheckAmountOf(*money, at, report);
      if (const auto* selector = As<v1::Selector>(message)) {
        CheckSelectorOf(*selector, asked, at, report);
      }
    });
  });
}

// --- Property

void CheckAssetAnswer(const v1::AssetAnswer& asset, const std::string& at, Report& report) {
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
  CheckThirdPartyClaims(asset.claims(), at + ".claims", report);
  if (!state.ok()) return;
  // As it stands at the end of the list: a later entry settles what an earlier one opened.
  Asset told;
  TakeClaims(asset.claims(), told.claims);
  AssetMeasure measure;
  measure.state = *state;
  measure.open_claim = HasOpenClaim(told);
  for (const Finding& finding : CheckAsset(measure)) report.Say(finding.key, at + ".state");
}

void CheckAssets(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const std::string& at) {
    for (int k = 0; k < item.assets_size(); ++k) {
      CheckAssetAnswer(item.assets(k), At(at + ".assets", k), report);
    }
  });
}

// --- No more than was asked, and ordered

// To such a question the answer is a word; a hit gives nothing away, R-INT-05.
bool IsAnsweredByAWord(AssistanceType::Code type) {
  return type == AssistanceType::VERIFY_DOCUMENT || type == AssistanceType::VERIFY_NATIONALITY ||
         type == AssistanceType::HIT_QUERY;
}

// Whether a typed part gives more than a word. That a profile matches is one, with what is not.
bool GivesMore(const ItemResult& item, const FieldDescriptor& part) {
  const auto* reflection = item.GetReflection();
  if (part.is_repeated()) {
    for (int i = 0; i < reflection->FieldSize(item, &part); ++i) {
      if (SaysSomething(reflection->GetRepeatedMessage(item, &part, i))) return true;
    }
    return false;
  }
  if (part.number() == ItemResult::kHitFieldNumber) {
    v1::HitAnswer hit = item.hit();
    hit.clear_result();
    return SaysSomething(hit);
  }
  if (part.number() != ItemResult::kProfileFieldNumber) {
    return SaysSomething(reflection->GetMessage(item, &part));
  }
  v1::ProfileAnswer profile = item.profile();
  profile.clear_comparison();
  return SaysSomething(profile);
}

void CheckMore(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& at) {
    if (asked == nullptr || !IsAnsweredByAWord(asked->type())) return;
    std::vector<const FieldDescriptor*> parts;
    item.GetReflection()->ListFields(item, &parts);
    for (const FieldDescriptor* part : parts) {
      if (part->number() < ItemResult::kAccountFieldNumber || !GivesMore(item, *part)) continue;
      report.Say("R-DOC-02.more", Cat({at, ".", part->name()}));
    }
  });
}

bool IsOfElectronicData(AssistanceType::Code type) {
  return type == AssistanceType::DISCLOSE_PRESERVED_TRAFFIC ||
         type == AssistanceType::ACCESS_STORED_DATA || type == AssistanceType::REALTIME_TRAFFIC ||
         type == AssistanceType::INTERCEPT_CONTENT || type == AssistanceType::SUBSCRIBER_INFO ||
         type == AssistanceType::PRESERVE_DATA;
}

// Both are compared to their ends: a day that the request names lasts until its own.
bool IsOutside(const v1::DataDelivered& data, const v1::Item& asked) {
  const auto from = ParseInstant(data.period_from()), first = ParseInstant(asked.period_from());
  const auto end = ParseOver(data.period_to()), last = ParseOver(asked.period_to());
  return (from.ok() && first.ok() && *from < *first) || (end.ok() && last.ok() && *end > *last);
}

// What was asked, and what an order covers. Where data are preserved, as much traffic as shows the
// provider and the path of a communication is told without an order, BUD 30: the answer says so.
void CheckDepth(const v1::DataDelivered& data, const ItemResult& item, const v1::Item& asked,
                const std::string& at, Report& report) {
  if (IsBlank(data.category())) report.Say("R-EXE-01.depth", at + ".category");
  if (!OneOf(data.category(), {"TRAFFIC", "CONTENT"})) return;
  if (data.category() == "CONTENT" && !data.has_filtered()) {
    report.Say("R-GEN-01.filtered", at + ".filtered");
  }
  const bool told = !item.data_care().beyond_request().empty();
  if (IsBlank(data.order_hash()) && !IsCovered(asked, data.category())) {
    const bool path = asked.type() == AssistanceType::PRESERVE_DATA && data.category() == "TRAFFIC";
    if (!path) {
      report.Say("R-CYB-04.delivered", at + ".category");
    } else if (!told || IsBlank(item.data_care().beyond_reason())) {
      report.Say("R-CYB-04.path", at + ".category");
    }
  }
  if (!told && IsOutside(data, asked)) report.Say("R-HR-14.window", at + ".period_from");
}

void CheckDelivered(const RuleInput& in, Report& report) {
  ForResults(in, [&](const ItemResult& item, const v1::Item* asked, const std::string& place) {
    for (int k = 0; k < item.delivered_size(); ++k) {
      const v1::DataDelivered& data = item.delivered(k);
      const std::string at = At(place + ".delivered", k);
      if (IsBlank(data.hash())) report.Say("R-GEN-01.delivered_hash", at + ".hash");
      if (asked != nullptr && IsOfElectronicData(asked->type())) {
        CheckDepth(data, item, *asked, at, report);
      } else if (IsBlank(data.category())) {
        report.Say("R-GEN-01.delivered_category", at + ".category");
      }
    }
  });
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
    {{"R-CYB-04, R-EXE-01, R-GEN-01, R-HR-14", "E/W/I", "BUD 30 to 34",
      "what was handed over is deeper than its order (W: nothing says how deep), has no hash or "
      "category, or is of another time"},
     CheckDelivered},
};

}  // namespace

std::span<const Rule> AnswerValueRules() { return kAnswerValueRules; }

}  // namespace palermo::casework
