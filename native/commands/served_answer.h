#pragma once

#include <string>

namespace httplib {
class Server;
struct Request;
struct Response;
}  // namespace httplib

namespace pumice::commands {

/// Gives the answer an entity tag. If the browser has the bytes with this tag already, completes
/// the answer as 304 Not Modified and returns true.
bool is_known(const httplib::Request& request, httplib::Response& response, const std::string& tag);

/// Leaves ranges to our own functions: cpp-httplib would apply them itself, to every answer, and
/// older versions without regard for its size.
void take_over_ranges(httplib::Server& server);

}  // namespace pumice::commands
