#include "native/observers/epoch_images.h"

#include "native/views/images.h"

namespace pumice::observers {
namespace {

constexpr uint32_t kReconstructions = 50;
constexpr uint32_t kReconstructionColumns = 10;

formats::Image reconstructions(TrainingRun& run) {
  const data::ImageSet& test = run.data().test;
  const std::vector<uint32_t> indices = views::first_indices(test, kReconstructions);
  const std::vector<float> originals = views::to_values(test, indices);
  const std::vector<float> copies =
      run.inference().reconstruct(originals, views::to_labels(test, indices));
  return views::pairs_image(run.inference().image(), originals, copies, kReconstructionColumns);
}

}  // namespace

const std::vector<EpochImage>& EpochImages::of(TrainingRun& run, uint32_t epoch) {
  if (epoch_ == epoch) return images_;
  images_.clear();
  epoch_ = epoch;
  models::Inference& inference = run.inference();
  if (!inference.can_decode()) return images_;
  images_.push_back({"samples", run.folder().samples(epoch_),
                     views::samples_image(inference, run.recipe().seed)});
  if (inference.can_encode()) {
    images_.push_back(
        {"reconstructions", run.folder().reconstructions(epoch_), reconstructions(run)});
  }
  return images_;
}

}  // namespace pumice::observers
