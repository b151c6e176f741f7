#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pumice {

/// What `pumice evaluate` measures of every trained run that draws images: FID, Inception score and
/// the other metrics of samples, and, of VAEs, the likelihood.
struct StudyEvaluation {
  bool wanted = false;
  uint32_t samples = 10000;
  uint32_t repeats = 5;
  std::string extractor;  ///< as for --extractor; empty: the data set's own
  uint32_t neighbours = 0;
  uint32_t likelihood_images = 0;  ///< 0: no likelihood
  uint32_t likelihood_samples = 100;
};

/// The goal of a study, and what it measures and shows.
struct Study {
  std::string source;                  ///< the report that it reproduces; may be empty
  std::vector<std::string> gives;      ///< the report's numbers and figures
  std::vector<std::string> concludes;  ///< its conclusions
  StudyEvaluation evaluation;
  std::vector<std::string> shows{"samples"};  ///< of image_names()
};

/// The images of a run that a study may show: "samples", "reconstructions", ….
const std::vector<std::string_view>& image_names();

}  // namespace pumice
