// What names the same thing: by the marks of messages, in all the ways in which they are said.
#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "node/casebook/casebook.h"
#include "node/casework/intelligence/correlation.h"

namespace palermo::casebook {
namespace {

constexpr size_t kMaxMatchesOfAMark = 50;  // that are shown

std::string Repeated(std::string_view part, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

std::string RouteOf(const std::string& record) { return record.substr(0, record.rfind('/')); }

// Another record, of another case.
bool IsAnother(const Item& a, const Item& b) {
  if (a.header.case_id() == b.header.case_id()) return false;
  return a.content.record.empty() || a.content.originator != b.content.originator ||
         RouteOf(a.content.record) != RouteOf(b.content.record);
}

}  // namespace

absl::StatusOr<Found> Casebook::Named(std::string_view mark, const Access& access, size_t limit) {
  const int64_t cap = limits::kMaxPostingsPerIdentifier;
  const std::vector<std::string> marks = casework::MarksToLookUp(std::string(mark));
  const std::string named =
      Cat({"FROM mark WHERE mark IN (?", Repeated(", ?", marks.size() - 1), ")"});
  const int last = static_cast<int>(marks.size()) + 1;
  const auto bind = [&](Statement& statement, int64_t most) {
    for (int i = 1; i < last; ++i) statement.Bind(i, marks[static_cast<size_t>(i) - 1]);
    statement.Bind(last, most);
  };
  PALERMO_ASSIGN_OR_RETURN(
      Statement count,
      database_.Prepare(Cat({"SELECT count(*) FROM (SELECT 1 ", named, " LIMIT ?)"})));
  bind(count, cap + 1);
  PALERMO_RETURN_IF_ERROR(count.Step().status());
  // Of one mark the index has them in this order.
  const char* order = marks.size() == 1 ? " ORDER BY at_ms DESC, n DESC LIMIT ?"
                                        : " GROUP BY n ORDER BY max(at_ms) DESC, n DESC LIMIT ?";
  PALERMO_ASSIGN_OR_RETURN(Statement find, database_.Prepare(Cat({"SELECT n ", named, order})));
  // What he may not see takes no place of what he may.
  bind(find, static_cast<int64_t>(limits::kMaxCasebookCandidates + 1));
  PALERMO_ASSIGN_OR_RETURN(Found found,
                           Sift(std::move(find), access, limit, casework::Way::kSearch));
  // Nobody hears of a mark that only records name which he may not see.
  found.everywhere = count.Number(0) > cap && !found.items.empty();
  return found;
}

absl::StatusOr<std::vector<Match>> Casebook::Matches(const Item& item, const Access& access) {
  std::vector<Match> matches;
  for (const std::string& mark : ContentOf(item.header, item.body).marks) {
    PALERMO_ASSIGN_OR_RETURN(Found found, Named(mark, access, kMaxMatchesOfAMark));
    std::erase_if(found.items, [&](const Item& other) { return !IsAnother(item, other); });
    if (!found.items.empty()) matches.push_back({mark, std::move(found)});
  }
  return matches;
}

}  // namespace palermo::casebook
