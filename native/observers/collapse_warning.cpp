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

// Not of a critic, whose scores should differ as much as they can.
bool has_won(const Metrics& train) {
  const auto has = [&](const char* name) {
    return std::ranges::find(train, name, &Metric::name) != train.end();
  };
  return has("js") && has("d_real") && value_of(train, "js") >= kShare * kLargestJs;
}

class CollapseWarning : public RunObserver {
 public:
  explicit CollapseWarning(Notify notify) : notify_(std::move(notify)) {}

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    if (has_warned_ || !has_won(epoch.metrics.train)) return {};
    has_warned_ = true;
    notify_(fmt::format(
        "{}: epoch {}: the discriminator tells all samples from real images (js {:.5g}, at most "
        "{:.5g}), so the generator hardly learns; if this lasts, train again with another --seed, "
        "or with --set loss.label_smoothing=0.1",
        run.folder().path().string(), epoch.metrics.epoch, value_of(epoch.metrics.train, "js"),
        kLargestJs));
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
