#include "engine/models/last_activation.h"

#include "engine/base/require.h"

namespace pumice::models {

void require_last_activation(std::string_view network, const std::vector<nn::Layer>& layers,
                             std::string_view expected, std::string_view reason) {
  size_t last = layers.size() - 1;
  while (last > 0 && layers[last].keeps_values()) --last;
  const nn::Layer& layer = layers[last];
  require(layer.activation() == expected, "{}.{} ({}): expects the activation {} {}, got {}",
          network, last, layer.type(), expected, reason, layer.activation());
}

}  // namespace pumice::models
