#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include "engine/base/metrics.h"

namespace pumice::system {

enum class ProgressStyle : uint8_t {
  kBar,    ///< for terminals: one line that is redrawn, and one per epoch that stays
  kLines,  ///< for files and pipes: a line per epoch, and every ten seconds within long ones
  kSilent,
};

/// The style for `out`; silent if the caller wants no text (--json, --quiet).
ProgressStyle progress_style(std::FILE* out, bool silent);

/// The width of the terminal in characters; 80 if `out` is not a terminal.
size_t terminal_width(std::FILE* out);

/// A run's progress.
struct ProgressState {
  uint32_t epoch = 1;
  uint32_t epochs = 1;
  uint64_t images = 0;  ///< of this epoch
  uint64_t images_per_epoch = 1;
  double images_per_second = 0;  ///< 0 if unknown
  double seconds_left = 0;       ///< of the whole run; 0 if unknown
  Metrics metrics;
};

/// "epoch 3/200 [=====>    ] 62% 41231 images/s loss 103.42 ETA 1:32:10", at most `width`
/// characters; what does not fit is left out, the bar first.
std::string bar_line(const ProgressState& state, size_t width);

/// "0:07", "12:05", "1:32:10".
std::string duration_text(double seconds);

/// Shows the progress of a training run.
class Progress {
 public:
  using Clock = std::function<double()>;  ///< seconds

  /// A run resumed from a checkpoint has a `first_epoch` above 1; `first_images` of it may
  /// already be done.
  Progress(std::FILE* out, ProgressStyle style, uint32_t epochs, uint64_t images_per_epoch,
           uint32_t first_epoch = 1, Clock clock = {}, uint64_t first_images = 0);
  /// Erases a bar that is still shown.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// May be called at any rate: the bar is redrawn ten times a second, lines are printed every ten
  /// seconds.
  void update(uint64_t images, const Metrics& metrics);

  /// Ends the epoch with a line that stays.
  void end_epoch(const Metrics& metrics);

  /// Prints a line of text that stays, above the bar.
  void message(std::string_view text);

 private:
  void clear_bar();
  ProgressState state_at(double now, uint64_t images) const;

  std::FILE* out_;
  ProgressStyle style_;
  uint32_t epoch_;
  uint32_t first_epoch_;
  uint64_t first_images_;
  uint32_t epochs_;
  uint64_t images_per_epoch_;
  Clock clock_;
  double started_;
  double epoch_started_;
  double trained_;  ///< time of the last update in this epoch
  double show_at_;
  uint64_t images_ = 0;  ///< of this epoch, at the last update
  bool bar_stands_ = false;
};

}  // namespace pumice::system
