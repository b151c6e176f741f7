#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "native/views/latent_scatter.h"

namespace pumice::report {

/// The content of latents.json: "x" and "y" of each point, in thousandths; "reach": the visible
/// area is -reach … reach; "labels" and "class_names", if there are any; "thumbnails": {"src",
/// "width", "height", "columns", "count"} of the first points, as a PNG in a data: address.
nlohmann::json scatter_to_json(const views::LatentScatter& scatter);

/// Throws Error as write_file_atomically does.
void write_scatter(const std::filesystem::path& path, const views::LatentScatter& scatter);

/// Throws Error if the file cannot be read or is not one that write_scatter() wrote.
nlohmann::json read_scatter(const std::filesystem::path& path);

}  // namespace pumice::report
