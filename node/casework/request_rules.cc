// What a request must hold: UNTOC 18(15) and the base block of every written request.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "node/casework/field_words.h"
#include "node/casework/identifiers.h"
#include "node/casework/rules.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using v1::Act;
using v1::AssistanceType;
using v1::Item;
using v1::Request;
using v1::Urgency;

constexpr size_t kSha256HexLetters = 64;

const Request* FormalRequestIn(const RuleInput& in) {
  return IsFormal(in.context.family) ? RequestIn(in) : nullptr;
}

void Check15A(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->requesting_authority())) return;
  report.Say("R-MLA-15A.missing", "request.requesting_authority");
}

void Check15B(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  const auto& proceeding = r->proceeding();
  if (IsBlank(proceeding.nature()) && IsBlank(proceeding.subject_matter())) {
    report.Say("R-MLA-15B.nature", "request.proceeding.nature");
  }
  if (IsBlank(proceeding.conducting_authority().name())) {
    report.Say("R-MLA-15B.name", "request.proceeding.conducting_authority.name");
  }
  if (IsBlank(proceeding.conducting_authority().function())) {
    report.Say("R-MLA-15B.function", "request.proceeding.conducting_authority.function");
  }
}

void Check15C(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->facts_summary())) return;
  const auto& items = r->items();
  const bool service_only =
      !items.empty() && std::all_of(items.begin(), items.end(), [](const v1::Item& item) {
        return item.type() == AssistanceType::SERVE_DOCUMENT;
      });
  if (service_only) return;
  report.Say("R-MLA-15C.missing", "request.facts_summary");
}

void Check15D(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  if (r->items().empty()) {
    report.Say("R-MLA-15D.items", "request.items");
  }
  for (int i = 0; i < r->items_size(); ++i) {
    if (!IsBlank(r->items(i).description())) continue;
    report.Say("R-MLA-15D.description", At("request.items", i, "description"));
  }
}

bool IsIdentified(const v1::Person& person) {
  return !IsBlank(person.name()) || !IsBlank(person.nationality()) || !IsBlank(person.location()) ||
         !IsBlank(person.description()) || !IsBlank(person.registration_no()) || person.sealed();
}

bool IsOfGoods(const v1::Item& item) {
  return item.type() == AssistanceType::CONTROLLED_DELIVERY ||
         item.type() == AssistanceType::SET_UP_JIT || item.type() == AssistanceType::JOIN_JIT;
}
bool TracesThing(const v1::Item& item) {
  return item.type() == AssistanceType::TRACE_FIREARM ||
         item.type() == AssistanceType::VERIFY_CITES_PERMIT;
}

void Check15E(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr) return;
  const auto& persons = r->persons();
  if (std::any_of(persons.begin(), persons.end(), IsIdentified)) return;
  // What travels is known before the people around it are; a trace of a thing looks for them.
  const auto& items = r->items();
  const bool goods = std::any_of(items.begin(), items.end(), IsOfGoods) ||
                     std::all_of(items.begin(), items.end(), TracesThing);
  // Without items there is more to mend; who is to be surrendered is R-EXT-01's matter.
  const bool other = r->items().empty() ||
                     Asks(in, {AssistanceType::EXTRADITE, AssistanceType::PROVISIONAL_ARREST});
  if (goods || other) return;
  // Whoever holds the property or gets the document is a person concerned, too. The number of an
  // account stands for its holder where property is sought; in evidence it says nobody's name.
  const bool property = in.context.family == v1::Family::CONFISCATION;
  if (std::any_of(items.begin(), items.end(), [&](const v1::Item& item) {
        return !IsBlank(item.property().holder()) || !IsBlank(item.address()) ||
               (property && !IsBlank(item.account()));
      })) {
    return;
  }
  report.Say("R-MLA-15E.persons", "request.persons");
}

void Check15F(const RuleInput& in, Report& report) {
  const Request* r = FormalRequestIn(in);
  if (r == nullptr || !IsBlank(r->purpose())) return;
  report.Say("R-MLA-15F.missing", "request.purpose");
}

