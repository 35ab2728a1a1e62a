// The fields of a report that is to be sent: words, codes, label, numbers. What an extract in a
// case leaves out or spells otherwise is no error there; a report that leaves here is read by
// programs.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/state_code.h"
#include "node/casework/field_words.h"
#include "node/casework/identifier_rules.h"
#include "node/casework/identifiers.h"
#include "node/casework/intelligence/correlation.h"
#include "node/casework/intelligence/evaluation.h"
#include "node/casework/intelligence/report_rules.h"
#include "node/casework/intelligence/sightings.h"
#include "node/casework/text.h"

namespace palermo::casework {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string MemberUnder(const std::string& at, std::string_view member) {
  return Cat({at, ".", member});
}

// --- Words with a list

// Of the body's other rules, or of none: a danger is never refused for its word.
bool IsJudgedElsewhere(std::string_view message, std::string_view field) {
  return OneOf(Cat({message, ".", field}),
               {"RouteLeg.document_method", "RouteLeg.concealment", "Carrier.kind", "Price.method",
                "Identifier.of", "RouteReport.risk_to_life", "RouteLeg.risk_to_life"});
}

void CheckOneWord(const FieldDescriptor& field, const std::string& said, const std::string& at,
                  Report& report) {
  const std::string& message = field.containing_type()->name();
  if (FindWords(message, field.name()) == nullptr || IsJudgedElsewhere(message, field.name())) {
    return;
  }
  // R-INT-01 tells what is called evidence; schemes are read in small letters too.
  if (field.name() == "evidence_status" && said == "EVIDENCE") return;
  const std::string word = field.name() == "scheme" ? absl::AsciiStrToUpper(said) : said;
  if (!IsWordOf(message, field.name(), word)) SayWord(message, field.name(), at, report);
}

void CheckAllWords(const Message& message, const std::string& at, Report& report) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool many = field->is_repeated();
    const int count = many ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const std::string member = MemberUnder(at, field->name());
      const std::string here = many ? At(member, i) : member;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CheckAllWords(many ? reflection.GetRepeatedMessage(message, field, i)
                           : reflection.GetMessage(message, field),
                      here, report);
      } else if (field->type() == FieldDescriptor::TYPE_STRING) {
        CheckOneWord(*field,
                     many ? reflection.GetRepeatedString(message, field, i)
                          : reflection.GetString(message, field),
                     here, report);
      }
    }
  }
}

// --- Label

template <typename List>
void CheckStates(const List& states, const std::string& at, Report& report) {
  for (int i = 0; i < states.size(); ++i) {
    if (!IsStateCode(states[i])) report.Say("R-GEN-01.state_code", At(at, i));
  }
}

void CheckLabelDates(const v1::Label& label, const std::string& now, const std::string& at,
                     Report& report) {
  for (const auto& [date, field] :
       {std::pair{&label.delete_by(), "delete_by"}, std::pair{&label.review_at(), "review_at"}}) {
    if (!date->empty() && !ParseInstant(*date).ok())
      report.Say("R-GEN-01.date", MemberUnder(at, field));
  }
  const auto moment = ParseInstant(now), end = ParseEnd(label.delete_by());
  if (moment.ok() && end.ok() && *end <= *moment) {
    report.Say("R-GEN-01.delete_by", MemberUnder(at, "delete_by"));
  }
}

void CheckLabelParts(const v1::Label& label, const std::string& originator, const std::string& now,
                     const std::string& at, Report& report) {
  if (!originator.empty() && originator != label.originator()) {
    report.Say("R-GEN-01.originator", MemberUnder(at, "originator"));
  }
  CheckStates(label.release_states(), MemberUnder(at, "release_states"), report);
  CheckStates(label.withheld_states(), MemberUnder(at, "withheld_states"), report);
  CheckStates(label.derived_from(), MemberUnder(at, "derived_from"), report);
  for (int i = 0; i < label.recipients_size(); ++i) {
    if (!IsOfficerId(label.recipients(i))) {
      report.Say("R-GEN-01.officer_id", At(MemberUnder(at, "recipients"), i));
    }
  }
  if (label.tlp() == v1::Tlp::RED && label.recipients().empty()) {
    report.Say("R-GEN-01.red", MemberUnder(at, "recipients"));
  }
  const bool h3 = std::find(label.handling().begin(), label.handling().end(), v1::Handling::H3) !=
                  label.handling().end();
  if (h3 && IsBlank(label.other_restrictions())) {
    report.Say("R-GEN-01.h3", MemberUnder(at, "other_restrictions"));
  }
  CheckLabelDates(label, now, at, report);
}

