#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

class ImageFiles : public RunObserver {
 public:
  explicit ImageFiles(std::shared_ptr<EpochImages> images) : images_(std::move(images)) {}

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override {
    for (const EpochImage& image : images_->of(run, epoch.metrics.epoch)) {
      make_folder_of(image.file);
      formats::write_grid(image.file, image.grid);
    }
    return {};
  }

 private:
  std::shared_ptr<EpochImages> images_;
};

}  // namespace

Observer image_files(std::shared_ptr<EpochImages> images) {
  return std::make_unique<ImageFiles>(std::move(images));
}

}  // namespace pumice::observers
