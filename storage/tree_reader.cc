#include "storage/tree_reader.h"

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/merkle.h"

namespace palermo::storage {
namespace {

// A proof touches one tile of each level, a range of proofs some more.
constexpr size_t kMaxCachedTiles = 64;
// Length of an entry as C2SP tlog-tiles puts it before each one: big-endian uint16.
constexpr std::string_view kEntryLength("\x00\x20", 2);

}  // namespace

absl::StatusOr<TreeReader> TreeReader::Open(const KvReader& reader, std::string prefix) {
  PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> value, reader.Get(HeadKey(prefix)));
  TreeHead head{0, crypto::EmptyRoot()};
  if (value.has_value()) {
    PALERMO_ASSIGN_OR_RETURN(head, DecodeHead(*value));
  }
  return TreeReader(reader, std::move(prefix), head, nullptr);
}

TreeReader::TreeReader(const KvReader& reader, std::string prefix, const TreeHead& head,
                       const TreeOverlay* overlay)
    : reader_(&reader), prefix_(std::move(prefix)), head_(head), overlay_(overlay) {}

absl::Status TreeReader::CheckRange(bool holds, std::string_view what) const {
  if (holds) return absl::OkStatus();
  return InputError("TREE_RANGE",
                    absl::StrFormat("%s is outside the tree of %d entries", what, head_.size));
}

absl::StatusOr<Hash> TreeReader::RootAt(uint64_t size) {
  PALERMO_RETURN_IF_ERROR(CheckRange(size <= head_.size, absl::StrFormat("size %d", size)));
  if (size == 0) return crypto::EmptyRoot();
  return crypto::RootOf(size, [this](int height, uint64_t i) { return NodeAt(height, i); });
}

absl::StatusOr<std::vector<Hash>> TreeReader::InclusionProof(uint64_t index, uint64_t size) {
  PALERMO_RETURN_IF_ERROR(CheckRange(index < size && size <= head_.size,
                                     absl::StrFormat("index %d under size %d", index, size)));
  return crypto::InclusionProof(index, size,
                                [this](int height, uint64_t i) { return NodeAt(height, i); });
}

absl::StatusOr<std::vector<std::vector<Hash>>> TreeReader::ProofsForRange(uint64_t first,
                                                                          uint64_t count,
                                                                          uint64_t size) {
  PALERMO_RETURN_IF_ERROR(CheckRange(first <= size && count <= size - first && size <= head_.size,
                                     absl::StrFormat("%d entries from %d", count, first)));
  return crypto::InclusionProofs(first, count, size,
                                 [this](int height, uint64_t i) { return NodeAt(height, i); });
}

absl::StatusOr<std::vector<Hash>> TreeReader::ConsistencyProof(uint64_t size1, uint64_t size2) {
  PALERMO_RETURN_IF_ERROR(CheckRange(size1 <= size2 && size2 <= head_.size,
                                     absl::StrFormat("sizes %d and %d", size1, size2)));
  if (size1 == 0) return std::vector<Hash>();
  return crypto::ConsistencyProof(size1, size2,
                                  [this](int height, uint64_t i) { return NodeAt(height, i); });
}

absl::StatusOr<Hash> TreeReader::EntryAt(uint64_t index) const {
  PALERMO_ASSIGN_OR_RETURN(std::vector<Hash> entries, Entries(index, 1));
  return entries.front();
}

absl::StatusOr<std::vector<Hash>> TreeReader::Entries(uint64_t first, uint64_t count) const {
  PALERMO_RETURN_IF_ERROR(CheckRange(first <= head_.size && count <= head_.size - first,
                                     absl::StrFormat("%d entries from %d", count, first)));
  std::vector<Hash> entries;
  entries.reserve(count);
  for (uint64_t at = first; at < first + count;) {
    const uint64_t bundle_index = at / kTileWidth;
    PALERMO_ASSIGN_OR_RETURN(std::string bundle,
                             LoadBundle(bundle_index, TileWidthAt(head_.size, 0, bundle_index)));
    for (; at < first + count && at / kTileWidth == bundle_index; ++at) {
      entries.push_back(HashIn(bundle, at % kTileWidth));
    }
  }
  return entries;
}

