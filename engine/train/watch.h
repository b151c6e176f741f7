#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph/step.h"
#include "engine/nn/parameters.h"

namespace pumice::train {

/// Looks for numbers that are not finite in what training changes, where the metrics stay finite:
/// an infinite average of squares only ends a parameter's training, and an infinite weight may pass
/// through a sigmoid.
class Watch {
 public:
  /// Flat f32 memory: parameters, or an optimizer's state.
  struct Memory {
    std::string name;  ///< of the state; empty for parameters
    hal::BufferPtr buffer;
    const nn::Parameters* layout = nullptr;
  };

  /// `device` and the layouts must outlive this.
  Watch(hal::Device& device, std::vector<Memory> watched);

  /// Looks at the memory as it is after the programs that were run before; reads little.
  std::unique_ptr<hal::Readback> run();
  /// Whether run() found a number that is not finite.
  static bool is_bad(hal::Readback& read);

  struct Bad {
    std::string tensor;  ///< "decoder.0.bias", "optimizer.first_moment of decoder.0.bias"
    uint64_t index = 0;  ///< of the first element that is NaN or infinite
    float value = 0;
  };
  /// Reads all of the memory, for the first number that is not finite.
  std::optional<Bad> find() const;

 private:
  hal::Device& device_;
  std::vector<Memory> watched_;
  hal::BufferPtr largest_;
  std::unique_ptr<Step> program_;
};

}  // namespace pumice::train
