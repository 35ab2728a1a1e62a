#include "node/cli/kinds.h"

#include <algorithm>

#include "base/bytes.h"
#include "node/casework/needed.h"
#include "node/cli/output.h"
#include "palermo/v1/casebody.pb.h"

namespace palermo::cli {
namespace {

using v1::Family;

// What an item usually needs: "custodian or selectors; period_from".
std::string NeededText(v1::AssistanceType::Code type) {
  std::string text;
  for (const casework::Needed& row : casework::NeededMembers()) {
    if (row.type != type) continue;
    std::string members;
    for (char c : row.members) members += c == '|' ? std::string(" or ") : std::string(1, c);
    text += Cat({text.empty() ? "" : "; ", members});
  }
  return text.empty() ? "description" : text;
}

std::string Spoken(const std::string& code) {
  std::string text;
  for (char c : code) {
    text += c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

std::string SidesOf(v1::Act::Code act) {
  bool asks = casework::MaySend(casework::Side::kRequesting, act);
  bool answers = casework::MaySend(casework::Side::kRequested, act);
  return asks && answers ? "both" : asks ? "requesting" : "requested";
}

}  // namespace

std::string_view FamilyMeaning(Family::Code family) {
  switch (family) {
    case Family::MLA:
      return "evidence, service of documents, records, hearings (UNTOC 18)";
    case Family::CONFISCATION:
      return "trace, freeze, confiscate and return property (UNTOC 13, 14)";
    case Family::EXTRADITION:
      return "arrest and surrender of a person (UNTOC 16)";
    case Family::TRANSFER_SENTENCED:
      return "a sentenced person serves the rest at home (UNTOC 17)";
    case Family::TRANSFER_PROCEEDINGS:
      return "the other state takes over the prosecution (UNTOC 21)";
    case Family::JOINT_INVESTIGATION:
      return "a joint team or operation (UNTOC 19)";
    case Family::SPECIAL_TECHNIQUE:
      return "controlled delivery, surveillance, undercover (UNTOC 20)";
    case Family::PRESERVATION_24_7:
      return "keep data before they are gone, at any hour (Budapest 29, 30, 35)";
    case Family::SEA:
      return "confirm a flag, board and search a ship (SOM 8)";
    case Family::PROTOCOL_ADMIN:
      return "firearms, travel documents, nationality, permits (the Protocols)";
    case Family::LAW_ENFORCEMENT_INFO:
      return "information between police services (UNTOC 27)";
    case Family::SPONTANEOUS:
      return "information that nobody asked for (UNTOC 18(4))";
    case Family::FIU:
      return "between financial intelligence units";
    case Family::VICTIM:
      return "protection, assistance and return of victims (UNTOC 25, TIP 6 to 8)";
    case Family::HIT_QUERY:
      return "ask whether another state knows something, without saying what";
    default:
      return "";
  }
}

void ListKinds(Context& context) {
  std::vector<std::vector<std::string>> families, acts, types;
  desk::Json family_list = desk::Json::List(), act_list = family_list, type_list = family_list;
  for (int code = Family::Code_MIN + 1; code <= Family::Code_MAX; ++code) {
    if (!Family::Code_IsValid(code)) continue;
    std::string name = Family::Code_Name(static_cast<Family::Code>(code));
    std::string meaning(FamilyMeaning(static_cast<Family::Code>(code)));
    families.push_back({name, meaning});
    family_list.Push(std::move(desk::Json::Object().Add("family", name).Add("meaning", meaning)));
  }
  for (v1::Act::Code act : casework::AllActs()) {
    std::string name = casework::ActName(act);
    acts.push_back({name, SidesOf(act)});
    act_list.Push(std::move(desk::Json::Object().Add("act", name).Add("sent_by", SidesOf(act))));
  }
  for (int code = v1::AssistanceType::Code_MIN + 1; code <= v1::AssistanceType::Code_MAX; ++code) {
    if (!v1::AssistanceType::Code_IsValid(code)) continue;
    auto type = static_cast<v1::AssistanceType::Code>(code);
    std::string name = v1::AssistanceType::Code_Name(type);
    types.push_back({name, Spoken(name), NeededText(type)});
    desk::Json one = desk::Json::Object();
    one.Add("type", name).Add("meaning", Spoken(name)).Add("needs", NeededText(type));
    type_list.Push(std::move(one));
  }
  if (context.json) {
    desk::Json json = desk::Json::Object();
    json.Add("families", std::move(family_list)).Add("acts", std::move(act_list));
    context.out += json.Add("types", std::move(type_list)).Pretty();
    return;
  }
  context.out += Cat({"Families of requests\n", Table({"FAMILY", "WHAT FOR"}, families),
                      "\nActs, and which side sends them\n", Table({"ACT", "SENT BY"}, acts),
                      "\nKinds of assistance, for the items of a request\n",
                      Table({"TYPE", "IN WORDS", "AN ITEM USUALLY NEEDS"}, types),
                      "\nThe JSON of an act: palermo case new --act ACT\n"});
}

}  // namespace palermo::cli
