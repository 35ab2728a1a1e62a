#include "node/casework/form_left.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "node/casework/forms.h"
#include "node/casework/json.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"
#include "node/casework/vocabulary.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Fields that say who, where, what happened, or which thing: what an example has in them is true of
// no case. A substance has a name too, which is one.
constexpr std::string_view kNaming[] = {"requesting_authority",
                                        "conducting_authority",
                                        "dual_assessed_by",
                                        "subject_matter",
                                        "national_ref",
                                        "email",
                                        "phone",
                                        "address",
                                        "location",
                                        "place",
                                        "items_sought",
                                        "summary",
                                        "previous_names",
                                        "receiving_body",
                                        "final_recipient",
                                        "beneficiary",
                                        "import_mark",
                                        "custody_chain_id",
                                        "registration_no",
                                        "vin",
                                        "facts_summary",
                                        "facts",
                                        "grantor",
                                        "lead_authority",
                                        "controlling_authority",
                                        "executing_authority",
                                        "court",
                                        "guardian",
                                        "custodian",
                                        "holder",
                                        "provider",
                                        "iban",
                                        "document_number",
                                        "mrz",
                                        "imo",
                                        "mmsi",
                                        "call_sign",
                                        "serial",
                                        "serials",
                                        "registry_no",
                                        "ip",
                                        "url",
                                        "crypto_address",
                                        "transaction_id",
                                        "manufacturer_stated",
                                        "exporter",
                                        "importer",
                                        "container",
                                        "awb",
                                        "batch",
                                        "profile_ref",
                                        "confiscation_ref",
                                        "preservation_ref",
                                        "seizure_ref",
                                        "laboratory",
                                        "reasons",
                                        "prosecution_offer",
                                        "law_text",
                                        "agreement_ref",
                                        "civil_claim_ref",
                                        "entity",
                                        "service_body",
                                        "receiver",
                                        "authorisation_no",
                                        "concession",
                                        "log_mark"};
constexpr std::string_view kNamed[] = {"Person", "Contact", "ConductingAuthority", "Vessel",
                                       "BoardingUnit"};
// Numbers that an office gives itself, and codes of towns.
constexpr std::string_view kWeak[] = {"serial", "serials", "sample_ref", "route_id", "unlocode"};
// What the forms write where a text is to be written.
constexpr std::string_view kToBeWritten[] = {"Say here who did what, when and where",
                                             "what was done, and what is attached",
                                             "the hearing would warn its owners."};

Form FormOfField(const FieldDescriptor& field) {
  const FieldRow* row = FindField(field);
  return row == nullptr ? Form::kText : row->form;
}

// A position or a point on the map: its two numbers are one text.
bool IsPlace(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE &&
         (field.message_type() == v1::Position::descriptor() ||
          field.message_type() == v1::GeoPoint::descriptor());
}

bool IsNaming(const FieldDescriptor& field) {
  if (FormOfField(field) == Form::kHash || IsPlace(field)) return true;
  const std::string& name = field.name();
  const std::string& type = field.containing_type()->name();
  if (name == "name") {
    return std::find(std::begin(kNamed), std::end(kNamed), type) != std::end(kNamed);
  }
  if (name == "value") return type == "Identifier" || type == "Selector";
  if (type == "PublicRelease" && (name == "text" || name == "approved_by")) return true;
  return std::find(std::begin(kNaming), std::end(kNaming), name) != std::end(kNaming);
}

// What may be true by chance: a date, a ship's name, a low number, a town, a position without its
// time. Told beside other finds only.
bool IsWeak(const FieldDescriptor& field, std::string_view text) {
  const Form form = FormOfField(field);
  const std::string& type = field.containing_type()->name();
  const std::string& name = field.name();
  if (IsPlace(field)) return std::count(text.begin(), text.end(), ' ') < 2;
  if (form == Form::kDate || form == Form::kInstant) return true;
  if (name == "name") return type == "Vessel" || type == "BoardingUnit" || type == "Place";
  if (name == "place" || name == "location") {
    return text.find_first_of("0123456789") == std::string_view::npos;
  }
  return std::find(std::begin(kWeak), std::end(kWeak), name) != std::end(kWeak);
}