void CheckNumbersOfItems(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  // Numbered from 1 in order: nothing can be missing or twice.
  bool in_order = true;
  for (int i = 0; i < r->items_size() && in_order; ++i) {
    in_order = r->items(i).n() == static_cast<uint32_t>(i) + 1;
  }
  if (in_order) return;
  std::set<uint32_t> seen;
  for (int i = 0; i < r->items_size(); ++i) {
    const uint32_t n = r->items(i).n();
    if (n != 0 && seen.insert(n).second) continue;
    if (n == 0) {
      report.Say("R-GEN-01.item_number", At("request.items", i, "n"));
    } else {
      report.Say("R-GEN-01.item_twice", At("request.items", i, "n"),
                 {{"item", absl::StrFormat("%u", n)}});
    }
  }
}

void CheckItemTypes(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const auto type = r->items(i).type();
    if (type != AssistanceType::UNSPECIFIED && AssistanceType::Code_IsValid(type)) continue;
    report.Say("R-GEN-01.item_type", At("request.items", i, "type"));
  }
}

void CheckFamily(const RuleInput& in, Report& report) {
  if (RequestIn(in) == nullptr) return;
  if (in.context.family == v1::Family::UNSPECIFIED) report.Say("R-GEN-01.enum", "family");
}

// The words of the handling beyond the header's code.
void CheckHandling(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  if (!IsWordOf("Marked", "tlp", r->handling().tlp())) {
    SayWord("Marked", "tlp", "request.handling.tlp", report);
  }
  if (!IsWordOf("Marked", "code", r->handling().code())) {
    SayWord("Marked", "code", "request.handling.code", report);
  }
}

void CheckCurrency(const RuleInput& in, Report& report) {
  CheckMoney(in.body.asset_report().amount(), "asset_report.amount", report);
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    const auto of = [&](std::string_view member) { return At("request.items", i, member); };
    if (item.has_property()) CheckMoney(item.property().amount(), of("property.amount"), report);
    if (item.has_seizure()) CheckMoney(item.seizure().value(), of("seizure.value"), report);
    if (item.has_lead()) CheckMoney(item.lead().amount(), of("lead.amount"), report);
  }
  for (int i = 0; i < r->offence_size(); ++i) {
    if (!r->offence(i).has_som()) continue;
    CheckMoney(r->offence(i).som().benefit().amount(),
               At("request.offence", i, "som.benefit.amount"), report);
  }
  if (!r->has_referral()) return;
  CheckMoney(r->referral().proceedings().compensation(),
             "request.referral.proceedings.compensation", report);
}

// --- Words of closed lists. A word of another one would be read by nobody.

// TIP 3(a). Stems: an act is told as a verb or as a noun. Purposes are open, "at a minimum".
constexpr std::string_view kTipActs[] = {"RECRUIT", "TRANSPORT", "TRANSFER", "HARBO", "RECEI"};
constexpr std::string_view kTipMeans[] = {"FORCE",  "THREAT",  "COERC",   "ABDUCT",
                                          "FRAUD",  "DECE",    "ABUSE",   "PAYMENT",
                                          "GIVING", "BENEFIT", "CONTROL", "USE_OF_FORCE"};

bool Begin(const google::protobuf::RepeatedPtrField<std::string>& words,
           std::span<const std::string_view> stems) {
  return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) {
      return word.compare(0, stem.size(), stem) == 0;
    });
  });
}

// Looked up once: every person and item asks.
bool In(std::string_view word, const FieldWords& list) {
  return word.empty() || std::find(list.words.begin(), list.words.end(), word) != list.words.end();
}

