#include "node/desk/case_json.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/hash.h"
#include "node/desk/json_value.h"

namespace palermo::desk {
namespace {

Json Ids(const std::vector<Hash>& ids) {
  Json list = Json::List();
  for (const Hash& id : ids) list.Push(HexEncode(AsView(id)));
  return list;
}

Json HistoryAct(const CaseAct& act) {
  Json one = Json::Object();
  one.Add("id", HexEncode(AsView(act.id))).Add("sender", act.header.sender());
  one.Add("act", casework::ActName(act.header.act()));
  one.Add("created", FormatInstant(FromMillis(act.header.created_at_ms())));
  Json parents = Json::List();
  for (const auto& parent : act.header.parents()) parents.Push(HexEncode(parent));
  one.Add("parents", std::move(parents)).Add("held", !act.in_history);
  one.Add("state_after", act.in_history ? casework::Describe(act.after) : "");
  return one.Add("conflict", act.conflict).Add("why", act.why);
}

}  // namespace

std::string HistoryJson(const CaseView& view) {
  Json json = Json::Object();
  json.Add("case", HexEncode(view.case_id)).Add("family", casework::FamilyName(view.family));
  json.Add("requesting", view.requesting).Add("requested", view.requested);
  json.Add("state", casework::Describe(view.history.final));
  Json acts = Json::List();
  for (const CaseAct& act : view.acts) acts.Push(HistoryAct(act));
  json.Add("acts", std::move(acts)).Add("missing", Ids(view.history.missing));
  return json.Pretty();
}

std::string HistoryHash(const CaseView& view) {
  return HexEncode(AsView(crypto::Sha256(HistoryJson(view))));
}

}  // namespace palermo::desk
