#pragma once

#include <cstdint>
#include <string>

namespace pumice::serving {

/// A socket that listens at an IPv4 or IPv6 address; port 0 means any free port. Throws Error if
/// the text is not an address of this machine, or the port is taken.
int listen_at(const std::string& address, uint16_t port);

/// The port at which the socket listens.
uint16_t port_of(int socket);

/// Lets this process have as many open files, and so connections, as the system allows, up to
/// `wanted`. Returns the number.
uint64_t raise_open_files(uint64_t wanted);

}  // namespace pumice::serving
