// LedgerTree: the writing side of the ledger's RFC 6962 tree. It lives in the one thread that owns
// the ledger; readers use TreeReader.
//
// An append is staged into a batch, the batch is applied by the caller together with whatever else
// must be durable at the same moment, and only then committed:
//
//   StagedAppend staged = tree.Stage(entries, &batch);    // new size and root, to be signed
//   ... put the signed checkpoint and the messages into the same batch ...
//   store.Apply(batch, Durability::kSync, {epoch, tree.size()});
//   tree.Commit(std::move(staged));
//   proofs = tree.ProofsForRange(store, first, count);
//
// An entry is 32 bytes, SHA-256(salt || record); the tree never sees the record.
//
// Memory is the right edge (at most 8 partial tiles) and the tiles of the newest batch. The root is
// computed twice, from buffers that share nothing: once by a compact range over the entries as
// given, once from the bytes that were put into the batch. If they differ the process stops, before
// anything is signed.
#ifndef PALERMO_STORAGE_LEDGER_TREE_H_
#define PALERMO_STORAGE_LEDGER_TREE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/bytes.h"
#include "crypto/merkle.h"
#include "storage/kv_store.h"
#include "storage/tree_layout.h"
#include "storage/tree_reader.h"

namespace palermo::storage {

// The last tile of each level and the last bundle, as stored; empty if the last one is full.
struct TreeEdge {
  std::array<std::string, kTileLevels> tiles;
  std::string bundle;
};

// What an append will have made of the tree. A plain value; dropping it drops the append.
struct StagedAppend {
  uint64_t old_size = 0;
  uint64_t size = 0;
  Hash root{};

  // For Commit alone.
  crypto::CompactRange range;
  TreeEdge edge;
  TreeOverlay overlay;
};

class LedgerTree {
 public:
  // Reads the head and the right edge, and checks that the edge hashes to the head's root and the
  // newest entries to their tile: TREE_DAMAGED if not, or if a tile is missing. A prefix without a
  // head is the empty tree.
  static absl::StatusOr<LedgerTree> Load(const KvReader& reader, std::string prefix);

  uint64_t size() const { return head_.size; }
  const Hash& root() const { return head_.root; }
  const TreeHead& head() const { return head_; }
  const std::string& prefix() const { return prefix_; }

  // Adds to `batch` the tiles, bundles, head and kTreeSizeKey of the tree with `entries` appended;
  // this tree does not change. O(n) hashing; of what is stored, only the partial tile of each level
  // that grows is written again. No entries: nothing is added, size and root are those of now.
  StagedAppend Stage(const std::vector<Hash>& entries, WriteBatch* batch) const;
  // REQUIRES: staged by this tree as it is now, and its batch has been applied.
  void Commit(StagedAppend staged);

  // A reader that sees this tree, its edge from memory and the rest from `reader`. Valid until the
  // next Commit.
  TreeReader Reader(const KvReader& reader) const;
  // The same for a tree that is staged and not yet applied. Valid as long as `staged`.
  TreeReader Reader(const KvReader& reader, const StagedAppend& staged) const;

  // Inclusion proofs of `count` entries from `first`, under size(). For the newest batch and the
  // edge nothing is read that is not in memory, but for older tiles of the levels above.
  absl::StatusOr<std::vector<std::vector<Hash>>> ProofsForRange(const KvReader& reader,
                                                                uint64_t first,
                                                                uint64_t count) const;

 private:
  LedgerTree(std::string prefix, const TreeHead& head, crypto::CompactRange range, TreeEdge edge);

  std::string prefix_;
  TreeHead head_;
  crypto::CompactRange range_;
  TreeEdge edge_;
  TreeOverlay recent_;  // the edge and the tiles of the newest batch
};

}  // namespace palermo::storage

#endif  // PALERMO_STORAGE_LEDGER_TREE_H_
