#pragma once

#include <memory>
#include <string>
#include <utility>

#include "engine/models/model.h"
#include "engine/nn/fields.h"
#include "engine/train/trainer.h"

namespace pumice::models {

/// What training needs in every family.
struct TrainingInput {
  train::Datasets data;
  uint32_t batch = 0;
  uint64_t seed = 1;
  train::Parallel parallel = {};
};

/// The keys of a recipe that belong to one family: its networks, loss and optimizers. A value type
/// that holds the keys of one family, such as VaeSpec, which has
///
/// - the keys as members with their defaults, and `operator==`;
/// - `static const Family& family()`;
/// - `void describe(nn::Fields&)`, which visits every key;
/// - `Description description(const Shape& image, uint32_t classes) const`;
/// - `std::unique_ptr<train::Trainer> trainer(hal::Device&, const Model&, const TrainingInput&)
///   const`;
/// - `std::string loss_text() const`, the loss in a few words; losses of models whose texts differ
///   do not compare;
/// - where they differ from the defaults below, `bool keeps_average() const` and `uint32_t
///   images_per_step(uint32_t batch) const`.
class Spec {
 public:
  template <typename Keys>
  requires requires { Keys::family(); }
  Spec(Keys keys) : content_(std::make_unique<Content<Keys>>(std::move(keys))) {}
  Spec(const Spec& other) : content_(other.content_->clone()) {}
  Spec& operator=(const Spec& other) {
    content_ = other.content_->clone();
    return *this;
  }

  const Family& family() const { return content_->family(); }
  void describe(nn::Fields& fields) { content_->describe(fields); }

  /// The networks for images [height, width, channels]; `classes` is 0 unless the model needs
  /// labels. Throws Error naming the layer or key that does not fit the images.
  Description description(const Shape& image, uint32_t classes) const {
    return content_->description(image, classes);
  }
  /// The loss in a few words: "bce + kl", "wasserstein gp".
  std::string loss_text() const { return content_->loss_text(); }
  /// Whether the model draws with an average of its weights; false by default.
  bool keeps_average() const { return content_->keeps_average(); }
  /// Images of the data set used per step; the batch by default.
  uint32_t images_per_step(uint32_t batch) const { return content_->images_per_step(batch); }
  /// Trains `model`, built from the description above. Throws Error as the trainers do.
  std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                          const TrainingInput& input) const {
    return content_->trainer(device, model, input);
  }

  /// The family's own keys. Throws std::bad_cast if they are of another family.
  template <typename Keys>
  Keys& as() {
    return dynamic_cast<Content<Keys>&>(*content_).keys;
  }
  template <typename Keys>
  const Keys& as() const {
    return dynamic_cast<const Content<Keys>&>(*content_).keys;
  }

  bool operator==(const Spec& other) const { return content_->equals(*other.content_); }

 private:
  struct AnyContent {
    virtual ~AnyContent() = default;
    virtual std::unique_ptr<AnyContent> clone() const = 0;
    virtual bool equals(const AnyContent& other) const = 0;
    virtual const Family& family() const = 0;
    virtual void describe(nn::Fields& fields) = 0;
    virtual Description description(const Shape& image, uint32_t classes) const = 0;
    virtual std::string loss_text() const = 0;
    virtual bool keeps_average() const = 0;
    virtual uint32_t images_per_step(uint32_t batch) const = 0;
    virtual std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                                    const TrainingInput& input) const = 0;
  };

  template <typename Keys>
  struct Content final : AnyContent {
    explicit Content(Keys content) : keys(std::move(content)) {}
    std::unique_ptr<AnyContent> clone() const override { return std::make_unique<Content>(keys); }
    bool equals(const AnyContent& other) const override {
      const auto* same = dynamic_cast<const Content*>(&other);
      return same != nullptr && same->keys == keys;
    }
    const Family& family() const override { return Keys::family(); }
    void describe(nn::Fields& fields) override { keys.describe(fields); }
    Description description(const Shape& image, uint32_t classes) const override {
      return keys.description(image, classes);
    }
    std::string loss_text() const override { return keys.loss_text(); }
    bool keeps_average() const override {
      if constexpr (requires { keys.keeps_average(); }) return keys.keeps_average();
      return false;
    }
    uint32_t images_per_step(uint32_t batch) const override {
      if constexpr (requires { keys.images_per_step(batch); }) return keys.images_per_step(batch);
      return batch;
    }
    std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                            const TrainingInput& input) const override {
      return keys.trainer(device, model, input);
    }
    Keys keys;
  };

  std::unique_ptr<AnyContent> content_;
};

/// For a row of families(): implements Family::spec. Null in builds without training.
template <typename Keys>
inline constexpr Spec (*kSpecMaker)() =
#ifdef PUMICE_INFERENCE_ONLY
    nullptr;
#else
    [] { return Spec(Keys{}); };
#endif

}  // namespace pumice::models
