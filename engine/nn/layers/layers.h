#pragma once

#include <string_view>
#include <vector>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The names of all types of layer, "linear", "conv2d", …, in the order of the table.
std::vector<std::string_view> layer_type_names();

/// A layer of that type with the defaults. Throws Error, listing the types, when there is no such
/// one.
Layer layer_of_type(std::string_view type);

}  // namespace pumice::nn
