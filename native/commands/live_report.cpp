#include "native/commands/live_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "native/report/report_page.h"
#include "native/serving/http_server.h"

namespace pumice::commands {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::string_view kState = "/state/";
constexpr size_t kMostTabs = 100;
constexpr uint16_t kWatchPort = 8081;
constexpr std::chrono::seconds kStepsAge{15};  // of the curves by step on the page
constexpr std::chrono::seconds kOpen{5};       // since its last request, a page is still open
constexpr std::chrono::seconds kFarewell{8};   // for the last state; pages ask every 2 s

/// How often a file was written, in units of `unit`; 0 if there is none.
int64_t age_of(const fs::path& file, std::chrono::seconds unit) {
  std::error_code error;
  const fs::file_time_type time = fs::last_write_time(file, error);
  return error ? 0 : time.time_since_epoch() / unit;
}

}  // namespace

struct LiveReport::State {
  /// A tab of a browser.
  struct Tab {
    Clock::time_point asked;
    std::string shown;  ///< the state that its page has
  };

  std::vector<RunFolder> runs;
  std::mutex mutex;
  std::map<std::string, Tab> tabs;  ///< by the name that each gives itself
  std::unique_ptr<serving::HttpServer> server;

  serving::HttpAnswer answer(const serving::HttpRequest& request) {
    if (request.path.starts_with(kState)) {
      note(std::string_view(request.path).substr(kState.size()));
      return {.headers = {{"Content-Type", "text/plain"}}, .body = live_state(runs)};
    }
    require(request.path == "/", "{}: expected /", request.path);
    return {.headers = {{"Content-Type", "text/html; charset=utf-8"}}, .body = live_page(runs)};
  }

  /// `words`: the tab's name and the state that it shows, with a slash between.
  void note(std::string_view words) {
    const size_t slash = words.find('/');
    if (slash == words.npos) return;
    const std::lock_guard lock(mutex);
    if (tabs.size() == kMostTabs) tabs.erase(tabs.begin());
    tabs[std::string(words.substr(0, slash))] = {Clock::now(),
                                                 std::string(words.substr(slash + 1))};
  }

  /// Whether all tabs that are still open show the last state.
  bool is_delivered(const std::string& last) {
    const std::lock_guard lock(mutex);
    return std::ranges::all_of(tabs, [&](const auto& entry) {
      const Tab& tab = entry.second;
      return tab.shown == last || Clock::now() - tab.asked > kOpen;
    });
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
  const Clock::time_point begin = Clock::now();
  const std::string last = live_state(state_->runs);
  while (!state_->is_delivered(last) && Clock::now() - begin < kFarewell) {
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
  report::distinguish_names(reported);
  const std::string state = live_state(runs);  // before the files are read, which may be newer
  return report::live_report_page(reported, state);
}

}  // namespace pumice::commands
