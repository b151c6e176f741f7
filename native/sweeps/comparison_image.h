#pragma once

#include "native/formats/image.h"
#include "native/sweeps/compared_model.h"

namespace pumice {

/// One image of all models, a row each: name, results and images, as in a report's table. Images
/// that cannot be read are left out.
formats::Image comparison_image(const std::filesystem::path& sweep_folder,
                                const std::vector<ComparedModel>& models);

}  // namespace pumice
