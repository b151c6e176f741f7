#include "native/serving/http_server.h"

#include <microhttpd.h>
#include <unistd.h>

#include <algorithm>

#include "engine/base/lowered.h"
#include "engine/base/require.h"
#include "native/serving/client_deadlines.h"
#include "native/serving/listen.h"

namespace pumice::serving {
namespace {

constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kNotAllowed = 405;
constexpr unsigned kTooLarge = 413;

// The library gives each thread an equal part, but whichever thread wakes takes a connection.
constexpr uint64_t kConnections = 8192;
constexpr uint64_t kOtherFiles = 64;  ///< that this process has open besides connections
constexpr unsigned kThreads = 4;
constexpr size_t kConnectionBytes = 32 << 10;

/// With every answer: nothing is taken for another type than it was sent as, shown in a frame of a
/// stranger's page or read by one; and the page may use threads.
constexpr std::pair<const char*, const char*> kHeaders[] = {
    {"Cache-Control", "no-cache"},
    {"Content-Security-Policy",
     "frame-ancestors 'self'; object-src 'none'; base-uri 'none'; form-action 'none'"},
    {"Cross-Origin-Embedder-Policy", "require-corp"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
    {"X-Content-Type-Options", "nosniff"},
};

std::vector<std::string> names_of_this_machine() {
  char name[256] = {};
  if (gethostname(name, sizeof(name) - 1) != 0) return {};
  const std::string own = lowered(name);
  return {own, own + ".local"};
}

struct FreeResponse {
  void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, FreeResponse>;

Response response_of(const std::string& text) {
  return Response(MHD_create_response_from_buffer(text.size(), const_cast<char*>(text.data()),
                                                  MHD_RESPMEM_MUST_COPY));
}

// The library holds a reference while it sends.
Response response_of(const SharedText& text) {
  return Response(MHD_create_response_from_buffer_with_free_callback_cls(
      text->size(), const_cast<char*>(text->data()),
      [](void* reference) { delete static_cast<SharedText*>(reference); }, new SharedText(text)));
}

Response response_of(const FilePart& part) {
  return Response(MHD_create_response_from_fd_at_offset64(part.bytes, part.descriptor, part.begin));
}

MHD_Result send(MHD_Connection* connection, const HttpAnswer& answer) {
  const Response response =
      std::visit([](const auto& body) { return response_of(body); }, answer.body);
  if (!response) return MHD_NO;
  for (const auto& [name, value] : kHeaders) MHD_add_response_header(response.get(), name, value);
  for (const auto& [name, value] : answer.headers) {
    MHD_add_response_header(response.get(), name.c_str(), value.c_str());
  }
  return MHD_queue_response(connection, answer.status, response.get());
}

int socket_of(MHD_Connection* connection) {
  return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

bool is_read(std::string_view method) {
  return method == MHD_HTTP_METHOD_GET || method == MHD_HTTP_METHOD_HEAD;
}

bool has_body(const HttpRequest& request) {
  const std::string bytes = request.header("Content-Length");
  return (!bytes.empty() && bytes != "0") || !request.header("Transfer-Encoding").empty();
}

}  // namespace

struct HttpServer::State {
  std::string address;
  uint16_t port = 0;
  Handler handler;
  std::vector<std::string> names = names_of_this_machine();
  ClientDeadlines deadlines{ClientLimits{}};
  MHD_Daemon* daemon = nullptr;

  HttpAnswer answer(std::string_view method, const HttpRequest& request) const {
    if (!is_read(method)) {
      HttpAnswer refusal = text_answer(kNotAllowed, "serve: expected GET or HEAD");
      refusal.headers.emplace_back("Allow", "GET, HEAD");
      return refusal;
    }
    if (has_body(request))
      return text_answer(kTooLarge, "serve: expected a request without a body");
    if (!names_this_machine(request.header("Host"), names)) {
      return text_answer(kForbidden, "serve: expected the address of this machine as Host");
    }
    try {
      return handler(request);
    } catch (const std::exception& error) {  // for example, the run is being replaced
      return text_answer(kNotFound, error.what());
    }
  }

  static void on_connection(void* state, MHD_Connection* connection, void**,
                            MHD_ConnectionNotificationCode event) {
    ClientDeadlines& deadlines = static_cast<State*>(state)->deadlines;
    if (event == MHD_CONNECTION_NOTIFY_STARTED) deadlines.expect_headers(socket_of(connection));
    if (event == MHD_CONNECTION_NOTIFY_CLOSED) deadlines.leave_alone(socket_of(connection));
  }

  static void on_completed(void* state, MHD_Connection* connection, void**,
                           MHD_RequestTerminationCode) {
    static_cast<State*>(state)->deadlines.expect_headers(socket_of(connection));
  }

  static MHD_Result on_request(void* state, MHD_Connection* connection, const char* path,
                               const char* method, const char*, const char*, size_t*, void** seen) {
    const HttpRequest request{
        .path = path, .header = [connection](const char* name) -> std::string {
          const char* value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
          return value != nullptr ? value : "";
        }};
    ClientDeadlines& deadlines = static_cast<State*>(state)->deadlines;
    const int socket = socket_of(connection);
    if (*seen == nullptr) deadlines.leave_alone(socket);
    // The library calls once with the headers, where an answer ends the connection, and once more
    // at the end of the request.
    if (is_read(method) && !has_body(request) && std::exchange(*seen, state) == nullptr) {
      return MHD_YES;
    }
    const HttpAnswer answer = static_cast<State*>(state)->answer(method, request);
    deadlines.expect_progress(socket);
    return send(connection, answer);
  }
};

HttpServer::HttpServer(const std::string& address, uint16_t port, Handler handler)
    : state_(std::make_unique<State>()) {
  const int listener = listen_at(address, port);
  state_->address = address;
  state_->port = port_of(listener);
  state_->handler = std::move(handler);
  const uint64_t files = raise_open_files(kConnections + kOtherFiles);
  const auto connections = static_cast<unsigned>(
      std::clamp<uint64_t>(files - std::min(files, kOtherFiles), kThreads, kConnections));
  state_->daemon = MHD_start_daemon(
      MHD_USE_AUTO_INTERNAL_THREAD, 0, nullptr, nullptr, &State::on_request, state_.get(),
      MHD_OPTION_LISTEN_SOCKET, listener, MHD_OPTION_THREAD_POOL_SIZE, kThreads,
      MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      kConnectionBytes, MHD_OPTION_NOTIFY_CONNECTION, &State::on_connection, state_.get(),
      MHD_OPTION_NOTIFY_COMPLETED, &State::on_completed, state_.get(), MHD_OPTION_END);
  if (state_->daemon == nullptr) close(listener);
  require(state_->daemon != nullptr, "serve: cannot start the server's threads");
}

HttpServer::~HttpServer() { MHD_stop_daemon(state_->daemon); }

uint16_t HttpServer::port() const { return state_->port; }

std::string HttpServer::url() const {
  const bool is_new = state_->address.find(':') != std::string::npos;
  return fmt::format(fmt::runtime(is_new ? "http://[{}]:{}/" : "http://{}:{}/"), state_->address,
                     state_->port);
}

}  // namespace pumice::serving