// ISO 3166-1: two letters, or three as in a passport. A passport of Germany has one.
bool IsNation(std::string_view code) {
  return !code.empty() && code.size() <= 3 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

void CheckPersonWords(const v1::Person& person, const std::string& at, Report& report) {
  static const FieldWords& roles = *FindWords("Person", "roles");
  static const FieldWords& ages = *FindWords("Person", "age_status");
  static const FieldWords& activities = *FindWords("Person", "protected_activity");
  const auto all = [](const auto& words, const FieldWords& list) {
    return std::all_of(words.begin(), words.end(),
                       [&](const std::string& word) { return !word.empty() && In(word, list); });
  };
  if (!all(person.roles(), roles)) SayWord("Person", "roles", at + ".roles", report);
  if (!In(person.age_status(), ages)) SayWord("Person", "age_status", at + ".age_status", report);
  if (!all(person.protected_activity(), activities)) {
    SayWord("Person", "protected_activity", at + ".protected_activity", report);
  }
  if (!person.nationality().empty() && !IsNation(person.nationality())) {
    // In small letters it is the same state.
    const bool small = IsNation(absl::AsciiStrToUpper(person.nationality()));
    report.Say(small ? "R-GEN-01.nation_small" : "R-GEN-01.nation", at + ".nationality");
  }
}

// One of the four cases of 3(2), or several: "3(2)(a)", "3(2)b, d". The bare paragraph says that
// there is one.
bool IsTransnationalCase(std::string_view basis) {
  constexpr std::string_view kParagraph = "3(2)";
  if (basis.substr(0, kParagraph.size()) != kParagraph) return false;
  // "3(2)(a)-(c)", also with the longer dash.
  const std::string plain = Folded(basis.substr(kParagraph.size()));
  const std::vector<std::string> words =
      absl::StrSplit(plain, absl::ByAnyChar(" (),;/-&\xE2\x80\x93"), absl::SkipEmpty());
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return OneOf(word, {"a", "b", "c", "d", "and", "or", "3", "2"});
  });
}

void CheckOffenceWords(const v1::Offence& offence, const std::string& at, Report& report) {
  const v1::TipElements& tip = offence.tip();
  if (!Begin(tip.acts(), kTipActs) || !Begin(tip.means(), kTipMeans)) {
    report.Say("R-GEN-01.tip_word", at + ".tip");
  }
  if (!IsWordOf("Offence", "untoc_art", offence.untoc_art())) {
    SayWord("Offence", "untoc_art", at + ".untoc_art", report);
  }
  const std::string& basis = offence.transnational_basis();
  if (!OneOf(basis, {"", "NONE"}) && !IsTransnationalCase(basis)) {
    report.Say("R-GEN-01.transnational_word", at + ".transnational_basis");
  }
  if (!IsWordOf("Offence", "ocg_involved", offence.ocg_involved())) {
    SayWord("Offence", "ocg_involved", at + ".ocg_involved", report);
  }
}

void CheckWords(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  if (!IsBlank(r->urgency_reason()) &&
      !IsWordOf("Request", "urgency_reason", r->urgency_reason())) {
    SayWord("Request", "urgency_reason", "request.urgency_reason", report);
  }
  if (!IsWordOf("Request", "area", r->area())) SayWord("Request", "area", "request.area", report);
  for (int i = 0; i < r->persons_size(); ++i) {
    CheckPersonWords(r->persons(i), At("request.persons", i), report);
  }
  for (int i = 0; i < r->offence_size(); ++i) {
    CheckOffenceWords(r->offence(i), At("request.offence", i), report);
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    static const FieldWords& dual = *FindWords("Item", "dual_criminality");
    if (!In(item.dual_criminality(), dual)) {
      SayWord("Item", "dual_criminality", At("request.items", i, "dual_criminality"), report);
    }
    if (!item.interpreter_lang().empty() && !IsLanguageTag(item.interpreter_lang())) {
      report.Say("R-GEN-01.language", At("request.items", i, "interpreter_lang"));
    }
    if (item.property().amount().minor() < 0) {
      report.Say("R-GEN-01.amount", At("request.items", i, "property.amount.minor"));
    }
  }
}

// --- Dates

