#include "storage/tree_layout.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/merkle.h"

namespace palermo::storage {

std::string HeadKey(std::string_view prefix) { return Cat({prefix, "h"}); }

std::string TileKey(std::string_view prefix, int level, uint64_t index) {
  PALERMO_CHECK(level >= 0 && level < kTileLevels);
  const char level_byte = static_cast<char>(level);
  return Cat({prefix, "t", {&level_byte, 1}, BigEndian64(index)});
}

std::string BundleKey(std::string_view prefix, uint64_t index) {
  return Cat({prefix, "e", BigEndian64(index)});
}

std::string EncodeHead(const TreeHead& head) {
  return Cat({BigEndian64(head.size), AsView(head.root)});
}

absl::StatusOr<TreeHead> DecodeHead(std::string_view value) {
  if (value.size() != sizeof(uint64_t) + kHashBytes) {
    return Damaged("TREE_DAMAGED",
                   absl::StrFormat("the head has %d bytes instead of 40", value.size()));
  }
  TreeHead head;
  head.size = ReadBigEndian64(value.substr(0, sizeof(uint64_t)));
  head.root = HashIn(value.substr(sizeof(uint64_t)), 0);
  return head;
}

Hash HashIn(std::string_view hashes, uint64_t i) {
  PALERMO_CHECK((i + 1) * kHashBytes <= hashes.size());
  Hash hash;
  std::memcpy(hash.data(), hashes.data() + i * kHashBytes, kHashBytes);
  return hash;
}

absl::StatusOr<std::string> FirstHashes(std::string_view value, uint64_t width) {
  if (value.size() % kHashBytes != 0 || value.size() > kTileWidth * kHashBytes ||
      value.size() < width * kHashBytes) {
    return Damaged("TREE_DAMAGED",
                   absl::StrFormat("%d bytes do not hold %d hashes", value.size(), width));
  }
  return std::string(value.substr(0, width * kHashBytes));
}

Hash FoldHashes(std::string_view hashes, uint64_t first, uint64_t count) {
  PALERMO_CHECK(count > 0 && count <= kTileWidth && std::has_single_bit(count));
  std::array<Hash, kTileWidth> row;
  for (uint64_t i = 0; i < count; ++i) row[i] = HashIn(hashes, first + i);
  for (; count > 1; count /= 2) {
    for (uint64_t i = 0; i < count / 2; ++i) {
      row[i] = crypto::NodeHash(row[2 * i], row[2 * i + 1]);
    }
  }
  return row[0];
}

}  // namespace palermo::storage
