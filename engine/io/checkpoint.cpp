#include "engine/io/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "engine/base/half.h"
#include "engine/base/require.h"
#include "engine/io/checkpoint_tensors.h"
#include "engine/io/checksum.h"
#include "engine/io/latent_map.h"
#include "engine/io/metrics_json.h"

namespace pumice::io {
namespace {

const NamedTensor& tensor_of(const Safetensors& file, const std::string& name, const Shape& shape) {
  const NamedTensor& tensor = file.tensor(name);
  const bool is_float = tensor.dtype == ElementType::kF32 || tensor.dtype == ElementType::kF16;
  require(tensor.shape == shape && is_float, "{}: tensor '{}': expected f32 {}, found {} {}",
          file.file_name(), name, shape, tensor.dtype, tensor.shape);
  return tensor;
}

// Writes the tensor's numbers as f32.
void copy_values(const NamedTensor& tensor, std::byte* to) {
  if (tensor.dtype == ElementType::kF32) {
    std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
    return;
  }
  for (uint64_t i = 0; i < tensor.shape.size(); ++i) {
    uint16_t half = 0;
    std::memcpy(&half, tensor.bytes.data() + i * sizeof(half), sizeof(half));
    const float value = from_half(half);
    std::memcpy(to + i * sizeof(value), &value, sizeof(value));
  }
}

// The first two questions about a file, since all others depend on them.
Safetensors readable(Safetensors file) {
  refuse_newer(file.header());
  require_intact(file);
  return file;
}

// Checked before allocating memory for a network that does not match the file.
void check_tensors(const Safetensors& file, const models::Description& network) {
  models::ModelOptions options = inference_options(file.header());
  const models::ModelOptions needed =
      is_exported(file.header()) ? options : models::ModelOptions{.average = options.average};
  options.purpose = models::Purpose::kTraining;
  const auto known = parameter_shapes(network, options, file.file_name());
  for (const NamedTensor& tensor : file.tensors()) {
    require(is_state(tensor.name) || is_of_map(tensor.name) || known.contains(tensor.name),
            "{}: tensor '{}' {} does not belong to a layer of the network in its metadata",
            file.file_name(), tensor.name, tensor.shape);
  }
  for (const auto& [name, shape] : parameter_shapes(network, needed, file.file_name())) {
    tensor_of(file, name, shape);
  }
}

std::vector<std::byte> gather(const Safetensors& file, const std::string& prefix,
                              const nn::Parameters& layout, bool trainable_only) {
  std::vector<std::byte> flat(trainable_only ? layout.trainable_bytes() : layout.flat_bytes());
  for_each_part(
      prefix, layout, trainable_only, [&](const nn::Parameter& parameter, const std::string& name) {
        copy_values(tensor_of(file, name, parameter.shape), flat.data() + parameter.byte_offset);
      });
  return flat;
}

}  // namespace

Checkpoint::Checkpoint(Safetensors file)
    : file_(readable(std::move(file))), network_(network_of(file_.header())) {
  check_tensors(file_, network_);
}

std::vector<std::byte> Checkpoint::parameters(const models::ParameterSet& set) const {
  std::vector<std::byte> flat = gather(file_, set.prefix, *set.parameters, false);
  for_each_part(set.prefix, *set.parameters, false,
                [&](const nn::Parameter& parameter, const std::string& name) {
                  require_finite(file_name(), name, part_of(flat, parameter));
                });
  return flat;
}

void Checkpoint::load(const models::Model& model, hal::Device& device) const {
  for (const models::ParameterSet& set : model.parameters()) {
    device.write(*set.parameters->buffer(), parameters(set));
  }
}

std::vector<std::byte> Checkpoint::state(const std::string& name,
                                         const nn::Parameters& layout) const {
  std::vector<std::byte> flat = gather(file_, name + ".", layout, true);
  for_each_part(name + ".", layout, true,
                [&](const nn::Parameter& parameter, const std::string& part) {
                  require_state(file_name(), name, part, part_of(flat, parameter));
                });
  return flat;
}

std::vector<std::byte> Checkpoint::state(const std::string& name, const Shape& shape) const {
  std::vector<std::byte> bytes(shape.size() * sizeof(float));
  copy_values(tensor_of(file_, name, shape), bytes.data());
  return bytes;
}

uint64_t Checkpoint::number(const std::string& key) const {
  const std::string& text = file_.metadata(key);
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  require(error == std::errc{} && end == text.data() + text.size(),
          "{}: metadata '{}': expected a whole number, found '{}'", file_name(), key, text);
  return value;
}

std::vector<std::string> Checkpoint::class_names() const {
  const Metadata& metadata = file_.metadata();
  const auto at = metadata.find(kClassNames);
  if (at == metadata.end()) return {};
  return class_names_from_json(at->second, file_name() + ": " + kClassNames);
}

TrainingRecord Checkpoint::training() const {
  require_checkpoint(header());
  uint64_t step = number("step");
  uint64_t epoch = number("epoch");
  require(std::max(step, epoch) <= std::numeric_limits<uint32_t>::max(),
          "{}: impossible step {} of epoch {}", file_name(), step, epoch);
  TrainingRecord record{
      .recipe = file_.metadata("recipe"),
      .seed = number("seed"),
      .step = static_cast<uint32_t>(step),
      .epoch = static_cast<uint32_t>(epoch),
      .metrics = metrics_from_json(file_.metadata("figures"), file_name() + ": figures")};
  record.class_names = class_names();
  const Metadata& metadata = file_.metadata();
  if (auto at = metadata.find(kData); at != metadata.end()) {
    record.data = data_record_from_json(at->second, file_name() + ": " + kData);
  }
  if (auto at = metadata.find(kDevice); at != metadata.end()) record.device = at->second;
  if (auto at = metadata.find(kTuning); at != metadata.end()) record.tuning = at->second;
  return record;
}

}  // namespace pumice::io
