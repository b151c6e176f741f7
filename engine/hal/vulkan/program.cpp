#include "engine/hal/vulkan/program.h"

#include <algorithm>
#include <chrono>

#include "engine/hal/vulkan/recording.h"
#include "engine/hal/vulkan/timestamps.h"

namespace pumice::hal::vulkan {
namespace {

// Pieces of a dispatch whose time is not known: the first may be submitted alone.
constexpr uint32_t kTrialPieces = 256;
constexpr double kGrowth = 4;
constexpr double kTrialShare = 0.25;  // of the time that a submission may take

/// Keeps an object until the device is done with it, even after an exception.
struct Retirement {
  Queue& queue;
  std::shared_ptr<void> object;
  ~Retirement() { queue.retire(object); }
};

}  // namespace

Program::Program(std::shared_ptr<Queue> queue, std::shared_ptr<Pipelines> pipelines,
                 const Plan& plan, const SubmissionLimits& limits)
    : queue_(std::move(queue)),
      pipelines_(std::move(pipelines)),
      buffers_(plan.buffers),
      limits_(limits) {
  pipelines_->prepare(plan);
  recording_ = std::make_shared<Recording>(queue_->context(), *pipelines_, plan);
  limits_.seconds > 0 ? void(unmeasured_ = plan) : record(plan, {});
}

Program::~Program() { queue_->retire(std::move(recording_)); }

void Program::record(const Plan& plan, std::span<const double> seconds) {
  for (const std::vector<Piece>& pieces : submissions_of(plan, seconds, limits_)) {
    commands_.push_back(recording_->record(plan, pieces));
  }
}

void Program::run() {
  if (unmeasured_) {
    const std::vector<double> seconds = run_and_measure();
    recording_->clear();
    record(*unmeasured_, seconds);
    unmeasured_.reset();
  } else {
    for (VkCommandBuffer commands : commands_) queue_->submit({&commands, 1});
  }
}

std::optional<double> Program::run_timed() {
  const Context& context = queue_->context();
  if (context.physical().timestamp_bits == 0 || commands_.empty()) {
    run();
    queue_->finish();
    return std::nullopt;
  }
  queue_->finish();
  const auto timestamps = std::make_shared<Timestamps>(context);
  const Retirement retirement = {*queue_, timestamps};
  for (size_t i = 0; i < commands_.size(); ++i) {
    std::vector<VkCommandBuffer> submission = {commands_[i]};
    if (i == 0) submission.insert(submission.begin(), timestamps->begin());
    if (i + 1 == commands_.size()) submission.push_back(timestamps->end());
    queue_->submit(submission);
  }
  queue_->finish();
  return timestamps->seconds();
}

std::vector<double> Program::run_and_measure() {
  queue_->finish();  // earlier work is not part of the measurement
  std::vector<double> seconds;
  for (size_t i = 0; i < unmeasured_->dispatches.size(); ++i) {
    seconds.push_back(run_and_measure(i));
  }
  return seconds;
}

// The first piece may include the compilation of the pipeline: hence pieces are not more, but tried
// again, if it was slow.
double Program::run_and_measure(size_t dispatch) {
  const std::vector<Piece> pieces = in_pieces(*unmeasured_, dispatch, kTrialPieces);
  double total = 0, count = 1;
  for (size_t at = 0; at < pieces.size();) {
    const size_t now = std::min(static_cast<size_t>(count), pieces.size() - at);
    const double seconds = seconds_of(std::span(pieces).subspan(at, now));
    const double allowed = kTrialShare * limits_.seconds / std::max(seconds, 1e-9);
    count = std::max(1.0, double(now) * std::min(kGrowth, allowed));
    at += now;
    total += seconds;
  }
  return total;
}

double Program::seconds_of(std::span<const Piece> pieces) {
  const auto begin = std::chrono::steady_clock::now();
  const VkCommandBuffer commands = recording_->record(*unmeasured_, pieces);
  queue_->wait(queue_->submit({&commands, 1}));
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace pumice::hal::vulkan