struct DateField {
  std::string_view field;
  const std::string& (*of)(const Item& item);
  bool instant = false;
};
constexpr DateField kItemDates[] = {
    {"response_needed_by",
     [](const Item& i) -> const std::string& { return i.response_needed_by(); }, true},
    {"position.at", [](const Item& i) -> const std::string& { return i.position().at(); }, true},
    {"appearance_date", [](const Item& i) -> const std::string& { return i.appearance_date(); }},
    {"rights_informed_at",
     [](const Item& i) -> const std::string& { return i.rights_informed_at(); }, true},
    {"dispatch_date", [](const Item& i) -> const std::string& { return i.dispatch_date(); }},
    {"permit.granted", [](const Item& i) -> const std::string& { return i.permit().granted(); }},
    {"permit.valid_to", [](const Item& i) -> const std::string& { return i.permit().valid_to(); }},
    {"recovery.at", [](const Item& i) -> const std::string& { return i.recovery().at(); }},
    {"licence.issued_at",
     [](const Item& i) -> const std::string& { return i.licence().issued_at(); }},
    {"licence.expires_at",
     [](const Item& i) -> const std::string& { return i.licence().expires_at(); }},
    {"licence.shipped_at",
     [](const Item& i) -> const std::string& { return i.licence().shipped_at(); }},
    {"order.date", [](const Item& i) -> const std::string& { return i.order().date(); }},
    {"order.valid_to", [](const Item& i) -> const std::string& { return i.order().valid_to(); }},
    {"consent.signed_at",
     [](const Item& i) -> const std::string& { return i.consent().signed_at(); }, true},
};

void CheckDates(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->persons_size(); ++i) {
    if (!IsDateText(r->persons(i).date_of_birth())) {
      report.Say("R-GEN-01.date", At("request.persons", i, "date_of_birth"));
    }
  }
  for (int i = 0; i < r->items_size(); ++i) {
    const v1::Item& item = r->items(i);
    for (const DateField& date : kItemDates) {
      const std::string& text = date.of(item);
      if (!text.empty() && !IsDateText(text))
        report.Say(NoDateKey(text, date.instant), At("request.items", i, date.field));
    }
    for (const std::string& text : item.offence_times()) {
      if (!IsDateText(text)) report.Say("R-GEN-01.date", At("request.items", i, "offence_times"));
    }
    for (const v1::Assurance& assurance : item.assurances()) {
      if (!IsDateText(assurance.date())) {
        report.Say("R-GEN-01.date", At("request.items", i, "assurances"));
      }
    }
  }
}

bool IsDateOrEmpty(const std::string& text) { return text.empty() || ParseInstant(text).ok(); }

void CheckPeriods(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr) return;
  for (int i = 0; i < r->items_size(); ++i) {
    const std::string &from = r->items(i).period_from(), &to = r->items(i).period_to();
    if (from.empty() && to.empty()) continue;
    const auto begin = ParseInstant(from), end = ParseInstant(to);
    if ((!from.empty() && !begin.ok()) || (!to.empty() && !end.ok())) {
      report.Say("R-GEN-01.period_date", At("request.items", i));
    } else if (IsReversed(from, to)) {
      report.Say("R-GEN-01.period_order", At("request.items", i));
    }
  }
}

// Trafficking in persons is an offence of TIP, and so of UNTOC, and often goes with smuggling, SOM;
// these have offences of their own.
void CheckOffenceOfInstrument(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->offence().empty()) return;
  const std::string& instrument = r->basis().instrument();
  const bool other = OneOf(instrument, {"FAP", "DRUG88", "TF", "UNCAC"});
  const bool trafficking = std::all_of(r->offence().begin(), r->offence().end(),
                                       [](const v1::Offence& o) { return o.has_tip(); });
  if (other && trafficking) report.Say("R-DIR-03.offence", "request.basis.instrument");
}

void CheckStage(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || IsWordOf("Proceeding", "stage", r->proceeding().stage())) return;
  report.Say("R-GEN-01.stage", "request.proceeding.stage");
}

void CheckUrgencyReason(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || in.context.urgency <= Urgency::ROUTINE) return;
  if (!IsBlank(r->urgency_reason())) return;
  report.Say("R-GEN-01.urgency", "request.urgency_reason",
             {{"urgency", UrgencyName(in.context.urgency)}});
}

