#include "storage/ledger_tree.h"

#include <bit>

#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status.h"

namespace palermo::storage {
namespace {

// The roots of the complete subtrees of the tree, largest first, from its right edge.
std::vector<Hash> PeaksOf(const TreeEdge& edge) {
  std::vector<Hash> peaks;
  for (int level = kTileLevels - 1; level >= 0; --level) {
    const std::string& tile = edge.tiles[level];
    const uint64_t width = tile.size() / kHashBytes;
    uint64_t first = 0;
    for (uint64_t count = kTileWidth / 2; count > 0; count /= 2) {
      if ((width & count) == 0) continue;
      peaks.push_back(FoldHashes(tile, first, count));
      first += count;
    }
  }
  return peaks;
}

Hash RootOfPeaks(const std::vector<Hash>& peaks) {
  if (peaks.empty()) return crypto::EmptyRoot();
  Hash root = peaks.back();
  for (size_t i = peaks.size() - 1; i > 0; --i) root = crypto::NodeHash(peaks[i - 1], root);
  return root;
}

// Adds entry number `index` to the bytes of the edge. What becomes full moves to the overlay, and
// its root to the level above.
void AddToEdge(const Hash& entry, uint64_t index, TreeEdge* edge, TreeOverlay* overlay) {
  edge->bundle.append(AsView(entry));
  // Hashed from the bundle's bytes, not from the caller's: this is the second of the two ways.
  const std::string_view stored = std::string_view(edge->bundle).substr(edge->bundle.size() - 32);
  Hash hash = crypto::LeafHash(stored);
  if (edge->bundle.size() == kTileWidth * kHashBytes) {
    overlay->bundles[index / kTileWidth] = std::move(edge->bundle);
    edge->bundle.clear();
  }
  for (int level = 0; level < kTileLevels; ++level) {
    std::string& tile = edge->tiles[level];
    tile.append(AsView(hash));
    if (tile.size() < kTileWidth * kHashBytes) return;
    hash = FoldHashes(tile, 0, kTileWidth);
    overlay->tiles[{level, index >> (kTileHeight * (level + 1))}] = std::move(tile);
    tile.clear();
  }
}

// Puts what is not full into the overlay, so that readers find all of the edge there.
void AddEdgeTo(const TreeEdge& edge, uint64_t size, TreeOverlay* overlay) {
  for (int level = 0; level < kTileLevels; ++level) {
    if (edge.tiles[level].empty()) continue;
    overlay->tiles[{level, LevelHashes(size, level) / kTileWidth}] = edge.tiles[level];
  }
  if (!edge.bundle.empty()) overlay->bundles[size / kTileWidth] = edge.bundle;
}

absl::StatusOr<std::string> LoadPartial(const KvReader& reader, const std::string& key,
                                        uint64_t width, const std::string& where) {
  if (width == 0) return std::string();
  PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> value, reader.Get(key));
  if (!value.has_value()) return Damaged("TREE_DAMAGED", Cat({where, " is missing"}));
  absl::StatusOr<std::string> hashes = FirstHashes(*value, width);
  return hashes.ok() ? hashes : Annotate(hashes.status(), where);
}

absl::StatusOr<TreeEdge> LoadEdge(const KvReader& reader, const std::string& prefix,
                                  uint64_t size) {
  TreeEdge edge;
  for (int level = 0; level < kTileLevels; ++level) {
    const uint64_t index = LevelHashes(size, level) / kTileWidth;
    PALERMO_ASSIGN_OR_RETURN(
        edge.tiles[level],
        LoadPartial(reader, TileKey(prefix, level, index), PartialWidth(size, level),
                    absl::StrFormat("tile level %d index %d", level, index)));
  }
  const uint64_t index = size / kTileWidth;
  PALERMO_ASSIGN_OR_RETURN(edge.bundle,
                           LoadPartial(reader, BundleKey(prefix, index), PartialWidth(size, 0),
                                       absl::StrFormat("bundle %d", index)));
  for (uint64_t i = 0; i < PartialWidth(size, 0); ++i) {
    if (crypto::LeafHash(AsView(HashIn(edge.bundle, i))) == HashIn(edge.tiles[0], i)) continue;
    return Damaged(
        "TREE_DAMAGED",
        absl::StrFormat("entry %d does not hash to its leaf; restore all of data-dir from "
                        "the newest backup or snapshot",
                        index * kTileWidth + i));
  }
  return edge;
}

}  // namespace

