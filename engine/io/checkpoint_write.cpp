#include "engine/base/require.h"
#include "engine/base/version.h"
#include "engine/io/checkpoint.h"
#include "engine/io/checkpoint_tensors.h"
#include "engine/io/checksum.h"
#include "engine/io/metrics_json.h"
#include "engine/io/network_json.h"

namespace pumice::io {
namespace {

// Appends tensors that point into the memory.
void append(const std::string& prefix, const SavedMemory& memory, bool trainable_only,
            std::vector<NamedTensor>& tensors) {
  const std::span<const std::byte> flat(memory.bytes);
  auto put = [&](const std::string& name, const Shape& shape, uint64_t offset) {
    const uint64_t bytes = shape.size() * sizeof(float);
    require(flat.size() >= offset + bytes, "checkpoint: expected {} bytes up to '{}', got {}",
            offset + bytes, name, flat.size());
    tensors.push_back({name, ElementType::kF32, shape, flat.subspan(offset, bytes)});
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
  Metadata metadata{{"format", std::string(kTensorFormat)},
                    {kFormatKey, std::string(kCheckpointFormat)},
                    {"version", fmt::to_string(kCheckpointVersion)},
                    {"network", network_to_json(content.network)},
                    {"recipe", training.recipe},
                    {"seed", fmt::to_string(training.seed)},
                    {"step", fmt::to_string(training.step)},
                    {"epoch", fmt::to_string(training.epoch)},
                    {"figures", metrics_to_json(training.metrics)},
                    {"parameters", fmt::to_string(trained_numbers(content))},
                    {kProgram, std::string(version())}};
  if (!training.class_names.empty()) {
    metadata[kClassNames] = class_names_to_json(training.class_names);
  }
  if (!training.device.empty()) metadata[kDevice] = training.device;
  if (!training.tuning.empty()) metadata[kTuning] = training.tuning;
  if (training.data) metadata[kData] = data_record_to_json(*training.data);
  return metadata;
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

void write_checkpoint(const std::filesystem::path& path, const CheckpointContent& content,
                      const std::function<void()>& before_replacing) {
  const std::vector<NamedTensor> tensors = tensors_of(content);
  for (const NamedTensor& tensor : tensors) {
    if (!is_state(tensor.name))
      require_finite(path.string() + ": not written", tensor.name, tensor.bytes);
  }
  check_states(path.string() + ": not written", content);
  Metadata metadata = metadata_of(content);
  metadata[kChecksum] = checksum_of(tensors, metadata);
  write_safetensors(path, tensors, metadata, before_replacing);
}

}  // namespace pumice::io
