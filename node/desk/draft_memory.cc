#include "node/desk/draft_memory.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_split.h"
#include "base/bytes.h"
#include "crypto/hash.h"
#include "node/desk/files.h"

namespace palermo::desk {
namespace {

constexpr size_t kMaxDrafts = 2000;  // that are remembered
constexpr size_t kHexBytes = 64;     // of a hash or a message id
constexpr size_t kMaxBytes = kMaxDrafts * (2 * kHexBytes + 2);

std::string MarkOf(const std::string& sender, std::string_view file) {
  return HexEncode(AsView(crypto::Sha256({sender, std::string_view("\0", 1), file})));
}

// One line each, "MARK MESSAGE", oldest first.
std::vector<std::string> LinesOf(const std::string& path) {
  std::vector<std::string> lines;
  const auto text = ReadFile(path, kMaxBytes);
  if (!text.ok()) return lines;
  for (const auto& line : absl::StrSplit(*text, '\n')) {
    if (line.size() == 2 * kHexBytes + 1) lines.emplace_back(line);
  }
  return lines;
}

}  // namespace

DraftMemory::DraftMemory(const std::string& home) : path_(PathIn(home, "drafted")) {}

std::string DraftMemory::Find(const std::string& sender, std::string_view file) const {
  const std::string mark = MarkOf(sender, file);
  std::string message;
  for (const std::string& line : LinesOf(path_)) {
    const auto id = HexDecode(line.substr(kHexBytes + 1));
    if (line.compare(0, kHexBytes, mark) == 0 && id.ok()) message = *id;
  }
  return message;
}

absl::Status DraftMemory::Note(const std::string& sender, std::string_view file,
                               std::string_view message_id) const {
  std::vector<std::string> lines = LinesOf(path_);
  lines.push_back(Cat({MarkOf(sender, file), " ", HexEncode(message_id)}));
  std::string text;
  for (size_t i = lines.size() - std::min(lines.size(), kMaxDrafts); i < lines.size(); ++i) {
    text += Cat({lines[i], "\n"});
  }
  return WriteFileAtomic(path_, text, 0600);
}

}  // namespace palermo::desk
