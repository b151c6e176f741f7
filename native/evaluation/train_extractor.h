#pragma once

#include <filesystem>
#include <string>

#include "native/training/load_data.h"

namespace pumice {

/// Trains the recipe "classifier-<data set>" and keeps its checkpoint as `file`; draws a progress
/// bar on stderr. Stopped by Ctrl-C it throws Interrupted, and the next call goes on. Where another
/// program trains it already, waits for that. `folder`: of the data set's files (--data), may be
/// empty.
void train_extractor(hal::Device& device, const std::string& data_set,
                     const std::filesystem::path& file, const std::string& folder, const Say& say);

}  // namespace pumice
