#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "native/observers/observers.h"
#include "native/training/training_run.h"

namespace pumice::observers {
namespace {

// The divergence of two distributions that do not overlap.
constexpr double kLargestJs = std::numbers::ln2;

// Of the largest: lower values are common in a GAN's first epochs, and pass.
constexpr double kShare = 0.999;

class CollapseWarning : public RunObserver {
 public:
  explicit CollapseWarning(Notify notify) : notify_(std::move(notify)) {}

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    const auto js = std::ranges::find(epoch.metrics.train, "js", &Metric::name);
    if (has_warned_ || js == epoch.metrics.train.end() || js->value < kShare * kLargestJs) {
      return {};
    }
    has_warned_ = true;
    notify_(fmt::format(
        "{}: epoch {}: the discriminator tells all samples from real images (js {:.5g}, at most "
        "{:.5g}), so the generator hardly learns; if this lasts, train again with another --seed "
        "or "
        "--set loss.label_smoothing=0.1",
        run.folder().path().string(), epoch.metrics.epoch, js->value, kLargestJs));
    return {};
  }

 private:
  Notify notify_;
  bool has_warned_ = false;
};

}  // namespace

Observer collapse_warning(const Notify& notify) {
  return std::make_unique<CollapseWarning>(notify);
}

}  // namespace pumice::observers
