#include "engine/io/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

#include "engine/base/require.h"
#include "engine/base/version.h"
#include "engine/io/metrics_json.h"
#include "engine/io/network_json.h"

namespace pumice::io {
namespace {

constexpr std::string_view kFormat = "pumice-checkpoint";
constexpr std::string_view kFormatVersion = "1";

constexpr std::string_view kAverage = "average.";

constexpr const char* kClassNames = "class_names";
constexpr const char* kData = "data";
constexpr const char* kDevice = "device";
constexpr const char* kTuning = "tuning";

/// Calls `visit` with each parameter in the buffer and the name of its tensor.
template <typename Visit>
void for_each_part(const std::string& prefix, const nn::Parameters& layout, bool trainable_only,
                   const Visit& visit) {
  for (const nn::Parameter& parameter : layout.list()) {
    if (parameter.trainable || !trainable_only) visit(parameter, prefix + parameter.name);
  }
}

// Such a number makes training useless, and samples are drawn with it.
void require_finite(std::string_view where, const std::string& name,
                    std::span<const std::byte> bytes) {
  for (size_t i = 0; i < bytes.size() / sizeof(float); ++i) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof(float), sizeof(float));
    require(std::isfinite(value), "{}: tensor '{}': expected finite numbers, element {} is {}",
            where, name, i, value);
  }
}

// Averages of squares cannot be negative; updates take their square root.
void require_state(std::string_view where, const std::string& state, const std::string& name,
                   std::span<const std::byte> bytes) {
  require_finite(where, name, bytes);
  if (!state.ends_with("second_moment") && !state.ends_with("square_average")) return;
  for (size_t i = 0; i < bytes.size() / sizeof(float); ++i) {
    float value = 0;
    std::memcpy(&value, bytes.data() + i * sizeof(float), sizeof(float));
    require(value >= 0, "{}: tensor '{}': expected numbers >= 0, element {} is {}", where, name, i,
            value);
  }
}

// Appends tensors that point into the memory.
void append(const std::string& prefix, const SavedMemory& memory, bool trainable_only,
            std::vector<NamedTensor>& tensors) {
  const std::span<const std::byte> flat(memory.bytes);
  auto put = [&](const std::string& name, const Shape& shape, uint64_t offset) {
    const uint64_t bytes = shape.size() * sizeof(float);
    require(flat.size() >= offset + bytes, "checkpoint: expected {} bytes up to '{}', got {}",
            offset + bytes, name, flat.size());
    tensors.push_back({name, DType::kF32, shape, flat.subspan(offset, bytes)});
  };
  if (memory.layout == nullptr) return put(memory.name, memory.shape, 0);
  for_each_part(prefix, *memory.layout, trainable_only,
                [&](const nn::Parameter& parameter, const std::string& name) {
                  put(name, parameter.shape, parameter.byte_offset);
                });
}

std::vector<NamedTensor> tensors_of(const CheckpointContent& content) {
  std::vector<NamedTensor> tensors;
  for (const SavedMemory& set : content.parameters) append(set.name, set, false, tensors);
  for (const SavedMemory& state : content.state) append(state.name + ".", state, true, tensors);
  return tensors;
}

uint64_t trained_numbers(const CheckpointContent& content) {
  uint64_t total = 0;
  for (const SavedMemory& set : content.parameters) {
    total += set.name == kAverage ? 0 : set.layout->count();
  }
  return total;
}

Metadata metadata_of(const CheckpointContent& content) {
  const TrainingRecord& training = content.training;
  Metadata metadata{{"format", std::string(kFormat)},
                    {"version", std::string(kFormatVersion)},
                    {"network", network_to_json(content.network)},
                    {"recipe", training.recipe},
                    {"seed", fmt::to_string(training.seed)},
                    {"step", fmt::to_string(training.step)},
                    {"epoch", fmt::to_string(training.epoch)},
                    {"figures", metrics_to_json(training.metrics)},
                    {"parameters", fmt::to_string(trained_numbers(content))},
                    {"pumice", std::string(version())}};
  if (!training.class_names.empty()) {
    metadata[kClassNames] = class_names_to_json(training.class_names);
  }
  if (!training.device.empty()) metadata[kDevice] = training.device;
  if (!training.tuning.empty()) metadata[kTuning] = training.tuning;
  if (training.data) metadata[kData] = data_record_to_json(*training.data);
  return metadata;
}

std::span<const std::byte> values_of(const Safetensors& file, const std::string& name,
                                     const Shape& shape) {
  const NamedTensor& tensor = file.tensor(name);
  require(tensor.shape == shape && tensor.dtype == DType::kF32,
          "{}: tensor '{}': expected f32 {}, found {} {}", file.file_name(), name, shape,
          tensor.dtype, tensor.shape);
  return tensor.bytes;
}

