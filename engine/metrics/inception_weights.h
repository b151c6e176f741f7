#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice::metrics {

/// Returns the values of a named tensor in PyTorch's row-major layout, from a weights file or
/// synthetic. Throws Error if there is no tensor of this name and shape.
using WeightSource = std::function<std::vector<float>(const std::string& name, const Shape& shape)>;

/// The weights of a trained Inception-v3 in device memory, fetched from `source` when the graph
/// requests them. They are constant: batch norms are folded into the preceding convolutions.
class InceptionWeights {
 public:
  InceptionWeights(hal::Device& device, WeightSource source)
      : device_(device), source_(std::move(source)) {}

  struct Pair {
    Tensor weight;
    Tensor bias;  ///< [out]
  };

  /// The folded weights of "`name`.conv" and "`name`.bn": weight `shape` = [kh, kw, in, out].
  Pair convolution(Graph& graph, const std::string& name, const Shape& shape);
  /// The weights of "`name`": weight [out, in].
  Pair linear(Graph& graph, const std::string& name, uint32_t in, uint32_t out);

 private:
  struct Buffers {
    hal::BufferPtr weight;
    hal::BufferPtr bias;
  };

  Buffers upload(const std::string& name, const std::vector<float>& weight,
                 const std::vector<float>& bias);
  Buffers fold(const std::string& name, const Shape& shape);

  hal::Device& device_;
  WeightSource source_;
  std::map<std::string, Buffers> buffers_;
};

}  // namespace pumice::metrics
