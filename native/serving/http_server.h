#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "native/serving/http.h"

namespace pumice::serving {

/// A web server, by GNU libmicrohttpd: a few threads that wait for all connections at once, so that
/// slow clients cost memory (32 KiB each) but delay nobody.
class HttpServer {
 public:
  using Handler = std::function<HttpAnswer(const HttpRequest&)>;

  /// Listens at `address` (IPv4 or IPv6) and answers in threads of its own with what `handler`
  /// returns, which several of them call at once; an Error becomes an answer 404 with its text.
  /// Refuses other methods than GET and HEAD, headers of more than 32 KiB, headers that are not
  /// complete 10 s after the connection or the last answer, clients that take less than 30,000
  /// bytes of an answer in a minute, and requests whose Host names another machine. Port 0: any
  /// free port. Throws Error if the address is not this machine's or the port is taken.
  HttpServer(const std::string& address, uint16_t port, Handler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  uint16_t port() const;
  /// "http://127.0.0.1:8080/".
  std::string url() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pumice::serving