bool is_state(std::string_view name) {
  return name.starts_with("optimizer.") || name.starts_with("train.");
}

bool holds_average(const Safetensors& file) {
  return std::any_of(file.tensors().begin(), file.tensors().end(),
                     [](const NamedTensor& tensor) { return tensor.name.starts_with(kAverage); });
}

std::map<std::string, Shape> shapes_of(const models::Description& network,
                                       const Safetensors& file) {
  std::map<std::string, Shape> shapes;
  try {
    const auto model = network.build({.average = holds_average(file)});
    for (const models::ParameterSet& set : model->parameters()) {
      for_each_part(set.prefix, *set.parameters, false,
                    [&](const nn::Parameter& parameter, const std::string& name) {
                      shapes[name] = parameter.shape;
                    });
    }
  } catch (const Error& error) {
    fail("{}: network: {}", file.file_name(), error.what());
  }
  return shapes;
}

// Checked before allocating memory for a network that does not match the file.
void check_tensors(const Safetensors& file, const models::Description& network) {
  const std::map<std::string, Shape> shapes = shapes_of(network, file);
  for (const NamedTensor& tensor : file.tensors()) {
    require(is_state(tensor.name) || shapes.contains(tensor.name),
            "{}: tensor '{}' {} does not belong to a layer of the network in its metadata",
            file.file_name(), tensor.name, tensor.shape);
  }
  for (const auto& [name, shape] : shapes) values_of(file, name, shape);
}

std::vector<std::byte> gather(const Safetensors& file, const std::string& prefix,
                              const nn::Parameters& layout, bool trainable_only) {
  std::vector<std::byte> flat(trainable_only ? layout.trainable_bytes() : layout.flat_bytes());
  for_each_part(prefix, layout, trainable_only,
                [&](const nn::Parameter& parameter, const std::string& name) {
                  std::span<const std::byte> bytes = values_of(file, name, parameter.shape);
                  std::memcpy(flat.data() + parameter.byte_offset, bytes.data(), bytes.size());
                });
  return flat;
}

// A state with its own shape holds metrics, which may have any value.
void check_states(const std::string& where, const CheckpointContent& content) {
  for (const SavedMemory& state : content.state) {
    if (state.layout == nullptr) continue;
    std::vector<NamedTensor> tensors;
    append(state.name + ".", state, true, tensors);
    for (const NamedTensor& tensor : tensors) {
      require_state(where, state.name, tensor.name, tensor.bytes);
    }
  }
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const CheckpointContent& content) {
  const std::vector<NamedTensor> tensors = tensors_of(content);
  for (const NamedTensor& tensor : tensors) {
    if (!is_state(tensor.name))
      require_finite(path.string() + ": not written", tensor.name, tensor.bytes);
  }
  check_states(path.string() + ": not written", content);
  write_safetensors(path, tensors, metadata_of(content));
}

Checkpoint::Checkpoint(Safetensors file)
    : file_(std::move(file)),
      network_(network_from_json(file_.metadata("network"), file_.file_name() + ": network")) {
  check_tensors(file_, network_);
}

bool Checkpoint::has_average() const { return holds_average(file_); }

std::vector<std::byte> Checkpoint::parameters(const models::ParameterSet& set) const {
  for_each_part(set.prefix, *set.parameters, false,
                [&](const nn::Parameter& parameter, const std::string& name) {
                  require_finite(file_name(), name, values_of(file_, name, parameter.shape));
                });
  return gather(file_, set.prefix, *set.parameters, false);
}

void Checkpoint::load(const models::Model& model, hal::Device& device) const {
  for (const models::ParameterSet& set : model.parameters()) {
    device.write(*set.parameters->buffer(), parameters(set));
  }
}

std::vector<std::byte> Checkpoint::state(const std::string& name,
                                         const nn::Parameters& layout) const {
  for_each_part(name + ".", layout, true,
                [&](const nn::Parameter& parameter, const std::string& part) {
                  require_state(file_name(), name, part, values_of(file_, part, parameter.shape));
                });
  return gather(file_, name + ".", layout, true);
}

std::vector<std::byte> Checkpoint::state(const std::string& name, const Shape& shape) const {
  std::span<const std::byte> bytes = values_of(file_, name, shape);
  return {bytes.begin(), bytes.end()};
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
  const std::string& format = file_.metadata("format");
  const std::string& version = file_.metadata("version");
  require(format == kFormat && version == kFormatVersion, "{}: expected {} version {}, found {} {}",
          file_name(), kFormat, kFormatVersion, format, version);
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
