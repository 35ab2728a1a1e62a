// What an update of the casebook tells: lives in danger first.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/bytes.h"
#include "node/casework/text.h"
#include "node/cli/casebook_support.h"
#include "node/cli/output.h"

namespace palermo::cli {
namespace {

std::string WhereText(const v1::Place& place) {
  std::string text = place.unlocode();
  for (const std::string& part : {place.name(), place.country()}) {
    if (!part.empty()) text += Cat({text.empty() ? "" : " ", part});
  }
  if (place.has_geo()) {
    text += absl::StrFormat("%s%.5f %.5f", text.empty() ? "" : " ", place.geo().lat(),
                            place.geo().lon());
  }
  return text;
}

std::string CraftText(const v1::Conveyance& conveyance) {
  std::string text =
      Cat({conveyance.type(), conveyance.name().empty() ? "" : " ", conveyance.name()});
  for (const v1::Identifier& id : conveyance.identifiers()) {
    text += Cat({text.empty() ? "" : " ", id.scheme(), ":", id.value()});
  }
  return text;
}

// One line each, and only what the alert says. Its sender wrote it.
std::string DangerLines(const v1::RescueAlert& alert) {
  std::string persons;
  if (alert.persons_max() > 0 || alert.persons_min() > 0) {
    persons = absl::StrFormat("%d to %d", alert.persons_min(),
                              std::max(alert.persons_min(), alert.persons_max()));
  }
  if (alert.children()) persons += persons.empty() ? "children" : ", children among them";
  std::string text;
  const std::pair<const char*, std::string> lines[] = {
      {"danger", absl::StrJoin(alert.risk_to_life(), ", ")},
      {"where", WhereText(alert.last_place())},
      {"seen", alert.last_seen()},
      {"craft", CraftText(alert.conveyance())},
      {"persons", persons},
      {"note", alert.note()},
      {"report", alert.report_id()}};
  for (const auto& [name, value] : lines) {
    if (!value.empty()) text += absl::StrFormat("  %-8s %s\n", name, casework::OneLine(value));
  }
  return text;
}

std::string RescueText(const Updated::Rescue& rescue) {
  return Cat({"LIFE IS IN DANGER: a rescue alert of ", rescue.from, ", ", TimeText(rescue.at_ms),
              ".\n", DangerLines(rescue.alert),
              "  Tell search and rescue by telephone now, then acknowledge it. All of it:\n"
              "  palermo case open ",
              IdText(rescue.message_id), "\n"});
}

}  // namespace

std::string UpdatedText(const Updated& done) {
  std::string text;
  for (const Updated::Rescue& rescue : done.rescues) text += RescueText(rescue);
  for (const auto& [id, sender] : done.unopened_emergencies) {
    text += Cat({"LIFE IS IN DANGER: nobody has opened an emergency of ", sender,
                 " yet. Open it now:\n  palermo case open ", IdText(id), "\n"});
  }
  for (const Updated::Alert& alert : done.alerts) {
    text += Cat({alert.record, ": ", DangerText(alert.danger),
                 "\n  Tell search and rescue by telephone now, then send the alert:\n"
                 "  palermo route alert ",
                 alert.record, " --to AUTHORITY\n"});
  }
  for (const Asked& asked : done.asked) text += AskedText(asked);
  for (const std::string& answer : done.answers) text += Cat({answer, "\n"});
  if (done.asked_before > 0) {
    text += absl::StrFormat("Asked before and not answered: %d. See: palermo casebook pending\n",
                            done.asked_before);
  }
  text += absl::StrFormat("New in the casebook: %d. Looked at again for receipts: %d.\n",
                          done.taken, done.refreshed);
  if (done.unopened > 0) {
    text += absl::StrFormat(
        "Nobody has opened %d yet: palermo case inbox, or palermo casebook update --open\n",
        done.unopened);
  }
  if (done.kept_closed > 0) {
    text += absl::StrFormat(
        "Not opened, because their labels do not let you: %d. They stay in the inbox for whom they "
        "name; why: palermo case open MESSAGE\n",
        done.kept_closed);
  }
  if (done.unreadable > 0) {
    text +=
        absl::StrFormat("Could not be read: %d. See: palermo case inbox --all\n", done.unreadable);
  }
  return text;
}

desk::Json UpdatedJson(const Updated& done) {
  desk::Json json = desk::Json::Object(), alerts = desk::Json::List();
  desk::Json rescues = desk::Json::List(), emergencies = desk::Json::List();
  for (const Updated::Rescue& rescue : done.rescues) {
    desk::Json one = desk::Json::Object();
    one.Add("message", IdText(rescue.message_id)).Add("from", rescue.from);
    one.Add("at", TimeJson(rescue.at_ms)).Add("record", rescue.alert.report_id());
    rescues.Push(std::move(one.Add("note", rescue.alert.note())));
  }
  for (const auto& [id, sender] : done.unopened_emergencies) {
    desk::Json one = desk::Json::Object();
    emergencies.Push(std::move(one.Add("message", IdText(id)).Add("from", sender)));
  }
  for (const Updated::Alert& alert : done.alerts) alerts.Push(alert.record);
  desk::Json asked = desk::Json::List(), answers = desk::Json::List();
  for (const Asked& one : done.asked) asked.Push(AskedJson(one));
  for (const std::string& answer : done.answers) answers.Push(answer);
  json.Add("asked", std::move(asked)).Add("answers", std::move(answers));
  json.AddNumber("asked_before", static_cast<int64_t>(done.asked_before));
  json.Add("rescue_alerts", std::move(rescues)).Add("unopened_emergencies", std::move(emergencies));
  json.AddNumber("taken", static_cast<int64_t>(done.taken));
  json.AddNumber("refreshed", static_cast<int64_t>(done.refreshed));
  json.AddNumber("unopened", static_cast<int64_t>(done.unopened));
  json.AddNumber("not_released", static_cast<int64_t>(done.kept_closed));
  json.AddNumber("unreadable", static_cast<int64_t>(done.unreadable));
  return std::move(json.Add("alerts", std::move(alerts)));
}

}  // namespace palermo::cli
