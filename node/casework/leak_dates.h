// Dates of sealed identities that a text writes with the month's name. Inside the room. Pure;
// thread-safe.
#ifndef PALERMO_NODE_CASEWORK_LEAK_DATES_H_
#define PALERMO_NODE_CASEWORK_LEAK_DATES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "node/casework/leak_fold.h"

namespace palermo::casework {

class DateIndex {
 public:
  struct Hit {
    size_t first = 0, last = 0;  // words of the text
    uint32_t token = 0;
  };

  void Add(uint32_t token, int year, int month, int day);
  // A date that has this word, a number, as its first number: "11th of March 1961", "March 11,
  // 1961", "1961 March 11", "11-MAR-61". A short name of a month that is a word of some language,
  // too ("may", "out", "set") needs four digits of the year, a capital letter, or a sign between
  // ("11.may.61").
  std::optional<Hit> Match(std::string_view source, const FoldedText& text, size_t word) const;

 private:
  // The words of `text` that are the year, the month's name and the day.
  struct Places {
    size_t year = 0, month = 0, day = 0;
  };
  std::optional<uint32_t> Find(std::string_view source, const FoldedText& text, unsigned months,
                               const Places& at) const;

  absl::flat_hash_map<uint32_t, uint32_t> tokens_;  // year, month and day; also with two digits
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_LEAK_DATES_H_
