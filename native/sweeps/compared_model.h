#pragma once

#include <string>
#include <vector>

#include "engine/base/table.h"
#include "native/sweeps/run_images.h"

namespace pumice {

/// A run of a study in words and numbers, and its images.
struct ComparedModel {
  std::string name;
  std::string network;     ///< "encoder: 3 linear; decoder: 3 linear"
  std::string parameters;  ///< "737,430 + 737,354 = 1,474,784"
  std::string latent;      ///< its size
  std::string loss;        ///< "bce + kl", "wasserstein"
  std::string optimizer;   ///< "adam 0.001"
  std::string epochs;      ///< "1.65 of 200, short"
  std::string losses;      ///< of the latest epoch, on the test set if there are any
  std::string fid;         ///< with its deviation
  std::string inception_score;
  std::string log_likelihood;  ///< of test images, in nats
  std::string source;          ///< its result
  std::vector<RunImage> images;
};

/// Whether the sweep's runs are different models, compared in words rather than by their keys.
bool is_study(const Sweep& sweep);

/// A row for each run.
std::vector<ComparedModel> compared_models(const SweepFolder& folder, const Sweep& sweep,
                                           const std::vector<RunResult>& results);

/// The models in one table with their images beside them. Paths are relative to the sweep's folder.
std::string comparison_markdown(const std::vector<ComparedModel>& models);
std::string comparison_html(const std::vector<ComparedModel>& models);

}  // namespace pumice
