#include "node/casework/cases/directory.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/clock.h"
#include "base/status.h"
#include "node/casework/import.h"

namespace palermo::casework {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

absl::Status BadCase(std::string_view why) {
  return InputError("BAD_CASE", absl::StrFormat("the case or its directory: %s", why));
}

StateProfile ProfileIn(const Struct& state) {
  StateProfile profile;
  profile.death_penalty = TextOf(state, "death_penalty");
  profile.oral_agreed_with = TextsOf(state, "oral_agreed_with");
  profile.dual_criminality = TextOf(state, "dual_criminality");
  const Value* network = Member(state, "network_24_7");
  profile.network_24_7 = network != nullptr && network->bool_value();
  if (const Struct* sea = ObjectOf(state, "sea")) {
    const Value* deemed = Member(*sea, "sua_8bis_5d_deemed_4h");
    profile.sea_deemed_consent = deemed != nullptr && deemed->bool_value();
  }
  return profile;
}

// "ALL", "ALL except QZ,QU", ["QM"], "SIGNED by ALL, in force for none".
void AddParties(const std::string& instrument, const Value& who, absl::Time since,
                CaseDirectory& out) {
  const std::string& text = who.string_value();
  const bool is_signed = text.rfind("SIGNED", 0) == 0;
  std::vector<std::string> except;
  const size_t word = text.find("except ");
  if (word != std::string::npos) except = absl::StrSplit(text.substr(word + 7), ',');
  for (const auto& [state, profile] : out.states) {
    PartyStatus status;
    status.kind = is_signed ? StatusKind::kSigned : StatusKind::kParty;
    if (!is_signed) status.in_force = since;
    bool party = is_signed || text.rfind("ALL", 0) == 0;
    for (const Value& each : who.list_value().values()) party |= each.string_value() == state;
    party = party && std::find(except.begin(), except.end(), state) == except.end();
    if (party) out.treaties.SetParty(instrument, state, std::move(status));
  }
}

absl::Status AddEdge(const Struct& edge, absl::Time since, CaseDirectory& out) {
  const auto time = [&](const char* name, absl::Time otherwise) {
    const auto at = ParseInstant(TextOf(edge, name));
    return at.ok() ? *at : otherwise;
  };
  const auto pair = TextsOf(edge, "pair");
  if (pair.size() == 2) {
    const std::string kind = TextOf(edge, "kind");
    out.treaties.AddBilateral(pair[0], pair[1],
                              {TextOf(edge, "bilateral"), kind, time("in_force", since),
                               time("effective", absl::InfiniteFuture())});
    return absl::OkStatus();
  }
  const std::string state = TextOf(edge, "state"), instrument = TextOf(edge, "instrument");
  if (state.empty() || instrument.empty()) return BadCase("an edge names no state or instrument");
  PartyStatus status;
  status.kind = StatusKind::kParty;
  status.in_force = time("in_force", since);
  status.until = time("effective", absl::InfiniteFuture());
  out.treaties.SetParty(instrument, state, std::move(status));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<CaseDirectory> ReadDirectory(const Struct& json) {
  CaseDirectory out;
  const Struct* states = ObjectOf(json, "states");
  const Struct* party = ObjectOf(json, "party");
  if (states == nullptr || party == nullptr) return BadCase("states or party is missing");
  for (const auto& [code, state] : states->fields()) {
    out.states[code] = ProfileIn(state.struct_value());
    out.languages[code] = TextsOf(state.struct_value(), "lang");
  }
  const auto since = ParseInstant(TextOf(json, "default_in_force"));
  if (!since.ok()) return BadCase("default_in_force is no date");
  for (const auto& [instrument, who] : party->fields()) {
    InstrumentRule rule;
    if (instrument == "TIP" || instrument == "SOM" || instrument == "FAP") rule.parent = "UNTOC";
    out.treaties.SetRule(instrument, rule);
    AddParties(instrument, who, *since, out);
  }
  const Value* edges = Member(json, "edge");
  for (int i = 0; edges != nullptr && i < edges->list_value().values_size(); ++i) {
    PALERMO_RETURN_IF_ERROR(AddEdge(edges->list_value().values(i).struct_value(), *since, out));
  }
  return out;
}

namespace {

std::string Unescaped(std::string part) {
  for (const auto& [from, to] : {std::pair{"~1", "/"}, std::pair{"~0", "~"}}) {
    for (size_t at = part.find(from); at != std::string::npos; at = part.find(from, at + 1)) {
      part.replace(at, 2, to);
    }
  }
  return part;
}

Value* Step(Value& at, const std::string& part) {
  if (at.has_struct_value()) {
    auto& fields = *at.mutable_struct_value()->mutable_fields();
    const auto found = fields.find(part);
    return found == fields.end() ? nullptr : &found->second;
  }
  int index = 0;
  if (!at.has_list_value() || !absl::SimpleAtoi(part, &index) || index < 0 ||
      index >= at.list_value().values_size()) {
    return nullptr;
  }
  return at.mutable_list_value()->mutable_values(index);
}

absl::Status InObject(Struct& object, const std::string& op, const std::string& name,
                      const Value* value) {
  auto& fields = *object.mutable_fields();
  if (op != "add" && fields.count(name) == 0) return BadCase("a patch's path does not exist");
  if (op == "remove") {
    fields.erase(name);
  } else {
    fields[name] = *value;
  }
  return absl::OkStatus();
}

absl::Status InList(ListValue& list, const std::string& op, const std::string& part,
                    const Value* value) {
  int index = list.values_size();
  if (part != "-" && (!absl::SimpleAtoi(part, &index) || index < 0)) {
    return BadCase("a patch's index is no number");
  }
  const bool add = op == "add";
  if (index > list.values_size() || (!add && index == list.values_size())) {
    return BadCase("a patch's index is outside the list");
  }
  if (op == "remove") {
    list.mutable_values()->erase(list.mutable_values()->begin() + index);
  } else if (add) {
    *list.add_values() = *value;
    for (int i = list.values_size() - 1; i > index; --i) {
      list.mutable_values()->SwapElements(i, i - 1);
    }
  } else {
    *list.mutable_values(index) = *value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ApplyPatch(const ListValue& patch, Value& target) {
  for (const Value& each : patch.values()) {
    const Struct& step = each.struct_value();
    const std::string op = TextOf(step, "op"), path = TextOf(step, "path");
    const Value* value = Member(step, "value");
    if (op != "add" && op != "replace" && op != "remove") return BadCase("a patch's op is unknown");
    if (path.empty() || path[0] != '/') return BadCase("a patch's path is missing");
    if (op != "remove" && value == nullptr) return BadCase("a patch's value is missing");
    std::vector<std::string> parts = absl::StrSplit(path.substr(1), '/');
    for (std::string& part : parts) part = Unescaped(std::move(part));
    Value* at = &target;
    for (size_t i = 0; i + 1 < parts.size(); ++i) {
      at = Step(*at, parts[i]);
      if (at == nullptr) return BadCase("a patch's path does not exist");
    }
    if (at->has_struct_value()) {
      PALERMO_RETURN_IF_ERROR(InObject(*at->mutable_struct_value(), op, parts.back(), value));
    } else if (at->has_list_value()) {
      PALERMO_RETURN_IF_ERROR(InList(*at->mutable_list_value(), op, parts.back(), value));
    } else {
      return BadCase("a patch's path does not exist");
    }
  }
  return absl::OkStatus();
}

}  // namespace palermo::casework
