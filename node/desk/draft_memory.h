// Which files this desk has drafted, so that nobody sends one twice without knowing. It keeps
// hashes and message ids, nothing of what the files say.
#ifndef PALERMO_NODE_DESK_DRAFT_MEMORY_H_
#define PALERMO_NODE_DESK_DRAFT_MEMORY_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace palermo::desk {

// Not thread-safe. A file that is lost or cannot be read is an empty memory: it only warns.
class DraftMemory {
 public:
  explicit DraftMemory(const std::string& home);

  // The id of the message that this file became for this sender last; "" when it became none.
  std::string Find(const std::string& sender, std::string_view file) const;
  // The oldest goes when there are too many. CANNOT_WRITE.
  absl::Status Note(const std::string& sender, std::string_view file,
                    std::string_view message_id) const;

 private:
  const std::string path_;
};

}  // namespace palermo::desk

#endif  // PALERMO_NODE_DESK_DRAFT_MEMORY_H_