// --- Marks, places, numbers

void CheckMark(const v1::Identifier& id, const std::string& at, Report& report) {
  if (!id.country().empty() && !IsStateCode(id.country())) {
    report.Say("R-GEN-01.state_code", MemberUnder(at, "country"));
  }
  const std::string scheme = absl::AsciiStrToUpper(id.scheme());
  if (scheme.empty()) {
    SayWord("Identifier", "scheme", MemberUnder(at, "scheme"), report);
    return;
  }
  // Another rule has told it already.
  if (!IdentifierProblem(absl::AsciiStrToLower(scheme), id.value()).empty()) return;
  const bool mail = scheme == "EMAIL" && id.value().find('@') == std::string::npos;
  if (mail || NormalForm(scheme, id.value(), id.country()).empty()) {
    report.Say("R-GEN-01.mark", MemberUnder(at, "value"));
  }
}

void CheckCountry(const v1::Place& place, const std::string& at, Report& report) {
  if (!place.country().empty() && !IsStateCode(place.country())) {
    report.Say("R-GEN-01.state_code", MemberUnder(at, "country"));
  }
}

void CheckLeg(const v1::RouteLeg& leg, const std::string& at, Report& report) {
  CheckCountry(leg.from(), MemberUnder(at, "from"), report);
  CheckCountry(leg.to(), MemberUnder(at, "to"), report);
  CheckCountry(leg.border_crossing().point(), MemberUnder(at, "border_crossing.point"), report);
  const v1::Price& price = leg.price();
  if (price.minor() < 0 || (price.minor() > 0 && price.ccy().empty())) {
    report.Say("R-GEN-01.amount", MemberUnder(at, "price"));
  }
  if (!price.ccy().empty() && !IsCurrency(price.ccy())) {
    report.Say("R-GEN-01.currency", MemberUnder(at, "price.ccy"));
  }
  const double least = leg.duration_h_min(), most = leg.duration_h_max();
  if (!(least >= 0) || !(most >= 0) || (most > 0 && least > most)) {
    report.Say("R-GEN-01.duration", MemberUnder(at, "duration_h_min"));
  }
  const auto& marks = leg.conveyance().identifiers();
  for (int i = 0; i < marks.size(); ++i) {
    CheckMark(marks[i], At(MemberUnder(at, "conveyance.identifiers"), i), report);
  }
  if (!leg.carrier().lei().empty() && !IsLei(leg.carrier().lei())) {
    report.Say("R-ID-LEI.check", MemberUnder(at, "carrier.lei"));
  }
}

void CheckId(const std::string& id, const std::string& at, Report& report) {
  bool good = !id.empty() && id.size() <= limits::kMaxReportIdBytes;
  for (const char c : id) {
    good = good && ((c & 0x80) != 0 || absl::ascii_isgraph(static_cast<unsigned char>(c)));
  }
  if (good && id.find(':') == std::string::npos) return;
  report.Say("R-GEN-01.report_id", at,
             {{"most", absl::StrFormat("%u", limits::kMaxReportIdBytes)}});
}

void CheckGradingDate(const v1::Evaluation& evaluation, const std::string& at, Report& report) {
  if (!evaluation.at().empty() && !ReadSighting(evaluation.at())) {
    report.Say("R-GEN-01.sighting", MemberUnder(at, "at"));
  }
}