// "35.5 15.25", and where it has a time another text that has it, too.
std::vector<std::string> TextsOfPlace(const Message& message) {
  if (const auto* point = dynamic_cast<const v1::GeoPoint*>(&message)) {
    return {Cat({std::to_string(point->lat()), " ", std::to_string(point->lon())})};
  }
  const auto& position = dynamic_cast<const v1::Position&>(message);
  std::vector<std::string> texts;
  // Speed and course alone are no place.
  if (position.lat() == 0 && position.lon() == 0) return texts;
  texts.push_back(Cat({std::to_string(position.lat()), " ", std::to_string(position.lon())}));
  if (!IsBlank(position.at())) texts.push_back(Cat({texts[0], " ", position.at()}));
  return texts;
}

// Every text of a body, with its field.
using VisitField = std::function<void(const std::string& path, const FieldDescriptor& field,
                                      const std::string& text)>;
void ForLeaves(const Message& message, const std::string& path, const VisitField& visit) {
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    // What the desk wrote itself, and the officer's reasons.
    if (field->name() == "computed" || field->name() == "overridden") continue;
    const std::string at = path.empty() ? field->name() : Cat({path, ".", field->name()});
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string here = field->is_repeated() ? At(at, i) : at;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        const Message& inner = field->is_repeated()
                                   ? reflection->GetRepeatedMessage(message, field, i)
                                   : reflection->GetMessage(message, field);
        ForLeaves(inner, here, visit);
        if (!IsPlace(*field)) continue;
        for (const std::string& text : TextsOfPlace(inner)) visit(here, *field, text);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        visit(here, *field,
              field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                   : reflection->GetString(message, field));
      }
    }
  }
}

// What all forms have in such fields, by the field. Made once.
using Texts = std::set<std::pair<const FieldDescriptor*, std::string>>;
const Texts& ExampleTexts() {
  static const Texts* const texts = [] {
    auto* made = new Texts;
    const auto take = [&](const v1::CaseBody& body) {
      ForLeaves(body, "",
                [&](const std::string&, const FieldDescriptor& field, const std::string& text) {
                  if (IsNaming(field) || IsWeak(field, text)) made->emplace(&field, text);
                });
    };
    for (int type = 1; type <= v1::AssistanceType::Code_MAX; ++type) {
      if (!v1::AssistanceType::Code_IsValid(type)) continue;
      const auto code = static_cast<v1::AssistanceType::Code>(type);
      take(FullTemplateForType(code));
      for (const AreaForms& area : Areas()) take(TemplateForType(code, area.area));
      take(AnswerForType(code));
    }
    for (int act = 1; act <= v1::Act::Code_MAX; ++act) {
      if (v1::Act::Code_IsValid(act)) take(TemplateFor(static_cast<v1::Act::Code>(act)));
    }
    for (int family = 1; family <= v1::Family::Code_MAX; ++family) {
      const auto example = ExampleFor(v1::Act::REQUEST, static_cast<v1::Family::Code>(family),
                                      v1::AssistanceType::UNSPECIFIED);
      if (example.ok()) take(example->body);
    }
    return made;
  }();
  return *texts;
}

bool IsToBeWritten(const std::string& text) {
  return std::any_of(std::begin(kToBeWritten), std::end(kToBeWritten),
                     [&](std::string_view part) { return text.find(part) != std::string::npos; });
}

}  // namespace

std::vector<std::string> FieldsOfExample(const v1::CaseBody& body) {
  std::vector<std::string> fields;
  bool named = false;
  ForLeaves(body, "",
            [&](const std::string& path, const FieldDescriptor& field, const std::string& text) {
              // A release repeats what its alert says of the product, which was asked about there.
              if (path.find("public_release.product.") != std::string::npos) return;
              const bool weak = IsWeak(field, text);
              const bool example = (weak || IsNaming(field)) && !IsBlank(text) &&
                                   ExampleTexts().count({&field, text}) > 0;
              if (!example && !IsToBeWritten(text)) return;
              named |= !weak;
              if (fields.empty() || fields.back() != path) fields.push_back(path);
            });
  return named ? fields : std::vector<std::string>{};
}

std::vector<Finding> CheckFormLeft(const v1::CaseBody& body,
                                   const std::vector<std::string>& beside) {
  std::vector<Finding> findings;
  std::vector<std::string> fields = FieldsOfExample(body);
  fields.insert(fields.end(), beside.begin(), beside.end());
  if (fields.empty()) return findings;
  std::string list;
  for (const std::string& field : fields) list += Cat({list.empty() ? "" : ", ", field});
  Tell("R-GEN-04.form", "", findings, {{"fields", list}});
  return findings;
}

}  // namespace palermo::casework
