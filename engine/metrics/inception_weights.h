#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace pumice::metrics {

/// The values of a named tensor, row by row as PyTorch lays it out; of a weights file, or made up.
/// Throws Error when there is none of this name and shape.
using WeightSource = std::function<std::vector<float>(const std::string& name, const Shape& shape)>;

/// The weights of a trained Inception-v3 in device memory, fetched from `source` as the graph asks
/// for them. They do not change: batch norms are folded into the convolutions before them.
class InceptionWeights {
 public:
  InceptionWeights(hal::Device& device, WeightSource source)
      : device_(device), source_(std::move(source)) {}

  struct Pair {
    Tensor weight;
    Tensor bias;  ///< [out]
  };

  /// Of "`name`.conv" and "`name`.bn": weight `shape` = [kh, kw, in, out].
  Pair convolution(Graph& graph, const std::string& name, const Shape& shape);
  /// Of "`name`": weight [out, in].
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
