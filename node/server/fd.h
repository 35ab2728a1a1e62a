// A file descriptor that is closed with its object. Internal to this room.
#ifndef PALERMO_NODE_SERVER_FD_H_
#define PALERMO_NODE_SERVER_FD_H_

#include <unistd.h>

#include <utility>

namespace palermo::server {

class Fd {
 public:
  // Negative: none was opened.
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace palermo::server

#endif  // PALERMO_NODE_SERVER_FD_H_
