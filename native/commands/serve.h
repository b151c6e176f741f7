#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/require.h"

namespace pumice::commands {

/// A checkpoint that the page is offered.
struct ServedModel {
  std::string name;  ///< as the page shows it
  std::filesystem::path file;
};

/// The models that runs (folders or checkpoints) mean. Names used twice get numbers.
std::vector<ServedModel> served_models(const std::vector<std::string>& runs);

/// models/index.json as web/page/files.js reads it: [{"name": …, "file": "0.safetensors"}, …].
std::string model_index(const std::vector<ServedModel>& models);

/// Where the page is: `wanted` if given, otherwise beside the program (share/pumice/site when it
/// was installed) or in its build folder. Throws Error when there is none.
std::filesystem::path site_folder(const std::string& wanted);

}  // namespace pumice::commands
