#include "native/serving/listen.h"

#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "engine/base/require.h"

namespace pumice::serving {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Addresses look_up(const std::string& address, uint16_t port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found);
  require(status == 0, "serve: --host expects an IPv4 or IPv6 address, found '{}'", address);
  return {found, &freeaddrinfo};
}

}  // namespace

int listen_at(const std::string& address, uint16_t port) {
  const Addresses found = look_up(address, port);
  const int listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  // A port that an earlier server has just left may be taken; one in use may not.
  const int yes = 1;
  const bool listens =
      listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) == 0 &&
      bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, SOMAXCONN) == 0;
  if (listens) return listener;
  const int reason = errno;
  if (listener >= 0) close(listener);
  fail("serve: cannot use port {} of {}: {}", port, address, std::strerror(reason));
}

uint16_t port_of(int socket) {
  sockaddr_storage place{};
  socklen_t bytes = sizeof(place);
  getsockname(socket, reinterpret_cast<sockaddr*>(&place), &bytes);
  const bool is_new = place.ss_family == AF_INET6;
  return ntohs(is_new ? reinterpret_cast<const sockaddr_in6&>(place).sin6_port
                      : reinterpret_cast<const sockaddr_in&>(place).sin_port);
}

uint64_t raise_open_files(uint64_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;  // what every system allows
  const rlimit raised{.rlim_cur = std::clamp<rlim_t>(wanted, limit.rlim_cur, limit.rlim_max),
                      .rlim_max = limit.rlim_max};
  return setrlimit(RLIMIT_NOFILE, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur;
}

}  // namespace pumice::serving
