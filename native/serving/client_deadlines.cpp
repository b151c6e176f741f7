#include "native/serving/client_deadlines.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace pumice::serving {
namespace {

/// Of all answers of a connection, what the client's system has acknowledged.
uint64_t arrived_bytes(int socket) {
  tcp_info facts{};
  socklen_t size = sizeof(facts);
  getsockopt(socket, IPPROTO_TCP, TCP_INFO, &facts, &size);
  return facts.tcpi_bytes_acked;
}

/// Nothing more is sent, so that the system need not keep the rest.
void reset_when_closed(int socket) {
  const linger none{.l_onoff = 1, .l_linger = 0};
  setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

}  // namespace

ClientDeadlines::ClientDeadlines(ClientLimits limits)
    : limits_(limits), thread_([this] { watch(); }) {}

ClientDeadlines::~ClientDeadlines() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ClientDeadlines::expect_headers(int socket) {
  expect(socket, {.deadline = Clock::now() + limits_.headers});
}

void ClientDeadlines::expect_progress(int socket) { expect(socket, {.takes_answer = true}); }

void ClientDeadlines::leave_alone(int socket) {
  const std::lock_guard lock(mutex_);
  clients_.erase(socket);
}

void ClientDeadlines::expect(int socket, const Client& client) {
  const std::lock_guard lock(mutex_);
  const bool sleeps = clients_.empty();
  clients_[socket] = client;
  if (sleeps) changed_.notify_one();
}

// Looks at all connections once a second, and sleeps while there are none.
void ClientDeadlines::watch() {
  std::unique_lock lock(mutex_);
  while (!ends_) {
    if (clients_.empty()) {
      changed_.wait(lock);
    } else {
      changed_.wait_for(lock, std::chrono::seconds(1));
    }
    shut_down_late_ones();
  }
}

// The library sees a socket that was shut down as one that its client closed.
void ClientDeadlines::shut_down_late_ones() {
  const Clock::time_point now = Clock::now();
  for (auto at = clients_.begin(); at != clients_.end();) {
    auto& [socket, client] = *at;
    if (is_late(socket, client, now)) {
      if (client.takes_answer) reset_when_closed(socket);
      shutdown(socket, SHUT_RDWR);
      at = clients_.erase(at);
    } else {
      ++at;
    }
  }
}

// Spans begin here, so that short answers cost nothing.
bool ClientDeadlines::is_late(int socket, Client& client, Clock::time_point now) const {
  const bool has_begun = client.deadline != Clock::time_point{};
  if (has_begun && now < client.deadline) return false;
  if (!client.takes_answer) return true;
  const uint64_t arrived = arrived_bytes(socket);
  if (has_begun && arrived < client.arrived + limits_.bytes) return true;
  client.arrived = arrived;
  client.deadline = now + limits_.span;
  return false;
}

}  // namespace pumice::serving
