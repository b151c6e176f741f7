#include "native/commands/served_answer.h"

#include <httplib.h>

namespace pumice::commands {

bool is_known(const httplib::Request& request, httplib::Response& response,
              const std::string& tag) {
  constexpr int kNotModified = 304;
  response.set_header("ETag", tag);
  if (request.get_header_value("If-None-Match").find(tag) == std::string::npos) return false;
  response.status = kNotModified;
  return true;
}

void take_over_ranges(httplib::Server& server) {
  server.set_pre_routing_handler([](const httplib::Request& request, httplib::Response&) {
    const_cast<httplib::Request&>(request).ranges.clear();
    return httplib::Server::HandlerResponse::Unhandled;
  });
}

}  // namespace pumice::commands
