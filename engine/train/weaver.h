#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/hal/weave.h"
#include "engine/train/trainer.h"

namespace pumice::train {

/// The programs of a trainer's step, and the name of its run for the labels of captures.
struct NamedPrograms {
  std::string name;
  Programs programs;
};

/// Runs steps of several trainers on a device at the same time: the first programs of all of them
/// as one program (hal::weave), then the second ones, and so on. Computes the same as the programs
/// alone, to the bit. Trainers may share their data, but nothing that is written.
class Weaver {
 public:
  explicit Weaver(hal::Device& device) : device_(device) {}

  /// Queues a step of each. Throws Error as hal::weave and Device::compile do.
  void run(const std::vector<NamedPrograms>& steps);

  /// Forgets the woven programs, and with them the memory of their trainers. Required before a
  /// trainer is destroyed.
  void clear() { woven_.clear(); }

 private:
  hal::Program& woven(const Programs& programs, const std::vector<hal::Strand>& strands);

  hal::Device& device_;
  std::map<Programs, std::unique_ptr<hal::Program>> woven_;  ///< by what they consist of
};

}  // namespace pumice::train
