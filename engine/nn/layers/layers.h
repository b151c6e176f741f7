#pragma once

#include <string_view>
#include <vector>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The names of all layer types, "linear", "conv2d", …, in the order of the table.
std::vector<std::string_view> layer_type_names();

/// A layer of this type with default options. Throws Error, listing the types, if there is no such
/// type.
Layer layer_of_type(std::string_view type);

}  // namespace pumice::nn
