// Keys and values of the ledger's tree, as docs/formats/store.md fixes them.
#ifndef PALERMO_STORAGE_TREE_LAYOUT_H_
#define PALERMO_STORAGE_TREE_LAYOUT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "base/limits.h"

namespace palermo::storage {

inline constexpr uint64_t kTileWidth = limits::kTileWidth;
inline constexpr int kTileHeight = 8;
inline constexpr size_t kHashBytes = 32;
// Levels 0..7 hold every tree of less than 2^64 entries.
inline constexpr int kTileLevels = 8;
static_assert(kTileWidth == uint64_t{1} << kTileHeight);

// What the head record says.
struct TreeHead {
  uint64_t size = 0;
  Hash root{};
  friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

std::string HeadKey(std::string_view prefix);
std::string TileKey(std::string_view prefix, int level, uint64_t index);
std::string BundleKey(std::string_view prefix, uint64_t index);

std::string EncodeHead(const TreeHead& head);
// TREE_DAMAGED unless `value` has 40 bytes.
absl::StatusOr<TreeHead> DecodeHead(std::string_view value);

// Hash number `i` of a tile or entry number `i` of a bundle. REQUIRES: it has one.
Hash HashIn(std::string_view hashes, uint64_t i);
// The first `width` hashes of the stored value of a tile or bundle. TREE_DAMAGED if it is shorter,
// longer than a full one, or no multiple of 32 bytes.
absl::StatusOr<std::string> FirstHashes(std::string_view value, uint64_t width);
// The root over `count` hashes from number `first`. REQUIRES: count is a power of 2 up to 256.
Hash FoldHashes(std::string_view hashes, uint64_t first, uint64_t count);

// How many hashes the tiles of a level hold in all, and its last, partial one (0: there is none).
inline uint64_t LevelHashes(uint64_t tree_size, int level) {
  return tree_size >> (kTileHeight * level);
}
inline uint64_t PartialWidth(uint64_t tree_size, int level) {
  return LevelHashes(tree_size, level) % kTileWidth;
}
// How many hashes a tile has in a tree of that size; 0 if it has no such tile.
inline uint64_t TileWidthAt(uint64_t tree_size, int level, uint64_t index) {
  const uint64_t hashes = LevelHashes(tree_size, level);
  if (index > hashes / kTileWidth) return 0;
  return index < hashes / kTileWidth ? kTileWidth : hashes % kTileWidth;
}

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_TREE_LAYOUT_H_
