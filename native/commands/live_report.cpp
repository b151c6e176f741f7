#include "native/commands/live_report.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>

#include "native/report/report_page.h"
#include "native/serving/http_server.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr uint16_t kWatchPort = 8081;
constexpr std::chrono::seconds kStepsAge{15};  // of the curves by step on the page
constexpr std::chrono::seconds kOpen{5};       // since its last request, a page is still open
constexpr std::chrono::seconds kFarewell{5};   // for the last state; pages ask every 2 s

/// How often a file was written, in units of `unit`; 0 if there is none.
int64_t age_of(const fs::path& file, std::chrono::seconds unit) {
  std::error_code error;
  const fs::file_time_type time = fs::last_write_time(file, error);
  return error ? 0 : time.time_since_epoch() / unit;
}

}  // namespace

struct LiveReport::State {
  std::vector<RunFolder> runs;
  std::atomic<Clock::rep> asked{0};  ///< when a page last asked for the state
  std::atomic<bool> has_ended{false};
  std::atomic<bool> is_delivered{false};  ///< a page has been loaded since
  std::unique_ptr<serving::HttpServer> server;

  serving::HttpAnswer answer(const serving::HttpRequest& request) {
    asked = Clock::now().time_since_epoch().count();
    if (request.path == "/state") {
      return {.headers = {{"Content-Type", "text/plain"}}, .body = live_state(runs)};
    }
    require(request.path == "/", "{}: expected /", request.path);
    const bool is_last = has_ended;
    serving::HttpAnswer page{.headers = {{"Content-Type", "text/html; charset=utf-8"}},
                             .body = live_page(runs)};
    if (is_last) is_delivered = true;
    return page;
  }
};

LiveReport::LiveReport(std::vector<RunFolder> runs, const Session& session)
    : state_(std::make_unique<State>()) {
  state_->runs = std::move(runs);
  const auto handler = [state = state_.get()](const serving::HttpRequest& request) {
    return state->answer(request);
  };
  try {
    state_->server = std::make_unique<serving::HttpServer>("127.0.0.1", kWatchPort, handler);
  } catch (const Error&) {
    state_->server = std::make_unique<serving::HttpServer>("127.0.0.1", 0, handler);
  }
  session.print(fmt::format("watch at {}", state_->server->url()),
                {{"event", "watch"}, {"url", state_->server->url()}});
  std::cout.flush();
}

LiveReport::~LiveReport() {
  state_->has_ended = true;
  const Clock::time_point now = Clock::now();
  const Clock::time_point asked{Clock::duration(state_->asked.load())};
  if (state_->asked == 0 || now - asked > kOpen) return;
  while (!state_->is_delivered && Clock::now() - now < kFarewell) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

std::string live_state(const std::vector<RunFolder>& runs) {
  std::string state;
  for (const RunFolder& run : runs) {
    std::error_code error;
    const uintmax_t metrics = fs::file_size(run.metrics(), error);
    state += fmt::format("{}.{}.{} ", error ? 0 : metrics, age_of(run.steps(), kStepsAge),
                         age_of(run.report(), std::chrono::seconds(1)));
  }
  return state;
}

std::string live_page(const std::vector<RunFolder>& runs) {
  std::vector<report::ReportedRun> reported;
  for (const RunFolder& run : runs) {
    reported.push_back({run, run.path().filename().string()});
  }
  report::tell_apart(reported);
  const std::string state = live_state(runs);  // before the files are read, which may be newer
  return report::live_report_page(reported, state);
}

}  // namespace pumice::commands
