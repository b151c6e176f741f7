#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/nn/built_layer.h"

namespace pumice::nn {

class Layer;

/// The range of a number.
struct Bounds {
  std::string_view expected;
  bool (*hold)(double);
};

inline constexpr Bounds kPositive{"a number > 0", [](double x) { return x > 0; }};
inline constexpr Bounds kNotNegative{"a number >= 0", [](double x) { return x >= 0; }};
inline constexpr Bounds kBelowOne{"a number >= 0 and < 1",
                                  [](double x) { return x >= 0 && x < 1; }};
inline constexpr Bounds kPositiveFraction{"a number > 0 and <= 1",
                                          [](double x) { return x > 0 && x <= 1; }};

/// Visits the keys of a layer: some implementations read them, others write them.
class LayerFields {
 public:
  using Choices = const std::vector<std::string_view>&;

  virtual ~LayerFields() = default;
  /// Whether a checkpoint is read: for a missing key, it used the default of its time.
  virtual bool reads_checkpoint() const { return false; }
  virtual void choice(const std::string& key, std::string& value, Choices choices) = 0;
  virtual void whole(const std::string& key, uint32_t& value, uint32_t at_least) = 0;
  virtual void number(const std::string& key, double& value, const Bounds& bounds) = 0;
  virtual void flag(const std::string& key, bool& value) = 0;
  /// Whole numbers of at least 1, at least one of them.
  virtual void wholes(const std::string& key, std::vector<uint32_t>& value) = 0;
  virtual void layers(const std::string& key, std::vector<Layer>& value) = 0;
};

/// The options of one layer type: an aggregate of its keys with their defaults, in a separate file
/// under layers/. It may also have
///
/// - `std::string details() const`: text that tables show after the type, " k3 s2";
/// - keys `activation` and `spectral_norm`, which Layer has accessors for;
/// - `static constexpr bool kKeepsValues = true`: see Layer::keeps_values().
template <typename Options>
concept LayerOptions = requires(Options options, LayerFields& fields, const LayerContext& context) {
  { Options::kType } -> std::convertible_to<std::string_view>;
  {options.describe(fields)};
  { std::as_const(options).build(context) } -> std::same_as<BuiltLayer>;
};

/// One layer as recipes and checkpoints describe it: the options of its type, as in `Linear{.out =
/// 32, .activation = "relu"}`. Its input shape follows from the previous layer.
class Layer {
 public:
  Layer() = default;  ///< without a type until describe() reads one
  template <LayerOptions Options>
  Layer(Options options) : options_(std::make_shared<const Holder<Options>>(std::move(options))) {}

  std::string_view type() const;  ///< empty if there is none
  /// For tables: "conv2d k3 s2, relu".
  std::string summary() const;
  std::string_view activation() const;  ///< "none" if the type has no such key
  bool spectral_norm() const;
  /// Whether every output value is one of the input values: max-pooled, repeated or reshaped.
  bool keeps_values() const;

  /// The options, or null if the layer has another type.
  template <LayerOptions Options>
  const Options* as() const {
    const auto* holder = dynamic_cast<const Holder<Options>*>(options_.get());
    return holder == nullptr ? nullptr : &holder->options;
  }

  /// Declares the parameters "name.weight", …. Throws Error naming the layer if it does not fit its
  /// input.
  BuiltLayer build(LayerContext context) const;
  /// Visits every key except the type.
  void describe(LayerFields& fields);
  bool operator==(const Layer& other) const;

 private:
  struct Any;
  template <LayerOptions Options>
  struct Holder;

  std::shared_ptr<const Any> options_;
};

/// Visits every key of a layer, starting with the type, which determines the others.
void describe(LayerFields& fields, Layer& layer);

struct Layer::Any {
  virtual ~Any() = default;
  virtual std::string_view type() const = 0;
  virtual std::string details() const = 0;
  virtual std::string_view activation() const = 0;
  virtual bool spectral_norm() const = 0;
  virtual bool keeps_values() const = 0;
  virtual BuiltLayer build(const LayerContext& context) const = 0;
  virtual std::shared_ptr<const Any> described(LayerFields& fields) const = 0;
  virtual bool equals(const Any& other) const = 0;
};

template <LayerOptions Options>
struct Layer::Holder final : Layer::Any {
  explicit Holder(Options all) : options(std::move(all)) {}

  std::string_view type() const override { return Options::kType; }
  std::string details() const override {
    if constexpr (requires { options.details(); }) return options.details();
    return {};
  }
  std::string_view activation() const override {
    if constexpr (requires { options.activation; }) return options.activation;
    return "none";
  }
  bool spectral_norm() const override {
    if constexpr (requires { options.spectral_norm; }) return options.spectral_norm;
    return false;
  }
  bool keeps_values() const override {
    return requires { Options::kKeepsValues; };
  }
  BuiltLayer build(const LayerContext& context) const override { return options.build(context); }
  std::shared_ptr<const Any> described(LayerFields& fields) const override {
    Options copy = options;
    copy.describe(fields);
    return std::make_shared<const Holder>(std::move(copy));
  }
  bool equals(const Any& other) const override {
    const auto* same = dynamic_cast<const Holder*>(&other);
    return same != nullptr && same->options == options;
  }

  Options options;
};

}  // namespace pumice::nn
