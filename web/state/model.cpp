#include "web/state/model.h"

#include <fmt/format.h>

#include <cstring>

#include "engine/base/require.h"
#include "engine/io/checksum.h"
#include "engine/models/inference.h"
#include "web/state/point_text.h"
#include "web/state/workspace.h"

namespace pumice::web {
namespace {

constexpr const char* kDropAdvice =
    "Drop a .safetensors checkpoint written by pumice train, or an image; if it is a checkpoint, "
    "copy it again: it may be truncated";
constexpr const char* kVersionAdvice =
    "This page reads only checkpoints of its own version of pumice: update the page, or train the "
    "model again";

// Calls `body` and appends `advice` to any error, but for damage its own.
template <typename Body>
auto advised(const char* advice, Body body) {
  try {
    return body();
  } catch (const hal::DeviceLost&) {
    throw;
  } catch (const io::Damaged& error) {
    fail("{}. {}", error.what(), kDropAdvice);
  } catch (const Error& error) {
    fail("{}. {}", error.what(), advice);
  }
}

io::Checkpoint read_checkpoint(std::vector<std::byte> file, const std::string& name) {
  io::Safetensors tensors =
      advised(kDropAdvice, [&] { return io::Safetensors(std::move(file), name); });
  return advised(kVersionAdvice, [&] {
    io::Checkpoint checkpoint(std::move(tensors));
    checkpoint.training();  // rejects other versions
    return checkpoint;
  });
}

std::vector<float> floats_of(const std::vector<std::byte>& bytes, const nn::Parameter& parameter) {
  std::vector<float> values(parameter.shape.size());
  std::memcpy(values.data(), bytes.data() + parameter.byte_offset, values.size() * sizeof(float));
  return values;
}

// Nothing if it is not a latent of the model.
std::vector<float> first_latent_of(const io::Checkpoint& checkpoint) {
  const io::Metadata& metadata = checkpoint.header().metadata();
  const auto found = metadata.find(io::kFirstLatent);
  if (found == metadata.end()) return {};
  std::vector<float> latent = point_from_text(found->second);
  if (latent.size() != checkpoint.network().latent_size()) latent.clear();
  return latent;
}

// Of a weight [out, inputs] the inputs after the first `size` are the class.
std::vector<Direction> amplified_directions(std::span<const float> weight, uint32_t inputs,
                                            uint32_t size) {
  constexpr uint32_t kDirections = 8;
  std::vector<float> latent_weight;
  for (; !weight.empty(); weight = weight.subspan(inputs)) {
    latent_weight.insert(latent_weight.end(), weight.begin(), weight.begin() + size);
  }
  return leading_eigenvectors(gram_matrix(latent_weight, size), size, kDirections);
}

}  // namespace

io::Excerpt excerpt_of(const std::string& name, std::span<const std::byte> head,
                       uint64_t file_bytes) {
  const io::SafetensorsHeader header =
      advised(kDropAdvice, [&] { return io::SafetensorsHeader(head, file_bytes, name); });
  return advised(kVersionAdvice, [&] { return io::excerpt_of(header); });
}

Model::Model(hal::Device& device, std::string name, std::vector<std::byte> file)
    : Model(device, name, read_checkpoint(std::move(file), name)) {}

Model::Model(hal::Device& device, std::string name, const io::Checkpoint& checkpoint)
    : name_(std::move(name)),
      training_(checkpoint.training()),
      networks_(checkpoint.network().build(checkpoint.inference_options())),
      map_(io::latent_map_of(checkpoint)),
      first_latent_(first_latent_of(checkpoint)) {
  require(networks_->can_decode(), "{}: a {} cannot generate images. Open {}.", name_,
          networks_->family().name,
          models::families_that(&models::Family::draws, &models::Family::title));
  load(device, checkpoint);
  find_directions(checkpoint);
}

// In the last set that has the weight, which is the average if there is one.
void Model::find_directions(const io::Checkpoint& checkpoint) {
  const uint32_t size = networks_->description().latent_size();
  const uint32_t inputs = size + networks_->description().classes();
  const std::string name = networks_->networks().front()->name() + ".0.weight";
  if (has_encoder()) return;
  for (const models::ParameterSet& set : networks_->parameters()) {
    for (const nn::Parameter& parameter : set.parameters->list()) {
      if (parameter.name != name || parameter.shape[-1] != inputs) continue;
      directions_ =
          amplified_directions(floats_of(checkpoint.parameters(set), parameter), inputs, size);
    }
  }
}

// Recipes in checkpoints have every key on its own line.
std::string Model::image_background() const {
  constexpr std::string_view kKey = "\nbackground = \"";
  const std::string& recipe = training_.recipe;
  const size_t at = recipe.find(kKey);
  if (at == recipe.npos) return "black";
  const size_t first = at + kKey.size();
  return recipe.substr(first, recipe.find('"', first) - first);
}

std::string Model::class_title(uint32_t label) const {
  const std::vector<std::string>& names = training_.class_names;
  const std::string number = fmt::to_string(label);
  const bool is_named = label < names.size() && names[label] != number;
  return is_named ? fmt::format("{}: {}", number, names[label]) : number;
}

void Model::load(hal::Device& device, const io::Checkpoint& checkpoint) {
  const char* advice = uses_webgpu(device.limits())
                           ? "Too large for this device: choose a smaller model, or another "
                             "browser or adapter"
                           : "Too large for the memory of a page: choose a smaller model";
  advised(advice, [&] {
    networks_->allocate(device);
    checkpoint.load(*networks_, device);
    // Compiles, so that models beyond the device's limits are rejected here.
    return models::Inference(device, *networks_, 1).decode_dispatches();
  });
}

}  // namespace pumice::web
