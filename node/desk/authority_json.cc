#include "node/desk/authority_json.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"

namespace palermo::desk {
namespace {

// A closed word of the format; the error lists all of them.
template <typename Enum>
typename Enum::Code ParseWord(JsonReader& json, const std::string& field, const std::string& text) {
  typename Enum::Code code = Enum::UNSPECIFIED;
  if (Enum::Code_Parse(text, &code) && code != Enum::UNSPECIFIED) return code;
  std::string words;
  for (int i = 1; i < Enum::Code_descriptor()->value_count(); ++i) {
    words += Cat({i == 1 ? "" : ", ", Enum::Code_descriptor()->value(i)->name()});
  }
  json.Fail(field, Cat({"'", text, "' is none of ", words}));
  return Enum::UNSPECIFIED;
}

template <typename Enum>
typename Enum::Code WordOr(JsonReader& json, const std::string& field) {
  std::string text = json.TextOr(field, "");
  return text.empty() ? Enum::UNSPECIFIED : ParseWord<Enum>(json, field, text);
}

template <typename Enum, typename List>
void Words(JsonReader& json, const std::string& field, List* list) {
  if (!json.Has(field)) return;
  for (const std::string& text : json.Texts(field)) {
    list->Add(ParseWord<Enum>(json, field, text));
  }
  std::sort(list->begin(), list->end());
}

template <typename List>
void TextsOr(JsonReader& json, const std::string& field, List* list, bool sorted = false) {
  if (!json.Has(field)) return;
  for (const std::string& text : json.Texts(field)) list->Add(std::string(text));
  if (sorted) std::sort(list->begin(), list->end());
}

int64_t TimeMillisOr(JsonReader& json, const std::string& field) {
  return json.Has(field) ? ToMillis(json.TimeOr(field, absl::UnixEpoch())) : 0;
}

// "08:30" to minutes.
uint32_t Minutes(JsonReader& json, const std::string& field) {
  std::string text = json.Text(field);
  int hours = 0;
  int minutes = 0;
  bool ok = text.size() == 5 && text[2] == ':' && absl::SimpleAtoi(text.substr(0, 2), &hours) &&
            absl::SimpleAtoi(text.substr(3), &minutes) && hours >= 0 && hours <= 24 &&
            minutes >= 0 && minutes < 60;
  if (!ok) json.Fail(field, "must be a time of the day like 08:30");
  return ok ? static_cast<uint32_t>(hours * 60 + minutes) : 0;
}

std::string TimeOfDay(uint32_t minutes) {
  return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60);
}

void ReadContacts(JsonReader& json, v1::Cooperation* terms) {
  terms->set_address(json.TextOr("address", ""));
  TextsOr(json, "phones", terms->mutable_phones());
  TextsOr(json, "emails", terms->mutable_emails());
  terms->set_time_zone(json.TextOr("time_zone", ""));
  if (json.Has("working_hours")) {
    for (JsonReader& one : json.Objects("working_hours")) {
      v1::WorkingHours* hours = terms->add_working_hours();
      hours->set_first_weekday(static_cast<uint32_t>(one.NumberOr("first_weekday", 0)));
      hours->set_last_weekday(static_cast<uint32_t>(one.NumberOr("last_weekday", 0)));
      hours->set_from_minute(Minutes(one, "from"));
      hours->set_to_minute(Minutes(one, "to"));
    }
  }
  TextsOr(json, "holidays", terms->mutable_holidays(), true);
  if (!json.Has("urgent")) return;
  JsonReader urgent = json.Object("urgent");
  terms->mutable_urgent()->set_around_the_clock(urgent.BoolOr("around_the_clock", false));
  terms->mutable_urgent()->set_method(
      ParseWord<v1::ContactMethod>(urgent, "method", urgent.Text("method")));
  terms->mutable_urgent()->set_address(urgent.TextOr("address", ""));
  TextsOr(urgent, "languages", terms->mutable_urgent()->mutable_languages());
  terms->mutable_urgent()->set_instructions(urgent.TextOr("instructions", ""));
}

void ReadRequirements(JsonReader json, v1::Requirements* needs) {
  needs->set_original_needed(json.BoolOr("original_needed", false));
  needs->set_apostille_needed(json.BoolOr("apostille_needed", false));
  needs->set_copies(static_cast<uint32_t>(json.NumberOr("copies", 0)));
  TextsOr(json, "extra_documents", needs->mutable_extra_documents());
  needs->set_dual_criminality(WordOr<v1::DualCriminality>(json, "dual_criminality"));
  needs->set_reciprocity_needed(json.BoolOr("reciprocity_needed", false));
  needs->set_death_penalty(WordOr<v1::DeathPenalty>(json, "death_penalty"));
  TextsOr(json, "default_conditions", needs->mutable_default_conditions());
  needs->set_retention_law(json.TextOr("retention_law", ""));
}

void ReadInstruments(JsonReader& json, v1::Cooperation* terms) {
  if (json.Has("instruments")) {
    for (JsonReader& one : json.Objects("instruments")) {
      v1::InstrumentTerms* entry = terms->add_instruments();
      entry->set_instrument(one.Text("instrument"));
      TextsOr(one, "languages", entry->mutable_languages());
      entry->set_translation_required(one.BoolOr("translation_required", false));
    }
  }
  std::sort(terms->mutable_instruments()->begin(), terms->mutable_instruments()->end(),
            [](const auto& a, const auto& b) { return a.instrument() < b.instrument(); });
  if (json.Has("treaties")) {
    for (JsonReader& one : json.Objects("treaties")) {
      v1::TreatyStatus* entry = terms->add_treaties();
      entry->set_treaty(one.Text("treaty"));
      entry->set_kind(ParseWord<v1::PartyKind>(one, "kind", one.Text("kind")));
      entry->set_in_force_from_ms(TimeMillisOr(one, "in_force_from"));
      entry->set_ends_at_ms(TimeMillisOr(one, "ends_at"));
      TextsOr(one, "declarations", entry->mutable_declarations());
      TextsOr(one, "reservations", entry->mutable_reservations());
      entry->set_source(one.TextOr("source", ""));
    }
  }
  std::sort(terms->mutable_treaties()->begin(), terms->mutable_treaties()->end(),
            [](const auto& a, const auto& b) { return a.treaty() < b.treaty(); });
}

void ReadDesignations(JsonReader& json, v1::Cooperation* terms) {
  if (!json.Has("designations")) return;
  for (JsonReader& one : json.Objects("designations")) {
    v1::Designation* entry = terms->add_designations();
    entry->set_role(ParseWord<v1::AuthorityRole>(one, "role", one.Text("role")));
    entry->set_designated_at_ms(TimeMillisOr(one, "designated_at"));
    entry->set_notified_at_ms(TimeMillisOr(one, "notified_at"));
  }
  std::sort(terms->mutable_designations()->begin(), terms->mutable_designations()->end(),
            [](const auto& a, const auto& b) { return a.role() < b.role(); });
}

template <typename List>
void Line(const char* name, const List& texts, std::string* out) {
  if (texts.empty()) return;
  *out += absl::StrFormat("      %s", name);
  for (const auto& text : texts) *out += Cat({" ", text});
  *out += "\n";
}

}  // namespace

