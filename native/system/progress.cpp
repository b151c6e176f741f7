#include "native/system/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>

#include "native/system/print.h"

namespace pumice::system {
namespace {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double fraction_done(const ProgressState& state) {
  return std::clamp(double(state.images) / double(std::max<uint64_t>(state.images_per_epoch, 1)),
                    0.0, 1.0);
}

std::string bar(double fraction, size_t length) {
  auto filled = static_cast<size_t>(std::lround(fraction * double(length)));
  std::string text = std::string(filled, '=') + std::string(length - filled, ' ');
  if (filled > 0 && filled < length) text[filled - 1] = '>';
  return "[" + text + "] ";
}

std::string metrics_text(const Metrics& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics) text += fmt::format("  {} {:.5g}", name, value);
  return text;
}

std::string counter(const ProgressState& state) {
  std::string epochs = fmt::to_string(state.epochs);
  return fmt::format("epoch {:>{}}/{}", state.epoch, epochs.size(), epochs);
}

std::string speed_text(const ProgressState& state) {
  if (state.images_per_second <= 0) return "";
  return fmt::format("  {:.0f} images/s", state.images_per_second);
}

std::string status(const ProgressState& state) {
  std::string text = fmt::format("{:3.0f}%", std::floor(fraction_done(state) * 100));
  text += speed_text(state) + metrics_text(state.metrics);
  if (state.seconds_left > 0) text += "  ETA " + duration_text(state.seconds_left);
  return text;
}

/// Time between two updates of the bar.
double seconds_between(ProgressStyle style) { return style == ProgressStyle::kBar ? 0.1 : 10; }

}  // namespace

size_t terminal_width(std::FILE* out) {
  winsize size{};
  bool known = ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

ProgressStyle progress_style(std::FILE* out, bool silent) {
  if (silent) return ProgressStyle::kSilent;
  const char* terminal = std::getenv("TERM");
  bool can_redraw = terminal != nullptr && std::string_view(terminal) != "dumb";
  return can_redraw && isatty(fileno(out)) != 0 ? ProgressStyle::kBar : ProgressStyle::kLines;
}

std::string duration_text(double seconds) {
  auto whole = static_cast<uint64_t>(std::llround(std::max(seconds, 0.0)));
  uint64_t hours = whole / 3600;
  uint64_t minutes = whole / 60 % 60;
  if (hours == 0) return fmt::format("{}:{:02}", minutes, whole % 60);
  return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
}

std::string bar_line(const ProgressState& state, size_t width) {
  constexpr size_t kLongestBar = 30;
  constexpr size_t kShortestBar = 8;
  std::string before = counter(state) + " ";
  std::string after = status(state);
  size_t texts = before.size() + after.size() + 3;
  if (texts + kShortestBar <= width) {
    before += bar(fraction_done(state), std::min(kLongestBar, width - texts));
  }
  return (before + after).substr(0, width);
}

Progress::Progress(std::FILE* out, ProgressStyle style, uint32_t epochs, uint64_t images_per_epoch,
                   uint32_t first_epoch, Clock clock, uint64_t first_images)
    : out_(out),
      style_(style),
      epoch_(first_epoch),
      first_epoch_(first_epoch),
      first_images_(first_images),
      epochs_(epochs),
      images_per_epoch_(images_per_epoch),
      clock_(clock ? std::move(clock) : steady_seconds),
      started_(clock_()),
      epoch_started_(started_),
      trained_(started_),
      show_at_(style == ProgressStyle::kBar ? started_ : started_ + seconds_between(style)) {}

Progress::~Progress() {
  clear_bar();
  std::fflush(out_);
}

ProgressState Progress::state_at(double now, uint64_t images) const {
  ProgressState state{.epoch = epoch_,
                      .epochs = epochs_,
                      .images = images,
                      .images_per_epoch = images_per_epoch_,
                      .metrics = {}};
  double before = epoch_ == first_epoch_ ? double(first_images_) : 0;
  if (now > epoch_started_) {
    state.images_per_second = (double(images) - before) / (now - epoch_started_);
  }
  double skipped = double(first_images_);
  double done =
      double(epoch_ - first_epoch_) * double(images_per_epoch_) + double(images) - skipped;
  double all = (double(epochs_) - first_epoch_ + 1) * double(images_per_epoch_) - skipped;
  if (done > 0) state.seconds_left = (now - started_) * (all - done) / done;
  return state;
}

void Progress::update(uint64_t images, const Metrics& metrics) {
  double now = clock_();
  images_ = images;
  trained_ = now;
  if (now < show_at_) return;
  show_at_ = now + seconds_between(style_);
  ProgressState state = state_at(now, images);
  state.metrics = metrics;
  if (style_ != ProgressStyle::kBar) return message(counter(state) + " " + status(state));
  // A line as wide as the terminal would wrap on some terminals.
  print(out_, "\r" + bar_line(state, terminal_width(out_) - 1) + "\x1b[K");
  bar_stands_ = true;
}

void Progress::end_epoch(const Metrics& metrics) {
  double now = clock_();
  ProgressState state = state_at(trained_, images_);
  message(fmt::format("{}{}{}  {:.1f} s", counter(state), metrics_text(metrics), speed_text(state),
                      now - epoch_started_));
  ++epoch_;
  images_ = 0;
  epoch_started_ = trained_ = now;
  show_at_ = now + seconds_between(style_);
}

void Progress::message(std::string_view text) {
  if (style_ == ProgressStyle::kSilent) return;
  clear_bar();
  print(out_, std::string(text) + "\n");
}

void Progress::clear_bar() {
  if (!bar_stands_) return;
  print(out_, "\r\x1b[K");
  bar_stands_ = false;
}

}  // namespace pumice::system
