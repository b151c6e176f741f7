#include <algorithm>
#include <limits>

#include "engine/base/count_of.h"
#include "engine/hal/null/null_device.h"
#include "engine/metrics/frechet.h"
#include "engine/metrics/inception_score.h"
#include "native/evaluation/features.h"
#include "native/observers/observers.h"

namespace pumice::observers {
namespace {

constexpr uint32_t kSplits = 10;

ExtractorChoice choose(const Recipe& recipe, const data::ImageSet& test,
                       const std::string& data_folder) {
  ExtractorChoice choice(recipe.evaluate.extractor, recipe.data, data_folder,
                         {test.height, test.width, test.channels});
  choice.require_enough(recipe.evaluate.samples, "samples (evaluate.samples)");
  choice.require_enough(test.count, "test images");
  return choice;
}

bool is_ever_due(const Recipe& recipe) {
  return recipe.train.epochs >= recipe.evaluate.every || recipe.train.minutes > 0;
}

class EpochEvaluation : public RunObserver {
 public:
  EpochEvaluation(hal::Device& device, const Recipe& recipe, const data::ImageSet& test,
                  const std::string& data_folder, const Notify& notify)
      : options_(recipe.evaluate), seed_(recipe.seed) {
    if (options_.every == 0) return;
    const ExtractorChoice choice = choose(recipe, test, data_folder);
    if (!is_ever_due(recipe)) return;
    extractor_ = choice.open(device, notify);
    real_ = metrics::fit_gaussian(features_of_images(extractor_, test, notify));
    basis_ = fmt::format("{}, {}, {}", count_of(options_.samples, "sample"),
                         count_of(test.count, "test image"), extractor_.text());
    const bool each = options_.every == 1;
    notify(fmt::format("FID every {}: {}", each ? "epoch" : count_of(options_.every, "epoch"),
                       basis_));
  }

  std::vector<std::string> metric_names() const override {
    if (options_.every == 0) return {};
    return {"fid", "inception_score"};
  }
  std::string metric_basis() const override { return basis_; }
  std::string extractor_hash() const override {
    return extractor_.network ? extractor_.hash_text() : "";
  }

  Metrics on_epoch(TrainingRun& run, const Epoch& epoch) override;

 private:
  Recipe::Evaluate options_;
  uint64_t seed_;
  OpenExtractor extractor_;
  metrics::Gaussian real_;
  std::string basis_;
};

// Always uses the same latents, so that only the model differs.
Metrics EpochEvaluation::on_epoch(TrainingRun& run, const Epoch& epoch) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (options_.every == 0) return {};
  if (epoch.metrics.epoch % options_.every != 0 && !epoch.ends_budget)
    return {{"fid", kNone}, {"inception_score", kNone}};
  const metrics::Features features = features_of_samples(run.inference(), *extractor_.network,
                                                         {.seed = seed_, .count = options_.samples})
                                         .features;
  return {{"fid", metrics::frechet_distance(real_, metrics::fit_gaussian(features))},
          {"inception_score",
           metrics::inception_score(features, std::min(kSplits, features.count)).mean}};
}

}  // namespace

Observer epoch_evaluation(hal::Device& device, const Recipe& recipe, const data::ImageSet& test,
                          const std::string& data_folder, const Notify& notify) {
  return std::make_unique<EpochEvaluation>(device, recipe, test, data_folder, notify);
}

uint64_t evaluation_memory(const hal::Limits& limits, const Recipe& recipe,
                           const data::ImageSet& test, const std::string& data_folder) {
  if (recipe.evaluate.every == 0 || !is_ever_due(recipe)) return 0;
  const ExtractorChoice choice = choose(recipe, test, data_folder);
  if (!choice.is_there()) return 0;
  hal::Limits unlimited = limits;
  unlimited.memory_bytes = 0;
  const auto device = hal::null::create_device(unlimited);
  const OpenExtractor extractor = choice.open(*device, [](const std::string& /*text*/) {});
  return device->counts().live_bytes;
}

}  // namespace pumice::observers
