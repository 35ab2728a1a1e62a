// What the areas exchange besides assistance: that the form's own part is there, that a warning for
// public health carries product facts alone, that a hash is only a hash, that a trace says what it
// found.
#include <google/protobuf/message.h>

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "base/bytes.h"
#include "node/casework/identifiers.h"
#include "node/casework/phone.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::AssistanceType;
using v1::Item;
using v1::Request;

std::string AtItem(int item, std::string_view member) { return At("request.items", item, member); }

// --- The part of the request that a form is about

struct Part {
  AssistanceType::Code type;
  std::string_view field;
  bool (*there)(const Request& r);
};
constexpr Part kParts[] = {
    {AssistanceType::VICTIM_REFERRAL, "request.referral",
     [](const Request& r) { return r.has_referral(); }},
    {AssistanceType::RETURN_PLAN, "request.referral.return_plan",
     [](const Request& r) { return r.referral().has_return_plan(); }},
    {AssistanceType::CHILD_RETURN, "request.referral.return_plan",
     [](const Request& r) { return r.referral().has_return_plan(); }},
    {AssistanceType::PRODUCT_ALERT, "request.alert",
     [](const Request& r) { return r.has_alert(); }},
    {AssistanceType::BATCH_VERIFY, "request.alert", [](const Request& r) { return r.has_alert(); }},
    {AssistanceType::PUBLIC_HEALTH_RELEASE, "request.public_release.product",
     [](const Request& r) { return r.public_release().has_product(); }},
};

void CheckParts(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    for (const Part& part : kParts) {
      if (part.type != r->items(i).type() || part.there(*r)) continue;
      report.Say("R-GEN-01.area_part", std::string(part.field));
    }
  }
}

// --- A warning for public health

// What such a request may have; everything else belongs to the investigation.
bool MayStand(const google::protobuf::FieldDescriptor& field) {
  return OneOf(field.name(), {"items", "language", "translation_of_sha256", "translation", "area",
                              "urgency_reason", "public_release", "channel", "handling", "basis"});
}
bool MayStandInItem(const google::protobuf::FieldDescriptor& field) {
  return OneOf(field.name(), {"n", "type", "description"});
}

void SayOthers(const google::protobuf::Message& message, const std::string& at,
               bool (*may)(const google::protobuf::FieldDescriptor&), Report& report) {
  std::vector<const google::protobuf::FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const auto* field : set) {
    if (!may(*field)) report.Say("R-MED-02.other", Cat({at, ".", field->name()}));
  }
}

void CheckHealthRelease(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || !r->public_release().has_product()) return;
  SayOthers(*r, "request", MayStand, report);
  for (int i = 0; i < r->items_size(); ++i) {
    SayOthers(r->items(i), At("request.items", i), MayStandInItem, report);
  }
  // The chain of custody leads into the investigation.
  if (!IsBlank(r->public_release().product().sample_chain())) {
    report.Say("R-MED-02.other", "request.public_release.product.sample_chain");
  }
  std::set<std::string> approvers;
  for (const std::string& one : r->public_release().approved_by()) {
    std::string name = Folded(one);
    std::erase(name, ' ');
    if (!name.empty()) approvers.insert(std::move(name));
  }
  if (approvers.size() < 2) {
    report.Say("R-GEN-01.release_approval", "request.public_release.approved_by");
  }
}

// --- Leads and alerts

constexpr size_t kShortestHashLetters = 16;

void CheckFileHashes(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.type() == AssistanceType::CSAM_HASH_LEAD && item.file_hashes().empty()) {
      report.Say("R-GEN-01.csam_hash", AtItem(i, "file_hashes"));
    }
    for (int k = 0; k < item.file_hashes_size(); ++k) {
      const std::string& hash = item.file_hashes(k);
      const bool hex = std::all_of(hash.begin(), hash.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      });
      if (hex && hash.size() >= kShortestHashLetters) continue;
      report.Say("R-GEN-01.file_hash", At(AtItem(i, "file_hashes"), k));
    }
  }
}

