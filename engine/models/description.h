#pragma once

#include <memory>
#include <utility>

#include "engine/nn/initialization.h"
#include "engine/nn/layer.h"

namespace pumice::models {

struct Family;
class Model;

/// Which of a model's networks have parameters.
enum class Purpose : uint8_t {
  kTraining,   ///< all
  kInference,  ///< those that decode or encode; of weights and their average only the average
  kDecoding,   ///< those that decode
};

struct ModelOptions {
  nn::Initialization initialization = nn::Initialization::kFanIn;
  /// Keep an average of the weights and draw with it, in families that support one.
  bool average = false;
  Purpose purpose = Purpose::kTraining;
};

/// The networks of a model of any family, as described by a checkpoint or requested by a recipe. A
/// value type that holds the description of one family, such as VaeDescription, which has
///
/// - `Shape image` [height, width, channels], `uint32_t classes` (of a classifier or a
///   conditional model, otherwise 0) and, if the family generates images, `uint32_t latent_size`;
/// - `void describe(nn::LayerFields&)`, which visits the other keys of a checkpoint's JSON;
/// - `static const Family& family()`.
class Description {
 public:
  template <typename Networks>
  requires requires { Networks::family(); }
  Description(Networks networks)
      : content_(std::make_shared<const Content<Networks>>(std::move(networks))) {}

  const Family& family() const { return content_->family(); }
  const Shape& image() const { return content_->image(); }          ///< [height, width, channels]
  uint32_t latent_size() const { return content_->latent_size(); }  ///< 0 if it has no latents
  /// Classes that a classifier distinguishes or a conditional model is conditioned on; otherwise 0.
  uint32_t classes() const { return content_->classes(); }

  /// A copy whose keys `fields` has visited; a reader fills them in.
  Description visited(nn::LayerFields& fields) const { return content_->visited(fields); }

  /// Throws Error naming the first layer that does not fit.
  std::unique_ptr<Model> build(const ModelOptions& options = {}) const;

  /// The family's own description; null if it is of another family.
  template <typename Networks>
  const Networks* as() const {
    const auto* content = dynamic_cast<const Content<Networks>*>(content_.get());
    return content == nullptr ? nullptr : &content->networks;
  }

  bool operator==(const Description& other) const { return content_->equals(*other.content_); }

 private:
  struct AnyContent {
    virtual ~AnyContent() = default;
    virtual const Family& family() const = 0;
    virtual const Shape& image() const = 0;
    virtual uint32_t latent_size() const = 0;
    virtual uint32_t classes() const = 0;
    virtual Description visited(nn::LayerFields& fields) const = 0;
    virtual bool equals(const AnyContent& other) const = 0;
  };

  template <typename Networks>
  struct Content final : AnyContent {
    explicit Content(Networks content) : networks(std::move(content)) {}
    const Family& family() const override { return Networks::family(); }
    const Shape& image() const override { return networks.image; }
    uint32_t latent_size() const override {
      if constexpr (requires { networks.latent_size; }) return networks.latent_size;
      return 0;
    }
    uint32_t classes() const override { return networks.classes; }
    Description visited(nn::LayerFields& fields) const override {
      Networks copy = networks;
      copy.describe(fields);
      return copy;
    }
    bool equals(const AnyContent& other) const override {
      const auto* same = dynamic_cast<const Content*>(&other);
      return same != nullptr && same->networks == networks;
    }
    Networks networks;
  };

  std::shared_ptr<const AnyContent> content_;
};

/// Visits a key whose value is one of `names`, listed in the order of the enumerators.
template <typename Enumeration>
void describe_choice(nn::LayerFields& fields, const std::string& key, Enumeration& value,
                     const std::vector<std::string_view>& names) {
  std::string name(names[static_cast<size_t>(value)]);
  fields.choice(key, name, names);
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) value = static_cast<Enumeration>(i);
  }
}

}  // namespace pumice::models
