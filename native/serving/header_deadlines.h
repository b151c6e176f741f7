#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

namespace pumice::serving {

/// Shuts connections down whose client does not complete a request's headers in time: libmicrohttpd
/// only knows how long a client was silent. Any thread may call.
class HeaderDeadlines {
 public:
  explicit HeaderDeadlines(std::chrono::seconds patience);
  ~HeaderDeadlines();
  HeaderDeadlines(const HeaderDeadlines&) = delete;
  HeaderDeadlines& operator=(const HeaderDeadlines&) = delete;

  /// The time for the next request's headers begins.
  void expect_headers(int socket);
  /// The headers are complete, or the connection is closed: the socket is left alone, until
  /// expect_headers(). Once this returns, it may be closed and its number used for another.
  void leave_alone(int socket);

 private:
  using Clock = std::chrono::steady_clock;

  void watch();

  std::chrono::seconds patience_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::map<int, Clock::time_point> deadlines_;
  std::thread thread_;
};

}  // namespace pumice::serving
