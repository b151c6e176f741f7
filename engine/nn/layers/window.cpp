#include "engine/nn/layers/window.h"

#include <fmt/format.h>

namespace pumice::nn {

void describe_convolution(LayerFields& fields, uint32_t& kernel, uint32_t& stride,
                          std::string& padding) {
  fields.whole("kernel", kernel, 1);
  fields.whole("stride", stride, 1);
  fields.choice("padding", padding, {"same", "valid"});
}

std::string window_text(uint32_t edge, uint32_t stride) {
  const std::string text = fmt::format(" k{}", edge);
  return stride > 1 ? text + fmt::format(" s{}", stride) : text;
}

}  // namespace pumice::nn
