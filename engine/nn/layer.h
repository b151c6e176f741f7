#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/ops/ops.h"

namespace pumice::nn {

/// One layer as a recipe and a checkpoint describe it; which keys a type has, describe() says. What
/// it takes in follows from the layer before.
struct Layer {
  std::string type;                 ///< "linear", "conv2d", …: see describe()
  uint32_t out = 0;                 ///< features, channels, or the size of a hidden state
  uint32_t kernel = 0;              ///< edge of a convolution's kernel
  uint32_t stride = 1;              ///< of convolutions and poolings
  std::string padding = "same";     ///< of convolutions: "same" (TensorFlow's) or "valid"
  bool bias = true;                 ///< of linear layers and convolutions
  bool spectral_norm = false;       ///< of linear layers and convolutions: see AffineOptions
  std::string activation = "none";  ///< none, relu, leaky_relu, tanh, sigmoid, softplus
  double slope = 0.2;               ///< of leaky_relu
  double rate = 0;                  ///< share of elements that dropout zeroes
  double epsilon = 1e-5;            ///< of normalisations, added to the variance
  double momentum = 0.1;            ///< of batch_norm: weight of a new batch in the running moments
  uint32_t size = 0;                ///< edge of a pooling's window
  uint32_t scale = 0;               ///< of upsample2d
  bool sequence = false;            ///< of lstm: give all states, not only the last
  std::vector<uint32_t> shape;      ///< of reshape
  std::vector<Layer> layers;        ///< of residual
  bool operator==(const Layer&) const = default;
};

/// What a number may be.
struct Bounds {
  std::string_view expected;
  bool (*hold)(double);
};

inline constexpr Bounds kPositive{"a number > 0", [](double x) { return x > 0; }};
inline constexpr Bounds kNotNegative{"a number >= 0", [](double x) { return x >= 0; }};
inline constexpr Bounds kBelowOne{"a number from 0 to below 1",
                                  [](double x) { return x >= 0 && x < 1; }};
inline constexpr Bounds kShare{"a number > 0 and up to 1",
                               [](double x) { return x > 0 && x <= 1; }};

/// Visits the keys of a layer: some implementations read them, others write them.
class LayerFields {
 public:
  using Choices = std::initializer_list<std::string_view>;

  virtual ~LayerFields() = default;
  virtual void choice(const std::string& key, std::string& value, Choices choices) = 0;
  virtual void whole(const std::string& key, uint32_t& value, uint32_t at_least) = 0;
  virtual void number(const std::string& key, double& value, const Bounds& bounds) = 0;
  virtual void flag(const std::string& key, bool& value) = 0;
  /// Whole numbers of at least 1, at least one of them.
  virtual void wholes(const std::string& key, std::vector<uint32_t>& value) = 0;
  virtual void layers(const std::string& key, std::vector<Layer>& value) = 0;
};

/// Visits every key that a layer of this type has, the type first: the only list of them.
void describe(LayerFields& fields, Layer& layer);

/// Throws Error, listing the names, when there is no such activation.
ops::Activation activation_by_name(std::string_view name);

}  // namespace pumice::nn
