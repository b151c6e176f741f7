#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/safetensors.h"
#include "engine/nn/vae.h"

namespace pumice::io {

struct EpochFigures {
  uint32_t epoch = 0;  ///< from 1
  nn::VaeFigures train;
  nn::VaeFigures test;
  bool operator==(const EpochFigures&) const = default;
};

/// How far a training run has come. Nothing in it depends on time or device: the same run gives the
/// same bytes.
struct TrainingRecord {
  std::string recipe;  ///< TOML, every key written out
  uint64_t seed = 0;
  uint32_t step = 0;   ///< updates so far
  uint32_t epoch = 0;  ///< epochs completed
  std::vector<EpochFigures> figures;
  bool operator==(const TrainingRecord&) const = default;
};

/// A copy of device memory. Laid out like the parameters unless it has a shape of its own (of f32).
struct SavedMemory {
  std::string name;
  std::optional<Shape> shape;
  std::vector<std::byte> bytes;
};

struct CheckpointContent {
  nn::VaeDescription network;
  TrainingRecord training;
  std::vector<std::byte> parameters;  ///< flat, laid out as nn::Parameters says
  std::vector<SavedMemory> state;     ///< "optimizer.first_moment", "train.history"
};

/// Writes one safetensors file atomically. Every parameter is a tensor of its own name and shape
/// ("encoder.0.weight" [512, 784]); so is its part of each state ("optimizer.first_moment.encoder
/// .0.weight"). The metadata holds `format`, `version`, `network` (see network_to_json), `recipe`,
/// `seed`, `step`, `epoch`, `figures` (JSON: [{"epoch": 1, "train": {"loss", "reconstruction",
/// "kl"}, "test": {…}}]), `parameters` (their number) and `pumice` (the program's version).
/// Throws Error as write_safetensors does.
void write_checkpoint(const std::filesystem::path& path, const nn::Parameters& layout,
                      const CheckpointContent& content);

/// A checkpoint in host memory. Every error names the file, what was expected and what was found.
class Checkpoint {
 public:
  /// Throws Error when the file is no checkpoint or its tensors are not those of its network.
  explicit Checkpoint(Safetensors file);
  static Checkpoint read(const std::filesystem::path& path) {
    return Checkpoint(Safetensors::read(path));
  }

  const std::string& file_name() const { return file_.file_name(); }
  const nn::VaeDescription& network() const { return network_; }

  /// The parameters, flat, ready to be written to the memory of `layout`. Throws Error when a
  /// tensor is missing or has another shape.
  std::vector<std::byte> parameters(const nn::Parameters& layout) const;

  /// What only going on with training needs. Throw Error where the file does not hold it.
  TrainingRecord training() const;
  std::vector<std::byte> state(const std::string& name, const nn::Parameters& layout) const;
  std::vector<std::byte> state(const std::string& name, const Shape& shape) const;

 private:
  std::vector<std::byte> gather(const std::string& prefix, const nn::Parameters& layout) const;
  uint64_t number(const std::string& key) const;

  Safetensors file_;
  nn::VaeDescription network_;
};

}  // namespace pumice::io