absl::StatusOr<LedgerTree> LedgerTree::Load(const KvReader& reader, std::string prefix) {
  PALERMO_ASSIGN_OR_RETURN(TreeReader stored, TreeReader::Open(reader, prefix));
  const TreeHead head{stored.size(), stored.root()};
  PALERMO_ASSIGN_OR_RETURN(TreeEdge edge, LoadEdge(reader, prefix, head.size));
  std::vector<Hash> peaks = PeaksOf(edge);
  if (RootOfPeaks(peaks) != head.root) {
    return Damaged("TREE_DAMAGED",
                   absl::StrFormat("the tiles at the edge of the %d entries do not hash to the "
                                   "stored root; restore all of data-dir from the newest backup "
                                   "or snapshot",
                                   head.size));
  }
  PALERMO_ASSIGN_OR_RETURN(crypto::CompactRange range,
                           crypto::CompactRange::FromState(head.size, std::move(peaks)));
  return LedgerTree(std::move(prefix), head, std::move(range), std::move(edge));
}

LedgerTree::LedgerTree(std::string prefix, const TreeHead& head, crypto::CompactRange range,
                       TreeEdge edge)
    : prefix_(std::move(prefix)), head_(head), range_(std::move(range)), edge_(std::move(edge)) {
  AddEdgeTo(edge_, head_.size, &recent_);
}

StagedAppend LedgerTree::Stage(const std::vector<Hash>& entries, WriteBatch* batch) const {
  StagedAppend staged{head_.size, head_.size + entries.size(), head_.root, range_, edge_, {}};
  if (entries.empty()) {
    staged.overlay = recent_;
    return staged;
  }
  for (const Hash& entry : entries) staged.range.Append(crypto::LeafHash(AsView(entry)));
  staged.root = staged.range.Root();

  for (size_t i = 0; i < entries.size(); ++i) {
    AddToEdge(entries[i], head_.size + i, &staged.edge, &staged.overlay);
  }
  PALERMO_CHECK(staged.range.size() == staged.size);
  PALERMO_CHECK(RootOfPeaks(PeaksOf(staged.edge)) == staged.root);
  AddEdgeTo(staged.edge, staged.size, &staged.overlay);

  for (const auto& [where, tile] : staged.overlay.tiles) {
    const auto& [level, index] = where;
    // A partial tile that did not grow is in the overlay for the readers alone.
    if (LevelHashes(head_.size, level) == LevelHashes(staged.size, level)) continue;
    batch->Put(TileKey(prefix_, level, index), tile);
  }
  for (const auto& [index, bundle] : staged.overlay.bundles) {
    batch->Put(BundleKey(prefix_, index), bundle);
  }
  batch->Put(HeadKey(prefix_), EncodeHead({staged.size, staged.root}));
  batch->PutUint64(kTreeSizeKey, staged.size);
  return staged;
}

void LedgerTree::Commit(StagedAppend staged) {
  PALERMO_CHECK(staged.old_size == head_.size);
  PALERMO_CHECK(staged.size >= staged.old_size && staged.range.size() == staged.size);
  head_ = {staged.size, staged.root};
  range_ = std::move(staged.range);
  edge_ = std::move(staged.edge);
  recent_ = std::move(staged.overlay);
}

TreeReader LedgerTree::Reader(const KvReader& reader) const {
  return TreeReader(reader, prefix_, head_, &recent_);
}

TreeReader LedgerTree::Reader(const KvReader& reader, const StagedAppend& staged) const {
  return TreeReader(reader, prefix_, {staged.size, staged.root}, &staged.overlay);
}

absl::StatusOr<std::vector<std::vector<Hash>>> LedgerTree::ProofsForRange(const KvReader& reader,
                                                                          uint64_t first,
                                                                          uint64_t count) const {
  return Reader(reader).ProofsForRange(first, count, head_.size);
}

}  // namespace palermo::storage