// CITES III: a wild specimen of Appendix I has no permit for commerce.
void CheckCommerce(const Item& item, int i, Report& report) {
  const v1::Permit& permit = item.permit();
  for (int k = 0; k < permit.items_size(); ++k) {
    if (permit.items(k).appendix() == "I" && permit.purpose() == "T" && permit.source() == "W") {
      report.Say("R-GEN-01.commerce", At(AtItem(i, "permit.items"), k));
    }
  }
}

void CheckThings(const RuleInput& in, Report& report) {
  constexpr double kCoarseMetres = 10000;
  const Request* r = RequestIn(in);
  for (int i = 0; r != nullptr && i < r->items_size(); ++i) {
    const Item& item = r->items(i);
    if (item.has_seizure()) CheckSeized(item.seizure(), AtItem(i, "seizure"), report);
    if (item.type() == AssistanceType::VERIFY_CITES_PERMIT) CheckCommerce(item, i, report);
    const bool nature = OneOf(r->area(), {"WILDLIFE", "WILDLIFE_FOREST"});
    if (nature && item.has_position() && item.position().radius_m() < kCoarseMetres) {
      report.Say("R-GEN-01.locality", AtItem(i, "position.radius_m"));
    }
  }
}

// --- Answers

void CheckTrace(const v1::TraceAnswer& trace, const std::string& at, Report& report) {
  if (!OneOf(trace.result(),
             {"TRACED", "PARTIAL", "NOT_MANUFACTURED_HERE", "NO_RECORD", "INSUFFICIENT_DATA"})) {
    report.Say("R-GEN-01.trace_result", at + ".result");
  } else if (trace.result() == "TRACED" && trace.chain().empty()) {
    report.Say("R-GEN-01.trace_chain", at + ".chain");
  } else if (trace.result() == "PARTIAL" && trace.chain().empty() && IsBlank(trace.last_known())) {
    report.Say("R-GEN-01.trace_chain", at + ".last_known");
  } else if (trace.result() == "INSUFFICIENT_DATA" && trace.needed().empty()) {
    report.Say("R-GEN-01.trace_needed", at + ".needed");
  }
}

void CheckTraces(const RuleInput& in, Report& report) {
  ForResults(in, [&](const v1::ItemResult& item, const std::string& at) {
    if (item.has_trace()) CheckTrace(item.trace(), at + ".trace", report);
  });
}

constexpr Rule kAreaRules[] = {
    {{"R-GEN-01", "E", "", "a referral, alert or warning lacks the part that it is about"},
     CheckParts},
    {{"R-MED-02", "E", "",
      "a warning for public health carries more than product facts, or fewer than two approved it"},
     CheckHealthRelease},
    {{"R-GEN-01", "E", "",
      "a lead on child sexual abuse material has no hash, or what should be a hash is none"},
     CheckFileHashes},
    {{"R-GEN-01", "E/I", "CITES III, VIII(4)",
      "what was seized has no Appendix, taxon or amount that can be (E); a live specimen without "
      "care, wild commerce in Appendix I, an exact locality, a telephone that is no number (I)"},
     CheckThings},
    {{"R-GEN-01", "E", "FAP 12(4)",
      "the answer to a trace does not say what was found or is needed"},
     CheckTraces},
};

}  // namespace

std::span<const Rule> AreaRules() { return kAreaRules; }

void CheckSeized(const v1::SeizedObject& seized, const std::string& at, Report& report) {
  if (!seized.appendix().empty() && !OneOf(seized.appendix(), {"I", "II", "III"})) {
    report.Say("R-GEN-01.appendix", at + ".appendix");
  }
  if (!seized.taxon().empty() && !IsTaxon(seized.taxon())) {
    report.Say("R-GEN-01.taxon", at + ".taxon");
  }
  if (seized.live() && IsBlank(seized.care_centre())) {
    report.Say("R-GEN-01.care", at + ".care_centre");
  }
  if (seized.has_quantity() && (!(seized.quantity() > 0) || IsBlank(seized.unit()))) {
    report.Say("R-GEN-01.seized_amount", at + ".quantity");
  }
}

}  // namespace palermo::casework
