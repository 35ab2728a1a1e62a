// TreeReader: the reading side of the ledger's tree (RFC 6962, SHA-256), over any KvReader, by any
// thread that has its own. It answers for every size from 0 to that of the head it found when it
// was opened; tiles only ever grow, so a writer that goes on meanwhile does no harm, with or
// without a snapshot.
//
// It trusts the stored hashes: that they belong together is what LedgerTree::Load checks at the
// right edge and Fsck everywhere. Damaged or missing tiles are TREE_DAMAGED.
#ifndef PALERMO_STORAGE_TREE_READER_H_
#define PALERMO_STORAGE_TREE_READER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "storage/kv_store.h"
#include "storage/tree_layout.h"

namespace palermo::storage {

// Tiles by (level, index) and bundles by index, as stored, that go before those a reader finds.
struct TreeOverlay {
  std::map<std::pair<int, uint64_t>, std::string> tiles;
  std::map<uint64_t, std::string> bundles;
};

class TreeReader {
 public:
  // Reads the head. A prefix without one is the empty tree. `reader` is borrowed.
  static absl::StatusOr<TreeReader> Open(const KvReader& reader, std::string prefix);
  // With a head that the caller knows; the overlay, nullptr for none, is borrowed and must not
  // change while the reader is used.
  TreeReader(const KvReader& reader, std::string prefix, const TreeHead& head,
             const TreeOverlay* overlay);

  uint64_t size() const { return head_.size; }
  const Hash& root() const { return head_.root; }

  // TREE_RANGE, here and below: an index or size is not in this tree.
  absl::StatusOr<Hash> RootAt(uint64_t size);
  // RFC 6962 section 2.1.1: the hashes from the leaf's sibling upwards.
  // REQUIRES (else TREE_RANGE): index < size <= size().
  absl::StatusOr<std::vector<Hash>> InclusionProof(uint64_t index, uint64_t size);
  // The proofs of `count` neighbours; a few microseconds each once their tiles are loaded.
  absl::StatusOr<std::vector<std::vector<Hash>>> ProofsForRange(uint64_t first, uint64_t count,
                                                                uint64_t size);
  // RFC 6962 section 2.1.2. Empty if the sizes are equal or size1 is 0.
  // REQUIRES (else TREE_RANGE): size1 <= size2 <= size().
  absl::StatusOr<std::vector<Hash>> ConsistencyProof(uint64_t size1, uint64_t size2);

  absl::StatusOr<Hash> EntryAt(uint64_t index) const;
  // REQUIRES (else TREE_RANGE): first + count <= size().
  absl::StatusOr<std::vector<Hash>> Entries(uint64_t first, uint64_t count) const;

  // As C2SP tlog-tiles serves them: width 1..256, and the tile must be that wide in a tree of some
  // size up to size(). A tile is `width` hashes; a bundle is `width` entries of 2 bytes length
  // (0x0020) and 32 bytes.
  absl::StatusOr<std::string> Tile(int level, uint64_t index, uint64_t width) const;
  absl::StatusOr<std::string> EntryBundle(uint64_t index, uint64_t width) const;

 private:
  // All the nodes inside one tile: of[h][i] is the node of height h over hashes [i << h, ...).
  // Only nodes that are complete in this tile.
  struct Pyramid {
    std::array<std::vector<Hash>, kTileHeight> of;
  };

  absl::StatusOr<std::string> LoadTile(int level, uint64_t index, uint64_t width) const;
  absl::StatusOr<std::string> LoadBundle(uint64_t index, uint64_t width) const;
  absl::Status CheckRange(bool holds, std::string_view what) const;
  absl::StatusOr<const Pyramid*> PyramidAt(int level, uint64_t index);
  // The root of the perfect subtree of that height at that index. REQUIRES: it is in this tree.
  absl::StatusOr<Hash> NodeAt(int height, uint64_t index);

  const KvReader* reader_;
  std::string prefix_;
  TreeHead head_;
  const TreeOverlay* overlay_;
  std::map<std::pair<int, uint64_t>, Pyramid> pyramids_;  // bounded by kMaxCachedTiles
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_TREE_READER_H_
