#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/io/checkpoint.h"

namespace pumice::web {

/// A checkpoint of somebody's, opened. Without a device only what it says of itself.
class Model {
 public:
  /// `device` may be null, otherwise it must outlive this. Throws Error, which says what to do,
  /// when `file` is no checkpoint of a model that draws pictures, of another version, or too large
  /// for the device.
  Model(hal::Device* device, std::string name, std::vector<std::byte> file);

  const std::string& name() const { return name_; }
  const models::Model& networks() const { return *networks_; }
  const io::TrainingRecord& training() const { return training_; }
  uint64_t parameter_count() const { return networks_->parameter_count(); }

  /// What transparent pixels of its training pictures lay on: a CSS color.
  std::string picture_background() const;
  /// "3: dog", or "3" where the checkpoint does not name it.
  std::string class_title(uint32_t label) const;

  /// True when pictures can be turned into latents, too.
  bool has_encoder() const { return networks_->can_encode(); }

 private:
  Model(hal::Device* device, std::string name, const io::Checkpoint& checkpoint);
  void load(hal::Device& device, const io::Checkpoint& checkpoint);

  std::string name_;
  io::TrainingRecord training_;
  std::unique_ptr<models::Model> networks_;
};

}  // namespace pumice::web
