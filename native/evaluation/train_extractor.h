#pragma once

#include <filesystem>
#include <string>

#include "native/training/load_data.h"

namespace pumice {

/// Trains the recipe "classifier-<data set>" and keeps its checkpoint as `file`; draws a progress
/// bar on stderr. Throws Interrupted when stopped by Ctrl-C; the next call resumes. If another
/// program is already training it, waits for that. `folder`: of the data set's files (--data), may
/// be empty.
void train_extractor(hal::Device& device, const std::string& data_set,
                     const std::filesystem::path& file, const std::string& folder,
                     const Notify& notify);

}  // namespace pumice
