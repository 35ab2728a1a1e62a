// Names across scripts by their consonants: where one script leaves vowels out, or holds them in
// its consonants, a name is spelled otherwise than in another. Inside the room. Pure; thread-safe.
#ifndef PALERMO_NODE_CASEWORK_LEAK_SKELETON_H_
#define PALERMO_NODE_CASEWORK_LEAK_SKELETON_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "node/casework/leak_fold.h"

namespace palermo::casework {

// The parts of sealed names, by their consonants.
class SkeletonIndex {
 public:
  // The words of a name.
  void Add(uint32_t token, const FoldedText& folded);
  // Does a name begin at this word that another script spells so? Two parts of one name side by
  // side; or one part alone that says enough.
  bool Match(const FoldedText& text, size_t word, uint32_t* token) const;
  bool empty() const { return known_.empty(); }
  size_t size() const { return known_.size(); }

 private:
  struct Part {
    uint32_t token = 0;
    uint32_t word = 0;  // of the name
  };
  static constexpr size_t kMaxLists = 16;
  // What a word of a text may be.
  struct Hits {
    std::array<const std::vector<Part>*, kMaxLists> lists = {};
    std::array<size_t, kMaxLists> sizes = {};  // consonants
    std::array<size_t, kMaxLists> least = {};  // ... that each of two parts must have
    size_t count = 0;
  };

  void AddKey(char reader, std::string_view skeleton, Part part);
  void Look(char reader, std::string_view skeleton, Hits& hits) const;
  static bool Meet(const std::vector<Part>& some, const std::vector<Part>& others, uint32_t* token);
  Hits HitsOf(const FoldedText& text, size_t word) const;

  // By one letter for the scripts that meet, and the consonants.
  absl::flat_hash_map<std::string, std::vector<Part>> known_;
  std::array<bool, 128> readers_ = {};
};

}  // namespace palermo::casework

#endif  // PALERMO_NODE_CASEWORK_LEAK_SKELETON_H_
