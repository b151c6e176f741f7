#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/base/require.h"

namespace pumice::commands {

/// A checkpoint offered to the page.
struct ServedModel {
  std::string name;     ///< as the page shows it
  std::string address;  ///< below /models/: "0.safetensors"
  std::filesystem::path file;
};

/// Throws Error if the file is a symbolic link out of its folder.
void require_no_link_out(const std::filesystem::path& file);

/// The models of `runs` (folders or checkpoints). Duplicate names get numbers. Throws Error for
/// what is neither, and for a checkpoint that is a link out of its run.
std::vector<ServedModel> served_models(const std::vector<std::string>& runs);

/// The thumbnail in an exported file; empty without one.
std::string thumbnail_of(const ServedModel& model);

/// models/index.json as web/page/models.js reads it: [{"name": …, "file": "0.safetensors",
/// "thumbnail": …}, …]; thumbnails of exported files alone.
std::string model_index(const std::vector<ServedModel>& models);

/// The folder of the page: `wanted` if given, otherwise the one installed beside the program
/// (share/pumice/site) or in its build folder. Throws Error if there is none.
std::filesystem::path site_folder(const std::string& wanted);

}  // namespace pumice::commands
