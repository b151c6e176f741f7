#include "engine/io/checkpoint.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "engine/base/require.h"
#include "engine/base/version.h"
#include "engine/io/figures_json.h"
#include "engine/io/network_json.h"

namespace pumice::io {
namespace {

constexpr std::string_view kFormat = "pumice-checkpoint";
constexpr std::string_view kFormatVersion = "1";

// The parts of flat memory, as tensors that point into it.
void append_parts(const std::string& prefix, const nn::Parameters& layout,
                  std::span<const std::byte> flat, std::vector<NamedTensor>& tensors) {
  require(flat.size() >= layout.flat_bytes(), "checkpoint: expected {} bytes of parameters, got {}",
          layout.flat_bytes(), flat.size());
  for (const nn::Parameter& parameter : layout.list()) {
    uint64_t bytes = parameter.shape.size() * sizeof(float);
    tensors.push_back({.name = prefix + parameter.name,
                       .dtype = DType::kF32,
                       .shape = parameter.shape,
                       .bytes = flat.subspan(parameter.byte_offset, bytes)});
  }
}

std::vector<NamedTensor> tensors_of(const nn::Parameters& layout,
                                    const CheckpointContent& content) {
  std::vector<NamedTensor> tensors;
  append_parts("", layout, content.parameters, tensors);
  for (const SavedMemory& memory : content.state) {
    if (!memory.shape) {
      append_parts(memory.name + ".", layout, memory.bytes, tensors);
      continue;
    }
    std::span<const std::byte> bytes(memory.bytes);
    tensors.push_back({.name = memory.name,
                       .dtype = DType::kF32,
                       .shape = *memory.shape,
                       .bytes = bytes.first(memory.shape->size() * sizeof(float))});
  }
  return tensors;
}

Metadata metadata_of(const nn::Parameters& layout, const CheckpointContent& content) {
  const TrainingRecord& training = content.training;
  return {{"format", std::string(kFormat)},
          {"version", std::string(kFormatVersion)},
          {"network", network_to_json(content.network)},
          {"recipe", training.recipe},
          {"seed", fmt::to_string(training.seed)},
          {"step", fmt::to_string(training.step)},
          {"epoch", fmt::to_string(training.epoch)},
          {"figures", figures_to_json(training.figures)},
          {"parameters", fmt::to_string(layout.count())},
          {"pumice", std::string(version())}};
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

nn::Parameters layout_of(const nn::VaeDescription& network, const std::string& file_name) {
  nn::Parameters layout;
  try {
    nn::Vae vae(layout, network);
  } catch (const Error& error) {
    fail("{}: network: {}", file_name, error.what());
  }
  return layout;
}

// Before memory is made for a network that is not the file's.
void check_tensors(const Safetensors& file, const nn::VaeDescription& network) {
  const nn::Parameters layout = layout_of(network, file.file_name());
  for (const NamedTensor& tensor : file.tensors()) {
    bool known = is_state(tensor.name) ||
                 std::any_of(layout.list().begin(), layout.list().end(),
                             [&](const nn::Parameter& p) { return p.name == tensor.name; });
    require(known, "{}: tensor '{}' {} belongs to no layer of the network in its metadata",
            file.file_name(), tensor.name, tensor.shape);
  }
  for (const nn::Parameter& parameter : layout.list()) {
    values_of(file, parameter.name, parameter.shape);
  }
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path, const nn::Parameters& layout,
                      const CheckpointContent& content) {
  write_safetensors(path, tensors_of(layout, content), metadata_of(layout, content));
}

Checkpoint::Checkpoint(Safetensors file)
    : file_(std::move(file)),
      network_(network_from_json(file_.metadata("network"), file_.file_name() + ": network")) {
  check_tensors(file_, network_);
}

std::vector<std::byte> Checkpoint::gather(const std::string& prefix,
                                          const nn::Parameters& layout) const {
  std::vector<std::byte> flat(layout.flat_bytes());
  for (const nn::Parameter& parameter : layout.list()) {
    std::span<const std::byte> bytes = values_of(file_, prefix + parameter.name, parameter.shape);
    std::memcpy(flat.data() + parameter.byte_offset, bytes.data(), bytes.size());
  }
  return flat;
}

std::vector<std::byte> Checkpoint::parameters(const nn::Parameters& layout) const {
  return gather("", layout);
}

std::vector<std::byte> Checkpoint::state(const std::string& name,
                                         const nn::Parameters& layout) const {
  return gather(name + ".", layout);
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

TrainingRecord Checkpoint::training() const {
  const std::string& format = file_.metadata("format");
  const std::string& version = file_.metadata("version");
  require(format == kFormat && version == kFormatVersion, "{}: expected {} version {}, found {} {}",
          file_name(), kFormat, kFormatVersion, format, version);
  uint64_t step = number("step");
  uint64_t epoch = number("epoch");
  require(std::max(step, epoch) <= std::numeric_limits<uint32_t>::max(),
          "{}: impossible step {} of epoch {}", file_name(), step, epoch);
  return {.recipe = file_.metadata("recipe"),
          .seed = number("seed"),
          .step = static_cast<uint32_t>(step),
          .epoch = static_cast<uint32_t>(epoch),
          .figures = figures_from_json(file_.metadata("figures"), file_name() + ": figures")};
}

}  // namespace pumice::io