void CheckSources(const v1::RouteReport& route, Report& report) {
  for (int i = 0; i < route.sources_size(); ++i) {
    const v1::ReportSource& source = route.sources(i);
    const std::string at = At("route_report.sources", i);
    std::vector<Finding> found;
    if (source.has_evaluation())
      CheckCode(source.evaluation(), MemberUnder(at, "evaluation"), found);
    for (const Finding& f : found) report.Say(f.key, f.field);
    CheckGradingDate(source.evaluation(), MemberUnder(at, "evaluation"), report);
    if (!source.collected_at().empty() && !ReadSighting(source.collected_at())) {
      report.Say("R-GEN-01.sighting", MemberUnder(at, "collected_at"));
    }
  }
}

}  // namespace

void CheckRouteWords(const RuleInput& in, Report& report) {
  if (!in.body.has_route_report()) return;
  const v1::RouteReport& route = in.body.route_report();
  if (route.kind().empty()) SayWord("RouteReport", "kind", "route_report.kind", report);
  CheckAllWords(route, "route_report", report);
}

void CheckRouteLabel(const RuleInput& in, Report& report) {
  if (!in.body.has_route_report()) return;
  const v1::RouteReport& route = in.body.route_report();
  CheckLabelParts(route.label(), route.originator(), NowText(in.context), "route_report.label",
                  report);
}

void CheckRouteFields(const RuleInput& in, Report& report) {
  if (!in.body.has_route_report()) return;
  const v1::RouteReport& route = in.body.route_report();
  CheckId(route.route_id(), "route_report.route_id", report);
  CheckGradingDate(route.evaluation(), "route_report.evaluation", report);
  CheckSources(route, report);
  std::set<uint32_t> numbers;
  for (int i = 0; i < route.legs_size(); ++i) {
    const std::string at = At("route_report.legs", i);
    CheckLeg(route.legs(i), at, report);
    const uint32_t seq = route.legs(i).seq();
    if (seq > 0 && !numbers.insert(seq).second)
      report.Say("R-GEN-01.leg_twice", MemberUnder(at, "seq"));
  }
  for (int i = 0; i < route.identifiers_size(); ++i) {
    CheckMark(route.identifiers(i), At("route_report.identifiers", i), report);
  }
  const auto& selectors = route.network().comms_selectors();
  for (int i = 0; i < selectors.size(); ++i) {
    CheckMark(selectors[i], At("route_report.network.comms_selectors", i), report);
  }
}

void CheckMethodFields(const RuleInput& in, Report& report) {
  if (!in.body.has_document_method_report()) return;
  const v1::DocumentMethodReport& method = in.body.document_method_report();
  const std::string top = "document_method_report";
  CheckId(method.report_id(), MemberUnder(top, "report_id"), report);
  CheckAllWords(method, top, report);
  CheckLabelParts(method.label(), method.originator(), NowText(in.context),
                  MemberUnder(top, "label"), report);
  CheckGradingDate(method.evaluation(), MemberUnder(top, "evaluation"), report);
  // ICAO 9303: three letters of ISO 3166-1, and one old code of one letter.
  const std::string& issuer = method.issuer();
  bool code = issuer.empty() || issuer.size() == 3 || issuer.size() == 1;
  for (const char c : issuer) code = code && absl::ascii_isupper(static_cast<unsigned char>(c));
  if (!code) report.Say("R-GEN-01.issuer", MemberUnder(top, "issuer"));
  for (const auto& [text, field] : {std::pair{&method.period().first_seen(), "period.first_seen"},
                                    std::pair{&method.period().last_seen(), "period.last_seen"}}) {
    if (!text->empty() && !ReadSighting(*text))
      report.Say("R-GEN-01.sighting", MemberUnder(top, field));
  }
  const auto first = ReadSighting(method.period().first_seen());
  const auto last = ReadSighting(method.period().last_seen());
  if (first && last && first->begin > last->end) {
    report.Say("R-GEN-01.period", MemberUnder(top, "period"));
  }
  for (int i = 0; i < method.stolen_blanks_size(); ++i) {
    CheckMark(method.stolen_blanks(i), At(MemberUnder(top, "stolen_blanks"), i), report);
  }
}

}  // namespace palermo::casework
