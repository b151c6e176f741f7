#include "native/formats/event_file.h"
#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

Figures scalars_of(const Epoch& epoch) {
  Figures scalars;
  for (const Figure& figure : epoch.figures.train) {
    scalars.push_back({"train/" + figure.name, figure.value});
  }
  for (const Figure& figure : epoch.figures.test) {
    scalars.push_back({"test/" + figure.name, figure.value});
  }
  scalars.push_back({"speed/seconds", epoch.speed.seconds});
  scalars.push_back({"speed/images_per_second", epoch.speed.images_per_second});
  return scalars;
}

// TensorBoard shows ten pictures per tag: storing every one would only bloat a long run's file.
bool shows_pictures(uint32_t epoch) { return epoch <= 10 || epoch % 10 == 0; }

class TensorBoard : public RunObserver {
 public:
  explicit TensorBoard(std::shared_ptr<EpochPictures> pictures) : pictures_(std::move(pictures)) {}

  void on_begin(TrainingRun& run) override { file_.emplace(run.folder().path(), run.epoch() + 1); }

  Figures on_epoch(TrainingRun& run, const Epoch& epoch) override {
    file_->scalars(run.epoch(), scalars_of(epoch));
    if (!shows_pictures(run.epoch())) return {};
    for (const EpochPicture& picture : pictures_->of(run)) {
      file_->picture(run.epoch(), picture.tag, picture.grid);
    }
    return {};
  }

 private:
  std::shared_ptr<EpochPictures> pictures_;
  std::optional<formats::EventFile> file_;
};

}  // namespace

Observer tensorboard(std::shared_ptr<EpochPictures> pictures) {
  return std::make_unique<TensorBoard>(std::move(pictures));
}

}  // namespace pumice::observers
