// Which records name the same thing: an index of postings over the normal forms of identifiers.
// Linear in the data: no pair is ever stored, and what stands everywhere has a cap.
// docs/formats/intelligence.md. Pure. Not thread-safe; constant calls may run at the same time.
#ifndef PALERMO_NODE_CASEWORK_INTELLIGENCE_CORRELATION_H_
#define PALERMO_NODE_CASEWORK_INTELLIGENCE_CORRELATION_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "palermo/v1/intelligence.pb.h"

namespace palermo::casework {

// A scheme of docs/formats/intelligence.md, in capitals; whether its values are of a country each.
bool IsMarkScheme(std::string_view scheme);
bool NeedsCountry(std::string_view scheme);
// "IMO:9074729", "PLATE:QM:AB123"; "" for a value that identifies nothing (empty, a wrong form).
std::string NormalForm(std::string_view scheme, std::string_view value, std::string_view country);
// "PLACE_TIME:QPLAG:2026-02-27"; "" without a LOCODE or a whole day.
std::string PlaceTimeForm(std::string_view unlocode, std::string_view time);
// What an index keeps of a record's marks, and what it is asked for one mark, so that pairs meet
// that are the same thing said in two ways: a plate with its country and without, an IBAN and the
// number of its account alone. Two plates of two countries do not meet, nor two IBANs.
std::vector<std::string> MarksToIndex(std::span<const std::string> marks);
std::vector<std::string> MarksToLookUp(const std::string& mark);
// Every mark of a report once, sorted.
std::vector<std::string> MarksOf(const v1::RouteReport& report);
std::vector<std::string> MarksOf(const v1::DocumentMethodReport& report);

class CorrelationIndex {
 public:
  CorrelationIndex();
  CorrelationIndex(const CorrelationIndex&) = delete;
  CorrelationIndex& operator=(const CorrelationIndex&) = delete;

  // False, and nothing is taken, when the record is there already or the index is full.
  bool Add(std::string_view record, std::span<const std::string> marks);

  // Asked for each record before it is told: the policy function with Way::kSearch.
  using MaySee = std::function<bool(std::string_view record)>;
  struct Hit {
    std::string mark;
    std::vector<std::string> records;  // that may be seen, oldest first
    bool everywhere = false;  // it stands in more records than the cap; some are not listed
  };
  Hit Find(std::string_view mark, const MaySee& may_see) const;
  // Marks that another record names as well; `record` itself left out.
  std::vector<Hit> Matches(std::string_view record, std::span<const std::string> marks,
                           const MaySee& may_see) const;

  size_t marks() const { return entries_.size(); }
  size_t records() const { return records_.size(); }
  // What it holds in memory, spare room included.
  size_t MemoryBytes() const;

 private:
  struct Text {
    uint64_t offset = 0;
    uint32_t length = 0;
  };
  struct Entry {
    Text text;
    uint32_t first = 0, last = 0;  // postings
    uint32_t count = 0;
  };
  struct Posting {
    uint32_t record = 0, next = 0;
  };
  std::string_view View(const Text& text) const {
    return std::string_view(arena_).substr(text.offset, text.length);
  }
  Text Keep(std::string_view text);

  struct HashOf {
    using is_transparent = void;
    const CorrelationIndex* index;
    const std::vector<Text>* names;  // null: of entries_
    size_t operator()(std::string_view text) const;
    size_t operator()(uint32_t at) const { return (*this)(index->At(names, at)); }
  };
  struct Same {
    using is_transparent = void;
    const CorrelationIndex* index;
    const std::vector<Text>* names;
    bool operator()(uint32_t a, uint32_t b) const { return a == b; }
    bool operator()(uint32_t a, std::string_view b) const { return index->At(names, a) == b; }
    bool operator()(std::string_view a, uint32_t b) const { return (*this)(b, a); }
  };
  std::string_view At(const std::vector<Text>* names, uint32_t at) const {
    return View(names == nullptr ? entries_[at].text : (*names)[at]);
  }
  using Set = absl::flat_hash_set<uint32_t, HashOf, Same>;

  std::string arena_;
  std::vector<Text> records_;
  std::vector<Entry> entries_;
  std::vector<Posting> postings_;  // 0 is nobody
  Set known_, by_mark_;
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_INTELLIGENCE_CORRELATION_H_
