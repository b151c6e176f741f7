#pragma once

#include <string>
#include <vector>

#include "engine/io/json_object.h"
#include "engine/nn/layer.h"

namespace pumice::io {

/// An array with one object per layer; keys at their default are omitted.
Json layers_to_json(const std::vector<nn::Layer>& layers);

/// The inverse. Throws Error, beginning with `where`, the array's name.
std::vector<nn::Layer> layers_from_json(const Json& array, const std::string& where);

}  // namespace pumice::io
