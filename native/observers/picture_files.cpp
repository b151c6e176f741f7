#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

class PictureFiles : public RunObserver {
 public:
  explicit PictureFiles(std::shared_ptr<EpochPictures> pictures) : pictures_(std::move(pictures)) {}

  Figures on_epoch(TrainingRun& run, const Epoch& /*epoch*/) override {
    for (const EpochPicture& picture : pictures_->of(run)) {
      make_folder_of(picture.file);
      formats::write_grid(picture.file, picture.grid);
    }
    return {};
  }

 private:
  std::shared_ptr<EpochPictures> pictures_;
};

}  // namespace

Observer picture_files(std::shared_ptr<EpochPictures> pictures) {
  return std::make_unique<PictureFiles>(std::move(pictures));
}

}  // namespace pumice::observers
