#pragma once

#include "native/formats/image.h"
#include "native/sweeps/compared_model.h"

namespace pumice {

/// One image of all models, a row each: name, results, description and images, as in a report's
/// table, and `note` below. Images that cannot be read are left out.
formats::Image comparison_image(const std::filesystem::path& sweep_folder,
                                const std::vector<ComparedModel>& models,
                                const std::string& note = "");

}  // namespace pumice