void CheckTranslation(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->translation_of_sha256().empty()) return;
  const bool good = r->translation_of_sha256().size() == kSha256HexLetters &&
                    HexDecode(r->translation_of_sha256()).ok();
  if (good) return;
  report.Say("R-GEN-01.sha256", "request.translation_of_sha256");
}

void CheckDeadlineDate(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || IsDateOrEmpty(r->deadline().at())) return;
  report.Say("R-GEN-01.date", "request.deadline.at");
}

void CheckDeadline(const RuleInput& in, Report& report) {
  const Request* r = RequestIn(in);
  if (r == nullptr || r->deadline().at().empty()) return;
  if (IsBlank(r->deadline().reason())) {
    report.Say("R-CLK-DEADLINE.reason", "request.deadline.reason");
  }
  const auto at = ParseInstant(r->deadline().at());
  const auto now = ParseInstant(in.context.now_iso8601_date);
  if (at.ok() && now.ok() && *at < *now) {
    report.Say("R-CLK-DEADLINE.passed", "request.deadline.at");
  }
}

constexpr Rule kRequestRules[] = {
    {{"R-MLA-15A", "E", "UNTOC 18(15)(a)", "the requesting authority is missing"}, Check15A},
    {{"R-DIR-03", "E", "UNTOC 18(7)", "the offence is none of the instrument"},
     CheckOffenceOfInstrument},
    {{"R-MLA-15B", "E", "UNTOC 18(15)(b)",
      "subject and nature of the proceeding, or the conducting authority's name or function, are "
      "missing"},
     Check15B},
    {{"R-MLA-15C", "E", "UNTOC 18(15)(c)",
      "the facts are missing, unless all items are service of documents"},
     Check15C},
    {{"R-MLA-15D", "E", "UNTOC 18(15)(d)", "there is no item, or an item is not described"},
     Check15D},
    {{"R-MLA-15E", "W", "UNTOC 18(15)(e)",
      "no person's identity, location or nationality is given"},
     Check15E},
    {{"R-MLA-15F", "E", "UNTOC 18(15)(f)", "the purpose is missing"}, Check15F},
    {{"R-GEN-01", "E", "UNTOC 18(3)", "an item has no number, or two have the same"},
     CheckNumbersOfItems},
    {{"R-GEN-01", "E", "UNTOC 18(3)", "an item's type is missing or not known"}, CheckItemTypes},
    {{"R-GEN-01", "E", "", "the request is of no known family"}, CheckFamily},
    {{"R-GEN-01", "E", "", "a word of the handling is not known"}, CheckHandling},
    {{"R-GEN-01", "E", "", "a currency is no code of ISO 4217"}, CheckCurrency},
    {{"R-GEN-01", "E", "", "an item's period is no date, or ends before it begins"}, CheckPeriods},
    {{"R-GEN-01", "E", "UNTOC 18(15)(b)", "the stage of the proceeding is not known"}, CheckStage},
    {{"R-GEN-01", "E/I", "UNTOC 18(15)(e)",
      "a reason of urgency, an area, a person's role, age or nationality, a class of an offence, a "
      "language or another code is no word of its list (I: a nationality in small letters)"},
     CheckWords},
    {{"R-GEN-01", "E", "", "a date of a person or an item is no date"}, CheckDates},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "an urgency above ROUTINE has no reason"},
     CheckUrgencyReason},
    {{"R-GEN-01", "E", "UNTOC 18(14)", "the translation's hash is no SHA-256"}, CheckTranslation},
    {{"R-GEN-01", "E", "UNTOC 18(24)", "the deadline is no date"}, CheckDeadlineDate},
    {{"R-CLK-DEADLINE", "W", "UNTOC 18(24)", "a deadline has no reason, or has passed"},
     CheckDeadline},
};

}  // namespace

void CheckMoney(const v1::Money& money, const std::string& at, Report& report) {
  if (money.ccy().empty() || IsCurrency(money.ccy())) return;
  report.Say("R-GEN-01.currency", at + ".ccy");
}

std::span<const Rule> RequestRules() { return kRequestRules; }

}  // namespace palermo::casework
