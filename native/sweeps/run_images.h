#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/sweeps/sweep_folder.h"

namespace pumice {

/// An image in a run's folder.
struct RunImage {
  std::string name;            ///< of image_names()
  std::filesystem::path file;  ///< relative to the sweep's folder
};

/// Those of the latest epoch that the study shows and the run has.
std::vector<RunImage> images_of(const SweepFolder& folder, const Sweep& sweep, size_t run,
                                const RunResult& result);

}  // namespace pumice
