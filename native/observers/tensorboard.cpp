#include "native/formats/event_file.h"
#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

Metrics scalars_of(const Epoch& epoch) {
  Metrics scalars;
  for (const Metric& metric : epoch.metrics.train) {
    scalars.push_back({"train/" + metric.name, metric.value});
  }
  for (const Metric& metric : epoch.metrics.test) {
    scalars.push_back({"test/" + metric.name, metric.value});
  }
  scalars.push_back({"speed/seconds", epoch.speed.seconds});
  scalars.push_back({"speed/images_per_second", epoch.speed.images_per_second});
  return scalars;
}

// TensorBoard shows ten images per tag: storing every one would only bloat a long run's file.
bool shows_images(uint32_t epoch) { return epoch <= 10 || epoch % 10 == 0; }

class TensorBoard : public RunObserver {
 public:
  explicit TensorBoard(std::shared_ptr<EpochImages> images) : images_(std::move(images)) {}

  void on_begin(TrainingRun& run) override { file_.emplace(run.folder().path(), run.epoch() + 1); }

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    const uint32_t number = epoch.metrics.epoch;
    file_->scalars(number, scalars_of(epoch));
    if (!shows_images(number) && !epoch.ends_budget) return {};
    for (const EpochImage& image : images_->of(run, number)) {
      file_->image(number, image.tag, image.grid);
    }
    return {};
  }

 private:
  std::shared_ptr<EpochImages> images_;
  std::optional<formats::EventFile> file_;
};

}  // namespace

Observer tensorboard(std::shared_ptr<EpochImages> images) {
  return std::make_unique<TensorBoard>(std::move(images));
}

}  // namespace pumice::observers
