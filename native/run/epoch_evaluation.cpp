#include "native/run/epoch_evaluation.h"

#include <algorithm>
#include <limits>

#include "engine/base/count_of.h"
#include "engine/metrics/inception_score.h"

namespace pumice {
namespace {

constexpr uint32_t kSplits = 10;

ExtractorChoice choose(const Recipe& recipe, const data::ImageSet& test) {
  ExtractorChoice choice(recipe.evaluate.extractor, recipe.data,
                         {test.height, test.width, test.channels});
  choice.require_enough(recipe.evaluate.samples, "samples (evaluate.samples)");
  choice.require_enough(test.count, "test pictures");
  return choice;
}

}  // namespace

EpochEvaluation::EpochEvaluation(hal::Device& device, const Recipe& recipe,
                                 const data::ImageSet& test, const std::string& data_folder,
                                 const Say& say)
    : options_(recipe.evaluate), seed_(recipe.seed) {
  const ExtractorChoice choice = choose(recipe, test);
  if (recipe.train.epochs < options_.every) return;
  extractor_ = choice.open(device, data_folder, say);
  real_ = metrics::fit_gaussian(see_pictures(extractor_, test, say));
  basis_ = fmt::format("{}, {}, {}", count_of(options_.samples, "sample"),
                       count_of(test.count, "test picture"), extractor_.text());
  const bool each = options_.every == 1;
  say(fmt::format("FID every {}: {}", each ? "epoch" : count_of(options_.every, "epoch"), basis_));
}

const std::vector<std::string>& EpochEvaluation::figure_names() {
  static const std::vector<std::string> names{"fid", "inception_score"};
  return names;
}

// Always of the same latents, so that figures differ by the model alone.
Figures EpochEvaluation::measure(nn::Inference& inference, uint32_t epoch) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  if (epoch % options_.every != 0) return {{"fid", kNone}, {"inception_score", kNone}};
  const metrics::Features features =
      see_samples(inference, *extractor_.network, {.seed = seed_, .count = options_.samples})
          .features;
  return {{"fid", metrics::frechet_distance(real_, metrics::fit_gaussian(features))},
          {"inception_score",
           metrics::inception_score(features, std::min(kSplits, features.count)).mean}};
}

}  // namespace pumice
