#include "storage/fsck.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/check.h"
#include "base/status.h"
#include "crypto/merkle.h"

namespace palermo::storage {
namespace {

constexpr uint64_t kBundlesPerProgress = 256;

class Checker {
 public:
  Checker(const KvReader& reader, const std::string& prefix,
          const std::optional<TreeHead>& expected)
      : reader_(reader), prefix_(prefix), expected_(expected) {}

  absl::StatusOr<FsckReport> Run(absl::FunctionRef<void(uint64_t, uint64_t)> progress) {
    PALERMO_RETURN_IF_ERROR(ReadHead());
    CheckExpected();
    const uint64_t bundles = (head_.size + kTileWidth - 1) / kTileWidth;
    for (uint64_t i = 0; i < bundles; ++i) {
      PALERMO_RETURN_IF_ERROR(CheckBundle(i));
      if (report_.finding_count >= kMaxFindings) return GivenUp(i);
      if (i % kBundlesPerProgress == 0) progress(i * kTileWidth, head_.size);
    }
    for (int level = 0; level < kTileLevels; ++level) {
      if (!levels_[level].empty()) PALERMO_RETURN_IF_ERROR(CheckTile(level));
    }
    report_.computed = {range_.size(), range_.Root()};
    if (report_.computed.root != head_.root) {
      Found("head", "its root is not that of the entries");
    }
    PALERMO_RETURN_IF_ERROR(CheckNothingBeyond());
    progress(head_.size, head_.size);
    return std::move(report_);
  }

 private:
  void Found(std::string where, std::string what) {
    ++report_.finding_count;
    if (report_.findings.size() >= kMaxListedFindings) return;
    report_.findings.push_back({std::move(where), std::move(what)});
  }

  FsckReport GivenUp(uint64_t bundle) {
    report_.findings.push_back(
        {absl::StrFormat("bundle %d", bundle),
         absl::StrFormat("is the last that was read, of a ledger of %d: too much is wrong",
                         head_.size)});
    report_.computed = {range_.size(), range_.Root()};
    return std::move(report_);
  }

  absl::Status ReadHead() {
    PALERMO_ASSIGN_OR_RETURN(std::optional<std::string> value, reader_.Get(HeadKey(prefix_)));
    head_ = {0, crypto::EmptyRoot()};
    if (!value.has_value()) return absl::OkStatus();
    // Without its size there is nothing to check against.
    PALERMO_ASSIGN_OR_RETURN(head_, DecodeHead(*value));
    return absl::OkStatus();
  }

  // Called when `range_` has grown or is about to: judges the checkpoint when its size is reached.
  void CheckExpected() {
    if (!expected_.has_value()) return;
    if (range_.size() == 0 && expected_->size > head_.size) {
      Found("head",
            absl::StrFormat("the ledger has %d entries, the checkpoint %d: entries are lost",
                            head_.size, expected_->size));
    }
    if (range_.size() == expected_->size && range_.Root() != expected_->root) {
      Found("checkpoint",
            absl::StrFormat("the first %d entries do not have its root", expected_->size));
    }
  }

  absl::Status CheckBundle(uint64_t index) {
    const std::string where = absl::StrFormat("bundle %d", index);
    const uint64_t width = TileWidthAt(head_.size, 0, index);
    PALERMO_ASSIGN_OR_RETURN(std::string entries, Stored(BundleKey(prefix_, index), where, width));
    ++report_.bundles_checked;
    std::string leaves;
    if (entries.empty()) {
      // The stored leaves stand in, so that the rest of the tree can still be judged.
      absl::StatusOr<std::optional<std::string>> tile = reader_.Get(TileKey(prefix_, 0, index));
      if (tile.ok()) leaves = (*std::move(tile)).value_or("");
      leaves.resize(width * kHashBytes);
    }
    for (uint64_t i = 0; i < width; ++i) {
      const Hash leaf =
          entries.empty() ? HashIn(leaves, i) : crypto::LeafHash(AsView(HashIn(entries, i)));
      PALERMO_RETURN_IF_ERROR(AddLeaf(leaf));
    }
    return absl::OkStatus();
  }

