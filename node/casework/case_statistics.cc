#include "node/casework/case_statistics.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/bytes.h"
#include "node/casework/operation/rules.h"
#include "node/casework/request_basis.h"
#include "node/casework/treaty.h"

namespace palermo::casework {
namespace {

using v1::ItemOutcome;

constexpr char kAsked[] = "asked";
constexpr char kRefused[] = "refused";
bool IsGround(const std::string& figure) { return figure.rfind("refused ", 0) == 0; }

// What became of an item, in one word. Each item has one.
const char* FigureOf(const ItemStand& stand) {
  if (stand.withdrawn) return "withdrawn";
  if (stand.refused) return "refused";
  if (stand.IsOpen()) return "pending";
  switch (stand.outcome) {
    case ItemOutcome::EXECUTED_FULL:
    case ItemOutcome::SERVED:
      return "executed";
    case ItemOutcome::EXECUTED_PARTIAL:
      return "executed_in_part";
    case ItemOutcome::EXECUTED_NEGATIVE:
      return "without_result";
    case ItemOutcome::REFUSED:
      return "refused";
    case ItemOutcome::CANCELLED_NO_LONGER_REQUIRED:
    case ItemOutcome::SUPERSEDED:
      return "withdrawn";
    default:
      return "not_possible";
  }
}

using CellKey = std::tuple<std::string, std::string, std::string, std::string>;
using CellMap = std::map<CellKey, uint64_t>;

void AddCell(const std::string& side, const std::string& area, const std::string& type,
             const std::string& figure, CellMap& cells) {
  ++cells[{side, "", "", figure}];
  ++cells[{side, area, "", figure}];
  ++cells[{side, area, type, figure}];
}

// The grounds on which items of the case were refused, each once.
std::map<uint32_t, std::set<std::string>> GroundsOf(const CountedCase& one,
                                                    const v1::Request& request) {
  std::map<uint32_t, std::set<std::string>> grounds;
  for (const OpenedAct& act : *one.acts) {
    if (act.body == nullptr || !act.body->has_refusal()) continue;
    const v1::Refusal& refusal = act.body->refusal();
    const std::string ground = v1::RefusalGround::Code_Name(refusal.ground());
    for (const v1::Item& item : request.items()) {
      const auto& named = refusal.items();
      const bool its =
          named.empty() || std::find(named.begin(), named.end(), item.n()) != named.end();
      if (its && !ground.empty()) grounds[item.n()].insert(ground);
    }
  }
  return grounds;
}

void CountCase(const CountedCase& one, CellMap& cells) {
  if (one.progress == nullptr || one.progress->request == nullptr) return;
  const v1::Request& request = *one.progress->request;
  const std::string side = one.sent ? "SENT" : "RECEIVED";
  const std::string named = AreaOf(request);
  const std::string area = named.empty() ? "NOT_STATED" : std::string(CanonicalArea(named));
  const auto grounds = GroundsOf(one, request);
  for (const v1::Item& item : request.items()) {
    const std::string type = v1::AssistanceType::Code_Name(item.type());
    const auto stand = one.progress->items.find(item.n());
    const std::string figure =
        stand == one.progress->items.end() ? "pending" : FigureOf(stand->second);
    AddCell(side, area, type, kAsked, cells);
    AddCell(side, area, type, figure, cells);
    const auto its = grounds.find(item.n());
    if (figure != "refused" || its == grounds.end()) continue;
    for (const std::string& ground : its->second) {
      AddCell(side, area, type, Cat({"refused ", ground}), cells);
    }
  }
}

bool IsFew(uint64_t value) { return value > 0 && value < kSmallestCell; }

// A part that is the difference of two numbers that are told is told, too: what is missing to
// `asked`, or of an area that has one kind alone, is in a cell of its own, so whole blocks do.
struct AreaBlock {
  bool small_asked = false, small_part = false, small_kind = false;
  // Items that were refused on no ground that is told, or on several: the difference may be small.
  bool grounds_differ = false;
};
using AreaBlocks = std::map<std::pair<std::string, std::string>, AreaBlock>;  // by side and area

AreaBlocks BlocksOf(const std::vector<AreaCell>& cells) {
  AreaBlocks blocks;
  std::map<std::tuple<std::string, std::string, std::string>, int64_t> refused;
  for (const AreaCell& cell : cells) {
    if (cell.area.empty()) continue;
    const auto value = static_cast<int64_t>(cell.value);
    if (cell.figure == kRefused) refused[{cell.side, cell.area, cell.type}] += value;
    if (IsGround(cell.figure)) refused[{cell.side, cell.area, cell.type}] -= value;
    AreaBlock& block = blocks[{cell.side, cell.area}];
    if (!IsFew(cell.value)) continue;
    if (!cell.type.empty()) {
      block.small_kind = true;
    } else if (cell.figure == kAsked) {
      block.small_asked = true;
    } else {
      block.small_part = true;
    }
  }
  for (const auto& [key, difference] : refused) {
    if (difference != 0) blocks[{std::get<0>(key), std::get<1>(key)}].grounds_differ = true;
  }
  return blocks;
}

}  // namespace

std::vector<AreaCell> CountByArea(const std::vector<CountedCase>& cases) {
  CellMap counted;
  for (const CountedCase& one : cases) CountCase(one, counted);
  std::vector<AreaCell> cells;
  for (const auto& [key, value] : counted) {
    const auto& [side, area, type, figure] = key;
    cells.push_back({side, area, type, figure, value, false});
  }
  return cells;
}

std::vector<AreaCell> PublishableByArea(std::vector<AreaCell> cells) {
  const AreaBlocks blocks = BlocksOf(cells);
  std::set<std::pair<std::string, std::string>> hidden;  // side and figure
  for (AreaCell& cell : cells) {
    if (cell.area.empty() || !cell.type.empty()) continue;
    const AreaBlock& block = blocks.at({cell.side, cell.area});
    cell.suppressed = block.small_asked || (block.small_part && cell.figure != kAsked) ||
                      (block.grounds_differ && IsGround(cell.figure));
    if (cell.suppressed) hidden.insert({cell.side, cell.figure});
  }
  // That an area has such a kind at all may tell of one case.
  std::erase_if(cells, [&](const AreaCell& cell) {
    if (cell.type.empty()) return false;
    const AreaBlock& block = blocks.at({cell.side, cell.area});
    return block.small_asked || block.small_part || block.small_kind ||
           (block.grounds_differ && IsGround(cell.figure));
  });
  for (AreaCell& cell : cells) {
    const bool whole = cell.area.empty();
    if (whole && (IsFew(cell.value) || hidden.contains({cell.side, cell.figure}))) {
      cell.suppressed = true;
    }
    if (cell.suppressed) cell.value = 0;
  }
  // How many figures are kept back is a figure too: five of five items are one each.
  std::erase_if(cells,
                [](const AreaCell& cell) { return cell.suppressed && cell.figure != kAsked; });
  return cells;
}

}  // namespace palermo::casework
