#include "native/serving/header_deadlines.h"

#include <sys/socket.h>

namespace pumice::serving {

HeaderDeadlines::HeaderDeadlines(std::chrono::seconds patience)
    : patience_(patience), thread_([this] { watch(); }) {}

HeaderDeadlines::~HeaderDeadlines() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void HeaderDeadlines::expect_headers(int socket) {
  const std::lock_guard lock(mutex_);
  const bool sleeps = deadlines_.empty();
  deadlines_[socket] = Clock::now() + patience_;
  if (sleeps) changed_.notify_one();
}

void HeaderDeadlines::leave_alone(int socket) {
  const std::lock_guard lock(mutex_);
  deadlines_.erase(socket);
}

// Looks at all connections once a second, and sleeps while there are none. The library sees a
// socket that was shut down as one that its client closed.
void HeaderDeadlines::watch() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    if (deadlines_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::seconds(1));
    }
    const Clock::time_point now = Clock::now();
    std::erase_if(deadlines_, [now](const auto& connection) {
      const auto& [socket, deadline] = connection;
      const bool is_late = deadline <= now;
      if (is_late) shutdown(socket, SHUT_RDWR);
      return is_late;
    });
  }
}

}  // namespace pumice::serving