absl::StatusOr<std::string> TreeReader::Tile(int level, uint64_t index, uint64_t width) const {
  const bool holds = level >= 0 && level < kTileLevels && width > 0 &&
                     width <= TileWidthAt(head_.size, level, index);
  PALERMO_RETURN_IF_ERROR(
      CheckRange(holds, absl::StrFormat("tile level %d index %d width %d", level, index, width)));
  return LoadTile(level, index, width);
}

absl::StatusOr<std::string> TreeReader::EntryBundle(uint64_t index, uint64_t width) const {
  PALERMO_RETURN_IF_ERROR(CheckRange(width > 0 && width <= TileWidthAt(head_.size, 0, index),
                                     absl::StrFormat("bundle %d width %d", index, width)));
  PALERMO_ASSIGN_OR_RETURN(std::string entries, LoadBundle(index, width));
  std::string served;
  served.reserve(entries.size() + width * kEntryLength.size());
  for (uint64_t i = 0; i < width; ++i) {
    served.append(kEntryLength).append(entries, i * kHashBytes, kHashBytes);
  }
  return served;
}

absl::StatusOr<std::string> TreeReader::LoadTile(int level, uint64_t index, uint64_t width) const {
  if (overlay_ != nullptr) {
    auto found = overlay_->tiles.find({level, index});
    if (found != overlay_->tiles.end()) return FirstHashes(found->second, width);
  }
  const std::string where = absl::StrFormat("tile level %d index %d", level, index);
  PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> value,
                           reader_->Get(TileKey(prefix_, level, index)));
  if (!value.has_value()) return Damaged("TREE_DAMAGED", Cat({where, " is missing"}));
  absl::StatusOr<std::string> hashes = FirstHashes(*value, width);
  return hashes.ok() ? hashes : Annotate(hashes.status(), where);
}

absl::StatusOr<std::string> TreeReader::LoadBundle(uint64_t index, uint64_t width) const {
  if (overlay_ != nullptr) {
    auto found = overlay_->bundles.find(index);
    if (found != overlay_->bundles.end()) return FirstHashes(found->second, width);
  }
  const std::string where = absl::StrFormat("bundle %d", index);
  PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> value,
                           reader_->Get(BundleKey(prefix_, index)));
  if (!value.has_value()) return Damaged("TREE_DAMAGED", Cat({where, " is missing"}));
  absl::StatusOr<std::string> entries = FirstHashes(*value, width);
  return entries.ok() ? entries : Annotate(entries.status(), where);
}

absl::StatusOr<const TreeReader::Pyramid*> TreeReader::PyramidAt(int level, uint64_t index) {
  auto found = pyramids_.find({level, index});
  if (found != pyramids_.end()) return &found->second;
  const uint64_t width = TileWidthAt(head_.size, level, index);
  PALERMO_ASSIGN_OR_RETURN(std::string hashes, LoadTile(level, index, width));
  if (pyramids_.size() >= kMaxCachedTiles) pyramids_.clear();
  Pyramid& pyramid = pyramids_[{level, index}];
  for (uint64_t i = 0; i < width; ++i) pyramid.of[0].push_back(HashIn(hashes, i));
  for (int h = 1; h < kTileHeight; ++h) {
    const std::vector<Hash>& below = pyramid.of[h - 1];
    for (size_t i = 0; i + 1 < below.size(); i += 2) {
      pyramid.of[h].push_back(crypto::NodeHash(below[i], below[i + 1]));
    }
  }
  return &pyramid;
}

absl::StatusOr<Hash> TreeReader::NodeAt(int height, uint64_t index) {
  const int level = height / kTileHeight;
  const int h = height % kTileHeight;
  const uint64_t in_tile_mask = (kTileWidth >> h) - 1;
  PALERMO_ASSIGN_OR_RETURN(const Pyramid* pyramid, PyramidAt(level, index >> (kTileHeight - h)));
  const std::vector<Hash>& row = pyramid->of[h];
  PALERMO_CHECK((index & in_tile_mask) < row.size());
  return row[index & in_tile_mask];
}

}  // namespace palermo::storage
