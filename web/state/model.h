#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/io/export.h"
#include "web/state/directions.h"

namespace pumice::web {

/// The part of a checkpoint that the page needs: see io::excerpt_of. `head`: the first bytes of a
/// file of `file_bytes`, at least its header. Throws Error, with advice, as Model does.
io::Excerpt excerpt_of(const std::string& name, std::span<const std::byte> head,
                       uint64_t file_bytes);

/// A checkpoint opened by the user.
class Model {
 public:
  /// `device` must outlive this. Throws Error, with advice, if `file` is not a checkpoint of a
  /// model that generates images, is of another version, or is too large for the device.
  Model(hal::Device& device, std::string name, std::vector<std::byte> file);

  const std::string& name() const { return name_; }
  const models::Model& networks() const { return *networks_; }
  const io::TrainingRecord& training() const { return training_; }
  uint64_t parameter_count() const { return networks_->parameter_count(); }

  /// The background of transparent pixels in its training images: a CSS color.
  std::string image_background() const;
  /// "3: dog", or "3" if the checkpoint has no name for it.
  std::string class_title(uint32_t label) const;

  /// Principal directions of the latent space from the first weight of a generator ("closed-form
  /// factorization", Shen and Zhou, 2021): the latent directions that it amplifies most. Empty if
  /// the model has an encoder, or no such weight.
  const std::vector<Direction>& directions() const { return directions_; }

  /// Null if the file has none.
  const io::LatentMap* map() const { return map_ ? &*map_ : nullptr; }

  /// Where exploring begins, as the file says; empty if it does not.
  const std::vector<float>& first_latent() const { return first_latent_; }

  /// Whether images can be encoded to latents.
  bool has_encoder() const { return networks_->can_encode(); }

 private:
  Model(hal::Device& device, std::string name, const io::Checkpoint& checkpoint);
  void load(hal::Device& device, const io::Checkpoint& checkpoint);
  void find_directions(const io::Checkpoint& checkpoint);

  std::string name_;
  io::TrainingRecord training_;
  std::unique_ptr<models::Model> networks_;
  std::vector<Direction> directions_;
  std::optional<io::LatentMap> map_;
  std::vector<float> first_latent_;
};

}  // namespace pumice::web
