// A case as both states see it, as JSON. Pure.
#ifndef PALERMO_NODE_DESK_CASE_JSON_H_
#define PALERMO_NODE_DESK_CASE_JSON_H_

#include <string>

#include "node/desk/casebook.h"

namespace palermo::desk {

// What every desk shows alike that has seen the same acts, of whichever state and in whichever
// order they came: byte for byte. Nothing that only one node knows is in it: no time of a ledger,
// no retrieval, no side.
std::string HistoryJson(const CaseView& view);
// SHA-256 of HistoryJson in hex: what two officers compare.
std::string HistoryHash(const CaseView& view);

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_CASE_JSON_H_
