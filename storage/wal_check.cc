#include "storage/wal_check.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/strings/str_format.h"
#include "base/bytes.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "storage/rocks_impl.h"

namespace palermo::storage {
namespace {

// RocksDB's log format (db/log_format.h), without recycled logs, which are switched off: blocks of
// 32 KiB with pieces of records, each with checksum (4 bytes), length (2) and type (1) before it,
// numbers little-endian. A whole record begins with its sequence number (8 bytes) and the number of
// its changes (4); then, as the first of its bytes, what WriteBatch::PutLogData was given: kind,
// length, bytes.
constexpr size_t kLogBlock = 32 * 1024;
constexpr size_t kPieceHeader = 7;
constexpr size_t kRecordHeader = 12;
constexpr std::string_view kTagHeader = "\x03\x10";  // log data of 16 bytes
constexpr size_t kTaggedHeader = kRecordHeader + 2 + kLogTagBytes;
enum PieceType : uint8_t { kWhole = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

struct Piece {
  uint8_t type;
  std::string_view bytes;
};

uint64_t LittleEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (size_t i = bytes.size(); i > 0; --i) {
    value = (value << 8) | static_cast<uint8_t>(bytes[i - 1]);
  }
  return value;
}

std::array<uint32_t, 256> MakeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82f63b78U : crc >> 1;
    table[i] = crc;
  }
  return table;
}

// CRC-32C, masked as RocksDB stores it.
uint32_t MaskedCrc(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = MakeCrcTable();
  uint32_t crc = 0xffffffffU;
  for (char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 0xff] ^ (crc >> 8);
  crc ^= 0xffffffffU;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8U;
}

// The piece at `from` if it is one and its checksum is right.
std::optional<Piece> PieceAt(std::string_view block, size_t from) {
  if (block.size() - from < kPieceHeader) return std::nullopt;
  const std::string_view header = block.substr(from, kPieceHeader);
  const auto type = static_cast<uint8_t>(header[6]);
  const size_t length = LittleEndian(header.substr(4, 2));
  if (type < kWhole || type > kLast || length > block.size() - from - kPieceHeader) {
    return std::nullopt;
  }
  // The checksum covers the type and the bytes, which follow each other.
  if (MaskedCrc(block.substr(from + 6, 1 + length)) != LittleEndian(header.substr(0, 4))) {
    return std::nullopt;
  }
  return Piece{type, block.substr(from + kPieceHeader, length)};
}