  absl::Status AddLeaf(const Hash& leaf) {
    range_.Append(leaf);
    CheckExpected();
    Hash hash = leaf;
    for (int level = 0; level < kTileLevels; ++level) {
      levels_[level].append(AsView(hash));
      if (levels_[level].size() < kTileWidth * kHashBytes) break;
      hash = FoldHashes(levels_[level], 0, kTileWidth);
      PALERMO_RETURN_IF_ERROR(CheckTile(level));
    }
    return absl::OkStatus();
  }

  // Compares the computed tile with the stored one and begins the next.
  absl::Status CheckTile(int level) {
    const uint64_t index = next_tile_[level]++;
    const std::string computed = std::exchange(levels_[level], {});
    const uint64_t width = computed.size() / kHashBytes;
    const std::string where = absl::StrFormat("tile level %d index %d", level, index);
    PALERMO_ASSIGN_OR_RETURN(std::string stored,
                             Stored(TileKey(prefix_, level, index), where, width));
    ++report_.tiles_checked;
    if (stored.empty() || stored == computed) return absl::OkStatus();
    for (uint64_t i = 0; i < width; ++i) {
      if (HashIn(stored, i) == HashIn(computed, i)) continue;
      Found(where, absl::StrFormat("hash %d is not that of what is below it", i));
    }
    return absl::OkStatus();
  }

  // The stored value if it has exactly `width` hashes; else a finding, and empty. Bytes that fail
  // the store's own checksum are a finding too.
  absl::StatusOr<std::string> Stored(const std::string& key, const std::string& where,
                                     uint64_t width) {
    absl::StatusOr<std::optional<std::string>> value = reader_.Get(key);
    if (!value.ok() && CodeOf(value.status()) != "STORE_DAMAGED") return value.status();
    if (!value.ok()) {
      Found(where, "cannot be read: " + TextOf(value.status()));
    } else if (!value->has_value()) {
      Found(where, "is missing");
    } else if ((*value)->size() != width * kHashBytes) {
      Found(where,
            absl::StrFormat("has %d bytes instead of %d", (*value)->size(), width * kHashBytes));
    } else {
      return **std::move(value);
    }
    return std::string();
  }

  absl::Status CheckNothingBeyond() {
    for (int level = 0; level < kTileLevels; ++level) {
      const uint64_t tiles = (LevelHashes(head_.size, level) + kTileWidth - 1) / kTileWidth;
      PALERMO_RETURN_IF_ERROR(
          FindKeys(TileKey(prefix_, level, tiles), absl::StrFormat("tile level %d", level), tiles));
    }
    const uint64_t bundles = (head_.size + kTileWidth - 1) / kTileWidth;
    return FindKeys(BundleKey(prefix_, bundles), "bundle", bundles);
  }

  // Reports every key from `start` to the end of its kind.
  absl::Status FindKeys(const std::string& start, const std::string& kind, uint64_t end) {
    const std::string stem = start.substr(0, start.size() - sizeof(uint64_t));
    return reader_.Scan({.start = start, .end = PrefixEnd(stem)},
                        [&](std::string_view key, std::string_view) {
                          Found(Cat({kind, " key ", HexEncode(key.substr(stem.size()))}),
                                absl::StrFormat("is beyond the tree, which ends before %d", end));
                          return true;
                        });
  }

  const KvReader& reader_;
  const std::string& prefix_;
  const std::optional<TreeHead>& expected_;
  TreeHead head_;
  crypto::CompactRange range_;
  std::array<std::string, kTileLevels> levels_;  // the tile of each level under construction
  std::array<uint64_t, kTileLevels> next_tile_{};
  FsckReport report_;
};

}  // namespace

absl::Status FsckReport::ToStatus() const {
  if (finding_count == 0) return absl::OkStatus();
  PALERMO_CHECK(!findings.empty());
  return Damaged("LEDGER_DAMAGED", absl::StrFormat("%d findings; the first: %s %s", finding_count,
                                                   findings.front().where, findings.front().what));
}

absl::StatusOr<FsckReport> Fsck(const KvReader& reader, const std::string& prefix,
                                const std::optional<TreeHead>& expected,
                                absl::FunctionRef<void(uint64_t done, uint64_t all)> progress) {
  return Checker(reader, prefix, expected).Run(progress);
}

}  // namespace palermo::storage