v1::Cooperation ReadCooperation(JsonReader json) {
  v1::Cooperation terms;
  Words<v1::AuthorityRole>(json, "roles", terms.mutable_roles());
  terms.set_territory(json.TextOr("territory", ""));
  ReadInstruments(json, &terms);
  ReadContacts(json, &terms);
  Words<v1::Channel>(json, "channels", terms.mutable_channels());
  TextsOr(json, "formats", terms.mutable_formats());
  terms.set_max_attachment_bytes(static_cast<uint64_t>(json.NumberOr("max_attachment_bytes", 0)));
  if (json.Has("requirements")) {
    ReadRequirements(json.Object("requirements"), terms.mutable_requirements());
  }
  TextsOr(json, "oral_requests_agreed_with", terms.mutable_oral_requests_agreed_with(), true);
  terms.set_e_signature_accepted(json.BoolOr("e_signature_accepted", false));
  terms.set_direct_transmission_allowed(json.BoolOr("direct_transmission_allowed", false));
  terms.set_attested_at_ms(TimeMillisOr(json, "attested_at"));
  ReadDesignations(json, &terms);
  return terms;
}

std::string CooperationText(const v1::Cooperation& terms) {
  std::string text;
  std::vector<std::string> words;
  for (int role : terms.roles()) {
    words.push_back(v1::AuthorityRole::Code_Name(static_cast<v1::AuthorityRole::Code>(role)));
  }
  Line("roles", words, &text);
  for (const auto& one : terms.instruments()) {
    text += absl::StrFormat("      under %s:%s", one.instrument(),
                            one.translation_required() ? " translation required;" : "");
    for (const auto& language : one.languages()) text += Cat({" ", language});
    text += "\n";
  }
  words.clear();
  for (int channel : terms.channels()) {
    words.push_back(v1::Channel::Code_Name(static_cast<v1::Channel::Code>(channel)));
  }
  Line("channels", words, &text);
  if (!terms.address().empty()) text += Cat({"      address ", terms.address(), "\n"});
  Line("phones", terms.phones(), &text);
  Line("e-mail", terms.emails(), &text);
  for (const auto& hours : terms.working_hours()) {
    text += absl::StrFormat("      open days %d-%d, %s-%s %s\n", hours.first_weekday(),
                            hours.last_weekday(), TimeOfDay(hours.from_minute()),
                            TimeOfDay(hours.to_minute()), terms.time_zone());
  }
  if (terms.has_urgent()) {
    text += absl::StrFormat(
        "      urgent%s: %s%s\n", terms.urgent().around_the_clock() ? ", day and night" : "",
        v1::ContactMethod::Code_Name(terms.urgent().method()),
        terms.urgent().address().empty() ? "" : Cat({" ", terms.urgent().address()}));
  }
  Line("oral requests agreed with", terms.oral_requests_agreed_with(), &text);
  for (const auto& treaty : terms.treaties()) {
    text += absl::StrFormat("      treaty %s %s\n", treaty.treaty(),
                            v1::PartyKind::Code_Name(treaty.kind()));
  }
  if (terms.attested_at_ms() != 0) {
    text += Cat({"      attested ", FormatInstant(FromMillis(terms.attested_at_ms())), "\n"});
  }
  return text;
}

}  // namespace palermo::desk
