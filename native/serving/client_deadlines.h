#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <thread>

namespace pumice::serving {

/// What a client must keep to.
struct ClientLimits {
  /// For a request's headers to be complete, since the client connected or its last answer was
  /// sent.
  std::chrono::seconds headers{10};
  /// As many bytes of an answer have to arrive in each of these spans, the first whole one on.
  std::chrono::seconds span{60};
  uint64_t bytes = 30'000;
};

/// Shuts down connections whose clients are too slow: libmicrohttpd only knows when a socket last
/// took bytes, which says little, as systems buffer megabytes. Any thread may call.
class ClientDeadlines {
 public:
  explicit ClientDeadlines(ClientLimits limits);
  ~ClientDeadlines();
  ClientDeadlines(const ClientDeadlines&) = delete;
  ClientDeadlines& operator=(const ClientDeadlines&) = delete;

  /// The time for the next request's headers begins.
  void expect_headers(int socket);
  /// An answer is being sent, which the client has to take.
  void expect_progress(int socket);
  /// An answer is being made, or the connection is closed: the socket is left alone until the next
  /// call. Once this returns, it may be closed and its number used for another.
  void leave_alone(int socket);

 private:
  using Clock = std::chrono::steady_clock;

  struct Client {
    bool takes_answer = false;
    Clock::time_point deadline{};  // not yet known: the answer has just begun
    uint64_t arrived = 0;          // bytes, when the span began
  };

  void expect(int socket, const Client& client);
  void watch();
  void shut_down_late_ones();
  bool is_late(int socket, Client& client, Clock::time_point now) const;

  ClientLimits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::map<int, Client> clients_;  // by socket
  std::thread thread_;
};

}  // namespace pumice::serving
