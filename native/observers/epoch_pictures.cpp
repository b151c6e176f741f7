#include "native/observers/epoch_pictures.h"

#include "native/views/pictures.h"

namespace pumice::observers {
namespace {

constexpr uint32_t kReconstructions = 50;
constexpr uint32_t kReconstructionColumns = 10;

formats::Picture reconstructions(TrainingRun& run) {
  const data::ImageSet& test = run.data().test;
  const std::vector<uint32_t> indices = views::first_indices(test, kReconstructions);
  const std::vector<float> originals = views::to_values(test, indices);
  const std::vector<float> copies =
      run.inference().reconstruct(originals, views::to_labels(test, indices));
  return views::pairs_picture(run.inference().picture(), originals, copies, kReconstructionColumns);
}

}  // namespace

const std::vector<EpochPicture>& EpochPictures::of(TrainingRun& run) {
  if (epoch_ == run.epoch()) return pictures_;
  pictures_.clear();
  epoch_ = run.epoch();
  models::Inference& inference = run.inference();
  if (!inference.can_decode()) return pictures_;
  pictures_.push_back({"samples", run.folder().samples(epoch_),
                       views::samples_picture(inference, run.recipe().seed)});
  if (inference.can_encode()) {
    pictures_.push_back(
        {"reconstructions", run.folder().reconstructions(epoch_), reconstructions(run)});
  }
  return pictures_;
}

}  // namespace pumice::observers
