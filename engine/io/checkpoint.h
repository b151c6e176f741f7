#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/metrics.h"
#include "engine/io/checkpoint_header.h"
#include "engine/io/data_record.h"
#include "engine/models/model.h"

namespace pumice::io {

struct EpochMetrics {
  uint32_t epoch = 0;  ///< counted from 1
  Metrics train;
  Metrics test;
  bool operator==(const EpochMetrics&) const = default;
};

/// The progress of a training run. Independent of time and device: the same run gives the same
/// bytes.
struct TrainingRecord {
  std::string recipe;  ///< TOML with all keys written out
  uint64_t seed = 0;
  uint32_t step = 0;   ///< updates so far
  uint32_t epoch = 0;  ///< epochs completed
  std::vector<EpochMetrics> metrics;
  /// Names of the classes that the model is conditioned on or predicts; empty if there are none,
  /// and in files of earlier versions.
  std::vector<std::string> class_names = {};
  std::optional<DataRecord> data = {};  ///< absent in files of earlier versions
  /// The device of the latest update, with its driver or instruction set; empty in files of earlier
  /// versions.
  std::string device = {};
  /// The kernels measured to be the fastest for the latest update, which decide the order of sums:
  /// see choices_to_json. Empty if fixed rules chose them.
  std::string tuning = {};
  bool operator==(const TrainingRecord&) const = default;
};

/// A copy of device memory.
struct SavedMemory {
  /// "optimizer.first_moment", "train.history"; for parameters, the prefix of their set.
  std::string name;
  const nn::Parameters* layout = nullptr;  ///< laid out like these, or, if null, one tensor of
  Shape shape = {};                        ///< this shape (f32)
  std::vector<std::byte> bytes = {};
};

struct CheckpointContent {
  models::Description network;
  TrainingRecord training;
  std::vector<SavedMemory> parameters;  ///< one per set of models::Model::parameters()
  std::vector<SavedMemory>
      state;  ///< laid out like the trainable parameters, or with another shape
};

/// Writes one safetensors file atomically. Every parameter, including running statistics, is a
/// tensor with its own name and shape ("encoder.0.weight" [512, 784]); so are its entries in an
/// average ("average.generator.0.weight") and, if it is trainable, in each state
/// ("optimizer.first_moment.encoder.0.weight"). The metadata holds `format` ("pt"),
/// `pumice.format` ("pumice-checkpoint"), `version` (of that format), `pumice.checksum` (see
/// checksum_of), `network` (see network_to_json), `recipe`, `seed`, `step`, `epoch`, `figures`
/// (JSON: [{"epoch": 1, "train": {"loss": …}, "test": {…}}]), `class_names` (JSON; absent without
/// classes), `data` (see data_record_to_json), `device` (one line), `tuning` (see choices_to_json;
/// absent without), `parameters` (the number of trainable parameters) and `pumice` (the program's
/// version). Throws Error as write_safetensors does and, naming it, for a
/// parameter or a parameter's state that is not finite, and for a negative average of squares.
/// `before_replacing`: see write_file_atomically.
void write_checkpoint(const std::filesystem::path& path, const CheckpointContent& content,
                      const std::function<void()>& before_replacing = {});

/// A checkpoint in host memory; f16 is converted to f32. Every error names the file, what was
/// expected and what was found.
class Checkpoint {
 public:
  /// Throws Error if the file is not a checkpoint, if it does not have its checksum, or if its
  /// tensors are not those of its network; NewerVersion if a newer program wrote it. Files without
  /// a checksum, of earlier versions and other programs, are read, too.
  explicit Checkpoint(Safetensors file);
  static Checkpoint read(const std::filesystem::path& path) {
    return Checkpoint(Safetensors::read(path));
  }

  const std::string& file_name() const { return file_.file_name(); }
  /// As it is in the file. Throws Error if there is none.
  const NamedTensor& tensor(std::string_view name) const { return file_.tensor(name); }
  const models::Description& network() const { return network_; }
  const SafetensorsHeader& header() const { return file_.header(); }
  /// Whether it holds an average of the generator's weights.
  bool has_average() const { return inference_options().average; }
  models::ModelOptions inference_options() const { return io::inference_options(header()); }

  /// Names of the classes that the model is conditioned on or predicts; empty if the file has none.
  std::vector<std::string> class_names() const;

  /// The bytes to write to the set's buffer. Throws Error if a tensor is missing, has another
  /// shape, or holds a number that is not finite.
  std::vector<std::byte> parameters(const models::ParameterSet& set) const;
  /// Writes all parameters to `model`, which must be allocated and have this network.
  void load(const models::Model& model, hal::Device& device) const;

  /// Needed only to resume training. Throw Error if the file does not hold it.
  TrainingRecord training() const;
  /// The bytes to write to a buffer laid out like the trainable part of `layout`. Also throws Error
  /// for numbers that are not finite and for negative averages of squares.
  std::vector<std::byte> state(const std::string& name, const nn::Parameters& layout) const;
  std::vector<std::byte> state(const std::string& name, const Shape& shape) const;

 private:
  uint64_t number(const std::string& key) const;

  Safetensors file_;
  models::Description network_;
};

}  // namespace pumice::io
