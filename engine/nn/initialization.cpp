#include "engine/nn/initialization.h"

#include <cmath>

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

constexpr float kDcganDeviation = 0.02f;

float root(double x) { return static_cast<float>(std::sqrt(x)); }

}  // namespace

Initialization initialization_by_name(std::string_view name) {
  if (name == "fan_in") return Initialization::kFanIn;
  if (name == "glorot") return Initialization::kGlorot;
  if (name == "he") return Initialization::kHe;
  if (name == "dcgan") return Initialization::kDcgan;
  fail("initialization: expects one of fan_in, glorot, he, dcgan, got '{}'", name);
}

Parameter weight_parameter(const std::string& name, const Shape& shape, Fan fan,
                           Initialization initialization) {
  Parameter weight{.name = name, .shape = shape};
  switch (initialization) {
    case Initialization::kFanIn:
      weight.initial_bound = root(1.0 / fan.in);
      break;
    case Initialization::kGlorot:
      weight.initial_bound = root(6.0 / (fan.in + fan.out));
      break;
    case Initialization::kHe:
      weight.initial_deviation = root(2.0 / fan.in);
      break;
    case Initialization::kDcgan:
      weight.initial_deviation = kDcganDeviation;
      break;
  }
  return weight;
}

Parameter bias_parameter(const std::string& name, uint32_t size, Fan fan,
                         Initialization initialization) {
  Parameter bias{.name = name, .shape = {size}};
  if (initialization == Initialization::kFanIn) bias.initial_bound = root(1.0 / fan.in);
  return bias;
}

Parameter scale_parameter(const std::string& name, uint32_t size, Initialization initialization) {
  Parameter scale{.name = name, .shape = {size}, .initial_value = 1};
  if (initialization == Initialization::kDcgan) scale.initial_deviation = kDcganDeviation;
  return scale;
}

}  // namespace pumice::nn