// All logs of a database, one after the other.
class LogWalk {
 public:
  explicit LogWalk(std::string_view tag) : tag_(tag) {}
  absl::Status ReadLog(rocksdb::Env& env, const std::string& path) {
    path_ = path;
    std::unique_ptr<rocksdb::SequentialFile> file;
    rocksdb::Status status = env.NewSequentialFile(path, &file, rocksdb::EnvOptions());
    std::string buffer(kLogBlock, '\0');
    rocksdb::Slice block;
    uint64_t at = 0;
    do {
      if (status.ok()) status = file->Read(kLogBlock, &block, buffer.data());
      if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"read ", path}));
      PALERMO_RETURN_IF_ERROR(ReadBlock(ToView(block), at));
      at += block.size();
    } while (block.size() == kLogBlock);
    bytes_ += at;
    if (inside_) NoteHole(at);
    inside_ = false;
    return absl::OkStatus();
  }
  uint64_t bytes() const { return bytes_; }

 private:
  struct Hole {
    std::string path;
    uint64_t at;
  };

  absl::Status ReadBlock(std::string_view block, uint64_t at) {
    size_t from = 0;
    while (block.size() - from >= kPieceHeader) {
      std::optional<Piece> piece = PieceAt(block, from);
      if (!piece.has_value()) {
        NoteHole(at + from++);
        continue;
      }
      PALERMO_RETURN_IF_ERROR(Take(*piece, at + from));
      from += kPieceHeader + piece->bytes.size();
    }
    // What is left at the end of a full block is filled up.
    if (from < block.size() && block.size() < kLogBlock) NoteHole(at + from);
    return absl::OkStatus();
  }

  absl::Status Take(const Piece& piece, uint64_t at) {
    const bool begins = piece.type == kWhole || piece.type == kFirst;
    if (begins == inside_) NoteHole(at);  // the record before has no end, or this one no beginning
    if (begins) {
      if (IsBehindHole() && tag_.empty()) return DamageIsInside();
      head_.clear();
      inside_ = true;
    }
    if (!inside_) return absl::OkStatus();
    head_.append(piece.bytes.substr(0, kTaggedHeader - head_.size()));
    if (IsBehindHole()) {
      if (HasTag()) return DamageIsInside();
      // Bytes of the torn batch that only look like a record.
      if (head_.size() == kTaggedHeader || piece.type == kWhole || piece.type == kLast) {
        inside_ = false;
      }
      return absl::OkStatus();
    }
    if (piece.type == kFirst || piece.type == kMiddle) return absl::OkStatus();
    inside_ = false;
    return EndRecord(at);
  }

  bool IsBehindHole() const { return hole_.has_value() && hole_->path == path_; }
  bool HasTag() const {
    const std::string_view head = head_;
    return head.size() == kTaggedHeader && head.substr(kRecordHeader, 2) == kTagHeader &&
           head.substr(kRecordHeader + 2) == tag_;
  }

  absl::Status EndRecord(uint64_t at) {
    if (head_.size() < kRecordHeader) {
      NoteHole(at);
      return absl::OkStatus();
    }
    const uint64_t sequence = LittleEndian(std::string_view(head_).substr(0, 8));
    const uint64_t changes = LittleEndian(std::string_view(head_).substr(8, 4));
    // After a crash the next log goes on exactly where the torn one ended: with an empty record.
    const bool goes_on = next_.has_value() ? *next_ == sequence : changes == 0;
    if (hole_.has_value() && !goes_on) return DamageIsInside();
    hole_.reset();
    next_ = sequence + changes;
    return absl::OkStatus();
  }

  void NoteHole(uint64_t at) {
    inside_ = false;
    // One in a later log counts for itself: what follows it there is not what it was torn from.
    if (!hole_.has_value() || hole_->path != path_) hole_ = Hole{path_, at};
  }

  absl::Status DamageIsInside() const {
    return Damaged("STORE_DAMAGED",
                   Cat({absl::StrFormat("%s is damaged at byte %d, and intact records follow",
                                        hole_->path, hole_->at),
                        kRestoreStore}));
  }

  const std::string_view tag_;
  std::string path_;
  bool inside_ = false;       // between the first and the last piece of a record
  std::optional<Hole> hole_;  // the first bytes that are no record; nothing begins behind them yet
  std::string head_;          // of the record that is being read
  std::optional<uint64_t> next_;  // the sequence number after the last intact record
  uint64_t bytes_ = 0;
};

// With its hash, so that a tag that rotted is not looked for in vain.
std::string TagText(std::string_view tag) {
  return Cat({HexEncode(tag), "\n", HexEncode(AsView(crypto::Sha256(tag))), "\n"});
}

}  // namespace

std::string ReadLogTag(rocksdb::Env& env, const std::string& path) {
  std::string text;
  if (!rocksdb::ReadFileToString(&env, path, &text).ok()) return "";
  auto tag = HexDecode(std::string_view(text).substr(0, text.find('\n')));
  if (!tag.ok() || tag->size() != kLogTagBytes || text != TagText(*tag)) return "";
  return *std::move(tag);
}

absl::StatusOr<std::string> WriteLogTag(rocksdb::Env& env, const std::string& path) {
  std::string tag(kLogTagBytes, '\0');
  if (getentropy(tag.data(), tag.size()) != 0) {
    return TryLater("NO_RANDOMNESS", "the system gives no random bytes; start again later");
  }
  const std::string fresh = path + ".new";
  rocksdb::Status status =
      rocksdb::WriteStringToFile(&env, TagText(tag), fresh, /*should_sync=*/true);
  if (status.ok()) status = env.RenameFile(fresh, path);
  if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"write ", path}));
  return tag;
}

absl::StatusOr<uint64_t> CheckLogs(rocksdb::Env& env, const std::string& db_dir,
                                   std::string_view tag) {
  std::vector<std::string> names;
  rocksdb::Status status = env.GetChildren(db_dir, &names);
  if (!status.ok()) return FromRocks(status, "STORE_UNREACHABLE", Cat({"list ", db_dir}));
  std::erase_if(names, [](const std::string& name) {
    return name.size() < 5 || name.substr(name.size() - 4) != ".log" ||
           name.find_first_not_of("0123456789") != name.size() - 4;
  });
  // By number: they may have more digits than others.
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  LogWalk walk(tag);
  for (const std::string& name : names) {
    PALERMO_RETURN_IF_ERROR(walk.ReadLog(env, Cat({db_dir, "/", name})));
  }
  return walk.bytes();
}

}  // namespace palermo::storage
